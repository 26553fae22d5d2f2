//! OpenSSH public keys: the line, and the blob inside it (RFC 4253, section 6.6).
//!
//! A line is `type SP base64 [SP comment]`, where a separator may be a tab, optionally followed by one LF or CRLF.
//! The base64 holds the blob: the type again and the numbers of the key, in the encoding of RFC 4251, section 5.
//!
//! One property rules the parsers: what they take is encoded back byte for byte, a final line break aside. So there is
//! no second text for a key that is taken, and one fingerprint for each.
//!
//! No function here panics, allocates by a length it has not checked, or depends on a secret.

mod line;
mod ssh_rsa;
mod wire;

pub use line::{MAX_COMMENT_BYTES, MAX_LINE_BYTES, check_comment};

use crate::error::{Error, ErrorKind, Field};
use crate::fingerprint::{Md5Fingerprint, Sha256Fingerprint};
use crate::rsa::RsaPublicKey;
use base64ct::{Base64, Encoding};
use core::fmt;
use core::str::FromStr;
pub(crate) use line::refuse_private_key;
use line::{Line, Separator};
use ssh_rsa::RsaLayout;
use wire::Reader;

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec};

/// The bytes of the longest blob that fits a line of [`MAX_LINE_BYTES`]: a buffer of this size is always enough.
///
/// ```
/// assert_eq!(ssh_keypair::openssh::MAX_BLOB_BYTES, 12_288);
/// ```
pub const MAX_BLOB_BYTES: usize = MAX_LINE_BYTES / 4 * 3;

/// The type of a public key.
///
/// ```
/// use ssh_keypair::openssh::Algorithm;
///
/// let algorithm: Algorithm = "ssh-rsa".parse()?;
/// assert_eq!(algorithm, Algorithm::Rsa);
/// assert_eq!(algorithm.to_string(), "ssh-rsa");
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// `ssh-rsa`, RFC 4253, section 6.6.
    Rsa,
}

impl Algorithm {
    const ALL: [Self; 1] = [Self::Rsa];

    /// The name on the wire and at the start of a line.
    ///
    /// ```
    /// # use ssh_keypair::openssh::Algorithm;
    /// assert_eq!(Algorithm::Rsa.as_str(), "ssh-rsa");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "ssh-rsa",
        }
    }

    /// The short name that `ssh-keygen -l` prints in brackets.
    ///
    /// ```
    /// # use ssh_keypair::openssh::Algorithm;
    /// assert_eq!(Algorithm::Rsa.short_name(), "RSA");
    /// ```
    pub const fn short_name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == name)
            .ok_or(Error::new(ErrorKind::UnknownAlgorithm).in_field(Field::KeyType))
    }
}

/// The numbers of a public key, by type.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::{RsaPrivateKey, openssh::{KeyData, PublicKey}};
///
/// let key = RsaPrivateKey::generate(2048)?;
/// let mut blob = [0; 512];
/// let public = PublicKey::from_rsa(&key.public_key(), "me@host", &mut blob)?;
/// match public.key_data() {
///     KeyData::Rsa(rsa) => assert_eq!(rsa, key.public_key()),
///     _ => unreachable!(),
/// }
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyData<'a> {
    /// The modulus and the public exponent of an `ssh-rsa` key.
    Rsa(RsaPublicKey<'a>),
}

/// Where in a checked blob the numbers of its key are.
#[derive(Clone, Debug)]
enum Layout {
    Rsa(RsaLayout),
}

impl Layout {
    /// Checks a blob whole.
    fn read(blob: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(blob);
        let name = reader.string(Field::BlobType)?;
        let algorithm = core::str::from_utf8(&blob[name])
            .ok()
            .and_then(|name| name.parse().ok())
            .ok_or(Error::new(ErrorKind::UnknownAlgorithm).in_field(Field::BlobType).at(4))?;
        let layout = match algorithm {
            Algorithm::Rsa => Self::Rsa(RsaLayout::read(&mut reader)?),
        };
        reader.finish()?;
        Ok(layout)
    }

    fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::Rsa,
        }
    }

    fn key_data<'a>(&self, blob: &'a [u8]) -> KeyData<'a> {
        match self {
            Self::Rsa(layout) => KeyData::Rsa(layout.public_key(blob)),
        }
    }
}

/// A public key with its comment, borrowed: no heap.
///
/// [`Display`](fmt::Display) writes the line, without a line break, as it was parsed.
///
/// ```
/// use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
///
/// # let line = include_str!("../tests/data/rsa2048.pub").trim_end();
/// // let line = "ssh-rsa AAAAB3NzaC1yc2E... test key";
/// let mut blob = [0; MAX_BLOB_BYTES];
/// let key = PublicKey::parse(line, &mut blob)?;
/// assert_eq!(key.bits(), 2048);
/// assert_eq!(key.comment(), "test key");
/// assert_eq!(key.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PublicKey<'a> {
    blob: &'a [u8],
    layout: Layout,
    comment: &'a str,
    form: Form,
}

/// The error of a refused text: that it holds a private key counts for more than what was wrong with it as a line.
fn why_refused(text: &str, error: Error) -> Error {
    match error.kind() {
        ErrorKind::TooLong => error,
        _ => refuse_private_key(text).err().unwrap_or(error),
    }
}

/// The white space of a line.
#[derive(Clone, Copy, Debug)]
struct Form {
    after_type: Separator,
    /// Absent where the line ends with the base64; an empty comment may still have one.
    after_base64: Option<Separator>,
}

impl<'a> PublicKey<'a> {
    /// Parses a line, strictly. The blob is decoded into `buffer`: [`MAX_BLOB_BYTES`] are always enough, and three
    /// quarters of the line's length are.
    ///
    /// ```
    /// # use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
    /// # let line = include_str!("../tests/data/rsa2048.pub");
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKey::parse(line, &mut blob)?;
    /// assert_eq!(key.bits(), 2048);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// One of the kinds that [`ErrorKind`] lists for lines and blobs, with its field and offset;
    /// [`ErrorKind::BufferTooSmall`].
    pub fn parse(line: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        Self::parse_line(line, buffer).map_err(|error| why_refused(line, error))
    }

    fn parse_line(line: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        let line = Line::split(line)?;
        let blob = line.decode(buffer)?;
        Self::with_line(&line, blob)
    }

    fn with_line(line: &Line<'a>, blob: &'a [u8]) -> Result<Self, Error> {
        line.check_type_of(blob)?;
        Ok(Self {
            layout: Layout::read(blob)?,
            blob,
            comment: line.comment,
            form: Form { after_type: line.after_type, after_base64: line.after_base64 },
        })
    }

    /// Takes a blob, strictly; the comment is empty.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, openssh::PublicKey};
    /// let error = PublicKey::from_blob(b"\0\0\0\x07ssh-rsa").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Truncated);
    /// ```
    ///
    /// # Errors
    ///
    /// One of the kinds that [`ErrorKind`] lists for blobs, with its field and offset.
    pub fn from_blob(blob: &'a [u8]) -> Result<Self, Error> {
        if blob.len() > MAX_BLOB_BYTES {
            return Err(Error::new(ErrorKind::TooLong).in_field(Field::Blob));
        }
        Ok(Self { layout: Layout::read(blob)?, blob, comment: "", form: Form::canonical("") })
    }

    /// Encodes an RSA key, the blob into `buffer`.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, RsaPrivateKey, openssh::PublicKey};
    ///
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let mut blob = [0; 512];
    /// let public = PublicKey::from_rsa(&key.public_key(), "me@host", &mut blob)?;
    /// assert!(public.to_string().starts_with("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"));
    ///
    /// let error = PublicKey::from_rsa(&key.public_key(), "me\nssh-rsa", &mut blob).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::ControlCharacter);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`]; [`ErrorKind::BufferTooSmall`].
    pub fn from_rsa(key: &RsaPublicKey<'_>, comment: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        check_comment(comment)?;
        let blob = ssh_rsa::write(key, buffer)?;
        Ok(Self { layout: Layout::read(blob)?, blob, comment, form: Form::canonical(comment) })
    }

    /// The type.
    ///
    /// ```
    /// # use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
    /// # let line = include_str!("../tests/data/rsa2048.pub");
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKey::parse(line, &mut blob)?;
    /// assert_eq!(key.algorithm().as_str(), "ssh-rsa");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn algorithm(&self) -> Algorithm {
        self.layout.algorithm()
    }

    /// The numbers.
    ///
    /// ```
    /// # use ssh_keypair::openssh::KeyData;
    /// # use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
    /// # let line = include_str!("../tests/data/rsa2048.pub");
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKey::parse(line, &mut blob)?;
    /// let KeyData::Rsa(rsa) = key.key_data() else { return Ok(()) };
    /// assert_eq!(rsa.public_exponent(), [1, 0, 1]);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn key_data(&self) -> KeyData<'a> {
        self.layout.key_data(self.blob)
    }

    /// The size as `ssh-keygen -l` gives it: for RSA the bit length of the modulus.
    ///
    /// ```
    /// # use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
    /// # let line = include_str!("../tests/data/rsa2048.pub");
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKey::parse(line, &mut blob)?;
    /// assert_eq!(key.bits(), 2048);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn bits(&self) -> usize {
        match self.key_data() {
            KeyData::Rsa(key) => key.bits(),
        }
    }

    /// The comment; empty where there is none.
    ///
    /// ```
    /// # use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
    /// # let line = include_str!("../tests/data/rsa2048.pub");
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKey::parse(line, &mut blob)?;
    /// assert_eq!(key.comment(), "test key");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn comment(&self) -> &'a str {
        self.comment
    }

    /// The blob: what is hashed for a fingerprint.
    ///
    /// ```
    /// # use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
    /// # let line = include_str!("../tests/data/rsa2048.pub");
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKey::parse(line, &mut blob)?;
    /// assert!(key.blob().starts_with(b"\0\0\0\x07ssh-rsa"));
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn blob(&self) -> &'a [u8] {
        self.blob
    }

    /// The MD5 of the blob.
    ///
    /// ```
    /// # use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
    /// # let line = include_str!("../tests/data/rsa2048.pub");
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKey::parse(line, &mut blob)?;
    /// assert_eq!(key.md5_fingerprint().to_string().len(), 47);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn md5_fingerprint(&self) -> Md5Fingerprint {
        Md5Fingerprint::of_blob(self.blob)
    }

    /// The SHA-256 of the blob.
    ///
    /// ```
    /// # use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
    /// # let line = include_str!("../tests/data/rsa2048.pub");
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKey::parse(line, &mut blob)?;
    /// assert!(key.sha256_fingerprint().to_string().starts_with("SHA256:"));
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn sha256_fingerprint(&self) -> Sha256Fingerprint {
        Sha256Fingerprint::of_blob(self.blob)
    }

    /// Refuses a key of fewer bits.
    #[cfg(feature = "alloc")]
    pub(crate) fn require_bits(&self, min: usize) -> Result<(), Error> {
        if self.bits() >= min {
            return Ok(());
        }
        let Layout::Rsa(layout) = &self.layout;
        Err(Error::new(ErrorKind::KeyTooSmall).in_field(Field::Modulus).at(layout.modulus.start))
    }

    /// The same key and comment with one space between its fields, and none at its end.
    ///
    /// ```
    /// use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
    ///
    /// # let line = include_str!("../tests/data/rsa2048.pub").trim_end();
    /// let with_tabs = line.replacen(' ', "\t", 2);
    /// let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKey::parse(&with_tabs, &mut blob)?;
    /// assert_eq!(key.to_string(), with_tabs);
    /// assert_eq!(key.canonical().to_string(), line);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    #[must_use]
    pub fn canonical(&self) -> Self {
        Self { form: Form::canonical(self.comment), ..self.clone() }
    }

    /// Writes the line, without a line break, into `buffer`, and returns that part of it.
    ///
    /// ```
    /// use ssh_keypair::openssh::{MAX_BLOB_BYTES, MAX_LINE_BYTES, PublicKey};
    ///
    /// # let line = include_str!("../tests/data/rsa2048.pub").trim_end();
    /// let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKey::parse(line, &mut blob)?;
    /// let mut text = [0; MAX_LINE_BYTES];
    /// assert_eq!(key.write_line(&mut text)?, line);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_line<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        let mut cursor = Cursor { buffer: &mut *buffer, used: 0 };
        fmt::write(&mut cursor, format_args!("{self}")).map_err(|_| Error::new(ErrorKind::BufferTooSmall))?;
        let used = cursor.used;
        core::str::from_utf8(&buffer[..used]).map_err(|_| Error::new(ErrorKind::InvalidUtf8))
    }
}

impl Form {
    fn canonical(comment: &str) -> Self {
        Self { after_type: Separator::Space, after_base64: (!comment.is_empty()).then_some(Separator::Space) }
    }
}

impl fmt::Display for PublicKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.algorithm(), self.form.after_type)?;
        // 48 bytes at a time: without a heap, and never padded but at the end.
        for chunk in self.blob.chunks(48) {
            let mut text = [0; 64];
            f.write_str(Base64::encode(chunk, &mut text).map_err(|_| fmt::Error)?)?;
        }
        match self.form.after_base64 {
            Some(separator) => write!(f, "{separator}{}", self.comment),
            None => Ok(()),
        }
    }
}

impl<'a> TryFrom<&'a [u8]> for PublicKey<'a> {
    type Error = Error;

    fn try_from(blob: &'a [u8]) -> Result<Self, Error> {
        Self::from_blob(blob)
    }
}

/// Text into a slice of bytes.
struct Cursor<'a> {
    buffer: &'a mut [u8],
    used: usize,
}

impl fmt::Write for Cursor<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.used + text.len();
        self.buffer.get_mut(self.used..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.used = end;
        Ok(())
    }
}

/// A public key with its comment, owned.
///
/// ```
/// use ssh_keypair::openssh::PublicKeyBuf;
///
/// # let line = include_str!("../tests/data/rsa2048.pub").trim_end();
/// let key: PublicKeyBuf = line.parse()?;
/// assert_eq!(key.as_public_key().comment(), "test key");
/// assert_eq!(key.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct PublicKeyBuf {
    blob: Box<[u8]>,
    layout: Layout,
    comment: Box<str>,
    form: Form,
}

#[cfg(feature = "alloc")]
impl PublicKeyBuf {
    /// Encodes an RSA key: see [`PublicKey::from_rsa`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{RsaPrivateKey, openssh::PublicKeyBuf};
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let public = PublicKeyBuf::from_rsa(&key.public_key(), "me@host")?;
    /// assert!(public.to_string().ends_with(" me@host"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`].
    pub fn from_rsa(key: &RsaPublicKey<'_>, comment: &str) -> Result<Self, Error> {
        let mut blob = vec![0; ssh_rsa::MAX_OVERHEAD + key.modulus().len()];
        PublicKey::from_rsa(key, comment, &mut blob).map(|key| Self::from(&key))
    }

    /// The borrowed view, which has the accessors.
    ///
    /// ```
    /// # use ssh_keypair::openssh::PublicKeyBuf;
    /// # let line = include_str!("../tests/data/rsa2048.pub").trim_end();
    /// let key: PublicKeyBuf = line.parse()?;
    /// assert_eq!(key.as_public_key().bits(), 2048);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn as_public_key(&self) -> PublicKey<'_> {
        PublicKey { blob: &self.blob, layout: self.layout.clone(), comment: &self.comment, form: self.form }
    }
}

/// A copy that borrows nothing.
///
/// ```
/// use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey, PublicKeyBuf};
/// # let line = include_str!("../tests/data/rsa2048.pub").trim_end();
/// let mut blob = [0; MAX_BLOB_BYTES];
/// let owned = PublicKeyBuf::from(&PublicKey::parse(line, &mut blob)?);
/// assert_eq!(owned.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[cfg(feature = "alloc")]
impl From<&PublicKey<'_>> for PublicKeyBuf {
    fn from(key: &PublicKey<'_>) -> Self {
        Self { blob: key.blob.into(), layout: key.layout.clone(), comment: key.comment.into(), form: key.form }
    }
}

#[cfg(feature = "alloc")]
impl FromStr for PublicKeyBuf {
    type Err = Error;

    /// Parses a line: see [`PublicKey::parse`].
    fn from_str(text: &str) -> Result<Self, Error> {
        // More than the base64 of a text of this length can hold, and no more than a line may.
        let mut buffer = vec![0; (text.len() / 4 * 3).min(MAX_BLOB_BYTES)];
        PublicKey::parse(text, &mut buffer).map(|key| Self::from(&key))
    }
}

#[cfg(feature = "alloc")]
impl fmt::Display for PublicKeyBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_public_key().fmt(f)
    }
}

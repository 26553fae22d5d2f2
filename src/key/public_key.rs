//! A public key with its comment, borrowed or owned.

use super::MAX_BLOB_BYTES;
use super::algorithm::Algorithm;
#[cfg(feature = "alloc")]
use super::key_data::Curve;
use super::key_data::{KeyData, Layout};
use super::line::{self, Expected, Form, Line, check_comment};
#[cfg(feature = "alloc")]
use super::wire::Span;
use super::wire::Writer;
use crate::error::{Error, ErrorKind, Field};
use crate::fingerprint::{Fingerprint, HashAlgorithm, Md5Fingerprint, Sha256Fingerprint};
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
#[cfg(feature = "alloc")]
use {
    alloc::{boxed::Box, vec},
    core::str::FromStr,
};

/// A public key with its comment, borrowed: no heap.
///
/// [`Display`](fmt::Display) writes the line, without a line break, as it was parsed. Two are equal where blob and comment
/// are, and in the order of their blobs, then comments; the white space between the fields does not count.
///
/// ```
/// use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
///
/// # let line = include_str!("../../tests/data/rsa2048.pub").trim_end();
/// // let line = "ssh-rsa AAAAB3NzaC1yc2E... test key";
/// let mut blob = [0; MAX_BLOB_BYTES];
/// let key = PublicKey::parse(line, &mut blob)?;
/// assert_eq!(key.bits(), 2048);
/// assert_eq!(key.comment(), "test key");
/// assert_eq!(key.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PublicKey<'a> {
    blob: &'a [u8],
    layout: Layout,
    comment: &'a str,
    form: Form,
}

impl<'a> PublicKey<'a> {
    /// Parses a line, strictly. The blob is decoded into `buffer`: [`MAX_BLOB_BYTES`] are always enough, and three
    /// quarters of the line's length are.
    ///
    /// ```
    /// # use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey};
    /// # let line = include_str!("../../tests/data/rsa2048.pub");
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
        Self::parse_expected(line, buffer, Expected::Key)
    }

    /// Parses a line as [`PublicKey::parse`] does, and takes types that are not known here as well: their name must have
    /// the form of RFC 4251, section 6, and what follows it in the blob is kept and not looked at.
    ///
    /// ```
    /// use ssh_keypair::openssh::{Algorithm, KeyData, PublicKey};
    ///
    /// let mut blob = [0; 64];
    /// let key = PublicKey::parse_opaque("ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcAAQID me", &mut blob)?;
    /// assert_eq!((key.algorithm(), key.type_name()), (Algorithm::Opaque, "ssh-new@example.org"));
    /// assert_eq!(key.key_data(), KeyData::Opaque(&[0, 1, 2, 3]));
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicKey::parse`]. Names of certificates and of signature algorithms are refused.
    pub fn parse_opaque(line: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        Self::parse_expected(line, buffer, Expected::KeyOrOpaque)
    }

    #[inline]
    pub(super) fn parse_expected(text: &'a str, buffer: &'a mut [u8], expected: Expected) -> Result<Self, Error> {
        Self::parse_line(text, buffer, expected).map_err(|error| line::why_refused(text, error))
    }

    #[inline(always)]
    fn parse_line(text: &'a str, buffer: &'a mut [u8], expected: Expected) -> Result<Self, Error> {
        let line = Line::read(text, expected, buffer)?;
        let key = Self::read_unproven(&line, &buffer[..line.blob], expected)?;
        key.layout.check_point(key.blob)?;
        Ok(key)
    }

    /// Reads the blob of a line, and makes all checks but [`Layout::check_point`], which is left to the caller.
    #[inline(always)]
    pub(super) fn read_unproven(line: &Line<'a>, blob: &'a [u8], expected: Expected) -> Result<Self, Error> {
        line.check_type_of(blob)?;
        let layout = Layout::read_unproven(blob, expected == Expected::KeyOrOpaque)?;
        Ok(Self { blob, layout, comment: line.comment, form: line.form })
    }

    /// The point, if the key is one.
    #[cfg(feature = "alloc")]
    pub(super) fn point(&self) -> Option<(Curve, Span)> {
        self.layout.point()
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
        let key = Self::from_layout(Layout::read(blob, false)?, blob);
        line::check_line_length(key.type_name().len(), blob, "")?;
        Ok(key)
    }

    /// A blob that has been read.
    pub(super) fn from_layout(layout: Layout, blob: &'a [u8]) -> Self {
        Self { layout, blob, comment: "", form: Form::canonical("") }
    }

    /// Encodes a key of its parts, the blob into `buffer`, with the checks that a blob goes through.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, RsaPrivateKey, openssh::PublicKey};
    ///
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let mut blob = [0; 512];
    /// let public = PublicKey::from_key_data(&key.public_key().into(), "me@host", &mut blob)?;
    /// assert!(public.to_string().starts_with("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"));
    ///
    /// let error = PublicKey::from_key_data(&key.public_key().into(), "me\nssh-rsa", &mut blob).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::ControlCharacter);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`] and [`PublicKey::from_blob`]; [`ErrorKind::BufferTooSmall`];
    /// [`ErrorKind::UnknownAlgorithm`] of opaque data, which has no name.
    pub fn from_key_data(key: &KeyData<'_>, comment: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        let mut writer = Writer::new(buffer);
        writer.string(key.algorithm().as_str().as_bytes())?;
        key.write(&mut writer)?;
        Self::from_blob(writer.finish())?.with_comment(comment)
    }

    /// The type.
    pub fn algorithm(&self) -> Algorithm {
        self.layout.algorithm
    }

    /// The name of the type, on the wire and in the line.
    pub fn type_name(&self) -> &'a str {
        match self.layout.algorithm {
            // ASCII, as was checked when it was read.
            Algorithm::Opaque => core::str::from_utf8(self.layout.fields[0].of(self.blob)).unwrap_or_default(),
            known => known.as_str(),
        }
    }

    /// The numbers.
    pub fn key_data(&self) -> KeyData<'a> {
        self.layout.key_data(self.blob)
    }

    /// The size as `ssh-keygen -l` gives it: see [`KeyData::bits`].
    pub fn bits(&self) -> usize {
        self.key_data().bits()
    }

    /// The comment; empty where there is none.
    pub fn comment(&self) -> &'a str {
        self.comment
    }

    /// The same key with another comment, one space before it.
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`]; [`ErrorKind::TooLong`] where the line would be longer than one that is read.
    pub fn with_comment(&self, comment: &'a str) -> Result<Self, Error> {
        check_comment(comment)?;
        line::check_line_length(self.type_name().len(), self.blob, comment)?;
        Ok(Self { comment, form: Form::canonical(comment), ..*self })
    }

    /// The blob: what is hashed for a fingerprint.
    pub fn blob(&self) -> &'a [u8] {
        self.blob
    }

    /// The fingerprint by any hash that `ssh-keygen -l -E` knows.
    pub fn fingerprint(&self, algorithm: HashAlgorithm) -> Fingerprint {
        Fingerprint::of_blob(algorithm, self.blob)
    }

    /// The MD5 of the blob.
    pub fn md5_fingerprint(&self) -> Md5Fingerprint {
        Md5Fingerprint::of_blob(self.blob)
    }

    /// The SHA-256 of the blob.
    pub fn sha256_fingerprint(&self) -> Sha256Fingerprint {
        Sha256Fingerprint::of_blob(self.blob)
    }

    /// The same key and comment with one space between its fields, and none at its end.
    #[must_use]
    pub fn canonical(&self) -> Self {
        Self { form: Form::canonical(self.comment), ..*self }
    }

    /// Writes the line, without a line break, into `buffer`, and returns that part of it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_line<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        line::write_into(buffer, self)
    }
}

impl fmt::Display for PublicKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form.write(f, self.type_name(), self.blob, self.comment)
    }
}

impl<'a> TryFrom<&'a [u8]> for PublicKey<'a> {
    type Error = Error;

    /// Takes a blob: see [`PublicKey::from_blob`].
    fn try_from(blob: &'a [u8]) -> Result<Self, Error> {
        Self::from_blob(blob)
    }
}

impl PartialEq for PublicKey<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.blob == other.blob && self.comment == other.comment
    }
}

impl Eq for PublicKey<'_> {}

impl PartialOrd for PublicKey<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PublicKey<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.blob, self.comment).cmp(&(other.blob, other.comment))
    }
}

impl Hash for PublicKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.blob, self.comment).hash(state);
    }
}

/// A public key with its comment, owned.
///
/// ```
/// use ssh_keypair::openssh::PublicKeyBuf;
///
/// # let line = include_str!("../../tests/data/rsa2048.pub").trim_end();
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
    /// Encodes a key of its parts: see [`PublicKey::from_key_data`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{RsaPrivateKey, openssh::PublicKeyBuf};
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let public = PublicKeyBuf::from_key_data(&key.public_key().into(), "me@host")?;
    /// assert!(public.to_string().ends_with(" me@host"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicKey::from_key_data`].
    pub fn from_key_data(key: &KeyData<'_>, comment: &str) -> Result<Self, Error> {
        let mut buffer = vec![0; MAX_BLOB_BYTES];
        let encoded = PublicKey::from_key_data(key, comment, &mut buffer).map(|key| Self::from(&key));
        // No blob that may be is longer than this buffer.
        encoded.map_err(|error| match error.kind() {
            ErrorKind::BufferTooSmall => Error::new(ErrorKind::TooLong).in_field(Field::Blob),
            _ => error,
        })
    }

    /// Parses a line, and takes types that are not known here as well: see [`PublicKey::parse_opaque`].
    ///
    /// ```
    /// # use ssh_keypair::openssh::PublicKeyBuf;
    /// let key = PublicKeyBuf::parse_opaque("ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcAAQID me")?;
    /// assert_eq!(key.as_public_key().type_name(), "ssh-new@example.org");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicKey::parse_opaque`].
    pub fn parse_opaque(text: &str) -> Result<Self, Error> {
        Self::parse_expected(text, Expected::KeyOrOpaque)
    }

    fn parse_expected(text: &str, expected: Expected) -> Result<Self, Error> {
        // More than the base64 of a text of this length can hold, and no more than a line may.
        let mut buffer = vec![0; (text.len() / 4 * 3).min(MAX_BLOB_BYTES)];
        PublicKey::parse_expected(text, &mut buffer, expected).map(|key| Self::from(&key))
    }

    /// The borrowed view, which has the accessors.
    pub fn as_public_key(&self) -> PublicKey<'_> {
        PublicKey { blob: &self.blob, layout: self.layout, comment: &self.comment, form: self.form }
    }
}

/// A copy that borrows nothing.
#[cfg(feature = "alloc")]
impl From<&PublicKey<'_>> for PublicKeyBuf {
    fn from(key: &PublicKey<'_>) -> Self {
        Self { blob: key.blob.into(), layout: key.layout, comment: key.comment.into(), form: key.form }
    }
}

#[cfg(feature = "alloc")]
impl FromStr for PublicKeyBuf {
    type Err = Error;

    /// Parses a line: see [`PublicKey::parse`].
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse_expected(text, Expected::Key)
    }
}

#[cfg(feature = "alloc")]
impl TryFrom<&[u8]> for PublicKeyBuf {
    type Error = Error;

    /// Takes a blob: see [`PublicKey::from_blob`].
    fn try_from(blob: &[u8]) -> Result<Self, Error> {
        PublicKey::from_blob(blob).map(|key| Self::from(&key))
    }
}

#[cfg(feature = "alloc")]
impl fmt::Display for PublicKeyBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_public_key().fmt(f)
    }
}

#[cfg(feature = "alloc")]
impl PartialEq for PublicKeyBuf {
    fn eq(&self, other: &Self) -> bool {
        self.as_public_key() == other.as_public_key()
    }
}

#[cfg(feature = "alloc")]
impl Eq for PublicKeyBuf {}

#[cfg(feature = "alloc")]
impl PartialOrd for PublicKeyBuf {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(feature = "alloc")]
impl Ord for PublicKeyBuf {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_public_key().cmp(&other.as_public_key())
    }
}

#[cfg(feature = "alloc")]
impl Hash for PublicKeyBuf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_public_key().hash(state);
    }
}

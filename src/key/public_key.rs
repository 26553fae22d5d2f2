//! A public key with its comment, borrowed or owned.

use super::algorithm::Algorithm;
use super::form::{Form, check_line_length};
use super::key_data::{KeyData, Layout};
use super::wire::Writer;
use crate::error::{Error, ErrorKind, Field};
use crate::text::{MAX_BLOB_BYTES, check_comment, write_into};
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
#[cfg(feature = "alloc")]
use {
    super::key_data::Curve, super::wire::Span, alloc::boxed::Box, alloc::string::String, alloc::string::ToString,
    alloc::vec,
};

/// A public key with its comment, borrowed: no heap.
///
/// [`Display`](fmt::Display) writes the line as it was parsed, without a line break. Two keys are equal if their blobs and
/// comments are equal, and are ordered by their blobs, then their comments. The white space between the fields is not
/// compared. To compare keys only, compare their [`key_data`](PublicKeyRef::key_data).
///
/// ```
/// use ssh_keypair::{PublicKeyRef, openssh::MAX_BLOB_BYTES};
///
/// # let line = include_str!("../../tests/data/rsa2048.pub").trim_end();
/// // let line = "ssh-rsa AAAAB3NzaC1yc2E... test key";
/// let mut blob = [0; MAX_BLOB_BYTES];
/// let key = PublicKeyRef::parse(line, &mut blob)?;
/// assert_eq!(key.bits(), 2048);
/// assert_eq!(key.comment(), "test key");
/// assert_eq!(key.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PublicKeyRef<'a> {
    blob: &'a [u8],
    layout: Layout,
    comment: &'a str,
    form: Form,
}

impl<'a> PublicKeyRef<'a> {
    /// Creates a key from a blob that has been read, and the rest of its line.
    #[inline(always)]
    pub(crate) fn from_parts(blob: &'a [u8], layout: Layout, comment: &'a str, form: Form) -> Self {
        Self { blob, layout, comment, form }
    }

    /// The check that [`Layout::read_unproven`] leaves out: whether the point is on its curve.
    #[inline(always)]
    pub(crate) fn check_point(&self) -> Result<(), Error> {
        self.layout.check_point(self.blob)
    }

    /// The key's point, if its type has one.
    #[cfg(feature = "alloc")]
    pub(crate) fn point(&self) -> Option<(Curve, Span)> {
        self.layout.point()
    }

    /// Parses a blob, strictly. The comment is empty.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, PublicKeyRef};
    /// let error = PublicKeyRef::from_blob(b"\0\0\0\x07ssh-rsa").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Truncated);
    /// ```
    ///
    /// # Errors
    ///
    /// One of the kinds that [`ErrorKind`] lists for blobs, with its field and offset.
    pub fn from_blob(blob: &'a [u8]) -> Result<Self, Error> {
        if blob.len() > MAX_BLOB_BYTES {
            return Err(Field::Blob.error(ErrorKind::TooLong));
        }
        let key = Self::from_layout(Layout::read(blob, false)?, blob);
        check_line_length(key.type_name().len(), blob, "")?;
        Ok(key)
    }

    /// Creates a key from a blob that has been read, without a comment.
    pub(crate) fn from_layout(layout: Layout, blob: &'a [u8]) -> Self {
        Self { layout, blob, comment: "", form: Form::canonical("") }
    }

    /// Encodes a key from its numbers. The blob is written into `buffer`, and goes through the same checks as a parsed blob.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, PublicKeyRef, RsaPrivateKey};
    ///
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let mut blob = [0; 512];
    /// let public = PublicKeyRef::from_key_data(&key.public_key().into(), "me@host", &mut blob)?;
    /// assert!(public.to_string().starts_with("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"));
    ///
    /// let error = PublicKeyRef::from_key_data(&key.public_key().into(), "me\nssh-rsa", &mut blob).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidCharacter);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`] and [`PublicKeyRef::from_blob`]; [`ErrorKind::BufferTooSmall`];
    /// [`ErrorKind::UnknownKeyType`] for opaque data, which has no name.
    pub fn from_key_data(key: &KeyData<'_>, comment: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        let mut writer = Writer::new(buffer);
        writer.string(key.algorithm().as_str().as_bytes())?;
        key.write(&mut writer)?;
        Self::from_blob(writer.finish()?)?.with_comment(comment)
    }

    /// The type of the key.
    pub fn algorithm(&self) -> Algorithm {
        self.layout.algorithm
    }

    /// The name of the type, on the wire and in the line.
    pub fn type_name(&self) -> &'a str {
        match self.layout.algorithm {
            // It is ASCII: this was checked when the blob was read.
            Algorithm::Opaque => core::str::from_utf8(self.layout.fields[0].of(self.blob)).unwrap_or_default(),
            known => known.as_str(),
        }
    }

    /// The numbers of the key.
    pub fn key_data(&self) -> KeyData<'a> {
        self.layout.key_data(self.blob)
    }

    /// The size as `ssh-keygen -l` prints it: see [`KeyData::bits`].
    pub fn bits(&self) -> usize {
        self.key_data().bits()
    }

    /// The comment; empty if there is none.
    pub fn comment(&self) -> &'a str {
        self.comment
    }

    /// The same key with another comment, and one space before it.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, PublicKeyRef, openssh::MAX_BLOB_BYTES};
    ///
    /// # let line = include_str!("../../tests/data/ed25519.pub").trim_end();
    /// let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKeyRef::parse(line, &mut blob)?;
    /// assert!(key.with_comment("me@host")?.to_string().ends_with(" me@host"));
    /// assert_eq!(key.with_comment("me\nroot").unwrap_err().kind(), ErrorKind::InvalidCharacter);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`]; [`ErrorKind::TooLong`] if the line would be longer than
    /// [`MAX_LINE_BYTES`](crate::openssh::MAX_LINE_BYTES).
    pub fn with_comment(&self, comment: &'a str) -> Result<Self, Error> {
        check_comment(comment)?;
        check_line_length(self.type_name().len(), self.blob, comment)?;
        Ok(Self { comment, form: Form::canonical(comment), ..*self })
    }

    /// The blob, which is what a fingerprint hashes.
    pub fn blob(&self) -> &'a [u8] {
        self.blob
    }

    /// The same key and comment with one space between its fields, and none at its end.
    #[must_use]
    pub fn canonical(&self) -> Self {
        Self { form: Form::canonical(self.comment), ..*self }
    }

    /// Writes the line, without a line break, into `buffer`, and returns the part that it fills.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_line<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        write_into(buffer, self)
    }
}

impl fmt::Display for PublicKeyRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form.write(f, self.type_name(), self.blob, self.comment)
    }
}

impl<'a> TryFrom<&'a [u8]> for PublicKeyRef<'a> {
    type Error = Error;

    /// Parses a blob: see [`PublicKeyRef::from_blob`].
    fn try_from(blob: &'a [u8]) -> Result<Self, Error> {
        Self::from_blob(blob)
    }
}

impl PartialEq for PublicKeyRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.blob == other.blob && self.comment == other.comment
    }
}

impl Eq for PublicKeyRef<'_> {}

impl PartialOrd for PublicKeyRef<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PublicKeyRef<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.blob, self.comment).cmp(&(other.blob, other.comment))
    }
}

impl Hash for PublicKeyRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.blob, self.comment).hash(state);
    }
}

/// A public key with its comment, owned. [`str::parse`] and [`PublicKey::from_openssh`] parse a line.
///
/// Equality includes the comment: two keys are equal if their blobs and comments are equal. To compare keys only, compare
/// their [`key_data`](PublicKey::key_data).
///
/// ```
/// use ssh_keypair::PublicKey;
///
/// # let line = include_str!("../../tests/data/rsa2048.pub").trim_end();
/// let key: PublicKey = line.parse()?;
/// assert_eq!(key.as_public_key_ref().comment(), "test key");
/// assert_eq!(key.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct PublicKey {
    blob: Box<[u8]>,
    layout: Layout,
    comment: Box<str>,
    form: Form,
}

#[cfg(feature = "alloc")]
impl PublicKey {
    /// Encodes a key from its numbers: see [`PublicKeyRef::from_key_data`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{PublicKey, RsaPrivateKey};
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let public = PublicKey::from_key_data(&key.public_key().into(), "me@host")?;
    /// assert!(public.to_string().ends_with(" me@host"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicKeyRef::from_key_data`].
    pub fn from_key_data(key: &KeyData<'_>, comment: &str) -> Result<Self, Error> {
        let mut buffer = vec![0; MAX_BLOB_BYTES];
        let encoded = PublicKeyRef::from_key_data(key, comment, &mut buffer).map(Self::from);
        // No valid blob is longer than this buffer.
        encoded.map_err(|error| match error.kind() {
            ErrorKind::BufferTooSmall => Field::Blob.error(ErrorKind::TooLong),
            _ => error,
        })
    }

    /// The borrowed form.
    pub fn as_public_key_ref(&self) -> PublicKeyRef<'_> {
        PublicKeyRef { blob: &self.blob, layout: self.layout, comment: &self.comment, form: self.form }
    }

    /// The type of the key.
    pub fn algorithm(&self) -> Algorithm {
        self.layout.algorithm
    }

    /// The name of the type, on the wire and in the line.
    pub fn type_name(&self) -> &str {
        self.as_public_key_ref().type_name()
    }

    /// The numbers of the key.
    pub fn key_data(&self) -> KeyData<'_> {
        self.as_public_key_ref().key_data()
    }

    /// The size as `ssh-keygen -l` prints it: see [`KeyData::bits`].
    pub fn bits(&self) -> usize {
        self.key_data().bits()
    }

    /// The comment; empty if there is none.
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// The same key with another comment, and one space before it.
    ///
    /// # Errors
    ///
    /// Those of [`PublicKeyRef::with_comment`].
    pub fn with_comment(&self, comment: &str) -> Result<Self, Error> {
        self.as_public_key_ref().with_comment(comment).map(Self::from)
    }

    /// The blob, which is what a fingerprint hashes.
    pub fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// The same key and comment with one space between its fields, and none at its end.
    #[must_use]
    pub fn to_canonical(&self) -> Self {
        Self { form: Form::canonical(&self.comment), ..self.clone() }
    }

    /// The line, without a line break, as it was parsed: the same as [`Display`](fmt::Display).
    pub fn to_openssh(&self) -> String {
        self.to_string()
    }
}

/// The borrowed form.
#[cfg(feature = "alloc")]
impl<'a> From<&'a PublicKey> for PublicKeyRef<'a> {
    fn from(key: &'a PublicKey) -> Self {
        key.as_public_key_ref()
    }
}

/// An owned copy.
#[cfg(feature = "alloc")]
impl From<PublicKeyRef<'_>> for PublicKey {
    fn from(key: PublicKeyRef<'_>) -> Self {
        Self { blob: key.blob.into(), layout: key.layout, comment: key.comment.into(), form: key.form }
    }
}

#[cfg(feature = "alloc")]
impl TryFrom<&[u8]> for PublicKey {
    type Error = Error;

    /// Parses a blob: see [`PublicKeyRef::from_blob`].
    fn try_from(blob: &[u8]) -> Result<Self, Error> {
        PublicKeyRef::from_blob(blob).map(Self::from)
    }
}

#[cfg(feature = "alloc")]
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_public_key_ref().fmt(f)
    }
}

#[cfg(feature = "alloc")]
impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_public_key_ref() == other.as_public_key_ref()
    }
}

#[cfg(feature = "alloc")]
impl Eq for PublicKey {}

#[cfg(feature = "alloc")]
impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(feature = "alloc")]
impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_public_key_ref().cmp(&other.as_public_key_ref())
    }
}

#[cfg(feature = "alloc")]
impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_public_key_ref().hash(state);
    }
}

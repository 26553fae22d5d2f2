//! Any line, parsed once: a key, a certificate, or a key with options before it.

use super::authorized_key::{AuthorizedKeyRef, KeyOption, end_of_options, not_options};
use super::certificate::CertificateRef;
use super::line::why_rejected;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::{Error, Field};
use crate::fingerprint::{Fingerprint, HashAlgorithm, Md5Fingerprint, Sha256Fingerprint};
use crate::key::{Algorithm, KeyData, PublicKeyRef, is_certificate_name};
use crate::text::check_text_length;
use core::fmt;
#[cfg(feature = "alloc")]
use {
    super::authorized_key::AuthorizedKey,
    super::certificate::Certificate,
    crate::key::PublicKey,
    crate::text::blob_buffer,
    alloc::{string::String, string::ToString},
    core::str::FromStr,
};

/// A line of an authorized_keys file or a `.pub` file, borrowed: no heap.
///
/// [`Display`](fmt::Display) writes the line, without a line break, as it was parsed. Exhaustive: authorized_keys
/// and `.pub` files have no other line with a key.
///
/// ```
/// use ssh_keypair::openssh::{EntryRef, MAX_BLOB_BYTES};
///
/// # let line = include_str!("../../tests/data/ed25519-cert.pub");
/// // let line = "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQ...";
/// let mut blob = [0; MAX_BLOB_BYTES];
/// match EntryRef::parse(line, &mut blob)? {
///     EntryRef::Key(key) => println!("a key of {} bits", key.bits()),
///     EntryRef::Certificate(certificate) => println!("a certificate of {}", certificate.key_id()),
///     EntryRef::AuthorizedKey(entry) => println!("a key with {} options", entry.options().count()),
/// }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryRef<'a> {
    /// A plain key.
    Key(PublicKeyRef<'a>),
    /// A certificate.
    Certificate(CertificateRef<'a>),
    /// A plain key with options before it.
    AuthorizedKey(AuthorizedKeyRef<'a>),
}

impl<'a> EntryRef<'a> {
    /// Parses a line, strictly. The blob is decoded into `buffer`: [`MAX_BLOB_BYTES`](super::MAX_BLOB_BYTES) are always
    /// enough.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, openssh::{EntryRef, MAX_BLOB_BYTES}};
    /// let error = EntryRef::parse("ssh-ed25519", &mut [0; MAX_BLOB_BYTES]).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::MissingField);
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicKeyRef::parse`], [`CertificateRef::parse`] and [`AuthorizedKeyRef::parse`], except
    /// [`ErrorKind::CertificateNotAllowed`] and [`ErrorKind::OptionsNotAllowed`].
    pub fn parse(line: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        check_text_length(line, Field::PublicKey)?;
        if let Some(end) = end_of_options(line).map_err(|error| why_rejected(line, error))? {
            return AuthorizedKeyRef::parse_with_options(line, end, buffer).map(Self::AuthorizedKey);
        }
        let first_word = line.split([' ', '\t']).next().unwrap_or_default();
        if is_certificate_name(first_word.as_bytes()) {
            return CertificateRef::parse(line, buffer).map(Self::Certificate);
        }
        PublicKeyRef::parse(line, buffer).map(Self::Key).map_err(not_options)
    }

    /// The plain key. None for a certificate, whose key is in [`EntryRef::key_data`].
    pub fn as_public_key(&self) -> Option<&PublicKeyRef<'a>> {
        match self {
            Self::Key(key) => Some(key),
            Self::Certificate(_) => None,
            Self::AuthorizedKey(entry) => Some(entry.key()),
        }
    }

    /// The numbers of the key; for a certificate, those of the key inside.
    pub fn key_data(&self) -> KeyData<'a> {
        match self {
            Self::Key(key) => key.key_data(),
            Self::Certificate(certificate) => certificate.key_data(),
            Self::AuthorizedKey(entry) => entry.key().key_data(),
        }
    }

    /// The type of the key; for a certificate, that of the key inside.
    pub fn algorithm(&self) -> Algorithm {
        self.key_data().algorithm()
    }

    /// The size as `ssh-keygen -l` prints it: see [`KeyData::bits`].
    pub fn bits(&self) -> usize {
        self.key_data().bits()
    }

    /// The comment; empty if there is none.
    pub fn comment(&self) -> &'a str {
        match self {
            Self::Key(key) => key.comment(),
            Self::Certificate(certificate) => certificate.comment(),
            Self::AuthorizedKey(entry) => entry.key().comment(),
        }
    }

    /// The options before the key, in their order.
    pub fn options(&self) -> impl Iterator<Item = KeyOption<'a>> + use<'a> {
        let options = match self {
            Self::AuthorizedKey(entry) => Some(entry.options()),
            Self::Key(_) | Self::Certificate(_) => None,
        };
        options.into_iter().flatten()
    }

    /// The fingerprint of the key; for a certificate, that of the plain key inside, as OpenSSH prints it.
    pub fn fingerprint(&self, algorithm: HashAlgorithm) -> Fingerprint {
        match self {
            Self::Key(key) => key.fingerprint(algorithm),
            Self::Certificate(certificate) => certificate.fingerprint(algorithm),
            Self::AuthorizedKey(entry) => entry.key().fingerprint(algorithm),
        }
    }

    /// The SHA-256 fingerprint: see [`EntryRef::fingerprint`].
    pub fn sha256_fingerprint(&self) -> Sha256Fingerprint {
        match self {
            Self::Key(key) => key.sha256_fingerprint(),
            Self::Certificate(certificate) => certificate.sha256_fingerprint(),
            Self::AuthorizedKey(entry) => entry.key().sha256_fingerprint(),
        }
    }

    /// The MD5 fingerprint: see [`EntryRef::fingerprint`].
    pub fn md5_fingerprint(&self) -> Md5Fingerprint {
        match self {
            Self::Key(key) => key.md5_fingerprint(),
            Self::Certificate(certificate) => certificate.md5_fingerprint(),
            Self::AuthorizedKey(entry) => entry.key().md5_fingerprint(),
        }
    }

    /// The same line with one space between its fields, and none at its end.
    #[must_use]
    pub fn canonical(&self) -> Self {
        match self {
            Self::Key(key) => Self::Key(key.canonical()),
            Self::Certificate(certificate) => Self::Certificate(certificate.canonical()),
            Self::AuthorizedKey(entry) => Self::AuthorizedKey(entry.canonical()),
        }
    }
}

impl<'a> From<PublicKeyRef<'a>> for EntryRef<'a> {
    fn from(key: PublicKeyRef<'a>) -> Self {
        Self::Key(key)
    }
}

impl<'a> From<CertificateRef<'a>> for EntryRef<'a> {
    fn from(certificate: CertificateRef<'a>) -> Self {
        Self::Certificate(certificate)
    }
}

impl<'a> From<AuthorizedKeyRef<'a>> for EntryRef<'a> {
    fn from(entry: AuthorizedKeyRef<'a>) -> Self {
        Self::AuthorizedKey(entry)
    }
}

impl fmt::Display for EntryRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => key.fmt(f),
            Self::Certificate(certificate) => certificate.fmt(f),
            Self::AuthorizedKey(entry) => entry.fmt(f),
        }
    }
}

/// A line of an authorized_keys file or a `.pub` file, owned. Exhaustive, like [`EntryRef`].
///
/// ```
/// use ssh_keypair::openssh::Entry;
///
/// # let line = format!("no-pty {}", include_str!("../../tests/data/ed25519.pub").trim_end());
/// // let line = "no-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA... test key";
/// let entry: Entry = line.parse()?;
/// assert!(matches!(entry, Entry::AuthorizedKey(_)));
/// assert_eq!((entry.bits(), entry.comment()), (256, "test key"));
/// assert_eq!(entry.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// A plain key.
    Key(PublicKey),
    /// A certificate.
    Certificate(Certificate),
    /// A plain key with options before it.
    AuthorizedKey(AuthorizedKey),
}

#[cfg(feature = "alloc")]
impl Entry {
    /// Parses a line: see [`EntryRef::parse`]. The same as [`FromStr`].
    ///
    /// ```
    /// use ssh_keypair::openssh::Entry;
    ///
    /// # let line = include_str!("../../tests/data/ed25519-cert.pub");
    /// let Entry::Certificate(certificate) = Entry::from_openssh(line)? else { unreachable!() };
    /// assert_eq!(certificate.key_id(), "ed25519 of the tests");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`EntryRef::parse`].
    pub fn from_openssh(line: &str) -> Result<Self, Error> {
        let mut buffer = blob_buffer(line);
        EntryRef::parse(line, &mut buffer).map(Self::from)
    }

    /// The line, without a line break, as it was parsed: the same as [`Display`](fmt::Display).
    pub fn to_openssh(&self) -> String {
        self.to_string()
    }

    /// The borrowed form.
    pub fn as_entry_ref(&self) -> EntryRef<'_> {
        match self {
            Self::Key(key) => EntryRef::Key(key.as_public_key_ref()),
            Self::Certificate(certificate) => EntryRef::Certificate(certificate.as_certificate_ref()),
            Self::AuthorizedKey(entry) => EntryRef::AuthorizedKey(entry.as_authorized_key_ref()),
        }
    }

    /// The plain key. None for a certificate, whose key is in [`Entry::key_data`].
    pub fn as_public_key(&self) -> Option<&PublicKey> {
        match self {
            Self::Key(key) => Some(key),
            Self::Certificate(_) => None,
            Self::AuthorizedKey(entry) => Some(entry.key()),
        }
    }

    /// The numbers of the key; for a certificate, those of the key inside.
    pub fn key_data(&self) -> KeyData<'_> {
        self.as_entry_ref().key_data()
    }

    /// The type of the key; for a certificate, that of the key inside.
    pub fn algorithm(&self) -> Algorithm {
        self.as_entry_ref().algorithm()
    }

    /// The size as `ssh-keygen -l` prints it: see [`KeyData::bits`].
    pub fn bits(&self) -> usize {
        self.as_entry_ref().bits()
    }

    /// The comment; empty if there is none.
    pub fn comment(&self) -> &str {
        self.as_entry_ref().comment()
    }

    /// The options before the key, in their order.
    pub fn options(&self) -> impl Iterator<Item = KeyOption<'_>> {
        self.as_entry_ref().options()
    }

    /// The fingerprint of the key; for a certificate, that of the plain key inside, as OpenSSH prints it.
    pub fn fingerprint(&self, algorithm: HashAlgorithm) -> Fingerprint {
        self.as_entry_ref().fingerprint(algorithm)
    }

    /// The SHA-256 fingerprint: see [`Entry::fingerprint`].
    pub fn sha256_fingerprint(&self) -> Sha256Fingerprint {
        self.as_entry_ref().sha256_fingerprint()
    }

    /// The MD5 fingerprint: see [`Entry::fingerprint`].
    pub fn md5_fingerprint(&self) -> Md5Fingerprint {
        self.as_entry_ref().md5_fingerprint()
    }

    /// The same line with one space between its fields, and none at its end.
    #[must_use]
    pub fn to_canonical(&self) -> Self {
        Self::from(self.as_entry_ref().canonical())
    }
}

/// The borrowed form.
#[cfg(feature = "alloc")]
impl<'a> From<&'a Entry> for EntryRef<'a> {
    fn from(entry: &'a Entry) -> Self {
        entry.as_entry_ref()
    }
}

#[cfg(feature = "alloc")]
impl From<PublicKey> for Entry {
    fn from(key: PublicKey) -> Self {
        Self::Key(key)
    }
}

#[cfg(feature = "alloc")]
impl From<Certificate> for Entry {
    fn from(certificate: Certificate) -> Self {
        Self::Certificate(certificate)
    }
}

#[cfg(feature = "alloc")]
impl From<AuthorizedKey> for Entry {
    fn from(entry: AuthorizedKey) -> Self {
        Self::AuthorizedKey(entry)
    }
}

/// An owned copy.
#[cfg(feature = "alloc")]
impl From<EntryRef<'_>> for Entry {
    fn from(entry: EntryRef<'_>) -> Self {
        match entry {
            EntryRef::Key(key) => Self::Key(key.into()),
            EntryRef::Certificate(certificate) => Self::Certificate(certificate.into()),
            EntryRef::AuthorizedKey(entry) => Self::AuthorizedKey(entry.into()),
        }
    }
}

#[cfg(feature = "alloc")]
impl FromStr for Entry {
    type Err = Error;

    /// Parses a line: see [`EntryRef::parse`].
    fn from_str(line: &str) -> Result<Self, Error> {
        Self::from_openssh(line)
    }
}

#[cfg(feature = "alloc")]
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_entry_ref().fmt(f)
    }
}

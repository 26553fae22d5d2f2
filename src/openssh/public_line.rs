//! Parses public keys from their lines.

use super::line::{Expected, Line, why_rejected};
use crate::error::Error;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::key::{Layout, PublicKeyRef};
#[cfg(feature = "alloc")]
use {crate::key::PublicKey, crate::text::blob_buffer, core::str::FromStr};

impl<'a> PublicKeyRef<'a> {
    /// Parses a line, strictly. The blob is decoded into `buffer`: [`MAX_BLOB_BYTES`](crate::openssh::MAX_BLOB_BYTES)
    /// are always enough, and so are three quarters of the line's length.
    ///
    /// ```
    /// # use ssh_keypair::{PublicKeyRef, openssh::MAX_BLOB_BYTES};
    /// # let line = include_str!("../../tests/data/rsa2048.pub");
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let key = PublicKeyRef::parse(line, &mut blob)?;
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

    /// Parses a line as [`PublicKeyRef::parse`] does, and also accepts types that are not supported: their name must be
    /// well-formed (RFC 4251, section 6), and what follows it in the blob is kept unchanged and unchecked.
    ///
    /// ```
    /// use ssh_keypair::{Algorithm, KeyData, PublicKeyRef};
    ///
    /// let mut blob = [0; 64];
    /// let key = PublicKeyRef::parse_opaque("ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcAAQID me", &mut blob)?;
    /// assert_eq!((key.algorithm(), key.type_name()), (Algorithm::Opaque, "ssh-new@example.org"));
    /// assert_eq!(key.key_data(), KeyData::Opaque(&[0, 1, 2, 3]));
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicKeyRef::parse`]. Names of certificates and of signature algorithms are rejected.
    pub fn parse_opaque(line: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        Self::parse_expected(line, buffer, Expected::KeyOrOpaque)
    }

    #[inline]
    pub(super) fn parse_expected(text: &'a str, buffer: &'a mut [u8], expected: Expected) -> Result<Self, Error> {
        Self::parse_line(text, buffer, expected).map_err(|error| why_rejected(text, error))
    }

    #[inline(always)]
    fn parse_line(text: &'a str, buffer: &'a mut [u8], expected: Expected) -> Result<Self, Error> {
        let line = Line::read(text, expected, buffer)?;
        let key = Self::read_unproven(&line, &buffer[..line.blob], expected)?;
        key.check_point()?;
        Ok(key)
    }

    /// Reads the blob of a line, and does all checks except [`Layout::check_point`], which is left to the caller.
    #[inline(always)]
    pub(super) fn read_unproven(line: &Line<'a>, blob: &'a [u8], expected: Expected) -> Result<Self, Error> {
        line.check_type_of(blob)?;
        let layout = Layout::read_unproven(blob, expected == Expected::KeyOrOpaque)?;
        Ok(Self::from_parts(blob, layout, line.comment, line.form))
    }
}

#[cfg(feature = "alloc")]
impl PublicKey {
    /// Parses a line: see [`PublicKeyRef::parse`]. The same as [`FromStr`].
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, PublicKey};
    /// assert_eq!(PublicKey::from_openssh("ssh-rsa").unwrap_err().kind(), ErrorKind::MissingField);
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicKeyRef::parse`].
    pub fn from_openssh(line: &str) -> Result<Self, Error> {
        parse(line, Expected::Key)
    }

    /// Parses a line, and also accepts types that are not supported: see [`PublicKeyRef::parse_opaque`].
    ///
    /// ```
    /// use ssh_keypair::PublicKey;
    /// let key = PublicKey::from_openssh_opaque("ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcAAQID me")?;
    /// assert_eq!(key.type_name(), "ssh-new@example.org");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicKeyRef::parse_opaque`].
    pub fn from_openssh_opaque(line: &str) -> Result<Self, Error> {
        parse(line, Expected::KeyOrOpaque)
    }
}

#[cfg(feature = "alloc")]
fn parse(line: &str, expected: Expected) -> Result<PublicKey, Error> {
    let mut buffer = blob_buffer(line);
    PublicKeyRef::parse_expected(line, &mut buffer, expected).map(PublicKey::from)
}

#[cfg(feature = "alloc")]
impl FromStr for PublicKey {
    type Err = Error;

    /// Parses a line: see [`PublicKeyRef::parse`].
    fn from_str(line: &str) -> Result<Self, Error> {
        Self::from_openssh(line)
    }
}

//! MD5 fingerprints, in colon-hex.

use super::colon_hex::ColonHex;
use super::copied;
use super::hash_algorithm::HashAlgorithm;
use crate::error::Error;
use core::fmt;
use core::str::FromStr;
use sha2::Digest;

/// The MD5 of the blob, written as colon-hex: what Nova and older OpenSSH show. EC2 shows a variant. MD5 identifies a key among
/// honest ones, but offers no protection against an attacker who makes two keys with the same fingerprint.
///
/// `Display` writes the bare form, `b3:3a:09:...`. Parsing accepts every form that [`Fingerprint`](crate::Fingerprint) lists. To
/// write the prefix `MD5:`, convert to a [`Fingerprint`](crate::Fingerprint).
///
/// ```
/// use ssh_keypair::Md5Fingerprint;
///
/// let fingerprint = Md5Fingerprint::of_blob(b"");
/// assert_eq!(fingerprint.to_string(), "d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e");
/// assert_eq!("MD5:d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e".parse(), Ok(fingerprint));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Md5Fingerprint([u8; 16]);

impl Md5Fingerprint {
    /// Hashes a blob.
    ///
    /// ```
    /// # use ssh_keypair::Md5Fingerprint;
    /// assert_eq!(Md5Fingerprint::of_blob(b"").as_ref()[0], 0xd4);
    /// ```
    pub fn of_blob(blob: &[u8]) -> Self {
        Self::of_parts(&[blob])
    }

    /// Hashes a blob that is given in parts.
    pub(crate) fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hash = md5::Md5::new();
        parts.iter().for_each(|part| hash.update(part));
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Md5Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ColonHex(&self.0).fmt(f)
    }
}

impl FromStr for Md5Fingerprint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        copied::read(text)?.of(HashAlgorithm::Md5).map(Self).ok_or(copied::invalid())
    }
}

impl AsRef<[u8]> for Md5Fingerprint {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The fingerprint with these 16 bytes: a digest that was computed before, and stored.
impl From<[u8; 16]> for Md5Fingerprint {
    fn from(digest: [u8; 16]) -> Self {
        Self(digest)
    }
}

/// The 16 bytes.
impl From<Md5Fingerprint> for [u8; 16] {
    fn from(fingerprint: Md5Fingerprint) -> Self {
        fingerprint.0
    }
}

//! Fingerprints of public keys: hashes of the blob, in the forms that people compare.

use crate::error::{Error, ErrorKind};
use base64ct::{Base64Unpadded, Encoding};
use core::fmt;
use core::str::FromStr;
use sha2::Digest;

/// MD5 of the blob, written as colon-hex: what Nova and older OpenSSH show. MD5 finds a key among honest ones; against
/// somebody who makes two keys for the purpose it proves nothing.
///
/// `Display` and `FromStr` are the bare form, `b3:3a:09:...`; parsing takes the `MD5:` of `ssh-keygen -l -E md5` before
/// it as well.
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
        Self(md5::Md5::digest(blob).into())
    }
}

impl fmt::Display for Md5Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for byte in self.0 {
            write!(f, "{separator}{byte:02x}")?;
            separator = ":";
        }
        Ok(())
    }
}

impl FromStr for Md5Fingerprint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let error = Error::new(ErrorKind::InvalidFingerprint);
        let mut parts = text.strip_prefix("MD5:").unwrap_or(text).split(':');
        let mut bytes = [0; 16];
        for byte in &mut bytes {
            let part = parts.next().ok_or(error)?;
            // `from_str_radix` alone would take a sign and capitals.
            if part.len() != 2 || !part.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')) {
                return Err(error);
            }
            *byte = u8::from_str_radix(part, 16).map_err(|_| error)?;
        }
        match parts.next() {
            Some(_) => Err(error),
            None => Ok(Self(bytes)),
        }
    }
}

impl AsRef<[u8]> for Md5Fingerprint {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// SHA-256 of the blob, written as OpenSSH does: `SHA256:` and base64 without padding.
///
/// ```
/// use ssh_keypair::Sha256Fingerprint;
///
/// let fingerprint = Sha256Fingerprint::of_blob(b"");
/// assert_eq!(fingerprint.to_string(), "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
/// assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256Fingerprint([u8; 32]);

impl Sha256Fingerprint {
    /// Hashes a blob.
    ///
    /// ```
    /// # use ssh_keypair::Sha256Fingerprint;
    /// assert_eq!(Sha256Fingerprint::of_blob(b"").as_ref()[0], 0xe3);
    /// ```
    pub fn of_blob(blob: &[u8]) -> Self {
        Self(sha2::Sha256::digest(blob).into())
    }
}

impl fmt::Display for Sha256Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 43];
        let text = Base64Unpadded::encode(&self.0, &mut text).map_err(|_| fmt::Error)?;
        write!(f, "SHA256:{text}")
    }
}

impl FromStr for Sha256Fingerprint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let error = Error::new(ErrorKind::InvalidFingerprint);
        let mut bytes = [0; 32];
        let base64 = text.strip_prefix("SHA256:").ok_or(error)?;
        match Base64Unpadded::decode(base64, &mut bytes) {
            Ok(decoded) if decoded.len() == 32 => Ok(Self(bytes)),
            _ => Err(error),
        }
    }
}

impl AsRef<[u8]> for Sha256Fingerprint {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

//! The names of the hash algorithms.

use crate::error::{Error, ErrorKind, named};

/// A hash algorithm for fingerprints. `Display` and `FromStr` use its name for `ssh-keygen -E`, in lower case.
///
/// ```
/// use ssh_keypair::{ErrorKind, HashAlgorithm};
///
/// assert_eq!("sha256".parse(), Ok(HashAlgorithm::Sha256));
/// assert_eq!(HashAlgorithm::Md5.to_string(), "md5");
/// assert_eq!("sha3".parse::<HashAlgorithm>().unwrap_err().kind(), ErrorKind::UnknownHashAlgorithm);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// MD5, 16 bytes. An attacker can make two keys with the same fingerprint, so MD5 identifies a key among honest ones but
    /// proves nothing.
    Md5,
    /// SHA-1, 20 bytes. As with MD5, an attacker can make two keys with the same fingerprint, at a higher cost.
    Sha1,
    /// SHA-256, 32 bytes: the default of OpenSSH since 6.8.
    Sha256,
    /// SHA-384, 48 bytes.
    Sha384,
    /// SHA-512, 64 bytes.
    Sha512,
}

impl HashAlgorithm {
    /// All algorithms.
    pub const ALL: &[Self] = &[Self::Md5, Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// The name in capitals, as it is written before a fingerprint and below a picture.
    pub(super) fn in_capitals(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
        }
    }

    /// The length in bytes of a digest.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The name for `ssh-keygen -E`, in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }
}

named!(HashAlgorithm, Error::new(ErrorKind::UnknownHashAlgorithm));

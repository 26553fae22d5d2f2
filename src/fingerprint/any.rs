//! A fingerprint with any of the hashes.

use super::copied;
use super::hash_algorithm::HashAlgorithm;
use super::md5::Md5Fingerprint;
use super::sha::{Sha1Fingerprint, Sha256Fingerprint, Sha384Fingerprint, Sha512Fingerprint};
use crate::error::Error;
use core::fmt;
use core::str::FromStr;

/// A fingerprint with any of the hashes, and the hash's name before it, as `ssh-keygen -l -E` prints it.
///
/// `Display` writes `MD5:b3:3a:...` for MD5, while [`Md5Fingerprint`] writes the bare form. Parsing accepts every form that
/// people copy, of each type of fingerprint:
///
/// * with the name of the hash and a colon or a space before it, in either case, or without: then the length shows the hash;
/// * the digest as base64 with or without padding, or hexadecimal with or without colons, in either case; MD5 only the latter;
/// * a whole line of `ssh-keygen -l` or of PuTTY; white space and quotes around it, a byte order mark, and a final full stop.
///
/// Hexadecimal SHA-1 without a name is rejected here: a reader must know what was hashed, and use
/// [`Sha1Fingerprint::from_colon_hex`].
///
/// ```
/// use ssh_keypair::{Fingerprint, HashAlgorithm, Md5Fingerprint};
///
/// let fingerprint = Fingerprint::of_blob(HashAlgorithm::Md5, b"");
/// assert_eq!(fingerprint.to_string(), "MD5:d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e");
/// assert_eq!("d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e".parse(), Ok(fingerprint));
/// assert_eq!(fingerprint, Md5Fingerprint::of_blob(b"").into());
///
/// let pasted: Fingerprint = "2048 SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU me@host (RSA)".parse()?;
/// assert_eq!(Fingerprint::of_blob(pasted.algorithm(), b""), pasted);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fingerprint {
    /// MD5.
    Md5(Md5Fingerprint),
    /// SHA-1.
    Sha1(Sha1Fingerprint),
    /// SHA-256, the default of OpenSSH since 6.8.
    Sha256(Sha256Fingerprint),
    /// SHA-384.
    Sha384(Sha384Fingerprint),
    /// SHA-512.
    Sha512(Sha512Fingerprint),
}

impl Fingerprint {
    /// Hashes a blob.
    ///
    /// ```
    /// # use ssh_keypair::{Fingerprint, HashAlgorithm};
    /// let fingerprint = Fingerprint::of_blob(HashAlgorithm::Sha1, b"");
    /// assert_eq!(fingerprint.to_string(), "SHA1:2jmj7l5rSw0yVb/vlWAYkK/YBwk");
    /// ```
    pub fn of_blob(algorithm: HashAlgorithm, blob: &[u8]) -> Self {
        Self::of_parts(algorithm, &[blob])
    }

    /// Hashes a blob that is given in parts.
    pub(crate) fn of_parts(algorithm: HashAlgorithm, parts: &[&[u8]]) -> Self {
        match algorithm {
            HashAlgorithm::Md5 => Self::Md5(Md5Fingerprint::of_parts(parts)),
            HashAlgorithm::Sha1 => Self::Sha1(Sha1Fingerprint::of_parts(parts)),
            HashAlgorithm::Sha256 => Self::Sha256(Sha256Fingerprint::of_parts(parts)),
            HashAlgorithm::Sha384 => Self::Sha384(Sha384Fingerprint::of_parts(parts)),
            HashAlgorithm::Sha512 => Self::Sha512(Sha512Fingerprint::of_parts(parts)),
        }
    }

    /// The hash algorithm.
    pub fn algorithm(&self) -> HashAlgorithm {
        match self {
            Self::Md5(_) => HashAlgorithm::Md5,
            Self::Sha1(_) => HashAlgorithm::Sha1,
            Self::Sha256(_) => HashAlgorithm::Sha256,
            Self::Sha384(_) => HashAlgorithm::Sha384,
            Self::Sha512(_) => HashAlgorithm::Sha512,
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Md5(fingerprint) => write!(f, "MD5:{fingerprint}"),
            Self::Sha1(fingerprint) => fingerprint.fmt(f),
            Self::Sha256(fingerprint) => fingerprint.fmt(f),
            Self::Sha384(fingerprint) => fingerprint.fmt(f),
            Self::Sha512(fingerprint) => fingerprint.fmt(f),
        }
    }
}

impl FromStr for Fingerprint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // The type of each hash reads the same text again, and returns its own bytes.
        match copied::read(text)?.algorithm {
            HashAlgorithm::Md5 => text.parse().map(Self::Md5),
            HashAlgorithm::Sha1 => text.parse().map(Self::Sha1),
            HashAlgorithm::Sha256 => text.parse().map(Self::Sha256),
            HashAlgorithm::Sha384 => text.parse().map(Self::Sha384),
            HashAlgorithm::Sha512 => text.parse().map(Self::Sha512),
        }
    }
}

impl AsRef<[u8]> for Fingerprint {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Md5(fingerprint) => fingerprint.as_ref(),
            Self::Sha1(fingerprint) => fingerprint.as_ref(),
            Self::Sha256(fingerprint) => fingerprint.as_ref(),
            Self::Sha384(fingerprint) => fingerprint.as_ref(),
            Self::Sha512(fingerprint) => fingerprint.as_ref(),
        }
    }
}

/// Declares the conversions from the fingerprint type of each hash.
macro_rules! from_each {
    ($($variant:ident($fingerprint:ident),)+) => {
        $(impl From<$fingerprint> for Fingerprint {
            fn from(fingerprint: $fingerprint) -> Self {
                Self::$variant(fingerprint)
            }
        })+
    };
}

from_each! {
    Md5(Md5Fingerprint),
    Sha1(Sha1Fingerprint),
    Sha256(Sha256Fingerprint),
    Sha384(Sha384Fingerprint),
    Sha512(Sha512Fingerprint),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_in_parts_has_the_fingerprint_of_the_whole() {
        let blob: [u8; 200] = core::array::from_fn(|i| i as u8);
        for algorithm in HashAlgorithm::ALL.iter().copied() {
            let whole = Fingerprint::of_blob(algorithm, &blob);
            for at in 0..=blob.len() {
                let (start, end) = blob.split_at(at);
                assert_eq!(Fingerprint::of_parts(algorithm, &[start, &[], end]), whole);
            }
            assert_ne!(Fingerprint::of_parts(algorithm, &[&blob[100..], &blob[..100]]), whole);
        }
    }
}

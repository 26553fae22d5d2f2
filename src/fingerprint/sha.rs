//! The SHA family, as OpenSSH writes it: the hash's name, a colon, and base64 without padding. Other forms are read too: see
//! `copied`.

use super::colon_hex::ColonHex;
use super::copied;
use super::hash_algorithm::HashAlgorithm;
use crate::error::Error;
#[cfg(doc)]
use crate::error::ErrorKind;
use base64ct::{Base64Unpadded, Encoding};
use core::fmt;
use core::str::FromStr;
use sha2::Digest;

/// The number of base64 characters for the longest hash, 64 bytes.
const MAX_BASE64: usize = 86;

fn write(algorithm: HashAlgorithm, bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0; MAX_BASE64];
    let text = Base64Unpadded::encode(bytes, &mut text).map_err(|_| fmt::Error)?;
    write!(f, "{}:{text}", algorithm.in_capitals())
}

/// Declares the fingerprint type of a hash, from the hash's length and the first byte of the example.
macro_rules! sha_fingerprint {
    ($(#[doc = $doc:literal])+ $fingerprint:ident, $variant:ident, $hash:ty, $length:literal, $first:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $fingerprint([u8; $length]);

        impl $fingerprint {
            /// Hashes a blob.
            ///
            /// ```
            #[doc = concat!("# use ssh_keypair::", stringify!($fingerprint), ";")]
            #[doc = concat!("assert_eq!(", stringify!($fingerprint), "::of_blob(b\"\").as_ref()[0], ", $first, ");")]
            /// ```
            pub fn of_blob(blob: &[u8]) -> Self {
                Self::of_parts(&[blob])
            }

            /// Hashes a blob that is given in parts.
            pub(crate) fn of_parts(parts: &[&[u8]]) -> Self {
                let mut hash = <$hash>::new();
                parts.iter().for_each(|part| hash.update(part));
                Self(hash.finalize().into())
            }
        }

        impl fmt::Display for $fingerprint {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(HashAlgorithm::$variant, &self.0, f)
            }
        }

        impl FromStr for $fingerprint {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                copied::read(text)?.of(HashAlgorithm::$variant).map(Self).ok_or(copied::invalid())
            }
        }

        impl AsRef<[u8]> for $fingerprint {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        #[doc = concat!("The fingerprint with these ", $length, " bytes: a digest that was computed before, and stored.")]
        impl From<[u8; $length]> for $fingerprint {
            fn from(digest: [u8; $length]) -> Self {
                Self(digest)
            }
        }

        #[doc = concat!("The ", $length, " bytes.")]
        ///
        /// ```
        #[doc = concat!("# use ssh_keypair::", stringify!($fingerprint), ";")]
        #[doc = concat!("let bytes: [u8; ", $length, "] = ", stringify!($fingerprint), "::of_blob(b\"\").into();")]
        #[doc = concat!("assert_eq!(bytes[0], ", $first, ");")]
        #[doc = concat!("assert_eq!(", stringify!($fingerprint), "::from(bytes), ", stringify!($fingerprint), "::of_blob(b\"\"));")]
        impl From<$fingerprint> for [u8; $length] {
            fn from(fingerprint: $fingerprint) -> Self {
                fingerprint.0
            }
        }
    };
}

sha_fingerprint! {
    /// The SHA-1 of the blob, written as OpenSSH does: `SHA1:` and base64 without padding. It offers no protection against an
    /// attacker who makes two keys with the same fingerprint.
    ///
    /// ```
    /// use ssh_keypair::Sha1Fingerprint;
    ///
    /// let fingerprint = Sha1Fingerprint::of_blob(b"");
    /// assert_eq!(fingerprint.to_string(), "SHA1:2jmj7l5rSw0yVb/vlWAYkK/YBwk");
    /// assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
    /// ```
    Sha1Fingerprint, Sha1, sha1::Sha1, 20, "0xda"
}

impl Sha1Fingerprint {
    /// The other form of a SHA-1, bare colon-hex. EC2 shows it for an RSA key that it created: see
    /// [`Ec2Fingerprint`](crate::Ec2Fingerprint). Nova shows it for an X.509 certificate, as the hash of the certificate's
    /// DER. No service shows it for a blob.
    pub fn colon_hex(&self) -> impl fmt::Display {
        ColonHex(&self.0)
    }

    /// Reads what [`colon_hex`](Self::colon_hex) writes, also without colons, in capitals, and with white space around it.
    ///
    /// ```
    /// # use ssh_keypair::Sha1Fingerprint;
    /// let text = "da:39:a3:ee:5e:6b:4b:0d:32:55:bf:ef:95:60:18:90:af:d8:07:09";
    /// assert_eq!(Sha1Fingerprint::from_colon_hex(text), Ok(Sha1Fingerprint::of_blob(b"")));
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidFingerprint`].
    pub fn from_colon_hex(text: &str) -> Result<Self, Error> {
        copied::hex(text).map(Self).ok_or(copied::invalid())
    }
}

sha_fingerprint! {
    /// The SHA-256 of the blob, written as OpenSSH does: `SHA256:` and base64 without padding.
    ///
    /// ```
    /// use ssh_keypair::Sha256Fingerprint;
    ///
    /// let fingerprint = Sha256Fingerprint::of_blob(b"");
    /// assert_eq!(fingerprint.to_string(), "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
    /// assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
    /// ```
    Sha256Fingerprint, Sha256, sha2::Sha256, 32, "0xe3"
}

sha_fingerprint! {
    /// The SHA-384 of the blob, written as OpenSSH does: `SHA384:` and base64.
    ///
    /// ```
    /// use ssh_keypair::Sha384Fingerprint;
    ///
    /// let fingerprint = Sha384Fingerprint::of_blob(b"");
    /// let text = "SHA384:OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
    /// assert_eq!(fingerprint.to_string(), text);
    /// assert_eq!(text.parse(), Ok(fingerprint));
    /// ```
    Sha384Fingerprint, Sha384, sha2::Sha384, 48, "0x38"
}

sha_fingerprint! {
    /// The SHA-512 of the blob, written as OpenSSH does: `SHA512:` and base64 without padding.
    ///
    /// ```
    /// use ssh_keypair::Sha512Fingerprint;
    ///
    /// let fingerprint = Sha512Fingerprint::of_blob(b"");
    /// let text = "SHA512:z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg";
    /// assert_eq!(fingerprint.to_string(), text);
    /// assert_eq!(text.parse(), Ok(fingerprint));
    /// ```
    Sha512Fingerprint, Sha512, sha2::Sha512, 64, "0xcf"
}

//! Private keys in DER: PKCS#1, SEC 1 and PKCS#8, distinguished by their contents.

use super::private_key_info::PrivateKeyInfo;
use super::private_sequence::PrivateSequence;
use super::rsa_private_key;
use crate::error::Error;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::rsa::RsaPrivateKey;
use pkcs1::der::Tag;
#[cfg(feature = "ec")]
use {
    super::ec_private_key,
    crate::key::{EcdsaPrivateKey, Ed25519PrivateKey},
};

impl RsaPrivateKey {
    /// Reads the DER of PKCS#1 (`RSAPrivateKey`) or of an unencrypted PKCS#8 (`PrivateKeyInfo`), strictly: an accepted key is
    /// encoded back byte for byte, and its numbers are consistent. No heap.
    ///
    /// The time depends on the sizes of the numbers, which are bounded before anything is computed, and on the error.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, RsaPrivateKey, pkcs::MAX_DER_BYTES};
    ///
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let mut buffer = [0; MAX_DER_BYTES];
    /// let der = key.write_pkcs1_der(&mut buffer)?;
    /// assert_eq!(RsaPrivateKey::from_der(der)?, key);
    /// assert_eq!(RsaPrivateKey::from_der(&der[1..]).unwrap_err().kind(), ErrorKind::TrailingData);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidDer`], [`ErrorKind::Truncated`] and [`ErrorKind::TrailingData`], the last of these also if
    /// attributes or a public key follow in PKCS#8; [`ErrorKind::UnsupportedVersion`] for any version except 0, such as that of
    /// a key with more than two primes; [`ErrorKind::UnsupportedType`] for any key except RSA, including RSASSA-PSS and
    /// RSAES-OAEP; [`ErrorKind::InvalidMpint`]; [`ErrorKind::InconsistentKey`]; [`ErrorKind::KeyTooLarge`] over
    /// [`RsaPrivateKey::MAX_BITS`]; those of [`RsaPublicKey::new`](crate::RsaPublicKey::new).
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        match tag_after_version(der)? {
            Some(Tag::Sequence) => PrivateKeyInfo::read(der)?.to_rsa(),
            _ => rsa_private_key::read(der),
        }
    }
}

/// The tag after the version: in PKCS#8 that of the algorithm, which is a sequence; in PKCS#1 and DSA that of a number; in SEC 1
/// that of the secret number, which is an octet string.
pub(super) fn tag_after_version(der: &[u8]) -> Result<Option<Tag>, Error> {
    let mut sequence = PrivateSequence::new(der)?;
    sequence.version_up_to_1()?;
    Ok(sequence.next_tag())
}

#[cfg(feature = "ec")]
impl Ed25519PrivateKey {
    /// Reads the DER of an unencrypted PKCS#8, `PrivateKeyInfo` or `OneAsymmetricKey`. If a public key is in it, it must be that
    /// of the private key. No heap.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::Ed25519PrivateKey;
    ///
    /// let key = Ed25519PrivateKey::generate()?;
    /// let mut buffer = [0; 48];
    /// let der = key.write_pkcs8_der(&mut buffer)?;
    /// assert_eq!(Ed25519PrivateKey::from_der(der)?, key);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidDer`], [`ErrorKind::Truncated`] and [`ErrorKind::TrailingData`]; [`ErrorKind::UnsupportedVersion`];
    /// [`ErrorKind::UnsupportedType`] for any other type of key; [`ErrorKind::InvalidValue`] for a seed that is not 32 bytes
    /// long; [`ErrorKind::KeyMismatch`].
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        PrivateKeyInfo::read(der)?.to_ed25519()
    }
}

#[cfg(feature = "ec")]
impl EcdsaPrivateKey {
    /// Reads the DER of SEC 1 (`ECPrivateKey`) or of an unencrypted PKCS#8 (`PrivateKeyInfo` or `OneAsymmetricKey`). If a public
    /// key is in it, compressed or not, it must be that of the private key. No heap.
    ///
    /// In SEC 1, the curve is named, or else follows from the public key.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{EcdsaCurve, EcdsaPrivateKey};
    ///
    /// let key = EcdsaPrivateKey::generate(EcdsaCurve::P521)?;
    /// let mut buffer = [0; 256];
    /// assert_eq!(EcdsaPrivateKey::from_der(key.write_sec1_der(&mut buffer)?)?, key);
    /// assert_eq!(EcdsaPrivateKey::from_der(key.write_pkcs8_der(&mut buffer)?)?, key);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidDer`], [`ErrorKind::Truncated`] and [`ErrorKind::TrailingData`]; [`ErrorKind::UnsupportedVersion`];
    /// [`ErrorKind::UnsupportedType`] for any other type of key; for the curve, [`ErrorKind::UnknownKeyType`],
    /// [`ErrorKind::TypeMismatch`] if it is named differently in two places, and [`ErrorKind::MissingField`];
    /// [`ErrorKind::InconsistentKey`] for a secret number of 0, or not below the order of the curve's base point;
    /// [`ErrorKind::KeyMismatch`].
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        match tag_after_version(der)? {
            Some(Tag::Sequence) => PrivateKeyInfo::read(der)?.to_ecdsa(),
            _ => ec_private_key::read(der, None),
        }
    }
}

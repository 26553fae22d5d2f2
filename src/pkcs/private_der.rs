//! RSA private keys in DER: PKCS#1 and PKCS#8, distinguished by their contents.

use super::private_sequence::PrivateSequence;
use super::{private_key_info, rsa_private_key};
use crate::error::Error;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::rsa::RsaPrivateKey;
use pkcs1::der::Tag;

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
        let mut sequence = PrivateSequence::new(der)?;
        sequence.version_0()?;
        // After the version, PKCS#8 has the algorithm, which is a sequence, and PKCS#1 has the modulus.
        match sequence.next_tag() {
            Some(Tag::Sequence) => private_key_info::read(der),
            _ => rsa_private_key::read(der),
        }
    }
}

//! RSA public keys: n and e, RFC 8017, section 3.1.

use super::big_endian::{bit_length, is_odd, without_leading_zeros};
use crate::error::{Error, ErrorKind, Field};

/// An RSA public key, borrowed: a modulus n and a public exponent e, big-endian without leading zeros.
///
/// It satisfies the rules for an RSA key in an `ssh-rsa` line: n is odd and has 1024 to 16384 bits; e is odd, at least 3, and
/// has at most 33 bits. Nothing here depends on a secret.
///
/// ```
/// use ssh_keypair::{RsaPublicKey, ErrorKind};
///
/// let modulus = [0xff; 256];
/// let key = RsaPublicKey::new(&modulus, &[1, 0, 1])?;
/// assert_eq!(key.bits(), 2048);
/// assert_eq!(RsaPublicKey::new(&modulus, &[1, 0, 0]).unwrap_err().kind(), ErrorKind::InvalidValue);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RsaPublicKey<'a> {
    modulus: &'a [u8],
    public_exponent: &'a [u8],
}

impl<'a> RsaPublicKey<'a> {
    /// Creates a key from n and e, big-endian. Leading zeros are dropped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidValue`] for an exponent that is even, below 3, or longer than 33 bits, or for an even modulus;
    /// [`ErrorKind::KeyTooSmall`] and [`ErrorKind::KeyTooLarge`] for a modulus outside of 1024 to 16384 bits.
    ///
    /// ```
    /// # use ssh_keypair::RsaPublicKey;
    /// assert!(RsaPublicKey::new(&[0xff; 128], &[3]).is_ok());
    /// ```
    #[inline]
    pub fn new(modulus: &'a [u8], public_exponent: &'a [u8]) -> Result<Self, Error> {
        let key =
            Self { modulus: without_leading_zeros(modulus), public_exponent: without_leading_zeros(public_exponent) };
        let exponent_bits = bit_length(key.public_exponent);
        let bits = key.bits();
        if exponent_bits > 33 {
            return Err(Field::PublicExponent.error(ErrorKind::InvalidValue));
        }
        // 1 is the only odd number of one bit.
        if exponent_bits < 2 || !is_odd(key.public_exponent) {
            return Err(Field::PublicExponent.error(ErrorKind::InvalidValue));
        }
        if bits < 1024 {
            return Err(Field::Modulus.error(ErrorKind::KeyTooSmall).measured(bits, 1024));
        }
        if bits > 16384 {
            return Err(Field::Modulus.error(ErrorKind::KeyTooLarge).measured(bits, 16384));
        }
        if !is_odd(key.modulus) {
            return Err(Field::Modulus.error(ErrorKind::InvalidValue));
        }
        Ok(key)
    }

    /// Creates a key from an n and e that [`RsaPublicKey::new`] has accepted.
    #[inline]
    pub(crate) fn from_checked(modulus: &'a [u8], public_exponent: &'a [u8]) -> Self {
        Self { modulus, public_exponent }
    }

    /// n, big-endian, without leading zeros.
    pub fn modulus(&self) -> &'a [u8] {
        self.modulus
    }

    /// e, big-endian, without leading zeros.
    pub fn public_exponent(&self) -> &'a [u8] {
        self.public_exponent
    }

    /// The bit length of n.
    pub fn bits(&self) -> usize {
        bit_length(self.modulus)
    }
}

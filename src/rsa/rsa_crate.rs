//! Conversions from and to the key types of the `rsa` crate.
//!
//! A private key from that crate must pass every check of [`consistency`](super::consistency), because that crate makes fewer.

use super::consistency::RsaNumbers;
use super::private_key::RsaPrivateKey;
use super::public_key::RsaPublicKey;
use crate::error::{Error, ErrorKind, Field};
use ::rsa::BoxedUint;
use ::rsa::traits::{PrivateKeyParts, PublicKeyParts};
use alloc::boxed::Box;
use alloc::vec;
use zeroize::Zeroizing;

/// The public key of the `rsa` crate with the same n and e.
///
/// A modulus may be longer than the 8192 bits that its `RsaPublicKey::new` accepts.
impl From<RsaPublicKey<'_>> for ::rsa::PublicKey {
    fn from(key: RsaPublicKey<'_>) -> Self {
        // Everything that `new` checks is true, except for that size: n is odd, and e is odd, below n, and has at most 33 bits.
        Self::new_unchecked(number(key.modulus()), number(key.public_exponent()))
    }
}

/// The private key of the `rsa` crate with the same numbers.
///
/// A key with a prime of more than half the bits of the modulus is converted too, although this crate generates none. That
/// crate writes such a key, but does not read it from a file.
impl TryFrom<&RsaPrivateKey> for ::rsa::PrivateKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`ErrorKind::InconsistentKey`] if that crate rejects the key. That does not happen: every [`RsaPrivateKey`] passes its
    /// checks.
    fn try_from(key: &RsaPrivateKey) -> Result<Self, Error> {
        let [n, e, d] = [key.modulus(), key.public_exponent(), key.private_exponent()].map(number);
        let primes = vec![number(key.prime_p()), number(key.prime_q())];
        // That crate requires the width of the primes to follow from something public. In this crate their lengths are public.
        let sizes = key.sizes();
        let fit = sizes.p_bits.max(sizes.q_bits) <= sizes.bits.div_ceil(2);
        let from_components = if fit { Self::from_components } else { Self::from_components_with_wide_primes };
        from_components(n, e, d, primes).map_err(|_| inconsistent(Field::PrivateKey))
    }
}

/// The key with the same numbers as a key of the `rsa` crate, p and q in the same order.
///
/// That crate accepts composite or equal "primes", and any d that inverts e. This conversion checks them and rejects such keys.
impl TryFrom<&::rsa::PrivateKey> for RsaPrivateKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedVersion`] for a key of more than two primes; those of [`RsaPublicKey::new`];
    /// [`ErrorKind::KeyTooLarge`] above [`RsaPrivateKey::MAX_BITS`]; [`ErrorKind::InconsistentKey`] with the field of the
    /// number that failed its check.
    fn try_from(key: &::rsa::PrivateKey) -> Result<Self, Error> {
        let [p, q] = key.primes() else {
            return Err(Field::PrimeP.error(ErrorKind::UnsupportedVersion));
        };
        let coefficient = key.qinv().map(|coefficient| secret_bytes(&Zeroizing::new(coefficient.retrieve())));
        Self::from_numbers(&RsaNumbers {
            modulus: &key.n_bytes(),
            public_exponent: &key.e_bytes(),
            private_exponent: &secret_bytes(key.d()),
            p: &secret_bytes(p),
            q: &secret_bytes(q),
            // They follow from d, in both crates.
            exponents: [None; 2],
            // The key contains it, unless its precomputed values were cleared.
            coefficient: coefficient.as_deref().map(AsRef::as_ref),
        })
    }
}

/// The number that big-endian bytes represent. Their length is public.
fn number(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(bytes)
}

fn secret_bytes(number: &BoxedUint) -> Zeroizing<Box<[u8]>> {
    Zeroizing::new(number.to_be_bytes())
}

fn inconsistent(field: Field) -> Error {
    field.error(ErrorKind::InconsistentKey)
}

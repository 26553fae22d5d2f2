//! Checks that the public half of a key belongs to its secret half, for all types but RSA.
//!
//! Secret numbers are processed by the constant-time arithmetic of `p256`, `p384` and `p521`, of `curve25519-dalek`, and of
//! this crate.

use super::dsa::DsaPublicKey;
use crate::kernels::bignum::limbs::from_be_bytes;
use crate::kernels::bignum::{Backend, Power};
use crate::kernels::cpu::on_best_backend;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;
#[cfg(feature = "ec")]
use {
    super::ecdsa::{EcdsaCurve, EcdsaPublicKey},
    crate::wipe::on_wiped_stack,
    curve25519_dalek::EdwardsPoint,
    p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point},
    p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, SecretKey},
    sha2::{Digest, Sha512},
};

/// The size of p, in bits and in limbs.
const DSA_BITS: usize = 1024;
const DSA_LIMBS: usize = DSA_BITS / 64;

/// Whether y = g^x mod p, for x below q: FIPS 186-4, section 4.1.
pub(crate) fn is_of_dsa(x: &[u8], key: &DsaPublicKey<'_>) -> Choice {
    let [p, g, y] = [key.p(), key.g(), key.y()].map(|number| {
        let mut limbs = [0; DSA_LIMBS];
        from_be_bytes(number, &mut limbs);
        limbs
    });
    let mut exponent = Zeroizing::new([0; DSA_LIMBS]);
    from_be_bytes(x, &mut *exponent);
    let mut powers = [Power::new(&exponent, &p)];
    powers[0].value = g;
    on_best_backend!(backend => backend.power(DSA_BITS, &mut powers));
    powers[0].value.ct_eq(&y)
}

/// Whether the point belongs to the seed: RFC 8032, section 5.1.5.
#[cfg(feature = "ec")]
pub(crate) fn is_of_ed25519(seed: &[u8; 32], point: &[u8; 32]) -> Choice {
    on_wiped_stack::<16, _>(|| {
        let mut hash = Zeroizing::new([0; 64]);
        Sha512::new_with_prefix(seed).finalize_into((&mut *hash).into());
        let (scalar, _) = hash.split_first_chunk().unwrap_or((seed, &[]));
        EdwardsPoint::mul_base_clamped(*scalar).compress().as_bytes().ct_eq(point)
    })
}

/// Whether the point is the secret number times the base point: SEC 1, section 3.2.1. None if the number is 0, or not below
/// the order of the base point.
#[cfg(feature = "ec")]
pub(crate) fn is_of_ecdsa(scalar: &[u8], key: &EcdsaPublicKey<'_>) -> Option<Choice> {
    on_wiped_stack::<16, _>(|| match key.curve() {
        EcdsaCurve::P256 => is_on::<p256::NistP256>(scalar, key.point()),
        EcdsaCurve::P384 => is_on::<p384::NistP384>(scalar, key.point()),
        EcdsaCurve::P521 => is_on::<p521::NistP521>(scalar, key.point()),
    })
}

#[cfg(feature = "ec")]
fn is_on<C>(scalar: &[u8], point: &[u8]) -> Option<Choice>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let mut bytes = Zeroizing::new(FieldBytes::<C>::default());
    let start = bytes.len().checked_sub(scalar.len())?;
    bytes.get_mut(start..)?.copy_from_slice(scalar);
    let secret = SecretKey::<C>::from_bytes(&bytes).ok()?;
    Some(secret.public_key().to_sec1_point(false).as_bytes().ct_eq(point))
}

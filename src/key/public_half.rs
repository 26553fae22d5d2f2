//! Computes the public half of Ed25519 and ECDSA keys from the secret half.
//!
//! Secret numbers are processed by the constant-time arithmetic of `curve25519-dalek`, `p256`, `p384` and `p521`, which leaves
//! copies on the stack: the callers wipe it.

use super::ecdsa::EcdsaCurve;
#[cfg(feature = "alloc")]
use super::ecdsa::{EcdsaPublicKey, MAX_POINT_BYTES};
use curve25519_dalek::EdwardsPoint;
use p256::elliptic_curve::ff::{Field, PrimeField};
use p256::elliptic_curve::group::{Curve, Group};
use p256::elliptic_curve::point::AffineCoordinates;
#[cfg(feature = "alloc")]
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
#[cfg(feature = "alloc")]
use p256::elliptic_curve::{AffinePoint, FieldBytesSize};
use p256::elliptic_curve::{CurveArithmetic, FieldBytes, ProjectivePoint, Scalar};
use sha2::{Digest, Sha512};
use subtle::Choice;
use zeroize::Zeroizing;

/// The point that belongs to a seed: RFC 8032, section 5.1.5.
pub(super) fn of_ed25519(seed: &[u8; 32]) -> [u8; 32] {
    let mut hash = Zeroizing::new([0; 64]);
    Sha512::new_with_prefix(seed).finalize_into((&mut *hash).into());
    let (scalar, _) = hash.split_first_chunk().unwrap_or((seed, &[]));
    EdwardsPoint::mul_base_clamped(*scalar).compress().to_bytes()
}

/// Writes the point that belongs to a secret number: SEC 1, section 3.2.1. Both are as long as the curve requires. The result
/// tells whether the number is at least 1 and below the order of the base point; if it is not, the point has no meaning.
pub(super) fn of_ecdsa(curve: EcdsaCurve, scalar: &[u8], point: &mut [u8]) -> Choice {
    match curve {
        EcdsaCurve::P256 => on::<p256::NistP256>(scalar, point),
        EcdsaCurve::P384 => on::<p384::NistP384>(scalar, point),
        EcdsaCurve::P521 => on::<p521::NistP521>(scalar, point),
    }
}

/// The key of a compressed point, which is expanded into `buffer`: SEC 1, section 2.3.4. None if no point on the curve has this
/// encoding. The time depends on the point, which is public.
#[cfg(feature = "alloc")]
pub(crate) fn expand_ecdsa<'a>(
    curve: EcdsaCurve,
    compressed: &[u8],
    buffer: &'a mut [u8; MAX_POINT_BYTES],
) -> Option<EcdsaPublicKey<'a>> {
    let point = buffer.get_mut(..curve.point_bytes())?;
    match curve {
        EcdsaCurve::P256 => expand::<p256::NistP256>(compressed, point),
        EcdsaCurve::P384 => expand::<p384::NistP384>(compressed, point),
        EcdsaCurve::P521 => expand::<p521::NistP521>(compressed, point),
    }?;
    EcdsaPublicKey::new(curve, point).ok()
}

#[cfg(feature = "alloc")]
fn expand<C>(compressed: &[u8], point: &mut [u8]) -> Option<()>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let encoded = p256::elliptic_curve::sec1::Sec1Point::<C>::from_bytes(compressed).ok()?;
    let expanded = AffinePoint::<C>::from_sec1_point(&encoded).into_option()?.to_sec1_point(false);
    (expanded.as_bytes().len() == point.len()).then(|| point.copy_from_slice(expanded.as_bytes()))
}

fn on<C>(scalar: &[u8], point: &mut [u8]) -> Choice
where
    C: CurveArithmetic,
{
    let mut bytes = Zeroizing::new(FieldBytes::<C>::default());
    for (place, byte) in bytes.iter_mut().zip(scalar) {
        *place = *byte;
    }
    let number = Scalar::<C>::from_repr(*bytes);
    let is_reduced = number.is_some();
    let number = Zeroizing::new(number.unwrap_or(Scalar::<C>::ZERO));
    let product = ProjectivePoint::<C>::mul_by_generator(&number).to_affine();
    // The encoder of `sec1` would branch on whether it is the point at infinity.
    let (x, y) = (product.x(), product.y());
    for (place, byte) in point.iter_mut().zip([0x04].iter().chain(x.iter()).chain(y.iter())) {
        *place = *byte;
    }
    is_reduced & !number.is_zero()
}

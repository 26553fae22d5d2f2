//! The secret number of a DSA key: FIPS 186-4, section 4.1.

use super::dsa::DsaPublicKey;
use crate::error::{Error, ErrorKind, Field};
use crate::kernels::bignum::limbs::{from_be_bytes, is_small, less, to_be_bytes};
use crate::kernels::bignum::{Backend, Power};
use crate::kernels::cpu::on_best_backend;
use crate::kernels::declassify::{classify, declassify};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The bits of p, and its limbs and those of q, which has 160.
const P_BITS: usize = 1024;
const P_LIMBS: usize = P_BITS / 64;
const Q_LIMBS: usize = 3;

/// Computes y = g^x mod p, big-endian, for the numbers of a key without y.
///
/// # Errors
///
/// [`ErrorKind::InvalidValue`] with the field of p, q or g; [`ErrorKind::InconsistentKey`] if x is 0 or not below q.
pub(crate) fn dsa_public_value(p: &[u8], q: &[u8], g: &[u8], x: &[u8]) -> Result<[u8; P_BITS / 8], Error> {
    // Any y that is in range serves to check the other numbers.
    let checked = DsaPublicKey::new(p, q, g, &[2])?;
    let out_of_range = Field::PrivateExponent.error(ErrorKind::InconsistentKey);
    if x.len() > checked.q().len() {
        return Err(out_of_range);
    }
    let (mut number, mut order) = (Zeroizing::new([0; Q_LIMBS]), [0; Q_LIMBS]);
    from_be_bytes(checked.q(), &mut order);
    from_be_bytes(x, &mut *number);
    classify(&mut *number);
    if !declassify(less(&number, &order) & !is_small(&number, 0)) {
        return Err(out_of_range);
    }
    let [p, g] = [checked.p(), checked.g()].map(|number| {
        let mut limbs = [0; P_LIMBS];
        from_be_bytes(number, &mut limbs);
        limbs
    });
    let mut exponent = Zeroizing::new([0; P_LIMBS]);
    from_be_bytes(x, &mut *exponent);
    let mut powers = [Power::new(&exponent, &p)];
    powers[0].value = g;
    on_best_backend!(backend => backend.power(P_BITS, &mut powers));
    let mut y = [0; P_BITS / 8];
    to_be_bytes(&powers[0].value, &mut y);
    Ok(y)
}

/// Checks that x is in range, and that y follows from it.
///
/// # Errors
///
/// [`ErrorKind::InconsistentKey`] and [`ErrorKind::KeyMismatch`], in x.
pub(super) fn check(x: &[u8], key: &DsaPublicKey<'_>) -> Result<(), Error> {
    let computed = dsa_public_value(key.p(), key.q(), key.g(), x)?;
    let mut y = [0; P_BITS / 8];
    for (place, byte) in y.iter_mut().rev().zip(key.y().iter().rev()) {
        *place = *byte;
    }
    if declassify(computed.ct_eq(&y)) { Ok(()) } else { Err(Field::PrivateExponent.error(ErrorKind::KeyMismatch)) }
}

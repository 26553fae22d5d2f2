//! The checks of an RSA key, the cheap ones first.

use super::findings::Findings;
use super::weakness::Weakness;
use super::{close_primes, equal_halves, pattern, roca};
use crate::arith::limbs::from_be_bytes;
use crate::arith::probable_prime::is_probable_prime_vartime;
use crate::arith::roots::{is_odd_power, is_square_of, sqrt_floor};
use crate::arith::sieve::has_factor_below_2_16_vartime;
use crate::rsa::RsaPublicKey;

/// The limbs of the longest modulus, of 16384 bits.
pub(super) const MAX_LIMBS: usize = 256;

/// What is wrong with an RSA key.
pub(super) fn check(key: &RsaPublicKey<'_>, findings: &mut Findings) {
    if key.bits() < 2048 {
        findings.add(Weakness::SmallModulus);
    }
    // Without leading zeros, the shorter number is the smaller, and those of one length are in the order of their bytes.
    let (exponent, usual) = (key.public_exponent(), [1, 0, 1].as_slice());
    if (exponent.len(), exponent) < (usual.len(), usual) {
        findings.add(Weakness::SmallExponent);
    }
    let (mut n, mut sqrt) = ([0; MAX_LIMBS], [0; MAX_LIMBS / 2]);
    let length = key.modulus().len().div_ceil(8).min(MAX_LIMBS);
    let (n, sqrt) = (&mut n[..length], &mut sqrt[..length.div_ceil(2)]);
    from_be_bytes(key.modulus(), n);
    sqrt_floor(n, sqrt);
    check_modulus(n, sqrt, findings);
}

/// What is wrong with a modulus, whose square root, rounded down, is known.
fn check_modulus(n: &[u64], sqrt: &[u64], findings: &mut Findings) {
    let mut composite = false;
    let mut broken = |weakness, found| {
        if found {
            findings.add(weakness);
            composite = true;
        }
    };
    broken(Weakness::SmallFactor, has_factor_below_2_16_vartime(n));
    // Of a square, the two primes are as close as can be, and that is all there is to say.
    let power = is_square_of(sqrt, n) || is_odd_power(n);
    broken(Weakness::PerfectPower, power);
    broken(Weakness::ClosePrimes, !power && close_primes::found(n, sqrt));
    broken(Weakness::EqualHalves, !power && equal_halves::found(n, sqrt));
    broken(Weakness::Roca, roca::found(n));
    // By far the longest check, of what may be a prime still.
    if !composite && is_probable_prime_vartime(n) {
        findings.add(Weakness::PrimeModulus);
    }
    if pattern::found(n) {
        findings.add(Weakness::PatternedModulus);
    }
}

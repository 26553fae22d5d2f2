//! The checks of an RSA key, in two tiers. That for a prime modulus is in `prime_modulus`.

use super::factor::Factor;
use super::findings::Findings;
use super::prime_modulus::MAX_BITS;
use super::wide_root::WideRoot;
use super::{
    close_primes, equal_halves, low_weight, pattern, prime_difference, prime_ratio, repeated_word, roca, smooth_order,
};
use crate::error::Weakness;
use crate::kernels::bignum::limbs::{MAX_LIMBS, from_be_bytes};
use crate::kernels::bignum::roots::{is_square_of, odd_power_root};
use crate::kernels::bignum::{Backend, fermat, sieve};
use crate::kernels::cpu::on_best_backend;
use crate::rsa::RsaPublicKey;

/// The largest public exponent that all programs accept.
const LARGEST_EXPONENT: u64 = (1 << 24) - 1;

/// A weakness that reveals the factors, and one of them, if it has been computed.
pub(super) type Broken = (Weakness, Option<Factor>);

/// A modulus.
pub(super) struct Modulus {
    limbs: [u64; MAX_LIMBS],
    length: usize,
}

impl Modulus {
    pub(super) fn of(key: &RsaPublicKey<'_>) -> Self {
        let mut limbs = [0; MAX_LIMBS];
        from_be_bytes(key.modulus(), &mut limbs);
        Self { limbs, length: key.modulus().len().div_ceil(8).min(MAX_LIMBS) }
    }

    pub(super) fn limbs(&self) -> &[u64] {
        &self.limbs[..self.length]
    }
}

/// Finds the weaknesses of an RSA key that an import looks for.
pub(super) fn check(key: &RsaPublicKey<'_>, findings: &mut Findings) {
    if key.bits() < 2048 {
        findings.add(Weakness::SmallModulus);
    }
    // At most 33 bits.
    let mut exponent = [0];
    from_be_bytes(key.public_exponent(), &mut exponent);
    if exponent[0] < fermat::E {
        findings.add(Weakness::SmallExponent);
    }
    if exponent[0] > LARGEST_EXPONENT {
        findings.add(Weakness::LargeExponent);
    }
    let modulus = Modulus::of(key);
    let n = modulus.limbs();
    if pattern::found(n) {
        findings.add(Weakness::PatternedModulus);
    }
    match find_quickly(n) {
        Some((weakness, _)) => findings.add(weakness),
        None if low_weight::found(n) => findings.add(Weakness::LowWeight),
        None => {}
    }
}

/// Finds what makes a modulus factorable, within the time of an import. Each of these reveals the factors, so further checks
/// would only take time.
pub(super) fn find_quickly(n: &[u64]) -> Option<Broken> {
    if on_best_backend!(backend => backend.has_factor_below_2_17_vartime(n)) {
        return Some((Weakness::SmallFactor, None));
    }
    let root = WideRoot::new(n, 1);
    let with = |weakness| move |factor| (weakness, Some(factor));
    if is_square_of(root.floor(), n) {
        return Some((Weakness::PerfectPower, Some(Factor::known(root.floor()))));
    }
    odd_power_root(n)
        .map(|root| (Weakness::PerfectPower, Some(Factor::known(&root))))
        .or_else(|| close_primes::find(n, root.floor(), close_primes::STEPS).map(with(Weakness::ClosePrimes)))
        .or_else(|| equal_halves::find(n, root.floor()).map(with(Weakness::EqualHalves)))
        .or_else(|| roca::found(n).then_some((Weakness::Roca, None)))
        .or_else(|| repeated_word::find(n).map(with(Weakness::RepeatedWord)))
        .or_else(|| prime_ratio::find(n, &root).map(with(Weakness::PrimeRatio)))
        .or_else(|| prime_difference::find(n, &root).map(with(Weakness::PrimeDifference)))
}

/// Finds what makes the modulus of a key factorable, in a millisecond or a few. [`find_quickly`] has found nothing, and the
/// modulus is not a prime.
pub(super) fn find_thoroughly(key: &RsaPublicKey<'_>) -> Option<Broken> {
    let modulus = Modulus::of(key);
    let n = modulus.limbs();
    let root = WideRoot::new(n, 1);
    let with = |weakness| move |factor| (weakness, Some(factor));
    close_primes::find(n, root.floor(), close_primes::THOROUGH_STEPS)
        .map(with(Weakness::ClosePrimes))
        .or_else(|| prime_difference::find_large(n, &root).map(with(Weakness::PrimeDifference)))
}

/// Runs the methods of `smooth_order`, which take longer than all other checks, on moduli of up to [`MAX_BITS`] bits.
pub(super) fn find_smooth_order(key: &RsaPublicKey<'_>) -> Option<Broken> {
    let factor = if key.bits() <= MAX_BITS { smooth_order::find(key) } else { None };
    factor.map(|factor| (Weakness::SmoothOrder, Some(factor)))
}

/// A factor of a modulus, if a check finds one.
pub(super) fn factor(key: &RsaPublicKey<'_>) -> Option<Factor> {
    let modulus = Modulus::of(key);
    match find_quickly(modulus.limbs()) {
        Some((Weakness::SmallFactor, _)) => {
            sieve::smallest_factor_vartime(modulus.limbs()).map(|prime| Factor::known(&[prime]))
        }
        Some((_, factor)) => factor,
        None => find_thoroughly(key).or_else(|| find_smooth_order(key))?.1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::prime_modulus::Batch;
    use super::*;
    use crate::kernels::bignum::limbs::to_be_bytes;
    use crate::kernels::bignum::suite::best_within;
    use crate::random::Random;
    use core::hint::black_box;
    use std::time::Duration;
    use std::vec::Vec;

    /// The fastest run within a tenth of a second, in microseconds.
    fn best(run: impl Fn() -> bool) -> f64 {
        let best = best_within(Duration::from_millis(100), || {
            black_box(run());
        });
        best.as_secs_f64() * 1e6
    }

    /// A number congruent to 1 modulo 8, so that all checks run.
    fn number(random: &mut Random, bits: usize) -> Vec<u64> {
        let mut n = random.number(bits);
        n[0] = n[0] & !7 | 1;
        n
    }

    /// Whether one of several keys is a prime: the keys are the same.
    fn test(key: &RsaPublicKey<'_>, keys: usize) -> bool {
        let (mut batch, mut findings) = (Batch::new(key.bits()), [Findings::default(); 8]);
        (0..keys).for_each(|at| batch.push(at, *black_box(key)));
        batch.test(&mut findings);
        findings.iter().any(|findings| !findings.is_empty())
    }

    /// The time of each check, in microseconds:
    /// `cargo test --release --lib audit::rsa::tests::speed -- --ignored --nocapture`.
    #[test]
    #[ignore = "measures, and asserts nothing"]
    fn speed() {
        std::println!(
            "bits: root factors power close halves roca pattern word ratio difference weight; \
             thorough: close difference orders, prime test of one key, of each of eight"
        );
        let mut random = Random(8);
        for bits in [1024, 2048, 3072, 4096, 8192, 16_384] {
            let has_factor =
                |n: &[u64]| on_best_backend!(backend => backend.has_factor_below_2_17_vartime(black_box(n)));
            // Without a factor that a check finds, which would end it early.
            let mut bytes = std::vec![0; bits / 8];
            let mut n = number(&mut random, bits);
            let key = loop {
                to_be_bytes(&n, &mut bytes);
                let key = RsaPublicKey::new(&bytes, &[1, 0, 1]).unwrap();
                if !has_factor(&n) && find_smooth_order(&key).is_none() {
                    break key;
                }
                n[1] = random.next();
            };
            let root = WideRoot::new(&n, 1);
            let floor = root.floor();
            let shares = [
                best(|| WideRoot::new(black_box(&n), 1).floor().is_empty()),
                best(|| has_factor(&n)),
                best(|| is_square_of(floor, black_box(&n)) || odd_power_root(&n).is_some()),
                best(|| close_primes::find(black_box(&n), floor, close_primes::STEPS).is_some()),
                best(|| equal_halves::find(black_box(&n), floor).is_some()),
                best(|| roca::found(black_box(&n))),
                best(|| pattern::found(black_box(&n))),
                best(|| repeated_word::find(black_box(&n)).is_some()),
                best(|| prime_ratio::find(black_box(&n), &root).is_some()),
                best(|| prime_difference::find(black_box(&n), &root).is_some()),
                best(|| low_weight::found(black_box(&n))),
            ];
            let all: f64 = shares.iter().sum();
            let thorough = [
                best(|| close_primes::find(black_box(&n), floor, close_primes::THOROUGH_STEPS).is_some()),
                best(|| prime_difference::find_large(black_box(&n), &root).is_some()),
                if bits <= MAX_BITS { best(|| smooth_order::find(black_box(&key)).is_some()) } else { 0.0 },
                if bits <= MAX_BITS { best(|| test(&key, 1)) } else { 0.0 },
                if bits <= MAX_BITS { best(|| test(&key, 8)) / 8.0 } else { 0.0 },
            ];
            std::println!("{bits}: {shares:.1?}, all {all:.0}; {thorough:.0?}");
        }
    }
}

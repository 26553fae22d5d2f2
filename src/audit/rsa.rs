//! The checks of an RSA key but the slow one, which is in `prime_modulus`.

use super::findings::Findings;
use super::{close_primes, equal_halves, pattern, roca};
use crate::error::Weakness;
use crate::kernels::bignum::fermat;
use crate::kernels::bignum::limbs::{MAX_LIMBS, from_be_bytes};
use crate::kernels::bignum::roots::{is_odd_power, is_square_of, sqrt_floor};
use crate::kernels::bignum::sieve::has_factor_below_2_16_vartime;
use crate::rsa::RsaPublicKey;

/// Finds the weaknesses of an RSA key.
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
    let (mut n, mut sqrt) = ([0; MAX_LIMBS], [0; MAX_LIMBS / 2]);
    let length = key.modulus().len().div_ceil(8).min(MAX_LIMBS);
    let (n, sqrt) = (&mut n[..length], &mut sqrt[..length.div_ceil(2)]);
    from_be_bytes(key.modulus(), n);
    sqrt_floor(n, sqrt);
    check_modulus(n, sqrt, findings);
}

/// Finds the weaknesses of a modulus, given its square root, rounded down.
fn check_modulus(n: &[u64], sqrt: &[u64], findings: &mut Findings) {
    if pattern::found(n) {
        findings.add(Weakness::PatternedModulus);
    }
    // Each of these reveals the factors. Further checks would only take time.
    let broken = if has_factor_below_2_16_vartime(n) {
        Some(Weakness::SmallFactor)
    } else if is_square_of(sqrt, n) || is_odd_power(n) {
        Some(Weakness::PerfectPower)
    } else if close_primes::found(n, sqrt) {
        Some(Weakness::ClosePrimes)
    } else if equal_halves::found(n, sqrt) {
        Some(Weakness::EqualHalves)
    } else if roca::found(n) {
        Some(Weakness::Roca)
    } else {
        None
    };
    if let Some(weakness) = broken {
        findings.add(weakness);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::limbs::mul_small;
    use crate::kernels::bignum::roots::Residue;
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

    /// The time of each check, in microseconds:
    /// `cargo test --release --lib audit::rsa::tests::speed -- --ignored --nocapture`.
    #[test]
    #[ignore = "measures, and asserts nothing"]
    fn speed() {
        std::println!(
            "bits: sqrt factors power close halves roca pattern; of a multiple of 3 * 5 * ... * 47: close halves"
        );
        let mut random = Random(8);
        for bits in [1024, 2048, 3072, 4096, 8192, 16_384] {
            // Without a small factor.
            let mut n = number(&mut random, bits);
            while has_factor_below_2_16_vartime(&n) {
                n[1] = random.next();
            }
            let root = |n: &[u64]| {
                let mut sqrt = [0; MAX_LIMBS / 2];
                sqrt_floor(black_box(n), &mut sqrt[..bits / 128]);
                sqrt
            };
            let sqrt = &root(&n)[..bits / 128];
            let shares = [
                best(|| root(&n)[0] == 0),
                best(|| has_factor_below_2_16_vartime(black_box(&n))),
                best(|| is_square_of(sqrt, black_box(&n)) || is_odd_power(&n)),
                best(|| close_primes::found(black_box(&n), sqrt)),
                best(|| equal_halves::found(black_box(&n), sqrt)),
                best(|| roca::found(black_box(&n))),
                best(|| pattern::found(black_box(&n))),
            ];
            // A modulus for which the residues cannot exclude that s^2 - n is a square, for any s. The factor is 1 modulo 8.
            let mut n = number(&mut random, bits - 64);
            let top = mul_small(&mut n, Residue::MODULUS, 0);
            n.push(top);
            let sqrt = &root(&n)[..bits / 128];
            let filtered =
                [best(|| close_primes::found(black_box(&n), sqrt)), best(|| equal_halves::found(black_box(&n), sqrt))];
            let all: f64 = shares.iter().sum();
            std::println!("{bits}: {shares:.1?}, all {all:.0}; {filtered:.0?}");
        }
    }
}

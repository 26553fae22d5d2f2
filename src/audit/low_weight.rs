//! Primes with few ones, or few digits other than 0 of the signed binary digits 1, 0 and -1.
//!
//! The product of two numbers with v such digits has at most v^2. In the non-adjacent form of a random number, one digit in
//! three is not 0, with a variance of 2/27 for each (W. Bosma, "Signed bits and fast exponentiation", J. Théor. Nombres
//! Bordeaux 13, 2001). We count them in each quarter of n. If each has fewer than a random number by five standard deviations,
//! n is reported: one in 2^80 sound moduli. So up to about 20 digits in each prime of 1024 bits are seen.
//!
//! All four quarters must have few, because a sound modulus can be made with chosen digits in up to half of its places
//! (`pattern`). The factors follow from a search that extends the primes bit by bit, and keeps those with the fewest
//! ones, as in `CheckLowHammingWeight` of Google's paranoid_crypto. We do not search: the time has no bound.

use crate::kernels::bignum::limbs::{MAX_LIMBS, mul_small};

/// Whether all quarters of n have few digits.
pub(super) fn found(n: &[u64]) -> bool {
    // A digit of the non-adjacent form is not 0 where n and 3n differ.
    let mut triple = [0; MAX_LIMBS];
    let Some(triple) = triple.get_mut(..n.len()) else { return false };
    triple.copy_from_slice(n);
    mul_small(triple, 3, 0);
    let quarter = n.len() / 4;
    quarter > 0
        && n.chunks_exact(quarter).zip(triple.chunks_exact(quarter)).take(4).all(|(n, triple)| {
            let digits: u32 = n.iter().zip(triple).map(|(n, triple)| (n ^ triple).count_ones()).sum();
            has_few(u64::from(digits), 64 * n.len() as u64)
        })
}

/// Whether bits/3 - digits is above 5 sqrt(2 bits / 27): nine times the squares of both.
fn has_few(digits: u64, bits: u64) -> bool {
    let missing = bits.saturating_sub(3 * digits);
    missing * missing > 9 * 25 * 2 * bits / 27
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use std::vec;

    /// A number of a quarter of 2048 bits with few digits, anywhere.
    fn sparse(random: &mut Random, digits: usize) -> vec::Vec<u64> {
        let mut number = vec![0; 8];
        for _ in 0..digits {
            let at = random.next() as usize % 512;
            number[at / 64] |= 1 << (at % 64);
        }
        number
    }

    /// At 3456 bits, the bound is a whole number: 240 below 3456, three times a number of digits.
    #[test]
    fn the_number_of_digits_must_be_below_the_bound() {
        assert!(has_few(1071, 3456) && !has_few(1072, 3456));
    }

    #[test]
    fn a_number_is_reported_if_all_its_quarters_have_few_digits() {
        let mut random = Random(9);
        for _ in 0..200 {
            let few: vec::Vec<u64> = (0..4).flat_map(|_| sparse(&mut random, 100)).collect();
            assert!(found(&few));
            // Ones that follow each other are two digits.
            assert!(found(&few.iter().map(|limb| !limb).collect::<vec::Vec<_>>()));
            for quarter in 0..4 {
                let mut one_is_random = few.clone();
                one_is_random[8 * quarter..8 * (quarter + 1)].copy_from_slice(&random.number(512));
                assert!(!found(&one_is_random));
            }
            let bits = 1024 + random.next() as usize % 1000;
            assert!(!found(&random.number(bits)));
        }
    }

    #[test]
    fn the_limit_is_five_standard_deviations() {
        // 512/3 - 5 * 6.158 = 139.9.
        assert!(has_few(139, 512) && !has_few(140, 512));
        assert!(!has_few(512, 512));
    }
}

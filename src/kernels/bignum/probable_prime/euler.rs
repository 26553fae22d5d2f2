//! The test, and the operation that a backend implements.

use crate::kernels::bignum::limbs::{
    MAX_LIMBS, bit_length_vartime, clear_low_limbs, inverse_mod_2_64, square, sub, word_at,
};
use crate::kernels::cpu::{Portable, on_best_backend};

/// Whether n is odd, above 1, and passes Euler's test to base 2: `2^((n-1)/2)` is the Jacobi symbol (2/n) modulo n.
/// Every odd prime passes.
///
/// Limbs are little-endian. A number whose highest limb is 0, or that has more than [`MAX_LIMBS`] limbs, does not pass.
///
/// The running time depends on n, which is public.
pub(crate) fn is_probable_prime_vartime(n: &[u64]) -> bool {
    on_best_backend!(backend in [Ifma, Avx2Fma] => passes(backend, n))
}

/// [`is_probable_prime_vartime`] with one backend.
fn passes(backend: impl HalfPower, n: &[u64]) -> bool {
    let (Some(lowest), Some(highest)) = (n.first(), n.last()) else { return false };
    if n.len() > MAX_LIMBS || lowest % 2 == 0 || *highest == 0 || n == [1] {
        return false;
    }
    let mut power = [0; MAX_LIMBS];
    let power = &mut power[..n.len()];
    backend.half_power_of_two_vartime(n, power);
    // (2/n) is 1 for n = 1 or 7 modulo 8. Otherwise we expect -1 and negate, so that it becomes 1. The power is below n, so
    // there is no borrow.
    if !matches!(lowest % 8, 1 | 7) {
        let mut negative = [0; MAX_LIMBS];
        let negative = &mut negative[..n.len()];
        negative.copy_from_slice(n);
        sub(negative, power);
        power.copy_from_slice(negative);
    }
    matches!(power, [1, rest @ ..] if rest.iter().all(|limb| *limb == 0))
}

/// The operation that a backend implements.
pub(super) trait HalfPower: Copy {
    /// `power = 2^((n-1)/2) mod n`, for an odd n above 1 of at most [`MAX_LIMBS`] limbs, the highest of which is not 0. `power`
    /// has as many limbs as n.
    fn half_power_of_two_vartime(self, n: &[u64], power: &mut [u64]);
}

impl HalfPower for Portable {
    fn half_power_of_two_vartime(self, n: &[u64], power: &mut [u64]) {
        let mut product = [0; 2 * MAX_LIMBS];
        let product = &mut product[..2 * n.len()];
        let minus_inverse = inverse_mod_2_64(n[0]).wrapping_neg();
        // 1 in Montgomery form.
        power_of_two(64 * n.len(), n, power);
        for bit in (1..bit_length_vartime(n)).rev() {
            square(power, product);
            reduce(power, n, minus_inverse, product);
            if word_at(n, bit) & 1 == 1 {
                double(power, n);
            }
        }
        // Leaves Montgomery form.
        product.fill(0);
        product[..n.len()].copy_from_slice(power);
        reduce(power, n, minus_inverse, product);
    }
}

/// `x = 2^power mod n`, for a power of two that is at least n/2: begins with the highest power of two below n, and doubles it.
pub(super) fn power_of_two(power: usize, n: &[u64], x: &mut [u64]) {
    let highest = bit_length_vartime(n) - 1;
    x.fill(0);
    x[highest / 64] = 1 << (highest % 64);
    for _ in highest..power {
        double(x, n);
    }
}

/// `x = 2x mod n`, for x below n.
fn double(x: &mut [u64], n: &[u64]) {
    let mut carry = 0;
    for limb in x.iter_mut() {
        (*limb, carry) = (*limb << 1 | carry, *limb >> 63);
    }
    subtract_once(x, carry, n);
}

/// `x = product / R mod n` for R = 2^(64 L) and a product below nR, by L rows that each clear the lowest limb.
fn reduce(x: &mut [u64], n: &[u64], minus_inverse: u64, product: &mut [u64]) {
    let carry = clear_low_limbs(product, n, minus_inverse, n.len());
    x.copy_from_slice(&product[n.len()..]);
    subtract_once(x, carry, n);
}

/// Subtracts n from `carry * R + x`, which is below 2n, unless it is below n.
fn subtract_once(x: &mut [u64], carry: u64, n: &[u64]) {
    if carry == 1 || x.iter().rev().ge(n.iter().rev()) {
        sub(x, n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::division::load;
    use crate::kernels::bignum::suite::best_within;
    use crate::kernels::cpu::on_every_backend;
    use crate::random::Random;
    use crypto_bigint::{NonZero, U512, U1024, U2048, U4096, Uint};
    use std::time::Duration;
    use std::vec::Vec;

    /// Asserts the verdict of all backends.
    fn is_probable_prime(n: &[u64]) -> bool {
        let verdict = is_probable_prime_vartime(n);
        on_every_backend!(backend in [Portable, Avx2Fma, Ifma] => assert_eq!(passes(backend, n), verdict, "{n:x?}"));
        verdict
    }

    fn half_power(backend: impl HalfPower, n: &[u64]) -> Vec<u64> {
        // The previous content of the buffer does not matter.
        let mut power = std::vec![u64::MAX; n.len()];
        backend.half_power_of_two_vartime(n, &mut power);
        power
    }

    fn trimmed(mut n: Vec<u64>) -> Vec<u64> {
        while n.last() == Some(&0) {
            n.pop();
        }
        n
    }

    /// `2^power`, with one limb more than it needs.
    fn two_to_the(power: usize) -> Vec<u64> {
        let mut n = std::vec![0; power / 64 + 2];
        n[power / 64] = 1 << (power % 64);
        n
    }

    /// `2^power - minus`.
    fn below_power(power: usize, minus: u64) -> Vec<u64> {
        let mut n = two_to_the(power);
        sub(&mut n, &[minus]);
        trimmed(n)
    }

    /// An odd number of exactly `bits` bits, whose limbs are random or at an edge.
    fn random_number(random: &mut Random, bits: usize) -> Vec<u64> {
        let limbs = random.limbs::<MAX_LIMBS>();
        let mut n: Vec<u64> = (0..bits.div_ceil(64)).map(|i| word_at(&limbs[..bits.div_ceil(64)], 64 * i)).collect();
        let top = 1 << ((bits - 1) % 64);
        let last = n.len() - 1;
        n[last] = n[last] & (top - 1) | top;
        n[0] |= 1;
        n
    }

    #[test]
    fn of_all_odd_numbers_of_sixteen_bits_the_primes_and_euler_pseudoprimes_pass() {
        let mut pseudoprimes = 0;
        for n in (3u64..1 << 16).step_by(2) {
            let prime = (3..).take_while(|d| d * d <= n).all(|d| n % d != 0);
            let power = (0..(n - 1) / 2).fold(1, |x, _| 2 * x % n);
            let symbol = if matches!(n % 8, 1 | 7) { 1 } else { n - 1 };
            assert_eq!(is_probable_prime(&[n]), power == symbol, "{n}");
            assert!(!prime || power == symbol, "{n}");
            pseudoprimes += u32::from(!prime && power == symbol);
        }
        assert!(pseudoprimes > 0);
    }

    #[test]
    fn what_is_no_odd_number_in_its_limbs_does_not_pass() {
        for n in [&[][..], &[0], &[1], &[2], &[4], &[0, 0], &[3, 0], &[5, 0, 0], &[2, 1], &[0, 1]] {
            assert!(!is_probable_prime(n), "{n:?}");
        }
        assert!(is_probable_prime(&[3]) && is_probable_prime(&[5]) && is_probable_prime(&[7]));
        let mut long = [u64::MAX; MAX_LIMBS + 1];
        assert!(!is_probable_prime(&long));
        long[MAX_LIMBS] = 0;
        assert!(!is_probable_prime(&long));
    }

    #[test]
    fn large_primes_pass_and_their_neighbours_do_not() {
        for (power, minus) in
            [(1024, 105), (89, 1), (127, 1), (521, 1), (607, 1), (1279, 1), (2203, 1), (2281, 1), (4423, 1)]
        {
            assert!(is_probable_prime(&below_power(power, minus)), "2^{power} - {minus}");
            for other in [minus + 2, minus + 6] {
                assert!(!is_probable_prime(&below_power(power, other)), "2^{power} - {other}");
            }
        }
    }

    #[test]
    fn the_largest_primes_pass_and_their_neighbours_do_not() {
        for power in [9689, 11213] {
            on_every_backend!(backend in [Portable, Avx2Fma, Ifma] => {
                assert!(passes(backend, &below_power(power, 1)), "2^{power} - 1");
            });
            assert!(!is_probable_prime_vartime(&below_power(power, 3)), "2^{power} - 3");
        }
    }

    /// n = 2^k - 1 divides 2^k - 1, and n = 2^k + 1 divides 2^2k - 1, so the exponents, 2^(k-1) - 1 and 2^(k-1), matter only
    /// modulo k and 2k.
    fn powers_beside_a_power_of_two_are_known(backend: impl HalfPower, k: usize) {
        let exponent = |modulus: usize| (1..k).fold(1, |power, _| 2 * power % modulus);
        let found = half_power(backend, &below_power(k, 1));
        assert_eq!(trimmed(found), trimmed(two_to_the((exponent(k) + k - 1) % k)), "2^{k} - 1");

        let mut n = two_to_the(k);
        n[0] |= 1;
        let exponent = exponent(2 * k);
        let mut expected = two_to_the(exponent % k);
        if exponent >= k {
            let mut negative = n.clone();
            sub(&mut negative, &expected[..expected.len().min(n.len())]);
            expected = negative;
        }
        let found = half_power(backend, &trimmed(n));
        assert_eq!(trimmed(found), trimmed(expected), "2^{k} + 1");
    }

    #[test]
    fn powers_modulo_numbers_beside_powers_of_two_are_known() {
        let seams = (1..9).flat_map(|vectors| 208 * vectors - 9..208 * vectors + 5);
        for k in (64..70).chain(seams).chain([1023, 1024, 2047, 2048, 2049, 2075, 2076, 2077, 2080, 2081]) {
            on_every_backend!(backend in [Portable, Avx2Fma, Ifma] => powers_beside_a_power_of_two_are_known(backend, k));
        }
        on_every_backend!(backend in [Avx2Fma, Ifma] => {
            for k in [3071, 3072, 4095, 4096, 4155, 4156, 4157, 8191, 8192, 16_222, 16_223, 16_382, 16_383] {
                powers_beside_a_power_of_two_are_known(backend, k);
            }
        });
        on_every_backend!(backend in [Portable, Avx2Fma, Ifma] => {
            let found = half_power(backend, &[u64::MAX; MAX_LIMBS]);
            assert_eq!(found[..], two_to_the(16_383)[..MAX_LIMBS]);
        });
    }

    #[test]
    fn a_power_of_about_half_of_a_number_that_fills_its_limbs_is_what_it_is() {
        // (2^64 - 1) (2^4096 + 1), and half of the next number.
        let (mut n, mut half) = ([0; 65], [0; 65]);
        (n[0], n[64]) = (u64::MAX, u64::MAX);
        (half[0], half[63], half[64]) = (1 << 63, 1 << 63, (1 << 63) - 1);
        on_every_backend!(backend in [Portable, Avx2Fma, Ifma] => assert_eq!(half_power(backend, &n), half));
    }

    /// 2^((n-1)/2) mod n with the products and remainders of `crypto-bigint`.
    fn agrees_with_crypto_bigint<const W: usize>(n: &[u64]) {
        let modulus = NonZero::new(*load::<W>(n)).unwrap();
        let mut expected = Uint::<W>::ONE;
        for bit in (1..bit_length_vartime(n)).rev() {
            expected = expected.mul_mod_vartime(&expected, &modulus);
            if word_at(n, bit) & 1 == 1 {
                expected = expected.add_mod(&expected, &modulus);
            }
        }
        on_every_backend!(backend in [Portable, Avx2Fma, Ifma] => assert_eq!(*load::<W>(&half_power(backend, n)), expected, "{n:x?}"));
    }

    #[test]
    fn powers_agree_with_crypto_bigint() {
        let mut random = Random(2);
        for bits in (65..512).step_by(7).chain(408..=420) {
            (0..8).for_each(|_| agrees_with_crypto_bigint::<{ U512::LIMBS }>(&random_number(&mut random, bits)));
        }
        for bits in (512..=1024).step_by(64).chain(824..=836) {
            (0..8).for_each(|_| agrees_with_crypto_bigint::<{ U1024::LIMBS }>(&random_number(&mut random, bits)));
        }
        for bits in (1240..=1252).chain(1656..=1668).chain(2044..=2048) {
            agrees_with_crypto_bigint::<{ U2048::LIMBS }>(&random_number(&mut random, bits));
        }
        for bits in [2049, 2076, 2077, 2080, 2081, 3072, 4096] {
            agrees_with_crypto_bigint::<{ U4096::LIMBS }>(&random_number(&mut random, bits));
        }
    }

    #[test]
    fn powers_of_all_backends_agree() {
        let mut random = Random(3);
        let near = |bits: usize| bits - 6..bits + 7;
        let seams = [208, 416, 624, 832, 1248, 2048, 2080, 2496].into_iter().flat_map(near);
        for bits in seams.flat_map(|bits| [bits; 10]).chain([4096, 4160, 6655, 8192, 16_384]) {
            let n = random_number(&mut random, bits);
            let expected = half_power(Portable, &n);
            on_every_backend!(backend in [Avx2Fma, Ifma] => assert_eq!(half_power(backend, &n), expected, "{n:x?}"));
        }
    }

    /// The best of the runs within a third of a second, with at least one run: `cargo test --release --lib
    /// probable_prime::euler::tests::speed -- --ignored --nocapture`.
    #[test]
    #[ignore = "measures, and asserts nothing"]
    fn speed() {
        for bits in [1024, 2048, 3072, 4096, 8192, 16_384] {
            let n = random_number(&mut Random(1), bits);
            std::print!("{bits} bits:");
            on_every_backend!(backend in [Portable, Avx2Fma, Ifma] => {
                let best = best_within(Duration::from_millis(333), || {
                    core::hint::black_box(passes(backend, core::hint::black_box(&n)));
                });
                std::print!(" {} us", best.as_micros());
            });
            std::println!();
        }
    }
}

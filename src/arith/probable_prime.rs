//! Euler's test to base 2 of one public number.

use super::limbs::{add, add_carry, inverse_mod_2_64, mul_add_carry, mul_add_row, sub};
use super::on_best_backend;
use super::portable::Portable;

/// The limbs of the longest number that is tested.
pub(crate) const MAX_LIMBS: usize = 256;

/// Whether n is odd, above 1, and passes Euler's test to base 2: `2^((n-1)/2)` is the Jacobi symbol (2/n) modulo n. Every
/// odd prime passes.
///
/// Limbs are little-endian. A highest limb of zero, or more than [`MAX_LIMBS`] of them, do not pass.
///
/// Running time depends on n, which is public.
pub(crate) fn is_probable_prime_vartime(n: &[u64]) -> bool {
    is_odd_number(n) && on_best_backend!(backend => backend.passes_euler_vartime(n))
}

/// Whether these are the limbs of an odd number above 1 that is not too long.
fn is_odd_number(n: &[u64]) -> bool {
    let (Some(lowest), Some(highest)) = (n.first(), n.last()) else { return false };
    n.len() <= MAX_LIMBS && lowest % 2 == 1 && *highest != 0 && n != [1]
}

/// What the backends have for it.
pub(super) trait EulerVartime {
    /// [`is_probable_prime_vartime`] of an odd number above 1, of at most [`MAX_LIMBS`] and a highest limb above 0.
    fn passes_euler_vartime(self, n: &[u64]) -> bool;
}

/// The bits of a number whose highest limb is not 0.
pub(super) fn bit_length(n: &[u64]) -> usize {
    n.last().map_or(0, |highest| 64 * n.len() - highest.leading_zeros() as usize)
}

/// Whether a bit is set.
pub(super) fn bit_at(n: &[u64], bit: usize) -> bool {
    n.get(bit / 64).is_some_and(|limb| limb >> (bit % 64) & 1 == 1)
}

/// Whether the Jacobi symbol (2/n) of an odd n is 1 and not -1.
pub(super) fn two_is_a_residue(n: &[u64]) -> bool {
    n.first().is_some_and(|lowest| matches!(lowest % 8, 1 | 7))
}

impl EulerVartime for Portable {
    fn passes_euler_vartime(self, n: &[u64]) -> bool {
        let mut product = [0; 2 * MAX_LIMBS];
        let (mut one, mut x) = ([0; MAX_LIMBS], [0; MAX_LIMBS]);
        let (one, x) = (&mut one[..n.len()], &mut x[..n.len()]);
        let bits = bit_length(n);
        // 2^(bits-1) is below n; doublings lead from there to R, which is 1 in Montgomery form.
        one[(bits - 1) / 64] = 1 << ((bits - 1) % 64);
        for _ in bits - 1..64 * n.len() {
            double(one, n);
        }
        x.copy_from_slice(one);
        let minus_inverse = inverse_mod_2_64(n[0]).wrapping_neg();
        for bit in (1..bits).rev() {
            square(x, n, minus_inverse, &mut product[..2 * n.len()]);
            if bit_at(n, bit) {
                double(x, n);
            }
        }
        if !two_is_a_residue(n) {
            // -1 in the place of 1.
            add(x, one);
            return *x == *n;
        }
        *x == *one
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

/// `x = x^2 / R mod n` for R = 2^(64 L), with a place for the square.
fn square(x: &mut [u64], n: &[u64], minus_inverse: u64, product: &mut [u64]) {
    let length = x.len();
    square_product(x, product);
    let mut carry = 0;
    for i in 0..length {
        let multiple = product[i].wrapping_mul(minus_inverse);
        let high = mul_add_row(&mut product[i..i + length], n, multiple);
        (product[i + length], carry) = add_carry(product[i + length], high, carry);
    }
    x.copy_from_slice(&product[length..]);
    subtract_once(x, carry, n);
}

/// `product = x^2`: the products of two different limbs, each once; then twice that, plus the squares.
fn square_product(x: &[u64], product: &mut [u64]) {
    let length = x.len();
    product.fill(0);
    for i in 0..length {
        product[i + length] = mul_add_row(&mut product[2 * i + 1..i + length], &x[i + 1..], x[i]);
    }
    let (mut carry, mut shifted_out) = (0, 0);
    for (pair, &limb) in product.as_chunks_mut::<2>().0.iter_mut().zip(x) {
        let [low, high] = *pair;
        let (square_low, square_high) = mul_add_carry(0, limb, limb, 0);
        (pair[0], carry) = add_carry(low << 1 | shifted_out, square_low, carry);
        (pair[1], carry) = add_carry(high << 1 | low >> 63, square_high, carry);
        shifted_out = high >> 63;
    }
}

/// Takes n from `carry * R + x`, which is below 2n, if that is not below n.
fn subtract_once(x: &mut [u64], carry: u64, n: &[u64]) {
    if carry == 1 || x.iter().rev().ge(n.iter().rev()) {
        sub(x, n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::suite::Random;
    use crate::arith::on_every_backend;
    use std::time::Instant;
    use std::vec::Vec;

    /// What all backends say.
    fn passes(n: &[u64]) -> bool {
        let verdict = is_probable_prime_vartime(n);
        on_every_backend!(backend => {
            let found = is_odd_number(n) && backend.passes_euler_vartime(n);
            assert_eq!(found, verdict, "{n:x?}");
        });
        verdict
    }

    /// `2^power - minus`.
    fn below_power(power: usize, minus: u64) -> Vec<u64> {
        let mut n = std::vec![0; power / 64 + 1];
        n[power / 64] = 1 << (power % 64);
        sub(&mut n, &[minus]);
        while n.last() == Some(&0) {
            n.pop();
        }
        n
    }

    #[test]
    fn of_all_odd_numbers_of_sixteen_bits_the_primes_and_euler_pseudoprimes_pass() {
        let mut pseudoprimes = 0;
        for n in (3u64..1 << 16).step_by(2) {
            let prime = (3..).take_while(|d| d * d <= n).all(|d| n % d != 0);
            let power = (0..(n - 1) / 2).fold(1, |x, _| 2 * x % n);
            let symbol = if matches!(n % 8, 1 | 7) { 1 } else { n - 1 };
            assert_eq!(passes(&[n]), power == symbol, "{n}");
            assert!(!prime || power == symbol, "{n}");
            pseudoprimes += u32::from(!prime && power == symbol);
        }
        assert!(pseudoprimes > 0);
    }

    #[test]
    fn what_is_no_odd_number_in_its_limbs_does_not_pass() {
        for n in [&[][..], &[0], &[1], &[2], &[4], &[0, 0], &[3, 0], &[5, 0, 0], &[2, 1], &[0, 1]] {
            assert!(!passes(n), "{n:?}");
        }
        assert!(passes(&[3]) && passes(&[5]) && passes(&[7]));
        let mut long = [u64::MAX; MAX_LIMBS + 1];
        assert!(!passes(&long));
        long[MAX_LIMBS] = 0;
        assert!(!passes(&long));
    }

    #[test]
    fn large_primes_pass_and_their_neighbours_do_not() {
        for (power, minus) in
            [(1024, 105), (89, 1), (127, 1), (521, 1), (607, 1), (1279, 1), (2203, 1), (2281, 1), (4423, 1)]
        {
            assert!(passes(&below_power(power, minus)), "2^{power} - {minus}");
            for other in [minus + 2, minus + 6] {
                assert!(!passes(&below_power(power, other)), "2^{power} - {other}");
            }
        }
    }

    #[test]
    fn the_largest_primes_pass_and_their_neighbours_do_not() {
        for power in [9689, 11213] {
            assert!(passes(&below_power(power, 1)), "2^{power} - 1");
            assert!(!passes(&below_power(power, 3)), "2^{power} - 3");
        }
    }

    #[test]
    #[ignore = "measures, and asserts nothing"]
    fn speed() {
        for bits in [1024, 2048, 3072, 4096, 8192, 16384] {
            let mut n: Vec<u64> = (0..bits / 64).scan(Random(1), |random, _| Some(random.next())).collect();
            n[0] |= 1;
            *n.last_mut().unwrap() |= 1 << 63;
            std::print!("{bits} bits:");
            on_every_backend!(backend => {
                let turns = if bits <= 4096 { 20 } else { 2 };
                let best = (0..turns)
                    .map(|_| {
                        let start = Instant::now();
                        core::hint::black_box(backend.passes_euler_vartime(core::hint::black_box(&n)));
                        start.elapsed().as_secs_f64()
                    })
                    .fold(f64::INFINITY, f64::min);
                std::print!(" {:.0} us", 1e6 * best);
            });
            std::println!();
        }
    }
}

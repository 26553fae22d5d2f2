//! Roots of public numbers: real roots, roots modulo powers of two, and tests for perfect squares and powers.
//!
//! All running times depend on the numbers, so nothing here may be used on secrets. The largest numbers have 16384 bits,
//! except in [`sqrt_floor`].

use super::division::{load, store};
use super::limbs::{
    self, MAX_LIMBS, bit_length_vartime, mul_low, remainder_by_word_vartime, without_leading_zeros_vartime, word_at,
};
use super::sieve::first_odd_primes;
use crypto_bigint::{U1024, U2048, U3072, U4096, U6144, U8192, U16384};

/// The number of limbs in a cube root of the longest number, plus one.
pub(crate) const MAX_ROOT_LIMBS: usize = MAX_LIMBS.div_ceil(3) + 1;

/// The odd primes up to 1024. A number of 16384 bits without a prime factor below 2^16 is not a higher power.
const DEGREES: [u32; 171] = first_odd_primes();

/// Stores `floor(sqrt(n))`, computed by `crypto-bigint`, in the low limbs of `root`, which has at least half as many limbs as
/// n. n has at most 18432 bits: 2048 more than a modulus.
pub(crate) fn sqrt_floor(n: &[u64], root: &mut [u64]) {
    fn at<const W: usize>(n: &[u64], root: &mut [u64]) {
        store(&load::<W>(n).floor_sqrt_vartime(), root);
    }
    match n.len() {
        0..=16 => at::<{ U1024::LIMBS }>(n, root),
        17..=32 => at::<{ U2048::LIMBS }>(n, root),
        33..=48 => at::<{ U3072::LIMBS }>(n, root),
        49..=64 => at::<{ U4096::LIMBS }>(n, root),
        65..=96 => at::<{ U6144::LIMBS }>(n, root),
        97..=128 => at::<{ U8192::LIMBS }>(n, root),
        129..=256 => at::<{ U16384::LIMBS }>(n, root),
        _ => at::<{ U16384::LIMBS + U2048::LIMBS }>(n, root),
    }
}

/// Whether n is a perfect square, whose root is then stored in `root`: see [`sqrt_floor`].
pub(crate) fn exact_sqrt(n: &[u64], root: &mut [u64]) -> bool {
    Residue::of(n).may_be_square() && {
        sqrt_floor(n, root);
        is_square_of(without_leading_zeros_vartime(root), n)
    }
}

/// Whether n is the square of a number with half as many bits.
pub(crate) fn is_square_of(root: &[u64], n: &[u64]) -> bool {
    is_power(root, 2, n)
}

/// A number modulo M = 3 * 5 * ... * 47. This is enough to rule out 5585 of 5586 random numbers as squares.
#[derive(Clone, Copy)]
pub(crate) struct Residue(u64);

impl Residue {
    /// The first odd primes, whose product is M.
    const PRIMES: [u32; 14] = first_odd_primes();

    pub(crate) const MODULUS: u64 = {
        let (mut product, mut i) = (1, 0);
        while i < Self::PRIMES.len() {
            product *= Self::PRIMES[i] as u64;
            i += 1;
        }
        product
    };

    /// The squares modulo each prime, one bit each.
    const SQUARES: [u64; 14] = {
        let (mut sets, mut i) = ([0; 14], 0);
        while i < sets.len() {
            let (p, mut x) = (Self::PRIMES[i] as u64, 0);
            while x < p {
                sets[i] |= 1 << (x * x % p);
                x += 1;
            }
            i += 1;
        }
        sets
    };

    pub(crate) fn of(n: &[u64]) -> Self {
        Self(remainder_by_word_vartime(n, Self::MODULUS))
    }

    /// Twice the number, plus one bit.
    pub(crate) fn doubled_plus(self, bit: u64) -> Self {
        // M is below 2^59.
        let doubled = 2 * self.0 + (bit & 1);
        Self(if doubled >= Self::MODULUS { doubled - Self::MODULUS } else { doubled })
    }

    pub(crate) fn times(self, other: Self) -> Self {
        let (low, high) = limbs::mul_add_carry(0, self.0, other.0, 0);
        Self::of(&[low, high])
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        // M is below 2^59, so the sum does not overflow.
        Self((self.0 + other.0) % Self::MODULUS)
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        Self((self.0 + Self::MODULUS - other.0) % Self::MODULUS)
    }

    pub(crate) fn squared(self) -> Self {
        self.times(self)
    }

    /// False only if the number is not a square.
    pub(crate) fn may_be_square(self) -> bool {
        Self::PRIMES.iter().zip(Self::SQUARES).all(|(&p, squares)| squares >> (self.0 % u64::from(p)) & 1 == 1)
    }
}

/// Whether a number with this lowest limb may be a square: the odd part of a square is 1 modulo 8, after an even number of zeros.
/// Rules out five of six random numbers.
pub(crate) fn low_limb_may_be_square(limb: u64) -> bool {
    let zeros = limb.trailing_zeros();
    limb == 0 || zeros.is_multiple_of(2) && (zeros > 61 || limb >> zeros & 7 == 1)
}

/// The b of an n that is b^k for a prime k above 2. n must be odd and have no prime factor below 2^16.
///
/// It is enough to try each prime k. An odd n has exactly one k-th root modulo each power of two. We compute it with one limb
/// more than the root of a k-th power of that size can have. If n is not a k-th power, the root uses that limb for all but one
/// in 2^64 numbers; the few others are raised to the k-th power.
pub(crate) fn odd_power_root(n: &[u64]) -> Option<[u64; MAX_ROOT_LIMBS]> {
    let bits = bit_length_vartime(n);
    DEGREES.iter().take_while(|k| 16 * **k as usize <= bits).find_map(|&k| {
        let root_bits = bits.div_ceil(k as usize);
        let mut buffer = [0; MAX_ROOT_LIMBS];
        // One limb rules out most numbers whose root would be short.
        if root_bits < 48 {
            odd_root(n, k, &mut buffer[..1]);
            if buffer[0] >> root_bits != 0 {
                return None;
            }
        }
        let root = &mut buffer[..(root_bits.div_ceil(64) + 1).min(MAX_ROOT_LIMBS)];
        odd_root(n, k, root);
        (bit_length_vartime(root) <= root_bits && is_power(root, k, n)).then_some(buffer)
    })
}

/// The k-th root of an odd n modulo 2^(64 w), for w limbs and an odd k.
///
/// Newton's iteration for y = n^(-1/k), y + y (1 - n y^k) / k, doubles the number of correct bits and divides only by k. Then
/// the root is n y^(k-1).
fn odd_root(n: &[u64], k: u32, root: &mut [u64]) {
    let word = |i: usize| n.get(i).copied().unwrap_or(0);
    // n^(k+1) is 1 modulo 8, because k+1 is even: three correct bits to begin with, and 96 after five steps.
    let inverse = limbs::inverse_mod_2_64(k.into());
    let mut y = word(0);
    for _ in 0..5 {
        let error = 1u64.wrapping_sub(word(0).wrapping_mul(y.wrapping_pow(k)));
        y = y.wrapping_add(y.wrapping_mul(error.wrapping_mul(inverse)));
    }
    let mut buffers = [[0; MAX_ROOT_LIMBS]; 3];
    let [y_limbs, power, product] = &mut buffers;
    y_limbs[0] = y;
    let low = n.len().min(root.len());
    let mut correct = 1;
    while correct < root.len() {
        correct = (2 * correct).min(root.len());
        let (y, power, product) = (&mut y_limbs[..correct], &mut power[..correct], &mut product[..correct]);
        // product = 1 - n y^k, divided by k, times y.
        power_mod(y, k, power);
        mul_low(power, &n[..low.min(correct)], product);
        one_minus(product);
        limbs::div_exact_small(product, k.into());
        mul_low(product, y, power);
        limbs::add(y, power);
    }
    let (y, power) = (&y_limbs[..root.len()], &mut power[..root.len()]);
    power_mod(y, k - 1, power);
    mul_low(power, &n[..low], root);
}

/// `x^k` modulo 2^b, where b is the number of bits of `power`, which has at most [`MAX_POWER_LIMBS`] limbs; k is above 0.
fn power_mod(x: &[u64], k: u32, power: &mut [u64]) {
    let length = power.len();
    let mut buffer = [0; MAX_POWER_LIMBS];
    let buffer = &mut buffer[..length];
    power.fill(0);
    power[0] = 1;
    for bit in (0..u32::BITS - k.leading_zeros()).rev() {
        mul_low(power, power, buffer);
        if k >> bit & 1 == 1 {
            mul_low(buffer, x, power);
        } else {
            power.copy_from_slice(buffer);
        }
    }
}

/// The number of limbs in the longest power: a k-th power can have k bits more than the number that it is compared with.
const MAX_POWER_LIMBS: usize = MAX_LIMBS + 17;

/// Whether `root^k` is n, for a root of at most a k-th of n's bits, rounded up.
fn is_power(root: &[u64], k: u32, n: &[u64]) -> bool {
    let mut power = [0; MAX_POWER_LIMBS];
    let power = &mut power[..(n.len() + 17).min(MAX_POWER_LIMBS)];
    power_mod(root, k, power);
    let (low, high) = power.split_at(n.len().min(power.len()));
    low == n && high.iter().all(|limb| *limb == 0)
}

/// `x = 1 - x` modulo 2^b, where b is the number of bits of x, for an odd x: subtracting 1 clears the lowest bit.
fn one_minus(x: &mut [u64]) {
    x[0] ^= 1;
    let mut borrow = 0;
    for limb in x {
        (*limb, borrow) = limbs::sub_borrow(0, *limb, borrow);
    }
}

/// A square root of n modulo 2^bits, for n = 1 mod 8. `bits` is at most half of n's bits plus a few. `root` has one limb more
/// than `bits` needs, and its upper bits are meaningless. The other square roots are its negative, and both plus 2^(bits-1).
///
/// Newton's iteration for y = n^(-1/2), y + y (1 - n y^2) / 2, turns t correct bits into 2t-2. Then the root is n y.
pub(crate) fn sqrt_mod_power_of_two(n: &[u64], bits: usize, root: &mut [u64]) {
    let mut buffers = [[0; MAX_LIMBS]; 3];
    let [y, square, error] = &mut buffers;
    y[0] = 1;
    let mut correct = 3;
    loop {
        // One limb more, because halving loses the highest bit.
        let length = ((2 * correct).min(bits) / 64 + 2).min(root.len()).min(n.len());
        let (y, square, error) = (&mut y[..length], &mut square[..length], &mut error[..length]);
        if correct >= bits {
            mul_low(&n[..length], y, &mut root[..length]);
            return;
        }
        mul_low(y, y, square);
        mul_low(square, &n[..length], error);
        one_minus(error);
        // 1 - n y^2 is even, so we can halve it.
        for i in 0..length {
            error[i] = word_at(error, 64 * i + 1);
        }
        mul_low(error, y, square);
        limbs::add(y, square);
        correct = 2 * correct - 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use std::vec;
    use std::vec::Vec;

    /// An odd number of exactly `bits` bits.
    fn random(random: &mut Random, bits: usize) -> Vec<u64> {
        let mut n = random.number(bits);
        n[0] |= 1;
        n
    }

    fn power(x: &[u64], k: usize) -> Vec<u64> {
        let mut power = vec![1];
        for _ in 0..k {
            let mut next = vec![0; power.len() + x.len()];
            mul_low(&power, x, &mut next);
            power = next;
        }
        power.truncate(bit_length_vartime(&power).div_ceil(64));
        power
    }

    #[test]
    fn a_root_squared_is_at_most_the_number_and_the_next_one_is_above_it() {
        let mut source = Random(1);
        for bits in [1, 2, 63, 64, 65, 1023, 1024, 1025, 2048, 3071, 4096, 8190, 16383, 16384] {
            let n = random(&mut source, bits);
            let mut root = vec![0; n.len().div_ceil(2)];
            sqrt_floor(&n, &mut root);
            assert!(less_or_equal(&power(&root, 2), &n), "{bits}");
            let mut next = root.clone();
            next.push(0);
            limbs::add(&mut next, &[1]);
            assert!(!less_or_equal(&power(&next, 2), &n), "{bits}");
        }
    }

    fn less_or_equal(a: &[u64], b: &[u64]) -> bool {
        (bit_length_vartime(a), a.iter().rev().collect::<Vec<_>>()) <= (bit_length_vartime(b), b.iter().rev().collect())
    }

    fn is_square(n: &[u64]) -> bool {
        exact_sqrt(n, &mut [0; MAX_LIMBS])
    }

    #[test]
    fn squares_are_seen_and_their_neighbours_are_not() {
        let mut source = Random(2);
        for bits in [1, 31, 32, 33, 500, 512, 1024, 8191, 8192] {
            let x = random(&mut source, bits);
            let mut n = power(&x, 2);
            assert!(is_square(&n), "{bits}");
            limbs::add(&mut n, &[2]);
            assert!(!is_square(&n), "{bits}");
        }
        // The low limb of (2^64)^2 is 0, but it is not the square root of 0.
        assert!(!is_square_of(&[0, 1], &[0]) && is_square_of(&[0, 1], &[0, 0, 1]));
        let squares = (0u64..2000).filter(|n| is_square(&[*n]));
        assert!(squares.eq((0..45).map(|x| x * x)));
    }

    #[test]
    fn odd_powers_are_seen_and_their_neighbours_are_not() {
        let mut source = Random(3);
        for k in [3, 5, 7, 9, 15, 31, 33, 61, 67, 127, 341, 683, 1021] {
            for bits in [1024usize, 2047, 2048, 16384] {
                // Beginning with the largest root whose power is not longer than that.
                for root_bits in [bits / k, bits / k - 1, bits.div_ceil(2 * k)] {
                    if root_bits < 16 {
                        continue;
                    }
                    let mut n = power(&random(&mut source, root_bits), k);
                    if n.len() > MAX_LIMBS || bit_length_vartime(&n) < 16 * k {
                        continue;
                    }
                    assert!(odd_power_root(&n).is_some(), "{k} {root_bits}");
                    n[0] ^= 4;
                    assert!(odd_power_root(&n).is_none(), "{k} {root_bits}");
                    n[0] ^= 4;
                    let top = n.len() - 1;
                    n[top] ^= 1;
                    assert!(odd_power_root(&n).is_none(), "{k} {root_bits}");
                }
            }
        }
        for bits in [1024, 2048, 4096, 16384] {
            assert!(odd_power_root(&random(&mut source, bits)).is_none());
            // A square is not an odd power.
            assert!(odd_power_root(&power(&random(&mut source, bits / 2), 2)).is_none());
        }
    }

    #[test]
    fn a_square_root_modulo_a_power_of_two_is_one() {
        let mut source = Random(4);
        for n_bits in [1024, 1025, 2047, 2048, 4096, 16384] {
            for bits in [3, 4, 62, 63, 64, 65, 128, n_bits / 2 - 1, n_bits / 2, n_bits / 2 + 1] {
                let mut n = random(&mut source, n_bits);
                n[0] = n[0] & !7 | 1;
                let mut root = vec![0; bits / 64 + 2];
                sqrt_mod_power_of_two(&n, bits, &mut root);
                let mut square = vec![0; root.len()];
                mul_low(&root, &root, &mut square);
                for bit in 0..bits {
                    let at = |x: &[u64]| x[bit / 64] >> (bit % 64) & 1;
                    assert_eq!(at(&square), at(&n), "{n_bits} {bits} {bit}");
                }
            }
        }
    }

    #[test]
    fn residues_agree_with_the_numbers_they_are_of() {
        let mut source = Random(5);
        for _ in 0..100 {
            let [a, b] = [source.next() >> 1, source.next() >> 1];
            let of = |x: u128| Residue::of(&[x as u64, (x >> 64) as u64]).0;
            let [x, y] = [a, b].map(|x| Residue::of(&[x]));
            let [wide_a, wide_b] = [a, b].map(u128::from);
            assert_eq!(x.plus(y).0, of(wide_a + wide_b));
            assert_eq!(x.minus(y).plus(y).0, x.0);
            assert_eq!(x.squared().0, of(wide_a * wide_a));
            assert!(x.squared().may_be_square());
        }
        let plainly = |limb: u64| (0..1 << 10).any(|x: u64| x * x % (1 << 10) == limb);
        assert!((0..1 << 10).all(|limb| !plainly(limb) || low_limb_may_be_square(limb)));
        assert!([2, 3, 5, 7, 8, 12, 20, 24, 3 << 60].iter().all(|limb| !low_limb_may_be_square(*limb)));
        let passing = (0..1 << 16).filter(|_| Residue::of(&[source.next()]).may_be_square()).count();
        assert!(passing < 40, "{passing} of 65536");
    }
}

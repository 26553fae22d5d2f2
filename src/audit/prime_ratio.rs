//! Primes whose quotient is close to a small fraction, or to a power of two.
//!
//! If ap is close to bq, then 4abn = s^2 - d^2, for s = ap + bq and d = ap - bq, and s is one of the first numbers from
//! sqrt(4abn) on: Fermat's method for 4abn instead of n (R. Lehman, "Factoring large integers", Math. Comp. 28, 1974). The first
//! step finds all p and q for which |d| is below 2 sqrt(s), which is half of the bits of s.
//!
//! **a and b up to 16.** There are 65 products m = ab of coprime numbers, other than powers of two. m is u^2 v for a v without
//! square factors, and sqrt(4mn) = 2u sqrt(n) sqrt(v), so that there are 34 products of sqrt(n) with roots of 2, 3, 5, 7, 11
//! and 13 to compute. Each is a product of a shorter one and a root, which is a constant. We try [`STEPS`] values of s.
//!
//! **2^k for k up to 1024.** sqrt(4n 2^k) has the digits of sqrt(n) or sqrt(2n), so the root for k+2 is that for k with one more
//! bit, modulo any number. s = 2^k p + q is odd, which leaves one value of s.
//!
//! What remains is the question whether s^2 - 4mn is a square. Its lowest limb and its residue modulo the first primes rule out
//! all but one in 5,000; the residues of n are not 0, so no modulus is crafted to pass all of them. The roots have 128 bits to
//! spare, so s is exact but for one in 2^100 moduli.

use super::factor::Factor;
use super::wide_root::{FRACTION_BITS, WideRoot};
use crate::kernels::bignum::divisor::shift_right;
use crate::kernels::bignum::fractions::{MAX_FRACTION_LIMBS, multiply};
use crate::kernels::bignum::limbs::{bit_length_vartime, mul_small, word_at};
use crate::kernels::bignum::roots::{Residue, low_limb_may_be_square};

/// The largest a and b.
const MAX_TERM: u64 = 16;

/// How many values of s we try for each product ab.
const STEPS: u64 = 4;

/// The largest exponent k.
const MAX_EXPONENT: usize = 1024;

/// The prime factors of a and b.
const PRIMES: [u64; 6] = [2, 3, 5, 7, 11, 13];

/// Whether a number up to 240 is a product of coprime a and b up to 16, and not a power of two.
const PRODUCTS: [bool; (MAX_TERM * MAX_TERM) as usize] = {
    let mut products = [false; (MAX_TERM * MAX_TERM) as usize];
    let mut a = 1;
    while a <= MAX_TERM {
        let mut b = a + 1;
        while b <= MAX_TERM {
            if gcd(a, b) == 1 && !(a * b).is_power_of_two() {
                products[(a * b) as usize] = true;
            }
            b += 1;
        }
        a += 1;
    }
    products
};

const fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A factor, if the quotient of the primes is close to a/b or 2^k.
// Not inlined, so that its buffers are not on the stack of the other checks.
#[inline(never)]
pub(super) fn find(n: &[u64], root: &WideRoot) -> Option<Factor> {
    find_fraction(n, root).or_else(|| {
        let of_twice = WideRoot::new(n, 2);
        find_power_of_two(n, root, 0).or_else(|| find_power_of_two(n, &of_twice, 1))
    })
}

/// For 2^k with k odd or even, given the root of 2n or n.
fn find_power_of_two(n: &[u64], root: &WideRoot, odd: u64) -> Option<Factor> {
    let one = Residue::of(&[1]);
    let (mut s, mut m) = (Residue::of(root.floor()), Residue::of(n));
    if odd == 1 {
        m = m.doubled_plus(0);
    }
    (0..=MAX_EXPONENT / 2).find_map(|half| {
        // s = floor(sqrt(4n 2^k)), for k = 2 half + odd.
        let from = FRACTION_BITS - 1 - half;
        let bit = word_at(root.limbs(), from) & 1;
        s = s.doubled_plus(bit);
        m = m.doubled_plus(0).doubled_plus(0);
        // The next odd number.
        let more = 1 + bit;
        let next = if bit == 1 { s.plus(one).plus(one) } else { s.plus(one) };
        if !next.squared().minus(m).may_be_square() {
            return None;
        }
        let mut floor = [0; MAX_S_LIMBS];
        shift_right(root.limbs(), from, &mut floor);
        Factor::of_sum_and_multiple(&floor, more, n, 1 << odd, 2 + 2 * half)
    })
}

/// The number of limbs of the largest s: half of those of a modulus times 2^(1024+2).
const MAX_S_LIMBS: usize = MAX_FRACTION_LIMBS + 9;

/// What the search for a/b needs at each step.
struct Fractions<'a> {
    n: &'a [u64],
    n_residue: Residue,
    /// The number of bits of sqrt(n).
    half: usize,
}

/// The square roots of [`PRIMES`], divided by four, as fractions: `tests/data/weak/square_roots.py` writes them.
static ROOTS: &[u8; 8 * MAX_FRACTION_LIMBS * PRIMES.len()] = include_bytes!("square_roots.bin");

/// The fraction of one prime.
fn read_root(bytes: &[u8], fraction: &mut [u64]) {
    let (limbs, _) = bytes.as_chunks();
    for (limb, bytes) in fraction.iter_mut().rev().zip(limbs.iter().rev()) {
        *limb = u64::from_le_bytes(*bytes);
    }
}

/// For products ab.
fn find_fraction(n: &[u64], root: &WideRoot) -> Option<Factor> {
    let half = bit_length_vartime(root.floor());
    let length = (half / 64 + 3).min(MAX_FRACTION_LIMBS);
    let mut fraction = [0; MAX_FRACTION_LIMBS];
    let fraction = fraction.get_mut(..length)?;
    root.as_fraction(fraction);
    Fractions { n, n_residue: Residue::of(n), half }.find(fraction, 1, 0, 0)
}

impl Fractions<'_> {
    /// For all products u^2 v, and those with more primes from index `from` on; `root` is sqrt(nv) 2^-half 4^-count, for the
    /// number of primes of v. At most five calls deep, since 2 * 3 * 5 * 7 * 11 is too large for a product of two numbers.
    fn find(&self, root: &[u64], v: u64, count: usize, from: usize) -> Option<Factor> {
        (1..=MAX_TERM).find_map(|u| self.find_product(root, u, v, count)).or_else(|| {
            let roots = ROOTS.chunks(8 * MAX_FRACTION_LIMBS);
            PRIMES.iter().zip(roots).enumerate().skip(from).find_map(|(i, (prime, of_prime))| {
                let v = v * prime;
                if !(1..=MAX_TERM).any(|factor| is_product(factor * v)) {
                    return None;
                }
                let mut buffers = [[0; MAX_FRACTION_LIMBS]; 2];
                let [factor, product] = &mut buffers;
                let (factor, product) = (factor.get_mut(..root.len())?, product.get_mut(..root.len())?);
                read_root(of_prime, factor);
                multiply(root, factor, product);
                self.find(product, v, count + 1, i + 1)
            })
        })
    }

    /// For one product.
    fn find_product(&self, root: &[u64], u: u64, v: u64, count: usize) -> Option<Factor> {
        let product = u * u * v;
        if !is_product(product) {
            return None;
        }
        // sqrt(4 product n) = 2u 4^count 2^half root.
        let mut scaled = [0; MAX_FRACTION_LIMBS + 1];
        let scaled = scaled.get_mut(..=root.len())?;
        scaled.get_mut(..root.len())?.copy_from_slice(root);
        mul_small(scaled, u, 0);
        let from = (64 * root.len()).checked_sub(self.half + 2 * count + 1)?;
        let mut floor = [0; MAX_FRACTION_LIMBS + 1];
        let floor = floor.get_mut(..self.half / 64 + 2)?;
        shift_right(scaled, from, floor);
        let low = self.n.first()?.wrapping_mul(4 * product);
        let (mut s, m) = (Residue::of(floor), self.n_residue.times(Residue::of(&[4 * product])));
        (1..=STEPS).find_map(|step| {
            s = s.plus(Residue::of(&[1]));
            let limb = floor.first()?.wrapping_add(step);
            let possible = low_limb_may_be_square(limb.wrapping_mul(limb).wrapping_sub(low))
                && s.squared().minus(m).may_be_square();
            possible.then(|| Factor::of_sum_and_multiple(floor, step, self.n, product, 2)).flatten()
        })
    }
}

fn is_product(product: u64) -> bool {
    usize::try_from(product).is_ok_and(|product| PRODUCTS.get(product) == Some(&true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::roots::sqrt_floor;

    #[test]
    fn the_roots_are_those_of_the_primes() {
        for (prime, bytes) in PRIMES.iter().zip(ROOTS.chunks(8 * MAX_FRACTION_LIMBS)) {
            let (mut radicand, mut expected) = ([0; 2 * MAX_FRACTION_LIMBS], [0; MAX_FRACTION_LIMBS]);
            radicand[2 * MAX_FRACTION_LIMBS - 1] = prime << 60;
            sqrt_floor(&radicand, &mut expected);
            let mut root = [0; MAX_FRACTION_LIMBS];
            read_root(bytes, &mut root);
            assert_eq!(root, expected, "{prime}");
        }
    }

    #[test]
    fn the_products_are_those_of_coprime_numbers() {
        let products = (0..256).filter(|product| is_product(*product));
        let expected = (3..256u64).filter(|product| {
            let pairs = (1..17).flat_map(|a| (a + 1..17).map(move |b| (a, b)));
            let mut coprime = pairs.filter(|(a, b)| (2..17).all(|d| a % d > 0 || b % d > 0));
            !product.is_power_of_two() && coprime.any(|(a, b)| a * b == *product)
        });
        assert!(products.eq(expected));
    }
}

//! Small primes, and trial division in plain Rust by the odd ones below 2^15, or below 2^16 for candidates of more than 1024
//! bits.
//!
//! With a larger bound, every survivor takes longer to divide, and each doubling removes about one in 16 of the survivors
//! before the screen. Measured with `cargo run --release -- replay` in `benches/peers`, in ms for keys of 2048, 3072 and 4096
//! bits: bound 2^13: 26.8, 121, 393; 2^14: 26.3, 115, 378; 2^15: 25.1, 111, 362; 2^16: 25.8, 108, 350.
//!
//! Successive primes are multiplied into products below 2^64. One pass over the candidate's limbs gives a residue modulo such a
//! product, and each prime of the group is then tried on that one word.
//!
//! A prime candidate is divided by every group, in a time that does not depend on its value, because we multiply by inverses
//! instead of dividing. A composite one is rejected at the first group with a factor. This says nothing about the key, because
//! candidates are independent.

use super::limbs::{inverse_mod_2_64, mul_add_carry, remainder_by_word_vartime, sub_borrow};
use crate::kernels::declassify::declassify;
use subtle::Choice;

/// The number of odd primes below 2^17.
pub(super) const PRIMES: usize = 12_250;

/// All odd primes below 2^17. The compiler finds them once, for all tables, because it is slow at it.
static ODD_PRIMES: [u32; PRIMES] = sieve_of_eratosthenes();

/// The number of groups that are tried on candidates of up to 1024 bits: those that begin below 2^15.
const GROUPS_FOR_1024: usize = groups_below(1 << 15);

/// The number of groups that are tried on longer candidates: those that begin below 2^16.
const GROUPS_FOR_MORE: usize = groups_below(1 << 16);

/// The number of groups in the table.
const GROUPS: usize = groups_below(1 << 17);

/// How many groups run side by side.
const SIDE_BY_SIDE: usize = 6;

/// The groups, smallest primes first. The first is 3 * 5 * ... * 53, the modulus of the wheel.
static TABLE: [Group; GROUPS] = groups();

/// The primes, with the constants that test divisibility by each.
static DIVISORS: [Divisor; PRIMES] = divisors();

/// Successive primes whose product fits into a word.
#[derive(Clone, Copy)]
pub(crate) struct Group {
    /// The product.
    pub(crate) product: u64,
    /// Its inverse modulo 2^64.
    inverse: u64,
    /// The range of its primes in [`DIVISORS`].
    first: u16,
    end: u16,
}

/// An odd prime q. A word x is a multiple of q exactly when `x * q^-1 mod 2^64` is at most `(2^64-1) / q`.
#[derive(Clone, Copy)]
struct Divisor {
    inverse: u64,
    limit: u64,
}

/// Whether one of the odd primes for its length divides the candidate, which must be larger than all of them.
pub(super) fn has_small_factor(candidate: &[u64]) -> bool {
    let groups = if candidate.len() <= 16 { GROUPS_FOR_1024 } else { GROUPS_FOR_MORE };
    any_divides(&TABLE[..groups], candidate, |found| declassify(Choice::from(u8::from(found))))
}

/// Whether an odd prime below 2^17 divides a public number that is larger than all of them.
pub(super) fn has_factor_below_2_17_vartime(n: &[u64]) -> bool {
    any_divides(&TABLE, n, |found| found)
}

/// The smallest odd prime below 2^17 that divides a public number.
pub(crate) fn smallest_factor_vartime(n: &[u64]) -> Option<u64> {
    ODD_PRIMES.iter().map(|prime| u64::from(*prime)).find(|prime| remainder_by_word_vartime(n, *prime) == 0)
}

/// Whether a prime of the groups divides a number. Several groups run side by side, because each step of a group waits for the
/// one before. After each set of them, `gate` decides whether to stop.
fn any_divides(groups: &[Group], n: &[u64], gate: impl Fn(bool) -> bool) -> bool {
    let (chunks, rest) = groups.as_chunks::<SIDE_BY_SIDE>();
    chunks.iter().any(|groups| gate(shares_factor(groups, n))) || gate(shares_factor(rest, n))
}

/// Whether a prime of a few groups divides a number. Tries all of them.
#[inline(always)]
fn shares_factor(groups: &[Group], n: &[u64]) -> bool {
    let mut residues = [0; SIDE_BY_SIDE];
    for &limb in n {
        for (residue, group) in residues.iter_mut().zip(groups) {
            *residue = group.step(*residue, limb);
        }
    }
    groups.iter().zip(residues).fold(false, |found, (group, residue)| found | group.shares_factor(residue))
}

impl Group {
    /// 3 * 5 * ... * 53.
    pub(crate) const WHEEL: &'static Self = &TABLE[0];

    /// The step for one limb of x, lowest first. The last one gives `x * 2^(-64 n) mod product` for an n-limb x, up to the sign:
    /// it is 0 modulo a prime of the group exactly when x is. At most the product.
    ///
    /// It subtracts the multiple of the product that clears the lowest limb, and drops that limb: exact division by 2^64
    /// (Jebelean, J. Symb. Comp. 15, 1993).
    #[inline(always)]
    fn step(&self, carry: u64, limb: u64) -> u64 {
        let (low, borrow) = sub_borrow(limb, carry, 0);
        let quotient = low.wrapping_mul(self.inverse);
        let (_, high) = mul_add_carry(0, quotient, self.product, 0);
        high + borrow
    }

    /// Whether a prime of the group divides `x`. Tries all of them.
    pub(crate) fn shares_factor(&self, x: u64) -> bool {
        DIVISORS[usize::from(self.first)..usize::from(self.end)]
            .iter()
            .fold(false, |found, q| found | (x.wrapping_mul(q.inverse) <= q.limit))
    }
}

/// The first N odd primes, of at most all those below 2^17.
pub(crate) const fn first_odd_primes<const N: usize>() -> [u32; N] {
    let mut first = [0; N];
    let mut i = 0;
    while i < N {
        first[i] = ODD_PRIMES[i];
        i += 1;
    }
    first
}

/// All odd primes below 2^17.
const fn sieve_of_eratosthenes() -> [u32; PRIMES] {
    // Whether the odd number 2i + 1 is composite.
    let mut composite = [false; 1 << 16];
    let mut primes = [0; PRIMES];
    let (mut i, mut at) = (1, 0);
    while i < composite.len() {
        if !composite[i] {
            let prime = 2 * i + 1;
            primes[at] = prime as u32;
            at += 1;
            // Smaller multiples than the square have a smaller factor. The square of a prime above 2^9 is beyond the end, and
            // would overflow 32 bits.
            let mut multiple = if prime < 1 << 9 { prime * prime / 2 } else { composite.len() };
            while multiple < composite.len() {
                composite[multiple] = true;
                multiple += prime;
            }
        }
        i += 1;
    }
    primes
}

/// The end of the group that begins with the prime at index `first`, and its product.
const fn group_from(primes: &[u32; PRIMES], first: usize) -> (usize, u64) {
    let mut product = 1u64;
    let mut end = first;
    while end < PRIMES {
        match product.checked_mul(primes[end] as u64) {
            Some(larger) => product = larger,
            None => break,
        }
        end += 1;
    }
    (end, product)
}

/// The number of groups that begin below a bound.
const fn groups_below(bound: u32) -> usize {
    let primes = first_odd_primes();
    let (mut count, mut first) = (0, 0);
    while first < PRIMES && primes[first] < bound {
        (first, _) = group_from(&primes, first);
        count += 1;
    }
    count
}

const fn groups() -> [Group; GROUPS] {
    let primes = first_odd_primes();
    let mut groups = [Group { product: 0, inverse: 0, first: 0, end: 0 }; GROUPS];
    let (mut at, mut first) = (0, 0);
    while at < GROUPS {
        let (end, product) = group_from(&primes, first);
        // There are 12,250 primes, so the casts lose nothing.
        groups[at] = Group { product, inverse: inverse_mod_2_64(product), first: first as u16, end: end as u16 };
        first = end;
        at += 1;
    }
    groups
}

const fn divisors() -> [Divisor; PRIMES] {
    let primes: [u32; PRIMES] = first_odd_primes();
    let mut divisors = [Divisor { inverse: 0, limit: 0 }; PRIMES];
    let mut i = 0;
    while i < PRIMES {
        divisors[i] = Divisor { inverse: inverse_mod_2_64(primes[i] as u64), limit: u64::MAX / primes[i] as u64 };
        i += 1;
    }
    divisors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::backend::Backend;
    use crate::kernels::cpu::on_every_backend;
    use proptest::prelude::*;

    #[test]
    fn the_first_group_is_the_wheel() {
        let wheel = [3u64, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53];
        assert_eq!(Group::WHEEL.product, wheel.iter().product::<u64>());
        assert_eq!(usize::from(Group::WHEEL.end), wheel.len());
    }

    #[test]
    fn the_primes_are_all_those_below_the_bound() {
        let is_prime = |n: &u32| (2..*n).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d));
        assert!(first_odd_primes::<PRIMES>().into_iter().eq((3..1 << 17).filter(is_prime)));
    }

    #[test]
    fn each_prime_below_2_17_is_found_by_every_backend_and_the_next_one_is_not() {
        // 2^521 - 1 is prime.
        let mut n = [u64::MAX; 10];
        n[8] = 0x1ff;
        n[9] = 0;
        for prime in first_odd_primes::<PRIMES>().into_iter().chain([131_101]) {
            let mut multiple = n;
            crate::kernels::bignum::limbs::mul_small(&mut multiple, prime.into(), 0);
            on_every_backend!(backend => {
                assert_eq!(backend.has_factor_below_2_17_vartime(&multiple), prime < 1 << 17, "{prime}");
            });
            assert_eq!(smallest_factor_vartime(&multiple), (prime < 1 << 17).then_some(prime.into()));
        }
    }

    proptest! {
        #[test]
        fn agrees_with_division(limbs in proptest::collection::vec(any::<u64>(), 2..40)) {
            let divides = |q: &u32| {
                let rest = |rest: u128, &limb: &u64| (rest << 64 | u128::from(limb)) % u128::from(*q);
                limbs.iter().rev().fold(0, rest) == 0
            };
            let groups = if limbs.len() <= 16 { GROUPS_FOR_1024 } else { GROUPS_FOR_MORE };
            let bound = usize::from(TABLE[groups - 1].end);
            let primes = first_odd_primes::<PRIMES>();
            prop_assert_eq!(has_small_factor(&limbs), primes[..bound].iter().any(divides));
            on_every_backend!(backend => {
                prop_assert_eq!(backend.has_factor_below_2_17_vartime(&limbs), primes.iter().any(divides));
            });
        }
    }
}

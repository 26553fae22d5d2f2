//! Miller-Rabin with random bases: FIPS 186-5, Appendix B.3.1, with the rounds of Table B.1.
//!
//! These are the rounds for a number that was drawn at random, where the probability that a composite one passes is
//! far below the 4^-k of the worst case. They are no test for numbers that somebody else has chosen.
//!
//! The number under test may be a prime of a key: neither its value nor the power of two in n-1 decides a branch.

use super::hmac_drbg::HmacDrbg;
use crate::arith::limbs::{add, is_small, shr, sub};
use crate::arith::{Power, division};
use rand_core::TryRng;
use subtle::Choice;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The most rounds of any size.
pub(crate) const MAX_ROUNDS: usize = 5;

/// Rounds for a random prime of `bits` bits, for an error probability of 2^-100: FIPS 186-5, Table B.1.
pub(crate) const fn rounds(bits: usize) -> usize {
    if bits < 1536 { 5 } else { 4 }
}

/// An odd number n above 6, and n - 1 = odd * 2^twos. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Tested<const L: usize> {
    n: [u64; L],
    odd: [u64; L],
    twos: u32,
}

impl<const L: usize> Tested<L> {
    pub(crate) fn new(n: &[u64; L]) -> Self {
        let mut less_one = Zeroizing::new(*n);
        less_one[0] &= !1;
        // The zero bits at the low end of the lowest limb, each counted the same whatever it is.
        let (mut twos, mut still_zero) = (0, 1);
        for bit in 0..u64::BITS {
            still_zero &= !(less_one[0] >> bit) & 1;
            twos += u32::from(still_zero == 1);
        }
        // At least one of them is dropped, at most 64.
        let half = Zeroizing::new(shr(&less_one, 1));
        Self { n: *n, odd: shr(&half, twos - 1), twos }
    }

    /// The exponentiation of one round, by a uniform base from 2 to n-2 (to within 2^-64).
    pub(crate) fn round(&self, bases: &mut HmacDrbg) -> Power<'_, L> {
        let mut wide = Zeroizing::new([[0; L]; 2]);
        let mut bytes = Zeroizing::new([0; 8]);
        for limb in &mut wide.as_flattened_mut()[..L + 1] {
            let Ok(()) = bases.try_fill_bytes(&mut *bytes);
            *limb = u64::from_le_bytes(*bytes);
        }
        // 64 bits more than n has, modulo n-3: from 0 to n-4.
        let mut span = Zeroizing::new(self.n);
        sub(&mut *span, &[3]);
        let mut base = division::remainder(&wide, &span);
        add(&mut *base, &[2]);
        Power { witness: Some(self.twos), ..Power::new(&base, &self.odd, &self.n) }
    }
}

/// Whether the number of a [`Tested::round`] passed it: `base^odd` is 1, or one of its `twos` first squares is -1.
pub(crate) fn passed<const L: usize>(round: &Power<'_, L>) -> Choice {
    is_small(&round.value, 1) | round.met_minus_one
}

//! The square root of a modulus with a long fraction, which several checks need.

use crate::kernels::bignum::limbs::{MAX_LIMBS, bit_length_vartime, mul_small, word_at};
use crate::kernels::bignum::roots::sqrt_floor;

/// The number of limbs of the fraction.
const FRACTION_LIMBS: usize = 9;

/// The number of bits of the fraction.
pub(super) const FRACTION_BITS: usize = 64 * FRACTION_LIMBS;

/// The number of limbs of the longest number under a root: 2n 2^(2 * 576).
const MAX_RADICAND: usize = MAX_LIMBS + 2 * FRACTION_LIMBS + 1;

/// The square root of n or of 2n, rounded down to a multiple of 2^-576.
pub(super) struct WideRoot {
    limbs: [u64; MAX_RADICAND.div_ceil(2)],
    length: usize,
}

impl WideRoot {
    /// The root of n times 1 or 2.
    pub(super) fn new(n: &[u64], times: u64) -> Self {
        let mut radicand = [0; MAX_RADICAND];
        let length = n.len().min(MAX_LIMBS);
        let low = 2 * FRACTION_LIMBS;
        for (limb, n) in radicand.iter_mut().skip(low).zip(n) {
            *limb = *n;
        }
        mul_small(&mut radicand, times, 0);
        let above = usize::from(radicand[low + length] != 0);
        let mut limbs = [0; MAX_RADICAND.div_ceil(2)];
        let root_length = (low + length + above).div_ceil(2);
        sqrt_floor(&radicand[..low + length + above], &mut limbs[..root_length]);
        Self { limbs, length: root_length }
    }

    /// The root without its fraction.
    pub(super) fn floor(&self) -> &[u64] {
        &self.limbs[FRACTION_LIMBS..self.length]
    }

    /// All bits, those of the fraction first.
    pub(super) fn limbs(&self) -> &[u64] {
        &self.limbs[..self.length]
    }

    /// The bits from the highest one down, as a fraction from 1/2 to 1.
    pub(super) fn as_fraction(&self, fraction: &mut [u64]) {
        top_bits(self.limbs(), fraction);
    }
}

/// The bits of a number from the highest one down, as a fraction from 1/2 to 1.
pub(super) fn top_bits(x: &[u64], fraction: &mut [u64]) {
    let from = bit_length_vartime(x).cast_signed() - (64 * fraction.len()).cast_signed();
    for (limb, at) in fraction.iter_mut().zip((from..).step_by(64)) {
        // Zeros below the lowest bit.
        *limb = match usize::try_from(at) {
            Ok(at) => word_at(x, at),
            Err(_) if at <= -64 => 0,
            Err(_) => word_at(x, 0) << at.unsigned_abs(),
        };
    }
}

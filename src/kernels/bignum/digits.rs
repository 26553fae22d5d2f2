//! Digits of 52 bits: the factors of a multiply-add of AVX-512 IFMA.

use super::limbs::word_at;

/// The number of bits in a digit.
pub(crate) const DIGIT: usize = 52;

/// The bits of a digit, as a mask.
pub(crate) const DIGIT_MASK: u64 = (1 << DIGIT) - 1;

/// The number of digits in an AVX-512 vector, one in each lane of 64 bits.
pub(crate) const DIGIT_LANES: usize = 8;

/// The digit of a number that begins at a bit.
pub(super) fn digit_at(limbs: &[u64], from: usize) -> u64 {
    word_at(limbs, from) & DIGIT_MASK
}

//! Numbers for the tests in this folder.

use crate::random::Random;
use alloc::vec::Vec;
use dashu_int::UBig;

/// The odd primes below 50.
pub(super) const PRIMES: [u8; 14] = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47];

/// A number with this many bits.
pub(super) fn number(random: &mut Random, bits: usize) -> UBig {
    let words: Vec<u8> = (0..bits.div_ceil(64)).flat_map(|_| random.next().to_le_bytes()).collect();
    let mut number = UBig::from_le_bytes(&words);
    number.clear_high_bits(bits - 1);
    number.set_bit(bits - 1);
    number
}

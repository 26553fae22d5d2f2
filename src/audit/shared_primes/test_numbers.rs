//! Numbers for the tests of this folder.

use alloc::vec::Vec;
use dashu_int::UBig;

/// The odd primes below 50.
pub(super) const PRIMES: [u8; 14] = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47];

/// Numbers that look random, by xorshift: the same in every run.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.next() as usize % bound
    }
}

/// A number of so many bits.
pub(super) fn number(random: &mut Random, bits: usize) -> UBig {
    let words: Vec<u8> = (0..bits.div_ceil(64)).flat_map(|_| random.next().to_le_bytes()).collect();
    let mut number = UBig::from_le_bytes(&words);
    number.clear_high_bits(bits - 1);
    number.set_bit(bits - 1);
    number
}

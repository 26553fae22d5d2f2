//! Moduli with a pattern, as they result from primes that have long runs of equal bits, repeat a word, or consist of words with
//! a constant bit. No sound key has one by chance. No attack follows from it alone: n may have been made to begin with a chosen
//! string, which leaves enough of the primes to chance (A. Lenstra, "Generating RSA moduli with a predetermined portion",
//! ASIACRYPT 1998). So this is a note.
//!
//! There are two kinds of pattern:
//!
//! * 70 bits in a row, each equal to the bit `period` bits before it, for a period of 1 to 64: by chance, one in 2^54 moduli of
//!   2048 bits has it, and one in 2^51 of 16384 bits;
//! * a bit that is the same in all words of 8, 16, 32 or 64 bits, if there are at least 60 words: by chance, one in 2^58 moduli
//!   of 2048 bits has it, and at most one in 2^53 of any size.

use crate::kernels::bignum::limbs::{bit_length_vartime, word_at};

/// How many equal bits in a row are a pattern.
const RUN: u32 = 70;

/// How many words are needed to call a bit constant.
const WORDS: usize = 60;

/// Whether n has a pattern of either kind.
pub(super) fn found(n: &[u64]) -> bool {
    let bits = bit_length_vartime(n);
    (1..=64).any(|period| repeats(n, bits, period))
        || [8, 16, 32, 64].iter().any(|word| has_constant_bit(n, bits, *word))
}

/// Whether 70 bits in a row are equal to those `period` bits above them.
fn repeats(n: &[u64], bits: usize, period: usize) -> bool {
    let mut run = 0;
    // In the last word, bits with no counterpart above them are not part of a run.
    let compared = bits - period.min(bits);
    (0..compared).step_by(64).any(|from| {
        let valid = compared - from;
        let ends = if valid < 64 { u64::MAX << valid } else { 0 };
        let different = word_at(n, from) ^ word_at(n, from + period) | ends;
        if different == 0 {
            run += 64;
        } else {
            run += different.trailing_zeros();
        }
        let long = run >= RUN;
        if different != 0 {
            run = different.leading_zeros();
        }
        long
    })
}

/// Whether a bit is the same in every whole word of `word` bits.
fn has_constant_bit(n: &[u64], bits: usize, word: usize) -> bool {
    let words = bits / word;
    if words < WORDS {
        return false;
    }
    let mask = u64::MAX >> (64 - word.clamp(1, 64));
    let (mut ones, mut zeros) = (mask, mask);
    for value in (0..words).map(|i| word_at(n, i * word)) {
        ones &= value;
        zeros &= !value;
    }
    ones | zeros != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn bit(n: &[u64], at: usize) -> bool {
        n[at / 64] >> (at % 64) & 1 == 1
    }

    fn set(n: &mut [u64], at: usize, value: bool) {
        n[at / 64] = n[at / 64] & !(1 << (at % 64)) | u64::from(value) << (at % 64);
    }

    /// `repeats`, bit by bit.
    fn repeats_plainly(n: &[u64], bits: usize, period: usize) -> bool {
        let mut run = 0;
        (0..bits - period).any(|at| {
            run = if bit(n, at) == bit(n, at + period) { run + 1 } else { 0 };
            run == RUN
        })
    }

    fn has_constant_bit_plainly(n: &[u64], bits: usize, word: usize) -> bool {
        let words = bits / word;
        let same = |place: usize| (1..words).all(|i| bit(n, i * word + place) == bit(n, place));
        words >= WORDS && (0..word).any(same)
    }

    #[test]
    fn runs_of_seventy_bits_are_found_wherever_they_are_and_shorter_ones_are_not() {
        let mut random = Random(6);
        for round in 0..4000 {
            let bits = 1024 + (random.next() % 1100) as usize;
            let period = 1 + (random.next() % 64) as usize;
            let mut n = random.number(bits);
            // A run at either end, or anywhere.
            let length = 68 + round % 4;
            let from = match round % 3 {
                0 => 0,
                1 => bits - period - length,
                _ => random.next() as usize % (bits - period - length),
            };
            for at in from..from + length {
                let value = bit(&n, at);
                set(&mut n, at + period, value);
            }
            let bits = bit_length_vartime(&n);
            assert_eq!(repeats(&n, bits, period), repeats_plainly(&n, bits, period), "{bits} {period} {from} {length}");
        }
    }

    #[test]
    fn a_bit_that_is_the_same_in_all_words_is_found_and_one_that_is_not_in_one_is_not() {
        let mut random = Random(7);
        for round in 0..2000 {
            let word = [8, 16, 32, 64][round % 4];
            let bits = 60 * word + (random.next() % 200) as usize - 100;
            let bits = bits.max(1024);
            let (mut n, place) = (random.number(bits), random.next() as usize % word);
            let value = random.next() % 2 == 1;
            (0..bits / word).for_each(|i| set(&mut n, i * word + place, value));
            if round % 8 > 3 {
                set(&mut n, random.next() as usize % (bits / word) * word + place, !value);
            }
            let bits = bit_length_vartime(&n);
            assert_eq!(has_constant_bit(&n, bits, word), has_constant_bit_plainly(&n, bits, word), "{bits} {word}");
        }
    }

    #[test]
    fn random_numbers_have_no_pattern() {
        let mut random = Random(8);
        assert!((1024..2100).all(|bits| !found(&random.number(bits))));
    }
}

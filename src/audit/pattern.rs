//! Moduli with a pattern, as they come of primes with long runs of equal bits, of a word over and over, or of words with
//! bits that are always the same. No sound key has one by chance, and no attack follows from it alone: n may have been
//! made to begin with a chosen text, which leaves enough of the primes to chance (A. Lenstra, "Generating RSA moduli with a
//! predetermined portion", ASIACRYPT 1998). So this is a note.
//!
//! Two forms are looked for:
//!
//! * 70 bits in a row of which each is that `period` bits before it, for a period of 1 to 64: by chance in one of 2^54 moduli
//!   of 2048 bits, and in one of 2^51 of 16384;
//! * a bit that is the same in all words, if there are 60 at least, of 8, 16, 32 or 64 bits: by chance in one of 2^58
//!   moduli of 2048 bits, and in one of 2^53 at the most.

use crate::arith::limbs::{bit_length_vartime, word_at};

/// The equal bits in a row that are a pattern.
const RUN: u32 = 70;

/// The words that must be there to tell a bit that is always the same.
const WORDS: usize = 60;

/// Whether n has a pattern of either form.
pub(super) fn found(n: &[u64]) -> bool {
    let bits = bit_length_vartime(n);
    (1..=64).any(|period| repeats(n, bits, period))
        || [8, 16, 32, 64].iter().any(|word| has_constant_bit(n, bits, *word))
}

/// Whether 70 bits in a row are those `period` bits above them.
fn repeats(n: &[u64], bits: usize, period: usize) -> bool {
    let mut run = 0;
    // Of the last word the bits that have no other above them are no part of a run.
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

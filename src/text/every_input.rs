//! Bounded enumeration for the tests of the parsers: every input up to some length, over a small alphabet.

use std::vec::Vec;

/// Calls `check` with every sequence of at most `longest` items of an alphabet, shortest first. Returns the number of sequences.
pub(crate) fn every_input<T: Copy>(alphabet: &[T], longest: usize, mut check: impl FnMut(&[T])) -> u64 {
    let mut count = 0;
    for length in 0..=longest {
        let mut digits = Vec::from_iter((0..length).map(|_| 0));
        let mut input = Vec::from_iter(digits.iter().map(|digit: &usize| alphabet[*digit]));
        loop {
            check(&input);
            count += 1;
            // Counts up, the last place first.
            let Some(place) = digits.iter().rposition(|digit| digit + 1 < alphabet.len()) else { break };
            digits[place] += 1;
            digits[place + 1..].fill(0);
            for (item, digit) in input.iter_mut().zip(&digits).skip(place) {
                *item = alphabet[*digit];
            }
        }
    }
    count
}

/// Calls `check` with every variant of an input in which one byte is replaced by any other, one byte is missing, or one byte of
/// an alphabet is inserted. Returns the number of variants.
pub(crate) fn every_single_change(input: &[u8], inserted: &[u8], mut check: impl FnMut(&[u8])) -> u64 {
    let mut count = 0;
    let mut each = |changed: &[u8]| {
        check(changed);
        count += 1;
    };
    for place in 0..=input.len() {
        let (before, after) = input.split_at(place);
        for byte in inserted {
            each(&[before, &[*byte], after].concat());
        }
        let [original, after @ ..] = after else { continue };
        each(&[before, after].concat());
        for byte in (0..=255).filter(|byte| byte != original) {
            each(&[before, &[byte], after].concat());
        }
    }
    count
}

#[test]
fn each_sequence_occurs_once() {
    let mut seen = Vec::new();
    assert_eq!(every_input(b"abc", 3, |input| seen.push(input.to_vec())), 1 + 3 + 9 + 27);
    assert_eq!((&seen[0][..], &seen[4][..], &seen[39][..]), (&b""[..], &b"aa"[..], &b"ccc"[..]));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 40);
    let mut seen = Vec::new();
    assert_eq!(every_single_change(b"ab", b"xy", |input| seen.push(input.to_vec())), 3 * 2 + 2 * 256);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 3 * 2 + 2 * 256);
}

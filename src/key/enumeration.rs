//! Tests every short input of the wire reader, and every small change of whole blobs. An accepted input is encoded back to the
//! same bytes. A rejected one breaks a rule of RFC 4251, section 5, according to a second implementation of the rule.

use super::public_key::PublicKeyRef;
use super::wire::{Reader, Writer};
use crate::error::Field;
use crate::text::{every_input, every_single_change};
use std::vec::Vec;

/// Lengths, signs, and the edges between them.
const ALPHABET: [u8; 7] = [0, 1, 2, 3, 0x7f, 0x80, 0xff];

/// The contents of the one string that fills the input, by the definition.
fn string(input: &[u8]) -> Option<&[u8]> {
    let (length, contents) = input.split_at_checked(4)?;
    let length = length.iter().fold(0_u64, |length, byte| 256 * length + u64::from(*byte));
    (length == contents.len() as u64).then_some(contents)
}

/// Whether these are the contents of an mpint that is not negative and has no superfluous byte.
fn is_canonical(contents: &[u8]) -> bool {
    match contents.iter().map(|byte| *byte as i8).collect::<Vec<_>>()[..] {
        [] => true,
        [0] => false,
        [0, second, ..] => second < 0,
        [first, ..] => first > 0,
    }
}

/// The bytes that a writer writes.
fn written(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut buffer = [0; 64];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer);
    writer.finish().unwrap().to_vec()
}

fn fields(longest: usize) -> u64 {
    let mut accepted = [0; 3];
    let count = every_input(&ALPHABET, longest, |input| {
        let mut reader = Reader::new(input);
        let span = reader.string(Field::Blob).ok().filter(|_| reader.is_at_end());
        assert_eq!(span.map(|span| span.of(input)), string(input), "{input:02x?}");
        if let Some(span) = span {
            assert_eq!(written(|writer| writer.string(span.of(input)).unwrap()), input);
            accepted[0] += 1;
        }

        let mut reader = Reader::new(input);
        let span = reader.mpint(Field::Blob).ok().filter(|_| reader.is_at_end());
        assert_eq!(span.is_some(), string(input).is_some_and(is_canonical), "{input:02x?}");
        if let Some(span) = span {
            assert_ne!(span.of(input).first(), Some(&0));
            assert_eq!(written(|writer| writer.mpint(span.of(input)).unwrap()), input);
            accepted[1] += 1;
        }

        // As many strings as fit: the reader reads all of the input, or the rest is not a string.
        let mut reader = Reader::new(input);
        let mut spans = Vec::new();
        while !reader.is_at_end() {
            let Ok(span) = reader.string(Field::Blob) else { break };
            spans.push(span);
        }
        let end = spans.last().map_or(0, |span| span.end());
        let again = written(|writer| spans.iter().for_each(|span| writer.string(span.of(input)).unwrap()));
        assert_eq!(again, input[..end]);
        let rest = &input[end..];
        assert!(rest.is_empty() || (4..=rest.len()).all(|end| string(&rest[..end]).is_none()), "{input:02x?}");
        accepted[2] += usize::from(rest.is_empty());

        // The other direction: whatever is written is read.
        let value = &input[input.iter().take_while(|byte| **byte == 0).count()..];
        let mpint = written(|writer| writer.mpint(value).unwrap());
        let mut reader = Reader::new(&mpint);
        let span = reader.mpint(Field::Blob).unwrap();
        assert_eq!(span.of(&mpint), value);
        reader.finish().unwrap();
    });
    assert!(accepted.iter().all(|accepted| *accepted > 30), "{accepted:?}");
    count
}

#[test]
fn short_inputs_are_strings_and_mpints_exactly_by_the_definition() {
    assert_eq!(fields(6), 137_257);
}

#[test]
#[ignore = "a minute"]
fn longer_inputs_are_strings_and_mpints_exactly_by_the_definition() {
    assert_eq!(fields(8), 6_725_601);
}

/// The public keys of `tests/data`, of each type.
const LINES: [&str; 9] = [
    include_str!("../../tests/data/rsa1024.pub"),
    include_str!("../../tests/data/dsa1024.pub"),
    include_str!("../../tests/data/ecdsa256.pub"),
    include_str!("../../tests/data/ecdsa384.pub"),
    include_str!("../../tests/data/ecdsa521.pub"),
    include_str!("../../tests/data/ed25519.pub"),
    include_str!("../../tests/data/ecdsa256sk.pub"),
    include_str!("../../tests/data/ed25519sk.pub"),
    include_str!("../../tests/data/rsa2048.pub"),
];

/// A blob in which any one byte is changed, removed or inserted is rejected, or is the blob of another key.
#[test]
fn a_blob_with_one_byte_changed_is_rejected_or_is_the_blob_of_another_key() {
    let (mut count, mut accepted) = (0, 0);
    for line in LINES {
        let base64 = line.split(' ').nth(1).unwrap();
        let blob = <base64ct::Base64 as base64ct::Encoding>::decode_vec(base64).unwrap();
        count += every_single_change(&blob, &ALPHABET, |changed| {
            if let Ok(key) = PublicKeyRef::from_blob(changed) {
                let mut buffer = [0; 1024];
                let again = PublicKeyRef::from_key_data(&key.key_data(), "", &mut buffer).unwrap();
                assert_eq!(again.blob(), changed);
                accepted += 1;
            }
        });
    }
    assert_eq!(count, 256 * 1_528 + 7 * (1_528 + 9));
    assert!(accepted > 10_000, "{accepted}");
}

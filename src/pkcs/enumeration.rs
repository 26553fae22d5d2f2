//! Every short DER, and every small change of whole public keys in DER: what is accepted is encoded back to the same bytes.

use super::lenient_der;
use super::private_sequence::PrivateSequence;
use crate::key::KeyData;
use crate::rsa::RsaPublicKey;
use crate::text::{every_input, every_single_change};
use pkcs1::der::Encode;
use pkcs1::der::asn1::AnyRef;
use std::vec::Vec;

/// Tags of a sequence, an integer, an octet string and an attribute; short and long lengths; signs.
const ALPHABET: [u8; 10] = [0x30, 0x02, 0x04, 0xa0, 0x00, 0x01, 0x03, 0x80, 0x81, 0x82];

/// The elements of definite length in an input, or `None`: a second reader, one byte at a time. `strict`: lengths are as short
/// as possible.
fn elements(mut input: &[u8], strict: bool) -> Option<Vec<(u8, &[u8])>> {
    let mut elements = Vec::new();
    while let [tag, first, rest @ ..] = input {
        let (length, rest) = match *first {
            0x80 => return None,
            short @ 0..0x80 => (usize::from(short), rest),
            long => {
                let count = usize::from(long - 0x80);
                let bytes = rest.get(..count).filter(|_| count <= 8)?;
                let mut length = 0_u128;
                bytes.iter().for_each(|byte| length = length * 256 + u128::from(*byte));
                if strict && (bytes[0] == 0 || length < 0x80) {
                    return None;
                }
                (usize::try_from(length).ok()?, &rest[count..])
            }
        };
        elements.push((*tag, rest.get(..length)?));
        input = &rest[length..];
    }
    input.is_empty().then_some(elements)
}

/// Walks a sequence, and returns its fields as DER. Numbers are read as numbers.
fn walked(der: &[u8]) -> Option<Vec<u8>> {
    let mut sequence = PrivateSequence::new(der).ok()?;
    let mut fields = Vec::new();
    while sequence.next_tag().is_some() {
        let at = sequence.position();
        let field: AnyRef<'_> = sequence.field().ok()?;
        assert!(at < sequence.position() && sequence.position() <= der.len());
        fields.extend(field.to_der().unwrap());
    }
    sequence.finish().ok()?;
    let contents = AnyRef::new(pkcs1::der::Tag::Sequence, &fields).unwrap();
    Some(contents.to_der().unwrap())
}

fn short_der(longest: usize) -> u64 {
    let mut accepted = [0; 4];
    let count = every_input(&ALPHABET, longest, |input| {
        if let Some(again) = walked(input) {
            assert_eq!(again, input, "{input:02x?}");
            assert!(elements(input, true).is_some());
            accepted[0] += 1;
        }
        // A number that is read is positive or zero, in the fewest bytes.
        if let Ok(mut sequence) = PrivateSequence::new(input)
            && let Ok(number) = sequence.number(crate::error::Field::Modulus)
            && sequence.finish().is_ok()
        {
            let sign = if number.first().is_some_and(|first| *first >= 0x80) { &[0][..] } else { &[] };
            let length = (sign.len() + number.len()).to_le_bytes()[0];
            assert_eq!([&[0x30, 2 + length, 2, length], sign, number].concat(), input);
            accepted[1] += 1;
        }
        // What is rewritten has the same elements, is shorter, and has nothing left to rewrite.
        if let Some(der) = lenient_der::with_short_lengths(input) {
            assert!(der.len() < input.len());
            assert_eq!(lenient_der::with_short_lengths(&der), None, "{input:02x?}");
            let (before, after) = (elements(input, false).unwrap(), elements(&der, true).unwrap());
            assert_eq!((before.len(), before[0].0), (after.len(), after[0].0));
            accepted[2] += 1;
        } else if elements(input, false).is_some_and(|elements| elements.len() == 1) {
            // Nothing was rewritten, because nothing is longer than it must be, or because what is inside is no element.
            accepted[3] += 1;
        }
        let _ = lenient_der::inside_pkcs8(input);
        assert!(KeyData::from_spki_der(input).is_err() && RsaPublicKey::from_pkcs1_der(input).is_err());
    });
    assert!(accepted.iter().all(|accepted| *accepted > 5), "{accepted:?}");
    count
}

#[test]
fn short_der_is_encoded_back_to_the_same_bytes() {
    assert_eq!(short_der(5), 111_111);
}

#[test]
#[ignore = "a minute"]
fn longer_der_is_encoded_back_to_the_same_bytes() {
    assert_eq!(short_der(7), 11_111_111);
}

/// Keys of `tests/data`, in SubjectPublicKeyInfo.
const KEYS: [&str; 6] = [
    include_str!("../../tests/data/rsa1024.spki.pem"),
    include_str!("../../tests/data/dsa1024.spki.pem"),
    include_str!("../../tests/data/ecdsa256.spki.pem"),
    include_str!("../../tests/data/ecdsa384.spki.pem"),
    include_str!("../../tests/data/ecdsa521.spki.pem"),
    include_str!("../../tests/data/ed25519.spki.pem"),
];

/// Checks that a changed key is rejected, or is written back as it was changed. Returns whether it was accepted.
fn is_written_back(changed: &[u8]) -> bool {
    let Ok(key) = KeyData::from_spki_der(changed) else { return false };
    let mut buffer = [0; 1024];
    assert_eq!(key.write_spki_der(&mut buffer).unwrap(), changed);
    true
}

#[test]
fn a_public_key_with_one_byte_changed_is_rejected_or_is_written_back() {
    let (mut count, mut accepted) = (0, 0);
    for pem in KEYS {
        let base64: std::string::String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = <base64ct::Base64 as base64ct::Encoding>::decode_vec(&base64).unwrap();
        assert!(is_written_back(&der));
        count += every_single_change(&der, &ALPHABET, |changed| accepted += u64::from(is_written_back(changed)));
        // Any two neighbouring bytes of the header.
        for place in 0..24 {
            for (first, second) in ALPHABET.iter().flat_map(|first| ALPHABET.map(|second| (*first, second))) {
                let mut changed = der.clone();
                changed[place..place + 2].copy_from_slice(&[first, second]);
                accepted += u64::from(is_written_back(&changed));
                count += 1;
            }
        }
    }
    assert_eq!(count, 256 * 1_018 + 10 * (1_018 + 6) + 6 * 24 * 100);
    assert!(accepted > 10_000, "{accepted}");
}

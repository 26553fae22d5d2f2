//! Tests every short DER input, and every small change of whole keys in DER. An accepted input is encoded back to the same bytes,
//! or is the same key.

use super::lenient_der;
use super::private_sequence::PrivateSequence;
use crate::key::KeyData;
use crate::rsa::RsaPublicKey;
use crate::text::{every_input, every_single_change};
use pkcs1::der::Encode;
use pkcs1::der::asn1::AnyRef;
use std::vec::Vec;

/// The tags of a sequence, an integer, an octet string and an attribute; short and long lengths; signs.
const ALPHABET: [u8; 10] = [0x30, 0x02, 0x04, 0xa0, 0x00, 0x01, 0x03, 0x80, 0x81, 0x82];

/// The elements of definite length in an input, or `None`: a second reader, which reads one byte at a time. If `strict`, lengths
/// must be as short as possible.
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
        // A rewritten input has the same elements, is shorter, and needs no further rewriting.
        if let Some(der) = lenient_der::with_short_lengths(input) {
            assert!(der.len() < input.len());
            assert_eq!(lenient_der::with_short_lengths(&der), None, "{input:02x?}");
            let (before, after) = (elements(input, false).unwrap(), elements(&der, true).unwrap());
            assert_eq!((before.len(), before[0].0), (after.len(), after[0].0));
            accepted[2] += 1;
        } else if elements(input, false).is_some_and(|elements| elements.len() == 1) {
            // Nothing was rewritten, because every length is as short as possible, or because the contents are not elements.
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

/// Each encoding of a length that is longer than necessary, for lengths around those at which the shortest encoding changes.
#[test]
fn every_length_is_rewritten_as_its_shortest_encoding() {
    for length in (0..300).chain(65_500..=65_535) {
        let contents = std::vec![0x5a; length];
        let shortest = Node::to_der(&[Node::Primitive(0x04, contents.clone())]);
        assert_eq!(lenient_der::with_short_lengths(&shortest), None);
        for bytes in 1..=8 {
            let number = (length as u64).to_be_bytes();
            if number[..8 - bytes].iter().any(|byte| *byte != 0) {
                continue;
            }
            let ber = [&[0x04, 0x80 + bytes as u8], &number[8 - bytes..], &contents].concat();
            let rewritten = lenient_der::with_short_lengths(&ber);
            match ber == shortest {
                true => assert_eq!(rewritten, None),
                false => assert_eq!(**rewritten.as_ref().unwrap(), shortest, "{length} in {bytes} bytes"),
            }
        }
    }
}

/// Keys from `tests/data`, as SubjectPublicKeyInfo.
const KEYS: [&str; 6] = [
    include_str!("../../tests/data/rsa1024.spki.pem"),
    include_str!("../../tests/data/dsa1024.spki.pem"),
    include_str!("../../tests/data/ecdsa256.spki.pem"),
    include_str!("../../tests/data/ecdsa384.spki.pem"),
    include_str!("../../tests/data/ecdsa521.spki.pem"),
    include_str!("../../tests/data/ed25519.spki.pem"),
];

fn der_of(pem: &str) -> Vec<u8> {
    let base64: std::string::String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    <base64ct::Base64 as base64ct::Encoding>::decode_vec(&base64).unwrap()
}

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
        let der = der_of(pem);
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

/// An element of DER: its tag, and its contents or the elements inside.
#[derive(Clone)]
enum Node {
    Primitive(u8, Vec<u8>),
    Constructed(u8, Vec<Node>),
}

impl Node {
    fn all(der: &[u8]) -> Vec<Self> {
        let node = |(tag, contents): (u8, &[u8])| match tag & 0x20 {
            0 => Self::Primitive(tag, contents.to_vec()),
            _ => Self::Constructed(tag, Self::all(contents)),
        };
        elements(der, true).unwrap().into_iter().map(node).collect()
    }

    fn to_der(nodes: &[Self]) -> Vec<u8> {
        let mut der = Vec::new();
        for node in nodes {
            let (tag, contents) = match node {
                Self::Primitive(tag, contents) => (*tag, contents.clone()),
                Self::Constructed(tag, nodes) => (*tag, Self::to_der(nodes)),
            };
            let [high, low] = u16::try_from(contents.len()).unwrap().to_be_bytes();
            der.push(tag);
            match (high, low) {
                (0, 0..0x80) => der.push(low),
                (0, _) => der.extend([0x81, low]),
                _ => der.extend([0x82, high, low]),
            }
            der.extend(contents);
        }
        der
    }

    /// Every change of the structure in one place: an element is added, removed, repeated, moved, or has another tag or other
    /// contents. All lengths remain correct.
    fn every_change(nodes: &[Self]) -> Vec<Vec<Self>> {
        let small: [(u8, &[u8]); 10] = [
            (0x05, &[]),
            (0x02, &[0]),
            (0x02, &[1]),
            (0x04, &[]),
            (0x03, &[0]),
            (0x06, &[0x2a]),
            (0x01, &[0xff]),
            (0x30, &[]),
            (0xa0, &[]),
            (0xa1, &[3, 1, 0]),
        ];
        let mut changes = Vec::new();
        for place in 0..=nodes.len() {
            let (before, after) = nodes.split_at(place);
            let mut replaced = |new: &[Self], after: &[Self]| changes.push([before, new, after].concat());
            for (tag, contents) in small {
                replaced(&[Self::Primitive(tag, contents.to_vec())], after);
            }
            let [node, after @ ..] = after else { continue };
            replaced(&[], after);
            replaced(&[node.clone(), node.clone()], after);
            if let [next, after @ ..] = after {
                replaced(&[next.clone(), node.clone()], after);
            }
            for (tag, contents) in small {
                replaced(&[Self::Primitive(tag, contents.to_vec())], after);
                replaced(&[node.with_tag(tag)], after);
            }
            match node {
                Self::Constructed(tag, inside) => {
                    Self::every_change(inside)
                        .into_iter()
                        .for_each(|inside| replaced(&[Self::Constructed(*tag, inside)], after));
                }
                Self::Primitive(tag, contents) => {
                    for more in [&[&[0], &contents[..]].concat()[..], &[&contents[..], &[0]].concat()] {
                        replaced(&[Self::Primitive(*tag, more.to_vec())], after);
                    }
                }
            }
        }
        changes
    }

    fn with_tag(&self, tag: u8) -> Self {
        match self {
            Self::Primitive(_, contents) => Self::Primitive(tag, contents.clone()),
            Self::Constructed(_, nodes) => Self::Primitive(tag, Self::to_der(nodes)),
        }
    }
}

/// Calls `accepts` with every change of the structure of some DER. Returns how many it accepts, and how many there are.
fn every_structure(der: &[u8], accepts: impl Fn(&[u8]) -> bool) -> [usize; 2] {
    assert!(accepts(der));
    let changes = Node::every_change(&Node::all(der));
    let accepted = changes.iter().map(|nodes| Node::to_der(nodes)).filter(|changed| changed != der && accepts(changed));
    [accepted.count(), changes.len()]
}

#[test]
fn a_public_key_with_another_structure_is_rejected_or_is_written_back() {
    let mut total = 0;
    for pem in KEYS {
        let der = der_of(pem);
        let [_, count] = every_structure(&der, is_written_back);
        total += count;
    }
    assert!(total > 1_000, "{total}");
}

/// RSA is strict. For the other types, version 2 and attributes are accepted, and the same key is written as version 1.
#[cfg(feature = "ec")]
#[test]
fn a_private_key_with_another_structure_is_rejected_or_is_the_same_key() {
    use super::limits::MAX_DER_BYTES;
    use crate::key::{EcdsaCurve, EcdsaPrivateKey, Ed25519PrivateKey};
    use crate::rsa::RsaPrivateKey;

    let mut buffer = [0; MAX_DER_BYTES];
    let rsa = RsaPrivateKey::from_seed(2048, b"sixteen bytes...").unwrap();
    for der in [rsa.write_pkcs1_der(&mut buffer).unwrap().to_vec(), rsa.write_pkcs8_der(&mut buffer).unwrap().to_vec()]
    {
        let [accepted, count] =
            every_structure(&der, |changed| RsaPrivateKey::from_der(changed).map(|_| assert_eq!(changed, der)).is_ok());
        assert!(accepted == 0 && count > 100, "{accepted}, {count}");
    }
    let ed25519 = Ed25519PrivateKey::from_seed(&[0x5a; 32]).unwrap();
    let der = ed25519.write_pkcs8_der(&mut buffer).unwrap().to_vec();
    let [accepted, _] = every_structure(&der, |changed| {
        Ed25519PrivateKey::from_der(changed).map(|key| assert!(key == ed25519, "{changed:02x?}")).is_ok()
    });
    // Those with attributes or version 2.
    assert!(accepted > 0 && accepted < 10, "{accepted}");
    let ecdsa = EcdsaPrivateKey::from_scalar(EcdsaCurve::P256, &[0x5a; 32]).unwrap();
    for der in
        [ecdsa.write_sec1_der(&mut buffer).unwrap().to_vec(), ecdsa.write_pkcs8_der(&mut buffer).unwrap().to_vec()]
    {
        every_structure(&der, |changed| {
            EcdsaPrivateKey::from_der(changed).map(|key| assert!(key == ecdsa, "{changed:02x?}")).is_ok()
        });
    }
}

//! Private keys in DER as other programs write and read it: BER lengths with superfluous zeros, and RSA in a PKCS#8 that has
//! attributes, version 1, or no NULL. It is rewritten into the one encoding that the strict parsers accept.
//!
//! What is rewritten depends on tags and lengths, never on a number of the key.

use super::object_identifiers::RSA;
use crate::text::Normalization;
use alloc::vec::Vec;
use pkcs8::der::Decode;
use pkcs8::der::asn1::AnyRef;
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const ATTRIBUTES: u8 = 0xa0;
/// This bit of a tag says that the contents are elements.
const CONSTRUCTED: u8 = 0x20;

/// Keys need five levels.
const MAX_DEPTH: usize = 8;

/// An element of BER with a definite length.
#[derive(Clone, Copy)]
struct Element<'a> {
    tag: u8,
    contents: &'a [u8],
}

impl<'a> Element<'a> {
    /// Reads the next element. None if it is malformed, or has no definite length.
    fn next(ber: &mut &'a [u8]) -> Option<Self> {
        let (&tag, rest) = ber.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x88 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length = bytes
                    .iter()
                    .try_fold(0_usize, |length, byte| Some(length.checked_mul(256)? + usize::from(*byte)))?;
                (length, rest)
            }
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        *ber = rest;
        Some(Self { tag, contents })
    }

    /// All elements of some contents.
    fn all(mut ber: &'a [u8]) -> Option<Vec<Self>> {
        let mut elements = Vec::new();
        while !ber.is_empty() {
            elements.push(Self::next(&mut ber)?);
        }
        Some(elements)
    }
}

/// The DER of a private key in BER with superfluous zeros in its lengths. None if there are none, or if the structure is
/// another one.
pub(super) fn with_short_lengths(ber: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // Rewriting only shortens.
    let mut der = Zeroizing::new(Vec::with_capacity(ber.len()));
    write_key(ber, &mut der)?;
    (der.len() < ber.len()).then_some(der)
}

/// The contents of the octet string of an unencrypted PKCS#8, which has a version, an algorithm and that.
fn octet_string<'a>(elements: &[Element<'a>]) -> Option<&'a [u8]> {
    match elements {
        [version, algorithm, key, ..] if [version.tag, algorithm.tag, key.tag] == [INTEGER, SEQUENCE, OCTET_STRING] => {
            Some(key.contents)
        }
        _ => None,
    }
}

/// Writes a private key with the shortest lengths.
fn write_key(mut ber: &[u8], der: &mut Vec<u8>) -> Option<()> {
    let key = Element::next(&mut ber).filter(|_| ber.is_empty())?;
    if key.tag & CONSTRUCTED == 0 {
        return write(key.tag, key.contents, der);
    }
    let elements = Element::all(key.contents)?;
    let is_pkcs8 = octet_string(&elements).is_some();
    let mut contents = Zeroizing::new(Vec::with_capacity(key.contents.len()));
    for (at, element) in elements.iter().enumerate() {
        if is_pkcs8 && at == 2 {
            let mut inside = Zeroizing::new(Vec::with_capacity(element.contents.len()));
            write_key(element.contents, &mut inside)?;
            write(OCTET_STRING, &inside, &mut contents)?;
        } else {
            write_element(*element, 0, &mut contents)?;
        }
    }
    write(key.tag, &contents, der)
}

/// Writes an element, and those inside it, with the shortest lengths.
fn write_element(element: Element<'_>, depth: usize, der: &mut Vec<u8>) -> Option<()> {
    if element.tag & CONSTRUCTED == 0 {
        return write(element.tag, element.contents, der);
    }
    let mut contents = Zeroizing::new(Vec::with_capacity(element.contents.len()));
    for inner in Element::all(element.contents).filter(|_| depth < MAX_DEPTH)? {
        write_element(inner, depth + 1, &mut contents)?;
    }
    write(element.tag, &contents, der)
}

fn write(tag: u8, contents: &[u8], der: &mut Vec<u8>) -> Option<()> {
    der.push(tag);
    let length = u16::try_from(contents.len()).ok()?;
    let [high, low] = length.to_be_bytes();
    match length {
        0..=0x7f => der.push(low),
        0x80..=0xff => der.extend_from_slice(&[0x81, low]),
        _ => der.extend_from_slice(&[0x82, high, low]),
    }
    der.extend_from_slice(contents);
    Some(())
}

/// The PKCS#1 inside a PKCS#8 that has more or less than a version of 0, the algorithm with NULL, and the key; and what is
/// unusual. A public key there is left to the strict parser.
pub(super) fn inside_pkcs8(der: &[u8]) -> Option<(Zeroizing<Vec<u8>>, Vec<Normalization>)> {
    let mut rest = der;
    let elements = Element::all(Element::next(&mut rest).filter(|_| rest.is_empty())?.contents)?;
    let [version, algorithm, key, more @ ..] = &elements[..] else { return None };
    octet_string(&elements)?;
    let mut written = Vec::new();
    write(SEQUENCE, algorithm.contents, &mut written)?;
    let algorithm = AlgorithmIdentifierRef::from_der(&written).ok()?;
    let is_null = match algorithm.parameters {
        None => false,
        parameters if parameters == Some(AnyRef::NULL) => true,
        _ => return None,
    };
    let has_attributes = match more {
        [] => false,
        [attributes] if attributes.tag == ATTRIBUTES => true,
        _ => return None,
    };
    let mut changes = Vec::new();
    changes.extend((version.contents == [1]).then_some(Normalization::OtherVersion));
    changes.extend((!is_null).then_some(Normalization::MissingNull));
    changes.extend(has_attributes.then_some(Normalization::Attributes));
    if algorithm.oid != RSA || changes.is_empty() || !matches!(version.contents, [0 | 1]) {
        return None;
    }
    let mut inside = Zeroizing::new(Vec::with_capacity(key.contents.len()));
    inside.extend_from_slice(key.contents);
    Some((inside, changes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    const VERSION: [u8; 3] = [INTEGER, 1, 0];
    const KEY: [u8; 4] = [OCTET_STRING, 2, 1, 2];

    fn sequence(parts: &[&[u8]]) -> Vec<u8> {
        let mut der = Vec::new();
        write(SEQUENCE, &parts.concat(), &mut der).unwrap();
        der
    }

    /// An algorithm: RSA's object identifier, with `last` XORed into its last byte, and the parameters.
    fn algorithm(last: u8, parameters: &[u8]) -> Vec<u8> {
        let mut name = vec![6, 9];
        name.extend_from_slice(RSA.as_bytes());
        name[10] ^= last;
        sequence(&[&name, parameters])
    }

    #[test]
    fn what_is_unusual_in_a_pkcs8_is_named_and_anything_else_is_left_alone() {
        use Normalization::{Attributes, MissingNull, OtherVersion};
        let changes = |version: u8, algorithm: &[u8], more: &[u8]| {
            let version = [INTEGER, 1, version];
            let found = inside_pkcs8(&sequence(&[&version, algorithm, &KEY, more]));
            found.map(|(inside, changes)| {
                assert_eq!(**inside, KEY[2..]);
                changes
            })
        };
        let (rsa, bare, null) = (algorithm(0, &[5, 0]), algorithm(0, &[]), [5, 0]);
        let (attributes, empty_set) = ([ATTRIBUTES, 0], [0x31, 0]);
        assert_eq!(changes(0, &rsa, &[]), None);
        assert_eq!(changes(1, &rsa, &[]), Some(vec![OtherVersion]));
        assert_eq!(changes(0, &bare, &[]), Some(vec![MissingNull]));
        assert_eq!(changes(0, &rsa, &attributes), Some(vec![Attributes]));
        assert_eq!(changes(1, &bare, &attributes), Some(vec![OtherVersion, MissingNull, Attributes]));
        // Another version, another type, other parameters, other fields.
        assert_eq!(changes(2, &rsa, &attributes), None);
        assert_eq!(changes(1, &algorithm(2, &null), &[]), None);
        assert_eq!(changes(0, &algorithm(2, &null), &attributes), None);
        assert_eq!(changes(1, &algorithm(0, &VERSION), &[]), None);
        assert_eq!(changes(1, &rsa, &empty_set), None);
        assert_eq!(changes(1, &rsa, &[attributes, attributes].concat()), None);
    }

    #[test]
    fn lengths_are_shortened_to_a_certain_depth() {
        // Sequences in sequences, each with a length of two bytes.
        let nested = |levels: usize| {
            (0..levels).fold(VERSION.to_vec(), |inside, _| {
                let [high, low] = u16::try_from(inside.len()).unwrap().to_be_bytes();
                [&[SEQUENCE, 0x82, high, low], &inside[..]].concat()
            })
        };
        for levels in 1..=MAX_DEPTH + 1 {
            let short = (0..levels).fold(VERSION.to_vec(), |inside, _| sequence(&[&inside]));
            assert_eq!(with_short_lengths(&nested(levels)).as_deref(), Some(&short), "{levels}");
        }
        for levels in [MAX_DEPTH + 2, MAX_DEPTH + 3, 1000] {
            assert!(with_short_lengths(&nested(levels)).is_none(), "{levels}");
        }
    }
}

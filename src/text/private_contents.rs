//! Recognises a private key by the contents of its PEM block, whatever the label says, even if the block is damaged.
//!
//! OpenSSL and `ssh-keygen` choose the parser of a block by its contents: they read a private key from a block that is labelled
//! as public. This looks at the start of the contents, by tags and lengths only. It recognises more than this crate reads: it is
//! used to reject a file with two keys.

use alloc::vec;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

/// What the contents of an OpenSSH private key begin with.
const OPENSSH: &[u8] = b"openssh-key-v1\0";

/// How many digits are decoded: more than the parameters of any encryption need.
const HEAD_DIGITS: usize = 512;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
/// An octet string in parts, which BER allows.
const OCTET_STRINGS: u8 = 0x24;
const NAME: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// Whether what follows a BEGIN line is a private key, encrypted or not. It ends at the next two hyphens.
pub(super) fn holds_a_private_key(text: &[u8]) -> bool {
    let end = text.windows(2).position(|two| two == b"--").unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    let mut digits = Zeroizing::new(Vec::with_capacity(text.len()));
    // OpenSSL takes what is before an empty line for headers, and reads only what is after it.
    let mut starts = vec![0];
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii) {
        // Nobody encrypts a public key.
        if line.starts_with(b"Proc-Type:") || line.starts_with(b"DEK-Info:") {
            return true;
        }
        if line.is_empty() || line.contains(&b':') {
            starts.push(digits.len());
        } else {
            push_digits(line, &mut digits);
        }
    }
    starts.dedup();
    starts.into_iter().any(|start| digits.get(start..).and_then(head).is_some_and(|head| begins_a_key(&head)))
}

/// Appends a line without white space and escapes.
fn push_digits(line: &[u8], digits: &mut Vec<u8>) {
    let mut bytes = line.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next_if(|letter| matches!(letter, b'n' | b'r' | b't'))),
            byte if byte.is_ascii_whitespace() => {}
            byte => digits.push(byte),
        }
    }
}

/// Decodes the first digits, up to padding or a hyphen, where decoders stop.
fn head(digits: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let digits = digits.get(..digits.len().min(HEAD_DIGITS))?;
    let end = digits.iter().position(|byte| matches!(byte, b'=' | b'-')).unwrap_or(digits.len());
    let mut bytes = Zeroizing::new(vec![0; end / 4 * 3]);
    Base64::decode(digits.get(..end / 4 * 4)?, &mut bytes).ok()?;
    Some(bytes)
}

/// An element whose contents may be cut off.
struct Element<'a> {
    tag: u8,
    contents: &'a [u8],
    /// None if the length is indefinite.
    behind: Option<&'a [u8]>,
}

impl<'a> Element<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let [tag, first, rest @ ..] = bytes else { return None };
        let (length, rest) = match first {
            0x80 => return Some(Self { tag: *tag, contents: rest, behind: None }),
            0..0x80 => (usize::from(*first), rest),
            _ => {
                let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length = length
                    .iter()
                    .fold(0_usize, |length, byte| length.saturating_mul(256).saturating_add(usize::from(*byte)));
                (length, rest)
            }
        };
        let (contents, behind) = rest.split_at(length.min(rest.len()));
        Some(Self { tag: *tag, contents, behind: Some(behind) })
    }

    /// The tag of the next element. None if it is unknown.
    fn next_tag(&self) -> Option<u8> {
        self.behind.and_then(|behind| behind.first().copied())
    }
}

/// Whether bytes begin like a private key: PKCS#1, DSA, SEC 1, PKCS#8, encrypted or not, or OpenSSH's.
fn begins_a_key(bytes: &[u8]) -> bool {
    if bytes.starts_with(OPENSSH) {
        return true;
    }
    let Some(whole) = Element::read(bytes).filter(|whole| whole.tag == SEQUENCE) else { return false };
    let Some(first) = Element::read(whole.contents) else { return false };
    let is_octets = |tag: Option<u8>| matches!(tag, None | Some(OCTET_STRING | OCTET_STRINGS));
    match first.tag {
        // A version. Explicit parameters of a curve have one too, and two sequences after it, as PKCS#12 has.
        INTEGER if first.contents.iter().skip_while(|byte| **byte == 0).count() <= 1 => {
            match first.behind.and_then(Element::read) {
                Some(second) if second.tag == SEQUENCE => is_octets(second.next_tag()),
                Some(second) => matches!(second.tag, INTEGER | OCTET_STRING | OCTET_STRINGS),
                None => false,
            }
        }
        // The algorithm of an encryption. After that of a public key is a bit string.
        SEQUENCE if first.contents.first() == Some(&NAME) => is_octets(first.next_tag()),
        _ => false,
    }
}

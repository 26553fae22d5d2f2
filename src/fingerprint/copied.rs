//! Reads fingerprints in every form that people copy.
//!
//! The digest is base64, padded or not, or hexadecimal digits in either case, with colons or without. The name of the hash and a
//! colon or a space may precede it, in either case. White space and quotes around it, a byte order mark and a final full stop are
//! skipped, and so is the rest of a line of `ssh-keygen -l` or of PuTTY.

use super::hash_algorithm::HashAlgorithm;
use crate::error::{Error, ErrorKind};
use base64ct::{Base64, Base64Unpadded, Encoding};

/// The length in bytes of the longest digest.
const MAX_BYTES: usize = 64;

/// A digest that was read.
pub(super) struct Copied {
    pub(super) algorithm: HashAlgorithm,
    bytes: [u8; MAX_BYTES],
}

impl Copied {
    /// The digest, if it is one of `algorithm`, whose digests have `N` bytes.
    pub(super) fn of<const N: usize>(&self, algorithm: HashAlgorithm) -> Option<[u8; N]> {
        self.bytes.first_chunk().copied().filter(|_| self.algorithm == algorithm)
    }
}

/// Reads a fingerprint. Without the name of the hash, the length of the digest decides. Hexadecimal SHA-1 needs the name,
/// because services also show such digits for data other than a blob.
pub(super) fn read(text: &str) -> Result<Copied, Error> {
    let (name, word) = digest_word(text).ok_or(invalid())?;
    let (name, digest) = match word.split_once(':') {
        Some((inner, digest)) if name.is_none() && is_name(inner) => (Some(inner), digest),
        _ => (name, word),
    };
    let is_hex = digest.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    let candidates = HashAlgorithm::ALL
        .iter()
        .copied()
        .filter(|algorithm| name.is_none_or(|name| algorithm.in_capitals().eq_ignore_ascii_case(name)));
    for algorithm in candidates {
        let mut bytes = [0; MAX_BYTES];
        let length = algorithm.bytes();
        let is_known = name.is_some() || algorithm != HashAlgorithm::Sha1;
        // 64 hexadecimal digits could also be base64 of a SHA-384, but are a SHA-256.
        let may_be_base64 = algorithm != HashAlgorithm::Md5 && (name.is_some() || !is_hex);
        let found = bytes
            .get_mut(..length)
            .is_some_and(|bytes| is_known && read_hex(digest, bytes) || may_be_base64 && read_base64(digest, bytes));
        if found {
            return Ok(Copied { algorithm, bytes });
        }
    }
    Err(invalid())
}

/// Reads hexadecimal digits of `N` bytes, with colons or without, and with white space around them.
pub(super) fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    read_hex(text.trim(), &mut bytes).then_some(bytes)
}

pub(super) fn invalid() -> Error {
    Error::new(ErrorKind::InvalidFingerprint)
}

fn is_name(word: &str) -> bool {
    HashAlgorithm::ALL.iter().any(|algorithm| algorithm.in_capitals().eq_ignore_ascii_case(word))
}

/// The word with the digest, and the name of the hash if that is a word of its own: the only word of a text, the word behind a
/// name, the second word of a line that begins with a number of bits, or the third if a key type is before the number, as in
/// PuTTY.
fn digest_word(text: &str) -> Option<(Option<&str>, &str)> {
    const QUOTES: [char; 7] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];
    let text =
        text.trim_start_matches('\u{feff}').trim().trim_matches(QUOTES).trim_end_matches('.').trim_matches(QUOTES);
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_line = !text.contains(['\n', '\r']);
    let mut words = text.split_whitespace();
    match (words.next()?, words.next(), words.next()) {
        (only, None, _) => Some((None, only)),
        (name, Some(digest), None) if is_name(name) && is_line => Some((Some(name), digest)),
        (bits, Some(digest), _) if is_number(bits) && is_line => Some((None, digest)),
        (name, Some(bits), Some(digest)) if name.contains('-') && is_number(bits) && is_line => Some((None, digest)),
        _ => None,
    }
}

/// Fills `bytes` from hexadecimal digits. Between colons, a leading zero may be missing.
fn read_hex(text: &str, bytes: &mut [u8]) -> bool {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let pair = |digits: &[u8]| match digits {
        [low] => digit(*low),
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    let mut fill = |parts: &mut dyn Iterator<Item = &[u8]>| {
        bytes.iter_mut().all(|byte| parts.next().and_then(pair).map(|value| *byte = value).is_some())
            && parts.next().is_none()
    };
    let text = text.as_bytes();
    if text.contains(&b':') {
        fill(&mut text.split(|byte| *byte == b':'))
    } else {
        text.len().is_multiple_of(2) && fill(&mut text.chunks(2))
    }
}

/// Fills `bytes` from base64, padded or not.
fn read_base64(text: &str, bytes: &mut [u8]) -> bool {
    // Room for what the padding stands for.
    let mut buffer = [0; MAX_BYTES + 2];
    let is_padded = text.ends_with('=');
    let decoded = if is_padded { Base64::decode(text, &mut buffer) } else { Base64Unpadded::decode(text, &mut buffer) };
    match decoded {
        Ok(digest) if digest.len() == bytes.len() => {
            bytes.copy_from_slice(digest);
            true
        }
        _ => false,
    }
}

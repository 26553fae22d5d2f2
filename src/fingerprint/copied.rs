//! Reads fingerprints in every form that people copy.
//!
//! The digest is base64, padded or not, or hexadecimal digits in either case, with colons or without. The name of the hash and a
//! colon may precede it, in either case. White space around it is skipped, and so is the rest of a line of `ssh-keygen -l`.

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

/// Reads a fingerprint. Without the name of its hash, its length shows it, except for hexadecimal digits of SHA-1: what was hashed
/// must be known, because services show such digits for other things than blobs.
pub(super) fn read(text: &str) -> Result<Copied, Error> {
    let word = digest_word(text).ok_or(invalid())?;
    let (name, digest) = match word.split_once(':') {
        Some((name, digest)) if is_name(name) => (Some(name), digest),
        _ => (None, word),
    };
    let is_hex = digest.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    let candidates = HashAlgorithm::ALL
        .into_iter()
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
    HashAlgorithm::ALL.into_iter().any(|algorithm| algorithm.in_capitals().eq_ignore_ascii_case(word))
}

/// The only word of a text, or the second word of a line that begins with a number of bits.
fn digest_word(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    let (first, second) = (words.next()?, words.next());
    match second {
        None => Some(first),
        Some(_) if first.bytes().all(|byte| byte.is_ascii_digit()) && !text.trim().contains(['\n', '\r']) => second,
        Some(_) => None,
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

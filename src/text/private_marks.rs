//! Recognises private keys, in text and in DER, by how they begin and by the markers of their formats.

use crate::error::{Error, ErrorKind, Field};
use base64_simd::{AsOut, STANDARD};
use memchr::memmem;

/// The digits of base64 by which DER is recognised: 24 bytes.
const DER_DIGITS: usize = 32;

/// Whether a text can contain any of the marks that [`reject_private_key`] looks for, by its length and its letters: false for
/// nearly all comments, and fast.
pub(super) fn may_contain_a_private_key(text: &str) -> bool {
    /// The set of the letters in a text, ignoring case.
    const fn letters(text: &[u8]) -> u32 {
        let (mut set, mut at) = (0, 0);
        while at < text.len() {
            if text[at].is_ascii_alphabetic() {
                set |= 1 << (text[at] & 31);
            }
            at += 1;
        }
        set
    }
    const MARKS: [u32; 4] = [letters(b"BEGIN PRIVATE KEY"), letters(PUTTY), letters(SSH_1), letters(OPENSSH)];
    let found = letters(text.as_bytes());
    (text.len() >= DER_DIGITS && text.contains('M')) || MARKS.iter().any(|mark| found & mark == *mark)
}

pub(super) const PUTTY: &[u8] = b"PuTTY-User-Key-File-";
pub(super) const SSH_1: &[u8] = b"SSH PRIVATE KEY FILE FORMAT";
/// The base64 of an OpenSSH private key without its PEM markers.
const OPENSSH: &[u8] = b"b3BlbnNzaC1rZXktdjE";

/// Rejects a text that contains a private key anywhere: after a byte order mark, after the attributes that `openssl pkcs12`
/// writes, or after a key type. The offset is that of the private key.
///
/// It searches the text several times, so it is meant for texts that are rejected anyway.
pub(crate) fn reject_private_key(text: &str) -> Result<(), Error> {
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let bytes = line.as_bytes();
        // PEM, the private counterparts of RFC 4716, and PGP; in upper or lower case, and with any dashes.
        if let Some(begin) = find_ignoring_case(bytes, b"BEGIN")
            && let Some(private) = find_ignoring_case(&bytes[begin..], b"PRIVATE")
            && find_ignoring_case(&bytes[begin + private..], b"KEY").is_some()
        {
            let before = &line[..begin];
            let dashes = before.strip_suffix(' ').filter(|dashes| dashes.ends_with('-')).unwrap_or(before);
            return Err(
                Field::PublicKey.error_at(ErrorKind::PrivateKeyGiven, start + dashes.trim_end_matches('-').len())
            );
        }
        for mark in [PUTTY, SSH_1, OPENSSH] {
            if let Some(at) = memmem::find(bytes, mark) {
                return Err(Field::PublicKey.error_at(ErrorKind::PrivateKeyGiven, start + at));
            }
        }
        // DER as base64 without PEM markers: the tag of a sequence makes the first digit an M.
        for (at, _) in line.match_indices('M') {
            let mut der = [0; 24];
            let is_start_of_word = !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/'));
            if is_start_of_word
                && let Some(digits) = line.as_bytes().get(at..at + DER_DIGITS)
                && STANDARD.decode(digits, der.as_mut_slice().as_out()).is_ok_and(|der| begins_a_private_key(der))
            {
                return Err(Field::PublicKey.error_at(ErrorKind::PrivateKeyGiven, start + at));
            }
        }
        start += line.len();
    }
    Ok(())
}

/// Whether DER begins like a private key, whatever its length field says: with version 0 or 1 of PKCS#1, PKCS#8 or SEC 1, or
/// with the object identifier of PBES2, as encrypted PKCS#8 does.
pub(crate) fn begins_a_private_key(der: &[u8]) -> bool {
    const PBES2: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
    match content(der) {
        Some([2, 1, 0 | 1, _, ..]) => true,
        Some(algorithm) => content(algorithm).is_some_and(|name| name.starts_with(PBES2)),
        None => false,
    }
}

/// What follows the header of a sequence.
fn content(der: &[u8]) -> Option<&[u8]> {
    match der {
        [0x30, 0..=0x7f, content @ ..]
        | [0x30, 0x81, _, content @ ..]
        | [0x30, 0x82, _, _, content @ ..]
        | [0x30, 0x83, _, _, _, content @ ..] => Some(content),
        _ => None,
    }
}

/// The position of an ASCII word in a text, ignoring case.
pub(super) fn find_ignoring_case(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word))
}

/// The error for a rejected text. If it contains a private key, that takes precedence over `error`.
pub(crate) fn or_private_key(text: &str, error: Error) -> Error {
    reject_private_key(text).err().unwrap_or(error)
}

//! Is this a private key? What tells one from its looks, in text and in DER.

use crate::error::{Error, ErrorKind, Field};
use base64_simd::{AsOut, STANDARD};

/// No private key is shorter than this, and few comments are longer: those of a line are looked through.
pub(crate) const SHORTEST_PRIVATE_KEY: usize = 48;

/// Refuses a text that holds a private key, wherever in it: behind a byte order mark, the attributes that `openssl pkcs12`
/// writes, or a key type. The offset is that of the key.
///
/// It reads the text several times: for texts that are refused anyway.
pub(crate) fn reject_private_key(text: &str) -> Result<(), Error> {
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        // PEM, RFC 4716's cousins, PGP; in any case and with any dashes.
        if let Some(begin) = find_ignoring_case(line, "BEGIN")
            && let Some(private) = find_ignoring_case(&line[begin..], "PRIVATE")
            && find_ignoring_case(&line[begin + private..], "KEY").is_some()
        {
            let before = &line[..begin];
            let dashes = before.strip_suffix(' ').filter(|dashes| dashes.ends_with('-')).unwrap_or(before);
            return Err(
                Field::PublicKey.error_at(ErrorKind::PrivateKeyGiven, start + dashes.trim_end_matches('-').len())
            );
        }
        // PuTTY; SSH 1; the base64 of an OpenSSH private key without its frame.
        for mark in ["PuTTY-User-Key-File-", "SSH PRIVATE KEY FILE FORMAT", "b3BlbnNzaC1rZXktdjE"] {
            if let Some(at) = line.find(mark) {
                return Err(Field::PublicKey.error_at(ErrorKind::PrivateKeyGiven, start + at));
            }
        }
        // DER without its frame: the tag of a sequence is an M.
        for (at, _) in line.match_indices('M') {
            let mut der = [0; 24];
            let is_start_of_word = !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/'));
            if is_start_of_word
                && let Some(digits) = line.as_bytes().get(at..at + 32)
                && STANDARD.decode(digits, der.as_mut_slice().as_out()).is_ok_and(|der| begins_a_private_key(der))
            {
                return Err(Field::PublicKey.error_at(ErrorKind::PrivateKeyGiven, start + at));
            }
        }
        start += line.len();
    }
    Ok(())
}

/// Whether DER begins as that of a private key does, whatever its length says: with the version 0 or 1 of PKCS#1, PKCS#8 or
/// SEC 1, or with the name of PBES2, as the encrypted PKCS#8 does.
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

/// Where an ASCII word is in a text, in any case.
fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len()).position(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// The error of a refused text: that it holds a private key counts for more than what was wrong with it.
pub(crate) fn or_private_key(text: &str, error: Error) -> Error {
    reject_private_key(text).err().unwrap_or(error)
}

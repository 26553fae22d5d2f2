//! Finds public keys inside texts that belong to a line: its comment and the values of its options.
//!
//! Some readers look for the base64 of a key in every word of a line. Go's `x/crypto/ssh` did so until version 0.54: if it
//! rejects the key of a line, it accepts one that it finds in the comment or in an option. For such a reader, a comment with
//! a key is a second authorized key.

use base64ct::{Base64Unpadded, Encoding};

/// The length of the longest name of a key type: RFC 4251, section 6.
const MAX_NAME_BYTES: usize = 64;
/// As many base64 digits as are needed for the length of a name and the name: 3 bytes in 4 digits.
const MAX_DIGITS: usize = (4 + MAX_NAME_BYTES).div_ceil(3) * 4;
/// The first digits of every string that is shorter than 256 bytes: three zero bytes.
const START: &str = "AAAA";
/// How the names of all types of keys and certificates begin, whether this crate supports them or not.
const NAMES: [&[u8]; 5] = [b"ssh-", b"ecdsa-", b"sk-", b"rsa-", b"webauthn-"];

/// The offset of the first word that is base64 of a blob whose first string is the name of a key or certificate type.
///
/// A word is what is between any characters that are not base64, not only between spaces.
pub(crate) fn embedded_key(text: &str) -> Option<usize> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.match_indices(START).map(|(at, _)| at).find(|at| {
        let (before, word) = text.as_bytes().split_at(*at);
        let digits = word.iter().take(MAX_DIGITS).take_while(|byte| is_digit(byte)).count();
        let mut blob = [0; MAX_DIGITS / 4 * 3];
        !before.last().is_some_and(is_digit)
            && word
                .get(..digits / 4 * 4)
                .is_some_and(|word| Base64Unpadded::decode(word, &mut blob).is_ok_and(begins_with_a_name))
    })
}

/// Whether a blob begins with a string that is the name of a type, and more after it.
fn begins_with_a_name(blob: &[u8]) -> bool {
    let Some((length, rest)) = blob.split_first_chunk::<4>() else { return false };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    rest.get(..length).is_some_and(|name| NAMES.iter().any(|start| name.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    const KEY: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";

    #[test]
    fn a_key_is_found_in_any_word() {
        for (before, after) in [("", ""), ("me ", " you"), ("me\u{a0}", "\t"), ("K=", "\""), ("x:", ","), ("ä", "ä")]
        {
            assert_eq!(embedded_key(&format!("{before}{KEY}{after}")), Some(before.len()));
        }
        // A certificate, and the start of a key.
        assert_eq!(embedded_key("AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29t"), Some(0));
        assert_eq!(embedded_key(&KEY[..20]), Some(0));
    }

    #[test]
    fn other_words_are_not_keys() {
        for text in ["", "AAAA", "me@host", "AAAAB3NzaC1", "AAAAAAAAAAAAAAAAAAAAAAAA", &KEY[1..], &format!("x{KEY}")] {
            assert_eq!(embedded_key(text), None, "{text}");
        }
    }
}

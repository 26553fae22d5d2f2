//! Inputs that are not UTF-8, whose invalid bytes are replaced.

use crate::error::Error;
use alloc::borrow::Cow;
use alloc::string::String;

/// Reads an input as text, with U+FFFD instead of the bytes that are not UTF-8; `read` is told whether there are any. Offsets of
/// errors count the bytes of the input.
pub(crate) fn with_lossy_text<T>(input: &[u8], read: impl FnOnce(&str, bool) -> Result<T, Error>) -> Result<T, Error> {
    match String::from_utf8_lossy(input) {
        Cow::Borrowed(text) => read(text, false),
        Cow::Owned(text) => {
            read(&text, true).map_err(|error| error.moved_in_text(|offset| place_in_bytes(input, offset)))
        }
    }
}

/// The place in the bytes that an offset means in the text which `String::from_utf8_lossy` makes of them.
fn place_in_bytes(bytes: &[u8], offset: usize) -> usize {
    let (mut in_text, mut in_bytes) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid().len();
        if offset <= in_text + valid {
            return in_bytes + offset - in_text;
        }
        (in_text, in_bytes) = (in_text + valid, in_bytes + valid);
        if offset < in_text + char::REPLACEMENT_CHARACTER.len_utf8() {
            return in_bytes;
        }
        in_text += char::REPLACEMENT_CHARACTER.len_utf8();
        in_bytes += chunk.invalid().len();
    }
    in_bytes
}

#[cfg(test)]
mod tests {
    use super::place_in_bytes;
    use std::string::String;

    #[test]
    fn every_character_that_is_not_replaced_has_its_place() {
        let cases: [&[u8]; 6] =
            [b"", b"abc", b"a\xffbc", b"\xff\xfe\xffx", "\u{e9}\u{20ac}".as_bytes(), b"\xe2\x82z\xf0\x9f\x98w\xff"];
        for bytes in cases {
            let text = String::from_utf8_lossy(bytes);
            for (at, c) in text.char_indices() {
                let place = place_in_bytes(bytes, at);
                if c == char::REPLACEMENT_CHARACTER {
                    assert!(core::str::from_utf8(&bytes[place..]).is_err(), "{bytes:?} {at}");
                } else {
                    assert!(bytes[place..].starts_with(c.encode_utf8(&mut [0; 4]).as_bytes()), "{bytes:?} {at}");
                }
            }
            assert_eq!(place_in_bytes(bytes, text.len()), bytes.len());
            assert_eq!(place_in_bytes(bytes, text.len() + 9), bytes.len());
        }
    }
}

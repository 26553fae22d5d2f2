//! Decodes a word of base64.

use crate::kernels::cpu::{Portable, on_best_backend};
use base64_simd::{AsOut, STANDARD};

/// A word that has been decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The length of the word in the text.
    pub(crate) text: usize,
    /// How many bytes were decoded.
    pub(crate) bytes: usize,
}

/// Decodes the word at the beginning of `text`, up to the end or to a space or a tab, into the start of `output`. Returns
/// `None` if it is not base64 or does not fit `output`, whose contents are then meaningless.
#[inline]
pub(crate) fn decode_word(text: &[u8], output: &mut [u8]) -> Option<Decoded> {
    on_best_backend!(backend in [Vbmi] => backend.decode_word(text, output))
}

/// The operation that a backend implements.
pub(super) trait DecodeWord: Copy {
    /// See [`decode_word`].
    fn decode_word(self, text: &[u8], output: &mut [u8]) -> Option<Decoded>;
}

impl DecodeWord for Portable {
    fn decode_word(self, text: &[u8], output: &mut [u8]) -> Option<Decoded> {
        let word = &text[..memchr::memchr2(b' ', b'\t', text).unwrap_or(text.len())];
        if output.len() < STANDARD.decoded_length(word).ok()? {
            return None;
        }
        let bytes = STANDARD.decode(word, output.as_out()).ok()?.len();
        Some(Decoded { text: word.len(), bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::on_every_backend;
    use crate::kernels::guard;
    use crate::random::Random;
    use std::boxed::Box;
    use std::vec::Vec;
    use std::{format, vec};

    /// Asserts that every backend, the best one, and `base64ct` give the same result for a text and buffers of several sizes.
    fn all_agree(text: &str) {
        // In a heap block without spare bytes.
        let text: &str = &Box::<str>::from(text);
        let word = text.split([' ', '\t']).next().unwrap();
        let mut expected = vec![0; word.len()];
        let expected = <base64ct::Base64 as base64ct::Encoding>::decode(word, &mut expected).ok();
        let needed = expected.map_or(0, <[u8]>::len);
        for room in [0, needed.saturating_sub(1), needed, needed + 1, needed + 70] {
            let expected = expected.filter(|bytes| bytes.len() <= room);
            let agree = |decoded: Option<Decoded>, output: &[u8]| {
                assert_eq!(decoded.map(|decoded| &output[..decoded.bytes]), expected, "{text:?} into {room}");
                assert!(decoded.is_none_or(|decoded| decoded.text == word.len()));
            };
            let mut output = vec![0x5a; room];
            agree(decode_word(text.as_bytes(), &mut output), &output);
            on_every_backend!(backend in [Portable, Vbmi] => {
                let mut output = vec![0x5a; room];
                agree(backend.decode_word(text.as_bytes(), &mut output), &output);
            });
        }
    }

    #[test]
    fn all_lengths_and_ends_decode_as_base64ct_does() {
        let mut random = Random(1);
        for length in 0..=330 {
            let bytes: Vec<u8> = (0..length).map(|_| random.next().to_le_bytes()[0]).collect();
            let text = <base64ct::Base64 as base64ct::Encoding>::encode_string(&bytes);
            for end in ["", " ", "\t", " me@host and a comment that is longer than any vector register is wide"] {
                all_agree(&format!("{text}{end}"));
            }
            for end in ["=", "==", "A", "AA", "A=", "\n", "\0", "-", "=\u{e9} ", "= = "] {
                all_agree(&format!("{text}{end}"));
                all_agree(&format!("{}{end}", text.trim_end_matches('=')));
            }
        }
    }

    #[test]
    fn nothing_but_the_text_and_the_bytes_is_accessed() {
        guard::on_each_side(|| {
            for length in 0..=200 {
                all_agree(&"A".repeat(length));
                all_agree(&format!("{} me", "A".repeat(length)));
            }
        });
    }

    #[test]
    fn every_byte_in_every_place_is_a_digit_or_is_not() {
        let text: Vec<u8> = (0..132).map(|i| b"ABCDxyz0189+/"[i % 13]).collect();
        for place in 0..text.len() {
            for byte in 0..=0x7f {
                let mut changed = text.clone();
                changed[place] = byte;
                all_agree(str::from_utf8(&changed).unwrap());
            }
        }
        for byte in 0x80..=0xff_u8 {
            for place in [0, 3, 63, 64, 131] {
                let mut changed = text.clone();
                changed[place] = byte;
                let mut output = [0; 200];
                assert_eq!(decode_word(&changed, &mut output), None);
                on_every_backend!(backend in [Portable, Vbmi] => {
                    assert_eq!(backend.decode_word(&changed, &mut output), None);
                });
            }
        }
    }

    #[test]
    fn every_digit_at_the_end_has_its_stray_bits() {
        for digit in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".map(char::from) {
            for before in ["", "AAAA", &"A".repeat(64)] {
                all_agree(&format!("{before}A{digit}=="));
                all_agree(&format!("{before}AA{digit}="));
                all_agree(&format!("{before}AAA{digit}"));
            }
        }
    }
}

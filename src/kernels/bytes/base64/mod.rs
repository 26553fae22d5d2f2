//! Base64 (RFC 4648, section 4) of public text: padded, and canonical, so that no two texts are the same bytes.
//!
//! The end of a word of base64 is found while it is decoded, 64 digits at a time with AVX-512 VBMI. Elsewhere one crate
//! finds the end and another decodes. Nothing here is secret: for what is, `base64ct` takes the same time for all digits.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod vbmi;
mod word;

pub(crate) use self::word::{Decoded, decode_word};

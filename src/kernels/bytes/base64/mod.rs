//! Base64 (RFC 4648, section 4) of public text: padded, and canonical, so that every byte string has exactly one encoding.
//!
//! With AVX-512 VBMI, a word of base64 is decoded 64 digits at a time, and its end is found in the same pass. On other CPUs one
//! crate finds the end, and another decodes. Nothing here is secret; for secrets there is `base64ct`, whose time does not
//! depend on the digits.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod vbmi;
mod word;

pub(crate) use self::word::{Decoded, decode_word};

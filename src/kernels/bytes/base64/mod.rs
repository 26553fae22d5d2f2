//! Base64 (RFC 4648, section 4) of public text.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod vbmi;
mod word;

pub(crate) use self::word::{Decoded, decode_word};

//! Bytes that are not numbers: base64 and MD5.

pub(crate) mod base64;
#[cfg(feature = "alloc")]
pub(crate) mod md5;

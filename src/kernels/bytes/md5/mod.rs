//! MD5 (RFC 1321) of many messages side by side.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod avx2;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod avx512;
mod digest;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod lanes;

pub(crate) use self::digest::{MAX_LANES, Padded, digest_all};

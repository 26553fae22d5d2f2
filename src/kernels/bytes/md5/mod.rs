//! MD5 (RFC 1321) of many messages side by side, one message per lane.
//!
//! MD5 is a chain of steps that wait for each other, so a CPU is mostly idle with a single message. Hashing many messages side
//! by side keeps it busy.
//!
//! | | side by side | needs | ns for an RSA-2048 blob |
//! |---|---|---|---|
//! | `avx512` | 64 | x86-64 with AVX-512 F | 16 to 17 |
//! | `avx2` | 24 | x86-64 with AVX2 | 46 |
//! | portable | 1 | nothing; it calls the crate `md-5` | 450 |
//!
//! (279 bytes, five blocks, with padding; 1,024 of them one after the other on an AMD EPYC, family 26, 4.2 GHz, by `cargo test
//! --release --lib md5::digest::tests::speed -- --ignored --nocapture`.) Blobs of many lengths take 32 ns in random order, and
//! 18 ns if they are sorted by length.
//!
//! We do not use the existing crates: `md5-many` 0.1.0-alpha.4 takes 29 ns, and 103 ns for unsorted lengths, and has 14,000
//! lines with 160 uses of `unsafe`; `md5-simd` 0.2.0 takes 66 and 352 ns. Here there are four `unsafe` blocks.
//!
//! A block is 16 words of each message. They are transposed, so that a vector has the same word of different messages, and then
//! go through the 64 steps. When the message of a lane ends before others do, its digest is stored, and the lane goes on with
//! one of the other messages, so that no masks are needed.
//!
//! The running time depends on the number of messages and on their lengths, but not on their contents.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod avx2;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod avx512;
mod digest;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod lanes;
mod padded;

pub(crate) use self::digest::{MAX_MESSAGE_LANES, digest_all};
pub(crate) use self::padded::Padded;

//! MD5 (RFC 1321) of many messages side by side: a lane is a message of its own.
//!
//! One message is a chain of steps that wait for each other, and no CPU can hurry it. Many messages fill the time.
//!
//! | | side by side | needs | ns for an RSA-2048 blob |
//! |---|---|---|---|
//! | `avx512` | 64 | x86-64 with AVX-512 F | 16 to 17 |
//! | `avx2` | 24 | x86-64 with AVX2 | 46 |
//! | portable | 1 | nothing: it is the crate `md-5` | 450 |
//!
//! (279 bytes, five blocks, with padding; 1,024 of them one after the other on an AMD EPYC, family 26, 4.2 GHz, by
//! `cargo test --release --lib md5::digest::tests::speed -- --ignored --nocapture`.) Blobs of many lengths take 32 if they come
//! as they come, and 18 if they are sorted.
//!
//! The crates for this were not taken: `md5-many` 0.1.0-alpha.4 takes 29, and 103 of unsorted lengths, in 14,000 lines that
//! say `unsafe` 160 times; `md5-simd` 0.2.0 takes 66 and 352. Here there are four blocks of it.
//!
//! A block is 16 words of each message. They are transposed, so that a vector is the same word of different messages, and
//! then go through the 64 steps. A lane whose message ends before others stands on one of those from there on, and its digest
//! has been taken out: nothing is masked.
//!
//! Running time depends on how many messages there are and how long they are, and not on what they say.

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

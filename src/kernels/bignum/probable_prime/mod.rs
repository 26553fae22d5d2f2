//! Euler's test to base 2 (Solovay and Strassen, SIAM J. Computing 6, 1977) of one public number of up to 16384 bits.
//!
//! It is for the numbers of other people's public keys. They are not secret, and there is only one at a time, so
//! [`Backend`](super::Backend), which works on numbers side by side, does not fit. A composite that was built to pass this test
//! does pass: the test detects errors, but not fraud.
//!
//! | bits | portable, µs | `avx2`, µs | `ifma`, µs |
//! |---|---|---|---|
//! | 1024 | 281 | 172 | 134 to 138 |
//! | 2048 | 1,890 to 1,900 | 942 to 944 | 528 to 539 |
//! | 3072 | 6,290 to 6,340 | 2,770 | 1,620 to 1,670 |
//! | 4096 | 15,000 to 15,100 | 6,040 to 6,070 | 3,150 to 3,160 |
//! | 8192 | 126,000 to 128,000 | 42,900 to 43,600 | 22,200 to 23,100 |
//! | 16384 | 1,080,000 to 1,130,000 | 313,000 to 315,000 | 167,000 to 171,000 |
//!
//! (2-core x86-64 at about 3.8 GHz with AVX-512 IFMA; three times the best of the runs in a third of a second, by
//! `cargo test --release --lib probable_prime::euler::tests::speed -- --ignored --nocapture`.)
//!
//! The portable backend uses Montgomery's arithmetic (Math. Comp. 44, 1985) at the number's own width, and a doubling for each
//! set bit of the exponent. Two rows of a reduction in one pass, each with its own chain of carries, were no faster up to 4096
//! bits, and a tenth faster at 16384, so they were left out. `avx2` needs x86-64 with AVX2 and FMA. The fastest backend is
//! `ifma`. The docs of both say what was tried.
//!
//! No heap; at most 29 KiB of stack.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod avx2;
mod euler;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod ifma;

pub(crate) use self::euler::is_probable_prime_vartime;

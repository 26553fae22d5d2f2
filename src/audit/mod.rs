//! Weak keys, named: what a broken generator leaves in a public key, and keys whose private half is known.
//!
//! ```
//! use ssh_keypair::audit::{self, Severity, Weakness};
//! use ssh_keypair::PublicKey;
//!
//! let key: PublicKey = include_str!("../../tests/data/weak/close-primes.pub").parse()?;
//! let findings = audit::check(&key.key_data());
//! assert!(findings.contains(Weakness::ClosePrimes));
//! assert_eq!(findings.worst(), Some(Severity::Broken));
//! for weakness in findings.iter() {
//!     println!("{}: {} {weakness} ({})", weakness.severity(), weakness.field(), weakness.reference());
//! }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```
//!
//! A key that passes need not be sound: weak randomness that leaves no mark in one key cannot be seen in it. Two keys that
//! share a prime are seen side by side only: that is `shared_primes`, with the feature of that name.
//!
//! Nor are factors above 2^16 looked for, beyond what is listed in [`Weakness`]: a modulus with a prime of 20 or of 100 bits, or
//! a square times a prime, passes, though others may factor it.
//!
//! Nothing is looked for that the parsers refuse: even moduli and exponents, exponents below 3, points of small order and
//! points that are not on their curve. Nor are small private exponents: e has 33 bits at most, and as e d is above
//! lcm(p-1, q-1), d has at least as many as that, less 33; Wiener's attack, and Boneh and Durfee's, ask for an e as long as
//! n.
//!
//! # Time and memory
//!
//! Keys are public, and the time depends on them. No heap; less than 64 KiB of stack.
//!
//! Of an RSA key that nothing is found in, which takes the longest, in ms; and beside it what takes the most of it, Euler's test
//! for a modulus that is a prime, by what the CPU has, and in the last column all other checks:
//!
//! | bits | with AVX-512 IFMA | with AVX2 and FMA | elsewhere | of which all but Euler's test |
//! |---|---|---|---|---|
//! | 1024 | 0.17 | 0.21 | 0.32 | 0.04 |
//! | 2048 | 0.60 | 1.01 | 1.95 | 0.06 |
//! | 3072 | 1.7 | 2.9 | 6.4 | 0.1 |
//! | 4096 | 3.3 | 6.2 | 15 | 0.1 |
//! | 8192 | 23 | 43 | 127 | 0.3 |
//! | 16384 | 168 | 314 | 1080 | 0.7 |
//!
//! (2-core x86-64 at about 3.8 GHz with AVX-512 IFMA; the two columns after that are sums of the parts.) Of the other checks
//! at 2048 bits the small factors are half, 0.03, and the next are powers, 0.01, and, of one modulus in four, lower halves
//! that are equal, 0.01. `cargo bench --bench audit --features shared-primes` measures the whole, and `cargo test --release
//! --lib audit::rsa::tests::speed -- --ignored --nocapture` each check.
//!
//! The last row is the worst that anybody can send. e has 33 bits at most and counts for nothing. A modulus that was made to
//! pass the filters before the square roots of Fermat's method and of the lower halves adds 15 ms at 16384 bits. A service
//! sets a limit with `ImportPolicy::with_max_rsa_bits`.
//!
//! Keys of other types take a tenth of a microsecond, and a denylist of ten million records below one.

mod check;
mod close_primes;
mod denylist;
mod equal_halves;
mod findings;
mod guessable_secret;
mod pattern;
mod roca;
mod rsa;
#[cfg(feature = "shared-primes")]
mod shared_primes;

pub use crate::error::{Severity, Weakness};
pub use check::{check, check_with};
#[cfg(feature = "alloc")]
pub use denylist::Denylist;
pub use denylist::DenylistRef;
pub use findings::Findings;
#[cfg(feature = "shared-primes")]
pub use shared_primes::{SharedFactor, shared_primes, shared_primes_with};

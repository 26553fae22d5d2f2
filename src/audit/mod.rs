//! Finds weak keys: public keys that bear the marks of a broken generator, and keys whose private half is known. [`Weakness`]
//! lists them. A key is broken ([`Severity::Broken`]) if its private half can be computed from the public one, or has been
//! published. A note ([`Severity::Note`]) is worth knowing, but no practical attack is known.
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
//! An import rejects keys that are broken (`ImportPolicy::with_rejected_severity`) and reports other weaknesses
//! (`Record::findings`). [`check`] does more for any key. With the feature `shared-primes`, `shared_primes` checks a whole
//! table for RSA keys that share a prime, which a single key cannot show.
//!
//! A key that passes is not proven to be strong: weak randomness need not show in a single key.
//!
//! Factors above 2^16 are not searched for, beyond what [`Weakness`] lists: a modulus with a prime of 20 or of 100 bits, or a
//! square times a prime, passes, though others may factor it.
//!
//! Weaknesses that the parsers reject are not checked again: even moduli and exponents, exponents below 3, points of small
//! order, and points that are not on their curve.
//!
//! # In a service
//!
//! ```
//! # #[cfg(feature = "shared-primes")] {
//! use ssh_keypair::audit::{self, Severity, Weakness};
//! use ssh_keypair::keypair::{ImportPolicy, Profile, Record};
//! use ssh_keypair::{ErrorKind, PublicKey, RsaPublicKey};
//!
//! # let line = include_str!("../../tests/data/weak/close-primes.pub");
//! // An import rejects a key that is broken.
//! let error = Record::import("laptop".parse()?, line, None, &Profile::nova()).unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::Weak(Weakness::ClosePrimes));
//!
//! // Report weaknesses only, or reject notes as well.
//! let report = ImportPolicy::new().allow_weak_keys();
//! let reject = ImportPolicy::new().with_rejected_severity(Severity::Note);
//! assert!(report.accept(line).is_ok() && reject.accept(line).is_err());
//!
//! // Compare the RSA keys in a table with each other.
//! # let table: [PublicKey; 1] = [line.parse()?];
//! let keys: Vec<RsaPublicKey<'_>> = table.iter().filter_map(|key| key.key_data().as_rsa()).collect();
//! for factor in audit::shared_primes(&keys) {
//!     println!("keys {:?} share a prime: replace all of them", factor.keys());
//! }
//! # }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```
//!
//! # Time and memory
//!
//! Keys are public, and the time depends on them. The checks of one key do not allocate, and use less than 128 KiB of stack.
//!
//! There are two tiers. An import runs [`quick_check`], which takes microseconds. [`check`] also tests whether the modulus is a
//! prime, by Euler's test, for moduli of up to 4096 bits. That is the slowest check, and no incident with such a key is known, so
//! an import leaves it out. [`check_all`] tests the moduli of several keys in the time of one: eight with AVX-512 IFMA, four with
//! AVX2 and FMA.
//!
//! Milliseconds for an RSA key without findings, which takes the longest:
//!
//! | bits | [`quick_check`] | [`check`], with AVX2 and FMA | [`check_all`], each key |
//! |---|---|---|---|
//! | 1024 | 0.08 | 0.6 | 0.3 |
//! | 2048 | 0.13 | 4.7 | 0.9 |
//! | 3072 | 0.14 | 17 | 3.2 |
//! | 4096 | 0.15 | 27 | 8.2 |
//! | 16384 | 1.0 | the same | the same |
//!
//! (A shared 2-core AMD EPYC, family 25, with AVX2.)
//!
//! At 2048 bits, the checks of [`quick_check`] are: small factors, about half of the time; powers; and equal lower halves, which
//! are checked for one modulus in four. `cargo bench --bench audit --features shared-primes` measures the whole, and `cargo test
//! --release --lib audit::rsa::tests::speed -- --ignored --nocapture` each check.
//!
//! The last row is the worst case. e has at most 33 bits, and has no effect on the time. A modulus crafted to pass the filters
//! before the square roots in Fermat's method and in the check for equal halves adds 15 ms at 16384 bits. A service sets a
//! limit with `ImportPolicy::with_max_rsa_bits`.
//!
//! A key of another type takes a tenth of a microsecond, and a lookup in a denylist of ten million records takes less than a microsecond.
//!
//! `shared_primes` takes three and a half minutes and 1.5 GiB for 100,000 RSA-2048 keys.

mod check;
mod close_primes;
mod denylist;
mod equal_halves;
mod findings;
mod guessable_secret;
mod pattern;
mod prime_modulus;
mod roca;
mod rsa;
#[cfg(feature = "shared-primes")]
mod shared_primes;

pub use crate::error::{Severity, Weakness};
#[cfg(feature = "alloc")]
pub use check::check_all;
pub use check::{check, check_with, quick_check};
#[cfg(feature = "alloc")]
pub use denylist::Denylist;
pub use denylist::DenylistRef;
pub use findings::Findings;
#[cfg(feature = "shared-primes")]
pub use shared_primes::{SharedFactor, shared_primes, shared_primes_with};

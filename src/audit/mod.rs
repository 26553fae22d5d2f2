//! Finds weak keys: public keys that bear the marks of a broken generator, and keys whose private half is known. [`Weakness`]
//! lists them, each with its reference. What a severity means:
//!
//! | severity | meaning |
//! |---|---|
//! | [`Broken`](Severity::Broken) | this crate can compute the private half, or someone has published it, or how to compute it |
//! | [`Weak`](Severity::Weak) | a method is known and the work is feasible, but this crate does not do it |
//! | [`Note`](Severity::Note) | unusual; no practical attack is known |
//!
//! Nearly all checks that call an RSA key broken find a factor of its modulus, and report nothing otherwise, so they cannot be
//! wrong. [`factor()`] returns it. The exceptions are ROCA, a prime modulus, and denylists.
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
//! An import rejects keys that are broken
//! ([`ImportPolicy::with_rejected_severity`](crate::keypair::ImportPolicy::with_rejected_severity)) and reports other
//! weaknesses ([`Record::findings`](crate::keypair::Record::findings)). [`check`] does more for any key. With the feature
//! `shared-primes`, [`shared_primes()`] checks a whole table for RSA keys that share a prime, which a single key cannot show.
//!
//! # What no check can see
//!
//! A key that passes is not proven to be strong. Weak randomness need not show in a single key: two keys with a common prime
//! look sound each by itself, and so does a key of a generator with few states, which only a list of its keys finds. A private
//! key that was copied, or that a weak passphrase protects, leaves no mark at all.
//!
//! Prime factors above 2^17 are not searched for, beyond what [`Weakness`] lists: a modulus with a prime of 50 or of 100 bits,
//! or a square times a prime, passes, though others may factor it.
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
//! # Compared with others
//!
//! What others check in one RSA key, by the names in their sources, and what we do: badkeys 0.0.21; Google's paranoid_crypto
//! (`Check...`); the package `goodkey` of Boulder (Let's Encrypt); and the Baseline Requirements of the CA/Browser Forum (BR),
//! sections 6.1.1.3, 6.1.5 and 6.1.6. A dash means that we found no such check there.
//!
//! | check | badkeys | paranoid_crypto | Boulder | BR | here |
//! |---|---|---|---|---|---|
//! | size of the modulus | `rsawarnings` | `Sizes` | three sizes | from 2048 bits | a note below 2048 bits; [`ImportPolicy`](crate::keypair::ImportPolicy) sets limits |
//! | public exponent | `rsainvalid`, `rsawarnings` | `Exponents` | 65537 only | from 3, odd | below 3 rejected; notes below 65537 and above 24 bits |
//! | small factors | `smallfactors`, to 65537 | - | to 751 | below 752 | below 2^17 |
//! | prime modulus | - | - | - | - | [`check`] |
//! | perfect power | squares | - | - | yes | yes |
//! | Fermat's method, steps | 100 | 100,000 | 100 or more | 100 | 100; [`check`]: 100,000 |
//! | ratio of the primes | - | - | - | - | fractions up to 16/16, 2^k |
//! | difference near 2^k | - | `SmallUpperDifferences` | - | - | yes |
//! | equal halves | - | `HighAndLowBitsEqual` | - | - | yes |
//! | ROCA | `roca` | `ROCA` | yes | yes | yes |
//! | ROCA with another base | - | `ROCAVariant` | - | - | no |
//! | patterns in the modulus | `pattern` | - | - | - | a note |
//! | primes that repeat a word | - | `BitPatterns` | - | - | both primes, 8 to 256 bits |
//! | the same, with swapped words | - | `PermutedBitPatterns` | - | - | no |
//! | few digits other than 0 | `rsabias`, `rsapoly` | `LowHammingWeight` | - | - | weak; without the search |
//! | p-1 | - | `Pollardpm1`, 2^20 | - | - | [`check`], 2^10, and p+1 |
//! | small private exponent | `smalld` | - | - | - | no: it cannot occur with an e of 33 bits at most |
//! | continued fraction of n | - | `ContinuedFractions` | - | - | no |
//! | lists of known keys | `blocklist` | `OpensslDenylist` and others | yes | Debian's | those of badkeys, if they are loaded |
//! | prime in common with others | `sharedprimes` | `GCD` | - | - | [`shared_primes()`] |
//!
//! # Debian's keys of 2008
//!
//! From 2006 to 2008, Debian's OpenSSL drew keys from 2^15 seeds for each type, size and architecture (CVE-2008-0166). Such a
//! key looks like any other: only a list of these keys reveals it. badkeys has one. Its command `badkeys --update-bl` downloads
//! and decompresses `blocklist.dat`, into `~/.cache/badkeys`. The contents of that file go to [`Denylist`] or [`DenylistRef`],
//! and the denylist to [`ImportPolicy::with_denylist`](crate::keypair::ImportPolicy::with_denylist) or [`check_with`]. Call
//! [`DenylistRef::is_sorted`] once. The list number of a finding ([`Findings::list`]) says which of badkeys' lists the key is
//! on.
//!
//! # Time and memory
//!
//! Keys are public, and the time depends on them. The checks of one key do not allocate, and use less than 128 KiB of stack.
//!
//! There are two tiers. An import runs [`quick_check`]. [`check`] also does what takes milliseconds: 100,000 steps of Fermat's
//! method and differences of the primes near the largest powers of two; and, for moduli of up to 4096 bits, p-1 and p+1 with a
//! bound of 2^10, 2,048 steps of Pollard's rho method, and a test whether the modulus is a prime. [`check_all`] leaves out p-1,
//! p+1 and rho, and tests whether several moduli are primes in the time of one: eight with AVX-512 IFMA, four with AVX2 and FMA.
//!
//! Milliseconds for an RSA key without findings, which takes the longest, with AVX2 and FMA:
//!
//! | bits | [`quick_check`] | Fermat, differences | p-1, p+1, rho | prime test | prime test, each of many |
//! |---|---|---|---|---|---|
//! | 1024 | 0.12 | 0.7 | 5.7 | 0.4 | 0.1 |
//! | 2048 | 0.21 | 0.8 | 23 | 2.8 | 0.7 |
//! | 3072 | 0.32 | 0.7 | 52 | 9.5 | 2.3 |
//! | 4096 | 0.45 | 1.0 | 92 | 22 | 5.5 |
//! | 8192 | 1.2 | 1.8 | - | - | - |
//! | 16384 | 3.5 | 4.8 | - | - | - |
//!
//! (An AMD EPYC of family 25; the minimum of several runs.) `cargo test --release --lib audit::rsa::tests::speed -- --ignored
//! --nocapture` measures each check, and `cargo bench --bench audit` the functions.
//!
//! The functions have no step whose time a stranger can multiply. Before a check computes a square root, it looks at residues.
//! Those of n are not 0, because n has no small factor, so nobody can craft a modulus that passes all of them. A service sets a
//! limit on the size with [`ImportPolicy::with_max_rsa_bits`](crate::keypair::ImportPolicy::with_max_rsa_bits); the default is
//! 8192 bits.
//!
//! p-1 with a bound of 2^20 would take a thousand times as many steps as ours. We leave it out, as we do the elliptic curve
//! method for factors of 30 bits and more.
//!
//! A key of another type takes a hash and a lookup among a few thousand records. A lookup in a denylist of ten million
//! records, 160 MB in memory, takes 1.7 µs.
//!
//! [`shared_primes()`] takes three and a half minutes and 1.5 GiB for 100,000 RSA-2048 keys.

mod check;
mod close_primes;
mod denylist;
mod equal_halves;
mod factor;
mod findings;
mod guessable_secret;
#[cfg(all(test, feature = "shared-primes"))]
mod limits;
mod low_weight;
mod pattern;
mod prime_difference;
mod prime_modulus;
mod prime_ratio;
mod repeated_word;
mod roca;
mod rsa;
#[cfg(feature = "shared-primes")]
mod shared_primes;
mod smooth_order;
#[cfg(all(test, feature = "shared-primes"))]
mod test_numbers;
mod wide_root;

pub use crate::error::{Severity, Weakness};
#[cfg(feature = "alloc")]
pub use check::check_all;
pub use check::{check, check_with, factor, quick_check};
#[cfg(feature = "alloc")]
pub use denylist::Denylist;
pub use denylist::DenylistRef;
pub use factor::Factor;
pub use findings::{Findings, FindingsIter};
#[cfg(feature = "shared-primes")]
pub use shared_primes::{SharedFactor, shared_primes, shared_primes_with};

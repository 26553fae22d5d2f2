//! RSA keys, and their generation by FIPS 186-5, Appendix A.1.3 (random probable primes) with e = 65537.
//!
//! A key takes these steps from random bytes to its components, one file for each step:
//!
//! 1. `candidate` draws numbers that no prime up to 53 divides, each independent of the others (`det_keygen` derives numbers
//!    from a seed);
//! 2. `kernels::bignum::sieve` drops those that a somewhat larger prime divides;
//! 3. `generate` screens the rest with Euler's test for base 2, and `primality` puts those that pass through Miller-Rabin;
//! 4. `components` computes d, dP, dQ and qInv from two primes, and checks that the numbers are consistent;
//! 5. `private_key` holds the result, in the memory that `storage` lays out.
//!
//! An imported key is checked by `consistency` before it becomes a `private_key`. `signature` signs the certificate of a key,
//! and a message to show that the two halves of the key match. `self_test` compares generation with known answers.
//!
//! `generate` runs these steps, with every condition of the standard.
//!
//! # What takes time, and what that reveals
//!
//! These depend on random numbers, and all of them are public:
//!
//! * how often the wheel draws before it has a unit and an index: what it rejects is not used anywhere;
//! * how many candidates are drawn, and at which prime the sieve rejects a composite one: the wheel's candidates are
//!   independent of each other, so the fate of one says nothing about another. (Those of a seed are not independent; see
//!   `det_keygen`.)
//!
//! A candidate that becomes a prime of the key is divided by every prime of the sieve, squared as often as any other of its
//! size, tested with the same number of bases, and assembled into the key. The time of all this depends only on the size of the
//! key. Such a number can decide a branch only through `kernels::declassify`, and `.ci/ctgrind` shows that there is no other
//! way.
//!
//! `candidate` proves how the primes are distributed, and `statistics` measures it.

mod at_width;
mod big_endian;
mod candidate;
mod components;
mod consistency;
mod det_keygen;
mod generate;
mod primality;
mod private_key;
mod public_key;
#[cfg(feature = "rsa")]
mod rsa_crate;
mod self_test;
mod signature;
#[cfg(test)]
mod statistics;
mod storage;

pub(crate) use self::at_width::at_width;
pub(crate) use self::big_endian::without_leading_zeros;
pub(crate) use self::consistency::RsaNumbers;
pub use self::private_key::RsaPrivateKey;
pub use self::public_key::RsaPublicKey;
pub(crate) use self::self_test::self_test;

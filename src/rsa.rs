//! RSA keys, and their generation by FIPS 186-5, Appendix A.1.3 (random probable primes) with e = 65537.
//!
//! One key goes from random bytes to its components in this order, a file a step:
//!
//! 1. `candidate` draws numbers that no prime up to 53 divides, each independent of the others (`det_keygen`: numbers
//!    that follow from a seed);
//! 2. `sieve` drops those that a somewhat larger prime divides;
//! 3. `primality` screens the rest with Euler's test for base 2, and gives what passes its Miller-Rabin rounds;
//! 4. `components` assembles d, dP, dQ and qInv from two primes, and checks the whole;
//! 5. `key` holds the result.
//!
//! `generate` is the order itself, with every condition of the standard.

mod candidate;
mod components;
mod det_keygen;
mod generate;
mod hmac_drbg;
mod key;
mod primality;
mod sieve;

pub use key::{RsaPrivateKey, RsaPublicKey};

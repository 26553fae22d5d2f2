//! RSA keys, and their generation by FIPS 186-5, Appendix A.1.3 (random probable primes) with e = 65537.
//!
//! One key goes from random bytes to its components in this order, a file a step:
//!
//! 1. `candidate` draws numbers that no prime up to 53 divides, each independent of the others (`det_keygen`: numbers
//!    that follow from a seed);
//! 2. `kernels::bignum::sieve` drops those that a somewhat larger prime divides;
//! 3. `primality` screens the rest with Euler's test for base 2, and gives what passes its Miller-Rabin rounds;
//! 4. `components` assembles d, dP, dQ and qInv from two primes, and checks the whole;
//! 5. `private_key` holds the result, in the room that `storage` has for it.
//!
//! One that somebody else made comes to `private_key` by way of `consistency`. `signature` signs the certificate of a key.
//!
//! `generate` is the order itself, with every condition of the standard.
//!
//! # What takes time, and what that tells
//!
//! These depend on random numbers, and each is public:
//!
//! * how often the wheel draws before it has a unit and an index: what was rejected is part of nothing;
//! * how many candidates are drawn, and at which prime the sieve gives up one that is composite: the candidates of the
//!   wheel are independent of each other, so that the fate of one tells nothing of another. (Those of a seed are not; see
//!   `det_keygen`.)
//!
//! A candidate that becomes a prime of the key is divided by every prime of the sieve, squared as often as any other of
//! its size, tried with as many bases, and assembled, all in a time that depends on the size of the key alone. The one
//! gate from such a number to a branch is `kernels::declassify`, and `.ci/ctgrind` shows that there is no other.
//!
//! How the primes are distributed is proved in `candidate`, and measured in `statistics`.

mod at_width;
mod big_endian;
mod candidate;
mod components;
mod consistency;
mod det_keygen;
mod generate;
mod hmac_drbg;
mod primality;
mod private_key;
mod public_key;
#[cfg(feature = "rsa")]
mod rsa_crate;
#[cfg(feature = "x509")]
mod signature;
#[cfg(test)]
mod statistics;
mod storage;

pub(crate) use self::big_endian::without_leading_zeros;
pub(crate) use self::consistency::RsaNumbers;
pub use self::private_key::RsaPrivateKey;
pub use self::public_key::RsaPublicKey;

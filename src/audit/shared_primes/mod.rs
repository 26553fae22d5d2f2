//! RSA keys of a whole table that share a prime with another one.
//!
//! Two keys that were made from too little randomness may have one prime in common. Either is a good key by itself, and
//! whoever has both moduli has both private keys, by a greatest common divisor: Heninger, Durumeric, Wustrow and
//! Halderman, "Mining your Ps and Qs" (USENIX Security 2012). So what one key is worth shows only beside all the
//! others.
//!
//! All pairs are looked at in a time that is not quadratic, by a product tree and a scaled remainder tree, both by
//! Bernstein: see `batch_gcd`. Where both primes of a key are shared, the greatest common divisor with the others is
//! its modulus; such ones are told apart among those that share, by factoring into coprimes: see `coprimes`.

mod batch_gcd;
mod coprimes;
mod search;
#[cfg(test)]
mod test_numbers;

pub use search::{SharedFactor, shared_primes, shared_primes_with};

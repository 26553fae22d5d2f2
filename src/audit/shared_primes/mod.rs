//! Finds the RSA keys in a table that share a prime.
//!
//! Two keys that were made with too little randomness may have one prime in common. Each looks like a good key by itself, but
//! whoever has both moduli can compute both private keys, by a greatest common divisor: Heninger, Durumeric, Wustrow and
//! Halderman, "Mining your Ps and Qs" (USENIX Security 2012). So a weak key can be recognised only by comparing it with all the
//! others.
//!
//! All pairs are compared in less than quadratic time, by a product tree and a scaled remainder tree, both by Bernstein: see
//! `batch_gcd`. If both primes of a key are shared, the greatest common divisor with the others is its modulus. The shared
//! factors of such keys are separated afterwards, by factoring into coprimes: see `coprimes`.

mod batch_gcd;
mod coprimes;
mod search;

pub use search::{SharedFactor, shared_primes, shared_primes_with};

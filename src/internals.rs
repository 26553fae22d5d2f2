//! For this project's own unit tests, fuzz targets and benchmarks: no part of the interface, and outside of SemVer.
//!
//! It is compiled for unit tests, under cargo-fuzz, and with `--cfg ssh_keypair_internals`.

use crate::error::Error;
use crate::rsa::RsaPrivateKey;

pub use crate::kernels::cpu::{Instructions, with_instructions};

/// Makes the RSA key of the first two primes of a list of candidates, big-endian, of half the bits each: what makes the
/// time of a generation one that can be compared. The primes may be below the bound of FIPS 186-5.
///
/// # Errors
///
/// [`ErrorKind::InvalidValue`](crate::ErrorKind::InvalidValue);
/// [`ErrorKind::BrokenRandomness`](crate::ErrorKind::BrokenRandomness) if the list ends before;
/// [`ErrorKind::BrokenRandomness`](crate::ErrorKind::BrokenRandomness) if it repeats itself.
pub fn replay(bits: usize, candidates: &[impl AsRef<[u8]>]) -> Result<RsaPrivateKey, Error> {
    RsaPrivateKey::replay(bits, candidates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_list_makes_the_key_of_its_first_two_primes_with_any_instructions() {
        let key = RsaPrivateKey::from_seed(2048, b"sixteen bytes...").unwrap();
        let [p, q] = [key.prime_p(), key.prime_q()].map(<[u8]>::to_vec);
        let composite = |from: &[u8]| {
            let mut composite = from.to_vec();
            composite[64] ^= 1;
            composite
        };
        let candidates = [composite(&p), composite(&q), p, composite(&key.modulus()[..128]), q];
        for instructions in Instructions::ALL {
            with_instructions(instructions, || {
                let replayed = replay(2048, &candidates[..]).unwrap();
                assert_eq!(replayed.modulus(), key.modulus(), "{instructions:?}");
                assert_eq!(replayed.private_exponent(), key.private_exponent());
                assert_eq!(replayed.prime_p(), key.prime_p().max(key.prime_q()));
                let error = replay(2048, &candidates[..4]).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::BrokenRandomness);
            });
        }
    }
}

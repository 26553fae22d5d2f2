//! For this project's unit tests, fuzz targets and benchmarks. Not part of the public API, and exempt from SemVer.
//!
//! It is compiled for unit tests, under cargo-fuzz, and with `--cfg ssh_keypair_internals`.

use crate::error::Error;
use crate::rsa::RsaPrivateKey;

pub use crate::kernels::bignum::{MULTIPLY_ADDS, multiply_adds};
pub use crate::kernels::cpu::{Instructions, with_instructions};

/// Creates the RSA key from the first two primes in a list of candidates, big-endian, each with half of the bits. With fixed
/// candidates, the times of two generations can be compared. The primes may be below the bound of FIPS 186-5.
///
/// # Errors
///
/// [`ErrorKind::InvalidValue`](crate::ErrorKind::InvalidValue) for a size that cannot be generated;
/// [`ErrorKind::BrokenRandomness`](crate::ErrorKind::BrokenRandomness) if the list runs in a cycle, or ends before its second
/// prime.
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

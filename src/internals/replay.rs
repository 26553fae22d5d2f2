//! Generates a key from fixed candidates.

use crate::error::Error;
use crate::rsa::RsaPrivateKey;

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
    use crate::kernels::cpu::{Instructions, with_instructions};
    use std::vec::Vec;

    /// `tests/data/fips/make.py` says for each list of candidates which key comes out, or that none does. ACVP's older
    /// known-answer tests for probable primes have the same structure.
    #[test]
    fn all_instructions_give_the_known_answers_of_fips_186_5() {
        let table: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/data/fips/candidates.json")).unwrap();
        let bytes = |hex: &str| -> Vec<u8> {
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
        };
        let mut keys = 0;
        for case in table.as_array().unwrap() {
            let name = case["case"].as_str().unwrap();
            let candidates: Vec<_> =
                case["candidates"].as_array().unwrap().iter().map(|hex| bytes(hex.as_str().unwrap())).collect();
            for instructions in Instructions::ALL {
                let found = with_instructions(instructions, || replay(2048, &candidates));
                let Some(expected) = case.get("key") else {
                    assert_eq!(found.unwrap_err().kind(), ErrorKind::BrokenRandomness, "{name}, {instructions:?}");
                    continue;
                };
                let key = found.unwrap();
                for (number, value) in [
                    ("n", key.modulus()),
                    ("d", key.private_exponent()),
                    ("p", key.prime_p()),
                    ("q", key.prime_q()),
                    ("dP", key.exponent_p()),
                    ("dQ", key.exponent_q()),
                    ("qInv", key.coefficient()),
                ] {
                    assert_eq!(value, bytes(expected[number].as_str().unwrap()), "{name}, {instructions:?}: {number}");
                }
                keys += 1;
            }
        }
        assert_eq!((table.as_array().unwrap().len(), keys), (19, 3 * 12));
    }

    #[test]
    fn a_list_gives_the_key_of_its_first_two_primes_with_any_instructions() {
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

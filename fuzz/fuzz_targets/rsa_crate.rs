//! Comparison with the `rsa` crate: any bytes as the DER of PKCS#1, and edits of the numbers of a committed key, which are
//! still DER. If both accept a key, it is the same key. If only the other crate accepts it, the reason is on a list.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pkcs1::DecodeRsaPrivateKey;
use pkcs1::der::{Decode, Encode, SecretDocument, asn1::UintRef};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use ssh_keypair::{ErrorKind, Field, RsaPrivateKey};

/// Why this crate rejects keys that the `rsa` crate accepts and validates.
const STRICTER: &[(ErrorKind, Option<Field>, &str)] = &[
    (ErrorKind::KeyTooSmall, Some(Field::Modulus), "such numbers have been factored"),
    (ErrorKind::KeyTooLarge, Some(Field::Modulus), "a sender could make a private operation take arbitrarily long"),
    (ErrorKind::InconsistentKey, Some(Field::PrimeP), "theirs does not check that it is prime"),
    (ErrorKind::InconsistentKey, Some(Field::PrimeQ), "theirs does not check that it is prime"),
    (ErrorKind::InconsistentKey, Some(Field::PrivateExponent), "d is not below n"),
    (ErrorKind::InconsistentKey, Some(Field::ExponentP), "theirs recomputes dP"),
    (ErrorKind::InconsistentKey, Some(Field::ExponentQ), "theirs recomputes dQ"),
    (ErrorKind::InconsistentKey, Some(Field::Coefficient), "theirs recomputes qInv"),
    (ErrorKind::InvalidValue, Some(Field::PublicExponent), "over 33 bits, the limit that theirs has as well"),
];

fn check(der: &[u8]) {
    let ours = RsaPrivateKey::from_der(der);
    let theirs = rsa::PrivateKey::from_pkcs1_der(der).ok().filter(|key| key.validate().is_ok());
    match (ours, theirs) {
        (Ok(ours), Some(theirs)) => {
            let number = rsa::BoxedUint::from_be_slice_vartime;
            assert_eq!(**theirs.n(), number(ours.modulus()));
            assert_eq!(*theirs.e(), number(ours.public_exponent()));
            assert_eq!(*theirs.d(), number(ours.private_exponent()));
            assert_eq!(*theirs.primes()[0].as_ref(), number(ours.prime_p()));
            assert_eq!(*theirs.primes()[1].as_ref(), number(ours.prime_q()));
        }
        (Ok(_), None) => panic!("accepted only here"),
        (Err(error), Some(_)) => {
            let known = STRICTER.iter().any(|(kind, field, _)| (*kind, *field) == (error.kind(), error.field()));
            assert!(known, "rejected only here: {error}");
        }
        (Err(_), None) => {}
    }
}

/// The committed key with some of its numbers changed. Each edit is a number, a position in it, and what to do there.
fn edited(edits: &[u8]) -> Option<Vec<u8>> {
    let pem = include_str!("../../tests/data/private/rsa2048.pkcs1.pem");
    let (_, der) = SecretDocument::from_pem(pem).ok()?;
    let key = pkcs1::RsaPrivateKeyRef::from_der(der.as_bytes()).ok()?;
    let mut numbers = [
        key.modulus,
        key.public_exponent,
        key.private_exponent,
        key.prime1,
        key.prime2,
        key.exponent1,
        key.exponent2,
        key.coefficient,
    ]
    .map(|number| number.as_bytes().to_vec());
    for edit in edits.chunks_exact(4) {
        let [which, place, how, value] = *edit else { continue };
        let which = usize::from(which) % 16;
        // Swaps two numbers, or changes one.
        if which >= 8 {
            numbers.swap(which - 8, usize::from(place) % 8);
            continue;
        }
        let number = &mut numbers[which];
        let at = usize::from(place) % number.len().max(1);
        match how % 4 {
            0 => number.truncate(at),
            1 => number.insert(at, value),
            2 => number.extend_from_slice(&[value]),
            _ => {
                if let Some(byte) = number.get_mut(at) {
                    *byte ^= value;
                }
            }
        }
    }
    let [n, e, d, p, q, dp, dq, c] = &numbers;
    let number = |bytes| UintRef::new(bytes).ok();
    let key = pkcs1::RsaPrivateKeyRef {
        modulus: number(n)?,
        public_exponent: number(e)?,
        private_exponent: number(d)?,
        prime1: number(p)?,
        prime2: number(q)?,
        exponent1: number(dp)?,
        exponent2: number(dq)?,
        coefficient: number(c)?,
        other_prime_infos: None,
    };
    key.to_der().ok()
}

fuzz_target!(|data: &[u8]| {
    check(data);
    // DER begins with 0x30.
    if let [0x80..=0xff, edits @ ..] = data {
        edited(edits).iter().for_each(|der| check(der));
    }
});

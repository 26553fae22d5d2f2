//! `RSAPrivateKey` of PKCS#1: RFC 8017, Appendix A.1.2. Reads DER; writes DER and PEM.

use super::der_error::offset_of;
use super::limits::{MAX_DER_BYTES, PKCS1_LABEL};
use super::private_sequence::PrivateSequence;
use super::written_der::write_der;
use crate::error::{Error, ErrorKind, Field};
use crate::rsa::{RsaNumbers, RsaPrivateKey};
use crate::text::pem;
#[cfg(feature = "alloc")]
use der::SecretDocument;
use pkcs1::RsaPrivateKeyRef;
use pkcs1::der::{self, Encode, asn1::UintRef};
use zeroize::Zeroizing;

/// The numbers, in the order of the standard.
const NUMBERS: [Field; 8] = [
    Field::Modulus,
    Field::PublicExponent,
    Field::PrivateExponent,
    Field::PrimeP,
    Field::PrimeQ,
    Field::ExponentP,
    Field::ExponentQ,
    Field::Coefficient,
];

/// How many numbers there are without those that follow from the others: n, e, d, p and q.
#[cfg(feature = "alloc")]
const WITHOUT_DERIVED: usize = 5;

/// Reads the DER of PKCS#1, strictly.
pub(super) fn read(der: &[u8]) -> Result<RsaPrivateKey, Error> {
    let mut sequence = PrivateSequence::new(der)?;
    version(&mut sequence)?;
    let mut numbers: [&[u8]; 8] = [&[]; 8];
    for (number, field) in numbers.iter_mut().zip(NUMBERS) {
        *number = sequence.number(field)?;
    }
    sequence.finish()?;
    from_numbers(numbers, Some, der)
}

/// Reads the DER of PKCS#1 in which dP, dQ and qInv may be missing or zero, and computes those that are. Returns whether there
/// were any.
#[cfg(feature = "alloc")]
pub(super) fn read_without_derived(der: &[u8]) -> Result<(RsaPrivateKey, bool), Error> {
    let mut sequence = PrivateSequence::new(der)?;
    version(&mut sequence)?;
    let mut numbers: [&[u8]; 8] = [&[]; 8];
    for (count, (number, field)) in numbers.iter_mut().zip(NUMBERS).enumerate() {
        if sequence.next_tag().is_none() && field == Field::PrimeP {
            return Err(Field::PrimeP.error_at(ErrorKind::MissingField, sequence.position()));
        }
        if sequence.next_tag().is_some() || count < WITHOUT_DERIVED {
            *number = sequence.number(field)?;
        }
    }
    sequence.finish()?;
    let given = |number| (!is_zero(number)).then_some(number);
    let is_any_missing = numbers.iter().skip(WITHOUT_DERIVED).any(|number| is_zero(number));
    from_numbers(numbers, given, der).map(|key| (key, is_any_missing))
}

/// Reads the version, which is 1 for a key of more than two primes.
fn version(sequence: &mut PrivateSequence<'_>) -> Result<(), Error> {
    let at = sequence.position();
    match sequence.version_up_to_1()? {
        false => Ok(()),
        true => Err(Field::PrimeP.error_at(ErrorKind::UnsupportedVersion, at)),
    }
}

/// Makes the key of the numbers. `given` decides whether one of dP, dQ and qInv is given.
fn from_numbers<'a>(
    numbers: [&'a [u8]; 8],
    given: impl Fn(&'a [u8]) -> Option<&'a [u8]>,
    der: &[u8],
) -> Result<RsaPrivateKey, Error> {
    let [modulus, public_exponent, private_exponent, p, q, exponent_p, exponent_q, coefficient] = numbers;
    // Programs that have only n, e and d write zeros for the rest.
    if is_zero(p) && is_zero(q) {
        return Err(Field::PrimeP.error_at(ErrorKind::MissingField, offset_of(p, der)));
    }
    let exponents = [exponent_p, exponent_q].map(&given);
    let coefficient = given(coefficient);
    let numbers_given = RsaNumbers { modulus, public_exponent, private_exponent, p, q, exponents, coefficient };
    RsaPrivateKey::from_numbers(&numbers_given)
        .map_err(|error| error.at_its_field(NUMBERS.into_iter().zip(numbers.map(|number| offset_of(number, der)))))
}

/// Whether a number is written as a zero. Its length tells.
fn is_zero(number: &[u8]) -> bool {
    matches!(number, [] | [0])
}

impl RsaPrivateKey {
    /// Writes the PKCS#1 PEM into `buffer`, which the caller wipes, and returns the part that it fills.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_pkcs1_pem<'a>(&self, buffer: &'a mut [u8]) -> Result<&'a str, Error> {
        let mut der = Zeroizing::new([0; MAX_DER_BYTES]);
        pem::write(PKCS1_LABEL, self.write_pkcs1_der(&mut *der)?, buffer)
    }

    /// Writes the DER of PKCS#1 into `buffer`, which the caller wipes, and returns the part that it fills.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_pkcs1_der<'a>(&self, buffer: &'a mut [u8]) -> Result<&'a [u8], Error> {
        write_der(buffer, |buffer| write(self, buffer))
    }
}

pub(super) fn write<'a>(key: &RsaPrivateKey, buffer: &'a mut [u8]) -> der::Result<&'a [u8]> {
    RsaPrivateKeyRef {
        modulus: UintRef::new(key.modulus())?,
        public_exponent: UintRef::new(key.public_exponent())?,
        private_exponent: UintRef::new(key.private_exponent())?,
        prime1: UintRef::new(key.prime_p())?,
        prime2: UintRef::new(key.prime_q())?,
        exponent1: UintRef::new(key.exponent_p())?,
        exponent2: UintRef::new(key.exponent_q())?,
        coefficient: UintRef::new(key.coefficient())?,
        other_prime_infos: None,
    }
    .encode_to_slice(buffer)
}

/// RustCrypto's trait: DER as a `SecretDocument`, and PEM with a choice of line endings.
#[cfg(feature = "alloc")]
impl pkcs1::EncodeRsaPrivateKey for RsaPrivateKey {
    fn to_pkcs1_der(&self) -> pkcs1::Result<SecretDocument> {
        let mut buffer = Zeroizing::new([0; MAX_DER_BYTES]);
        Ok(SecretDocument::try_from(write(self, &mut *buffer)?)?)
    }
}

/// RustCrypto's trait. It reads as [`RsaPrivateKey::from_der`] does, but its errors have neither field nor offset. Its PEM may
/// have text before it, and any length.
#[cfg(feature = "alloc")]
impl pkcs1::DecodeRsaPrivateKey for RsaPrivateKey {
    fn from_pkcs1_der(bytes: &[u8]) -> pkcs1::Result<Self> {
        read(bytes).map_err(|error| match error.kind() {
            ErrorKind::UnsupportedVersion => pkcs1::Error::Version,
            ErrorKind::InconsistentKey => pkcs1::Error::Crypto,
            _ => pkcs1::Error::KeyMalformed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::MAX_PEM_BYTES;
    use super::*;
    use pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, RsaPrivateKeyOwned};
    use std::io::Write;

    /// A key that another program generated is written as it was read, including its d, which may be the inverse of e modulo
    /// (p-1)(q-1).
    #[test]
    fn every_private_key_of_the_corpus_is_written_as_it_was() {
        let Some(corpus) = std::env::var_os("SSH_KEYPAIR_CORPUS").map(std::path::PathBuf::from) else {
            let _ = writeln!(std::io::stderr(), "skipped: SSH_KEYPAIR_CORPUS is not set");
            return;
        };
        let read = |name| -> serde_json::Value {
            serde_json::from_slice(&std::fs::read(corpus.join("vectors").join(name)).unwrap()).unwrap()
        };
        let (seeds, nova) = (read("seeds.json"), read("nova.json"));
        let keys =
            nova.as_array().unwrap().iter().chain([&seeds["create"]]).filter_map(|key| key["private_key"].as_str());
        let mut checked = 0;
        for pem in keys {
            // The encoder ends with a line break, which some of the vectors leave out.
            let pem = std::format!("{}\n", pem.trim_end());
            let theirs = RsaPrivateKeyOwned::from_pkcs1_pem(&pem).unwrap();
            let key = RsaPrivateKey::for_test([
                theirs.modulus.as_bytes(),
                theirs.private_exponent.as_bytes(),
                theirs.prime1.as_bytes(),
                theirs.prime2.as_bytes(),
                theirs.exponent1.as_bytes(),
                theirs.exponent2.as_bytes(),
                theirs.coefficient.as_bytes(),
            ]);
            assert_eq!(*key.to_pkcs1_pem(pkcs8::LineEnding::LF).unwrap(), pem);
            checked += 1;
        }
        assert_eq!(checked, 8);
    }

    #[test]
    fn a_buffer_that_is_too_small_is_said_to_be() {
        let number = [0xff; 1024];
        let short = &number[..512];
        let key = RsaPrivateKey::for_test([&number, &number, short, short, short, short, short]);
        let mut buffer = [0; MAX_PEM_BYTES];
        let longest = key.write_pkcs1_pem(&mut buffer).unwrap().len();
        assert!(longest <= MAX_PEM_BYTES && longest + 200 > MAX_PEM_BYTES, "{longest}");
        for length in 0..longest {
            let error = key.write_pkcs1_pem(&mut buffer[..length]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BufferTooSmall);
        }
        assert!(key.write_pkcs1_pem(&mut buffer[..longest]).is_ok());
    }
}

//! The private key of DSA as OpenSSL and older OpenSSH wrote it: a sequence of 0, p, q, g, y and x. It is read and never
//! written.

use super::der_error::offset_of;
use super::private_sequence::PrivateSequence;
use crate::error::{Error, ErrorKind, Field};
use crate::key::PrivateKey;
use pkcs8::der::asn1::AnyRef;
use pkcs8::der::{Tag, Tagged};

/// The numbers, in their order.
const NUMBERS: [Field; 5] =
    [Field::DsaPrime, Field::DsaSubprime, Field::DsaGenerator, Field::DsaPublicValue, Field::PrivateExponent];

/// Reads the DER.
pub(super) fn read(der: &[u8]) -> Result<PrivateKey, Error> {
    let mut sequence = PrivateSequence::new(der)?;
    sequence.version(0)?;
    let mut numbers: [&[u8]; 5] = [&[]; 5];
    for (number, field) in numbers.iter_mut().zip(NUMBERS) {
        *number = sequence.number(field)?;
    }
    sequence.finish()?;
    let [p, q, g, y, x] = numbers;
    PrivateKey::from_dsa([p, q, g, x], Some(y))
        .map_err(|error| error.at_its_field(NUMBERS.into_iter().zip(numbers.map(|number| offset_of(number, der)))))
}

/// Reads the two parts that PKCS#8 has: the parameters p, q and g, and x.
pub(super) fn read_parts(parameters: AnyRef<'_>, key: &[u8], der: &[u8]) -> Result<PrivateKey, Error> {
    let at = offset_of(parameters.value(), der);
    if parameters.tag() != Tag::Sequence {
        return Err(Field::PrivateBlob.error_at(ErrorKind::InvalidDer, at));
    }
    let mut sequence = PrivateSequence::of(parameters.value(), at)?;
    let mut numbers: [&[u8]; 4] = [&[]; 4];
    let [p, q, g, x] = &mut numbers;
    for (number, field) in [p, q, g].into_iter().zip(NUMBERS) {
        *number = sequence.number(field)?;
    }
    sequence.finish()?;
    let key_at = offset_of(key, der);
    let mut sequence = PrivateSequence::of(key, key_at)?;
    *x = sequence.number(Field::PrivateExponent)?;
    sequence.finish()?;
    let fields = [Field::DsaPrime, Field::DsaSubprime, Field::DsaGenerator, Field::PrivateExponent];
    PrivateKey::from_dsa(numbers, None)
        .map_err(|error| error.at_its_field(fields.into_iter().zip(numbers.map(|number| offset_of(number, der)))))
}

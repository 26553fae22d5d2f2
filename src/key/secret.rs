//! The secret half of a key: the fields that follow the type's name in the private part of a file, by type. They begin with
//! the public fields, repeated, which must match the public key. OpenSSH's PROTOCOL.key; for security keys, PROTOCOL.u2f.

use super::algorithm::{Algorithm, is_certificate_name};
use super::dsa::DsaPublicKey;
use super::key_data::{KeyData, Layout};
use super::public_half;
use super::public_key::PublicKeyRef;
use super::wire::{Reader, Span, secret_mpints};
use crate::error::{Error, ErrorKind, Field};
use crate::kernels::bignum::limbs::{from_be_bytes, is_small, less};
use crate::kernels::declassify::{classify, declassify};
use crate::rsa::{RsaNumbers, RsaPrivateKey, RsaPublicKey};
use alloc::vec::Vec;
use zeroize::Zeroizing;
#[cfg(feature = "ec")]
use {super::ecdsa::EcdsaPublicKey, super::ed25519::Ed25519PublicKey, subtle::ConstantTimeEq};

/// The number of limbs of DSA's secret number, which has 160 bits.
const DSA_LIMBS: usize = 3;

/// The secret half of a key.
pub(crate) enum Secret {
    Rsa(RsaPrivateKey),
    /// The fields of a key of another type, as they follow the type's name in the private part of a file.
    Other(Zeroizing<Vec<u8>>),
}

impl Secret {
    /// Reads the type's name and the fields after it, which must match the public key.
    pub(crate) fn read(reader: &mut Reader<'_>, public_key: &PublicKeyRef<'_>) -> Result<Self, Error> {
        read_type(reader, public_key.algorithm())?;
        if let KeyData::Rsa(public) = public_key.key_data() {
            return read_rsa(reader, &public).map(Self::Rsa);
        }
        let start = reader.position();
        read_other(reader, public_key)?;
        Ok(Self::Other(Zeroizing::new(reader.bytes(reader.since(start)?).to_vec())))
    }

    /// The fields that follow the type's name.
    pub(crate) fn fields(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self {
            Self::Rsa(key) => rsa_fields(key),
            Self::Other(fields) => Ok(fields.clone()),
        }
    }
}

/// The fields of an RSA key.
pub(crate) fn rsa_fields(key: &RsaPrivateKey) -> Result<Zeroizing<Vec<u8>>, Error> {
    let [d, q_inv, p, q] = [key.private_exponent(), key.coefficient(), key.prime_p(), key.prime_q()];
    secret_mpints(&[key.modulus(), key.public_exponent(), d, q_inv, p, q], 0)
}

/// Reads the type's name, which must be that of the public key.
fn read_type(reader: &mut Reader<'_>, expected: Algorithm) -> Result<(), Error> {
    let name = reader.string(Field::BlobType)?;
    let kind = match Algorithm::of_name(reader.bytes(name)) {
        Some(algorithm) if algorithm == expected => return Ok(()),
        Some(_) => ErrorKind::KeyMismatch,
        None if is_certificate_name(reader.bytes(name)) => ErrorKind::CertificateNotAllowed,
        None => ErrorKind::UnknownKeyType,
    };
    Err(Field::BlobType.error_at(kind, name.start()))
}

/// Reads the numbers of an RSA key: n, e, d, qInv, p and q.
fn read_rsa(reader: &mut Reader<'_>, public: &RsaPublicKey<'_>) -> Result<RsaPrivateKey, Error> {
    const FIELDS: [Field; 6] = [
        Field::Modulus,
        Field::PublicExponent,
        Field::PrivateExponent,
        Field::Coefficient,
        Field::PrimeP,
        Field::PrimeQ,
    ];
    let start = reader.position();
    let mut spans = [Span::default(); 6];
    for (span, field) in spans.iter_mut().zip(FIELDS) {
        *span = reader.mpint(field)?;
    }
    let [modulus, public_exponent, private_exponent, coefficient, p, q] = spans.map(|span| reader.bytes(span));
    if [modulus, public_exponent] != [public.modulus(), public.public_exponent()] {
        return Err(Field::PrivateBlob.error_at(ErrorKind::KeyMismatch, start));
    }
    let numbers = RsaNumbers { modulus, public_exponent, private_exponent, p, q, exponents: None, coefficient };
    RsaPrivateKey::from_numbers(&numbers)
        .map_err(|error| error.at_its_field(FIELDS.into_iter().zip(spans.map(|span| span.start()))))
}

/// Reads the fields of any other type: the public fields, which must equal those of the public key, and the secret ones.
fn read_other(reader: &mut Reader<'_>, public_key: &PublicKeyRef<'_>) -> Result<(), Error> {
    let start = reader.position();
    Layout::read_fields(public_key.algorithm(), reader)?;
    let public = reader.bytes(reader.since(start)?);
    if !public_key.blob().ends_with(public)
        || public_key.blob().len() != 4 + public_key.type_name().len() + public.len()
    {
        return Err(Field::PrivateBlob.error_at(ErrorKind::KeyMismatch, start));
    }
    match public_key.key_data() {
        KeyData::Dsa(key) => read_dsa(reader, &key),
        #[cfg(feature = "ec")]
        KeyData::Ecdsa(key) => read_ecdsa(reader, &key),
        #[cfg(feature = "ec")]
        KeyData::Ed25519(key) => read_ed25519(reader, &key),
        // Without the feature, we cannot check that the two halves match.
        #[cfg(not(feature = "ec"))]
        KeyData::Ecdsa(_) | KeyData::Ed25519(_) => Err(Field::PrivateBlob.error_at(ErrorKind::UnsupportedType, start)),
        KeyData::SkEcdsaP256(_) | KeyData::SkEd25519(_) => read_security_key(reader),
        // RSA is read by `read_rsa`, and a private key is never opaque.
        KeyData::Rsa(_) | KeyData::Opaque(_) => Err(Field::PrivateBlob.error_at(ErrorKind::UnknownKeyType, start)),
    }
}

/// Reads the secret number of a DSA key, from 1 to q - 1.
fn read_dsa(reader: &mut Reader<'_>, key: &DsaPublicKey<'_>) -> Result<(), Error> {
    let span = reader.mpint(Field::PrivateExponent)?;
    let x = reader.bytes(span);
    let (mut number, mut q) = (Zeroizing::new([0; DSA_LIMBS]), [0; DSA_LIMBS]);
    from_be_bytes(key.q(), &mut q);
    if x.len() > key.q().len() {
        return Err(secret_number(ErrorKind::InconsistentKey, span));
    }
    from_be_bytes(x, &mut *number);
    classify(&mut *number);
    if !declassify(less(&number, &q) & !is_small(&number, 0)) {
        return Err(secret_number(ErrorKind::InconsistentKey, span));
    }
    if declassify(public_half::is_of_dsa(x, key)) { Ok(()) } else { Err(secret_number(ErrorKind::KeyMismatch, span)) }
}

/// Reads the secret number of an ECDSA key, which is at least 1 and below the order of the base point.
#[cfg(feature = "ec")]
fn read_ecdsa(reader: &mut Reader<'_>, key: &EcdsaPublicKey<'_>) -> Result<(), Error> {
    let span = reader.mpint(Field::PrivateExponent)?;
    match public_half::is_of_ecdsa(reader.bytes(span), key).map(declassify) {
        Some(true) => Ok(()),
        Some(false) => Err(secret_number(ErrorKind::KeyMismatch, span)),
        None => Err(secret_number(ErrorKind::InconsistentKey, span)),
    }
}

/// Reads the seed and, after it, the public key.
#[cfg(feature = "ec")]
fn read_ed25519(reader: &mut Reader<'_>, key: &Ed25519PublicKey<'_>) -> Result<(), Error> {
    let span = reader.string(Field::PrivateExponent)?;
    let ([seed, half], []) = reader.bytes(span).as_chunks() else {
        return Err(secret_number(ErrorKind::InvalidValue, span));
    };
    let fits = half.ct_eq(key.as_bytes()) & public_half::is_of_ed25519(seed, key.as_bytes());
    if declassify(fits) { Ok(()) } else { Err(secret_number(ErrorKind::KeyMismatch, span)) }
}

fn secret_number(kind: ErrorKind, span: Span) -> Error {
    Field::PrivateExponent.error_at(kind, span.start())
}

/// Reads the flags, the key handle, and the reserved field: OpenSSH's PROTOCOL.u2f. Only the security key can interpret the
/// handle.
fn read_security_key(reader: &mut Reader<'_>) -> Result<(), Error> {
    reader.array::<1>(Field::PrivateBlob)?;
    reader.string(Field::PrivateBlob)?;
    reader.string(Field::Reserved).map(|_| ())
}

//! The secret half of a key, and its fields in the private part of a file, by type. They begin with the public fields,
//! repeated, which must match the public key. OpenSSH's PROTOCOL.key; for security keys, PROTOCOL.u2f.

use super::algorithm::{Algorithm, is_certificate_name};
use super::dsa::DsaPublicKey;
use super::dsa_private;
use super::key_data::{KeyData, Layout};
use super::public_key::PublicKeyRef;
use super::wire::{Reader, Span, Writer};
use crate::error::{Error, ErrorKind, Field};
use crate::rsa::{RsaNumbers, RsaPrivateKey, RsaPublicKey};
use alloc::vec;
use alloc::vec::Vec;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;
#[cfg(feature = "ec")]
use {
    super::ecdsa::EcdsaPublicKey, super::ecdsa_private::EcdsaPrivateKey, super::ed25519::Ed25519PublicKey,
    super::ed25519_private::Ed25519PrivateKey, super::mldsa44_ed25519::MlDsa44Ed25519PublicKey,
    crate::kernels::declassify::declassify, crate::rsa::without_leading_zeros,
};

/// The secret half of a key.
pub(crate) enum Secret {
    Rsa(RsaPrivateKey),
    /// x, big-endian, without leading zeros.
    Dsa(Zeroizing<Vec<u8>>),
    #[cfg(feature = "ec")]
    Ecdsa(EcdsaPrivateKey),
    #[cfg(feature = "ec")]
    Ed25519(Ed25519PrivateKey),
    /// The fields of a key on a security key or of a composite, as they follow the public ones.
    Other(Zeroizing<Vec<u8>>),
}

impl Secret {
    /// Reads the type's name and the fields after it, which must match the public key.
    pub(crate) fn read(reader: &mut Reader<'_>, public_key: &PublicKeyRef<'_>) -> Result<Self, Error> {
        read_type(reader, public_key.algorithm())?;
        if let KeyData::Rsa(public) = public_key.key_data() {
            return read_rsa(reader, &public).map(Self::Rsa);
        }
        read_other(reader, public_key)
    }

    /// The fields that follow the type's name, in a vector that never grew.
    pub(crate) fn fields(&self, public_key: &PublicKeyRef<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
        let public = public_fields(public_key);
        match self {
            Self::Rsa(key) => rsa_fields(key),
            Self::Dsa(x) => fields(public, 5 + x.len(), |writer| writer.mpint(x)),
            #[cfg(feature = "ec")]
            Self::Ecdsa(key) => {
                let scalar = key.scalar();
                fields(public, 5 + scalar.len(), |writer| writer.mpint(without_leading_zeros(scalar)))
            }
            #[cfg(feature = "ec")]
            Self::Ed25519(key) => {
                fields(public, 4 + 64, |writer| writer.string_of_two(key.seed(), key.public_key().as_bytes()))
            }
            Self::Other(secret) => fields(public, secret.len(), |writer| {
                writer.put(secret);
                Ok(())
            }),
        }
    }

    /// Whether two secret halves of keys with the same public half are equal.
    pub(super) fn ct_eq(&self, other: &Self) -> Choice {
        match (self, other) {
            (Self::Rsa(one), Self::Rsa(other)) => one.ct_eq(other),
            #[cfg(feature = "ec")]
            (Self::Ecdsa(one), Self::Ecdsa(other)) => one.ct_eq(other),
            #[cfg(feature = "ec")]
            (Self::Ed25519(one), Self::Ed25519(other)) => one.ct_eq(other),
            // The length follows from the type, except for the leading zeros of a secret number, whose count the `ct_eq` of
            // slices can reveal.
            (Self::Dsa(one), Self::Dsa(other)) | (Self::Other(one), Self::Other(other)) => {
                one.as_slice().ct_eq(other.as_slice())
            }
            _ => Choice::from(0),
        }
    }
}

/// What follows the type's name in a blob.
fn public_fields<'a>(public_key: &PublicKeyRef<'a>) -> &'a [u8] {
    public_key.blob().get(size_of::<u32>() + public_key.type_name().len()..).unwrap_or_default()
}

/// The public fields and then the secret ones, for which there are at most `most` bytes.
fn fields(
    public: &[u8],
    most: usize,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut fields = Zeroizing::new(vec![0; public.len() + most]);
    let mut writer = Writer::new(&mut fields);
    writer.put(public);
    write(&mut writer)?;
    let used = writer.finish()?.len();
    fields.truncate(used);
    Ok(fields)
}

/// The fields of an RSA key, whose public ones are in another order than in its blob.
fn rsa_fields(key: &RsaPrivateKey) -> Result<Zeroizing<Vec<u8>>, Error> {
    let [d, q_inv, p, q] = [key.private_exponent(), key.coefficient(), key.prime_p(), key.prime_q()];
    super::wire::secret_mpints(&[key.modulus(), key.public_exponent(), d, q_inv, p, q], 0)
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
    let (exponents, coefficient) = ([None; 2], Some(coefficient));
    let numbers = RsaNumbers { modulus, public_exponent, private_exponent, p, q, exponents, coefficient };
    RsaPrivateKey::from_numbers(&numbers)
        .map_err(|error| error.at_its_field(FIELDS.into_iter().zip(spans.map(|span| span.start()))))
}

/// Reads the fields of any other type: the public fields, which must equal those of the public key, and the secret ones.
fn read_other(reader: &mut Reader<'_>, public_key: &PublicKeyRef<'_>) -> Result<Secret, Error> {
    let start = reader.position();
    Layout::read_fields(public_key.algorithm(), reader)?;
    if reader.bytes(reader.since(start)?) != public_fields(public_key) {
        return Err(Field::PrivateBlob.error_at(ErrorKind::KeyMismatch, start));
    }
    match public_key.key_data() {
        KeyData::Dsa(key) => read_dsa(reader, &key).map(Secret::Dsa),
        #[cfg(feature = "ec")]
        KeyData::Ecdsa(key) => read_ecdsa(reader, &key).map(Secret::Ecdsa),
        #[cfg(feature = "ec")]
        KeyData::Ed25519(key) => read_ed25519(reader, &key).map(Secret::Ed25519),
        #[cfg(feature = "ec")]
        KeyData::MlDsa44Ed25519(key) => read_mldsa44_ed25519(reader, &key).map(Secret::Other),
        // Without the feature, we cannot check that the two halves match.
        #[cfg(not(feature = "ec"))]
        KeyData::Ecdsa(_) | KeyData::Ed25519(_) | KeyData::MlDsa44Ed25519(_) => {
            Err(Field::PrivateBlob.error_at(ErrorKind::UnsupportedType, start))
        }
        KeyData::SkEcdsaP256(_) | KeyData::SkEd25519(_) => read_security_key(reader).map(Secret::Other),
        // RSA is read by `read_rsa`, and a private key is never opaque.
        KeyData::Rsa(_) | KeyData::Opaque(_) => Err(Field::PrivateBlob.error_at(ErrorKind::UnknownKeyType, start)),
    }
}

/// Reads the secret number of a DSA key, from 1 to q - 1.
fn read_dsa(reader: &mut Reader<'_>, key: &DsaPublicKey<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let span = reader.mpint(Field::PrivateExponent)?;
    let x = reader.bytes(span);
    dsa_private::check(x, key).map_err(|error| error.at(span.start()))?;
    Ok(Zeroizing::new(x.to_vec()))
}

/// Reads the secret number of an ECDSA key, which is at least 1 and below the order of the base point. It may have superfluous
/// leading zeros, which `ssh-keygen` accepts: the `ssh-key` crate writes each number at its full width.
#[cfg(feature = "ec")]
fn read_ecdsa(reader: &mut Reader<'_>, public: &EcdsaPublicKey<'_>) -> Result<EcdsaPrivateKey, Error> {
    let span = reader.padded_mpint(Field::PrivateExponent)?;
    let key =
        EcdsaPrivateKey::from_scalar(public.curve(), reader.bytes(span)).map_err(|error| error.at(span.start()))?;
    if declassify(key.public_key().point().ct_eq(public.point())) {
        Ok(key)
    } else {
        Err(secret_number(ErrorKind::KeyMismatch, span))
    }
}

/// Reads the seed and, after it, the public key.
#[cfg(feature = "ec")]
fn read_ed25519(reader: &mut Reader<'_>, public: &Ed25519PublicKey<'_>) -> Result<Ed25519PrivateKey, Error> {
    let span = reader.string(Field::PrivateExponent)?;
    let ([seed, half], []) = reader.bytes(span).as_chunks::<32>() else {
        return Err(secret_number(ErrorKind::InvalidValue, span));
    };
    let key = Ed25519PrivateKey::from_seed(seed)?;
    let fits = half.ct_eq(public.as_bytes()) & key.public_key().as_bytes().ct_eq(public.as_bytes());
    if declassify(fits) { Ok(key) } else { Err(secret_number(ErrorKind::KeyMismatch, span)) }
}

/// Reads the seeds of ML-DSA-44 and Ed25519. We check that the second belongs to the public key. To check the first, one would
/// have to generate the ML-DSA key.
#[cfg(feature = "ec")]
fn read_mldsa44_ed25519(
    reader: &mut Reader<'_>,
    public: &MlDsa44Ed25519PublicKey<'_>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let start = reader.position();
    let span = reader.string(Field::PrivateExponent)?;
    let ([_, seed], []) = reader.bytes(span).as_chunks::<32>() else {
        return Err(secret_number(ErrorKind::InvalidValue, span));
    };
    let key = Ed25519PrivateKey::from_seed(seed)?;
    if declassify(key.public_key().as_bytes().ct_eq(public.ed25519().as_bytes())) {
        Ok(Zeroizing::new(reader.bytes(reader.since(start)?).to_vec()))
    } else {
        Err(secret_number(ErrorKind::KeyMismatch, span))
    }
}

#[cfg(feature = "ec")]
fn secret_number(kind: ErrorKind, span: Span) -> Error {
    Field::PrivateExponent.error_at(kind, span.start())
}

/// Reads the flags, the key handle, and the reserved field: OpenSSH's PROTOCOL.u2f. Only the security key can interpret the
/// handle.
fn read_security_key(reader: &mut Reader<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let start = reader.position();
    reader.array::<1>(Field::PrivateBlob)?;
    reader.string(Field::PrivateBlob)?;
    reader.string(Field::Reserved)?;
    Ok(Zeroizing::new(reader.bytes(reader.since(start)?).to_vec()))
}

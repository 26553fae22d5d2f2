//! What is secret of a key: the fields that follow the type's name in the private part of a file, by type. The public ones
//! come first, once more, and must be those of the public key. OpenSSH's PROTOCOL.key; of security keys, PROTOCOL.u2f.

use crate::arith::declassify::{classify, declassify};
use crate::arith::limbs::{from_be_bytes, is_small, less};
use crate::error::{Error, ErrorKind, Field};
use crate::openssh::algorithm::Algorithm;
use crate::openssh::ecdsa::EcdsaCurve;
use crate::openssh::key_data::{KeyData, Layout, is_certificate_name};
use crate::openssh::public_key::PublicKey;
use crate::openssh::wire::{Reader, Span, secret_mpints};
use crate::rsa::{RsaNumbers, RsaPrivateKey, RsaPublicKey};
use alloc::vec::Vec;
use zeroize::Zeroizing;

/// The limbs of the longest secret number of DSA and ECDSA, 521 bits.
const SCALAR_LIMBS: usize = 9;

/// What is secret.
pub(in crate::openssh) enum Secret {
    Rsa(RsaPrivateKey),
    /// The fields of another type, as they follow the type's name in the private part of a file.
    Other(Zeroizing<Vec<u8>>),
}

impl Secret {
    /// Reads the type's name and the fields behind it, which must be those of the public key.
    pub(super) fn read(reader: &mut Reader<'_>, public_key: &PublicKey<'_>) -> Result<Self, Error> {
        read_type(reader, public_key.algorithm())?;
        if let KeyData::Rsa(public) = public_key.key_data() {
            return read_rsa(reader, &public).map(Self::Rsa);
        }
        let start = reader.position();
        read_other(reader, public_key)?;
        Ok(Self::Other(Zeroizing::new(reader.bytes(reader.since(start)?).to_vec())))
    }

    /// The fields that follow the type's name.
    pub(super) fn fields(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self {
            Self::Rsa(key) => rsa_fields(key),
            Self::Other(fields) => Ok(fields.clone()),
        }
    }
}

/// Those of an RSA key.
pub(super) fn rsa_fields(key: &RsaPrivateKey) -> Result<Zeroizing<Vec<u8>>, Error> {
    let [d, q_inv, p, q] = [key.private_exponent(), key.coefficient(), key.prime_p(), key.prime_q()];
    secret_mpints(&[key.modulus(), key.public_exponent(), d, q_inv, p, q], 0)
}

pub(super) fn in_blob(kind: ErrorKind, at: usize) -> Error {
    Error::new(kind).in_field(Field::PrivateBlob).at(at)
}

/// Reads the type, which must be that of the public key.
fn read_type(reader: &mut Reader<'_>, expected: Algorithm) -> Result<(), Error> {
    let name = reader.string(Field::BlobType)?;
    let kind = match Algorithm::of_name(reader.bytes(name)) {
        Some(algorithm) if algorithm == expected => return Ok(()),
        Some(_) => ErrorKind::KeyMismatch,
        None if is_certificate_name(reader.bytes(name)) => ErrorKind::CertificateNotAllowed,
        None => ErrorKind::UnknownAlgorithm,
    };
    Err(Error::new(kind).in_field(Field::BlobType).at(name.start()))
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
        return Err(in_blob(ErrorKind::KeyMismatch, start));
    }
    let numbers = RsaNumbers { modulus, public_exponent, private_exponent, p, q, exponents: None, coefficient };
    RsaPrivateKey::from_numbers(&numbers).map_err(|error| {
        let refused = FIELDS.into_iter().zip(spans).find(|(field, _)| Some(*field) == error.field());
        refused.map_or(error, |(_, span)| error.at(span.start()))
    })
}

/// Reads the fields of any other type: the public ones as they are in the public key, and those that are secret.
fn read_other(reader: &mut Reader<'_>, public_key: &PublicKey<'_>) -> Result<(), Error> {
    let start = reader.position();
    Layout::read_fields(public_key.algorithm(), reader)?;
    let public = reader.bytes(reader.since(start)?);
    if !public_key.blob().ends_with(public)
        || public_key.blob().len() != 4 + public_key.type_name().len() + public.len()
    {
        return Err(in_blob(ErrorKind::KeyMismatch, start));
    }
    match public_key.key_data() {
        KeyData::Dsa(key) => {
            let mut order = [0; SCALAR_LIMBS];
            from_be_bytes(key.q(), &mut order);
            read_scalar(reader, &order)
        }
        KeyData::Ecdsa(key) => read_scalar(reader, &order(key.curve())),
        KeyData::Ed25519(key) => read_ed25519(reader, key.as_bytes()),
        KeyData::SkEcdsaP256(_) | KeyData::SkEd25519(_) => read_security_key(reader),
        // Read elsewhere; and none is opaque.
        KeyData::Rsa(_) | KeyData::Opaque(_) => Err(in_blob(ErrorKind::UnknownAlgorithm, start)),
    }
}

/// The order of the curve's base point: SP 800-186, section 3.2.1.
fn order(curve: EcdsaCurve) -> [u64; SCALAR_LIMBS] {
    const ONES: u64 = u64::MAX;
    match curve {
        EcdsaCurve::P256 => [0xf3b9_cac2_fc63_2551, 0xbce6_faad_a717_9e84, ONES, 0xffff_ffff_0000_0000, 0, 0, 0, 0, 0],
        EcdsaCurve::P384 => {
            [0xecec_196a_ccc5_2973, 0x581a_0db2_48b0_a77a, 0xc763_4d81_f437_2ddf, ONES, ONES, ONES, 0, 0, 0]
        }
        EcdsaCurve::P521 => [
            0xbb6f_b71e_9138_6409,
            0x3bb5_c9b8_899c_47ae,
            0x7fcc_0148_f709_a5d0,
            0x5186_8783_bf2f_966b,
            0xffff_ffff_ffff_fffa,
            ONES,
            ONES,
            ONES,
            0x1ff,
        ],
    }
}

/// Reads a secret number from 1 up to an order.
fn read_scalar(reader: &mut Reader<'_>, order: &[u64; SCALAR_LIMBS]) -> Result<(), Error> {
    let span = reader.mpint(Field::PrivateExponent)?;
    let mut scalar = Zeroizing::new([0; SCALAR_LIMBS]);
    let fits = reader.bytes(span).len() <= size_of_val(&*scalar);
    if fits {
        from_be_bytes(reader.bytes(span), &mut *scalar);
        classify(&mut *scalar);
    }
    if fits && declassify(less(&scalar, order) & !is_small(&scalar, 0)) {
        Ok(())
    } else {
        Err(Error::new(ErrorKind::InconsistentKey).in_field(Field::PrivateExponent).at(span.start()))
    }
}

/// Reads the seed and, behind it, the public key.
fn read_ed25519(reader: &mut Reader<'_>, public: &[u8; 32]) -> Result<(), Error> {
    let span = reader.string(Field::PrivateExponent)?;
    let kind = match reader.bytes(span).as_chunks() {
        ([_, half], []) if half == public => return Ok(()),
        ([_, _], []) => ErrorKind::KeyMismatch,
        _ => ErrorKind::InvalidLength,
    };
    Err(Error::new(kind).in_field(Field::PrivateExponent).at(span.start()))
}

/// Reads flags, a key handle, and what is reserved: OpenSSH's PROTOCOL.u2f. Only the security key can tell what they are.
fn read_security_key(reader: &mut Reader<'_>) -> Result<(), Error> {
    reader.array::<1>(Field::PrivateBlob)?;
    reader.string(Field::PrivateBlob)?;
    reader.string(Field::Reserved).map(|_| ())
}

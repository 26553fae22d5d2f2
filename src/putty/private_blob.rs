//! The private blob of a key, by type: what follows from neither the public blob nor the other fields.
//!
//! | type | fields |
//! |---|---|
//! | RSA | d, p, q and qInv, one `mpint` each |
//! | DSA | x, an `mpint` |
//! | ECDSA | the secret number, an `mpint` |
//! | Ed25519 | the seed, a `string`; we accept one without its last zeros |

use super::layout::MAX_PADDING_BYTES;
use crate::error::{Error, ErrorKind, Field};
use crate::key::{Algorithm, KeyData, PrivateKey, PublicKeyRef, Reader, secret_mpints};
#[cfg(feature = "ec")]
use crate::key::{EcdsaPrivateKey, EcdsaPublicKey, Ed25519PrivateKey, Ed25519PublicKey, Writer};
use crate::rsa::{RsaNumbers, RsaPrivateKey, RsaPublicKey};
use alloc::vec::Vec;
use zeroize::Zeroizing;

/// Whether keys of a type are read.
pub(super) fn is_supported(algorithm: Algorithm) -> bool {
    let has_curve =
        matches!(algorithm, Algorithm::EcdsaP256 | Algorithm::EcdsaP384 | Algorithm::EcdsaP521 | Algorithm::Ed25519);
    matches!(algorithm, Algorithm::Rsa | Algorithm::Dsa) || (cfg!(feature = "ec") && has_curve)
}

/// Reads a key of that type from its two blobs. At most `padding` bytes may follow the fields of the private one.
pub(super) fn read(
    algorithm: Algorithm,
    public: &[u8],
    private: &[u8],
    padding: usize,
    comment: &str,
) -> Result<PrivateKey, Error> {
    let public = PublicKeyRef::from_blob(public)?;
    if public.algorithm() != algorithm {
        return Err(Field::BlobType.error_at(ErrorKind::TypeMismatch, size_of::<u32>()));
    }
    let mut reader = Reader::new(private);
    match public.key_data() {
        KeyData::Rsa(public) => PrivateKey::from_rsa(read_rsa(&mut reader, &public, padding)?, comment),
        KeyData::Dsa(public) => {
            let x = reader.mpint(Field::PrivateExponent)?;
            finish(&reader, padding)?;
            PrivateKey::from_dsa([public.p(), public.q(), public.g(), x.of(private)], Some(public.y()))
                .map_err(|error| error.at(x.start()))?
                .with_comment(comment)
        }
        #[cfg(feature = "ec")]
        KeyData::Ecdsa(public) => PrivateKey::from_ecdsa(read_ecdsa(&mut reader, &public, padding)?, comment),
        #[cfg(feature = "ec")]
        KeyData::Ed25519(public) => PrivateKey::from_ed25519(read_ed25519(&mut reader, &public, padding)?, comment),
        _ => Err(Field::BlobType.error_at(ErrorKind::UnsupportedType, size_of::<u32>())),
    }
}

fn finish(reader: &Reader<'_>, padding: usize) -> Result<(), Error> {
    if reader.blob().len() - reader.position() > padding {
        return Err(Field::PrivateBlob.error_at(ErrorKind::TrailingData, reader.position()));
    }
    Ok(())
}

fn read_rsa(reader: &mut Reader<'_>, public: &RsaPublicKey<'_>, padding: usize) -> Result<RsaPrivateKey, Error> {
    let mut number = |field| reader.mpint(field).map(|span| (field, span));
    let spans =
        [number(Field::PrivateExponent)?, number(Field::PrimeP)?, number(Field::PrimeQ)?, number(Field::Coefficient)?];
    finish(reader, padding)?;
    let [private_exponent, p, q, coefficient] = spans.map(|(_, span)| reader.bytes(span));
    let (modulus, public_exponent) = (public.modulus(), public.public_exponent());
    let (exponents, coefficient) = ([None; 2], Some(coefficient));
    let numbers = RsaNumbers { modulus, public_exponent, private_exponent, p, q, exponents, coefficient };
    RsaPrivateKey::from_numbers(&numbers)
        .map_err(|error| error.at_its_field(spans.map(|(field, span)| (field, span.start()))))
}

#[cfg(feature = "ec")]
fn read_ecdsa(reader: &mut Reader<'_>, public: &EcdsaPublicKey<'_>, padding: usize) -> Result<EcdsaPrivateKey, Error> {
    let scalar = reader.mpint(Field::PrivateExponent)?;
    finish(reader, padding)?;
    let key =
        EcdsaPrivateKey::from_scalar(public.curve(), reader.bytes(scalar)).map_err(|error| error.at(scalar.start()))?;
    if key.public_key() == *public {
        Ok(key)
    } else {
        Err(Field::PrivateExponent.error_at(ErrorKind::KeyMismatch, scalar.start()))
    }
}

#[cfg(feature = "ec")]
fn read_ed25519(
    reader: &mut Reader<'_>,
    public: &Ed25519PublicKey<'_>,
    padding: usize,
) -> Result<Ed25519PrivateKey, Error> {
    let span = reader.string(Field::PrivateExponent)?;
    finish(reader, padding)?;
    let mut seed = Zeroizing::new([0; 32]);
    let wrong_length = Field::PrivateExponent.error_at(ErrorKind::InvalidValue, span.start());
    let given = reader.bytes(span);
    seed.get_mut(..given.len()).ok_or(wrong_length)?.copy_from_slice(given);
    let key = Ed25519PrivateKey::from_seed(&*seed)?;
    if key.public_key() == *public {
        Ok(key)
    } else {
        Err(Field::PrivateExponent.error_at(ErrorKind::KeyMismatch, span.start()))
    }
}

/// The private blob, in a vector that has room for padding.
///
/// # Errors
///
/// [`ErrorKind::UnsupportedType`] for a DSA key, which is only read, a composite, and a key on a security key.
pub(super) fn of(key: &PrivateKey) -> Result<Zeroizing<Vec<u8>>, Error> {
    if let Some(key) = key.as_rsa() {
        let numbers = [key.private_exponent(), key.prime_p(), key.prime_q(), key.coefficient()];
        return secret_mpints(&numbers, MAX_PADDING_BYTES);
    }
    #[cfg(feature = "ec")]
    if let Some(key) = key.as_ecdsa() {
        return secret_mpints(&[key.scalar()], MAX_PADDING_BYTES);
    }
    #[cfg(feature = "ec")]
    if let Some(key) = key.as_ed25519() {
        return of_ed25519(key);
    }
    Err(Field::PrivateKey.error(ErrorKind::UnsupportedType))
}

#[cfg(feature = "ec")]
fn of_ed25519(key: &Ed25519PrivateKey) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut blob = Zeroizing::new(alloc::vec![0; size_of::<u32>() + key.seed().len() + MAX_PADDING_BYTES]);
    let mut writer = Writer::new(&mut blob);
    writer.string(key.seed())?;
    let used = writer.finish()?.len();
    blob.truncate(used);
    Ok(blob)
}

//! `ECPrivateKey` of SEC 1, Appendix C.4, which is also in RFC 5915. Reads DER; writes DER and PEM.
//!
//! The reader accepts what programs have written: with or without the name of the curve, with or without the public key, which
//! may be compressed, and a secret number with missing or superfluous leading zeros. The public key must be that of the secret
//! number. Without its name, the curve is that of the public key.

use super::der_error::{invalid_der, offset_of};
use super::limits::EC_LABEL;
use super::object_identifiers::{curve_of, name_of};
use super::private_sequence::PrivateSequence;
use super::written_der::write_der;
use crate::error::{Error, ErrorKind, Field};
use crate::key::{EcdsaCurve, EcdsaPrivateKey};
use crate::text::pem;
#[cfg(feature = "alloc")]
use alloc::string::String;
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{AnyRef, BitStringRef, ContextSpecificRef, OctetStringRef};
use pkcs8::der::{self, Decode, Encode, SliceWriter, Tag, TagMode, TagNumber};
use zeroize::Zeroizing;

/// The number of bytes in the longest encoding, that of P-521: a number of 66 bytes, a point of 133, and headers and names.
pub(super) const MAX_BYTES: usize = 256;

/// Reads the DER. `curve` is the one that was named outside, if it was.
pub(super) fn read(der: &[u8], curve: Option<EcdsaCurve>) -> Result<EcdsaPrivateKey, Error> {
    let mut sequence = PrivateSequence::new(der)?;
    sequence.version(1)?;
    let scalar_at = sequence.position();
    let scalar = sequence.field::<&OctetStringRef>()?.as_bytes();
    let end_of_scalar = sequence.position();
    let parameters = sequence.tagged(0)?;
    let public_key = sequence.tagged(1)?;
    sequence.finish()?;
    let point = public_key.map(|value| read_point(value, der)).transpose()?;
    let named = parameters.map(|value| read_curve(value, der)).transpose()?;
    let curve = match (curve, named) {
        (Some(outside), Some(inside)) if outside != inside => {
            let at = parameters.map_or(0, |value| offset_of(value, der));
            return Err(Field::Curve.error_at(ErrorKind::TypeMismatch, at));
        }
        (Some(curve), _) | (None, Some(curve)) => curve,
        (None, None) => {
            point.and_then(curve_of_point).ok_or(Field::Curve.error_at(ErrorKind::MissingField, end_of_scalar))?
        }
    };
    let key = EcdsaPrivateKey::from_scalar(curve, scalar).map_err(|error| error.at(scalar_at))?;
    match point {
        Some(point) if !key.public_key().is_encoded_as(point) => {
            Err(Field::PrivateExponent.error_at(ErrorKind::KeyMismatch, scalar_at))
        }
        _ => Ok(key),
    }
}

/// Reads the name of a curve. A curve may also be described by its numbers, which we reject.
fn read_curve(parameters: &[u8], der: &[u8]) -> Result<EcdsaCurve, Error> {
    let at = offset_of(parameters, der);
    let value = AnyRef::from_der(parameters).map_err(|error| invalid_der(error, at).in_field(Field::Curve))?;
    named_curve(value, at)
}

/// The curve of an algorithm's parameters, which begin at `at`.
pub(super) fn named_curve(parameters: AnyRef<'_>, at: usize) -> Result<EcdsaCurve, Error> {
    match ObjectIdentifier::try_from(parameters) {
        Ok(name) => curve_of(name).ok_or(Field::Curve.error_at(ErrorKind::UnknownKeyType, at)),
        // The numbers of a curve, most likely.
        Err(_) => Err(Field::Curve.error_at(ErrorKind::InvalidDer, at)),
    }
}

/// The name of the curve in a key, whether it is supported or not.
#[cfg(feature = "alloc")]
pub(super) fn curve_name(der: &[u8]) -> Option<ObjectIdentifier> {
    let mut sequence = PrivateSequence::new(der).ok()?;
    sequence.version_up_to_1().ok()?;
    sequence.field::<&OctetStringRef>().ok()?;
    ObjectIdentifier::from_der(sequence.tagged(0).ok()??).ok()
}

fn read_point<'a>(public_key: &'a [u8], der: &[u8]) -> Result<&'a [u8], Error> {
    let at = offset_of(public_key, der);
    let bits = BitStringRef::from_der(public_key).map_err(|error| invalid_der(error, at).in_field(Field::Point))?;
    bits.as_bytes().ok_or(Field::Point.error_at(ErrorKind::InvalidDer, at))
}

/// The curve whose points have this length, compressed or not.
fn curve_of_point(point: &[u8]) -> Option<EcdsaCurve> {
    let coordinates = match point {
        [2 | 3, x @ ..] => x.len(),
        [_, xy @ ..] => xy.len() / 2,
        [] => return None,
    };
    [EcdsaCurve::P256, EcdsaCurve::P384, EcdsaCurve::P521]
        .into_iter()
        .find(|curve| curve.bits().div_ceil(8) == coordinates)
}

impl EcdsaPrivateKey {
    /// Writes the SEC 1 PEM, `-----BEGIN EC PRIVATE KEY-----`, into `buffer`, which the caller wipes, and returns the part that
    /// it fills. It is what OpenSSL and older OpenSSH write, with the name of the curve and the public key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_sec1_pem<'a>(&self, buffer: &'a mut [u8]) -> Result<&'a str, Error> {
        let mut der = Zeroizing::new([0; MAX_BYTES]);
        pem::write(EC_LABEL, self.write_sec1_der(&mut *der)?, buffer)
    }

    /// Writes the DER of SEC 1 into `buffer`, which the caller wipes, and returns the part that it fills.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_sec1_der<'a>(&self, buffer: &'a mut [u8]) -> Result<&'a [u8], Error> {
        write_der(buffer, |buffer| write(self, Some(self.curve()), buffer))
    }

    /// The SEC 1 PEM: see [`EcdsaPrivateKey::write_sec1_pem`].
    ///
    /// # Errors
    ///
    /// None.
    #[cfg(feature = "alloc")]
    pub fn to_sec1_pem(&self) -> Result<Zeroizing<String>, Error> {
        let mut buffer = Zeroizing::new([0; 2 * MAX_BYTES]);
        self.write_sec1_pem(&mut *buffer).map(|pem| Zeroizing::new(String::from(pem)))
    }
}

/// Writes the DER, with the name of the curve if it is given.
pub(super) fn write<'a>(
    key: &EcdsaPrivateKey,
    named: Option<EcdsaCurve>,
    buffer: &'a mut [u8],
) -> der::Result<&'a [u8]> {
    let mut content = Zeroizing::new([0; MAX_BYTES]);
    let mut writer = SliceWriter::new(&mut *content);
    1u8.encode(&mut writer)?;
    OctetStringRef::new(key.scalar())?.encode(&mut writer)?;
    if let Some(curve) = named {
        explicit(0, name_of(curve)).encode(&mut writer)?;
    }
    explicit(1, &BitStringRef::from_bytes(key.public_key().point())?).encode(&mut writer)?;
    AnyRef::new(Tag::Sequence, writer.finish()?)?.encode_to_slice(buffer)
}

/// A value in an explicit tag.
fn explicit<T>(number: u32, value: &T) -> ContextSpecificRef<'_, T> {
    ContextSpecificRef { tag_number: TagNumber(number), tag_mode: TagMode::Explicit, value }
}

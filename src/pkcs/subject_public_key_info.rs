//! SubjectPublicKeyInfo in DER: RFC 5280, section 4.1.2.7; for RSA and DSA keys RFC 3279, section 2.3, for ECDSA keys RFC
//! 5480, section 2, and for Ed25519 keys RFC 8410, sections 3 and 4.
//!
//! Where these leave a choice, only one encoding is accepted: the parameters of RSA are NULL, and those of Ed25519 absent; a
//! curve is named, and a point is uncompressed; a DSA key has its parameters.

use super::der_error::{invalid_der, offset_of, why_rejected};
use super::limits::MAX_PUBLIC_DER_BYTES;
use super::object_identifiers::{DSA, ECDSA, ED25519, RSA, curve_of, name_of};
use super::rsa_public_key;
use super::written_der::write_der;
use crate::error::{Error, ErrorKind, Field};
#[cfg(feature = "alloc")]
use crate::key::PublicKey;
use crate::key::{DsaPublicKey, EcdsaPublicKey, Ed25519PublicKey, KeyData};
#[cfg(all(feature = "alloc", feature = "ec"))]
use crate::key::{MAX_POINT_BYTES, expand_ecdsa};
#[cfg(feature = "alloc")]
use crate::rsa::RsaPublicKey;
use spki::der::asn1::{AnyRef, BitStringRef, UintRef};
use spki::der::{self, Decode, Encode, Reader, SliceWriter, Tag};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier, SubjectPublicKeyInfoRef};

/// The length in bytes of the longest parameters, p, q and g of DSA: 128, 20 and 128, with 3 headers and zero bytes.
const MAX_PARAMETER_BYTES: usize = 300;

impl<'a> KeyData<'a> {
    /// Reads a SubjectPublicKeyInfo in DER, strictly: an accepted key is encoded back byte for byte.
    ///
    /// ```
    /// use ssh_keypair::KeyData;
    ///
    /// // The prefix of RFC 8410, and the 32 bytes of the point.
    /// let der = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00\x58fffffffffffffffffffffffffffffff";
    /// assert_eq!(KeyData::from_spki_der(der)?.algorithm().as_str(), "ssh-ed25519");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidDer`], [`ErrorKind::Truncated`] and [`ErrorKind::TrailingData`]; [`ErrorKind::UnknownKeyType`]
    /// for types and curves that OpenSSH does not support; those of the key's own `new`, such as [`Ed25519PublicKey::new`];
    /// [`ErrorKind::PrivateKeyGiven`].
    pub fn from_spki_der(der: &'a [u8]) -> Result<Self, Error> {
        read(der).map_err(|error| why_rejected(der, error))
    }
}

/// Reads a SubjectPublicKeyInfo as [`KeyData::from_spki_der`] does, but accepts a compressed point, with the feature `ec`. The
/// comment of the key is empty.
#[cfg(feature = "x509")]
pub(crate) fn public_key_of(der: &[u8]) -> Result<PublicKey, Error> {
    #[cfg(feature = "ec")]
    let mut point = [0; MAX_POINT_BYTES];
    #[cfg(feature = "ec")]
    let key = read_expanding(der, &mut point)?;
    #[cfg(not(feature = "ec"))]
    let key = KeyData::from_spki_der(der)?;
    PublicKey::from_key_data(&key, "")
}

/// Reads it as [`KeyData::from_spki_der`] does, but accepts a compressed point, which it expands into `buffer`.
#[cfg(all(feature = "alloc", feature = "ec"))]
pub(super) fn read_expanding<'a>(der: &'a [u8], buffer: &'a mut [u8; MAX_POINT_BYTES]) -> Result<KeyData<'a>, Error> {
    let error = match read(der) {
        Err(error) if error.kind() == ErrorKind::UnsupportedPointFormat => error,
        result => return result.map_err(|error| why_rejected(der, error)),
    };
    // It is valid, except for its point.
    let spki = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| error)?;
    let curve = spki.algorithm.parameters.and_then(|name| ObjectIdentifier::try_from(name).ok()).and_then(curve_of);
    let point = spki.subject_public_key.as_bytes().unwrap_or_default();
    let (Some(curve), [2 | 3, ..]) = (curve, point) else { return Err(error) };
    let not_on_curve = Field::Point.error_at(ErrorKind::InvalidPoint, offset_of(point, der));
    Ok(expand_ecdsa(curve, point, buffer).ok_or(not_on_curve)?.into())
}

fn read(der: &[u8]) -> Result<KeyData<'_>, Error> {
    let spki = SubjectPublicKeyInfoRef::from_der(der).map_err(|error| invalid_der(error, 0))?;
    let algorithm_at = AnyRef::from_der(der).map_or(0, |sequence| offset_of(sequence.value(), der));
    let key_at = offset_of(spki.subject_public_key.raw_bytes(), der);
    let key = spki.subject_public_key.as_bytes();
    let key = key.ok_or(Field::Blob.error_at(ErrorKind::InvalidDer, key_at))?;
    match (spki.algorithm.oid, spki.algorithm.parameters) {
        (RSA, Some(parameters)) if parameters.is_null() => {
            Ok(rsa_public_key::read(key).map_err(|error| error.moved(key_at))?.into())
        }
        (DSA, Some(parameters)) => read_dsa(parameters, key, der).map(KeyData::Dsa),
        (ECDSA, Some(parameters)) => {
            let Ok(curve) = ObjectIdentifier::try_from(parameters) else {
                return Err(Field::Curve.error_at(ErrorKind::InvalidDer, algorithm_at));
            };
            let Some(curve) = curve_of(curve) else {
                return Err(Field::Curve.error_at(ErrorKind::UnknownKeyType, algorithm_at));
            };
            Ok(EcdsaPublicKey::new(curve, key).map_err(|error| error.at(key_at))?.into())
        }
        (ED25519, None) => {
            let length = Field::Point.error_at(ErrorKind::InvalidValue, key_at);
            let point = key.try_into().map_err(|_| length)?;
            Ok(Ed25519PublicKey::new(point).map_err(|error| error.at(key_at))?.into())
        }
        (RSA | DSA | ECDSA | ED25519, _) => Err(Field::BlobType.error_at(ErrorKind::InvalidDer, algorithm_at)),
        _ => Err(Field::BlobType.error_at(ErrorKind::UnknownKeyType, algorithm_at)),
    }
}

/// The numbers of a DSA key: p, q and g are its parameters, and y is the key.
fn read_dsa<'a>(parameters: AnyRef<'a>, key: &'a [u8], der: &[u8]) -> Result<DsaPublicKey<'a>, Error> {
    let at = |part| offset_of(part, der);
    let number = |reader: &mut der::SliceReader<'a>| reader.decode::<UintRef<'a>>().map(|number| number.as_bytes());
    let [p, q, g] = parameters
        .sequence(|reader| Ok::<_, der::Error>([number(reader)?, number(reader)?, number(reader)?]))
        .map_err(|error| invalid_der(error, at(parameters.value())))?;
    let y = UintRef::from_der(key).map_err(|error| invalid_der(error, at(key)))?.as_bytes();
    DsaPublicKey::new(p, q, g, y).map_err(|error| {
        error.at(at(match error.field() {
            Some(Field::DsaPrime) => p,
            Some(Field::DsaSubprime) => q,
            Some(Field::DsaGenerator) => g,
            _ => y,
        }))
    })
}

impl KeyData<'_> {
    /// Writes the SubjectPublicKeyInfo in DER into `buffer`, and returns the part that it fills.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] for keys on security keys, composites and opaque keys, which this format cannot
    /// represent; [`ErrorKind::BufferTooSmall`].
    pub fn write_spki_der<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
        if !is_representable(self) {
            return Err(Field::KeyType.error(ErrorKind::UnsupportedType));
        }
        write_der(buffer, |buffer| write(self, buffer))
    }
}

/// Whether this format can represent the type.
fn is_representable(key: &KeyData<'_>) -> bool {
    matches!(key, KeyData::Rsa(_) | KeyData::Dsa(_) | KeyData::Ecdsa(_) | KeyData::Ed25519(_))
}

/// Writes a key of a type that this format can represent.
fn write<'b>(key: &KeyData<'_>, buffer: &'b mut [u8]) -> der::Result<&'b [u8]> {
    let null = Some(AnyRef::NULL);
    match key {
        KeyData::Rsa(key) => {
            let mut numbers = [0; MAX_PUBLIC_DER_BYTES];
            rsa_public_key::write(key, &mut numbers).and_then(|key| write_parts(RSA, null, key, buffer))
        }
        KeyData::Dsa(key) => write_dsa(key, buffer),
        KeyData::Ecdsa(key) => write_parts(ECDSA, Some(name_of(key.curve()).into()), key.point(), buffer),
        KeyData::Ed25519(key) => write_parts(ED25519, None, key.as_bytes(), buffer),
        KeyData::SkEcdsaP256(_) | KeyData::SkEd25519(_) | KeyData::MlDsa44Ed25519(_) | KeyData::Opaque(_) => {
            Err(der::ErrorKind::Failed.into())
        }
    }
}

fn write_dsa<'b>(key: &DsaPublicKey<'_>, buffer: &'b mut [u8]) -> der::Result<&'b [u8]> {
    let (mut parameters, mut y) = ([0; MAX_PARAMETER_BYTES], [0; MAX_PARAMETER_BYTES]);
    let mut writer = SliceWriter::new(&mut parameters);
    for number in [key.p(), key.q(), key.g()] {
        UintRef::new(number)?.encode(&mut writer)?;
    }
    let parameters = AnyRef::new(Tag::Sequence, writer.finish()?)?;
    let y = UintRef::new(key.y())?.encode_to_slice(&mut y)?;
    write_parts(DSA, Some(parameters), y, buffer)
}

fn write_parts<'b>(
    oid: ObjectIdentifier,
    parameters: Option<AnyRef<'_>>,
    key: &[u8],
    buffer: &'b mut [u8],
) -> der::Result<&'b [u8]> {
    SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef { oid, parameters },
        subject_public_key: BitStringRef::from_bytes(key)?,
    }
    .encode_to_slice(buffer)
}

/// RustCrypto's trait: DER as a `der::Document`, and PEM with a choice of line endings. Keys on security keys,
/// composites and opaque keys are rejected as malformed.
#[cfg(feature = "alloc")]
impl spki::EncodePublicKey for KeyData<'_> {
    fn to_public_key_der(&self) -> spki::Result<der::Document> {
        if !is_representable(self) {
            return Err(spki::Error::KeyMalformed);
        }
        let mut buffer = [0; MAX_PUBLIC_DER_BYTES];
        Ok(der::Document::try_from(write(self, &mut buffer)?)?)
    }
}

/// RustCrypto's trait: see [`KeyData`].
#[cfg(feature = "alloc")]
impl spki::EncodePublicKey for RsaPublicKey<'_> {
    fn to_public_key_der(&self) -> spki::Result<der::Document> {
        KeyData::Rsa(*self).to_public_key_der()
    }
}

/// RustCrypto's trait: see [`KeyData`].
#[cfg(feature = "alloc")]
impl spki::EncodePublicKey for PublicKey {
    fn to_public_key_der(&self) -> spki::Result<der::Document> {
        self.key_data().to_public_key_der()
    }
}

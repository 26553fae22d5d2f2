//! `PrivateKeyInfo` of PKCS#8: RFC 5208, section 5, and version 2 of RFC 5958, section 2, which adds a public key. Reads and
//! writes DER and PEM.
//!
//! RSA is strict: version 0, no attributes, the parameters of the algorithm are NULL, as RFC 8017, Appendix A.1 requires. For
//! the other types, version 2 is read too. Its public key is an implicit `BIT STRING`, or an explicit one, as some programs
//! write it; it must be that of the private key. Attributes are skipped. Version 1 is written: for Ed25519 without the public
//! key, as RFC 8410, section 7 has it, and for ECDSA with the public key inside (RFC 5915).

use super::der_error::offset_of;
#[cfg(feature = "alloc")]
use super::dsa_private_key;
#[cfg(feature = "ec")]
use super::ec_private_key;
use super::limits::{MAX_DER_BYTES, PKCS8_LABEL};
#[cfg(feature = "alloc")]
use super::object_identifiers::DSA;
use super::object_identifiers::RSA;
#[cfg(feature = "ec")]
use super::object_identifiers::{ECDSA, ED25519, name_of};
use super::private_sequence::PrivateSequence;
use super::rsa_private_key;
use super::written_der::write_der;
use crate::error::{Error, ErrorKind, Field};
#[cfg(feature = "alloc")]
use crate::key::PrivateKey;
#[cfg(feature = "ec")]
use crate::key::{EcdsaPrivateKey, Ed25519PrivateKey};
use crate::rsa::RsaPrivateKey;
use crate::text::pem;
#[cfg(feature = "alloc")]
use der::SecretDocument;
#[cfg(feature = "alloc")]
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::der::{self, Encode};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{KeyError, PrivateKeyInfoRef};
use zeroize::Zeroizing;
#[cfg(feature = "ec")]
use {pkcs8::der::Decode, pkcs8::der::asn1::BitStringRef};

const RSA_ALGORITHM: AlgorithmIdentifierRef<'static> =
    AlgorithmIdentifierRef { oid: RSA, parameters: Some(AnyRef::NULL) };
#[cfg(feature = "ec")]
const ED25519_ALGORITHM: AlgorithmIdentifierRef<'static> = AlgorithmIdentifierRef { oid: ED25519, parameters: None };

/// The parts of an unencrypted PKCS#8.
pub(super) struct PrivateKeyInfo<'a> {
    der: &'a [u8],
    version_at: usize,
    is_version_2: bool,
    algorithm: AlgorithmIdentifierRef<'a>,
    algorithm_at: usize,
    private_key: &'a [u8],
    /// Where the attributes or the public key begin, if there are any.
    more_at: Option<usize>,
    /// The content of the tag around the public key, and whether it is an explicit one.
    #[cfg(feature = "ec")]
    public_key: Option<(&'a [u8], bool)>,
}

impl<'a> PrivateKeyInfo<'a> {
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Error> {
        let mut sequence = PrivateSequence::new(der)?;
        let version_at = sequence.position();
        let is_version_2 = sequence.version_up_to_1()?;
        let algorithm_at = sequence.position();
        let algorithm: AlgorithmIdentifierRef<'_> = sequence.field()?;
        let private_key = sequence.field::<&OctetStringRef>()?.as_bytes();
        let more_at = sequence.next_tag().map(|_| sequence.position());
        sequence.tagged(0)?;
        let _public_key = match sequence.primitive(1)? {
            Some(implicit) => Some((implicit, false)),
            None => sequence.tagged(1)?.map(|explicit| (explicit, true)),
        };
        sequence.finish()?;
        Ok(Self {
            der,
            version_at,
            is_version_2,
            algorithm,
            algorithm_at,
            private_key,
            more_at,
            #[cfg(feature = "ec")]
            public_key: _public_key,
        })
    }

    fn key_at(&self) -> usize {
        offset_of(self.private_key, self.der)
    }

    fn unsupported(&self) -> Error {
        Field::PrivateBlob.error_at(ErrorKind::UnsupportedType, self.algorithm_at)
    }

    fn invalid_algorithm(&self) -> Error {
        Field::PrivateBlob.error_at(ErrorKind::InvalidDer, self.algorithm_at)
    }

    pub(super) fn to_rsa(&self) -> Result<RsaPrivateKey, Error> {
        self.to_rsa_by(rsa_private_key::read)
    }

    /// Reads the PKCS#1 inside with a given reader.
    pub(super) fn to_rsa_by<T>(&self, read: fn(&[u8]) -> Result<T, Error>) -> Result<T, Error> {
        if self.algorithm.oid != RSA {
            return Err(self.unsupported());
        }
        if self.algorithm != RSA_ALGORITHM {
            return Err(self.invalid_algorithm());
        }
        if self.is_version_2 {
            return Err(Field::PrivateBlob.error_at(ErrorKind::UnsupportedVersion, self.version_at));
        }
        if let Some(at) = self.more_at {
            return Err(Field::PrivateBlob.error_at(ErrorKind::TrailingData, at));
        }
        read(self.private_key).map_err(|error| error.moved(self.key_at()))
    }

    /// The name of the curve, if the type is that of a named curve, or of the type.
    #[cfg(feature = "alloc")]
    pub(super) fn type_or_curve(&self) -> Option<ObjectIdentifier> {
        match (self.algorithm.oid, self.algorithm.parameters) {
            #[cfg(feature = "ec")]
            (ECDSA, Some(curve)) => ObjectIdentifier::try_from(curve).ok(),
            (other, _) => Some(other),
        }
    }

    #[cfg(feature = "alloc")]
    pub(super) fn is_rsa(&self) -> bool {
        self.algorithm.oid == RSA
    }

    /// RFC 8410, section 7: the private key is an octet string in the octet string.
    #[cfg(feature = "ec")]
    pub(super) fn to_ed25519(&self) -> Result<Ed25519PrivateKey, Error> {
        if self.algorithm.oid != ED25519 {
            return Err(self.unsupported());
        }
        if self.algorithm != ED25519_ALGORITHM {
            return Err(self.invalid_algorithm());
        }
        let mut content = PrivateSequence::of(self.private_key, self.key_at())?;
        let seed = content.field::<&OctetStringRef>()?.as_bytes();
        content.finish()?;
        let seed_at = offset_of(seed, self.der);
        let wrong_length = Field::PrivateExponent.error_at(ErrorKind::InvalidValue, seed_at);
        let key = Ed25519PrivateKey::from_seed(seed).map_err(|error| match error.field() {
            Some(Field::Seed) => wrong_length,
            _ => error,
        })?;
        match self.public_key()? {
            Some(given) if given != key.public_key().as_bytes() => {
                Err(Field::PrivateExponent.error_at(ErrorKind::KeyMismatch, seed_at))
            }
            _ => Ok(key),
        }
    }

    #[cfg(feature = "ec")]
    pub(super) fn to_ecdsa(&self) -> Result<EcdsaPrivateKey, Error> {
        if self.algorithm.oid != ECDSA {
            return Err(self.unsupported());
        }
        let parameters = self.algorithm.parameters.ok_or(self.invalid_algorithm())?;
        let curve = ec_private_key::named_curve(parameters, self.algorithm_at)?;
        let key = ec_private_key::read(self.private_key, Some(curve)).map_err(|error| error.moved(self.key_at()))?;
        match self.public_key()? {
            Some(point) if !key.public_key().is_encoded_as(point) => {
                Err(Field::PrivateExponent.error_at(ErrorKind::KeyMismatch, self.key_at()))
            }
            _ => Ok(key),
        }
    }

    /// The public key behind the private one, if there is one.
    #[cfg(feature = "ec")]
    fn public_key(&self) -> Result<Option<&'a [u8]>, Error> {
        let Some((content, is_explicit)) = self.public_key else { return Ok(None) };
        let invalid = Field::PrivateBlob.error_at(ErrorKind::InvalidDer, offset_of(content, self.der));
        // A bit string begins with the number of unused bits.
        let public_key = match content {
            [0, public_key @ ..] if !is_explicit => public_key,
            explicit if is_explicit => {
                BitStringRef::from_der(explicit).ok().and_then(|bits| bits.as_bytes()).ok_or(invalid)?
            }
            _ => return Err(invalid),
        };
        Ok(Some(public_key))
    }

    #[cfg(feature = "alloc")]
    pub(super) fn to_private_key(&self) -> Result<PrivateKey, Error> {
        match self.algorithm.oid {
            RSA => PrivateKey::from_rsa(self.to_rsa()?, ""),
            #[cfg(feature = "ec")]
            ED25519 => PrivateKey::from_ed25519(self.to_ed25519()?, ""),
            #[cfg(feature = "ec")]
            ECDSA => PrivateKey::from_ecdsa(self.to_ecdsa()?, ""),
            DSA => {
                let parameters = self.algorithm.parameters.ok_or(self.invalid_algorithm())?;
                dsa_private_key::read_parts(parameters, self.private_key, self.der)
            }
            _ => Err(self.unsupported()),
        }
    }
}

fn write_rsa<'a>(key: &RsaPrivateKey, buffer: &'a mut [u8]) -> der::Result<&'a [u8]> {
    let mut pkcs1 = Zeroizing::new([0; MAX_DER_BYTES]);
    let key = OctetStringRef::new(rsa_private_key::write(key, &mut *pkcs1)?)?;
    PrivateKeyInfoRef::new(RSA_ALGORITHM, key).encode_to_slice(buffer)
}

#[cfg(feature = "ec")]
fn write_ed25519<'a>(key: &Ed25519PrivateKey, buffer: &'a mut [u8]) -> der::Result<&'a [u8]> {
    let mut inside = Zeroizing::new([0; 34]);
    let key = OctetStringRef::new(OctetStringRef::new(key.seed())?.encode_to_slice(&mut *inside)?)?;
    PrivateKeyInfoRef::new(ED25519_ALGORITHM, key).encode_to_slice(buffer)
}

#[cfg(feature = "ec")]
fn write_ecdsa<'a>(key: &EcdsaPrivateKey, buffer: &'a mut [u8]) -> der::Result<&'a [u8]> {
    let algorithm = AlgorithmIdentifierRef { oid: ECDSA, parameters: Some(name_of(key.curve()).into()) };
    let mut inside = Zeroizing::new([0; ec_private_key::MAX_BYTES]);
    let key = OctetStringRef::new(ec_private_key::write(key, None, &mut *inside)?)?;
    PrivateKeyInfoRef::new(algorithm, key).encode_to_slice(buffer)
}

/// Declares the writers of a type whose encoder is `$write`, and RustCrypto's trait.
macro_rules! writers {
    ($($(#[$attribute:meta])* $key:ty: $write:ident;)+) => {
        $($(#[$attribute])* impl $key {
            /// Writes the PKCS#8 PEM into `buffer`, which the caller wipes, and returns the part that it fills.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::BufferTooSmall`].
            pub fn write_pkcs8_pem<'a>(&self, buffer: &'a mut [u8]) -> Result<&'a str, Error> {
                let mut der = Zeroizing::new([0; MAX_DER_BYTES]);
                pem::write(PKCS8_LABEL, self.write_pkcs8_der(&mut *der)?, buffer)
            }

            /// Writes the DER of an unencrypted PKCS#8 into `buffer`, which the caller wipes, and returns the part that it fills.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::BufferTooSmall`].
            pub fn write_pkcs8_der<'a>(&self, buffer: &'a mut [u8]) -> Result<&'a [u8], Error> {
                write_der(buffer, |buffer| $write(self, buffer))
            }
        }

        /// RustCrypto's trait: DER as a [`SecretDocument`], and PEM with a choice of line endings.
        #[cfg(feature = "alloc")]
        $(#[$attribute])* impl pkcs8::EncodePrivateKey for $key {
            fn to_pkcs8_der(&self) -> pkcs8::Result<SecretDocument> {
                let mut buffer = Zeroizing::new([0; MAX_DER_BYTES]);
                Ok(SecretDocument::try_from($write(self, &mut *buffer)?)?)
            }
        })+
    };
}

writers! {
    RsaPrivateKey: write_rsa;
    #[cfg(feature = "ec")]
    Ed25519PrivateKey: write_ed25519;
    #[cfg(feature = "ec")]
    EcdsaPrivateKey: write_ecdsa;
}

#[cfg(feature = "alloc")]
impl PrivateKey {
    /// Writes the PKCS#8 PEM into `buffer`, which the caller wipes, and returns the part that it fills. The comment is not in it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] for a DSA key, a composite and a key on a security key; [`ErrorKind::BufferTooSmall`].
    pub fn write_pkcs8_pem<'a>(&self, buffer: &'a mut [u8]) -> Result<&'a str, Error> {
        let mut der = Zeroizing::new([0; MAX_DER_BYTES]);
        pem::write(PKCS8_LABEL, self.write_pkcs8_der(&mut *der)?, buffer)
    }

    /// Writes the DER of an unencrypted PKCS#8 into `buffer`, which the caller wipes, and returns the part that it fills. The
    /// comment is not in it.
    ///
    /// # Errors
    ///
    /// Those of [`PrivateKey::write_pkcs8_pem`].
    pub fn write_pkcs8_der<'a>(&self, buffer: &'a mut [u8]) -> Result<&'a [u8], Error> {
        if let Some(key) = self.as_rsa() {
            return key.write_pkcs8_der(buffer);
        }
        #[cfg(feature = "ec")]
        if let Some(key) = self.as_ed25519() {
            return key.write_pkcs8_der(buffer);
        }
        #[cfg(feature = "ec")]
        if let Some(key) = self.as_ecdsa() {
            return key.write_pkcs8_der(buffer);
        }
        Err(Field::PrivateKey.error(ErrorKind::UnsupportedType))
    }
}

/// RustCrypto's trait: DER as a [`SecretDocument`], and PEM with a choice of line endings. A DSA key and a key on a security
/// key are rejected as malformed.
#[cfg(feature = "alloc")]
impl pkcs8::EncodePrivateKey for PrivateKey {
    fn to_pkcs8_der(&self) -> pkcs8::Result<SecretDocument> {
        let mut buffer = Zeroizing::new([0; MAX_DER_BYTES]);
        let der = self.write_pkcs8_der(&mut *buffer).map_err(|_| pkcs8::Error::KeyMalformed(KeyError::Invalid))?;
        Ok(SecretDocument::try_from(der)?)
    }
}

/// Provides RustCrypto's trait `pkcs8::DecodePrivateKey`. It reads as [`RsaPrivateKey::from_der`] does, but its errors have
/// neither field nor offset. `pkcs8` drops attributes before it calls this. Its PEM may have text before it, and any length.
///
/// Its `from_pkcs8_encrypted_der` and `from_pkcs8_encrypted_pem` follow whatever parameters the file contains: nothing
/// bounds the time and the memory of the key derivation, and some parameters cause a panic. For a file that you do not
/// trust, use [`PrivateKey::parse`](crate::PrivateKey::parse).
impl TryFrom<PrivateKeyInfoRef<'_>> for RsaPrivateKey {
    type Error = pkcs8::Error;

    fn try_from(info: PrivateKeyInfoRef<'_>) -> pkcs8::Result<Self> {
        info.algorithm.assert_algorithm_oid(RSA)?;
        if info.algorithm != RSA_ALGORITHM {
            return Err(pkcs8::Error::ParametersMalformed);
        }
        if info.public_key.is_some() {
            return Err(pkcs8::Error::KeyMalformed(KeyError::Invalid));
        }
        rsa_private_key::read(info.private_key.as_bytes()).map_err(|error| {
            pkcs8::Error::KeyMalformed(match error.kind() {
                ErrorKind::KeyTooSmall => KeyError::TooShort,
                ErrorKind::KeyTooLarge => KeyError::TooLong,
                _ => KeyError::Invalid,
            })
        })
    }
}

macro_rules! readers {
    ($($(#[$attribute:meta])* $key:ident: $read:ident;)+) => {
        $(/// Provides RustCrypto's trait `pkcs8::DecodePrivateKey`. Its errors have neither field nor offset, its PEM may have
        /// text before it, and any length. For an encrypted file that you do not trust, use
        /// [`PrivateKey::parse`](crate::PrivateKey::parse): the trait's functions follow whatever parameters the file contains.
        $(#[$attribute])* impl TryFrom<PrivateKeyInfoRef<'_>> for $key {
            type Error = pkcs8::Error;

            fn try_from(info: PrivateKeyInfoRef<'_>) -> pkcs8::Result<Self> {
                let mut buffer = Zeroizing::new([0; MAX_DER_BYTES]);
                let der = info.encode_to_slice(&mut *buffer)?;
                let key = PrivateKeyInfo::read(der).and_then(|info| info.$read());
                key.map_err(|_| pkcs8::Error::KeyMalformed(KeyError::Invalid))
            }
        })+
    };
}

readers! {
    #[cfg(feature = "ec")]
    Ed25519PrivateKey: to_ed25519;
    #[cfg(feature = "ec")]
    EcdsaPrivateKey: to_ecdsa;
    #[cfg(feature = "alloc")]
    PrivateKey: to_private_key;
}

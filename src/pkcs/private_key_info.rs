//! `PrivateKeyInfo` of PKCS#8 with an RSA key in it: RFC 5208, section 5. Reads DER; writes DER and PEM.
//!
//! The additions of RFC 5958 are not supported: the version is 0, and neither attributes nor a public key follow. The
//! parameters of the algorithm are NULL, as RFC 8017, Appendix A.1 requires.

use super::der_error::offset_of;
use super::limits::{MAX_DER_BYTES, PKCS8_LABEL};
use super::private_sequence::PrivateSequence;
use super::rsa_private_key;
use crate::error::{Error, ErrorKind, Field};
use crate::rsa::RsaPrivateKey;
use crate::text::pem;
#[cfg(feature = "alloc")]
use der::SecretDocument;
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::der::{self, Encode};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{KeyError, PrivateKeyInfoRef};
use zeroize::Zeroizing;

const ALGORITHM: AlgorithmIdentifierRef<'static> =
    AlgorithmIdentifierRef { oid: pkcs1::ALGORITHM_OID, parameters: Some(AnyRef::NULL) };

/// Reads the DER of an unencrypted PKCS#8, strictly.
pub(super) fn read(der: &[u8]) -> Result<RsaPrivateKey, Error> {
    let mut sequence = PrivateSequence::new(der)?;
    sequence.version_0()?;
    let algorithm_at = sequence.position();
    let algorithm: AlgorithmIdentifierRef<'_> = sequence.field()?;
    if algorithm.oid != ALGORITHM.oid {
        return Err(Field::PrivateBlob.error_at(ErrorKind::UnsupportedType, algorithm_at));
    }
    if algorithm != ALGORITHM {
        return Err(Field::PrivateBlob.error_at(ErrorKind::InvalidDer, algorithm_at));
    }
    let key = sequence.field::<&OctetStringRef>()?.as_bytes();
    sequence.finish()?;
    rsa_private_key::read(key).map_err(|error| error.moved(offset_of(key, der)))
}

impl RsaPrivateKey {
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
        write(self, buffer).map_err(|_| Error::new(ErrorKind::BufferTooSmall))
    }
}

fn write<'a>(key: &RsaPrivateKey, buffer: &'a mut [u8]) -> der::Result<&'a [u8]> {
    let mut pkcs1 = Zeroizing::new([0; MAX_DER_BYTES]);
    let key = OctetStringRef::new(rsa_private_key::write(key, &mut *pkcs1)?)?;
    PrivateKeyInfoRef::new(ALGORITHM, key).encode_to_slice(buffer)
}

/// RustCrypto's trait: DER as a [`SecretDocument`], and PEM with a choice of line endings.
#[cfg(feature = "alloc")]
impl pkcs8::EncodePrivateKey for RsaPrivateKey {
    fn to_pkcs8_der(&self) -> pkcs8::Result<SecretDocument> {
        let mut buffer = Zeroizing::new([0; MAX_DER_BYTES]);
        Ok(SecretDocument::try_from(write(self, &mut *buffer)?)?)
    }
}

/// Provides RustCrypto's trait `pkcs8::DecodePrivateKey`. It reads as [`RsaPrivateKey::from_der`] does, but its errors have
/// neither field nor offset. `pkcs8` drops attributes before it calls this. Its PEM may have text before it, and any length.
///
/// Its `from_pkcs8_encrypted_der` and `from_pkcs8_encrypted_pem` follow whatever parameters the file contains: nothing
/// bounds the time and the memory of the key derivation, and some parameters cause a panic. For a file that you do not
/// trust, use `PrivateKey::parse`.
impl TryFrom<PrivateKeyInfoRef<'_>> for RsaPrivateKey {
    type Error = pkcs8::Error;

    fn try_from(info: PrivateKeyInfoRef<'_>) -> pkcs8::Result<Self> {
        info.algorithm.assert_algorithm_oid(ALGORITHM.oid)?;
        if info.algorithm != ALGORITHM {
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

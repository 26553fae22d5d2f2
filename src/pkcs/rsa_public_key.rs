//! `RSAPublicKey` of PKCS#1: RFC 8017, Appendix A.1.1, in DER.

use super::der_error::{invalid_der, offset_of, why_rejected};
#[cfg(feature = "alloc")]
use super::limits::MAX_PUBLIC_DER_BYTES;
use super::written_der::write_der;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::{Error, Field};
use crate::rsa::RsaPublicKey;
#[cfg(feature = "alloc")]
use der::Document;
use pkcs1::RsaPublicKeyRef;
use pkcs1::der::{self, Decode, Encode, asn1::UintRef};

impl<'a> RsaPublicKey<'a> {
    /// Reads the DER of PKCS#1, strictly: an accepted key is encoded back byte for byte.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, RsaPublicKey};
    /// assert_eq!(RsaPublicKey::from_pkcs1_der(&[0x30, 0x80]).unwrap_err().kind(), ErrorKind::InvalidDer);
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidDer`], [`ErrorKind::Truncated`] and [`ErrorKind::TrailingData`]; those of [`RsaPublicKey::new`];
    /// [`ErrorKind::PrivateKeyGiven`].
    pub fn from_pkcs1_der(der: &'a [u8]) -> Result<Self, Error> {
        read(der).map_err(|error| why_rejected(der, error))
    }
}

pub(super) fn read(der: &[u8]) -> Result<RsaPublicKey<'_>, Error> {
    let numbers = RsaPublicKeyRef::from_der(der).map_err(|error| invalid_der(error, 0))?;
    let (modulus, public_exponent) = (numbers.modulus.as_bytes(), numbers.public_exponent.as_bytes());
    RsaPublicKey::new(modulus, public_exponent).map_err(|error| {
        let fields = [(Field::Modulus, modulus), (Field::PublicExponent, public_exponent)];
        error.at_its_field(fields.map(|(field, number)| (field, offset_of(number, der))))
    })
}

impl RsaPublicKey<'_> {
    /// Writes the DER of PKCS#1 into `buffer`, and returns the part that it fills.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_pkcs1_der<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
        write_der(buffer, |buffer| write(self, buffer))
    }
}

pub(super) fn write<'b>(key: &RsaPublicKey<'_>, buffer: &'b mut [u8]) -> der::Result<&'b [u8]> {
    let (modulus, public_exponent) = (UintRef::new(key.modulus())?, UintRef::new(key.public_exponent())?);
    RsaPublicKeyRef { modulus, public_exponent }.encode_to_slice(buffer)
}

/// RustCrypto's trait: DER as a `Document`, and PEM with a choice of line endings.
#[cfg(feature = "alloc")]
impl pkcs1::EncodeRsaPublicKey for RsaPublicKey<'_> {
    fn to_pkcs1_der(&self) -> pkcs1::Result<Document> {
        let mut buffer = [0; MAX_PUBLIC_DER_BYTES];
        Ok(Document::try_from(write(self, &mut buffer)?)?)
    }
}

//! `ssh-rsa`: string "ssh-rsa", mpint e, mpint n. RFC 4253, section 6.6.

use super::Algorithm;
use super::wire::{Reader, Writer};
use crate::error::{Error, Field};
use crate::rsa::RsaPublicKey;
use core::ops::Range;

/// The bytes of a blob beside those of the modulus: three lengths, the name, an exponent of 33 bits, a zero byte.
#[cfg(feature = "alloc")]
pub(super) const MAX_OVERHEAD: usize = 3 * 4 + 7 + 5 + 1;

/// Where e and n are in a checked blob.
#[derive(Clone, Debug)]
pub(super) struct RsaLayout {
    public_exponent: Range<usize>,
    pub(super) modulus: Range<usize>,
}

impl RsaLayout {
    /// Reads what follows the name.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let public_exponent = reader.mpint(Field::PublicExponent)?;
        let modulus = reader.mpint(Field::Modulus)?;
        RsaPublicKey::new(reader.bytes(&modulus), reader.bytes(&public_exponent)).map_err(|error| {
            let at = match error.field() {
                Some(Field::PublicExponent) => &public_exponent,
                _ => &modulus,
            };
            error.at(at.start)
        })?;
        Ok(Self { public_exponent, modulus })
    }

    /// The key, from the blob that was read.
    pub(super) fn public_key<'a>(&self, blob: &'a [u8]) -> RsaPublicKey<'a> {
        RsaPublicKey::from_checked(&blob[self.modulus.clone()], &blob[self.public_exponent.clone()])
    }
}

/// Writes the blob of a key into `buffer`.
pub(super) fn write<'a>(key: &RsaPublicKey<'_>, buffer: &'a mut [u8]) -> Result<&'a [u8], Error> {
    let mut writer = Writer::new(buffer);
    writer.string(Algorithm::Rsa.as_str().as_bytes())?;
    writer.mpint(key.public_exponent())?;
    writer.mpint(key.modulus())?;
    Ok(writer.finish())
}

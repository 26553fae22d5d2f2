//! `ssh-rsa`: string "ssh-rsa", mpint e, mpint n. RFC 4253, section 6.6.

use super::wire::{Reader, Span, Writer};
use crate::error::{Error, Field};
use crate::rsa::RsaPublicKey;

/// Reads e and n.
#[inline]
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<[Span; 2], Error> {
    let public_exponent = reader.mpint(Field::PublicExponent)?;
    let modulus = reader.mpint(Field::Modulus)?;
    RsaPublicKey::new(reader.bytes(modulus), reader.bytes(public_exponent)).map_err(|error| {
        let at = match error.field() {
            Some(Field::PublicExponent) => public_exponent,
            _ => modulus,
        };
        error.at(at.start())
    })?;
    Ok([public_exponent, modulus])
}

pub(crate) fn write(key: &RsaPublicKey<'_>, writer: &mut Writer<'_>) -> Result<(), Error> {
    writer.mpint(key.public_exponent())?;
    writer.mpint(key.modulus())
}

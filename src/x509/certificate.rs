//! A certificate as PEM and DER, strictly in.
//!
//! `x509-cert` decodes it, and what it encodes again must be the same bytes. That refuses defaults that are written out and
//! sets in another order, which the decoder passes over. It keeps object identifiers and strings of bits as they are, so that
//! they are looked at here: padded, they would be a second text for one certificate, and hide an extension that is there
//! twice. Contents of extensions are not looked into, nor is the signature verified: only whoever knows the issuer could.

use crate::error::{Error, ErrorKind, Field};
use crate::fingerprint::Sha1Fingerprint;
use crate::key::{KeyData, PublicKey, PublicKeyRef};
use crate::pkcs::{invalid_der, offset_of};
use crate::text::{MAX_LINE_BYTES, check_text_length, or_private_key, pem};
use alloc::borrow::ToOwned;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;
use spki::der::asn1::{AnyRef, IntRef};
use spki::der::{self, Decode, Encode, Header, Reader, SliceReader, Tag, TagNumber};
use x509_cert::certificate::{TbsCertificate, Version};
use x509_cert::time::Time;

/// The label of the PEM.
const LABEL: &str = "CERTIFICATE";

/// The bytes that the two markers of a PEM take, with their line breaks.
const FRAME_BYTES: usize = 54;

/// The bytes of the longest certificate: as many as fit in a text that is read again, 48 in a line of 64 columns.
const MAX_BYTES: usize = (MAX_LINE_BYTES - FRAME_BYTES) / 65 * 48;

/// What `x509-cert` takes: RFC 5280, section 4.1.2.2, has 20, which some count without the byte of the sign.
const MAX_SERIAL_BYTES: usize = 21;

/// Later ones are written as GeneralizedTime: RFC 5280, section 4.1.2.5.
const LAST_YEAR_OF_UTC_TIME: u16 = 2049;

/// An X.509 certificate, read strictly: one DER for it, and a key that can be one of SSH.
///
/// What is checked:
///
/// * DER, with no other encoding of it, of at most 12,048 bytes; a version that may have the fields that are there; each
///   extension once; the same algorithm where the signature is and where it is signed; a signature of whole bytes;
/// * a serial number that is not negative, of at most 21 bytes;
/// * times that can be read, from 1970 to 9999, in the form that RFC 5280 has for their year. One that has expired is taken,
///   as is one that ends before it begins: [`not_after`](Self::not_after) tells;
/// * the public key, as of a line of OpenSSH: RSA of 1024 to 16384 bits, a point that is on its curve.
///
/// The signature is not verified, and what names and extensions say is not looked into: it is to be trusted by whoever knows the
/// issuer.
///
/// ```
/// use ssh_keypair::{ErrorKind, x509::Certificate};
///
/// # let pem = include_str!("../../tests/data/x509/rsa2048.pem");
/// // let pem = "-----BEGIN CERTIFICATE-----\nMIIDIjCCAgqgAwIBAgIJ...";
/// let certificate: Certificate = pem.parse()?;
/// assert_eq!(certificate.to_string(), pem);
/// assert_eq!(certificate.public_key().bits(), 2048);
/// assert_eq!(Certificate::from_der(certificate.as_der())?, certificate);
///
/// let error = pem[..400].parse::<Certificate>().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidFrame);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    public_key: PublicKey,
    not_before: u64,
    not_after: u64,
}

impl Certificate {
    /// Reads DER. The time is that of reading the key, and up to 0.1 ms for each kilobyte.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, x509::Certificate};
    ///
    /// # let pem = include_str!("../../tests/data/x509/rsa2048.pem");
    /// let der = pem.parse::<Certificate>()?.as_der().to_vec();
    /// let error = Certificate::from_der(&der[..100]).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Truncated);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLong`] over 12,048 bytes; [`ErrorKind::Truncated`], [`ErrorKind::TrailingData`] and
    /// [`ErrorKind::InvalidDer`], which in [`Field::Extensions`] is of one that is there twice or in a version without any, and in
    /// [`Field::Serial`] of one that is no number or too long; [`ErrorKind::InvalidMpint`] in [`Field::Serial`];
    /// [`ErrorKind::InvalidValue`] in [`Field::ValidAfter`] and [`Field::ValidBefore`]; [`ErrorKind::InvalidValue`] of two
    /// algorithms that differ, and of a signature that is no whole bytes; those of [`KeyData::from_spki_der`], with the offset in
    /// the certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        if der.len() > MAX_BYTES {
            return Err(Field::X509.error_at(ErrorKind::TooLong, MAX_BYTES));
        }
        let not_a_certificate = |error| invalid_der(error, 0).in_field(Field::X509);
        let certificate = x509_cert::Certificate::from_der(der);
        let parts = Parts::read(der);
        // Of a certificate that is not framed as one there is nothing better to say than where that was seen.
        if let Ok(parts) = &parts {
            parts.check_serial()?;
            parts.check_times()?;
        }
        let (certificate, parts) = (certificate.map_err(not_a_certificate)?, parts.map_err(not_a_certificate)?);
        let again = certificate.to_der().map_err(not_a_certificate)?;
        if again != der {
            let error = Field::X509.error(ErrorKind::InvalidDer);
            // Of another length, they differ in the first header already, which tells nothing.
            let differs = again.iter().zip(der).position(|(ours, theirs)| ours != theirs);
            return Err(differs.filter(|_| again.len() == der.len()).map_or(error, |differs| error.at(differs)));
        }
        check_values(der)?;
        let fields = certificate.tbs_certificate();
        check_version(fields)?;
        if fields.signature() != certificate.signature_algorithm() {
            return Err(parts.refused(ErrorKind::InvalidValue, Field::Signature, parts.signature_algorithm));
        }
        if certificate.signature().unused_bits() != 0 {
            return Err(parts.refused(ErrorKind::InvalidValue, Field::Signature, parts.signature));
        }
        let key_at = offset_of(parts.public_key, der);
        let public_key = KeyData::from_spki_der(parts.public_key).map_err(|error| match error.field() {
            Some(Field::Blob) => error.moved(key_at).in_field(Field::X509),
            _ => error.moved(key_at),
        })?;
        let validity = fields.validity();
        Ok(Self {
            der: der.to_owned(),
            public_key: PublicKey::from_key_data(&public_key, "")?,
            not_before: validity.not_before.to_unix_duration().as_secs(),
            not_after: validity.not_after.to_unix_duration().as_secs(),
        })
    }

    /// The DER.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The key inside, as one of SSH, without a comment.
    pub fn public_key(&self) -> PublicKeyRef<'_> {
        self.public_key.as_public_key_ref()
    }

    /// The first second of its validity, since 1970-01-01T00:00:00Z.
    pub fn not_before(&self) -> u64 {
        self.not_before
    }

    /// The last second of its validity, since 1970-01-01T00:00:00Z. 9999-12-31T23:59:59Z stands for none: RFC 5280, section
    /// 4.1.2.5.
    pub fn not_after(&self) -> u64 {
        self.not_after
    }

    /// SHA-1 of the DER, which Nova shows in [`colon_hex`](Sha1Fingerprint::colon_hex).
    pub fn sha1_fingerprint(&self) -> Sha1Fingerprint {
        Sha1Fingerprint::of_parts(&[&self.der])
    }
}

/// The fields that are checked one by one, in the order that they have: RFC 5280, section 4.1.
struct Parts<'a> {
    /// The certificate.
    whole: &'a [u8],
    serial: &'a [u8],
    not_before: &'a [u8],
    not_after: &'a [u8],
    public_key: &'a [u8],
    signature_algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Parts<'a> {
    fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut certificate = sequence(der)?;
        let mut fields = sequence(certificate.tlv_bytes()?)?;
        let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
        if Tag::peek(&fields)? == version {
            fields.tlv_bytes()?;
        }
        let serial = fields.tlv_bytes()?;
        let (_algorithm, _issuer) = (fields.tlv_bytes()?, fields.tlv_bytes()?);
        let mut validity = sequence(fields.tlv_bytes()?)?;
        let _subject = fields.tlv_bytes()?;
        Ok(Self {
            whole: der,
            serial,
            not_before: validity.tlv_bytes()?,
            not_after: validity.tlv_bytes()?,
            public_key: fields.tlv_bytes()?,
            signature_algorithm: certificate.tlv_bytes()?,
            signature: certificate.tlv_bytes()?,
        })
    }

    /// The error of a part, at its place.
    fn refused(&self, kind: ErrorKind, field: Field, part: &[u8]) -> Error {
        field.error_at(kind, offset_of(part, self.whole))
    }

    fn check_serial(&self) -> Result<(), Error> {
        match IntRef::from_der(self.serial).map(|serial| serial.as_bytes()) {
            Ok(number @ [0x80..=0xff, ..]) => Err(self.refused(ErrorKind::InvalidMpint, Field::Serial, number)),
            Ok(number) if number.len() <= MAX_SERIAL_BYTES => Ok(()),
            _ => Err(self.refused(ErrorKind::InvalidDer, Field::Serial, self.serial)),
        }
    }

    fn check_times(&self) -> Result<(), Error> {
        for (field, time) in [(Field::ValidAfter, self.not_before), (Field::ValidBefore, self.not_after)] {
            match Time::from_der(time) {
                Ok(Time::UtcTime(_)) => {}
                Ok(Time::GeneralTime(general)) if general.to_date_time().year() > LAST_YEAR_OF_UTC_TIME => {}
                _ => return Err(self.refused(ErrorKind::InvalidValue, field, time)),
            }
        }
        Ok(())
    }
}

/// What is in a sequence.
fn sequence(der: &[u8]) -> der::Result<SliceReader<'_>> {
    SliceReader::new(AnyRef::from_der(der)?.value())
}

/// Every value in the order of the bytes, into whatever is constructed: object identifiers without padding (X.690, 8.19.2), strings
/// of bits whose unused ones are zero (11.2.1).
fn check_values(der: &[u8]) -> Result<(), Error> {
    let framed = |error| invalid_der(error, 0).in_field(Field::X509);
    let mut reader = SliceReader::new(der).map_err(framed)?;
    while !reader.is_finished() {
        let header = Header::decode(&mut reader).map_err(framed)?;
        // What is in it comes next.
        if header.tag().is_constructed() {
            continue;
        }
        let value = reader.read_slice(header.length()).map_err(framed)?;
        let is_canonical = match header.tag() {
            Tag::ObjectIdentifier => has_no_padding(value),
            Tag::BitString => has_no_stray_bits(value),
            // The ids of issuer and subject.
            Tag::ContextSpecific { number: TagNumber(1 | 2), .. } => has_no_stray_bits(value),
            _ => true,
        };
        if !is_canonical {
            return Err(Field::X509.error_at(ErrorKind::InvalidDer, offset_of(value, der)));
        }
    }
    Ok(())
}

/// No number of an object identifier begins with 7 zero bits.
fn has_no_padding(value: &[u8]) -> bool {
    // The one before the first ends nothing.
    let mut ended = true;
    value.iter().all(|byte| {
        let is_padding = ended && *byte == 0x80;
        ended = byte & 0x80 == 0;
        !is_padding
    })
}

/// The first byte counts the bits at the end that are not used.
fn has_no_stray_bits(value: &[u8]) -> bool {
    match value {
        [unused @ 1..8, .., last] => last.trailing_zeros() >= u32::from(*unused),
        _ => true,
    }
}

/// A version that may have the fields that are there, and each extension once: RFC 5280, sections 4.1 and 4.2.
fn check_version(fields: &TbsCertificate) -> Result<(), Error> {
    let version = fields.version();
    let has_ids = fields.issuer_unique_id().is_some() || fields.subject_unique_id().is_some();
    if has_ids && version == Version::V1 {
        return Err(Field::X509.error(ErrorKind::InvalidDer));
    }
    let Some(extensions) = fields.extensions() else { return Ok(()) };
    let mut names: Vec<_> = extensions.iter().map(|extension| extension.extn_id).collect();
    names.sort_unstable();
    names.dedup();
    if version != Version::V3 || extensions.is_empty() || names.len() != extensions.len() {
        return Err(Field::Extensions.error(ErrorKind::InvalidDer));
    }
    Ok(())
}

/// Reads a PEM: one block of the strict grammar of RFC 7468 with the label `CERTIFICATE`, nothing before it, nothing behind it
/// but one line break, base64 in lines of 64 columns. Lines end with LF, CRLF or CR.
///
/// # Errors
///
/// [`ErrorKind::TooLong`] over [`MAX_LINE_BYTES`](crate::openssh::MAX_LINE_BYTES); [`ErrorKind::PrivateKeyGiven`] of a text
/// with a private key in it; [`ErrorKind::NotACertificate`] of one that does not begin as a certificate;
/// [`ErrorKind::MultipleKeys`] of two certificates; [`ErrorKind::InvalidFrame`]; [`ErrorKind::InvalidBase64`] and its like;
/// those of [`Certificate::from_der`].
impl FromStr for Certificate {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        check_text_length(text, Field::PublicKey)?;
        read(text).map_err(|error| or_private_key(text, error))
    }
}

fn read(text: &str) -> Result<Certificate, Error> {
    if !text.starts_with("-----BEGIN CERTIFICATE-----") {
        return Err(Field::PublicKey.error_at(ErrorKind::NotACertificate, 0));
    }
    // More than the base64 of a text of this length can hold.
    let mut buffer = vec![0; text.len() / 4 * 3];
    let (_, der) = pem::read_public(text, &[LABEL], &mut buffer)?;
    Certificate::from_der(der)
}

/// Writes the PEM: 64 columns, LF, LF at the end.
impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = vec![0; self.der.len().div_ceil(48) * 65 + FRAME_BYTES];
        f.write_str(pem::write(LABEL, &self.der, &mut buffer).map_err(|_| fmt::Error)?)
    }
}

/// Without the DER, which is long.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("public_key", &self.public_key)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

//! Certificates as PEM and DER, read strictly.
//!
//! `x509-cert` decodes a certificate, and must encode it to the same bytes. That rejects what its decoder would accept: default
//! values that are written out, and sets in another order. It does not reject padding in object identifiers and bit strings,
//! which would be a second encoding of the same certificate and could hide a duplicate extension, so we check those here. We do
//! not look into the contents of extensions. We do not verify the signature: that needs the issuer's key.

use crate::error::{Error, ErrorKind, Field};
use crate::fingerprint::Sha1Fingerprint;
#[cfg(doc)]
use crate::key::KeyData;
use crate::key::{PublicKey, PublicKeyRef};
use crate::pkcs::{invalid_der, offset_of, public_key_of};
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

/// The length of the two markers of a PEM, with their line breaks.
const FRAME_BYTES: usize = 54;

/// The length of the longest certificate: as many bytes as fit in a PEM that can be read back, 48 in a line of 64 columns.
const MAX_BYTES: usize = (MAX_LINE_BYTES - FRAME_BYTES) / 65 * 48;

/// The limit of `x509-cert`. RFC 5280, section 4.1.2.2, allows 20, which some count without the byte for the sign.
const MAX_SERIAL_BYTES: usize = 21;

/// Times after this year are written as GeneralizedTime: RFC 5280, section 4.1.2.5.
const LAST_YEAR_OF_UTC_TIME: u16 = 2049;

/// An X.509 certificate, read strictly: it has exactly one DER encoding, and its key can be an SSH key.
///
/// We check:
///
/// * the DER, which has at most 12,048 bytes and is the only encoding; that the version allows the fields that are present;
///   that no extension is duplicate; that the signed and the unsigned field with the signature algorithm are equal; that the
///   signature has whole bytes;
/// * that the serial number is not negative, and has at most 21 bytes;
/// * that the times are valid, from 1970 to 9999, and in the format that RFC 5280 requires for their year. A certificate that
///   has expired is accepted, and so is one that ends before it begins: see [`not_after_seconds`](Self::not_after_seconds);
/// * the public key, like that of an OpenSSH line: RSA of 1024 to 16384 bits, or a point that is on its curve. With the feature
///   `ec`, the point may be compressed: [`public_key`](Self::public_key) has it uncompressed.
///
/// We do not verify the signature, and do not look into names and extensions: whether to trust a certificate is a decision for
/// those who know the issuer.
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
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Certificate {
    der: Vec<u8>,
    public_key: PublicKey,
    not_before: u64,
    not_after: u64,
}

impl Certificate {
    /// Reads DER. This takes as long as reading the key, plus up to 0.1 ms for each kilobyte.
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
    /// [`ErrorKind::InvalidDer`], in [`Field::Extensions`] for a duplicate extension or a version that has none, and in
    /// [`Field::Serial`] for a serial number that is not a number or is too long; [`ErrorKind::InvalidMpint`] in
    /// [`Field::Serial`] for a negative one; [`ErrorKind::InvalidValue`] in [`Field::ValidAfter`] and [`Field::ValidBefore`];
    /// [`ErrorKind::InvalidValue`] in [`Field::Signature`] for two algorithms that differ, and for a signature that does not
    /// have whole bytes; those of [`KeyData::from_spki_der`], with the offset in the certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        if der.len() > MAX_BYTES {
            return Err(Field::X509.error_at(ErrorKind::TooLong, MAX_BYTES));
        }
        let not_a_certificate = |error| invalid_der(error, 0).in_field(Field::X509);
        let certificate = x509_cert::Certificate::from_der(der);
        let parts = Parts::read(der);
        // If the outer structure is broken, the decoder's error is the best that we have.
        if let Ok(parts) = &parts {
            parts.check_serial()?;
            parts.check_times()?;
        }
        let (certificate, parts) = (certificate.map_err(not_a_certificate)?, parts.map_err(not_a_certificate)?);
        let again = certificate.to_der().map_err(not_a_certificate)?;
        if again != der {
            let error = Field::X509.error(ErrorKind::InvalidDer);
            // If the lengths differ, so does the first header, and its offset tells the user nothing.
            let differs = again.iter().zip(der).position(|(ours, theirs)| ours != theirs);
            return Err(differs.filter(|_| again.len() == der.len()).map_or(error, |differs| error.at(differs)));
        }
        check_values(der)?;
        let fields = certificate.tbs_certificate();
        check_version(fields)?;
        if fields.signature() != certificate.signature_algorithm() {
            return Err(parts.error_in(ErrorKind::InvalidValue, Field::Signature, parts.signature_algorithm));
        }
        if certificate.signature().unused_bits() != 0 {
            return Err(parts.error_in(ErrorKind::InvalidValue, Field::Signature, parts.signature));
        }
        let key_at = offset_of(parts.public_key, der);
        let public_key = public_key_of(parts.public_key).map_err(|error| match error.field() {
            Some(Field::Blob) => error.moved(key_at).in_field(Field::X509),
            _ => error.moved(key_at),
        })?;
        let validity = fields.validity();
        Ok(Self {
            der: der.to_owned(),
            public_key,
            not_before: validity.not_before.to_unix_duration().as_secs(),
            not_after: validity.not_after.to_unix_duration().as_secs(),
        })
    }

    /// The DER.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The key in the certificate, as an SSH key without a comment.
    pub fn public_key(&self) -> PublicKeyRef<'_> {
        self.public_key.as_public_key_ref()
    }

    /// The first second of its validity, counted from 1970-01-01T00:00:00Z.
    pub fn not_before_seconds(&self) -> u64 {
        self.not_before
    }

    /// The last second of its validity, counted from 1970-01-01T00:00:00Z. 9999-12-31T23:59:59Z stands for no expiry: RFC 5280,
    /// section 4.1.2.5.
    pub fn not_after_seconds(&self) -> u64 {
        self.not_after
    }

    /// The SHA-1 of the DER, which Nova shows as [`colon_hex`](Sha1Fingerprint::colon_hex).
    pub fn sha1_fingerprint(&self) -> Sha1Fingerprint {
        Sha1Fingerprint::of_parts(&[&self.der])
    }
}

/// The fields that are checked one by one, in the order of RFC 5280, section 4.1.
struct Parts<'a> {
    /// The whole certificate.
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

    /// An error at the offset of a part.
    fn error_in(&self, kind: ErrorKind, field: Field, part: &[u8]) -> Error {
        field.error_at(kind, offset_of(part, self.whole))
    }

    fn check_serial(&self) -> Result<(), Error> {
        match IntRef::from_der(self.serial).map(|serial| serial.as_bytes()) {
            Ok(number @ [0x80..=0xff, ..]) => Err(self.error_in(ErrorKind::InvalidMpint, Field::Serial, number)),
            Ok(number) if number.len() <= MAX_SERIAL_BYTES => Ok(()),
            _ => Err(self.error_in(ErrorKind::InvalidDer, Field::Serial, self.serial)),
        }
    }

    fn check_times(&self) -> Result<(), Error> {
        for (field, time) in [(Field::ValidAfter, self.not_before), (Field::ValidBefore, self.not_after)] {
            match Time::from_der(time) {
                Ok(Time::UtcTime(_)) => {}
                Ok(Time::GeneralTime(general)) if general.to_date_time().year() > LAST_YEAR_OF_UTC_TIME => {}
                _ => return Err(self.error_in(ErrorKind::InvalidValue, field, time)),
            }
        }
        Ok(())
    }
}

/// The contents of a sequence.
fn sequence(der: &[u8]) -> der::Result<SliceReader<'_>> {
    SliceReader::new(AnyRef::from_der(der)?.value())
}

/// Checks every value, including those inside constructed ones, in the order of the bytes: object identifiers have no padding
/// (X.690, 8.19.2), and the unused bits of bit strings are zero (11.2.1).
fn check_values(der: &[u8]) -> Result<(), Error> {
    let framed = |error| invalid_der(error, 0).in_field(Field::X509);
    let mut reader = SliceReader::new(der).map_err(framed)?;
    while !reader.is_finished() {
        let header = Header::decode(&mut reader).map_err(framed)?;
        // Its contents come next.
        if header.tag().is_constructed() {
            continue;
        }
        let value = reader.read_slice(header.length()).map_err(framed)?;
        let is_canonical = match header.tag() {
            Tag::ObjectIdentifier => has_no_padding(value),
            Tag::BitString => has_no_stray_bits(value),
            // The unique ids of issuer and subject are bit strings.
            Tag::ContextSpecific { number: TagNumber(1 | 2), .. } => has_no_stray_bits(value),
            _ => true,
        };
        if !is_canonical {
            return Err(Field::X509.error_at(ErrorKind::InvalidDer, offset_of(value, der)));
        }
    }
    Ok(())
}

/// Whether no number in an object identifier begins with 7 zero bits.
fn has_no_padding(value: &[u8]) -> bool {
    // A number begins at the start, and after each byte without the high bit.
    let mut ended = true;
    value.iter().all(|byte| {
        let is_padding = ended && *byte == 0x80;
        ended = byte & 0x80 == 0;
        !is_padding
    })
}

/// Whether the unused bits at the end, which the first byte counts, are zero.
fn has_no_stray_bits(value: &[u8]) -> bool {
    match value {
        [unused @ 1..8, .., last] => last.trailing_zeros() >= u32::from(*unused),
        _ => true,
    }
}

/// Checks that the version allows the fields that are present, and that no extension is duplicate: RFC 5280, sections 4.1 and
/// 4.2.
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

/// Reads a PEM: one block in the strict grammar of RFC 7468 with the label `CERTIFICATE`, and base64 in lines of 64 columns.
/// Nothing comes before it, and at most one line break after it. Lines end with LF, CRLF or CR.
///
/// # Errors
///
/// [`ErrorKind::TooLong`] over [`MAX_LINE_BYTES`](crate::openssh::MAX_LINE_BYTES); [`ErrorKind::PrivateKeyGiven`] for an input
/// with a private key in it; [`ErrorKind::NotACertificate`] if it does not begin like a certificate;
/// [`ErrorKind::MultipleKeys`] for two certificates; [`ErrorKind::InvalidFrame`]; the errors for base64; those of
/// [`Certificate::from_der`].
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
    // At least as many bytes as the base64 in an input of this length can contain.
    let mut buffer = vec![0; text.len() / 4 * 3];
    let (_, der) = pem::read_public(text, &[LABEL], &mut buffer)?;
    Certificate::from_der(der)
}

/// Writes the PEM, in lines of 64 columns that end with LF, including the last.
impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = vec![0; self.der.len().div_ceil(48) * 65 + FRAME_BYTES];
        f.write_str(pem::write(LABEL, &self.der, &mut buffer).map_err(|_| fmt::Error)?)
    }
}

/// Omits the DER, which is long.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("public_key", &self.public_key)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

//! A certificate as PEM and DER, strictly in.
//!
//! `x509-cert` decodes it, and what it encodes again must be the same bytes. That refuses what DER does not allow and the
//! decoder passes over: defaults that are written out, sets in another order, and a year that has the form for others.
//! Contents of names and extensions are not looked into, nor is the signature verified: only whoever knows the issuer could.

use super::LABEL;
use crate::error::{Error, ErrorKind, Field};
use crate::fingerprint::Sha1Fingerprint;
use crate::openssh::{MAX_BLOB_BYTES, PublicKey, PublicKeyBuf, check_text_length, or_private_key};
use crate::pkcs::{invalid_der, offset_of, public_key_from_der, read_public_pem, write_pem};
use alloc::borrow::ToOwned;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;
use spki::der::asn1::AnyRef;
use spki::der::{self, Decode, Encode, Reader, SliceReader, Tag, TagNumber};
use x509_cert::certificate::{TbsCertificate, Version};
use x509_cert::time::Time;

/// The bytes that the frame and the line breaks of a PEM take, and what rounding adds.
const FRAME_BYTES: usize = 80;

/// An X.509 certificate, read strictly: one DER for it, and a key that can be one of SSH.
///
/// What is checked:
///
/// * DER, with no other encoding of it, of at most 12 KiB; a version that may have the fields that are there; each extension
///   once; the same algorithm where the signature is and where it is signed;
/// * a serial number that is not negative, of at most 21 bytes;
/// * times that can be read, from 1970 to 9999. One that has expired is taken: [`not_after`](Self::not_after) tells;
/// * the public key, as of a line of OpenSSH: RSA of 1024 to 16384 bits, a point that is on its curve.
///
/// The signature is not verified, and names and extensions are not looked into: what a certificate says is to be trusted by
/// whoever knows its issuer.
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
    public_key: PublicKeyBuf,
    not_before: u64,
    not_after: u64,
}

impl Certificate {
    /// Reads DER. The time is that of reading the key, and some microseconds for each kilobyte.
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
    /// [`ErrorKind::TooLong`] over [`MAX_BLOB_BYTES`]; [`ErrorKind::Truncated`], [`ErrorKind::TrailingData`] and
    /// [`ErrorKind::InvalidDer`], which in [`Field::Extensions`] is of one that is there twice or in a version without any;
    /// [`ErrorKind::NegativeMpint`] in [`Field::Serial`]; [`ErrorKind::InvalidTime`] in [`Field::ValidAfter`] and
    /// [`Field::ValidBefore`]; [`ErrorKind::InvalidSignature`] of two algorithms that differ; those of
    /// [`public_key_from_der`], with the offset in the certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        if der.len() > MAX_BLOB_BYTES {
            return Err(Error::new(ErrorKind::TooLong).in_field(Field::X509).at(MAX_BLOB_BYTES));
        }
        let at = |kind, field, part: &[u8]| Error::new(kind).in_field(field).at(offset_of(part, der));
        let certificate = x509_cert::Certificate::from_der(der);
        // Of a certificate that is not framed as one there is nothing better to say than where that was seen.
        if let Ok(parts) = Parts::read(der) {
            if parts.serial.first().is_some_and(|first| first & 0x80 != 0) {
                return Err(at(ErrorKind::NegativeMpint, Field::Serial, parts.serial));
            }
            for (field, time) in [(Field::ValidAfter, parts.not_before), (Field::ValidBefore, parts.not_after)] {
                Time::from_der(time).map_err(|_| at(ErrorKind::InvalidTime, field, time))?;
            }
        }
        let certificate = certificate.map_err(|error| invalid_der(error, 0).in_field(Field::X509))?;
        let again = certificate.to_der().map_err(|error| invalid_der(error, 0).in_field(Field::X509))?;
        if again != der {
            let differs = again.iter().zip(der).position(|(ours, theirs)| ours != theirs).unwrap_or(0);
            return Err(Error::new(ErrorKind::InvalidDer).in_field(Field::X509).at(differs));
        }
        let parts = Parts::read(der).map_err(|error| invalid_der(error, 0).in_field(Field::X509))?;
        let fields = certificate.tbs_certificate();
        check_version(fields)?;
        if fields.signature() != certificate.signature_algorithm() {
            return Err(at(ErrorKind::InvalidSignature, Field::Signature, parts.signature_algorithm));
        }
        let key_at = offset_of(parts.public_key, der);
        let public_key = public_key_from_der(parts.public_key).map_err(|error| error.moved(key_at))?;
        let validity = fields.validity();
        Ok(Self {
            der: der.to_owned(),
            public_key: PublicKeyBuf::from_key_data(&public_key, "")?,
            not_before: validity.not_before.to_unix_duration().as_secs(),
            not_after: validity.not_after.to_unix_duration().as_secs(),
        })
    }

    /// The DER.
    ///
    /// ```
    /// # use ssh_keypair::x509::Certificate;
    /// let certificate: Certificate = include_str!("../../tests/data/x509/rsa2048.pem").parse()?;
    /// assert!(certificate.as_der().starts_with(&[0x30, 0x82]));
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The key inside, as one of SSH, without a comment.
    ///
    /// ```
    /// # use ssh_keypair::x509::Certificate;
    /// let certificate: Certificate = include_str!("../../tests/data/x509/rsa2048.pem").parse()?;
    /// assert!(certificate.public_key().to_string().starts_with("ssh-rsa AAAAB3NzaC1yc2EA"));
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn public_key(&self) -> PublicKey<'_> {
        self.public_key.as_public_key()
    }

    /// The first second of its validity, since 1970-01-01T00:00:00Z.
    ///
    /// ```
    /// # use ssh_keypair::x509::Certificate;
    /// let certificate: Certificate = include_str!("../../tests/data/x509/rsa2048.pem").parse()?;
    /// assert_eq!(certificate.not_before(), 1_577_836_800); // 2020-01-01T00:00:00Z
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn not_before(&self) -> u64 {
        self.not_before
    }

    /// The last second of its validity, since 1970-01-01T00:00:00Z. 9999-12-31T23:59:59Z stands for none: RFC 5280, section
    /// 4.1.2.5.
    ///
    /// ```
    /// # use ssh_keypair::x509::Certificate;
    /// # use std::time::{SystemTime, UNIX_EPOCH};
    /// let certificate: Certificate = include_str!("../../tests/data/x509/rsa2048.pem").parse()?;
    /// let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    /// let expired = now > certificate.not_after();
    /// # assert_eq!(certificate.not_after(), 1_893_196_800); // 2029-12-29T00:00:00Z
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn not_after(&self) -> u64 {
        self.not_after
    }

    /// SHA-1 of the DER, which Nova shows in [`colon_hex`](Sha1Fingerprint::colon_hex).
    ///
    /// ```
    /// # use ssh_keypair::x509::Certificate;
    /// let certificate: Certificate = include_str!("../../tests/data/x509/rsa2048.pem").parse()?;
    /// assert_eq!(certificate.sha1_fingerprint().colon_hex().to_string().len(), 59);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn sha1_fingerprint(&self) -> Sha1Fingerprint {
        Sha1Fingerprint::of_parts(&[&self.der])
    }
}

/// The fields that are checked one by one, in the order that they have: RFC 5280, section 4.1.
struct Parts<'a> {
    /// The bytes of the number.
    serial: &'a [u8],
    not_before: &'a [u8],
    not_after: &'a [u8],
    public_key: &'a [u8],
    signature_algorithm: &'a [u8],
}

impl<'a> Parts<'a> {
    fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut certificate = sequence(der)?;
        let mut fields = sequence(certificate.tlv_bytes()?)?;
        let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
        if Tag::peek(&fields)? == version {
            fields.tlv_bytes()?;
        }
        let serial = AnyRef::decode(&mut fields)?.value();
        let (_algorithm, _issuer) = (fields.tlv_bytes()?, fields.tlv_bytes()?);
        let mut validity = sequence(fields.tlv_bytes()?)?;
        let _subject = fields.tlv_bytes()?;
        Ok(Self {
            serial,
            not_before: validity.tlv_bytes()?,
            not_after: validity.tlv_bytes()?,
            public_key: fields.tlv_bytes()?,
            signature_algorithm: certificate.tlv_bytes()?,
        })
    }
}

/// What is in a sequence.
fn sequence(der: &[u8]) -> der::Result<SliceReader<'_>> {
    SliceReader::new(AnyRef::from_der(der)?.value())
}

/// A version that may have the fields that are there, and each extension once: RFC 5280, sections 4.1 and 4.2.
fn check_version(fields: &TbsCertificate) -> Result<(), Error> {
    let version = fields.version();
    let has_ids = fields.issuer_unique_id().is_some() || fields.subject_unique_id().is_some();
    if has_ids && version == Version::V1 {
        return Err(Error::new(ErrorKind::InvalidDer).in_field(Field::X509));
    }
    let Some(extensions) = fields.extensions() else { return Ok(()) };
    let mut names: Vec<_> = extensions.iter().map(|extension| extension.extn_id).collect();
    names.sort_unstable();
    names.dedup();
    if version != Version::V3 || extensions.is_empty() || names.len() != extensions.len() {
        return Err(Error::new(ErrorKind::InvalidDer).in_field(Field::Extensions));
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
        return Err(Error::new(ErrorKind::NotACertificate).in_field(Field::PublicKey).at(0));
    }
    // More than the base64 of a text of this length can hold.
    let mut buffer = vec![0; text.len() / 4 * 3];
    let (_, der) = read_public_pem(text, &[LABEL], &mut buffer)?;
    Certificate::from_der(der)
}

/// Writes the PEM: 64 columns, LF, LF at the end.
impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = vec![0; self.der.len().div_ceil(48) * 65 + FRAME_BYTES];
        f.write_str(write_pem(LABEL, &self.der, &mut buffer).map_err(|_| fmt::Error)?)
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

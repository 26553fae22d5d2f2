//! The certificate that Nova creates for a user: RFC 5280, with the extensions that Windows requires.
//!
//! | field | value |
//! |---|---|
//! | version | 3 |
//! | serial number | 126 random bits, in 16 bytes |
//! | signature | SHA-256 with RSA, by the key itself |
//! | issuer, subject | CN = the user's id, as UTF8String |
//! | validity | 3650 days from the caller's time |
//! | subject key identifier | SHA-1 of the public key: section 4.2.1.2, (1) |
//! | extended key usage | clientAuth |
//! | subject alternative name | otherName 1.3.6.1.4.1.311.20.2.3, the user principal name: `<user id>@localhost`, as UTF8String |
//!
//! `x509-cert` builds it. The id goes into the DER unchanged: no character has a special meaning there.

use super::certificate::Certificate;
use crate::error::{Error, ErrorKind, Field};
use crate::random::fill;
use crate::rsa::{RsaPrivateKey, RsaPublicKey};
use crate::text::is_forbidden;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;
use rand_core::TryCryptoRng;
use sha1::{Digest, Sha1};
use signature::{Keypair, Signer};
use spki::der::asn1::{Any, BitString, GeneralizedTime, OctetString};
use spki::der::{self, DateTime, Decode, Encode, Tag};
use spki::{
    AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, ObjectIdentifier, SignatureBitStringEncoding,
    SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef,
};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::name::{GeneralName, OtherName};
use x509_cert::ext::pkix::{ExtendedKeyUsage, SubjectAltName, SubjectKeyIdentifier};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

/// The largest number of characters that an id may have: X.520's upper bound for a common name (RFC 5280, Appendix A.1).
pub const MAX_USER_ID_CHARACTERS: usize = 64;

/// The number of days for which a certificate is valid.
pub const VALID_DAYS: u64 = 3650;

const SERIAL_BYTES: usize = 16;

const SHA_256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
const USER_PRINCIPAL_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.20.2.3");

/// Checks a user's id for use as the name in a certificate: 1 to 64 characters, without control characters and line breaks. All
/// other characters are accepted unchanged: `/`, `=`, `,` and `@`, spaces, and invisible characters.
///
/// ```
/// use ssh_keypair::{ErrorKind, x509::check_user_id};
///
/// assert!(check_user_id("6fc0d2cb93dd4b8c88c8d1d0a9e4c3b1").is_ok());
/// assert!(check_user_id("Jürgen, O=Example/CN=admin").is_ok());
/// assert_eq!(check_user_id("").unwrap_err().kind(), ErrorKind::Empty);
/// assert_eq!(check_user_id(&"x".repeat(65)).unwrap_err().kind(), ErrorKind::TooLong);
/// assert_eq!(check_user_id("me\nCN=admin").unwrap_err().offset(), Some(2));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::Empty`], [`ErrorKind::TooLong`] and [`ErrorKind::InvalidCharacter`], with the offset.
pub fn check_user_id(user_id: &str) -> Result<(), Error> {
    if user_id.is_empty() {
        return Err(Field::UserId.error_at(ErrorKind::Empty, 0));
    }
    if let Some((at, _)) = user_id.char_indices().nth(MAX_USER_ID_CHARACTERS) {
        return Err(Field::UserId.error_at(ErrorKind::TooLong, at));
    }
    match user_id.char_indices().find(|(_, c)| *c == '\t' || is_forbidden(*c)) {
        Some((at, _)) => Err(Field::UserId.error_at(ErrorKind::InvalidCharacter, at)),
        None => Ok(()),
    }
}

impl Certificate {
    /// Creates the certificate of a key for a user, signed by the key itself. It is valid for [`VALID_DAYS`] days from
    /// `not_before_seconds`, in seconds since 1970-01-01T00:00:00Z. It has the fields of Nova's certificates, and a subject key
    /// identifier.
    ///
    /// It draws 16 bytes from the generator. Its time depends on the size of the key, but on nothing else about it; 2048 bits
    /// take 1.5 ms with the portable arithmetic.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{RsaPrivateKey, x509::{Certificate, VALID_DAYS}};
    ///
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let now = 1_800_000_000;
    /// let certificate = Certificate::self_signed_with(&key, "6fc0d2cb", now, &mut getrandom::SysRng)?;
    /// assert_eq!(certificate.not_after_seconds(), now + VALID_DAYS * 24 * 60 * 60);
    /// assert!(certificate.to_string().starts_with("-----BEGIN CERTIFICATE-----\nMII"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_user_id`]; [`ErrorKind::ClockUnavailable`] if the certificate would expire after 9999;
    /// [`ErrorKind::RandomnessUnavailable`] if the generator fails; [`ErrorKind::InconsistentKey`] if the signature does not
    /// verify, because of a fault in the arithmetic.
    pub fn self_signed_with<R: TryCryptoRng + ?Sized>(
        key: &RsaPrivateKey,
        user_id: &str,
        not_before_seconds: u64,
        rng: &mut R,
    ) -> Result<Self, Error> {
        Template::new(user_id, not_before_seconds)?.sign(key, rng)
    }
}

/// The contents of a certificate except for the key, checked before a key is generated: some certificates cannot be built.
pub(crate) struct Template {
    user_id: String,
    validity: Validity,
}

impl Template {
    pub(crate) fn new(user_id: &str, not_before_seconds: u64) -> Result<Self, Error> {
        check_user_id(user_id)?;
        Ok(Self { user_id: user_id.to_owned(), validity: validity(not_before_seconds)? })
    }

    pub(crate) fn sign<R: TryCryptoRng + ?Sized>(self, key: &RsaPrivateKey, rng: &mut R) -> Result<Certificate, Error> {
        let mut serial = [0; SERIAL_BYTES];
        fill(rng, &mut serial)?;
        // Positive, and always of the same length.
        serial[0] = serial[0] & 0x3f | 0x40;
        let der = self.build(key, &serial).map_err(|error| match error {
            // From the arithmetic: see `Signer`.
            builder::Error::Signature(_) => Error::new(ErrorKind::InconsistentKey),
            // The other steps cannot fail.
            _ => Field::X509.error(ErrorKind::InvalidDer),
        })?;
        Certificate::from_der(&der)
    }

    fn build(self, key: &RsaPrivateKey, serial: &[u8]) -> builder::Result<Vec<u8>> {
        let profile =
            OfUser { subject: name(&self.user_id)?, user_principal_name: format!("{}@localhost", self.user_id) };
        let public_key = SubjectPublicKeyInfoOwned::from_key(&key.public_key())?;
        let builder = CertificateBuilder::new(profile, SerialNumber::new(serial)?, self.validity, public_key)?;
        Ok(builder.build::<_, Signature>(&Issuer(key))?.to_der()?)
    }
}

/// The system's time, in seconds since 1970-01-01T00:00:00Z.
pub(crate) fn now() -> Result<u64, Error> {
    let unavailable = Error::new(ErrorKind::ClockUnavailable);
    #[cfg(feature = "std")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_err(|_| unavailable);
    #[cfg(not(feature = "std"))]
    let now = Err(unavailable);
    now.map(|now: Duration| now.as_secs())
}

/// The validity from a time on. Rejects one that would end after 9999, so that every certificate can be read again.
fn validity(not_before_seconds: u64) -> Result<Validity, Error> {
    let time = |seconds| {
        let time = DateTime::from_unix_duration(Duration::from_secs(seconds)).ok()?;
        Some(Time::GeneralTime(GeneralizedTime::from_date_time(time)))
    };
    let not_after = not_before_seconds.checked_add(VALID_DAYS * 24 * 60 * 60);
    match (time(not_before_seconds), not_after.and_then(time)) {
        (Some(not_before), Some(not_after)) => Ok(Validity::new(not_before, not_after)),
        _ => Err(Error::new(ErrorKind::ClockUnavailable)),
    }
}

/// A name with one attribute, the common name. It is built from its parts, because a string would need escaping.
fn name(user_id: &str) -> der::Result<Name> {
    let value = Any::new(Tag::Utf8String, user_id.as_bytes())?;
    let mut names = RdnSequence::default();
    names.push(RelativeDistinguishedName::try_from(vec![AttributeTypeAndValue { oid: COMMON_NAME, value }])?);
    Name::from_der(&names.to_der()?)
}

/// The contents of a user's certificate, except for the key.
struct OfUser {
    subject: Name,
    user_principal_name: String,
}

impl BuilderProfile for OfUser {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        fields: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let identifier = Sha1::digest(key.subject_public_key.raw_bytes());
        let value = Any::new(Tag::Utf8String, self.user_principal_name.as_bytes())?;
        let name = GeneralName::OtherName(OtherName { type_id: USER_PRINCIPAL_NAME, value });
        Ok(vec![
            SubjectKeyIdentifier(OctetString::new(identifier.as_slice())?).to_extension(fields.subject(), &[])?,
            ExtendedKeyUsage(vec![CLIENT_AUTH]).to_extension(fields.subject(), &[])?,
            SubjectAltName(vec![name]).to_extension(fields.subject(), &[])?,
        ])
    }
}

/// The key as a signer, through RustCrypto's traits.
struct Issuer<'a>(&'a RsaPrivateKey);

struct Signature(Vec<u8>);

impl<'a> Keypair for Issuer<'a> {
    type VerifyingKey = RsaPublicKey<'a>;

    fn verifying_key(&self) -> RsaPublicKey<'a> {
        self.0.public_key()
    }
}

impl DynSignatureAlgorithmIdentifier for Issuer<'_> {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        Ok(AlgorithmIdentifierOwned { oid: SHA_256_WITH_RSA, parameters: Some(Any::null()) })
    }
}

impl Signer<Signature> for Issuer<'_> {
    fn try_sign(&self, message: &[u8]) -> signature::Result<Signature> {
        let mut signature = vec![0; self.0.modulus().len()];
        self.0.sign(message, &mut signature).map_err(|_| signature::Error::new())?;
        Ok(Signature(signature))
    }
}

impl SignatureBitStringEncoding for Signature {
    fn to_bitstring(&self) -> der::Result<BitString> {
        BitString::from_bytes(&self.0)
    }
}

//! Key pairs of the type [`KeyType::X509`](super::KeyType::X509): a certificate, and its key.

use super::create::Created;
use super::name::KeyPairName;
use super::policy::ImportPolicy;
use super::profile::Profile;
use super::record::{Record, RecordKey, Report, Texts};
use super::user_id::UserId;
use crate::error::{Error, ErrorKind, Field};
use crate::key::{Algorithm, PrivateKey};
use crate::read::{reject_binary, why_no_certificate};
use crate::rsa::RsaPrivateKey;
use crate::text::utf8;
#[cfg(feature = "std")]
use crate::x509::now;
use crate::x509::{Certificate, Template};
use alloc::borrow::ToOwned;
use alloc::string::ToString;
use rand_core::TryCryptoRng;

impl Record {
    /// Creates a key pair of the type `x509` with the system's clock and randomness: see [`Record::create_x509_with`].
    ///
    /// ```
    /// use ssh_keypair::keypair::{Profile, Record};
    ///
    /// let created = Record::create_x509("demo".parse()?, "6fc0d2cb".parse()?, &Profile::nova())?;
    /// assert!(created.record.public_key().starts_with("-----BEGIN CERTIFICATE-----\n"));
    /// let pkcs12 = created.private_key_for_response()?; // to the user, once
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Record::create_x509_with`].
    #[cfg(feature = "std")]
    pub fn create_x509(name: KeyPairName, user_id: UserId, profile: &Profile) -> Result<Created, Error> {
        Self::create_x509_with(name, user_id, profile, now()?, &mut getrandom::SysRng)
    }

    /// Creates a key pair of the type `x509`: an RSA key of the profile's size, and the user's certificate for it, valid from a
    /// time in seconds since 1970-01-01T00:00:00Z: [`Certificate::self_signed_with`].
    ///
    /// Its public key is the PEM of the certificate, and its fingerprint the SHA-1 of the DER. The profile's comment and line
    /// break are for SSH keys, and have no effect here. The id and the time are checked before a key is generated. This takes
    /// as long as [`RsaPrivateKey::generate_with`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::keypair::{KeyType, Profile, Record};
    ///
    /// let (owner, now) = ("6fc0d2cb".parse()?, 1_800_000_000);
    /// let profile = Profile::nova();
    /// let created = Record::create_x509_with("demo".parse()?, owner, &profile, now, &mut getrandom::SysRng)?;
    /// assert_eq!(created.record.key_type(), KeyType::X509);
    /// assert_eq!(created.record.fingerprint_colon_hex().len(), 59);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] if the profile creates keys that are not RSA; those of
    /// [`check_user_id`](crate::x509::check_user_id), [`RsaPrivateKey::generate_with`] and
    /// [`Certificate::self_signed_with`].
    pub fn create_x509_with<R: TryCryptoRng + ?Sized>(
        name: KeyPairName,
        user_id: UserId,
        profile: &Profile,
        not_before_seconds: u64,
        rng: &mut R,
    ) -> Result<Created, Error> {
        let template = Template::new(user_id.as_str(), not_before_seconds)?;
        let spec = profile.key_spec();
        if spec.algorithm() != Algorithm::Rsa {
            return Err(Field::KeyType.error(ErrorKind::UnsupportedType));
        }
        let private_key = RsaPrivateKey::generate_with(spec.bits(), rng)?;
        let certificate = template.sign(&private_key, rng)?;
        let record = Self::of_certificate(name, Some(user_id), certificate, None, Report::default());
        let private_key = PrivateKey::from_rsa(private_key, "")?;
        Ok(Created { record, private_key, private_key_format: profile.private_key_format() })
    }

    /// Imports a certificate as PEM: see [`Certificate`]. The profile's [`ImportPolicy`] must accept its key; the rules for the
    /// length of a text and for options apply only to lines. A policy that allows normalization accepts white space and text
    /// around the PEM, and base64 of any width. The response shows the PEM as it was given, unless it had to be changed.
    ///
    /// An expired certificate is accepted: check [`Record::certificate`]. This takes as long as [`Certificate::from_der`] and
    /// the [`audit`](crate::audit).
    ///
    /// ```
    /// use ssh_keypair::keypair::{Profile, Record};
    ///
    /// # let pem = include_str!("../../tests/data/x509/rsa2048.pem");
    /// // let pem = "-----BEGIN CERTIFICATE-----\nMIIDIjCCAgqgAwIBAgIJ...";
    /// let record = Record::import_x509("laptop".parse()?, pem, Some("6fc0d2cb".parse()?), &Profile::documented())?;
    /// assert_eq!(record.public_key(), pem);
    /// assert_eq!(record.fingerprint_colon_hex().len(), 59);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of reading a [`Certificate`], and of the rules of [`ImportPolicy`] for keys.
    pub fn import_x509(
        name: KeyPairName,
        certificate: impl AsRef<[u8]>,
        user_id: Option<UserId>,
        profile: &Profile,
    ) -> Result<Self, Error> {
        let certificate = certificate.as_ref();
        let (parsed, report) = profile.policy().accept_x509(certificate)?;
        let text = core::str::from_utf8(certificate).ok().filter(|_| report.normalization.is_none());
        Ok(Self::of_certificate(name, user_id, parsed, text, report))
    }

    /// The record of a certificate, with the encoding for a response if it is not the canonical one.
    fn of_certificate(
        name: KeyPairName,
        user_id: Option<UserId>,
        certificate: Certificate,
        text: Option<&str>,
        report: Report,
    ) -> Self {
        let public_key = certificate.to_string();
        let public_key_for_response = text.unwrap_or(&public_key).to_owned();
        let texts = Texts { public_key, public_key_for_response };
        Self::new(name, user_id, RecordKey::X509(certificate), texts, report)
    }
}

impl ImportPolicy {
    /// Accepts the PEM of a certificate. The rules apply to its key. White space and text around the PEM, and other widths, are
    /// accepted if the policy allows normalization.
    fn accept_x509(&self, input: &[u8]) -> Result<(Certificate, Report), Error> {
        let (certificate, normalization) = if self.allows_normalization() {
            let (certificate, report) = Certificate::read_with_report(input)?;
            (certificate, report.normalizations.first().copied())
        } else {
            let text = utf8(input, Field::PublicKey).map_err(|error| reject_binary(input).err().unwrap_or(error))?;
            (text.parse::<Certificate>().map_err(|error| why_no_certificate(text, error))?, None)
        };
        let findings = self.check(&certificate.public_key().key_data())?;
        Ok((certificate, Report { findings, normalization }))
    }
}

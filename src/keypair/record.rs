//! The record of a key pair.

use super::accepted::AcceptedKey;
use super::key_type::KeyType;
use super::name::KeyPairName;
use super::user_id::UserId;
use crate::audit::Findings;
use crate::fingerprint::Fingerprint;
use crate::openssh::Entry;
use crate::text::Normalization;
#[cfg(feature = "x509")]
use crate::x509::Certificate;
use alloc::string::{String, ToString};

/// The record of a key pair: what a service stores and shows. Its type makes sure that it contains no private key.
///
/// [`Record::create`], [`Record::import`] and similar functions make it. [`Record::from_stored`] loads it again, and so does
/// `Deserialize` with the feature `serde`.
///
/// ```
/// use ssh_keypair::keypair::{Profile, Record};
///
/// # let line = include_str!("../../tests/data/rsa2048.pub");
/// // let line = "ssh-rsa AAAAB3NzaC1yc2E... test key\n";
/// let record = Record::import("laptop".parse()?, line, Some("6fc0d2cb".parse()?), &Profile::documented())?;
/// assert_eq!(record.name().as_ref(), "laptop");
/// assert_eq!(record.public_key(), line.trim_end());
/// assert_eq!(record.public_key_for_response(), line);
/// assert_eq!(record.fingerprint_colon_hex().len(), 47);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
///
/// # JSON
///
/// With the feature `serde`, a record is written as an object, and loaded with the checks of [`Record::from_stored`]. This is
/// for a store; the response of the API is [`Response`](crate::os_keypairs::Response).
///
/// | member | value | present |
/// |---|---|---|
/// | `name` | [`Record::name`] | always |
/// | `user_id` | [`Record::user_id`] | if there is one |
/// | `type` | `"ssh"` or `"x509"` | always |
/// | `public_key` | [`Record::public_key`] | always |
/// | `public_key_for_response` | [`Record::public_key_for_response`] | if it differs from `public_key` |
/// | `fingerprint` | [`Record::fingerprint_colon_hex`] | always |
/// | `findings` | an array of [`Weakness::name`](crate::audit::Weakness::name) | if there are any |
/// | `denylist` | the number of the list that the key is on: [`Findings::list`] | if it is on one |
/// | `normalization` | `"white-space"`, `"rfc4716"`, `"pem"` or the name of another [`Normalization`] | if the import changed the input |
///
/// ```
/// # #[cfg(feature = "serde")] {
/// # use ssh_keypair::keypair::{Profile, Record};
/// # let line = include_str!("../../tests/data/rsa2048.pub");
/// let record = Record::import("laptop".parse()?, line, None, &Profile::documented())?;
/// let json = serde_json::to_string(&record)?;
/// assert!(json.starts_with(r#"{"name":"laptop","type":"ssh","public_key":"ssh-rsa AAAA"#));
/// assert_eq!(serde_json::from_str::<Record>(&json)?, record);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The members are part of the public API: a later version of the crate loads what an earlier one wrote. A version ignores
/// members that it does not have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    name: KeyPairName,
    user_id: Option<UserId>,
    key: RecordKey,
    texts: Texts,
    fingerprint: Fingerprint,
    findings: Findings,
    normalization: Option<Normalization>,
}

/// The key of a record, by its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum RecordKey {
    Ssh(Entry),
    #[cfg(feature = "x509")]
    X509(Certificate),
}

impl RecordKey {
    /// The fingerprint that Nova shows for this type.
    fn fingerprint(&self) -> Fingerprint {
        match self {
            Self::Ssh(entry) => entry.md5_fingerprint().into(),
            #[cfg(feature = "x509")]
            Self::X509(certificate) => certificate.sha1_fingerprint().into(),
        }
    }

    /// The canonical encoding.
    pub(super) fn canonical(&self) -> String {
        match self {
            Self::Ssh(entry) => entry.to_canonical().to_string(),
            #[cfg(feature = "x509")]
            Self::X509(certificate) => certificate.to_string(),
        }
    }
}

/// The two encodings of a public key: the canonical one, and the one in the response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Texts {
    pub(super) public_key: String,
    pub(super) public_key_for_response: String,
}

/// What an import reported in addition to the key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Report {
    pub(super) findings: Findings,
    pub(super) normalization: Option<Normalization>,
}

impl Record {
    /// The record of an accepted key, with the key's encoding for a response.
    pub(super) fn of_accepted(
        name: KeyPairName,
        user_id: Option<UserId>,
        key: AcceptedKey,
        public_key_for_response: String,
    ) -> Self {
        let report = Report { findings: key.findings(), normalization: key.normalization() };
        let (entry, public_key) = key.into_parts();
        let texts = Texts { public_key, public_key_for_response };
        Self::new(name, user_id, RecordKey::Ssh(entry), texts, report)
    }

    pub(super) fn new(
        name: KeyPairName,
        user_id: Option<UserId>,
        key: RecordKey,
        texts: Texts,
        report: Report,
    ) -> Self {
        Self {
            name,
            user_id,
            fingerprint: key.fingerprint(),
            texts,
            findings: report.findings,
            normalization: report.normalization,
            key,
        }
    }

    /// The same record, with what was changed in the file of the private key.
    pub(super) fn with_normalization(mut self, normalization: Option<Normalization>) -> Self {
        self.normalization = self.normalization.or(normalization);
        self
    }

    /// The name of the key pair.
    pub fn name(&self) -> &KeyPairName {
        &self.name
    }

    /// The owner's id, if one was given.
    pub fn user_id(&self) -> Option<&UserId> {
        self.user_id.as_ref()
    }

    /// The type of the key pair.
    pub fn key_type(&self) -> KeyType {
        match self.key {
            RecordKey::Ssh(_) => KeyType::Ssh,
            #[cfg(feature = "x509")]
            RecordKey::X509(_) => KeyType::X509,
        }
    }

    /// The public key to install, and to compare keys by: one line without a line break, with one space between its fields. For
    /// an X.509 certificate, its PEM with LF line endings.
    pub fn public_key(&self) -> &str {
        &self.texts.public_key
    }

    /// The public key as the response shows it. An imported key is shown byte for byte as it was given, unless the import had
    /// to change it: then the original is not kept. A line that the crate wrote may have a line break at its end:
    /// [`Profile::with_trailing_newline`](super::Profile::with_trailing_newline).
    pub fn public_key_for_response(&self) -> &str {
        &self.texts.public_key_for_response
    }

    /// The fingerprint that Nova shows: the MD5 of the key's blob; for an X.509 certificate, the SHA-1 of its DER. For an
    /// OpenSSH certificate, it is the fingerprint of the plain key inside, as OpenSSH prints it; Nova shows the fingerprint of
    /// the whole blob.
    ///
    /// [`Fingerprint`] writes the name of the hash first; [`Record::fingerprint_colon_hex`] does not.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The fingerprint as the response shows it: colon-hex in lower case, without the name of the hash.
    pub fn fingerprint_colon_hex(&self) -> String {
        match self.fingerprint {
            Fingerprint::Md5(fingerprint) => fingerprint.to_string(),
            Fingerprint::Sha1(fingerprint) => fingerprint.colon_hex().to_string(),
            other => other.to_string(),
        }
    }

    /// The parsed key of a pair of the type [`KeyType::Ssh`], for example for other fingerprints.
    pub fn entry(&self) -> Option<&Entry> {
        match &self.key {
            RecordKey::Ssh(entry) => Some(entry),
            #[cfg(feature = "x509")]
            RecordKey::X509(_) => None,
        }
    }

    /// The parsed certificate of a pair of the type [`KeyType::X509`], with its key and its validity.
    #[cfg(feature = "x509")]
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.key {
            RecordKey::Ssh(_) => None,
            RecordKey::X509(certificate) => Some(certificate),
        }
    }

    /// What an import changed before the text was accepted.
    pub fn normalization(&self) -> Option<Normalization> {
        self.normalization
    }

    /// Weaknesses that an import found without rejecting the key. Empty for created pairs.
    pub fn findings(&self) -> Findings {
        self.findings
    }
}

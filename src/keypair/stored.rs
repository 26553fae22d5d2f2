//! Loading a record that a service has stored.

use super::key_type::KeyType;
use super::line::LineForms;
use super::name::{KeyPairName, NameAlphabet};
use super::record::{Record, RecordKey, Report, Texts};
use super::user_id::UserId;
use crate::audit::Findings;
use crate::error::{Error, ErrorKind, Field};
use crate::fingerprint::Fingerprint;
#[cfg(feature = "x509")]
use crate::fingerprint::Sha1Fingerprint;
use crate::text::Normalization;
use alloc::borrow::ToOwned;

/// The columns of a stored record. Leave those that your store does not have at their defaults, with
/// `..StoredRecord::default()`: later versions may add fields.
///
/// If you store one encoding of the public key, store [`Record::public_key_for_response`]: loading derives
/// [`Record::public_key`] from it. From `public_key` alone, the original text is lost: if it had a line break or a tab, the
/// loaded record is not equal to the stored one.
///
/// `StoredRecord::from(&record)` has every column except the fingerprint, which loading computes again.
///
/// ```
/// use ssh_keypair::keypair::{Profile, Record, StoredRecord};
///
/// # let line = include_str!("../../tests/data/rsa2048.pub");
/// let record = Record::import("laptop".parse()?, line, Some("6fc0d2cb".parse()?), &Profile::nova())?;
/// let (public_key, fingerprint) = (record.public_key_for_response(), record.fingerprint_colon_hex());
/// // The store keeps these texts, and returns them:
/// let loaded = Record::from_stored(&StoredRecord {
///     name: "laptop",
///     user_id: Some("6fc0d2cb"),
///     public_key,
///     fingerprint: Some(&fingerprint),
///     ..StoredRecord::default()
/// })?;
/// assert_eq!(loaded, record);
///
/// assert_eq!(Record::from_stored(&StoredRecord::from(&record))?, record);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StoredRecord<'a> {
    /// The name, in any alphabet.
    pub name: &'a str,
    /// The owner's id.
    pub user_id: Option<&'a str>,
    /// The type of the key pair.
    pub key_type: KeyType,
    /// [`Record::public_key_for_response`], if that is the only column with the key; otherwise [`Record::public_key`].
    pub public_key: &'a str,
    /// [`Record::public_key_for_response`]; if absent, the same as `public_key`.
    pub public_key_for_response: Option<&'a str>,
    /// The fingerprint, which must be that of the key: [`Record::fingerprint_colon_hex`], or any encoding that [`Fingerprint`]
    /// parses.
    pub fingerprint: Option<&'a str>,
    /// What the import reported.
    pub findings: Findings,
    /// What the import changed.
    pub normalization: Option<Normalization>,
}

impl<'a> From<&'a Record> for StoredRecord<'a> {
    /// The columns of a record, without a fingerprint.
    fn from(record: &'a Record) -> Self {
        Self {
            name: record.name().as_str(),
            user_id: record.user_id().map(UserId::as_str),
            key_type: record.key_type(),
            public_key: record.public_key(),
            public_key_for_response: Some(record.public_key_for_response()),
            fingerprint: None,
            findings: record.findings(),
            normalization: record.normalization(),
        }
    }
}

impl Record {
    /// Loads a stored record. It parses the public key and computes the fingerprint again, which takes microseconds (about ten
    /// with a curve point). It does not repeat the policy and the audit: a key stays in the store when the policy changes.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, keypair::{Record, StoredRecord}};
    ///
    /// # let (public_key, other) = (include_str!("../../tests/data/ed25519.pub"), "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
    /// let stored = StoredRecord { name: "laptop", public_key, fingerprint: Some(other), ..StoredRecord::default() };
    /// assert_eq!(Record::from_stored(&stored).unwrap_err().kind(), ErrorKind::KeyMismatch);
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`KeyPairName::new`] and [`UserId::new`]; those of parsing the public key, strictly, as a
    /// line in any of the formats that a policy can allow, or as an X.509 certificate; [`ErrorKind::InvalidFingerprint`]; and
    /// [`ErrorKind::KeyMismatch`] for a fingerprint or a second encoding that does not belong to the key.
    pub fn from_stored(stored: &StoredRecord<'_>) -> Result<Self, Error> {
        let name = KeyPairName::new(stored.name, NameAlphabet::WIDEST)?;
        let user_id = stored.user_id.map(str::parse).transpose()?;
        let key = RecordKey::parse(stored.key_type, stored.public_key)?;
        let public_key = key.canonical();
        let for_response = match stored.public_key_for_response {
            Some(text) if RecordKey::parse(stored.key_type, text)?.canonical() != public_key => {
                return Err(Field::PublicKey.error(ErrorKind::KeyMismatch));
            }
            Some(text) => text,
            None => stored.public_key,
        };
        if let Some(fingerprint) = stored.fingerprint {
            key.check_fingerprint(fingerprint)?;
        }
        let report = Report { findings: stored.findings, normalization: stored.normalization };
        let texts = Texts { public_key, public_key_for_response: for_response.to_owned() };
        Ok(Self::new(name, user_id, key, texts, report))
    }
}

impl RecordKey {
    fn parse(key_type: KeyType, text: &str) -> Result<Self, Error> {
        match key_type {
            KeyType::Ssh => LineForms::ALL.parse(text).map(|entry| Self::Ssh(entry.to_canonical())),
            #[cfg(feature = "x509")]
            KeyType::X509 => text.parse().map(Self::X509),
        }
    }

    fn check_fingerprint(&self, text: &str) -> Result<(), Error> {
        let in_field = |error: Error| error.in_field(Field::Fingerprint);
        let is_of_key = match self {
            Self::Ssh(entry) => {
                let stored: Fingerprint = text.parse().map_err(in_field)?;
                stored == entry.fingerprint(stored.algorithm())
            }
            #[cfg(feature = "x509")]
            Self::X509(certificate) => {
                let stored = Sha1Fingerprint::from_colon_hex(text).or_else(|_| text.parse()).map_err(in_field)?;
                stored == certificate.sha1_fingerprint()
            }
        };
        if is_of_key { Ok(()) } else { Err(Field::Fingerprint.error(ErrorKind::KeyMismatch)) }
    }
}

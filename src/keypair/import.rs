//! Importing a key pair: a public key, or a private one.

use super::name::KeyPairName;
#[cfg(doc)]
use super::policy::ImportPolicy;
use super::profile::Profile;
use super::record::Record;
use super::user_id::UserId;
use crate::error::Error;
use crate::key::{PrivateKey, ReadOptions};
use alloc::borrow::ToOwned;
use alloc::string::ToString;

/// What importing a private key returns: the record and, separately, the key.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::ReadOptions;
/// use ssh_keypair::keypair::{ImportedPair, Profile, Record};
///
/// # let key = ssh_keypair::RsaPrivateKey::generate(2048)?;
/// # let file = ssh_keypair::PrivateKey::from_rsa(key, "me@host")?.to_openssh()?;
/// # let file = file.as_bytes();
/// // let file = std::fs::read("id_rsa")?;
/// let imported = Record::import_private("laptop".parse()?, file, &ReadOptions::new(), None, &Profile::nova())?;
/// let ImportedPair { record, private_key, .. } = imported;
/// assert_eq!(private_key.public_key().to_string(), record.public_key());
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct ImportedPair {
    /// The record.
    pub record: Record,
    /// The private key, with its comment. It is wiped when dropped.
    pub private_key: PrivateKey,
}

impl Record {
    /// Imports a public key that the profile's [`ImportPolicy`] accepts. The response shows the key as it was given, unless the
    /// policy had to change it.
    ///
    /// This takes as long as [`ImportPolicy::accept`].
    ///
    /// ```
    /// use ssh_keypair::ErrorKind;
    /// use ssh_keypair::keypair::{Profile, Record};
    ///
    /// let pasted = "-----BEGIN RSA PRIVATE KEY-----\nMIIE...";
    /// let error = Record::import("laptop".parse()?, pasted, None, &Profile::documented()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::PrivateKeyGiven);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`ImportPolicy::accept`].
    pub fn import(
        name: KeyPairName,
        public_key: impl AsRef<[u8]>,
        user_id: Option<UserId>,
        profile: &Profile,
    ) -> Result<Self, Error> {
        let public_key = public_key.as_ref();
        let accepted = profile.policy().accept(public_key)?;
        // A text that had to be changed is of no use to anyone.
        let text = match core::str::from_utf8(public_key) {
            Ok(text) if accepted.normalization().is_none() => text,
            _ => accepted.line(),
        };
        let text = text.to_owned();
        Ok(Self::of_accepted(name, user_id, accepted, text))
    }

    /// Imports a private key, in any format of [`PrivateKey::parse`], for a service that keeps its users' own pairs. The
    /// profile's [`ImportPolicy`] must accept the public half as a line with the file's comment: a limit on the length of a
    /// text applies to that line. The record is like the record of a created pair.
    ///
    /// For an encrypted file, tell an untrusted sender that it was rejected and nothing else: see [`PrivateKey::parse`], which
    /// also documents the time.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, ReadOptions};
    /// use ssh_keypair::keypair::{Profile, Record};
    ///
    /// # let key = ssh_keypair::RsaPrivateKey::generate(2048)?;
    /// # let file = ssh_keypair::PrivateKey::from_rsa(key, "me@host")?.to_ppk()?;
    /// # let file = file.as_bytes();
    /// # let line = include_str!("../../tests/data/rsa2048.pub");
    /// // let file = std::fs::read("key.ppk")?;
    /// let (options, profile) = (ReadOptions::new(), Profile::nova());
    /// let imported = Record::import_private("laptop".parse()?, file, &options, Some("6fc0d2cb".parse()?), &profile)?;
    /// println!("{}", imported.record.fingerprint_colon_hex());
    ///
    /// let error = Record::import_private("laptop".parse()?, line, &options, None, &profile).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Mistake(ssh_keypair::Mistake::PublicKey));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PrivateKey::parse`] and [`ImportPolicy::accept`].
    pub fn import_private(
        name: KeyPairName,
        private_key: impl AsRef<[u8]>,
        options: &ReadOptions<'_>,
        user_id: Option<UserId>,
        profile: &Profile,
    ) -> Result<ImportedPair, Error> {
        let (private_key, report) = PrivateKey::parse_with_report(private_key, options)?;
        // An offset in the line would look like one in the file.
        let accepted = profile.policy().accept(private_key.public_key().to_string()).map_err(Error::without_offset)?;
        let text = profile.line_for_response(accepted.line());
        let record = Self::of_accepted(name, user_id, accepted, text);
        let record = record.with_normalization(report.normalizations.first().copied());
        Ok(ImportedPair { record, private_key })
    }
}

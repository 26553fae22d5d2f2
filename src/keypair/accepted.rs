//! A public key that a policy accepted.

use crate::audit::Findings;
use crate::fingerprint::{Fingerprint, HashAlgorithm, Md5Fingerprint, Sha256Fingerprint};
use crate::key::Algorithm;
#[cfg(doc)]
use crate::key::KeyData;
use crate::openssh::Entry;
use crate::text::Normalization;
use alloc::string::String;

/// A public key that an [`ImportPolicy`](super::ImportPolicy) accepted.
///
/// ```
/// use ssh_keypair::{Algorithm, keypair::ImportPolicy};
///
/// let text = include_str!("../../tests/data/ed25519.pub");
/// let accepted = ImportPolicy::new().accept(text)?;
/// assert_eq!(accepted.line(), text.trim_end());
/// assert_eq!((accepted.algorithm(), accepted.bits()), (Algorithm::Ed25519, 256));
/// println!("{}", accepted.sha256_fingerprint());
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AcceptedKey {
    entry: Entry,
    line: String,
    findings: Findings,
    normalization: Option<Normalization>,
}

impl AcceptedKey {
    pub(super) fn new(entry: &Entry, findings: Findings, normalization: Option<Normalization>) -> Self {
        let entry = entry.to_canonical();
        Self { line: entry.to_openssh(), entry, findings, normalization }
    }

    /// The key, the certificate, or the key with its options, as in [`AcceptedKey::line`].
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The key and its line.
    pub(super) fn into_parts(self) -> (Entry, String) {
        (self.entry, self.line)
    }

    /// The line, without a line break, with one space between its fields: what to write into an authorized_keys file, and what
    /// to compare.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The type of the key; for a certificate, of the key inside.
    pub fn algorithm(&self) -> Algorithm {
        self.entry.algorithm()
    }

    /// The size of the key: see [`KeyData::bits`].
    pub fn bits(&self) -> usize {
        self.entry.bits()
    }

    /// The fingerprint of the key's blob; for a certificate, of the plain key inside.
    pub fn fingerprint(&self, algorithm: HashAlgorithm) -> Fingerprint {
        self.entry.fingerprint(algorithm)
    }

    /// The MD5 fingerprint: see [`AcceptedKey::fingerprint`].
    pub fn md5_fingerprint(&self) -> Md5Fingerprint {
        self.entry.md5_fingerprint()
    }

    /// The SHA-256 fingerprint: see [`AcceptedKey::fingerprint`].
    pub fn sha256_fingerprint(&self) -> Sha256Fingerprint {
        self.entry.sha256_fingerprint()
    }

    /// The weaknesses that were found, but for which the policy does not reject the key.
    pub fn findings(&self) -> Findings {
        self.findings
    }

    /// What was changed before the text was accepted, if the policy allows that.
    pub fn normalization(&self) -> Option<Normalization> {
        self.normalization
    }
}

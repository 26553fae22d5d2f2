//! Accepting a text: a single line unchanged, or text that a policy may convert into a single line.

use super::accepted::AcceptedKey;
use super::policy::ImportPolicy;
use crate::error::{Error, ErrorKind, Field, Mistake};
#[cfg(doc)]
use crate::key::PublicKey;
use crate::openssh::Entry;
use crate::read::{KeyFormat, PublicEntry, read_line, read_public};
use crate::text::{MAX_LINE_BYTES, reject_private_key};
use alloc::string::ToString;
use alloc::vec::Vec;

/// The error for a text of the wrong length.
pub(crate) enum LengthError {
    /// It is too long.
    TooLong(Error),
    /// It is too long, and is a private key or an X.509 certificate: the owner must be told about that first.
    NotAKey(Error),
}

impl From<LengthError> for Error {
    fn from(error: LengthError) -> Self {
        match error {
            LengthError::TooLong(error) | LengthError::NotAKey(error) => error,
        }
    }
}

impl ImportPolicy {
    /// Accepts a text, or says why not. If the text contains a private key, that takes precedence over every other error,
    /// because the owner must be told about it first. This holds up to 16 KiB, even if the policy's limit is lower.
    ///
    /// The time depends on the text. For an RSA key, nearly all of it is spent in the [`audit`](crate::audit).
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, keypair::ImportPolicy};
    ///
    /// let policy = ImportPolicy::new();
    /// let pem = include_str!("../../tests/data/ed25519.spki.pem");
    /// assert_eq!(policy.accept(pem).unwrap_err().kind(), ErrorKind::NotAnOpensshLine);
    /// let accepted = policy.allow_normalization().accept(pem)?;
    /// println!("{}: {}", accepted.normalization().unwrap(), accepted.line());
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the rules, and of [`PublicKey::from_openssh`] or, if the policy allows those formats, of
    /// [`Certificate::from_openssh`](crate::openssh::Certificate::from_openssh) and
    /// [`AuthorizedKey`](crate::openssh::AuthorizedKey).
    pub fn accept(&self, text: impl AsRef<[u8]>) -> Result<AcceptedKey, Error> {
        let bytes = text.as_ref();
        let parse = |line: &str| self.line_forms().parse(line).map(PublicEntry::Line);
        // A rule that rejects the key rejects it in every format.
        let (entry, changes) = match self.allows_normalization() {
            true => read_public(bytes, parse).map(|(entry, report)| (entry, report.normalizations))?,
            false => (read_line(bytes, parse)?, Vec::new()),
        };
        let PublicEntry::Line(entry) = entry else {
            return Err(Mistake::HostName.error_at(Field::PublicKey, 0));
        };
        self.check_line(&entry, changes.is_empty().then_some(bytes.len()))?;
        let findings = self.check(&entry.key_data())?;
        Ok(AcceptedKey::new(&entry, findings, changes.last().copied()))
    }

    /// The rule for the length of a text that was accepted: its own if it is unchanged, and otherwise that of the line.
    fn check_line(&self, entry: &Entry, unchanged: Option<usize>) -> Result<(), Error> {
        let length = unchanged.unwrap_or_else(|| entry.to_canonical().to_string().len());
        match self.max_bytes() {
            Some(max) if length > max => {
                let error = Field::PublicKey.error(ErrorKind::TooLong).measured(length, max);
                Err(if unchanged.is_some() { error.at(max) } else { error })
            }
            _ => Ok(()),
        }
    }

    /// The rule for the length of a text in a request. If the policy may change the text, the line that results is checked
    /// instead, when the key is imported.
    pub(crate) fn check_length(&self, text: &str) -> Result<(), LengthError> {
        match self.max_bytes() {
            Some(max) if text.len() > max && !self.allows_normalization() => {
                if text.len() <= MAX_LINE_BYTES {
                    reject_private_key(text).map_err(LengthError::NotAKey)?;
                    if KeyFormat::detect(text) == Some(KeyFormat::X509Pem) {
                        return Err(LengthError::NotAKey(Mistake::X509.error_at(Field::PublicKey, 0)));
                    }
                }
                let error = Field::PublicKey.error_at(ErrorKind::TooLong, max);
                Err(LengthError::TooLong(error.measured(text.len(), max)))
            }
            _ => Ok(()),
        }
    }
}

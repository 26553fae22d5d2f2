//! Accepting a text: a single line unchanged, or text that a policy may convert into a single line.

use super::accepted::AcceptedKey;
use super::policy::ImportPolicy;
use crate::error::{Error, ErrorKind, Field, Mistake};
#[cfg(doc)]
use crate::key::PublicKey;
use crate::read::{KeyFormat, PublicEntry, read_line, read_public};
use crate::text::{MAX_LINE_BYTES, reject_private_key};
use alloc::string::String;
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
        self.check_length(&String::from_utf8_lossy(bytes))?;
        let parse = |line: &str| self.line_forms().parse(line).map(PublicEntry::Line);
        // A rule that rejects the key rejects it in every format.
        let (entry, changes) = match self.allows_normalization() {
            true => read_public(bytes, parse)?,
            false => (read_line(bytes, parse)?, Vec::new()),
        };
        let PublicEntry::Line(entry) = entry else {
            return Err(Mistake::HostName.error_at(Field::PublicKey, 0));
        };
        let findings = self.check(&entry.key_data())?;
        Ok(AcceptedKey::new(&entry, findings, changes.last().copied()))
    }

    /// The rule for the length of a text.
    pub(crate) fn check_length(&self, text: &str) -> Result<(), LengthError> {
        match self.max_bytes() {
            Some(max) if text.len() > max => {
                if text.len() <= MAX_LINE_BYTES {
                    reject_private_key(text).map_err(LengthError::NotAKey)?;
                    if KeyFormat::detect(text) == Some(KeyFormat::X509Pem) {
                        return Err(LengthError::NotAKey(Mistake::X509.error_at(Field::PublicKey, 0)));
                    }
                }
                Err(LengthError::TooLong(Field::PublicKey.error_at(ErrorKind::TooLong, max)))
            }
            _ => Ok(()),
        }
    }
}

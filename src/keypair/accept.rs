//! Accepting a text: a single line unchanged, or text that a policy may convert into a single line.

use super::accepted::AcceptedKey;
use super::policy::ImportPolicy;
use crate::error::{Error, ErrorKind, Field};
use crate::key::PublicKey;
use crate::openssh::Entry;
use crate::read::KeyFormat;
use crate::text::{MAX_LINE_BYTES, Normalization, reject_private_key};
use alloc::string::{String, ToString};

/// The error for a text of the wrong length.
pub(crate) enum LengthError {
    /// It is too long.
    TooLong(Error),
    /// It is too long, and contains a private key: the owner must be told about that first.
    PrivateKey(Error),
}

impl From<LengthError> for Error {
    fn from(error: LengthError) -> Self {
        match error {
            LengthError::TooLong(error) | LengthError::PrivateKey(error) => error,
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
    pub fn accept(&self, text: &str) -> Result<AcceptedKey, Error> {
        self.check_length(text)?;
        match self.line_forms().parse(text) {
            // A rule that rejects the key rejects it in every format.
            Ok(entry) => self.accept_entry(&entry, None),
            // The error is for the text as it was given.
            Err(error) => self.accept_converted(text).unwrap_or(Err(error)),
        }
    }

    /// The rule for the length of a text.
    pub(crate) fn check_length(&self, text: &str) -> Result<(), LengthError> {
        match self.max_bytes() {
            Some(max) if text.len() > max => {
                if text.len() <= MAX_LINE_BYTES {
                    reject_private_key(text).map_err(LengthError::PrivateKey)?;
                }
                Err(LengthError::TooLong(Field::PublicKey.error_at(ErrorKind::TooLong, max)))
            }
            _ => Ok(()),
        }
    }

    fn accept_entry(&self, entry: &Entry, normalization: Option<Normalization>) -> Result<AcceptedKey, Error> {
        let findings = self.check(&entry.key_data())?;
        Ok(AcceptedKey::new(entry, findings, normalization))
    }

    /// Accepts a text that is not exactly one line. `None` if it must not or cannot be converted into one.
    fn accept_converted(&self, text: &str) -> Option<Result<AcceptedKey, Error>> {
        let (text, skipped) = self.trimmed(text)?;
        let converted = |key: Result<PublicKey, Error>, normalization| {
            let entry = key.map(Entry::Key).map_err(|error| in_whole(error, skipped));
            Some(entry.and_then(|entry| self.accept_entry(&entry, Some(normalization))))
        };
        match KeyFormat::detect(text) {
            Some(KeyFormat::Rfc4716) => converted(PublicKey::from_rfc4716(text), Normalization::FromRfc4716),
            Some(KeyFormat::SpkiPem | KeyFormat::Pkcs1PublicPem) => {
                converted(PublicKey::from_pem(text), Normalization::FromPem)
            }
            Some(KeyFormat::PublicKeyLine | KeyFormat::CertificateLine) => {
                let entry = self.line_forms().parse(&with_single_spaces(text)?).ok()?;
                Some(self.accept_entry(&entry, Some(Normalization::WhiteSpace)))
            }
            _ => None,
        }
    }

    /// A rejected text without the white space around it, and the length of the white space at the start. `None` if the text is
    /// not to be tried again: the policy does not allow it, or the text is too long or contains a private key.
    pub(super) fn trimmed<'t>(&self, text: &'t str) -> Option<(&'t str, usize)> {
        if !self.allows_normalization() || text.len() > MAX_LINE_BYTES || reject_private_key(text).is_err() {
            return None;
        }
        let framed = text.trim_start_matches('\u{feff}').trim_start_matches(WHITE_SPACE);
        Some((framed.trim_end_matches(WHITE_SPACE), text.len() - framed.len()))
    }
}

/// The error of a trimmed text, with its offset in the whole text.
pub(super) fn in_whole(error: Error, skipped: usize) -> Error {
    match error.field() {
        Some(Field::PublicKey | Field::Base64 | Field::Comment) => error.moved(skipped),
        _ => error,
    }
}

/// The white space that is removed: what editors, terminals and mail programs leave. Unicode's line separators are not
/// included, because for some readers a line ends there.
const WHITE_SPACE: [char; 6] = [' ', '\t', '\n', '\r', '\u{b}', '\u{a0}'];

/// A line with one space between its fields, and without breaks in its base64. `None` if something follows that is not the
/// rest of the base64: a second key, perhaps.
fn with_single_spaces(text: &str) -> Option<String> {
    let (type_name, rest) = text.split_once(WHITE_SPACE)?;
    let mut rest = rest.trim_start_matches(WHITE_SPACE);
    let mut base64 = String::new();
    loop {
        let (part, behind) = rest.split_at(rest.find(WHITE_SPACE).unwrap_or(rest.len()));
        if !part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)) {
            return None;
        }
        base64.push_str(part);
        rest = behind.trim_start_matches(WHITE_SPACE);
        // Base64 continues in the next line, unless something else follows in this one.
        let line_ends = behind[..behind.len() - rest.len()].contains(['\n', '\r']);
        if rest.is_empty() || !line_ends {
            break;
        }
    }
    // What is left is the comment, if it is one line.
    (!rest.contains(['\n', '\r']))
        .then(|| [type_name, &base64, rest].join(" ").trim_end_matches(WHITE_SPACE).to_string())
}

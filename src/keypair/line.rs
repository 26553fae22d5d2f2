//! The line of an SSH key, in any of the forms that a policy allows.

use crate::error::Error;
use crate::key::{PublicKey, is_certificate_name};
use crate::openssh::{AuthorizedKey, Certificate, Entry, has_options};

/// What a line may be, apart from a plain key of a supported type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineForms {
    pub(super) certificates: bool,
    pub(super) options: bool,
    pub(super) opaque: bool,
}

impl LineForms {
    /// Every form: for a line that was accepted when it was stored.
    pub(super) const ALL: Self = Self { certificates: true, options: true, opaque: true };

    /// Parses a line, strictly. A line has at most one of the forms, so that allowing more of them changes no result but an
    /// error.
    pub(super) fn parse(self, line: &str) -> Result<Entry, Error> {
        if self.options && has_options(line) {
            return line.parse().map(Entry::AuthorizedKey);
        }
        let first_word = line.split([' ', '\t']).next().unwrap_or_default();
        if self.certificates && is_certificate_name(first_word.as_bytes()) {
            return Certificate::from_openssh(line).map(Entry::Certificate);
        }
        let key = if self.opaque { PublicKey::from_openssh_opaque(line) } else { PublicKey::from_openssh(line) };
        match key {
            Ok(key) => Ok(Entry::Key(key)),
            // Options that are not well-formed: why not.
            Err(error) if self.options => Err(line.parse::<AuthorizedKey>().err().unwrap_or(error)),
            Err(error) => Err(error),
        }
    }
}

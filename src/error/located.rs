//! The error.

use super::field::Field;
use super::kind::ErrorKind;
use super::message::message;
use core::fmt;

/// Why something was refused or could not be done.
///
/// An error never holds input: it can be logged even where a private key was pasted in the place of a public one.
///
/// ```
/// # #[cfg(feature = "alloc")] {
/// use ssh_keypair::{ErrorKind, PublicKey};
///
/// let error = "ssh-rsaAAAAB3NzaC1yc2E= me".parse::<PublicKey>().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::MissingSeparator);
/// assert_eq!(error.offset(), Some(7));
/// assert_eq!(error.to_string(), "key type, byte 7: expected a space after the key type, found base64");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    kind: ErrorKind,
    field: Option<Field>,
    offset: Option<usize>,
}

impl Field {
    /// An error in this field.
    pub(crate) const fn error(self, kind: ErrorKind) -> Error {
        Error { kind, field: Some(self), offset: None }
    }

    /// An error at a byte of this field's input.
    pub(crate) const fn error_at(self, kind: ErrorKind, offset: usize) -> Error {
        Error { kind, field: Some(self), offset: Some(offset) }
    }
}

impl Error {
    /// An error that is about no field.
    pub(crate) const fn new(kind: ErrorKind) -> Self {
        Self { kind, field: None, offset: None }
    }

    pub(crate) const fn in_field(mut self, field: Field) -> Self {
        self.field = Some(field);
        self
    }

    pub(crate) const fn at(mut self, offset: usize) -> Self {
        self.offset = Some(offset);
        self
    }

    /// The same error of a part, seen from the whole that begins `by` bytes before it.
    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.offset = self.offset.map(|offset| offset + by);
        self
    }

    /// The same error at the place of its field, if that is one of these.
    pub(crate) fn at_its_field(self, places: impl IntoIterator<Item = (Field, usize)>) -> Self {
        let place = places.into_iter().find(|(field, _)| self.field == Some(*field));
        place.map_or(self, |(_, offset)| self.at(offset))
    }

    /// What is wrong.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The field it is wrong in.
    pub const fn field(&self) -> Option<Field> {
        self.field
    }

    /// The byte at which it was seen, from 0: of the text, or for the fields inside of a key, of the decoded key or of what
    /// was decrypted.
    pub const fn offset(&self) -> Option<usize> {
        self.offset
    }
}

/// The field, the offset, and the sentence: `key type, byte 7: expected a space after the key type, found base64`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = message(self.kind, self.field);
        match (self.field, self.offset) {
            (Some(field), Some(offset)) => write!(f, "{field}, byte {offset}: {message}"),
            (Some(field), None) => write!(f, "{field}: {message}"),
            (None, Some(offset)) => write!(f, "byte {offset}: {message}"),
            (None, None) => f.write_str(message),
        }
    }
}

impl core::error::Error for Error {}

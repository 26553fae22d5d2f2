//! The error.

use super::field::Field;
use super::kind::ErrorKind;
use super::message::write_message;
#[cfg(feature = "alloc")]
use super::mistake::Mistake;
use core::fmt;

/// Why an input was rejected, or an operation failed.
///
/// An error never contains any of the input. It can be logged even if a private key was pasted instead of a public one.
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

#[cfg(feature = "alloc")]
impl Mistake {
    /// The error for it, at a byte of this field's input.
    pub(crate) const fn error_at(self, field: Field, offset: usize) -> Error {
        field.error_at(ErrorKind::Mistake(self), offset)
    }
}

impl Error {
    /// An error without a field.
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

    /// The error of a part, with its offset counted from the start of the whole, which begins `by` bytes before the part.
    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.offset = self.offset.map(|offset| offset + by);
        self
    }

    /// The same error, with the offset of its field if `places` contains that field.
    pub(crate) fn at_its_field(self, places: impl IntoIterator<Item = (Field, usize)>) -> Self {
        let place = places.into_iter().find(|(field, _)| self.field == Some(*field));
        place.map_or(self, |(_, offset)| self.at(offset))
    }

    /// The kind of error.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The field with the error.
    pub const fn field(&self) -> Option<Field> {
        self.field
    }

    /// The byte at which the error was found, counted from 0. It counts the bytes of the input; for fields inside a key, those
    /// of the decoded key, after decryption.
    pub const fn offset(&self) -> Option<usize> {
        self.offset
    }
}

impl Error {
    /// The line and the column of the error in the text that was read, both counted from 1; columns count characters. None for an
    /// error without an offset, or whose offset counts the bytes of a decoded key.
    ///
    /// ```
    /// # #[cfg(feature = "alloc")] {
    /// use ssh_keypair::PublicKey;
    ///
    /// let file = "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA!\n---- END SSH2 PUBLIC KEY ----";
    /// let error = PublicKey::from_rfc4716(file).unwrap_err();
    /// assert_eq!(error.line_and_column(file), Some((2, 5)));
    /// # }
    /// ```
    pub fn line_and_column(&self, text: &str) -> Option<(usize, usize)> {
        let is_of_text =
            matches!(self.field?, Field::PublicKey | Field::KeyType | Field::Base64 | Field::Comment | Field::Options);
        let before = text.get(..self.offset?).filter(|_| is_of_text)?;
        // A line ends with LF, CRLF or CR.
        let start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let breaks = before.matches(['\n', '\r']).count() - before.matches("\r\n").count();
        Some((breaks + 1, before.get(start..)?.chars().count() + 1))
    }
}

/// The field, the offset, and the sentence: `key type, byte 7: expected a space after the key type, found base64`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.field, self.offset) {
            (Some(field), Some(offset)) => write!(f, "{field}, byte {offset}: ")?,
            (Some(field), None) => write!(f, "{field}: ")?,
            (None, Some(offset)) => write!(f, "byte {offset}: ")?,
            (None, None) => {}
        }
        write_message(f, self.kind, self.field)
    }
}

impl core::error::Error for Error {}

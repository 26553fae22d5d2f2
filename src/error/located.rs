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
///
/// Its `Debug` contains the message too, for programs whose `main` returns the error.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Error {
    kind: ErrorKind,
    field: Option<Field>,
    offset: Option<usize>,
    /// Whether the offset counts the bytes of the input.
    is_in_text: bool,
    /// What the message ends with.
    detail: Option<Detail>,
}

/// What was found, for the end of a message.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Detail {
    /// A length in bytes or a size in bits, and the limit that it exceeds or does not reach.
    Measured { found: usize, limit: usize },
    /// A name that this crate defines, never text of the input.
    #[cfg(feature = "alloc")]
    Named(&'static str),
}

impl Field {
    /// An error in this field.
    pub(crate) const fn error(self, kind: ErrorKind) -> Error {
        Error { kind, field: Some(self), offset: None, is_in_text: self.is_in_text(), detail: None }
    }

    /// An error at a byte of this field's input.
    pub(crate) const fn error_at(self, kind: ErrorKind, offset: usize) -> Error {
        Error { kind, field: Some(self), offset: Some(offset), is_in_text: self.is_in_text(), detail: None }
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
        Self { kind, field: None, offset: None, is_in_text: false, detail: None }
    }

    pub(crate) const fn in_field(mut self, field: Field) -> Self {
        self.field = Some(field);
        self.is_in_text = field.is_in_text();
        self
    }

    pub(crate) const fn at(mut self, offset: usize) -> Self {
        self.offset = Some(offset);
        self
    }

    /// The same error without its offset: for an input that the caller has not seen.
    #[cfg(feature = "alloc")]
    pub(crate) const fn without_offset(mut self) -> Self {
        self.offset = None;
        self
    }

    /// The same error, whose offset counts the bytes of the input although those of its field may count others.
    pub(crate) const fn in_text(mut self) -> Self {
        self.is_in_text = true;
        self
    }

    /// The same error; if its offset counts the bytes of a text, it becomes the place that this byte had before the text was
    /// changed, and the message does not give the length of the changed text.
    #[cfg(feature = "alloc")]
    pub(crate) fn moved_in_text(mut self, place: impl Fn(usize) -> usize) -> Self {
        if self.is_in_text {
            self.offset = self.offset.map(place);
            self.detail = self.detail.filter(|detail| !matches!(detail, Detail::Measured { .. }));
        }
        self
    }

    /// The same error, with the length or size that was found, and its limit, for the message.
    pub(crate) const fn measured(mut self, found: usize, limit: usize) -> Self {
        self.detail = Some(Detail::Measured { found, limit });
        self
    }

    /// The same error, with the name of what was found, for the message: a name of ours, not a text of the input.
    #[cfg(feature = "alloc")]
    pub(crate) const fn named(mut self, name: &'static str) -> Self {
        self.detail = Some(Detail::Named(name));
        self
    }

    /// The error for a buffer of `found` bytes, if `needed` are needed.
    pub(crate) const fn buffer_too_small(found: usize, needed: usize) -> Self {
        Self::new(ErrorKind::BufferTooSmall).measured(found, needed)
    }

    pub(super) const fn is_in_text(&self) -> bool {
        self.is_in_text
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

    /// The number of bytes that the buffer needs, for [`ErrorKind::BufferTooSmall`].
    pub const fn needed_bytes(&self) -> Option<usize> {
        match (self.kind, self.detail) {
            (ErrorKind::BufferTooSmall, Some(Detail::Measured { limit, .. })) => Some(limit),
            _ => None,
        }
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

/// The field, the offset, and the sentence: `key type, byte 7: expected a space after the key type, found base64`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.field, self.offset) {
            (Some(field), Some(offset)) => write!(f, "{field}, byte {offset}: ")?,
            (Some(field), None) => write!(f, "{field}: ")?,
            (None, Some(offset)) => write!(f, "byte {offset}: ")?,
            (None, None) => {}
        }
        write_message(f, self.kind, self.field)?;
        let (found, limit) = match self.detail {
            Some(Detail::Measured { found, limit }) => (found, limit),
            #[cfg(feature = "alloc")]
            Some(Detail::Named(name)) => return write!(f, " (found {name})"),
            None => return Ok(()),
        };
        match self.kind {
            ErrorKind::KeyTooSmall => write!(f, " (found {found} bits, expected at least {limit})"),
            ErrorKind::KeyTooLarge => write!(f, " (found {found} bits, expected at most {limit})"),
            ErrorKind::BufferTooSmall => write!(f, " (found {found} bytes, expected at least {limit})"),
            _ => write!(f, " (found {found} bytes, expected at most {limit})"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("kind", &self.kind).field("message", &format_args!("{self}")).finish()
    }
}

impl core::error::Error for Error {}

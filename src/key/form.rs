//! How the fields of a line are separated, so that a line can be written as it was read.

use crate::error::{Error, ErrorKind, Field};
use crate::text::MAX_LINE_BYTES;
use base64_simd::{AsOut, STANDARD};
use core::fmt::{self, Write};

/// The white space between two fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Separator {
    Space,
    Tab,
}

impl Separator {
    /// The separator that `text` begins with.
    #[inline]
    pub(crate) fn at_start_of(text: &str) -> Option<Self> {
        match text.as_bytes().first()? {
            b' ' => Some(Self::Space),
            b'\t' => Some(Self::Tab),
            _ => None,
        }
    }
}

impl fmt::Display for Separator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(match self {
            Self::Space => ' ',
            Self::Tab => '\t',
        })
    }
}

/// The white space of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    pub(crate) after_type: Separator,
    /// None if the line ends with the base64. An empty comment may still have a separator before it.
    pub(crate) after_base64: Option<Separator>,
}

impl Form {
    /// One space between the fields, and none at the end.
    pub(crate) fn canonical(comment: &str) -> Self {
        Self { after_type: Separator::Space, after_base64: (!comment.is_empty()).then_some(Separator::Space) }
    }

    /// Writes a line from its fields.
    pub(crate) fn write(self, f: &mut fmt::Formatter<'_>, type_name: &str, blob: &[u8], comment: &str) -> fmt::Result {
        write!(f, "{type_name}{}", self.after_type)?;
        write_base64(f, blob)?;
        match self.after_base64 {
            Some(separator) => write!(f, "{separator}{comment}"),
            None => Ok(()),
        }
    }
}

/// Rejects fields whose line would be too long to be read again: `front` bytes before the base64, and a separator after each
/// part.
pub(crate) fn check_line_length(front: usize, blob: &[u8], comment: &str) -> Result<(), Error> {
    let length = front + 1 + blob.len().div_ceil(3) * 4 + 1 + comment.len();
    if length > MAX_LINE_BYTES { Err(Field::PublicKey.error(ErrorKind::TooLong)) } else { Ok(()) }
}

/// Writes base64, padded, without a heap.
fn write_base64(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    // Each chunk is a multiple of three bytes, so that padding occurs only at the end.
    for chunk in bytes.chunks(384) {
        let mut text = [0; 512];
        f.write_str(STANDARD.encode_as_str(chunk, text.as_mut_slice().as_out()))?;
    }
    Ok(())
}

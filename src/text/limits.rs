//! The longest inputs that are read, and the longest comment that is written.

use crate::error::{Error, ErrorKind, Field};
#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};

/// The length in bytes of the longest line that is read, including its line break. An RSA key of 16384 bits needs 2.8 KiB.
pub const MAX_LINE_BYTES: usize = 16 * 1024;

/// The length in bytes of the longest comment that is written.
pub const MAX_COMMENT_BYTES: usize = 8 * 1024;

/// The length in bytes of the longest blob that fits into a line of [`MAX_LINE_BYTES`]: a buffer of this size is always
/// enough.
pub const MAX_BLOB_BYTES: usize = MAX_LINE_BYTES / 4 * 3;

/// A buffer for the contents of a line or a PEM: at least as large as a text of this length can encode, and no larger than the
/// longest blob that is read.
#[cfg(feature = "alloc")]
pub(crate) fn blob_buffer(text: &str) -> Vec<u8> {
    vec![0; (text.len() / 4 * 3).min(MAX_BLOB_BYTES)]
}

/// Rejects a text that is too long to be parsed, with an error in that field.
#[inline]
pub(crate) fn check_text_length(text: &str, field: Field) -> Result<(), Error> {
    match text.len() {
        0..=MAX_LINE_BYTES => Ok(()),
        length => Err(field.error_at(ErrorKind::TooLong, MAX_LINE_BYTES).measured(length, MAX_LINE_BYTES)),
    }
}

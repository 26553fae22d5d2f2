//! Writes text into the caller's buffer.

use crate::error::{Error, ErrorKind};
use core::fmt::{self, Write};

/// Writes a value's `Display` text into `buffer`, and returns the part that it fills.
pub(crate) fn write_into(buffer: &mut [u8], text: impl fmt::Display) -> Result<&str, Error> {
    let mut cursor = Cursor { buffer: &mut *buffer, used: 0 };
    // The cursor does not fail, and neither does `Display` of a key.
    let result = write!(cursor, "{text}");
    let (used, length) = (cursor.used, buffer.len());
    let written = buffer.get(..used).filter(|_| result.is_ok()).ok_or(Error::buffer_too_small(length, used))?;
    core::str::from_utf8(written).map_err(|_| Error::new(ErrorKind::InvalidUtf8))
}

/// Writes text into a slice of bytes. If the text does not fit, the cursor still counts its length.
struct Cursor<'a> {
    buffer: &'a mut [u8],
    used: usize,
}

impl Write for Cursor<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.used + text.len();
        if let Some(part) = self.buffer.get_mut(self.used..end) {
            part.copy_from_slice(text.as_bytes());
        }
        self.used = end;
        Ok(())
    }
}

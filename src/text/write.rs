//! Writes text into the caller's buffer.

use crate::error::{Error, ErrorKind};
use core::fmt::{self, Write};

/// Writes a value's `Display` text into `buffer`, and returns the part that it fills.
pub(crate) fn write_into(buffer: &mut [u8], text: impl fmt::Display) -> Result<&str, Error> {
    let mut cursor = Cursor { buffer: &mut *buffer, used: 0 };
    write!(cursor, "{text}").map_err(|_| Error::new(ErrorKind::BufferTooSmall))?;
    let used = cursor.used;
    core::str::from_utf8(&buffer[..used]).map_err(|_| Error::new(ErrorKind::InvalidUtf8))
}

/// Writes text into a slice of bytes.
struct Cursor<'a> {
    buffer: &'a mut [u8],
    used: usize,
}

impl Write for Cursor<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.used + text.len();
        self.buffer.get_mut(self.used..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.used = end;
        Ok(())
    }
}

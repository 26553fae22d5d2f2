//! The lines of a file: `Name: value`, and base64 of a declared number of lines.

use crate::error::{Error, ErrorKind, Field};
use crate::text::TextLines;
use alloc::{string::String, vec::Vec};
use base64ct::{Base64, Encoding};
use core::fmt::Write;
use zeroize::Zeroizing;

/// The width of the base64.
const WIDTH: usize = 64;

/// The number of bytes that such a line encodes.
const BYTES_PER_LINE: usize = WIDTH / 4 * 3;

/// Reads the lines in their order.
pub(super) struct Lines<'a> {
    lines: TextLines<'a>,
    end: usize,
}

/// The value after a name.
pub(super) struct Value<'a> {
    /// Its offset in the text.
    pub(super) at: usize,
    pub(super) text: &'a str,
}

pub(super) fn invalid_frame(at: usize) -> Error {
    Field::PrivateKey.error_at(ErrorKind::InvalidFrame, at)
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { lines: TextLines::new(text), end: text.len() }
    }

    /// The next line. There must be one.
    fn line(&mut self) -> Result<(usize, &'a str), Error> {
        self.lines.next().ok_or(invalid_frame(self.end))
    }

    /// The next line, with any name.
    pub(super) fn any_value(&mut self) -> Result<(&'a str, Value<'a>), Error> {
        let (start, line) = self.line()?;
        let (name, text) = line.split_once(": ").ok_or(invalid_frame(start))?;
        Ok((name, Value { at: start + line.len() - text.len(), text }))
    }

    /// The next line, which must have this name.
    pub(super) fn value(&mut self, name: &str) -> Result<Value<'a>, Error> {
        let (start, line) = self.line()?;
        let text = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(": ")).ok_or(invalid_frame(start))?;
        Ok(Value { at: start + line.len() - text.len(), text })
    }

    /// Reads a line with this name, which says how many lines follow, and those lines of base64. Each is decoded on its own,
    /// in constant time, so all but the last must be full.
    pub(super) fn body(&mut self, name: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let count = self.value(name)?;
        let lines = count.decimal()?;
        if lines == 0 {
            return Err(invalid_frame(count.at));
        }
        // Bounded by the rest of the text, whatever the count says.
        let mut blob = Zeroizing::new(Vec::with_capacity((self.end - count.at) / 4 * 3));
        for left in (0..lines).rev() {
            let (start, line) = self.line()?;
            if left > 0 && line.len() != WIDTH || !(1..=WIDTH).contains(&line.len()) {
                return Err(invalid_frame(start));
            }
            let mut bytes = Zeroizing::new([0; BYTES_PER_LINE]);
            match Base64::decode(line, &mut *bytes) {
                Ok(bytes) if left == 0 || bytes.len() == BYTES_PER_LINE => blob.extend_from_slice(bytes),
                _ => return Err(Field::Base64.error_at(ErrorKind::InvalidBase64, start)),
            }
        }
        Ok(blob)
    }

    /// Checks that there are no more lines.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        match self.lines.next() {
            Some((at, _)) => Err(Field::PrivateKey.error_at(ErrorKind::TrailingData, at)),
            None => Ok(()),
        }
    }
}

impl Value<'_> {
    /// A number without leading zeros. One that does not fit becomes `u32::MAX`, which is too large for every use here.
    pub(super) fn decimal(&self) -> Result<u32, Error> {
        match self.text.as_bytes() {
            b"0" => Ok(0),
            [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => {
                Ok(self.text.parse().unwrap_or(u32::MAX))
            }
            _ => Err(invalid_frame(self.at)),
        }
    }

    /// Bytes as pairs of lower-case hexadecimal digits. Salt and MAC are written like this; they are not secret.
    pub(super) fn hex(&self) -> Result<Vec<u8>, Error> {
        let (pairs, []) = self.text.as_bytes().as_chunks::<2>() else {
            return Err(invalid_frame(self.at + self.text.len()));
        };
        let digit = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        (self.at..)
            .step_by(2)
            .zip(pairs)
            .map(|(at, &[high, low])| {
                let high = digit(high).ok_or(invalid_frame(at))?;
                let low = digit(low).ok_or(invalid_frame(at + 1))?;
                Ok(high << 4 | low)
            })
            .collect()
    }
}

/// Writes bytes as pairs of lower-case hexadecimal digits.
pub(super) fn write_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
}

/// An upper bound on the length in bytes of a blob's base64, including line breaks.
pub(super) fn length_of_body(blob: &[u8]) -> usize {
    blob.len().div_ceil(BYTES_PER_LINE) * (WIDTH + 1)
}

/// Writes a line with this name and the number of lines of base64, and those lines.
pub(super) fn write_body(text: &mut String, name: &str, blob: &[u8]) -> Result<(), Error> {
    let chunks = blob.chunks(BYTES_PER_LINE);
    let _ = writeln!(text, "{name}: {}", chunks.len());
    for chunk in chunks {
        let mut line = Zeroizing::new([0; WIDTH]);
        let line = Base64::encode(chunk, &mut *line).map_err(|_| Error::new(ErrorKind::BufferTooSmall))?;
        text.push_str(line);
        text.push('\n');
    }
    Ok(())
}

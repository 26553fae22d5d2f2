//! Base64 in several lines.

use crate::error::{Error, ErrorKind, Field};

/// Checks base64 line by line: digits, then padding, and nothing else.
#[derive(Default)]
pub(crate) struct Base64Lines {
    digits: usize,
    padding: usize,
    last_digit: usize,
    end: usize,
}

impl Base64Lines {
    /// Checks the next line, which begins at offset `start` of the text.
    pub(crate) fn line(&mut self, start: usize, line: &str) -> Result<(), Error> {
        let rejected = |at| Err(Field::Base64.error_at(ErrorKind::InvalidBase64, at));
        if line.is_empty() {
            return rejected(start);
        }
        for (at, byte) in (start..).zip(line.bytes()) {
            match byte {
                b'=' if self.padding < 2 => self.padding += 1,
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if self.padding == 0 => {
                    self.digits += 1;
                    self.last_digit = at;
                }
                _ => return rejected(at),
            }
        }
        self.end = start + line.len();
        Ok(())
    }

    /// Checks the number of digits and padding. An error is at `end` if there was no line. The one error that this does not
    /// find is stray bits in the last digit: [`Base64Lines::stray_bits`].
    pub(crate) fn finish(&self, end: usize) -> Result<(), Error> {
        if self.digits == 0 && self.padding == 0 {
            return Err(Field::Base64.error_at(ErrorKind::MissingField, end));
        }
        if (self.digits + self.padding).is_multiple_of(4) {
            Ok(())
        } else {
            Err(Field::Base64.error_at(ErrorKind::InvalidBase64, self.end))
        }
    }

    /// The error for bits that are set after the last byte.
    pub(crate) fn stray_bits(&self) -> Error {
        Field::Base64.error_at(ErrorKind::NonCanonicalBase64, self.last_digit)
    }
}

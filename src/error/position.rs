//! The line and column of an error.

use super::located::Error;
use core::fmt;

/// A place in a text, for people: see [`Error::position`](crate::Error::position).
///
/// ```
/// # #[cfg(feature = "alloc")] {
/// use ssh_keypair::PublicEntry;
///
/// let pasted = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5\nssh-rsa AAAAB3NzaC1yc2E\n";
/// let error = PublicEntry::read(pasted).unwrap_err();
/// let position = error.position(pasted).unwrap();
/// assert_eq!(position.to_string(), format!("line {}, column {}", position.line, position.column));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Position {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1. A tab is one character, as is each byte that is not UTF-8.
    pub column: usize,
}

/// `line 3, column 5`.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl Error {
    /// The line and column of the error in the input, which must be the input of the function that returned the error. None if
    /// the error has no offset, if its offset counts the bytes of a decoded key, or if the input has only one line.
    ///
    /// Lines end with LF, CR, CRLF, or several CRs and a LF.
    ///
    /// ```
    /// # #[cfg(feature = "alloc")] {
    /// use ssh_keypair::{PrivateKey, ReadOptions};
    ///
    /// let file = "-----BEGIN PRIVATE KEY-----\nMC4CAQAw\nBQYDK2VwB?==\n-----END PRIVATE KEY-----\n";
    /// let error = PrivateKey::parse(file, &ReadOptions::new()).unwrap_err();
    /// assert_eq!(error.position(file).unwrap().to_string(), "line 3, column 10");
    /// assert_eq!(error.position(file).unwrap().line, 3);
    /// # }
    /// ```
    pub fn position(&self, input: impl AsRef<[u8]>) -> Option<Position> {
        let offset = self.offset().filter(|_| self.is_in_text())?;
        let input = input.as_ref();
        let before = input.get(..offset)?;
        let lines = input.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty());
        if lines.count() < 2 {
            return None;
        }
        let (mut line, mut start) = (1, 0);
        let mut rest = before;
        while let Some(length) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let behind = rest.get(length..).unwrap_or_default();
            let returns = behind.iter().take_while(|byte| **byte == b'\r').count();
            let end = if behind.get(returns) == Some(&b'\n') { returns + 1 } else { 1 };
            rest = behind.get(end..).unwrap_or_default();
            (line, start) = (line + 1, before.len() - rest.len());
        }
        let in_line = before.get(start..).unwrap_or_default();
        let characters = |chunk: core::str::Utf8Chunk<'_>| chunk.valid().chars().count() + chunk.invalid().len();
        Some(Position { line, column: 1 + in_line.utf8_chunks().map(characters).sum::<usize>() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{field::Field, kind::ErrorKind};
    use std::string::ToString;

    fn position(text: &[u8], offset: usize) -> Option<(usize, usize)> {
        let error = Field::PrivateKey.error_at(ErrorKind::InvalidFrame, offset);
        error.position(text).map(|position| (position.line, position.column))
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r", "\r\r\n"] {
            let text = std::format!("ab{end}cd{end}{end}ef");
            let of = |word: &str| text.find(word).unwrap();
            assert_eq!(position(text.as_bytes(), 0), Some((1, 1)), "{end:?}");
            assert_eq!(position(text.as_bytes(), 1), Some((1, 2)), "{end:?}");
            assert_eq!(position(text.as_bytes(), 2), Some((1, 3)), "{end:?}");
            assert_eq!(position(text.as_bytes(), of("d")), Some((2, 2)), "{end:?}");
            assert_eq!(position(text.as_bytes(), of("f")), Some((4, 2)), "{end:?}");
            assert_eq!(position(text.as_bytes(), text.len()), Some((4, 3)), "{end:?}");
            assert_eq!(position(text.as_bytes(), text.len() + 1), None, "{end:?}");
        }
    }

    #[test]
    fn columns_are_characters() {
        assert_eq!(position("a\n\u{e9}\u{20ac}x".as_bytes(), 7), Some((2, 3)));
        assert_eq!(position(b"a\n\xff\xfex", 4), Some((2, 3)));
    }

    #[test]
    fn one_line_and_an_offset_in_a_decoded_key_have_no_position() {
        assert_eq!(position(b"abc\n", 1), None);
        assert_eq!(position(b"", 0), None);
        let error = Field::PrivateBlob.error_at(ErrorKind::Damaged, 1);
        assert_eq!(error.position("ab\ncd"), None);
        assert_eq!(Field::PrivateKey.error(ErrorKind::Damaged).position("ab\ncd"), None);
        let error = Field::Encryption.error_at(ErrorKind::InvalidEncryption, 4);
        assert_eq!(error.position("ab\ncd"), None);
        assert_eq!(error.in_text().position("ab\ncd").unwrap().to_string(), "line 2, column 2");
    }
}

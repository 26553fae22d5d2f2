//! The line: its fields, its characters, its base64.

use super::Algorithm;
use super::wire::Reader;
use crate::error::{Error, ErrorKind, Field};
use base64ct::{Base64, Encoding};
use core::fmt::{self, Write};

/// The bytes of the longest line that is read, line break included. An RSA key of 16384 bits takes 2.8 KiB.
///
/// ```
/// assert_eq!(ssh_keypair::openssh::MAX_LINE_BYTES, 16_384);
/// ```
pub const MAX_LINE_BYTES: usize = 16 * 1024;

/// The bytes of the longest comment that is written: it fits a line with any key.
///
/// ```
/// assert_eq!(ssh_keypair::openssh::MAX_COMMENT_BYTES, 8_192);
/// ```
pub const MAX_COMMENT_BYTES: usize = 8 * 1024;

/// What stands between two fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Space,
    Tab,
}

impl Separator {
    /// The separator that `text` begins with.
    fn at_start_of(text: &str) -> Option<Self> {
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

/// A line in its fields.
pub(super) struct Line<'a> {
    algorithm: Algorithm,
    pub(super) after_type: Separator,
    pub(super) base64: &'a str,
    base64_at: usize,
    pub(super) after_base64: Option<Separator>,
    pub(super) comment: &'a str,
}

impl<'a> Line<'a> {
    /// Splits a line that may end with one LF or CRLF. The base64 is not decoded yet.
    pub(super) fn split(text: &'a str) -> Result<Self, Error> {
        if text.len() > MAX_LINE_BYTES {
            return Err(Error::new(ErrorKind::TooLong).in_field(Field::PublicKey).at(MAX_LINE_BYTES));
        }
        refuse_other_forms(text)?;
        let line = match text.strip_suffix('\n') {
            Some(line) => line.strip_suffix('\r').unwrap_or(line),
            None => text,
        };
        let (algorithm, after_type, rest) = split_type(line)?;
        let base64_at = line.len() - rest.len();
        let end = rest.find([' ', '\t']).unwrap_or(rest.len());
        let (base64, rest) = rest.split_at(end);
        if base64.is_empty() {
            let kind = if rest.is_empty() { ErrorKind::MissingField } else { ErrorKind::RepeatedSeparator };
            return Err(Error::new(kind).in_field(Field::Base64).at(base64_at));
        }
        let after_base64 = Separator::at_start_of(rest);
        let comment = rest.get(1..).unwrap_or("");
        refuse_control_characters(comment).map_err(|error| error.moved(line.len() - comment.len()))?;
        Ok(Self { algorithm, after_type, base64, base64_at, after_base64, comment })
    }

    /// Decodes the base64 into `buffer`.
    pub(super) fn decode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
        Base64::decode(self.base64, buffer).map_err(|error| match error {
            base64ct::Error::InvalidLength => Error::new(ErrorKind::BufferTooSmall),
            base64ct::Error::InvalidEncoding => self.base64_error(),
        })
    }

    /// Why the base64 did not decode.
    fn base64_error(&self) -> Error {
        let bytes = self.base64.as_bytes();
        let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        let digits = bytes.iter().take_while(|byte| is_digit(byte)).count();
        let padding = bytes[digits..].iter().take_while(|byte| **byte == b'=').count();
        let (kind, at) = if let Some(byte) = bytes.get(digits + padding) {
            // A line break here is a second line, more likely than a bad digit.
            let line_break = matches!(byte, b'\n' | b'\r');
            let kind = if line_break { ErrorKind::ControlCharacter } else { ErrorKind::InvalidBase64 };
            (kind, digits + padding)
        } else if !bytes.len().is_multiple_of(4) || padding > 2 {
            (ErrorKind::InvalidBase64, bytes.len())
        } else {
            (ErrorKind::NonCanonicalBase64, digits.saturating_sub(1))
        };
        Error::new(kind).in_field(Field::Base64).at(self.base64_at + at)
    }

    /// Whether the type inside of the blob is that of the line.
    pub(super) fn check_type_of(&self, blob: &[u8]) -> Result<(), Error> {
        let mut reader = Reader::new(blob);
        let name = reader.string(Field::BlobType)?;
        if reader.bytes(&name) == self.algorithm.as_str().as_bytes() {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::TypeMismatch).in_field(Field::BlobType).at(name.start))
        }
    }
}

/// Refuses a text that holds a private key, wherever in it: behind a byte order mark, the attributes that `openssl pkcs12`
/// writes, or a key type. The offset is that of the key.
///
/// It reads the text several times: for texts that are refused anyway.
pub(crate) fn refuse_private_key(text: &str) -> Result<(), Error> {
    let refused = |at| Err(Error::new(ErrorKind::PrivateKeyGiven).in_field(Field::PublicKey).at(at));
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        // PEM, RFC 4716's cousins, PGP; in any case and with any dashes.
        if let Some(begin) = find_ignoring_case(line, "BEGIN")
            && let Some(private) = find_ignoring_case(&line[begin..], "PRIVATE")
            && find_ignoring_case(&line[begin + private..], "KEY").is_some()
        {
            let before = &line[..begin];
            let dashes = before.strip_suffix(' ').filter(|dashes| dashes.ends_with('-')).unwrap_or(before);
            return refused(start + dashes.trim_end_matches('-').len());
        }
        // PuTTY; SSH 1; the base64 of an OpenSSH private key without its frame.
        for mark in ["PuTTY-User-Key-File-", "SSH PRIVATE KEY FILE FORMAT", "b3BlbnNzaC1rZXktdjE"] {
            if let Some(at) = line.find(mark) {
                return refused(start + at);
            }
        }
        start += line.len();
    }
    Ok(())
}

/// Where an ASCII word is in a text, in any case.
fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len()).position(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// Recognises public keys that are no line: PEM and RFC 4716.
fn refuse_other_forms(text: &str) -> Result<(), Error> {
    let start = text.trim_start();
    if start.starts_with("-----BEGIN ") || start.starts_with("---- BEGIN ") {
        let at = text.len() - start.len();
        return Err(Error::new(ErrorKind::NotAnOpensshLine).in_field(Field::PublicKey).at(at));
    }
    Ok(())
}

/// The type, its separator, and the rest of the line; or what stands in their way.
fn split_type(line: &str) -> Result<(Algorithm, Separator, &str), Error> {
    let refused = |kind, at| Err(Error::new(kind).in_field(Field::KeyType).at(at));
    if line.starts_with('\u{feff}') {
        return refused(ErrorKind::ByteOrderMark, 0);
    }
    if line.starts_with([' ', '\t']) {
        return refused(ErrorKind::LeadingSpace, 0);
    }
    let end = line.find([' ', '\t']).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    match (word.parse(), Separator::at_start_of(rest)) {
        (Ok(algorithm), Some(separator)) => Ok((algorithm, separator, &rest[1..])),
        (Ok(_), None) => Err(Error::new(ErrorKind::MissingField).in_field(Field::Base64).at(end)),
        (Err(_), _) => {
            let (kind, at) = why_no_type(line, word);
            refused(kind, at)
        }
    }
}

/// Why a line does not begin with a known type and a separator.
fn why_no_type(line: &str, word: &str) -> (ErrorKind, usize) {
    if word.is_empty() {
        return (ErrorKind::MissingField, 0);
    }
    let known = Algorithm::ALL.into_iter().map(Algorithm::as_str);
    // A known type with something else than a separator behind it: white space of another kind, or the base64 itself.
    if let Some(name) = known.clone().find(|name| word.starts_with(name)) {
        let rest = &word[name.len()..];
        if rest.starts_with(|c: char| c.is_whitespace() || c.is_control()) {
            return (ErrorKind::InvalidSeparator, name.len());
        }
        if rest.starts_with("AAAA") {
            return (ErrorKind::MissingSeparator, name.len());
        }
    }
    if let Some((at, _)) = word.char_indices().find(|(_, c)| is_forbidden(*c)) {
        return (ErrorKind::ControlCharacter, at);
    }
    // A known type further on: what is before it are options. Quoted text may hold spaces, so every word is looked at,
    // and it takes a base64 word behind it.
    let mut words = line.split([' ', '\t']).skip(1).peekable();
    while let Some(candidate) = words.next() {
        let base64 = words.peek().is_some_and(|next| next.starts_with("AAAA"));
        if base64 && known.clone().any(|name| name == candidate) {
            return (ErrorKind::OptionsNotAllowed, 0);
        }
    }
    (ErrorKind::UnknownAlgorithm, 0)
}

/// Whether a character may not stand in a comment: line breaks of any kind, and C0 and C1 controls but the tab, which
/// separates words.
fn is_forbidden(c: char) -> bool {
    c != '\t' && (c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// The first forbidden character of a comment.
fn refuse_control_characters(comment: &str) -> Result<(), Error> {
    match comment.char_indices().find(|(_, c)| is_forbidden(*c)) {
        Some((at, _)) => Err(Error::new(ErrorKind::ControlCharacter).in_field(Field::Comment).at(at)),
        None => Ok(()),
    }
}

/// Checks a comment that is to be written: no line break, and no control character but the tab. A comment with a line
/// break would be a second authorized key.
///
/// ```
/// use ssh_keypair::openssh::check_comment;
///
/// assert!(check_comment("me@host, in März").is_ok());
/// assert_eq!(check_comment("me\r").unwrap_err().offset(), Some(2));
/// ```
///
/// # Errors
///
/// [`ErrorKind::ControlCharacter`] with the offset in the comment; [`ErrorKind::TooLong`] over [`MAX_COMMENT_BYTES`].
pub fn check_comment(comment: &str) -> Result<(), Error> {
    if comment.len() > MAX_COMMENT_BYTES {
        return Err(Error::new(ErrorKind::TooLong).in_field(Field::Comment).at(MAX_COMMENT_BYTES));
    }
    refuse_control_characters(comment)
}

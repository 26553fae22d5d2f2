//! The line of a public key: its fields, its base64, and why a line is rejected.

use crate::error::{Error, ErrorKind, Field};
use crate::kernels::bytes::base64::{Decoded, decode_word};
use crate::key::{Algorithm, Form, Reader, Separator, is_certificate_name, is_signature_algorithm, may_be_opaque};
use crate::text::{check_text_length, is_forbidden, or_private_key, reject_in_comment, without_line_break};

/// What a line may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Key,
    KeyOrOpaque,
    Certificate,
}

impl Expected {
    /// Checks that this is the name of a type that the line may contain. If not, returns the reason.
    fn check(self, name: &str) -> Result<(), ErrorKind> {
        let name = name.as_bytes();
        match self {
            Self::Certificate if Algorithm::of_certificate_name(name).is_some() => Ok(()),
            Self::Certificate if Algorithm::of_name(name).is_some() => Err(ErrorKind::NotACertificate),
            Self::Certificate => Err(ErrorKind::UnknownKeyType),
            _ if Algorithm::of_name(name).is_some() => Ok(()),
            _ if is_certificate_name(name) => Err(ErrorKind::CertificateNotAllowed),
            Self::KeyOrOpaque if may_be_opaque(name) => Ok(()),
            _ => Err(ErrorKind::UnknownKeyType),
        }
    }
}

/// The fields of a line.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) type_name: &'a str,
    pub(super) form: Form,
    pub(super) comment: &'a str,
    /// The length of the blob in bytes.
    pub(super) blob: usize,
}

impl<'a> Line<'a> {
    /// Splits a line that may end with one LF or CRLF, and decodes the blob into the start of `buffer`.
    #[inline(always)]
    pub(super) fn read(text: &'a str, expected: Expected, buffer: &mut [u8]) -> Result<Self, Error> {
        check_text_length(text, Field::PublicKey)?;
        let line = without_line_break(text);
        let (type_name, after_type, rest) = split_type(line, expected)?;
        let Some(Decoded { text: end, bytes: blob }) = decode_word(rest.as_bytes(), buffer) else {
            return Err(why_not_decoded(rest, line.len() - rest.len(), buffer.len()));
        };
        if end == 0 {
            let kind = if rest.is_empty() { ErrorKind::MissingField } else { ErrorKind::InvalidSeparator };
            return Err(Field::Base64.error_at(kind, line.len() - rest.len()));
        }
        let rest = &rest[end..];
        let after_base64 = Separator::at_start_of(rest);
        let comment = rest.get(1..).unwrap_or("");
        reject_in_comment(comment).map_err(|error| error.moved(line.len() - comment.len()).in_text())?;
        Ok(Self { type_name, form: Form { after_type, after_base64 }, comment, blob })
    }

    /// Checks that the type in the blob is that of the line.
    #[inline]
    pub(super) fn check_type_of(&self, blob: &[u8]) -> Result<(), Error> {
        let mut reader = Reader::new(blob);
        let name = reader.string(Field::BlobType)?;
        if reader.bytes(name) == self.type_name.as_bytes() {
            Ok(())
        } else {
            Err(Field::BlobType.error_at(ErrorKind::TypeMismatch, name.start()))
        }
    }
}

/// The reason why the word at the start of a text, `at` bytes into its line, did not decode into a buffer of `buffer` bytes.
fn why_not_decoded(text: &str, at: usize, buffer: usize) -> Error {
    let end = text.find([' ', '\t']).unwrap_or(text.len());
    let word = &text.as_bytes()[..end];
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let digits = word.iter().take_while(|byte| is_digit(byte)).count();
    let padding = word[digits..].iter().take_while(|byte| **byte == b'=').count();
    let (kind, offset) = if let Some(byte) = word.get(digits + padding) {
        // A line break here is more likely the start of a second line than an invalid digit.
        let line_break = matches!(byte, b'\n' | b'\r');
        let kind = if line_break { ErrorKind::InvalidCharacter } else { ErrorKind::InvalidBase64 };
        (kind, digits + padding)
    } else if !word.len().is_multiple_of(4) || padding > 2 {
        (ErrorKind::InvalidBase64, word.len())
    } else if word.len() / 4 * 3 - padding > buffer {
        return Error::buffer_too_small(buffer, word.len() / 4 * 3 - padding);
    } else {
        (ErrorKind::NonCanonicalBase64, digits.saturating_sub(1))
    };
    Field::Base64.error_at(kind, at + offset)
}

/// The error for a rejected text. If it contains a private key, or is a public key in another format, that takes precedence
/// over its error as a line.
pub(super) fn why_rejected(text: &str, error: Error) -> Error {
    if error.kind() == ErrorKind::TooLong {
        return error;
    }
    let error = or_private_key(text, error);
    if error.kind() == ErrorKind::PrivateKeyGiven {
        return error;
    }
    let start = text.trim_start();
    if start.starts_with("-----BEGIN ") || start.starts_with("---- BEGIN ") {
        return Field::PublicKey.error_at(ErrorKind::NotAnOpensshLine, text.len() - start.len());
    }
    error
}

/// Splits a line into the type, its separator, and the rest, or returns the reason why that is not possible.
#[inline]
fn split_type(line: &str, expected: Expected) -> Result<(&str, Separator, &str), Error> {
    if line.starts_with('\u{feff}') {
        return Err(Field::KeyType.error_at(ErrorKind::ByteOrderMark, 0));
    }
    if line.starts_with([' ', '\t']) {
        return Err(Field::KeyType.error_at(ErrorKind::SurroundingSpace, 0));
    }
    let end = line.bytes().position(|byte| matches!(byte, b' ' | b'\t')).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    match (expected.check(word), Separator::at_start_of(rest)) {
        (Ok(()), Some(separator)) => Ok((word, separator, &rest[1..])),
        // For an unsupported name, nothing shows that this word is a type.
        (Ok(()), None) if expected != Expected::KeyOrOpaque || Algorithm::of_name(word.as_bytes()).is_some() => {
            Err(Field::Base64.error_at(ErrorKind::MissingField, end))
        }
        (Err(ErrorKind::UnknownKeyType) | Ok(()), _) => {
            let (kind, at) = why_no_type(line, word);
            Err(Field::KeyType.error_at(kind, at))
        }
        (Err(kind), _) => Err(Field::KeyType.error_at(kind, 0)),
    }
}

/// The reason why a line does not begin with a supported type and a separator.
fn why_no_type(line: &str, word: &str) -> (ErrorKind, usize) {
    if word.is_empty() {
        return (ErrorKind::MissingField, 0);
    }
    let known = Algorithm::KNOWN.iter().copied().map(Algorithm::as_str);
    // A supported type followed by something other than a separator: white space of another kind, or the base64 itself.
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
        return (ErrorKind::InvalidCharacter, at);
    }
    let rest = &line[word.len()..];
    // The name of a signature algorithm before an RSA key: the base64 encodes "ssh-rsa" and its length.
    if is_signature_algorithm(word.as_bytes()) && rest.get(1..).is_some_and(|rest| rest.starts_with("AAAAB3NzaC1yc2E"))
    {
        return (ErrorKind::TypeMismatch, 0);
    }
    // A comment of authorized_keys, which may mention keys.
    if word.starts_with('#') {
        return (ErrorKind::UnknownKeyType, 0);
    }
    // A supported type later in the line: options precede it. Quoted text may contain spaces, so every word is examined, and
    // counts as a type only if base64 follows it.
    let mut words = rest.split([' ', '\t']).peekable();
    while let Some(candidate) = words.next() {
        let base64 = words.peek().is_some_and(|next| next.starts_with("AAAA"));
        if base64 && known.clone().any(|name| name == candidate) {
            return (ErrorKind::OptionsNotAllowed, 0);
        }
    }
    (ErrorKind::UnknownKeyType, 0)
}

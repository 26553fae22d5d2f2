//! The line: its fields, its characters, its base64.

use super::algorithm::Algorithm;
use super::key_data::{is_certificate_name, is_signature_algorithm, may_be_opaque};
use super::wire::Reader;
use crate::error::{Error, ErrorKind, Field};
use crate::kernels::bytes::base64::{Decoded, decode_word};
use base64_simd::{AsOut, STANDARD};
use core::fmt::{self, Write};
use core::ops::RangeInclusive;

/// The bytes of the longest line that is read, line break included. An RSA key of 16384 bits takes 2.8 KiB.
///
/// ```
/// assert_eq!(ssh_keypair::openssh::MAX_LINE_BYTES, 16_384);
/// ```
pub const MAX_LINE_BYTES: usize = 16 * 1024;

/// The bytes of the longest comment that is written.
///
/// ```
/// assert_eq!(ssh_keypair::openssh::MAX_COMMENT_BYTES, 8_192);
/// ```
pub const MAX_COMMENT_BYTES: usize = 8 * 1024;

/// What stands between two fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Separator {
    Space,
    Tab,
}

impl Separator {
    /// The separator that `text` begins with.
    #[inline]
    pub(super) fn at_start_of(text: &str) -> Option<Self> {
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

/// What a line may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Key,
    KeyOrOpaque,
    Certificate,
}

impl Expected {
    /// Whether this is the name of a type that may stand there; if not, why not.
    fn check(self, name: &str) -> Result<(), ErrorKind> {
        let name = name.as_bytes();
        match self {
            Self::Certificate if Algorithm::of_certificate_name(name).is_some() => Ok(()),
            Self::Certificate if Algorithm::of_name(name).is_some() => Err(ErrorKind::NotACertificate),
            Self::Certificate => Err(ErrorKind::UnknownAlgorithm),
            _ if Algorithm::of_name(name).is_some() => Ok(()),
            _ if is_certificate_name(name) => Err(ErrorKind::CertificateNotAllowed),
            Self::KeyOrOpaque if may_be_opaque(name) => Ok(()),
            _ => Err(ErrorKind::UnknownAlgorithm),
        }
    }
}

/// The white space of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) after_type: Separator,
    /// Absent where the line ends with the base64; an empty comment may still have one.
    pub(super) after_base64: Option<Separator>,
}

impl Form {
    /// One space between the fields, and none at the end.
    pub(super) fn canonical(comment: &str) -> Self {
        Self { after_type: Separator::Space, after_base64: (!comment.is_empty()).then_some(Separator::Space) }
    }

    /// Writes a line of its fields.
    pub(super) fn write(self, f: &mut fmt::Formatter<'_>, type_name: &str, blob: &[u8], comment: &str) -> fmt::Result {
        write!(f, "{type_name}{}", self.after_type)?;
        write_base64(f, blob)?;
        match self.after_base64 {
            Some(separator) => write!(f, "{separator}{comment}"),
            None => Ok(()),
        }
    }
}

/// Refuses a text that is too long to be looked at, as that field.
#[inline]
pub(crate) fn check_text_length(text: &str, field: Field) -> Result<(), Error> {
    match text.len() {
        0..=MAX_LINE_BYTES => Ok(()),
        _ => Err(Error::new(ErrorKind::TooLong).in_field(field).at(MAX_LINE_BYTES)),
    }
}

/// Refuses what would be a line that is not read again: `front` bytes before the base64, and a separator behind each part.
pub(super) fn check_line_length(front: usize, blob: &[u8], comment: &str) -> Result<(), Error> {
    let length = front + 1 + blob.len().div_ceil(3) * 4 + 1 + comment.len();
    if length > MAX_LINE_BYTES { Err(Error::new(ErrorKind::TooLong).in_field(Field::PublicKey)) } else { Ok(()) }
}

/// Writes base64, padded, without a heap.
fn write_base64(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    // A multiple of three bytes at a time: padding comes at the end alone.
    for chunk in bytes.chunks(384) {
        let mut text = [0; 512];
        f.write_str(STANDARD.encode_as_str(chunk, text.as_mut_slice().as_out()))?;
    }
    Ok(())
}

/// Writes what can be displayed into `buffer`, and returns that part of it.
pub(super) fn write_into(buffer: &mut [u8], text: impl fmt::Display) -> Result<&str, Error> {
    let mut cursor = Cursor { buffer: &mut *buffer, used: 0 };
    write!(cursor, "{text}").map_err(|_| Error::new(ErrorKind::BufferTooSmall))?;
    let used = cursor.used;
    core::str::from_utf8(&buffer[..used]).map_err(|_| Error::new(ErrorKind::InvalidUtf8))
}

/// Text into a slice of bytes.
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

/// A line in its fields.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) type_name: &'a str,
    pub(super) form: Form,
    pub(super) comment: &'a str,
    /// The bytes of the blob.
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
            let kind = if rest.is_empty() { ErrorKind::MissingField } else { ErrorKind::RepeatedSeparator };
            return Err(Error::new(kind).in_field(Field::Base64).at(line.len() - rest.len()));
        }
        let rest = &rest[end..];
        let after_base64 = Separator::at_start_of(rest);
        let comment = rest.get(1..).unwrap_or("");
        refuse_control_characters(comment).map_err(|error| error.moved(line.len() - comment.len()))?;
        if comment.len() >= SHORTEST_PRIVATE_KEY {
            refuse_private_key(text)?;
        }
        Ok(Self { type_name, form: Form { after_type, after_base64 }, comment, blob })
    }

    /// Whether the type inside of the blob is that of the line.
    #[inline]
    pub(super) fn check_type_of(&self, blob: &[u8]) -> Result<(), Error> {
        let mut reader = Reader::new(blob);
        let name = reader.string(Field::BlobType)?;
        if reader.bytes(name) == self.type_name.as_bytes() {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::TypeMismatch).in_field(Field::BlobType).at(name.start()))
        }
    }
}

/// Why the word at the start of a text, `at` bytes into its line, did not decode into a buffer of some bytes.
fn why_not_decoded(text: &str, at: usize, buffer: usize) -> Error {
    let end = text.find([' ', '\t']).unwrap_or(text.len());
    let word = &text.as_bytes()[..end];
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let digits = word.iter().take_while(|byte| is_digit(byte)).count();
    let padding = word[digits..].iter().take_while(|byte| **byte == b'=').count();
    let (kind, offset) = if let Some(byte) = word.get(digits + padding) {
        // A line break here is a second line, more likely than a bad digit.
        let line_break = matches!(byte, b'\n' | b'\r');
        let kind = if line_break { ErrorKind::ControlCharacter } else { ErrorKind::InvalidBase64 };
        (kind, digits + padding)
    } else if !word.len().is_multiple_of(4) || padding > 2 {
        (ErrorKind::InvalidBase64, word.len())
    } else if word.len() / 4 * 3 - padding > buffer {
        return Error::new(ErrorKind::BufferTooSmall);
    } else {
        (ErrorKind::NonCanonicalBase64, digits.saturating_sub(1))
    };
    Error::new(kind).in_field(Field::Base64).at(at + offset)
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
        // DER without its frame: the tag of a sequence is an M.
        for (at, _) in line.match_indices('M') {
            let mut der = [0; 24];
            let is_start_of_word = !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/'));
            if is_start_of_word
                && let Some(digits) = line.as_bytes().get(at..at + 32)
                && STANDARD.decode(digits, der.as_mut_slice().as_out()).is_ok_and(|der| begins_a_private_key(der))
            {
                return refused(start + at);
            }
        }
        start += line.len();
    }
    Ok(())
}

/// Whether DER begins as that of a private key does, whatever its length says: with the version 0 or 1 of PKCS#1, PKCS#8 or
/// SEC 1, or with the name of PBES2, as the encrypted PKCS#8 does.
pub(crate) fn begins_a_private_key(der: &[u8]) -> bool {
    const PBES2: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
    match content(der) {
        Some([2, 1, 0 | 1, _, ..]) => true,
        Some(algorithm) => content(algorithm).is_some_and(|name| name.starts_with(PBES2)),
        None => false,
    }
}

/// What follows the header of a sequence.
fn content(der: &[u8]) -> Option<&[u8]> {
    match der {
        [0x30, 0..=0x7f, content @ ..]
        | [0x30, 0x81, _, content @ ..]
        | [0x30, 0x82, _, _, content @ ..]
        | [0x30, 0x83, _, _, _, content @ ..] => Some(content),
        _ => None,
    }
}

/// Where an ASCII word is in a text, in any case.
fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len()).position(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// A text without the one line break at its end.
#[inline]
pub(super) fn without_line_break(text: &str) -> &str {
    match text.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line),
        None => text,
    }
}

/// The error of a refused text: that it holds a private key counts for more than what was wrong with it.
pub(crate) fn or_private_key(text: &str, error: Error) -> Error {
    refuse_private_key(text).err().unwrap_or(error)
}

/// The error of a refused text: that it holds a private key, or is a public one in another form, counts for more than
/// what was wrong with it as a line.
pub(super) fn why_refused(text: &str, error: Error) -> Error {
    if error.kind() == ErrorKind::TooLong {
        return error;
    }
    let error = or_private_key(text, error);
    if error.kind() == ErrorKind::PrivateKeyGiven {
        return error;
    }
    let start = text.trim_start();
    if start.starts_with("-----BEGIN ") || start.starts_with("---- BEGIN ") {
        return Error::new(ErrorKind::NotAnOpensshLine).in_field(Field::PublicKey).at(text.len() - start.len());
    }
    error
}

/// The type, its separator, and the rest of the line; or what stands in their way.
#[inline]
fn split_type(line: &str, expected: Expected) -> Result<(&str, Separator, &str), Error> {
    let refused = |kind, at| Err(Error::new(kind).in_field(Field::KeyType).at(at));
    if line.starts_with('\u{feff}') {
        return refused(ErrorKind::ByteOrderMark, 0);
    }
    if line.starts_with([' ', '\t']) {
        return refused(ErrorKind::LeadingSpace, 0);
    }
    let end = line.bytes().position(|byte| matches!(byte, b' ' | b'\t')).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    match (expected.check(word), Separator::at_start_of(rest)) {
        (Ok(()), Some(separator)) => Ok((word, separator, &rest[1..])),
        // Of an opaque type nothing says that this word is one.
        (Ok(()), None) if expected != Expected::KeyOrOpaque || Algorithm::of_name(word.as_bytes()).is_some() => {
            Err(Error::new(ErrorKind::MissingField).in_field(Field::Base64).at(end))
        }
        (Err(ErrorKind::UnknownAlgorithm) | Ok(()), _) => {
            let (kind, at) = why_no_type(line, word);
            refused(kind, at)
        }
        (Err(kind), _) => refused(kind, 0),
    }
}

/// Why a line does not begin with a known type and a separator.
fn why_no_type(line: &str, word: &str) -> (ErrorKind, usize) {
    if word.is_empty() {
        return (ErrorKind::MissingField, 0);
    }
    let known = Algorithm::KNOWN.into_iter().map(Algorithm::as_str);
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
    let rest = &line[word.len()..];
    // The name of a signature algorithm before an RSA key: the base64 is that of "ssh-rsa" and its length.
    if is_signature_algorithm(word.as_bytes()) && rest.get(1..).is_some_and(|rest| rest.starts_with("AAAAB3NzaC1yc2E"))
    {
        return (ErrorKind::TypeMismatch, 0);
    }
    // A comment of authorized_keys, which may well name keys.
    if word.starts_with('#') {
        return (ErrorKind::UnknownAlgorithm, 0);
    }
    // A known type further on: what is before it are options. Quoted text may hold spaces, so every word is looked at,
    // and it takes a base64 word behind it.
    let mut words = rest.split([' ', '\t']).peekable();
    while let Some(candidate) = words.next() {
        let base64 = words.peek().is_some_and(|next| next.starts_with("AAAA"));
        if base64 && known.clone().any(|name| name == candidate) {
            return (ErrorKind::OptionsNotAllowed, 0);
        }
    }
    (ErrorKind::UnknownAlgorithm, 0)
}

/// No private key is shorter than this, and few comments are longer: those of a line are looked through.
pub(super) const SHORTEST_PRIVATE_KEY: usize = 48;

/// Whether a character may not stand in a comment: line breaks of any kind, and C0 and C1 controls but the tab, which
/// separates words.
pub(crate) fn is_forbidden(c: char) -> bool {
    c != '\t' && (c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// The first forbidden character of a comment.
#[inline]
pub(super) fn refuse_control_characters(comment: &str) -> Result<(), Error> {
    // Nearly all are of this kind, and are looked at many bytes at once.
    const PRINTABLE: RangeInclusive<u8> = b' '..=b'~';
    if comment.bytes().all(|byte| PRINTABLE.contains(&byte)) {
        return Ok(());
    }
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
/// [`ErrorKind::ControlCharacter`] with the offset in the comment; [`ErrorKind::TooLong`] over [`MAX_COMMENT_BYTES`];
/// [`ErrorKind::PrivateKeyGiven`] of one that holds a private key.
pub fn check_comment(comment: &str) -> Result<(), Error> {
    if comment.len() > MAX_COMMENT_BYTES {
        return Err(Error::new(ErrorKind::TooLong).in_field(Field::Comment).at(MAX_COMMENT_BYTES));
    }
    refuse_control_characters(comment)?;
    refuse_private_key(comment).map_err(|error| error.in_field(Field::Comment))
}

//! The characters that a comment may contain.

use super::embedded_keys::embedded_key;
use super::limits::MAX_COMMENT_BYTES;
use super::private_marks::{may_contain_a_private_key, reject_private_key};
use crate::error::{Error, ErrorKind, Field};
#[cfg(feature = "alloc")]
use alloc::borrow::Cow;
#[cfg(feature = "alloc")]
use alloc::string::String;
use core::ops::RangeInclusive;

/// Replaces what is forbidden in the comment of a private key.
#[cfg(feature = "alloc")]
const REPLACEMENT: &str = "\u{fffd}";

/// Whether a character is forbidden in a comment: line breaks of any kind; C0 and C1 controls except the tab, which separates
/// words; and the controls of the writing direction, with which a comment can change how a listing looks.
pub(crate) fn is_forbidden(c: char) -> bool {
    c != '\t' && (c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || is_bidirectional_control(c))
}

/// Whether a line, without its line break, is a comment. For some readers a line ends at any control character, so a comment with
/// one may hide a key.
#[cfg(feature = "alloc")]
pub(crate) fn is_comment_line(line: &str) -> bool {
    line.starts_with('#') && !line.contains(is_forbidden)
}

pub(crate) fn is_bidirectional_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Rejects a comment at its first forbidden character.
#[inline]
pub(crate) fn reject_control_characters(comment: &str) -> Result<(), Error> {
    // Nearly all comments are printable ASCII, which the compiler checks many bytes at a time.
    const PRINTABLE: RangeInclusive<u8> = b' '..=b'~';
    if comment.bytes().all(|byte| PRINTABLE.contains(&byte)) {
        return Ok(());
    }
    match comment.char_indices().find(|(_, c)| is_forbidden(*c)) {
        Some((at, _)) => Err(Field::Comment.error_at(ErrorKind::InvalidCharacter, at)),
        None => Ok(()),
    }
}

/// Rejects what no comment of a line may contain, and no value of its options: forbidden characters, a private key, and a
/// second public key. Offsets are those in the text.
#[inline]
pub(crate) fn reject_in_comment(comment: &str) -> Result<(), Error> {
    reject_control_characters(comment)?;
    if may_contain_a_private_key(comment) {
        reject_private_key(comment)?;
    }
    match embedded_key(comment) {
        Some(at) => Err(Field::Comment.error_at(ErrorKind::MultipleKeys, at)),
        None => Ok(()),
    }
}

/// Checks a comment that is to be written: it contains no line break, no control character except the tab, no control of the
/// writing direction, no part of a private key, and no word that is base64 of a key or a certificate. A comment with a line break
/// could add a second authorized key, and some programs accept a key that they find in a comment.
///
/// White space of any kind is allowed anywhere, even a comment that is only a no-break space: all readers skip or keep it.
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
/// [`ErrorKind::InvalidCharacter`] with the offset in the comment; [`ErrorKind::TooLong`] if it is longer than
/// [`MAX_COMMENT_BYTES`]; [`ErrorKind::PrivateKeyGiven`] and [`ErrorKind::MultipleKeys`] if it contains a private or a public
/// key.
pub fn check_comment(comment: &str) -> Result<(), Error> {
    if comment.len() > MAX_COMMENT_BYTES {
        return Err(Field::Comment.error_at(ErrorKind::TooLong, MAX_COMMENT_BYTES));
    }
    reject_in_comment(comment).map_err(|error| error.in_field(Field::Comment))
}

/// The comment of a private key, which must be valid in a line.
#[cfg(feature = "alloc")]
pub(crate) fn strict_comment(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    let comment = utf8(bytes, Field::Comment)?;
    check_comment(comment)?;
    Ok(Cow::Borrowed(comment))
}

/// The comment of a private key, owned if something in it had to be replaced: bytes that are not UTF-8, control characters, and
/// from there to the end what looks like a key, or is too long.
#[cfg(feature = "alloc")]
pub(crate) fn lenient_comment(bytes: &[u8]) -> Cow<'_, str> {
    let mut comment = match String::from_utf8_lossy(bytes) {
        text if text.contains(is_forbidden) => Cow::Owned(text.replace(is_forbidden, REPLACEMENT)),
        text => text,
    };
    // The offset is before the replacement of the last time, so this ends.
    while let Err(error) = check_comment(&comment) {
        let end = error.offset().unwrap_or(0).min(MAX_COMMENT_BYTES - REPLACEMENT.len());
        let start = (0..=end).rev().find_map(|end| comment.get(..end)).unwrap_or_default();
        comment = Cow::Owned([start, REPLACEMENT].concat());
    }
    comment
}

/// Bytes as UTF-8 text.
#[cfg(feature = "alloc")]
pub(crate) fn utf8(bytes: &[u8], field: Field) -> Result<&str, Error> {
    core::str::from_utf8(bytes).map_err(|error| field.error_at(ErrorKind::InvalidUtf8, error.valid_up_to()))
}

//! White space, comments and other text around a key.

use super::types::is_type;
use crate::error::{Error, Field};
use crate::key::is_signature_algorithm;
use crate::text::{embedded_key, is_comment_line};
use alloc::string::String;
use alloc::vec::Vec;

/// The white space that is removed: what editors, terminals and mail programs leave. Unicode's line separators are not
/// included, because for some readers a line ends there.
pub(super) const WHITE_SPACE: [char; 6] = [' ', '\t', '\n', '\r', '\u{b}', '\u{a0}'];

/// A text without the white space and the byte order mark around it, and the length of those at the start.
pub(crate) fn trimmed(text: &str) -> (&str, usize) {
    let start = text.trim_start_matches('\u{feff}').trim_start_matches(WHITE_SPACE);
    (start.trim_end_matches(WHITE_SPACE), text.len() - start.len())
}

/// A text without white space and lines of comments around it, the length of those at the start, and whether there were comments.
/// A line with a control character does not count as a comment: for some readers, the line ends there.
pub(super) fn without_surroundings(text: &str) -> (&str, usize, bool) {
    let (mut rest, mut skipped) = trimmed(text);
    let whole = rest;
    while let Some((line, behind)) = rest.split_once(['\n', '\r'])
        && is_comment_line(line)
    {
        let behind = behind.trim_start_matches(WHITE_SPACE);
        skipped += rest.len() - behind.len();
        rest = behind;
    }
    while let Some((before, last)) = rest.rsplit_once(['\n', '\r'])
        && is_comment_line(last.trim_start_matches(WHITE_SPACE))
    {
        rest = before.trim_end_matches(WHITE_SPACE);
    }
    (rest, skipped, rest.len() < whole.len())
}

/// Whether the text before a PEM could contain a key for some reader. Such a text contains the name of a type as a word, the
/// base64 of a key, or lines that `ssh-keygen -i` could read as the start of a key.
pub(super) fn may_contain_a_key(text: &str) -> bool {
    let mut words = text.split(|c: char| c.is_whitespace() || c.is_control());
    if words.any(|word| is_type(word) || is_signature_algorithm(word.as_bytes())) || embedded_key(text).is_some() {
        return true;
    }
    // `ssh-keygen -i` skips lines that contain ": ", and ignores white space in the others.
    let lines = text.split(['\n', '\r']).filter(|line| !line.contains(": "));
    let lines: Vec<String> = lines.map(|line| line.chars().filter(|c| !c.is_whitespace()).collect()).collect();
    lines.iter().any(|line| line.starts_with("----") || line.ends_with('\\')) || lines.concat().contains("AAAA")
}

/// The error of a part of a text, with its offset in the whole text.
pub(crate) fn in_whole(error: Error, skipped: usize) -> Error {
    match error.field() {
        Some(Field::PublicKey | Field::Base64 | Field::Comment) => error.moved(skipped),
        _ => error,
    }
}

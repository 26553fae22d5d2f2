//! White space and comments around a key.

use crate::error::{Error, Field};

/// The white space that is removed: what editors, terminals and mail programs leave. Unicode's line separators are not
/// included, because for some readers a line ends there.
pub(super) const WHITE_SPACE: [char; 6] = [' ', '\t', '\n', '\r', '\u{b}', '\u{a0}'];

/// A text without the white space and the byte order mark around it, and the length of those at the start.
pub(crate) fn trimmed(text: &str) -> (&str, usize) {
    let start = text.trim_start_matches('\u{feff}').trim_start_matches(WHITE_SPACE);
    (start.trim_end_matches(WHITE_SPACE), text.len() - start.len())
}

/// A text without white space and lines of comments around it, the length of those at the start, and whether there were comments.
pub(super) fn without_surroundings(text: &str) -> (&str, usize, bool) {
    let (mut rest, mut skipped) = trimmed(text);
    let whole = rest;
    while rest.starts_with('#')
        && let Some((_, behind)) = rest.split_once(['\n', '\r'])
    {
        let behind = behind.trim_start_matches(WHITE_SPACE);
        skipped += rest.len() - behind.len();
        rest = behind;
    }
    while let Some((before, last)) = rest.rsplit_once(['\n', '\r'])
        && last.trim_start_matches(WHITE_SPACE).starts_with('#')
    {
        rest = before.trim_end_matches(WHITE_SPACE);
    }
    (rest, skipped, rest.len() < whole.len())
}

/// The error of a part of a text, with its offset in the whole text.
pub(crate) fn in_whole(error: Error, skipped: usize) -> Error {
    match error.field() {
        Some(Field::PublicKey | Field::Base64 | Field::Comment) => error.moved(skipped),
        _ => error,
    }
}

//! Names the line that is missing in a PuTTY file, or whose number of lines is wrong.

use crate::error::{Error, ErrorKind, Field, Mistake};
use crate::text::TextLines;

/// The lines that every file has.
const LINES: [&str; 5] = ["Encryption", "Comment", PUBLIC, PRIVATE, "Private-MAC"];
const PUBLIC: &str = "Public-Lines";
const PRIVATE: &str = "Private-Lines";

/// The error of a file that was rejected for its lines: which of them is missing or wrong, if that is clear.
pub(super) fn named_line(text: &str, error: Error) -> Error {
    if !matches!(error.kind(), ErrorKind::InvalidFrame | ErrorKind::InvalidBase64 | ErrorKind::TrailingData) {
        return error;
    }
    let mistake = |mistake: Mistake| mistake.error_at(Field::PrivateKey, error.offset().unwrap_or(0));
    let value = |name: &str| TextLines::new(text).find_map(|(_, line)| line.strip_prefix(name)?.strip_prefix(": "));
    if let Some(name) = LINES.into_iter().find(|name| value(name).is_none()) {
        return mistake(Mistake::MissingLine(name));
    }
    let has_wrong_count = |name: &str| {
        let lines = TextLines::new(text).skip_while(|(_, line)| !line.starts_with(name)).skip(1);
        let count = lines.take_while(|(_, line)| !line.contains(':')).count();
        value(name).and_then(|value| value.parse::<usize>().ok()).is_some_and(|declared| declared != count)
    };
    match [PUBLIC, PRIVATE].into_iter().find(|name| has_wrong_count(name)) {
        Some(name) => mistake(Mistake::WrongLineCount(name)),
        None => error,
    }
}

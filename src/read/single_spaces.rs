//! Puts one space between the fields of a line.

use super::surroundings::WHITE_SPACE;
use super::types::{is_base64, is_type};
use crate::key::Algorithm;
use alloc::string::{String, ToString};

/// A line with one space between its fields, and without breaks in its base64. `None` if there is no type in it, or if something
/// follows that is not the rest of the base64: a second key, perhaps.
pub(super) fn with_single_spaces(text: &str) -> Option<String> {
    let at = start_of_type(text)?;
    let (before, line) = text.split_at(at);
    let (type_name, rest) = split_type(line)?;
    let mut rest = rest.trim_start_matches(WHITE_SPACE);
    let mut base64 = String::new();
    loop {
        let (part, behind) = rest.split_at(rest.find(WHITE_SPACE).unwrap_or(rest.len()));
        if !part.chars().all(is_base64) {
            return None;
        }
        base64.push_str(part);
        rest = behind.trim_start_matches(WHITE_SPACE);
        // Base64 continues in the next line, unless something else follows in this one.
        let line_ends = behind[..behind.len() - rest.len()].contains(['\n', '\r']);
        if rest.is_empty() || !line_ends {
            break;
        }
    }
    if rest.contains(['\n', '\r']) || before.contains(['\n', '\r']) {
        return None;
    }
    // What is left is the comment.
    let before = before.trim_end_matches(WHITE_SPACE);
    let space = if before.is_empty() { "" } else { " " };
    Some([before, space, type_name, " ", &base64, " ", rest].concat().trim_end_matches(WHITE_SPACE).to_string())
}

/// Lines with the base64 of a line that has it in several words: of two words, of three, and so on, to eight.
pub(super) fn without_breaks(line: &str) -> impl Iterator<Item = String> {
    let mut words = line.split(WHITE_SPACE).filter(|word| !word.is_empty());
    let mut joined = [words.next().unwrap_or_default(), " ", words.next().unwrap_or_default()].concat();
    words.take(7).map(move |word| {
        joined.push_str(word);
        joined.clone()
    })
}

/// Lines with a plus sign for each space in the base64 of a line: with one, with two, and so on, to 24.
pub(super) fn with_plus_signs(line: &str) -> impl Iterator<Item = String> {
    let mut words = line.splitn(27, ' ');
    let mut joined = [words.next().unwrap_or_default(), " ", words.next().unwrap_or_default()].concat();
    words.map(move |word| {
        joined.push('+');
        joined.push_str(word);
        joined.clone()
    })
}

/// The offset of the type: the first word, or the first one after hosts or options. The quoted value of an option may contain
/// anything.
fn start_of_type(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if !quoted && WHITE_SPACE.contains(&before) && text.get(at..).and_then(split_type).is_some() {
            return Some(at);
        }
        if c == '"' && before != '\\' {
            quoted = !quoted;
        }
        before = c;
    }
    None
}

/// Splits a line after its type, even if no space follows.
fn split_type(line: &str) -> Option<(&str, &str)> {
    let word = line.get(..line.find(WHITE_SPACE).unwrap_or(line.len()))?;
    if is_type(word) {
        return line.split_at_checked(word.len());
    }
    let mut known = Algorithm::KNOWN.iter().copied().map(Algorithm::as_str);
    let joined = known.find(|name| word.strip_prefix(name).is_some_and(|rest| rest.starts_with("AAAA")))?;
    line.split_at_checked(joined.len())
}

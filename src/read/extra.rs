//! Names what was copied together with a key, or in the middle of it.

use super::types::{is_base64, is_type};
use crate::text::is_bidirectional_control;

/// The name of a character that people do not see, or mistake for another one.
fn name_of(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{200b}' => "a zero-width space (U+200B)",
        '\u{200c}' | '\u{200d}' => "a zero-width joiner (U+200C or U+200D)",
        '\u{2060}' => "a word joiner (U+2060)",
        '\u{ad}' => "a soft hyphen (U+00AD)",
        '\u{a0}' => "a no-break space (U+00A0)",
        '\u{feff}' => "a byte order mark (U+FEFF)",
        c if is_bidirectional_control(c) => "an invisible control of the writing direction (such as U+202E)",
        '\u{2026}' => "three dots, which stand for the missing part of the key",
        '\u{fffd}' => "a replacement character (U+FFFD), as from another encoding",
        c if c.is_whitespace() && !c.is_ascii() => "a space of another kind than the usual one (U+0020)",
        c if !c.is_ascii() => "a letter or a sign outside of ASCII, which may look like one of base64",
        _ => return None,
    })
}

/// What is inside the base64 of a key but is not base64.
pub(super) fn in_base64(base64: &str) -> Option<&'static str> {
    if base64.contains("..") {
        return Some("three dots, which stand for the missing part of the key");
    }
    if is_type(base64) {
        return Some("the key type a second time");
    }
    if base64.contains("ssh-") || base64.contains("ecdsa-") {
        return Some("the start of another key");
    }
    match base64.chars().find(|c| !is_base64(*c))? {
        '-' | '_' => Some("a hyphen or underscore, as in base64 for URLs, instead of a plus sign or slash"),
        '<' | '>' => Some("a tag of HTML or XML"),
        c => name_of(c),
    }
}

/// Quotes of all kinds.
const QUOTES: [char; 9] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '\u{ab}'];

/// What is before the type of a key, attached to it or as separate words.
pub(super) fn before_type(line: &str) -> Option<&'static str> {
    let mut words = line.split_whitespace();
    let (first, second) = (words.next()?, words.next().unwrap_or_default());
    if let Some(rest) = first.strip_suffix(':').filter(|_| is_type(second))
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    {
        return Some("a word with a colon before the key type");
    }
    if is_type(second) {
        match first {
            ">" | ">>" | "|" => return Some("the sign of a quoted message before the key type"),
            "$" | "#" | "%" | "~$" => return Some("the prompt of a shell before the key type"),
            "echo" => return Some("the command echo before the key type"),
            _ => {}
        }
        if first.strip_suffix(['.', ')']).is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
            return Some("the number of a list before the key type");
        }
    }
    if first.strip_suffix(':').is_some_and(is_type) {
        return Some("a colon after the key type");
    }
    // Characters that belong to the first word.
    let at = first.char_indices().map(|(at, _)| at).find(|at| first.get(*at..).is_some_and(is_type))?;
    // A quote before the type has a mistake of its own.
    let before = first.get(..at).filter(|before| !before.contains(QUOTES))?;
    match before.chars().next()? {
        '(' | '{' => Some("a parenthesis before the key type"),
        '[' => Some("a square bracket before the key type"),
        '<' => Some("a tag of HTML or XML before the key type"),
        '>' | '|' => Some("the sign of a quoted message before the key type"),
        '+' => Some("a plus sign before the key type, as in a patch"),
        '#' => Some("a number sign before the key type, which makes the line a comment"),
        '=' => Some("an equals sign before the key type"),
        '\\' => Some("a backslash before the key type"),
        c if before.chars().nth(1).is_none() || !c.is_ascii() => name_of(c),
        _ if before.ends_with('=') => Some("a name and an equals sign before the key type"),
        _ => None,
    }
}

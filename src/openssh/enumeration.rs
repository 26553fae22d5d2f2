//! Tests every short text over a few characters in each place of a line: options, separators, and comments. A line is accepted
//! exactly if a second implementation of the grammar accepts it. It is then written as it was read, and its canonical form is
//! read as the same entry.

use super::entry::EntryRef;
use crate::text::{MAX_BLOB_BYTES, every_input};
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

const TYPE: &str = "ssh-ed25519";
const BASE64: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIFhmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZm";

/// Whether a text is a list of options, according to a state machine that reads one character at a time.
fn is_list_of_options(text: &str) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        /// At the start of an option.
        Start,
        Name,
        /// After the equals sign.
        Equals,
        Value,
        /// In a value, after an odd number of backslashes.
        Odd,
        /// In a value, after an even number of backslashes, but not 0.
        Even,
        /// After the closing quote.
        Closed,
    }
    let mut state = State::Start;
    for c in text.chars() {
        state = match (state, c) {
            (State::Start | State::Name, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-') => State::Name,
            (State::Name, '=') => State::Equals,
            (State::Equals, '"') => State::Value,
            (State::Value, '"') => State::Closed,
            (State::Value | State::Even, '\\') => State::Odd,
            (State::Odd, '\\') => State::Even,
            // For some readers, the value ends here.
            (State::Even, '"') => return false,
            (State::Value | State::Odd | State::Even, _) => State::Value,
            (State::Name | State::Closed, ',') => State::Start,
            _ => return false,
        };
    }
    matches!(state, State::Name | State::Closed)
}

/// Parses a line, and checks the result. Returns the options if the line is accepted.
fn read(line: &str) -> Option<Vec<String>> {
    let mut buffer = [0; MAX_BLOB_BYTES];
    let entry = EntryRef::parse(line, &mut buffer).ok()?;
    let without_break = line.strip_suffix("\r\n").or(line.strip_suffix('\n')).unwrap_or(line);
    assert_eq!(entry.to_string(), without_break, "{line:?}");
    let canonical = entry.canonical().to_string();
    let mut again = [0; MAX_BLOB_BYTES];
    let read_again = EntryRef::parse(&canonical, &mut again).unwrap();
    assert_eq!(read_again, entry, "{line:?}");
    assert_eq!((read_again.to_string(), read_again.comment()), (canonical.clone(), entry.comment()));
    let option = |option: super::authorized_key::KeyOption<'_>| match option.value() {
        Some(value) => format!("{}={value}", option.name()),
        None => option.name().into(),
    };
    Some(entry.options().map(option).collect())
}

/// The options of a well-formed list, without quotes and the backslashes before them.
fn split(list: &str) -> Vec<String> {
    let mut options = Vec::from([String::new()]);
    let mut quoted = false;
    let mut before = ' ';
    for c in list.chars() {
        let option = options.last_mut().unwrap();
        match c {
            '"' if quoted && before == '\\' => {
                option.pop();
                option.push(c);
            }
            '"' => quoted = !quoted,
            ',' if !quoted => options.push(String::new()),
            _ => option.push(c),
        }
        before = c;
    }
    options
}

fn options(longest: usize) -> u64 {
    let mut accepted = 0;
    let count = every_input(&['a', ',', '"', '\\', ' ', '='], longest, |characters| {
        let list: String = characters.iter().collect();
        let read = read(&format!("{list} {TYPE} {BASE64} me"));
        assert_eq!(read.is_some(), is_list_of_options(&list), "{list:?}");
        if let Some(read) = read {
            assert_eq!(read, split(&list), "{list:?}");
            accepted += 1;
        }
    });
    assert!(accepted > 50, "{accepted}");
    count
}

fn comments(longest: usize) -> u64 {
    let mut accepted = 0;
    let count = every_input(&[' ', '\t', 'a', '"', '=', '\n', '\r', '\u{200e}'], longest, |characters| {
        let end: String = characters.iter().collect();
        let comment = end.strip_suffix("\r\n").or(end.strip_suffix('\n')).unwrap_or(&end);
        let is_comment =
            comment.is_empty() || comment.starts_with([' ', '\t']) && !comment.contains(['\n', '\r', '\u{200e}']);
        for options in ["", "a,b=\"c d\" "] {
            assert_eq!(read(&format!("{options}{TYPE} {BASE64}{end}")).is_some(), is_comment, "{options:?}, {end:?}");
        }
        accepted += u64::from(is_comment);
    });
    assert!(accepted > 100, "{accepted}");
    2 * count
}

fn separators(longest: usize) -> u64 {
    let alphabet = [' ', '\t', 'A', ',', '"', '\u{a0}', '\0', '\n'];
    let count = every_input(&alphabet, longest, |characters| {
        let separator: String = characters.iter().collect();
        let is_separator = matches!(&*separator, " " | "\t");
        assert_eq!(read(&format!("{TYPE}{separator}{BASE64} me")).is_some(), is_separator, "{separator:?}");
        // Before the type, where letters and commas can be options, alone or after another one.
        let (list, space) = separator.split_at(separator.find([' ', '\t']).unwrap_or(separator.len()));
        for (before, nothing) in [("", separator.is_empty()), ("a", false)] {
            let is_list = is_list_of_options(&format!("{before}{list}")) && matches!(space, " " | "\t");
            let line = format!("{before}{separator}{TYPE} {BASE64} me");
            assert_eq!(read(&line).is_some(), nothing || is_list, "{line:?}");
        }
    });
    3 * count
}

#[test]
fn lines_with_short_parts_are_accepted_exactly_if_the_grammar_allows_them() {
    assert_eq!(options(6), 55_987);
    assert_eq!(comments(4), 9_362);
    assert_eq!(separators(3), 1_755);
}

#[test]
#[ignore = "a minute"]
fn lines_with_longer_parts_are_accepted_exactly_if_the_grammar_allows_them() {
    assert_eq!(options(8), 2_015_539);
    assert_eq!(comments(6), 599_186);
    assert_eq!(separators(5), 112_347);
}

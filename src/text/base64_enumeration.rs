//! Tests every short text over a few characters, as lines of base64 and as the body of a PEM. A text is accepted exactly if
//! `base64ct` accepts the digits. It is then encoded back to the same characters.

use super::base64_lines::Base64Lines;
use super::every_input::every_input;
use super::lines::TextLines;
use super::pem;
use base64ct::{Base64, Encoding};
use std::string::String;
use std::{format, vec};

/// Three digits, the last of which leaves stray bits before padding; padding; a line break; and another character.
const ALPHABET: [char; 6] = ['A', 'Q', 'B', '=', '\n', '-'];

/// The verdict on the lines of a text: `None` if they are rejected, or else whether there are stray bits after the last byte.
fn judged(text: &str) -> Option<bool> {
    let mut checked = Base64Lines::default();
    for (start, line) in TextLines::new(text) {
        checked.line(start, line).ok()?;
    }
    checked.finish(text.len()).ok()?;
    let digits: String = text.lines().collect();
    Some(Base64::decode(&digits, &mut [0; 16]).is_err())
}

fn lines_of_base64(longest: usize) -> u64 {
    let mut accepted = 0;
    let count = every_input(&ALPHABET, longest, |characters| {
        let text: String = characters.iter().collect();
        let digits: String = text.lines().collect();
        let has_empty_line = text.lines().any(str::is_empty);
        let mut buffer = [0; 16];
        let decoded = Base64::decode(&digits, &mut buffer).ok().filter(|bytes| !bytes.is_empty() && !has_empty_line);
        match (judged(&text), decoded) {
            (Some(false), Some(bytes)) => {
                assert_eq!(Base64::encode_string(bytes), digits, "{text:?}");
                accepted += 1;
            }
            // Right except for its last digit: without the stray bits, it decodes.
            (Some(true), None) => {
                let (start, padding) = digits.split_at(digits.trim_end_matches('=').len());
                let last = start.chars().last().unwrap();
                assert_eq!(last, 'B', "{text:?}");
                let mended = format!("{}A{padding}", &start[..start.len() - 1]);
                assert!(Base64::decode(&mended, &mut buffer).is_ok(), "{text:?}");
            }
            (None, None) => (),
            (judged, decoded) => panic!("{text:?}: {judged:?}, {decoded:?}"),
        }
    });
    assert!(accepted > 100);
    count
}

fn bodies_of_pem(longest: usize) -> u64 {
    let mut accepted = 0;
    let count = every_input(&ALPHABET, longest, |characters| {
        let body: String = characters.iter().collect();
        let text = format!("-----BEGIN KEY-----\n{body}\n-----END KEY-----\n");
        let mut buffer = [0; 16];
        if let Ok((label, der)) = pem::read_public(&text, &["KEY"], &mut buffer) {
            let mut written = vec![0; text.len()];
            assert_eq!(pem::write(label, der, &mut written).unwrap(), text);
            accepted += 1;
        } else {
            // One line of base64 is accepted. Lines are 64 columns wide, so a second line is not.
            assert!(Base64::decode(&body, &mut [0; 16]).is_err() || body.is_empty(), "{text:?}");
        }
    });
    assert!(accepted > 100);
    count
}

#[test]
fn short_lines_of_base64_are_accepted_exactly_if_they_are_canonical() {
    assert_eq!(lines_of_base64(6), 55_987);
    assert_eq!(bodies_of_pem(6), 55_987);
}

#[test]
#[ignore = "a minute"]
fn longer_lines_of_base64_are_accepted_exactly_if_they_are_canonical() {
    assert_eq!(lines_of_base64(8), 2_015_539);
    assert_eq!(bodies_of_pem(8), 2_015_539);
}

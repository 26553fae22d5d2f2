//! Go's `golang.org/x/crypto/ssh`: `ParseAuthorizedKey`, called until the file ends.
//!
//! Until version 0.53, it looked for the base64 of a key in the second word of a line, and in the second word after the options,
//! whatever the word before it was. Since 0.54, the word before must be the type of the key.

use crate::base64::go as decoded;
use crate::blob::first_string;
use crate::reader::Accept;

/// Versions before 0.54.
pub fn before_0_54(file: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    lines(file).filter_map(|line| key_of(line, false, accept)).collect()
}

/// Version 0.54 and later.
pub fn since_0_54(file: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    lines(file).filter_map(|line| key_of(line, true, accept)).collect()
}

/// The lines, each only up to its first CR, and without any white space around it.
fn lines(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = file.split(|byte| *byte == b'\n');
    let until_cr = lines.map(|line| line.split(|byte| *byte == b'\r').next().unwrap_or_default());
    until_cr.map(trimmed).filter(|line| !line.is_empty() && !line.starts_with(b"#"))
}

/// Without Unicode's white space around it. Bytes that are not UTF-8 are not white space.
fn trimmed(mut text: &[u8]) -> &[u8] {
    // One character, because the shortest length comes first.
    let is_space = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok_and(|text| text.trim().is_empty());
    while let Some(length) = (1..=text.len().min(3)).find(|length| is_space(&text[..*length])) {
        text = &text[length..];
    }
    while let Some(length) = (1..=text.len().min(3)).find(|length| is_space(&text[text.len() - length..])) {
        text = &text[..text.len() - length];
    }
    text
}

fn blank(text: &[u8]) -> Option<usize> {
    text.iter().position(|byte| matches!(byte, b' ' | b'\t'))
}

fn key_of(line: &[u8], checks_type: bool, accept: Accept<'_>) -> Option<Vec<u8>> {
    let first = |text: &[u8]| {
        let (type_name, rest) = text.split_at(blank(text)?);
        let word = trimmed(rest);
        let blob = accept(&decoded(&word[..blank(word).unwrap_or(word.len())])?)?;
        (!checks_type || first_string(&blob) == Some(type_name)).then_some(blob)
    };
    // A line with one word is skipped.
    blank(line)?;
    first(line).or_else(|| first(after_options(line)?))
}

/// The rest of a line after the first blanks outside quotes. A backslash just before a quote escapes it. None if nothing follows.
fn after_options(line: &[u8]) -> Option<&[u8]> {
    let (mut quoted, mut before) = (false, 0);
    let mut end = line.len().checked_sub(1)?;
    for (at, byte) in line.iter().enumerate() {
        if !quoted && matches!(byte, b' ' | b'\t') {
            end = at;
            break;
        }
        if *byte == b'"' && before != b'\\' {
            quoted = !quoted;
        }
        before = *byte;
    }
    let blanks = line[end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    line.get(end + blanks..).filter(|rest| !rest.is_empty())
}

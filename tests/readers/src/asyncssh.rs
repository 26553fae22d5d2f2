//! asyncssh: `import_authorized_keys` and `import_public_key`.
//!
//! Base64 may contain any other characters, which asyncssh skips. Plain keys only: other functions read certificates.

use crate::base64::{is_c_space, python as decoded};
use crate::blob::{first_string, of_name};
use crate::reader::Accept;

/// Whether a character ends a line of a Python `str`.
fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Without the white space of a Python `str`.
fn stripped(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\x1c'..='\x1f'))
}

/// An authorized_keys file: tries each line as a key file, then as options and a key file. asyncssh rejects the whole file if it
/// contains malformed options; here only the line is skipped.
pub fn authorized_keys(file: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(file) else { return Vec::new() };
    let lines = text.split(is_line_break).map(stripped).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line| key_of_line(line, accept).or_else(|| key_of_line(after_options(line)?, accept));
    lines.filter_map(read).collect()
}

/// Reads a line as a key file, which must be ASCII.
fn key_of_line(line: &str, accept: Accept<'_>) -> Option<Vec<u8>> {
    line.is_ascii().then(|| public_key_file(line.as_bytes(), accept))?.pop()
}

/// The rest of the line after the options. A backslash escapes any character, inside and outside quotes. None if a quote is not
/// closed.
fn after_options(line: &str) -> Option<&str> {
    let (mut quoted, mut escaped, mut end) = (false, false, 0);
    for (at, c) in line.char_indices() {
        end = at;
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ' ' | '\t' if !quoted => break,
            _ => {}
        }
    }
    (!quoted && !escaped).then(|| stripped(line.get(end..).unwrap_or_default()))
}

/// A key file: the first line that begins with a type and base64, or the first RFC 4716 block. The rest of the file is ignored.
pub fn public_key_file(file: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    let mut rest = file;
    while !rest.is_empty() {
        let (line, after) = next_line(rest);
        rest = after;
        if line.starts_with(b"-----BEGIN ") && line.ends_with(b" PUBLIC KEY-----") {
            // Neither a line nor RFC 4716.
            return Vec::new();
        }
        if line == b"---- BEGIN SSH2 PUBLIC KEY ----" {
            return rfc4716(rest, accept).into_iter().collect();
        }
        if let Some((type_name, blob)) = openssh(line) {
            // A certificate, or a key that is rejected, ends the search too.
            let key = accept(&blob).filter(|_| of_name(type_name).is_some_and(|(_, certificate)| !certificate));
            return key.filter(|key| first_string(key) == Some(type_name)).into_iter().collect();
        }
    }
    Vec::new()
}

/// The first line, without white space at its end, and the rest of the text.
fn next_line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| at + 1);
    let (line, rest) = text.split_at(end);
    (without_space_at_end(line), rest)
}

fn without_space_at_end(mut text: &[u8]) -> &[u8] {
    while let [start @ .., last] = text
        && is_c_space(*last)
    {
        text = start;
    }
    text
}

/// The type and the blob of a line.
fn openssh(line: &[u8]) -> Option<(&[u8], Vec<u8>)> {
    let mut words = line.split(|byte| is_c_space(*byte)).filter(|word| !word.is_empty());
    let type_name = words.next().filter(|word| of_name(word).is_some())?;
    Some((type_name, decoded(words.next()?)?))
}

/// Reads the text after the BEGIN line. A line that ends with a backslash, perhaps followed by white space, continues in the next
/// one. A line with a colon is a header. The base64 begins with the first line that is not a header.
fn rfc4716(text: &[u8], accept: Accept<'_>) -> Option<Vec<u8>> {
    let mut block = text.get(..end_of_block(text)?)?;
    let mut header = Vec::new();
    loop {
        let (line, rest) = next_line(block);
        if let [start @ .., b'\\'] = line {
            header.extend_from_slice(start);
        } else {
            header.extend_from_slice(line);
            if !header.contains(&b':') {
                break;
            }
            header.clear();
        }
        block = rest;
    }
    accept(&decoded(block)?)
        .filter(|key| first_string(key).and_then(of_name).is_some_and(|(_, certificate)| !certificate))
}

/// The offset of the END line, which starts a line and is followed only by white space in it.
fn end_of_block(text: &[u8]) -> Option<usize> {
    const END: &[u8] = b"---- END SSH2 PUBLIC KEY ----";
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if line.strip_prefix(END).is_some_and(|rest| rest.iter().all(|byte| is_c_space(*byte))) {
            return Some(start);
        }
        start += line.len();
    }
    None
}

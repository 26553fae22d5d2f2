//! OpenSSH: sshd's authorized_keys; `ssh-keygen -l`, `-i`, and the key files of `-e`, `ssh` and `ssh-add`.
//!
//! A line ends at LF, and its text at the first NUL.

use crate::base64::openssh as decoded;
use crate::blob::{first_string, of_openssh_name};
use crate::reader::Accept;

/// The text of each line, up to a NUL, including the line break.
fn c_lines(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    file.split_inclusive(|byte| *byte == b'\n').map(until_nul)
}

/// The text as C sees it.
pub(crate) fn until_nul(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn without_blanks(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|byte| is_blank(**byte)).count()..]
}

/// The first word, up to a space or a tab, and the rest of the text.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| is_blank(*byte)).unwrap_or(text.len()))
}

/// Reads a key at the start of a text: a supported type, blanks, and base64 of a blob of that type.
fn key(text: &[u8], accept: Accept<'_>) -> Option<Vec<u8>> {
    let (type_name, rest) = word(text);
    if rest.is_empty() {
        return None;
    }
    let base64 = word(without_blanks(rest)).0;
    if base64.is_empty() {
        return None;
    }
    let blob = accept(&decoded(base64)?)?;
    (of_openssh_name(type_name)? == of_openssh_name(first_string(&blob)?)?).then_some(blob)
}

/// The rest of a line from its first blank outside quotes on. A backslash before a quote escapes it. None if a quote is not
/// closed.
fn after_options(text: &[u8]) -> Option<&[u8]> {
    let (mut at, mut quoted) = (0, false);
    while let Some(byte) = text.get(at).filter(|byte| quoted || !is_blank(**byte)) {
        match byte {
            b'\\' if text.get(at + 1) == Some(&b'"') => at += 1,
            b'"' => quoted = !quoted,
            _ => {}
        }
        at += 1;
    }
    (!quoted).then(|| &text[at..])
}

/// sshd: tries each line as a key, then as options and a key.
pub fn authorized_keys(file: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    let lines = c_lines(file).map(without_blanks).filter(|line| !matches!(line.first(), None | Some(b'\n' | b'#')));
    let read = |line| key(line, accept).or_else(|| key(without_blanks(after_options(line)?), accept));
    lines.filter_map(read).collect()
}

/// `ssh-keygen -l` of version 9: like sshd, but a line that begins with a number has no options. A file whose first line mentions
/// a private key is not read line by line.
pub fn listed_by_9(file: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    listed(file, b"\n", accept)
}

/// `ssh-keygen -l` of version 10: a line also ends at CR.
pub fn listed_by_10(file: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    listed(file, b"\r\n", accept)
}

fn listed(file: &[u8], ends: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    for (number, line) in c_lines(file).enumerate() {
        let line = without_blanks(line.split(|byte| ends.contains(byte)).next().unwrap_or_default());
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        if number == 0 && line.windows(11).any(|part| part == b"PRIVATE KEY") {
            return keys;
        }
        keys.extend(key(line, accept).or_else(|| {
            let rest = if begins_with_a_number(line) { line } else { after_first_word(line)? };
            key(rest, accept)
        }));
    }
    keys
}

/// The rest of a line after the first word and one blank. Quotes need not be closed, but nothing follows an unclosed one.
fn after_first_word(line: &[u8]) -> Option<&[u8]> {
    after_options(line)?.get(1..)
}

/// Whether C's `strtol` finds a number other than zero, with a blank after it.
fn begins_with_a_number(line: &[u8]) -> bool {
    let text = &line[line.iter().take_while(|byte| crate::base64::is_c_space(**byte)).count()..];
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text[..digits].iter().any(|digit| *digit != b'0') && text.get(digits).is_some_and(|byte| is_blank(*byte))
}

/// `ssh-keygen -e`, and `ssh -i` for a `.pub` file: the first line that is a key, without options.
pub fn public_key_file(file: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    for line in c_lines(file) {
        if matches!(line.first(), None | Some(b'\n' | b'#')) {
            continue;
        }
        if line.starts_with(b"-----BEGIN") || line == b"SSH PRIVATE KEY FILE" {
            break;
        }
        if let Some(key) = key(without_blanks(line), accept) {
            return vec![key];
        }
    }
    Vec::new()
}

/// `ssh-keygen -i`: RFC 4716, without parsing headers. It skips every line that contains `": "` or starts with `----`, and one
/// line after each line that ends with a backslash. It stops at the first skipped line that contains `" END "`.
pub fn imported(file: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    /// The longest line, without its end, and the longest base64.
    const LINE: usize = 1022;
    const BASE64: usize = 8095;
    let contains = |line: &[u8], part: &[u8]| line.windows(part.len()).any(|window| window == part);
    let (mut rest, mut escaped, mut base64) = (file, 0_usize, Vec::new());
    // The text after the last line break is not a line.
    while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
        let (line, after) = rest.split_at(end);
        rest = after.strip_prefix(b"\r\n").unwrap_or(&after[1..]);
        if line.len() > LINE {
            return Vec::new();
        }
        escaped += usize::from(line.ends_with(b"\\"));
        let line = until_nul(line);
        if line.starts_with(b"----") || contains(line, b": ") {
            if contains(line, b"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----") {
                return Vec::new();
            }
            if contains(line, b" END ") {
                break;
            }
        } else if escaped > 0 {
            escaped -= 1;
        } else {
            base64.extend_from_slice(line);
            base64.truncate(BASE64);
        }
    }
    if base64.len() % 4 == 3 && base64.ends_with(b"===") {
        base64.truncate(base64.len() - 3);
    }
    decoded(&base64).and_then(|blob| accept(&blob)).into_iter().collect()
}

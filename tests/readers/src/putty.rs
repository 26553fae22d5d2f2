//! PuTTY: the public key file of PuTTYgen and of a session, in OpenSSH's line format or RFC 4716.

use crate::base64::putty as decoded;
use crate::blob::{first_string, is_putty_type};
use crate::openssh::until_nul;
use crate::reader::Accept;

/// The first line, if it is a key, or an RFC 4716 file.
pub fn public_key_file(file: &[u8], accept: Accept<'_>) -> Vec<Vec<u8>> {
    let key = if file.starts_with(b"---- BEGIN SSH2 PUBLIC KEY") { rfc4716(file) } else { openssh(file) };
    key.and_then(|blob| accept(&blob)).into_iter().collect()
}

/// The conversion by PuTTYgen, which also converts incomplete keys.
pub fn converted(file: &[u8]) -> Vec<Vec<u8>> {
    public_key_file(file, &|blob| Some(blob.to_vec()))
}

/// A type, one space, base64, and a space or the end of the line. A NUL ends a line, too, because PuTTY's lines are C strings.
fn openssh(file: &[u8]) -> Option<Vec<u8>> {
    let is_end = |byte: &u8| matches!(byte, b' ' | b'\n' | 0);
    let end = file.iter().position(is_end)?;
    let (type_name, rest) = file.split_at(end);
    let rest = rest.strip_prefix(b" ")?;
    let base64 = &rest[..rest.iter().position(is_end).unwrap_or(rest.len())];
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    if !is_putty_type(type_name) || base64.is_empty() || !base64.iter().all(is_digit) {
        return None;
    }
    let (blob, left) = decoded(base64);
    (left.is_empty() && first_string(&blob) == Some(type_name)).then_some(blob)
}

/// A line without its line break, up to the first NUL, and the text after the line.
fn next_line<'a>(text: &mut &'a [u8]) -> &'a [u8] {
    let end = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| at + 1);
    let (mut line, rest) = text.split_at(end);
    *text = rest;
    while let [start @ .., b'\n' | b'\r'] = line {
        line = start;
    }
    until_nul(line)
}

/// Headers are the lines that contain `": "`, and only some are allowed. A continuation line is not supported: the base64 begins
/// with the first line that is not a header, and a group of four characters that is not base64 is skipped.
fn rfc4716(mut file: &[u8]) -> Option<Vec<u8>> {
    if next_line(&mut file) != b"---- BEGIN SSH2 PUBLIC KEY ----" {
        return None;
    }
    let mut line = next_line(&mut file);
    while let Some(colon) = line.windows(2).position(|part| part == b": ") {
        let tag = &line[..colon];
        if tag != b"Comment" && tag != b"Subject" && !tag.starts_with(b"x-") {
            return None;
        }
        line = next_line(&mut file);
    }
    let mut base64 = Vec::new();
    while !line.starts_with(b"-") {
        base64.extend_from_slice(line);
        if file.is_empty() {
            return None;
        }
        line = next_line(&mut file);
    }
    let blob = decoded(&base64).0;
    (line == b"---- END SSH2 PUBLIC KEY ----" && first_string(&blob).is_some()).then_some(blob)
}

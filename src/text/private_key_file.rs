//! Finds the private key in a file, whatever is around it: the tolerant front of the reader of any format.
//!
//! It requires exactly one [mark](super::key_marks) of a private key, broken ones included: of several, programs choose different
//! ones. What it then removes is listed by [`Normalization`]. None of it
//! can change which key is read: between BEGIN and END, everything but white space, escapes of line breaks and headers is base64.
//!
//! The key is found by positions and by classes of characters: line breaks, spaces, quotes, hyphens and backslashes. The
//! digits of base64 are copied, and `base64ct` decodes them. If a file is rejected, its digits are examined for the reason.

use super::base64_lines::Base64Lines;
use super::characters::lenient_comment;
use super::key_marks::{HYPHENS, Mark, Marks, has_other_dash, is_blank};
use super::normalization::Normalization;
use super::private_marks::{begins_a_private_key, find_ignoring_case, reject_private_key};
use crate::error::{Error, ErrorKind, Field, Mistake};
use crate::kernels::declassify::declassify;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

/// The length in bytes of the longest file: four times that of the longest key, because much may be around it, such as what
/// `openssl rsa -text` prints.
const MAX_FILE_BYTES: usize = 64 * 1024;

/// The key in a file.
pub(crate) struct PrivateKeyFile<'a> {
    pub(crate) contents: Contents<'a>,
    /// What was removed or changed, in an order of its own, without duplicates.
    pub(crate) normalizations: Vec<Normalization>,
}

/// The contents of a file.
pub(crate) enum Contents<'a> {
    /// The whole file is DER.
    Der(&'a [u8]),
    Pem(Pem),
    /// The lines of a PuTTY file, each with a LF. Its comment may have been changed from this.
    Putty {
        text: Zeroizing<Vec<u8>>,
        comment: Vec<u8>,
        places: Places,
    },
}

/// Where the lines of a text were in the file.
pub(crate) struct Places {
    /// The offset of each line in the text, and in the file.
    lines: Vec<(usize, usize)>,
    /// The offset of the text, if it is all that is known, because escapes moved what comes after them.
    escaped_at: Option<usize>,
    /// The length of the file.
    length: usize,
}

impl Places {
    /// The offset in the file of a byte of the text.
    pub(crate) fn of(&self, offset: usize) -> usize {
        let line = self.lines.iter().rev().find(|(in_text, _)| *in_text <= offset);
        let place = line.map_or(offset, |(in_text, in_file)| in_file + (offset - in_text));
        self.escaped_at.unwrap_or(place.min(self.length))
    }
}

/// A decoded PEM.
pub(crate) struct Pem {
    /// The words between BEGIN and the hyphens.
    pub(crate) label: String,
    /// The value of the header `DEK-Info`, if there is one, and the offset of the headers.
    pub(crate) dek_info: Option<(usize, String)>,
    pub(crate) blob: Zeroizing<Vec<u8>>,
}

const COMMENT: &[u8] = b"Comment: ";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Finds the private key in a file.
///
/// # Errors
///
/// [`ErrorKind::TooLong`]; [`ErrorKind::MultipleKeys`]; [`ErrorKind::Empty`]; [`ErrorKind::NotAPrivateKey`];
/// [`ErrorKind::Mistake`]; those of base64.
pub(crate) fn find_private_key(file: &[u8]) -> Result<PrivateKeyFile<'_>, Error> {
    if file.len() > MAX_FILE_BYTES {
        return Err(Field::PrivateKey.error_at(ErrorKind::TooLong, MAX_FILE_BYTES));
    }
    if is_utf32(file) {
        return Err(Mistake::Utf32.error_at(Field::PrivateKey, 0));
    }
    if is_utf16(file) {
        return Err(Mistake::Utf16.error_at(Field::PrivateKey, 0));
    }
    if is_der(file) {
        let found = PrivateKeyFile { contents: Contents::Der(file), normalizations: Vec::new() };
        return Ok(found);
    }
    let marks = Marks::find(file);
    match (marks.first, marks.second) {
        (Some(_), Some(second)) => Err(Field::PrivateKey.error_at(ErrorKind::MultipleKeys, second.start())),
        (Some(Mark::Putty(at)), None) => putty_file(file, at),
        (Some(Mark::Pem { begin, label_end }), None) => pem_file(file, begin, label_end),
        (Some(Mark::Ssh1(at)), None) => Err(Mistake::Ssh1.error_at(Field::PrivateKey, at)),
        (None, _) => Err(why_not_found(file)),
    }
}

/// Whether a file is UTF-16: with a byte order mark, or with a zero in most pairs of its first 64 bytes, always in the same half
/// of a pair.
pub(crate) fn is_utf16(file: &[u8]) -> bool {
    let start = file.get(..file.len().min(64)).unwrap_or_default();
    let zeros = |parity: usize| start.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let most = start.len() * 3 / 8;
    let alternates = start.len() >= 8 && matches!((zeros(0), zeros(1)), (0, many) | (many, 0) if many >= most);
    file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff") || alternates
}

/// Whether a file is UTF-32: with a byte order mark, or with three zeros in each of its first characters.
fn is_utf32(file: &[u8]) -> bool {
    let (characters, _) = file.get(..file.len().min(64)).unwrap_or_default().as_chunks::<4>();
    let is_ascii = |character: &[u8; 4]| matches!(character, [1..=0x7f, 0, 0, 0] | [0, 0, 0, 1..=0x7f]);
    let has_mark = file.starts_with(b"\xff\xfe\0\0") || file.starts_with(b"\0\0\xfe\xff");
    has_mark || characters.len() > 2 && characters.iter().all(is_ascii)
}

/// Whether a file begins with the tag of a DER sequence and a length that is not text or is that of the file, or like a
/// private key.
fn is_der(file: &[u8]) -> bool {
    match file {
        [0x30, 0x80..=0x8f, ..] => true,
        [0x30, length, rest @ ..] => usize::from(*length) == rest.len() || begins_a_private_key(file),
        _ => false,
    }
}

fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn is_white_space(byte: u8) -> bool {
    is_blank(byte) || is_line_break(byte)
}

/// What old editors and transfers leave at the end of a file.
fn is_filler(byte: u8) -> bool {
    is_white_space(byte) || matches!(byte, 0 | 0x1a)
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

/// The reason why a file has no private key.
fn why_not_found(file: &[u8]) -> Error {
    let start = file.iter().position(|byte| !is_white_space(*byte)).unwrap_or(0);
    let text = file.get(start..).unwrap_or_default();
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    // Base64 of '-----BEGIN ', and of 'PuTTY-User-Key-File'.
    if text.starts_with(b"LS0tLS1CRUdJTi") || text.starts_with(b"UHVUVFktVXNlci1LZXktRmls") {
        return Mistake::Base64OfFile.error_at(Field::PrivateKey, start);
    }
    if find(text, b"BEGIN%20").is_some() || find(text, b"BEGIN+").is_some() {
        return Mistake::UrlEncoding.error_at(Field::PrivateKey, start);
    }
    match core::str::from_utf8(file) {
        Ok(text) if text.trim_ascii().is_empty() => Field::PrivateKey.error(ErrorKind::Empty),
        Ok(text) if reject_private_key(text).is_err() => Mistake::NoBegin.error_at(Field::PrivateKey, start),
        _ => Field::PrivateKey.error_at(ErrorKind::NotAPrivateKey, 0),
    }
}

/// A set of normalizations in the order in which they were found.
#[derive(Default)]
struct Changes(Vec<Normalization>);

impl Changes {
    fn add(&mut self, change: Normalization) {
        if !self.0.contains(&change) {
            self.0.push(change);
        }
    }

    /// Reports what is before or after a key: white space, quotes, escapes, or other text.
    fn around(&mut self, text: &[u8]) {
        let rest = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let is_escape = |byte: &u8| matches!(byte, b'\\' | b'n' | b'r');
        if rest.iter().all(|byte| is_filler(*byte)) {
            if !text.is_empty() {
                self.add(Normalization::WhiteSpace);
            }
        } else if rest.iter().all(|byte| is_filler(*byte) || is_quote(*byte) || is_escape(byte) || *byte == b',') {
            let quoted = rest.iter().any(|byte| is_quote(*byte));
            self.add(if quoted { Normalization::Quotes } else { Normalization::EscapedLineBreaks });
        } else {
            self.add(Normalization::SurroundingText);
        }
    }
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Reads a PEM. `begin` is the offset of the word BEGIN, and `label_end` the end of the words after it.
fn pem_file(file: &[u8], begin: usize, label_end: usize) -> Result<PrivateKeyFile<'static>, Error> {
    let before = file.get(..begin).unwrap_or_default();
    let label = file.get(begin..label_end).unwrap_or_default();
    let after = file.get(label_end..).unwrap_or_default();
    reject_other_formats(label, begin)?;
    let label = check_begin_line(before, label, after).map_err(|mistake| mistake.error_at(Field::PrivateKey, begin))?;
    let before = before.strip_suffix(HYPHENS).unwrap_or(before);
    let body_at = label_end + HYPHENS.len();
    let behind = file.get(body_at..).unwrap_or_default();
    let end_line = [b"-----END ", label, HYPHENS].concat();
    let Some(length) = find(behind, &end_line) else {
        return Err(match has_other_dash(behind) {
            true => Mistake::Dashes.error_at(Field::PrivateKey, body_at),
            false if behind.contains(&b'%') => Mistake::UrlEncoding.error_at(Field::PrivateKey, body_at),
            false => Mistake::NoEnd.error_at(Field::PrivateKey, file.len()),
        });
    };
    let (body, rest) = behind.split_at(length);
    let mut changes = Changes::default();
    changes.around(before);
    let pem = read_body(label, body, body_at, &mut changes)?;
    let rest = rest.get(end_line.len()..).unwrap_or_default();
    if !matches!(rest, b"\n" | b"\r\n" | b"\r" | b"\r\r\n") {
        changes.around(rest);
    }
    Ok(PrivateKeyFile { contents: Contents::Pem(pem), normalizations: changes.0 })
}

/// Rejects the formats of other programs, by the words of their BEGIN lines.
fn reject_other_formats(label: &[u8], at: usize) -> Result<(), Error> {
    for (word, mistake) in [(b"SSH2", Mistake::SshCom), (b" PGP", Mistake::OpenPgp)] {
        if find_ignoring_case(label, word).is_some() {
            return Err(mistake.error_at(Field::PrivateKey, at));
        }
    }
    Ok(())
}

/// The label, if five hyphens and nothing else enclose BEGIN and the label.
fn check_begin_line<'t>(before: &[u8], words: &'t [u8], after: &[u8]) -> Result<&'t [u8], Mistake> {
    let has_five = before.ends_with(HYPHENS) && !before.ends_with(b"------");
    let ends_with_five = after.starts_with(HYPHENS) && !after.starts_with(b"------");
    if let Some(label) = words.strip_prefix(b"BEGIN ")
        && has_five
        && ends_with_five
    {
        return Ok(label);
    }
    let near = before.get(before.len().saturating_sub(20)..).unwrap_or_default();
    if has_other_dash(near) || has_other_dash(after.get(..after.len().min(20)).unwrap_or_default()) {
        return Err(Mistake::Dashes);
    }
    Err(Mistake::BrokenBegin)
}

/// Decodes what is between BEGIN and END.
fn read_body(label: &[u8], body: &[u8], body_at: usize, changes: &mut Changes) -> Result<Pem, Error> {
    let escaped = body.contains(&b'\\');
    let unescaped = if escaped { unescape(body) } else { Zeroizing::new(body.to_vec()) };
    if escaped {
        changes.add(Normalization::EscapedLineBreaks);
    }
    let has_line_breaks = unescaped.iter().any(|byte| is_line_break(*byte));
    if !has_line_breaks {
        changes.add(Normalization::LostLineBreaks);
    }
    // Without them, nothing separates the IV in a header from the base64.
    if !has_line_breaks && find(&unescaped, b"ENCRYPTEDDEK-Info:").is_some() {
        return Err(Mistake::JoinedLines.error_at(Field::PrivateKey, body_at));
    }
    let body = Body::read(&unescaped, has_line_breaks);
    if body.is_encrypted && body.dek_info.is_none() {
        return Err(Field::Encryption.error_at(ErrorKind::MissingField, body_at).in_text());
    }
    if body.has_white_space {
        changes.add(Normalization::WhiteSpace);
    }
    let blob = decode(&body.digits).ok_or_else(|| why_not_decoded(&unescaped, body_at, escaped))?;
    // OpenSSL takes what is before an empty line for headers, and would read only what is after it.
    for part in &body.parts {
        let rest = body.digits.get(*part..).and_then(decode).unwrap_or_default();
        if declassify(begins_like_a_key(&rest)) {
            return Err(Field::PrivateKey.error_at(ErrorKind::MultipleKeys, body_at));
        }
    }
    let label = String::from_utf8_lossy(label).into_owned();
    Ok(Pem { label, dek_info: body.dek_info.map(|value| (body_at, value)), blob })
}

/// Whether bytes begin like a private key in DER: with the header of a sequence, and in it a version or the header of another
/// sequence. In constant time, because they are part of a key.
fn begins_like_a_key(bytes: &[u8]) -> Choice {
    let is = |at: usize, byte: u8| bytes.get(at).map_or(Choice::from(0), |found| found.ct_eq(&byte));
    let begins_at = |at| (is(at, 2) & is(at + 1, 1)) | is(at, 0x30);
    is(0, 0x30) & (begins_at(2) | is(1, 0x81) & begins_at(3) | is(1, 0x82) & begins_at(4))
}

/// What is between BEGIN and END.
struct Body {
    dek_info: Option<String>,
    /// Whether a header says that the key is encrypted.
    is_encrypted: bool,
    /// The base64 without white space.
    digits: Zeroizing<Vec<u8>>,
    /// Where the base64 continues after an empty line.
    parts: Vec<usize>,
    /// Whether there is white space that does not belong there.
    has_white_space: bool,
}

impl Body {
    fn read(text: &[u8], has_line_breaks: bool) -> Self {
        let digits = Zeroizing::new(Vec::with_capacity(text.len()));
        let mut body = Self { dek_info: None, is_encrypted: false, digits, parts: Vec::new(), has_white_space: false };
        let mut lines = ByteLines(text);
        let mut words = text.split(|byte| is_blank(*byte)).filter(|word| !word.is_empty());
        let mut next = || if has_line_breaks { lines.next() } else { words.next() };
        let mut blank = 0;
        let mut most_blank = 1;
        while let Some(line) = next() {
            let trimmed = line.trim_ascii();
            body.has_white_space |= trimmed.len() < line.len();
            if trimmed.is_empty() {
                blank += 1;
                continue;
            }
            if body.digits.is_empty() && trimmed.contains(&b':') {
                let value = if !has_line_breaks && trimmed.ends_with(b":") { next().unwrap_or_default() } else { b"" };
                body.header(&[trimmed, value].concat());
                // An empty line ends the headers.
                most_blank = 2;
                continue;
            }
            if !body.digits.is_empty() && blank > 0 {
                body.parts.push(body.digits.len());
                body.has_white_space = true;
            }
            body.has_white_space |= blank > most_blank;
            blank = 0;
            most_blank = 0;
            let before = body.digits.len();
            body.digits.extend(trimmed.iter().filter(|byte| !is_blank(**byte)));
            body.has_white_space |= body.digits.len() - before < trimmed.len();
        }
        body.has_white_space |= blank > 0;
        body
    }

    /// Reads a header.
    fn header(&mut self, line: &[u8]) {
        if let Some(value) = line.strip_prefix(b"DEK-Info:") {
            self.dek_info = Some(String::from_utf8_lossy(value.trim_ascii()).into_owned());
        }
        self.is_encrypted |= line.starts_with(b"Proc-Type:") && line.ends_with(b"ENCRYPTED");
    }
}

/// The lines of a text, without their line breaks: LF, CR, or CRs and a LF.
struct ByteLines<'a>(&'a [u8]);

impl<'a> Iterator for ByteLines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.0;
        let length = text.iter().position(|byte| is_line_break(*byte)).unwrap_or(text.len());
        let (line, behind) = text.split_at(length);
        let returns = behind.iter().take_while(|byte| **byte == b'\r').count();
        let line_break = if behind.get(returns) == Some(&b'\n') { returns + 1 } else { behind.len().min(1) };
        self.0 = behind.get(line_break..).unwrap_or_default();
        (!text.is_empty()).then_some(line)
    }
}

fn decode(digits: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut blob = Zeroizing::new(vec![0; digits.len() / 4 * 3]);
    let length = Base64::decode(digits, &mut blob).ok()?.len();
    blob.truncate(length);
    (length > 0).then_some(blob)
}

/// Replaces backslashes: with the letter after them, `n` and `r` are line breaks and `t` is a tab; before a slash, JSON allows
/// them.
fn unescape(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            plain.push(byte);
            continue;
        }
        while bytes.next_if_eq(&b'\\').is_some() {}
        match bytes.peek() {
            Some(b'n') => {
                bytes.next();
                plain.push(b'\n');
            }
            Some(b'r') => {
                bytes.next();
                plain.push(b'\r');
            }
            Some(b't') => {
                bytes.next();
                plain.push(b' ');
            }
            // A backslash at the end of a line continues it.
            Some(b'/' | b'\n' | b'\r') => {}
            _ => plain.push(b'\\'),
        }
    }
    plain
}

/// The error for base64 that did not decode, `body_at` bytes into the file. Here, the digits are examined.
fn why_not_decoded(body: &[u8], body_at: usize, escaped: bool) -> Error {
    if body.iter().any(|byte| is_quote(*byte)) {
        return Mistake::Quotes.error_at(Field::PrivateKey, body_at);
    }
    if body.contains(&b'%') {
        return Mistake::UrlEncoding.error_at(Field::PrivateKey, body_at);
    }
    let mut digits = Base64Lines::default();
    let checked = match core::str::from_utf8(body) {
        Ok(text) => text.split_ascii_whitespace().filter(|word| !word.contains(':')).try_for_each(|word| {
            let at = word.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
            digits.line(body_at + at, word)
        }),
        Err(error) => Err(Field::Base64.error_at(ErrorKind::InvalidBase64, body_at + error.valid_up_to())),
    };
    let error = checked.and_then(|()| digits.finish(body_at)).err().unwrap_or_else(|| digits.stray_bits());
    // Offsets count the bytes of the file, which escapes have changed.
    if escaped { error.at(body_at) } else { error }
}

/// Reads the lines of a PuTTY file, which begins at offset `at`.
fn putty_file(file: &[u8], at: usize) -> Result<PrivateKeyFile<'static>, Error> {
    let mut changes = Changes::default();
    let before = file.get(..at).unwrap_or_default();
    changes.around(before);
    let text = file.get(at..).unwrap_or_default();
    let has_line_breaks = |text: &[u8]| text.trim_ascii_end().iter().any(|byte| is_line_break(*byte));
    let is_escaped = !has_line_breaks(text);
    let unescaped = if is_escaped { unescape(text) } else { Zeroizing::new(text.to_vec()) };
    if is_escaped {
        if !has_line_breaks(&unescaped) {
            return Err(Mistake::JoinedLines.error_at(Field::PrivateKey, at));
        }
        changes.add(Normalization::EscapedLineBreaks);
    }
    let mut text = Zeroizing::new(Vec::with_capacity(3 * unescaped.len() + 1));
    let mut comment = Vec::new();
    let escaped_at = is_escaped.then_some(at);
    let mut places = Places { lines: Vec::new(), escaped_at, length: file.len() };
    let mut lines = ByteLines(&unescaped);
    for line in lines.by_ref() {
        let trimmed = trimmed_line(line);
        let within = trimmed.as_ptr().addr().wrapping_sub(unescaped.as_ptr().addr()).min(unescaped.len());
        places.lines.push((text.len(), at + within));
        if trimmed.len() < line.len() || trimmed.is_empty() {
            changes.add(Normalization::WhiteSpace);
        }
        if let Some(value) = trimmed.strip_prefix(COMMENT) {
            comment = value.to_vec();
            // One byte becomes at most three.
            let changed = lenient_comment(value);
            if matches!(changed, Cow::Owned(_)) {
                changes.add(Normalization::Comment);
            }
            text.extend_from_slice(COMMENT);
            text.extend_from_slice(changed.as_bytes());
        } else {
            text.extend_from_slice(trimmed);
        }
        if !trimmed.is_empty() {
            text.push(b'\n');
        }
        if trimmed.starts_with(b"Private-MAC:") {
            break;
        }
    }
    changes.around(lines.0);
    Ok(PrivateKeyFile { contents: Contents::Putty { text, comment, places }, normalizations: changes.0 })
}

/// A line without white space around it; but spaces at the end of a comment belong to it, and its MAC covers them.
fn trimmed_line(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii_start();
    if line.starts_with(COMMENT) {
        return line;
    }
    let line = line.trim_ascii_end();
    match line.strip_prefix(b"Private-MAC:") {
        Some(_) => line.get(..=line.iter().rposition(u8::is_ascii_hexdigit).unwrap_or(0)).unwrap_or(line),
        None => line,
    }
}

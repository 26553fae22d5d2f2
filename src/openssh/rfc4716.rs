//! The public key file of RFC 4716, section 3: headers and the base64 of a blob, between two marker lines.
//!
//! The RFC's rules are enforced: lines of at most 72 bytes, tags of at most 64, values of at most 1024, and nothing before
//! the begin marker. As it requires, headers with tags other than `Comment` are ignored, and a value may be continued.
//! Beyond the RFC, one blank line may follow the end marker.
//!
//! Other programs do not parse headers by these rules. So that none of them reads another key, we reject:
//!
//! - a header whose first line does not contain `": "`, and a continuation line that does, or that starts with `----`:
//!   `ssh-keygen -i` skips every line that contains `": "` or starts with `----`, and one line after each line that ends with a
//!   backslash;
//! - a continuation line that contains `AAAA`, with which the base64 of every key begins, or the same bytes in padded groups:
//!   PuTTY does not support continuation lines. It reads base64 from there on, and skips each group of four characters that is
//!   not base64;
//! - a header that ends with a backslash and white space: for asyncssh, the header continues in the next line;
//! - a CR that is not followed by LF, if the file contains an LF: for PuTTY and asyncssh, the line continues after the CR.

use crate::error::{Error, ErrorKind, Field};
use crate::key::PublicKeyRef;
use crate::text::MAX_LINE_BYTES;
use base64_simd::{AsOut, STANDARD};
use core::fmt::{self, Write};
#[cfg(feature = "alloc")]
use {
    crate::key::PublicKey,
    crate::text::{Base64Lines, TextLines, check_comment, check_text_length, or_private_key},
    alloc::{string::String, vec::Vec},
};

const BEGIN: &str = "---- BEGIN SSH2 PUBLIC KEY ----";
const END: &str = "---- END SSH2 PUBLIC KEY ----";
const MAX_WIDTH: usize = 72;
#[cfg(feature = "alloc")]
const MAX_TAG_BYTES: usize = 64;
const MAX_VALUE_BYTES: usize = 1024;

/// The width of the base64 that ssh-keygen writes.
const BASE64_WIDTH: usize = 70;

/// The start of a line that is a marker for other programs, wherever it is.
const MARKER: &str = "----";

/// The length of a comment that surely fits in one line, with the tag, the quotes and one byte to spare.
const IN_ONE_LINE: usize = 60;

/// More hyphens than certainly fit in a line: 60 fit after the tag of the header, or after a character of four bytes.
const HYPHENS: &str = "-------------------------------------------------------------";

/// The number of bytes of a blob that two such lines encode: two lines need no padding.
const BYTES_IN_TWO_LINES: usize = 2 * BASE64_WIDTH / 4 * 3;

impl<'a> PublicKeyRef<'a> {
    /// A public key file of RFC 4716, which [`Display`](fmt::Display) writes: the comment in quotes, base64 of 70 columns,
    /// LF.
    ///
    /// The RFC has no escape for a quote, and needs none: readers remove only the outer two.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLong`] for a comment over 1022 bytes, which with its quotes exceeds what the RFC allows; for more than
    /// 60 hyphens in a row, which do not fit in a line with what is before them; and for a file over [`MAX_LINE_BYTES`].
    /// [`ErrorKind::MultipleKeys`] for a comment over 60 bytes, which may need more than one line, that contains `AAAA` or a
    /// padded group such as `AA==`: PuTTY could read a key there.
    pub fn to_rfc4716(&self) -> Result<impl fmt::Display + use<'a>, Error> {
        let (comment, most) = (self.comment(), MAX_VALUE_BYTES - 2);
        if comment.len() > most {
            return Err(Field::Comment.error_at(ErrorKind::TooLong, most));
        }
        if let Some(at) = comment.find(HYPHENS) {
            return Err(Field::Comment.error_at(ErrorKind::TooLong, at));
        }
        if comment.len() > IN_ONE_LINE
            && let Some(at) = begins_a_key(comment)
        {
            return Err(Field::Comment.error_at(ErrorKind::MultipleKeys, at));
        }
        let file = File { blob: self.blob(), comment };
        let mut length = Length(0);
        // Counting cannot fail.
        let _ = write!(length, "{file}");
        if length.0 > MAX_LINE_BYTES {
            Err(Field::PublicKey.error_at(ErrorKind::TooLong, MAX_LINE_BYTES))
        } else {
            Ok(file)
        }
    }
}

/// A file to be written.
struct File<'a> {
    blob: &'a [u8],
    comment: &'a str,
}

impl fmt::Display for File<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{BEGIN}")?;
        if !self.comment.is_empty() {
            write_comment(f, self.comment)?;
        }
        for chunk in self.blob.chunks(BYTES_IN_TWO_LINES) {
            let mut text = [0; 2 * BASE64_WIDTH];
            let text = STANDARD.encode_as_str(chunk, text.as_mut_slice().as_out());
            let (first, second) = text.split_at_checked(BASE64_WIDTH).unwrap_or((text, ""));
            writeln!(f, "{first}")?;
            if !second.is_empty() {
                writeln!(f, "{second}")?;
            }
        }
        writeln!(f, "{END}")
    }
}

/// The offset of four characters that PuTTY decodes as one to three zero bytes, with which a key begins.
fn begins_a_key(text: &str) -> Option<usize> {
    text.as_bytes()
        .windows(4)
        .position(|group| matches!(group, b"AAAA" | [b'A', b'A', b'A'..=b'D', b'='] | [b'A', b'A'..=b'P', b'=', b'=']))
}

/// Writes the header, with continuation lines where it is too long.
fn write_comment(f: &mut fmt::Formatter<'_>, comment: &str) -> fmt::Result {
    let start = "Comment: \"";
    f.write_str(start)?;
    let mut column = start.len();
    let mut continued = false;
    let mut before = '"';
    for (at, c) in comment.char_indices() {
        // There must be room for a backslash or the closing quote. And ssh-keygen treats a line that contains ": " or starts
        // with "----" as a header, even if it is a continuation line: hyphens stay in one line with what is before them.
        let after = comment.get(at + c.len_utf8()..).unwrap_or_default();
        let hyphens = after.bytes().take_while(|byte| c != '-' && *byte == b'-').count();
        let hyphens = if hyphens < MARKER.len() { 0 } else { hyphens };
        if column + c.len_utf8() + hyphens + 1 > MAX_WIDTH || continued && before == ':' && c == ' ' {
            f.write_str("\\\n")?;
            column = 0;
            continued = true;
        }
        f.write_char(c)?;
        column += c.len_utf8();
        before = c;
    }
    f.write_str("\"\n")
}

/// Counts bytes.
struct Length(usize);

impl Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

#[cfg(feature = "alloc")]
impl PublicKey {
    /// Parses a public key file of RFC 4716, strictly. The comment is the value of the header `Comment`, without the quotes
    /// around it.
    ///
    /// Lines may end with LF or CRLF, or all with CR.
    ///
    /// ```
    /// use ssh_keypair::PublicKey;
    ///
    /// # let file = include_str!("../../tests/data/rsa2048.rfc4716");
    /// // let file = "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"2048-bit RSA, converted by ...";
    /// let key = PublicKey::from_rfc4716(file)?;
    /// assert!(key.to_string().starts_with("ssh-rsa AAAAB3NzaC1yc2E"));
    /// assert_eq!(key.as_public_key_ref().comment(), "2048-bit RSA, converted by user@host from OpenSSH");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidFrame`] for malformed markers and headers, and for a CR alone in a file with LF;
    /// [`ErrorKind::TooLong`]; [`ErrorKind::PrivateKeyGiven`]; the kinds that [`ErrorKind`] lists for base64 and blobs; those of
    /// [`check_comment`] for the comment.
    pub fn from_rfc4716(text: &str) -> Result<Self, Error> {
        check_text_length(text, Field::PublicKey)?;
        read(text).map_err(|error| or_private_key(text, error))
    }
}

#[cfg(feature = "alloc")]
fn invalid_frame(at: usize) -> Error {
    Field::PublicKey.error_at(ErrorKind::InvalidFrame, at)
}

#[cfg(feature = "alloc")]
fn read(text: &str) -> Result<PublicKey, Error> {
    let mut lines = TextLines::new(text);
    if lines.next() != Some((0, BEGIN)) {
        return Err(invalid_frame(0));
    }
    // If some line ends with LF, CR alone does not end a line.
    let mut crs = text.match_indices('\r').map(|(at, _)| at);
    if text.contains('\n')
        && let Some(at) = crs.find(|at| !text[at + 1..].starts_with('\n'))
    {
        return Err(invalid_frame(at));
    }
    let mut lines = Lines { lines, end: text.len() };
    let mut comment = None;
    let mut body = lines.must_follow()?;
    while body.1.contains(':') || body.1.ends_with('\\') {
        let header = Header::read(text, body, &mut lines)?;
        if let Some(value) = header.comment()?
            && comment.replace(value).is_some()
        {
            return Err(invalid_frame(header.start));
        }
        body = lines.must_follow()?;
    }
    let blob = read_body(body, &mut lines)?;
    if let Some((at, after)) = lines.next()? {
        if !after.is_empty() {
            return Err(invalid_frame(at));
        }
        if let Some((at, _)) = lines.next()? {
            return Err(invalid_frame(at));
        }
    }
    let key = PublicKeyRef::from_blob(&blob)?;
    Ok(key.with_comment(&comment.unwrap_or_default())?.into())
}

/// The lines, with their lengths checked.
#[cfg(feature = "alloc")]
struct Lines<'a> {
    lines: TextLines<'a>,
    end: usize,
}

#[cfg(feature = "alloc")]
impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<Option<(usize, &'a str)>, Error> {
        match self.lines.next() {
            Some((start, line)) if line.len() > MAX_WIDTH => {
                Err(Field::PublicKey.error_at(ErrorKind::TooLong, start + MAX_WIDTH))
            }
            line => Ok(line),
        }
    }

    /// The next line. There must be one: the end marker or a line before it.
    fn must_follow(&mut self) -> Result<(usize, &'a str), Error> {
        self.next()?.ok_or(invalid_frame(self.end))
    }
}

/// A header with its continuation lines joined.
#[cfg(feature = "alloc")]
struct Header<'a> {
    text: &'a str,
    start: usize,
    joined: String,
    tag_bytes: usize,
}

#[cfg(feature = "alloc")]
impl<'a> Header<'a> {
    fn read(text: &'a str, (start, first): (usize, &str), lines: &mut Lines<'_>) -> Result<Self, Error> {
        let tag_bytes = first.find(':').ok_or(invalid_frame(start))?;
        let (tag, value) = first.split_at(tag_bytes);
        if tag.is_empty() || !tag.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid_frame(start));
        }
        if tag.len() > MAX_TAG_BYTES {
            return Err(Field::PublicKey.error_at(ErrorKind::TooLong, start + MAX_TAG_BYTES));
        }
        if !value.starts_with(": ") {
            return Err(invalid_frame(start + tag_bytes + 1));
        }
        let mut joined = String::new();
        let (mut at_line, mut line) = (start, first);
        while let Some(continued) = line.strip_suffix('\\') {
            joined.push_str(continued);
            let (at, next) = lines.must_follow()?;
            if next.contains(": ") || next.starts_with(MARKER) || begins_a_key(next).is_some() {
                return Err(invalid_frame(at));
            }
            (at_line, line) = (at, next);
        }
        if line.trim_end_matches(|c: char| c.is_whitespace() || c.is_control()).ends_with('\\') {
            return Err(invalid_frame(at_line));
        }
        joined.push_str(line);
        let header = Self { text, start, joined, tag_bytes };
        let value = header.joined.get(tag_bytes..).unwrap_or_default();
        if value.len().saturating_sub(2) > MAX_VALUE_BYTES {
            return Err(Field::PublicKey.error_at(ErrorKind::TooLong, header.in_text(tag_bytes + 2 + MAX_VALUE_BYTES)));
        }
        Ok(header)
    }

    /// The value without the quotes around it, if this header is a comment.
    fn comment(&self) -> Result<Option<String>, Error> {
        let (tag, value) = self.joined.split_at(self.tag_bytes);
        if !tag.eq_ignore_ascii_case("Comment") {
            return Ok(None);
        }
        let value = value.strip_prefix(": ").unwrap_or_default();
        let comment = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        let at = self.tag_bytes + 2 + usize::from(comment.len() < value.len());
        check_comment(comment).map_err(|error| {
            let in_joined = at + error.offset().unwrap_or(0);
            error.at(self.in_text(in_joined)).in_text()
        })?;
        Ok(Some(String::from(comment)))
    }

    /// The offset in the text of a byte of the joined lines.
    fn in_text(&self, mut at: usize) -> usize {
        for (start, line) in TextLines::starting_at(self.text, self.start) {
            match line.strip_suffix('\\') {
                Some(continued) if at >= continued.len() => at -= continued.len(),
                _ => return start + at,
            }
        }
        self.text.len()
    }
}

/// Decodes the base64 up to the end marker. Its first line has already been read.
#[cfg(feature = "alloc")]
fn read_body(first: (usize, &str), lines: &mut Lines<'_>) -> Result<Vec<u8>, Error> {
    let mut base64 = Vec::new();
    let mut checked = Base64Lines::default();
    let (mut start, mut line) = first;
    while line != END {
        // Another marker, or the end marker with something after it.
        if line.starts_with("----") {
            return Err(invalid_frame(start));
        }
        checked.line(start, line)?;
        base64.extend_from_slice(line.as_bytes());
        (start, line) = lines.must_follow()?;
    }
    checked.finish(start)?;
    let length = STANDARD.decode_inplace(&mut base64).map_err(|_| checked.stray_bits())?.len();
    base64.truncate(length);
    Ok(base64)
}

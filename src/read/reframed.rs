//! Public key files with BEGIN and END lines whose layout is not that of their standards: rewritten for the strict parsers.
//!
//! Only what `ssh-keygen -i` reads as the same key is rewritten: white space, widths, hyphens, text before PEM, and the two
//! labels of PEM. A file with two BEGIN lines, or with a backslash in a header of RFC 4716, is left to the strict parsers.
//!
//! In RFC 4716, PuTTY skips each group of four characters that is not base64, so white space could hide base64 from it. We accept
//! white space around a line of base64 only if PuTTY rejects the file because of its BEGIN or END line. For PuTTY and asyncssh,
//! base64 begins after the first blank line, so a header there must not begin like a key.

use super::detect::KeyFormat;
#[cfg(feature = "x509")]
use super::types::count_of_keys;
use super::types::is_base64;
use crate::error::{Error, ErrorKind, Field, Mistake};
use crate::key::{KeyData, PublicKey};
use crate::pkcs::MAX_PUBLIC_DER_BYTES;
use crate::text::Normalization;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

const BEGIN: &str = "-----BEGIN ";
const RFC_BEGIN: &str = "---- BEGIN SSH2 PUBLIC KEY ----";
const RFC_END: &str = "---- END SSH2 PUBLIC KEY ----";

/// Reads an RFC 4716 file with blank lines, with white space around its lines, with base64 of any width, or with five hyphens.
pub(super) fn read_rfc4716(text: &str) -> Result<PublicKey, Error> {
    PublicKey::from_rfc4716(text).or_else(|error| match rewritten_rfc4716(text) {
        Some(text) => PublicKey::from_rfc4716(&text).map_err(|_| error),
        None if has_line_inside(text) => Err(Mistake::LineInFrame.error_at(Field::PublicKey, 0)),
        None => Err(error),
    })
}

fn rewritten_rfc4716(text: &str) -> Option<String> {
    if text.contains('\\') || text.matches("BEGIN").count() != 1 {
        return None;
    }
    let raw: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let lines: Vec<&str> = raw.iter().map(|line| line.trim()).collect();
    let [begin, inside @ .., end] = &lines[..] else { return None };
    let is_marker =
        |line: &str, marker: &str| line == marker || line == marker.replace("---- ", "-----").replace(" ----", "-----");
    if !is_marker(begin, RFC_BEGIN) || !is_marker(end, RFC_END) {
        return None;
    }
    let headers = inside.iter().take_while(|line| line.contains(": ")).count();
    let (headers, base64) = inside.split_at(headers);
    let has_spaces = raw.iter().zip(&lines).skip(1 + headers.len()).take(base64.len()).any(|(raw, line)| raw != line);
    let has_markers = raw.first() == Some(&RFC_BEGIN) && raw.last() == Some(&RFC_END);
    let base64 = base64.concat();
    if base64.contains([':', ' ', '\t', '-']) || has_spaces && has_markers || may_begin_a_key(text, headers) {
        return None;
    }
    let mut written = String::from(RFC_BEGIN);
    for line in headers {
        written.push('\n');
        written.push_str(line);
    }
    push_wrapped(&mut written, &base64, 70);
    written.push_str(RFC_END);
    Some(written)
}

/// Whether a header that follows a blank line could be the start of the base64 of a key.
fn may_begin_a_key(text: &str, headers: &[&str]) -> bool {
    let mut after_blank = text.lines().map(str::trim).skip_while(|line| !line.is_empty());
    let header = after_blank.find(|line| !line.is_empty()).filter(|line| headers.contains(line));
    let is_other = |group: &str| group != "AAAA" && group.chars().all(|c| is_base64(c) && c != '=');
    header.is_some_and(|line| !line.get(..4).is_some_and(is_other))
}

/// Whether a line of OpenSSH is between BEGIN and END.
fn has_line_inside(text: &str) -> bool {
    text.lines().skip(1).any(|line| line.contains(" AAAA"))
}

fn push_wrapped(text: &mut String, base64: &str, width: usize) {
    text.push('\n');
    let mut rest = base64;
    while let Some((line, behind)) = rest.split_at_checked(width.min(rest.len())).filter(|(line, _)| !line.is_empty()) {
        text.push_str(line);
        text.push('\n');
        rest = behind;
    }
}

/// Whether a text contains the BEGIN line of a public key as PEM, and no other BEGIN line.
pub(super) fn has_one_pem(text: &str) -> bool {
    text.matches(BEGIN).count() == 1
        && (text.contains("-----BEGIN PUBLIC KEY-----") || text.contains("-----BEGIN RSA PUBLIC KEY-----"))
}

/// The text before the BEGIN line of a PEM.
pub(super) fn before_pem(text: &str) -> &str {
    text.split_once(BEGIN).map_or("", |(before, _)| before)
}

/// Reads a public key as PEM with text before it, with base64 of any width, or with the other label. A point that was compressed
/// is reported. The format is that of the contents.
pub(super) fn read_pem(text: &str) -> Result<(PublicKey, KeyFormat, Option<Normalization>), Error> {
    let read = |pem: &str| {
        let key = PublicKey::from_pem(pem)?;
        let strict = KeyData::from_pem(pem, &mut vec![0; MAX_PUBLIC_DER_BYTES]).map(|_| ());
        let is_compressed = strict.is_err_and(|error| error.kind() == ErrorKind::UnsupportedPointFormat);
        let is_pkcs1 = pem.starts_with("-----BEGIN RSA ");
        let format = if is_pkcs1 { KeyFormat::Pkcs1PublicPem } else { KeyFormat::SpkiPem };
        Ok((key, format, is_compressed.then_some(Normalization::ExpandedPoint)))
    };
    read(text).or_else(|error| {
        let Some((label, base64)) = parts_of_pem(text) else { return Err(error) };
        let is_pkcs1 = label == "RSA PUBLIC KEY";
        let with_label = |label| read(&framed(label, &base64));
        match (with_label("PUBLIC KEY"), with_label("RSA PUBLIC KEY")) {
            (Ok(key), _) => Ok(key),
            (_, Ok(key)) if is_pkcs1 => Ok(key),
            (_, Ok(_)) => Err(Mistake::Pkcs1Label.error_at(Field::PublicKey, 0)),
            (Err(spki), _) if !is_pkcs1 => Err(spki),
            (_, Err(pkcs1)) => Err(pkcs1),
        }
    })
}

/// The PEM of a certificate with text before it, or with base64 of any width, as the strict parser expects it. None if there
/// is not exactly one BEGIN line, or if there is a key next to it.
#[cfg(feature = "x509")]
pub(crate) fn read_certificate(text: &str) -> Option<String> {
    let (label, base64) = parts_of_pem(text).filter(|_| count_of_keys(text) == 0)?;
    (label == "CERTIFICATE").then(|| framed(label, &base64))
}

/// A PEM with 64 columns.
fn framed(label: &str, base64: &str) -> String {
    let mut written = ["-----BEGIN ", label, "-----"].concat();
    push_wrapped(&mut written, base64, 64);
    written.push_str(&["-----END ", label, "-----\n"].concat());
    written
}

/// The label, and the base64 without white space. None if there is not one block at the end of the text.
fn parts_of_pem(text: &str) -> Option<(&str, String)> {
    let (before, block) = text.split_once(BEGIN).filter(|_| text.matches(BEGIN).count() == 1)?;
    if !before.is_empty() && !before.ends_with(['\n', '\r']) {
        return None;
    }
    let (label, block) = block.split_once("-----")?;
    let (base64, end) = block.split_once("-----END ")?;
    (end.trim_end().strip_suffix("-----") == Some(label)).then(|| (label, base64.split_ascii_whitespace().collect()))
}

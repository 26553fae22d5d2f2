//! Names the mistake in a text that is not accepted as a public key.

use crate::error::{Error, ErrorKind, Field, Mistake};
use crate::key::{Algorithm, is_certificate_name, is_signature_algorithm};
use crate::read::KeyFormat;
use base64ct::{Base64, Encoding};

/// The error of a rejected text: the mistake that explains it, if there is one.
pub(super) fn named(text: &str, error: Error) -> Error {
    match error.kind() {
        ErrorKind::UnknownKeyType
        | ErrorKind::InvalidBase64
        | ErrorKind::InvalidCharacter
        | ErrorKind::InvalidSeparator
        | ErrorKind::InvalidFrame
        | ErrorKind::MissingField
        | ErrorKind::NotAnOpensshLine
        | ErrorKind::OptionsNotAllowed
        | ErrorKind::SurroundingSpace => explained(text).unwrap_or(error),
        _ => error,
    }
}

fn explained(text: &str) -> Option<Error> {
    let at = text.len() - text.trim_start().len();
    let line = text.trim();
    match KeyFormat::detect(line) {
        Some(KeyFormat::X509Pem) => return Some(Mistake::X509.error_at(Field::PublicKey, at)),
        Some(KeyFormat::Rfc4716) if !line.contains("END SSH2 PUBLIC KEY") => {
            return Some(Mistake::NoEnd.error_at(Field::PublicKey, text.len()));
        }
        _ => {}
    }
    if count_of_keys(line) > 1 {
        return Some(Field::PublicKey.error_at(ErrorKind::MultipleKeys, at));
    }
    let first = line.split_whitespace().next().unwrap_or_default();
    if let Some(line_break) = line.find(['\r', '\n']).filter(|_| is_type(first)) {
        return Some(Field::Base64.error_at(ErrorKind::InvalidCharacter, at + line_break));
    }
    mistake_in(line).map(|mistake| mistake.error_at(Field::PublicKey, at))
}

/// How many lines begin with a key type.
fn count_of_keys(text: &str) -> usize {
    let is_type = |word: &str| is_type(word);
    text.lines().filter(|line| line.split_whitespace().next().is_some_and(is_type)).count()
}

fn is_type(word: &str) -> bool {
    Algorithm::of_name(word.as_bytes()).is_some() || is_certificate_name(word.as_bytes())
}

/// The type in the blob that a word encodes, and whether the word is base64 of a blob at all.
fn type_in(word: &str) -> Option<Option<&'static str>> {
    if !word.starts_with("AAAA") {
        return None;
    }
    let digits = word.get(..word.len().min(64) / 4 * 4)?;
    let mut blob = [0; 48];
    let blob = Base64::decode(digits, &mut blob).ok()?;
    let (length, rest) = blob.split_first_chunk::<4>()?;
    let name = rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    Some(Algorithm::of_name(name).map(Algorithm::as_str))
}

fn mistake_in(line: &str) -> Option<Mistake> {
    let mut words = line.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    let first = words.next()?;
    let second = words.next().unwrap_or_default();
    if first.contains('\u{0}') {
        return Some(Mistake::Utf16);
    }
    if first.starts_with("ssh-xmss") {
        return Some(Mistake::Xmss);
    }
    if is_signature_algorithm(first.as_bytes()) {
        return Some(Mistake::SignatureType);
    }
    if let Some(name) = type_in(first) {
        return name.map(Mistake::NoKeyType);
    }
    if is_type(first) {
        return line.contains(['\\']).then_some(Mistake::Escapes);
    }
    if is_fingerprint(first) || is_fingerprint(second) {
        return Some(Mistake::Fingerprint);
    }
    let has_key = line.contains(" AAAA") || line.contains("%20AAAA") || line.contains("+AAAA");
    if !has_key {
        return is_path(first).then_some(Mistake::Path);
    }
    if first.contains("%20") || line.contains("%20AAAA") {
        return Some(Mistake::UrlEncoding);
    }
    let key_at = line.find(" AAAA").unwrap_or(0);
    let before = line.get(..key_at).unwrap_or_default();
    if before.contains(['"', '\'', '`']) {
        return (!before.contains("=\"") || before.contains(" = ") || before.starts_with('"'))
            .then_some(Mistake::Quotes);
    }
    if matches!(first, "-" | "*" | "\u{2013}" | "\u{2014}" | "\u{2022}") {
        return Some(Mistake::ListDash);
    }
    if let Some(name) = type_in(second).flatten() {
        if first.split_once(':').is_some_and(|(_, word)| is_type(word)) {
            return Some(Mistake::UserName);
        }
        return Some(Mistake::OtherTypeName(name));
    }
    // A host name, several, or a hash, before a type.
    let is_host = first.starts_with('[') || first.starts_with("|1|") || first.contains('.');
    (is_host && is_type(second) && !first.contains('=')).then_some(Mistake::HostName)
}

fn is_fingerprint(word: &str) -> bool {
    let is_colon_hex =
        word.len() == 47 && word.split(':').all(|pair| pair.len() == 2 && u8::from_str_radix(pair, 16).is_ok());
    word.starts_with("SHA256:") || word.starts_with("MD5:") || is_colon_hex
}

fn is_path(word: &str) -> bool {
    let starts = ["~", "/", "./", "../", "$", "file:", "http:", "https:", "C:\\"];
    word.contains("://") || word.ends_with(".pub") || starts.iter().any(|start| word.starts_with(start))
}

//! Names the mistake in a text that is not accepted as a public key.

use super::detect::KeyFormat;
use super::extra::{before_type, in_base64};
use super::single_spaces::{with_plus_signs, without_breaks};
use super::surroundings::{in_whole, without_surroundings};
use super::types::{count_of_keys, is_base64, is_type};
use crate::error::{Error, ErrorKind, Field, Mistake};
use crate::fingerprint::{Fingerprint, Sha1Fingerprint};
use crate::key::{Algorithm, PublicKey, is_certificate_name, is_signature_algorithm};
use crate::openssh::{are_hosts, has_options};
use alloc::vec::Vec;
use base64ct::{Base64Unpadded, Encoding};

/// The error of a rejected text: the mistake that explains it, if there is one.
pub(super) fn named(text: &str, error: Error) -> Error {
    match error.kind() {
        ErrorKind::UnknownKeyType
        | ErrorKind::InvalidBase64
        | ErrorKind::InvalidCharacter
        | ErrorKind::InvalidFrame
        | ErrorKind::InvalidOptions
        | ErrorKind::InvalidSeparator
        | ErrorKind::MissingField
        | ErrorKind::NonCanonicalBase64
        | ErrorKind::NotAnOpensshLine
        | ErrorKind::OptionsNotAllowed
        | ErrorKind::SurroundingSpace
        | ErrorKind::Truncated
        | ErrorKind::TypeMismatch => explained(text, error).unwrap_or(error),
        _ => error,
    }
}

fn explained(text: &str, error: Error) -> Option<Error> {
    let at = text.len() - text.trim_start().len();
    let line = text.trim();
    if line.is_empty() {
        return Some(Field::PublicKey.error(ErrorKind::Empty));
    }
    match KeyFormat::detect(line) {
        // Its label begins like that of a certificate.
        _ if line.contains("CERTIFICATE REQUEST-----") => {}
        Some(KeyFormat::Rfc4716) if !line.contains("END SSH2 PUBLIC KEY") => {
            return Some(Mistake::NoEnd.error_at(Field::PublicKey, text.len()));
        }
        format if format == Some(KeyFormat::X509Pem) || line.contains("-----BEGIN CERTIFICATE-----") => {
            return Some(Mistake::X509.error_at(Field::PublicKey, at));
        }
        _ => {}
    }
    if has_line_in_frame(line) {
        return Some(Mistake::LineInFrame.error_at(Field::PublicKey, at));
    }
    if count_of_keys(line) + count_of_frames(line) > 1 {
        return Some(Field::PublicKey.error_at(ErrorKind::MultipleKeys, at));
    }
    if let Some(mistake) = mistake_in_frame(line) {
        return Some(mistake.error_at(Field::PublicKey, at));
    }
    // A line of known_hosts with comments before it, as ssh-keyscan writes it.
    let (inner, skipped, has_comments) = without_surroundings(line);
    if has_comments && !inner.is_empty() && !inner.starts_with('#') {
        return explained(inner, error).map(|error| in_whole(error, at + skipped));
    }
    let first = line.split_whitespace().next().unwrap_or_default();
    if let Some(mistake) = mistake_in(line, error) {
        // The error of the base64 has the place.
        return Some(match (mistake, error.field(), error.offset()) {
            (Mistake::Extra(_), Some(Field::Base64), Some(offset)) => mistake.error_at(Field::Base64, offset),
            _ => mistake.error_at(Field::PublicKey, at),
        });
    }
    let line_break = line.find(['\r', '\n']).filter(|_| is_type(first))?;
    let has_comment = line.get(..line_break).is_some_and(|line| line.split_whitespace().count() > 2);
    let field = if has_comment { Field::PublicKey } else { Field::Base64 };
    Some(field.error_at(ErrorKind::InvalidCharacter, at + line_break))
}

/// The reason why a text is not a certificate, if it is something else that people paste.
#[cfg(feature = "x509")]
pub(crate) fn why_no_certificate(text: &str, error: Error) -> Error {
    let is_frame = error.kind() == ErrorKind::InvalidFrame;
    if !is_frame && error.kind() != ErrorKind::NotACertificate {
        return error;
    }
    let mistake = match KeyFormat::detect(text) {
        _ if text.contains('\0') => Some(Mistake::Utf16),
        Some(format) if format.is_public_key() => Some(Mistake::PublicKey),
        _ => match mistake_in_frame(text) {
            Some(Mistake::X509) => Some(Mistake::CertificateLabel),
            mistake => mistake,
        },
    };
    // The error of a frame has the place.
    let mistake = mistake.filter(|mistake| !is_frame || *mistake == Mistake::Escapes);
    mistake.map_or(error, |mistake| mistake.error_at(Field::PublicKey, 0))
}

/// How many BEGIN lines of public keys there are.
fn count_of_frames(text: &str) -> usize {
    let is_begin = |line: &str| {
        let line = line.trim_start();
        (line.starts_with("-----BEGIN ") || line.starts_with("---- BEGIN ")) && line.contains("PUBLIC KEY")
    };
    text.lines().filter(|line| is_begin(line)).count()
}

/// Whether a text is a BEGIN line, the line of a key, and an END line.
pub(super) fn has_line_in_frame(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(4).collect();
    matches!(lines[..], [begin, key, end] if begin.contains("BEGIN ") && end.contains("END ") && count_of_keys(key) == 1)
}

/// The mistake in a text that has, or should have, BEGIN and END lines.
fn mistake_in_frame(text: &str) -> Option<Mistake> {
    let has = |word: &str| text.contains(word);
    if has("-----BEGIN CERTIFICATE REQUEST-----") || has("-----BEGIN NEW CERTIFICATE REQUEST-----") {
        return Some(Mistake::CertificateRequest);
    }
    if has("-----BEGIN X509 CERTIFICATE-----") || has("-----BEGIN TRUSTED CERTIFICATE-----") {
        return Some(Mistake::X509);
    }
    let has_line = text.contains(" AAAA");
    let is_marker = |line: &str, word: &str| {
        let line = line.to_ascii_uppercase();
        let label = line.find(word).and_then(|at| line.get(at..)).unwrap_or_default();
        label.contains("PUBLIC KEY") || label.contains("CERTIFICATE")
    };
    let (begins, ends) =
        (text.lines().find(|line| is_marker(line, "BEGIN ")), text.lines().any(|line| is_marker(line, "END ")));
    match begins {
        _ if has_line => None,
        Some(line) => {
            let line = line.trim();
            let is_whole = |start: &str, end: &str| {
                line.strip_prefix(start).is_some_and(|line| !line.starts_with('-'))
                    && line.strip_suffix(end).is_some_and(|line| !line.ends_with('-'))
            };
            if line.contains(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}']) {
                Some(Mistake::Dashes)
            } else if line.contains("\\n") || line.contains("\\r") {
                Some(Mistake::Escapes)
            } else if line.starts_with(['"', '\'', '`', '{', '[']) {
                Some(Mistake::Quotes)
            } else if line.contains("END ") || line.len() > 64 {
                Some(Mistake::JoinedLines)
            } else if is_whole("-----BEGIN ", "-----") || is_whole("---- BEGIN ", " ----") {
                (!ends).then_some(Mistake::NoEnd)
            } else {
                Some(Mistake::BrokenBegin)
            }
        }
        None if ends || is_body(text) => Some(Mistake::NoBegin),
        None => None,
    }
}

/// Whether a text is several lines of base64 of DER, as between BEGIN and END.
fn is_body(text: &str) -> bool {
    text.starts_with('M')
        && text.lines().count() > 1
        && text.lines().map(str::trim).all(|line| line.chars().all(is_base64))
}

/// The name in the blob that a word encodes.
struct Name {
    bytes: [u8; MAX_NAME_BYTES],
    length: usize,
}

/// The length of the longest name, with the four bytes of its length.
const MAX_NAME_BYTES: usize = 69;

impl Name {
    /// None if the word is not base64 of a blob.
    fn in_word(word: &str) -> Option<Self> {
        if !word.starts_with("AAAA") {
            return None;
        }
        let digits = word.bytes().take(MAX_NAME_BYTES / 3 * 4).take_while(|byte| *byte != b'=').count();
        let mut bytes = [0; MAX_NAME_BYTES];
        let blob = Base64Unpadded::decode(word.get(..digits / 4 * 4)?, &mut bytes).ok()?;
        let (length, rest) = blob.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        rest.get(..length)?;
        Some(Self { bytes, length })
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(4..4 + self.length).unwrap_or_default()
    }

    /// The name of a supported type, or of its certificates.
    fn known(&self) -> Option<&'static str> {
        let name = self.as_bytes();
        let certificate = || Algorithm::of_certificate_name(name)?.certificate_name();
        Algorithm::of_name(name).map(Algorithm::as_str).or_else(certificate)
    }
}

/// The supported type in the blob that a word encodes.
fn type_in(word: &str) -> Option<&'static str> {
    Name::in_word(word)?.known()
}

fn mistake_in(line: &str, error: Error) -> Option<Mistake> {
    let words: Vec<&str> = line.split_whitespace().take(4).collect();
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    let (first, second) = (word(0), word(1));
    let alone = second.is_empty();
    let zeros = |from: usize| first.len() > 1 && first.bytes().skip(from).step_by(2).all(|byte| byte == 0);
    if zeros(0) || zeros(1) {
        return Some(Mistake::Utf16);
    }
    if first.starts_with("ssh-xmss") {
        return Some(Mistake::Xmss);
    }
    if first.starts_with("webauthn-") {
        return Some(type_in(second).map_or(Mistake::SignatureType, Mistake::OtherTypeName));
    }
    if is_type(first) {
        return mistake_in_base64(line, first);
    }
    if let Some(extra) = before_type(line) {
        return Some(Mistake::Extra(extra));
    }
    // A signature algorithm of RSA before an RSA key has an error of its own.
    if is_signature_algorithm(first.as_bytes()) {
        return (error.kind() != ErrorKind::TypeMismatch).then_some(Mistake::SignatureType);
    }
    if let Some(name) = Name::in_word(first) {
        return match name.known() {
            Some(name) => Some(Mistake::NoKeyType(name)),
            None => name.as_bytes().starts_with(b"ssh-xmss").then_some(Mistake::Xmss),
        };
    }
    // Base64 is a fingerprint only if it is alone: a line of a longer text may be as long as one.
    let is_single = !line.contains(['\n', '\r']);
    if is_single && (is_fingerprint(line) || is_fingerprint(first)) || line.lines().any(has_named_fingerprint) {
        return Some(Mistake::Fingerprint);
    }
    if is_ssh1(line) {
        return Some(Mistake::Ssh1);
    }
    if (alone || !is_single) && is_base64_of_line(first) {
        return Some(Mistake::Base64OfLine);
    }
    // Quotes, JSON and similar are around a key.
    let Some(blob_at) = line.find("AAAA") else {
        // In quotes, or in a call or an assignment.
        let (name, value) = line.split_once(['(', '=']).unwrap_or(("", line));
        let is_name =
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_- ".contains(&byte)) && name.len() < 32;
        let quoted = if is_name { value } else { line }.trim_matches(['"', '\'', '`', '(', ')', ' ']);
        return (is_path(first) || is_single && is_path(quoted)).then_some(Mistake::Path);
    };
    let before = line.get(..blob_at).unwrap_or_default();
    if before.ends_with("%20") || before.ends_with('+') && !before.contains(' ') {
        return Some(Mistake::UrlEncoding);
    }
    if has_options(line) && !are_hosts(first) {
        return None;
    }
    // Where options are allowed, a quote that is not closed is an error in them.
    let may_be_open = error.kind() != ErrorKind::InvalidOptions;
    let is_open = |quote: char| {
        before.matches(quote).count() % 2 == 1
            && (may_be_open || line.trim_end_matches(['}', ']', ',']).ends_with(quote))
    };
    if ['"', '\'', '`'].into_iter().any(is_open) || before.contains(['\u{201c}', '\u{201e}', '\u{2018}', '\u{ab}']) {
        return Some(Mistake::Quotes);
    }
    if matches!(first, "-" | "*" | "\u{2013}" | "\u{2014}" | "\u{2022}" | "+") {
        return Some(Mistake::ListDash);
    }
    if first.split_once(':').is_some_and(|(_, word)| is_type(word)) {
        return Some(Mistake::UserName);
    }
    if let Some(name) = type_in(second) {
        return Some(Mistake::OtherTypeName(name));
    }
    // A host name, several, or a hash, before a type.
    let is_host = are_hosts(first) && is_type(second);
    (is_host || first.starts_with('@') && is_type(word(2))).then_some(Mistake::HostName)
}

/// The mistake in what follows a type.
fn mistake_in_base64(line: &str, type_name: &str) -> Option<Mistake> {
    let base64 = line.split_whitespace().nth(1).unwrap_or_default();
    if base64.contains('\\') {
        return Some(Mistake::Escapes);
    }
    if base64.contains('%') {
        return Some(Mistake::UrlEncoding);
    }
    if has_named_fingerprint(line) || line.split_whitespace().skip(2).any(is_fingerprint) && !base64.starts_with("AAAA")
    {
        return Some(Mistake::Fingerprint);
    }
    if base64.starts_with(['"', '\'', '`']) || base64.ends_with(['"', '\'', '`', ',', ';']) {
        return Some(Mistake::Quotes);
    }
    // Another name of the same type: the base64 contains one, and the line another.
    let name = Name::in_word(base64);
    let other = name.as_ref().and_then(Name::known).filter(|name| *name != type_name);
    if let Some(name) = other {
        return Some(Mistake::OtherTypeName(name));
    }
    let has_break =
        !line.contains(['\n', '\r']) && without_breaks(line).any(|line| PublicKey::from_openssh(&line).is_ok());
    if has_break {
        return Some(Mistake::SpaceInBase64);
    }
    if !line.contains(['\n', '\r']) && with_plus_signs(line).any(|line| PublicKey::from_openssh(&line).is_ok()) {
        return Some(Mistake::PlusAsSpace);
    }
    in_base64(base64).map(Mistake::Extra)
}

/// Whether a line has a fingerprint with the name of its hash as one of its first words, as `ssh-keygen` prints them, and no key.
fn has_named_fingerprint(line: &str) -> bool {
    let is_named = |word: &str| word.split_once(':').is_some_and(|(name, _)| name.starts_with("SHA") || name == "MD5");
    !line.contains(" AAAA")
        && line.split_whitespace().take(4).any(|word| is_named(word) && word.parse::<Fingerprint>().is_ok())
}

fn is_fingerprint(text: &str) -> bool {
    let bare = text.trim_start_matches("SHA256:").trim_start_matches("MD5:");
    bare.len() < text.len() || text.parse::<Fingerprint>().is_ok() || Sha1Fingerprint::from_colon_hex(text).is_ok()
}

/// Whether a line has the words of a key of SSH version 1, perhaps after a host or options: bits, exponent and modulus.
fn is_ssh1(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(5).collect();
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    words.windows(3).any(|words| matches!(words, [_, _, modulus] if modulus.len() > 100 && words.iter().all(is_number)))
}

/// Whether a word is base64 of a line that begins with a type.
fn is_base64_of_line(word: &str) -> bool {
    let digits = word.len().min(64) / 4 * 4;
    let mut decoded = [0; 48];
    let decoded = word.get(..digits).and_then(|digits| Base64Unpadded::decode(digits, &mut decoded).ok());
    decoded.is_some_and(|line| {
        line.split(|byte| *byte == b' ')
            .next()
            .is_some_and(|word| Algorithm::of_name(word).is_some() || is_certificate_name(word))
    })
}

fn is_path(word: &str) -> bool {
    let starts = ["~", "/", "./", "../", "$", "file:", "http:", "https:", "C:\\", "C:/", "\\\\", "%USERPROFILE%"];
    word.contains("://")
        || word.ends_with(".pub")
        || word.ends_with(".keys")
        || starts.iter().any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use base64ct::Base64;
    use std::format;

    const RSA: &str = include_str!("../../tests/data/rsa2048.pub");
    const ED25519: &str = include_str!("../../tests/data/ed25519.pub");
    const SK: &str = include_str!("../../tests/data/ecdsa256sk.pub");

    /// The mistake in a text that is rejected as a key.
    fn mistake(text: &str) -> Option<Mistake> {
        let error: Error = PublicKey::from_openssh(text).unwrap_err();
        match named(text, error).kind() {
            ErrorKind::Mistake(mistake) => Some(mistake),
            _ => None,
        }
    }

    fn base64(line: &str) -> &str {
        line.split(' ').nth(1).unwrap()
    }

    #[test]
    fn what_is_around_a_key_is_named() {
        for (name, line) in [("ssh-rsa", RSA.trim_end()), ("ssh-ed25519", ED25519.trim_end())] {
            let base64 = base64(line);
            for (text, expected) in [
                (format!("\"{line}\""), Mistake::Quotes),
                (format!("'{line}'"), Mistake::Quotes),
                (format!("`{line}`"), Mistake::Quotes),
                (format!("\u{201c}{line}\u{201d}"), Mistake::Quotes),
                (format!("{{\"public_key\": \"{line}\"}}"), Mistake::Quotes),
                (format!("{{\"public_key\":\"{line}\"}}"), Mistake::Quotes),
                (format!("[\"{line}\"]"), Mistake::Quotes),
                (format!("public_key = \"{line}\""), Mistake::Quotes),
                (format!("public_key=\"{line}\""), Mistake::Quotes),
                (format!("ssh_authorized_keys: '{line}'"), Mistake::Quotes),
                (format!("{name} \"{base64}\""), Mistake::Quotes),
                (format!("- {line}"), Mistake::ListDash),
                (format!("  * {line}"), Mistake::ListDash),
                (format!("\u{2022} {line}"), Mistake::ListDash),
                (format!("{name}%20{base64}"), Mistake::UrlEncoding),
                (format!("{name}+{base64}+me"), Mistake::UrlEncoding),
                (format!("{name} {}", base64.replacen('A', "%2B", 1)), Mistake::UrlEncoding),
                (format!("{name} {}\\r\\n{}", &base64[..40], &base64[40..]), Mistake::Escapes),
                (format!("{name} {}\\n", &base64[..40]), Mistake::Escapes),
                (format!("alice:{line}"), Mistake::UserName),
                (format!("host.example {line}"), Mistake::HostName),
                (format!("localhost {line}"), Mistake::HostName),
                (format!("[host.example]:2222 {line}"), Mistake::HostName),
                (format!("|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= {line}"), Mistake::HostName),
                (format!("@cert-authority *.example {line}"), Mistake::HostName),
            ] {
                assert_eq!(mistake(&text), Some(expected), "{text}");
            }
            let options = format!("restrict,command=\"AAAA\" {line}");
            assert_eq!(mistake(&options), None);
        }
    }

    #[test]
    fn what_is_pasted_instead_of_a_key_is_named() {
        for (text, expected) in [
            ("~/.ssh/id_rsa.pub", Mistake::Path),
            ("/home/me/key", Mistake::Path),
            ("id_ed25519.pub", Mistake::Path),
            ("https://github.com/me.keys", Mistake::Path),
            ("file://C:/key", Mistake::Path),
            ("$(cat ~/.ssh/id_rsa.pub)", Mistake::Path),
            ("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", Mistake::Fingerprint),
            ("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", Mistake::Fingerprint),
            ("2048 SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU me (RSA)", Mistake::Fingerprint),
            ("MD5:d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e", Mistake::Fingerprint),
            ("d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e", Mistake::Fingerprint),
            ("ssh-xmss@openssh.com AAAAFHNzaC14bXNzQG9wZW5zc2guY29tAAAA", Mistake::Xmss),
            ("s\0s\0h\0", Mistake::Utf16),
            ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", Mistake::X509),
            ("Bag Attributes\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", Mistake::X509),
            ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", Mistake::NoEnd),
        ] {
            assert_eq!(mistake(text), Some(expected), "{text}");
        }
        let ssh1 = format!("1024 35 {} me@host", "1234567890".repeat(30));
        assert_eq!(mistake(&ssh1), Some(Mistake::Ssh1));
        assert_eq!(mistake(&Base64::encode_string(RSA.as_bytes())), Some(Mistake::Base64OfLine));
        for text in ["", "hello", "hello world", "1024 35 12", "AAAA", "ssh-new AAAA", "aGVsbG8gd29ybGQ="] {
            assert_eq!(mistake(text), None, "{text}");
        }
    }

    #[test]
    fn the_right_name_of_the_type_is_given() {
        let sk = "sk-ecdsa-sha2-nistp256@openssh.com";
        for (text, expected) in [
            (base64(RSA).into(), Mistake::NoKeyType("ssh-rsa")),
            (format!("{} me@host", base64(ED25519)), Mistake::NoKeyType("ssh-ed25519")),
            (base64(SK).into(), Mistake::NoKeyType(sk)),
            (format!("rsa {}", base64(RSA)), Mistake::OtherTypeName("ssh-rsa")),
            (format!("ed25519 {}", base64(ED25519)), Mistake::OtherTypeName("ssh-ed25519")),
            (format!("sk-ecdsa {} me", base64(SK)), Mistake::OtherTypeName(sk)),
            (format!("ssh-rsa {}", base64(ED25519)), Mistake::OtherTypeName("ssh-ed25519")),
            (format!("webauthn-{sk} {}", base64(SK)), Mistake::OtherTypeName(sk)),
            (format!("webauthn-{sk}"), Mistake::SignatureType),
        ] {
            assert_eq!(mistake(&text), Some(expected), "{text}");
        }
        // The name of a signature algorithm of RSA has an error of its own.
        let text = format!("rsa-sha2-512 {}", base64(RSA));
        let error = PublicKey::from_openssh(&text).unwrap_err();
        assert_eq!((named(&text, error), error.kind()), (error, ErrorKind::TypeMismatch));
    }

    #[test]
    fn white_space_inside_the_base64_is_named() {
        for line in [RSA, ED25519, SK] {
            let (name, base64) = (line.split(' ').next().unwrap(), base64(line));
            for at in [8, 31, 40, base64.len() - 8] {
                let (start, end) = base64.split_at(at);
                for end in [format!("{end} me"), end.into()] {
                    assert_eq!(mistake(&format!("{name} {start} {end}")), Some(Mistake::SpaceInBase64), "{at}");
                }
            }
            assert_eq!(mistake(&format!("{name} {} me", &base64[..40])), None);
        }
    }

    #[test]
    fn two_keys_are_named() {
        for text in [format!("{RSA}{ED25519}"), format!("{RSA}\n\n{RSA}"), format!("x {RSA}y\n{ED25519}{RSA}")] {
            let error = PublicKey::from_openssh(&text).unwrap_err();
            assert_eq!(named(&text, error).kind(), ErrorKind::MultipleKeys, "{text}");
        }
    }
}

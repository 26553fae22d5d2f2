//! Private keys as people paste them: each kind of damage on keys of several types and formats. The key is that of the clean file,
//! or the error names the mistake.

#![cfg(feature = "std")]

use crate::common::data;
use ssh_keypair::{ErrorKind, Mistake, Normalization, PrivateKey, ReadOptions};

const PEM: [&str; 5] =
    ["rsa2048.pkcs1.pem", "rsa2048.pkcs8.pem", "rsa2048.openssh", "ed25519.openssh", "ecdsa256.openssh"];
const PUTTY: [&str; 1] = ["rsa2048.ppk"];

fn files(names: &[&str]) -> Vec<(String, String)> {
    names.iter().map(|name| (name.to_string(), data(&format!("private/{name}")))).collect()
}

/// Checks that a damaged text gives the key of the clean one, reports this and only this, and is rejected by the strict parser.
fn is_read(name: &str, clean: &str, damaged: impl AsRef<[u8]>, expected: &[Normalization]) {
    let options = ReadOptions::new();
    let key = PrivateKey::parse(clean, &options).unwrap();
    let (read, report) = match PrivateKey::parse_with_report(&damaged, &options) {
        Ok(read) => read,
        Err(error) => panic!("{name}: {error}"),
    };
    assert_eq!(read, key, "{name}");
    assert_eq!(report.normalizations, expected, "{name}");
    let strict = match name {
        name if name.ends_with(".ppk") => PrivateKey::from_ppk(&damaged, &options),
        name if name.ends_with(".openssh") => PrivateKey::from_openssh(&damaged, &options),
        _ => PrivateKey::from_pem(&damaged, &options),
    };
    assert!(strict.is_err(), "{name}");
}

fn is_named(name: &str, damaged: impl AsRef<[u8]>, expected: Mistake) {
    let error = PrivateKey::parse(damaged, &ReadOptions::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mistake(expected), "{name}");
}

/// A text with its base64 in lines of this width.
fn with_width(text: &str, width: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let base64 = lines[1..lines.len() - 1].concat();
    let chunks: Vec<&str> = base64.as_bytes().chunks(width).map(|chunk| std::str::from_utf8(chunk).unwrap()).collect();
    format!("{}\n{}\n{}\n", lines[0], chunks.join("\n"), lines[lines.len() - 1])
}

#[test]
fn white_space_anywhere_is_skipped() {
    use Normalization::WhiteSpace;
    for (name, text) in files(&[&PEM[..], &PUTTY].concat()) {
        for before in ["\n", "  ", "\u{feff}", "\t\r\n\n"] {
            is_read(&name, &text, format!("{before}{text}"), &[WhiteSpace]);
        }
        for after in ["\n\n", " \n", "\0", "\u{1a}", "\r\n \0\0"] {
            is_read(&name, &text, format!("{}\n{after}", text.trim_end()), &[WhiteSpace]);
        }
        is_read(&name, &text, text.replace('\n', " \n").replace("test key \n", "test key\n"), &[WhiteSpace]);
        is_read(&name, &text, format!("    {}", text.trim_end().replace('\n', "\n    ")), &[WhiteSpace]);
        is_read(&name, &text, text.replace("\n", "\n\n"), &[WhiteSpace]);
        for line_break in ["\r\n", "\r"] {
            let read = PrivateKey::parse_with_report(text.replace('\n', line_break), &ReadOptions::new()).unwrap();
            assert_eq!(read.1.normalizations, [], "{name}");
        }
    }
}

#[test]
fn text_around_a_key_is_skipped() {
    for (name, text) in files(&PEM) {
        for around in
            ["Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n", "# mine\n", "OCI_API_KEY\n"]
        {
            is_read(&name, &text, format!("{around}{text}"), &[Normalization::SurroundingText]);
            is_read(&name, &text, format!("{text}{around}"), &[Normalization::SurroundingText]);
        }
        let certificate = data("x509/rsa2048.pem");
        is_read(&name, &text, format!("{text}{certificate}"), &[Normalization::SurroundingText]);
    }
}

#[test]
fn base64_of_any_width_is_read_without_a_remark() {
    for (name, text) in files(&PEM) {
        let key = PrivateKey::parse(&text, &ReadOptions::new()).unwrap();
        for width in [1, 4, 17, 63, 72, 76, 100, 10_000] {
            let read = PrivateKey::parse_with_report(with_width(&text, width), &ReadOptions::new()).unwrap();
            assert_eq!((&read.0, read.1.normalizations), (&key, vec![]), "{name}");
        }
    }
}

#[test]
fn lost_line_breaks_escapes_and_quotes_are_undone() {
    use Normalization::{EscapedLineBreaks, LostLineBreaks, Quotes};
    for (name, text) in files(&PEM) {
        is_read(&name, &text, text.trim_end().replace('\n', " "), &[LostLineBreaks]);
        is_read(&name, &text, text.trim_end().replace('\n', ""), &[LostLineBreaks]);
        is_read(&name, &text, text.trim_end().replace('\n', "\\n"), &[EscapedLineBreaks]);
        is_read(&name, &text, text.replace('\n', "\\r\\n"), &[EscapedLineBreaks]);
        is_read(&name, &text, format!("{text:?}"), &[Quotes, EscapedLineBreaks]);
        is_read(&name, &text, format!("'{}'", text.trim_end()), &[Quotes]);
    }
    for (name, text) in files(&PUTTY) {
        is_read(&name, &text, text.replace('\n', "\\n"), &[EscapedLineBreaks]);
        is_named(&name, text.replace('\n', " "), Mistake::JoinedLines);
    }
}

#[test]
fn two_private_keys_are_rejected_in_whatever_state_they_are() {
    let all = files(&[&PEM[..], &PUTTY].concat());
    for (name, text) in &all {
        for (_, other) in &all {
            for other in [
                &other[..],
                &other[..40],
                "-----BEGIN SOME PRIVATE KEY-----",
                "BEGIN PRIVATE KEY",
                "--- begin rsa private key",
            ] {
                for both in [format!("{text}{other}"), format!("{other}\n{text}"), format!("# {other}\n\n{text}")] {
                    let error = PrivateKey::parse(both, &ReadOptions::new()).unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::MultipleKeys, "{name}");
                }
            }
        }
    }
}

/// OpenSSL would read only what is after the empty line.
#[test]
fn a_key_inside_another_after_an_empty_line_is_rejected() {
    let pkcs8 = data("private/rsa2048.pkcs8.pem");
    let lines: Vec<&str> = pkcs8.lines().collect();
    let base64 = lines[1..lines.len() - 1].concat();
    // The PKCS#1 inside begins at byte 26; an empty line at any other place is skipped.
    let split =
        |at: usize| format!("{}\n{}\n\n{}\n{}\n", lines[0], &base64[..at], &base64[at..], lines[lines.len() - 1]);
    is_read("rsa2048.pkcs8.pem", &pkcs8, split(64), &[Normalization::WhiteSpace]);
    assert!(PrivateKey::parse(split(32), &ReadOptions::new()).is_ok());
}

#[test]
fn a_damaged_frame_is_named() {
    for (name, text) in files(&PEM) {
        let (begin, rest) = text.split_once('\n').unwrap();
        let (body, end) = rest.trim_end().rsplit_once('\n').unwrap();
        is_named(&name, format!("{}\n{body}\n{end}\n", &begin[1..]), Mistake::BrokenBegin);
        is_named(&name, format!("-{begin}\n{body}\n{end}\n"), Mistake::BrokenBegin);
        is_named(&name, format!("{}\n{body}\n{end}\n", begin.to_lowercase()), Mistake::BrokenBegin);
        is_named(&name, text.replace("-----", "\u{2014}"), Mistake::Dashes);
        is_named(&name, format!("{begin}\n{body}\n{}\n", end.replace("-----", "\u{2013}")), Mistake::Dashes);
        is_named(&name, format!("{begin}\n{body}\n"), Mistake::NoEnd);
        is_named(&name, format!("{begin}\n{body}\n-----END OTHER KEY-----\n"), Mistake::NoEnd);
        is_named(&name, format!("{body}\n{end}"), Mistake::NoBegin);
        is_named(&name, body, Mistake::NoBegin);
    }
}

#[test]
fn what_is_no_private_key_is_named() {
    for public in ["rsa2048.pub", "ed25519.pub", "rsa2048.spki.pem", "rsa2048.rfc4716"] {
        is_named(public, data(public), Mistake::PublicKey);
    }
    is_named("certificate", data("x509/rsa2048.pem"), Mistake::X509);
    is_named("SSH-1", "SSH PRIVATE KEY FILE FORMAT 1.1\n\0", Mistake::Ssh1);
    is_named("ssh.com", "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n", Mistake::SshCom);
    is_named("OpenPGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n", Mistake::OpenPgp);
    is_named("base64", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=", Mistake::Base64OfFile);
    for nothing in ["", "\n", "hello", "# nothing"] {
        let error = PrivateKey::parse(nothing, &ReadOptions::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotAPrivateKey, "{nothing:?}");
    }
}

#[test]
fn a_key_is_identified_by_its_contents() {
    let labels = ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY", "ANY PRIVATE KEY"];
    for (name, text) in files(&PEM) {
        let own = text.lines().next().unwrap().trim_matches('-').trim_start_matches("BEGIN ");
        for label in labels.into_iter().filter(|label| *label != own) {
            let text_with = text.replace(&format!("BEGIN {own}-"), &format!("BEGIN {label}-"));
            let text_with = text_with.replace(&format!("END {own}-"), &format!("END {label}-"));
            let (key, report) = PrivateKey::parse_with_report(&text_with, &ReadOptions::new()).unwrap();
            assert_eq!(key, PrivateKey::parse(&text, &ReadOptions::new()).unwrap(), "{name}");
            assert_eq!(report.normalizations, [Normalization::OtherLabel], "{name}, {label}");
        }
    }
}

#[test]
fn lengths_with_superfluous_zeros_are_read() {
    for name in ["rsa2048.pkcs1.pem", "rsa2048.pkcs8.pem"] {
        let text = data(&format!("private/{name}"));
        let der = crate::common::unframed(&text);
        // The length of the whole, with one more zero.
        let long = [&[0x30, 0x83, 0][..], &der[2..]].concat();
        let (key, report) = PrivateKey::parse_with_report(&long, &ReadOptions::new()).unwrap();
        assert_eq!(key, PrivateKey::parse(&text, &ReadOptions::new()).unwrap());
        assert_eq!(report.normalizations, [Normalization::LongLengths]);
        assert!(ssh_keypair::RsaPrivateKey::from_der(&long).is_err());
    }
}

#[test]
fn a_comment_that_is_not_utf_8_is_replaced() {
    for (name, text) in files(&PUTTY) {
        let damaged: Vec<u8> = text.replace("test key", "t\u{1}").into_bytes();
        // The MAC covers the comment: another comment is another file.
        let error = PrivateKey::parse(damaged, &ReadOptions::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged, "{name}");
    }
}

/// A comment whose bytes are replaced becomes longer, and skipped lines make the text shorter.
#[test]
fn the_offset_of_an_error_in_a_putty_file_counts_the_bytes_of_the_file() {
    let clean = data("private/rsa2048.ppk");
    let (comment, broken) = ("Comment: ", "Private-Lines: ");
    for (before, nulls) in [("", 0), ("text\n\n", 0), ("", 300), ("text\n", 3)] {
        let file = format!("{before}{clean}").replace(comment, &format!("{comment}{}", "\0".repeat(nulls)));
        let file = file.replace(broken, &format!("\n  {broken}x"));
        let error = PrivateKey::parse(&file, &ReadOptions::new()).unwrap_err();
        let line = file.find(broken).unwrap();
        assert!((line..=line + broken.len()).contains(&error.offset().unwrap()), "{nulls}: {error}");
    }
    // At the end of a file with no line but the comment.
    let file = format!("PuTTY-User-Key-File-3: ssh-rsa\n{comment}{}", "\0".repeat(300));
    let error = PrivateKey::parse(&file, &ReadOptions::new()).unwrap_err();
    assert!(error.offset().unwrap() <= file.len(), "{error}");
}

//! Private keys as people paste them: each kind of damage on keys of several types and formats. The key is that of the clean
//! file, or the error names the mistake.

#![cfg(feature = "std")]

use crate::common::{data, with_width};
use base64ct::{Base64, Encoding};
use ssh_keypair::{ErrorKind, Field, Mistake, Normalization, PrivateKey, ReadOptions};

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
        is_read(&name, &text, text.replace("\n", "\n \t\n\r\n"), &[WhiteSpace]);
        for line_break in ["\r\n", "\r", "\r\r\n"] {
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
                "-BEGIN PRIVATE KEY",
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

/// A block whatever its label.
fn labelled(text: &str, label: &str) -> String {
    let own = text.lines().next().unwrap().trim_matches('-').trim_start_matches("BEGIN ");
    text.replace(&format!("BEGIN {own}-"), &format!("BEGIN {label}-"))
        .replace(&format!("END {own}-"), &format!("END {label}-"))
}

const OTHER_LABELS: [&str; 8] = [
    "PUBLIC KEY",
    "RSA PUBLIC KEY",
    "DSA PUBLIC KEY",
    "EC PARAMETERS",
    "DSA PARAMETERS",
    "CERTIFICATE",
    "X509 CRL",
    "any thing.2",
];

/// OpenSSL and `ssh-keygen -y` read the first, whatever its label says.
#[test]
fn a_private_key_with_the_label_of_something_else_is_a_second_key() {
    let mut hidden = files(&PEM);
    hidden.extend(files(&[
        "rsa2048.pbes1.pkcs8.pem",
        "rsa2048.pbkdf2.pkcs8.pem",
        "rsa2048.scrypt.pkcs8.pem",
        "rsa2048.aes256.pkcs1.pem",
        "rsa2048.aes256-ctr.openssh",
    ]));
    #[cfg(feature = "ec")]
    {
        let key = PrivateKey::parse(data("private/ecdsa256.openssh"), &ReadOptions::new()).unwrap();
        hidden.push(("SEC 1".into(), key.as_ecdsa().unwrap().to_sec1_pem().unwrap().to_string()));
    }
    let all = files(&[&PEM[..], &PUTTY].concat());
    for ((hidden_name, hidden), label) in hidden.iter().flat_map(|file| OTHER_LABELS.map(|label| (file, label))) {
        let hidden = labelled(hidden, label);
        let (begin, rest) = hidden.split_once('\n').unwrap();
        let mut forms = vec![hidden.replace('\n', "\r\n"), format!("  {}", hidden.trim_end().replace('\n', " "))];
        if !rest.contains(':') {
            forms.push(format!("{begin}\nKey: value\n\n{rest}"));
            forms.push(format!("{begin}\nAAAA\n\n{rest}"));
            forms.push(format!("{begin}\n{}", rest.replacen('\n', "\n\n", 3)));
        }
        forms.push(hidden);
        for (form, (name, text)) in forms.iter().flat_map(|form| all.iter().map(move |file| (form, file))) {
            for both in [format!("{form}\n{text}"), format!("{text}\n{form}")] {
                let error = PrivateKey::parse(both, &ReadOptions::new()).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::MultipleKeys, "{hidden_name}, {label}, {name}");
            }
        }
    }
}

#[test]
fn a_public_key_a_certificate_and_parameters_next_to_a_key_are_skipped() {
    // Those of P-256 by its name, and those of a curve by its numbers as they begin.
    let parameters = ["BggqhkjOPQMBBw==", "MIH3AgEBMCwGByqGSM49AQECIQD/////AAAAAQAAAAAAAAAAAAAAAP///////////////zBb"]
        .map(|base64| format!("-----BEGIN EC PARAMETERS-----\n{base64}\n-----END EC PARAMETERS-----\n"));
    let mut others = vec![data("x509/rsa2048.pem"), data("rsa2048.spki.pem"), data("rsa2048.pkcs1.pem")];
    others.extend(parameters);
    for (name, text) in files(&PEM) {
        for other in &others {
            for both in [format!("{text}{other}"), format!("{other}{text}")] {
                is_read(&name, &text, both, &[Normalization::SurroundingText]);
            }
        }
    }
}

/// OpenSSL reads a block by its contents.
#[test]
fn a_private_key_with_the_label_of_something_else_is_read() {
    for ((name, text), label) in files(&PEM).iter().flat_map(|file| OTHER_LABELS.map(|label| (file, label))) {
        is_read(name, text, labelled(text, label), &[Normalization::OtherLabel]);
    }
}

#[test]
fn a_sentence_about_private_keys_is_not_a_key() {
    for (name, text) in files(&PEM) {
        for sentence in ["Copy from BEGIN RSA PRIVATE KEY to the end\n", "# begin private key:\n"] {
            is_read(&name, &text, format!("{sentence}{text}"), &[Normalization::SurroundingText]);
            is_read(&name, &text, format!("{text}{sentence}"), &[Normalization::SurroundingText]);
        }
        // A key whose hyphens are missing is one.
        let damaged = text.replace('-', "");
        let error = PrivateKey::parse(format!("{damaged}{text}"), &ReadOptions::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MultipleKeys, "{name}");
        is_named(&name, damaged, Mistake::BrokenBegin);
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
    is_named("certificate of OpenSSH", data("ed25519-cert.pub"), Mistake::PublicKey);
    let error = PrivateKey::parse("PuTTY-User-Key-File-1: ssh-rsa\nEncryption: none\n", &ReadOptions::new());
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedVersion);
    assert!(error.to_string().contains("puttygen"), "{error}");
    is_named("SSH-1", "SSH PRIVATE KEY FILE FORMAT 1.1\n\0", Mistake::Ssh1);
    is_named("ssh.com", "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n", Mistake::SshCom);
    #[cfg(feature = "x509")]
    {
        let key = crate::common::seeded(2048, 1);
        let certificate =
            ssh_keypair::x509::Certificate::self_signed_with(key, "me", 0, &mut getrandom::SysRng).unwrap();
        is_named("PKCS#12", &*certificate.to_pkcs12(key).unwrap(), Mistake::Pkcs12);
        is_named("certificate in DER", certificate.as_der(), Mistake::X509);
    }
    is_named("OpenPGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n", Mistake::OpenPgp);
    is_named("base64", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=", Mistake::Base64OfFile);
    for nothing in ["hello", "# nothing"] {
        let error = PrivateKey::parse(nothing, &ReadOptions::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotAPrivateKey, "{nothing:?}");
    }
    for nothing in ["", "\n", " \r\n\t"] {
        let error = PrivateKey::parse(nothing, &ReadOptions::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Empty, "{nothing:?}");
        assert_eq!(error.to_string(), "private key: the file is empty");
    }
    for path in ["~/.ssh/id_rsa\n", "/home/me/.ssh/id_rsa", "https://example.org/key.pem"] {
        is_named(path, path, Mistake::Path);
    }
    let fingerprint = "2048 SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU me (RSA)\n";
    is_named("fingerprint", fingerprint, Mistake::Fingerprint);
    is_named("known_hosts", format!("host.example {}", data("ed25519.pub")), Mistake::PublicKey);
    is_named("base64", data("ed25519.pub").split(' ').nth(1).unwrap(), Mistake::PublicKey);
    is_named("JWK", r#"{"kty":"OKP","crv":"Ed25519","d":"nWGx","x":"11qY"}"#, Mistake::Jwk);
    let request = "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n";
    is_named("request", request, Mistake::CertificateRequest);
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
    let comment = b"test key";
    for (name, text) in files(&["rsa2048.openssh", "ed25519.openssh", "ecdsa256.openssh"]) {
        for (bytes, expected) in [
            (b"t\xe9st key", "t\u{fffd}st key"),
            (b"test\x1bkey", "test\u{fffd}key"),
            (b"test\nkey", "test\u{fffd}key"),
            (b"test\0key", "test\u{fffd}key"),
        ] {
            let mut blob = crate::common::unframed(&text);
            let at = blob.windows(8).rposition(|window| window == comment).unwrap();
            blob[at..at + 8].copy_from_slice(bytes);
            let damaged = crate::common::openssh_file(&blob, 70);
            let (key, report) = PrivateKey::parse_with_report(&damaged, &ReadOptions::new()).unwrap();
            assert_eq!(key, PrivateKey::parse(&text, &ReadOptions::new()).unwrap(), "{name}");
            assert_eq!((key.comment(), report.normalizations), (expected, vec![Normalization::Comment]), "{name}");
            assert!(PrivateKey::from_openssh(&damaged, &ReadOptions::new()).is_err(), "{name}");
        }
    }
    for (bad, expected) in [
        ("-----BEGIN RSA PRIVATE KEY-----", "\u{fffd}"),
        ("me \u{e9} -----BEGIN RSA PRIVATE KEY-----", "me \u{e9} \u{fffd}"),
        ("me PuTTY-User-Key-File-3: and BEGIN PRIVATE KEY", "me \u{fffd}"),
        ("me AAAAC3NzaC1lZDI1NTE5AAAAIA", "me \u{fffd}"),
    ] {
        for (name, text) in files(&["rsa2048.openssh", "ed25519.openssh"]) {
            let key = PrivateKey::parse(&text, &ReadOptions::new()).unwrap();
            let mark = "x".repeat(bad.len());
            let with_mark = PrivateKey::parse(&text, &ReadOptions::new()).unwrap().with_comment(&mark).unwrap();
            let mut blob = crate::common::unframed(&with_mark.to_openssh().unwrap());
            let at = blob.windows(mark.len()).rposition(|window| window == mark.as_bytes()).unwrap();
            blob[at..at + mark.len()].copy_from_slice(bad.as_bytes());
            let damaged = crate::common::openssh_file(&blob, 70);
            let (read, report) = PrivateKey::parse_with_report(&damaged, &ReadOptions::new()).unwrap();
            assert_eq!((read.comment(), report.normalizations), (expected, vec![Normalization::Comment]), "{name}");
            assert_eq!(read, key, "{name}");
            assert!(PrivateKey::from_openssh(&damaged, &ReadOptions::new()).is_err(), "{name}");
        }
    }
    for (name, text) in files(&PUTTY) {
        // The MAC covers the comment: another comment is another file.
        let damaged = text.replace("test key", "t\u{1}");
        let error = PrivateKey::parse(damaged, &ReadOptions::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged, "{name}");
        let (before, after) = text.split_once("test key").unwrap();
        let damaged = [before.as_bytes(), b"t\xe9\x1b", &with_mac_of(&text, b"t\xe9\x1b", after)].concat();
        let (key, report) = PrivateKey::parse_with_report(&damaged, &ReadOptions::new()).unwrap();
        assert_eq!(key, PrivateKey::parse(&text, &ReadOptions::new()).unwrap(), "{name}");
        assert_eq!(
            (key.comment(), report.normalizations),
            ("t\u{fffd}\u{fffd}", vec![Normalization::Comment]),
            "{name}"
        );
    }
}

/// The rest of a plain PuTTY file of version 3, with the MAC for another comment.
fn with_mac_of(text: &str, comment: &[u8], after: &str) -> Vec<u8> {
    use hmac::{Hmac, KeyInit, Mac};
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    let body = |name: &str| {
        let count = value(name).parse().unwrap();
        let lines: Vec<&str> = text.lines().skip_while(|line| !line.starts_with(name)).skip(1).take(count).collect();
        Base64::decode_vec(&lines.concat()).unwrap()
    };
    let parts = [&b"ssh-rsa"[..], b"none", comment, &body("Public-Lines:"), &body("Private-Lines:")];
    let mac = Hmac::<sha2::Sha256>::new_from_slice(b"").unwrap();
    let mac = mac.chain_update(crate::common::blob(&parts)).finalize().into_bytes();
    let (rest, _) = after.split_once("Private-MAC: ").unwrap();
    format!("{rest}Private-MAC: {}\n", crate::common::to_hex(&mac)).into_bytes()
}

#[test]
fn numbers_of_rsa_that_follow_from_its_primes_may_be_missing() {
    use crate::common::{der, pem};
    for (name, text) in files(&["rsa2048.pkcs1.pem"]) {
        let clean = PrivateKey::parse(&text, &ReadOptions::new()).unwrap();
        let key = clean.as_rsa().unwrap();
        let integer = |number: &[u8]| match number.first() {
            Some(0x80..) => der(2, &[&[0], number].concat()),
            _ => der(2, number),
        };
        let numbers = [
            &[0],
            key.modulus(),
            key.public_exponent(),
            key.private_exponent(),
            key.prime_p(),
            key.prime_q(),
            key.exponent_p(),
            key.exponent_q(),
            key.coefficient(),
        ];
        let with_zeros = |zeros: &[usize]| {
            let numbers = (0..9).map(|at| if zeros.contains(&at) { vec![2, 1, 0] } else { integer(numbers[at]) });
            der(0x30, &numbers.collect::<Vec<_>>().concat())
        };
        let of_count = |count: usize| {
            der(0x30, &numbers[..count].iter().map(|number| integer(number)).collect::<Vec<_>>().concat())
        };
        let pkcs8 = |pkcs1: &[u8]| {
            let algorithm = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
            der(0x30, &[&[2, 1, 0], &algorithm[..], &der(4, pkcs1)].concat())
        };
        for pkcs1 in
            [with_zeros(&[6, 7, 8]), with_zeros(&[8]), with_zeros(&[6]), with_zeros(&[7, 8]), of_count(6), of_count(8)]
        {
            for der in [pkcs1.clone(), pkcs8(&pkcs1)] {
                let text = pem("RSA PRIVATE KEY", &der);
                let (read, report) = PrivateKey::parse_with_report(&text, &ReadOptions::new()).unwrap();
                assert_eq!(
                    crate::common::pkcs1_pem(&read.into_rsa().unwrap()),
                    crate::common::pkcs1_pem(key),
                    "{name}"
                );
                assert!(report.normalizations.contains(&Normalization::ComputedNumbers), "{name}");
                assert!(ssh_keypair::RsaPrivateKey::from_der(&der).is_err(), "{name}");
            }
        }
        // Without its primes, it cannot be read, and the error says so.
        for pkcs1 in [with_zeros(&[4, 5, 6, 7, 8]), of_count(4)] {
            for der in [pkcs1.clone(), pkcs8(&pkcs1)] {
                let error = PrivateKey::parse(der, &ReadOptions::new()).unwrap_err();
                assert_eq!((error.kind(), error.field()), (ErrorKind::MissingField, Some(Field::PrimeP)), "{name}");
                assert!(error.to_string().contains("primes"), "{error}");
            }
        }
        // What is given must still be right.
        let mut wrong = with_zeros(&[8]);
        let at = wrong.len() - 3 - 20;
        wrong[at] ^= 1;
        let error = PrivateKey::parse(wrong, &ReadOptions::new()).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InconsistentKey, Some(Field::ExponentQ)), "{name}");
    }
}

#[test]
fn an_error_in_a_file_of_several_lines_has_a_line_and_a_column() {
    let position = |file: &str| {
        let error = PrivateKey::parse(file, &ReadOptions::new().with_passphrase("x")).unwrap_err();
        error.position(file).map(|position| (position.line, position.column))
    };
    for (name, text) in files(&PEM) {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[2].replace_range(9..10, "?");
        assert_eq!(position(&lines.join("\n")), Some((3, 10)), "{name}");
        assert_eq!(position(&format!("# \u{e9}\r\n\r\n{}", lines.join("\r\n"))), Some((5, 10)), "{name}");
        assert_eq!(position(&format!("{text}\n  -----BEGIN PRIVATE KEY-----\n")), Some((lines.len() + 2, 8)), "{name}");
    }
    for (name, text) in files(&PUTTY) {
        let changed = text.replace("Encryption: none", "Encryption: other");
        assert_eq!(position(&changed), Some((2, 13)), "{name}");
        // Blank lines and indentation are removed before the lines are read.
        let spaced = format!("\n\n{}", changed.replace('\n', "\n\n  "));
        assert_eq!(position(&spaced), Some((5, 15)), "{name}");
        assert_eq!(position(&changed.replace('\n', "\\n")), None, "{name}");
    }
    #[cfg(feature = "encryption")]
    {
        let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: RC2-CBC,00\n\nMAAA\n";
        assert!(position(&format!("{old}-----END RSA PRIVATE KEY-----\n")).is_some());
    }
    // What is decoded has no lines.
    let truncated = "-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----\n";
    assert_eq!(position(truncated), None);
}

#[test]
fn utf_16_is_named_with_and_without_a_byte_order_mark() {
    for (name, text) in files(&[&PEM[..], &PUTTY].concat()) {
        for before in ["", "\u{feff}", "\n", "\u{feff}# \u{e9}\u{20ac}\r\n", "Bag Attributes\r\n"] {
            let units: Vec<u16> = format!("{before}{text}").encode_utf16().collect();
            is_named(&name, units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>(), Mistake::Utf16);
            is_named(&name, units.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>(), Mistake::Utf16);
        }
    }
}

#[cfg(feature = "encryption")]
#[test]
fn a_wrong_passphrase_is_said_to_be_wrong_however_it_was_stored() {
    for file in [
        "rsa2048.aes256-ctr.openssh",
        "rsa2048.aes256-gcm.openssh",
        "rsa2048.aes256.pkcs1.pem",
        "rsa2048.pbkdf2.pkcs8.pem",
        "rsa2048.argon2id.ppk",
    ] {
        let text = data(&format!("private/{file}"));
        let read = |passphrase: &[u8]| PrivateKey::parse(&text, &ReadOptions::new().with_passphrase(passphrase));
        assert!(read(b"test material").is_ok(), "{file}");
        for passphrase in ["\u{feff}test material", "test material\r\n", "test material\n", "", "test materia"] {
            assert_eq!(read(passphrase.as_bytes()).unwrap_err().kind(), ErrorKind::WrongPassphrase, "{file}");
        }
        let utf16: Vec<u8> = "test material".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16).unwrap_err().kind(), ErrorKind::WrongPassphrase, "{file}");
    }
}

#[test]
fn a_limit_is_in_the_message() {
    let long = |bytes: usize| crate::common::der(2, &[&[0][..], &vec![0xff; bytes]].concat());
    let numbers = [vec![2, 1, 0], long(1026), vec![2, 3, 1, 0, 1], long(1024), long(514), long(514), long(513)];
    let key = crate::common::der(0x30, &[numbers.concat(), long(513), long(513)].concat());
    let error = PrivateKey::parse(key, &ReadOptions::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyTooLarge);
    assert!(error.to_string().contains("8192"), "{error}");
    let error = PrivateKey::parse(vec![b' '; 70_000], &ReadOptions::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLong);
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

#[test]
fn something_public_under_the_label_of_a_private_key_is_named() {
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"] {
        for (name, what) in [
            ("rsa2048.spki.pem", "a public key"),
            ("ed25519.spki.pem", "a public key"),
            ("rsa2048.pkcs1.pem", "a public key"),
            ("x509/rsa2048.pem", "a certificate"),
        ] {
            is_named(name, labelled(&data(name), label), Mistake::PublicUnderPrivate(what));
        }
    }
}

#[test]
fn utf_32_url_encoding_and_lower_case_are_named() {
    for (name, text) in files(&PEM) {
        for before in ["", "\u{feff}"] {
            let text: Vec<u32> = format!("{before}{text}").chars().map(u32::from).collect();
            for bytes in [u32::to_le_bytes, u32::to_be_bytes] {
                is_named(&name, text.iter().flat_map(|unit| bytes(*unit)).collect::<Vec<_>>(), Mistake::Utf32);
            }
        }
        let encoded = text.replace('+', "%2B").replace('\n', "%0A");
        is_named(&name, &encoded, Mistake::UrlEncoding);
        is_named(&name, encoded.replace(' ', "%20"), Mistake::UrlEncoding);
        is_named(&name, encoded.replace(' ', "+"), Mistake::UrlEncoding);
        let (begin, rest) = text.split_once('\n').unwrap();
        let error = PrivateKey::parse(format!("{}\n{rest}", begin.to_lowercase()), &ReadOptions::new()).unwrap_err();
        assert!(error.to_string().contains("capital letters"), "{error}");
    }
}

#[test]
fn the_line_that_is_missing_in_a_putty_file_is_named() {
    for (name, text) in files(&PUTTY) {
        for line in ["Encryption", "Comment", "Public-Lines", "Private-Lines", "Private-MAC"] {
            let lines: String = text.split_inclusive('\n').filter(|text| !text.starts_with(line)).collect();
            is_named(&name, lines, Mistake::MissingLine(line));
        }
        for line in ["Public-Lines", "Private-Lines"] {
            let count: usize =
                text.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(": ")).unwrap().parse().unwrap();
            for wrong in [count - 1, count + 1] {
                let changed = text.replace(&format!("{line}: {count}"), &format!("{line}: {wrong}"));
                is_named(&name, changed, Mistake::WrongLineCount(line));
            }
        }
    }
}

#[test]
fn the_headers_of_an_encrypted_file_are_needed() {
    let text = data("private/rsa2048.aes256.pkcs1.pem");
    let without: String = text.split_inclusive('\n').filter(|line| !line.starts_with("DEK-Info")).collect();
    let error = PrivateKey::parse(without, &ReadOptions::new().with_passphrase("x")).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::MissingField, Some(Field::Encryption)));
    assert!(error.to_string().contains("DEK-Info"), "{error}");
    is_named("lost", text.replace('\n', ""), Mistake::JoinedLines);
    #[cfg(feature = "encryption")]
    {
        let options = ReadOptions::new().with_passphrase("test material");
        let (_, report) = PrivateKey::parse_with_report(text.trim_end().replace('\n', " "), &options).unwrap();
        assert_eq!(report.normalizations, [Normalization::LostLineBreaks]);
    }
}

/// The PKCS#8 of a key with other parts around it.
#[test]
fn what_is_unusual_in_pkcs8_is_reported_and_nothing_else() {
    use crate::common::{der, pem};
    use Normalization::{Attributes, MissingNull, OtherVersion};
    let text = data("private/rsa2048.pkcs8.pem");
    let key = PrivateKey::parse(&text, &ReadOptions::new()).unwrap();
    let pkcs1 = der(4, &crate::common::unframed(&data("private/rsa2048.pkcs1.pem")));
    let name = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
    let (with_null, without_null) = (der(0x30, &[&name[..], &[5, 0]].concat()), der(0x30, name));
    let attributes = der(0xa0, &der(0x30, &[&[6, 3, 0x55, 4, 3][..], &der(0x31, &der(0x0c, b"me"))].concat()));
    for (version, algorithm, attributes, expected) in [
        (0, &with_null, &[][..], &[][..]),
        (1, &with_null, &[], &[OtherVersion]),
        (0, &without_null, &[], &[MissingNull]),
        (0, &with_null, &attributes[..], &[Attributes]),
        (1, &without_null, &attributes, &[OtherVersion, MissingNull, Attributes]),
    ] {
        let pkcs8 = der(0x30, &[&[2, 1, version], &algorithm[..], &pkcs1, attributes].concat());
        let (read, report) = PrivateKey::parse_with_report(pem("PRIVATE KEY", &pkcs8), &ReadOptions::new()).unwrap();
        assert_eq!((&read, &report.normalizations[..]), (&key, expected));
        assert_eq!(report.format, ssh_keypair::KeyFormat::Pkcs8Pem);
    }
}

#[test]
fn a_type_or_curve_that_ssh_does_not_have_is_named() {
    use crate::common::der;
    let pkcs8 = |algorithm: &[u8]| der(0x30, &[&[2, 1, 0], &der(0x30, algorithm)[..], &der(4, &[7; 32])].concat());
    for (algorithm, expected) in [
        (&b"\x06\x03\x2b\x65\x6e"[..], "X25519"),
        (b"\x06\x03\x2b\x65\x6f", "X448"),
        (b"\x06\x03\x2b\x65\x71", "Ed448"),
        (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "RSA-PSS"),
        (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01", "DH"),
    ] {
        is_named(expected, pkcs8(algorithm), Mistake::NotForSsh(expected));
    }
    #[cfg(feature = "ec")]
    {
        let sec1 = |curve: &[u8]| der(0x30, &[&[2, 1, 1], &der(4, &[7; 32])[..], &der(0xa0, curve)].concat());
        for (curve, expected) in [
            (&b"\x06\x05\x2b\x81\x04\x00\x0a"[..], "secp256k1"),
            (b"\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x07", "brainpoolP256r1"),
        ] {
            let algorithm = [&b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"[..], curve].concat();
            is_named(expected, pkcs8(&algorithm), Mistake::NotForSsh(expected));
            is_named(expected, sec1(curve), Mistake::NotForSsh(expected));
        }
        // The numbers of a curve, as they begin.
        for numbers in [
            sec1(&der(0x30, &[2, 1, 1])),
            pkcs8(&[&b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x30\x03"[..], &[2, 1, 1]].concat()),
        ] {
            let error = PrivateKey::parse(numbers, &ReadOptions::new()).unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidDer, Some(Field::Curve)));
            assert!(error.to_string().contains("-param_enc named_curve"), "{error}");
        }
    }
}

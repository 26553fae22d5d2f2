//! The lenient reader of public keys: each form of each key gives the line of the key, and nothing gives another key.

#![cfg(feature = "std")]

use crate::common::{Folder, corpus, data, have, output};
use proptest::prelude::*;
use ssh_keypair::keypair::{ImportPolicy, Profile, Record};
use ssh_keypair::openssh::Entry;
use ssh_keypair::pkcs::{EncodeRsaPublicKey, LineEnding};
use ssh_keypair::{
    ErrorKind, KeyFormat, Mistake, Normalization, PrivateKey, PublicEntry, PublicKey, PublicKeyRef, ReadOptions,
};

const KEYS: [&str; 6] = ["rsa2048", "ed25519", "ecdsa521", "dsa1024", "ed25519sk", "ecdsa256sk"];

fn line(name: &str) -> String {
    data(&format!("{name}.pub")).trim_end().to_owned()
}

/// Checks that a text gives this line, reports this, and is rejected by the strict parser.
fn is_read(text: impl AsRef<[u8]>, line: &str, expected: &[Normalization]) {
    let (entry, report) = match PublicEntry::read_with_report(&text) {
        Ok(read) => read,
        Err(error) => panic!("{error}: {}", String::from_utf8_lossy(text.as_ref())),
    };
    assert_eq!((entry.to_string().as_str(), report.normalizations.as_slice()), (line, expected));
    if !expected.is_empty() && expected != [Normalization::EscapeInComment] {
        assert!(
            str::from_utf8(text.as_ref()).is_err() || str::from_utf8(text.as_ref()).unwrap().parse::<Entry>().is_err()
        );
    }
}

#[test]
fn every_kind_of_line_is_read_with_and_without_changes() {
    use Normalization::{Comment, CommentLines, EscapeInComment, WhiteSpace};
    for name in KEYS {
        let key = line(name);
        let certificate = line(&format!("{name}-cert"));
        let base64 = key.split(' ').nth(1).unwrap();
        for line in [key.clone(), certificate, format!("restrict {key}"), format!("host.example,192.0.2.1 {key}")] {
            for text in [line.clone(), format!("{line}\n"), format!("{line}\r\n")] {
                is_read(text, &line, &[]);
            }
            for text in
                [format!("\n {line} \n\n"), format!("\u{feff}{line}"), format!("{line}\r"), format!("\u{a0}{line}")]
            {
                is_read(text, &line, &[WhiteSpace]);
            }
            for text in [
                format!("# a\n{line}"),
                format!("#\r\n\n  # b\n{line}\n"),
                format!("{line}\n# x\n#y"),
                format!("\n#\n{line}\n#\n"),
            ] {
                is_read(text, &line, &[CommentLines]);
            }
            is_read(format!("{line}\\r\\n"), &format!("{line}\\r\\n"), &[EscapeInComment]);
            is_read([line.as_bytes(), b" M\xfcller"].concat(), &format!("{line} M\u{fffd}ller"), &[Comment]);
        }
        let spaced = key.replacen(' ', "  ", 2);
        is_read(&spaced, &key, &[WhiteSpace]);
        is_read(key.replacen(' ', "\u{a0}", 1), &key, &[WhiteSpace]);
        is_read(key.replacen(' ', "", 1), &key, &[WhiteSpace]);
        is_read(key.replacen(base64, &format!("{}\n{}", &base64[..20], &base64[20..]), 1), &key, &[WhiteSpace]);
        is_read(format!("# a\n{spaced}"), &key, &[CommentLines, WhiteSpace]);
        is_read(
            format!("restrict,command=\"a  ssh-rsa AAAA\"  {spaced}"),
            &format!("restrict,command=\"a  ssh-rsa AAAA\" {key}"),
            &[WhiteSpace],
        );
    }
}

#[test]
fn public_key_files_are_read_as_ssh_keygen_reads_them() {
    use Normalization::{ExpandedPoint, FromPem, FromRfc4716};
    let folder = Folder::new("public-entry");
    let path = folder.file("key");
    let theirs = |format: &str, text: &str| {
        std::fs::write(&path, text).unwrap();
        output("ssh-keygen", &["-i", "-m", format, "-f", &path], "").trim_end().to_owned()
    };
    let have = have("ssh-keygen");
    for name in KEYS {
        let key: PublicKey = line(name).parse().unwrap();
        let (bare, rfc) = (key.with_comment("").unwrap().to_string(), data(&format!("{name}.rfc4716")));
        let lines: Vec<&str> = rfc.lines().collect();
        let [begin, header, base64 @ .., end] = &lines[..] else { panic!() };
        for text in [
            rfc.clone(),
            rfc.replace('\n', " \n"),
            rfc.replace('\n', "\n\n"),
            [*begin, &base64.concat(), *end].join("\n"),
            [*begin, "", header, "Subject: me", &base64.join("\n"), *end].join("\n"),
            rfc.replace("---- BEGIN", "-----BEGIN").replace("---- END", "-----END").replace("KEY ----", "KEY-----"),
        ] {
            let (entry, report) = PublicEntry::read_with_report(&text).unwrap();
            assert_eq!((report.format, report.normalizations), (KeyFormat::Rfc4716, vec![FromRfc4716]), "{text}");
            assert_eq!(entry.as_public_key().unwrap().blob(), key.blob(), "{text}");
            if have && !text.contains("-----") && !text.contains(" \n") {
                assert_eq!(theirs("RFC4716", &text), bare, "{text}");
            }
        }
        if name.ends_with("sk") {
            continue;
        }
        let pem = data(&format!("{name}.spki.pem"));
        let lines: Vec<&str> = pem.lines().collect();
        let base64 = lines[1..lines.len() - 1].concat();
        for text in [
            pem.clone(),
            [lines[0], &base64, lines[lines.len() - 1]].join("\n"),
            format!("Bag Attributes\n  friendlyName: a\n{pem}"),
            pem.replace("PUBLIC KEY", "RSA PUBLIC KEY"),
        ] {
            is_read(&text, &bare, &[FromPem]);
            // It does not read DSA and Ed25519 here.
            if have && matches!(name, "rsa2048" | "ecdsa521") && !text.contains("RSA PUBLIC") {
                assert_eq!(theirs("PKCS8", &text), bare, "{text}");
            }
        }
    }
    if crate::common::have("openssl") && cfg!(feature = "ec") {
        let compressed =
            output("openssl", &["ec", "-pubin", "-pubout", "-conv_form", "compressed"], &data("ecdsa521.spki.pem"));
        let bare = line("ecdsa521").parse::<PublicKey>().unwrap().with_comment("").unwrap().to_string();
        let (entry, report) = PublicEntry::read_with_report(&compressed).unwrap();
        assert_eq!((entry.to_string(), report.normalizations), (bare, vec![FromPem, ExpandedPoint]));
    }
}

#[test]
fn the_report_names_the_format_that_the_key_was_in() {
    use KeyFormat::{AuthorizedKeyLine, CertificateLine, KnownHostsLine, Pkcs1PublicPem, PublicKeyLine, SpkiPem};
    let (key, pem) = (line("rsa2048"), data("rsa2048.spki.pem"));
    let pkcs1 = key.parse::<PublicKey>().unwrap().key_data().as_rsa().unwrap().to_pkcs1_pem(LineEnding::LF).unwrap();
    for (text, format) in [
        (key.clone(), PublicKeyLine),
        (format!("# mine\n{key}\n"), PublicKeyLine),
        (key.replacen(' ', "  ", 1), PublicKeyLine),
        (line("rsa2048-cert"), CertificateLine),
        (format!("restrict {key}"), AuthorizedKeyLine),
        (format!("@revoked host.example {key}"), KnownHostsLine),
        (format!("Bag Attributes\n{pem}"), SpkiPem),
        (pem.replace("PUBLIC KEY", "RSA PUBLIC KEY"), SpkiPem),
        (pkcs1.replace('\n', "\n\n"), Pkcs1PublicPem),
        (pkcs1, Pkcs1PublicPem),
    ] {
        let (entry, report) = PublicEntry::read_with_report(&text).unwrap();
        assert_eq!(report.format, format, "{text}");
        assert_eq!(PublicEntry::read(&text), Ok(entry), "{text}");
    }
}

#[test]
fn the_offset_of_an_error_counts_the_bytes_of_an_input_that_is_not_utf8() {
    let frame = format!("---- BEGIN SSH2 PUBLIC KEY ----\n{}\n---- END SSH2 PUBLIC KEY ----\n", line("ed25519"));
    for comment in ["# Zoe's\n".as_bytes(), b"# Zo\xeb's\xff\n"] {
        let input = [comment, frame.as_bytes()].concat();
        let error = PublicEntry::read(&input).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Mistake(Mistake::LineInFrame), Some(comment.len())));
        assert_eq!(error.position(&input).unwrap().to_string(), "line 2, column 1");
    }
    // In the comment itself.
    let key = line("ed25519");
    let key = key.rsplit_once(' ').map_or(&*key, |(key, _)| key);
    for (comment, at) in [(&b" Zoe\x1b"[..], 4), (b" Zo\xeb\x1b", 4), (b" \xeb\xeb\xeb\x1b", 4)] {
        let error = PublicEntry::read([key.as_bytes(), comment].concat()).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::InvalidCharacter, Some(key.len() + at)));
    }
    // Three bytes of text for each: their count would not be that of the input.
    let error = PublicEntry::read([key.as_bytes(), b" ", &[0xff; 8000]].concat()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLong);
    assert!(!error.to_string().contains("found"), "{error}");
}

#[test]
fn what_is_in_doubt_is_rejected() {
    let (one, other) = (line("ed25519"), line("rsa2048"));
    let pem = data("rsa2048.spki.pem");
    let rfc = data("ed25519.rfc4716");
    for text in [
        format!("{one}\n{other}"),
        format!("{one}\n{one}"),
        format!("{pem}{pem}"),
        format!("{rfc}{rfc}"),
        format!("{rfc}{pem}"),
        format!("{one}\n{pem}"),
        format!("{pem}{one}"),
        format!("{one}\n-----BEGIN OPENSSH PRIVATE KEY-----"),
        format!("# -----BEGIN RSA PRIVATE KEY-----\n{one}"),
        rfc.replace("Comment: ", "Comment: a\\\nb: "),
        "#\n#".into(),
        "#".into(),
        String::new(),
        format!("{one}\nhello world"),
        " ".repeat(16 * 1024) + &one,
    ] {
        assert!(PublicEntry::read(&text).is_err(), "{text}");
    }
    let kind = |text: &str| PublicEntry::read(text).unwrap_err().kind();
    assert_eq!(kind(&format!("{one}\n{other}")), ErrorKind::MultipleKeys);
    assert_eq!(kind(&data("x509/rsa2048.pem")), ErrorKind::Mistake(Mistake::X509));
    assert_eq!(kind(&data("private/rsa2048.pkcs8.pem")), ErrorKind::PrivateKeyGiven);
}

#[test]
fn the_two_keys_of_an_attack_are_not_read() {
    let Some(corpus) = corpus() else { return };
    let text = std::fs::read_to_string(corpus.join("corpus/attacks/rfc4716-two-keys.txt")).unwrap();
    for text in [text.clone(), text.replace('\n', "\n\n"), text.replace("---- ", "-----").replace(" ----", "-----")] {
        assert!(PublicEntry::read(&text).is_err());
    }
}

/// A lenient import to 1024 bytes, as the documented profile's.
fn lenient() -> ImportPolicy {
    ImportPolicy::new().with_max_bytes(1024).allow_normalization()
}

#[test]
fn the_limit_of_an_import_counts_the_bytes_of_the_line_that_results() {
    let (key, pem) = (line("ed25519"), data("rsa2048.spki.pem"));
    for text in [
        format!("{}{key}", "#\n".repeat(500)),
        format!("{}{pem}", "    00:c1:\n".repeat(200)),
        format!("{key}{}", "\n".repeat(2000)),
    ] {
        assert!(text.len() > 1024);
        assert!(lenient().accept(&text).is_ok(), "{text}");
    }
    // The rule still holds for the line, changed or not, and the message has the numbers.
    let long = format!("{key}{}", "x".repeat(1024));
    for (text, offset) in [(long.clone(), Some(1024)), (format!("\n{long}"), None)] {
        let error = lenient().accept(&text).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::TooLong, offset));
        let numbers = format!("(found {} bytes, expected at most 1024)", long.len());
        assert!(error.to_string().ends_with(&numbers), "{error}");
    }
    // What a text is counts more than its length.
    let padding = "x".repeat(2000);
    for (text, kind) in [
        (format!("{}{padding}", data("private/rsa2048.pkcs1.pem")), ErrorKind::PrivateKeyGiven),
        (format!("{}\n{padding}", data("x509/rsa2048.pem")), ErrorKind::Mistake(Mistake::X509)),
        (format!("{key}\n{key} {padding}"), ErrorKind::MultipleKeys),
        (format!("\"{key}{padding}\""), ErrorKind::Mistake(Mistake::Quotes)),
    ] {
        assert_eq!(lenient().accept(&text).unwrap_err().kind(), kind, "{text}");
    }
    let utf16: Vec<u8> = line("rsa2048").repeat(3).encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(lenient().accept(utf16).unwrap_err().kind(), ErrorKind::Mistake(Mistake::Utf16));
}

#[test]
fn the_limit_of_the_public_line_is_not_a_place_in_the_private_file() {
    let file = data("private/rsa2048.openssh");
    let profile = Profile::documented().with_policy(ImportPolicy::new().with_max_bytes(300));
    let key = PrivateKey::parse(&file, &ReadOptions::new()).unwrap();
    let error = Record::import_private("t".parse().unwrap(), &file, &ReadOptions::new(), None, &profile).unwrap_err();
    let length = key.public_key().to_string().len();
    let expected = format!("public key: longer than the limit (found {length} bytes, expected at most 300)");
    assert_eq!((error.to_string(), error.position(&file)), (expected, None));
}

#[test]
fn an_rsa_key_of_a_size_that_is_not_allowed_is_rejected_with_the_sizes() {
    for (policy, file, expected) in [
        (lenient().with_min_rsa_bits(3072), "rsa2048", "(found 2048 bits, expected at least 3072)"),
        (lenient().with_max_rsa_bits(2047), "rsa2048", "(found 2048 bits, expected at most 2047)"),
    ] {
        let error = policy.accept(line(file)).unwrap_err();
        assert!(error.to_string().ends_with(expected), "{error}");
    }
    let blob = |bytes: usize| {
        let modulus = [&[0][..], &vec![0xff; bytes]].concat();
        let parts: [&[u8]; 3] = [b"ssh-rsa", &[1, 0, 1], &modulus];
        parts.iter().flat_map(|part| [&u32::try_from(part.len()).unwrap().to_be_bytes()[..], part].concat()).collect()
    };
    for (bytes, expected) in
        [(64, "(found 512 bits, expected at least 1024)"), (2049, "(found 16392 bits, expected at most 16384)")]
    {
        let blob: Vec<u8> = blob(bytes);
        let error = PublicKeyRef::from_blob(&blob).unwrap_err();
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}

/// The kind of the error of the lenient reader.
fn kind(input: impl AsRef<[u8]>) -> ErrorKind {
    PublicEntry::read(input).unwrap_err().kind()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The DER of a PEM.
fn der_of(pem: &str) -> Vec<u8> {
    use base64ct::Encoding;
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    base64ct::Base64::decode_vec(&base64).unwrap()
}

#[test]
fn binary_files_are_named_and_a_private_key_first() {
    for name in ["rsa2048.pkcs1.pem", "rsa2048.pkcs8.pem", "rsa2048.scrypt.pkcs8.pem", "ed25519.openssh"] {
        let file = data(&format!("private/{name}"));
        assert_eq!(kind(der_of(&file)), ErrorKind::PrivateKeyGiven, "{name}");
        assert_eq!(kind(utf16(&file)), ErrorKind::PrivateKeyGiven, "{name}");
    }
    for name in ["rsa2048", "ed25519", "ecdsa256"] {
        let pem = data(&format!("{name}.spki.pem"));
        assert_eq!(kind(der_of(&pem)), ErrorKind::Mistake(Mistake::Der), "{name}");
        assert_eq!(kind(utf16(&pem)), ErrorKind::Mistake(Mistake::Utf16), "{name}");
        assert_eq!(kind(utf16(&line(name))), ErrorKind::Mistake(Mistake::Utf16), "{name}");
    }
    assert_eq!(kind(der_of(&data("x509/rsa2048.pem"))), ErrorKind::Mistake(Mistake::Der));
    assert_eq!(
        kind([&[0x30, 0x82, 9, 9, 2, 1, 3, 0x30, 0x82][..], &[7; 60]].concat()),
        ErrorKind::Mistake(Mistake::Pkcs12)
    );
    // Zeros alone are not UTF-16.
    assert_ne!(kind(b"ssh\0rsa key"), ErrorKind::Mistake(Mistake::Utf16));
    assert_ne!(kind("0a:b"), ErrorKind::Mistake(Mistake::Der));
}

#[test]
fn a_damaged_frame_is_one_mistake_of_the_whole_text() {
    for name in ["rsa2048", "ed25519"] {
        let (pem, key) = (data(&format!("{name}.spki.pem")), line(name));
        let (begin, body) = pem.split_once('\n').unwrap();
        for (text, mistake) in [
            (pem.replace("-----BEGIN", "----BEGIN"), Mistake::BrokenBegin),
            (pem.replace("-----", "----"), Mistake::BrokenBegin),
            (format!("Bag Attributes\n{}", pem.replace("-----", "----")), Mistake::BrokenBegin),
            (pem.replace("-----", "\u{2014}"), Mistake::Dashes),
            (pem.replace('\n', "\\n"), Mistake::Escapes),
            (body.to_owned(), Mistake::NoBegin),
            (format!("{begin}\n{key}\n{}", pem.lines().last().unwrap()), Mistake::LineInFrame),
            (format!("{begin}\n"), Mistake::NoEnd),
            (pem.replace("PUBLIC KEY", "CERTIFICATE REQUEST"), Mistake::CertificateRequest),
            (pem.replace("PUBLIC KEY", "TRUSTED CERTIFICATE"), Mistake::X509),
        ] {
            assert_eq!(kind(&text), ErrorKind::Mistake(mistake), "{text}");
        }
        assert_eq!(kind(format!("{pem}{pem}")), ErrorKind::MultipleKeys);
        let strict = format!("{pem}{}", data("ecdsa256.spki.pem"));
        assert_eq!(ImportPolicy::new().accept(strict).unwrap_err().kind(), ErrorKind::MultipleKeys);
    }
    // A line of 64 columns is as long as a SHA-384, but is not one among others.
    let lines = data("rsa2048.spki.pem").lines().skip(1).take(4).collect::<Vec<_>>().join("\n");
    assert_eq!(kind(&lines), ErrorKind::Mistake(Mistake::NoBegin));
    let digest = "OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
    assert_eq!(kind(digest), ErrorKind::Mistake(Mistake::Fingerprint));
}

#[test]
fn what_was_copied_with_a_key_or_changed_in_it_is_named() {
    for name in KEYS {
        let key = line(name);
        let (type_name, rest) = key.split_once(' ').unwrap();
        let base64 = rest.split(' ').next().unwrap();
        let (start, end) = base64.split_at(40);
        for (text, words) in [
            (format!("\u{200b}{key}"), "zero-width space"),
            (format!("{type_name} {start}\u{200b}{end}"), "zero-width space"),
            (format!("{type_name} {start}\u{ad}{end}"), "soft hyphen"),
            (format!("{type_name} {start}\u{410}{end}"), "outside of ASCII"),
            (format!("{type_name} {start}...{}", &base64[base64.len() - 20..]), "three dots"),
            (format!("{type_name} {start}\u{2026}"), "three dots"),
            (format!("{type_name} {key}"), "a second time"),
            (format!("{type_name} {start}</code>"), "a tag"),
            (format!("({key})"), "parenthesis"),
            (format!("[{key}]"), "square bracket"),
            (format!("<code>{key}</code>"), "a tag"),
            (format!("1. {key}"), "number of a list"),
            (format!("key: {key}"), "a colon before"),
            (format!("{type_name}: {rest}"), "colon after"),
            (format!("> {key}"), "quoted message"),
            (format!(">{key}"), "quoted message"),
            (format!("+{key}"), "plus sign"),
            (format!("$ {key}"), "prompt"),
            (format!("key={key}"), "equals sign"),
        ] {
            let Err(error) = ImportPolicy::new().allow_normalization().accept(&text) else { panic!("{text}") };
            assert!(matches!(error.kind(), ErrorKind::Mistake(Mistake::Extra(_))), "{error}: {text}");
            assert!(error.to_string().contains(words), "{error}: {text}");
        }
        for (text, mistake) in [
            (format!("* {key}"), Mistake::ListDash),
            (format!("{type_name} {start}%0A{end}"), Mistake::UrlEncoding),
            (format!("# host.example:22 SSH-2.0\nhost.example {key}"), Mistake::HostName),
            (format!("webauthn-{type_name} {rest}"), Mistake::OtherTypeName(Box::leak(type_name.to_owned().into()))),
        ] {
            let error = ImportPolicy::new().allow_normalization().accept(&text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Mistake(mistake), "{text}");
        }
        if base64.contains('+') {
            let text = format!("{type_name} {} me", base64.replace('+', " "));
            assert_eq!(kind(&text), ErrorKind::Mistake(Mistake::PlusAsSpace), "{text}");
        }
        // The place of a character in the base64 is kept.
        let error = PublicEntry::read(format!("{type_name} {start}\u{200b}{end}")).unwrap_err();
        assert_eq!(error.offset(), Some(type_name.len() + 41));
    }
}

#[test]
fn what_is_pasted_instead_of_a_key_is_named() {
    use base64ct::Encoding;
    let encoded = base64ct::Base64::encode_string(line("rsa2048").as_bytes());
    let wrapped: Vec<&str> =
        (0..encoded.len()).step_by(76).map(|at| &encoded[at..encoded.len().min(at + 76)]).collect();
    let modulus = "1234567890".repeat(30);
    for (text, mistake) in [
        (wrapped.join("\n"), Mistake::Base64OfLine),
        ("da:39:a3:ee:5e:6b:4b:0d:32:55:bf:ef:95:60:18:90:af:d8:07:09".into(), Mistake::Fingerprint),
        ("Fingerprint: SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU".into(), Mistake::Fingerprint),
        ("ssh-ed25519 255 SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU".into(), Mistake::Fingerprint),
        ("\"~/.ssh/id.pub\"".into(), Mistake::Path),
        ("file(\"~/.ssh/id.pub\")".into(), Mistake::Path),
        ("public_key = \"/home/me/id\"".into(), Mistake::Path),
        ("github.com/me.keys".into(), Mistake::Path),
        (format!("host.example 1024 35 {modulus}"), Mistake::Ssh1),
        (format!("from=\"a\" 1024 35 {modulus} me"), Mistake::Ssh1),
    ] {
        assert_eq!(kind(&text), ErrorKind::Mistake(mistake), "{text}");
    }
    for blank in ["", "\n", " \n \r\n"] {
        assert_eq!(kind(blank), ErrorKind::Empty, "{blank:?}");
    }
}

proptest! {
    /// Damage anywhere gives the same key, or none.
    #[test]
    fn no_change_of_the_layout_gives_another_key(
        file in prop::sample::select(vec!["ed25519.pub", "rsa2048.rfc4716", "ecdsa256.spki.pem", "rsa2048.pkcs1.pem"]),
        places in prop::collection::vec((0_usize..600, prop::sample::select(vec!["\n", " ", "-", "\\", ": ", "#", "\u{a0}", "\t", "="])), 1..4),
    ) {
        let clean = data(file);
        let mut text = clean.clone();
        for (at, inserted) in places {
            let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            text.insert_str(at, inserted);
        }
        let expected = PublicEntry::read(&clean).unwrap();
        if let Ok(entry) = PublicEntry::read(&text) {
            prop_assert!(entry.key_data() == expected.key_data());
            let line = entry.to_string();
            prop_assert_eq!(line.parse::<Entry>().map(|entry| entry.to_string()), Ok(line));
        }
    }
}

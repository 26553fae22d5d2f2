//! The lenient reader of public keys: each form of each key gives the line of the key, and nothing gives another key.

#![cfg(feature = "std")]

use crate::common::{Folder, corpus, data, have, output};
use proptest::prelude::*;
use ssh_keypair::openssh::Entry;
use ssh_keypair::{ErrorKind, Mistake, Normalization, PublicEntry, PublicKey};

const KEYS: [&str; 6] = ["rsa2048", "ed25519", "ecdsa521", "dsa1024", "ed25519sk", "ecdsa256sk"];

fn line(name: &str) -> String {
    data(&format!("{name}.pub")).trim_end().to_owned()
}

/// Checks that a text gives this line, reports this, and is rejected by the strict parser.
fn is_read(text: impl AsRef<[u8]>, line: &str, expected: &[Normalization]) {
    let (entry, changes) = match PublicEntry::read(&text) {
        Ok(read) => read,
        Err(error) => panic!("{error}: {}", String::from_utf8_lossy(text.as_ref())),
    };
    assert_eq!((entry.to_string().as_str(), changes.as_slice()), (line, expected));
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
            let (entry, changes) = PublicEntry::read(&text).unwrap();
            assert_eq!(changes, [FromRfc4716], "{text}");
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
        let (entry, changes) = PublicEntry::read(&compressed).unwrap();
        assert_eq!((entry.to_string(), changes), (bare, vec![FromPem, ExpandedPoint]));
    }
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
        let expected = PublicEntry::read(&clean).unwrap().0;
        if let Ok((entry, _)) = PublicEntry::read(&text) {
            prop_assert!(entry.key_data() == expected.key_data());
            let line = entry.to_string();
            prop_assert_eq!(line.parse::<Entry>().map(|entry| entry.to_string()), Ok(line));
        }
    }
}

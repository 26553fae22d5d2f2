//! `keypair convert`.

use crate::tool::{Folder, PASSPHRASE_IN_DATA, data, run};
use std::os::unix::fs::PermissionsExt;

#[test]
fn convert_writes_every_format_to_a_new_file_of_the_owner_alone() {
    let folder = Folder::new("convert");
    let (old, new) = (folder.file("old"), folder.file("new"));
    std::fs::write(&old, PASSPHRASE_IN_DATA).unwrap();
    std::fs::write(&new, "a new one\r\nand a second line").unwrap();
    let source = folder.file("source");
    std::fs::write(&source, data("private/rsa2048.argon2id.ppk")).unwrap();
    for (form, expected) in [
        ("pkcs1", Some("private/rsa2048.pkcs1.pem")),
        ("pkcs8", Some("private/rsa2048.pkcs8.pem")),
        ("ppk", Some("private/rsa2048.ppk")),
        ("public", Some("private/rsa2048.pub")),
        ("openssh", None),
        ("spki", None),
    ] {
        let out = folder.file(form);
        let arguments = ["convert", "--to", form, &source, "--passphrase-file", &old, "--out", &out];
        assert_eq!(run(&arguments, ""), (Some(0), String::new(), String::new()), "{form}");
        assert_eq!(std::fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
        let written = std::fs::read_to_string(&out).unwrap();
        if let Some(expected) = expected {
            assert_eq!(written, data(expected), "{form}");
        }
        let (status, printed, err) = run(&arguments, "");
        assert_eq!((status, printed.as_str()), (Some(1), ""), "{form}");
        assert!(err.contains(&out), "{err}");
        assert_eq!(std::fs::read_to_string(&out).unwrap(), written, "never overwritten");
    }
    let of = |arguments: &[&str]| run(arguments, "").1;
    let fingerprint = of(&["fingerprint", &folder.file("public"), "--hash", "sha256"]);
    let of_spki = of(&["fingerprint", &folder.file("spki"), "--hash", "sha256"]);
    assert_eq!(fingerprint.replace("test key", "no comment"), of_spki);

    // Encrypted with a new passphrase, and back.
    for form in ["pkcs8", "openssh", "ppk"] {
        let (locked, open) = (folder.file(&format!("{form}.locked")), folder.file(&format!("{form}.open")));
        let arguments = ["convert", "--to", form, "-", "--new-passphrase-file", &new, "--out", &locked];
        assert_eq!(run(&arguments, &data("private/rsa2048.openssh")).0, Some(0), "{form}");
        std::fs::write(&new, "a new one\n").unwrap();
        let arguments = ["convert", "--to", "pkcs1", &locked, "--passphrase-file", &new, "--out", &open];
        assert_eq!(run(&arguments, ""), (Some(0), String::new(), String::new()), "{form}");
        assert_eq!(std::fs::read_to_string(&open).unwrap(), data("private/rsa2048.pkcs1.pem"));

        let rejected = folder.file("rejected");
        let without = ["convert", "--to", "pkcs1", &locked, "--out", &rejected];
        let hint = "hint: add --passphrase-file with a file whose first line is the passphrase";
        let reason = format!("keypair: passphrase: the key is encrypted; enter its passphrase\n{hint}\n");
        assert_eq!(run(&without, ""), (Some(1), String::new(), reason), "{form}");
        let wrong = ["convert", "--to", "pkcs1", &locked, "--passphrase-file", &old, "--out", &rejected];
        let reason = "keypair: passphrase: the passphrase is wrong, or the file is damaged\n".to_owned();
        assert_eq!(run(&wrong, ""), (Some(1), String::new(), reason), "{form}");
        assert!(!std::fs::exists(&rejected).unwrap(), "nothing half-made");
    }
}

#[test]
fn convert_writes_keys_of_other_types_in_the_formats_that_hold_them() {
    let folder = Folder::new("convert-types");
    let type_names = [("ed25519", "ED25519", ["pkcs1", "sec1"].as_slice()), ("ecdsa256", "ECDSA", &["pkcs1"])];
    for (name, type_name, without) in type_names {
        let file = data(&format!("private/{name}.openssh"));
        let line = data(&format!("private/{name}.pub"));
        for form in ["sec1", "pkcs8", "openssh", "ppk", "public", "spki", "rfc4716"] {
            if without.contains(&form) {
                continue;
            }
            let out = folder.file(&format!("{name}.{form}"));
            assert_eq!(
                run(&["convert", "--to", form, "-", "--out", &out], &file),
                (Some(0), String::new(), String::new())
            );
            if ["public", "spki", "rfc4716"].contains(&form) {
                let of = |arguments: &[&str], input: &str| {
                    run(arguments, input).1.split(' ').nth(1).unwrap_or_default().to_owned()
                };
                assert_eq!(of(&["fingerprint", &out], ""), of(&["fingerprint", "-"], &line), "{name} {form}");
            } else {
                // And back: the same public key.
                let back = folder.file(&format!("{name}.{form}.pub"));
                assert_eq!(run(&["convert", "--to", "public", &out, "--out", &back], "").0, Some(0), "{name} {form}");
                let written = std::fs::read_to_string(&back).unwrap();
                assert!(line.starts_with(written.trim_end()), "{name} {form}: {written}");
            }
        }
        assert_eq!(std::fs::read_to_string(folder.file(&format!("{name}.public"))).unwrap(), line);
        for form in without {
            let out = folder.file("rejected");
            let reason = format!("keypair: {type_name} keys cannot be written as {form}\n");
            let rejected = (Some(1), String::new(), reason);
            assert_eq!(run(&["convert", "--to", form, "-", "--out", &out], &file), rejected);
            assert!(!std::fs::exists(&out).unwrap());
        }
    }
}

#[test]
fn convert_is_called_as_it_says() {
    let folder = Folder::new("convert-misuse");
    let (out, passphrase) = (folder.file("out"), folder.file("passphrase"));
    std::fs::write(&passphrase, "one\n").unwrap();
    let file = data("private/rsa2048.pkcs1.pem");
    for arguments in [
        &["convert", "--to", "pkcs1", "-"][..],
        &["convert", "-", "--out", &out],
        &["convert", "--to", "der", "-", "--out", &out],
        &["convert", "--to", "pkcs1", "-", "--out", &out, "--new-passphrase-file", &passphrase],
        &["convert", "--to", "public", "-", "--out", &out, "--new-passphrase-file", &passphrase],
        &["convert", "--to", "pkcs1", "--out", &out],
        &["import", "a", "-", "--passphrase-file", &passphrase],
    ] {
        let (status, printed, err) = run(arguments, &file);
        assert_eq!((status, printed.as_str()), (Some(2), ""), "{arguments:?}: {err}");
        assert!(!std::fs::exists(&out).unwrap());
    }
    let (status, _, err) = run(&["convert", "--to", "openssh", "-", "--out", "-"], &file);
    assert_eq!(status, Some(2));
    assert!(err.ends_with(""), "{err}");
    // An unknown format is reported before a missing passphrase.
    let missing = folder.file("missing");
    let options = ["--passphrase-file", &missing, "--new-passphrase-file", &missing];
    let (status, _, err) = run(&[&["convert", "--to", "der", "-", "--out", &out][..], &options].concat(), &file);
    assert_eq!(status, Some(2));
    assert!(err.starts_with("keypair: invalid value 'der' for '--to <FORMAT>'\n"), "{err}");
    std::fs::write(&passphrase, "\n").unwrap();
    let arguments = ["convert", "--to", "openssh", "-", "--out", &out, "--new-passphrase-file", &passphrase];
    let reason = "keypair: passphrase: an empty passphrase protects nothing\n".to_owned();
    assert_eq!(run(&arguments, &file), (Some(1), String::new(), reason));
}

#[test]
fn convert_says_what_it_changed_and_accepts_as_much_as_the_library() {
    let folder = Folder::new("convert-changes");
    let key = data("private/ed25519.openssh");
    let convert =
        |input: &str, name: &str| run(&["convert", "--to", "public", "-", "--out", &folder.file(name)], input);
    let text = "Bag Attributes\n".repeat(64 * 1024 / 15 - key.len() / 15 - 1) + &key;
    assert!(text.len() > 64 * 1024 - 30 && text.len() <= 64 * 1024);
    let (status, _, err) = convert(&text, "long");
    assert_eq!((status, err.as_str()), (Some(0), "keypair: text before or after the key skipped\n"));
    assert_eq!(std::fs::read_to_string(folder.file("long")).unwrap(), data("private/ed25519.pub"));
    let (status, _, err) = convert(&(" ".repeat(64 * 1024 - key.len() + 1) + &key), "longer");
    assert_eq!((status, err.as_str()), (Some(1), "keypair: \"-\": longer than 65536 bytes\n"));
    let (status, _, err) = convert(&format!("{:?}", key), "quoted");
    assert_eq!(
        (status, err.as_str()),
        (Some(0), "keypair: quotes removed\nkeypair: line breaks written as \\n restored\n")
    );
}

/// As editors save a passphrase.
#[test]
fn a_passphrase_may_follow_a_byte_order_mark_and_is_not_utf_16() {
    let folder = Folder::new("convert-passphrase");
    let (passphrase, key) = (folder.file("passphrase"), data("private/rsa2048.aes256-ctr.openssh"));
    for (at, text) in ["\u{feff}", "\u{feff}\r\n"].into_iter().enumerate() {
        let (before, after) = text.split_at(3);
        std::fs::write(&passphrase, format!("{before}{PASSPHRASE_IN_DATA}{after}")).unwrap();
        let out = folder.file(&format!("out{at}"));
        let arguments = ["convert", "--to", "public", "-", "--passphrase-file", &passphrase, "--out", &out];
        assert_eq!(run(&arguments, &key), (Some(0), String::new(), String::new()));
    }
    let out = folder.file("none");
    let arguments = ["convert", "--to", "public", "-", "--passphrase-file", &passphrase, "--out", &out];
    for before in ["\u{feff}", ""] {
        let units: Vec<u16> = format!("{before}{PASSPHRASE_IN_DATA}\n").encode_utf16().collect();
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            std::fs::write(&passphrase, units.iter().flat_map(|unit| bytes(*unit)).collect::<Vec<_>>()).unwrap();
            let (status, _, err) = run(&arguments, &key);
            assert_eq!(status, Some(1));
            assert!(err.ends_with(": found text in UTF-16; save the file as UTF-8\n"), "{err}");
        }
    }
}

#[test]
fn convert_prints_the_command_that_would_help() {
    let folder = Folder::new("convert-hints");
    let (file, out) = (folder.file("a file"), folder.file("out"));
    let hint = |contents: &[u8]| {
        std::fs::write(&file, contents).unwrap();
        let (status, _, err) = run(&["convert", "--to", "public", &file, "--out", &out], "");
        assert_eq!(status, Some(1), "{err}");
        err.lines().find_map(|line| line.strip_prefix("hint: ").map(str::to_owned))
    };
    let traditional = |cipher: &str| {
        let headers = format!("Proc-Type: 4,ENCRYPTED\nDEK-Info: {cipher},0011223344556677");
        format!("-----BEGIN RSA PRIVATE KEY-----\n{headers}\n\nAAAAAAAAAAA=\n-----END RSA PRIVATE KEY-----\n")
    };
    let providers = "-provider legacy -provider default";
    for (contents, expected) in [
        (
            traditional("BF-CBC").into_bytes(),
            format!("openssl pkey -aes256 {providers} -in '{file}' -out '{file}.new'"),
        ),
        (traditional("NEW").into_bytes(), format!("openssl pkey -aes256 {providers} -in '{file}' -out '{file}.new'")),
        (
            data("private/rsa2048.ppk").replace("Encryption: none", "Encryption: other").into_bytes(),
            format!("puttygen '{file}' -O private -o '{file}.new'"),
        ),
        (
            b"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n".to_vec(),
            format!("puttygen '{file}' -O private-openssh -o '{file}.new'"),
        ),
        (b"LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=".to_vec(), format!("base64 -d '{file}' > '{file}.new'")),
        (
            "PuTTY".encode_utf16().flat_map(u16::to_le_bytes).collect(),
            format!("iconv -f UTF-16LE -t UTF-8 '{file}' > '{file}.new'"),
        ),
    ] {
        let found = hint(&contents).unwrap_or_default();
        assert!(found.ends_with(&format!(": {expected}")), "{found}");
    }
    // There is no option for it.
    assert_eq!(hint(data("x509/rsa2048.pem").as_bytes()), None);
}

//! `keypair import`.

use crate::tool::{Folder, LINE, PASSPHRASE_IN_DATA, data, data_path, response, run};

#[test]
fn import_reads_a_file_or_standard_input() {
    let folder = Folder::new("import");
    let file = folder.file("key.pub");
    std::fs::write(&file, LINE).unwrap();
    let fingerprints = data("fingerprints.txt");
    let fingerprint = fingerprints.lines().nth(2).unwrap();
    for (path, input) in [(file.as_str(), ""), ("-", LINE)] {
        let answer = response(&["import", "laptop", path, "--user-id", "me"], input);
        assert_eq!(answer["public_key"], LINE);
        assert_eq!(answer["user_id"], "me");
        assert_eq!(fingerprint, format!("2048 MD5:{} test key (RSA)", answer["fingerprint"].as_str().unwrap()));
    }
}

#[test]
fn import_accepts_other_formats_and_says_so_unless_it_is_strict() {
    let blob = |line: &str| line.split(' ').nth(1).unwrap().to_owned();
    for (file, change) in [
        ("ecdsa521.rfc4716", "keypair: converted from RFC 4716\n"),
        ("ed25519.spki.pem", "keypair: converted from PEM\n"),
        ("rsa2048.pkcs1.pem", "keypair: converted from PEM\n"),
        ("ed25519sk.pub", ""),
        ("ed25519-cert.pub", ""),
    ] {
        let (status, out, err) = run(&["import", "laptop", "-"], &data(file));
        assert_eq!((status, err.as_str()), (Some(0), change), "{file}");
        let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
        let line = answer["keypair"]["public_key"].as_str().unwrap();
        let name = file.split('.').next().unwrap();
        assert_eq!(blob(line.trim_end()), blob(data(&format!("{name}.pub")).trim_end()));
        let (status, ..) = run(&["import", "laptop", "-", "--strict"], &data(file));
        assert_eq!(status, Some(i32::from(file != "ed25519sk.pub")), "{file}");
    }
    let (status, _, err) = run(&["import", "laptop", "-"], &"x".repeat(16 * 1024 + 1));
    assert_eq!((status, err.as_str()), (Some(1), "keypair: \"-\": longer than 16384 bytes\n"));
    let (status, _, err) = run(&["import", "laptop", "-"], &format!("\n {LINE}\n"));
    assert_eq!((status, err.as_str()), (Some(0), "keypair: white space corrected\n"));
}

#[test]
fn import_accepts_a_private_key_and_prints_its_public_half() {
    let folder = Folder::new("import-private");
    let passphrase = folder.file("passphrase");
    std::fs::write(&passphrase, PASSPHRASE_IN_DATA).unwrap();
    for (file, with_comment) in [
        ("rsa2048.aes256-ctr.openssh", true),
        ("rsa2048.v2.ppk", true),
        ("rsa2048.scrypt.pkcs8.pem", false),
        ("rsa2048.pkcs1.pem", false),
    ] {
        let arguments = ["import", "--private", "mine", "-", "--passphrase-file", &passphrase];
        let answer = response(&arguments, &data(&format!("private/{file}")));
        let line = data("private/rsa2048.pub");
        let line = if with_comment { line.clone() } else { line.replace(" test key", "") };
        assert_eq!(answer["public_key"].as_str().unwrap(), line, "{file}");
        assert!(answer.get("private_key").is_none());
    }
    let reason =
        "keypair: private key, byte 0: this is a public key; the private key is usually in the file without .pub\n";
    assert_eq!(run(&["import", "--private", "mine", "-"], LINE), (Some(1), String::new(), reason.to_owned()));
}

#[test]
fn import_rejects_a_broken_key_and_reports_a_note() {
    let (status, out, err) = run(&["import", "demo", "-"], &data("weak/close-primes.pub"));
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert_eq!(
        err,
        "keypair: modulus: is the product of two primes that are too close together: Fermat's method factors it\n"
    );
    let (status, _, err) = run(&["import", "demo", &data_path("rsa1024.pub")], "");
    assert_eq!((status, err.as_str()), (Some(0), "keypair: note: modulus: fewer than 2048 bits\n"));
}

#[test]
fn version_2_92_imports_names_with_an_at_sign_and_dots() {
    let answer = response(&["import", "me@example.org", "-", "--api-version", "2.92"], LINE);
    assert_eq!((&answer["name"], &answer["type"]), (&"me@example.org".into(), &"ssh".into()));
    let private = ["import", "--private", "me@example.org", "-", "--api-version", "2.92"];
    assert_eq!(response(&private, &data("private/rsa2048.pkcs1.pem"))["name"], "me@example.org");
    let (status, out, err) = run(&["import", "me@example.org", "-"], LINE);
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert_eq!(
        err,
        "keypair: name, byte 2: this character is not allowed in a name; use letters, digits, spaces, - and _\n"
    );
    // Before 2.2 there is no type.
    let (status, _, err) = run(&["import", "laptop", "-", "--api-version", "2.1", "--type", "ssh"], LINE);
    assert_eq!((status, err.as_str()), (Some(1), "keypair: type: not a field of this version\n"));
    assert!(response(&["import", "laptop", "-", "--api-version", "2.1"], LINE).get("type").is_none());
}

#[test]
fn import_prints_the_option_that_would_help() {
    let (status, _, err) = run(&["import", "a", "-"], &data("x509/rsa2048.pem"));
    assert_eq!(status, Some(1));
    assert!(err.ends_with("\nhint: import --type x509 imports a certificate, and audit reads its key\n"), "{err}");
    let text = format!("subject=CN = me\n{}", data("x509/rsa2048.pem"));
    let (status, _, err) = run(&["import", "a", "-", "--type", "x509"], &text);
    assert_eq!(status, Some(0), "{err}");
    assert!(err.starts_with("keypair: ") && err.contains("text before or after the key skipped\n"), "{err}");
    let (status, _, err) = run(&["import", "a", "-"], &data("private/rsa2048.openssh"));
    assert_eq!(status, Some(1));
    assert!(err.contains("\nhint: convert --to public writes the public half"), "{err}");
    // A public key exposes nothing, whatever its label says.
    let labelled = data("rsa2048.spki.pem").replace("PUBLIC KEY", "PRIVATE KEY");
    let (status, _, err) = run(&["import", "a", "-"], &labelled);
    assert_eq!(status, Some(1));
    assert!(err.contains("a public key") && !err.contains("exposed") && !err.contains("hint"), "{err}");
    let (status, _, err) = run(&["import", "a", "-", "--private"], &data("private/rsa2048.aes256-ctr.openssh"));
    assert_eq!(status, Some(1));
    assert!(err.contains("\nhint: add --passphrase-file "), "{err}");
}

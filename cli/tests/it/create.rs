//! `keypair create`.

use crate::tool::{Folder, data, have, output_of, response, run};
use std::os::unix::fs::PermissionsExt;

#[test]
fn create_prints_the_documented_response() {
    let answer = response(&["create", "demo", "--user-id", "6fc0d2cb"], "");
    assert_eq!(answer["name"], "demo");
    assert_eq!(answer["user_id"], "6fc0d2cb");
    assert_eq!(answer["type"], "ssh");
    assert!(answer["public_key"].as_str().unwrap().ends_with(" Generated-by-Nova\n"));
    assert!(answer["private_key"].as_str().unwrap().ends_with("\n-----END RSA PRIVATE KEY-----\n"));

    let answer = response(&["create", "demo", "--profile", "nova", "--bits", "2064", "--comment", "a b"], "");
    assert!(answer["public_key"].as_str().unwrap().ends_with(" a b"));
    assert!(answer.get("user_id").is_none());
}

#[test]
fn a_seed_makes_the_same_key_and_a_warning() {
    const SEED: &str = "AAECAwQFBgcICQoLDA0ODw==";
    let folder = Folder::new("seed");
    let file = folder.file("seed");
    std::fs::write(&file, format!("{SEED}\r\nmore\n")).unwrap();
    let arguments = |file| ["create", "demo", "--seed-file", file, "--profile", "nova"];
    let (status, out, err) = run(&arguments("-"), SEED);
    assert_eq!(
        (status, err.as_str()),
        (Some(0), "keypair: keep the seed as secret as the key: anyone who has the seed can derive the key\n")
    );
    assert_eq!(run(&arguments("-"), &format!("{SEED}\n")).1, out);
    assert_eq!(run(&arguments(&file), "").1, out);
    let (status, _, err) = run(&["create", "demo", "--seed-file", "-"], "AAAA");
    assert_eq!(status, Some(1));
    assert!(err.ends_with("keypair: expected a seed of at least 16 bytes\n"));
    // An error does not show the seed.
    let failed = (Some(1), String::new(), "keypair: \"-\": expected a seed in base64\n".to_owned());
    assert_eq!(run(&["create", "demo", "--seed-file", "-"], "no base64!"), failed);
}

#[test]
fn create_makes_a_key_of_the_type_that_is_asked_for() {
    // 32 bytes.
    const SEED: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    for (options, type_name, begin) in [
        (&["--key", "rsa"][..], "ssh-rsa", "-----BEGIN RSA PRIVATE KEY-----"),
        (&["--key", "ed25519"], "ssh-ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----"),
        (&["--key", "ed25519", "--private-key-format", "pkcs8"], "ssh-ed25519", "-----BEGIN PRIVATE KEY-----"),
        (&["--key", "ecdsa"], "ecdsa-sha2-nistp256", "-----BEGIN OPENSSH PRIVATE KEY-----"),
        (&["--key", "ecdsa", "--bits", "384"], "ecdsa-sha2-nistp384", "-----BEGIN OPENSSH PRIVATE KEY-----"),
        (
            &["--key", "ecdsa", "--bits", "521", "--private-key-format", "pkcs8"],
            "ecdsa-sha2-nistp521",
            "-----BEGIN PRIVATE KEY-----",
        ),
    ] {
        let arguments = [&["create", "demo"], options].concat();
        let answer = response(&arguments, "");
        assert!(answer["public_key"].as_str().unwrap().starts_with(&format!("{type_name} ")), "{options:?}");
        assert!(answer["private_key"].as_str().unwrap().starts_with(begin), "{options:?}");
        let seeded = || run(&[&arguments[..], &["--seed-file", "-"]].concat(), SEED);
        assert_eq!((seeded().0, seeded().1), (Some(0), seeded().1), "{options:?}");
    }
    for options in [
        &["--key", "dsa"][..],
        &["--key", "ed25519", "--bits", "512"],
        &["--key", "ecdsa", "--bits", "512"],
        &["--key", "rsa", "--private-key-format", "pkcs8"],
        &["--key", "ed25519", "--type", "x509", "--user-id", "me"],
    ] {
        assert_eq!(run(&[&["create", "demo"], options].concat(), "").0, Some(2), "{options:?}");
    }
    let (status, _, err) = run(&["create", "demo", "--key", "ed25519", "--seed-file", "-"], "AAECAwQFBgcICQoLDA0ODw==");
    assert_eq!(status, Some(1));
    assert!(err.ends_with("keypair: seed: the seed of an Ed25519 key has 32 bytes\n"), "{err}");
}

#[test]
fn the_private_key_goes_to_a_new_file_of_the_owner_alone() {
    let folder = Folder::new("create");
    let file = folder.file("demo.pem");
    let answer = response(&["create", "demo", "--private-key", &file], "");
    assert!(answer.get("private_key").is_none());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    if have("ssh-keygen") {
        let line = output_of("ssh-keygen", &["-y", "-f", &file]);
        assert!(answer["public_key"].as_str().unwrap().starts_with(line.trim_end()));
    }

    let before = std::fs::read(&file).unwrap();
    let (status, out, err) = run(&["create", "demo", "--private-key", &file], "");
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert!(err.contains("demo.pem"));
    assert_eq!(std::fs::read(&file).unwrap(), before, "never overwritten");

    // A rejection leaves no empty file behind.
    let other = folder.file("other.pem");
    assert_eq!(run(&["create", "a/b", "--private-key", &other], "").0, Some(1));
    assert!(!std::fs::exists(&other).unwrap());
}

#[test]
fn a_certificate_is_created_and_imported() {
    let folder = Folder::new("create-x509");
    let file = folder.file("demo.p12");
    let answer = response(&["create", "demo", "--type", "x509", "--user-id", "me", "--private-key", &file], "");
    assert_eq!((&answer["type"], answer.get("private_key")), (&"x509".into(), None));
    let pem = answer["public_key"].as_str().unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    if have("openssl") {
        let shown = output_of("openssl", &["pkcs12", "-in", &file, "-passin", "pass:", "-nokeys"]);
        assert!(shown.contains(pem));
    }
    let answer = response(&["create", "demo", "--type", "x509", "--user-id", "me"], "");
    assert!(answer["private_key"].as_str().unwrap().starts_with("MII"));

    let again = response(&["import", "laptop", "-", "--type", "x509"], pem);
    assert_eq!(again["public_key"], pem);
    let (status, out, err) = run(&["import", "laptop", "-", "--type", "x509"], &data("x509/expired.pem"));
    assert_eq!((status, err.as_str()), (Some(0), "keypair: the certificate has expired\n"));
    assert!(out.contains("\"type\": \"x509\""));
    let (status, _, err) = run(&["import", "laptop", "-", "--type", "x509", "--strict"], &format!("\n{pem}"));
    assert_eq!((status, err.as_str()), (Some(1), "keypair: public key, byte 0: expected a certificate\n"));
    let (status, _, err) = run(&["import", "laptop", "-", "--type", "x509"], &format!("\n{pem}"));
    assert_eq!((status, err.as_str()), (Some(0), "keypair: white space corrected\n"));

    for (arguments, reason) in [
        (&["create", "demo", "--type", "x509"][..], "needs --user-id"),
        (
            &["create", "demo", "--type", "x509", "--user-id", "me", "--seed-file", "-"],
            "--seed-file cannot be used with",
        ),
        (&["create", "demo", "--type", "x509", "--user-id", "me", "--comment", "a"], "--comment cannot be used with"),
        (&["create", "demo", "--type", "pgp"], "[possible values: ssh, x509]"),
        (&["import", "demo", "-", "--type", "x509", "--private"], "'--type <TYPE>' cannot be used with '--private'"),
    ] {
        let (status, out, err) = run(arguments, "");
        assert_eq!((status, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.contains(reason), "{err}");
    }
    let long = "x".repeat(65);
    let (status, _, err) = run(&["create", "demo", "--type", "x509", "--user-id", &long], "");
    assert_eq!((status, err.as_str()), (Some(1), "keypair: user id, byte 64: longer than the limit\n"));
}

#[test]
fn a_dash_starts_an_option_but_after_two_dashes_a_name() {
    let (status, out, err) = run(&["create", "-h"], "");
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert!(out.starts_with("Create a key pair") && !out.contains("PRIVATE KEY"), "{out}");
    assert_eq!(run(&["create", "-x"], "").0, Some(2));
    assert_eq!(response(&["create", "--", "-h"], "")["name"], "-h");
    // An option's value may be attached to it, and may then start with anything.
    let answer = response(&["create", "demo", "--bits=2064", "--comment=--x", "--profile=nova"], "");
    assert!(answer["public_key"].as_str().unwrap().ends_with(" --x"));
}

#[test]
fn an_api_version_decides_which_fields_there_are() {
    let answer = response(&["create", "demo", "--api-version", "2.0"], "");
    assert!(answer.get("type").is_none() && answer.get("private_key").is_some());
    assert_eq!(response(&["create", "demo", "--api-version", "2.2"], "")["type"], "ssh");
    for (arguments, reason) in [
        (&["--user-id", "me", "--api-version", "2.9"], "user_id: not a field of this version"),
        (&["--type", "ssh", "--api-version", "2.1"], "type: not a field of this version"),
    ] {
        let failed = (Some(1), String::new(), format!("keypair: {reason}\n"));
        assert_eq!(run(&[&["create", "demo"][..], arguments].concat(), ""), failed);
    }
    assert_eq!(run(&["create", "demo", "--api-version", "2.105"], "").0, Some(2));
}

#[test]
fn version_2_92_creates_no_key() {
    let folder = Folder::new("create-2.92");
    let file = folder.file("key");
    let arguments = ["create", "demo", "--api-version", "2.92", "--private-key", &file];
    let (status, out, err) = run(&arguments, "");
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert!(err.starts_with("keypair: API version 2.92 only imports key pairs"), "{err}");
    assert!(folder.names().is_empty());
}

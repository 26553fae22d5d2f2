//! The example, from a shell: what it prints, writes and refuses, and with which exit status.
#![cfg(all(unix, feature = "serde", feature = "encryption", feature = "x509", feature = "shared-primes"))]

mod common;

use common::{Folder, have, output};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::OnceLock;

const LINE: &str = include_str!("data/rsa2048.pub");

/// The example, built from the sources as they are: a run of this test alone would find an old one, or none.
fn keypair() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let cargo = ["build", "--quiet", "--profile", "test", "--all-features", "--example", "keypair"];
        output(env!("CARGO"), &cargo, "");
        let deps: PathBuf = std::env::current_exe().unwrap();
        let example = deps.ancestors().nth(2).unwrap().join("examples/keypair");
        example.into_os_string().into_string().unwrap()
    })
}

fn run(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let output = common::run(keypair(), arguments, input);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn response(arguments: &[&str], input: &str) -> serde_json::Value {
    let (status, out, err) = run(arguments, input);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    serde_json::from_str::<serde_json::Value>(&out).unwrap()["keypair"].take()
}

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
    let arguments = ["create", "demo", "--seed", "AAECAwQFBgcICQoLDA0ODw==", "--profile", "nova"];
    let (status, out, err) = run(&arguments, "");
    assert_eq!((status, err.as_str()), (Some(0), "keypair: whoever has the seed has the key\n"));
    assert_eq!(run(&arguments, "").1, out);
    let (status, _, err) = run(&["create", "demo", "--seed", "AAAA"], "");
    assert_eq!(status, Some(1));
    assert!(err.ends_with("keypair: a seed of fewer than 16 bytes\n"));
}

#[test]
fn the_private_key_goes_to_a_new_file_of_the_owner_alone() {
    let folder = Folder::new("example");
    let file = folder.file("demo.pem");
    let answer = response(&["create", "demo", "--private-key", &file], "");
    assert!(answer.get("private_key").is_none());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    if have("ssh-keygen") {
        let line = output("ssh-keygen", &["-y", "-f", &file], "");
        assert!(answer["public_key"].as_str().unwrap().starts_with(line.trim_end()));
    }

    let before = std::fs::read(&file).unwrap();
    let (status, out, err) = run(&["create", "demo", "--private-key", &file], "");
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert!(err.contains("demo.pem"));
    assert_eq!(std::fs::read(&file).unwrap(), before, "never overwritten");

    // A refusal leaves no empty file behind.
    let other = folder.file("other.pem");
    assert_eq!(run(&["create", "a/b", "--private-key", &other], "").0, Some(1));
    assert!(!std::fs::exists(&other).unwrap());
}

#[test]
fn import_takes_a_file_or_standard_input() {
    let folder = Folder::new("import");
    let file = folder.file("key.pub");
    std::fs::write(&file, LINE).unwrap();
    let fingerprint = include_str!("data/fingerprints.txt").lines().nth(2).unwrap();
    for (path, input) in [(file.as_str(), ""), ("-", LINE)] {
        let answer = response(&["import", "laptop", path, "--user-id", "me"], input);
        assert_eq!(answer["public_key"], LINE);
        assert_eq!(answer["user_id"], "me");
        assert_eq!(fingerprint, format!("2048 MD5:{} test key (RSA)", answer["fingerprint"].as_str().unwrap()));
    }
}

#[test]
fn a_refusal_is_status_1_and_its_reason() {
    let long = LINE.trim_end().to_owned() + &"x".repeat(1024);
    for (arguments, input, reason) in [
        (&["import", "a", "-"][..], "ssh-rsaAAAA", "keypair: key type, byte 7: no space after the key type\n"),
        (&["import", "a", "-"], &long, "keypair: public key, byte 1024: too long\n"),
        (&["import", "a/b", "-"], LINE, "keypair: name, byte 1: a character that is not allowed\n"),
        (&["import", "a", "-"], "-----BEGIN RSA PRIVATE KEY-----\nsecret", "private key"),
        (&["import", "a", "/nonexistent"], "", "/nonexistent"),
        (&["create", "a", "--bits", "1024"], "", "keypair: key size: not a multiple of 16 from 2048 to 8192\n"),
        (&["create", "a", "--comment", "a\nb"], "", "control character"),
        (&["create", "a", "--private-key", "/nonexistent/key"], "", "/nonexistent/key"),
        (&["fingerprint", "-"], "# nothing\n\n", "keypair: no public key\n"),
        (
            &["fingerprint", "-"],
            "-----BEGIN RSA PRIVATE KEY-----\nsecret\nsecret\n",
            "treat it as exposed\nhint: convert --to public writes its public half, and import --private prints it\n",
        ),
    ] {
        let (status, out, err) = run(arguments, input);
        assert_eq!((status, out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(err.contains(reason) && !err.contains("secret"), "{err}");
    }
    assert_eq!(run(&["import", "a", "-", "--profile", "nova"], &long).0, Some(0));
}

#[test]
fn misuse_is_status_2() {
    for arguments in [
        &[][..],
        &["make"],
        &["create"],
        &["create", "a", "b"],
        &["create", "a", "--bits"],
        &["create", "a", "--bits", "many"],
        &["create", "a", "--bits", "2048", "--bits", "2048"],
        &["create", "a", "--profile", "other"],
        &["create", "a", "--seed"],
        &["create", "a", "--seed", "no base64!"],
        &["import", "a"],
        &["import", "a", "-", "--bits", "2048"],
        &["fingerprint"],
        &["fingerprint", "-", "--hash"],
        &["fingerprint", "-", "--hash", "md4"],
        &["create", "a", "--strict"],
        &["create", "a", "--private-key", "-"],
        &["import", "--private", "a", "-", "--strict"],
        &["audit"],
        &["audit", "--json"],
        &["audit", "-", "--strict"],
        &["audit", "-", "--denylist"],
    ] {
        let (status, out, err) = run(arguments, "");
        assert_eq!((status, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.starts_with("usage: keypair create NAME"));
        // The reason is the last line.
        assert!(err.lines().last().unwrap().starts_with("keypair: "), "{err}");
    }
    for (arguments, reason) in [
        (&["fingerprint"][..], "needs 1 argument, not 0"),
        (&["create", "a", "b"], "needs 1 argument, not 2"),
        (&["import", "a"], "needs 2 arguments, not 1"),
        (&["create", "a", "--private-key", "-"], "--private-key takes the path of a new file, not -"),
    ] {
        assert!(run(arguments, "").2.ends_with(&format!("\nkeypair: {reason}\n")), "{arguments:?}");
    }
    assert_eq!(run(&["--help"], "").0, Some(0));
    assert_eq!(run(&["create", "--help"], "").0, Some(0));
}

#[test]
fn fingerprint_prints_what_ssh_keygen_does_for_every_line() {
    let lines = [
        include_str!("data/rsa1024.pub"),
        "\n# a comment\n",
        LINE,
        "ssh-rsa broken\n",
        include_str!("data/rsa3072.pub"),
    ];
    let (status, out, err) = run(&["fingerprint", "-"], &lines.concat());
    let expected: Vec<_> = include_str!("data/fingerprints.txt").lines().take(6).collect();
    assert_eq!(out.lines().collect::<Vec<_>>(), expected);
    assert_eq!(status, Some(1));
    assert_eq!(err, "keypair: line 5: base64, byte 14: invalid base64\nkeypair: 1 bad line\n");

    let without_comment = LINE.strip_suffix(" test key\n").unwrap();
    let (status, out, _) = run(&["fingerprint", "-"], without_comment);
    assert_eq!(status, Some(0));
    assert!(out.lines().all(|line| line.ends_with(" no comment (RSA)")));
}

#[test]
fn fingerprint_takes_every_form_and_prints_what_ssh_keygen_does() {
    let prints = data("prints.txt");
    let prints: Vec<&str> = prints.lines().collect();
    for (place, name) in prints.iter().enumerate().filter(|(_, line)| line.ends_with(".pub")) {
        for (at, hash) in ["md5", "sha1", "sha256", "sha384", "sha512"].into_iter().enumerate() {
            let (status, out, err) = run(&["fingerprint", "-", "--hash", hash, "--randomart"], &data(name));
            assert_eq!((status, err.as_str()), (Some(0), ""), "{name}");
            let printed = &prints[place + 1 + 12 * at..][..12];
            assert_eq!(out.lines().collect::<Vec<_>>(), printed, "{name} {hash}");
        }
    }
    for file in ["ecdsa384.rfc4716", "rsa2048.spki.pem", "rsa2048.pkcs1.pem", "dsa1024.spki.pem"] {
        let (status, out, _) = run(&["fingerprint", "-", "--hash", "sha256"], &data(file));
        let key = data(&format!("{}.pub", file.split('.').next().unwrap()));
        let (_, of_line, _) = run(&["fingerprint", "-", "--hash", "sha256"], &key);
        assert_eq!(status, Some(0));
        assert_eq!(out.split(' ').take(2).collect::<Vec<_>>(), of_line.split(' ').take(2).collect::<Vec<_>>());
    }
    // Two bad lines; the certificate is listed as well.
    let (status, out, err) = run(&["fingerprint", "-", "--hash", "sha256"], &data("authorized_keys"));
    let listed = data("authorized_keys.txt");
    let with_fingerprint =
        |text: &str| text.lines().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(with_fingerprint(&out), with_fingerprint(&listed));
    assert_eq!((status, err.lines().count()), (Some(1), 3));
    assert!(err.ends_with("keypair: 2 bad lines\n"));
}

#[test]
fn import_takes_other_forms_and_says_so_unless_it_is_strict() {
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
    assert_eq!((status, err.as_str()), (Some(0), "keypair: white space removed\n"));
}

/// A committed file.
fn data(file: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

const PASSPHRASE_IN_DATA: &str = "test material\n";

#[test]
fn convert_writes_every_form_to_a_new_file_of_the_owner_alone() {
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

    // Under a new passphrase, and back.
    for form in ["pkcs8", "openssh", "ppk"] {
        let (locked, open) = (folder.file(&format!("{form}.locked")), folder.file(&format!("{form}.open")));
        let arguments = ["convert", "--to", form, "-", "--new-passphrase-file", &new, "--out", &locked];
        assert_eq!(run(&arguments, &data("private/rsa2048.openssh")).0, Some(0), "{form}");
        std::fs::write(&new, "a new one\n").unwrap();
        let arguments = ["convert", "--to", "pkcs1", &locked, "--passphrase-file", &new, "--out", &open];
        assert_eq!(run(&arguments, ""), (Some(0), String::new(), String::new()), "{form}");
        assert_eq!(std::fs::read_to_string(&open).unwrap(), data("private/rsa2048.pkcs1.pem"));

        let refused = folder.file("refused");
        let without = ["convert", "--to", "pkcs1", &locked, "--out", &refused];
        let reason = "keypair: passphrase: encrypted, and no passphrase is given\n".to_owned();
        assert_eq!(run(&without, ""), (Some(1), String::new(), reason), "{form}");
        let wrong = ["convert", "--to", "pkcs1", &locked, "--passphrase-file", &old, "--out", &refused];
        let reason = "keypair: passphrase: the passphrase is wrong, or the file is damaged\n".to_owned();
        assert_eq!(run(&wrong, ""), (Some(1), String::new(), reason), "{form}");
        assert!(!std::fs::exists(&refused).unwrap(), "nothing half-made");
    }
}

#[test]
fn convert_takes_keys_of_other_types_in_the_forms_that_hold_them() {
    let folder = Folder::new("convert-types");
    for name in ["ed25519", "ecdsa256"] {
        let file = data(&format!("private/{name}.openssh"));
        let out = folder.file(name);
        assert_eq!(run(&["convert", "--to", "public", "-", "--out", &out], &file).0, Some(0));
        assert_eq!(std::fs::read_to_string(&out).unwrap(), data(&format!("private/{name}.pub")));
        for form in ["pkcs1", "pkcs8", "ppk"] {
            let out = folder.file("refused");
            let reason = format!("keypair: only RSA keys are written as {form}\n");
            let refused = (Some(1), String::new(), reason);
            assert_eq!(run(&["convert", "--to", form, "-", "--out", &out], &file), refused);
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
    assert!(err.ends_with("\nkeypair: --out takes the path of a new file, not -\n"), "{err}");
    // An unknown form is named before a passphrase is looked for.
    let missing = folder.file("missing");
    let options = ["--passphrase-file", &missing, "--new-passphrase-file", &missing];
    let (status, _, err) = run(&[&["convert", "--to", "der", "-", "--out", &out][..], &options].concat(), &file);
    assert_eq!(status, Some(2));
    assert!(err.ends_with("; \"der\" is unknown\n"), "{err}");
    std::fs::write(&passphrase, "\n").unwrap();
    let arguments = ["convert", "--to", "openssh", "-", "--out", &out, "--new-passphrase-file", &passphrase];
    let reason = "keypair: passphrase: an empty passphrase protects nothing\n".to_owned();
    assert_eq!(run(&arguments, &file), (Some(1), String::new(), reason));
}

#[test]
fn import_takes_a_private_key_and_prints_its_public_half() {
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
    let reason = "keypair: private key, byte 0: not a private key\n".to_owned();
    assert_eq!(run(&["import", "--private", "mine", "-"], LINE), (Some(1), String::new(), reason));
}

#[test]
fn a_certificate_is_made_and_taken() {
    let folder = Folder::new("example-x509");
    let file = folder.file("demo.p12");
    let answer = response(&["create", "demo", "--type", "x509", "--user-id", "me", "--private-key", &file], "");
    assert_eq!((&answer["type"], answer.get("private_key")), (&"x509".into(), None));
    let pem = answer["public_key"].as_str().unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    if have("openssl") {
        let shown = output("openssl", &["pkcs12", "-in", &file, "-passin", "pass:", "-nokeys"], "");
        assert!(shown.contains(pem));
    }
    let answer = response(&["create", "demo", "--type", "x509", "--user-id", "me"], "");
    assert!(answer["private_key"].as_str().unwrap().starts_with("MII"));

    let again = response(&["import", "laptop", "-", "--type", "x509"], pem);
    assert_eq!(again["public_key"], pem);
    let (status, out, err) = run(&["import", "laptop", "-", "--type", "x509"], include_str!("data/x509/expired.pem"));
    assert_eq!((status, err.as_str()), (Some(0), "keypair: the certificate has expired\n"));
    assert!(out.contains("\"type\": \"x509\""));
    let (status, _, err) = run(&["import", "laptop", "-", "--type", "x509", "--strict"], &format!("\n{pem}"));
    assert_eq!((status, err.as_str()), (Some(1), "keypair: public key, byte 0: no certificate\n"));
    let (status, _, err) = run(&["import", "laptop", "-", "--type", "x509"], &format!("\n{pem}"));
    assert_eq!((status, err.as_str()), (Some(0), "keypair: white space removed\n"));

    for (arguments, reason) in [
        (&["create", "demo", "--type", "x509"][..], "needs --user-id"),
        (&["create", "demo", "--type", "x509", "--user-id", "me", "--seed", "AAAA"], "--seed does not go with"),
        (&["create", "demo", "--type", "x509", "--user-id", "me", "--comment", "a"], "--comment does not go with"),
        (&["create", "demo", "--type", "pgp"], "--type takes ssh or x509"),
        (&["import", "demo", "-", "--type", "x509", "--private"], "--type is for public keys"),
    ] {
        let (status, out, err) = run(arguments, "");
        assert_eq!((status, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.contains(reason), "{err}");
    }
    let long = "x".repeat(65);
    let (status, _, err) = run(&["create", "demo", "--type", "x509", "--user-id", &long], "");
    assert_eq!((status, err.as_str()), (Some(1), "keypair: user id, byte 64: too long\n"));
}

const CLOSE_PRIMES: &str = include_str!("data/weak/close-primes.pub");

#[test]
fn audit_prints_what_it_finds_and_a_summary() {
    let (ed25519, small) = (include_str!("data/ed25519.pub"), include_str!("data/rsa1024.pub"));
    let file = format!("# a table\n{LINE}\n{small}restrict {CLOSE_PRIMES}{ed25519}");
    let (status, out, err) = run(&["audit", "-"], &file);
    assert_eq!((status, err.as_str()), (Some(3), ""));
    let lines: Vec<_> = out.lines().collect();
    let [one, small_modulus, nist, two, close_primes, reference, summary] = lines[..] else { panic!("{out}") };
    assert!(one.starts_with("-:4: note: 1024 SHA256:") && one.ends_with(" test key (RSA)"), "{out}");
    assert_eq!((small_modulus, &nist[..8]), ("  note: small-modulus: modulus: fewer than 2048 bits", "    NIST"));
    assert!(two.starts_with("-:5: broken: 2048 SHA256:"), "{out}");
    assert!(close_primes.starts_with("  broken: close-primes: modulus: of two primes so close"), "{out}");
    assert!(reference.starts_with("    CVE-2022-26320; "), "{out}");
    assert_eq!(summary, "4 keys: 1 broken, 0 weak, 1 with notes, 2 without findings; 0 bad inputs");

    // Of sound keys, and such with notes, the status is that of success.
    let (status, out, _) = run(&["audit", "tests/data/rsa1024.pub", "tests/data/rsa2048.spki.pem"], "");
    assert_eq!(status, Some(0));
    assert!(out.ends_with("2 keys: 0 broken, 0 weak, 1 with notes, 1 without findings; 0 bad inputs\n"), "{out}");
    // Every form, and certificates of both kinds.
    for file in ["ed25519.rfc4716", "ca-rsa.pkcs1.pem", "ed25519-cert.pub", "x509/ecdsa256.pem", "ecdsa256sk.pub"] {
        let (status, out, err) = run(&["audit", &format!("tests/data/{file}")], "");
        assert_eq!((status, err.as_str()), (Some(0), ""), "{file}");
        assert!(out.ends_with("1 key: 0 broken, 0 weak, 0 with notes, 1 without findings; 0 bad inputs\n"), "{out}");
    }
}

#[test]
fn audit_names_bad_lines_and_stops_at_a_private_key() {
    let (status, out, err) = run(&["audit", "-"], &format!("{LINE}ssh-rsa AAAA\n"));
    assert_eq!(status, Some(1));
    assert!(out.ends_with(" 1 without findings; 1 bad input\n"), "{out}");
    assert!(err.starts_with("keypair: -:2: ") && err.ends_with("\nkeypair: 1 bad input\n"), "{err}");
    // A broken key counts for more.
    assert_eq!(run(&["audit", "-"], &format!("{CLOSE_PRIMES}ssh-rsa AAAA\n")).0, Some(3));
    for (input, reason) in [
        ("-----BEGIN RSA PRIVATE KEY-----\nsecret", "keypair: -:1: public key, byte 0: this is a private key"),
        ("", "keypair: no public key\n"),
        ("# nothing\n", "keypair: no public key\n"),
    ] {
        let (status, _, err) = run(&["audit", "-"], input);
        assert_eq!(status, Some(1));
        assert!(err.contains(reason) && !err.contains("secret"), "{err}");
    }
}

#[test]
fn audit_finds_shared_primes_and_listed_keys_and_tells_them_as_json() {
    let folder = Folder::new("audit-json");
    // 2^1024 - 1 and 2^1032 - 1 share 3, 5 and 17.
    let line = |modulus: &[u8]| {
        let key = ssh_keypair::RsaPublicKey::new(modulus, &[1, 0, 1]).unwrap();
        format!("{}\n", ssh_keypair::openssh::PublicKeyBuf::from_key_data(&key.into(), "").unwrap())
    };
    let (table, other) = (folder.file("table"), folder.file("other"));
    std::fs::write(&table, format!("{LINE}{}", line(&[0xff; 128]))).unwrap();
    std::fs::write(&other, line(&[0xff; 129])).unwrap();
    // The list that tests/data/rsa2048.pub is on.
    let key: ssh_keypair::openssh::PublicKeyBuf = LINE.parse().unwrap();
    let ssh_keypair::openssh::KeyData::Rsa(rsa) = key.as_public_key().key_data() else { unreachable!() };
    let (number, list) = (folder.file("number"), folder.file("list"));
    std::fs::write(&number, rsa.modulus()).unwrap();
    let mut record = common::run("openssl", &["dgst", "-sha256", "-binary", &number], "").stdout;
    record.truncate(15);
    record.push(9);
    std::fs::write(&list, &record).unwrap();

    let (status, out, err) = run(&["audit", &table, &other, "--json", "--denylist", &list], "");
    assert_eq!((status, err.as_str()), (Some(3), ""));
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    let [first, second, third] = &answer["keys"].as_array().unwrap()[..] else { panic!("{out}") };
    let finding = &first["findings"][0];
    assert_eq!((&finding["name"], &finding["list"]), (&"denylisted".into(), &9.into()));
    assert_eq!(
        (&first["bits"], &first["type"], &first["comment"]),
        (&2048.into(), &"ssh-rsa".into(), &"test key".into())
    );
    for key in [second, third] {
        let names: Vec<_> = key["findings"].as_array().unwrap().iter().map(|finding| &finding["name"]).collect();
        assert!(names.iter().any(|name| **name == "shared-prime"), "{out}");
    }
    assert_eq!(answer["shared_primes"], serde_json::json!([[1, 2]]));
    let summary = serde_json::json!({
        "keys": 3, "broken": 3, "weak": 0, "with_notes": 0, "without_findings": 0, "bad_inputs": 0
    });
    assert_eq!(answer["summary"], summary);

    let (_, out, _) = run(&["audit", &table, &other], "");
    assert!(out.contains(&format!("a prime that another key has, too (with {other}:1)")), "{out}");
    std::fs::write(&list, [&record[..], &[0; 16]].concat()).unwrap();
    let (status, _, err) = run(&["audit", &table, "--denylist", &list], "");
    assert_eq!(status, Some(1));
    assert!(err.ends_with("empty, or its records are not in order: is it unpacked?\n"), "{err}");
    // The others are looked at all the same.
    let (status, out, err) =
        run(&["audit", "no such file", &table, "tests/data/private/rsa2048.pkcs1.pem", &other], "");
    assert_eq!((status, err.lines().count()), (Some(3), 2), "{err}");
    assert!(out.ends_with("3 keys: 2 broken, 0 weak, 0 with notes, 1 without findings; 2 bad inputs\n"), "{out}");
}

#[test]
fn import_refuses_a_broken_key_and_reports_a_note() {
    let (status, out, err) = run(&["import", "demo", "-"], CLOSE_PRIMES);
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert_eq!(err, "keypair: modulus: of two primes so close to each other that they can be found\n");
    let (status, _, err) = run(&["import", "demo", "tests/data/rsa1024.pub"], "");
    assert_eq!((status, err.as_str()), (Some(0), "keypair: note: modulus: fewer than 2048 bits\n"));
}

//! Exit statuses 1 and 2, with their reasons.

use crate::tool::{LINE, run};

#[test]
fn a_rejection_is_status_1_and_its_reason() {
    let long = LINE.trim_end().to_owned() + &"x".repeat(1024);
    for (arguments, input, reason) in [
        (
            &["import", "a", "-"][..],
            "ssh-rsaAAAA",
            "keypair: key type, byte 7: expected a space after the key type, found base64\n",
        ),
        (&["import", "a", "-"], &long, "longer than the limit (found 1413 bytes, expected at most 1024)\n"),
        (
            &["import", "a/b", "-"],
            LINE,
            "keypair: name, byte 1: this character is not allowed in a name; use letters, digits, spaces, - and _\n",
        ),
        (&["import", "a", "-"], "-----BEGIN RSA PRIVATE KEY-----\nsecret", "private key"),
        (&["import", "a", "/nonexistent"], "", "/nonexistent"),
        (&["create", "a", "--bits", "1024"], "", "keypair: key size: expected a multiple of 16 from 2048 to 8192\n"),
        (&["create", "a", "--comment", "a\nb"], "", "control character"),
        (&["create", "a", "--private-key", "/nonexistent/key"], "", "/nonexistent/key"),
        (&["fingerprint", "-"], "# nothing\n\n", "keypair: no public key\n"),
        (
            &["fingerprint", "-"],
            "-----BEGIN RSA PRIVATE KEY-----\nsecret\nsecret\n",
            "treat the private key as exposed\nhint: convert --to public writes the public half of a private key, and import --private prints it\n",
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
        &["create", "a", "--seed-file"],
        // On the command line, others could read it.
        &["create", "a", "--seed", "AAECAwQFBgcICQoLDA0ODw=="],
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
        // The reason comes first, with at most the usage of the one command after it.
        assert!(err.starts_with("keypair: "), "{err}");
        assert!(err.lines().count() <= 7 && err.ends_with("\n\nFor more information, try '--help'.\n"), "{err}");
    }
    for (arguments, reason) in [
        (&["fingerprint"][..], "the following required arguments were not provided:\n  <FILE>\n"),
        (&["create", "a", "b"], "unexpected argument 'b' found\n"),
        (&["import", "a"], "the following required arguments were not provided:\n  <FILE>\n"),
        (
            &["create", "a", "--private-key", "-"],
            "invalid value '-' for '--private-key <FILE>': expected the path of a new file, not -\n",
        ),
    ] {
        assert!(run(arguments, "").2.starts_with(&format!("keypair: {reason}")), "{arguments:?}");
    }
}

#[test]
fn help_and_the_version_are_status_0_on_standard_output() {
    for (arguments, start) in [
        (&["--help"][..], "Create, import, convert, fingerprint and audit SSH keys\n"),
        (&["-h"], "Create, import, convert, fingerprint and audit SSH keys\n"),
        (&["help"], "Create, import, convert, fingerprint and audit SSH keys\n"),
        (&["create", "--help"], "Create a key pair"),
        (&["create", "demo", "-h"], "Create a key pair"),
        (&["import", "-h"], "Check a public key"),
        (&["convert", "-h"], "Write a private key in another format"),
        (&["fingerprint", "-h"], "Print the size, fingerprints and comment"),
        (&["audit", "-h"], "Find weak keys in files"),
        (&["--version"], concat!("keypair ", env!("CARGO_PKG_VERSION"), "\n")),
        (&["-V"], concat!("keypair ", env!("CARGO_PKG_VERSION"), "\n")),
    ] {
        let (status, out, err) = run(arguments, "");
        assert_eq!((status, err.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(out.starts_with(start), "{arguments:?}: {out}");
    }
}

#[test]
fn standard_input_is_read_only_once() {
    for arguments in [
        &["import", "a", "-", "--private", "--passphrase-file", "-"][..],
        &["convert", "-", "--to", "ppk", "--out", "/nonexistent/out", "--passphrase-file", "-"],
        &["convert", "a", "--to", "ppk", "--out", "out", "--passphrase-file", "-", "--new-passphrase-file", "-"],
        &["audit", "-", "-"],
        &["audit", "-", "--denylist", "-"],
    ] {
        let (status, out, err) = run(arguments, LINE);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.starts_with("keypair: standard input can be read only once\n"), "{err}");
    }
}

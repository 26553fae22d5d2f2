//! `keypair audit`.

use crate::tool::{Folder, LINE, data, data_path, run, run_other};

#[test]
fn audit_prints_what_it_finds_and_a_summary() {
    let (ed25519, small) = (data("ed25519.pub"), data("rsa1024.pub"));
    let close_primes = data("weak/close-primes.pub");
    let file = format!("# a table\n{LINE}\n{small}restrict {close_primes}{ed25519}");
    let (status, out, err) = run(&["audit", "-"], &file);
    assert_eq!((status, err.as_str()), (Some(3), ""));
    let lines: Vec<_> = out.lines().collect();
    let [one, small_modulus, nist, two, close_primes, reference, summary] = lines[..] else { panic!("{out}") };
    assert!(one.starts_with("-:4: note: 1024 SHA256:") && one.ends_with(" test key (RSA)"), "{out}");
    assert_eq!((small_modulus, &nist[..8]), ("  note: small-modulus: modulus: fewer than 2048 bits", "    NIST"));
    assert!(two.starts_with("-:5: broken: 2048 SHA256:"), "{out}");
    assert!(
        close_primes.starts_with("  broken: close-primes: modulus: is the product of two primes that are too close"),
        "{out}"
    );
    assert!(reference.starts_with("    CVE-2022-26320; "), "{out}");
    assert_eq!(summary, "4 keys: 1 broken, 0 weak, 1 with notes, 2 without findings; 0 bad inputs");

    // Sound keys, and keys with notes, are a success.
    let (status, out, _) = run(&["audit", &data_path("rsa1024.pub"), &data_path("rsa2048.spki.pem")], "");
    assert_eq!(status, Some(0));
    assert!(out.ends_with("2 keys: 0 broken, 0 weak, 1 with notes, 1 without findings; 0 bad inputs\n"), "{out}");
    // Every format, and certificates of both kinds.
    for file in ["ed25519.rfc4716", "ca-rsa.pkcs1.pem", "ed25519-cert.pub", "x509/ecdsa256.pem", "ecdsa256sk.pub"] {
        let (status, out, err) = run(&["audit", &data_path(file)], "");
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
    // A broken key takes precedence.
    assert_eq!(run(&["audit", "-"], &(data("weak/close-primes.pub") + "ssh-rsa AAAA\n")).0, Some(3));
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
fn audit_finds_shared_primes_and_listed_keys_and_prints_them_as_json() {
    let folder = Folder::new("audit-json");
    // 2^1024 - 1 and 2^1032 - 1 share 3, 5 and 17.
    let line = |modulus: &[u8]| {
        let key = ssh_keypair::RsaPublicKey::new(modulus, &[1, 0, 1]).unwrap();
        format!("{}\n", ssh_keypair::PublicKey::from_key_data(&key.into(), "").unwrap())
    };
    let (table, other) = (folder.file("table"), folder.file("other"));
    std::fs::write(&table, format!("{LINE}{}", line(&[0xff; 128]))).unwrap();
    std::fs::write(&other, line(&[0xff; 129])).unwrap();
    // The list that tests/data/rsa2048.pub is on.
    let key: ssh_keypair::PublicKey = LINE.parse().unwrap();
    let ssh_keypair::KeyData::Rsa(rsa) = key.as_public_key_ref().key_data() else { unreachable!() };
    let (number, list) = (folder.file("number"), folder.file("list"));
    std::fs::write(&number, rsa.modulus()).unwrap();
    let mut record = run_other("openssl", &["dgst", "-sha256", "-binary", &number], "").stdout;
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
    assert!(out.contains(&format!("shares a prime with another key (with {other}:1)")), "{out}");
    std::fs::write(&list, [&record[..], &[0; 16]].concat()).unwrap();
    let (status, _, err) = run(&["audit", &table, "--denylist", &list], "");
    assert_eq!(status, Some(1));
    assert!(err.ends_with("empty, or its records are not in order; decompress the file first\n"), "{err}");
    // The other files are audited nevertheless.
    let (status, out, err) =
        run(&["audit", "no such file", &table, &data_path("private/rsa2048.pkcs1.pem"), &other], "");
    assert_eq!((status, err.lines().count()), (Some(3), 2), "{err}");
    assert!(out.ends_with("3 keys: 2 broken, 0 weak, 0 with notes, 1 without findings; 2 bad inputs\n"), "{out}");
}

#[test]
fn audit_reads_the_certificates_that_import_reads() {
    let pem = data("x509/rsa2048.pem");
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    for text in [
        format!("Certificate:\n    Data:\n        Version: 3 (0x2)\n{pem}"),
        format!("Bag Attributes\n    localKeyID: 01\n{pem}"),
        pem.replace('\n', "\n  "),
        pem.replace('\n', "\n\n"),
        format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n"),
    ] {
        let (status, out, err) = run(&["audit", "-"], &text);
        assert_eq!((status, err.as_str()), (Some(0), ""), "{text}");
        assert!(out.starts_with("1 key: 0 broken"), "{out}");
        assert_eq!(run(&["import", "a", "-", "--type", "x509"], &text).0, Some(0), "{text}");
    }
}

#[test]
fn one_damaged_file_is_one_bad_input() {
    let pem = data("rsa2048.spki.pem");
    let body: String = pem.lines().skip(1).take(4).map(|line| line.to_owned() + "\n").collect();
    for (text, words) in [
        (pem.replace("-----BEGIN", "----BEGIN"), "damaged"),
        (format!("Bag Attributes\n  a: b\n{}", pem.replace("-----", "----")), "damaged"),
        (body, "BEGIN line is missing"),
        (pem.replace("PUBLIC KEY", "EC PUBLIC KEY"), "-: public key, byte 0"),
        (format!("{pem}{pem}"), "more than one"),
        (format!("{LINE}{pem}"), "more than one"),
    ] {
        let (status, out, err) = run(&["audit", "-"], &text);
        assert_eq!(
            (status, err.matches("public key").count()),
            (Some(1), 1 + err.matches("a public key").count()),
            "{err}"
        );
        assert!(err.contains(words) && out.ends_with("1 bad input\n"), "{err}{out}");
        let (status, _, err) = run(&["fingerprint", "-"], &text);
        assert!(status == Some(1) && !err.contains("fingerprint;") && !err.contains("line 2"), "{err}");
    }
}

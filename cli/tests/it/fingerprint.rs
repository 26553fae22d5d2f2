//! `keypair fingerprint`.

use crate::tool::{LINE, data, run};

#[test]
fn fingerprint_prints_what_ssh_keygen_does_for_every_line() {
    let lines = [&data("rsa1024.pub"), "\n# a comment\n", LINE, "ssh-rsa broken\n", &data("rsa3072.pub")];
    let (status, out, err) = run(&["fingerprint", "-"], &lines.concat());
    let expected = data("fingerprints.txt");
    let expected: Vec<_> = expected.lines().take(6).collect();
    assert_eq!(out.lines().collect::<Vec<_>>(), expected);
    assert_eq!(status, Some(1));
    assert_eq!(
        err,
        "keypair: line 5: base64, byte 14: found a character that is not base64, or the base64 is incomplete; copy the whole key\nkeypair: 1 bad line\n"
    );

    let without_comment = LINE.strip_suffix(" test key\n").unwrap();
    let (status, out, _) = run(&["fingerprint", "-"], without_comment);
    assert_eq!(status, Some(0));
    assert!(out.lines().all(|line| line.ends_with(" no comment (RSA)")));
}

#[test]
fn fingerprint_accepts_every_format_and_prints_what_ssh_keygen_does() {
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

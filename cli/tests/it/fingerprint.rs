//! `keypair fingerprint`.

use crate::tool::{Folder, LINE, data, have, output_of, run, run_other};

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

#[test]
fn fingerprint_prints_what_ssh_keygen_does_for_known_hosts_and_authorized_keys() {
    if !have("ssh-keygen") {
        return;
    }
    let folder = Folder::new("known-hosts");
    let (line, other) = (data("ed25519.pub"), data("rsa2048.pub"));
    let bare = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let starts = [
        "host.example,192.0.2.1 ",
        "localhost ",
        "[host.example]:2222 ",
        "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ",
        "restrict ",
        "command=\"a b\",no-pty ",
    ];
    for start in starts {
        let file = folder.file("hosts");
        std::fs::write(&file, format!("# hosts\n{start}{line}{start}{}\n{other}", bare(&line))).unwrap();
        let theirs = output_of("ssh-keygen", &["-l", "-f", &file]);
        let ours = run(&["fingerprint", "--hash", "sha256", &file], "");
        assert_eq!(ours, (Some(0), theirs, String::new()), "{start}");
    }
    // ssh-keygen skips lines with a marker.
    for marker in ["@cert-authority", "@revoked"] {
        let (status, out, err) =
            run(&["fingerprint", "--hash", "sha256", "-"], &format!("{marker} *.example {}", bare(&line)));
        assert_eq!((status, err.as_str()), (Some(0), ""));
        assert!(out.ends_with(" *.example (ED25519)\n"), "{out}");
        let (status, out, _) = run(&["audit", "-"], &format!("{marker} *.example {line}"));
        assert_eq!(
            (status, out.as_str()),
            (Some(0), "1 key: 0 broken, 0 weak, 0 with notes, 1 without findings; 0 bad inputs\n")
        );
    }
}

#[test]
fn fingerprint_reads_what_import_reads_and_says_what_it_changed() {
    let line = data("ed25519.pub");
    let (_, expected, _) = run(&["fingerprint", "-"], &line);
    let base64 = line.split(' ').nth(1).unwrap();
    let wrapped = line.replace(base64, &format!("{}\n{}", &base64[..30], &base64[30..]));
    let spaced = line.replacen(' ', "\u{a0} ", 1);
    for (input, change) in [
        (wrapped, "keypair: white space corrected\n"),
        (format!("\n# mine\n{line}"), ""),
        (spaced, "keypair: line 1: white space corrected\n"),
    ] {
        assert_eq!(run(&["fingerprint", "-"], &input), (Some(0), expected.clone(), change.to_owned()), "{input}");
        let (status, out, _) = run(&["audit", "-"], &input);
        assert_eq!(
            (status, out.as_str()),
            (Some(0), "1 key: 0 broken, 0 weak, 0 with notes, 1 without findings; 0 bad inputs\n")
        );
        assert_eq!(run(&["import", "a", "-"], &input).0, Some(0));
    }
    let folder = Folder::new("fingerprint-bytes");
    let file = folder.file("key.pub");
    std::fs::write(&file, [line.trim_end().as_bytes(), b" M\xfcller\n"].concat()).unwrap();
    for arguments in [&["fingerprint", "--hash", "md5", &file][..], &["audit", &file], &["import", "a", &file]] {
        let output = run_other(crate::tool::KEYPAIR, arguments, "");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
    let utf16: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&file, utf16).unwrap();
    for arguments in [&["fingerprint", &file][..], &["audit", &file], &["import", "a", &file]] {
        let (status, _, err) = run(arguments, "");
        assert_eq!(status, Some(1), "{arguments:?}");
        assert!(err.contains("found text in UTF-16"), "{err}");
    }
}

#[test]
fn an_error_in_a_file_of_several_lines_has_its_line_and_column() {
    let file = data("rsa2048.rfc4716");
    let third = file.lines().nth(2).unwrap();
    let damaged = file.replace(third, &third.replacen('B', "!", 1));
    let column = third.find('B').unwrap() + 1;
    for arguments in [&["fingerprint", "-"][..], &["import", "a", "-"], &["audit", "-"]] {
        let (status, _, err) = run(arguments, &damaged);
        assert_eq!(status, Some(1));
        assert!(err.contains(&format!("line 3, column {column}: base64, byte ")), "{err}");
    }
}

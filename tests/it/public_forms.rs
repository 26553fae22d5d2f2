//! Public keys as RFC 4716, SubjectPublicKeyInfo and PKCS#1: this crate reads the files of other programs, and writes them
//! again byte for byte; other programs read its files; and invalid files are rejected with the right kind, field and offset.

use crate::common::{DATA, Folder, corpus, data, have, json, output, unframed, what};
use base64ct::{Base64, Encoding};
use pkcs1::{EncodeRsaPublicKey, LineEnding};
use proptest::prelude::*;
use spki::EncodePublicKey;
use ssh_keypair::openssh::MAX_LINE_BYTES;
use ssh_keypair::pkcs::{MAX_PUBLIC_DER_BYTES, MAX_PUBLIC_PEM_BYTES};
use ssh_keypair::{
    DsaPublicKey, Ed25519PublicKey, Error, ErrorKind, Field, KeyData, KeyFormat, Md5Fingerprint, PublicKey,
    PublicKeyRef, RsaPublicKey, SecurityKey,
};

/// The names of the files with this ending, without the ending.
fn names(ending: &str) -> Vec<String> {
    let files = std::fs::read_dir(DATA).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = files.filter_map(|file| Some(file.strip_suffix(ending)?.to_owned())).collect();
    names.sort();
    assert!(!names.is_empty(), "{ending}");
    names
}

/// The plain keys in the test data.
fn keys() -> Vec<(String, PublicKey)> {
    let plain = names(".pub").into_iter().filter(|name| !name.ends_with("-cert"));
    plain.map(|name| (name.clone(), data(&format!("{name}.pub")).parse().unwrap())).collect()
}

fn key(name: &str) -> PublicKey {
    data(&format!("{name}.pub")).parse().unwrap()
}

fn file_of(key: PublicKeyRef<'_>) -> String {
    key.to_rfc4716().unwrap().to_string()
}

fn spki_der(key: &KeyData<'_>) -> Vec<u8> {
    let mut buffer = [0; MAX_PUBLIC_DER_BYTES];
    key.write_spki_der(&mut buffer).unwrap().to_vec()
}

fn spki_pem(key: &KeyData<'_>) -> Result<String, Error> {
    let mut buffer = [0; MAX_PUBLIC_PEM_BYTES];
    key.write_spki_pem(&mut buffer).map(str::to_owned)
}

fn pkcs1_pem(key: &RsaPublicKey<'_>) -> String {
    let mut buffer = [0; MAX_PUBLIC_PEM_BYTES];
    key.write_pkcs1_pem(&mut buffer).unwrap().to_owned()
}

fn pkcs1_der(key: &RsaPublicKey<'_>) -> Vec<u8> {
    let mut buffer = [0; MAX_PUBLIC_DER_BYTES];
    key.write_pkcs1_der(&mut buffer).unwrap().to_vec()
}

fn rsa<'a>(key: &'a PublicKey) -> RsaPublicKey<'a> {
    let KeyData::Rsa(rsa) = key.as_public_key_ref().key_data() else { panic!("no RSA key") };
    rsa
}

// RFC 4716

#[test]
fn what_ssh_keygen_writes_as_rfc_4716_is_read_and_written_byte_for_byte() {
    for name in names(".rfc4716") {
        let file = data(&format!("{name}.rfc4716"));
        assert_eq!(KeyFormat::detect(&file), Some(KeyFormat::Rfc4716));
        let read = PublicKey::from_rfc4716(&file);
        if name.ends_with("-cert") {
            let rejected = (ErrorKind::CertificateNotAllowed, Some(Field::BlobType), Some(4));
            assert_eq!(what(read.unwrap_err()), rejected, "{name}");
            continue;
        }
        let read = read.unwrap();
        assert_eq!(read.as_public_key_ref().blob(), key(&name).as_public_key_ref().blob(), "{name}");
        assert!(read.as_public_key_ref().comment().ends_with(", converted by user@host from OpenSSH"), "{name}");
        assert_eq!(file_of(read.as_public_key_ref()), file, "{name}");
    }
}

#[test]
fn rfc_4716_files_of_another_project_are_read_as_it_reads_them() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("corpus/mscdex-ssh2-streams");
    for number in ["", "2", "3", "4", "5", "6"] {
        let file = folder.join(format!("rfc4716_rsa{number}.pub"));
        let text = std::fs::read_to_string(&file).unwrap();
        let expected = json(&file.with_extension("pub.result"));
        for text in [text.clone(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
            let key = PublicKey::from_rfc4716(&text).unwrap();
            assert_eq!(key.as_public_key_ref().comment(), expected["comment"], "{file:?}");
            assert_eq!(Base64::encode_string(key.as_public_key_ref().blob()), expected["publicSSH"], "{file:?}");
        }
    }
}

#[test]
fn ssh_keygen_reads_our_rfc_4716_files() {
    if !have("ssh-keygen") {
        return;
    }
    let folder = Folder::new("rfc4716");
    let path = folder.file("key");
    let long = "note: ".repeat(40);
    for (name, key) in keys() {
        for comment in ["", "me@host", "a \"quoted\" \\ comment\\", &"x".repeat(1022), &long, &"é".repeat(500)] {
            std::fs::write(&path, file_of(key.as_public_key_ref().with_comment(comment).unwrap())).unwrap();
            let line = output("ssh-keygen", &["-i", "-m", "RFC4716", "-f", &path], "");
            let bare = key.as_public_key_ref().with_comment("").unwrap().to_string();
            assert_eq!(line.trim_end(), bare, "{name}, {comment}");
        }
    }
}

#[test]
fn no_line_of_our_rfc_4716_files_is_longer_than_72_bytes() {
    let key = key("ed25519");
    for length in 0..=1022 {
        for filler in ["x", "\"", "\\", ": ", "x----", "é-----: "] {
            let Some(comment) = filler.repeat(length).get(..length).map(str::to_owned) else { continue };
            let comment = comment.as_str();
            let file = file_of(key.as_public_key_ref().with_comment(comment).unwrap());
            assert!(file.lines().all(|line| line.len() <= 72), "{file}");
            assert_eq!(PublicKey::from_rfc4716(&file).unwrap().as_public_key_ref().comment(), comment);
        }
    }
}

#[test]
fn an_rfc_4716_file_that_would_break_a_limit_is_not_written() {
    let key = key("ed25519");
    let comment = "x".repeat(1023);
    let key = key.as_public_key_ref().with_comment(&comment).unwrap();
    let rejected = key.to_rfc4716().map(|_| ()).unwrap_err();
    assert_eq!(what(rejected), (ErrorKind::TooLong, Some(Field::Comment), Some(1022)));
    for hyphens in 0..70 {
        for before in ["", "é", "long enough that the hyphens do not fit in the line "] {
            let comment = format!("{before}{}x", "-".repeat(hyphens));
            let key = key.with_comment(&comment).unwrap();
            match key.to_rfc4716() {
                Ok(file) => {
                    let file = file.to_string();
                    assert!(file.lines().skip(1).filter(|line| line.starts_with("----")).count() == 1, "{file}");
                    assert_eq!(PublicKey::from_rfc4716(&file).unwrap().comment(), comment);
                }
                Err(error) => {
                    assert!(hyphens > 60, "{hyphens}");
                    assert_eq!(what(error), (ErrorKind::TooLong, Some(Field::Comment), Some(before.len())));
                }
            }
        }
    }

    let (point, application) = ([b'f'; 31], "a".repeat(12_100));
    let encoding: Vec<u8> = [b"\x58".as_slice(), &point].concat();
    let point = Ed25519PublicKey::new(encoding[..].try_into().unwrap()).unwrap();
    let written = |bytes: usize| {
        let key = KeyData::SkEd25519(SecurityKey::new(point, &application[..bytes]).unwrap());
        let key = PublicKey::from_key_data(&key, "").unwrap();
        let file = key.as_public_key_ref().to_rfc4716().map(|file| file.to_string());
        file.inspect(|file| assert_eq!(PublicKey::from_rfc4716(file).unwrap(), key))
    };
    let longest = (1..12_000).rev().find(|bytes| written(*bytes).is_ok()).unwrap();
    let length = written(longest).unwrap().len();
    assert!((MAX_LINE_BYTES - 8..=MAX_LINE_BYTES).contains(&length), "{length}");
    assert_eq!(
        what(written(longest + 3).unwrap_err()),
        (ErrorKind::TooLong, Some(Field::PublicKey), Some(MAX_LINE_BYTES))
    );
    // A comment fills up the file to the last byte.
    let key = KeyData::SkEd25519(SecurityKey::new(point, &application[..longest - 40]).unwrap());
    let with_comment = |bytes: usize| {
        let key = PublicKey::from_key_data(&key, &"c".repeat(bytes)).unwrap();
        key.as_public_key_ref().to_rfc4716().map(|file| file.to_string().len())
    };
    let room = MAX_LINE_BYTES + 1 - with_comment(1).unwrap();
    assert!(room < 60, "{room}");
    assert_eq!(with_comment(room), Ok(MAX_LINE_BYTES));
    assert_eq!(with_comment(room + 1).unwrap_err().kind(), ErrorKind::TooLong);
}

/// The header with its quotes, or as much of it as fits with a backslash, fills 72 columns.
#[test]
fn a_comment_is_broken_only_where_it_must_be() {
    let key = key("ed25519");
    let header = |comment: &str| {
        let file = file_of(key.as_public_key_ref().with_comment(comment).unwrap());
        file.lines().skip(1).take_while(|line| !line.starts_with("AAAA")).map(str::to_owned).collect::<Vec<_>>()
    };
    let x = |count| "x".repeat(count);
    assert_eq!(header(&x(61)), [format!("Comment: \"{}\"", x(61))]);
    assert_eq!(header(&x(62)), [format!("Comment: \"{}\\", x(61)), "x\"".to_owned()]);
    assert_eq!(header(&x(133)), [format!("Comment: \"{}\\", x(61)), format!("{}\\", x(71)), "x\"".to_owned()]);
    assert_eq!(header("a b: c - d"), ["Comment: \"a b: c - d\""]);
    let words = "a b ".repeat(20);
    assert_eq!(header(&words), [format!("Comment: \"{}\\", &words[..61]), format!("{}\"", &words[61..])]);
}

#[test]
fn the_offset_of_an_error_in_a_comment_is_in_its_line() {
    let good = data("ed25519.rfc4716");
    let base64 = good.lines().nth(2).unwrap();
    for header in
        ["Comment: \"a\u{1b}b\\\nc\\\nd\"", "Comment: \"ab\\\nc\u{1b}\\\nd\"", "Comment: \"ab\\\nc\\\n\u{1b}d\""]
    {
        for line_break in ["\n", "\r\n"] {
            let file = format!("---- BEGIN SSH2 PUBLIC KEY ----\n{header}\n{base64}\n---- END SSH2 PUBLIC KEY ----\n");
            let file = file.replace('\n', line_break);
            let at = file.find('\u{1b}');
            let error = PublicKey::from_rfc4716(&file).unwrap_err();
            assert_eq!(what(error), (ErrorKind::InvalidCharacter, Some(Field::Comment), at), "{file}");
            let key = PublicKey::from_rfc4716(&file.replace('\u{1b}', "")).unwrap();
            assert_eq!(key.comment(), "abcd");
        }
    }
}

#[test]
fn headers_are_read_as_rfc_4716_says() {
    let base64 = data("ed25519.rfc4716").lines().nth(2).unwrap().to_owned();
    let comment = |headers: &str| {
        let file = format!("---- BEGIN SSH2 PUBLIC KEY ----\n{headers}{base64}\n---- END SSH2 PUBLIC KEY ----");
        PublicKey::from_rfc4716(&file).map(|key| key.as_public_key_ref().comment().to_owned())
    };
    let longest_tag = format!("{}: x\n", "t".repeat(64));
    let longest_value = format!("X-a: {}\n", format!("{}\\\n", "v".repeat(64)).repeat(16));
    for (headers, expected) in [
        ("", ""),
        ("Comment: \n", ""),
        ("Comment: \"\"\n", ""),
        ("Comment: \"\n", "\""),
        ("Comment: me\n", "me"),
        ("cOMMENT: me\n", "me"),
        ("Comment:  me \n", " me "),
        ("Comment: \"me\"\n", "me"),
        ("Comment: \"\"me\"\"\n", "\"me\""),
        ("Comment: \"me\n", "\"me"),
        ("Comment: a: b\n", "a: b"),
        ("Comment: a\\b\n", "a\\b"),
        ("Comment: a\\\nb\\\n\n", "ab"),
        ("Comment: a\\\\\nb\n", "a\\b"),
        ("Comment: a\\\n--- END SSH2 PUBLIC KEY ----\n", "a--- END SSH2 PUBLIC KEY ----"),
        ("Comment: a:\\\n b:c\n", "a: b:c"),
        ("Subject: me\nX-any: thing\n", ""),
        ("X-Comment: no\nComment: yes\nComments: no\n", "yes"),
        ("X-control: \u{7}\n", ""),
        (&longest_tag, ""),
        (&longest_value, ""),
    ] {
        assert_eq!(comment(headers), Ok(expected.to_owned()), "{headers}");
    }
}

#[test]
fn invalid_rfc_4716_files_are_rejected_at_their_offset() {
    let good = data("ed25519.rfc4716");
    let [begin, _, base64, end] = good.lines().collect::<Vec<_>>()[..] else { panic!() };
    let file = |headers: &str, body: &str| format!("{begin}\n{headers}{body}\n{end}\n");
    let frame = |at| (ErrorKind::InvalidFrame, Some(Field::PublicKey), Some(at));
    let long = |at| (ErrorKind::TooLong, Some(Field::PublicKey), Some(at));
    let base64_at = |kind, at| (kind, Some(Field::Base64), Some(32 + at));
    let bad = ErrorKind::InvalidBase64;
    let sk = data("ecdsa256sk.rfc4716").lines().skip(2).take(3).collect::<Vec<_>>().join("\n");
    for (text, rejected) in [
        (String::new(), frame(0)),
        (format!("\n{good}"), frame(0)),
        (format!("\u{feff}{good}"), frame(0)),
        (format!("text before\n{good}"), frame(0)),
        (good.replace("BEGIN SSH2", "BEGIN SSH1"), frame(0)),
        (good.replacen("---- BEGIN", "----- BEGIN", 1), frame(0)),
        (good.replacen("KEY ----", "KEY ---- ", 1), frame(0)),
        (key("ed25519").to_string(), frame(0)),
        (format!("{begin}\n"), frame(32)),
        (format!("{begin}\nComment: me\n"), frame(44)),
        (format!("{begin}\nComment: me\\\n"), frame(45)),
        (format!("{begin}\n{base64}\n"), frame(101)),
        (format!("{begin}\n{base64}\n{end} \n"), frame(101)),
        (format!("{begin}\n{base64}\n{}\n", end.replace("END", "end")), frame(101)),
        (format!("{begin}\n{base64}\n{end}\ntext after"), frame(131)),
        (format!("{begin}\n{base64}\n{end}\n\n\n"), frame(132)),
        (format!("{good}{good}"), frame(good.len())),
        (file("", &format!("{begin}\n{base64}")), frame(32)),
        (file("Comment:me\n", base64), frame(40)),
        (file("Comment:\n", base64), frame(40)),
        (file("Comment:\tme\n", base64), frame(40)),
        (file("Com\\\nment: me\n", base64), frame(32)),
        (file("Comment:\\\n me\n", base64), frame(40)),
        (file("Comment: a\\\nb: c\n", base64), frame(44)),
        (file("Comment: a\\\nb\\\nc: \n", base64), frame(47)),
        (file("Comment: a\\\n---- END SSH2 PUBLIC KEY ----\n", base64), frame(44)),
        (file("Comment: a\\\n----\n", base64), frame(44)),
        (file(": me\n", base64), frame(32)),
        (file("Com ment: me\n", base64), frame(32)),
        (file("Kommentär: me\n", base64), frame(32)),
        (file("Comment\\\n", base64), frame(32)),
        (file("Comment: me\nX-a: b\ncomment: you\n", base64), frame(51)),
        (file(&format!("{}: x\n", "t".repeat(65)), base64), long(32 + 64)),
        (file(&format!("{}: x\n", "t".repeat(70)), base64), long(32 + 72)),
        (file(&format!("Comment: {}\n", "c".repeat(64)), base64), long(32 + 72)),
        (file(&format!("X-a: {}c\n", format!("{}\\\n", "c".repeat(64)).repeat(16)), base64), long(32 + 5 + 66 * 16)),
        (file("Comment: a\u{7}\n", base64), (ErrorKind::InvalidCharacter, Some(Field::Comment), Some(42))),
        (file("Comment: \"a\\\n\u{85}\"\n", base64), (ErrorKind::InvalidCharacter, Some(Field::Comment), Some(45))),
        (file("", &sk.replace('\n', "")), long(32 + 72)),
        (format!("{begin}\n{end}\n"), base64_at(ErrorKind::MissingField, 0)),
        (file("", ""), base64_at(bad, 0)),
        (file("", &format!("\n{base64}")), base64_at(bad, 0)),
        (file("", &format!("{base64}\n")), base64_at(bad, 69)),
        (file("", &format!(" {base64}")), base64_at(bad, 0)),
        (file("", &format!("{base64} ")), base64_at(bad, 68)),
        (file("", &format!("{base64}=")), base64_at(bad, 69)),
        (file("", &format!("{base64}\n==")), base64_at(bad, 71)),
        (file("", &sk.replace("==", "=")), base64_at(bad, sk.len() - 1)),
        (file("", &sk.replace("==", "===")), base64_at(bad, sk.len())),
        (file("", &sk.replace("==", "==A")), base64_at(bad, sk.len())),
        (file("", &sk.replace("g==", "h==")), base64_at(ErrorKind::NonCanonicalBase64, sk.len() - 3)),
        (file("", &base64.replacen('A', "_", 1)), base64_at(bad, 0)),
        (file("", &base64[..64]), (ErrorKind::Truncated, Some(Field::Point), Some(15))),
        (file("", &format!("{base64}\nAAAA")), (ErrorKind::TrailingData, Some(Field::Blob), Some(51))),
        (file("", "AAAA"), (ErrorKind::Truncated, Some(Field::BlobType), Some(0))),
        ("x".repeat(MAX_LINE_BYTES + 1), long(MAX_LINE_BYTES)),
    ] {
        assert_eq!(what(PublicKey::from_rfc4716(&text).unwrap_err()), rejected, "{text}");
    }
    assert!(PublicKey::from_rfc4716(&file("", &sk)).is_ok());
    assert!(PublicKey::from_rfc4716(&format!("{begin}\n{base64}\n{end}\n\n")).is_ok());
}

// SubjectPublicKeyInfo and PKCS#1

#[test]
fn what_openssl_and_ssh_keygen_write_as_pem_is_read_and_written_byte_for_byte() {
    for name in names(".spki.pem") {
        let pem = data(&format!("{name}.spki.pem"));
        let read = PublicKey::from_pem(&pem).unwrap();
        let key = key(&name);
        assert_eq!(read.as_public_key_ref().blob(), key.as_public_key_ref().blob(), "{name}");
        assert_eq!(read.as_public_key_ref().comment(), "");
        assert_eq!(spki_pem(&key.key_data()).unwrap(), pem, "{name}");
        assert_eq!(spki_der(&key.as_public_key_ref().key_data()), unframed(&pem), "{name}");
        assert_eq!(KeyData::from_spki_der(&unframed(&pem)).unwrap(), key.as_public_key_ref().key_data(), "{name}");
    }
    for name in names(".pkcs1.pem") {
        let pem = data(&format!("{name}.pkcs1.pem"));
        let key = key(&name);
        assert_eq!(PublicKey::from_pem(&pem).unwrap().as_public_key_ref().blob(), key.as_public_key_ref().blob());
        assert_eq!(pkcs1_pem(&rsa(&key)), pem, "{name}");
        assert_eq!(pkcs1_der(&rsa(&key)), unframed(&pem), "{name}");
        assert_eq!(RsaPublicKey::from_pkcs1_der(&unframed(&pem)).unwrap(), rsa(&key), "{name}");
    }
}

#[test]
fn the_pem_of_every_public_key_of_another_project_is_read_and_written_as_theirs() {
    let Some(corpus) = corpus() else { return };
    let mut checked = 0;
    for entry in std::fs::read_dir(corpus.join("corpus/mscdex-ssh2-streams")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "pub") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let key = text.parse().or_else(|_| PublicKey::from_rfc4716(&text)).unwrap();
        let expected = json(&path.with_extension("pub.result"));
        let pem = expected["public"].as_str().unwrap();
        assert_eq!(spki_pem(&key.key_data()).unwrap().trim_end(), pem, "{path:?}");
        let read = PublicKey::from_pem(pem).unwrap();
        assert_eq!(read.as_public_key_ref().blob(), key.as_public_key_ref().blob(), "{path:?}");
        checked += 1;
    }
    assert_eq!(checked, 23);
}

#[test]
fn openssl_reads_our_pem() {
    if !have("openssl") {
        return;
    }
    for (name, key) in keys() {
        let numbers = key.as_public_key_ref().key_data();
        let Ok(pem) = spki_pem(&numbers) else {
            assert!(name.ends_with("sk"), "{name}");
            continue;
        };
        let text = output("openssl", &["pkey", "-pubin", "-text"], &pem);
        let (their_pem, text) = text.split_at(text.find("-----END PUBLIC KEY-----\n").unwrap() + 25);
        assert_eq!(their_pem, pem, "{name}");
        let bits = match numbers {
            KeyData::Ed25519(_) => "ED25519 Public-Key:".to_owned(),
            _ => format!("Public-Key: ({} bit)", key.as_public_key_ref().bits()),
        };
        assert!(text.contains(&bits), "{name}: {text}");
        if let KeyData::Rsa(rsa) = numbers {
            let theirs = output("openssl", &["rsa", "-RSAPublicKey_in", "-RSAPublicKey_out"], &pkcs1_pem(&rsa));
            assert_eq!(theirs, pkcs1_pem(&rsa), "{name}");
        }
    }
}

#[test]
fn rsa_keys_are_accepted_or_rejected_by_their_size() {
    let Some(corpus) = corpus() else { return };
    for (bits, kind) in [
        (511, Some(ErrorKind::KeyTooSmall)),
        (512, Some(ErrorKind::KeyTooSmall)),
        (8192, None),
        (8193, None),
        (16384, None),
        (16385, Some(ErrorKind::KeyTooLarge)),
    ] {
        let read = |name| std::fs::read_to_string(corpus.join("corpus/boringssl-rsa").join(name)).unwrap();
        let pem = read(format!("rsa{bits}pub.pem"));
        match (PublicKey::from_pem(&pem), kind) {
            (Ok(key), None) => {
                assert_eq!(key.as_public_key_ref().bits(), bits);
                let written = [Ok(pkcs1_pem(&rsa(&key))), spki_pem(&key.key_data())];
                assert!(written.iter().flatten().any(|written| written.trim_end() == pem.trim_end()), "{bits}");
            }
            (Err(error), Some(kind)) => assert_eq!((error.kind(), error.field()), (kind, Some(Field::Modulus))),
            (read, _) => panic!("{bits}: {read:?}"),
        }
        let private = read(format!("rsa{bits}.pem"));
        let error = PublicKey::from_pem(&private).unwrap_err();
        assert_eq!(what(error), (ErrorKind::PrivateKeyGiven, Some(Field::PublicKey), Some(0)));
        assert_eq!(PublicKey::from_rfc4716(&private).unwrap_err(), error);
    }
}

#[test]
fn the_fingerprint_that_ec2_shows_comes_from_the_key() {
    for line in data("ec2.txt").lines() {
        let (name, fingerprint) = line.split_once(' ').unwrap();
        let shown = key(name).ec2_fingerprint().unwrap();
        assert_eq!(shown.to_string(), fingerprint, "{name}");
        assert_eq!(shown.fingerprint(), Md5Fingerprint::of_blob(&spki_der(&key(name).key_data())).into());
    }
}

#[test]
fn the_traits_of_the_ecosystem_write_the_same() {
    for (name, key) in keys() {
        let key = key.as_public_key_ref().key_data();
        let theirs = key.to_public_key_pem(LineEnding::LF);
        match spki_pem(&key) {
            Ok(pem) => assert_eq!(theirs.unwrap(), pem, "{name}"),
            Err(_) => assert_eq!(theirs.unwrap_err(), spki::Error::KeyMalformed, "{name}"),
        }
        if let KeyData::Rsa(rsa) = key {
            assert_eq!(rsa.to_pkcs1_pem(LineEnding::LF).unwrap(), pkcs1_pem(&rsa));
            assert_eq!(rsa.to_public_key_pem(LineEnding::LF).unwrap(), spki_pem(&key).unwrap());
        }
    }
}

#[test]
fn security_keys_and_opaque_keys_have_no_such_form() {
    let rejected = (ErrorKind::UnsupportedType, Some(Field::KeyType), None);
    let opaque = PublicKey::from_openssh_opaque("ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcAAQID").unwrap();
    for key in [key("ed25519sk"), key("ecdsa256sk"), opaque] {
        let key = key.as_public_key_ref().key_data();
        assert_eq!(what(spki_pem(&key).unwrap_err()), rejected);
        assert_eq!(what(key.write_spki_der(&mut []).unwrap_err()), rejected);
    }
}

#[test]
fn a_buffer_that_is_too_small_is_said_to_be_and_the_largest_is_enough() {
    let exponent = [1, 0xff, 0xff, 0xff, 0xff];
    let largest = RsaPublicKey::new(&[0xff; 2048], &exponent).unwrap();
    let key = KeyData::Rsa(largest);
    let (mut der, mut pem) = ([0; MAX_PUBLIC_DER_BYTES], [0; MAX_PUBLIC_PEM_BYTES]);
    let (der_bytes, pem_bytes) =
        (key.write_spki_der(&mut der).unwrap().len(), key.write_spki_pem(&mut pem).unwrap().len());
    assert!(largest.write_pkcs1_der(&mut der).unwrap().len() < der_bytes);
    assert!(largest.write_pkcs1_pem(&mut pem).unwrap().len() < pem_bytes);
    for (_, key) in keys() {
        let key = key.as_public_key_ref().key_data();
        let Ok(pem) = spki_pem(&key) else { continue };
        let der = spki_der(&key);
        let mut buffer = [0; MAX_PUBLIC_PEM_BYTES];
        let small = Error::kind;
        for length in 0..pem.len() {
            assert_eq!(small(&key.write_spki_pem(&mut buffer[..length]).unwrap_err()), ErrorKind::BufferTooSmall);
        }
        for length in 0..der.len() {
            assert_eq!(small(&key.write_spki_der(&mut buffer[..length]).unwrap_err()), ErrorKind::BufferTooSmall);
            let error = KeyData::from_pem(&pem, &mut buffer[..length]).unwrap_err();
            assert_eq!(small(&error), ErrorKind::BufferTooSmall);
        }
        assert!(key.write_spki_pem(&mut buffer[..pem.len()]).is_ok());
        assert!(key.write_spki_der(&mut buffer[..der.len()]).is_ok());
        assert_eq!(KeyData::from_pem(&pem, &mut buffer[..der.len()]), Ok(key));
    }
}

/// Checks that an accepted key is encoded back, and that an error has an offset within the input.
fn is_encoded_back_or_rejected(der: &[u8]) {
    match KeyData::from_spki_der(der) {
        Ok(key) => assert_eq!(spki_der(&key), der),
        Err(error) => assert!(error.offset().unwrap() <= der.len(), "{error}"),
    }
    match RsaPublicKey::from_pkcs1_der(der) {
        Ok(key) => assert_eq!(pkcs1_der(&key), der),
        Err(error) => assert!(error.offset().unwrap() <= der.len(), "{error}"),
    }
}

fn text_is_encoded_back_or_rejected(text: &str) {
    if let Ok(key) = PublicKey::from_pem(text) {
        let unix = format!("{}\n", text.replace("\r\n", "\n").replace('\r', "\n").trim_end_matches('\n'));
        let key = key.as_public_key_ref().key_data();
        let pkcs1 = if let KeyData::Rsa(key) = key { pkcs1_pem(&key) } else { String::new() };
        assert!(spki_pem(&key).unwrap() == unix || pkcs1 == unix, "{text}");
    }
    if let Ok(key) = PublicKey::from_rfc4716(text) {
        assert_eq!(PublicKey::from_rfc4716(&file_of(key.as_public_key_ref())), Ok(key));
    }
}

#[test]
fn der_with_a_flipped_bit_is_encoded_back_or_rejected() {
    for ending in [".spki.pem", ".pkcs1.pem"] {
        for name in names(ending) {
            let mut der = unframed(&data(&format!("{name}{ending}")));
            for bit in 0..8 * der.len() {
                der[bit / 8] ^= 1 << (bit % 8);
                is_encoded_back_or_rejected(&der);
                der[bit / 8] ^= 1 << (bit % 8);
            }
            for length in 0..der.len() {
                is_encoded_back_or_rejected(&der[..length]);
            }
        }
    }
}

#[test]
fn texts_with_a_changed_byte_are_encoded_back_or_rejected() {
    for name in ["rsa1024", "dsa1024", "ecdsa521", "ed25519"] {
        for ending in ["spki.pem", "pkcs1.pem", "rfc4716"] {
            let Ok(text) = std::fs::read_to_string(format!("{DATA}/{name}.{ending}")) else { continue };
            for at in 0..text.len() {
                for other in ["", "\n", "\r", "\r\n", " ", "=", "A", "-", "\\", ":", "\0"] {
                    text_is_encoded_back_or_rejected(&format!("{}{other}{}", &text[..at], &text[at + 1..]));
                    text_is_encoded_back_or_rejected(&format!("{}{other}{}", &text[..at], &text[at..]));
                }
            }
        }
    }
}

#[test]
fn pem_may_end_its_lines_in_three_ways_and_its_last_one_not_at_all() {
    for file in ["rsa2048.spki.pem", "rsa2048.pkcs1.pem", "ed25519.spki.pem"] {
        let pem = data(file);
        let expected = PublicKey::from_pem(&pem).unwrap();
        for text in [pem.trim_end().to_owned(), pem.replace('\n', "\r\n"), pem.replace('\n', "\r")] {
            assert_eq!(PublicKey::from_pem(&text).unwrap(), expected);
        }
    }
}

#[test]
fn invalid_pem_is_rejected_at_its_offset() {
    let good = data("ecdsa256.spki.pem");
    let [begin, first, last, end] = good.lines().collect::<Vec<_>>()[..] else { panic!() };
    let frame = |at| (ErrorKind::InvalidFrame, Some(Field::PublicKey), Some(at));
    let bad = |at| (ErrorKind::InvalidBase64, Some(Field::Base64), Some(at));
    let (first_at, last_at, end_at) = (27, 27 + 65, 27 + 65 + 61);
    for (text, rejected) in [
        (String::new(), frame(0)),
        (format!("\n{good}"), frame(0)),
        (format!("\u{feff}{good}"), frame(0)),
        (format!("Bag Attributes\n{good}"), frame(0)),
        (good.replace("PUBLIC KEY", "EC PUBLIC KEY"), frame(0)),
        (good.replace("PUBLIC KEY", "CERTIFICATE"), frame(0)),
        (good.replacen("KEY-----", "KEY----- ", 1), frame(0)),
        (key("ecdsa256").to_string(), frame(0)),
        (format!("{good}\n"), frame(good.len())),
        (format!("{good}{good}"), (ErrorKind::MultipleKeys, Some(Field::PublicKey), Some(good.len()))),
        (format!("{good}x"), frame(good.len())),
        (format!("{begin}\n{first}\n{last}\n"), frame(end_at)),
        (format!("{begin}\n{first}\n{last}\n{end} \n"), frame(end_at)),
        (format!("{begin}\n{first}\n{last}\n{}\n", end.replace("PUBLIC", "RSA PUBLIC")), frame(end_at)),
        (format!("{begin}\n{first}{last}\n{end}\n"), frame(first_at + 64)),
        (format!("{begin}\n{first}{}\n{}\n{end}\n", &last[..1], &last[1..]), frame(first_at + 64)),
        (format!("{begin}\n{}\n{}{last}\n{end}\n", &first[..60], &first[60..]), frame(first_at + 61)),
        (format!("{begin}\n\n{first}\n{last}\n{end}\n"), bad(first_at)),
        (format!("{begin}\n{first}\n{last}\n\n{end}\n"), frame(end_at)),
        (format!("{begin}\nProc-Type: x\n\n{first}\n{last}\n{end}\n"), bad(first_at + 4)),
        (format!("{begin}\n{first} \n{last}\n{end}\n"), bad(first_at + 64)),
        (good.replace("==", "="), bad(end_at - 2)),
        (good.replace("==", ""), bad(end_at - 3)),
        (good.replace("==", "==="), bad(end_at - 1)),
        (good.replace(&last[57..], "=A=="), bad(last_at + 58)),
        (format!("{begin}\n{end}\n"), (ErrorKind::MissingField, Some(Field::Base64), Some(first_at))),
        (
            good.replace(last, &format!("{}B==", &last[..57])),
            (ErrorKind::NonCanonicalBase64, Some(Field::Base64), Some(end_at - 4)),
        ),
        (good.replace("PUBLIC KEY", "PRIVATE KEY"), (ErrorKind::PrivateKeyGiven, Some(Field::PublicKey), Some(0))),
        (good.replace("PUBLIC KEY", "RSA PUBLIC KEY"), (ErrorKind::InvalidDer, Some(Field::Blob), Some(0))),
        (
            data("private/rsa2048.pkcs8.pem").replace("PRIVATE KEY", "PUBLIC KEY"),
            (ErrorKind::PrivateKeyGiven, Some(Field::PublicKey), Some(first_at)),
        ),
        ("x".repeat(MAX_LINE_BYTES + 1), (ErrorKind::TooLong, Some(Field::PublicKey), Some(MAX_LINE_BYTES))),
    ] {
        assert_eq!(what(PublicKey::from_pem(&text).unwrap_err()), rejected, "{text}");
    }
}

/// DER: a tag, a length, and the contents.
fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let length = match value.len() {
        short @ ..=0x7f => vec![short as u8],
        middle @ ..=0xff => vec![0x81, middle as u8],
        long => vec![0x82, (long >> 8) as u8, long as u8],
    };
    [vec![tag], length, value].concat()
}

fn spki(oid: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&tlv(0x30, &[&tlv(6, &[oid]), parameters]), &tlv(3, &[&[0], key])])
}

#[test]
fn invalid_public_der_is_rejected_at_its_offset() {
    const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
    const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
    const P256: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
    const ED25519: &[u8] = b"\x2b\x65\x70";
    const NULL: &[u8] = b"\x05\0";
    let (ed25519, ecdsa, rsa_key, dsa) = (key("ed25519"), key("ecdsa256"), key("rsa1024"), key("dsa1024"));
    let KeyData::Ed25519(point) = ed25519.as_public_key_ref().key_data() else { panic!() };
    let point = point.as_bytes();
    let KeyData::Ecdsa(ecdsa) = ecdsa.as_public_key_ref().key_data() else { panic!() };
    let KeyData::Dsa(dsa) = dsa.as_public_key_ref().key_data() else { panic!() };
    let numbers = pkcs1_der(&rsa(&rsa_key));
    let modulus = rsa(&rsa_key).modulus();
    let integer = |number: &[u8]| tlv(2, &[&[0], number]);
    let rsa_of = |n: &[u8], e: &[u8]| spki(RSA, NULL, &tlv(0x30, &[&tlv(2, &[n]), &tlv(2, &[e])]));
    let dsa_of = |p: &[u8], q: &[u8], g: u8| {
        let parameters = tlv(0x30, &[&integer(p), &integer(q), &tlv(2, &[&[g]])]);
        spki(b"\x2a\x86\x48\xce\x38\x04\x01", &parameters, &tlv(2, &[&[3]]))
    };
    let even = [&modulus[..127], &[0]].concat();
    let with_zero = [&[0], modulus].concat();
    let two_zeros = [&[0, 0], modulus].concat();
    let compressed = [&[2], ecdsa.x()].concat();
    let good = spki(ED25519, &[], point);
    let with_trailing = [&good[..], &[0]].concat();
    let long_length = [&[0x30, 0x81, 0x2a], &good[2..]].concat();
    let indefinite = [&[0x30, 0x80], &good[2..], &[0, 0]].concat();
    let unused_bits = tlv(0x30, &[&tlv(0x30, &[&tlv(6, &[ED25519])]), &tlv(3, &[&[1], &point[..31], &[0xfe]])]);
    let third = tlv(0x30, &[&good[2..], NULL]);
    let pkcs8 = tlv(0x30, &[&[2, 1, 0], &tlv(0x30, &[&tlv(6, &[ED25519])]), &tlv(4, &[&tlv(4, &[point])])]);
    let blob = |kind, at| (kind, Some(Field::Blob), Some(at));
    let at = |kind, field, at| (kind, Some(field), Some(at));
    for (name, der, rejected) in [
        ("nothing", vec![], blob(ErrorKind::Truncated, 0)),
        ("cut short", good[..43].to_vec(), blob(ErrorKind::Truncated, 43)),
        ("a byte behind it", with_trailing, blob(ErrorKind::TrailingData, 44)),
        ("something behind the key", third, blob(ErrorKind::TrailingData, 44)),
        ("a length in the long form", long_length, blob(ErrorKind::InvalidDer, 3)),
        ("an indefinite length", indefinite, blob(ErrorKind::InvalidDer, 2)),
        ("no sequence", b"\x04\x01\0".to_vec(), blob(ErrorKind::InvalidDer, 0)),
        ("unused bits", unused_bits, blob(ErrorKind::InvalidDer, 12)),
        ("Ed25519 with NULL", spki(ED25519, NULL, point), at(ErrorKind::InvalidDer, Field::BlobType, 2)),
        ("31 bytes", spki(ED25519, &[], &point[1..]), at(ErrorKind::InvalidValue, Field::Point, 12)),
        ("small order", spki(ED25519, &[], &[0; 32]), at(ErrorKind::InvalidPoint, Field::Point, 12)),
        ("X25519", spki(b"\x2b\x65\x6e", &[], point), at(ErrorKind::UnknownKeyType, Field::BlobType, 2)),
        ("no parameters", spki(RSA, &[], &numbers), at(ErrorKind::InvalidDer, Field::BlobType, 3)),
        ("a NULL of one byte", spki(RSA, b"\x05\x01\0", &numbers), at(ErrorKind::InvalidDer, Field::BlobType, 3)),
        ("other parameters", spki(RSA, P256, &numbers), at(ErrorKind::InvalidDer, Field::BlobType, 3)),
        (
            "RSASSA-PSS",
            spki(b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", NULL, &numbers),
            at(ErrorKind::UnknownKeyType, Field::BlobType, 3),
        ),
        ("n with two zeros", rsa_of(&two_zeros, &[3]), blob(ErrorKind::InvalidDer, 158)),
        ("n below 0", rsa_of(modulus, &[3]), blob(ErrorKind::InvalidDer, 156)),
        ("n even", rsa_of(&[&[0], &even[..]].concat(), &[3]), at(ErrorKind::InvalidValue, Field::Modulus, 29)),
        ("n short", rsa_of(&with_zero[..128], &[3]), at(ErrorKind::KeyTooSmall, Field::Modulus, 29)),
        ("e = 1", rsa_of(&with_zero, &[1]), at(ErrorKind::InvalidValue, Field::PublicExponent, 159)),
        ("e long", rsa_of(&with_zero, &[2, 0, 0, 0, 1]), at(ErrorKind::InvalidValue, Field::PublicExponent, 159)),
        (
            "a third number",
            spki(RSA, NULL, &tlv(0x30, &[&numbers[3..], &[2, 1, 0]])),
            blob(ErrorKind::TrailingData, 162),
        ),
        ("bytes behind e", spki(RSA, NULL, &[&numbers[..], &[0]].concat()), blob(ErrorKind::TrailingData, 162)),
        ("a curve that is not named", spki(EC, &tlv(0x30, &[&[2, 1, 1]]), ecdsa.point()), {
            at(ErrorKind::InvalidDer, Field::Curve, 2)
        }),
        ("no curve", spki(EC, &[], ecdsa.point()), at(ErrorKind::InvalidDer, Field::BlobType, 2)),
        (
            "secp256k1",
            spki(EC, b"\x06\x05\x2b\x81\x04\0\x0a", ecdsa.point()),
            at(ErrorKind::UnknownKeyType, Field::Curve, 2),
        ),
        ("compressed", spki(EC, P256, &compressed), at(ErrorKind::UnsupportedPointFormat, Field::Point, 26)),
        ("the point at infinity", spki(EC, P256, &[0]), at(ErrorKind::InvalidPoint, Field::Point, 26)),
        ("DSA of 2048 bits", dsa_of(&[0xff; 256], dsa.q(), 2), at(ErrorKind::InvalidValue, Field::DsaPrime, 26)),
        ("DSA with a long q", dsa_of(dsa.p(), &[0xff; 32], 2), at(ErrorKind::InvalidValue, Field::DsaSubprime, 153)),
        ("DSA with g = 1", dsa_of(dsa.p(), dsa.q(), 1), at(ErrorKind::InvalidValue, Field::DsaGenerator, 175)),
        (
            "DSA without parameters",
            spki(b"\x2a\x86\x48\xce\x38\x04\x01", &[], &[2, 1, 3]),
            at(ErrorKind::InvalidDer, Field::BlobType, 2),
        ),
        ("a private key", pkcs8, blob(ErrorKind::PrivateKeyGiven, 0)),
    ] {
        assert_eq!(what(KeyData::from_spki_der(&der).unwrap_err()), rejected, "{name}");
    }
    assert!(KeyData::from_spki_der(&rsa_of(&with_zero, &[3])).is_ok());
    assert_eq!(KeyData::from_spki_der(&dsa_of(dsa.p(), dsa.q(), 2)).unwrap().bits(), 1024);
    assert!(KeyData::from_spki_der(&spki(EC, P256, ecdsa.point())).is_ok());
}

#[test]
fn private_keys_are_rejected_in_every_format() {
    let Some(corpus) = corpus() else { return };
    let mut checked = 0;
    for entry in std::fs::read_dir(corpus.join("corpus/mscdex-ssh2-streams")).unwrap() {
        let path = entry.unwrap().path();
        // Files with an ending are public keys and expected results.
        if path.extension().is_some() {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let kinds = [PublicKey::from_pem(&text), PublicKey::from_rfc4716(&text)].map(|read| read.unwrap_err());
        assert!(kinds.iter().all(|error| error.kind() == ErrorKind::PrivateKeyGiven), "{path:?}");
        // With the label of a public key.
        if text.contains("BEGIN RSA PRIVATE") && !text.contains("ENCRYPTED") {
            for label in ["PUBLIC", "RSA PUBLIC"] {
                let text = text.replace("RSA PRIVATE", label);
                let error = PublicKey::from_pem(&text).unwrap_err();
                // The error is found in the base64.
                let base64 = text.find('\n').map(|at| at + 1);
                assert_eq!(what(error), (ErrorKind::PrivateKeyGiven, Some(Field::PublicKey), base64), "{path:?}");
            }
        }
        checked += 1;
    }
    assert!(checked >= 20, "{checked}");
    let ssh_com = "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\n";
    let error = PublicKey::from_rfc4716(ssh_com).unwrap_err();
    assert_eq!(what(error), (ErrorKind::PrivateKeyGiven, Some(Field::PublicKey), Some(0)));
}

// Random keys

fn odd_number(bytes: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), bytes).prop_map(|mut number| {
        number[0] |= 0x80;
        *number.last_mut().unwrap() |= 1;
        number
    })
}

/// Any key. The numbers of RSA and DSA keys are random; points are from the test data.
fn any_key() -> impl Strategy<Value = PublicKey> {
    let from = |key: KeyData<'_>| PublicKey::from_key_data(&key, "").unwrap();
    let rsa = (odd_number(128..=2048), any::<u32>())
        .prop_map(move |(n, e)| from(RsaPublicKey::new(&n, &(u64::from(e) * 2 + 3).to_be_bytes()).unwrap().into()));
    let small = || prop::collection::vec(2..=0x7fu8, 1..=128);
    let dsa = (odd_number(128), odd_number(20), small(), small())
        .prop_map(move |(p, q, g, y)| from(DsaPublicKey::new(&p, &q, &g, &y).unwrap().into()));
    let data = prop::sample::select(keys().into_iter().map(|(_, key)| key).collect::<Vec<_>>());
    prop_oneof![rsa, dsa, data]
}

fn any_comment() -> impl Strategy<Value = String> {
    let allowed = "[^\\p{Cc}\u{2028}\u{2029}\u{61c}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]{0,250}";
    prop_oneof![allowed, "[\"\\\\: \tx]{0,1022}", "[ -~]{0,1022}"]
}

proptest! {
    #[test]
    fn any_key_and_comment_survive_rfc_4716(key in any_key(), comment in any_comment()) {
        let key = PublicKey::from(key.as_public_key_ref().with_comment(&comment).unwrap());
        let file = file_of(key.as_public_key_ref());
        prop_assert!(file.lines().all(|line| line.len() <= 72));
        prop_assert_eq!(PublicKey::from_rfc4716(&file), Ok(key));
    }

    #[test]
    fn any_key_survives_der_and_pem(key in any_key()) {
        let data = key.as_public_key_ref().key_data();
        let bare = PublicKey::from(key.as_public_key_ref().with_comment("").unwrap());
        if let Ok(pem) = spki_pem(&data) {
            prop_assert_eq!(PublicKey::from_pem(&pem), Ok(bare.clone()));
            let der = spki_der(&data);
            prop_assert_eq!(KeyData::from_spki_der(&der), Ok(data));
        }
        if let KeyData::Rsa(rsa) = data {
            prop_assert_eq!(PublicKey::from_pem(&pkcs1_pem(&rsa)), Ok(bare));
            let der = pkcs1_der(&rsa);
            prop_assert_eq!(RsaPublicKey::from_pkcs1_der(&der), Ok(rsa));
        }
    }

    #[test]
    fn der_with_changed_bytes_is_encoded_back_or_rejected(
        key in any_key(),
        pkcs1 in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..4),
    ) {
        let data = key.as_public_key_ref().key_data();
        let mut der = match data {
            KeyData::Rsa(rsa) if pkcs1 => pkcs1_der(&rsa),
            KeyData::SkEd25519(_) | KeyData::SkEcdsaP256(_) => return Ok(()),
            data => spki_der(&data),
        };
        for (at, byte, how) in changes {
            // Most errors are possible in the headers.
            let at = at.index(der.len().min(64));
            match how {
                0 => der[at] = byte,
                1 => der.insert(at, byte),
                _ => { der.remove(at); }
            }
        }
        is_encoded_back_or_rejected(&der);
    }

    #[test]
    fn any_text_is_rejected_or_read_without_a_panic(text in "\\PC{0,200}|[-=A-Za-z \r\n\\\\:]{0,200}") {
        text_is_encoded_back_or_rejected(&text);
        text_is_encoded_back_or_rejected(&format!("---- BEGIN SSH2 PUBLIC KEY ----\n{text}"));
        text_is_encoded_back_or_rejected(&format!("-----BEGIN PUBLIC KEY-----\n{text}"));
        text_is_encoded_back_or_rejected(&format!("-----BEGIN RSA PUBLIC KEY-----\n{text}-----END RSA PUBLIC KEY-----"));
    }
}

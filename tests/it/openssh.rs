//! Public key lines: what is accepted, what is rejected and why, and the main property of the parser.

use crate::common::{What, blob, what};
use proptest::prelude::*;
use ssh_keypair::openssh::{MAX_BLOB_BYTES, MAX_COMMENT_BYTES, MAX_LINE_BYTES};
use ssh_keypair::{ErrorKind, Field, PublicKey, PublicKeyRef, RsaPublicKey};

const LINE: &str = include_str!("../data/rsa2048.pub");

/// The base64 of [`LINE`].
fn base64() -> &'static str {
    LINE.split(' ').nth(1).unwrap()
}

fn error_of(line: &str) -> What {
    match line.parse::<PublicKey>() {
        Ok(_) => panic!("accepted: {line:?}"),
        Err(error) => what(error),
    }
}

/// A positive number of `bits` bits, all ones, as `mpint` bytes.
fn ones(bits: usize) -> Vec<u8> {
    let mut bytes = vec![0xff; bits.div_ceil(8)];
    bytes[0] = 0xff >> (8 * bytes.len() - bits);
    if bytes[0] >= 0x80 {
        bytes.insert(0, 0);
    }
    bytes
}

#[test]
fn lines_of_every_size_are_accepted_and_match_what_ssh_keygen_prints() {
    let mut printed = include_str!("../data/fingerprints.txt").lines();
    for line in [
        include_str!("../data/rsa1024.pub"),
        LINE,
        include_str!("../data/rsa3072.pub"),
        include_str!("../data/rsa4096.pub"),
        include_str!("../data/rsa16384.pub"),
    ] {
        let key: PublicKey = line.parse().unwrap();
        assert_eq!(key.to_string(), line.trim_end());
        let key = key.as_public_key_ref();
        let (bits, comment) = (key.bits(), key.comment());
        assert_eq!(printed.next(), Some(&*format!("{bits} MD5:{} {comment} (RSA)", key.md5_fingerprint())));
        assert_eq!(printed.next(), Some(&*format!("{bits} {} {comment} (RSA)", key.sha256_fingerprint())));
    }
}

#[test]
fn white_space_and_comments_that_are_accepted_are_kept() {
    let base64 = base64();
    for line in [
        format!("ssh-rsa {base64}"),
        format!("ssh-rsa {base64} "),
        format!("ssh-rsa\t{base64}\tcomment"),
        format!("ssh-rsa {base64} comment with  spaces and\ttabs "),
        format!("ssh-rsa {base64} Kommentar für Zoë — ☃"),
        format!("ssh-rsa {base64} literal \\n in it"),
    ] {
        for ending in ["", "\n", "\r\n"] {
            let key: PublicKey = format!("{line}{ending}").parse().unwrap();
            assert_eq!(key.to_string(), line);
            let mut buffer = [0; MAX_LINE_BYTES];
            assert_eq!(key.as_public_key_ref().write_line(&mut buffer).unwrap(), line);
        }
    }
}

/// A table of bad lines, and why they are rejected.
#[test]
fn every_bad_line_is_rejected_with_its_reason_and_offset() {
    use ErrorKind::*;
    let b = base64();
    let end = 8 + b.len();
    let padded = include_str!("../data/rsa1024.pub").split(' ').nth(1).unwrap();
    let unpadded = padded.trim_end_matches('=');
    assert_eq!(padded.len(), unpadded.len() + 2);
    let table: Vec<(String, ErrorKind, Field, usize)> = vec![
        (String::new(), MissingField, Field::KeyType, 0),
        ("\n".into(), MissingField, Field::KeyType, 0),
        ("ssh-rsa".into(), MissingField, Field::Base64, 7),
        ("ssh-rsa ".into(), MissingField, Field::Base64, 8),
        ("ssh-rsa \n".into(), MissingField, Field::Base64, 8),
        (format!("ssh-rsa{b} me"), MissingSeparator, Field::KeyType, 7),
        (format!("ssh-rsa\u{a0}{b} me"), InvalidSeparator, Field::KeyType, 7),
        (format!("ssh-rsa\u{b}{b} me"), InvalidSeparator, Field::KeyType, 7),
        (format!("ssh-rsa\n{b} me"), InvalidSeparator, Field::KeyType, 7),
        (format!("ssh-rsa  {b} me"), InvalidSeparator, Field::Base64, 8),
        (format!("ssh-rsa \t{b} me"), InvalidSeparator, Field::Base64, 8),
        (format!(" {LINE}"), SurroundingSpace, Field::KeyType, 0),
        (format!("\t{LINE}"), SurroundingSpace, Field::KeyType, 0),
        (format!("\u{feff}{LINE}"), ByteOrderMark, Field::KeyType, 0),
        (format!("SSH-RSA {b} me"), UnknownKeyType, Field::KeyType, 0),
        (format!("ssh-rsa1 {b} me"), UnknownKeyType, Field::KeyType, 0),
        (format!("rsa-sha2-256 {b} me"), TypeMismatch, Field::KeyType, 0),
        (format!("rsa-sha2-256\t{b} me"), TypeMismatch, Field::KeyType, 0),
        ("rsa-sha2-256 AAAADHJzYS1zaGEyLTI1Ng==".into(), UnknownKeyType, Field::KeyType, 0),
        (format!("ssh-rsa-cert-v01@openssh.com {b} me"), CertificateNotAllowed, Field::KeyType, 0),
        (format!("ssh-ed25519 {b} me"), TypeMismatch, Field::BlobType, 4),
        (format!("ssh-ed25519AAAA{b} me"), MissingSeparator, Field::KeyType, 11),
        (format!("no-pty ssh-ed25519 {b} me"), OptionsNotAllowed, Field::KeyType, 0),
        (format!("restrict {b}"), UnknownKeyType, Field::KeyType, 0),
        (format!("restrict {LINE}"), OptionsNotAllowed, Field::KeyType, 0),
        (format!("command=\"a b\",no-pty {LINE}"), OptionsNotAllowed, Field::KeyType, 0),
        (format!("# {}", "x".repeat(20)), UnknownKeyType, Field::KeyType, 0),
        (format!("\0{LINE}"), InvalidCharacter, Field::KeyType, 0),
        // The second key of the two-line trick, and other line breaks.
        (format!("{LINE}{LINE}"), InvalidCharacter, Field::Comment, LINE.len() - 1),
        (format!("ssh-rsa {b}\n{LINE}"), InvalidCharacter, Field::Base64, end),
        (format!("ssh-rsa {b} a\rb"), InvalidCharacter, Field::Comment, end + 2),
        (format!("ssh-rsa {b} a\0"), InvalidCharacter, Field::Comment, end + 2),
        (format!("ssh-rsa {b} \u{1b}[2J"), InvalidCharacter, Field::Comment, end + 1),
        (format!("ssh-rsa {b} é\u{85}"), InvalidCharacter, Field::Comment, end + 3),
        (format!("ssh-rsa {b} \u{2028}"), InvalidCharacter, Field::Comment, end + 1),
        (format!("ssh-rsa {b} \u{2029}"), InvalidCharacter, Field::Comment, end + 1),
        (format!("ssh-rsa {b} \u{7f}"), InvalidCharacter, Field::Comment, end + 1),
        (format!("{LINE}\n"), InvalidCharacter, Field::Comment, LINE.len() - 1),
        (format!("{}\r\r\n", LINE.trim_end()), InvalidCharacter, Field::Comment, LINE.len() - 1),
        // Base64.
        (format!("ssh-rsa {}", &b[..b.len() - 1]), InvalidBase64, Field::Base64, end - 1),
        (format!("ssh-rsa {b}===="), InvalidBase64, Field::Base64, end + 4),
        (format!("ssh-rsa {unpadded}"), InvalidBase64, Field::Base64, 8 + unpadded.len()),
        (format!("ssh-rsa {unpadded}="), InvalidBase64, Field::Base64, 9 + unpadded.len()),
        (format!("ssh-rsa {}\u{b}{}", &b[..40], &b[40..]), InvalidBase64, Field::Base64, 48),
        (format!("ssh-rsa {}-{}", &b[..40], &b[41..]), InvalidBase64, Field::Base64, 48),
        (format!("ssh-rsa {}é{}", &b[..40], &b[42..]), InvalidBase64, Field::Base64, 48),
        (format!("ssh-rsa {}={}", &b[..40], &b[41..]), InvalidBase64, Field::Base64, 49),
        ("ssh-rsa AAAAB3NzaB==".into(), NonCanonicalBase64, Field::Base64, 17),
        // Other things that people paste.
        ("-----BEGIN RSA PRIVATE KEY-----\nMII".into(), PrivateKeyGiven, Field::PublicKey, 0),
        (" \n-----BEGIN OPENSSH PRIVATE KEY-----\n".into(), PrivateKeyGiven, Field::PublicKey, 2),
        (format!("{LINE}-----BEGIN PRIVATE KEY-----\nMII"), PrivateKeyGiven, Field::PublicKey, LINE.len()),
        ("-----begin rsa private key-----".into(), PrivateKeyGiven, Field::PublicKey, 0),
        ("> BEGIN RSA PRIVATE  KEY".into(), PrivateKeyGiven, Field::PublicKey, 2),
        (
            "-----BEGIN EC PARAMETERS-----\nBgg=\n-----BEGIN EC PRIVATE KEY-----".into(),
            PrivateKeyGiven,
            Field::PublicKey,
            35,
        ),
        ("SSH PRIVATE KEY FILE FORMAT 1.1\n".into(), PrivateKeyGiven, Field::PublicKey, 0),
        ("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU".into(), PrivateKeyGiven, Field::PublicKey, 0),
        // The file of the private key after that of the public key, in one line.
        (
            format!("{} -----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjEAAAAA", LINE.trim_end()),
            PrivateKeyGiven,
            Field::PublicKey,
            LINE.len(),
        ),
        // DER without its frame: PKCS#8 of Ed25519, PKCS#1, and encrypted PKCS#8.
        ("MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAA".into(), PrivateKeyGiven, Field::PublicKey, 0),
        ("key: MIIEpAIBAAKCAQEAAAAAAAAAAAAAAAAAAAAAAAAA".into(), PrivateKeyGiven, Field::PublicKey, 5),
        ("MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQww".into(), PrivateKeyGiven, Field::PublicKey, 0),
        ("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA".into(), UnknownKeyType, Field::KeyType, 0),
        (format!("# {LINE}"), UnknownKeyType, Field::KeyType, 0),
        ("ssh-rsa -----BEGIN RSA PRIVATE KEY-----\n".into(), PrivateKeyGiven, Field::PublicKey, 8),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----".into(), PrivateKeyGiven, Field::PublicKey, 0),
        ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----".into(), PrivateKeyGiven, Field::PublicKey, 0),
        ("PuTTY-User-Key-File-3: ssh-rsa\r\n".into(), PrivateKeyGiven, Field::PublicKey, 0),
        ("-----BEGIN PUBLIC KEY-----\nMII".into(), NotAnOpensshLine, Field::PublicKey, 0),
        ("---- BEGIN SSH2 PUBLIC KEY ----\n".into(), NotAnOpensshLine, Field::PublicKey, 0),
        ("x".repeat(MAX_LINE_BYTES + 1), TooLong, Field::PublicKey, MAX_LINE_BYTES),
    ];
    for (line, kind, field, offset) in table {
        assert_eq!(error_of(&line), (kind, Some(field), Some(offset)), "{line:?}");
    }
}

/// A table of blobs: their parts, and why they are rejected.
#[test]
fn every_bad_blob_is_rejected_with_its_reason_and_offset() {
    use ErrorKind::*;
    let n = ones(2048);
    let e: &[u8] = &[1, 0, 1];
    let name: &[u8] = b"ssh-rsa";
    // Offsets: the name's bytes at 4, those of e at 15, those of n at 22.
    let table: Vec<(Vec<u8>, ErrorKind, Field, usize)> = vec![
        (vec![], Truncated, Field::BlobType, 0),
        (vec![0, 0, 0], Truncated, Field::BlobType, 0),
        (vec![0xff; 4], Truncated, Field::BlobType, 0),
        (vec![0xff; 400], Truncated, Field::BlobType, 0),
        (blob(&[b"rsa-sha2-512", e, &n]), UnknownKeyType, Field::BlobType, 4),
        (blob(&[b"ssh-rsa\0", e, &n]), UnknownKeyType, Field::BlobType, 4),
        (blob(&[b"\xff\xfe", e, &n]), UnknownKeyType, Field::BlobType, 4),
        (blob(&[name]), Truncated, Field::PublicExponent, 11),
        (blob(&[name, e]), Truncated, Field::Modulus, 18),
        (blob(&[name, e, &n])[..200].to_vec(), Truncated, Field::Modulus, 18),
        ([blob(&[name, e, &n]), vec![0]].concat(), TrailingData, Field::Blob, 22 + n.len()),
        (blob(&[name, &[0x81], &n]), InvalidMpint, Field::PublicExponent, 15),
        (blob(&[name, e, &n[1..]]), InvalidMpint, Field::Modulus, 22),
        (blob(&[name, &[0, 1, 0, 1], &n]), InvalidMpint, Field::PublicExponent, 15),
        (blob(&[name, &[0], &n]), InvalidMpint, Field::PublicExponent, 15),
        (blob(&[name, e, &[&[0], &n[..]].concat()]), InvalidMpint, Field::Modulus, 22),
        (blob(&[name, &[], &n]), InvalidValue, Field::PublicExponent, 15),
        (blob(&[name, &[1], &n]), InvalidValue, Field::PublicExponent, 15),
        (blob(&[name, &[2], &n]), InvalidValue, Field::PublicExponent, 15),
        (blob(&[name, &[1, 0, 0], &n]), InvalidValue, Field::PublicExponent, 15),
        (blob(&[name, &ones(34), &n]), InvalidValue, Field::PublicExponent, 15),
        (blob(&[name, &n, &n]), InvalidValue, Field::PublicExponent, 16),
        (blob(&[name, e, &[]]), KeyTooSmall, Field::Modulus, 22),
        (blob(&[name, e, &ones(1023)]), KeyTooSmall, Field::Modulus, 22),
        (blob(&[name, e, &ones(16385)]), KeyTooLarge, Field::Modulus, 22),
        (blob(&[name, e, &[&n[..256], &[0xfe]].concat()]), InvalidValue, Field::Modulus, 23),
    ];
    for (blob, kind, field, offset) in table {
        let error = PublicKeyRef::from_blob(&blob).unwrap_err();
        assert_eq!((error.kind(), error.field(), error.offset()), (kind, Some(field), Some(offset)), "{blob:02x?}");
    }
    for (e, n) in [(&[3][..], ones(1024)), (e, ones(16384)), (&ones(33), n)] {
        let blob = blob(&[name, e, &n]);
        assert_eq!(PublicKeyRef::from_blob(&blob).unwrap().blob(), blob);
    }
}

#[test]
fn a_type_that_differs_from_the_one_in_the_blob_is_rejected() {
    let other = blob(&[b"ssh-dss", &[1], &[1]]);
    let line = format!("ssh-rsa {}", <base64ct::Base64 as base64ct::Encoding>::encode_string(&other));
    assert_eq!(error_of(&line), (ErrorKind::TypeMismatch, Some(Field::BlobType), Some(4)));
}

#[test]
fn a_buffer_that_is_too_small_is_said_to_be() {
    let blob_len = LINE.parse::<PublicKey>().unwrap().as_public_key_ref().blob().len();
    let mut buffer = [0; MAX_BLOB_BYTES];
    for length in 0..blob_len {
        let error = PublicKeyRef::parse(LINE, &mut buffer[..length]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BufferTooSmall, "{length}");
    }
    let key = PublicKeyRef::parse(LINE, &mut buffer[..blob_len]).unwrap();
    let mut text = [0; MAX_LINE_BYTES];
    let line = LINE.trim_end();
    for length in 0..line.len() {
        assert_eq!(key.write_line(&mut text[..length]).unwrap_err().kind(), ErrorKind::BufferTooSmall);
    }
    assert_eq!(key.write_line(&mut text[..line.len()]).unwrap(), line);
}

#[test]
fn a_comment_that_would_be_a_second_key_is_not_written() {
    let modulus = [0xff; 256];
    let key = RsaPublicKey::new(&modulus, &[1, 0, 1]).unwrap();
    let secret = "-----BEGIN PRIVATE KEY-----";
    assert_eq!(PublicKey::from_key_data(&key.into(), secret).unwrap_err().kind(), ErrorKind::PrivateKeyGiven);
    for comment in ["a\nb", "a\r", "\0", "\u{1b}", "\u{85}", "\u{2028}", "\u{2029}"] {
        assert_eq!(PublicKey::from_key_data(&key.into(), comment).unwrap_err().kind(), ErrorKind::InvalidCharacter);
    }
    let longest = "x".repeat(MAX_COMMENT_BYTES);
    assert!(PublicKey::from_key_data(&key.into(), &longest).unwrap().to_string().parse::<PublicKey>().is_ok());
    assert_eq!(PublicKey::from_key_data(&key.into(), &(longest + "x")).unwrap_err().kind(), ErrorKind::TooLong);
}

/// Checks that an accepted line is written back as it was, and that its blob is accepted too.
fn encodes_back(text: &str) {
    let Ok(key) = text.parse::<PublicKey>() else { return };
    let line = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    assert_eq!(key.to_string(), line);
    let key = key.as_public_key_ref();
    let canonical = key.canonical().to_string();
    assert_eq!(canonical.parse::<PublicKey>().unwrap().to_string(), canonical);
    assert_eq!(PublicKeyRef::from_blob(key.blob()).unwrap().md5_fingerprint(), key.md5_fingerprint());
}

#[test]
fn every_byte_changed_and_every_cut_keeps_the_property() {
    let line = LINE.trim_end();
    for at in 0..line.len() {
        encodes_back(&line[..at]);
        for byte in 0..=0x7f {
            let mut changed = line.as_bytes().to_vec();
            changed[at] = byte;
            encodes_back(&String::from_utf8(changed).unwrap());
        }
    }
}

#[test]
fn every_bit_of_a_blob_flipped_keeps_the_property() {
    let key: PublicKey = LINE.parse().unwrap();
    let blob = key.as_public_key_ref().blob().to_vec();
    let mut accepted = 0;
    for bit in 0..8 * blob.len() {
        let mut flipped = blob.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(key) = PublicKeyRef::from_blob(&flipped) {
            encodes_back(&key.to_string());
            accepted += 1;
        }
    }
    assert!(accepted > 2000, "most bits are those of the modulus");
}

proptest! {
    #[test]
    fn any_text_keeps_the_property(text in "\\PC{0,200}") {
        encodes_back(&text);
    }

    #[test]
    fn any_text_behind_a_type_keeps_the_property(text in "[A-Za-z0-9+/= \\t\\r\\n\0\u{85}]{0,200}") {
        encodes_back(&format!("ssh-rsa {text}"));
        encodes_back(&format!("{} {text}", LINE.trim_end()));
    }

    #[test]
    fn any_key_and_comment_survive(
        n in proptest::collection::vec(any::<u8>(), 128..=600),
        e in proptest::collection::vec(any::<u8>(), 1..=4),
        comment in "[ -~\\t\u{a0}-\u{61b}\u{61d}-\u{2000}]{0,60}",
    ) {
        let (mut n, mut e) = (n, e);
        for number in [&mut n, &mut e] {
            *number.last_mut().unwrap() |= 3;
        }
        n[0] |= 0x80;
        let key = RsaPublicKey::new(&n, &e).unwrap();
        let line = PublicKey::from_key_data(&key.into(), &comment).unwrap().to_string();
        let parsed: PublicKey = line.parse().unwrap();
        prop_assert_eq!(parsed.as_public_key_ref().key_data(), ssh_keypair::KeyData::Rsa(key));
        prop_assert_eq!(parsed.as_public_key_ref().comment(), comment);
    }
}

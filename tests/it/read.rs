//! Private keys in any encoding: DER and UTF-16; what reading reports; and the accessors of keys that are read.

use crate::common::{data, from_hex, parse, seeded, unframed, what};
use ssh_keypair::openssh::MAX_LINE_BYTES;
use ssh_keypair::{ErrorKind, Field, KeyFormat, Normalization, PrivateKey, ReadOptions, ReadReport};

fn report(input: &[u8], options: &ReadOptions<'_>) -> (PrivateKey, ReadReport) {
    let (key, report) = PrivateKey::parse_with_report(input, options).unwrap();
    assert_eq!(PrivateKey::parse(input, options).unwrap(), key);
    (key, report)
}

/// A text in UTF-16, little-endian and big-endian, with a byte order mark.
fn utf16(text: &str) -> [Vec<u8>; 2] {
    let units: Vec<u16> =
        ['\u{feff}'].into_iter().chain(text.chars()).flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()).collect();
    [u16::to_le_bytes, u16::to_be_bytes].map(|bytes| units.iter().flat_map(|unit| bytes(*unit)).collect())
}

#[test]
fn der_is_read_as_the_pem_around_it() {
    let options = ReadOptions::new();
    for file in ["rsa2048.pkcs1.pem", "rsa2048.pkcs8.pem"] {
        let pem = data(&format!("private/{file}"));
        let der = unframed(&pem);
        let (key, found) = report(&der, &options);
        assert_eq!(key, parse(&pem, None).unwrap(), "{file}");
        assert_eq!((key.comment(), key.bits(), found.format), ("", 2048, KeyFormat::PrivateKeyDer), "{file}");
        assert_eq!(found.normalizations, []);
        assert_eq!(KeyFormat::detect(&der), Some(KeyFormat::PrivateKeyDer), "{file}");
        for length in 0..der.len() {
            assert!(PrivateKey::parse(&der[..length], &options).is_err(), "{file}, {length}");
        }
        let error = PrivateKey::parse([&der[..], b"0"].concat(), &options).unwrap_err();
        assert_eq!(what(error), (ErrorKind::TrailingData, Some(Field::PrivateBlob), Some(der.len())), "{file}");
    }
    assert_eq!(KeyFormat::PrivateKeyDer.to_string(), "a private key in DER");
}

#[cfg(feature = "encryption")]
#[test]
fn encrypted_der_is_read_with_its_passphrase() {
    for file in ["rsa2048.scrypt.pkcs8.pem", "rsa2048.pbkdf2.pkcs8.pem"] {
        let pem = data(&format!("private/{file}"));
        let der = unframed(&pem);
        let options = ReadOptions::new().with_passphrase("test material");
        let (key, found) = report(&der, &options);
        assert_eq!(key, parse(&data("private/rsa2048.pkcs1.pem"), None).unwrap(), "{file}");
        assert_eq!(found.format, KeyFormat::PrivateKeyDer, "{file}");
        let error = |options: &ReadOptions<'_>| PrivateKey::parse(&der, options).unwrap_err().kind();
        assert_eq!(error(&ReadOptions::new()), ErrorKind::PassphraseRequired, "{file}");
        assert_eq!(error(&ReadOptions::new().with_passphrase(b"Test material")), ErrorKind::WrongPassphrase, "{file}");
    }
}

#[test]
fn der_of_anything_else_is_no_private_key() {
    let public = unframed(&data("rsa2048.spki.pem"));
    assert!(PrivateKey::parse(&public, &ReadOptions::new()).is_err());
    assert_eq!(KeyFormat::detect(&public), None);
    let sequence = from_hex("30820002ff");
    assert!(PrivateKey::parse(sequence, &ReadOptions::new()).is_err());
}

#[test]
fn text_in_utf_16_is_read_and_reported() {
    for (file, format) in [
        ("rsa2048.pkcs1.pem", KeyFormat::Pkcs1PrivatePem),
        ("rsa2048.pkcs8.pem", KeyFormat::Pkcs8Pem),
        ("rsa2048.openssh", KeyFormat::OpensshPrivateKey),
        ("ed25519.openssh", KeyFormat::OpensshPrivateKey),
        ("rsa2048.ppk", KeyFormat::PuttyPrivateKey),
    ] {
        let text = data(&format!("private/{file}"));
        let (expected, plain) = report(text.as_bytes(), &ReadOptions::new());
        assert_eq!((plain.format, &plain.normalizations[..]), (format, &[][..]), "{file}");
        for input in utf16(&text) {
            let (key, found) = report(&input, &ReadOptions::new());
            assert_eq!((&key, key.comment()), (&expected, expected.comment()), "{file}");
            assert_eq!((found.format, &found.normalizations[..]), (format, &[Normalization::FromUtf16][..]), "{file}");
        }
    }
    assert_eq!(Normalization::FromUtf16.to_string(), "converted from UTF-16");
}

#[test]
fn utf_16_that_is_cut_or_not_text_is_refused_at_its_place() {
    let text = data("private/ed25519.openssh");
    let rejected = |input: &[u8]| what(PrivateKey::parse(input, &ReadOptions::new()).unwrap_err());
    let invalid = |at| (ErrorKind::InvalidUtf8, Some(Field::PrivateKey), Some(at));
    for input in utf16(&text) {
        let odd = &input[..input.len() - 1];
        assert_eq!(rejected(odd), invalid(odd.len()));
        // Without the mark it is neither UTF-8 nor a key.
        assert_ne!(rejected(&input[2..]).0, ErrorKind::PassphraseRequired);
    }
    // Surrogates alone, in the wrong order, and at the end: offsets count bytes of UTF-8, here two after é.
    for surrogates in [&[0xd800, 0x41][..], &[0xdc00, 0x41], &[0xdc00, 0xd800], &[0xd800]] {
        let units = [&[0xfeff, 0xe9], surrogates].concat();
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let input: Vec<u8> = units.iter().flat_map(|unit| bytes(*unit)).collect();
            assert_eq!(rejected(&input), invalid(2), "{surrogates:x?}");
        }
    }
    let [long, _] = utf16(&"x".repeat(MAX_LINE_BYTES));
    assert_eq!(rejected(&long), (ErrorKind::TooLong, Some(Field::PrivateKey), Some(MAX_LINE_BYTES)));
    let [mark_alone, _] = utf16("");
    assert_eq!(rejected(&mark_alone), (ErrorKind::NotAPrivateKey, Some(Field::PrivateKey), Some(0)));
    // Bytes that are not text.
    assert_eq!(rejected(b"key \xff"), invalid(4));
}

#[test]
fn the_options_do_not_show_the_passphrase() {
    for options in [ReadOptions::new().with_passphrase("hunter2"), ReadOptions::new().with_passphrase(b"hunter2")] {
        assert_eq!(format!("{options:?}"), "ReadOptions { has_passphrase: true, .. }");
    }
    for options in [ReadOptions::new(), ReadOptions::default()] {
        assert_eq!(format!("{options:?}"), "ReadOptions { has_passphrase: false, .. }");
    }
}

#[test]
fn keys_are_equal_by_their_secret_and_show_none_of_it() {
    let read = |file: &str| parse(&data(&format!("private/{file}")), None).unwrap();
    let keys = ["rsa2048.pkcs1.pem", "ed25519.openssh", "ecdsa256.openssh"].map(read);
    for (i, one) in keys.iter().enumerate() {
        for (j, other) in keys.iter().enumerate() {
            assert_eq!(one == other, i == j, "{i}, {j}");
        }
        let shown = format!("{one:?}");
        let expected = format!("PrivateKey {{ type: \"{}\", comment: \"{}\", .. }}", one.algorithm(), one.comment());
        assert_eq!(shown, expected);
    }
    // One key with two comments.
    let [one, other] = ["rsa2048.openssh", "rsa2048.pkcs8.pem"].map(read);
    assert_eq!((one.comment(), other.comment()), ("test key", ""));
    assert_eq!(one, other);
    assert_eq!(one.public_key().blob(), other.public_key().blob());
    let [one, other] = [0, 1].map(|byte| crate::common::commented(seeded(2048, byte), "").unwrap());
    assert_ne!(one, other);
}

#[test]
fn a_key_has_the_accessors_of_its_public_half_and_another_comment_on_demand() {
    for file in ["rsa2048.openssh", "ed25519.openssh", "ecdsa256.openssh"] {
        let key = parse(&data(&format!("private/{file}")), None).unwrap();
        let public = key.public_key();
        assert_eq!((key.algorithm(), key.bits(), key.comment()), (public.algorithm(), public.bits(), public.comment()));
        assert_eq!(key.sha256_fingerprint(), public.sha256_fingerprint());
        assert_eq!(key.md5_fingerprint(), public.md5_fingerprint());
        for algorithm in [ssh_keypair::HashAlgorithm::Sha1, ssh_keypair::HashAlgorithm::Sha512] {
            assert_eq!(key.fingerprint(algorithm), public.fingerprint(algorithm));
        }
        assert_eq!(key.as_rsa().is_some(), file.starts_with("rsa"), "{file}");

        let line = public.with_comment("another, in M\u{e4}rz").unwrap().to_string();
        let key = key.with_comment("another, in M\u{e4}rz").unwrap();
        assert_eq!((key.comment(), key.public_key().to_openssh()), ("another, in M\u{e4}rz", line), "{file}");
        let again = parse(&key.to_openssh().unwrap(), None).unwrap();
        assert_eq!((again.comment(), &again), (key.comment(), &key), "{file}");
        let error = key.with_comment("a\nb").unwrap_err();
        assert_eq!(what(error), (ErrorKind::InvalidCharacter, Some(Field::Comment), Some(1)));
    }
}

//! Lines and files that other readers read as another key: rejected by every parser and every encoder.

#![cfg(feature = "std")]

use crate::common::{corpus, data, what};
use ssh_keypair::keypair::ImportPolicy;
use ssh_keypair::openssh::{
    AuthorizedKey, AuthorizedKeyRef, Certificate, Entry, MAX_BLOB_BYTES, check_comment, fingerprint_lines,
};
use ssh_keypair::{Algorithm, Error, ErrorKind, Field, Mistake, PrivateKey, PublicKey, PublicKeyRef, ReadOptions};
use std::fs;

/// Every way to read a line, and the policy that allows most.
fn errors_of_all_parsers(line: &str) -> Vec<Error> {
    let mut buffer = [0; MAX_BLOB_BYTES];
    let lenient = ImportPolicy::new().allow_normalization().allow_certificates().allow_options();
    let opaque = lenient.clone().with_algorithms(&[Algorithm::Opaque, Algorithm::Rsa, Algorithm::Ed25519]);
    let mut errors = vec![
        PublicKeyRef::parse(line, &mut buffer).unwrap_err(),
        PublicKey::from_openssh(line).unwrap_err(),
        PublicKey::from_openssh_opaque(line).unwrap_err(),
        line.parse::<AuthorizedKey>().unwrap_err(),
        line.parse::<Entry>().unwrap_err(),
        ImportPolicy::new().accept(line).unwrap_err(),
        lenient.accept(line).unwrap_err(),
        opaque.accept(line).unwrap_err(),
    ];
    fingerprint_lines([line], |result| errors.extend(result.err()));
    assert_eq!(errors.len(), 9);
    errors
}

#[test]
fn a_key_in_a_comment_is_rejected_by_every_parser_and_encoder() {
    let key: PublicKey = data("rsa2048.pub").parse().unwrap();
    for other in ["ed25519.pub", "rsa2048.pub", "ecdsa521.pub", "ed25519sk.pub", "dsa1024.pub", "ed25519-cert.pub"] {
        let blob = data(other).split(' ').nth(1).unwrap().to_owned();
        for comment in [blob.clone(), format!("me {blob}"), format!("\u{a0}{blob} me"), format!("me\t{blob}")] {
            let line = format!("{} {comment}", key.with_comment("").unwrap());
            for error in errors_of_all_parsers(&line) {
                assert_eq!((error.kind(), error.field()), (ErrorKind::MultipleKeys, Some(Field::Comment)), "{line}");
            }
            assert_eq!(check_comment(&comment).unwrap_err().kind(), ErrorKind::MultipleKeys);
            assert_eq!(key.with_comment(&comment).unwrap_err().kind(), ErrorKind::MultipleKeys);
            let private = PrivateKey::parse(data("private/ed25519.openssh"), &ReadOptions::new()).unwrap();
            assert_eq!(private.with_comment(&comment).unwrap_err().kind(), ErrorKind::MultipleKeys);
            let certificate = format!("{} {comment}", data("ed25519-cert.pub").trim_end());
            assert_eq!(Certificate::from_openssh(&certificate).unwrap_err().kind(), ErrorKind::MultipleKeys);
            let options = format!("command=\"x {comment} \"");
            let rejected = (ErrorKind::MultipleKeys, Some(Field::Options));
            let error = AuthorizedKeyRef::new(&options, key.as_public_key_ref()).unwrap_err();
            assert_eq!((error.kind(), error.field()), rejected);
            let error = format!("{options} {key}").parse::<Entry>().unwrap_err();
            assert_eq!((error.kind(), error.field()), rejected);
        }
    }
}

#[test]
fn a_private_key_in_a_comment_is_rejected_by_one_rule_however_short_it_is() {
    let key: PublicKey = data("ed25519.pub").parse().unwrap();
    let der = data("private/rsa2048.pkcs1.pem").lines().nth(1).unwrap()[..32].to_owned();
    for mark in [
        "BEGIN PRIVATE KEY",
        "-----begin rsa private key",
        "PuTTY-User-Key-File-",
        "SSH PRIVATE KEY FILE FORMAT",
        "b3BlbnNzaC1rZXktdjE",
        &der,
    ] {
        for comment in [mark.to_owned(), format!("me {mark}"), format!("{mark} {}", "x".repeat(60))] {
            let error = check_comment(&comment).unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::PrivateKeyGiven, Some(Field::Comment)), "{comment}");
            let line = format!("{} {comment}", key.with_comment("").unwrap());
            for error in errors_of_all_parsers(&line) {
                let rejected = (ErrorKind::PrivateKeyGiven, Some(Field::PublicKey), line.find(mark));
                assert_eq!(what(error), rejected, "{comment}");
            }
        }
    }
    for comment in ["BEGIN PRIVATE", "private key", "PuTTY-User-Key", "M", &der[..31]] {
        assert_eq!(key.with_comment(comment).unwrap().to_string().parse(), key.with_comment(comment), "{comment}");
    }
}

#[test]
fn controls_of_the_writing_direction_are_rejected() {
    let key: PublicKey = data("ed25519.pub").parse().unwrap();
    let controls = ['\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}'];
    for control in controls {
        let line = format!("{key}{control}");
        let rejected = (ErrorKind::InvalidCharacter, Some(Field::Comment), Some(key.to_string().len()));
        assert!(errors_of_all_parsers(&line).into_iter().all(|error| what(error) == rejected), "{control:?}");
        assert_eq!(check_comment(&format!("me{control}")).unwrap_err().offset(), Some(2));
    }
    // Neighbours of these, and a text that is written from right to left.
    for comment in ["\u{200d}", "\u{2029}x".trim_start_matches('\u{2029}'), "\u{206a}", "\u{5d0}\u{5d1}"] {
        assert!(key.with_comment(comment).is_ok(), "{comment:?}");
    }
}

/// A no-break space is not special in a comment: readers skip it or keep it, but none reads another key.
#[test]
fn a_comment_may_be_any_white_space() {
    let key: PublicKey = data("ed25519.pub").parse().unwrap();
    for comment in ["\u{a0}", "\u{a0}me", " ", "\u{2003}"] {
        let line = format!("{} {comment}", key.with_comment("").unwrap());
        assert_eq!(line.parse::<PublicKey>().unwrap().to_string(), line);
        assert!(check_comment(comment).is_ok());
    }
}

#[test]
fn the_attacks_of_a_review_are_rejected() {
    let Some(corpus) = corpus() else { return };
    let read = |file: &str| fs::read_to_string(corpus.join("corpus/attacks").join(file)).unwrap();
    let kinds =
        |file: &str| errors_of_all_parsers(&read(file)).into_iter().map(|error| error.kind()).collect::<Vec<_>>();
    let all_are = |kinds: Vec<ErrorKind>, kind| kinds.iter().all(|found| *found == kind);
    assert!(all_are(kinds("go-reads-the-comment.pub"), ErrorKind::MultipleKeys));
    assert!(all_are(kinds("comment-private-key.pub"), ErrorKind::PrivateKeyGiven));
    assert!(all_are(kinds("comment-bidi.pub"), ErrorKind::InvalidCharacter));
    let options = read("go-reads-the-option.authorized_keys");
    for error in errors_of_all_parsers(&options) {
        assert!(matches!(
            error.kind(),
            ErrorKind::MultipleKeys | ErrorKind::OptionsNotAllowed | ErrorKind::Mistake(Mistake::Quotes)
        ));
    }
    assert_eq!(options.parse::<Entry>().unwrap_err().kind(), ErrorKind::MultipleKeys);
    let opaque = read("opaque-go-reads-the-comment.pub");
    assert_eq!(PublicKey::from_openssh_opaque(&opaque).unwrap_err().kind(), ErrorKind::MultipleKeys);
    errors_of_all_parsers(&opaque);
    assert!(read("comment-nbsp.pub").parse::<PublicKey>().is_ok());
    let two = read("rfc4716-two-keys.txt");
    assert_eq!(PublicKey::from_rfc4716(&two).unwrap_err().kind(), ErrorKind::InvalidFrame);
    let lenient = ImportPolicy::new().allow_normalization().allow_weak_keys();
    assert!(lenient.accept(&two).is_err());
    for key in ["rfc4716-two-keys.key1.pub", "rfc4716-two-keys.key2.pub"] {
        assert!(lenient.accept(read(key)).is_ok(), "{key}");
    }
}

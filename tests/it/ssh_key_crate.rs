//! Comparison with the `ssh-key` crate, for the committed lines and thousands of edits of each.

use crate::beside_ssh_key::{EDIT_BYTES, LINES, STRICTER, check, check_blob, check_text, edited};
use crate::common::{blob, blob_of};
use crate::length_fields::{fields, with_part_of_field};
use base64ct::{Base64, Encoding};
use ssh_keypair::openssh::{AuthorizedKeys, CertificateRef, MAX_BLOB_BYTES};
use ssh_keypair::{ErrorKind, PublicKey, PublicKeyRef};
use std::collections::HashSet;

const LINE: &str = include_str!("../data/ed25519.pub");
const CERTIFICATE: &str = include_str!("../data/ed25519-cert.pub");

/// Numbers that look random, by xorshift, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

fn line_of(name: &str, blob: &[u8]) -> String {
    format!("{name} {}", Base64::encode_string(blob))
}

#[test]
fn the_committed_lines_are_the_same_keys_to_both() {
    for line in LINES {
        let mut buffer = [0; MAX_BLOB_BYTES];
        if line.contains("-cert-v01") {
            assert!(
                CertificateRef::parse(line, &mut buffer).is_ok() && ssh_key::Certificate::from_openssh(line).is_ok()
            );
        } else {
            assert!(PublicKeyRef::parse(line, &mut buffer).is_ok() && ssh_key::PublicKey::from_openssh(line).is_ok());
        }
        check_text(line);
        check_blob(&blob_of(line));
    }
    check_text(&LINES.concat());
    check_text(include_str!("../data/authorized_keys"));
}

#[test]
fn thousands_of_edits_of_each_line_are_the_same_to_both() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut accepted, mut rejected) = (0, 0);
    for (pick, line) in (0x80..).zip(LINES) {
        // Keys of 16384 bits take long, and behave like the others.
        let rounds = if line.len() > 2000 { 200 } else { 3000 };
        for round in 0..rounds {
            let mut input = vec![pick];
            for _ in 0..1 + round % 3 {
                input.extend(&numbers.next().to_be_bytes()[..EDIT_BYTES]);
            }
            check(&input);
            let (blob, _) = edited(line, &input[1..]);
            let is_accepted = PublicKeyRef::from_blob(&blob).is_ok() || CertificateRef::from_blob(&blob).is_ok();
            *if is_accepted { &mut accepted } else { &mut rejected } += 1;
        }
    }
    // Neither result is a rare coincidence.
    assert!(accepted > 5000 && rejected > 5000, "{accepted} accepted, {rejected} rejected");
}

#[test]
fn every_length_changed_is_the_same_to_both() {
    for line in LINES {
        let blob = blob_of(line);
        for field in fields(&blob) {
            for delta in [-2, -1, 1, 2, 3, 4, 64] {
                let mut changed = blob.clone();
                let length = u32::try_from(field.len()).unwrap().wrapping_add_signed(delta);
                changed[field.start - 4..field.start].copy_from_slice(&length.to_be_bytes());
                check_blob(&changed);
            }
            // Also with the lengths of the enclosing fields corrected.
            check_blob(&with_part_of_field(&blob, &field, field.end..field.end, b"\0"));
            check_blob(&with_part_of_field(&blob, &field, field.start..field.start, b"\0"));
            check_blob(&with_part_of_field(&blob, &field, field.clone(), b""));
        }
    }
}

/// For each reason on the list, an input that this crate rejects and the other accepts.
#[test]
fn every_reason_to_be_stricter_is_one() {
    use ErrorKind::*;
    let ones = |bits: usize| [vec![0], vec![0xff; bits / 8]].concat();
    let rsa = |e: &[u8], n: &[u8]| blob(&[b"ssh-rsa", e, n]);
    let (e, n): (&[u8], _) = (&[1, 0, 1], ones(2048));
    let ed25519 = |point: &[u8]| blob(&[b"ssh-ed25519", point]);
    let key = blob_of(LINE)[19..].to_vec();
    let p256 = |point: &[u8]| blob(&[b"ecdsa-sha2-nistp256", b"nistp256", point]);
    let certificate = blob_of(CERTIFICATE);
    let certificate_fields = fields(&certificate);
    let part = |what: &[u8], new: &[u8]| {
        let found = |field: &&std::ops::Range<usize>| &certificate[(*field).clone()] == what;
        let field = certificate_fields.iter().find(found).unwrap();
        with_part_of_field(&certificate, field, field.clone(), new)
    };
    let parsed = CertificateRef::from_blob(&certificate).unwrap();
    let lines: Vec<(String, ErrorKind)> = vec![
        (format!("{} {}", LINE.trim_end(), "x".repeat(17_000)), TooLong),
        (format!("{LINE}{LINE}"), InvalidCharacter),
        (format!("{LINE}\n"), InvalidCharacter),
        (format!("{} {LINE}", LINE.trim_end()), MultipleKeys),
        (line_of("ssh-rsa", &rsa(&[1], &n)) + " -----BEGIN RSA PRIVATE KEY-----", PrivateKeyGiven),
        (
            line_of("rsa-sha2-256", &blob(&[b"rsa-sha2-256", e, &n])).replacen("rsa-sha2-256", "ssh-rsa", 1),
            TypeMismatch,
        ),
        (line_of("x@y.example", &blob(&[b"x@y.example", b"key"])), UnknownKeyType),
        (line_of("ssh-ed25519", &certificate), TypeMismatch),
    ];
    let blobs: Vec<(Vec<u8>, ErrorKind)> = vec![
        (blob(&[b"rsa-sha2-256", e, &n]), UnknownKeyType),
        (certificate.clone(), CertificateNotAllowed),
        (rsa(&[1], &n), InvalidValue),
        (rsa(&[2], &n), InvalidValue),
        (rsa(&n, &n), InvalidValue),
        (rsa(e, &[&n[..256], &[0xfe]].concat()), InvalidValue),
        (rsa(e, &ones(512)), KeyTooSmall),
        (rsa(e, &ones(32_768)), KeyTooLarge),
        (blob(&[b"ssh-dss", &[3], &[3], &[3], &[3]]), InvalidValue),
        (p256(&[&[2][..], &[7; 32]].concat()), UnsupportedPointFormat),
        (p256(&[&[4][..], &[7; 64]].concat()), InvalidPoint),
        (ed25519(&[&[2][..], &[0; 31]].concat()), InvalidPoint),
        (ed25519(&[0; 32]), InvalidPoint),
        (ed25519(&[&key[..], &[0]].concat()), InvalidValue),
        (blob(&[b"sk-ssh-ed25519@openssh.com", &key, b""]), InvalidValue),
        (blob(&[b"sk-ssh-ed25519@openssh.com", &key, b"ssh:\n"]), InvalidValue),
    ];
    let off_curve = blob(&[b"ecdsa-sha2-nistp384", b"nistp384", &[&[4][..], &[7; 96]].concat()]);
    let certificates: Vec<(Vec<u8>, ErrorKind)> = vec![
        (part(parsed.key_id().as_bytes(), b"a\nb"), InvalidCharacter),
        (part(parsed.signature_key().blob(), &off_curve), InvalidValue),
        (part(parsed.signature_key().blob(), &blob_of(LINE)), InvalidValue),
        (part(parsed.signature(), &[parsed.signature(), &[0]].concat()), InvalidValue),
    ];
    let mut seen = HashSet::new();
    for (line, kind) in lines {
        assert!(ssh_key::PublicKey::from_openssh(&line).is_ok(), "{kind:?}: {line}");
        assert_eq!(line.parse::<PublicKey>().unwrap_err().kind(), kind, "{line}");
        check_text(&line);
        seen.insert(kind);
    }
    for (blob, kind) in blobs {
        assert!(ssh_key::PublicKey::from_bytes(&blob).is_ok(), "{kind:?}: {blob:02x?}");
        assert_eq!(PublicKeyRef::from_blob(&blob).unwrap_err().kind(), kind, "{blob:02x?}");
        check_blob(&blob);
        seen.insert(kind);
    }
    for (blob, kind) in certificates {
        assert!(ssh_key::Certificate::from_bytes(&blob).is_ok(), "{kind:?}: {blob:02x?}");
        assert_eq!(CertificateRef::from_blob(&blob).unwrap_err().kind(), kind, "{blob:02x?}");
        check_blob(&blob);
        seen.insert(kind);
    }
    let listed: HashSet<_> = STRICTER.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(seen, listed);
}

/// The reverse: inputs that only this crate accepts.
#[test]
fn every_listed_reason_to_accept_more_than_the_other_crate_occurs() {
    let with_tabs = LINE.replacen(' ', "\t", 2);
    assert!(with_tabs.parse::<PublicKey>().is_ok());
    assert!(ssh_key::PublicKey::from_openssh(&with_tabs).is_err());
    check_text(&with_tabs);
    let certificate = blob_of(CERTIFICATE);
    let all = fields(&certificate);
    let parsed = CertificateRef::from_blob(&certificate).unwrap();
    let (_, data) = parsed.critical_options().next().unwrap();
    let field = all.iter().find(|field| &certificate[(*field).clone()] == data).unwrap();
    // The data of an option are any bytes.
    let blob = with_part_of_field(&certificate, field, field.clone(), b"\xff");
    assert!(CertificateRef::from_blob(&blob).is_ok());
    assert!(ssh_key::Certificate::from_bytes(&blob).is_err());
    check_blob(&blob);
}

#[test]
fn a_line_break_in_a_comment_becomes_a_second_authorized_key_there_and_is_rejected_here() {
    let text = format!("{}\ncommand=\"id\" {LINE}", LINE.trim_end());
    let kept = ssh_key::PublicKey::from_openssh(&text).unwrap().to_openssh().unwrap();
    assert_eq!(kept, text.trim_end());
    // This is how a server reads a file to which the key was appended.
    let entries: Vec<_> = AuthorizedKeys::new(&kept).map(|(_, entry)| entry.unwrap()).collect();
    assert_eq!(entries.len(), 2);
    let option = entries[1].options().next().unwrap();
    assert_eq!((option.name(), option.value().unwrap().to_string()), ("command", "id".into()));

    let mut buffer = [0; MAX_BLOB_BYTES];
    let error = PublicKeyRef::parse(&text, &mut buffer).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::InvalidCharacter, Some(LINE.trim_end().len())));
}

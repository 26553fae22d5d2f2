//! Every type of key except RSA, and certificates: as ssh-keygen makes and prints them, and invalid ones.

use crate::common::{What, blob, blob_of, certificate_blob, string, to_hex, what};
use base64ct::{Base64, Encoding};
use proptest::prelude::*;
use ssh_keypair::openssh::{
    AuthorizedKey, AuthorizedKeyRef, AuthorizedKeys, Certificate, CertificateRef, CertificateType, Entry, EntryRef,
    KeyOption, MAX_BLOB_BYTES, option_value,
};
use ssh_keypair::{
    Algorithm, EcdsaCurve, EcdsaPublicKey, Ed25519PublicKey, ErrorKind, Field, HashAlgorithm, KeyData, KeyFormat,
    PublicKey, PublicKeyRef, SecurityKey,
};
use std::collections::HashSet;
use std::fmt::Write;

const PLAIN: [(Algorithm, &str); 8] = [
    (Algorithm::Rsa, include_str!("../data/rsa2048.pub")),
    (Algorithm::Dsa, include_str!("../data/dsa1024.pub")),
    (Algorithm::EcdsaP256, include_str!("../data/ecdsa256.pub")),
    (Algorithm::EcdsaP384, include_str!("../data/ecdsa384.pub")),
    (Algorithm::EcdsaP521, include_str!("../data/ecdsa521.pub")),
    (Algorithm::Ed25519, include_str!("../data/ed25519.pub")),
    (Algorithm::SkEcdsaP256, include_str!("../data/ecdsa256sk.pub")),
    (Algorithm::SkEd25519, include_str!("../data/ed25519sk.pub")),
];

/// Certificates, with what `ssh-keygen -L` prints for them.
const CERTIFICATES: [(&str, &str); 8] = [
    (include_str!("../data/rsa2048-cert.pub"), include_str!("../data/rsa2048-cert.txt")),
    (include_str!("../data/dsa1024-cert.pub"), include_str!("../data/dsa1024-cert.txt")),
    (include_str!("../data/ecdsa256-cert.pub"), include_str!("../data/ecdsa256-cert.txt")),
    (include_str!("../data/ecdsa384-cert.pub"), include_str!("../data/ecdsa384-cert.txt")),
    (include_str!("../data/ecdsa521-cert.pub"), include_str!("../data/ecdsa521-cert.txt")),
    (include_str!("../data/ed25519-cert.pub"), include_str!("../data/ed25519-cert.txt")),
    (include_str!("../data/ecdsa256sk-cert.pub"), include_str!("../data/ecdsa256sk-cert.txt")),
    (include_str!("../data/ed25519sk-cert.pub"), include_str!("../data/ed25519sk-cert.txt")),
];

const COMPOSITE: &str = include_str!("../data/composite/mldsa44-ed25519.pub");
const COMPOSITE_NAME: &[u8] = Algorithm::MlDsa44Ed25519.as_str().as_bytes();

fn error_of(blob: &[u8]) -> What {
    what(PublicKeyRef::from_blob(blob).unwrap_err())
}

#[test]
fn every_type_is_parsed_and_encoded_whole_and_from_its_parts() {
    for (algorithm, line) in PLAIN {
        let key: PublicKey = line.parse().unwrap();
        assert_eq!(key.to_string(), line.trim_end());
        let key = key.as_public_key_ref();
        assert_eq!((key.algorithm(), key.comment()), (algorithm, "test key"));
        assert_eq!(key.key_data().algorithm(), algorithm);
        let again = PublicKey::from_key_data(&key.key_data(), key.comment()).unwrap();
        assert_eq!(again.as_public_key_ref(), key);
        assert_eq!(PublicKeyRef::try_from(key.blob()).unwrap().blob(), key.blob());
        assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
        assert_eq!(KeyFormat::detect(line), Some(KeyFormat::PublicKeyLine));
        assert_eq!(PublicKey::from_openssh_opaque(line).unwrap().as_public_key_ref(), key);
    }
}

#[test]
fn keys_are_equal_hashed_and_ordered_by_blob_and_comment() {
    let keys: Vec<PublicKey> = PLAIN.iter().map(|(_, line)| line.parse().unwrap()).collect();
    let with_tabs: Vec<PublicKey> =
        PLAIN.iter().map(|(_, line)| line.replacen(' ', "\t", 2).parse().unwrap()).collect();
    assert_eq!(keys, with_tabs);
    let set: HashSet<_> = keys.iter().chain(&with_tabs).collect();
    assert_eq!(set.len(), keys.len());
    let mut sorted = keys.clone();
    sorted.sort();
    assert!(sorted.windows(2).all(|pair| pair[0].as_public_key_ref().blob() < pair[1].as_public_key_ref().blob()));
    let other = keys[0].as_public_key_ref().with_comment("other").unwrap();
    assert!(other != keys[0].as_public_key_ref() && other < keys[0].as_public_key_ref());
}

/// A table of blobs: their parts, and why they are rejected.
#[test]
fn every_bad_blob_is_rejected_with_its_reason_and_offset() {
    use ErrorKind::*;
    let p256 = blob_of(PLAIN[2].1);
    let point = &p256[p256.len() - 65..];
    let flipped = |point: &[u8], at: usize| {
        let mut point = point.to_vec();
        point[at] ^= 1;
        point
    };
    let ecdsa: &[u8] = b"ecdsa-sha2-nistp256";
    let name_at = |name: &[u8]| 4 + name.len() + 4;
    let (curve_at, point_at) = (name_at(ecdsa), name_at(ecdsa) + 8 + 4);
    let p: [u8; 32] = core::array::from_fn(|i| match i {
        0..4 | 20..32 => 0xff,
        7 => 1,
        _ => 0,
    });
    // x = p stands for x = 0, and (0, sqrt b) is on the curve.
    let sqrt_b = b"\x66\x48\x5c\x78\x0e\x2f\x83\xd7\x24\x33\xbd\x5d\x84\xa0\x6b\xb6\x54\x1c\x2a\xf3\x1d\xae\x87\x17\x28\xbf\x85\x6a\x17\x4f\x93\xf4";
    let on_curve = [&[4][..], &[0; 32], sqrt_b].concat();
    assert!(PublicKeyRef::from_blob(&blob(&[ecdsa, b"nistp256", &on_curve])).is_ok());
    let not_reduced = [&[4][..], &p, sqrt_b].concat();
    let compressed = [&[2 + (point[64] & 1)], &point[1..33]].concat();
    let hybrid = [&[6 + (point[64] & 1)], &point[1..]].concat();
    let p384 = blob_of(PLAIN[3].1);
    let ed: &[u8] = b"ssh-ed25519";
    let ed_at = name_at(ed);
    let key = &blob_of(PLAIN[5].1)[ed_at..];
    let with = |low: u8, middle: u8, high: u8| -> Vec<u8> {
        let mut y = vec![middle; 32];
        (y[0], y[31]) = (low, high);
        y
    };
    let order_8 = b"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05";
    let other_order_8 = b"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a";
    let signed = |y: &[u8]| [&y[..31], &[y[31] | 0x80]].concat();
    let sk: &[u8] = b"sk-ssh-ed25519@openssh.com";
    let application_at = name_at(sk) + 32 + 4;
    let dss: &[u8] = b"ssh-dss";
    let (dsa_p, dsa_q) = ([&[0][..], &[0xff; 128]].concat(), [&[0][..], &[0xff; 20]].concat());
    let (p_at, q_at, g_at, y_at) = (16, 16 + 128 + 4 + 1, 16 + 128 + 4 + 21 + 4, 16 + 128 + 4 + 21 + 4 + 1 + 4);
    let one_larger = [&dsa_p[..], &[0xff]].concat();
    let table: Vec<(Vec<u8>, ErrorKind, Field, usize)> = vec![
        (blob(&[ecdsa, b"nistp384", point]), TypeMismatch, Field::Curve, curve_at),
        (blob(&[ecdsa, b"nistp256"]), Truncated, Field::Point, point_at - 4),
        (blob(&[ecdsa, b"nistp256", b""]), InvalidPoint, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", b"\0"]), InvalidPoint, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", &[0; 65]]), InvalidPoint, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", &[&[4][..], &[0; 64]].concat()]), InvalidPoint, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", &flipped(point, 1)]), InvalidPoint, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", &flipped(point, 64)]), InvalidPoint, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", &point[..64]]), InvalidPoint, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", &[point, &[0]].concat()]), InvalidPoint, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", &not_reduced]), InvalidPoint, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", &compressed]), UnsupportedPointFormat, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", &hybrid]), UnsupportedPointFormat, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", &p384[p384.len() - 97..]]), InvalidPoint, Field::Point, point_at),
        (blob(&[ecdsa, b"nistp256", point, b""]), TrailingData, Field::Blob, point_at + 65),
        (blob(&[ed]), Truncated, Field::Point, ed_at - 4),
        (blob(&[ed, b""]), InvalidValue, Field::Point, ed_at),
        (blob(&[ed, &key[..31]]), InvalidValue, Field::Point, ed_at),
        (blob(&[ed, &[key, &[0]].concat()]), InvalidValue, Field::Point, ed_at),
        (blob(&[ed, &with(0, 0, 0)]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, &with(1, 0, 0)]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, &with(1, 0, 0x80)]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, &with(0xec, 0xff, 0x7f)]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, order_8]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, other_order_8]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, &signed(order_8)]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, &signed(other_order_8)]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, &with(2, 0, 0)]), InvalidPoint, Field::Point, ed_at),
        // p, p + 1 and 2^255 - 1, which stand for 0, 1 and 18; and with the sign of x.
        (blob(&[ed, &with(0xed, 0xff, 0x7f)]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, &with(0xee, 0xff, 0x7f)]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, &with(0xff, 0xff, 0x7f)]), InvalidPoint, Field::Point, ed_at),
        (blob(&[ed, &with(0xff, 0xff, 0xff)]), InvalidPoint, Field::Point, ed_at),
        (blob(&[sk, key]), Truncated, Field::Application, application_at - 4),
        (blob(&[sk, key, b""]), InvalidValue, Field::Application, application_at),
        (blob(&[sk, key, b"ssh:\0"]), InvalidValue, Field::Application, application_at),
        (blob(&[sk, key, b"ssh:\n"]), InvalidValue, Field::Application, application_at),
        (blob(&[sk, key, b"ssh:\xff"]), InvalidValue, Field::Application, application_at),
        (blob(&[sk, &with(2, 0, 0), b"ssh:"]), InvalidPoint, Field::Point, name_at(sk)),
        (blob(&[dss, &dsa_p[1..], &dsa_q, &[2], &[3]]), InvalidMpint, Field::DsaPrime, p_at - 1),
        (blob(&[dss, &one_larger, &dsa_q, &[2], &[3]]), InvalidValue, Field::DsaPrime, p_at),
        (blob(&[dss, &[&dsa_p[..128], &[0xfe]].concat(), &dsa_q, &[2], &[3]]), InvalidValue, Field::DsaPrime, p_at),
        (blob(&[dss, &dsa_p, &dsa_q[..20], &[2], &[3]]), InvalidValue, Field::DsaSubprime, q_at),
        (blob(&[dss, &dsa_p, &dsa_q, &[], &[3]]), InvalidValue, Field::DsaGenerator, g_at),
        (blob(&[dss, &dsa_p, &dsa_q, &[1], &[3]]), InvalidValue, Field::DsaGenerator, g_at),
        (blob(&[dss, &dsa_p, &dsa_q, &dsa_p, &[3]]), InvalidValue, Field::DsaGenerator, g_at + 1),
        (blob(&[dss, &dsa_p, &dsa_q, &[2], &[]]), InvalidValue, Field::DsaPublicValue, y_at),
        (blob(&[dss, &dsa_p, &dsa_q, &[2], &[1]]), InvalidValue, Field::DsaPublicValue, y_at),
        (blob(&[dss, &dsa_p, &dsa_q, &[2], &one_larger]), InvalidValue, Field::DsaPublicValue, y_at + 1),
        (blob_of(CERTIFICATES[5].0), CertificateNotAllowed, Field::BlobType, 4),
        (blob(&[b"ssh-new@example.org", b"x"]), UnknownKeyType, Field::BlobType, 4),
    ];
    for (blob, kind, field, offset) in table {
        assert_eq!(error_of(&blob), (kind, Some(field), Some(offset)), "{blob:02x?}");
    }
    assert!(PublicKeyRef::from_blob(&blob(&[dss, &dsa_p, &dsa_q, &[2], &[3]])).is_ok());
}

#[test]
fn parts_that_do_not_fit_their_type_are_not_written() {
    let ecdsa = blob_of(PLAIN[3].1);
    let key = EcdsaPublicKey::new(EcdsaCurve::P384, &ecdsa[ecdsa.len() - 97..]).unwrap();
    let wrong_curve = KeyData::SkEcdsaP256(SecurityKey::new(key, "ssh:").unwrap());
    assert_eq!(PublicKey::from_key_data(&wrong_curve, "").unwrap_err().kind(), ErrorKind::TypeMismatch);
    assert_eq!(PublicKey::from_key_data(&KeyData::Opaque(&[1]), "").unwrap_err().kind(), ErrorKind::UnknownKeyType);
    let mut blob = [0; 10];
    let key = Ed25519PublicKey::new(b"\x58fffffffffffffffffffffffffffffff").unwrap();
    let error = PublicKeyRef::from_key_data(&key.into(), "", &mut blob).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BufferTooSmall);
}

#[test]
fn opaque_types_have_names_as_the_rfc_has_them() {
    let line = |name: &str| format!("{name} {} me", Base64::encode_string(&blob(&[name.as_bytes(), b"data"])));
    for name in ["ssh-new", "new@example.org", "x", &"x".repeat(64)] {
        let line = line(name);
        let key = PublicKey::from_openssh_opaque(&line).unwrap();
        assert_eq!((key.as_public_key_ref().type_name(), key.to_string()), (name, line.clone()));
        assert_eq!(line.parse::<PublicKey>().unwrap_err().kind(), ErrorKind::UnknownKeyType);
        assert_eq!(
            key.as_public_key_ref().fingerprint(HashAlgorithm::Md5),
            key.as_public_key_ref().md5_fingerprint().into()
        );
    }
    let no_names = [
        "a,b",
        "@x",
        "x@",
        "a@b@c",
        "é",
        "rsa-sha2-256",
        "rsa-sha2-512",
        "x\u{1}",
        "command=\"",
        "from=",
        "#",
        "SSH-RSA",
    ];
    for name in no_names.into_iter().chain(["webauthn-sk-ecdsa-sha2-nistp256@openssh.com", &*"x".repeat(65)]) {
        assert!(PublicKey::from_openssh_opaque(&line(name)).is_err(), "{name}");
    }
    for certificate in [line("ssh-new-cert-v01@openssh.com"), line("ssh-rsa-cert-v00@openssh.com")] {
        assert_eq!(PublicKey::from_openssh_opaque(&certificate).unwrap_err().kind(), ErrorKind::CertificateNotAllowed);
    }
    // No line of an opaque key can be another key with options for a server.
    let smuggled = format!("command=\" {} X\" {}", Base64::encode_string(&blob(&[b"command=\"", b"x"])), PLAIN[0].1);
    assert!(PublicKey::from_openssh_opaque(&smuggled).is_err());
    assert!(smuggled.parse::<AuthorizedKey>().is_ok());
}

/// What `ssh-keygen -L` prints.
fn listing(name: &str, certificate: &CertificateRef<'_>) -> String {
    let kind = match certificate.certificate_type() {
        CertificateType::User => "user",
        CertificateType::Host => "host",
    };
    let authority = certificate.signature_key();
    let signature = certificate.signature();
    let length = usize::from(signature[3]);
    let with = str::from_utf8(&signature[4..4 + length]).unwrap();
    let mut text = format!("{name}:\n        Type: {} {kind} certificate\n", certificate.type_name());
    let line = |text: &mut String, label: &str, value: &str| writeln!(text, "        {label}: {value}").unwrap();
    let print = certificate.fingerprint(HashAlgorithm::Sha256);
    line(&mut text, "Public key", &format!("{}-CERT {print}", certificate.algorithm().short_name()));
    let short_name = authority.algorithm().short_name();
    line(&mut text, "Signing CA", &format!("{short_name} {} (using {with})", authority.sha256_fingerprint()));
    line(&mut text, "Key ID", &format!("\"{}\"", certificate.key_id()));
    line(&mut text, "Serial", &certificate.serial().to_string());
    let valid = match (certificate.valid_after(), certificate.valid_before()) {
        (0, u64::MAX) => "forever".to_owned(),
        (0, before) => format!("before {}", date(before)),
        (after, u64::MAX) => format!("after {}", date(after)),
        (after, before) => format!("from {} to {}", date(after), date(before)),
    };
    line(&mut text, "Valid", &valid);
    let list = |text: &mut String, label: &str, entries: Vec<String>| {
        line(text, label, if entries.is_empty() { "(none)" } else { "" });
        entries.iter().for_each(|entry| writeln!(text, "                {entry}").unwrap());
    };
    list(&mut text, "Principals", certificate.principals().map(str::to_owned).collect());
    let option = |(name, data): (&str, &[u8])| match (name.contains('@'), option_value(data)) {
        (true, _) => {
            format!("{name} UNKNOWN OPTION: {} (len {})", to_hex(data), data.len())
        }
        (false, Some(value)) => format!("{name} {value}"),
        (false, None) => name.to_owned(),
    };
    list(&mut text, "Critical Options", certificate.critical_options().map(option).collect());
    list(&mut text, "Extensions", certificate.extensions().map(option).collect());
    text
}

/// A time in whole days since 1970, in UTC.
fn date(seconds: u64) -> String {
    assert_eq!(seconds % 86400, 0);
    let (mut days, mut year) = (seconds / 86400, 1970);
    let leap = |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 0;
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    format!("{year}-{:02}-{:02}T00:00:00", month + 1, days + 1)
}

#[test]
fn certificates_are_as_ssh_keygen_lists_them() {
    for (line, listed) in CERTIFICATES {
        let mut buffer = [0; MAX_BLOB_BYTES];
        let certificate = CertificateRef::parse(line, &mut buffer).unwrap();
        let name = listed.lines().next().unwrap().trim_end_matches(':');
        assert_eq!(listing(name, &certificate), listed);
        assert_eq!(certificate.to_string(), line.trim_end());
        assert_eq!(certificate_blob(&certificate), certificate.blob());
        assert_eq!(CertificateRef::from_blob(&blob_of(line)).unwrap().blob(), certificate.blob());
        let plain = PLAIN.iter().find(|(algorithm, _)| *algorithm == certificate.algorithm()).unwrap().1;
        let mut buffer = [0; MAX_BLOB_BYTES];
        assert_eq!(certificate.public_key(&mut buffer).unwrap().to_string(), plain.trim_end());
        assert_eq!(line.parse::<PublicKey>().unwrap_err().kind(), ErrorKind::CertificateNotAllowed);
        assert_eq!(KeyFormat::detect(line), Some(KeyFormat::CertificateLine));
        let mut buffer = [0; MAX_BLOB_BYTES];
        let error = CertificateRef::parse(plain, &mut buffer).unwrap_err();
        assert_eq!(what(error), (ErrorKind::NotACertificate, Some(Field::KeyType), Some(0)));
    }
}

#[test]
fn the_first_word_of_a_line_must_be_a_type_that_is_expected_there() {
    let base64 = PLAIN[5].1.split(' ').nth(1).unwrap();
    let certificate = |line: &str| what(CertificateRef::parse(line, &mut [0; MAX_BLOB_BYTES]).unwrap_err());
    let opaque = |line: &str| what(PublicKey::from_openssh_opaque(line).unwrap_err());
    let unknown = (ErrorKind::UnknownKeyType, Some(Field::KeyType), Some(0));
    for word in ["ssh-xyz", "ssh-xyz-cert-v01@openssh.com", "host"] {
        assert_eq!(certificate(&format!("{word} {base64}")), unknown, "{word}");
    }
    assert_eq!(opaque(&format!("no,type {base64}")), unknown);
    // A supported type alone is a line without its base64. For an unsupported one, nothing shows that it is a type.
    let missing = |word: &str| (ErrorKind::MissingField, Some(Field::Base64), Some(word.len()));
    let name = "ssh-ed25519-cert-v01@openssh.com";
    assert_eq!(certificate(name), missing(name));
    assert_eq!(opaque("ssh-rsa"), missing("ssh-rsa"));
    assert_eq!(opaque("type@example.com"), unknown);
}

/// The word decodes to as many bytes as the buffer has, if its stray bits are ignored.
#[test]
fn stray_bits_are_reported_only_if_the_buffer_is_large_enough() {
    let line = PLAIN[2].1.trim_end();
    let padding = line.find('=').unwrap();
    let digit = line.as_bytes()[padding - 1];
    let stray = format!("{}{}{}", &line[..padding - 1], char::from(digit + 1), &line[padding..]);
    let bytes = blob_of(line).len();
    let kind = |buffer: &mut [u8]| PublicKeyRef::parse(&stray, buffer).unwrap_err().kind();
    assert_eq!(kind(&mut vec![0; bytes]), ErrorKind::NonCanonicalBase64);
    assert_eq!(kind(&mut vec![0; bytes - 1]), ErrorKind::BufferTooSmall);
}

/// A certificate of an Ed25519 key, whose fields from the nonce on `change` replaces.
fn certificate(change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let key = &blob_of(PLAIN[5].1)[19..];
    let mut fields = vec![
        string(b"ssh-ed25519-cert-v01@openssh.com"),
        string(&[7; 32]),
        string(key),
        1u64.to_be_bytes().to_vec(),
        1u32.to_be_bytes().to_vec(),
        string(b"id"),
        string(&blob(&[b"alice", b"bob"])),
        0u64.to_be_bytes().to_vec(),
        u64::MAX.to_be_bytes().to_vec(),
        string(&blob(&[b"a", b"", b"b", b""])),
        string(&blob(&[b"permit-pty", b""])),
        string(b""),
        string(&blob_of(PLAIN[5].1)),
        string(&blob(&[b"ssh-ed25519", &[9; 64]])),
    ];
    change(&mut fields);
    fields.concat()
}

#[test]
fn every_bad_certificate_is_rejected_with_its_reason() {
    use ErrorKind::*;
    type Change = Box<dyn FnOnce(&mut Vec<Vec<u8>>)>;
    let set = |at: usize, bytes: Vec<u8>| -> Change { Box::new(move |fields| fields[at] = bytes) };
    let option = |at: usize, name: &[u8], data: &[u8]| set(at, string(&blob(&[name, data])));
    let nested = certificate(|_| ());
    for (at, name, data) in [
        (9, &b"force-command"[..], string(b"ls")),
        (9, b"source-address", string(b"192.0.2.1")),
        (9, b"verify-required", vec![]),
        (9, b"permit-pty", string(b"x")),
        (10, b"permit-user-rc", vec![]),
        (10, b"force-command", vec![]),
        (10, b"other", string(b"x")),
    ] {
        assert!(CertificateRef::from_blob(&certificate(option(at, name, &data))).is_ok(), "{at} {name:?}");
    }
    let table: Vec<(Change, ErrorKind, Field)> = vec![
        (set(2, string(&[0; 32])), InvalidPoint, Field::Point),
        (set(2, string(&[2; 32])), InvalidPoint, Field::Point),
        (set(4, vec![0, 0, 0, 3]), InvalidValue, Field::CertificateType),
        (set(4, vec![0, 0, 0, 0]), InvalidValue, Field::CertificateType),
        (set(5, string(b"id\n")), InvalidCharacter, Field::KeyId),
        (set(5, string(b"id\xff")), InvalidUtf8, Field::KeyId),
        (set(6, string(&blob(&[b"root\0"]))), InvalidCharacter, Field::Principals),
        (set(6, string(b"\0\0\0\x05root")), Truncated, Field::Principals),
        (set(9, string(&blob(&[b"b", b"", b"a", b""]))), InvalidValue, Field::CriticalOptions),
        (set(9, string(&blob(&[b"a", b"", b"a", b""]))), InvalidValue, Field::CriticalOptions),
        (set(9, string(&blob(&[b"a"]))), Truncated, Field::CriticalOptions),
        (set(10, string(&blob(&[b"b", b"", b"a", b""]))), InvalidValue, Field::Extensions),
        (option(9, b"force-command", b""), InvalidValue, Field::CriticalOptions),
        (option(9, b"source-address", b""), InvalidValue, Field::CriticalOptions),
        (option(9, b"source-address", &string(b"")), InvalidValue, Field::CriticalOptions),
        (option(9, b"verify-required", &string(b"x")), InvalidValue, Field::CriticalOptions),
        (option(10, b"no-touch-required", &string(b"x")), InvalidValue, Field::Extensions),
        (option(10, b"permit-X11-forwarding", &string(b"x")), InvalidValue, Field::Extensions),
        (option(10, b"permit-agent-forwarding", &string(b"x")), InvalidValue, Field::Extensions),
        (option(10, b"permit-port-forwarding", &string(b"x")), InvalidValue, Field::Extensions),
        (option(10, b"permit-pty", &string(b"x")), InvalidValue, Field::Extensions),
        (option(10, b"permit-user-rc", &string(b"x")), InvalidValue, Field::Extensions),
        (set(12, string(&nested)), InvalidValue, Field::SignatureKey),
        (set(12, string(&blob(&[b"ssh-ed25519", &[0; 32]]))), InvalidValue, Field::SignatureKey),
        (set(12, string(b"")), InvalidValue, Field::SignatureKey),
        (set(13, string(b"")), InvalidValue, Field::Signature),
        (set(13, string(&blob(&[b"ssh-rsa", &[9; 64]]))), InvalidValue, Field::Signature),
        (set(13, string(&blob(&[b"ssh-ed25519", &[9; 64], b""]))), InvalidValue, Field::Signature),
        (set(13, string(&blob(&[b"ssh-ed25519", &[9; 63]]))), InvalidValue, Field::Signature),
        (set(13, string(&blob(&[b"ssh-ed25519", b""]))), InvalidValue, Field::Signature),
        (Box::new(|fields| fields.push(vec![0])), TrailingData, Field::Blob),
    ];
    assert!(CertificateRef::from_blob(&nested).is_ok());
    for (number, (change, kind, field)) in table.into_iter().enumerate() {
        let error = CertificateRef::from_blob(&certificate(change)).unwrap_err();
        assert_eq!((error.kind(), error.field()), (kind, Some(field)), "row {number}");
        assert!(error.offset().is_some());
    }
    // Certificates of authorities with other types of keys.
    let numbers = |r: &[u8], s: &[u8]| blob(&[r, s]);
    let signed = |line: &str, signature: Vec<u8>| {
        let (key, signature) = (string(&blob_of(line)), string(&signature));
        CertificateRef::from_blob(&certificate(|fields| (fields[12], fields[13]) = (key, signature))).map(|_| ())
    };
    let trailer = [1, 0, 0, 0, 7];
    let good = numbers(&[5], &[6]);
    for (line, signature, accepted) in [
        (PLAIN[0].1, blob(&[b"rsa-sha2-512", &[9; 256]]), true),
        (PLAIN[0].1, blob(&[b"ssh-rsa", &[9; 200]]), true),
        (PLAIN[0].1, blob(&[b"ssh-rsa", &[9; 257]]), false),
        (PLAIN[0].1, blob(&[b"ssh-rsa", b""]), false),
        (PLAIN[1].1, blob(&[b"ssh-dss", &[9; 40]]), true),
        (PLAIN[1].1, blob(&[b"ssh-dss", &[9; 41]]), false),
        (PLAIN[1].1, blob(&[b"ssh-rsa", &[9; 40]]), false),
        (PLAIN[2].1, blob(&[b"ecdsa-sha2-nistp256", &good]), true),
        (PLAIN[2].1, blob(&[b"ecdsa-sha2-nistp384", &good]), false),
        (PLAIN[2].1, blob(&[b"ecdsa-sha2-nistp256", &numbers(&[5], &[])]), false),
        (PLAIN[2].1, blob(&[b"ecdsa-sha2-nistp256", &numbers(&[0x80], &[6])]), false),
        (PLAIN[2].1, blob(&[b"ecdsa-sha2-nistp256", &[&good[..], &[0]].concat()]), false),
        (PLAIN[6].1, [blob(&[b"sk-ecdsa-sha2-nistp256@openssh.com", &good]), trailer.to_vec()].concat(), true),
        (PLAIN[6].1, blob(&[b"sk-ecdsa-sha2-nistp256@openssh.com", &good]), false),
        (PLAIN[6].1, [blob(&[b"ecdsa-sha2-nistp256", &good]), trailer.to_vec()].concat(), false),
        (PLAIN[6].1, [blob(&[b"sk-ecdsa-sha2-nistp256@openssh.com", b"no"]), trailer.to_vec()].concat(), false),
        (PLAIN[7].1, [blob(&[b"sk-ssh-ed25519@openssh.com", &[9; 64]]), trailer.to_vec()].concat(), true),
        (PLAIN[7].1, [blob(&[b"sk-ssh-ed25519@openssh.com", &[9; 65]]), trailer.to_vec()].concat(), false),
        (PLAIN[7].1, [blob(&[b"ssh-ed25519", &[9; 64]]), trailer.to_vec()].concat(), false),
        (COMPOSITE, blob(&[COMPOSITE_NAME, &[9; 2420 + 64]]), true),
        (COMPOSITE, blob(&[COMPOSITE_NAME, &[9; 2420 + 63]]), false),
        (COMPOSITE, blob(&[b"ssh-ed25519", &[9; 2420 + 64]]), false),
    ] {
        let expected = if accepted { Ok(()) } else { Err(InvalidValue) };
        assert_eq!(signed(line, signature).map_err(|error| error.kind()), expected, "{line}");
    }
    // Nested certificates are rejected at the first level.
    let mut tower = nested;
    for _ in 0..30 {
        tower = certificate(|fields| fields[12] = string(&tower));
    }
    assert_eq!(CertificateRef::from_blob(&tower).unwrap_err().kind(), InvalidValue);
}

#[test]
fn the_keys_of_a_file_are_those_that_ssh_keygen_lists_and_bad_lines_are_named() {
    let text = include_str!("../data/authorized_keys");
    let listed: Vec<_> = include_str!("../data/authorized_keys.txt").lines().collect();
    let mut bad = Vec::new();
    let mut found = Vec::new();
    for (number, entry) in AuthorizedKeys::new(text) {
        match entry {
            Ok(entry) => {
                let line = text.lines().nth(number - 1).unwrap().trim_start();
                assert_eq!(entry.to_string(), line);
                assert_eq!(line.parse::<Entry>().unwrap(), entry);
                let suffix = if matches!(entry, Entry::Certificate(_)) { "-CERT" } else { "" };
                let name = entry.algorithm().short_name();
                found.push(format!("{} {} ({name}{suffix})", entry.bits(), entry.sha256_fingerprint()));
            }
            Err(error) => bad.push((number, error.kind(), error.field().unwrap(), error.offset().unwrap())),
        }
    }
    let without_comment = |line: &&str| {
        let (front, kind) = line.rsplit_once(" (").unwrap();
        let front: Vec<_> = front.splitn(3, ' ').collect();
        format!("{} {} ({kind}", front[0], front[1])
    };
    assert_eq!(found, listed.iter().map(without_comment).collect::<Vec<_>>());
    let number = |start: &str| text.lines().position(|line| line.starts_with(start)).unwrap() + 1;
    assert_eq!(
        bad,
        [
            (number("command=\"never"), ErrorKind::InvalidOptions, Field::Options, 8),
            (
                number("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAACAQC8plxl/SLRJHPdLZjfgyzI bad"),
                ErrorKind::Truncated,
                Field::Modulus,
                18
            ),
        ]
    );
}

#[test]
fn options_are_separated_as_servers_separate_them() {
    let key = PLAIN[5].1.trim_end();
    let options = |options: &str| -> Vec<(String, Option<String>)> {
        let entry: AuthorizedKey = format!("{options} {key}").parse().unwrap();
        assert_eq!(entry.to_string(), format!("{options} {key}"));
        let entry = entry.as_authorized_key_ref();
        entry
            .options()
            .map(|option| (option.name().to_owned(), option.value().map(|value| value.to_string())))
            .collect()
    };
    let pair = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
    assert_eq!(options("no-pty"), [pair("no-pty", None)]);
    assert_eq!(options("a=\"\",b"), [pair("a", Some("")), pair("b", None)]);
    assert_eq!(options(r#"command="a \"b\", c\d""#), [pair("command", Some(r#"a "b", c\d"#))]);
    // A backslash escapes a quote even after another backslash: OpenSSH's rule. Where asyncssh would end the value, it is an error.
    assert_eq!(options(r#"a="x\\\" y",b"#), [pair("a", Some(r#"x\\" y"#)), pair("b", None)]);
    assert_eq!(options("x=\"é ssh-rsa AAAA\""), [pair("x", Some("é ssh-rsa AAAA"))]);
    for (options, kind, field, offset) in [
        ("a,", ErrorKind::InvalidOptions, Field::Options, 2),
        ("a,,b", ErrorKind::InvalidOptions, Field::Options, 2),
        ("a=b", ErrorKind::InvalidOptions, Field::Options, 1),
        ("a=\"b", ErrorKind::InvalidOptions, Field::Options, 2),
        ("a=\"b\"c", ErrorKind::InvalidOptions, Field::Options, 5),
        (r#"a="x\\" y",b"#, ErrorKind::InvalidOptions, Field::Options, 6),
        (r#"b,a="x\\\\" y""#, ErrorKind::InvalidOptions, Field::Options, 10),
        ("a=\"b\nc\"", ErrorKind::InvalidCharacter, Field::Options, 4),
        // Not options, although the key after them is sound: the marker of known_hosts, and a second word.
        ("@revoked", ErrorKind::InvalidOptions, Field::Options, 0),
        ("no pty", ErrorKind::InvalidOptions, Field::Options, 3),
        ("1024 35", ErrorKind::InvalidOptions, Field::Options, 5),
    ] {
        let line = format!("{options} {key}");
        let error = line.parse::<AuthorizedKey>().unwrap_err();
        assert_eq!((error.kind(), error.field(), error.offset()), (kind, Some(field), Some(offset)), "{options}");
        assert_eq!(line.parse::<Entry>(), Err(error));
        assert_eq!(AuthorizedKeys::new(&line).last().unwrap().1.unwrap_err().field(), Some(field));
    }
    // Options alone, without a space: one word is as wrong as for a plain key, and a value with a space is not one word.
    for (line, kind, field, offset) in [
        ("no-pty", ErrorKind::UnknownKeyType, Field::KeyType, 0),
        ("a=\"b\",no-pty", ErrorKind::UnknownKeyType, Field::KeyType, 0),
        ("a=\"b c\"", ErrorKind::InvalidOptions, Field::Options, 7),
    ] {
        assert_eq!(what(line.parse::<AuthorizedKey>().unwrap_err()), (kind, Some(field), Some(offset)), "{line}");
    }
    // The offset of an error in the key counts from the start of the whole line.
    let error = format!("no-pty {key}\u{1b}").parse::<AuthorizedKey>().unwrap_err();
    assert_eq!((error.field(), error.offset()), (Some(Field::Comment), Some(7 + key.len())));
    let hidden = format!("command=\"echo -----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjE\" {key}");
    for line in ["restrict -----BEGIN RSA PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----\n", &hidden] {
        assert_eq!(line.parse::<AuthorizedKey>().unwrap_err().kind(), ErrorKind::PrivateKeyGiven);
    }
}

#[test]
fn options_that_are_written_are_those_that_are_read() {
    let key: PublicKey = PLAIN[5].1.parse().unwrap();
    let with = |options: &str| AuthorizedKeyRef::new(options, key.as_public_key_ref()).map(|entry| entry.to_string());
    for options in ["restrict", "a=\"x y\",no-pty", "command=\"echo \\\"hi\\\"\""] {
        let line = with(options).unwrap();
        assert_eq!(line, format!("{options} {key}"));
        assert_eq!(line.parse::<AuthorizedKey>().unwrap().to_string(), line);
    }
    assert_eq!(with("").unwrap(), key.to_string());
    for (options, kind) in [
        ("no-pty ", ErrorKind::InvalidOptions),
        ("no-pty,", ErrorKind::InvalidOptions),
        ("a=\"x", ErrorKind::InvalidOptions),
        ("a=\"x\" ssh-rsa AAAA", ErrorKind::InvalidOptions),
        ("a=\"x\ny\"", ErrorKind::InvalidCharacter),
        ("a=\"-----BEGIN PRIVATE KEY-----\"", ErrorKind::PrivateKeyGiven),
        (&format!("a=\"{}\"", "x".repeat(16 * 1024)), ErrorKind::TooLong),
    ] {
        assert_eq!(with(options).unwrap_err().kind(), kind, "{options:.40}");
    }
    let with_tab: AuthorizedKey = format!("no-pty\t{key}").parse().unwrap();
    assert_eq!(with_tab, with("no-pty").unwrap().parse().unwrap());
    let long = format!("a=\"{}\" {key}", "x".repeat(16 * 1024));
    assert_eq!(long.parse::<AuthorizedKey>().unwrap_err().kind(), ErrorKind::TooLong);
}

#[test]
fn every_line_that_is_written_is_short_enough_to_be_read() {
    let key = Ed25519PublicKey::new(b"\x58fffffffffffffffffffffffffffffff").unwrap();
    for application in [1, 4000, 8000, 12_000, 12_200, 13_000] {
        let application = "x".repeat(application);
        let key = KeyData::SkEd25519(SecurityKey::new(key, &application).unwrap());
        for comment in ["", &"c".repeat(1000), &"c".repeat(8192)] {
            match PublicKey::from_key_data(&key, comment) {
                Ok(key) => assert_eq!(key.to_string().parse::<PublicKey>().unwrap(), key),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::TooLong);
                    assert!(application.len() + comment.len() > 11_000);
                }
            }
        }
    }
    let application = SecurityKey::new(key, "ssh:\u{2028}").unwrap_err();
    assert_eq!(application.kind(), ErrorKind::InvalidValue);
}

proptest! {
    #[test]
    fn any_line_with_options_keeps_the_property(options in "[a-z=\",\\\\ \t\u{e9}]{0,30}", comment in "[ -~]{0,20}") {
        let line = format!("{options} {} {comment}", PLAIN[5].1.trim_end());
        if let Ok(entry) = line.parse::<AuthorizedKey>() {
            prop_assert_eq!(entry.to_string(), line);
        }
    }

    #[test]
    fn any_point_is_accepted_or_rejected_alike_in_a_key_and_in_a_certificate(encoding in any::<[u8; 32]>()) {
        let plain = PublicKeyRef::from_blob(&blob(&[b"ssh-ed25519", &encoding])).is_ok();
        prop_assert_eq!(plain, Ed25519PublicKey::new(&encoding).is_ok());
        prop_assert_eq!(plain, CertificateRef::from_blob(&certificate(|fields| fields[2] = string(&encoding))).is_ok());
    }
}

/// Both forms of a type have the same accessors.
macro_rules! assert_same_values {
    ($owned:expr, $borrowed:expr, $($accessor:ident),+) => {
        $(assert_eq!($owned.$accessor(), $borrowed.$accessor(), stringify!($accessor));)+
    };
}

#[test]
fn owned_keys_have_the_values_of_borrowed_ones() {
    for (_, line) in PLAIN {
        let line = line.trim_end();
        let mut buffer = [0; MAX_BLOB_BYTES];
        let borrowed = PublicKeyRef::parse(line, &mut buffer).unwrap();
        let owned = PublicKey::from_openssh(line).unwrap();
        assert_same_values!(
            owned,
            borrowed,
            algorithm,
            type_name,
            key_data,
            bits,
            comment,
            blob,
            sha256_fingerprint,
            md5_fingerprint,
            to_string
        );
        assert_eq!(owned.fingerprint(HashAlgorithm::Sha384), borrowed.fingerprint(HashAlgorithm::Sha384));
        assert_eq!((owned.as_public_key_ref(), PublicKey::from(borrowed)), (borrowed, owned.clone()));
        assert_eq!(owned.to_openssh(), line);
        assert_eq!(PublicKey::try_from(owned.blob()).unwrap(), owned.with_comment("").unwrap());
        let with_tabs = PublicKey::from_openssh(&line.replacen(' ', "\t", 2)).unwrap();
        assert_eq!((with_tabs.to_canonical().to_string(), &with_tabs), (line.to_owned(), &owned));
        assert_ne!(with_tabs.to_string(), line);
    }
}

#[test]
fn the_numbers_of_a_key_are_those_of_its_type_alone() {
    for (algorithm, line) in PLAIN {
        let key: PublicKey = line.parse().unwrap();
        let data = key.key_data();
        let of = |algorithms: &[Algorithm]| algorithms.contains(&algorithm);
        assert_eq!(data.as_rsa().map(KeyData::from), Some(data).filter(|_| of(&[Algorithm::Rsa])));
        assert_eq!(data.as_dsa().map(KeyData::from), Some(data).filter(|_| of(&[Algorithm::Dsa])));
        let curves = [Algorithm::EcdsaP256, Algorithm::EcdsaP384, Algorithm::EcdsaP521];
        assert_eq!(data.as_ecdsa().map(KeyData::from), Some(data).filter(|_| of(&curves)));
        assert_eq!(data.as_ed25519().map(KeyData::from), Some(data).filter(|_| of(&[Algorithm::Ed25519])));
        let sk = data.as_sk_ecdsa_p256().map(KeyData::SkEcdsaP256);
        assert_eq!(sk, Some(data).filter(|_| of(&[Algorithm::SkEcdsaP256])));
        let sk = data.as_sk_ed25519().map(KeyData::SkEd25519);
        assert_eq!(sk, Some(data).filter(|_| of(&[Algorithm::SkEd25519])));
        assert_eq!(algorithm.is_deprecated(), algorithm == Algorithm::Dsa);
    }
}

#[test]
fn owned_certificates_have_the_values_of_borrowed_ones() {
    for ((line, _), (algorithm, plain)) in CERTIFICATES.into_iter().zip(PLAIN) {
        let line = line.trim_end();
        let mut buffer = [0; MAX_BLOB_BYTES];
        let borrowed = CertificateRef::parse(line, &mut buffer).unwrap();
        let owned = Certificate::from_openssh(line).unwrap();
        assert_same_values!(
            owned,
            borrowed,
            algorithm,
            type_name,
            key_data,
            bits,
            comment,
            blob,
            sha256_fingerprint,
            md5_fingerprint,
            nonce,
            serial,
            certificate_type,
            key_id,
            valid_after,
            valid_before,
            reserved,
            signature_key,
            signature,
            to_string
        );
        assert_eq!(owned.fingerprint(HashAlgorithm::Sha512), borrowed.fingerprint(HashAlgorithm::Sha512));
        assert!(owned.principals().eq(borrowed.principals()));
        assert!(owned.critical_options().eq(borrowed.critical_options()));
        assert!(owned.extensions().eq(borrowed.extensions()));
        assert_eq!((owned.as_certificate_ref(), Certificate::from(borrowed)), (borrowed, owned.clone()));
        assert_eq!(Some(owned.type_name()), algorithm.certificate_name());
        assert_eq!(owned.to_openssh(), line);
        let key = owned.public_key().unwrap();
        assert_eq!((key.blob(), key.comment()), (&blob_of(plain)[..], owned.comment()));
        // The comment is not in the blob.
        let of_blob = Certificate::try_from(owned.blob()).unwrap();
        assert_eq!((of_blob.blob(), of_blob.comment()), (owned.blob(), ""));
        let with_tabs: Certificate = line.replacen(' ', "\t", 2).parse().unwrap();
        assert_eq!((with_tabs.to_canonical().to_string(), &with_tabs), (line.to_owned(), &owned));
        assert_eq!(HashSet::from([owned.clone(), with_tabs, of_blob.clone()]).len(), 2);
    }
    assert_eq!(Algorithm::Opaque.certificate_name(), None);
}

#[test]
fn an_entry_is_what_its_line_is() {
    let options = "no-pty,command=\"a b\"";
    for (line, with_options, certificate) in [
        (PLAIN[0].1.trim_end().to_owned(), false, false),
        (format!("{options} {}", PLAIN[5].1.trim_end()), true, false),
        (CERTIFICATES[2].0.trim_end().to_owned(), false, true),
    ] {
        let mut buffer = [0; MAX_BLOB_BYTES];
        let borrowed = EntryRef::parse(&line, &mut buffer).unwrap();
        let owned = Entry::from_openssh(&line).unwrap();
        assert_same_values!(
            owned,
            borrowed,
            algorithm,
            key_data,
            bits,
            comment,
            sha256_fingerprint,
            md5_fingerprint,
            to_string
        );
        assert_eq!(owned.fingerprint(HashAlgorithm::Sha1), borrowed.fingerprint(HashAlgorithm::Sha1));
        assert_eq!((owned.as_entry_ref(), Entry::from(borrowed)), (borrowed, owned.clone()));
        assert_eq!((owned.to_openssh(), line.parse()), (line.clone(), Ok(owned.clone())));
        assert_eq!(owned.as_public_key().map(PublicKey::as_public_key_ref), borrowed.as_public_key().copied());
        assert_eq!(owned.as_public_key().is_none(), certificate);
        let names = |options: &mut dyn Iterator<Item = KeyOption<'_>>| -> Vec<String> {
            options.map(|option| option.name().to_owned()).collect()
        };
        let expected = if with_options { vec!["no-pty", "command"] } else { vec![] };
        assert_eq!(names(&mut owned.options()), expected);
        assert_eq!(names(&mut borrowed.options()), expected);
        match &owned {
            Entry::Key(key) => assert_eq!(key.to_string(), line),
            Entry::Certificate(certificate) => assert_eq!(certificate.to_string(), line),
            Entry::AuthorizedKey(entry) => {
                assert_eq!(entry.to_string(), line);
                assert_eq!(entry.as_authorized_key_ref().key().blob(), entry.key().blob());
                assert_eq!(AuthorizedKey::new(options, entry.key()).unwrap(), *entry);
                assert_eq!(AuthorizedKey::new(options, entry.key()).unwrap().to_canonical(), entry.to_canonical());
            }
        }
        let canonical = owned.to_canonical();
        assert_eq!((canonical.to_string(), borrowed.canonical().to_string()), (line.clone(), line));
    }
    assert!(Entry::from_openssh("ssh-rsa AAAA").is_err());
}

#[test]
fn comments_that_may_be_written_are_those_that_are_read() {
    use ssh_keypair::openssh::{MAX_COMMENT_BYTES, check_comment};

    for comment in ["", "me@host", "a\tb", " spaces ", "in M\u{e4}rz", &"x".repeat(MAX_COMMENT_BYTES)] {
        assert_eq!(check_comment(comment), Ok(()), "{comment}");
    }
    for (comment, kind, at) in [
        ("a\nb", ErrorKind::InvalidCharacter, 1),
        ("\0", ErrorKind::InvalidCharacter, 0),
        ("\u{e4}\u{2028}", ErrorKind::InvalidCharacter, 2),
        ("-----BEGIN RSA PRIVATE KEY-----", ErrorKind::PrivateKeyGiven, 0),
        (&"x".repeat(MAX_COMMENT_BYTES + 1), ErrorKind::TooLong, MAX_COMMENT_BYTES),
    ] {
        assert_eq!(what(check_comment(comment).unwrap_err()), (kind, Some(Field::Comment), Some(at)), "{comment}");
    }
}

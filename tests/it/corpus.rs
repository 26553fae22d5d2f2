//! Other projects' keys and bad lines: what OpenSSH and this crate do with them.

use crate::common::{certificate_blob, corpus, json};
use base64ct::{Base64, Encoding};
use ssh_keypair::openssh::{CertificateRef, MAX_BLOB_BYTES};
use ssh_keypair::{Fingerprint, HashAlgorithm, PublicKey, PublicKeyRef};
use std::path::Path;

/// A row of GROUND_TRUTH.tsv.
struct Row {
    text: String,
    name: String,
    bits: Option<usize>,
    prints: [Option<Fingerprint>; 2],
    check: String,
}

fn rows(corpus: &Path) -> Vec<Row> {
    let table = std::fs::read_to_string(corpus.join("corpus/GROUND_TRUTH.tsv")).unwrap();
    let rows: Vec<_> = table.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(rows.len() > 50);
    let read = |row: &str| {
        let columns: Vec<&str> = row.split('\t').collect();
        let [path, _, bits, sha256, md5, check] = columns[..] else { panic!("{row}") };
        Row {
            text: std::fs::read_to_string(corpus.join("corpus").join(path)).unwrap(),
            name: path.to_owned(),
            bits: bits.parse().ok(),
            prints: [sha256, md5].map(|print| print.parse().ok()),
            check: check.to_owned(),
        }
    };
    rows.into_iter().map(read).collect()
}

#[test]
fn every_key_has_the_size_and_the_fingerprints_that_ssh_keygen_prints() {
    let Some(corpus) = corpus() else { return };
    let (mut keys, mut certificates, mut unknown, mut other) = (0, 0, 0, 0);
    for Row { text, name, bits, prints, check } in rows(&corpus) {
        let mut buffer = [0; MAX_BLOB_BYTES];
        let line = text.trim_end();
        let hashes = [HashAlgorithm::Sha256, HashAlgorithm::Md5];
        if check == "ok" {
            keys += 1;
            let key = PublicKeyRef::parse(&text, &mut buffer).unwrap();
            assert_eq!(Some(key.bits()), bits, "{name}");
            assert_eq!(hashes.map(|hash| Some(key.fingerprint(hash))), prints, "{name}");
            assert_eq!(key.to_string(), line, "{name}");
            let parts = PublicKey::from_key_data(&key.key_data(), key.comment()).unwrap();
            assert_eq!(parts.as_public_key_ref().blob(), key.blob(), "{name}");
        } else if check.starts_with("DIFF") {
            certificates += 1;
            let certificate = CertificateRef::parse(&text, &mut buffer).unwrap();
            assert_eq!(Some(certificate.bits()), bits, "{name}");
            assert_eq!(hashes.map(|hash| Some(certificate.fingerprint(hash))), prints, "{name}");
            assert_eq!(certificate.to_string(), line, "{name}");
            let whole = Fingerprint::of_blob(HashAlgorithm::Sha256, certificate.blob());
            assert!(check.ends_with(&whole.to_string()), "{name}");
        } else if check.starts_with("ssh-keygen-rejects") {
            // The composite of ML-DSA-44, which the `ssh-keygen` that made the table does not support.
            unknown += 1;
            let Ok(key) = PublicKeyRef::parse(&text, &mut buffer) else {
                let certificate = CertificateRef::parse(&text, &mut buffer).unwrap();
                assert_eq!(certificate.to_string(), line, "{name}");
                let blob = Fingerprint::of_blob(HashAlgorithm::Sha256, certificate.blob());
                assert!(check.contains(&format!("blob-sha={blob}")), "{name}");
                continue;
            };
            let [sha256, md5] = hashes.map(|hash| key.fingerprint(hash));
            assert!(check.contains(&format!("blob-sha={sha256} blob-md5={md5}")), "{name}");
            assert_eq!(key.to_string(), line, "{name}");
        } else {
            other += 1;
            assert!(PublicKeyRef::parse_opaque(&text, &mut buffer).is_err(), "{name}");
        }
    }
    assert!(keys >= 35 && certificates >= 7 && unknown == 3 && other >= 6, "{keys} {certificates} {unknown} {other}");
}

/// Each collected bad line, the result of this crate, and whether OpenSSH 9.2 accepts it.
const BAD_LINES: &[(&str, &str, &str)] = &[
    ("a03_cr_in_comment", "InvalidCharacter", "accepted"),
    ("a05_nul_in_comment", "InvalidCharacter", "accepted"),
    ("a06_nul_in_base64", "InvalidBase64", "rejected"),
    ("a10_nbsp_separator", "InvalidSeparator", "rejected"),
    ("a11_vt_separator", "InvalidSeparator", "rejected"),
    ("a12_options_prefix", "OptionsNotAllowed", "accepted"),
    ("a13_option_in_type_slot", "UnknownKeyType", "rejected"),
    ("a17_only_type", "MissingField", "rejected"),
    ("a19_private_pem", "PrivateKeyGiven", "accepted"),
    ("a21_leading_space", "SurroundingSpace", "accepted"),
    ("a22_huge_comment", "TooLong", "accepted"),
    ("a23_tab_sep", "accepted", "accepted"),
    ("b03_nonzero_tail_bits", "NonCanonicalBase64", "rejected"),
    ("b04_extra_padding", "InvalidBase64", "rejected"),
    ("b07_vt_inside_b64", "InvalidBase64", "accepted"),
    ("c01_type_mismatch", "TypeMismatch", "rejected"),
    ("c02_sigalg_as_type", "TypeMismatch", "accepted"),
    ("c03_sigalg_both", "UnknownKeyType", "accepted"),
    ("c06_len_ffffffff", "Truncated", "rejected"),
    ("c08_empty_blob", "Truncated", "rejected"),
    ("c10_nul_in_name", "TypeMismatch", "accepted"),
    ("c12_truncated_n", "Truncated", "rejected"),
    ("d01_negative_n", "InvalidMpint", "rejected"),
    ("d02_negative_e", "InvalidMpint", "rejected"),
    ("d03_leading_zeros_n", "InvalidMpint", "accepted"),
    ("d04_leading_zero_e", "InvalidMpint", "accepted"),
    ("d05_e0", "InvalidValue", "accepted"),
    ("d06_e1", "InvalidValue", "accepted"),
    ("d08_e65536", "InvalidValue", "accepted"),
    ("d10_e_2p33", "InvalidValue", "accepted"),
    ("d12_e_gt_n", "InvalidValue", "accepted"),
    ("d14_n0", "KeyTooSmall", "rejected"),
    ("d16_n512", "KeyTooSmall", "rejected"),
    ("d17_n1023", "KeyTooSmall", "rejected"),
    ("d20_n65536", "KeyTooLarge", "rejected"),
    ("e02_compressed", "UnsupportedPointFormat", "rejected"),
    ("e04_empty_point", "InvalidPoint", "rejected"),
    ("e06_zero_point", "InvalidPoint", "rejected"),
    ("e07_x_ge_p", "InvalidPoint", "rejected"),
    ("e08_curve_mismatch", "TypeMismatch", "rejected"),
    ("e09_p384_in_p256", "InvalidPoint", "rejected"),
    ("e10_short_point", "InvalidPoint", "rejected"),
    ("e11_long_point", "InvalidPoint", "rejected"),
    ("f02_ed_33", "InvalidValue", "rejected"),
    ("f03_ed_empty", "InvalidValue", "rejected"),
    ("f04_ed_identity", "InvalidPoint", "accepted"),
    ("f05_ed_noncanonical_y", "InvalidPoint", "accepted"),
    ("f06_ed_not_on_curve", "InvalidPoint", "accepted"),
    ("f07_ed_zero", "InvalidPoint", "accepted"),
    ("g01_sk_no_app", "Truncated", "rejected"),
    ("g02_sk_app_nul", "InvalidValue", "rejected"),
    ("g04_sk_short_key", "InvalidValue", "rejected"),
    ("h01_dsa_valid", "accepted", "accepted"),
    ("h03_dsa_y0", "InvalidValue", "accepted"),
    ("h05_dsa_g_ge_p", "InvalidValue", "accepted"),
    ("i01_cert_nested_2000", "TooLong", "rejected"),
    ("i02_cert_as_key", "CertificateNotAllowed", "rejected"),
];

/// Translates the collection's names of errors.
fn in_our_words(expected: &str) -> &str {
    match expected {
        // Other white space has a separate kind.
        "InvalidFormat" => "InvalidSeparator",
        "ControlCharacter" => "InvalidCharacter",
        "CurveMismatch" => "TypeMismatch",
        "ExponentTooLarge"
        | "InvalidApplication"
        | "InvalidDsaParams"
        | "InvalidExponent"
        | "InvalidLength"
        | "InvalidSignatureKey" => "InvalidValue",
        "NegativeMpint" | "NonCanonicalMpint" => "InvalidMpint",
        "SmallOrder" => "InvalidPoint",
        "UnknownAlgorithm" => "UnknownKeyType",
        expected => expected,
    }
}

#[test]
fn every_collected_bad_line_has_its_expected_outcome() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("corpus/bad-inputs");
    let mut table = Vec::new();
    for case in json(&folder.join("public.json")).as_array().unwrap() {
        let text = |field: &str| case[field].as_str().unwrap();
        let bytes = std::fs::read(folder.join("public").join(text("file"))).unwrap();
        let result = match String::from_utf8(bytes) {
            Ok(line) => line.parse::<PublicKey>().map(|key| {
                assert_eq!(key.to_string(), line.trim_end_matches('\n'));
            }),
            Err(_) => panic!("{}: not UTF-8", text("id")),
        };
        let outcome = match result {
            Ok(()) => "accepted".to_owned(),
            Err(error) => format!("{:?}", error.kind()),
        };
        match text("expect") {
            "accept" => assert_eq!(outcome, "accepted", "{}", text("id")),
            "reject" => {
                let fits = text("error").split('/').any(|expected| in_our_words(expected) == outcome);
                assert!(fits, "{}: {outcome}, not {}", text("id"), text("error"));
            }
            // Either result is fine, or a policy decides.
            _ => {}
        }
        let openssh = if text("openssh_9_2").starts_with("ACCEPT") { "accepted" } else { "rejected" };
        table.push((text("id").to_owned(), outcome, openssh));
    }
    let table: Vec<_> = table.iter().map(|(id, ours, openssh)| (id.as_str(), ours.as_str(), *openssh)).collect();
    assert_eq!(table, BAD_LINES);
}

/// Whether a blob is accepted. If so, checks that it is encoded back, as a whole and from its parts.
fn encodes_back(blob: &[u8]) -> bool {
    if let Ok(key) = PublicKeyRef::from_blob(blob) {
        let mut buffer = [0; MAX_BLOB_BYTES];
        assert_eq!(PublicKeyRef::from_key_data(&key.key_data(), "", &mut buffer).unwrap().blob(), blob);
        let line = key.to_string();
        let parsed: PublicKey = line.parse().unwrap();
        assert_eq!((parsed.as_public_key_ref().blob(), parsed.to_string()), (blob, line));
        true
    } else if let Ok(certificate) = CertificateRef::from_blob(blob) {
        assert_eq!(certificate_blob(&certificate), blob);
        true
    } else {
        false
    }
}

#[test]
fn every_change_of_a_bit_or_a_byte_and_every_cut_of_a_blob_keeps_the_property() {
    let Some(corpus) = corpus() else { return };
    let (mut blobs, mut accepted) = (0, 0);
    for Row { text, name, .. } in rows(&corpus) {
        let Some(Ok(blob)) = text.split(' ').nth(1).map(|base64| Base64::decode_vec(base64.trim_end())) else {
            continue;
        };
        assert!(encodes_back(&blob), "{name}");
        blobs += 1;
        for at in 0..blob.len() {
            assert!(!encodes_back(&blob[..at]), "{name}");
            // Flips every bit, and changes some bytes more. In a large modulus, every fourth byte is enough for both.
            for change in [1, 2, 4, 8, 16, 32, 64, 128, 0xff, 0x81, blob[at], blob[at] ^ 0x80] {
                let mut changed = blob.clone();
                changed[at] ^= change;
                accepted += usize::from(encodes_back(&changed));
            }
        }
        assert!(!encodes_back(&[&blob[..], &[0]].concat()), "{name}");
    }
    assert!(blobs > 40 && accepted > 50_000, "{blobs} {accepted}");
}

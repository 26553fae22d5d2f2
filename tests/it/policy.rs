//! Which public keys a service accepts: each rule, and what normalization changes and does not.

use crate::common::data;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use ssh_keypair::audit::{Denylist, Severity, Weakness};
use ssh_keypair::keypair::{ImportPolicy, Profile, Record};
use ssh_keypair::openssh::{Entry, MAX_LINE_BYTES};
use ssh_keypair::pkcs::{EncodePublicKey, LineEnding};
use ssh_keypair::{
    Algorithm, ErrorKind, Field, HashAlgorithm, KeyData, KeyFormat, Mistake, Normalization, PrivateKey, PublicKey,
    ReadOptions,
};

const RSA: &str = include_str!("../data/rsa2048.pub");
const ED25519: &str = include_str!("../data/ed25519.pub");
const DSA: &str = include_str!("../data/dsa1024.pub");
const CERTIFICATE: &str = include_str!("../data/rsa2048-cert.pub");

fn kind(policy: &ImportPolicy, text: &str) -> Option<ErrorKind> {
    policy.accept(text).err().map(|error| error.kind())
}

#[test]
fn every_rule_rejects_what_it_says_and_nothing_else() {
    use ErrorKind::*;
    let strict = ImportPolicy::new;
    let modern = || {
        ImportPolicy::new()
            .with_algorithms(&[Algorithm::Ed25519, Algorithm::SkEd25519, Algorithm::Rsa])
            .with_min_rsa_bits(2048)
    };
    let options = format!("restrict {ED25519}");
    let marker = format!("@revoked {ED25519}");
    let opaque = "ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcAAQID me";
    let table = [
        (strict(), RSA, None),
        (strict(), DSA, None),
        (strict(), CERTIFICATE, Some(CertificateNotAllowed)),
        (strict(), &options, Some(OptionsNotAllowed)),
        (strict(), opaque, Some(UnknownKeyType)),
        (modern(), RSA, None),
        (modern(), ED25519, None),
        (modern(), include_str!("../data/ed25519sk.pub"), None),
        (modern(), DSA, Some(TypeNotAllowed)),
        (modern(), include_str!("../data/ecdsa256.pub"), Some(TypeNotAllowed)),
        (modern(), include_str!("../data/rsa1024.pub"), Some(KeyTooSmall)),
        (modern().allow_certificates(), CERTIFICATE, None),
        (modern().allow_certificates(), include_str!("../data/dsa1024-cert.pub"), Some(TypeNotAllowed)),
        (modern().allow_certificates().with_min_rsa_bits(3072), CERTIFICATE, Some(KeyTooSmall)),
        (modern().allow_options(), &options, None),
        (modern().with_algorithms(&[Algorithm::Rsa]).allow_options(), &options, Some(TypeNotAllowed)),
        (modern().allow_options(), "a=\"b ssh-ed25519 AAAA", Some(InvalidOptions)),
        (modern().allow_options(), &marker, Some(InvalidOptions)),
        (modern(), &marker, Some(OptionsNotAllowed)),
        (strict().with_max_rsa_bits(2048), RSA, None),
        (strict().with_max_rsa_bits(2047), RSA, Some(KeyTooLarge)),
        (strict().with_algorithms(&[Algorithm::Opaque]), opaque, None),
        (strict().with_algorithms(&[Algorithm::Opaque, Algorithm::Ed25519]).allow_options(), &options, None),
        (strict().with_algorithms(&[Algorithm::Opaque]), RSA, Some(TypeNotAllowed)),
        (strict().with_algorithms(&[]), RSA, Some(TypeNotAllowed)),
        (strict().with_max_bytes(RSA.len()), RSA, None),
        (strict().with_max_bytes(RSA.len() - 1), RSA, Some(TooLong)),
        (strict().with_max_bytes(10), "-----BEGIN RSA PRIVATE KEY-----", Some(PrivateKeyGiven)),
    ];
    for (number, (policy, text, expected)) in table.into_iter().enumerate() {
        assert_eq!(kind(&policy, text), expected, "row {number}");
        // Normalization changes the text, never the key.
        assert_eq!(kind(&policy.allow_normalization(), text), expected, "row {number}, lenient");
    }
}

#[test]
fn an_accepted_key_is_described() {
    let policy = ImportPolicy::new().allow_certificates().allow_options();
    let key: PublicKey = RSA.parse().unwrap();
    let key = key.as_public_key_ref();
    for (text, line) in [
        (RSA.to_owned(), RSA.trim_end().to_owned()),
        (RSA.replacen(' ', "\t", 1), RSA.trim_end().to_owned()),
        (format!("no-pty\t{RSA}"), format!("no-pty {}", RSA.trim_end())),
        (CERTIFICATE.to_owned(), CERTIFICATE.trim_end().to_owned()),
    ] {
        let accepted = policy.accept(&text).unwrap();
        assert_eq!(accepted.line(), line);
        assert_eq!(accepted.md5_fingerprint(), key.md5_fingerprint());
        assert_eq!((accepted.algorithm(), accepted.bits(), accepted.normalization()), (Algorithm::Rsa, 2048, None));
    }
}

#[test]
fn a_lenient_policy_accepts_one_key_in_many_formats() {
    let line = ED25519.trim_end();
    let base64 = line.split(' ').nth(1).unwrap();
    let wrapped = format!("ssh-ed25519 {}\r\n{}\n{} test key", &base64[..20], &base64[20..40], &base64[40..]);
    let policy = ImportPolicy::new().allow_normalization();
    for (text, normalization) in [
        (format!("\u{feff}{line}"), Normalization::WhiteSpace),
        (format!("\n\n  {line}  \n\n"), Normalization::WhiteSpace),
        (line.replacen(' ', "  ", 2), Normalization::WhiteSpace),
        (line.replacen(' ', "\u{a0}", 1), Normalization::WhiteSpace),
        (line.replacen(' ', "\u{b} \t", 2), Normalization::WhiteSpace),
        (wrapped, Normalization::WhiteSpace),
        (include_str!("../data/ed25519.rfc4716").to_owned(), Normalization::FromRfc4716),
        (include_str!("../data/ed25519.spki.pem").to_owned(), Normalization::FromPem),
        (format!("\n{}\n", include_str!("../data/ed25519.spki.pem")), Normalization::FromPem),
    ] {
        assert!(ImportPolicy::new().accept(&text).is_err(), "{text:?}");
        let accepted = policy.accept(&text).unwrap();
        assert_eq!(accepted.normalization(), Some(normalization), "{text:?}");
        assert_eq!(accepted.line().split(' ').nth(1).unwrap(), base64);
        if normalization == Normalization::WhiteSpace {
            assert_eq!(accepted.line(), line);
        }
        let profile = Profile::nova().with_policy(policy.clone());
        let record = Record::import("laptop".parse().unwrap(), &text, None, &profile).unwrap();
        assert_eq!(
            (record.public_key(), record.public_key_for_response(), record.normalization()),
            (accepted.line(), accepted.line(), Some(normalization))
        );
    }
}

#[test]
fn a_lenient_policy_accepts_nothing_ambiguous() {
    let line = ED25519.trim_end();
    let [name, base64, _] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else { unreachable!() };
    let policy = ImportPolicy::new().allow_normalization();
    for text in [
        format!("{line}\n{line}"),
        format!("{line}\r{RSA}"),
        format!("{line} \n\n{RSA}"),
        format!("{name} {base64}\n{RSA}"),
        format!("{name} {base64}\nme@host"),
        format!("{name} {base64} me\nmore"),
        format!("{name} {base64}\u{2028}{RSA}"),
        format!("restrict {line}"),
        format!("{name} {}", &base64[..40]),
        format!("{name} {base64}=="),
        format!("{name} {base64} \u{1b}[2J"),
        format!("{line}\n-----BEGIN OPENSSH PRIVATE KEY-----\n"),
    ] {
        let strict = ImportPolicy::new().accept(&text).unwrap_err();
        assert_eq!(policy.accept(&text).unwrap_err(), strict, "{text:?}");
    }
    let wrapped = format!(" {}", CERTIFICATE.replacen(' ', "  ", 1));
    let accepted = policy.clone().allow_certificates().accept(&wrapped).unwrap();
    assert_eq!((accepted.line(), accepted.normalization()), (CERTIFICATE.trim_end(), Some(Normalization::WhiteSpace)));
    assert_eq!(kind(&policy, &wrapped), Some(ErrorKind::SurroundingSpace));
    // The offset of an error counts in the text that was given.
    let pem = include_str!("../data/ed25519.spki.pem").replace("MCow", "M!ow");
    let place = |text: &str| policy.accept(text).unwrap_err().offset();
    assert_eq!(place(&format!("\n\n{pem}")), place(&pem).map(|at| at + 2));
    // The error is that of the format in which the key was given.
    let error = policy.accept("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n").unwrap_err();
    assert_ne!(error.kind(), ErrorKind::NotAnOpensshLine);
    assert!(matches!(error.field(), None | Some(Field::PublicKey | Field::Base64 | Field::Blob)), "{error}");
}

/// The committed private keys, and the format of each.
const PRIVATE: [(&str, KeyFormat); 12] = [
    (include_str!("../data/private/rsa2048.pkcs1.pem"), KeyFormat::Pkcs1PrivatePem),
    (include_str!("../data/private/rsa2048.aes256.pkcs1.pem"), KeyFormat::Pkcs1PrivatePem),
    (include_str!("../data/private/rsa2048.pkcs8.pem"), KeyFormat::Pkcs8Pem),
    (include_str!("../data/private/rsa2048.pbkdf2.pkcs8.pem"), KeyFormat::EncryptedPkcs8Pem),
    (include_str!("../data/private/rsa2048.scrypt.pkcs8.pem"), KeyFormat::EncryptedPkcs8Pem),
    (include_str!("../data/private/rsa2048.openssh"), KeyFormat::OpensshPrivateKey),
    (include_str!("../data/private/rsa2048.aes256-ctr.openssh"), KeyFormat::OpensshPrivateKey),
    (include_str!("../data/private/rsa2048.aes256-gcm.openssh"), KeyFormat::OpensshPrivateKey),
    (include_str!("../data/private/ed25519.openssh"), KeyFormat::OpensshPrivateKey),
    (include_str!("../data/private/rsa2048.ppk"), KeyFormat::PuttyPrivateKey),
    (include_str!("../data/private/rsa2048.v2.ppk"), KeyFormat::PuttyPrivateKey),
    (include_str!("../data/private/rsa2048.argon2id.ppk"), KeyFormat::PuttyPrivateKey),
];

/// What users paste before a key.
const BEFORE: [&str; 6] = [
    "\n",
    "\u{feff}",
    "  ",
    "Bag Attributes\n    localKeyID: 01\n",
    "Private-Key: (2048 bit)\r\n",
    "ssh-ed25519 AAAA me\n",
];

#[test]
fn the_format_of_a_private_key_is_named_wherever_it_is_in_a_text() {
    for (text, form) in PRIVATE {
        assert_eq!(KeyFormat::detect(text), Some(form));
        for before in BEFORE {
            assert_eq!(KeyFormat::detect(format!("{before}{text}")), Some(form), "{before:?}");
        }
        // Without its frame it is still a private key.
        let (_, base64) = text.split_once("KEY-----\n").unwrap_or_default();
        if !base64.is_empty() && !base64.starts_with("Proc-Type") {
            assert_eq!(KeyFormat::detect(base64), Some(KeyFormat::PrivateKey), "{form}");
        }
    }
    for (text, form) in [
        ("-----BEGIN EC PRIVATE KEY-----", KeyFormat::Sec1Pem),
        ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", KeyFormat::PrivateKey),
        ("-----begin private key-----", KeyFormat::PrivateKey),
    ] {
        assert_eq!(KeyFormat::detect(text), Some(form), "{text}");
    }
}

#[test]
fn a_text_without_a_private_key_is_named_and_one_that_is_too_long_is_rejected() {
    let error_of = |text: &str| {
        let error = PrivateKey::parse(text, &ReadOptions::new()).unwrap_err();
        assert_eq!(error.field(), Some(Field::PrivateKey));
        (error.kind(), error.offset())
    };
    for text in ["", "\n"] {
        assert_eq!(error_of(text), (ErrorKind::Empty, None), "{text:?}");
    }
    assert_eq!(error_of("x"), (ErrorKind::NotAPrivateKey, Some(0)));
    for text in [RSA, "ssh-rsa AAAAB3NzaC1yc2E...", "---- BEGIN SSH2 PUBLIC KEY ----\n"] {
        assert_eq!(error_of(text), (ErrorKind::Mistake(Mistake::PublicKey), Some(0)), "{text:?}");
    }
    let most = 4 * MAX_LINE_BYTES;
    assert_eq!(error_of(&("\n".repeat(most) + PRIVATE[0].0)), (ErrorKind::TooLong, Some(most)));
}

proptest! {
    /// A key, cut up and joined with white space and parts of other keys.
    #[test]
    fn what_a_lenient_policy_accepts_is_one_strict_line_of_the_same_characters(
        parts in proptest::collection::vec((0..7usize, "[ \t\r\n\u{a0}\u{feff}]{0,3}"), 1..6),
    ) {
        let words: Vec<&str> = ED25519.trim_end().split(' ').collect();
        let pieces = [words[0], words[1], &words[1][..24], &words[1][24..], "me@host", "", RSA];
        let text: String = parts.iter().map(|(piece, space)| format!("{}{space}", pieces[*piece])).collect();
        if let Ok(accepted) = ImportPolicy::new().allow_normalization().accept(&text) {
            prop_assert_eq!(accepted.line().parse::<PublicKey>().unwrap().to_string(), accepted.line());
            let characters = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').collect::<String>();
            prop_assert_eq!(characters(accepted.line()), characters(&text));
        }
    }
}

/// A policy that rejects weaknesses from a severity on.
fn rejecting(least: Option<Severity>) -> ImportPolicy {
    match least {
        Some(least) => ImportPolicy::new().with_rejected_severity(least),
        None => ImportPolicy::new().allow_weak_keys(),
    }
}

/// Each weak key of the test data, by the severity of its expected findings.
#[test]
fn a_weak_key_is_rejected_from_the_severity_of_the_rule_on_and_reported_below_it() {
    let table = data("weak/made.tsv");
    let by_name = |name: &str| *Weakness::ALL.iter().find(|weakness| weakness.name() == name).unwrap();
    let mut seen = [0; 3];
    for row in table.lines() {
        // The last column has the findings of an import.
        let [file, _, expected] = row.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let line = data(&format!("weak/{file}"));
        let key: PublicKey = line.parse().unwrap();
        let pem = key.to_public_key_pem(LineEnding::LF);
        let texts =
            [line.clone(), format!("restrict {line}"), format!(" {line}"), pem.unwrap_or_else(|_| line.clone())];
        let named = expected.split(' ').filter(|name| *name != "-").map(by_name);
        let expected: Vec<Weakness> = named.collect();
        let worst = expected.iter().max_by_key(|weakness| weakness.severity());
        for least in [None, Some(Severity::Note), Some(Severity::Weak), Some(Severity::Broken)] {
            let policy = rejecting(least).allow_normalization().allow_options();
            for text in &texts {
                match (policy.accept(text), worst) {
                    (Ok(accepted), _) => {
                        assert!(accepted.findings().iter().all(|weakness| expected.contains(&weakness)), "{file}");
                        assert_eq!(accepted.findings().iter().count(), expected.len(), "{file}");
                        assert!(least.is_none() || accepted.findings().worst() < least, "{file}");
                    }
                    (Err(error), Some(worst)) => {
                        assert_eq!(
                            (error.kind(), error.field()),
                            (ErrorKind::Weak(*worst), Some(worst.field())),
                            "{file}"
                        );
                        assert!(least.is_some_and(|least| worst.severity() >= least), "{file}");
                    }
                    (Err(error), None) => panic!("{file}: {error}"),
                }
            }
        }
        seen[worst.map_or(0, |worst| 1 + usize::from(worst.severity() == Severity::Broken))] += 1;
        // The profiles reject broken keys, and the record reports other findings.
        match Record::import("demo".parse().unwrap(), &line, None, &Profile::documented()) {
            Ok(record) => assert_eq!(record.findings().worst(), worst.map(|worst| worst.severity())),
            Err(error) => assert_eq!(Some(error.kind()), worst.map(|worst| ErrorKind::Weak(*worst))),
        }
    }
    assert!(seen.iter().all(|count| *count > 3), "{seen:?}");
}

#[test]
fn a_key_on_a_denylist_is_rejected_after_the_rules_on_its_type() {
    let line = include_str!("../data/weak/close-primes.pub");
    let small = ImportPolicy::new().with_max_rsa_bits(2047);
    assert_eq!(kind(&small, line), Some(ErrorKind::KeyTooLarge));
    assert_eq!(
        kind(&ImportPolicy::new().with_algorithms(&[Algorithm::Ed25519]), line),
        Some(ErrorKind::TypeNotAllowed)
    );
    let empty = ImportPolicy::new().with_denylist(Denylist::from_static(&[]).unwrap());
    assert_eq!(kind(&empty, line), Some(ErrorKind::Weak(Weakness::ClosePrimes)));
    // The hash of the key's number, and the byte of the list.
    let key: PublicKey = ED25519.parse().unwrap();
    let KeyData::Ed25519(point) = key.as_public_key_ref().key_data() else { panic!("no Ed25519 key") };
    let mut file = Sha256::digest(point.as_bytes())[..15].to_vec();
    file.push(3);
    let listed = ImportPolicy::new().with_denylist(Denylist::try_from(file).unwrap());
    assert_eq!((kind(&listed, ED25519), kind(&listed, RSA)), (Some(ErrorKind::Weak(Weakness::Denylisted)), None));
    let accepted = listed.allow_weak_keys().accept(ED25519).unwrap();
    assert_eq!(accepted.findings().list(), Some(3));
}

#[test]
fn a_weak_key_in_a_certificate_is_seen() {
    let strict = ImportPolicy::new().allow_certificates().with_rejected_severity(Severity::Note);
    assert_eq!(kind(&strict, include_str!("../data/dsa1024-cert.pub")), Some(ErrorKind::Weak(Weakness::DeprecatedDsa)));
    assert_eq!(kind(&strict, include_str!("../data/ed25519-cert.pub")), None);
    #[cfg(feature = "x509")]
    {
        let pem = include_str!("../data/x509/rsa1024.pem");
        let import = |profile| Record::import_x509("demo".parse().unwrap(), pem, None, &profile);
        let record = import(Profile::nova()).unwrap();
        assert!(record.findings().iter().eq([Weakness::SmallModulus]));
        let error = import(Profile::nova().with_policy(strict)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Weak(Weakness::SmallModulus));
    }
}

#[test]
fn a_policy_has_getters_and_its_debug_output_has_no_key() {
    let strict = ImportPolicy::new();
    assert_eq!(strict, ImportPolicy::default());
    assert!(strict.algorithms().eq(Algorithm::KNOWN.iter().copied()));
    assert_eq!((strict.min_rsa_bits(), strict.max_rsa_bits(), strict.max_bytes()), (1024, 8192, None));
    assert_eq!((strict.rejected_severity(), strict.denylist()), (Some(Severity::Broken), None));
    assert!(!strict.allows_certificates() && !strict.allows_options() && !strict.allows_normalization());

    let denylist = Denylist::try_from(vec![b'x'; 32]).unwrap();
    let policy = ImportPolicy::new()
        .with_algorithms(&[Algorithm::Opaque, Algorithm::Ed25519])
        .with_min_rsa_bits(2048)
        .with_max_rsa_bits(4096)
        .with_max_bytes(1024)
        .with_rejected_severity(Severity::Note)
        .with_denylist(denylist.clone())
        .allow_certificates()
        .allow_options()
        .allow_normalization();
    assert!(policy.algorithms().eq([Algorithm::Ed25519, Algorithm::Opaque]));
    assert_eq!((policy.min_rsa_bits(), policy.max_rsa_bits(), policy.max_bytes()), (2048, 4096, Some(1024)));
    assert_eq!((policy.rejected_severity(), policy.denylist()), (Some(Severity::Note), Some(&denylist)));
    assert!(policy.allows_certificates() && policy.allows_options() && policy.allows_normalization());
    assert_eq!(policy.clone().allow_weak_keys().rejected_severity(), None);
    assert_eq!(
        format!("{policy:?}"),
        "ImportPolicy { algorithms: [\"ssh-ed25519\", \"opaque\"], min_rsa_bits: 2048, max_rsa_bits: 4096, \
         max_bytes: Some(1024), rejected_severity: Some(Note), denylist_records: Some(2), allows_certificates: true, \
         allows_options: true, allows_normalization: true }"
    );
}

#[test]
fn an_accepted_key_has_every_fingerprint_and_the_key_itself() {
    let policy = ImportPolicy::new().allow_certificates().allow_options();
    let key: PublicKey = RSA.parse().unwrap();
    let options = format!("no-pty\t{RSA}");
    for text in [RSA, CERTIFICATE, &options] {
        let accepted = policy.accept(text).unwrap();
        for hash in ["md5", "sha1", "sha256", "sha384", "sha512"] {
            let hash: HashAlgorithm = hash.parse().unwrap();
            assert_eq!(accepted.fingerprint(hash), key.fingerprint(hash));
        }
        assert_eq!(accepted.sha256_fingerprint(), key.sha256_fingerprint());
        assert_eq!(accepted.entry().key_data(), key.key_data());
        // The entry is the key of the line, not of the text.
        assert_eq!(accepted.entry().to_openssh(), accepted.line());
        assert_eq!(*accepted.entry(), accepted.line().parse().unwrap());
    }
    let entry = |text| policy.accept(text).unwrap().entry().clone();
    assert!(matches!(entry(RSA), Entry::Key(_)) && matches!(entry(CERTIFICATE), Entry::Certificate(_)));
    assert!(matches!(entry(&options), Entry::AuthorizedKey(_)));
}

#[test]
fn a_denylist_is_shared_by_its_clones_and_equal_to_one_of_the_same_records() {
    static RECORDS: [u8; 32] = [7; 32];
    let owned = Denylist::try_from(RECORDS.to_vec()).unwrap();
    let in_the_program = Denylist::from_static(&RECORDS).unwrap();
    assert_eq!(owned, in_the_program);
    assert_eq!(owned.clone(), owned);
    assert_eq!((owned.len(), owned.is_empty(), owned.is_sorted()), (2, false, true));
    assert_eq!(format!("{owned:?}"), "Denylist { len: 2, .. }");
    assert_ne!(owned, Denylist::try_from(vec![8; 32]).unwrap());
    let kind = |list: Result<Denylist, ssh_keypair::Error>| list.unwrap_err().kind();
    assert_eq!(kind(Denylist::try_from(vec![7; 31])), ErrorKind::InvalidDenylist);
    assert_eq!(kind(Denylist::from_static(&RECORDS[..17])), ErrorKind::InvalidDenylist);
}

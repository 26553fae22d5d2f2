//! Records: their contents, and how they are stored and loaded.

use crate::common::{corpus, data};
use ssh_keypair::audit::{Denylist, Severity, Weakness};
use ssh_keypair::keypair::{
    Created, ImportPolicy, ImportedPair, KeyPairName, KeyType, NameAlphabet, PrivateKeyFormat, Profile, Record,
    StoredRecord, UserId,
};
use ssh_keypair::{
    EcdsaCurve, Error, ErrorKind, Field, Fingerprint, HashAlgorithm, KeySpec, Normalization, PrivateKey, ReadOptions,
};

const RSA: &str = include_str!("../data/rsa2048.pub");
const ED25519: &str = include_str!("../data/ed25519.pub");

fn name(name: &str) -> KeyPairName {
    KeyPairName::new(name, NameAlphabet::WithAtAndDot).unwrap()
}

/// A profile that accepts every format of a key.
fn lenient() -> Profile {
    let algorithms: Vec<_> = ImportPolicy::new().algorithms().chain([ssh_keypair::Algorithm::Opaque]).collect();
    let policy = ImportPolicy::new().with_algorithms(&algorithms).allow_weak_keys();
    Profile::nova().with_policy(policy.allow_certificates().allow_options().allow_normalization())
}

fn import(text: &str) -> Record {
    Record::import(name("laptop"), text, Some("6fc0d2cb".parse().unwrap()), &lenient()).unwrap()
}

/// The columns of a record, for a store without JSON.
fn columns(record: &Record) -> StoredRecord<'_> {
    StoredRecord {
        name: record.name().as_str(),
        user_id: record.user_id().map(UserId::as_str),
        key_type: record.key_type(),
        public_key: record.public_key_for_response(),
        public_key_for_response: None,
        fingerprint: None,
        findings: record.findings(),
        normalization: record.normalization(),
    }
}

/// The same columns with another fingerprint.
fn with_fingerprint<'a>(record: &'a Record, fingerprint: &'a str) -> StoredRecord<'a> {
    StoredRecord { fingerprint: Some(fingerprint), ..columns(record) }
}

/// Stores a record in every way, and loads it again.
fn is_loaded_again(record: &Record) {
    let one_text = columns(record);
    assert_eq!(Record::from_stored(&one_text).as_ref(), Ok(record));
    assert_eq!(Record::from_stored(&record.into()).as_ref(), Ok(record));
    let fingerprint = record.fingerprint_colon_hex();
    let all = StoredRecord {
        public_key: record.public_key(),
        public_key_for_response: Some(record.public_key_for_response()),
        fingerprint: Some(&fingerprint),
        ..one_text
    };
    assert_eq!(Record::from_stored(&all).as_ref(), Ok(record));
    #[cfg(feature = "serde")]
    {
        let json = serde_json::to_string(record).unwrap();
        assert_eq!(&serde_json::from_str::<Record>(&json).unwrap(), record, "{json}");
    }
}

#[test]
fn a_record_of_every_key_type_is_loaded_as_it_was_stored() {
    for key in ["dsa1024", "ecdsa256", "ecdsa256sk", "ecdsa384", "ecdsa521", "ed25519", "ed25519sk", "rsa2048"] {
        for file in [format!("{key}.pub"), format!("{key}-cert.pub")] {
            let line = data(&file);
            let record = import(&line);
            assert_eq!(record.public_key_for_response(), line);
            assert_eq!(record.public_key(), line.trim_end());
            is_loaded_again(&record);
        }
    }
    for text in [
        RSA.replacen(' ', "\t", 2),
        RSA.replace('\n', "\r\n"),
        format!("from=\"192.0.2.1\",no-pty\t{RSA}"),
        format!("{} ", ED25519.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" ")),
        "ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcAAQID me".to_owned(),
    ] {
        let record = import(&text);
        assert_eq!((record.public_key_for_response(), record.normalization()), (&*text, None));
        is_loaded_again(&record);
    }
}

#[test]
fn a_record_keeps_what_its_import_reported() {
    let weak = import(include_str!("../data/weak/close-primes.pub"));
    assert!(weak.findings().contains(Weakness::ClosePrimes));
    is_loaded_again(&weak);
    for (text, normalization) in [
        (format!(" {ED25519}"), Normalization::WhiteSpace),
        (include_str!("../data/ed25519.rfc4716").to_owned(), Normalization::FromRfc4716),
        (include_str!("../data/ed25519.spki.pem").to_owned(), Normalization::FromPem),
    ] {
        let record = import(&text);
        assert_eq!(record.normalization(), Some(normalization));
        assert_eq!(record.public_key_for_response(), record.public_key());
        is_loaded_again(&record);
    }
    // The list that a key is on. The only record of the list has the hash of this key.
    let key: ssh_keypair::PublicKey = ED25519.parse().unwrap();
    let ssh_keypair::KeyData::Ed25519(point) = key.key_data() else { unreachable!() };
    let hash = <sha2::Sha256 as sha2::Digest>::digest(point.as_bytes());
    let denylist = Denylist::try_from([&hash[..15], &[9]].concat()).unwrap();
    let profile = Profile::nova().with_policy(ImportPolicy::new().allow_weak_keys().with_denylist(denylist));
    let listed = Record::import(name("laptop"), ED25519, None, &profile).unwrap();
    assert_eq!((listed.findings().list(), listed.findings().worst()), (Some(9), Some(Severity::Broken)));
    is_loaded_again(&listed);
}

#[test]
fn a_created_record_has_no_findings_and_its_line_as_the_profile_writes_it() {
    let documented = Profile::documented();
    assert_eq!(Profile::nova(), documented.clone().without_trailing_newline().with_policy(ImportPolicy::new()));
    assert!(documented.has_trailing_newline() && !Profile::nova().has_trailing_newline());
    assert_eq!((documented.comment(), documented.key_spec()), ("Generated-by-Nova", KeySpec::Rsa { bits: 2048 }));
    assert_eq!(documented.name_alphabet(), NameAlphabet::Basic);
    for profile in [documented, Profile::nova(), Profile::nova().with_trailing_newline()] {
        let Created { record, private_key, .. } = Record::create(name("me@host.example"), None, &profile).unwrap();
        assert_eq!(private_key.comment(), "Generated-by-Nova");
        assert_eq!(record.public_key(), private_key.public_key().to_openssh());
        let line_break = if profile.has_trailing_newline() { "\n" } else { "" };
        assert_eq!(record.public_key_for_response(), format!("{}{line_break}", record.public_key()));
        assert!(record.findings().is_empty() && record.normalization().is_none() && record.user_id().is_none());
        is_loaded_again(&record);
    }
}

#[test]
fn the_fingerprint_of_a_record_is_novas_and_its_entry_has_the_others() {
    let record = import(RSA);
    let printed = "b3:3a:09:ee:3c:2c:c5:a3:cc:a1:c1:bc:ea:2d:92:96";
    let key = record.entry().unwrap();
    assert_eq!(record.fingerprint(), Fingerprint::from(key.md5_fingerprint()));
    assert_eq!(record.fingerprint().to_string(), format!("MD5:{}", record.fingerprint_colon_hex()));
    assert_eq!(record.fingerprint_colon_hex().len(), printed.len());
    assert_eq!(key.fingerprint(HashAlgorithm::Md5), record.fingerprint());
    assert_eq!(key.to_openssh(), record.public_key());
}

#[test]
fn a_private_key_of_another_type_comes_in_the_format_of_the_profile() {
    for (format, begin) in [
        (PrivateKeyFormat::Openssh, "-----BEGIN OPENSSH PRIVATE KEY-----"),
        (PrivateKeyFormat::Pkcs8, "-----BEGIN PRIVATE KEY-----"),
    ] {
        for spec in [KeySpec::Ed25519, KeySpec::Ecdsa(EcdsaCurve::P256), KeySpec::Ecdsa(EcdsaCurve::P521)] {
            let profile = Profile::nova().with_key_spec(spec).with_private_key_format(format).with_comment("made here");
            let created = Record::create(name("laptop"), None, &profile).unwrap();
            assert!(created.record.public_key().starts_with(spec.algorithm().as_str()));
            assert!(created.record.public_key().ends_with(" made here"));
            let written = created.private_key_for_response().unwrap();
            assert!(written.starts_with(begin), "{spec:?} {format:?}");
            assert_eq!(PrivateKey::parse(&*written, &ReadOptions::new()).unwrap(), created.private_key);
            is_loaded_again(&created.record);
            // From a seed, it is the same each time.
            let seeded = || Record::create_from_seed(name("laptop"), None, &profile, &[9; 32]).unwrap();
            assert_eq!(seeded().record, seeded().record);
        }
        // An RSA key comes as PKCS#1, whatever the format is for the others.
        let profile = Profile::nova().with_private_key_format(format);
        let created = Record::create_from_seed(name("laptop"), None, &profile, &[9; 32]).unwrap();
        assert!(created.private_key_for_response().unwrap().starts_with("-----BEGIN RSA PRIVATE KEY-----"));
    }
}

#[test]
fn a_private_key_in_quotes_is_imported_and_the_record_says_so() {
    let text = include_str!("../data/private/rsa2048.pkcs8.pem");
    let quoted = format!("{:?}", text);
    let imported = Record::import_private(name("laptop"), quoted, &ReadOptions::new(), None, &Profile::documented());
    let ImportedPair { record, private_key, .. } = imported.unwrap();
    assert_eq!(record.normalization(), Some(Normalization::Quotes));
    assert_eq!(record.public_key_for_response(), format!("{}\n", private_key.public_key()));
    is_loaded_again(&record);
}

fn error_of(stored: StoredRecord<'_>) -> (ErrorKind, Option<Field>) {
    let error = Record::from_stored(&stored).unwrap_err();
    (error.kind(), error.field())
}

#[test]
fn a_stored_record_is_checked_as_strictly_as_a_new_one() {
    let record = import(RSA);
    let stored = || columns(&record);
    assert_eq!(error_of(StoredRecord::default()).1, Some(Field::Name));
    assert_eq!(error_of(StoredRecord { name: "a\tb", ..stored() }), (ErrorKind::InvalidCharacter, Some(Field::Name)));
    let id = StoredRecord { user_id: Some("a\nb"), ..stored() };
    assert_eq!(error_of(id), (ErrorKind::InvalidCharacter, Some(Field::UserId)));
    let space = format!(" {RSA}");
    for (text, kind) in [
        ("", ErrorKind::MissingField),
        (&*space, ErrorKind::SurroundingSpace),
        (include_str!("../data/private/rsa2048.openssh"), ErrorKind::PrivateKeyGiven),
    ] {
        assert_eq!(error_of(StoredRecord { public_key: text, ..stored() }).0, kind);
        assert_eq!(error_of(StoredRecord { public_key_for_response: Some(text), ..stored() }).0, kind);
    }
}

#[test]
fn a_stored_fingerprint_or_text_of_another_key_is_an_error() {
    let record = import(RSA);
    let entry = record.entry().unwrap();
    for hash in [HashAlgorithm::Md5, HashAlgorithm::Sha1, HashAlgorithm::Sha256, HashAlgorithm::Sha512] {
        assert_eq!(
            Record::from_stored(&with_fingerprint(&record, &entry.fingerprint(hash).to_string())).as_ref(),
            Ok(&record)
        );
        let other = import(ED25519).entry().unwrap().fingerprint(hash).to_string();
        assert_eq!(error_of(with_fingerprint(&record, &other)), (ErrorKind::KeyMismatch, Some(Field::Fingerprint)));
    }
    for bad in ["", "b3:3a", "SHA256:", "b3:3a:09:ee:3c:2c:c5:a3:cc:a1:c1:bc:ea:2d:92:9g"] {
        assert_eq!(
            error_of(with_fingerprint(&record, bad)),
            (ErrorKind::InvalidFingerprint, Some(Field::Fingerprint)),
            "{bad}"
        );
    }
    let other_text = StoredRecord { public_key_for_response: Some(ED25519), ..columns(&record) };
    assert_eq!(error_of(other_text), (ErrorKind::KeyMismatch, Some(Field::PublicKey)));
}

#[test]
fn a_name_is_parsed_with_the_basic_alphabet_and_loaded_with_any() {
    assert_eq!("my laptop".parse::<KeyPairName>().unwrap().to_string(), "my laptop");
    let error = "me@host".parse::<KeyPairName>().unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::InvalidCharacter, Some(2)));
    let record = Record::import(name("me@host"), RSA, None, &Profile::nova()).unwrap();
    is_loaded_again(&record);
}

#[test]
fn a_user_id_is_any_text_of_255_characters_without_control_characters() {
    let longest = "ü".repeat(255);
    for good in ["", " ", "6fc0d2cb93dd4b8c88c8d1d0a9e4c3b1", "Jürgen, O=Example/CN=admin", "日本語 🔑", &longest]
    {
        let id: UserId = good.parse().unwrap();
        assert_eq!((id.as_str(), id.as_ref(), id.to_string().as_str()), (good, good, good));
        assert_eq!((UserId::try_from(good).as_ref(), UserId::try_from(good.to_owned()).as_ref()), (Ok(&id), Ok(&id)));
        assert_eq!(id.is_empty(), good.is_empty());
        let record = Record::import(name("laptop"), RSA, Some(id), &Profile::nova()).unwrap();
        is_loaded_again(&record);
    }
    for (bad, kind, at) in [
        (&*(longest.clone() + "x"), ErrorKind::TooLong, 510),
        ("a\tb", ErrorKind::InvalidCharacter, 1),
        ("a\nb", ErrorKind::InvalidCharacter, 1),
        ("\0", ErrorKind::InvalidCharacter, 0),
        ("me\u{85}", ErrorKind::InvalidCharacter, 2),
        ("me\u{2028}", ErrorKind::InvalidCharacter, 2),
    ] {
        for error in [UserId::new(bad).unwrap_err(), UserId::try_from(bad.to_owned()).unwrap_err()] {
            assert_eq!((error.kind(), error.field(), error.offset()), (kind, Some(Field::UserId), Some(at)), "{bad:?}");
        }
    }
}

/// Errors are small and contain no input.
#[test]
fn every_error_of_a_record_is_a_small_copy() {
    fn is_copy<T: Copy + core::error::Error>() {}
    is_copy::<Error>();
}

#[test]
fn the_corpus_is_stored_and_loaded() {
    let Some(corpus) = corpus() else { return };
    let table = std::fs::read_to_string(corpus.join("corpus/GROUND_TRUTH.tsv")).unwrap();
    let mut loaded = 0;
    for path in table.lines().filter(|row| !row.starts_with('#')).filter_map(|row| row.split('\t').next()) {
        let Ok(text) = std::fs::read_to_string(corpus.join("corpus").join(path)) else { continue };
        if let Ok(record) = Record::import(name("laptop"), &text, None, &lenient()) {
            is_loaded_again(&record);
            loaded += 1;
        }
    }
    assert!(loaded > 20, "{loaded}");
}

#[cfg(feature = "serde")]
mod json {
    use super::*;
    use serde_json::{Value, json};

    fn stored() -> Value {
        serde_json::to_value(import(RSA)).unwrap()
    }

    #[test]
    fn a_record_is_a_map_of_its_columns() {
        let record = import(&RSA.replacen(' ', "\t", 1));
        let expected = json!({
            "name": "laptop",
            "user_id": "6fc0d2cb",
            "type": "ssh",
            "public_key": RSA.trim_end(),
            "public_key_for_response": RSA.replacen(' ', "\t", 1),
            "fingerprint": record.fingerprint_colon_hex(),
        });
        assert_eq!(serde_json::to_value(&record).unwrap(), expected);
        let weak = serde_json::to_value(import(include_str!("../data/rsa1024.pub"))).unwrap();
        assert_eq!(weak["findings"], json!(["small-modulus"]));
        let padded = serde_json::to_value(import(&format!("\n{ED25519}"))).unwrap();
        assert_eq!((&padded["normalization"], padded.get("findings")), (&json!("white-space"), None));
    }

    #[test]
    fn what_a_later_version_has_stored_is_ignored() {
        let mut value = stored();
        value["created_at"] = json!({"seconds": [1, 2.5, null, true]});
        value["findings"] = json!(["a weakness of the future", "small-exponent"]);
        value["normalization"] = json!("from a format of the future");
        let record: Record = serde_json::from_value(value).unwrap();
        assert!(record.findings().iter().eq([Weakness::SmallExponent]));
        assert_eq!(record.normalization(), None);
        let mut value = stored();
        value["user_id"] = json!(null);
        assert_eq!(serde_json::from_value::<Record>(value).unwrap().user_id(), None);
    }

    #[test]
    fn no_error_quotes_the_store() {
        let marker = "marker";
        let pem = include_str!("../data/private/rsa2048.pkcs1.pem");
        let wrong = [
            json!(null),
            json!(true),
            json!(271_828_182),
            json!(-271_828_182),
            json!(2718.28),
            json!(marker),
            json!(pem),
            json!([marker, 271_828_182]),
            json!({ marker: marker }),
            json!({ pem: pem }),
        ];
        let is_silent = |text: &str, json: &str| {
            assert!(!["marker", "271", "2718", "MII"].iter().any(|quoted| text.contains(quoted)), "{json}: {text}");
            assert!(!text.is_empty());
        };
        let fields =
            ["name", "user_id", "type", "public_key", "public_key_for_response", "fingerprint", "findings", "denylist"];
        let mut rejected = 0;
        for field in fields {
            for value in &wrong {
                let mut record = stored();
                record[field] = value.clone();
                let json = record.to_string();
                if let Err(error) = serde_json::from_str::<Record>(&json) {
                    is_silent(&error.to_string(), &json);
                    rejected += 1;
                }
            }
        }
        assert!(rejected > 60, "{rejected}");
        for value in wrong {
            let json = value.to_string();
            is_silent(&serde_json::from_str::<Record>(&json).unwrap_err().to_string(), &json);
            if !value.is_string() {
                is_silent(&serde_json::from_str::<KeyPairName>(&json).unwrap_err().to_string(), &json);
                is_silent(&serde_json::from_str::<UserId>(&json).unwrap_err().to_string(), &json);
            }
        }
        is_silent(&serde_json::from_value::<KeyPairName>(json!("marker\u{7f}")).unwrap_err().to_string(), "");
        is_silent(&serde_json::from_value::<UserId>(json!("marker\n")).unwrap_err().to_string(), "");
    }

    #[test]
    fn an_error_names_the_member_and_the_reason() {
        let error = |value: Value| serde_json::from_value::<Record>(value).unwrap_err().to_string();
        assert_eq!(error(json!([])), "a record: not a map");
        for field in ["name", "type", "public_key", "fingerprint"] {
            let mut value = stored();
            value.as_object_mut().unwrap().remove(field);
            assert_eq!(error(value), format!("{field}: required, but missing"));
            let mut value = stored();
            value[field] = json!(1);
            assert_eq!(error(value), format!("{field}: not a string"));
        }
        let with = |field: &str, member: Value| {
            let mut value = stored();
            value[field] = member;
            error(value)
        };
        assert_eq!(with("denylist", json!(256)), "denylist: too large");
        assert_eq!(with("denylist", json!("1")), "denylist: not a number");
        assert_eq!(with("findings", json!(["roca", 1])), "findings: not a list of strings");
        assert_eq!(with("findings", json!({})), "findings: not a list of strings");
        assert_eq!(with("type", json!("dsa")), "type: this type of key is not supported here");
        assert_eq!(
            with("fingerprint", json!("d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e")),
            "fingerprint: does not belong to the stored key"
        );
        let twice = stored().to_string().replacen('{', "{\"name\": \"laptop\", ", 1);
        assert!(serde_json::from_str::<Record>(&twice).unwrap_err().to_string().starts_with("name: duplicate"));
    }

    #[test]
    fn names_and_ids_are_strings() {
        let name = KeyPairName::new("me@host.example", NameAlphabet::WithAtAndDot).unwrap();
        assert_eq!(serde_json::to_value(&name).unwrap(), json!("me@host.example"));
        assert_eq!(serde_json::from_value::<KeyPairName>(json!("me@host.example")).unwrap(), name);
        let id: UserId = "Jürgen".parse().unwrap();
        assert_eq!(serde_json::to_value(&id).unwrap(), json!("Jürgen"));
        assert_eq!(serde_json::from_value::<UserId>(json!("Jürgen")).unwrap(), id);
    }
}

#[cfg(feature = "x509")]
mod x509 {
    use super::*;

    const PEM: &str = include_str!("../data/x509/rsa2048.pem");

    #[test]
    fn a_record_of_a_certificate_is_loaded_as_it_was_stored() {
        let padded = format!("\u{feff}\n{PEM}\n");
        for text in [PEM, &PEM.replace('\n', "\r\n"), &padded, include_str!("../data/x509/rsa1024.pem")] {
            let record = Record::import_x509(name("laptop"), text, None, &lenient()).unwrap();
            assert_eq!((record.key_type(), record.entry()), (KeyType::X509, None));
            is_loaded_again(&record);
        }
        let created = Record::create_x509(name("demo"), "me".parse().unwrap(), &Profile::documented()).unwrap();
        assert_eq!(created.private_key.comment(), "");
        is_loaded_again(&created.record);
    }

    #[test]
    fn the_fingerprint_of_a_certificate_is_read_in_both_forms_of_its_hash_and_no_other() {
        let record = Record::import_x509(name("laptop"), PEM, None, &Profile::nova()).unwrap();
        let (hex, named) = (record.fingerprint_colon_hex(), record.fingerprint().to_string());
        assert!(hex.len() == 59 && named.starts_with("SHA1:"));
        assert_eq!(Record::from_stored(&with_fingerprint(&record, &hex)).as_ref(), Ok(&record));
        assert_eq!(Record::from_stored(&with_fingerprint(&record, &named)).as_ref(), Ok(&record));
        let other = import(RSA);
        let of_key = other.entry().unwrap().fingerprint(HashAlgorithm::Sha1).to_string();
        assert_eq!(error_of(with_fingerprint(&record, &of_key)), (ErrorKind::KeyMismatch, Some(Field::Fingerprint)));
        assert_eq!(
            error_of(with_fingerprint(&record, &other.fingerprint_colon_hex())).0,
            ErrorKind::InvalidFingerprint
        );
        // A line is not a certificate, and a certificate is not a line.
        let stored = StoredRecord { key_type: KeyType::Ssh, ..columns(&record) };
        assert_eq!(error_of(stored).0, ErrorKind::NotAnOpensshLine);
        let stored = StoredRecord { key_type: KeyType::X509, ..columns(&other) };
        assert_eq!(error_of(stored).0, ErrorKind::NotACertificate);
    }
}

#[test]
fn a_seed_makes_one_pair_by_the_profile() {
    let profile = Profile::nova().with_comment("seeded");
    assert_eq!((profile.comment(), profile.policy()), ("seeded", Profile::nova().policy()));
    let create = |seed: &[u8]| Record::create_from_seed(name("laptop"), None, &profile, seed);
    let created = create(&[7; 16]).unwrap();
    let key = crate::common::seeded(2048, 7);
    assert_eq!(created.private_key.as_rsa(), Some(key));
    assert_eq!((created.record.name(), created.record.user_id()), (&name("laptop"), None));
    assert!(created.record.public_key().ends_with(" seeded"));
    assert_eq!(create(&[7; 16]).unwrap().record, created.record);
    assert_ne!(create(&[8; 16]).unwrap().record, created.record);
    assert_eq!(create(&[7; 15]).unwrap_err().kind(), ErrorKind::SeedTooShort);
}

//! What people really paste and upload: the corpus of field reports, with the right outcome of each file.

#![cfg(all(feature = "std", feature = "encryption", feature = "ec", feature = "x509"))]

use crate::common::corpus;
use ssh_keypair::keypair::{ImportPolicy, Profile, Record};
use ssh_keypair::openssh::Certificate;
use ssh_keypair::os_keypairs::{ApiVersion, Caller, Request, RequestBody};
use ssh_keypair::{
    EcdsaCurve, Error, ErrorKind, Field, Fingerprint, HashAlgorithm, KeySpec, PrivateKey, PublicEntry, ReadOptions,
};
use std::collections::HashMap;
use std::fs;

/// The alternatives of a pattern of `words.tsv`: words, one group of alternatives at most, and escaped backslashes.
fn alternatives(pattern: &str) -> Vec<String> {
    let pattern = pattern.replace("\\\\", "\\");
    let expanded = match (pattern.find('('), pattern.find(')')) {
        (Some(open), Some(close)) => {
            let (before, after) = (&pattern[..open], &pattern[close + 1..]);
            let group = pattern[open + 1..close].split('|');
            return after
                .split('|')
                .enumerate()
                .flat_map(|(at, after)| match at {
                    0 => group.clone().map(|word| format!("{before}{word}{after}")).collect(),
                    _ => vec![after.to_owned()],
                })
                .map(|word| word.to_lowercase())
                .collect();
        }
        _ => pattern,
    };
    expanded.split('|').map(str::to_lowercase).collect()
}

/// What the command of a row answers: the fingerprint of the key in the file, or something else for a row without a key.
fn outcome(command: &str, contents: &[u8], passphrase: &str) -> Result<String, String> {
    let text = || String::from_utf8(contents.to_vec()).unwrap();
    let (name, owner) = ("t".parse().unwrap(), Some("u1".parse().unwrap()));
    let lenient = ImportPolicy::new().allow_normalization().allow_certificates();
    let with_sentence = |error: Error| error.to_string();
    let outcome = match command {
        "convert" => private(contents, &ReadOptions::new()),
        "convert+pw" => private(contents, &ReadOptions::new().with_passphrase(passphrase)),
        "import" | "nova" => {
            let profile = if command == "nova" { Profile::nova() } else { Profile::documented() };
            let accepted = lenient.accept(contents).map(|key| key.sha256_fingerprint().to_string());
            let record = Record::import(name, contents, owner, &profile.with_policy(lenient));
            assert_eq!(record.map(|record| record.entry().unwrap().sha256_fingerprint().to_string()), accepted);
            accepted
        }
        "fingerprint" => PublicEntry::read(contents).map(|entry| entry.fingerprint(HashAlgorithm::Sha256).to_string()),
        "x509" => Record::import_x509(name, contents, owner, &Profile::documented().with_policy(lenient))
            .map(|record| record.fingerprint_colon_hex()),
        "from_str" => text().strip_suffix('\n').unwrap().parse::<Fingerprint>().map(|read| read.to_string()),
        "request" => {
            let text = text();
            let body = RequestBody::from_members([("name", "t"), ("public_key", &text)]);
            let request = Request::new(&body, ApiVersion::V2_10, &Profile::nova());
            let answer = request.and_then(|request| request.answer(&Caller::new(owner.unwrap(), "p1", "")));
            return answer.map(|_| String::new()).map_err(|error| error.message());
        }
        _ => {
            let spec = match command.split_once("create t --key ").unwrap().1 {
                "ed25519" => KeySpec::Ed25519,
                "ecdsa" => KeySpec::Ecdsa(EcdsaCurve::P256),
                other => panic!("{other}"),
            };
            let created = Record::create(name, owner, &Profile::documented().with_key_spec(spec));
            created.map(|created| created.record.fingerprint_colon_hex())
        }
    };
    outcome.map_err(with_sentence)
}

fn private(contents: &[u8], options: &ReadOptions<'_>) -> Result<String, Error> {
    PrivateKey::parse_with_report(contents, options).map(|(key, _)| key.sha256_fingerprint().to_string())
}

#[test]
fn every_field_report_has_a_good_outcome() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("corpus/field-reports");
    let words = fs::read_to_string(folder.join("words.tsv")).unwrap();
    let words: HashMap<&str, &str> = words.lines().filter_map(|line| line.split_once('\t')).collect();
    let passphrase = fs::read_to_string(folder.join("pw")).unwrap();
    let rows = fs::read_to_string(folder.join("EXPECT.tsv")).unwrap();
    let (mut checked, mut bad) = (0, Vec::new());
    for row in rows.lines().filter(|row| !row.starts_with('#')).skip(1) {
        let [file, command, expected] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let contents = if file == "-" { vec![] } else { fs::read(folder.join(file)).unwrap() };
        let outcome = outcome(command, &contents, passphrase.trim_end());
        checked += 1;
        let key = expected.split_once("[key ").map(|(_, key)| key.trim_end_matches(']'));
        // A row that allows more than one outcome contains one of these.
        let may_accept = expected.starts_with("accept") || !expected.starts_with("refuse, say");
        let says_what = command == "request" && expected.contains("or say");
        let may_reject = words.contains_key(file) || expected.contains("refuse") || says_what;
        let is_good = match &outcome {
            Ok(found) => may_accept && key.is_none_or(|key| key == found),
            Err(error) => {
                let message = error.to_lowercase();
                may_reject
                    && (!says_what || message.contains("line"))
                    && words
                        .get(file)
                        .is_none_or(|pattern| alternatives(pattern).iter().any(|word| message.contains(word)))
            }
        };
        if !is_good {
            bad.push(format!("{file}: {}; expected: {expected}", outcome.unwrap_or_else(|error| error)));
        }
    }
    assert!(bad.is_empty(), "{} of {checked}:\n{}", bad.len(), bad.join("\n"));
    assert_eq!(checked, rows.lines().count() - 2);
}

/// The rows with a key show that it is the right one; these show more than their rows say.
#[test]
fn the_fingerprints_and_the_certificate_of_the_reports_are_the_right_ones() {
    let Some(corpus) = corpus() else { return };
    let read = |file: &str| fs::read_to_string(corpus.join("corpus/field-reports").join(file)).unwrap();
    let sha256 = "SHA256:Ju4NJT+cmQXmze+OpXnoTa1gR+I8TOHkv+h7fJ996lU";
    for file in ["ec2-ed25519", "keygen-line", "sha256-bare", "sha256-hex", "sha256-padded"] {
        assert_eq!(read(&format!("fpr-{file}")).parse::<Fingerprint>().unwrap().to_string(), sha256, "{file}");
    }
    for file in ["md5-no-colons", "md5-short", "md5-upper", "trailing-newline"] {
        let md5 = "MD5:0a:f8:0a:4e:11:28:04:fe:86:1a:5f:bf:2a:33:67:b6";
        assert_eq!(read(&format!("fpr-{file}")).parse::<Fingerprint>().unwrap().to_string(), md5, "{file}");
    }
    let error = read("cert-bad-option-value").parse::<Certificate>().unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidValue, Some(Field::CriticalOptions)));
}

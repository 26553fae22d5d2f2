//! What people really paste and upload: the corpus of field reports, with the right outcome of each file.

#![cfg(all(feature = "std", feature = "encryption", feature = "ec"))]

use crate::common::corpus;
use ssh_keypair::keypair::{ImportPolicy, Profile, Record};
use ssh_keypair::{Error, PrivateKey, ReadOptions};
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

/// The fingerprint of the key in a file, read as its row says. None if the row is about something else.
fn outcome(command: &str, contents: &[u8], passphrase: &str) -> Option<Result<String, Error>> {
    let profile = Profile::documented();
    Some(match command {
        "convert" => private(contents, &ReadOptions::new()),
        "convert+pw" => private(contents, &ReadOptions::new().with_passphrase(passphrase)),
        "import" => {
            let policy = ImportPolicy::new().allow_normalization().allow_certificates();
            let accepted = policy.accept(contents).map(|key| key.sha256_fingerprint().to_string());
            let record = Record::import("t".parse().unwrap(), contents, None, &profile.with_policy(policy));
            assert_eq!(record.map(|record| record.entry().unwrap().sha256_fingerprint().to_string()), accepted);
            accepted
        }
        _ => return None,
    })
}

fn private(contents: &[u8], options: &ReadOptions<'_>) -> Result<String, Error> {
    PrivateKey::parse_with_report(contents, options).map(|(key, _)| key.sha256_fingerprint().to_string())
}

/// Rows whose outcome is not good yet: option values that are not checked.
const OPEN: [&str; 1] = ["cert-bad-option-value"];

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
        if file == "-" {
            continue;
        }
        let contents = fs::read(folder.join(file)).unwrap();
        let Some(outcome) = outcome(command, &contents, passphrase.trim_end()) else { continue };
        checked += 1;
        let key = expected.split_once("[key ").map(|(_, key)| key.trim_end_matches(']'));
        // A row that allows more than one outcome contains one of these.
        let may_accept = expected.starts_with("accept") || !expected.starts_with("refuse, say");
        let may_reject = words.contains_key(file) || expected.contains("refuse");
        let is_good = match &outcome {
            Ok(found) => may_accept && key == Some(found),
            Err(error) => {
                let message = error.to_string().to_lowercase();
                may_reject
                    && words
                        .get(file)
                        .is_none_or(|pattern| alternatives(pattern).iter().any(|word| message.contains(word)))
            }
        };
        if is_good == OPEN.contains(&file) {
            bad.push(format!("{file}: {}; expected: {expected}", outcome.unwrap_or_else(|error| error.to_string())));
        }
    }
    assert!(bad.is_empty(), "{} of {checked}:\n{}", bad.len(), bad.join("\n"));
    assert!(checked > 80, "{checked}");
}

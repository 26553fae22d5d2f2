//! Known answers: published examples, and key pairs of Nova.

use crate::common::{corpus, json};
use base64ct::{Base64, Encoding};
use pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use ssh_keypair::keypair::{Profile, Record};
use ssh_keypair::{ErrorKind, PublicKey, RsaPrivateKey};

#[test]
fn the_documented_examples_have_their_fingerprints_and_their_text() {
    let Some(corpus) = corpus() else { return };
    let seeds = json(&corpus.join("vectors/seeds.json"));
    for example in ["create", "import"] {
        let text = |field: &str| seeds[example][field].as_str().unwrap();
        let user_id = Some(text("user_id").parse().unwrap());
        let name = text("name").parse().unwrap();
        let record = Record::import(name, text("public_key"), user_id.clone(), &Profile::documented()).unwrap();
        assert_eq!(record.public_key_for_response(), text("public_key"));
        assert_eq!(record.public_key(), text("public_key").trim_end());
        assert_eq!(record.fingerprint_colon_hex(), text("fingerprint"));
        assert_eq!(record.name().as_ref(), text("name"));
        assert_eq!(record.user_id(), user_id.as_ref());
    }
    // The created key has the comment that this crate writes.
    assert!(seeds["create"]["public_key"].as_str().unwrap().ends_with(" Generated-by-Nova\n"));
}

#[test]
fn the_malformed_example_is_rejected_for_its_missing_space() {
    let Some(corpus) = corpus() else { return };
    let seeds = json(&corpus.join("vectors/seeds.json"));
    let line = seeds["malformed_import"]["public_key"].as_str().unwrap();
    for profile in [Profile::documented(), Profile::nova()] {
        let error = Record::import("demo".parse().unwrap(), line, None, &profile).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::MissingSeparator, Some(7)));
        assert_eq!(error.to_string(), "key type, byte 7: expected a space after the key type, found base64");
    }
}

#[test]
fn every_ssh_rsa_key_of_nova_has_its_fingerprint() {
    let Some(corpus) = corpus() else { return };
    let mut checked = 0;
    for vector in json(&corpus.join("vectors/nova.json")).as_array().unwrap() {
        let text = |field: &str| vector[field].as_str().unwrap();
        let fingerprint = text("fingerprint");
        if text("kind") != "ssh" || !text("public_key").starts_with("ssh-rsa") {
            continue;
        }
        let name = "demo".parse().unwrap();
        let record = Record::import(name, text("public_key"), None, &Profile::nova()).unwrap();
        assert_eq!(record.fingerprint_colon_hex(), fingerprint, "{}", text("id"));
        assert_eq!(record.public_key_for_response(), text("public_key"));
        checked += 1;
    }
    assert!(checked > 10, "{checked} keys");
}

#[test]
fn every_rsa_key_of_the_corpus_is_as_openssh_prints_it() {
    let Some(corpus) = corpus() else { return };
    let table = std::fs::read_to_string(corpus.join("corpus/GROUND_TRUTH.tsv")).unwrap();
    let mut checked = 0;
    for row in table.lines().filter(|row| !row.starts_with('#')) {
        let columns: Vec<_> = row.split('\t').collect();
        let [path, "ssh-rsa", bits, sha256, md5, "ok"] = columns[..] else { continue };
        let line = std::fs::read_to_string(corpus.join("corpus").join(path)).unwrap();
        if !line.starts_with("ssh-rsa ") {
            continue;
        }
        let key: PublicKey = line.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(key.to_string(), line.trim_end_matches(['\r', '\n']), "{path}");
        let key = key.as_public_key_ref();
        assert_eq!(key.bits().to_string(), bits, "{path}");
        assert_eq!(key.sha256_fingerprint(), sha256.parse().unwrap(), "{path}");
        assert_eq!(key.md5_fingerprint(), md5.parse().unwrap(), "{path}");
        checked += 1;
    }
    assert!(checked > 5, "{checked} keys");
}

#[test]
fn every_deterministic_key_of_the_specification_comes_out() {
    let Some(corpus) = corpus() else { return };
    let vectors = json(&corpus.join("vectors/det-keygen-rsa.json"));
    let mut checked = 0;
    for vector in vectors.as_array().unwrap() {
        let bytes = |field: &str| Base64::decode_vec(vector[field].as_str().unwrap()).unwrap();
        let bits = vector["bits"].as_u64().unwrap().try_into().unwrap();
        let key = RsaPrivateKey::from_seed(bits, &bytes("seed")).unwrap();
        let expected = rsa::PrivateKey::from_pkcs8_der(&bytes("private_key_pkcs8")).unwrap();
        let ours = key.to_pkcs1_der().unwrap();
        assert_eq!(ours.as_bytes(), expected.to_pkcs1_der().unwrap().as_bytes(), "{bits}");
        checked += 1;
    }
    assert_eq!(checked, 5);
}

#[test]
fn seeds_are_of_sixteen_bytes_or_more_and_sizes_multiples_of_sixteen() {
    let error = |bits, seed: &[u8]| RsaPrivateKey::from_seed(bits, seed).unwrap_err().kind();
    assert_eq!(error(2048, &[7; 15]), ErrorKind::SeedTooShort);
    for bits in [0, 1024, 2047, 2056, 8208, usize::MAX] {
        assert_eq!(error(bits, &[7; 16]), ErrorKind::InvalidValue);
    }
    // The key depends on the size.
    let [one, other] = [2048, 2064].map(|bits| RsaPrivateKey::from_seed(bits, &[7; 16]).unwrap());
    assert_ne!(one.prime_p()[..8], other.prime_p()[..8]);
}

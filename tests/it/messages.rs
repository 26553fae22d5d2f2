//! All error messages in one file, `tests/data/messages.txt`, so that a reviewer can read them in one place.
//!
//! `UPDATE_MESSAGES=1 cargo test --all-features -p ssh-keypair-tests messages` writes the file. Each row is a kind, a field
//! (`-` for none), and the message without an offset. The rows are:
//!
//! * every kind without a field;
//! * every kind in every field for which it has a sentence of its own;
//! * every kind and field that the source names together, as in `Field::Name.error(ErrorKind::Empty)`;
//! * the kinds and fields that are in the file already, because the source computes them. Add such a row by hand, without its
//!   message, and remove a row by hand if nothing produces it any longer.

use crate::common::DATA;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

// The room itself: outside of the crate, nothing makes an error of a given kind and field.
#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../../src/error/mod.rs"]
mod error;
use error::{Error, ErrorKind, Field, KdfLimit, Mistake, Weakness};

/// All variants in their order, with their names. The match in it does not compile if one is missing.
macro_rules! all {
    ($type:ident: $($variant:ident)+) => {{
        fn _complete(value: $type) {
            match value { $($type::$variant => (),)+ }
        }
        vec![$((stringify!($variant).to_owned(), $type::$variant)),+]
    }};
    ($type:ident except $($other:ident)+: $($variant:ident)+) => {{
        fn _complete(value: $type) {
            match value { $($type::$variant => (),)+ $($type::$other(_) => (),)+ }
        }
        vec![$((stringify!($variant).to_owned(), $type::$variant)),+]
    }};
}

fn kinds() -> Vec<(String, ErrorKind)> {
    let mut kinds = all!(ErrorKind except Weak Mistake OldEncryption KdfTooCostly:
        TooLong Empty InvalidCharacter InvalidUtf8 MissingField MissingSeparator InvalidSeparator SurroundingSpace
        ByteOrderMark OptionsNotAllowed PrivateKeyGiven NotAnOpensshLine UnknownKeyType TypeNotAllowed
        CertificateNotAllowed NotACertificate InvalidBase64 NonCanonicalBase64 TypeMismatch Truncated TrailingData
        InvalidMpint InvalidValue UnsupportedPointFormat InvalidPoint InvalidOptions InvalidFrame InvalidDer
        KeyTooSmall KeyTooLarge SeedTooShort RandomnessUnavailable BrokenRandomness InconsistentKey SelfTestFailed
        KeyMismatch NotAPrivateKey MultipleKeys PassphraseRequired WrongPassphrase UnsupportedEncryption
        InvalidEncryption Damaged BufferTooSmall InvalidFingerprint UnknownHashAlgorithm UnknownName UnsupportedType
        UnsupportedVersion NotInThisVersion ClockUnavailable InvalidDenylist);
    kinds.extend(Weakness::ALL.iter().map(|weakness| (format!("Weak({weakness:?})"), ErrorKind::Weak(*weakness))));
    let name = |mistake| format!("{mistake:?}").split('(').next().unwrap().to_owned();
    let mistakes = Mistake::ALL.iter().copied();
    kinds.extend(mistakes.map(|mistake| (format!("Mistake({})", name(mistake)), ErrorKind::Mistake(mistake))));
    kinds.push(("OldEncryption".to_owned(), ErrorKind::OldEncryption("DES")));
    kinds.push(("KdfTooCostly".to_owned(), ErrorKind::KdfTooCostly(KdfLimit::BcryptRounds(128))));
    kinds
}

fn fields() -> Vec<(String, Field)> {
    all!(Field:
        Name Type UserId Version Fingerprint KeySize Seed PublicKey KeyType Base64 Comment Blob X509 BlobType
        PublicExponent Modulus DsaPrime DsaSubprime DsaGenerator DsaPublicValue Curve Point Application Nonce Serial
        CertificateType KeyId Principals ValidAfter ValidBefore CriticalOptions Extensions Reserved SignatureKey
        Signature Options PrivateKey PrivateBlob PrivateExponent PrimeP PrimeQ ExponentP ExponentQ Coefficient
        Encryption Passphrase)
}

/// The text of every Rust file in a folder, without white space.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(fs::read_to_string(path).unwrap().split_whitespace().collect());
        }
    }
}

/// The name that a text begins with.
fn name(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap()
}

/// The names of the kinds and fields that stand together in the source.
fn pairs_in_source() -> BTreeSet<(String, String)> {
    let mut files = vec![];
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src"), &mut files);
    let mut pairs = BTreeSet::new();
    for text in files.iter().flat_map(|file| file.split("Field::").skip(1)) {
        let field = name(text);
        let rest = &text[field.len()..];
        let rest = rest.strip_prefix(".error(").or_else(|| rest.strip_prefix(".error_at("));
        if let Some(kind) = rest.and_then(|rest| rest.strip_prefix("ErrorKind::")) {
            pairs.insert((name(kind).to_owned(), field.to_owned()));
        }
    }
    pairs
}

fn file() -> PathBuf {
    Path::new(DATA).join("messages.txt")
}

/// The kinds and fields in the file.
fn pairs_in_file(text: &str) -> BTreeSet<(String, String)> {
    let rows = text.lines().filter(|line| !line.starts_with('#')).map(str::split_whitespace);
    rows.filter_map(|mut words| Some((words.next()?.to_owned(), words.next()?.to_owned()))).collect()
}

/// The file as it should be.
fn table(named: &BTreeSet<(String, String)>) -> String {
    let mut table = String::from("# Written by tests/it/messages.rs. Kind, field, message.\n");
    let mut row = |kind: &str, field: &str, error: Error| {
        table += &format!("{kind:24} {field:17} {error}\n");
    };
    for (kind_name, kind) in kinds() {
        row(&kind_name, "-", Error::new(kind));
        for (field_name, field) in fields() {
            let is_weakness_of_field = matches!(kind, ErrorKind::Weak(weakness) if weakness.field() == field);
            let has_own_sentence = field.error(kind).to_string() != format!("{field}: {kind}");
            let is_named = named.contains(&(kind_name.clone(), field_name.clone()));
            if is_weakness_of_field || has_own_sentence || is_named {
                row(&kind_name, &field_name, field.error(kind));
            }
        }
    }
    table
}

#[test]
fn every_message_is_in_the_table_of_messages() {
    let committed = fs::read_to_string(file()).unwrap();
    let named = &pairs_in_source() | &pairs_in_file(&committed);
    let expected = table(&named);
    if env::var_os("UPDATE_MESSAGES").is_some() {
        fs::write(file(), &expected).unwrap();
        return;
    }
    for (committed, expected) in committed.lines().zip(expected.lines()) {
        assert_eq!(committed, expected, "UPDATE_MESSAGES=1 writes the file");
    }
    assert_eq!(committed.len(), expected.len(), "UPDATE_MESSAGES=1 writes the file");
}

#[test]
fn the_source_is_searched_for_kinds_and_fields() {
    let pairs = pairs_in_source();
    assert!(pairs.len() > 50, "{pairs:?}");
    let (kinds, fields) = (kinds(), fields());
    for (kind, field) in pairs.iter().chain(&pairs_in_file(&fs::read_to_string(file()).unwrap())) {
        assert!(kinds.iter().any(|(name, _)| name == kind), "{kind}");
        assert!(field == "-" || fields.iter().any(|(name, _)| name == field), "{field}");
    }
}

/// A message is one line, does not end with a full stop, and has no placeholder.
#[test]
fn messages_are_fragments_that_follow_the_field() {
    for (name, kind) in kinds() {
        for error in fields().into_iter().map(|(_, field)| field.error(kind)).chain([Error::new(kind)]) {
            let message = error.to_string();
            assert!(!message.ends_with('.') && !message.contains(['\n', '{', '}']), "{name}: {message}");
        }
    }
}

//! The request and the response, version by version, and every refusal.
#![cfg(feature = "serde")]

use serde_json::{Value, json};
use ssh_keypair::ErrorKind;
use ssh_keypair::audit::Weakness;
use ssh_keypair::keypair::{KeyPair, NameAlphabet, Policy, Profile};
use ssh_keypair::os_keypairs::{ApiVersion, Refusal, Request, RequestBody, Response, ShapeError};
use ssh_keypair::pkcs::{EncodeRsaPrivateKey, LineEnding};

const LINE: &str = include_str!("../data/rsa2048.pub");

fn version(text: &str) -> ApiVersion {
    text.parse().unwrap()
}

fn request_with(body: &Value, at: &str, profile: &Profile) -> Result<Request, Refusal> {
    let body: RequestBody = serde_json::from_str(&body.to_string()).unwrap();
    Request::new(&body, version(at), profile)
}

fn request(keypair: Value, at: &str) -> Result<Request, Refusal> {
    request_with(&json!({ "keypair": keypair }), at, &Profile::nova())
}

/// The field and the reason of a refusal of the shape.
fn shape(result: Result<Request, Refusal>) -> (String, ShapeError) {
    match result {
        Err(Refusal::Shape { field, error }) => (field.into_owned(), error),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("taken"),
    }
}

fn invalid(result: Result<Request, Refusal>) -> (String, ErrorKind) {
    match shape(result) {
        (field, ShapeError::Invalid(error)) => (field, error.kind()),
        (field, error) => panic!("{field}: {error:?}"),
    }
}

fn answer(keypair: Value, at: &str) -> (u16, Value) {
    let response =
        request_with(&json!({ "keypair": keypair }), at, &Profile::documented()).unwrap().answer("caller").unwrap();
    (response.status(), serde_json::to_value(&response).unwrap())
}

fn fields(value: &Value) -> Vec<&str> {
    let mut fields: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    fields
}

#[test]
fn versions_are_those_from_2_0_to_2_92() {
    for minor in 0..=92 {
        assert_eq!(version(&format!("2.{minor}")).to_string(), format!("2.{minor}"));
    }
    for bad in ["2.93", "2", "2.", "1.0", "3.0", "2.1.1", "2.01", "2.-1", "2.+1", "2. 1", "latest", "", "2.300"] {
        assert_eq!(bad.parse::<ApiVersion>().unwrap_err().kind(), ErrorKind::UnsupportedVersion, "{bad:?}");
    }
    assert!(version("2.9") < version("2.10") && version("2.92") == ApiVersion::V2_92);
}

#[test]
fn each_version_knows_its_fields() {
    let table = [
        ("type", json!("ssh"), ["2.0", "2.1"], ["2.2", "2.92"]),
        ("user_id", json!("somebody"), ["2.0", "2.9"], ["2.10", "2.92"]),
    ];
    for (field, value, before, since) in table {
        for at in before {
            let refused = request(json!({"name": "demo", "public_key": LINE, field: value}), at);
            assert_eq!(shape(refused), (field.to_owned(), ShapeError::Unknown), "{at}");
        }
        for at in since {
            assert!(request(json!({"name": "demo", "public_key": LINE, field: value}), at).is_ok(), "{at}");
        }
    }
    for at in ["2.0", "2.2", "2.10", "2.92"] {
        let refused = request(json!({"name": "demo", "public_key": LINE, "private_key": ""}), at);
        assert_eq!(shape(refused), ("private_key".to_owned(), ShapeError::Unknown));
    }
}

#[test]
fn what_is_no_field_name_is_not_repeated() {
    for name in ["-----BEGIN RSA PRIVATE KEY-----", "a b", "", "ü", &"x".repeat(33)] {
        let refused = request(json!({"name": "demo", name: 1}), "2.10").unwrap_err();
        assert_eq!(refused.field(), Some("(not a field name)"));
    }
    let refused = request(json!({"name": "demo", "OS-EXT:thing": 1}), "2.10").unwrap_err();
    assert_eq!(refused.to_string(), "OS-EXT:thing: not a field of this version");
}

#[test]
fn the_nesting_is_checked() {
    let profile = Profile::nova();
    for (body, field, error) in [
        (json!({}), "keypair", ShapeError::Missing),
        (json!([{"keypair": {}}]), "(the body)", ShapeError::NotAnObject),
        (json!("keypair"), "(the body)", ShapeError::NotAnObject),
        (json!(null), "(the body)", ShapeError::NotAnObject),
        (json!(1), "(the body)", ShapeError::NotAnObject),
        (json!({"keypair": []}), "keypair", ShapeError::NotAnObject),
        (json!({"keypair": [{"name": "demo"}]}), "keypair", ShapeError::NotAnObject),
        (json!({"keypair": "demo"}), "keypair", ShapeError::NotAnObject),
        (json!({"keypair": null}), "keypair", ShapeError::NotAnObject),
        (json!({"keypair": 1.5}), "keypair", ShapeError::NotAnObject),
        (json!({"keypair": {}, "server": {}}), "server", ShapeError::Unknown),
        (json!({"server": {"name": [1, {"a": null}]}}), "server", ShapeError::Unknown),
        (json!({"keypair": {}}), "name", ShapeError::Missing),
    ] {
        assert_eq!(shape(request_with(&body, "2.10", &profile)), (field.to_owned(), error), "{body}");
    }
    for no_json in ["{", "", "{}{}", "{\"keypair\": {\"name\": }}"] {
        assert!(serde_json::from_str::<RequestBody>(no_json).is_err());
    }
    let twice: RequestBody = serde_json::from_str(r#"{"keypair": {"name": "a", "name": "b"}}"#).unwrap();
    let refused = Request::new(&twice, ApiVersion::V2_0, &profile);
    assert_eq!(shape(refused), ("name".to_owned(), ShapeError::Repeated));
    let twice: RequestBody = serde_json::from_str(r#"{"keypair": {"name": "a"}, "keypair": {"name": "b"}}"#).unwrap();
    assert_eq!(shape(Request::new(&twice, ApiVersion::V2_0, &profile)), ("keypair".to_owned(), ShapeError::Repeated));
}

#[test]
fn values_that_are_no_strings_are_refused_by_field() {
    for field in ["name", "public_key", "type", "user_id"] {
        for value in
            [json!(null), json!(1), json!(-1), json!(0.5), json!(true), json!([1, [2]]), json!({"a": {"b": 1}})]
        {
            let mut keypair = json!({"name": "demo", "public_key": LINE});
            keypair[field] = value;
            assert_eq!(shape(request(keypair, "2.10")), (field.to_owned(), ShapeError::NotAString));
        }
    }
}

#[test]
fn names_are_checked_by_the_alphabet_of_the_version() {
    let longest = "n".repeat(255);
    for good in ["a", "A-Z a-z 0-9 _ -", "0", "-", "a  b", &longest] {
        for at in ["2.0", "2.92"] {
            assert!(request(json!({"name": good, "public_key": LINE}), at).is_ok(), "{good:?}");
        }
    }
    for (bad, kind) in [
        ("", ErrorKind::Empty),
        (" ", ErrorKind::SurroundingSpace),
        (" a", ErrorKind::SurroundingSpace),
        ("a ", ErrorKind::SurroundingSpace),
        ("a/b", ErrorKind::InvalidCharacter),
        ("a\n", ErrorKind::InvalidCharacter),
        ("a\tb", ErrorKind::InvalidCharacter),
        ("é", ErrorKind::InvalidCharacter),
        ("a\0", ErrorKind::InvalidCharacter),
        (&(longest.clone() + "n"), ErrorKind::TooLong),
    ] {
        for at in ["2.0", "2.92"] {
            assert_eq!(invalid(request(json!({"name": bad, "public_key": LINE}), at)), ("name".to_owned(), kind));
        }
    }
    let email = json!({"keypair": {"name": "me@host.example", "public_key": LINE}});
    assert!(request_with(&email, "2.92", &Profile::nova()).is_ok());
    let refused = request_with(&email, "2.91", &Profile::nova());
    assert_eq!(invalid(refused), ("name".to_owned(), ErrorKind::InvalidCharacter));
    let wide = Profile::nova().with_name_alphabet(NameAlphabet::WithAtAndDot);
    assert!(request_with(&email, "2.0", &wide).is_ok());
}

#[test]
fn a_create_answers_with_the_private_key_and_an_import_without() {
    for (at, status, mut expected) in [
        ("2.0", 200, vec!["fingerprint", "name", "public_key", "user_id"]),
        ("2.1", 200, vec!["fingerprint", "name", "public_key", "user_id"]),
        ("2.2", 201, vec!["fingerprint", "name", "public_key", "type", "user_id"]),
        ("2.10", 201, vec!["fingerprint", "name", "public_key", "type", "user_id"]),
        ("2.92", 201, vec!["fingerprint", "name", "public_key", "type", "user_id"]),
    ] {
        let (imported_status, imported) = answer(json!({"name": "demo", "public_key": LINE}), at);
        assert_eq!(
            (imported_status, fields(&imported), fields(&imported["keypair"])),
            (status, vec!["keypair"], expected.clone())
        );
        assert_eq!(imported["keypair"]["public_key"], LINE);
        assert_eq!(imported["keypair"]["user_id"], "caller");
        if at == "2.92" {
            continue;
        }
        let (created_status, created) = answer(json!({"name": "demo"}), at);
        expected.push("private_key");
        expected.sort_unstable();
        assert_eq!((created_status, fields(&created["keypair"])), (status, expected));
        let text = |field: &str| created["keypair"][field].as_str().unwrap();
        assert!(text("private_key").starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
        let again = KeyPair::import("demo", text("public_key"), None, &Profile::documented()).unwrap();
        assert_eq!(again.fingerprint(), text("fingerprint"));
    }
}

#[test]
fn version_2_92_needs_a_public_key_and_never_gives_a_private_one() {
    let refused = request(json!({"name": "demo"}), "2.92");
    assert_eq!(shape(refused), ("public_key".to_owned(), ShapeError::Missing));
    let new = KeyPair::create("demo", None, &Profile::nova()).unwrap();
    let refused = Response::created(ApiVersion::V2_92, new).unwrap_err();
    assert_eq!(refused.to_string(), "version: not in this version of the API");
}

#[test]
fn a_public_key_that_is_there_but_empty_is_an_import() {
    let request = request(json!({"name": "demo", "public_key": ""}), "2.1").unwrap();
    assert!(request.is_import());
    let refused = request.answer("caller").unwrap_err();
    assert!(matches!(refused, Refusal::BadKey(error) if error.kind() == ErrorKind::MissingField));
}

#[test]
fn a_broken_key_is_a_bad_key_and_one_with_a_note_is_imported() {
    let import = |line: &str| request(json!({"name": "demo", "public_key": line}), "2.1").unwrap().answer("caller");
    let refused = import(include_str!("../data/weak/roca.pub")).unwrap_err();
    assert_eq!(refused.status(), 400);
    assert!(matches!(refused, Refusal::BadKey(error) if error.kind() == ErrorKind::Weak(Weakness::Roca)));
    assert!(import(include_str!("../data/rsa1024.pub")).is_ok());
}

#[test]
fn the_owner_is_the_user_that_the_request_names() {
    let (_, answer) = answer(json!({"name": "demo", "public_key": LINE, "user_id": "other"}), "2.10");
    assert_eq!(answer["keypair"]["user_id"], "other");
}

#[test]
fn every_refusal_has_its_status_and_novas_text() {
    let refused =
        |keypair: Value, at: &str, profile: &Profile| match request_with(&json!({ "keypair": keypair }), at, profile) {
            Ok(request) => request.answer("caller").unwrap_err(),
            Err(refusal) => refusal,
        };
    let nova = Profile::nova();
    let prefix = "Invalid input for field/attribute";
    let table = [
        (refused(json!({}), "2.1", &nova), "{}", format!("{prefix} name. Value: {{}}. 'name' is a required property")),
        (
            refused(json!({"name": "a", "type": "ssh"}), "2.1", &nova),
            "ssh",
            format!("{prefix} type. Value: ssh. Additional properties are not allowed ('type' was unexpected)"),
        ),
        (refused(json!({"name": 1}), "2.1", &nova), "1", format!("{prefix} name. Value: 1. 1 is not of type 'string'")),
        (refused(json!({"name": ""}), "2.1", &nova), "", format!("{prefix} name. Value: . '' is too short")),
        (
            refused(json!({"name": "a", "type": "dsa"}), "2.2", &nova),
            "dsa",
            format!("{prefix} type. Value: dsa. 'dsa' is not one of {TYPES}"),
        ),
        (
            refused(json!({"name": "a", "public_key": "x".repeat(1025)}), "2.1", &Profile::documented()),
            "x...",
            format!("{prefix} public_key. Value: (not shown). '(not shown)' is too long"),
        ),
        (
            refused(json!({"name": "a", "public_key": "ssh-rsa AAAA"}), "2.1", &nova),
            "ssh-rsa AAAA",
            "Keypair data is invalid: failed to generate fingerprint".to_owned(),
        ),
    ];
    for (refusal, value, text) in table {
        assert_eq!((refusal.status(), refusal.text(value)), (400, text));
    }
    assert_eq!((Refusal::QuotaExceeded.status(), Refusal::NameTaken.status()), (403, 409));
}

#[test]
fn a_pasted_private_key_is_said_to_be_one_and_not_shown() {
    let pem =
        KeyPair::create("demo", None, &Profile::nova()).unwrap().private_key.to_pkcs1_pem(LineEnding::LF).unwrap();
    assert!(pem.len() > 1024, "over the documented cap, too");
    for profile in [Profile::documented(), Profile::nova()] {
        for before in ["", "\u{feff}", " \n", "Bag Attributes\n    localKeyID: 01\n", "\"", "ssh-rsa ", "ssh-rsa AAAA "]
        {
            let body = json!({"keypair": {"name": "demo", "public_key": format!("{before}{}", *pem)}});
            let refusal = match request_with(&body, "2.1", &profile) {
                Ok(request) => request.answer("caller").unwrap_err(),
                Err(refusal) => refusal,
            };
            let Refusal::BadKey(error) = refusal else { panic!("{refusal}") };
            assert_eq!((error.kind(), error.offset()), (ErrorKind::PrivateKeyGiven, Some(before.len())));
            let shown = format!("{refusal} {refusal:?} {}", refusal.text(&pem));
            assert!(shown.contains("private key") && !shown.contains("MII"));
        }
    }
    for body in [json!(*pem), json!({ &**pem: 1 }), json!({"keypair": { &**pem: 1 }}), json!({"keypair": *pem})] {
        let parsed: RequestBody = serde_json::from_value(body).unwrap();
        let refusal = Request::new(&parsed, ApiVersion::V2_10, &Profile::nova()).unwrap_err();
        let shown = format!("{parsed:?} {refusal} {refusal:?} {}", refusal.text(""));
        assert!(!shown.contains("MII"), "{shown}");
    }
}

#[test]
fn an_empty_user_id_is_the_callers() {
    let (_, answer) = answer(json!({"name": "demo", "public_key": LINE, "user_id": ""}), "2.10");
    assert_eq!(answer["keypair"]["user_id"], "caller");
}

#[test]
fn the_fingerprint_of_an_import_is_that_of_ssh_keygen() {
    let (_, answer) = answer(json!({"name": "demo", "public_key": LINE}), "2.10");
    let printed = include_str!("../data/fingerprints.txt").lines().nth(2).unwrap();
    assert_eq!(printed, format!("2048 MD5:{} test key (RSA)", answer["keypair"]["fingerprint"].as_str().unwrap()));
}

#[test]
fn caps_and_floors_are_those_of_the_profile() {
    let long = LINE.trim_end().to_owned() + &"x".repeat(1024);
    let small = include_str!("../data/rsa1024.pub");
    let import =
        |line: &str, profile: &Profile| KeyPair::import("demo", line, None, profile).map_err(|error| error.kind());
    assert_eq!(import(&long, &Profile::documented()), Err(ErrorKind::TooLong));
    assert!(import(&long, &Profile::nova()).is_ok());
    assert!(import(&long[..1024], &Profile::documented()).is_ok());
    assert_eq!(import(&long[..1025], &Profile::documented()), Err(ErrorKind::TooLong));
    assert!(import(small, &Profile::documented()).is_ok());
    let from_2048 = Profile::documented().with_policy(Policy::strict().with_min_rsa_bits(2048));
    assert_eq!(import(small, &from_2048), Err(ErrorKind::KeyTooSmall));
    assert!(import(LINE, &from_2048).is_ok());
}

#[test]
fn debug_shows_no_secret() {
    let new = KeyPair::create("demo", None, &Profile::nova()).unwrap();
    let debug = format!("{new:?}");
    let pem = new.private_key.to_pkcs1_pem(LineEnding::LF).unwrap();
    let response = Response::created(ApiVersion::V2_0, new).unwrap();
    let debug = format!("{debug}{response:?}");
    assert!(!debug.contains("PRIVATE") && !debug.contains(&pem[40..60]));
    assert!(debug.contains("RsaPrivateKey { bits: 2048, .. }"));
    let body: RequestBody = serde_json::from_value(json!({"keypair": {"name": "x", "public_key": "MIIE"}})).unwrap();
    assert_eq!(format!("{body:?}"), "RequestBody { members: 2, .. }");
}

#[cfg(not(feature = "x509"))]
const TYPES: &str = "['ssh']";
#[cfg(feature = "x509")]
const TYPES: &str = "['ssh', 'x509']";

#[cfg(feature = "x509")]
mod x509 {
    use super::*;
    use ssh_keypair::keypair::KeyType;

    const PEM: &str = include_str!("../data/x509/rsa2048.pem");

    #[test]
    fn a_certificate_is_created_from_version_2_2_on_for_its_owner() {
        for (version, named, owner) in
            [("2.2", None, "caller"), ("2.10", Some("other"), "other"), ("2.91", Some(""), "caller")]
        {
            let mut keypair = json!({"name": "demo", "type": "x509"});
            if let Some(named) = named {
                keypair["user_id"] = named.into();
            }
            let (status, answer) = answer(keypair, version);
            let answer = &answer["keypair"];
            assert_eq!((status, &answer["type"]), (201, &json!("x509")));
            assert_eq!(answer["user_id"], owner);
            let certificate: ssh_keypair::x509::Certificate = answer["public_key"].as_str().unwrap().parse().unwrap();
            assert_eq!(answer["fingerprint"], certificate.sha1_fingerprint().colon_hex().to_string());
            assert!(answer["private_key"].as_str().unwrap().starts_with("MII"));
            let text = String::from_utf8_lossy(certificate.as_der()).into_owned();
            assert!(text.contains(&format!("{owner}@localhost")));
        }
        let refusal = request(json!({"name": "demo", "type": "x509"}), "2.1").unwrap_err();
        assert_eq!((refusal.field(), refusal.status()), (Some("type"), 400));
    }

    #[test]
    fn the_time_of_a_request_is_that_of_the_certificate() {
        let request = request(json!({"name": "demo", "type": "x509"}), "2.10").unwrap().with_time(1_600_000_000);
        assert_eq!(request.key_type(), KeyType::X509);
        let response = request.answer("me").unwrap();
        assert_eq!(response.key_pair().certificate().unwrap().not_before(), 1_600_000_000);
        let refusal = request.with_time(u64::MAX).answer("me").unwrap_err();
        assert!(matches!(refusal, Refusal::CreateFailed(error) if error.kind() == ErrorKind::ClockUnavailable));
        assert_eq!(refusal.status(), 500);
    }

    #[test]
    fn a_certificate_is_imported_as_it_is_and_without_the_cap() {
        assert!(PEM.len() > 1024);
        let body = json!({"keypair": {"name": "demo", "type": "x509", "public_key": PEM}});
        for (version, profile) in [("2.2", Profile::documented()), ("2.92", Profile::nova())] {
            let request = request_with(&body, version, &profile).unwrap();
            let response = request.answer("caller").unwrap();
            assert_eq!((response.status(), response.private_key()), (201, None));
            let answer = serde_json::to_value(&response).unwrap();
            assert_eq!((&answer["keypair"]["public_key"], &answer["keypair"]["type"]), (&json!(PEM), &json!("x509")));
        }
    }

    #[test]
    fn a_refusal_says_what_nova_says_and_why() {
        let refused = |public_key: &str| {
            let body = json!({"keypair": {"name": "demo", "type": "x509", "public_key": public_key}});
            request_with(&body, "2.10", &Profile::nova()).unwrap().answer("caller").unwrap_err()
        };
        let failed = "Keypair data is invalid: failed to generate X509 fingerprint. Error message: ";
        for (public_key, reason) in [
            (LINE.to_owned(), "public key, byte 0: no certificate"),
            (PEM[..100].to_owned(), "public key, byte 100: not framed as it must be"),
            (format!("{PEM}{PEM}"), "public key, byte 1099: more than one key"),
            (String::new(), "public key, byte 0: no certificate"),
        ] {
            let refusal = refused(&public_key);
            assert_eq!((refusal.status(), refusal.field()), (400, Some("public_key")));
            assert_eq!(refusal.text(""), format!("{failed}{reason}"));
            assert_eq!(refusal.to_string(), reason);
        }
        let private = include_str!("../data/private/rsa2048.pkcs1.pem");
        let refusal = refused(private);
        assert!(matches!(refusal, Refusal::BadCertificate(error) if error.kind() == ErrorKind::PrivateKeyGiven));
        assert!(!refusal.text(private).contains("MII"));

        let long = "x".repeat(65);
        let request = request(json!({"name": "demo", "type": "x509", "user_id": long}), "2.10").unwrap();
        let refusal = request.answer("caller").unwrap_err();
        assert_eq!((refusal.status(), refusal.field()), (400, Some("user_id")));
        let value = format!("Value: {long}. '{long}' is too long");
        assert_eq!(refusal.text(&long), format!("Invalid input for field/attribute user_id. {value}"));
        let refusal =
            super::request(json!({"name": "demo", "type": "x509"}), "2.10").unwrap().answer("a\nb").unwrap_err();
        assert!(refusal.text("a").ends_with("It holds a line break or another control character"));
    }
}

//! The request and the response, version by version, and every error.
#![cfg(feature = "serde")]

use crate::support::rng::TestRng;
use core::error::Error as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ssh_keypair::audit::Weakness;
use ssh_keypair::keypair::{ImportPolicy, NameAlphabet, Profile, Record, UserId};
use ssh_keypair::os_keypairs::{ApiVersion, FieldError, Request, RequestBody, RequestError, Response};
use ssh_keypair::{ErrorKind, PublicKey};

const LINE: &str = include_str!("../data/rsa2048.pub");

fn version(text: &str) -> ApiVersion {
    text.parse().unwrap()
}

fn request_with(body: &Value, at: &str, profile: &Profile) -> Result<Request, RequestError> {
    let body: RequestBody = serde_json::from_str(&body.to_string()).unwrap();
    Request::new(&body, version(at), profile)
}

fn request(keypair: Value, at: &str) -> Result<Request, RequestError> {
    request_with(&json!({ "keypair": keypair }), at, &Profile::nova())
}

/// The field and the reason of an invalid field.
fn shape(result: Result<Request, RequestError>) -> (String, FieldError) {
    match result {
        Err(RequestError::InvalidField { field, error }) => (field.into_owned(), error),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("accepted"),
    }
}

fn invalid(result: Result<Request, RequestError>) -> (String, ErrorKind) {
    match shape(result) {
        (field, FieldError::Invalid(error)) => (field, error.kind()),
        (field, error) => panic!("{field}: {error:?}"),
    }
}

fn answer(keypair: Value, at: &str) -> (u16, Value) {
    let response =
        request_with(&json!({ "keypair": keypair }), at, &Profile::documented()).unwrap().answer(&caller()).unwrap();
    (response.status(), serde_json::to_value(&response).unwrap())
}

fn import(line: &str, profile: &Profile) -> Result<Record, ssh_keypair::Error> {
    Record::import("demo".parse().unwrap(), line, None, profile)
}

fn caller() -> UserId {
    "caller".parse().unwrap()
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
            assert_eq!(shape(refused), (field.to_owned(), FieldError::Unknown), "{at}");
        }
        for at in since {
            assert!(request(json!({"name": "demo", "public_key": LINE, field: value}), at).is_ok(), "{at}");
        }
    }
    for at in ["2.0", "2.2", "2.10", "2.92"] {
        let refused = request(json!({"name": "demo", "public_key": LINE, "private_key": ""}), at);
        assert_eq!(shape(refused), ("private_key".to_owned(), FieldError::Unknown));
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
        (json!({}), "keypair", FieldError::Missing),
        (json!([{"keypair": {}}]), "(the body)", FieldError::NotAnObject),
        (json!("keypair"), "(the body)", FieldError::NotAnObject),
        (json!(null), "(the body)", FieldError::NotAnObject),
        (json!(1), "(the body)", FieldError::NotAnObject),
        (json!({"keypair": []}), "keypair", FieldError::NotAnObject),
        (json!({"keypair": [{"name": "demo"}]}), "keypair", FieldError::NotAnObject),
        (json!({"keypair": "demo"}), "keypair", FieldError::NotAnObject),
        (json!({"keypair": null}), "keypair", FieldError::NotAnObject),
        (json!({"keypair": 1.5}), "keypair", FieldError::NotAnObject),
        (json!({"keypair": {}, "server": {}}), "server", FieldError::Unknown),
        (json!({"server": {"name": [1, {"a": null}]}}), "server", FieldError::Unknown),
        (json!({"keypair": {}}), "name", FieldError::Missing),
    ] {
        assert_eq!(shape(request_with(&body, "2.10", &profile)), (field.to_owned(), error), "{body}");
    }
    for no_json in ["{", "", "{}{}", "{\"keypair\": {\"name\": }}"] {
        assert!(serde_json::from_str::<RequestBody>(no_json).is_err());
    }
    let twice: RequestBody = serde_json::from_str(r#"{"keypair": {"name": "a", "name": "b"}}"#).unwrap();
    let refused = Request::new(&twice, ApiVersion::V2_0, &profile);
    assert_eq!(shape(refused), ("name".to_owned(), FieldError::Duplicate));
    let twice: RequestBody = serde_json::from_str(r#"{"keypair": {"name": "a"}, "keypair": {"name": "b"}}"#).unwrap();
    assert_eq!(shape(Request::new(&twice, ApiVersion::V2_0, &profile)), ("keypair".to_owned(), FieldError::Duplicate));
}

#[test]
fn values_that_are_not_strings_are_rejected_by_field() {
    for field in ["name", "public_key", "type", "user_id"] {
        for value in
            [json!(null), json!(1), json!(-1), json!(0.5), json!(true), json!([1, [2]]), json!({"a": {"b": 1}})]
        {
            let mut keypair = json!({"name": "demo", "public_key": LINE});
            keypair[field] = value;
            assert_eq!(shape(request(keypair, "2.10")), (field.to_owned(), FieldError::NotAString));
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
        let again = import(text("public_key"), &Profile::documented()).unwrap();
        assert_eq!(again.fingerprint_colon_hex(), text("fingerprint"));
    }
}

#[test]
fn version_2_92_needs_a_public_key_and_never_gives_a_private_one() {
    let refused = request(json!({"name": "demo"}), "2.92");
    assert_eq!(shape(refused), ("public_key".to_owned(), FieldError::Missing));
    let new = Record::create("demo".parse().unwrap(), None, &Profile::nova()).unwrap();
    let refused = Response::created(ApiVersion::V2_92, new).unwrap_err();
    assert_eq!(refused.to_string(), "version: not supported by this version of the API");
}

#[test]
fn a_public_key_that_is_there_but_empty_is_an_import() {
    let request = request(json!({"name": "demo", "public_key": ""}), "2.1").unwrap();
    assert!(request.is_import());
    let refused = request.answer(&caller()).unwrap_err();
    assert!(matches!(refused, RequestError::BadKey(error) if error.kind() == ErrorKind::MissingField));
}

#[test]
fn a_broken_key_is_a_bad_key_and_one_with_a_note_is_imported() {
    let import = |line: &str| request(json!({"name": "demo", "public_key": line}), "2.1").unwrap().answer(&caller());
    let refused = import(include_str!("../data/weak/roca.pub")).unwrap_err();
    assert_eq!(refused.status(), 400);
    assert!(matches!(refused, RequestError::BadKey(error) if error.kind() == ErrorKind::Weak(Weakness::Roca)));
    assert!(import(include_str!("../data/rsa1024.pub")).is_ok());
}

#[test]
fn the_owner_is_the_user_that_the_request_names() {
    let (_, answer) = answer(json!({"name": "demo", "public_key": LINE, "user_id": "other"}), "2.10");
    assert_eq!(answer["keypair"]["user_id"], "other");
}

/// The error of a request, or of its response.
fn rejected(keypair: Value, at: &str, profile: &Profile) -> RequestError {
    match request_with(&json!({ "keypair": keypair }), at, profile) {
        Ok(request) => request.answer(&caller()).unwrap_err(),
        Err(error) => error,
    }
}

#[test]
fn every_error_has_its_status_and_its_message_and_novas_sentence_if_there_is_one() {
    let nova = Profile::nova();
    let long = "x".repeat(1025);
    let bad_key = "Keypair data is invalid: failed to generate fingerprint";
    for (error, shown, message) in [
        (rejected(json!({}), "2.1", &nova), "name: required, but missing", "name: required, but missing"),
        (
            rejected(json!({"name": "a", "type": "ssh"}), "2.1", &nova),
            "type: not a field of this version",
            "type: not a field of this version",
        ),
        (rejected(json!({"name": 1}), "2.1", &nova), "name: not a string", "name: not a string"),
        (rejected(json!({"name": ""}), "2.1", &nova), "name: not a valid value", "name, byte 0: must not be empty"),
        (
            rejected(json!({"name": "a", "type": "dsa"}), "2.2", &nova),
            "type: not a valid value",
            "type: this type of key is not supported here",
        ),
        (
            rejected(json!({"name": "a", "public_key": long}), "2.1", &Profile::documented()),
            "public_key: not a valid value",
            "public key, byte 1024: longer than the limit",
        ),
        (
            rejected(json!({"name": "a", "public_key": "ssh-rsa AAAA"}), "2.1", &nova),
            bad_key,
            &format!("{bad_key}. Error message: {}", "ssh-rsa AAAA".parse::<PublicKey>().unwrap_err()),
        ),
    ] {
        assert_eq!((error.status(), error.to_string(), error.message()), (400, shown.into(), message.into()));
        // The reason is in the message, and not in the displayed sentence.
        let reason = error.source().map(ToString::to_string);
        assert!(reason.is_none_or(|reason| message.ends_with(&reason) && !shown.contains(&reason)));
    }
    let (quota, taken) = (RequestError::QuotaExceeded, RequestError::NameTaken);
    assert_eq!((quota.status(), quota.message().as_str()), (403, "Quota exceeded, too many key pairs."));
    assert_eq!((taken.status(), taken.message().as_str()), (409, "A key pair with this name already exists."));
    assert!(quota.source().is_none() && taken.source().is_none());
}

#[test]
fn no_error_repeats_a_value_of_the_request() {
    let marker = "marker of the value";
    for (keypair, at) in [
        (json!({"name": format!("{marker}/")}), "2.92"),
        (json!({"name": "a", "type": marker}), "2.10"),
        (json!({"name": "a", "user_id": format!("{marker}\n")}), "2.10"),
        (json!({"name": "a", "user_id": marker.repeat(20)}), "2.10"),
        (json!({"name": "a", "public_key": marker}), "2.10"),
        (json!({"name": "a", "public_key": format!("ssh-rsa AAAA {marker}")}), "2.10"),
        (json!({"name": "a", "public_key": marker.repeat(99)}), "2.10"),
        (json!({"name": "a", "public_key": marker, "type": "x509"}), "2.10"),
        (json!({"name": "a", "colour": marker}), "2.10"),
        (json!({"name": [marker]}), "2.10"),
        (json!({"name": "a", marker: "a"}), "2.10"),
        (json!(marker), "2.10"),
    ] {
        let error = rejected(keypair.clone(), at, &Profile::documented());
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        let shown = format!("{error} {error:?} {} {source}", error.message());
        assert!(!shown.contains("marker"), "{keypair}: {shown}");
    }
}

#[test]
fn a_user_id_is_checked_as_a_field_of_the_request() {
    for (id, kind) in [("a\nb", ErrorKind::InvalidCharacter), (&*"x".repeat(256), ErrorKind::TooLong)] {
        let request = request(json!({"name": "demo", "public_key": LINE, "user_id": id}), "2.10");
        assert_eq!(invalid(request), ("user_id".to_owned(), kind));
    }
    let id = "Jürgen, O=Example/CN=admin ";
    let (_, answer) = answer(json!({"name": "demo", "public_key": LINE, "user_id": id}), "2.10");
    assert_eq!(answer["keypair"]["user_id"], id);
}

#[test]
fn a_pasted_private_key_is_said_to_be_one_and_not_shown() {
    let created = Record::create("demo".parse().unwrap(), None, &Profile::nova()).unwrap();
    let pem = created.private_key_for_response().unwrap();
    assert!(pem.len() > 1024, "over the documented cap, too");
    for profile in [Profile::documented(), Profile::nova()] {
        for before in ["", "\u{feff}", " \n", "Bag Attributes\n    localKeyID: 01\n", "\"", "ssh-rsa ", "ssh-rsa AAAA "]
        {
            let body = json!({"keypair": {"name": "demo", "public_key": format!("{before}{}", *pem)}});
            let refusal = match request_with(&body, "2.1", &profile) {
                Ok(request) => request.answer(&caller()).unwrap_err(),
                Err(refusal) => refusal,
            };
            let RequestError::BadKey(error) = refusal else { panic!("{refusal}") };
            assert_eq!((error.kind(), error.offset()), (ErrorKind::PrivateKeyGiven, Some(before.len())));
            let shown = format!("{refusal} {refusal:?} {}", refusal.message());
            assert!(shown.contains("private key") && !shown.contains("MII"));
        }
    }
    for body in [json!(*pem), json!({ &**pem: 1 }), json!({"keypair": { &**pem: 1 }}), json!({"keypair": *pem})] {
        let parsed: RequestBody = serde_json::from_value(body).unwrap();
        let refusal = Request::new(&parsed, ApiVersion::V2_10, &Profile::nova()).unwrap_err();
        let shown = format!("{parsed:?} {refusal} {refusal:?} {}", refusal.message());
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
    let import = |line: &str, profile: &Profile| import(line, profile).map_err(|error| error.kind());
    assert_eq!(import(&long, &Profile::documented()), Err(ErrorKind::TooLong));
    assert!(import(&long, &Profile::nova()).is_ok());
    assert!(import(&long[..1024], &Profile::documented()).is_ok());
    assert_eq!(import(&long[..1025], &Profile::documented()), Err(ErrorKind::TooLong));
    assert!(import(small, &Profile::documented()).is_ok());
    let from_2048 = Profile::documented().with_policy(ImportPolicy::new().with_min_rsa_bits(2048));
    assert_eq!(import(small, &from_2048), Err(ErrorKind::KeyTooSmall));
    assert!(import(LINE, &from_2048).is_ok());
}

#[test]
fn debug_shows_no_secret() {
    let new = Record::create("demo".parse().unwrap(), None, &Profile::nova()).unwrap();
    let debug = format!("{new:?}");
    let pem = new.private_key_for_response().unwrap();
    let response = Response::created(ApiVersion::V2_0, new).unwrap();
    let debug = format!("{debug}{response:?}");
    assert!(!debug.contains("PRIVATE") && !debug.contains(&pem[40..60]));
    assert!(debug.contains("PrivateKey { type: \"ssh-rsa\", comment: \"Generated-by-Nova\", .. }"));
    let body: RequestBody = serde_json::from_value(json!({"keypair": {"name": "x", "public_key": "MIIE"}})).unwrap();
    assert_eq!(format!("{body:?}"), "RequestBody { members: 2, .. }");
}

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
        let request =
            request(json!({"name": "demo", "type": "x509"}), "2.10").unwrap().with_unix_time_seconds(1_600_000_000);
        assert_eq!(request.key_type(), KeyType::X509);
        let response = request.answer(&caller()).unwrap();
        assert_eq!(response.record().certificate().unwrap().not_before_seconds(), 1_600_000_000);
        let refusal = request.with_unix_time_seconds(u64::MAX).answer(&caller()).unwrap_err();
        assert!(matches!(refusal, RequestError::CreateFailed(error) if error.kind() == ErrorKind::ClockUnavailable));
        assert_eq!(refusal.status(), 500);
    }

    #[test]
    fn a_certificate_is_imported_as_it_is_and_without_the_cap() {
        assert!(PEM.len() > 1024);
        let body = json!({"keypair": {"name": "demo", "type": "x509", "public_key": PEM}});
        for (version, profile) in [("2.2", Profile::documented()), ("2.92", Profile::nova())] {
            let request = request_with(&body, version, &profile).unwrap();
            let response = request.answer(&caller()).unwrap();
            assert_eq!((response.status(), response.private_key()), (201, None));
            let answer = serde_json::to_value(&response).unwrap();
            assert_eq!((&answer["keypair"]["public_key"], &answer["keypair"]["type"]), (&json!(PEM), &json!("x509")));
        }
    }

    #[test]
    fn a_refusal_says_what_nova_says_and_why() {
        let refused = |public_key: &str| {
            let body = json!({"keypair": {"name": "demo", "type": "x509", "public_key": public_key}});
            request_with(&body, "2.10", &Profile::nova()).unwrap().answer(&caller()).unwrap_err()
        };
        let failed = "Keypair data is invalid: failed to generate X509 fingerprint. Error message: ";
        for (public_key, reason) in [
            (LINE.to_owned(), "public key, byte 0: expected a certificate"),
            (
                PEM[..100].to_owned(),
                "public key, byte 100: expected a BEGIN line, base64 and the matching END line, and nothing else",
            ),
            (format!("{PEM}{PEM}"), "public key, byte 1099: expected exactly one key, found more than one"),
            (String::new(), "public key, byte 0: expected a certificate"),
        ] {
            let refusal = refused(&public_key);
            assert_eq!((refusal.status(), refusal.field()), (400, Some("public_key")));
            assert_eq!(refusal.message(), format!("{failed}{reason}"));
            assert_eq!(refusal.source().unwrap().to_string(), reason);
        }
        let private = include_str!("../data/private/rsa2048.pkcs1.pem");
        let refusal = refused(private);
        assert!(matches!(refusal, RequestError::BadCertificate(error) if error.kind() == ErrorKind::PrivateKeyGiven));
        assert!(!refusal.message().contains("MII"));

        let long = "x".repeat(65);
        let request = request(json!({"name": "demo", "type": "x509", "user_id": long}), "2.10").unwrap();
        let refusal = request.answer(&caller()).unwrap_err();
        assert_eq!((refusal.status(), refusal.field()), (400, Some("user_id")));
        assert_eq!(refusal.message(), "user id, byte 64: longer than the limit");
        // The same for the caller's id.
        let caller: UserId = "x".repeat(65).parse().unwrap();
        let request = super::request(json!({"name": "demo", "type": "x509"}), "2.10").unwrap();
        assert_eq!(request.answer(&caller).unwrap_err(), refusal);
    }
}

#[test]
fn a_body_without_json_is_the_same_request_and_its_key_comes_of_the_generator() {
    let members = RequestBody::from_members([("name", "demo"), ("user_id", "6fc0d2cb")]);
    let request = Request::new(&members, version("2.10"), &Profile::nova()).unwrap();
    let same = self::request(json!({ "name": "demo", "user_id": "6fc0d2cb" }), "2.10").unwrap();
    assert_eq!((request.name(), request.user_id()), (same.name(), same.user_id()));
    assert!(!request.is_import());
    // Bytes from a sound generator, and no other source.
    let rng = || TestRng::new(|at| Sha256::digest((at / 32).to_be_bytes()).get((at % 32) as usize).copied());
    let [one, other] = [request, same].map(|request| request.answer_with(&caller(), &mut rng()).unwrap());
    assert_eq!(one.private_key(), other.private_key());
    assert!(one.private_key().is_some());
    let record = one.into_record();
    assert_eq!(&record, other.record());
    assert_eq!(record.user_id().map(UserId::as_str), Some("6fc0d2cb"));
    let broken = self::request(json!({ "name": "demo" }), "2.0").unwrap();
    assert!(matches!(broken.answer_with(&caller(), &mut TestRng::broken()), Err(RequestError::CreateFailed(_))));
}

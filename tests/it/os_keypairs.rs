//! The request and the response, version by version, and every error.
#![cfg(feature = "serde")]

use crate::support::rng::TestRng;
use core::error::Error as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ssh_keypair::audit::Weakness;
use ssh_keypair::keypair::{ImportPolicy, NameAlphabet, Profile, Record, UserId};
use ssh_keypair::os_keypairs::{
    Action, ApiVersion, BaseUrl, Call, Caller, FieldError, Query, Request, RequestBody, RequestError, Response,
    ShowResponse,
};
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

fn user() -> UserId {
    "caller".parse().unwrap()
}

/// A caller who may name other owners.
fn caller() -> Caller {
    Caller::new(user(), "p1", "admin")
}

fn fields(value: &Value) -> Vec<&str> {
    let mut fields: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    fields
}

#[test]
fn versions_are_those_from_2_0_to_2_104() {
    for minor in 0..=104 {
        assert_eq!(version(&format!("2.{minor}")).to_string(), format!("2.{minor}"));
    }
    let bad = [
        "2.105", "2", "2.", ".1", "1.0", "3.0", "2.1.1", "2.01", "2.-1", "2.+1", "2. 1", "latest", "", "2.300", "02.1",
    ];
    for bad in bad.into_iter().chain(["2.340282366920938463463374607431768211457"]) {
        assert_eq!(bad.parse::<ApiVersion>().unwrap_err().kind(), ErrorKind::UnsupportedVersion, "{bad:?}");
    }
    assert!(version("2.9") < version("2.10") && version("2.92") == ApiVersion::V2_92);
    assert_eq!(version("2.104"), ApiVersion::LATEST);
}

#[test]
fn each_version_knows_its_fields() {
    let table = [
        ("type", json!("ssh"), ["2.1", "2.1"], ["2.2", "2.104"]),
        ("user_id", json!("somebody"), ["2.1", "2.9"], ["2.10", "2.104"]),
    ];
    for (field, value, before, since) in table {
        for at in before {
            let rejected = request(json!({"name": "demo", "public_key": LINE, field: value}), at);
            assert_eq!(shape(rejected), (field.to_owned(), FieldError::Unknown), "{at}");
        }
        for at in since {
            assert!(request(json!({"name": "demo", "public_key": LINE, field: value}), at).is_ok(), "{at}");
        }
    }
    for at in ["2.1", "2.2", "2.10", "2.92", "2.93"] {
        let rejected = request(json!({"name": "demo", "public_key": LINE, "private_key": ""}), at);
        assert_eq!(shape(rejected), ("private_key".to_owned(), FieldError::Unknown));
    }
}

#[test]
fn version_2_0_ignores_unknown_fields_and_strips_any_printable_name() {
    let body =
        json!({"keypair": {"name": "demo", "public_key": LINE, "type": 7, "user_id": "other", "x": [1]}, "x": 1});
    let request = request_with(&body, "2.0", &Profile::nova()).unwrap();
    assert_eq!((request.user_id(), request.is_import()), (None, true));
    assert_eq!(request.answer(&caller()).unwrap().record().user_id(), Some(&user()));
    assert_eq!(shape(request_with(&body, "2.1", &Profile::nova())), ("x".to_owned(), FieldError::Unknown));
    // Duplicates and wrong nestings are errors in every version.
    for (body, field, error) in [
        (json!({"x": 1}), "keypair", FieldError::Missing),
        (json!({"keypair": 1, "x": 1}), "keypair", FieldError::NotAnObject),
        (json!({"keypair": {"x": 1}}), "name", FieldError::Missing),
    ] {
        assert_eq!(shape(request_with(&body, "2.0", &Profile::nova())), (field.to_owned(), error));
    }
    for twice in
        [r#"{"keypair": {"name": "a", "name": "b"}}"#, r#"{"keypair": {"name": "a"}, "keypair": {"name": "b"}}"#]
    {
        let body: RequestBody = serde_json::from_str(twice).unwrap();
        assert_eq!(shape(Request::new(&body, ApiVersion::V2_0, &Profile::nova())).1, FieldError::Duplicate);
    }
    let longest = "漢".repeat(255);
    for (given, name) in
        [("a/b: 'c\"\\", "a/b: 'c\"\\"), ("  ä 漢字 ", "ä 漢字"), ("\u{a0}a\u{a0}b", "a\u{a0}b"), (&*longest, &longest)]
    {
        let request = self::request(json!({"name": given, "public_key": LINE}), "2.0").unwrap();
        assert_eq!(request.name().as_str(), name);
        // It is stored and loaded.
        let record = request.answer(&caller()).unwrap().into_record();
        assert_eq!(serde_json::from_str::<Record>(&serde_json::to_string(&record).unwrap()).unwrap(), record);
        assert!(self::request(json!({"name": given, "public_key": LINE}), "2.1").is_err());
    }
    for (bad, kind) in [
        ("", ErrorKind::Empty),
        (" \u{3000}", ErrorKind::Empty),
        ("a\tb", ErrorKind::InvalidCharacter),
        ("a\n", ErrorKind::InvalidCharacter),
        ("a\u{7f}", ErrorKind::InvalidCharacter),
        ("a\u{85}b", ErrorKind::InvalidCharacter),
        ("a\u{ad}b", ErrorKind::InvalidCharacter),
        ("a\u{200b}", ErrorKind::InvalidCharacter),
        ("a\u{2028}b", ErrorKind::InvalidCharacter),
        ("a\u{202e}b", ErrorKind::InvalidCharacter),
        ("a\u{e000}", ErrorKind::InvalidCharacter),
        ("\u{feff}a", ErrorKind::InvalidCharacter),
        ("\u{1f511}", ErrorKind::InvalidCharacter),
        (&(longest.clone() + " "), ErrorKind::TooLong),
    ] {
        let rejected = self::request(json!({"name": bad, "public_key": LINE}), "2.0");
        assert_eq!(invalid(rejected), ("name".to_owned(), kind), "{bad:?}");
    }
}

#[test]
fn what_is_no_field_name_is_not_repeated() {
    for name in ["-----BEGIN RSA PRIVATE KEY-----", "a b", "", "ü", &"x".repeat(33)] {
        let rejected = request(json!({"name": "demo", name: 1}), "2.10").unwrap_err();
        assert_eq!(rejected.field(), Some("(not a field name)"));
    }
    let rejected = request(json!({"name": "demo", "OS-EXT:thing": 1}), "2.10").unwrap_err();
    assert_eq!(rejected.to_string(), "OS-EXT:thing: not a field of this version");
}

#[test]
fn the_nesting_is_checked() {
    let profile = Profile::nova();
    for (body, field, error) in [
        (json!({}), "keypair", FieldError::Missing),
        (json!([{"keypair": {}}]), "body", FieldError::NotAnObject),
        (json!("keypair"), "body", FieldError::NotAnObject),
        (json!(null), "body", FieldError::NotAnObject),
        (json!(1), "body", FieldError::NotAnObject),
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
    let rejected = Request::new(&twice, ApiVersion::V2_0, &profile);
    assert_eq!(shape(rejected), ("name".to_owned(), FieldError::Duplicate));
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
        for at in ["2.0", "2.1", "2.92"] {
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
        for at in ["2.1", "2.92"] {
            assert_eq!(invalid(request(json!({"name": bad, "public_key": LINE}), at)), ("name".to_owned(), kind));
        }
    }
    let email = json!({"keypair": {"name": "me@host.example", "public_key": LINE}});
    assert!(request_with(&email, "2.92", &Profile::nova()).is_ok());
    let rejected = request_with(&email, "2.91", &Profile::nova());
    assert_eq!(invalid(rejected), ("name".to_owned(), ErrorKind::InvalidCharacter));
    let wide = Profile::nova().with_name_alphabet(NameAlphabet::WithAtAndDot);
    assert!(request_with(&email, "2.1", &wide).is_ok());
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
fn versions_from_2_92_on_need_a_public_key_and_never_give_a_private_one() {
    for at in ["2.92", "2.93", "2.104"] {
        let rejected = request(json!({"name": "demo"}), at);
        assert_eq!(shape(rejected), ("public_key".to_owned(), FieldError::Missing));
        let new = Record::create("demo".parse().unwrap(), None, &Profile::nova()).unwrap();
        let rejected = Response::created(version(at), new).unwrap_err();
        assert_eq!(rejected.to_string(), "version: not supported by this version of the API");
        assert!(request(json!({"name": "a.b@c", "public_key": LINE}), at).is_ok());
    }
}

#[test]
fn a_public_key_that_is_there_but_empty_is_an_import() {
    let request = request(json!({"name": "demo", "public_key": ""}), "2.1").unwrap();
    assert!(request.is_import());
    let rejected = request.answer(&caller()).unwrap_err();
    assert!(matches!(rejected, RequestError::BadKey(error) if error.kind() == ErrorKind::Empty));
}

#[test]
fn a_broken_key_is_a_bad_key_and_one_with_a_note_is_imported() {
    let import = |line: &str| request(json!({"name": "demo", "public_key": line}), "2.1").unwrap().answer(&caller());
    let rejected = import(include_str!("../data/weak/roca.pub")).unwrap_err();
    assert_eq!(rejected.status(), 400);
    assert!(matches!(rejected, RequestError::BadKey(error) if error.kind() == ErrorKind::Weak(Weakness::Roca)));
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
            "public key, byte 1024: longer than the limit (found 1025 bytes, expected at most 1024)",
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
}

#[test]
fn every_error_of_a_service_has_novas_envelope() {
    let taken = RequestError::NameTaken("my laptop".parse().unwrap());
    for (error, status, fault, message) in [
        (RequestError::NotJson, 400, "badRequest", "Malformed request body"),
        (
            RequestError::InvalidVersion,
            400,
            "badRequest",
            "expected a version of the API: two numbers, such as 2.1, or \"latest\"",
        ),
        (RequestError::OtherProject, 400, "badRequest", "the project in the path is not the caller's"),
        (RequestError::marker_not_found(), 400, "badRequest", "marker: not the name of a key pair of this user"),
        (RequestError::Unauthorized, 401, "unauthorized", "not authenticated; send a valid token"),
        (RequestError::QuotaExceeded, 403, "forbidden", "Quota exceeded, too many key pairs."),
        (RequestError::OtherUser, 403, "forbidden", "only an administrator may use the key pairs of another user"),
        (RequestError::not_found("a/b", &user()), 404, "itemNotFound", "Keypair a/b not found for user caller"),
        (RequestError::NoSuchResource, 404, "itemNotFound", "The resource could not be found."),
        (
            RequestError::UnsupportedVersion,
            406,
            "computeFault",
            "this version of the API is not supported; expected one from 2.1 to 2.104",
        ),
        (RequestError::TimedOut, 408, "computeFault", "the request was not received in time"),
        (taken, 409, "conflictingRequest", "Key pair 'my laptop' already exists."),
        (RequestError::BodyTooLarge, 413, "overLimit", "the body of the request is longer than the limit"),
        (RequestError::NotJsonType, 415, "badMediaType", "Unsupported Content-Type"),
        (
            RequestError::Unavailable,
            503,
            "serviceUnavailable",
            "the service is not available at the moment; try again later",
        ),
    ] {
        assert_eq!((error.status(), error.fault_name(), error.message().as_str()), (status, fault, message));
        let body = json!({ fault: {"code": status, "message": message} });
        assert_eq!(serde_json::to_value(&error).unwrap(), body);
        assert!(error.source().is_none());
    }
    // Not valid as a name, which may therefore be anything.
    for name in ["a\nb", "\u{1f511}", &"x".repeat(256), ""] {
        let message = RequestError::not_found(name, &user()).message();
        assert_eq!(message, "Keypair (not a valid name) not found for user caller");
    }
    // The reason why no key could be created is for the log.
    let broken =
        request(json!({"name": "demo"}), "2.1").unwrap().answer_with(&caller(), &mut TestRng::broken()).unwrap_err();
    let message = json!({"computeFault": {"code": 500, "message": "the key pair could not be created"}});
    assert_eq!((serde_json::to_value(&broken).unwrap(), broken.source().is_some()), (message, true));
}

#[test]
fn the_version_of_a_request_is_in_either_header() {
    let of = |path: &str, headers: &[(&str, &str)]| {
        ApiVersion::from_request(path, headers.iter().copied())
            .map(|version| version.to_string())
            .map_err(|e| e.status())
    };
    let (new, old) = ("OpenStack-API-Version", "X-OpenStack-Nova-API-Version");
    for (headers, version) in [
        (&[][..], Ok("2.1")),
        (&[(new, "compute 2.10")], Ok("2.10")),
        (&[("openstack-api-version", "Compute \t 2.10 ")], Ok("2.10")),
        (&[(new, "compute 2.10, compute 2.35")], Ok("2.35")),
        (&[(new, "compute 2.10,identity 3.1")], Ok("2.10")),
        (&[(new, "compute 2.10"), (new, "compute 2.35")], Ok("2.35")),
        (&[(new, "compute 2.10"), (new, "identity 3.1")], Ok("2.10")),
        (&[(old, "2.10")], Ok("2.10")),
        (&[(old, "2.1, 2.10")], Ok("2.10")),
        (&[(old, "2.1"), (old, "2.35")], Ok("2.35")),
        (&[(old, "2.35"), (new, "compute 2.10")], Ok("2.10")),
        (&[(new, "identity 3.1"), (old, "2.10")], Ok("2.10")),
        (&[(new, "compute latest")], Ok("2.104")),
        (&[(old, "latest")], Ok("2.104")),
        (&[(new, "compute")], Ok("2.1")),
        (&[(new, "2.10")], Ok("2.1")),
        (&[("Accept", "compute 2.10")], Ok("2.1")),
        (&[(new, "compute 2.92")], Ok("2.92")),
        (&[(new, "compute 2.93")], Ok("2.93")),
        (&[(new, "compute 2.104")], Ok("2.104")),
        (&[(new, "compute 2.105")], Err(406)),
        (&[(new, "compute 2.0")], Err(406)),
        (&[(new, "compute 1.1")], Err(406)),
        (&[(new, "compute 3.1")], Err(406)),
        (&[(new, "compute 2.99999999999999999999999")], Err(406)),
        (&[(new, "compute x")], Err(400)),
        (&[(new, "compute Latest")], Err(400)),
        (&[(new, "compute 2.01")], Err(400)),
        (&[(new, "compute 0.1")], Err(400)),
        (&[(new, "compute 2")], Err(400)),
        (&[(new, "compute 2.10 x")], Err(400)),
        (&[(old, "")], Err(400)),
    ] {
        assert_eq!(of("/v2.1/os-keypairs", headers), version.map(str::to_owned), "{headers:?}");
        assert_eq!(of("/v2.1", headers), version.map(str::to_owned));
        for unversioned in ["/", "/v2", "/v2/", "/v2/os-keypairs", "/v2.10/os-keypairs"] {
            assert_eq!(of(unversioned, headers), Ok("2.0".to_owned()));
        }
    }
    assert_eq!(
        version("2.93").response_headers(),
        [
            ("OpenStack-API-Version", "compute 2.93".to_owned()),
            ("X-OpenStack-Nova-API-Version", "2.93".to_owned()),
            ("Vary", "OpenStack-API-Version, X-OpenStack-Nova-API-Version".to_owned()),
        ]
    );
    assert!(ApiVersion::V2_0.response_headers().is_empty());
}

#[test]
fn a_call_is_found_by_its_method_and_path() {
    let call = |method: &str, path: &str| Call::new(method, path, "", ApiVersion::V2_10);
    let (show, delete) = (|name: &str| Action::Show(name.into()), |name: &str| Action::Delete(name.into()));
    for (method, path, action) in [
        ("GET", "/", Action::Versions),
        ("GET", "/v2.1", Action::Versions),
        ("GET", "/v2.1/", Action::Versions),
        ("GET", "/v2/", Action::Versions),
        ("GET", "/v2.1/os-keypairs", Action::List),
        ("GET", "/v2.1/p1/os-keypairs", Action::List),
        ("POST", "/v2/os-keypairs", Action::Create),
        ("POST", "/v2.1/p1/os-keypairs", Action::Create),
        ("GET", "/v2.1/os-keypairs/demo", show("demo")),
        ("GET", "/v2.1/os-keypairs/os-keypairs", show("os-keypairs")),
        ("GET", "/v2/p1/os-keypairs/my%20laptop", show("my laptop")),
        ("DELETE", "/v2.1/os-keypairs/a+b%2Fc%zz", delete("a+b/c%zz")),
        ("DELETE", "/v2.1/p1/os-keypairs/%E6%BC%A2", delete("漢")),
    ] {
        assert_eq!(call(method, path).unwrap().action(), &action, "{method} {path}");
    }
    for (method, path) in [
        ("POST", "/"),
        ("POST", "/v2.1/"),
        ("GET", ""),
        ("GET", "v2.1"),
        ("GET", "//os-keypairs"),
        ("GET", "/v3/"),
        ("GET", "/v2.1/servers"),
        ("GET", "/v2.1/os-keypairs/"),
        ("GET", "/v2.1//os-keypairs"),
        ("GET", "/v2.1/os-keypairs/a/b"),
        ("GET", "/v2.1/p1/os-keypairs/a/b"),
        ("GET", "/v2.1/os-keypairs/%ff"),
        ("PUT", "/v2.1/os-keypairs/demo"),
        ("DELETE", "/v2.1/os-keypairs"),
        ("POST", "/v2.1/os-keypairs/demo"),
        ("HEAD", "/v2.1/os-keypairs"),
    ] {
        assert_eq!(call(method, path), Err(RequestError::NoSuchResource), "{method} {path}");
    }
}

#[test]
fn only_an_administrator_uses_the_key_pairs_of_others_and_only_in_the_own_project() {
    let of = |query: &str, path: &str| Call::new("GET", path, query, ApiVersion::V2_10).unwrap();
    for (roles, is_admin) in [("", false), ("member,reader", false), ("reader, Admin", true), ("administrator", false)]
    {
        let caller = Caller::new(user(), "p1", roles);
        assert_eq!(caller.is_admin(), is_admin);
        let owner = |query, path| of(query, path).owner(&caller).map(|owner| owner.as_str().to_owned());
        let other = if is_admin { Ok("other".to_owned()) } else { Err(RequestError::OtherUser) };
        for path in ["/v2.1/os-keypairs", "/v2.1/p1/os-keypairs", "/v2.1/p1/os-keypairs/demo"] {
            assert_eq!(owner("", path), Ok("caller".to_owned()));
            assert_eq!(owner("user_id=", path), Ok("caller".to_owned()));
            assert_eq!(owner("user_id=caller", path), Ok("caller".to_owned()));
            assert_eq!(owner("user_id=other", path), other);
        }
        // The owner in the body of a request.
        for (named, expected) in [("", Ok("caller".to_owned())), ("caller", Ok("caller".to_owned())), ("other", other)]
        {
            let body = json!({"name": "demo", "public_key": LINE, "user_id": named});
            let answer = request(body, "2.10").unwrap().answer(&caller);
            let owner = answer.map(|response| response.record().user_id().unwrap().as_str().to_owned());
            assert_eq!(owner, expected);
        }
        assert_eq!(owner("", "/v2.1/p2/os-keypairs"), Err(RequestError::OtherProject));
        let create = Call::new("POST", "/v2/p2/os-keypairs", "", ApiVersion::V2_0).unwrap();
        assert_eq!(create.check_project(&caller), Err(RequestError::OtherProject));
    }
}

#[test]
fn a_query_has_the_parameters_of_its_version() {
    let list = |query: &str, at: &str| Query::for_list(query, version(at));
    for at in ["2.1", "2.9"] {
        assert_eq!(list("user_id=a&limit=x&%ff=1", at), Ok(Query::default()));
    }
    for (query, at, user_id, limit, marker) in [
        ("", "2.75", None, None, None),
        ("limit=1&marker=a&x=1", "2.10", None, None, None),
        ("user_id=a&user_id=b", "2.10", Some("a"), None, None),
        ("limit=5&limit=2&marker=a&marker=b", "2.35", None, Some(2), Some("b")),
        ("limit=0&x=1&&", "2.74", None, Some(0), None),
        ("limit=007", "2.75", None, Some(7), None),
        ("limit=99999999999999999999999", "2.75", None, Some(usize::MAX), None),
        ("marker=&user_id", "2.75", Some(""), None, Some("")),
        ("marker=a+b%20c%2B", "2.104", None, None, Some("a b c+")),
        ("user%5Fid=%61", "2.75", Some("a"), None, None),
    ] {
        let query = list(query, at).unwrap();
        assert_eq!((query.user_id().map(UserId::as_str), query.limit(), query.marker()), (user_id, limit, marker));
    }
    for (query, at, field) in [
        ("limit=", "2.35", "limit"),
        ("limit=-1", "2.35", "limit"),
        ("limit=+1", "2.35", "limit"),
        ("limit=x&limit=1", "2.35", "limit"),
        ("limit=1&limit=x", "2.35", "limit"),
        ("marker=%ff", "2.35", "marker"),
        ("user_id=a%0ab", "2.10", "user_id"),
        ("x=1", "2.75", "x"),
        ("a%20b=1", "2.75", "(not a field name)"),
        ("%ff=1", "2.104", "(not a field name)"),
    ] {
        let error = list(query, at).unwrap_err();
        assert_eq!((error.status(), error.field()), (400, Some(field)), "{query}");
    }
    for parameter in ["limit", "marker"] {
        let item = |at: &str| Query::for_item(&format!("user_id=a&{parameter}=1"), version(at));
        assert_eq!(item("2.74").unwrap().user_id().map(UserId::as_str), Some("a"));
        assert_eq!(item("2.75").unwrap_err().field(), Some(parameter));
    }
    // A create ignores its query.
    assert!(Call::new("POST", "/v2.1/os-keypairs", "x=1", ApiVersion::LATEST).is_ok());
}

#[test]
fn a_list_has_the_fields_and_the_pages_of_its_version() {
    let records =
        ["a b", "c"].map(|name| Record::import(name.parse().unwrap(), LINE, Some(user()), &Profile::nova()).unwrap());
    let base = BaseUrl::from_headers([("Host", "h")]);
    let list = |path: &str, query: &str, at: &str, records: &[Record]| {
        let call = Call::new("GET", path, query, version(at)).unwrap();
        serde_json::to_value(call.list_response(&base, records)).unwrap()
    };
    let plain = "/v2.1/os-keypairs";
    for (at, entry) in [
        ("2.0", &["fingerprint", "name", "public_key"][..]),
        ("2.1", &["fingerprint", "name", "public_key"]),
        ("2.2", &["fingerprint", "name", "public_key", "type"]),
        ("2.35", &["fingerprint", "name", "public_key", "type"]),
        ("2.104", &["fingerprint", "name", "public_key", "type"]),
    ] {
        let listed = list(plain, "", at, &records);
        assert_eq!((fields(&listed), fields(&listed["keypairs"][1])), (vec!["keypairs"], vec!["keypair"]));
        assert_eq!(fields(&listed["keypairs"][0]["keypair"]), entry);
        assert_eq!(listed["keypairs"][1]["keypair"]["name"], "c");
        assert_eq!(list(plain, "", at, &[]), json!({"keypairs": []}));
    }
    let link = |path: &str, query: &str, at: &str, records: &[Record]| {
        let listed = list(path, query, at, records);
        listed.get("keypairs_links").map(|links| {
            assert_eq!((links.as_array().unwrap().len(), &links[0]["rel"]), (1, &json!("next")));
            links[0]["href"].as_str().unwrap().to_owned()
        })
    };
    let next = |rest: &str| Some(format!("http://h{rest}"));
    assert_eq!(link(plain, "limit=2", "2.35", &records), next("/v2.1/os-keypairs?limit=2&marker=c"));
    assert_eq!(link(plain, "limit=1&marker=c", "2.35", &records[..1]), next("/v2.1/os-keypairs?limit=1&marker=a%20b"));
    let in_project = next("/v2.1/p1/os-keypairs?limit=2&marker=c&user_id=x%26y");
    assert_eq!(link("/v2.1/p1/os-keypairs", "user_id=x%26y&limit=2", "2.104", &records), in_project);
    assert_eq!(link(plain, "limit=2", "2.34", &records), None);
    assert_eq!(link(plain, "limit=3", "2.35", &records), None);
    assert_eq!(link(plain, "limit=0", "2.35", &[]), None);
    // A page has at most 1000 key pairs, whatever the limit.
    let page = vec![records[1].clone(); 1000];
    assert_eq!(link(plain, "", "2.35", &page), next("/v2.1/os-keypairs?marker=c"));
    assert_eq!(link(plain, "limit=5000", "2.35", &page), next("/v2.1/os-keypairs?limit=5000&marker=c"));
    let page_size = |query: &str, at: &str| Call::new("GET", plain, query, version(at)).unwrap().page_size();
    assert_eq!(page_size("limit=7", "2.34"), None);
    assert_eq!(
        [page_size("", "2.35"), page_size("limit=7", "2.35"), page_size("limit=5000", "2.75")],
        [1000, 7, 1000].map(Some)
    );
}

#[test]
fn a_show_has_the_fields_of_its_version() {
    let record = Record::import("a".parse().unwrap(), LINE, Some(user()), &Profile::nova()).unwrap();
    for (at, has_type) in [("2.0", false), ("2.1", false), ("2.2", true), ("2.104", true)] {
        let shown = ShowResponse::new(version(at), &record, 7, 951_827_696_000_001);
        let mut expected = json!({"keypair": {
            "name": "a", "public_key": LINE, "fingerprint": record.fingerprint_colon_hex(), "user_id": "caller", "id": 7,
            "created_at": "2000-02-29T12:34:56.000001", "deleted": false, "deleted_at": null, "updated_at": null,
        }});
        if has_type {
            expected["keypair"]["type"] = "ssh".into();
        }
        assert_eq!(serde_json::to_value(&shown).unwrap(), expected);
        assert_eq!((shown.id(), shown.record(), shown.version()), (7, &record, version(at)));
    }
    let at = |seconds: u64| ShowResponse::new(ApiVersion::V2_1, &record, 0, seconds * 1_000_000).created_at();
    for (seconds, text) in [
        (0, "1970-01-01T00:00:00.000000"),
        (68_169_600, "1972-02-29T00:00:00.000000"),
        (946_684_799, "1999-12-31T23:59:59.000000"),
        (1_709_164_800, "2024-02-29T00:00:00.000000"),
        (4_107_542_399, "2100-02-28T23:59:59.000000"),
        (4_107_542_400, "2100-03-01T00:00:00.000000"),
        (253_402_300_799, "9999-12-31T23:59:59.000000"),
    ] {
        assert_eq!(at(seconds), text);
    }
    let statuses = ["2.0", "2.1", "2.2", "2.104"].map(|at| (version(at).create_status(), version(at).delete_status()));
    assert_eq!(statuses, [(200, 202), (200, 202), (201, 204), (201, 204)]);
}

#[test]
fn version_documents_name_the_versions_and_link_to_the_proxy() {
    let document = |path: &str, headers: &[(&str, &str)]| {
        let base = BaseUrl::from_headers(headers.iter().copied());
        serde_json::to_value(Call::new("GET", path, "", ApiVersion::V2_0).unwrap().versions(base)).unwrap()
    };
    let proxy = [("host", "10.0.0.1:8774"), ("x-forwarded-host", "cloud.example"), ("X-Forwarded-Prefix", "/compute/")];
    let all = document("/", &proxy);
    let ids: Vec<_> = all["versions"].as_array().unwrap().iter().map(|version| &version["id"]).collect();
    assert_eq!(ids, ["v2.0", "v2.1"]);
    assert_eq!(fields(&all["versions"][1]), ["id", "links", "min_version", "status", "updated", "version"]);
    assert_eq!(all["versions"][1]["links"], json!([{"rel": "self", "href": "http://cloud.example/compute/v2.1/"}]));
    for (path, id, status, max, min, href) in [
        ("/v2.1", "v2.1", "CURRENT", "2.104", "2.1", "http://cloud.example/compute/v2.1/"),
        ("/v2/", "v2.0", "DEPRECATED", "", "", "http://cloud.example/compute/v2/"),
    ] {
        let document = document(path, &proxy);
        let version = &document["version"];
        assert_eq!(fields(version), ["id", "links", "media-types", "min_version", "status", "updated", "version"]);
        assert_eq!((&version["id"], &version["status"]), (&json!(id), &json!(status)));
        assert_eq!((&version["version"], &version["min_version"]), (&json!(max), &json!(min)));
        assert_eq!(version["links"][0], json!({"rel": "self", "href": href}));
    }
}

#[test]
fn a_base_url_has_only_what_belongs_into_it() {
    let of = |headers: &[(&str, &str)]| BaseUrl::from_headers(headers.iter().copied()).as_str().to_owned();
    let (host, forwarded, prefix, proto) = ("Host", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto");
    for (headers, url) in [
        (&[(host, "h")][..], "http://h"),
        (&[(host, "h:80"), (forwarded, "[::1]:99, proxy")], "http://[::1]:99"),
        (&[(forwarded, "f"), (host, "h"), (proto, "https, http"), (prefix, "/a/b/")], "https://f/a/b"),
        (&[(host, "h"), (forwarded, "x@y")], "http://h"),
        (&[(host, "h"), (forwarded, "a/b\"")], "http://h"),
        (&[(host, "h"), (proto, "javascript"), (prefix, "no")], "http://h"),
        (&[(host, "h"), (prefix, "//evil.example")], "http://h"),
        (&[(host, "h"), (prefix, "/a?b")], "http://h"),
        (&[(host, "h"), (prefix, "/")], "http://h"),
        (&[(host, "")], ""),
        (&[(prefix, "/compute")], "/compute"),
        (&[], ""),
    ] {
        assert_eq!(of(headers), url, "{headers:?}");
    }
}

#[test]
fn media_types_are_those_of_nova() {
    for good in [
        "",
        "application/json",
        "Application/JSON ; charset=utf-8",
        "text/plain",
        "application/vnd.openstack.compute+json",
    ] {
        assert_eq!(RequestBody::check_media_type(good), Ok(()), "{good:?}");
    }
    for bad in ["application/xml", "json", "text/html", "application/x-www-form-urlencoded"] {
        assert_eq!(RequestBody::check_media_type(bad), Err(RequestError::NotJsonType));
    }
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
            let rejection = match request_with(&body, "2.1", &profile) {
                Ok(request) => request.answer(&caller()).unwrap_err(),
                Err(rejection) => rejection,
            };
            let RequestError::BadKey(error) = rejection else { panic!("{rejection}") };
            assert_eq!((error.kind(), error.offset()), (ErrorKind::PrivateKeyGiven, Some(before.len())));
            let shown = format!("{rejection} {rejection:?} {}", rejection.message());
            assert!(shown.contains("private key") && !shown.contains("MII"));
        }
    }
    for body in [json!(*pem), json!({ &**pem: 1 }), json!({"keypair": { &**pem: 1 }}), json!({"keypair": *pem})] {
        let parsed: RequestBody = serde_json::from_value(body).unwrap();
        let rejection = Request::new(&parsed, ApiVersion::V2_10, &Profile::nova()).unwrap_err();
        let shown = format!("{parsed:?} {rejection} {rejection:?} {}", rejection.message());
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
        let rejection = request(json!({"name": "demo", "type": "x509"}), "2.1").unwrap_err();
        assert_eq!((rejection.field(), rejection.status()), (Some("type"), 400));
    }

    #[test]
    fn the_time_of_a_request_is_that_of_the_certificate() {
        let request =
            request(json!({"name": "demo", "type": "x509"}), "2.10").unwrap().with_unix_time_seconds(1_600_000_000);
        assert_eq!(request.key_type(), KeyType::X509);
        let response = request.answer(&caller()).unwrap();
        assert_eq!(response.record().certificate().unwrap().not_before_seconds(), 1_600_000_000);
        let rejection = request.with_unix_time_seconds(u64::MAX).answer(&caller()).unwrap_err();
        assert!(matches!(rejection, RequestError::CreateFailed(error) if error.kind() == ErrorKind::ClockUnavailable));
        assert_eq!(rejection.status(), 500);
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
    fn an_error_has_the_status_of_nova_and_our_reason() {
        let rejected = |public_key: &str| {
            let body = json!({"keypair": {"name": "demo", "type": "x509", "public_key": public_key}});
            request_with(&body, "2.10", &Profile::nova()).unwrap().answer(&caller()).unwrap_err()
        };
        let failed = "Keypair data is invalid: failed to generate X509 fingerprint. Error message: ";
        for (public_key, reason) in [
            (
                LINE.to_owned(),
                "public key, byte 0: this is a public key, not a certificate; import it with the type ssh",
            ),
            (
                PEM[..100].to_owned(),
                "public key, byte 100: expected a BEGIN line, base64 and the matching END line, and nothing else",
            ),
            (format!("{PEM}{PEM}"), "public key, byte 1099: expected exactly one key, found more than one"),
            (String::new(), "public key, byte 0: expected a certificate"),
        ] {
            let rejection = rejected(&public_key);
            assert_eq!((rejection.status(), rejection.field()), (400, Some("public_key")));
            assert_eq!(rejection.message(), format!("{failed}{reason}"));
            assert_eq!(rejection.source().unwrap().to_string(), reason);
        }
        let private = include_str!("../data/private/rsa2048.pkcs1.pem");
        let rejection = rejected(private);
        assert!(matches!(rejection, RequestError::BadCertificate(error) if error.kind() == ErrorKind::PrivateKeyGiven));
        assert!(!rejection.message().contains("MII"));

        let long = "x".repeat(65);
        let request = request(json!({"name": "demo", "type": "x509", "user_id": long}), "2.10").unwrap();
        let rejection = request.answer(&caller()).unwrap_err();
        assert_eq!((rejection.status(), rejection.field()), (400, Some("user_id")));
        assert_eq!(rejection.message(), "user id, byte 64: longer than the limit");
        // The same for the caller's id.
        let caller = Caller::new("x".repeat(65).parse().unwrap(), "p1", "");
        let request = super::request(json!({"name": "demo", "type": "x509"}), "2.10").unwrap();
        assert_eq!(request.answer(&caller).unwrap_err(), rejection);
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

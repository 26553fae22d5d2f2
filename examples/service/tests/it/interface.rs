//! The interface, by the identities that the service supports.

use crate::server::{LINE, Server};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

#[test]
fn the_first_start_writes_a_token_that_creates_shows_lists_and_deletes() {
    let server = Server::start("tokens", &[]);
    let file = server.folder.join("keypairs.tokens");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    let token = text.lines().last().unwrap().split(' ').next().unwrap();
    assert!(token.len() == 32 && !server.log().contains(token) && server.log().contains("keypairs.tokens"));

    let mut client = server.client().with(&format!("X-Auth-Token: {token}"));
    let (status, created) = client.post(&json!({"name": "secret-name"}));
    assert_eq!((status, &created["keypair"]["user_id"]), (200, &json!("demo")));
    assert!(created["keypair"]["private_key"].as_str().unwrap().starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
    let (status, taken) = client.post(&json!({"name": "secret-name"}));
    assert_eq!((status, &taken["conflictingRequest"]["code"]), (409, &json!(409)));
    let (status, shown) = client.get("/v2.1/demo/os-keypairs/secret-name");
    assert_eq!((status, &shown["keypair"]["fingerprint"]), (200, &created["keypair"]["fingerprint"]));
    assert_eq!(client.get("/v2.1/other/os-keypairs").0, 400);
    let (status, list) = client.get("/v2.1/os-keypairs");
    assert_eq!((status, list["keypairs"].as_array().unwrap().len()), (200, 1));
    assert_eq!(client.ask("DELETE", "/v2.1/os-keypairs/secret-name", &Value::Null), (202, Value::Null));
    assert_eq!(client.ask("DELETE", "/v2.1/os-keypairs/secret-name", &Value::Null).0, 404);
    assert_eq!(client.get("/metrics").0, 200);
    assert_eq!(client.get("/v2.1/servers").0, 404);

    // Only a proxy may say where links lead.
    let mut stranger = server.client().with("X-Forwarded-Host: evil.example").with("X-User-Id: demo");
    let (status, versions) = stranger.get("/v2.1/");
    assert_eq!((status, &versions["version"]["links"][0]["href"]), (200, &json!("http://h/v2.1/")));
    for wrong in ["", &token[1..], &token.to_uppercase()] {
        let mut wrong = server.client().with(&format!("X-Auth-Token: {wrong}")).with("X-User-Id: demo");
        assert_eq!(wrong.get("/v2.1/os-keypairs").0, 401);
    }
    server.assert_log_has_no_secret();
}

#[test]
fn headers_name_the_caller_and_pages_and_quotas_are_those_of_the_user() {
    let server = Server::start("headers", &["--identity", "headers", "--quota", "3"]);
    assert_eq!(server.client().get("/v2.1/os-keypairs").0, 401);
    let mut user = server.client().of_user("u1").with("X-Roles: member");
    for (name, status) in [("b", 201), ("a", 201), ("a", 409), ("c", 201), ("d", 403), ("a", 403)] {
        assert_eq!(user.post(&json!({"name": name, "public_key": LINE})).0, status, "{name}");
    }
    assert_eq!(user.post(&json!({"name": "x", "public_key": LINE, "user_id": "u2"})).0, 403);
    let mut admin =
        server.client().of_user("boss").with("X-Roles: reader,admin").with("X-Forwarded-Host: cloud.example");
    admin.headers = admin.headers.replace("2.10", "2.35");
    assert_eq!(admin.post(&json!({"name": "x", "public_key": LINE, "user_id": "u2"})).0, 201);
    let (status, page) = admin.get("/v2.1/os-keypairs?user_id=u1&limit=2");
    let names: Vec<_> = page["keypairs"].as_array().unwrap().iter().map(|entry| &entry["keypair"]["name"]).collect();
    assert_eq!((status, json!(names)), (200, json!(["a", "b"])));
    let next = page["keypairs_links"][0]["href"].as_str().unwrap();
    assert_eq!(next, "http://cloud.example/v2.1/os-keypairs?limit=2&marker=b&user_id=u1");
    let (_, page) = admin.get(next.strip_prefix("http://cloud.example").unwrap());
    assert_eq!((page["keypairs"].as_array().unwrap().len(), page.get("keypairs_links")), (1, None));
    assert_eq!(admin.get("/v2.1/os-keypairs?marker=nobody").0, 400);
    // SIGTERM ends it, and what was stored is there afterwards.
    server.signal("-TERM");
    let (folder, success) = server.wait();
    assert!(success);
    let server = Server::start_in(folder, "", &["--identity", "headers"]);
    assert_eq!(server.client().of_user("u2").get("/v2.1/os-keypairs/x").0, 200);
}

#[test]
fn headers_are_not_trusted_on_a_network() {
    let run = |options: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_ssh-keypair-service")).args(options).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let (success, message) = run(&["--identity", "headers", "--listen", "0.0.0.0:0"]);
    assert!(!success && message.contains("--trust-network"), "{message}");
    let (success, message) = run(&["--identity", "anybody"]);
    assert!(!success && message.contains("tokens=FILE"), "{message}");
}

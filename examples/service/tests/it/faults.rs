//! What goes wrong: each has its answer, nothing that was answered is lost, and nothing leaks to the log.

use crate::server::{LINE, Server};
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

#[test]
fn a_private_key_sent_as_a_public_one_is_an_error_and_not_logged() {
    let server = Server::with_headers("pasted");
    let mut client = server.client().of_user("u1");
    let (_, created) = client.post(&json!({"name": "a"}));
    let private_key = &created["keypair"]["private_key"];
    for keypair in [
        json!({"name": "b", "public_key": private_key}),
        json!({"name": private_key, "public_key": LINE}),
        json!({"name": "b", "public_key": LINE, "type": private_key}),
        json!({"name": "b", (private_key.as_str().unwrap()): LINE}),
    ] {
        let (status, answer) = client.post(&keypair);
        assert_eq!(status, 400);
        assert!(!answer.to_string().contains("MII"), "{answer}");
    }
    let (status, answer) = client.try_ask("POST", "/v2.1/os-keypairs", private_key.as_str().unwrap()).unwrap();
    assert_eq!((status, &answer["badRequest"]["message"]), (400, &json!("Malformed request body")));
    server.assert_log_has_no_secret();
}

#[test]
fn a_body_of_100_mb_is_answered_with_413() {
    let server = Server::with_headers("large");
    // The length is known: the answer comes before the body.
    let mut client = server.client().of_user("u1");
    let head = "POST /v2.1/os-keypairs HTTP/1.1\r\nHost: h\r\nX-User-Id: u1\r\nContent-Length: 100000000\r\n\r\n";
    client.stream.get_mut().write_all(head.as_bytes()).unwrap();
    let (status, answer) = client.read().unwrap();
    assert_eq!((status, &answer["overLimit"]["code"]), (413, &json!(413)));
    // It is not: the service stops reading after the limit.
    let mut client = server.client();
    let head = "POST /v2.1/os-keypairs HTTP/1.1\r\nHost: h\r\nX-User-Id: u1\r\nTransfer-Encoding: chunked\r\n\r\n";
    client.stream.get_mut().write_all(head.as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let sent = (0..1600).take_while(|_| client.stream.get_mut().write_all(chunk.as_bytes()).is_ok()).count();
    assert!(sent < 1600, "the service read 100 MB");
    assert_eq!(server.client().get("/v2.1/").0, 200);
}

#[test]
fn a_slow_client_is_answered_with_408_and_does_not_stop_the_others() {
    let server = Server::with_headers("slow");
    let begin = Instant::now();
    let mut slow: Vec<_> = (0..100)
        .map(|_| {
            let mut client = server.client();
            let head = "POST /v2.1/os-keypairs HTTP/1.1\r\nHost: h\r\nX-User-Id: u1\r\nContent-Length: 50\r\n\r\n{";
            client.stream.get_mut().write_all(head.as_bytes()).unwrap();
            client
        })
        .collect();
    assert_eq!(server.client().of_user("u1").post(&json!({"name": "a", "public_key": LINE})).0, 201);
    assert!(begin.elapsed() < Duration::from_secs(5));
    for client in &mut slow {
        assert_eq!(client.read().unwrap().0, 408);
    }
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_client_without_headers_is_disconnected() {
    let server = Server::with_headers("silent");
    let mut client = server.client();
    client.stream.get_mut().write_all(b"GET /v2.1/ HTTP/1.1\r\n").unwrap();
    let mut rest = Vec::new();
    client.stream.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{rest:?}");
}

#[test]
fn a_locked_database_is_answered_with_503_and_works_when_it_is_free() {
    let server = Server::with_headers("locked");
    let mut client = server.client().of_user("u1");
    assert_eq!(client.post(&json!({"name": "before", "public_key": LINE})).0, 201);
    let url = format!("sqlite://{}", server.folder.join("keypairs.sqlite").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut lock = runtime.block_on(SqliteConnection::connect(&url)).unwrap();
    runtime.block_on(sqlx::query("BEGIN IMMEDIATE").execute(&mut lock)).unwrap();
    let (status, answer) = client.post(&json!({"name": "during", "public_key": LINE}));
    assert_eq!((status, &answer["serviceUnavailable"]["code"]), (503, &json!(503)));
    assert_eq!(client.get("/v2.1/os-keypairs/before").0, 200);
    runtime.block_on(sqlx::query("ROLLBACK").execute(&mut lock)).unwrap();
    assert_eq!(client.get("/v2.1/os-keypairs/during").0, 404);
    assert_eq!(client.post(&json!({"name": "during", "public_key": LINE})).0, 201);
    server.assert_log_has_no_secret();
}

#[test]
fn a_full_disk_is_answered_with_503_and_loses_nothing() {
    let folder = Server::start("full", &["--identity", "headers"]).folder.clone();
    // No file may exceed 400 blocks of 512 bytes, and the signal that would end the process is ignored.
    let options = ["--identity", "headers", "--quota", "1000000"];
    let server = Server::start_in(folder, "trap '' XFSZ; ulimit -f 400;", &options);
    let mut client = server.client().of_user("u1");
    let mut post = |i: usize| client.post(&json!({"name": i.to_string(), "public_key": LINE})).0;
    let stored = (0..10_000).take_while(|&i| post(i) == 201).count();
    assert!(stored > 10 && stored < 10_000, "{stored}");
    assert_eq!(post(stored), 503);
    assert_eq!(server.client().of_user("u1").get("/v2.1/os-keypairs/0").0, 200);
    server.assert_log_has_no_secret();
    server.signal("-KILL");
    let server = Server::start_in(server.wait().0, "", &options);
    let mut client = server.client().of_user("u1");
    let (_, list) = client.get("/v2.1/os-keypairs");
    assert_eq!(list["keypairs"].as_array().unwrap().len(), stored);
    assert_eq!(client.post(&json!({"name": "more", "public_key": LINE})).0, 201);
}

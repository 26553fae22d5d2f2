//! Load: `cargo test --release -p ssh-keypair-service -- --ignored --nocapture --test-threads 1`.

use crate::server::{LINE, Server, cpu_seconds};
use serde_json::{Value, json};
use ssh_keypair::RsaPrivateKey;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 64;

/// Keys per second of `RsaPrivateKey::generate` alone, on all cores.
fn generated_per_second(count: usize) -> f64 {
    let cores = thread::available_parallelism().unwrap().get();
    let begin = Instant::now();
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| (0..count / cores).for_each(|_| drop(RsaPrivateKey::generate(2048).unwrap())));
        }
    });
    count as f64 / begin.elapsed().as_secs_f64()
}

/// Requests per second, from all connections, each as a user of its own.
fn requested_per_second(server: &Server, count: usize, keypair: impl Fn(usize) -> Value + Sync) -> f64 {
    let (next, begin) = (AtomicUsize::new(0), Instant::now());
    thread::scope(|scope| {
        for user in 0..CONNECTIONS {
            let mut client = server.client().of_user(&format!("u{user}"));
            let (next, keypair) = (&next, &keypair);
            scope.spawn(move || {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= count {
                        break;
                    }
                    let (status, answer) = client.post(&keypair(i));
                    assert_eq!(status, 201, "{answer}");
                }
            });
        }
    });
    count as f64 / begin.elapsed().as_secs_f64()
}

#[test]
#[ignore = "load: minutes"]
fn ten_thousand_creates_are_nearly_as_fast_as_generation_alone() {
    const CREATES: usize = 10_000;
    let server = Server::with_headers("creates");
    let cpu = cpu_seconds("self");
    let before = generated_per_second(1000);
    let generation = (cpu_seconds("self") - cpu) / 1000.0;
    let cpu = server.cpu_seconds();
    let created = requested_per_second(&server, CREATES, |i| json!({"name": format!("secret-name {i}")}));
    let create = (server.cpu_seconds() - cpu) / CREATES as f64;
    let after = generated_per_second(1000);
    println!("{created:.0} creates/s; RsaPrivateKey::generate alone: {before:.0}/s before and {after:.0}/s after");
    println!(
        "processor time of a create: {:.2} ms; of RsaPrivateKey::generate: {:.2} ms",
        create * 1e3,
        generation * 1e3
    );
    server.assert_log_has_no_secret();
    // Of the processor time, because other processes do not count in it.
    assert!(create < 1.3 * generation);
}

#[test]
#[ignore = "load: a minute"]
fn a_hundred_thousand_imports_are_without_an_error() {
    let server = Server::with_headers("imports");
    let imported =
        requested_per_second(&server, 100_000, |i| json!({"name": format!("secret-name {i}"), "public_key": LINE}));
    println!("{imported:.0} imports/s");
    let count: usize = (0..CONNECTIONS)
        .map(|user| {
            let (_, list) = server.client().of_user(&format!("u{user}")).get("/v2.1/os-keypairs");
            list["keypairs"].as_array().unwrap().len()
        })
        .sum();
    assert_eq!(count, 100_000);
    server.assert_log_has_no_secret();
}

#[test]
#[ignore = "load: half a minute"]
fn what_was_answered_before_a_kill_is_there_after_it_and_nothing_twice() {
    let mut folder = Server::with_headers("kill").folder.clone();
    let options = ["--identity", "headers", "--quota", "1000000"];
    let mut answered = BTreeSet::new();
    for round in 0..5 {
        let server = Server::start_in(folder, "", &options);
        let names = thread::scope(|scope| {
            let workers: Vec<_> = (0..CONNECTIONS)
                .map(|worker| {
                    let mut client = server.client().of_user("u1");
                    scope.spawn(move || {
                        let mut names = Vec::new();
                        loop {
                            let name = format!("secret-name {round} {worker} {}", names.len());
                            // Every tenth one is created.
                            let keypair = if names.len() % 10 == 9 {
                                json!({"name": name})
                            } else {
                                json!({"name": name, "public_key": LINE})
                            };
                            match client.try_ask(
                                "POST",
                                "/v2.1/os-keypairs",
                                &json!({ "keypair": keypair }).to_string(),
                            ) {
                                Ok((status, answer)) => assert_eq!(status, 201, "{answer}"),
                                Err(_) => return names,
                            }
                            names.push(name);
                        }
                    })
                })
                .collect();
            sleep(Duration::from_millis(1500 + 321 * round));
            server.signal("-KILL");
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
        });
        println!("{} answered before the kill", names.len());
        assert!(names.len() > 100);
        answered.extend(names);
        server.assert_log_has_no_secret();
        folder = server.wait().0;
    }
    let server = Server::start_in(folder, "", &options);
    let (_, list) = server.client().of_user("u1").get("/v2.1/os-keypairs");
    let names: Vec<_> = list["keypairs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["keypair"]["name"].as_str().unwrap().to_owned())
        .collect();
    let stored: BTreeSet<_> = names.iter().cloned().collect();
    println!("{} answered, {} stored", answered.len(), stored.len());
    assert_eq!(stored.len(), names.len());
    assert!(answered.is_subset(&stored));
}

//! The limits on the cost of a key derivation: files of an attacker, who chooses that cost.

#![cfg(all(feature = "std", feature = "encryption"))]

use crate::common::{corpus, data};
use ssh_keypair::{ErrorKind, KdfLimit, KdfLimits, PrivateKey, ReadOptions};
use std::time::Instant;

#[test]
fn files_that_cost_seconds_are_rejected_before_the_derivation() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("corpus/attacks");
    for (file, limit) in [
        ("kdf-bcrypt-2048.openssh", KdfLimit::BcryptRounds(128)),
        ("kdf-pbkdf2-hmacWithSHA1-10M.pem", KdfLimit::Pbkdf2Iterations(1_000_000)),
        ("kdf-pbkdf2-hmacWithSHA512-10M.pem", KdfLimit::Pbkdf2Iterations(1_000_000)),
        ("kdf-scrypt-62M-p4.pem", KdfLimit::ScryptCost(1 << 20)),
        ("kdf-argon2-128M-32.ppk", KdfLimit::Argon2Cost(1 << 20)),
    ] {
        let contents = std::fs::read(folder.join(file)).unwrap();
        let started = Instant::now();
        let error = PrivateKey::parse(&contents, &ReadOptions::new().with_passphrase("x")).unwrap_err();
        assert!(started.elapsed().as_millis() < 100, "{file}");
        assert_eq!(error.kind(), ErrorKind::KdfTooCostly(limit), "{file}");
        assert!(error.to_string().ends_with(&format!("more than the limit of {limit}")), "{error}");
        // A tool accepts each of them, and asks for the passphrase, except for PuTTY's, where it is asked for first.
        if !file.ends_with(".ppk") {
            let options = ReadOptions::new().with_kdf_limits(KdfLimits::interactive());
            let error = PrivateKey::parse(&contents, &options).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::PassphraseRequired, "{file}");
        }
    }
}

#[test]
fn the_caller_sets_each_limit() {
    let passphrase = "test material";
    let limits = KdfLimits::new;
    for (file, exact, lower, limit) in [
        (
            "rsa2048.aes256-ctr.openssh",
            limits().with_bcrypt_rounds(1),
            limits().with_bcrypt_rounds(0),
            KdfLimit::BcryptRounds(0),
        ),
        (
            "rsa2048.pbkdf2.pkcs8.pem",
            limits().with_pbkdf2_iterations(2048),
            limits().with_pbkdf2_iterations(2047),
            KdfLimit::Pbkdf2Iterations(2047),
        ),
        (
            "rsa2048.scrypt.pkcs8.pem",
            limits().with_scrypt_cost(1 << 17),
            limits().with_scrypt_cost((1 << 17) - 1),
            KdfLimit::ScryptCost((1 << 17) - 1),
        ),
        (
            "rsa2048.scrypt.pkcs8.pem",
            limits().with_memory((1 << 24) + 1024),
            limits().with_memory((1 << 24) + 1023),
            KdfLimit::Memory((1 << 24) + 1023),
        ),
        (
            "rsa2048.argon2id.ppk",
            limits().with_memory(64 << 10),
            limits().with_memory((64 << 10) - 1),
            KdfLimit::Memory((64 << 10) - 1),
        ),
        (
            "rsa2048.argon2id.ppk",
            limits().with_argon2_cost(128),
            limits().with_argon2_cost(127),
            KdfLimit::Argon2Cost(127),
        ),
    ] {
        let text = data(&format!("private/{file}"));
        let read = |limits| {
            PrivateKey::parse(&text, &ReadOptions::new().with_passphrase(passphrase).with_kdf_limits(limits))
                .map(|key| key.bits())
                .map_err(|error| error.kind())
        };
        assert_eq!(read(exact), Ok(2048), "{file}");
        assert_eq!(read(lower), Err(ErrorKind::KdfTooCostly(limit)), "{file}");
    }
}

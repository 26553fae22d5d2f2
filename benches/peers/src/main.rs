//! Times this crate and other implementations of the same operations, in one run on one thread.
//!
//! ```sh
//! cargo run --release -- keygen [--bits 2048,3072,4096] [--keys 300,100,60] [--backend portable,avx2,ifma]
//!     [--only OpenSSL,graviola] [--json FILE]
//! cargo run --release -- curves [--keys 2000] [--json FILE]
//! cargo run --release -- replay [--keys 20] [--backend portable,avx2,ifma]
//! cargo run --release -- openssh [--samples 300] [--lines 1000000] [--passes 25] [--json FILE]
//! cargo run --release -- chart FILE > CHART.svg
//! ```
//!
//! The implementations take turns, so that anything else that the machine does affects all of them alike. The results are the
//! mean and the half width of its 95% interval.
//!
//! `keygen` generates RSA keys of 2048, 3072 and 4096 bits, one with each implementation in turn. The time for a key is random,
//! and about exponentially distributed. The other implementations: OpenSSL, AWS-LC and graviola as their Rust crates
//! build them, and the `rsa` crate. This crate is timed with the backend that it chooses for the CPU, or with those of
//! `--backend`, each as an implementation of its own.
//!
//! `curves` generates Ed25519 keys, and ECDSA keys on P-256, P-384 and P-521, with this crate, `ssh-key`, ring, which has no
//! P-521, and OpenSSL.
//!
//! `replay` generates keys from fixed candidates, with this crate only.
//!
//! The choice of a backend and `replay` are internals of the library, which exist under `--cfg ssh_keypair_internals`.
//! `.cargo/config.toml` in this folder sets that, if cargo runs here.
//!
//! `openssh` computes MD5 fingerprints of public key lines. First of one RSA-2048 line, where a sample is 1,000 calls, compared
//! with the MD5 of its blob alone. Then of a table of lines of all types: this crate processes it as a batch and line by line,
//! a rival line by line, with another part of the table in each pass. The rivals: `ssh-key`, `openssh-keys` and `sshkeys`.
//!
//! `chart` draws the JSON that `keygen`, `curves` or `openssh` wrote.

mod backend;
mod chart;
mod curves;
mod keygen;
mod openssh;
mod replay;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["keygen", options @ ..] => keygen::run(options),
        ["curves", options @ ..] => curves::run(options),
        ["replay", options @ ..] => replay::run(options),
        ["openssh", options @ ..] => openssh::run(options),
        ["chart", file] => chart::run(file),
        _ => Err("usage: peers keygen [--bits N,N,N] [--keys N,N,N] [--backend NAME,NAME] [--only NAME,NAME] \
                  [--json FILE] | curves [--keys N] [--json FILE] | replay [--keys N] [--backend NAME,NAME] \
                  | openssh [--samples N] [--lines N] [--passes N] [--json FILE] | chart FILE"
            .into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// An error is printed, and ends the run.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The mean of some times, and the half width of its 95% interval.
fn mean(times: &[f64]) -> (f64, f64) {
    let n = times.len() as f64;
    let mean = times.iter().sum::<f64>() / n;
    let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, 1.96 * (variance / n).sqrt())
}

/// The version of a package that is built here. If there are several, the highest: the older ones are dependencies of a rival.
fn locked(package: &str) -> String {
    let name = format!("name = \"{package}\"\nversion = \"");
    let lock = include_str!("../Cargo.lock");
    lock.rsplit_once(&name).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned()
}

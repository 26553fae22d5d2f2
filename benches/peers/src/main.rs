//! Times this crate beside the others that do the same, in one run on one thread.
//!
//! ```sh
//! cargo run --release -- keygen [--keys 300,100,60] [--only OpenSSL,graviola] [--json FILE]
//! cargo run --release -- replay [--keys 20]
//! cargo run --release -- openssh [--samples 300] [--lines 1000000] [--passes 25] [--json FILE]
//! cargo run --release -- chart FILE > CHART.svg
//! ```
//!
//! The implementations take turns, so that whatever else the machine does meets all of them alike. What counts is the mean,
//! given with the half width of its 95% interval.
//!
//! `keygen` makes RSA keys of 2048, 3072 and 4096 bits, one of each implementation in turn. The time of a key is random,
//! about exponentially distributed. The rivals: OpenSSL, AWS-LC and graviola as their Rust crates build them, and the
//! `rsa` crate.
//!
//! `replay` makes keys of fixed candidates, with this crate alone. It uses what the library has under `--cfg
//! ssh_keypair_internals`, which `.cargo/config.toml` of this folder sets: cargo reads it when it runs here.
//!
//! `openssh` makes MD5 fingerprints of public key lines: of one RSA-2048 line, a sample being 1,000 calls, with the MD5 of
//! its blob alone beside; and of a table of lines of all types, which ours takes as a batch and line by line, and a rival
//! line by line, another part of the table in each pass. The rivals: `ssh-key`, `openssh-keys` and `sshkeys`.
//!
//! `chart` draws the JSON that either wrote.

mod chart;
mod keygen;
mod openssh;
mod replay;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["keygen", options @ ..] => keygen::run(options),
        ["replay", options @ ..] => replay::run(options),
        ["openssh", options @ ..] => openssh::run(options),
        ["chart", file] => chart::run(file),
        _ => Err("usage: peers keygen [--keys N,N,N] [--only NAME,NAME] [--json FILE] \
                  | replay [--keys N] | openssh [--samples N] [--lines N] [--passes N] [--json FILE] | chart FILE"
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

/// What goes wrong here is told, and ends the run.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The mean of some times, and the half width of its 95% interval.
fn mean(times: &[f64]) -> (f64, f64) {
    let n = times.len() as f64;
    let mean = times.iter().sum::<f64>() / n;
    let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, 1.96 * (variance / n).sqrt())
}

/// The version of a package that is built here; of several, the highest: older ones are what a rival asks for.
fn locked(package: &str) -> String {
    let name = format!("name = \"{package}\"\nversion = \"");
    let lock = include_str!("../Cargo.lock");
    lock.rsplit_once(&name).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned()
}

//! How long a key takes to make: `cargo bench --bench keygen`.
//!
//! The time of a key is random, so what is to be read of `generate` is the mean of many, with its interval. `replay` takes
//! that away: it makes a key of the fixed candidates of the CCTV project (708, 1064 and 1418 odd numbers, a representative
//! average), in the folder that `SSH_KEYPAIR_CORPUS` names, and compares with what other libraries publish for the same
//! list. They are plain odd numbers, where this crate's own candidates have no factor up to 53.

#![allow(missing_docs, reason = "the macros of criterion write public items")]

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use ssh_keypair::RsaPrivateKey;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

fn generate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generate");
    group.sampling_mode(SamplingMode::Flat);
    for (bits, seconds) in [(2048, 10), (3072, 20), (4096, 40)] {
        group.measurement_time(Duration::from_secs(seconds));
        group.bench_function(format!("RSA-{bits}"), |bencher| {
            bencher.iter(|| black_box(RsaPrivateKey::generate(black_box(bits))));
        });
    }
}

fn replay(criterion: &mut Criterion) {
    let Some(corpus) = std::env::var_os("SSH_KEYPAIR_CORPUS") else {
        eprintln!("skipped: SSH_KEYPAIR_CORPUS is not set");
        return;
    };
    let mut group = criterion.benchmark_group("replay");
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    for bits in [2048, 3072, 4096] {
        let path = Path::new(&corpus).join(format!("vectors/cctv-keygen/rsa.bench.{bits}.txt"));
        let text = std::fs::read_to_string(path).expect("a list of candidates");
        let byte = |hex: &[u8]| u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok();
        let candidates: Option<Vec<Vec<u8>>> =
            text.lines().map(|line| line.as_bytes().chunks(2).map(byte).collect()).collect();
        let candidates = candidates.expect("hexadecimal");
        assert!(RsaPrivateKey::replay(bits, &candidates[..candidates.len() - 1]).is_err(), "the last one is a prime");
        group.bench_function(format!("RSA-{bits}"), |bencher| {
            bencher.iter(|| RsaPrivateKey::replay(bits, black_box(&candidates)).expect("a key"));
        });
    }
}

criterion_group!(benches, generate, replay);
criterion_main!(benches);

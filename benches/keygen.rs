//! Measures key generation: `cargo bench --bench keygen`.
//!
//! The time to generate a key is random, so look at the mean of many, with its interval. `cargo run --release -- replay` in
//! `benches/peers` uses fixed candidates, which takes the chance out.

#![allow(missing_docs, reason = "the macros of criterion write public items")]

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use ssh_keypair::RsaPrivateKey;
use std::hint::black_box;
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

criterion_group!(benches, generate);
criterion_main!(benches);

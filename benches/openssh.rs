//! Measures operations on a public key line: `cargo bench --bench openssh`. The `ssh-key` crate is timed for comparison.

#![allow(missing_docs, reason = "the macros of criterion write public items")]

use criterion::{Criterion, criterion_group, criterion_main};
use ssh_keypair::keypair::{KeyPairName, Profile, Record};
use ssh_keypair::{
    PublicKey, PublicKeyRef,
    openssh::{MAX_BLOB_BYTES, fingerprint_lines},
};
use std::hint::black_box;

const LINE: &str = include_str!("../tests/data/rsa2048.pub");

fn lines(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("RSA-2048 line");
    let mut blob = [0; MAX_BLOB_BYTES];
    group.bench_function("parse, borrowed", |bencher| {
        bencher.iter(|| PublicKeyRef::parse(black_box(LINE), &mut blob).map(|key| key.bits()));
    });
    group.bench_function("parse, owned", |bencher| bencher.iter(|| black_box(LINE).parse::<PublicKey>()));
    group.bench_function("parse, ssh-key crate", |bencher| {
        bencher.iter(|| ssh_key::PublicKey::from_openssh(black_box(LINE)));
    });
    let key: PublicKey = LINE.parse().expect("a valid line");
    let key = key.as_public_key_ref();
    group.bench_function("MD5 fingerprint", |bencher| bencher.iter(|| black_box(&key).md5_fingerprint()));
    group.bench_function("parse and MD5, 1000 lines at once", |bencher| {
        bencher.iter(|| {
            fingerprint_lines([black_box(LINE); 1000], |result| {
                black_box(result.is_ok());
            });
        });
    });
    group.bench_function("SHA-256 fingerprint", |bencher| bencher.iter(|| black_box(&key).sha256_fingerprint()));
    group.bench_function("encode", |bencher| bencher.iter(|| black_box(&key).to_string()));
    group.bench_function("import", |bencher| {
        let (name, profile) = ("demo".parse::<KeyPairName>().expect("a name"), Profile::documented());
        bencher.iter(|| Record::import(name.clone(), black_box(LINE), None, &profile));
    });
}

criterion_group!(benches, lines);
criterion_main!(benches);

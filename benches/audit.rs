//! Measures the search for weaknesses of a key: `cargo bench --bench audit`. The time of each check is printed by `cargo test
//! --release --lib audit::rsa::tests::speed -- --ignored --nocapture`.

#![allow(missing_docs, reason = "the macros of criterion write public items")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use ssh_keypair::audit::{DenylistRef, check, check_all, quick_check, shared_primes};
use ssh_keypair::{KeyData, PublicKey, RsaPublicKey};
use std::hint::black_box;

/// Keys without findings, except for a small size: they go through every check.
const SOUND: [(&str, &str); 6] = [
    ("RSA-1024", include_str!("../tests/data/rsa1024.pub")),
    ("RSA-2048", include_str!("../tests/data/rsa2048.pub")),
    ("RSA-3072", include_str!("../tests/data/rsa3072.pub")),
    ("RSA-4096", include_str!("../tests/data/rsa4096.pub")),
    ("RSA-16384", include_str!("../tests/data/rsa16384.pub")),
    ("Ed25519", include_str!("../tests/data/ed25519.pub")),
];

fn keys(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("audit");
    for (name, line) in SOUND {
        let key: PublicKey = line.parse().expect("a valid line");
        let key = key.as_public_key_ref().key_data();
        group.sample_size(if name == "RSA-16384" { 10 } else { 100 });
        group.bench_with_input(BenchmarkId::from_parameter(name), &key, |bencher, key| {
            bencher.iter(|| check(black_box(key)));
        });
        group.bench_with_input(BenchmarkId::new("quick", name), &key, |bencher, key| {
            bencher.iter(|| quick_check(black_box(key), &[]));
        });
        // Eight keys of the same size, as a table has them.
        group.bench_with_input(BenchmarkId::new("eight", name), &[key; 8], |bencher, keys| {
            bencher.iter(|| check_all(black_box(keys), &[]));
        });
    }
    group.finish();
}

/// Looks up a different key each time, in a list as long as that of badkeys, which is too long for the cache.
fn denylist(criterion: &mut Criterion) {
    let mut records: Vec<u128> = (0..10_000_000u128).map(scattered).collect();
    records.sort_unstable();
    let file: Vec<u8> = records.into_iter().flat_map(u128::to_be_bytes).collect();
    let denylist = DenylistRef::new(&file).expect("whole records");
    let moduli: Vec<[u8; 128]> = (0..4096)
        .map(|i| [scattered(i).to_be_bytes().map(|byte| byte | 0x81); 8].concat().try_into().expect("128 bytes"))
        .collect();
    let keys: Vec<KeyData<'_>> =
        moduli.iter().map(|n| RsaPublicKey::new(n, &[3]).expect("odd, of 1024 bits").into()).collect();
    let mut keys = keys.iter().cycle();
    criterion.bench_function("a denylist of 10^7", |bencher| {
        bencher.iter(|| keys.next().and_then(|key| denylist.find(key)));
    });
}

/// Numbers that are random enough for this purpose.
fn scattered(i: u128) -> u128 {
    (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
}

fn tables(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("shared primes");
    group.sample_size(10);
    let (line, key) = (SOUND[1].1, |line: &str| line.parse::<PublicKey>().expect("a valid line"));
    let sound = key(line);
    let KeyData::Rsa(sound) = sound.as_public_key_ref().key_data() else { return };
    // 1000 moduli of 2048 bits that differ in their upper halves. Any odd numbers are as good as real moduli here.
    let moduli: Vec<Vec<u8>> = (0..1000u64)
        .map(|i| {
            let mut modulus = sound.modulus().to_vec();
            modulus.iter_mut().enumerate().take(200).skip(1).for_each(|(at, byte)| {
                *byte ^= (i.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(at as u32) >> (at % 57)) as u8;
            });
            modulus
        })
        .collect();
    let table: Vec<_> =
        moduli.iter().map(|modulus| RsaPublicKey::new(modulus, &[1, 0, 1]).expect("odd, of 2048 bits")).collect();
    group.bench_function("1000 keys of 2048 bits", |bencher| bencher.iter(|| shared_primes(black_box(&table))));
    group.finish();
}

criterion_group!(benches, keys, denylist, tables);
criterion_main!(benches);

//! Any n and e, any points, any denylist, and any table: no panic, bounded time, and findings that are true.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssh_keypair::audit::{
    DenylistRef, Findings, Severity, Weakness, check, check_all, check_with, quick_check, shared_primes,
};
use ssh_keypair::keypair::ImportPolicy;
use ssh_keypair::{ErrorKind, KeyData, PublicKey, PublicKeyRef, RsaPublicKey};

fuzz_target!(|data: &[u8]| {
    // One byte for the length of e, and the rest is n; or a blob; or a denylist.
    let Some(([shape], rest)) = data.split_first_chunk() else { return };
    if let Ok(key) = PublicKeyRef::from_blob(rest) {
        is_audited(&key.key_data(), data);
    }
    let Some((e, n)) = rest.split_at_checked(usize::from(shape % 6)) else { return };
    let e = if e.is_empty() { &[1, 0, 1] } else { e };
    if let Ok(key) = RsaPublicKey::new(n, e) {
        let findings = is_audited(&key.into(), data);
        assert_eq!(findings.contains(Weakness::SmallModulus), key.bits() < 2048);
        // Trying all factors below 2^16 would take longer than everything else.
        let small = (3..1 << 10).step_by(2).any(|d| remainder(key.modulus(), d) == 0);
        assert!(!small || findings.contains(Weakness::SmallFactor));
    }
    // The same bytes as moduli of 1024 bits.
    let keys: Vec<_> = rest.chunks(128).filter_map(|n| RsaPublicKey::new(n, &[3]).ok()).take(8).collect();
    for factor in shared_primes(&keys) {
        assert!(!factor.keys().is_empty());
    }
});

/// n mod d.
fn remainder(n: &[u8], d: u32) -> u32 {
    n.iter().fold(0u64, |rest, byte| (rest << 8 | u64::from(*byte)) % u64::from(d)) as u32
}

fn is_audited(key: &KeyData<'_>, data: &[u8]) -> Findings {
    let findings = check(key);
    // This list contains the key only if the fuzzer finds a preimage.
    let denylist = DenylistRef::new(&data[..data.len() / 16 * 16]).unwrap();
    assert_eq!(check_with(key, &[denylist]), findings);
    for together in check_all(&[*key, *key], &[denylist]) {
        assert!(together.iter().eq(findings.iter().filter(|weakness| *weakness != Weakness::SmoothOrder)));
    }
    // The quick check finds nothing else.
    let quick = quick_check(key, &[denylist]);
    assert!(quick.iter().all(|weakness| findings.contains(weakness)));
    assert_eq!(findings.is_empty(), findings.worst().is_none());
    // A policy rejects broken keys, and reports other weaknesses.
    if let Ok(line) = PublicKey::from_key_data(key, "") {
        match ImportPolicy::new().with_max_rsa_bits(16384).accept(&line.to_string()) {
            Ok(accepted) => {
                assert!(quick.worst() < Some(Severity::Broken));
                assert_eq!(accepted.findings(), quick);
            }
            Err(error) => assert!(quick.iter().any(|weakness| ErrorKind::Weak(weakness) == error.kind()), "{error}"),
        }
    }
    findings
}

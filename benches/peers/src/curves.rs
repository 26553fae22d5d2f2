//! Generation of Ed25519 and ECDSA keys.

use crate::{Result, locked, mean};
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use rsa::rand_core::UnwrapErr;
use serde_json::json;
use ssh_keypair::{EcdsaCurve, KeySpec, PrivateKey};
use std::hint::black_box;
use std::time::Instant;

#[derive(Clone, Copy)]
enum Curve {
    Ed25519,
    P256,
    P384,
    P521,
}

/// An implementation: its name, its version, and the function that generates one key, or returns false if it does not support
/// the curve.
type Implementation = (&'static str, &'static str, fn(Curve) -> Result<bool>);

const IMPLEMENTATIONS: [Implementation; 4] = [
    ("ssh-keypair", "ssh-keypair", ssh_keypair),
    ("ssh-key", "ssh-key", ssh_key),
    ("ring", "ring", ring),
    ("OpenSSL", "openssl-src", openssl),
];

fn ssh_keypair(curve: Curve) -> Result<bool> {
    let spec = match curve {
        Curve::Ed25519 => KeySpec::Ed25519,
        Curve::P256 => KeySpec::Ecdsa(EcdsaCurve::P256),
        Curve::P384 => KeySpec::Ecdsa(EcdsaCurve::P384),
        Curve::P521 => KeySpec::Ecdsa(EcdsaCurve::P521),
    };
    black_box(PrivateKey::generate(spec)?);
    Ok(true)
}

fn ssh_key(curve: Curve) -> Result<bool> {
    use ssh_key::{Algorithm, EcdsaCurve};
    let algorithm = match curve {
        Curve::Ed25519 => Algorithm::Ed25519,
        Curve::P256 => Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
        Curve::P384 => Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
        Curve::P521 => Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
    };
    black_box(ssh_key::PrivateKey::random(&mut UnwrapErr(getrandom::SysRng), algorithm)?);
    Ok(true)
}

/// ring generates keys as PKCS#8 only.
fn ring(curve: Curve) -> Result<bool> {
    let rng = SystemRandom::new();
    let document = match curve {
        Curve::Ed25519 => Ed25519KeyPair::generate_pkcs8(&rng),
        Curve::P256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &rng),
        Curve::P384 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, &rng),
        Curve::P521 => return Ok(false),
    };
    black_box(document.map_err(|error| format!("{error:?}"))?);
    Ok(true)
}

fn openssl(curve: Curve) -> Result<bool> {
    let curve = match curve {
        Curve::Ed25519 => {
            black_box(PKey::generate_ed25519()?);
            return Ok(true);
        }
        Curve::P256 => Nid::X9_62_PRIME256V1,
        Curve::P384 => Nid::SECP384R1,
        Curve::P521 => Nid::SECP521R1,
    };
    let group = EcGroup::from_curve_name(curve)?;
    black_box(EcKey::generate(&group)?);
    Ok(true)
}

pub fn run(options: &[&str]) -> Result<()> {
    let (mut keys, mut file) = (2000, None);
    for pair in options.chunks(2) {
        match pair {
            ["--keys", count] => keys = count.parse()?,
            ["--json", path] => file = Some(*path),
            _ => return Err("curves accepts --keys N and --json FILE".into()),
        }
    }
    let mut results = Vec::new();
    for (case, curve) in
        [("Ed25519", Curve::Ed25519), ("P-256", Curve::P256), ("P-384", Curve::P384), ("P-521", Curve::P521)]
    {
        let mut those_with = Vec::new();
        for implementation in IMPLEMENTATIONS {
            let (_, _, generate) = implementation;
            if generate(curve)? {
                those_with.push(implementation);
            }
        }
        let mut times = vec![Vec::with_capacity(keys); those_with.len()];
        for _ in 0..keys {
            for ((_, _, generate), times) in those_with.iter().zip(&mut times) {
                let start = Instant::now();
                generate(curve)?;
                times.push(1e6 * start.elapsed().as_secs_f64());
            }
        }
        let (ours, _) = mean(&times[0]);
        println!("{case}, \u{b5}s, mean of {keys} keys with its 95% interval:");
        for ((name, package, _), times) in those_with.iter().zip(&times) {
            let (version, (mean, interval)) = (locked(package), mean(times));
            println!("  {name:12} {version:16} {mean:8.2} +- {interval:6.2}  {:5.2} times ours", mean / ours);
            results.push(json!({
                "case": case, "name": name, "version": version, "count": keys, "mean": mean, "interval": interval,
            }));
        }
    }
    if let Some(file) = file {
        let report = json!({ "benchmark": "curves", "unit": "\u{b5}s", "results": results });
        std::fs::write(file, serde_json::to_string_pretty(&report)? + "\n")?;
    }
    Ok(())
}

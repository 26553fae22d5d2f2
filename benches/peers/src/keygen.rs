//! RSA key generation.

use crate::{Result, locked, mean};
use serde_json::json;
use std::hint::black_box;
use std::time::Instant;

/// An implementation: its name, its version, and the function that generates one key of a size in bits.
struct Implementation {
    name: &'static str,
    version: String,
    generate: fn(usize) -> Result<()>,
}

fn implementations() -> Vec<Implementation> {
    vec![
        Implementation { name: "ssh-keypair", version: locked("ssh-keypair"), generate: ssh_keypair },
        Implementation { name: "OpenSSL", version: locked("openssl-src"), generate: openssl },
        Implementation { name: "AWS-LC", version: locked("aws-lc-rs"), generate: aws_lc },
        Implementation { name: "graviola", version: locked("graviola"), generate: graviola },
        Implementation { name: "rsa", version: locked("rsa"), generate: rsa },
    ]
}

fn ssh_keypair(bits: usize) -> Result<()> {
    black_box(ssh_keypair::RsaPrivateKey::generate(bits)?);
    Ok(())
}

fn openssl(bits: usize) -> Result<()> {
    black_box(openssl::rsa::Rsa::generate(u32::try_from(bits)?)?);
    Ok(())
}

fn aws_lc(bits: usize) -> Result<()> {
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        _ => KeySize::Rsa4096,
    };
    black_box(KeyPair::generate(size)?);
    Ok(())
}

fn graviola(bits: usize) -> Result<()> {
    use graviola::signing::rsa::{KeySize, SigningKey};
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        _ => KeySize::Rsa4096,
    };
    black_box(SigningKey::generate(size).map_err(|error| format!("{error:?}"))?);
    Ok(())
}

fn rsa(bits: usize) -> Result<()> {
    black_box(rsa::RsaPrivateKey::new(&mut rsa::rand_core::UnwrapErr(getrandom::SysRng), bits)?);
    Ok(())
}

pub fn run(options: &[&str]) -> Result<()> {
    let (mut keys, mut only, mut file) = ([300, 100, 60], None, None);
    for pair in options.chunks(2) {
        match pair {
            ["--keys", counts] => {
                let counts: std::result::Result<Vec<usize>, _> = counts.split(',').map(str::parse).collect();
                keys = counts?.try_into().map_err(|_| "--keys needs three numbers")?;
            }
            ["--only", names] => only = Some(names.split(',').collect::<Vec<_>>()),
            ["--json", path] => file = Some(*path),
            _ => return Err("keygen accepts --keys N,N,N, --only NAME,NAME and --json FILE".into()),
        }
    }

    let mut implementations = implementations();
    if let Some(only) = only {
        implementations
            .retain(|implementation| implementation.name == "ssh-keypair" || only.contains(&implementation.name));
    }
    let mut results = Vec::new();
    for (bits, keys) in [2048, 3072, 4096].into_iter().zip(keys) {
        let mut times = vec![Vec::with_capacity(keys); implementations.len()];
        for implementation in &implementations {
            (implementation.generate)(bits)?; // warms up
        }
        for _ in 0..keys {
            for (implementation, times) in implementations.iter().zip(&mut times) {
                let start = Instant::now();
                (implementation.generate)(bits)?;
                times.push(1e3 * start.elapsed().as_secs_f64());
            }
        }
        let (ours, _) = mean(&times[0]);
        println!("RSA-{bits}, ms, mean of {keys} keys with its 95% interval:");
        for (implementation, times) in implementations.iter().zip(&times) {
            let Implementation { name, version, .. } = implementation;
            let (mean, interval) = mean(times);
            println!("  {name:12} {version:16} {mean:8.2} +- {interval:6.2}  {:5.1} times ours", mean / ours);
            results.push(json!({
                "case": format!("RSA-{bits}"), "name": name, "version": version,
                "count": keys, "mean": mean, "interval": interval,
            }));
        }
    }
    if let Some(file) = file {
        let report = json!({ "benchmark": "keygen", "unit": "ms", "results": results });
        std::fs::write(file, serde_json::to_string_pretty(&report)? + "\n")?;
    }
    Ok(())
}

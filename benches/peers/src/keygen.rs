//! RSA key generation.

use crate::backend::{self, Backend};
use crate::{Result, locked, mean};
use serde_json::json;
use ssh_keypair::internals::{Instructions, with_instructions};
use std::hint::black_box;
use std::time::Instant;

/// An implementation: its name, its version, and how it generates a key.
struct Implementation {
    name: String,
    version: String,
    generate: Generate,
}

/// Generates one key of a size in bits.
#[derive(Clone, Copy)]
enum Generate {
    /// This crate, with the backend that needs these instructions.
    Ours(Instructions),
    Theirs(fn(usize) -> Result<()>),
}

impl Generate {
    fn one(self, bits: usize) -> Result<()> {
        match self {
            Self::Ours(instructions) => with_instructions(instructions, || {
                black_box(ssh_keypair::RsaPrivateKey::generate(bits)?);
                Ok(())
            }),
            Self::Theirs(generate) => generate(bits),
        }
    }
}

fn ours(backend: Backend) -> Implementation {
    let generate = Generate::Ours(backend.instructions);
    Implementation { name: format!("ssh-keypair {}", backend.name), version: locked("ssh-keypair"), generate }
}

fn theirs() -> [Implementation; 4] {
    let theirs = |name: &str, package, generate| Implementation {
        name: name.to_owned(),
        version: locked(package),
        generate: Generate::Theirs(generate),
    };
    [
        theirs("OpenSSL", "openssl-src", openssl),
        theirs("AWS-LC", "aws-lc-rs", aws_lc),
        theirs("graviola", "graviola", graviola),
        theirs("rsa", "rsa", rsa),
    ]
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
    black_box(rsa::PrivateKey::new(&mut rsa::rand_core::UnwrapErr(getrandom::SysRng), bits)?);
    Ok(())
}

pub fn run(options: &[&str]) -> Result<()> {
    let (mut sizes, mut keys, mut only, mut file) = (vec![2048, 3072, 4096], vec![300, 100, 60], None, None);
    let mut backends = vec![backend::best()];
    for pair in options.chunks(2) {
        match pair {
            ["--bits", bits] => sizes = numbers(bits)?,
            ["--keys", counts] => keys = numbers(counts)?,
            ["--backend", names] => backends = backend::named(names)?,
            ["--only", names] => only = Some(names.split(',').collect::<Vec<_>>()),
            ["--json", path] => file = Some(*path),
            _ => {
                return Err(
                    "keygen accepts --bits N,N,N, --keys N,N,N, --backend NAME,NAME, --only NAME,NAME and --json FILE"
                        .into(),
                );
            }
        }
    }
    if keys.len() < sizes.len() || keys.iter().any(|count| *count < 2) {
        return Err("--keys needs a number, at least 2, for each size".into());
    }

    let mut implementations: Vec<_> = backends.into_iter().map(ours).collect();
    let is_wanted = |name: &str| only.as_ref().is_none_or(|only| only.contains(&name));
    implementations.extend(theirs().into_iter().filter(|implementation| is_wanted(&implementation.name)));
    let mut results = Vec::new();
    for (bits, keys) in sizes.into_iter().zip(keys) {
        let mut times = vec![Vec::with_capacity(keys); implementations.len()];
        for implementation in &implementations {
            implementation.generate.one(bits)?; // warms up
        }
        for _ in 0..keys {
            for (implementation, times) in implementations.iter().zip(&mut times) {
                let start = Instant::now();
                implementation.generate.one(bits)?;
                times.push(1e3 * start.elapsed().as_secs_f64());
            }
        }
        let (ours, _) = mean(&times[0]);
        println!("RSA-{bits}, ms, mean of {keys} keys with its 95% interval:");
        for (implementation, times) in implementations.iter().zip(&times) {
            let Implementation { name, version, .. } = implementation;
            let (mean, interval) = mean(times);
            println!("  {name:20} {version:16} {mean:8.2} +- {interval:6.2}  {:5.2} times the first", mean / ours);
            results.push(json!({
                "case": format!("RSA-{bits}"), "name": name, "version": version,
                "count": keys, "mean": mean, "interval": interval,
            }));
        }
    }
    if let Some(file) = file {
        let report = json!({
            "benchmark": "keygen", "unit": "ms", "cpu": backend::cpu(), "multiply_adds_per_ns": backend::rates(),
            "results": results,
        });
        std::fs::write(file, serde_json::to_string_pretty(&report)? + "\n")?;
    }
    Ok(())
}

fn numbers(list: &str) -> Result<Vec<usize>> {
    Ok(list.split(',').map(str::parse).collect::<std::result::Result<_, _>>()?)
}

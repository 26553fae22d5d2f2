//! RSA key generation of this crate only, from fixed candidates.
//!
//! The time of a generation is random. Here each key is generated from the fixed candidates of the CCTV project (708, 1064 and
//! 1418 odd numbers, a representative average), in the folder that `SSH_KEYPAIR_CORPUS` names. That removes the chance: two
//! versions of this crate can be compared, and this crate with the figures that other libraries publish for the same list. The
//! candidates are plain odd numbers, while this crate's own candidates have no factor up to 53.

use crate::{Result, backend, mean};
use ssh_keypair::internals::{replay, with_instructions};
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

/// The candidates for a size, one per line, in hexadecimal. The last one is a prime.
fn candidates(corpus: &Path, bits: usize) -> Result<Vec<Vec<u8>>> {
    let text = std::fs::read_to_string(corpus.join(format!("vectors/cctv-keygen/rsa.bench.{bits}.txt")))?;
    let byte = |hex: &[u8]| Ok(u8::from_str_radix(std::str::from_utf8(hex)?, 16)?);
    text.lines().map(|line| line.as_bytes().chunks(2).map(byte).collect()).collect()
}

pub fn run(options: &[&str]) -> Result<()> {
    let (mut keys, mut backends) = (20, backend::here());
    for pair in options.chunks(2) {
        match pair {
            ["--keys", count] => keys = count.parse()?,
            ["--backend", names] => backends = backend::named(names)?,
            _ => return Err("replay accepts --keys N and --backend NAME,NAME".into()),
        }
    }
    if keys < 2 {
        return Err("at least two keys".into());
    }
    let corpus = std::env::var_os("SSH_KEYPAIR_CORPUS").ok_or("SSH_KEYPAIR_CORPUS is not set")?;
    for bits in [2048, 3072, 4096] {
        let candidates = candidates(Path::new(&corpus), bits)?;
        if replay(bits, &candidates[..candidates.len() - 1]).is_ok() {
            return Err("the last candidate is not needed".into());
        }
        println!("RSA-{bits}, ms, mean of {keys} keys with its 95% interval:");
        for backend in &backends {
            let times = with_instructions(backend.instructions, || {
                replay(bits, &candidates)?; // warms up
                (0..keys)
                    .map(|_| {
                        let start = Instant::now();
                        black_box(replay(bits, black_box(&candidates))?);
                        Ok(1e3 * start.elapsed().as_secs_f64())
                    })
                    .collect::<Result<Vec<_>>>()
            })?;
            let (mean, interval) = mean(&times);
            println!("  {:16} {mean:8.2} +- {interval:6.2}", backend.name);
        }
    }
    Ok(())
}

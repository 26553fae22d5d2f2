//! The MD5 fingerprint of public key lines: of one line, and of a table.
//!
//! Each implementation parses the line, makes its own checks, and hashes the blob. MD5 is that of the crate `md-5`, except for
//! our batch, and the digest is not written as text. If a rival has several ways to obtain the blob, we use the fastest. Rivals
//! check less: all of them accept an even modulus, a modulus of 512 bits, and a point that is not on its curve.
//!
//! The one line is in the first-level cache, and the CPU predicts its branches, so this shows the best that each can
//! do. The table is one string, and a slice of `&str` into it. It does not fit the caches, so reading it is part of
//! what is timed.

use crate::{Result, locked, mean};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use ssh_key::encoding::{DigestWriter, Encode};
use ssh_keypair::RsaPublicKey;
use ssh_keypair::{
    Ed25519PublicKey, KeyData, PublicKeyRef,
    openssh::{MAX_BLOB_BYTES, fingerprint_lines},
};
use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

/// The line of the first case.
const LINE: &str = include_str!("../../../tests/data/rsa2048.pub");

/// A sample of the first case is the mean of this many calls.
const CALLS: usize = 1000;

/// The kind of a line of the table.
enum Kind {
    /// A random odd modulus of this many bits.
    Rsa(usize),
    /// A random point of the curve.
    Ed25519,
    /// Always the key of this line; only the comment is new.
    Same(&'static str),
}

/// The table: how many of a thousand lines are of each kind. Their order is random within each thousand.
const MIX: [(usize, &str, Kind); 10] = [
    (700, "RSA-2048", Kind::Rsa(2048)),
    (200, "Ed25519", Kind::Ed25519),
    (60, "ECDSA P-256", Kind::Same(include_str!("../../../tests/data/ecdsa256.pub"))),
    (10, "RSA-3072", Kind::Rsa(3072)),
    (10, "RSA-4096", Kind::Rsa(4096)),
    (8, "ECDSA P-384", Kind::Same(include_str!("../../../tests/data/ecdsa384.pub"))),
    (4, "ECDSA P-521", Kind::Same(include_str!("../../../tests/data/ecdsa521.pub"))),
    (4, "sk-ed25519", Kind::Same(include_str!("../../../tests/data/ed25519sk.pub"))),
    (2, "sk-ecdsa", Kind::Same(include_str!("../../../tests/data/ecdsa256sk.pub"))),
    (2, "DSA", Kind::Same(include_str!("../../../tests/data/dsa1024.pub"))),
];

type Fingerprint = [u8; 16];

/// A function that computes the fingerprint of a line. It may keep a buffer.
type Call = Box<dyn FnMut(&str) -> Result<Fingerprint>>;

/// An implementation.
struct Implementation {
    name: &'static str,
    call: Call,
}

fn implementations() -> Vec<Implementation> {
    vec![
        Implementation { name: "ssh-keypair", call: ssh_keypair() },
        Implementation { name: "ssh-key", call: Box::new(ssh_key) },
        Implementation { name: "openssh-keys", call: Box::new(openssh_keys) },
        Implementation { name: "sshkeys", call: Box::new(sshkeys) },
    ]
}

fn ssh_keypair() -> Call {
    let mut buffer = [0; MAX_BLOB_BYTES];
    Box::new(move |line| Ok(PublicKeyRef::parse(line, &mut buffer)?.md5_fingerprint().into()))
}

/// The blob is written piece by piece into the hash, as the crate does for its own fingerprints. Encoding it first takes 3%
/// longer.
fn ssh_key(line: &str) -> Result<Fingerprint> {
    let mut md5 = Md5::new();
    ssh_key::PublicKey::from_openssh(line)?.key_data().encode(&mut DigestWriter(&mut md5))?;
    Ok(md5.finalize().into())
}

/// Its own `fingerprint_md5` hashes the same blob, and then makes a string of each byte, which takes half as long again.
fn openssh_keys(line: &str) -> Result<Fingerprint> {
    Ok(Md5::digest(openssh_keys::PublicKey::parse(line)?.data()).into())
}

/// It has no MD5.
fn sshkeys(line: &str) -> Result<Fingerprint> {
    Ok(Md5::digest(sshkeys::PublicKey::from_string(line)?.encode()).into())
}

/// SplitMix64: the same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

/// The given number of lines. All are distinct: each has its number in the comment.
fn table(lines: usize) -> Result<String> {
    let mut random = Random(1);
    let mut order: Vec<&Kind> = MIX.iter().flat_map(|(count, _, kind)| std::iter::repeat_n(kind, *count)).collect();
    // A line has 327 bytes on average.
    let mut text = String::with_capacity(lines * 330);
    let (mut number, mut blob) = ([0; 512], [0; 1024]);
    for i in 0..lines {
        if i % order.len() == 0 {
            for last in (1..order.len()).rev() {
                order.swap(last, random.next() as usize % (last + 1));
            }
        }
        let comment = format!("user{i}@example.org");
        let mut add = |key: &KeyData| -> Result<()> {
            writeln!(text, "{}", PublicKeyRef::from_key_data(key, &comment, &mut blob)?)?;
            Ok(())
        };
        match order[i % order.len()] {
            Kind::Rsa(bits) => {
                let modulus = &mut number[..bits / 8];
                random.fill(modulus);
                modulus[0] |= 0x80;
                modulus[bits / 8 - 1] |= 1;
                add(&RsaPublicKey::new(modulus, &[1, 0, 1])?.into())?;
            }
            Kind::Ed25519 => {
                let mut encoding = [0; 32];
                // Every other encoding is that of a point.
                loop {
                    random.fill(&mut encoding);
                    if let Ok(key) = Ed25519PublicKey::new(&encoding) {
                        break add(&key.into())?;
                    }
                }
            }
            Kind::Same(line) => {
                let (key, _) = line.split_once(" test key").ok_or("a line of the tests has another comment")?;
                writeln!(text, "{key} {comment}")?;
            }
        }
    }
    Ok(text)
}

/// The time per line, in ns, with one call for each line.
fn time_calls<'l>(
    lines: impl ExactSizeIterator<Item = &'l str>,
    mut call: impl FnMut(&str) -> Result<Fingerprint>,
) -> Result<f64> {
    let count = lines.len();
    let start = Instant::now();
    for line in lines {
        black_box(call(black_box(line))?);
    }
    Ok(1e9 * start.elapsed().as_secs_f64() / count as f64)
}

/// The time per line, in ns, with one call for all lines.
fn time_batch(lines: &[&str]) -> Result<f64> {
    let mut rejected = 0;
    let start = Instant::now();
    fingerprint_lines(black_box(lines).iter().copied(), |result| match result {
        Ok((_, fingerprint)) => _ = black_box(fingerprint),
        Err(_) => rejected += 1,
    });
    let time = 1e9 * start.elapsed().as_secs_f64() / lines.len() as f64;
    if rejected == 0 { Ok(time) } else { Err(format!("{rejected} lines were rejected").into()) }
}

/// Checks that all implementations compute the fingerprints of our batch.
fn compare(implementations: &mut [Implementation], lines: &[&str]) -> Result<()> {
    let mut batch = Vec::with_capacity(lines.len());
    fingerprint_lines(lines.iter().copied(), |result| batch.push(result.map(|(_, md5)| Fingerprint::from(md5))));
    for (line, expected) in lines.iter().zip(batch) {
        let expected = expected?;
        for Implementation { name, call } in &mut *implementations {
            if call(line).map_err(|error| format!("{name}: {error}: {line}"))? != expected {
                return Err(format!("{name} computes another fingerprint of {line}").into());
            }
        }
    }
    Ok(())
}

/// The result of an implementation in a case: a name, its package, and the times per line, in ns.
struct Row {
    name: &'static str,
    package: &'static str,
    times: Vec<f64>,
}

impl Row {
    fn new(name: &'static str, package: &'static str) -> Self {
        Self { name, package, times: Vec::new() }
    }

    fn median(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    }
}

/// Prints a case, whose first row is this crate, and adds it to the results. On a busy machine, the median says more than the
/// mean.
fn report(case: &str, of: &str, rows: &[&Row], results: &mut Vec<Value>) {
    println!("{case}, ns a line, mean of {} {of} with its 95% interval, and median:", rows[0].times.len());
    let (ours, _) = mean(&rows[0].times);
    for row in rows {
        let Row { name, package, times } = row;
        let (version, (mean, interval)) = (locked(package), mean(times));
        let (median, times_ours) = (row.median(), mean / ours);
        println!("  {name:21} {version:11} {mean:7.1} +- {interval:5.1} {median:7.1}  {times_ours:5.2} times ours");
        results.push(json!({
            "case": case, "name": name, "version": version,
            "count": times.len(), "mean": mean, "interval": interval,
        }));
    }
}

/// Prints how many times as long the first row takes as the second, by the means and by the medians.
fn print_ratio(what: &str, row: &Row, other: &Row) {
    let of_means = mean(&row.times).0 / mean(&other.times).0;
    println!("  {what}: {of_means:.2} times, {:.2} by the medians", row.median() / other.median());
}

/// One line, again and again.
fn one_line(implementations: &mut [Implementation], samples: usize, results: &mut Vec<Value>) -> Result<()> {
    let mut buffer = [0; MAX_BLOB_BYTES];
    let blob = PublicKeyRef::parse(LINE, &mut buffer)?.blob();
    let mut rows: Vec<Row> = implementations.iter().map(|i| Row::new(i.name, i.name)).collect();
    let mut md5_alone = Row::new("md-5 alone", "md-5");
    for _ in 0..samples {
        let calls = || std::iter::repeat_n(LINE, CALLS);
        for (implementation, row) in implementations.iter_mut().zip(&mut rows) {
            row.times.push(time_calls(calls(), &mut implementation.call)?);
        }
        md5_alone.times.push(time_calls(calls(), |_| Ok(Md5::digest(black_box(blob)).into()))?);
    }
    let all: Vec<&Row> = rows.iter().chain([&md5_alone]).collect();
    report("RSA-2048 line", &format!("samples of {CALLS} calls"), &all, results);
    print_ratio("ours to md-5 alone", &rows[0], &md5_alone);
    Ok(())
}

/// The table: our batch and our single calls process all of it in each pass, a rival another part in each pass.
fn batch(calls: &mut [Implementation], lines: &[&str], passes: usize, results: &mut Vec<Value>) -> Result<()> {
    let Some((ours, rivals)) = calls.split_first_mut() else { return Ok(()) };
    // e = 65537 and the 257 bytes of a modulus.
    let is_rsa_2048 = |line: &&str| line.starts_with("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ");
    let rsa_2048: Vec<&str> = lines.iter().copied().filter(is_rsa_2048).collect();

    let [mut mixed, mut of_rsa] = ["ssh-keypair"; 2].map(|name| Row::new(name, ours.name));
    let mut singly = Row::new("ssh-keypair, singly", ours.name);
    let mut one_line = Row::new("ssh-keypair, one line", ours.name);
    let mut rows: Vec<Row> = rivals.iter().map(|rival| Row::new(rival.name, rival.name)).collect();
    for part in lines.chunks_exact(lines.len() / passes).take(passes) {
        mixed.times.push(time_batch(lines)?);
        of_rsa.times.push(time_batch(&rsa_2048)?);
        singly.times.push(time_calls(lines.iter().copied(), &mut ours.call)?);
        one_line.times.push(time_calls(std::iter::repeat_n(LINE, 20 * CALLS), &mut ours.call)?);
        for (rival, row) in rivals.iter_mut().zip(&mut rows) {
            row.times.push(time_calls(part.iter().copied(), &mut rival.call)?);
        }
    }

    let mut all = vec![&mixed, &singly];
    all.extend(&rows);
    all.push(&one_line);
    report(&format!("batch of {} mixed lines", lines.len()), "passes", &all, results);
    print_ratio("our single call on the RSA-2048 line to the batch", &one_line, &mixed);
    print_ratio("our single calls on the same lines to the batch", &singly, &mixed);
    report(&format!("batch of {} RSA-2048 lines", rsa_2048.len()), "passes", &[&of_rsa], results);
    print_ratio("our single call on the RSA-2048 line to the batch", &one_line, &of_rsa);
    Ok(())
}

pub fn run(options: &[&str]) -> Result<()> {
    let (mut samples, mut lines, mut passes, mut file) = (300, 1_000_000, 25, None);
    for pair in options.chunks(2) {
        match pair {
            ["--samples", count] => samples = count.parse()?,
            ["--lines", count] => lines = count.parse()?,
            ["--passes", count] => passes = count.parse()?,
            ["--json", path] => file = Some(*path),
            _ => return Err("openssh accepts --samples N, --lines N, --passes N and --json FILE".into()),
        }
    }
    if samples < 2 || passes < 2 || lines < passes.max(1000) {
        return Err("at least two samples, two passes, 1000 lines, and a line for each pass".into());
    }

    let text = table(lines)?;
    let lines: Vec<&str> = text.lines().collect();
    let mut implementations = implementations();
    compare(&mut implementations, &lines[..lines.len().min(20_000)])?;

    let mut results = Vec::new();
    one_line(&mut implementations, samples, &mut results)?;
    let mix: Vec<String> = MIX.iter().map(|(count, name, _)| format!("{count} {name}")).collect();
    println!("The table: {} lines, {} MB. Of a thousand: {}.", lines.len(), text.len() / 1_000_000, mix.join(", "));
    batch(&mut implementations, &lines, passes, &mut results)?;
    if let Some(file) = file {
        let report = json!({ "benchmark": "openssh", "unit": "ns", "results": results });
        std::fs::write(
            file,
            serde_json::to_string_pretty(&report)?
                + "
",
        )?;
    }
    Ok(())
}

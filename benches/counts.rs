//! Runs one operation, for `.ci/counts`, which counts its instructions with valgrind: `counts NAME`. Without a name, it prints
//! the names of all operations, one per line.
//!
//! Valgrind counts the instructions within [`counted`]. Keys come from files and seeds, so a count does not depend on chance.

#[cfg(ssh_keypair_internals)]
use ssh_keypair::internals::{Instructions, with_instructions};
use ssh_keypair::keypair::{KeyPairName, Profile, Record};
use ssh_keypair::pkcs::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, LineEnding};
use ssh_keypair::{EcdsaCurve, KeySpec, PrivateKey, PublicKey, ReadOptions, RsaPrivateKey};
use std::error::Error;
use std::hint::black_box;

const RSA_LINE: &str = include_str!("../tests/data/rsa2048.pub");
const RSA_PEM: &str = include_str!("../tests/data/private/rsa2048.pkcs1.pem");

/// The seed of every generated key. With this seed, an RSA-2048 key takes about as many candidates as the average key.
const SEED: [u8; 32] = [7; 32];

/// An operation that is ready to run: everything that it needs exists.
type Ready = Box<dyn FnMut()>;

/// The name of an operation, and the function that prepares it.
type Operation = (&'static str, fn() -> Ready);

const OPERATIONS: &[Operation] = &[
    #[cfg(ssh_keypair_internals)]
    ("generate RSA-2048, portable", || generate_rsa(Instructions::Portable)),
    #[cfg(ssh_keypair_internals)]
    ("generate RSA-2048, AVX2", || generate_rsa(Instructions::Avx2)),
    ("generate Ed25519", || generate(KeySpec::Ed25519)),
    ("generate ECDSA P-256", || generate(KeySpec::Ecdsa(EcdsaCurve::P256))),
    ("read an RSA-2048 line", || read_line(RSA_LINE)),
    ("read an Ed25519 line", || read_line(include_str!("../tests/data/ed25519.pub"))),
    ("read an ECDSA P-256 line", || read_line(include_str!("../tests/data/ecdsa256.pub"))),
    ("read an RSA-2048 PKCS#1 PEM", || read_private_key(RSA_PEM)),
    ("read an RSA-2048 OpenSSH file", || read_private_key(include_str!("../tests/data/private/rsa2048.openssh"))),
    ("read an Ed25519 OpenSSH file", || read_private_key(include_str!("../tests/data/private/ed25519.openssh"))),
    ("write an RSA-2048 PKCS#1 PEM", write_pem),
    ("import an RSA-2048 line", import),
];

fn main() -> Result<(), Box<dyn Error>> {
    let Some(name) = std::env::args().nth(1) else {
        for (name, _) in OPERATIONS {
            println!("{name}");
        }
        return Ok(());
    };
    let (_, prepare) = OPERATIONS.iter().find(|(known, _)| *known == name).ok_or("no such operation")?;
    let mut operation = prepare();
    // This does what happens only once, such as detecting the CPU's features, so that it is not counted.
    operation();
    counted(&mut *operation);
    Ok(())
}

/// Runs an operation. Valgrind recognises this function by its name.
#[inline(never)]
fn counted(operation: &mut dyn FnMut()) {
    operation();
    // This must follow the operation: a call at the end would become a jump, and this function would never return.
    black_box(());
}

#[cfg(ssh_keypair_internals)]
fn generate_rsa(most: Instructions) -> Ready {
    Box::new(move || with_instructions(most, || drop(black_box(RsaPrivateKey::from_seed(2048, black_box(&SEED))))))
}

fn generate(spec: KeySpec) -> Ready {
    Box::new(move || drop(black_box(PrivateKey::from_seed(spec, black_box(&SEED)))))
}

/// Parses and checks a public key, and computes both fingerprints.
fn read_line(line: &'static str) -> Ready {
    Box::new(move || {
        let key: PublicKey = black_box(line).parse().expect("a valid line");
        black_box((key.md5_fingerprint(), key.sha256_fingerprint()));
    })
}

fn read_private_key(file: &'static str) -> Ready {
    Box::new(move || drop(black_box(PrivateKey::parse(black_box(file), &ReadOptions::new()).expect("a valid file"))))
}

fn write_pem() -> Ready {
    let key = RsaPrivateKey::from_pkcs1_pem(RSA_PEM).expect("a valid file");
    Box::new(move || drop(black_box(black_box(&key).to_pkcs1_pem(LineEnding::LF))))
}

/// Imports a public key as a request does: parses, audits and fingerprints it, and puts it into a record.
fn import() -> Ready {
    let (name, profile) = ("demo".parse::<KeyPairName>().expect("a name"), Profile::documented());
    Box::new(move || drop(black_box(Record::import(name.clone(), black_box(RSA_LINE), None, &profile))))
}

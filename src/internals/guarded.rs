//! Tests every parser, every writer, generation, batches and audits while each heap block touches an inaccessible page: see
//! [`guard`](crate::kernels::guard). Each input is in a block of its own, without spare bytes.

use super::replay::replay;
use crate::audit::{DenylistRef, check, check_all, check_with, factor, quick_check, shared_primes};
use crate::error::Error;
use crate::fingerprint::{HashAlgorithm, Randomart};
use crate::kernels::cpu::{Instructions, with_instructions};
use crate::kernels::guard::on_each_side;
use crate::key::{
    EcdsaCurve, EcdsaPrivateKey, Ed25519PrivateKey, KdfLimits, KeyData, KeySpec, PrivateKey, PublicKey, PublicKeyRef,
    ReadOptions,
};
use crate::keypair::{Profile, Record};
use crate::openssh::{
    AuthorizedKeyRef, AuthorizedKeys, CertificateRef, Cipher, Entry, EntryRef, KnownHost, MAX_BLOB_BYTES,
    fingerprint_lines,
};
use crate::os_keypairs::{ApiVersion, Caller, Request};
use crate::pkcs::{
    DecodePrivateKey, DecodeRsaPrivateKey, EncodePrivateKey, EncodeRsaPrivateKey, Kdf, LineEnding, MAX_PUBLIC_PEM_BYTES,
};
use crate::read::{KeyFormat, PublicEntry};
use crate::rsa::{RsaPrivateKey, RsaPublicKey};
use crate::x509::Certificate;
use base64ct::{Base64, Encoding};
use std::boxed::Box;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

/// The passphrase of the committed files.
const PASSPHRASE: &[u8] = b"test material";

/// The contents of the files below a folder, except for large ones.
fn files_below(folder: &Path) -> Vec<Vec<u8>> {
    let mut contents = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            contents.extend(files_below(&path));
        } else if path.metadata().unwrap().len() <= 20_000 {
            contents.push(fs::read(path).unwrap());
        }
    }
    contents
}

fn test_data() -> Vec<Vec<u8>> {
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data"))
}

/// The lines of all public keys in the test data, each in a block of its own.
fn lines() -> Vec<Box<str>> {
    let files = test_data();
    let texts = files.iter().filter_map(|file| str::from_utf8(file).ok());
    let lines = texts.flat_map(str::lines).filter(|line| line.starts_with("ssh-") || line.starts_with("ecdsa-"));
    lines.map(Box::from).collect()
}

/// A file, its beginnings of several lengths, its lines, and the bytes that its base64 encodes.
fn inputs(file: &[u8]) -> Vec<Box<[u8]>> {
    let mut inputs: Vec<Box<[u8]>> = (0..=8).map(|eighths| file[..file.len() * eighths / 8].into()).collect();
    let Ok(text) = str::from_utf8(file) else { return inputs };
    let mut decode = |base64: &str| {
        if let Ok(bytes) = Base64::decode_vec(base64) {
            inputs.extend([0, 1, bytes.len() / 2].map(|cut| bytes[..bytes.len().saturating_sub(cut)].into()));
        }
    };
    let contents = text.lines().filter(|line| !line.contains(['-', ':', ' ']));
    decode(&contents.collect::<String>());
    for line in text.lines().filter(|line| line.contains(" AAAA")) {
        line.split(' ').filter(|word| word.len() > 60).for_each(&mut decode);
    }
    inputs.extend(text.lines().filter(|line| line.contains(" AAAA")).map(|line| line.as_bytes().into()));
    inputs
}

/// Passes an input to every parser. Returns whether one of them accepts it.
fn parse(input: &[u8]) -> bool {
    // The limits prevent key derivations, which take too long.
    let limits = KdfLimits::new()
        .with_bcrypt_rounds(1)
        .with_pbkdf2_iterations(1)
        .with_scrypt_cost(1)
        .with_argon2_cost(1)
        .with_memory(1);
    let options = ReadOptions::new().with_passphrase(PASSPHRASE).with_kdf_limits(limits);
    let bytes = [
        PrivateKey::parse_with_report(input, &options).is_ok(),
        PrivateKey::from_openssh(input, &options).is_ok(),
        PrivateKey::from_pem(input, &options).is_ok(),
        PrivateKey::from_ppk(input, &options).is_ok(),
        KeyFormat::detect(input).is_some(),
        PublicEntry::read(input).is_ok(),
        PublicKeyRef::from_blob(input).is_ok(),
        CertificateRef::from_blob(input).is_ok(),
        KeyData::from_spki_der(input).is_ok(),
        RsaPublicKey::from_pkcs1_der(input).is_ok(),
        RsaPrivateKey::from_der(input).is_ok(),
        RsaPrivateKey::from_pkcs1_der(input).is_ok(),
        RsaPrivateKey::from_pkcs8_der(input).is_ok(),
        EcdsaPrivateKey::from_der(input).is_ok(),
        Ed25519PrivateKey::from_der(input).is_ok(),
        Certificate::from_der(input).is_ok(),
        DenylistRef::new(input).is_ok(),
    ];
    let Ok(text) = str::from_utf8(input) else { return bytes.contains(&true) };
    let text: &str = &Box::<str>::from(text);
    let buffer = &mut *vec![0; MAX_BLOB_BYTES];
    let texts = [
        PublicKeyRef::parse(text, buffer).is_ok(),
        PublicKeyRef::parse_opaque(text, buffer).is_ok(),
        CertificateRef::parse(text, buffer).is_ok(),
        AuthorizedKeyRef::parse(text, buffer).is_ok(),
        EntryRef::parse(text, buffer).is_ok(),
        KeyData::from_pem(text, buffer).is_ok(),
        text.parse::<Entry>().is_ok(),
        text.parse::<KnownHost>().is_ok(),
        text.parse::<Certificate>().is_ok(),
        PublicKey::from_rfc4716(text).is_ok(),
        PublicKey::from_pem(text).is_ok(),
        AuthorizedKeys::new(text).any(|(_, entry)| entry.is_ok()),
        Record::import("name".parse().unwrap(), text, None, &Profile::documented()).is_ok(),
        Record::import_x509("name".parse().unwrap(), text, None, &Profile::nova()).is_ok(),
    ];
    // A buffer that is exactly long enough, and one that is not.
    if let Ok(key) = text.parse::<PublicKey>() {
        assert!(PublicKeyRef::parse(text, &mut vec![0; key.blob().len()]).is_ok());
        assert!(PublicKeyRef::parse(text, &mut vec![0; key.blob().len() - 1]).is_err());
    }
    bytes.contains(&true) || texts.contains(&true)
}

/// Writes into a buffer that is exactly long enough, and into one that is not.
fn write<T: AsRef<[u8]> + ?Sized>(write: impl for<'a> Fn(&'a mut [u8]) -> Result<&'a T, Error>) {
    let length = write(&mut vec![0; 40_000]).unwrap().as_ref().len();
    assert!(write(&mut vec![0; length]).is_ok());
    assert!(write(&mut vec![0; length - 1]).is_err());
}

/// Writes a public key in every format.
fn write_public(key: &PublicKeyRef<'_>) {
    write(|buffer| key.write_line(buffer));
    write(|buffer| PublicKeyRef::from_key_data(&key.key_data(), "", buffer).map(|key| key.blob()));
    let data = key.key_data();
    if data.write_spki_pem(&mut [0; MAX_PUBLIC_PEM_BYTES]).is_ok() {
        write(|buffer| data.write_spki_der(buffer));
        write(|buffer| data.write_spki_pem(buffer));
    }
    if let Some(rsa) = data.as_rsa() {
        write(|buffer| rsa.write_pkcs1_der(buffer));
        write(|buffer| rsa.write_pkcs1_pem(buffer));
    }
    assert!(key.to_rfc4716().unwrap().to_string().parse::<PublicKey>().is_err(), "another format");
    for algorithm in [HashAlgorithm::Md5, HashAlgorithm::Sha1, HashAlgorithm::Sha256, HashAlgorithm::Sha512] {
        let fingerprint = key.fingerprint(algorithm);
        assert_eq!(Randomart::new(&fingerprint, "RSA", 2048).to_string().lines().count(), 11);
    }
}

/// Writes a private key in every format, and reads the unencrypted ones back.
fn write_private(key: &PrivateKey) {
    let mut written = vec![key.to_openssh().unwrap()];
    key.to_openssh_encrypted(PASSPHRASE, Cipher::Aes256Gcm).unwrap();
    if let Some(rsa) = key.as_rsa() {
        write(|buffer| rsa.write_pkcs1_der(buffer));
        write(|buffer| rsa.write_pkcs1_pem(buffer));
        written.push(rsa.to_pkcs1_pem(LineEnding::LF).unwrap());
        written.push(rsa.to_pkcs8_pem(LineEnding::LF).unwrap());
        rsa.to_encrypted_pkcs8_pem(PASSPHRASE, Kdf::Scrypt).unwrap();
        let certificate = Certificate::self_signed_with(rsa, "me", 0, &mut getrandom::SysRng).unwrap();
        certificate.to_pkcs12(rsa).unwrap();
    }
    if let Some(ecdsa) = key.as_ecdsa() {
        write(|buffer| ecdsa.write_sec1_der(buffer));
        write(|buffer| ecdsa.write_sec1_pem(buffer));
    }
    write(|buffer| key.write_pkcs8_der(buffer));
    write(|buffer| key.write_pkcs8_pem(buffer));
    key.to_ppk_encrypted(PASSPHRASE).unwrap();
    written.push(key.to_ppk().unwrap());
    for text in written {
        let input: Box<[u8]> = text.as_bytes().into();
        assert!(PrivateKey::parse(&input, &ReadOptions::new()).unwrap() == *key);
    }
}

#[test]
fn no_parser_reads_beyond_its_input() {
    let mut files = test_data();
    match std::env::var_os("SSH_KEYPAIR_CORPUS") {
        Some(folder) => files.extend(files_below(&Path::new(&folder).join("corpus"))),
        None => drop(writeln!(std::io::stderr(), "skipped: files of other projects: SSH_KEYPAIR_CORPUS is not set")),
    }
    let mut accepted = [0, 0];
    on_each_side(|| {
        for input in files.iter().flat_map(|file| inputs(file)) {
            accepted[usize::from(parse(&input))] += 1;
        }
    });
    assert!(accepted.into_iter().all(|count| count > 1000), "{accepted:?}");
}

#[test]
fn no_parser_of_an_encrypted_key_reads_beyond_its_input() {
    let options = ReadOptions::new().with_passphrase(PASSPHRASE);
    let files = files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/private"));
    on_each_side(|| {
        let keys = files.iter().filter(|file| {
            let input: Box<[u8]> = file.as_slice().into();
            PrivateKey::parse(&input, &options).is_ok()
        });
        assert!(keys.count() >= 17);
    });
}

#[test]
fn no_writer_writes_beyond_its_buffer() {
    let specs = [
        KeySpec::Rsa { bits: 2048 },
        KeySpec::Ed25519,
        KeySpec::Ecdsa(EcdsaCurve::P256),
        KeySpec::Ecdsa(EcdsaCurve::P384),
        KeySpec::Ecdsa(EcdsaCurve::P521),
    ];
    on_each_side(|| {
        for line in lines() {
            if let Ok(key) = PublicKey::from_openssh_opaque(&line) {
                write_public(&key.as_public_key_ref());
            }
        }
        for spec in specs {
            let key = PrivateKey::generate(spec).unwrap();
            assert!(key == PrivateKey::from_openssh(&*key.to_openssh().unwrap(), &ReadOptions::new()).unwrap());
            write_private(&key);
        }
    });
}

#[test]
fn generation_accesses_only_its_own_memory_with_any_instructions() {
    for instructions in Instructions::ALL {
        with_instructions(instructions, || {
            on_each_side(|| {
                for bits in [2048, 2064, 3072] {
                    let key = Box::new(RsaPrivateKey::from_seed(bits, b"sixteen bytes...").unwrap());
                    let candidates: [Box<[u8]>; 2] = [key.prime_p().into(), key.prime_q().into()];
                    assert_eq!(replay(bits, &candidates).unwrap().modulus(), key.modulus(), "{instructions:?}");
                }
            });
        });
    }
}

#[test]
fn a_batch_accesses_only_its_own_memory_with_any_instructions() {
    for instructions in Instructions::ALL {
        with_instructions(instructions, || {
            on_each_side(|| {
                let lines = lines();
                let mut count = 0;
                fingerprint_lines(lines.iter().map(|line| &**line), |key| count += usize::from(key.is_ok()));
                assert!(count > 50, "{count}");
            });
        });
    }
}

#[test]
fn audits_access_only_their_own_memory_with_any_instructions() {
    for instructions in Instructions::ALL {
        with_instructions(instructions, || {
            on_each_side(|| {
                let keys: Vec<PublicKey> = lines().iter().filter_map(|line| line.parse().ok()).collect();
                let data: Vec<KeyData<'_>> = keys.iter().map(PublicKey::key_data).collect();
                let file: Box<[u8]> = vec![0x5a; 16 * 33].into();
                let denylists = [DenylistRef::new(&file).unwrap()];
                let weak = check_all(&data, &denylists).iter().filter(|findings| !findings.is_empty()).count();
                assert!(weak > 50, "{weak}");
                let quick = data.iter().filter(|key| !quick_check(key, &denylists).is_empty()).count();
                assert!(quick <= weak, "{quick}");
                let key = data.iter().find(|key| key.bits() == 2048).unwrap();
                assert!(check_with(key, &denylists) == check(key));
                assert!(data.iter().filter(|key| key.bits() == 1024).any(|key| factor(key).is_some()));
                let rsa: Vec<RsaPublicKey<'_>> = data.iter().filter_map(|key| key.as_rsa()).collect();
                assert!(!shared_primes(&rsa).is_empty(), "some keys occur twice");
            });
        });
    }
}

#[test]
fn a_request_reads_only_its_own_memory() {
    let version: ApiVersion = "2.92".parse().unwrap();
    let profile = Profile::documented();
    let caller = Caller::new("caller".parse().unwrap(), "project", "");
    let mut answers = 0;
    on_each_side(|| {
        for line in lines() {
            let body = serde_json::json!({ "keypair": { "name": "demo", "type": "ssh", "public_key": &*line } });
            let body: Box<[u8]> = serde_json::to_vec(&body).unwrap().into();
            let request = serde_json::from_slice(&body).unwrap();
            if let Ok(request) = Request::new(&request, version, &profile) {
                answers += usize::from(request.answer(&caller).is_ok());
            }
        }
    });
    assert!(answers > 10, "{answers}");
}

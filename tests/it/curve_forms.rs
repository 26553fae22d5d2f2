//! Ed25519, ECDSA and DSA private keys in every format: what this crate writes is read by OpenSSL, OpenSSH, PuTTY and Python's
//! `cryptography` as the same key, and what they write is read here. Bad keys, each with its error.

#![cfg(all(feature = "std", feature = "ec", feature = "encryption"))]

use crate::common::{
    Folder, chunks, der, have, have_python, mpint, options, output, parse, pem, string, unframed, what, write_private,
};
use crate::curve_keys::{CURVES, order, plus};
use crate::support::rng::TestRng;
use pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use ssh_keypair::openssh::Cipher;
use ssh_keypair::pkcs::Kdf;
use ssh_keypair::{
    Algorithm, EcdsaCurve, EcdsaPrivateKey, Ed25519PrivateKey, ErrorKind, Field, KeySpec, Mistake, PrivateKey,
    PublicKey,
};
use std::process::Command;

const PASSPHRASE: &str = "test material";

/// Keys of every type, with numbers of every length: their names, and whether they are ECDSA.
fn keys() -> Vec<(String, PrivateKey)> {
    let mut keys = Vec::new();
    for (name, last) in [("ordinary", 9), ("shorter", 0)] {
        let mut seed = [9; 32];
        seed[31] = last;
        let key = Ed25519PrivateKey::from_seed(&seed).unwrap();
        keys.push((format!("Ed25519, {name}"), PrivateKey::from_ed25519(key, "me@host").unwrap()));
    }
    for curve in CURVES {
        let ordinary = EcdsaPrivateKey::from_seed(curve, &[9; 16]).unwrap();
        // The first 9 bytes are zero, and the number's highest bit is set.
        let mut bytes: Vec<u8> = ordinary.scalar().iter().map(|byte| byte | 0x80).collect();
        bytes[..9].fill(0);
        let shorter = EcdsaPrivateKey::generate_with(curve, &mut TestRng::of(bytes)).unwrap();
        for (name, key) in [("ordinary", ordinary), ("shorter", shorter)] {
            keys.push((format!("{curve}, {name}"), PrivateKey::from_ecdsa(key, "me@host").unwrap()));
        }
    }
    keys
}

fn pkcs8(key: &PrivateKey) -> String {
    key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
}

#[test]
fn the_trait_of_pkcs8_reads_what_it_writes_and_no_other_type() {
    for (name, key) in keys() {
        let (der, pem) = (key.to_pkcs8_der().unwrap(), pkcs8(&key));
        let der = der.as_bytes();
        assert_eq!(PrivateKey::from_pkcs8_der(der).unwrap(), key, "{name}");
        assert_eq!(PrivateKey::from_pkcs8_pem(&pem).unwrap(), key, "{name}");
        let (ed25519, ecdsa) = (Ed25519PrivateKey::from_pkcs8_der(der), EcdsaPrivateKey::from_pkcs8_der(der));
        assert_eq!(ed25519.ok().as_ref(), key.as_ed25519(), "{name}");
        assert_eq!(ecdsa.ok().as_ref(), key.as_ecdsa(), "{name}");
        assert!(ssh_keypair::RsaPrivateKey::from_pkcs8_der(der).is_err(), "{name}");
        for cut in 0..der.len() {
            assert!(PrivateKey::from_pkcs8_der(&der[..cut]).is_err(), "{name}, {cut}");
        }
    }
    let rsa = crate::common::data("private/rsa2048.pkcs8.pem");
    assert!(PrivateKey::from_pkcs8_pem(&rsa).unwrap().as_rsa().is_some());
    assert!(Ed25519PrivateKey::from_pkcs8_pem(&rsa).is_err() && EcdsaPrivateKey::from_pkcs8_pem(&rsa).is_err());
}

/// The type and the base64 of a line.
fn without_comment(line: &str) -> String {
    line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

fn line(key: &PrivateKey) -> String {
    without_comment(&key.public_key().to_string())
}

/// A file in a folder, as its only contents.
fn file(folder: &Folder, text: &str) -> String {
    let path = folder.file("key");
    write_private(&path, text);
    path
}

/// Reads with Python's `cryptography`, and prints the line.
const PYTHON_READS: &str = "
import sys
from cryptography.hazmat.primitives.serialization import *
data = open(sys.argv[1], 'rb').read()
password = sys.argv[2].encode() if len(sys.argv) > 2 else None
load = load_ssh_private_key if b'OPENSSH' in data else load_pem_private_key
print(load(data, password).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())
";

#[test]
fn openssl_reads_every_key_and_writes_the_same_bytes() {
    if !have("openssl") {
        return;
    }
    let folder = Folder::new("curve-openssl");
    for (name, key) in keys() {
        let plain = pkcs8(&key);
        let spki = key.public_key().key_data();
        let mut buffer = [0; 1024];
        let spki = spki.write_spki_pem(&mut buffer).unwrap();
        let path = file(&folder, &plain);
        let check = Command::new("openssl").args(["pkey", "-check", "-noout", "-in", &path]).output().unwrap();
        assert!(check.status.success(), "{name}");
        assert_eq!(output("openssl", &["pkey", "-in", &path], ""), plain, "{name}");
        assert_eq!(output("openssl", &["pkey", "-pubout", "-in", &path], ""), spki, "{name}");
        for kdf in [Kdf::Scrypt, Kdf::Pbkdf2] {
            let path = file(&folder, &key.to_encrypted_pkcs8_pem(PASSPHRASE, kdf).unwrap());
            assert_eq!(
                output("openssl", &["pkey", "-in", &path, "-passin", "pass:test material"], ""),
                plain,
                "{name}"
            );
        }
        if let Some(ecdsa) = key.as_ecdsa() {
            let sec1 = ecdsa.to_sec1_pem().unwrap();
            let path = file(&folder, &sec1);
            assert_eq!(output("openssl", &["pkey", "-in", &path], ""), plain, "{name}");
            assert_eq!(output("openssl", &["ec", "-in", &path], ""), *sec1, "{name}");
        }
    }
}

#[test]
fn what_openssl_writes_is_read() {
    if !have("openssl") {
        return;
    }
    let folder = Folder::new("curve-from-openssl");
    for (name, key) in keys() {
        let path = file(&folder, &pkcs8(&key));
        let written = |arguments: &[&str]| output("openssl", &[arguments, &["-in", &path]].concat(), "");
        let mut texts = vec![
            written(&["pkey"]),
            written(&["pkcs8", "-topk8", "-nocrypt"]),
            written(&["pkcs8", "-topk8", "-passout", "pass:test material"]),
            written(&["pkcs8", "-topk8", "-scrypt", "-passout", "pass:test material"]),
            written(&[
                "pkcs8",
                "-topk8",
                "-v2",
                "aes-128-cbc",
                "-v2prf",
                "hmacWithSHA512",
                "-passout",
                "pass:test material",
            ]),
        ];
        if key.as_ecdsa().is_some() {
            texts.extend([
                written(&["ec"]),
                written(&["ec", "-no_public"]),
                written(&["ec", "-conv_form", "compressed"]),
                written(&["ec", "-conv_form", "hybrid"]),
                written(&["ec", "-aes256", "-passout", "pass:test material"]),
                written(&["ec", "-aes128", "-passout", "pass:test material"]),
            ]);
        }
        for text in texts {
            let read =
                parse(&text, Some(PASSPHRASE.as_bytes())).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
            assert!(read == key, "{name}\n{text}");
            if !text.contains("ENCRYPTED") {
                assert!(PrivateKey::parse(unframed(&text), &options(None)).unwrap() == key, "{name}, DER");
            }
        }
        // A compressed point is expanded.
        if key.as_ecdsa().is_some() {
            let spki = written(&["ec", "-pubout", "-conv_form", "compressed"]);
            assert_eq!(PublicKey::from_pem(&spki).unwrap().to_string(), line(&key), "{name}");
        }
    }
    // A block of parameters before the key.
    for curve in ["prime256v1", "secp384r1", "secp521r1"] {
        let text = output("openssl", &["ecparam", "-genkey", "-name", curve], "");
        assert!(text.starts_with("-----BEGIN EC PARAMETERS-----\n"), "{text}");
        let key = parse(&text, None).unwrap();
        let path = file(&folder, &text);
        assert_eq!(output("openssl", &["pkey", "-in", &path], ""), pkcs8(&key));
        let parameters_alone = &text[..text.find("-----BEGIN EC PRIVATE").unwrap()];
        assert_eq!(parse(parameters_alone, None).unwrap_err().kind(), ErrorKind::NotAPrivateKey);
        // Strictly, too, but in front of no other key.
        assert!(PrivateKey::from_pem(&text, &options(None)).unwrap() == key);
        for other in [
            text.replace("BEGIN EC PRIVATE", "BEGIN PRIVATE"),
            format!("{parameters_alone}{}", pkcs8(&key)),
            format!("{parameters_alone}{text}"),
        ] {
            let error = PrivateKey::from_pem(&other, &options(None)).unwrap_err();
            assert_eq!(
                what(error),
                (ErrorKind::InvalidFrame, Some(Field::PrivateKey), Some(parameters_alone.len())),
                "{other}"
            );
        }
    }
    // Curves that OpenSSH does not support, and a curve that is described by its numbers.
    let other = |name| ErrorKind::Mistake(Mistake::NotForSsh(name));
    for (arguments, kind) in [
        (&["ecparam", "-genkey", "-name", "secp256k1", "-noout"][..], other("secp256k1")),
        (&["ecparam", "-genkey", "-name", "brainpoolP256r1", "-noout"], other("brainpoolP256r1")),
        (&["ecparam", "-genkey", "-name", "prime256v1", "-param_enc", "explicit", "-noout"], ErrorKind::InvalidDer),
    ] {
        let sec1 = output("openssl", arguments, "");
        let pkcs8 = output("openssl", &["pkcs8", "-topk8", "-nocrypt", "-in", &file(&folder, &sec1)], "");
        for text in [sec1, pkcs8] {
            let error = parse(&text, None).unwrap_err();
            assert_eq!((error.kind(), error.field()), (kind, Some(Field::Curve)), "{text}");
        }
    }
}

#[test]
fn ssh_keygen_reads_every_key_and_what_it_writes_is_read() {
    if !have("ssh-keygen") {
        return;
    }
    let folder = Folder::new("curve-ssh-keygen");
    for (name, key) in keys() {
        let mut texts = vec![
            key.to_openssh().unwrap(),
            key.to_openssh_encrypted(PASSPHRASE, Cipher::Aes256Ctr).unwrap(),
            key.to_openssh_encrypted(PASSPHRASE, Cipher::Aes256Gcm).unwrap(),
        ];
        // Version 9.2 reads no Ed25519 key in PKCS#8.
        if let Some(ecdsa) = key.as_ecdsa() {
            texts.push(ecdsa.to_sec1_pem().unwrap());
            texts.push(key.to_pkcs8_pem(LineEnding::LF).unwrap());
            texts.push(key.to_encrypted_pkcs8_pem(PASSPHRASE, Kdf::Pbkdf2).unwrap());
        }
        for text in &texts {
            let path = file(&folder, text);
            let read = output("ssh-keygen", &["-y", "-P", PASSPHRASE, "-f", &path], "");
            assert_eq!(without_comment(&read), line(&key), "{name}\n{}", text.lines().next().unwrap());
        }
        let mut forms = vec!["RFC4716"];
        if key.as_ecdsa().is_some() {
            forms.extend(["PEM", "PKCS8"]);
        }
        for (form, new) in forms.iter().flat_map(|form| [(form, ""), (form, PASSPHRASE)]) {
            let path = file(&folder, &texts[0]);
            output("ssh-keygen", &["-q", "-p", "-m", form, "-P", "", "-N", new, "-a", "1", "-f", &path], "");
            let written = std::fs::read_to_string(&path).unwrap();
            assert!(parse(&written, Some(PASSPHRASE.as_bytes())).unwrap() == key, "{name}\n{written}");
        }
    }
}

#[test]
fn puttygen_reads_every_key_and_writes_the_same_file() {
    if !have("puttygen") {
        return;
    }
    let folder = Folder::new("curve-puttygen");
    let [passphrase, none, out] = ["passphrase", "none", "out"].map(|name| folder.file(name));
    write_private(&passphrase, PASSPHRASE);
    write_private(&none, "");
    for (name, key) in keys() {
        let plain = key.to_ppk().unwrap();
        for text in [plain.clone(), key.to_ppk_encrypted(PASSPHRASE).unwrap()] {
            let path = file(&folder, &text);
            let old = ["--old-passphrase", &passphrase];
            let read = output("puttygen", &[&[&path[..]], &old[..], &["-O", "public-openssh"]].concat(), "");
            assert_eq!(read.trim_end(), key.public_key().to_string(), "{name}");
            for (new, parameters) in
                [(&none, "version=3"), (&none, "version=2"), (&passphrase, "version=3"), (&passphrase, "version=2")]
            {
                let more =
                    ["-O", "private", "-o", &out, "--new-passphrase", new, "--reencrypt", "--ppk-param", parameters];
                output("puttygen", &[&[&path[..]], &old[..], &more[..]].concat(), "");
                let written = std::fs::read_to_string(&out).unwrap();
                let again = parse(&written, Some(PASSPHRASE.as_bytes())).unwrap();
                assert!(again == key && again.comment() == "me@host", "{name}\n{written}");
                if new == &none && parameters == "version=3" {
                    assert_eq!(written, *plain, "{name}");
                }
            }
        }
        // OpenSSH's format as it writes it.
        let path = file(&folder, &plain);
        output("puttygen", &[&path, "-O", "private-openssh-new", "-o", &out, "--new-passphrase", &none], "");
        assert!(parse(&std::fs::read_to_string(&out).unwrap(), None).unwrap() == key, "{name}");
    }
}

/// Only OpenSSH's format: to read PuTTY's, the `ssh-key` crate would need its own features for each curve.
#[test]
fn the_ssh_key_crate_reads_every_key_and_what_it_writes_is_read() {
    let passphrase = Some(PASSPHRASE.as_bytes());
    for (name, key) in keys() {
        let their_line = |theirs: &ssh_key::PrivateKey| theirs.public_key().to_openssh().unwrap();
        let expected = key.public_key().to_string();
        let plain = key.to_openssh().unwrap();
        // It cannot read a number of P-256 that is shorter than its field.
        if name.ends_with("shorter") && key.as_ecdsa().is_some_and(|key| key.curve() == EcdsaCurve::P256) {
            assert!(ssh_key::PrivateKey::from_openssh(&plain).is_err(), "{name}");
            continue;
        }
        let theirs = ssh_key::PrivateKey::from_openssh(&plain).unwrap();
        assert_eq!(their_line(&theirs), expected, "{name}");
        for cipher in [Cipher::Aes256Ctr, Cipher::Aes256Gcm] {
            let encrypted = key.to_openssh_encrypted(PASSPHRASE, cipher).unwrap();
            let theirs = ssh_key::PrivateKey::from_openssh(&encrypted).unwrap().decrypt(PASSPHRASE).unwrap();
            assert_eq!(their_line(&theirs), expected, "{name}");
        }
        for cipher in [
            ssh_key::Cipher::Aes128Cbc,
            ssh_key::Cipher::Aes192Cbc,
            ssh_key::Cipher::Aes256Cbc,
            ssh_key::Cipher::Aes128Ctr,
            ssh_key::Cipher::Aes192Ctr,
            ssh_key::Cipher::Aes256Ctr,
            ssh_key::Cipher::Aes128Gcm,
            ssh_key::Cipher::Aes256Gcm,
            ssh_key::Cipher::ChaCha20Poly1305,
        ] {
            let kdf = ssh_key::Kdf::Bcrypt { salt: vec![7; 16], rounds: 1 };
            let encrypted = theirs.encrypt_with(cipher, kdf, 7, PASSPHRASE).unwrap();
            let written = encrypted.to_openssh(ssh_key::LineEnding::LF).unwrap();
            assert!(parse(&written, passphrase).unwrap() == key, "{name}\n{}", *written);
        }
        let written = theirs.to_openssh(ssh_key::LineEnding::LF).unwrap();
        assert!(parse(&written, None).unwrap() == key, "{name}\n{}", *written);
    }
}

#[test]
fn python_reads_every_key_and_what_it_writes_is_read() {
    if !have_python("cryptography") {
        return;
    }
    let folder = Folder::new("curve-python");
    let writes = "
import sys
from cryptography.hazmat.primitives.serialization import *
key = load_pem_private_key(open(sys.argv[1], 'rb').read(), None)
encryption = BestAvailableEncryption(sys.argv[3].encode()) if len(sys.argv) > 3 else NoEncryption()
sys.stdout.write(key.private_bytes(Encoding.PEM, getattr(PrivateFormat, sys.argv[2]), encryption).decode())
";
    for (name, key) in keys() {
        let texts = [
            pkcs8(&key),
            key.to_openssh().unwrap().to_string(),
            key.as_ecdsa().map_or(pkcs8(&key), |key| key.to_sec1_pem().unwrap().to_string()),
        ];
        for text in &texts {
            let path = file(&folder, text);
            assert_eq!(output("python3", &["-", &path], PYTHON_READS).trim_end(), line(&key), "{name}");
        }
        let path = file(&folder, &key.to_encrypted_pkcs8_pem(PASSPHRASE, Kdf::Scrypt).unwrap());
        assert_eq!(output("python3", &["-", &path, PASSPHRASE], PYTHON_READS).trim_end(), line(&key), "{name}");

        let path = file(&folder, &texts[0]);
        let mut forms = vec!["PKCS8", "OpenSSH"];
        if key.as_ecdsa().is_some() {
            forms.push("TraditionalOpenSSL");
        }
        for form in forms {
            let written = output("python3", &["-", &path, form], writes);
            assert!(parse(&written, None).unwrap() == key, "{name}\n{written}");
            if form == "PKCS8" {
                assert_eq!(written, texts[0], "{name}");
                let written = output("python3", &["-", &path, form, PASSPHRASE], writes);
                assert!(parse(&written, Some(PASSPHRASE.as_bytes())).unwrap() == key, "{name}\n{written}");
            }
        }
    }
}

#[test]
fn a_dsa_key_is_read_in_every_format_and_written_only_as_openssh_does() {
    if !have("openssl") || !have("puttygen") {
        return;
    }
    let folder = Folder::new("dsa");
    let [parameters, none, passphrase, out] = ["parameters", "none", "passphrase", "out"].map(|name| folder.file(name));
    write_private(&none, "");
    write_private(&passphrase, PASSPHRASE);
    let sizes = ["-pkeyopt", "dsa_paramgen_bits:1024", "-pkeyopt", "dsa_paramgen_q_bits:160"];
    output("openssl", &[&["genpkey", "-genparam", "-algorithm", "DSA", "-out", &parameters], &sizes[..]].concat(), "");
    let path = file(&folder, &output("openssl", &["gendsa", &parameters], ""));
    let mut texts = vec![
        output("openssl", &["dsa", "-in", &path], ""),
        output("openssl", &["dsa", "-in", &path, "-aes256", "-passout", "pass:test material"], ""),
        output("openssl", &["pkey", "-in", &path], ""),
        output("openssl", &["pkcs8", "-topk8", "-in", &path, "-passout", "pass:test material"], ""),
    ];
    let traditional = output("openssl", &["pkey", "-in", &path, "-traditional"], "");
    assert!(traditional.starts_with("-----BEGIN DSA PRIVATE KEY-----\n"), "{traditional}");
    texts.push(traditional.clone());
    for (new, version) in
        [(&none, "version=3"), (&none, "version=2"), (&passphrase, "version=3"), (&passphrase, "version=2")]
    {
        let path = file(&folder, &traditional);
        output("puttygen", &[&path, "-O", "private", "-o", &out, "--new-passphrase", new, "--ppk-param", version], "");
        texts.push(std::fs::read_to_string(&out).unwrap());
    }
    let spki = output("openssl", &["dsa", "-in", &path, "-pubout"], "");
    let public = PublicKey::from_pem(&spki).unwrap();
    for text in &texts {
        let key = parse(text, Some(PASSPHRASE.as_bytes())).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(key.public_key().blob(), public.blob(), "{text}");
        assert_eq!(key.algorithm(), Algorithm::Dsa);
        assert!(parse(&key.to_openssh().unwrap(), None).unwrap() == key);
        for error in [key.to_ppk().unwrap_err(), key.write_pkcs8_der(&mut [0; 1024]).unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::UnsupportedType);
        }
        assert_eq!(key.to_ppk_encrypted(PASSPHRASE).unwrap_err().kind(), ErrorKind::UnsupportedType);
        assert_eq!(key.to_encrypted_pkcs8_pem(PASSPHRASE, Kdf::Pbkdf2).unwrap_err().kind(), ErrorKind::UnsupportedType);
    }
    // Another y, an x of 0, and an x that is not below q.
    let plain = unframed(&traditional);
    let at = plain.len() - 10;
    let mut changed = plain.clone();
    changed[at] ^= 1;
    assert_eq!(PrivateKey::parse(&changed, &options(None)).unwrap_err().kind(), ErrorKind::KeyMismatch);
    for x in [vec![0], vec![0x7f; 21]] {
        // The parser counts the numbers from the start; x is the last one, of 20 or 21 bytes.
        let x_bytes = if plain[plain.len() - 23] == 2 { 23 } else { 22 };
        let numbers = &plain[4..plain.len() - x_bytes];
        let error = PrivateKey::parse(der(0x30, &[numbers, &der(2, &x)].concat()), &options(None)).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InconsistentKey, Some(Field::PrivateExponent)));
    }
}

// Variants and bad keys

const ED25519_OID: &[u8] = b"\x30\x05\x06\x03\x2b\x65\x70";

fn oid(curve: EcdsaCurve) -> &'static [u8] {
    match curve {
        EcdsaCurve::P256 => b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
        EcdsaCurve::P384 => b"\x06\x05\x2b\x81\x04\x00\x22",
        EcdsaCurve::P521 => b"\x06\x05\x2b\x81\x04\x00\x23",
    }
}

/// PKCS#8 of these parts.
fn info(version: u8, algorithm: &[u8], key: &[u8], more: &[u8]) -> Vec<u8> {
    der(0x30, &[&[2, 1, version], algorithm, &der(4, key), more].concat())
}

fn ec_algorithm(parameters: &[u8]) -> Vec<u8> {
    der(0x30, &[b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01", parameters].concat())
}

/// SEC 1 of these parts.
fn sec1(scalar: &[u8], parameters: Option<&[u8]>, point: Option<&[u8]>) -> Vec<u8> {
    let parameters = parameters.map(|parameters| der(0xa0, parameters)).unwrap_or_default();
    let point = point.map(|point| der(0xa1, &bits(point))).unwrap_or_default();
    der(0x30, &[&[2, 1, 1][..], &der(4, scalar), &parameters, &point].concat())
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    der(3, &[&[0], bytes].concat())
}

/// The error of the reader of any format, which names types and curves for which the readers of one type have a kind.
fn error_of(der: &[u8]) -> (ErrorKind, Option<Field>) {
    match what(PrivateKey::parse(der, &options(None)).unwrap_err()) {
        (ErrorKind::Mistake(Mistake::NotForSsh(_)), Some(Field::Curve), _) => {
            (ErrorKind::UnknownKeyType, Some(Field::Curve))
        }
        (ErrorKind::Mistake(Mistake::NotForSsh(_)), field, _) => (ErrorKind::UnsupportedType, field),
        (kind, field, _) => (kind, field),
    }
}

#[test]
fn version_2_of_pkcs8_may_have_its_public_key_in_either_tag() {
    let key = Ed25519PrivateKey::from_seed(&[9; 32]).unwrap();
    let other = Ed25519PrivateKey::from_seed(&[8; 32]).unwrap();
    let seed = der(4, key.seed());
    let point = key.public_key().as_bytes().as_slice();
    let implicit = |point: &[u8]| der(0x81, &[&[0], point].concat());
    let explicit = |point: &[u8]| der(0xa1, &bits(point));
    let attributes = der(0xa0, &[]);
    for (version, more) in [
        (0, vec![]),
        (1, vec![]),
        (1, implicit(point)),
        (1, explicit(point)),
        (0, attributes.clone()),
        (1, [attributes, implicit(point)].concat()),
    ] {
        let der = info(version, ED25519_OID, &seed, &more);
        assert!(Ed25519PrivateKey::from_der(&der).unwrap() == key, "{der:02x?}");
        assert!(PrivateKey::parse(pem("PRIVATE KEY", &der), &options(None)).unwrap().as_ed25519() == Some(&key));
    }
    let good = info(0, ED25519_OID, &seed, &[]);
    let with_null = b"\x30\x07\x06\x03\x2b\x65\x70\x05\x00";
    use ErrorKind::{
        InvalidDer, InvalidValue, KeyMismatch, TrailingData, Truncated, UnsupportedType, UnsupportedVersion,
    };
    let rows = [
        (info(2, ED25519_OID, &seed, &[]), UnsupportedVersion),
        (info(0, with_null, &seed, &[]), InvalidDer),
        (info(0, b"\x30\x05\x06\x03\x2b\x65\x6e", &seed, &[]), UnsupportedType),
        (info(0, b"\x30\x05\x06\x03\x2b\x65\x71", &seed, &[]), UnsupportedType),
        (info(0, ED25519_OID, &der(4, &[9; 31]), &[]), InvalidValue),
        (info(0, ED25519_OID, &der(4, &[9; 33]), &[]), InvalidValue),
        (info(0, ED25519_OID, &[9; 32], &[]), InvalidDer),
        (info(0, ED25519_OID, &[&seed[..], &[0]].concat(), &[]), TrailingData),
        (info(1, ED25519_OID, &seed, &implicit(other.public_key().as_bytes())), KeyMismatch),
        (info(1, ED25519_OID, &seed, &explicit(other.public_key().as_bytes())), KeyMismatch),
        (info(1, ED25519_OID, &seed, &implicit(&point[..31])), KeyMismatch),
        (info(1, ED25519_OID, &seed, &der(0x81, &[])), InvalidDer),
        (info(1, ED25519_OID, &seed, &der(0x81, &[&[1], point].concat())), InvalidDer),
        (info(1, ED25519_OID, &seed, &der(0xa1, point)), InvalidDer),
        // The contents of one tag in the other one.
        (info(1, ED25519_OID, &seed, &der(0xa1, &[&[0], point].concat())), InvalidDer),
        (info(1, ED25519_OID, &seed, &der(0x81, &bits(point))), InvalidDer),
        (info(1, ED25519_OID, &seed, &[5, 0]), TrailingData),
        ([&good[..], &[0]].concat(), TrailingData),
        (good[..good.len() - 1].to_vec(), Truncated),
    ];
    for (row, (der, kind)) in rows.into_iter().enumerate() {
        assert_eq!(error_of(&der).0, kind, "row {row}");
        let error = Ed25519PrivateKey::from_der(&der).unwrap_err();
        assert_eq!(error.kind(), kind, "row {row}");
        if kind == InvalidValue {
            // The seed is at the end.
            let seed_at = der.len() - usize::from(der[der.iter().rposition(|byte| *byte == 4).unwrap() + 1]);
            assert_eq!((error.field(), error.offset()), (Some(Field::PrivateExponent), Some(seed_at)), "row {row}");
        }
    }
}

#[test]
fn sec1_is_read_in_every_variant_and_never_as_another_key() {
    for curve in CURVES {
        let key = EcdsaPrivateKey::from_seed(curve, &[9; 16]).unwrap();
        let other = EcdsaPrivateKey::from_seed(curve, &[8; 16]).unwrap();
        let (scalar, point, name) = (key.scalar(), key.public_key().point(), oid(curve));
        let parity = 2 + (point[point.len() - 1] & 1);
        let compressed = [&[parity], key.public_key().x()].concat();
        let hybrid = [&[parity + 4], &point[1..]].concat();
        let other_parity = [&[parity ^ 1], key.public_key().x()].concat();
        let longer = [&[0], scalar].concat();
        for sec1 in [
            sec1(scalar, Some(name), Some(point)),
            sec1(scalar, Some(name), None),
            sec1(scalar, None, Some(point)),
            sec1(scalar, None, Some(&compressed)),
            sec1(scalar, Some(name), Some(&compressed)),
            sec1(scalar, Some(name), Some(&hybrid)),
            sec1(&longer, Some(name), Some(point)),
        ] {
            assert!(EcdsaPrivateKey::from_der(&sec1).unwrap() == key, "{sec1:02x?}");
            let pkcs8 = info(0, &ec_algorithm(name), &sec1, &[]);
            assert!(EcdsaPrivateKey::from_der(&pkcs8).unwrap() == key, "{pkcs8:02x?}");
            let text = pem("EC PRIVATE KEY", &sec1);
            assert!(parse(&text, None).unwrap().as_ecdsa() == Some(&key));
        }
        // A number whose first byte is zero, without it.
        let mut short = scalar.to_vec();
        short[0] = 0;
        let short = EcdsaPrivateKey::from_der(&sec1(&short, Some(name), None)).unwrap();
        let without = sec1(&short.scalar()[1..], Some(name), Some(short.public_key().point()));
        assert!(EcdsaPrivateKey::from_der(&without).unwrap() == short);
        let outside = |more: &[u8]| info(1, &ec_algorithm(name), &sec1(scalar, None, None), more);
        assert!(EcdsaPrivateKey::from_der(&outside(&der(0x81, &[&[0], point].concat()))).unwrap() == key);

        use ErrorKind::{
            InconsistentKey, InvalidDer, KeyMismatch, MissingField, TrailingData, Truncated, TypeMismatch,
        };
        use ErrorKind::{UnknownKeyType, UnsupportedType, UnsupportedVersion};
        let next = CURVES[(CURVES.iter().position(|one| *one == curve).unwrap() + 1) % 3];
        let (zero, n) = (vec![0; scalar.len()], order(curve));
        let good = sec1(scalar, Some(name), Some(point));
        let x_only = Some(Field::PrivateExponent);
        let rows = vec![
            (sec1(&zero, Some(name), None), InconsistentKey, x_only),
            (sec1(&[], Some(name), None), InconsistentKey, x_only),
            (sec1(&n, Some(name), None), InconsistentKey, x_only),
            (sec1(&plus(&n, 1), Some(name), None), InconsistentKey, x_only),
            (sec1(&[&[1], scalar].concat(), Some(name), None), InconsistentKey, x_only),
            (sec1(scalar, Some(name), Some(other.public_key().point())), KeyMismatch, x_only),
            (sec1(scalar, Some(name), Some(&other_parity)), KeyMismatch, x_only),
            (sec1(scalar, Some(name), Some(&[0])), KeyMismatch, x_only),
            (outside(&der(0x81, &[&[0], other.public_key().point()].concat())), KeyMismatch, x_only),
            (sec1(scalar, None, None), MissingField, Some(Field::Curve)),
            (sec1(scalar, Some(b"\x06\x05\x2b\x81\x04\x00\x0a"), None), UnknownKeyType, Some(Field::Curve)),
            (sec1(scalar, Some(&[5, 0]), None), InvalidDer, Some(Field::Curve)),
            (info(0, &ec_algorithm(oid(next)), &good, &[]), TypeMismatch, Some(Field::Curve)),
            (info(0, &ec_algorithm(&[]), &good, &[]), InvalidDer, Some(Field::PrivateBlob)),
            (info(0, &ec_algorithm(&[5, 0]), &good, &[]), InvalidDer, Some(Field::Curve)),
            (info(0, ED25519_OID, &good, &[]), InvalidDer, Some(Field::PrivateBlob)),
            (info(2, &ec_algorithm(name), &good, &[]), UnsupportedVersion, Some(Field::PrivateBlob)),
            ([&good[..], &[0]].concat(), TrailingData, Some(Field::PrivateBlob)),
            (good[..good.len() - 1].to_vec(), Truncated, Some(Field::PrivateBlob)),
        ];
        for (row, (der, kind, field)) in rows.into_iter().enumerate() {
            assert_eq!(error_of(&der), (kind, field), "{curve}, row {row}");
        }
        let rsa = info(0, b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", &good, &[]);
        assert_eq!(EcdsaPrivateKey::from_der(&rsa).unwrap_err().kind(), UnsupportedType);
        // With a bit changed, it is at most another encoding of the same key: the hybrid form of the point.
        let mut accepted = 0;
        for bit in 0..8 * good.len() {
            let mut changed = good.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            if let Ok(read) = EcdsaPrivateKey::from_der(&changed) {
                assert!(read == key, "{curve}, {bit}");
                accepted += 1;
            }
        }
        assert!(accepted <= 1, "{curve}: {accepted}");
    }
}

/// A PPK of version 3 with these blobs, and the right MAC.
fn ppk(key_type: &str, public: &[u8], private: &[u8]) -> String {
    use base64ct::{Base64, Encoding};
    use hmac::{KeyInit, Mac};
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(&[]).unwrap();
    for part in [key_type.as_bytes(), b"none", b"", public, private] {
        mac.update(&string(part));
    }
    let body = |blob: &[u8]| {
        let base64 = Base64::encode_string(blob);
        let lines: Vec<_> = chunks(&base64, 64).collect();
        format!("{}\n{}\n", lines.len(), lines.join("\n"))
    };
    let mac: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "PuTTY-User-Key-File-3: {key_type}\nEncryption: none\nComment: \nPublic-Lines: {}Private-Lines: {}Private-MAC: {mac}\n",
        body(public),
        body(private),
    )
}

#[test]
fn a_ppk_contains_the_key_that_it_says() {
    use ErrorKind::{InconsistentKey, InvalidValue, KeyMismatch, TrailingData, Truncated, TypeMismatch};
    let error = |key_type: &str, public: &PrivateKey, private: &[u8]| {
        parse(&ppk(key_type, public.public_key().blob(), private), None).unwrap_err().kind()
    };
    let ed25519 = PrivateKey::from_seed(KeySpec::Ed25519, &[9; 32]).unwrap();
    let seed = string(&[9; 32]);
    let name = "ssh-ed25519";
    assert_eq!(ppk(name, ed25519.public_key().blob(), &seed), *ed25519.to_ppk().unwrap());
    assert_eq!(error(name, &ed25519, &string(&[8; 32])), KeyMismatch);
    assert_eq!(error(name, &ed25519, &string(&[9; 31])), KeyMismatch);
    assert_eq!(error(name, &ed25519, &string(&[9; 33])), InvalidValue);
    assert_eq!(error(name, &ed25519, &seed[..35]), Truncated);
    assert_eq!(error(name, &ed25519, &[&seed[..], &[0]].concat()), TrailingData);
    assert_eq!(error("ecdsa-sha2-nistp256", &ed25519, &seed), TypeMismatch);
    for curve in CURVES {
        let key = PrivateKey::from_seed(KeySpec::Ecdsa(curve), &[9; 16]).unwrap();
        let name = key.algorithm().as_str();
        let scalar = key.as_ecdsa().unwrap().scalar();
        assert_eq!(ppk(name, key.public_key().blob(), &mpint(scalar)), *key.to_ppk().unwrap());
        assert_eq!(error(name, &key, &mpint(&plus(scalar, 1))), KeyMismatch);
        assert_eq!(error(name, &key, &mpint(&[])), InconsistentKey);
        assert_eq!(error(name, &key, &mpint(&order(curve))), InconsistentKey);
        assert_eq!(error(name, &key, &[&mpint(scalar)[..], &[0]].concat()), TrailingData);
        assert_eq!(error(name, &ed25519, &mpint(scalar)), TypeMismatch);
    }
}

// Many keys

const PYTHON_READS_MANY: &str = "
import os, sys
from cryptography.hazmat.primitives.serialization import *
for name in sorted(os.listdir(sys.argv[1])):
    data = open(os.path.join(sys.argv[1], name), 'rb').read()
    load = load_ssh_private_key if b'OPENSSH' in data else load_pem_private_key
    print(load(data, None).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())
";

/// Generates keys of each type, and has each read by every tool, in a format that the tool reads.
fn are_read(count: usize) {
    let specs = [KeySpec::Ed25519].into_iter().chain(CURVES.map(KeySpec::Ecdsa));
    for spec in specs {
        let folder = Folder::new(&format!("many-{}-{count}", spec.algorithm()));
        let keys: Vec<_> = (0..count).map(|_| PrivateKey::generate(spec).unwrap()).collect();
        let lines: Vec<_> = keys.iter().map(line).collect();
        let mut paths = vec![];
        for (number, key) in keys.iter().enumerate() {
            paths.push(folder.file(&format!("{number:05}")));
            write_private(&paths[number], pkcs8(key));
        }
        if have_python("cryptography") {
            let read = output("python3", &["-", folder.0.to_str().unwrap()], PYTHON_READS_MANY);
            assert!(read.lines().eq(lines.iter().map(String::as_str)), "{spec:?}");
        }
        for ((key, path), line) in keys.iter().zip(&paths).zip(&lines) {
            if have("openssl") {
                output("openssl", &["pkey", "-check", "-noout", "-in", path], "");
                let spki = output("openssl", &["pkey", "-pubout", "-in", path], "");
                assert_eq!(PublicKey::from_pem(&spki).unwrap().to_string(), *line);
            }
            if have("ssh-keygen") {
                write_private(path, key.to_openssh().unwrap());
                assert_eq!(without_comment(&output("ssh-keygen", &["-y", "-f", path], "")), *line);
            }
        }
    }
}

#[test]
fn generated_keys_are_read_by_every_tool() {
    are_read(4);
}

#[test]
#[ignore = "several minutes: 12,000 processes"]
fn a_thousand_generated_keys_of_each_type_are_read_by_every_tool() {
    are_read(1000);
}

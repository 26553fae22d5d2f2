//! Other projects' private keys, good and bad: the result of this crate for each, and that of OpenSSH for the bad ones.

#![cfg(all(feature = "std", feature = "encryption"))]

use crate::common::{corpus, json, openssh_file, parse, pkcs1_pem, to_hex, unframed};
use base64ct::{Base64, Encoding};
use pkcs1::LineEnding;
use pkcs1::der::{EncodePem, asn1::UintRef};
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::{EncryptionScheme, pbes2};
use rsa::BoxedUint;
use spki::EncodePublicKey;
use ssh_keypair::{Error, HashAlgorithm, PrivateKey, RsaPrivateKey};
use std::path::Path;

/// Each private key in the corpus, and the result of this crate.
const COLLECTED: &[(&str, &str)] = &[
    ("boringssl-rsa/rsa16384.pem", "KeyTooLarge"),
    ("boringssl-rsa/rsa16385.pem", "KeyTooLarge"),
    ("boringssl-rsa/rsa511.pem", "KeyTooSmall"),
    ("boringssl-rsa/rsa512.pem", "KeyTooSmall"),
    ("boringssl-rsa/rsa8192.pem", "accepted"),
    ("boringssl-rsa/rsa8193.pem", "KeyTooLarge"),
    ("coreos-openssh-keys/dsa", "accepted"),
    ("coreos-openssh-keys/ecdsa", "accepted"),
    ("coreos-openssh-keys/ed25519", "accepted"),
    ("coreos-openssh-keys/rsa", "accepted"),
    ("mscdex-ssh2-streams/openssh_new_dsa", "accepted"),
    ("mscdex-ssh2-streams/openssh_new_dsa_enc", "accepted"),
    ("mscdex-ssh2-streams/openssh_new_dsa_enc_gcm", "accepted"),
    ("mscdex-ssh2-streams/openssh_new_ecdsa", "accepted"),
    ("mscdex-ssh2-streams/openssh_new_ecdsa_enc", "accepted"),
    ("mscdex-ssh2-streams/openssh_new_ecdsa_enc_gcm", "accepted"),
    ("mscdex-ssh2-streams/openssh_new_ed25519", "accepted"),
    ("mscdex-ssh2-streams/openssh_new_rsa", "accepted"),
    ("mscdex-ssh2-streams/openssh_new_rsa_enc", "accepted"),
    ("mscdex-ssh2-streams/openssh_new_rsa_enc_gcm", "accepted"),
    ("mscdex-ssh2-streams/openssh_old_dsa", "accepted"),
    ("mscdex-ssh2-streams/openssh_old_dsa_enc", "accepted"),
    ("mscdex-ssh2-streams/openssh_old_ecdsa", "accepted"),
    ("mscdex-ssh2-streams/openssh_old_ecdsa_enc", "accepted"),
    ("mscdex-ssh2-streams/openssh_old_rsa", "accepted"),
    ("mscdex-ssh2-streams/openssh_old_rsa_enc", "accepted"),
    ("mscdex-ssh2-streams/openssh_old_rsa_enc_aes256", "accepted"),
    ("mscdex-ssh2-streams/ppk_dsa_enc", "accepted"),
    ("mscdex-ssh2-streams/ppk_rsa", "accepted"),
    ("mscdex-ssh2-streams/ppk_rsa_enc", "KeyTooSmall"),
    ("openssh-portable/ecdsa_1", "accepted"),
    ("openssh-portable/ecdsa_1_pw", "accepted"),
    ("openssh-portable/ecdsa_2", "accepted"),
    ("openssh-portable/ecdsa_n", "accepted"),
    ("openssh-portable/ecdsa_n_pw", "accepted"),
    ("openssh-portable/ecdsa_sk1", "accepted"),
    ("openssh-portable/ecdsa_sk1_pw", "accepted"),
    ("openssh-portable/ecdsa_sk2", "accepted"),
    ("openssh-portable/ed25519_1", "accepted"),
    ("openssh-portable/ed25519_1_pw", "accepted"),
    ("openssh-portable/ed25519_2", "accepted"),
    ("openssh-portable/ed25519_sk1", "accepted"),
    ("openssh-portable/ed25519_sk1_pw", "accepted"),
    ("openssh-portable/ed25519_sk2", "accepted"),
    ("openssh-portable/mldsa44_ed25519_1", "accepted"),
    ("openssh-portable/mldsa44_ed25519_1_pw", "accepted"),
    ("openssh-portable/mldsa44_ed25519_2", "accepted"),
    ("openssh-portable/rsa_1", "accepted"),
    ("openssh-portable/rsa_1_pw", "accepted"),
    ("openssh-portable/rsa_1_sha1", "accepted"),
    ("openssh-portable/rsa_1_sha512", "accepted"),
    ("openssh-portable/rsa_2", "accepted"),
    ("openssh-portable/rsa_n", "accepted"),
    ("openssh-portable/rsa_n_pw", "accepted"),
    ("tailhook-ssh-keys/buggy_key", "InvalidDer"),
    ("tailhook-ssh-keys/ed25519", "accepted"),
    ("tailhook-ssh-keys/rsa1024", "accepted"),
    ("tailhook-ssh-keys/rsa1024new", "accepted"),
    ("tailhook-ssh-keys/rsa2048", "accepted"),
    ("tailhook-ssh-keys/rsa4096", "accepted"),
];

const FOLDERS: [&str; 5] =
    ["boringssl-rsa", "coreos-openssh-keys", "mscdex-ssh2-streams", "openssh-portable", "tailhook-ssh-keys"];

/// The private keys of the folders, by their path in the corpus.
fn collected(corpus: &Path) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    for folder in FOLDERS {
        for entry in std::fs::read_dir(corpus.join("corpus").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let first_line = text.lines().next().unwrap_or_default();
            if first_line.contains("PRIVATE KEY-----") || first_line.starts_with("PuTTY-User-Key-File") {
                keys.push((format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap()), text));
            }
        }
    }
    keys.sort();
    keys
}

/// The passphrase of a file, by its project.
fn passphrase(corpus: &Path, path: &str) -> Option<String> {
    let (folder, name) = path.split_once('/').unwrap();
    match folder {
        "mscdex-ssh2-streams" if name.contains("_enc") => {
            Some(if name.starts_with("ppk") { "node.js" } else { "password" }.to_owned())
        }
        "openssh-portable" if name.ends_with("_pw") => {
            Some(std::fs::read_to_string(corpus.join("corpus/openssh-portable/pw")).unwrap().trim_end().to_owned())
        }
        _ => None,
    }
}

fn outcome<T>(result: &Result<T, Error>) -> String {
    match result {
        Ok(_) => "accepted".to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    }
}

/// Checks that a key is the one that the files next to it describe. Returns how many there are.
fn fits_the_files_beside_it(corpus: &Path, path: &str, key: &PrivateKey) -> usize {
    // The same key under a passphrase, or in the new format, has no files next to it.
    let first = if path.starts_with("openssh-portable") {
        path.trim_end_matches("_pw").replace("_n", "_1")
    } else {
        path.into()
    };
    let beside = |ending: &str| std::fs::read_to_string(corpus.join("corpus").join(format!("{first}{ending}"))).ok();
    let public = key.public_key();
    let mut files = 0;
    if let Some(line) = beside(".pub") {
        let words: Vec<&str> = line.trim_end().splitn(3, ' ').collect();
        assert_eq!(words[..2].join(" "), public.with_comment("").unwrap().to_string(), "{path}");
        // Not every format, and not every line, has the comment.
        let comments = [public.comment(), words.get(2).unwrap_or(&"")];
        assert!(comments.contains(&"") || comments[0] == comments[1], "{path}: {comments:?}");
        files += 1;
    }
    if let Some(print) = beside(".fp") {
        assert_eq!(print.trim_end(), public.fingerprint(HashAlgorithm::Sha256).to_string(), "{path}");
        files += 1;
    }
    if let Some(rsa) = key.as_rsa() {
        for (ending, number) in [(".param.n", rsa.modulus()), (".param.p", rsa.prime_p()), (".param.q", rsa.prime_q())]
        {
            if let Some(hex) = beside(ending) {
                let number = to_hex(number);
                assert_eq!(hex.trim_end().trim_start_matches('0'), number.trim_start_matches('0'), "{path}{ending}");
                files += 1;
            }
        }
    }
    if beside(".result").is_some() {
        let described = json(&corpus.join("corpus").join(format!("{path}.result")));
        // A file that may contain several keys is described as a list.
        let expected = described.get(0).unwrap_or(&described);
        assert_eq!(public.algorithm().as_str(), expected["type"], "{path}");
        assert_eq!(public.comment(), expected["comment"], "{path}");
        assert_eq!(Base64::encode_string(public.blob()), expected["publicSSH"], "{path}");
        assert_eq!(public.to_public_key_pem(LineEnding::LF).unwrap().trim_end(), expected["public"], "{path}");
        if let Some(rsa) = key.as_rsa() {
            let (ours, theirs) = (unframed(&pkcs1_pem(rsa)), unframed(expected["private"].as_str().unwrap()));
            // That project does not remove the padding after decryption.
            let padding = theirs.strip_prefix(&ours[..]).unwrap();
            assert!(padding.iter().all(|byte| usize::from(*byte) == padding.len()), "{path}");
        }
        files += 1;
    }
    files
}

#[test]
fn every_private_key_of_other_projects_has_its_outcome_and_is_the_key_that_they_say() {
    let Some(corpus) = corpus() else { return };
    let (mut table, mut files) = (Vec::new(), 0);
    for (path, text) in collected(&corpus) {
        let passphrase = passphrase(&corpus, &path);
        let result = parse(&text, passphrase.as_ref().map(String::as_bytes));
        if let Ok(key) = &result {
            files += fits_the_files_beside_it(&corpus, &path, key);
        }
        if passphrase.is_some() {
            let without = outcome(&parse(&text, None));
            let expected = if result.is_ok() { "PassphraseRequired".to_owned() } else { outcome(&result) };
            assert!(without == expected || without == "PassphraseRequired", "{path}: {without}");
        }
        table.push((path, outcome(&result)));
    }
    let table: Vec<_> = table.iter().map(|(path, ours)| (path.as_str(), ours.as_str())).collect();
    assert_eq!(table, COLLECTED);
    assert!(files > 40, "{files}");
}

/// Each collected bad private key, the result of this crate, and whether `ssh-keygen -y` of OpenSSH 9.2 accepts it.
const BAD_KEYS: &[(&str, &str, &str)] = &[
    ("p02_pub_priv_mismatch", "KeyMismatch", "rejected"),
    ("p03_ed_pub_half_mismatch", "KeyMismatch", "accepted"),
    ("p08_nkeys_0", "MultipleKeys", "rejected"),
    ("p09_nkeys_2", "MultipleKeys", "rejected"),
    ("p10_nkeys_ffffffff", "MultipleKeys", "rejected"),
    ("p14_kdf_none_cipher_aes", "InvalidEncryption", "rejected"),
    ("p18_begin_end_overlap", "Mistake(BrokenBegin)", "rejected"),
    ("p19_missing_footer", "Mistake(NoEnd)", "rejected"),
    ("p20_label_mismatch", "Mistake(NoEnd)", "rejected"),
    ("p21_two_pem", "MultipleKeys", "accepted"),
    ("r00_control", "accepted", "accepted"),
    ("r01_p_is_1", "InconsistentKey", "accepted"),
    ("r04_p_even", "InconsistentKey", "accepted"),
    ("r05_p_zero", "InconsistentKey", "accepted"),
    ("r06_wrong_d", "InconsistentKey", "accepted"),
    ("r07_wrong_qinv", "InconsistentKey", "accepted"),
    ("r08_wrong_dp", "InconsistentKey", "accepted"),
    ("r09_dp_unreduced", "InconsistentKey", "accepted"),
    ("r11_negative_d", "InvalidMpint", "accepted"),
    ("r13_multiprime_version", "UnsupportedVersion", "rejected"),
    ("r15_trailing_in_seq", "TrailingData", "rejected"),
    ("r17_nonminimal_len", "accepted", "accepted"),
    ("r18_nonminimal_int", "InvalidMpint", "rejected"),
    ("r20_truncated", "Truncated", "rejected"),
    ("r21_e1", "InvalidValue", "accepted"),
    ("r24_d_euler", "accepted", "accepted"),
];

/// Translates the collection's names of errors.
fn in_our_words(expected: &str) -> &[&str] {
    match expected {
        "InvalidPem" => &["Mistake(BrokenBegin)", "Mistake(NoEnd)"],
        "InvalidKdf" => &["InvalidEncryption"],
        "InvalidExponent" => &["InvalidValue"],
        "InvalidKey" => &["InconsistentKey"],
        "NegativeInteger" => &["InvalidMpint"],
        // Lengths with superfluous zeros are rewritten.
        "NonCanonicalDer" => &["accepted", "InvalidMpint"],
        "UnsupportedKeyCount" => &["MultipleKeys"],
        _ => &[],
    }
}

#[test]
fn every_collected_bad_private_key_has_its_expected_outcome() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("corpus/bad-inputs");
    let mut table = Vec::new();
    for case in json(&folder.join("private.json")).as_array().unwrap() {
        let field = |field: &str| case[field].as_str().unwrap();
        let text = std::fs::read_to_string(folder.join("private").join(field("file"))).unwrap();
        let ours = outcome(&parse(&text, None));
        let fits = match field("expect") {
            "accept" => ours == "accepted",
            "reject" => ours == field("error") || in_our_words(field("error")).contains(&ours.as_str()),
            other => panic!("{other}"),
        };
        assert!(fits, "{}: {ours}, not {} {}", field("id"), field("expect"), field("error"));
        let openssh = if field("ssh_keygen_y") == "ACCEPT" { "accepted" } else { "rejected" };
        table.push((field("id").to_owned(), ours, openssh));
    }
    let table: Vec<_> = table.iter().map(|(id, ours, openssh)| (id.as_str(), ours.as_str(), *openssh)).collect();
    assert_eq!(table, BAD_KEYS);
}

/// A PKCS#1 PEM of 8192 bits with consistent numbers, whose p or q may not be prime: e*d = 1 modulo (p-1)(q-1). Only a
/// primality test notices.
fn consistent(p: &BoxedUint, q: &BoxedUint) -> String {
    let one = BoxedUint::one_with_precision(p.bits_precision());
    let [p_order, q_order] = [p, q].map(|prime| BoxedUint::wrapping_sub(prime, &one));
    let phi = p_order.clone() * &q_order;
    let e = BoxedUint::from_be_slice(&[1, 0, 1], phi.bits_precision()).unwrap();
    let d = e.invert_mod(&phi.to_nz().unwrap()).unwrap();
    let modulo = |order: BoxedUint| (&d % order.to_nz().unwrap()).to_be_bytes();
    let coefficient = q.invert_odd_mod(&p.to_odd().unwrap()).unwrap();
    let numbers = [
        (p.clone() * q).to_be_bytes(),
        e.to_be_bytes(),
        d.to_be_bytes(),
        p.to_be_bytes(),
        q.to_be_bytes(),
        modulo(p_order),
        modulo(q_order),
        coefficient.to_be_bytes(),
    ];
    let [modulus, public_exponent, private_exponent, prime1, prime2, exponent1, exponent2, coefficient] =
        numbers.each_ref().map(|number| UintRef::new(number).unwrap());
    let key = pkcs1::RsaPrivateKey {
        modulus,
        public_exponent,
        private_exponent,
        prime1,
        prime2,
        exponent1,
        exponent2,
        coefficient,
        other_prime_infos: None,
    };
    key.to_pem(LineEnding::LF).unwrap()
}

/// A prime minus 2, so that p - 1 has no factor in common with e.
fn near(prime: &BoxedUint) -> BoxedUint {
    let two = BoxedUint::from_be_slice(&[2], prime.bits_precision()).unwrap();
    BoxedUint::wrapping_sub(prime, &two)
}

/// An OpenSSH file with this many rounds of bcrypt.
fn with_rounds(text: &str, rounds: u32) -> String {
    let mut blob = unframed(text);
    // After the magic, the names of cipher and key derivation, the length of its options, and the salt.
    let at = 15 + (4 + 10) + (4 + 6) + 4 + (4 + 16);
    assert_eq!(blob[at..at + 4], 1_u32.to_be_bytes());
    blob[at..at + 4].copy_from_slice(&rounds.to_be_bytes());
    openssh_file(&blob, 70)
}

/// A PKCS#8 file with another key derivation.
fn with_kdf(text: &str, change: impl FnOnce(&mut pbes2::Parameters)) -> String {
    let der = unframed(text);
    let mut info = EncryptedPrivateKeyInfoRef::try_from(&der[..]).unwrap();
    let EncryptionScheme::Pbes2(parameters) = &mut info.encryption_algorithm else { panic!() };
    change(parameters);
    info.to_pem(LineEnding::LF).unwrap()
}

/// The times of the slowest rejections. Run it alone, with `--release -- --ignored --nocapture`.
#[test]
#[ignore = "prints times"]
fn the_slowest_rejections() {
    let mut files = Vec::new();
    if let Some(corpus) = corpus() {
        files.extend(collected(&corpus));
        for entry in std::fs::read_dir(corpus.join("corpus/bad-inputs/private")).unwrap() {
            let path = entry.unwrap().path();
            files.push((path.display().to_string(), std::fs::read_to_string(path).unwrap()));
        }
    }
    let key = RsaPrivateKey::generate(8192).unwrap();
    let [p, q] = [key.prime_p(), key.prime_q()].map(|prime| BoxedUint::from_be_slice(prime, 8192).unwrap());
    let openssh = include_str!("../data/private/rsa2048.aes256-ctr.openssh");
    let ppk = include_str!("../data/private/rsa2048.argon2id.ppk");
    let scrypt = include_str!("../data/private/rsa2048.scrypt.pkcs8.pem");
    let pbkdf2 = include_str!("../data/private/rsa2048.pbkdf2.pkcs8.pem");
    let scrypt_of = |n: u64, r: u16, p: u16| {
        with_kdf(scrypt, |parameters| {
            let pbes2::Kdf::Scrypt(costs) = &mut parameters.kdf else { panic!() };
            (costs.cost_parameter, costs.block_size, costs.parallelization) = (n, r, p);
        })
    };
    let pbkdf2_of = |iterations: u32| {
        with_kdf(pbkdf2, |parameters| {
            let pbes2::Kdf::Pbkdf2(costs) = &mut parameters.kdf else { panic!() };
            costs.iteration_count = iterations;
        })
    };
    let mut broken = pkcs1_pem(&key).to_string();
    let last = broken.rfind("-----END").unwrap() - 40;
    broken.replace_range(last..=last, if &broken[last..=last] == "A" { "B" } else { "A" });
    files.extend(
        [
            ("8192 bits, sound", pkcs1_pem(&key).to_string()),
            ("8192 bits, p composite", consistent(&near(&p), &q)),
            ("8192 bits, q composite", consistent(&p, &near(&q))),
            ("8192 bits, both composite", consistent(&near(&p), &near(&q))),
            ("8192 bits, wrong qInv", broken),
            ("at the cap: bcrypt, 2048 rounds", with_rounds(openssh, 2048)),
            (
                "at the cap: argon2, 128 MiB, 32 passes",
                ppk.replace("Argon2-Memory: 64", "Argon2-Memory: 131072")
                    .replace("Argon2-Passes: 2", "Argon2-Passes: 32"),
            ),
            ("at the cap: scrypt, 64 MiB, p = 16", scrypt_of(1 << 16, 8, 16)),
            ("at the cap: pbkdf2, 10^7 iterations", pbkdf2_of(10_000_000)),
            ("bcrypt, 2049 rounds", with_rounds(openssh, 2049)),
            ("bcrypt, 2^31 rounds", with_rounds(openssh, 1 << 31)),
            ("argon2, 4 TiB", ppk.replace("Argon2-Memory: 64", "Argon2-Memory: 4294967295")),
            ("argon2, 2^32 passes", ppk.replace("Argon2-Passes: 2", "Argon2-Passes: 4294967295")),
            ("argon2, 2^24 lanes", ppk.replace("Argon2-Parallelism: 1", "Argon2-Parallelism: 16777215")),
            ("scrypt, N = 2^63", scrypt_of(1 << 63, 8, 1)),
            ("scrypt, r = 65535", scrypt_of(1 << 14, u16::MAX, 1)),
            ("scrypt, p = 65535", scrypt_of(1 << 14, 8, u16::MAX)),
            ("pbkdf2, 10^8 iterations", pbkdf2_of(100_000_000)),
            (
                "16 KiB of base64",
                format!("-----BEGIN RSA PRIVATE KEY-----\n{}", format!("{}\n", "A".repeat(64)).repeat(250)),
            ),
            ("a megabyte", "A".repeat(1 << 20)),
        ]
        .map(|(name, text)| (name.to_owned(), text)),
    );
    let mut times: Vec<_> = files
        .iter()
        .map(|(name, text)| {
            let start = std::time::Instant::now();
            let outcome = outcome(&parse(text, Some(b"not it")));
            (start.elapsed(), name, outcome)
        })
        .collect();
    times.sort();
    for (time, name, outcome) in times.iter().rev() {
        println!("{:8.3} ms  {outcome:22} {name}", time.as_secs_f64() * 1e3);
    }
}

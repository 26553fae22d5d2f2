//! Every format of a private key with a known passphrase and salt, what the key derivation crates derive from those, and
//! files that are read in another way than they are written: for tests that look for secrets in memory.

use super::rng::TestRng;
use base64ct::{Base64, Encoding};
use ssh_keypair::openssh::Cipher;
use ssh_keypair::pkcs::{EncodePrivateKey, EncodeRsaPrivateKey, Kdf, LineEnding};
use ssh_keypair::{PrivateKey, ReadOptions, RsaPrivateKey};
use zeroize::Zeroizing;

pub(crate) const PASSPHRASE: &[u8] = b"a passphrase of more than thirty-two characters";

/// A generator whose bytes are known: they are all the same.
pub(crate) fn salt() -> TestRng {
    TestRng::constant(SALT[0])
}

const SALT: [u8; 16] = [0x5a; 16];

/// Writes a key in some format.
pub(crate) type Write = fn(&PrivateKey) -> Zeroizing<String>;

/// Every format that is written, with [`salt`].
pub(crate) const FORMS: [(&str, Write); 9] = [
    ("PKCS#1", |key| rsa(key).to_pkcs1_pem(LineEnding::LF).unwrap()),
    ("PKCS#8", |key| rsa(key).to_pkcs8_pem(LineEnding::LF).unwrap()),
    ("PKCS#8, scrypt", |key| rsa(key).to_encrypted_pkcs8_pem_with(PASSPHRASE, Kdf::Scrypt, &mut salt()).unwrap()),
    ("PKCS#8, PBKDF2", |key| rsa(key).to_encrypted_pkcs8_pem_with(PASSPHRASE, Kdf::Pbkdf2, &mut salt()).unwrap()),
    ("OpenSSH", |key| key.to_openssh().unwrap()),
    ("OpenSSH, CTR", |key| key.to_openssh_encrypted_with(PASSPHRASE, Cipher::Aes256Ctr, &mut salt()).unwrap()),
    ("OpenSSH, GCM", |key| key.to_openssh_encrypted_with(PASSPHRASE, Cipher::Aes256Gcm, &mut salt()).unwrap()),
    ("PPK", |key| key.to_ppk().unwrap()),
    ("PPK, Argon2", |key| key.to_ppk_encrypted_with(PASSPHRASE, &mut salt()).unwrap()),
];

fn rsa(key: &PrivateKey) -> &RsaPrivateKey {
    key.as_rsa().unwrap()
}

/// The passphrase, and what is derived from it with [`salt`] at the costs that this crate uses.
pub(crate) fn derived() -> Vec<(&'static str, Vec<u8>)> {
    let bcrypt = |bytes| {
        let mut key = vec![0; bytes];
        bcrypt_pbkdf::bcrypt_pbkdf(PASSPHRASE, &SALT, 24, &mut key).unwrap();
        key
    };
    let params = argon2::Params::new(8192, 13, 1, Some(80)).unwrap();
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let (mut putty, mut scrypt, mut pbkdf2) = (vec![0; 80], vec![0; 32], vec![0; 32]);
    argon2.hash_password_into(PASSPHRASE, &SALT, &mut putty).unwrap();
    scrypt::scrypt(PASSPHRASE, &SALT, &scrypt::Params::new(14, 8, 1).unwrap(), &mut scrypt).unwrap();
    pbkdf2::pbkdf2_hmac::<sha2::Sha256>(PASSPHRASE, &SALT, 600_000, &mut pbkdf2);
    vec![
        ("the passphrase", PASSPHRASE.to_vec()),
        ("its SHA-512", <sha2::Sha512 as sha2::Digest>::digest(PASSPHRASE).to_vec()),
        // The derived bytes depend on their number.
        ("bcrypt's key for CTR", bcrypt(48)),
        ("bcrypt's key for GCM", bcrypt(44)),
        ("Argon2's keys", putty),
        ("scrypt's key", scrypt),
        ("PBKDF2's key", pbkdf2),
    ]
}

/// Changes a file in a way that is undone when it is read.
type Damage = fn(&str) -> String;

/// The passphrase of the committed files.
pub(crate) const FILE_PASSPHRASE: &[u8] = b"test material";

/// Files of one committed key that this crate reads and does not write: encrypted in older ways, and damaged in each way that has
/// a path of its own.
pub(crate) fn only_read() -> Vec<(String, String)> {
    let encrypted = [
        ("DEK-Info, 3DES", include_str!("../data/private/rsa2048.3des.pkcs1.pem")),
        ("DEK-Info, AES", include_str!("../data/private/rsa2048.aes256.pkcs1.pem")),
        ("PBES1", include_str!("../data/private/rsa2048.pbes1.pkcs8.pem")),
        ("PBES2, 3DES", include_str!("../data/private/rsa2048.3des.pkcs8.pem")),
        ("OpenSSH, 3DES", include_str!("../data/private/rsa2048.3des.openssh")),
        ("OpenSSH, ChaCha20", include_str!("../data/private/rsa2048.chacha20.openssh")),
        ("PPK 2", include_str!("../data/private/rsa2048.v2.ppk")),
    ];
    let plain = [
        ("PKCS#1", include_str!("../data/private/rsa2048.pkcs1.pem")),
        ("PKCS#8", include_str!("../data/private/rsa2048.pkcs8.pem")),
        ("OpenSSH", include_str!("../data/private/rsa2048.openssh")),
        ("PPK", include_str!("../data/private/rsa2048.ppk")),
    ];
    let damage: [(&str, Damage); 5] = [
        ("as it is", str::to_owned),
        ("blank lines", |text| text.replace('\n', "\n\n")),
        ("indented", |text| text.replace('\n', "\n  ")),
        ("quoted, with its line breaks escaped", |text| format!("{text:?}")),
        ("text around it", |text| format!("# key\r\n{text}")),
    ];
    let mut files: Vec<_> = encrypted.map(|(what, text)| (what.to_owned(), text.to_owned())).into();
    for (form, text) in plain {
        files.extend(damage.iter().map(|(what, damage)| (format!("{form}, {what}"), damage(text))));
        if form != "PPK" {
            files.push((format!("{form}, in one line"), text.trim_end().replace('\n', " ")));
            let unlabelled = text.replace("RSA ", "").replace("OPENSSH ", "");
            files.push((format!("{form}, labelled as SEC 1"), unlabelled.replace("PRIVATE", "EC PRIVATE")));
        }
    }
    let der = |tag, contents: &[u8]| {
        let length = u16::try_from(contents.len()).unwrap().to_be_bytes();
        [&[tag, 0x83, 0], &length[..], contents].concat()
    };
    // PKCS#1 in BER, whose lengths have zeros before them, with and without the numbers that follow from the primes.
    let text = include_str!("../data/private/rsa2048.pkcs1.pem");
    let key = PrivateKey::parse(text, &ReadOptions::new()).unwrap();
    let key = key.as_rsa().unwrap();
    let all = [
        &[][..],
        key.modulus(),
        key.public_exponent(),
        key.private_exponent(),
        key.prime_p(),
        key.prime_q(),
        key.exponent_p(),
        key.exponent_q(),
        key.coefficient(),
    ];
    for (what, kept) in [("BER", 9), ("without CRT numbers", 6)] {
        let numbers = all.iter().enumerate().map(|(at, number)| match at < kept {
            true => der(2, &[&[0][..usize::from(number.first().is_none_or(|first| *first > 0x7f))], number].concat()),
            false => der(2, &[0]),
        });
        let base64 = Base64::encode_string(&der(0x30, &numbers.collect::<Vec<_>>().concat()));
        files.push((
            what.to_owned(),
            format!("-----BEGIN RSA PRIVATE KEY-----\n{base64}\n-----END RSA PRIVATE KEY-----\n"),
        ));
    }
    files
}

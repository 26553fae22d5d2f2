//! Every format of a private key with a known passphrase and salt, and what the key derivation crates derive from
//! those: for tests that look for them in memory.

use super::rng::TestRng;
use ssh_keypair::openssh::Cipher;
use ssh_keypair::pkcs::{EncodePrivateKey, EncodeRsaPrivateKey, Kdf, LineEnding};
use ssh_keypair::{PrivateKey, RsaPrivateKey};
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

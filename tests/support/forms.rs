//! Every form of private key under a known passphrase and salt, and what those become by the crates that derive keys: for
//! tests that look for it in memory.

use ssh_keypair::openssh::Cipher;
use ssh_keypair::{Error, RsaPrivateKey, pkcs::Kdf};
use std::convert::Infallible;
use zeroize::Zeroizing;

pub(crate) const PASSPHRASE: &[u8] = b"a passphrase of more than thirty-two characters";

/// A generator whose bytes are known: all the same.
pub(crate) struct Salt;

const SALT: [u8; 16] = [0x5a; 16];

impl rand_core::TryRng for Salt {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0x5a5a_5a5a)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0x5a5a_5a5a_5a5a_5a5a)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill(SALT[0]);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Salt {}

pub(crate) type Write = fn(&RsaPrivateKey) -> Result<Zeroizing<String>, Error>;

/// Every form that is written, with [`Salt`].
pub(crate) const FORMS: [(&str, Write); 9] = [
    ("PKCS#1", RsaPrivateKey::to_pem),
    ("PKCS#8", RsaPrivateKey::to_pkcs8),
    ("PKCS#8, scrypt", |key| key.to_pkcs8_encrypted_with(PASSPHRASE, Kdf::Scrypt, &mut Salt)),
    ("PKCS#8, PBKDF2", |key| key.to_pkcs8_encrypted_with(PASSPHRASE, Kdf::Pbkdf2, &mut Salt)),
    ("OpenSSH", |key| key.to_openssh("me@host")),
    ("OpenSSH, CTR", |key| key.to_openssh_encrypted_with("me@host", PASSPHRASE, Cipher::Aes256Ctr, &mut Salt)),
    ("OpenSSH, GCM", |key| key.to_openssh_encrypted_with("me@host", PASSPHRASE, Cipher::Aes256Gcm, &mut Salt)),
    ("PPK", |key| key.to_ppk("me@host")),
    ("PPK, Argon2", |key| key.to_ppk_encrypted_with("me@host", PASSPHRASE, &mut Salt)),
];

/// The passphrase, and what is derived of it with [`Salt`] at the costs of this crate.
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
        // The length is part of what is derived.
        ("bcrypt's key for CTR", bcrypt(48)),
        ("bcrypt's key for GCM", bcrypt(44)),
        ("Argon2's keys", putty),
        ("scrypt's key", scrypt),
        ("PBKDF2's key", pbkdf2),
    ]
}

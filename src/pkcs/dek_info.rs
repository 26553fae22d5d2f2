//! The traditional encryption of PEM, as OpenSSL and `ssh-keygen -m PEM` write it: the header `DEK-Info` contains the name
//! of a cipher and its IV. The key is the MD5 of the passphrase and the first half of the IV, as in OpenSSL's
//! `EVP_BytesToKey` with one iteration.
//!
//! It is read and never written.

use super::block_cipher::{BlockCipher, MAX_KEY_BYTES};
use super::encrypted_private_key_info::{decrypted, passphrase_required};
use crate::error::{Error, ErrorKind, Field};
use crate::wipe::on_wiped_stack;
use md5::{Digest, Md5};
use zeroize::Zeroizing;

/// The salt is this many bytes at the start of the IV.
const SALT_BYTES: usize = 8;

/// The length in bytes of the longest IV.
const MAX_IV_BYTES: usize = 16;

/// The ciphers that an error names: how OpenSSL's name begins, how it ends, and the name in the error.
const OLD: [(&str, &str, &str); 17] = [
    ("DES-EDE3-", "CFB", "3DES in CFB mode"),
    ("DES-EDE3-", "OFB", "3DES in OFB mode"),
    ("DES-EDE3", "", "3DES in another mode than CBC"),
    ("DES-EDE", "", "3DES with two keys"),
    ("DES-", "", "DES"),
    ("RC2-", "", "RC2"),
    ("BF-", "", "Blowfish"),
    ("CAST5-", "", "CAST-128"),
    ("IDEA-", "", "IDEA"),
    ("SEED-", "", "SEED"),
    ("CAMELLIA-", "", "Camellia"),
    ("ARIA-", "", "ARIA"),
    ("SM4-", "", "SM4"),
    ("AES-", "CFB", "AES in CFB mode"),
    ("AES-", "OFB", "AES in OFB mode"),
    ("AES-", "CTR", "AES in CTR mode"),
    ("AES-", "ECB", "AES in ECB mode"),
];

/// Decrypts in place. `at` is the offset of the header's value in the text.
pub(super) fn decrypt<'b>(
    (at, dek_info): (usize, &str),
    passphrase: Option<&[u8]>,
    data: &'b mut [u8],
) -> Result<&'b [u8], Error> {
    let (name, iv_text) = dek_info.split_once(',').unwrap_or((dek_info, ""));
    let cipher = match name {
        "AES-128-CBC" => BlockCipher::Aes128,
        "AES-192-CBC" => BlockCipher::Aes192,
        "AES-256-CBC" => BlockCipher::Aes256,
        "DES-EDE3-CBC" => BlockCipher::TripleDes,
        _ => return Err(Field::Encryption.error_at(unsupported(name), at).in_text()),
    };
    let invalid = Field::Encryption.error(ErrorKind::InvalidEncryption).in_text();
    let mut iv = [0; MAX_IV_BYTES];
    let iv = iv.get_mut(..cipher.block_bytes()).unwrap_or_default();
    read_hex(iv_text, iv).ok_or(invalid.at(at + name.len() + 1))?;
    if !cipher.is_padded(data) {
        return Err(invalid.at(at));
    }
    let passphrase = passphrase.ok_or(passphrase_required())?;
    decrypted(on_wiped_stack::<16, _>(|| {
        let mut key = Zeroizing::new([[0; 16]; MAX_KEY_BYTES / 16]);
        derive(passphrase, iv, &mut key);
        cipher.decrypt(key.as_flattened(), iv, data)
    }))
}

/// The error for a cipher that is not supported.
fn unsupported(name: &str) -> ErrorKind {
    let old = OLD.into_iter().find(|(start, end, _)| name.starts_with(start) && name.ends_with(end));
    old.map_or(ErrorKind::UnsupportedEncryption, |(_, _, name)| ErrorKind::OldEncryption(name))
}

/// Reads hexadecimal digits, which must be exactly as many as fill `bytes`.
fn read_hex(text: &str, bytes: &mut [u8]) -> Option<()> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    if pairs.len() != bytes.len() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let [high, low] = [high, low].map(|digit| char::from(*digit).to_digit(16));
        *byte = u8::try_from(high? << 4 | low?).ok()?;
    }
    Some(())
}

/// Each block of the key is the hash of the one before it, the passphrase and the salt.
fn derive(passphrase: &[u8], iv: &[u8], key: &mut [[u8; 16]; 2]) {
    let [first, second] = key;
    let salt = iv.get(..SALT_BYTES).unwrap_or_default();
    let hash = |before: &[u8]| Md5::new().chain_update(before).chain_update(passphrase).chain_update(salt);
    hash(&[]).finalize_into(first.into());
    hash(first).finalize_into(second.into());
}

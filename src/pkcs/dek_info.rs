//! The traditional encryption of PEM, as OpenSSL and `ssh-keygen -m PEM` write it: the header `DEK-Info` contains the name
//! of a cipher and its IV. The key is the MD5 of the passphrase and the first half of the IV, as in OpenSSL's
//! `EVP_BytesToKey` with one iteration.
//!
//! It is read and never written.

use super::encrypted_private_key_info::{check_ciphertext, decrypted, passphrase_required};
use crate::error::{Error, ErrorKind, Field};
use crate::wipe::on_wiped_stack;
use aes::{Aes128Dec, Aes192Dec, Aes256Dec};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use md5::{Digest, Md5};
use zeroize::Zeroizing;

/// The salt is this many bytes at the start of the IV.
const SALT_BYTES: usize = 8;

/// Decrypts in place. `at` is the offset of the header's value in the text.
pub(super) fn decrypt<'b>(
    (at, dek_info): (usize, &str),
    passphrase: Option<&[u8]>,
    data: &'b mut [u8],
) -> Result<&'b [u8], Error> {
    let (name, iv_text) = dek_info.split_once(',').unwrap_or((dek_info, ""));
    let decrypt = match name {
        "AES-128-CBC" => cbc::<Aes128Dec>,
        "AES-192-CBC" => cbc::<Aes192Dec>,
        "AES-256-CBC" => cbc::<Aes256Dec>,
        _ => return Err(Field::Encryption.error_at(ErrorKind::UnsupportedEncryption, at)),
    };
    let iv = initialization_vector(iv_text)
        .ok_or(Field::Encryption.error_at(ErrorKind::InvalidEncryption, at + name.len() + 1))?;
    check_ciphertext(data).map_err(|error| error.at(at))?;
    let passphrase = passphrase.ok_or(passphrase_required())?;
    decrypted(on_wiped_stack::<16, _>(|| {
        let mut key = Zeroizing::new([[0; 16]; 2]);
        derive(passphrase, &iv, &mut key);
        decrypt(key.as_flattened(), &iv, data)
    }))
}

fn initialization_vector(hex: &str) -> Option<[u8; 16]> {
    let is_one = hex.len() == 32 && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    let iv = u128::from_str_radix(hex, 16).ok().filter(|_| is_one)?;
    Some(iv.to_be_bytes())
}

/// Each block of the key is the hash of the one before it, the passphrase and the salt.
fn derive(passphrase: &[u8], iv: &[u8; 16], key: &mut [[u8; 16]; 2]) {
    let [first, second] = key;
    let salt = iv.get(..SALT_BYTES).unwrap_or_default();
    let hash = |before: &[u8]| Md5::new().chain_update(before).chain_update(passphrase).chain_update(salt);
    hash(&[]).finalize_into(first.into());
    hash(first).finalize_into(second.into());
}

/// Decrypts with as much of the key as the cipher needs. None if the padding is invalid.
fn cbc<'b, C>(key: &[u8], iv: &[u8; 16], data: &'b mut [u8]) -> Option<&'b [u8]>
where
    C: cbc::cipher::BlockCipherDecrypt + cbc::cipher::KeyInit,
    Decryptor<C>: KeyIvInit,
{
    let key = key.get(..C::key_size())?;
    Decryptor::<C>::new_from_slices(key, iv).ok()?.decrypt_padded::<Pkcs7>(data).ok()
}

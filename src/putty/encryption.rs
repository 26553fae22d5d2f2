//! Encrypted files. Keys are derived by Argon2 (RFC 9106) in version 3 and by SHA-1 in version 2; the cipher is AES-256 in
//! CBC mode (NIST SP 800-38A, section 6.2).

use super::keys::{Keys, hash};
use super::layout::{MAX_PADDING_BYTES, Version};
use super::lines::{Lines, Value, write_hex};
use crate::error::{Error, ErrorKind, Field, KdfLimit};
use crate::key::{KdfLimits, ReadOptions};
use crate::random::fill;
use aes::Aes256;
use alloc::{format, string::String, vec::Vec};
use argon2::{Algorithm, Argon2, Block, Params};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, array::Array};
use core::ops::RangeInclusive;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

/// The length in bytes of an AES block.
const BLOCK_BYTES: usize = MAX_PADDING_BYTES + 1;

/// The lengths of salts that are read.
const SALT_LENGTHS: RangeInclusive<usize> = argon2::MIN_SALT_LEN..=64;

/// The parameters that are written, like PuTTY's: 8 MiB and one lane. 13 passes take about 50 ms.
const MEMORY: u32 = 8 * 1024;
const PASSES: u32 = 13;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;

/// The total length in bytes of the three keys.
const KEYS_BYTES: usize = 32 + 16 + 32;

/// How the keys are derived from a passphrase.
pub(super) struct Derivation<'a> {
    passphrase: &'a [u8],
    function: Function,
}

enum Function {
    /// The function of version 2, which has no parameters.
    Sha1,
    Argon2 {
        algorithm: Algorithm,
        params: Params,
        salt: Vec<u8>,
    },
}

impl<'a> Derivation<'a> {
    /// A derivation with a new salt, for a file to be written.
    pub(super) fn new<R: TryCryptoRng + ?Sized>(passphrase: &'a [u8], rng: &mut R) -> Result<Self, Error> {
        if passphrase.is_empty() {
            return Err(Field::Passphrase.error(ErrorKind::Empty));
        }
        let mut salt = alloc::vec![0; SALT_BYTES];
        fill(rng, &mut salt)?;
        let params = Params::new(MEMORY, PASSES, LANES, Some(KEYS_BYTES))
            .map_err(|_| Field::Encryption.error(ErrorKind::InvalidEncryption))?;
        Ok(Self { passphrase, function: Function::Argon2 { algorithm: Algorithm::Argon2id, params, salt } })
    }

    /// Reads the lines that describe it, and rejects those that are too costly.
    pub(super) fn read(
        lines: &mut Lines<'_>,
        version: Version,
        passphrase: &'a [u8],
        options: &ReadOptions<'_>,
    ) -> Result<Self, Error> {
        let function = match version {
            Version::Two => Function::Sha1,
            Version::Three => read_argon2(lines, options.kdf_limits())?,
        };
        Ok(Self { passphrase, function })
    }

    /// The lines that describe it.
    pub(super) fn headers(&self) -> String {
        let Function::Argon2 { algorithm, params, salt } = &self.function else { return String::new() };
        let mut text = format!(
            "Key-Derivation: {}\nArgon2-Memory: {}\nArgon2-Passes: {}\nArgon2-Parallelism: {}\nArgon2-Salt: ",
            name_of(*algorithm),
            params.m_cost(),
            params.t_cost(),
            params.p_cost()
        );
        write_hex(&mut text, salt);
        text.push('\n');
        text
    }

    /// Derives the keys.
    pub(super) fn derive(&self, keys: &mut Keys) -> Result<(), Error> {
        match &self.function {
            Function::Sha1 => {
                let (first, second) = keys.cipher_key.split_at_mut(20);
                hash(&[&[0, 0, 0, 0], self.passphrase], first);
                hash(&[&[0, 0, 0, 1], self.passphrase], second);
                keys.set_mac_key_of_version_two(self.passphrase);
            }
            Function::Argon2 { algorithm, params, salt } => {
                let argon2 = Argon2::new(*algorithm, argon2::Version::V0x13, params.clone());
                let mut blocks = Zeroizing::new(Vec::new());
                let bytes = u64::from(params.m_cost()) * 1024;
                let no_memory = Field::Encryption.error(ErrorKind::KdfTooCostly(KdfLimit::Memory(bytes)));
                blocks.try_reserve_exact(params.block_count()).map_err(|_| no_memory)?;
                blocks.resize(params.block_count(), Block::new());
                let mut output = Zeroizing::new([0; KEYS_BYTES]);
                // Everything else was checked before.
                let too_long = Field::Passphrase.error(ErrorKind::TooLong);
                argon2
                    .hash_password_into_with_memory(self.passphrase, salt, &mut *output, blocks.as_mut_slice())
                    .map_err(|_| too_long)?;
                keys.cipher_key.copy_from_slice(&output[..32]);
                keys.iv.copy_from_slice(&output[32..48]);
                keys.mac_key.copy_from_slice(&output[48..]);
            }
        }
        Ok(())
    }

    /// Derives the keys, and decrypts a private blob in place.
    pub(super) fn decrypt(&self, private: &mut [u8], keys: &mut Keys) -> Result<(), Error> {
        let (blocks, []) = Array::slice_as_chunks_mut(private) else {
            return Err(Field::PrivateBlob.error_at(ErrorKind::InvalidEncryption, private.len()));
        };
        self.derive(keys)?;
        cbc::Decryptor::<Aes256>::new((&keys.cipher_key).into(), (&keys.iv).into()).decrypt_blocks(blocks);
        Ok(())
    }
}

impl Keys {
    /// Encrypts a padded private blob in place.
    pub(super) fn encrypt(&self, private: &mut [u8]) {
        let (blocks, _) = Array::slice_as_chunks_mut(private);
        cbc::Encryptor::<Aes256>::new((&self.cipher_key).into(), (&self.iv).into()).encrypt_blocks(blocks);
    }
}

/// Pads a private blob as PuTTY does, with the first bytes of its own SHA-1. Readers accept any padding.
pub(super) fn pad(private: &mut Vec<u8>) {
    let mut padding = Zeroizing::new([0; MAX_PADDING_BYTES]);
    hash(&[private], &mut *padding);
    let length = private.len().next_multiple_of(BLOCK_BYTES) - private.len();
    private.extend_from_slice(&padding[..length]);
}

fn read_argon2(lines: &mut Lines<'_>, limits: &KdfLimits) -> Result<Function, Error> {
    let flavour = lines.value("Key-Derivation")?;
    let algorithm = [Algorithm::Argon2id, Algorithm::Argon2i, Algorithm::Argon2d]
        .into_iter()
        .find(|algorithm| name_of(*algorithm) == flavour.text)
        .ok_or(rejected(ErrorKind::UnsupportedEncryption, &flavour))?;
    let [memory, passes, lanes] =
        [lines.value("Argon2-Memory")?, lines.value("Argon2-Passes")?, lines.value("Argon2-Parallelism")?];
    let salt = lines.value("Argon2-Salt")?;
    let (m_cost, t_cost, p_cost, salt_bytes) = (memory.decimal()?, passes.decimal()?, lanes.decimal()?, salt.hex()?);
    limits.check_memory(u64::from(m_cost) * 1024).map_err(|error| error.at(memory.at).in_text())?;
    limits.check_argon2(m_cost, t_cost).map_err(|error| error.at(passes.at).in_text())?;
    let params = Params::new(m_cost, t_cost, p_cost, Some(KEYS_BYTES)).map_err(|error| {
        let value = match error {
            argon2::Error::TimeTooSmall => &passes,
            argon2::Error::ThreadsTooFew => &lanes,
            _ => &memory,
        };
        rejected(ErrorKind::InvalidEncryption, value)
    })?;
    if !SALT_LENGTHS.contains(&salt_bytes.len()) {
        return Err(rejected(ErrorKind::InvalidEncryption, &salt));
    }
    Ok(Function::Argon2 { algorithm, params, salt: salt_bytes })
}

fn rejected(kind: ErrorKind, value: &Value<'_>) -> Error {
    Field::Encryption.error_at(kind, value.at).in_text()
}

/// PuTTY's name for the algorithm.
fn name_of(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Argon2d => "Argon2d",
        Algorithm::Argon2i => "Argon2i",
        Algorithm::Argon2id => "Argon2id",
    }
}

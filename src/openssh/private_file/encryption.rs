//! The encryption of OpenSSH private keys: `bcrypt_pbkdf` derives a key from the passphrase, and the cipher is AES, ChaCha20 or
//! 3DES. OpenSSH's PROTOCOL.key, PROTOCOL for the names of the ciphers, and PROTOCOL.chacha20poly1305.
//!
//! `bcrypt_pbkdf` derives the cipher's key, followed by the IV. The IV is unique to a file because the salt is.
//! Galois/Counter mode and ChaCha20 with Poly1305 have a tag. The other modes have none: a changed file is noticed by its
//! contents, if at all.
//!
//! The cost is bounded before the work begins, by the number of rounds, of about eight milliseconds each.
//!
//! The derived key and IV are wiped. Of the crates used here, `aes`, `ctr`, `cbc`, `aes-gcm`, `chacha20`, `poly1305` and `des`
//! wipe round keys, counters and the keys of the tags, but not the blocks of text and key stream that they had on the stack.
//! `bcrypt-pbkdf` wipes all but one of its copies of the passphrase's hash, and wipes neither the state of Blowfish nor the
//! blocks that it produces. So the stack below is overwritten when they have finished. Copies in registers are out of reach.
//!
//! AES and ChaCha20 take the same time for every key and every text. Blowfish, and so bcrypt, looks up tables by values that
//! depend on the passphrase, and DES by values that depend on the key: whoever shares the processor's cache may learn
//! something about them. Every usual implementation of the two has this property.

use crate::error::{Error, ErrorKind, Field, named};
use crate::kernels::declassify::declassify;
use crate::key::{ReadOptions, Reader, Span};
use crate::wipe::on_wiped_stack;
use aes::cipher::{BlockModeDecrypt, KeyInit, KeyIvInit, StreamCipher, array::Array};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use bcrypt_pbkdf::bcrypt_pbkdf_with_memory;
use chacha20::ChaCha20;
use core::ops::RangeInclusive;
use ctr::Ctr128BE;
use des::TdesEde3;
use poly1305::Poly1305;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The block size of AES, and the unit of padding with it.
pub(super) const BLOCK_BYTES: usize = 16;

/// The block size of DES, and the unit of padding with it and with ChaCha20.
const SHORT_BLOCK_BYTES: usize = 8;

/// The length in bytes of the tag in Galois/Counter mode, and of that of Poly1305.
pub(super) const TAG_BYTES: usize = 16;

/// The length in bytes of the salt that is written.
pub(super) const SALT_BYTES: usize = 16;

/// The number of rounds that is written: that of OpenSSH since version 9.4.
pub(super) const ROUNDS: u32 = 24;

/// The name of the only key derivation.
pub(super) const KDF: &[u8] = b"bcrypt";

/// The lengths of salts that are accepted. Every program known to write this format uses 16 bytes.
const SALT_LENGTHS: RangeInclusive<usize> = 1..=64;

/// The length in bytes of the longest key and IV, those of ChaCha20: two keys and no IV.
const MAX_KEY_AND_IV_BYTES: usize = 64;

/// The number of bytes that `bcrypt_pbkdf` produces at a time.
const KDF_BLOCK_BYTES: usize = 32;

/// A cipher that an OpenSSH private key is encrypted with.
///
/// ```
/// use ssh_keypair::openssh::Cipher;
/// assert_eq!(Cipher::Aes256Ctr.to_string(), "aes256-ctr");
/// assert_eq!(Cipher::Aes256Gcm.to_string(), "aes256-gcm@openssh.com");
/// assert_eq!("aes256-gcm@openssh.com".parse(), Ok(Cipher::Aes256Gcm));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cipher {
    /// `aes256-ctr`, which ssh-keygen writes. It has no tag: whoever changes the file changes bits of the key.
    Aes256Ctr,
    /// `aes256-gcm@openssh.com`, with a tag: a changed file is rejected.
    Aes256Gcm,
}

impl Cipher {
    /// All ciphers.
    pub const ALL: &[Self] = &[Self::Aes256Ctr, Self::Aes256Gcm];

    /// The name in the file, and in the option `ssh-keygen -Z`.
    pub const fn as_str(self) -> &'static str {
        self.scheme().name
    }

    const fn scheme(self) -> Scheme {
        match self {
            Self::Aes256Ctr => AES256_CTR,
            Self::Aes256Gcm => AES256_GCM,
        }
    }

    /// Encrypts whole blocks in place. Returns the tag, if the cipher has one.
    pub(super) fn encrypt(
        self,
        passphrase: &[u8],
        salt: &[u8],
        text: &mut [u8],
    ) -> Result<Option<[u8; TAG_BYTES]>, Error> {
        self.scheme().with_key(passphrase, salt, ROUNDS, |key, iv| match self {
            Self::Aes256Ctr => apply_key_stream::<Ctr128BE<Aes256>>(key, iv, text).map(|()| None),
            Self::Aes256Gcm => {
                let cipher = Aes256Gcm::new_from_slice(key).map_err(cannot_be)?;
                let iv = iv.try_into().map_err(cannot_be)?;
                cipher.encrypt_inout_detached(iv, &[], text.into()).map(|tag| Some(tag.into())).map_err(cannot_be)
            }
        })
    }
}

named!(Cipher, Error::new(ErrorKind::UnknownName));

#[derive(Clone, Copy)]
enum Mode {
    Ctr,
    Cbc,
    Gcm,
    ChaChaPoly,
    TripleDesCbc,
}

/// AES with a key of some length, in a mode, or another cipher.
#[derive(Clone, Copy)]
struct Scheme {
    name: &'static str,
    mode: Mode,
    key_bytes: usize,
}

impl Scheme {
    const fn new(name: &'static str, mode: Mode, key_bytes: usize) -> Self {
        Self { name, mode, key_bytes }
    }

    const fn iv_bytes(self) -> usize {
        match self.mode {
            Mode::Ctr | Mode::Cbc => BLOCK_BYTES,
            Mode::Gcm => 12,
            Mode::ChaChaPoly => 0,
            Mode::TripleDesCbc => SHORT_BLOCK_BYTES,
        }
    }

    /// Passes the key and the IV for a passphrase to `apply`, then wipes them and their traces on the stack.
    fn with_key<T>(
        self,
        passphrase: &[u8],
        salt: &[u8],
        rounds: u32,
        apply: impl FnOnce(&[u8], &[u8]) -> Result<T, Error>,
    ) -> Result<T, Error> {
        on_wiped_stack::<16, _>(|| {
            let mut both = Zeroizing::new([0; MAX_KEY_AND_IV_BYTES]);
            // The derived bytes depend on the total length.
            let both = &mut both[..self.key_bytes + self.iv_bytes()];
            let mut memory = Zeroizing::new([0; MAX_KEY_AND_IV_BYTES.next_multiple_of(KDF_BLOCK_BYTES)]);
            let memory = &mut memory[..both.len().next_multiple_of(KDF_BLOCK_BYTES)];
            bcrypt_pbkdf_with_memory(passphrase, salt, rounds, both, memory).map_err(cannot_be)?;
            let (key, iv) = both.split_at(self.key_bytes);
            apply(key, iv)
        })
    }
}

const AES256_CTR: Scheme = Scheme::new("aes256-ctr", Mode::Ctr, 32);
const AES256_GCM: Scheme = Scheme::new("aes256-gcm@openssh.com", Mode::Gcm, 32);

/// The schemes that are accepted.
const SCHEMES: [Scheme; 10] = [
    AES256_CTR,
    AES256_GCM,
    Scheme::new("aes192-ctr", Mode::Ctr, 24),
    Scheme::new("aes128-ctr", Mode::Ctr, 16),
    Scheme::new("aes256-cbc", Mode::Cbc, 32),
    Scheme::new("aes192-cbc", Mode::Cbc, 24),
    Scheme::new("aes128-cbc", Mode::Cbc, 16),
    Scheme::new("aes128-gcm@openssh.com", Mode::Gcm, 16),
    Scheme::new("chacha20-poly1305@openssh.com", Mode::ChaChaPoly, 64),
    Scheme::new("3des-cbc", Mode::TripleDesCbc, 24),
];

/// Ciphers of older OpenSSH, and how an error names them.
const OLD: [(&[u8], &str); 5] = [
    (b"blowfish-cbc", "Blowfish"),
    (b"cast128-cbc", "CAST-128"),
    (b"arcfour", "RC4"),
    (b"arcfour128", "RC4"),
    (b"arcfour256", "RC4"),
];

/// What a file says about its encryption.
pub(super) struct Encryption<'a> {
    scheme: Scheme,
    salt: Span,
    rounds: u32,
    passphrase: &'a [u8],
}

/// The error for a cipher that is not supported.
fn unsupported(cipher: &[u8]) -> ErrorKind {
    let old = OLD.into_iter().find(|(name, _)| *name == cipher);
    old.map_or(ErrorKind::UnsupportedEncryption, |(_, name)| ErrorKind::OldEncryption(name))
}

impl<'a> Encryption<'a> {
    /// Reads the strings for the cipher, the key derivation and its options.
    pub(super) fn read(
        blob: &[u8],
        [cipher, kdf, options]: [Span; 3],
        read_options: &ReadOptions<'a>,
    ) -> Result<Self, Error> {
        let rejected = |kind, span: Span| Field::Encryption.error_at(kind, span.start());
        let scheme = SCHEMES.into_iter().find(|scheme| scheme.name.as_bytes() == cipher.of(blob));
        let scheme = scheme.ok_or_else(|| rejected(unsupported(cipher.of(blob)), cipher))?;
        match kdf.of(blob) {
            KDF => (),
            b"none" => return Err(rejected(ErrorKind::InvalidEncryption, kdf)),
            _ => return Err(rejected(ErrorKind::UnsupportedEncryption, kdf)),
        }
        let invalid = rejected(ErrorKind::InvalidEncryption, options);
        let mut reader = Reader::within(blob, options);
        let salt = reader.string(Field::Encryption)?;
        let rounds_at = reader.position();
        let rounds = reader.uint32(Field::Encryption)?;
        if !reader.is_at_end() || !SALT_LENGTHS.contains(&reader.bytes(salt).len()) {
            return Err(invalid);
        }
        if rounds == 0 {
            return Err(invalid.at(rounds_at));
        }
        read_options.kdf_limits().check_bcrypt(rounds).map_err(|error| error.at(rounds_at))?;
        let required = Field::Passphrase.error(ErrorKind::PassphraseRequired);
        Ok(Self { scheme, salt, rounds, passphrase: read_options.passphrase().ok_or(required)? })
    }

    /// The unit of padding.
    pub(super) fn block_bytes(&self) -> usize {
        match self.scheme.mode {
            Mode::Ctr | Mode::Cbc | Mode::Gcm => BLOCK_BYTES,
            Mode::ChaChaPoly | Mode::TripleDesCbc => SHORT_BLOCK_BYTES,
        }
    }

    /// The number of bytes after the private part.
    pub(super) fn tag_bytes(&self) -> usize {
        match self.scheme.mode {
            Mode::Gcm | Mode::ChaChaPoly => TAG_BYTES,
            Mode::Ctr | Mode::Cbc | Mode::TripleDesCbc => 0,
        }
    }

    /// Decrypts the private part in place: whole blocks, followed in the blob by the tag and nothing else.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongPassphrase`] for an empty passphrase, which never encrypts anything, and if the tag does not match.
    pub(super) fn decrypt(&self, blob: &mut [u8], section: Span) -> Result<(), Error> {
        let wrong_passphrase = Field::Passphrase.error(ErrorKind::WrongPassphrase);
        if self.passphrase.is_empty() {
            return Err(wrong_passphrase);
        }
        let (header, rest) = blob.split_at_mut(section.start());
        let (text, tag) = rest.split_at_mut(section.end() - section.start());
        self.scheme.with_key(self.passphrase, self.salt.of(header), self.rounds, |key, iv| {
            match (self.scheme.mode, self.scheme.key_bytes) {
                (Mode::Ctr, 16) => apply_key_stream::<Ctr128BE<Aes128>>(key, iv, text),
                (Mode::Ctr, 24) => apply_key_stream::<Ctr128BE<Aes192>>(key, iv, text),
                (Mode::Ctr, _) => apply_key_stream::<Ctr128BE<Aes256>>(key, iv, text),
                (Mode::Cbc, 16) => unchain::<cbc::Decryptor<Aes128>>(key, iv, text),
                (Mode::Cbc, 24) => unchain::<cbc::Decryptor<Aes192>>(key, iv, text),
                (Mode::Cbc, _) => unchain::<cbc::Decryptor<Aes256>>(key, iv, text),
                (Mode::Gcm, 16) => open::<Aes128Gcm>(key, iv, text, tag, wrong_passphrase),
                (Mode::Gcm, _) => open::<Aes256Gcm>(key, iv, text, tag, wrong_passphrase),
                (Mode::ChaChaPoly, _) => open_chacha(key, text, tag, wrong_passphrase),
                (Mode::TripleDesCbc, _) => unchain::<cbc::Decryptor<TdesEde3>>(key, iv, text),
            }
        })
    }
}

/// Encrypts or decrypts in counter mode.
fn apply_key_stream<C: KeyIvInit + StreamCipher>(key: &[u8], iv: &[u8], text: &mut [u8]) -> Result<(), Error> {
    C::new_from_slices(key, iv).map_err(cannot_be)?.try_apply_keystream(text).map_err(cannot_be)
}

/// Decrypts in cipher block chaining mode.
fn unchain<C: KeyIvInit + BlockModeDecrypt>(key: &[u8], iv: &[u8], text: &mut [u8]) -> Result<(), Error> {
    let (blocks, _) = Array::slice_as_chunks_mut(text);
    C::new_from_slices(key, iv).map_err(cannot_be)?.decrypt_blocks(blocks);
    Ok(())
}

/// Decrypts in Galois/Counter mode, after checking the tag.
fn open<C: KeyInit + AeadInOut>(
    key: &[u8],
    iv: &[u8],
    text: &mut [u8],
    tag: &[u8],
    wrong_passphrase: Error,
) -> Result<(), Error> {
    let cipher = C::new_from_slice(key).map_err(cannot_be)?;
    let (iv, tag) = (iv.try_into().map_err(cannot_be)?, tag.try_into().map_err(cannot_be)?);
    cipher.decrypt_inout_detached(iv, &[], text.into(), tag).map_err(|_| wrong_passphrase)
}

/// Decrypts with ChaCha20, after checking the tag of Poly1305. The second half of the key is for the lengths of packets, which
/// files do not have, and the nonce, a packet's number, is 0: the 64 bits of it that OpenSSH uses are then no different from
/// the 96 bits of RFC 8439. The first block of the key stream is the key of the tag.
fn open_chacha(key: &[u8], text: &mut [u8], tag: &[u8], wrong_passphrase: Error) -> Result<(), Error> {
    let key = key.get(..32).unwrap_or_default();
    let mut stream = ChaCha20::new_from_slices(key, &[0; 12]).map_err(cannot_be)?;
    let mut first = Zeroizing::new([0; 64]);
    stream.try_apply_keystream(&mut *first).map_err(cannot_be)?;
    let expected = Poly1305::new_from_slice(&first[..32]).map_err(cannot_be)?.compute_unpadded(text);
    if !declassify(expected.as_slice().ct_eq(tag)) {
        return Err(wrong_passphrase);
    }
    stream.try_apply_keystream(text).map_err(cannot_be)
}

/// Maps errors about lengths, which cannot occur: all lengths are correct here.
fn cannot_be<E>(_: E) -> Error {
    Field::Encryption.error(ErrorKind::InvalidEncryption)
}

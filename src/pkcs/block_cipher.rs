//! The block ciphers of encrypted private keys, in CBC mode: AES (FIPS 197) and Triple DES (SP 800-67).
//!
//! DES looks up tables by values that depend on the key, as every usual implementation does.

use aes::{Aes128Dec, Aes192Dec, Aes256Dec};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use des::{TdesEde2, TdesEde3};

/// The length in bytes of the longest key.
pub(super) const MAX_KEY_BYTES: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockCipher {
    Aes128,
    Aes192,
    Aes256,
    /// Triple DES with three keys.
    TripleDes,
    /// Triple DES whose third key is the first.
    TripleDesOfTwoKeys,
}

impl BlockCipher {
    /// The length of the key in bytes.
    pub(super) const fn key_bytes(self) -> usize {
        match self {
            Self::Aes128 | Self::TripleDesOfTwoKeys => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
        }
    }

    /// The length in bytes of a block, and of the IV.
    pub(super) const fn block_bytes(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::TripleDes | Self::TripleDesOfTwoKeys => 8,
        }
    }

    /// Whether data is one or more whole blocks, as padding makes it.
    pub(super) const fn is_padded(self, data: &[u8]) -> bool {
        !data.is_empty() && data.len().is_multiple_of(self.block_bytes())
    }

    /// Decrypts in place, with as much of the key as the cipher needs. None if the padding is invalid.
    pub(super) fn decrypt<'b>(self, key: &[u8], iv: &[u8], data: &'b mut [u8]) -> Option<&'b [u8]> {
        let key = key.get(..self.key_bytes())?;
        match self {
            Self::Aes128 => cbc::<Aes128Dec>(key, iv, data),
            Self::Aes192 => cbc::<Aes192Dec>(key, iv, data),
            Self::Aes256 => cbc::<Aes256Dec>(key, iv, data),
            Self::TripleDes => cbc::<TdesEde3>(key, iv, data),
            Self::TripleDesOfTwoKeys => cbc::<TdesEde2>(key, iv, data),
        }
    }
}

fn cbc<'b, C: BlockCipherDecrypt + KeyInit>(key: &[u8], iv: &[u8], data: &'b mut [u8]) -> Option<&'b [u8]> {
    Decryptor::<C>::new_from_slices(key, iv).ok()?.decrypt_padded::<Pkcs7>(data).ok()
}

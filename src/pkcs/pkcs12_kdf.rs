//! The key derivation of PKCS#12: RFC 7292, Appendix B, with SHA-1. PBES1 with 3DES, the old encryption of PKCS#8, uses it.

use alloc::vec::Vec;
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

/// What the derived bytes are for, which is a part of the input.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    Iv = 2,
}

/// The block and the output of SHA-1, in bytes.
const BLOCK_BYTES: usize = 64;
const HASH_BYTES: usize = 20;

/// Derives bytes from a passphrase that [`utf16`] has encoded. Each 20 of them take `iterations` hashes.
pub(super) fn derive(passphrase: &[u8], salt: &[u8], iterations: u32, purpose: Purpose, output: &mut [u8]) {
    let diversifier = [purpose as u8; BLOCK_BYTES];
    // The salt and the passphrase, each repeated to whole blocks.
    let [salt_bytes, passphrase_bytes] = [salt, passphrase].map(|part| part.len().next_multiple_of(BLOCK_BYTES));
    let mut input = Zeroizing::new(Vec::with_capacity(salt_bytes + passphrase_bytes));
    input.extend(salt.iter().cycle().take(salt_bytes));
    input.extend(passphrase.iter().cycle().take(passphrase_bytes));
    let mut hash = Zeroizing::new([0; HASH_BYTES]);
    for part in output.chunks_mut(HASH_BYTES) {
        Sha1::new().chain_update(diversifier).chain_update(&*input).finalize_into((&mut *hash).into());
        for _ in 1..iterations {
            let next: [u8; HASH_BYTES] = Sha1::digest(*hash).into();
            *hash = next;
        }
        part.iter_mut().zip(hash.iter()).for_each(|(to, from)| *to = *from);
        for block in input.chunks_exact_mut(BLOCK_BYTES) {
            add(block, &hash);
        }
    }
}

/// Adds the hash, repeated to a block, and 1 to a block, as big-endian numbers; a carry out of it is dropped.
fn add(block: &mut [u8], hash: &[u8; HASH_BYTES]) {
    let mut carry = 1;
    for (at, byte) in block.iter_mut().enumerate().rev() {
        let [high, low] =
            (u16::from(*byte) + u16::from(hash.get(at % HASH_BYTES).copied().unwrap_or(0)) + carry).to_be_bytes();
        *byte = low;
        carry = u16::from(high);
    }
}

/// A passphrase as PKCS#12 encodes it: UTF-16, big-endian, with a zero at the end. Like OpenSSL, this treats bytes that are
/// not UTF-8 as Latin-1.
pub(super) fn utf16(passphrase: &[u8]) -> Zeroizing<Vec<u8>> {
    // A byte of UTF-8 gives at most two.
    let mut encoded = Zeroizing::new(Vec::with_capacity(2 * passphrase.len() + 2));
    match core::str::from_utf8(passphrase) {
        Ok(text) => text.encode_utf16().for_each(|unit| encoded.extend_from_slice(&unit.to_be_bytes())),
        Err(_) => passphrase.iter().for_each(|byte| encoded.extend_from_slice(&[0, *byte])),
    }
    encoded.extend_from_slice(&[0, 0]);
    encoded
}

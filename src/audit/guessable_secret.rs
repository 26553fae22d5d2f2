//! Keys whose secret anyone can guess, as found in examples and produced by bugs: a list of their public halves, which
//! `tests/data/weak/guessable.py` makes with Python's `cryptography`.
//!
//! | key | secrets |
//! |---|---|
//! | ECDSA, each curve | 1 to 256, and their negatives, whose x is the same; bytes with a pattern, shortened to the length of the order |
//! | Ed25519 | the seeds 0 to 256 as 32 bytes, big- and little-endian; bytes with a pattern; and, without a seed, the multiples 1 to 256 of the base point |
//!
//! 'Bytes with a pattern' are one byte repeated, for each of the 256 values; bytes that count up from 0; bytes that count down
//! to 1; and both of these reversed.
//!
//! A composite of ML-DSA-44 and Ed25519 is looked up by its Ed25519 half: whoever guesses its secret has half of the private key.
//!
//! The format is that of a [`DenylistRef`], with 0 as the byte that says which list.

use super::denylist::DenylistRef;
use crate::key::KeyData;

/// The records, sorted by their hashes.
static RECORDS: &[u8] = include_bytes!("guessable_secret.bin");

/// Whether a key is on the list.
pub(super) fn found(key: &KeyData<'_>) -> bool {
    DenylistRef::new(RECORDS).is_ok_and(|list| list.find(key).is_some())
}

//! Keys whose secret is one that anybody would try, and examples and faults have: a list of their public halves, which
//! `tests/data/weak/guessable.py` makes with Python's `cryptography`.
//!
//! | key | secrets |
//! |---|---|
//! | ECDSA, each curve | 1 to 256, and their negatives, whose x is the same; bytes with a pattern, and as many of their bits as the order has |
//! | Ed25519 | the seeds that are 0 to 256 as 32 bytes, big- and little-endian; bytes with a pattern; and the multiples 1 to 256 of the base point |
//!
//! Bytes with a pattern are each byte over and over, and those that count up from 0, down to 1, and both the other way round.
//!
//! The form is that of a [`DenylistRef`], with the list's byte 0.

use super::denylist::DenylistRef;
use crate::key::KeyData;

/// The records, in the order of their hashes.
static RECORDS: &[u8] = include_bytes!("guessable_secret.bin");

/// Whether a key is on the list.
pub(super) fn found(key: &KeyData<'_>) -> bool {
    DenylistRef::new(RECORDS).is_ok_and(|list| list.find(key).is_some())
}

//! What was found while reading a private key.

use super::detect::KeyFormat;
use crate::text::Normalization;
use alloc::vec::Vec;

/// What was found while reading a private key: see [`PrivateKey::parse_with_report`](crate::PrivateKey::parse_with_report).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadReport {
    /// The format that the key was in.
    pub format: KeyFormat,
    /// What was changed before the parser of that format accepted the input, in the order of the changes; empty if nothing was
    /// changed.
    pub normalizations: Vec<Normalization>,
}

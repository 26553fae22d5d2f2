//! What was found while reading a key.

use super::detect::KeyFormat;
use crate::text::Normalization;
use alloc::vec::Vec;

/// What was found while reading a private key, a public key or an X.509 certificate leniently. Returned by
/// [`PrivateKey::parse_with_report`](crate::PrivateKey::parse_with_report),
/// [`PublicEntry::read_with_report`](crate::PublicEntry::read_with_report) and
/// [`x509::Certificate::read_with_report`](crate::x509::Certificate::read_with_report).
///
/// ```
/// use ssh_keypair::{KeyFormat, Normalization, PublicEntry};
///
/// let pem = include_str!("../../tests/data/ed25519.spki.pem");
/// let (_, report) = PublicEntry::read_with_report(pem)?;
/// assert_eq!((report.format, report.normalizations), (KeyFormat::SpkiPem, vec![Normalization::FromPem]));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ReadReport {
    /// The format that the key was in.
    pub format: KeyFormat,
    /// What was changed before the parser of that format accepted the input, in the order of the changes; empty if nothing was
    /// changed.
    pub normalizations: Vec<Normalization>,
}

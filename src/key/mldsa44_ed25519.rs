//! `ssh-mldsa44-ed25519@openssh.com`, the composite of ML-DSA-44 and Ed25519 of OpenSSH 10.4: string type, string of 1344 bytes,
//! which are the ML-DSA-44 key (FIPS 204: 1312 bytes) and the Ed25519 key (RFC 8032: 32 bytes). The secret half is a string of
//! 64 bytes: the seed of each, in the same order. draft-miller-sshm-mldsa44-ed25519-composite-sigs.
//!
//! Any 1312 bytes are an ML-DSA-44 key. The Ed25519 half is checked as for `ssh-ed25519`.

use super::ed25519::{self, Ed25519PublicKey};
use super::wire::{Reader, Span};
use crate::error::{Error, ErrorKind, Field};

/// The length of the ML-DSA-44 half.
const MLDSA44_BYTES: usize = 1312;

/// The length of a composite signature: that of ML-DSA-44, 2420 bytes, and that of Ed25519.
pub(crate) const SIGNATURE_BYTES: usize = 2420 + 64;

/// A public key of the post-quantum composite of ML-DSA-44 and Ed25519, borrowed.
///
/// ```
/// use ssh_keypair::{Ed25519PublicKey, MlDsa44Ed25519PublicKey, PublicKey};
///
/// // An Ed25519 key, and any 1312 bytes.
/// let ed25519 = Ed25519PublicKey::new(b"\x58fffffffffffffffffffffffffffffff")?;
/// let key = MlDsa44Ed25519PublicKey::new(&[7; 1312], ed25519);
/// let line = PublicKey::from_key_data(&key.into(), "me@host")?.to_string();
/// assert!(line.starts_with("ssh-mldsa44-ed25519@openssh.com AAAAH3NzaC1tbGRzYTQ0"));
/// assert_eq!(line.parse::<PublicKey>()?.key_data().as_mldsa44_ed25519(), Some(key));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MlDsa44Ed25519PublicKey<'a> {
    mldsa44: &'a [u8; MLDSA44_BYTES],
    ed25519: Ed25519PublicKey<'a>,
}

impl<'a> MlDsa44Ed25519PublicKey<'a> {
    /// Combines the two halves. The first is the encoding of an ML-DSA-44 public key: FIPS 204, algorithm 22.
    pub fn new(mldsa44: &'a [u8; 1312], ed25519: Ed25519PublicKey<'a>) -> Self {
        Self { mldsa44, ed25519 }
    }

    /// The encoding of the ML-DSA-44 half.
    pub fn mldsa44(&self) -> &'a [u8; 1312] {
        self.mldsa44
    }

    /// The Ed25519 half.
    pub fn ed25519(&self) -> Ed25519PublicKey<'a> {
        self.ed25519
    }
}

/// Reads both halves: the spans of the Ed25519 point and of the ML-DSA-44 key. Does all checks except whether the point is on
/// its curve.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<[Span; 2], Error> {
    let both = reader.string(Field::Point)?;
    let rejected = Field::Point.error_at(ErrorKind::InvalidValue, both.start());
    let (mldsa44, point) = both.split_at(MLDSA44_BYTES).ok_or(rejected)?;
    let encoding = reader.bytes(point).try_into().map_err(|_| rejected)?;
    ed25519::check_encoding(encoding).map_err(|error| error.at(point.start()))?;
    Ok([point, mldsa44])
}

/// The key, from the spans that [`read`] returned.
pub(super) fn key([point, mldsa44]: [Span; 2], blob: &[u8]) -> MlDsa44Ed25519PublicKey<'_> {
    // A span that was read has 1312 bytes. The fallback only satisfies the compiler.
    const NONE: &[u8; MLDSA44_BYTES] = &[0; MLDSA44_BYTES];
    MlDsa44Ed25519PublicKey { mldsa44: mldsa44.of(blob).try_into().unwrap_or(NONE), ed25519: ed25519::key(point, blob) }
}

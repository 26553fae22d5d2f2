//! The names and numbers of the format.

pub(super) const SIGNATURE: &str = "PuTTY-User-Key-File-";
pub(super) const PLAIN: &str = "none";
pub(super) const AES: &str = "aes256-cbc";

/// The version of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Two,
    Three,
}

impl Version {
    /// The length in bytes of the MAC: HMAC-SHA-1, HMAC-SHA-256.
    pub(super) fn mac_bytes(self) -> usize {
        match self {
            Self::Two => 20,
            Self::Three => 32,
        }
    }
}

/// The most bytes of padding in an encrypted private blob: fewer than a block of AES.
pub(super) const MAX_PADDING_BYTES: usize = 15;

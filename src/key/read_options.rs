//! The options for reading a private key.

use super::kdf_limits::KdfLimits;
use core::fmt;

/// The options for reading a private key: a passphrase, if the key is encrypted, and the limits on the cost of its derivation.
///
/// ```
/// use ssh_keypair::ReadOptions;
///
/// let options = ReadOptions::new().with_passphrase(b"correct horse");
/// assert!(options.has_passphrase());
/// assert_eq!(format!("{options:?}"), "ReadOptions { has_passphrase: true, .. }");
/// ```
#[derive(Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    passphrase: Option<&'a [u8]>,
    kdf_limits: KdfLimits,
}

impl<'a> ReadOptions<'a> {
    /// No passphrase, and the limits of [`KdfLimits::new`].
    pub const fn new() -> Self {
        Self { passphrase: None, kdf_limits: KdfLimits::new() }
    }

    /// Sets the passphrase, which is ignored if the key is not encrypted. It is borrowed: wiping it is up to the caller.
    #[must_use]
    pub fn with_passphrase(mut self, passphrase: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.passphrase = Some(passphrase.as_ref());
        self
    }

    /// Sets the limits on the cost of deriving a key from the passphrase.
    #[must_use]
    pub const fn with_kdf_limits(mut self, limits: KdfLimits) -> Self {
        self.kdf_limits = limits;
        self
    }

    /// Whether there is a passphrase, which itself is not returned.
    pub const fn has_passphrase(&self) -> bool {
        self.passphrase.is_some()
    }

    /// The limits on the cost of deriving a key from the passphrase.
    pub const fn kdf_limits(&self) -> &KdfLimits {
        &self.kdf_limits
    }

    pub(crate) fn passphrase(&self) -> Option<&'a [u8]> {
        self.passphrase
    }
}

/// Does not show the passphrase.
impl fmt::Debug for ReadOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadOptions").field("has_passphrase", &self.has_passphrase()).finish_non_exhaustive()
    }
}

//! The options for reading a private key.

use core::fmt;

/// The options for reading a private key: a passphrase, if the key is encrypted.
///
/// ```
/// use ssh_keypair::ReadOptions;
///
/// let options = ReadOptions::new().with_passphrase(b"correct horse");
/// assert_eq!(format!("{options:?}"), "ReadOptions { has_passphrase: true, .. }");
/// ```
#[derive(Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    passphrase: Option<&'a [u8]>,
}

impl<'a> ReadOptions<'a> {
    /// No passphrase.
    pub const fn new() -> Self {
        Self { passphrase: None }
    }

    /// The passphrase, which is ignored if the key is not encrypted. It is borrowed: wiping it is up to the caller.
    #[must_use]
    pub fn with_passphrase(mut self, passphrase: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.passphrase = Some(passphrase.as_ref());
        self
    }

    pub(crate) fn passphrase(&self) -> Option<&'a [u8]> {
        self.passphrase
    }
}

/// Does not show the passphrase.
impl fmt::Debug for ReadOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadOptions").field("has_passphrase", &self.passphrase.is_some()).finish_non_exhaustive()
    }
}

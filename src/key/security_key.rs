//! `sk-ssh-ed25519@openssh.com` and `sk-ecdsa-sha2-nistp256@openssh.com`: the fields of the plain type, and a string
//! application, which is FIDO's relying party. OpenSSH's PROTOCOL.u2f.

use super::wire::{Reader, Span};
use crate::error::{Error, ErrorKind, Field};
use crate::text::is_forbidden;

/// A public key of a security key: the key, and the application that it is for.
///
/// ```
/// # use ssh_keypair::{KeyData, PublicKey};
/// let key: PublicKey = include_str!("../../tests/data/ed25519sk.pub").parse()?;
/// let KeyData::SkEd25519(key) = key.as_public_key_ref().key_data() else { unreachable!() };
/// assert_eq!(key.application(), "ssh:");
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecurityKey<'a, K> {
    key: K,
    application: &'a str,
}

impl<'a, K: Copy> SecurityKey<'a, K> {
    /// Combines a key and an application.
    ///
    /// ```
    /// # use ssh_keypair::{Ed25519PublicKey, ErrorKind, SecurityKey};
    /// let key = Ed25519PublicKey::new(b"\x58fffffffffffffffffffffffffffffff")?;
    /// assert!(SecurityKey::new(key, "ssh:").is_ok());
    /// assert_eq!(SecurityKey::new(key, "ssh\0").unwrap_err().kind(), ErrorKind::InvalidValue);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidValue`] for an application that is empty or contains a control character.
    pub fn new(key: K, application: &'a str) -> Result<Self, Error> {
        if application.is_empty() || application.chars().any(|c| c == '\t' || is_forbidden(c)) {
            return Err(Field::Application.error(ErrorKind::InvalidValue));
        }
        Ok(Self { key, application })
    }

    /// The key.
    pub fn key(&self) -> K {
        self.key
    }

    /// The application: `ssh:`, or a string that begins with it.
    pub fn application(&self) -> &'a str {
        self.application
    }
}

/// Reads the application.
pub(crate) fn read_application(reader: &mut Reader<'_>) -> Result<Span, Error> {
    let application = reader.string(Field::Application)?;
    let rejected = Field::Application.error_at(ErrorKind::InvalidValue, application.start());
    let text = core::str::from_utf8(reader.bytes(application)).map_err(|_| rejected)?;
    SecurityKey::new((), text).map_err(|_| rejected)?;
    Ok(application)
}

/// The key, from the span that [`read_application`] returned.
pub(crate) fn key<K>(key: K, application: Span, blob: &[u8]) -> SecurityKey<'_, K> {
    // It is UTF-8: this was checked when it was read.
    SecurityKey { key, application: core::str::from_utf8(application.of(blob)).unwrap_or_default() }
}

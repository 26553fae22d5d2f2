//! Private keys of OpenSSH, of every type that has a public key here: PROTOCOL.key of OpenSSH.

use super::public_key::{PublicKey, PublicKeyBuf};
use crate::error::{Error, ErrorKind, Field};
use crate::rsa::RsaPrivateKey;
use alloc::vec::Vec;
use core::fmt;
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// A private key and its comment. Of an RSA key the numbers are at hand; of another one the public key is, and what is
/// secret is kept as it was read.
///
/// It is not `Clone`, shows nothing secret of itself in `Debug`, and is wiped when dropped.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::{RsaPrivateKey, openssh::PrivateKey};
///
/// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
/// assert_eq!(key.public_key().comment(), "me@host");
/// assert_eq!(format!("{key:?}"), "PrivateKey { type: \"ssh-rsa\", comment: \"me@host\", .. }");
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub struct PrivateKey {
    public_key: PublicKeyBuf,
    secret: Secret,
}

/// What is secret.
pub(super) enum Secret {
    Rsa(RsaPrivateKey),
    /// The fields of another type, as they follow the type's name in the private part of a file.
    Other(Zeroizing<Vec<u8>>),
}

impl PrivateKey {
    /// An RSA key and a comment.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::{ErrorKind, RsaPrivateKey, openssh::PrivateKey};
    /// let error = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "two\nlines").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::ControlCharacter);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`](super::check_comment).
    pub fn from_rsa(key: RsaPrivateKey, comment: &str) -> Result<Self, Error> {
        let public_key = PublicKeyBuf::from_key_data(&key.public_key().into(), comment)?;
        Ok(Self { public_key, secret: Secret::Rsa(key) })
    }

    /// The public key, with the comment.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::{RsaPrivateKey, openssh::PrivateKey};
    /// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
    /// assert!(key.public_key().to_string().starts_with("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn public_key(&self) -> PublicKey<'_> {
        self.public_key.as_public_key()
    }

    /// The numbers of an RSA key.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::{RsaPrivateKey, openssh::PrivateKey};
    /// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "")?;
    /// assert_eq!(key.as_rsa().map(RsaPrivateKey::bits), Some(2048));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn as_rsa(&self) -> Option<&RsaPrivateKey> {
        match &self.secret {
            Secret::Rsa(key) => Some(key),
            Secret::Other(_) => None,
        }
    }

    /// The RSA key without the comment.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::{RsaPrivateKey, openssh::PrivateKey};
    /// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
    /// let pem = key.into_rsa()?.to_pem()?;
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] of a key of another type, which is wiped.
    pub fn into_rsa(self) -> Result<RsaPrivateKey, Error> {
        match self.secret {
            Secret::Rsa(key) => Ok(key),
            Secret::Other(_) => Err(Error::new(ErrorKind::UnsupportedType).in_field(Field::PrivateKey)),
        }
    }
}

impl ZeroizeOnDrop for PrivateKey {}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.public_key();
        f.debug_struct("PrivateKey")
            .field("type", &key.algorithm().as_str())
            .field("comment", &key.comment())
            .finish_non_exhaustive()
    }
}

//! A private key of any type, with its comment.

use super::algorithm::Algorithm;
use super::public_key::{PublicKey, PublicKeyRef};
use super::secret::Secret;
use crate::error::{Error, ErrorKind, Field};
use crate::rsa::RsaPrivateKey;
#[cfg(doc)]
use crate::text::check_comment;
use alloc::vec::Vec;
use core::fmt;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// A private key of any type, and its comment.
///
/// It is read by [`PrivateKey::parse`], which accepts every supported format, or by the constructor of one format. It is not
/// `Clone`, shows nothing secret in `Debug`, is compared in constant time, and is wiped when dropped.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::{PrivateKey, ReadOptions, RsaPrivateKey};
///
/// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
/// assert_eq!(key.comment(), "me@host");
/// assert_eq!(format!("{key:?}"), "PrivateKey { type: \"ssh-rsa\", comment: \"me@host\", .. }");
/// assert_eq!(PrivateKey::parse(&*key.to_openssh()?, &ReadOptions::new())?, key);
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub struct PrivateKey {
    public_key: PublicKey,
    secret: Secret,
}

impl PrivateKey {
    /// Creates a key of any type from two halves that are known to match.
    pub(crate) fn from_parts(public_key: PublicKey, secret: Secret) -> Self {
        Self { public_key, secret }
    }

    /// Adds a comment to an RSA key.
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`].
    pub fn from_rsa(key: RsaPrivateKey, comment: &str) -> Result<Self, Error> {
        let public_key = PublicKey::from_key_data(&key.public_key().into(), comment)?;
        Ok(Self { public_key, secret: Secret::Rsa(key) })
    }

    /// The same key with another comment.
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`]; [`ErrorKind::TooLong`] if the public key's line would be longer than
    /// [`MAX_LINE_BYTES`](crate::openssh::MAX_LINE_BYTES).
    pub fn with_comment(mut self, comment: &str) -> Result<Self, Error> {
        self.public_key = self.public_key.with_comment(comment)?;
        Ok(self)
    }

    /// The public key, with the comment.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The type of the key.
    pub fn algorithm(&self) -> Algorithm {
        self.public_key.algorithm()
    }

    /// The size as `ssh-keygen -l` prints it: see [`KeyData::bits`](super::KeyData::bits).
    pub fn bits(&self) -> usize {
        self.public_key.bits()
    }

    /// The comment; empty if there is none.
    pub fn comment(&self) -> &str {
        self.public_key.comment()
    }

    /// The RSA key; `None` for any other type.
    pub fn as_rsa(&self) -> Option<&RsaPrivateKey> {
        match &self.secret {
            Secret::Rsa(key) => Some(key),
            Secret::Other(_) => None,
        }
    }

    /// The RSA key without the comment.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] for a key of another type, which is wiped.
    pub fn into_rsa(self) -> Result<RsaPrivateKey, Error> {
        match self.secret {
            Secret::Rsa(key) => Ok(key),
            Secret::Other(_) => Err(Field::PrivateKey.error(ErrorKind::UnsupportedType)),
        }
    }

    /// The public half, and the fields that follow the type's name in the private part of an OpenSSH file.
    pub(crate) fn to_wire(&self) -> Result<(PublicKeyRef<'_>, Zeroizing<Vec<u8>>), Error> {
        Ok((self.public_key.as_public_key_ref(), self.secret.fields()?))
    }
}

impl ZeroizeOnDrop for PrivateKey {}

/// Equal if the secret halves are. The comment is not compared.
impl ConstantTimeEq for PrivateKey {
    fn ct_eq(&self, other: &Self) -> Choice {
        match (&self.secret, &other.secret) {
            (Secret::Rsa(one), Secret::Rsa(other)) => one.ct_eq(other),
            // The fields contain the public half. Their length is fixed by the type and the public half, except for the
            // leading zeros of a secret number, whose count the `ct_eq` of slices can reveal.
            (Secret::Other(one), Secret::Other(other)) => one.as_slice().ct_eq(other.as_slice()),
            _ => Choice::from(0),
        }
    }
}

impl PartialEq for PrivateKey {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for PrivateKey {}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("type", &self.algorithm().as_str())
            .field("comment", &self.comment())
            .finish_non_exhaustive()
    }
}

//! Converts public keys of the `rsa` crate.

use crate::error::Error;
use crate::key::PublicKey;
use crate::rsa::RsaPublicKey;
use ::rsa::traits::PublicKeyParts;

/// A key of the `rsa` crate, without a comment.
impl TryFrom<&::rsa::PublicKey> for PublicKey {
    type Error = Error;

    /// # Errors
    ///
    /// Those of [`RsaPublicKey::new`].
    fn try_from(key: &::rsa::PublicKey) -> Result<Self, Error> {
        Self::from_key_data(&RsaPublicKey::new(&key.n_bytes(), &key.e_bytes())?.into(), "")
    }
}

//! The public keys of the `rsa` crate. That crate is a release candidate: what is here is outside of SemVer until it is
//! none.

use crate::error::Error;
use crate::key::PublicKey;
use crate::rsa::RsaPublicKey;
use ::rsa::traits::PublicKeyParts;

/// The key of the `rsa` crate, without a comment. Outside of SemVer while that crate is a release candidate.
impl TryFrom<&::rsa::RsaPublicKey> for PublicKey {
    type Error = Error;

    /// # Errors
    ///
    /// Those of [`RsaPublicKey::new`].
    fn try_from(key: &::rsa::RsaPublicKey) -> Result<Self, Error> {
        Self::from_key_data(&RsaPublicKey::new(&key.n_bytes(), &key.e_bytes())?.into(), "")
    }
}

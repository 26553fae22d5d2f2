//! The public keys of the `rsa` crate. That crate is a release candidate: what is here is outside of SemVer until it is
//! none.

use super::public_key::PublicKeyBuf;
use crate::error::Error;
use crate::rsa::RsaPublicKey;
use ::rsa::traits::PublicKeyParts;

/// The key of the `rsa` crate, without a comment. Outside of SemVer while that crate is a release candidate.
///
/// ```
/// use ssh_keypair::openssh::PublicKeyBuf;
///
/// # let line = include_str!("../../tests/data/rsa2048.pub").trim_end();
/// // let line = "ssh-rsa AAAAB3NzaC1yc2E... test key";
/// let key: PublicKeyBuf = line.parse()?;
/// # if let ssh_keypair::openssh::KeyData::Rsa(ours) = key.as_public_key().key_data() {
/// # let theirs = rsa::RsaPublicKey::from(ours);
/// let back = PublicKeyBuf::try_from(&theirs)?;
/// assert_eq!(back.as_public_key().blob(), key.as_public_key().blob());
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
impl TryFrom<&::rsa::RsaPublicKey> for PublicKeyBuf {
    type Error = Error;

    /// # Errors
    ///
    /// Those of [`RsaPublicKey::new`].
    fn try_from(key: &::rsa::RsaPublicKey) -> Result<Self, Error> {
        Self::from_key_data(&RsaPublicKey::new(&key.n_bytes(), &key.e_bytes())?.into(), "")
    }
}

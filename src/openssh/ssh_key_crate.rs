//! Conversions with the key types of the `ssh-key` crate.
//!
//! That crate is a release candidate. What is here is outside of SemVer until it is none, and may follow it in any release.
//!
//! What comes in passes every check of the parsers here: that crate looks at fewer.

use super::public_key::{PublicKey, PublicKeyBuf};
use crate::error::{Error, ErrorKind, Field};

/// The public key of the `ssh-key` crate with the same blob and comment. Outside of SemVer while that crate is a release
/// candidate.
///
/// ```
/// use ssh_keypair::openssh::PublicKeyBuf;
///
/// # let line = include_str!("../../tests/data/rsa2048.pub").trim_end();
/// // let line = "ssh-rsa AAAAB3NzaC1yc2E... test key";
/// let key: PublicKeyBuf = line.parse()?;
/// let theirs = ssh_key::PublicKey::try_from(&key.as_public_key())?;
/// assert_eq!(theirs.to_openssh().unwrap(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
impl TryFrom<&PublicKey<'_>> for ssh_key::PublicKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] of a type that is not known here, unless it is in the one form that crate has for those.
    fn try_from(key: &PublicKey<'_>) -> Result<Self, Error> {
        let mut theirs = Self::from_bytes(key.blob())
            .map_err(|_| Error::new(ErrorKind::UnsupportedType).in_field(Field::KeyType))?;
        theirs.set_comment(key.comment());
        Ok(theirs)
    }
}

/// The public key of the blob and the comment that a key of the `ssh-key` crate has. Outside of SemVer while that crate
/// is a release candidate.
///
/// That crate takes numbers and points of any value, and any bytes for a comment; here they are refused as in a line.
///
/// ```
/// use ssh_keypair::{ErrorKind, openssh::PublicKeyBuf};
///
/// # let line = include_str!("../../tests/data/rsa2048.pub").trim_end();
/// // let line = "ssh-rsa AAAAB3NzaC1yc2E... test key";
/// let mut theirs = ssh_key::PublicKey::from_openssh(line).unwrap();
/// assert_eq!(PublicKeyBuf::try_from(&theirs)?.to_string(), line);
///
/// theirs.set_comment("two\nlines");
/// assert_eq!(PublicKeyBuf::try_from(&theirs).unwrap_err().kind(), ErrorKind::ControlCharacter);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
impl TryFrom<&ssh_key::PublicKey> for PublicKeyBuf {
    type Error = Error;

    /// # Errors
    ///
    /// Those of [`PublicKey::from_blob`] and [`PublicKey::with_comment`]; [`ErrorKind::InvalidUtf8`] of a comment.
    fn try_from(key: &ssh_key::PublicKey) -> Result<Self, Error> {
        let blob = key.to_bytes().map_err(|_| Error::new(ErrorKind::TooLong).in_field(Field::Blob))?;
        let comment =
            key.comment().as_str().map_err(|_| Error::new(ErrorKind::InvalidUtf8).in_field(Field::Comment))?;
        PublicKey::from_blob(&blob)?.with_comment(comment).map(|key| Self::from(&key))
    }
}

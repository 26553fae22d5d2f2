//! Fingerprints as Amazon EC2 shows them.

use super::any::Fingerprint;
use super::colon_hex::ColonHex;
use super::sha::Sha1Fingerprint;
use crate::error::Error;
use base64ct::{Base64, Encoding};
use core::fmt;
use core::str::FromStr;

/// A fingerprint as EC2 shows it, which depends on the type of the key and on who created it:
///
/// | key | hash of | written as | from |
/// |---|---|---|---|
/// | RSA, imported | the SubjectPublicKeyInfo in DER, by MD5 | colon-hex | [`PublicKeyRef::ec2_fingerprint`](crate::PublicKeyRef::ec2_fingerprint) |
/// | RSA, created by EC2 | the private key's PKCS#8 in DER, by SHA-1 | colon-hex | [`PrivateKey::ec2_created_fingerprint`](crate::PrivateKey::ec2_created_fingerprint) |
/// | Ed25519 | the blob, by SHA-256, as OpenSSH | padded base64 | either |
///
/// [`Display`](fmt::Display) writes it as EC2 does. Parsing reads these forms, and those of [`Fingerprint`]; the number of
/// hexadecimal digits shows the hash.
///
/// ```
/// # #[cfg(feature = "alloc")] {
/// use ssh_keypair::PublicKey;
///
/// let key: PublicKey = include_str!("../../tests/data/rsa2048.pub").parse()?;
/// let shown = key.ec2_fingerprint().map(|fingerprint| fingerprint.to_string());
/// assert_eq!(shown.as_deref(), Some("2f:35:3d:bf:13:4c:62:7c:90:6a:cd:bd:fd:fc:a7:87"));
/// assert_eq!("2f:35:3d:bf:13:4c:62:7c:90:6a:cd:bd:fd:fc:a7:87".parse().ok(), key.ec2_fingerprint());
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ec2Fingerprint(Fingerprint);

impl Ec2Fingerprint {
    pub(crate) fn new(fingerprint: impl Into<Fingerprint>) -> Self {
        Self(fingerprint.into())
    }

    /// The algorithm and the digest.
    pub fn fingerprint(&self) -> Fingerprint {
        self.0
    }
}

impl fmt::Display for Ec2Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fingerprint::Md5(_) | Fingerprint::Sha1(_) => ColonHex(self.0.as_ref()).fmt(f),
            _ => {
                let mut text = [0; 88];
                f.write_str(Base64::encode(self.0.as_ref(), &mut text).map_err(|_| fmt::Error)?)
            }
        }
    }
}

impl FromStr for Ec2Fingerprint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let created = Sha1Fingerprint::from_colon_hex(text).map(Fingerprint::Sha1);
        created.or_else(|_| text.parse()).map(Self)
    }
}

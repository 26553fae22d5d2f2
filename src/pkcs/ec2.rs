//! The fingerprints that Amazon EC2 shows. For RSA keys, they hash encodings that are written here.

use super::limits::MAX_PUBLIC_DER_BYTES;
use crate::fingerprint::{Ec2Fingerprint, Md5Fingerprint};
use crate::key::{KeyData, PublicKeyRef};
#[cfg(feature = "alloc")]
use {
    super::limits::MAX_DER_BYTES,
    crate::fingerprint::Sha1Fingerprint,
    crate::key::{PrivateKey, PublicKey},
    zeroize::Zeroizing,
};

impl PublicKeyRef<'_> {
    /// The fingerprint that EC2 shows for this key if it was imported. None for a type that EC2 does not accept.
    pub fn ec2_fingerprint(&self) -> Option<Ec2Fingerprint> {
        match self.key_data() {
            key @ KeyData::Rsa(_) => {
                let mut buffer = [0; MAX_PUBLIC_DER_BYTES];
                let der = key.write_spki_der(&mut buffer).ok()?;
                Some(Ec2Fingerprint::new(Md5Fingerprint::of_blob(der)))
            }
            KeyData::Ed25519(_) => Some(Ec2Fingerprint::new(self.sha256_fingerprint())),
            _ => None,
        }
    }
}

#[cfg(feature = "alloc")]
impl PublicKey {
    /// The fingerprint that EC2 shows for this key if it was imported. None for a type that EC2 does not accept.
    pub fn ec2_fingerprint(&self) -> Option<Ec2Fingerprint> {
        self.as_public_key_ref().ec2_fingerprint()
    }
}

#[cfg(feature = "alloc")]
impl PrivateKey {
    /// The fingerprint that EC2 shows for this key if EC2 created it. None for a type that EC2 does not create. For an
    /// imported key, EC2 shows [`PublicKey::ec2_fingerprint`].
    pub fn ec2_created_fingerprint(&self) -> Option<Ec2Fingerprint> {
        let Some(key) = self.as_rsa() else {
            return match self.public_key().key_data() {
                KeyData::Ed25519(_) => Some(Ec2Fingerprint::new(self.sha256_fingerprint())),
                _ => None,
            };
        };
        let mut buffer = Zeroizing::new([0; MAX_DER_BYTES]);
        let der = key.write_pkcs8_der(&mut *buffer).ok()?;
        Some(Ec2Fingerprint::new(Sha1Fingerprint::of_blob(der)))
    }
}

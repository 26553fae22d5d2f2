//! The fingerprints of keys.

use super::any::Fingerprint;
use super::hash_algorithm::HashAlgorithm;
use super::md5::Md5Fingerprint;
use super::sha::Sha256Fingerprint;
use crate::key::PublicKeyRef;
#[cfg(feature = "alloc")]
use crate::key::{PrivateKey, PublicKey};

/// Declares the fingerprints of a type that has a blob.
macro_rules! fingerprints {
    ($($(#[$attribute:meta])* $key:ty: $self:ident => $blob:expr;)+) => {
        $($(#[$attribute])* impl $key {
            /// The fingerprint by any hash that `ssh-keygen -l -E` supports.
            pub fn fingerprint(&$self, algorithm: HashAlgorithm) -> Fingerprint {
                Fingerprint::of_blob(algorithm, $blob)
            }

            /// The SHA-256 fingerprint of the blob, as OpenSSH prints it.
            pub fn sha256_fingerprint(&$self) -> Sha256Fingerprint {
                Sha256Fingerprint::of_blob($blob)
            }

            /// The MD5 fingerprint of the blob, as Nova and older OpenSSH print it.
            pub fn md5_fingerprint(&$self) -> Md5Fingerprint {
                Md5Fingerprint::of_blob($blob)
            }
        })+
    };
}

fingerprints! {
    PublicKeyRef<'_>: self => self.blob();
    #[cfg(feature = "alloc")]
    PublicKey: self => self.blob();
    #[cfg(feature = "alloc")]
    PrivateKey: self => self.public_key().blob();
}

//! The keys of a file, and the MAC over its contents: HMAC-SHA-1 in version 2, HMAC-SHA-256 in version 3.

use super::layout::Version;
use crate::key::Algorithm;
use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The keys of a file. Without a passphrase, the cipher's key and IV are not used, and the MAC's key is public.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Keys {
    pub(super) cipher_key: [u8; 32],
    pub(super) iv: [u8; 16],
    /// A shorter key ends with zeros: HMAC would pad it with them anyway.
    pub(super) mac_key: [u8; 32],
}

/// The contents that the MAC covers. The private blob is the plaintext, including its padding.
#[derive(Clone, Copy)]
pub(super) struct Contents<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) encryption: &'a str,
    pub(super) comment: &'a str,
    pub(super) public: &'a [u8],
    pub(super) private: &'a [u8],
}

impl Keys {
    /// The keys of a file without a passphrase.
    pub(super) fn of_plain(version: Version) -> Self {
        let mut keys = Self { cipher_key: [0; 32], iv: [0; 16], mac_key: [0; 32] };
        if version == Version::Two {
            keys.set_mac_key_of_version_two(b"");
        }
        keys
    }

    /// Sets the MAC's key as version 2 defines it.
    pub(super) fn set_mac_key_of_version_two(&mut self, passphrase: &[u8]) {
        hash(&[b"putty-private-key-file-mac-key", passphrase], &mut self.mac_key);
    }

    /// Whether this is the MAC; compared in constant time.
    pub(super) fn verify(&self, version: Version, contents: &Contents<'_>, mac: &[u8]) -> bool {
        let block = self.block();
        match version {
            Version::Two => contents.feed(Hmac::<Sha1>::new((&*block).into())).verify_slice(mac),
            Version::Three => contents.feed(Hmac::<Sha256>::new((&*block).into())).verify_slice(mac),
        }
        .is_ok()
    }

    /// The MAC of version 3.
    pub(super) fn mac(&self, contents: &Contents<'_>) -> [u8; 32] {
        contents.feed(Hmac::<Sha256>::new((&*self.block()).into())).finalize().into_bytes().into()
    }

    /// The MAC's key, padded with zeros to the hash's block (RFC 2104, section 2).
    fn block(&self) -> Zeroizing<[u8; 64]> {
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(&self.mac_key);
        block
    }
}

impl Contents<'_> {
    /// Feeds each part to the MAC as a `string`.
    fn feed<M: Mac>(&self, mut mac: M) -> M {
        let Self { algorithm, encryption, comment, public, private } = self;
        for part in [algorithm.as_str().as_bytes(), encryption.as_bytes(), comment.as_bytes(), public, private] {
            // None is longer than a file.
            mac.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

/// Writes the SHA-1 of the concatenated parts to the start of `place`, as much as fits.
pub(super) fn hash(parts: &[&[u8]], place: &mut [u8]) {
    let mut sha1 = Sha1::new();
    for part in parts {
        sha1.update(part);
    }
    let mut digest = Zeroizing::new([0; 20]);
    sha1.finalize_into((&mut *digest).into());
    for (place, byte) in place.iter_mut().zip(*digest) {
        *place = byte;
    }
}

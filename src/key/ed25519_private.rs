//! Ed25519 private keys: RFC 8032, section 5.1.5.

use super::ed25519::Ed25519PublicKey;
use super::public_half;
use super::stuck_generator::reject_constant;
use crate::error::{Error, ErrorKind, Field};
use crate::kernels::declassify::{classify, declassify};
use crate::random::fill;
use crate::wipe::{Unmoved, on_wiped_stack, unmoved};
use core::fmt;
use rand_core::TryCryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// An Ed25519 private key: the seed of 32 bytes that RFC 8032 calls the private key, and the public key that follows from it.
///
/// It is compared in constant time, and wiped when it is dropped. It is not `Clone`, `Debug` shows nothing of it, and only the
/// functions that write a file format serialize it. With the feature `alloc`, it is in one heap block that never moves. Without
/// it, the seed is part of the value, and a move may leave behind a copy that Rust offers no way to wipe.
///
/// ```
/// use ssh_keypair::Ed25519PrivateKey;
/// # #[cfg(feature = "getrandom")] {
/// let key = Ed25519PrivateKey::generate()?;
/// assert_eq!(key.public_key().as_bytes().len(), 32);
/// assert_eq!(format!("{key:?}"), "Ed25519PrivateKey { .. }");
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub struct Ed25519PrivateKey {
    halves: Unmoved<Storage>,
}

#[derive(Zeroize, ZeroizeOnDrop)]
struct Storage {
    seed: [u8; 32],
    point: [u8; 32],
}

impl Ed25519PrivateKey {
    /// Generates a key with the operating system's randomness: see [`Ed25519PrivateKey::generate_with`].
    ///
    /// ```
    /// use ssh_keypair::Ed25519PrivateKey;
    /// assert_ne!(Ed25519PrivateKey::generate()?, Ed25519PrivateKey::generate()?);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Ed25519PrivateKey::generate_with`].
    #[cfg(feature = "getrandom")]
    pub fn generate() -> Result<Self, Error> {
        Self::generate_with(&mut getrandom::SysRng)
    }

    /// Generates a key: the seed is 32 bytes from the generator. The time is always the same.
    ///
    /// ```
    /// use ssh_keypair::{Ed25519PrivateKey, KeyData, PublicKeyRef};
    /// # #[cfg(feature = "getrandom")] {
    /// let key = Ed25519PrivateKey::generate_with(&mut getrandom::SysRng)?;
    /// let mut blob = [0; 64];
    /// let public = PublicKeyRef::from_key_data(&key.public_key().into(), "me@host", &mut blob)?;
    /// assert!(public.to_string().starts_with("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::RandomnessUnavailable`] if the generator fails; [`ErrorKind::BrokenRandomness`] if all 32 bytes are equal,
    /// which a sound generator produces once in 2^248 keys; [`ErrorKind::InconsistentKey`] if the hardware miscalculates. No
    /// error leaves a secret behind.
    pub fn generate_with<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self, Error> {
        let mut key = Self::zeros();
        on_wiped_stack::<16, _>(|| {
            let seed = &mut key.halves.seed;
            fill(rng, seed)?;
            classify(seed);
            reject_constant(seed)?;
            key.complete()
        })?;
        Ok(key)
    }

    /// The key that belongs to a seed of 32 bytes: RFC 8032, section 5.1.5. It is the same on every machine and in every
    /// program.
    ///
    /// Whoever has the seed has the key: the seed must be 32 random bytes, and you must wipe it like a key.
    ///
    /// ```
    /// use ssh_keypair::{Ed25519PrivateKey, ErrorKind};
    ///
    /// let key = Ed25519PrivateKey::from_seed(b"thirty-two bytes, but not random")?;
    /// assert_eq!(key.seed(), b"thirty-two bytes, but not random");
    /// let error = Ed25519PrivateKey::from_seed(b"sixteen bytes...").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidValue);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidValue`] for any other length; [`ErrorKind::InconsistentKey`] if the hardware miscalculates.
    pub fn from_seed(seed: &[u8]) -> Result<Self, Error> {
        let seed: &[u8; 32] = seed.try_into().map_err(|_| Field::Seed.error(ErrorKind::InvalidValue))?;
        let mut key = Self::zeros();
        key.halves.seed = *seed;
        on_wiped_stack::<16, _>(|| key.complete())?;
        Ok(key)
    }

    fn zeros() -> Self {
        Self { halves: unmoved(Storage { seed: [0; 32], point: [0; 32] }) }
    }

    /// Computes the public half of the seed, twice: what differs was miscalculated.
    fn complete(&mut self) -> Result<(), Error> {
        self.halves.point = public_half::of_ed25519(&self.halves.seed);
        self.check_halves()
    }

    /// The pairwise consistency test of FIPS 140-3: computes the public half from the seed again, and compares it.
    ///
    /// Every key has already passed this test, because generation and parsing include it. This function is for a module that must
    /// repeat the test on a stored key. It takes some tens of microseconds, always the same time.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InconsistentKey`] if the halves do not match. Then do not use the key.
    pub fn pairwise_consistency_test(&self) -> Result<(), Error> {
        on_wiped_stack::<16, _>(|| self.check_halves())
    }

    fn check_halves(&self) -> Result<(), Error> {
        let again = public_half::of_ed25519(&self.halves.seed);
        if declassify(self.halves.point.ct_eq(&again)) { Ok(()) } else { Err(Error::new(ErrorKind::InconsistentKey)) }
    }

    /// Marks what must not decide a branch or an index when the key is written.
    #[cfg(ssh_keypair_ctgrind)]
    pub(crate) fn classify(&mut self) {
        classify(&mut self.halves.seed);
    }

    /// The seed: the private key of RFC 8032.
    pub fn seed(&self) -> &[u8; 32] {
        &self.halves.seed
    }

    /// The public key.
    pub fn public_key(&self) -> Ed25519PublicKey<'_> {
        Ed25519PublicKey::from_checked(&self.halves.point)
    }
}

impl ZeroizeOnDrop for Ed25519PrivateKey {}

impl ConstantTimeEq for Ed25519PrivateKey {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.halves.seed.ct_eq(&other.halves.seed)
    }
}

impl PartialEq for Ed25519PrivateKey {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for Ed25519PrivateKey {}

impl fmt::Debug for Ed25519PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ed25519PrivateKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pairwise_consistency_test_finds_a_wrong_bit_in_either_half() {
        let mut key = Ed25519PrivateKey::from_seed(b"thirty-two bytes, but not random").unwrap();
        key.pairwise_consistency_test().unwrap();
        for byte in 0..32 {
            for half in 0..2 {
                let flip = |key: &mut Ed25519PrivateKey| {
                    let Storage { seed, point }: &mut Storage = &mut key.halves;
                    [seed, point][half][byte] ^= 0x10;
                };
                flip(&mut key);
                assert_eq!(key.pairwise_consistency_test().unwrap_err().kind(), ErrorKind::InconsistentKey);
                flip(&mut key);
            }
        }
    }

    /// Run under memcheck by `.ci/ctgrind`.
    #[cfg(ssh_keypair_ctgrind)]
    #[test]
    fn no_branch_and_no_index_depends_on_a_seed() {
        let key = Ed25519PrivateKey::generate_with(&mut crate::random::Random(1)).unwrap();
        key.pairwise_consistency_test().unwrap();
    }
}

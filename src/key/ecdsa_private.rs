//! ECDSA private keys on the NIST curves: FIPS 186-5, Appendix A.2, and SEC 1, section 3.2.

use super::ecdsa::{EcdsaCurve, EcdsaPublicKey, MAX_POINT_BYTES};
use super::public_half;
use super::stuck_generator::reject_constant;
use crate::error::{Error, ErrorKind, Field};
use crate::kernels::declassify::{classify, declassify};
use crate::random::{check_seed, det_keygen, fill};
use crate::wipe::{Unmoved, on_wiped_stack, unmoved};
use core::fmt;
use rand_core::TryCryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The number of bytes in the longest secret number, on P-521.
const MAX_SCALAR_BYTES: usize = 66;

/// How often a number is drawn again. The order of P-256 rejects the most, one number in 2^32; 4 in a row are rejected once in
/// 2^128 keys.
const MAX_DRAWS: usize = 4;

/// An ECDSA private key: a curve, a secret number d, at least 1 and below the order of the curve's base point, and the public
/// key that follows from it.
///
/// It is compared in constant time, and wiped when it is dropped. It is not `Clone`, `Debug` shows only its curve, and only the
/// functions that write a file format serialize it. With the feature `alloc`, its numbers are in one heap block that never
/// moves. Without it they are part of the value, and a move may leave behind a copy that Rust offers no way to wipe.
///
/// ```
/// use ssh_keypair::{EcdsaCurve, EcdsaPrivateKey};
/// # #[cfg(feature = "getrandom")] {
/// let key = EcdsaPrivateKey::generate(EcdsaCurve::P384)?;
/// assert_eq!(key.public_key().point().len(), 1 + 48 + 48);
/// assert_eq!(format!("{key:?}"), "EcdsaPrivateKey { curve: P384, .. }");
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub struct EcdsaPrivateKey {
    curve: EcdsaCurve,
    halves: Unmoved<Storage>,
}

/// The secret number, big-endian, and the point, each at the start of its array.
#[derive(Zeroize, ZeroizeOnDrop)]
struct Storage {
    scalar: [u8; MAX_SCALAR_BYTES],
    point: [u8; MAX_POINT_BYTES],
}

impl EcdsaPrivateKey {
    /// Generates a key with the operating system's randomness: see [`EcdsaPrivateKey::generate_with`].
    ///
    /// ```
    /// use ssh_keypair::{EcdsaCurve, EcdsaPrivateKey};
    /// assert_eq!(EcdsaPrivateKey::generate(EcdsaCurve::P384)?.scalar().len(), 48);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`EcdsaPrivateKey::generate_with`].
    #[cfg(feature = "getrandom")]
    pub fn generate(curve: EcdsaCurve) -> Result<Self, Error> {
        Self::generate_with(curve, &mut getrandom::SysRng)
    }

    /// Generates a key by FIPS 186-5, Appendix A.2.2: numbers with as many bits as the order are drawn, until one is in range.
    /// The time reveals how many were not, which says nothing about the one that is.
    ///
    /// ```
    /// use ssh_keypair::{EcdsaCurve, EcdsaPrivateKey, PublicKeyRef};
    /// # #[cfg(feature = "getrandom")] {
    /// let key = EcdsaPrivateKey::generate_with(EcdsaCurve::P256, &mut getrandom::SysRng)?;
    /// let mut blob = [0; 128];
    /// let public = PublicKeyRef::from_key_data(&key.public_key().into(), "me@host", &mut blob)?;
    /// assert!(public.to_string().starts_with("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::RandomnessUnavailable`] if the generator fails; [`ErrorKind::BrokenRandomness`] if its bytes are all equal,
    /// or no number of four is in range, which happens once in 2^128 keys; [`ErrorKind::InconsistentKey`] if the hardware
    /// miscalculates. No error leaves a secret behind.
    pub fn generate_with<R: TryCryptoRng + ?Sized>(curve: EcdsaCurve, rng: &mut R) -> Result<Self, Error> {
        Self::draw(curve, MAX_DRAWS, |bytes| {
            fill(rng, bytes)?;
            classify(bytes);
            reject_constant(bytes)
        })
    }

    /// Derives the key on a curve that belongs to a seed, by the C2SP specification det-keygen. It is the same on every machine
    /// and in every program that follows the specification.
    ///
    /// Whoever has the seed has the key: the seed must be a secret with at least 128 random bits, and you must wipe it like
    /// one.
    ///
    /// ```
    /// use ssh_keypair::{EcdsaCurve, EcdsaPrivateKey};
    ///
    /// let seed = *b"thirty-two bytes, but not random";
    /// let key = EcdsaPrivateKey::from_seed(EcdsaCurve::P256, &seed)?;
    /// assert_eq!(key, EcdsaPrivateKey::from_seed(EcdsaCurve::P256, &seed)?);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SeedTooShort`] for fewer than 16 bytes; [`ErrorKind::BrokenRandomness`] if the seed has no key, with a
    /// probability below 2^-63; [`ErrorKind::InconsistentKey`] if the hardware miscalculates.
    pub fn from_seed(curve: EcdsaCurve, seed: &[u8]) -> Result<Self, Error> {
        check_seed(seed)?;
        let (name, draws): (&[u8], _) = match curve {
            // The specification gives this curve, whose order rejects the most, a second number.
            EcdsaCurve::P256 => (b"P-256", 2),
            EcdsaCurve::P384 => (b"P-384", 1),
            EcdsaCurve::P521 => (b"P-521", 1),
        };
        let mut drbg = det_keygen(seed, b"det ECDSA key gen ", name);
        Self::draw(curve, draws, |bytes| fill(&mut drbg, bytes))
    }

    /// Makes a key of the first number in range that `next` returns, from as many bytes as a number has.
    fn draw(
        curve: EcdsaCurve,
        draws: usize,
        mut next: impl FnMut(&mut [u8]) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut key = Self::zeros(curve);
        on_wiped_stack::<16, _>(|| {
            for _ in 0..draws {
                next(key.scalar_mut())?;
                // The numbers of P-521 have 521 bits: the leftmost ones of 66 bytes.
                shift_right(key.scalar_mut(), curve.bits() % 8);
                if key.complete()? {
                    return Ok(());
                }
            }
            Err(Error::new(ErrorKind::BrokenRandomness))
        })?;
        Ok(key)
    }

    /// The key of a number, big-endian, with or without leading zeros.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InconsistentKey`] if the number is 0, or not below the order of the base point.
    pub(crate) fn from_scalar(curve: EcdsaCurve, scalar: &[u8]) -> Result<Self, Error> {
        let out_of_range = Field::PrivateExponent.error(ErrorKind::InconsistentKey);
        let mut key = Self::zeros(curve);
        let (excess, scalar) = scalar.split_at(scalar.len().saturating_sub(curve.field_bytes()));
        let excess = excess.iter().fold(0, |any, byte| any | byte);
        for (place, byte) in key.scalar_mut().iter_mut().rev().zip(scalar.iter().rev()) {
            *place = *byte;
        }
        let is_complete = on_wiped_stack::<16, _>(|| key.complete())?;
        if is_complete && declassify(excess.ct_eq(&0)) { Ok(key) } else { Err(out_of_range) }
    }

    fn zeros(curve: EcdsaCurve) -> Self {
        let storage = Storage { scalar: [0; MAX_SCALAR_BYTES], point: [0; MAX_POINT_BYTES] };
        Self { curve, halves: unmoved(storage) }
    }

    /// Computes the public half of the number, twice: what differs was miscalculated. False if the number is out of range.
    fn complete(&mut self) -> Result<bool, Error> {
        let curve = self.curve;
        let (scalar, point) = self.halves_mut();
        let is_in_range = public_half::of_ecdsa(curve, scalar, point);
        if !declassify(is_in_range) {
            return Ok(false);
        }
        self.check_halves()?;
        Ok(true)
    }

    /// The pairwise consistency test of FIPS 140-3: computes the public half from the secret number again, and compares it.
    ///
    /// Every key has already passed this test, because generation and parsing include it. This function is for a module that must
    /// repeat the test on a stored key. It takes up to a millisecond, and its time depends on the curve only. A module that signs
    /// must also test its own signatures; this crate does not sign with such keys.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InconsistentKey`] if the halves do not match. Then do not use the key.
    pub fn pairwise_consistency_test(&self) -> Result<(), Error> {
        on_wiped_stack::<16, _>(|| self.check_halves())
    }

    fn check_halves(&self) -> Result<(), Error> {
        let mut again = Zeroizing::new([0; MAX_POINT_BYTES]);
        let (again, _) = again.split_at_mut(self.curve.point_bytes());
        let is_in_range = public_half::of_ecdsa(self.curve, self.scalar(), again);
        let matches = is_in_range & self.public_key().point().ct_eq(again);
        if declassify(matches) { Ok(()) } else { Err(Error::new(ErrorKind::InconsistentKey)) }
    }

    fn halves_mut(&mut self) -> (&mut [u8], &mut [u8]) {
        let (scalar_bytes, point_bytes) = (self.curve.field_bytes(), self.curve.point_bytes());
        let Storage { scalar, point }: &mut Storage = &mut self.halves;
        (&mut scalar[..scalar_bytes], &mut point[..point_bytes])
    }

    fn scalar_mut(&mut self) -> &mut [u8] {
        self.halves_mut().0
    }

    /// Marks what must not decide a branch or an index when the key is written: all bytes of the number except the first two,
    /// which determine its length in formats that omit leading zeros. (On P-521, the first has only one bit.)
    #[cfg(ssh_keypair_ctgrind)]
    pub(crate) fn classify(&mut self) {
        classify(&mut self.scalar_mut()[2..]);
    }

    /// The curve.
    pub fn curve(&self) -> EcdsaCurve {
        self.curve
    }

    /// The secret number d, big-endian, as long as a coordinate.
    pub fn scalar(&self) -> &[u8] {
        &self.halves.scalar[..self.curve.field_bytes()]
    }

    /// The public key.
    pub fn public_key(&self) -> EcdsaPublicKey<'_> {
        EcdsaPublicKey::from_checked(self.curve, &self.halves.point[..self.curve.point_bytes()])
    }
}

/// Shifts a number to the right, by less than 8 bits of its complement to whole bytes: 521 bits are 66 bytes less 7 bits.
fn shift_right(number: &mut [u8], bits_in_first: usize) {
    if bits_in_first == 0 {
        return;
    }
    let shift = 8 - bits_in_first;
    let mut carry = 0;
    for byte in number {
        let wide = u16::from(carry) << 8 | u16::from(*byte);
        carry = *byte;
        *byte = (wide >> shift).to_le_bytes()[0];
    }
}

impl ZeroizeOnDrop for EcdsaPrivateKey {}

impl ConstantTimeEq for EcdsaPrivateKey {
    fn ct_eq(&self, other: &Self) -> Choice {
        Choice::from(u8::from(self.curve == other.curve)) & self.halves.scalar.ct_eq(&other.halves.scalar)
    }
}

impl PartialEq for EcdsaPrivateKey {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for EcdsaPrivateKey {}

impl fmt::Debug for EcdsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EcdsaPrivateKey").field("curve", &self.curve).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pairwise_consistency_test_finds_a_wrong_bit_in_either_half() {
        for curve in [EcdsaCurve::P256, EcdsaCurve::P384, EcdsaCurve::P521] {
            let mut key = EcdsaPrivateKey::from_scalar(curve, &[0x5a; 32]).unwrap();
            key.pairwise_consistency_test().unwrap();
            for byte in 1..curve.field_bytes() {
                for half in 0..2 {
                    let flip = |key: &mut EcdsaPrivateKey| {
                        let (scalar, point) = key.halves_mut();
                        [scalar, point][half][byte] ^= 1;
                    };
                    flip(&mut key);
                    assert_eq!(key.pairwise_consistency_test().unwrap_err().kind(), ErrorKind::InconsistentKey);
                    flip(&mut key);
                }
            }
            // A number out of range.
            key.scalar_mut().fill(0);
            assert_eq!(key.pairwise_consistency_test().unwrap_err().kind(), ErrorKind::InconsistentKey);
        }
    }

    /// Run under memcheck by `.ci/ctgrind`.
    #[cfg(ssh_keypair_ctgrind)]
    #[test]
    fn no_branch_and_no_index_depends_on_a_secret_number() {
        for curve in [EcdsaCurve::P256, EcdsaCurve::P384, EcdsaCurve::P521] {
            let key = EcdsaPrivateKey::generate_with(curve, &mut crate::random::Random(1)).unwrap();
            key.pairwise_consistency_test().unwrap();
        }
    }
}

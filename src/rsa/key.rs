//! RSA keys as RFC 8017, section 3 has them: numbers as big-endian bytes.

use super::components::Components;
use super::det_keygen::MIN_SEED_BYTES;
use super::generate::{derive, generate, replay};
use crate::arith::limbs::to_be_bytes;
use crate::error::{Error, ErrorKind, Field};
use core::fmt;
use rand_core::TryCryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The bits of the longest modulus that is made, which size the storage.
const MAX_BITS: usize = 8192;

/// An RSA public key, borrowed: a modulus n and a public exponent e, big-endian without leading zeros.
///
/// It holds what an RSA key of an `ssh-rsa` line must: n odd, of 1024 to 16384 bits; e odd, from 3, of at most 33 bits.
/// Nothing here depends on a secret.
///
/// ```
/// use ssh_keypair::{RsaPublicKey, ErrorKind};
///
/// let modulus = [0xff; 256];
/// let key = RsaPublicKey::new(&modulus, &[1, 0, 1])?;
/// assert_eq!(key.bits(), 2048);
/// assert_eq!(RsaPublicKey::new(&modulus, &[1, 0, 0]).unwrap_err().kind(), ErrorKind::InvalidExponent);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RsaPublicKey<'a> {
    modulus: &'a [u8],
    public_exponent: &'a [u8],
}

impl<'a> RsaPublicKey<'a> {
    /// Takes n and e, big-endian; leading zeros are dropped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidExponent`] (even, or below 3), [`ErrorKind::ExponentTooLarge`] (over 33 bits),
    /// [`ErrorKind::KeyTooSmall`], [`ErrorKind::KeyTooLarge`], [`ErrorKind::InvalidModulus`] (even).
    ///
    /// ```
    /// # use ssh_keypair::RsaPublicKey;
    /// assert!(RsaPublicKey::new(&[0xff; 128], &[3]).is_ok());
    /// ```
    #[inline]
    pub fn new(modulus: &'a [u8], public_exponent: &'a [u8]) -> Result<Self, Error> {
        let key =
            Self { modulus: without_leading_zeros(modulus), public_exponent: without_leading_zeros(public_exponent) };
        let exponent_bits = bit_length(key.public_exponent);
        let bits = key.bits();
        let refused = |field, kind| Err(Error::new(kind).in_field(field));
        if exponent_bits > 33 {
            return refused(Field::PublicExponent, ErrorKind::ExponentTooLarge);
        }
        // 1 is the only odd number of one bit.
        if exponent_bits < 2 || !is_odd(key.public_exponent) {
            return refused(Field::PublicExponent, ErrorKind::InvalidExponent);
        }
        if bits < 1024 {
            return refused(Field::Modulus, ErrorKind::KeyTooSmall);
        }
        if bits > 16384 {
            return refused(Field::Modulus, ErrorKind::KeyTooLarge);
        }
        if !is_odd(key.modulus) {
            return refused(Field::Modulus, ErrorKind::InvalidModulus);
        }
        Ok(key)
    }

    /// Takes n and e that have been through [`RsaPublicKey::new`].
    #[inline]
    pub(crate) fn from_checked(modulus: &'a [u8], public_exponent: &'a [u8]) -> Self {
        Self { modulus, public_exponent }
    }

    /// n, big-endian, without leading zeros.
    ///
    /// ```
    /// # use ssh_keypair::RsaPublicKey;
    /// assert_eq!(RsaPublicKey::new(&[0xff; 128], &[3])?.modulus().len(), 128);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn modulus(&self) -> &'a [u8] {
        self.modulus
    }

    /// e, big-endian, without leading zeros.
    ///
    /// ```
    /// # use ssh_keypair::RsaPublicKey;
    /// assert_eq!(RsaPublicKey::new(&[0xff; 128], &[0, 3])?.public_exponent(), [3]);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn public_exponent(&self) -> &'a [u8] {
        self.public_exponent
    }

    /// The bit length of n.
    ///
    /// ```
    /// # use ssh_keypair::RsaPublicKey;
    /// assert_eq!(RsaPublicKey::new(&[0x7f; 256], &[3])?.bits(), 2047);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn bits(&self) -> usize {
        bit_length(self.modulus)
    }
}

/// An RSA private key with the public exponent 65537: two primes, and what RFC 8017, section 3.2 derives from them.
///
/// It is not `Clone`, has no serialization but the explicit ones, shows nothing of itself in `Debug`, is compared in
/// constant time, and is wiped when dropped. With the feature `alloc` the numbers live in one heap block that never
/// moves. Without it they are part of the value, and a move may leave a copy behind that Rust gives no way to wipe.
///
/// ```
/// use ssh_keypair::RsaPrivateKey;
/// # #[cfg(feature = "getrandom")] {
/// let key = RsaPrivateKey::generate(2048)?;
/// assert_eq!(key.public_key().bits(), 2048);
/// assert_eq!(format!("{key:?}"), "RsaPrivateKey { bits: 2048, .. }");
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub struct RsaPrivateKey {
    bits: usize,
    numbers: Numbers,
}

#[cfg(feature = "alloc")]
type Numbers = alloc::boxed::Box<Storage>;
#[cfg(not(feature = "alloc"))]
type Numbers = Storage;

/// Big-endian numbers at the start of their arrays: n and d of `bits / 8` bytes, the others of half as many.
#[derive(Zeroize, ZeroizeOnDrop)]
struct Storage {
    modulus: [u8; MAX_BITS / 8],
    private_exponent: [u8; MAX_BITS / 8],
    p: [u8; MAX_BITS / 16],
    q: [u8; MAX_BITS / 16],
    exponent_p: [u8; MAX_BITS / 16],
    exponent_q: [u8; MAX_BITS / 16],
    coefficient: [u8; MAX_BITS / 16],
}

impl RsaPrivateKey {
    /// The bits of the shortest modulus that is made. Sizes are multiples of 16.
    ///
    /// ```
    /// assert_eq!(ssh_keypair::RsaPrivateKey::MIN_BITS, 2048);
    /// ```
    pub const MIN_BITS: usize = 2048;

    /// The bits of the longest modulus that is made.
    ///
    /// ```
    /// assert_eq!(ssh_keypair::RsaPrivateKey::MAX_BITS, 8192);
    /// ```
    pub const MAX_BITS: usize = MAX_BITS;

    /// Makes a key of `bits` bits with the system's randomness: see [`RsaPrivateKey::generate_with`].
    ///
    /// ```
    /// # use ssh_keypair::{ErrorKind, RsaPrivateKey};
    /// assert_eq!(RsaPrivateKey::generate(1024).unwrap_err().kind(), ErrorKind::InvalidKeySize);
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`RsaPrivateKey::generate_with`].
    #[cfg(feature = "getrandom")]
    pub fn generate(bits: usize) -> Result<Self, Error> {
        Self::generate_with(bits, &mut getrandom::SysRng)
    }

    /// Makes a key of `bits` bits, a multiple of 16 from [`RsaPrivateKey::MIN_BITS`] to
    /// [`RsaPrivateKey::MAX_BITS`], by FIPS 186-5, Appendix A.1.3.
    ///
    /// The time is random, as the number of candidates is; nothing in it depends on the primes that are taken. How many
    /// bytes are drawn from the generator depends on the machine, as candidates are drawn ahead where several are tested
    /// at once; the key does not.
    /// A stack of 96 KiB is enough at 2048 bits, and one of 256 KiB at 8192.
    ///
    /// ```
    /// use ssh_keypair::RsaPrivateKey;
    /// # #[cfg(feature = "getrandom")] {
    /// let key = RsaPrivateKey::generate_with(2064, &mut getrandom::SysRng)?;
    /// assert_eq!(key.modulus().len(), 2064 / 8);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidKeySize`]; [`ErrorKind::RandomnessUnavailable`] when the generator fails;
    /// [`ErrorKind::StuckRandomness`] or [`ErrorKind::PrimeNotFound`] when it is broken;
    /// [`ErrorKind::InconsistentKey`] when the arithmetic went wrong under us. Nothing is left behind in any of them.
    pub fn generate_with<R: TryCryptoRng + ?Sized>(bits: usize, rng: &mut R) -> Result<Self, Error> {
        let mut key = Self::empty(bits)?;
        generate(&mut key, rng)?;
        Ok(key)
    }

    /// Makes the one key of `bits` bits that belongs to a seed, by the C2SP specification det-keygen: the same on every
    /// machine and in every program that follows it.
    ///
    /// Whoever has the seed has the key: it must be a secret of at least 128 random bits, and be wiped like one. The
    /// time depends on the seed, as the candidates do; where that can be measured again and again, it tells of them.
    /// Of the two primes, p may be the smaller one.
    ///
    /// ```
    /// use ssh_keypair::RsaPrivateKey;
    ///
    /// let seed = *b"thirty-two bytes, none of random";
    /// let key = RsaPrivateKey::from_seed(2048, &seed)?;
    /// assert_eq!(key, RsaPrivateKey::from_seed(2048, &seed)?);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SeedTooShort`] below 16 bytes; [`ErrorKind::InvalidKeySize`]; those of the arithmetic as in
    /// [`RsaPrivateKey::generate_with`].
    pub fn from_seed(bits: usize, seed: &[u8]) -> Result<Self, Error> {
        if seed.len() < MIN_SEED_BYTES {
            return Err(Error::new(ErrorKind::SeedTooShort));
        }
        let mut key = Self::empty(bits)?;
        derive(&mut key, seed)?;
        Ok(key)
    }

    /// Makes the key of the first two primes of a list of candidates, big-endian: for the crate's own benchmarks and
    /// checks, and no part of its interface.
    #[doc(hidden)]
    pub fn replay(bits: usize, candidates: &[impl AsRef<[u8]>]) -> Result<Self, Error> {
        let mut key = Self::empty(bits)?;
        replay(&mut key, candidates)?;
        Ok(key)
    }

    /// A key of a size that can be made, without its numbers.
    fn empty(bits: usize) -> Result<Self, Error> {
        if !(Self::MIN_BITS..=Self::MAX_BITS).contains(&bits) || !bits.is_multiple_of(16) {
            return Err(Error::new(ErrorKind::InvalidKeySize).in_field(Field::KeySize));
        }
        Ok(Self { bits, numbers: Storage::empty() })
    }

    /// A key of the numbers n, d, p, q, dP, dQ and qInv, unchecked.
    #[cfg(test)]
    pub(crate) fn for_test(given: [&[u8]; 7]) -> Self {
        let mut key = Self { bits: 8 * given[0].len(), numbers: Storage::empty() };
        for (number, given) in key.numbers_mut().into_iter().zip(given) {
            let start = number.len() - given.len();
            number[start..].copy_from_slice(given);
        }
        key
    }

    /// Takes over the numbers of a finished key.
    pub(crate) fn fill<const L: usize>(&mut self, components: &Components<L>) {
        let limbs: [&[u64]; 7] = [
            components.modulus.as_flattened(),
            components.private_exponent.as_flattened(),
            &components.p,
            &components.q,
            &components.exponent_p,
            &components.exponent_q,
            &components.coefficient,
        ];
        for (number, limbs) in self.numbers_mut().into_iter().zip(limbs) {
            to_be_bytes(limbs, number);
        }
    }

    /// The places of n, d, p, q, dP, dQ and qInv.
    fn numbers_mut(&mut self) -> [&mut [u8]; 7] {
        let (long, short) = (self.bits / 8, self.bits / 16);
        let numbers: &mut Storage = &mut self.numbers;
        [
            &mut numbers.modulus[..long],
            &mut numbers.private_exponent[..long],
            &mut numbers.p[..short],
            &mut numbers.q[..short],
            &mut numbers.exponent_p[..short],
            &mut numbers.exponent_q[..short],
            &mut numbers.coefficient[..short],
        ]
    }

    /// The bit length of the modulus.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let key = RsaPrivateKey::generate(2048)?;
    /// assert_eq!(key.bits(), 2048);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// n and e.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let key = RsaPrivateKey::generate(2048)?;
    /// assert_eq!(key.public_key().public_exponent(), [1, 0, 1]);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn public_key(&self) -> RsaPublicKey<'_> {
        RsaPublicKey::from_checked(self.modulus(), self.public_exponent())
    }

    /// n, big-endian, `bits / 8` bytes; the highest bit is set.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let key = RsaPrivateKey::generate(2048)?;
    /// assert_eq!(key.modulus().len(), 256);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn modulus(&self) -> &[u8] {
        &self.numbers.modulus[..self.bits / 8]
    }

    /// e = 65537.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let key = RsaPrivateKey::generate(2048)?;
    /// assert_eq!(key.public_exponent(), [1, 0, 1]);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn public_exponent(&self) -> &[u8] {
        &[1, 0, 1]
    }

    /// d, the inverse of e modulo lcm(p-1, q-1); big-endian, `bits / 8` bytes.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let key = RsaPrivateKey::generate(2048)?;
    /// assert_eq!(key.private_exponent().len(), 256);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn private_exponent(&self) -> &[u8] {
        &self.numbers.private_exponent[..self.bits / 8]
    }

    /// p, of a generated key the larger prime; big-endian, `bits / 16` bytes.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let key = RsaPrivateKey::generate(2048)?;
    /// assert!(key.prime_p() > key.prime_q());
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn prime_p(&self) -> &[u8] {
        &self.numbers.p[..self.bits / 16]
    }

    /// q, of a generated key the smaller prime; big-endian, `bits / 16` bytes.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let key = RsaPrivateKey::generate(2048)?;
    /// assert_eq!(key.prime_q().len(), 128);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn prime_q(&self) -> &[u8] {
        &self.numbers.q[..self.bits / 16]
    }

    /// dP = d mod (p-1); big-endian, `bits / 16` bytes.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let key = RsaPrivateKey::generate(2048)?;
    /// assert_eq!(key.exponent_p().len(), 128);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn exponent_p(&self) -> &[u8] {
        &self.numbers.exponent_p[..self.bits / 16]
    }

    /// dQ = d mod (q-1); big-endian, `bits / 16` bytes.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let key = RsaPrivateKey::generate(2048)?;
    /// assert_eq!(key.exponent_q().len(), 128);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn exponent_q(&self) -> &[u8] {
        &self.numbers.exponent_q[..self.bits / 16]
    }

    /// qInv = q^-1 mod p; big-endian, `bits / 16` bytes.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let key = RsaPrivateKey::generate(2048)?;
    /// assert_eq!(key.coefficient().len(), 128);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn coefficient(&self) -> &[u8] {
        &self.numbers.coefficient[..self.bits / 16]
    }
}

impl Storage {
    fn empty() -> Numbers {
        #[allow(clippy::useless_conversion, reason = "a box, with a heap")]
        Numbers::from(Self {
            modulus: [0; MAX_BITS / 8],
            private_exponent: [0; MAX_BITS / 8],
            p: [0; MAX_BITS / 16],
            q: [0; MAX_BITS / 16],
            exponent_p: [0; MAX_BITS / 16],
            exponent_q: [0; MAX_BITS / 16],
            coefficient: [0; MAX_BITS / 16],
        })
    }
}

impl ZeroizeOnDrop for RsaPrivateKey {}

impl ConstantTimeEq for RsaPrivateKey {
    fn ct_eq(&self, other: &Self) -> Choice {
        // Two keys with the same primes have the same other numbers.
        self.bits.ct_eq(&other.bits) & self.numbers.p.ct_eq(&other.numbers.p) & self.numbers.q.ct_eq(&other.numbers.q)
    }
}

impl PartialEq for RsaPrivateKey {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for RsaPrivateKey {}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaPrivateKey").field("bits", &self.bits).finish_non_exhaustive()
    }
}

#[inline]
fn without_leading_zeros(mut bytes: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// The bit length of a number without leading zeros.
#[inline]
fn bit_length(bytes: &[u8]) -> usize {
    match bytes {
        // What does not fit is far above every limit.
        [first, ..] => bytes.len().saturating_mul(8) - first.leading_zeros() as usize,
        [] => 0,
    }
}

#[inline]
fn is_odd(bytes: &[u8]) -> bool {
    matches!(bytes, [.., last] if last & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_equal_if_size_and_both_primes_are() {
        let (n, x, y) = ([0xff; 256], [0xaa; 128], [0xbb; 128]);
        let key = |p: &[u8], q: &[u8]| RsaPrivateKey::for_test([&n, &n, p, q, &x, &x, &x]);
        assert_eq!(key(&x, &y), key(&x, &y));
        assert_ne!(key(&x, &y), key(&x, &x));
        assert_ne!(key(&x, &y), key(&y, &y));
        let longer = [0xff; 258];
        let other_size = RsaPrivateKey::for_test([&longer, &longer, &[], &[], &[], &[], &[]]);
        let empty = RsaPrivateKey::for_test([&n, &n, &[], &[], &[], &[], &[]]);
        assert_ne!(empty, other_size);
    }
}

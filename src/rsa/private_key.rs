//! RSA keys as RFC 8017, section 3 has them: numbers as big-endian bytes.

use super::components::Components;
use super::consistency;
use super::det_keygen::MIN_SEED_BYTES;
use super::generate::{derive, generate, replay};
use crate::error::{Error, ErrorKind, Field};
use crate::kernels::bignum::limbs::to_be_bytes;
use core::fmt;
use rand_core::TryCryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The bits of the longest modulus of a private key, which size the storage.
const MAX_BITS: usize = 8192;

/// The bytes of the longest public exponent, 33 bits.
const MAX_EXPONENT_BYTES: usize = 5;

/// e of every key that is made here, 65537.
const GENERATED_EXPONENT: [u8; 3] = [1, 0, 1];

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

/// An RSA private key: two primes, and what RFC 8017, section 3.2 derives from them.
///
/// One that is made here has the public exponent 65537, p > q, primes of one length, and d = e^-1 mod lcm(p-1, q-1). One
/// that is read may have other e and d, and its primes in any order; its numbers belong together and its primes are prime.
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
    sizes: Sizes,
    numbers: Numbers,
}

/// What is public of a private key's numbers: their lengths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    /// The bits of n.
    pub(super) bits: usize,
    /// The bits of p.
    pub(super) p_bits: usize,
    /// The bits of q.
    pub(super) q_bits: usize,
    /// The bytes of e.
    pub(super) exponent_bytes: usize,
}

impl Sizes {
    /// Those of a key that is made here.
    fn of_generated(bits: usize) -> Self {
        Self { bits, p_bits: bits / 2, q_bits: bits / 2, exponent_bytes: GENERATED_EXPONENT.len() }
    }

    /// The bytes of n, p and q.
    fn in_bytes(self) -> [usize; 3] {
        [self.bits, self.p_bits, self.q_bits].map(|bits| bits.div_ceil(8))
    }
}

#[cfg(feature = "alloc")]
type Numbers = alloc::boxed::Box<Storage>;
#[cfg(not(feature = "alloc"))]
type Numbers = Storage;

/// Big-endian numbers at the start of their arrays: n and d as long as n, p, dP and qInv as p, q and dQ as q.
#[derive(Zeroize, ZeroizeOnDrop)]
struct Storage {
    public_exponent: [u8; MAX_EXPONENT_BYTES],
    modulus: [u8; MAX_BITS / 8],
    private_exponent: [u8; MAX_BITS / 8],
    p: [u8; MAX_BITS / 16],
    q: [u8; MAX_BITS / 16],
    exponent_p: [u8; MAX_BITS / 16],
    exponent_q: [u8; MAX_BITS / 16],
    coefficient: [u8; MAX_BITS / 16],
}

/// The numbers of a private key that somebody else made, big-endian, with or without leading zeros.
pub(crate) struct RsaNumbers<'a> {
    pub(crate) modulus: &'a [u8],
    pub(crate) public_exponent: &'a [u8],
    pub(crate) private_exponent: &'a [u8],
    pub(crate) p: &'a [u8],
    pub(crate) q: &'a [u8],
    /// dP and dQ, where they are given; they follow from the others.
    pub(crate) exponents: Option<[&'a [u8]; 2]>,
    pub(crate) coefficient: &'a [u8],
}

impl RsaPrivateKey {
    /// The bits of the shortest modulus that is made. Sizes are multiples of 16.
    ///
    /// ```
    /// assert_eq!(ssh_keypair::RsaPrivateKey::MIN_BITS, 2048);
    /// ```
    pub const MIN_BITS: usize = 2048;

    /// The bits of the longest modulus that is made or read. It bounds what a key costs that somebody else made.
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

    /// Takes the numbers of a key that somebody else made, checked as [`consistency`] says.
    ///
    /// # Errors
    ///
    /// Those of [`RsaPublicKey::new`]; [`ErrorKind::KeyTooLarge`] over [`RsaPrivateKey::MAX_BITS`];
    /// [`ErrorKind::InvalidPrime`] and [`ErrorKind::InconsistentKey`] with the field.
    pub(crate) fn from_numbers(given: &RsaNumbers<'_>) -> Result<Self, Error> {
        let sizes = consistency::check_sizes(given)?;
        let mut key = Self { sizes, numbers: Storage::empty() };
        let [exponent_p, exponent_q] = given.exponents.unwrap_or_default();
        key.put(
            given.public_exponent,
            [given.modulus, given.private_exponent, given.p, given.q, exponent_p, exponent_q, given.coefficient],
        );
        consistency::check_numbers(&mut key, given.exponents.is_some())?;
        Ok(key)
    }

    /// A key of a size that can be made, without its numbers.
    fn empty(bits: usize) -> Result<Self, Error> {
        if !(Self::MIN_BITS..=Self::MAX_BITS).contains(&bits) || !bits.is_multiple_of(16) {
            return Err(Error::new(ErrorKind::InvalidKeySize).in_field(Field::KeySize));
        }
        let mut key = Self { sizes: Sizes::of_generated(bits), numbers: Storage::empty() };
        key.put(&GENERATED_EXPONENT, [&[]; 7]);
        Ok(key)
    }

    /// A key of the numbers n, d, p, q, dP, dQ and qInv, unchecked.
    #[cfg(test)]
    pub(crate) fn for_test(given: [&[u8]; 7]) -> Self {
        let mut key = Self { sizes: Sizes::of_generated(8 * given[0].len()), numbers: Storage::empty() };
        key.put(&GENERATED_EXPONENT, given);
        key
    }

    /// Puts e, and n, d, p, q, dP, dQ and qInv, into their places, from big-endian bytes that fit there but for leading
    /// zeros.
    fn put(&mut self, public_exponent: &[u8], numbers: [&[u8]; 7]) {
        let exponent_bytes = self.sizes.exponent_bytes;
        right_align(&mut self.numbers.public_exponent[..exponent_bytes], public_exponent);
        for (place, number) in self.numbers_mut().into_iter().zip(numbers) {
            right_align(place, number);
        }
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
    pub(super) fn numbers_mut(&mut self) -> [&mut [u8]; 7] {
        let [n, p, q] = self.sizes.in_bytes();
        let numbers: &mut Storage = &mut self.numbers;
        [
            &mut numbers.modulus[..n],
            &mut numbers.private_exponent[..n],
            &mut numbers.p[..p],
            &mut numbers.q[..q],
            &mut numbers.exponent_p[..p],
            &mut numbers.exponent_q[..q],
            &mut numbers.coefficient[..p],
        ]
    }

    /// Marks what must not decide a branch or an index where the key is written: all but the first byte of a number, which
    /// decides how long it is.
    #[cfg(ssh_keypair_ctgrind)]
    pub(crate) fn classify(&mut self) {
        let [_, secret @ ..] = self.numbers_mut();
        secret.into_iter().for_each(|number| crate::kernels::declassify::classify(&mut number[1..]));
    }

    /// The lengths of the numbers.
    pub(super) fn sizes(&self) -> Sizes {
        self.sizes
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
        self.sizes.bits
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

    /// n, big-endian, without leading zeros: of a generated key `bits / 8` bytes.
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
        &self.numbers.modulus[..self.sizes.in_bytes()[0]]
    }

    /// e, big-endian, without leading zeros: of a generated key 65537.
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
        &self.numbers.public_exponent[..self.sizes.exponent_bytes]
    }

    /// d, an inverse of e modulo lcm(p-1, q-1), of a generated key the smallest; big-endian, as many bytes as n.
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
        &self.numbers.private_exponent[..self.sizes.in_bytes()[0]]
    }

    /// p, of a generated key the larger prime; big-endian, without leading zeros: of a generated key `bits / 16` bytes.
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
        &self.numbers.p[..self.sizes.in_bytes()[1]]
    }

    /// q, of a generated key the smaller prime; big-endian, without leading zeros: of a generated key `bits / 16` bytes.
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
        &self.numbers.q[..self.sizes.in_bytes()[2]]
    }

    /// dP = d mod (p-1); big-endian, as many bytes as p.
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
        &self.numbers.exponent_p[..self.sizes.in_bytes()[1]]
    }

    /// dQ = d mod (q-1); big-endian, as many bytes as q.
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
        &self.numbers.exponent_q[..self.sizes.in_bytes()[2]]
    }

    /// qInv = q^-1 mod p; big-endian, as many bytes as p.
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
        &self.numbers.coefficient[..self.sizes.in_bytes()[1]]
    }
}

impl Storage {
    fn empty() -> Numbers {
        #[allow(clippy::useless_conversion, reason = "a box, with a heap")]
        Numbers::from(Self {
            public_exponent: [0; MAX_EXPONENT_BYTES],
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
        // What is left follows from these.
        let (a, b) = (&self.numbers, &other.numbers);
        Choice::from(u8::from(self.sizes == other.sizes))
            & a.private_exponent.ct_eq(&b.private_exponent)
            & a.p.ct_eq(&b.p)
            & a.q.ct_eq(&b.q)
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
        f.debug_struct("RsaPrivateKey").field("bits", &self.bits()).finish_non_exhaustive()
    }
}

/// Puts a number at the end of a place that it fits into but for leading zeros, and zeros before it.
fn right_align(place: &mut [u8], number: &[u8]) {
    for (place, byte) in place.iter_mut().rev().zip(number.iter().rev()) {
        *place = *byte;
    }
}

#[inline]
pub(crate) fn without_leading_zeros(mut bytes: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// The bit length of a number without leading zeros.
#[inline]
pub(super) fn bit_length(bytes: &[u8]) -> usize {
    match bytes {
        // What does not fit is far above every limit.
        [first, ..] => bytes.len().saturating_mul(8) - first.leading_zeros() as usize,
        [] => 0,
    }
}

#[inline]
pub(super) fn is_odd(bytes: &[u8]) -> bool {
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
        // Of the same primes, and another exponent.
        let other_exponent = RsaPrivateKey::for_test([&n, &[0xcc; 256], &x, &y, &x, &x, &x]);
        assert_ne!(key(&x, &y), other_exponent);
        let other_size = RsaPrivateKey::for_test([&longer, &longer, &[], &[], &[], &[], &[]]);
        let empty = RsaPrivateKey::for_test([&n, &n, &[], &[], &[], &[], &[]]);
        assert_ne!(empty, other_size);
    }
}

//! RSA private keys as in RFC 8017, section 3.2: numbers as big-endian bytes.

use super::big_endian::right_align;
use super::components::Components;
use super::public_key::RsaPublicKey;
use super::storage::{self, Sizes, Storage};
use crate::kernels::bignum::limbs::to_be_bytes;
use crate::wipe::Unmoved;
use core::fmt;
use subtle::{Choice, ConstantTimeEq};
use zeroize::ZeroizeOnDrop;

/// An RSA private key: two primes, and the numbers that RFC 8017, section 3.2 derives from them.
///
/// A key from [`generate_with`](Self::generate_with) has the public exponent 65537, p > q, primes of equal length, and d = e^-1
/// mod lcm(p-1, q-1). A key from [`from_seed`](Self::from_seed) may have p < q. An imported key may have another e or d, and
/// its primes in either order; its numbers are consistent, and its primes have been tested.
///
/// A private key is compared in constant time, and wiped when it is dropped. It is not `Clone`, `Debug` shows only its size,
/// and only the functions that write a file format serialize it. With the feature `alloc`, the numbers are in one heap block
/// that never moves. Without it they are part of the value, and a move may leave behind a copy that Rust offers no way to wipe.
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
    numbers: Unmoved<Storage>,
}

impl RsaPrivateKey {
    /// The number of bits in the longest modulus that can be generated or imported. This bounds the time that an imported key
    /// can cost.
    pub const MAX_BITS: usize = storage::MAX_BITS;

    /// A key of these sizes, all of whose numbers are zero.
    pub(super) fn zeros(sizes: Sizes) -> Self {
        Self { sizes, numbers: Storage::empty() }
    }

    /// A key of the numbers n, d, p, q, dP, dQ and qInv, without any check.
    #[cfg(test)]
    pub(crate) fn for_test(given: [&[u8]; 7]) -> Self {
        let mut key = Self::zeros(Sizes::of_generated(8 * given[0].len()));
        key.put(&storage::GENERATED_EXPONENT, given);
        key
    }

    /// Stores e, and n, d, p, q, dP, dQ and qInv, from big-endian bytes. Nothing of a number except leading zeros may exceed
    /// its place.
    pub(super) fn put(&mut self, public_exponent: &[u8], numbers: [&[u8]; 7]) {
        let exponent_bytes = self.sizes.exponent_bytes;
        right_align(&mut self.numbers.public_exponent[..exponent_bytes], public_exponent);
        for (place, number) in self.numbers_mut().into_iter().zip(numbers) {
            right_align(place, number);
        }
    }

    /// Copies the numbers of a finished key.
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

    /// Marks what must not decide a branch or an index when the key is written: all bytes of a number except the first, which
    /// determines its length.
    #[cfg(ssh_keypair_ctgrind)]
    pub(crate) fn classify(&mut self) {
        let [_, secret @ ..] = self.numbers_mut();
        secret.into_iter().for_each(|number| crate::kernels::declassify::classify(&mut number[1..]));
    }

    /// The lengths of the numbers.
    pub(super) fn sizes(&self) -> Sizes {
        self.sizes
    }

    /// The bit length of n.
    pub fn bits(&self) -> usize {
        self.sizes.bits
    }

    /// n and e.
    pub fn public_key(&self) -> RsaPublicKey<'_> {
        RsaPublicKey::from_checked(self.modulus(), self.public_exponent())
    }

    /// n, big-endian, without leading zeros. A generated key has `bits / 8` bytes.
    pub fn modulus(&self) -> &[u8] {
        &self.numbers.modulus[..self.sizes.in_bytes()[0]]
    }

    /// e, big-endian, without leading zeros. A generated key has 65537.
    pub fn public_exponent(&self) -> &[u8] {
        &self.numbers.public_exponent[..self.sizes.exponent_bytes]
    }

    /// d, an inverse of e modulo lcm(p-1, q-1), big-endian, with as many bytes as n. A generated key has the smallest one.
    pub fn private_exponent(&self) -> &[u8] {
        &self.numbers.private_exponent[..self.sizes.in_bytes()[0]]
    }

    /// p, big-endian, without leading zeros. In a generated key it is the larger prime, and has `bits / 16` bytes.
    pub fn prime_p(&self) -> &[u8] {
        &self.numbers.p[..self.sizes.in_bytes()[1]]
    }

    /// q, big-endian, without leading zeros. In a generated key it is the smaller prime, and has `bits / 16` bytes.
    pub fn prime_q(&self) -> &[u8] {
        &self.numbers.q[..self.sizes.in_bytes()[2]]
    }

    /// dP = d mod (p-1), big-endian, with as many bytes as p.
    pub fn exponent_p(&self) -> &[u8] {
        &self.numbers.exponent_p[..self.sizes.in_bytes()[1]]
    }

    /// dQ = d mod (q-1), big-endian, with as many bytes as q.
    pub fn exponent_q(&self) -> &[u8] {
        &self.numbers.exponent_q[..self.sizes.in_bytes()[2]]
    }

    /// qInv = q^-1 mod p, big-endian, with as many bytes as p.
    pub fn coefficient(&self) -> &[u8] {
        &self.numbers.coefficient[..self.sizes.in_bytes()[1]]
    }
}

impl ZeroizeOnDrop for RsaPrivateKey {}

impl ConstantTimeEq for RsaPrivateKey {
    fn ct_eq(&self, other: &Self) -> Choice {
        // The other numbers follow from these.
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
        // The same primes, and another exponent.
        let other_exponent = RsaPrivateKey::for_test([&n, &[0xcc; 256], &x, &y, &x, &x, &x]);
        assert_ne!(key(&x, &y), other_exponent);
        let other_size = RsaPrivateKey::for_test([&longer, &longer, &[], &[], &[], &[], &[]]);
        let empty = RsaPrivateKey::for_test([&n, &n, &[], &[], &[], &[], &[]]);
        assert_ne!(empty, other_size);
    }
}

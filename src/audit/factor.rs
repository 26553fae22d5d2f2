//! A factor of a modulus. Most checks look for one, and report nothing if they find none, so they cannot be wrong.

use crate::kernels::bignum::divisor::{MAX_WIDE_LIMBS, proper_divisor, shift_left};
use crate::kernels::bignum::limbs::{
    self, MAX_LIMBS, bit_length_vartime, mul_add_row, to_be_bytes, without_leading_zeros_vartime,
};
use crate::kernels::bignum::roots::exact_sqrt;
use core::fmt;

/// The number of bytes of the longest modulus.
const MAX_BYTES: usize = 8 * MAX_LIMBS;

/// A factor of an RSA modulus, neither 1 nor the modulus: [`factor`](super::factor()) finds it. It need not be a prime.
///
/// Anyone who has it can compute the private key, so `Debug` does not show it.
///
/// ```
/// use ssh_keypair::{PublicKey, audit};
///
/// let weak: PublicKey = include_str!("../../tests/data/weak/factor-65537.pub").parse()?;
/// assert_eq!(audit::factor(&weak.key_data()).unwrap().as_bytes(), [1, 0, 1]);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Factor {
    bytes: [u8; MAX_BYTES],
    /// Where the number begins, without leading zeros.
    start: usize,
}

impl Factor {
    /// The factor, big-endian and without leading zeros. At most 2048 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// A number that is known to be a factor.
    pub(super) fn known(factor: &[u64]) -> Self {
        let mut bytes = [0; MAX_BYTES];
        to_be_bytes(factor, &mut bytes);
        let start = MAX_BYTES - bit_length_vartime(factor).div_ceil(8).min(MAX_BYTES);
        Self { bytes, start }
    }

    /// What x and n have in common.
    pub(super) fn common(x: &[u64], n: &[u64]) -> Option<Self> {
        let mut buffer = [0; MAX_WIDE_LIMBS];
        let x = without_leading_zeros_vartime(x);
        let wide = buffer.get_mut(..x.len().max(n.len()))?;
        wide.get_mut(..x.len())?.copy_from_slice(x);
        proper_divisor(wide, n).map(Self::known)
    }

    /// If s^2 - m is a square d^2, for a multiple m of n: what s - d and n have in common, since n divides (s-d)(s+d). s has
    /// at most [`MAX_WIDE_LIMBS`] limbs, and m twice as many.
    pub(super) fn of_squares(s: &[u64], m: &[u64], n: &[u64]) -> Option<Self> {
        let mut buffers = ([0; 2 * MAX_WIDE_LIMBS], [0; MAX_WIDE_LIMBS]);
        let (s, m) = (without_leading_zeros_vartime(s), without_leading_zeros_vartime(m));
        let square = buffers.0.get_mut(..2 * s.len())?;
        limbs::square(s, square);
        if m.len() > square.len() || limbs::sub(square, m) == 1 {
            return None;
        }
        let square = without_leading_zeros_vartime(square);
        // d is below s.
        let d = buffers.1.get_mut(..s.len())?;
        if square.len() > MAX_LIMBS || !exact_sqrt(square, d) {
            return None;
        }
        let mut difference = [0; MAX_WIDE_LIMBS];
        let difference = difference.get_mut(..s.len())?;
        difference.copy_from_slice(s);
        limbs::sub(difference, d);
        Self::common(difference, n)
    }

    /// [`of_squares`](Self::of_squares), for s = base + more.
    pub(super) fn of_sum(base: &[u64], more: &[u64], m: &[u64], n: &[u64]) -> Option<Self> {
        let mut buffer = [0; MAX_WIDE_LIMBS];
        let s = buffer.get_mut(..base.len().max(more.len()) + 1)?;
        s.get_mut(..base.len())?.copy_from_slice(base);
        limbs::add(s, more);
        Self::of_squares(s, m, n)
    }

    /// [`of_sum`](Self::of_sum), for m = n by 2^shift.
    pub(super) fn of_sum_and_multiple(base: &[u64], more: u64, n: &[u64], by: u64, shift: usize) -> Option<Self> {
        let (mut shifted, mut m) = ([0; MAX_WIDE_LIMBS], [0; MAX_WIDE_LIMBS]);
        shift_left(n, shift, &mut shifted);
        mul_add_row(&mut m, &shifted, by);
        Self::of_sum(base, &[more], &m, n)
    }
}

/// Shows the length.
impl fmt::Debug for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Factor").field("bytes", &self.as_bytes().len()).finish_non_exhaustive()
    }
}

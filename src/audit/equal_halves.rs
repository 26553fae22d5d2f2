//! Primes with the same lower halves.
//!
//! With s = (p+q)/2 and d = (p-q)/2, n = s^2 - d^2. If the k low bits of p and q are the same, 2^(k-1) divides d, and s is one
//! of the square roots of n modulo 2^(2k-2), which are r, -r, and both plus 2^(2k-3). So s is known modulo 2^(2k-3). It is the
//! first such number from sqrt(n) on if its distance from sqrt(n), d^2 / (2 sqrt(n)), is not larger than that modulus. This
//! holds if k is a quarter of the bits of n, or less by as many bits as p and q have in common at their upper ends (R.
//! Steinfeld and Y. Zheng, AAECC 2004).
//!
//! We try 65 values of k, from half of a prime's bits plus one downwards, which allows for up to 63 common bits at the upper
//! ends. There are many more ways for bits of two primes to be the same, but no generator is known that produces them.

use super::factor::Factor;
use crate::kernels::bignum::limbs::{self, MAX_LIMBS, bit_length_vartime, without_leading_zeros_vartime, word_at};
use crate::kernels::bignum::roots::{Residue, sqrt_mod_power_of_two};

/// The number of limbs of a number with half of the bits of the longest modulus, plus two.
const MAX_HALF_LIMBS: usize = MAX_LIMBS / 2 + 2;

/// The largest number of bits that are dropped from a root.
const MAX_SHORTER: usize = 128;

/// A factor, if p and q have the same lower halves.
// Not inlined, so that its buffers are not on the stack of the other checks.
#[inline(never)]
pub(super) fn find(n: &[u64], sqrt: &[u64]) -> Option<Factor> {
    // s is odd and d is a multiple of four.
    if n.first().is_none_or(|low| low % 8 != 1) {
        return None;
    }
    let bits = bit_length_vartime(sqrt) + 1;
    let mut buffers = [[0; MAX_HALF_LIMBS]; 2];
    let length = bits / 64 + 2;
    let [root, more] = &mut buffers;
    let (root, more) = (root.get_mut(..length)?, more.get_mut(..length)?);
    sqrt_mod_power_of_two(n, bits, root);
    // From sqrt(n) on to r: r - sqrt(n), and to -r: -r - sqrt(n).
    more.copy_from_slice(root);
    limbs::sub(more, sqrt);
    // 2^(2k-3), for the largest k.
    let known = (bits - 2) | 1;
    find_at_distance(n, sqrt, more, known).or_else(|| {
        more.fill(0);
        limbs::sub(more, root);
        limbs::sub(more, sqrt);
        find_at_distance(n, sqrt, more, known)
    })
}

/// The factor that follows from s, if s^2 - n is a square for s = sqrt + (more mod 2^bits), or for one of fewer bits.
fn find_at_distance(n: &[u64], sqrt: &[u64], more: &mut [u64], bits: usize) -> Option<Factor> {
    let (n_residue, sqrt_residue, most) = (Residue::of(n), Residue::of(sqrt), bits);
    (bits.saturating_sub(MAX_SHORTER)..=most).rev().step_by(2).find_map(|bits| {
        // Dropping two bits that are zero changes nothing.
        let changed = bits == most || word_at(more, bits) & 3 != 0;
        keep_low_bits(more, bits);
        let s = sqrt_residue.plus(Residue::of(more));
        let possible = changed && s.squared().minus(n_residue).may_be_square();
        possible.then(|| Factor::of_sum(sqrt, without_leading_zeros_vartime(more), n, n)).flatten()
    })
}

/// `x mod 2^bits`.
fn keep_low_bits(x: &mut [u64], bits: usize) {
    for (limb, from) in x.iter_mut().zip((0..).step_by(64)) {
        *limb &= match bits.saturating_sub(from) {
            0 => 0,
            kept @ 1..64 => (1 << kept) - 1,
            _ => u64::MAX,
        };
    }
}

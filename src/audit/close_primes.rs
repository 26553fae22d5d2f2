//! Primes that are close to each other: Fermat's method.
//!
//! With s = (p+q)/2 and d = (p-q)/2, n = s^2 - d^2, and s is the first number from sqrt(n) on for which s^2 - n is a square. If
//! d is small, it is found after about d^2 / (2 sqrt(n)) steps. Keys from generators that used the next prime after p as q are
//! found in the first step (H. Böck, "Fermat factorization in the wild", 2023).

use crate::kernels::bignum::limbs::{self, MAX_LIMBS, without_leading_zeros_vartime};
use crate::kernels::bignum::roots::{Residue, is_square};

/// How many values of s we try.
const ROUNDS: u64 = 100;

/// Whether s^2 - n is a square for one of the first s above sqrt(n). n is not a square.
pub(super) fn found(n: &[u64], sqrt: &[u64]) -> bool {
    let (n_residue, mut s_residue) = (Residue::of(n), Residue::of(sqrt));
    let one = Residue::of(&[1]);
    (1..=ROUNDS).any(|round| {
        s_residue = s_residue.plus(one);
        s_residue.squared().minus(n_residue).may_be_square() && is_half_sum(n, sqrt, &[round])
    })
}

/// Whether s^2 - n is a square, for s = sqrt + more.
pub(super) fn is_half_sum(n: &[u64], sqrt: &[u64], more: &[u64]) -> bool {
    let mut buffers = ([0; MAX_LIMBS / 2 + 1], [0; MAX_LIMBS + 2]);
    let length = sqrt.len() + 1;
    let (Some(s), Some(d)) = (buffers.0.get_mut(..length), buffers.1.get_mut(..2 * length)) else { return false };
    if more.len() > length {
        return false;
    }
    s[..sqrt.len()].copy_from_slice(sqrt);
    limbs::add(s, more);
    limbs::square(s, d);
    limbs::sub(d, n) == 0 && is_square(without_leading_zeros_vartime(d))
}

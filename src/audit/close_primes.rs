//! Primes that are close to each other: Fermat's method.
//!
//! With s = (p+q)/2 and d = (p-q)/2, n = s^2 - d^2, and s is the first number from sqrt(n) on for which s^2 - n is a square.
//! If d is small, it is found after about d^2 / (2 sqrt(n)) steps. Keys from generators that used the next prime after p as q
//! are found in the first step (H. Böck, "Fermat factorization in the wild", 2023). The Baseline Requirements of the
//! CA/Browser Forum, section 6.1.1.3, ask for 100 steps.

use super::factor::Factor;
use crate::kernels::bignum::roots::Residue;

/// How many values of s an import tries.
pub(super) const STEPS: u64 = 100;

/// How many values of s a thorough audit tries.
pub(super) const THOROUGH_STEPS: u64 = 100_000;

/// The factor that follows from s, if s^2 - n is a square for one of the first s above sqrt(n). n is not a square.
pub(super) fn find(n: &[u64], sqrt: &[u64], steps: u64) -> Option<Factor> {
    let (n_residue, mut s_residue) = (Residue::of(n), Residue::of(sqrt));
    let one = Residue::of(&[1]);
    (1..=steps).find_map(|step| {
        s_residue = s_residue.plus(one);
        let possible = s_residue.squared().minus(n_residue).may_be_square();
        possible.then(|| Factor::of_sum(sqrt, &[step], n, n)).flatten()
    })
}

//! Primes whose difference is close to a power of two.
//!
//! If p - q = 2^(j+1) + c, then s^2 = n + (2^j + c/2)^2 for s = (p+q)/2, which is sqrt(n + 4^j) up to about 2^j |c| / (p+q). That
//! is less than one if c is shorter than p by j+1 bits. So it is enough to try one or two numbers for each j. (A generator may
//! choose the difference so, because FIPS 186-5, A.1.1 asks for one above 2^(bits/2 - 100).)
//!
//! With n between 4^(b-1) and 4^b, let w = 4^(b-1)/n, which is at most 1, and j = b-1-h:
//!
//! > sqrt(n + 4^j) = sqrt(n) sqrt(1 + w 4^-h) = sqrt(n) (1 + w/2 4^-h - w^2/8 4^-2h + w^3/16 4^-3h - ...).
//!
//! The terms without 4^-h are the same for all h: each is the one before times w (2i-3)/2i. With them, each root takes a few
//! shifted sums: b/2h of them, because the terms alternate and shrink, and the error is below the first one that is left out.
//! [`TERMS`] terms are enough for all h from b/96 on, that is, for differences that are shorter than p by about a hundredth: by
//! 12 bits for a modulus of 2048 bits, and by 22 for one of 4096. A smaller h leaves so little room for c that one root
//! is not enough. [`find_large`] tries many, and is for a thorough audit.
//!
//! For j below half of b, Fermat's method finds the primes. The numbers have 128 bits to spare, which is more than the errors of
//! the sums.

use super::factor::Factor;
use super::wide_root::{WideRoot, top_bits};
use crate::kernels::bignum::divisor::{MAX_WIDE_LIMBS, shift_right};
use crate::kernels::bignum::fractions::{MAX_FRACTION_LIMBS, add_shifted, half_reciprocal, multiply, scale};
use crate::kernels::bignum::limbs::{MAX_LIMBS, add, bit_length_vartime, sub, word_at};
use crate::kernels::bignum::roots::{Residue, low_limb_may_be_square, sqrt_floor};

/// How many terms of the series are computed.
const TERMS: usize = 48;

/// How many more numbers a thorough audit tries, for the largest difference; half as many for each smaller one.
const THOROUGH_STEPS: u64 = 4096;

/// The smallest h for which [`TERMS`] terms are enough: the next one is below 2^-64.
fn smallest(half: usize) -> usize {
    (half + 64).div_ceil(2 * TERMS)
}

/// A factor, if p - q is close to a power of two that is shorter than p by a hundredth or more.
// Not inlined, so that its buffers are not on the stack of the other checks.
#[inline(never)]
pub(super) fn find(n: &[u64], root: &WideRoot) -> Option<Factor> {
    let half = bit_length_vartime(root.floor());
    let length = (half / 64 + 3).min(MAX_FRACTION_LIMBS);
    let mut buffers = [[0; MAX_FRACTION_LIMBS]; 3];
    let [start, top, ratio] = &mut buffers;
    let (start, top, ratio) = (start.get_mut(..length)?, top.get_mut(..length)?, ratio.get_mut(..length)?);
    root.as_fraction(start);
    top_bits(n, top);
    // With n = top 2^bits, 4^(half-1)/n is 1/(2 top) or, for an even number of bits, half of that.
    half_reciprocal(top, ratio);
    if bit_length_vartime(n).is_multiple_of(2) {
        scale(ratio, 1, 2);
    }
    let mut terms = [[0; MAX_FRACTION_LIMBS]; TERMS];
    let mut term = [0; MAX_FRACTION_LIMBS];
    let term = term.get_mut(..length)?;
    term.copy_from_slice(start);
    for (i, place) in (1..).zip(&mut terms) {
        let place = place.get_mut(..length)?;
        multiply(term, ratio, place);
        scale(place, if i == 1 { 1 } else { 2 * i - 3 }, 2 * i);
        term.copy_from_slice(place);
    }
    let n_residue = Residue::of(n);
    (smallest(half)..=half / 2 + 2).find_map(|h| {
        let mut sum = [0; MAX_FRACTION_LIMBS + 1];
        let sum = sum.get_mut(..=length)?;
        sum.get_mut(..length)?.copy_from_slice(start);
        // Terms below 2^-64 are left out.
        let shifts = (2 * h..half + 64).step_by(2 * h);
        for ((term, shift), negative) in terms.iter().zip(shifts).zip([false, true].into_iter().cycle()) {
            add_shifted(sum, term.get(..length)?, shift, negative);
        }
        let from = (64 * length).checked_sub(half)?;
        // The lowest limb of s decides nearly always, so the others are read later.
        let (low, n_low) = (word_at(sum, from), *n.first()?);
        let is_possible = |more: &u64| {
            let s = low.wrapping_add(*more);
            low_limb_may_be_square(s.wrapping_mul(s).wrapping_sub(n_low))
        };
        [0, 1].into_iter().filter(is_possible).find_map(|more| {
            let mut floor = [0; MAX_FRACTION_LIMBS];
            let floor = floor.get_mut(..half / 64 + 1)?;
            shift_right(sum, from, floor);
            let s = Residue::of(floor).plus(Residue::of(&[more]));
            let possible = s.squared().minus(n_residue).may_be_square();
            possible.then(|| Factor::of_sum(floor, &[more], n, n)).flatten()
        })
    })
}

/// A factor, if p - q is close to a power of two that is almost as long as p: tries up to 4,096 numbers around each root.
pub(super) fn find_large(n: &[u64], root: &WideRoot) -> Option<Factor> {
    let half = bit_length_vartime(root.floor());
    let n_residue = Residue::of(n);
    (1..smallest(half)).find_map(|h| {
        let mut radicand = [0; MAX_LIMBS + 1];
        let radicand = radicand.get_mut(..=n.len())?;
        radicand.get_mut(..n.len())?.copy_from_slice(n);
        let mut power = [0; MAX_LIMBS];
        let power = power.get_mut(..n.len())?;
        let exponent = 2 * (half - 1).checked_sub(h)?;
        *power.get_mut(exponent / 64)? = 1 << (exponent % 64);
        add(radicand, power);
        let mut floor = [0; MAX_WIDE_LIMBS];
        let floor = floor.get_mut(..n.len().div_ceil(2) + 1)?;
        sqrt_floor(radicand, floor);
        let steps = (THOROUGH_STEPS >> h.min(11)).max(2);
        // From below the root to above it.
        sub(floor, &[steps]);
        let (mut s, one) = (Residue::of(floor), Residue::of(&[1]));
        (0..=2 * steps).find_map(|step| {
            let possible = s.squared().minus(n_residue).may_be_square();
            s = s.plus(one);
            possible.then(|| Factor::of_sum(floor, &[step], n, n)).flatten()
        })
    })
}

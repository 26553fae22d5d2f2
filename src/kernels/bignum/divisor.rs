//! Greatest common divisors of public numbers of any length. The time depends on the numbers.

use super::limbs::{MAX_LIMBS, bit_length_vartime, mul_small, sub, word_at};

/// The number of limbs of the longest number that is compared with a modulus.
pub(crate) const MAX_WIDE_LIMBS: usize = MAX_LIMBS + 20;

/// The greatest common divisor of x and an odd n, if it is neither 1 nor n. x is overwritten, and has at least as many limbs
/// as n, and at most [`MAX_WIDE_LIMBS`].
///
/// Subtracts the smaller number from the larger one, and halves the difference until it is odd (Stein's algorithm: Knuth, The Art
/// of Computer Programming, volume 2, section 4.5.2).
pub(crate) fn proper_divisor<'x>(x: &'x mut [u64], n: &[u64]) -> Option<&'x [u64]> {
    let mut buffer = [0; MAX_WIDE_LIMBS];
    let other = buffer.get_mut(..x.len())?;
    other.get_mut(..n.len())?.copy_from_slice(n);
    loop {
        remove_twos(x);
        if bit_length_vartime(x) == 0 {
            break;
        }
        if is_less(x, other) {
            x.swap_with_slice(other);
        }
        sub(x, other);
    }
    // x is 0, and the other number is the divisor.
    let proper = bit_length_vartime(other) > 1 && other.get(..n.len()) != Some(n);
    x.copy_from_slice(other);
    proper.then_some(x)
}

/// Whether a < b, of the same length.
fn is_less(a: &[u64], b: &[u64]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// Halves x until it is odd, unless it is 0.
fn remove_twos(x: &mut [u64]) {
    let Some(first) = x.iter().position(|limb| *limb != 0) else { return };
    let from = 64 * first + x[first].trailing_zeros() as usize;
    if from > 0 {
        for i in 0..x.len() {
            x[i] = word_at(x, from + 64 * i);
        }
    }
}

/// `shifted = x * 2^by`, modulo 2^k, where k is the number of bits of `shifted`.
pub(crate) fn shift_left(x: &[u64], by: usize, shifted: &mut [u64]) {
    shifted.fill(0);
    let Some(to) = shifted.get_mut(by / 64..) else { return };
    for (limb, x) in to.iter_mut().zip(x) {
        *limb = *x;
    }
    mul_small(to, 1 << (by % 64), 0);
}

/// `shifted = x / 2^by`, rounded down, modulo 2^k, where k is the number of bits of `shifted`.
pub(crate) fn shift_right(x: &[u64], by: usize, shifted: &mut [u64]) {
    for (limb, at) in shifted.iter_mut().zip((by..).step_by(64)) {
        *limb = word_at(x, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::limbs;

    #[test]
    fn a_common_divisor_is_found_and_trivial_ones_are_not_reported() {
        // 2^127 - 1 and 2^89 - 1 are primes, and so is 2^107 - 1.
        let (p, q, r) = ((1u128 << 127) - 1, (1u128 << 89) - 1, (1u128 << 107) - 1);
        let limbs = |x: u128| [x as u64, (x >> 64) as u64];
        let product = |a, b| limbs::mul(&limbs(a), &limbs(b)).as_flattened().to_vec();
        for shift in 0..60 {
            let n = product(p, q);
            let wide = |x: &[u64]| {
                let mut wide = [0; 6];
                shift_left(x, shift, &mut wide);
                wide
            };
            assert_eq!(proper_divisor(&mut wide(&product(p, r)), &n).unwrap()[..2], limbs(p));
            assert_eq!(proper_divisor(&mut wide(&product(r, q)), &n).unwrap()[..2], limbs(q));
            assert_eq!(proper_divisor(&mut wide(&product(r, r)), &n), None);
            assert_eq!(proper_divisor(&mut wide(&n), &n), None);
            assert_eq!(proper_divisor(&mut wide(&[0]), &n), None);
        }
    }
}

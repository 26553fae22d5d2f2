//! Fractions: public numbers from 0 to below 1, as little-endian limbs below the point. All of one computation have the same
//! number of limbs, at most [`MAX_FRACTION_LIMBS`]. The time depends on the numbers.

use super::limbs::{MAX_LIMBS, add, add_carry, mul_add_carry, mul_add_row, sub, sub_borrow};

/// The number of limbs of the longest fraction: half of the longest modulus, and 128 bits or more to spare for errors.
pub(crate) const MAX_FRACTION_LIMBS: usize = MAX_LIMBS / 2 + 3;

/// `product = a * b`. Too small by less than 2^8 units of the last place, because the columns below the last but one are not
/// computed.
pub(crate) fn multiply(a: &[u64], b: &[u64], product: &mut [u64]) {
    let mut wide = [0; 2 * MAX_FRACTION_LIMBS];
    let length = product.len();
    for (i, &limb) in a.iter().enumerate() {
        let from = (length - 1).saturating_sub(i);
        wide[i + length] = mul_add_row(&mut wide[i + from..i + length], &b[from..], limb);
    }
    product.copy_from_slice(&wide[length..2 * length]);
}

/// `reciprocal = 1 / (2x)`, up to some units of the last place, for an x from 1/2 on.
///
/// Newton's iteration y + 2y (1/2 - xy) doubles the number of correct bits.
pub(crate) fn half_reciprocal(x: &[u64], reciprocal: &mut [u64]) {
    let mut buffers = [[0; MAX_FRACTION_LIMBS]; 2];
    let length = reciprocal.len();
    let [rest, step] = &mut buffers;
    let (rest, step) = (&mut rest[..length], &mut step[..length]);
    let top = x.last().copied().unwrap_or(0) | 1 << 63;
    reciprocal.fill(0);
    reciprocal[length - 1] = u64::try_from((1u128 << 127) / u128::from(top)).unwrap_or(u64::MAX);
    let mut correct = 60;
    while correct < 64 * length {
        multiply(x, reciprocal, rest);
        let above = rest[length - 1] >> 63 == 1;
        if !above {
            negate(rest);
        }
        // |1/2 - xy|.
        rest[length - 1] ^= 1 << 63;
        multiply(reciprocal, rest, step);
        for _ in 0..2 {
            if above {
                sub(reciprocal, step);
            } else if add(reciprocal, step) == 1 {
                // 1/(2x) is 1, or too close to it.
                reciprocal.fill(u64::MAX);
            }
        }
        correct = 2 * correct - 8;
    }
}

/// `x = 1 - x`, for x above 0.
fn negate(x: &mut [u64]) {
    let mut borrow = 0;
    for limb in x {
        (*limb, borrow) = sub_borrow(0, *limb, borrow);
    }
}

/// `x = x / divisor * by`, where the quotient is rounded down, for `by` below the divisor, and both below 2^32.
pub(crate) fn scale(x: &mut [u64], by: u32, divisor: u32) {
    let divisor = u64::from(divisor);
    let mut rest = 0;
    for limb in x.iter_mut().rev() {
        let high = rest << 32 | *limb >> 32;
        let low = (high % divisor) << 32 | *limb & 0xffff_ffff;
        *limb = ((high / divisor) << 32) | (low / divisor);
        rest = low % divisor;
    }
    let mut carry = 0;
    for limb in x {
        (*limb, carry) = mul_add_carry(0, *limb, by.into(), carry);
    }
}

/// `sum += x / 2^shift`, or minus. `sum` may have a limb above the point.
pub(crate) fn add_shifted(sum: &mut [u64], x: &[u64], shift: usize, negative: bool) {
    if negative {
        combine_shifted(sum, x, shift, sub_borrow);
    } else {
        combine_shifted(sum, x, shift, add_carry);
    }
}

/// Adds or subtracts limb by limb.
#[inline(always)]
fn combine_shifted(sum: &mut [u64], x: &[u64], shift: usize, step: impl Fn(u64, u64, u64) -> (u64, u64)) {
    let Some((last, _)) = x.get(shift / 64..).and_then(|x| x.split_last()) else { return };
    let x = &x[shift / 64..];
    let bits = shift % 64;
    let (low, high) = sum.split_at_mut(x.len() - 1);
    let mut carry = 0;
    for (limb, pair) in low.iter_mut().zip(x.windows(2)) {
        (*limb, carry) = step(*limb, pair[0] >> bits | pair[1] << 1 << (63 - bits), carry);
    }
    let mut next = last >> bits;
    for limb in high {
        (*limb, carry) = step(*limb, next, carry);
        next = 0;
        if carry == 0 {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::limbs::mul_small;
    use crate::random::Random;
    use std::vec;

    /// The distance of x from 1/2, in units of the last limb but one; the largest value if it is above one limb of them.
    fn distance_from_half(x: &[u64]) -> u64 {
        let mut distance = x.to_vec();
        let top = distance.len() - 1;
        if distance[top] >> 63 == 0 {
            negate(&mut distance);
        }
        distance[top] ^= 1 << 63;
        if distance[2..].iter().any(|limb| *limb != 0) { u64::MAX } else { distance[1] }
    }

    #[test]
    fn a_number_times_its_half_reciprocal_is_one_half() {
        let mut random = Random(11);
        for length in [10, 11, 19, 35, 67, 131] {
            for _ in 0..20 {
                let x = random.number(64 * length);
                let (mut y, mut product) = (vec![0; length], vec![0; length]);
                half_reciprocal(&x, &mut y);
                multiply(&x, &y, &mut product);
                assert!(distance_from_half(&product) <= 1, "{length}");
            }
        }
    }

    #[test]
    fn scaling_and_shifted_sums_agree_with_whole_numbers() {
        let mut random = Random(12);
        for _ in 0..200 {
            let mut x = random.number(64 * 5 - 8);
            x.resize(5, 0);
            // (7x/7) * 3/4: x is made a multiple of 4 first.
            x[0] &= !3;
            let (mut scaled, mut expected) = (x.clone(), x.clone());
            scale(&mut scaled, 3, 4);
            mul_small(&mut expected, 3, 0);
            let shifted = |shift| {
                let mut sum = vec![0; 6];
                add_shifted(&mut sum, &expected, shift, false);
                sum
            };
            assert_eq!(shifted(2)[..5], scaled);
            // 7/8 of it, and back.
            let mut sum = expected.clone();
            sum.push(0);
            let before = sum.clone();
            add_shifted(&mut sum, &x, 67, true);
            assert_ne!(sum, before);
            add_shifted(&mut sum, &x, 67, false);
            assert_eq!(sum, before);
        }
    }
}

//! Arithmetic modulo e = 65537 = 2^16 + 1, the public exponent of every generated key.
//!
//! 2^16 is -1 modulo e, so a number is reduced by adding and subtracting its 16-bit digits. There is no division, and no step
//! whose time depends on a value.

use super::limbs::{choice, sub_borrow};
use subtle::ConditionallySelectable;

/// The Fermat prime F4, the smallest public exponent that FIPS 186-5 allows.
pub(crate) const E: u64 = 65_537;

/// `a mod e`.
pub(crate) fn reduce(a: &[u64]) -> u64 {
    // 2^32 is 1 modulo e, so we add the 32-bit halves. It would take 2^31 limbs to overflow the sum.
    let sum = a.iter().fold(0u64, |sum, limb| sum + (limb >> 32) + (limb & 0xffff_ffff));
    reduce_limb(sum)
}

/// `x mod e` of one limb.
fn reduce_limb(x: u64) -> u64 {
    let x = (x >> 32) + (x & 0xffff_ffff);
    let x = (x >> 32) + (x & 0xffff_ffff);
    // x < 2^32 + 1, so the high digit is at most 2^16 and the difference is above -e.
    let (difference, negative) = sub_borrow(x & 0xffff, x >> 16, 0);
    difference.wrapping_add(u64::conditional_select(&0, &E, choice(negative)))
}

/// `a^-1 mod e`, as `a^(e-2)`; 0 for 0. `e - 2` is fifteen ones in binary, then a one: 2^16 - 1.
pub(crate) fn invert(a: u64) -> u64 {
    (1..16).fold(a, |power, _| {
        let square = reduce_limb(power * power);
        reduce_limb(square * a)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_residue_times_its_inverse_is_one() {
        assert_eq!(invert(0), 0);
        for a in 1..E {
            assert_eq!(a * invert(a) % E, 1, "{a}");
        }
    }

    #[test]
    fn reduction_agrees_with_division() {
        let edges = [
            0,
            1,
            0xffff,
            0x1_0000,
            0x1_0001,
            0x1_0002,
            0xffff_ffff,
            1 << 32,
            0xffff_0000_0000,
            u64::MAX - 1,
            u64::MAX,
        ];
        for x in edges {
            assert_eq!(reduce(&[x]), x % E, "{x}");
            for y in edges {
                let wide = (u128::from(y) << 64) | u128::from(x);
                assert_eq!(u128::from(reduce(&[x, y])), wide % u128::from(E), "{x} {y}");
            }
        }
        for x in 0..1 << 20 {
            assert_eq!(reduce(&[x]), x % E);
            assert_eq!(reduce(&[u64::MAX - x]), (u64::MAX - x) % E);
        }
    }
}

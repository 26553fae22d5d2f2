//! Natural numbers as little-endian slices of 64-bit limbs.
//!
//! The running time depends only on the lengths of the slices, except in functions whose names end in `_vartime`, which are for
//! public numbers.

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

/// The number of limbs in the longest number, a public modulus of 16384 bits. Private numbers are shorter.
pub(crate) const MAX_LIMBS: usize = 256;

/// `a + b*c + carry`, as (low, high): at most `2^128 - 1`, so nothing is lost.
#[inline(always)]
pub(crate) fn mul_add_carry(a: u64, b: u64, c: u64, carry: u64) -> (u64, u64) {
    split(u128::from(a) + u128::from(b) * u128::from(c) + u128::from(carry))
}

/// `a + b + carry`, as (low, carry).
#[inline(always)]
pub(crate) fn add_carry(a: u64, b: u64, carry: u64) -> (u64, u64) {
    split(u128::from(a) + u128::from(b) + u128::from(carry))
}

/// `a - b - borrow`, as (low, borrow).
#[inline(always)]
pub(crate) fn sub_borrow(a: u64, b: u64, borrow: u64) -> (u64, u64) {
    let (low, high) = split(u128::from(a).wrapping_sub(u128::from(b)).wrapping_sub(u128::from(borrow)));
    (low, high & 1)
}

/// The two halves of a double limb.
#[inline(always)]
fn split(wide: u128) -> (u64, u64) {
    // The only narrowing casts of this module: a low half and a high half, so nothing is lost.
    (wide as u64, (wide >> 64) as u64)
}

/// A carry or a borrow as a [`Choice`], which hides from the compiler that it is 0 or 1. A compiler that knows this can turn a
/// mask into a branch, and one did.
#[inline(always)]
pub(crate) fn choice(carry: u64) -> Choice {
    Choice::from(carry.to_le_bytes()[0])
}

/// `a += b` if `choice`, without the carry.
pub(crate) fn add_if<const L: usize>(a: &mut [u64; L], b: &[u64; L], choice: Choice) {
    let mut carry = 0;
    for (x, y) in a.iter_mut().zip(b) {
        (*x, carry) = add_carry(*x, u64::conditional_select(&0, y, choice), carry);
    }
}

/// `a += b`; returns the carry. `b` is no longer than `a`.
#[inline(always)]
pub(crate) fn add(a: &mut [u64], b: &[u64]) -> u64 {
    let (low, high) = a.split_at_mut(b.len());
    let mut carry = 0;
    for (x, &y) in low.iter_mut().zip(b) {
        (*x, carry) = add_carry(*x, y, carry);
    }
    for x in high {
        (*x, carry) = add_carry(*x, 0, carry);
    }
    carry
}

/// `a -= b`; returns the borrow. `b` is no longer than `a`.
#[inline(always)]
pub(crate) fn sub(a: &mut [u64], b: &[u64]) -> u64 {
    let (low, high) = a.split_at_mut(b.len());
    let mut borrow = 0;
    for (x, &y) in low.iter_mut().zip(b) {
        (*x, borrow) = sub_borrow(*x, y, borrow);
    }
    for x in high {
        (*x, borrow) = sub_borrow(*x, 0, borrow);
    }
    borrow
}

/// `acc += row * by`; returns the limb that is carried out. `acc` and `row` have equal lengths.
///
/// Four limbs per iteration, because the compiler does not unroll the carry chain by itself.
#[inline(always)]
pub(crate) fn mul_add_row(acc: &mut [u64], row: &[u64], by: u64) -> u64 {
    let (acc_fours, acc_rest) = acc.as_chunks_mut::<4>();
    let (row_fours, row_rest) = row.as_chunks::<4>();
    let mut carry = 0;
    for (x, y) in acc_fours.iter_mut().zip(row_fours) {
        (x[0], carry) = mul_add_carry(x[0], y[0], by, carry);
        (x[1], carry) = mul_add_carry(x[1], y[1], by, carry);
        (x[2], carry) = mul_add_carry(x[2], y[2], by, carry);
        (x[3], carry) = mul_add_carry(x[3], y[3], by, carry);
    }
    for (x, &y) in acc_rest.iter_mut().zip(row_rest) {
        (*x, carry) = mul_add_carry(*x, y, by, carry);
    }
    carry
}

/// `a = a*by + plus`; returns the limb that is carried out.
pub(crate) fn mul_small(a: &mut [u64], by: u64, plus: u64) -> u64 {
    let mut carry = plus;
    for x in a {
        (*x, carry) = mul_add_carry(0, *x, by, carry);
    }
    carry
}

/// `a * b` as (low half, high half).
pub(crate) fn mul<const L: usize>(a: &[u64; L], b: &[u64; L]) -> [[u64; L]; 2] {
    let mut product = [[0; L]; 2];
    let t = product.as_flattened_mut();
    for (i, &x) in a.iter().enumerate() {
        t[i + L] = mul_add_row(&mut t[i..i + L], b, x);
    }
    product
}

/// Whether `a < b`.
pub(crate) fn less<const L: usize>(a: &[u64; L], b: &[u64; L]) -> Choice {
    let mut borrow = 0;
    for (&x, &y) in a.iter().zip(b) {
        (_, borrow) = sub_borrow(x, y, borrow);
    }
    choice(borrow)
}

/// Whether `a == small`.
pub(crate) fn is_small<const L: usize>(a: &[u64; L], small: u64) -> Choice {
    let (low, high) = a.split_at(1);
    let rest = high.iter().fold(0, |or, x| or | x);
    low[0].ct_eq(&small) & rest.ct_eq(&0)
}

/// `if choice { b } else { a }`.
pub(crate) fn select<const L: usize>(a: &[u64; L], b: &[u64; L], choice: Choice) -> [u64; L] {
    core::array::from_fn(|i| u64::conditional_select(&a[i], &b[i], choice))
}

/// `a / divisor`, if `divisor` is odd and divides `a`. It works limb by limb from the low end, and multiplies by the inverse
/// modulo 2^64 instead of dividing, because the time of a division would depend on its operands. If `divisor` does not divide
/// `a`, the result is the quotient modulo 2^k, where k is the number of bits of `a`.
pub(crate) fn div_exact_small(a: &mut [u64], divisor: u64) {
    let inverse = inverse_mod_2_64(divisor);
    let mut carry = 0;
    for x in a {
        let (rest, borrow) = sub_borrow(*x, carry, 0);
        *x = rest.wrapping_mul(inverse);
        let (_, high) = mul_add_carry(0, *x, divisor, 0);
        carry = high + borrow;
    }
}

/// The inverse of an odd number modulo 2^64. Newton's iteration doubles the number of correct bits; `3a xor 2` has five of
/// them.
pub(crate) const fn inverse_mod_2_64(odd: u64) -> u64 {
    let mut x = odd.wrapping_mul(3) ^ 2;
    let mut correct = 5;
    while correct < 64 {
        x = x.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(x)));
        correct *= 2;
    }
    x
}

/// `a >> by`, for `by` from 1 to 64, which may be secret: the upper limbs of `a * 2^(64-by)`.
pub(crate) fn shr<const L: usize>(a: &[u64; L], by: u32) -> [u64; L] {
    let mut shifted = *a;
    let top = mul_small(&mut shifted, 1 << (64 - by), 0);
    shifted.rotate_left(1);
    shifted[L - 1] = top;
    shifted
}

/// The 64 bits of a number from bit `from` on, with zeros beyond its end.
#[inline(always)]
pub(crate) fn word_at(a: &[u64], from: usize) -> u64 {
    let limb = |i: usize| a.get(i).copied().unwrap_or(0);
    // Two shifts, because a shift by 64 would overflow if `from` is a multiple of 64.
    (limb(from / 64) >> (from % 64)) | ((limb(from / 64 + 1) << 1) << (63 - from % 64))
}

/// The limbs of a number up to the highest one that is not 0. The time depends on their number.
pub(crate) fn without_leading_zeros_vartime(a: &[u64]) -> &[u64] {
    &a[..a.iter().rposition(|limb| *limb != 0).map_or(0, |last| last + 1)]
}

/// The number of bits without leading zeros. The time depends on the number of leading zeros.
pub(crate) fn bit_length_vartime(a: &[u64]) -> usize {
    let limbs = without_leading_zeros_vartime(a);
    64 * limbs.len() - limbs.last().map_or(0, |top| top.leading_zeros() as usize)
}

/// `a mod divisor`, by division. The time depends on both.
pub(crate) fn remainder_by_word_vartime(a: &[u64], divisor: u64) -> u64 {
    let divisor = u128::from(divisor.max(1));
    let rest = a.iter().rev().fold(0, |rest, &limb| (rest << 64 | u128::from(limb)) % divisor);
    split(rest).0
}

/// `product = x * x`, with twice as many limbs: computes the products of two different limbs once, doubles them, and adds the
/// squares.
#[inline(always)]
pub(crate) fn square(x: &[u64], product: &mut [u64]) {
    let length = x.len();
    product.fill(0);
    for (i, &limb) in x.iter().enumerate() {
        product[i + length] = mul_add_row(&mut product[2 * i + 1..i + length], &x[i + 1..], limb);
    }
    let (mut carry, mut shifted_out) = (0, 0);
    for (pair, &limb) in product.as_chunks_mut::<2>().0.iter_mut().zip(x) {
        let [low, high] = *pair;
        let (square_low, square_high) = mul_add_carry(0, limb, limb, 0);
        (pair[0], carry) = add_carry((low << 1) | shifted_out, square_low, carry);
        (pair[1], carry) = add_carry((high << 1) | (low >> 63), square_high, carry);
        shifted_out = high >> 63;
    }
}

/// Montgomery's reduction: adds multiples of a modulus n that clear the lowest `rows` limbs of `t`. The result begins at limb
/// `rows`, and its highest limb is the carry that is returned. `minus_inverse` is -1/n mod 2^64.
#[inline(always)]
pub(crate) fn clear_low_limbs(t: &mut [u64], modulus: &[u64], minus_inverse: u64, rows: usize) -> u64 {
    let length = modulus.len();
    let mut carry = 0;
    for i in 0..rows {
        let multiple = t[i].wrapping_mul(minus_inverse);
        let high = mul_add_row(&mut t[i..i + length], modulus, multiple);
        (t[i + length], carry) = add_carry(t[i + length], high, carry);
    }
    carry
}

/// `a * b` modulo 2^k, where k is the number of bits of `product`, for numbers of any length.
pub(crate) fn mul_low(a: &[u64], b: &[u64], product: &mut [u64]) {
    product.fill(0);
    let length = product.len();
    for (i, &limb) in a.iter().take(length).enumerate() {
        let row = &b[..b.len().min(length - i)];
        let (columns, above) = product[i..].split_at_mut(row.len());
        let carry = mul_add_row(columns, row, limb);
        if let Some(above) = above.first_mut() {
            *above = carry;
        }
    }
}

/// Reads big-endian bytes; `bytes` is at most as long as the number.
pub(crate) fn from_be_bytes(bytes: &[u8], out: &mut [u64]) {
    let mut chunks = bytes.rchunks(8);
    for limb in out {
        let mut word = [0; 8];
        if let Some(chunk) = chunks.next() {
            word[8 - chunk.len()..].copy_from_slice(chunk);
        }
        *limb = u64::from_be_bytes(word);
    }
}

/// Writes the low `out.len()` bytes, big-endian.
pub(crate) fn to_be_bytes(a: &[u64], out: &mut [u8]) {
    for (chunk, limb) in out.rchunks_mut(8).zip(a) {
        let word = limb.to_be_bytes();
        chunk.copy_from_slice(&word[8 - chunk.len()..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto_bigint::{U256, U512};
    use proptest::prelude::*;
    use std::vec;

    /// Limbs that are often all zeros or all ones, the values at which carry bugs show.
    fn limb() -> impl Strategy<Value = u64> {
        prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>()]
    }

    fn number() -> impl Strategy<Value = [u64; 4]> {
        proptest::array::uniform4(limb())
    }

    fn oracle(a: &[u64; 4]) -> U256 {
        let mut bytes = [0; 32];
        to_be_bytes(a, &mut bytes);
        U256::from_be_slice(&bytes)
    }

    proptest! {
        #[test]
        fn arithmetic_agrees_with_crypto_bigint(a in number(), b in number(), small: u64) {
            let (x, y) = (oracle(&a), oracle(&b));
            let mut sum = a;
            add(&mut sum, &b);
            prop_assert_eq!(oracle(&sum), x.wrapping_add(&y));
            let mut difference = a;
            let borrow = sub(&mut difference, &b);
            prop_assert_eq!(oracle(&difference), x.wrapping_sub(&y));
            prop_assert_eq!(borrow == 1, x < y);
            prop_assert_eq!(bool::from(less(&a, &b)), x < y);

            let [low, high] = mul(&a, &b);
            let mut wide = [0; 64];
            to_be_bytes(&low, &mut wide[32..]);
            to_be_bytes(&high, &mut wide[..32]);
            let product: U512 = x.concatenating_mul(&y);
            prop_assert_eq!(U512::from_be_slice(&wide), product);

            let mut scaled = [a[0], a[1], a[2], a[3], 0];
            scaled[4] = mul_small(&mut scaled[..4], small | 1, 0);
            div_exact_small(&mut scaled, small | 1);
            prop_assert_eq!(&scaled[..4], &a[..]);
            prop_assert_eq!(scaled[4], 0);
        }

        #[test]
        fn bytes_survive_the_round_trip(bytes in proptest::collection::vec(any::<u8>(), 0..=32)) {
            let mut limbs = [0; 4];
            from_be_bytes(&bytes, &mut limbs);
            let mut out = vec![0; bytes.len()];
            to_be_bytes(&limbs, &mut out);
            prop_assert_eq!(bytes, out);
        }

        #[test]
        fn shifts_agree_with_crypto_bigint(a in number(), by in 1u32..=64) {
            prop_assert_eq!(oracle(&shr(&a, by)), oracle(&a) >> by);
        }
    }

    #[test]
    fn small_comparisons_see_every_limb() {
        assert!(bool::from(is_small(&[7, 0, 0], 7)));
        assert!(!bool::from(is_small(&[7, 0, 1], 7)));
        assert!(!bool::from(is_small(&[8, 0, 0], 7)));
    }
}

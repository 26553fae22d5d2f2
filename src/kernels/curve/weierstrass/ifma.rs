//! Points of the NIST curves, eight side by side.
//!
//! # The numbers
//!
//! A number is D digits of 52 bits, where D is 5, 8 or 11. R = 2^(52 D) is at least 16 p. Each step computes a product, adds
//! constants or a number, and applies Montgomery's reduction modulo p, where m < R makes the sum a multiple of R:
//!
//! ```text
//! u = (x*x + (-3 mod p)           + m p) / R
//! v = (y*y + (-b mod p)           + m p) / R
//! w = (u*x + (1-R mod p) + R-1-v  + m p) / R
//! ```
//!
//! So u and v are (x^2 - 3)/R and (y^2 - b)/R modulo p, and w is (x^3 - 3x + b - y^2)/R^2. No number needs to be in Montgomery
//! form. R-1-v is v with every bit inverted.
//!
//! # The verdict is exact
//!
//! Let x, y < p. Then u and v are at most (p^2 + R p)/R < 2p, and w is positive and below
//!
//! > (2p^2 + p + R + R p)/R <= p/8 + 1/16 + 1 + p < 2p.
//!
//! p is the only multiple of p that is positive and below 2p. So the point is on the curve exactly when w equals p, digit by
//! digit. If x or y is not below p, the encoding is not valid.
//!
//! # The columns
//!
//! A row of a product multiplies by one digit of a factor, and clears the lowest column, so that D columns are enough. A column
//! is the sum of an addend, 4D halves of products and a carry: below 2^58. As in the other kernels, the lowest product of a row
//! is not computed: its carry is the column divided by 2^52 and rounded up.
//!
//! The bits above a digit that is a factor are meaningless, because a multiply-add ignores them.

use super::points::{Curve, Domain, P256, P384, P521, Weierstrass};
use crate::kernels::bignum::digits::{DIGIT, DIGIT_LANES, DIGIT_MASK};
use crate::kernels::cpu::Ifma;
use crate::kernels::curve::vectors::{Group, above, broadcast};
use core::arch::x86_64::*;
use crypto_bigint::modular::ConstMontyForm;
use crypto_bigint::{U64, U256, U384, U576, Uint};

impl Weierstrass for Ifma {
    fn are_on_curve(self, curve: Curve, points: &[&[u8]], verdicts: &mut [bool]) {
        match curve {
            Curve::P256 => check::<P256, { U256::LIMBS }, 5>(self, points, verdicts),
            Curve::P384 => check::<P384, { U384::LIMBS }, 8>(self, points, verdicts),
            Curve::P521 => check::<P521, { U576::LIMBS }, 11>(self, points, verdicts),
        }
    }
}

fn check<C: Domain<LIMBS>, const LIMBS: usize, const D: usize>(ifma: Ifma, points: &[&[u8]], verdicts: &mut [bool]) {
    for (points, verdicts) in points.chunks(DIGIT_LANES).zip(verdicts.chunks_mut(DIGIT_LANES)) {
        // Lanes without a point, or with one of the wrong length, have (0, 0), which is on none of the curves.
        let [mut x, mut y] = [[[0; DIGIT_LANES]; D]; 2];
        for (lane, point) in points.iter().enumerate() {
            if point.len() == 2 * C::BYTES {
                let (point_x, point_y) = point.split_at(C::BYTES);
                x.iter_mut().enumerate().for_each(|(i, x)| x[lane] = digit(point_x, i));
                y.iter_mut().enumerate().for_each(|(i, y)| y[lane] = digit(point_y, i));
            }
        }
        // SAFETY: `Ifma` is proof that the CPU has the instructions.
        #[allow(unsafe_code)]
        let on_curve = unsafe { satisfy::<C, LIMBS, D>(ifma, &x, &y) };
        for (lane, (verdict, _)) in verdicts.iter_mut().zip(points).enumerate() {
            *verdict = on_curve >> lane & 1 == 1;
        }
    }
}

/// A digit of a big-endian number, which must have at least eight bytes. The digit is read from the eight bytes that end with
/// its lowest bit, or from the first eight.
#[inline(always)]
fn digit(bytes: &[u8], i: usize) -> u64 {
    let end = bytes.len() - DIGIT * i / 8;
    let start = end.saturating_sub(8);
    let word = bytes[start..].first_chunk().map_or(0, |word| u64::from_be_bytes(*word));
    word >> (8 * (start + 8 - end) + DIGIT * i % 8) & DIGIT_MASK
}

/// The constants of the curve that the steps use, in digits.
struct Constants<const D: usize> {
    p: [u64; D],
    /// -3 mod p.
    minus_3: [u64; D],
    /// -b mod p.
    minus_b: [u64; D],
    /// 1-R mod p.
    one_minus_r: [u64; D],
    /// -1/p mod 2^52.
    minus_inverse: u64,
}

impl<const D: usize> Constants<D> {
    const fn new<C: Domain<LIMBS>, const LIMBS: usize>() -> Self {
        let one = ConstMontyForm::<C, LIMBS>::ONE;
        let two = one.double();
        let r = two.pow_vartime(&U64::from_u64((DIGIT * D) as u64));
        Self {
            p: digits(C::PARAMS.modulus().as_ref()),
            minus_3: digits(&one.add(&two).neg().retrieve()),
            minus_b: digits(&C::B.neg().retrieve()),
            one_minus_r: digits(&one.sub(&r).retrieve()),
            minus_inverse: C::PARAMS.mod_neg_inv().0 & DIGIT_MASK,
        }
    }
}

const fn digits<const LIMBS: usize, const D: usize>(number: &Uint<LIMBS>) -> [u64; D] {
    let mut digits = [0; D];
    let mut i = 0;
    while i < D {
        digits[i] = number.shr_vartime((DIGIT * i) as u32).as_words()[0] & DIGIT_MASK;
        i += 1;
    }
    digits
}

/// Which points satisfy the equation, one bit each.
#[target_feature(enable = "avx512f,avx512ifma")]
fn satisfy<C: Domain<LIMBS>, const LIMBS: usize, const D: usize>(
    _: Ifma,
    x: &[[u64; DIGIT_LANES]; D],
    y: &[[u64; DIGIT_LANES]; D],
) -> u8 {
    let constants = const { Constants::<D>::new::<C, LIMBS>() };
    let p = constants.p.map(|digit| broadcast(digit));
    let inverse = broadcast(constants.minus_inverse);
    let mask = broadcast(DIGIT_MASK);
    // SAFETY: 64 bytes are read, which is the size of the array.
    #[allow(unsafe_code)]
    let [x, y] =
        [x, y].map(|number| core::array::from_fn(|i| unsafe { _mm512_loadu_si512(number[i].as_ptr().cast()) }));

    let u = multiply_add(&x, &x, constants.minus_3.map(|digit| broadcast(digit)), &p, inverse);
    let v = multiply_add(&y, &y, constants.minus_b.map(|digit| broadcast(digit)), &p, inverse);
    let minus_v = core::array::from_fn(|i| {
        _mm512_add_epi64(broadcast(constants.one_minus_r[i]), _mm512_andnot_si512(v[i], mask))
    });
    let w = multiply_add(&u, &x, minus_v, &p, inverse);
    let is_p = w.iter().zip(&p).fold(0xff, |all, (w, p)| all & _mm512_cmpeq_epi64_mask(_mm512_and_si512(*w, mask), *p));
    is_p & are_below(&x, &p) & are_below(&y, &p)
}

/// `(a*b + addend) / R` modulo p: see the module docs.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn multiply_add<const D: usize>(
    a: &Group<D>,
    b: &Group<D>,
    addend: Group<D>,
    p: &Group<D>,
    inverse: __m512i,
) -> Group<D> {
    let zero = _mm512_setzero_si512();
    let mut columns = addend;
    for &a in a {
        for i in 0..D {
            columns[i] = _mm512_madd52lo_epu64(columns[i], a, b[i]);
        }
        let m = _mm512_madd52lo_epu64(zero, columns[0], inverse);
        let carry = above(_mm512_add_epi64(columns[0], broadcast(DIGIT_MASK)));
        for i in 1..D {
            columns[i - 1] = _mm512_madd52lo_epu64(columns[i], m, p[i]);
        }
        columns[D - 1] = zero;
        columns[0] = _mm512_add_epi64(columns[0], carry);
        for i in 0..D {
            columns[i] = _mm512_madd52hi_epu64(_mm512_madd52hi_epu64(columns[i], a, b[i]), m, p[i]);
        }
    }
    for i in 1..D {
        columns[i] = _mm512_add_epi64(columns[i], above(columns[i - 1]));
    }
    columns
}

/// Whether numbers are below p, one bit each, which is whether a difference borrows. The digits must have no bits above them.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn are_below<const D: usize>(numbers: &Group<D>, p: &Group<D>) -> u8 {
    let borrow = numbers.iter().zip(p).fold(_mm512_setzero_si512(), |borrow, (digit, p)| {
        _mm512_srai_epi64::<{ DIGIT as u32 }>(_mm512_add_epi64(_mm512_sub_epi64(*digit, *p), borrow))
    });
    _mm512_cmplt_epi64_mask(borrow, _mm512_setzero_si512())
}

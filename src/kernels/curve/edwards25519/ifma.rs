//! Points of edwards25519, eight in each group of five vectors.
//!
//! # The numbers
//!
//! A number modulo p = 2^255 - 19 is five digits of 52 bits. The highest digit has a little more than 47 bits. In the other
//! four, the bits above a digit are meaningless: a multiply-add ignores them, so a carry need not clear them.
//!
//! # A product
//!
//! Ten columns, with 50 multiply-adds. Column 5 has the weight 2^260, which is 32 * 19 = 608:
//!
//! ```text
//! columns     0    1    2    3    4    5    6    7    8    9
//!                                      |    |    |    |    |
//! low halves  +----+----+----+----+ <- * 608 --------------+        5 multiply-adds
//! high halves      +----+----+----+ <- * 608 ---------+             4, as column 9 is too small to have one
//! ```
//!
//! A column is below 2^57, and these multiply-adds use its 52 low bits. For columns 7 and 8, the bits above are added to the
//! next column. For columns 5 and 6, they are multiplied by 608 and added directly to the column where the next one would go.
//! Either way takes two instructions, but the second is not a chain of steps that wait for each other. In the same way, the top
//! of column 4 is removed, and added times 19 to column 0, before the columns 0 to 3 are carried, so that the carry runs only
//! once.
//!
//! Four products give the number whose Legendre symbol we need. `legendre` computes the symbol.

use super::legendre::{self, Group, MAX_ROUNDS};
use super::points::{Edwards25519, Elements, MAX_POINT_LANES, uv};
use crate::kernels::bignum::digits::{DIGIT_LANES, DIGIT_MASK};
use crate::kernels::cpu::{Ifma, Portable};
use crate::kernels::curve::vectors::{above, broadcast};
use core::arch::x86_64::*;

/// The number of groups that are processed in turn.
const GROUPS: usize = MAX_POINT_LANES / DIGIT_LANES;

/// The number of bits in the highest digit.
const TOP: u32 = 47;

impl Edwards25519 for Ifma {
    fn have_x(self, y: &[[u64; 4]], verdicts: &mut [bool]) {
        have_x(self, y, verdicts, MAX_ROUNDS);
    }
}

/// [`Edwards25519::have_x`], which falls back to the portable backend if the vectors have not finished after `max_rounds`.
fn have_x(ifma: Ifma, y: &[[u64; 4]], verdicts: &mut [bool], max_rounds: u32) {
    let Some(minus_one) = uv(&Points::new(ifma, y)).are_minus_one(max_rounds) else {
        return Portable.have_x(y, verdicts);
    };
    let places = minus_one.iter().flat_map(|group| (0..DIGIT_LANES).map(move |lane| group >> lane & 1 == 1));
    for (verdict, minus_one) in verdicts.iter_mut().zip(places).take(y.len()) {
        *verdict = !minus_one;
    }
}

/// Up to [`MAX_POINT_LANES`] numbers modulo p.
#[derive(Clone, Copy)]
struct Points {
    ifma: Ifma,
    groups: [Group; GROUPS],
    /// The number of groups in use.
    count: usize,
}

impl Points {
    /// Loads numbers below 2^255. Unused lanes are 0.
    fn new(ifma: Ifma, numbers: &[[u64; 4]]) -> Self {
        let mut limbs = [[[0; DIGIT_LANES]; 4]; GROUPS];
        let mut count = 0;
        for (limbs, numbers) in limbs.iter_mut().zip(numbers.chunks(DIGIT_LANES)) {
            for (lane, number) in numbers.iter().enumerate() {
                for (limbs, limb) in limbs.iter_mut().zip(number) {
                    limbs[lane] = *limb;
                }
            }
            count += 1;
        }
        // SAFETY: `Ifma` is proof that the CPU has the instructions.
        #[allow(unsafe_code)]
        let groups = limbs.map(|limbs| unsafe { load(ifma, &limbs) });
        Self { ifma, groups, count }
    }

    /// Whether the Legendre symbols are -1, one bit each.
    fn are_minus_one(&self, max_rounds: u32) -> Option<[u8; GROUPS]> {
        let [a, b, c] = self.groups;
        // SAFETY: `Ifma` is proof that the CPU has the instructions.
        #[allow(unsafe_code)]
        unsafe {
            match self.count {
                0 | 1 => legendre::are_minus_one(self.ifma, &[a], max_rounds).map(|[a]| [a, 0, 0]),
                2 => legendre::are_minus_one(self.ifma, &[a, b], max_rounds).map(|[a, b]| [a, b, 0]),
                _ => legendre::are_minus_one(self.ifma, &[a, b, c], max_rounds),
            }
        }
    }
}

impl Elements for Points {
    fn plus(&self, number: &[u64; 4]) -> Self {
        let mut sums = *self;
        // SAFETY: `Ifma` is proof that the CPU has the instructions.
        #[allow(unsafe_code)]
        unsafe {
            add(self.ifma, &mut sums, number);
        }
        sums
    }

    fn scale(&self, number: &[u64; 4]) -> Self {
        let mut products = *self;
        // SAFETY: `Ifma` is proof that the CPU has the instructions.
        #[allow(unsafe_code)]
        unsafe {
            scale(self.ifma, &mut products, number);
        }
        products
    }

    fn times(&self, other: &Self) -> Self {
        let mut products = *self;
        // SAFETY: `Ifma` is proof that the CPU has the instructions.
        #[allow(unsafe_code)]
        unsafe {
            times(self.ifma, &mut products, other);
        }
        products
    }
}

/// Converts numbers below 2^255, whose limbs come eight at a time.
#[target_feature(enable = "avx512f,avx512ifma")]
fn load(_: Ifma, limbs: &[[u64; DIGIT_LANES]; 4]) -> Group {
    // SAFETY: 64 bytes are read, which is the size of the array.
    #[allow(unsafe_code)]
    let vectors = [0, 1, 2, 3].map(|i| unsafe { _mm512_loadu_si512(limbs[i].as_ptr().cast()) });
    split(vectors)
}

/// The digits of numbers below 2^255.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn split([x0, x1, x2, x3]: [__m512i; 4]) -> Group {
    [
        x0,
        _mm512_or_si512(_mm512_srli_epi64::<52>(x0), _mm512_slli_epi64::<12>(x1)),
        _mm512_or_si512(_mm512_srli_epi64::<40>(x1), _mm512_slli_epi64::<24>(x2)),
        _mm512_or_si512(_mm512_srli_epi64::<28>(x2), _mm512_slli_epi64::<36>(x3)),
        _mm512_srli_epi64::<16>(x3),
    ]
}

/// `points += number`.
#[target_feature(enable = "avx512f,avx512ifma")]
fn add(_: Ifma, points: &mut Points, number: &[u64; 4]) {
    let mask = broadcast(DIGIT_MASK);
    let summand = split(number.map(|limb| broadcast(limb))).map(|digit| _mm512_and_si512(digit, mask));
    for group in points.groups.iter_mut().take(points.count) {
        let digit = |i: usize| _mm512_add_epi64(_mm512_and_si512(group[i], mask), summand[i]);
        *group = carry([digit(0), digit(1), digit(2), digit(3), digit(4)]);
    }
}

/// `points *= number`.
#[target_feature(enable = "avx512f,avx512ifma")]
fn scale(_: Ifma, points: &mut Points, number: &[u64; 4]) {
    let factor = split(number.map(|limb| broadcast(limb)));
    points.groups.iter_mut().take(points.count).for_each(|group| *group = multiply(group, &factor));
}

/// `points *= by`.
#[target_feature(enable = "avx512f,avx512ifma")]
fn times(_: Ifma, points: &mut Points, by: &Points) {
    points.groups.iter_mut().zip(&by.groups).take(points.count).for_each(|(a, b)| *a = multiply(a, b));
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn multiply(a: &Group, b: &Group) -> Group {
    let mut columns = [_mm512_setzero_si512(); 10];
    for (i, &a) in a.iter().enumerate() {
        for (j, &b) in b.iter().enumerate() {
            columns[i + j] = low(columns[i + j], a, b);
            columns[i + j + 1] = high(columns[i + j + 1], a, b);
        }
    }
    fold(columns)
}

/// Reduces the columns of a product, each below 2^57, modulo p: 2^260 is 608.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn fold(columns: [__m512i; 10]) -> Group {
    let [z0, z1, z2, z3, z4, z5, z6, z7, z8, z9] = columns;
    let factor = broadcast(608);
    let z8 = _mm512_add_epi64(z8, above(z7));
    // The highest digits are below 2^47 + 2^6, so the high half of their product is below 2^43, and 608 times that is below
    // 2^52.
    let z9 = _mm512_add_epi64(z9, above(z8));
    let z1 = low(high(z1, z5, factor), above(z5), factor);
    let z2 = low(high(z2, z6, factor), above(z6), factor);
    carry([
        low(z0, z5, factor),
        low(z1, z6, factor),
        low(z2, z7, factor),
        low(high(z3, z7, factor), z8, factor),
        low(high(z4, z8, factor), z9, factor),
    ])
}

/// Converts columns below 2^58 to digits, modulo p: 2^255 is 19.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn carry(columns: Group) -> Group {
    let [z0, z1, z2, z3, z4] = columns;
    let z0 = low(z0, _mm512_srli_epi64::<TOP>(z4), broadcast(19));
    let z4 = _mm512_and_si512(z4, broadcast((1 << TOP) - 1));
    let z1 = _mm512_add_epi64(z1, above(z0));
    let z2 = _mm512_add_epi64(z2, above(z1));
    let z3 = _mm512_add_epi64(z3, above(z2));
    // Below 2^47 + 2^6.
    let z4 = _mm512_add_epi64(z4, above(z3));
    [z0, z1, z2, z3, z4]
}

/// `column += a*b mod 2^52`, for the 52 low bits of a and b.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn low(column: __m512i, a: __m512i, b: __m512i) -> __m512i {
    _mm512_madd52lo_epu64(column, a, b)
}

/// `column += a*b / 2^52`, for the 52 low bits of a and b.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn high(column: __m512i, a: __m512i, b: __m512i) -> __m512i {
    _mm512_madd52hi_epu64(column, a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn numbers_that_need_too_many_rounds_are_computed_without_vectors() {
        let Some(ifma) = Ifma::detect() else { return };
        let mut random = Random(86);
        for count in 0..=MAX_POINT_LANES {
            let y: [[u64; 4]; MAX_POINT_LANES] = core::array::from_fn(|_| random.limbs().map(|limb: u64| limb >> 1));
            let verdicts = |max_rounds| {
                // Begins with the opposite verdicts, so that one that is not written is noticed.
                let mut verdicts = [false; MAX_POINT_LANES];
                Portable.have_x(&y[..count], &mut verdicts);
                verdicts[..count].iter_mut().for_each(|verdict| *verdict = !*verdict);
                have_x(ifma, &y[..count], &mut verdicts, max_rounds);
                verdicts
            };
            let expected = verdicts(MAX_ROUNDS);
            for max_rounds in [0, 1, 12, 13] {
                assert_eq!(verdicts(max_rounds), expected);
            }
        }
    }
}

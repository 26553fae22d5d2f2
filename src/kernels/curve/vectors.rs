//! Shared by the kernels of both kinds of curves: eight numbers side by side, a word in every lane, and the carry of a column.

use crate::kernels::bignum::digits::DIGIT;
use core::arch::x86_64::*;

/// Eight numbers of D digits.
pub(super) type Group<const D: usize> = [__m512i; D];

/// A word, in every lane.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn broadcast(word: u64) -> __m512i {
    _mm512_set1_epi64(word.cast_signed())
}

/// The bits of a column above its digit.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn above(column: __m512i) -> __m512i {
    _mm512_srli_epi64::<{ DIGIT as u32 }>(column)
}

//! Primes next to a repeated word.
//!
//! Let p be the next prime after a number of l bits that repeats a word of w bits: the period of its binary digits is w. Then
//! p (2^w - 1) = x 2^l - y, for an x of w bits, and a y that is longer than w only by the distance to that number: all the
//! rest of the digits cancel out. If q is made likewise, with the same w, n (2^w - 1)^2 is a polynomial of degree two in 2^l
//! with short coefficients, (x 2^l - y)(x' 2^l - y'), and has the factors of a polynomial of degree two. Words may be cut off
//! at either end. (Google's paranoid_crypto looks for words of certain lengths with a lattice: `CheckBitPatterns`. This is a
//! special case of it that needs none.)
//!
//! To find w, we look at 64 bits of n (2^w - 1)^2 = n 4^w - 2 n 2^w + n above the coefficient yy' and below 2^l: they are all
//! zeros, or all ones if yy' is negative. That is three words of n for each w. They are read four bits below the middle of n, so
//! a generator that sets the highest bits of p to one does no harm.
//!
//! We need not know l, which may differ between p and q: a smaller power of two does as well, if x and x' are multiplied by powers
//! of two. The middle coefficient of the polynomial is -(xy' + x'y), its discriminant is (xy' - x'y)^2, and xx' 2^l - xy'
//! is a multiple of p or q.
//!
//! By chance, a word passes the first step in one of 2^52 sound moduli. It yields no factor.

use super::factor::Factor;
use crate::kernels::bignum::divisor::{MAX_WIDE_LIMBS, shift_left, shift_right};
use crate::kernels::bignum::limbs::{
    add, bit_length_vartime, mul_low, mul_small, sub, without_leading_zeros_vartime, word_at,
};
use crate::kernels::bignum::roots::exact_sqrt;

/// The shortest and the longest word, in bits.
const WORDS: core::ops::RangeInclusive<usize> = 8..=256;

/// How much longer than the words the product of two coefficients can be.
const SPARE: usize = 32;

/// The number of limbs of the longest coefficient, and one for its sign.
const COEFFICIENT: usize = (2 * 256 + SPARE) / 64 + 2;

/// How much less than half of the bits of n we take for l, because one of the primes may be shorter.
const SHORTER: usize = 10;

/// A factor, if both primes are next to a repeated word of the same length.
// Not inlined, so that its buffers are not on the stack of the other checks.
#[inline(never)]
pub(super) fn find(n: &[u64]) -> Option<Factor> {
    let bits = bit_length_vartime(n);
    let from = (bits / 2).checked_sub(4 + 64)?;
    WORDS.take_while(|word| 2 * word + SPARE <= from).find_map(|word| {
        let shifted = |by| word_at(n, from - by);
        let sum = shifted(2 * word).wrapping_sub(shifted(word).wrapping_mul(2)).wrapping_add(shifted(0));
        // The bits below the three words change the sum by less than 2.
        (sum.wrapping_add(3) < 6).then(|| find_with(n, bits, word)).flatten()
    })
}

/// A factor, if both primes are next to a repeated word of this length.
fn find_with(n: &[u64], bits: usize, word: usize) -> Option<Factor> {
    let mut buffers = [[0; MAX_WIDE_LIMBS]; 2];
    let [scaled, shifted] = &mut buffers;
    // n 4^w - 2 n 2^w + n.
    shift_left(n, 2 * word, scaled);
    shift_left(n, word + 1, shifted);
    sub(scaled, shifted);
    add(scaled, n);
    factor_polynomial(n, scaled, bits.div_ceil(2).checked_sub(SHORTER)?)
}

/// A coefficient: its magnitude, and whether it is negative.
struct Coefficient([u64; COEFFICIENT], bool);

impl Coefficient {
    /// Splits the lowest digit off a number, in base 2^length with balanced digits. None if that digit is long.
    fn split_off(number: &mut [u64; MAX_WIDE_LIMBS], length: usize) -> Option<Self> {
        let negative = word_at(number, length - 1) & 1 == 1;
        let mut digit = [0; MAX_WIDE_LIMBS];
        for ((limb, number), at) in digit.iter_mut().zip(&*number).zip((0..).step_by(64)) {
            *limb = match length.saturating_sub(at) {
                kept @ 0..64 => number & ((1 << kept) - 1),
                _ => *number,
            };
        }
        let mut rest = [0; MAX_WIDE_LIMBS];
        shift_right(number, length, &mut rest);
        if negative {
            let mut power = [0; MAX_WIDE_LIMBS];
            *power.get_mut(length / 64)? = 1 << (length % 64);
            sub(&mut power, &digit);
            digit = power;
            add(&mut rest, &[1]);
        }
        *number = rest;
        let (low, high) = digit.split_first_chunk()?;
        // The highest limb stays free.
        (low.last() == Some(&0) && high.iter().all(|limb| *limb == 0)).then_some(Self(*low, negative))
    }
}

/// A factor, if a multiple of n is a polynomial in 2^length with short coefficients that has factors. The multiple is overwritten.
fn factor_polynomial(n: &[u64], multiple: &mut [u64; MAX_WIDE_LIMBS], length: usize) -> Option<Factor> {
    let Coefficient(constant, constant_is_negative) = Coefficient::split_off(multiple, length)?;
    let Coefficient(middle, middle_is_negative) = Coefficient::split_off(multiple, length)?;
    let Coefficient(leading, false) = Coefficient::split_off(multiple, length)? else { return None };
    // middle^2 - 4 leading constant.
    let (mut discriminant, mut product) = ([0; 2 * COEFFICIENT], [0; 2 * COEFFICIENT]);
    mul_low(&middle, &middle, &mut discriminant);
    mul_low(&leading, &constant, &mut product);
    mul_small(&mut product, 4, 0);
    if constant_is_negative {
        add(&mut discriminant, &product);
    } else if sub(&mut discriminant, &product) == 1 {
        return None;
    }
    let discriminant = without_leading_zeros_vartime(&discriminant);
    let mut root = [0; COEFFICIENT];
    if !exact_sqrt(discriminant, &mut root) {
        return None;
    }
    // (|middle| + root) / 2, with the sign of -middle, is xy' or x'y.
    add(&mut root, &middle);
    let mut half = [0; COEFFICIENT];
    shift_right(&root, 1, &mut half);
    let mut factor = [0; MAX_WIDE_LIMBS];
    shift_left(&leading, length, &mut factor);
    if middle_is_negative {
        sub(&mut factor, &half);
    } else {
        add(&mut factor, &half);
    }
    Factor::common(&factor, n)
}

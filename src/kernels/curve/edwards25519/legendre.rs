//! Legendre symbols modulo p = 2^255 - 19, by a binary gcd in vector lanes: the optimised binary GCD of Pornin (IACR ePrint
//! 2020/972), extended to compute the symbol.
//!
//! # The steps
//!
//! a begins as the number, and b as p. b stays odd. A step does the following. If a is odd, it swaps a and b if a < b, and then
//! subtracts b from a. In any case, it then halves a. At the end a is 0, and b is the greatest common divisor, which is 1, or p
//! if p divides the number.
//!
//! We keep track of the sign of the symbol (a/b), which is Jacobi's, because b changes:
//!
//! * when two odd numbers swap, (a/b) is (b/a), or -(b/a) if both are 3 modulo 4, which is bit 1 of `a & b`;
//! * (a-b/b) is (a/b);
//! * (a/b) is (a/2 / b), or -(a/2 / b) if b is 3 or 5 modulo 8, when bits 1 and 2 of b differ.
//!
//! At the end, (0/1) is 1. So it is enough to compute `swaps ^= a & b` for each swap, and `halvings ^= b` for each step: the
//! XOR of two bits of a sum is the sum of the XORs. Once a is 0, b is 1, and further halvings change nothing. If p divides the
//! number, b is not 1 at the end, and the symbol is 0.
//!
//! # Rounds
//!
//! A number is five digits of 52 bits. A round is 30 steps on one word instead of each number. The low half of the word has the
//! 32 lowest bits of the number. The high half has 32 bits from the top, where the top is that of the longer of the two
//! numbers. If neither has more than 64 bits, the words are the numbers.
//!
//! The lowest bits decide which numbers are odd and what the symbol is, and they are exact. A halving uses one up: in the last
//! of 30 steps, 3 of the 32 are left of a, and no fewer of b, which was a at some time. That step needs two bits of a, for
//! reciprocity, and three of b. For the gcd alone there could be 31 steps, but for the symbol that is one too many.
//!
//! The highest bits decide which number is smaller, and may be wrong. Then the same steps on the full numbers make one of them
//! negative. The symbol stays correct. For a negative b, let (a/b) be (a/-b): -b is 3 or 5 modulo 8 if b is, and reciprocity
//! holds for the bits of two's complement, unless both numbers are negative. They never are. Starting from two positive
//! numbers, a - b is the first that may become negative, and then b is positive. From then on, as a and b have opposite signs,
//! `a - b` has the sign of a, and a swap keeps the signs opposite. At the end of a round, b < 0 becomes -b, which changes
//! nothing, and a < 0 becomes -a, which changes the sign if b, now positive, is 3 modulo 4.
//!
//! # What a round does to the numbers
//!
//! Two rows record what the steps do. In terms of the values before the round, a is now `F0 a - G0 b` over 2^steps, and b is
//! `G1 b - F1 a` over 2^steps; or both have the opposite sign, after an odd number of swaps. The two signs in a row always
//! differ, and those of one row are the reverse of the other's, so the difference of the rows is a sum of F and a sum of G. A
//! step at most doubles the sum of a row, because it doubles b's row instead of halving a's: F + G is at most 2^30, so that
//! both fit into one word and are added together. b shows which sign applies: b is odd, so it differs from -b in bit 1, and b's
//! word has the true bit.
//!
//! There is no division by 2^30. Instead, the factors are multiplied by 2^22, which makes the lowest digit of the sum 0. So we
//! compute neither this digit nor the low halves of the products that belong to it, which cancel. A factor of 2^30 would become
//! 2^52, which a multiply-add sees as 0. Only b's row can have such a factor, because F0 is odd and F0 + G0 is at most 2^30.
//! The other factor of the row is then 0, so the new b is the old value of a or b, and the columns begin with its digits.
//!
//! # How many rounds
//!
//! A step on exact words removes at least one bit from the two numbers, which have 511 bits: 17 rounds, and the same with
//! approximate top bits (Pornin, section 3). Correctness does not depend on that: if some numbers are not finished after
//! [`MAX_ROUNDS`], the function returns `None`, and they are checked without vectors. 24 random numbers take 14.6 rounds on
//! average, because all wait for the slowest one. None of a million took more than 17, and neither did any other number that we
//! tried.
//!
//! # Instructions
//!
//! A step is 13 instructions for eight numbers. The two comparisons that give masks have the longest latency, which three
//! groups hide. A round is 390 instructions, plus about 150 around it. An exponentiation is 254 squares of 67 instructions.

use crate::kernels::bignum::digits::{DIGIT, DIGIT_MASK};
use crate::kernels::cpu::Ifma;
use crate::kernels::curve::vectors::{self, broadcast};
use core::arch::x86_64::*;
use core::hint::black_box;

/// p = 2^255 - 19.
const P: Digits = [DIGIT_MASK - 18, DIGIT_MASK, DIGIT_MASK, DIGIT_MASK, DIGIT_MASK >> 5];

/// The digits of one number.
type Digits = [u64; 5];

/// The digits of eight numbers.
pub(super) type Group = vectors::Group<5>;

/// The number of steps in a round.
const STEPS: u32 = 30;

/// More rounds than any number needs.
pub(super) const MAX_ROUNDS: u32 = 20;

/// The lower half of a word.
const LOW: u64 = 0xffff_ffff;

/// For the eight numbers in each group, below 2^256: whether the Legendre symbol is -1, one bit each. `None` if that takes more
/// than `max_rounds`.
#[target_feature(enable = "avx512f,avx512cd,avx512ifma")]
pub(super) fn are_minus_one<const G: usize>(_: Ifma, groups: &[Group; G], max_rounds: u32) -> Option<[u8; G]> {
    let mut pairs = groups.map(|group| Pair {
        a: group.map(|digit| _mm512_and_si512(digit, broadcast(DIGIT_MASK))),
        b: P.map(|digit| broadcast(digit)),
        flips: broadcast(0),
    });
    for _ in 0..max_rounds {
        let mut words = pairs.map(|pair| pair.words());
        steps(&mut words);
        let mut left = broadcast(0);
        for (pair, words) in pairs.iter_mut().zip(&words) {
            pair.update(words);
            left = pair.a.iter().fold(left, |all, &digit| _mm512_or_si512(all, digit));
        }
        if _mm512_test_epi64_mask(left, left) == 0 {
            return Some(pairs.map(|Pair { b, flips, .. }| {
                // b is p if it is not 1.
                let coprime = _mm512_cmpeq_epi64_mask(b[0], broadcast(1));
                _mm512_mask_test_epi64_mask(coprime, flips, broadcast(2))
            }));
        }
    }
    None
}

/// Eight pairs of numbers, in digits below 2^52. a is not negative, and b is odd and positive.
#[derive(Clone, Copy)]
struct Pair {
    a: Group,
    b: Group,
    /// In bit 1: whether (a/b) has the opposite sign.
    flips: __m512i,
}

/// The words that the steps of a round change.
#[derive(Clone, Copy)]
struct Words {
    a: __m512i,
    b: __m512i,
    /// a's row: F0 in the low half, G0 in the high half.
    a_row: __m512i,
    /// b's row: F1 in the low half, G1 in the high half.
    b_row: __m512i,
    /// The sign changes by swaps, in bit 1.
    swaps: __m512i,
    /// The sign changes by halvings: bits 1 and 2 differ.
    halvings: __m512i,
}

/// The steps of a round.
#[inline]
#[target_feature(enable = "avx512f,avx512cd,avx512ifma")]
fn steps<const G: usize>(words: &mut [Words; G]) {
    // A copy that the compiler keeps in registers.
    let mut groups = *words;
    // Without the black box, the compiler would recognise a test of bit 0, and first shift that bit to the top.
    let one = broadcast(black_box(1));
    for _ in 0..STEPS {
        for Words { a, b, a_row, b_row, swaps, halvings } in &mut groups {
            let odd = _mm512_test_epi64_mask(*a, one);
            let swap = _mm512_mask_cmplt_epu64_mask(odd, *a, *b);
            *swaps = _mm512_mask_ternarylogic_epi64::<{ XOR_OF_AND }>(*swaps, swap, *a, *b);
            let larger = _mm512_max_epu64(*a, *b);
            *b = _mm512_mask_min_epu64(*b, odd, *a, *b);
            *a = _mm512_srli_epi64::<1>(_mm512_mask_sub_epi64(*a, odd, larger, *b));
            *halvings = _mm512_xor_si512(*halvings, *b);
            // The rows' sum is the same with and without the swap.
            let doubled = _mm512_mask_add_epi64(_mm512_add_epi64(*b_row, *b_row), swap, *a_row, *a_row);
            *a_row = _mm512_mask_add_epi64(*a_row, odd, *a_row, *b_row);
            *b_row = doubled;
        }
    }
    *words = groups;
}

impl Pair {
    /// The words that a round begins with.
    #[inline]
    #[target_feature(enable = "avx512f,avx512cd,avx512ifma")]
    fn words(&self) -> Words {
        let Self { a, b, .. } = self;
        // The highest digit that is not 0 in both numbers, and the digit below it. Never the lowest digit.
        let ([mut a_below, mut a_top, ..], [mut b_below, mut b_top, ..]) = (*a, *b);
        let mut long = 0;
        for i in 2..5 {
            let either = _mm512_or_si512(a[i], b[i]);
            let used = _mm512_test_epi64_mask(either, either);
            a_top = _mm512_mask_mov_epi64(a_top, used, a[i]);
            a_below = _mm512_mask_mov_epi64(a_below, used, a[i - 1]);
            b_top = _mm512_mask_mov_epi64(b_top, used, b[i]);
            b_below = _mm512_mask_mov_epi64(b_below, used, b[i - 1]);
            long |= used;
        }
        let left = _mm512_lzcnt_epi64(_mm512_or_si512(a_top, b_top));
        // If there are at most 64 bits, use all of them.
        let left = _mm512_mask_min_epu64(left, !long, left, broadcast(DIGIT as u64));
        let right = _mm512_sub_epi64(broadcast(64), left);
        let word = |top, below, lowest| {
            let below = _mm512_srlv_epi64(_mm512_slli_epi64::<{ 64 - DIGIT as u32 }>(below), right);
            let highest = _mm512_or_si512(_mm512_sllv_epi64(top, left), below);
            _mm512_ternarylogic_epi64::<{ CHOICE }>(broadcast(LOW), lowest, highest)
        };
        Words {
            a: word(a_top, a_below, a[0]),
            b: word(b_top, b_below, b[0]),
            a_row: broadcast(1),
            b_row: broadcast(1 << 32),
            swaps: broadcast(0),
            halvings: broadcast(0),
        }
    }

    /// Applies to the numbers what a round's steps have done to the words.
    #[inline]
    #[target_feature(enable = "avx512f,avx512cd,avx512ifma")]
    fn update(&mut self, words: &Words) {
        let Self { a, b, flips } = *self;
        let low = |row| _mm512_slli_epi64::<{ DIGIT as u32 - STEPS }>(_mm512_and_si512(row, broadcast(LOW)));
        let high = |row| _mm512_slli_epi64::<{ DIGIT as u32 - STEPS }>(_mm512_srli_epi64::<32>(row));
        let zero = [broadcast(0); 5];
        let a_whole = _mm512_test_epi64_mask(words.b_row, broadcast(1 << STEPS));
        let b_whole = _mm512_test_epi64_mask(words.b_row, broadcast(1 << (32 + STEPS)));
        let f0 = add_product(zero, &a, low(words.a_row));
        let g0 = add_product(zero, &b, high(words.a_row));
        let f1 = add_product(a.map(|digit| _mm512_maskz_mov_epi64(a_whole, digit)), &a, low(words.b_row));
        let g1 = add_product(b.map(|digit| _mm512_maskz_mov_epi64(b_whole, digit)), &b, high(words.b_row));

        // The lowest digit gets no carry.
        let lowest = _mm512_sub_epi64(g1[0], f1[0]);
        let reversed = _mm512_test_epi64_mask(_mm512_xor_si512(lowest, words.b), broadcast(2));
        self.a = difference(&f0, &g0, reversed);
        self.b = difference(&g1, &f1, reversed);
        let halvings = _mm512_xor_si512(words.halvings, _mm512_srli_epi64::<1>(words.halvings));
        self.flips = _mm512_ternarylogic_epi64::<{ XOR }>(flips, words.swaps, halvings);

        let a_negative = _mm512_cmplt_epi64_mask(self.a[4], broadcast(0));
        let b_negative = _mm512_cmplt_epi64_mask(self.b[4], broadcast(0));
        if a_negative | b_negative != 0 {
            self.flips = _mm512_mask_xor_epi64(self.flips, a_negative, self.flips, words.b);
            negate(&mut self.a, a_negative);
            negate(&mut self.b, b_negative);
        }
    }
}

/// Adds the part of `digits * factor` above the lowest digit to columns.
#[inline]
#[target_feature(enable = "avx512f,avx512cd,avx512ifma")]
fn add_product(mut columns: Group, digits: &Group, factor: __m512i) -> Group {
    for i in 0..5 {
        columns[i] = _mm512_madd52hi_epu64(columns[i], digits[i], factor);
    }
    for i in 0..4 {
        columns[i] = _mm512_madd52lo_epu64(columns[i], digits[i + 1], factor);
    }
    columns
}

/// `x - y`, or `y - x` in the lanes of `reversed`, for columns below 2^54. The highest digit has the sign.
#[inline]
#[target_feature(enable = "avx512f,avx512cd,avx512ifma")]
fn difference(x: &Group, y: &Group, reversed: __mmask8) -> Group {
    let mut digits = [broadcast(0); 5];
    let mut carry = broadcast(0);
    for i in 0..5 {
        let column = _mm512_mask_sub_epi64(_mm512_sub_epi64(x[i], y[i]), reversed, y[i], x[i]);
        let column = _mm512_add_epi64(column, carry);
        carry = _mm512_srai_epi64::<{ DIGIT as u32 }>(column);
        digits[i] = if i < 4 { _mm512_and_si512(column, broadcast(DIGIT_MASK)) } else { column };
    }
    digits
}

/// `x = -x` in some lanes. About one in a hundred rounds needs it.
#[cold]
#[inline(never)]
#[target_feature(enable = "avx512f,avx512cd,avx512ifma")]
fn negate(x: &mut Group, lanes: __mmask8) {
    let negative = difference(&[broadcast(0); 5], x, 0);
    for (digit, negative) in x.iter_mut().zip(negative) {
        *digit = _mm512_mask_mov_epi64(*digit, lanes, negative);
    }
}

/// `x ^ (y & z)`, as a ternary operation.
const XOR_OF_AND: i32 = 0b0111_1000;

/// `x ^ y ^ z`.
const XOR: i32 = 0b1001_0110;

/// The bits of y where x is set, and those of z elsewhere.
const CHOICE: i32 = 0b1100_1010;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::limbs::word_at;
    use crate::random::Random;
    use crypto_bigint::{JacobiSymbol, Odd, U256};
    use std::vec::Vec;

    /// Whether each symbol is -1. Asserts that one group, two and three give the same result.
    fn found(ifma: Ifma, numbers: &[U256]) -> Vec<bool> {
        let mut found = Vec::new();
        for (i, numbers) in numbers.chunks(24).enumerate() {
            let mut lanes = [[[0; 8]; 5]; 3];
            for (place, number) in numbers.iter().enumerate() {
                for (digit, lanes) in lanes[place / 8].iter_mut().enumerate() {
                    // The bits above a digit are meaningless.
                    lanes[place % 8] = word_at(number.as_words(), DIGIT * digit);
                }
            }
            // SAFETY: `Ifma` is proof that the CPU has the instructions, and vectors are eight words.
            #[allow(unsafe_code)]
            let masks = unsafe {
                let groups @ [a, b, c] =
                    lanes.map(|group| group.map(|lanes| core::mem::transmute::<_, __m512i>(lanes)));
                if i % 2 == 0 {
                    are_minus_one(ifma, &groups, MAX_ROUNDS).unwrap()
                } else {
                    let [a, b] = are_minus_one(ifma, &[a, b], MAX_ROUNDS).unwrap();
                    let [c] = are_minus_one(ifma, &[c], MAX_ROUNDS).unwrap();
                    [a, b, c]
                }
            };
            found.extend((0..numbers.len()).map(|place| masks[place / 8] >> (place % 8) & 1 == 1));
        }
        found
    }

    fn p() -> U256 {
        U256::MAX.shr_vartime(1) - U256::from(18u32)
    }

    fn agree(numbers: &[U256]) {
        let Some(ifma) = Ifma::detect() else { return };
        let p = Odd::new(p()).unwrap();
        for (number, found) in numbers.iter().zip(found(ifma, numbers)) {
            let expected = number.jacobi_symbol_vartime(&p) == JacobiSymbol::MinusOne;
            assert_eq!(found, expected, "{number}");
        }
    }

    fn random(random: &mut Random) -> U256 {
        U256::from_words(random.limbs())
    }

    #[test]
    fn zero_and_multiples_of_p_are_not_minus_one() {
        let Some(ifma) = Ifma::detect() else { return };
        let numbers = [U256::ZERO, p(), p() + p(), U256::ONE, p() - U256::ONE, U256::from(2u32), U256::from(4u32)];
        assert_eq!(found(ifma, &numbers), [false, false, false, false, false, true, false]);
    }

    #[test]
    fn the_smallest_and_the_largest_numbers_agree() {
        for i in 0..1000u32 {
            let i = U256::from(i);
            agree(&[i, p() - i, p() + i, p().shr_vartime(1) - i, p().shr_vartime(1) + i, U256::MAX - i]);
        }
    }

    #[test]
    fn runs_of_ones_and_zeros_agree() {
        // Ones from one bit up to another one, alone and with a little more or less; and their differences from p.
        let power = |bit| U256::ONE.shl_vartime(bit);
        let mut numbers = Vec::new();
        for high in 0..256 {
            for low in 0..=high {
                let ones = power(high) - power(low);
                numbers.extend([ones, ones + U256::ONE, ones.wrapping_sub(&U256::ONE)]);
                numbers.push(power(high).wrapping_add(&power(low)));
            }
        }
        let rest: Vec<_> = numbers.iter().map(|number| p().wrapping_sub(number)).collect();
        agree(&numbers);
        agree(&rest);
    }

    #[test]
    fn numbers_of_every_length_agree() {
        let mut source = Random(255);
        for bits in 1..=256 {
            let numbers: Vec<_> = (0..50).map(|_| random(&mut source).shr_vartime(256 - bits)).collect();
            agree(&numbers);
        }
    }

    /// p/q and its neighbours: then the numbers in every step of the gcd have the same length, or very different lengths.
    #[test]
    fn fractions_of_p_agree() {
        let mut source = Random(19);
        for bits in 1..250 {
            let mut numbers = Vec::new();
            for _ in 0..8 {
                let divisor = random(&mut source).shr_vartime(256 - bits) | U256::ONE;
                let quotient = p() / crypto_bigint::NonZero::new(divisor).unwrap();
                numbers.extend([quotient, quotient + U256::ONE, quotient - U256::ONE, p() - quotient]);
            }
            agree(&numbers);
        }
    }

    /// The upper halves of the words are equal here, but the numbers are not: a comparison is wrong, and one becomes negative.
    #[test]
    fn numbers_that_agree_with_p_in_their_highest_bits_do_with_the_symbol() {
        let mut source = Random(32);
        for bits in 100..=250 {
            let mut numbers = Vec::new();
            for shift in 0..32 {
                let difference = random(&mut source).shr_vartime(256 - bits);
                numbers.extend([p() - difference, p() + difference]);
                numbers.push((p() + difference).shr_vartime(shift));
            }
            agree(&numbers);
        }
    }

    #[test]
    fn squares_are_not_minus_one_and_twice_squares_are() {
        let Some(ifma) = Ifma::detect() else { return };
        let modulus = crypto_bigint::NonZero::new(p()).unwrap();
        let mut source = Random(4);
        let squares: Vec<_> =
            (0..1000).map(|_| random(&mut source).rem(&modulus).square_mod_vartime(&modulus)).collect();
        assert!(!found(ifma, &squares).contains(&true));
        let twice: Vec<_> = squares.iter().map(|square| square.add_mod(square, &modulus)).collect();
        assert!(!found(ifma, &twice).contains(&false));
    }

    #[test]
    fn numbers_that_need_more_rounds_are_reported() {
        let Some(ifma) = Ifma::detect() else { return };
        // SAFETY: `Ifma` is proof that the CPU has the instructions, and vectors are eight words.
        #[allow(unsafe_code)]
        let rounds = |number: Digits, max_rounds| unsafe {
            let group = number.map(|digit| core::mem::transmute::<[u64; 8], __m512i>([0, 0, 0, digit, 0, 0, 0, 0]));
            are_minus_one(ifma, &[group], max_rounds)
        };
        // 2^105 takes 105 steps to become 1.
        assert_eq!(rounds([0; 5], 0), None);
        assert_eq!(rounds([0; 5], 1), Some([0]));
        let all: Vec<_> = (0..MAX_ROUNDS).map(|max_rounds| rounds([0, 0, 2, 0, 0], max_rounds).is_some()).collect();
        let first = all.iter().position(|done| *done).unwrap();
        assert!((4..=17).contains(&first), "{first}");
        assert!(all[first..].iter().all(|done| *done));
    }

    #[test]
    fn a_million_random_numbers_agree() {
        let mut source = Random(1_000_000);
        // Fewer in the development profile.
        let count = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
        let numbers: Vec<_> = (0..count).map(|_| random(&mut source)).collect();
        agree(&numbers);
    }
}

//! Legendre symbols modulo p = 2^255 - 19, by a binary gcd in vector lanes: the optimised binary GCD of Pornin (IACR
//! ePrint 2020/972), and the symbol with it.
//!
//! # The steps
//!
//! a is the number, and b is p. b stays odd. A step is, where a is odd: if a < b, swap them; take b from a. And then, in
//! any case: halve a. At the end a is 0, and b the greatest common divisor, which is 1, or p if p divides the number.
//!
//! The symbol (a/b), Jacobi's as b changes, is followed by its sign:
//!
//! * (a/b) is (b/a) when two odd numbers swap, and -(b/a) if both are 3 modulo 4: bit 1 of `a & b`;
//! * (a-b/b) is (a/b);
//! * (a/b) is (a/2 / b), and the other one if b is 3 or 5 modulo 8: bits 1 and 2 of b differ.
//!
//! At the end (0/1) is 1. So nothing is computed but `swaps ^= a & b`, where they swap, and `halvings ^= b`, always: the
//! difference of two bits of a sum is the sum of the differences. Where a is 0 already, b is 1 and a halving counts nothing.
//! Where p divides the number, b is not 1 at the end, and the symbol is 0.
//!
//! # Rounds
//!
//! A number is five digits of 52 bits. A round is 30 steps on one word in the place of each number: the 32 lowest bits
//! below, and above them 32 bits from the top, which is where the longer one of both begins. If neither has more than 64
//! bits, the words are the numbers.
//!
//! The lowest bits decide which numbers are odd and what the symbol is, and they are exact. A halving takes one away: in
//! the last of 30 steps 3 of 32 are left of a, and of b, which was a at some time, no fewer. That step wants two of a, for
//! reciprocity, and three of b. 31 steps would be enough for the gcd, and one too many for the symbol.
//!
//! The highest bits decide which number is the smaller one, and may be wrong about it. Then what the steps do to the
//! numbers proper leaves one below 0. The symbol does not mind. Let (a/b) for a negative b be (a/-b): -b is 3 or 5 modulo
//! 8 if b is, and reciprocity holds for bits of two's complement, unless both are negative. They never are: from two
//! positive ones, a - b is the first that may be, and then b is positive. From then on, of a and b with unlike signs, a - b
//! has a's, and a swap leaves the signs unlike. At the end of a round b < 0 becomes -b, which changes nothing, and a < 0
//! becomes -a, which changes the sign if b, now positive, is 3 modulo 4.
//!
//! # What a round does to the numbers
//!
//! The words are followed by two rows: a is now `F0 a - G0 b` of what it was, over 2^steps, and b is `G1 b - F1 a`; or both
//! with the other sign, after an odd number of swaps. The signs in a row are always unlike, and those of one row the
//! reverse of the other's, so that a difference of rows is a sum of F and of G. A row's sum doubles at most with a step,
//! which doubles b's row in the place of halving a's: F + G is 2^30 at most, both fit into one word, and they are added as
//! one. Which sign it is b says: as an odd number, it differs from -b in bit 1, and b's word has the true one.
//!
//! The division by 2^30 is none. Factors are multiplied by 2^22, and the lowest digit of the sum is 0 then. So it is not
//! computed, and neither are the low halves of the products that go there, which cancel. A factor of 2^30 would become
//! 2^52, of which a multiply-add sees 0. Only b's row has it: F0 is odd, and F0 + G0 at most 2^30. The other factor of the
//! row is 0 then, b's new value is the old one of a number, and the columns begin with its digits.
//!
//! # How many rounds
//!
//! A step on exact words takes at least one bit off the two numbers, which have 511: 17 rounds, with the bits from the top
//! as well (Pornin, section 3). Nothing depends on that: what is not done after [`MAX_ROUNDS`] is told, and done without
//! vectors. 24 random numbers take 14.6 rounds on average, as it is over when the slowest one is done; none of a million
//! took more than 17, and no other number that was tried.
//!
//! # Instructions
//!
//! A step is 13 for eight numbers, of which the two comparisons, for a mask, take the longest; three groups hide that. A
//! round is 390, and some 150 for what is around it. An exponentiation is 254 squares of 67.

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

/// The steps of a round.
const STEPS: u32 = 30;

/// More rounds than any number takes.
pub(super) const MAX_ROUNDS: u32 = 20;

/// The lower half of a word.
const LOW: u64 = 0xffff_ffff;

/// Of eight numbers in each group, below 2^256: whose Legendre symbol is -1. `None` if that takes more rounds.
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
                // It is p where it is not 1.
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
    /// In bit 1: whether (a/b) is the other sign.
    flips: __m512i,
}

/// What the steps of a round work on.
#[derive(Clone, Copy)]
struct Words {
    a: __m512i,
    b: __m512i,
    /// a's row: F0 below, and G0 above.
    a_row: __m512i,
    /// b's row: F1 below, and G1 above.
    b_row: __m512i,
    /// In bit 1.
    swaps: __m512i,
    /// In bits 1 and 2.
    halvings: __m512i,
}

/// The steps of a round.
#[inline]
#[target_feature(enable = "avx512f,avx512cd,avx512ifma")]
fn steps<const G: usize>(words: &mut [Words; G]) {
    // In registers.
    let mut groups = *words;
    // The compiler, which knows a test of bit 0, would shift it to the top before.
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
        // The highest digit that is not 0 in both, but not the lowest one, and the digit below.
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
        // If there are no more than 64 bits, all of them.
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

    /// Does to the numbers what a round's steps have done to the words.
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

        // No carry comes into the lowest digit.
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

/// What is above the lowest digit of `digits * factor`, added to columns.
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

/// `x - y`, or `y - x` where it is reversed, of columns below 2^54. The highest digit has the sign.
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

/// `x = -x` in some lanes. One of a hundred rounds or so needs it.
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

/// y where x is set, z elsewhere.
const CHOICE: i32 = 0b1100_1010;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::limbs::word_at;
    use crate::random::Random;
    use crypto_bigint::{JacobiSymbol, Odd, U256};
    use std::vec::Vec;

    /// -1, or not. Whether it is asked for one group, two or three makes no difference.
    fn found(ifma: Ifma, numbers: &[U256]) -> Vec<bool> {
        let mut found = Vec::new();
        for (i, numbers) in numbers.chunks(24).enumerate() {
            let mut lanes = [[[0; 8]; 5]; 3];
            for (place, number) in numbers.iter().enumerate() {
                for (digit, lanes) in lanes[place / 8].iter_mut().enumerate() {
                    // The bits above a digit mean nothing.
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
        // Ones from one bit up to another one, alone and with a little more or less; and what is missing to p.
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

    /// p/q and its neighbours: all steps of the gcd are with numbers of a length, then, or of very unlike ones.
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

    /// The words of a and b are alike here, where the numbers are not: a comparison is wrong, and one becomes negative.
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
    fn what_takes_more_rounds_is_told() {
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
        // In the development profile fewer.
        let count = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
        let numbers: Vec<_> = (0..count).map(|_| random(&mut source)).collect();
        agree(&numbers);
    }
}

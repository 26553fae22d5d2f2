//! Euler's test to base 2 of one public number, with its digits spread over the lanes.
//!
//! # The number
//!
//! A vector is eight digits of 52 bits of the number, the lowest first. A number is V vectors, the fewest for which R = 2^(416
//! V) >= 16n. Numbers in Montgomery form are not reduced below n ("almost Montgomery": Gueron, J. Cryptographic Engineering 2,
//! 2012): for x < 4n,
//!
//! > x^2/R + n < 2n,
//!
//! and twice that is below 4n. The last step has no square, and its result x/R + n, rounded down, is at most n.
//!
//! # A product
//!
//! Digit i of one factor is multiplied by all digits of the other, the multiplicand, and the products belong to columns that
//! are i places higher. So we broadcast the digit, and load the multiplicand from i places below: an unaligned load, from an
//! array with zeros before and after the number. For the eight digits d of a vector and one vector of columns,
//!
//! ```text
//! window 0:  low  d0       (the multiplicand's vector)
//! window 1:  low  d1, high d0
//! ...
//! window 7:  low  d7, high d6
//! window 8:  high d7       (the vector below)
//! ```
//!
//! are 16 multiply-adds, because the high half of a product belongs to the next column. With two vectors of digits at a time,
//! the products of the second one with the same windows go to the next vector of columns: 32 multiply-adds for nine loads.
//!
//! # A square, and its reduction
//!
//! Three products of the full width. With one row per digit, the multipliers would wait for each other:
//!
//! 1. T = x^2;
//! 2. q = T n' mod R, for n' = -1/n mod R: only vectors below V;
//! 3. (T + qn) / R: only vectors from V - 1 on. The sum is a multiple of R, so with the carries from below, the columns of
//!    vector V - 1 would be an exact multiple of 2^416, and this multiple is the carry to the next vector. The missing carries
//!    are less than 2^12 in the lowest of eight digits. So the columns divided by 2^416 and rounded to the nearest integer give
//!    the exact carry. The highest column is enough for that, because those below add less than 2^11 to it.
//!
//! That is V(V+1) + V(V+1)/2 + V(V+3)/2 vectors of columns, of 16 multiply-adds each, and a few more because vectors of digits
//! are processed in pairs.
//!
//! # From columns to digits
//!
//! With 320 digits, the maximum, a column is a sum of 2 * 320 halves of T and as many of qn, doubled: less than 2^64. The bits
//! above 52 go to the next column, in all lanes at once. This leaves columns below 2^53, where a carry is 0 or 1. Let the eight
//! bits of g mark the columns above a digit's largest value, and those of p the columns equal to it. Then, for
//!
//! > s = 2g + p + carry in,
//!
//! `s ^ p` marks the columns that get one more, and bit 8 of s is the carry out: one addition propagates the carry.
//!
//! # Memory
//!
//! Data that is loaded soon after it was stored must have been stored by one instruction that is at least as wide; after
//! several narrow stores, the CPU waits until they have reached the cache. One vector that the compiler copied in pieces of 16
//! bytes in each square cost 110 ns, and a square of 2048 bits takes 254 ns without that.
//!
//! # What was tried
//!
//! With two vectors of digits together, a product takes 1.35 to 1.45 times as long as its multiply-adds alone; with one vector,
//! 1.7 to 1.9 times. To see what copies of the multiplicand at every shift could save, we replaced all windows by aligned
//! loads, which gives wrong results: a test of 2048 bits took about 60 µs less. We did not pursue this, because the copies
//! would have to be made for each square, and those of the longest numbers do not fit into the first-level cache. Loading the
//! columns before the products are added, instead of after, made no difference.
//!
//! Not tried: computing the products of different vectors in T only once, and doubling them, which would save a tenth to a
//! sixth of all multiply-adds.
//!
//! The running time depends on the number, which is public. Only the registers are wiped.

use super::euler::HalfPower;
use crate::kernels::assembly::kernel;
use crate::kernels::bignum::digits::{DIGIT, DIGIT_LANES, DIGIT_MASK, digit_at};
use crate::kernels::bignum::ifma::kernel::{self, add, clear, high, load, low};
use crate::kernels::bignum::limbs::{MAX_LIMBS, bit_length_vartime, minus_inverse, word_at};
use crate::kernels::cpu::Ifma;

/// Eight digits, the lowest one first, or eight columns. Aligned to 64 bytes for speed only.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Vector([u64; DIGIT_LANES]);

const ZERO: Vector = Vector([0; DIGIT_LANES]);

/// The number of bits in a vector of digits.
const VECTOR_BITS: usize = DIGIT_LANES * DIGIT;

/// R has at least this many bits more than n.
const SPARE: usize = 4;

/// The number of vectors in the longest number.
const MAX_VECTORS: usize = (64 * MAX_LIMBS + SPARE).div_ceil(VECTOR_BITS);

/// The number of limbs in R for the longest number.
const MAX_R_LIMBS: usize = (VECTOR_BITS * MAX_VECTORS).div_ceil(64);

/// The 52 low bits of each lane.
static MASK: Vector = Vector([DIGIT_MASK; DIGIT_LANES]);

impl HalfPower for Ifma {
    fn half_power_of_two_vartime(self, n: &[u64], power: &mut [u64]) {
        let mut field = Field::new(self);
        field.set_modulus(n);
        // A squaring for each bit of n except the lowest, with a doubling if the bit is set.
        for bit in (1..bit_length_vartime(n)).rev() {
            field.square(word_at(n, bit) & 1);
        }
        field.leave();
        kernel::wipe_registers(self);
        field.get(power);
    }
}

/// The digits of a multiplicand, with one vector of zeros before and one after them.
struct Digits([Vector; MAX_VECTORS + 2]);

impl Digits {
    const ZERO: Self = Self([ZERO; MAX_VECTORS + 2]);

    /// The digits without the zeros.
    fn vectors(&self, vectors: usize) -> &[Vector] {
        &self.0[1..=vectors]
    }

    fn vectors_mut(&mut self, vectors: usize) -> &mut [Vector] {
        &mut self.0[1..=vectors]
    }

    /// Sets each digit.
    fn set(&mut self, vectors: usize, digit: impl Fn(usize) -> u64) {
        for (i, vector) in self.vectors_mut(vectors).iter_mut().enumerate() {
            *vector = Vector(core::array::from_fn(|lane| digit(DIGIT_LANES * i + lane)));
        }
    }
}

/// An odd modulus n, and a number modulo n. The arrays are for the longest numbers; `vectors` of each are used.
struct Field {
    ifma: Ifma,
    vectors: usize,
    modulus: Digits,
    /// -1/n mod R.
    inverse: Digits,
    /// In Montgomery form, below 4n.
    x: Digits,
    /// T, and then T + qn.
    columns: [Vector; 2 * MAX_VECTORS],
    /// The columns of q, and one vector that is written but not used.
    quotient: [Vector; MAX_VECTORS + 1],
    /// The digits of T, and then of q.
    digits: [Vector; MAX_VECTORS],
}

impl Field {
    /// Zeros. The modulus is set in a second step, because a value that is returned may need the stack twice.
    fn new(ifma: Ifma) -> Self {
        Self {
            ifma,
            vectors: 0,
            modulus: Digits::ZERO,
            inverse: Digits::ZERO,
            x: Digits::ZERO,
            columns: [ZERO; 2 * MAX_VECTORS],
            quotient: [ZERO; MAX_VECTORS + 1],
            digits: [ZERO; MAX_VECTORS],
        }
    }

    /// Sets an odd modulus above 1, of at most [`MAX_LIMBS`] limbs, and the number 1.
    fn set_modulus(&mut self, n: &[u64]) {
        let bits = bit_length_vartime(n);
        let vectors = (bits + SPARE).div_ceil(VECTOR_BITS).min(MAX_VECTORS);
        self.vectors = vectors;
        self.modulus.set(vectors, |i| digit_at(n, DIGIT * i));
        let mut inverse = [0; MAX_R_LIMBS];
        let inverse = &mut inverse[..(VECTOR_BITS * vectors).div_ceil(64)];
        minus_inverse(n, inverse);
        self.inverse.set(vectors, |i| digit_at(inverse, DIGIT * i));
        self.set_one(n, VECTOR_BITS * vectors - bits);
    }

    /// 1 in Montgomery form, which is R modulo n. R has `spare` bits more than n.
    fn set_one(&mut self, n: &[u64], spare: usize) {
        // R - n * 2^spare is R modulo n, and at most R/2.
        self.x.set(self.vectors, |i| match (DIGIT * i).checked_sub(spare) {
            Some(from) => digit_at(n, from),
            None if spare - DIGIT * i < DIGIT => (n[0] << (spare - DIGIT * i)) & DIGIT_MASK,
            None => 0,
        });
        let mut carry = 1;
        for digit in self.x.vectors_mut(self.vectors).iter_mut().flat_map(|vector| &mut vector.0) {
            let sum = (*digit ^ DIGIT_MASK) + carry;
            *digit = sum & DIGIT_MASK;
            carry = sum >> DIGIT;
        }
        // In Montgomery form, the square of R is R, and that of R/2^k + en is at most R/2^2k + e'n, where e is below 2 from the
        // second square on. In the end R/2^2k is below n.
        for _ in 0..=(spare + 1).ilog2() {
            self.square(0);
        }
    }

    /// `x = x^2 / R * 2^shift`, for a shift of 0 or 1: turns the Montgomery form of x into that of x^2 or 2x^2.
    fn square(&mut self, shift: u64) {
        let v = self.vectors;
        self.columns[..2 * v].fill(ZERO);
        let x = &self.x.0[..v + 2];
        add_products(self.ifma, &mut self.columns, self.x.vectors(v), |j, _| (j, x));
        self.reduce(shift);
    }

    /// Converts x from Montgomery form. The result is at most n.
    fn leave(&mut self) {
        let v = self.vectors;
        self.columns[..v].copy_from_slice(self.x.vectors(v));
        self.columns[v..2 * v].fill(ZERO);
        self.reduce(0);
    }

    /// `x = columns / R * 2^shift`, plus less than n * 2^shift.
    fn reduce(&mut self, shift: u64) {
        let (ifma, v) = (self.ifma, self.vectors);
        normalize(ifma, &self.columns[..v], 0, 0, &mut self.digits);
        self.quotient[..v].fill(ZERO);
        let inverse = &self.inverse.0;
        add_products(ifma, &mut self.quotient, &self.digits[..v], |j, _| (j, &inverse[..v + 1 - j]));
        normalize(ifma, &self.quotient[..v], 0, 0, &mut self.digits);
        // Includes the columns of vector V - 2 if there is a second vector of digits.
        let modulus = &self.modulus.0[..v + 2];
        add_products(ifma, &mut self.columns, &self.digits[..v], |j, count| (v - count, &modulus[v - count - j..]));
        let Vector([.., top]) = self.columns[v - 1];
        let carry = (top + (1 << (DIGIT - 1))) >> DIGIT;
        normalize(ifma, &self.columns[v..2 * v], shift, carry, self.x.vectors_mut(v));
    }

    /// The value of x, which has left Montgomery form. n represents 0.
    fn get(&self, limbs: &mut [u64]) {
        limbs.fill(0);
        for (i, digit) in self.x.vectors(self.vectors).iter().flat_map(|vector| vector.0).enumerate() {
            let (limb, bit) = (DIGIT * i / 64, DIGIT * i % 64);
            if let Some(limb) = limbs.get_mut(limb) {
                *limb |= digit << bit;
            }
            if let Some(limb) = limbs.get_mut(limb + 1) {
                *limb |= (digit >> 1) >> (63 - bit);
            }
        }
    }
}

/// Adds the products of digits to columns, two vectors of digits at a time, or one if only one is left. For the index of the
/// first vector, and the number of vectors, `part` returns the first vector of columns and the part of the multiplicand, from
/// one vector below.
fn add_products<'a>(
    ifma: Ifma,
    columns: &mut [Vector],
    digits: &[Vector],
    part: impl Fn(usize, usize) -> (usize, &'a [Vector]),
) {
    for (place, digits) in (0..).step_by(2).zip(digits.chunks(2)) {
        let (at, multiplicand) = part(place, digits.len());
        match digits.try_into() {
            Ok(digits) => multiply_add_two(ifma, &mut columns[at..], digits, multiplicand),
            Err(_) => multiply_add(ifma, &mut columns[at..], &digits[0], multiplicand),
        }
    }
}

/// `registers <- digits`: broadcasts each digit to all lanes of the register with its number.
macro_rules! broadcast {
    ($($digit:literal)*) => { concat!($("vpbroadcastq zmm", $digit, ", [{digits} + 8*", $digit, "]\n"),*) };
}

/// Adds the products of eight digits to vectors of columns. `multiplicand` has one vector more than there are vectors of
/// columns: its first vector is the one below them. 16 multiply-adds for each vector.
///
/// Registers: the digits in 0 to 7. The columns are added last, so that nothing waits for those that were just stored.
#[inline(never)]
fn multiply_add(_: Ifma, columns: &mut [Vector], digits: &Vector, multiplicand: &[Vector]) {
    macro_rules! windows {
        ($($before:literal $digit:literal;)*) => { concat!($(
            "vmovdqu64 zmm18, [{multiplicand} + 64 - 8*", $digit, "]\n",
            low!(16, $digit, 18),
            high!(17, $before, 18),
        )*) };
    }
    let Some(count @ 1..) = multiplicand.len().checked_sub(1) else { return };
    let Some(columns) = columns.get_mut(..count) else { return };
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They read `digits`, count + 1 vectors of `multiplicand`,
    // which is all of it, and count of `columns`, and write those; they use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [
                broadcast!(0 1 2 3 4 5 6 7),
                "2:",
                clear!(16 17),
                "vpmadd52luq zmm16, zmm0, [{multiplicand} + 64]",
                windows!(0 1; 1 2; 2 3; 3 4; 4 5; 5 6; 6 7;),
                "vpmadd52huq zmm17, zmm7, [{multiplicand}]",
                add!(16, 17),
                "vpaddq zmm16, zmm16, [{columns}]",
                "vmovdqu64 [{columns}], zmm16",
                "add {columns}, 64",
                "add {multiplicand}, 64",
                "dec {count}",
                "jnz 2b",
            ]
            columns = inout(reg) columns.as_mut_ptr() => _, multiplicand = inout(reg) multiplicand.as_ptr() => _,
            count = inout(reg) count => _, digits = in(reg) digits,
        );
    }
}

/// [`multiply_add`] for sixteen digits, with one vector of columns more. 32 multiply-adds for each vector.
///
/// Registers: the digits in 0 to 15; the sums for the next vector of columns in 20.
#[inline(never)]
fn multiply_add_two(_: Ifma, columns: &mut [Vector], digits: &[Vector; 2], multiplicand: &[Vector]) {
    macro_rules! windows {
        ($($at:literal $window:literal: $before:literal $digit:literal, $next_before:literal $next_digit:literal;)*) => {
            concat!($(
                "vmovdqu64 zmm", $window, ", [{multiplicand} + 64 - 8*", $at, "]\n",
                low!(16, $digit, $window),
                high!(17, $before, $window),
                low!(18, $next_digit, $window),
                high!(19, $next_before, $window),
            )*)
        };
    }
    let Some(count @ 1..) = multiplicand.len().checked_sub(1) else { return };
    let Some(columns) = columns.get_mut(..=count) else { return };
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They read `digits`, count + 1 vectors of `multiplicand`,
    // which is all of it, and count + 1 of `columns`, and write those; they use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [
                broadcast!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15),
                clear!(20),
                "2:",
                load!("multiplicand", [21 1 22 0]),
                clear!(16 17 18 19),
                low!(16, 0, 21),
                low!(18, 8, 21),
                high!(17, 7, 22),
                high!(19, 15, 22),
                windows!(1 23: 0 1, 8 9; 2 24: 1 2, 9 10; 3 25: 2 3, 10 11; 4 26: 3 4, 11 12; 5 27: 4 5, 12 13;
                    6 28: 5 6, 13 14; 7 29: 6 7, 14 15;),
                add!(16, 17),
                add!(16, 20),
                "vpaddq zmm16, zmm16, [{columns}]",
                "vpaddq zmm20, zmm18, zmm19",
                "vmovdqu64 [{columns}], zmm16",
                "add {columns}, 64",
                "add {multiplicand}, 64",
                "dec {count}",
                "jnz 2b",
                "vpaddq zmm20, zmm20, [{columns}]",
                "vmovdqu64 [{columns}], zmm20",
            ]
            columns = inout(reg) columns.as_mut_ptr() => _, multiplicand = inout(reg) multiplicand.as_ptr() => _,
            count = inout(reg) count => _, digits = in(reg) digits,
        );
    }
}

/// The digits of columns and a carry, times `2^shift`. The carry out of the highest digit is dropped.
///
/// Registers: the shift in 28, the mask in 30, ones in 31; in 29, the previous columns, shifted right by a digit.
#[inline(never)]
fn normalize(_: Ifma, columns: &[Vector], shift: u64, carry: u64, digits: &mut [Vector]) {
    let count @ 1.. = columns.len() else { return };
    let Some(digits) = digits.get_mut(..count) else { return };
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They read `MASK` and count vectors of `columns`, which is
    // all of them, and write as many of `digits`; they use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [
                load!("mask", [30 0]),
                "vpternlogq zmm31, zmm31, zmm31, 0xff",
                "vmovq xmm28, {shift}",
                // Moves the carry to the highest lane.
                "vmovq xmm29, {carry}",
                "valignq zmm29, zmm29, zmm29, 1",
                "xor {carries:e}, {carries:e}",
                "2:",
                load!("columns", [0 0]),
                "vpsllq zmm0, zmm0, xmm28",
                "vpsrlq zmm1, zmm0, 52",
                "vpandq zmm0, zmm0, zmm30",
                "valignq zmm2, zmm1, zmm29, 7",
                "vmovdqa64 zmm29, zmm1",
                add!(0, 2),
                "vpcmpnleuq k1, zmm0, zmm30",
                "vpcmpeqq k2, zmm0, zmm30",
                "kmovw {above:e}, k1",
                "kmovw {full:e}, k2",
                "lea {carries:e}, [{carries:r} + 2*{above:r}]",
                "add {carries:e}, {full:e}",
                "xor {full:e}, {carries:e}",
                "shr {carries:e}, 8",
                "kmovw k1, {full:e}",
                "vpsubq zmm0 {{k1}}, zmm0, zmm31",
                "vpandq zmm0, zmm0, zmm30",
                "vmovdqu64 [{digits}], zmm0",
                "add {columns}, 64",
                "add {digits}, 64",
                "dec {count}",
                "jnz 2b",
            ]
            columns = inout(reg) columns.as_ptr() => _, digits = inout(reg) digits.as_mut_ptr() => _,
            count = inout(reg) count => _, mask = in(reg) &MASK, shift = in(reg) shift, carry = in(reg) carry << shift,
            carries = out(reg) _, above = out(reg) _, full = out(reg) _, out("k2") _,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::limbs::{add, mul_add_row, word_at};
    use crate::random::Random;
    use std::vec::Vec;

    /// The value of columns, in limbs, with one more than they need.
    fn value(columns: &[Vector]) -> Vec<u64> {
        let mut value = std::vec![0; (VECTOR_BITS * columns.len()).div_ceil(64) + 2];
        for (i, &column) in columns.iter().flat_map(|vector| &vector.0).enumerate() {
            let (limb, bit) = (DIGIT * i / 64, DIGIT * i % 64);
            add(&mut value[limb..], &[column << bit, (column >> 1) >> (63 - bit)]);
        }
        value
    }

    /// All zeros, all ones, random, or a mixture.
    fn vectors(random: &mut Random, count: usize, largest: u64) -> Vec<Vector> {
        let kind = random.next() % 4;
        let mut word = |_| match if kind == 3 { random.next() % 3 } else { kind } {
            0 => 0,
            1 => largest,
            _ => random.next() & largest,
        };
        (0..count).map(|_| Vector(core::array::from_fn(&mut word))).collect()
    }

    #[test]
    fn digits_have_the_value_of_their_columns() {
        let Some(ifma) = Ifma::detect() else { return };
        let mut random = Random(52);
        for round in 0..20_000 {
            let (count, shift) = (round % 5 + 1, random.next() % 2);
            let largest = [(1 << 63) - (1 << 13), DIGIT_MASK, DIGIT_MASK + 1][round % 3];
            let mut columns = vectors(&mut random, count, largest);
            let carry = (random.next() % 3) << (random.next() % 12);
            let mut digits = vectors(&mut random, count, 7);
            normalize(ifma, &columns, shift, carry, &mut digits);
            assert!(digits.iter().flat_map(|vector| vector.0).all(|digit| digit <= DIGIT_MASK));
            columns[0].0[0] += carry;
            columns.iter_mut().flat_map(|vector| &mut vector.0).for_each(|column| *column <<= shift);
            let (expected, found) = (value(&columns), value(&digits));
            for bit in (0..VECTOR_BITS * count).step_by(DIGIT) {
                let digit = |value| word_at(value, bit) & DIGIT_MASK;
                assert_eq!(digit(&found), digit(&expected), "round {round}, bit {bit}");
            }
        }
    }

    #[test]
    fn products_have_the_value_of_plain_ones() {
        let Some(ifma) = Ifma::detect() else { return };
        let mut random = Random(16);
        for round in 0..2_000 {
            let (count, width) = (round % 2 + 1, round % 7 + 1);
            let digits = vectors(&mut random, count, DIGIT_MASK);
            let mut multiplicand = vectors(&mut random, width + 2, DIGIT_MASK);
            (multiplicand[0], multiplicand[width + 1]) = (ZERO, ZERO);
            let mut columns = vectors(&mut random, width + count, 1 << 60);
            let mut expected = value(&columns);
            add_products(ifma, &mut columns, &digits, |_, _| (0, &multiplicand));
            let (a, b) = (value(&digits), value(&multiplicand[1..=width]));
            let length = expected.len();
            for (i, &a) in a.iter().enumerate() {
                let (low, high) = expected[i.min(length)..].split_at_mut(b.len().min(length - i.min(length)));
                let carry = mul_add_row(low, &b[..low.len()], a);
                if !high.is_empty() {
                    add(high, &[carry]);
                }
            }
            let mut found = value(&columns);
            // The carry above the highest column.
            found.truncate(length);
            assert_eq!(found, expected, "round {round}");
        }
    }
}

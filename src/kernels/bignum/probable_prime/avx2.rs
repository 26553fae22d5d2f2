//! Euler's test to base 2 of one public number, with AVX2 and FMA. Its digits are spread over the lanes.
//!
//! # The number
//!
//! A vector is four digits of 52 bits of the number, the lowest first. They are doubles with integer values from -2^51 to 2^51.
//! A number is V vectors, the fewest for which R = 2^(208 V) >= 16n. Numbers in Montgomery form are not reduced: with a
//! quotient q from about -R/2 to R/2,
//!
//! > |x| <= 2n  implies  |x^2 + qn| / R <= n/4 + n/2,
//!
//! and twice that is below 2n. At the end, n is added to a negative result.
//!
//! # A product of two digits
//!
//! A fused multiply-add rounds once, so two of them give the rounded product and the rounding error (Emmart, Zheng and Weems,
//! "Faster modular exponentiation using double precision floating point arithmetic on the GPU", ARITH 2018). For a product ab
//! of at most 2^102,
//!
//! ```text
//! HIGH = 1.5 * 2^103      high = ab + HIGH             from 2^103 to 2^104, where doubles are multiples of 2^51
//! LOW = 1.5 * 2^52        low = ab + (HIGH + LOW - high)     from 2^52 to 2^53, where doubles are integers
//! ```
//!
//! Within such a range, the bits of a double are an integer that increases by one with each unit, so we add the bits as
//! integers. The next product is subtracted from the constants, and its bits from those of the first, so that the constants
//! cancel out. All of this is exact in every rounding mode: the low part is at most 2^51. A column is a sum of low parts, and a
//! sum of high parts, each of which counts half a unit of the next column.
//!
//! We broadcast digit i, and load the multiplicand from i places below: an unaligned load, from an array with zeros before and
//! after the number. Two vectors of columns at a time share the broadcast digits.
//!
//! # A square, and its reduction
//!
//! 1. T = x^2, with the products of different vectors computed once and doubled;
//! 2. q = T n' mod R, for n' = -1/n mod R: only vectors below V;
//! 3. (T + qn) / R: only vectors from V - 1 on. The sum is a multiple of R, and the highest column of vector V - 1, divided by
//!    2^52 and rounded to the nearest integer, is the carry from the lower columns: see `ifma`.
//!
//! In each step, the columns of a pair of vectors become digits at once, and are never stored. x is overwritten from its lowest
//! vector on, while the upper half of T is computed from the vectors above.
//!
//! # From columns to digits
//!
//! With 316 digits, the maximum, a column plus half of the one before is less than 2^62 in absolute value, when doubled. A bias
//! makes columns positive, because AVX2 has no arithmetic shift of 64 bits. The bits above 52 go to the next column, in all
//! lanes at once. That leaves digits of at most 2^51 + 2^11. They are small enough if the other factor is n or n' and its
//! digits are at most 2^51 - 2^12. If they are not, which is true for one in 2^32 numbers of 2048 bits, the verdict would be
//! wrong, so the portable backend does the whole test: someone who chooses such a number gets its running time. The digits of
//! x, which is multiplied by itself, need another carry of 0 or 1, which one addition propagates through the comparisons of
//! four lanes.
//!
//! # What was tried
//!
//! µs for a test of 2048 bits; each item includes all those above it:
//!
//! * intrinsics alone, one vector of columns at a time: 1,290;
//! * the products in assembly, for two vectors of columns: 1,200;
//! * x in one place only, because a copy of it had to wait for stores, and no propagation of the last carry for the digits of T
//!   and q: 1,040;
//! * a window that is loaded once and then copied, instead of two operands in memory: 980;
//! * constants that cancel out, instead of being counted and subtracted: 940, of which 105 to 110 are carries;
//! * starting the upper half of T before the last digits of q are available: no difference, and left out.
//!
//! A product is five operations on three execution units. In a loop of its own it takes 0.46 to 0.50 ns; with operands in
//! registers only it takes 0.43, and the units allow 0.41. We did not build multiplications of 28 bits with `vpmuludq`: a
//! product of 52 bits is 3.45 of them, each 0.69 cycles with its addition, in registers only. That is 2.4 cycles, compared with
//! 1.75 here.
//!
//! Not tried: computing the carry of vector V - 1 of qn from two dot products, instead of 4V of the 6V^2 + 18V windows of a
//! square.
//!
//! An unoptimised build is slow, because every operation of the carries is a function call.
//!
//! The running time depends on the number, which is public. Nothing is wiped.

use super::euler::{HalfPower, power_of_two};
use crate::kernels::assembly::kernel;
use crate::kernels::bignum::digits::{DIGIT, DIGIT_MASK, digit_at};
use crate::kernels::bignum::limbs::{MAX_LIMBS, add, bit_length_vartime, minus_inverse, word_at};
use crate::kernels::cpu::{Avx2Fma, Portable};
use core::arch::x86_64::{
    __m256d, __m256i, _mm_cvtsi64_si128, _mm256_add_epi64, _mm256_add_pd, _mm256_and_si256, _mm256_blend_epi32,
    _mm256_castsi256_pd, _mm256_cmpeq_epi64, _mm256_cmpgt_epi64, _mm256_extract_epi64, _mm256_movemask_pd,
    _mm256_or_si256, _mm256_permute4x64_epi64, _mm256_set1_epi64x, _mm256_set1_pd, _mm256_setr_epi64x,
    _mm256_setzero_si256, _mm256_sll_epi64, _mm256_slli_epi64, _mm256_srli_epi64, _mm256_sub_pd,
};

/// Added to a digit during the carries, so that it is below 2^52 and not negative.
const BALANCE: u64 = 1 << (DIGIT - 1);

/// 2^52: from here to 2^53, doubles are integers.
const INTEGER: f64 = 4_503_599_627_370_496.0;

/// [`BALANCE`] as a double.
const BALANCED: f64 = INTEGER / 2.0;

/// The product of such a digit and one of at most 2^51 + 2^11 is at most 2^102.
const NARROW: f64 = BALANCED - 4096.0;

/// Added to lower parts, which are at most 2^50: it is the middle of 2^52 and 2^53.
const LOW: f64 = 1.5 * INTEGER;

/// Added to products, which are at most 2^102: it is the middle of 2^103 and 2^104.
const HIGH: f64 = 1.5 * INTEGER * BALANCED;

/// Added to a column so that it is not negative. A biased column carries `BIAS >> DIGIT` more.
const BIAS: u64 = 1 << 62;

/// Added to the lower parts: a column's bias, except for the half of its bias that comes with the upper parts; minus the carry
/// from the bias of the previous column; plus the balance of its digit.
const OFFSET: u64 = BIAS - BIAS / 2 - (BIAS >> DIGIT) + BALANCE;

/// The number of bits in a vector of digits.
const VECTOR_BITS: usize = 4 * DIGIT;

/// R has at least this many bits more than n.
const SPARE: usize = 4;

/// The number of vectors in the longest number.
const MAX_VECTORS: usize = (64 * MAX_LIMBS + SPARE).div_ceil(VECTOR_BITS);

/// The number of limbs in R for the longest number.
const MAX_R_LIMBS: usize = (VECTOR_BITS * MAX_VECTORS).div_ceil(64);

/// Four digits, the lowest one first.
type Vector = [f64; 4];

const ZERO: Vector = [0.0; 4];

impl HalfPower for Avx2Fma {
    fn half_power_of_two_vartime(self, n: &[u64], power: &mut [u64]) {
        // SAFETY: `Avx2Fma` is proof that the CPU has the instructions.
        #[allow(unsafe_code)]
        unsafe {
            half_power_of_two_vartime(n, power);
        }
    }
}

/// See [`HalfPower::half_power_of_two_vartime`].
#[target_feature(enable = "avx2,fma")]
fn half_power_of_two_vartime(n: &[u64], power: &mut [u64]) {
    let mut field = Field::new();
    field.set_modulus(n, power);
    if !field.modulus.are_narrow() || !field.inverse.are_narrow() {
        return Portable.half_power_of_two_vartime(n, power);
    }
    // A squaring for each bit of n except the lowest, with a doubling if the bit is set.
    for bit in (1..bit_length_vartime(n)).rev() {
        field.square((word_at(n, bit) & 1).cast_signed());
    }
    field.leave();
    field.get(n, power);
}

/// The digits of a multiplicand, with one vector of zeros before and one after them. Aligned for speed.
#[repr(align(64))]
struct Digits([Vector; MAX_VECTORS + 2]);

impl Digits {
    const ZERO: Self = Self([ZERO; MAX_VECTORS + 2]);

    /// The digits of a number in limbs, modulo R.
    fn set(&mut self, vectors: usize, limbs: &[u64]) {
        let mut carry = 0;
        for (i, digit) in self.0[1..=vectors].as_flattened_mut().iter_mut().enumerate() {
            let sum = digit_at(limbs, DIGIT * i) + BALANCE + carry;
            *digit = f64::from_bits(sum & DIGIT_MASK | INTEGER.to_bits()) - (INTEGER + BALANCED);
            carry = sum >> DIGIT;
        }
    }

    /// Whether the digits may be multiplied by wide ones.
    fn are_narrow(&self) -> bool {
        self.0.as_flattened().iter().all(|digit| digit.abs() <= NARROW)
    }
}

/// An odd modulus n, and a number modulo n. The arrays are for the longest numbers; `vectors` of each are used.
struct Field {
    vectors: usize,
    modulus: Digits,
    /// -1/n mod R.
    inverse: Digits,
    /// In Montgomery form, from -2n to 2n.
    x: Digits,
    /// The vectors of x, with a vector of zeros before each.
    apart: [Vector; 2 * MAX_VECTORS + 1],
    /// T modulo R.
    lower: [Vector; MAX_VECTORS],
    /// q.
    quotient: [Vector; MAX_VECTORS],
}

impl Field {
    /// Zeros. The modulus is set in a second step, because a value that is returned may need the stack twice.
    fn new() -> Self {
        Self {
            vectors: 0,
            modulus: Digits::ZERO,
            inverse: Digits::ZERO,
            x: Digits::ZERO,
            apart: [ZERO; 2 * MAX_VECTORS + 1],
            lower: [ZERO; MAX_VECTORS],
            quotient: [ZERO; MAX_VECTORS],
        }
    }

    /// Sets an odd modulus above 1, of at most [`MAX_LIMBS`] limbs, and the number 1. `one` is working space of as many limbs.
    fn set_modulus(&mut self, n: &[u64], one: &mut [u64]) {
        let bits = bit_length_vartime(n);
        let vectors = (bits + SPARE).div_ceil(VECTOR_BITS).min(MAX_VECTORS);
        self.vectors = vectors;
        self.modulus.set(vectors, n);
        let mut inverse = [0; MAX_R_LIMBS];
        let inverse = &mut inverse[..(VECTOR_BITS * vectors).div_ceil(64)];
        minus_inverse(n, inverse);
        self.inverse.set(vectors, inverse);
        // In Montgomery form.
        power_of_two(VECTOR_BITS * vectors, n, one);
        self.x.set(vectors, one);
        for i in 0..vectors {
            self.put(i, self.x.0[i + 1]);
        }
    }

    /// Stores a vector of x.
    #[inline]
    fn put(&mut self, i: usize, vector: Vector) {
        self.x.0[i + 1] = vector;
        self.apart[2 * i + 1] = vector;
    }

    /// `x = x^2 / R * 2^shift`, for a shift of 0 or 1.
    #[target_feature(enable = "avx2,fma")]
    fn square(&mut self, shift: i64) {
        let v = self.vectors;
        let (mut carry, mut last) = (Carry::new(), Columns::new());
        for c in (0..v - 1).step_by(2) {
            let columns = self.two_of_square(c);
            self.lower[c] = carry.next_wide(&columns[0]);
            self.lower[c + 1] = carry.next_wide(&columns[1]);
            last = columns[1];
        }
        if v % 2 == 1 {
            last = self.one_of_square(v - 1);
            self.lower[v - 1] = carry.next_wide(&last);
        }
        self.quotient();
        self.one_of_multiple(v - 1, &mut last);
        let mut carry = Carry::after(&last, shift);
        if v % 2 == 1 {
            let mut columns = self.one_of_square(v);
            self.one_of_multiple(v, &mut columns);
            self.put(0, carry.next(&columns, shift));
        }
        for c in (v + v % 2..2 * v).step_by(2) {
            let mut columns = self.two_of_square(c);
            self.two_of_multiple(c, &mut columns);
            self.put(c - v, carry.next(&columns[0], shift));
            self.put(c - v + 1, carry.next(&columns[1], shift));
        }
    }

    /// Converts x from Montgomery form.
    #[target_feature(enable = "avx2,fma")]
    fn leave(&mut self) {
        let v = self.vectors;
        self.lower[..v].copy_from_slice(&self.x.0[1..=v]);
        self.quotient();
        // The lower columns are the digits of x, which are too small to change the rounding.
        let mut last = Columns::new();
        self.one_of_multiple(v - 1, &mut last);
        let mut carry = Carry::after(&last, 0);
        for c in v..2 * v {
            let mut columns = Columns::new();
            self.one_of_multiple(c, &mut columns);
            self.put(c - v, carry.next(&columns, 0));
        }
    }

    /// `q = T n' mod R`.
    #[target_feature(enable = "avx2,fma")]
    fn quotient(&mut self) {
        let v = self.vectors;
        let mut carry = Carry::new();
        for c in (0..v - 1).step_by(2) {
            let mut columns = [Columns::new(); 2];
            add_products_to_two(&mut columns, &self.lower[..=c], &self.inverse.0[..c + 3]);
            add_products(&mut columns[1], &self.lower[c + 1..c + 2], &self.inverse.0[..2]);
            self.quotient[c] = carry.next_wide(&columns[0]);
            self.quotient[c + 1] = carry.next_wide(&columns[1]);
        }
        if v % 2 == 1 {
            let mut columns = Columns::new();
            add_products(&mut columns, &self.lower[..v], &self.inverse.0[..v + 1]);
            self.quotient[v - 1] = carry.next_wide(&columns);
        }
    }

    /// The columns of vector c of T.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn one_of_square(&self, c: usize) -> Columns {
        let x = &self.x.0;
        let (middle, first) = (c / 2, c.saturating_sub(self.vectors));
        let mut columns = Columns::new();
        add_products(&mut columns, &x[first + 1..middle + 1], &x[c - middle + 1..c - first + 2]);
        let digits = &x[middle + 1..middle + 2];
        if c % 2 == 1 {
            if middle + 1 < self.vectors {
                add_products(&mut columns, digits, &self.apart[2 * middle + 2..2 * middle + 4]);
            }
            columns.double();
            add_products(&mut columns, digits, &self.apart[2 * middle + 1..2 * middle + 3]);
        } else {
            columns.double();
            add_products(&mut columns, digits, &self.apart[2 * middle..2 * middle + 2]);
        }
        columns
    }

    /// The columns of vectors c and c + 1 of T, for an even c.
    ///
    /// Vector j is multiplied by those above it, for vectors from 2j + 1 on, and then by itself, for 2j and 2j + 1. The zeros
    /// in `apart` keep the two from being mixed.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn two_of_square(&self, c: usize) -> [Columns; 2] {
        let x = &self.x.0;
        let (middle, first, second) = (c / 2, c.saturating_sub(self.vectors), (c + 1).saturating_sub(self.vectors));
        let mut columns = [Columns::new(); 2];
        add_products_to_two(&mut columns, &x[second + 1..middle + 1], &x[c - middle + 1..c - second + 3]);
        add_products(&mut columns[0], &x[first + 1..second + 1], &x[c - first..c - first + 2]);
        let digits = &x[middle + 1..middle + 2];
        if middle + 1 < self.vectors {
            add_products(&mut columns[1], digits, &self.apart[2 * middle + 2..2 * middle + 4]);
        }
        columns.iter_mut().for_each(|columns| columns.double());
        add_products_to_two(&mut columns, digits, &self.apart[2 * middle..2 * middle + 3]);
        columns
    }

    /// Adds the columns of qn, for a vector from V - 1 on.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn one_of_multiple(&self, c: usize, columns: &mut Columns) {
        let v = self.vectors;
        let first = c.saturating_sub(v);
        add_products(columns, &self.quotient[first..v], &self.modulus.0[c + 1 - v..c - first + 2]);
    }

    /// [`Self::one_of_multiple`] for vectors c and c + 1, from V on.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn two_of_multiple(&self, c: usize, columns: &mut [Columns; 2]) {
        let v = self.vectors;
        add_products(&mut columns[0], &self.quotient[c - v..c - v + 1], &self.modulus.0[v..v + 2]);
        add_products_to_two(columns, &self.quotient[c + 1 - v..v], &self.modulus.0[c + 1 - v..v + 2]);
    }

    /// The value of x modulo n. x has left Montgomery form.
    fn get(&self, n: &[u64], limbs: &mut [u64]) {
        limbs.fill(0);
        let mut carry = 0;
        // At least one digit, or part of one, is above the limbs and has the sign.
        let digits = self.x.0[1..=self.vectors].as_flattened().iter().chain(core::iter::repeat(&0.0));
        for (i, digit) in digits.take(64 * limbs.len() / DIGIT + 1).enumerate() {
            let sum = (digit + LOW).to_bits().wrapping_sub(LOW.to_bits()).wrapping_add(carry).cast_signed();
            carry = (sum >> DIGIT).cast_unsigned();
            let digit = sum.cast_unsigned() & DIGIT_MASK;
            let (limb, bit) = (DIGIT * i / 64, DIGIT * i % 64);
            if let Some(limb) = limbs.get_mut(limb) {
                *limb |= digit << bit;
            }
            if let Some(limb) = limbs.get_mut(limb + 1) {
                *limb |= (digit >> 1) >> (63 - bit);
            }
        }
        // x is negative.
        if carry != 0 {
            add(limbs, n);
        }
    }
}

/// The same number in each lane.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn all(number: u64) -> __m256i {
    _mm256_set1_epi64x(number.cast_signed())
}

/// The sums of both parts, one column per lane.
#[derive(Clone, Copy)]
struct Columns {
    low: __m256i,
    /// In units of 2^51.
    high: __m256i,
}

impl Columns {
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn new() -> Self {
        Self { low: _mm256_setzero_si256(), high: _mm256_setzero_si256() }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn double(&mut self) {
        self.low = _mm256_add_epi64(self.low, self.low);
        self.high = _mm256_add_epi64(self.high, self.high);
    }
}

/// `first, second <- digits k and k + 1`.
macro_rules! broadcast {
    ($first:literal $second:literal) => {
        concat!(
            "vbroadcastsd {first}, [{digits} + 8*",
            $first,
            "]\n",
            "vbroadcastsd {second}, [{digits} + 8*",
            $second,
            "]\n",
        )
    };
}

/// Adds the products of two digits, where the window of the second digit begins one place earlier. The products are added to
/// each other first, because the sums wait for each other.
macro_rules! products {
    ($at:literal $before:literal => $high_sum:literal $low_sum:literal) => {
        concat!(
            "vmovupd {part}, [{window} + ",
            $at,
            "]\n",
            "vmovupd {next_part}, [{window} + ",
            $before,
            "]\n",
            "vmovapd {high}, {part}\n",
            "vmovapd {next_high}, {next_part}\n",
            "vfmadd213pd {high}, {first}, {to_high}\n",
            "vfnmadd213pd {next_high}, {second}, {to_high}\n",
            "vsubpd {low}, {to_low}, {high}\n",
            "vsubpd {next_low}, {to_low}, {next_high}\n",
            "vfmadd231pd {low}, {first}, {part}\n",
            "vfnmadd231pd {next_low}, {second}, {next_part}\n",
            "vpsubq {high}, {high}, {next_high}\n",
            "vpaddq {",
            $high_sum,
            "}, {",
            $high_sum,
            "}, {high}\n",
            "vpsubq {low}, {low}, {next_low}\n",
            "vpaddq {",
            $low_sum,
            "}, {",
            $low_sum,
            "}, {low}\n",
        )
    };
}

/// Loops over the vectors of digits, from the last one to the first, and over the windows of a multiplicand, from its
/// beginning.
macro_rules! product_loop {
    ([$($line:expr),* $(,)?] $digits:ident, $multiplicand:ident, $($sums:tt)*) => {
        kernel!(operands:
            [
                "2:",
                $($line,)*
                "sub {digits}, 32",
                "add {window}, 32",
                "dec {count}",
                "jnz 2b",
            ]
            digits = inout(reg) $digits.as_ptr_range().end.wrapping_sub(1) => _,
            window = inout(reg) $multiplicand.as_ptr() => _, count = inout(reg) $digits.len() => _,
            $($sums)*
            to_high = in(ymm_reg) _mm256_set1_pd(HIGH), to_low = in(ymm_reg) _mm256_set1_pd(HIGH + LOW),
            first = out(ymm_reg) _, second = out(ymm_reg) _, high = out(ymm_reg) _, low = out(ymm_reg) _,
            next_high = out(ymm_reg) _, next_low = out(ymm_reg) _, part = out(ymm_reg) _, next_part = out(ymm_reg) _,
        )
    };
}

/// Adds the products of digits with a multiplicand, which has one vector more, to columns: the last vector of digits is
/// multiplied by the first two vectors of the multiplicand, and so on.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn add_products(columns: &mut Columns, digits: &[Vector], multiplicand: &[Vector]) {
    if digits.is_empty() || multiplicand.len() <= digits.len() {
        return;
    }
    // SAFETY: the CPU has the instructions, as this function's features say. They read the vectors of `digits`, from
    // the last one to the first, and of an equal number of `multiplicand` from its beginning, each with the vector after it,
    // which exists, and use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        product_loop!(
            [
                broadcast!(0 1), products!(32 24 => "high_sum" "low_sum"),
                broadcast!(2 3), products!(16 8 => "high_sum" "low_sum"),
            ]
            digits, multiplicand,
            low_sum = inout(ymm_reg) columns.low, high_sum = inout(ymm_reg) columns.high,
        );
    }
}

/// [`add_products`] for two vectors of columns. The multiplicand has two vectors more than the digits.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn add_products_to_two(columns: &mut [Columns; 2], digits: &[Vector], multiplicand: &[Vector]) {
    if digits.is_empty() || multiplicand.len() <= digits.len() + 1 {
        return;
    }
    let [first, second] = columns;
    // SAFETY: the CPU has the instructions, as this function's features say. They read the vectors of `digits`, from
    // the last one to the first, and of an equal number of `multiplicand` from its beginning, each with the two vectors after
    // it, which exist, and use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        product_loop!(
            [
                broadcast!(0 1), products!(32 24 => "high_sum" "low_sum"), products!(64 56 => "next_high_sum" "next_low_sum"),
                broadcast!(2 3), products!(16 8 => "high_sum" "low_sum"), products!(48 40 => "next_high_sum" "next_low_sum"),
            ]
            digits, multiplicand,
            low_sum = inout(ymm_reg) first.low, high_sum = inout(ymm_reg) first.high,
            next_low_sum = inout(ymm_reg) second.low, next_high_sum = inout(ymm_reg) second.high,
        );
    }
}

/// The carry from the previous columns.
struct Carry {
    /// The upper parts of the products, rotated by a lane.
    high: __m256i,
    /// The bits above the digits, rotated by a lane.
    above: __m256i,
    /// The last carry, 0 or 1.
    ripple: usize,
}

/// For each number of four bits, its bits spread over the lanes.
static LANES: [[i64; 4]; 16] = {
    let mut lanes = [[0; 4]; 16];
    let mut i = 0;
    while i < 64 {
        lanes[i / 4][i % 4] = if (i / 4) >> (i % 4) & 1 == 1 { 1 } else { 0 };
        i += 1;
    }
    lanes
};

impl Carry {
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn new() -> Self {
        Self { high: all(BIAS), above: all(BIAS >> DIGIT), ripple: 0 }
    }

    /// The carry, times `2^shift`, of columns whose sum is a multiple of the unit of the next column.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn after(columns: &Columns, shift: i64) -> Self {
        let low = _mm256_extract_epi64::<3>(columns.low);
        let (high, before) = (_mm256_extract_epi64::<3>(columns.high), _mm256_extract_epi64::<2>(columns.high));
        let column = low + ((high & 1) << (DIGIT - 1)) + (before >> 1);
        let carry = ((column + (1 << (DIGIT - 1))) >> DIGIT) << shift;
        Self {
            high: all(((high & !1) << shift).cast_unsigned().wrapping_add(BIAS)),
            above: all(carry.cast_unsigned().wrapping_add(BIAS >> DIGIT)),
            ripple: 0,
        }
    }

    /// The 52 low bits of the next columns, balanced, and the carry that the previous column adds to them.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn sum(&mut self, low: __m256i, high: __m256i) -> (__m256i, __m256i) {
        let high = _mm256_add_epi64(high, all(BIAS));
        // The upper parts count half a unit of the next column.
        let half = _mm256_slli_epi64::<51>(_mm256_and_si256(high, all(1)));
        let rotated = _mm256_permute4x64_epi64::<0b10_01_00_11>(high);
        let high = _mm256_blend_epi32::<0b11>(rotated, self.high);
        self.high = rotated;
        let sum = _mm256_add_epi64(_mm256_add_epi64(low, all(OFFSET)), half);
        let sum = _mm256_add_epi64(sum, _mm256_srli_epi64::<1>(high));
        let rotated = _mm256_permute4x64_epi64::<0b10_01_00_11>(_mm256_srli_epi64::<52>(sum));
        let above = _mm256_blend_epi32::<0b11>(rotated, self.above);
        self.above = rotated;
        (_mm256_and_si256(sum, all(DIGIT_MASK)), above)
    }

    /// The digits of the next columns, at most 2^11 above 2^51.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn next_wide(&mut self, columns: &Columns) -> Vector {
        let (sum, above) = self.sum(columns.low, columns.high);
        let magic = all(INTEGER.to_bits());
        let digits = _mm256_castsi256_pd(_mm256_or_si256(sum, magic));
        let above = _mm256_castsi256_pd(_mm256_or_si256(above, magic));
        let digits = _mm256_sub_pd(digits, _mm256_set1_pd(2.0 * INTEGER + BALANCED));
        vector(_mm256_add_pd(digits, above))
    }

    /// The digits of the next columns, times `2^shift`: from -2^51 to below 2^51.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn next(&mut self, columns: &Columns, shift: i64) -> Vector {
        let by = _mm_cvtsi64_si128(shift);
        let (low, high) = (_mm256_sll_epi64(columns.low, by), _mm256_sll_epi64(columns.high, by));
        let (sum, above) = self.sum(low, high);
        let sum = _mm256_add_epi64(sum, above);
        let mask = all(DIGIT_MASK);
        let ripple = self.ripple(bits(_mm256_cmpgt_epi64(sum, mask)), bits(_mm256_cmpeq_epi64(sum, mask)));
        let digits = _mm256_and_si256(_mm256_add_epi64(sum, ripple), mask);
        let digits = _mm256_castsi256_pd(_mm256_or_si256(digits, all(INTEGER.to_bits())));
        vector(_mm256_sub_pd(digits, _mm256_set1_pd(INTEGER + BALANCED)))
    }

    /// The lanes that get one more. Full lanes pass the carry on.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn ripple(&mut self, above: usize, full: usize) -> __m256i {
        let sum = 2 * above + full + self.ripple;
        self.ripple = sum >> 4;
        let [a, b, c, d] = LANES[(sum ^ full) % 16];
        _mm256_setr_epi64x(a, b, c, d)
    }
}

/// The highest bit of each lane.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn bits(lanes: __m256i) -> usize {
    // Four bits, so the cast loses nothing.
    _mm256_movemask_pd(_mm256_castsi256_pd(lanes)) as usize
}

/// Stores four digits from a register.
#[inline]
fn vector(digits: __m256d) -> Vector {
    // SAFETY: both are 32 bytes of any value.
    #[allow(unsafe_code)]
    unsafe {
        core::mem::transmute(digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use std::vec::Vec;

    /// An integer from -largest to largest: random, at the edge, or small.
    fn number(random: &mut Random, largest: i64) -> i64 {
        let any = random.next().cast_signed() % (largest + 1);
        match random.next() % 4 {
            0 => largest.min(any.abs() % 3) * any.signum(),
            1 => (largest - any.abs() % 3) * any.signum(),
            _ => any,
        }
    }

    /// Vectors of numbers, and the same numbers as digits.
    fn numbers(random: &mut Random, vectors: usize, largest: i64) -> (Vec<i64>, Vec<Vector>) {
        let numbers: Vec<i64> = (0..4 * vectors).map(|_| number(random, largest)).collect();
        let digits = numbers.as_chunks().0.iter().map(|chunk: &[i64; 4]| chunk.map(|number| number as f64)).collect();
        (numbers, digits)
    }

    /// Columns, one number in each.
    fn columns(low: &[i64], high: &[i64]) -> Columns {
        // SAFETY: both are 32 bytes of any value.
        #[allow(unsafe_code)]
        let vector = |lanes: &[i64]| unsafe { core::mem::transmute([lanes[0], lanes[1], lanes[2], lanes[3]]) };
        Columns { low: vector(low), high: vector(high) }
    }

    /// The lanes of a vector.
    fn lanes(vector: __m256i) -> [i64; 4] {
        // SAFETY: both are 32 bytes of any value.
        #[allow(unsafe_code)]
        unsafe {
            core::mem::transmute(vector)
        }
    }

    /// The value of a column.
    fn value(columns: &Columns, lane: usize) -> i128 {
        i128::from(lanes(columns.low)[lane]) + (i128::from(lanes(columns.high)[lane]) << 51)
    }

    #[test]
    fn columns_have_the_value_of_plain_products() {
        let Some(_) = Avx2Fma::detect() else { return };
        let mut random = Random(51);
        for round in 0..2_000 {
            let count = round % 6 + 1;
            let (a, digits) = numbers(&mut random, count, 1 << 51);
            let (b, multiplicand) = numbers(&mut random, count + 2, 1 << 51);
            let mut two = [columns(&[0; 4], &[0; 4]); 2];
            let mut one = two[0];
            // SAFETY: `Avx2Fma` was detected.
            #[allow(unsafe_code)]
            unsafe {
                add_products(&mut one, &digits, &multiplicand);
                add_products_to_two(&mut two, &digits, &multiplicand);
            }
            for column in 0..8 {
                let products = (0..4 * count).map(|i| i128::from(a[i]) * i128::from(b[column + 4 * count - i]));
                assert_eq!(value(&two[column / 4], column % 4), products.sum(), "round {round}");
            }
            assert!((0..4).all(|lane| value(&one, lane) == value(&two[0], lane)));
        }
    }

    #[test]
    fn digits_have_the_value_of_their_columns() {
        let Some(_) = Avx2Fma::detect() else { return };
        let mut random = Random(52);
        for round in 0..20_000 {
            let (count, shift) = (round % 5 + 1, random.next().cast_signed() & 1);
            let largest = [(1 << 60) - 1, 1 << 51, 1][round % 3];
            let sums: Vec<_> = (0..count)
                .map(|_| columns(&numbers(&mut random, 1, largest).0, &numbers(&mut random, 1, largest).0))
                .collect();
            for (shift, wide) in [(shift, false), (0, true)] {
                // SAFETY: `Avx2Fma` was detected.
                #[allow(unsafe_code)]
                let digits: Vec<Vector> = unsafe {
                    let mut carry = Carry::new();
                    sums.iter().map(|sum| if wide { carry.next_wide(sum) } else { carry.next(sum, shift) }).collect()
                };
                let mut rest = 0;
                for (i, &digit) in digits.as_flattened().iter().enumerate() {
                    let limit = if wide { BALANCED + 2048.0 } else { BALANCED };
                    assert!(digit.abs() <= limit, "round {round}");
                    rest += (value(&sums[i / 4], i % 4) << shift) - digit as i128;
                    assert_eq!(rest % (1 << DIGIT), 0, "round {round}");
                    rest >>= DIGIT;
                }
            }
        }
    }

    #[test]
    fn numbers_with_digits_that_are_not_narrow_have_the_same_powers() {
        let Some(avx2) = Avx2Fma::detect() else { return };
        let mut random = Random(50);
        for edge in
            [(1 << 51) - 1, (1 << 51) + 1, (1 << 51) - 4095, (1 << 51) - 4097, (1 << 51) + 4095, (1 << 51) + 4097]
        {
            let mut n = random.limbs::<4>();
            n[0] = n[0] & !DIGIT_MASK | edge;
            n[3] |= 1;
            let (mut found, mut expected) = ([1; 4], [2; 4]);
            avx2.half_power_of_two_vartime(&n, &mut found);
            Portable.half_power_of_two_vartime(&n, &mut expected);
            assert_eq!(found, expected, "{edge:x}");
            let mut digits = Digits::ZERO;
            digits.set(2, &n);
            assert_eq!(digits.are_narrow(), edge.abs_diff(1 << 51) >= 4096, "{edge:x}");
        }
        // The digits of n are narrow, but those of -1/n are not.
        let n = [
            0x000f_ffff_ffff_ffff,
            0xfffe_ffe0_0000_0000,
            0x0000_2004_7fff_ffff,
            0xfeff_aff7_0000_0000,
            0x7f_ffff_ffff,
        ];
        let (mut found, mut expected) = ([1; 5], [2; 5]);
        avx2.half_power_of_two_vartime(&n, &mut found);
        Portable.half_power_of_two_vartime(&n, &mut expected);
        assert_eq!(found, expected);
        let mut digits = Digits::ZERO;
        digits.set(2, &n);
        assert!(digits.are_narrow());
    }
}

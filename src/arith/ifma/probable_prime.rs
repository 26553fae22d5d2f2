//! Euler's test to base 2 of one number, whose digits lie across the lanes.

use super::field::digit_at;
use super::kernel::{self, add, clear, high, kernel, load, low};
use super::{DIGIT, DIGIT_MASK, Ifma};
use crate::arith::limbs::{add, inverse_mod_2_64, mul_add_row};
use crate::arith::probable_prime::{EulerVartime, MAX_LIMBS, bit_at, bit_length, two_is_a_residue};
use core::arch::asm;

/// Eight digits, the lowest one first; or eight columns.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Vector([u64; 8]);

const ZERO: Vector = Vector([0; 8]);

/// The bits of a vector of digits.
const VECTOR_BITS: usize = 8 * DIGIT;

/// The bits that R has more than n, at least: R >= 16n.
const SPARE: usize = 4;

/// The vectors of the longest number.
const MAX_VECTORS: usize = (64 * MAX_LIMBS + SPARE).div_ceil(VECTOR_BITS);

/// The limbs of R for the longest number.
const MAX_R_LIMBS: usize = (MAX_VECTORS * VECTOR_BITS).div_ceil(64);

/// The 52 low bits of each lane.
static MASK: Vector = Vector([DIGIT_MASK; 8]);

/// Digits of a number, with a vector of zeros before and after them.
struct Digits([Vector; MAX_VECTORS + 2]);

impl Digits {
    fn new() -> Self {
        Self([ZERO; MAX_VECTORS + 2])
    }

    fn digits_mut(&mut self, vectors: usize) -> &mut [Vector] {
        &mut self.0[1..=vectors]
    }

    fn put(&mut self, vectors: usize, digit: impl Fn(usize) -> u64) {
        for (i, vector) in self.digits_mut(vectors).iter_mut().enumerate() {
            *vector = Vector(core::array::from_fn(|lane| digit(8 * i + lane)));
        }
    }
}

struct Field {
    ifma: Ifma,
    vectors: usize,
    modulus: Digits,
    inverse: Digits,
    multiplier: Digits,
    x: Digits,
    columns: [Vector; 2 * MAX_VECTORS + 2],
    quotient: [Vector; MAX_VECTORS + 2],
}

impl EulerVartime for Ifma {
    fn passes_euler_vartime(self, n: &[u64]) -> bool {
        let mut field = Field::new(self, n);
        for bit in (1..bit_length(n)).rev() {
            field.square(u64::from(bit_at(n, bit)));
        }
        field.leave();
        let passed = field.is_symbol(two_is_a_residue(n));
        kernel::wipe_registers(self);
        passed
    }
}

impl Field {
    fn new(ifma: Ifma, n: &[u64]) -> Self {
        let bits = bit_length(n);
        let vectors = (bits + SPARE).div_ceil(VECTOR_BITS).min(MAX_VECTORS);
        let mut field = Self {
            ifma,
            vectors,
            modulus: Digits::new(),
            inverse: Digits::new(),
            multiplier: Digits::new(),
            x: Digits::new(),
            columns: [ZERO; 2 * MAX_VECTORS + 2],
            quotient: [ZERO; MAX_VECTORS + 2],
        };
        field.modulus.put(vectors, |i| digit_at(n, DIGIT * i));
        let mut inverse = [0; MAX_R_LIMBS];
        let inverse = &mut inverse[..(VECTOR_BITS * vectors).div_ceil(64)];
        minus_inverse(n, inverse);
        field.inverse.put(vectors, |i| digit_at(inverse, DIGIT * i));
        // R - n * 2^spare
        let spare = VECTOR_BITS * vectors - bits;
        field.x.put(vectors, |i| {
            let at = DIGIT * i;
            match at.checked_sub(spare) {
                Some(from) => digit_at(n, from),
                None if spare - at < DIGIT => (n[0] << (spare - at)) & DIGIT_MASK,
                None => 0,
            }
        });
        let mut carry = 1;
        for digit in field.x.digits_mut(vectors).iter_mut().flat_map(|vector| &mut vector.0) {
            let sum = (*digit ^ DIGIT_MASK) + carry;
            *digit = sum & DIGIT_MASK;
            carry = sum >> DIGIT;
        }
        for _ in 0..=(spare + 1).ilog2() {
            field.square(0);
        }
        field
    }

    fn square(&mut self, shift: u64) {
        let v = self.vectors;
        self.columns[..2 * v + 1].fill(ZERO);
        let x = &self.x.0;
        let (pairs, rest) = x[1..=v].as_chunks::<2>();
        for (j, pair) in (0..).step_by(2).zip(pairs) {
            multiply_add_two(self.ifma, &mut self.columns[j..], pair, &x[..v + 2]);
        }
        if let [last] = rest {
            multiply_add(self.ifma, &mut self.columns[v - 1..], last, &x[..v + 2]);
        }
        self.reduce(shift);
    }

    fn leave(&mut self) {
        let v = self.vectors;
        self.columns[..v].copy_from_slice(&self.x.0[1..=v]);
        self.columns[v..2 * v + 1].fill(ZERO);
        self.reduce(0);
    }

    fn reduce(&mut self, shift: u64) {
        let v = self.vectors;
        let ifma = self.ifma;
        let mut carry = normalize_in_place(ifma, &mut self.columns[..v]);
        // The multiples of n.
        self.quotient[..=v].fill(ZERO);
        let (pairs, rest) = self.columns[..v].as_chunks::<2>();
        for (j, pair) in (0..).step_by(2).zip(pairs) {
            multiply_add_two(ifma, &mut self.quotient[j..], pair, &self.inverse.0[..v - j + 1]);
        }
        if let [last] = rest {
            multiply_add(ifma, &mut self.quotient[v - 1..], last, &self.inverse.0[..2]);
        }
        normalize(ifma, &self.quotient[..v], 0, 0, self.multiplier.digits_mut(v));
        let (pairs, rest) = self.multiplier.0[1..=v].as_chunks::<2>();
        for (j, pair) in (0..).step_by(2).zip(pairs) {
            multiply_add_two(ifma, &mut self.columns[v - 2..], pair, &self.modulus.0[v - 2 - j..v + 2]);
        }
        if let [last] = rest {
            multiply_add(ifma, &mut self.columns[v - 1..], last, &self.modulus.0[..v + 2]);
        }
        let Vector([.., below, top]) = self.columns[v - 1];
        carry += (top + (below >> DIGIT) + (1 << (DIGIT - 1))) >> DIGIT;
        normalize(ifma, &self.columns[v..2 * v], shift, carry << shift, self.x.digits_mut(v));
    }

    fn is_symbol(&self, one: bool) -> bool {
        let v = self.vectors;
        let x = self.x.0[1..=v].iter().flat_map(|vector| vector.0);
        let n = self.modulus.0[1..=v].iter().flat_map(|vector| vector.0);
        let first = (0..).map(|i| u64::from(i == 0));
        if one { x.zip(first).all(|(x, one)| x == one) } else { x.zip(n).zip(first).all(|((x, n), one)| x == n ^ one) }
    }
}

/// `-1/n mod 2^(64 L)`, of L limbs.
fn minus_inverse(n: &[u64], out: &mut [u64]) {
    let first = inverse_mod_2_64(n[0]).wrapping_neg();
    let mut rest = [0u64; MAX_R_LIMBS];
    let rest = &mut rest[..out.len()];
    rest[0] = 1;
    for (i, out) in out.iter_mut().enumerate() {
        let rest = &mut rest[i..];
        *out = rest[0].wrapping_mul(first);
        let length = n.len().min(rest.len());
        let carry = mul_add_row(&mut rest[..length], &n[..length], *out);
        if let above @ [_, ..] = &mut rest[length..] {
            add(above, &[carry]);
        }
    }
}

#[inline(never)]
fn multiply_add(_: Ifma, columns: &mut [Vector], digits: &Vector, multiplicand: &[Vector]) {
    macro_rules! digits {
        ($($digit:literal)*) => { concat!($("vpbroadcastq zmm", $digit, ", [{digits} + 8*", $digit, "]\n"),*) };
    }
    macro_rules! steps {
        ($($before:literal $digit:literal;)*) => { concat!($(
            "vmovdqu64 zmm18, [{multiplicand} + 64 - 8*", $digit, "]\n",
            low!(16, $digit, 18),
            high!(17, $before, 18),
        )*) };
    }
    let Some(count @ 1..) = multiplicand.len().checked_sub(1) else { return };
    let Some(columns) = columns.get_mut(..count) else { return };
    #[allow(unsafe_code)]
    unsafe {
        kernel!(
            [
                digits!(0 1 2 3 4 5 6 7),
                "2:",
                clear!(16 17),
                "vpmadd52luq zmm16, zmm0, [{multiplicand} + 64]",
                steps!(0 1; 1 2; 2 3; 3 4; 4 5; 5 6; 6 7;),
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

/// Two
#[inline(never)]
fn multiply_add_two(_: Ifma, columns: &mut [Vector], digits: &[Vector; 2], multiplicand: &[Vector]) {
    macro_rules! digits {
        ($($digit:literal)*) => { concat!($("vpbroadcastq zmm", $digit, ", [{digits} + 8*", $digit, "]\n"),*) };
    }
    macro_rules! steps {
        ($($at:literal $window:literal: $d0:literal $d1:literal $e0:literal $e1:literal;)*) => { concat!($(
            "vmovdqu64 zmm", $window, ", [{multiplicand} + 64 - 8*", $at, "]\n",
            low!(16, $d1, $window),
            high!(17, $d0, $window),
            low!(18, $e1, $window),
            high!(19, $e0, $window),
        )*) };
    }
    let Some(count @ 1..) = multiplicand.len().checked_sub(1) else { return };
    let Some(columns) = columns.get_mut(..count + 1) else { return };
    #[allow(unsafe_code)]
    unsafe {
        kernel!(
            [
                digits!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15),
                clear!(20),
                "2:",
                load!("multiplicand", [21 1 22 0]),
                clear!(16 17 18 19),
                low!(16, 0, 21),
                low!(18, 8, 21),
                high!(17, 7, 22),
                high!(19, 15, 22),
                steps!(1 23: 0 1 8 9; 2 24: 1 2 9 10; 3 25: 2 3 10 11; 4 26: 3 4 11 12; 5 27: 4 5 12 13; 6 28: 5 6 13 14;
                    7 29: 6 7 14 15;),
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

fn normalize(ifma: Ifma, columns: &[Vector], shift: u64, carry: u64, digits: &mut [Vector]) -> u64 {
    let count = columns.len().min(digits.len());
    #[allow(unsafe_code)]
    unsafe { digits_of_columns(ifma, columns.as_ptr(), digits.as_mut_ptr(), count, shift, carry) }
}

fn normalize_in_place(ifma: Ifma, columns: &mut [Vector]) -> u64 {
    let at = columns.as_mut_ptr();
    #[allow(unsafe_code)]
    unsafe { digits_of_columns(ifma, at, at, columns.len(), 0, 0) }
}

#[inline(never)]
#[allow(unsafe_code)]
unsafe fn digits_of_columns(
    _: Ifma,
    columns: *const Vector,
    digits: *mut Vector,
    count: usize,
    shift: u64,
    carry: u64,
) -> u64 {
    if count == 0 {
        return carry;
    }
    let (above, carried): (u64, u64);
    #[allow(unsafe_code)]
    unsafe {
        kernel!(
            [
                load!("mask", [30 0]),
                "vpternlogq zmm31, zmm31, zmm31, 0xff",
                "vmovq xmm28, {shift}",
                "vmovq xmm29, {above}",
                "valignq zmm29, zmm29, zmm29, 1",
                "xor {carried:e}, {carried:e}",
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
                "kmovw {generate:e}, k1",
                "kmovw {propagate:e}, k2",
                "lea {carried:e}, [{carried:r} + 2*{generate:r}]",
                "add {carried:e}, {propagate:e}",
                "xor {propagate:e}, {carried:e}",
                "shr {carried:e}, 8",
                "kmovw k1, {propagate:e}",
                "vpsubq zmm0 {{k1}}, zmm0, zmm31",
                "vpandq zmm0, zmm0, zmm30",
                "vmovdqu64 [{digits}], zmm0",
                "add {columns}, 64",
                "add {digits}, 64",
                "dec {count}",
                "jnz 2b",
                "valignq zmm29, zmm29, zmm29, 7",
                "vmovq {above}, xmm29",
            ]
            columns = inout(reg) columns => _, digits = inout(reg) digits => _,
            count = inout(reg) count => _, mask = in(reg) &MASK, shift = in(reg) shift, above = inout(reg) carry => above,
            carried = out(reg) carried, generate = out(reg) _, propagate = out(reg) _, out("k2") _,
        );
    }
    above + carried
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;
    fn best(turns: u32, mut work: impl FnMut()) -> f64 {
        (0..50)
            .map(|_| {
                let start = Instant::now();
                (0..turns).for_each(|_| work());
                1e9 * start.elapsed().as_secs_f64() / f64::from(turns)
            })
            .fold(f64::INFINITY, f64::min)
    }
    #[test]
    #[ignore]
    fn parts() {
        let Some(ifma) = Ifma::detect() else { return };
        let r = 240.0/best(10000, || kernel::multiply_add_240_times(ifma));
        std::println!("{r:.2} per ns");
        for v in [3usize, 5, 10, 20, 40] {
            let mut columns = [ZERO; 100];
            let m = [ZERO; 100];
            let two = best(1000, || multiply_add_two(ifma, &mut columns, &[ZERO; 2], &m[..v + 2]));
            let one = best(1000, || multiply_add(ifma, &mut columns, &ZERO, &m[..v + 2]));
            let mut d = [ZERO; 100];
            let nm = best(1000, || {normalize(ifma, &m[..v], 0, 0, &mut d);});
            let n: std::vec::Vec<u64> = std::vec![u64::MAX; (v * 416 - 4) / 64];
            let new = best(2, || {core::hint::black_box(Field::new(ifma, &n));});
            let mut f = Field::new(ifma, &n);
            let sq = best(1000, || f.square(0));
            let rd = best(1000, || f.reduce(0));
            std::println!("{v}: two {two:.1} = {:.2} of ideal; one {one:.1} = {:.2}; normalize {nm:.1}; new {new:.0} square {sq:.0} reduce {rd:.0}", two * r / (32.0 * (v + 1) as f64), one * r / (16.0 * (v + 1) as f64));
        }
    }
}

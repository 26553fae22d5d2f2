//! Montgomery arithmetic modulo four numbers, built from the kernels of [`super::kernel`].

use super::kernel;
use super::numbers::{Columns, Indices, LANES, Lanes, Number, digit_bits, digits, power_of_two};
use crate::kernels::bignum::limbs::{inverse_mod_2_64, word_at};
use crate::kernels::cpu::Avx2Fma;
use subtle::Choice;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Not doubled.
pub(super) static ONCE: Lanes = Lanes([1.0; LANES]);

/// The sign of -1, in all lanes.
pub(super) static MINUS_ONE: Lanes = Lanes([-1.0; LANES]);

/// All lanes doubled.
static TWICE: Lanes = Lanes([2.0; LANES]);

/// Four numbers, and their doubles, which a square needs. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Residues<const L: usize> {
    pub(super) value: Number<L>,
    twice: Number<L>,
}

impl<const L: usize> Residues<L> {
    /// Zeros.
    pub(super) fn new() -> Self {
        Self { value: Number::new(), twice: Number::new() }
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        self.value.copy_from(&other.value);
        self.twice.copy_from(&other.twice);
    }

    /// Computes the doubles of numbers that were set.
    fn double(&mut self) {
        for (twice, value) in self.twice.vectors_mut().iter_mut().zip(self.value.vectors()) {
            *twice = value.map(|digit| digit + digit);
        }
    }
}

/// Four odd moduli n, and what arithmetic modulo them needs. Wiped on drop, including the workspace.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Field<const L: usize> {
    #[zeroize(skip)]
    avx2: Avx2Fma,
    modulus: Number<L>,
    /// -1/n mod R.
    minus_inverse: Number<L>,
    /// 1, in Montgomery form.
    one: Residues<L>,
    /// The product T that is being reduced.
    columns: Columns<L>,
    /// Its lower digits, and their carry.
    low: Number<L>,
    carry: Lanes,
    /// The lower columns of the quotient, its digits, and their carry, which is dropped.
    quotient_columns: Columns<L>,
    quotient: Number<L>,
    dropped: Lanes,
}

impl<const L: usize> Field<L> {
    /// The bits of R.
    const R_BITS: usize = digit_bits::<L>() * digits::<L>();

    /// Zeros. `set_moduli` sets the moduli in a second step, because a value that is returned could leave a copy behind.
    pub(super) fn new(avx2: Avx2Fma) -> Self {
        Self {
            avx2,
            modulus: Number::new(),
            minus_inverse: Number::new(),
            one: Residues::new(),
            columns: Columns::new(),
            low: Number::new(),
            carry: Lanes([0.0; LANES]),
            quotient_columns: Columns::new(),
            quotient: Number::new(),
            dropped: Lanes([0.0; LANES]),
        }
    }

    /// Sets one to four odd moduli of exactly `bits` bits. Unused lanes get the first one, too.
    pub(super) fn set_moduli<'a>(&mut self, bits: usize, moduli: impl Iterator<Item = &'a [u64; L]> + Clone) {
        self.columns.clear_high();
        let spare = Self::R_BITS - bits;
        // R - n * 2^spare is R modulo n, and at most R/2. A limb more than n, and one for a shift.
        let mut wide = Zeroizing::new([[0; L]; 2]);
        for (lane, modulus) in moduli.cycle().take(LANES).enumerate() {
            self.modulus.set(lane, modulus);
            let lowest = inverse_mod_2_64(modulus[0]).wrapping_neg();
            self.minus_inverse.set(lane, &[lowest & ((1 << digit_bits::<L>()) - 1)]);
            let wide = wide.as_flattened_mut();
            let mut carry = 1u64;
            for (i, limb) in wide.iter_mut().enumerate().take(L + 1) {
                // The limbs of n * 2^spare, from the word of n that begins `spare` bits below.
                let shifted = match (64 * i).checked_sub(spare) {
                    Some(from) => word_at(modulus, from),
                    None if spare - 64 * i < 64 => modulus[0] << (spare - 64 * i),
                    None => 0,
                };
                let (sum, overflow) = (!shifted).overflowing_add(carry);
                (*limb, carry) = (sum, u64::from(overflow));
            }
            self.one.value.set(lane, wide);
        }
        self.one.double();
        self.invert();
        // In Montgomery form, the square of R is R, and that of R/2^k is at most R/2^2k + n.
        let mut one = Residues::new();
        one.copy_from(&self.one);
        for _ in 0..=(spare + 1).ilog2() {
            self.square(&mut one, &ONCE);
        }
        self.one.copy_from(&one);
    }

    /// Completes `minus_inverse` from its lowest digit. Newton's iteration m (2 + nm) doubles the number of correct digits.
    fn invert(&mut self) {
        let mut correct = 1;
        while correct < digits::<L>() {
            kernel::multiply_low(self.avx2, &self.modulus, &self.minus_inverse, &mut self.quotient_columns);
            kernel::digits_low(self.avx2, &self.quotient_columns, &mut self.quotient, &mut self.dropped);
            if let Some(lowest) = self.quotient.vectors_mut().first_mut() {
                lowest.iter_mut().for_each(|digit| *digit += 2.0);
            }
            kernel::multiply_low(self.avx2, &self.minus_inverse, &self.quotient, &mut self.quotient_columns);
            kernel::digits_low(self.avx2, &self.quotient_columns, &mut self.minus_inverse, &mut self.dropped);
            correct *= 2;
        }
    }

    /// 1, in Montgomery form.
    pub(super) fn put_one(&self, x: &mut Residues<L>) {
        x.copy_from(&self.one);
    }

    /// `x = x^2 / R * factor`, for factors of 1 or 2: turns the Montgomery form of x into that of x^2 or 2x^2.
    pub(super) fn square(&mut self, x: &mut Residues<L>, factor: &Lanes) {
        kernel::square(self.avx2, &x.value, &x.twice, &mut self.columns);
        kernel::digits_low(self.avx2, &self.columns, &mut self.low, &mut self.carry);
        self.reduce(x, factor);
    }

    /// `x = x * by / R`: the product, if both are in Montgomery form.
    pub(super) fn multiply(&mut self, x: &mut Residues<L>, by: &Number<L>) {
        kernel::multiply(self.avx2, &x.value, by, &mut self.columns);
        kernel::digits_low(self.avx2, &self.columns, &mut self.low, &mut self.carry);
        self.reduce(x, &ONCE);
    }

    /// `x = T / R * factor`, plus at most n/2 * factor, up to a hair. `low` has the lower digits of T.
    fn reduce(&mut self, x: &mut Residues<L>, factor: &Lanes) {
        self.divide();
        kernel::add_high(self.avx2, &self.quotient, &self.modulus, &mut self.columns);
        kernel::digits_high(self.avx2, &self.columns, &self.low, &self.carry, factor, &mut x.value, &mut x.twice);
    }

    /// `quotient = low * (-1/n) mod R`, balanced.
    fn divide(&mut self) {
        kernel::multiply_low(self.avx2, &self.low, &self.minus_inverse, &mut self.quotient_columns);
        kernel::digits_low(self.avx2, &self.quotient_columns, &mut self.quotient, &mut self.dropped);
    }

    /// Converts numbers below their moduli to Montgomery form. Only the value needs to be set.
    pub(super) fn enter(&mut self, x: &mut Residues<L>) {
        // R^2 is the Montgomery form of R.
        let exponent = Self::R_BITS;
        let mut r_squared = Residues::new();
        self.put_one(&mut r_squared);
        for bit in (0..=exponent.ilog2()).rev() {
            self.square(&mut r_squared, if exponent >> bit & 1 == 1 { &TWICE } else { &ONCE });
        }
        self.multiply(x, &r_squared.value);
    }

    /// Converts numbers from Montgomery form. The results are at most half their moduli in magnitude, up to a hair.
    pub(super) fn leave(&mut self, x: &mut Residues<L>) {
        self.low.copy_from(&x.value);
        // What the carry of columns begins with.
        self.carry.0 = [power_of_two(51); LANES];
        self.columns.clear_high();
        self.reduce(x, &ONCE);
    }

    /// `x = x^exponent`, in windows of four bits. `window` gives those of the exponents that begin at a bit. Each lookup reads
    /// every entry of the table.
    pub(super) fn power(&mut self, x: &mut Residues<L>, bits: usize, window: impl Fn(usize) -> Indices) {
        const WINDOW: usize = 4;
        let mut table: [Number<L>; 1 << WINDOW] = core::array::from_fn(|_| Number::new());
        let mut entry = Residues::new();
        self.put_one(&mut entry);
        for slot in &mut table {
            slot.copy_from(&entry.value);
            self.multiply(&mut entry, &x.value);
        }
        self.put_one(x);
        for at in (0..bits).step_by(WINDOW).rev() {
            for _ in 0..WINDOW {
                self.square(x, &ONCE);
            }
            kernel::select(self.avx2, &table, &window(at), &mut entry.value);
            self.multiply(x, &entry.value);
        }
    }

    /// Whether each lane of x, in Montgomery form, is its sign: 1 or -1.
    ///
    /// x less the sign, y, is then a multiple of n, at most 3n in magnitude, so y * (-1/n) mod R is an integer from -3 to 3;
    /// and only then, because |y| < R/2.
    pub(super) fn are_signs(&mut self, x: &Residues<L>, signs: &Lanes) -> [Choice; LANES] {
        let numbers = x.value.vectors().iter().zip(self.one.value.vectors());
        for (difference, (x, one)) in self.low.vectors_mut().iter_mut().zip(numbers) {
            for (lane, difference) in difference.iter_mut().enumerate() {
                *difference = x[lane] - one[lane] * signs.0[lane];
            }
        }
        self.divide();
        core::array::from_fn(|lane| self.quotient.is_tiny(lane))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::division::{load, store};
    use crate::kernels::bignum::suite::{best_within, moduli};
    use crate::kernels::guard;
    use crate::random::Random;
    use crypto_bigint::{NonZero, U1024, U1536, U2048, U3072, U4096, Uint};
    use std::boxed::Box;
    use std::time::Duration;
    use std::vec;

    fn limbs<const L: usize, const W: usize>(x: &Uint<W>) -> [u64; L] {
        let mut limbs = [0; L];
        store(x, &mut limbs);
        limbs
    }

    /// 100,000 products and 100,000 squares, every other one doubled. `W` is the width of `crypto-bigint` for L limbs.
    fn every_lane_agrees<const L: usize, const W: usize>() {
        let Some(avx2) = Avx2Fma::detect() else { return };
        let mut random = Random(L as u64);
        let mut field = Field::<L>::new(avx2);
        for round in 0..1000 {
            let (bits, given) = moduli::<L, LANES>(&mut random, round);
            let n = given.map(|n| NonZero::new(*load::<W>(&n)).unwrap());
            field.set_moduli(bits, given.iter());
            for turn in 0..25 {
                // Random numbers, and the smallest and the largest.
                let operands = n.map(|n| {
                    [(); 2].map(|()| match turn {
                        0 => Uint::ZERO,
                        1 => n.wrapping_sub(&Uint::ONE),
                        2 => n.wrapping_shr(1),
                        3 => n.wrapping_shr(1).wrapping_add(&Uint::ONE),
                        _ => load::<W>(&random.limbs::<L>()).rem_vartime(&n),
                    })
                });
                let (mut x, mut y) = (Residues::new(), Number::new());
                for (lane, [a, b]) in operands.iter().enumerate() {
                    x.value.set(lane, &limbs::<L, W>(a));
                    y.set(lane, &limbs::<L, W>(b));
                }
                field.enter(&mut x);
                let mut square = Residues::new();
                square.copy_from(&x);
                field.square(&mut square, &Lanes([1.0, 2.0, 1.0, 2.0]));
                // The largest that a square can be after a doubling, squared again.
                let mut fourth = Residues::new();
                fourth.copy_from(&square);
                field.square(&mut fourth, &ONCE);
                field.leave(&mut square);
                field.leave(&mut fourth);
                // Only one factor is in Montgomery form, so the product is not; `leave` would divide it by R.
                field.multiply(&mut x, &y);
                for (lane, ([a, b], n)) in operands.iter().zip(&n).enumerate() {
                    let once = a.mul_mod_vartime(a, n);
                    let expected = if lane % 2 == 0 { once } else { once.add_mod(&once, n) };
                    let of = |numbers: &Residues<L>| {
                        let mut found = [0; L];
                        numbers.value.get(lane, &given[lane], &mut found);
                        *load::<W>(&found)
                    };
                    assert_eq!(of(&square), expected, "square, round {round}, lane {lane}");
                    assert_eq!(of(&fourth), expected.mul_mod_vartime(&expected, n), "round {round}, lane {lane}");
                    assert_eq!(of(&x).rem_vartime(n), a.mul_mod_vartime(b, n), "product, round {round}, lane {lane}");
                }
            }
        }
    }

    #[test]
    fn every_lane_agrees_with_crypto_bigint() {
        every_lane_agrees::<16, { U1024::LIMBS }>();
        every_lane_agrees::<24, { U1536::LIMBS }>();
        every_lane_agrees::<32, { U2048::LIMBS }>();
        every_lane_agrees::<48, { U3072::LIMBS }>();
        every_lane_agrees::<64, { U4096::LIMBS }>();
    }

    /// The largest digits that a kernel can get, all with the same sign and in turn, and digits of zero: nothing is rounded that
    /// must not be.
    fn digits_at_their_bounds<const L: usize>() {
        let Some(avx2) = Avx2Fma::detect() else { return };
        let (d, b) = (digits::<L>(), digit_bits::<L>());
        // The carry of a digit is at most 2^(54-B).
        let bound = (1i64 << (b - 1)) + (1 << (54 - b));
        let patterns: [fn(usize) -> i64; 4] =
            [|_| 1, |_| -1, |i| if i % 2 == 0 { 1 } else { -1 }, |i| i64::from(i % 3 == 0)];
        let mut columns = Columns::<L>::new();
        let (mut low, mut carry) = (Number::<L>::new(), Lanes([0.0; LANES]));
        for left in patterns {
            for right in patterns {
                let number = |pattern: fn(usize) -> i64| {
                    let mut number = Number::<L>::new();
                    for (i, digit) in number.vectors_mut().iter_mut().take(d).enumerate() {
                        *digit = [(bound * pattern(i)) as f64; LANES];
                    }
                    number
                };
                let (x, y) = (number(left), number(right));
                kernel::multiply(avx2, &x, &y, &mut columns);
                kernel::digits_low(avx2, &columns, &mut low, &mut carry);
                // The columns are exact: each is the sum of its products, split into a multiple of 2^B and the rest.
                let mut sum = 0i128;
                for k in 0..d {
                    let column: i128 =
                        (0..=k).map(|i| i128::from(left(i) * bound) * i128::from(right(k - i) * bound)).sum();
                    sum += column;
                    let digit = low.vectors()[k][LANES - 1] as i128;
                    // What is left of the sum after the digit is a multiple of 2^B.
                    assert_eq!((sum - digit) & ((1 << b) - 1), 0, "L = {L}, column {k}");
                    assert!(digit.unsigned_abs() <= bound.unsigned_abs().into(), "L = {L}, column {k}");
                    sum = (sum - digit) >> b;
                }
            }
        }
    }

    #[test]
    fn nothing_is_rounded_with_digits_at_their_bounds() {
        digits_at_their_bounds::<16>();
        digits_at_their_bounds::<24>();
        digits_at_their_bounds::<32>();
        digits_at_their_bounds::<48>();
        digits_at_their_bounds::<64>();
    }

    /// Runs each kernel, with each operand in a heap block of its own.
    fn operands_on_the_heap<const L: usize>(avx2: Avx2Fma) {
        let (number, columns, lanes) =
            (|| Box::new(Number::<L>::new()), || Box::new(Columns::<L>::new()), || Box::new(Lanes([1.0; LANES])));
        kernel::square(avx2, &number(), &number(), &mut columns());
        kernel::multiply(avx2, &number(), &number(), &mut columns());
        kernel::multiply_low(avx2, &number(), &number(), &mut columns());
        kernel::add_high(avx2, &number(), &number(), &mut columns());
        kernel::digits_low(avx2, &columns(), &mut number(), &mut lanes());
        kernel::digits_high(avx2, &columns(), &number(), &lanes(), &lanes(), &mut number(), &mut number());
        let table: Box<[Number<L>; 16]> = Box::new(core::array::from_fn(|_| Number::new()));
        kernel::select(avx2, &table, &Box::new(Indices([0, 1, 14, 15])), &mut number());
        let turn = Box::new(kernel::Turn::EMPTY);
        for digits in 0..2 * L {
            kernel::divide(avx2, &vec![1.0; digits], &turn);
        }
    }

    #[test]
    fn no_kernel_accesses_anything_but_its_operands() {
        let Some(avx2) = Avx2Fma::detect() else { return };
        guard::on_each_side(|| {
            operands_on_the_heap::<16>(avx2);
            operands_on_the_heap::<24>(avx2);
            operands_on_the_heap::<32>(avx2);
            operands_on_the_heap::<48>(avx2);
            operands_on_the_heap::<64>(avx2);
        });
    }

    /// Prints the times of a square and its parts: `cargo test --release --lib avx2::field::tests::speed -- --ignored
    /// --nocapture`.
    #[test]
    #[ignore = "measures, and asserts nothing"]
    fn speed() {
        let Some(avx2) = Avx2Fma::detect() else { return };
        let product = best(|| kernel::multiply_240_times(avx2)) / 240.0;
        std::println!("a product of registers: {product:.3} ns");
        measure::<16>(avx2);
        measure::<24>(avx2);
        measure::<32>(avx2);
        measure::<48>(avx2);
        measure::<64>(avx2);
    }

    /// The best of the runs, in nanoseconds: other work of the machine only adds time.
    fn best(mut work: impl FnMut()) -> f64 {
        let turns = 300u32;
        best_within(Duration::from_millis(200), || (0..turns).for_each(|_| work())).as_nanos() as f64 / f64::from(turns)
    }

    fn measure<const L: usize>(avx2: Avx2Fma) {
        let mut field = Field::<L>::new(avx2);
        let modulus = core::array::from_fn(|i| 0x9e37_79b9_7f4a_7c15u64.wrapping_mul(2 * i as u64 + 1) | 1 << 63);
        field.set_moduli(64 * L, [modulus].iter());
        let (mut x, mut y) = (Residues::new(), Number::new());
        field.put_one(&mut x);
        field.square(&mut x, &TWICE);
        y.copy_from(&x.value);
        let square = best(|| field.square(&mut x, &ONCE));
        let multiply = best(|| field.multiply(&mut x, &y));
        let parts = [
            best(|| kernel::square(avx2, &x.value, &x.value, &mut field.columns)),
            best(|| kernel::multiply_low(avx2, &x.value, &y, &mut field.quotient_columns)),
            best(|| kernel::add_high(avx2, &x.value, &y, &mut field.columns)),
            best(|| kernel::digits_low(avx2, &field.columns, &mut field.low, &mut field.carry)),
            best(|| {
                kernel::digits_high(avx2, &field.columns, &field.low, &field.carry, &ONCE, &mut x.value, &mut x.twice)
            }),
        ];
        let mut prime = [u64::MAX; L];
        prime[8] = 0x1ff;
        prime[9..].fill(0);
        let sieve = best(|| assert!(!super::super::sieve::has_small_factor(avx2, &prime)));
        let set = best(|| field.set_moduli(64 * L, [modulus].iter()));
        std::println!(
            "{} bits: square {square:.0} ns, product {multiply:.0} ns; square, low product, high product, digits, digits: \
             {parts:.0?} ns; moduli: {set:.0} ns; sieve {sieve:.0} ns",
            64 * L
        );
    }
}

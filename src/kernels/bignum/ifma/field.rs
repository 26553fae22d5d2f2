//! Montgomery arithmetic modulo eight numbers, built from the kernels of [`super::kernel`].

use super::kernel::{self, Block, Lanes};
use crate::kernels::bignum::digits::{DIGIT, DIGIT_LANES, DIGIT_MASK, digit_at};
use crate::kernels::bignum::limbs::inverse_mod_2_64;
use crate::kernels::cpu::Ifma;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A shift of 0 in every lane.
pub(super) static NO_SHIFT: Lanes = Lanes([0; DIGIT_LANES]);

/// N times eight numbers of 5L/4 digits, digit by digit, lane by lane. They have as many words as ten numbers of L limbs, which
/// is how the type is declared. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
#[repr(C, align(64))]
pub(super) struct Numbers<const L: usize, const N: usize = 1>([[[u64; L]; 10]; N]);

impl<const L: usize, const N: usize> Numbers<L, N> {
    /// Zeros.
    pub(super) fn new() -> Self {
        // The kernels need whole blocks, and at least two of them.
        const { assert!(L >= 16 && L.is_multiple_of(8)) }
        Self([[[0; L]; 10]; N])
    }

    fn blocks(&self) -> &[Block] {
        self.0.as_flattened().as_flattened().as_chunks().0
    }

    fn blocks_mut(&mut self) -> &mut [Block] {
        self.0.as_flattened_mut().as_flattened_mut().as_chunks_mut().0
    }
}

impl<const L: usize> Numbers<L> {
    /// The digits, of eight lanes each.
    fn digits(&self) -> &[[u64; DIGIT_LANES]] {
        self.0.as_flattened().as_flattened().as_chunks().0
    }

    fn digits_mut(&mut self) -> &mut [[u64; DIGIT_LANES]] {
        self.0.as_flattened_mut().as_flattened_mut().as_chunks_mut().0
    }

    /// Puts a number into a lane.
    pub(super) fn set(&mut self, lane: usize, limbs: &[u64; L]) {
        self.set_shifted(lane, limbs, 0);
    }

    /// Puts `limbs * 2^shift` modulo R into a lane.
    fn set_shifted(&mut self, lane: usize, limbs: &[u64; L], shift: usize) {
        for (i, digit) in self.digits_mut().iter_mut().enumerate() {
            // The bits of the limbs from `at - shift` on, where those below 0 are zero.
            let at = DIGIT * i;
            digit[lane] = match at.checked_sub(shift) {
                Some(from) => digit_at(limbs, from),
                None if shift - at < DIGIT => (limbs[0] << (shift - at)) & DIGIT_MASK,
                None => 0,
            };
        }
    }

    /// Reads a number below 2^(64 L) from a lane.
    pub(super) fn get(&self, lane: usize, limbs: &mut [u64; L]) {
        limbs.fill(0);
        for (i, digit) in self.digits().iter().enumerate() {
            let (limb, bit) = (DIGIT * i / 64, DIGIT * i % 64);
            if let Some(limb) = limbs.get_mut(limb) {
                *limb |= digit[lane] << bit;
            }
            if let Some(limb) = limbs.get_mut(limb + 1) {
                *limb |= (digit[lane] >> 1) >> (63 - bit);
            }
        }
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        self.0 = other.0;
    }

    /// The bits from `at` on, `width` of them, within a digit.
    fn window(&self, at: usize, width: usize) -> Lanes {
        let digit = &self.digits()[at / DIGIT];
        let mask = (1 << width) - 1;
        Lanes(core::array::from_fn(|lane| (digit[lane] >> (at % DIGIT)) & mask))
    }

    /// Whether the number in a lane is 1.
    pub(super) fn is_one(&self, lane: usize) -> Choice {
        let difference =
            self.digits().iter().enumerate().fold(0, |all, (i, digit)| all | (digit[lane] ^ u64::from(i == 0)));
        difference.ct_eq(&0)
    }
}

/// Eight odd moduli n, with the constants and the workspace of their arithmetic. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Field<const L: usize> {
    #[zeroize(skip)]
    ifma: Ifma,
    modulus: Numbers<L>,
    /// -1/n mod 2^52.
    inverse: Lanes,
    /// 1, in Montgomery form.
    one: Numbers<L>,
    /// The columns of a product, twice the digits of a number.
    columns: Numbers<L, 2>,
}

impl<const L: usize> Field<L> {
    /// The number of digits in a number.
    const DIGITS: usize = 5 * L / 4;

    /// Zeros. `set_moduli` sets the moduli in a second step, because a value that is returned could leave a copy behind.
    pub(super) fn new(ifma: Ifma) -> Self {
        Self {
            ifma,
            modulus: Numbers::new(),
            inverse: Lanes([0; DIGIT_LANES]),
            one: Numbers::new(),
            columns: Numbers::new(),
        }
    }

    /// Sets one to eight odd moduli of exactly `bits` bits. Unused lanes get the first one, too.
    pub(super) fn set_moduli<'a>(&mut self, bits: usize, moduli: impl Iterator<Item = &'a [u64; L]> + Clone) {
        // R - n * 2^(65L - bits) is R modulo n, and below R/2.
        let spare = DIGIT * Self::DIGITS - bits;
        for (lane, modulus) in moduli.cycle().take(DIGIT_LANES).enumerate() {
            self.modulus.set(lane, modulus);
            self.inverse.0[lane] = inverse_mod_2_64(modulus[0]).wrapping_neg() & DIGIT_MASK;
            self.one.set_shifted(lane, modulus, spare);
            let mut carry = 1;
            for digit in self.one.digits_mut() {
                let sum = (digit[lane] ^ DIGIT_MASK) + carry;
                digit[lane] = sum & DIGIT_MASK;
                carry = sum >> DIGIT;
            }
        }
        // In Montgomery form, the square of R is R, and that of R/2^k is at most R/2^2k + n.
        let mut one = Numbers::new();
        one.copy_from(&self.one);
        for _ in 0..=(spare + 1).ilog2() {
            self.square(&mut one, &NO_SHIFT);
        }
        self.one.copy_from(&one);
    }

    /// 1, in Montgomery form.
    pub(super) fn put_one(&self, x: &mut Numbers<L>) {
        x.copy_from(&self.one);
    }

    /// The bit of each modulus at a position.
    pub(super) fn modulus_bits(&self, at: usize) -> Lanes {
        self.modulus.window(at, 1)
    }

    /// `x = x^2 / R * 2^shift`, for shifts of 0 or 1: turns the Montgomery form of x into that of x^2 or 2x^2.
    pub(super) fn square(&mut self, x: &mut Numbers<L>, shift: &Lanes) {
        let columns = self.columns.blocks_mut();
        let x_blocks = x.blocks();
        for (i, block) in x_blocks.iter().enumerate() {
            if let Some(columns) = columns[2 * i..].first_chunk_mut() {
                kernel::square(self.ifma, block, columns);
            }
        }
        for (i, upper) in x_blocks.iter().enumerate() {
            for (j, lower) in x_blocks[..i].iter().enumerate() {
                if let Some(columns) = columns[i + j..].first_chunk_mut() {
                    kernel::multiply_twice(self.ifma, upper, lower, columns);
                }
            }
        }
        self.reduce(x, shift);
    }

    /// `x = x * by / R`: the product, if both are in Montgomery form.
    pub(super) fn multiply(&mut self, x: &mut Numbers<L>, by: &Numbers<L>) {
        let columns = self.columns.blocks_mut();
        kernel::zero(self.ifma, columns);
        for (i, block) in x.blocks().iter().enumerate() {
            for (j, by) in by.blocks().iter().enumerate() {
                if let Some(columns) = columns[i + j..].first_chunk_mut() {
                    kernel::multiply(self.ifma, block, by, columns);
                }
            }
        }
        self.reduce(x, &NO_SHIFT);
    }

    /// `x = columns / R * 2^shift`, plus less than n * 2^shift.
    ///
    /// The lower columns become digits while the last products are still being added to the upper ones.
    fn reduce(&mut self, x: &mut Numbers<L>, shift: &Lanes) {
        let ifma = self.ifma;
        let columns = self.columns.blocks_mut();
        let (modulus, x) = (self.modulus.blocks(), x.blocks_mut());
        let Some(low) = modulus.first_chunk() else { return };
        if let (Ok(columns), Ok(x)) = (columns.try_into(), x.try_into()) {
            kernel::reduce_twenty(ifma, low, &self.inverse, columns, shift, x);
            return;
        }
        let length = modulus.len();
        let mut carry = Lanes([0; DIGIT_LANES]);
        for i in 0..length {
            if let Some(columns) = columns[i..].first_chunk_mut() {
                kernel::reduce_ten(ifma, low, &self.inverse, columns);
            }
            // After the last row, a block of columns is complete once the next block has been started.
            let is_last = i + 1 == length;
            if is_last {
                kernel::normalize(ifma, &columns[length], shift, &mut carry, &mut x[0]);
            }
            for (j, digits) in modulus.iter().enumerate().skip(2) {
                let (multipliers, rest) = columns.split_at_mut(i + 1);
                if let Some(columns) = rest[j - 1..].first_chunk_mut() {
                    kernel::multiply(ifma, &multipliers[i], digits, columns);
                }
                if is_last {
                    kernel::normalize(ifma, &columns[i + j], shift, &mut carry, &mut x[j - 1]);
                }
            }
        }
        kernel::normalize(ifma, &columns[2 * length - 1], shift, &mut carry, &mut x[length - 1]);
    }

    /// Converts numbers below their moduli to Montgomery form.
    pub(super) fn enter(&mut self, x: &mut Numbers<L>) {
        // R^2 is the Montgomery form of 2^(65 L).
        let exponent = DIGIT * Self::DIGITS;
        let mut r_squared = Numbers::new();
        self.put_one(&mut r_squared);
        for bit in (0..=exponent.ilog2()).rev() {
            let doubling = u64::from(exponent >> bit & 1 == 1);
            self.square(&mut r_squared, &Lanes([doubling; DIGIT_LANES]));
        }
        self.multiply(x, &r_squared);
    }

    /// Converts numbers from Montgomery form. The results are at most their moduli.
    pub(super) fn leave(&mut self, x: &mut Numbers<L>) {
        let (low, high) = self.columns.blocks_mut().split_at_mut(x.blocks().len());
        low.copy_from_slice(x.blocks());
        kernel::zero(self.ifma, high);
        self.reduce(x, &NO_SHIFT);
    }

    /// `x = x^exponent` for exponents below 2^bits, in windows of four bits. Each lookup reads every entry of the table.
    pub(super) fn power(&mut self, x: &mut Numbers<L>, exponents: &Numbers<L>, bits: usize) {
        const WINDOW: usize = 4;
        let mut table = Numbers::<L, { 1 << WINDOW }>::new();
        let mut entry = Numbers::new();
        self.put_one(&mut entry);
        for slot in table.blocks_mut().chunks_exact_mut(x.blocks().len()) {
            slot.copy_from_slice(entry.blocks());
            self.multiply(&mut entry, x);
        }
        self.put_one(x);
        for at in (0..bits).step_by(WINDOW).rev() {
            for _ in 0..WINDOW {
                self.square(x, &NO_SHIFT);
            }
            kernel::select(self.ifma, table.blocks(), &exponents.window(at, WINDOW), entry.blocks_mut());
            self.multiply(x, &entry);
        }
    }

    /// Whether the number in a lane is n-1.
    pub(super) fn is_minus_one(&self, x: &Numbers<L>, lane: usize) -> Choice {
        let digits = x.digits().iter().zip(self.modulus.digits());
        // n is odd.
        let difference = digits.enumerate().fold(0, |all, (i, (x, n))| all | (x[lane] ^ n[lane] ^ u64::from(i == 0)));
        difference.ct_eq(&0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::division::{load, store};
    use crate::kernels::bignum::suite::moduli;
    use crate::kernels::guard;
    use crate::random::Random;
    use crypto_bigint::{NonZero, U1024, U1536, U2048, U3072, U4096, Uint};
    use std::boxed::Box;
    use std::time::Instant;
    use std::vec;

    fn limbs<const L: usize, const W: usize>(x: &Uint<W>) -> [u64; L] {
        let mut limbs = [0; L];
        store(x, &mut limbs);
        limbs
    }

    /// 100,000 products and 100,000 squares, every other one doubled, modulo numbers that are random, at an edge of their
    /// size, or all the same. `W` is the width of `crypto-bigint` for L limbs.
    fn every_lane_agrees<const L: usize, const W: usize>() {
        let Some(ifma) = Ifma::detect() else { return };
        let mut random = Random(L as u64);
        let mut field = Field::<L>::new(ifma);
        for round in 0..500 {
            let (bits, moduli) = moduli::<L, 8>(&mut random, round);
            let n = moduli.map(|n| NonZero::new(*load::<W>(&n)).unwrap());
            field.set_moduli(bits, moduli.iter());
            for _ in 0..25 {
                let (mut x, mut y) = (Numbers::new(), Numbers::new());
                let operands = n.map(|n| [(); 2].map(|()| load::<W>(&random.limbs::<L>()).rem_vartime(&n)));
                for (lane, [a, b]) in operands.iter().enumerate() {
                    x.set(lane, &limbs(a));
                    y.set(lane, &limbs(b));
                }
                field.enter(&mut x);
                let mut square = Numbers::new();
                square.copy_from(&x);
                field.square(&mut square, &Lanes([0, 1, 0, 1, 0, 1, 0, 1]));
                field.leave(&mut square);
                // Only one factor is in Montgomery form, so the product is not.
                field.multiply(&mut x, &y);
                for (lane, ([a, b], n)) in operands.iter().zip(&n).enumerate() {
                    let once = a.mul_mod_vartime(a, n);
                    let expected = if lane % 2 == 0 { once } else { once.add_mod(&once, n) };
                    let of = |numbers: &Numbers<L>| {
                        let mut found = [0; L];
                        numbers.get(lane, &mut found);
                        load::<W>(&found).rem_vartime(n)
                    };
                    assert_eq!(of(&square), expected, "square, round {round}, lane {lane}");
                    assert_eq!(of(&x), a.mul_mod_vartime(b, n), "product, round {round}, lane {lane}");
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

    /// Runs each kernel, with each operand in a heap block of its own.
    #[test]
    fn no_kernel_accesses_anything_but_its_operands() {
        fn blocks<const N: usize>() -> Box<[Block; N]> {
            Box::new([[0; 10 * DIGIT_LANES]; N])
        }
        let Some(ifma) = Ifma::detect() else { return };
        let lanes = || Box::new(Lanes([1; DIGIT_LANES]));
        guard::on_each_side(|| {
            let [block] = *blocks();
            let block = || Box::new(block);
            kernel::square(ifma, &block(), &mut blocks());
            kernel::multiply(ifma, &block(), &block(), &mut blocks());
            kernel::multiply_twice(ifma, &block(), &block(), &mut blocks());
            kernel::reduce_ten(ifma, &blocks(), &lanes(), &mut blocks());
            kernel::reduce_twenty(ifma, &blocks(), &lanes(), &mut blocks(), &lanes(), &mut blocks());
            kernel::normalize(ifma, &block(), &lanes(), &mut lanes(), &mut block());
            kernel::zero(ifma, &mut *blocks::<3>());
            for length in 1..=8 {
                let (table, mut chosen) = (vec![*block(); 16 * length], vec![*block(); length]);
                kernel::select(ifma, &table, &lanes(), &mut chosen);
            }
            let turn = Box::new(kernel::Turn::EMPTY);
            for digits in 0..100 {
                kernel::divide(ifma, &vec![1; digits], &turn);
            }
        });
    }

    #[test]
    fn numbers_survive_the_way_in_and_out() {
        let mut random = Random(0);
        let mut numbers = Numbers::<16>::new();
        let given: [[u64; 16]; 8] = core::array::from_fn(|_| random.limbs());
        for (lane, given) in given.iter().enumerate() {
            numbers.set(lane, given);
        }
        for (lane, given) in given.iter().enumerate() {
            let mut taken = [0; 16];
            numbers.get(lane, &mut taken);
            assert_eq!(&taken, given);
        }
        assert!(numbers.digits().as_flattened().iter().all(|digit| *digit <= DIGIT_MASK));
    }

    /// The best of 50 runs, in nanoseconds per iteration: other work on the machine only adds time.
    fn best(turns: u32, mut work: impl FnMut()) -> f64 {
        (0..50)
            .map(|_| {
                let start = Instant::now();
                (0..turns).for_each(|_| work());
                1e9 * start.elapsed().as_secs_f64() / f64::from(turns)
            })
            .fold(f64::INFINITY, f64::min)
    }

    /// Prints how close the arithmetic comes to the speed of multiply-adds alone: `cargo test --release --lib
    /// ifma::field::tests::speed -- --ignored --nocapture`.
    #[test]
    #[ignore = "measures, and asserts nothing"]
    fn speed() {
        let Some(ifma) = Ifma::detect() else { return };
        let rate = 240.0 / best(100_000, || kernel::multiply_add_240_times(ifma));
        std::println!("vpmadd52 with register operands: {rate:.2} per ns");
        measure::<16>(ifma, rate);
        measure::<24>(ifma, rate);
        measure::<32>(ifma, rate);
        measure::<48>(ifma, rate);
        measure::<64>(ifma, rate);
    }

    fn measure<const L: usize>(ifma: Ifma, rate: f64) {
        let mut field = Field::<L>::new(ifma);
        let modulus = core::array::from_fn(|i| 0x9e37_79b9_7f4a_7c15u64.wrapping_mul(2 * i as u64 + 1) | 1 << 63);
        field.set_moduli(64 * L, [modulus].iter());
        let (mut x, mut y) = (Numbers::new(), Numbers::new());
        field.put_one(&mut x);
        field.square(&mut x, &Lanes([1; 8]));
        y.copy_from(&x);
        let square = best(1000, || field.square(&mut x, &NO_SHIFT));
        let multiply = best(1000, || field.multiply(&mut x, &y));
        let digits = (5 * L / 4) as f64;
        // The textbook's count: L^2 + L for the square, 2 L^2 + L for the reduction.
        let ideal = (3.0 * digits * digits + 2.0 * digits) / rate;
        std::println!(
            "{digits} digits: square {square:.1} ns, {:.3} times what its multiply-adds take alone; product {multiply:.1} ns",
            square / ideal
        );
    }
}

//! Montgomery arithmetic in plain Rust, for every CPU: the same code for all widths, no heap, one number at a time.
//!
//! With R = 2^(64 L), a number x modulo n is stored as xR mod n, always below n. A product is a 2L-limb schoolbook product,
//! followed by L rows that each clear the lowest limb (Montgomery, Math. Comp. 44, 1985), and by one subtraction of n, whose
//! result is selected by a mask.
//!
//! No branch and no index depends on a limb.

use super::backend::{Backend, Power, WITNESS_SQUARINGS, two_is_a_residue};
use super::limbs::{add, add_carry, add_if, choice, mul_add_row, mul_small, select, shr, sub, sub_borrow, word_at};
use super::{limbs, sieve};
use crate::kernels::cpu::Portable;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq, ConstantTimeLess};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

impl Backend for Portable {
    const LANES: usize = 1;

    fn has_small_factor<const L: usize>(self, candidate: &[u64; L]) -> bool {
        sieve::has_small_factor(candidate)
    }

    fn has_factor_below_2_17_vartime(self, n: &[u64]) -> bool {
        sieve::has_factor_below_2_17_vartime(n)
    }

    fn euler_base_2_side_by_side<const L: usize>(self, bits: usize, candidates: &[[u64; L]], passed: &mut [Choice]) {
        for (candidate, passed) in candidates.iter().zip(passed) {
            *passed = euler_base_2(candidate, bits);
        }
    }

    fn power_side_by_side<const L: usize>(self, bits: usize, powers: &mut [Power<'_, L>]) {
        for power in powers {
            raise(power, bits);
        }
    }
}

/// A modulus n, with the constants and the workspace of its arithmetic. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Montgomery<const L: usize> {
    modulus: [u64; L],
    /// -1/n mod 2^64.
    minus_inverse: u64,
    /// 1, in Montgomery form.
    one: [u64; L],
    /// The product that is being reduced: 2L limbs, and one for a shift.
    product: [[u64; L]; 3],
}

impl<const L: usize> Montgomery<L> {
    /// Zeros. `set_modulus` sets the modulus in a second step, because a value that is returned could leave a copy behind.
    pub(crate) fn new() -> Self {
        Self { modulus: [0; L], minus_inverse: 0, one: [0; L], product: [[0; L]; 3] }
    }

    /// Sets an odd modulus of exactly `bits` bits.
    pub(crate) fn set_modulus(&mut self, modulus: &[u64; L], bits: usize) {
        self.modulus = *modulus;
        self.minus_inverse = limbs::inverse_mod_2_64(modulus[0]).wrapping_neg();
        // 2^(bits-1) is below the modulus. Doublings lead from there to R.
        let mut one = Zeroizing::new([0; L]);
        one[(bits - 1) / 64] = 1 << ((bits - 1) % 64);
        for _ in bits - 1..64 * L {
            self.double_if(&mut one, Choice::from(1));
        }
        self.one = *one;
    }

    /// The Montgomery form of `x`.
    pub(crate) fn enter(&mut self, x: &[u64; L]) -> Zeroizing<[u64; L]> {
        // R^2 = 2^(64 L) in Montgomery form: L doublings of 1, then six squarings.
        let mut r_squared = Zeroizing::new(self.one);
        for _ in 0..L {
            self.double_if(&mut r_squared, Choice::from(1));
        }
        for _ in 0..6 {
            self.square(&mut r_squared);
        }
        self.multiply(&mut r_squared, x);
        r_squared
    }

    /// The number whose Montgomery form is `x`.
    pub(crate) fn leave(&mut self, x: &mut [u64; L]) {
        self.product = [*x, [0; L], [0; L]];
        self.reduce(x, L);
    }

    /// `x = x * by / R`: the product, if both are in Montgomery form.
    pub(crate) fn multiply(&mut self, x: &mut [u64; L], by: &[u64; L]) {
        self.product = [[0; L]; 3];
        let t = self.product.as_flattened_mut();
        for (i, &limb) in x.iter().enumerate() {
            t[i + L] = mul_add_row(&mut t[i..i + L], by, limb);
        }
        self.reduce(x, L);
    }

    /// `x = x * x / R`.
    pub(crate) fn square(&mut self, x: &mut [u64; L]) {
        self.square_product(x);
        self.reduce(x, L);
    }

    /// `x = x * x * 2^shift / (R * 2^64)`, for a shift below 64: turns the Montgomery form of x into that of x^2 *
    /// 2^(shift-64).
    ///
    /// An additional row of reduction makes up for the shift: x^2 * 2^63 < n * 2^63 * R, so the quotient is below n/2, plus at
    /// most n for the multiple of n that the rows add.
    fn square_and_shift(&mut self, x: &mut [u64; L], shift: u32) {
        self.square_product(x);
        let t = self.product.as_flattened_mut();
        t[2 * L] = mul_small(&mut t[..2 * L], 1 << shift, 0);
        self.reduce(x, L + 1);
    }

    /// `product = x * x`, and a limb of zeros.
    #[inline(always)]
    fn square_product(&mut self, x: &[u64; L]) {
        let t = self.product.as_flattened_mut();
        t[2 * L] = 0;
        limbs::square(x, &mut t[..2 * L]);
    }

    /// `out = product / 2^(64 rows) mod n`, for a product below n * 2^(64 rows) and L or L + 1 rows.
    #[inline(always)]
    fn reduce(&mut self, out: &mut [u64; L], rows: usize) {
        let t = self.product.as_flattened_mut();
        let carry = limbs::clear_low_limbs(t, &self.modulus, self.minus_inverse, rows);
        subtract_once(out, &t[rows..rows + L], carry, &self.modulus);
    }

    /// `x = 2x mod n` if `choice`, else x, in the same time.
    pub(crate) fn double_if(&mut self, x: &mut [u64; L], choice: Choice) {
        let mask = 0u64.wrapping_sub(u64::from(choice.unwrap_u8()));
        let mut carry = 0;
        let [sum, ..] = &mut self.product;
        for (sum, &limb) in sum.iter_mut().zip(x.iter()) {
            (*sum, carry) = add_carry(limb, limb & mask, carry);
        }
        subtract_once(x, sum, carry, &self.modulus);
    }

    /// `x = x^exponent` for an exponent below 2^bits, in windows of four bits. Each lookup reads every entry of the table.
    pub(crate) fn power(&mut self, x: &mut [u64; L], exponent: &[u64; L], bits: usize) {
        let mut table = Zeroizing::new([[0; L]; 16]);
        let mut entry = Zeroizing::new(self.one);
        for slot in table.iter_mut() {
            *slot = *entry;
            self.multiply(&mut entry, x);
        }
        *x = self.one;
        for window in (0..bits.div_ceil(4)).rev() {
            for _ in 0..4 {
                self.square(x);
            }
            let digit = (exponent[window / 16] >> (4 * (window % 16))) & 15;
            for (i, slot) in (0u64..).zip(table.iter()) {
                *entry = select(&entry, slot, i.ct_eq(&digit));
            }
            self.multiply(x, &entry);
        }
    }

    /// -1, in Montgomery form.
    fn minus_one(&self) -> Zeroizing<[u64; L]> {
        let mut minus_one = Zeroizing::new(self.modulus);
        sub(&mut *minus_one, &self.one);
        minus_one
    }
}

/// `out = sum - n` if the sum, `carry * R + sum`, is at least n; else `sum`. The sum is below 2n.
#[inline(always)]
fn subtract_once<const L: usize>(out: &mut [u64; L], sum: &[u64], carry: u64, modulus: &[u64; L]) {
    let mut borrow = 0;
    for ((out, &x), &n) in out.iter_mut().zip(sum).zip(modulus) {
        (*out, borrow) = sub_borrow(x, n, borrow);
    }
    // The sum is below n if the subtraction borrowed and there was no carry to borrow from.
    let below = choice(borrow & !carry & 1);
    for (out, x) in out.iter_mut().zip(sum) {
        out.conditional_assign(x, below);
    }
}

/// [`Backend::euler_base_2`] of one candidate: 2^e for e = (n-1)/2, in windows of six bits.
///
/// A window is six squarings, and the last one multiplies by the window's power of two at the price of a shift
/// ([`Montgomery::square_and_shift`]); six doublings would be six passes over the limbs. For a digit v, it computes x^64 *
/// 2^(v-64), so the digits are not those of e but those of
///
/// > e + 64 + 64^2 + ... + 64^w, for w windows,
///
/// which is s * 64^w plus w lower digits, with s = 1 or 2. The windows begin with 2^s.
fn euler_base_2<const L: usize>(candidate: &[u64; L], bits: usize) -> Choice {
    const WINDOW: usize = 6;
    let windows = (bits - 1).div_ceil(WINDOW);
    let mut digits = Zeroizing::new([[0; L]; 2]);
    let digits = digits.as_flattened_mut();
    let mut offset = Zeroizing::new([[0; L]; 2]);
    let offset = offset.as_flattened_mut();
    digits[..L].copy_from_slice(&shr(candidate, 1));
    for bit in (1..=windows).map(|i| WINDOW * i) {
        offset[bit / 64] |= 1 << (bit % 64);
    }
    add(digits, offset);
    let digit = |window: usize| word_at(digits, WINDOW * window) & ((1 << WINDOW) - 1);

    let mut field = Montgomery::new();
    field.set_modulus(candidate, bits);
    let mut x = Zeroizing::new(field.one);
    field.double_if(&mut x, Choice::from(1));
    field.double_if(&mut x, digit(windows).ct_eq(&2));
    for window in (0..windows).rev() {
        for _ in 1..WINDOW {
            field.square(&mut x);
        }
        // Below 64.
        field.square_and_shift(&mut x, u32::from(digit(window).to_le_bytes()[0]));
    }

    let expected = Zeroizing::new(select(&field.minus_one(), &field.one, two_is_a_residue(candidate)));
    x.ct_eq(&*expected)
}

/// Computes one [`Power`].
fn raise<const L: usize>(power: &mut Power<'_, L>, bits: usize) {
    let mut field = Montgomery::new();
    field.set_modulus(power.modulus, bits);
    let mut x = field.enter(&power.value);
    field.power(&mut x, power.exponent, bits);
    power.value = *x;
    field.leave(&mut power.value);
    if let Some(compared) = power.witness {
        let minus_one = field.minus_one();
        for i in 0..WITNESS_SQUARINGS {
            power.met_minus_one |= x.ct_eq(&*minus_one) & i.ct_lt(&compared);
            field.square(&mut x);
        }
    }
}

/// `(high * R + low) / R mod n`, for a number below n*R, such as a number modulo a product of primes, where n is one of them.
pub(crate) fn reduce_wide<const L: usize>(field: &mut Montgomery<L>, wide: &[[u64; L]; 2]) -> Zeroizing<[u64; L]> {
    let mut out = Zeroizing::new([0; L]);
    field.product = [wide[0], wide[1], [0; L]];
    field.reduce(&mut out, L);
    out
}

/// `a - b`, plus n if that is negative: `a - b mod n`, for a and b below n. With b = n, it reduces an a below 2n.
pub(crate) fn subtract<const L: usize>(a: &mut [u64; L], b: &[u64; L], modulus: &[u64; L]) {
    let is_negative = choice(sub(a, b));
    add_if(a, modulus, is_negative);
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::kernels::bignum::suite::backend_suite!(Some(Portable), 64 cases, [1, 3, 5, 7]);

    #[test]
    fn entering_and_leaving_gives_back_the_number() {
        let n = [u64::MAX, u64::MAX, 0x1fff];
        let mut field = Montgomery::new();
        field.set_modulus(&n, 141);
        for x in [[0; 3], [1, 0, 0], [u64::MAX - 1, u64::MAX, 0x1fff], [7, 8, 9]] {
            let mut y = field.enter(&x);
            field.leave(&mut y);
            assert_eq!(*y, x);
        }
    }

    #[test]
    fn subtraction_stays_below_the_modulus() {
        let n = [5, 7];
        let mut x = [3, 0];
        subtract(&mut x, &[4, 0], &n);
        assert_eq!(x, [4, 7]);
        subtract(&mut x, &[4, 0], &n);
        assert_eq!(x, [0, 7]);
    }
}

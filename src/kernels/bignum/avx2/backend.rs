//! The operations of [`Backend`], on four numbers at a time.

use super::field::{self, Field, Residues};
use super::numbers::{Indices, LANES, Lanes, power_of_two};
use super::{kernel, sieve};
use crate::kernels::bignum::backend::{Backend, Power, WITNESS_SQUARINGS, two_is_a_residue};
use crate::kernels::bignum::limbs::word_at;
use crate::kernels::cpu::Avx2Fma;
use subtle::{Choice, ConstantTimeLess};

impl Backend for Avx2Fma {
    const LANES: usize = LANES;

    fn has_small_factor<const L: usize>(self, candidate: &[u64; L]) -> bool {
        sieve::has_small_factor(self, candidate)
    }

    fn has_factor_below_2_17_vartime(self, n: &[u64]) -> bool {
        sieve::has_factor_below_2_17_vartime(self, n)
    }

    fn euler_base_2_side_by_side<const L: usize>(self, bits: usize, candidates: &[[u64; L]], passed: &mut [Choice]) {
        euler_base_2(self, bits, candidates, passed);
    }

    fn power_side_by_side<const L: usize>(self, bits: usize, powers: &mut [Power<'_, L>]) {
        raise(self, bits, powers);
    }

    fn wipe_registers(self) {
        kernel::wipe_registers(self);
    }
}

/// The value of `of` for each lane; unused lanes get 0.
fn lanes<T>(items: &[T], of: impl Fn(&T) -> u64) -> [u64; LANES] {
    core::array::from_fn(|lane| items.get(lane).map_or(0, &of))
}

/// [`Backend::euler_base_2`] of up to four candidates.
fn euler_base_2<const L: usize>(avx2: Avx2Fma, bits: usize, candidates: &[[u64; L]], passed: &mut [Choice]) {
    let mut field = Field::<L>::new(avx2);
    field.set_moduli(bits, candidates.iter());
    // 2^((n-1)/2): a squaring for each bit of n except the lowest, with a doubling if the bit is set.
    let mut x = Residues::new();
    field.put_one(&mut x);
    for bit in (1..bits).rev() {
        let doublings = Lanes(lanes(candidates, |n| word_at(n, bit) & 1).map(|bit| power_of_two(bit.cast_signed())));
        field.square(&mut x, &doublings);
    }
    // 1, with the highest bit as the sign.
    let symbols = Lanes(
        lanes(candidates, |n| u64::from((!two_is_a_residue(n)).unwrap_u8()))
            .map(|negative| f64::from_bits(1f64.to_bits() | negative << 63)),
    );
    for (passed, is_symbol) in passed.iter_mut().zip(field.are_signs(&x, &symbols)) {
        *passed = is_symbol;
    }
}

/// Up to four [`Power`]s.
fn raise<const L: usize>(avx2: Avx2Fma, bits: usize, powers: &mut [Power<'_, L>]) {
    let mut field = Field::<L>::new(avx2);
    field.set_moduli(bits, powers.iter().map(|power| power.modulus));
    let mut x = Residues::new();
    for (lane, power) in powers.iter().enumerate() {
        x.value.set(lane, &power.value);
    }
    field.enter(&mut x);
    field.power(&mut x, bits, |at| Indices(lanes(powers, |power| word_at(power.exponent, at) & 15)));

    let mut value = Residues::new();
    value.copy_from(&x);
    field.leave(&mut value);
    for (lane, power) in powers.iter_mut().enumerate() {
        value.value.get(lane, power.modulus, &mut power.value);
    }
    if powers.iter().any(|power| power.witness.is_some()) {
        for i in 0..WITNESS_SQUARINGS {
            let is_minus_one = field.are_signs(&x, &field::MINUS_ONE);
            for (power, is_minus_one) in powers.iter_mut().zip(is_minus_one) {
                let compared = power.witness.map_or(Choice::from(0), |compared| i.ct_lt(&compared));
                power.met_minus_one |= is_minus_one & compared;
            }
            field.square(&mut x, &field::ONCE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::kernels::bignum::suite::backend_suite!(Avx2Fma::detect(), 16 cases, [16]);
}

//! The operations of [`Backend`], on eight numbers at a time.

use super::field::{self, Field, Numbers};
use super::{kernel, sieve};
use crate::kernels::bignum::backend::{Backend, Power, WITNESS_SQUARINGS, two_is_a_residue};
use crate::kernels::bignum::digits::DIGIT_LANES;
use crate::kernels::bignum::limbs;
use crate::kernels::cpu::Ifma;
use subtle::{Choice, ConstantTimeEq, ConstantTimeLess};

impl Backend for Ifma {
    const LANES: usize = DIGIT_LANES;

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

/// [`Backend::euler_base_2`] of up to eight candidates.
fn euler_base_2<const L: usize>(ifma: Ifma, bits: usize, candidates: &[[u64; L]], passed: &mut [Choice]) {
    let mut field = Field::<L>::new(ifma);
    field.set_moduli(bits, candidates.iter());
    // 2^((n-1)/2): a squaring for each bit of n except the lowest, with a doubling if the bit is set.
    let mut x = Numbers::new();
    field.put_one(&mut x);
    for bit in (1..bits).rev() {
        let doublings = field.modulus_bits(bit);
        field.square(&mut x, &doublings);
    }
    field.leave(&mut x);
    for (lane, (candidate, passed)) in candidates.iter().zip(passed).enumerate() {
        let symbol_is_one = two_is_a_residue(candidate);
        *passed = (symbol_is_one & x.is_one(lane)) | (!symbol_is_one & field.is_minus_one(&x, lane));
    }
}

/// Computes up to eight [`Power`]s.
fn raise<const L: usize>(ifma: Ifma, bits: usize, powers: &mut [Power<'_, L>]) {
    let mut field = Field::<L>::new(ifma);
    field.set_moduli(bits, powers.iter().map(|power| power.modulus));
    let (mut x, mut exponents) = (Numbers::new(), Numbers::new());
    for (lane, power) in powers.iter().enumerate() {
        x.set(lane, &power.value);
        exponents.set(lane, power.exponent);
    }
    field.enter(&mut x);
    field.power(&mut x, &exponents, bits);

    let mut value = Numbers::new();
    value.copy_from(&x);
    field.leave(&mut value);
    for (lane, power) in powers.iter_mut().enumerate() {
        value.get(lane, &mut power.value);
        // `leave` gives at most n, and n represents 0.
        let zero = power.value.ct_eq(power.modulus);
        power.value = limbs::select(&power.value, &[0; L], zero);
    }
    if powers.iter().any(|power| power.witness.is_some()) {
        for i in 0..WITNESS_SQUARINGS {
            for (lane, power) in powers.iter_mut().enumerate() {
                let compared = power.witness.map_or(Choice::from(0), |compared| i.ct_lt(&compared));
                power.met_minus_one |= field.is_minus_one(&value, lane) & compared;
            }
            field.square(&mut x, &field::NO_SHIFT);
            value.copy_from(&x);
            field.leave(&mut value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::kernels::bignum::suite::backend_suite!(Ifma::detect(), 16 cases, [16]);
}

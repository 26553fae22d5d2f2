//! The interface to the rooms above: a few operations on several numbers at once. Each backend decides how many fit side by
//! side.

use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroize;

/// How many times a Miller-Rabin power is squared, for every number. So a number n is tested exactly, unless 2^64 divides n-1.
/// Such numbers count as composite: one in 2^63 primes.
pub(crate) const WITNESS_SQUARINGS: u32 = 64;

/// The largest number of lanes that any backend has: the size of a batch of candidates.
pub(crate) const MAX_CANDIDATE_LANES: usize = 8;

/// Modular arithmetic on up to [`Backend::LANES`] numbers side by side. Callers may pass any number of operands; a multiple of
/// the lanes wastes nothing.
///
/// The running time depends on `bits`, on the number of operands and, for [`Backend::power`], on whether one of them is a
/// witness. All of these are public.
pub(crate) trait Backend: Copy {
    /// How many numbers one call processes in the time of one.
    const LANES: usize;

    /// Whether a small odd prime divides the candidate, which must be larger than all of these primes. The backend tries as
    /// many primes as are worth trying.
    ///
    /// A candidate without such a factor takes the time of all primes; any other is rejected as soon as a factor is found.
    fn has_small_factor<const L: usize>(self, candidate: &[u64; L]) -> bool;

    /// Whether an odd prime below 2^17 divides a public number, which must be larger than all of these primes and have at most
    /// [`MAX_LIMBS`](super::limbs::MAX_LIMBS) limbs.
    fn has_factor_below_2_17_vartime(self, n: &[u64]) -> bool;

    /// Euler's test for base 2, of odd `candidates` of exactly `bits` bits: whether `2^((n-1)/2)` is the Jacobi symbol (2/n),
    /// which follows from `n mod 8`. Every odd prime passes.
    fn euler_base_2<const L: usize>(self, bits: usize, candidates: &[[u64; L]], passed: &mut [Choice]) {
        for (candidates, passed) in candidates.chunks(Self::LANES).zip(passed.chunks_mut(Self::LANES)) {
            self.euler_base_2_side_by_side(bits, candidates, passed);
            self.wipe_registers();
        }
    }

    /// Raises each base to its exponent. The moduli must be odd and have exactly `bits` bits.
    fn power<const L: usize>(self, bits: usize, powers: &mut [Power<'_, L>]) {
        for powers in powers.chunks_mut(Self::LANES) {
            self.power_side_by_side(bits, powers);
            self.wipe_registers();
        }
    }

    /// [`Backend::euler_base_2`] of at most [`Backend::LANES`] candidates.
    fn euler_base_2_side_by_side<const L: usize>(self, bits: usize, candidates: &[[u64; L]], passed: &mut [Choice]);

    /// [`Backend::power`] of at most [`Backend::LANES`] numbers.
    fn power_side_by_side<const L: usize>(self, bits: usize, powers: &mut [Power<'_, L>]);

    /// Wipes the vector registers, if the backend uses any.
    fn wipe_registers(self) {}
}

/// One exponentiation: `value = base^exponent mod modulus`.
pub(crate) struct Power<'a, const L: usize> {
    pub(crate) modulus: &'a [u64; L],
    pub(crate) exponent: &'a [u64; L],
    /// In: the base, below the modulus. Out: the power.
    pub(crate) value: [u64; L],
    /// For a Miller-Rabin witness: how many leading terms of `value, value^2, value^4, ...` to compare with -1, at most
    /// [`WITNESS_SQUARINGS`]; secret. `None` for a plain power.
    pub(crate) witness: Option<u32>,
    /// Out: whether one of those is -1.
    pub(crate) met_minus_one: Choice,
}

impl<'a, const L: usize> Power<'a, L> {
    /// A plain power. Set its base in `value` once it no longer moves, because a move leaves a copy behind.
    pub(crate) fn new(exponent: &'a [u64; L], modulus: &'a [u64; L]) -> Self {
        Self { modulus, exponent, value: [0; L], witness: None, met_minus_one: Choice::from(0) }
    }
}

impl<const L: usize> Drop for Power<'_, L> {
    fn drop(&mut self) {
        self.value.zeroize();
        self.witness.zeroize();
    }
}

/// Whether the Jacobi symbol (2/n) of an odd n is 1 rather than -1: n = 1 or 7 mod 8.
pub(super) fn two_is_a_residue(n: &[u64]) -> Choice {
    let residue = n[0] & 7;
    residue.ct_eq(&1) | residue.ct_eq(&7)
}

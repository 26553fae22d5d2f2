//! Eight numbers at a time, with the multiply-adds of AVX-512 IFMA.
//!
//! # The numbers
//!
//! A lane of a vector is a number of its own: eight candidates, or eight exponentiations, go through the same steps side
//! by side, each modulo its own n. A number of L limbs of 64 bits is held as D = 5L/4 digits of 52 bits, so that
//! R = 2^(52 D) = 2^(65 L) is 2^L times as large as any modulus. With that much room to spare (16 bits at least), nothing
//! needs to be subtracted from a product:
//!
//! > x, y < 2^(L/2) n  implies  xy/R + n < 2n,
//!
//! which is what Montgomery's reduction of xy gives at most ("almost Montgomery": Gueron, J. Cryptographic Engineering
//! 2, 2012). Only on the way out is a number brought below n.
//!
//! # A square
//!
//! D is a multiple of ten, and a number is blocks of ten digits. With two blocks, x = x0 + x1 y:
//!
//! ```text
//! columns        0 ...... 10 ...... 20 ...... 30 ...... 40
//! square         [      x0^2      ]                              110 multiply-adds
//! square                            [      x1^2      ]           110
//! multiply_twice          [    2 x0 x1     ]                     200
//! reduce_twenty  [ m0 n0 ][ m0 n1 ]                              400    rows 0 to 9 clear columns 0 to 9
//!                         [ m1 n0 ][ m1 n1 ]                     400    rows 10 to 19
//!                                   [ digits, carried ]
//! ```
//!
//! With more blocks there are more of each; the rows of a reduction then take two blocks of n in one kernel, and the others
//! with `multiply`. The kernels are in `kernel`, and `field` puts them together.
//!
//! That is 1,220 multiply-adds at 20 digits. The lowest product of a row, `m*n[0]`, only makes its column a multiple of 2^52,
//! and what it carries to the next is the column divided by 2^52 and rounded up: it is not computed. The textbook's count
//! is 1,240.
//!
//! `cargo test --release --lib ifma::field::tests::speed -- --ignored --nocapture` measures squares beside a loop of
//! register-operand multiply-adds: 1.03 to 1.07 times what 3D^2 + 2D of those take, at 20 to 80 digits. `.ci/kernels`
//! counts them in the program as it was emitted, and looks for vector registers that were spilled: there is none.
//!
//! What was tried and did not pay, in ns at 20, 30 and 40 digits, where this takes 149, 333 and 600 (AMD, family 26):
//!
//! * the reduction in plain blocks of 10 by 10, too: 186, 409, 677. The ten multipliers of a block are one chain of steps
//!   that wait for each other, and a row of 20 digits hides what one of 10 does not;
//! * all carries after the last product: 176, 387, 657. A digit is two steps of two cycles;
//! * squares of differences in the place of 2 x0 x1, which save 90, 270 and 540 multiply-adds: 170, 356, 631. Additions,
//!   loads and stores are not free;
//! * kernels inlined where they are called: 40 digits took 700.
//!
//! # What a key costs
//!
//! Batches of eight screenings, until two numbers pass: of what the sieve lets through one in 36, 51 and 68 is prime, for
//! 1024, 1536 and 2048 bits, so that 72, 102 and 135 are screened, and 3.5 lanes of the last batch are idle on average:
//! 9.4, 13.1 and 17.4 batches of 1024, 1536 and 2048 squares.
//!
//! And two batches of exponentiations: the five rounds of p and of q, or four of larger ones; qInv; the message signed
//! modulo p and modulo q. That is 13, or 11, and more than eight. The rounds alone fill one batch, so that one would do
//! only without the check or with fewer rounds.
//!
//! # One number alone
//!
//! A public number that has none beside it has its digits across the lanes: `probable_prime`, with kernels of its own.
//!
//! # Time, and what is left behind
//!
//! The same instructions, in the same order and at the same addresses, whatever the numbers are: there is no branch but
//! on sizes, and in `probable_prime`, whose number is public. The registers are wiped after every operation, and the
//! working numbers when they are dropped. No kernel spills a register; what the compiler keeps of a digit in the code
//! around them goes to the stack, which is overwritten after a generation.

use super::field::{self, Field, Numbers};
use super::{kernel, sieve};
use crate::kernels::bignum::limbs;
use crate::kernels::{Backend, Power, WITNESS_SQUARINGS, two_is_a_residue};
use subtle::{Choice, ConstantTimeEq, ConstantTimeLess};

/// Bits of a digit.
pub(crate) const DIGIT: usize = 52;

/// All of them.
pub(crate) const DIGIT_MASK: u64 = (1 << DIGIT) - 1;

/// The backend, and the proof that the CPU has what it takes: only [`Ifma::detect`] makes one.
#[derive(Clone, Copy)]
pub(crate) struct Ifma(());

cpufeatures::new!(cpu, "avx512f", "avx512cd", "avx512ifma");

impl Ifma {
    /// The backend, if CPU and system can run it, and no other is forced.
    pub(crate) fn detect() -> Option<Self> {
        (cfg!(not(ssh_keypair_backend = "portable")) && cpu::get()).then_some(Self(()))
    }
}

impl Backend for Ifma {
    const LANES: usize = 8;

    fn has_small_factor<const L: usize>(self, candidate: &[u64; L]) -> bool {
        sieve::has_small_factor(self, candidate)
    }

    fn euler_base_2<const L: usize>(self, bits: usize, candidates: &[[u64; L]], passed: &mut [Choice]) {
        for (candidates, passed) in candidates.chunks(Self::LANES).zip(passed.chunks_mut(Self::LANES)) {
            euler_base_2(self, bits, candidates, passed);
            kernel::wipe_registers(self);
        }
    }

    fn power<const L: usize>(self, bits: usize, powers: &mut [Power<'_, L>]) {
        for powers in powers.chunks_mut(Self::LANES) {
            raise(self, bits, powers);
            kernel::wipe_registers(self);
        }
    }
}

/// [`Backend::euler_base_2`] of up to eight candidates.
fn euler_base_2<const L: usize>(ifma: Ifma, bits: usize, candidates: &[[u64; L]], passed: &mut [Choice]) {
    let mut field = Field::<L>::new(ifma);
    field.set_moduli(bits, candidates.iter());
    // 2^((n-1)/2): a squaring for each bit of n but the lowest, and a doubling with it where the bit is set.
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

/// Up to eight [`Power`]s.
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
        // What leaves is at most n, and n stands for 0.
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
    use std::io::Write;

    crate::kernels::bignum::suite::backend_suite!(Ifma::detect(), 16 cases, [16]);

    #[test]
    fn a_prime_is_seen_in_any_lane_and_in_no_other() {
        let Some(ifma) = Ifma::detect() else {
            let _ = writeln!(std::io::stderr(), "skipped: this CPU has no AVX-512 IFMA");
            return;
        };
        // 2^1024 - 105 is the largest prime below 2^1024.
        let below = |difference: u64| {
            let mut n = [u64::MAX; 16];
            n[0] -= difference - 1;
            n
        };
        for lane in 0..8 {
            let mut candidates = [1, 3, 5, 7, 9, 11, 13, 15].map(below);
            candidates[lane] = below(105);
            let mut passed = [Choice::from(0); 8];
            ifma.euler_base_2(1024, &candidates, &mut passed);
            assert_eq!(passed.map(bool::from), core::array::from_fn(|i| i == lane));
        }
    }
}

//! Executes only multiply-adds of vector registers. A benchmark compares the time of a key with their rate.

use crate::kernels::cpu::Instructions;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
use {
    super::{avx2, ifma},
    crate::kernels::cpu::{Avx2Fma, Ifma},
};

/// How many multiply-adds a call of [`multiply_adds`] executes, each of one vector register: four or eight numbers.
pub const MULTIPLY_ADDS: u32 = 240;

/// Multiplies and adds registers, with the vectors of some instructions. False if they have none, or the CPU lacks them.
pub fn multiply_adds(instructions: Instructions) -> bool {
    match instructions {
        #[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
        Instructions::Avx2 => Avx2Fma::detect().map(avx2::multiply_240_times).is_some(),
        #[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
        Instructions::Avx512 => Ifma::detect().map(ifma::multiply_add_240_times).is_some(),
        _ => false,
    }
}

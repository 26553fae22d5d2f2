//! An RSA modulus that is a prime, so that the private exponent is the inverse of e modulo n-1: Euler's test to base 2, which
//! every odd prime passes (Solovay and Strassen, SIAM J. Computing 6, 1977). A composite that was built to pass it does pass: the
//! test finds errors, but not fraud.
//!
//! The test is that of key generation, which has arithmetic for several numbers of the same size, and for up to 4096 bits.

use super::findings::Findings;
use crate::error::Weakness;
use crate::kernels::bignum::limbs::from_be_bytes;
use crate::kernels::bignum::{Backend, MAX_CANDIDATE_LANES};
use crate::kernels::cpu::on_best_backend;
use crate::rsa::{RsaPublicKey, at_width};
use subtle::Choice;

/// The longest modulus that is tested.
pub(super) const MAX_BITS: usize = 4096;

/// Keys with moduli of one size, to be tested together.
pub(super) struct Batch<'a> {
    bits: usize,
    keys: [Option<(usize, RsaPublicKey<'a>)>; MAX_CANDIDATE_LANES],
}

impl<'a> Batch<'a> {
    /// No key yet. The moduli will have `bits` bits, at most [`MAX_BITS`].
    pub(super) fn new(bits: usize) -> Self {
        Self { bits, keys: [None; MAX_CANDIDATE_LANES] }
    }

    #[cfg(feature = "alloc")]
    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    #[cfg(feature = "alloc")]
    pub(super) fn is_full(&self) -> bool {
        self.keys.iter().all(Option::is_some)
    }

    /// Adds a key, whose findings are at an index, unless the batch is full.
    pub(super) fn push(&mut self, at: usize, key: RsaPublicKey<'a>) {
        if let Some(place) = self.keys.iter_mut().find(|place| place.is_none()) {
            *place = Some((at, key));
        }
    }

    /// Tests the keys, and adds what it finds to their findings.
    pub(super) fn test(&self, findings: &mut [Findings]) {
        let prime = at_width!(self.bits, L => self.are_prime::<L>());
        for ((at, _), prime) in self.keys.iter().flatten().zip(prime) {
            if prime && let Some(findings) = findings.get_mut(*at) {
                findings.add(Weakness::PrimeModulus);
            }
        }
    }

    fn are_prime<const L: usize>(&self) -> [bool; MAX_CANDIDATE_LANES] {
        let mut moduli = [[0; L]; MAX_CANDIDATE_LANES];
        for (modulus, (_, key)) in moduli.iter_mut().zip(self.keys.iter().flatten()) {
            from_be_bytes(key.modulus(), modulus);
        }
        let mut passed = [Choice::from(0); MAX_CANDIDATE_LANES];
        let (moduli, _) = moduli.split_at(self.keys.iter().flatten().count());
        on_best_backend!(backend => backend.euler_base_2(self.bits, moduli, &mut passed));
        passed.map(bool::from)
    }
}

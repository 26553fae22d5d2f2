//! The known answers of key generation, for every backend that the CPU supports.
//!
//! A generator with a fixed seed must give the expected key. That covers the wheel, the sieve, Euler's test, the Miller-Rabin
//! rounds and the assembly of the key, as far as they accept numbers. Composites that the sieve, Euler's test and the
//! Miller-Rabin rounds must reject cover the rest.
//!
//! `tests/data/fips/make.py self-test` computed the constants, without calling this crate.

use super::candidate::Wheel;
use super::components::Components;
use super::generate::{Verdict, bases, complete, find};
use super::private_key::RsaPrivateKey;
use crate::error::{Error, ErrorKind};
use crate::kernels::bignum::Backend;
use crate::kernels::cpu::on_every_backend;
use crate::kernels::declassify::declassify;
use crate::random::{HmacDrbg, fill};
use crate::wipe::on_wiped_stack;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// The seed of the generator. Its third candidate is the second prime, so that the test is short.
const SEED: [&[u8]; 2] = [b"ssh-keypair self-test", &[0x1b, 0x52]];

/// SHA-256 of n, d, p, q, dP, dQ and qInv.
const KEY: [u8; 32] = *b"\x86\x88\xf5\x3a\xd0\x59\x9c\x26\x33\xfb\x92\x60\x8b\xbb\x1d\x6e\
    \xbb\xbc\x6f\xca\x36\x3c\x2a\x69\xc1\xcf\xdb\x97\xd9\xf2\x68\x54";

/// p with these bits flipped is a multiple of 59, and of no smaller odd prime.
const MULTIPLE: u64 = 0x134;

/// p with this bit flipped is composite, and no prime below 2^14 divides it.
const COMPOSITE: u64 = 0x2;

/// Generates a key from a fixed seed with each backend of this CPU, and tests composites.
///
/// # Errors
///
/// [`ErrorKind::SelfTestFailed`].
pub(crate) fn self_test() -> Result<(), Error> {
    // Nothing here is secret. Each backend has a stack frame of its own, which does not add to that of the next.
    on_every_backend!(backend => on_wiped_stack::<16, _>(|| known_answers(backend))?);
    Ok(())
}

fn known_answers<B: Backend>(backend: B) -> Result<(), Error> {
    const BITS: usize = 1024;
    let mut drbg = HmacDrbg::new(&SEED);
    // `generate_with` draws this first.
    let mut seed = [0; 32];
    fill(&mut drbg, &mut seed)?;
    let mut bases = bases(&seed);
    let mut components = Components::<16>::new(BITS);
    find(&mut components, &mut Wheel::new(BITS, &mut drbg), &mut bases, backend).map_err(|_| failed())?;
    let mut key = RsaPrivateKey::empty(2 * BITS)?;
    key.fill(&components);
    let mut hash = Sha256::new();
    key.numbers_mut().into_iter().for_each(|number| hash.update(number));
    let digest: [u8; 32] = hash.finalize().into();
    require(digest.ct_eq(&KEY))?;

    let prime = components.p;
    let [mut multiple, mut composite] = [prime; 2];
    multiple[0] ^= MULTIPLE;
    composite[0] ^= COMPOSITE;
    require(Choice::from(u8::from(backend.has_small_factor(&multiple))))?;
    let mut passed = [Choice::from(0), Choice::from(1)];
    backend.euler_base_2(BITS, &[prime, composite], &mut passed);
    let [prime_passed, composite_passed] = passed;
    require(prime_passed & !composite_passed)?;
    for (first, second) in [(&prime, &composite), (&composite, &prime)] {
        let Verdict { first_is_prime, second_is_prime, .. } =
            complete::<Wheel<'_, HmacDrbg, 16>, B, 16>(&mut components, first, second, &mut bases, backend);
        let is_right = first_is_prime.ct_eq(&first.ct_eq(&prime)) & second_is_prime.ct_eq(&second.ct_eq(&prime));
        require(is_right)?;
    }
    Ok(())
}

fn require(condition: Choice) -> Result<(), Error> {
    if declassify(condition) { Ok(()) } else { Err(failed()) }
}

fn failed() -> Error {
    Error::new(ErrorKind::SelfTestFailed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::Power;
    use crate::kernels::cpu::Portable;
    use std::cell::Cell;
    use std::vec::Vec;

    #[test]
    fn every_backend_gives_the_known_answers() {
        self_test().unwrap();
    }

    /// The number of exponentiations of one attempt at a key: qInv, a signature modulo each prime, and five rounds for each.
    const POWERS: usize = 3 + 2 * 5;

    #[derive(Clone, Copy, Debug)]
    enum Fault {
        SieveAccepts,
        SieveRejects,
        EulerAccepts,
        EulerRejects,
        /// A bit of one power is flipped; powers are counted from the first exponentiation.
        Power(usize),
        /// Composites meet -1.
        WitnessesPass,
        /// No number meets -1.
        WitnessesFail,
    }

    /// The portable backend with a fault.
    #[derive(Clone, Copy)]
    struct Faulty<'a> {
        fault: Fault,
        powers: &'a Cell<usize>,
    }

    impl Backend for Faulty<'_> {
        const LANES: usize = 1;

        fn has_small_factor<const L: usize>(self, candidate: &[u64; L]) -> bool {
            match self.fault {
                Fault::SieveAccepts => false,
                Fault::SieveRejects => true,
                _ => Portable.has_small_factor(candidate),
            }
        }

        fn has_factor_below_2_17_vartime(self, n: &[u64]) -> bool {
            Portable.has_factor_below_2_17_vartime(n)
        }

        fn euler_base_2_side_by_side<const L: usize>(
            self,
            bits: usize,
            candidates: &[[u64; L]],
            passed: &mut [Choice],
        ) {
            match self.fault {
                Fault::EulerAccepts => passed.fill(Choice::from(1)),
                Fault::EulerRejects => passed.fill(Choice::from(0)),
                _ => Portable.euler_base_2_side_by_side(bits, candidates, passed),
            }
        }

        fn power_side_by_side<const L: usize>(self, bits: usize, powers: &mut [Power<'_, L>]) {
            Portable.power_side_by_side(bits, powers);
            for power in powers {
                let count = self.powers.replace(self.powers.get() + 1);
                match self.fault {
                    Fault::Power(number) if number == count => {
                        power.value[3] ^= 1 << 5;
                        power.met_minus_one = Choice::from(0);
                    }
                    Fault::WitnessesPass if power.witness.is_some() => power.met_minus_one = Choice::from(1),
                    Fault::WitnessesFail => power.met_minus_one = Choice::from(0),
                    _ => (),
                }
            }
        }
    }

    #[test]
    fn a_fault_in_any_operation_of_a_backend_fails_the_test() {
        use Fault::*;
        let mut faults =
            Vec::from([SieveAccepts, SieveRejects, EulerAccepts, EulerRejects, WitnessesPass, WitnessesFail]);
        faults.extend((0..POWERS).map(Power));
        for fault in faults {
            let powers = Cell::new(0);
            let error = known_answers(Faulty { fault, powers: &powers }).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::SelfTestFailed, "{fault:?}");
        }
        // There is only one attempt, so a fault after the last exponentiation changes nothing.
        let powers = Cell::new(0);
        known_answers(Faulty { fault: Power(usize::MAX), powers: &powers }).unwrap();
        assert_eq!(powers.get(), 3 * POWERS);
    }
}

//! Checks that the numbers of an imported private key are consistent. RFC 8017, section 3.2.
//!
//! We check the sizes first, by counting bits, so that a bad key costs no more than a sound one. Together, p and q have as many
//! bits as n; each has at least a quarter of them, and at most 4096 bits, which is what the storage can hold. d is no longer
//! than n, and a number modulo a prime is no longer than the prime. Then we check:
//!
//! * n = pq and d < n;
//! * e*d = 1 modulo p-1 and q-1. This is true for the smallest d, the inverse of e modulo lcm(p-1, q-1), and for the inverse
//!   modulo (p-1)(q-1), which older programs write;
//! * dP and dQ are d modulo p-1 and q-1. If they are missing, we compute them;
//! * qInv < p, and q * qInv = 1 mod p, which implies that p and q differ. If qInv is missing, we compute it, as q^(p-2) mod p;
//! * p and q pass 8 rounds of Miller-Rabin each. The bases are derived from the numbers themselves, so that every machine gives
//!   the same verdict. An attacker who builds a composite on purpose gets it accepted with a probability of at most 1/65,536
//!   per attempt, and only weakens their own key.
//!
//! p may be the smaller prime, and e any exponent that a public key may have. A prime that is 1 modulo 2^64 is rejected,
//! because `primality` cannot test it: one in 2^63 random primes.
//!
//! The time depends on the sizes, and on which of these checks fails first.

use super::at_width::at_width;
use super::big_endian::{bit_length, is_odd, without_leading_zeros};
use super::components::{less_one, wide_eq, wide_less};
use super::primality::{self, Tested};
use super::private_key::RsaPrivateKey;
use super::public_key::RsaPublicKey;
use super::storage::Sizes;
use crate::error::{Error, ErrorKind, Field};
use crate::kernels::bignum::limbs::{from_be_bytes, is_small, less, mul, mul_small, sub, to_be_bytes};
use crate::kernels::bignum::{Backend, Power, division};
use crate::kernels::cpu::on_best_backend;
use crate::kernels::declassify::{classify, declassify};
use crate::random::HmacDrbg;
use crate::wipe::on_wiped_stack;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

/// The number of Miller-Rabin rounds for each prime, of any size. An attacker may have chosen the numbers, so the worst case
/// counts, in which a composite passes a round with a quarter of the bases: 4^-8. FIPS 186-5, Table B.1 is about random
/// numbers. With eight lanes, these eight rounds cost as much as one.
const ROUNDS: usize = 8;

/// The numbers of an imported private key, big-endian, with or without leading zeros.
pub(crate) struct RsaNumbers<'a> {
    pub(crate) modulus: &'a [u8],
    pub(crate) public_exponent: &'a [u8],
    pub(crate) private_exponent: &'a [u8],
    pub(crate) p: &'a [u8],
    pub(crate) q: &'a [u8],
    /// dP and dQ, if they are given; they follow from the other numbers.
    pub(crate) exponents: [Option<&'a [u8]>; 2],
    /// qInv, if it is given; it follows from p and q.
    pub(crate) coefficient: Option<&'a [u8]>,
}

/// Which of the numbers that follow from others were given.
#[derive(Clone, Copy)]
struct Given {
    exponents: [bool; 2],
    coefficient: bool,
}

impl<'a> RsaNumbers<'a> {
    /// dP, dQ and qInv, empty if they are not given.
    fn derived(&self) -> [&'a [u8]; 3] {
        let [exponent_p, exponent_q] = self.exponents;
        [exponent_p, exponent_q, self.coefficient].map(Option::unwrap_or_default)
    }
}

impl RsaPrivateKey {
    /// Creates a key from the numbers of an imported one, after the checks that the module docs list.
    ///
    /// # Errors
    ///
    /// Those of [`RsaPublicKey::new`]; [`ErrorKind::KeyTooLarge`] above [`RsaPrivateKey::MAX_BITS`];
    /// [`ErrorKind::InconsistentKey`] with the field of the number that failed its check.
    pub(crate) fn from_numbers(given: &RsaNumbers<'_>) -> Result<Self, Error> {
        let sizes = check_sizes(given)?;
        let mut key = Self::zeros(sizes);
        let [exponent_p, exponent_q, coefficient] = given.derived();
        key.put(
            given.public_exponent,
            [given.modulus, given.private_exponent, given.p, given.q, exponent_p, exponent_q, coefficient],
        );
        let exponents = given.exponents.map(|exponent| exponent.is_some());
        check_numbers(&mut key, Given { exponents, coefficient: given.coefficient.is_some() })?;
        Ok(key)
    }
}

/// The checks that need no arithmetic: no number is missing, and none is too long.
fn check_sizes(given: &RsaNumbers<'_>) -> Result<Sizes, Error> {
    let public = RsaPublicKey::new(given.modulus, given.public_exponent)?;
    let bits = public.bits();
    if bits > RsaPrivateKey::MAX_BITS {
        return Err(Field::Modulus.error(ErrorKind::KeyTooLarge).measured(bits, RsaPrivateKey::MAX_BITS));
    }
    let length = |number| bit_length(without_leading_zeros(number));
    let (p_bits, q_bits) = (length(given.p), length(given.q));
    for (field, prime, prime_bits) in [(Field::PrimeP, given.p, p_bits), (Field::PrimeQ, given.q, q_bits)] {
        if !is_odd(prime) || !(bits / 4..=RsaPrivateKey::MAX_BITS / 2).contains(&prime_bits) {
            return Err(field.error(ErrorKind::InconsistentKey));
        }
    }
    // The product of two numbers has as many bits as both together, or one less.
    if p_bits + q_bits != bits && p_bits + q_bits != bits + 1 {
        return Err(inconsistent(Field::Modulus));
    }
    let [exponent_p, exponent_q, coefficient] = given.derived();
    for (field, number, limit) in [
        (Field::PrivateExponent, given.private_exponent, bits),
        (Field::ExponentP, exponent_p, p_bits),
        (Field::ExponentQ, exponent_q, q_bits),
        (Field::Coefficient, coefficient, p_bits),
    ] {
        if length(number) > limit {
            return Err(inconsistent(field));
        }
    }
    Ok(Sizes { bits, p_bits, q_bits, exponent_bytes: public.public_exponent().len() })
}

/// The other checks, for a key whose numbers passed [`check_sizes`]. Computes dP, dQ and qInv if they were not given.
fn check_numbers(key: &mut RsaPrivateKey, given: Given) -> Result<(), Error> {
    let Sizes { p_bits, q_bits, .. } = key.sizes();
    at_width!(p_bits.max(q_bits), L => on_wiped_stack::<L, _>(|| check::<L>(key, given)))
}

fn check<const L: usize>(key: &mut RsaPrivateKey, given: Given) -> Result<(), Error> {
    let Sizes { p_bits, q_bits, .. } = key.sizes();
    let (modulus, d) = (wide::<L>(key.modulus()), wide::<L>(key.private_exponent()));
    let [p, q, mut coefficient] = [key.prime_p(), key.prime_q(), key.coefficient()].map(narrow::<L>);
    let mut e = [0];
    from_be_bytes(key.public_exponent(), &mut e);

    require(wide_eq(&Zeroizing::new(mul(&p, &q)), &modulus), Field::Modulus)?;
    require(wide_less(&d, &modulus), Field::PrivateExponent)?;
    // Secret from here on: nothing is known about these numbers except that they are consistent.
    let mut exponents = Zeroizing::new([[0; L]; 2]);
    for (exponent, prime) in exponents.iter_mut().zip([&p, &q]) {
        let order = Zeroizing::new(less_one(prime));
        *exponent = *division::remainder(&d, &order);
        let mut multiple = Zeroizing::new([*exponent, [0; L]]);
        mul_small(multiple.as_flattened_mut(), e[0], 0);
        require(is_small(&division::remainder(&multiple, &order), 1), Field::PrivateExponent)?;
    }
    let [exponent_p, exponent_q] = &*exponents;
    let [given_p, given_q] = given.exponents;
    if given_p {
        require(narrow::<L>(key.exponent_p()).ct_eq(exponent_p), Field::ExponentP)?;
    }
    if given_q {
        require(narrow::<L>(key.exponent_q()).ct_eq(exponent_q), Field::ExponentQ)?;
    }
    if !given.coefficient {
        invert(&q, &p, p_bits, &mut coefficient);
    }
    let [.., p_place, q_place, coefficient_place] = key.numbers_mut();
    for (is_given, number, place) in [
        (given_p, exponent_p, p_place),
        (given_q, exponent_q, q_place),
        (given.coefficient, &*coefficient, coefficient_place),
    ] {
        if !is_given {
            to_be_bytes(number, place);
        }
    }
    // If it was not given, a failure means that p is not prime, or that q is p.
    let field = if given.coefficient { Field::Coefficient } else { Field::PrimeP };
    require(less(&coefficient, &p), field)?;
    let product = Zeroizing::new(mul(&q, &coefficient));
    require(is_small(&division::remainder(&product, &p), 1), field)?;

    let mut bases = [&b"Miller-Rabin bases of p"[..], b"Miller-Rabin bases of q"]
        .map(|label| HmacDrbg::new(&[key.prime_p(), key.prime_q(), label]));
    on_best_backend!(backend => check_primes([(&p, p_bits), (&q, q_bits)], &mut bases, backend))
}

/// Miller-Rabin, as many rounds at a time as the backend has lanes, for p and q in turn, so that a composite is found early in
/// either place. Each has its own generator, so that its bases do not depend on the number of lanes.
fn check_primes<const L: usize, B: Backend>(
    primes: [(&[u64; L], usize); 2],
    bases: &mut [HmacDrbg; 2],
    backend: B,
) -> Result<(), Error> {
    for first in (0..ROUNDS).step_by(B::LANES) {
        let fields = [Field::PrimeP, Field::PrimeQ];
        for (((prime, bits), bases), field) in primes.into_iter().zip(&mut *bases).zip(fields) {
            let tested = Tested::new(prime);
            let mut powers: [Power<'_, L>; ROUNDS] = core::array::from_fn(|_| tested.round());
            let (powers, _) = powers.split_at_mut(B::LANES.min(ROUNDS - first));
            powers.iter_mut().for_each(|round| tested.draw_base(&mut round.value, bases));
            backend.power(bits, powers);
            if !powers.iter().all(|round| declassify(primality::passed(round))) {
                return Err(field.error(ErrorKind::InconsistentKey));
            }
        }
    }
    Ok(())
}

/// Writes `q^-1 mod p` for a prime p of `bits` bits, which is q^(p-2), into `inverse`.
fn invert<const L: usize>(q: &[u64; L], p: &[u64; L], bits: usize, inverse: &mut [u64; L]) {
    let mut p_less_two = Zeroizing::new(*p);
    sub(&mut *p_less_two, &[2]);
    let wide = Zeroizing::new([*q, [0; L]]);
    let mut powers = [Power::new(&p_less_two, p)];
    let [power] = &mut powers;
    power.value = *division::remainder(&wide, p);
    on_best_backend!(backend => backend.power(bits, &mut powers));
    let [power] = &powers;
    *inverse = power.value;
}

fn require(condition: Choice, field: Field) -> Result<(), Error> {
    if declassify(condition) { Ok(()) } else { Err(inconsistent(field)) }
}

fn inconsistent(field: Field) -> Error {
    field.error(ErrorKind::InconsistentKey)
}

/// A number of at most L limbs; secret.
pub(super) fn narrow<const L: usize>(bytes: &[u8]) -> Zeroizing<[u64; L]> {
    let mut limbs = Zeroizing::new([0; L]);
    from_be_bytes(bytes, &mut *limbs);
    classify(&mut *limbs);
    limbs
}

/// A number of at most 2L limbs, as (low half, high half); secret.
pub(super) fn wide<const L: usize>(bytes: &[u8]) -> Zeroizing<[[u64; L]; 2]> {
    let mut limbs = Zeroizing::new([[0; L]; 2]);
    from_be_bytes(bytes, limbs.as_flattened_mut());
    classify(limbs.as_flattened_mut());
    limbs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::on_every_backend;
    use core::cell::RefCell;
    use std::vec::Vec;

    fn key() -> RsaPrivateKey {
        RsaPrivateKey::from_seed(2048, b"sixteen bytes...").unwrap()
    }

    fn numbers(key: &RsaPrivateKey) -> RsaNumbers<'_> {
        RsaNumbers {
            modulus: key.modulus(),
            public_exponent: key.public_exponent(),
            private_exponent: key.private_exponent(),
            p: key.prime_p(),
            q: key.prime_q(),
            exponents: [Some(key.exponent_p()), Some(key.exponent_q())],
            coefficient: Some(key.coefficient()),
        }
    }

    #[test]
    fn a_key_keeps_its_exponents_or_gets_them() {
        let key = key();
        assert_eq!(RsaPrivateKey::from_numbers(&numbers(&key)).unwrap(), key);
        let derived = |key: &RsaPrivateKey| [key.exponent_p(), key.exponent_q(), key.coefficient()].map(<[u8]>::to_vec);
        let all = numbers(&key);
        let [exponent_p, exponent_q] = all.exponents;
        for (exponents, coefficient) in [
            ([None, None], all.coefficient),
            ([None, None], None),
            ([exponent_p, None], None),
            ([None, exponent_q], all.coefficient),
            ([exponent_p, exponent_q], None),
        ] {
            let made = RsaPrivateKey::from_numbers(&RsaNumbers { exponents, coefficient, ..numbers(&key) }).unwrap();
            assert_eq!(derived(&made), derived(&key));
            assert_eq!(made, key);
            // The smaller prime first, and one longer than the other.
            let swapped = RsaNumbers { p: all.q, q: all.p, exponents: [None; 2], coefficient: None, ..numbers(&key) };
            let swapped = RsaPrivateKey::from_numbers(&swapped).unwrap();
            assert_eq!((swapped.exponent_p(), swapped.exponent_q()), (key.exponent_q(), key.exponent_p()));
        }
        let both = RsaNumbers { q: all.p, exponents: [None; 2], coefficient: None, ..numbers(&key) };
        assert_eq!(RsaPrivateKey::from_numbers(&both).unwrap_err().field(), Some(Field::Modulus));
    }

    #[test]
    fn leading_zeros_change_nothing() {
        let key = key();
        let padded = |number: &[u8]| [&[0, 0, 0], number].concat();
        let (n, e, d) = (padded(key.modulus()), padded(key.public_exponent()), padded(key.private_exponent()));
        let (p, q, c) = (padded(key.prime_p()), padded(key.prime_q()), padded(key.coefficient()));
        let given = RsaNumbers {
            modulus: &n,
            public_exponent: &e,
            private_exponent: &d,
            p: &p,
            q: &q,
            exponents: [None; 2],
            coefficient: Some(&c),
        };
        assert_eq!(RsaPrivateKey::from_numbers(&given).unwrap(), key);
    }

    /// Flips one bit in each number in turn.
    #[test]
    fn a_wrong_bit_anywhere_is_seen_in_its_number() {
        let key = key();
        let wrong = |number: &[u8], bit: usize| {
            let mut number = number.to_vec();
            let at = number.len() - 1 - bit / 8;
            number[at] ^= 1 << (bit % 8);
            number
        };
        let why = |given: &RsaNumbers<'_>| {
            let error = RsaPrivateKey::from_numbers(given).unwrap_err();
            (error.kind(), error.field())
        };
        let inconsistent = |field| (ErrorKind::InconsistentKey, Some(field));
        for bit in [1, 2, 63, 64, 500, 1000] {
            let (n, d) = (wrong(key.modulus(), bit), wrong(key.private_exponent(), bit));
            assert_eq!(why(&RsaNumbers { modulus: &n, ..numbers(&key) }), inconsistent(Field::Modulus));
            assert_eq!(
                why(&RsaNumbers { private_exponent: &d, ..numbers(&key) }),
                inconsistent(Field::PrivateExponent)
            );
            let (p, q, c) = (wrong(key.prime_p(), bit), wrong(key.prime_q(), bit), wrong(key.coefficient(), bit));
            assert_eq!(why(&RsaNumbers { p: &p, ..numbers(&key) }), inconsistent(Field::Modulus));
            assert_eq!(why(&RsaNumbers { q: &q, ..numbers(&key) }), inconsistent(Field::Modulus));
            assert_eq!(why(&RsaNumbers { coefficient: Some(&c), ..numbers(&key) }), inconsistent(Field::Coefficient));
            let (dp, dq) = (wrong(key.exponent_p(), bit), wrong(key.exponent_q(), bit));
            let exponents = |dp, dq| RsaNumbers { exponents: [Some(dp), Some(dq)], ..numbers(&key) };
            assert_eq!(why(&exponents(&dp, key.exponent_q())), inconsistent(Field::ExponentP));
            assert_eq!(why(&exponents(key.exponent_p(), &dq)), inconsistent(Field::ExponentQ));
        }
        assert_eq!(why(&RsaNumbers { public_exponent: &[3], ..numbers(&key) }), inconsistent(Field::PrivateExponent));
        // d with another byte in front, and so a bit too long.
        let d: Vec<u8> = [&[1], key.private_exponent()].concat();
        assert_eq!(why(&RsaNumbers { private_exponent: &d, ..numbers(&key) }), inconsistent(Field::PrivateExponent));
    }

    #[test]
    fn a_prime_of_the_wrong_size_is_rejected_before_any_arithmetic() {
        let key = key();
        let long = [0xff; 8193];
        let even = [&key.prime_p()[..127], &[0]].concat();
        for bad in [&[][..], &[0], &[1], &[2], &[3], &[0xff; 63], &even, &long] {
            let p = RsaNumbers { p: bad, ..numbers(&key) };
            let q = RsaNumbers { q: bad, ..numbers(&key) };
            for (given, field) in [(p, Field::PrimeP), (q, Field::PrimeQ)] {
                let error = check_sizes(&given).err().unwrap();
                assert_eq!((error.kind(), error.field()), (ErrorKind::InconsistentKey, Some(field)), "{bad:?}");
            }
        }
        // A valid length, but not together with that of q.
        let error = check_sizes(&RsaNumbers { p: &long[..64], ..numbers(&key) }).err().unwrap();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InconsistentKey, Some(Field::Modulus)));
        // Together as long as n, but p does not fit in the storage.
        let given = RsaNumbers { modulus: &long[..1024], p: &long[..513], q: &long[..511], ..numbers(&key) };
        assert_eq!(check_sizes(&given).err().unwrap().field(), Some(Field::PrimeP));
        let error = check_sizes(&RsaNumbers { modulus: &long[..1025], ..numbers(&key) }).err().unwrap();
        assert_eq!((error.kind(), error.field()), (ErrorKind::KeyTooLarge, Some(Field::Modulus)));
    }

    #[test]
    fn a_product_has_as_many_bits_as_both_primes_or_one_less() {
        let (key, ones) = (key(), [0xff; 256]);
        // A number of `bits` bits, from 1,000 to 2,048.
        let number = |bits: usize| {
            let mut number = ones;
            number[..256 - bits.div_ceil(8)].fill(0);
            number[256 - bits.div_ceil(8)] >>= bits.wrapping_neg() % 8;
            number
        };
        let (p, q, empty) = (number(1020), number(1021), RsaNumbers { private_exponent: &[], ..numbers(&key) });
        let empty = RsaNumbers { p: &p, q: &q, exponents: [None; 2], coefficient: None, ..empty };
        for (bits, fits) in [(2039, false), (2040, true), (2041, true), (2042, false)] {
            let modulus = number(bits);
            let sizes = check_sizes(&RsaNumbers { modulus: &modulus, ..empty });
            assert_eq!(sizes.as_ref().err().map(Error::field), (!fits).then_some(Some(Field::Modulus)), "{bits}");
            if let Ok(Sizes { bits: n, p_bits, q_bits, .. }) = sizes {
                assert_eq!([n, p_bits, q_bits], [bits, 1020, 1021]);
            }
        }
    }

    /// Has a given number of lanes, records the bases with their moduli, and lets each base pass.
    #[derive(Clone, Copy)]
    struct Recorder<'a, const LANES: usize>(&'a RefCell<Vec<(u64, u64)>>);

    impl<const LANES: usize> Backend for Recorder<'_, LANES> {
        const LANES: usize = LANES;

        fn has_small_factor<const L: usize>(self, _: &[u64; L]) -> bool {
            unreachable!("nothing is drawn")
        }

        fn has_factor_below_2_17_vartime(self, _: &[u64]) -> bool {
            unreachable!("nothing is audited")
        }

        fn euler_base_2_side_by_side<const L: usize>(self, _: usize, _: &[[u64; L]], _: &mut [Choice]) {
            unreachable!("nothing is drawn")
        }

        fn power_side_by_side<const L: usize>(self, _: usize, powers: &mut [Power<'_, L>]) {
            for power in powers {
                self.0.borrow_mut().push((power.modulus[0], power.value[0]));
                power.met_minus_one = Choice::from(1);
            }
        }
    }

    const PRIME: [u64; 16] = widened((1 << 61) - 1);

    /// The factors minus one are two times and four times the same odd number, so that a quarter of the bases are strong liars,
    /// which is the maximum.
    const COMPOSITE: [u64; 16] = widened(1_610_613_259 * 3_221_226_517);

    const fn widened(number: u64) -> [u64; 16] {
        let mut limbs = [0; 16];
        limbs[0] = number;
        limbs
    }

    fn bases(seed: u32) -> [HmacDrbg; 2] {
        [b"p", b"q"].map(|label| HmacDrbg::new(&[&seed.to_be_bytes(), label]))
    }

    #[test]
    fn the_bases_of_a_prime_do_not_depend_on_the_lanes() {
        fn drawn<const LANES: usize>() -> Vec<(u64, u64)> {
            let drawn = RefCell::default();
            check_primes([(&PRIME, 61), (&COMPOSITE, 63)], &mut bases(0), Recorder::<LANES>(&drawn)).unwrap();
            let mut drawn = drawn.into_inner();
            // A stable sort: the bases of each number keep their order.
            drawn.sort_by_key(|(modulus, _)| *modulus);
            drawn
        }
        let one_by_one = drawn::<1>();
        assert_eq!(one_by_one.iter().filter(|(modulus, _)| *modulus == PRIME[0]).count(), 8);
        assert_eq!(one_by_one.iter().filter(|(modulus, _)| *modulus == COMPOSITE[0]).count(), 8);
        assert_eq!(drawn::<2>(), one_by_one);
        assert_eq!(drawn::<3>(), one_by_one);
        assert_eq!(drawn::<8>(), one_by_one);
        assert_eq!(drawn::<16>(), one_by_one);
    }

    /// For one seed in 65,536, all 8 bases are liars. In this range there is one such seed for p, and one for q.
    #[test]
    fn a_composite_that_passes_with_its_bases_is_accepted_on_every_backend_or_on_none() {
        let (prime, composite) = ((&PRIME, 61), (&COMPOSITE, 63));
        on_every_backend!(backend => {
            for seed in (1710..1720).chain(7190..7200) {
                let as_p = check_primes([composite, prime], &mut bases(seed), backend);
                let as_q = check_primes([prime, composite], &mut bases(seed), backend);
                assert_eq!(as_p, if seed == 7197 { Ok(()) } else { Err(Field::PrimeP.error(ErrorKind::InconsistentKey)) }, "{seed}");
                assert_eq!(as_q, if seed == 1716 { Ok(()) } else { Err(Field::PrimeQ.error(ErrorKind::InconsistentKey)) }, "{seed}");
            }
        });
    }

    /// `.ci/ctgrind` runs this under memcheck. The key comes from a file, so that memcheck has marked none of it yet: a key
    /// that is generated here is marked as secret, its lengths included.
    #[cfg(ssh_keypair_ctgrind)]
    #[test]
    fn no_branch_and_no_index_depends_on_a_number_that_is_read() {
        use crate::kernels::cpu::{Instructions, with_instructions};
        use pkcs1::DecodeRsaPrivateKey;
        let pem = include_str!("../../tests/data/private/rsa2048.pkcs1.pem");
        let key = pkcs1::RsaPrivateKeyOwned::from_pkcs1_pem(pem).unwrap();
        let given = |exponents| RsaNumbers {
            modulus: key.modulus.as_bytes(),
            public_exponent: key.public_exponent.as_bytes(),
            private_exponent: key.private_exponent.as_bytes(),
            p: key.prime1.as_bytes(),
            q: key.prime2.as_bytes(),
            exponents,
            coefficient: Some(key.coefficient.as_bytes()),
        };
        for instructions in [Instructions::Portable, Instructions::Avx2] {
            with_instructions(instructions, || {
                let exponents = [key.exponent1.as_bytes(), key.exponent2.as_bytes()].map(Some);
                RsaPrivateKey::from_numbers(&given(exponents)).unwrap();
                RsaPrivateKey::from_numbers(&given([None; 2])).unwrap();
            });
        }
    }
}

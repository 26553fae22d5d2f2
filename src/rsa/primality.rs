//! Miller-Rabin with random bases: FIPS 186-5, Appendix B.3.1, with the rounds of Table B.1.
//!
//! These are the rounds for a number that was drawn at random, where the probability that a composite passes is far below the
//! 4^-k of the worst case. They are not enough for numbers that someone else has chosen.
//!
//! The number n under test may be a prime of a key: no branch depends on its value, or on the power of two in n-1.

use crate::kernels::bignum::division;
use crate::kernels::bignum::limbs::{add, from_be_bytes, is_small, shr, sub};
use crate::kernels::bignum::{Power, WITNESS_SQUARINGS};
use crate::random::HmacDrbg;
use rand_core::TryRng;
use subtle::{Choice, ConstantTimeLess};
use zeroize::{Zeroize, Zeroizing};

/// The largest number of rounds that any size needs.
pub(crate) const MAX_ROUNDS: usize = 5;

/// Rounds for a random prime of `bits` bits, by FIPS 186-5, Table B.1: 5, 4 and 4 for primes of 1024, 1536 and 2048 bits, which
/// is the column for error probabilities of 2^-112, 2^-128 and 2^-144. (2^-100 would need 4, 3 and 2.) Sizes in between get the
/// rounds of the next smaller row, larger ones those of the last row.
pub(crate) const fn rounds(bits: usize) -> usize {
    if bits < 1536 { 5 } else { 4 }
}

/// The number of random bytes for a base modulo the longest number, which has 64 limbs: one limb more.
const MAX_BASE_BYTES: usize = 8 * 65;

/// An odd number n above 6, and n - 1 = odd * 2^twos. Wiped on drop.
pub(crate) struct Tested<'a, const L: usize> {
    n: &'a [u64; L],
    odd: [u64; L],
    /// From 1 to 64, where 64 means 64 or more.
    twos: u32,
}

impl<'a, const L: usize> Tested<'a, L> {
    pub(crate) fn new(n: &'a [u64; L]) -> Self {
        let mut less_one = Zeroizing::new(*n);
        less_one[0] &= !1;
        // Counts the zero bits at the low end of the lowest limb, with the same steps for every value.
        let (mut twos, mut still_zero) = (0, 1);
        for bit in 0..u64::BITS {
            still_zero &= !(less_one[0] >> bit) & 1;
            twos += u32::from(still_zero == 1);
        }
        Self { n, odd: shr(&less_one, twos), twos }
    }

    /// The exponentiation of one round; `draw_base` sets its base.
    pub(crate) fn round(&self) -> Power<'_, L> {
        Power { witness: Some(self.twos), ..Power::new(&self.odd, self.n) }
    }

    /// Draws a uniform base from 2 to n-2 (to within 2^-64).
    pub(crate) fn draw_base(&self, base: &mut [u64; L], bases: &mut HmacDrbg) {
        // All bytes at once, because a call of the generator costs more than the bytes.
        let mut bytes = Zeroizing::new([0; MAX_BASE_BYTES]);
        let bytes = &mut bytes[..8 * (L + 1)];
        let Ok(()) = bases.try_fill_bytes(bytes);
        let mut wide = Zeroizing::new([[0; L]; 2]);
        from_be_bytes(bytes, wide.as_flattened_mut());
        // A number with 64 bits more than n, modulo n-3: from 0 to n-4.
        let mut span = Zeroizing::new(*self.n);
        sub(&mut *span, &[3]);
        *base = *division::remainder(&wide, &span);
        add(base, &[2]);
    }
}

impl<const L: usize> Drop for Tested<'_, L> {
    fn drop(&mut self) {
        self.odd.zeroize();
        self.twos.zeroize();
    }
}

/// Whether the number passed its [`Tested::round`]: `base^odd` is 1, or -1 is among the first `twos` of `base^odd`, its square,
/// the square of that, and so on.
///
/// A number for which 2^64 divides n-1 never passes, because `twos` is not known exactly.
pub(crate) fn passed<const L: usize>(round: &Power<'_, L>) -> Choice {
    let counted = round.witness.unwrap_or(WITNESS_SQUARINGS).ct_lt(&WITNESS_SQUARINGS);
    counted & (is_small(&round.value, 1) | round.met_minus_one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::Backend;
    use crate::kernels::cpu::{Portable, on_every_backend};
    use std::collections::HashMap;
    use std::io::Write;
    use std::string::String;
    use std::vec::Vec;

    fn passes<const L: usize>(n: [u64; L], bits: usize, rounds: usize, bases: &mut HmacDrbg) -> bool {
        passes_on(Portable, n, bits, rounds, bases)
    }

    fn passes_on<const L: usize>(
        backend: impl Backend,
        n: [u64; L],
        bits: usize,
        rounds: usize,
        bases: &mut HmacDrbg,
    ) -> bool {
        let tested = Tested::new(&n);
        // In batches of two, because a composite fails early.
        (0..rounds).step_by(2).all(|_| {
            let mut powers = [tested.round(), tested.round()];
            powers.iter_mut().for_each(|power| tested.draw_base(&mut power.value, bases));
            backend.power(bits, &mut powers);
            powers.iter().all(|power| passed(power).into())
        })
    }

    #[test]
    fn primes_pass_and_composites_do_not() {
        let mut bases = HmacDrbg::new(&[b"test"]);
        for n in (1u64 << 12..1 << 13).filter(|n| n % 2 == 1) {
            let prime = (3..).take_while(|d| d * d <= n).all(|d| n % d != 0);
            assert_eq!(passes([n], 13, 40, &mut bases), prime, "{n}");
        }
    }

    /// n-1 with many trailing zeros: Fermat primes, and a composite of the same form.
    #[test]
    fn high_powers_of_two_in_n_minus_one_are_handled() {
        let mut bases = HmacDrbg::new(&[b"test"]);
        assert!(passes([65_537], 17, 40, &mut bases));
        assert!(passes([(0xffff_ffffu64 << 32) + 1], 64, 40, &mut bases)); // 2^64 - 2^32 + 1
        assert!(!passes([(1 << 32) + 1], 33, 40, &mut bases)); // 641 * 6700417
        assert!(passes([(29 << 57) + 1], 62, 40, &mut bases));
        assert!(passes([(1 << 63) + 1, 4], 67, 40, &mut bases)); // 9 * 2^63 + 1
        // 25 * 2^64 + 1 is prime, but counts as composite: see `passed`.
        assert!(!passes([1, 25], 69, 40, &mut bases));
    }

    #[test]
    fn a_round_alone_lets_through_a_quarter_of_the_bases_at_most() {
        // 1373653 is a strong pseudoprime to the bases 2 and 3; 3215031751 to 2, 3, 5 and 7.
        let mut bases = HmacDrbg::new(&[b"test"]);
        for (n, bits) in [(1_373_653, 21), (3_215_031_751, 32)] {
            let let_through = (0..4000).filter(|_| passes([n], bits, 1, &mut bases)).count();
            assert!(let_through > 0 && let_through < 1100, "{n}: {let_through}");
        }
    }

    #[test]
    fn bases_are_from_two_to_n_minus_two() {
        let mut bases = HmacDrbg::new(&[b"test"]);
        let tested = Tested::new(&[11u64]);
        let mut seen = [false; 12];
        for _ in 0..1000 {
            let mut base = [0];
            tested.draw_base(&mut base, &mut bases);
            seen[usize::try_from(base[0]).unwrap()] = true;
        }
        assert_eq!(seen, [false, false, true, true, true, true, true, true, true, true, false, false]);
    }

    /// A file of known answers. If there is no folder for them, prints that the test is skipped.
    fn vectors(name: &str) -> Option<String> {
        let Some(corpus) = std::env::var_os("SSH_KEYPAIR_CORPUS") else {
            let _ = writeln!(std::io::stderr(), "skipped: SSH_KEYPAIR_CORPUS is not set");
            return None;
        };
        let path = std::path::PathBuf::from(corpus).join("vectors/primality").join(name);
        Some(std::fs::read_to_string(path).unwrap())
    }

    /// Parses a hexadecimal number of at most 3072 bits, and returns it with its bit length.
    fn number(hex: &str) -> ([u64; 48], usize) {
        let mut digits: Vec<u8> = hex.bytes().filter(|digit| digit.is_ascii_hexdigit()).collect();
        if digits.len() % 2 == 1 {
            digits.insert(0, b'0');
        }
        let digits = str::from_utf8(&digits).unwrap();
        let bytes: Vec<u8> =
            (0..digits.len() / 2).map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap()).collect();
        let mut limbs = [0; 48];
        crate::kernels::bignum::limbs::from_be_bytes(&bytes, &mut limbs);
        let top = limbs.iter().rposition(|limb| *limb != 0);
        (limbs, top.map_or(0, |i| 64 * i + 64 - limbs[i].leading_zeros() as usize))
    }

    /// The blocks of `key = value` lines of a file.
    fn blocks(text: &str) -> Vec<HashMap<&str, &str>> {
        text.split("\n\n")
            .map(|block| block.lines().filter(|line| !line.starts_with('#')))
            .map(|lines| lines.filter_map(|line| line.split_once(" = ")).collect::<HashMap<_, _>>())
            .filter(|block| !block.is_empty())
            .collect()
    }

    #[test]
    fn every_number_of_wycheproof_is_judged_as_it_should_be() {
        on_every_backend!(backend => wycheproof(backend));
    }

    fn wycheproof(backend: impl Backend) {
        let Some(text) = vectors("wycheproof_primality_test.json") else { return };
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut bases = HmacDrbg::new(&[b"test"]);
        let mut judged = [0, 0];
        for test in json["testGroups"][0]["tests"].as_array().unwrap() {
            let (value, result) = (test["value"].as_str().unwrap(), test["result"].as_str().unwrap());
            let (n, bits) = number(value);
            // We skip negative numbers, which are in two's complement, and those that the test is not for: even ones, and odd
            // ones up to 5.
            if value.as_bytes()[0] >= b'8' || bits < 3 || n[0] % 2 == 0 || n[0] == 5 && bits == 3 {
                continue;
            }
            let mut screen = [Choice::from(0)];
            backend.euler_base_2(bits, &[n], &mut screen);
            // `rounds` is for random numbers; chosen ones need more.
            let prime = passes_on(backend, n, bits, 40, &mut bases);
            // k! + 1 for a large k is 1 modulo 2^64 and counts as composite: see `passed`.
            let expected = result == "valid" && Tested::new(&n).twos < 64;
            assert_eq!(prime, expected, "{}", test["tcId"]);
            assert!(!prime || bool::from(screen[0]), "{}", test["tcId"]);
            let sieved = bits > 17 && backend.has_small_factor(&n);
            assert!(!prime || !sieved, "{}", test["tcId"]);
            judged[usize::from(prime)] += 1;
        }
        assert_eq!(judged, [239, 58]);
    }

    #[test]
    fn every_witness_of_boringssl_is_one() {
        on_every_backend!(backend => boringssl_witnesses(backend));
    }

    fn boringssl_witnesses(backend: impl Backend) {
        let Some(text) = vectors("boringssl_miller_rabin_tests.txt") else { return };
        let mut checked = 0;
        for block in blocks(&text) {
            let Some(result) = block.get("Result") else { continue };
            let ((w, bits), (b, _)) = (number(block["W"]), number(block["B"]));
            let tested = Tested::new(&w);
            let mut round = [tested.round()];
            round[0].value = b;
            backend.power(bits, &mut round);
            // Here W - 1 may be a multiple of 2^64; then W never passes.
            let expected = *result == "PossiblyPrime" && tested.twos < 64;
            assert_eq!(bool::from(passed(&round[0])), expected, "W = {}, B = {}", block["W"], block["B"]);
            checked += 1;
        }
        assert_eq!(checked, 72);
    }

    #[test]
    fn every_gcd_of_boringssl_comes_out() {
        let Some(text) = vectors("boringssl_gcd_tests.txt") else { return };
        let mut checked = 0;
        for block in blocks(&text) {
            let [a, b, expected] = ["A", "B", "GCD"].map(|name| number(block[name]).0);
            if a != [0; 48] {
                let mut quotient = [0; 48];
                let gcd = division::gcd(&a, &b, &mut quotient);
                assert_eq!(*gcd, expected);
                assert_eq!(crate::kernels::bignum::limbs::mul(&gcd, &quotient)[0], a);
                checked += 1;
            }
        }
        assert_eq!(checked, 47);
    }

    /// Uses the exponentiation that computes qInv, so the modulus must be prime.
    #[test]
    fn every_inverse_of_boringssl_modulo_a_prime_comes_out() {
        on_every_backend!(backend => boringssl_inverses(backend));
    }

    fn boringssl_inverses(backend: impl Backend) {
        let Some(text) = vectors("boringssl_mod_inv_tests.txt") else { return };
        let mut bases = HmacDrbg::new(&[b"test"]);
        let mut checked = 0;
        for block in blocks(&text) {
            let ((m, bits), (a, _), (expected, _)) = (number(block["M"]), number(block["A"]), number(block["ModInv"]));
            if bits < 3 || m[0] % 2 == 0 || m[0] == 5 && bits == 3 || !passes_on(backend, m, bits, 20, &mut bases) {
                continue;
            }
            let mut exponent = m;
            sub(&mut exponent, &[2]);
            let base = division::remainder(&[a, [0; 48]], &m);
            let mut power = [Power::new(&exponent, &m)];
            power[0].value = *base;
            backend.power(bits, &mut power);
            assert_eq!(power[0].value, expected);
            checked += 1;
        }
        assert_eq!(checked, 1, "all other moduli of the table are composite");
    }
}

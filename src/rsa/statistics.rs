//! Measures the distribution of the generated primes. These runs are long, and not part of `cargo test`:
//!
//! ```sh
//! cargo test --release --lib statistics -- --ignored --nocapture
//! ```
//!
//! The generator is seeded, so that the figures can be reproduced. A chi-square statistic of k degrees of freedom is given as
//! the normal deviate z of Wilson and Hilferty (Proc. Natl. Acad. Sci. 17, 1931). One of 52 deviates above 2.5 is no surprise;
//! the tests fail at 5, which a sound generator reaches once in 60,000 runs.
//!
//! # Figures
//!
//! | | 100,000 primes of 128 bits | 4,000 primes of 2,000 keys of 2048 bits |
//! |---|---|---|
//! | modulo each odd prime below 100, over the units: the largest of 24 z | 3.00 | 1.69 |
//! | top bits: z of 64 and 32 parts of the interval | -0.94 | 0.15 |
//! | bottom bits: z of 64 and 32 odd residues | 1.46 | 0.89 |
//! | primes shared by two keys | | none |
//! | moduli that look like ROCA's, or that 100 steps of Fermat's method factor | | none |
//! | keys with gcd(p-1, q-1) = 2, where 49.5% are expected | | 50.7% |

use super::candidate::Wheel;
use super::generate::Search;
use super::primality::{Tested, passed};
use super::private_key::RsaPrivateKey;
use crate::kernels::bignum::Backend;
use crate::kernels::cpu::Portable;
use crate::random::HmacDrbg;
use crypto_bigint::{NonZero, U1024, U2048};
use std::collections::{BTreeMap, BTreeSet};
use std::println;
use std::string::String;
use std::vec::Vec;
use std::{format, vec};

const LIMIT: f64 = 5.0;

/// The deviates of a run, and the largest of them.
#[derive(Default)]
struct Deviates {
    largest: f64,
    count: usize,
}

impl Deviates {
    /// Adds the deviate of counts whose expected values are equal.
    fn add(&mut self, name: &str, counts: &[u64]) {
        let total: u64 = counts.iter().sum();
        let expected = total as f64 / counts.len() as f64;
        let chi_square: f64 = counts.iter().map(|n| (*n as f64 - expected).powi(2) / expected).sum();
        let freedom = (counts.len() - 1) as f64;
        let spread = 2.0 / (9.0 * freedom);
        let z = ((chi_square / freedom).cbrt() - (1.0 - spread)) / spread.sqrt();
        println!("{name}: chi-square {chi_square:.1}, {freedom} degrees of freedom, z = {z:.2}");
        self.largest = self.largest.max(z);
        self.count += 1;
    }

    fn judge(&self) {
        println!("the largest of {} deviates: {:.2}", self.count, self.largest);
        assert!(self.count > 25 && self.largest < LIMIT);
    }
}

/// The odd primes up to 100.
fn small_primes() -> Vec<u64> {
    (3..100u64).filter(|n| (2..*n).all(|d| n % d != 0)).collect()
}

/// A number modulo a word.
fn modulo(limbs: &[u64], q: u64) -> u64 {
    limbs.iter().rev().fold(0, |rest, limb| ((u128::from(rest) << 64 | u128::from(*limb)) % u128::from(q)) as u64)
}

/// The deviates of primes of `bits` bits: modulo each small prime, over its units; in `parts` equal parts of the interval from
/// sqrt(2) * 2^(bits-1); in `parts` residues of their low bits.
fn deviates<const L: usize>(primes: &[[u64; L]], bits: usize, parts: u64) -> Deviates {
    let mut deviates = Deviates::default();
    for q in small_primes() {
        let mut counts = vec![0; q as usize - 1];
        for prime in primes {
            counts[modulo(prime, q) as usize - 1] += 1;
        }
        deviates.add(&format!("modulo {q}"), &counts);
    }
    let root = 0xb504_f333_f9de_6485; // sqrt(2) * 2^63
    let mut counts = vec![0; parts as usize];
    for prime in primes {
        assert_eq!(bits, 64 * L);
        let above = u128::from(prime[L - 1] - root) * u128::from(parts) / u128::from(0u64.wrapping_sub(root));
        counts[above as usize] += 1;
    }
    deviates.add("top bits", &counts);
    let mut counts = vec![0; parts as usize];
    for prime in primes {
        counts[(prime[0] / 2 % parts) as usize] += 1;
    }
    deviates.add("bottom bits", &counts);
    deviates
}

#[test]
#[ignore = "a long run"]
fn small_primes_are_uniform() {
    let mut rng = HmacDrbg::new(&[b"statistics, 128 bits"]);
    let mut bases = HmacDrbg::new(&[b"statistics, bases"]);
    let mut source = Wheel::<_, 2>::new(128, &mut rng);
    let mut search = Search::new(128, &mut source, Portable);
    let mut primes = Vec::new();
    while primes.len() < 100_000 {
        let mut candidate = [0; 2];
        search.next(10_000, &mut candidate).unwrap();
        // At this size, pseudoprimes to base 2 are not negligible, so we do ten rounds.
        let tested = Tested::new(&candidate);
        let prime = (0..10).all(|_| {
            let mut round = [tested.round()];
            tested.draw_base(&mut round[0].value, &mut bases);
            Portable.power(128, &mut round);
            passed(&round[0]).into()
        });
        if prime {
            primes.push(candidate);
        }
    }
    deviates(&primes, 128, 64).judge();
}

/// ROCA (CVE-2017-15361): the moduli of that generator are powers of 65537 modulo each of these primes.
fn looks_like_roca(modulus: &[u64]) -> bool {
    [11u64, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157].iter().all(|q| {
        let rest = modulo(modulus, *q);
        (0..*q).scan(1, |power, _| Some(core::mem::replace(power, *power * 65537 % q))).any(|power| power == rest)
    })
}

#[test]
#[ignore = "a long run"]
fn keys_share_no_prime_and_have_no_weakness() {
    let mut rng = HmacDrbg::new(&[b"statistics, 2048 bits"]);
    let mut primes: Vec<[u64; 16]> = Vec::new();
    let mut common = BTreeMap::new();
    for _ in 0..2_000 {
        let key = RsaPrivateKey::generate_with(2048, &mut rng).unwrap();
        let [p, q] = [key.prime_p(), key.prime_q()].map(|prime| {
            let mut limbs = [0; 16];
            crate::kernels::bignum::limbs::from_be_bytes(prime, &mut limbs);
            limbs
        });
        let mut modulus = [0; 32];
        crate::kernels::bignum::limbs::from_be_bytes(key.modulus(), &mut modulus);
        assert!(!looks_like_roca(&modulus));
        // Fermat's method finds p and q after ((sqrt(p) - sqrt(q))^2 / 2) steps. We try 100.
        let n = U2048::from_be_slice(key.modulus());
        let mut a = n.floor_sqrt_vartime();
        for _ in 0..100 {
            a = a.wrapping_add(&U2048::ONE);
            let square = a.wrapping_mul(&a).wrapping_sub(&n);
            let root = square.floor_sqrt_vartime();
            assert_ne!(root.wrapping_mul(&root), square);
        }
        let order = |prime: &[u8]| U1024::from_be_slice(prime).wrapping_sub(&U1024::ONE);
        let gcd = order(key.prime_p()).gcd_vartime(&order(key.prime_q()));
        let gcd = gcd.div_rem_vartime(&NonZero::new(U1024::from(2u64)).unwrap()).0;
        *common.entry(gcd.as_words()[0]).or_insert(0) += 1;
        primes.extend([p, q]);
    }
    assert_eq!(primes.iter().collect::<BTreeSet<_>>().len(), 4_000, "no shared primes");
    let most: Vec<String> = common.iter().take(6).map(|(half, n)| format!("{}: {n}", 2 * half)).collect();
    println!("gcd(p-1, q-1) {}", most.join(", "));
    // p-1 and q-1 share an odd prime r in one of (r-1)^2 keys, and both are 0 mod 4 in one of 4. So they share only 2 with a
    // probability of 3/4 times the product of 1 - 1/(r-1)^2, the twin prime constant: 0.75 * 0.6602 = 0.495.
    let alone = f64::from(common[&1]) / 2_000.0;
    assert!((alone - 0.495).abs() < 5.0 * (0.495f64 * 0.505 / 2_000.0).sqrt(), "{alone}");
    deviates(&primes, 1024, 32).judge();
}

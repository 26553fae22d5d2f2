//! Each search finds factors up to the limits that its documentation states, and none beyond them. The factors in these tests have
//! the form that the search looks for, but need not be prime.

use super::factor::Factor;
use super::test_numbers::{PRIMES, number};
use super::wide_root::{FRACTION_BITS, WideRoot, top_bits};
use super::{equal_halves, prime_difference, prime_ratio, repeated_word};
use crate::random::Random;
use alloc::vec::Vec;
use dashu_int::UBig;
use dashu_int::ops::{BitTest, SquareRoot};

fn limbs(x: &UBig) -> Vec<u64> {
    let mut bytes = x.to_le_bytes().into_vec();
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes.as_chunks().0.iter().map(|limb| u64::from_le_bytes(*limb)).collect()
}

fn from_limbs(limbs: &[u64]) -> UBig {
    let bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    UBig::from_le_bytes(&bytes)
}

fn one() -> UBig {
    UBig::from(1u8)
}

/// An odd number of exactly `bits` bits.
fn odd(random: &mut Random, bits: usize) -> UBig {
    number(random, bits) | one()
}

/// Whether a factor was found. It must divide n.
fn found(factor: Option<Factor>, n: &UBig) -> bool {
    factor.is_some_and(|factor| {
        let factor = UBig::from_be_bytes(factor.as_bytes());
        assert!(factor > one() && factor < *n && (n % factor).is_zero());
        true
    })
}

/// a - b.
fn above(a: &UBig, b: &UBig) -> i64 {
    let distance = |a: &UBig, b: &UBig| i64::try_from(a - b).unwrap();
    if a < b { -distance(b, a) } else { distance(a, b) }
}

/// n = pq, and its square root, of `bits` bits. p and q have the same k low bits, but not the same k+1. Their difference is among
/// the largest that are found for the smaller of k and `most`.
fn with_equal_low_bits(random: &mut Random, bits: usize, k: usize, most: usize) -> (UBig, UBig) {
    let surplus = k.saturating_sub(most);
    loop {
        let less = random.below(2);
        let q = odd(random, bits - less);
        let less = random.below(2);
        let rest = odd(random, bits.div_ceil(2) - less - surplus) << surplus;
        let n = (&q + (&rest << (k - surplus))) * q;
        let sqrt = n.sqrt();
        if sqrt.bit_len() == bits && &rest * &rest < sqrt {
            return (n, sqrt);
        }
    }
}

#[test]
fn equal_lower_halves_are_found_with_up_to_63_equal_upper_bits() {
    let mut random = Random(1);
    for bits in [512, 777, 1024, 2048, 8192usize] {
        let most = bits.div_ceil(2) + 1;
        for k in (most - 66..=most + 2).rev().step_by(if bits > 2048 { 8 } else { 1 }) {
            for _ in 0..6 {
                let (n, sqrt) = with_equal_low_bits(&mut random, bits, k, most);
                let factor = equal_halves::find(&limbs(&n), &limbs(&sqrt));
                assert_eq!(found(factor, &n), k > most - 65, "{bits} bits, k = {k}, the largest is {most}");
            }
        }
    }
}

/// n = pq for p = q + 2^(j+1) + c, where j = bits - 1 - h, and c puts (p+q)/2 about `hundredths` / 100 above sqrt(n + 4^j); and how
/// far (p+q)/2 is above that root, rounded down.
fn with_difference(random: &mut Random, bits: usize, h: usize, hundredths: i64) -> (UBig, i64) {
    let j = bits - 1 - h;
    loop {
        let q = odd(random, bits);
        let middle = &q + (one() << j);
        // (p+q)/2 is above the root by about 2^j c / (p+q).
        let half_of_c = (middle * UBig::from(hundredths.unsigned_abs()) / UBig::from(100u8)) >> j;
        let p = &q + (UBig::from(2u8) << j);
        let p = if hundredths < 0 { p - half_of_c * UBig::from(2u8) } else { p + half_of_c * UBig::from(2u8) };
        let n = &p * &q;
        let root = (&n + (one() << (2 * j))).sqrt();
        if n.sqrt().bit_len() == bits {
            return (n, above(&((p + q) >> 1), &root));
        }
    }
}

#[test]
fn differences_next_to_a_power_of_two_are_found_if_the_root_is_one_of_two() {
    let mut random = Random(2);
    for bits in [512, 777, 1024, 2048, 8192usize] {
        let smallest = (bits + 64).div_ceil(96);
        let most = bits / 2 + 2;
        let step = (most - smallest).div_ceil(if bits > 2048 { 6 } else { 40 });
        for h in (smallest..most).step_by(step).chain([smallest + 1, most - 1, most]) {
            let cases = [(0, 0..2), (95, 1..2), (-95, 0..1), (105, 2..3), (-105, -1..0)];
            // If c is longer than 2^j, its square counts.
            let cases = if 2 * h + 8 > bits { &cases[..1] } else { &cases };
            for (hundredths, distances) in cases {
                let (n, distance) = with_difference(&mut random, bits, h, *hundredths);
                assert!(distances.contains(&distance), "{bits} bits, h = {h}, {hundredths}: {distance}");
                let words = limbs(&n);
                let factor = prime_difference::find(&words, &WideRoot::new(&words, 1));
                assert_eq!(found(factor, &n), (0..2).contains(&distance), "{bits} bits, h = {h}, {hundredths}");
            }
        }
    }
}

#[test]
fn large_differences_next_to_a_power_of_two_are_found_within_the_stated_steps() {
    let mut random = Random(3);
    for bits in [512, 777, 1024, 2048, 8192usize] {
        let smallest = (bits + 64).div_ceil(96);
        for h in (1..smallest).step_by(if bits > 2048 { 12 } else { 1 }).chain([smallest - 1]) {
            let steps = (4096 >> h.min(11)).max(2);
            for (about, is_within) in [(steps, true), (-steps, true), (steps + 1, false), (-steps - 1, false)] {
                let made = || with_difference(&mut random, bits, h, 100 * about - 50);
                let (n, _) = core::iter::repeat_with(made).find(|(_, distance)| *distance == about).unwrap();
                let words = limbs(&n);
                let factor = prime_difference::find_large(&words, &WideRoot::new(&words, 1));
                assert_eq!(found(factor, &n), is_within, "{bits} bits, h = {h}, {about}");
            }
        }
    }
}

/// n = pq for ap close to bq: ap + bq is `distance` above sqrt(4abn), rounded down.
fn with_ratio(random: &mut Random, bits: usize, a: &UBig, b: &UBig, distance: i64) -> UBig {
    loop {
        let q = odd(random, bits);
        let bq = b * &q;
        // s is above the root by d^2 / 2s.
        let d = (&bq * UBig::from(4 * distance.unsigned_abs() - 2)).sqrt();
        let p = ((&bq + d) / a) | one();
        let n = &p * q;
        // A common factor would make it another quotient, too.
        if PRIMES.iter().any(|prime| (&n % UBig::from(*prime)).is_zero()) {
            continue;
        }
        let root = (&n * a * b * UBig::from(4u8)).sqrt();
        if above(&(a * p + bq), &root) == distance {
            return n;
        }
    }
}

fn has_ratio(n: &UBig) -> bool {
    let words = limbs(n);
    found(prime_ratio::find(&words, &WideRoot::new(&words, 1)), n)
}

#[test]
fn quotients_next_to_a_fraction_are_found_within_four_steps() {
    let mut random = Random(4);
    for bits in [512, 777, 1024, 2048, 8190] {
        for (a, b) in (1..=16u8).flat_map(|a| (a + 1..=16).map(move |b| (a, b))) {
            let is_coprime = (2..=16).all(|d| a % d > 0 || b % d > 0);
            let is_checked_here = is_coprime && !(u16::from(a) * u16::from(b)).is_power_of_two();
            if !is_checked_here || bits > 2048 && (a + b) % 4 > 0 {
                continue;
            }
            for distance in 1..=5 {
                let n = with_ratio(&mut random, bits, &UBig::from(a), &UBig::from(b), distance);
                assert_eq!(has_ratio(&n), distance < 5, "{bits} bits, {a}/{b}, {distance}");
            }
        }
    }
    // The smallest numbers beyond the limit.
    for (a, b) in [(1u8, 17u8), (3, 17), (15, 17)] {
        assert!(!has_ratio(&with_ratio(&mut random, 1024, &UBig::from(a), &UBig::from(b), 1)), "{a}/{b}");
    }
}

#[test]
fn quotients_next_to_a_power_of_two_are_found_up_to_2_to_the_1024() {
    let mut random = Random(5);
    for bits in [512, 777, 1024, 7670] {
        for k in (1..=1024).step_by(if bits > 1024 { 193 } else { 31 }).chain([2, 3, 4, 64, 65, 1023, 1024, 1026, 1027])
        {
            for distance in 1..=4 {
                let n = with_ratio(&mut random, bits, &one(), &(one() << k), distance);
                assert_eq!(has_ratio(&n), k <= 1024 && distance <= 2, "{bits} bits, 2^{k}, {distance}");
            }
        }
    }
}

/// An odd number that is `distance`, or one less, above the number of `bits` bits that repeats a word.
fn next_to_word(word: &UBig, size: usize, bits: usize, distance: i32) -> UBig {
    let repeated = (0..=bits / size).fold(UBig::from(0u8), |number, _| (number << size) | word);
    let repeated = repeated >> ((bits / size + 1) * size - bits);
    let odd = if repeated.bit(0) { distance & !1 } else { (distance - 1) | 1 };
    let by = UBig::from(odd.unsigned_abs());
    if odd < 0 { repeated - by } else { repeated + by }
}

#[test]
fn repeated_words_are_found_of_any_length_and_at_any_distance() {
    let mut random = Random(7);
    for bits in [512, 777, 1024, 2048, 8192] {
        for size in [8, 9, 31, 64, 150, 200, 255, 256, 257, 300] {
            // The product of two coefficients is below the middle of n, with some bits to spare.
            let is_short = size <= 256 && 2 * size + 32 + 68 <= bits - 12;
            if !is_short && size <= 256 {
                continue;
            }
            // How many bits q is shorter than p, and how far each is from its repeated word: below, next to and above it.
            for (shorter, distances) in
                (0..11).cycle().zip([-999, 1, 2, 999].map(|p| [-1001, 1, 4, 30_000].map(|q| [p, q])).as_flattened())
            {
                let mut word = || odd(&mut random, size - 1) << (shorter % 2);
                let [p, q] = [word(), word()];
                let p = next_to_word(&p, size, bits, distances[0]);
                let q = next_to_word(&q, size, bits - shorter, distances[1]);
                let n = p * q;
                assert_eq!(
                    found(repeated_word::find(&limbs(&n)), &n),
                    is_short,
                    "{bits} bits, {size}, {distances:?}, {shorter}"
                );
            }
        }
    }
}

#[test]
fn a_sum_may_have_one_limb_more_than_its_parts() {
    let (base, d) = ((one() << 128) - one(), UBig::from(12_345u16));
    let s = &base + one();
    let n = &s * &s - &d * &d;
    assert!(found(Factor::of_sum(&limbs(&base), &[1], &limbs(&n), &limbs(&n)), &n));
}

#[test]
fn a_wide_root_has_all_bits_and_its_fraction_has_the_highest_ones() {
    let mut random = Random(6);
    for bits in (64..=1024).step_by(31).chain([1024, 2047, 2048, 8191, 16_383, 16_384]) {
        // Twice the last one may have a limb more.
        for n in [odd(&mut random, bits), one() << (bits - 1), (one() << bits) - one()] {
            for times in [1, 2] {
                let words = limbs(&n);
                let root = WideRoot::new(&words, times);
                let expected = ((&n * UBig::from(times)) << (2 * FRACTION_BITS)).sqrt();
                assert_eq!(from_limbs(root.limbs()), expected, "{bits} bits, {times}");
                assert_eq!(from_limbs(root.floor()), &expected >> FRACTION_BITS, "{bits} bits, {times}");
                let mut fraction = [0; 12];
                root.as_fraction(&mut fraction);
                assert_eq!(from_limbs(&fraction), highest(&expected, 12 * 64), "{bits} bits, {times}");
            }
            for length in 1..20 {
                let mut fraction = [0; 20];
                top_bits(&limbs(&n), &mut fraction[..length]);
                assert_eq!(from_limbs(&fraction[..length]), highest(&n, 64 * length), "{bits} bits, {length} limbs");
            }
        }
    }
}

/// x, shifted so that it has `bits` bits.
fn highest(x: &UBig, bits: usize) -> UBig {
    if x.bit_len() > bits { x >> (x.bit_len() - bits) } else { x << (bits - x.bit_len()) }
}

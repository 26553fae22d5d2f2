//! The property tests for every backend. They compare with simple arithmetic: `crypto-bigint`'s multiplication and remainder,
//! step by step.
//!
//! Most numbers of operands are odd, and so are the portable backend's widths, because a kernel that is unrolled by two, or by
//! lanes, fails at the remainders.

use super::backend::{Backend, MAX_CANDIDATE_LANES, Power};
use super::division::load;
use super::limbs;
use crate::random::Random;
use crypto_bigint::{NonZero, U1024, U2048};
use std::boxed::Box;
use std::time::{Duration, Instant};
use std::vec;
use std::vec::Vec;
use subtle::Choice;

/// Expands to the tests of a backend, for some widths of at most 16 limbs. The machine need not support the backend. The first
/// width is also used for small numbers.
macro_rules! backend_suite {
    ($backend:expr, $cases:literal cases, [$small:literal $(, $width:literal)*]) => {
        mod suite {
            use super::*;
            use proptest::prelude::*;

            proptest! {
                #![proptest_config(ProptestConfig::with_cases($cases))]

                #[test]
                fn powers_agree_with_plain_multiplication(
                    seeds in proptest::collection::vec(proptest::collection::vec(any::<u64>(), 49), 1..=9),
                    edge in 0usize..5,
                ) {
                    if let Some(backend) = $backend {
                        $crate::kernels::bignum::suite::powers::<_, $small>(backend, &seeds, edge);
                        $($crate::kernels::bignum::suite::powers::<_, $width>(backend, &seeds, edge);)*
                    }
                }
            }

            #[test]
            fn the_screen_passes_primes_and_pseudoprimes_to_base_2_only() {
                if let Some(backend) = $backend {
                    $crate::kernels::bignum::suite::screen::<_, $small>(backend);
                }
            }

            #[test]
            fn a_prime_is_seen_in_any_lane_and_in_no_other() {
                if let Some(backend) = $backend {
                    $crate::kernels::bignum::suite::one_prime_lane(backend);
                }
            }

            #[test]
            fn nothing_but_the_operands_is_accessed() {
                if let Some(backend) = $backend {
                    $crate::kernels::guard::on_each_side(|| {
                        $crate::kernels::bignum::suite::operands_on_the_heap::<_, $small>(backend);
                        $($crate::kernels::bignum::suite::operands_on_the_heap::<_, $width>(backend);)*
                    });
                }
            }

            #[test]
            fn small_factors_are_found_and_nothing_else_is() {
                if let Some(backend) = $backend {
                    $crate::kernels::bignum::suite::small_factors(backend);
                }
            }
        }
    };
}
pub(crate) use backend_suite;

/// The best of the runs within `time`, with at least one run: other work on the machine only adds time.
pub(crate) fn best_within(time: Duration, mut run: impl FnMut()) -> Duration {
    let (begin, mut best) = (Instant::now(), Duration::MAX);
    while best == Duration::MAX || begin.elapsed() < time {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
    }
    best
}

fn oracle(x: &[u64]) -> U1024 {
    *load::<{ U1024::LIMBS }>(x)
}

/// `a * b mod n`.
fn multiply(a: &U1024, b: &U1024, n: &U1024) -> U1024 {
    let product: U2048 = a.concatenating_mul(b);
    product.rem_vartime(&NonZero::new(*n).unwrap())
}

/// Moduli for a round of a test of products: of the full width or any other with as many limbs, random, at an edge of their size,
/// or all the same. Returns their size, too.
#[cfg(target_arch = "x86_64")]
pub(crate) fn moduli<const L: usize, const LANES: usize>(
    random: &mut Random,
    round: usize,
) -> (usize, [[u64; L]; LANES]) {
    let bits = if round.is_multiple_of(2) { 64 * L } else { 64 * L - round % 384 };
    let top = 1 << ((bits - 1) % 64);
    let mut moduli: [[u64; L]; LANES] = core::array::from_fn(|lane| {
        let mut n: [u64; L] = match round % 5 {
            0 => [0; L],        // just above a power of two
            1 => [u64::MAX; L], // just below the next
            _ => random.limbs(),
        };
        n[0] = (n[0] ^ (lane as u64) << 1) | 1;
        n[bits.div_ceil(64)..].fill(0);
        let highest = &mut n[(bits - 1) / 64];
        *highest = (*highest & (top - 1)) | top;
        n
    });
    if round % 5 == 2 {
        moduli = [moduli[0]; LANES];
    }
    (bits, moduli)
}

/// One prime among composites, in each lane and for each size.
pub(crate) fn one_prime_lane<B: Backend>(backend: B) {
    fn at<B: Backend, const L: usize>(backend: B, distance: u64) {
        // 2^(64 L) - distance is the largest prime below 2^(64 L).
        let below = |distance: u64| {
            let mut n = [u64::MAX; L];
            n[0] -= distance - 1;
            n
        };
        for lane in 0..B::LANES {
            let mut candidates: Vec<_> = (0..B::LANES as u64).map(|i| below(2 * i + 1)).collect();
            candidates[lane] = below(distance);
            let mut passed = [Choice::from(0); MAX_CANDIDATE_LANES];
            backend.euler_base_2(64 * L, &candidates, &mut passed);
            assert_eq!(passed.map(bool::from), core::array::from_fn(|i| i == lane), "L = {L}");
        }
    }
    at::<B, 16>(backend, 105);
    at::<B, 24>(backend, 3453);
    at::<B, 32>(backend, 1557);
    at::<B, 48>(backend, 47);
    at::<B, 64>(backend, 2549);
}

/// Several powers at once, every other one a witness, modulo numbers at an edge of their size.
pub(crate) fn powers<B: Backend, const L: usize>(backend: B, seeds: &[Vec<u64>], edge: usize) {
    // A full width, and one whose highest limb is not full.
    for bits in [64 * L, 64 * L - 13] {
        let top = 1 << ((bits - 1) % 64);
        let moduli: Vec<[u64; L]> = seeds
            .iter()
            .map(|seed| {
                let mut n: [u64; L] = core::array::from_fn(|i| match edge {
                    0 => 0,           // just above a power of two
                    1 => u64::MAX,    // just below the next
                    2 => seeds[0][i], // all the same
                    _ => seed[i],
                });
                n[0] |= 1;
                n[L - 1] = n[L - 1] & (top | (top - 1)) | top;
                if n == core::array::from_fn(|i| if i == L - 1 { top } else { u64::from(i == 0) }) || L == 1 {
                    n[0] |= 6; // A modulus of 1 has no arithmetic.
                }
                n
            })
            .collect();
        let exponents: Vec<[u64; L]> = seeds
            .iter()
            .map(|seed| {
                let mut e: [u64; L] = core::array::from_fn(|i| if edge == 3 { u64::MAX } else { seed[16 + i] });
                e[L - 1] &= top | (top - 1);
                e
            })
            .collect();
        let mut work: Vec<Power<'_, L>> = (0..seeds.len())
            .map(|i| {
                let below = |x: U1024| {
                    let reduced = x.rem_vartime(&NonZero::new(oracle(&moduli[i])).unwrap());
                    let mut out = [0; L];
                    limbs::from_be_bytes(&reduced.to_be_bytes().as_ref()[128 - 8 * L..], &mut out);
                    out
                };
                let base = below(oracle(&seeds[i][32..32 + L]));
                let mut power = Power::new(&exponents[i], &moduli[i]);
                power.value = base;
                power.witness = (i % 2 == 0).then_some((seeds[i][48] % 65) as u32);
                power
            })
            .collect();
        let bases: Vec<U1024> = work.iter().map(|power| oracle(&power.value)).collect();
        backend.power(bits, &mut work);
        for (i, power) in work.iter().enumerate() {
            let n = oracle(&moduli[i]);
            let mut expected = U1024::ONE;
            for bit in (0..bits).rev() {
                expected = multiply(&expected, &expected, &n);
                if exponents[i][bit / 64] >> (bit % 64) & 1 == 1 {
                    expected = multiply(&expected, &bases[i], &n);
                }
            }
            assert_eq!(oracle(&power.value), expected, "L = {L}, lane {i}");
            let mut square = expected;
            let met = (0..power.witness.unwrap_or(0)).any(|_| {
                let is_minus_one = square == n.wrapping_sub(&U1024::ONE);
                square = multiply(&square, &square, &n);
                is_minus_one
            });
            assert_eq!(bool::from(power.met_minus_one), met, "L = {L}, lane {i}");
        }
    }
}

/// Runs every operation, with each operand in a heap block of its own. `guard` makes an access outside of them fatal.
pub(crate) fn operands_on_the_heap<B: Backend, const L: usize>(backend: B) {
    let mut random = Random(L as u64);
    for count in 1..=B::LANES + 1 {
        // Few bits suffice, because a kernel processes whole numbers, whatever their size.
        let candidates: Box<[[u64; L]]> = (0..count)
            .map(|_| core::array::from_fn(|i| if i == 0 { random.next() | 1 << 63 | 1 } else { 0 }))
            .collect();
        let mut passed: Box<[Choice]> = vec![Choice::from(0); count].into();
        backend.euler_base_2(64, &candidates, &mut passed);
        let numbers: Vec<Box<[u64; L]>> = candidates.iter().map(|number| Box::new(*number)).collect();
        let mut powers: Box<[Power<'_, L>]> = numbers.iter().map(|number| Power::new(number, number)).collect();
        for (i, power) in powers.iter_mut().enumerate() {
            power.value[0] = 2;
            power.witness = (i % 2 == 0).then_some(1);
        }
        backend.power(64, &mut powers);
        // Fermat's little theorem, and Euler's criterion.
        for (power, passed) in powers.iter().zip(&passed) {
            assert!(power.value[0] == 2 || !bool::from(*passed));
        }
    }
    // A number without small factors is divided by all primes.
    if L > 8 {
        let mut number = Box::new([u64::MAX; L]);
        number[8..].fill(0);
        number[8] = 0x1ff;
        assert!(!backend.has_small_factor(&number), "2^521 - 1 is prime");
    }
    for limbs in 2..=L {
        let number: Box<[u64]> = vec![u64::MAX; limbs].into();
        assert!(backend.has_factor_below_2_17_vartime(&number), "2^(64 limbs) - 1 is a multiple of 3");
    }
}

/// All odd numbers of 16 bits, in batches of changing length. Primes must pass, and among the composites exactly the
/// Euler-Jacobi pseudoprimes to base 2, which are computed independently here.
pub(crate) fn screen<B: Backend, const L: usize>(backend: B) {
    let number = |n: u64| core::array::from_fn(|i| if i == 0 { n } else { 0 });
    let numbers: Vec<[u64; L]> = (1u64 << 15..1 << 16).filter(|n| n % 2 == 1).map(number).collect();
    let mut rest = &numbers[..];
    let mut length = 1;
    let mut pseudoprimes = 0;
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(length.min(rest.len()));
        let mut passed = [Choice::from(0); 19];
        backend.euler_base_2(16, batch, &mut passed);
        for (number, passed) in batch.iter().zip(passed) {
            let n = number[0];
            let prime = (3..).take_while(|d| d * d <= n).all(|d| n % d != 0);
            let power = (0..(n - 1) / 2).fold(1, |x, _| 2 * x % n);
            let symbol = if matches!(n % 8, 1 | 7) { 1 } else { n - 1 };
            assert_eq!(bool::from(passed), power == symbol, "{n}");
            assert!(!prime || bool::from(passed), "{n}");
            pseudoprimes += u32::from(!prime && power == symbol);
        }
        rest = after;
        length = length % 19 + 1;
    }
    assert!(pseudoprimes > 0, "the screen is not the whole test, and this shows it");
}

/// Multiples of each small prime, and numbers that have no small factor.
pub(crate) fn small_factors<B: Backend>(backend: B) {
    // 2^521 - 1 and 2^1279 - 1 are prime, so only that small prime itself can find a multiple.
    let mut short = [u64::MAX; 16];
    short[8] = 0x1ff;
    short[9..].fill(0);
    let mut long = [u64::MAX; 24];
    long[19] = u64::MAX >> 1;
    long[20..].fill(0);
    assert!(!backend.has_small_factor(&short) && !backend.has_small_factor(&long));
    // The primes that the backend finds in short and in long numbers: all up to some bound, and none above.
    let mut found = [0, 0];
    for (at, q) in super::sieve::first_odd_primes::<12_250>().into_iter().enumerate() {
        let (mut short, mut long) = (short, long);
        limbs::mul_small(&mut short, u64::from(q), 0);
        limbs::mul_small(&mut long, u64::from(q), 0);
        for (found, is_found) in
            found.iter_mut().zip([backend.has_small_factor(&short), backend.has_small_factor(&long)])
        {
            assert!(!is_found || *found == at, "{q}");
            *found += usize::from(is_found);
        }
    }
    assert!(found[0] > 3000 && found[1] > 6000, "{found:?}");
    // For other numbers, the verdict must agree with division.
    let mut random = Random(1);
    for _ in 0..500 {
        let number: [u64; 16] = random.limbs();
        let divides = |q: &u32| {
            let rest = |rest: u128, &limb: &u64| (rest << 64 | u128::from(limb)) % u128::from(*q);
            number.iter().rev().fold(0, rest) == 0
        };
        let expected = super::sieve::first_odd_primes::<12_250>()[..found[0]].iter().any(divides);
        assert_eq!(backend.has_small_factor(&number), expected);
    }
}

//! The property suite that every backend is put through, against arithmetic that is plain to see: `crypto-bigint`'s
//! multiplication and remainder, one step after the other.
//!
//! The widths are odd on purpose, one limb among them: a kernel unrolled by two, or by the lane, fails at its seams.

use super::limbs::{self, to_be_bytes};
use super::{Backend, Power};
use crypto_bigint::{NonZero, U512, U1024};
use std::vec::Vec;
use subtle::Choice;

/// Stamps the suite into the tests of a backend.
macro_rules! backend_suite {
    ($backend:expr) => {
        mod suite {
            use super::*;
            use proptest::prelude::*;

            proptest! {
                #[test]
                fn powers_agree_with_plain_multiplication(
                    seeds in proptest::collection::vec(any::<[u64; 21]>(), 1..=9),
                    edge in 0usize..4,
                ) {
                    $crate::arith::suite::powers::<_, 1>($backend, &seeds, edge);
                    $crate::arith::suite::powers::<_, 3>($backend, &seeds, edge);
                    $crate::arith::suite::powers::<_, 5>($backend, &seeds, edge);
                    $crate::arith::suite::powers::<_, 7>($backend, &seeds, edge);
                }
            }

            #[test]
            fn the_screen_passes_primes_and_pseudoprimes_to_base_2_only() {
                $crate::arith::suite::screen($backend);
            }
        }
    };
}
pub(crate) use backend_suite;

fn oracle(x: &[u64]) -> U512 {
    let mut bytes = [0; 64];
    to_be_bytes(x, &mut bytes);
    U512::from_be_slice(&bytes)
}

/// `a * b mod n`.
fn multiply(a: &U512, b: &U512, n: &U512) -> U512 {
    let product: U1024 = a.concatenating_mul(b);
    product.rem_vartime(&NonZero::new(*n).unwrap())
}

/// Several powers at once, of which every other one is a witness, modulo numbers at an edge of their size.
pub(crate) fn powers<B: Backend, const L: usize>(backend: B, seeds: &[[u64; 21]], edge: usize) {
    // A width that is full, and one whose highest limb is not.
    for bits in [64 * L, 64 * L - 13] {
        let top = 1 << ((bits - 1) % 64);
        let moduli: Vec<[u64; L]> = seeds
            .iter()
            .map(|seed| {
                let mut n: [u64; L] = core::array::from_fn(|i| match edge {
                    0 => 0,        // just above a power of two
                    1 => u64::MAX, // just below the next
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
                let mut e: [u64; L] = core::array::from_fn(|i| if edge == 3 { u64::MAX } else { seed[7 + i] });
                e[L - 1] &= top | (top - 1);
                e
            })
            .collect();
        let mut work: Vec<Power<'_, L>> = (0..seeds.len())
            .map(|i| {
                let below = |x: U512| {
                    let reduced = x.rem_vartime(&NonZero::new(oracle(&moduli[i])).unwrap());
                    let mut out = [0; L];
                    limbs::from_be_bytes(&reduced.to_be_bytes().as_ref()[64 - 8 * L..], &mut out);
                    out
                };
                let base = below(oracle(&seeds[i][14..14 + L]));
                let mut power = Power::new(&exponents[i], &moduli[i]);
                power.value = base;
                power.witness = (i % 2 == 0).then_some((seeds[i][20] % 65) as u32);
                power
            })
            .collect();
        let bases: Vec<U512> = work.iter().map(|power| oracle(&power.value)).collect();
        backend.power(bits, &mut work);
        for (i, power) in work.iter().enumerate() {
            let n = oracle(&moduli[i]);
            let mut expected = U512::ONE;
            for bit in (0..bits).rev() {
                expected = multiply(&expected, &expected, &n);
                if exponents[i][bit / 64] >> (bit % 64) & 1 == 1 {
                    expected = multiply(&expected, &bases[i], &n);
                }
            }
            assert_eq!(oracle(&power.value), expected, "L = {L}, lane {i}");
            let mut square = expected;
            let met = (0..power.witness.unwrap_or(0)).any(|_| {
                let is_minus_one = square == n.wrapping_sub(&U512::ONE);
                square = multiply(&square, &square, &n);
                is_minus_one
            });
            assert_eq!(bool::from(power.met_minus_one), met, "L = {L}, lane {i}");
        }
    }
}

/// All odd numbers of 16 bits, in batches of changing length: primes must pass; of the composites, exactly the Euler-Jacobi
/// pseudoprimes to base 2 do, which are counted independently here.
pub(crate) fn screen<B: Backend>(backend: B) {
    let numbers: Vec<[u64; 1]> = (1u64 << 15..1 << 16).filter(|n| n % 2 == 1).map(|n| [n]).collect();
    let mut rest = &numbers[..];
    let mut length = 1;
    let mut pseudoprimes = 0;
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(length.min(rest.len()).min(8));
        let mut passed = [Choice::from(0); 8];
        backend.euler_base_2(16, batch, &mut passed);
        for ([n], passed) in batch.iter().zip(passed) {
            let prime = (3..).take_while(|d| d * d <= *n).all(|d| n % d != 0);
            let power = (0..(n - 1) / 2).fold(1, |x, _| 2 * x % n);
            let symbol = if matches!(n % 8, 1 | 7) { 1 } else { n - 1 };
            assert_eq!(bool::from(passed), power == symbol, "{n}");
            assert!(!prime || bool::from(passed), "{n}");
            pseudoprimes += u32::from(!prime && power == symbol);
        }
        rest = after;
        length = length % 8 + 1;
    }
    assert!(pseudoprimes > 0, "the screen is not the whole test, and this shows it");
}

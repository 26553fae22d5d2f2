//! ROCA: primes p = k M + (65537^a mod M), where M is the product of the first 39 primes or more. The library of a maker of
//! smart cards and TPMs made such keys until 2017 (M. Nemec, M. Sys, P. Svenda, D. Klinec and V. Matyas, "The Return of
//! Coppersmith's Attack", ACM CCS 2017).
//!
//! Then n = 65537^(a+b) mod M. For each prime r of M that says that n mod r is a power of 65537: a sieve, through which one of
//! 2^27 other numbers without these factors falls. The exponent is found modulo the order of 65537 modulo each r, as these are
//! small; and the orders have common factors, so that the exponents of two primes must agree modulo the greatest common divisor
//! of their orders. If all do, there is one exponent for all of M (the Chinese remainder theorem), and n is a power modulo M: of
//! other numbers one in 2^154, as 65537 has an order of 2^61 modulo M, and 2^216 numbers have no factor in common with M.
//!
//! Nearly every key is let off by one of the first primes.

use crate::kernels::bignum::limbs::remainder_by_word_vartime;
use crate::kernels::bignum::sieve::first_odd_primes;

/// The odd primes of the smallest M.
const PRIMES: [u32; 38] = first_odd_primes();

/// An exponent modulo an order.
#[derive(Clone, Copy, Default)]
struct Logarithm {
    exponent: u16,
    order: u16,
}

/// Whether n is a power of 65537 modulo M.
pub(super) fn found(n: &[u64]) -> bool {
    let mut logarithms = [Logarithm::default(); PRIMES.len()];
    for (i, &prime) in PRIMES.iter().enumerate() {
        let Some(logarithm) = logarithm(n, prime) else { return false };
        // With each of those before it.
        if !logarithms[..i].iter().all(|other| agree(logarithm, *other)) {
            return false;
        }
        logarithms[i] = logarithm;
    }
    true
}

/// The logarithm of n modulo a prime to the base 65537, if it is a power of it; found by trying all.
fn logarithm(n: &[u64], prime: u32) -> Option<Logarithm> {
    let prime = u64::from(prime);
    let rest = remainder_by_word_vartime(n, prime);
    let (mut power, mut exponent) = (1, None);
    for order in 0u16..256 {
        if order > 0 && power == 1 {
            return exponent.map(|exponent| Logarithm { exponent, order });
        }
        if power == rest {
            exponent = Some(order);
        }
        power = power * 65537 % prime;
    }
    None
}

/// Whether some number is both exponents modulo their orders.
fn agree(a: Logarithm, b: Logarithm) -> bool {
    let common = gcd(a.order, b.order);
    a.exponent % common == b.exponent % common
}

/// Of numbers above 0.
fn gcd(a: u16, b: u16) -> u16 {
    if b == 0 { a } else { gcd(b, a % b) }
}

//! ROCA: primes p = k M + (65537^a mod M), where M is the product of the first 39 primes or more. A library by a manufacturer
//! of smart cards and TPMs generated such keys until 2017 (M. Nemec, M. Sys, P. Svenda, D. Klinec and V. Matyas, "The Return of
//! Coppersmith's Attack", ACM CCS 2017).
//!
//! Then n = 65537^(a+b) mod M, so n mod r is a power of 65537 for each prime r of M. This is a sieve that one in 2^27 other
//! numbers without these factors passes. We find the exponent modulo the order of 65537 modulo each r, as these orders are
//! small. Orders have common factors, so the exponents for two primes must agree modulo the greatest common divisor of their
//! orders. If all do, there is one exponent for all of M (the Chinese remainder theorem), and n is a power modulo M. One in
//! 2^154 other numbers is: 65537 has an order of 2^61 modulo M, and 2^216 numbers have no factor in common with M.
//!
//! Nearly every key passes early, at one of the first primes.

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
        // Compared with each one before it.
        if !logarithms[..i].iter().all(|other| agree(logarithm, *other)) {
            return false;
        }
        logarithms[i] = logarithm;
    }
    true
}

/// The logarithm of n modulo a prime to the base 65537, if n is a power of 65537 there. Tries all exponents.
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

/// Whether some number is congruent to both exponents modulo their orders.
fn agree(a: Logarithm, b: Logarithm) -> bool {
    let common = gcd(a.order, b.order);
    a.exponent % common == b.exponent % common
}

/// The greatest common divisor of two numbers above 0.
fn gcd(a: u16, b: u16) -> u16 {
    if b == 0 { a } else { gcd(b, a % b) }
}

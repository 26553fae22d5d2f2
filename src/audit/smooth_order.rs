//! A prime factor p for which p-1 or p+1 has only small factors, and factors that Pollard's rho method finds.
//!
//! **p-1** (J. Pollard, 1974). Let E be the product of the highest powers, up to [`BOUND`], of all primes. If p-1 divides E, then
//! 2^E = 1 modulo p, and p divides gcd(2^E - 1, n).
//!
//! **p+1** (H. Williams, Math. Comp. 39, 1982). The same in the group of numbers of norm 1 of the quadratic field, with the Lucas
//! numbers V of a: V_0 = 2, V_1 = a, V_2m = V_m^2 - 2, V_(2m+1) = V_m V_(m+1) - a. If p+1 divides E and a^2 - 4 is not a square
//! modulo p, p divides gcd(V_E - 2, n). Half of all primes have that property for one a; we try two.
//!
//! **rho** (J. Pollard, BIT 15, 1975; R. Brent, BIT 20, 1980). The numbers x, f(x), f(f(x)), ... for f(x) = x^2 + 1 modulo n
//! repeat modulo p after about sqrt(p) steps; a product of differences is a multiple of p then. [`RHO_STEPS`] steps find most
//! factors of 20 bits and some of 23.
//!
//! Sound primes of 1024 bits are never found like this: fewer than one in 10^150 have a p-1 with no factor above 2^10. What is
//! found are faults: a modulus that is any number instead of a product of two primes (a bit that changed) has a factor between
//! 2^17 and 2^21 in one case of five.
//!
//! A larger bound was left out because of its cost: E has 1.44 times as many bits as the bound is large, so p-1 with a bound
//! of 2^20 takes a thousand times as many steps.
//!
//! The arithmetic is that of the portable backend, one number at a time. The vector backends need as long for one number as
//! for four or eight.

use super::factor::Factor;
use crate::kernels::bignum::limbs::{from_be_bytes, without_leading_zeros_vartime};
use crate::kernels::bignum::portable::{Montgomery, subtract};
use crate::kernels::bignum::sieve::first_odd_primes;
use crate::rsa::{RsaPublicKey, at_width};
use subtle::Choice;

/// The largest prime power in E.
const BOUND: u32 = 1 << 10;

/// The odd primes below [`BOUND`].
const PRIMES: [u32; 171] = first_odd_primes();

/// The number of limbs of E, which has about 1.44 times as many bits as [`BOUND`] is large.
const EXPONENT_LIMBS: usize = 24;

/// How many steps of the rho method we take.
const RHO_STEPS: usize = 1 << 11;

/// E: see the module.
const EXPONENT: [u64; EXPONENT_LIMBS] = {
    let mut exponent = [0u64; EXPONENT_LIMBS];
    exponent[0] = BOUND as u64;
    let mut i = 0;
    while i < PRIMES.len() {
        let prime = PRIMES[i];
        let mut power = prime;
        while power * prime <= BOUND {
            power *= prime;
        }
        let (mut carry, mut limb) = (0, 0);
        while limb < EXPONENT_LIMBS {
            let wide = exponent[limb] as u128 * power as u128 + carry;
            exponent[limb] = wide as u64;
            carry = wide >> 64;
            limb += 1;
        }
        assert!(carry == 0);
        i += 1;
    }
    exponent
};

/// A factor of the modulus of a key of at most 4096 bits.
// Not inlined, so that its buffers are not on the stack of the other checks.
#[inline(never)]
pub(super) fn find(key: &RsaPublicKey<'_>) -> Option<Factor> {
    at_width!(key.bits(), L => Search::<L>::new(key).find())
}

/// The arithmetic modulo n.
struct Search<const L: usize> {
    field: Montgomery<L>,
    n: [u64; L],
    one: [u64; L],
}

impl<const L: usize> Search<L> {
    fn new(key: &RsaPublicKey<'_>) -> Self {
        let mut n = [0; L];
        from_be_bytes(key.modulus(), &mut n);
        let mut field = Montgomery::new();
        field.set_modulus(&n, key.bits());
        let mut small = [0; L];
        small[0] = 1;
        let one = *field.enter(&small);
        Self { field, n, one }
    }

    fn find(&mut self) -> Option<Factor> {
        self.p_minus_1().or_else(|| self.p_plus_1(3)).or_else(|| self.p_plus_1(6)).or_else(|| self.rho())
    }

    fn minus_one(&self) -> [u64; L] {
        let mut minus_one = self.n;
        subtract(&mut minus_one, &self.one, &self.n);
        minus_one
    }

    /// A small number.
    fn small(&self, times: u32) -> [u64; L] {
        let (mut sum, minus_one) = (self.one, self.minus_one());
        for _ in 1..times {
            subtract(&mut sum, &minus_one, &self.n);
        }
        sum
    }

    /// What a number and n have in common. Montgomery's form does not change it, since R and n have nothing in common.
    fn common(&self, x: &[u64; L]) -> Option<Factor> {
        Factor::common(x, without_leading_zeros_vartime(&self.n))
    }

    /// The bits of E, highest first.
    fn exponent_bits() -> impl Iterator<Item = bool> {
        (0..64 * EXPONENT_LIMBS)
            .rev()
            .map(|bit| EXPONENT.get(bit / 64).is_some_and(|limb| limb >> (bit % 64) & 1 == 1))
            .skip_while(|bit| !bit)
    }

    fn p_minus_1(&mut self) -> Option<Factor> {
        let mut x = self.one;
        for bit in Self::exponent_bits() {
            self.field.square(&mut x);
            self.field.double_if(&mut x, Choice::from(u8::from(bit)));
        }
        subtract(&mut x, &self.one, &self.n);
        self.common(&x)
    }

    fn p_plus_1(&mut self, a: u32) -> Option<Factor> {
        let (a, two) = (self.small(a), self.small(2));
        // V_m and V_(m+1).
        let (mut low, mut high) = (two, a);
        for bit in Self::exponent_bits() {
            let mut between = low;
            self.field.multiply(&mut between, &high);
            subtract(&mut between, &a, &self.n);
            let squared = if bit { &mut high } else { &mut low };
            self.field.square(squared);
            subtract(squared, &two, &self.n);
            *(if bit { &mut low } else { &mut high }) = between;
        }
        subtract(&mut low, &two, &self.n);
        self.common(&low)
    }

    fn rho(&mut self) -> Option<Factor> {
        let minus_one = self.minus_one();
        let (mut x, mut product) = (self.small(2), self.one);
        let mut saved = x;
        for step in 1..=RHO_STEPS {
            self.field.square(&mut x);
            subtract(&mut x, &minus_one, &self.n);
            let mut difference = x;
            subtract(&mut difference, &saved, &self.n);
            self.field.multiply(&mut product, &difference);
            if step.is_power_of_two() {
                saved = x;
            }
        }
        self.common(&product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::PublicKeyRef;

    /// Which methods find a factor alone: p-1, p+1 with 3, p+1 with 6, and rho.
    fn methods(line: &str) -> [bool; 4] {
        let mut buffer = [0; 600];
        let key = PublicKeyRef::parse(line.trim_end(), &mut buffer).unwrap().key_data().as_rsa().unwrap();
        at_width!(key.bits(), L => {
            let mut search = Search::<L>::new(&key);
            [search.p_minus_1(), search.p_plus_1(3), search.p_plus_1(6), search.rho()].map(|factor| factor.is_some())
        })
    }

    #[test]
    fn each_method_finds_the_factors_that_it_is_for() {
        // If a^2 - 4 is a square modulo p, p+1 does what p-1 does.
        let minus = methods(include_str!("../../tests/data/weak/order-minus.pub"));
        let plus = methods(include_str!("../../tests/data/weak/order-plus.pub"));
        let rho = methods(include_str!("../../tests/data/weak/factor-rho.pub"));
        assert_eq!(minus, [true, true, true, false]);
        assert_eq!(plus, [false, false, true, false]);
        assert_eq!(rho, [false, false, false, true]);
    }
}

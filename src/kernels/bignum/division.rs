//! Greatest common divisors and divisions, in constant time. They are not hot, so `crypto-bigint` does them.

use super::limbs::{MAX_LIMBS, from_be_bytes, to_be_bytes};
use crypto_bigint::{NonZero, U1024, U1536, U2048, U3072, U4096, U6144, U8192, Uint};
use zeroize::Zeroizing;

/// Calls `$function::<W, W2>`, where W is a width of `crypto-bigint` for `$L` limbs of 64 bits, and W2 one for twice as many,
/// both in words of the target.
macro_rules! at_width {
    ($L:expr, $function:ident ( $($argument:expr),* )) => {
        match $L {
            0..=16 => $function::<{ U1024::LIMBS }, { U2048::LIMBS }>($($argument),*),
            17..=24 => $function::<{ U1536::LIMBS }, { U3072::LIMBS }>($($argument),*),
            25..=32 => $function::<{ U2048::LIMBS }, { U4096::LIMBS }>($($argument),*),
            33..=48 => $function::<{ U3072::LIMBS }, { U6144::LIMBS }>($($argument),*),
            _ => $function::<{ U4096::LIMBS }, { U8192::LIMBS }>($($argument),*),
        }
    };
}

/// Returns `gcd(a, b)`, and stores `a / gcd(a, b)` in `quotient`, for a above 0.
pub(crate) fn gcd<const L: usize>(a: &[u64; L], b: &[u64; L], quotient: &mut [u64; L]) -> Zeroizing<[u64; L]> {
    fn wide<const W: usize, const W2: usize>(a: &[u64], b: &[u64], gcd: &mut [u64], quotient: &mut [u64]) {
        let (a, b) = (load::<W>(a), load::<W>(b));
        let divisor = Zeroizing::new(nonzero(&Zeroizing::new(a.gcd(&b))));
        store(&divisor, gcd);
        store(&Zeroizing::new(a.div_rem(&divisor).0), quotient);
    }
    let mut divisor = Zeroizing::new([0; L]);
    at_width!(L, wide(a, b, &mut *divisor, quotient));
    divisor
}

/// `a mod modulus`, for `a` as (low half, high half) and a modulus above 0.
pub(crate) fn remainder<const L: usize>(a: &[[u64; L]; 2], modulus: &[u64; L]) -> Zeroizing<[u64; L]> {
    fn wide<const W: usize, const W2: usize>(a: &[u64], modulus: &[u64], out: &mut [u64]) {
        let modulus = Zeroizing::new(nonzero(&load::<W>(modulus)));
        store(&Zeroizing::new(load::<W2>(a).rem(&*modulus)), out);
    }
    let mut out = Zeroizing::new([0; L]);
    at_width!(L, wide(a.as_flattened(), modulus, &mut *out));
    out
}

/// The divisor, which the caller guarantees to be above 0. We replace 0 with 1, so that a violation cannot cause a panic.
fn nonzero<const W: usize>(x: &Uint<W>) -> NonZero<Uint<W>> {
    NonZero::new(*x).unwrap_or(NonZero::<Uint<W>>::ONE)
}

/// The number of bytes in the longest number: a modulus times 2^2048, whose square root has a long fraction.
const MAX_BYTES: usize = 8 * (MAX_LIMBS + 32);

pub(super) fn load<const W: usize>(limbs: &[u64]) -> Zeroizing<Uint<W>> {
    let mut bytes = Zeroizing::new([0; MAX_BYTES]);
    let length = Uint::<W>::BYTES;
    to_be_bytes(limbs, &mut bytes[..length]);
    Zeroizing::new(Uint::from_be_slice(&bytes[..length]))
}

pub(super) fn store<const W: usize>(x: &Uint<W>, limbs: &mut [u64]) {
    let mut bytes = Zeroizing::new([0; MAX_BYTES]);
    let mut rest = &mut bytes[..Uint::<W>::BYTES];
    for word in x.as_words().iter().rev() {
        let word = word.to_be_bytes();
        let (head, tail) = rest.split_at_mut(word.len());
        head.copy_from_slice(&word);
        rest = tail;
    }
    from_be_bytes(&bytes[..Uint::<W>::BYTES], limbs);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quotient_by_the_gcd_has_no_common_factor_left(a: [u64; 3], b: [u64; 3], common in 1u64..) {
            let mut a = [a[0] | 1, a[1], a[2], 0];
            let mut b = [b[0], b[1], b[2], 0];
            super::super::limbs::mul_small(&mut a, common, 0);
            super::super::limbs::mul_small(&mut b, common, 0);
            let mut quotient = [0; 4];
            let divisor = gcd(&a, &b, &mut quotient);
            let zero = [[0; 4]; 2];
            prop_assert_eq!(*remainder(&[a, [0; 4]], &divisor), zero[0]);
            prop_assert_eq!(*remainder(&[b, [0; 4]], &divisor), zero[0]);
            prop_assert_eq!(super::super::limbs::mul(&quotient, &divisor), [a, [0; 4]]);
            // The cofactors of a and b have no common factor.
            let mut rest = [0; 4];
            gcd(&b, &divisor, &mut rest);
            let one = gcd(&quotient, &rest, &mut [0; 4]);
            prop_assert_eq!(*one, [1, 0, 0, 0]);
        }

        #[test]
        fn the_remainder_is_what_multiplication_leaves(quotient: [u64; 2], modulus: [u64; 2], rest: [u64; 2]) {
            prop_assume!(modulus != [0, 0]);
            let rest = *remainder(&[rest, [0; 2]], &modulus);
            prop_assert!(bool::from(super::super::limbs::less(&rest, &modulus)));
            let mut number = super::super::limbs::mul(&quotient, &modulus);
            super::super::limbs::add(number.as_flattened_mut(), &rest);
            prop_assert_eq!(*remainder(&number, &modulus), rest);
        }
    }
}

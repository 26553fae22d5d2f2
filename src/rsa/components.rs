//! Computes the numbers of a private key from two primes, and checks that they are consistent.
//!
//! Every published timing attack on key generation observed a greatest common divisor, an inversion or an incremental sieve.
//! Here e is prime, so inverting e modulo m takes only a division by e:
//!
//! > e^-1 mod m = (1 + m * k) / e, where k = -m^-1 mod e,
//!
//! The only inversion left is one of 17 bits, by Fermat's theorem. qInv is q^(p-2) mod p. The one gcd left, that of p-1 and
//! q-1, runs in constant time.

use crate::kernels::bignum::fermat::{self, E};
use crate::kernels::bignum::limbs::{add, div_exact_small, is_small, less, mul, mul_small, sub};
use crate::kernels::bignum::portable::{Montgomery, reduce_wide, subtract};
use crate::kernels::bignum::{Power, division};
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The numbers of RFC 8017, section 3.2, second form; the wide ones as (low half, high half). Wiped on drop. They are computed
/// in place, because a move would leave a copy behind.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Components<const L: usize> {
    /// The number of bits in each prime.
    #[zeroize(skip)]
    pub(crate) bits: usize,
    /// n = pq.
    pub(crate) modulus: [[u64; L]; 2],
    /// lambda = lcm(p-1, q-1).
    lambda: [[u64; L]; 2],
    /// d = e^-1 mod lambda.
    pub(crate) private_exponent: [[u64; L]; 2],
    pub(crate) p: [u64; L],
    pub(crate) q: [u64; L],
    /// dP = e^-1 mod p-1.
    pub(crate) exponent_p: [u64; L],
    /// dQ = e^-1 mod q-1.
    pub(crate) exponent_q: [u64; L],
    /// qInv = q^-1 mod p: the first of [`Components::powers`].
    pub(crate) coefficient: [u64; L],
    /// p - 2, the exponent that gives qInv.
    p_less_two: [u64; L],
    /// Whether e has an inverse, and gcd(p-1, q-1) < 2^32. If not, the exponents are meaningless.
    #[zeroize(skip)]
    pub(crate) suitable: Choice,
}

impl<const L: usize> Components<L> {
    /// Zeros, to be filled with a key of two primes of `bits` bits.
    pub(crate) fn new(bits: usize) -> Self {
        Self {
            bits,
            modulus: [[0; L]; 2],
            lambda: [[0; L]; 2],
            private_exponent: [[0; L]; 2],
            p: [0; L],
            q: [0; L],
            exponent_p: [0; L],
            exponent_q: [0; L],
            coefficient: [0; L],
            p_less_two: [0; L],
            suitable: Choice::from(0),
        }
    }

    /// Computes everything except the coefficient, for two different primes of `bits` bits.
    pub(crate) fn assemble(&mut self, p: &[u64; L], q: &[u64; L]) {
        (self.p, self.q) = (*p, *q);
        self.modulus = mul(p, q);
        let p_less_one = Zeroizing::new(less_one(p));
        let q_less_one = Zeroizing::new(less_one(q));
        let mut quotient = Zeroizing::new([0; L]);
        let gcd = division::gcd(&p_less_one, &q_less_one, &mut quotient);
        self.lambda = mul(&quotient, &q_less_one);

        self.suitable = is_small(&gcd, gcd[0]) & (gcd[0] >> 32).ct_eq(&0);
        for order in [&p_less_one, &q_less_one] {
            // For a prime e: p-1 and e have a common factor if p = 1 mod e.
            self.suitable &= !fermat::reduce(&**order).ct_eq(&0);
        }

        let mut inverse = Zeroizing::new([[0; L]; 3]);
        invert_e(self.lambda.as_flattened(), inverse.as_flattened_mut());
        self.private_exponent.copy_from_slice(&inverse[..2]);
        invert_e(&*p_less_one, inverse.as_flattened_mut());
        self.exponent_p = inverse[0];
        invert_e(&*q_less_one, inverse.as_flattened_mut());
        self.exponent_q = inverse[0];

        self.p_less_two = *p;
        sub(&mut self.p_less_two, &[2]);
    }

    #[cfg(test)]
    pub(crate) fn add_lambda_to_private_exponent(&mut self) {
        add(self.private_exponent.as_flattened_mut(), self.lambda.as_flattened());
    }

    /// Whether d > 2^bits, the condition of FIPS 186-5, A.1.1, criterion 3.
    pub(crate) fn private_exponent_is_large(&self) -> Choice {
        let mut bound = Zeroizing::new([0; L]);
        let [low, high] = &self.private_exponent;
        match bound.get_mut(self.bits / 64) {
            // 2^bits is a bit of the low half: d is larger if its high half is not 0, or its low half is larger.
            Some(limb) => {
                *limb = 1 << (self.bits % 64);
                !is_small(high, 0) | less(&bound, low)
            }
            // 2^bits is 1 in the high half.
            None => !is_small(high, 0) & !(is_small(high, 1) & is_small(low, 0)),
        }
    }

    /// The exponentiations that complete and check the key: q^(p-2) mod p, m^dP mod p and m^dQ mod q.
    pub(crate) fn powers(&self) -> [Power<'_, L>; 3] {
        [
            Power::new(&self.p_less_two, &self.p),
            Power::new(&self.exponent_p, &self.p),
            Power::new(&self.exponent_q, &self.q),
        ]
    }

    /// Sets the bases of [`Components::powers`], for a message m below both primes.
    pub(crate) fn put_bases(&self, powers: &mut [Power<'_, L>], message: &[u64; L]) {
        for (power, base) in powers.iter_mut().zip([&self.q, message, message]) {
            power.value = *base;
        }
        if let Some(power) = powers.first_mut() {
            // q mod p: p and q have the same bit length, so one subtraction is enough.
            subtract(&mut power.value, &self.p, &self.p);
        }
    }

    /// Whether the numbers are consistent and the key works, given a message m, m^dP mod p and m^dQ mod q:
    ///
    /// * n = pq, d < lambda, and dP and dQ are d modulo p-1 and q-1;
    /// * e*dP = 1 mod p-1 and e*dQ = 1 mod q-1, hence e*d = 1 mod both;
    /// * qInv < p, and q * qInv = 1 mod p;
    /// * the Chinese remainder theorem combines the two powers to a signature (RFC 8017, 5.1.2), and the signature raised to e
    ///   is the message, modulo p and modulo q.
    pub(crate) fn consistent(&self, message: &[u64; L], [signed_p, signed_q]: [&[u64; L]; 2]) -> Choice {
        let product = Zeroizing::new(mul(&self.p, &self.q));
        let mut good = wide_eq(&product, &self.modulus);
        good &= wide_less(&self.private_exponent, &self.lambda) & less(&self.coefficient, &self.p);
        for (prime, exponent) in [(&self.p, &self.exponent_p), (&self.q, &self.exponent_q)] {
            let order = Zeroizing::new(less_one(prime));
            let reduced = division::remainder(&self.private_exponent, &order);
            good &= reduced.ct_eq(exponent);
            let mut multiple = Zeroizing::new([*exponent, [0; L]]);
            mul_small(multiple.as_flattened_mut(), E, 0);
            good &= is_small(&division::remainder(&multiple, &order), 1);
        }

        let (mut modulo_p, mut modulo_q) = (Montgomery::new(), Montgomery::new());
        modulo_p.set_modulus(&self.p, self.bits);
        modulo_q.set_modulus(&self.q, self.bits);
        // Only one factor is in Montgomery form, so the product is not.
        let mut reduced = Zeroizing::new(self.q);
        subtract(&mut reduced, &self.p, &self.p);
        let mut unit = modulo_p.enter(&reduced);
        modulo_p.multiply(&mut unit, &self.coefficient);
        good &= is_small(&unit, 1);

        *reduced = *signed_q;
        subtract(&mut reduced, &self.p, &self.p);
        let signature = recombine(&mut modulo_p, [&self.p, &self.q, &self.coefficient], [signed_p, signed_q, &reduced]);
        for field in [&mut modulo_p, &mut modulo_q] {
            good &= raised(field, &signature, E).ct_eq(message);
        }
        good
    }
}

/// The signature s, from sP = s mod p and sQ = s mod q: h = qInv * (sP - sQ) mod p; s = sQ + q*h (RFC 8017, 5.1.2). The last
/// argument is sQ mod p.
pub(super) fn recombine<const L: usize>(
    modulo_p: &mut Montgomery<L>,
    [p, q, coefficient]: [&[u64; L]; 3],
    [signed_p, signed_q, signed_q_modulo_p]: [&[u64; L]; 3],
) -> Zeroizing<[[u64; L]; 2]> {
    let mut h = Zeroizing::new(*signed_p);
    subtract(&mut h, signed_q_modulo_p, p);
    let mut h = modulo_p.enter(&h);
    modulo_p.multiply(&mut h, coefficient);
    let mut signature = Zeroizing::new(mul(q, &h));
    add(signature.as_flattened_mut(), signed_q);
    signature
}

/// `signature^exponent` modulo the field's prime, for a public exponent above 0. The sequence of steps depends on the exponent.
pub(super) fn raised<const L: usize>(
    field: &mut Montgomery<L>,
    signature: &[[u64; L]; 2],
    exponent: u64,
) -> Zeroizing<[u64; L]> {
    // The reduction divides by R, and `enter` multiplies by R: two of them give the Montgomery form of the signature.
    let reduced = reduce_wide(field, signature);
    let once = field.enter(&reduced);
    let base = field.enter(&once);
    let mut power = base.clone();
    for bit in (0..exponent.ilog2()).rev() {
        field.square(&mut power);
        if exponent >> bit & 1 == 1 {
            field.multiply(&mut power, &base);
        }
    }
    field.leave(&mut power);
    power
}

/// `out = e^-1 mod m`, where `out` is longer than m. If m is a multiple of e, the result is meaningless.
fn invert_e(m: &[u64], out: &mut [u64]) {
    let (low, high) = out.split_at_mut(m.len());
    low.copy_from_slice(m);
    high.fill(0);
    let k = Zeroizing::new(E - fermat::invert(fermat::reduce(m)));
    mul_small(out, *k, 1);
    div_exact_small(out, E);
}

/// `odd - 1`.
pub(super) fn less_one<const L: usize>(odd: &[u64; L]) -> [u64; L] {
    let mut even = *odd;
    even[0] &= !1;
    even
}

pub(super) fn wide_less<const L: usize>(a: &[[u64; L]; 2], b: &[[u64; L]; 2]) -> Choice {
    less(&a[1], &b[1]) | (a[1].ct_eq(&b[1]) & less(&a[0], &b[0]))
}

pub(super) fn wide_eq<const L: usize>(a: &[[u64; L]; 2], b: &[[u64; L]; 2]) -> Choice {
    a[0].ct_eq(&b[0]) & a[1].ct_eq(&b[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::Backend;
    use crate::kernels::bignum::limbs::from_be_bytes;
    use crate::kernels::cpu::Portable;
    use crate::random::HmacDrbg;
    use crypto_bigint::{NonZero, U256, U512};
    use rand_core::TryRng;

    /// A prime of 256 bits, by `crypto-bigint`'s arithmetic and a Fermat test to base 3: none of it is our code.
    fn prime(rng: &mut HmacDrbg) -> U256 {
        loop {
            let mut bytes = [0; 32];
            let Ok(()) = rng.try_fill_bytes(&mut bytes);
            bytes[0] |= 0xc0;
            bytes[31] |= 1;
            let n = U256::from_be_slice(&bytes);
            if (3u64..1000).step_by(2).any(|q| n.rem_vartime(&NonZero::new(U256::from(q)).unwrap()) == U256::ZERO) {
                continue;
            }
            let params = crypto_bigint::modular::FixedMontyParams::new(n.to_odd().unwrap());
            let three = crypto_bigint::modular::FixedMontyForm::new(&U256::from(3u64), &params);
            if three.pow_vartime(&n.wrapping_sub(&U256::ONE)).retrieve() == U256::ONE {
                return n;
            }
        }
    }

    fn limbs(x: &U256) -> [u64; 4] {
        let mut limbs = [0; 4];
        from_be_bytes(x.to_be_bytes().as_ref(), &mut limbs);
        limbs
    }

    fn oracle([low, high]: &[[u64; 4]; 2]) -> U512 {
        let mut bytes = [0; 64];
        crate::kernels::bignum::limbs::to_be_bytes([*low, *high].as_flattened(), &mut bytes);
        U512::from_be_slice(&bytes)
    }

    /// A.1.1, criterion 3: d > 2^bits, where the bit is in the low half or is the first of the high half.
    #[test]
    fn d_must_be_larger_than_two_to_the_half() {
        for bits in [448, 480, 511, 512] {
            let mut components = Components::<8>::new(bits);
            let mut is_large = |d: [[u64; 8]; 2]| {
                components.private_exponent = d;
                bool::from(components.private_exponent_is_large())
            };
            let mut bound = [[0; 8]; 2];
            bound.as_flattened_mut()[bits / 64] = 1 << (bits % 64);
            let mut below = bound;
            sub(below.as_flattened_mut(), &[1]);
            let mut above = bound;
            above[0][0] += 1;
            assert!(!is_large([[0; 8]; 2]) && !is_large(below) && !is_large(bound) && is_large(above), "{bits}");
            let [mut twice, mut high] = [bound; 2];
            add(twice.as_flattened_mut(), bound.as_flattened());
            high[1][7] |= 1 << 63;
            assert!(is_large(twice) && is_large(high) && is_large([[0; 8], [0, 0, 0, 0, 0, 0, 0, 1]]), "{bits}");
        }
    }

    #[test]
    fn a_signature_is_raised_to_any_exponent() {
        let modulus = limbs(&prime(&mut HmacDrbg::new(&[b"modulus"])));
        let mut field = Montgomery::new();
        field.set_modulus(&modulus, 256);
        // Below the modulus, so that the powers of two are known.
        for exponent in 1..200 {
            let mut power = [0; 4];
            power[exponent / 64] = 1 << (exponent % 64);
            assert_eq!(*raised(&mut field, &[[2, 0, 0, 0], [0; 4]], exponent as u64), power, "{exponent}");
        }
    }

    /// Compares d, dP, dQ and qInv of 1,000 pairs of primes with the modular inversion of `crypto-bigint`. Half of the pairs
    /// have the smaller prime first.
    #[test]
    fn the_derived_numbers_are_those_of_another_implementation() {
        let mut rng = HmacDrbg::new(&[b"pairs"]);
        let e = U512::from(E);
        for _ in 0..1000 {
            let (p, q) = (prime(&mut rng), prime(&mut rng));
            let mut components = Components::new(256);
            components.assemble(&limbs(&p), &limbs(&q));
            assert!(bool::from(components.suitable));
            let message = [3, 0, 0, 0];
            let [coefficient, signed_p, signed_q] = {
                let mut powers = components.powers();
                components.put_bases(&mut powers, &message);
                Portable.power(256, &mut powers);
                [0, 1, 2].map(|i| powers[i].value)
            };
            components.coefficient = coefficient;
            assert!(bool::from(components.consistent(&message, [&signed_p, &signed_q])));

            let order = |prime: &U256| prime.wrapping_sub(&U256::ONE).resize::<{ U512::LIMBS }>();
            let (p1, q1) = (order(&p), order(&q));
            let lambda = p1.wrapping_mul(&q1.div_rem(&NonZero::new(p1.gcd(&q1)).unwrap()).0);
            let inverse = |modulus: U512| e.invert_mod(&NonZero::new(modulus).unwrap()).unwrap();
            assert_eq!(oracle(&components.modulus), p.concatenating_mul(&q));
            assert_eq!(oracle(&components.private_exponent), inverse(lambda));
            assert_eq!(oracle(&[components.exponent_p, [0; 4]]), inverse(p1));
            assert_eq!(oracle(&[components.exponent_q, [0; 4]]), inverse(q1));
            let q_inverse = q.rem(&NonZero::new(p).unwrap()).invert_mod(&NonZero::new(p).unwrap()).unwrap();
            assert_eq!(coefficient, limbs(&q_inverse));
        }
    }
}

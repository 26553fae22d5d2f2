//! Checks the criteria of FIPS 186-5, Appendix A.1.1, for generated keys, with the arithmetic of `crypto-bigint`. The server of
//! ACVP does the same for keys that a module has generated with probable primes.

use crate::common::seeded;
use crypto_bigint::{NonZero, U8192};
use ssh_keypair::RsaPrivateKey;
#[cfg(feature = "ec")]
use ssh_keypair::{EcdsaCurve, KeySpec, PrivateKey};

/// A number, big-endian.
fn number(bytes: &[u8]) -> U8192 {
    let mut padded = [0; 1024];
    padded[1024 - bytes.len()..].copy_from_slice(bytes);
    U8192::from_be_slice(&padded)
}

fn power_of_two(exponent: usize) -> U8192 {
    U8192::ONE << u32::try_from(exponent).unwrap()
}

fn remainder(a: &U8192, b: &U8192) -> U8192 {
    a.rem(&NonZero::new(*b).unwrap())
}

/// The numbers of a key.
#[derive(Clone, Copy)]
struct Numbers {
    nlen: usize,
    n: U8192,
    e: U8192,
    d: U8192,
    p: U8192,
    q: U8192,
    exponents: [U8192; 2],
    coefficient: U8192,
}

impl Numbers {
    fn of(key: &RsaPrivateKey) -> Self {
        Self {
            nlen: key.bits(),
            n: number(key.modulus()),
            e: number(key.public_exponent()),
            d: number(key.private_exponent()),
            p: number(key.prime_p()),
            q: number(key.prime_q()),
            exponents: [key.exponent_p(), key.exponent_q()].map(number),
            coefficient: number(key.coefficient()),
        }
    }

    fn with_primes(mut self, p: U8192, q: U8192) -> Self {
        (self.p, self.q) = (p, q);
        self.n = p.wrapping_mul(&q);
        self
    }

    fn orders(&self) -> [U8192; 2] {
        [self.p, self.q].map(|prime| prime.wrapping_sub(&U8192::ONE))
    }

    /// The least common multiple of p-1 and q-1.
    fn lambda(&self) -> U8192 {
        let [p_order, q_order] = self.orders();
        p_order.wrapping_mul(&q_order).div_rem(&NonZero::new(p_order.gcd(&q_order)).unwrap()).0
    }

    /// The first criterion that the key violates.
    fn violated(&self) -> Option<&'static str> {
        let Self { nlen, n, e, d, p, q, exponents, coefficient } = self;
        let one = U8192::ONE;
        let orders = self.orders();
        let (larger, smaller) = if p > q { (p, q) } else { (q, p) };
        // A prime is at least sqrt(2) 2^(nlen/2 - 1) if its square is at least 2^(nlen - 1).
        let is_in_interval =
            |prime: &U8192| prime.wrapping_mul(prime) >= power_of_two(nlen - 1) && *prime < power_of_two(nlen / 2);
        let criteria = [
            ("n", *n == p.wrapping_mul(q) && n.bit_width() as usize == *nlen),
            ("1 (b)", *e == U8192::from(65_537u32)),
            ("2 (a)", orders.iter().all(|order| order.gcd(e) == one)),
            ("2 (b), (c)", [p, q].into_iter().all(is_in_interval)),
            ("2 (d)", larger.wrapping_sub(smaller) > power_of_two(nlen / 2 - 100)),
            ("3 (a)", *d > power_of_two(nlen / 2) && *d < self.lambda()),
            ("3 (b)", remainder(&e.wrapping_mul(d), &self.lambda()) == one),
            ("dP, dQ", *exponents == orders.map(|order| remainder(d, &order))),
            ("qInv", remainder(&coefficient.wrapping_mul(q), p) == one),
        ];
        criteria.into_iter().find(|(_, is_met)| !is_met).map(|(name, _)| name)
    }
}

#[test]
fn generated_keys_meet_the_criteria_of_fips_186_5() {
    for (bits, keys) in [(2048, 16), (2064, 4), (3072, 4), (4080, 1), (4096, 1)] {
        for _ in 0..keys {
            let key = RsaPrivateKey::generate(bits).unwrap();
            assert_eq!(Numbers::of(&key).violated(), None, "{bits} bits");
            key.pairwise_consistency_test().unwrap();
        }
        let key = RsaPrivateKey::from_seed(bits, b"sixteen bytes...").unwrap();
        assert_eq!(Numbers::of(&key).violated(), None, "{bits} bits, from a seed");
    }
}

#[test]
fn a_violated_criterion_is_named() {
    let sound = Numbers::of(seeded(2048, 0));
    let one = U8192::ONE;
    let half = power_of_two(1007).wrapping_add(&power_of_two(1006));
    let unsuitable = half.wrapping_mul(&U8192::from(65_537u32)).wrapping_add(&one);
    let [dp, dq] = sound.exponents;
    for (expected, numbers) in [
        (None, sound),
        (Some("n"), Numbers { n: sound.n.wrapping_add(&one), ..sound }),
        (Some("1 (b)"), Numbers { e: U8192::from(3u32), ..sound }),
        (Some("2 (a)"), sound.with_primes(unsuitable, sound.q)),
        (
            Some("2 (b), (c)"),
            sound.with_primes(power_of_two(1023).wrapping_add(&one), power_of_two(1024).wrapping_sub(&one)),
        ),
        (Some("2 (d)"), sound.with_primes(sound.p, sound.p)),
        (Some("3 (a)"), Numbers { d: sound.d.wrapping_add(&sound.lambda()), ..sound }),
        (Some("3 (b)"), Numbers { d: sound.d.wrapping_sub(&one), ..sound }),
        (Some("dP, dQ"), Numbers { exponents: [dq, dp], ..sound }),
        (Some("qInv"), Numbers { coefficient: sound.coefficient.wrapping_add(&one), ..sound }),
    ] {
        assert_eq!(numbers.violated(), expected);
    }
}

#[cfg(feature = "ec")]
#[test]
fn every_kind_of_private_key_has_a_pairwise_consistency_test() {
    for spec in [KeySpec::Rsa { bits: 2048 }, KeySpec::Ed25519, KeySpec::Ecdsa(EcdsaCurve::P521)] {
        PrivateKey::generate(spec).unwrap().pairwise_consistency_test().unwrap();
    }
}

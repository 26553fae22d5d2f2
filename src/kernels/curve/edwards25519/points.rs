//! The check, the operation that a backend implements, and the portable backend.

use crate::kernels::bignum::limbs::word_at;
use crate::kernels::cpu::{Portable, on_best_backend};

/// The largest number of points that any backend checks side by side. A multiple of this wastes nothing.
pub(crate) const MAX_POINT_LANES: usize = 24;

/// p = 2^255 - 19.
const P: [u64; 4] = [u64::MAX - 18, u64::MAX, u64::MAX, u64::MAX >> 1];

/// d = -121665/121666.
const D: [u64; 4] = [0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898, 0x5203_6cee_2b6f_fe73];

/// For each encoding, whether it encodes a point: y is below p, and there is an x. If the lengths of the slices differ, the
/// rest of the longer one is ignored.
///
/// The sign is ignored. It is wrong in two encodings, in which x is 0: those of the points of order 1 and 2. The caller must
/// reject these, like all points of small order.
pub(crate) fn on_curve(encodings: &[[u8; 32]], verdicts: &mut [bool]) {
    on_best_backend!(backend in [Ifma] => check(backend, encodings, verdicts));
}

fn check<C: Edwards25519>(backend: C, encodings: &[[u8; 32]], verdicts: &mut [bool]) {
    for (encodings, verdicts) in encodings.chunks(MAX_POINT_LANES).zip(verdicts.chunks_mut(MAX_POINT_LANES)) {
        let mut y = [[0; 4]; MAX_POINT_LANES];
        for (y, encoding) in y.iter_mut().zip(encodings) {
            for (limb, bytes) in y.iter_mut().zip(encoding.as_chunks().0) {
                *limb = u64::from_le_bytes(*bytes);
            }
            y[3] &= u64::MAX >> 1;
        }
        let y = &y[..encodings.len()];
        backend.have_x(y, verdicts);
        for (y, verdict) in y.iter().zip(verdicts) {
            *verdict &= y.iter().rev().lt(P.iter().rev());
        }
    }
}

/// The operation that a backend implements.
pub(super) trait Edwards25519: Copy {
    /// For each y below 2^255, whether there is an x. At most [`MAX_POINT_LANES`] of them.
    fn have_x(self, y: &[[u64; 4]], verdicts: &mut [bool]);
}

/// Numbers modulo p, side by side.
pub(super) trait Elements: Sized {
    /// Adds a number to products.
    fn plus(&self, number: &[u64; 4]) -> Self;

    /// Multiplies by a number.
    fn scale(&self, number: &[u64; 4]) -> Self;

    /// Multiplies by other numbers.
    fn times(&self, other: &Self) -> Self;
}

/// `(y^2 - 1)(d y^2 + 1)`.
pub(super) fn uv<E: Elements>(y: &E) -> E {
    let minus_one = [P[0] - 1, P[1], P[2], P[3]];
    let square = y.times(y);
    let v = square.scale(&D).plus(&[1, 0, 0, 0]);
    square.plus(&minus_one).times(&v)
}

impl Edwards25519 for Portable {
    fn have_x(self, y: &[[u64; 4]], verdicts: &mut [bool]) {
        for (y, verdict) in y.iter().zip(verdicts) {
            *verdict = !uv(&Element::new(y)).euler().is_minus_one();
        }
    }
}

/// A number modulo p, in five digits of 51 bits. Some digits are a little larger: below 2^51 + 2^10 in a product, and below
/// 2^52 + 2^10 in a sum.
#[derive(Clone, Copy)]
struct Element([u64; 5]);

/// The number of bits in a digit.
const DIGIT: usize = 51;

/// The bits of a digit, as a mask.
const DIGIT_MASK: u64 = (1 << DIGIT) - 1;

impl Element {
    fn new(number: &[u64; 4]) -> Self {
        Self(core::array::from_fn(|i| word_at(number, DIGIT * i) & DIGIT_MASK))
    }

    /// Reduces the columns of a product, each below 2^111, modulo p: 2^255 is 19.
    ///
    /// It carries from column 0 up and from column 3 up at the same time, because each step waits for the one before.
    #[inline(always)]
    fn carry([z0, mut z1, mut z2, z3, mut z4]: [u128; 5]) -> Self {
        // The casts keep the 64 low bits. The bits above a digit fit into those.
        z1 += u128::from((z0 >> DIGIT) as u64);
        z4 += u128::from((z3 >> DIGIT) as u64);
        z2 += u128::from((z1 >> DIGIT) as u64);
        let [mut x0, mut x1, x2, mut x3, mut x4] = [z0, z1, z2, z3, z4].map(|z| z as u64 & DIGIT_MASK);
        // No product in column 4 was multiplied by 19, so there are only 56 bits above its digit.
        x0 += 19 * (z4 >> DIGIT) as u64;
        x3 += (z2 >> DIGIT) as u64;
        x1 += x0 >> DIGIT;
        x4 += x3 >> DIGIT;
        Self([x0 & DIGIT_MASK, x1, x2, x3 & DIGIT_MASK, x4])
    }

    /// `self^(2^squares) * other`. For powers of one number, this appends the bits of the other exponent, if it has at most
    /// `squares` bits.
    fn join(&self, squares: u32, other: &Self) -> Self {
        let mut power = *self;
        for _ in 0..squares {
            let Self([a0, a1, a2, a3, a4]) = power;
            let (c3, c4) = (19 * a3, 19 * a4);
            power = Self::carry([
                wide(a0, a0) + wide(2 * a1, c4) + wide(2 * a2, c3),
                wide(a3, c3) + wide(2 * a0, a1) + wide(2 * a2, c4),
                wide(a1, a1) + wide(2 * a0, a2) + wide(2 * a3, c4),
                wide(a4, c4) + wide(2 * a0, a3) + wide(2 * a1, a2),
                wide(a2, a2) + wide(2 * a0, a4) + wide(2 * a1, a3),
            ]);
        }
        power.times(other)
    }

    /// `self^((p-1)/2)`.
    fn euler(&self) -> Self {
        // Each power is named after the number of bits of its exponent, which are all ones.
        let two = self.join(1, self);
        let four = two.join(2, &two);
        let five = four.join(1, self);
        let ten = five.join(5, &five);
        let twenty = ten.join(10, &ten);
        let forty = twenty.join(20, &twenty);
        let fifty = forty.join(10, &ten);
        let hundred = fifty.join(50, &fifty);
        let two_hundred = hundred.join(100, &hundred);
        let two_hundred_and_fifty = two_hundred.join(50, &fifty);
        // (p-1)/2 = 2^254 - 10 = 2^4 (2^250 - 1) + 6.
        two_hundred_and_fifty.join(4, &two.times(&two))
    }

    /// Whether a number that is 0, 1 or -1 is -1.
    ///
    /// A product is below 2p-1, and so it is one of 0, p, 1, p+1 and p-1. The lowest digit of p-1 differs from the others.
    fn is_minus_one(&self) -> bool {
        self.0[0] == DIGIT_MASK - 19
    }
}

impl Elements for Element {
    fn plus(&self, number: &[u64; 4]) -> Self {
        let Self(digits) = Self::new(number);
        Self(core::array::from_fn(|i| self.0[i] + digits[i]))
    }

    fn scale(&self, number: &[u64; 4]) -> Self {
        self.times(&Self::new(number))
    }

    fn times(&self, other: &Self) -> Self {
        let (Self([a0, a1, a2, a3, a4]), Self([b0, b1, b2, b3, b4])) = (*self, *other);
        let [c1, c2, c3, c4] = [b1, b2, b3, b4].map(|b| 19 * b);
        Self::carry([
            wide(a0, b0) + wide(a1, c4) + wide(a2, c3) + wide(a3, c2) + wide(a4, c1),
            wide(a0, b1) + wide(a1, b0) + wide(a2, c4) + wide(a3, c3) + wide(a4, c2),
            wide(a0, b2) + wide(a1, b1) + wide(a2, b0) + wide(a3, c4) + wide(a4, c3),
            wide(a0, b3) + wide(a1, b2) + wide(a2, b1) + wide(a3, b0) + wide(a4, c4),
            wide(a0, b4) + wide(a1, b3) + wide(a2, b2) + wide(a3, b1) + wide(a4, b0),
        ])
    }
}

/// `a * b`.
#[inline(always)]
fn wide(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::on_every_backend;
    use crate::kernels::guard;
    use crate::random::Random;
    use crypto_bigint::modular::{ConstMontyForm, ConstMontyParams};
    use crypto_bigint::{JacobiSymbol, U256, const_monty_params};
    use std::time::Instant;
    use std::vec;
    use std::vec::Vec;

    const_monty_params!(Modulus, U256, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");

    type Number = ConstMontyForm<Modulus, { U256::LIMBS }>;

    /// d, computed from its fraction.
    fn d() -> Number {
        Number::new(&U256::from(121_666u32)).invert().unwrap() * -Number::new(&U256::from(121_665u32))
    }

    fn expected(encoding: &[u8; 32]) -> bool {
        let mut y = *encoding;
        y[31] &= 0x7f;
        let y = U256::from_le_slice(&y);
        let square = Number::new(&y).square();
        let x_squared = (square - Number::ONE) * (d() * square + Number::ONE);
        y < *Modulus::PARAMS.modulus().as_ref() && x_squared.jacobi_symbol_vartime() != JacobiSymbol::MinusOne
    }

    /// p + offset.
    fn near_p(offset: i8) -> [u8; 32] {
        let mut encoding = [0xff; 32];
        encoding[0] = 0xed_u8.wrapping_add_signed(offset);
        encoding[31] = 0x7f;
        encoding
    }

    fn small(y: u8) -> [u8; 32] {
        core::array::from_fn(|i| if i == 0 { y } else { 0 })
    }

    fn random(count: usize) -> Vec<[u8; 32]> {
        let mut random = Random(25519);
        let mut encoding = || {
            let mut encoding = [0; 32];
            for (bytes, limb) in encoding.chunks_mut(8).zip(random.limbs::<4>()) {
                bytes.copy_from_slice(&limb.to_le_bytes());
            }
            encoding
        };
        (0..count).map(|_| encoding()).collect()
    }

    fn verdicts<C: Edwards25519>(backend: C, encodings: &[[u8; 32]]) -> Vec<bool> {
        let mut verdicts = vec![false; encodings.len()];
        check(backend, encodings, &mut verdicts);
        verdicts
    }

    /// All together, and one after the other.
    fn agree(encodings: &[[u8; 32]]) {
        let expected: Vec<bool> = encodings.iter().map(expected).collect();
        on_every_backend!(backend in [Portable, Ifma] => {
            for (i, found) in verdicts(backend, encodings).into_iter().enumerate() {
                assert_eq!(found, expected[i], "{:x?}", encodings[i]);
            }
        });
        let mut found = vec![false; encodings.len()];
        on_curve(encodings, &mut found);
        assert_eq!(found, expected);
    }

    #[test]
    fn the_constants_are_those_of_the_standard() {
        let number = |limbs: &[u64; 4]| limbs.iter().rev().fold(U256::ZERO, |all, &limb| all << 64 | U256::from(limb));
        assert_eq!(number(&P), *Modulus::PARAMS.modulus().as_ref());
        assert_eq!(number(&D), d().retrieve());
        // This is why v is never 0.
        assert_eq!(d().jacobi_symbol_vartime(), JacobiSymbol::MinusOne);
        assert_eq!((-Number::ONE).jacobi_symbol_vartime(), JacobiSymbol::One);
    }

    #[test]
    fn all_small_and_all_large_y_agree_with_the_jacobi_symbol() {
        let mut encodings: Vec<_> = (0..=255).map(small).collect();
        encodings.extend((-128..=18).map(near_p));
        for i in 0..encodings.len() {
            let mut signed = encodings[i];
            signed[31] |= 0x80;
            encodings.push(signed);
        }
        agree(&encodings);
        // 0, 1 and p-1 are points, and 2 is not. p does not encode 0, and p+1 does not encode 1.
        let known = [small(0), small(1), near_p(-1), small(2), near_p(-2), near_p(0), near_p(1), near_p(18)];
        on_every_backend!(backend in [Portable, Ifma] => {
            assert_eq!(verdicts(backend, &known), [true, true, true, false, false, false, false, false]);
        });
    }

    #[test]
    fn random_y_agree_with_the_jacobi_symbol_and_half_of_them_have_an_x() {
        let encodings = random(10_000);
        agree(&encodings);
        on_every_backend!(backend in [Portable, Ifma] => {
            let count = verdicts(backend, &encodings).into_iter().filter(|verdict| *verdict).count();
            assert!((4_500..5_500).contains(&count), "{count}");
        });
    }

    /// The public keys of RFC 8032, section 7.1, and the first 1000 multiples of the base point.
    #[test]
    fn public_keys_and_multiples_of_the_base_point_are_on_the_curve() {
        let mut encodings: Vec<[u8; 32]> = [
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
        ]
        .map(|key| core::array::from_fn(|i| u8::from_str_radix(&key[2 * i..2 * i + 2], 16).unwrap()))
        .into();

        let base_x = U256::from_be_hex("216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a");
        let base_x = Number::new(&base_x);
        let base_y = Number::new(&U256::from(4u32)) * Number::new(&U256::from(5u32)).invert().unwrap();
        let (mut x, mut y) = (base_x, base_y);
        for _ in 0..1000 {
            let encoding: Vec<u8> = y.retrieve().to_le_bytes().as_ref().to_vec();
            encodings.push(encoding.try_into().unwrap());
            let t = d() * x * y * base_x * base_y;
            let sum_x = (x * base_y + y * base_x) * (Number::ONE + t).invert().unwrap();
            y = (y * base_y + x * base_x) * (Number::ONE - t).invert().unwrap();
            x = sum_x;
        }
        agree(&encodings);
        on_every_backend!(backend in [Portable, Ifma] => assert!(verdicts(backend, &encodings).into_iter().all(|verdict| verdict)));
    }

    #[test]
    fn a_point_is_seen_in_any_place_of_any_count_and_in_no_other() {
        on_every_backend!(backend in [Portable, Ifma] => {
            for count in 0..=2 * MAX_POINT_LANES + 2 {
                for place in 0..count {
                    let mut encodings = vec![small(2); count];
                    encodings[place] = small(3);
                    let found = verdicts(backend, &encodings);
                    assert!(found.iter().enumerate().all(|(i, verdict)| *verdict == (i == place)), "{place} of {count}");
                }
            }
            assert!(verdicts(backend, &[]).is_empty());
        });
    }

    #[test]
    fn nothing_but_the_encodings_and_the_verdicts_is_accessed() {
        guard::on_each_side(|| {
            for count in 0..=2 * MAX_POINT_LANES + 2 {
                agree(&vec![small(3); count]);
            }
        });
    }

    #[test]
    fn a_verdict_is_given_for_each_encoding_that_has_a_place_for_it() {
        on_every_backend!(backend in [Portable, Ifma] => {
            let mut verdicts = [true; 50];
            check(backend, &[small(2); 30], &mut verdicts);
            assert_eq!(verdicts, core::array::from_fn(|i| i >= 30));
            let mut verdicts = [true; 30];
            check(backend, &[small(2); 50], &mut verdicts);
            assert_eq!(verdicts, [false; 30]);
        });
    }

    /// Run it with `cargo test --release --lib edwards25519::points::tests::speed -- --ignored --nocapture`.
    #[test]
    #[ignore = "measures, and asserts nothing"]
    fn speed() {
        let encodings = random(1000);
        let mut verdicts = [false; 1000];
        on_every_backend!(backend in [Portable, Ifma] => {
            for count in [1, 2, 8, 16, 24, 32, 1000] {
                let turns = 20_000 / count;
                let best = (0..50)
                    .map(|_| {
                        let start = Instant::now();
                        (0..turns).for_each(|_| check(backend, &encodings[..count], &mut verdicts));
                        1e9 * start.elapsed().as_secs_f64() / (turns * count) as f64
                    })
                    .fold(f64::INFINITY, f64::min);
                std::println!("{count} points: {best:.0} ns each");
            }
        });
    }
}

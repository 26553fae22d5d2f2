//! The check, the operation that a backend implements, and the portable backend.

use crate::kernels::cpu::{Portable, on_best_backend};
use crypto_bigint::modular::{ConstMontyForm, ConstMontyParams};
use crypto_bigint::{U256, U384, U576, Uint, const_monty_params};

/// A curve of SP 800-186 over a prime field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

/// For each pair of x followed by y, whether they are the coordinates of a point: big-endian, each exactly as long as the
/// curve's field in bytes, and below p. If the lengths of the slices differ, the rest of the longer one is ignored.
pub(crate) fn are_on_curve(curve: Curve, points: &[&[u8]], verdicts: &mut [bool]) {
    on_best_backend!(backend in [Ifma] => backend.are_on_curve(curve, points, verdicts));
}

/// The operation that a backend implements.
pub(super) trait Weierstrass: Copy {
    /// See [`are_on_curve`].
    fn are_on_curve(self, curve: Curve, points: &[&[u8]], verdicts: &mut [bool]);
}

impl Weierstrass for Portable {
    fn are_on_curve(self, curve: Curve, points: &[&[u8]], verdicts: &mut [bool]) {
        for (point, verdict) in points.iter().zip(verdicts) {
            *verdict = match curve {
                Curve::P256 => satisfies::<P256, { U256::LIMBS }>(point),
                Curve::P384 => satisfies::<P384, { U384::LIMBS }>(point),
                Curve::P521 => satisfies::<P521, { U576::LIMBS }>(point),
            };
        }
    }
}

/// The modulus of a field, and the curve over it.
pub(super) trait Domain<const LIMBS: usize>: ConstMontyParams<LIMBS> {
    /// The length of a coordinate.
    const BYTES: usize;

    /// The coefficient.
    const B: ConstMontyForm<Self, LIMBS>;
}

const_monty_params!(P256, U256, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

impl Domain<{ U256::LIMBS }> for P256 {
    const BYTES: usize = 32;
    const B: ConstMontyForm<Self, { U256::LIMBS }> =
        ConstMontyForm::new(&U256::from_be_hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"));
}

const_monty_params!(
    P384,
    U384,
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff"
);

impl Domain<{ U384::LIMBS }> for P384 {
    const BYTES: usize = 48;
    const B: ConstMontyForm<Self, { U384::LIMBS }> = ConstMontyForm::new(&U384::from_be_hex(
        "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
    ));
}

// 2^521 - 1.
const_monty_params!(
    P521,
    U576,
    "00000000000001ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
     ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
);

impl Domain<{ U576::LIMBS }> for P521 {
    const BYTES: usize = 66;
    const B: ConstMontyForm<Self, { U576::LIMBS }> = ConstMontyForm::new(&U576::from_be_hex(
        "0000000000000051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b48991\
         8ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    ));
}

fn satisfies<D: Domain<LIMBS>, const LIMBS: usize>(point: &[u8]) -> bool {
    let (x, y) = point.split_at(point.len().min(D::BYTES));
    let (Some(x), Some(y)) = (coordinate::<D, LIMBS>(x), coordinate::<D, LIMBS>(y)) else { return false };
    let three = ConstMontyForm::ONE + ConstMontyForm::ONE.double();
    y.square() == (x.square() - three) * x + D::B
}

/// The number that bytes represent, if their length is right and it is below p.
fn coordinate<D: Domain<LIMBS>, const LIMBS: usize>(bytes: &[u8]) -> Option<ConstMontyForm<D, LIMBS>> {
    /// The number of bytes in the widest number.
    const WIDEST: usize = U576::BYTES;
    if bytes.len() != D::BYTES {
        return None;
    }
    let mut padded = [0; WIDEST];
    padded[WIDEST - D::BYTES..].copy_from_slice(bytes);
    let number = Uint::from_be_slice(&padded[WIDEST - Uint::<LIMBS>::BYTES..]);
    (number < *D::PARAMS.modulus().as_ref()).then(|| ConstMontyForm::new(&number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::on_every_backend;
    use crate::kernels::guard;
    use crate::random::Random;
    use std::io::Write;
    use std::process::Command;
    use std::time::Instant;
    use std::vec::Vec;
    use std::{format, vec};

    /// The base point and the order of the group, from the same tables.
    const CURVES: [(Curve, &str, &str, &str); 3] = [
        (
            Curve::P256,
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        ),
        (
            Curve::P384,
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        ),
        (
            Curve::P521,
            "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3d\
             baa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
            "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e66\
             2c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
             a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        ),
    ];

    /// Calls `$function::<its domain, its limbs>` for each curve, with its entry in the table.
    macro_rules! on_every_curve {
        ($function:ident) => {
            for (curve, x, y, order) in CURVES {
                let [x, y, order] = [x, y, order].map(bytes);
                match curve {
                    Curve::P256 => $function::<P256, { U256::LIMBS }>(curve, &x, &y, &order),
                    Curve::P384 => $function::<P384, { U384::LIMBS }>(curve, &x, &y, &order),
                    Curve::P521 => $function::<P521, { U576::LIMBS }>(curve, &x, &y, &order),
                }
            }
        };
    }

    type Point<D, const LIMBS: usize> = (ConstMontyForm<D, LIMBS>, ConstMontyForm<D, LIMBS>);

    /// Asserts the verdict of every backend for one point.
    fn is_on_curve(curve: Curve, x: &[u8], y: &[u8]) -> bool {
        let point = [x, y].concat();
        let mut verdict = [false];
        are_on_curve(curve, &[&point], &mut verdict);
        on_every_backend!(backend in [Portable, Ifma] => assert_eq!(verdicts(backend, curve, &[&point]), verdict, "{curve:?} {x:x?} {y:x?}"));
        verdict[0]
    }

    fn verdicts<B: Weierstrass>(backend: B, curve: Curve, points: &[&[u8]]) -> Vec<bool> {
        let mut verdicts = vec![false; points.len()];
        backend.are_on_curve(curve, points, &mut verdicts);
        verdicts
    }

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
    }

    fn number<const LIMBS: usize>(bytes: &[u8]) -> Uint<LIMBS> {
        let mut padded = vec![0; Uint::<LIMBS>::BYTES - bytes.len()];
        padded.extend(bytes);
        Uint::from_be_slice(&padded)
    }

    fn encode<D: Domain<LIMBS>, const LIMBS: usize>(number: &Uint<LIMBS>) -> Vec<u8> {
        let words = number.as_words().iter().rev();
        let bytes: Vec<u8> = words.flat_map(|word| word.to_be_bytes()).collect();
        let (zeros, bytes) = bytes.split_at(bytes.len() - D::BYTES);
        assert!(zeros.iter().all(|zero| *zero == 0));
        bytes.to_vec()
    }

    fn accepts<D: Domain<LIMBS>, const LIMBS: usize>(curve: Curve, (x, y): &Point<D, LIMBS>) -> bool {
        is_on_curve(curve, &encode::<D, LIMBS>(&x.retrieve()), &encode::<D, LIMBS>(&y.retrieve()))
    }

    /// The sum of two points: the third one on their line, or on the tangent, mirrored. It does not use b.
    fn sum<D: Domain<LIMBS>, const LIMBS: usize>(a: &Point<D, LIMBS>, b: &Point<D, LIMBS>) -> Point<D, LIMBS> {
        let three = ConstMontyForm::ONE + ConstMontyForm::ONE.double();
        let (rise, run) =
            if a == b { (three * (a.0.square() - ConstMontyForm::ONE), a.1.double()) } else { (b.1 - a.1, b.0 - a.0) };
        let slope = rise * run.invert_vartime().unwrap();
        let x = slope.square() - a.0 - b.0;
        (x, slope * (a.0 - x) - a.1)
    }

    fn base<D: Domain<LIMBS>, const LIMBS: usize>(x: &[u8], y: &[u8]) -> Point<D, LIMBS> {
        (ConstMontyForm::new(&number(x)), ConstMontyForm::new(&number(y)))
    }

    #[test]
    fn the_base_point_and_its_multiples_are_on_the_curve() {
        fn check<D: Domain<LIMBS>, const LIMBS: usize>(curve: Curve, x: &[u8], y: &[u8], order: &[u8]) {
            assert!(is_on_curve(curve, x, y), "{curve:?}");
            let base = base::<D, LIMBS>(x, y);
            let mut multiple = base;
            for _ in 0..200 {
                multiple = sum(&multiple, &base);
                assert!(accepts(curve, &multiple), "{curve:?}");
                let off = (multiple.0, multiple.1 + ConstMontyForm::ONE);
                assert!(!accepts(curve, &off), "{curve:?}");
            }
            // The multiple by the order minus one is the mirrored base point, so this is the curve with this order.
            let last = number::<LIMBS>(order).wrapping_sub(&Uint::ONE);
            let mut multiple = base;
            for bit in (0..last.bit_width_vartime() - 1).rev() {
                multiple = sum(&multiple, &multiple);
                if last.bit_vartime(bit) {
                    multiple = sum(&multiple, &base);
                }
                assert!(accepts(curve, &multiple), "{curve:?}");
            }
            assert!(multiple == (base.0, -base.1), "{curve:?}");
        }
        on_every_curve!(check);
    }

    #[test]
    fn a_changed_bit_and_another_curve_are_seen() {
        for (curve, x, y, _) in CURVES {
            let (x, y) = (bytes(x), bytes(y));
            for bit in 0..8 * x.len() {
                let mut changed = x.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(!is_on_curve(curve, &changed, &y), "{curve:?}, bit {bit} of x");
                let mut changed = y.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(!is_on_curve(curve, &x, &changed), "{curve:?}, bit {bit} of y");
            }
            assert!(!is_on_curve(curve, &y, &x), "{curve:?}");
            let zero = vec![0; x.len()];
            assert!(!is_on_curve(curve, &zero, &zero), "{curve:?}");
            for other in [Curve::P256, Curve::P384, Curve::P521] {
                assert_eq!(is_on_curve(other, &x, &y), other == curve, "{curve:?}");
            }
        }
    }

    #[test]
    fn coordinates_have_one_length_and_are_below_the_modulus() {
        fn check<D: Domain<LIMBS>, const LIMBS: usize>(curve: Curve, x: &[u8], y: &[u8], _: &[u8]) {
            // Longer by a zero, shorter by a byte, or empty.
            let longer = |coordinate: &[u8]| [&[0], coordinate].concat();
            assert!(!is_on_curve(curve, &longer(x), y) && !is_on_curve(curve, x, &longer(y)), "{curve:?}");
            assert!(!is_on_curve(curve, &longer(x), &longer(y)), "{curve:?}");
            assert!(!is_on_curve(curve, &x[1..], y) && !is_on_curve(curve, x, &y[1..]), "{curve:?}");
            assert!(!is_on_curve(curve, &[], y) && !is_on_curve(curve, x, &[]), "{curve:?}");
            assert!(!is_on_curve(curve, &[], &[]), "{curve:?}");

            // A small x, for which x + p still fits. p is 3 mod 4, so the root is the power to (p+1)/4.
            let p = *D::PARAMS.modulus().as_ref();
            let exponent = p.shr_vartime(2).wrapping_add(&Uint::ONE);
            let mut points = 0;
            for small in 0u32..20 {
                let x: ConstMontyForm<D, LIMBS> = ConstMontyForm::new(&Uint::from(small));
                let three = ConstMontyForm::ONE + ConstMontyForm::ONE.double();
                let square = (x.square() - three) * x + D::B;
                let y = square.pow_vartime(&exponent);
                let is_root = y.square() == square;
                assert_eq!(accepts(curve, &(x, y)), is_root, "{curve:?}, x = {small}");
                let beyond = encode::<D, LIMBS>(&p.wrapping_add(&Uint::from(small)));
                assert!(!is_on_curve(curve, &beyond, &encode::<D, LIMBS>(&y.retrieve())), "{curve:?}, x = p + {small}");
                points += u32::from(is_root);
            }
            assert!((1..20).contains(&points), "{curve:?}");
        }
        on_every_curve!(check);
        // y + p is certain to fit only if the bits of the field do not fill its bytes.
        let [.., (_, x, y, _)] = CURVES;
        let beyond = number::<{ U576::LIMBS }>(&bytes(y)).wrapping_add(P521::PARAMS.modulus().as_ref());
        assert!(!is_on_curve(Curve::P521, &bytes(x), &encode::<P521, { U576::LIMBS }>(&beyond)));
    }

    #[test]
    fn a_point_is_seen_in_any_place_of_any_count_and_in_no_other() {
        for (curve, x, y, _) in CURVES {
            let point = [bytes(x), bytes(y)].concat();
            let mut off = point.clone();
            off[point.len() - 1] ^= 1;
            on_every_backend!(backend in [Portable, Ifma] => {
                for count in 0..=40 {
                    for place in 0..count {
                        // Among points that are not on the curve, or too short to be put into a lane.
                        for others in [&off[..], &point[1..]] {
                            let mut points = vec![others; count];
                            points[place] = &point;
                            let found = verdicts(backend, curve, &points);
                            assert!(found.iter().enumerate().all(|(i, verdict)| *verdict == (i == place)), "{place} of {count}");
                        }
                    }
                }
                assert!(verdicts(backend, curve, &[]).is_empty());
            });
        }
    }

    #[test]
    fn nothing_but_the_points_and_the_verdicts_is_accessed() {
        for (curve, x, y, _) in CURVES {
            guard::on_each_side(|| {
                let points = vec![[bytes(x), bytes(y)].concat(); 20];
                let points: Vec<&[u8]> = points.iter().map(Vec::as_slice).collect();
                on_every_backend!(backend in [Portable, Ifma] => {
                    for count in 0..=points.len() {
                        assert_eq!(verdicts(backend, curve, &points[..count]), vec![true; count]);
                        let truncated: Vec<&[u8]> = points[..count].iter().map(|point| &point[1..]).collect();
                        assert_eq!(verdicts(backend, curve, &truncated), vec![false; count]);
                    }
                });
            });
        }
    }

    #[test]
    fn a_verdict_is_given_for_each_point_that_has_a_place_for_it() {
        let [(curve, x, y, _), ..] = CURVES;
        let point = [bytes(x), bytes(y)].concat();
        on_every_backend!(backend in [Portable, Ifma] => {
            let mut verdicts = [true; 20];
            backend.are_on_curve(curve, &[&point[1..]; 10], &mut verdicts);
            assert_eq!(verdicts, core::array::from_fn(|i| i >= 10));
            let mut verdicts = [false; 10];
            backend.are_on_curve(curve, &[&point[..]; 20], &mut verdicts);
            assert_eq!(verdicts, [true; 10]);
        });
    }

    #[test]
    fn backends_agree_on_points_and_on_what_is_none() {
        fn check<D: Domain<LIMBS>, const LIMBS: usize>(curve: Curve, x: &[u8], y: &[u8], _: &[u8]) {
            let coordinates = |(x, y): &Point<D, LIMBS>| {
                [encode::<D, LIMBS>(&x.retrieve()), encode::<D, LIMBS>(&y.retrieve())].concat()
            };
            let base = base::<D, LIMBS>(x, y);
            let mut random = Random(521);
            let mut multiple = base;
            let mut points: Vec<Vec<u8>> = Vec::new();
            let mut expected = Vec::new();
            while points.len() < 10_000 {
                multiple = sum(&multiple, &base);
                // The multiple, its mirror image, one with a bit changed, and coordinates with many zeros and ones.
                points.push(coordinates(&multiple));
                points.push(coordinates(&(multiple.0, -multiple.1)));
                let [word, limbs @ ..]: [u64; 19] = random.limbs();
                let mut changed = coordinates(&multiple);
                let bit = word as usize % (8 * changed.len());
                changed[bit / 8] ^= 1 << (bit % 8);
                points.push(changed);
                points.push(limbs.iter().flat_map(|limb| limb.to_be_bytes()).take(2 * D::BYTES).collect());
                expected.extend([true, true, false, false]);
            }
            // A borrow or a carry runs through all digits.
            let p = *D::PARAMS.modulus().as_ref();
            let mut edges: Vec<_> = (0u32..3).map(|i| encode::<D, LIMBS>(&Uint::from(i))).collect();
            edges.extend(
                (1u32..4).map(|i| encode::<D, LIMBS>(&p.wrapping_add(&Uint::from(2u32)).wrapping_sub(&Uint::from(i)))),
            );
            edges.push(vec![0xff; D::BYTES]);
            for x in &edges {
                points.extend(edges.iter().map(|y| [&x[..], y].concat()));
            }
            let points: Vec<&[u8]> = points.iter().map(|point| &point[..]).collect();
            let portable = verdicts(Portable, curve, &points);
            assert_eq!(portable[..expected.len()], expected, "{curve:?}");
            on_every_backend!(backend in [Portable, Ifma] => assert_eq!(verdicts(backend, curve, &points), portable, "{curve:?}"));
        }
        on_every_curve!(check);
    }

    #[test]
    fn points_made_by_openssl_are_on_their_curve() {
        for (curve, x, _, _) in CURVES {
            let parameter = format!("ec_paramgen_curve:P-{}", format!("{curve:?}").trim_start_matches('P'));
            for _ in 0..8 {
                let arguments = ["genpkey", "-algorithm", "EC", "-pkeyopt", &parameter, "-outform", "DER"];
                let Ok(made) = Command::new("openssl").args(arguments).output() else {
                    let _ = writeln!(std::io::stderr(), "skipped: openssl is not installed");
                    return;
                };
                assert!(made.status.success());
                // A key ends with its public half: 4, x, y.
                let length = x.len() / 2;
                let point = &made.stdout[made.stdout.len() - 2 * length - 1..];
                assert_eq!(point[0], 4);
                let (x, y) = point[1..].split_at(length);
                assert!(is_on_curve(curve, x, y), "{curve:?}");
            }
        }
    }

    #[test]
    fn random_coordinates_are_not_on_a_curve() {
        let mut random = Random(186);
        for (curve, x, _, _) in CURVES {
            for _ in 0..1000 {
                let limbs: [u64; 18] = random.limbs();
                let mut bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_be_bytes()).collect();
                bytes.truncate(x.len());
                let (x, y) = bytes.split_at(x.len() / 2);
                assert!(!is_on_curve(curve, x, y), "{curve:?}");
            }
        }
    }

    /// Run it with `cargo test --release --lib weierstrass::points::tests::speed -- --ignored --nocapture`.
    #[test]
    #[ignore = "measures, and asserts nothing"]
    fn speed() {
        for (curve, x, y, _) in CURVES {
            let point = [bytes(x), bytes(y)].concat();
            let points = vec![&point[..]; 1000];
            let mut verdicts = [false; 1000];
            on_every_backend!(backend in [Portable, Ifma] => {
                for count in [1, 2, 3, 8, 16, 1000] {
                    let turns = 2_000 / count;
                    let best = (0..200)
                        .map(|_| {
                            let start = Instant::now();
                            (0..turns).for_each(|_| backend.are_on_curve(curve, &points[..count], &mut verdicts));
                            1e9 * start.elapsed().as_secs_f64() / (turns * count) as f64
                        })
                        .fold(f64::INFINITY, f64::min);
                    std::println!("{curve:?}, {count} points: {best:.0} ns each");
                }
            });
        }
    }
}

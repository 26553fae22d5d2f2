//! Ed25519 and ECDSA keys: from seeds, from a generator, and what is rejected.

#![cfg(feature = "ec")]

use crate::common::{corpus, from_hex, json, to_hex};
use crate::support::rng::TestRng;
use base64ct::{Base64, Encoding};
use ssh_keypair::{
    EcdsaCurve, EcdsaPrivateKey, Ed25519PrivateKey, ErrorKind, Field, KeySpec, PrivateKey, PublicKey, RsaPrivateKey,
};

pub(crate) const CURVES: [EcdsaCurve; 3] = [EcdsaCurve::P256, EcdsaCurve::P384, EcdsaCurve::P521];

/// The orders of the curves' base points: SP 800-186, section 3.2.1.
pub(crate) fn order(curve: EcdsaCurve) -> Vec<u8> {
    from_hex(match curve {
        EcdsaCurve::P256 => "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        EcdsaCurve::P384 => {
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"
        }
        EcdsaCurve::P521 => {
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa\
             51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"
        }
    })
}

/// A number plus or minus a small one.
pub(crate) fn plus(number: &[u8], small: i16) -> Vec<u8> {
    let mut carry = small;
    let mut sum: Vec<u8> = number
        .iter()
        .rev()
        .map(|byte| {
            let digit = i16::from(*byte) + carry;
            carry = digit.div_euclid(256);
            u8::try_from(digit.rem_euclid(256)).unwrap()
        })
        .collect();
    sum.reverse();
    sum
}

#[test]
fn the_keys_of_rfc_8032_come_out() {
    // Section 7.1, tests 1, 2 and 3.
    for (seed, point) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        ),
    ] {
        let key = Ed25519PrivateKey::from_seed(&from_hex(seed)).unwrap();
        assert_eq!(to_hex(key.public_key().as_bytes()), point);
        assert_eq!(to_hex(key.seed()), seed);
        // The same bytes from a generator are the same key.
        assert_eq!(Ed25519PrivateKey::generate_with(&mut TestRng::of(from_hex(seed))).unwrap(), key);
    }
}

#[test]
fn every_deterministic_key_of_the_specification_comes_out() {
    let Some(corpus) = corpus() else { return };
    let mut checked = [0; 3];
    for vector in json(&corpus.join("vectors/det-keygen-ecdsa.json")).as_array().unwrap() {
        let bytes = |field: &str| Base64::decode_vec(vector[field].as_str().unwrap()).unwrap();
        let at = ["secp256r1", "secp384r1", "secp521r1"].iter().position(|name| *name == vector["curve"]).unwrap();
        let key = EcdsaPrivateKey::from_seed(CURVES[at], &bytes("seed")).unwrap();
        let expected = bytes("private_key_pkcs8");
        // Both halves are octet strings in it.
        let contains = |part: &[u8]| expected.windows(part.len()).any(|window| window == part);
        assert!(contains(key.scalar()) && contains(key.public_key().point()), "{vector}");
        checked[at] += 1;
    }
    assert!(checked.into_iter().all(|count| count > 1), "{checked:?}");
}

#[test]
fn a_seed_has_the_length_of_its_type() {
    for length in [0, 16, 31, 33, 64] {
        let error = Ed25519PrivateKey::from_seed(&vec![7; length]).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidValue, Some(Field::Seed)), "{length}");
    }
    for curve in CURVES {
        assert_eq!(EcdsaPrivateKey::from_seed(curve, &[7; 15]).unwrap_err().kind(), ErrorKind::SeedTooShort);
        // Any longer one has its own key, which depends on the curve.
        assert_ne!(EcdsaPrivateKey::from_seed(curve, &[7; 16]), EcdsaPrivateKey::from_seed(curve, &[7; 17]));
    }
    let [one, other] = [EcdsaCurve::P256, EcdsaCurve::P384].map(|curve| EcdsaPrivateKey::from_seed(curve, &[7; 16]));
    assert_ne!(one.unwrap().scalar()[..8], other.unwrap().scalar()[..8]);
}

#[test]
fn a_number_that_is_out_of_range_is_drawn_again() {
    for curve in CURVES {
        let order = order(curve);
        // 521 bits are the leftmost ones of 66 bytes.
        let as_drawn = |number: &[u8]| match curve {
            EcdsaCurve::P521 => {
                let shifted: Vec<u8> =
                    number.windows(2).map(|pair| pair[0] << 7 | pair[1] >> 1).chain([number[65] << 7]).collect();
                shifted
            }
            _ => number.to_vec(),
        };
        let largest = plus(&order, -1);
        let one = plus(&vec![0; order.len()], 1);
        for number in [&one, &largest] {
            let key = EcdsaPrivateKey::generate_with(curve, &mut TestRng::of(as_drawn(number))).unwrap();
            assert_eq!(key.scalar(), number);
        }
        // A number out of range is drawn again: the second one is the key, and a third one is never drawn.
        for number in [order.clone(), plus(&order, 1)] {
            let mut rng = TestRng::of([as_drawn(&number), as_drawn(&largest)].concat());
            assert_eq!(EcdsaPrivateKey::generate_with(curve, &mut rng).unwrap().scalar(), largest);
            let mut rng = TestRng::of(as_drawn(&number).repeat(4));
            let error = EcdsaPrivateKey::generate_with(curve, &mut rng).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BrokenRandomness);
        }
    }
}

#[test]
fn a_generator_that_is_stuck_or_fails_makes_no_key() {
    let specs = [KeySpec::Ed25519].into_iter().chain(CURVES.map(KeySpec::Ecdsa));
    for spec in specs {
        let error = |rng: &mut TestRng| PrivateKey::generate_with(spec, rng).unwrap_err().kind();
        for byte in [0, 1, 0x42, 0xff] {
            assert_eq!(error(&mut TestRng::constant(byte)), ErrorKind::BrokenRandomness, "{spec:?} {byte}");
        }
        assert_eq!(error(&mut TestRng::broken()), ErrorKind::RandomnessUnavailable);
        let bytes = spec.bits().div_ceil(8);
        for length in [1, bytes - 1] {
            let counted: Vec<u8> = (1..).take(length).collect();
            assert_eq!(error(&mut TestRng::of(counted)), ErrorKind::RandomnessUnavailable, "{spec:?} {length}");
        }
        let counted: Vec<u8> = (1..).take(bytes).collect();
        assert_eq!(PrivateKey::generate_with(spec, &mut TestRng::of(counted)).unwrap().algorithm(), spec.algorithm());
    }
}

#[test]
fn one_function_generates_every_type() {
    for (spec, name, bits) in [
        (KeySpec::Rsa { bits: 2048 }, "ssh-rsa", 2048),
        (KeySpec::Ed25519, "ssh-ed25519", 256),
        (KeySpec::Ecdsa(EcdsaCurve::P256), "ecdsa-sha2-nistp256", 256),
        (KeySpec::Ecdsa(EcdsaCurve::P384), "ecdsa-sha2-nistp384", 384),
        (KeySpec::Ecdsa(EcdsaCurve::P521), "ecdsa-sha2-nistp521", 521),
    ] {
        let seeded = PrivateKey::from_seed(spec, &[9; 32]).unwrap();
        assert_eq!((seeded.algorithm().as_str(), seeded.bits(), seeded.comment()), (name, bits, ""));
        assert_eq!((spec.algorithm(), spec.bits()), (seeded.algorithm(), seeded.bits()));
        assert_eq!(seeded, PrivateKey::from_seed(spec, &[9; 32]).unwrap());
        let generated = PrivateKey::generate(spec).unwrap();
        assert_ne!(generated, seeded);
        // What the parser of lines requires holds for a generated key, and so do its comments.
        for comment in ["", "me@host", "another"] {
            let line = generated.public_key().with_comment(comment).unwrap().to_string();
            assert_eq!(line.parse::<PublicKey>().unwrap().comment(), comment);
        }
        assert!(generated.with_comment("two\nlines").is_err());
    }
}

#[test]
fn the_typed_keys_are_inside() {
    let ed25519 = PrivateKey::from_seed(KeySpec::Ed25519, &[9; 32]).unwrap();
    let ecdsa = PrivateKey::from_seed(KeySpec::Ecdsa(EcdsaCurve::P384), &[9; 32]).unwrap();
    assert_eq!(ed25519.as_ed25519().unwrap().seed(), &[9; 32]);
    assert_eq!(ecdsa.as_ecdsa().unwrap().curve(), EcdsaCurve::P384);
    assert!(ed25519.as_ecdsa().is_none() && ecdsa.as_ed25519().is_none());
    let rsa = PrivateKey::from_rsa(RsaPrivateKey::from_seed(2048, &[9; 32]).unwrap(), "").unwrap();
    assert!(rsa.as_ecdsa().is_none() && rsa.as_ed25519().is_none());
    assert!(ed25519 != ecdsa && ed25519 != rsa && ecdsa != rsa);
    for (key, name) in [(ed25519, "ssh-ed25519"), (ecdsa, "ecdsa-sha2-nistp384")] {
        assert_eq!(format!("{key:?}"), format!("PrivateKey {{ type: \"{name}\", comment: \"\", .. }}"));
    }
}

//! Conversions of keys to and from the types of the `rsa` and `ssh-key` crates, and keys that only those crates accept.
#![cfg(all(feature = "ssh-key", feature = "getrandom"))]

use crate::common::{Folder, commented, from_hex, have, output, pkcs1_pem, write_private};
use crypto_bigint::{ConcatenatingMul, NonZero, Resize};
use rsa::BoxedUint;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, LineEnding, RsaPrivateKeyRef, UintRef};
use rsa::rand_core::UnwrapErr;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use ssh_key::encoding::{Encode, Mpint};
use ssh_key::private::{
    DsaKeypair, DsaPrivateKey, EcdsaKeypair, EcdsaPrivateKey, KeypairData, OpaqueKeypair, RsaKeypair,
};
use ssh_key::public::OpaquePublicKey;
use ssh_keypair::{ErrorKind, Field, KeyData, PrivateKey, PublicKey, ReadOptions, RsaPrivateKey};
use std::sync::OnceLock;

const E: u32 = 65537;

/// 2^bits minus `less`.
fn below_power_of_two(bits: u32, less: u32) -> BoxedUint {
    BoxedUint::one_with_precision(bits + 64).shl_vartime(bits).unwrap() - BoxedUint::from(less)
}

/// Two primes of 1024 bits.
fn primes() -> [BoxedUint; 2] {
    [105, 179].map(|less| below_power_of_two(1024, less))
}

/// Three primes of 512 bits.
fn short_primes() -> [BoxedUint; 3] {
    [569, 629, 875].map(|less| below_power_of_two(512, less))
}

fn product(a: &BoxedUint, b: &BoxedUint) -> BoxedUint {
    a.concatenating_mul(b)
}

/// That crate's key of these primes, with the smallest d.
fn their_key(p: &BoxedUint, q: &BoxedUint, e: u32) -> rsa::PrivateKey {
    rsa::PrivateKey::from_p_q(p.clone(), q.clone(), e.into()).unwrap_or_else(|_| {
        // One prime has more than half of the bits.
        let n = product(p, q);
        let order = NonZero::new(&n - p - q + BoxedUint::one()).unwrap();
        let exponent = BoxedUint::from(e).resize_unchecked(order.bits_precision());
        let d = exponent.invert_mod(&order).unwrap();
        rsa::PrivateKey::from_components_with_wide_primes(n, e.into(), d, vec![p.clone(), q.clone()]).unwrap()
    })
}

/// Converts one of their keys to ours and back.
fn there_and_back(theirs: &rsa::PrivateKey) -> RsaPrivateKey {
    let ours = RsaPrivateKey::try_from(theirs).unwrap();
    let back = rsa::PrivateKey::try_from(&ours).unwrap();
    assert_eq!((&back, back.d()), (theirs, theirs.d()));
    assert_eq!((back.dp(), back.dq(), back.qinv().is_some()), (theirs.dp(), theirs.dq(), true));
    assert_eq!(*pkcs1_pem(&ours), *theirs.to_pkcs1_pem(LineEnding::LF).unwrap());
    ours
}

fn error_of(theirs: &rsa::PrivateKey) -> (ErrorKind, Option<Field>) {
    let error = RsaPrivateKey::try_from(theirs).unwrap_err();
    (error.kind(), error.field())
}

/// Keys of several sizes made here: a random one of each, and more of 2048 bits from seeds. In some, p is the smaller prime.
fn keys_made_here() -> &'static [RsaPrivateKey] {
    static KEYS: OnceLock<Vec<RsaPrivateKey>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let random = [2048, 2064, 3072, 4096].map(|bits| RsaPrivateKey::generate(bits).unwrap());
        let derived = [0, 1, 2, 3].map(|byte| RsaPrivateKey::from_seed(2048, &[byte; 16]).unwrap());
        random.into_iter().chain(derived).collect()
    })
}

#[test]
fn a_key_made_here_is_the_same_to_the_rsa_crate_and_back() {
    let keys = keys_made_here();
    for ours in keys {
        let theirs = rsa::PrivateKey::try_from(ours).unwrap();
        assert_eq!(theirs.n_bytes()[..], *ours.modulus());
        assert_eq!(theirs.primes()[0].to_be_bytes_trimmed_vartime()[..], *ours.prime_p());
        assert_eq!(*theirs.to_pkcs1_pem(LineEnding::LF).unwrap(), *pkcs1_pem(ours));
        assert_eq!(RsaPrivateKey::try_from(&theirs).unwrap(), *ours);
    }
    assert!(keys.iter().any(|key| key.prime_p() < key.prime_q()));
    assert!(keys.iter().any(|key| key.prime_p() > key.prime_q()));
}

#[test]
fn a_key_of_the_rsa_crate_is_converted_and_converted_back() {
    let mut rng = UnwrapErr(getrandom::SysRng);
    there_and_back(&rsa::PrivateKey::new(&mut rng, 2048).unwrap());
    for e in [3u8, 17] {
        let ours = there_and_back(&rsa::PrivateKey::new_with_exp(&mut rng, 2048, e.into()).unwrap());
        assert_eq!(ours.public_key().public_exponent(), [e]);
    }
}

#[test]
fn the_order_of_the_primes_and_the_choice_of_d_are_kept() {
    let [p, q] = primes();
    let forwards = there_and_back(&their_key(&p, &q, E));
    let backwards = there_and_back(&their_key(&q, &p, E));
    assert!(forwards.prime_p() > forwards.prime_q() && backwards.prime_p() < backwards.prime_q());

    // Modulo (p-1)(q-1).
    let larger_d = rsa::PrivateKey::from_primes(vec![p, q], E.into()).unwrap();
    let ours = there_and_back(&larger_d);
    assert!(ours.private_exponent() > forwards.private_exponent());
}

#[test]
fn primes_of_different_lengths_are_accepted_in_either_order() {
    let [long, _] = primes();
    let [short, ..] = short_primes();
    // Half of the modulus has as many bytes as the longer prime of these, but fewer bits.
    let slightly_shorter = below_power_of_two(1018, 57);
    for (p, q) in [(&long, &short), (&short, &long), (&long, &slightly_shorter), (&slightly_shorter, &long)] {
        let theirs = their_key(p, q, E);
        let ours = RsaPrivateKey::try_from(&theirs).unwrap();
        assert_eq!(rsa::PrivateKey::try_from(&ours).unwrap(), theirs);
        // That crate cannot read everything that it writes.
        assert!(rsa::PrivateKey::from_pkcs1_pem(&pkcs1_pem(&ours)).is_err());
        assert_eq!(theirs.to_pkcs1_pem(LineEnding::LF).unwrap(), pkcs1_pem(&ours));
    }
}

#[test]
fn a_key_without_its_precomputed_values_is_the_same_key() {
    let [p, q] = primes();
    let mut theirs = their_key(&p, &q, E);
    let ours = RsaPrivateKey::try_from(&theirs).unwrap();
    theirs.clear_precomputed();
    assert!(theirs.qinv().is_none());
    let again = RsaPrivateKey::try_from(&theirs).unwrap();
    assert_eq!((again.coefficient(), &again), (ours.coefficient(), &ours));
}

#[test]
fn unsound_keys_that_the_rsa_crate_accepts_are_rejected() {
    use ErrorKind::{InconsistentKey, KeyTooLarge, KeyTooSmall, UnsupportedVersion};

    let [p, q] = primes();
    let [a, b, c] = short_primes();
    let composite = product(&a, &b);
    let sound = their_key(&p, &q, E);
    // (p-1)(q-1).
    let order = sound.n().as_ref() - &p - &q + BoxedUint::one();
    let long_d = sound.d().concatenating_add(&order);
    // That crate checks these itself.
    for (n, d, primes) in [
        (sound.n().as_ref().clone(), long_d, vec![p.clone(), q.clone()]),
        (product(&p, &p), sound.d().clone(), vec![p.clone(), p.clone()]),
    ] {
        assert!(rsa::PrivateKey::from_components(n, E.into(), d, primes).is_err());
    }
    let long = |less| below_power_of_two(4104, less);

    for (theirs, kind, field) in [
        (their_key(&composite, &q, E), InconsistentKey, Field::PrimeP),
        (their_key(&p, &composite, E), InconsistentKey, Field::PrimeQ),
        // Less than a quarter of the bits.
        (their_key(&product(&p, &a), &BoxedUint::from(1_000_003u32), E), InconsistentKey, Field::PrimeQ),
        (their_key(&a, &BoxedUint::from(1_000_003u32), E), KeyTooSmall, Field::Modulus),
        (their_key(&long(1), &long(3), E), KeyTooLarge, Field::Modulus),
        (rsa::PrivateKey::from_primes(vec![a, b, c], E.into()).unwrap(), UnsupportedVersion, Field::PrimeP),
    ] {
        theirs.validate().unwrap();
        assert_eq!(error_of(&theirs), (kind, Some(field)));
    }
}

#[test]
fn the_rsa_crate_does_not_look_at_the_last_three_numbers_of_a_file() {
    let [p, q] = primes();
    let theirs = their_key(&p, &q, E);
    let der = theirs.to_pkcs1_der().unwrap();
    let mut file = RsaPrivateKeyRef::try_from(der.as_bytes()).unwrap();
    let one = UintRef::new(&[1]).unwrap();
    (file.exponent1, file.exponent2, file.coefficient) = (one, one, one);
    assert_eq!(rsa::PrivateKey::try_from(file).unwrap(), theirs);
}

#[test]
fn public_keys_go_both_ways() {
    for line in [
        include_str!("../data/rsa1024.pub"),
        include_str!("../data/rsa2048.pub"),
        include_str!("../data/rsa3072.pub"),
        include_str!("../data/rsa4096.pub"),
        include_str!("../data/rsa16384.pub"),
        include_str!("../data/ca-rsa.pub"),
    ] {
        let key: PublicKey = line.parse().unwrap();
        let key = key.as_public_key_ref();
        let KeyData::Rsa(ours) = key.key_data() else { panic!("{line}") };
        let theirs = rsa::PublicKey::from(ours);
        assert_eq!((&theirs.n_bytes()[..], &theirs.e_bytes()[..]), (ours.modulus(), ours.public_exponent()));
        let back = PublicKey::try_from(&theirs).unwrap();
        assert_eq!(back.as_public_key_ref(), key.with_comment("").unwrap());
        if let Ok(constructed) = rsa::PublicKey::new(theirs.n().as_ref().clone(), theirs.e().clone()) {
            assert_eq!(constructed, theirs);
        } else {
            assert_eq!(ours.bits(), 16384);
        }
    }
}

#[test]
fn a_public_key_of_the_rsa_crate_that_no_line_may_contain_is_rejected() {
    let n = below_power_of_two(2048, 1);
    let small = below_power_of_two(1023, 1);
    for (n, e, kind) in [
        (&n, BoxedUint::from(1u8), ErrorKind::InvalidValue),
        (&n, BoxedUint::from(4u8), ErrorKind::InvalidValue),
        (&n, BoxedUint::from((1u64 << 33) + 1), ErrorKind::InvalidValue),
        (&small, BoxedUint::from(3u8), ErrorKind::KeyTooSmall),
        (&below_power_of_two(16385, 1), BoxedUint::from(3u8), ErrorKind::KeyTooLarge),
    ] {
        let theirs = rsa::PublicKey::new_unchecked(n.clone(), e);
        assert_eq!(PublicKey::try_from(&theirs).unwrap_err().kind(), kind);
    }
}

const LINES: [&str; 15] = [
    include_str!("../data/ca-ecdsa.pub"),
    include_str!("../data/ca-ed25519.pub"),
    include_str!("../data/ca-rsa.pub"),
    include_str!("../data/dsa1024.pub"),
    include_str!("../data/ecdsa256.pub"),
    include_str!("../data/ecdsa256sk.pub"),
    include_str!("../data/ecdsa384.pub"),
    include_str!("../data/ecdsa521.pub"),
    include_str!("../data/ed25519.pub"),
    include_str!("../data/ed25519sk.pub"),
    include_str!("../data/rsa1024.pub"),
    include_str!("../data/rsa16384.pub"),
    include_str!("../data/rsa2048.pub"),
    include_str!("../data/rsa3072.pub"),
    include_str!("../data/rsa4096.pub"),
];

#[test]
fn public_keys_of_every_type_go_to_the_ssh_key_crate_and_back() {
    for line in LINES {
        let line = line.trim_end();
        let ours: PublicKey = line.parse().unwrap();
        let theirs = ssh_key::PublicKey::try_from(&ours.as_public_key_ref()).unwrap();
        assert_eq!(theirs, ssh_key::PublicKey::from_openssh(line).unwrap());
        assert_eq!(theirs.to_openssh().unwrap(), line);
        assert_eq!(PublicKey::try_from(&theirs).unwrap(), ours);
        assert_eq!(PublicKey::try_from(&theirs).unwrap().to_string(), line);
    }
}

#[test]
fn types_that_are_not_known_here_do_not_come_in() {
    // One string after the name, which is how that crate represents opaque keys; and three bytes.
    let one_string = "ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcAAAADAQID me";
    let three_bytes = "ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcBAgM= me";
    let key = |line| PublicKey::from_openssh_opaque(line).unwrap();
    let theirs = ssh_key::PublicKey::try_from(&key(one_string).as_public_key_ref()).unwrap();
    assert_eq!(theirs.to_openssh().unwrap(), one_string);
    assert_eq!(PublicKey::try_from(&theirs).unwrap_err().kind(), ErrorKind::UnknownKeyType);
    let error = ssh_key::PublicKey::try_from(&key(three_bytes).as_public_key_ref()).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::UnsupportedType, Some(Field::KeyType)));
    let certificate = ssh_key::Certificate::from_openssh(include_str!("../data/ed25519-cert.pub")).unwrap();
    let certificate = ssh_key::PublicKey::from(ssh_key::public::KeyData::from(certificate));
    assert_eq!(PublicKey::try_from(&certificate).unwrap_err().kind(), ErrorKind::CertificateNotAllowed);
}

#[test]
fn a_public_key_of_the_ssh_key_crate_that_no_line_may_contain_is_rejected() {
    let mut theirs = ssh_key::PublicKey::from_openssh(include_str!("../data/ed25519.pub")).unwrap();
    for (comment, kind) in [
        (&b"two\nlines"[..], ErrorKind::InvalidCharacter),
        (b"\xff", ErrorKind::InvalidUtf8),
        (&[b'a'; 16384], ErrorKind::TooLong),
    ] {
        theirs.set_comment(comment);
        let error = PublicKey::try_from(&theirs).unwrap_err();
        assert_eq!((error.kind(), error.field()), (kind, Some(Field::Comment)));
    }
    let small_order = ssh_key::public::Ed25519PublicKey([0; 32]);
    let error = PublicKey::try_from(&ssh_key::PublicKey::from(small_order)).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidPoint, Some(Field::Point)));
}

/// Checks that both have the same numbers, public key and comment. That crate's `==` does not compare qInv.
fn same(a: &ssh_key::PrivateKey, b: &ssh_key::PrivateKey) -> bool {
    a.public_key() == b.public_key() && a.key_data().encode_vec().unwrap() == b.key_data().encode_vec().unwrap()
}

/// Converts one of our keys to that crate's and back.
fn through_the_ssh_key_crate(ours: &PrivateKey) -> ssh_key::PrivateKey {
    let theirs = ssh_key::PrivateKey::try_from(ours).unwrap();
    let back = PrivateKey::try_from(&theirs).unwrap();
    assert_eq!((back.public_key(), back.as_rsa()), (ours.public_key(), ours.as_rsa()));
    assert_eq!(back.to_openssh().unwrap(), ours.to_openssh().unwrap());
    theirs
}

/// Checks that both write the same file, except for the check value, and read each other's.
fn assert_same_files(ours: &PrivateKey, theirs: &ssh_key::PrivateKey) {
    let text = ours.to_openssh().unwrap();
    let read = ssh_key::PrivateKey::from_openssh(&text).unwrap();
    assert!(same(&read, theirs));
    // That crate writes a key that it has read with the same check value.
    assert_eq!(read.to_openssh(ssh_key::LineEnding::LF).unwrap(), text);
    let written = theirs.to_openssh(ssh_key::LineEnding::LF).unwrap();
    assert_eq!(PrivateKey::from_openssh(&written, &ReadOptions::new()).unwrap().to_openssh().unwrap(), text);
}

#[test]
fn rsa_keys_made_here_go_to_the_ssh_key_crate_and_back() {
    for key in keys_made_here() {
        let ours = commented(key, "me@host").unwrap();
        let theirs = through_the_ssh_key_crate(&ours);
        assert_eq!(theirs.comment().as_str(), Ok("me@host"));
        assert_same_files(&ours, &theirs);
    }
}

/// The line of a public key as that crate writes it.
fn their_public_key(line: &str) -> ssh_key::public::KeyData {
    ssh_key::PublicKey::from_openssh(line).unwrap().into()
}

fn their_private_key(key_data: impl Into<KeypairData>) -> ssh_key::PrivateKey {
    ssh_key::PrivateKey::new(key_data.into(), "me").unwrap()
}

#[test]
fn private_keys_that_ssh_keygen_made_go_to_the_ssh_key_crate_and_back() {
    if !have("ssh-keygen") {
        return;
    }
    let folder = Folder::new("conversions");
    for (kind, bits) in
        [("rsa", "2048"), ("dsa", "1024"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("ed25519", "256")]
    {
        let file = folder.file(&format!("{kind}{bits}"));
        output("ssh-keygen", &["-q", "-t", kind, "-b", bits, "-N", "", "-C", "me@host", "-f", &file], "");
        let text = std::fs::read_to_string(&file).unwrap();
        let ours = PrivateKey::from_openssh(&text, &ReadOptions::new()).unwrap();
        let theirs = through_the_ssh_key_crate(&ours);
        assert_eq!(
            theirs.public_key().to_openssh().unwrap(),
            std::fs::read_to_string(file + ".pub").unwrap().trim_end()
        );
        // For some ECDSA keys they do not: see below.
        if kind != "ecdsa" {
            assert_same_files(&ours, &theirs);
        }
    }
}

#[test]
fn handles_of_security_keys_go_to_the_ssh_key_crate_and_back() {
    use ssh_key::private::{SkEcdsaSha2NistP256, SkEd25519};

    let public = their_public_key(include_str!("../data/ed25519sk.pub"));
    let ed25519 = SkEd25519::new(public.sk_ed25519().unwrap().clone(), 1, [7; 64]).unwrap();
    let public = their_public_key(include_str!("../data/ecdsa256sk.pub"));
    let ecdsa = SkEcdsaSha2NistP256::new(public.sk_ecdsa_p256().unwrap().clone(), 0, [7; 255]).unwrap();
    for theirs in [their_private_key(ed25519), their_private_key(ecdsa)] {
        let ours = PrivateKey::try_from(&theirs).unwrap();
        assert!(same(&through_the_ssh_key_crate(&ours), &theirs));
        assert_same_files(&ours, &theirs);
    }
}

/// Points of P-256, P-384 and P-521: the public keys of a number that is 0, 0, 1, 0, 0 and so on.
const POINTS: [&str; 3] = [
    "049c39cb60a33d563d2958f49f1b6ee94582f2d7a846967f0dcec9b4d78e6d8483f097bf1ee493e51003d196b7bca16546bbade52f3dbe43\
     6894b3356f6b2c50fb",
    "04eea16f9d01697ae28c33d591ea743f41ddcc51e7fd9784aa3e2a1f7f13e54a9c6337dc9d712138f7129eb4f3550e2f477990c82eb253a9\
     9f8ba028f01ffe48a55deb5178243c87bf6dc880f9375f64064c8c03b234631a1b779e13c5a97eeec2",
    "040187aeb67b8b091db41ecbb9337802f9e04e5feecffd3d1db8ca41c7bc1716ee6505e17b93692d1711b031a34412a40ad3fc29f3e817a7\
     c7fbcbfc5ba8d59da7bb54006d42c0f700d3e5a701f8fea0e3f22c44052582b21924b4a3eae7e9d273cccd6f6a98ab5c925a8bcdb4f7bd51\
     bbd53bcfdc087334f6323b6dcc611fe09d4c695615",
];

/// That crate's ECDSA key of one of these points, and of a number that is 0, 0, `third`, 0, 0 and so on.
fn their_ecdsa_key(curve: usize, third: u8) -> ssh_key::PrivateKey {
    fn number<const N: usize>(third: u8) -> EcdsaPrivateKey<N> {
        let mut bytes = [0; N];
        bytes[2] = third;
        bytes.into()
    }
    let hex = POINTS[curve];
    let point = from_hex(hex);
    their_private_key(match curve {
        0 => EcdsaKeypair::NistP256 { public: point[..].try_into().unwrap(), private: number(third) },
        1 => EcdsaKeypair::NistP384 { public: point[..].try_into().unwrap(), private: number(third) },
        _ => EcdsaKeypair::NistP521 { public: point[..].try_into().unwrap(), private: number(third) },
    })
}

#[test]
fn an_ecdsa_key_with_leading_zeros_goes_both_ways() {
    for curve in 0..3 {
        let theirs = their_ecdsa_key(curve, 1);
        let ours = PrivateKey::try_from(&theirs).unwrap();
        assert!(same(&ssh_key::PrivateKey::try_from(&ours).unwrap(), &theirs));
        // It cannot read a number of fewer than 32 bytes, and writes superfluous leading zeros.
        let text = ours.to_openssh().unwrap();
        assert_eq!(ssh_key::PrivateKey::from_openssh(&text).is_err(), curve == 0);
        assert_eq!(PrivateKey::from_openssh(&text, &ReadOptions::new()).unwrap().to_openssh().unwrap(), text);
        let written = theirs.to_openssh(ssh_key::LineEnding::LF).unwrap();
        assert!(written != text && PrivateKey::from_openssh(&written, &ReadOptions::new()).unwrap() == ours);

        if have("ssh-keygen") {
            let folder = Folder::new(&format!("leading-zeros-{curve}"));
            let file = folder.file("key");
            for text in [&text, &written] {
                write_private(&file, text);
                let line = output("ssh-keygen", &["-y", "-f", &file], "");
                assert_eq!(line.trim_end(), ours.public_key().to_string());
            }
        }
    }
}

#[test]
fn unsound_keys_that_the_ssh_key_crate_accepts_are_rejected() {
    use ErrorKind::{InconsistentKey, UnknownKeyType};

    let [p, q] = primes();
    let sound = their_key(&p, &q, E);
    let mpint = |number: &BoxedUint| Mpint::from_positive_bytes(&number.to_be_bytes());
    let qinv = sound.qinv().unwrap().retrieve();
    let public = ssh_key::public::RsaPublicKey::new(mpint(sound.e()), mpint(sound.n())).unwrap();
    let rsa = |d: &BoxedUint, qinv: &BoxedUint, p: &BoxedUint, q: &BoxedUint| {
        let private = ssh_key::private::RsaPrivateKey::new(mpint(d), mpint(qinv), mpint(p), mpint(q)).unwrap();
        their_private_key(RsaKeypair::new(public.clone(), private).unwrap())
    };
    assert!(PrivateKey::try_from(&rsa(sound.d(), &qinv, &p, &q)).is_ok());
    let (one, two) = (BoxedUint::one(), BoxedUint::from(2u8));
    let [a, b, _] = short_primes();
    let composite = RsaKeypair::try_from(their_key(&product(&a, &b), &q, E)).unwrap();
    let long_d = sound.d().concatenating_add(&(sound.n().as_ref() - &p - &q + &one));

    let dsa = their_public_key(include_str!("../data/dsa1024.pub"));
    let dsa = dsa.dsa().unwrap();
    // One more than the largest allowed number.
    let number = DsaPrivateKey::new(dsa.q().clone()).unwrap();
    let dsa = DsaKeypair::new(dsa.clone(), number).unwrap();
    let name = ssh_key::Algorithm::new("ssh-new@example.org").unwrap();
    let unknown = OpaqueKeypair::new(vec![1, 2, 3], OpaquePublicKey::new(vec![4, 5, 6], name));

    for (theirs, kind, field) in [
        (rsa(&(sound.d() + &two), &qinv, &p, &q), InconsistentKey, Field::PrivateExponent),
        (rsa(&long_d, &qinv, &p, &q), InconsistentKey, Field::PrivateExponent),
        (rsa(sound.d(), &(&qinv + &one), &p, &q), InconsistentKey, Field::Coefficient),
        (rsa(sound.d(), &qinv, &(&p - &two), &q), InconsistentKey, Field::Modulus),
        (rsa(sound.d(), &qinv, &q, &p), InconsistentKey, Field::Coefficient),
        (rsa(sound.d(), &qinv, sound.n(), &one), InconsistentKey, Field::PrimeQ),
        (their_private_key(composite), InconsistentKey, Field::PrimeP),
        (their_private_key(dsa), InconsistentKey, Field::PrivateExponent),
        (their_ecdsa_key(0, 0), InconsistentKey, Field::PrivateExponent),
        (their_private_key(KeypairData::Other(unknown)), UnknownKeyType, Field::BlobType),
    ] {
        assert!(ssh_key::PrivateKey::from_bytes(&theirs.to_bytes().unwrap()).is_ok());
        let error = PrivateKey::try_from(&theirs).unwrap_err();
        assert_eq!((error.kind(), error.field()), (kind, Some(field)));
    }
}

#[cfg(feature = "encryption")]
#[test]
fn an_encrypted_key_of_the_ssh_key_crate_wants_its_passphrase_first() {
    let ours = PrivateKey::from_rsa(RsaPrivateKey::generate(2048).unwrap(), "me").unwrap();
    let text = ours.to_openssh_encrypted(b"passphrase", ssh_keypair::openssh::Cipher::Aes256Ctr).unwrap();
    let error = PrivateKey::try_from(&ssh_key::PrivateKey::from_openssh(&text).unwrap()).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::PassphraseRequired, Some(Field::Passphrase)));
}

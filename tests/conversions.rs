//! Keys to and from the types of the `rsa` and `ssh-key` crates, and what those take that is refused here.
#![cfg(all(feature = "ssh-key", feature = "getrandom"))]

#[path = "common/mod.rs"]
mod common;

use common::{Folder, have, output, write_private};
use crypto_bigint::ConcatenatingMul;
use rsa::BoxedUint;
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding, RsaPrivateKeyRef, UintRef};
use rsa::rand_core::UnwrapErr;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use ssh_key::encoding::{Encode, Mpint};
use ssh_key::private::{DsaPrivateKey, EcdsaKeypair, Ed25519Keypair, KeypairData, OpaqueKeypair, RsaKeypair};
use ssh_keypair::openssh::{KeyData, PrivateKey, PublicKeyBuf};
use ssh_keypair::{ErrorKind, Field, RsaPrivateKey};

const E: u32 = 65537;

/// 2^bits - less.
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

/// What that crate takes for a key of these, with the smallest d.
fn their_key(p: &BoxedUint, q: &BoxedUint, e: u32) -> rsa::RsaPrivateKey {
    rsa::RsaPrivateKey::from_p_q(p.clone(), q.clone(), e.into()).unwrap()
}

/// Takes one of their keys in and gives it out.
fn there_and_back(theirs: &rsa::RsaPrivateKey) -> RsaPrivateKey {
    let ours = RsaPrivateKey::try_from(theirs).unwrap();
    let back = rsa::RsaPrivateKey::try_from(&ours).unwrap();
    assert_eq!((&back, back.d()), (theirs, theirs.d()));
    assert_eq!((back.dp(), back.dq(), back.qinv().is_some()), (theirs.dp(), theirs.dq(), true));
    assert_eq!(*ours.to_pem().unwrap(), *theirs.to_pkcs1_pem(LineEnding::LF).unwrap());
    ours
}

fn refusal(theirs: &rsa::RsaPrivateKey) -> (ErrorKind, Option<Field>) {
    let error = RsaPrivateKey::try_from(theirs).unwrap_err();
    (error.kind(), error.field())
}

#[test]
fn a_key_made_here_is_the_same_to_the_rsa_crate_and_back() {
    for bits in [2048, 2064, 3072, 4096] {
        let generated = RsaPrivateKey::generate(bits).unwrap();
        // Of one of these p is the smaller prime.
        let derived = [0u8, 1, 2, 3].map(|byte| RsaPrivateKey::from_seed(bits, &[byte; 16]).unwrap());
        for ours in derived.iter().chain([&generated]) {
            let theirs = rsa::RsaPrivateKey::try_from(ours).unwrap();
            assert_eq!(theirs.n_bytes()[..], *ours.modulus());
            assert_eq!(theirs.primes()[0].to_be_bytes_trimmed_vartime()[..], *ours.prime_p());
            assert_eq!(*theirs.to_pkcs1_pem(LineEnding::LF).unwrap(), *ours.to_pem().unwrap());
            assert_eq!(RsaPrivateKey::try_from(&theirs).unwrap(), *ours);
        }
        assert!(bits > 2048 || derived.iter().any(|key| key.prime_p() < key.prime_q()));
    }
}

#[test]
fn a_key_that_the_rsa_crate_made_is_taken_and_given_back() {
    let mut rng = UnwrapErr(getrandom::SysRng);
    there_and_back(&rsa::RsaPrivateKey::new(&mut rng, 2048).unwrap());
    for e in [3u8, 17] {
        let ours = there_and_back(&rsa::RsaPrivateKey::new_with_exp(&mut rng, 2048, e.into()).unwrap());
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
    let larger_d = rsa::RsaPrivateKey::from_primes(vec![p, q], E.into()).unwrap();
    let ours = there_and_back(&larger_d);
    assert!(ours.private_exponent() > forwards.private_exponent());
}

#[test]
fn primes_of_unlike_length_are_taken_in_either_order() {
    let [long, _] = primes();
    let [short, ..] = short_primes();
    for (p, q) in [(&long, &short), (&short, &long)] {
        let theirs = their_key(p, q, E);
        let ours = RsaPrivateKey::try_from(&theirs).unwrap();
        assert_eq!(rsa::RsaPrivateKey::try_from(&ours).unwrap(), theirs);
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
fn what_the_rsa_crate_takes_though_it_is_no_sound_key_is_refused() {
    use ErrorKind::{InconsistentKey, InvalidPrime, KeyTooLarge, KeyTooSmall, UnsupportedKeyVersion};

    let [p, q] = primes();
    let [a, b, c] = short_primes();
    let composite = product(&a, &b);
    let sound = their_key(&p, &q, E);
    let from_components = |n: &BoxedUint, d: &BoxedUint, primes: [&BoxedUint; 2]| {
        rsa::RsaPrivateKey::from_components(n.clone(), E.into(), d.clone(), primes.map(BoxedUint::clone).into())
            .unwrap()
    };
    // (p-1)(q-1).
    let order = sound.n().as_ref() - &p - &q + BoxedUint::one();
    let long_d = sound.d().concatenating_add(&order);
    let long = |less| below_power_of_two(4104, less);

    for (theirs, kind, field) in [
        (their_key(&composite, &q, E), InvalidPrime, Field::PrimeP),
        (their_key(&p, &composite, E), InvalidPrime, Field::PrimeQ),
        (from_components(sound.n(), &long_d, [&p, &q]), InconsistentKey, Field::PrivateExponent),
        (from_components(&product(&p, &p), sound.d(), [&p, &p]), InconsistentKey, Field::Coefficient),
        // Less than a quarter of the bits.
        (their_key(&product(&p, &a), &BoxedUint::from(1_000_003u32), E), InvalidPrime, Field::PrimeQ),
        (their_key(&a, &BoxedUint::from(1_000_003u32), E), KeyTooSmall, Field::Modulus),
        (their_key(&long(1), &long(3), E), KeyTooLarge, Field::Modulus),
        (rsa::RsaPrivateKey::from_primes(vec![a, b, c], E.into()).unwrap(), UnsupportedKeyVersion, Field::PrivateKey),
    ] {
        theirs.validate().unwrap();
        assert_eq!(refusal(&theirs), (kind, Some(field)));
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
    assert_eq!(rsa::RsaPrivateKey::try_from(file).unwrap(), theirs);
}

#[test]
fn public_keys_go_both_ways() {
    for line in [
        include_str!("data/rsa1024.pub"),
        include_str!("data/rsa2048.pub"),
        include_str!("data/rsa3072.pub"),
        include_str!("data/rsa4096.pub"),
        include_str!("data/rsa16384.pub"),
        include_str!("data/ca-rsa.pub"),
    ] {
        let key: PublicKeyBuf = line.parse().unwrap();
        let key = key.as_public_key();
        let KeyData::Rsa(ours) = key.key_data() else { panic!("{line}") };
        let theirs = rsa::RsaPublicKey::from(ours);
        assert_eq!((&theirs.n_bytes()[..], &theirs.e_bytes()[..]), (ours.modulus(), ours.public_exponent()));
        let back = PublicKeyBuf::try_from(&theirs).unwrap();
        assert_eq!(back.as_public_key(), key.with_comment("").unwrap());
        if let Ok(constructed) = rsa::RsaPublicKey::new(theirs.n().as_ref().clone(), theirs.e().clone()) {
            assert_eq!(constructed, theirs);
        } else {
            assert_eq!(ours.bits(), 16384);
        }
    }
}

#[test]
fn a_public_key_of_the_rsa_crate_that_no_line_may_hold_is_refused() {
    let n = below_power_of_two(2048, 1);
    let small = below_power_of_two(1023, 1);
    for (n, e, kind) in [
        (&n, BoxedUint::from(1u8), ErrorKind::InvalidExponent),
        (&n, BoxedUint::from(4u8), ErrorKind::InvalidExponent),
        (&n, BoxedUint::from((1u64 << 33) + 1), ErrorKind::ExponentTooLarge),
        (&small, BoxedUint::from(3u8), ErrorKind::KeyTooSmall),
        (&below_power_of_two(16385, 1), BoxedUint::from(3u8), ErrorKind::KeyTooLarge),
    ] {
        let theirs = rsa::RsaPublicKey::new_unchecked(n.clone(), e);
        assert_eq!(PublicKeyBuf::try_from(&theirs).unwrap_err().kind(), kind);
    }
}

const LINES: [&str; 15] = [
    include_str!("data/ca-ecdsa.pub"),
    include_str!("data/ca-ed25519.pub"),
    include_str!("data/ca-rsa.pub"),
    include_str!("data/dsa1024.pub"),
    include_str!("data/ecdsa256.pub"),
    include_str!("data/ecdsa256sk.pub"),
    include_str!("data/ecdsa384.pub"),
    include_str!("data/ecdsa521.pub"),
    include_str!("data/ed25519.pub"),
    include_str!("data/ed25519sk.pub"),
    include_str!("data/rsa1024.pub"),
    include_str!("data/rsa16384.pub"),
    include_str!("data/rsa2048.pub"),
    include_str!("data/rsa3072.pub"),
    include_str!("data/rsa4096.pub"),
];

#[test]
fn public_keys_of_every_type_go_to_the_ssh_key_crate_and_back() {
    for line in LINES {
        let line = line.trim_end();
        let ours: PublicKeyBuf = line.parse().unwrap();
        let theirs = ssh_key::PublicKey::try_from(&ours.as_public_key()).unwrap();
        assert_eq!(theirs, ssh_key::PublicKey::from_openssh(line).unwrap());
        assert_eq!(theirs.to_openssh().unwrap(), line);
        assert_eq!(PublicKeyBuf::try_from(&theirs).unwrap(), ours);
        assert_eq!(PublicKeyBuf::try_from(&theirs).unwrap().to_string(), line);
    }
}

#[test]
fn types_that_are_not_known_here_do_not_come_in() {
    // One string behind the name, which is the form that crate has for them; and three bytes.
    let one_string = "ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcAAAADAQID me";
    let three_bytes = "ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcBAgM= me";
    let key = |line| PublicKeyBuf::parse_opaque(line).unwrap();
    let theirs = ssh_key::PublicKey::try_from(&key(one_string).as_public_key()).unwrap();
    assert_eq!(theirs.to_openssh().unwrap(), one_string);
    assert_eq!(PublicKeyBuf::try_from(&theirs).unwrap_err().kind(), ErrorKind::UnknownAlgorithm);
    let error = ssh_key::PublicKey::try_from(&key(three_bytes).as_public_key()).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::UnsupportedType, Some(Field::KeyType)));
    let certificate = ssh_key::Certificate::from_openssh(include_str!("data/ed25519-cert.pub")).unwrap();
    let certificate = ssh_key::PublicKey::from(ssh_key::public::KeyData::from(certificate));
    assert_eq!(PublicKeyBuf::try_from(&certificate).unwrap_err().kind(), ErrorKind::CertificateNotAllowed);
}

#[test]
fn a_public_key_of_the_ssh_key_crate_that_no_line_may_hold_is_refused() {
    let mut theirs = ssh_key::PublicKey::from_openssh(include_str!("data/ed25519.pub")).unwrap();
    for (comment, kind) in [
        (&b"two\nlines"[..], ErrorKind::ControlCharacter),
        (b"\xff", ErrorKind::InvalidUtf8),
        (&[b'a'; 16384], ErrorKind::TooLong),
    ] {
        theirs.set_comment(comment);
        let error = PublicKeyBuf::try_from(&theirs).unwrap_err();
        assert_eq!((error.kind(), error.field()), (kind, Some(Field::Comment)));
    }
    let small_order = ssh_key::public::Ed25519PublicKey([0; 32]);
    let error = PublicKeyBuf::try_from(&ssh_key::PublicKey::from(small_order)).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::SmallOrder, Some(Field::Point)));
}

/// Both have the same numbers, public key and comment. That crate's own `==` leaves out qInv.
fn same(a: &ssh_key::PrivateKey, b: &ssh_key::PrivateKey) -> bool {
    a.public_key() == b.public_key() && a.key_data().encode_vec().unwrap() == b.key_data().encode_vec().unwrap()
}

/// Gives one of our keys to that crate, takes it back, and compares the files that both write and read.
fn through_the_ssh_key_crate(ours: &PrivateKey) -> ssh_key::PrivateKey {
    let theirs = ssh_key::PrivateKey::try_from(ours).unwrap();
    let back = PrivateKey::try_from(&theirs).unwrap();
    assert_eq!(back.public_key(), ours.public_key());
    assert_eq!(back.as_rsa(), ours.as_rsa());
    let text = ours.to_openssh().unwrap();
    assert_eq!(back.to_openssh().unwrap(), text);
    // A file that it has read it writes with the same check value.
    let read = ssh_key::PrivateKey::from_openssh(&text).unwrap();
    assert!(same(&read, &theirs));
    assert_eq!(read.to_openssh(ssh_key::LineEnding::LF).unwrap(), text);
    let written = theirs.to_openssh(ssh_key::LineEnding::LF).unwrap();
    assert_eq!(PrivateKey::parse(&written, None).unwrap().to_openssh().unwrap(), text);
    theirs
}

#[test]
fn rsa_keys_made_here_go_to_the_ssh_key_crate_and_back() {
    for bits in [2048, 2064, 3072, 4096] {
        let generated = RsaPrivateKey::generate(bits).unwrap();
        for key in (0u8..4).map(|byte| RsaPrivateKey::from_seed(bits, &[byte; 16]).unwrap()).chain([generated]) {
            let theirs = through_the_ssh_key_crate(&PrivateKey::from_rsa(key, "me@host").unwrap());
            assert_eq!(theirs.comment().as_str(), Ok("me@host"));
        }
    }
}

//! Random number generators that fail or are stuck always lead to an error.

use crate::support::rng::TestRng;
use ssh_keypair::keypair::{Profile, Record};
use ssh_keypair::{ErrorKind, KeySpec, RsaPrivateKey};

/// Where the sequence begins: from here, a key of 2048 bits needs more bytes than usual.
const SEED: u64 = 1_100_000;

/// A sufficiently random sequence, the same in each run: SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
fn sound(at: u64) -> u8 {
    let mut z = (at / 8 + SEED).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)).to_le_bytes()[(at % 8) as usize]
}

#[test]
fn a_generator_that_fails_at_any_byte_is_reported() {
    // The number of bytes that are drawn for a key, so that every call fails once. Candidates are drawn several at a time, and
    // the last ones may not be needed. In that case, the key is the same.
    let mut counted = TestRng::new(move |at| Some(sound(at)));
    let key = RsaPrivateKey::generate_with(2048, &mut counted).unwrap();
    let drawn = counted.drawn();
    assert!(drawn > 50_000, "{drawn}");
    for limit in (0..=drawn).step_by(512) {
        let mut failing = TestRng::new(move |at| (at < limit).then(|| sound(at)));
        match RsaPrivateKey::generate_with(2048, &mut failing) {
            Ok(same) => assert!(same == key && limit > drawn - 20_000, "{limit} of {drawn}"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::RandomnessUnavailable),
        }
    }
    let mut enough = TestRng::new(move |at| (at < drawn).then(|| sound(at)));
    assert!(RsaPrivateKey::generate_with(2048, &mut enough).unwrap() == key);
}

#[test]
fn a_stuck_generator_is_reported_at_every_size() {
    for bits in [2048, 4096, 8192] {
        for byte in [0, 1, 0x55, 0x7f, 0x80, 0xaa, 0xff] {
            let error = RsaPrivateKey::generate_with(bits, &mut TestRng::constant(byte)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BrokenRandomness, "{byte:#x}");
        }
    }
}

#[test]
fn a_generator_that_gets_stuck_later_is_reported() {
    for sound_bytes in [40, 100, 1000, 5000] {
        let mut rng = TestRng::new(move |at| Some(if at < sound_bytes { sound(at) } else { 0 }));
        let error = RsaPrivateKey::generate_with(2048, &mut rng).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenRandomness);
    }
}

#[test]
fn a_generator_that_repeats_itself_is_reported() {
    for period in [8, 24, 104, 1024, 1056, 5000] {
        let error =
            RsaPrivateKey::generate_with(2048, &mut TestRng::new(move |at| Some(sound(at % period)))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenRandomness, "{period}");
    }
}

#[test]
fn the_same_bytes_make_the_same_key() {
    let [first, second] =
        [(); 2].map(|()| RsaPrivateKey::generate_with(2048, &mut TestRng::new(move |at| Some(sound(at)))));
    assert_eq!(first.unwrap(), second.unwrap());
}

#[test]
fn a_record_is_not_made_without_its_key() {
    let error =
        Record::create_with("demo".parse().unwrap(), None, &Profile::nova(), &mut TestRng::broken()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RandomnessUnavailable);
}

#[test]
fn a_rejected_request_draws_no_randomness() {
    let mut untouched = TestRng::untouched();
    for profile in [
        Profile::nova().with_comment("a\nb"),
        Profile::nova().with_key_spec(KeySpec::Rsa { bits: 2047 }),
        Profile::nova().with_key_spec(KeySpec::Rsa { bits: 1024 }),
        Profile::nova().with_key_spec(KeySpec::Rsa { bits: 8208 }),
        Profile::nova().with_key_spec(KeySpec::Rsa { bits: usize::MAX }),
        Profile::nova().with_comment("x".repeat(9000)),
    ] {
        assert!(Record::create_with("a".parse().unwrap(), None, &profile, &mut untouched).is_err());
    }
}

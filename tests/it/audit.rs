//! Weak keys are found, and sound ones are not reported.

use crate::common::{self, Folder, assert_distinguishes, data, from_hex};
use ssh_keypair::audit::{
    Denylist, DenylistRef, Findings, Severity, Weakness, check, check_all, check_with, factor, quick_check,
};
use ssh_keypair::{ErrorKind, KeyData, MlDsa44Ed25519PublicKey, PublicKey, RsaPublicKey};
use std::fs;

/// The names of weaknesses, as a table contains them.
fn names(findings: Findings) -> String {
    let names: Vec<_> = findings.iter().map(Weakness::name).collect();
    if names.is_empty() { "-".into() } else { names.join(" ") }
}

/// The same findings in alphabetical order.
fn sorted(names: &str) -> Vec<&str> {
    let mut names: Vec<_> = names.split(' ').collect();
    names.sort_unstable();
    names
}

#[test]
fn each_made_key_has_the_findings_of_its_kind_and_no_other() {
    let table = data("weak/made.tsv");
    let mut seen = Vec::new();
    let mut wrong = Vec::new();
    for row in table.lines() {
        let [file, thorough, quick] = row.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let key: PublicKey = data(&format!("weak/{file}")).parse().unwrap();
        let key = key.key_data();
        let findings = check(&key);
        for (found, expected) in [(findings, thorough), (quick_check(&key, &[]), quick)] {
            if sorted(&names(found)) != sorted(expected) {
                wrong.push(format!("{file}: {}, not {expected}", names(found)));
            }
        }
        // A factor is found with each weakness that reveals one, and only then.
        let reveals = |weakness| {
            ![Weakness::PrimeModulus, Weakness::Roca, Weakness::GuessableSecret].contains(&weakness)
                && weakness.severity() == Severity::Broken
        };
        let factor = factor(&key);
        assert_eq!(factor.is_some(), findings.iter().any(reveals), "{file}");
        if let Some(factor) = factor {
            assert!(is_factor(factor.as_bytes(), key.as_rsa().unwrap().modulus()), "{file}");
        }
        seen.extend(findings.iter());
    }
    assert_eq!(wrong, Vec::<String>::new());
    // The weaknesses that no file in the table has: tests below cover them.
    let others = [Weakness::DeprecatedDsa, Weakness::Denylisted, Weakness::SharedPrime];
    assert!(Weakness::ALL.iter().all(|weakness| seen.contains(weakness) != others.contains(weakness)));
}

/// Whether the first number divides the second one, and is neither 1 nor that number.
fn is_factor(factor: &[u8], modulus: &[u8]) -> bool {
    let proper = factor.len() <= modulus.len() && factor != modulus && factor != [1] && factor.first() != Some(&0);
    // The rest of the bits so far, highest first, in as many bytes as the factor has, and one.
    let mut rest = vec![0u8; factor.len() + 1];
    let padded: Vec<u8> = [&[0], factor].concat();
    for bit in modulus.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)) {
        let mut carry = bit;
        for byte in rest.iter_mut().rev() {
            (*byte, carry) = (*byte << 1 | carry, *byte >> 7);
        }
        if rest >= padded {
            let mut borrow = false;
            for (byte, by) in rest.iter_mut().zip(&padded).rev() {
                let (difference, one) = byte.overflowing_sub(*by);
                let (difference, two) = difference.overflowing_sub(borrow.into());
                (*byte, borrow) = (difference, one || two);
            }
        }
    }
    proper && rest.iter().all(|byte| *byte == 0)
}

/// A file of attacks, the weaknesses that an import reports, and those that only a thorough audit reports.
const ATTACKS: [(&str, &[Weakness], &[Weakness]); 11] = [
    ("diff-2900", &[Weakness::PrimeDifference], &[]),
    ("factor-17b-65537", &[Weakness::SmallFactor], &[]),
    // Out of reach: see the table of costs in the module `audit`.
    ("factor-33b-4294967311", &[], &[]),
    ("factor-49b-281474976710677", &[], &[]),
    ("fermat-1000", &[], &[Weakness::ClosePrimes]),
    ("low-hamming-16", &[Weakness::PatternedModulus, Weakness::LowWeight], &[]),
    ("nextprime-2k-p", &[Weakness::PrimeRatio], &[]),
    // A bound of 2^20 costs a second.
    ("p-1-smooth-220", &[], &[]),
    ("ratio-2-1", &[Weakness::PrimeRatio], &[]),
    ("ratio-3-2", &[Weakness::PrimeRatio], &[]),
    ("rep-8", &[Weakness::RepeatedWord], &[]),
];

#[test]
fn each_attack_of_the_corpus_has_its_verdict() {
    let Some(corpus) = common::corpus() else { return };
    let folder = corpus.join("corpus/attacks");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(files.filter(|name| name.starts_with("audit-")).count(), ATTACKS.len());
    for (name, quick, more) in ATTACKS {
        let line = fs::read_to_string(folder.join(format!("audit-{name}.pub"))).unwrap();
        let key: PublicKey = line.trim_end().parse().unwrap();
        let key = key.key_data();
        let size = key.as_rsa().filter(|key| key.bits() < 2048).map(|_| Weakness::SmallModulus);
        let expected = size.into_iter().chain(quick.iter().copied());
        assert!(quick_check(&key, &[]).iter().eq(expected.clone()), "{name}: {}", names(quick_check(&key, &[])));
        assert!(check(&key).iter().eq(expected.chain(more.iter().copied())), "{name}: {}", names(check(&key)));
    }
}

#[test]
fn many_keys_at_once_have_the_findings_that_each_has_alone_but_for_smooth_orders() {
    let table = data("weak/made.tsv");
    let mut lines: Vec<String> =
        table.lines().map(|row| data(&format!("weak/{}", row.split('\t').next().unwrap()))).collect();
    // Keys of several sizes, with more of one size than any backend tests at once.
    for file in ["rsa1024", "rsa2048", "ed25519", "rsa3072", "rsa4096", "rsa16384"] {
        let line = data(&format!("{file}.pub"));
        lines.extend(std::iter::repeat_n(line, 11));
    }
    let keys: Vec<PublicKey> = lines.iter().map(|line| line.parse().unwrap()).collect();
    let mut keys: Vec<(KeyData<'_>, Findings)> =
        keys.iter().map(PublicKey::key_data).map(|key| (key, check(&key))).collect();
    for _ in 0..2 {
        let (both, alone): (Vec<_>, Vec<_>) = keys.iter().copied().unzip();
        let together = check_all(&both, &[]);
        let same = |together: Findings, alone: Findings| {
            together.iter().eq(alone.iter().filter(|weakness| *weakness != Weakness::SmoothOrder))
        };
        assert!(together.iter().zip(&alone).all(|(together, alone)| same(*together, *alone)));
        assert_eq!(together.len(), alone.len());
        assert!(alone.iter().any(|findings| findings.contains(Weakness::SmoothOrder)));
        assert!(together.iter().any(|findings| findings.contains(Weakness::PrimeModulus)));
        for (key, findings) in both.iter().zip(together) {
            assert!(quick_check(key, &[]).iter().all(|weakness| findings.contains(weakness)));
        }
        keys.sort_by_key(|(key, _)| key.as_rsa().map_or(0, |key| key.bits()));
    }
    assert!(check_all(&[], &[]).is_empty());
}

#[test]
fn a_prime_is_found_at_any_place_among_keys_of_its_size() {
    let [sound, prime] = ["rsa2048.pub", "weak/prime.pub"].map(|file| data(file).parse::<PublicKey>().unwrap());
    for at in 0..18 {
        let keys: Vec<_> = (0..18).map(|i| if i == at { prime.key_data() } else { sound.key_data() }).collect();
        let findings = check_all(&keys, &[]);
        let expected = (0..18).map(|i| i == at);
        assert!(findings.iter().map(|findings| findings.contains(Weakness::PrimeModulus)).eq(expected), "{at}");
    }
}

#[test]
fn each_modulus_of_the_corpus_has_its_verdict_and_what_is_not_seen_has_its_reason() {
    let Some(corpus) = common::corpus() else { return };
    let moduli = common::json(&corpus.join("corpus/weak-rsa.json"));
    let table = data("weak/corpus.tsv");
    let moduli = moduli.as_array().unwrap();
    assert_eq!(moduli.len(), table.lines().count());
    for (row, entry) in table.lines().zip(moduli) {
        let [source, expected, reason] = row.split('\t').collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(entry["source"], source);
        let modulus = from_hex(entry["n"].as_str().unwrap());
        // The JSON reader rounds numbers over 64 bits. Any number of such a length will do.
        let exponent = entry["e"].as_u64().map_or(vec![0xff; 64], |e| e.to_be_bytes().to_vec());
        let verdict = match RsaPublicKey::new(&modulus, &exponent) {
            Ok(key) => names(check(&key.into())),
            Err(error) => format!("{:?}", error.kind()),
        };
        assert_eq!(sorted(&verdict), sorted(expected), "{source}");
        // A modulus that the corpus calls weak has a finding other than its size, or the table says why not.
        let called_weak = !entry["expected"].as_array().unwrap().is_empty();
        let found = expected.split(' ').any(|name| !["-", "small-modulus"].contains(&name));
        assert!(!called_weak || found || reason != "-", "{source}");
        assert!(reason == "-" || called_weak || reason == "refused by the parser", "{source}");
    }
    let fakes = table.lines().filter(|row| row.starts_with("roca/fake"));
    assert!(fakes.clone().count() > 0 && fakes.clone().all(|row| !row.contains("roca ") && !row.contains("\troca")));
}

/// Checks a sound key, the `i`th of its generator, and allows only a note on its size. Every key gets the checks of an import,
/// and one in ten, of each size, the thorough ones.
fn assert_sound(i: usize, key: &KeyData<'_>) {
    let findings = if (i / 2).is_multiple_of(10) { check(key) } else { quick_check(key, &[]) };
    assert!(findings.iter().all(|weakness| weakness == Weakness::SmallModulus), "{i}: {} {key:?}", names(findings));
}

/// A key made by `openssl`.
fn openssl_key(bits: &str) -> String {
    let pem = common::output("openssl", &["genrsa", "-traditional", bits], "");
    let key = common::parse(&pem, None).unwrap();
    key.public_key().to_string()
}

/// A key made by `ssh-keygen`.
fn ssh_keygen_key(folder: &Folder, bits: &str) -> String {
    let file = folder.file("key");
    let _ = fs::remove_file(&file);
    common::output("ssh-keygen", &["-q", "-t", "rsa", "-b", bits, "-N", "", "-f", &file], "");
    fs::read_to_string(format!("{file}.pub")).unwrap()
}

fn sound_keys(ours: usize, theirs: usize) {
    std::thread::scope(|scope| {
        scope.spawn(|| keys_of_ours(ours));
        scope.spawn(|| keys_of_tools(theirs));
    });
}

fn keys_of_ours(count: usize) {
    for i in 0..count {
        let mut seed = *b"a seed of a sound key, number \0\0\0\0\0\0\0\0";
        seed[30..].copy_from_slice(&(i as u64).to_be_bytes());
        let bits = if i % 50 == 0 { 3072 } else { 2048 };
        let key = ssh_keypair::RsaPrivateKey::from_seed(bits, &seed).unwrap();
        assert_sound(i, &key.public_key().into());
    }
}

fn keys_of_tools(count: usize) {
    let folder = Folder::new("audit");
    let by_openssl: fn(&Folder, &str) -> String = |_, bits| openssl_key(bits);
    for (tool, generate) in [("openssl", by_openssl), ("ssh-keygen", ssh_keygen_key)] {
        if common::have(tool) {
            for i in 0..count {
                let line = generate(&folder, if i % 2 == 0 { "1024" } else { "2048" });
                assert_sound(i, &line.parse::<PublicKey>().unwrap().key_data());
            }
        }
    }
}

#[test]
fn keys_of_three_generators_are_sound() {
    sound_keys(20, 10);
}

/// 1,000 of them get the thorough checks. `cargo test --release --all-features -- --ignored ten_thousand` takes a quarter of
/// an hour.
#[test]
#[ignore = "takes minutes"]
fn ten_thousand_keys_of_three_generators_are_sound() {
    sound_keys(8000, 1000);
}

#[test]
fn every_other_type_of_key_is_looked_at() {
    let findings = |file: &str| {
        let key: PublicKey = data(&format!("{file}.pub")).parse().unwrap();
        check(&key.as_public_key_ref().key_data())
    };
    assert!(findings("dsa1024").iter().eq([Weakness::DeprecatedDsa]));
    for file in ["ecdsa256", "ecdsa384", "ecdsa521", "ed25519", "ecdsa256sk", "ed25519sk", "composite/mldsa44-ed25519"]
    {
        assert!(findings(file).is_empty(), "{file}");
    }
    let opaque = PublicKey::from_openssh_opaque("ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmcAAQID").unwrap();
    assert!(check(&opaque.as_public_key_ref().key_data()).is_empty());
}

#[test]
fn a_composite_key_is_broken_if_the_secret_of_its_ed25519_half_is_guessable() {
    let (guessable, composite): (PublicKey, PublicKey) =
        (data("weak/guessable-ed25519.pub").parse().unwrap(), data("composite/mldsa44-ed25519.pub").parse().unwrap());
    let (KeyData::Ed25519(point), KeyData::MlDsa44Ed25519(halves)) = (guessable.key_data(), composite.key_data())
    else {
        panic!("other types")
    };
    let key = MlDsa44Ed25519PublicKey::new(halves.mldsa44(), point).into();
    assert!(check(&key).iter().eq([Weakness::GuessableSecret]));
    assert!(quick_check(&key, &[]).iter().eq([Weakness::GuessableSecret]));
}

/// The record of a listed key, by the rule of badkeys and with another implementation of the hash.
fn record(key: &KeyData<'_>, list: u8) -> [u8; 16] {
    let number = match key {
        KeyData::Rsa(key) => key.modulus(),
        KeyData::Dsa(key) => key.y(),
        KeyData::Ecdsa(key) => key.x(),
        KeyData::SkEcdsaP256(key) => key.key().x(),
        KeyData::Ed25519(key) => key.as_bytes().as_slice(),
        KeyData::SkEd25519(key) => key.key().as_bytes().as_slice(),
        KeyData::MlDsa44Ed25519(key) => key.ed25519().as_bytes().as_slice(),
        _ => unreachable!(),
    };
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let folder = Folder::new(&format!("record-{list}"));
    let file = folder.file("number");
    fs::write(&file, &number[zeros..]).unwrap();
    let output = common::run("openssl", &["dgst", "-sha256", "-binary", &file], "");
    let mut record = [list; 16];
    record[..15].copy_from_slice(&output.stdout[..15]);
    record
}

#[test]
fn a_denylist_has_the_keys_that_are_on_it_wherever_they_are_and_no_others() {
    if !common::have("openssl") {
        return;
    }
    let files = [
        "rsa2048",
        "dsa1024",
        "ecdsa256",
        "ecdsa384",
        "ecdsa521",
        "ed25519",
        "ecdsa256sk",
        "ed25519sk",
        "composite/mldsa44-ed25519",
        "rsa4096",
    ];
    let keys: Vec<PublicKey> = files.iter().map(|file| data(&format!("{file}.pub")).parse().unwrap()).collect();
    let listed = &keys[..9];
    let mut records: Vec<[u8; 16]> =
        (1..).zip(listed).map(|(list, key)| record(&key.as_public_key_ref().key_data(), list)).collect();
    records.sort_unstable();
    let file = records.concat();
    let denylist = DenylistRef::new(&file).unwrap();
    assert!(denylist.is_sorted() && denylist.len() == 9);
    for (list, key) in (1..).zip(&keys) {
        let key = key.as_public_key_ref().key_data();
        let expected = (list <= 9).then_some(list);
        assert_eq!(denylist.find(&key), expected);
        let findings = check_with(&key, &[DenylistRef::new(&[]).unwrap(), denylist]);
        assert!(check_all(&[key], &[denylist])[0] == findings && quick_check(&key, &[denylist]) == findings);
        assert_eq!((findings.list(), findings.contains(Weakness::Denylisted)), (expected, expected.is_some()));
        assert_eq!(findings.worst() == Some(Severity::Broken), expected.is_some());
    }
    let owned = Denylist::try_from(file.clone()).unwrap();
    for key in &keys {
        let key = key.key_data();
        assert_eq!((owned.find(&key), owned.as_denylist_ref().find(&key)), (denylist.find(&key), denylist.find(&key)));
    }
    assert_eq!((owned.len(), owned.is_sorted(), owned.is_empty()), (9, true, false));
    let empty = Denylist::from_static(&[]).unwrap();
    assert!(empty.is_empty() && empty.as_denylist_ref().is_empty() && !denylist.is_empty());
    assert_distinguishes(&[vec![owned, Denylist::try_from(file.clone()).unwrap()], vec![empty]]);
    assert_eq!(format!("{denylist:?}"), "DenylistRef { len: 9, .. }");
    records.swap(0, 1);
    let file = records.concat();
    assert!(!DenylistRef::new(&file).unwrap().is_sorted());
    assert!(!Denylist::try_from(file.clone()).unwrap().is_sorted());
    for cut in [1, 15, 17] {
        assert_eq!(DenylistRef::new(&file[..cut]).unwrap_err().kind(), ErrorKind::InvalidDenylist);
    }
}

/// A factor is as secret as a private key, so `Debug` shows only its length.
#[test]
fn debug_shows_no_factor() {
    let key: PublicKey = data("weak/factor-65521.pub").parse().unwrap();
    assert_eq!(format!("{:?}", factor(&key.key_data()).unwrap()), "Factor { bytes: 2, .. }");
    // Two moduli just above 2^1023, a multiple of 15 and a multiple of 21: they share the factor 3.
    let [one, other] = [5, 7].map(|prime: u64| {
        let mut modulus = vec![0; 128];
        modulus[0] = 0x80;
        // (2^1023 + x) is a multiple of 3 * prime for some odd x.
        let rest = modulus.iter().fold(0, |rest, byte| (rest * 256 + u64::from(*byte)) % (3 * prime));
        let odd = 3 * prime - rest;
        modulus[127] = u8::try_from(if odd % 2 == 1 { odd } else { odd + 3 * prime }).unwrap();
        modulus
    });
    let keys = [&one, &other].map(|modulus| RsaPublicKey::new(modulus, &[1, 0, 1]).unwrap());
    let shared = &ssh_keypair::audit::shared_primes(&keys)[0];
    assert_eq!(format!("{shared:?}"), "SharedFactor { keys: [0, 1], .. }");
}

#[test]
fn weaknesses_have_a_name_a_sentence_and_a_reference_of_their_own() {
    for weakness in Weakness::ALL {
        let same =
            |text: fn(&Weakness) -> String| Weakness::ALL.iter().filter(|other| text(other) == text(weakness)).count();
        assert_eq!((same(|w| w.name().into()), same(|w| w.to_string())), (1, 1));
        assert_eq!(ErrorKind::Weak(*weakness).to_string(), weakness.to_string());
        assert!(!weakness.reference().is_empty());
        assert!(weakness.cve().is_none_or(|cve| cve.starts_with("CVE-")));
        assert!(weakness.name().bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'-')));
    }
}

/// The thread itself needs some of this.
#[test]
fn the_longest_key_fits_the_stack_that_is_promised() {
    // The second is the longest whose modulus is tested for being a prime.
    for (file, stack) in [("rsa16384", 128 << 10), ("rsa4096", 128 << 10)] {
        let line = data(&format!("{file}.pub"));
        let key: PublicKey = line.parse().unwrap();
        let audit = move || check(&key.as_public_key_ref().key_data());
        let thread = std::thread::Builder::new().stack_size(stack).spawn(audit).unwrap();
        assert!(thread.join().unwrap().is_empty());
    }
}

//! Looks for traces of a key in memory: the operating system reads back the thread's stack after the key was created,
//! used and dropped.
#![cfg(target_os = "linux")]

#[cfg(feature = "encryption")]
mod support;

use ssh_keypair::RsaPrivateKey;
use ssh_keypair::pkcs::{EncodeRsaPrivateKey, LineEnding};
use std::hint::black_box;
use std::os::unix::fs::FileExt;

/// More stack than a key of 2048 bits needs.
const DEPTH: usize = 96 * 1024;

/// The operating system's view of this process, and a buffer for what it shows. Both are created before there is
/// anything to find: opening a file would overwrite the nearest part of the stack.
struct Scan(std::fs::File, Vec<u8>);

impl Scan {
    fn new() -> Self {
        Self(std::fs::File::open("/proc/self/mem").unwrap(), vec![0; DEPTH])
    }

    /// The bytes of this thread's stack below the caller.
    #[inline(never)]
    fn stack_below(&mut self) -> &[u8] {
        let here = 0u8;
        let top = std::ptr::from_ref(black_box(&here)).addr();
        self.0.read_exact_at(&mut self.1, (top - DEPTH) as u64).unwrap();
        &self.1
    }
}

/// Creates a key, and returns copies of its secret numbers, on the heap.
#[inline(never)]
fn make(use_key: fn(&RsaPrivateKey)) -> Vec<(&'static str, Vec<u8>)> {
    let key = RsaPrivateKey::generate(2048).unwrap();
    use_key(&key);
    numbers(&key)
}

fn numbers(key: &RsaPrivateKey) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("d", key.private_exponent().to_vec()),
        ("p", key.prime_p().to_vec()),
        ("q", key.prime_q().to_vec()),
        ("dP", key.exponent_p().to_vec()),
        ("dQ", key.exponent_q().to_vec()),
        ("qInv", key.coefficient().to_vec()),
    ]
}

/// How many 16-byte pieces of each number are on the stack, in either byte order, and how many of its 52-bit digits,
/// one word each.
fn residue(numbers: &[(&'static str, Vec<u8>)], stack: &[u8]) -> Vec<(&'static str, usize)> {
    let pieces = |number: &[u8]| number.chunks_exact(16).filter(|piece| contains(stack, piece)).count();
    let words = |number: &[u8]| digits(number).filter(|digit| contains(stack, &digit.to_le_bytes())).count();
    numbers
        .iter()
        .map(|(name, number)| {
            let reversed: Vec<u8> = number.iter().rev().copied().collect();
            (*name, pieces(number) + pieces(&reversed) + words(&reversed))
        })
        .filter(|(_, found)| *found > 0)
        .collect()
}

/// The digits of a little-endian number that are too long to occur by chance.
fn digits(number: &[u8]) -> impl Iterator<Item = u64> {
    let bit = |i: usize| u64::from(number.get(i / 8).is_some_and(|byte| byte >> (i % 8) & 1 == 1));
    (0..8 * number.len())
        .step_by(52)
        .map(move |at| (0..52).map(|i| bit(at + i) << i).sum())
        .filter(|digit: &u64| *digit >> 40 != 0)
}

fn contains(memory: &[u8], piece: &[u8]) -> bool {
    memory.windows(piece.len()).any(|window| window == piece)
}

fn in_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    // The stack must be deep enough for the scan, whatever precedes it.
    std::thread::Builder::new().stack_size(4 * DEPTH).spawn(work).unwrap().join().unwrap()
}

#[test]
fn nothing_of_a_key_is_left_on_the_stack() {
    for _ in 0..16 {
        let left = in_a_thread(|| {
            let mut scan = Scan::new();
            let numbers = make(|_| ());
            residue(&numbers, scan.stack_below())
        });
        assert_eq!(left, [], "after making");
        let left = in_a_thread(|| {
            let mut scan = Scan::new();
            let numbers = make(|key| drop(black_box(key.to_pkcs1_pem(LineEnding::LF).unwrap())));
            residue(&numbers, scan.stack_below())
        });
        assert_eq!(left, [], "after writing");
    }
}

#[test]
fn the_scan_sees_what_is_there() {
    let seen = in_a_thread(|| {
        #[inline(never)]
        fn leave_behind(secret: &[u8]) {
            // Deep enough that the scan's own frames do not reach it.
            let mut copy = [0; 4096];
            copy[..secret.len()].copy_from_slice(secret);
            black_box(&copy);
        }
        let secret: Vec<u8> = (0..=255u8).map(|i| i.wrapping_mul(167) ^ 0x5c).collect();
        let reversed: Vec<u8> = secret.iter().rev().copied().collect();
        let words: Vec<u8> = digits(&reversed).flat_map(u64::to_le_bytes).collect();
        let numbers = [("secret", secret.clone())];
        let mut scan = Scan::new();
        leave_behind(&secret);
        let as_bytes = residue(&numbers, scan.stack_below());
        leave_behind(&words);
        let as_digits = residue(&numbers, scan.stack_below());
        [as_bytes, as_digits].concat()
    });
    assert_eq!(seen, [("secret", 16), ("secret", 39)]);
}

/// Traces of files: the key, and what is derived from the passphrase.
#[cfg(feature = "encryption")]
mod files {
    use super::*;
    use crate::support::forms::{FILE_PASSPHRASE, FORMS, PASSPHRASE, derived, only_read};
    use ssh_keypair::{PrivateKey, ReadOptions};

    #[test]
    fn nothing_of_a_file_is_left_on_the_stack() {
        for (form, write) in FORMS {
            let (secrets, written, read) = in_a_thread(move || {
                let mut scan = Scan::new();
                let mut text = None;
                let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048).unwrap(), "me@host").unwrap();
                let text: &str = text.insert(write(&key));
                let written = scan.stack_below().to_vec();
                drop(black_box(PrivateKey::parse(text, &ReadOptions::new().with_passphrase(PASSPHRASE)).unwrap()));
                let read = scan.stack_below().to_vec();
                ([numbers(key.as_rsa().unwrap()), derived()].concat(), written, read)
            });
            assert_eq!(residue(&secrets, &written), [], "after writing, {form}");
            assert_eq!(residue(&secrets, &read), [], "after reading, {form}");
        }
    }

    #[test]
    fn nothing_of_a_file_that_is_only_read_is_left_on_the_stack() {
        for (form, text) in only_read() {
            let (secrets, read) = in_a_thread(move || {
                let mut scan = Scan::new();
                let key = PrivateKey::parse(text, &ReadOptions::new().with_passphrase(FILE_PASSPHRASE)).unwrap();
                let key = black_box(Box::new(key));
                let read = scan.stack_below().to_vec();
                (numbers(key.as_rsa().unwrap()), read)
            });
            assert_eq!(residue(&secrets, &read), [], "{form}");
        }
    }

    #[cfg(feature = "ec")]
    #[test]
    fn nothing_of_a_generated_key_on_a_curve_is_left_on_the_stack() {
        use ssh_keypair::pkcs::{EncodePrivateKey, LineEnding};
        use ssh_keypair::{EcdsaCurve, KeySpec};

        for spec in [KeySpec::Ed25519, KeySpec::Ecdsa(EcdsaCurve::P256), KeySpec::Ecdsa(EcdsaCurve::P521)] {
            let (secrets, made, written) = in_a_thread(move || {
                let mut scan = Scan::new();
                let key = black_box(Box::new(PrivateKey::generate(spec).unwrap()));
                let made = scan.stack_below().to_vec();
                let texts = [
                    key.to_openssh().unwrap(),
                    key.to_pkcs8_pem(LineEnding::LF).unwrap(),
                    key.to_ppk().unwrap(),
                    key.to_ppk_encrypted(PASSPHRASE).unwrap(),
                    key.to_openssh_encrypted(PASSPHRASE, ssh_keypair::openssh::Cipher::Aes256Ctr).unwrap(),
                ];
                let written = scan.stack_below().to_vec();
                assert!(black_box(texts).iter().all(|text| !text.is_empty()));
                let secret = match (key.as_ed25519(), key.as_ecdsa()) {
                    (Some(key), _) => key.seed().to_vec(),
                    (_, ecdsa) => ecdsa.unwrap().scalar().to_vec(),
                };
                (vec![("secret", secret)], made, written)
            });
            assert_eq!(residue(&secrets, &made), [], "after generation, {spec:?}");
            assert_eq!(residue(&secrets, &written), [], "after writing, {spec:?}");
        }
    }

    #[test]
    fn nothing_of_a_key_of_another_type_is_left_on_the_stack() {
        for text in [include_str!("data/private/ed25519.openssh"), include_str!("data/private/ecdsa256.openssh")] {
            let (secrets, read) = in_a_thread(move || {
                let mut scan = Scan::new();
                drop(black_box(PrivateKey::parse(text, &ReadOptions::new()).unwrap()));
                let read = scan.stack_below().to_vec();
                let theirs = ssh_key::PrivateKey::from_openssh(text).unwrap();
                let secret = match theirs.key_data() {
                    ssh_key::private::KeypairData::Ed25519(key) => key.private.as_ref().to_vec(),
                    other => other.ecdsa().unwrap().private_key_bytes().to_vec(),
                };
                (vec![("secret", secret)], read)
            });
            assert_eq!(residue(&secrets, &read), []);
        }
    }
}

/// Traces of the PKCS#12 of a certificate: its password is empty, so its ciphertext is as secret as the key.
#[cfg(feature = "x509")]
mod certificates {
    use super::*;
    use ssh_keypair::x509::Certificate;

    #[test]
    fn nothing_of_a_pair_is_left_on_the_stack() {
        for _ in 0..8 {
            let (numbers, signed, written) = in_a_thread(|| {
                let mut scan = Scan::new();
                let mut place = None;
                let key = RsaPrivateKey::generate(2048).unwrap();
                let certificate =
                    place.insert(Certificate::self_signed_with(&key, "me", 0, &mut getrandom::SysRng).unwrap());
                let signed = scan.stack_below().to_vec();
                let mut text = None;
                let text = text.insert(certificate.to_pkcs12(&key).unwrap());
                let written = scan.stack_below().to_vec();
                let mut secrets = numbers(&key);
                secrets.push(("PKCS#12", encrypted_key(text).to_vec()));
                (secrets, signed, written)
            });
            assert_eq!(residue(&numbers, &signed), [], "after signing");
            assert_eq!(residue(&numbers, &written), [], "after writing");
        }
    }

    /// The encrypted key in a PKCS#12: most of its last kilobyte.
    fn encrypted_key(pkcs12: &[u8]) -> &[u8] {
        &pkcs12[pkcs12.len() - 1200..pkcs12.len() - 200]
    }
}

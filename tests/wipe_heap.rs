//! Looks for secrets on the heap: an allocator scans every block when it is freed, through the operating system, while
//! keys are created, written, encrypted, read and dropped.
#![cfg(all(target_os = "linux", feature = "encryption", feature = "getrandom"))]
#![allow(unsafe_code, reason = "an allocator that scans freed blocks")]

mod support;

use ssh_keypair::pkcs::{EncodePrivateKey, EncodeRsaPrivateKey, LineEnding};
use ssh_keypair::{PrivateKey, ReadOptions, RsaPrivateKey};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::OnceLock;
use support::forms::{FILE_PASSPHRASE, FORMS, PASSPHRASE, derived, only_read, salt};
use zeroize::Zeroizing;

/// A name, and the pieces of a secret that must not be found.
type Secret = (&'static str, Vec<[u8; PIECE]>);

/// The number of bytes in a piece that is searched for. A piece of this length does not occur by chance.
const PIECE: usize = 16;

/// The operating system's view of this process.
static MEMORY: OnceLock<File> = OnceLock::new();

thread_local! {
    /// The secrets that this thread looks for. Never freed.
    static SECRETS: Cell<&'static [Secret]> = const { Cell::new(&[]) };
    /// The secrets that were found in freed blocks, one bit for each.
    static FOUND: Cell<u64> = const { Cell::new(0) };
}

struct Looking;

#[global_allocator]
static ALLOCATOR: Looking = Looking;

// SAFETY: every call is passed on to the system's allocator. Nothing that is called here allocates.
unsafe impl GlobalAlloc for Looking {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller upholds the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        look(block.addr(), layout.size());
        // SAFETY: the caller upholds the contract.
        unsafe { System.dealloc(block, layout) }
    }
}

/// Scans a block that is about to be freed. The default `realloc` frees, too.
fn look(block: usize, length: usize) {
    const WINDOW: usize = 4096;
    let secrets = SECRETS.get();
    let Some(memory) = MEMORY.get().filter(|_| !secrets.is_empty() && length >= PIECE) else { return };
    let mut window = [0; WINDOW];
    // Windows overlap, so that no piece is cut.
    for start in (0..length - (PIECE - 1)).step_by(WINDOW - (PIECE - 1)) {
        let window = &mut window[..WINDOW.min(length - start)];
        memory.read_exact_at(window, (block + start) as u64).unwrap();
        for (i, (_, pieces)) in secrets.iter().enumerate() {
            if pieces.iter().any(|piece| memchr::memmem::find(window, piece).is_some()) {
                FOUND.set(FOUND.get() | 1 << i);
            }
        }
    }
}

/// Does some work, and returns the names of the secrets in blocks that were freed meanwhile.
fn left_by<T>(secrets: &'static [Secret], work: impl FnOnce() -> T) -> Vec<&'static str> {
    MEMORY.get_or_init(|| File::open("/proc/self/mem").unwrap());
    FOUND.set(0);
    SECRETS.set(secrets);
    drop(work());
    SECRETS.set(&[]);
    secrets.iter().enumerate().filter(|(i, _)| FOUND.get() >> i & 1 == 1).map(|(_, (name, _))| *name).collect()
}

/// A secret to look for, as pieces of its bytes.
fn secret(name: &'static str, bytes: &[u8]) -> Secret {
    let pieces: Vec<_> = bytes.chunks_exact(PIECE).map(|piece| piece.try_into().unwrap()).collect();
    assert!(!pieces.is_empty());
    (name, pieces)
}

/// The base64 of a text, as pieces of its last lines: the public key is before them.
fn text(name: &'static str, text: &str) -> Secret {
    let lines = text.lines().rev().filter(|line| line.len() >= 64 && !line.contains([' ', '-', ':']));
    let pieces: Vec<_> = lines.take(8).map(|line| line.as_bytes()[..PIECE].try_into().unwrap()).collect();
    assert_eq!(pieces.len(), 8, "{name}");
    (name, pieces)
}

/// A text that is never freed, created in place.
fn kept(text: Zeroizing<String>) -> &'static str {
    Box::leak(Box::new(text))
}

fn key() -> PrivateKey {
    PrivateKey::from_rsa(RsaPrivateKey::generate(2048).unwrap(), "me@host").unwrap()
}

/// Reads a key with a passphrase, which is ignored if the key is not encrypted.
fn read(text: &str) -> PrivateKey {
    PrivateKey::parse(text, &ReadOptions::new().with_passphrase(PASSPHRASE)).unwrap()
}

/// The secrets of a key: its numbers, its unencrypted encodings, and what is derived from the passphrase.
fn secrets(key: &PrivateKey) -> &'static [Secret] {
    let rsa = key.as_rsa().unwrap();
    let mut secrets = vec![
        secret("d", rsa.private_exponent()),
        secret("p", rsa.prime_p()),
        secret("q", rsa.prime_q()),
        secret("dP", rsa.exponent_p()),
        secret("dQ", rsa.exponent_q()),
        secret("qInv", rsa.coefficient()),
        text("PKCS#1", kept(rsa.to_pkcs1_pem(LineEnding::LF).unwrap())),
        text("PKCS#8", kept(rsa.to_pkcs8_pem(LineEnding::LF).unwrap())),
        text("OpenSSH", kept(key.to_openssh().unwrap())),
        text("PPK", kept(key.to_ppk().unwrap())),
    ];
    secrets.extend(derived().iter().map(|(name, bytes)| secret(name, bytes)));
    secrets.leak()
}

#[test]
fn nothing_of_a_key_is_in_a_block_that_is_freed() {
    let key = key();
    let secrets = secrets(&key);
    let pem = kept(key.as_rsa().unwrap().to_pkcs1_pem(LineEnding::LF).unwrap());
    for (form, write) in FORMS {
        assert_eq!(left_by(secrets, || write(&key)), [""; 0], "written as {form}");
        let text = kept(write(&key));
        assert!(read(text) == key, "{form}");
        assert_eq!(left_by(secrets, || read(text)), [""; 0], "read as {form}");
    }
    let text = kept(key.to_ppk_encrypted_with(PASSPHRASE, &mut salt()).unwrap());
    let options = ReadOptions::new().with_passphrase(b"not the passphrase, but one as long");
    let wrong = || PrivateKey::parse(text, &options).unwrap_err();
    assert_eq!(left_by(secrets, wrong), [""; 0], "rejected");
    assert_eq!(left_by(secrets, || read(pem).into_rsa().unwrap()), [""; 0], "taken apart");
    let again = || PrivateKey::from_rsa(read(pem).into_rsa()?, "again")?.to_openssh();
    assert_eq!(left_by(secrets, || again().unwrap()), [""; 0], "from one form to another");
}

#[test]
fn nothing_of_a_file_that_is_only_read_is_in_a_block_that_is_freed() {
    let read = |text: &str| PrivateKey::parse(text, &ReadOptions::new().with_passphrase(FILE_PASSPHRASE)).unwrap();
    let files = only_read();
    let key = read(include_str!("data/private/rsa2048.pkcs1.pem"));
    let secrets = secrets(&key);
    for (form, text) in &files {
        assert!(read(text) == key, "{form}");
        assert_eq!(left_by(secrets, || read(text)), [""; 0], "{form}");
    }
}

/// The secret half of a key on a curve in every format, written and read, and while the key is made.
#[cfg(feature = "ec")]
#[test]
fn nothing_of_a_key_on_a_curve_is_in_a_block_that_is_freed() {
    use ssh_keypair::openssh::Cipher;
    use ssh_keypair::pkcs::Kdf;
    use ssh_keypair::{EcdsaCurve, KeySpec};

    let seed = b"32 bytes that a generator drew..";
    for spec in [KeySpec::Ed25519, KeySpec::Ecdsa(EcdsaCurve::P256), KeySpec::Ecdsa(EcdsaCurve::P521)] {
        let key = PrivateKey::from_seed(spec, seed).unwrap();
        let secret_half = match key.as_ecdsa() {
            Some(key) => key.scalar(),
            None => seed,
        };
        let mut secrets = vec![secret("secret half", secret_half), secret("seed", seed)];
        secrets.extend(derived().iter().map(|(name, bytes)| secret(name, bytes)));
        let secrets: &'static [Secret] = secrets.leak();
        assert_eq!(left_by(secrets, || PrivateKey::from_seed(spec, seed).unwrap()), [""; 0], "{spec:?}");
        let forms: [(&str, &dyn Fn() -> Zeroizing<String>); 7] = [
            ("PKCS#8", &|| key.to_pkcs8_pem(LineEnding::LF).unwrap()),
            ("PKCS#8, scrypt", &|| key.to_encrypted_pkcs8_pem_with(PASSPHRASE, Kdf::Scrypt, &mut salt()).unwrap()),
            ("OpenSSH", &|| key.to_openssh().unwrap()),
            ("OpenSSH, CTR", &|| key.to_openssh_encrypted_with(PASSPHRASE, Cipher::Aes256Ctr, &mut salt()).unwrap()),
            ("PPK", &|| key.to_ppk().unwrap()),
            ("PPK, Argon2", &|| key.to_ppk_encrypted_with(PASSPHRASE, &mut salt()).unwrap()),
            ("SEC 1", &|| match key.as_ecdsa() {
                Some(key) => key.to_sec1_pem().unwrap(),
                None => key.to_openssh().unwrap(),
            }),
        ];
        for (form, write) in forms {
            assert_eq!(left_by(secrets, write), [""; 0], "{spec:?}, written as {form}");
            let text = kept(write());
            assert_eq!(left_by(secrets, || read(text)), [""; 0], "{spec:?}, read as {form}");
        }
    }
}

/// The password of the PKCS#12 is empty, so its ciphertext is as secret as the key.
#[cfg(feature = "x509")]
#[test]
fn nothing_of_a_certificate_pair_is_in_a_block_that_is_freed() {
    use ssh_keypair::x509::Certificate;

    let pair = key();
    let key = pair.as_rsa().unwrap();
    let sign = || Certificate::self_signed_with(key, "me", 0, &mut getrandom::SysRng).unwrap();
    let certificate = sign();
    let (der, base64) = (certificate.to_pkcs12(key).unwrap(), certificate.to_pkcs12_base64(key).unwrap());
    // The encrypted key is in most of the last kilobyte.
    let mut secrets = secrets(&pair).to_vec();
    secrets.push(secret("PKCS#12", &der[der.len() - 1200..der.len() - 200]));
    secrets.push(secret("its base64", &base64.as_bytes()[base64.len() - 1600..base64.len() - 300]));
    let secrets = secrets.leak();
    assert_eq!(left_by(secrets, sign), [""; 0], "signed");
    assert_eq!(left_by(secrets, || certificate.to_pkcs12(key).unwrap()), [""; 0], "written");
    assert_eq!(left_by(secrets, || certificate.to_pkcs12_base64(key).unwrap()), [""; 0], "as base64");
    assert_eq!(left_by(secrets, || der.to_vec()), ["PKCS#12"]);
    assert_eq!(left_by(secrets, || String::from(&**base64)), ["its base64"]);
}

#[test]
fn the_allocator_sees_what_is_freed() {
    let key = key();
    let secrets = secrets(&key);
    let key = key.as_rsa().unwrap();
    assert_eq!(left_by(secrets, || key.prime_p().to_vec()), ["p"]);
    assert_eq!(left_by(secrets, || PASSPHRASE.to_vec()), ["the passphrase"]);
    assert!(left_by(secrets, || String::from(&**key.to_pkcs1_pem(LineEnding::LF).unwrap())).contains(&"PKCS#1"));
    assert_eq!(left_by(secrets, || Zeroizing::new(key.prime_p().to_vec())), [""; 0]);
    // A block that grows leaves its first one behind.
    let grown = || {
        let mut bytes = Zeroizing::new(key.prime_q().to_vec());
        bytes.reserve_exact(1 << 20);
        bytes
    };
    assert_eq!(left_by(secrets, grown), ["q"]);
    // Across the edge of a window, and at the very end of a large block.
    for at in [4096 - 20, 4096 - 8, 4096 - 16, 3 * 4096, 20_000 - 128] {
        let mut block = vec![0; 20_000];
        block[at..at + 128].copy_from_slice(key.prime_p());
        assert_eq!(left_by(secrets, || block), ["p"], "{at}");
    }
}

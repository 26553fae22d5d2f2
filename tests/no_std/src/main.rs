//! Generates a key, and prints its line, its fingerprints and its PEM, with buffers on the stack: no std, no heap. There is no
//! allocator to link, so a crate that needed one would not link.

#![no_std]
#![no_main]

use core::ffi::{c_int, c_void};
use core::fmt::{self, Write};
use ssh_keypair::audit::{Severity, check};
use ssh_keypair::openssh::{CertificateRef, MAX_BLOB_BYTES, MAX_LINE_BYTES};
use ssh_keypair::pkcs::{MAX_DER_BYTES, MAX_PEM_BYTES, MAX_PUBLIC_DER_BYTES};
use ssh_keypair::{EcdsaCurve, EcdsaPrivateKey, Ed25519PrivateKey, Error, KeyData, PublicKeyRef, RsaPrivateKey};

#[link(name = "c")]
unsafe extern "C" {
    fn write(fd: c_int, bytes: *const c_void, count: usize) -> isize;
    fn abort() -> !;
}

struct Stdout;

impl Write for Stdout {
    fn write_str(&mut self, mut text: &str) -> fmt::Result {
        while !text.is_empty() {
            // SAFETY: the pointer and the length are those of one string, which outlives the call.
            let written = unsafe { write(1, text.as_ptr().cast(), text.len()) };
            text = usize::try_from(written).ok().and_then(|n| text.get(n..)).ok_or(fmt::Error)?;
        }
        Ok(())
    }
}

fn run() -> Result<(), Error> {
    let (mut blob, mut line, mut pem) = ([0; MAX_BLOB_BYTES], [0; MAX_LINE_BYTES], [0; MAX_PEM_BYTES]);
    let key = RsaPrivateKey::generate_with(2048, &mut getrandom::SysRng)?;
    let public = PublicKeyRef::from_key_data(&key.public_key().into(), "no heap", &mut blob)?;
    let line = public.write_line(&mut line)?;
    let pem = key.write_pkcs1_pem(&mut pem)?;
    let mut pkcs8 = [0; MAX_PEM_BYTES];
    assert!(key.write_pkcs8_pem(&mut pkcs8)?.starts_with("-----BEGIN PRIVATE KEY-----\n"));

    // Reads back what was written, also without a heap.
    let (mut blob, mut another) = ([0; MAX_BLOB_BYTES], [0; MAX_BLOB_BYTES]);
    let read = PublicKeyRef::parse(line, &mut blob)?;
    assert!(read.blob() == public.blob());
    let mut der = [0; MAX_DER_BYTES];
    assert!(RsaPrivateKey::from_der(key.write_pkcs1_der(&mut der)?)? == key);
    assert!(RsaPrivateKey::from_der(key.write_pkcs8_der(&mut der)?)? == key);
    // Ed25519 and ECDSA keys.
    let key25519 = Ed25519PrivateKey::generate_with(&mut getrandom::SysRng)?;
    let mut small = [0; 256];
    assert!(Ed25519PrivateKey::from_der(key25519.write_pkcs8_der(&mut small)?)? == key25519);
    let mut key_blob = [0; 256];
    let ed25519 = PublicKeyRef::from_key_data(&key25519.public_key().into(), "no heap", &mut key_blob)?;
    assert!(ed25519.bits() == 256 && ed25519.sha256_fingerprint() != public.sha256_fingerprint());
    for curve in [EcdsaCurve::P256, EcdsaCurve::P384, EcdsaCurve::P521] {
        let key = EcdsaPrivateKey::generate_with(curve, &mut getrandom::SysRng)?;
        assert!(EcdsaPrivateKey::from_der(key.write_pkcs8_der(&mut small)?)? == key);
        assert!(EcdsaPrivateKey::from_der(key.write_sec1_der(&mut small)?)? == key);
        let (mut key_blob, mut key_line) = ([0; 256], [0; 256]);
        let public = PublicKeyRef::from_key_data(&key.public_key().into(), "", &mut key_blob)?;
        assert!(public.write_line(&mut key_line)?.starts_with("ecdsa-sha2-nistp"));
    }
    // Other formats that need no heap.
    let certificate = CertificateRef::parse(include_str!("../../data/ecdsa256-cert.pub"), &mut another)?;
    let mut plain = [0; MAX_BLOB_BYTES];
    assert!(certificate.public_key(&mut plain)?.bits() == 256);
    let spki = include_str!("../../data/ed25519.spki.pem");
    let mut der = [0; MAX_PUBLIC_DER_BYTES];
    assert!(KeyData::from_pem(spki, &mut der)?.algorithm().short_name() == "ED25519");

    // The new key has no weaknesses, and a weak one is detected.
    assert!(check(&public.key_data()).is_empty());
    let weak = PublicKeyRef::parse(include_str!("../../data/weak/close-primes.pub"), &mut plain)?;
    assert!(check(&weak.key_data()).worst() == Some(Severity::Broken));

    let (md5, sha256) = (public.md5_fingerprint(), public.sha256_fingerprint());
    let _ = write!(Stdout, "{line}\n2048 MD5:{md5} no heap (RSA)\n2048 {sha256} no heap (RSA)\n{pem}");
    Ok(())
}

#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    match run() {
        Ok(()) => 0,
        Err(error) => {
            let _ = writeln!(Stdout, "{error}");
            1
        }
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: `abort` has no arguments and does not return.
    unsafe { abort() }
}

//! The memory that calls use. While input is read, nothing is allocated if it is borrowed; otherwise no more than its actual
//! length justifies, whatever lengths it declares. A key is generated on the documented stack.
#![allow(unsafe_code, reason = "an allocator that counts")]

mod support;

use base64ct::{Base64, Encoding};
use ssh_keypair::{
    ErrorKind, KeyFormat, PublicKey, PublicKeyRef,
    openssh::{
        AuthorizedKey, AuthorizedKeyRef, AuthorizedKeys, CertificateRef, MAX_BLOB_BYTES, fingerprint_lines,
        option_value,
    },
};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;
use support::length_fields::fields;

thread_local! {
    /// The number of bytes that this thread has requested since the last reset; tests run in parallel.
    static ASKED_FOR: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, which counts the bytes that are requested and never subtracts freed ones.
struct Counting;

fn count(bytes: usize) {
    // A thread that is ending no longer has a counter.
    let _ = ASKED_FOR.try_with(|asked| asked.set(asked.get().saturating_add(bytes)));
}

// SAFETY: each call is passed on to the system's allocator with the same arguments; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller upholds the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller upholds the contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: the caller upholds the contract.
        unsafe { System.realloc(old, layout, size) }
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        // SAFETY: the caller upholds the contract.
        unsafe { System.dealloc(old, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The number of bytes that a call requests from the heap.
fn allocated<T>(call: impl FnOnce() -> T) -> usize {
    ASKED_FOR.set(0);
    let result = black_box(call());
    let bytes = ASKED_FOR.get();
    drop(result);
    bytes
}

const LINES: [&str; 18] = [
    include_str!("data/rsa1024.pub"),
    include_str!("data/rsa2048.pub"),
    include_str!("data/rsa16384.pub"),
    include_str!("data/dsa1024.pub"),
    include_str!("data/ecdsa256.pub"),
    include_str!("data/ecdsa384.pub"),
    include_str!("data/ecdsa521.pub"),
    include_str!("data/ed25519.pub"),
    include_str!("data/ecdsa256sk.pub"),
    include_str!("data/ed25519sk.pub"),
    include_str!("data/rsa2048-cert.pub"),
    include_str!("data/dsa1024-cert.pub"),
    include_str!("data/ecdsa256-cert.pub"),
    include_str!("data/ecdsa384-cert.pub"),
    include_str!("data/ecdsa521-cert.pub"),
    include_str!("data/ed25519-cert.pub"),
    include_str!("data/ecdsa256sk-cert.pub"),
    include_str!("data/ed25519sk-cert.pub"),
];

/// Lengths that are far beyond the input, or that are negative or overflow when something is added to them.
const LENGTHS: [u32; 8] =
    [u32::MAX, u32::MAX - 3, u32::MAX - 4, 0x8000_0000, 0x7fff_ffff, 0x7fff_fffc, 0x0100_0000, 0x0001_0000];

/// Each committed blob with each length in it replaced, and its line.
fn with_huge_lengths() -> Vec<(Vec<u8>, String)> {
    let mut inputs = Vec::new();
    for line in LINES {
        let mut words = line.trim_end().splitn(3, ' ');
        let (name, base64, comment) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let blob = Base64::decode_vec(base64).unwrap();
        for field in fields(&blob) {
            for length in LENGTHS {
                let mut changed = blob.clone();
                changed[field.start - 4..field.start].copy_from_slice(&length.to_be_bytes());
                let line = format!("{name} {} {comment}", Base64::encode_string(&changed));
                inputs.push((changed, line));
            }
        }
    }
    inputs
}

/// The RFC 4716 file that contains a blob.
fn file_of(blob: &[u8]) -> String {
    let base64 = Base64::encode_string(blob);
    let lines: Vec<_> = base64.as_bytes().chunks(70).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"me\"\n{}\n---- END SSH2 PUBLIC KEY ----\n", lines.join("\n"))
}

/// Good input, and bad input of other kinds.
fn others() -> Vec<(Vec<u8>, String)> {
    let mut inputs = Vec::new();
    for line in LINES {
        let blob = Base64::decode_vec(line.split(' ').nth(1).unwrap()).unwrap();
        let texts = [
            line.to_string(),
            line.replace(' ', "\t"),
            format!("restrict,command=\"echo \\\"a b\\\"\" {line}"),
            format!("command=\"never closed {line}"),
            format!("{line}{line}"),
            line[..line.len() / 2].to_string(),
            format!("{} {}", line.trim_end(), "x".repeat(20_000)),
            format!("{} \u{2028}-----BEGIN RSA PRIVATE KEY-----", line.trim_end()),
            format!("\u{feff}{line}"),
        ];
        inputs.extend(texts.map(|text| (blob.clone(), text)));
        inputs.push((blob[..blob.len() - 1].to_vec(), file_of(&blob)));
    }
    inputs.extend([(Vec::new(), String::new()), (vec![0xff; 20_000], "A".repeat(20_000))]);
    inputs
}

#[test]
fn the_allocator_counts() {
    assert_eq!(allocated(|| Vec::<u8>::with_capacity(1000)), 1000);
    assert_eq!(allocated(|| vec![0_u8; 1000]), 1000);
    assert_eq!(allocated(|| [0_u8; 1000]), 0);
}

#[test]
fn every_length_beyond_the_input_is_rejected() {
    let inputs = with_huge_lengths();
    assert!(inputs.len() > 1500, "{}", inputs.len());
    let mut buffer = [0; MAX_BLOB_BYTES];
    for (blob, line) in inputs {
        let plain = PublicKeyRef::from_blob(&blob).unwrap_err();
        assert_eq!(
            PublicKeyRef::parse(&line, &mut buffer).unwrap_err().kind(),
            match plain.kind() {
                // The first word of the line says that it is a certificate.
                ErrorKind::Truncated if line.contains("-cert-v01") => ErrorKind::CertificateNotAllowed,
                kind => kind,
            }
        );
        let certificate = CertificateRef::parse(&line, &mut buffer);
        assert_eq!(certificate.is_ok(), CertificateRef::from_blob(&blob).is_ok());
        if let Ok(certificate) = certificate {
            // Only a reader that supports an option interprets its data.
            let mut options = certificate.critical_options().chain(certificate.extensions());
            assert!(options.any(|(_, data)| !data.is_empty() && option_value(data).is_none()));
        }
    }
}

#[test]
fn borrowed_input_is_read_without_a_heap() {
    let mut buffer = [0; MAX_BLOB_BYTES];
    for (blob, text) in with_huge_lengths().into_iter().chain(others()) {
        let bytes = allocated(|| {
            black_box(PublicKeyRef::parse(&text, &mut buffer).is_ok());
            black_box(PublicKeyRef::parse_opaque(&text, &mut buffer).is_ok());
            black_box(CertificateRef::parse(&text, &mut buffer).is_ok());
            black_box(AuthorizedKeyRef::parse(&text, &mut buffer).is_ok());
            black_box(PublicKeyRef::from_blob(&blob).is_ok());
            black_box(CertificateRef::from_blob(&blob).is_ok());
            black_box(KeyFormat::detect(&text));
        });
        assert_eq!(bytes, 0, "{text}");
        // Reading the fields does not allocate either.
        if let Ok(certificate) = CertificateRef::from_blob(&blob) {
            let bytes = allocated(|| {
                black_box(certificate.principals().count());
                black_box(certificate.critical_options().chain(certificate.extensions()).count());
                black_box((certificate.key_data(), certificate.signature_key(), certificate.md5_fingerprint()));
            });
            assert_eq!(bytes, 0, "{text}");
        }
    }
}

#[test]
fn owned_input_needs_no_more_heap_than_twice_its_length_or_a_fixed_size() {
    for (blob, text) in with_huge_lengths().into_iter().chain(others()) {
        // The buffer for the blob, at most three quarters of the text, and then the blob and the comment themselves.
        let bytes = allocated(|| text.parse::<PublicKey>());
        assert!(bytes <= 2 * text.len(), "{bytes} bytes for {text}");
        let bytes = allocated(|| PublicKey::from_openssh_opaque(&text));
        assert!(bytes <= 2 * text.len(), "{bytes} bytes for {text}");
        let bytes = allocated(|| PublicKey::try_from(blob.as_slice()));
        assert!(bytes <= blob.len(), "{bytes} bytes for {blob:02x?}");
        // One buffer that is large enough for any blob.
        let bytes = allocated(|| text.parse::<AuthorizedKey>());
        assert!(bytes <= MAX_BLOB_BYTES + text.len(), "{bytes} bytes for {text}");
        let bytes = allocated(|| AuthorizedKeys::new(&text).map(|(_, entry)| entry.is_ok()).filter(|ok| *ok).count());
        assert!(bytes <= MAX_BLOB_BYTES + text.len(), "{bytes} bytes for {text}");
        // The base64 of RFC 4716 is collected from its lines: a buffer that grows is requested again, twice as large
        // each time.
        let file = file_of(&blob);
        let bytes = allocated(|| PublicKey::from_rfc4716(&file));
        assert!(bytes <= 4 * file.len() + 64, "{bytes} bytes for {file}");
    }
}

#[test]
fn a_batch_needs_the_same_heap_whatever_its_lines_claim() {
    let inputs = with_huge_lengths();
    // The heap for one empty line, which is the fixed part: the buffer, and room for a round of keys.
    let fixed = allocated(|| fingerprint_lines([""], |_| ()));
    assert!(fixed <= 512 * 1024, "{fixed}");
    for lines in inputs.chunks(100) {
        let bytes = allocated(|| {
            fingerprint_lines(lines.iter().map(|(_, line)| line.as_str()), |result| {
                black_box(result.is_ok());
            });
        });
        assert!(bytes <= fixed + 100 * 256, "{bytes}");
    }
}

#[test]
#[cfg(feature = "getrandom")]
fn a_key_is_generated_on_the_documented_stack() {
    for (bits, kibibytes) in [(2048, 96), (4096, 160)] {
        let thread = std::thread::Builder::new().stack_size(kibibytes << 10);
        let made = thread.spawn(move || ssh_keypair::RsaPrivateKey::generate(bits).map(|_| ()));
        assert_eq!(made.unwrap().join().unwrap(), Ok(()));
    }
}

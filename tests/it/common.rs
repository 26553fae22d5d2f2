//! What several tests need: the folder with other projects' files, other programs, and independent encoders.

use base64ct::{Base64, Encoding};
use ssh_keypair::openssh::{CertificateRef, CertificateType, MAX_BLOB_BYTES};
use ssh_keypair::pkcs::{EncodePrivateKey, EncodeRsaPrivateKey, LineEnding, MAX_DER_BYTES};
use ssh_keypair::zeroize::Zeroizing;
use ssh_keypair::{Error, ErrorKind, Field, PrivateKey, ReadOptions, RsaPrivateKey};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, OnceLock};

/// The folder that `SSH_KEYPAIR_CORPUS` names. If it is unset, prints that the test is skipped.
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("SSH_KEYPAIR_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        skipped("SSH_KEYPAIR_CORPUS is not set");
    }
    folder
}

/// Prints a reason to skip a test, directly: the test runner captures what a test prints.
fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

/// Reads a JSON file in the corpus.
pub(crate) fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Whether a program is installed. If it is not, prints that the test is skipped.
pub(crate) fn have(tool: &str) -> bool {
    let found = Command::new(tool).arg("-?").output().is_ok();
    if !found {
        skipped(&format!("{tool} is not installed"));
    }
    found
}

/// Whether Python is installed with a module. If not, prints that the test is skipped.
pub(crate) fn have_python(module: &str) -> bool {
    let import = Command::new("python3").args(["-c", &format!("import {module}")]).output();
    let found = import.is_ok_and(|output| output.status.success());
    if !found {
        skipped(&format!("python3 with {module} is not installed"));
    }
    found
}

/// Runs a program with standard input.
pub(crate) fn run(tool: &str, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program may stop before it has read everything: what it printed counts.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// The standard output of a program that must succeed.
pub(crate) fn output(tool: &str, arguments: &[&str], input: &str) -> String {
    let output = run(tool, arguments, input);
    assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A new folder for one test, removed at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ssh-keypair-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// The path of a file in the folder.
    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).into_os_string().into_string().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The blob of a certificate, rebuilt from the values of its accessors.
pub(crate) fn certificate_blob(certificate: &CertificateRef<'_>) -> Vec<u8> {
    let list = |parts: Vec<&[u8]>| string(&parts.into_iter().flat_map(string).collect::<Vec<u8>>());
    let named = |options: Vec<(&str, &[u8])>| {
        let parts: Vec<Vec<u8>> =
            options.into_iter().map(|(name, data)| [string(name.as_bytes()), string(data)].concat()).collect();
        string(&parts.concat())
    };
    let mut plain = [0; MAX_BLOB_BYTES];
    let key = certificate.public_key(&mut plain).unwrap();
    let name = certificate.algorithm().as_str().len();
    let kind: u32 = match certificate.certificate_type() {
        CertificateType::User => 1,
        CertificateType::Host => 2,
    };
    [
        string(certificate.type_name().as_bytes()),
        string(certificate.nonce()),
        key.blob()[4 + name..].to_vec(),
        certificate.serial().to_be_bytes().to_vec(),
        kind.to_be_bytes().to_vec(),
        string(certificate.key_id().as_bytes()),
        list(certificate.principals().map(str::as_bytes).collect()),
        certificate.valid_after().to_be_bytes().to_vec(),
        certificate.valid_before().to_be_bytes().to_vec(),
        named(certificate.critical_options().collect()),
        named(certificate.extensions().collect()),
        string(certificate.reserved()),
        string(certificate.signature_key().blob()),
        string(certificate.signature()),
    ]
    .concat()
}

/// Writes a file that `ssh-keygen` accepts as a private key: only the owner can read it.
pub(crate) fn write_private(path: &str, text: impl AsRef<[u8]>) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

// Keys

/// A key made from a seed of equal bytes, once for all tests.
pub(crate) fn seeded(bits: usize, byte: u8) -> &'static RsaPrivateKey {
    static KEYS: Mutex<BTreeMap<(usize, u8), &OnceLock<RsaPrivateKey>>> = Mutex::new(BTreeMap::new());
    let key = *KEYS.lock().unwrap().entry((bits, byte)).or_insert_with(|| Box::leak(Box::default()));
    key.get_or_init(|| RsaPrivateKey::from_seed(bits, &[byte; 16]).unwrap())
}

/// The options for reading, with a passphrase if there is one.
pub(crate) fn options(passphrase: Option<&[u8]>) -> ReadOptions<'_> {
    passphrase.map_or(ReadOptions::new(), |passphrase| ReadOptions::new().with_passphrase(passphrase))
}

/// Reads a private key in any format.
pub(crate) fn parse(text: &str, passphrase: Option<&[u8]>) -> Result<PrivateKey, Error> {
    PrivateKey::parse(text, &options(passphrase))
}

/// The same key with a comment.
pub(crate) fn commented(key: &RsaPrivateKey, comment: &str) -> Result<PrivateKey, Error> {
    let copy = RsaPrivateKey::from_der(key.write_pkcs1_der(&mut [0; MAX_DER_BYTES])?)?;
    PrivateKey::from_rsa(copy, comment)
}

pub(crate) fn pkcs1_pem(key: &RsaPrivateKey) -> Zeroizing<String> {
    key.to_pkcs1_pem(LineEnding::LF).unwrap()
}

pub(crate) fn pkcs8_pem(key: &RsaPrivateKey) -> Zeroizing<String> {
    key.to_pkcs8_pem(LineEnding::LF).unwrap()
}

/// The folder with the test data.
pub(crate) const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data");

/// Reads a file in the test data.
pub(crate) fn data(file: &str) -> String {
    std::fs::read_to_string(format!("{DATA}/{file}")).unwrap()
}

// Errors

/// The parts of an error.
pub(crate) type What = (ErrorKind, Option<Field>, Option<usize>);

pub(crate) fn what(error: Error) -> What {
    (error.kind(), error.field(), error.offset())
}

// Encoders that do not use this crate

/// The bytes of a hexadecimal number, whose first zero may be left out.
pub(crate) fn from_hex(digits: &str) -> Vec<u8> {
    let digits = format!("{digits:0>width$}", width = digits.len().next_multiple_of(2));
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A `string` of RFC 4251.
pub(crate) fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

/// A positive `mpint` of RFC 4251.
pub(crate) fn mpint(number: &[u8]) -> Vec<u8> {
    let number = &number[number.iter().take_while(|byte| **byte == 0).count()..];
    let sign: &[u8] = if number.first().is_some_and(|byte| *byte >= 0x80) { &[0] } else { &[] };
    string(&[sign, number].concat())
}

/// A blob of `string`s.
pub(crate) fn blob(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().flat_map(|part| string(part)).collect()
}

/// The blob of a line without options.
pub(crate) fn blob_of(line: &str) -> Vec<u8> {
    Base64::decode_vec(line.split(' ').nth(1).unwrap()).unwrap()
}

/// A value in DER.
pub(crate) fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let header = match length {
        0..0x80 => vec![tag, u8::try_from(length).unwrap()],
        0x80..0x100 => vec![tag, 0x81, u8::try_from(length).unwrap()],
        _ => [&[tag, 0x82][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
    };
    [&header, content].concat()
}

/// The parts of an ASCII text that have this many characters; the last part may have fewer.
pub(crate) fn chunks(text: &str, width: usize) -> impl Iterator<Item = &str> {
    text.as_bytes().chunks(width).map(|chunk| std::str::from_utf8(chunk).unwrap())
}

/// A PEM with its base64 in lines of this many characters.
pub(crate) fn with_width(pem: &str, width: usize) -> String {
    let lines: Vec<&str> = pem.lines().collect();
    let [begin, base64 @ .., end] = &lines[..] else { panic!("not a PEM") };
    let base64 = base64.concat();
    let wrapped: Vec<&str> = chunks(&base64, width).collect();
    format!("{begin}\n{}\n{end}\n", wrapped.join("\n"))
}

/// A frame with lines of this many characters.
fn framed(label: &str, bytes: &[u8], width: usize) -> String {
    let base64 = Base64::encode_string(bytes);
    let lines: Vec<_> = chunks(&base64, width).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    framed(label, der, 64)
}

/// An OpenSSH private key file, with lines of this width.
pub(crate) fn openssh_file(blob: &[u8], width: usize) -> String {
    framed("OPENSSH PRIVATE KEY", blob, width)
}

/// The decoded contents of a frame.
pub(crate) fn unframed(text: &str) -> Vec<u8> {
    let base64: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    Base64::decode_vec(&base64).unwrap()
}

/// The values in each group are equal and have the same hash, and differ from all others.
pub(crate) fn assert_distinguishes<T: Eq + Hash + Debug>(groups: &[Vec<T>]) {
    let hash = |value: &T| BuildHasherDefault::<DefaultHasher>::default().hash_one(value);
    for (at, group) in groups.iter().enumerate() {
        for (other_at, other_group) in groups.iter().enumerate() {
            for (value, other) in group.iter().flat_map(|value| other_group.iter().map(move |other| (value, other))) {
                assert_eq!((value == other, hash(value) == hash(other)), (at == other_at, at == other_at), "{value:?}");
            }
        }
    }
}

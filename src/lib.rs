//! Generates RSA keys fast, parses OpenSSH public keys strictly, reads and writes private keys in every common format, computes
//! fingerprints, finds weak keys, and implements the contract of OpenStack Nova's `POST /os-keypairs`. No I/O, no store,
//! `no_std`.
//!
//! ```
//! # #[cfg(feature = "getrandom")] {
//! use ssh_keypair::keypair::{Created, KeyPairName, Profile, Record};
//!
//! // Create: a record to store and show, and the private key: hand it to the user once, and do not store it.
//! let name: KeyPairName = "demo".parse()?;
//! let Created { record, private_key, .. } = Record::create(name, None, &Profile::documented())?;
//! println!("{} {}", record.name(), record.fingerprint());
//!
//! // Import: the same record for a user's own public key, or the reason why it is rejected.
//! let imported = Record::import("copy".parse()?, record.public_key(), None, &Profile::documented())?;
//! assert_eq!(imported.fingerprint(), record.fingerprint());
//!
//! // Read a private key in any format, and write it in another one.
//! let key = ssh_keypair::PrivateKey::parse(&*private_key.to_openssh()?, &ssh_keypair::ReadOptions::new())?;
//! assert!(key.to_ppk()?.starts_with("PuTTY-User-Key-File-3: ssh-rsa\n"));
//! # }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```
//!
//! # Where to go
//!
//! | you want | see |
//! |---|---|
//! | a service that creates and imports key pairs | [`keypair`], [`os_keypairs`], which has a page 'Writing a service' |
//! | to generate a key of any type | [`PrivateKey::generate`]; without a heap, [`RsaPrivateKey`], [`Ed25519PrivateKey`], [`EcdsaPrivateKey`] |
//! | to read a private key in any format, and write it | [`PrivateKey`] |
//! | to encrypt a private key (feature `encryption`) | [`PrivateKey::to_openssh_encrypted`], [`PrivateKey::to_ppk_encrypted`] |
//! | to read a public key as people paste it | [`PublicEntry`]; with rules, [`keypair::ImportPolicy`] |
//! | to parse a public key line | [`PublicKey`]; without a heap, [`PublicKeyRef`] |
//! | to compare keys without their comments | [`PublicKeyRef::key_data`], [`PublicKey::key_data`] |
//! | to store key pairs, and load them again | [`keypair::Record`], [`keypair::StoredRecord`] |
//! | to find a key in authorized_keys | [`openssh::AuthorizedKeys`] |
//! | certificates, lines with options, any line | [`openssh`] |
//! | PEM, DER and PuTTY files | [`pkcs`], [`putty`] |
//! | fingerprints | [`Fingerprint`], [`HashAlgorithm`], [`Randomart`], [`Ec2Fingerprint`] |
//! | weak keys | [`audit`] |
//! | to handle errors | [`Error`], [`ErrorKind`]; in a service, [`os_keypairs::RequestError`] |
//! | certificate key pairs for Windows guests | [`x509`] |
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `std` | yes | `alloc` and `getrandom` |
//! | `ec` | yes | private keys of Ed25519 and ECDSA: generated, read and written; needs no heap |
//! | `alloc` | by `std` | owned keys, private keys of every type, `keypair`, `os_keypairs`, the traits of `pkcs1`, `pkcs8` and `spki` |
//! | `getrandom` | by `std` | functions that use the system's randomness; each has a `_with` variant that takes a generator |
//! | `encryption` | no | private keys encrypted with a passphrase |
//! | `x509` | no | certificate key pairs: [`x509`] |
//! | `shared-primes` | no | finds RSA keys that share a prime, across many keys: [`audit`] |
//! | `serde` | no | JSON of the request, the response and the record |
//! | `rsa` | no | conversions with the key types of the crate `rsa` |
//! | `ssh-key` | no | conversions with the key types of the crate `ssh-key`, exempt from SemVer while it is a release candidate |
//!
//! With `serde`, these types implement `Serialize`: [`keypair::Record`], [`keypair::KeyPairName`], [`keypair::UserId`], and in
//! [`os_keypairs`] the responses, the error and the version document. The first three and [`os_keypairs::RequestBody`] implement
//! `Deserialize`. No other type implements either. Public keys, certificates, fingerprints and names have one encoding as text,
//! which `Display` writes and `FromStr` parses: store that string. Private keys have neither trait, so that none ends up in a
//! log or a cache by accident.
//!
//! Each function that needs randomness has a variant that ends in `_with` and takes a `rand_core` RNG, for example
//! `getrandom::SysRng` (its feature `sys_rng`). `rand_core` and `zeroize` are re-exported.
//!
//! Without `alloc`, the crate can still generate keys; write public key lines, and PKCS#1, SEC 1 and PKCS#8 as PEM and DER, into
//! the caller's buffers; parse lines, and private keys in DER, strictly; and compute fingerprints and audits:
//!
//! ```
//! # #[cfg(feature = "getrandom")] {
//! use ssh_keypair::openssh::{MAX_BLOB_BYTES, MAX_LINE_BYTES};
//! use ssh_keypair::{PublicKeyRef, RsaPrivateKey, pkcs::MAX_PEM_BYTES};
//!
//! let key = RsaPrivateKey::generate_with(2048, &mut getrandom::SysRng)?;
//! let (mut blob, mut line, mut pem) = ([0; MAX_BLOB_BYTES], [0; MAX_LINE_BYTES], [0; MAX_PEM_BYTES]);
//! let public = PublicKeyRef::from_key_data(&key.public_key().into(), "me@host", &mut blob)?;
//! let line: &str = public.write_line(&mut line)?;
//! let pem: &str = key.write_pkcs1_pem(&mut pem)?;
//! let fingerprint = public.sha256_fingerprint();
//! # let _ = (line, pem, fingerprint);
//! # }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```
//!
//! # Secrets
//!
//! Once a prime is part of a key, no branch and no index depends on it; generation time reveals only how many candidates were
//! rejected. Everything secret is wiped as soon as it is no longer needed, even when an error is returned. A library in Rust
//! cannot wipe everything: registers, and copies of a value that the compiler makes on the stack, are out of reach. Some crates
//! that we use leave traces of a passphrase in memory; the docs of each format say which, and so does SECURITY.md. Errors
//! contain no byte of the input.

#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Documentation that is built without some features links to items that they add.
#![cfg_attr(
    not(all(
        feature = "ec",
        feature = "encryption",
        feature = "serde",
        feature = "shared-primes",
        feature = "std",
        feature = "x509"
    )),
    allow(rustdoc::broken_intra_doc_links)
)]
// No input causes a panic.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::todo))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, fuzzing, ssh_keypair_internals, feature = "std"))]
extern crate std;

pub mod audit;
mod error;
mod fingerprint;
#[cfg(any(test, fuzzing, ssh_keypair_internals))]
#[doc(hidden)]
pub mod internals;
mod kernels;
mod key;
#[cfg(feature = "alloc")]
pub mod keypair;
pub mod openssh;
#[cfg(feature = "alloc")]
pub mod os_keypairs;
pub mod pkcs;
#[cfg(feature = "alloc")]
pub mod putty;
mod random;
mod read;
mod rsa;
mod self_test;
mod text;
mod wipe;
#[cfg(feature = "x509")]
pub mod x509;

pub use error::{Error, ErrorKind, Field, KdfLimit, Mistake, Position};
pub use fingerprint::{
    Ec2Fingerprint, Fingerprint, HashAlgorithm, Md5Fingerprint, Randomart, Sha1Fingerprint, Sha256Fingerprint,
    Sha384Fingerprint, Sha512Fingerprint,
};
pub use key::{
    Algorithm, DsaPublicKey, EcdsaCurve, EcdsaPublicKey, Ed25519PublicKey, KeyData, KeySpec, MlDsa44Ed25519PublicKey,
    PublicKeyRef, SecurityKey,
};
#[cfg(feature = "ec")]
pub use key::{EcdsaPrivateKey, Ed25519PrivateKey};
#[cfg(feature = "alloc")]
pub use key::{KdfLimits, PrivateKey, PublicKey, ReadOptions};
pub use rand_core;
pub use read::KeyFormat;
#[cfg(feature = "alloc")]
pub use read::{PublicEntry, ReadReport};
pub use rsa::{RsaPrivateKey, RsaPublicKey};
pub use self_test::self_test;
#[cfg(feature = "alloc")]
pub use text::Normalization;
pub use zeroize;

/// Runs the code in the README as doc tests.
#[cfg(all(
    doctest,
    feature = "serde",
    feature = "encryption",
    feature = "x509",
    feature = "shared-primes",
    feature = "std"
))]
#[doc = include_str!("../README.md")]
struct Readme;

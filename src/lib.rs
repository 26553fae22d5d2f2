//! The core of a cloud's "create and import SSH key pair" call: OpenStack Nova's `POST /os-keypairs`, and that of the
//! clouds that republish it. No I/O, no store, `no_std`.
//!
//! ```
//! # #[cfg(feature = "getrandom")] {
//! use ssh_keypair::keypair::{KeyPair, NewKeyPair, Profile};
//!
//! // Create: a record to store and show, and the private key to hand over once.
//! let NewKeyPair { key_pair, private_key } = KeyPair::create("demo", None, &Profile::documented())?;
//! assert!(key_pair.public_key().starts_with("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"));
//! assert!(private_key.to_pem()?.starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
//!
//! // Import: the same record of a public key that somebody else made, or the reason why not.
//! let imported = KeyPair::import("copy", key_pair.public_key(), None, &Profile::documented())?;
//! assert_eq!(imported.fingerprint(), key_pair.fingerprint());
//!
//! // Private keys that somebody else made, in any form, and written in another one.
//! let file = private_key.to_openssh("me@host")?;
//! let key = ssh_keypair::read_private_key(&file, None)?.into_rsa()?;
//! assert!(key.to_pkcs8()?.starts_with("-----BEGIN PRIVATE KEY-----\n"));
//! # }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `std` | yes | `alloc` and `getrandom` |
//! | `ec` | yes | private keys of Ed25519 and ECDSA, in OpenSSH's form |
//! | `alloc` | by `std` | owned keys, private keys in every form without a passphrase, [`keypair`], [`os_keypairs`], traits of the ecosystem |
//! | `getrandom` | by `std` | calls that take the system's randomness; each has a twin that takes a generator |
//! | `encryption` | no | private keys under a passphrase |
//! | `x509` | no | certificate key pairs: [`x509`] |
//! | `shared-primes` | no | the RSA keys of a table that share a prime: [`audit`] |
//! | `serde` | no | JSON of the request and the response |
//! | `rsa`, `ssh-key` | no | conversions with those crates' key types, outside of SemVer while they are release candidates |
//!
//! # Rooms
//!
//! Each uses those below it, and none above.
//!
//! | module | what it holds |
//! |---|---|
//! | [`os_keypairs`] | the request and the response by API version, and the refusals (`alloc`; JSON with `serde`) |
//! | [`keypair`] | create, import, and the record that is stored (`alloc`) |
//! | [`x509`] | certificates of key pairs, and their PKCS#12 (feature `x509`) |
//! | [`read_private_key`] | private keys in any of the forms below (`alloc`) |
//! | [`putty`] | PuTTY's private key files (`alloc`) |
//! | [`pkcs`] | PEM and DER: private keys, and public keys of any type |
//! | [`audit`] | weak keys, named: one by one, and RSA keys that share a prime (feature `shared-primes`) |
//! | [`openssh`], [`Fingerprint`] and its like, [`Randomart`] | formats: key lines and files, private keys, fingerprints |
//! | [`RsaPrivateKey`], [`RsaPublicKey`] | RSA keys, and their generation by FIPS 186-5 |
//! | `kernels` | big-number and hash kernels, private to the crate: the only room that may hold `unsafe` code |
//! | `random` | bytes from a generator; private to the crate |
//! | `wipe` | the stack below secrets, overwritten; private to the crate |
//!
//! # Without a heap
//!
//! Without the feature `alloc` there are key generation, the public key line, and PKCS#1 and PKCS#8 as PEM and DER, into
//! buffers of the caller; strict parsing, of private keys that of DER; fingerprints; and audits:
//!
//! ```
//! # #[cfg(feature = "getrandom")] {
//! use ssh_keypair::openssh::{MAX_BLOB_BYTES, MAX_LINE_BYTES, PublicKey};
//! use ssh_keypair::{RsaPrivateKey, pkcs::MAX_PEM_BYTES};
//!
//! let key = RsaPrivateKey::generate_with(2048, &mut getrandom::SysRng)?;
//! let (mut blob, mut line, mut pem) = ([0; MAX_BLOB_BYTES], [0; MAX_LINE_BYTES], [0; MAX_PEM_BYTES]);
//! let public = PublicKey::from_key_data(&key.public_key().into(), "me@host", &mut blob)?;
//! let line: &str = public.write_line(&mut line)?;
//! let pem: &str = key.write_pem(&mut pem)?;
//! let fingerprint = public.md5_fingerprint();
//! # let _ = (line, pem, fingerprint);
//! # }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```
//!
//! # What is promised of secrets
//!
//! Once a prime is part of a key, no branch and no index depends on it; what the time of a generation tells is how many
//! other, independent candidates were tried. Everything secret is wiped when it is done with, errors included, as far as
//! Rust lets a library do so: general registers, and copies that the compiler makes of a value on the stack, are out of reach.
//! What other crates leave of a passphrase is said where they are used, and in SECURITY.md.
//! Errors hold no byte of the input.

#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Nothing panics on any input.
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
#[cfg(feature = "alloc")]
pub mod keypair;
pub mod openssh;
#[cfg(feature = "alloc")]
pub mod os_keypairs;
pub mod pkcs;
#[cfg(feature = "alloc")]
mod private_key;
#[cfg(feature = "alloc")]
pub mod putty;
mod random;
mod rsa;
mod wipe;
#[cfg(feature = "x509")]
pub mod x509;

pub use error::{Error, ErrorKind, Field};
pub use fingerprint::{
    Fingerprint, HashAlgorithm, Md5Fingerprint, Randomart, Sha1Fingerprint, Sha256Fingerprint, Sha384Fingerprint,
    Sha512Fingerprint,
};
#[cfg(feature = "alloc")]
pub use private_key::read_private_key;
pub use rsa::{RsaPrivateKey, RsaPublicKey};

/// The code of the README runs.
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

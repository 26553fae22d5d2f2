//! Keys in DER and PEM.
//!
//! | label of the PEM | form | in | out |
//! |---|---|---|---|
//! | `PUBLIC KEY` | SubjectPublicKeyInfo: RFC 5280 | [`public_key_from_pem`], [`public_key_from_der`] | [`KeyData::to_spki_pem`] |
//! | `RSA PUBLIC KEY` | `RSAPublicKey` of PKCS#1: RFC 8017, Appendix A.1.1 | [`public_key_from_pem`], [`rsa_public_key_from_pkcs1_der`] | [`RsaPublicKey::to_pem`] |
//! | `RSA PRIVATE KEY` | `RSAPrivateKey` of PKCS#1: RFC 8017, Appendix A.1.2 | [`private_key_from_pem`], [`private_key_from_pkcs1_der`] | [`RsaPrivateKey::to_pem`] |
//! | `RSA PRIVATE KEY` with `DEK-Info` | the same, encrypted as older programs did | [`private_key_from_pem`] | |
//! | `PRIVATE KEY` | `PrivateKeyInfo` of PKCS#8: RFC 5208, section 5 | [`private_key_from_pem`], [`private_key_from_pkcs8_der`] | [`RsaPrivateKey::to_pkcs8`] |
//! | `ENCRYPTED PRIVATE KEY` | `EncryptedPrivateKeyInfo` of PKCS#8: RFC 5208, section 6 | [`private_key_from_pem`] | `RsaPrivateKey::to_pkcs8_encrypted` |
//!
//! PEM is written as OpenSSL and older OpenSSH do: 64 columns, LF, LF at the end. Keys that are taken are encoded back byte
//! for byte. Of an encrypted key, that holds for the DER that was encrypted. Encryption needs the feature `encryption`.
//!
//! `DEK-Info` makes the key of AES-128 by one MD5 of the passphrase and a salt, and a longer one by two: trying a passphrase
//! costs no more. It is read, as old files have it, and never written.
//!
//! # What is promised of private keys
//!
//! The base64 of private keys is that of `base64ct`, which looks nothing up by secret digits. DER leaves out leading
//! zeros, so the length of the text tells how many d, dP, dQ and qInv have; every writer of this form gives that away.
//! Where the text of a key is refused, the time that takes may tell of it.
//!
//! Every buffer here that holds a key is wiped, errors included. `pkcs5` leaves a derived key on the stack, `hmac` the
//! passphrase, `pbkdf2` its last block, and `cbc` the blocks of plaintext that it was at: that part of the stack is
//! overwritten, which is an effort and no proof. `scrypt` leaves its working memory on the heap, which nobody wipes: it
//! lets somebody who has it and the file try passphrases at the cost of a hash.
//!
//! [`KeyData::to_spki_pem`]: crate::openssh::KeyData::to_spki_pem
//! [`RsaPrivateKey::to_pem`]: crate::RsaPrivateKey::to_pem
//! [`RsaPrivateKey::to_pkcs8`]: crate::RsaPrivateKey::to_pkcs8
//! [`RsaPublicKey::to_pem`]: crate::RsaPublicKey::to_pem

#[cfg(feature = "encryption")]
mod dek_info;
#[cfg(feature = "encryption")]
mod encrypted_private_key_info;
mod pem;
mod private_key_info;
#[cfg(feature = "alloc")]
mod private_pem;
mod private_sequence;
mod public_pem;
mod rsa_private_key;
mod rsa_public_key;
mod subject_public_key_info;

#[cfg(feature = "encryption")]
pub use encrypted_private_key_info::Kdf;
#[cfg(feature = "x509")]
pub(crate) use pem::{read_public as read_public_pem, write as write_pem};
pub use private_key_info::private_key_from_pkcs8_der;
#[cfg(feature = "alloc")]
pub use private_pem::private_key_from_pem;
pub use public_pem::parse_public_key_pem;
#[cfg(feature = "alloc")]
pub use public_pem::public_key_from_pem;
pub use rsa_private_key::private_key_from_pkcs1_der;
pub use rsa_public_key::rsa_public_key_from_pkcs1_der;
pub use subject_public_key_info::public_key_from_der;

use crate::error::{Error, ErrorKind, Field};
use crate::openssh::begins_a_private_key;
use pkcs1::der;

/// The bytes of the longest DER form of a private key, PKCS#8 of 8192 bits: a buffer of this size is always enough. A key of
/// 2048 bits takes 1,218.
///
/// n and d of 1024 bytes, five numbers of 512, e, and the headers, zero bytes and names.
pub const MAX_DER_BYTES: usize = 2 * 1024 + 5 * 512 + 96;

/// The bytes of the longest PEM form of a private key that is not encrypted: a buffer of this size is always enough. A key of
/// 2048 bits takes 1,704.
pub const MAX_PEM_BYTES: usize = MAX_DER_BYTES.div_ceil(48) * 65 + 64;

const PKCS1_LABEL: &str = "RSA PRIVATE KEY";
const PKCS8_LABEL: &str = "PRIVATE KEY";
#[cfg(feature = "alloc")]
const ENCRYPTED_LABEL: &str = "ENCRYPTED PRIVATE KEY";

/// The bytes of the longest DER form of a public key, RSA of 16384 bits: a buffer of this size is always enough. One of
/// 2048 bits takes 294.
pub const MAX_PUBLIC_DER_BYTES: usize = 2 * 1024 + 64;

/// The bytes of the longest PEM form of a public key: a buffer of this size is always enough.
pub const MAX_PUBLIC_PEM_BYTES: usize = MAX_PUBLIC_DER_BYTES.div_ceil(48) * 65 + 64;

/// DER that is not what it should be. `at` is where the part that was read begins, and the offset is where its reader
/// stopped.
pub(crate) fn invalid_der(error: der::Error, at: usize) -> Error {
    let kind = match error.kind() {
        der::ErrorKind::Incomplete { .. } => ErrorKind::Truncated,
        der::ErrorKind::TrailingData { .. } => ErrorKind::TrailingData,
        _ => ErrorKind::InvalidDer,
    };
    let within = error.position().and_then(|position| usize::try_from(position).ok()).unwrap_or(0);
    Error::new(kind).in_field(Field::Blob).at(at + within)
}

/// Where a part of some DER is in it.
pub(crate) fn offset_of(part: &[u8], whole: &[u8]) -> usize {
    part.as_ptr().addr().wrapping_sub(whole.as_ptr().addr()).min(whole.len())
}

/// The error of refused DER: that it is a private key counts for more than what was wrong with it as a public one.
fn why_refused(der: &[u8], error: Error) -> Error {
    match begins_a_private_key(der) {
        true => Error::new(ErrorKind::PrivateKeyGiven).in_field(Field::Blob).at(0),
        false => error,
    }
}

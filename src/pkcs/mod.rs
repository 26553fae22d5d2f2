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
//! [`KeyData::to_spki_pem`]: crate::KeyData::to_spki_pem
//! [`RsaPrivateKey::to_pem`]: crate::RsaPrivateKey::to_pem
//! [`RsaPrivateKey::to_pkcs8`]: crate::RsaPrivateKey::to_pkcs8
//! [`RsaPublicKey::to_pem`]: crate::RsaPublicKey::to_pem

#[cfg(feature = "encryption")]
mod dek_info;
mod der_error;
mod ec2;
#[cfg(feature = "encryption")]
mod encrypted_private_key_info;
mod limits;
mod private_der;
mod private_key_info;
#[cfg(feature = "alloc")]
mod private_pem;
mod private_sequence;
mod public_pem;
mod rsa_private_key;
mod rsa_public_key;
mod subject_public_key_info;

#[cfg(feature = "x509")]
pub(crate) use der_error::{invalid_der, offset_of};
#[cfg(feature = "encryption")]
pub use encrypted_private_key_info::Kdf;
pub use limits::{MAX_DER_BYTES, MAX_PEM_BYTES, MAX_PUBLIC_DER_BYTES, MAX_PUBLIC_PEM_BYTES};
#[cfg(feature = "alloc")]
pub use pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, EncodeRsaPublicKey};
#[cfg(feature = "alloc")]
pub use pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
#[cfg(feature = "alloc")]
pub use spki::EncodePublicKey;

//! Keys in DER and PEM.
//!
//! | label of the PEM | format | read by | written by |
//! |---|---|---|---|
//! | `PUBLIC KEY` | SubjectPublicKeyInfo: RFC 5280 | [`PublicKey::from_pem`](crate::PublicKey::from_pem), [`KeyData::from_pem`], [`KeyData::from_spki_der`] | [`KeyData::write_spki_pem`], [`EncodePublicKey`] |
//! | `RSA PUBLIC KEY` | `RSAPublicKey` of PKCS#1: RFC 8017, Appendix A.1.1 | the same, [`RsaPublicKey::from_pkcs1_der`] | [`RsaPublicKey::write_pkcs1_pem`], [`EncodeRsaPublicKey`] |
//! | `RSA PRIVATE KEY` | `RSAPrivateKey` of PKCS#1: RFC 8017, Appendix A.1.2 | [`PrivateKey::from_pem`](crate::PrivateKey::from_pem), [`RsaPrivateKey::from_der`], [`DecodeRsaPrivateKey`] | [`RsaPrivateKey::write_pkcs1_pem`], [`EncodeRsaPrivateKey`] |
//! | `RSA PRIVATE KEY` with `DEK-Info` | the same, encrypted as older programs did | [`PrivateKey::from_pem`](crate::PrivateKey::from_pem) | |
//! | `PRIVATE KEY` | `PrivateKeyInfo` of PKCS#8: RFC 5208, section 5 | [`PrivateKey::from_pem`](crate::PrivateKey::from_pem), [`RsaPrivateKey::from_der`], [`DecodePrivateKey`] | [`RsaPrivateKey::write_pkcs8_pem`], [`EncodePrivateKey`] |
//! | `ENCRYPTED PRIVATE KEY` | `EncryptedPrivateKeyInfo` of PKCS#8: RFC 5208, section 6 | [`PrivateKey::from_pem`](crate::PrivateKey::from_pem) | [`RsaPrivateKey::to_encrypted_pkcs8_pem`](crate::RsaPrivateKey::to_encrypted_pkcs8_pem) |
//!
//! The traits are those of the crates `pkcs1`, `pkcs8` and `spki`, re-exported. Their readers accept what the functions here
//! accept, but their errors have neither field nor offset.
//!
//! PEM is written as OpenSSL and older OpenSSH do: 64 columns, LF, LF at the end. An accepted key is encoded back byte for
//! byte; for an encrypted key, this is true of the DER that was encrypted. None of these formats has a comment. Encryption
//! needs the feature `encryption`.
//!
//! `DEK-Info` derives an AES-128 key with one MD5 of the passphrase and a salt, and a longer key with two, so trying a
//! passphrase costs no more than that. It is read because old files use it, and never written.
//!
//! [`KeyData::from_pem`]: crate::KeyData::from_pem
//! [`KeyData::from_spki_der`]: crate::KeyData::from_spki_der
//! [`KeyData::write_spki_pem`]: crate::KeyData::write_spki_pem
//! [`RsaPrivateKey::from_der`]: crate::RsaPrivateKey::from_der
//! [`RsaPrivateKey::write_pkcs1_pem`]: crate::RsaPrivateKey::write_pkcs1_pem
//! [`RsaPrivateKey::write_pkcs8_pem`]: crate::RsaPrivateKey::write_pkcs8_pem
//! [`RsaPublicKey::from_pkcs1_der`]: crate::RsaPublicKey::from_pkcs1_der
//! [`RsaPublicKey::write_pkcs1_pem`]: crate::RsaPublicKey::write_pkcs1_pem
//!
//! # Private keys
//!
//! Base64 of private keys is decoded and encoded by `base64ct`, which does no table lookups by secret digits. DER omits
//! leading zeros, so the length of an encoding reveals how many leading zeros d, dP, dQ and qInv have; every writer of this
//! format leaks that. If an input is rejected, the time may reveal something about it.
//!
//! Every buffer here that contains a key is wiped, even after an error. `pkcs5`, which encrypts, leaves a derived key on the
//! stack, `hmac` the passphrase, `pbkdf2` its last block, and `cbc` the blocks of plaintext that it last processed. That part
//! of the stack is overwritten, which is a best effort and not a proof. `scrypt` leaves its working memory on the heap, where
//! nothing wipes it: whoever has that memory and the file can try passphrases at the cost of one hash each.

#[cfg(feature = "encryption")]
mod block_cipher;
#[cfg(feature = "encryption")]
mod dek_info;
mod der_error;
#[cfg(feature = "alloc")]
mod dsa_private_key;
mod ec2;
#[cfg(feature = "ec")]
mod ec_private_key;
#[cfg(feature = "encryption")]
mod encrypted_private_key_info;
#[cfg(feature = "encryption")]
mod encryption_scheme;
#[cfg(all(test, feature = "alloc"))]
mod enumeration;
#[cfg(feature = "alloc")]
mod lenient_der;
mod limits;
mod object_identifiers;
#[cfg(feature = "encryption")]
mod pkcs12_kdf;
mod private_der;
mod private_key_info;
#[cfg(feature = "alloc")]
mod private_pem;
mod private_sequence;
mod public_pem;
mod rsa_private_key;
mod rsa_public_key;
mod subject_public_key_info;
mod written_der;

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
pub(crate) use private_pem::identify;
#[cfg(feature = "alloc")]
pub use spki::EncodePublicKey;
#[cfg(feature = "x509")]
pub(crate) use subject_public_key_info::public_key_of;

//! PuTTY private keys: PPK files, Appendix C of PuTTY's manual. Versions 2 and 3 are read, and version 3 is written.
//!
//! A file is text: `Name: value` lines in a fixed order, the key's public blob, its private blob, and a MAC over all of it. Lines
//! may end with LF, CRLF or CR, as PuTTY reads them. Keys of RSA, DSA, ECDSA and Ed25519 are read, and all but DSA are written.
//!
//! | file | read by | written by |
//! |---|---|---|
//! | version 3, no passphrase | [`PrivateKey::from_ppk`] | [`PrivateKey::to_ppk`] |
//! | version 3, encrypted: Argon2, AES-256-CBC | the same, with the feature `encryption` | [`PrivateKey::to_ppk_encrypted`](crate::PrivateKey::to_ppk_encrypted) |
//! | version 2, no passphrase | [`PrivateKey::from_ppk`] | |
//! | version 2, encrypted: SHA-1, AES-256-CBC | the same, with the feature `encryption` | |
//!
//! [`PrivateKey::from_ppk`]: crate::PrivateKey::from_ppk
//! [`PrivateKey::to_ppk`]: crate::PrivateKey::to_ppk
//!
//! An accepted file is exactly what PuTTY would write for the key, except for line breaks: an unencrypted file of version 3
//! is encoded back byte for byte. PuTTY requires p > q, and swaps the primes of a key that has them in the other order; this
//! crate keeps their order.
//!
//! Without a passphrase, the MAC has no secret key: it detects damage, but not tampering.
//!
//! # Secrets
//!
//! The MAC is compared in constant time, before the private blob is parsed. The base64 of that blob is decoded and encoded
//! by `base64ct`, which does no table lookups by secret digits. The MAC itself is not secret: it is in the file. Numbers
//! omit leading zeros, so the length of the text reveals how many leading zeros d, p, q and qInv have; every writer of this
//! format leaks that.
//!
//! Decoded and decrypted blobs, derived keys and the memory of Argon2 are wiped, and the stack where the work was done is
//! overwritten, which is a best effort and not a proof. Argon2i takes the same time for every passphrase. Argon2id and
//! Argon2d read memory in an order that depends on the passphrase, by design.

#[cfg(feature = "encryption")]
mod encryption;
mod file;
mod keys;
mod layout;
mod lines;
mod private_blob;

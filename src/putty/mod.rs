//! Private keys of PuTTY: the PPK files of Appendix C of its manual. Versions 2 and 3 are read, version 3 is written.
//!
//! A file is text: `Name: value` lines in one order, the public blob of the key, the private one, and a MAC over all of
//! it. Lines may end with LF, CRLF or CR, as PuTTY reads them. Only RSA keys are read.
//!
//! | file | read by | written by |
//! |---|---|---|
//! | version 3, no passphrase | [`PrivateKey::from_ppk`] | [`PrivateKey::to_ppk`] |
//! | version 3, encrypted: Argon2, AES-256-CBC | the same, with the feature `encryption` | `PrivateKey::to_ppk_encrypted` |
//! | version 2, no passphrase | [`PrivateKey::from_ppk`] | |
//! | version 2, encrypted: SHA-1, AES-256-CBC | the same, with the feature `encryption` | |
//!
//! [`PrivateKey::from_ppk`]: crate::PrivateKey::from_ppk
//! [`PrivateKey::to_ppk`]: crate::PrivateKey::to_ppk
//!
//! What is taken is what PuTTY would write of the key, line breaks aside: a plain file of version 3 is written back byte for
//! byte. PuTTY wants p > q and swaps the primes of a key that has them in the other order; here they stay as they are.
//!
//! Without a passphrase the MAC has no secret key, and tells damage apart, not malice.
//!
//! # What is promised of secrets
//!
//! The MAC is compared in constant time, and before the private blob is looked at. The base64 of that blob is that of
//! `base64ct`, which looks nothing up by secret digits. The MAC itself is no secret: it stands in the file. Numbers leave out
//! leading zeros, so the length of the text tells how many d, p, q and qInv have; every writer of this form gives that away.
//!
//! Decoded and decrypted blobs, derived keys and the memory of Argon2 are wiped, and the stack where the work was done is
//! overwritten, which is an effort and no proof. Argon2i takes the same time for every passphrase;
//! Argon2id and Argon2d read memory in an order that depends on the passphrase, as they are made to.

#[cfg(feature = "encryption")]
mod encryption;
mod file;
mod keys;
mod layout;
mod lines;

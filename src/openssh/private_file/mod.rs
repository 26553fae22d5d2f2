//! OpenSSH private keys of every type that this crate supports as a public key: `openssh-key-v1`, OpenSSH's PROTOCOL.key.
//!
//! A file is base64 between two markers. Inside are the names of a cipher and of a key derivation with its options, the
//! number of keys, the public key's blob, and the private part, which may be encrypted: a check value twice, the type, the
//! numbers, the comment, and the bytes 1, 2, 3 and so on as padding to whole blocks.
//!
//! The reader accepts:
//!
//! * one file with nothing around it but one line break; lines that end with LF, CRLF or CR; canonical base64 of one width,
//!   from 64 columns (PuTTY) over 70 (OpenSSH) to 76 (Python's `cryptography`); at most 16 KiB;
//! * one key, whose public half is the same in both places, and is accepted by the parser of public keys;
//! * numbers without superfluous leading zeros, except that the secret number of ECDSA may have them. The numbers must be
//!   consistent: for RSA, we check every relation between them; for DSA, ECDSA and Ed25519, we compute the public half from the
//!   secret one. For a security key, only the public half can be checked; for the composite of ML-DSA-44 and Ed25519, only the
//!   Ed25519 half is;
//! * padding that is complete and at most one block long. (`cryptography` writes a full block of padding after whole
//!   blocks.) A block has 8 bytes without a cipher and 16 with one. It may also have 16 without one, as PuTTY writes it.
//!
//! The writer writes what ssh-keygen writes, byte for byte except for the check value. In a file without a passphrase, that
//! is the first four bytes of the SHA-256 of the public blob, so that a key has exactly one encoding. In an encrypted file,
//! it is random.
//!
//! Every buffer that contains secrets is created with its final size, and is wiped. Base64 is decoded and encoded by
//! `base64ct`, which does no table lookups by secret digits. If a file is rejected, the time may depend on the reason. The
//! writer omits leading zeros, so the length of the file reveals how many leading zeros the secret numbers have.

#[cfg(feature = "encryption")]
mod encryption;
mod file;
mod methods;
#[cfg(not(feature = "encryption"))]
mod no_encryption;

#[cfg(feature = "encryption")]
pub use encryption::Cipher;
pub(crate) use file::is_openssh_blob;

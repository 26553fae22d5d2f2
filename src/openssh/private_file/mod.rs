//! Private keys of OpenSSH, of every type that has a public key here: `openssh-key-v1`, OpenSSH's PROTOCOL.key.
//!
//! A file is base64 between two markers. Inside are the names of a cipher and of a key derivation with its options, the
//! number of keys, the public key's blob, and the private part, perhaps encrypted: a check value twice, the type, the numbers,
//! the comment, and the bytes 1, 2, 3 and so on up to whole blocks.
//!
//! Read is
//!
//! * one file and nothing around it but one line break; lines that end with LF, CRLF or CR; base64 of one width from 64
//!   columns (PuTTY) over 70 (OpenSSH) to 76 (Python's `cryptography`), canonical; 16 KiB at the most;
//! * one key, the public half of which is taken by the parser of public keys, and is the same in both places;
//! * numbers without superfluous zeros, which belong together: those of RSA in every relation that they have; of DSA, ECDSA
//!   and Ed25519 the public half is computed from the secret one. Of a security key only the public half can be looked at;
//! * padding that is complete, and less than a block, or exactly one, which `cryptography` puts behind whole blocks. A block
//!   has 8 bytes without a cipher and 16 with one, and may have 16 without one, as with PuTTY.
//!
//! Written is what ssh-keygen writes, byte for byte but for the check value. That of a file without a passphrase is the first
//! four bytes of the SHA-256 of the public blob, so that a key has one text; that of an encrypted one is random.
//!
//! Every buffer that holds secrets has its final size when it is made, and is wiped; base64 is that of `base64ct`, which
//! looks nothing up by secret digits. Where a file is refused, time may depend on what is wrong with it. The format leaves
//! out leading zeros, so the length of the text tells how many the secret numbers have.

#[cfg(feature = "encryption")]
mod encryption;
mod file;
mod methods;
#[cfg(not(feature = "encryption"))]
mod no_encryption;

#[cfg(feature = "encryption")]
pub use encryption::Cipher;

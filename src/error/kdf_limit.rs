//! The limits on the cost of a key derivation.

use core::fmt;

/// The limit that a key derivation exceeds, with its value: see [`KdfLimits`](crate::KdfLimits), which sets it.
///
/// ```
/// assert_eq!(ssh_keypair::KdfLimit::BcryptRounds(128).to_string(), "128 rounds of bcrypt");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KdfLimit {
    /// Rounds of bcrypt, in OpenSSH's files.
    BcryptRounds(u32),
    /// Iterations of PBKDF2, and of the key derivation of PKCS#12.
    Pbkdf2Iterations(u32),
    /// N r p of scrypt.
    ScryptCost(u64),
    /// The memory of Argon2 in KiB times the number of passes over it, in PuTTY's files.
    Argon2Cost(u64),
    /// Bytes of memory, of scrypt and of Argon2.
    Memory(u64),
}

/// The value and its unit.
impl fmt::Display for KdfLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BcryptRounds(rounds) => write!(f, "{rounds} rounds of bcrypt"),
            Self::Pbkdf2Iterations(iterations) => write!(f, "{iterations} iterations of PBKDF2"),
            Self::ScryptCost(cost) => write!(f, "{cost} as N r p of scrypt"),
            Self::Argon2Cost(cost) => write!(f, "{cost} KiB in all passes of Argon2"),
            Self::Memory(bytes) => write!(f, "{bytes} bytes of memory"),
        }
    }
}

//! The limits on the cost of a key derivation.

#[cfg(feature = "encryption")]
use crate::error::{Error, ErrorKind, Field, KdfLimit};

/// The limits on the cost of deriving a key from a passphrase. Whoever sends an encrypted file chooses that cost. A file that
/// exceeds a limit is rejected before the derivation starts, with [`ErrorKind::KdfTooCostly`](crate::ErrorKind::KdfTooCostly),
/// whose message contains the limit.
///
/// | | [`new`](Self::new), for a service | [`interactive`](Self::interactive), for a tool | written by this crate and others |
/// |---|---|---|---|
/// | rounds of bcrypt (OpenSSH) | 128 | 2,048 | 24; `ssh-keygen -a` changes it |
/// | iterations of PBKDF2 and PKCS#12's derivation (PKCS#8) | 1,000,000 | 10,000,000 | 600,000; OpenSSL 2,048 |
/// | N r p of scrypt (PKCS#8) | 2^20 | 2^23 | 2^17; OpenSSL 2^17 |
/// | KiB of Argon2, in all passes (PuTTY) | 2^20 | 2^22 | 106,496, about as much as PuTTY |
/// | bytes of memory: 128 r (N + p) of scrypt, that of Argon2 | 130 MiB | 260 MiB | 16 MiB; PuTTY 8 MiB |
///
/// On one core of a server (3 GHz, with SHA extensions), the limits of a service take 1.3 s for bcrypt, 0.3 s for PBKDF2 with
/// SHA-1 or SHA-256 and 0.9 s with SHA-512, 0.5 s for scrypt, and 1.6 s for Argon2. Those of a tool take up to 21 s.
///
/// ```
/// # #[cfg(all(feature = "encryption", feature = "getrandom"))] {
/// use ssh_keypair::{ErrorKind, KdfLimit, KdfLimits, PrivateKey, ReadOptions, RsaPrivateKey, openssh::Cipher};
///
/// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
/// let file = key.to_openssh_encrypted("correct horse", Cipher::Aes256Ctr)?;
/// let limits = KdfLimits::new().with_bcrypt_rounds(20);
/// assert_eq!(limits.bcrypt_rounds(), 20);
/// let options = ReadOptions::new().with_passphrase("correct horse").with_kdf_limits(limits);
/// let error = PrivateKey::parse(&*file, &options).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::KdfTooCostly(KdfLimit::BcryptRounds(20)));
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KdfLimits {
    bcrypt_rounds: u32,
    pbkdf2_iterations: u32,
    scrypt_cost: u64,
    argon2_cost: u64,
    memory: u64,
}

impl KdfLimits {
    /// The limits of a service that reads files of strangers: about one second each: see the type.
    pub const fn new() -> Self {
        Self {
            bcrypt_rounds: 128,
            pbkdf2_iterations: 1_000_000,
            scrypt_cost: 1 << 20,
            argon2_cost: 1 << 20,
            memory: 130 << 20,
        }
    }

    /// The limits of a program whose user reads their own files and can interrupt it: up to 21 seconds.
    pub const fn interactive() -> Self {
        Self {
            bcrypt_rounds: 2048,
            pbkdf2_iterations: 10_000_000,
            scrypt_cost: 1 << 23,
            argon2_cost: 1 << 22,
            memory: 260 << 20,
        }
    }

    /// Sets the most rounds of bcrypt.
    #[must_use]
    pub const fn with_bcrypt_rounds(mut self, rounds: u32) -> Self {
        self.bcrypt_rounds = rounds;
        self
    }

    /// The most rounds of bcrypt.
    pub const fn bcrypt_rounds(&self) -> u32 {
        self.bcrypt_rounds
    }

    /// Sets the most iterations of PBKDF2, and of the key derivation of PKCS#12.
    #[must_use]
    pub const fn with_pbkdf2_iterations(mut self, iterations: u32) -> Self {
        self.pbkdf2_iterations = iterations;
        self
    }

    /// The most iterations of PBKDF2, and of the key derivation of PKCS#12.
    pub const fn pbkdf2_iterations(&self) -> u32 {
        self.pbkdf2_iterations
    }

    /// Sets the largest N r p of scrypt, which goes twice through 128 N r p bytes.
    #[must_use]
    pub const fn with_scrypt_cost(mut self, cost: u64) -> Self {
        self.scrypt_cost = cost;
        self
    }

    /// The largest N r p of scrypt, which goes twice through 128 N r p bytes.
    pub const fn scrypt_cost(&self) -> u64 {
        self.scrypt_cost
    }

    /// Sets the largest product of Argon2's memory in KiB and its number of passes.
    #[must_use]
    pub const fn with_argon2_cost(mut self, cost: u64) -> Self {
        self.argon2_cost = cost;
        self
    }

    /// The largest product of Argon2's memory in KiB and its number of passes.
    pub const fn argon2_cost(&self) -> u64 {
        self.argon2_cost
    }

    /// Sets the most memory in bytes that scrypt and Argon2 may use.
    #[must_use]
    pub const fn with_memory(mut self, bytes: u64) -> Self {
        self.memory = bytes;
        self
    }

    /// The most memory in bytes that scrypt and Argon2 may use.
    pub const fn memory(&self) -> u64 {
        self.memory
    }

    #[cfg(feature = "encryption")]
    pub(crate) fn check_bcrypt(&self, rounds: u32) -> Result<(), Error> {
        within(rounds <= self.bcrypt_rounds, KdfLimit::BcryptRounds(self.bcrypt_rounds))
    }

    #[cfg(feature = "encryption")]
    pub(crate) fn check_pbkdf2(&self, iterations: u32) -> Result<(), Error> {
        within(iterations <= self.pbkdf2_iterations, KdfLimit::Pbkdf2Iterations(self.pbkdf2_iterations))
    }

    #[cfg(feature = "encryption")]
    pub(crate) fn check_scrypt(&self, n: u64, r: u32, p: u32) -> Result<(), Error> {
        let (r, p) = (u64::from(r), u64::from(p));
        self.check_memory(n.saturating_add(p).saturating_mul(128 * r))?;
        within(n.saturating_mul(r).saturating_mul(p) <= self.scrypt_cost, KdfLimit::ScryptCost(self.scrypt_cost))
    }

    /// Checks the bytes that a derivation needs at a time.
    #[cfg(feature = "encryption")]
    pub(crate) fn check_memory(&self, bytes: u64) -> Result<(), Error> {
        within(bytes <= self.memory, KdfLimit::Memory(self.memory))
    }

    /// Checks all passes together.
    #[cfg(feature = "encryption")]
    pub(crate) fn check_argon2(&self, kib: u32, passes: u32) -> Result<(), Error> {
        within(u64::from(kib) * u64::from(passes) <= self.argon2_cost, KdfLimit::Argon2Cost(self.argon2_cost))
    }
}

#[cfg(feature = "encryption")]
fn within(is_within: bool, limit: KdfLimit) -> Result<(), Error> {
    if is_within { Ok(()) } else { Err(Field::Encryption.error(ErrorKind::KdfTooCostly(limit))) }
}

/// [`KdfLimits::new`].
impl Default for KdfLimits {
    fn default() -> Self {
        Self::new()
    }
}

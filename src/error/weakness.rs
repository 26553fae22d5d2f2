//! The weaknesses of public keys, and how severe each is.

use super::field::Field;
use core::fmt;
#[cfg(doc)]
use core::str::FromStr;

/// How severe a weakness is. Severities are ordered: `Note` is below `Weak`, and that is below `Broken`.
///
/// ```
/// use ssh_keypair::audit::{Severity, Weakness};
/// assert!(Severity::Note < Severity::Weak && Severity::Weak < Severity::Broken);
/// assert_eq!(Weakness::Roca.severity(), Severity::Broken);
/// assert_eq!(Severity::Broken.to_string(), "broken");
/// assert_eq!("broken".parse(), Ok(Severity::Broken));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Unusual, and worth knowing. No practical attack is known.
    Note,
    /// Replace the key: a method that computes its private half is known, and the work is feasible, but this crate does not do
    /// it.
    Weak,
    /// Replace the key at once: this crate can compute its private half from the public one, or someone has published
    /// that half or a way to compute it.
    Broken,
}

impl Severity {
    /// All severities, the least first.
    pub const ALL: &[Self] = &[Self::Note, Self::Weak, Self::Broken];

    /// The name: `note`, `weak` or `broken`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Weak => "weak",
            Self::Broken => "broken",
        }
    }
}

/// Declares [`Weakness`]: for each, its documentation, severity, field, name, CVE, reference, and the sentence for the user.
macro_rules! weaknesses {
    ($($(#[doc = $doc:literal])+ $weakness:ident: $severity:ident $field:ident $name:literal $cve:expr, $reference:literal, $sentence:literal;)+) => {
        /// A weakness of a public key. Its [`Display`](fmt::Display) is for the key's owner, and continues a sentence that
        /// begins with the [`field`](Self::field). Its [`FromStr`] parses the [`name`](Self::name), which is for programs.
        ///
        /// ```
        /// use ssh_keypair::audit::{Severity, Weakness};
        ///
        /// let weakness = Weakness::Roca;
        /// assert_eq!((weakness.name(), weakness.severity()), ("roca", Severity::Broken));
        /// assert_eq!("roca".parse(), Ok(weakness));
        /// assert_eq!(weakness.cve(), Some("CVE-2017-15361"));
        /// assert_eq!(weakness.to_string(), "was made by a library whose primes can be computed from the modulus (ROCA)");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Weakness {
            $($(#[doc = $doc])+ $weakness,)+
        }

        impl Weakness {
            /// All weaknesses.
            pub const ALL: &[Self] = &[$(Self::$weakness,)+];

            /// How severe the weakness is.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$weakness => Severity::$severity,)+ }
            }

            /// The name, for use by programs: [`FromStr`] parses it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$weakness => $name,)+ }
            }

            /// The CVE identifier (Common Vulnerabilities and Exposures), if a single product caused the weakness.
            pub const fn cve(self) -> Option<&'static str> {
                match self { $(Self::$weakness => $cve,)+ }
            }

            /// Where the weakness is described.
            pub const fn reference(self) -> &'static str {
                match self { $(Self::$weakness => $reference,)+ }
            }

            pub(super) const fn sentence(self) -> &'static str {
                match self { $(Self::$weakness => $sentence,)+ }
            }

            /// The field of the key that has the weakness.
            pub const fn field(self) -> Field {
                match self { $(Self::$weakness => Field::$field,)+ }
            }
        }
    };
}

weaknesses! {
    /// An RSA modulus below 2048 bits.
    SmallModulus: Note Modulus "small-modulus" None, "NIST SP 800-131A Rev. 2, section 3",
        "fewer than 2048 bits";
    /// An RSA public exponent below 65537: not a weakness of SSH's signatures, but of software that uses the key for other
    /// purposes.
    SmallExponent: Note PublicExponent "small-exponent" None, "NIST SP 800-56B Rev. 2, section 6.2",
        "below 65537";
    /// An RSA public exponent of more than 24 bits. Keys in use have e = 65537. Some programs reject such a key: Go's
    /// `x/crypto/ssh` does.
    LargeExponent: Note PublicExponent "large-exponent" None, "golang.org/x/crypto/ssh, parseRSA",
        "more than 24 bits, which some programs reject";
    /// An RSA modulus with 70 bits in a row, each equal to the bit `period` bits before it, for a period of 1 to 64; or with a
    /// bit that is the same in all words of 8, 16, 32 or 64 bits, if there are at least 60 words. No sound key has either by
    /// chance, and no attack follows from it alone.
    PatternedModulus: Note Modulus "patterned-modulus" None, "Lenstra, Generating RSA moduli with a predetermined portion, ASIACRYPT 1998",
        "has a pattern that does not occur by chance";
    /// A DSA key: it has 1024 bits, a single weak nonce breaks it, and OpenSSH no longer accepts it from version 10 on.
    DeprecatedDsa: Note BlobType "dsa" None, "FIPS 186-5, section 1; OpenSSH 10.0 release notes",
        "DSA, which is deprecated";
    /// An RSA modulus each of whose quarters has few ones, or few nonzero digits in signed binary (1, 0 and -1). A product of two
    /// primes with few such digits looks like this. A search finds the factors.
    LowWeight: Weak Modulus "low-weight" None, "Google, paranoid_crypto, CheckLowHammingWeight",
        "has few binary digits other than 0, as if its primes were chosen so";
    /// An RSA modulus with a prime factor below 2^17.
    SmallFactor: Broken Modulus "small-factor" None, "CA/Browser Forum, Baseline Requirements, section 6.1.6; RFC 8017, section 3.1",
        "has a small prime factor";
    /// An RSA modulus that is a prime, or was crafted to pass for one (Euler's test to base 2). The private exponent is then
    /// the inverse of e modulo n-1. An import does not look for it; [`check`](crate::audit::check()) does, up to 4096 bits.
    PrimeModulus: Broken Modulus "prime-modulus" None, "RFC 8017, section 3.1",
        "is a prime, not the product of two";
    /// An RSA modulus that is a power of a number: its root yields the factors.
    PerfectPower: Broken Modulus "perfect-power" None, "RFC 8017, section 3.1",
        "is a power of a number, not the product of two primes";
    /// An RSA modulus of two primes so close together that Fermat's method finds them within 100 steps, in an import, or 100,000
    /// steps, in [`check`](crate::audit::check()).
    ClosePrimes: Broken Modulus "close-primes" Some("CVE-2022-26320"), "Böck, Fermat factorization in the wild, IACR ePrint 2023/026",
        "is the product of two primes that are too close together: Fermat's method factors it";
    /// An RSA modulus of two primes of the same length whose lower halves are equal.
    EqualHalves: Broken Modulus "equal-halves" None, "Steinfeld and Zheng, On the security of RSA with primes sharing least-significant bits, AAECC 2004",
        "is the product of two primes with equal lower halves, which lets anyone factor it";
    /// An RSA modulus of primes of the form k M + (65537^a mod M), for a product M of the first primes: ROCA. The cost of an
    /// attack depends on the size: CPU-days for 1024 bits, many CPU-years for 2048.
    Roca: Broken Modulus "roca" Some("CVE-2017-15361"), "Nemec et al., The return of Coppersmith's attack, ACM CCS 2017",
        "was made by a library whose primes can be computed from the modulus (ROCA)";
    /// An RSA modulus of two primes, each close to a number that repeats a word of 8 to 256 bits.
    RepeatedWord: Broken Modulus "repeated-word" None, "Google, paranoid_crypto, CheckBitPatterns",
        "is the product of two primes that repeat a word, which lets anyone factor it";
    /// An RSA modulus of two primes whose quotient is close to a fraction of numbers up to 16, or to a power of two up to 2^1024:
    /// Fermat's method factors a multiple of it.
    PrimeRatio: Broken Modulus "prime-ratio" None, "Lehman, Factoring large integers, Math. Comp. 28, 1974",
        "is the product of two primes with a simple ratio, which lets anyone factor it";
    /// An RSA modulus of two primes whose difference is close to a power of two. An import finds differences that are shorter
    /// than a prime by a hundredth of its bits or more, and [`check`](crate::audit::check()) finds longer ones, too.
    PrimeDifference: Broken Modulus "prime-difference" None, "Google, paranoid_crypto, CheckSmallUpperDifferences",
        "is the product of two primes whose difference is nearly a power of two, which lets anyone factor it";
    /// An RSA modulus with a prime factor p for which p-1 or p+1 has no prime power above 2^10, or that Pollard's rho method
    /// finds within 2048 steps. An import does not look for it; [`check`](crate::audit::check()) does, up to 4096 bits.
    SmoothOrder: Broken Modulus "smooth-order" None, "Pollard, Theorems on factorization and primality testing, 1974; Williams, A p+1 method of factoring, Math. Comp. 39, 1982",
        "has a prime factor that a known method finds within milliseconds";
    /// A key whose secret anyone can guess: a small number, one byte repeated, and similar.
    GuessableSecret: Broken Point "guessable-secret" None, "RFC 8032, section 5.1.5; SEC 1, section 3.2.1",
        "belongs to a secret that anyone can guess";
    /// An RSA modulus that has a prime in common with the modulus of another key. Only
    /// [`shared_primes`](crate::audit::shared_primes()) (feature `shared-primes`) finds it, in a set of keys; a check of one
    /// key never does.
    SharedPrime: Broken Modulus "shared-prime" None, "Heninger et al., Mining your Ps and Qs, USENIX Security 2012",
        "shares a prime with another key";
    /// A key on a denylist that the caller has given.
    Denylisted: Broken Blob "denylisted" None, "badkeys, badkeysdata.json: the lists by their numbers",
        "is on a list of keys whose private half is known";
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

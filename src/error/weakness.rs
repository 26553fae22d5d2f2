//! What can be wrong with a key, and how much that matters.

use super::field::Field;
use core::fmt;

/// How much a weakness matters. In this order.
///
/// ```
/// use ssh_keypair::audit::{Severity, Weakness};
/// assert!(Severity::Note < Severity::Broken);
/// assert_eq!(Weakness::Roca.severity(), Severity::Broken);
/// assert_eq!(Severity::Broken.to_string(), "broken");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing; no attack is known that anybody could run.
    Note,
    /// To be replaced at once: the private key can be computed from the public one, or is published.
    Broken,
}

impl Severity {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Broken => "broken",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Declares [`Weakness`]: each with its documentation, its severity, field, name, CVE, reference, and the sentence for the user.
macro_rules! weaknesses {
    ($($(#[doc = $doc:literal])+ $weakness:ident: $severity:ident $field:ident $name:literal $cve:expr, $reference:literal, $sentence:literal;)+) => {
        /// A weakness of a public key. [`Display`](fmt::Display) says for its owner what the [`field`](Self::field) is.
        ///
        /// ```
        /// use ssh_keypair::audit::{Severity, Weakness};
        ///
        /// let weakness = Weakness::Roca;
        /// assert_eq!((weakness.name(), weakness.severity()), ("roca", Severity::Broken));
        /// assert_eq!(weakness.cve(), Some("CVE-2017-15361"));
        /// assert_eq!(weakness.to_string(), "was made by a library whose primes can be computed from the modulus (ROCA)");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Weakness {
            $($(#[doc = $doc])+ $weakness,)+
        }

        impl Weakness {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$weakness,)+];

            /// How much it matters.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$weakness => Severity::$severity,)+ }
            }

            /// The name, for programs.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$weakness => $name,)+ }
            }

            /// The entry in the list of Common Vulnerabilities and Exposures, where the weakness is that of one product.
            pub const fn cve(self) -> Option<&'static str> {
                match self { $(Self::$weakness => $cve,)+ }
            }

            /// Where it is described.
            pub const fn reference(self) -> &'static str {
                match self { $(Self::$weakness => $reference,)+ }
            }

            pub(super) const fn sentence(self) -> &'static str {
                match self { $(Self::$weakness => $sentence,)+ }
            }

            /// The field of the key that it is in.
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
    /// An RSA public exponent below 65537: no weakness of SSH's signatures, but of software that does other things with the
    /// key.
    SmallExponent: Note PublicExponent "small-exponent" None, "NIST SP 800-56B Rev. 2, section 6.2",
        "below 65537";
    /// An RSA modulus with 70 bits in a row of which each is that `period` bits before it, for a period of 1 to 64; or with a
    /// bit that is the same in all words of 8, 16, 32 or 64 bits, if there are 60 at least. No sound key has either by chance,
    /// and no attack follows from it alone.
    PatternedModulus: Note Modulus "patterned-modulus" None, "Lenstra, Generating RSA moduli with a predetermined portion, ASIACRYPT 1998",
        "has a pattern that does not occur by chance";
    /// A DSA key: of 1024 bits, broken by one weak nonce, and no longer taken by OpenSSH from version 10 on.
    DeprecatedDsa: Note BlobType "dsa" None, "FIPS 186-5, section 1; OpenSSH 10.0 release notes",
        "DSA, which is deprecated";
    /// An RSA modulus with a prime factor below 2^16.
    SmallFactor: Broken Modulus "small-factor" None, "RFC 8017, section 3.1",
        "has a small prime factor";
    /// An RSA modulus that is a prime, or was made to pass for one (Euler's test to base 2): its private exponent is the
    /// inverse of e modulo n-1.
    PrimeModulus: Broken Modulus "prime-modulus" None, "RFC 8017, section 3.1",
        "is a prime, not the product of two";
    /// An RSA modulus that is a power of a number: its root gives the factors.
    PerfectPower: Broken Modulus "perfect-power" None, "RFC 8017, section 3.1",
        "is a power of a number, not the product of two primes";
    /// An RSA modulus of two primes so close that Fermat's method finds them in 100 steps.
    ClosePrimes: Broken Modulus "close-primes" Some("CVE-2022-26320"), "Böck, Fermat factorization in the wild, IACR ePrint 2023/026",
        "is the product of two primes that are too close together: Fermat's method factors it";
    /// An RSA modulus of two primes of the same length with the same lower halves.
    EqualHalves: Broken Modulus "equal-halves" None, "Steinfeld and Zheng, On the security of RSA with primes sharing least-significant bits, AAECC 2004",
        "is the product of two primes with the same lower half, which can be found";
    /// An RSA modulus of primes of the form k M + (65537^a mod M), for a product M of the first primes: ROCA. How long they take
    /// to be found depends on the size: CPU-days of 1024 bits, many CPU-years of 2048.
    Roca: Broken Modulus "roca" Some("CVE-2017-15361"), "Nemec et al., The return of Coppersmith's attack, ACM CCS 2017",
        "was made by a library whose primes can be computed from the modulus (ROCA)";
    /// A key whose secret is one that anybody would try: a small number, one byte over and over, and the like.
    GuessableSecret: Broken Point "guessable-secret" None, "RFC 8032, section 5.1.5; SEC 1, section 3.2.1",
        "belongs to a secret that anybody would try";
    /// An RSA modulus that has a prime in common with that of another key: found by `shared_primes` of a set of keys (feature
    /// `shared-primes`), and never in one key.
    SharedPrime: Broken Modulus "shared-prime" None, "Heninger et al., Mining your Ps and Qs, USENIX Security 2012",
        "shares a prime with another key";
    /// A key on the list of known ones that the caller has given.
    Denylisted: Broken Blob "denylisted" None, "badkeys, badkeysdata.json: the lists by their numbers",
        "is on a list of keys whose private half is known";
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

//! What can be wrong.

use super::weakness::Weakness;
use core::fmt;

/// Declares [`ErrorKind`]: each kind with its documentation and its sentence.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident => $text:literal,)+) => {
        /// What is wrong. [`Display`](fmt::Display) says it in a few words.
        ///
        /// ```
        /// assert_eq!(ssh_keypair::ErrorKind::TooLong.to_string(), "too long");
        /// ```
        ///
        /// The kinds by what they are about, to which the `# Errors` of the functions refer:
        ///
        /// | group | kinds |
        /// |---|---|
        /// | text and frame | `TooLong`, `InvalidUtf8`, `InvalidFrame`, `PrivateKeyGiven`, `NotAPrivateKey`, `MultipleKeys`, `InvalidFingerprint`, `UnknownHashAlgorithm` |
        /// | base64 | `MissingField`, `InvalidBase64`, `NonCanonicalBase64` |
        /// | lines | those of base64, `TooLong`, `ControlCharacter`, `MissingSeparator`, `InvalidSeparator`, `RepeatedSeparator`, `LeadingSpace`, `ByteOrderMark`, `OptionsNotAllowed`, `InvalidOptions`, `PrivateKeyGiven`, `NotAnOpensshLine`, `UnknownAlgorithm`, `CertificateNotAllowed`, `TypeMismatch` |
        /// | blobs | `TooLong`, `Truncated`, `TrailingData`, `UnknownAlgorithm`, `CertificateNotAllowed`, `NegativeMpint`, `NonCanonicalMpint`, `InvalidExponent`, `ExponentTooLarge`, `InvalidModulus`, `KeyTooSmall`, `KeyTooLarge`, `InvalidLength`, `UnsupportedPointFormat`, `InvalidPoint`, `SmallOrder`, `CurveMismatch`, `InvalidDsaParams`, `InvalidApplication` |
        /// | certificates | `NotACertificate`, `InvalidCertificateType`, `InvalidUtf8`, `ControlCharacter`, `NotSorted`, `InvalidSignatureKey`, `InvalidSignature` |
        /// | X.509 | those of DER, `NotACertificate`, `MultipleKeys`, `InvalidTime`, `InvalidSignature`, `KeyMismatch`, `ClockUnavailable` |
        /// | DER | those of blobs, `InvalidDer`, `UnsupportedType`, `UnsupportedKeyVersion` |
        /// | encryption | `PassphraseRequired`, `WrongPassphrase`, `EmptyPassphrase`, `UnsupportedEncryption`, `InvalidEncryption`, `KdfTooCostly`, `Damaged` |
        /// | numbers of a private key | `InvalidPrime`, `InconsistentKey`, `KeyMismatch`, `InvalidLength`, `UnsupportedKeyCount` |
        /// | generation | `InvalidKeySize`, `SeedTooShort`, `RandomnessUnavailable`, `StuckRandomness`, `PrimeNotFound`, `InconsistentKey` |
        /// | request and policy | `Empty`, `TooLong`, `InvalidCharacter`, `SurroundingSpace`, `UnsupportedType`, `UnsupportedVersion`, `NotInThisVersion`, `TypeNotAllowed`, `KeyTooSmall`, `KeyTooLarge` |
        /// | audit | `Weak`, `InvalidDenylist` |
        /// | the caller's buffer | `BufferTooSmall` |
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ $kind,)+
            /// The key has a weakness that the policy rejects.
            Weak(Weakness),
        }

        impl fmt::Display for ErrorKind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$kind => $text,)+
                    Self::Weak(weakness) => return weakness.fmt(f),
                })
            }
        }
    };
}

kinds! {
    /// Longer than the limit.
    TooLong => "too long",
    /// Nothing, where something must be.
    Empty => "empty",
    /// A line break, another control character, or a Unicode line separator, inside of a line.
    ControlCharacter => "a line break or another control character",
    /// A text that is no UTF-8.
    InvalidUtf8 => "not UTF-8",
    /// A field of the line is not there.
    MissingField => "missing",
    /// The key type is followed by something else than one space or tab.
    MissingSeparator => "no space after the key type",
    /// A space that is none: a no-break space, a vertical tab, or the like.
    InvalidSeparator => "separated by something else than a space or a tab",
    /// Two separators in a row.
    RepeatedSeparator => "more than one space before it",
    /// Space before the key type.
    LeadingSpace => "space before the key type",
    /// U+FEFF before the key type.
    ByteOrderMark => "a byte order mark before the key type",
    /// Options of an authorized_keys line before the key type.
    OptionsNotAllowed => "options before the key type",
    /// The text is a private key. Whoever has seen it has the key.
    PrivateKeyGiven => "this is a private key; it was not read, but treat it as exposed",
    /// The text is a public key, but no OpenSSH line: PEM or RFC 4716.
    NotAnOpensshLine => "a public key in another form than the one line of OpenSSH",
    /// A key type that is not known here.
    UnknownAlgorithm => "unknown key type",
    /// A key type that the policy does not allow.
    TypeNotAllowed => "a key type that is not allowed here",
    /// A certificate, where a plain key must be.
    CertificateNotAllowed => "a certificate, where a plain key must be",
    /// A key that is plain, where a certificate must be.
    NotACertificate => "no certificate",
    /// A character that is not base64, or padding that is missing or too much.
    InvalidBase64 => "invalid base64",
    /// Bits set behind the last byte: a second text for the same key.
    NonCanonicalBase64 => "base64 with stray bits at its end",
    /// The type inside of the key is not the one before it.
    TypeMismatch => "not the type that the line begins with",
    /// A length runs past the end.
    Truncated => "cut short",
    /// Bytes are left over.
    TrailingData => "bytes left over",
    /// A negative integer.
    NegativeMpint => "a negative number",
    /// An integer with a superfluous leading zero.
    NonCanonicalMpint => "a number with a superfluous leading zero",
    /// An RSA public exponent that is even or below 3.
    InvalidExponent => "even, or below 3",
    /// An RSA public exponent over 33 bits.
    ExponentTooLarge => "over 33 bits",
    /// An RSA modulus that is even.
    InvalidModulus => "even",
    /// A number of bytes that this type of key does not have.
    InvalidLength => "not of the length that this key type has",
    /// A point that is compressed, or in the hybrid form: a second text for the same key.
    UnsupportedPointFormat => "a point that is not in the uncompressed form",
    /// A point that is not on its curve, the point at infinity, or one with a coordinate that is not reduced.
    InvalidPoint => "not a point of the curve",
    /// A point of small order: it proves nothing.
    SmallOrder => "a point of small order",
    /// The curve that the key names is not that of its type.
    CurveMismatch => "not the curve of this key type",
    /// DSA numbers of other sizes than 1024 and 160 bits, or out of range.
    InvalidDsaParams => "not a DSA key of 1024 and 160 bits, or out of range",
    /// The application of a security key is empty, or holds a control character.
    InvalidApplication => "empty, or with a control character",
    /// A certificate type that is neither user nor host.
    InvalidCertificateType => "neither a user's nor a host's",
    /// Names that are not in order, or there twice.
    NotSorted => "not in lexical order, or there twice",
    /// The key of a certificate's authority is a certificate itself, or no key that is known here.
    InvalidSignatureKey => "not a plain key of a known type",
    /// The signature of a certificate is not one that the key of its authority makes.
    InvalidSignature => "not a signature of the form that belongs here",
    /// Options that cannot be told apart: a stray comma or quote.
    InvalidOptions => "options that cannot be told apart",
    /// A frame that is not closed, or lines in it that do not belong there.
    InvalidFrame => "not framed as it must be",
    /// DER that is not what a key or a certificate must be.
    InvalidDer => "not the DER that it must be",
    /// A time that is none, or is before 1970.
    InvalidTime => "not a time that can be read",
    /// Fewer bits than are accepted.
    KeyTooSmall => "fewer bits than are accepted",
    /// More bits than are accepted.
    KeyTooLarge => "more bits than are accepted",
    /// A key size that is not generated.
    InvalidKeySize => "not a multiple of 16 from 2048 to 8192",
    /// A seed below 16 bytes.
    SeedTooShort => "a seed of fewer than 16 bytes",
    /// The random number generator reported a failure.
    RandomnessUnavailable => "the random number generator failed",
    /// The random number generator repeats itself or is stuck.
    StuckRandomness => "the random number generator repeats itself",
    /// No prime among as many candidates as FIPS 186-5 allows.
    PrimeNotFound => "no prime found within the limit of candidates",
    /// The numbers of a private key do not belong together.
    InconsistentKey => "the numbers of the key do not belong together",
    /// What is given for a prime of an RSA key is none: even, composite, or of a length that does not fit the modulus.
    InvalidPrime => "not a prime that fits the modulus",
    /// A private key of another version than is known; in PKCS#1, of more than two primes.
    UnsupportedKeyVersion => "a version of private key that is not supported",
    /// The public and the private half of a key do not belong together.
    KeyMismatch => "the public and the private half do not belong together",
    /// A text that is no private key in any form that is known here.
    NotAPrivateKey => "not a private key",
    /// More than one key in one text.
    MultipleKeys => "more than one key",
    /// A file that says that it holds no key, or several.
    UnsupportedKeyCount => "not exactly one key",
    /// The key is encrypted, and there is no passphrase.
    PassphraseRequired => "encrypted, and no passphrase is given",
    /// The passphrase is not the right one, or the file was altered.
    WrongPassphrase => "the passphrase is wrong, or the file is damaged",
    /// A passphrase of no characters, to encrypt with.
    EmptyPassphrase => "an empty passphrase protects nothing",
    /// A cipher or a key derivation that is not read here; or any, where the feature `encryption` is off.
    UnsupportedEncryption => "an encryption that is not supported",
    /// The parameters of an encryption are wrong, as a salt that is too short, or a KDF without a cipher; or what is encrypted
    /// is not of a length that the cipher writes.
    InvalidEncryption => "wrong parameters, or not of a length that the cipher writes",
    /// A key derivation that would take more time or memory than is accepted.
    KdfTooCostly => "a key derivation that costs more than is accepted",
    /// Check values, padding or MAC do not match.
    Damaged => "damaged: check values, padding or MAC do not match",
    /// The caller's buffer cannot hold the result.
    BufferTooSmall => "the buffer is too small",
    /// A character that a name may not hold.
    InvalidCharacter => "a character that is not allowed",
    /// A leading or trailing space in a name.
    SurroundingSpace => "a space at the start or the end",
    /// Not a fingerprint of this form.
    InvalidFingerprint => "not a fingerprint of this form",
    /// A name that is not that of a hash here.
    UnknownHashAlgorithm => "unknown hash algorithm",
    /// A type of key that is not made, read or written here: that of a key pair, or of a key in a form that holds other types
    /// too, as a private key as PEM.
    UnsupportedType => "a type of key that is not supported here",
    /// There is no clock, or one before 1970, or so late that a certificate would end after 9999.
    ClockUnavailable => "no clock tells a time that can be used",
    /// A version of the API that is not known here.
    UnsupportedVersion => "not a version from 2.0 to 2.92",
    /// Something that the version of the API does not have.
    NotInThisVersion => "not in this version of the API",
    /// A denylist that is not of whole records.
    InvalidDenylist => "not a denylist of records of 16 bytes",
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_kind_is_in_the_table_and_the_table_names_no_other() {
        let source = include_str!("kind.rs");
        let (_, kinds) = source.split_once("\nkinds! {").unwrap();
        let (kinds, _) = kinds.split_once("\n}").unwrap();
        let declared = kinds.lines().filter_map(|line| line.trim().split_once(" => ")).map(|(kind, _)| kind);
        let rows = source.lines().filter(|line| line.trim().starts_with("/// |"));
        let named = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
        for kind in declared.clone() {
            assert!(named.clone().any(|name| name == kind), "{kind} is not in the table");
        }
        for name in named.filter(|name| *name != "Weak") {
            assert!(declared.clone().any(|kind| kind == name), "{name} is no kind");
        }
    }
}

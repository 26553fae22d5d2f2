//! The kinds of errors.

use super::kdf_limit::KdfLimit;
use super::mistake::Mistake;
use super::weakness::Weakness;
// For the links to kinds.
#[cfg(doc)]
use ErrorKind::*;

/// The kind of an error. There is a kind for each case that a caller may want to treat differently. The message of an
/// [`Error`](crate::Error) says more, because it also depends on the field.
///
/// The groups of kinds that the `# Errors` of functions refer to:
///
/// | group | kinds |
/// |---|---|
/// | text and frame | [`TooLong`], [`InvalidUtf8`], [`InvalidFrame`], [`PrivateKeyGiven`], [`NotAPrivateKey`], [`MultipleKeys`], [`Mistake`], [`InvalidFingerprint`], [`UnknownHashAlgorithm`], [`UnknownName`] |
/// | base64 | [`MissingField`], [`InvalidBase64`], [`NonCanonicalBase64`] |
/// | lines | those of base64, [`TooLong`], [`InvalidCharacter`], [`MissingSeparator`], [`InvalidSeparator`], [`SurroundingSpace`], [`ByteOrderMark`], [`OptionsNotAllowed`], [`InvalidOptions`], [`PrivateKeyGiven`], [`NotAnOpensshLine`], [`UnknownKeyType`], [`CertificateNotAllowed`], [`TypeMismatch`] |
/// | blobs | [`TooLong`], [`Truncated`], [`TrailingData`], [`UnknownKeyType`], [`CertificateNotAllowed`], [`InvalidMpint`], [`InvalidValue`], [`KeyTooSmall`], [`KeyTooLarge`], [`UnsupportedPointFormat`], [`InvalidPoint`], [`TypeMismatch`] |
/// | certificates | [`NotACertificate`], [`InvalidValue`], [`InvalidUtf8`], [`InvalidCharacter`] |
/// | X.509 | those of DER, [`NotACertificate`], [`MultipleKeys`], [`InvalidValue`], [`KeyMismatch`], [`ClockUnavailable`] |
/// | DER | those of blobs, [`InvalidDer`], [`UnsupportedType`], [`UnsupportedVersion`] |
/// | encryption | [`PassphraseRequired`], [`WrongPassphrase`], [`Empty`], [`UnsupportedEncryption`], [`OldEncryption`], [`InvalidEncryption`], [`KdfTooCostly`], [`Damaged`] |
/// | numbers of a private key | [`InconsistentKey`], [`KeyMismatch`], [`InvalidValue`], [`MultipleKeys`] |
/// | generation | [`InvalidValue`], [`SeedTooShort`], [`RandomnessUnavailable`], [`BrokenRandomness`], [`InconsistentKey`] |
/// | self-test | [`SelfTestFailed`] |
/// | request and policy | [`Empty`], [`TooLong`], [`InvalidCharacter`], [`SurroundingSpace`], [`UnsupportedType`], [`UnsupportedVersion`], [`NotInThisVersion`], [`TypeNotAllowed`], [`KeyTooSmall`], [`KeyTooLarge`], [`Weak`] |
/// | stored records | [`InvalidFingerprint`], [`KeyMismatch`] |
/// | audit | [`InvalidDenylist`] |
/// | the caller's buffer | [`BufferTooSmall`] |
///
/// ```
/// # #[cfg(feature = "alloc")] {
/// use ssh_keypair::{ErrorKind, Mistake, PublicEntry};
///
/// let advice = match PublicEntry::read("-----BEGIN OPENSSH PRIVATE KEY-----\n...").map_err(|error| error.kind()) {
///     Ok(_) => "",
///     Err(ErrorKind::PrivateKeyGiven) => "delete this key from your servers",
///     Err(ErrorKind::Mistake(Mistake::X509)) => "choose the type x509",
///     Err(_) => "copy the key again",
/// };
/// assert_eq!(advice, "delete this key from your servers");
/// # }
/// ```
///
/// [`Mistake`]: Self::Mistake
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Longer than the limit.
    TooLong,
    /// Empty, although a value is required.
    Empty,
    /// A character that is not allowed here: in a comment, a line break or another control character, or a Unicode line
    /// separator; in a name, anything outside its alphabet.
    InvalidCharacter,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// A field of the line is missing.
    MissingField,
    /// The key type is not followed by a space or tab.
    MissingSeparator,
    /// Fields that are separated by several spaces, or by a character that looks like a space but is not.
    InvalidSeparator,
    /// A space at the start of a line, or at either end of a name.
    SurroundingSpace,
    /// U+FEFF before the key type.
    ByteOrderMark,
    /// Options of an authorized_keys line before the key type.
    OptionsNotAllowed,
    /// The input is a private key. Treat the key as exposed: anyone who has seen the input has it.
    PrivateKeyGiven,
    /// The input is a public key, but not an OpenSSH line: PEM or RFC 4716.
    NotAnOpensshLine,
    /// A key type that is not supported.
    UnknownKeyType,
    /// A key type that the policy does not allow. The message of the [`Error`](crate::Error) names the type, unless it is opaque.
    TypeNotAllowed,
    /// A certificate, where a plain key is required.
    CertificateNotAllowed,
    /// A plain key or something else, where a certificate is required.
    NotACertificate,
    /// A character that is not base64, or padding that is missing or superfluous.
    InvalidBase64,
    /// Bits that are set after the last byte of base64: a second encoding of the same key.
    NonCanonicalBase64,
    /// The type inside the key, or its curve, does not match the type written before the key.
    TypeMismatch,
    /// A length runs past the end.
    Truncated,
    /// There are bytes after the end.
    TrailingData,
    /// An integer that is negative, or has a superfluous leading zero.
    InvalidMpint,
    /// A value that the field cannot have: an even modulus, an exponent over 33 bits, a key size that is not generated, names
    /// out of order, a time before 1970.
    InvalidValue,
    /// A point that is compressed, or in the hybrid form: a second encoding of the same key.
    UnsupportedPointFormat,
    /// A point that is not on its curve, has small order or is the point at infinity, or a coordinate that is not reduced.
    InvalidPoint,
    /// Options that cannot be separated: a stray comma or quote.
    InvalidOptions,
    /// BEGIN and END lines that do not enclose a key, or that enclose lines that do not belong there.
    InvalidFrame,
    /// DER that is malformed, or does not have the expected structure.
    InvalidDer,
    /// Fewer bits than are allowed.
    KeyTooSmall,
    /// More bits than are allowed.
    KeyTooLarge,
    /// A seed of less than 16 bytes.
    SeedTooShort,
    /// The random number generator reported a failure.
    RandomnessUnavailable,
    /// The random number generator repeats itself, or yielded no prime within the number of candidates that FIPS 186-5 allows.
    BrokenRandomness,
    /// The numbers of a private key are inconsistent, or one that must be prime is not.
    InconsistentKey,
    /// A computation did not give its known answer: the hardware miscalculates, or the program was miscompiled or altered.
    SelfTestFailed,
    /// The public and private halves of a key do not match, or data that was stored with a key belongs to another.
    KeyMismatch,
    /// The input is not a private key in any supported format.
    NotAPrivateKey,
    /// More than one key, or a file that declares that it contains none.
    MultipleKeys,
    /// The key is encrypted, and no passphrase was given.
    PassphraseRequired,
    /// The passphrase is wrong, or the file was altered.
    WrongPassphrase,
    /// A cipher or a key derivation that is not supported. Without the feature `encryption`, none is.
    UnsupportedEncryption,
    /// An encryption that is known, and not supported because hardly anything uses it; its name.
    OldEncryption(&'static str),
    /// Invalid parameters of an encryption, such as a salt that is too short, or ciphertext of a length that the cipher does
    /// not produce.
    InvalidEncryption,
    /// A key derivation that would exceed this limit.
    KdfTooCostly(KdfLimit),
    /// Check values, padding or MAC do not match.
    Damaged,
    /// The caller's buffer cannot hold the result. [`Error::needed_bytes`](crate::Error::needed_bytes) says how many bytes
    /// it takes.
    BufferTooSmall,
    /// Not a fingerprint in the expected format.
    InvalidFingerprint,
    /// Not the name of a supported hash algorithm.
    UnknownHashAlgorithm,
    /// Not the name of any value of a type that is parsed by name, such as [`Weakness`].
    UnknownName,
    /// A type of key that cannot be generated, read or written here: the type of a key pair, or of a key in a format that
    /// allows other types too, such as PEM.
    UnsupportedType,
    /// A version that is not supported: of the API, of a private key or of a file.
    UnsupportedVersion,
    /// A feature that this version of the API does not have.
    NotInThisVersion,
    /// There is no clock, or its time is before 1970, or so late that a certificate would expire after 9999.
    ClockUnavailable,
    /// Not a denylist.
    InvalidDenylist,
    /// Something else than a key, or a key that was changed while it was copied: a mistake that people make.
    Mistake(Mistake),
    /// The key has a weakness that the policy rejects.
    Weak(Weakness),
}

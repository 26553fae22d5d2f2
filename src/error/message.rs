//! The sentence of an error: what was found and what was expected, which depends on the field.

use super::field::Field;
use super::kind::ErrorKind;
use core::fmt;

/// The sentence for a kind in a field. It follows the name of the field and the offset.
pub(super) const fn message(kind: ErrorKind, field: Option<Field>) -> &'static str {
    match (kind, field) {
        (ErrorKind::TooLong, Some(Field::Name)) => "a name has at most 255 characters",
        (ErrorKind::TooLong, _) => "longer than the limit",
        (ErrorKind::Empty, Some(Field::Passphrase)) => "an empty passphrase protects nothing",
        (ErrorKind::Empty, _) => "empty",
        (ErrorKind::InvalidCharacter, Some(Field::Name)) => "this character is not allowed in a name",
        (ErrorKind::InvalidCharacter, Some(Field::UserId)) => "this character is not allowed in a user id",
        (ErrorKind::InvalidCharacter, Some(Field::Base64)) => "a line break in the base64; paste the key as one line",
        (ErrorKind::InvalidCharacter, _) => "a line break or another control character",
        (ErrorKind::InvalidUtf8, _) => "not UTF-8",
        (ErrorKind::MissingField, Some(Field::KeyType)) => {
            "expected a key type such as ssh-ed25519, found the end of the line"
        }
        (ErrorKind::MissingField, Some(Field::Base64)) => "expected base64, found the end of the line",
        (ErrorKind::MissingField, _) => "missing",
        (ErrorKind::MissingSeparator, _) => "expected a space after the key type, found base64",
        (ErrorKind::InvalidSeparator, Some(Field::Base64)) => "expected one space before the base64, found several",
        (ErrorKind::InvalidSeparator, _) => "expected a space, found a character that looks like one",
        (ErrorKind::SurroundingSpace, Some(Field::Name)) => "a name may not begin or end with a space",
        (ErrorKind::SurroundingSpace, Some(Field::UserId)) => "a user id may not begin or end with a space",
        (ErrorKind::SurroundingSpace, _) => "a space before the key type",
        (ErrorKind::ByteOrderMark, _) => "a byte order mark before the key type",
        (ErrorKind::OptionsNotAllowed, _) => "options before the key type; paste the key without them",
        (ErrorKind::PrivateKeyGiven, _) => {
            "this is a private key; it was not read, but treat it as exposed, and paste the public key instead"
        }
        (ErrorKind::NotAnOpensshLine, _) => {
            "a public key in another format; ssh-keygen -i converts it to an OpenSSH line"
        }
        (ErrorKind::UnknownKeyType, Some(Field::Blob)) => "this type of key is not supported",
        (ErrorKind::UnknownKeyType, _) => "unknown key type",
        (ErrorKind::TypeNotAllowed, _) => "this key type is not allowed here",
        (ErrorKind::CertificateNotAllowed, _) => "expected a plain key, found a certificate",
        (ErrorKind::NotACertificate, _) => "expected a certificate",
        (ErrorKind::InvalidBase64, _) => "not base64, or cut short",
        (ErrorKind::NonCanonicalBase64, _) => "stray bits at the end of the base64",
        (ErrorKind::TypeMismatch, Some(Field::Curve)) => "not the curve of this key type",
        (ErrorKind::TypeMismatch, Some(Field::KeyType)) => "the name of a signature algorithm; the key type is ssh-rsa",
        (ErrorKind::TypeMismatch, _) => "not the type that comes before it",
        (ErrorKind::Truncated, _) => "cut short; copy the whole key",
        (ErrorKind::TrailingData, _) => "unexpected data at the end",
        (ErrorKind::InvalidMpint, _) => "expected a positive number without superfluous zeros",
        (ErrorKind::InvalidValue, Some(Field::KeySize)) => "expected a multiple of 16 from 2048 to 8192",
        (ErrorKind::InvalidValue, Some(Field::PublicExponent)) => "expected an odd number of 2 to 33 bits",
        (ErrorKind::InvalidValue, Some(Field::Modulus)) => "expected an odd number",
        (
            ErrorKind::InvalidValue,
            Some(Field::DsaPrime | Field::DsaSubprime | Field::DsaGenerator | Field::DsaPublicValue),
        ) => "out of range; a DSA key has a p of 1024 and a q of 160 bits",
        (ErrorKind::InvalidValue, Some(Field::Application)) => "empty, or with a control character",
        (ErrorKind::InvalidValue, Some(Field::CertificateType)) => "expected a user or a host certificate",
        (ErrorKind::InvalidValue, Some(Field::CriticalOptions | Field::Extensions)) => {
            "expected names in lexical order, each once"
        }
        (ErrorKind::InvalidValue, Some(Field::SignatureKey)) => "expected a plain key of a supported type",
        (ErrorKind::InvalidValue, Some(Field::Signature)) => "not a signature that this key makes",
        (ErrorKind::InvalidValue, Some(Field::ValidAfter | Field::ValidBefore)) => "not a valid time from 1970 on",
        (ErrorKind::InvalidValue, Some(Field::Point)) => "expected 32 bytes",
        (ErrorKind::InvalidValue, Some(Field::PrivateExponent)) => "expected 64 bytes",
        (ErrorKind::InvalidValue, _) => "not a valid value",
        (ErrorKind::UnsupportedPointFormat, _) => "expected an uncompressed point",
        (ErrorKind::InvalidPoint, _) => "not a point that a key may have",
        (ErrorKind::InvalidOptions, _) => "expected options, separated by commas, with values in double quotes",
        (ErrorKind::InvalidFrame, Some(Field::PublicKey)) => {
            "expected a BEGIN line, base64 and the matching END line, and nothing else"
        }
        (ErrorKind::InvalidFrame, _) => "expected a private key file from its first to its last line, and nothing else",
        (ErrorKind::InvalidDer, _) => "malformed DER, or not of this structure",
        (ErrorKind::KeyTooSmall, _) => "fewer bits than are accepted",
        (ErrorKind::KeyTooLarge, _) => "more bits than are accepted",
        (ErrorKind::SeedTooShort, _) => "a seed has at least 16 bytes",
        (ErrorKind::RandomnessUnavailable, _) => "the random number generator failed",
        (ErrorKind::BrokenRandomness, _) => {
            "the random number generator is broken: it repeats itself, or gave no prime"
        }
        (ErrorKind::InconsistentKey, Some(Field::PrimeP | Field::PrimeQ)) => "not a prime that fits the modulus",
        (ErrorKind::InconsistentKey, _) => "the numbers of the key are inconsistent",
        (ErrorKind::KeyMismatch, Some(Field::Fingerprint)) => "not the fingerprint of the stored key",
        (ErrorKind::KeyMismatch, Some(Field::PublicKey)) => "the two stored texts are of different keys",
        (ErrorKind::KeyMismatch, _) => "the public and the private half do not match",
        (ErrorKind::NotAPrivateKey, _) => "not a private key in a supported format",
        (ErrorKind::MultipleKeys, _) => "expected exactly one key",
        (ErrorKind::PassphraseRequired, _) => "the key is encrypted; enter its passphrase",
        (ErrorKind::WrongPassphrase, _) => "the passphrase is wrong, or the file is damaged",
        (ErrorKind::UnsupportedEncryption, _) => "this encryption is not supported",
        (ErrorKind::InvalidEncryption, _) => "wrong parameters, or ciphertext of a wrong length",
        (ErrorKind::KdfTooCostly, _) => "the key derivation would take more time or memory than is accepted",
        (ErrorKind::Damaged, _) => "damaged: check values, padding or MAC do not match",
        (ErrorKind::BufferTooSmall, _) => "the buffer is too small",
        (ErrorKind::InvalidFingerprint, _) => "not a fingerprint in this form",
        (ErrorKind::UnknownHashAlgorithm, _) => "unknown hash algorithm",
        (ErrorKind::UnsupportedType, _) => "this type of key is not supported here",
        (ErrorKind::UnsupportedVersion, Some(Field::Version)) => "expected a version from 2.0 to 2.92",
        (ErrorKind::UnsupportedVersion, _) => "this version is not supported",
        (ErrorKind::NotInThisVersion, _) => "not in this version of the API",
        (ErrorKind::ClockUnavailable, _) => "there is no usable clock",
        (ErrorKind::InvalidDenylist, _) => "expected a denylist of records of 16 bytes",
        (ErrorKind::Weak(weakness), _) => weakness.sentence(),
    }
}

/// The sentence without a field: [`Error`](crate::Error) says more.
impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(message(*self, None))
    }
}

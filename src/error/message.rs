//! The sentence of an error: what was found and what was expected, which depends on the field.

use super::field::Field;
use super::kind::ErrorKind;
use super::mistake::Mistake;
use core::fmt;

/// The sentence for a kind in a field. It follows the name of the field and the offset.
const fn message(kind: ErrorKind, field: Option<Field>) -> &'static str {
    match (kind, field) {
        (ErrorKind::TooLong, Some(Field::Name)) => "expected at most 255 characters",
        (ErrorKind::TooLong, _) => "longer than the limit",
        (ErrorKind::Empty, Some(Field::PrivateKey)) => "the file is empty",
        (ErrorKind::Empty, Some(Field::Passphrase)) => "an empty passphrase protects nothing",
        (ErrorKind::Empty, Some(Field::PublicKey)) => "found nothing; paste the public key",
        (ErrorKind::Empty, _) => "must not be empty",
        (ErrorKind::InvalidCharacter, Some(Field::Name)) => {
            "this character is not allowed in a name; use letters, digits, spaces, - and _"
        }
        (ErrorKind::InvalidCharacter, Some(Field::UserId)) => "this character is not allowed in a user id",
        (ErrorKind::InvalidCharacter, Some(Field::Base64)) => "found a line break; paste the key as one line",
        (ErrorKind::InvalidCharacter, Some(Field::PublicKey)) => {
            "found more than one line; paste only the line of the key"
        }
        (ErrorKind::InvalidCharacter, Some(Field::Comment)) => {
            "found a line break, another control character, or an invisible control of the writing direction; remove it"
        }
        (ErrorKind::InvalidCharacter, _) => "found a line break or another control character",
        (ErrorKind::InvalidUtf8, _) => "not valid UTF-8",
        (ErrorKind::MissingField, Some(Field::KeyType)) => {
            "expected a key type such as ssh-ed25519, found the end of the line"
        }
        (ErrorKind::MissingField, Some(Field::Base64)) => "expected base64, found the end of the line",
        (ErrorKind::MissingField, Some(Field::PrimeP)) => {
            "the primes p and q are missing; export the key again, with its primes"
        }
        (ErrorKind::MissingField, Some(Field::Curve)) => "the file neither names the curve nor has the public key",
        (ErrorKind::MissingField, Some(Field::Encryption)) => {
            "the line DEK-Info is missing, which names the cipher; copy the whole file"
        }
        (ErrorKind::MissingField, _) => "missing",
        (ErrorKind::MissingSeparator, _) => "expected a space after the key type, found base64",
        (ErrorKind::InvalidSeparator, Some(Field::Base64)) => "expected one space before the base64, found several",
        (ErrorKind::InvalidSeparator, _) => {
            "expected a space, found a character that only looks like one, such as a no-break space"
        }
        (ErrorKind::SurroundingSpace, Some(Field::Name)) => "a name may not begin or end with a space",
        (ErrorKind::SurroundingSpace, Some(Field::UserId)) => "a user id may not begin or end with a space",
        (ErrorKind::SurroundingSpace, _) => "found a space before the key type; remove it",
        (ErrorKind::ByteOrderMark, _) => "found an invisible byte order mark (U+FEFF) before the key type; remove it",
        (ErrorKind::OptionsNotAllowed, _) => "found options before the key type; paste the key without them",
        (ErrorKind::PrivateKeyGiven, _) => {
            "this is a private key; paste the public key instead, and treat the private key as exposed"
        }
        (ErrorKind::NotAnOpensshLine, _) => {
            "found a public key in another format; ssh-keygen -i converts it to an OpenSSH line"
        }
        (ErrorKind::UnknownKeyType, Some(Field::KeyType)) => {
            "expected a key type such as ssh-ed25519, found another word"
        }
        (ErrorKind::UnknownKeyType, Some(Field::Curve)) => "this curve is not supported",
        (ErrorKind::UnknownKeyType, Some(Field::BlobType | Field::PrivateBlob)) => "this type of key is not supported",
        (ErrorKind::UnknownKeyType, _) => "unknown key type",
        (ErrorKind::TypeNotAllowed, _) => "this key type is not allowed here",
        (ErrorKind::CertificateNotAllowed, _) => "expected a plain key, found a certificate",
        (ErrorKind::NotACertificate, _) => "expected a certificate",
        (ErrorKind::InvalidBase64, _) => {
            "found a character that is not base64, or the base64 is incomplete; copy the whole key"
        }
        (ErrorKind::NonCanonicalBase64, _) => "the last character of the base64 is wrong; copy the whole key",
        (ErrorKind::TypeMismatch, Some(Field::Curve)) => "does not match the key type",
        (ErrorKind::TypeMismatch, Some(Field::KeyType)) => {
            "found the name of a signature algorithm; write ssh-rsa instead"
        }
        (ErrorKind::TypeMismatch, _) => "does not match the type written before the key",
        (ErrorKind::Truncated, Some(Field::X509)) => "cut short; copy the whole certificate",
        (ErrorKind::Truncated, _) => "cut short; copy the whole key",
        (ErrorKind::TrailingData, _) => "found extra data after the end",
        (ErrorKind::InvalidMpint, _) => "expected a positive number without superfluous leading zeros",
        (ErrorKind::InvalidValue, Some(Field::KeySize)) => "expected a multiple of 16 from 2048 to 8192",
        (ErrorKind::InvalidValue, Some(Field::Seed)) => "the seed of an Ed25519 key has 32 bytes",
        (ErrorKind::InvalidValue, Some(Field::PublicExponent)) => "expected an odd number of 2 to 33 bits",
        (ErrorKind::InvalidValue, Some(Field::Modulus)) => "expected an odd number",
        (
            ErrorKind::InvalidValue,
            Some(Field::DsaPrime | Field::DsaSubprime | Field::DsaGenerator | Field::DsaPublicValue),
        ) => "out of range; in a DSA key, p has 1024 bits and q has 160",
        (ErrorKind::InvalidValue, Some(Field::Application)) => "empty, or contains a control character",
        (ErrorKind::InvalidValue, Some(Field::CertificateType)) => "expected a user or a host certificate",
        (ErrorKind::InvalidValue, Some(Field::CriticalOptions | Field::Extensions)) => {
            "expected names in lexical order, without duplicates, each with a value of its type"
        }
        (ErrorKind::InvalidValue, Some(Field::SignatureKey)) => "expected a plain key of a supported type",
        (ErrorKind::InvalidValue, Some(Field::Signature)) => "not a valid signature format for this type of key",
        (ErrorKind::InvalidValue, Some(Field::ValidAfter | Field::ValidBefore)) => {
            "expected a valid time in 1970 or later"
        }
        (ErrorKind::InvalidValue, Some(Field::Point)) => "expected 32 bytes",
        (ErrorKind::InvalidValue, Some(Field::PrivateExponent)) => "not as long as in a key of this type",
        (ErrorKind::InvalidValue, _) => "not a valid value",
        (ErrorKind::UnsupportedPointFormat, _) => "expected an uncompressed point",
        (ErrorKind::InvalidPoint, _) => "not a valid point on this curve",
        (ErrorKind::InvalidOptions, _) => "expected options, separated by commas, with values in double quotes",
        (ErrorKind::InvalidFrame, Some(Field::PublicKey)) => {
            "expected a BEGIN line, base64 and the matching END line, and nothing else"
        }
        (ErrorKind::InvalidFrame, _) => "expected a private key file from its first to its last line, and nothing else",
        (ErrorKind::InvalidDer, Some(Field::Curve)) => {
            "expected the name of a curve, found explicit parameters; openssl ec -param_enc named_curve writes the name"
        }
        (ErrorKind::InvalidDer, _) => "malformed DER, or an unexpected structure",
        (ErrorKind::KeyTooSmall, _) => "fewer bits than are allowed; use a larger key",
        (ErrorKind::KeyTooLarge, _) => "more bits than are allowed; use a smaller key",
        (ErrorKind::SeedTooShort, _) => "expected a seed of at least 16 bytes",
        (ErrorKind::RandomnessUnavailable, _) => "the random number generator failed",
        (ErrorKind::BrokenRandomness, _) => {
            "the random number generator is broken: it repeats itself, or yields no prime"
        }
        (ErrorKind::InconsistentKey, Some(Field::PrimeP | Field::PrimeQ)) => {
            "not a suitable prime factor of the modulus"
        }
        (
            ErrorKind::InconsistentKey,
            Some(Field::Modulus | Field::PrivateExponent | Field::ExponentP | Field::ExponentQ | Field::Coefficient),
        ) => "does not match the other numbers of the key",
        (ErrorKind::InconsistentKey, _) => "the numbers of the key are inconsistent",
        (ErrorKind::SelfTestFailed, _) => {
            "the self-test failed: this machine or this build of the program miscalculates"
        }
        (ErrorKind::KeyMismatch, Some(Field::Fingerprint)) => "does not belong to the stored key",
        (ErrorKind::KeyMismatch, Some(Field::PublicKey)) => "the two stored encodings belong to different keys",
        (ErrorKind::KeyMismatch, _) => "the public and private halves do not match",
        (ErrorKind::NotAPrivateKey, _) => "not a private key in a supported format",
        (ErrorKind::MultipleKeys, Some(Field::PrivateKey)) => {
            "found more than one private key; keep one, with its BEGIN and END lines"
        }
        (ErrorKind::MultipleKeys, Some(Field::Comment | Field::Options)) => {
            "found the base64 of another key, which some programs would accept instead; remove it"
        }
        (ErrorKind::MultipleKeys, _) => "expected exactly one key, found more than one",
        (ErrorKind::PassphraseRequired, _) => "the key is encrypted; enter its passphrase",
        (ErrorKind::WrongPassphrase, _) => "the passphrase is wrong, or the file is damaged",
        (ErrorKind::UnsupportedEncryption, _) => {
            "this encryption is not supported; encrypt the key with AES, as ssh-keygen -p does"
        }
        (ErrorKind::OldEncryption(_), _) => "expected an encryption such as AES-256-CBC, found",
        (ErrorKind::InvalidEncryption, _) => "invalid encryption parameters, or encrypted data of an invalid length",
        (ErrorKind::KdfTooCostly(_), _) => "decrypting the key would take more than the limit of",
        (ErrorKind::Damaged, _) => "the file is damaged: its checksum or padding is wrong",
        (ErrorKind::BufferTooSmall, _) => "the buffer is too small",
        (ErrorKind::InvalidFingerprint, _) => {
            "expected a fingerprint such as SHA256: and base64, or MD5: and hexadecimal digits with colons"
        }
        (ErrorKind::UnknownHashAlgorithm, _) => "unknown hash algorithm",
        (ErrorKind::UnknownName, _) => "unknown name",
        (ErrorKind::UnsupportedType, _) => "this type of key is not supported here",
        (ErrorKind::UnsupportedVersion, Some(Field::Version)) => "expected a version from 2.0 to 2.104",
        (ErrorKind::UnsupportedVersion, Some(Field::PrivateKey)) => {
            "expected a PuTTY file of version 2 or 3; open it in puttygen and save it again"
        }
        (ErrorKind::UnsupportedVersion, Some(Field::PrimeP)) => "RSA keys of more than two primes are not supported",
        (ErrorKind::UnsupportedVersion, _) => "this version is not supported",
        (ErrorKind::NotInThisVersion, _) => "not supported by this version of the API",
        (ErrorKind::ClockUnavailable, _) => "the system has no clock, or its time is out of range",
        (ErrorKind::InvalidDenylist, _) => "expected a denylist, whose length is a multiple of 16 bytes",
        (ErrorKind::Mistake(mistake), field) => mistake.sentence(field),
        (ErrorKind::Weak(weakness), _) => weakness.sentence(),
    }
}

/// Writes the sentence for a kind in a field.
pub(super) fn write_message(f: &mut fmt::Formatter<'_>, kind: ErrorKind, field: Option<Field>) -> fmt::Result {
    f.write_str(message(kind, field))?;
    match kind {
        ErrorKind::Mistake(mistake) => mistake.named().map_or(Ok(()), |name| write!(f, " {name}")),
        ErrorKind::KdfTooCostly(limit) => write!(f, " {limit}"),
        ErrorKind::OldEncryption(name) => write!(f, " {name}"),
        _ => Ok(()),
    }
}

/// The sentence without a field; that of an [`Error`](crate::Error) says more.
impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_message(f, *self, None)
    }
}

/// The sentence without a field; that of an [`Error`](crate::Error) says more.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ErrorKind::Mistake(*self).fmt(f)
    }
}

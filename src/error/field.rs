//! The fields that an error can be in.

use core::fmt;

/// The field that an [`Error`](crate::Error) is about.
///
/// ```
/// assert_eq!(ssh_keypair::Field::PublicExponent.to_string(), "public exponent");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The name of a key pair.
    Name,
    /// The type of a key pair.
    Type,
    /// The id of a key pair's owner. Offsets count its bytes.
    UserId,
    /// The version of the API.
    Version,
    /// The fingerprint of a stored record.
    Fingerprint,
    /// The size of a key to be generated, in bits.
    KeySize,
    /// The seed of a key to be generated.
    Seed,
    /// The encoding of a public key as a whole. Offsets count its bytes.
    PublicKey,
    /// The first word of a line. Offsets count the bytes of the line.
    KeyType,
    /// The base64 of a key: the second word of a line, or the lines between BEGIN and END. Offsets count the bytes of the
    /// input.
    Base64,
    /// The rest of a line. Offsets count the bytes of the line.
    Comment,
    /// A decoded key as a whole. Offsets count its bytes. For a key inside an X.509 certificate, here and below, they count the
    /// bytes of the certificate.
    Blob,
    /// A decoded X.509 certificate as a whole. Offsets count its bytes.
    X509,
    /// The key type inside a decoded key. Offsets count the bytes of the decoded key.
    BlobType,
    /// The RSA public exponent. Offsets count the bytes of the decoded key.
    PublicExponent,
    /// The RSA modulus. Offsets count the bytes of the decoded key.
    Modulus,
    /// The prime p of a DSA key. Offsets count the bytes of the decoded key.
    DsaPrime,
    /// The prime q of a DSA key. Offsets count the bytes of the decoded key.
    DsaSubprime,
    /// The generator g of a DSA key. Offsets count the bytes of the decoded key.
    DsaGenerator,
    /// The public value y of a DSA key. Offsets count the bytes of the decoded key.
    DsaPublicValue,
    /// The name of the curve. Offsets count the bytes of the decoded key.
    Curve,
    /// The point of an ECDSA or Ed25519 key. Offsets count the bytes of the decoded key.
    Point,
    /// The application of a security key. Offsets count the bytes of the decoded key.
    Application,
    /// The nonce of a certificate. Offsets count the bytes of the decoded key, here and below.
    Nonce,
    /// The serial number of a certificate.
    Serial,
    /// The type of a certificate: for a user or for a host.
    CertificateType,
    /// The key id of a certificate.
    KeyId,
    /// The principals of a certificate.
    Principals,
    /// The start of a certificate's validity.
    ValidAfter,
    /// The end of a certificate's validity.
    ValidBefore,
    /// The critical options of a certificate.
    CriticalOptions,
    /// The extensions of a certificate.
    Extensions,
    /// The reserved field of a certificate.
    Reserved,
    /// The public key of a certificate's authority.
    SignatureKey,
    /// The signature of a certificate.
    Signature,
    /// The options before the key. Offsets count the bytes of the line.
    Options,
    /// The encoding of a private key as a whole. Offsets count its bytes.
    PrivateKey,
    /// A decoded private key as a whole. Offsets, here and below, count its bytes after decryption.
    PrivateBlob,
    /// The RSA private exponent d, or the secret number of another type of key.
    PrivateExponent,
    /// The RSA prime p.
    PrimeP,
    /// The RSA prime q.
    PrimeQ,
    /// dP = d mod (p-1).
    ExponentP,
    /// dQ = d mod (q-1).
    ExponentQ,
    /// qInv = q^-1 mod p.
    Coefficient,
    /// The parameters of a private key's encryption.
    Encryption,
    /// The passphrase.
    Passphrase,
}

impl Field {
    /// Whether offsets in this field always count the bytes of the input, rather than those of a decoded key.
    pub(super) const fn is_in_text(self) -> bool {
        matches!(self, Self::PublicKey | Self::KeyType | Self::Base64 | Self::Options | Self::PrivateKey)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "name",
            Self::Type => "type",
            Self::UserId => "user id",
            Self::Version => "version",
            Self::Fingerprint => "fingerprint",
            Self::KeySize => "key size",
            Self::Seed => "seed",
            Self::PublicKey => "public key",
            Self::KeyType => "key type",
            Self::Base64 => "base64",
            Self::Comment => "comment",
            Self::Blob => "decoded key",
            Self::X509 => "decoded certificate",
            Self::BlobType => "type inside the key",
            Self::PublicExponent => "public exponent",
            Self::Modulus => "modulus",
            Self::DsaPrime => "DSA p",
            Self::DsaSubprime => "DSA q",
            Self::DsaGenerator => "DSA g",
            Self::DsaPublicValue => "DSA y",
            Self::Curve => "curve",
            Self::Point => "point",
            Self::Application => "application",
            Self::Nonce => "nonce",
            Self::Serial => "serial number",
            Self::CertificateType => "certificate type",
            Self::KeyId => "key id",
            Self::Principals => "principals",
            Self::ValidAfter => "start of validity",
            Self::ValidBefore => "end of validity",
            Self::CriticalOptions => "critical options",
            Self::Extensions => "extensions",
            Self::Reserved => "reserved field",
            Self::SignatureKey => "signature key",
            Self::Signature => "signature",
            Self::Options => "options",
            Self::PrivateKey => "private key",
            Self::PrivateBlob => "decoded private key",
            Self::PrivateExponent => "private exponent",
            Self::PrimeP => "prime p",
            Self::PrimeQ => "prime q",
            Self::ExponentP => "exponent dP",
            Self::ExponentQ => "exponent dQ",
            Self::Coefficient => "coefficient qInv",
            Self::Encryption => "encryption",
            Self::Passphrase => "passphrase",
        })
    }
}

//! Key types and their names.

use crate::error::{Error, ErrorKind, Field};
use core::fmt;
use core::str::FromStr;

/// The type of a public key.
///
/// ```
/// use ssh_keypair::Algorithm;
///
/// let algorithm: Algorithm = "sk-ssh-ed25519@openssh.com".parse()?;
/// assert_eq!(algorithm, Algorithm::SkEd25519);
/// assert_eq!(algorithm.to_string(), "sk-ssh-ed25519@openssh.com");
/// assert_eq!(algorithm.short_name(), "ED25519-SK");
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// `ssh-rsa`: RFC 4253, section 6.6.
    Rsa,
    /// `ssh-dss`: RFC 4253, section 6.6. OpenSSH no longer supports it.
    Dsa,
    /// `ecdsa-sha2-nistp256`: RFC 5656, section 3.1.
    EcdsaP256,
    /// `ecdsa-sha2-nistp384`: RFC 5656, section 3.1.
    EcdsaP384,
    /// `ecdsa-sha2-nistp521`: RFC 5656, section 3.1.
    EcdsaP521,
    /// `ssh-ed25519`: RFC 8709, section 4.
    Ed25519,
    /// `sk-ecdsa-sha2-nistp256@openssh.com`, of a security key: OpenSSH's PROTOCOL.u2f.
    SkEcdsaP256,
    /// `sk-ssh-ed25519@openssh.com`, of a security key: OpenSSH's PROTOCOL.u2f.
    SkEd25519,
    /// `ssh-mldsa44-ed25519@openssh.com`, the post-quantum composite of ML-DSA-44 and Ed25519: OpenSSH 10.4.
    MlDsa44Ed25519,
    /// A type that this crate does not support. Only the functions for opaque keys accept it: see
    /// [`PublicKeyRef::parse_opaque`](super::PublicKeyRef::parse_opaque).
    Opaque,
}

impl Algorithm {
    /// All supported types: every one except [`Algorithm::Opaque`].
    pub const KNOWN: &[Self] = &[
        Self::Rsa,
        Self::Dsa,
        Self::EcdsaP256,
        Self::EcdsaP384,
        Self::EcdsaP521,
        Self::Ed25519,
        Self::SkEcdsaP256,
        Self::SkEd25519,
        Self::MlDsa44Ed25519,
    ];

    /// The name on the wire and at the start of a line. For an opaque key, this is `opaque`;
    /// [`PublicKeyRef::type_name`](super::PublicKeyRef::type_name) returns its real name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "ssh-rsa",
            Self::Dsa => "ssh-dss",
            Self::EcdsaP256 => "ecdsa-sha2-nistp256",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521",
            Self::Ed25519 => "ssh-ed25519",
            Self::SkEcdsaP256 => "sk-ecdsa-sha2-nistp256@openssh.com",
            Self::SkEd25519 => "sk-ssh-ed25519@openssh.com",
            Self::MlDsa44Ed25519 => "ssh-mldsa44-ed25519@openssh.com",
            Self::Opaque => "opaque",
        }
    }

    /// The name of the type's certificates: OpenSSH's PROTOCOL.certkeys. None for an opaque key.
    pub const fn certificate_name(self) -> Option<&'static str> {
        Some(match self {
            Self::Rsa => "ssh-rsa-cert-v01@openssh.com",
            Self::Dsa => "ssh-dss-cert-v01@openssh.com",
            Self::EcdsaP256 => "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384-cert-v01@openssh.com",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521-cert-v01@openssh.com",
            Self::Ed25519 => "ssh-ed25519-cert-v01@openssh.com",
            Self::SkEcdsaP256 => "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
            Self::SkEd25519 => "sk-ssh-ed25519-cert-v01@openssh.com",
            Self::MlDsa44Ed25519 => "ssh-mldsa44-ed25519-cert-v01@openssh.com",
            Self::Opaque => return None,
        })
    }

    /// The short name that `ssh-keygen -l` prints in parentheses. (`ssh-keygen` prints nothing for an opaque key.)
    pub const fn short_name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Dsa => "DSA",
            Self::EcdsaP256 | Self::EcdsaP384 | Self::EcdsaP521 => "ECDSA",
            Self::Ed25519 => "ED25519",
            Self::SkEcdsaP256 => "ECDSA-SK",
            Self::SkEd25519 => "ED25519-SK",
            Self::MlDsa44Ed25519 => "MLDSA44-ED25519",
            Self::Opaque => "OPAQUE",
        }
    }

    /// Whether OpenSSH no longer accepts such keys: true for DSA, since version 10.
    pub const fn is_deprecated(self) -> bool {
        matches!(self, Self::Dsa)
    }

    /// The type that has this name on the wire.
    #[inline]
    pub(crate) fn of_name(name: &[u8]) -> Option<Self> {
        // The names are repeated here because this function is hot: the compiler compares a few words with constants. A test
        // checks the names against `as_str`.
        Some(match name {
            b"ssh-rsa" => Self::Rsa,
            b"ssh-ed25519" => Self::Ed25519,
            b"ecdsa-sha2-nistp256" => Self::EcdsaP256,
            b"ecdsa-sha2-nistp384" => Self::EcdsaP384,
            b"ecdsa-sha2-nistp521" => Self::EcdsaP521,
            b"ssh-dss" => Self::Dsa,
            b"sk-ecdsa-sha2-nistp256@openssh.com" => Self::SkEcdsaP256,
            b"sk-ssh-ed25519@openssh.com" => Self::SkEd25519,
            b"ssh-mldsa44-ed25519@openssh.com" => Self::MlDsa44Ed25519,
            _ => return None,
        })
    }

    /// The type whose certificates have this name.
    pub(crate) fn of_certificate_name(name: &[u8]) -> Option<Self> {
        Self::KNOWN
            .iter()
            .copied()
            .find(|algorithm| algorithm.certificate_name().is_some_and(|own| own.as_bytes() == name))
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::of_name(name.as_bytes()).ok_or(Field::KeyType.error(ErrorKind::UnknownKeyType))
    }
}

/// Whether a name is well-formed for an OpenSSH type: at most 64 bytes (RFC 4251, section 6) of lowercase letters, digits,
/// `.`, `-`, `_` and `+`, beginning with a letter or a digit, optionally followed by `@` and a domain of the same
/// characters. The RFC allows more characters, but a name with a quote or an equals sign would look like options of
/// authorized_keys to other programs.
fn is_well_formed(name: &[u8]) -> bool {
    let is_part = |part: &[u8]| {
        part.first().is_some_and(u8::is_ascii_alphanumeric)
            && part.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_+".contains(byte))
    };
    name.len() <= 64
        && name.iter().filter(|byte| **byte == b'@').count() <= 1
        && name.split(|byte| *byte == b'@').all(is_part)
}

/// Whether a name is that of a certificate, for a key of any type, supported or not.
pub(crate) fn is_certificate_name(name: &[u8]) -> bool {
    name.windows(7).any(|part| part == b"-cert-v")
}

/// Whether a name may be that of a type that this crate does not support. Names of signature algorithms are not key types.
pub(crate) fn may_be_opaque(name: &[u8]) -> bool {
    is_well_formed(name) && !is_certificate_name(name) && !is_signature_algorithm(name)
}

/// Whether a name is that of a signature algorithm, which is easily mistaken for a key type: those of RSA keys (RFC 8332),
/// and those that browsers use (OpenSSH's PROTOCOL.u2f).
pub(crate) fn is_signature_algorithm(name: &[u8]) -> bool {
    matches!(name, b"rsa-sha2-256" | b"rsa-sha2-512") || name.starts_with(b"webauthn-")
}

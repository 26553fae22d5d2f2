//! Detects the format of an input by its appearance, so that a service can tell people what they pasted.

use crate::key::{Algorithm, is_certificate_name};
use crate::openssh::has_options;
use crate::text::{begins_a_private_key, reject_private_key};

/// A format of key material.
///
/// ```
/// use ssh_keypair::KeyFormat;
/// assert_eq!(KeyFormat::detect("---- BEGIN SSH2 PUBLIC KEY ----\n"), Some(KeyFormat::Rfc4716));
/// assert_eq!(KeyFormat::Rfc4716.to_string(), "an SSH2 public key file (RFC 4716)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyFormat {
    /// The line of a plain key: [`PublicKeyRef::parse`](crate::PublicKeyRef::parse).
    PublicKeyLine,
    /// The line of a certificate: [`CertificateRef::parse`](crate::openssh::CertificateRef::parse).
    CertificateLine,
    /// A line with options before the key: [`AuthorizedKeyRef::parse`](crate::openssh::AuthorizedKeyRef::parse).
    AuthorizedKeyLine,
    /// A line of known_hosts: [`KnownHost`](crate::openssh::KnownHost). Only
    /// [`PublicEntry::read_with_report`](crate::PublicEntry::read_with_report) reports it; [`detect`](Self::detect) never does,
    /// because such a line cannot be recognised by its appearance alone.
    KnownHostsLine,
    /// `---- BEGIN SSH2 PUBLIC KEY ----`: [`PublicKey::from_rfc4716`](crate::PublicKey::from_rfc4716).
    Rfc4716,
    /// `-----BEGIN PUBLIC KEY-----`, a SubjectPublicKeyInfo: [`PublicKey::from_pem`](crate::PublicKey::from_pem).
    SpkiPem,
    /// `-----BEGIN RSA PUBLIC KEY-----`, PKCS#1: [`PublicKey::from_pem`](crate::PublicKey::from_pem).
    Pkcs1PublicPem,
    /// `-----BEGIN CERTIFICATE-----`, X.509.
    X509Pem,
    /// `-----BEGIN RSA PRIVATE KEY-----`, PKCS#1, encrypted or not: [`PrivateKey::parse`](crate::PrivateKey::parse), which also
    /// reads the next seven formats. Anyone who has seen an unencrypted private key has the key.
    Pkcs1PrivatePem,
    /// `-----BEGIN EC PRIVATE KEY-----`, SEC 1, encrypted or not: [`PrivateKey::parse`](crate::PrivateKey::parse).
    Sec1Pem,
    /// `-----BEGIN DSA PRIVATE KEY-----`, encrypted or not: [`PrivateKey::parse`](crate::PrivateKey::parse).
    DsaPem,
    /// `-----BEGIN PRIVATE KEY-----`, PKCS#8: [`PrivateKey::parse`](crate::PrivateKey::parse).
    Pkcs8Pem,
    /// `-----BEGIN ENCRYPTED PRIVATE KEY-----`, PKCS#8: [`PrivateKey::parse`](crate::PrivateKey::parse).
    EncryptedPkcs8Pem,
    /// `-----BEGIN OPENSSH PRIVATE KEY-----`, encrypted or not: [`PrivateKey::parse`](crate::PrivateKey::parse).
    OpensshPrivateKey,
    /// `PuTTY-User-Key-File-`, encrypted or not: [`PrivateKey::parse`](crate::PrivateKey::parse).
    PuttyPrivateKey,
    /// A private key in DER: [`PrivateKey::parse`](crate::PrivateKey::parse).
    PrivateKeyDer,
    /// A private key in any other format, or without its markers. This crate has no parser for it.
    PrivateKey,
}

impl core::fmt::Display for KeyFormat {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::PublicKeyLine => "an OpenSSH public key",
            Self::CertificateLine => "an OpenSSH certificate",
            Self::AuthorizedKeyLine => "a line of authorized_keys with options",
            Self::KnownHostsLine => "a line of known_hosts",
            Self::Rfc4716 => "an SSH2 public key file (RFC 4716)",
            Self::SpkiPem => "a public key as PEM",
            Self::Pkcs1PublicPem => "an RSA public key as PEM (PKCS#1)",
            Self::X509Pem => "an X.509 certificate as PEM",
            Self::Pkcs1PrivatePem => "an RSA private key as PEM (PKCS#1)",
            Self::Sec1Pem => "an ECDSA private key as PEM (SEC 1)",
            Self::DsaPem => "a DSA private key as PEM",
            Self::Pkcs8Pem => "a private key as PEM (PKCS#8)",
            Self::EncryptedPkcs8Pem => "an encrypted private key as PEM (PKCS#8)",
            Self::OpensshPrivateKey => "an OpenSSH private key",
            Self::PuttyPrivateKey => "a PuTTY private key",
            Self::PrivateKeyDer => "a private key in DER",
            Self::PrivateKey => "a private key",
        })
    }
}

impl KeyFormat {
    /// Whether this is a public key, alone or in a line or a certificate of OpenSSH.
    #[cfg(feature = "alloc")]
    pub(super) const fn is_public_key(self) -> bool {
        matches!(
            self,
            Self::PublicKeyLine
                | Self::CertificateLine
                | Self::AuthorizedKeyLine
                | Self::KnownHostsLine
                | Self::Rfc4716
                | Self::SpkiPem
                | Self::Pkcs1PublicPem
        )
    }

    /// The format of an input by its appearance; the parser of that format may still reject it. A private key takes precedence
    /// over anything around it, wherever it is in the input.
    ///
    /// ```
    /// use ssh_keypair::KeyFormat;
    ///
    /// assert_eq!(KeyFormat::detect("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5..."), Some(KeyFormat::PublicKeyLine));
    /// assert_eq!(KeyFormat::detect("Hello"), None);
    /// ```
    pub fn detect(input: impl AsRef<[u8]>) -> Option<Self> {
        let bytes = input.as_ref();
        match core::str::from_utf8(bytes) {
            Ok(text) => detect_text(text),
            Err(_) => begins_a_private_key(bytes).then_some(Self::PrivateKeyDer),
        }
    }
}

fn detect_text(text: &str) -> Option<KeyFormat> {
    if let Err(error) = reject_private_key(text) {
        let key = error.offset().and_then(|at| text.get(at..)).unwrap_or_default();
        return Some(private_format(key));
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let framed = [
        ("---- BEGIN SSH2 PUBLIC KEY", KeyFormat::Rfc4716),
        ("-----BEGIN SSH2 PUBLIC KEY", KeyFormat::Rfc4716),
        ("-----BEGIN PUBLIC KEY", KeyFormat::SpkiPem),
        ("-----BEGIN RSA PUBLIC KEY", KeyFormat::Pkcs1PublicPem),
        ("-----BEGIN CERTIFICATE", KeyFormat::X509Pem),
    ];
    if let Some(format) = format_of(text, &framed) {
        return Some(format);
    }
    let word = text.split(char::is_whitespace).next().unwrap_or_default().as_bytes();
    if Algorithm::of_name(word).is_some() {
        Some(KeyFormat::PublicKeyLine)
    } else if is_certificate_name(word) {
        Some(KeyFormat::CertificateLine)
    } else if has_options(text) {
        Some(KeyFormat::AuthorizedKeyLine)
    } else {
        None
    }
}

/// The format of the private key that a text begins with.
fn private_format(text: &str) -> KeyFormat {
    let framed = [
        ("-----BEGIN RSA PRIVATE KEY", KeyFormat::Pkcs1PrivatePem),
        ("-----BEGIN EC PRIVATE KEY", KeyFormat::Sec1Pem),
        ("-----BEGIN EC PARAMETERS", KeyFormat::Sec1Pem),
        ("-----BEGIN DSA PRIVATE KEY", KeyFormat::DsaPem),
        ("-----BEGIN PRIVATE KEY", KeyFormat::Pkcs8Pem),
        ("-----BEGIN ENCRYPTED PRIVATE KEY", KeyFormat::EncryptedPkcs8Pem),
        ("-----BEGIN OPENSSH PRIVATE KEY", KeyFormat::OpensshPrivateKey),
        ("PuTTY-User-Key-File-", KeyFormat::PuttyPrivateKey),
    ];
    format_of(text, &framed).unwrap_or(KeyFormat::PrivateKey)
}

/// The format whose marker a text begins with.
fn format_of(text: &str, framed: &[(&str, KeyFormat)]) -> Option<KeyFormat> {
    framed.iter().find(|(frame, _)| text.starts_with(frame)).map(|(_, format)| *format)
}

/// The format of a PEM with this label.
#[cfg(feature = "alloc")]
pub(super) fn format_of_label(label: &str) -> KeyFormat {
    match label {
        "RSA PRIVATE KEY" => KeyFormat::Pkcs1PrivatePem,
        "EC PRIVATE KEY" => KeyFormat::Sec1Pem,
        "DSA PRIVATE KEY" => KeyFormat::DsaPem,
        "PRIVATE KEY" => KeyFormat::Pkcs8Pem,
        "ENCRYPTED PRIVATE KEY" => KeyFormat::EncryptedPkcs8Pem,
        "OPENSSH PRIVATE KEY" => KeyFormat::OpensshPrivateKey,
        _ => KeyFormat::PrivateKey,
    }
}

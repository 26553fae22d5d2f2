//! What a text is, by its looks: so that a service can tell people what they pasted.

use super::algorithm::Algorithm;
use super::authorized_keys::has_options;
use super::key_data::is_certificate_name;
use super::line::refuse_private_key;

/// A form that key material comes in.
///
/// ```
/// use ssh_keypair::openssh::{TextForm, detect};
/// assert_eq!(detect("---- BEGIN SSH2 PUBLIC KEY ----\n"), Some(TextForm::Rfc4716));
/// assert_eq!(TextForm::Rfc4716.to_string(), "an SSH2 public key file (RFC 4716)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextForm {
    /// The line of a plain key: [`PublicKey::parse`](super::PublicKey::parse).
    PublicKeyLine,
    /// The line of a certificate: [`Certificate::parse`](super::Certificate::parse).
    CertificateLine,
    /// A line with options before the key: [`AuthorizedKey::parse`](super::AuthorizedKey::parse).
    AuthorizedKeyLine,
    /// `---- BEGIN SSH2 PUBLIC KEY ----`: [`PublicKeyBuf::from_rfc4716`](super::PublicKeyBuf::from_rfc4716).
    Rfc4716,
    /// `-----BEGIN PUBLIC KEY-----`, a SubjectPublicKeyInfo: [`pkcs::public_key_from_pem`](crate::pkcs::public_key_from_pem).
    SpkiPem,
    /// `-----BEGIN RSA PUBLIC KEY-----`, of PKCS#1: [`pkcs::public_key_from_pem`](crate::pkcs::public_key_from_pem).
    Pkcs1PublicPem,
    /// `-----BEGIN CERTIFICATE-----`, of X.509.
    X509Pem,
    /// `-----BEGIN RSA PRIVATE KEY-----`, of PKCS#1, encrypted or not: [`read_private_key`](crate::read_private_key), which
    /// reads the next four forms as well. Whoever has seen a private key that is not encrypted has the key.
    Pkcs1PrivatePem,
    /// `-----BEGIN PRIVATE KEY-----`, of PKCS#8: [`read_private_key`](crate::read_private_key).
    Pkcs8Pem,
    /// `-----BEGIN ENCRYPTED PRIVATE KEY-----`, of PKCS#8: [`read_private_key`](crate::read_private_key).
    EncryptedPkcs8Pem,
    /// `-----BEGIN OPENSSH PRIVATE KEY-----`, encrypted or not: [`read_private_key`](crate::read_private_key).
    OpensshPrivateKey,
    /// `PuTTY-User-Key-File-`, encrypted or not: [`read_private_key`](crate::read_private_key).
    PuttyPrivateKey,
    /// A private key in any other form, or without its frame: there is no parser of it.
    PrivateKey,
}

impl core::fmt::Display for TextForm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::PublicKeyLine => "an OpenSSH public key",
            Self::CertificateLine => "an OpenSSH certificate",
            Self::AuthorizedKeyLine => "a line of authorized_keys with options",
            Self::Rfc4716 => "an SSH2 public key file (RFC 4716)",
            Self::SpkiPem => "a public key as PEM",
            Self::Pkcs1PublicPem => "an RSA public key as PEM (PKCS#1)",
            Self::X509Pem => "an X.509 certificate as PEM",
            Self::Pkcs1PrivatePem => "an RSA private key as PEM (PKCS#1)",
            Self::Pkcs8Pem => "a private key as PEM (PKCS#8)",
            Self::EncryptedPkcs8Pem => "an encrypted private key as PEM (PKCS#8)",
            Self::OpensshPrivateKey => "an OpenSSH private key",
            Self::PuttyPrivateKey => "a private key of PuTTY",
            Self::PrivateKey => "a private key",
        })
    }
}

/// What a text is by its looks; it may still be refused by the parser of that form. A private key counts for more than
/// anything around it, wherever it is in the text. Its parser takes it only at the start of the text.
///
/// ```
/// use ssh_keypair::openssh::{TextForm, detect};
/// assert_eq!(detect("-----BEGIN OPENSSH PRIVATE KEY-----\n..."), Some(TextForm::OpensshPrivateKey));
/// assert_eq!(detect("-----BEGIN EC PRIVATE KEY-----\n..."), Some(TextForm::PrivateKey));
/// assert_eq!(detect("PuTTY-User-Key-File-3: ssh-rsa\r\n..."), Some(TextForm::PuttyPrivateKey));
/// assert_eq!(detect("ssh-rsa AAAA"), Some(TextForm::PublicKeyLine));
/// assert_eq!(detect("from=\"::1\" ssh-rsa AAAA"), Some(TextForm::AuthorizedKeyLine));
/// assert_eq!(detect("-----BEGIN PUBLIC KEY-----\n"), Some(TextForm::SpkiPem));
/// assert_eq!(detect("hello"), None);
/// ```
pub fn detect(text: &str) -> Option<TextForm> {
    if let Err(error) = refuse_private_key(text) {
        let key = error.offset().and_then(|at| text.get(at..)).unwrap_or_default();
        let framed = [
            ("-----BEGIN RSA PRIVATE KEY", TextForm::Pkcs1PrivatePem),
            ("-----BEGIN PRIVATE KEY", TextForm::Pkcs8Pem),
            ("-----BEGIN ENCRYPTED PRIVATE KEY", TextForm::EncryptedPkcs8Pem),
            ("-----BEGIN OPENSSH PRIVATE KEY", TextForm::OpensshPrivateKey),
            ("PuTTY-User-Key-File-", TextForm::PuttyPrivateKey),
        ];
        return Some(form_of(key, &framed).unwrap_or(TextForm::PrivateKey));
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let framed = [
        ("---- BEGIN SSH2 PUBLIC KEY", TextForm::Rfc4716),
        ("-----BEGIN PUBLIC KEY", TextForm::SpkiPem),
        ("-----BEGIN RSA PUBLIC KEY", TextForm::Pkcs1PublicPem),
        ("-----BEGIN CERTIFICATE", TextForm::X509Pem),
    ];
    if let Some(form) = form_of(text, &framed) {
        return Some(form);
    }
    let word = text.split(char::is_whitespace).next().unwrap_or_default().as_bytes();
    if Algorithm::of_name(word).is_some() {
        Some(TextForm::PublicKeyLine)
    } else if is_certificate_name(word) {
        Some(TextForm::CertificateLine)
    } else if has_options(text) {
        Some(TextForm::AuthorizedKeyLine)
    } else {
        None
    }
}

/// The form whose frame a text begins with.
fn form_of(text: &str, framed: &[(&str, TextForm)]) -> Option<TextForm> {
    framed.iter().find(|(frame, _)| text.starts_with(frame)).map(|(_, form)| *form)
}

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
    /// A private key of PuTTY's.
    PuttyPrivateKey,
    /// A private key in any other form. Whoever has seen it has the key.
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
            Self::PuttyPrivateKey => "a private key of PuTTY",
            Self::PrivateKey => "a private key",
        })
    }
}

/// What a text is by its looks; it may still be refused by the parser of that form. A private key counts for more than
/// anything around it.
///
/// ```
/// use ssh_keypair::openssh::{TextForm, detect};
/// assert_eq!(detect("-----BEGIN OPENSSH PRIVATE KEY-----\n..."), Some(TextForm::PrivateKey));
/// assert_eq!(detect("PuTTY-User-Key-File-3: ssh-rsa\r\n..."), Some(TextForm::PuttyPrivateKey));
/// assert_eq!(detect("ssh-rsa AAAA"), Some(TextForm::PublicKeyLine));
/// assert_eq!(detect("from=\"::1\" ssh-rsa AAAA"), Some(TextForm::AuthorizedKeyLine));
/// assert_eq!(detect("-----BEGIN PUBLIC KEY-----\n"), Some(TextForm::SpkiPem));
/// assert_eq!(detect("hello"), None);
/// ```
pub fn detect(text: &str) -> Option<TextForm> {
    if let Err(error) = refuse_private_key(text) {
        let key = error.offset().and_then(|at| text.get(at..)).unwrap_or_default();
        return Some(match key.starts_with("PuTTY-") {
            true => TextForm::PuttyPrivateKey,
            false => TextForm::PrivateKey,
        });
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let framed = [
        ("---- BEGIN SSH2 PUBLIC KEY", TextForm::Rfc4716),
        ("-----BEGIN PUBLIC KEY", TextForm::SpkiPem),
        ("-----BEGIN RSA PUBLIC KEY", TextForm::Pkcs1PublicPem),
        ("-----BEGIN CERTIFICATE", TextForm::X509Pem),
    ];
    if let Some((_, form)) = framed.into_iter().find(|(frame, _)| text.starts_with(frame)) {
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

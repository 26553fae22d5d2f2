//! What people paste instead of a key.

use super::field::Field;

/// What was found instead of a key, or around it: the mistakes that people make when they copy keys. The message of an
/// [`Error`](crate::Error) with the kind [`ErrorKind::Mistake`](crate::ErrorKind::Mistake) names it, and says what to try.
///
/// ```
/// use ssh_keypair::{ErrorKind, Mistake, PrivateKey, ReadOptions};
///
/// let error = PrivateKey::parse("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA...", &ReadOptions::new()).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Mistake(Mistake::PublicKey));
/// assert_eq!(Mistake::OpenPgp.to_string(), "this is an OpenPGP key, not an SSH key");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mistake {
    /// Text in UTF-16, with or without a byte order mark.
    Utf16,
    /// A public key instead of a private key or a certificate.
    PublicKey,
    /// An X.509 certificate instead of a key.
    X509,
    /// A PKCS#12 file, as `.pfx` and `.p12` files are.
    Pkcs12,
    /// A private key in the format of ssh.com.
    SshCom,
    /// A key of SSH version 1.
    Ssh1,
    /// An OpenPGP key.
    OpenPgp,
    /// Base64 of a whole private key file, its BEGIN and END lines included.
    Base64OfFile,
    /// Base64 of a whole public key line, its type included.
    Base64OfLine,
    /// White space inside the base64 of a public key.
    SpaceInBase64,
    /// A key or a certificate without its BEGIN line.
    NoBegin,
    /// A BEGIN line that is not complete.
    BrokenBegin,
    /// A BEGIN line whose hyphens have become other dashes.
    Dashes,
    /// A key without the END line that matches its BEGIN line.
    NoEnd,
    /// A file whose lines have been joined, if they cannot be separated again.
    JoinedLines,
    /// The path of a file, or a URL, instead of the contents of the file.
    Path,
    /// The base64 of a public key without its type before it; the type that the base64 contains.
    NoKeyType(&'static str),
    /// Another name of the key type that the base64 contains, which is given.
    OtherTypeName(&'static str),
    /// Quotes around a key.
    Quotes,
    /// A dash before a key, as in a list in YAML or Markdown.
    ListDash,
    /// URL encoding, such as `%20` for a space.
    UrlEncoding,
    /// Line breaks that are written as `\n` or `\r` in the middle of a key.
    Escapes,
    /// A host name before the key, as in a `known_hosts` file.
    HostName,
    /// A user name and a colon before the key.
    UserName,
    /// A fingerprint instead of a key.
    Fingerprint,
    /// An XMSS key, which OpenSSH no longer supports.
    Xmss,
    /// A key in one line between the BEGIN and END lines of RFC 4716.
    LineInFrame,
    /// The name of a signature type instead of a key type.
    SignatureType,
    /// An RSA public key of PKCS#1 with the label of another format.
    Pkcs1Label,
    /// A public key or a certificate in DER, which is not text.
    Der,
    /// Something that was copied with the key, or is inside it; what it is.
    Extra(&'static str),
    /// Spaces instead of the plus signs of base64.
    PlusAsSpace,
    /// A certificate signing request instead of a key or a certificate.
    CertificateRequest,
    /// A certificate whose label is not `CERTIFICATE`.
    CertificateLabel,
    /// Something public whose BEGIN line says PRIVATE KEY; what it is.
    PublicUnderPrivate(&'static str),
    /// A private key of a type that SSH does not have; the type.
    NotForSsh(&'static str),
    /// A JSON Web Key.
    Jwk,
    /// Text in UTF-32.
    Utf32,
    /// A PuTTY file without one of its lines; the name of the line.
    MissingLine(&'static str),
    /// A PuTTY file with more or fewer lines of base64 than a line says; the name of that line.
    WrongLineCount(&'static str),
}

impl Mistake {
    /// All mistakes, with an example of a key type or of what is named where there is one.
    pub const ALL: &[Self] = &[
        Self::Utf16,
        Self::PublicKey,
        Self::X509,
        Self::Pkcs12,
        Self::SshCom,
        Self::Ssh1,
        Self::OpenPgp,
        Self::Base64OfFile,
        Self::Base64OfLine,
        Self::SpaceInBase64,
        Self::NoBegin,
        Self::BrokenBegin,
        Self::Dashes,
        Self::NoEnd,
        Self::JoinedLines,
        Self::Path,
        Self::NoKeyType("ssh-rsa"),
        Self::OtherTypeName("ssh-rsa"),
        Self::Quotes,
        Self::ListDash,
        Self::UrlEncoding,
        Self::Escapes,
        Self::HostName,
        Self::UserName,
        Self::Fingerprint,
        Self::Xmss,
        Self::LineInFrame,
        Self::SignatureType,
        Self::Pkcs1Label,
        Self::Der,
        Self::Extra("a zero-width space (U+200B)"),
        Self::PlusAsSpace,
        Self::CertificateRequest,
        Self::CertificateLabel,
        Self::PublicUnderPrivate("a public key"),
        Self::NotForSsh("X25519"),
        Self::Jwk,
        Self::Utf32,
        Self::MissingLine("Private-MAC"),
        Self::WrongLineCount("Public-Lines"),
    ];

    /// The sentence in a field, which ends with the key type, or with what is named, if there is one.
    pub(super) const fn sentence(self, field: Option<Field>) -> &'static str {
        let in_private_key = matches!(field, Some(Field::PrivateKey));
        match self {
            Self::Utf16 => "found text in UTF-16; save the file as UTF-8",
            Self::PublicKey if !in_private_key => {
                "this is a public key, not a certificate; import it with the type ssh"
            }
            Self::PublicKey => "this is a public key; the private key is usually in the file without .pub",
            Self::X509 if in_private_key => "this is a certificate; the private key is in another file",
            Self::X509 => "this is an X.509 certificate; import it with the type x509, or paste the public key",
            Self::Pkcs12 => "this is a PKCS#12 file; convert it with openssl pkcs12 -nodes",
            Self::SshCom => "this is a private key in the format of ssh.com; convert it with ssh-keygen -i",
            Self::Ssh1 => "this is a key of SSH version 1, which is not supported; create a new key",
            Self::OpenPgp => "this is an OpenPGP key, not an SSH key",
            Self::Base64OfFile => "this is base64 of a private key file; decode it first",
            Self::Base64OfLine => "this is base64 of a whole public key line; decode it first",
            Self::SpaceInBase64 => "found a space inside the base64; remove it, or copy the key again",
            Self::NoBegin => "the BEGIN line is missing; copy the whole file, with its BEGIN and END lines",
            Self::BrokenBegin if !in_private_key => {
                "the BEGIN or END line is damaged; each begins and ends with exactly five hyphens, as in -----BEGIN PUBLIC KEY-----"
            }
            Self::BrokenBegin => {
                "the BEGIN line is damaged; it is in capital letters between exactly five hyphens, as in -----BEGIN PRIVATE KEY-----"
            }
            Self::Dashes => {
                "found dashes that are not hyphens in the BEGIN or END line; replace them with five hyphens"
            }
            Self::NoEnd => "the END line is missing, or differs from the BEGIN line; copy the whole file",
            Self::JoinedLines => "the line breaks are lost; copy the file again",
            Self::Path => "this is a path or URL; paste the contents of the file",
            Self::NoKeyType(_) => "found base64 without a key type; write this type and a space before it:",
            Self::OtherTypeName(_) => "the first word is not the key type that the base64 contains; write instead:",
            Self::Quotes => "found a quote; paste the key without quotes, and without anything before or after it",
            Self::ListDash => "found a dash or a bullet before the key; remove it",
            Self::UrlEncoding => "found URL encoding (percent signs); paste the key as it is in its file",
            Self::Escapes => "found a backslash, as in \\n or \\r for a line break; paste the key as it is in its file",
            Self::HostName => {
                "found a host name before the key type, as in known_hosts; remove what is before the key type"
            }
            Self::UserName => "found a user name and a colon before the key type; remove them",
            Self::Fingerprint if in_private_key => "this is a fingerprint, not a private key",
            Self::Fingerprint => "this is a fingerprint; paste the public key itself",
            Self::Xmss => "XMSS keys (ssh-xmss@openssh.com) are not supported; create a key of another type",
            Self::SignatureType => {
                "the first word is the name of a signature type, not of a key type; copy the key from its .pub file"
            }
            Self::Pkcs1Label => "this is PKCS#1 under another label; write RSA PUBLIC KEY in its BEGIN and END lines",
            Self::Der => {
                "this is a binary file (DER); convert it to PEM, with openssl pkey -pubin -inform DER, or with openssl x509 -inform DER if it is a certificate"
            }
            Self::Extra(_) => "found something that does not belong to the key; remove it, or copy the key again:",
            Self::PlusAsSpace => "found spaces inside the base64 instead of plus signs; copy the key again",
            Self::CertificateRequest => "this is a certificate signing request; it is neither a key nor a certificate",
            Self::CertificateLabel => {
                "this certificate has another label than CERTIFICATE; openssl x509 -in FILE writes it with that label"
            }
            Self::PublicUnderPrivate(_) => "the BEGIN line says PRIVATE KEY, but this is",
            Self::NotForSsh(_) => "this is a private key of a type that SSH does not support:",
            Self::Jwk => "this is a JSON Web Key; convert it to PEM",
            Self::Utf32 => "found text in UTF-32; save the file as UTF-8",
            Self::MissingLine(_) => "the file is not complete; copy all of it, with the line",
            Self::WrongLineCount(_) => {
                "copy the whole file; it does not have as many lines of base64 as stated in the line"
            }
            Self::LineInFrame => "found a key in one line between BEGIN and END; paste only that line",
        }
    }

    /// What the sentence ends with: the key type to write, or what was found.
    pub(super) const fn named(self) -> Option<&'static str> {
        match self {
            Self::NoKeyType(name) | Self::OtherTypeName(name) | Self::Extra(name) => Some(name),
            Self::PublicUnderPrivate(name) | Self::NotForSsh(name) => Some(name),
            Self::MissingLine(name) | Self::WrongLineCount(name) => Some(name),
            _ => None,
        }
    }
}

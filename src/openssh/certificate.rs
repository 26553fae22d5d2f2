//! Certificates of all key types, such as `ssh-ed25519-cert-v01@openssh.com`. OpenSSH's PROTOCOL.certkeys.
//!
//! string type, string nonce, the fields of the plain key, uint64 serial, uint32 type, string key id, string principals,
//! uint64 valid after, uint64 valid before, string critical options, string extensions, string reserved,
//! string signature key, string signature.
//!
//! A certificate is parsed completely, and each key in it goes through the checks of a plain key. The signature must have
//! the format that its key produces, but it is not verified: verify it before you trust anything that a certificate says. A
//! certificate's fingerprint is that of the plain key inside.

use super::line::{Expected, Line, why_rejected};
use crate::error::{Error, ErrorKind, Field, named};
use crate::fingerprint::{Fingerprint, HashAlgorithm, Md5Fingerprint, Sha256Fingerprint};
use crate::key::{
    Algorithm, EcdsaPublicKey, Form, KeyData, Layout, MLDSA44_ED25519_SIGNATURE_BYTES, PublicKeyRef, Reader, Span,
    check_line_length,
};
use crate::text::{MAX_BLOB_BYTES, reject_control_characters, write_into};
use core::fmt;
use core::hash::{Hash, Hasher};
#[cfg(feature = "alloc")]
use {
    crate::key::PublicKey,
    crate::text::blob_buffer,
    alloc::{boxed::Box, string::String, string::ToString},
    core::str::FromStr,
};

/// Whether a certificate is for a user or a host. Exhaustive: PROTOCOL.certkeys has no other type.
///
/// ```
/// # use ssh_keypair::openssh::{CertificateRef, CertificateType, MAX_BLOB_BYTES};
/// # let line = include_str!("../../tests/data/ed25519-cert.pub");
/// # let mut blob = [0; MAX_BLOB_BYTES];
/// let certificate = CertificateRef::parse(line, &mut blob)?;
/// assert_eq!(certificate.certificate_type(), CertificateType::User);
/// assert_eq!("host".parse(), Ok(CertificateType::Host));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateType {
    /// A user who logs in.
    User,
    /// A host that users log in to.
    Host,
}

impl CertificateType {
    /// Both types.
    pub const ALL: &[Self] = &[Self::User, Self::Host];

    /// The name: `user` or `host`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Host => "host",
        }
    }
}

named!(CertificateType, Field::CertificateType.error(ErrorKind::InvalidValue));

/// A certificate with its comment, borrowed: no heap.
///
/// [`Display`](fmt::Display) writes the line, without a line break, as it was parsed.
///
/// ```
/// use ssh_keypair::openssh::{CertificateRef, MAX_BLOB_BYTES};
///
/// # let line = include_str!("../../tests/data/ed25519-cert.pub").trim_end();
/// // let line = "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNl... test key";
/// let mut blob = [0; MAX_BLOB_BYTES];
/// let certificate = CertificateRef::parse(line, &mut blob)?;
/// assert_eq!(certificate.to_string(), line);
/// assert_eq!(certificate.algorithm().as_str(), "ssh-ed25519");
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CertificateRef<'a> {
    blob: &'a [u8],
    comment: &'a str,
    form: Form,
    body: Body,
}

/// The contents of a blob, and where they are.
#[derive(Clone, Copy, Debug)]
struct Body {
    key: Layout,
    /// The fields of the plain key.
    key_fields: Span,
    nonce: Span,
    serial: u64,
    certificate_type: CertificateType,
    key_id: Span,
    principals: Span,
    valid_after: u64,
    valid_before: u64,
    critical_options: Span,
    extensions: Span,
    reserved: Span,
    signature_key: Span,
    signature_key_layout: Layout,
    signature: Span,
}

impl<'a> CertificateRef<'a> {
    /// Parses a line, strictly. The blob is decoded into `buffer`: [`MAX_BLOB_BYTES`] are always enough.
    ///
    /// ```
    /// # use ssh_keypair::{ErrorKind, openssh::{CertificateRef, MAX_BLOB_BYTES}};
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let line = include_str!("../../tests/data/ed25519.pub"); // a plain key
    /// let error = CertificateRef::parse(line, &mut blob).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::NotACertificate);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicKeyRef::parse`], and the kinds that [`ErrorKind`] lists for certificates, with their field and
    /// offset.
    pub fn parse(line: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        Self::parse_line(line, buffer).map_err(|error| why_rejected(line, error))
    }

    fn parse_line(text: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        let line = Line::read(text, Expected::Certificate, buffer)?;
        let blob = &buffer[..line.blob];
        line.check_type_of(blob)?;
        Ok(Self { body: Body::read(blob)?, blob, comment: line.comment, form: line.form })
    }

    /// Parses a blob, strictly. The comment is empty.
    ///
    /// ```
    /// # use ssh_keypair::{ErrorKind, openssh::CertificateRef};
    /// let error = CertificateRef::from_blob(b"\0\0\0\x07ssh-rsa").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::NotACertificate);
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`CertificateRef::parse`] that concern the blob.
    pub fn from_blob(blob: &'a [u8]) -> Result<Self, Error> {
        if blob.len() > MAX_BLOB_BYTES {
            return Err(Field::Blob.error(ErrorKind::TooLong));
        }
        let certificate = Self { body: Body::read(blob)?, blob, comment: "", form: Form::canonical("") };
        check_line_length(certificate.type_name().len(), blob, "")?;
        Ok(certificate)
    }

    /// The type of the key inside.
    pub fn algorithm(&self) -> Algorithm {
        self.body.key.algorithm
    }

    /// The name of the certificate's own type, on the wire and in the line.
    pub fn type_name(&self) -> &'static str {
        self.algorithm().certificate_name().unwrap_or_default()
    }

    /// The numbers of the key inside.
    pub fn key_data(&self) -> KeyData<'a> {
        self.body.key.key_data(self.blob)
    }

    /// The key inside as a plain key, with the certificate's comment. Its blob is written into `buffer`.
    ///
    /// ```
    /// use ssh_keypair::openssh::{CertificateRef, MAX_BLOB_BYTES};
    ///
    /// # let line = include_str!("../../tests/data/ed25519-cert.pub");
    /// let (mut blob, mut plain) = ([0; MAX_BLOB_BYTES], [0; MAX_BLOB_BYTES]);
    /// let certificate = CertificateRef::parse(line, &mut blob)?;
    /// let key = certificate.public_key(&mut plain)?;
    /// assert_eq!((key.type_name(), key.key_data()), ("ssh-ed25519", certificate.key_data()));
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn public_key<'b>(&self, buffer: &'b mut [u8]) -> Result<PublicKeyRef<'b>, Error>
    where
        'a: 'b,
    {
        PublicKeyRef::from_key_data(&self.key_data(), self.comment, buffer)
    }

    /// The size of the key inside: see [`KeyData::bits`].
    pub fn bits(&self) -> usize {
        self.key_data().bits()
    }

    /// The fingerprint of the key inside, as OpenSSH prints it. Nova's is that of the whole blob:
    /// [`Md5Fingerprint::of_blob`](crate::Md5Fingerprint::of_blob) of [`CertificateRef::blob`].
    pub fn fingerprint(&self, algorithm: HashAlgorithm) -> Fingerprint {
        self.with_plain_blob(|parts| Fingerprint::of_parts(algorithm, parts))
    }

    /// The MD5 of the plain blob of the key inside.
    pub fn md5_fingerprint(&self) -> Md5Fingerprint {
        self.with_plain_blob(Md5Fingerprint::of_parts)
    }

    /// The SHA-256 of the plain blob of the key inside.
    pub fn sha256_fingerprint(&self) -> Sha256Fingerprint {
        self.with_plain_blob(Sha256Fingerprint::of_parts)
    }

    /// Hashes the blob of the plain key in its parts: the name, and the fields as they are in the certificate.
    fn with_plain_blob<R>(&self, hash: impl FnOnce(&[&[u8]]) -> R) -> R {
        let name = self.algorithm().as_str().as_bytes();
        let length = u32::try_from(name.len()).unwrap_or_default().to_be_bytes();
        hash(&[&length, name, self.body.key_fields.of(self.blob)])
    }

    /// The comment; empty if there is none.
    pub fn comment(&self) -> &'a str {
        self.comment
    }

    /// The blob.
    pub fn blob(&self) -> &'a [u8] {
        self.blob
    }

    /// The random bytes that make the signature unpredictable.
    pub fn nonce(&self) -> &'a [u8] {
        self.body.nonce.of(self.blob)
    }

    /// The serial number; 0 if the authority assigns none.
    pub fn serial(&self) -> u64 {
        self.body.serial
    }

    /// Whether the certificate is for a user or a host.
    pub fn certificate_type(&self) -> CertificateType {
        self.body.certificate_type
    }

    /// The authority's name for the certificate, which servers write to their logs.
    pub fn key_id(&self) -> &'a str {
        text(self.body.key_id, self.blob)
    }

    /// The users or hosts that the certificate is valid for. An empty list means any.
    pub fn principals(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        strings(self.body.principals.of(self.blob)).map(|name| core::str::from_utf8(name).unwrap_or_default())
    }

    /// The first second of its validity, counted from 1970-01-01T00:00:00Z.
    pub fn valid_after(&self) -> u64 {
        self.body.valid_after
    }

    /// The second from which it is no longer valid, counted from 1970-01-01T00:00:00Z; `u64::MAX` if it never expires.
    pub fn valid_before(&self) -> u64 {
        self.body.valid_before
    }

    /// The names and data of the options that a server must understand to accept the certificate. The data are empty, or a
    /// `string` in the encoding of RFC 4251, which [`option_value`] decodes. They are exactly what the authority wrote, and may
    /// contain line breaks or anything else.
    pub fn critical_options(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        named(self.body.critical_options.of(self.blob))
    }

    /// The names and data of the options that a server may ignore, such as `permit-pty`.
    pub fn extensions(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        named(self.body.extensions.of(self.blob))
    }

    /// The reserved field, which has no use yet.
    pub fn reserved(&self) -> &'a [u8] {
        self.body.reserved.of(self.blob)
    }

    /// The public key of the authority that signed it.
    pub fn signature_key(&self) -> PublicKeyRef<'a> {
        PublicKeyRef::from_layout(self.body.signature_key_layout, self.body.signature_key.of(self.blob))
    }

    /// The signature over everything before it, in the encoding of RFC 4253, section 6.6. It has not been verified.
    pub fn signature(&self) -> &'a [u8] {
        self.body.signature.of(self.blob)
    }

    /// The same certificate with one space between its fields, and none at its end.
    #[must_use]
    pub fn canonical(&self) -> Self {
        Self { form: Form::canonical(self.comment), ..*self }
    }

    /// Writes the line, without a line break, into `buffer`, and returns the part that it fills.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_line<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        write_into(buffer, self)
    }
}

/// Two certificates are equal if their blobs and their comments are. The white space between the fields is not compared.
impl PartialEq for CertificateRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.blob == other.blob && self.comment == other.comment
    }
}

impl Eq for CertificateRef<'_> {}

impl Hash for CertificateRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.blob, self.comment).hash(state);
    }
}

impl fmt::Display for CertificateRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form.write(f, self.type_name(), self.blob, self.comment)
    }
}

impl<'a> TryFrom<&'a [u8]> for CertificateRef<'a> {
    type Error = Error;

    /// Parses a blob: see [`CertificateRef::from_blob`].
    fn try_from(blob: &'a [u8]) -> Result<Self, Error> {
        Self::from_blob(blob)
    }
}

/// A certificate with its comment, owned.
///
/// ```
/// # let line = include_str!("../../tests/data/ed25519-cert.pub").trim_end();
/// // let line = "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQ...";
/// let certificate: ssh_keypair::openssh::Certificate = line.parse()?;
/// assert_eq!(certificate.key_id(), "ed25519 of the tests");
/// assert_eq!(certificate.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct Certificate {
    blob: Box<[u8]>,
    comment: Box<str>,
    form: Form,
    body: Body,
}

/// Declares the accessors that delegate to the borrowed form.
#[cfg(feature = "alloc")]
macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $argument_type:ty)?) -> $result:ty;)+) => {
        impl Certificate {
            $($(#[$doc])* pub fn $name(&self, $($argument: $argument_type)?) -> $result {
                self.as_certificate_ref().$name($($argument)?)
            })+
        }
    };
}

#[cfg(feature = "alloc")]
accessors! {
    /// The type of the key inside.
    algorithm() -> Algorithm;
    /// The name of the certificate's own type, on the wire and in the line.
    type_name() -> &'static str;
    /// The numbers of the key inside.
    key_data() -> KeyData<'_>;
    /// The size of the key inside: see [`KeyData::bits`].
    bits() -> usize;
    /// The fingerprint of the key inside: see [`CertificateRef::fingerprint`].
    fingerprint(algorithm: HashAlgorithm) -> Fingerprint;
    /// The SHA-256 fingerprint of the key inside.
    sha256_fingerprint() -> Sha256Fingerprint;
    /// The MD5 fingerprint of the key inside.
    md5_fingerprint() -> Md5Fingerprint;
    /// The comment; empty if there is none.
    comment() -> &str;
    /// The blob.
    blob() -> &[u8];
    /// The random bytes that make the signature unpredictable.
    nonce() -> &[u8];
    /// The serial number; 0 if the authority assigns none.
    serial() -> u64;
    /// Whether the certificate is for a user or a host.
    certificate_type() -> CertificateType;
    /// The authority's name for the certificate, which servers write to their logs.
    key_id() -> &str;
    /// The users or hosts that the certificate is valid for. An empty list means any.
    principals() -> impl Iterator<Item = &str>;
    /// The first second of its validity, counted from 1970-01-01T00:00:00Z.
    valid_after() -> u64;
    /// The second from which it is no longer valid, counted from 1970-01-01T00:00:00Z; `u64::MAX` if it never expires.
    valid_before() -> u64;
    /// The names and data of the options that a server must understand to accept the certificate: see
    /// [`CertificateRef::critical_options`].
    critical_options() -> impl Iterator<Item = (&str, &[u8])>;
    /// The names and data of the options that a server may ignore, such as `permit-pty`.
    extensions() -> impl Iterator<Item = (&str, &[u8])>;
    /// The reserved field, which has no use yet.
    reserved() -> &[u8];
    /// The public key of the authority that signed it.
    signature_key() -> PublicKeyRef<'_>;
    /// The signature, which has not been verified: see [`CertificateRef::signature`].
    signature() -> &[u8];
}

#[cfg(feature = "alloc")]
impl Certificate {
    /// Parses a line: see [`CertificateRef::parse`]. The same as [`FromStr`].
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, openssh::Certificate};
    /// let error = Certificate::from_openssh(include_str!("../../tests/data/ed25519.pub")).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::NotACertificate);
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`CertificateRef::parse`].
    pub fn from_openssh(line: &str) -> Result<Self, Error> {
        let mut buffer = blob_buffer(line);
        CertificateRef::parse(line, &mut buffer).map(Self::from)
    }

    /// The line, without a line break, as it was parsed: the same as [`Display`](fmt::Display).
    pub fn to_openssh(&self) -> String {
        self.to_string()
    }

    /// The key inside as a plain key, with the certificate's comment.
    ///
    /// # Errors
    ///
    /// None for a certificate that was parsed.
    pub fn public_key(&self) -> Result<PublicKey, Error> {
        PublicKey::from_key_data(&self.key_data(), &self.comment)
    }

    /// The same certificate with one space between its fields, and none at its end.
    #[must_use]
    pub fn to_canonical(&self) -> Self {
        Self { form: Form::canonical(&self.comment), ..self.clone() }
    }

    /// The borrowed form.
    pub fn as_certificate_ref(&self) -> CertificateRef<'_> {
        CertificateRef { blob: &self.blob, comment: &self.comment, form: self.form, body: self.body }
    }
}

/// The borrowed form.
#[cfg(feature = "alloc")]
impl<'a> From<&'a Certificate> for CertificateRef<'a> {
    fn from(certificate: &'a Certificate) -> Self {
        certificate.as_certificate_ref()
    }
}

/// An owned copy.
#[cfg(feature = "alloc")]
impl From<CertificateRef<'_>> for Certificate {
    fn from(certificate: CertificateRef<'_>) -> Self {
        let CertificateRef { blob, comment, form, body } = certificate;
        Self { blob: blob.into(), comment: comment.into(), form, body }
    }
}

#[cfg(feature = "alloc")]
impl FromStr for Certificate {
    type Err = Error;

    /// Parses a line: see [`CertificateRef::parse`].
    fn from_str(line: &str) -> Result<Self, Error> {
        Self::from_openssh(line)
    }
}

#[cfg(feature = "alloc")]
impl TryFrom<&[u8]> for Certificate {
    type Error = Error;

    /// Parses a blob: see [`CertificateRef::from_blob`].
    fn try_from(blob: &[u8]) -> Result<Self, Error> {
        CertificateRef::from_blob(blob).map(Self::from)
    }
}

#[cfg(feature = "alloc")]
impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_certificate_ref().fmt(f)
    }
}

/// Two certificates are equal if their blobs and their comments are. The white space between the fields is not compared.
#[cfg(feature = "alloc")]
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.as_certificate_ref() == other.as_certificate_ref()
    }
}

#[cfg(feature = "alloc")]
impl Eq for Certificate {}

#[cfg(feature = "alloc")]
impl Hash for Certificate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_certificate_ref().hash(state);
    }
}

impl Body {
    fn read(blob: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(blob);
        let name = reader.string(Field::BlobType)?;
        let algorithm = Algorithm::of_certificate_name(reader.bytes(name)).ok_or({
            let known = Algorithm::of_name(reader.bytes(name)).is_some();
            let kind = if known { ErrorKind::NotACertificate } else { ErrorKind::UnknownKeyType };
            Field::BlobType.error_at(kind, name.start())
        })?;
        let nonce = reader.string(Field::Nonce)?;
        let key = Layout::read_fields(algorithm, &mut reader)?;
        let key_fields = reader.since(nonce.end())?;
        let serial = reader.uint64(Field::Serial)?;
        let certificate_type = read_type(&mut reader)?;
        let key_id = read_text(&mut reader, Field::KeyId)?;
        let principals = reader.string(Field::Principals)?;
        each_in(blob, principals, |list| read_text(list, Field::Principals).map(|_| ()))?;
        let valid_after = reader.uint64(Field::ValidAfter)?;
        let valid_before = reader.uint64(Field::ValidBefore)?;
        let critical_options = read_options(&mut reader, Field::CriticalOptions)?;
        let extensions = read_options(&mut reader, Field::Extensions)?;
        let reserved = reader.string(Field::Reserved)?;
        let signature_key = reader.string(Field::SignatureKey)?;
        // The type of a certificate is not a plain type: its name is rejected here, so there is no recursion.
        let signature_key_layout = Layout::read(reader.bytes(signature_key), false)
            .map_err(|_| Field::SignatureKey.error_at(ErrorKind::InvalidValue, signature_key.start()))?;
        let signature = reader.string(Field::Signature)?;
        check_signature(reader.bytes(signature), signature_key_layout.key_data(reader.bytes(signature_key)))
            .ok_or(Field::Signature.error_at(ErrorKind::InvalidValue, signature.start()))?;
        reader.finish()?;
        key.check_point(blob)?;
        Ok(Self {
            key,
            key_fields,
            nonce,
            serial,
            certificate_type,
            key_id,
            principals,
            valid_after,
            valid_before,
            critical_options,
            extensions,
            reserved,
            signature_key,
            signature_key_layout,
            signature,
        })
    }
}

fn read_type(reader: &mut Reader<'_>) -> Result<CertificateType, Error> {
    let at = reader.position();
    match reader.uint32(Field::CertificateType)? {
        1 => Ok(CertificateType::User),
        2 => Ok(CertificateType::Host),
        _ => Err(Field::CertificateType.error_at(ErrorKind::InvalidValue, at)),
    }
}

/// Text that a server writes to its log: UTF-8 without a line break or another control character.
fn read_text(reader: &mut Reader<'_>, field: Field) -> Result<Span, Error> {
    let span = reader.string(field)?;
    let text = core::str::from_utf8(reader.bytes(span))
        .map_err(|error| field.error_at(ErrorKind::InvalidUtf8, span.start() + error.valid_up_to()))?;
    reject_control_characters(text).map_err(|error| error.in_field(field).moved(span.start()))?;
    Ok(span)
}

/// Options, each of a name and data. Their names are in lexical order, without duplicates.
fn read_options(reader: &mut Reader<'_>, field: Field) -> Result<Span, Error> {
    let (blob, span) = (reader.blob(), reader.string(field)?);
    let mut last: Option<Span> = None;
    each_in(blob, span, |list| {
        let name = read_text(list, field)?;
        let data = list.string(field)?;
        if !is_valid_option(field, name.of(blob), data.of(blob)) {
            return Err(field.error_at(ErrorKind::InvalidValue, data.start()));
        }
        if last.is_some_and(|last| last.of(blob) >= name.of(blob)) {
            return Err(field.error_at(ErrorKind::InvalidValue, name.start()));
        }
        last = Some(name);
        Ok(())
    })?;
    Ok(span)
}

/// Whether the data of an option can belong to its name, if the name is one of PROTOCOL.certkeys. Any data can belong to another.
fn is_valid_option(field: Field, name: &[u8], data: &[u8]) -> bool {
    match (field, name) {
        (Field::CriticalOptions, b"force-command") => option_value(data).is_some(),
        (Field::CriticalOptions, b"source-address") => option_value(data).is_some_and(|list| !list.is_empty()),
        (Field::CriticalOptions, b"verify-required")
        | (
            Field::Extensions,
            b"no-touch-required"
            | b"permit-X11-forwarding"
            | b"permit-agent-forwarding"
            | b"permit-port-forwarding"
            | b"permit-pty"
            | b"permit-user-rc",
        ) => data.is_empty(),
        _ => true,
    }
}

/// Reads the items in a span of a blob, to its end. Offsets are those in the blob.
fn each_in(blob: &[u8], span: Span, mut read: impl FnMut(&mut Reader<'_>) -> Result<(), Error>) -> Result<(), Error> {
    let mut list = Reader::within(blob, span);
    while !list.is_at_end() {
        read(&mut list)?;
    }
    Ok(())
}

/// Whether a signature has the format that a key of this type produces: string name, string signature; for a security key
/// also a byte of flags and a uint32 counter. RFC 4253, section 6.6; RFC 5656, section 3.1.2; RFC 8709, section 6;
/// PROTOCOL.u2f.
fn check_signature(signature: &[u8], key: KeyData<'_>) -> Option<()> {
    let mut reader = Reader::new(signature);
    let name = reader.string(Field::Signature).ok()?;
    let name = reader.bytes(name);
    let numbers = reader.string(Field::Signature).ok()?;
    let numbers = reader.bytes(numbers);
    let own_name = name == key.algorithm().as_str().as_bytes();
    let (fits, trailer) = match key {
        KeyData::Rsa(rsa) => {
            let named = matches!(name, b"ssh-rsa" | b"rsa-sha2-256" | b"rsa-sha2-512");
            (named && (1..=rsa.modulus().len()).contains(&numbers.len()), 0)
        }
        // r and s, each as long as q.
        KeyData::Dsa(_) => (own_name && numbers.len() == 40, 0),
        KeyData::Ecdsa(ecdsa) => (own_name && are_two_numbers(numbers, ecdsa), 0),
        KeyData::Ed25519(_) => (own_name && numbers.len() == 64, 0),
        KeyData::SkEcdsaP256(sk) => (own_name && are_two_numbers(numbers, sk.key()), 5),
        KeyData::SkEd25519(_) => (own_name && numbers.len() == 64, 5),
        KeyData::MlDsa44Ed25519(_) => (own_name && numbers.len() == MLDSA44_ED25519_SIGNATURE_BYTES, 0),
        KeyData::Opaque(_) => (false, 0),
    };
    let rest = reader.rest().ok()?;
    (fits && reader.bytes(rest).len() == trailer).then_some(())
}

/// Whether these are r and s of ECDSA: two mpints that are not 0 and no longer than a coordinate.
fn are_two_numbers(numbers: &[u8], key: EcdsaPublicKey<'_>) -> bool {
    let mut reader = Reader::new(numbers);
    let mut number = || {
        let number = reader.mpint(Field::Signature).map(|span| span.of(numbers).len());
        number.is_ok_and(|bytes| (1..=key.x().len()).contains(&bytes))
    };
    number() && number() && reader.is_at_end()
}

/// Text that was checked when it was read.
fn text(span: Span, blob: &[u8]) -> &str {
    core::str::from_utf8(span.of(blob)).unwrap_or_default()
}

/// The `string`s of a list that was checked when it was read.
fn strings(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut reader = Reader::new(list);
    core::iter::from_fn(move || reader.string(Field::Blob).ok().map(|span| reader.bytes(span)))
}

/// The pairs of a list that was checked when it was read.
fn named(list: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    let mut parts = strings(list);
    core::iter::from_fn(move || Some((core::str::from_utf8(parts.next()?).unwrap_or_default(), parts.next()?)))
}

/// The text in an option's data, if the data are exactly one `string`. It may contain any character.
///
/// ```
/// use ssh_keypair::openssh::option_value;
/// assert_eq!(option_value(b"\0\0\0\x02ls"), Some("ls"));
/// assert_eq!(option_value(b""), None);
/// ```
pub fn option_value(data: &[u8]) -> Option<&str> {
    let mut reader = Reader::new(data);
    let span = reader.string(Field::Blob).ok()?;
    if reader.is_at_end() { core::str::from_utf8(span.of(data)).ok() } else { None }
}

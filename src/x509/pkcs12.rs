//! Writes PKCS#12 (RFC 7292) with a private key, its certificate and an empty password, as `openssl pkcs12 -export` of OpenSSL
//! 3 writes it for Nova.
//!
//! ```text
//! PFX { 3, data { AuthenticatedSafe }, MacData }
//!     AuthenticatedSafe [
//!         encryptedData { data, PBES2, encrypted [ certBag { certificate }, localKeyId ] }
//!         data [ pkcs8ShroudedKeyBag { PBES2, encrypted PrivateKeyInfo }, localKeyId ]
//!     ]
//! ```
//!
//! An empty password protects nothing. The file is encrypted only because some readers, on macOS, accept neither a key nor a
//! certificate that is not encrypted. The encryption is the one that OpenSSL, Windows (from Server 2019 and 10 version 1709),
//! Java and Python's cryptography read: PBES2 with PBKDF2, HMAC-SHA256 and 2048 iterations, and AES-256 in CBC mode. The MAC is
//! HMAC-SHA256, with a key from the same number of iterations. With an empty password, salts and IVs protect nothing either.
//! They are derived from the certificate, so that a pair has exactly one PKCS#12.
//!
//! The ciphertext is as secret as the key: every buffer here is wiped.

use super::certificate::Certificate;
use crate::error::{Error, ErrorKind, Field};
use crate::pkcs::MAX_DER_BYTES;
use crate::rsa::RsaPrivateKey;
use crate::wipe::on_wiped_stack;
use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use pkcs8::der::{Encode, Header, Length, Tag, TagNumber};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::Parameters;
use pkcs8::spki::AlgorithmIdentifierRef;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERT_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// The number that OpenSSL uses.
const ITERATIONS: u32 = 2048;

/// The length of an AES block, of its IV, and of the salts.
const BLOCK_BYTES: usize = 16;

/// `[0]` around another tag, or instead of one.
const EXPLICIT_0: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
const IMPLICIT_0: Tag = Tag::ContextSpecific { constructed: false, number: TagNumber(0) };

/// DER, wiped when dropped.
type Der = Zeroizing<Vec<u8>>;

impl Certificate {
    /// The PKCS#12 of the certificate and its private key, with an empty password. It is as secret as the key itself, and
    /// always the same for the same pair. Nova returns it as [`to_pkcs12_base64`](Self::to_pkcs12_base64).
    ///
    /// `openssl pkcs12 -in key.p12 -passin pass: -nodes` shows its contents. Windows reads it from Server 2019 and 10 version
    /// 1709 on. It takes about a millisecond, nearly all of it for the key derivations.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::KeyMismatch`] if the key does not belong to the certificate.
    pub fn to_pkcs12(&self, key: &RsaPrivateKey) -> Result<Zeroizing<Vec<u8>>, Error> {
        if self.public_key().key_data() != key.public_key().into() {
            return Err(Field::PrivateKey.error(ErrorKind::KeyMismatch));
        }
        let mut private_key = Zeroizing::new([0; MAX_DER_BYTES]);
        let private_key = key.write_pkcs8_der(&mut *private_key)?;
        // The rest cannot fail.
        pfx(self.as_der(), private_key).ok_or(Field::X509.error(ErrorKind::InvalidDer))
    }

    /// The PKCS#12 as base64 on one line, without a line break.
    ///
    /// # Errors
    ///
    /// Those of [`to_pkcs12`](Self::to_pkcs12).
    pub fn to_pkcs12_base64(&self, key: &RsaPrivateKey) -> Result<Zeroizing<String>, Error> {
        self.to_pkcs12(key).map(|der| Zeroizing::new(Base64::encode_string(&der)))
    }
}

/// The values that other writers draw at random.
struct Salts {
    encryption: [u8; BLOCK_BYTES],
    certificate_iv: [u8; BLOCK_BYTES],
    key_iv: [u8; BLOCK_BYTES],
    mac: [u8; BLOCK_BYTES],
}

impl Salts {
    fn of(certificate: &[u8]) -> Option<Self> {
        let hash: [u8; 64] = Sha512::digest(certificate).into();
        let (blocks, _) = hash.as_chunks::<BLOCK_BYTES>();
        let [encryption, certificate_iv, key_iv, mac] = *blocks else { return None };
        Some(Self { encryption, certificate_iv, key_iv, mac })
    }
}

/// Builds the PKCS#12. `None` if a length is more than DER can encode, which no certificate or key reaches.
fn pfx(certificate: &[u8], private_key: &[u8]) -> Option<Der> {
    let salts = Salts::of(certificate)?;
    // Links the key to its certificate.
    let id = Sha1::digest(certificate);
    let attributes = set(&[sequence(&[oid(LOCAL_KEY_ID)?, set(&[octets(&id)?])?])?])?;

    let cert_bag = sequence(&[oid(X509_CERTIFICATE)?, explicit(&octets(certificate)?)?])?;
    let cert_bag = sequence(&[oid(CERT_BAG)?, explicit(&cert_bag)?, attributes.clone()])?;
    let (scheme, encrypted) = encrypt(salts.encryption, salts.certificate_iv, &sequence(&[cert_bag])?)?;
    let content = sequence(&[oid(DATA)?, encoded(&scheme)?, tlv(IMPLICIT_0, &[&encrypted])?])?;
    let certificates = content_info(ENCRYPTED_DATA, &sequence(&[encoded(&0u8)?, content])?)?;

    let (scheme, encrypted) = encrypt(salts.encryption, salts.key_iv, private_key)?;
    let encrypted_data = OctetStringRef::new(&encrypted).ok()?;
    let key_bag = encoded(&EncryptedPrivateKeyInfoRef { encryption_algorithm: scheme, encrypted_data })?;
    let key_bag = sequence(&[oid(SHROUDED_KEY_BAG)?, explicit(&key_bag)?, attributes])?;
    let keys = content_info(DATA, &octets(&sequence(&[key_bag])?)?)?;

    let safe = sequence(&[certificates, keys])?;
    let mac = mac(&salts.mac, &safe)?;
    let algorithm = encoded(&AlgorithmIdentifierRef { oid: SHA_256, parameters: Some(AnyRef::NULL) })?;
    let digest = sequence(&[algorithm, octets(&mac)?])?;
    let mac_data = sequence(&[digest, octets(&salts.mac)?, encoded(&ITERATIONS)?])?;
    sequence(&[encoded(&3u8)?, content_info(DATA, &octets(&safe)?)?, mac_data])
}

/// The parameters of PBES2 under the empty password, and the ciphertext of some plaintext.
fn encrypt(salt: [u8; BLOCK_BYTES], iv: [u8; BLOCK_BYTES], plaintext: &[u8]) -> Option<(EncryptionScheme, Der)> {
    let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS, &salt, iv).ok()?;
    let mut data = Zeroizing::new(Vec::with_capacity(plaintext.len() + BLOCK_BYTES));
    data.extend_from_slice(plaintext);
    data.resize(plaintext.len() + BLOCK_BYTES, 0);
    let encrypted = on_wiped_stack::<16, _>(|| parameters.encrypt_in_place(b"", &mut data, plaintext.len()))
        .map(<[u8]>::len)
        .ok()?;
    data.truncate(encrypted);
    Some((parameters.into(), data))
}

/// HMAC-SHA256 of the contents, with the key that RFC 7292, Appendix B.2 derives; one block of it is enough. D is the purpose,
/// 3, in 64 bytes; S is the salt, and P the empty password with its terminator of two zero bytes, each repeated to 64 bytes.
fn mac(salt: &[u8; BLOCK_BYTES], contents: &[u8]) -> Option<[u8; 32]> {
    on_wiped_stack::<16, _>(|| {
        let mut key = Sha256::new();
        key.update([3; 64]);
        (0..64 / BLOCK_BYTES).for_each(|_| key.update(salt));
        key.update([0; 64]);
        let mut key = key.finalize();
        for _ in 1..ITERATIONS {
            key = Sha256::digest(key);
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        mac.update(contents);
        Some(mac.finalize().into_bytes().into())
    })
}

/// DER of a tag, a length, and the parts of the value.
fn tlv(tag: Tag, parts: &[&[u8]]) -> Option<Der> {
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    let header = Header::new(tag, Length::try_from(length).ok()?);
    let mut der = Zeroizing::new(Vec::with_capacity(length + 8));
    let mut start = [0; 8];
    der.extend_from_slice(header.encode_to_slice(&mut start).ok()?);
    parts.iter().for_each(|part| der.extend_from_slice(part));
    Some(der)
}

fn nested(tag: Tag, parts: &[Der]) -> Option<Der> {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_slice()).collect();
    tlv(tag, &parts)
}

fn sequence(parts: &[Der]) -> Option<Der> {
    nested(Tag::Sequence, parts)
}

fn set(parts: &[Der]) -> Option<Der> {
    nested(Tag::Set, parts)
}

fn explicit(content: &[u8]) -> Option<Der> {
    tlv(EXPLICIT_0, &[content])
}

fn octets(content: &[u8]) -> Option<Der> {
    tlv(Tag::OctetString, &[content])
}

fn oid(oid: ObjectIdentifier) -> Option<Der> {
    encoded(&oid)
}

/// DER of a type of the crate `der`.
fn encoded(value: &impl Encode) -> Option<Der> {
    let mut der = Zeroizing::new(Vec::new());
    der.resize(value.encoded_len().ok().and_then(|length| usize::try_from(length).ok())?, 0);
    value.encode_to_slice(&mut der).ok()?;
    Some(der)
}

/// `ContentInfo`: RFC 2315, section 7.
fn content_info(content_type: ObjectIdentifier, content: &[u8]) -> Option<Der> {
    sequence(&[oid(content_type)?, explicit(content)?])
}

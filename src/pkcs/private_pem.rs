//! Private keys as PEM, strictly: see `pem`. The traditional format may have the two headers of RFC 1421 that describe its
//! encryption.

use super::lenient_der::{inside_pkcs8, with_short_lengths};
use super::limits::{DSA_LABEL, EC_LABEL, ENCRYPTED_LABEL, PKCS1_LABEL, PKCS8_LABEL};
use super::object_identifiers::other_type_of;
use super::private_der::tag_after_version;
use super::private_key_info::PrivateKeyInfo;
use super::private_sequence::PrivateSequence;
#[cfg(feature = "encryption")]
use super::{dek_info, encrypted_private_key_info};
use super::{dsa_private_key, rsa_private_key};
use crate::error::{Error, ErrorKind, Field, Mistake};
use crate::key::{PrivateKey, ReadOptions};
use crate::text::{Base64Lines, Normalization, TextLines, check_text_length, pem, reject_private_key, utf8};
use alloc::vec;
use alloc::vec::Vec;
use pkcs1::der::Tag;
use zeroize::Zeroizing;

const PARAMETERS_LABEL: &str = "EC PARAMETERS";

impl PrivateKey {
    /// Reads a PEM with the label `PRIVATE KEY`, `ENCRYPTED PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`, strictly.
    /// [`PrivateKey::parse`] reads these and all other formats, and what people paste around them. The comment is empty.
    ///
    /// It is one block of the strict grammar of RFC 7468: nothing before it, nothing after it but one line break, base64 in
    /// lines of 64 columns. Lines end with LF, CRLF or CR.
    ///
    /// An encrypted key needs the feature `encryption`. Three kinds are accepted: PBES2 with AES or 3DES in CBC mode, and a key
    /// derived by scrypt, or by PBKDF2 with HMAC of SHA-1 or SHA-2; PBES1 with SHA-1 and 3DES; and the traditional format of
    /// `RSA PRIVATE KEY`, with the headers `Proc-Type` and `DEK-Info` and AES or 3DES in CBC mode. The last is read because
    /// old files use it, although trying a passphrase costs only one or two MD5 computations. A passphrase is ignored if nothing
    /// is encrypted. 3DES looks up tables by values that depend on its key.
    ///
    /// [`KdfLimits`](crate::KdfLimits) bounds the cost of a key derivation.
    ///
    /// An encrypted file is not authenticated, in either format. Whoever sends altered files to a service that has the
    /// passphrase learns about the plaintext from the kind of error. Tell an untrusted sender that the file was rejected,
    /// and nothing else.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::pkcs::{EncodePrivateKey, LineEnding};
    /// use ssh_keypair::{ErrorKind, PrivateKey, ReadOptions, RsaPrivateKey};
    ///
    /// let pem = RsaPrivateKey::generate(2048)?.to_pkcs8_pem(LineEnding::LF).expect("a key of this crate");
    /// assert_eq!(PrivateKey::from_pem(&*pem, &ReadOptions::new())?.bits(), 2048);
    ///
    /// let error = PrivateKey::from_pem(&pem[..1000], &ReadOptions::new()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidFrame);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// In the text: [`ErrorKind::TooLong`] over [`MAX_LINE_BYTES`](crate::openssh::MAX_LINE_BYTES);
    /// [`ErrorKind::NotAPrivateKey`]; [`ErrorKind::InvalidFrame`] for a malformed block, and for a private key in another format,
    /// such as OpenSSH's; [`ErrorKind::MultipleKeys`]; [`ErrorKind::InvalidBase64`] and [`ErrorKind::NonCanonicalBase64`];
    /// [`ErrorKind::InvalidUtf8`].
    ///
    /// In the encryption: [`ErrorKind::PassphraseRequired`], [`ErrorKind::WrongPassphrase`],
    /// [`ErrorKind::UnsupportedEncryption`], [`ErrorKind::OldEncryption`], [`ErrorKind::InvalidEncryption`],
    /// [`ErrorKind::KdfTooCostly`]. Their offsets count the bytes of the text in the traditional format, and those of the
    /// decoded key in the other one.
    ///
    /// In the key: those of [`RsaPrivateKey::from_der`](crate::RsaPrivateKey::from_der),
    /// [`Ed25519PrivateKey::from_der`](crate::Ed25519PrivateKey::from_der) and
    /// [`EcdsaPrivateKey::from_der`](crate::EcdsaPrivateKey::from_der). Their offsets count the bytes of the decrypted key.
    pub fn from_pem(pem: impl AsRef<[u8]>, options: &ReadOptions<'_>) -> Result<Self, Error> {
        read(utf8(pem.as_ref(), Field::PrivateKey)?, options)
    }
}

/// A private key that was identified by its contents.
pub(crate) struct Identified {
    pub(crate) key: PrivateKey,
    /// The label that its PEM should have.
    pub(crate) label: &'static str,
    pub(crate) normalizations: Vec<Normalization>,
}

/// Reads DER, or BER with definite lengths, by its contents: PKCS#1, SEC 1, DSA or PKCS#8, encrypted or not. `dek_info` is the
/// value of the header of that name, and its offset.
pub(crate) fn identify(
    mut der: Zeroizing<Vec<u8>>,
    dek_info: Option<(usize, &str)>,
    options: &ReadOptions<'_>,
) -> Result<Identified, Error> {
    let mut normalizations = Vec::new();
    if let Some(dek_info) = dek_info {
        der = decrypt_traditional(dek_info, options, der)?;
    }
    rewrite(&mut der, &mut normalizations);
    let label = label_of(&der)?;
    if label == ENCRYPTED_LABEL {
        der = decrypt_pkcs8(der, options)?;
        rewrite(&mut der, &mut normalizations);
    }
    if let Some((inside, changes)) = inside_pkcs8(&der) {
        der = inside;
        normalizations.extend(changes);
    }
    let key = match label_of(&der)? {
        ENCRYPTED_LABEL => return Err(Field::PrivateBlob.error_at(ErrorKind::InvalidDer, 0)),
        label => read_generously(label, &der, &mut normalizations).map_err(|error| named(error, label, &der))?,
    };
    Ok(Identified { key, label, normalizations })
}

/// The error of a key whose type or curve is not supported, with its name.
fn named(error: Error, label: &str, der: &[u8]) -> Error {
    if !matches!(error.kind(), ErrorKind::UnsupportedType | ErrorKind::UnknownKeyType) {
        return error;
    }
    let name = match label {
        PKCS8_LABEL => PrivateKeyInfo::read(der).ok().and_then(|info| info.type_or_curve()),
        #[cfg(feature = "ec")]
        EC_LABEL => super::ec_private_key::curve_name(der),
        _ => None,
    };
    match name.and_then(other_type_of) {
        Some(name) => {
            Mistake::NotForSsh(name).error_at(error.field().unwrap_or(Field::PrivateBlob), error.offset().unwrap_or(0))
        }
        None => error,
    }
}

/// Reads the DER that belongs to a label. Numbers of an RSA key that follow from its primes may be missing.
fn read_generously(label: &str, der: &[u8], normalizations: &mut Vec<Normalization>) -> Result<PrivateKey, Error> {
    let info = if label == PKCS8_LABEL { Some(PrivateKeyInfo::read(der)?) } else { None };
    let (key, is_any_missing) = match info {
        Some(info) if info.is_rsa() => info.to_rsa_by(rsa_private_key::read_without_derived)?,
        None if label == PKCS1_LABEL => rsa_private_key::read_without_derived(der)?,
        _ => return read_labelled(label, der),
    };
    normalizations.extend(is_any_missing.then_some(Normalization::ComputedNumbers));
    PrivateKey::from_rsa(key, "")
}

fn rewrite(der: &mut Zeroizing<Vec<u8>>, normalizations: &mut Vec<Normalization>) {
    if let Some(shorter) = with_short_lengths(der) {
        *der = shorter;
        normalizations.push(Normalization::LongLengths);
    }
}

#[cfg(feature = "encryption")]
fn decrypt_traditional(
    dek_info: (usize, &str),
    options: &ReadOptions<'_>,
    mut der: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let length = dek_info::decrypt(dek_info, options.passphrase(), &mut der)?.len();
    der.truncate(length);
    Ok(der)
}

#[cfg(feature = "encryption")]
fn decrypt_pkcs8(mut der: Zeroizing<Vec<u8>>, options: &ReadOptions<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let plain = encrypted_private_key_info::decrypt(&mut der, options)?;
    Ok(Zeroizing::new(plain.to_vec()))
}

#[cfg(not(feature = "encryption"))]
fn decrypt_traditional(
    _dek_info: (usize, &str),
    options: &ReadOptions<'_>,
    _der: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    Err(not_decrypted(options))
}

#[cfg(not(feature = "encryption"))]
fn decrypt_pkcs8(_der: Zeroizing<Vec<u8>>, options: &ReadOptions<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
    Err(not_decrypted(options))
}

/// The label that belongs to DER.
fn label_of(der: &[u8]) -> Result<&'static str, Error> {
    // An encrypted key begins with the algorithm, which is a sequence, and any other key with its version.
    if PrivateSequence::new(der)?.next_tag() == Some(Tag::Sequence) {
        return Ok(ENCRYPTED_LABEL);
    }
    Ok(match tag_after_version(der)? {
        Some(Tag::Sequence) => PKCS8_LABEL,
        Some(Tag::OctetString) => EC_LABEL,
        // DSA has six numbers, PKCS#1 nine, or six if those are missing that follow from the others.
        _ if PrivateSequence::new(der)?.fields_left() == Some(6) && !has_rsa_exponent(der)? => DSA_LABEL,
        _ => PKCS1_LABEL,
    })
}

/// Whether the second number after the version is as short as a public exponent of RSA; that of DSA has 20 bytes.
fn has_rsa_exponent(der: &[u8]) -> Result<bool, Error> {
    let mut sequence = PrivateSequence::new(der)?;
    sequence.version_up_to_1()?;
    sequence.number(Field::Modulus)?;
    Ok(sequence.number(Field::PublicExponent)?.len() <= 5)
}

fn read(text: &str, options: &ReadOptions<'_>) -> Result<PrivateKey, Error> {
    check_text_length(text, Field::PrivateKey)?;
    // At least as much as a text of this length can encode.
    let mut der = Zeroizing::new(vec![0; text.len() / 4 * 3]);
    let decoded = Block::read(text, None).and_then(|block| {
        let length = pem::decode(block.base64, &mut der, Error::new(ErrorKind::InvalidBase64))?.len();
        Ok((block, length))
    });
    let Ok((block, length)) = decoded else { return Err(why_rejected(text)) };
    der.truncate(length);
    match (block.label, block.dek_info) {
        #[cfg(feature = "encryption")]
        (label, Some(dek_info)) => read_labelled(label, dek_info::decrypt(dek_info, options.passphrase(), &mut der)?),
        #[cfg(feature = "encryption")]
        (ENCRYPTED_LABEL, _) => read_labelled(PKCS8_LABEL, encrypted_private_key_info::decrypt(&mut der, options)?),
        #[cfg(not(feature = "encryption"))]
        (_, Some(_)) | (ENCRYPTED_LABEL, _) => Err(not_decrypted(options)),
        (label, None) => read_labelled(label, &der),
    }
}

/// Reads the DER that belongs to a label.
fn read_labelled(label: &str, der: &[u8]) -> Result<PrivateKey, Error> {
    match label {
        PKCS1_LABEL => PrivateKey::from_rsa(rsa_private_key::read(der)?, ""),
        EC_LABEL => read_sec1(der),
        DSA_LABEL => dsa_private_key::read(der),
        _ => PrivateKeyInfo::read(der)?.to_private_key(),
    }
}

#[cfg(feature = "ec")]
fn read_sec1(der: &[u8]) -> Result<PrivateKey, Error> {
    PrivateKey::from_ecdsa(super::ec_private_key::read(der, None)?, "")
}

/// Without the feature, we cannot check that the two halves match.
#[cfg(not(feature = "ec"))]
fn read_sec1(_der: &[u8]) -> Result<PrivateKey, Error> {
    Err(Field::PrivateBlob.error(ErrorKind::UnsupportedType))
}

/// The error of an encrypted key without the feature `encryption`.
#[cfg(not(feature = "encryption"))]
fn not_decrypted(options: &ReadOptions<'_>) -> Error {
    match options.passphrase() {
        Some(_) => Field::Encryption.error(ErrorKind::UnsupportedEncryption),
        None => Field::Passphrase.error(ErrorKind::PassphraseRequired),
    }
}

/// The parts of a text.
struct Block<'t> {
    label: &'t str,
    /// The value of the header `DEK-Info`, and where it begins.
    dek_info: Option<(usize, &'t str)>,
    base64: &'t str,
}

impl<'t> Block<'t> {
    /// Splits a text. If `digits` is given, it checks the base64.
    fn read(text: &'t str, digits: Option<&mut Base64Lines>) -> Result<Self, Error> {
        let mut lines = TextLines::new(text);
        let label = match lines.next().and_then(|(_, line)| pem::begin_label(line)) {
            Some(label @ (PKCS1_LABEL | EC_LABEL | DSA_LABEL | PKCS8_LABEL | ENCRYPTED_LABEL)) => label,
            Some(PARAMETERS_LABEL) => skip_parameters(text, &mut lines)?,
            _ if reject_private_key(text).is_err() => {
                return Err(Field::PrivateKey.error_at(ErrorKind::InvalidFrame, 0));
            }
            _ => return Err(Field::PrivateKey.error_at(ErrorKind::NotAPrivateKey, 0)),
        };
        let dek_info = match label {
            PKCS1_LABEL | EC_LABEL | DSA_LABEL => dek_info_header(text, &mut lines)?,
            _ => None,
        };
        let base64 = pem::body(text, &mut lines, label, Field::PrivateKey, digits)?;
        match lines.next() {
            None => Ok(Self { label, dek_info, base64 }),
            Some((at, _)) => Err(match reject_private_key(text.get(at..).unwrap_or_default()) {
                Ok(()) => Field::PrivateKey.error_at(ErrorKind::InvalidFrame, at),
                Err(second) => Field::PrivateKey.error_at(ErrorKind::MultipleKeys, at + second.offset().unwrap_or(0)),
            }),
        }
    }
}

/// Skips the name of the curve that `openssl ecparam` writes before a key, which contains it too, and returns the label of the
/// key.
fn skip_parameters<'t>(text: &'t str, lines: &mut TextLines<'t>) -> Result<&'t str, Error> {
    pem::body(text, lines, PARAMETERS_LABEL, Field::PrivateKey, None)?;
    match lines.next() {
        Some((_, line)) if pem::begin_label(line) == Some(EC_LABEL) => Ok(EC_LABEL),
        Some((at, _)) => Err(Field::PrivateKey.error_at(ErrorKind::InvalidFrame, at)),
        None => Err(Field::PrivateKey.error_at(ErrorKind::NotAPrivateKey, 0)),
    }
}

/// Reads the two headers of an encrypted key and the empty line after them, if there are any: RFC 1421, sections 4.6.1.1 and
/// 4.6.1.3.
fn dek_info_header<'t>(text: &str, lines: &mut TextLines<'t>) -> Result<Option<(usize, &'t str)>, Error> {
    let (start, proc_type) = lines.clone().next().unwrap_or((text.len(), ""));
    if !proc_type.starts_with("Proc-Type:") {
        return Ok(None);
    }
    lines.next();
    if proc_type != "Proc-Type: 4,ENCRYPTED" {
        return Err(Field::PrivateKey.error_at(ErrorKind::InvalidFrame, start));
    }
    let name = "DEK-Info: ";
    let (start, dek_info) = lines.next().unwrap_or((text.len(), ""));
    let value = dek_info.strip_prefix(name).ok_or(Field::PrivateKey.error_at(ErrorKind::InvalidFrame, start))?;
    match lines.next().unwrap_or((text.len(), "")) {
        (_, "") => Ok(Some((start + name.len(), value))),
        (at, _) => Err(Field::PrivateKey.error_at(ErrorKind::InvalidFrame, at)),
    }
}

/// The error of a text that did not decode. Here, the digits are examined, and the time depends on their values.
fn why_rejected(text: &str) -> Error {
    let mut digits = Base64Lines::default();
    Block::read(text, Some(&mut digits)).err().unwrap_or(digits.stray_bits())
}

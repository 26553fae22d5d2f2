//! Private keys as PEM, strictly: see `pem`. And with the two headers of RFC 1421 that say how the traditional form is
//! encrypted.

use super::pem;
use super::private_key_info::private_key_from_pkcs8_der;
use super::rsa_private_key::private_key_from_pkcs1_der;
use super::{ENCRYPTED_LABEL, PKCS1_LABEL, PKCS8_LABEL};
#[cfg(feature = "encryption")]
use super::{dek_info, encrypted_private_key_info};
use crate::error::{Error, ErrorKind, Field};
use crate::openssh::{Base64Lines, TextLines, check_text_length, refuse_private_key};
use crate::rsa::RsaPrivateKey;
use alloc::vec;
use zeroize::Zeroizing;

/// Reads a PEM with the label `RSA PRIVATE KEY`, `PRIVATE KEY` or `ENCRYPTED PRIVATE KEY`, strictly. The key must be RSA.
///
/// It is one block of the strict grammar of RFC 7468: nothing before it, nothing behind it but one line break, base64 in
/// lines of 64 columns. Lines end with LF, CRLF or CR.
///
/// An encrypted one needs the feature `encryption`. What is read then is PBES2 with AES in CBC mode, its key from scrypt or
/// from PBKDF2 with HMAC of SHA-1 or SHA-2; and the traditional form of `RSA PRIVATE KEY`, with the headers `Proc-Type` and
/// `DEK-Info` and AES in CBC mode. The second is read because old files have it: one or two MD5 are all that it costs to
/// try a passphrase. A passphrase is ignored where nothing is encrypted.
///
/// A key derivation takes at most 10,000,000 iterations of PBKDF2; or 65 MiB with scrypt, which goes through 256 MiB at most
/// (128 r N p): some seconds.
///
/// An encrypted file is not authenticated, in either form. Whoever sends altered files to a service that knows the passphrase
/// learns about the plaintext from the kind of error. Show a sender who is not trusted no more than that the file was
/// refused.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::{ErrorKind, RsaPrivateKey, pkcs};
///
/// let key = RsaPrivateKey::generate(2048)?;
/// assert_eq!(pkcs::private_key_from_pem(&key.to_pem()?, None)?, key);
/// assert_eq!(pkcs::private_key_from_pem(&key.to_pkcs8()?, None)?, key);
/// let error = pkcs::private_key_from_pem("ssh-rsa AAAAB3NzaC1yc2E", None).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::NotAPrivateKey);
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
///
/// # Errors
///
/// Of the text: [`ErrorKind::TooLong`] over [`MAX_LINE_BYTES`](crate::openssh::MAX_LINE_BYTES);
/// [`ErrorKind::NotAPrivateKey`]; [`ErrorKind::UnsupportedType`] of the label of another type of key, or of its parameters;
/// [`ErrorKind::InvalidFrame`] of a block that is not as it must be, and of a private key in another form, as that of OpenSSH;
/// [`ErrorKind::MultipleKeys`]; [`ErrorKind::InvalidBase64`] and its like.
///
/// Of an encryption: [`ErrorKind::PassphraseRequired`], [`ErrorKind::WrongPassphrase`];
/// [`ErrorKind::UnsupportedEncryption`], [`ErrorKind::InvalidEncryption`], [`ErrorKind::KdfTooCostly`]. Their offsets count
/// the bytes of the text in the traditional form, and of the decoded key in the other.
///
/// Of the key: those of [`private_key_from_pkcs1_der`] and [`private_key_from_pkcs8_der`]. Their offsets count what was
/// decrypted.
pub fn private_key_from_pem(text: &str, passphrase: Option<&[u8]>) -> Result<RsaPrivateKey, Error> {
    check_text_length(text, Field::PrivateKey)?;
    // More than the base64 of a text of this length can hold.
    let mut der = Zeroizing::new(vec![0; text.len() / 4 * 3]);
    let decoded = Block::read(text, None).and_then(|block| {
        let length = pem::decode(block.base64, &mut der, Error::new(ErrorKind::InvalidBase64))?.len();
        Ok((block, length))
    });
    let Ok((block, length)) = decoded else { return Err(why_refused(text)) };
    der.truncate(length);
    match (block.label, block.dek_info) {
        (PKCS1_LABEL, None) => private_key_from_pkcs1_der(&der),
        (PKCS8_LABEL, _) => private_key_from_pkcs8_der(&der),
        #[cfg(feature = "encryption")]
        (_, Some(dek_info)) => private_key_from_pkcs1_der(dek_info::decrypt(dek_info, passphrase, &mut der)?),
        #[cfg(feature = "encryption")]
        _ => private_key_from_pkcs8_der(encrypted_private_key_info::decrypt(&mut der, passphrase)?),
        #[cfg(not(feature = "encryption"))]
        _ => Err(match passphrase {
            Some(_) => Error::new(ErrorKind::UnsupportedEncryption).in_field(Field::Encryption),
            None => Error::new(ErrorKind::PassphraseRequired).in_field(Field::Passphrase),
        }),
    }
}

/// A text in its parts.
struct Block<'t> {
    label: &'t str,
    /// The value of the header `DEK-Info`, and where it begins.
    dek_info: Option<(usize, &'t str)>,
    base64: &'t str,
}

impl<'t> Block<'t> {
    /// Where digits are to be looked at, they are.
    fn read(text: &'t str, digits: Option<&mut Base64Lines>) -> Result<Self, Error> {
        let refused = |kind, at| Error::new(kind).in_field(Field::PrivateKey).at(at);
        let mut lines = TextLines::new(text);
        let label = match lines.next().and_then(|(_, line)| pem::begin_label(line)) {
            Some(label @ (PKCS1_LABEL | PKCS8_LABEL | ENCRYPTED_LABEL)) => label,
            // What `openssl ecparam` writes before the key.
            Some("DSA PRIVATE KEY" | "EC PRIVATE KEY" | "EC PARAMETERS") => {
                return Err(refused(ErrorKind::UnsupportedType, 0));
            }
            _ if refuse_private_key(text).is_err() => return Err(refused(ErrorKind::InvalidFrame, 0)),
            _ => return Err(refused(ErrorKind::NotAPrivateKey, 0)),
        };
        let dek_info = match label {
            PKCS1_LABEL => dek_info_header(text, &mut lines)?,
            _ => None,
        };
        let base64 = pem::body(text, &mut lines, label, Field::PrivateKey, digits)?;
        match lines.next() {
            None => Ok(Self { label, dek_info, base64 }),
            Some((at, _)) => Err(match refuse_private_key(text.get(at..).unwrap_or_default()) {
                Ok(()) => refused(ErrorKind::InvalidFrame, at),
                Err(second) => refused(ErrorKind::MultipleKeys, at + second.offset().unwrap_or(0)),
            }),
        }
    }
}

/// Takes the two headers of an encrypted key and the empty line behind them, if there are any: RFC 1421, sections 4.6.1.1
/// and 4.6.1.3.
fn dek_info_header<'t>(text: &str, lines: &mut TextLines<'t>) -> Result<Option<(usize, &'t str)>, Error> {
    let invalid_frame = |at| Error::new(ErrorKind::InvalidFrame).in_field(Field::PrivateKey).at(at);
    let (start, proc_type) = lines.clone().next().unwrap_or((text.len(), ""));
    if !proc_type.starts_with("Proc-Type:") {
        return Ok(None);
    }
    lines.next();
    if proc_type != "Proc-Type: 4,ENCRYPTED" {
        return Err(invalid_frame(start));
    }
    let name = "DEK-Info: ";
    let (start, dek_info) = lines.next().unwrap_or((text.len(), ""));
    let value = dek_info.strip_prefix(name).ok_or(invalid_frame(start))?;
    match lines.next().unwrap_or((text.len(), "")) {
        (_, "") => Ok(Some((start + name.len(), value))),
        (at, _) => Err(invalid_frame(at)),
    }
}

/// What is wrong with a text that was not decoded. Here digits are looked at, and what there are decides on the time.
fn why_refused(text: &str) -> Error {
    let mut digits = Base64Lines::default();
    Block::read(text, Some(&mut digits)).err().unwrap_or(digits.stray_bits())
}

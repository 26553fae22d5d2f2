//! Public keys as PEM, strictly: see `pem`.

use super::MAX_PUBLIC_DER_BYTES;
#[cfg(feature = "alloc")]
use super::MAX_PUBLIC_PEM_BYTES;
use super::pem::{self, write};
use super::rsa_public_key::rsa_public_key_from_pkcs1_der;
use super::subject_public_key_info::public_key_from_der;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::{Error, Field};
use crate::openssh::{KeyData, check_text_length, or_private_key};
use crate::rsa::RsaPublicKey;
#[cfg(feature = "alloc")]
use {
    crate::openssh::{MAX_BLOB_BYTES, PublicKeyBuf},
    alloc::{string::String, vec},
};

const SPKI_LABEL: &str = "PUBLIC KEY";
const PKCS1_LABEL: &str = "RSA PUBLIC KEY";

/// Reads a PEM with the label `PUBLIC KEY` or `RSA PUBLIC KEY`, strictly. It has no comment.
///
/// It is one block of the strict grammar of RFC 7468: nothing before it, nothing behind it but one line break, base64 in
/// lines of 64 columns. Lines end with LF, CRLF or CR. Written again, the key gives the same text with LF.
///
/// ```
/// use ssh_keypair::pkcs;
///
/// let pem = "-----BEGIN PUBLIC KEY-----\n\
///            MCowBQYDK2VwAyEAWGZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY=\n\
///            -----END PUBLIC KEY-----\n";
/// let key = pkcs::public_key_from_pem(pem)?;
/// assert_eq!(key.to_string(), "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZm");
/// assert_eq!(key.as_public_key().key_data().to_spki_pem()?, pem);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::TooLong`] over [`MAX_LINE_BYTES`](crate::openssh::MAX_LINE_BYTES); [`ErrorKind::InvalidFrame`] of a block that is not as it must be, or
/// has another label; [`ErrorKind::MultipleKeys`]; [`ErrorKind::InvalidBase64`] and its like; those of [`public_key_from_der`];
/// [`ErrorKind::PrivateKeyGiven`].
#[cfg(feature = "alloc")]
pub fn public_key_from_pem(text: &str) -> Result<PublicKeyBuf, Error> {
    // More than the base64 of a text of this length can hold, and no more than is read.
    let mut buffer = vec![0; (text.len() / 4 * 3).min(MAX_BLOB_BYTES)];
    PublicKeyBuf::from_key_data(&parse_public_key_pem(text, &mut buffer)?, "")
}

/// Reads a PEM as `public_key_from_pem` does, without a heap. The DER is decoded into `buffer`: three quarters of the
/// text's length are always enough, and [`MAX_PUBLIC_DER_BYTES`] are for every key that is taken.
///
/// ```
/// use ssh_keypair::{openssh::{Algorithm, KeyData}, pkcs};
///
/// # let pem = include_str!("../../tests/data/ecdsa256.spki.pem");
/// // let pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI...
/// let mut der = [0; pkcs::MAX_PUBLIC_DER_BYTES];
/// let key: KeyData = pkcs::parse_public_key_pem(pem, &mut der)?;
/// assert_eq!(key.algorithm(), Algorithm::EcdsaP256);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
///
/// # Errors
///
/// Those of `public_key_from_pem`; [`ErrorKind::BufferTooSmall`].
pub fn parse_public_key_pem<'b>(text: &str, buffer: &'b mut [u8]) -> Result<KeyData<'b>, Error> {
    check_text_length(text, Field::PublicKey)?;
    read(text, buffer).map_err(|error| or_private_key(text, error))
}

fn read<'b>(text: &str, buffer: &'b mut [u8]) -> Result<KeyData<'b>, Error> {
    match pem::read_public(text, &[SPKI_LABEL, PKCS1_LABEL], buffer)? {
        (SPKI_LABEL, der) => public_key_from_der(der),
        (_, der) => rsa_public_key_from_pkcs1_der(der).map(KeyData::Rsa),
    }
}

impl KeyData<'_> {
    /// The SubjectPublicKeyInfo as PEM, `-----BEGIN PUBLIC KEY-----`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`]: see [`KeyData::write_spki_der`].
    #[cfg(feature = "alloc")]
    pub fn to_spki_pem(&self) -> Result<String, Error> {
        self.write_spki_pem(&mut [0; MAX_PUBLIC_PEM_BYTES]).map(String::from)
    }

    /// Writes the SubjectPublicKeyInfo as PEM into `buffer`, and returns that part of it.
    ///
    /// # Errors
    ///
    /// Those of [`KeyData::write_spki_der`].
    pub fn write_spki_pem<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        write(SPKI_LABEL, self.write_spki_der(&mut [0; MAX_PUBLIC_DER_BYTES])?, buffer)
    }
}

impl RsaPublicKey<'_> {
    /// The PKCS#1 form as PEM, `-----BEGIN RSA PUBLIC KEY-----`. That of `-----BEGIN PUBLIC KEY-----` is
    /// [`KeyData::to_spki_pem`].
    ///
    /// # Errors
    ///
    /// None that a key of this crate can cause.
    #[cfg(feature = "alloc")]
    pub fn to_pem(&self) -> Result<String, Error> {
        self.write_pem(&mut [0; MAX_PUBLIC_PEM_BYTES]).map(String::from)
    }

    /// Writes the PKCS#1 form as PEM into `buffer`, and returns that part of it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_pem<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        write(PKCS1_LABEL, self.write_der(&mut [0; MAX_PUBLIC_DER_BYTES])?, buffer)
    }
}

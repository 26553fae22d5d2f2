//! Public keys as PEM, strictly: see `pem`.

use super::limits::MAX_PUBLIC_DER_BYTES;
#[cfg(all(feature = "alloc", feature = "ec"))]
use super::subject_public_key_info::read_expanding;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::{Error, Field};
use crate::key::KeyData;
#[cfg(all(feature = "alloc", feature = "ec"))]
use crate::key::MAX_POINT_BYTES;
use crate::rsa::RsaPublicKey;
use crate::text::{check_text_length, or_private_key, pem};
#[cfg(feature = "alloc")]
use {crate::key::PublicKey, crate::text::blob_buffer};

const SPKI_LABEL: &str = "PUBLIC KEY";
const PKCS1_LABEL: &str = "RSA PUBLIC KEY";

#[cfg(feature = "alloc")]
impl PublicKey {
    /// Reads a PEM with the label `PUBLIC KEY` or `RSA PUBLIC KEY`, strictly. Its comment is empty.
    ///
    /// It is one block of the strict grammar of RFC 7468: nothing before it, nothing after it but one line break, base64 in
    /// lines of 64 columns. Lines end with LF, CRLF or CR. Writing the key gives the same PEM with LF, except for a compressed
    /// point, which is accepted with the feature `ec`, and expanded.
    ///
    /// ```
    /// # use ssh_keypair::PublicKey;
    /// # let pem = include_str!("../../tests/data/ed25519.spki.pem");
    /// // let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA...";
    /// let key = PublicKey::from_pem(pem)?;
    /// assert_eq!(key.type_name(), "ssh-ed25519");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLong`] over [`MAX_LINE_BYTES`](crate::openssh::MAX_LINE_BYTES); [`ErrorKind::InvalidFrame`] for a
    /// malformed block or another label; [`ErrorKind::MultipleKeys`]; [`ErrorKind::InvalidBase64`] and
    /// [`ErrorKind::NonCanonicalBase64`]; those of [`KeyData::from_spki_der`]; [`ErrorKind::PrivateKeyGiven`].
    pub fn from_pem(pem: &str) -> Result<Self, Error> {
        let mut buffer = blob_buffer(pem);
        #[cfg(not(feature = "ec"))]
        let key = KeyData::from_pem(pem, &mut buffer)?;
        #[cfg(feature = "ec")]
        let mut point = [0; MAX_POINT_BYTES];
        #[cfg(feature = "ec")]
        let key = read(pem, &mut buffer, |der| read_expanding(der, &mut point))?;
        Self::from_key_data(&key, "")
    }
}

impl<'b> KeyData<'b> {
    /// Reads a PEM as [`PublicKey::from_pem`](crate::PublicKey::from_pem) does, without a heap. The DER is decoded into
    /// `buffer`: three quarters of the PEM's length are always enough, and so are [`MAX_PUBLIC_DER_BYTES`] for every key that
    /// is accepted.
    ///
    /// ```
    /// use ssh_keypair::{KeyData, pkcs::MAX_PUBLIC_DER_BYTES};
    ///
    /// let mut der = [0; MAX_PUBLIC_DER_BYTES];
    /// let key = KeyData::from_pem(include_str!("../../tests/data/rsa2048.spki.pem"), &mut der)?;
    /// assert_eq!(key.bits(), 2048);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicKey::from_pem`](crate::PublicKey::from_pem); [`ErrorKind::BufferTooSmall`].
    pub fn from_pem(pem: &str, buffer: &'b mut [u8]) -> Result<Self, Error> {
        read(pem, buffer, KeyData::from_spki_der)
    }
}

/// Reads a PEM; `read_spki` reads the DER of a SubjectPublicKeyInfo.
fn read<'b>(
    text: &str,
    buffer: &'b mut [u8],
    read_spki: impl FnOnce(&'b [u8]) -> Result<KeyData<'b>, Error>,
) -> Result<KeyData<'b>, Error> {
    check_text_length(text, Field::PublicKey)?;
    let key = match pem::read_public(text, &[SPKI_LABEL, PKCS1_LABEL], buffer) {
        Ok((SPKI_LABEL, der)) => read_spki(der),
        Ok((_, der)) => RsaPublicKey::from_pkcs1_der(der).map(KeyData::Rsa),
        Err(error) => Err(error),
    };
    key.map_err(|error| or_private_key(text, error))
}

impl KeyData<'_> {
    /// Writes the SubjectPublicKeyInfo as PEM into `buffer`, and returns the part that it fills.
    ///
    /// # Errors
    ///
    /// Those of [`KeyData::write_spki_der`].
    pub fn write_spki_pem<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        pem::write(SPKI_LABEL, self.write_spki_der(&mut [0; MAX_PUBLIC_DER_BYTES])?, buffer)
    }
}

impl RsaPublicKey<'_> {
    /// Writes the key as PKCS#1 PEM into `buffer`, and returns the part that it fills.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_pkcs1_pem<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        pem::write(PKCS1_LABEL, self.write_pkcs1_der(&mut [0; MAX_PUBLIC_DER_BYTES])?, buffer)
    }
}

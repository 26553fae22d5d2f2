//! Keys in DER and PEM.
//!
//! | label of the PEM | form | in | out |
//! |---|---|---|---|
//! | `PUBLIC KEY` | SubjectPublicKeyInfo: RFC 5280 | [`public_key_from_pem`], [`public_key_from_der`] | [`KeyData::to_spki_pem`] |
//! | `RSA PUBLIC KEY` | `RSAPublicKey` of PKCS#1: RFC 8017, Appendix A.1.1 | [`public_key_from_pem`], [`rsa_public_key_from_pkcs1_der`] | [`RsaPublicKey::to_pem`] |
//! | `RSA PRIVATE KEY` | `RSAPrivateKey` of PKCS#1: RFC 8017, Appendix A.1.2 | | [`RsaPrivateKey::to_pem`] |
//!
//! PEM is written as OpenSSL and older OpenSSH do: 64 columns, LF, LF at the end. Public keys that are taken are encoded
//! back byte for byte.
//!
//! The base64 of private keys is that of `base64ct`, which looks nothing up by secret digits. DER leaves out leading
//! zeros, so the length of the text tells how many d, dP, dQ and qInv have; every writer of this form gives that away.
//!
//! [`KeyData::to_spki_pem`]: crate::openssh::KeyData::to_spki_pem
//! [`RsaPublicKey::to_pem`]: crate::RsaPublicKey::to_pem

mod public_pem;
mod rsa_public_key;
mod subject_public_key_info;

pub use public_pem::parse_public_key_pem;
#[cfg(feature = "alloc")]
pub use public_pem::public_key_from_pem;
pub use rsa_public_key::rsa_public_key_from_pkcs1_der;
pub use subject_public_key_info::public_key_from_der;

use crate::error::{Error, ErrorKind, Field};
use crate::openssh::begins_a_private_key;
use crate::rsa::RsaPrivateKey;
use pem_rfc7468::LineEnding;
use pkcs1::RsaPrivateKeyRef;
use pkcs1::der::asn1::UintRef;
use pkcs1::der::{self, Encode};
use zeroize::Zeroizing;

#[cfg(feature = "alloc")]
use alloc::string::String;
#[cfg(feature = "alloc")]
use pkcs1::der::SecretDocument;

/// The bytes of the longest DER form: n and d of 1024 bytes, five numbers of 512, 9 headers and zero bytes.
const MAX_DER_BYTES: usize = 2 * 1024 + 5 * 512 + 64;

/// The bytes of the longest PEM form of a private key: a buffer of this size is always enough. A key of 2048 bits takes 1,679.
///
/// ```
/// assert!(ssh_keypair::pkcs::MAX_PEM_BYTES < 7_000);
/// ```
pub const MAX_PEM_BYTES: usize = MAX_DER_BYTES.div_ceil(48) * 65 + 64;

const PEM_LABEL: &str = "RSA PRIVATE KEY";

/// The bytes of the longest DER form of a public key, RSA of 16384 bits: a buffer of this size is always enough. One of
/// 2048 bits takes 294.
///
/// ```
/// assert!(ssh_keypair::pkcs::MAX_PUBLIC_DER_BYTES < 2_200);
/// ```
pub const MAX_PUBLIC_DER_BYTES: usize = 2 * 1024 + 64;

/// The bytes of the longest PEM form of a public key: a buffer of this size is always enough.
///
/// ```
/// assert!(ssh_keypair::pkcs::MAX_PUBLIC_PEM_BYTES < 3_000);
/// ```
pub const MAX_PUBLIC_PEM_BYTES: usize = MAX_PUBLIC_DER_BYTES.div_ceil(48) * 65 + 64;

impl RsaPrivateKey {
    /// The PKCS#1 PEM, wiped when dropped.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::RsaPrivateKey;
    ///
    /// let pem = RsaPrivateKey::generate(2048)?.to_pem()?;
    /// assert!(pem.starts_with("-----BEGIN RSA PRIVATE KEY-----\nMII"));
    /// assert!(pem.ends_with("\n-----END RSA PRIVATE KEY-----\n"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// None that a key of this crate can cause.
    #[cfg(feature = "alloc")]
    pub fn to_pem(&self) -> Result<Zeroizing<String>, Error> {
        let mut buffer = Zeroizing::new([0; MAX_PEM_BYTES]);
        self.write_pem(&mut *buffer).map(|pem| Zeroizing::new(String::from(pem)))
    }

    /// Writes the PKCS#1 PEM into `buffer`, which the caller wipes, and returns that part of it.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{RsaPrivateKey, pkcs::MAX_PEM_BYTES};
    /// use zeroize::Zeroizing;
    ///
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let mut buffer = Zeroizing::new([0; MAX_PEM_BYTES]);
    /// let pem = key.write_pem(&mut *buffer)?;
    /// assert!(pem.starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub fn write_pem<'a>(&self, buffer: &'a mut [u8]) -> Result<&'a str, Error> {
        let too_small = Error::new(ErrorKind::BufferTooSmall);
        let mut der = Zeroizing::new([0; MAX_DER_BYTES]);
        let der = write_der(self, &mut *der).map_err(|_| too_small)?;
        pem_rfc7468::encode(PEM_LABEL, LineEnding::LF, der, buffer).map_err(|_| too_small)
    }
}

/// Writes the DER form.
fn write_der<'a>(key: &RsaPrivateKey, buffer: &'a mut [u8]) -> der::Result<&'a [u8]> {
    RsaPrivateKeyRef {
        modulus: UintRef::new(key.modulus())?,
        public_exponent: UintRef::new(key.public_exponent())?,
        private_exponent: UintRef::new(key.private_exponent())?,
        prime1: UintRef::new(key.prime_p())?,
        prime2: UintRef::new(key.prime_q())?,
        exponent1: UintRef::new(key.exponent_p())?,
        exponent2: UintRef::new(key.exponent_q())?,
        coefficient: UintRef::new(key.coefficient())?,
        other_prime_infos: None,
    }
    .encode_to_slice(buffer)
}

/// DER that is not that of a public key. `at` is where the part that was read begins, and the offset is where its reader
/// stopped.
fn invalid_der(error: der::Error, at: usize) -> Error {
    let kind = match error.kind() {
        der::ErrorKind::Incomplete { .. } => ErrorKind::Truncated,
        der::ErrorKind::TrailingData { .. } => ErrorKind::TrailingData,
        _ => ErrorKind::InvalidDer,
    };
    let within = error.position().and_then(|position| usize::try_from(position).ok()).unwrap_or(0);
    Error::new(kind).in_field(Field::Blob).at(at + within)
}

/// Where a part of some DER is in it.
fn offset_of(part: &[u8], whole: &[u8]) -> usize {
    part.as_ptr().addr().wrapping_sub(whole.as_ptr().addr()).min(whole.len())
}

/// The error of refused DER: that it is a private key counts for more than what was wrong with it as a public one.
fn why_refused(der: &[u8], error: Error) -> Error {
    match begins_a_private_key(der) {
        true => Error::new(ErrorKind::PrivateKeyGiven).in_field(Field::Blob).at(0),
        false => error,
    }
}

/// The trait of the ecosystem: DER as a [`SecretDocument`], and PEM with the line endings of choice.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use pkcs1::{EncodeRsaPrivateKey, LineEnding};
/// use ssh_keypair::RsaPrivateKey;
///
/// let key = RsaPrivateKey::generate(2048)?;
/// assert_eq!(key.to_pkcs1_pem(LineEnding::LF).unwrap(), key.to_pem()?);
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[cfg(feature = "alloc")]
impl pkcs1::EncodeRsaPrivateKey for RsaPrivateKey {
    fn to_pkcs1_der(&self) -> pkcs1::Result<SecretDocument> {
        let mut buffer = Zeroizing::new([0; MAX_DER_BYTES]);
        Ok(SecretDocument::try_from(write_der(self, &mut *buffer)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pkcs1::{DecodeRsaPrivateKey, RsaPrivateKeyOwned};
    use std::io::Write;

    /// A key of another program is written as it was read: with its d, which may be the inverse of e modulo (p-1)(q-1).
    #[test]
    fn every_private_key_of_the_corpus_is_written_as_it_was() {
        let Some(corpus) = std::env::var_os("SSH_KEYPAIR_CORPUS").map(std::path::PathBuf::from) else {
            let _ = writeln!(std::io::stderr(), "skipped: SSH_KEYPAIR_CORPUS is not set");
            return;
        };
        let read = |name| -> serde_json::Value {
            serde_json::from_slice(&std::fs::read(corpus.join("vectors").join(name)).unwrap()).unwrap()
        };
        let (seeds, nova) = (read("seeds.json"), read("nova.json"));
        let keys =
            nova.as_array().unwrap().iter().chain([&seeds["create"]]).filter_map(|key| key["private_key"].as_str());
        let mut checked = 0;
        for pem in keys {
            // The encoder ends with a line break, which some of the vectors leave out.
            let pem = std::format!("{}\n", pem.trim_end());
            let theirs = RsaPrivateKeyOwned::from_pkcs1_pem(&pem).unwrap();
            let key = RsaPrivateKey::for_test([
                theirs.modulus.as_bytes(),
                theirs.private_exponent.as_bytes(),
                theirs.prime1.as_bytes(),
                theirs.prime2.as_bytes(),
                theirs.exponent1.as_bytes(),
                theirs.exponent2.as_bytes(),
                theirs.coefficient.as_bytes(),
            ]);
            assert_eq!(*key.to_pem().unwrap(), pem);
            checked += 1;
        }
        assert_eq!(checked, 8);
    }

    #[test]
    fn a_buffer_that_is_too_small_is_said_to_be() {
        let number = [0xff; 1024];
        let short = &number[..512];
        let key = RsaPrivateKey::for_test([&number, &number, short, short, short, short, short]);
        let mut buffer = [0; MAX_PEM_BYTES];
        let longest = key.write_pem(&mut buffer).unwrap().len();
        assert!(longest <= MAX_PEM_BYTES && longest + 200 > MAX_PEM_BYTES, "{longest}");
        for length in 0..longest {
            let error = key.write_pem(&mut buffer[..length]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BufferTooSmall);
        }
        assert!(key.write_pem(&mut buffer[..longest]).is_ok());
    }
}

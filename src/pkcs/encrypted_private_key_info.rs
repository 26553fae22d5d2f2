//! `EncryptedPrivateKeyInfo` of PKCS#8: RFC 5208, section 6. Reads what `encryption_scheme` lists, and writes PBES2 with AES-256:
//! RFC 8018, section 6.2 and Appendix A.4; with scrypt: RFC 7914, section 7.
//!
//! A file is not authenticated: with a wrong passphrase, the padding
//! is valid in one case out of 256, and the plaintext is then not a sequence.

use super::der_error::invalid_der;
use super::encryption_scheme::EncryptionScheme;
use super::limits::{ENCRYPTED_LABEL, MAX_DER_BYTES};
use super::private_sequence::PrivateSequence;
use crate::error::{Error, ErrorKind, Field, named};
#[cfg(feature = "ec")]
use crate::key::{EcdsaPrivateKey, Ed25519PrivateKey};
use crate::key::{PrivateKey, ReadOptions};
use crate::random::fill;
use crate::rsa::RsaPrivateKey;
use crate::text::pem;
use crate::wipe::on_wiped_stack;
use alloc::string::String;
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Encode};
use pkcs8::pkcs5::pbes2::Parameters;
use pkcs8::pkcs5::scrypt;
use pkcs8::spki::AlgorithmIdentifierRef;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

/// The length in bytes of an AES block, of its IV, and of the salts that are written.
const BLOCK_BYTES: usize = 16;

/// The parameters add at most 160 bytes to the longest DER: names, numbers, salt and IV.
const MAX_ENCRYPTED_BYTES: usize = MAX_DER_BYTES + BLOCK_BYTES + 160;

/// OWASP's recommendation for HMAC-SHA256.
const PBKDF2_ITERATIONS: u32 = 600_000;

/// This needs 16 MiB. Twice that would exceed OpenSSL's limit, which is 32 MiB in total.
const SCRYPT_LOG_N: u8 = 14;
const SCRYPT_R: u32 = 8;
const SCRYPT_P: u32 = 1;

/// The key derivation function for a passphrase, with its cost.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::{PrivateKey, ReadOptions, RsaPrivateKey, pkcs::Kdf};
///
/// assert_eq!("scrypt".parse(), Ok(Kdf::Scrypt));
/// let key = RsaPrivateKey::generate(2048)?;
/// for kdf in [Kdf::Scrypt, Kdf::Pbkdf2] {
///     let pem = key.to_encrypted_pkcs8_pem(b"correct horse", kdf)?;
///     let options = ReadOptions::new().with_passphrase("correct horse");
///     assert_eq!(PrivateKey::from_pem(&*pem, &options)?.into_rsa()?, key);
/// }
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kdf {
    /// scrypt with N = 2^14, r = 8 and p = 1, which needs 16 MiB. This is the largest N that OpenSSL accepts by default.
    /// OpenSSL has supported scrypt since 1.1.0.
    Scrypt,
    /// PBKDF2 with HMAC-SHA256 and 600,000 iterations, for programs that do not support scrypt. Guessing passphrases then needs
    /// no memory.
    Pbkdf2,
}

impl Kdf {
    /// All key derivation functions.
    pub const ALL: &[Self] = &[Self::Scrypt, Self::Pbkdf2];

    /// The name: `scrypt` or `pbkdf2`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scrypt => "scrypt",
            Self::Pbkdf2 => "pbkdf2",
        }
    }
}

named!(Kdf, Error::new(ErrorKind::UnknownName));

/// Declares the writers of a type that has `write_pkcs8_der`.
macro_rules! writers {
    ($($(#[$attribute:meta])* $key:ty;)+) => {
        $($(#[$attribute])* impl $key {
            /// The PKCS#8 PEM, `-----BEGIN ENCRYPTED PRIVATE KEY-----`, encrypted with AES-256 in CBC mode with the system's
            /// randomness: see [`to_encrypted_pkcs8_pem_with`](Self::to_encrypted_pkcs8_pem_with).
            ///
            /// # Errors
            ///
            /// Those of [`to_encrypted_pkcs8_pem_with`](Self::to_encrypted_pkcs8_pem_with).
            #[cfg(feature = "getrandom")]
            pub fn to_encrypted_pkcs8_pem(
                &self,
                passphrase: impl AsRef<[u8]>,
                kdf: Kdf,
            ) -> Result<Zeroizing<String>, Error> {
                self.to_encrypted_pkcs8_pem_with(passphrase, kdf, &mut getrandom::SysRng)
            }

            /// The PKCS#8 PEM, `-----BEGIN ENCRYPTED PRIVATE KEY-----`, encrypted with AES-256 in CBC mode. 16 bytes of salt and
            /// an IV of 16 bytes are drawn from the generator.
            ///
            /// The file is not authenticated: whoever can change it can change what is decrypted.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::Empty`] for an empty passphrase, and for one that consists of NUL bytes: HMAC pads its key with
            /// them, so that up to 64 of them are equivalent to the empty passphrase in both key derivations;
            /// [`ErrorKind::RandomnessUnavailable`] if the generator fails; those of `write_pkcs8_der`.
            pub fn to_encrypted_pkcs8_pem_with<R: TryCryptoRng + ?Sized>(
                &self,
                passphrase: impl AsRef<[u8]>,
                kdf: Kdf,
                rng: &mut R,
            ) -> Result<Zeroizing<String>, Error> {
                let mut data = Zeroizing::new([0; MAX_DER_BYTES + BLOCK_BYTES]);
                let length = self.write_pkcs8_der(&mut *data)?.len();
                encrypt(&mut *data, length, passphrase.as_ref(), kdf, rng)
            }
        })+
    };
}

writers! {
    RsaPrivateKey;
    #[cfg(feature = "ec")]
    Ed25519PrivateKey;
    #[cfg(feature = "ec")]
    EcdsaPrivateKey;
    PrivateKey;
}

/// Encrypts the DER at the start of `data`, which has room for one block more, in place, and writes the PEM.
fn encrypt<R: TryCryptoRng + ?Sized>(
    data: &mut [u8],
    length: usize,
    passphrase: &[u8],
    kdf: Kdf,
    rng: &mut R,
) -> Result<Zeroizing<String>, Error> {
    // HMAC pads its key with zeros (RFC 2104, section 2): up to 64 NUL bytes are equivalent to the empty passphrase.
    if passphrase.iter().fold(0, |any, byte| any | byte) == 0 {
        return Err(Field::Passphrase.error(ErrorKind::Empty));
    }
    let (mut salt, mut iv) = ([0; BLOCK_BYTES], [0; BLOCK_BYTES]);
    for random in [&mut salt, &mut iv] {
        fill(rng, random)?;
    }
    // The rest cannot fail.
    let failed = Field::Encryption.error(ErrorKind::InvalidEncryption);
    let parameters = parameters(kdf, &salt, iv).ok_or(failed)?;
    let data = on_wiped_stack::<16, _>(|| parameters.encrypt_in_place(passphrase, data, length)).map_err(|_| failed)?;
    let encrypted_data = OctetStringRef::new(data).map_err(|_| failed)?;
    let mut der = [0; MAX_ENCRYPTED_BYTES];
    let der = EncryptedPrivateKeyInfoRef { encryption_algorithm: parameters.into(), encrypted_data }
        .encode_to_slice(&mut der)
        .map_err(|_| failed)?;
    let mut buffer = [0; MAX_ENCRYPTED_BYTES.div_ceil(48) * 65 + 80];
    pem::write(ENCRYPTED_LABEL, der, &mut buffer).map(|pem| Zeroizing::new(String::from(pem)))
}

fn parameters(kdf: Kdf, salt: &[u8], iv: [u8; BLOCK_BYTES]) -> Option<Parameters> {
    match kdf {
        Kdf::Scrypt => {
            let costs = scrypt::Params::new(SCRYPT_LOG_N, SCRYPT_R, SCRYPT_P).ok()?;
            Parameters::generate_scrypt_aes256cbc(costs, salt, iv).ok()
        }
        Kdf::Pbkdf2 => Parameters::generate_pbkdf2_sha256_aes256cbc(PBKDF2_ITERATIONS, salt, iv).ok(),
    }
}

/// Decrypts in place.
pub(super) fn decrypt<'b>(der: &'b mut [u8], options: &ReadOptions<'_>) -> Result<&'b [u8], Error> {
    let mut sequence = PrivateSequence::new(der)?;
    let algorithm_at = sequence.position();
    sequence.field::<AlgorithmIdentifierRef<'_>>()?;
    let algorithm_end = sequence.position();
    let data_bytes = sequence.field::<&OctetStringRef>()?.as_bytes().len();
    sequence.finish()?;
    // The sequence ends with the data.
    let (header, data) = der.split_at_mut(der.len() - data_bytes);
    let algorithm = AlgorithmIdentifierRef::from_der(header.get(algorithm_at..algorithm_end).unwrap_or_default())
        .map_err(|error| invalid_der(error, algorithm_at).in_field(Field::PrivateBlob))?;
    let scheme = EncryptionScheme::read(algorithm, options.kdf_limits()).map_err(|error| error.at(algorithm_at))?;
    if !scheme.produces(data) {
        return Err(Field::Encryption.error_at(ErrorKind::InvalidEncryption, algorithm_at));
    }
    let passphrase = options.passphrase().ok_or(passphrase_required())?;
    // The parameters are valid: only the padding can be wrong.
    decrypted(on_wiped_stack::<16, _>(|| scheme.decrypt(passphrase, data)))
}

pub(super) fn passphrase_required() -> Error {
    Field::Passphrase.error(ErrorKind::PassphraseRequired)
}

/// The plaintext, if the padding was valid and it is one sequence.
pub(super) fn decrypted(plaintext: Option<&[u8]>) -> Result<&[u8], Error> {
    let wrong_passphrase = Field::Passphrase.error(ErrorKind::WrongPassphrase);
    plaintext.filter(|der| PrivateSequence::new(der).is_ok()).ok_or(wrong_passphrase)
}

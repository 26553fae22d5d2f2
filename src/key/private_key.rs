//! Private keys of OpenSSH, of every type that has a public key here: `openssh-key-v1`, OpenSSH's PROTOCOL.key.
//!
//! A file is base64 between two markers. Inside are the names of a cipher and of a key derivation with its options, the
//! number of keys, the public key's blob, and the private part, perhaps encrypted: a check value twice, the type, the numbers,
//! the comment, and the bytes 1, 2, 3 and so on up to whole blocks.
//!
//! Read is
//!
//! * one file and nothing around it but one line break; lines that end with LF, CRLF or CR; base64 of one width from 64
//!   columns (PuTTY) over 70 (OpenSSH) to 76 (Python's `cryptography`), canonical; 16 KiB at the most;
//! * one key, the public half of which is taken by the parser of public keys, and is the same in both places;
//! * numbers without superfluous zeros, which belong together: those of RSA in every relation that they have; of DSA, ECDSA
//!   and Ed25519 the public half is computed from the secret one. Of a security key only the public half can be looked at;
//! * padding that is complete, and less than a block, or exactly one, which `cryptography` puts behind whole blocks. A block
//!   has 8 bytes without a cipher and 16 with one, and may have 16 without one, as with PuTTY.
//!
//! Written is what ssh-keygen writes, byte for byte but for the check value. That of a file without a passphrase is the first
//! four bytes of the SHA-256 of the public blob, so that a key has one text; that of an encrypted one is random.
//!
//! Every buffer that holds secrets has its final size when it is made, and is wiped; base64 is that of `base64ct`, which
//! looks nothing up by secret digits. Where a file is refused, time may depend on what is wrong with it. The format leaves
//! out leading zeros, so the length of the text tells how many the secret numbers have.

#[cfg(feature = "encryption")]
mod encryption;
#[cfg(not(feature = "encryption"))]
#[path = "private_key/no_encryption.rs"]
mod encryption;
mod fields;
mod file;
mod public_half;

#[cfg(feature = "encryption")]
pub use encryption::Cipher;

#[cfg(doc)]
use super::line::check_comment;
use super::public_key::{PublicKey, PublicKeyBuf};
use crate::error::{Error, ErrorKind, Field};
use crate::rsa::RsaPrivateKey;
use alloc::string::String;
use core::fmt;
use fields::{Secret, rsa_fields};
#[cfg(feature = "encryption")]
use rand_core::TryCryptoRng;
use zeroize::{ZeroizeOnDrop, Zeroizing};
#[cfg(feature = "ssh-key")]
use {super::wire::Reader, alloc::vec::Vec};

/// A private key and its comment. Of an RSA key the numbers are at hand; of another one the public key is, and what is
/// secret is kept as it was read.
///
/// It is not `Clone`, shows nothing secret of itself in `Debug`, and is wiped when dropped.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::{RsaPrivateKey, openssh::PrivateKey};
///
/// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
/// assert_eq!(key.public_key().comment(), "me@host");
/// assert_eq!(format!("{key:?}"), "PrivateKey { type: \"ssh-rsa\", comment: \"me@host\", .. }");
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub struct PrivateKey {
    public_key: PublicKeyBuf,
    secret: Secret,
}

impl PrivateKey {
    /// Reads a file, `-----BEGIN OPENSSH PRIVATE KEY-----`, strictly. A passphrase for a file without one is ignored.
    ///
    /// The text is one block with nothing around it but one line break at its end, with base64 of one width from 64 to 76
    /// columns, and 16 KiB at the most. It holds one key, whose numbers belong together, and whose public half is the same
    /// in both places and follows from the secret one. Keys of Ed25519 and ECDSA take the feature `ec`, which is on by
    /// default.
    ///
    /// With the feature `encryption` it may be encrypted by `aes128-`, `aes192-` or `aes256-` with `ctr` or `cbc`, by
    /// `aes128-gcm@openssh.com` or by `aes256-gcm@openssh.com`, with 2048 rounds of bcrypt at the most. They take some
    /// ten seconds; the 16 or 24 that are usual take a tenth of one.
    ///
    /// Time depends on the sizes, and where a file is refused, on what is wrong with it. bcrypt looks tables up by what
    /// follows from the passphrase. Only the GCM ciphers have a tag: somebody who may send altered files of another cipher
    /// learns of the key from what is said to be wrong with them, and should be told that they are refused and no more.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, RsaPrivateKey, openssh::PrivateKey};
    ///
    /// let text = RsaPrivateKey::generate(2048)?.to_openssh("me@host")?;
    /// let key = PrivateKey::parse(&text, None)?;
    /// assert_eq!(key.public_key().comment(), "me@host");
    /// assert_eq!(key.as_rsa().map(RsaPrivateKey::bits), Some(2048));
    ///
    /// let error = PrivateKey::parse(&text[..text.len() - 10], None).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidFrame);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Of the text: [`ErrorKind::NotAPrivateKey`] of another label, [`ErrorKind::InvalidFrame`],
    /// [`ErrorKind::MultipleKeys`] of a second block, [`ErrorKind::TooLong`]; [`ErrorKind::InvalidBase64`] and
    /// [`ErrorKind::NonCanonicalBase64`].
    ///
    /// Of the encryption: [`ErrorKind::PassphraseRequired`], [`ErrorKind::WrongPassphrase`],
    /// [`ErrorKind::UnsupportedEncryption`], [`ErrorKind::InvalidEncryption`], [`ErrorKind::KdfTooCostly`].
    ///
    /// Of the key: [`ErrorKind::UnsupportedKeyCount`]; [`ErrorKind::Damaged`] of check values that differ and padding that
    /// is not as it must be; [`ErrorKind::KeyMismatch`]; [`ErrorKind::InvalidPrime`] and [`ErrorKind::InconsistentKey`];
    /// [`ErrorKind::KeyTooLarge`] of RSA over [`RsaPrivateKey::MAX_BITS`]; [`ErrorKind::UnsupportedType`] of Ed25519 and
    /// ECDSA without the feature `ec`; those of [`PublicKey::from_blob`] and [`check_comment`].
    pub fn parse(text: &str, passphrase: Option<&[u8]>) -> Result<Self, Error> {
        file::read(text, passphrase)
    }

    /// The file without a passphrase, as ssh-keygen writes it: base64 of 70 columns, LF. One key and comment have one text:
    /// the check values, which ssh-keygen draws at random, follow from the public key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLong`] where the text would be longer than one that is read, as that of a large key with a comment
    /// of some kilobytes.
    pub fn to_openssh(&self) -> Result<Zeroizing<String>, Error> {
        file::write_plain(&self.public_key(), &self.secret.fields()?)
    }

    /// The file under a passphrase, with the system's randomness: see [`PrivateKey::to_openssh_encrypted_with`].
    ///
    /// # Errors
    ///
    /// Those of [`PrivateKey::to_openssh_encrypted_with`].
    #[cfg(all(feature = "encryption", feature = "getrandom"))]
    pub fn to_openssh_encrypted(&self, passphrase: &[u8], cipher: Cipher) -> Result<Zeroizing<String>, Error> {
        self.to_openssh_encrypted_with(passphrase, cipher, &mut getrandom::SysRng)
    }

    /// The file under a passphrase, as ssh-keygen writes it: 24 rounds of bcrypt with 16 random bytes, a tenth of a
    /// second. Of the generator 20 bytes are drawn. Nothing in the time depends on the key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::EmptyPassphrase`]; [`ErrorKind::RandomnessUnavailable`] when the generator fails; those of
    /// [`PrivateKey::to_openssh`].
    #[cfg(feature = "encryption")]
    pub fn to_openssh_encrypted_with<R: TryCryptoRng + ?Sized>(
        &self,
        passphrase: &[u8],
        cipher: Cipher,
        rng: &mut R,
    ) -> Result<Zeroizing<String>, Error> {
        file::write_encrypted(&self.public_key(), &self.secret.fields()?, passphrase, cipher, rng)
    }

    /// An RSA key and a comment.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::{ErrorKind, RsaPrivateKey, openssh::PrivateKey};
    /// let error = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "two\nlines").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::ControlCharacter);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`](super::check_comment).
    pub fn from_rsa(key: RsaPrivateKey, comment: &str) -> Result<Self, Error> {
        let public_key = PublicKeyBuf::from_key_data(&key.public_key().into(), comment)?;
        Ok(Self { public_key, secret: Secret::Rsa(key) })
    }

    /// The public key, with the comment.
    pub fn public_key(&self) -> PublicKey<'_> {
        self.public_key.as_public_key()
    }

    /// The numbers of an RSA key.
    pub fn as_rsa(&self) -> Option<&RsaPrivateKey> {
        match &self.secret {
            Secret::Rsa(key) => Some(key),
            Secret::Other(_) => None,
        }
    }

    /// The RSA key without the comment.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] of a key of another type, which is wiped.
    pub fn into_rsa(self) -> Result<RsaPrivateKey, Error> {
        match self.secret {
            Secret::Rsa(key) => Ok(key),
            Secret::Other(_) => Err(Error::new(ErrorKind::UnsupportedType).in_field(Field::PrivateKey)),
        }
    }
}

impl PrivateKey {
    /// A key of the type's name and the fields that follow it.
    #[cfg(feature = "ssh-key")]
    pub(super) fn from_fields(public_key: PublicKeyBuf, fields: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(fields);
        let secret = Secret::read(&mut reader, &public_key.as_public_key())?;
        reader.finish()?;
        Ok(Self { public_key, secret })
    }

    /// The fields that follow the type's name in the private part of a file.
    #[cfg(feature = "ssh-key")]
    pub(super) fn fields(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.secret.fields()
    }
}

impl ZeroizeOnDrop for PrivateKey {}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.public_key();
        f.debug_struct("PrivateKey")
            .field("type", &key.algorithm().as_str())
            .field("comment", &key.comment())
            .finish_non_exhaustive()
    }
}

impl RsaPrivateKey {
    /// The OpenSSH file without a passphrase: see [`PrivateKey::to_openssh`].
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`] and [`PrivateKey::to_openssh`].
    pub fn to_openssh(&self, comment: &str) -> Result<Zeroizing<String>, Error> {
        let public_key = PublicKeyBuf::from_key_data(&self.public_key().into(), comment)?;
        file::write_plain(&public_key.as_public_key(), &rsa_fields(self)?)
    }

    /// The OpenSSH file under a passphrase, with the system's randomness: see
    /// [`PrivateKey::to_openssh_encrypted_with`].
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`] and [`PrivateKey::to_openssh_encrypted_with`].
    #[cfg(all(feature = "encryption", feature = "getrandom"))]
    pub fn to_openssh_encrypted(
        &self,
        comment: &str,
        passphrase: &[u8],
        cipher: Cipher,
    ) -> Result<Zeroizing<String>, Error> {
        self.to_openssh_encrypted_with(comment, passphrase, cipher, &mut getrandom::SysRng)
    }

    /// The OpenSSH file under a passphrase: see [`PrivateKey::to_openssh_encrypted_with`].
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`] and [`PrivateKey::to_openssh_encrypted_with`].
    #[cfg(feature = "encryption")]
    pub fn to_openssh_encrypted_with<R: TryCryptoRng + ?Sized>(
        &self,
        comment: &str,
        passphrase: &[u8],
        cipher: Cipher,
        rng: &mut R,
    ) -> Result<Zeroizing<String>, Error> {
        let public_key = PublicKeyBuf::from_key_data(&self.public_key().into(), comment)?;
        file::write_encrypted(&public_key.as_public_key(), &rsa_fields(self)?, passphrase, cipher, rng)
    }
}

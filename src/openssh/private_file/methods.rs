//! The constructor and the writers of [`PrivateKey`] for this format.

#[cfg(feature = "encryption")]
use super::encryption::Cipher;
use super::file;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::{Error, Field};
#[cfg(doc)]
use crate::key::PublicKeyRef;
use crate::key::{PrivateKey, ReadOptions};
#[cfg(doc)]
use crate::rsa::RsaPrivateKey;
#[cfg(doc)]
use crate::text::check_comment;
use crate::text::{lenient_comment, utf8};
use alloc::string::String;
#[cfg(feature = "encryption")]
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

impl PrivateKey {
    /// Reads an OpenSSH private key file, `-----BEGIN OPENSSH PRIVATE KEY-----`, strictly.
    ///
    /// It is one block with nothing around it but one line break at its end, with base64 of one width from 64 to 76 columns,
    /// and at most 16 KiB. It contains one key: its numbers are consistent, and its public half is the same in both places and
    /// matches the secret half. Ed25519 and ECDSA keys need the feature `ec`, which is on by default.
    ///
    /// With the feature `encryption` it may be encrypted with `aes128`, `aes192` or `aes256` in the modes `ctr` or `cbc`, with
    /// `aes128-gcm@openssh.com`, `aes256-gcm@openssh.com`, `chacha20-poly1305@openssh.com` or `3des-cbc`. The usual 16 or 24
    /// rounds of bcrypt take a tenth to a fifth of a second; [`KdfLimits`](crate::KdfLimits) bounds them.
    ///
    /// The time depends on the sizes and, if a file is rejected, on its error. bcrypt looks up tables by values that depend on
    /// the passphrase. Only the GCM ciphers and `chacha20-poly1305` authenticate the file. With any other cipher, an attacker
    /// who can send altered files learns about the key from the errors. Tell an untrusted sender that the file was rejected,
    /// and nothing else.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, PrivateKey, ReadOptions, RsaPrivateKey};
    ///
    /// let file = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?.to_openssh()?;
    /// let key = PrivateKey::from_openssh(&*file, &ReadOptions::new())?;
    /// assert_eq!((key.bits(), key.comment()), (2048, "me@host"));
    ///
    /// let error = PrivateKey::from_openssh(&file[..file.len() - 10], &ReadOptions::new()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidFrame);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// In the text: [`ErrorKind::NotAPrivateKey`] for another label, [`ErrorKind::InvalidFrame`],
    /// [`ErrorKind::MultipleKeys`] for a second block, [`ErrorKind::TooLong`]; [`ErrorKind::InvalidBase64`] and
    /// [`ErrorKind::NonCanonicalBase64`]; [`ErrorKind::InvalidUtf8`].
    ///
    /// In the encryption: [`ErrorKind::PassphraseRequired`], [`ErrorKind::WrongPassphrase`],
    /// [`ErrorKind::UnsupportedEncryption`], [`ErrorKind::OldEncryption`], [`ErrorKind::InvalidEncryption`],
    /// [`ErrorKind::KdfTooCostly`].
    ///
    /// In the key: [`ErrorKind::MultipleKeys`]; [`ErrorKind::Damaged`] if check values differ or the padding is wrong;
    /// [`ErrorKind::KeyMismatch`]; [`ErrorKind::InconsistentKey`]; [`ErrorKind::KeyTooLarge`] for RSA over
    /// [`RsaPrivateKey::MAX_BITS`]; [`ErrorKind::UnsupportedType`] for Ed25519 and ECDSA without the feature `ec`; those of
    /// [`PublicKeyRef::from_blob`] and [`check_comment`].
    pub fn from_openssh(file: impl AsRef<[u8]>, options: &ReadOptions<'_>) -> Result<Self, Error> {
        file::read(utf8(file.as_ref(), Field::PrivateKey)?, options)
    }

    /// Reads the decoded contents of an OpenSSH private key file, and decrypts them in place. Replaces what is invalid in the
    /// comment, and returns whether it did.
    pub(crate) fn from_openssh_blob(blob: &mut [u8], options: &ReadOptions<'_>) -> Result<(Self, bool), Error> {
        file::read_blob(blob, options, |comment| Ok(lenient_comment(comment)))
    }

    /// The OpenSSH file without a passphrase, as ssh-keygen writes it: base64 of 70 columns, LF. A key and comment have
    /// exactly one encoding: the check values, which ssh-keygen draws at random, follow from the public key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLong`] if the file would be longer than one that is read, such as that of a large key with a comment
    /// of a few kilobytes.
    pub fn to_openssh(&self) -> Result<Zeroizing<String>, Error> {
        let (public_key, fields) = self.to_wire()?;
        file::write_plain(&public_key, &fields)
    }

    /// The OpenSSH file encrypted with a passphrase, with the system's randomness: see
    /// [`PrivateKey::to_openssh_encrypted_with`].
    ///
    /// # Errors
    ///
    /// Those of [`PrivateKey::to_openssh_encrypted_with`].
    #[cfg(all(feature = "encryption", feature = "getrandom"))]
    pub fn to_openssh_encrypted(
        &self,
        passphrase: impl AsRef<[u8]>,
        cipher: Cipher,
    ) -> Result<Zeroizing<String>, Error> {
        self.to_openssh_encrypted_with(passphrase, cipher, &mut getrandom::SysRng)
    }

    /// The OpenSSH file encrypted with a passphrase, as ssh-keygen writes it: 24 rounds of bcrypt with 16 random bytes, which
    /// take a tenth of a second. 20 bytes are drawn from the generator. The time does not depend on the key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Empty`]; [`ErrorKind::RandomnessUnavailable`] if the generator fails; those of
    /// [`PrivateKey::to_openssh`].
    #[cfg(feature = "encryption")]
    pub fn to_openssh_encrypted_with<R: TryCryptoRng + ?Sized>(
        &self,
        passphrase: impl AsRef<[u8]>,
        cipher: Cipher,
        rng: &mut R,
    ) -> Result<Zeroizing<String>, Error> {
        let (public_key, fields) = self.to_wire()?;
        file::write_encrypted(&public_key, &fields, passphrase.as_ref(), cipher, rng)
    }
}

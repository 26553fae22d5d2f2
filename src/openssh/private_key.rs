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
//! * numbers without superfluous zeros; those of RSA belong together, the secret one of DSA and ECDSA is in its range, and
//!   that of Ed25519 has its public half behind it. That the point of an Ed25519 or ECDSA key, or the public value of a DSA
//!   key, follows from the secret number is not computed: there is no such arithmetic here;
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

#[cfg(feature = "encryption")]
pub use encryption::Cipher;

use super::algorithm::Algorithm;
use super::ecdsa::EcdsaCurve;
use super::key_data::{KeyData, Layout, is_certificate_name};
use super::line::{MAX_LINE_BYTES, check_comment};
use super::public_key::{PublicKey, PublicKeyBuf};
use super::text_lines::{Base64Lines, TextLines};
use super::wire::{Reader, Span, Writer, secret_mpints};
use crate::arith::declassify::{classify, declassify};
use crate::arith::limbs::{from_be_bytes, is_small, less};
use crate::error::{Error, ErrorKind, Field};
use crate::rsa::{RsaNumbers, RsaPrivateKey, RsaPublicKey};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use core::fmt;
use core::ops::RangeInclusive;
use encryption::{BLOCK_BYTES, Encryption};
use pem_rfc7468::{Encoder, LineEnding};
use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, Zeroizing};
#[cfg(feature = "encryption")]
use {
    encryption::{KDF, ROUNDS, SALT_BYTES},
    rand_core::TryCryptoRng,
};

const LABEL: &str = "OPENSSH PRIVATE KEY";
const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";

/// What a decoded file begins with.
const MAGIC: &[u8; 15] = b"openssh-key-v1\0";

/// The name for no cipher and for no key derivation.
const NONE: &[u8] = b"none";

/// The unit of padding without a cipher.
const PLAIN_BLOCK_BYTES: usize = 8;

/// The bytes of the longest file that is read or written.
const MAX_TEXT_BYTES: usize = MAX_LINE_BYTES;

/// The width of the base64 that is written, and those that are read.
const WIDTH: usize = 70;
const WIDTHS: RangeInclusive<usize> = 64..=76;

/// The limbs of the longest secret number of DSA and ECDSA, 521 bits.
const SCALAR_LIMBS: usize = 9;

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

/// What is secret.
pub(super) enum Secret {
    Rsa(RsaPrivateKey),
    /// The fields of another type, as they follow the type's name in the private part of a file.
    Other(Zeroizing<Vec<u8>>),
}

impl Secret {
    /// Reads the type's name and the fields behind it, which must be those of the public key.
    fn read(reader: &mut Reader<'_>, public_key: &PublicKey<'_>) -> Result<Self, Error> {
        read_type(reader, public_key.algorithm())?;
        if let KeyData::Rsa(public) = public_key.key_data() {
            return read_rsa(reader, &public).map(Self::Rsa);
        }
        let start = reader.position();
        read_other(reader, public_key)?;
        Ok(Self::Other(Zeroizing::new(reader.bytes(reader.since(start)?).to_vec())))
    }
}

impl PrivateKey {
    /// Reads a file, `-----BEGIN OPENSSH PRIVATE KEY-----`, strictly. A passphrase for a file without one is ignored.
    ///
    /// The text is one block with nothing around it but one line break at its end, with base64 of one width from 64 to 76
    /// columns, and 16 KiB at the most. It holds one key, whose numbers belong together and whose public half is the same
    /// in both places; but that the point of an Ed25519 or ECDSA key, or the public value of a DSA key, follows from the
    /// secret number is not computed.
    ///
    /// With the feature `encryption` it may be encrypted by `aes128-`, `aes192-` or `aes256-` with `ctr` or `cbc`, by
    /// `aes128-gcm@openssh.com` or by `aes256-gcm@openssh.com`, with 2048 rounds of bcrypt at the most. They take some
    /// ten seconds; the 16 or 24 that are usual take a tenth of one.
    ///
    /// Time depends on the sizes, and where a file is refused, on what is wrong with it. bcrypt looks tables up by what
    /// follows from the passphrase.
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
    /// [`ErrorKind::MultipleKeys`] of a second block, [`ErrorKind::TooLong`], and the kinds for base64.
    ///
    /// Of the encryption: [`ErrorKind::PassphraseRequired`], [`ErrorKind::WrongPassphrase`],
    /// [`ErrorKind::UnsupportedEncryption`], [`ErrorKind::InvalidEncryption`], [`ErrorKind::KdfTooCostly`].
    ///
    /// Of the key: [`ErrorKind::UnsupportedKeyCount`]; [`ErrorKind::Damaged`] of check values that differ and padding that
    /// is not as it must be; [`ErrorKind::KeyMismatch`]; [`ErrorKind::InvalidPrime`] and [`ErrorKind::InconsistentKey`];
    /// those of [`PublicKey::from_blob`] and [`check_comment`].
    pub fn parse(text: &str, passphrase: Option<&[u8]>) -> Result<Self, Error> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(Error::new(ErrorKind::TooLong).in_field(Field::PrivateKey).at(MAX_TEXT_BYTES));
        }
        let mut blob = decode(text)?;
        let envelope = Envelope::read(&blob, passphrase)?;
        if let Some(encryption) = &envelope.encryption {
            encryption.decrypt(&mut blob, envelope.section)?;
        }
        envelope.read_section(&blob)
    }

    /// The file without a passphrase, as ssh-keygen writes it: base64 of 70 columns, LF. One key and comment have one text.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{RsaPrivateKey, openssh::PrivateKey};
    ///
    /// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
    /// let text = key.to_openssh()?;
    /// assert!(text.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA"));
    /// assert_eq!(PrivateKey::parse(&text, None)?.to_openssh()?, text);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLong`] where the text would be longer than one that is read, as that of a large key with a comment
    /// of some kilobytes.
    pub fn to_openssh(&self) -> Result<Zeroizing<String>, Error> {
        write_plain(&self.public_key(), &self.fields()?)
    }

    /// The file under a passphrase, with the system's randomness: see [`PrivateKey::to_openssh_encrypted_with`].
    ///
    /// ```
    /// use ssh_keypair::{RsaPrivateKey, openssh::{Cipher, PrivateKey}};
    ///
    /// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
    /// let text = key.to_openssh_encrypted(b"correct horse", Cipher::Aes256Ctr)?;
    /// assert_eq!(PrivateKey::parse(&text, Some(b"correct horse"))?.as_rsa(), key.as_rsa());
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
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
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, RsaPrivateKey, openssh::{Cipher, PrivateKey}};
    ///
    /// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
    /// let text = key.to_openssh_encrypted_with(b"correct horse", Cipher::Aes256Gcm, &mut getrandom::SysRng)?;
    /// let error = PrivateKey::parse(&text, Some(b"battery")).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::WrongPassphrase);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
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
        write_encrypted(&self.public_key(), &self.fields()?, passphrase, cipher, rng)
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
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::{RsaPrivateKey, openssh::PrivateKey};
    /// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
    /// assert!(key.public_key().to_string().starts_with("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn public_key(&self) -> PublicKey<'_> {
        self.public_key.as_public_key()
    }

    /// The numbers of an RSA key.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::{RsaPrivateKey, openssh::PrivateKey};
    /// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "")?;
    /// assert_eq!(key.as_rsa().map(RsaPrivateKey::bits), Some(2048));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn as_rsa(&self) -> Option<&RsaPrivateKey> {
        match &self.secret {
            Secret::Rsa(key) => Some(key),
            Secret::Other(_) => None,
        }
    }

    /// The RSA key without the comment.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::{RsaPrivateKey, openssh::PrivateKey};
    /// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
    /// let pem = key.into_rsa()?.to_pem()?;
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
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
    pub(super) fn fields(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        match &self.secret {
            Secret::Rsa(key) => rsa_fields(key),
            Secret::Other(fields) => Ok(fields.clone()),
        }
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
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    /// let text = RsaPrivateKey::generate(2048)?.to_openssh("me@host")?;
    /// assert!(text.ends_with("\n-----END OPENSSH PRIVATE KEY-----\n"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`] and [`PrivateKey::to_openssh`].
    pub fn to_openssh(&self, comment: &str) -> Result<Zeroizing<String>, Error> {
        let public_key = PublicKeyBuf::from_key_data(&self.public_key().into(), comment)?;
        write_plain(&public_key.as_public_key(), &rsa_fields(self)?)
    }

    /// The OpenSSH file under a passphrase, with the system's randomness: see
    /// [`PrivateKey::to_openssh_encrypted_with`].
    ///
    /// ```
    /// # use ssh_keypair::{RsaPrivateKey, openssh::Cipher};
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let text = key.to_openssh_encrypted("me@host", b"correct horse", Cipher::Aes256Gcm)?;
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
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
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::{ErrorKind, RsaPrivateKey, openssh::Cipher};
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let error = key.to_openssh_encrypted_with("me@host", b"", Cipher::Aes256Ctr, &mut getrandom::SysRng).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::EmptyPassphrase);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
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
        write_encrypted(&public_key.as_public_key(), &rsa_fields(self)?, passphrase, cipher, rng)
    }
}

/// Takes the frame off, and the base64.
fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let base64 = unframe(text)?;
    let mut blob = Zeroizing::new(vec![0; base64.len() / 4 * 3]);
    let length = match Base64::decode(&*base64, &mut blob) {
        Ok(decoded) if !decoded.is_empty() => decoded.len(),
        _ => return Err(why_not_decoded(text)),
    };
    blob.truncate(length);
    Ok(blob)
}

/// Checks the frame, and joins the lines in it.
fn unframe(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let refused = |kind, at| Err(Error::new(kind).in_field(Field::PrivateKey).at(at));
    let mut lines = TextLines::new(text);
    if lines.next() != Some((0, BEGIN)) {
        let kind = if text.contains(BEGIN) { ErrorKind::InvalidFrame } else { ErrorKind::NotAPrivateKey };
        return refused(kind, 0);
    }
    let mut base64 = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut width = None;
    let mut is_last = false;
    for (start, line) in lines.by_ref() {
        if line == END {
            return match lines.next() {
                None => Ok(base64),
                Some((at, _)) if is_block(&text[at..]) => refused(ErrorKind::MultipleKeys, at),
                Some((at, _)) => refused(ErrorKind::InvalidFrame, at),
            };
        }
        let width = *width.get_or_insert(line.len().min(*WIDTHS.end()));
        if is_last || line.is_empty() || line.starts_with("-----") {
            return refused(ErrorKind::InvalidFrame, start);
        }
        if line.len() > width {
            return refused(ErrorKind::InvalidFrame, start + width);
        }
        is_last = line.len() < width || !WIDTHS.contains(&width);
        base64.extend_from_slice(line.as_bytes());
    }
    refused(ErrorKind::InvalidFrame, text.len())
}

/// Whether a text holds another block, blank lines before it or not.
fn is_block(text: &str) -> bool {
    text.trim_start().starts_with("-----BEGIN ")
}

/// What is wrong with base64 that did not decode. That a file is taken does not come through here: the digits are looked at.
fn why_not_decoded(text: &str) -> Error {
    let mut base64 = Base64Lines::default();
    let checked = TextLines::new(text).skip(1).try_for_each(|(start, line)| match line {
        END => base64.finish(start),
        _ => base64.line(start, line),
    });
    checked.err().unwrap_or_else(|| base64.stray_bits())
}

/// What a file holds around its private part.
struct Envelope<'a> {
    public_key: PublicKeyBuf,
    encryption: Option<Encryption<'a>>,
    /// The private part.
    section: Span,
}

impl<'a> Envelope<'a> {
    fn read(blob: &[u8], passphrase: Option<&'a [u8]>) -> Result<Self, Error> {
        let mut reader = Reader::new(blob);
        if reader.array(Field::PrivateBlob)? != MAGIC {
            return Err(in_blob(ErrorKind::NotAPrivateKey, 0));
        }
        let cipher = reader.string(Field::Encryption)?;
        let kdf = reader.string(Field::Encryption)?;
        let options = reader.string(Field::Encryption)?;
        let invalid =
            |span: Span| Error::new(ErrorKind::InvalidEncryption).in_field(Field::Encryption).at(span.start());
        let encryption = match [cipher, kdf, options].map(|span| span.of(blob)) {
            [b"none", b"none", b""] => None,
            [b"none", b"none", _] => return Err(invalid(options)),
            [b"none", ..] => return Err(invalid(kdf)),
            _ => Some(Encryption::read(blob, [cipher, kdf, options], passphrase)?),
        };
        let (block_bytes, tag_bytes) =
            encryption.as_ref().map_or((PLAIN_BLOCK_BYTES, 0), |encryption| (BLOCK_BYTES, encryption.tag_bytes()));

        let count_at = reader.position();
        if reader.uint32(Field::PrivateBlob)? != 1 {
            return Err(in_blob(ErrorKind::UnsupportedKeyCount, count_at));
        }
        let public = reader.string(Field::PrivateBlob)?;
        let public_key = PublicKeyBuf::try_from(public.of(blob)).map_err(|error| error.moved(public.start()))?;
        let section = reader.string(Field::PrivateBlob)?;
        let length = section.of(blob).len();
        if length == 0 || !length.is_multiple_of(block_bytes) {
            return Err(in_blob(ErrorKind::Damaged, section.start()));
        }
        match reader.rest()?.of(blob).len() {
            behind if behind < tag_bytes => Err(in_blob(ErrorKind::Truncated, section.end())),
            behind if behind > tag_bytes => Err(in_blob(ErrorKind::TrailingData, section.end() + tag_bytes)),
            _ => Ok(Self { public_key, encryption, section }),
        }
    }

    /// Reads the private part of a blob that is decrypted.
    fn read_section(&self, blob: &[u8]) -> Result<PrivateKey, Error> {
        let mut reader = Reader::within(blob, self.section);
        let check = reader.array::<4>(Field::PrivateBlob)?;
        if !declassify(check.ct_eq(reader.array::<4>(Field::PrivateBlob)?)) {
            return Err(match &self.encryption {
                Some(_) => Error::new(ErrorKind::WrongPassphrase).in_field(Field::Passphrase),
                None => in_blob(ErrorKind::Damaged, self.section.start()),
            });
        }
        let public_key = self.public_key.as_public_key();
        let secret = Secret::read(&mut reader, &public_key)?;
        let comment = read_comment(&mut reader)?;
        let padding = reader.rest()?;
        // Also without a cipher: PuTTY.
        let is_in_long_blocks = self.section.of(blob).len().is_multiple_of(BLOCK_BYTES);
        let block_bytes = if is_in_long_blocks { BLOCK_BYTES } else { PLAIN_BLOCK_BYTES };
        if !(1..).zip(padding.of(blob)).all(|(count, byte)| count == usize::from(*byte))
            || padding.of(blob).len() > block_bytes
        {
            return Err(in_blob(ErrorKind::Damaged, padding.start()));
        }
        Ok(PrivateKey { public_key: PublicKeyBuf::from(&public_key.with_comment(comment)?), secret })
    }
}

fn in_blob(kind: ErrorKind, at: usize) -> Error {
    Error::new(kind).in_field(Field::PrivateBlob).at(at)
}

/// Reads the type, which must be that of the public key.
fn read_type(reader: &mut Reader<'_>, expected: Algorithm) -> Result<(), Error> {
    let name = reader.string(Field::BlobType)?;
    let kind = match Algorithm::of_name(reader.bytes(name)) {
        Some(algorithm) if algorithm == expected => return Ok(()),
        Some(_) => ErrorKind::KeyMismatch,
        None if is_certificate_name(reader.bytes(name)) => ErrorKind::CertificateNotAllowed,
        None => ErrorKind::UnknownAlgorithm,
    };
    Err(Error::new(kind).in_field(Field::BlobType).at(name.start()))
}

/// Reads the numbers of an RSA key: n, e, d, qInv, p and q.
fn read_rsa(reader: &mut Reader<'_>, public: &RsaPublicKey<'_>) -> Result<RsaPrivateKey, Error> {
    const FIELDS: [Field; 6] = [
        Field::Modulus,
        Field::PublicExponent,
        Field::PrivateExponent,
        Field::Coefficient,
        Field::PrimeP,
        Field::PrimeQ,
    ];
    let start = reader.position();
    let mut spans = [Span::default(); 6];
    for (span, field) in spans.iter_mut().zip(FIELDS) {
        *span = reader.mpint(field)?;
    }
    let [modulus, public_exponent, private_exponent, coefficient, p, q] = spans.map(|span| reader.bytes(span));
    if [modulus, public_exponent] != [public.modulus(), public.public_exponent()] {
        return Err(in_blob(ErrorKind::KeyMismatch, start));
    }
    let numbers = RsaNumbers { modulus, public_exponent, private_exponent, p, q, exponents: None, coefficient };
    RsaPrivateKey::from_numbers(&numbers).map_err(|error| {
        let refused = FIELDS.into_iter().zip(spans).find(|(field, _)| Some(*field) == error.field());
        refused.map_or(error, |(_, span)| error.at(span.start()))
    })
}

/// Reads the fields of any other type: the public ones as they are in the public key, and those that are secret.
fn read_other(reader: &mut Reader<'_>, public_key: &PublicKey<'_>) -> Result<(), Error> {
    let start = reader.position();
    Layout::read_fields(public_key.algorithm(), reader)?;
    let public = reader.bytes(reader.since(start)?);
    if !public_key.blob().ends_with(public)
        || public_key.blob().len() != 4 + public_key.type_name().len() + public.len()
    {
        return Err(in_blob(ErrorKind::KeyMismatch, start));
    }
    match public_key.key_data() {
        KeyData::Dsa(key) => {
            let mut order = [0; SCALAR_LIMBS];
            from_be_bytes(key.q(), &mut order);
            read_scalar(reader, &order)
        }
        KeyData::Ecdsa(key) => read_scalar(reader, &order(key.curve())),
        KeyData::Ed25519(key) => read_ed25519(reader, key.as_bytes()),
        KeyData::SkEcdsaP256(_) | KeyData::SkEd25519(_) => read_security_key(reader),
        // Read elsewhere; and none is opaque.
        KeyData::Rsa(_) | KeyData::Opaque(_) => Err(in_blob(ErrorKind::UnknownAlgorithm, start)),
    }
}

/// The order of the curve's base point: SP 800-186, section 3.2.1.
fn order(curve: EcdsaCurve) -> [u64; SCALAR_LIMBS] {
    const ONES: u64 = u64::MAX;
    match curve {
        EcdsaCurve::P256 => [0xf3b9_cac2_fc63_2551, 0xbce6_faad_a717_9e84, ONES, 0xffff_ffff_0000_0000, 0, 0, 0, 0, 0],
        EcdsaCurve::P384 => {
            [0xecec_196a_ccc5_2973, 0x581a_0db2_48b0_a77a, 0xc763_4d81_f437_2ddf, ONES, ONES, ONES, 0, 0, 0]
        }
        EcdsaCurve::P521 => [
            0xbb6f_b71e_9138_6409,
            0x3bb5_c9b8_899c_47ae,
            0x7fcc_0148_f709_a5d0,
            0x5186_8783_bf2f_966b,
            0xffff_ffff_ffff_fffa,
            ONES,
            ONES,
            ONES,
            0x1ff,
        ],
    }
}

/// Reads a secret number from 1 up to an order.
fn read_scalar(reader: &mut Reader<'_>, order: &[u64; SCALAR_LIMBS]) -> Result<(), Error> {
    let span = reader.mpint(Field::PrivateExponent)?;
    let mut scalar = Zeroizing::new([0; SCALAR_LIMBS]);
    let fits = reader.bytes(span).len() <= size_of_val(&*scalar);
    if fits {
        from_be_bytes(reader.bytes(span), &mut *scalar);
        classify(&mut *scalar);
    }
    if fits && declassify(less(&scalar, order) & !is_small(&scalar, 0)) {
        Ok(())
    } else {
        Err(Error::new(ErrorKind::InconsistentKey).in_field(Field::PrivateExponent).at(span.start()))
    }
}

/// Reads the seed and, behind it, the public key.
fn read_ed25519(reader: &mut Reader<'_>, public: &[u8; 32]) -> Result<(), Error> {
    let span = reader.string(Field::PrivateExponent)?;
    let kind = match reader.bytes(span).as_chunks() {
        ([_, half], []) if half == public => return Ok(()),
        ([_, _], []) => ErrorKind::KeyMismatch,
        _ => ErrorKind::InvalidLength,
    };
    Err(Error::new(kind).in_field(Field::PrivateExponent).at(span.start()))
}

/// Reads flags, a key handle, and what is reserved: OpenSSH's PROTOCOL.u2f. Only the security key can tell what they are.
fn read_security_key(reader: &mut Reader<'_>) -> Result<(), Error> {
    reader.array::<1>(Field::PrivateBlob)?;
    reader.string(Field::PrivateBlob)?;
    reader.string(Field::Reserved).map(|_| ())
}

/// Reads the comment, which must be one that may be written to a line.
fn read_comment<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Error> {
    let span = reader.string(Field::Comment)?;
    let comment = core::str::from_utf8(reader.bytes(span)).map_err(|error| {
        Error::new(ErrorKind::InvalidUtf8).in_field(Field::Comment).at(span.start() + error.valid_up_to())
    })?;
    check_comment(comment).map_err(|error| error.moved(span.start()))?;
    Ok(comment)
}

/// The fields of an RSA key, as they follow the type's name in the private part of a file.
fn rsa_fields(key: &RsaPrivateKey) -> Result<Zeroizing<Vec<u8>>, Error> {
    let [d, q_inv, p, q] = [key.private_exponent(), key.coefficient(), key.prime_p(), key.prime_q()];
    secret_mpints(&[key.modulus(), key.public_exponent(), d, q_inv, p, q], 0)
}

/// The private part, padded.
fn section(public_key: &PublicKey<'_>, fields: &[u8], check: &[u8], block: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (name, comment) = (public_key.type_name().as_bytes(), public_key.comment().as_bytes());
    let length = 2 * check.len() + 4 + name.len() + fields.len() + 4 + comment.len();
    let mut section = Zeroizing::new(vec![0; length.next_multiple_of(block)]);
    let mut writer = Writer::new(&mut section);
    writer.put(check)?;
    writer.put(check)?;
    writer.string(name)?;
    writer.put(fields)?;
    writer.string(comment)?;
    (1..).zip(&mut section[length..]).for_each(|(count, byte)| *byte = count);
    Ok(section)
}

/// The file without a passphrase.
fn write_plain(public_key: &PublicKey<'_>, fields: &[u8]) -> Result<Zeroizing<String>, Error> {
    let hash = public_key.sha256_fingerprint();
    let section = section(public_key, fields, &hash.as_ref()[..4], PLAIN_BLOCK_BYTES)?;
    write([NONE, NONE, b""], public_key.blob(), &section, &[])
}

/// The file under a passphrase.
#[cfg(feature = "encryption")]
fn write_encrypted<R: TryCryptoRng + ?Sized>(
    public_key: &PublicKey<'_>,
    fields: &[u8],
    passphrase: &[u8],
    cipher: Cipher,
    rng: &mut R,
) -> Result<Zeroizing<String>, Error> {
    if passphrase.is_empty() {
        return Err(Error::new(ErrorKind::EmptyPassphrase).in_field(Field::Passphrase));
    }
    let mut random = [0; SALT_BYTES + 4];
    rng.try_fill_bytes(&mut random).map_err(|_| Error::new(ErrorKind::RandomnessUnavailable))?;
    let (salt, check) = random.split_at(SALT_BYTES);
    let mut section = section(public_key, fields, check, BLOCK_BYTES)?;
    let tag = cipher.encrypt(passphrase, salt, &mut section)?;
    let options = [&[0, 0, 0, 16], salt, &ROUNDS.to_be_bytes()].concat();
    let tag = tag.as_ref().map_or(&[][..], <[u8; 16]>::as_slice);
    write([cipher.as_str().as_bytes(), KDF, &options], public_key.blob(), &section, tag)
}

/// The file: the cipher, the key derivation and its options, one key, the tag, and all of that as base64.
fn write(encryption: [&[u8]; 3], public: &[u8], section: &[u8], tag: &[u8]) -> Result<Zeroizing<String>, Error> {
    let [cipher, kdf, options] = encryption;
    let strings: usize = [cipher, kdf, options, public, section].iter().map(|part| 4 + part.len()).sum();
    let length = MAGIC.len() + 4 + strings + tag.len();
    let base64 = length.div_ceil(3) * 4;
    let text_bytes = BEGIN.len() + 1 + base64 + base64.div_ceil(WIDTH) + END.len() + 1;
    if text_bytes > MAX_TEXT_BYTES {
        return Err(Error::new(ErrorKind::TooLong).in_field(Field::PrivateKey));
    }
    let mut blob = Zeroizing::new(vec![0; length]);
    let mut writer = Writer::new(&mut blob);
    writer.put(MAGIC)?;
    encryption.into_iter().try_for_each(|part| writer.string(part))?;
    writer.put(&1u32.to_be_bytes())?;
    writer.string(public)?;
    writer.string(section)?;
    writer.put(tag)?;

    // All of it in one place, which never grows.
    let mut text = Zeroizing::new(vec![0; text_bytes]);
    let mut encoder = Encoder::new_wrapped(LABEL, WIDTH, LineEnding::LF, &mut text).map_err(cannot_be)?;
    encoder.encode(&blob).map_err(cannot_be)?;
    let written = encoder.finish().map_err(cannot_be)?;
    text.truncate(written);
    String::from_utf8(core::mem::take(&mut *text)).map(Zeroizing::new).map_err(cannot_be)
}

/// For the errors of a frame and its base64, of which there are none: the place is as long as they need.
fn cannot_be<E>(_: E) -> Error {
    Error::new(ErrorKind::BufferTooSmall)
}

//! Private keys of PuTTY: the PPK files of Appendix C of its manual. Versions 2 and 3 are read, version 3 is written.
//!
//! A file is text: `Name: value` lines in one order, the public blob of the key, the private one, and a MAC over all of
//! it. Lines may end with LF, CRLF or CR, as PuTTY reads them. Only RSA keys are read.
//!
//! | file | in | out |
//! |---|---|---|
//! | version 3, no passphrase | [`private_key_from_ppk`] | [`RsaPrivateKey::to_ppk`] |
//! | version 3, under a passphrase: Argon2, AES-256-CBC | the same, with the feature `encryption` | `RsaPrivateKey::to_ppk_encrypted` |
//! | version 2, no passphrase | [`private_key_from_ppk`] | |
//! | version 2, under a passphrase: SHA-1, AES-256-CBC | the same, with the feature `encryption` | |
//!
//! What is taken is what PuTTY would write of the key, line breaks aside: a plain file of version 3 is written back byte for
//! byte. PuTTY wants p > q and swaps the primes of a key that has them in the other order; here they stay as they are.
//!
//! Without a passphrase the MAC has no secret key, and tells damage apart, not malice.
//!
//! # What is promised of secrets
//!
//! The MAC is compared in constant time, and before the private blob is looked at. The base64 of that blob is that of
//! `base64ct`, which looks nothing up by secret digits. The MAC itself is no secret: it stands in the file. Numbers leave out
//! leading zeros, so the length of the text tells how many d, p, q and qInv have; every writer of this form gives that away.
//!
//! Decoded and decrypted blobs, derived keys and the memory of Argon2 are wiped, and the stack where the work was done is
//! overwritten, which is an effort and no proof. Argon2i takes the same time for every passphrase;
//! Argon2id and Argon2d read memory in an order that depends on the passphrase, as they are made to.

#[cfg(feature = "encryption")]
mod encryption;
mod keys;
mod lines;

use crate::error::{Error, ErrorKind, Field};
use crate::openssh::{
    KeyData, PrivateKey, PublicKey, PublicKeyBuf, Reader, check_comment, check_text_length, secret_mpints,
};
use crate::rsa::{RsaNumbers, RsaPrivateKey};
use crate::wipe::on_wiped_stack;
use alloc::{string::String, vec::Vec};
use core::fmt::Write;
#[cfg(feature = "encryption")]
use encryption::Derivation;
use keys::{Contents, Keys};
use lines::{Lines, Value, invalid_frame, length_of_body, write_body, write_hex};
#[cfg(feature = "encryption")]
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

const SIGNATURE: &str = "PuTTY-User-Key-File-";
const RSA: &str = "ssh-rsa";
const PLAIN: &str = "none";
const AES: &str = "aes256-cbc";

/// The version of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    Two,
    Three,
}

impl Version {
    /// The bytes of the MAC: HMAC-SHA-1, HMAC-SHA-256.
    fn mac_bytes(self) -> usize {
        match self {
            Self::Two => 20,
            Self::Three => 32,
        }
    }
}

/// Reads an RSA private key from a PPK file, version 2 or 3.
///
/// A passphrase that is given for a file that is not encrypted is ignored. The text may have 16 KiB. A derivation of keys
/// from the passphrase may take 128 MiB of memory, and as much work as one pass over 4 GiB: a few seconds. PuTTY itself
/// takes 8 MiB, and a tenth of a second.
///
/// ```
/// use ssh_keypair::{ErrorKind, putty::private_key_from_ppk};
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::RsaPrivateKey;
///
/// let file = RsaPrivateKey::generate(2048)?.to_ppk("me@host")?;
/// let key = private_key_from_ppk(&file, None)?;
/// assert_eq!(key.public_key().comment(), "me@host");
/// assert_eq!(key.into_rsa()?.to_ppk("me@host")?, file);
/// # }
///
/// let error = private_key_from_ppk("PuTTY-User-Key-File-1: ssh-rsa\n", None).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::UnsupportedKeyVersion);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
///
/// # Errors
///
/// Of the text: [`ErrorKind::TooLong`]; [`ErrorKind::NotAPrivateKey`] where it does not begin with `PuTTY-User-Key-File-`;
/// [`ErrorKind::InvalidFrame`] of lines that are not as they must be;
/// [`ErrorKind::InvalidBase64`] at the start of the line, stray bits included; [`ErrorKind::TrailingData`];
/// [`ErrorKind::UnsupportedKeyVersion`]; [`ErrorKind::UnsupportedType`]; those of [`check_comment`].
///
/// Of an encryption: [`ErrorKind::PassphraseRequired`]; [`ErrorKind::UnsupportedEncryption`], also of any where the
/// feature `encryption` is off; [`ErrorKind::InvalidEncryption`]; [`ErrorKind::KdfTooCostly`].
///
/// Of what the MAC is over: [`ErrorKind::WrongPassphrase`] if it is encrypted, [`ErrorKind::Damaged`] if not.
///
/// Of the key: the kinds that [`ErrorKind`] lists for blobs; those of
/// [`RsaPublicKey::new`](crate::RsaPublicKey::new); [`ErrorKind::KeyTooLarge`] over [`RsaPrivateKey::MAX_BITS`];
/// [`ErrorKind::InvalidPrime`] and [`ErrorKind::InconsistentKey`]. Their offsets count the bytes of the decoded blob that the
/// field is in.
pub fn private_key_from_ppk(text: &str, passphrase: Option<&[u8]>) -> Result<PrivateKey, Error> {
    on_wiped_stack::<16, _>(|| read(text, passphrase))
}

fn read(text: &str, passphrase: Option<&[u8]>) -> Result<PrivateKey, Error> {
    check_text_length(text, Field::PrivateKey)?;
    if !text.starts_with(SIGNATURE) {
        return Err(Error::new(ErrorKind::NotAPrivateKey).in_field(Field::PrivateKey).at(0));
    }
    let mut lines = Lines::new(text);
    let version = read_version(&mut lines)?;
    let encryption = lines.value("Encryption")?;
    let passphrase = passphrase_for(&encryption, passphrase)?;
    let comment = lines.value("Comment")?;
    check_comment(comment.text).map_err(|error| error.moved(comment.at))?;
    let public = lines.body("Public-Lines")?;
    #[cfg(feature = "encryption")]
    let derivation = passphrase.map(|passphrase| Derivation::read(&mut lines, version, passphrase)).transpose()?;
    let private = lines.body("Private-Lines")?;
    let mac_line = lines.value("Private-MAC")?;
    let mac = mac_line.hex()?;
    if mac.len() != version.mac_bytes() {
        return Err(invalid_frame(mac_line.at));
    }
    lines.finish()?;

    let keys = Keys::of_plain(version);
    #[cfg(feature = "encryption")]
    let (mut private, mut keys) = (private, keys);
    #[cfg(feature = "encryption")]
    if let Some(derivation) = &derivation {
        derivation.decrypt(&mut private, &mut keys)?;
    }
    let contents = Contents { encryption: encryption.text, comment: comment.text, public: &public, private: &private };
    if !keys.verify(version, &contents, &mac) {
        return Err(match passphrase {
            Some(_) => Error::new(ErrorKind::WrongPassphrase).in_field(Field::Passphrase),
            None => Error::new(ErrorKind::Damaged).in_field(Field::PrivateKey),
        });
    }
    let padding = if passphrase.is_some() { MAX_PADDING_BYTES } else { 0 };
    PrivateKey::from_rsa(read_key(&public, &private, padding)?, comment.text)
}

/// The bytes of padding that a private blob may end with if it is encrypted: fewer than a block of AES.
const MAX_PADDING_BYTES: usize = 15;

/// Reads the first line.
fn read_version(lines: &mut Lines<'_>) -> Result<Version, Error> {
    let (name, key_type) = lines.any_value()?;
    let version = name.strip_prefix(SIGNATURE).ok_or(invalid_frame(0))?;
    let refused = |kind, at| Err(Error::new(kind).in_field(Field::PrivateKey).at(at));
    let version = match version {
        "2" => Version::Two,
        "3" => Version::Three,
        _ => return refused(ErrorKind::UnsupportedKeyVersion, SIGNATURE.len()),
    };
    if key_type.text == RSA { Ok(version) } else { refused(ErrorKind::UnsupportedType, key_type.at) }
}

/// The passphrase, if it is needed.
fn passphrase_for<'a>(encryption: &Value<'_>, passphrase: Option<&'a [u8]>) -> Result<Option<&'a [u8]>, Error> {
    match (encryption.text, passphrase) {
        (PLAIN, _) => Ok(None),
        (AES, None) => Err(Error::new(ErrorKind::PassphraseRequired).in_field(Field::Passphrase)),
        (AES, Some(_)) if cfg!(feature = "encryption") => Ok(passphrase),
        _ => Err(Error::new(ErrorKind::UnsupportedEncryption).in_field(Field::Encryption).at(encryption.at)),
    }
}

/// The key in two blobs: an `ssh-rsa` key, and d, p, q and qInv as an `mpint` each, with as much padding at the most.
fn read_key(public: &[u8], private: &[u8], padding: usize) -> Result<RsaPrivateKey, Error> {
    let public = PublicKey::from_blob(public)?;
    let KeyData::Rsa(public) = public.key_data() else {
        return Err(Error::new(ErrorKind::TypeMismatch).in_field(Field::BlobType).at(size_of::<u32>()));
    };
    let mut reader = Reader::new(private);
    let mut number = |field| reader.mpint(field).map(|span| (field, span));
    let spans =
        [number(Field::PrivateExponent)?, number(Field::PrimeP)?, number(Field::PrimeQ)?, number(Field::Coefficient)?];
    if private.len() - reader.position() > padding {
        return Err(Error::new(ErrorKind::TrailingData).in_field(Field::PrivateBlob).at(reader.position()));
    }
    let [private_exponent, p, q, coefficient] = spans.map(|(_, span)| span.of(private));
    let (modulus, public_exponent) = (public.modulus(), public.public_exponent());
    let numbers = RsaNumbers { modulus, public_exponent, private_exponent, p, q, exponents: None, coefficient };
    RsaPrivateKey::from_numbers(&numbers)
        .map_err(|error| error.at_its_field(spans.map(|(field, span)| (field, span.start()))))
}

impl RsaPrivateKey {
    /// The PPK file, version 3, without a passphrase; wiped when dropped. It is what `puttygen` writes on Unix: LF at the
    /// end of each line.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::RsaPrivateKey;
    ///
    /// let file = RsaPrivateKey::generate(2048)?.to_ppk("me@host")?;
    /// assert!(file.starts_with("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: me@host\nPublic-Lines: 6\n"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`].
    pub fn to_ppk(&self, comment: &str) -> Result<Zeroizing<String>, Error> {
        on_wiped_stack::<16, _>(|| write_plain(self, comment))
    }

    /// The PPK file, version 3, under a passphrase, with the salt from the system's randomness: see
    /// [`RsaPrivateKey::to_ppk_encrypted_with`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{RsaPrivateKey, putty::private_key_from_ppk};
    ///
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let file = key.to_ppk_encrypted("me@host", b"correct horse")?;
    /// assert_eq!(private_key_from_ppk(&file, Some(b"correct horse"))?.into_rsa()?, key);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`RsaPrivateKey::to_ppk_encrypted_with`].
    #[cfg(all(feature = "encryption", feature = "getrandom"))]
    pub fn to_ppk_encrypted(&self, comment: &str, passphrase: &[u8]) -> Result<Zeroizing<String>, Error> {
        self.to_ppk_encrypted_with(comment, passphrase, &mut getrandom::SysRng)
    }

    /// The PPK file, version 3, under a passphrase; wiped when dropped. The cipher is AES-256-CBC, and its keys come from
    /// Argon2id with PuTTY's own settings: 8 MiB, one lane, a salt of 16 bytes. PuTTY measures how many passes take a tenth
    /// of a second; here they are 13, whatever the machine.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, RsaPrivateKey, putty::private_key_from_ppk};
    ///
    /// let key = RsaPrivateKey::generate(2048)?;
    /// let file = key.to_ppk_encrypted_with("me@host", b"correct horse", &mut getrandom::SysRng)?;
    /// assert!(file.contains("\nEncryption: aes256-cbc\n"));
    /// assert_eq!(private_key_from_ppk(&file, Some(b"battery")).unwrap_err().kind(), ErrorKind::WrongPassphrase);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`]; [`ErrorKind::EmptyPassphrase`]; [`ErrorKind::RandomnessUnavailable`];
    /// [`ErrorKind::KdfTooCostly`] where there are no 8 MiB of memory.
    #[cfg(feature = "encryption")]
    pub fn to_ppk_encrypted_with<R: TryCryptoRng + ?Sized>(
        &self,
        comment: &str,
        passphrase: &[u8],
        rng: &mut R,
    ) -> Result<Zeroizing<String>, Error> {
        on_wiped_stack::<16, _>(|| write_encrypted(self, comment, passphrase, rng))
    }
}

fn write_plain(key: &RsaPrivateKey, comment: &str) -> Result<Zeroizing<String>, Error> {
    let public = PublicKeyBuf::from_key_data(&key.public_key().into(), comment)?;
    let public = public.as_public_key();
    let private = private_blob(key)?;
    let contents = Contents { encryption: PLAIN, comment, public: public.blob(), private: &private };
    let mac = Keys::of_plain(Version::Three).mac(&contents);
    write_file(&contents, "", &mac)
}

#[cfg(feature = "encryption")]
fn write_encrypted<R: TryCryptoRng + ?Sized>(
    key: &RsaPrivateKey,
    comment: &str,
    passphrase: &[u8],
    rng: &mut R,
) -> Result<Zeroizing<String>, Error> {
    let public = PublicKeyBuf::from_key_data(&key.public_key().into(), comment)?;
    let public = public.as_public_key();
    let derivation = Derivation::new(passphrase, rng)?;
    let mut keys = Keys::of_plain(Version::Three);
    derivation.derive(&mut keys)?;
    let mut private = private_blob(key)?;
    encryption::pad(&mut private);
    let contents = Contents { encryption: AES, comment, public: public.blob(), private: &private };
    let mac = keys.mac(&contents);
    keys.encrypt(&mut private);
    write_file(
        &Contents { encryption: AES, comment, public: public.blob(), private: &private },
        &derivation.headers(),
        &mac,
    )
}

/// d, p, q and qInv as an `mpint` each, in a vector that has room for padding.
fn private_blob(key: &RsaPrivateKey) -> Result<Zeroizing<Vec<u8>>, Error> {
    let numbers = [key.private_exponent(), key.prime_p(), key.prime_q(), key.coefficient()];
    secret_mpints(&numbers, MAX_PADDING_BYTES)
}

/// The bytes of the longest lines but the comment and the blobs, all together.
const MAX_HEADER_BYTES: usize = 384;

/// Writes a file of version 3. `derivation` is the lines that say where the keys come from.
fn write_file(contents: &Contents<'_>, derivation: &str, mac: &[u8]) -> Result<Zeroizing<String>, Error> {
    let Contents { encryption, comment, public, private } = contents;
    let most = MAX_HEADER_BYTES + comment.len() + length_of_body(public) + length_of_body(private);
    // All of it at once: a string that grows leaves what it held behind.
    let mut text = Zeroizing::new(String::with_capacity(most));
    // A string takes all that is written.
    let _ = write!(text, "{SIGNATURE}3: {RSA}\nEncryption: {encryption}\nComment: {comment}\n");
    write_body(&mut text, "Public-Lines", public)?;
    text.push_str(derivation);
    write_body(&mut text, "Private-Lines", private)?;
    text.push_str("Private-MAC: ");
    write_hex(&mut text, mac);
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openssh::MAX_LINE_BYTES;

    /// The longest numbers that a key has, with the highest bit set, and the longest comment.
    #[test]
    fn the_longest_file_is_made_in_one_piece_and_can_be_read() {
        let (long, short) = ([0xff; 1024], [0xff; 512]);
        let key = RsaPrivateKey::for_test([&long, &long, &short, &short, &short, &short, &short]);
        let comment = "c".repeat(crate::openssh::MAX_COMMENT_BYTES);
        let blob = private_blob(&key).unwrap();
        assert_eq!((blob.len(), blob.capacity()), (2580, 2580 + MAX_PADDING_BYTES));
        let plain = key.to_ppk(&comment).unwrap();
        #[cfg(feature = "encryption")]
        let texts = [plain, key.to_ppk_encrypted_with(&comment, b"x", &mut crate::random::Random(1)).unwrap()];
        #[cfg(not(feature = "encryption"))]
        let texts = [plain];
        for text in texts {
            // A string that grew has twice the room.
            assert!(text.capacity() - text.len() < MAX_HEADER_BYTES, "{} of {}", text.len(), text.capacity());
            assert!(text.len() <= MAX_LINE_BYTES);
            // What is wrong is the numbers.
            let error = private_key_from_ppk(&text, Some(b"x")).unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::InconsistentKey, Some(Field::Modulus)));
        }
    }

    /// Room is made before anything is put there: what grows leaves a copy behind.
    #[cfg(feature = "encryption")]
    #[test]
    fn padding_has_its_room() {
        let [a, b] = [0xff, 0x7f].map(|first| {
            let (mut long, short) = ([0xff; 1024], [0xff; 512]);
            long[0] = first;
            RsaPrivateKey::for_test([&long, &long, &short, &short, &short, &short, &short])
        });
        for key in [a, b] {
            let mut blob = private_blob(&key).unwrap();
            let (capacity, length) = (blob.capacity(), blob.len());
            encryption::pad(&mut blob);
            assert_eq!((blob.capacity(), blob.len()), (capacity, length.next_multiple_of(16)));
        }
    }
}

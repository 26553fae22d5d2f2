//! Reads and writes the file.

#[cfg(feature = "encryption")]
use super::encryption::{self, Derivation};
use super::keys::{Contents, Keys};
use super::layout::{AES, MAX_PADDING_BYTES, PLAIN, SIGNATURE, Version};
use super::lines::{Lines, Value, invalid_frame, length_of_body, write_body, write_hex};
use super::private_blob;
use crate::error::{Error, ErrorKind, Field};
use crate::key::{Algorithm, PrivateKey, ReadOptions};
use crate::text::{check_comment, check_text_length, utf8};
use crate::wipe::on_wiped_stack;
use alloc::string::String;
use core::fmt::Write;
#[cfg(feature = "encryption")]
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

/// Reads a file. Its MAC covers the comment, which is `original` if the text has it changed.
fn read(text: &str, original: Option<&[u8]>, options: &ReadOptions<'_>) -> Result<PrivateKey, Error> {
    check_text_length(text, Field::PrivateKey)?;
    if !text.starts_with(SIGNATURE) {
        return Err(Field::PrivateKey.error_at(ErrorKind::NotAPrivateKey, 0));
    }
    let mut lines = Lines::new(text);
    let (version, algorithm) = read_version(&mut lines)?;
    let encryption = lines.value("Encryption")?;
    let passphrase = passphrase_for(&encryption, options.passphrase())?;
    let comment = lines.value("Comment")?;
    check_comment(comment.text).map_err(|error| error.moved(comment.at).in_text())?;
    let public = lines.body("Public-Lines")?;
    #[cfg(feature = "encryption")]
    let derivation =
        passphrase.map(|passphrase| Derivation::read(&mut lines, version, passphrase, options)).transpose()?;
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
    let contents = Contents {
        algorithm,
        encryption: encryption.text,
        comment: original.unwrap_or(comment.text.as_bytes()),
        public: &public,
        private: &private,
    };
    if !keys.verify(version, &contents, &mac) {
        return Err(match passphrase {
            Some(_) => Field::Passphrase.error(ErrorKind::WrongPassphrase),
            None => Field::PrivateKey.error(ErrorKind::Damaged),
        });
    }
    let padding = if passphrase.is_some() { MAX_PADDING_BYTES } else { 0 };
    private_blob::read(algorithm, &public, &private, padding, comment.text)
}

/// Reads the first line: the version, and the type of the key.
fn read_version(lines: &mut Lines<'_>) -> Result<(Version, Algorithm), Error> {
    let (name, key_type) = lines.any_value()?;
    let version = name.strip_prefix(SIGNATURE).ok_or(invalid_frame(0))?;
    let version = match version {
        "2" => Version::Two,
        "3" => Version::Three,
        _ => return Err(Field::PrivateKey.error_at(ErrorKind::UnsupportedVersion, SIGNATURE.len())),
    };
    let algorithm =
        Algorithm::of_name(key_type.text.as_bytes()).filter(|algorithm| private_blob::is_supported(*algorithm));
    let algorithm = algorithm.ok_or(Field::PrivateKey.error_at(ErrorKind::UnsupportedType, key_type.at))?;
    Ok((version, algorithm))
}

/// The passphrase, if it is needed.
fn passphrase_for<'a>(encryption: &Value<'_>, passphrase: Option<&'a [u8]>) -> Result<Option<&'a [u8]>, Error> {
    match (encryption.text, passphrase) {
        (PLAIN, _) => Ok(None),
        (AES, None) => Err(Field::Passphrase.error(ErrorKind::PassphraseRequired)),
        (AES, Some(_)) if cfg!(feature = "encryption") => Ok(passphrase),
        _ => Err(Field::Encryption.error_at(ErrorKind::UnsupportedEncryption, encryption.at).in_text()),
    }
}

impl PrivateKey {
    /// Reads a private key from a PuTTY private key file (PPK), version 2 or 3: RSA, DSA, ECDSA or Ed25519.
    ///
    /// A passphrase is ignored if the file is not encrypted. The file may be up to 16 KiB long. [`KdfLimits`](crate::KdfLimits)
    /// bounds the memory and the work of deriving the keys from the passphrase. PuTTY itself writes files that need 8 MiB and
    /// a tenth of a second.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, PrivateKey, ReadOptions};
    /// # #[cfg(feature = "getrandom")] {
    /// # use ssh_keypair::RsaPrivateKey;
    ///
    /// let file = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?.to_ppk()?;
    /// let key = PrivateKey::from_ppk(&*file, &ReadOptions::new())?;
    /// assert_eq!(key.comment(), "me@host");
    /// assert_eq!(key.to_ppk()?, file);
    /// # }
    ///
    /// let error = PrivateKey::from_ppk("PuTTY-User-Key-File-1: ssh-rsa\n", &ReadOptions::new()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::UnsupportedVersion);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// In the text: [`ErrorKind::TooLong`]; [`ErrorKind::NotAPrivateKey`] if it does not begin with `PuTTY-User-Key-File-`;
    /// [`ErrorKind::InvalidFrame`] for malformed lines; [`ErrorKind::InvalidBase64`] at the start of the line, stray bits
    /// included; [`ErrorKind::TrailingData`]; [`ErrorKind::UnsupportedVersion`]; [`ErrorKind::UnsupportedType`];
    /// [`ErrorKind::InvalidUtf8`]; those of [`check_comment`].
    ///
    /// In the encryption: [`ErrorKind::PassphraseRequired`]; [`ErrorKind::UnsupportedEncryption`], always without the feature
    /// `encryption`; [`ErrorKind::InvalidEncryption`]; [`ErrorKind::KdfTooCostly`].
    ///
    /// If the MAC does not match: [`ErrorKind::WrongPassphrase`] if the file is encrypted, [`ErrorKind::Damaged`] if not.
    ///
    /// In the key: the kinds that [`ErrorKind`] lists for blobs; those of [`RsaPublicKey::new`](crate::RsaPublicKey::new);
    /// [`ErrorKind::KeyTooLarge`] over `RsaPrivateKey::MAX_BITS`; [`ErrorKind::InconsistentKey`]. Their offsets count the
    /// bytes of the decoded blob that the field is in.
    pub fn from_ppk(file: impl AsRef<[u8]>, options: &ReadOptions<'_>) -> Result<Self, Error> {
        let text = utf8(file.as_ref(), Field::PrivateKey)?;
        on_wiped_stack::<16, _>(|| read(text, None, options))
    }

    /// Reads a PuTTY file whose comment was changed, and was this before.
    pub(crate) fn from_ppk_with_comment(text: &str, comment: &[u8], options: &ReadOptions<'_>) -> Result<Self, Error> {
        on_wiped_stack::<16, _>(|| read(text, Some(comment), options))
    }

    /// The PPK file, version 3, without a passphrase; wiped on drop. It is what `puttygen` writes on Unix: LF at the end of
    /// each line.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] for a DSA key, a composite and a key on a security key.
    pub fn to_ppk(&self) -> Result<Zeroizing<String>, Error> {
        on_wiped_stack::<16, _>(|| write_plain(self))
    }

    /// The PPK file, version 3, encrypted with a passphrase, with the system's randomness: see
    /// [`PrivateKey::to_ppk_encrypted_with`].
    ///
    /// # Errors
    ///
    /// Those of [`PrivateKey::to_ppk_encrypted_with`].
    #[cfg(all(feature = "encryption", feature = "getrandom"))]
    pub fn to_ppk_encrypted(&self, passphrase: impl AsRef<[u8]>) -> Result<Zeroizing<String>, Error> {
        self.to_ppk_encrypted_with(passphrase, &mut getrandom::SysRng)
    }

    /// The PPK file, version 3, encrypted with a passphrase; wiped on drop. The cipher is AES-256-CBC, and its keys come from
    /// Argon2id with PuTTY's own settings: 8 MiB, one lane, a salt of 16 bytes. PuTTY measures how many passes take a tenth
    /// of a second; here they are 13 on every machine.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] for a DSA key, a composite and a key on a security key; [`ErrorKind::Empty`];
    /// [`ErrorKind::RandomnessUnavailable`]; [`ErrorKind::KdfTooCostly`] if 8 MiB of memory cannot be allocated.
    #[cfg(feature = "encryption")]
    pub fn to_ppk_encrypted_with<R: TryCryptoRng + ?Sized>(
        &self,
        passphrase: impl AsRef<[u8]>,
        rng: &mut R,
    ) -> Result<Zeroizing<String>, Error> {
        on_wiped_stack::<16, _>(|| write_encrypted(self, passphrase.as_ref(), rng))
    }
}

fn write_plain(key: &PrivateKey) -> Result<Zeroizing<String>, Error> {
    let private = private_blob::of(key)?;
    let contents = contents(key, PLAIN, &private);
    let mac = Keys::of_plain(Version::Three).mac(&contents);
    write_file(&contents, key.comment(), "", &mac)
}

#[cfg(feature = "encryption")]
fn write_encrypted<R: TryCryptoRng + ?Sized>(
    key: &PrivateKey,
    passphrase: &[u8],
    rng: &mut R,
) -> Result<Zeroizing<String>, Error> {
    let mut private = private_blob::of(key)?;
    let derivation = Derivation::new(passphrase, rng)?;
    let mut keys = Keys::of_plain(Version::Three);
    derivation.derive(&mut keys)?;
    encryption::pad(&mut private);
    let mac = keys.mac(&contents(key, AES, &private));
    keys.encrypt(&mut private);
    write_file(&contents(key, AES, &private), key.comment(), &derivation.headers(), &mac)
}

fn contents<'a>(key: &'a PrivateKey, encryption: &'a str, private: &'a [u8]) -> Contents<'a> {
    let (algorithm, comment, public) = (key.algorithm(), key.comment().as_bytes(), key.public_key().blob());
    Contents { algorithm, encryption, comment, public, private }
}

/// The total length in bytes of the longest lines, without the comment and the blobs.
const MAX_HEADER_BYTES: usize = 384;

/// Writes a file of version 3. `derivation` contains the lines that describe the key derivation.
fn write_file(
    contents: &Contents<'_>,
    comment: &str,
    derivation: &str,
    mac: &[u8],
) -> Result<Zeroizing<String>, Error> {
    let Contents { algorithm, encryption, public, private, .. } = contents;
    let most = MAX_HEADER_BYTES + comment.len() + length_of_body(public) + length_of_body(private);
    // All memory is allocated at once: a string that grows leaves its contents in freed memory.
    let mut text = Zeroizing::new(String::with_capacity(most));
    // Writing to a string cannot fail.
    let _ = write!(text, "{SIGNATURE}3: {algorithm}\nEncryption: {encryption}\nComment: {comment}\n");
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
    use crate::rsa::RsaPrivateKey;
    use crate::text::{MAX_COMMENT_BYTES, MAX_LINE_BYTES};

    /// Uses the longest numbers that a key can have, with the highest bit set, and the longest comment.
    #[test]
    fn the_longest_file_is_made_in_one_piece_and_can_be_read() {
        let (long, short) = ([0xff; 1024], [0xff; 512]);
        let key = RsaPrivateKey::for_test([&long, &long, &short, &short, &short, &short, &short]);
        let comment = "c".repeat(MAX_COMMENT_BYTES);
        let key = PrivateKey::from_rsa(key, &comment).unwrap();
        let blob = private_blob::of(&key).unwrap();
        assert_eq!((blob.len(), blob.capacity()), (2580, 2580 + MAX_PADDING_BYTES));
        let plain = key.to_ppk().unwrap();
        #[cfg(feature = "encryption")]
        let texts = [plain, key.to_ppk_encrypted_with(b"x", &mut crate::random::Random(1)).unwrap()];
        #[cfg(not(feature = "encryption"))]
        let texts = [plain];
        for text in texts {
            // A string that grew would have twice the capacity.
            assert!(text.capacity() - text.len() < MAX_HEADER_BYTES, "{} of {}", text.len(), text.capacity());
            assert!(text.len() <= MAX_LINE_BYTES);
            // Only the numbers are invalid.
            let error = PrivateKey::from_ppk(&*text, &ReadOptions::new().with_passphrase(b"x")).unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::InconsistentKey, Some(Field::Modulus)));
        }
    }

    /// Capacity is reserved before anything is written: a vector that grows leaves a copy in freed memory.
    #[cfg(feature = "encryption")]
    #[test]
    fn padding_has_its_room() {
        let [a, b] = [0xff, 0x7f].map(|first| {
            let (mut long, short) = ([0xff; 1024], [0xff; 512]);
            long[0] = first;
            let key = RsaPrivateKey::for_test([&long, &long, &short, &short, &short, &short, &short]);
            PrivateKey::from_rsa(key, "").unwrap()
        });
        for key in [a, b] {
            let mut blob = private_blob::of(&key).unwrap();
            let (capacity, length) = (blob.capacity(), blob.len());
            encryption::pad(&mut blob);
            assert_eq!((blob.capacity(), blob.len()), (capacity, length.next_multiple_of(16)));
        }
    }
}

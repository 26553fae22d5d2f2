//! Reads a private key in any supported format: chooses the parser by the start of the input.

use super::detect::{KeyFormat, private_format};
use super::report::ReadReport;
use crate::error::{Error, ErrorKind, Field};
use crate::key::{PrivateKey, ReadOptions};
use crate::text::{MAX_LINE_BYTES, Normalization, check_text_length, reject_private_key, utf8};
use alloc::string::String;
use alloc::vec::Vec;
use zeroize::Zeroizing;

impl PrivateKey {
    /// Reads a private key in any supported format, which is recognized by the start of the input. Encrypted keys need the
    /// feature `encryption`; a passphrase is ignored if the key is not encrypted.
    ///
    /// | begins with | format | key types | written by |
    /// |---|---|---|---|
    /// | `-----BEGIN RSA PRIVATE KEY-----` | PKCS#1 | RSA | [`to_pkcs1_pem`](crate::pkcs::EncodeRsaPrivateKey::to_pkcs1_pem) |
    /// | the same, and `Proc-Type: 4,ENCRYPTED` | PKCS#1, encrypted as OpenSSL used to write it | RSA | |
    /// | `-----BEGIN EC PRIVATE KEY-----` | SEC 1, with or without `EC PARAMETERS` before it | ECDSA | `EcdsaPrivateKey::to_sec1_pem` |
    /// | `-----BEGIN DSA PRIVATE KEY-----` | OpenSSL's | DSA | |
    /// | the same two, and `Proc-Type: 4,ENCRYPTED` | encrypted as OpenSSL used to write it | ECDSA, DSA | |
    /// | `-----BEGIN PRIVATE KEY-----` | PKCS#8 | RSA, Ed25519, ECDSA; DSA is only read | [`to_pkcs8_pem`](crate::pkcs::EncodePrivateKey::to_pkcs8_pem) |
    /// | `-----BEGIN ENCRYPTED PRIVATE KEY-----` | PKCS#8, encrypted | the same | `to_encrypted_pkcs8_pem` |
    /// | `-----BEGIN OPENSSH PRIVATE KEY-----` | OpenSSH's | all | [`to_openssh`](Self::to_openssh) |
    /// | the same | OpenSSH's, encrypted | all | `to_openssh_encrypted` |
    /// | `PuTTY-User-Key-File-3: ` | PuTTY's, plain or encrypted | RSA, Ed25519, ECDSA; DSA is only read | [`to_ppk`](Self::to_ppk), `to_ppk_encrypted` |
    /// | `PuTTY-User-Key-File-2: ` | that of PuTTY before 0.75 | the same | |
    /// | the byte `0x30` | the DER of any of these | RSA, Ed25519, ECDSA, DSA | [`to_pkcs1_der`](crate::pkcs::EncodeRsaPrivateKey::to_pkcs1_der), `EcdsaPrivateKey::write_sec1_der`, [`to_pkcs8_der`](crate::pkcs::EncodePrivateKey::to_pkcs8_der) |
    ///
    /// Encrypted PKCS#8 is written with scrypt or with PBKDF2 (`pkcs::Kdf`), encrypted OpenSSH files with AES-256-CTR or
    /// AES-256-GCM (`openssh::Cipher`), and PuTTY files as version 3. We check that a key's numbers are consistent,
    /// including its public half. (A security key never reveals its secret number, so only its public half is checked.) An RSA
    /// key without a passphrase has exactly one encoding in each format that is written, and so has any key in OpenSSH's format
    /// and PuTTY's. PKCS#8 and SEC 1 have several for the other types, all of which are read.
    ///
    /// The comment is that of the file, and is empty if the format has none, as in PKCS#1 and PKCS#8.
    /// [`into_rsa`](Self::into_rsa) returns the RSA key without its comment. Text is UTF-8, or UTF-16 with a byte order mark. It
    /// begins with the key: anything before it is rejected, even an empty line.
    ///
    /// The time is that of the key derivation, which is bounded, and of the checks: RSA of 2048 bits takes about a millisecond
    /// with AVX-512 and about six without; 8192 bits, the maximum, about thirty with and a few hundred without.
    ///
    /// Only OpenSSH's GCM ciphers and PuTTY's format authenticate an encrypted file. Anyone who changes another encrypted file,
    /// even without the passphrase, changes what is decrypted, and the error may reveal something about it. Tell an untrusted
    /// sender that the file was rejected, and nothing else.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, PrivateKey, ReadOptions, RsaPrivateKey};
    ///
    /// let file = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?.to_openssh()?;
    /// let key = PrivateKey::parse(&*file, &ReadOptions::new())?;
    /// println!("{} {}", key.sha256_fingerprint(), key.comment());
    ///
    /// let error = PrivateKey::parse("ssh-rsa AAAAB3NzaC1yc2E...", &ReadOptions::new()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::NotAPrivateKey);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotAPrivateKey`]; [`ErrorKind::InvalidFrame`] if the input does not begin with the private key that is in
    /// it, with the offset of the key, and for a private key in a format that is not in the table; [`ErrorKind::TooLong`] over
    /// [`MAX_LINE_BYTES`]; [`ErrorKind::InvalidUtf8`]; those of [`PrivateKey::from_pem`], [`PrivateKey::from_openssh`],
    /// [`PrivateKey::from_ppk`] and [`RsaPrivateKey::from_der`](crate::RsaPrivateKey::from_der). Offsets in UTF-16 count the
    /// bytes of the same text in UTF-8.
    pub fn parse(input: impl AsRef<[u8]>, options: &ReadOptions<'_>) -> Result<Self, Error> {
        read(input.as_ref(), options).map(|(key, _)| key)
    }

    /// Reads a private key as [`PrivateKey::parse`] does, and reports its format and what was changed before it was accepted.
    ///
    /// # Errors
    ///
    /// Those of [`PrivateKey::parse`].
    pub fn parse_with_report(input: impl AsRef<[u8]>, options: &ReadOptions<'_>) -> Result<(Self, ReadReport), Error> {
        read(input.as_ref(), options)
    }
}

fn read(input: &[u8], options: &ReadOptions<'_>) -> Result<(PrivateKey, ReadReport), Error> {
    // The tag of a DER sequence is the digit 0 as text, and no text format begins with it.
    if input.starts_with(b"0") {
        let key = PrivateKey::from_der(input, options)?;
        return Ok((key, ReadReport { format: KeyFormat::PrivateKeyDer, normalizations: Vec::new() }));
    }
    let decoded = from_utf16(input)?;
    let text = match &decoded {
        Some(text) => text.as_str(),
        None => utf8(input, Field::PrivateKey)?,
    };
    let key = read_text(text, options)?;
    // An accepted input begins with its key, so there is nothing to search for.
    let format = private_format(text);
    let normalizations = decoded.iter().map(|_| Normalization::FromUtf16).collect();
    Ok((key, ReadReport { format, normalizations }))
}

fn read_text(text: &str, options: &ReadOptions<'_>) -> Result<PrivateKey, Error> {
    if text.starts_with("-----BEGIN OPENSSH ") {
        PrivateKey::from_openssh(text, options)
    } else if text.starts_with("-----BEGIN ") {
        PrivateKey::from_pem(text, options)
    } else if text.starts_with("PuTTY-User-Key-File-") {
        PrivateKey::from_ppk(text, options)
    } else {
        check_text_length(text, Field::PrivateKey)?;
        match reject_private_key(text) {
            Ok(()) => Err(Field::PrivateKey.error_at(ErrorKind::NotAPrivateKey, 0)),
            Err(found) => Err(Field::PrivateKey.error_at(ErrorKind::InvalidFrame, found.offset().unwrap_or(0))),
        }
    }
}

/// The text of an input in UTF-16 with a byte order mark. None for any other input.
fn from_utf16(input: &[u8]) -> Result<Option<Zeroizing<String>>, Error> {
    let unit: fn([u8; 2]) -> u16 = match input {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return Ok(None),
    };
    if input.len() > 2 * MAX_LINE_BYTES {
        return Err(Field::PrivateKey.error(ErrorKind::TooLong).at(MAX_LINE_BYTES));
    }
    let (units, []) = input.as_chunks::<2>() else {
        return Err(Field::PrivateKey.error(ErrorKind::InvalidUtf8).at(input.len()));
    };
    // A unit of UTF-16 needs at most three bytes in UTF-8, so the string never grows: growing would leave a copy in memory.
    let mut text = Zeroizing::new(String::with_capacity(3 * units.len()));
    for c in char::decode_utf16(units.iter().skip(1).map(|bytes| unit(*bytes))) {
        let Ok(c) = c else { return Err(Field::PrivateKey.error(ErrorKind::InvalidUtf8).at(text.len())) };
        text.push(c);
    }
    Ok(Some(text))
}

#[cfg(all(test, ssh_keypair_ctgrind))]
mod tests {
    use super::*;
    use pkcs1::EncodeRsaPrivateKey;
    use pkcs8::{EncodePrivateKey, LineEnding};

    /// Run under memcheck by `.ci/ctgrind`.
    #[test]
    fn no_branch_and_no_index_depends_on_a_number_that_is_written() {
        let pem = include_str!("../../tests/data/private/rsa2048.pkcs1.pem");
        let mut key = PrivateKey::parse(pem, &ReadOptions::new()).unwrap().into_rsa().unwrap();
        key.classify();
        let (pkcs1, pkcs8) = (key.to_pkcs1_pem(LineEnding::LF).unwrap(), key.to_pkcs8_pem(LineEnding::LF).unwrap());
        let key = PrivateKey::from_rsa(key, "test").unwrap();
        for text in [pkcs1, pkcs8, key.to_openssh().unwrap(), key.to_ppk().unwrap()] {
            assert!(text.len() > 1400);
        }
    }

    /// Run under memcheck by `.ci/ctgrind`.
    #[cfg(feature = "ec")]
    #[test]
    fn no_branch_and_no_index_depends_on_the_secret_half_of_a_curve_key_that_is_written() {
        use crate::key::{EcdsaCurve, EcdsaPrivateKey, Ed25519PrivateKey};

        let mut key = Ed25519PrivateKey::from_seed(&[9; 32]).unwrap();
        key.classify();
        let mut keys = std::vec![PrivateKey::from_ed25519(key, "test").unwrap()];
        for curve in [EcdsaCurve::P256, EcdsaCurve::P384, EcdsaCurve::P521] {
            let mut key = EcdsaPrivateKey::from_seed(curve, &[9; 32]).unwrap();
            key.classify();
            assert!(key.to_sec1_pem().unwrap().len() > 200);
            keys.push(PrivateKey::from_ecdsa(key, "test").unwrap());
        }
        for key in keys {
            for text in [key.to_pkcs8_pem(LineEnding::LF).unwrap(), key.to_openssh().unwrap(), key.to_ppk().unwrap()] {
                assert!(text.len() > 100);
            }
        }
    }
}

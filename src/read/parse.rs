//! Reads a private key in any supported format: finds it in the file, and chooses the parser by its contents.

use super::detect::{KeyFormat, format_of_label};
use super::mistakes::named;
use super::putty_lines::named_line;
use super::report::ReadReport;
use crate::error::{Error, ErrorKind, Field, Mistake};
use crate::key::{KeyData, PrivateKey, ReadOptions};
use crate::openssh::is_openssh_blob;
use crate::pkcs::identify;
use crate::rsa::RsaPublicKey;
use crate::text::{Contents, Normalization, Pem, PrivateKeyFile, find_private_key, utf8};
use alloc::vec::Vec;
use zeroize::Zeroizing;

impl PrivateKey {
    /// Reads a private key in any supported format, wherever it is in the input. Encrypted keys need the
    /// feature `encryption`; a passphrase is ignored if the key is not encrypted.
    ///
    /// | begins with | format | key types | written by |
    /// |---|---|---|---|
    /// | `-----BEGIN RSA PRIVATE KEY-----` | PKCS#1 | RSA | [`to_pkcs1_pem`](crate::pkcs::EncodeRsaPrivateKey::to_pkcs1_pem) |
    /// | the same, and `Proc-Type: 4,ENCRYPTED` | PKCS#1, encrypted as OpenSSL used to write it | RSA | |
    /// | `-----BEGIN EC PRIVATE KEY-----` | SEC 1, with or without `EC PARAMETERS` before it | ECDSA | [`EcdsaPrivateKey::to_sec1_pem`](crate::EcdsaPrivateKey::to_sec1_pem) |
    /// | `-----BEGIN DSA PRIVATE KEY-----` | OpenSSL's | DSA | |
    /// | the same two, and `Proc-Type: 4,ENCRYPTED` | encrypted as OpenSSL used to write it | ECDSA, DSA | |
    /// | `-----BEGIN PRIVATE KEY-----` | PKCS#8 | RSA, Ed25519, ECDSA; DSA is only read | [`to_pkcs8_pem`](crate::pkcs::EncodePrivateKey::to_pkcs8_pem) |
    /// | `-----BEGIN ENCRYPTED PRIVATE KEY-----` | PKCS#8, encrypted | the same | [`to_encrypted_pkcs8_pem`](Self::to_encrypted_pkcs8_pem) |
    /// | `-----BEGIN OPENSSH PRIVATE KEY-----` | OpenSSH's | all | [`to_openssh`](Self::to_openssh) |
    /// | the same | OpenSSH's, encrypted | all | [`to_openssh_encrypted`](Self::to_openssh_encrypted) |
    /// | `PuTTY-User-Key-File-3: ` | PuTTY's, plain or encrypted | RSA, Ed25519, ECDSA; DSA is only read | [`to_ppk`](Self::to_ppk), [`to_ppk_encrypted`](Self::to_ppk_encrypted) |
    /// | `PuTTY-User-Key-File-2: ` | that of PuTTY before 0.75 | the same | |
    /// | the byte `0x30` | the DER of any of these | RSA, Ed25519, ECDSA, DSA | [`to_pkcs1_der`](crate::pkcs::EncodeRsaPrivateKey::to_pkcs1_der), [`EcdsaPrivateKey::write_sec1_der`](crate::EcdsaPrivateKey::write_sec1_der), [`to_pkcs8_der`](crate::pkcs::EncodePrivateKey::to_pkcs8_der) |
    ///
    /// Encrypted PKCS#8 is written with scrypt or with PBKDF2 ([`pkcs::Kdf`](crate::pkcs::Kdf)), encrypted OpenSSH files with
    /// AES-256-CTR or AES-256-GCM ([`openssh::Cipher`](crate::openssh::Cipher)), and PuTTY files as version 3. We check that a
    /// key's numbers are consistent, including its public half. (A security key never reveals its secret number, so only its
    /// public half is checked. Of the composite of ML-DSA-44 and Ed25519, only the Ed25519 half is.) An unencrypted RSA key has
    /// exactly one encoding in each format that is written. Any other key has exactly one in PuTTY's format, and one in
    /// OpenSSH's, unless it is ECDSA: we accept leading zeros in its number, as `ssh-keygen` does, and never write them. PKCS#8
    /// and SEC 1 have several encodings for the other types, and we read all of them.
    ///
    /// The comment is that of the file, and is empty if the format has none, as in PKCS#1 and PKCS#8.
    /// [`into_rsa`](Self::into_rsa) returns the RSA key without its comment. The key is found
    /// wherever it is in the file, which may have up to 64 KiB, and identified by its contents rather than its label.
    /// [`Normalization`] lists what is skipped or undone: white space, text around the key, quotes, escaped and lost line breaks.
    /// A file with more than one private key is rejected, even if the keys are damaged or have other labels.
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
    /// use ssh_keypair::{ErrorKind, Mistake, PrivateKey, ReadOptions, RsaPrivateKey};
    ///
    /// let file = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?.to_openssh()?;
    /// let key = PrivateKey::parse(&*file, &ReadOptions::new())?;
    /// println!("{} {}", key.sha256_fingerprint(), key.comment());
    ///
    /// let error = PrivateKey::parse("ssh-rsa AAAAB3NzaC1yc2E...", &ReadOptions::new()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Mistake(Mistake::PublicKey));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Empty`]; [`ErrorKind::NotAPrivateKey`]; [`ErrorKind::Mistake`] for other inputs, such as a public key,
    /// PKCS#12 or a file without its END line; [`ErrorKind::MultipleKeys`]; [`ErrorKind::TooLong`] over 64 KiB;
    /// [`ErrorKind::InvalidUtf8`]; those of [`PrivateKey::from_pem`], [`PrivateKey::from_openssh`], [`PrivateKey::from_ppk`]
    /// and [`RsaPrivateKey::from_der`](crate::RsaPrivateKey::from_der).
    pub fn parse(input: impl AsRef<[u8]>, options: &ReadOptions<'_>) -> Result<Self, Error> {
        read(input.as_ref(), options).map(|(key, _)| key)
    }

    /// Reads a private key as [`PrivateKey::parse`] does, and reports its format and what was changed before it was accepted.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{KeyFormat, Normalization, PrivateKey, ReadOptions, RsaPrivateKey};
    ///
    /// let file = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?.to_openssh()?;
    /// let (_, report) = PrivateKey::parse_with_report(format!("my key:\n{}", *file), &ReadOptions::new())?;
    /// assert_eq!(report.format, KeyFormat::OpensshPrivateKey);
    /// assert_eq!(report.normalizations, [Normalization::SurroundingText]);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PrivateKey::parse`].
    pub fn parse_with_report(input: impl AsRef<[u8]>, options: &ReadOptions<'_>) -> Result<(Self, ReadReport), Error> {
        read(input.as_ref(), options)
    }
}

fn read(input: &[u8], options: &ReadOptions<'_>) -> Result<(PrivateKey, ReadReport), Error> {
    let PrivateKeyFile { contents, mut normalizations } =
        find_private_key(input).map_err(|error| why_not_found(input, error))?;
    let (key, format) = match contents {
        Contents::Der(der) => {
            let found =
                identify(Zeroizing::new(der.to_vec()), None, options).map_err(|error| why_not_der(der, error))?;
            normalizations.extend(found.normalizations);
            (found.key, KeyFormat::PrivateKeyDer)
        }
        Contents::Pem(pem) => read_pem(pem, options, &mut normalizations)?,
        Contents::Putty { text, comment, places } => {
            let key = utf8(&text, Field::PrivateKey)
                .and_then(|text| {
                    PrivateKey::from_ppk_with_comment(text, &comment, options).map_err(|error| named_line(text, error))
                })
                .map_err(|error| error.moved_in_text(|offset| places.of(offset)))?;
            (key, KeyFormat::PuttyPrivateKey)
        }
    };
    Ok((key, ReadReport { format, normalizations }))
}

/// Reads a PEM by its contents.
fn read_pem(
    mut pem: Pem,
    options: &ReadOptions<'_>,
    normalizations: &mut Vec<Normalization>,
) -> Result<(PrivateKey, KeyFormat), Error> {
    let (key, label) = if is_openssh_blob(&pem.blob) {
        let (key, comment_changed) = PrivateKey::from_openssh_blob(&mut pem.blob, options)?;
        normalizations.extend(comment_changed.then_some(Normalization::Comment));
        (key, "OPENSSH PRIVATE KEY")
    } else {
        let dek_info = pem.dek_info.as_ref().map(|(at, value)| (*at, value.as_str()));
        let der = pem.blob.clone();
        let found = identify(pem.blob, dek_info, options).map_err(|error| match why_not_der(&der, error).kind() {
            ErrorKind::Mistake(Mistake::PublicKey) => public_under_private("a public key"),
            ErrorKind::Mistake(Mistake::X509) => public_under_private("a certificate"),
            _ => error,
        })?;
        normalizations.extend(found.normalizations);
        (found.key, found.label)
    };
    if pem.label != label {
        normalizations.push(Normalization::OtherLabel);
    }
    Ok((key, format_of_label(label)))
}

/// The error of something public whose BEGIN line says PRIVATE KEY.
fn public_under_private(name: &'static str) -> Error {
    Mistake::PublicUnderPrivate(name).error_at(Field::PrivateKey, 0)
}

/// The reason why there is no private key in a file, if it is something else that people have.
fn why_not_found(input: &[u8], error: Error) -> Error {
    if error.kind() != ErrorKind::NotAPrivateKey {
        return error;
    }
    let mistake = match KeyFormat::detect(input) {
        Some(KeyFormat::X509Pem) if is_certificate_request(input) => Mistake::CertificateRequest,
        Some(KeyFormat::X509Pem) => Mistake::X509,
        Some(format) if format.is_public_key() => Mistake::PublicKey,
        _ => match core::str::from_utf8(input).ok().and_then(other_text) {
            Some(mistake) => mistake,
            None => return error,
        },
    };
    mistake.error_at(Field::PrivateKey, 0)
}

fn is_certificate_request(input: &[u8]) -> bool {
    let labels = [&b"-----BEGIN CERTIFICATE REQUEST-----"[..], b"-----BEGIN NEW CERTIFICATE REQUEST-----"];
    labels.into_iter().any(|label| input.windows(label.len()).any(|window| window == label))
}

/// What a text is that is neither a private nor a public key.
fn other_text(text: &str) -> Option<Mistake> {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.starts_with('{') && trimmed.contains("\"kty\"") {
        return Some(Mistake::Jwk);
    }
    if is_certificate_request(text.as_bytes()) {
        return Some(Mistake::CertificateRequest);
    }
    if trimmed.contains("-----BEGIN CERTIFICATE-----") {
        return Some(Mistake::X509);
    }
    match named(text, Field::PublicKey.error(ErrorKind::UnknownKeyType)).kind() {
        ErrorKind::Mistake(mistake @ (Mistake::Path | Mistake::Fingerprint | Mistake::Ssh1 | Mistake::Xmss)) => {
            Some(mistake)
        }
        // Parts of a public key, or one with something around it.
        ErrorKind::Mistake(
            Mistake::HostName
            | Mistake::UserName
            | Mistake::ListDash
            | Mistake::Quotes
            | Mistake::NoKeyType(_)
            | Mistake::OtherTypeName(_)
            | Mistake::Base64OfLine,
        ) => Some(Mistake::PublicKey),
        _ => None,
    }
}

/// The reason why DER is no private key: it is another structure.
fn why_not_der(der: &[u8], error: Error) -> Error {
    // After the header of the sequence.
    let contents = der.get(
        match der.get(1) {
            Some(length @ 0x81..=0x84) => 2 + usize::from(length & 0x7f),
            _ => 2,
        }..,
    );
    let mistake = match contents {
        // The version of PKCS#12 is 3.
        Some([2, 1, 3, 0x30, ..]) => Mistake::Pkcs12,
        // A certificate begins with two sequences and its version, which has a tag of its own.
        Some([0x30, 0x81, _, 0xa0, 3, 2, 1, ..] | [0x30, 0x82, _, _, 0xa0, 3, 2, 1, ..]) => Mistake::X509,
        // A certificate signing request has its version there, without such a tag.
        Some([0x30, 0x81, _, 2, 1, 0, 0x30, ..] | [0x30, 0x82, _, _, 2, 1, 0, 0x30, ..]) => Mistake::CertificateRequest,
        _ if KeyData::from_spki_der(der).is_ok() || RsaPublicKey::from_pkcs1_der(der).is_ok() => Mistake::PublicKey,
        _ => return error,
    };
    mistake.error_at(Field::PrivateKey, 0)
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

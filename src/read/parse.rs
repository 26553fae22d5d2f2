//! Private keys in any form that people have: which form a text is, and who reads it.

use crate::error::{Error, ErrorKind, Field};
use crate::openssh::{PrivateKey, check_text_length, refuse_private_key};
#[cfg(doc)]
use crate::rsa::RsaPrivateKey;
use crate::{pkcs, putty};

/// Reads a private key in any form, known by how the text begins. What has a passphrase takes the feature `encryption`; a
/// key that is not encrypted needs none, and one that is given is not looked at.
///
/// | begins with | form | in | out |
/// |---|---|---|---|
/// | `-----BEGIN RSA PRIVATE KEY-----` | PKCS#1 | RSA | [`RsaPrivateKey::to_pem`] |
/// | the same, and `Proc-Type: 4,ENCRYPTED` | PKCS#1 under a passphrase, as OpenSSL used to write it | RSA | |
/// | `-----BEGIN PRIVATE KEY-----` | PKCS#8 | RSA | [`RsaPrivateKey::to_pkcs8`] |
/// | `-----BEGIN ENCRYPTED PRIVATE KEY-----` | PKCS#8 under a passphrase | RSA | `RsaPrivateKey::to_pkcs8_encrypted` |
/// | `-----BEGIN OPENSSH PRIVATE KEY-----` | OpenSSH's | all types | [`RsaPrivateKey::to_openssh`], [`PrivateKey::to_openssh`] |
/// | the same | the same under a passphrase | all types | `RsaPrivateKey::to_openssh_encrypted`, `PrivateKey::to_openssh_encrypted` |
/// | `PuTTY-User-Key-File-3: ` | PuTTY's, plain or under a passphrase | RSA | [`RsaPrivateKey::to_ppk`], `RsaPrivateKey::to_ppk_encrypted` |
/// | `PuTTY-User-Key-File-2: ` | that of PuTTY before 0.75 | RSA | |
///
/// The comment is that of the file, and empty where the form has none. The text begins with the key: what stands before it,
/// if only an empty line, is refused. RSA's forms in DER are read by [`pkcs::private_key_from_pkcs1_der`] and
/// [`pkcs::private_key_from_pkcs8_der`].
///
/// The time is that of the key derivation, which is bounded, and of the checks: RSA of 2048 bits takes about a millisecond
/// with AVX-512 and some six without; 8192 bits, the most, some thirty and a few hundred.
///
/// An encrypted file is authenticated by OpenSSH's GCM ciphers and by PuTTY's forms, and by no other: whoever changes such a
/// file without the passphrase changes what is decrypted, and the reason of a refusal may tell of it. A service shows a
/// sender whom it does not trust no more than that the file was refused.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::{ErrorKind, RsaPrivateKey, read_private_key};
///
/// let text = RsaPrivateKey::generate(2048)?.to_openssh("me@host")?;
/// let key = read_private_key(&text, None)?;
/// println!("{} {}", key.public_key().sha256_fingerprint(), key.public_key().comment());
/// assert_eq!(key.into_rsa()?.bits(), 2048);
///
/// let error = read_private_key("ssh-rsa AAAAB3NzaC1yc2E...", None).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::NotAPrivateKey);
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::NotAPrivateKey`]; [`ErrorKind::InvalidFrame`] of a text that does not begin with the private key that is in
/// it, with the offset of the key, and of a private key in a form that is not in the table; [`ErrorKind::TooLong`] over
/// [`MAX_LINE_BYTES`](crate::openssh::MAX_LINE_BYTES); those of [`pkcs::private_key_from_pem`], [`PrivateKey::parse`] and
/// [`putty::private_key_from_ppk`].
pub fn read_private_key(text: &str, passphrase: Option<&[u8]>) -> Result<PrivateKey, Error> {
    if text.starts_with("-----BEGIN OPENSSH ") {
        PrivateKey::parse(text, passphrase)
    } else if text.starts_with("-----BEGIN ") {
        PrivateKey::from_rsa(pkcs::private_key_from_pem(text, passphrase)?, "")
    } else if text.starts_with("PuTTY-User-Key-File-") {
        putty::private_key_from_ppk(text, passphrase)
    } else {
        check_text_length(text, Field::PrivateKey)?;
        let refused = |kind, at| Err(Error::new(kind).in_field(Field::PrivateKey).at(at));
        match refuse_private_key(text) {
            Ok(()) => refused(ErrorKind::NotAPrivateKey, 0),
            Err(found) => refused(ErrorKind::InvalidFrame, found.offset().unwrap_or(0)),
        }
    }
}

#[cfg(all(test, ssh_keypair_ctgrind))]
mod tests {
    use super::*;

    /// Run under memcheck by `.ci/ctgrind`.
    #[test]
    fn no_branch_and_no_index_depends_on_a_number_that_is_written() {
        let pem = include_str!("../tests/data/private/rsa2048.pkcs1.pem");
        let mut key = pkcs::private_key_from_pem(pem, None).unwrap();
        key.classify();
        for text in [key.to_pem(), key.to_pkcs8(), key.to_openssh("test"), key.to_ppk("test")] {
            assert!(text.unwrap().len() > 1400);
        }
    }
}

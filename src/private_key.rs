//! Private keys in any form that people have: which form a text is, and who reads it.

use crate::error::{Error, ErrorKind, Field};
use crate::openssh::PrivateKey;
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
/// The comment is that of the file, and empty where the form has none. The time is that of the key derivation, which is
/// bounded, and of the checks: a few milliseconds for RSA of 4096 bits, with AVX-512 less than one.
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
/// [`ErrorKind::NotAPrivateKey`]; those of [`pkcs::private_key_from_pem`], [`PrivateKey::parse`] and
/// [`putty::private_key_from_ppk`].
pub fn read_private_key(text: &str, passphrase: Option<&[u8]>) -> Result<PrivateKey, Error> {
    if text.starts_with("-----BEGIN OPENSSH ") {
        PrivateKey::parse(text, passphrase)
    } else if text.starts_with("-----BEGIN ") {
        PrivateKey::from_rsa(pkcs::private_key_from_pem(text, passphrase)?, "")
    } else if text.starts_with("PuTTY-User-Key-File-") {
        putty::private_key_from_ppk(text, passphrase)
    } else {
        Err(Error::new(ErrorKind::NotAPrivateKey).in_field(Field::PrivateKey).at(0))
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

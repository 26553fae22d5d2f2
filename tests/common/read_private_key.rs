//! The form of a private key is told by its first line.

use ssh_keypair::openssh::PrivateKey;
use ssh_keypair::{Error, pkcs, putty};

pub(crate) fn read_private_key(text: &str, passphrase: Option<&[u8]>) -> Result<PrivateKey, Error> {
    if text.starts_with("PuTTY-User-Key-File-") {
        putty::private_key_from_ppk(text, passphrase)
    } else if text.contains("-----BEGIN OPENSSH PRIVATE KEY-----") {
        PrivateKey::parse(text, passphrase)
    } else {
        PrivateKey::from_rsa(pkcs::private_key_from_pem(text, passphrase)?, "")
    }
}

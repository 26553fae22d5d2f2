//! Any bytes as the DER of a private key, and any text as one in any form: no panic, and what is taken without a passphrase
//! is encoded back. With what is taken every other form is made, and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssh_keypair::PrivateKey;
use ssh_keypair::pkcs::{self, MAX_DER_BYTES};
use ssh_keypair::{Error, ErrorKind, RsaPrivateKey, read_private_key};

/// The text of a key that was read, as this crate writes it.
fn written(text: &str, key: &PrivateKey) -> String {
    let rsa = || key.as_rsa().unwrap();
    let text = match text {
        _ if text.starts_with("-----BEGIN OPENSSH") => key.to_openssh(),
        _ if text.starts_with("-----BEGIN RSA") => rsa().to_pem(),
        _ if text.starts_with("-----BEGIN PRIVATE") => rsa().to_pkcs8(),
        _ => rsa().to_ppk(key.public_key().comment()),
    };
    text.unwrap().to_string()
}

/// Checks that a key goes through all forms.
fn check(key: &PrivateKey) {
    let comment = key.public_key().comment().to_owned();
    let same = |text: &str, comment: &str| {
        let again = read_private_key(text, Some(b"of no use")).unwrap();
        assert_eq!(again.public_key().blob(), key.public_key().blob());
        assert_eq!(again.public_key().comment(), comment);
        assert_eq!(again.as_rsa(), key.as_rsa());
    };
    same(&key.to_openssh().unwrap(), &comment);
    let Some(rsa) = key.as_rsa() else { return };
    same(&rsa.to_pem().unwrap(), "");
    same(&rsa.to_pkcs8().unwrap(), "");
    same(&rsa.to_ppk(&comment).unwrap(), &comment);
}

/// Checks one of the two parsers of DER and its writer.
fn check_der(
    der: &[u8],
    read: impl Fn(&[u8]) -> Result<RsaPrivateKey, Error>,
    write: impl for<'a> Fn(&RsaPrivateKey, &'a mut [u8]) -> Result<&'a [u8], Error>,
) {
    match read(der) {
        Ok(key) => {
            assert_eq!(write(&key, &mut [0; MAX_DER_BYTES]).unwrap(), der);
            check(&PrivateKey::from_rsa(key, "").unwrap());
        }
        Err(error) => assert!(error.offset().is_none_or(|at| at <= der.len()), "{error}"),
    }
}

fuzz_target!(|data: &[u8]| {
    check_der(data, pkcs::private_key_from_pkcs1_der, |key, buffer| key.write_der(buffer));
    check_der(data, pkcs::private_key_from_pkcs8_der, |key, buffer| key.write_pkcs8_der(buffer));
    let Ok(text) = core::str::from_utf8(data) else { return };
    match read_private_key(text, None) {
        Ok(key) => {
            // Line ends are taken in several forms, and the last one may be missing; lines of OpenSSH's form may be of
            // another width, its check numbers any, and PuTTY's older version is not written.
            let again = written(text, &key);
            if !text.starts_with("-----BEGIN OPENSSH") && !text.starts_with("PuTTY-User-Key-File-2") {
                let mut unix = text.replace("\r\n", "\n").replace('\r', "\n");
                if !unix.ends_with('\n') {
                    unix.push('\n');
                }
                assert_eq!(again, unix);
            }
            check(&key);
        }
        Err(error) => {
            assert!(error.offset().is_none_or(|at| at <= text.len()), "{error}");
            assert_ne!(error.kind(), ErrorKind::WrongPassphrase);
        }
    }
});

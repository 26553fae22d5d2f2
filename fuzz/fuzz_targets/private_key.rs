//! Any bytes as the DER of a private key, and any text as a private key in any format: no panic. A key that a strict constructor
//! reads without a passphrase is encoded back. Every key is also written in every other format, and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssh_keypair::pkcs::{DecodePrivateKey, DecodeRsaPrivateKey, EncodePrivateKey, EncodeRsaPrivateKey, LineEnding};
use ssh_keypair::{Error, ErrorKind, PrivateKey, ReadOptions, RsaPrivateKey};

/// The encoding of a key that was read, as this crate writes it. None if several encodings of the key are accepted in this
/// format: PKCS#8, SEC 1 and DSA's PEM of any key but RSA, and a PuTTY file of Ed25519; and for a DSA key in PuTTY's format,
/// which is only read.
fn written(text: &str, key: &PrivateKey) -> Option<String> {
    let text = match (text, key.as_rsa()) {
        _ if text.starts_with("-----BEGIN OPENSSH") => key.to_openssh().unwrap(),
        (text, Some(rsa)) if text.starts_with("-----BEGIN RSA") => rsa.to_pkcs1_pem(LineEnding::LF).unwrap(),
        (text, Some(rsa)) if text.starts_with("-----BEGIN PRIVATE") => rsa.to_pkcs8_pem(LineEnding::LF).unwrap(),
        (_, None) if key.as_ecdsa().is_none() || text.starts_with("-----") => return None,
        _ => key.to_ppk().unwrap(),
    };
    Some(text.to_string())
}

/// Whether a strict constructor reads a text. It must read the same key.
fn is_strict(text: &str, key: &PrivateKey) -> bool {
    let options = ReadOptions::new();
    let strict = [
        PrivateKey::from_pem(text, &options),
        PrivateKey::from_openssh(text, &options),
        PrivateKey::from_ppk(text, &options),
    ];
    assert!(strict.iter().flatten().all(|strict| strict == key));
    strict.iter().any(Result::is_ok)
}

/// Checks that a key can be written and read in all formats.
fn check(key: &PrivateKey) {
    let comment = key.public_key().comment().to_owned();
    let same = |text: &str, comment: &str| {
        let again = PrivateKey::parse(text, &ReadOptions::new().with_passphrase(b"of no use")).unwrap();
        assert_eq!(again.public_key().blob(), key.public_key().blob());
        assert_eq!(again.public_key().comment(), comment);
        assert!(again == *key);
    };
    same(&key.to_openssh().unwrap(), &comment);
    if let Some(key) = key.as_ecdsa() {
        same(&key.to_sec1_pem().unwrap(), "");
    }
    if key.as_ecdsa().is_some() || key.as_ed25519().is_some() {
        same(&key.to_pkcs8_pem(LineEnding::LF).unwrap(), "");
        same(&key.to_ppk().unwrap(), &comment);
    }
    let Some(rsa) = key.as_rsa() else { return };
    same(&rsa.to_pkcs1_pem(LineEnding::LF).unwrap(), "");
    same(&rsa.to_pkcs8_pem(LineEnding::LF).unwrap(), "");
    same(&key.to_ppk().unwrap(), &comment);
}

/// Checks the parser of DER, the parsers for each format, and the writer.
fn check_der(der: &[u8]) {
    let (pkcs1, pkcs8) = (RsaPrivateKey::from_pkcs1_der(der), RsaPrivateKey::from_pkcs8_der(der));
    match RsaPrivateKey::from_der(der) {
        Ok(key) => {
            assert_ne!(pkcs1.is_ok(), pkcs8.is_ok());
            let written = if pkcs1.is_ok() { key.to_pkcs1_der().unwrap() } else { key.to_pkcs8_der().unwrap() };
            assert_eq!(written.as_bytes(), der);
            check(&PrivateKey::from_rsa(key, "").unwrap());
        }
        Err(error) => {
            assert!(pkcs1.is_err() && pkcs8.is_err());
            assert!(error.offset().is_none_or(|at| at <= der.len()), "{error}");
        }
    }
}

/// Checks that the bytes around a canonical file, and white space in it, do not change the key.
fn check_generosity(data: &[u8], key: &PrivateKey) {
    let canonical = key.to_openssh().unwrap();
    let (before, after) = data.split_at(data.len() / 2);
    let file = [before, b"\n", canonical.as_bytes(), b"\n", after].concat();
    if let Ok((read, _)) = PrivateKey::parse_with_report(&file, &ReadOptions::new()) {
        assert!(read == *key);
        assert_eq!(read.comment(), key.comment());
    }
    let spaced = canonical.replace('\n', "\r\r\n \t\n");
    let (read, report) = PrivateKey::parse_with_report(&spaced, &ReadOptions::new()).unwrap();
    assert!(read == *key && !report.normalizations.is_empty());
    assert!(PrivateKey::from_openssh(&spaced, &ReadOptions::new()).is_err());
}

/// Checks a key that was read from bytes that may have been damaged: it is that of the strict parse of its canonical file.
/// Returns what was read.
fn check_report(data: &[u8]) -> Result<PrivateKey, Error> {
    let options = ReadOptions::new();
    let key = match PrivateKey::parse(data, &options) {
        Ok(key) => key,
        Err(error) => {
            assert!(error.offset().is_none_or(|at| at <= data.len()), "{error}");
            let position = error.position(data);
            assert!(position.is_none_or(|position| position.line <= data.len() + 1));
            return Err(error);
        }
    };
    let canonical = PrivateKey::from_openssh(key.to_openssh().unwrap().as_str(), &options).unwrap();
    assert!(canonical == key);
    check_generosity(data, &key);
    Ok(key)
}

fuzz_target!(|data: &[u8]| {
    check_der(data);
    let parsed = check_report(data);
    let Ok(text) = core::str::from_utf8(data) else { return };
    match parsed {
        Ok(key) => {
            // Several line endings are accepted, and the last may be missing. In OpenSSH's format, lines may have another
            // width, and the check numbers any value. PuTTY's older version is not written.
            if is_strict(text, &key)
                && let Some(again) = written(text, &key)
                && !text.starts_with("-----BEGIN OPENSSH")
                && !text.starts_with("PuTTY-User-Key-File-2")
            {
                let mut unix = text.replace("\r\n", "\n").replace('\r', "\n");
                if !unix.ends_with('\n') {
                    unix.push('\n');
                }
                assert_eq!(again, unix);
            }
            check(&key);
        }
        Err(error) => {
            assert_ne!(error.kind(), ErrorKind::WrongPassphrase);
        }
    }
});

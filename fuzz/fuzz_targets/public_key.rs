//! Any text as a public key in every format, and any bytes as a blob or DER: no panic, and an accepted key is encoded back byte
//! for byte.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssh_keypair::openssh::{CertificateRef, MAX_BLOB_BYTES, MAX_LINE_BYTES, check_comment};
use ssh_keypair::pkcs::{MAX_PUBLIC_DER_BYTES, MAX_PUBLIC_PEM_BYTES};
use ssh_keypair::{Algorithm, ErrorKind, HashAlgorithm, KeyData, PublicKey, PublicKeyRef, Randomart};

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = core::str::from_utf8(data) {
        is_a_line(text);
        is_a_file(text);
        is_pem(text);
    }
    if let Ok(key) = PublicKeyRef::from_blob(data) {
        assert_eq!(key.blob(), data);
        is_whole(&key);
    }
    if let Ok(certificate) = CertificateRef::from_blob(data) {
        assert_eq!(certificate.blob(), data);
        let mut plain = [0; MAX_BLOB_BYTES];
        is_whole(&certificate.public_key(&mut plain).unwrap());
        is_whole(&certificate.signature_key());
    }
    if let Ok(key) = KeyData::from_spki_der(data) {
        assert_eq!(key.write_spki_der(&mut [0; MAX_PUBLIC_DER_BYTES]).unwrap(), data);
        is_whole(&PublicKey::from_key_data(&key, "").unwrap().as_public_key_ref());
    }
});

/// One OpenSSH line, of a supported type, or of an opaque one.
fn is_a_line(text: &str) {
    let (mut buffer, mut other) = ([0; MAX_BLOB_BYTES], [0; MAX_BLOB_BYTES]);
    let line = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    let owned = text.parse::<PublicKey>();
    let opaque = PublicKeyRef::parse_opaque(text, &mut other);
    match PublicKeyRef::parse(text, &mut buffer) {
        Ok(key) => {
            assert_eq!(key.to_string(), line);
            assert_eq!(key.write_line(&mut [0; MAX_LINE_BYTES]).unwrap(), line);
            assert_eq!(owned.unwrap().to_string(), line);
            assert_eq!(opaque, Ok(key));
            let canonical = key.canonical().to_string();
            assert_eq!(canonical.parse::<PublicKey>().unwrap().to_string(), canonical);
            is_whole(&key);
        }
        Err(error) => {
            assert_eq!(owned.unwrap_err(), error);
            assert!(error.offset().is_none_or(|at| at <= text.len()), "{error}");
            if let Ok(key) = opaque {
                assert_eq!((key.algorithm(), error.kind()), (Algorithm::Opaque, ErrorKind::UnknownKeyType));
                assert_eq!(key.to_string(), line);
                assert!(line.starts_with(key.type_name()));
                assert!(matches!(key.key_data(), KeyData::Opaque(fields) if key.blob().ends_with(fields)));
            }
        }
    }
}

/// An RFC 4716 file: written and read again, the key is the same.
fn is_a_file(text: &str) {
    match PublicKey::from_rfc4716(text) {
        Ok(key) => is_whole(&key.as_public_key_ref()),
        Err(error) => {
            let in_text = error.offset().is_none_or(|at| at <= text.len());
            assert!(in_text, "{error}");
        }
    }
}

/// PEM: written again, the key has the same encoding, with LF.
fn is_pem(text: &str) {
    match PublicKey::from_pem(text) {
        Ok(key) => {
            let key = key.as_public_key_ref();
            let with_lf = text.replace("\r\n", "\n").replace('\r', "\n");
            let mut buffer = [0; MAX_PUBLIC_PEM_BYTES];
            let written = match key.key_data() {
                KeyData::Rsa(key) if text.starts_with("-----BEGIN RSA") => key.write_pkcs1_pem(&mut buffer).unwrap(),
                key => key.write_spki_pem(&mut buffer).unwrap(),
            };
            assert_eq!(with_lf.trim_end_matches('\n'), written.trim_end_matches('\n'));
            is_whole(&key);
        }
        Err(error) => assert!(error.offset().is_none_or(|at| at <= text.len()), "{error}"),
    }
}

/// A key is the same when it is built from its parts and when it is written and read in each format that supports it, and it
/// has fingerprints and pictures.
fn is_whole(key: &PublicKeyRef<'_>) {
    let mut buffer = [0; MAX_BLOB_BYTES];
    let again = PublicKeyRef::from_key_data(&key.key_data(), "", &mut buffer).unwrap();
    assert_eq!(again.blob(), key.blob());
    assert_eq!(again.key_data(), key.key_data());
    if let Ok(file) = key.to_rfc4716() {
        let file = file.to_string();
        let read = PublicKey::from_rfc4716(&file).unwrap();
        assert_eq!(read.as_public_key_ref(), *key, "{file}");
    }
    match key.key_data().write_spki_pem(&mut [0; MAX_PUBLIC_PEM_BYTES]) {
        Ok(pem) => assert_eq!(PublicKey::from_pem(pem).unwrap().as_public_key_ref().blob(), key.blob()),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::UnsupportedType);
            assert!(matches!(
                key.algorithm(),
                Algorithm::SkEcdsaP256 | Algorithm::SkEd25519 | Algorithm::MlDsa44Ed25519
            ));
        }
    }
    assert_eq!(check_comment(key.comment()).is_ok(), key.with_comment(key.comment()).is_ok());
    for algorithm in [HashAlgorithm::Md5, HashAlgorithm::Sha256] {
        let fingerprint = key.fingerprint(algorithm);
        assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
        let picture = Randomart::new(&fingerprint, key.algorithm().short_name(), key.bits()).to_string();
        assert!(picture.lines().all(|line| line.len() == 19) && picture.lines().count() == 11, "{picture}");
    }
}

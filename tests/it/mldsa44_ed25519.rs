//! The post-quantum composite of ML-DSA-44 and Ed25519: our own key, made with Python's `cryptography`, and OpenSSH's.

use crate::common::{blob, corpus, data, what};
use pkcs8::EncodePrivateKey;
use ssh_keypair::openssh::{Certificate, CertificateType};
use ssh_keypair::pkcs::Kdf;
use ssh_keypair::{
    Algorithm, Ed25519PublicKey, ErrorKind, Field, KeyFormat, MlDsa44Ed25519PublicKey, PrivateKey, PublicKey,
    PublicKeyRef, ReadOptions,
};

const NAME: &str = "ssh-mldsa44-ed25519@openssh.com";

fn public_key() -> PublicKey {
    data("composite/mldsa44-ed25519.pub").parse().unwrap()
}

#[test]
fn a_line_is_read_and_written_whole_and_from_its_halves() {
    let line = data("composite/mldsa44-ed25519.pub");
    let key = public_key();
    assert_eq!(format!("{key}\n"), line);
    assert_eq!((key.algorithm(), key.bits(), key.comment()), (Algorithm::MlDsa44Ed25519, 256, "test key"));
    assert_eq!(NAME.parse(), Ok(key.algorithm()));
    assert_eq!(key.algorithm().short_name(), "MLDSA44-ED25519");
    assert_eq!(KeyFormat::detect(&line), Some(KeyFormat::PublicKeyLine));
    let halves = key.key_data().as_mldsa44_ed25519().unwrap();
    let again =
        MlDsa44Ed25519PublicKey::new(halves.mldsa44(), Ed25519PublicKey::new(halves.ed25519().as_bytes()).unwrap());
    assert_eq!(PublicKey::from_key_data(&again.into(), "test key"), Ok(key.clone()));
    assert_eq!(
        PublicKey::from_rfc4716(&key.as_public_key_ref().to_rfc4716().unwrap().to_string()).unwrap().blob(),
        key.blob()
    );
}

#[test]
fn other_lengths_and_points_are_rejected() {
    let halves = public_key().blob()[4 + NAME.len() + 4..].to_vec();
    let error = |halves: &[u8]| what(PublicKeyRef::from_blob(&blob(&[NAME.as_bytes(), halves])).unwrap_err());
    let at = 4 + NAME.len() + 4;
    for other in [&halves[1..], &[&halves[..], &[0]].concat(), &[], &halves[..1312], &halves[1312..]] {
        assert_eq!(error(other), (ErrorKind::InvalidValue, Some(Field::Point), Some(at)));
    }
    // Of small order, and not on the curve.
    for low in [0, 2] {
        let mut point = [0; 32];
        point[0] = low;
        let other = [&halves[..1312], &point].concat();
        assert_eq!(error(&other), (ErrorKind::InvalidPoint, Some(Field::Point), Some(at + 1312)));
    }
    let trailing = [public_key().blob(), &[0]].concat();
    assert_eq!(PublicKeyRef::from_blob(&trailing).unwrap_err().kind(), ErrorKind::TrailingData);
}

#[test]
fn a_private_key_is_read_and_written() {
    let file = data("composite/mldsa44-ed25519.openssh");
    let key = PrivateKey::parse(&file, &ReadOptions::new()).unwrap();
    assert_eq!(key.public_key(), &public_key());
    // The check bytes are ours.
    let written = key.to_openssh().unwrap();
    assert_eq!(written.len(), file.len());
    let again = PrivateKey::from_openssh(&written, &ReadOptions::new()).unwrap();
    assert_eq!((again.comment(), &again), ("test key", &key));
    assert_eq!(again.to_openssh().unwrap(), written);
    let renamed = again.with_comment("another").unwrap();
    assert_eq!(
        PrivateKey::from_openssh(renamed.to_openssh().unwrap(), &ReadOptions::new()).unwrap().comment(),
        "another"
    );
    assert_eq!(key.to_encrypted_pkcs8_pem(b"x", Kdf::Scrypt).unwrap_err().kind(), ErrorKind::UnsupportedType);
    assert!(key.to_pkcs8_der().is_err());
    assert_eq!(key.to_ppk().unwrap_err().kind(), ErrorKind::UnsupportedType);
    assert!(key.as_ed25519().is_none());
}

#[test]
fn the_keys_and_the_certificate_of_openssh_have_their_fingerprints() {
    let Some(corpus) = corpus() else { return };
    let read = |file: &str| std::fs::read_to_string(corpus.join("corpus/openssh-portable").join(file)).unwrap();
    for name in ["mldsa44_ed25519_1", "mldsa44_ed25519_2"] {
        let key: PublicKey = read(&format!("{name}.pub")).parse().unwrap();
        assert_eq!(format!("{key}\n"), read(&format!("{name}.pub")));
        assert_eq!(format!("{}\n", key.sha256_fingerprint()), read(&format!("{name}.fp")));
        let private = PrivateKey::parse(read(name), &ReadOptions::new()).unwrap();
        assert_eq!(private.public_key().blob(), key.blob());
    }
    let certificate: Certificate = read("mldsa44_ed25519_1-cert.pub").parse().unwrap();
    assert_eq!(certificate.algorithm(), Algorithm::MlDsa44Ed25519);
    assert!(matches!(certificate.certificate_type(), CertificateType::User | CertificateType::Host));
    assert_eq!(format!("{}\n", certificate.sha256_fingerprint()), read("mldsa44_ed25519_1-cert.fp"));
    assert_eq!(format!("{certificate}\n"), read("mldsa44_ed25519_1-cert.pub"));
    assert!(certificate.to_string().starts_with("ssh-mldsa44-ed25519-cert-v01@openssh.com "));
}

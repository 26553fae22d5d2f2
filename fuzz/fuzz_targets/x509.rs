//! Any bytes as the DER of a certificate, and any text as its PEM: no panic, and what is taken is encoded back, and is taken
//! as that.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssh_keypair::keypair::{KeyPair, Policy, Profile};
use ssh_keypair::x509::Certificate;

fuzz_target!(|data: &[u8]| {
    // Weak keys are taken, too: most that come of a flipped bit are.
    let policy = Policy::strict().with_refused_severity(None);
    match Certificate::from_der(data) {
        Ok(certificate) => {
            assert_eq!(certificate.as_der(), data);
            let pem = certificate.to_string();
            assert_eq!(pem.parse(), Ok(certificate));
            // An import takes every one, as that text.
            let key_pair =
                KeyPair::import_x509("demo", &pem, None, &Profile::documented().with_policy(policy)).unwrap();
            assert_eq!((key_pair.public_key(), key_pair.canonical_public_key()), (&*pem, &*pem));
        }
        Err(error) => assert!(error.offset().is_none_or(|at| at <= data.len()), "{error}"),
    }
    let Ok(text) = core::str::from_utf8(data) else { return };
    match text.parse::<Certificate>() {
        Ok(certificate) => {
            let mut unix = text.replace("\r\n", "\n").replace('\r', "\n");
            if !unix.ends_with('\n') {
                unix.push('\n');
            }
            assert_eq!(certificate.to_string(), unix);
        }
        Err(error) => assert!(error.offset().is_none_or(|at| at <= text.len().max(12_288)), "{error}"),
    }
    let lenient = Profile::nova().with_policy(policy.with_lenient(true));
    if let Ok(key_pair) = KeyPair::import_x509("demo", text, None, &lenient) {
        assert!(key_pair.public_key() == text || key_pair.change().is_some());
        key_pair.public_key().parse::<Certificate>().unwrap();
    }
});

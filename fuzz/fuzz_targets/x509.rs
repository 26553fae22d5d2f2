//! Any bytes as the DER of a certificate, and any text as its PEM: no panic, and an accepted certificate is encoded back, and
//! accepted again in that encoding.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssh_keypair::keypair::{ImportPolicy, KeyPairName, Profile, Record};
use ssh_keypair::x509::Certificate;

fuzz_target!(|data: &[u8]| {
    let name: KeyPairName = "demo".parse().unwrap();
    // Weak keys are allowed: most keys with a flipped bit are weak.
    let policy = ImportPolicy::new().allow_weak_keys();
    match Certificate::from_der(data) {
        Ok(certificate) => {
            assert_eq!(certificate.as_der(), data);
            let pem = certificate.to_string();
            assert_eq!(pem.parse(), Ok(certificate));
            // An import accepts every certificate in this encoding.
            let profile = Profile::documented().with_policy(policy.clone());
            let record = Record::import_x509(name.clone(), &pem, None, &profile).unwrap();
            assert_eq!((record.public_key_for_response(), record.public_key()), (&*pem, &*pem));
        }
        Err(error) => assert!(error.offset().is_none_or(|at| at <= data.len()), "{error}"),
    }
    let lenient = Profile::nova().with_policy(policy.allow_normalization());
    match Record::import_x509(name, data, None, &lenient) {
        Ok(record) => {
            assert!(record.public_key_for_response().as_bytes() == data || record.normalization().is_some());
            let json = serde_json::to_string(&record).unwrap();
            assert_eq!(serde_json::from_str::<Record>(&json).unwrap(), record);
        }
        Err(error) => assert!(error.offset().is_none_or(|at| at <= data.len().max(12_288)), "{error}"),
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
});

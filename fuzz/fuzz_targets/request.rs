//! Any JSON as a request of any version: no panic, and no answer without a key of its own.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssh_keypair::keypair::Profile;
use ssh_keypair::os_keypairs::{ApiVersion, Refusal, Request};

fuzz_target!(|data: &[u8]| {
    let Some((minor, json)) = data.split_first() else { return };
    let Ok(body) = serde_json::from_slice(json) else { return };
    let version: ApiVersion = format!("2.{}", minor % 93).parse().unwrap();
    for profile in [Profile::documented(), Profile::nova()] {
        let refusal = match Request::new(&body, version, &profile) {
            // A key would take too long to make here.
            Ok(request) if !request.is_import() => {
                assert!(version < ApiVersion::V2_92);
                continue;
            }
            Ok(request) => match request.answer("caller") {
                Ok(response) => {
                    assert!(response.private_key().is_none());
                    let json = serde_json::to_value(&response).unwrap();
                    assert_eq!(json["keypair"]["fingerprint"], response.key_pair().fingerprint());
                    assert_eq!(json["keypair"].get("type").is_some(), version >= ApiVersion::V2_2);
                    continue;
                }
                Err(refusal) => refusal,
            },
            Err(refusal) => refusal,
        };
        assert!(matches!(refusal, Refusal::Shape { .. } | Refusal::BadKey(_) | Refusal::BadCertificate(_)));
        assert_eq!(refusal.status(), 400);
        assert!(!refusal.text("").is_empty() && !refusal.to_string().is_empty());
    }
});

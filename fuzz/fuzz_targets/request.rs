//! Any JSON as a request of any version: no panic, and a response that matches the version and the key.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssh_keypair::keypair::{Profile, Record};
use ssh_keypair::os_keypairs::{ApiVersion, Caller, Request, RequestError};

fuzz_target!(|data: &[u8]| {
    let Some((minor, json)) = data.split_first() else { return };
    let Ok(body) = serde_json::from_slice(json) else { return };
    let version: ApiVersion = format!("2.{}", minor % 105).parse().unwrap();
    let caller = Caller::new("caller".parse().unwrap(), "project", "admin");
    for profile in [Profile::documented(), Profile::nova()] {
        let error = match Request::new(&body, version, &profile) {
            // Generating a key would take too long here.
            Ok(request) if !request.is_import() => {
                assert!(version < ApiVersion::V2_92);
                continue;
            }
            Ok(request) => match request.answer(&caller) {
                Ok(response) => {
                    assert!(response.private_key().is_none());
                    let json = serde_json::to_value(&response).unwrap();
                    assert_eq!(json["keypair"]["fingerprint"], response.record().fingerprint_colon_hex());
                    assert_eq!(json["keypair"].get("type").is_some(), version >= ApiVersion::V2_2);
                    // An accepted record can be loaded again.
                    let record = response.into_record();
                    let stored = serde_json::to_string(&record).unwrap();
                    assert_eq!(serde_json::from_str::<Record>(&stored).unwrap(), record);
                    continue;
                }
                Err(error) => error,
            },
            Err(error) => error,
        };
        assert!(matches!(
            error,
            RequestError::InvalidField { .. } | RequestError::BadKey(_) | RequestError::BadCertificate(_)
        ));
        assert_eq!(error.status(), 400);
        assert!(!error.message().is_empty() && !error.to_string().is_empty());
    }
});

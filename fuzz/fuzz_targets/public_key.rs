//! Any text as a public key line, and any bytes as a blob: no panic, and what is taken is encoded back byte for byte.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey, PublicKeyBuf};

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = core::str::from_utf8(data) {
        let mut blob = [0; MAX_BLOB_BYTES];
        let owned = text.parse::<PublicKeyBuf>();
        match PublicKey::parse(text, &mut blob) {
            Ok(key) => {
                let line = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
                assert_eq!(key.to_string(), line);
                assert_eq!(owned.unwrap().to_string(), line);
                let canonical = key.canonical().to_string();
                assert_eq!(canonical.parse::<PublicKeyBuf>().unwrap().to_string(), canonical);
            }
            Err(error) => {
                assert_eq!(owned.unwrap_err(), error);
                assert!(error.offset().is_none_or(|at| at <= text.len()), "{error}");
            }
        }
    }
    if let Ok(key) = PublicKey::from_blob(data) {
        assert_eq!(key.blob(), data);
        let mut blob = [0; MAX_BLOB_BYTES];
        assert_eq!(PublicKey::from_key_data(&key.key_data(), "", &mut blob).unwrap().blob(), data);
    }
});

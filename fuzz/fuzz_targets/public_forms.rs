//! Any bytes as DER, and any text as PEM or an RFC 4716 file: no panic, and an accepted key is encoded back. It is also
//! written in the other formats, which are accepted too. A strict
//! parser accepts the line that the lenient reader returns as the same key, and rejects an input that the lenient reader had to
//! change.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssh_keypair::openssh::{Entry, KnownHost};
use ssh_keypair::pkcs::{MAX_PUBLIC_DER_BYTES, MAX_PUBLIC_PEM_BYTES};
use ssh_keypair::{KeyData, Normalization, PublicEntry, PublicKey, RsaPublicKey};

/// Checks that a key can be written and read in all formats, and returns its PEMs.
fn check(key: &KeyData<'_>) -> [Option<String>; 2] {
    let owned = PublicKey::from_key_data(key, "").unwrap();
    let (mut der, mut pem) = ([0; MAX_PUBLIC_DER_BYTES], [0; MAX_PUBLIC_PEM_BYTES]);
    let spki = key.write_spki_pem(&mut pem).ok().map(String::from);
    if let Some(pem) = &spki {
        assert_eq!(PublicKey::from_pem(pem).unwrap(), owned);
        assert_eq!(KeyData::from_spki_der(key.write_spki_der(&mut der).unwrap()).unwrap(), *key);
    }
    let KeyData::Rsa(rsa) = key else { return [spki, None] };
    assert_eq!(RsaPublicKey::from_pkcs1_der(rsa.write_pkcs1_der(&mut der).unwrap()).unwrap(), *rsa);
    let pkcs1 = rsa.write_pkcs1_pem(&mut pem).unwrap().to_owned();
    assert_eq!(PublicKey::from_pem(&pkcs1).unwrap(), owned);
    [spki, Some(pkcs1)]
}

/// Checks what the lenient reader makes of an input.
fn read(data: &[u8]) {
    let Ok((entry, report)) = PublicEntry::read_with_report(data) else { return };
    let line = entry.to_string();
    match &entry {
        PublicEntry::Line(entry) => assert_eq!(line.parse::<Entry>().as_ref(), Ok(entry)),
        PublicEntry::KnownHost(host) => assert_eq!(line.parse::<KnownHost>().as_ref(), Ok(host)),
    }
    // What is stored is one line, and reading it again changes nothing.
    let (again, report_again) = PublicEntry::read_with_report(&line).unwrap();
    assert_eq!(again, entry);
    assert!(report_again.normalizations.iter().all(|change| *change == Normalization::EscapeInComment));
    let is_strict =
        core::str::from_utf8(data).is_ok_and(|text| text.parse::<Entry>().is_ok() || text.parse::<KnownHost>().is_ok());
    assert_eq!(is_strict, report.normalizations.iter().all(|change| *change == Normalization::EscapeInComment));
}

fuzz_target!(|data: &[u8]| {
    read(data);
    let mut buffer = [0; MAX_PUBLIC_DER_BYTES];
    match KeyData::from_spki_der(data) {
        Ok(key) => {
            assert_eq!(key.write_spki_der(&mut buffer).unwrap(), data);
            check(&key);
        }
        Err(error) => assert!(error.offset().is_none_or(|at| at <= data.len()), "{error}"),
    }
    match RsaPublicKey::from_pkcs1_der(data) {
        Ok(key) => {
            assert_eq!(key.write_pkcs1_der(&mut buffer).unwrap(), data);
            check(&key.into());
        }
        Err(error) => assert!(error.offset().is_none_or(|at| at <= data.len()), "{error}"),
    }
    let Ok(text) = core::str::from_utf8(data) else { return };
    match PublicKey::from_pem(text) {
        Ok(key) => {
            let mut unix = text.replace("\r\n", "\n").replace('\r', "\n");
            if !unix.ends_with('\n') {
                unix.push('\n');
            }
            assert!(check(&key.key_data()).contains(&Some(unix)));
        }
        Err(error) => assert!(error.offset().is_none_or(|at| at <= text.len()), "{error}"),
    }
    match PublicKey::from_rfc4716(text) {
        Ok(key) => {
            // A file that is just short enough may be too long as this crate writes it.
            if let Ok(file) = key.as_public_key_ref().to_rfc4716() {
                assert_eq!(PublicKey::from_rfc4716(&file.to_string()).unwrap(), key);
            }
            check(&key.key_data());
        }
        Err(error) => assert!(error.offset().is_none_or(|at| at <= text.len().max(12_288)), "{error}"),
    }
});

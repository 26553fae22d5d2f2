//! What is the same for all public types: the traits that they implement, the names that are parsed back, conversions, and
//! what the errors of small buffers say.

#![cfg(all(feature = "ec", feature = "encryption", feature = "shared-primes", feature = "std", feature = "x509"))]

use crate::common::data;
use ssh_keypair::audit::{Denylist, DenylistRef, Factor, Findings, FindingsIter, Severity, SharedFactor, Weakness};
use ssh_keypair::keypair::{
    AcceptedKey, Created, ImportPolicy, ImportedPair, KeyPairName, KeyType, NameAlphabet, PrivateKeyFormat, Profile,
    Record, StoredRecord, UserId,
};
use ssh_keypair::openssh::{
    AuthorizedKey, AuthorizedKeyRef, AuthorizedKeys, Certificate, CertificateRef, CertificateType, Cipher, Entry,
    EntryRef, KeyOption, KnownHost, KnownHostMarker, MAX_BLOB_BYTES,
};
#[cfg(feature = "serde")]
use ssh_keypair::os_keypairs::VersionDocument;
use ssh_keypair::os_keypairs::{
    Action, ApiVersion, BaseUrl, Call, Caller, FieldError, ListResponse, Query, Request, RequestBody, RequestError,
    Response, ShowResponse,
};
use ssh_keypair::pkcs::Kdf;
use ssh_keypair::{
    Algorithm, DsaPublicKey, Ec2Fingerprint, EcdsaCurve, EcdsaPrivateKey, EcdsaPublicKey, Ed25519PrivateKey,
    Ed25519PublicKey, Error, ErrorKind, Field, Fingerprint, HashAlgorithm, KdfLimit, KdfLimits, KeyData, KeyFormat,
    KeySpec, Md5Fingerprint, Mistake, MlDsa44Ed25519PublicKey, Normalization, Position, PrivateKey, PublicEntry,
    PublicKey, PublicKeyRef, Randomart, ReadOptions, ReadReport, RsaPrivateKey, RsaPublicKey, SecurityKey,
    Sha1Fingerprint, Sha256Fingerprint, Sha384Fingerprint, Sha512Fingerprint, x509,
};
use std::collections::HashSet;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::str::FromStr;

/// Does not compile if one of the types lacks a trait.
macro_rules! assert_implement {
    ($name:ident: $($bound:path),+ => $($type:ty),+ $(,)?) => {
        #[allow(dead_code)]
        fn $name() {
            fn assert<T: $($bound +)+>() {}
            $(assert::<$type>();)+
        }
    };
}

// Every public type can be sent to and shared with other threads, and can cross `catch_unwind`.
assert_implement!(auto_traits: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe, Debug =>
    AcceptedKey, Action, Algorithm, ApiVersion, AuthorizedKey, AuthorizedKeyRef<'_>, AuthorizedKeys<'_>, BaseUrl, Call,
    Caller, Certificate, CertificateRef<'_>, CertificateType, Cipher, Created, Denylist, DenylistRef<'_>,
    DsaPublicKey<'_>, Ec2Fingerprint, EcdsaCurve, EcdsaPrivateKey, EcdsaPublicKey<'_>, Ed25519PrivateKey,
    Ed25519PublicKey<'_>, Entry, EntryRef<'_>, Error, ErrorKind, Factor, Field, FieldError, Findings, FindingsIter,
    Fingerprint, HashAlgorithm, ImportPolicy, ImportedPair, Kdf, KdfLimit, KdfLimits, KeyData<'_>, KeyFormat,
    KeyOption<'_>, KeyPairName, KeySpec, KeyType, KnownHost, KnownHostMarker, ListResponse<'_>, Md5Fingerprint, Mistake,
    MlDsa44Ed25519PublicKey<'_>, NameAlphabet, Normalization, Position, PrivateKey, PrivateKeyFormat, Profile,
    PublicEntry, PublicKey, PublicKeyRef<'_>, Query, Randomart, ReadOptions<'_>, ReadReport, Record, Request,
    RequestBody, RequestError, Response, RsaPrivateKey, RsaPublicKey<'_>, SecurityKey<'_, Ed25519PublicKey<'_>>,
    Severity, Sha1Fingerprint, Sha256Fingerprint, Sha384Fingerprint, Sha512Fingerprint, SharedFactor, ShowResponse<'_>,
    StoredRecord<'_>, UserId, Weakness, x509::Certificate,
);
#[cfg(feature = "serde")]
assert_implement!(auto_traits_with_serde: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe, Debug => VersionDocument);

// All except private keys, types that may contain one, factors, and iterators.
assert_implement!(values: Clone, Eq, Hash =>
    AcceptedKey, Action, Algorithm, ApiVersion, AuthorizedKey, AuthorizedKeyRef<'_>, BaseUrl, Call, Caller, Certificate,
    CertificateRef<'_>, CertificateType, Cipher, Denylist, DenylistRef<'_>, DsaPublicKey<'_>, Ec2Fingerprint, EcdsaCurve,
    EcdsaPublicKey<'_>, Ed25519PublicKey<'_>, Entry, EntryRef<'_>, Error, ErrorKind, Field, FieldError, Findings,
    Fingerprint, HashAlgorithm, ImportPolicy, Kdf, KdfLimit, KdfLimits, KeyData<'_>, KeyFormat, KeyOption<'_>,
    KeyPairName, KeySpec, KeyType, KnownHost, KnownHostMarker, ListResponse<'_>, Md5Fingerprint, Mistake,
    MlDsa44Ed25519PublicKey<'_>, NameAlphabet, Normalization, Position, PrivateKeyFormat, Profile, PublicEntry,
    PublicKey, PublicKeyRef<'_>, Query, Randomart, ReadReport, Record, RequestError, RsaPublicKey<'_>,
    SecurityKey<'_, Ed25519PublicKey<'_>>, Severity, Sha1Fingerprint, Sha256Fingerprint, Sha384Fingerprint,
    Sha512Fingerprint, ShowResponse<'_>, StoredRecord<'_>, UserId, Weakness, x509::Certificate,
);
#[cfg(feature = "serde")]
assert_implement!(values_with_serde: Clone, Eq, Hash => VersionDocument);

#[test]
fn the_list_above_has_every_public_type() {
    let (_, lists) = include_str!("api.rs").split_once("assert_implement!(auto_traits").unwrap();
    let (lists, _) = lists.split_once("assert_implement!(values").unwrap();
    let listed: HashSet<&str> = lists.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let mut count = 0;
    for line in include_str!("../../.ci/public-api.txt").lines() {
        let Some((_, item)) = line.split_once("pub struct ").or_else(|| line.split_once("pub enum ")) else { continue };
        let path = item.split(['<', '(', ' ']).next().unwrap();
        let name = path.rsplit("::").next().unwrap();
        assert!(listed.contains(name), "{path}");
        count += 1;
    }
    assert!(count > 80, "{count}");
}

/// Checks that each value is parsed from its name, which no other value has.
fn are_parsed<T>(all: &[T], name_of: impl Fn(T) -> &'static str, unknown: ErrorKind)
where
    T: Copy + Debug + PartialEq + FromStr<Err = Error>,
{
    let names: HashSet<&str> = all.iter().map(|value| name_of(*value)).collect();
    assert_eq!(names.len(), all.len(), "{names:?}");
    for value in all {
        let name = name_of(*value);
        assert_eq!(name.parse(), Ok(*value), "{name}");
        assert!(name.to_uppercase().parse::<T>().is_err(), "{name}");
    }
    for other in ["", "no such name"] {
        assert_eq!(other.parse::<T>().unwrap_err().kind(), unknown);
    }
}

/// Checks it for a type whose `Display` is the name.
fn are_displayed_and_parsed<T>(all: &[T], name_of: impl Fn(T) -> &'static str, unknown: ErrorKind)
where
    T: Copy + Debug + Display + PartialEq + FromStr<Err = Error>,
{
    assert!(all.iter().all(|value| value.to_string() == name_of(*value)));
    are_parsed(all, name_of, unknown);
}

#[test]
fn names_are_parsed_back() {
    use ErrorKind::UnknownName;
    are_displayed_and_parsed(Algorithm::KNOWN, Algorithm::as_str, ErrorKind::UnknownKeyType);
    are_displayed_and_parsed(CertificateType::ALL, CertificateType::as_str, ErrorKind::InvalidValue);
    are_displayed_and_parsed(Cipher::ALL, Cipher::as_str, UnknownName);
    are_displayed_and_parsed(EcdsaCurve::ALL, EcdsaCurve::as_str, ErrorKind::UnknownKeyType);
    are_displayed_and_parsed(HashAlgorithm::ALL, HashAlgorithm::as_str, ErrorKind::UnknownHashAlgorithm);
    are_displayed_and_parsed(Kdf::ALL, Kdf::as_str, UnknownName);
    are_displayed_and_parsed(KeyType::ALL, KeyType::as_str, ErrorKind::UnsupportedType);
    are_displayed_and_parsed(KnownHostMarker::ALL, KnownHostMarker::as_str, UnknownName);
    are_displayed_and_parsed(NameAlphabet::ALL, NameAlphabet::as_str, UnknownName);
    are_displayed_and_parsed(PrivateKeyFormat::ALL, PrivateKeyFormat::as_str, UnknownName);
    are_displayed_and_parsed(Severity::ALL, Severity::as_str, UnknownName);
    // Their `Display` is a sentence.
    are_parsed(Normalization::ALL, Normalization::name, UnknownName);
    are_parsed(Weakness::ALL, Weakness::name, UnknownName);
}

#[test]
fn findings_are_a_set_of_weaknesses_that_a_store_can_load() {
    for (at, weakness) in Weakness::ALL.iter().enumerate() {
        let mut findings = Findings::from_iter([*weakness, Weakness::Roca, *weakness]);
        assert!(findings.contains(*weakness) && findings.contains(Weakness::Roca) && findings.list().is_none());
        let expected: Vec<_> =
            Weakness::ALL.iter().copied().filter(|known| known == weakness || *known == Weakness::Roca).collect();
        assert_eq!(findings.into_iter().collect::<Vec<_>>(), expected);
        assert_eq!(
            (&findings).into_iter().rev().collect::<Vec<_>>(),
            expected.iter().copied().rev().collect::<Vec<_>>()
        );
        assert_eq!(findings.iter().len(), expected.len());
        let mut iter = findings.iter();
        iter.next();
        assert_eq!(iter.len(), expected.len() - 1);
        findings.extend(Weakness::ALL[..at].iter().copied());
        assert!(Weakness::ALL[..=at].iter().all(|weakness| findings.contains(*weakness)));
    }
    assert_eq!(Findings::from_iter([]), Findings::default());
    let listed = Findings::default().with_list(9);
    assert_eq!((listed.list(), listed.iter().collect::<Vec<_>>()), (Some(9), vec![Weakness::Denylisted]));

    let record = Record::import("laptop".parse().unwrap(), data("rsa1024.pub"), None, &Profile::nova()).unwrap();
    let names: Vec<_> = record.findings().iter().map(Weakness::name).collect();
    assert_eq!(names, ["small-modulus"]);
    let loaded = Record::from_stored(&StoredRecord {
        name: "laptop",
        public_key: record.public_key_for_response(),
        findings: names.iter().filter_map(|name| name.parse().ok()).collect(),
        ..StoredRecord::default()
    });
    assert_eq!(loaded.unwrap(), record);
}

#[test]
fn borrowed_forms_and_variants_are_converted() {
    let key: PublicKey = data("ed25519.pub").trim_end().parse().unwrap();
    let certificate: Certificate = data("ed25519-cert.pub").trim_end().parse().unwrap();
    let options = AuthorizedKey::new("restrict", &key).unwrap();
    let host: KnownHost = format!("host.example {key}").parse().unwrap();
    assert_eq!(PublicKeyRef::from(&key), key.as_public_key_ref());
    assert_eq!(CertificateRef::from(&certificate), certificate.as_certificate_ref());
    assert_eq!(AuthorizedKeyRef::from(&options), options.as_authorized_key_ref());

    for (entry, borrowed) in [
        (Entry::from(key.clone()), EntryRef::from(PublicKeyRef::from(&key))),
        (Entry::from(certificate.clone()), EntryRef::from(CertificateRef::from(&certificate))),
        (Entry::from(options.clone()), EntryRef::from(AuthorizedKeyRef::from(&options))),
    ] {
        assert_eq!(EntryRef::from(&entry), borrowed);
        assert_eq!(entry.to_string().parse::<Entry>(), Ok(entry.clone()));
        assert_eq!(PublicEntry::read(entry.to_string()), Ok(PublicEntry::from(entry)));
    }
    assert_eq!(PublicEntry::read(host.to_string()), Ok(PublicEntry::from(host)));
}

#[test]
fn keys_of_security_keys_are_key_data_if_their_curve_is_possible() {
    let key: PublicKey = data("ed25519sk.pub").trim_end().parse().unwrap();
    assert_eq!(KeyData::from(key.key_data().as_sk_ed25519().unwrap()), key.key_data());
    let key: PublicKey = data("ecdsa256sk.pub").trim_end().parse().unwrap();
    assert_eq!(KeyData::try_from(key.key_data().as_sk_ecdsa_p256().unwrap()), Ok(key.key_data()));
    let key: PublicKey = data("ecdsa384.pub").trim_end().parse().unwrap();
    let other = SecurityKey::new(key.key_data().as_ecdsa().unwrap(), "ssh:").unwrap();
    let error = KeyData::try_from(other).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::TypeMismatch, Some(Field::Curve)));
}

#[test]
fn names_of_key_pairs_are_converted_from_text() {
    for name in ["my laptop", "", " a", "a ", "a/b", "me@host", &"n".repeat(256)] {
        let parsed = name.parse::<KeyPairName>();
        assert_eq!(KeyPairName::try_from(name), parsed, "{name}");
        assert_eq!(KeyPairName::try_from(name.to_owned()), parsed, "{name}");
        assert_eq!(parsed.as_ref().ok().cloned().map(String::from), parsed.is_ok().then(|| name.to_owned()));
    }
}

#[test]
fn the_bytes_of_a_fingerprint_give_it_back() {
    let key: PublicKey = data("ed25519.pub").trim_end().parse().unwrap();
    for algorithm in HashAlgorithm::ALL.iter().copied() {
        let fingerprint = key.fingerprint(algorithm);
        let again = match fingerprint {
            Fingerprint::Md5(it) => Md5Fingerprint::from(<[u8; 16]>::from(it)).into(),
            Fingerprint::Sha1(it) => Sha1Fingerprint::from(<[u8; 20]>::from(it)).into(),
            Fingerprint::Sha256(it) => Sha256Fingerprint::from(<[u8; 32]>::from(it)).into(),
            Fingerprint::Sha384(it) => Sha384Fingerprint::from(<[u8; 48]>::from(it)).into(),
            Fingerprint::Sha512(it) => Sha512Fingerprint::from(<[u8; 64]>::from(it)).into(),
            _ => unreachable!(),
        };
        assert_eq!(fingerprint, again);
    }
}

#[test]
fn a_private_key_is_turned_into_the_key_of_its_type_only() {
    let seed = b"thirty-two bytes, but not random";
    let key = |spec| PrivateKey::from_seed(spec, seed).unwrap();
    let (ed25519, p384) = (KeySpec::Ed25519, KeySpec::Ecdsa(EcdsaCurve::P384));
    assert_eq!(key(ed25519).into_ed25519().unwrap(), *key(ed25519).as_ed25519().unwrap());
    assert_eq!(key(p384).into_ecdsa().unwrap(), *key(p384).as_ecdsa().unwrap());
    for error in [
        key(ed25519).into_ecdsa().unwrap_err(),
        key(p384).into_ed25519().unwrap_err(),
        key(p384).into_rsa().unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.field()), (ErrorKind::UnsupportedType, Some(Field::PrivateKey)));
    }
}

#[test]
fn the_error_of_a_small_buffer_says_how_many_bytes_are_needed() {
    let seed = b"thirty-two bytes, but not random";
    let rsa = RsaPrivateKey::from_seed(2048, seed).unwrap();
    let ecdsa = EcdsaPrivateKey::from_seed(EcdsaCurve::P521, seed).unwrap();
    let ed25519 = Ed25519PrivateKey::from_seed(seed).unwrap();
    let (public, line) = (KeyData::from(rsa.public_key()), data("rsa2048.pub").trim_end().to_owned());
    let (key, pem) = (line.parse::<PublicKey>().unwrap(), data("rsa2048.spki.pem"));
    let padded = data("ecdsa384.pub");
    let (certificate, dsa): (Certificate, PublicKey) =
        (data("ed25519-cert.pub").trim_end().parse().unwrap(), data("dsa1024.pub").trim_end().parse().unwrap());
    type Write<'a> = &'a dyn Fn(&mut [u8]) -> Result<usize, Error>;
    let writers: [(&str, Write<'_>); 20] = [
        ("line", &|buffer| key.as_public_key_ref().write_line(buffer).map(str::len)),
        ("certificate", &|buffer| certificate.as_certificate_ref().write_line(buffer).map(str::len)),
        ("key inside", &|buffer| certificate.as_certificate_ref().public_key(buffer).map(|key| key.blob().len())),
        ("blob", &|buffer| PublicKeyRef::from_key_data(&public, "", buffer).map(|key| key.blob().len())),
        ("parsed line", &|buffer| PublicKeyRef::parse(&line, buffer).map(|key| key.blob().len())),
        ("parsed line with padding", &|buffer| PublicKeyRef::parse(&padded, buffer).map(|key| key.blob().len())),
        ("parsed PEM", &|buffer| KeyData::from_pem(&pem, buffer).map(|_| 0)),
        ("SPKI DER", &|buffer| public.write_spki_der(buffer).map(<[u8]>::len)),
        ("SPKI DER of DSA", &|buffer| dsa.key_data().write_spki_der(buffer).map(<[u8]>::len)),
        ("SPKI PEM", &|buffer| public.write_spki_pem(buffer).map(str::len)),
        ("public PKCS#1 DER", &|buffer| rsa.public_key().write_pkcs1_der(buffer).map(<[u8]>::len)),
        ("public PKCS#1 PEM", &|buffer| rsa.public_key().write_pkcs1_pem(buffer).map(str::len)),
        ("PKCS#1 DER", &|buffer| rsa.write_pkcs1_der(buffer).map(<[u8]>::len)),
        ("PKCS#1 PEM", &|buffer| rsa.write_pkcs1_pem(buffer).map(str::len)),
        ("PKCS#8 DER", &|buffer| rsa.write_pkcs8_der(buffer).map(<[u8]>::len)),
        ("PKCS#8 PEM", &|buffer| rsa.write_pkcs8_pem(buffer).map(str::len)),
        ("PKCS#8 DER of Ed25519", &|buffer| ed25519.write_pkcs8_der(buffer).map(<[u8]>::len)),
        ("PKCS#8 PEM of ECDSA", &|buffer| ecdsa.write_pkcs8_pem(buffer).map(str::len)),
        ("SEC 1 DER", &|buffer| ecdsa.write_sec1_der(buffer).map(<[u8]>::len)),
        ("SEC 1 PEM", &|buffer| ecdsa.write_sec1_pem(buffer).map(str::len)),
    ];
    for (name, write) in writers {
        let needed = |length: usize| -> usize {
            let error = write(&mut vec![0; length]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BufferTooSmall, "{name}");
            let bytes = error.needed_bytes().unwrap();
            let message = format!("the buffer is too small (found {length} bytes, expected at least {bytes})");
            assert_eq!(error.to_string(), message, "{name}");
            bytes
        };
        let bytes = needed(0);
        assert!((32..MAX_BLOB_BYTES).contains(&bytes), "{name}: {bytes}");
        assert_eq!((needed(bytes / 2), needed(bytes - 1)), (bytes, bytes), "{name}");
        let written = write(&mut vec![0; bytes]).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(written == bytes || name == "parsed PEM", "{name}: {written}");
    }
}

#[test]
fn a_type_that_the_policy_does_not_allow_is_named_if_it_is_known() {
    let policy = ImportPolicy::new().with_algorithms(&[Algorithm::Rsa]);
    for (file, name) in [("ed25519.pub", "ssh-ed25519"), ("dsa1024.pub", "ssh-dss")] {
        let message = policy.accept(data(file)).unwrap_err().to_string();
        assert_eq!(message, format!("key type: this key type is not allowed here (found {name})"));
    }
}

#[test]
fn limits_and_options_are_returned_as_they_were_set() {
    let limits = KdfLimits::new()
        .with_bcrypt_rounds(1)
        .with_pbkdf2_iterations(2)
        .with_scrypt_cost(3)
        .with_argon2_cost(4)
        .with_memory(5);
    assert_eq!((limits.bcrypt_rounds(), limits.pbkdf2_iterations()), (1, 2));
    assert_eq!((limits.scrypt_cost(), limits.argon2_cost(), limits.memory()), (3, 4, 5));
    let options = ReadOptions::new().with_kdf_limits(limits);
    assert!(!options.has_passphrase() && options.with_passphrase("x").has_passphrase());
    assert_eq!(*options.kdf_limits(), limits);
    assert_eq!("roda".parse::<Weakness>().unwrap_err().needed_bytes(), None);
}

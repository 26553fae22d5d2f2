//! Comparison with the `ssh-key` crate: if both accept an input, they read the same key. If one of them rejects it, the reason
//! is on a list.
//!
//! Both the fuzz target and the test of this name use it.

use super::length_fields::{fields, with_part_of_field};
use base64ct::{Base64, Encoding};
use ssh_key::public::KeyData as TheirKeyData;
use ssh_keypair::openssh::{
    AuthorizedKey, AuthorizedKeyRef, AuthorizedKeys, CertificateRef, CertificateType, MAX_BLOB_BYTES, fingerprint_lines,
};
use ssh_keypair::{
    Algorithm, EcdsaCurve, Error, ErrorKind, Field, HashAlgorithm, KeyData, KeyFormat, PublicKey, PublicKeyRef,
};
use std::ops::Range;

/// Why this crate rejects inputs that the `ssh-key` crate accepts. An error of another kind is a finding.
pub(crate) const STRICTER: &[(ErrorKind, &str)] = &[
    (ErrorKind::TooLong, "not a real key: we have a limit, theirs is 1 MiB for each field"),
    (
        ErrorKind::InvalidCharacter,
        "a line break starts a second authorized key, an escape sequence controls a terminal",
    ),
    (
        ErrorKind::MultipleKeys,
        "the comment contains the base64 of another key, which some programs would accept instead",
    ),
    (ErrorKind::PrivateKeyGiven, "the line is rejected for another reason; that it contains a private key says more"),
    (ErrorKind::UnknownKeyType, "theirs accepts names of signature algorithms, and any name with a domain"),
    (ErrorKind::CertificateNotAllowed, "a certificate is not a plain key"),
    (ErrorKind::TypeMismatch, "theirs accepts a certificate after the name of its plain key"),
    (ErrorKind::InvalidValue, "not an RSA key: encryption is not a permutation, or does nothing"),
    (ErrorKind::InvalidValue, "a sender could make a verification take arbitrarily long"),
    (ErrorKind::InvalidValue, "not a product of two odd primes"),
    (ErrorKind::KeyTooSmall, "below the limit of OpenSSH; such numbers have been factored"),
    (ErrorKind::KeyTooLarge, "a sender could make a verification take arbitrarily long"),
    (ErrorKind::InvalidValue, "not of the one size that OpenSSH had, or out of range"),
    (ErrorKind::UnsupportedPointFormat, "a compressed point is a second encoding of the key"),
    (ErrorKind::InvalidPoint, "theirs does not check whether the point is on the curve"),
    (ErrorKind::InvalidPoint, "such a point verifies what nobody signed"),
    (ErrorKind::InvalidValue, "theirs ignores the rest of a point's field: a second blob for the key"),
    (ErrorKind::InvalidValue, "no relying party, or one with a line break"),
    (ErrorKind::InvalidValue, "theirs does not check whether the point of the key there is on its curve"),
    (ErrorKind::InvalidValue, "not by the algorithm of its key, or followed by bytes that theirs ignores"),
];

/// Why the `ssh-key` crate rejects a line that this crate accepts.
fn rejected_line(line: &str) -> Option<&'static str> {
    // Trailing white space is removed first.
    let separators = line.trim_end().match_indices([' ', '\t']).take(2);
    separators
        .into_iter()
        .any(|(_, separator)| separator == "\t")
        .then_some("theirs does not accept a tab as a separator")
}

/// Why the `ssh-key` crate rejects a certificate that this crate accepts.
fn rejected_certificate(certificate: &CertificateRef<'_>) -> Option<&'static str> {
    let mut options = certificate.critical_options().chain(certificate.extensions());
    let any = options.any(|(_, data)| !data.is_empty() && first_text(data).is_none());
    any.then_some("the data of an option are not a string of UTF-8")
}

/// Removes the `string` at the start of a blob, and leaves the rest.
fn next_string<'a>(blob: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = blob.split_first_chunk()?;
    let (string, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    *blob = rest;
    Some(string)
}

/// The text at the start of data, if they begin with one.
fn first_text(mut data: &[u8]) -> Option<&str> {
    std::str::from_utf8(next_string(&mut data)?).ok()
}

/// Makes all comparisons for one input of a fuzzer: a text or a blob as it is; or edits of a committed line, which the
/// first byte selects if it is 0x80 or above. Neither a text nor a blob begins with such a byte.
pub(crate) fn check(data: &[u8]) {
    match data {
        [pick @ 0x80..=0xff, edits @ ..] => {
            let (blob, line) = edited(LINES[usize::from(pick - 0x80) % LINES.len()], edits);
            check_blob(&blob);
            check_text(&line);
        }
        _ => {
            check_blob(data);
            if let Ok(text) = std::str::from_utf8(data) {
                check_text(text);
            }
        }
    }
}

/// Fails for an error that is not on the list, or that does not follow from the key that the other crate has read.
fn stricter(error: Error, theirs: &TheirKeyData, input: &dyn std::fmt::Debug) {
    let kind = error.kind();
    let listed = STRICTER.iter().any(|(listed, _)| *listed == kind);
    assert!(listed && has_cause(error, theirs), "{error:?}, but ssh-key accepts {input:?}");
}

/// Whether a key can be the cause of such an error, as far as this test can tell.
fn has_cause(error: Error, key: &TheirKeyData) -> bool {
    let rsa = |cause: fn(&[u8], &[u8]) -> bool| {
        key.rsa().is_some_and(|key| cause(key.e().as_positive_bytes().unwrap(), key.n().as_positive_bytes().unwrap()))
    };
    // A type that is not known there, so that its fields are not checked.
    let composite = |cause: fn(usize) -> bool| {
        let theirs = key.other().filter(|_| key.algorithm().as_str() == Algorithm::MlDsa44Ed25519.as_str());
        theirs.is_some_and(|halves| cause(halves.as_ref().len()))
    };
    fn bits(number: &[u8]) -> usize {
        number.first().map_or(0, |first| 8 * number.len() - usize::try_from(first.leading_zeros()).unwrap())
    }
    match error.kind() {
        ErrorKind::InvalidValue => match error.field() {
            Some(Field::PublicExponent) => {
                rsa(|e, _| e.last().is_none_or(|last| last % 2 == 0) || e == [1] || bits(e) > 33)
            }
            Some(Field::Modulus) => rsa(|_, n| n.last().is_none_or(|last| last % 2 == 0)),
            Some(Field::DsaPrime | Field::DsaSubprime | Field::DsaGenerator | Field::DsaPublicValue) => key.is_dsa(),
            Some(Field::Point) => key.is_ed25519() || key.is_sk_ed25519() || composite(|bytes| bytes != 1344),
            Some(Field::Application) => {
                let ecdsa = key.sk_ecdsa_p256().map(|key| key.application());
                let application = ecdsa.or(key.sk_ed25519().map(|key| key.application()));
                application.is_some_and(|text| text.is_empty() || text.contains(char::is_control))
            }
            // Fields of a certificate.
            field => matches!(
                field,
                Some(
                    Field::CertificateType
                        | Field::CriticalOptions
                        | Field::Extensions
                        | Field::SignatureKey
                        | Field::Signature
                )
            ),
        },
        ErrorKind::KeyTooSmall => rsa(|_, n| bits(n) < 1024),
        ErrorKind::KeyTooLarge => rsa(|_, n| bits(n) > 16384),
        ErrorKind::UnsupportedPointFormat => key
            .ecdsa()
            .map(|key| key.as_sec1_bytes())
            .or(key.sk_ecdsa_p256().map(|key| key.ec_point().as_bytes()))
            .is_some_and(|point| point[0] != 4),
        ErrorKind::InvalidPoint => {
            key.is_ecdsa()
                || key.is_sk_ecdsa_p256()
                || key.is_ed25519()
                || key.is_sk_ed25519()
                || composite(|bytes| bytes == 1344)
        }
        ErrorKind::CertificateNotAllowed | ErrorKind::TypeMismatch => {
            // It may also be the name of a signature algorithm, which theirs does not keep.
            key.is_certificate() || key.is_rsa()
        }
        ErrorKind::UnknownKeyType => key.is_other() || key.is_rsa() || key.is_certificate(),
        _ => true,
    }
}

/// Compares bytes as the blob of a key and of a certificate.
pub(crate) fn check_blob(blob: &[u8]) {
    match (PublicKeyRef::from_blob(blob), ssh_key::PublicKey::from_bytes(blob)) {
        (Ok(ours), Ok(theirs)) => {
            is_same_key(&ours, theirs.key_data());
            assert_eq!(ours.blob(), blob);
        }
        (Ok(_), Err(error)) => panic!("{error}: {blob:02x?}"),
        (Err(error), Ok(theirs)) => stricter(error, theirs.key_data(), &blob),
        (Err(_), Err(_)) => {}
    }
    match (CertificateRef::from_blob(blob), ssh_key::Certificate::from_bytes(blob)) {
        (Ok(ours), Ok(theirs)) => is_same_certificate(&ours, &theirs),
        (Ok(ours), Err(error)) => assert!(rejected_certificate(&ours).is_some(), "{error}: {blob:02x?}"),
        (Err(error), Ok(theirs)) => stricter(error, theirs.public_key(), &blob),
        (Err(_), Err(_)) => {}
    }
}

/// Compares a text as the line of a key and of a certificate, and checks what must be true for every text.
pub(crate) fn check_text(text: &str) {
    check_line(text);
    check_certificate(text);
    is_read_back(text);
    is_as_one_by_one(text);
}

fn check_line(text: &str) {
    let mut buffer = [0; MAX_BLOB_BYTES];
    let theirs = ssh_key::PublicKey::from_openssh(text);
    match (PublicKeyRef::parse(text, &mut buffer), theirs) {
        (Ok(ours), theirs) => {
            // If theirs rejects the line unchanged, it accepts the line with spaces.
            let theirs = theirs.unwrap_or_else(|error| {
                assert!(rejected_line(text).is_some(), "{error}: {text:?}");
                ssh_key::PublicKey::from_openssh(&ours.canonical().to_string()).unwrap()
            });
            is_same_key(&ours, theirs.key_data());
            assert_eq!(theirs.comment().as_bytes(), ours.comment().trim_end().as_bytes());
        }
        (Err(error), Ok(theirs)) => {
            stricter(error, theirs.key_data(), &text);
            if theirs.key_data().is_other() && error.kind() == ErrorKind::UnknownKeyType {
                let name = theirs.algorithm().to_string();
                match PublicKey::from_openssh_opaque(text) {
                    Ok(ours) => assert_eq!(ours.as_public_key_ref().blob(), theirs.to_bytes().unwrap()),
                    // A name that other programs would not accept, or would take for options.
                    Err(error) => assert!(!is_usual_name(&name), "{error}: {name}"),
                }
            }
        }
        (Err(_), Err(_)) => {}
    }
}

/// Whether a name has only the characters of OpenSSH's names, and they do not begin with a separator.
fn is_usual_name(name: &str) -> bool {
    let usual = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_+".contains(c);
    name.split('@').all(|part| part.starts_with(|c: char| c.is_ascii_alphanumeric()) && part.chars().all(usual))
}

fn check_certificate(text: &str) {
    let mut buffer = [0; MAX_BLOB_BYTES];
    match (CertificateRef::parse(text, &mut buffer), ssh_key::Certificate::from_openssh(text)) {
        (Ok(ours), theirs) => {
            // In a line, but not in a blob, theirs rejects bytes after the text of an option.
            let unlike = rejected_certificate(&ours).is_some() || has_bytes_behind_a_text(&ours);
            let theirs = theirs.or_else(|error| {
                assert!(unlike || rejected_line(text).is_some(), "{error}: {text:?}");
                ssh_key::Certificate::from_openssh(&ours.canonical().to_string())
            });
            match theirs {
                Ok(theirs) => {
                    is_same_certificate(&ours, &theirs);
                    assert_eq!(theirs.comment(), ours.comment().trim_end());
                }
                Err(error) => assert!(unlike, "{error}: {text:?}"),
            }
        }
        (Err(error), Ok(theirs)) => stricter(error, theirs.public_key(), &text),
        (Err(_), Err(_)) => {}
    }
}

fn is_same_key(ours: &PublicKeyRef<'_>, theirs: &TheirKeyData) {
    assert_eq!(ours.type_name(), theirs.algorithm().as_str());
    is_same_key_data(&ours.key_data(), theirs);
    assert_eq!(ours.blob(), ssh_key::PublicKey::from(theirs.clone()).to_bytes().unwrap());
}

fn is_same_key_data(ours: &KeyData<'_>, theirs: &TheirKeyData) {
    let number = |number: &ssh_key::Mpint| number.as_positive_bytes().unwrap().to_vec();
    let curve = |curve: EcdsaCurve| match curve {
        EcdsaCurve::P256 => ssh_key::EcdsaCurve::NistP256,
        EcdsaCurve::P384 => ssh_key::EcdsaCurve::NistP384,
        EcdsaCurve::P521 => ssh_key::EcdsaCurve::NistP521,
    };
    match (ours, theirs) {
        (KeyData::Rsa(ours), TheirKeyData::Rsa(theirs)) => {
            assert_eq!(ours.public_exponent(), number(theirs.e()));
            assert_eq!(ours.modulus(), number(theirs.n()));
            // Theirs is rounded up to whole bytes.
            assert_eq!(ours.bits().next_multiple_of(8), usize::try_from(theirs.key_size()).unwrap());
        }
        (KeyData::Dsa(ours), TheirKeyData::Dsa(theirs)) => {
            let numbers = [theirs.p(), theirs.q(), theirs.g(), theirs.y()].map(number);
            assert_eq!([ours.p(), ours.q(), ours.g(), ours.y()].as_slice(), numbers);
        }
        (KeyData::Ecdsa(ours), TheirKeyData::Ecdsa(theirs)) => {
            assert_eq!((curve(ours.curve()), ours.point()), (theirs.curve(), theirs.as_sec1_bytes()));
            assert_eq!([&[4], ours.x(), ours.y()].concat(), ours.point());
        }
        (KeyData::Ed25519(ours), TheirKeyData::Ed25519(theirs)) => assert_eq!(ours.as_bytes(), theirs.as_ref()),
        (KeyData::SkEcdsaP256(ours), TheirKeyData::SkEcdsaSha2NistP256(theirs)) => {
            assert_eq!(ours.key().point(), theirs.ec_point().as_bytes());
            assert_eq!(ours.application(), theirs.application());
        }
        (KeyData::SkEd25519(ours), TheirKeyData::SkEd25519(theirs)) => {
            assert_eq!(ours.key().as_bytes(), theirs.public_key().as_ref());
            assert_eq!(ours.application(), theirs.application());
        }
        // A type that is not known there.
        (KeyData::MlDsa44Ed25519(ours), TheirKeyData::Other(theirs)) => {
            assert_eq!([&ours.mldsa44()[..], ours.ed25519().as_bytes()].concat(), theirs.as_ref());
        }
        (ours, theirs) => panic!("{ours:?} and {theirs:?}"),
    }
}

fn is_same_certificate(ours: &CertificateRef<'_>, theirs: &ssh_key::Certificate) {
    is_same_key_data(&ours.key_data(), theirs.public_key());
    assert_eq!(ours.nonce(), theirs.nonce());
    assert_eq!(ours.serial(), theirs.serial());
    assert_eq!(ours.certificate_type() == CertificateType::User, theirs.cert_type().is_user());
    assert_eq!(ours.key_id(), theirs.key_id());
    assert_eq!(ours.principals().collect::<Vec<_>>(), theirs.valid_principals());
    assert_eq!((ours.valid_after(), ours.valid_before()), (theirs.valid_after(), theirs.valid_before()));
    for (ours, theirs) in [
        (ours.critical_options().collect::<Vec<_>>(), theirs.critical_options()),
        (ours.extensions().collect(), theirs.extensions()),
    ] {
        let ours: Vec<_> = ours.into_iter().map(|(name, data)| (name, first_text(data).unwrap_or_default())).collect();
        let theirs: Vec<_> = theirs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(ours, theirs);
    }
    is_same_key(&ours.signature_key(), theirs.signature_key());
    let signature: Vec<u8> = theirs.signature().clone().try_into().unwrap();
    assert_eq!(ours.signature(), signature);
    // The rest is the same too, unless theirs loses the data of options.
    let empty_text = |(_, data): (&str, &[u8])| data == [0; 4];
    if !has_bytes_behind_a_text(ours) && !ours.critical_options().chain(ours.extensions()).any(empty_text) {
        assert_eq!(ours.blob(), theirs.to_bytes().unwrap());
    }
}

/// Whether an option's data have bytes after the text: the `ssh-key` crate keeps only the text.
fn has_bytes_behind_a_text(certificate: &CertificateRef<'_>) -> bool {
    certificate
        .critical_options()
        .chain(certificate.extensions())
        .any(|(_, data)| first_text(data).is_some_and(|text| 4 + text.len() < data.len()))
}

fn is_of_a_private_key(form: Option<KeyFormat>) -> bool {
    form.is_some_and(|form| form.to_string().contains("private key"))
}

/// Whether a comment line may not contain this character: some readers end a line at it, or it changes the writing direction.
fn is_not_for_comments(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c != '\t' && (c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns)
}

/// Checks that an accepted text, in any format, is encoded back as it was.
fn is_read_back(text: &str) {
    let line = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    let (mut one, mut other) = ([0; MAX_BLOB_BYTES], [0; MAX_BLOB_BYTES]);
    let form = KeyFormat::detect(text);
    let key = PublicKeyRef::parse(text, &mut one);
    let entry = AuthorizedKeyRef::parse(text, &mut other);
    match (&key, &entry) {
        (Ok(key), Ok(entry)) => {
            assert_eq!((entry.key(), entry.options().count()), (key, 0));
            assert_eq!(key.to_string(), line);
        }
        (Ok(key), Err(error)) => panic!("{error}: {key}"),
        (Err(_), Ok(entry)) => {
            assert!(entry.options().count() > 0);
            assert!(entry.key().canonical().to_string().parse::<PublicKey>().is_ok());
        }
        (Err(_), Err(_)) => {}
    }
    if let Ok(entry) = &entry {
        assert_eq!(entry.to_string(), line);
        let canonical = entry.canonical().to_string();
        assert_eq!(canonical.parse::<AuthorizedKey>().unwrap().to_string(), canonical);
        let by_its_looks = if key.is_ok() { KeyFormat::PublicKeyLine } else { KeyFormat::AuthorizedKeyLine };
        // A comment or an option may look like a private key.
        assert!(form == Some(by_its_looks) || is_of_a_private_key(form), "{form:?}");
    }
    if let Ok(certificate) = CertificateRef::parse(text, &mut one) {
        assert_eq!(certificate.to_string(), line);
        assert!(form == Some(KeyFormat::CertificateLine) || is_of_a_private_key(form), "{form:?}");
        let plain = certificate.public_key(&mut other).unwrap();
        for algorithm in [HashAlgorithm::Md5, HashAlgorithm::Sha256] {
            assert_eq!(certificate.fingerprint(algorithm), plain.fingerprint(algorithm));
        }
    }
    let mut entries = AuthorizedKeys::new(text);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let trimmed = line.trim_start_matches([' ', '\t']);
        let comment = trimmed.strip_prefix('#').map(|comment| comment.trim_end_matches(['\r', '\n']));
        if trimmed.trim().is_empty() || comment.is_some_and(|comment| !comment.contains(is_not_for_comments)) {
            continue;
        }
        let (at, entry) = entries.next().unwrap();
        assert_eq!(at, number);
        assert!(comment.is_none() || entry.is_err(), "a comment with a control character is an error");
        assert_eq!(entry, trimmed.parse());
        if let Ok(entry) = entry {
            let line = trimmed.strip_suffix('\n').map_or(trimmed, |line| line.strip_suffix('\r').unwrap_or(line));
            assert_eq!(entry.to_string(), line);
        }
    }
    assert!(entries.next().is_none());
}

/// Checks that a batch gives the same results for the lines of a text as a single call for each.
fn is_as_one_by_one(text: &str) {
    let mut lines = text.split_inclusive('\n');
    fingerprint_lines(text.split_inclusive('\n'), |result| {
        let mut buffer = [0; MAX_BLOB_BYTES];
        let alone = PublicKeyRef::parse(lines.next().unwrap(), &mut buffer).map(|key| (key, key.md5_fingerprint()));
        assert_eq!(result.map(|(key, fingerprint)| (*key, fingerprint)), alone);
    });
    assert!(lines.next().is_none());
}

/// The committed lines that edits begin with.
pub(crate) const LINES: &[&str] = &[
    include_str!("../data/rsa1024.pub"),
    include_str!("../data/rsa2048.pub"),
    include_str!("../data/rsa16384.pub"),
    include_str!("../data/dsa1024.pub"),
    include_str!("../data/ecdsa256.pub"),
    include_str!("../data/ecdsa384.pub"),
    include_str!("../data/ecdsa521.pub"),
    include_str!("../data/ed25519.pub"),
    include_str!("../data/ecdsa256sk.pub"),
    include_str!("../data/ed25519sk.pub"),
    include_str!("../data/rsa2048-cert.pub"),
    include_str!("../data/dsa1024-cert.pub"),
    include_str!("../data/ecdsa256-cert.pub"),
    include_str!("../data/ecdsa384-cert.pub"),
    include_str!("../data/ecdsa521-cert.pub"),
    include_str!("../data/ed25519-cert.pub"),
    include_str!("../data/ecdsa256sk-cert.pub"),
    include_str!("../data/ed25519sk-cert.pub"),
    include_str!("../data/composite/mldsa44-ed25519.pub"),
];

/// The bytes of an edit: what to do, two bytes for the position, and the new value.
pub(crate) const EDIT_BYTES: usize = 4;

/// Text that may, or must not, come before a key.
const BEFORE: [&str; 8] = [
    "no-pty\t",
    "restrict,command=\"echo \\\"a b\\\"\",from=\"192.0.2.*\" ",
    "command=\"",
    "command=\"a\nb\" ",
    " ",
    "# ",
    "\u{feff}",
    include_str!("../data/ed25519.pub"),
];

/// Lengths at which parsers may fail.
const LENGTHS: [u32; 8] = [0, 1, 0x7f, 0xffff, 0x000f_ffff, 0x7fff_ffff, 0x8000_0000, u32::MAX];

/// The blob of a line after edits, and the line with that blob, which is then edited as well.
pub(crate) fn edited(line: &str, edits: &[u8]) -> (Vec<u8>, String) {
    let mut words = line.trim_end().splitn(3, ' ');
    let (name, base64, comment) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap_or_default());
    let mut blob = Base64::decode_vec(base64).unwrap();
    let (edits, _) = edits.as_chunks::<EDIT_BYTES>();
    for &[what, high, low, with] in edits {
        // Replacing a field with another can double the blob.
        if blob.len() > 2 * MAX_BLOB_BYTES {
            break;
        }
        let at = usize::from(u16::from_be_bytes([high, low]));
        let whole = 0..blob.len();
        let fields = fields(&blob);
        // A field, and a position in it.
        let field = fields.get(usize::from(high) % fields.len().max(1)).unwrap_or(&whole).clone();
        let place = field.start + usize::from(low) % field.len().max(1);
        let byte_at = |place: usize| place..(place + 1).min(field.end);
        blob = match what % 8 {
            0 if !fields.is_empty() => with_part_of_field(&blob, &field, place..place, &[with]),
            1 if !fields.is_empty() => with_part_of_field(&blob, &field, byte_at(place), &[]),
            2 if !fields.is_empty() => with_part_of_field(&blob, &field, byte_at(place), &[with]),
            // A field, or its end, replaced with another.
            3 if !fields.is_empty() => {
                let other = &fields[usize::from(with) % fields.len()];
                let new = blob[other.clone()].to_vec();
                with_part_of_field(&blob, &field, place..field.end, &new)
            }
            4 if !fields.is_empty() => {
                let length = LENGTHS[usize::from(with) % LENGTHS.len()].to_be_bytes();
                overwritten(&blob, field.start - 4..field.start, &length)
            }
            5 => overwritten(&blob, at % blob.len().max(1)..at % blob.len().max(1) + 1, &[with]),
            // One byte more or less at the end.
            6 if with % 2 == 0 => [&blob[..], &[low]].concat(),
            6 => blob[..blob.len().saturating_sub(1)].to_vec(),
            _ => blob,
        };
    }
    let inside = std::str::from_utf8(next_string(&mut &blob[..]).unwrap_or_default()).unwrap_or(name);
    let mut line = format!("{inside} {} {comment}", Base64::encode_string(&blob)).into_bytes();
    for &[what, high, low, with] in edits.iter().filter(|edit| edit[0] % 8 == 7) {
        let at = usize::from(u16::from_be_bytes([high, low])) % line.len().max(1);
        // Bytes as characters: those above 0x7f become two bytes each.
        match what / 8 % 3 {
            0 => drop(line.splice(at..at, [with])),
            1 => line[at] = with,
            _ => drop(line.splice(..0, BEFORE[usize::from(with) % BEFORE.len()].bytes())),
        }
    }
    let line =
        String::from_utf8(line).unwrap_or_else(|error| error.into_bytes().iter().copied().map(char::from).collect());
    (blob, line)
}

fn overwritten(blob: &[u8], range: Range<usize>, with: &[u8]) -> Vec<u8> {
    let mut blob = blob.to_vec();
    if let Some(part) = blob.get_mut(range) {
        part.copy_from_slice(with);
    }
    blob
}

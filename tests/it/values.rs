//! The types for lines as values: what equality and hashes distinguish, and what each type writes.

use crate::common::{assert_distinguishes, blob_of, seeded, string, what};
use ssh_keypair::openssh::{
    AuthorizedKey, AuthorizedKeyRef, Certificate, CertificateRef, CertificateType, Cipher, KnownHost, KnownHostMarker,
    MAX_BLOB_BYTES, MAX_LINE_BYTES,
};
use ssh_keypair::{ErrorKind, Field};

const KEY: &str = include_str!("../data/ed25519.pub").trim_ascii_end();
const OTHER_KEY: &str = include_str!("../data/ecdsa256.pub").trim_ascii_end();
const CERTIFICATE: &str = include_str!("../data/ed25519-cert.pub").trim_ascii_end();
const OTHER_CERTIFICATE: &str = include_str!("../data/ecdsa256-cert.pub").trim_ascii_end();

#[test]
fn lines_with_options_are_distinguished_by_options_and_key() {
    let lines = [
        vec![format!("no-pty {KEY}"), format!("no-pty\t{KEY}"), format!("no-pty {}", KEY.replacen(' ', "\t", 2))],
        vec![format!("pty {KEY}")],
        vec![format!("no-pty {OTHER_KEY}")],
        vec![format!("no-pty {KEY} x")],
        vec![KEY.to_owned()],
    ];
    let owned: [Vec<AuthorizedKey>; 5] =
        lines.each_ref().map(|group| group.iter().map(|line| line.parse().unwrap()).collect());
    assert_distinguishes(&owned);
    let borrowed: [Vec<AuthorizedKeyRef<'_>>; 5] =
        owned.each_ref().map(|group| group.iter().map(AuthorizedKey::as_authorized_key_ref).collect());
    assert_distinguishes(&borrowed);
}

#[test]
fn certificates_are_distinguished_by_blob_and_comment() {
    let words = |line: &str, comment: &str| {
        let mut words = line.split(' ');
        let (name, base64) = (words.next().unwrap(), words.next().unwrap());
        [format!("{name} {base64} {comment}"), format!("{name}\t{base64}\t{comment}")].to_vec()
    };
    let lines =
        [words(CERTIFICATE, "me"), words(CERTIFICATE, "you"), words(OTHER_CERTIFICATE, "me"), words(CERTIFICATE, "")];
    let owned: [Vec<Certificate>; 4] =
        lines.each_ref().map(|group| group.iter().map(|line| line.parse().unwrap()).collect());
    assert_distinguishes(&owned);
    let borrowed: [Vec<CertificateRef<'_>>; 4] =
        owned.each_ref().map(|group| group.iter().map(Certificate::as_certificate_ref).collect());
    assert_distinguishes(&borrowed);
    for (line, certificate) in lines.iter().zip(borrowed) {
        for (line, certificate) in line.iter().zip(certificate) {
            let mut buffer = [0; MAX_LINE_BYTES];
            assert_eq!(certificate.write_line(&mut buffer).unwrap(), line);
            assert_eq!(certificate.canonical().to_string(), line.replace('\t', " ").trim_end());
            assert_eq!(certificate.write_line(&mut [0; 100]).unwrap_err().kind(), ErrorKind::BufferTooSmall);
        }
    }
}

#[test]
fn lines_of_known_hosts_are_distinguished_by_everything_before_the_key_and_the_key() {
    let host = |line: String| line.parse::<KnownHost>().unwrap();
    let lines = [
        format!("host {KEY}"),
        format!("host\t{KEY}"),
        format!("other {KEY}"),
        format!("@revoked host {KEY}"),
        format!("host {OTHER_KEY}"),
    ];
    assert_distinguishes(&lines.map(|line| vec![host(line)]));
}

#[test]
fn a_hashed_host_has_two_parts_of_base64() {
    let host = |hosts: &str| format!("{hosts} {KEY}").parse::<KnownHost>().map_err(|error| error.kind());
    assert_eq!(host("|1|a+/=|b+/=").unwrap().hosts(), "|1|a+/=|b+/=");
    for hosts in ["|1|ab", "|1|a|b|c", "|1|a|b!", "|1|a|b,host", "|2|a|b"] {
        assert_eq!(host(hosts), Err(ErrorKind::UnknownKeyType), "{hosts}");
    }
}

#[test]
fn options_are_written_as_they_are_in_the_line() {
    let options = [r#"command="echo \"a, b\"""#, "no-pty", r#"from="192.0.2.1""#];
    let entry: AuthorizedKey = format!("{} {KEY}", options.join(",")).parse().unwrap();
    let written: Vec<_> = entry.options().map(|option| option.to_string()).collect();
    assert_eq!(written, options);
    let values: Vec<_> = entry.options().map(|option| option.value().map(|value| value.to_string())).collect();
    assert_eq!(values, [Some(r#"echo "a, b""#.to_owned()), None, Some("192.0.2.1".to_owned())]);
}

#[test]
fn words_of_files_are_written() {
    assert_eq!([CertificateType::User, CertificateType::Host].map(|word| word.to_string()), ["user", "host"]);
    let markers = [KnownHostMarker::CertAuthority, KnownHostMarker::Revoked];
    assert_eq!(markers.map(|word| word.to_string()), ["@cert-authority", "@revoked"]);
    let ciphers = [Cipher::Aes256Ctr, Cipher::Aes256Gcm];
    assert_eq!(ciphers.map(|word| word.to_string()), ["aes256-ctr", "aes256-gcm@openssh.com"]);
}

#[test]
fn a_certificate_has_the_size_of_its_key_and_its_reserved_field() {
    let blob = blob_of(CERTIFICATE);
    let certificate = CertificateRef::from_blob(&blob).unwrap();
    assert_eq!(certificate.bits(), 256);
    assert_eq!(certificate.reserved(), b"");
    // The reserved field is in front of the key that signed, and the signature.
    let end = string(certificate.signature_key().blob()).len() + string(certificate.signature()).len();
    let (start, end) = blob.split_at(blob.len() - end);
    let with_reserved = [&start[..start.len() - 4], &string(b"reserved"), end].concat();
    assert_eq!(CertificateRef::from_blob(&with_reserved).unwrap().reserved(), b"reserved");
}

#[test]
fn a_certificate_that_is_too_long_is_rejected_before_it_is_read() {
    let too_long = CertificateRef::from_blob(&[0; MAX_BLOB_BYTES + 1]).unwrap_err();
    assert_eq!(what(too_long), (ErrorKind::TooLong, Some(Field::Blob), None));
    let longest = CertificateRef::from_blob(&[0; MAX_BLOB_BYTES]).unwrap_err();
    assert_ne!(longest.kind(), ErrorKind::TooLong);
}

#[test]
fn the_offset_of_invalid_text_in_a_certificate_is_that_of_the_invalid_byte() {
    let blob = blob_of(CERTIFICATE);
    let id = CertificateRef::from_blob(&blob).unwrap().key_id().to_owned();
    let at = blob.windows(id.len()).position(|window| window == id.as_bytes()).unwrap();
    for byte in 0..id.len() {
        let mut invalid = blob.clone();
        invalid[at + byte] = 0xff;
        let error = CertificateRef::from_blob(&invalid).unwrap_err();
        assert_eq!(what(error), (ErrorKind::InvalidUtf8, Some(Field::KeyId), Some(at + byte)));
    }
}

/// `Debug` shows the size of a private key, and none of its numbers.
#[test]
fn a_private_key_is_shown_by_its_size() {
    let key = seeded(2048, 0);
    assert_eq!(format!("{key:?}"), "RsaPrivateKey { bits: 2048, .. }");
}

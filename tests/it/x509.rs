//! Certificate key pairs: OpenSSL and Python's cryptography read those that are created, and imported ones are checked.
#![cfg(all(feature = "x509", feature = "std"))]

use crate::common::{self, Folder, corpus, der, have, have_python, json, output, pkcs1_pem, run, what};
use crate::support::rng::TestRng;
use base64ct::{Base64, Encoding};
use ssh_keypair::keypair::{Created, ImportPolicy, KeyType, Profile, Record};
use ssh_keypair::openssh::MAX_LINE_BYTES;
use ssh_keypair::pkcs::{EncodePublicKey, LineEnding};
use ssh_keypair::x509::{Certificate, VALID_DAYS, check_user_id};
use ssh_keypair::{Algorithm, Error, ErrorKind, Field, KeyFormat, Mistake, Normalization, PublicKey, RsaPrivateKey};
use std::process::{Command, Stdio};

/// 2027-01-15T08:00:00Z.
const NOW: u64 = 1_800_000_000;
const RSA: &str = include_str!("../data/x509/rsa2048.pem");

fn create(user_id: &str) -> Created {
    create_with(user_id, NOW, &mut getrandom::SysRng).unwrap()
}

fn create_with(user_id: &str, now: u64, rng: &mut impl rand_core::TryCryptoRng) -> Result<Created, Error> {
    Record::create_x509_with("demo".parse()?, user_id.parse()?, &Profile::nova(), now, rng)
}

fn import(pem: &str) -> Result<Record, Error> {
    import_by(pem, &Profile::nova())
}

fn import_by(pem: &str, profile: &Profile) -> Result<Record, Error> {
    Record::import_x509("laptop".parse()?, pem, None, profile)
}

/// The parts of a pair as files: the certificate, the PKCS#12, and the private key.
fn files(folder: &Folder, new: &Created) -> [String; 3] {
    let paths = ["certificate.pem", "pair.p12", "key.pem"].map(|name| folder.file(name));
    std::fs::write(&paths[0], new.record.public_key()).unwrap();
    std::fs::write(&paths[1], Base64::decode_vec(&new.private_key_for_response().unwrap()).unwrap()).unwrap();
    std::fs::write(&paths[2], &**pkcs1_pem(new.private_key.as_rsa().unwrap())).unwrap();
    paths
}

#[test]
fn the_certificate_of_the_vectors_has_its_fingerprint() {
    let Some(corpus) = corpus() else { return };
    let vectors = json(&corpus.join("vectors/nova.json"));
    let mut checked = 0;
    for vector in vectors.as_array().unwrap().iter().filter(|vector| vector["kind"] == "x509") {
        let pem = vector["public_key"].as_str().unwrap();
        let record = import_by(pem, &Profile::documented()).unwrap();
        assert_eq!(record.fingerprint_colon_hex(), vector["fingerprint"]);
        assert_eq!((record.public_key_for_response(), record.public_key()), (pem, pem));
        assert_eq!(record.key_type(), KeyType::X509);
        assert_eq!(record.certificate().unwrap().not_after_seconds(), 1_737_915_798); // 2025-01-26T18:23:18Z
        checked += 1;
    }
    assert_eq!(checked, 1);
}

#[test]
fn openssl_shows_every_field_of_a_created_certificate() {
    if !have("openssl") {
        return;
    }
    let folder = Folder::new("x509-text");
    let new = create("6fc0d2cb93dd4b8c88c8d1d0a9e4c3b1");
    let [certificate, ..] = files(&folder, &new);
    let text = output("openssl", &["x509", "-in", &certificate, "-noout", "-text"], "");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for line in [
        "Version: 3 (0x2)",
        "Signature Algorithm: sha256WithRSAEncryption",
        "Issuer: CN = 6fc0d2cb93dd4b8c88c8d1d0a9e4c3b1",
        "Subject: CN = 6fc0d2cb93dd4b8c88c8d1d0a9e4c3b1",
        "Not Before: Jan 15 08:00:00 2027 GMT",
        "Not After : Jan 12 08:00:00 2037 GMT",
        "Public-Key: (2048 bit)",
        "Exponent: 65537 (0x10001)",
        "X509v3 Subject Key Identifier:",
        "X509v3 Extended Key Usage:",
        "TLS Web Client Authentication",
        "X509v3 Subject Alternative Name:",
        "othername: UPN::6fc0d2cb93dd4b8c88c8d1d0a9e4c3b1@localhost",
    ] {
        assert!(lines.contains(&line), "{line} is not in\n{text}");
    }
    assert_eq!(lines.iter().filter(|line| line.starts_with("X509v3 ") && line.ends_with(':')).count(), 4, "{text}");
    assert!(!text.contains("critical"));
    // The identifier is the SHA-1 of the key, as openssl computes it for its own certificates.
    let key = folder.file("key.pem");
    let request = ["req", "-x509", "-new", "-key", &key, "-subj", "/CN=other"];
    let theirs = output("openssl", &request, "");
    let identifier = |pem: &str| output("openssl", &["x509", "-noout", "-ext", "subjectKeyIdentifier"], pem);
    assert_eq!(identifier(new.record.public_key()), identifier(&theirs));

    let fingerprint = output("openssl", &["x509", "-in", &certificate, "-noout", "-fingerprint", "-sha1"], "");
    let (_, fingerprint) = fingerprint.trim_end().split_once('=').unwrap();
    assert_eq!(new.record.fingerprint_colon_hex(), fingerprint.to_lowercase());
    let check = ["verify", "-check_ss_sig", "-purpose", "sslclient", "-attime", "1900000000", "-CAfile", &certificate];
    let verified = output("openssl", &[&check[..], &[&certificate]].concat(), "");
    assert!(verified.ends_with(": OK\n"), "{verified}");
}

#[test]
fn the_serial_numbers_are_positive_of_one_length_and_all_different() {
    let key = RsaPrivateKey::generate(2048).unwrap();
    let serials: Vec<[u8; 16]> = (0..64)
        .map(|_| {
            let certificate = Certificate::self_signed_with(&key, "me", NOW, &mut getrandom::SysRng).unwrap();
            // After the headers, the version, and the header of the number.
            let der = certificate.as_der();
            assert_eq!(der[8..15], [0xa0, 3, 2, 1, 2, 2, 16]);
            der[15..31].try_into().unwrap()
        })
        .collect();
    for (i, serial) in serials.iter().enumerate() {
        assert!((0x40..0x80).contains(&serial[0]));
        assert!(!serials[..i].contains(serial));
    }
}

#[test]
fn openssl_and_python_read_the_pkcs12_with_an_empty_password() {
    let folder = Folder::new("x509-pkcs12");
    let new = create("6fc0d2cb");
    let [certificate, p12, key] = files(&folder, &new);
    let text = new.private_key_for_response().unwrap();
    assert!(!text.contains(['\n', '\r', ' ']));
    // It is always the same for the same pair.
    assert_eq!(text, new.private_key_for_response().unwrap());
    if have("openssl") {
        let read = |option| ["pkcs12", "-in", &p12, "-passin", "pass:", "-nodes", option];
        let shown = output("openssl", &read("-nokeys"), "");
        assert!(shown.contains(new.record.public_key()), "{shown}");
        let shown = output("openssl", &read("-nocerts"), "");
        let pkcs1 = output("openssl", &["rsa", "-traditional"], &shown);
        assert_eq!(pkcs1, std::fs::read_to_string(&key).unwrap());
        let info = run("openssl", &[&read("-info")[..], &["-noout"]].concat(), "");
        let info = String::from_utf8(info.stderr).unwrap();
        let encryption = "PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256";
        for line in ["MAC: sha256, Iteration 2048", &format!("PKCS7 Encrypted data: {encryption}")] {
            assert!(info.contains(line), "{info}");
        }
        assert!(info.contains(&format!("Shrouded Keybag: {encryption}")), "{info}");
        let wrong = run("openssl", &["pkcs12", "-in", &p12, "-passin", "pass:other", "-noout"], "");
        assert!(!wrong.status.success());
    }
    if have_python("cryptography") {
        let script = "import sys\n\
            from cryptography.hazmat.primitives import serialization as s\n\
            from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates\n\
            data = open(sys.argv[1], 'rb').read()\n\
            key, certificate, others = load_key_and_certificates(data, b'')\n\
            assert others == []\n\
            form = (s.Encoding.PEM, s.PrivateFormat.TraditionalOpenSSL, s.NoEncryption())\n\
            sys.stdout.write((certificate.public_bytes(s.Encoding.PEM) + key.private_bytes(*form)).decode())\n";
        let both = output("python3", &["-c", script, &p12], "");
        assert_eq!(both, [&certificate, &key].map(|path| std::fs::read_to_string(path).unwrap()).concat());
    }
}

#[test]
fn a_client_with_the_pair_is_let_in_by_a_tls_server_and_one_with_another_key_is_not() {
    if !have("openssl") {
        return;
    }
    let folder = Folder::new("x509-tls");
    let (server, server_key) = (folder.file("server.pem"), folder.file("server.key"));
    let request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", &server_key, "-subj", "/CN=localhost"];
    output("openssl", &[&request[..], &["-out", &server]].concat(), "");
    let [client, other] = ["client", "other"].map(|name| {
        let part = Folder::new(&format!("x509-tls-{name}"));
        let paths = files(
            &part,
            &Record::create_x509("demo".parse().unwrap(), name.parse().unwrap(), &Profile::nova()).unwrap(),
        );
        (part, paths)
    });
    let ([certificate, _, key], [other_certificate, _, other_key]) = (&client.1, &other.1);

    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let log = std::fs::File::create(folder.file("server.log")).unwrap();
    let mut listening = Command::new("openssl")
        .args(["s_server", "-accept", &address, "-cert", &server, "-key", &server_key, "-quiet"])
        .args(["-Verify", "1", "-verify_return_error", "-CAfile", certificate])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    // With TLS 1.2, in which a rejection comes before the handshake ends.
    let connect = |certificate: &str, key: &str| {
        let arguments = ["s_client", "-connect", &address, "-cert", certificate, "-key", key, "-CAfile", &server];
        let output = run("openssl", &[&arguments[..], &["-verify_return_error", "-tls1_2"]].concat(), "Q\n");
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    };
    // Tries until the server listens.
    let accepted = (0..100)
        .map(|_| connect(certificate, key))
        .find(|(_, said)| {
            let listens = said.contains("CONNECTED");
            if !listens {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            listens
        })
        .unwrap();
    let rejected = connect(other_certificate, other_key);
    let with_another_key = connect(certificate, other_key);
    listening.kill().unwrap();
    listening.wait().unwrap();
    let log = std::fs::read_to_string(folder.file("server.log")).unwrap();
    assert!(accepted.0 && accepted.1.contains("Verify return code: 0 (ok)"), "{accepted:?}\n{log}");
    assert!(log.contains("CN = client"), "{log}");
    assert!(!rejected.0 && rejected.1.contains("alert"), "{rejected:?}\n{log}");
    assert!(log.contains("CN = other") && log.contains("verify error"), "{log}");
    assert!(!with_another_key.0 && with_another_key.1.contains("key values mismatch"), "{with_another_key:?}");
}

#[test]
fn an_id_is_the_exact_name_or_is_rejected_before_a_key_is_generated() {
    let long = "ü".repeat(65);
    for (user_id, kind, at) in [
        ("", ErrorKind::Empty, 0),
        (&"x".repeat(65), ErrorKind::TooLong, 64),
        (&long, ErrorKind::TooLong, 128),
        ("me\n/CN=admin", ErrorKind::InvalidCharacter, 2),
        ("me\r", ErrorKind::InvalidCharacter, 2),
        ("\0", ErrorKind::InvalidCharacter, 0),
        ("a\tb", ErrorKind::InvalidCharacter, 1),
        ("me\u{85}", ErrorKind::InvalidCharacter, 2),
        ("me\u{2028}", ErrorKind::InvalidCharacter, 2),
    ] {
        let error = create_with(user_id, NOW, &mut TestRng::untouched()).unwrap_err();
        assert_eq!((error.kind(), error.field(), error.offset()), (kind, Some(Field::UserId), Some(at)), "{user_id:?}");
    }
    for now in [u64::MAX, 253_402_300_799 - VALID_DAYS * 86_400 + 1] {
        let error = create_with("me", now, &mut TestRng::untouched()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ClockUnavailable);
    }
    if !have_python("cryptography") {
        return;
    }

    let script = "import sys\n\
        from cryptography import x509\n\
        certificate = x509.load_pem_x509_certificate(sys.stdin.buffer.read())\n\
        assert certificate.issuer == certificate.subject\n\
        (name,) = certificate.subject\n\
        assert name.oid == x509.NameOID.COMMON_NAME\n\
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value\n\
        (upn,) = names\n\
        assert upn.type_id.dotted_string == '1.3.6.1.4.1.311.20.2.3' and upn.value[0] == 12\n\
        value = upn.value[-len((name.value + '@localhost').encode()):].decode()\n\
        sys.stdout.buffer.write((name.value + '\\n' + value).encode())\n";
    let key = RsaPrivateKey::generate(2048).unwrap();
    for user_id in [
        &"x".repeat(64),
        &"ü".repeat(64),
        "/CN=admin/O=x",
        "me,O=x+CN=admin",
        "CN=admin",
        "a=b;c\\d\"e#f<g>",
        " me ",
        "me@example.org",
        "日本語 🔑",
    ] {
        let certificate = Certificate::self_signed_with(&key, user_id, NOW, &mut getrandom::SysRng).unwrap();
        let read = output("python3", &["-c", script], &certificate.to_string());
        assert_eq!(read, format!("{user_id}\n{user_id}@localhost"));
    }
}

#[test]
fn a_certificate_is_dated_as_its_years_are() {
    let key = RsaPrivateKey::generate(2048).unwrap();
    // The end of 2049, up to which UTCTime is used, and the end of 9999, the last possible time.
    for now in [0, NOW, 2_524_607_999, 2_524_608_000, 253_402_300_799 - VALID_DAYS * 86_400] {
        let certificate = Certificate::self_signed_with(&key, "me", now, &mut getrandom::SysRng).unwrap();
        assert_eq!(
            (certificate.not_before_seconds(), certificate.not_after_seconds()),
            (now, now + VALID_DAYS * 86_400)
        );
        assert_eq!(Certificate::from_der(certificate.as_der()), Ok(certificate));
    }
}

#[test]
fn another_private_key_makes_no_pkcs12() {
    let new = create("me");
    let other = RsaPrivateKey::generate(2048).unwrap();
    let error = new.record.certificate().unwrap().to_pkcs12(&other).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyMismatch);
}

#[test]
fn certificates_from_other_tools_are_accepted_if_their_key_is() {
    for (pem, algorithm, bits) in [
        (RSA, Algorithm::Rsa, 2048),
        (include_str!("../data/x509/expired.pem"), Algorithm::Rsa, 2048),
        (include_str!("../data/x509/forever.pem"), Algorithm::Rsa, 2048),
        (include_str!("../data/x509/version1.pem"), Algorithm::Rsa, 2048),
        (include_str!("../data/x509/rsa1024.pem"), Algorithm::Rsa, 1024),
        (include_str!("../data/x509/rsa4096.pem"), Algorithm::Rsa, 4096),
        (include_str!("../data/x509/dsa1024.pem"), Algorithm::Dsa, 1024),
        (include_str!("../data/x509/ecdsa256.pem"), Algorithm::EcdsaP256, 256),
        (include_str!("../data/x509/ecdsa384.pem"), Algorithm::EcdsaP384, 384),
        (include_str!("../data/x509/ecdsa521.pem"), Algorithm::EcdsaP521, 521),
        (include_str!("../data/x509/ed25519.pem"), Algorithm::Ed25519, 256),
    ] {
        let record = import(pem).unwrap();
        assert_eq!((record.public_key_for_response(), record.public_key(), record.normalization()), (pem, pem, None));
        let certificate = record.certificate().unwrap();
        assert_eq!((certificate.public_key().algorithm(), certificate.public_key().bits()), (algorithm, bits));
        if have("openssl") {
            let printed = output("openssl", &["x509", "-noout", "-fingerprint", "-sha1"], pem);
            let (_, fingerprint) = printed.trim_end().split_once('=').unwrap();
            assert_eq!(record.fingerprint_colon_hex(), fingerprint.to_lowercase());
            let spki = output("openssl", &["x509", "-noout", "-pubkey"], pem);
            assert_eq!(certificate.public_key().key_data().to_public_key_pem(LineEnding::LF).unwrap(), spki);
        }
    }
    for pem in [include_str!("../data/x509/brainpool.pem"), include_str!("../data/x509/ed448.pem")] {
        assert_eq!(import(pem).unwrap_err().kind(), ErrorKind::UnknownKeyType);
    }
    let expired: Certificate = include_str!("../data/x509/expired.pem").parse().unwrap();
    assert_eq!((expired.not_before_seconds(), expired.not_after_seconds()), (946_684_800, 978_307_200));
    let forever: Certificate = include_str!("../data/x509/forever.pem").parse().unwrap();
    assert_eq!(forever.not_after_seconds(), 253_402_300_799);
}

#[test]
fn the_policy_is_for_the_key_and_the_cap_for_lines() {
    let import =
        |pem: &str, policy| import_by(pem, &Profile::documented().with_policy(policy)).map_err(|error| error.kind());
    let strict = || ImportPolicy::new().with_max_bytes(100);
    assert!(import(RSA, strict()).is_ok());
    assert_eq!(import(RSA, strict().with_min_rsa_bits(3072)).unwrap_err(), ErrorKind::KeyTooSmall);
    assert_eq!(import(RSA, strict().with_algorithms(&[Algorithm::Ed25519])).unwrap_err(), ErrorKind::TypeNotAllowed);
    assert!(import(include_str!("../data/x509/ed25519.pem"), strict().with_algorithms(&[Algorithm::Ed25519])).is_ok());

    let padded = format!("\u{feff}\n {}\n\n", RSA.replace('\n', "\r\n"));
    assert_eq!(import(&padded, ImportPolicy::new()).unwrap_err(), ErrorKind::NotACertificate);
    let record = import(&padded, ImportPolicy::new().allow_normalization()).unwrap();
    assert_eq!((record.public_key_for_response(), record.normalization()), (RSA, Some(Normalization::WhiteSpace)));
    // A text that is too long is not normalized, and an error has its offset in the text that was given.
    let long = format!("{}{RSA}", " ".repeat(MAX_LINE_BYTES));
    assert_eq!(import(&long, ImportPolicy::new().allow_normalization()).unwrap_err(), ErrorKind::TooLong);
    let lenient = Profile::nova().with_policy(ImportPolicy::new().allow_normalization());
    let rejected = |pem: &str| import_by(pem, &lenient).unwrap_err();
    let brainpool = include_str!("../data/x509/brainpool.pem");
    assert_eq!(rejected(&format!("\n{brainpool}")), rejected(brainpool));
    let error = rejected(&format!(" \n{}", RSA.replacen("MII", "MI*", 1)));
    assert_eq!((error.kind(), error.offset()), (ErrorKind::InvalidBase64, Some(32)));
    // An accepted text is kept unchanged, including its line endings.
    let dos = RSA.replace('\n', "\r\n");
    let record = import(&dos, ImportPolicy::new()).unwrap();
    assert_eq!((record.public_key_for_response(), record.public_key()), (&*dos, RSA));
}

#[test]
fn other_files_than_certificates_are_rejected_by_name() {
    let private = include_str!("../data/private/rsa2048.pkcs1.pem");
    let (body, _) = RSA.split_once("\n-----END").unwrap();
    for (text, kind, at) in [
        (String::new(), ErrorKind::NotACertificate, 0),
        (include_str!("../data/rsa2048.pub").to_owned(), ErrorKind::Mistake(Mistake::PublicKey), 0),
        (include_str!("../data/rsa2048.spki.pem").to_owned(), ErrorKind::Mistake(Mistake::PublicKey), 0),
        (include_str!("../data/ed25519-cert.pub").to_owned(), ErrorKind::Mistake(Mistake::PublicKey), 0),
        (private.to_owned(), ErrorKind::PrivateKeyGiven, 0),
        (format!("{RSA}{private}"), ErrorKind::PrivateKeyGiven, RSA.len()),
        (format!("{RSA}{RSA}"), ErrorKind::MultipleKeys, RSA.len()),
        (format!("{RSA}\n"), ErrorKind::InvalidFrame, RSA.len()),
        (format!("{RSA}x"), ErrorKind::InvalidFrame, RSA.len()),
        (format!("\n{RSA}"), ErrorKind::NotACertificate, 0),
        (body.to_owned(), ErrorKind::InvalidFrame, body.len()),
        (RSA.replace("END CERTIFICATE", "END PUBLIC KEY"), ErrorKind::InvalidFrame, body.len() + 1),
        (RSA.replacen("MII", "MI*", 1), ErrorKind::InvalidBase64, 30),
        ("-".repeat(MAX_LINE_BYTES + 1), ErrorKind::TooLong, MAX_LINE_BYTES),
    ] {
        let error = import(&text).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, Some(at)), "{error} in {}", &text[..text.len().min(80)]);
        assert!(!format!("{error:?} {error}").contains("MII"));
    }
}

#[test]
fn what_is_around_a_certificate_or_instead_of_one_is_named_or_skipped() {
    use Normalization::{SurroundingText, WhiteSpace};
    let base64: String = RSA.lines().filter(|line| !line.starts_with('-')).collect();
    for (text, change) in [
        (RSA.to_owned(), None),
        (format!("\n{RSA}\n"), Some(WhiteSpace)),
        (RSA.replace('\n', "\n\n"), Some(WhiteSpace)),
        (RSA.replace('\n', "\n  "), Some(WhiteSpace)),
        (format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----"), Some(WhiteSpace)),
        (format!("Certificate:\n    Data:\n        Version: 3 (0x2)\n{RSA}"), Some(SurroundingText)),
        (format!("Bag Attributes\n  friendlyName: a\n{RSA}"), Some(SurroundingText)),
    ] {
        let (certificate, report) = Certificate::read_with_report(&text).unwrap();
        let found = report.normalizations.first().copied();
        assert_eq!((certificate.to_string().as_str(), found), (RSA, change), "{text}");
        assert_eq!((report.format, report.normalizations.len()), (KeyFormat::X509Pem, usize::from(change.is_some())));
        assert_eq!(Certificate::read(&text), Ok(certificate), "{text}");
    }
    let relabelled = |label: &str| RSA.replace("CERTIFICATE", label);
    for (text, mistake) in [
        (include_str!("../data/rsa2048.pub").to_owned(), Mistake::PublicKey),
        (include_str!("../data/rsa2048.spki.pem").to_owned(), Mistake::PublicKey),
        (relabelled("CERTIFICATE REQUEST"), Mistake::CertificateRequest),
        (relabelled("X509 CERTIFICATE"), Mistake::CertificateLabel),
        (relabelled("TRUSTED CERTIFICATE"), Mistake::CertificateLabel),
        (format!("\"{RSA}\""), Mistake::Quotes),
        (format!("{{\"a\": \"{}\"}}", RSA.replace('\n', "\\n")), Mistake::Escapes),
        (RSA.replace('\n', "\\n"), Mistake::Escapes),
        (RSA.replace("-----", "----"), Mistake::BrokenBegin),
        (RSA.chars().flat_map(|c| [c, '\0']).collect(), Mistake::Utf16),
    ] {
        let error = Certificate::read(&text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mistake(mistake), "{text}");
        assert_eq!(import(&text).unwrap_err(), error, "{text}");
    }
    // A key next to the certificate would be lost.
    let both = format!("{}{RSA}", include_str!("../data/rsa2048.pub"));
    assert!(Certificate::read(&both).is_err());
}

/// The values of a sequence, with their headers.
fn values(mut content: &[u8]) -> Vec<Vec<u8>> {
    let mut values = Vec::new();
    while let [_, length, rest @ ..] = content {
        let (header, length) = match length {
            0x82 => (4, usize::from(u16::from_be_bytes([rest[0], rest[1]]))),
            0x81 => (3, usize::from(rest[0])),
            short => (2, usize::from(*short)),
        };
        let (value, after) = content.split_at(header + length);
        values.push(value.to_vec());
        content = after;
    }
    values
}

fn content(value: &[u8]) -> &[u8] {
    match value[1] {
        0x82 => &value[4..],
        0x81 => &value[3..],
        _ => &value[2..],
    }
}

/// The fields of a certificate, which can be changed and encoded again.
struct Fields {
    /// Version, serial number, algorithm, issuer, validity, subject, key, extensions.
    signed: Vec<Vec<u8>>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl Fields {
    fn new() -> Self {
        let certificate: Certificate = RSA.parse().unwrap();
        let [signed, algorithm, signature] = values(content(certificate.as_der())).try_into().unwrap();
        Self { signed: values(content(&signed)), algorithm, signature }
    }

    fn der(&self) -> Vec<u8> {
        let signed = der(0x30, &self.signed.concat());
        der(0x30, &[signed, self.algorithm.clone(), self.signature.clone()].concat())
    }

    fn with(field: usize, value: Vec<u8>) -> Vec<u8> {
        let mut fields = Self::new();
        fields.signed[field] = value;
        fields.der()
    }

    /// With another validity.
    fn dated(times: [(u8, &[u8]); 2]) -> Vec<u8> {
        Self::with(4, der(0x30, &times.map(|(tag, time)| der(tag, time)).concat()))
    }
}

fn with_signature(bits: &[u8]) -> Vec<u8> {
    Fields { signature: der(3, bits), ..Fields::new() }.der()
}

fn with_unique_id(bits: &[u8]) -> Vec<u8> {
    let mut fields = Fields::new();
    fields.signed.insert(7, der(0x81, bits));
    fields.der()
}

/// Replaces the first occurrence of an object identifier, and corrects the lengths around it.
fn with_oid(certificate: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    fn rebuilt(value: &[u8], old: &[u8], new: &[u8], done: &mut bool) -> Vec<u8> {
        let content = content(value);
        if value[0] == 6 && content == old && !*done {
            *done = true;
            return der(6, new);
        }
        if value[0] & 0x20 == 0 {
            return value.to_vec();
        }
        der(value[0], &values(content).iter().map(|part| rebuilt(part, old, new, done)).collect::<Vec<_>>().concat())
    }
    let mut done = false;
    let changed = rebuilt(certificate, old, new, &mut done);
    assert!(done);
    changed
}

fn rsa_key(modulus: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if modulus[0] & 0x80 != 0 { &[0] } else { &[] };
    let numbers = der(0x30, &[der(2, &[sign, modulus].concat()), der(2, &[1, 0, 1])].concat());
    let algorithm = der(0x30, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00");
    der(0x30, &[algorithm, der(3, &[&[0], &numbers[..]].concat())].concat())
}

#[test]
fn every_invalid_certificate_is_rejected_with_its_error() {
    assert!(Certificate::from_der(&Fields::new().der()).is_ok(), "unchanged");
    let sound = Fields::new().der();
    let (utc, general) = (0x17, 0x18);
    let end = (utc, &b"291229000000Z"[..]);
    let mut extensions = values(content(&values(content(&Fields::new().signed[7]))[0]));
    let repeated = {
        let mut repeated = extensions.clone();
        repeated.push(extensions[0].clone());
        der(0xa3, &der(0x30, &repeated.concat()))
    };
    // The default value of `critical`, FALSE, written out.
    let [name, value] = values(content(&extensions[0])).try_into().unwrap();
    extensions[0] = der(0x30, &[name, der(1, &[0]), value].concat());
    let default_written = der(0xa3, &der(0x30, &extensions.concat()));
    let other_algorithm = {
        let mut fields = Fields::new();
        fields.algorithm[12] ^= 7;
        fields.der()
    };
    let without = |field: usize| {
        let mut fields = Fields::new();
        fields.signed.remove(field);
        fields.der()
    };
    for (der, kind, field) in [
        (Fields::with(1, der(2, &[0x80, 1])), ErrorKind::InvalidMpint, Field::Serial),
        (Fields::with(1, der(2, &[0xff])), ErrorKind::InvalidMpint, Field::Serial),
        (Fields::with(1, der(2, &[0, 1])), ErrorKind::InvalidDer, Field::Serial),
        (Fields::with(1, der(2, &[1; 22])), ErrorKind::InvalidDer, Field::Serial),
        (Fields::with(1, der(2, &[])), ErrorKind::InvalidDer, Field::Serial),
        (Fields::with(1, der(4, &[0x81])), ErrorKind::InvalidDer, Field::Serial),
        (Fields::with(6, rsa_key(&[0xff; 127])), ErrorKind::KeyTooSmall, Field::Modulus),
        (Fields::with(6, rsa_key(&[&[1], &[0xff; 2048][..]].concat())), ErrorKind::KeyTooLarge, Field::Modulus),
        (Fields::with(6, rsa_key(&[0xfe; 256])), ErrorKind::InvalidValue, Field::Modulus),
        (Fields::with(6, der(0x30, &[])), ErrorKind::Truncated, Field::X509),
        (Fields::dated([(utc, b"201301000000Z"), end]), ErrorKind::InvalidValue, Field::ValidAfter),
        (Fields::dated([(utc, b"2001010000Z"), end]), ErrorKind::InvalidValue, Field::ValidAfter),
        (Fields::dated([(utc, b"690101000000Z"), end]), ErrorKind::InvalidValue, Field::ValidAfter),
        (Fields::dated([(0x0c, b"200101000000Z"), end]), ErrorKind::InvalidValue, Field::ValidAfter),
        (Fields::dated([(utc, b"200101000000Z"), (utc, b"")]), ErrorKind::InvalidValue, Field::ValidBefore),
        (
            Fields::dated([(utc, b"200101000000Z"), (general, b"20500230000000Z")]),
            ErrorKind::InvalidValue,
            Field::ValidBefore,
        ),
        // 2029 is a year of UTCTime.
        (
            Fields::dated([(utc, b"200101000000Z"), (general, b"20291229000000Z")]),
            ErrorKind::InvalidValue,
            Field::ValidBefore,
        ),
        (Fields::with(7, repeated), ErrorKind::InvalidDer, Field::Extensions),
        (Fields::with(7, default_written), ErrorKind::InvalidDer, Field::X509),
        (Fields::with(7, der(0xa3, &der(0x30, &[]))), ErrorKind::InvalidDer, Field::Extensions),
        // Extensions with the default version, 1; with version 2; and version 1 written out.
        (without(0), ErrorKind::InvalidDer, Field::Extensions),
        (Fields::with(0, der(0xa0, &der(2, &[1]))), ErrorKind::InvalidDer, Field::Extensions),
        (Fields::with(0, der(0xa0, &der(2, &[0]))), ErrorKind::InvalidDer, Field::X509),
        (without(3), ErrorKind::InvalidDer, Field::X509),
        (other_algorithm, ErrorKind::InvalidValue, Field::Signature),
        ([&sound[..], &[0]].concat(), ErrorKind::TrailingData, Field::X509),
        (sound[..sound.len() - 1].to_vec(), ErrorKind::Truncated, Field::X509),
        (vec![0; 12_049], ErrorKind::TooLong, Field::X509),
        (with_oid(&sound, b"\x55\x1d\x11", b"\x55\x1d\x80\x11"), ErrorKind::InvalidDer, Field::X509),
        (with_oid(&sound, b"\x55\x04\x03", b"\x80\x55\x04\x03"), ErrorKind::InvalidDer, Field::X509),
        (with_signature(&[&[4], &[0xf0][..]].concat()), ErrorKind::InvalidValue, Field::Signature),
        (with_signature(&[&[4], &[0xff][..]].concat()), ErrorKind::InvalidDer, Field::X509),
        (with_signature(&[1, 0xff, 1]), ErrorKind::InvalidDer, Field::X509),
        (with_unique_id(&[3, 0xff]), ErrorKind::InvalidDer, Field::X509),
        (Vec::new(), ErrorKind::Truncated, Field::X509),
    ] {
        let error = Certificate::from_der(&der).unwrap_err();
        assert_eq!((error.kind(), error.field()), (kind, Some(field)), "{error}");
        assert!(error.offset().is_none_or(|at| at <= der.len()));
    }
    assert!(Certificate::from_der(&with_unique_id(&[3, 0xf8])).is_ok());
    // A serial number of 0, and an end before the start, are accepted.
    assert!(Certificate::from_der(&Fields::with(1, der(2, &[0]))).is_ok());
    assert!(Certificate::from_der(&Fields::dated([end, (utc, b"200101000000Z")])).is_ok());
}

#[test]
fn the_place_of_an_error_is_in_the_certificate() {
    let der = Fields::with(6, rsa_key(&[0xfe; 256]));
    let error = Certificate::from_der(&der).unwrap_err();
    assert_eq!(der[error.offset().unwrap()..][..4], [0xfe; 4]);
    let negative = [0x91, 0x22, 0x33];
    let der = Fields::with(1, common::der(2, &negative));
    let error = Certificate::from_der(&der).unwrap_err();
    assert_eq!(der[error.offset().unwrap()..][..3], negative);
}

#[test]
fn a_truncated_certificate_is_rejected_and_one_with_a_flipped_bit_unless_it_is_valid() {
    let certificate: Certificate = RSA.parse().unwrap();
    let whole = certificate.as_der();
    for end in 0..whole.len() {
        assert!(Certificate::from_der(&whole[..end]).is_err());
    }
    let mut accepted = 0;
    for bit in 0..8 * whole.len() {
        let mut changed = whole.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(other) = Certificate::from_der(&changed) {
            assert_eq!(other.as_der(), changed);
            assert_ne!(other.sha1_fingerprint(), certificate.sha1_fingerprint());
            assert_eq!(other.to_string().parse(), Ok(other));
            accepted += 1;
        }
    }
    // The accepted changes are bits of the names, the modulus and the signature, which may have any value.
    assert!(accepted > 4000 && accepted < 8 * whole.len() * 9 / 10, "{accepted} of {}", 8 * whole.len());
}

#[test]
fn the_longest_certificate_is_accepted_as_der_and_as_pem() {
    let long = |bytes: usize| {
        let mut fields = Fields::new();
        let mut extensions = values(content(&values(content(&fields.signed[7]))[0]));
        extensions.push(der(0x30, &[der(6, b"\x2a\x03\x04"), der(4, &vec![0; bytes])].concat()));
        fields.signed[7] = der(0xa3, &der(0x30, &extensions.concat()));
        fields.der()
    };
    let base = long(4000).len() - 4000;
    let certificate = Certificate::from_der(&long(12_048 - base)).unwrap();
    let pem = certificate.to_string();
    assert!(pem.len() <= MAX_LINE_BYTES && pem.len() + 65 > MAX_LINE_BYTES);
    assert_eq!(pem.parse(), Ok(certificate));
    assert_eq!(Certificate::from_der(&long(12_049 - base)).unwrap_err().kind(), ErrorKind::TooLong);
}

#[test]
fn the_ids_that_can_be_names_in_a_certificate_are_those_that_are_accepted() {
    for user_id in ["me", &"x".repeat(64), &"\u{fc}".repeat(64), "/CN=admin"] {
        assert_eq!(check_user_id(user_id), Ok(()), "{user_id}");
    }
    for (user_id, kind, at) in
        [("", ErrorKind::Empty, 0), (&"x".repeat(65), ErrorKind::TooLong, 64), ("a\tb", ErrorKind::InvalidCharacter, 1)]
    {
        assert_eq!(what(check_user_id(user_id).unwrap_err()), (kind, Some(Field::UserId), Some(at)), "{user_id:?}");
    }
}

#[cfg(feature = "ec")]
#[test]
fn a_certificate_of_a_compressed_point_has_the_point_uncompressed() {
    if !have("openssl") {
        return;
    }
    let folder = Folder::new("x509-compressed");
    let key = folder.file("key");
    output(
        "openssl",
        &["ecparam", "-genkey", "-name", "prime256v1", "-noout", "-conv_form", "compressed", "-out", &key],
        "",
    );
    let pem = output("openssl", &["req", "-x509", "-new", "-key", &key, "-subj", "/CN=x"], "");
    let spki = output("openssl", &["ec", "-in", &key, "-pubout", "-conv_form", "uncompressed"], "");
    let certificate: Certificate = pem.parse().unwrap();
    let expected = PublicKey::from_pem(&spki).unwrap();
    assert_eq!(certificate.public_key().key_data(), expected.key_data());
    assert!(certificate.as_der().len() < 500 && certificate.to_string() == pem);
}

#[test]
fn what_is_around_a_certificate_need_not_be_utf8() {
    let latin1 = [b"Bag Attributes\n  friendlyName: Zo\xeb\n", RSA.as_bytes()].concat();
    let (certificate, report) = Certificate::read_with_report(&latin1).unwrap();
    assert_eq!(certificate.to_string(), RSA);
    assert_eq!(report.normalizations, [Normalization::SurroundingText]);
    let import = |input: &[u8], profile: &Profile| Record::import_x509("laptop".parse().unwrap(), input, None, profile);
    let lenient = Profile::nova().with_policy(ImportPolicy::new().allow_normalization());
    assert_eq!(import(&latin1, &lenient).unwrap().public_key_for_response(), RSA);
    assert_eq!(import(&latin1, &Profile::nova()).unwrap_err().kind(), ErrorKind::InvalidUtf8);

    let mut inside = RSA.as_bytes().to_vec();
    inside[100] = 0xeb;
    assert!(Certificate::read(&inside).is_err());
    for profile in [&lenient, &Profile::nova()] {
        assert!(import(&inside, profile).is_err());
        let error = import(certificate.as_der(), profile).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mistake(Mistake::Der));
    }
}

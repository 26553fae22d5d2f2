//! Fingerprints and their pictures, compared with what ssh-keygen and openssl print; and invalid fingerprints.

use crate::common::{self, Folder, data, have, output, unframed};
use base64ct::{Base64, Base64Unpadded, Encoding};
use proptest::prelude::*;
use ssh_keypair::{
    Ec2Fingerprint, ErrorKind, Fingerprint, HashAlgorithm, Md5Fingerprint, PrivateKey, PublicKey, Randomart,
    ReadOptions, Sha1Fingerprint, Sha256Fingerprint, Sha384Fingerprint, Sha512Fingerprint,
};
use std::fmt::{Debug, Display};
use std::str::FromStr;

const ALL: [HashAlgorithm; 5] =
    [HashAlgorithm::Md5, HashAlgorithm::Sha1, HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];

/// The lines of a picture, including the line with the fingerprint before it.
const LINES: usize = 12;

/// Removes a `string` from the start of `rest`, and returns it with its length.
fn string<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let length = u32::from_be_bytes(*rest.first_chunk().unwrap()) as usize;
    let (string, tail) = rest.split_at(4 + length);
    *rest = tail;
    string
}

/// The blob that ssh-keygen hashes: for a certificate, the blob of the plain key inside.
fn hashed_blob(line: &str) -> Vec<u8> {
    let mut words = line.split(' ');
    let (name, base64) = (words.next().unwrap(), words.next().unwrap());
    let blob = Base64::decode_vec(base64).unwrap();
    let Some(plain) = name.strip_suffix("-cert-v01@openssh.com") else { return blob };
    let (plain, fields) = match plain {
        "ssh-rsa" => (plain.to_owned(), 2),
        "ssh-dss" => (plain.to_owned(), 4),
        "ssh-ed25519" => (plain.to_owned(), 1),
        "sk-ssh-ed25519" => (format!("{plain}@openssh.com"), 2),
        "sk-ecdsa-sha2-nistp256" => (format!("{plain}@openssh.com"), 3),
        _ => (plain.to_owned(), 2),
    };
    let mut rest = &blob[..];
    let _name_and_nonce = (string(&mut rest), string(&mut rest));
    let mut inner = [&u32::try_from(plain.len()).unwrap().to_be_bytes(), plain.as_bytes()].concat();
    (0..fields).for_each(|_| inner.extend(string(&mut rest)));
    inner
}

/// Checks the 12 lines that `ssh-keygen -lv -E` prints for a blob.
fn is_as_printed(blob: &[u8], algorithm: HashAlgorithm, comment: &str, printed: &[&str]) {
    let fingerprint = Fingerprint::of_blob(algorithm, blob);
    let (bits, _) = printed[0].split_once(' ').unwrap();
    let (_, short_name) = printed[0].strip_suffix(')').unwrap().rsplit_once(" (").unwrap();
    assert_eq!(printed[0], format!("{bits} {fingerprint} {comment} ({short_name})"));
    assert_eq!(printed[0].split(' ').nth(1).unwrap().parse(), Ok(fingerprint));
    let picture = Randomart::new(&fingerprint, short_name, bits.parse().unwrap()).to_string();
    assert_eq!(picture.lines().collect::<Vec<_>>(), printed[1..LINES], "{}", printed[0]);
    assert!(!picture.ends_with('\n'));
}

#[test]
fn every_key_of_every_type_has_the_fingerprints_and_pictures_of_ssh_keygen() {
    let prints = data("prints.txt");
    let lines: Vec<_> = prints.lines().collect();
    let keys = lines.chunks(1 + ALL.len() * LINES);
    assert_eq!(keys.len(), 23);
    for key in keys {
        let line = data(key[0]);
        let blob = hashed_blob(&line);
        let comment = line.trim_end().splitn(3, ' ').nth(2).unwrap();
        for (algorithm, printed) in ALL.into_iter().zip(key[1..].chunks(LINES)) {
            is_as_printed(&blob, algorithm, comment, printed);
        }
    }
}

#[test]
fn an_imported_key_has_the_fingerprint_that_openssl_makes_for_ec2() {
    let text = data("ec2.txt");
    assert_eq!(text.lines().count(), 6);
    for (name, expected) in text.lines().map(|line| line.split_once(' ').unwrap()) {
        let pem = data(&format!("{name}.spki.pem"));
        let der = unframed(&pem);
        assert_eq!(Md5Fingerprint::of_blob(&der).to_string(), expected);
    }
}

#[test]
fn a_sha1_in_colon_hex_is_as_openssl_prints_it() {
    if !have("openssl") {
        return;
    }
    for input in ["", "abc", &data("rsa2048.pub")] {
        let printed = output("openssl", &["sha1", "-c"], input);
        let fingerprint = Sha1Fingerprint::of_blob(input.as_bytes());
        let text = fingerprint.colon_hex().to_string();
        assert_eq!(printed.trim_end().rsplit(' ').next(), Some(&*text));
        assert_eq!(Sha1Fingerprint::from_colon_hex(&text), Ok(fingerprint));
    }
}

/// RSA keys of unusual sizes, in one call of ssh-keygen.
#[test]
fn random_moduli_of_odd_sizes_have_the_pictures_of_ssh_keygen() {
    if !have("ssh-keygen") {
        return;
    }
    let mut random = 1;
    let blobs: Vec<_> = (0..300_usize)
        .map(|i| {
            let bits = (1024 + 52 * i - i % 7).min(16384);
            let mut modulus = vec![0; bits.div_ceil(8)];
            for byte in &mut modulus {
                random = 6364136223846793005_u64.wrapping_mul(random).wrapping_add(1442695040888963407);
                *byte = random.to_be_bytes()[0];
            }
            let top = 7 - (8 * modulus.len() - bits);
            modulus[0] = modulus[0] & ((1 << top) - 1) | 1 << top;
            if top == 7 {
                modulus.insert(0, 0);
            }
            let parts = [b"ssh-rsa".to_vec(), vec![1, 0, 1], modulus];
            common::blob(&parts.each_ref().map(Vec::as_slice))
        })
        .collect();
    let folder = Folder::new("randomart");
    let file = folder.file("keys");
    let lines: String = blobs.iter().map(|blob| format!("ssh-rsa {} a  b\n", Base64::encode_string(blob))).collect();
    std::fs::write(&file, lines).unwrap();
    for algorithm in ALL {
        let printed = output("ssh-keygen", &["-lv", "-E", &algorithm.to_string(), "-f", &file], "");
        let printed: Vec<_> = printed.lines().collect();
        assert_eq!(printed.len(), blobs.len() * LINES);
        for (blob, printed) in blobs.iter().zip(printed.chunks(LINES)) {
            is_as_printed(blob, algorithm, "a  b", printed);
        }
    }
}

#[test]
fn a_title_that_does_not_fit_is_cut_as_openssh_does() {
    let fingerprint = Fingerprint::of_blob(HashAlgorithm::Sha256, b"");
    for (short_name, bits, border) in [
        ("", 0, "+------[ 0]-------+"),
        ("RSA", 2048, "+---[RSA 2048]----+"),
        ("RSA", 16384, "+---[RSA 16384]---+"),
        // 16, 17 and 18 characters: with the size, with the size but cut off, and without the size.
        ("RSA-CERT", 16384, "+[RSA-CERT 16384]-+"),
        ("RSA-CERTS", 16384, "+[RSA-CERTS 16384-+"),
        ("RSA-CERTSS", 16384, "+--[RSA-CERTSS]---+"),
        ("ED25519-SK-CERT", 256, "+[ED25519-SK-CERT-+"),
        ("a name that is much too long", usize::MAX, "+[a name that is -+"),
        ("zwölf Zeichen", 1, "+[zwölf Zeichen 1-+"),
    ] {
        let picture = Randomart::new(&fingerprint, short_name, bits).to_string();
        assert_eq!(picture.lines().next(), Some(border));
        assert!(picture.lines().all(|line| line.chars().count() == 19), "{picture}");
    }
}

#[test]
fn what_people_copy_with_a_fingerprint_is_skipped() {
    let (sha, md5) =
        ("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e");
    for (text, expected) in [
        (format!("\"{sha}\""), sha.to_owned()),
        (format!("'{sha}'"), sha.to_owned()),
        (format!("\u{201c}{sha}\u{201d}."), sha.to_owned()),
        (format!("{sha}."), sha.to_owned()),
        (format!("\u{feff}{sha}\n"), sha.to_owned()),
        (format!("ssh-ed25519 255 {sha}"), sha.to_owned()),
        (format!("ssh-rsa 2048 {md5}"), format!("MD5:{md5}")),
        (format!("MD5 {md5}"), format!("MD5:{md5}")),
        (format!("md5 MD5:{md5}"), String::new()),
        (format!("SHA1 {sha}"), String::new()),
        (format!("host 255 {sha}"), String::new()),
        (format!("MD5\n{md5}"), String::new()),
    ] {
        assert_eq!(text.parse::<Fingerprint>().map(|read| read.to_string()).unwrap_or_default(), expected, "{text}");
    }
}

fn assert_rejected<F: FromStr<Err = ssh_keypair::Error> + Debug>(text: &str) {
    match text.parse::<F>() {
        Ok(fingerprint) => panic!("accepted: {text:?} as {fingerprint:?}"),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidFingerprint);
            assert!(error.to_string().starts_with("expected a fingerprint such as SHA256:"), "{error}");
        }
    }
}

/// A text that is one edit away from a fingerprint is rejected, or is another fingerprint.
fn near_texts_are_rejected_or_others<F>(fingerprint: F)
where
    F: FromStr<Err = ssh_keypair::Error> + Display + Debug + PartialEq,
{
    let text = fingerprint.to_string();
    for at in 0..=text.len() {
        for c in ['-', '\0', 'é', '_', 'g', 'z'] {
            let (start, end) = text.split_at(at);
            assert_rejected::<F>(&format!("{start}{c}{end}"));
            let Some(end) = end.get(1..) else { continue };
            // Without a digit of base64, or with another one, the rest may be another fingerprint.
            for near in [format!("{start}{end}"), format!("{start}{c}{end}")] {
                match near.parse::<F>() {
                    Ok(other) => assert!(other != fingerprint || near.len() < text.len() || near == text, "{near}"),
                    Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidFingerprint),
                }
            }
        }
    }
    assert_rejected::<F>("");
    assert_rejected::<F>(&format!("{text}{text}"));
    assert_rejected::<F>(&format!("{text} {text}"));
    assert_rejected::<F>(&format!("me {text}"));
}

#[test]
fn a_text_that_is_nearly_a_fingerprint_is_rejected() {
    near_texts_are_rejected_or_others(Md5Fingerprint::of_blob(b"a"));
    near_texts_are_rejected_or_others(Sha1Fingerprint::of_blob(b"a"));
    near_texts_are_rejected_or_others(Sha256Fingerprint::of_blob(b"a"));
    near_texts_are_rejected_or_others(Sha384Fingerprint::of_blob(b"a"));
    near_texts_are_rejected_or_others(Sha512Fingerprint::of_blob(b"a"));
    for algorithm in ALL {
        near_texts_are_rejected_or_others(Fingerprint::of_blob(algorithm, b"a"));
    }
}

#[test]
fn a_fingerprint_is_read_in_every_form_that_people_copy() {
    fn is_read<F: FromStr<Err = ssh_keypair::Error> + Debug + PartialEq + Into<Fingerprint> + Copy>(fingerprint: F) {
        let any: Fingerprint = fingerprint.into();
        let bytes = any.as_ref();
        let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let short: Vec<_> = bytes.iter().map(|byte| format!("{byte:x}")).collect();
        let name = any.algorithm().to_string();
        let mut digests = vec![hex.join(":"), hex.concat(), short.join(":")];
        if name != "md5" {
            digests.extend([Base64::encode_string(bytes), Base64Unpadded::encode_string(bytes)]);
        }
        for digest in digests {
            let is_hex = digest.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
            let mut texts = vec![format!("{name}:{digest}"), format!("{}:{digest}", name.to_uppercase())];
            if is_hex {
                texts.push(format!("{name}:{}", digest.to_uppercase()));
            }
            if !is_hex || name != "sha1" {
                texts.push(digest);
            }
            for text in texts {
                let line = format!("2048 {text} me@host (RSA)");
                for text in [format!(" {text}\r\n"), line, format!("256\t{text}"), text] {
                    assert_eq!(text.parse::<F>().as_ref(), Ok(&fingerprint), "{text}");
                    assert_eq!(text.parse::<Fingerprint>(), Ok(any), "{text}");
                }
            }
        }
    }
    for blob in [&b"a"[..], b"", b"another blob", b"12"] {
        is_read(Md5Fingerprint::of_blob(blob));
        is_read(Sha1Fingerprint::of_blob(blob));
        is_read(Sha256Fingerprint::of_blob(blob));
        is_read(Sha384Fingerprint::of_blob(blob));
        is_read(Sha512Fingerprint::of_blob(blob));
    }
}

#[test]
fn stray_bits_and_other_hashes_are_rejected() {
    let md5 = Md5Fingerprint::of_blob(b"").to_string();
    assert_rejected::<Md5Fingerprint>(&format!("MD5:MD5:{md5}"));
    assert_rejected::<Md5Fingerprint>(&md5.replacen("d4", "+4", 1));
    assert_rejected::<Md5Fingerprint>(&md5.replacen("d4:", "d4::", 1));
    assert_rejected::<Md5Fingerprint>(&md5.replacen("d4", "0d4", 1));
    assert_rejected::<Md5Fingerprint>(&format!("2048\n{md5}"));
    assert_rejected::<Fingerprint>(&format!("MD5:MD5:{md5}"));

    assert!("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU".parse::<Sha256Fingerprint>().is_ok());
    for text in [
        "SHA25647DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU==",
        "SHA256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        // The last two bits of the last character belong to no byte.
        "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV",
        "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFW",
        "SHA256:2jmj7l5rSw0yVb/vlWAYkK/YBwk",
        "SHA256:",
        "SHA1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        "SHA224:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        &md5,
    ] {
        assert_rejected::<Sha256Fingerprint>(text);
        if text != md5 {
            assert_rejected::<Fingerprint>(text);
        }
    }
    // Here four bits of the last character belong to no byte, or two.
    let last = |text: String, c| text[..text.len() - 1].to_owned() + c;
    assert_rejected::<Sha512Fingerprint>(&last(Sha512Fingerprint::of_blob(b"").to_string(), "h"));
    assert_rejected::<Sha1Fingerprint>(&last(Sha1Fingerprint::of_blob(b"").to_string(), "l"));

    // The caller must say which hash a hexadecimal fingerprint without a name is for, and what was hashed.
    let sha1 = Sha1Fingerprint::of_blob(b"").colon_hex().to_string();
    for sha1 in [&sha1, &sha1.replace(':', ""), &sha1.to_uppercase()] {
        assert_rejected::<Fingerprint>(sha1);
        assert_rejected::<Sha1Fingerprint>(sha1);
        assert_rejected::<Md5Fingerprint>(sha1);
        assert_eq!(Sha1Fingerprint::from_colon_hex(sha1), Ok(Sha1Fingerprint::of_blob(b"")));
    }
    for text in [&md5, "", "SHA1:2jmj7l5rSw0yVb/vlWAYkK/YBwk", &format!("SHA1:{sha1}")] {
        assert_eq!(Sha1Fingerprint::from_colon_hex(text).unwrap_err().kind(), ErrorKind::InvalidFingerprint);
    }
    // 64 hexadecimal digits are a SHA-256, though they are also base64 of 48 bytes.
    let hex = "a".repeat(64);
    assert_eq!(hex.parse::<Fingerprint>().unwrap().algorithm(), HashAlgorithm::Sha256);
    assert_rejected::<Sha384Fingerprint>(&hex);
}

#[test]
fn the_fingerprints_of_ec2_are_read_as_they_are_written() {
    let rsa: PublicKey = data("rsa2048.pub").parse().unwrap();
    let ed25519: PublicKey = data("ed25519.pub").parse().unwrap();
    let private = |file: &str| PrivateKey::parse(data(file), &ReadOptions::new()).unwrap();
    let created = ["rsa2048.openssh", "ed25519.openssh", "ecdsa256.openssh"]
        .map(|file| private(&format!("private/{file}")).ec2_created_fingerprint());
    let shown = [rsa.ec2_fingerprint(), ed25519.ec2_fingerprint(), created[0], created[1]];
    assert_eq!(created[2], None);
    for (fingerprint, length) in shown.into_iter().zip([47, 44, 59, 44]) {
        let text = fingerprint.unwrap().to_string();
        assert_eq!(text.len(), length);
        assert_eq!(text.parse(), Ok(fingerprint.unwrap()));
        assert_eq!(format!(" {text}\n").parse(), Ok(fingerprint.unwrap()));
        assert_rejected::<Ec2Fingerprint>(&text[1..text.len() - 2]);
    }
}

#[test]
fn a_hash_has_one_name() {
    for algorithm in ALL {
        assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        assert_eq!(Fingerprint::of_blob(algorithm, b"").algorithm(), algorithm);
    }
    for text in ["", "MD5", "SHA256", "sha-256", "sha2", "sha224", "md5 ", " md5", "ripemd160"] {
        assert_eq!(text.parse::<HashAlgorithm>().unwrap_err().kind(), ErrorKind::UnknownHashAlgorithm);
    }
}

#[test]
fn what_holds_any_of_them_holds_the_same_bytes() {
    fn same<F: Into<Fingerprint> + AsRef<[u8]> + Copy + Into<[u8; N]>, const N: usize>(fingerprint: F) {
        let any: Fingerprint = fingerprint.into();
        assert_eq!(any.as_ref(), fingerprint.as_ref());
        assert_eq!(any.as_ref(), Into::<[u8; N]>::into(fingerprint));
        assert_eq!(any, Fingerprint::of_blob(any.algorithm(), b"blob"));
    }
    same(Md5Fingerprint::of_blob(b"blob"));
    same(Sha1Fingerprint::of_blob(b"blob"));
    same(Sha256Fingerprint::of_blob(b"blob"));
    same(Sha384Fingerprint::of_blob(b"blob"));
    same(Sha512Fingerprint::of_blob(b"blob"));
}

proptest! {
    #[test]
    fn every_fingerprint_is_read_back_from_its_text(blob: Vec<u8>) {
        for algorithm in ALL {
            let fingerprint = Fingerprint::of_blob(algorithm, &blob);
            prop_assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
        }
        let md5 = Md5Fingerprint::of_blob(&blob);
        prop_assert_eq!(md5.to_string().parse(), Ok(md5));
        prop_assert_eq!(md5.to_string().parse(), Ok(Fingerprint::from(md5)));
        let sha1 = Sha1Fingerprint::of_blob(&blob);
        prop_assert_eq!(Sha1Fingerprint::from_colon_hex(&sha1.colon_hex().to_string()), Ok(sha1));
    }

    #[test]
    fn what_is_accepted_is_written_back(text in "(MD5:)?[0-9a-f]{2}(:[0-9a-f]{2}){15}|SHA(1:[0-9A-Za-z+/]{27}|\
        256:[0-9A-Za-z+/]{43}|384:[0-9A-Za-z+/]{64}|512:[0-9A-Za-z+/]{86})") {
        if let Ok(fingerprint) = text.parse::<Fingerprint>() {
            prop_assert!(fingerprint.to_string().ends_with(&text));
        }
    }

    #[test]
    fn no_text_is_read_as_two_fingerprints(text in "([0-9]{1,4} )?(SHA1:|SHA256:|SHA384:|sha512:|MD5:)?[0-9A-Fa-f:]{27,140}") {
        let typed = [
            text.parse().map(Fingerprint::Md5).ok(),
            text.parse().map(Fingerprint::Sha1).ok(),
            text.parse().map(Fingerprint::Sha256).ok(),
            text.parse().map(Fingerprint::Sha384).ok(),
            text.parse().map(Fingerprint::Sha512).ok(),
        ];
        let read: Vec<_> = typed.into_iter().flatten().collect();
        prop_assert_eq!(read, text.parse::<Fingerprint>().into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_picture_has_its_size_whatever_the_name(name: String, bits: usize, blob: Vec<u8>) {
        // Line breaks in a name are up to the caller.
        let name = name.replace(|c: char| c.is_control(), "");
        for algorithm in ALL {
            let picture = Randomart::new(&Fingerprint::of_blob(algorithm, &blob), &name, bits).to_string();
            prop_assert_eq!(picture.lines().count(), 11);
            prop_assert!(picture.lines().all(|line| line.chars().count() == 19));
        }
    }
}

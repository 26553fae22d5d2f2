//! PPK files: puttygen reads ours, we read those of puttygen, and invalid files are rejected.
#![cfg(feature = "alloc")]

use crate::common::{
    Folder, What, commented, from_hex, have, mpint, options, output, pkcs1_pem, string, to_hex, what, write_private,
};
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use ssh_keypair::{Error, ErrorKind, Field, PrivateKey, RsaPrivateKey};
use std::cmp::Ordering;
use std::sync::LazyLock;

/// A key for tests that do not depend on the key.
static KEY: LazyLock<RsaPrivateKey> = LazyLock::new(|| key_with(2048, Ordering::Greater));

/// A key with this order of p and q. PuTTY swaps them if it is not `Greater`.
fn key_with(bits: usize, order: Ordering) -> RsaPrivateKey {
    let mut keys = (0..=255).map(|seed| RsaPrivateKey::from_seed(bits, &[seed; 32]).unwrap());
    keys.find(|key| key.prime_p().cmp(key.prime_q()) == order).unwrap()
}

/// A plain file as the manual describes it, with any blobs, and the right MAC.
#[derive(Clone)]
struct Plain {
    version: u8,
    comment: String,
    public: Vec<Vec<u8>>,
    private: Vec<Vec<u8>>,
}

impl Plain {
    fn of(key: &RsaPrivateKey) -> Self {
        Self {
            version: 3,
            comment: String::from("me@host"),
            public: vec![string(b"ssh-rsa"), mpint(key.public_exponent()), mpint(key.modulus())],
            private: [key.private_exponent(), key.prime_p(), key.prime_q(), key.coefficient()].map(mpint).to_vec(),
        }
    }

    fn text(&self) -> String {
        let (public, private) = (self.public.concat(), self.private.concat());
        let parts = [&b"ssh-rsa"[..], b"none", self.comment.as_bytes(), &public, &private].map(string).concat();
        let mac = if self.version == 2 {
            let key = Sha1::digest(b"putty-private-key-file-mac-key");
            Hmac::<Sha1>::new_from_slice(&key).unwrap().chain_update(parts).finalize().into_bytes().to_vec()
        } else {
            Hmac::<Sha256>::new_from_slice(b"").unwrap().chain_update(parts).finalize().into_bytes().to_vec()
        };
        let mac = to_hex(&mac);
        let body = |blob: &[u8]| {
            let lines: Vec<String> = blob.chunks(48).map(|chunk| Base64::encode_string(chunk) + "\n").collect();
            format!("{}\n{}", lines.len(), lines.concat())
        };
        format!(
            "PuTTY-User-Key-File-{}: ssh-rsa\nEncryption: none\nComment: {}\nPublic-Lines: {}Private-Lines: {}\
             Private-MAC: {mac}\n",
            self.version,
            self.comment,
            body(&public),
            body(&private)
        )
    }
}

/// Reads a file.
fn from_ppk(text: &str, passphrase: Option<&[u8]>) -> Result<PrivateKey, Error> {
    PrivateKey::from_ppk(text, &options(passphrase))
}

/// The error of a file.
fn error_of(text: &str, passphrase: Option<&[u8]>) -> What {
    what(from_ppk(text, passphrase).unwrap_err())
}

/// Where a part of a text begins.
fn place(text: &str, part: &str) -> usize {
    text.find(part).unwrap()
}

/// puttygen, with every output a new file in a folder.
struct Puttygen(Folder);

impl Puttygen {
    const PASSPHRASE: &str = "correct horse, \u{e9}";

    fn new(name: &str) -> Option<Self> {
        have("puttygen").then(|| {
            let folder = Folder::new(name);
            write_private(&folder.file("passphrase"), Self::PASSPHRASE);
            write_private(&folder.file("nothing"), "");
            Self(folder)
        })
    }

    /// The file that it writes, with these arguments. A word that begins with `@` is a file in the folder.
    fn write(&self, arguments: &str) -> String {
        let written = self.0.file("written");
        let arguments: Vec<String> = arguments
            .split(' ')
            .map(|argument| argument.strip_prefix('@').map_or(argument.to_owned(), |name| self.0.file(name)))
            .chain(["-o".to_owned(), written.clone()])
            .collect();
        output("puttygen", &arguments.iter().map(String::as_str).collect::<Vec<_>>(), "");
        let text = std::fs::read_to_string(&written).unwrap();
        std::fs::remove_file(&written).unwrap();
        text
    }

    /// The PKCS#1 PEM that it converts a file to.
    fn pem(&self, file: &str) -> String {
        write_private(&self.0.file("key"), file);
        self.write("@key --old-passphrase @passphrase --new-passphrase @nothing -O private-openssh")
    }

    /// A plain file after it has read and written it.
    fn rewritten(&self, file: &str) -> String {
        write_private(&self.0.file("key"), file);
        self.write("@key --reencrypt --new-passphrase @nothing -O private")
    }
}

#[test]
fn plain_files_of_puttygen_are_read_and_written_as_they_were() {
    let Some(puttygen) = Puttygen::new("putty-plain") else { return };
    for bits in [1024, 2048, 3071] {
        let file = puttygen.write(&format!("-t rsa -b {bits} -C rsa-key --new-passphrase @nothing"));
        let key = from_ppk(&file, None).unwrap();
        assert_eq!(key.public_key().comment(), "rsa-key");
        write_private(&puttygen.0.file("key"), &file);
        assert_eq!(puttygen.write("@key -O public-openssh"), format!("{}\n", key.public_key()));
        let old = puttygen.write("@key --reencrypt --new-passphrase @nothing --ppk-param version=2 -O private");
        assert!(old.starts_with("PuTTY-User-Key-File-2: "));
        let key = key.into_rsa().unwrap();
        assert_eq!(key.bits(), bits);
        assert_eq!(*pkcs1_pem(&key), puttygen.pem(&file));
        assert_eq!(*commented(&key, "rsa-key").unwrap().to_ppk().unwrap(), file);
        assert_eq!(from_ppk(&old, Some(b"not needed")).unwrap().into_rsa().unwrap(), key);
    }
}

#[test]
fn puttygen_reads_what_is_written_and_writes_the_same() {
    let Some(puttygen) = Puttygen::new("putty-written") else { return };
    for (bits, comment) in
        [(2048, ""), (2048, "a comment: with  spaces "), (3072, "J\u{fc}rgen@caf\u{e9}"), (4096, "\t")]
    {
        let key = key_with(bits, Ordering::Greater);
        let file = commented(&key, comment).unwrap().to_ppk().unwrap();
        let read = from_ppk(&file, None).unwrap();
        assert_eq!((read.public_key().comment(), read.as_rsa()), (comment, Some(&key)));
        assert_eq!(puttygen.rewritten(&file), *file);
        assert_eq!(puttygen.pem(&file), *pkcs1_pem(&key));
    }
}

#[test]
fn primes_in_the_other_order_are_kept_and_read_by_puttygen() {
    let key = key_with(2048, Ordering::Less);
    let file = commented(&key, "me@host").unwrap().to_ppk().unwrap();
    let read = from_ppk(&file, None).unwrap();
    assert_eq!(read.as_rsa(), Some(&key));
    let Some(puttygen) = Puttygen::new("putty-swapped") else { return };
    let theirs = from_ppk(&puttygen.rewritten(&file), None).unwrap().into_rsa().unwrap();
    assert_eq!((theirs.prime_p(), theirs.prime_q()), (key.prime_q(), key.prime_p()));
}

#[test]
fn what_is_written_is_what_the_manual_describes() {
    assert_eq!(*commented(&KEY, "me@host").unwrap().to_ppk().unwrap(), Plain::of(&KEY).text());
    let error = commented(&KEY, "two\nlines").unwrap_err();
    assert_eq!(
        (error.kind(), error.field(), error.offset()),
        (ErrorKind::InvalidCharacter, Some(Field::Comment), Some(3))
    );
}

#[test]
fn lines_may_end_in_each_of_the_three_ways() {
    let file = commented(&KEY, "me@host").unwrap().to_ppk().unwrap();
    let mixed: String = file.lines().zip(["\n", "\r\n", "\r"].into_iter().cycle()).flat_map(|(a, b)| [a, b]).collect();
    for text in [file.replace('\n', "\r\n"), file.replace('\n', "\r"), mixed, file.trim_end().to_owned()] {
        assert_eq!(from_ppk(&text, None).unwrap().as_rsa(), Some(&*KEY));
    }
    for more in ["\n", "\r\n", "x", "PuTTY-User-Key-File-3: ssh-rsa\n"] {
        let text = format!("{}{more}", *file);
        assert_eq!(
            error_of(&text, None),
            (ErrorKind::TrailingData, Some(Field::PrivateKey), Some(file.len())),
            "{more:?}"
        );
    }
    let text = format!("\n{}", *file);
    assert_eq!(error_of(&text, None), (ErrorKind::NotAPrivateKey, Some(Field::PrivateKey), Some(0)));
}

#[test]
fn a_plain_file_that_is_truncated_or_changed_is_rejected() {
    // With each bit changed, and with the bytes that mean something in a file.
    no_plain_file_is_read_cut_or_with(|byte| {
        let flipped = (0..7).map(|bit| byte ^ (1 << bit));
        flipped.chain(*b"\0\t\n\r :+/=09Aaz").collect()
    });
}

#[test]
#[ignore = "takes ten seconds"]
fn a_plain_file_with_any_byte_replaced_is_rejected() {
    no_plain_file_is_read_cut_or_with(|_| (0..=0x7f).collect());
}

fn no_plain_file_is_read_cut_or_with(others: impl Fn(u8) -> Vec<u8>) {
    for version in [2, 3] {
        let text = Plain { version, ..Plain::of(&KEY) }.text();
        assert!(from_ppk(&text, None).is_ok());
        for length in 0..text.len() - 1 {
            assert!(from_ppk(&text[..length], None).is_err(), "{length}");
        }
        for at in 0..text.len() {
            for byte in others(text.as_bytes()[at]).into_iter().map(char::from) {
                // Another kind of line break does not change the contents.
                if text[at..].starts_with(byte) || byte == '\r' && text[at..].starts_with('\n') {
                    continue;
                }
                let changed = format!("{}{byte}{}", &text[..at], &text[at + 1..]);
                assert!(from_ppk(&changed, None).is_err(), "{byte:?} at {at}");
            }
        }
    }
}

#[test]
fn every_line_is_demanded_in_its_place() {
    let text = Plain::of(&KEY).text();
    let frame = |at| (ErrorKind::InvalidFrame, Some(Field::PrivateKey), Some(at));
    let headers = ["Encryption", "Comment", "Public-Lines", "Private-Lines", "Private-MAC"];
    for header in headers {
        let at = place(&text, header);
        let line = text[at..].split_inclusive('\n').next().unwrap();
        let without = text.replacen(line, "", 1);
        // The base64 that follows is not such a line.
        assert_eq!(error_of(&without, None), frame(at), "without {header}");
        let renamed = text.replacen(line, &line.to_lowercase(), 1);
        assert_eq!(error_of(&renamed, None), frame(at), "{renamed}");
        for separator in [":", " : ", "="] {
            let text = text.replacen(line, &line.replacen(": ", separator, 1), 1);
            assert_eq!(error_of(&text, None), frame(at), "{header}{separator}");
        }
    }
    for header in ["Encryption", "Comment"] {
        let at = place(&text, header);
        let line = text[at..].split_inclusive('\n').next().unwrap();
        assert_eq!(error_of(&text.replacen(line, &line.repeat(2), 1), None), frame(at + line.len()), "{header} twice");
    }
    let swapped = text.replacen("Encryption: none\nComment: me@host\n", "Comment: me@host\nEncryption: none\n", 1);
    assert_eq!(error_of(&swapped, None), frame(place(&text, "Encryption")));
    let more = text.replacen("Comment", "Key-Derivation: Argon2id\nComment", 1);
    assert_eq!(error_of(&more, None), frame(place(&text, "Comment")));
    for unfinished in ["PuTTY-User-Key-File-", "PuTTY-User-Key-File-3\n"] {
        assert_eq!(error_of(unfinished, None), frame(0), "{unfinished:?}");
    }
    let no_key = (ErrorKind::NotAPrivateKey, Some(Field::PrivateKey), Some(0));
    for other in
        ["", "hello", "-----BEGIN RSA PRIVATE KEY-----\n", "putty-user-key-file-3: ssh-rsa\n", "PuTTY-User-Key-File"]
    {
        assert_eq!(error_of(other, None), no_key, "{other:?}");
    }
}

#[test]
fn versions_types_and_encryptions_that_are_not_known_are_named() {
    let text = Plain::of(&KEY).text();
    for version in ["1", "4", "03", "30", "", "-3"] {
        let text = text.replacen("File-3", &format!("File-{version}"), 1);
        assert_eq!(error_of(&text, None), (ErrorKind::UnsupportedVersion, Some(Field::PrivateKey), Some(20)));
    }
    for key_type in [
        "ssh-unknown",
        "sk-ssh-ed25519@openssh.com",
        "ssh-rsa-cert-v01@openssh.com",
        "rsa-sha2-256",
        "SSH-RSA",
        "",
        " ssh-rsa",
    ] {
        let text = text.replacen("ssh-rsa", key_type, 1);
        assert_eq!(
            error_of(&text, None),
            (ErrorKind::UnsupportedType, Some(Field::PrivateKey), Some(23)),
            "{key_type}"
        );
    }
    for encryption in ["aes128-cbc", "NONE", "", "none "] {
        let changed = text.replacen("none", encryption, 1);
        let expected = (ErrorKind::UnsupportedEncryption, Some(Field::Encryption), Some(place(&text, "none")));
        assert_eq!(error_of(&changed, None), expected);
        assert_eq!(error_of(&changed, Some(b"passphrase")), expected);
    }
}

#[test]
fn comments_are_those_of_a_public_key() {
    let with = |comment: &str| Plain { comment: comment.to_owned(), ..Plain::of(&KEY) }.text();
    for (comment, at) in [("a\u{7}b", 1), ("a\u{2028}b", 1), ("\u{85}", 0)] {
        let text = with(comment);
        let offset = place(&text, "Comment: ") + 9 + at;
        assert_eq!(error_of(&text, None), (ErrorKind::InvalidCharacter, Some(Field::Comment), Some(offset)));
    }
    let (longest, longer) = ("c".repeat(8192), "c".repeat(8193));
    assert!(from_ppk(&with(&longest), None).is_ok());
    assert_eq!(
        error_of(&with(&longer), None),
        (ErrorKind::TooLong, Some(Field::Comment), Some(place(&with(""), "Comment: ") + 9 + 8192))
    );
    let text = "x".repeat(16 * 1024 + 1);
    assert_eq!(error_of(&text, None), (ErrorKind::TooLong, Some(Field::PrivateKey), Some(16 * 1024)));
    assert_eq!(error_of(&text[1..], None).0, ErrorKind::NotAPrivateKey);
}

#[test]
fn counts_of_lines_are_exact_and_bounded() {
    let text = Plain::of(&KEY).text();
    for name in ["Public-Lines", "Private-Lines"] {
        let at = place(&text, name);
        let value = at + name.len() + 2;
        let count: usize = text[value..].lines().next().unwrap().parse().unwrap();
        let first = value + count.to_string().len() + 1;
        let with = |count: &str| {
            let text = format!("{}{count}{}", &text[..value], &text[first - 1..]);
            error_of(&text, None)
        };
        let frame = |at| (ErrorKind::InvalidFrame, Some(Field::PrivateKey), Some(at));
        for count in ["0", "", "-1", "+6", " 6", "6 ", "06", "six", "6.0", "0x6", "\u{ff16}"] {
            assert_eq!(with(count), frame(value), "{name}: {count}");
        }
        // A line that is not full must be the last, but the header declares more: the error is at that line.
        let last = first + 65 * (count - 1);
        for count in ["99", "65535", "4294967295", "4294967296", "99999999999999999999999999"] {
            assert_eq!(with(count), frame(last + count.len() - (first - 1 - value)), "{name}: {count}");
        }
        assert_eq!(with(&(count - 1).to_string()).0, ErrorKind::InvalidFrame);
        assert_eq!(with("1"), frame(first + 65 - (first - 1 - value) + 1), "{name}: 1");
    }
}

#[test]
fn base64_is_canonical_and_of_64_columns() {
    let text = Plain::of(&KEY).text();
    for name in ["Public-Lines", "Private-Lines"] {
        let at = place(&text, name);
        let first = at + text[at..].find('\n').unwrap() + 1;
        let with = |at: usize, old: &str, new: &str| {
            assert!(text[at..].starts_with(old), "{old}");
            error_of(&format!("{}{new}{}", &text[..at], &text[at + old.len()..]), None)
        };
        let (line, digit) = (&text[first..first + 64], &text[first + 10..first + 11]);
        let base64 = (ErrorKind::InvalidBase64, Some(Field::Base64), Some(first));
        let frame = |at| (ErrorKind::InvalidFrame, Some(Field::PrivateKey), Some(at));
        for other in ["=", "-", "_", " ", "\t", "\0", "*"] {
            assert_eq!(with(first + 10, digit, other), base64, "{other:?}");
        }
        assert_eq!(with(first, line, &format!("{}=", &line[..63])), base64);
        assert_eq!(with(first, line, &format!("{}==", &line[..62])), base64);
        assert_eq!(with(first, line, &line[..60]), frame(first));
        assert_eq!(with(first, line, &format!("{line}AAAA")), frame(first));
        assert_eq!(with(first, line, &format!("{line}\n")), frame(first + 65));
        assert_eq!(with(first, line, &format!("\n{line}")), frame(first));
    }
    // The last line of a blob, with one byte in it.
    let file = Plain { private: vec![vec![0; 49]], ..Plain::of(&KEY) }.text();
    let last = place(&file, "AA==\n");
    for (other, at) in [("AB==", last), ("A===", last), ("====", last), ("AA=", last), ("AA", last), ("AA== ", last)] {
        let text = file.replacen("AA==\n", &format!("{other}\n"), 1);
        assert_eq!(error_of(&text, None), (ErrorKind::InvalidBase64, Some(Field::Base64), Some(at)), "{other}");
    }
    let text = file.replacen("AA==\n", "\n", 1);
    assert_eq!(error_of(&text, None), (ErrorKind::InvalidFrame, Some(Field::PrivateKey), Some(last)));
}

#[test]
fn the_mac_is_lower_case_hex_of_its_length() {
    for version in [2, 3] {
        let text = Plain { version, ..Plain::of(&KEY) }.text();
        let at = place(&text, "Private-MAC: ") + 13;
        let mac = text[at..].trim_end();
        let with = |mac: &str| error_of(&format!("{}{mac}\n", &text[..at]), None);
        let frame = |at| (ErrorKind::InvalidFrame, Some(Field::PrivateKey), Some(at));
        let letter = mac.find(|c: char| c.is_ascii_lowercase()).unwrap();
        assert_eq!(with(&mac.to_uppercase()), frame(at + letter));
        assert_eq!(with(""), frame(at));
        assert_eq!(with(&mac[2..]), frame(at));
        assert_eq!(with(&mac[1..]), frame(at + mac.len() - 1));
        assert_eq!(with(&format!("{mac}00")), frame(at));
        assert_eq!(with(&format!("{mac} ")), frame(at + mac.len() + 1));
        assert_eq!(with(&format!("{} g", &mac[2..])), frame(at + mac.len() - 2));
        let damaged = (ErrorKind::Damaged, Some(Field::PrivateKey), None);
        assert_eq!(with(&"0".repeat(mac.len())), damaged);
        assert_eq!(error_of(&text.replacen("me@host", "me@hosts", 1), None), damaged);
    }
}

#[test]
fn blobs_without_a_key_are_rejected_even_with_a_valid_mac() {
    let good = Plain::of(&KEY);
    let positions = |parts: &[Vec<u8>]| -> Vec<usize> {
        parts.iter().scan(0, |at, part| Some(std::mem::replace(at, *at + part.len()))).collect()
    };
    let (public_at, private_at) = (positions(&good.public), positions(&good.private));
    let public = |index: usize, part: Vec<u8>| {
        let mut file = good.clone();
        file.public[index] = part;
        error_of(&file.text(), None)
    };
    let private = |index: usize, part: Vec<u8>| {
        let mut file = good.clone();
        file.private[index] = part;
        error_of(&file.text(), None)
    };
    let fields = [Field::PrivateExponent, Field::PrimeP, Field::PrimeQ, Field::Coefficient];
    for (index, field) in fields.into_iter().enumerate() {
        let (at, number) = (private_at[index], &good.private[index][4..]);
        let longer = string(&[&[0], number].concat());
        let expected = (ErrorKind::InvalidMpint, Some(field), Some(at + 4));
        // A superfluous leading zero byte, and a negative number.
        assert_eq!(private(index, longer), expected);
        assert_eq!(private(index, string(&[0x80])), (ErrorKind::InvalidMpint, Some(field), Some(at + 4)));
        assert_eq!(private(index, vec![0xff; 4]), (ErrorKind::Truncated, Some(field), Some(at)));
        let wrong = private(index, string(&[]));
        let kind = ErrorKind::InconsistentKey;
        assert_eq!(wrong, (kind, Some(field), Some(at + 4)), "zero");
        let mut file = good.clone();
        file.private.truncate(index);
        let end = file.private.concat().len();
        if index > 0 {
            assert_eq!(error_of(&file.text(), None), (ErrorKind::Truncated, Some(field), Some(end)));
        }
    }
    let end = good.private.concat().len();
    let trailing = |more: &[u8], version| {
        let mut file = Plain { version, ..good.clone() };
        file.private.push(more.to_vec());
        error_of(&file.text(), None)
    };
    for version in [2, 3] {
        for more in [&[0][..], &[0; 15], &[1; 300]] {
            assert_eq!(trailing(more, version), (ErrorKind::TrailingData, Some(Field::PrivateBlob), Some(end)));
        }
    }
    // A valid p of another key.
    let other = RsaPrivateKey::from_seed(2048, &[9; 32]).unwrap();
    assert_eq!(private(1, mpint(other.prime_p())), (ErrorKind::InconsistentKey, Some(Field::Modulus), None));
    assert_eq!(
        private(0, mpint(other.private_exponent())),
        (ErrorKind::InconsistentKey, Some(Field::PrivateExponent), Some(4))
    );
    assert_eq!(
        private(3, mpint(other.coefficient())),
        (
            ErrorKind::InconsistentKey,
            Some(Field::Coefficient),
            Some(private_at[3] + 4 + usize::from(other.coefficient()[0] >= 0x80))
        )
    );
    assert_eq!(private(1, string(&[0x7f; 9000])).0, ErrorKind::InconsistentKey);

    assert_eq!(public(2, mpint(other.modulus())), (ErrorKind::InconsistentKey, Some(Field::Modulus), None));
    assert_eq!(public(1, mpint(&[3])), (ErrorKind::InconsistentKey, Some(Field::PrivateExponent), Some(4)));
    let at = public_at[1] + 4;
    assert_eq!(public(1, mpint(&[4])), (ErrorKind::InvalidValue, Some(Field::PublicExponent), Some(at)));
    let padded = string(&[0, 1, 0, 1]);
    assert_eq!(public(1, padded), (ErrorKind::InvalidMpint, Some(Field::PublicExponent), Some(at)));
    let too_large = [&[1][..], &[0; 1024], &[1]].concat();
    assert_eq!(public(2, mpint(&too_large)), (ErrorKind::KeyTooLarge, Some(Field::Modulus), None));
    let mut file = good.clone();
    file.public.push(vec![0]);
    assert_eq!(error_of(&file.text(), None).0, ErrorKind::TrailingData);
    let mut file = good.clone();
    file.public = vec![string(b"ssh-ed25519"), string(b"\x58fffffffffffffffffffffffffffffff")];
    assert_eq!(error_of(&file.text(), None), (ErrorKind::TypeMismatch, Some(Field::BlobType), Some(4)));
}

/// The lines of an encrypted file, with these parameters.
fn encrypted(memory: &str, passes: &str, lanes: &str, salt: &str) -> String {
    let derivation = format!(
        "Key-Derivation: Argon2id\nArgon2-Memory: {memory}\nArgon2-Passes: {passes}\nArgon2-Parallelism: {lanes}\n\
         Argon2-Salt: {salt}\nPrivate-Lines"
    );
    // A blob with whole blocks.
    let text = Plain { private: vec![vec![7; 160]], ..Plain::of(&KEY) }.text();
    text.replacen("none", "aes256-cbc", 1).replacen("Private-Lines", &derivation, 1)
}

const SALT: &str = "000102030405060708090a0b0c0d0e0f";

#[test]
fn an_encrypted_file_wants_a_passphrase() {
    let text = encrypted("8192", "13", "1", SALT);
    let required = (ErrorKind::PassphraseRequired, Some(Field::Passphrase), None);
    assert_eq!(error_of(&text, None), required);
    let two = Plain { version: 2, ..Plain::of(&KEY) }.text().replacen("none", "aes256-cbc", 1);
    assert_eq!(error_of(&two, None), required);
    #[cfg(not(feature = "encryption"))]
    for text in [text, two] {
        let at = place(&text, "aes256");
        let expected = (ErrorKind::UnsupportedEncryption, Some(Field::Encryption), Some(at));
        assert_eq!(error_of(&text, Some(b"passphrase")), expected);
    }
}

#[cfg(feature = "encryption")]
mod encryption {
    use super::*;
    use crate::support::rng::TestRng;
    use aes::Aes256;
    use cbc::cipher::{BlockModeEncrypt, KeyIvInit, array::Array};
    use ssh_keypair::KdfLimit;

    const PASSPHRASE: &[u8] = Puttygen::PASSPHRASE.as_bytes();

    #[test]
    fn files_of_puttygen_are_read_under_each_derivation() {
        let Some(puttygen) = Puttygen::new("putty-encrypted") else { return };
        let file = commented(&KEY, "me@host").unwrap().to_ppk().unwrap();
        write_private(&puttygen.0.file("plain"), &file);
        for parameters in [
            "version=2",
            "kdf=argon2id,passes=2",
            "kdf=argon2i,memory=64,passes=3,parallelism=2",
            "kdf=argon2d,memory=100,passes=1,parallelism=3",
            "kdf=argon2id,memory=1024,passes=5,parallelism=16",
        ] {
            let arguments = "@plain --reencrypt --new-passphrase @passphrase -O private --ppk-param";
            let text = puttygen.write(&format!("{arguments} {parameters}"));
            assert!(text.contains("\nEncryption: aes256-cbc\n"));
            let read = from_ppk(&text, Some(PASSPHRASE)).unwrap();
            assert_eq!((read.as_rsa(), read.public_key().comment()), (Some(&*KEY), "me@host"), "{parameters}");
            let wrong = (ErrorKind::WrongPassphrase, Some(Field::Passphrase), None);
            for passphrase in [b"wrong", &PASSPHRASE[1..], b""] {
                assert_eq!(error_of(&text, Some(passphrase)), wrong, "{parameters}");
            }
            assert_eq!(error_of(&text.replacen("me@host", "you@host", 1), Some(PASSPHRASE)), wrong);
        }
    }

    #[test]
    fn puttygen_reads_what_is_encrypted_here_and_writes_the_same_with_the_same_salt() {
        let Some(puttygen) = Puttygen::new("putty-encrypting") else { return };
        for seed in 0..4 {
            // Blobs of several lengths, with different paddings.
            let key = key_with(2048 + 16 * usize::from(seed), Ordering::Greater);
            let plain = commented(&key, "in M\u{e4}rz").unwrap().to_ppk().unwrap();
            write_private(&puttygen.0.file("plain"), &plain);
            let theirs =
                puttygen.write("@plain --reencrypt --new-passphrase @passphrase -O private --ppk-param passes=13");
            let salt = theirs.lines().find_map(|line| line.strip_prefix("Argon2-Salt: ")).unwrap();
            let salt = from_hex(salt);
            let ours = commented(&key, "in M\u{e4}rz")
                .unwrap()
                .to_ppk_encrypted_with(PASSPHRASE, &mut TestRng::of(salt))
                .unwrap();
            assert_eq!(*ours, theirs);
            let ours = commented(&key, "")
                .unwrap()
                .to_ppk_encrypted_with(PASSPHRASE, &mut TestRng::of(vec![seed; 16]))
                .unwrap();
            assert_eq!(puttygen.pem(&ours), *pkcs1_pem(&key));
        }
    }

    #[cfg(feature = "getrandom")]
    #[test]
    fn each_file_has_its_own_salt_and_no_line_of_another() {
        let [a, b] = [0; 2].map(|_| commented(&KEY, "me@host").unwrap().to_ppk_encrypted(b"passphrase").unwrap());
        let lines = |text: &str, name: &str| -> Vec<String> {
            text[place(text, name)..].lines().skip(usize::from(name != "Argon2-Salt")).map(String::from).collect()
        };
        assert_ne!(lines(&a, "Argon2-Salt")[0], lines(&b, "Argon2-Salt")[0]);
        assert!(lines(&a, "Private-Lines").iter().zip(lines(&b, "Private-Lines")).all(|(a, b)| *a != b));
        for text in [a, b] {
            assert_eq!(from_ppk(&text, Some(b"passphrase")).unwrap().as_rsa(), Some(&*KEY));
        }
    }

    #[test]
    fn nothing_is_encrypted_without_a_passphrase_a_salt_or_a_sound_comment() {
        let rejected = |comment, passphrase: &[u8], salt: usize| {
            let error = commented(&KEY, comment)
                .and_then(|key| key.to_ppk_encrypted_with(passphrase, &mut TestRng::of(vec![1; salt])))
                .unwrap_err();
            (error.kind(), error.field())
        };
        assert_eq!(rejected("", b"", 16), (ErrorKind::Empty, Some(Field::Passphrase)));
        assert_eq!(rejected("", b"x", 0), (ErrorKind::RandomnessUnavailable, None));
        assert_eq!(rejected("\n", b"x", 16), (ErrorKind::InvalidCharacter, Some(Field::Comment)));
    }

    #[test]
    fn impossible_or_costly_derivations_are_rejected_before_they_begin() {
        let check = |[memory, passes, lanes, salt]: [&str; 4], kind, field, name: &str| {
            let text = encrypted(memory, passes, lanes, salt);
            let at = place(&text, name) + name.len() + 2;
            assert_eq!(error_of(&text, Some(b"x")), (kind, Some(field), Some(at)), "{memory} {passes} {lanes} {salt}");
        };
        let impossible = ErrorKind::InvalidEncryption;
        let too_large = ErrorKind::KdfTooCostly(KdfLimit::Memory(130 << 20));
        let too_long = ErrorKind::KdfTooCostly(KdfLimit::Argon2Cost(1 << 20));
        let (memory, passes) = ("Argon2-Memory", "Argon2-Passes");
        let (lanes, salt) = ("Argon2-Parallelism", "Argon2-Salt");
        for (parameters, kind, name) in [
            (["133121", "1", "1", SALT], too_large, memory),
            (["4294967295", "1", "1", SALT], too_large, memory),
            (["4294967296", "1", "1", SALT], too_large, memory),
            (["99999999999999999999999", "1", "1", SALT], too_large, memory),
            (["8192", "129", "1", SALT], too_long, passes),
            (["8", "4294967295", "1", SALT], too_long, passes),
            (["131072", "9", "1", SALT], too_long, passes),
            (["8192", "1", "4294967295", SALT], impossible, memory),
            (["8192", "1", "536870913", SALT], impossible, memory),
            (["8192", "1", "1", &"00".repeat(65)], impossible, salt),
            (["0", "1", "1", SALT], impossible, memory),
            (["7", "1", "1", SALT], impossible, memory),
            (["127", "1", "16", SALT], impossible, memory),
            (["8192", "0", "1", SALT], impossible, passes),
            (["8192", "1", "0", SALT], impossible, lanes),
            (["8192", "1", "1", "00010203040506"], impossible, salt),
            (["8192", "1", "1", ""], impossible, salt),
        ] {
            check(parameters, kind, Field::Encryption, name);
        }
        for number in ["", "-1", "+1", "01", "1 ", "0x1", "1e3"] {
            let frame = ErrorKind::InvalidFrame;
            check([number, "1", "1", SALT], frame, Field::PrivateKey, memory);
            check(["8192", number, "1", SALT], frame, Field::PrivateKey, passes);
            check(["8192", "1", number, SALT], frame, Field::PrivateKey, lanes);
        }
        // Parameters at the limits are accepted, and the error is the passphrase.
        for [memory, passes, lanes, salt] in
            [["133120", "1", "1", SALT], ["8", "1", "1", "0001020304050607"], ["256", "1", "32", &"00".repeat(64)]]
        {
            let text = encrypted(memory, passes, lanes, salt);
            assert_eq!(error_of(&text, Some(b"x")).0, ErrorKind::WrongPassphrase, "{memory} {passes} {lanes} {salt}");
        }
    }

    #[test]
    fn the_lines_of_a_derivation_are_demanded_as_they_are() {
        let text = encrypted("8", "1", "1", SALT);
        let frame = |at| (ErrorKind::InvalidFrame, Some(Field::PrivateKey), Some(at));
        for name in ["Key-Derivation", "Argon2-Memory", "Argon2-Passes", "Argon2-Parallelism", "Argon2-Salt"] {
            let at = place(&text, name);
            let line = text[at..].split_inclusive('\n').next().unwrap();
            assert_eq!(error_of(&text.replacen(line, "", 1), Some(b"x")), frame(at), "without {name}");
            let twice = text.replacen(line, &line.repeat(2), 1);
            assert_eq!(error_of(&twice, Some(b"x")), frame(at + line.len()), "{name} twice");
        }
        for name in ["Argon2", "argon2id", "Argon2id ", "Argon2x", "bcrypt", ""] {
            let changed = text.replacen("Argon2id", name, 1);
            let at = place(&text, "Argon2id");
            let expected = (ErrorKind::UnsupportedEncryption, Some(Field::Encryption), Some(at));
            assert_eq!(error_of(&changed, Some(b"x")), expected);
        }
        let at = place(&text, SALT);
        for (salt, offset) in [("0", 1), ("000", 3), ("0A", 1), ("0g", 1), ("G0", 0), (" 00", 3), ("0x00", 1)] {
            assert_eq!(error_of(&text.replacen(SALT, salt, 1), Some(b"x")), frame(at + offset), "{salt}");
        }
        // A key derivation in a file of version 2, and in a plain file of version 3.
        let two = text.replacen("File-3", "File-2", 1);
        assert_eq!(error_of(&two, Some(b"x")), frame(place(&text, "Key-Derivation")));
        let plain = text.replacen("aes256-cbc", "none", 1);
        assert_eq!(error_of(&plain, Some(b"x")), frame(place(&plain, "Key-Derivation")));
    }

    #[test]
    fn what_is_encrypted_is_whole_blocks() {
        for length in [1, 15, 17, 159] {
            let text = encrypted("8", "1", "1", SALT);
            let (blob, other) = ([7; 160], vec![7; length]);
            let body = |blob: &[u8]| {
                let lines: Vec<String> = blob.chunks(48).map(Base64::encode_string).collect();
                format!("Private-Lines: {}\n{}", lines.len(), lines.join("\n"))
            };
            assert!(text.contains(&body(&blob)));
            let text = text.replacen(&body(&blob), &body(&other), 1);
            let expected = (ErrorKind::InvalidEncryption, Some(Field::PrivateBlob), Some(length));
            assert_eq!(error_of(&text, Some(b"x")), expected);
        }
    }

    /// A file of version 2 as the manual describes it, encrypted with the passphrase x, with this many bytes of padding.
    fn version_two(key: &RsaPrivateKey, padding: usize) -> String {
        let sha1 = |parts: &[&[u8]]| Sha1::digest(parts.concat()).to_vec();
        let cipher_key = [sha1(&[&[0, 0, 0, 0], b"x"]), sha1(&[&[0, 0, 0, 1], b"x"])].concat();
        let mac_key = sha1(&[b"putty-private-key-file-mac-key", b"x"]);
        let file = Plain { version: 2, ..Plain::of(key) };
        let mut private = [file.private.concat(), vec![0xaa; padding]].concat();
        let parts = [&b"ssh-rsa"[..], b"aes256-cbc", b"me@host", &file.public.concat(), &private].map(string).concat();
        let mac = Hmac::<Sha1>::new_from_slice(&mac_key).unwrap().chain_update(parts).finalize().into_bytes();
        let mac = to_hex(&mac);
        let (blocks, _) = Array::slice_as_chunks_mut(&mut private);
        cbc::Encryptor::<Aes256>::new_from_slices(&cipher_key[..32], &[0; 16]).unwrap().encrypt_blocks(blocks);
        let text = Plain { private: vec![private], ..file }.text().replacen("none", "aes256-cbc", 1);
        format!("{}{mac}\n", &text[..place(&text, "Private-MAC: ") + 13])
    }

    #[test]
    fn no_more_than_padding_may_follow_the_numbers() {
        let length = Plain::of(&KEY).private.concat().len();
        let padding = length.next_multiple_of(16) - length;
        let read = from_ppk(&version_two(&KEY, padding), Some(b"x")).unwrap();
        assert_eq!(read.as_rsa(), Some(&*KEY));
        let expected = (ErrorKind::TrailingData, Some(Field::PrivateBlob), Some(length));
        assert_eq!(error_of(&version_two(&KEY, padding + 16), Some(b"x")), expected);
    }

    #[test]
    fn an_encrypted_file_that_is_truncated_or_changed_is_rejected() {
        let length = Plain::of(&KEY).private.concat().len();
        let mut texts = vec![version_two(&KEY, length.next_multiple_of(16) - length)];
        if let Some(puttygen) = Puttygen::new("putty-changed") {
            write_private(&puttygen.0.file("plain"), commented(&KEY, "me@host").unwrap().to_ppk().unwrap());
            write_private(&puttygen.0.file("passphrase"), "x");
            let arguments = "@plain --reencrypt --new-passphrase @passphrase -O private --ppk-param memory=8,passes=1";
            texts.push(puttygen.write(arguments));
        }
        for text in texts {
            assert!(from_ppk(&text, Some(b"x")).is_ok());
            for length in 0..text.len() - 1 {
                assert!(from_ppk(&text[..length], Some(b"x")).is_err(), "{length}");
            }
            for at in 0..text.len() {
                for other in ["A", "B", "0", "1", "\n", " ", "\0", "~"] {
                    if text[at..].starts_with(other) {
                        continue;
                    }
                    let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                    assert!(from_ppk(&changed, Some(b"x")).is_err(), "{other:?} at {at}");
                }
            }
        }
    }
}

//! OpenSSH private keys: this crate reads those of ssh-keygen and of Python's `cryptography`, both read those of this crate,
//! and errors have the right offset.
#![cfg(feature = "std")]

use crate::common::{
    Folder, commented, data, from_hex, have, have_python, mpint, openssh_file, options, output, run, string, unframed,
    write_private,
};
use base64ct::{Base64, Encoding};
use ssh_keypair::openssh::MAX_COMMENT_BYTES;
use ssh_keypair::{Error, ErrorKind, Field, PrivateKey, PublicKey, RsaPrivateKey};
use std::sync::OnceLock;

const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";
const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Where the private part of a file begins.
fn section_of(blob: &[u8]) -> usize {
    let length = |at: usize| u32::from_be_bytes(*blob[at..].first_chunk().unwrap()) as usize;
    let mut at = MAGIC.len();
    for _ in 0..3 {
        at += 4 + length(at);
    }
    at += 4;
    at + 4 + length(at) + 4
}

/// The decoded file with the check values of another one.
fn with_checks_of(mut blob: Vec<u8>, other: &[u8]) -> Vec<u8> {
    let (ours, theirs) = (section_of(&blob), section_of(other));
    blob[ours..ours + 8].copy_from_slice(&other[theirs..theirs + 8]);
    blob
}

/// A file in which every part can be replaced.
#[derive(Clone)]
struct Parts {
    magic: Vec<u8>,
    cipher: Vec<u8>,
    kdf: Vec<u8>,
    options: Vec<u8>,
    count: u32,
    public: Vec<u8>,
    section: Vec<u8>,
    behind: Vec<u8>,
}

impl Parts {
    /// A key of a type, with its public and its secret fields, padded.
    fn new(name: &str, public: &[u8], private: &[u8]) -> Self {
        let public = [string(name.as_bytes()), public.to_vec()].concat();
        Self::of_section(public, &[&string(name.as_bytes()), private, &string(b"me@host")].concat())
    }

    fn of_section(public: Vec<u8>, section: &[u8]) -> Self {
        Self {
            magic: MAGIC.to_vec(),
            cipher: b"none".to_vec(),
            kdf: b"none".to_vec(),
            options: Vec::new(),
            count: 1,
            public,
            section: padded(&[b"samesame", section].concat(), 8),
            behind: Vec::new(),
        }
    }

    /// An Ed25519 key: a seed of bytes 7, and its point.
    fn ed25519() -> Self {
        let secret = string(&[[7; 32], POINT].concat());
        Self::new("ssh-ed25519", &string(&POINT), &[string(&POINT), secret].concat())
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn blob(&self) -> Vec<u8> {
        [
            self.magic.clone(),
            string(&self.cipher),
            string(&self.kdf),
            string(&self.options),
            self.count.to_be_bytes().to_vec(),
            string(&self.public),
            string(&self.section),
            self.behind.clone(),
        ]
        .concat()
    }

    /// Where the private part begins, and the name of the type in it.
    fn section_at(&self) -> usize {
        section_of(&self.blob())
    }

    fn parse(&self, passphrase: Option<&[u8]>) -> Result<PrivateKey, Error> {
        from_openssh(&openssh_file(&self.blob(), 70), passphrase)
    }
}

/// The point of that seed.
const POINT: [u8; 32] =
    *b"\xea\x4a\x6c\x63\xe2\x9c\x52\x0a\xbe\xf5\x50\x7b\x13\x2e\xc5\xf9\x95\x47\x76\xae\xbe\xbe\x7b\x92\x42\x1e\xea\x69\x14\x46\xd2\x2c";

fn padded(section: &[u8], block: usize) -> Vec<u8> {
    let missing = section.len().next_multiple_of(block) - section.len();
    [section, &(1..).take(missing).collect::<Vec<u8>>()].concat()
}

/// Reads a file.
fn from_openssh(text: &str, passphrase: Option<&[u8]>) -> Result<PrivateKey, Error> {
    PrivateKey::from_openssh(text, &options(passphrase))
}

/// The arguments of ssh-keygen for each type that it can generate.
const TYPES: [&[&str]; 8] = [
    &["-t", "rsa", "-b", "2048"],
    &["-t", "rsa", "-b", "3072"],
    &["-t", "rsa", "-b", "4096"],
    &["-t", "dsa"],
    &["-t", "ecdsa", "-b", "256"],
    &["-t", "ecdsa", "-b", "384"],
    &["-t", "ecdsa", "-b", "521"],
    &["-t", "ed25519"],
];

/// A key made by ssh-keygen: the file, and the public line. `None` if the installed ssh-keygen no longer generates the type.
fn generate(folder: &Folder, arguments: &[&str], passphrase: &str) -> Option<(String, String)> {
    let file = folder.file("key");
    let _ = std::fs::remove_file(&file);
    let made = run("ssh-keygen", &[&["-q", "-N", passphrase, "-C", "me@host", "-f", &file], arguments].concat(), "");
    if !made.status.success() {
        assert!(arguments.contains(&"dsa"), "{}", String::from_utf8_lossy(&made.stderr));
        return None;
    }
    let read = |name: &str| std::fs::read_to_string(name).unwrap();
    Some((read(&file), read(&format!("{file}.pub"))))
}

/// A key of each type in [`TYPES`], made once for all tests.
fn generated() -> &'static [Option<(String, String)>; 8] {
    static KEYS: OnceLock<[Option<(String, String)>; 8]> = OnceLock::new();
    KEYS.get_or_init(|| {
        let folder = Folder::new("private-generated");
        TYPES.map(|arguments| generate(&folder, arguments, ""))
    })
}

/// The public line that ssh-keygen finds in a file.
fn public_line(folder: &Folder, text: &str, passphrase: &str) -> String {
    let file = folder.file("written");
    write_private(&file, text);
    output("ssh-keygen", &["-y", "-P", passphrase, "-f", &file], "")
}

#[test]
fn every_type_of_ssh_keygen_is_read_and_written_as_it_was() {
    if !have("ssh-keygen") {
        return;
    }
    let folder = Folder::new("private-types");
    for (arguments, first) in TYPES.iter().zip(generated()) {
        // Various lengths: numbers with and without a leading zero byte, and all lengths of padding.
        let more = if arguments.contains(&"rsa") { 0 } else { 7 };
        let more = (0..more).filter_map(|_| generate(&folder, arguments, ""));
        for (text, public) in first.iter().cloned().chain(more) {
            let key = from_openssh(&text, None).unwrap();
            assert_eq!(format!("{}\n", key.public_key()), public);
            assert_eq!(key.as_rsa().is_some(), arguments.contains(&"rsa"));
            let written = key.to_openssh().unwrap();
            let theirs = unframed(&text);
            assert_eq!(with_checks_of(unframed(&written), &theirs), theirs);
            assert_eq!(openssh_file(&unframed(&written), 70), *written);
            assert_eq!(openssh_file(&theirs, 70), text);
            assert_eq!(written.capacity(), written.len());
            assert_eq!(format!("{}\n", from_openssh(&written, None).unwrap().public_key()), public);
            assert_eq!(public_line(&folder, &written, ""), public);
            // A passphrase that is not needed is ignored.
            assert!(from_openssh(&text, Some(b"passphrase")).is_ok());
        }
    }
}

#[test]
fn the_check_values_follow_from_the_public_key() {
    let text = Parts::ed25519().parse(None).unwrap().to_openssh().unwrap();
    let hash = ssh_keypair::Sha256Fingerprint::of_blob(&Parts::ed25519().public);
    let at = section_of(&unframed(&text));
    assert_eq!(unframed(&text)[at..at + 8], [&hash.as_ref()[..4], &hash.as_ref()[..4]].concat());
}

#[test]
fn an_rsa_key_is_written_alone_as_it_is_with_its_comment() {
    let key = RsaPrivateKey::generate(2048).unwrap();
    for comment in ["", "me@host", "in M\u{e4}rz\tund danach"] {
        let text = commented(&key, comment).unwrap().to_openssh().unwrap();
        let parsed = from_openssh(&text, None).unwrap();
        assert_eq!(parsed.public_key().comment(), comment);
        assert_eq!(parsed.to_openssh().unwrap(), text);
        assert_eq!(parsed.into_rsa().unwrap(), key);
    }
    let error = PrivateKey::from_rsa(key, "a\nb").unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidCharacter, Some(Field::Comment)));
}

#[test]
fn what_would_not_be_read_again_is_not_written() {
    // Two copies of a long application, and a long comment.
    let longest = |application: usize| {
        let public = [string(&POINT), string("a".repeat(application).as_bytes())].concat();
        let private = [&public[..], &[0x21], &string(b"key handle"), &string(b"")].concat();
        let key = Parts::new("sk-ssh-ed25519@openssh.com", &public, &private);
        let write = |length: usize| key.parse(None)?.with_comment(&"x".repeat(length))?.to_openssh();
        let longest = (0..=MAX_COMMENT_BYTES).rev().find(|length| write(*length).is_ok()).unwrap();
        assert!((7000..MAX_COMMENT_BYTES).contains(&longest), "{longest}");
        let text = write(longest).unwrap();
        assert!(from_openssh(&text, None).is_ok());
        let error = write(longest + 1).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::TooLong, Some(Field::PrivateKey)));
        text.len()
    };
    // One more byte of comment can make the private part eight bytes longer.
    let lengths: Vec<usize> = (2000..2032).map(longest).collect();
    assert!(lengths.iter().all(|length| (16384 - 12..=16384).contains(length)), "{lengths:?}");
    assert!(lengths.contains(&16384), "{lengths:?}");
}

#[test]
fn every_width_and_line_break_is_read() {
    let blob = Parts::ed25519().blob();
    let expected = from_openssh(&openssh_file(&blob, 70), None).unwrap().to_openssh().unwrap();
    for width in 1..=400 {
        let text = openssh_file(&blob, width);
        let read = from_openssh(&text, None);
        if (64..=76).contains(&width) {
            for line_break in ["\n", "\r\n", "\r"] {
                let text = text.replace('\n', line_break);
                for text in [&*text, text.strip_suffix(line_break).unwrap()] {
                    assert_eq!(from_openssh(text, None).unwrap().to_openssh().unwrap(), expected);
                }
            }
        } else {
            // The first line is too short, so that the second is wrong, or the first is too long.
            let at = if width < 64 { BEGIN.len() + 1 + width + 1 } else { BEGIN.len() + 1 + 76 };
            assert_eq!(read.unwrap_err(), rejected(ErrorKind::InvalidFrame, Field::PrivateKey, at), "{width}");
        }
    }
}

/// The parts of an error, because tests cannot construct an `Error`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Rejected(ErrorKind, Option<Field>, Option<usize>);

fn rejected(kind: ErrorKind, field: Field, at: usize) -> Rejected {
    Rejected(kind, Some(field), Some(at))
}

impl PartialEq<Rejected> for Error {
    fn eq(&self, other: &Rejected) -> bool {
        Rejected(self.kind(), self.field(), self.offset()) == *other
    }
}

#[test]
fn a_block_of_padding_behind_whole_blocks_is_read_and_no_more() {
    let with = |comment: &[u8], padding: usize| {
        let mut parts = Parts::ed25519();
        // Eight bytes of check values, the type, both halves, and a comment.
        parts.section.truncate(8 + 15 + 36 + 68);
        parts.section.extend(string(comment));
        parts.section.extend(1..=u8::try_from(padding).unwrap());
        parts
    };
    let bare = |padding: usize| with(b"5 are", padding);
    assert_eq!(bare(0).section.len(), 136);
    assert!(bare(0).parse(None).is_ok());
    assert_eq!(bare(8).parse(None).unwrap().to_openssh().unwrap(), bare(0).parse(None).unwrap().to_openssh().unwrap());
    // 144 bytes, so that the padding of 8 does not end a block of 16.
    for padding in [0, 8, 16] {
        assert!(with(b"thirteen are.", padding).parse(None).is_ok(), "{padding}");
    }
    // A padding of 16 bytes is accepted only if it ends a block of 16, as PuTTY writes it without a cipher.
    let parts = bare(16);
    assert_eq!(
        parts.parse(None).unwrap_err(),
        rejected(ErrorKind::Damaged, Field::PrivateBlob, parts.section_at() + 136)
    );
}

#[test]
fn what_is_wrong_inside_is_said_with_its_place() {
    use ErrorKind as Kind;
    let good = Parts::ed25519;
    assert!(good().parse(None).is_ok());
    // Offsets in the private part: the type, the public half, the secret half, the comment, the padding.
    let section = good().section_at();
    let [name, point, secret, comment, padding] = [12, 27, 63, 131, 138].map(|at| section + at);
    let public = section - 4 - good().public.len();
    // Replaces a length, or another byte, of the private part.
    let changed = |at: usize, byte: u8| good().with(|parts| parts.section[at - section] = byte);
    let with_secret =
        |secret: &[u8]| Parts::new("ssh-ed25519", &string(&POINT), &[string(&POINT), string(secret)].concat());
    let with_comment = |comment: &[u8]| {
        let fields = [string(b"ssh-ed25519"), string(&POINT), string(&[[7; 32], POINT].concat()), string(comment)];
        Parts::of_section(good().public, &fields.concat())
    };
    let with_type =
        |name: &[u8]| Parts::of_section(good().public, &[string(name), string(&POINT), vec![0; 80]].concat());
    let table = [
        (good().with(|parts| parts.magic[13] = b'2'), Kind::NotAPrivateKey, Field::PrivateBlob, 0),
        (good().with(|parts| parts.kdf = b"bcrypt".to_vec()), Kind::InvalidEncryption, Field::Encryption, 27),
        (good().with(|parts| parts.options = vec![0; 4]), Kind::InvalidEncryption, Field::Encryption, 35),
        (good().with(|parts| parts.count = 0), Kind::MultipleKeys, Field::PrivateBlob, 35),
        (good().with(|parts| parts.count = 2), Kind::MultipleKeys, Field::PrivateBlob, 35),
        (good().with(|parts| parts.count = u32::MAX), Kind::MultipleKeys, Field::PrivateBlob, 35),
        (good().with(|parts| parts.behind = vec![0]), Kind::TrailingData, Field::PrivateBlob, section + 144),
        // The public key.
        (good().with(|parts| parts.public.push(0)), Kind::TrailingData, Field::Blob, public + 51),
        (good().with(|parts| parts.public[14] = b'8'), Kind::UnknownKeyType, Field::BlobType, public + 4),
        (good().with(|parts| parts.public[19..].fill(0)), Kind::InvalidPoint, Field::Point, public + 19),
        (good().with(|parts| parts.public[20] ^= 1), Kind::InvalidPoint, Field::Point, public + 19),
        (good().with(|parts| parts.public = vec![0, 0, 0, 5]), Kind::Truncated, Field::BlobType, public),
        (
            good().with(|parts| parts.public = string(b"ssh-ed25519-cert-v01@openssh.com")),
            Kind::CertificateNotAllowed,
            Field::BlobType,
            public + 4,
        ),
        // The private part.
        (good().with(|parts| parts.section.clear()), Kind::Damaged, Field::PrivateBlob, section),
        (good().with(|parts| parts.section.push(7)), Kind::Damaged, Field::PrivateBlob, section),
        (good().with(|parts| parts.section.truncate(8)), Kind::Truncated, Field::BlobType, section + 8),
        (changed(section, b'S'), Kind::Damaged, Field::PrivateBlob, section),
        (changed(section + 7, b'E'), Kind::Damaged, Field::PrivateBlob, section),
        (with_type(b"ssh-rsa"), Kind::KeyMismatch, Field::BlobType, name),
        (with_type(b"ssh-new@example.org"), Kind::UnknownKeyType, Field::BlobType, name),
        (with_type(b"ssh-rsa-cert-v01@openssh.com"), Kind::CertificateNotAllowed, Field::BlobType, name),
        (changed(name - 4, 0xff), Kind::Truncated, Field::BlobType, name - 4),
        (changed(point, 9), Kind::KeyMismatch, Field::PrivateBlob, point - 4),
        (changed(point - 1, 31), Kind::InvalidValue, Field::Point, point),
        (changed(secret - 4, 1), Kind::Truncated, Field::PrivateExponent, secret - 4),
        (changed(secret + 32, 9), Kind::KeyMismatch, Field::PrivateExponent, secret),
        (with_secret(&[7; 32]), Kind::InvalidValue, Field::PrivateExponent, secret),
        (with_secret(&[7; 63]), Kind::InvalidValue, Field::PrivateExponent, secret),
        (with_secret(&[[7; 32], POINT, POINT].concat()), Kind::InvalidValue, Field::PrivateExponent, secret),
        (with_secret(&[]), Kind::InvalidValue, Field::PrivateExponent, secret),
        (changed(comment - 1, 255), Kind::Truncated, Field::Comment, comment - 4),
        (with_comment(b"me\xff"), Kind::InvalidUtf8, Field::Comment, comment + 2),
        (with_comment(b"me\nssh-rsa"), Kind::InvalidCharacter, Field::Comment, comment + 2),
        (with_comment("me\u{2028}".as_bytes()), Kind::InvalidCharacter, Field::Comment, comment + 2),
        (with_comment(END.replace("END", "BEGIN").as_bytes()), Kind::PrivateKeyGiven, Field::Comment, comment),
        (changed(padding, 0), Kind::Damaged, Field::PrivateBlob, padding),
        (changed(padding + 5, 7), Kind::Damaged, Field::PrivateBlob, padding),
        (good().with(|parts| parts.section.extend(7..15)), Kind::Damaged, Field::PrivateBlob, padding),
    ];
    for (i, (parts, kind, field, at)) in table.into_iter().enumerate() {
        assert_eq!(parts.parse(None).unwrap_err(), rejected(kind, field, at), "{i}");
    }
}

#[test]
fn what_is_wrong_around_it_is_said_with_its_place() {
    use ErrorKind as Kind;
    let good = openssh_file(&Parts::ed25519().blob(), 70);
    assert!(from_openssh(&good, None).is_ok());
    let body = BEGIN.len() + 1;
    let end = good.len() - END.len() - 1;
    let line = |line: usize| body + 71 * line;
    let inserted = |at: usize, text: &str| [&good[..at], text, &good[at..]].concat();
    let replaced = |at: usize, text: &str| [&good[..at], text, &good[at + text.len()..]].concat();
    let public = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    let text = |kind, at| rejected(kind, Field::PrivateKey, at);
    let base64 = |kind, at| rejected(kind, Field::Base64, at);
    let table = [
        (String::new(), text(Kind::NotAPrivateKey, 0)),
        (public.to_string(), text(Kind::NotAPrivateKey, 0)),
        (good.replace("OPENSSH", "RSA"), text(Kind::NotAPrivateKey, 0)),
        (inserted(0, "\n"), text(Kind::InvalidFrame, 0)),
        (inserted(0, "\u{feff}"), text(Kind::InvalidFrame, 0)),
        (inserted(0, "key:\n"), text(Kind::InvalidFrame, 0)),
        (inserted(body - 1, " "), text(Kind::InvalidFrame, 0)),
        (format!("{BEGIN}{}", &END[5..]), text(Kind::InvalidFrame, 0)),
        (BEGIN.to_string(), text(Kind::InvalidFrame, BEGIN.len())),
        (format!("{BEGIN}\n{END}\n"), base64(Kind::MissingField, body)),
        (good[..end].to_string(), text(Kind::InvalidFrame, end)),
        (good.replace("-----END OPENSSH", "-----END RSA"), text(Kind::InvalidFrame, end)),
        (inserted(end, "-----BEGIN RSA PRIVATE KEY-----\n"), text(Kind::InvalidFrame, end)),
        (inserted(good.len() - 1, " "), text(Kind::InvalidFrame, end)),
        (inserted(good.len(), "\n"), text(Kind::InvalidFrame, good.len())),
        (inserted(good.len(), "me"), text(Kind::InvalidFrame, good.len())),
        (good.repeat(2), text(Kind::MultipleKeys, good.len())),
        (format!("{good}\n\r\n{good}"), text(Kind::MultipleKeys, good.len())),
        (inserted(line(1), "\n"), text(Kind::InvalidFrame, line(1))),
        (inserted(body, "\n"), text(Kind::InvalidFrame, body)),
        (inserted(line(1), "AAAA\n"), text(Kind::InvalidFrame, line(2) - 71 + 5)),
        (inserted(line(2) - 1, "AAAA"), text(Kind::InvalidFrame, line(2) - 1)),
        (replaced(line(1) + 3, "*"), base64(Kind::InvalidBase64, line(1) + 3)),
        (replaced(line(1) + 3, "-"), base64(Kind::InvalidBase64, line(1) + 3)),
        (replaced(line(1) + 3, " "), base64(Kind::InvalidBase64, line(1) + 3)),
        (replaced(line(1) + 3, "="), base64(Kind::InvalidBase64, line(1) + 4)),
        (inserted(end - 1, "="), base64(Kind::InvalidBase64, end)),
        (format!("{}\n{END}\n", &good[..end - 2]), base64(Kind::InvalidBase64, end - 2)),
        (format!("{good}{}", "\n".repeat(16384)), text(Kind::TooLong, 16384)),
    ];
    for (i, (text, expected)) in table.into_iter().enumerate() {
        assert_eq!(from_openssh(&text, None).unwrap_err(), expected, "{i}: {text}");
    }
    // Stray bits, in the last digit of a blob with such a length that there are some.
    let mut stray = Parts::ed25519();
    while !stray.blob().len().is_multiple_of(3) {
        stray.behind.push(0);
    }
    stray.behind.push(0);
    let text = openssh_file(&stray.blob(), 70).replace("AA==\n", "AB==\n");
    let at = text.find("AB==\n").unwrap() + 1;
    assert_eq!(from_openssh(&text, None).unwrap_err(), base64(Kind::NonCanonicalBase64, at));
}

/// A public key from the test data: the type, and the fields that follow it.
fn public_key(line: &str) -> (String, Vec<u8>) {
    let key: PublicKey = line.parse().unwrap();
    let name = key.as_public_key_ref().type_name().to_string();
    let fields = key.as_public_key_ref().blob()[4 + name.len()..].to_vec();
    (name, fields)
}

#[test]
fn the_secret_number_of_ecdsa_and_dsa_is_in_its_range() {
    let [p256, p384, p521, dsa] = [
        include_str!("../data/ecdsa256.pub"),
        include_str!("../data/ecdsa384.pub"),
        include_str!("../data/ecdsa521.pub"),
        include_str!("../data/dsa1024.pub"),
    ]
    .map(public_key);
    // p has 4 + 129 bytes, and q 4 + 21, with a leading zero.
    let q = dsa.1[4 + 129 + 4 + 1..][..20].to_vec();
    let orders = [
        (p256, from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")),
        (p384, from_hex(&["f".repeat(48), "c7634d81f4372ddf581a0db248b0a77aecec196accc52973".into()].concat())),
        (
            p521,
            from_hex(
                &[
                    "01".into(),
                    "f".repeat(64),
                    "fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409".into(),
                ]
                .concat(),
            ),
        ),
        (dsa, q),
    ];
    for ((name, public), order) in orders {
        let changed = |by: i8| {
            let mut number = order.clone();
            let last = number.len() - 1;
            number[last] = number[last].checked_add_signed(by).unwrap();
            number
        };
        let parts = |secret: &[u8]| Parts::new(&name, &public, &[&public[..], &mpint(secret)].concat());
        let at = parts(&[1]).section_at() + 8 + 4 + name.len() + public.len() + 4;
        // In range, but not the number of the public key.
        // The offset is that of the number after its leading zero, except for ECDSA, whose numbers may have more of them.
        let zero_is_skipped = name == "ssh-dss";
        for another in [vec![1], changed(-1), order[1..].to_vec()] {
            let at = at + usize::from(another[0] > 0x7f && zero_is_skipped);
            let expected = rejected(ErrorKind::KeyMismatch, Field::PrivateExponent, at);
            assert_eq!(parts(&another).parse(None).unwrap_err(), expected, "{name}");
        }
        let longer = [&[1][..], &order].concat();
        for rejected_number in [vec![], order.clone(), changed(1), longer, vec![1; 73]] {
            let has_zero = rejected_number.first().is_some_and(|byte| *byte > 0x7f);
            let at = at + usize::from(has_zero && zero_is_skipped);
            let expected = rejected(ErrorKind::InconsistentKey, Field::PrivateExponent, at);
            assert_eq!(parts(&rejected_number).parse(None).unwrap_err(), expected, "{name}");
        }
        // Only a number of ECDSA may have leading zeros. This is the wrong one.
        let padded = if name == "ssh-dss" { ErrorKind::InvalidMpint } else { ErrorKind::KeyMismatch };
        for (encoding, kind) in [(vec![0x80], ErrorKind::InvalidMpint), (vec![0, 1], padded)] {
            let parts = Parts::new(&name, &public, &[&public[..], &string(&encoding)].concat());
            assert_eq!(parts.parse(None).unwrap_err(), rejected(kind, Field::PrivateExponent, at));
        }
    }
}

/// Both public halves are the same, but belong to another seed.
#[test]
fn an_ed25519_key_has_the_point_of_its_seed() {
    let of_seed = |seed: [u8; 32]| {
        let secret = string(&[seed, POINT].concat());
        Parts::new("ssh-ed25519", &string(&POINT), &[string(&POINT), secret].concat())
    };
    assert!(of_seed([7; 32]).parse(None).is_ok());
    let at = of_seed([8; 32]).section_at() + 8 + 4 + 11 + 4 + 32 + 4;
    let expected = rejected(ErrorKind::KeyMismatch, Field::PrivateExponent, at);
    assert_eq!(of_seed([8; 32]).parse(None).unwrap_err(), expected);
}

#[test]
fn keys_of_security_keys_are_read_and_written_as_they_were() {
    for line in [include_str!("../data/ed25519sk.pub"), include_str!("../data/ecdsa256sk.pub")] {
        let (name, public) = public_key(line);
        let private = [&public[..], &[0x21], &string(b"key handle"), &string(b"")].concat();
        let parts = Parts::new(&name, &public, &private);
        let key = parts.parse(None).unwrap();
        assert_eq!(with_checks_of(unframed(&key.to_openssh().unwrap()), &parts.blob()), parts.blob());
        let start = parts.section_at() + 8 + 4 + name.len() + public.len();
        for (length, field, at) in [(0, Field::PrivateBlob, 0), (1, Field::PrivateBlob, 1), (15, Field::Reserved, 15)] {
            let section = [string(name.as_bytes()), private[..public.len() + length].to_vec()].concat();
            let mut parts = Parts::of_section(parts.public.clone(), &section);
            // It is too short, and the bytes of the padding are not a valid length.
            parts.section.resize(parts.section.len() + 8, 0xff);
            let error = parts.parse(None).unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::Truncated, Some(field)), "{length}");
            assert!(error.offset() >= Some(start + at));
        }
    }
}

#[test]
fn the_numbers_of_an_rsa_key_belong_together() {
    let key = RsaPrivateKey::generate(2048).unwrap();
    let named = [
        (Field::Modulus, key.modulus()),
        (Field::PublicExponent, key.public_exponent()),
        (Field::PrivateExponent, key.private_exponent()),
        (Field::Coefficient, key.coefficient()),
        (Field::PrimeP, key.prime_p()),
        (Field::PrimeQ, key.prime_q()),
    ];
    let (of_field, numbers) = (named.map(|(field, _)| field), named.map(|(_, number)| number));
    let public = [mpint(numbers[1]), mpint(numbers[0])].concat();
    let parts = |fields: &[Vec<u8>]| Parts::new("ssh-rsa", &public, &fields.concat());
    let fields = numbers.map(mpint);
    assert!(parts(&fields).parse(None).is_ok());
    // Where the numbers in some fields begin, after a leading zero byte.
    let starts = |fields: &[Vec<u8>]| -> Vec<usize> {
        let mut at = parts(fields).section_at() + 8 + 11;
        let start = |field: &Vec<u8>| {
            at += field.len();
            at - field.len() + 4 + usize::from(field.get(4) == Some(&0))
        };
        fields.iter().map(start).collect()
    };
    for i in 0..6 {
        let with = |field: Vec<u8>| {
            let mut fields = fields.clone();
            fields[i] = field;
            fields
        };
        let mut number = numbers[i].to_vec();
        let last = number.len() - 1;
        number[last] ^= 2;
        let changed = with(mpint(&number));
        let error = parts(&changed).parse(None).unwrap_err();
        if i < 2 {
            let at = parts(&changed).section_at() + 8 + 11;
            assert_eq!(error, rejected(ErrorKind::KeyMismatch, Field::PrivateBlob, at));
        } else {
            // A wrong prime is noticed because the product is not the modulus.
            let place = if i < 4 { i } else { 0 };
            assert_eq!(error, rejected(ErrorKind::InconsistentKey, of_field[place], starts(&changed)[place]), "{i}");
        }
        for (bytes, kind) in [(vec![0x80], ErrorKind::InvalidMpint), (vec![0, 1], ErrorKind::InvalidMpint)] {
            let changed = with(string(&bytes));
            // Where the contents of the field begin.
            let at = starts(&with(string(&[])))[i];
            assert_eq!(parts(&changed).parse(None).unwrap_err(), rejected(kind, of_field[i], at));
        }
        let mut short = with(string(&[]));
        short[i] = vec![0xff; 4];
        let at = starts(&with(string(&[])))[i] - 4;
        assert_eq!(parts(&short).parse(None).unwrap_err(), rejected(ErrorKind::Truncated, of_field[i], at));
    }
    let swapped = [0, 1, 2, 3, 5, 4].map(|i| fields[i].clone());
    let at = starts(&swapped)[3];
    assert_eq!(parts(&swapped).parse(None).unwrap_err(), rejected(ErrorKind::InconsistentKey, Field::Coefficient, at));
    let other = RsaPrivateKey::generate(2048).unwrap();
    let error = parts(&{
        let mut fields = fields.clone();
        fields[0] = mpint(other.modulus());
        fields
    })
    .parse(None)
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyMismatch);
}

/// Whether a changed file is rejected. If it is accepted, checks that it is written as it was read.
fn is_rejected_or_written_as_it_was(text: &str, original: &[u8]) -> bool {
    let Ok(key) = from_openssh(text, None) else { return true };
    let written = unframed(&key.to_openssh().unwrap());
    assert_ne!(unframed(text), original);
    with_checks_of(written, &unframed(text)) == unframed(text)
}

#[test]
fn no_bit_of_a_file_goes_unnoticed() {
    let original = Parts::ed25519().blob();
    let text = openssh_file(&original, 70);
    for i in 0..text.len() {
        for bit in 0..7 {
            let mut bytes = text.clone().into_bytes();
            bytes[i] ^= 1 << bit;
            let changed = String::from_utf8(bytes).unwrap();
            assert!(is_rejected_or_written_as_it_was(&changed, &original), "byte {i}, bit {bit}");
        }
    }
    for i in 0..original.len() {
        for bit in 0..8 {
            let mut blob = original.clone();
            blob[i] ^= 1 << bit;
            assert!(is_rejected_or_written_as_it_was(&openssh_file(&blob, 70), &original), "byte {i}, bit {bit}");
        }
    }
}

#[test]
fn no_part_of_a_file_is_a_file() {
    let original = Parts::ed25519().blob();
    let text = openssh_file(&original, 70);
    for end in 0..text.len() - 1 {
        assert!(from_openssh(&text[..end], None).is_err(), "{end}");
    }
    for start in 1..text.len() {
        assert!(from_openssh(&text[start..], None).is_err(), "{start}");
    }
    for end in 0..original.len() {
        assert!(from_openssh(&openssh_file(&original[..end], 70), None).is_err(), "{end}");
    }
}

/// Reads files that follow each other, all with the same passphrase, and prints their public lines without comments.
const READ_BY_PYTHON: &str = "
import sys, warnings
warnings.simplefilter('ignore')
from cryptography.hazmat.primitives.serialization import *
passphrase = sys.argv[1].encode() or None
begin = b'-----BEGIN '
for file in sys.stdin.buffer.read().split(begin)[1:]:
    key = load_ssh_private_key(begin + file, passphrase)
    print(key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())
";

#[test]
fn cryptography_reads_what_is_written() {
    if !have("ssh-keygen") || !have_python("cryptography") {
        return;
    }
    let keys: Vec<_> = generated().iter().flatten().collect();
    let written = keys.iter().map(|(text, _)| from_openssh(text, None).unwrap().to_openssh().unwrap().to_string());
    let read = output("python3", &["-c", READ_BY_PYTHON, ""], &written.collect::<String>());
    let read: Vec<_> = read.lines().map(|line| format!("{line} me@host\n")).collect();
    assert!(read.iter().eq(keys.iter().map(|(_, public)| public)));
}

/// Half of its P-256 keys have a block of padding after whole blocks.
#[test]
fn what_cryptography_writes_is_read() {
    const WRITE: &str = "
from cryptography.hazmat.primitives.serialization import *
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
keys = [ec.generate_private_key(curve()) for curve in [ec.SECP256R1, ec.SECP384R1, ec.SECP521R1] for _ in range(12)]
keys += [ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)]
for key in keys:
    print(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode(), end='')
    print(key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())
";
    if !have_python("cryptography") {
        return;
    }
    let written = output("python3", &["-c", WRITE], "");
    let mut blocks = 0;
    for pair in written.split_inclusive(BEGIN).skip(1) {
        let (text, public) = pair.trim_end_matches(BEGIN).split_once(&format!("{END}\n")).unwrap();
        let text = format!("{BEGIN}{text}{END}\n");
        let key = from_openssh(&text, None).unwrap();
        assert_eq!(format!("{}\n", key.public_key()), public);
        blocks += usize::from(unframed(&text).ends_with(&[1, 2, 3, 4, 5, 6, 7, 8]));
    }
    assert!(blocks > 0);
}

#[cfg(not(feature = "encryption"))]
#[test]
fn an_encrypted_file_is_distinguished_from_a_damaged_one_without_the_feature() {
    let mut parts = Parts::ed25519();
    (parts.cipher, parts.kdf, parts.behind) = (b"aes256-gcm@openssh.com".into(), b"bcrypt".into(), vec![0; 16]);
    let unsupported = rejected(ErrorKind::UnsupportedEncryption, Field::Encryption, MAGIC.len() + 4);
    assert_eq!(parts.parse(Some(b"passphrase")).unwrap_err(), unsupported);
    let error = parts.parse(None).unwrap_err();
    assert_eq!(error, Rejected(ErrorKind::PassphraseRequired, Some(Field::Passphrase), None));
}

#[test]
fn a_composite_key_of_another_length_or_with_another_public_half_is_rejected() {
    const NAME: &str = "ssh-mldsa44-ed25519@openssh.com";
    let public: PublicKey = data("composite/mldsa44-ed25519.pub").parse().unwrap();
    let public = &public.blob()[4 + NAME.len()..];
    let read = |secret: &[u8]| Parts::new(NAME, public, &[public, &string(secret)].concat()).parse(None);
    let seeds: Vec<u8> = (0..64).collect();
    assert_eq!(&read(&seeds).unwrap().public_key().blob()[4 + NAME.len()..], public);
    let mut other = seeds.clone();
    other[63] ^= 1;
    assert_eq!(read(&other).unwrap_err().kind(), ErrorKind::KeyMismatch);
    for other in [&seeds[1..], &[&seeds[..], &[0]].concat(), &[], &seeds[..32]] {
        assert_eq!(read(other).unwrap_err().kind(), ErrorKind::InvalidValue);
    }
    // Another ML-DSA half on the outside.
    let mut outside = public.to_vec();
    outside[100] ^= 1;
    let parts = Parts::new(NAME, &outside, &[public, &string(&seeds)].concat());
    assert_eq!(parts.parse(None).unwrap_err().kind(), ErrorKind::KeyMismatch);
}

#[cfg(feature = "encryption")]
mod encrypted {
    use super::*;
    use crate::support::rng::TestRng;
    use ssh_keypair::KdfLimit;
    use ssh_keypair::openssh::Cipher;

    const PASSPHRASE: &[u8] = b"correct horse";

    /// The ciphers of ssh-keygen.
    const CIPHERS: [&str; 10] = [
        "aes256-ctr",
        "aes256-gcm@openssh.com",
        "aes192-ctr",
        "aes128-ctr",
        "aes256-cbc",
        "aes192-cbc",
        "aes128-cbc",
        "aes128-gcm@openssh.com",
        "chacha20-poly1305@openssh.com",
        "3des-cbc",
    ];

    fn kind(result: Result<PrivateKey, Error>) -> ErrorKind {
        result.unwrap_err().kind()
    }

    #[test]
    fn every_cipher_of_ssh_keygen_is_read() {
        if !have("ssh-keygen") {
            return;
        }
        let folder = Folder::new("private-ciphers");
        let types: [&[&str]; 3] = [&["-t", "rsa", "-b", "2048"], &["-t", "ecdsa", "-b", "521"], &["-t", "ed25519"]];
        let file = folder.file("key");
        for arguments in types {
            let (_, public) = generate(&folder, arguments, "").unwrap();
            let mut old = "";
            for cipher in CIPHERS {
                // The same key, encrypted anew.
                let change = ["-q", "-p", "-P", old, "-N", "correct horse", "-Z", cipher, "-a", "3", "-f", &file];
                output("ssh-keygen", &change, "");
                old = "correct horse";
                let text = std::fs::read_to_string(&file).unwrap();
                let parts = unframed(&text);
                assert_eq!(parts[MAGIC.len()..][..4 + cipher.len()], string(cipher.as_bytes()));
                let key = from_openssh(&text, Some(PASSPHRASE)).unwrap();
                assert_eq!(format!("{}\n", key.public_key()), public, "{cipher}");
                assert_eq!(public_line(&folder, &key.to_openssh().unwrap(), ""), public);
                for wrong in [&b"correct hors"[..], b"correct horse ", b"correct horse\0", b"\xff", b""] {
                    let error = from_openssh(&text, Some(wrong)).unwrap_err();
                    assert_eq!(error, Rejected(ErrorKind::WrongPassphrase, Some(Field::Passphrase), None), "{cipher}");
                }
                let error = from_openssh(&text, None).unwrap_err();
                assert_eq!(error, Rejected(ErrorKind::PassphraseRequired, Some(Field::Passphrase), None));
            }
        }
    }

    #[test]
    fn ssh_keygen_reads_and_changes_what_is_written() {
        if !have("ssh-keygen") {
            return;
        }
        let folder = Folder::new("private-written");
        for (text, public) in [0, 3, 6, 7].iter().filter_map(|i| generated()[*i].as_ref()) {
            let key = from_openssh(text, None).unwrap();
            for cipher in [Cipher::Aes256Ctr, Cipher::Aes256Gcm] {
                let written = key.to_openssh_encrypted(PASSPHRASE, cipher).unwrap();
                assert_eq!(openssh_file(&unframed(&written), 70), *written);
                assert_eq!(written.capacity(), written.len());
                let again = from_openssh(&written, Some(PASSPHRASE)).unwrap();
                assert_eq!(again.to_openssh().unwrap(), key.to_openssh().unwrap());
                // To change the passphrase, ssh-keygen decrypts the file. One round, because this derives its own key.
                let file = folder.file("written");
                write_private(&file, &written);
                output("ssh-keygen", &["-q", "-p", "-P", "correct horse", "-N", "battery", "-a", "1", "-f", &file], "");
                let changed = std::fs::read_to_string(&file).unwrap();
                assert_eq!(public_line(&folder, &changed, "battery"), *public);
                let again = from_openssh(&changed, Some(b"battery")).unwrap();
                assert_eq!(again.to_openssh().unwrap(), key.to_openssh().unwrap());
            }
        }
    }

    #[test]
    fn what_is_written_says_what_it_is_encrypted_with() {
        for (cipher, tag) in [(Cipher::Aes256Ctr, 0), (Cipher::Aes256Gcm, 16)] {
            let key = Parts::ed25519().parse(None).unwrap();
            let blob = unframed(&key.to_openssh_encrypted(PASSPHRASE, cipher).unwrap());
            let name = [string(cipher.as_str().as_bytes()), string(b"bcrypt"), vec![0, 0, 0, 24, 0, 0, 0, 16]].concat();
            assert_eq!(blob[MAGIC.len()..][..name.len()], name);
            let rounds = MAGIC.len() + name.len() + 16;
            assert_eq!(blob[rounds..rounds + 4], 24u32.to_be_bytes());
            // 138 bytes, padded to blocks of 16.
            assert_eq!(blob.len(), section_of(&blob) + 144 + tag);
            let other = unframed(&key.to_openssh_encrypted(PASSPHRASE, cipher).unwrap());
            assert_ne!(blob[rounds - 16..rounds], other[rounds - 16..rounds]);
        }
    }

    #[test]
    fn an_rsa_key_is_encrypted_alone_as_it_is_with_its_comment() {
        let key = RsaPrivateKey::generate(2048).unwrap();
        let text = commented(&key, "me@host").unwrap().to_openssh_encrypted(PASSPHRASE, Cipher::Aes256Gcm).unwrap();
        let parsed = from_openssh(&text, Some(PASSPHRASE)).unwrap();
        assert_eq!(parsed.public_key().comment(), "me@host");
        assert_eq!(parsed.into_rsa().unwrap(), key);
        for text in [
            commented(&key, "me@host").unwrap().to_openssh_encrypted(b"", Cipher::Aes256Ctr),
            PrivateKey::from_rsa(key, "").unwrap().to_openssh_encrypted(b"", Cipher::Aes256Ctr),
        ] {
            let error = text.unwrap_err();
            assert_eq!(error, Rejected(ErrorKind::Empty, Some(Field::Passphrase), None));
        }
    }

    #[test]
    fn the_salt_and_the_check_values_are_the_generators() {
        let key = Parts::ed25519().parse(None).unwrap();
        let write = |mut rng: TestRng| key.to_openssh_encrypted_with(PASSPHRASE, Cipher::Aes256Ctr, &mut rng);
        let text = write(TestRng::counter()).unwrap();
        assert_eq!(*text, *write(TestRng::counter()).unwrap());
        let salt: Vec<u8> = (0..16).collect();
        assert_eq!(unframed(&text)[47..63], salt);
        assert_eq!(write(TestRng::broken()).unwrap_err().kind(), ErrorKind::RandomnessUnavailable);
        // bcrypt_pbkdf and AES by other means: those of Python.
        const DECRYPT: &str = "
import sys, base64, bcrypt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
section = base64.b64decode(sys.stdin.read())
key = bcrypt.kdf(b'correct horse', bytes(range(16)), 48, 24)
print((Cipher(algorithms.AES(key[:32]), modes.CTR(key[32:])).decryptor().update(section)).hex())
";
        if have_python("cryptography, bcrypt") {
            let section = Base64::encode_string(&unframed(&text)[section_of(&unframed(&text))..]);
            let decrypted = from_hex(output("python3", &["-c", DECRYPT], &section).trim_end());
            assert_eq!(decrypted[..8], [16, 17, 18, 19, 16, 17, 18, 19]);
            assert_eq!(decrypted[8..], Parts::ed25519().section[8..]);
        }
    }

    #[test]
    fn cryptography_reads_and_writes_encrypted_files() {
        const WRITE: &str = "
from cryptography.hazmat.primitives.serialization import *
from cryptography.hazmat.primitives.asymmetric import ed25519
key = ed25519.Ed25519PrivateKey.generate()
passphrase = BestAvailableEncryption(b'correct horse')
print(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, passphrase).decode(), end='')
";
        if !have_python("cryptography, bcrypt") {
            return;
        }
        let text = output("python3", &["-c", WRITE], "");
        let key = from_openssh(&text, Some(PASSPHRASE)).unwrap();
        let written = [Cipher::Aes256Ctr, Cipher::Aes256Gcm]
            .map(|cipher| key.to_openssh_encrypted(PASSPHRASE, cipher).unwrap().to_string());
        let read = output("python3", &["-c", READ_BY_PYTHON, "correct horse"], &written.concat());
        assert!(read.lines().eq([key.public_key().to_string(), key.public_key().to_string()]));
    }

    #[test]
    fn an_impossible_encryption_is_rejected_before_it_costs_anything() {
        use ErrorKind as Kind;
        let options = |salt: usize, rounds: u32| [string(&vec![7; salt]), rounds.to_be_bytes().to_vec()].concat();
        let parts = |cipher: &str, kdf: &str, options: Vec<u8>| {
            let mut parts = Parts::ed25519();
            (parts.cipher, parts.kdf, parts.options) = (cipher.into(), kdf.into(), options);
            parts
        };
        // Offsets in a file with `aes256-ctr` and `bcrypt`.
        let (kdf, at) = (33, 43);
        let trailing = [options(16, 1), vec![0]].concat();
        let costly = Kind::KdfTooCostly(KdfLimit::BcryptRounds(128));
        let table = [
            (parts("aes256-ctr", "none", vec![]), Kind::InvalidEncryption, kdf),
            (parts("aes256-ctr", "scrypt", options(16, 1)), Kind::UnsupportedEncryption, kdf),
            (parts("AES256-CTR", "bcrypt", options(16, 1)), Kind::UnsupportedEncryption, 19),
            (parts("", "bcrypt", options(16, 1)), Kind::UnsupportedEncryption, 19),
            (parts("none", "bcrypt", options(16, 1)), Kind::InvalidEncryption, 27),
            (parts("aes256-ctr", "bcrypt", vec![]), Kind::Truncated, at),
            (parts("aes256-ctr", "bcrypt", options(16, 1)[..23].to_vec()), Kind::Truncated, at + 20),
            (parts("aes256-ctr", "bcrypt", trailing), Kind::InvalidEncryption, at),
            (parts("aes256-ctr", "bcrypt", options(0, 1)), Kind::InvalidEncryption, at),
            (parts("aes256-ctr", "bcrypt", options(65, 1)), Kind::InvalidEncryption, at),
            (parts("aes256-ctr", "bcrypt", options(16, 0)), Kind::InvalidEncryption, at + 20),
            (parts("aes256-ctr", "bcrypt", options(16, 129)), costly, at + 20),
            (parts("aes256-ctr", "bcrypt", options(16, u32::MAX)), costly, at + 20),
            (parts("blowfish-cbc", "bcrypt", options(16, 1)), Kind::OldEncryption("Blowfish"), 19),
            (parts("arcfour256", "bcrypt", options(16, 1)), Kind::OldEncryption("RC4"), 19),
        ];
        for (i, (parts, kind, at)) in table.into_iter().enumerate() {
            for passphrase in [Some(PASSPHRASE), None] {
                let error = parts.parse(passphrase).unwrap_err();
                assert_eq!(error, rejected(kind, Field::Encryption, at), "{i}");
            }
        }
        // At the limits, the error is that the passphrase is missing or wrong.
        for (salt, rounds) in [(1, 1), (64, 1), (16, 128)] {
            let parts = parts("aes256-ctr", "bcrypt", options(salt, rounds));
            assert_eq!(kind(parts.parse(None)), Kind::PassphraseRequired);
            if rounds == 1 {
                assert_eq!(kind(parts.parse(Some(PASSPHRASE))), Kind::WrongPassphrase);
            }
        }
        // Whole blocks of 16 bytes, then a tag if the cipher has one, then nothing.
        let ctr = parts("aes256-ctr", "bcrypt", options(16, 1));
        let gcm = parts("aes256-gcm@openssh.com", "bcrypt", options(16, 1));
        let section = ctr.section_at();
        let blob = |kind, at| rejected(kind, Field::PrivateBlob, at);
        let odd = ctr.clone().with(|parts| parts.section.truncate(136));
        assert_eq!(odd.parse(Some(PASSPHRASE)).unwrap_err(), blob(Kind::Damaged, section));
        let behind = ctr.with(|parts| parts.behind = vec![0; 16]);
        assert_eq!(behind.parse(Some(PASSPHRASE)).unwrap_err(), blob(Kind::TrailingData, section + 144));
        for (length, kind, at) in [(0, Kind::Truncated, 0), (15, Kind::Truncated, 0), (17, Kind::TrailingData, 16)] {
            let parts = gcm.clone().with(|parts| parts.behind = vec![0; length]);
            let at = gcm.section_at() + 144 + at;
            assert_eq!(parts.parse(Some(PASSPHRASE)).unwrap_err(), blob(kind, at));
        }
    }

    #[test]
    fn no_bit_of_a_file_with_a_tag_can_be_changed() {
        if !have("ssh-keygen") {
            return;
        }
        let folder = Folder::new("private-tag");
        for cipher in ["aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"] {
            let arguments = ["-t", "ed25519", "-Z", cipher, "-a", "1"];
            let (text, _) = generate(&folder, &arguments, "correct horse").unwrap();
            let original = unframed(&text);
            assert!(from_openssh(&text, Some(PASSPHRASE)).is_ok());
            for i in 0..original.len() {
                let mut changed = original.clone();
                changed[i] ^= 1 << (i % 8);
                assert!(from_openssh(&openssh_file(&changed, 70), Some(PASSPHRASE)).is_err(), "{cipher}, byte {i}");
            }
        }
    }
}

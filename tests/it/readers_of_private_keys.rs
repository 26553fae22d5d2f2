//! Damaged private key files, read by this crate and by `ssh-keygen`, `openssl` and `puttygen`: whoever reads one reads the same
//! key, or rejects it. The files are those of `tests/data/private`, changed in each way that this crate undoes, and at random.

#![cfg(all(feature = "std", feature = "encryption", feature = "ec"))]

use crate::common::{Folder, data, have, pem, run, unframed, with_width, write_private};
use ssh_keypair::{ErrorKind, PrivateKey, PublicKey, ReadOptions};

const FILES: [&str; 6] =
    ["rsa2048.pkcs1.pem", "rsa2048.pkcs8.pem", "rsa2048.openssh", "ed25519.openssh", "ecdsa256.openssh", "rsa2048.ppk"];

/// The other programs, and a folder for the files that they read.
struct Readers {
    folder: Folder,
    tools: Vec<&'static str>,
}

impl Readers {
    fn new(name: &str) -> Self {
        let tools =
            ["ssh-keygen", "openssl", "puttygen"].into_iter().filter(|tool| have(tool) && have("timeout")).collect();
        Self { folder: Folder::new(name), tools }
    }

    /// What each program reads: the blob of the public key, if it accepts the file.
    fn read(&self, file: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
        let path = self.folder.file("key");
        write_private(&path, file);
        let read = |tool: &'static str| {
            let arguments: &[&str] = match tool {
                "ssh-keygen" => &["-y", "-P", "", "-f", &path],
                "openssl" => &["pkey", "-passin", "pass:", "-pubout", "-in", &path],
                _ => &["--old-passphrase", "/dev/null", "-O", "public-openssh", &path],
            };
            // puttygen 0.78 never ends with some files that have a second BEGIN line before END.
            let output = run("timeout", &[&["1", tool], arguments].concat(), "");
            let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
            let key = match tool {
                "openssl" => PublicKey::from_pem(&text),
                _ => text.parse(),
            };
            Some((tool, key.unwrap_or_else(|error| panic!("{tool}: {error}: {text}")).blob().to_vec()))
        };
        self.tools.iter().filter_map(|tool| read(tool)).collect()
    }

    /// Checks a damaged file, in which is part of the key of a clean one. Returns whether it is read.
    fn check(&self, what: &str, clean: &PrivateKey, damaged: &[u8]) -> bool {
        let ours = PrivateKey::parse_with_report(damaged, &ReadOptions::new());
        let Ok((key, report)) = ours else { return false };
        assert_eq!(key, *clean, "{what}");
        for (tool, blob) in self.read(damaged) {
            assert_eq!(key.public_key().blob(), blob, "{what}: {tool}");
        }
        if !report.normalizations.is_empty() {
            let options = ReadOptions::new();
            let strict = [
                PrivateKey::from_pem(damaged, &options),
                PrivateKey::from_openssh(damaged, &options),
                PrivateKey::from_ppk(damaged, &options),
            ];
            assert!(strict.iter().all(Result::is_err), "{what}: {:?}", report.normalizations);
        }
        true
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

/// A text with some line after the first of these lines.
fn with_line(text: &str, after: usize, line: &str) -> String {
    let mut lines = lines(text);
    lines.insert(after.min(lines.len()), line);
    lines.join("\n") + "\n"
}

/// A kind of damage that the crate undoes.
type Damage = fn(&str) -> String;

const OF_ANY_FILE: &[(&str, Damage)] = &[
    ("blank lines before", |text| format!("\n\r\n{text}")),
    ("spaces before", |text| format!("   {text}")),
    ("a byte order mark", |text| format!("\u{feff}{text}")),
    ("NUL at the end", |text| format!("{text}\0\0")),
    ("0x1A at the end", |text| format!("{text}\u{1a}")),
    ("blank lines at the end", |text| format!("{text}\n\n")),
    ("no final newline", |text| text.trim_end().to_owned()),
    ("CRLF", |text| text.replace('\n', "\r\n")),
    ("CR CR LF", |text| text.replace('\n', "\r\r\n")),
    ("CR", |text| text.replace('\n', "\r")),
    ("spaces at line ends", |text| text.replace('\n', " \n").replace("test key \n", "test key\n")),
    ("indentation", |text| format!("  {}", text.trim_end().replace('\n', "\n  "))),
    ("blank lines between", |text| text.replace('\n', "\n\n")),
    ("\\n", |text| text.replace('\n', "\\n")),
    ("JSON", |text| format!("{text:?}")),
    ("quotes", |text| format!("'{}'", text.trim_end())),
];

const OF_PEM: &[(&str, Damage)] = &[
    ("spaces for line breaks", |text| text.trim_end().replace('\n', " ")),
    ("no line breaks", |text| text.replace('\n', "")),
    ("one line", |text| with_width(text, 100_000)),
    ("48 columns", |text| with_width(text, 48)),
    ("77 columns", |text| with_width(text, 77)),
    ("1 column", |text| with_width(text, 1)),
    ("a label before", |text| format!("OCI_API_KEY\n{text}")),
    ("a label after", |text| format!("{text}OCI_API_KEY\n")),
    ("attributes", |text| format!("Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n{text}")),
    ("a certificate before", |text| format!("{}{text}", data("x509/rsa2048.pem"))),
    ("a certificate after", |text| format!("{text}{}", data("x509/rsa2048.pem"))),
    ("a public key before", |text| format!("{}{text}", data("ed25519.spki.pem"))),
    ("a public key after", |text| format!("{text}{}", data("ed25519.pub"))),
    ("a blank line after BEGIN", |text| with_line(text, 1, "")),
    ("a blank line inside", |text| with_line(text, 5, "")),
    ("two blank lines inside", |text| with_line(&with_line(text, 4, ""), 3, "")),
    ("a header", |text| with_line(&with_line(text, 1, ""), 1, "Comment: x")),
    ("the label of PKCS#1", |text| relabelled(text, "RSA PRIVATE KEY")),
    ("the label of PKCS#8", |text| relabelled(text, "PRIVATE KEY")),
    ("the label of OpenSSH", |text| relabelled(text, "OPENSSH PRIVATE KEY")),
    ("the label of SEC 1", |text| relabelled(text, "EC PRIVATE KEY")),
    ("a long length", |text| {
        let (der, label) = (unframed(text), label(text));
        match der[..] {
            [0x30, 0x82, ..] => pem(label, &[&[0x30, 0x83, 0], &der[2..]].concat()),
            _ => text.to_owned(),
        }
    }),
];

/// A file that is made of two others.
type Combination = fn(&str, &str) -> String;

/// What no program may read as another key than this crate does.
const OF_TWO: &[(&str, Combination)] = &[
    ("two keys", |text, other| format!("{text}{other}")),
    ("a broken key before", |text, other| format!("{}\n{text}", lines(other)[..3].join("\n"))),
    ("a broken key after", |text, other| format!("{text}{}\n", lines(other)[..3].join("\n"))),
    ("BEGIN alone before", |text, other| format!("{}\n{text}", lines(other)[0])),
    ("a key without END before", |text, other| format!("{}\n{text}", other.trim_end().rsplit_once('\n').unwrap().0)),
    ("the other's lines after a blank one", |text, other| {
        let (text, other) = (lines(text), lines(other));
        let lines = [&text[..2], &[""], &other[1..other.len() - 1], &text[text.len() - 1..]].concat();
        lines.join("\n") + "\n"
    }),
    ("a key as a header", |text, other| with_line(text, 1, &format!("X: {}", other.replace('\n', " ")))),
    ("a key in the text before", |text, other| format!("# {}\n{text}", other.replace('\n', " "))),
    ("a BEGIN line with blanks before", |text, other| format!("{}{text}", other.replace("-----BEGIN", " -----BEGIN"))),
    ("a BEGIN line in lower case", |text, other| format!("{}{text}", other.replace("BEGIN", "begin"))),
];

fn label(text: &str) -> &str {
    lines(text)[0].trim_matches('-').trim_start_matches("BEGIN ")
}

fn relabelled(text: &str, new: &str) -> String {
    text.replace(&format!("{}-", label(text)), &format!("{new}-"))
}

#[test]
fn every_program_reads_the_same_key_of_a_damaged_file_or_rejects_it() {
    let readers = Readers::new("readers");
    for file in FILES {
        let text = data(&format!("private/{file}"));
        let clean = PrivateKey::parse(&text, &ReadOptions::new()).unwrap();
        assert!(readers.check(file, &clean, text.as_bytes()));
        let of_pem = if file.ends_with(".ppk") { &[] } else { OF_PEM };
        for (what, damage) in OF_ANY_FILE.iter().chain(of_pem) {
            let what = format!("{file}, {what}");
            assert!(readers.check(&what, &clean, damage(&text).as_bytes()), "{what}: rejected");
        }
    }
}

#[test]
fn no_program_reads_another_key_of_a_file_of_two() {
    let readers = Readers::new("readers-of-two");
    for (file, other) in FILES.into_iter().zip(FILES.into_iter().cycle().skip(3)) {
        let text = data(&format!("private/{file}"));
        let other = data(&format!("private/{other}"));
        let clean = PrivateKey::parse(&text, &ReadOptions::new()).unwrap();
        for (what, damage) in OF_TWO {
            let damaged = damage(&text, &other);
            let what = format!("{file}, {what}");
            // A key between the lines of another is rejected for one reason or another.
            if !what.ends_with("a blank one") {
                let error = PrivateKey::parse(&damaged, &ReadOptions::new()).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::MultipleKeys, "{what}");
            }
            assert!(!readers.check(&what, &clean, damaged.as_bytes()), "{what}");
        }
    }
}

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Some kinds of damage, one after the other, and bytes or lines that are changed, removed, or taken from another file.
fn damaged(text: &str, other: &str, numbers: &mut Numbers) -> Vec<u8> {
    let mut text = match numbers.below(2) {
        0 if text.starts_with("-----BEGIN ") => OF_PEM[numbers.below(OF_PEM.len())].1(text),
        _ => text.to_owned(),
    };
    for _ in 0..numbers.below(3) {
        text = OF_ANY_FILE[numbers.below(OF_ANY_FILE.len())].1(&text);
    }
    let mut bytes = text.into_bytes();
    for _ in 0..numbers.below(3) {
        let at = numbers.below(bytes.len());
        match numbers.below(5) {
            0 => bytes[at] = b" \n\r\t\0-=:\\\"\x1aA"[numbers.below(12)],
            1 => bytes.insert(at, b" \n\r\t\0-=:\\\"\x1aA"[numbers.below(12)]),
            2 => drop(bytes.remove(at)),
            3 => {
                let line = lines(other)[numbers.below(other.lines().count())];
                bytes.splice(at..at, format!("\n{line}\n").into_bytes());
            }
            _ => {
                let end = (at + 80).min(bytes.len());
                let repeated = bytes[at..end].to_vec();
                bytes.splice(end..end, repeated);
            }
        }
    }
    bytes
}

fn damaged_at_random(name: &str, count: usize) {
    let readers = Readers::new(name);
    let mut numbers = Numbers(20);
    let mut read = 0;
    for round in 0..count {
        let (file, other) = (FILES[numbers.below(FILES.len())], FILES[numbers.below(FILES.len())]);
        let (text, other) = (data(&format!("private/{file}")), data(&format!("private/{other}")));
        let clean = PrivateKey::parse(&text, &ReadOptions::new()).unwrap();
        let damaged = damaged(&text, &other, &mut numbers);
        read += usize::from(readers.check(&format!("{file}, round {round}"), &clean, &damaged));
    }
    assert!(read > count / 8, "{read} of {count}");
}

#[test]
fn every_program_reads_the_same_key_of_a_file_damaged_at_random_or_rejects_it() {
    damaged_at_random("readers-random", 40);
}

#[test]
#[ignore = "takes minutes"]
fn every_program_reads_the_same_key_of_a_thousand_files_damaged_at_random_or_rejects_it() {
    damaged_at_random("readers-many", 3000);
}

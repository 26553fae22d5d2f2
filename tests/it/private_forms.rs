//! Private keys in every format, exchanged between this crate and the programs and crates that support it: each reads what the
//! other writes, and the keys are the same, number by number.

#![cfg(all(feature = "std", feature = "encryption"))]

use crate::common::{
    DATA, Folder, commented, data, have, have_python, output, parse, pkcs1_pem, pkcs8_pem, unframed, write_private,
};
use pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, LineEnding};
use pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ssh_keypair::openssh::Cipher;
use ssh_keypair::pkcs::Kdf;
use ssh_keypair::{Error, ErrorKind, Mistake, PrivateKey, PublicKey, RsaPrivateKey};
use zeroize::Zeroizing;

const SIZES: [usize; 3] = [2048, 3072, 4096];
/// A passphrase is tried with one size: how it becomes a key does not depend on what it encrypts.
const ENCRYPTED_SIZES: [usize; 1] = [2048];
const PASSPHRASE: &str = "test material";
const COMMENT: &str = "me@host, a comment";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Pkcs1,
    Pkcs8,
    Pkcs8Scrypt,
    Pkcs8Pbkdf2,
    Openssh,
    OpensshCtr,
    OpensshGcm,
    Ppk,
    PpkEncrypted,
}

use Form::*;

const FORMS: [Form; 9] = [Pkcs1, Pkcs8, Pkcs8Scrypt, Pkcs8Pbkdf2, Openssh, OpensshCtr, OpensshGcm, Ppk, PpkEncrypted];

impl Form {
    /// The key in this format, as this crate writes it.
    fn of(self, key: &RsaPrivateKey) -> Zeroizing<String> {
        let commented = commented(key, COMMENT).unwrap();
        let text = match self {
            Pkcs1 => return pkcs1_pem(key),
            Pkcs8 => return pkcs8_pem(key),
            Pkcs8Scrypt => key.to_encrypted_pkcs8_pem(PASSPHRASE, Kdf::Scrypt),
            Pkcs8Pbkdf2 => key.to_encrypted_pkcs8_pem(PASSPHRASE, Kdf::Pbkdf2),
            Openssh => commented.to_openssh(),
            OpensshCtr => commented.to_openssh_encrypted(PASSPHRASE, Cipher::Aes256Ctr),
            OpensshGcm => commented.to_openssh_encrypted(PASSPHRASE, Cipher::Aes256Gcm),
            Ppk => commented.to_ppk(),
            PpkEncrypted => commented.to_ppk_encrypted(PASSPHRASE),
        };
        text.unwrap()
    }

    fn is_plain(self) -> bool {
        matches!(self, Pkcs1 | Pkcs8 | Openssh | Ppk)
    }

    fn has_comment(self) -> bool {
        matches!(self, Openssh | OpensshCtr | OpensshGcm | Ppk | PpkEncrypted)
    }
}

/// How another program or crate converts a file.
enum Means {
    /// Commands, one in each line, in which words in braces and angle brackets stand for files, the passphrase and the comment.
    /// `{out}` starts as a copy of `{in}`, for a command that edits its file.
    Commands(&'static str),
    Crate(fn(&str) -> String),
}

use Means::{Commands, Crate};

/// Programs, and which of them are missing.
struct Programs {
    folder: Folder,
    missing: Vec<&'static str>,
}

impl Programs {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        write_private(&folder.file("passphrase"), PASSPHRASE);
        write_private(&folder.file("empty"), "");
        let mut missing = Vec::new();
        missing.extend(["openssl", "ssh-keygen", "puttygen"].into_iter().filter(|tool| !have(tool)));
        missing.extend(
            [("cryptography", "python3"), ("bcrypt", "python3 with bcrypt")]
                .into_iter()
                .filter_map(|(module, who)| (!have_python(module)).then_some(who)),
        );
        Self { folder, missing }
    }

    fn have(&self, who: &str) -> bool {
        !self.missing.contains(&who)
    }

    /// The converted text, and what the commands print.
    fn run(&self, means: &Means, text: &str) -> (Zeroizing<String>, String) {
        let commands = match means {
            Commands(commands) => commands,
            Crate(convert) => return (Zeroizing::new(convert(text)), String::new()),
        };
        let file = |name| self.folder.file(name);
        write_private(&file("in"), text);
        write_private(&file("out"), text);
        let mut printed = String::new();
        for command in commands.lines() {
            let words = command.split_whitespace().map(|word| match word {
                "{passphrase}" => PASSPHRASE.to_owned(),
                "{comment}" => COMMENT.to_owned(),
                "{nothing}" => String::new(),
                word => ["in", "out", "between", "passphrase", "empty"]
                    .iter()
                    .fold(word.to_owned(), |word, name| word.replace(&format!("<{name}>"), &file(name))),
            });
            let words: Vec<String> = words.collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let script = if words[0] == "python3" { include_str!("convert.py") } else { "" };
            printed += &output(words[0], &words[1..], script);
        }
        (Zeroizing::new(std::fs::read_to_string(file("out")).unwrap()), printed)
    }
}

/// The encoding that the rsa crate writes.
fn of_rsa_crate(key: &rsa::PrivateKey) -> String {
    key.to_pkcs1_pem(LineEnding::LF).unwrap().to_string()
}

fn in_rsa_crate(pem: &str) -> rsa::PrivateKey {
    rsa::PrivateKey::from_pkcs1_pem(pem).unwrap()
}

fn of_ssh_key_crate(key: &ssh_key::PrivateKey) -> String {
    assert_eq!(key.comment().as_str_lossy(), COMMENT);
    of_rsa_crate(&key.key_data().rsa().unwrap().try_into().unwrap())
}

fn in_ssh_key_crate(pem: &str) -> ssh_key::PrivateKey {
    let pair = ssh_key::private::RsaKeypair::try_from(in_rsa_crate(pem)).unwrap();
    ssh_key::PrivateKey::new(pair.into(), COMMENT).unwrap()
}

fn encrypted_by_ssh_key_crate(pem: &str, cipher: ssh_key::Cipher) -> String {
    let kdf = ssh_key::Kdf::Bcrypt { salt: vec![7; 16], rounds: 2 };
    let key = in_ssh_key_crate(pem).encrypt_with(cipher, kdf, 7, PASSPHRASE).unwrap();
    key.to_openssh(ssh_key::LineEnding::LF).unwrap().to_string()
}

/// The readers: name, formats, what it prints (`LINE` is the public line), and how it converts them to PKCS#1.
const READERS: &[(&str, &[Form], &str, Means)] = &[
    (
        "openssl",
        &[Pkcs1, Pkcs8, Pkcs8Scrypt, Pkcs8Pbkdf2],
        "Key is valid",
        Commands(
            "openssl pkey -check -noout -passin file:<passphrase> -in <in>
             openssl rsa -traditional -passin file:<passphrase> -in <in> -out <out>",
        ),
    ),
    (
        "ssh-keygen",
        &[Pkcs1, Pkcs8, Pkcs8Scrypt, Pkcs8Pbkdf2, Openssh, OpensshCtr, OpensshGcm],
        "LINE",
        Commands(
            "ssh-keygen -y -P {passphrase} -f <in>
             ssh-keygen -q -p -m PEM -P {passphrase} -N {nothing} -f <out>",
        ),
    ),
    (
        "puttygen",
        &[Ppk, PpkEncrypted],
        "LINE",
        Commands(
            "puttygen <in> --old-passphrase <passphrase> -O public-openssh
             puttygen <in> --old-passphrase <passphrase> -O private-openssh -o <out> --new-passphrase <empty>",
        ),
    ),
    (
        "puttygen",
        &[Pkcs1, Openssh, OpensshCtr],
        "",
        // It does not write PKCS#1 from a file that is PKCS#1.
        Commands(
            "puttygen <in> --old-passphrase <passphrase> -O private -o <between> --new-passphrase <empty>
             puttygen <between> -O private-openssh -o <out> --new-passphrase <empty>",
        ),
    ),
    (
        "python3",
        &[Pkcs1, Pkcs8, Pkcs8Scrypt, Pkcs8Pbkdf2, Openssh],
        "",
        Commands("python3 - read <in> <out> {passphrase}"),
    ),
    ("python3 with bcrypt", &[OpensshCtr, OpensshGcm], "", Commands("python3 - read <in> <out> {passphrase}")),
    ("rsa", &[Pkcs1], "", Crate(|text| of_rsa_crate(&in_rsa_crate(text)))),
    ("rsa", &[Pkcs8], "", Crate(|text| of_rsa_crate(&rsa::PrivateKey::from_pkcs8_pem(text).unwrap()))),
    (
        "rsa",
        &[Pkcs8Scrypt, Pkcs8Pbkdf2],
        "",
        Crate(|text| of_rsa_crate(&rsa::PrivateKey::from_pkcs8_encrypted_pem(text, PASSPHRASE).unwrap())),
    ),
    ("ssh-key", &[Openssh], "", Crate(|text| of_ssh_key_crate(&ssh_key::PrivateKey::from_openssh(text).unwrap()))),
    (
        "ssh-key",
        &[OpensshCtr, OpensshGcm],
        "",
        Crate(|text| of_ssh_key_crate(&ssh_key::PrivateKey::from_openssh(text).unwrap().decrypt(PASSPHRASE).unwrap())),
    ),
    ("ssh-key", &[Ppk], "", Crate(|text| of_ssh_key_crate(&ssh_key::PrivateKey::from_ppk(text, None).unwrap()))),
    (
        "ssh-key",
        &[PpkEncrypted],
        "",
        Crate(|text| of_ssh_key_crate(&ssh_key::PrivateKey::from_ppk(text, Some(PASSPHRASE.into())).unwrap())),
    ),
];

/// The writers: name, whether encrypted with the passphrase, the comment, and how it converts PKCS#1.
const WRITERS: &[(&str, bool, &str, Means)] = &[
    ("openssl", false, "", Commands("openssl rsa -traditional -in <in> -out <out>")),
    ("openssl", false, "", Commands("openssl pkcs8 -topk8 -nocrypt -in <in> -out <out>")),
    ("openssl", true, "", Commands("openssl pkcs8 -topk8 -scrypt -passout file:<passphrase> -in <in> -out <out>")),
    (
        "openssl",
        true,
        "",
        Commands("openssl pkcs8 -topk8 -v2 aes-256-cbc -passout file:<passphrase> -in <in> -out <out>"),
    ),
    (
        "openssl",
        true,
        "",
        Commands("openssl pkcs8 -topk8 -v2 aes-128-cbc -passout file:<passphrase> -in <in> -out <out>"),
    ),
    (
        "openssl",
        true,
        "",
        Commands("openssl pkcs8 -topk8 -v2prf hmacWithSHA512 -passout file:<passphrase> -in <in> -out <out>"),
    ),
    (
        "openssl",
        true,
        "",
        Commands("openssl pkcs8 -topk8 -v2prf hmacWithSHA1 -passout file:<passphrase> -in <in> -out <out>"),
    ),
    ("openssl", true, "", Commands("openssl rsa -traditional -aes256 -passout file:<passphrase> -in <in> -out <out>")),
    ("openssl", true, "", Commands("openssl rsa -traditional -aes128 -passout file:<passphrase> -in <in> -out <out>")),
    ("ssh-keygen", false, "", Commands("ssh-keygen -q -p -m PEM -P {nothing} -N {nothing} -f <out>")),
    ("ssh-keygen", false, "", Commands("ssh-keygen -q -p -m PKCS8 -P {nothing} -N {nothing} -f <out>")),
    ("ssh-keygen", true, "", Commands("ssh-keygen -q -p -m PEM -P {nothing} -N {passphrase} -f <out>")),
    ("ssh-keygen", true, "", Commands("ssh-keygen -q -p -m PKCS8 -P {nothing} -N {passphrase} -f <out>")),
    (
        "ssh-keygen",
        false,
        COMMENT,
        Commands(
            "ssh-keygen -q -p -P {nothing} -N {nothing} -f <out>
             ssh-keygen -q -c -C {comment} -P {nothing} -f <out>",
        ),
    ),
    (
        "ssh-keygen",
        true,
        COMMENT,
        Commands(
            "ssh-keygen -q -p -P {nothing} -N {nothing} -f <out>
             ssh-keygen -q -c -C {comment} -P {nothing} -f <out>
             ssh-keygen -q -p -P {nothing} -N {passphrase} -f <out>",
        ),
    ),
    (
        "ssh-keygen",
        true,
        "",
        Commands("ssh-keygen -q -p -a 1 -Z aes256-gcm@openssh.com -P {nothing} -N {passphrase} -f <out>"),
    ),
    ("ssh-keygen", true, "", Commands("ssh-keygen -q -p -a 1 -Z aes256-cbc -P {nothing} -N {passphrase} -f <out>")),
    ("openssl", true, "", Commands("openssl rsa -traditional -des3 -passout file:<passphrase> -in <in> -out <out>")),
    ("openssl", true, "", Commands("openssl pkcs8 -topk8 -v2 des3 -passout file:<passphrase> -in <in> -out <out>")),
    (
        "openssl",
        true,
        "",
        Commands("openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout file:<passphrase> -in <in> -out <out>"),
    ),
    (
        "ssh-keygen",
        true,
        "",
        Commands("ssh-keygen -q -p -a 1 -Z chacha20-poly1305@openssh.com -P {nothing} -N {passphrase} -f <out>"),
    ),
    ("ssh-keygen", true, "", Commands("ssh-keygen -q -p -a 1 -Z 3des-cbc -P {nothing} -N {passphrase} -f <out>")),
    (
        "puttygen",
        true,
        "",
        Commands(
            "puttygen <in> -O private -o <between> --new-passphrase <empty>
             puttygen <between> -O private-openssh -o <out> --new-passphrase <passphrase>",
        ),
    ),
    ("puttygen", false, COMMENT, Commands("puttygen <in> -C {comment} -O private -o <out> --new-passphrase <empty>")),
    (
        "puttygen",
        true,
        COMMENT,
        Commands("puttygen <in> -C {comment} -O private -o <out> --new-passphrase <passphrase>"),
    ),
    (
        "puttygen",
        false,
        COMMENT,
        Commands("puttygen <in> -C {comment} -O private -o <out> --new-passphrase <empty> --ppk-param version=2"),
    ),
    (
        "puttygen",
        true,
        COMMENT,
        Commands("puttygen <in> -C {comment} -O private -o <out> --new-passphrase <passphrase> --ppk-param version=2"),
    ),
    (
        "puttygen",
        false,
        COMMENT,
        Commands("puttygen <in> -C {comment} -O private-openssh-new -o <out> --new-passphrase <empty>"),
    ),
    (
        "puttygen",
        true,
        COMMENT,
        Commands("puttygen <in> -C {comment} -O private-openssh-new -o <out> --new-passphrase <passphrase>"),
    ),
    ("python3", false, "", Commands("python3 - write pkcs1 <in> <out> {passphrase}")),
    ("python3", true, "", Commands("python3 - write pkcs1+encrypted <in> <out> {passphrase}")),
    ("python3", false, "", Commands("python3 - write pkcs8 <in> <out> {passphrase}")),
    ("python3", true, "", Commands("python3 - write pkcs8+encrypted <in> <out> {passphrase}")),
    ("python3", false, "", Commands("python3 - write openssh <in> <out> {passphrase}")),
    ("python3 with bcrypt", true, "", Commands("python3 - write openssh+encrypted <in> <out> {passphrase}")),
    ("rsa", false, "", Crate(|pem| of_rsa_crate(&in_rsa_crate(pem)))),
    ("rsa", false, "", Crate(|pem| in_rsa_crate(pem).to_pkcs8_pem(LineEnding::LF).unwrap().to_string())),
    (
        "ssh-key",
        false,
        COMMENT,
        Crate(|pem| in_ssh_key_crate(pem).to_openssh(ssh_key::LineEnding::LF).unwrap().to_string()),
    ),
    ("ssh-key", true, COMMENT, Crate(|pem| encrypted_by_ssh_key_crate(pem, ssh_key::Cipher::Aes256Ctr))),
    ("ssh-key", true, COMMENT, Crate(|pem| encrypted_by_ssh_key_crate(pem, ssh_key::Cipher::Aes256Gcm))),
];

/// Files of others that this crate rejects: old ciphers, and those that only one program supports.
const REFUSED: &[(&str, ErrorKind, Means)] = &[
    (
        "openssl",
        ErrorKind::OldEncryption("Camellia"),
        Commands("openssl rsa -traditional -camellia256 -passout file:<passphrase> -in <in> -out <out>"),
    ),
    (
        "openssl",
        ErrorKind::OldEncryption("Camellia"),
        Commands("openssl pkcs8 -topk8 -v2 camellia-128-cbc -passout file:<passphrase> -in <in> -out <out>"),
    ),
    (
        "openssl",
        ErrorKind::OldEncryption("DES"),
        Commands(
            "openssl rsa -traditional -des -passout file:<passphrase> -in <in> -out <out> -provider legacy -provider default",
        ),
    ),
    (
        "openssl",
        ErrorKind::OldEncryption("PBES1 with MD5"),
        Commands(
            "openssl pkcs8 -topk8 -v1 PBE-MD5-DES -passout file:<passphrase> -in <in> -out <out> -provider legacy -provider default",
        ),
    ),
    (
        "openssl",
        ErrorKind::OldEncryption("RC4"),
        Commands(
            "openssl pkcs8 -topk8 -v1 PBE-SHA1-RC4-128 -passout file:<passphrase> -in <in> -out <out> -provider legacy -provider default",
        ),
    ),
    (
        "openssl",
        ErrorKind::OldEncryption("RC2"),
        Commands(
            "openssl pkcs8 -topk8 -v2 rc2-cbc -passout file:<passphrase> -in <in> -out <out> -provider legacy -provider default",
        ),
    ),
    (
        "puttygen",
        ErrorKind::Mistake(Mistake::SshCom),
        Commands("puttygen <in> -O private-sshcom -o <out> --new-passphrase <empty>"),
    ),
];

fn line_of(key: &RsaPrivateKey, comment: &str) -> String {
    PublicKey::from_key_data(&key.public_key().into(), comment).unwrap().to_string()
}

fn read(text: &str) -> Result<PrivateKey, Error> {
    parse(text, Some(PASSPHRASE.as_bytes()))
}

/// Checks that every installed reader of the format converts our file to the same PKCS#1 as we do. Returns how many there are.
fn readers_take(key: &RsaPrivateKey, form: Form, programs: &Programs, who: &[&str]) -> usize {
    let (text, pem) = (form.of(key), pkcs1_pem(key));
    let line = line_of(key, if form.has_comment() { COMMENT } else { "" });
    let fits = |(reader, forms, ..): &&(&str, &[Form], &str, Means)| {
        forms.contains(&form) && programs.have(reader) && (who.is_empty() || who.contains(reader))
    };
    let mut readers = 0;
    for (reader, _, prints, means) in READERS.iter().filter(fits) {
        let (read, printed) = programs.run(means, &text);
        assert_eq!(read, pem, "{reader}, {form:?}, {}", key.bits());
        let prints = if *prints == "LINE" { &line } else { *prints };
        assert!(printed.contains(prints), "{reader}, {form:?}: {printed}");
        readers += 1;
    }
    readers
}

#[test]
fn every_reader_of_a_form_that_is_written_here_reads_the_same_key() {
    every_reader_reads_the_same_key(&ENCRYPTED_SIZES);
}

#[test]
#[ignore = "takes a minute"]
fn every_reader_of_a_form_reads_the_same_key_of_any_size() {
    every_reader_reads_the_same_key(&SIZES);
}

fn every_reader_reads_the_same_key(encrypted_sizes: &[usize]) {
    let programs = Programs::new("private-readers");
    for bits in SIZES {
        let key = RsaPrivateKey::generate(bits).unwrap();
        for form in FORMS.into_iter().filter(|form| form.is_plain() || encrypted_sizes.contains(&bits)) {
            // For each format there is a crate.
            assert!(readers_take(&key, form, &programs, &[]) > 0, "{form:?}");
            let read = read(&form.of(&key)).unwrap();
            assert_eq!(read.public_key().comment(), if form.has_comment() { COMMENT } else { "" }, "{form:?}");
            assert_eq!(read.into_rsa().unwrap(), key, "{form:?}");
        }
    }
}

#[test]
fn every_form_that_others_write_is_read_as_the_same_key() {
    every_form_of_others_is_the_same_key(&ENCRYPTED_SIZES);
}

#[test]
#[ignore = "takes a minute"]
fn every_form_that_others_write_is_read_as_the_same_key_of_any_size() {
    every_form_of_others_is_the_same_key(&SIZES);
}

fn every_form_of_others_is_the_same_key(encrypted_sizes: &[usize]) {
    let programs = Programs::new("private-writers");
    for bits in SIZES {
        let pem = pkcs1_pem(&RsaPrivateKey::generate(bits).unwrap());
        for (who, encrypted, comment, means) in WRITERS.iter().filter(|(who, ..)| programs.have(who)) {
            if *encrypted && !encrypted_sizes.contains(&bits) {
                continue;
            }
            let (text, _) = programs.run(means, &pem);
            let what = format!("{who}, {bits}: {}", first_line(&text));
            let key = read(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(key.public_key().comment(), *comment, "{what}");
            assert_eq!(pkcs1_pem(&key.into_rsa().unwrap()), pem, "{what}");
            let without = parse(&text, None).map(|_| ()).map_err(|error| error.kind());
            assert_eq!(without, if *encrypted { Err(ErrorKind::PassphraseRequired) } else { Ok(()) }, "{what}");
        }
    }
}

#[test]
fn old_and_rare_ciphers_are_rejected_by_name() {
    let programs = Programs::new("private-rejected");
    let pem = pkcs1_pem(&RsaPrivateKey::generate(2048).unwrap());
    for (who, kind, means) in REFUSED.iter().filter(|(who, ..)| programs.have(who)) {
        let (text, _) = programs.run(means, &pem);
        assert_eq!(read(&text).unwrap_err().kind(), *kind, "{who}: {}", first_line(&text));
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Programs that generate keys of 2048 bits, and how.
const MAKERS: &[(&str, &str)] = &[
    ("openssl", "openssl genrsa -traditional -out <out> 2048"),
    ("openssl", "openssl genrsa -traditional -3 -out <out> 2048"),
    ("puttygen", "puttygen -q -t rsa -b 2048 -O private-openssh -o <out> --new-passphrase <empty>"),
    // With e = 3, with p < q, and with d = e^-1 mod (p-1)(q-1).
    ("python3", "python3 - make e3 <out>"),
    ("python3", "python3 - make swapped <out>"),
    ("python3", "python3 - make phi <out>"),
];

#[test]
fn keys_that_others_make_keep_their_numbers_through_every_plain_form() {
    let programs = Programs::new("private-makers");
    for (_, commands) in MAKERS.iter().filter(|(who, _)| programs.have(who)) {
        let (pem, _) = programs.run(&Commands(commands), "");
        let key = read(&pem).unwrap_or_else(|error| panic!("{commands}: {error}")).into_rsa().unwrap();
        assert_eq!(pkcs1_pem(&key), pem, "{commands}");
        for form in FORMS.into_iter().filter(|form| form.is_plain()) {
            assert_eq!(read(&form.of(&key)).unwrap().into_rsa().unwrap(), key, "{commands}, {form:?}");
            readers_take(&key, form, &programs, &["openssl", "ssh-keygen", "rsa"]);
        }
    }
}

/// The committed private keys: the name of the file, its text, and the public line of the key.
fn files() -> Vec<(String, String, String)> {
    let entries = std::fs::read_dir(format!("{DATA}/private"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let data = |file: &str| data(&format!("private/{file}"));
    let with_line = |file: String| {
        let (key, _) = file.split_once('.').unwrap();
        (file.clone(), data(&file), data(&format!("{key}.pub")).trim_end().to_owned())
    };
    let mut files: Vec<_> = entries.filter(|file| !file.ends_with(".pub")).map(with_line).collect();
    files.sort();
    assert_eq!(files.len(), 18);
    files
}

/// The files that are not encrypted.
const PLAIN: [&str; 6] =
    ["ecdsa256.openssh", "ed25519.openssh", "rsa2048.openssh", "rsa2048.pkcs1.pem", "rsa2048.pkcs8.pem", "rsa2048.ppk"];

fn is_encrypted(file: &str) -> bool {
    !PLAIN.contains(&file)
}

/// The encoding of a key that this crate writes, in the format of the file.
fn written_as(file: &str, key: &PrivateKey) -> Zeroizing<String> {
    match (file.rsplit_once('.').unwrap().1, key.as_rsa()) {
        ("openssh", _) => key.to_openssh().unwrap(),
        ("ppk", Some(_)) => key.to_ppk().unwrap(),
        ("pem", Some(rsa)) if file.contains("pkcs8") => pkcs8_pem(rsa),
        ("pem", Some(rsa)) => pkcs1_pem(rsa),
        _ => panic!("{file}"),
    }
}

/// A file without the parts in which two files of one key may differ: line breaks, and the check values of an OpenSSH file,
/// which ssh-keygen draws at random.
fn essence(text: &str) -> Vec<u8> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.contains("OPENSSH") {
        return text.trim_end_matches('\n').as_bytes().to_vec();
    }
    let mut blob = unframed(&text);
    // The magic, `none` twice, no options, one key, its length, and after it the length of the private part.
    let at = 15 + 8 + 8 + 4 + 4;
    let public = u32::from_be_bytes(blob[at..at + 4].try_into().unwrap()) as usize;
    blob[at + 4 + public + 4..][..8].fill(0);
    blob
}

#[test]
fn the_committed_files_are_the_keys_that_they_are_made_of() {
    for (file, text, line) in files() {
        let key = read(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let comment = if file.ends_with(".pem") { "" } else { "test key" };
        assert_eq!(key.public_key().comment(), comment, "{file}");
        assert_eq!(key.public_key().with_comment("test key").unwrap().to_string(), line, "{file}");
        if is_encrypted(&file) {
            assert_eq!(parse(&text, None).unwrap_err().kind(), ErrorKind::PassphraseRequired, "{file}");
            let wrong = parse(&text, Some(b"Test material")).unwrap_err();
            assert_eq!(wrong.kind(), ErrorKind::WrongPassphrase, "{file}");
        } else {
            assert_eq!(essence(&written_as(&file, &key)), essence(&text), "{file}");
        }
    }
}

#[test]
fn every_truncated_file_is_rejected_unless_only_its_last_line_break_is_missing() {
    for (file, text, _) in files() {
        for length in 0..text.len() {
            let cut = parse(&text[..length], None);
            let whole = text[length..].chars().all(|char| char == '\n') && !is_encrypted(&file);
            assert_eq!(cut.is_ok(), whole, "{file}, {length}");
        }
    }
}

#[test]
fn an_encrypted_file_with_a_changed_byte_gives_the_same_key_or_an_error() {
    let (mut accepted, mut tried) = (0, 0);
    for (file, text, _) in files().into_iter().filter(|(file, ..)| is_encrypted(file)) {
        let numbers = |text: &str| read(text).map(|key| pkcs1_pem(&key.into_rsa().unwrap()));
        let original = numbers(&text);
        // Only some of the bytes, because each needs a key derivation.
        for at in (0..text.len()).step_by(29) {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1;
            let changed = String::from_utf8(changed).unwrap();
            tried += 1;
            assert!(parse(&changed, None).is_err(), "{file}, byte {at}");
            // No check covers the comment, if there is no tag and no MAC. Checks cover everything else.
            let now = numbers(&changed);
            if now.is_ok() {
                assert_eq!(now, original, "{file}, byte {at}");
                accepted += 1;
            }
        }
    }
    assert!(accepted < tried / 20, "{accepted} of {tried}");
}

//! How other programs read a public key: OpenSSH, Go, asyncssh and PuTTY. If this crate accepts an input as one key, each of them
//! reads that key, or rejects the input. The package `ssh-keypair-readers` has the rules of each program. Here we check these
//! rules against the programs, and this crate against the rules. `.ci/readers` does both with more inputs and more programs.

use crate::common::{DATA, Folder, blob, blob_of, chunks, corpus, data, have, mpint, run};
use base64ct::{Base64, Encoding};
use ssh_keypair::openssh::{AuthorizedKeys, Entry};
use ssh_keypair::{Error, ErrorKind, Field, HashAlgorithm, PublicEntry, PublicKey};
use ssh_keypair_readers::blob::plain;
use ssh_keypair_readers::{Mutations, READERS, Reader, accepted, check, putty};
use std::path::Path;

/// Lines, an authorized_keys file and RFC 4716 files: one of each type, and short ones.
const SEEDS: [&str; 16] = [
    "ed25519.pub",
    "ca-ed25519.pub",
    "rsa2048.pub",
    "ecdsa256.pub",
    "ecdsa384.pub",
    "ecdsa521.pub",
    "dsa1024.pub",
    "ed25519sk.pub",
    "ecdsa256sk.pub",
    "ed25519-cert.pub",
    "rsa2048-cert.pub",
    "authorized_keys",
    "ed25519.rfc4716",
    "rsa2048.rfc4716",
    "ecdsa256.rfc4716",
    "ed25519-cert.rfc4716",
];

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = SEEDS.map(|file| data(file).into_bytes()).into();
    seeds.extend(attacks().into_iter().map(|attack| attack.file.into_bytes()));
    seeds
}

fn base64(file: &str) -> String {
    data(file).split(' ').nth(1).unwrap().to_owned()
}

fn keys_of(reader: &str, file: &str) -> Vec<Vec<u8>> {
    Reader::named(reader).read(file.as_bytes())
}

// Files that are one key for some programs and another key for others

const BEGIN: &str = "---- BEGIN SSH2 PUBLIC KEY ----";
const END: &str = "---- END SSH2 PUBLIC KEY ----";

/// A file, the program that reads a key other than the one in plain sight, and this crate's error.
struct Attack {
    name: &'static str,
    file: String,
    reader: &'static str,
    error: fn(&str) -> Result<(), Error>,
}

fn as_line(file: &str) -> Result<(), Error> {
    Entry::from_openssh(file).map(|_| ())
}

fn as_rfc4716(file: &str) -> Result<(), Error> {
    PublicKey::from_rfc4716(file)?;
    Ok(())
}

fn as_pasted(file: &str) -> Result<(), Error> {
    PublicEntry::read(file).map(|_| ())
}

/// The base64 of an RSA key whose blob ends with another key: the digits after the first 72 are the whole other key.
fn ending_with_another_key() -> String {
    let other = blob_of(&data("rsa3072.pub"));
    let modulus = [&[0xc1; 31][..], &other].concat();
    let blob = [blob(&[b"ssh-rsa"]), mpint(&[1, 0, 1]), mpint(&modulus)].concat();
    assert_eq!(blob[54..], other);
    Base64::encode_string(&blob)
}

fn attacks() -> Vec<Attack> {
    let (other, key) = (base64("ca-ed25519.pub"), base64("rsa2048.pub"));
    let line = data("rsa2048.pub");
    let lax = format!("A!{}", &other[1..]);
    let spki = data("rsa2048.spki.pem");
    let wrapped = |base64: &str| chunks(base64, 72).collect::<Vec<_>>().join("\n");
    let long = ending_with_another_key();
    let (first, rest) = long.split_at(72);
    let rfc4716 = |inside: String| format!("{BEGIN}\n{inside}\n{END}\n");
    let in_groups: String = chunks(first, 3).map(|group| format!("{group} \n")).collect();
    let padded: String = blob_of(&data("ca-ed25519.pub")).iter().map(|byte| Base64::encode_string(&[*byte])).collect();
    let padded: String = chunks(&padded, 64).map(|line| format!("{line}xxx\\\n")).collect();
    let attack = |name, file, reader, error| Attack { name, file, reader, error };
    vec![
        attack(
            "a continuation line that is a key",
            rfc4716(format!("x-a: a\\\n{other}\n{}", wrapped(&key))),
            "PuTTY",
            as_rfc4716,
        ),
        attack(
            "a continuation of the comment that is a key",
            rfc4716(format!("Comment: \"x\\\n{other}\"\n{}", wrapped(&key))),
            "PuTTY",
            as_rfc4716,
        ),
        attack(
            "continuation lines that are a key, padded after each byte",
            rfc4716(format!("x-a: a\\\n{padded}!\n{}", wrapped(&key))),
            "PuTTY",
            as_rfc4716,
        ),
        attack(
            "a space after the backslash of a header",
            rfc4716(format!("Comment: x\\ \n{}", wrapped(&long))),
            "asyncssh key file",
            as_rfc4716,
        ),
        attack(
            "CR at the end of a header, for PuTTY",
            rfc4716(format!("Comment: x\r{first}\n{}", wrapped(rest))),
            "PuTTY",
            as_rfc4716,
        ),
        attack(
            "CR at the end of a header, for asyncssh",
            rfc4716(format!("Comment: x\r{first}\n{}", wrapped(rest))),
            "asyncssh key file",
            as_rfc4716,
        ),
        attack("base64 hidden by spaces", rfc4716(format!("{in_groups}{}", wrapped(rest))), "PuTTY", as_pasted),
        attack(
            "after a blank line, a header that is a key",
            rfc4716(format!("\n{}: x\n{}", &other[..64], wrapped(&key))),
            "PuTTY",
            as_pasted,
        ),
        attack(
            "a quote after two backslashes",
            format!(r#"command="x\\" ssh-ed25519 {lax} " {line}"#),
            "asyncssh authorized_keys",
            as_line,
        ),
        attack(
            "a comment before the key, with a control character",
            format!("# x\x0bssh-ed25519 {other}\n{line}"),
            "asyncssh authorized_keys",
            as_pasted,
        ),
        attack(
            "a comment after the key, with a line separator",
            format!("{line}# x\u{2028}ssh-ed25519 {other}\n"),
            "asyncssh authorized_keys",
            as_pasted,
        ),
        attack(
            "a key with options, before a PEM",
            format!("restrict ssh-ed25519 {lax}\n{spki}"),
            "asyncssh authorized_keys",
            as_pasted,
        ),
        attack(
            "a key with the name of another type, before a PEM",
            format!("x rsa-sha2-512 {}\n{spki}", base64("rsa3072.pub")),
            "sshd 9",
            as_pasted,
        ),
        attack("a word and a key, before a PEM", format!("x {other}\n{spki}"), "Go 0.53", as_pasted),
        attack(
            "a key in two lines, before a PEM",
            format!("{}\n{}\n---- x END x\n{spki}", &other[..2], &other[2..]),
            "ssh-keygen -i 9",
            as_pasted,
        ),
    ]
}

#[test]
fn a_file_that_some_program_reads_as_another_key_is_rejected() {
    for Attack { name, file, reader, error } in attacks() {
        let theirs = keys_of(reader, &file);
        let in_sight = [blob_of(&data("rsa2048.pub")), Base64::decode_vec(&ending_with_another_key()).unwrap()];
        // Otherwise this would not be an attack.
        assert!(theirs.iter().any(|key| !in_sight.contains(key)), "{name}: {reader} reads no other key");
        assert!(error(&file).is_err(), "{name}");
        // No other parser accepts the file as a key that some program reads differently.
        check(file.as_bytes());
    }
}

/// The same files without what makes them attacks.
#[test]
fn harmless_variants_of_these_files_are_accepted() {
    let (key, line, spki) = (base64("rsa2048.pub"), data("rsa2048.pub"), data("rsa2048.spki.pem"));
    let wrapped = |pad: &str| -> String { chunks(&key, 70).map(|line| format!("{line}{pad}\n")).collect() };
    let body = wrapped("");
    for (file, parse) in [
        (format!("{BEGIN}\nx-a: a\\\nAA=\n{body}{END}\n"), as_rfc4716 as fn(&str) -> _),
        (format!("{BEGIN}\nComment: \"x\\\ny\"\n{body}{END}\n"), as_rfc4716),
        (format!("{BEGIN}\nComment: x \\\\ y\n{body}{END}\n"), as_rfc4716),
        (format!("{BEGIN}\nComment: x\n{body}{END}\n").replace('\n', "\r"), as_rfc4716),
        (format!("{BEGIN} \n{}{END}\n", wrapped(" ")), as_pasted),
        (format!("{BEGIN}\n\nComment: x\n\n{body}{END}\n"), as_pasted),
        (format!(r#"command="x\" ,\\x\\\"" {line}"#), as_line),
        (format!("# x\tssh-ed25519\n{line}# y\n"), as_pasted),
        (format!("Key of me: AB\n  00:11\n{spki}"), as_pasted),
    ] {
        parse(&file).unwrap_or_else(|error| panic!("{error}: {file}"));
        assert!(check(file.as_bytes()) > 0);
    }
}

#[test]
fn a_comment_whose_continuation_line_is_a_key_is_not_written() {
    let key: PublicKey = data("rsa2048.pub").parse().unwrap();
    let kind = |comment: &str| {
        let key = key.with_comment(comment).unwrap();
        key.as_public_key_ref().to_rfc4716().map(|file| check(file.to_string().as_bytes())).map_err(|error| {
            assert_eq!(error.field(), Some(Field::Comment));
            error.kind()
        })
    };
    let other = base64("ca-ed25519.pub");
    for fill in 40..70 {
        let comment = format!("{}{other}", "x".repeat(fill));
        assert_eq!(kind(&comment), Err(ErrorKind::MultipleKeys), "{fill}");
    }
    assert!(kind(&format!("{}AA==", "x".repeat(57))).is_err());
    assert_eq!(kind(&format!("{}AAAA", "x".repeat(56))), Ok(2));
    assert_eq!(kind(&"xAAA".repeat(40)), Ok(2));
}

#[test]
fn a_comment_of_authorized_keys_with_a_control_character_is_an_error() {
    let file = format!("# fine\t\r\n#\x0bssh-ed25519 {}\n#\rx\n", base64("ed25519.pub"));
    let lines: Vec<_> = AuthorizedKeys::new(&file).map(|(number, entry)| (number, entry.is_err())).collect();
    assert_eq!(lines, [(2, true), (3, true)]);
}

// The rules of the programs

#[test]
fn each_reader_follows_the_documentation_of_its_program() {
    let (key, ca) = (data("ed25519.pub"), data("ca-ed25519.pub"));
    let (blob, ca_blob) = (vec![blob_of(&data("ed25519.pub"))], vec![blob_of(&data("ca-ed25519.pub"))]);
    let lines = READERS.map(|reader| reader.name).into_iter().filter(|name| !name.contains("-i"));
    for name in lines.clone() {
        assert_eq!(keys_of(name, &key), blob, "{name}");
        assert_eq!(keys_of(name, &data("ed25519.rfc4716")).is_empty(), !["asyncssh key file", "PuTTY"].contains(&name));
    }
    assert_eq!(keys_of("ssh-keygen -i 9", &data("ed25519.rfc4716")), blob);
    // Options, and where each program ends a quoted value.
    let with_options = format!("command=\"echo \\\"a b\\\" \",no-pty {key}");
    for name in lines.filter(|name| !name.contains("file") && !name.contains("-e") && *name != "PuTTY") {
        assert_eq!(keys_of(name, &with_options), blob, "{name}");
        let doubtful = format!("command=\"x\\\\\" {ca}\" {key}", ca = ca.trim_end());
        let expected = if name.starts_with("asyncssh") { &ca_blob } else { &blob };
        assert_eq!(&keys_of(name, &doubtful), expected, "{name}");
        // One is a certificate.
        let count = if name.starts_with("asyncssh") { 7 } else { 8 };
        assert_eq!(keys_of(name, &data("authorized_keys")).len(), count, "{name}");
    }
    // Only sshd and its tools accept the name of a signature algorithm as a key type. Go before 0.54 accepts any word.
    let relabelled = data("rsa2048.pub").replace("ssh-rsa", "rsa-sha2-512");
    let word = format!("word {}", base64("rsa2048.pub"));
    for (name, file, reads) in [
        ("sshd 9", &relabelled, 1),
        ("asyncssh authorized_keys", &relabelled, 0),
        ("PuTTY", &relabelled, 0),
        ("Go 0.55", &relabelled, 0),
        ("Go 0.53", &relabelled, 1),
        ("Go 0.53", &word, 1),
        ("Go 0.55", &word, 0),
        ("sshd 9", &word, 0),
        ("sshd 10", &data("dsa1024.pub"), 0),
        ("sshd 9", &data("dsa1024.pub"), 1),
        ("PuTTY", &data("ed25519sk.pub"), 0),
        ("asyncssh authorized_keys", &data("ed25519-cert.pub"), 0),
    ] {
        assert_eq!(keys_of(name, file).len(), reads, "{name}: {file}");
    }
}

#[test]
fn the_readers_read_the_files_of_a_review_as_another_key() {
    let Some(corpus) = corpus() else { return };
    let read = |file: &str| std::fs::read_to_string(corpus.join("corpus/attacks").join(file)).unwrap();
    let key = |file: &str| {
        let key: PublicKey = read(file).parse().unwrap();
        vec![key.blob().to_vec()]
    };
    let two = read("rfc4716-two-keys.txt");
    assert_eq!(keys_of("ssh-keygen -i 9", &two), key("rfc4716-two-keys.key2.pub"));
    assert_eq!(keys_of("asyncssh key file", &two), key("rfc4716-two-keys.key1.pub"));
    for file in ["go-reads-the-comment.pub", "go-reads-the-option.authorized_keys", "opaque-go-reads-the-comment.pub"] {
        let text = read(file);
        let theirs = keys_of("Go 0.53", &text);
        assert!(theirs.len() == 1 && text.contains(&Base64::encode_string(&theirs[0])), "{file}");
        // Other readers read a different key, or none.
        for reader in ["sshd 9", "ssh-keygen -l 9", "Go 0.55", "asyncssh authorized_keys", "PuTTY"] {
            assert!(!keys_of(reader, &text).contains(&theirs[0]), "{file}: {reader}");
        }
    }
    for file in std::fs::read_dir(corpus.join("corpus/attacks")).unwrap() {
        let file = std::fs::read(file.unwrap().path()).unwrap();
        check(&file);
    }
}

// The programs

/// Runs `ssh-keygen` or `puttygen` on a file, and returns its output if it succeeds.
fn output_of(tool: &str, arguments: &[&str], path: &str) -> Option<String> {
    let output = run("timeout", &[&["2", tool][..], arguments, &[path]].concat(), "");
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Compares a reader with its program. If the file has certificates or options, the program may reject more than the reader.
fn compare(reader: &str, file: &[u8], theirs: Vec<String>, ours: Vec<String>) {
    let text = String::from_utf8_lossy(file);
    let may_reject_more = ["-cert-", "LWNlcnQt", "\"", "nistp521"].iter().any(|mark| text.contains(mark));
    if may_reject_more {
        assert!(theirs.iter().all(|key| ours.contains(key)), "{reader}: {theirs:?}, not {ours:?}: {text:?}");
    } else {
        assert_eq!(theirs, ours, "{reader}: {text:?}");
    }
}

/// Compares the readers with the programs. Returns how many keys each of them read.
fn compare_with_programs(folder: &Folder, file: &[u8], have_puttygen: bool) -> [usize; 3] {
    let path = folder.file("key.pub");
    std::fs::write(&path, file).unwrap();
    let fingerprint = |blob: &Vec<u8>| {
        let plain = plain(blob).unwrap_or_default();
        ssh_keypair::Fingerprint::of_blob(HashAlgorithm::Sha256, &plain).to_string()
    };
    let base64 = |blob: &Vec<u8>| Base64::encode_string(blob);
    let second_word = |line: &str| line.split(' ').nth(1).unwrap_or_default().to_owned();
    let listed = output_of("ssh-keygen", &["-l", "-f"], &path).unwrap_or_default();
    let ours = Reader::named("ssh-keygen -l 9").read(file);
    compare("ssh-keygen -l", file, listed.lines().map(second_word).collect(), ours.iter().map(fingerprint).collect());
    let imported = output_of("ssh-keygen", &["-i", "-f"], &path).unwrap_or_default();
    let ours = Reader::named("ssh-keygen -i 9").read(file);
    compare("ssh-keygen -i", file, imported.lines().map(second_word).collect(), ours.iter().map(base64).collect());
    let mut read = [listed.lines().count(), imported.lines().count(), 0];
    if have_puttygen {
        let theirs = output_of("puttygen", &["-O", "public-openssh"], &path).unwrap_or_default();
        let theirs: Vec<String> = theirs.lines().map(second_word).collect();
        let ours = putty::converted(file);
        compare("PuTTY", file, theirs.clone(), ours.iter().map(base64).collect());
        read[2] = theirs.len();
    }
    read
}

#[test]
fn the_programs_read_what_their_readers_here_read() {
    if !have("ssh-keygen") || !have("timeout") {
        return;
    }
    let folder = Folder::new("readers-public");
    let seeds = seeds();
    let mut mutations = Mutations::new(1);
    let have_puttygen = have("puttygen");
    let mut read = [0; 3];
    // For PuTTY, a line ends at a NUL.
    let with_nul = data("ecdsa256.pub").replacen("= ", "=\0", 1).into_bytes();
    let changed: Vec<_> = (0..60).map(|_| mutations.next(&seeds)).collect();
    for file in seeds.into_iter().chain(changed).chain([with_nul]) {
        for (read, more) in read.iter_mut().zip(compare_with_programs(&folder, &file, have_puttygen)) {
            *read += more;
        }
    }
    let [listed, imported, converted] = read;
    assert!(listed > 20 && imported > 5 && (converted > 20 || !have_puttygen), "{read:?}");
}

// This crate

#[test]
fn every_reader_reads_the_same_key_or_none_in_a_changed_file() {
    let seeds = seeds();
    let mut mutations = Mutations::new(2);
    let read: usize = (0..20_000).map(|_| check(&mutations.next(&seeds))).sum();
    assert!(read > 5_000, "{read}");
}

#[test]
fn every_reader_reads_the_same_key_or_none_in_each_file_of_the_test_data() {
    let mut read = 0;
    files(Path::new(DATA), &mut |file| read += check(file));
    assert!(read > 60, "{read}");
}

#[test]
fn every_reader_reads_the_same_key_or_none_in_each_file_of_other_projects() {
    let Some(corpus) = corpus() else { return };
    let (mut count, mut read) = (0, 0);
    files(&corpus.join("corpus"), &mut |file| {
        count += 1;
        read += check(file);
    });
    assert!(count > 300 && read > 100, "{count} {read}");
}

/// Calls `each` with the contents of every file of at most 64 KiB below a folder.
fn files(folder: &Path, each: &mut dyn FnMut(&[u8])) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, each);
        } else if path.metadata().unwrap().len() <= 1 << 16 {
            each(&std::fs::read(path).unwrap());
        }
    }
}

#[test]
fn a_reader_that_reads_another_key_is_noticed() {
    // One line, as long as the parser is not asked.
    let line = format!("{} {}", data("rsa2048.pub").trim_end(), base64("ed25519.pub"));
    let readers_of = |rejected: &str| {
        let rejected = blob_of(&data(rejected));
        let accept = |blob: &[u8]| Some(blob.to_vec()).filter(|blob| !blob.is_empty() && *blob != rejected);
        READERS.into_iter().filter(|reader| !(reader.read_with)(line.as_bytes(), &accept).is_empty()).count()
    };
    assert_eq!(readers_of("ed25519.pub"), READERS.len() - 2);
    assert_eq!(readers_of("rsa2048.pub"), 1);
    assert!(accepted(line.as_bytes()).is_empty());
}

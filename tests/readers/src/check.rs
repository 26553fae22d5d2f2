//! The property: if `ssh-keypair` accepts something as one key, each reader reads that key, or none.

use crate::blob::{first_string, whole};
use crate::reader::READERS;
use ssh_keypair::openssh::{AuthorizedKeys, Entry, EntryRef};
use ssh_keypair::{PublicEntry, PublicKey};
use std::collections::BTreeMap;

/// Checks everything that `ssh-keypair` accepts in a file: the file as one line, each line as a line of authorized_keys, the file
/// as RFC 4716, and the file as the lenient reader reads it. Also checks that no reader finds a key in a line of authorized_keys
/// that `ssh-keypair` skips. Returns how many keys `ssh-keypair` accepts.
///
/// # Panics
///
/// If a reader reads another key.
pub fn check(file: &[u8]) -> usize {
    let found = found(file);
    for Found { part, key, by } in &found {
        check_readers(part, key, by);
    }
    found.iter().filter(|found| !found.key.is_empty()).count()
}

/// The keys that `ssh-keypair` accepts in a file as a whole: as one line, as RFC 4716, and by the lenient reader.
pub fn accepted(file: &[u8]) -> Vec<Vec<u8>> {
    found(file).into_iter().filter(|found| found.part == file && !found.key.is_empty()).map(|found| found.key).collect()
}

/// A key, the part of a file that is accepted as this key, and the function that accepts it. The key is empty if the function
/// skips that part.
struct Found<'a> {
    part: &'a [u8],
    key: Vec<u8>,
    by: &'static str,
}

fn found(file: &[u8]) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let mut add = |part, key: &[u8], by| found.push(Found { part, key: key.to_vec(), by });
    if let Ok(text) = std::str::from_utf8(file) {
        if let Ok(key) = PublicKey::from_openssh_opaque(text) {
            add(file, key.blob(), "from_openssh_opaque");
        }
        if let Ok(entry) = Entry::from_openssh(text) {
            add(file, blob(&entry), "Entry");
        }
        let entries: BTreeMap<_, _> = AuthorizedKeys::new(text).collect();
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            match entries.get(&number) {
                Some(Ok(entry)) => add(line.as_bytes(), blob(entry), "AuthorizedKeys"),
                Some(Err(_)) => {}
                None => add(line.as_bytes(), &[], "AuthorizedKeys, which skips it"),
            }
        }
        if let Ok(key) = PublicKey::from_rfc4716(text) {
            add(file, key.blob(), "from_rfc4716");
        }
    }
    match PublicEntry::read(file) {
        Ok(PublicEntry::Line(entry)) => add(file, blob(&entry), "PublicEntry"),
        Ok(PublicEntry::KnownHost(host)) => add(file, host.key().blob(), "PublicEntry"),
        Err(_) => {}
    }
    found
}

fn blob(entry: &Entry) -> &[u8] {
    match entry.as_entry_ref() {
        EntryRef::Key(key) => key.blob(),
        EntryRef::Certificate(certificate) => certificate.blob(),
        EntryRef::AuthorizedKey(entry) => entry.key().blob(),
    }
}

/// Checks that each reader reads only this key, whatever its version supports. It also tries three variants of each reader: one
/// that supports every type; one that accepts every key except this one, and so would find another key in the file; and one that
/// does that and ignores bytes after a key.
fn check_readers(file: &[u8], ours: &[u8], by: &str) {
    let any = |blob: &[u8]| whole(blob).filter(|(_, rest)| rest.is_empty()).map(|(key, _)| key.to_vec());
    let any_other = |blob: &[u8]| any(blob).filter(|key| key != ours);
    let any_start = |blob: &[u8]| whole(blob).map(|(key, _)| key.to_vec());
    let any_other_start = |blob: &[u8]| any_start(blob).filter(|key| key != ours);
    for reader in READERS {
        let all: [Vec<Vec<u8>>; 4] = [
            reader.read(file),
            (reader.read_with)(file, &any),
            (reader.read_with)(file, &any_other),
            (reader.read_with)(file, &any_other_start),
        ];
        for theirs in all.iter().flatten() {
            assert!(
                theirs == ours,
                "{by}: {} reads another key, {:?} instead of {:?}: {:?}",
                reader.name,
                first_string(theirs).map(String::from_utf8_lossy),
                first_string(ours).map(String::from_utf8_lossy),
                String::from_utf8_lossy(file),
            );
        }
    }
}

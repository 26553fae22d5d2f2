//! Files of authorized_keys: sshd(8), "AUTHORIZED_KEYS FILE FORMAT".

use super::entry::{Entry, EntryRef};
use crate::error::Error;
use crate::text::{MAX_BLOB_BYTES, is_comment_line};
use alloc::{vec, vec::Vec};

/// The lines of an authorized_keys file: the number of each, from 1, and the [`Entry`], or its error. Empty lines and
/// comments are skipped; a comment with a control character is an error. White space before a key is skipped too, as servers do;
/// offsets start after it. An invalid line does not end the iteration.
///
/// ```
/// use ssh_keypair::openssh::AuthorizedKeys;
///
/// # let key = include_str!("../../tests/data/ed25519.pub");
/// let file = format!("# who may log in\n\nssh-rsa broken\n{key}");
/// let mut lines = AuthorizedKeys::new(&file);
/// let (number, bad) = lines.next().unwrap();
/// assert_eq!((number, bad.unwrap_err().offset()), (3, Some(14)));
/// let (number, entry) = lines.next().unwrap();
/// assert_eq!((number, entry?.comment()), (4, "test key"));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
///
/// To find a key in a file, compare the numbers of the keys: options and comments may differ.
///
/// ```
/// use ssh_keypair::{PublicKey, openssh::AuthorizedKeys};
///
/// # let line = include_str!("../../tests/data/ed25519.pub").trim_end();
/// let wanted: PublicKey = line.parse()?;
/// let file = format!("# who may log in\nno-pty {line} on another host\n");
/// let mut entries = AuthorizedKeys::new(&file).filter_map(|(number, entry)| Some((number, entry.ok()?)));
/// let (number, entry) = entries.find(|(_, entry)| entry.key_data() == wanted.key_data()).ok_or("not found")?;
/// assert_eq!(number, 2);
/// assert_eq!(entry.options().map(|option| option.to_string()).collect::<Vec<_>>(), ["no-pty"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// This also finds a line with the option `cert-authority`, whose key signs certificates and does not log in itself, and a
/// certificate of the key: if that matters, look at [`Entry::options`], and match [`Entry::Certificate`].
#[derive(Clone, Debug)]
pub struct AuthorizedKeys<'a> {
    lines: core::iter::Enumerate<core::str::SplitInclusive<'a, char>>,
    buffer: Vec<u8>,
}

impl<'a> AuthorizedKeys<'a> {
    /// Reads the text of a file.
    pub fn new(text: &'a str) -> Self {
        Self { lines: text.split_inclusive('\n').enumerate(), buffer: vec![0; MAX_BLOB_BYTES] }
    }
}

impl Iterator for AuthorizedKeys<'_> {
    type Item = (usize, Result<Entry, Error>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut lines = self.lines.by_ref().map(|(index, line)| (index + 1, line.trim_start_matches([' ', '\t'])));
        let is_comment = |line: &str| is_comment_line(line.trim_end_matches(['\r', '\n']));
        let (number, line) = lines.find(|(_, line)| !line.trim().is_empty() && !is_comment(line))?;
        Some((number, EntryRef::parse(line, &mut self.buffer).map(Entry::from)))
    }
}

impl core::iter::FusedIterator for AuthorizedKeys<'_> {}

//! The lenient reader of public keys.

use super::binary::reject_binary;
use super::detect::KeyFormat;
use super::lossy::with_lossy_text;
use super::mistakes::{has_line_in_frame, named};
use super::reframed::{before_pem, has_one_pem, read_pem, read_rfc4716};
use super::report::ReadReport;
use super::single_spaces::with_single_spaces;
use super::surroundings::{in_whole, may_contain_a_key, without_surroundings};
use super::types::count_of_keys;
use crate::error::{Error, ErrorKind, Field, Mistake};
use crate::fingerprint::{Fingerprint, HashAlgorithm};
use crate::key::{Algorithm, KeyData, PublicKey};
use crate::openssh::{Entry, KnownHost, are_hosts};
use crate::text::{MAX_LINE_BYTES, Normalization, reject_private_key, utf8};
use alloc::vec;
use alloc::vec::Vec;

/// What [`PublicEntry::read`] found: an OpenSSH line of any kind, or a line of known_hosts. Exhaustive: sshd(8) describes no
/// other line with a public key.
///
/// ```
/// use ssh_keypair::PublicEntry;
///
/// # let line = include_str!("../../tests/data/ed25519.pub").trim_end();
/// let entry = PublicEntry::read(format!("# my key\n{line}"))?;
/// assert_eq!(entry.to_string(), line);
///
/// let entry = PublicEntry::read(format!("host.example {line}"))?;
/// assert!(matches!(entry, PublicEntry::KnownHost(_)));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PublicEntry {
    /// A key, a certificate, or a key with options before it.
    Line(Entry),
    /// A line of known_hosts.
    KnownHost(KnownHost),
}

impl PublicEntry {
    /// Reads a public key in any form that people paste, if its meaning is beyond doubt. [`PublicEntry::read_with_report`] also
    /// reports what was changed:
    ///
    /// | in the input | reported as |
    /// |---|---|
    /// | white space or a byte order mark around the line, other white space between its fields or none after the type, wrapped base64 | `WhiteSpace` |
    /// | lines before or after the key that begin with a number sign | `CommentLines` |
    /// | RFC 4716, also as `ssh-keygen -i` reads it: blank lines, spaces at line ends, any width, five hyphens | `FromRfc4716` |
    /// | SubjectPublicKeyInfo or PKCS#1 as PEM, also after other text, of any width, and the former with the label of the latter | `FromPem` |
    /// | a compressed point in it (feature `ec`) | `ExpandedPoint` |
    /// | bytes of the comment that are not UTF-8 | `Comment` |
    /// | `\n` or `\r` as text at the end of the comment, which is kept | `EscapeInComment` |
    ///
    /// Everything else is rejected, and what people often paste is named by a [`Mistake`]. The entry itself has passed the strict
    /// parser of its kind: its [`Display`](core::fmt::Display) is a line that this parser accepts. To accept only plain keys, or
    /// to apply rules, use [`ImportPolicy`](crate::keypair::ImportPolicy), which reads its input in the same way.
    ///
    /// The time is that of a few passes over the input, which may have up to 16 KiB.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, Mistake, PublicEntry};
    /// let error = PublicEntry::read("~/.ssh/id_ed25519.pub").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Mistake(Mistake::Path));
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Entry::from_openssh`], [`PublicKey::from_rfc4716`] and [`PublicKey::from_pem`]; [`ErrorKind::Mistake`];
    /// [`ErrorKind::MultipleKeys`].
    pub fn read(input: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::read_with_report(input).map(|(entry, _)| entry)
    }

    /// Reads a public key as [`PublicEntry::read`] does, and reports its format and what was changed before it was accepted.
    ///
    /// ```
    /// use ssh_keypair::{KeyFormat, Normalization, PublicEntry};
    ///
    /// # let line = include_str!("../../tests/data/ed25519.pub").trim_end();
    /// // let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA... test key";
    /// let (entry, report) = PublicEntry::read_with_report(format!("# my key\n{line}"))?;
    /// assert_eq!(entry.to_string(), line);
    /// assert_eq!((report.format, report.normalizations), (KeyFormat::PublicKeyLine, vec![Normalization::CommentLines]));
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PublicEntry::read`].
    pub fn read_with_report(input: impl AsRef<[u8]>) -> Result<(Self, ReadReport), Error> {
        read_public(input.as_ref(), any_line)
    }

    /// The plain key. None for a certificate, whose key is in [`PublicEntry::key_data`].
    pub fn as_public_key(&self) -> Option<&PublicKey> {
        match self {
            Self::Line(entry) => entry.as_public_key(),
            Self::KnownHost(host) => Some(host.key()),
        }
    }

    /// The numbers of the key; for a certificate, those of the key inside.
    pub fn key_data(&self) -> KeyData<'_> {
        match self {
            Self::Line(entry) => entry.key_data(),
            Self::KnownHost(host) => host.key().key_data(),
        }
    }

    /// The type of the key; for a certificate, that of the key inside.
    pub fn algorithm(&self) -> Algorithm {
        self.key_data().algorithm()
    }

    /// The size as `ssh-keygen -l` prints it: see [`KeyData::bits`].
    pub fn bits(&self) -> usize {
        self.key_data().bits()
    }

    /// The comment; empty if there is none.
    pub fn comment(&self) -> &str {
        match self {
            Self::Line(entry) => entry.comment(),
            Self::KnownHost(host) => host.key().comment(),
        }
    }

    /// The fingerprint of the key; for a certificate, that of the plain key inside, as OpenSSH prints it.
    pub fn fingerprint(&self, algorithm: HashAlgorithm) -> Fingerprint {
        match self {
            Self::Line(entry) => entry.fingerprint(algorithm),
            Self::KnownHost(host) => host.key().fingerprint(algorithm),
        }
    }
}

impl From<Entry> for PublicEntry {
    fn from(entry: Entry) -> Self {
        Self::Line(entry)
    }
}

impl From<KnownHost> for PublicEntry {
    fn from(host: KnownHost) -> Self {
        Self::KnownHost(host)
    }
}

/// The line, without a line break.
impl core::fmt::Display for PublicEntry {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Line(entry) => entry.fmt(f),
            Self::KnownHost(host) => host.fmt(f),
        }
    }
}

/// The format of an entry that was given as a line.
fn format_of_line(entry: &PublicEntry) -> KeyFormat {
    match entry {
        PublicEntry::Line(Entry::Key(_)) => KeyFormat::PublicKeyLine,
        PublicEntry::Line(Entry::Certificate(_)) => KeyFormat::CertificateLine,
        PublicEntry::Line(Entry::AuthorizedKey(_)) => KeyFormat::AuthorizedKeyLine,
        PublicEntry::KnownHost(_) => KeyFormat::KnownHostsLine,
    }
}

/// Parses a line of any kind, strictly. A word that may be an option or a host is a host unless it is the name of an option.
fn any_line(line: &str) -> Result<PublicEntry, Error> {
    let first_word = line.split([' ', '\t']).next().unwrap_or_default();
    let host = || line.parse().map(PublicEntry::KnownHost);
    if are_hosts(first_word)
        && let Ok(host) = host()
    {
        return Ok(host);
    }
    line.parse().map(PublicEntry::Line).or_else(|error| host().map_err(|_| error))
}

/// Reads an input that `parse` reads strictly if it is a line.
pub(crate) fn read_public(
    input: &[u8],
    parse: impl Fn(&str) -> Result<PublicEntry, Error>,
) -> Result<(PublicEntry, ReadReport), Error> {
    reject_binary(input)?;
    with_lossy_text(input, |text, is_replaced| {
        // Outside of the comment, a replacement is rejected.
        let changes = if is_replaced { vec![Normalization::Comment] } else { Vec::new() };
        read_text(text, parse, changes)
    })
}

/// Reads a text in which these changes were made.
fn read_text(
    text: &str,
    parse: impl Fn(&str) -> Result<PublicEntry, Error>,
    mut changes: Vec<Normalization>,
) -> Result<(PublicEntry, ReadReport), Error> {
    let error = match parse(text) {
        Ok(entry) => {
            if entry.comment().ends_with("\\n") || entry.comment().ends_with("\\r") {
                changes.push(Normalization::EscapeInComment);
            }
            let format = format_of_line(&entry);
            return Ok((entry, ReadReport { format, normalizations: changes }));
        }
        // The error is for the text as it was given.
        Err(error) => named(text, error),
    };
    if text.len() > MAX_LINE_BYTES || reject_private_key(text).is_err() {
        return Err(error);
    }
    let (entry, format) = converted(text, parse, &mut changes).unwrap_or(Err(error))?;
    Ok((entry, ReadReport { format, normalizations: changes }))
}

/// Parses an input that is at most one line, strictly, and names the mistake if there is one.
pub(crate) fn read_line(
    input: &[u8],
    parse: impl Fn(&str) -> Result<PublicEntry, Error>,
) -> Result<PublicEntry, Error> {
    reject_binary(input)?;
    let text = utf8(input, Field::PublicKey)?;
    parse(text).map_err(|error| named(text, error))
}

/// Reads a text that is not exactly one line, and says in which format it is. None if its meaning is in doubt.
fn converted(
    text: &str,
    parse: impl Fn(&str) -> Result<PublicEntry, Error>,
    changes: &mut Vec<Normalization>,
) -> Option<Result<(PublicEntry, KeyFormat), Error>> {
    let (text, skipped, has_comments) = without_surroundings(text);
    if has_comments {
        changes.push(Normalization::CommentLines);
    }
    let mut key_of = |key: Result<(PublicKey, KeyFormat, Option<Normalization>), Error>, change| match key {
        Ok((key, format, other)) => {
            changes.push(change);
            changes.extend(other);
            Some(parse(&key.to_openssh()).map(|entry| (entry, format)))
        }
        Err(error) => Some(Err(in_whole(named(text, error), skipped))),
    };
    match KeyFormat::detect(text) {
        Some(KeyFormat::Rfc4716) if text.contains("END SSH2") => {
            let key = read_rfc4716(text).map(|key| (key, KeyFormat::Rfc4716, None));
            return key_of(key, Normalization::FromRfc4716);
        }
        // The text before a PEM may be anything but another key.
        _ if has_line_in_frame(text) => {
            return Some(Err(Mistake::LineInFrame.error_at(Field::PublicKey, skipped)));
        }
        _ if has_one_pem(text) && (count_of_keys(text) > 0 || may_contain_a_key(before_pem(text))) => {
            return Some(Err(Field::PublicKey.error_at(ErrorKind::MultipleKeys, skipped)));
        }
        _ if has_one_pem(text) => return key_of(read_pem(text), Normalization::FromPem),
        _ => {}
    }
    let with_format = |entry| {
        let format = format_of_line(&entry);
        Some(Ok((entry, format)))
    };
    if let Ok(entry) = parse(text) {
        if !has_comments {
            changes.push(Normalization::WhiteSpace);
        }
        return with_format(entry);
    }
    let entry = parse(&with_single_spaces(text)?).ok()?;
    changes.push(Normalization::WhiteSpace);
    with_format(entry)
}

//! The public keys in a file, which is one key or has one on each line.

use crate::files::{Input, MAX_KEY_BYTES};
use crate::output::complain;
use crate::stop::Stop;
use ssh_keypair::{Error, ErrorKind, KeyFormat, Mistake, Normalization, PublicEntry};
use std::borrow::Cow;

/// The text of a file of keys. Bytes that are not UTF-8 are replaced: only a comment may contain them.
pub(crate) fn text_of<'a>(file: &Input, bytes: &'a [u8]) -> Result<Cow<'a, str>, Stop> {
    // The reader knows UTF-16 by its first bytes.
    match PublicEntry::read(bytes.get(..16).unwrap_or_default()) {
        Err(error) if error.kind() == ErrorKind::Mistake(Mistake::Utf16) => Err(file.failed(error)),
        _ => Ok(String::from_utf8_lossy(bytes)),
    }
}

/// The key in a file that is a single key in several lines: RFC 4716, PEM, or a line that was wrapped. What was changed is
/// reported, except for the format and for comments, which are nothing unusual in a file.
pub(crate) fn entry_of_file(text: &str) -> Option<Result<PublicEntry, Error>> {
    let read = (text.len() <= MAX_KEY_BYTES).then(|| PublicEntry::read(text))?;
    let is_framed = matches!(
        KeyFormat::detect(text),
        Some(KeyFormat::Rfc4716 | KeyFormat::SpkiPem | KeyFormat::Pkcs1PublicPem | KeyFormat::X509Pem)
    );
    match read {
        Ok((entry, changes)) if is_framed || key_lines(text).count() > 1 => {
            report("", changes.into_iter().filter(|change| !is_usual(*change)));
            Some(Ok(entry))
        }
        Err(error) if is_framed => Some(Err(error)),
        _ => None,
    }
}

fn is_usual(change: Normalization) -> bool {
    matches!(change, Normalization::FromPem | Normalization::FromRfc4716 | Normalization::CommentLines)
}

/// Reports what was changed, after the place where that was.
pub(crate) fn report(place: &str, changes: impl IntoIterator<Item = Normalization>) {
    changes.into_iter().for_each(|change| complain(&format!("{place}{change}")));
}

/// The lines of a file that has a key on each line, with their numbers, but without empty lines and comments.
pub(crate) fn key_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.split_inclusive('\n').map(|line| line.trim_start_matches([' ', '\t'])))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

/// The error of an input, with its line and column if it is not in the first line.
pub(crate) fn located(input: impl AsRef<[u8]>, error: &Error) -> String {
    match error.position(input) {
        Some(position) if position.line > 1 => format!("{position}: {error}"),
        _ => error.to_string(),
    }
}

//! The public keys in a file, which is one key or has one on each line.

use crate::files::{Input, MAX_KEY_BYTES};
use crate::hints::{Reading, failed_with_hint};
use crate::output::complain;
use crate::stop::Stop;
use ssh_keypair::{Error, ErrorKind, Mistake, Normalization, PublicEntry};
use std::borrow::Cow;

/// The text of a file of keys. Bytes that are not UTF-8 are replaced: only a comment may contain them.
pub(crate) fn text_of<'a>(file: &Input, bytes: &'a [u8]) -> Result<Cow<'a, str>, Stop> {
    match error_of_binary(bytes) {
        Some(error) => Err(failed_with_hint(&format!("\"{file}\": {error}"), &error, file, bytes, Reading::PublicKey)),
        None => Ok(String::from_utf8_lossy(bytes)),
    }
}

/// The error of a file that is not text: UTF-16, DER, or a private key in one of them.
pub(crate) fn error_of_binary(bytes: &[u8]) -> Option<Error> {
    // Text has no control character among its first characters.
    let start = bytes.get(..bytes.len().min(MAX_KEY_BYTES)).unwrap_or_default();
    let is_binary = start.iter().take(16).any(|byte| *byte < b'\t');
    let error = is_binary.then(|| PublicEntry::read(start).err())??;
    let is_named = matches!(
        error.kind(),
        ErrorKind::PrivateKeyGiven | ErrorKind::Mistake(Mistake::Utf16 | Mistake::Der | Mistake::Pkcs12)
    );
    is_named.then_some(error)
}

/// The key in a file that is a single key in several lines: RFC 4716, PEM, or a wrapped line. Reports what was changed, except
/// for the format and comments, which are usual in a file.
pub(crate) fn entry_of_file(text: &str) -> Option<Result<PublicEntry, Error>> {
    let read = (text.len() <= MAX_KEY_BYTES).then(|| PublicEntry::read_with_report(text))?;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let is_framed = start.starts_with("-----BEGIN ") || start.starts_with("---- BEGIN ");
    match read {
        Ok((entry, found)) if is_framed || key_lines(text).count() > 1 => {
            report("", found.normalizations.into_iter().filter(|change| !is_usual(*change)));
            Some(Ok(entry))
        }
        // The caller reports the number of the line where it begins.
        Err(error) if error.kind() == ErrorKind::PrivateKeyGiven => None,
        Err(error) if is_framed || is_about_file(text, &error) => Some(Err(error)),
        _ => None,
    }
}

/// Whether an error is about the file as a whole: its lines are not separate keys.
fn is_about_file(text: &str, error: &Error) -> bool {
    use Mistake::{Base64OfLine, BrokenBegin, CertificateRequest, Dashes, JoinedLines, NoBegin, NoEnd, X509};
    if error.kind() == ErrorKind::MultipleKeys {
        return text.contains("-----BEGIN ") || text.contains("---- BEGIN ");
    }
    matches!(
        error.kind(),
        ErrorKind::Mistake(
            Base64OfLine | BrokenBegin | CertificateRequest | Dashes | JoinedLines | NoBegin | NoEnd | X509
        )
    )
}

fn is_usual(change: Normalization) -> bool {
    matches!(change, Normalization::FromPem | Normalization::FromRfc4716 | Normalization::CommentLines)
}

/// Reports each change, with its place before it.
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

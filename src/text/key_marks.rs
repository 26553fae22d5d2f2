//! Finds where private keys begin in a file: at a BEGIN line, even a damaged one, or at the first line of a PuTTY file.
//!
//! A BEGIN line counts if it says PRIVATE KEY, or if a private key follows it whatever it says, because other programs read it.
//! The words BEGIN and PRIVATE KEY in a sentence, with no dash next to them, count only if a key follows or if nothing else does.

use super::private_contents::holds_a_private_key;
use super::private_marks::{PUTTY, SSH_1, find_ignoring_case};

pub(super) const HYPHENS: &[u8] = b"-----";

/// OpenSSL's limit for a line.
const MAX_LABEL_BYTES: usize = 256;
/// How much is examined after words in a sentence: more than the start of a key needs.
const MAX_START_BYTES: usize = 1024;

/// The start of a private key.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    /// The offset of the word BEGIN, and the end of the words that begin with it.
    Pem {
        begin: usize,
        label_end: usize,
    },
    Putty(usize),
    Ssh1(usize),
}

impl Mark {
    pub(super) fn start(self) -> usize {
        match self {
            Self::Pem { begin, .. } => begin,
            Self::Putty(at) | Self::Ssh1(at) => at,
        }
    }
}

/// The first two private keys in a file, damaged ones included.
pub(super) struct Marks {
    pub(super) first: Option<Mark>,
    pub(super) second: Option<Mark>,
}

impl Marks {
    pub(super) fn find(file: &[u8]) -> Self {
        let marks = || (0..file.len()).filter_map(|at| mark_at(file, at));
        let mut certain = marks().filter(|mark| !is_in_a_sentence(file, *mark));
        match (certain.next(), certain.next()) {
            (None, _) => Self { first: marks().next(), second: None },
            (first, second) => Self { first, second },
        }
    }
}

fn mark_at(file: &[u8], at: usize) -> Option<Mark> {
    let rest = file.get(at..)?;
    match rest.first()? {
        b'P' | b'p' if starts_with_ignoring_case(rest, PUTTY) => Some(Mark::Putty(at)),
        b'S' if rest.starts_with(SSH_1) => Some(Mark::Ssh1(at)),
        b'B' | b'b' if starts_with_ignoring_case(rest, b"BEGIN") => private_label(rest)
            .or_else(|| other_label(file.get(..at)?, rest))
            .map(|length| Mark::Pem { begin: at, label_end: at + length }),
        _ => None,
    }
}

/// The length of BEGIN and the words after it, if they say PRIVATE KEY.
fn private_label(text: &[u8]) -> Option<usize> {
    let words = text.iter().take(64).take_while(|byte| byte.is_ascii_alphanumeric() || is_blank(**byte));
    let label = text.get(..words.count())?;
    let private = find_ignoring_case(label, b"PRIVATE")?;
    find_ignoring_case(label.get(private..)?, b"KEY").map(|_| label.len())
}

/// The length of BEGIN and the label after it, if they are between hyphens and a private key follows them.
fn other_label(before: &[u8], text: &[u8]) -> Option<usize> {
    let line = text.iter().take(MAX_LABEL_BYTES).take_while(|byte| !matches!(byte, b'\n' | b'\r'));
    let line = before.ends_with(b"--").then(|| text.get(..line.count()))??;
    let length = line.windows(2).position(|two| two == b"--")?;
    let behind = text.get(length..)?;
    let hyphens = behind.iter().take_while(|byte| **byte == b'-').count();
    holds_a_private_key(behind.get(hyphens..)?).then_some(length)
}

/// Whether a mark is only words in a sentence, with no dash next to them and no key after them.
fn is_in_a_sentence(file: &[u8], mark: Mark) -> bool {
    let Mark::Pem { begin, label_end } = mark else { return false };
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let before = file.get(..begin).unwrap_or_default().rsplit(is_break).next().unwrap_or_default().trim_ascii_end();
    let after = file.get(label_end..).unwrap_or_default();
    let line = after.split(is_break).next().unwrap_or_default();
    // The longest dash has three bytes.
    let near = [before.get(before.len().saturating_sub(3)..), line.get(..line.len().min(3))];
    let has_dash = near.into_iter().flatten().any(|near| near.contains(&b'-') || has_other_dash(near));
    !has_dash && !holds_a_private_key(after.get(..after.len().min(MAX_START_BYTES)).unwrap_or_default())
}

/// Whether a text has a dash that editors substitute for hyphens.
pub(super) fn has_other_dash(text: &[u8]) -> bool {
    text.utf8_chunks().any(|chunk| chunk.valid().contains(is_other_dash))
}

/// Whether a character is a dash that editors substitute for hyphens.
fn is_other_dash(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0xb | 0xc)
}

fn starts_with_ignoring_case(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

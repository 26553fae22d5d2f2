//! Finds the names of key types in a text, and recognises the characters of base64.

use crate::key::{Algorithm, is_certificate_name};

/// How many lines begin with a key type.
pub(super) fn count_of_keys(text: &str) -> usize {
    text.lines().filter(|line| line.split_whitespace().next().is_some_and(is_type)).count()
}

pub(super) fn is_type(word: &str) -> bool {
    Algorithm::of_name(word.as_bytes()).is_some() || is_certificate_name(word.as_bytes())
}

/// Whether a character is a digit of base64, or its padding.
pub(super) fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')
}

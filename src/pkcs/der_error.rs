//! Errors in DER, with the offset where the reader stopped.

use crate::error::{Error, ErrorKind, Field};
use crate::text::begins_a_private_key;
use pkcs1::der;

/// The error for invalid DER. `at` is the offset of the part that was read; the offset of the error is where its reader
/// stopped.
pub(crate) fn invalid_der(error: der::Error, at: usize) -> Error {
    let kind = match error.kind() {
        der::ErrorKind::Incomplete { .. } => ErrorKind::Truncated,
        der::ErrorKind::TrailingData { .. } => ErrorKind::TrailingData,
        _ => ErrorKind::InvalidDer,
    };
    let within = error.position().and_then(|position| usize::try_from(position).ok()).unwrap_or(0);
    Field::Blob.error_at(kind, at + within)
}

/// The offset of `part` in `whole`, which contains it.
pub(crate) fn offset_of(part: &[u8], whole: &[u8]) -> usize {
    part.as_ptr().addr().wrapping_sub(whole.as_ptr().addr()).min(whole.len())
}

/// The error for rejected DER. If it is a private key, that takes precedence over its error as a public key.
pub(super) fn why_rejected(der: &[u8], error: Error) -> Error {
    match begins_a_private_key(der) {
        true => Field::Blob.error_at(ErrorKind::PrivateKeyGiven, 0),
        false => error,
    }
}

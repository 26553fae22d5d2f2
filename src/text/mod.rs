//! What all text formats share: lines, base64 in lines, PEM, the characters of a comment, limits, and the check for private
//! keys in an input.

#[cfg(all(test, feature = "alloc"))]
mod base64_enumeration;
mod base64_lines;
mod characters;
mod embedded_keys;
#[cfg(test)]
mod every_input;
#[cfg(feature = "alloc")]
mod key_marks;
mod limits;
mod lines;
#[cfg(feature = "alloc")]
mod normalization;
pub(crate) mod pem;
#[cfg(feature = "alloc")]
mod private_contents;
#[cfg(feature = "alloc")]
mod private_key_file;
mod private_marks;
mod write;

#[cfg(feature = "alloc")]
pub(crate) use base64_lines::Base64Lines;
pub use characters::check_comment;
#[cfg(feature = "alloc")]
pub(crate) use characters::{is_bidirectional_control, is_comment_line, lenient_comment, strict_comment, utf8};
pub(crate) use characters::{is_forbidden, reject_control_characters, reject_in_comment};
#[cfg(feature = "alloc")]
pub(crate) use embedded_keys::embedded_key;
#[cfg(test)]
pub(crate) use every_input::{every_input, every_single_change};
#[cfg(feature = "alloc")]
pub(crate) use limits::blob_buffer;
pub(crate) use limits::check_text_length;
pub use limits::{MAX_BLOB_BYTES, MAX_COMMENT_BYTES, MAX_LINE_BYTES};
#[cfg(feature = "alloc")]
pub(crate) use lines::TextLines;
pub(crate) use lines::without_line_break;
#[cfg(feature = "alloc")]
pub use normalization::Normalization;
#[cfg(feature = "alloc")]
pub(crate) use private_key_file::{Contents, Pem, PrivateKeyFile, find_private_key, is_utf16};
pub(crate) use private_marks::{begins_a_private_key, or_private_key, reject_private_key};
pub(crate) use write::write_into;

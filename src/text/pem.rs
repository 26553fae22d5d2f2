//! The frame of PEM: RFC 7468, of which the strict grammar is taken and nothing else.
//!
//! That is one block with nothing before it, and nothing behind it but one line break; base64 in lines of 64 columns, of
//! which the last may be shorter. Lines end with LF, CRLF or CR, and the last line break may be missing.
//!
//! What is between the markers is told apart by line breaks and hyphens, and decoded by `base64ct`: nothing here depends on
//! which digits there are.

use super::base64_lines::Base64Lines;
use super::lines::TextLines;
use crate::error::{Error, ErrorKind, Field};
use base64ct::{Base64, Decoder};
use pem_rfc7468::LineEnding;

/// The columns of the base64.
const WIDTH: usize = 64;

/// The label of a begin marker.
pub(crate) fn begin_label(line: &str) -> Option<&str> {
    line.strip_prefix("-----BEGIN ")?.strip_suffix("-----")
}

/// Takes the lines of base64 and the end marker, and returns the base64 without its last line break. Where digits are to be
/// looked at, each line goes to them.
///
/// # Errors
///
/// [`ErrorKind::InvalidFrame`] in that field; those of the digits.
pub(crate) fn body<'t>(
    text: &'t str,
    lines: &mut TextLines<'t>,
    label: &str,
    field: Field,
    mut digits: Option<&mut Base64Lines>,
) -> Result<&'t str, Error> {
    let mut span = None;
    let mut is_last = false;
    for (start, line) in lines {
        let end_label = line.strip_prefix("-----END ").and_then(|line| line.strip_suffix("-----"));
        if end_label == Some(label) {
            if let Some(digits) = &mut digits {
                digits.finish(start)?;
            }
            return Ok(span.and_then(|(start, end)| text.get(start..end)).unwrap_or_default());
        }
        if line.starts_with("-----") || is_last {
            return Err(field.error_at(ErrorKind::InvalidFrame, start));
        }
        if let Some(digits) = &mut digits {
            digits.line(start, line)?;
        }
        // Of a key that fills its last line, it would be the short one behind it.
        if line.is_empty() {
            return Err(field.error_at(ErrorKind::InvalidFrame, start));
        }
        if line.len() > WIDTH {
            return Err(field.error_at(ErrorKind::InvalidFrame, start + WIDTH));
        }
        is_last = line.len() < WIDTH;
        span = Some((span.map_or(start, |(start, _)| start), start + line.len()));
    }
    Err(field.error_at(ErrorKind::InvalidFrame, text.len()))
}

/// Reads a text with one of these labels, of which nothing is secret: the label that it has, and its DER in `buffer`.
///
/// # Errors
///
/// [`ErrorKind::InvalidFrame`]; [`ErrorKind::MultipleKeys`] where the like follows;
/// [`ErrorKind::InvalidBase64`] and its like; [`ErrorKind::BufferTooSmall`].
pub(crate) fn read_public<'t, 'b>(
    text: &'t str,
    labels: &[&str],
    buffer: &'b mut [u8],
) -> Result<(&'t str, &'b [u8]), Error> {
    let mut lines = TextLines::new(text);
    let label = lines.next().and_then(|(_, line)| begin_label(line));
    let label =
        label.filter(|label| labels.contains(label)).ok_or(Field::PublicKey.error_at(ErrorKind::InvalidFrame, 0))?;
    let mut digits = Base64Lines::default();
    let base64 = body(text, &mut lines, label, Field::PublicKey, Some(&mut digits))?;
    match lines.next() {
        // What may be wrong with it now is the last digit alone.
        None => Ok((label, decode(base64, buffer, digits.stray_bits())?)),
        Some((at, line)) if begin_label(line) == Some(label) => {
            Err(Field::PublicKey.error_at(ErrorKind::MultipleKeys, at))
        }
        Some((at, _)) => Err(Field::PublicKey.error_at(ErrorKind::InvalidFrame, at)),
    }
}

/// Decodes the base64 of a frame into `buffer`.
///
/// # Errors
///
/// [`ErrorKind::BufferTooSmall`]; `invalid` of what is no base64, or has bits set behind the last byte.
pub(crate) fn decode<'b>(base64: &str, buffer: &'b mut [u8], invalid: Error) -> Result<&'b [u8], Error> {
    let mut decoder = Decoder::<Base64>::new_wrapped(base64.as_bytes(), WIDTH).map_err(|_| invalid)?;
    let der = buffer.get_mut(..decoder.remaining_len()).ok_or(Error::new(ErrorKind::BufferTooSmall))?;
    decoder.decode(der).map_err(|_| invalid)
}

/// Writes DER as PEM.
///
/// # Errors
///
/// [`ErrorKind::BufferTooSmall`].
pub(crate) fn write<'b>(label: &str, der: &[u8], buffer: &'b mut [u8]) -> Result<&'b str, Error> {
    pem_rfc7468::encode(label, LineEnding::LF, der, buffer).map_err(|_| Error::new(ErrorKind::BufferTooSmall))
}

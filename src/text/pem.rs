//! PEM encapsulation: the strict grammar of RFC 7468, and nothing else.
//!
//! That is one block with nothing before it, and nothing after it but one line break; base64 in lines of 64 columns, of
//! which the last may be shorter. Lines end with LF, CRLF or CR, and the last line break may be missing.
//!
//! The text between the markers is split at line breaks, its lines are distinguished by hyphens and by their length, and
//! `base64ct` decodes them: nothing here depends on the values of the digits. (Public text is the exception: its digits are
//! checked first, to give the offset of an error.)

use super::base64_lines::Base64Lines;
use super::lines::TextLines;
use crate::error::{Error, ErrorKind, Field};
use base64ct::{Base64, Decoder};
use pem_rfc7468::LineEnding;

/// The number of base64 columns.
const WIDTH: usize = 64;

/// The label of a begin marker.
pub(crate) fn begin_label(line: &str) -> Option<&str> {
    line.strip_prefix("-----BEGIN ")?.strip_suffix("-----")
}

/// Reads the lines of base64 and the end marker, and returns the base64 without its last line break. If `digits` is given,
/// it checks each line.
///
/// # Errors
///
/// [`ErrorKind::InvalidFrame`] in that field; the errors of `digits`.
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
        // If the base64 fills its last line, an empty line would pass as the short last one.
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

/// Reads a public text with one of these labels. Returns its label, and its DER in `buffer`.
///
/// # Errors
///
/// [`ErrorKind::InvalidFrame`]; [`ErrorKind::MultipleKeys`] if a block with the same label follows; the errors of base64;
/// [`ErrorKind::BufferTooSmall`].
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
        // Only the last digit can still be invalid.
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
/// [`ErrorKind::BufferTooSmall`]; `invalid` for text that is not base64, or has bits set after the last byte.
pub(crate) fn decode<'b>(base64: &str, buffer: &'b mut [u8], invalid: Error) -> Result<&'b [u8], Error> {
    let mut decoder = Decoder::<Base64>::new_wrapped(base64.as_bytes(), WIDTH).map_err(|_| invalid)?;
    let (length, needed) = (buffer.len(), decoder.remaining_len());
    let der = buffer.get_mut(..needed).ok_or(Error::buffer_too_small(length, needed))?;
    decoder.decode(der).map_err(|_| invalid)
}

/// Writes DER as PEM.
///
/// # Errors
///
/// [`ErrorKind::BufferTooSmall`].
pub(crate) fn write<'b>(label: &str, der: &[u8], buffer: &'b mut [u8]) -> Result<&'b str, Error> {
    let length = buffer.len();
    pem_rfc7468::encode(label, LineEnding::LF, der, buffer).map_err(|_| {
        let needed = pem_rfc7468::encoded_len(label, LineEnding::LF, der).unwrap_or_default();
        Error::buffer_too_small(length, needed)
    })
}

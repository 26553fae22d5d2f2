//! Colon-hex: two hexadecimal digits per byte, in lower case, and a colon between bytes.

use crate::error::{Error, ErrorKind};
use core::fmt;

/// Writes bytes as colon-hex.
pub(super) struct ColonHex<'a>(pub(super) &'a [u8]);

impl fmt::Display for ColonHex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for byte in self.0 {
            write!(f, "{separator}{byte:02x}")?;
            separator = ":";
        }
        Ok(())
    }
}

/// Reads `N` bytes, and nothing after them.
pub(super) fn parse<const N: usize>(text: &str) -> Result<[u8; N], Error> {
    let error = Error::new(ErrorKind::InvalidFingerprint);
    let mut parts = text.split(':');
    let mut bytes = [0; N];
    for byte in &mut bytes {
        let part = parts.next().ok_or(error)?;
        // `from_str_radix` alone would accept a sign and capitals.
        if part.len() != 2 || !part.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(error);
        }
        *byte = u8::from_str_radix(part, 16).map_err(|_| error)?;
    }
    match parts.next() {
        Some(_) => Err(error),
        None => Ok(bytes),
    }
}

//! Colon-hex: two hexadecimal digits per byte, in lower case, and a colon between bytes.

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

//! What was changed in an input before it was accepted.

use core::fmt;

/// What was changed in an input before it was accepted: reported by
/// [`ImportPolicy`](crate::keypair::ImportPolicy) and [`PrivateKey::parse_with_report`](crate::PrivateKey::parse_with_report).
///
/// ```
/// use ssh_keypair::Normalization;
/// assert_eq!(Normalization::FromRfc4716.to_string(), "converted from RFC 4716");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Normalization {
    /// White space around the line or between its fields, line breaks in its base64, or a byte order mark.
    WhiteSpace,
    /// The input was an RFC 4716 file.
    FromRfc4716,
    /// The input was a SubjectPublicKeyInfo or a PKCS#1 public key as PEM.
    FromPem,
    /// The input was UTF-16.
    FromUtf16,
}

impl fmt::Display for Normalization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WhiteSpace => "white space removed",
            Self::FromRfc4716 => "converted from RFC 4716",
            Self::FromPem => "converted from PEM",
            Self::FromUtf16 => "converted from UTF-16",
        })
    }
}

//! What was changed in an input before it was accepted.

use crate::error::{Error, ErrorKind, named};
use core::fmt;
#[cfg(doc)]
use core::str::FromStr;

/// What was changed in an input before it was accepted: reported by
/// [`ImportPolicy`](crate::keypair::ImportPolicy), [`PublicEntry::read_with_report`](crate::PublicEntry::read_with_report),
/// [`PrivateKey::parse_with_report`](crate::PrivateKey::parse_with_report) and, with the feature `x509`,
/// `x509::Certificate::read_with_report`.
///
/// ```
/// use ssh_keypair::Normalization;
/// assert_eq!(Normalization::FromRfc4716.to_string(), "converted from RFC 4716");
/// assert_eq!(Normalization::FromRfc4716.name(), "rfc4716");
/// assert_eq!("rfc4716".parse(), Ok(Normalization::FromRfc4716));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Normalization {
    /// White space around the line, between its fields, or missing after its type; line breaks in its base64; or a byte order
    /// mark.
    WhiteSpace,
    /// The input was an RFC 4716 file.
    FromRfc4716,
    /// The input was a SubjectPublicKeyInfo or a PKCS#1 public key as PEM.
    FromPem,
    /// Text before or after the key: attributes, comments, a certificate, a label.
    SurroundingText,
    /// Quotes around the key.
    Quotes,
    /// Line breaks that were written as `\n`.
    EscapedLineBreaks,
    /// The base64 was in one line, together with BEGIN and END.
    LostLineBreaks,
    /// The key was in another format than its BEGIN line says.
    OtherLabel,
    /// Lengths in DER that were written with superfluous zeros.
    LongLengths,
    /// Parts of PKCS#8 that have no meaning for an SSH key were left out, such as attributes.
    Attributes,
    /// The algorithm of an RSA key in PKCS#8 had no NULL after its name.
    MissingNull,
    /// An RSA key in PKCS#8 had version 1, which is for keys with a public half.
    OtherVersion,
    /// Numbers of an RSA key that follow from its primes were missing or zero, and were computed: dP, dQ, qInv.
    ComputedNumbers,
    /// Bytes of the comment that are not UTF-8, or control characters, were replaced by U+FFFD.
    Comment,
    /// Lines of comments before or after the key were skipped.
    CommentLines,
    /// A compressed point was expanded.
    ExpandedPoint,
    /// The comment ends with `\n` or `\r` as text; nothing was changed.
    EscapeInComment,
}

impl Normalization {
    /// All normalizations.
    pub const ALL: &[Self] = &[
        Self::WhiteSpace,
        Self::FromRfc4716,
        Self::FromPem,
        Self::SurroundingText,
        Self::Quotes,
        Self::EscapedLineBreaks,
        Self::LostLineBreaks,
        Self::OtherLabel,
        Self::LongLengths,
        Self::ComputedNumbers,
        Self::Attributes,
        Self::MissingNull,
        Self::OtherVersion,
        Self::Comment,
        Self::CommentLines,
        Self::ExpandedPoint,
        Self::EscapeInComment,
    ];

    /// The name, for use by programs: [`FromStr`] parses it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WhiteSpace => "white-space",
            Self::FromRfc4716 => "rfc4716",
            Self::FromPem => "pem",
            Self::SurroundingText => "surrounding-text",
            Self::Quotes => "quotes",
            Self::EscapedLineBreaks => "escaped-line-breaks",
            Self::LostLineBreaks => "lost-line-breaks",
            Self::OtherLabel => "other-label",
            Self::LongLengths => "long-lengths",
            Self::ComputedNumbers => "computed-numbers",
            Self::Attributes => "attributes",
            Self::MissingNull => "missing-null",
            Self::OtherVersion => "other-version",
            Self::Comment => "comment",
            Self::CommentLines => "comment-lines",
            Self::ExpandedPoint => "expanded-point",
            Self::EscapeInComment => "escape-in-comment",
        }
    }
}

named!(Normalization, by name, Error::new(ErrorKind::UnknownName));

/// A description, for people.
impl fmt::Display for Normalization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WhiteSpace => "white space corrected",
            Self::FromRfc4716 => "converted from RFC 4716",
            Self::FromPem => "converted from PEM",
            Self::SurroundingText => "text before or after the key skipped",
            Self::Quotes => "quotes removed",
            Self::EscapedLineBreaks => "line breaks written as \\n restored",
            Self::LostLineBreaks => "lost line breaks restored",
            Self::OtherLabel => "read by its contents, which differ from its BEGIN line",
            Self::LongLengths => "superfluous zeros in the lengths removed",
            Self::Attributes => "attributes of the PKCS#8 left out",
            Self::MissingNull => "missing NULL in the algorithm of the PKCS#8 added",
            Self::OtherVersion => "version of the PKCS#8 corrected",
            Self::ComputedNumbers => "missing numbers of the RSA key computed from its primes",
            Self::Comment => "invalid characters in the comment replaced",
            Self::CommentLines => "comment lines before or after the key skipped",
            Self::ExpandedPoint => "compressed point expanded",
            Self::EscapeInComment => "the comment ends with a backslash and a letter, which is not a line break",
        })
    }
}

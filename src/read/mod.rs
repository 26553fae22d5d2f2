//! Keys in any format: detects the format of an input, and reads a private key or a public key in whichever format it is.
//!
//! Public keys are read by other programs too, so [`PublicEntry`](crate::PublicEntry) changes only what has one meaning, and
//! what it returns has passed a strict parser.
//!
//! A private key file is read only by its owner, and we check the numbers in it. So the reader is generous, but it never reads
//! a different key than other programs do: it rejects a file with more than one BEGIN line of a private key, even if the lines
//! are damaged or have other labels.
//! It accepts the following, and reports each with its [`Normalization`](crate::Normalization):
//!
//! | in the file | reported as |
//! |---|---|
//! | blank lines, spaces, indentation, a byte order mark, NUL or 0x1A at the end | `WhiteSpace` |
//! | attributes, comments, certificates, labels before BEGIN or after END | `SurroundingText` |
//! | quotes around the key | `Quotes` |
//! | line breaks as `\n` or `\r\n`, as in JSON | `EscapedLineBreaks` |
//! | no line breaks, or spaces instead of them | `LostLineBreaks` |
//! | a BEGIN line that names another format than that of the key | `OtherLabel` |
//! | lengths in DER with superfluous zeros | `LongLengths` |
//! | RSA in PKCS#8 with attributes; with version 1; without NULL | `Attributes`; `OtherVersion`; `MissingNull` |
//! | an RSA key whose dP, dQ or qInv are missing or zero | `ComputedNumbers` |
//! | a comment with bytes that are not UTF-8, with control characters, or with what looks like a key | `Comment` |
//!
//! Any line ends and any width of base64 are accepted without a remark. What cannot be read is named by a
//! [`Mistake`](crate::Mistake). `PrivateKey::from_openssh`, `from_pem` and `from_ppk` are strict: they reject all of this.

#[cfg(feature = "alloc")]
mod binary;
mod detect;
#[cfg(feature = "alloc")]
mod extra;
#[cfg(feature = "alloc")]
mod lossy;
#[cfg(feature = "alloc")]
mod mistakes;
#[cfg(feature = "alloc")]
mod parse;
#[cfg(feature = "alloc")]
mod public_entry;
#[cfg(feature = "alloc")]
mod putty_lines;
#[cfg(feature = "alloc")]
mod reframed;
#[cfg(feature = "alloc")]
mod report;
#[cfg(feature = "alloc")]
mod single_spaces;
#[cfg(feature = "alloc")]
mod surroundings;
#[cfg(feature = "alloc")]
mod types;

#[cfg(feature = "x509")]
pub(crate) use binary::reject_binary;
pub use detect::KeyFormat;
#[cfg(feature = "x509")]
pub(crate) use lossy::with_lossy_text;
#[cfg(feature = "x509")]
pub(crate) use mistakes::why_no_certificate;
#[cfg(feature = "alloc")]
pub use public_entry::PublicEntry;
#[cfg(feature = "alloc")]
pub(crate) use public_entry::{read_line, read_public};
#[cfg(feature = "x509")]
pub(crate) use reframed::read_certificate;
#[cfg(feature = "alloc")]
pub use report::ReadReport;
#[cfg(feature = "x509")]
pub(crate) use surroundings::{in_whole, trimmed};

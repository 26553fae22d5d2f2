//! OpenSSH keys: the line of a public key, and the blob inside it (RFC 4253, section 6.6); and the file of a private one.
//!
//! A line is `type SP base64 [SP comment]`, where a separator may be a tab, optionally followed by one LF or CRLF.
//! The base64 holds the blob: the type again and the numbers of the key, in the encoding of RFC 4251, section 5.
//!
//! One property rules the parsers of public keys: what they take is encoded back byte for byte, a final line break aside. So there is
//! no second text for a key that is taken, and one fingerprint for each.
//!
//! | text | type |
//! |---|---|
//! | a line, or a blob | [`PublicKeyRef`], [`PublicKey`], and its numbers as [`KeyData`] |
//! | the line of a certificate | [`Certificate`] |
//! | a line of authorized_keys, with options; the file | [`AuthorizedKeyRef`], [`AuthorizedKeys`] |
//! | RFC 4716 | [`PublicKey::from_rfc4716`], [`PublicKeyRef::to_rfc4716`] |
//! | many lines | [`fingerprint_lines`] |
//! | `-----BEGIN OPENSSH PRIVATE KEY-----` | [`PrivateKey::parse`], [`PrivateKey::to_openssh`] |
//! | what is this? | [`detect`] |
//!
//! No function here panics or allocates by a length it has not checked, and none but those of [`PrivateKey`] has to do with
//! a secret.

mod authorized_key;
#[cfg(feature = "alloc")]
mod authorized_keys;
#[cfg(feature = "alloc")]
mod batch;
mod certificate;
mod entry;
mod line;
#[cfg(feature = "alloc")]
mod private_file;
mod public_line;
mod rfc4716;
#[cfg(feature = "rsa")]
mod rsa_crate;
#[cfg(feature = "ssh-key")]
mod ssh_key_crate;

pub use crate::text::{MAX_BLOB_BYTES, MAX_COMMENT_BYTES, MAX_LINE_BYTES, check_comment};
#[cfg(feature = "alloc")]
pub use authorized_key::AuthorizedKey;
pub(crate) use authorized_key::has_options;
pub use authorized_key::{AuthorizedKeyRef, KeyOption};
#[cfg(feature = "alloc")]
pub use authorized_keys::AuthorizedKeys;
#[cfg(feature = "alloc")]
pub use batch::fingerprint_lines;
#[cfg(feature = "alloc")]
pub use certificate::Certificate;
pub use certificate::{CertificateRef, CertificateType, option_value};
#[cfg(feature = "alloc")]
pub use entry::Entry;
pub use entry::EntryRef;
#[cfg(feature = "encryption")]
pub use private_file::Cipher;

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
//! | a line, or a blob | [`PublicKey`], [`PublicKeyBuf`], and its numbers as [`KeyData`] |
//! | the line of a certificate | [`Certificate`] |
//! | a line of authorized_keys, with options; the file | [`AuthorizedKey`], [`AuthorizedKeys`] |
//! | RFC 4716 | [`PublicKeyBuf::from_rfc4716`], [`PublicKey::to_rfc4716`] |
//! | many lines | [`fingerprint_lines`] |
//! | `-----BEGIN OPENSSH PRIVATE KEY-----` | [`PrivateKey::parse`], [`PrivateKey::to_openssh`] |
//! | what is this? | [`detect`] |
//!
//! No function here panics or allocates by a length it has not checked, and none but those of [`PrivateKey`] has to do with
//! a secret.

mod algorithm;
mod authorized_keys;
#[cfg(feature = "alloc")]
mod batch;
mod certificate;
mod detect;
mod key_data;
mod line;
#[cfg(feature = "alloc")]
mod private_key;
mod public_key;
mod rfc4716;
mod text_lines;
mod wire;

mod dsa;
mod ecdsa;
mod ed25519;
mod rsa;
#[cfg(feature = "rsa")]
mod rsa_crate;
mod security_key;
#[cfg(feature = "ssh-key")]
mod ssh_key_crate;

pub use algorithm::Algorithm;
#[cfg(feature = "alloc")]
pub(crate) use authorized_keys::has_options;
pub use authorized_keys::{AuthorizedKey, KeyOption};
#[cfg(feature = "alloc")]
pub use authorized_keys::{AuthorizedKeyBuf, AuthorizedKeys};
#[cfg(feature = "alloc")]
pub use batch::fingerprint_lines;
pub use certificate::{Certificate, CertificateType, option_value};
pub use detect::{TextForm, detect};
pub use dsa::DsaPublicKey;
pub use ecdsa::{EcdsaCurve, EcdsaPublicKey};
pub use ed25519::Ed25519PublicKey;
pub use key_data::KeyData;
#[cfg(feature = "x509")]
pub(crate) use line::is_forbidden;
#[cfg(feature = "alloc")]
pub(crate) use line::refuse_private_key;
pub use line::{MAX_COMMENT_BYTES, MAX_LINE_BYTES, check_comment};
pub(crate) use line::{begins_a_private_key, check_text_length, or_private_key};
#[cfg(feature = "encryption")]
pub use private_key::Cipher;
#[cfg(feature = "alloc")]
pub use private_key::PrivateKey;
pub use public_key::PublicKey;
#[cfg(feature = "alloc")]
pub use public_key::PublicKeyBuf;
pub use security_key::SecurityKey;
pub(crate) use text_lines::{Base64Lines, TextLines};
#[cfg(feature = "alloc")]
pub(crate) use wire::{Reader, secret_mpints};

/// The bytes of the longest blob that fits a line of [`MAX_LINE_BYTES`]: a buffer of this size is always enough.
pub const MAX_BLOB_BYTES: usize = MAX_LINE_BYTES / 4 * 3;

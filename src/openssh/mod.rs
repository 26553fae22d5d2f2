//! OpenSSH formats: the line of a public key, and the blob inside it (RFC 4253, section 6.6); certificates, authorized_keys,
//! RFC 4716; and the private key file.
//!
//! A line is `type SP base64 [SP comment]`, optionally followed by one LF or CRLF. Each SP may also be a tab. The base64
//! contains the blob: the type again and the numbers of the key, in the encoding of RFC 4251, section 5.
//!
//! The parsers of public keys have one main property: what they accept is encoded back byte for byte, except for a final
//! line break. So an accepted key has exactly one encoding, and one fingerprint.
//!
//! | input | type |
//! |---|---|
//! | the line of a key, or its blob | [`PublicKeyRef`], [`PublicKey`](crate::PublicKey), and its numbers as [`KeyData`] |
//! | the line of a certificate | [`CertificateRef`], [`Certificate`] |
//! | a line with options before the key | [`AuthorizedKeyRef`], [`AuthorizedKey`] |
//! | any of these lines | [`EntryRef`], [`Entry`] |
//! | an authorized_keys file | [`AuthorizedKeys`] |
//! | a line of known_hosts | [`KnownHost`] |
//! | an RFC 4716 file | [`PublicKey::from_rfc4716`](crate::PublicKey::from_rfc4716), [`PublicKeyRef::to_rfc4716`] |
//! | MD5 fingerprints of many lines at once | [`fingerprint_lines`] |
//! | `-----BEGIN OPENSSH PRIVATE KEY-----` | [`PrivateKey::from_openssh`](crate::PrivateKey::from_openssh), [`PrivateKey::to_openssh`](crate::PrivateKey::to_openssh) |
//! | an unknown format | [`KeyFormat::detect`] |
//!
//! ```
//! # #[cfg(feature = "alloc")] {
//! use ssh_keypair::openssh::Entry;
//!
//! # let line = format!("no-pty {}", include_str!("../../tests/data/ed25519.pub"));
//! // let line = "no-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA... test key\n";
//! let entry: Entry = line.parse()?;
//! println!("{} {} {}", entry.bits(), entry.sha256_fingerprint(), entry.comment()); // like ssh-keygen -l
//! assert_eq!(entry.to_openssh(), line.trim_end());
//! # }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```
//!
//! No function here panics, and none allocates memory according to a length that it has not checked. Only the methods of
//! [`PrivateKey`](crate::PrivateKey) handle secrets.
//!
//! [`KeyData`]: crate::KeyData
//! [`KeyFormat::detect`]: crate::KeyFormat::detect
//! [`PublicKeyRef`]: crate::PublicKeyRef
//! [`PublicKeyRef::to_rfc4716`]: crate::PublicKeyRef::to_rfc4716

mod authorized_key;
#[cfg(feature = "alloc")]
mod authorized_keys;
#[cfg(feature = "alloc")]
mod batch;
mod certificate;
mod entry;
#[cfg(test)]
mod enumeration;
#[cfg(feature = "alloc")]
mod known_host;
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
#[cfg(feature = "alloc")]
pub(crate) use known_host::are_hosts;
#[cfg(feature = "alloc")]
pub use known_host::{KnownHost, KnownHostMarker};
#[cfg(feature = "encryption")]
pub use private_file::Cipher;
#[cfg(feature = "alloc")]
pub(crate) use private_file::is_openssh_blob;

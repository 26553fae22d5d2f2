//! X.509 certificates of key pairs, which their owners use to log in to Windows guests: RFC 5280.
//!
//! | format | in | out |
//! |---|---|---|
//! | `-----BEGIN CERTIFICATE-----` | [`Certificate`]'s `FromStr` | its `Display` |
//! | DER | [`Certificate::from_der`] | [`Certificate::as_der`] |
//! | PKCS#12, with the private key | | [`Certificate::to_pkcs12`] |
//!
//! [`Certificate::self_signed_with`] creates a certificate like Nova's: self-signed, with the user's id as its subject, and
//! valid for ten years. An imported certificate is read strictly: encoding it again must give the same DER, and its key must be
//! valid as an SSH key.
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use ssh_keypair::keypair::{Profile, Record};
//!
//! let created = Record::create_x509("demo".parse()?, "6fc0d2cb".parse()?, &Profile::nova())?;
//! let pem = created.record.public_key();
//! assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"));
//! let pkcs12 = created.private_key_for_response()?; // base64 of PKCS#12 with an empty password, wiped when dropped
//!
//! let imported = Record::import_x509("laptop".parse()?, pem, Some("6fc0d2cb".parse()?), &Profile::nova())?;
//! assert_eq!(imported.fingerprint(), created.record.fingerprint()); // SHA-1 of the DER
//! let expires = imported.certificate().map(|certificate| certificate.not_after_seconds());
//! # assert!(expires.is_some());
//! # }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```
//!
//! # How it works
//!
//! The crate `x509-cert` encodes and decodes certificates. What its types do not ensure is checked here, in the DER.
//! [`KeyData::from_spki_der`] reads the keys. The signature uses the same arithmetic as key generation: its time does not
//! depend on a prime, and it is verified before it is returned.
//!
//! PKCS#12 is written here, because the crate `pkcs12` is a pre-release that pins another one, and its types would leave the
//! key behind in heap blocks that nothing wipes. Under an empty password, anyone who sees the ciphertext can decrypt it.
//!
//! [`KeyData::from_spki_der`]: crate::KeyData::from_spki_der

mod certificate;
mod lenient;
mod pkcs12;
mod self_signed;

pub use certificate::Certificate;
pub use self_signed::{MAX_USER_ID_CHARACTERS, VALID_DAYS, check_user_id};
pub(crate) use self_signed::{Template, now};

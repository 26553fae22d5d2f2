//! X.509 certificates of key pairs, with which a Windows guest logs its owner in: RFC 5280.
//!
//! | text | in | out |
//! |---|---|---|
//! | `-----BEGIN CERTIFICATE-----` | [`Certificate`]'s `FromStr` | its `Display` |
//! | DER | [`Certificate::from_der`] | [`Certificate::as_der`] |
//! | PKCS#12, with the private key | | [`Certificate::to_pkcs12`] |
//!
//! A certificate that is made here is that of Nova: signed by its own key, with the user's id for its subject, for ten years:
//! [`Certificate::self_signed_with`]. One that somebody else made is read strictly: its DER is encoded back byte for byte,
//! and its key is one that an SSH key may be.
//!
//! # What does what
//!
//! Certificates are encoded and decoded by the crate `x509-cert`; what is not in its types is checked here, from its fields as
//! they stand in the DER. Keys are those of [`KeyData::from_spki_der`]. The signature is by the arithmetic that made the
//! key: nothing depends on a prime, and it verifies before it leaves.
//!
//! PKCS#12 is written here. The crate `pkcs12` is a pre-release that pins another one, and its types would leave the key
//! behind in blocks of the heap that nobody wipes: under an empty password, what is encrypted is no secret from anybody who
//! sees it.
//!
//! [`KeyData::from_spki_der`]: crate::KeyData::from_spki_der

mod certificate;
mod pkcs12;
mod self_signed;

pub use certificate::Certificate;
pub use self_signed::{MAX_USER_ID_CHARACTERS, VALID_DAYS, check_user_id};
pub(crate) use self_signed::{Template, now};

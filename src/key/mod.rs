//! Keys: public keys of every type that OpenSSH supports, borrowed and owned; private keys; and their wire encoding (RFC
//! 4251, section 5), which is what a fingerprint hashes and what a line contains as base64.
//!
//! The formats add their constructors and writers to the types here.

mod algorithm;
mod dsa;
#[cfg(feature = "alloc")]
mod dsa_private;
mod ecdsa;
#[cfg(feature = "ec")]
mod ecdsa_private;
mod ed25519;
#[cfg(feature = "ec")]
mod ed25519_private;
#[cfg(test)]
mod enumeration;
mod form;
#[cfg(feature = "alloc")]
mod kdf_limits;
mod key_data;
mod key_spec;
mod mldsa44_ed25519;
#[cfg(feature = "alloc")]
mod private_key;
#[cfg(feature = "ec")]
mod public_half;
mod public_key;
#[cfg(feature = "alloc")]
mod read_options;
mod rsa;
#[cfg(feature = "alloc")]
mod secret;
mod security_key;
#[cfg(feature = "ec")]
mod stuck_generator;
mod wire;

pub use algorithm::Algorithm;
pub(crate) use algorithm::{is_certificate_name, is_signature_algorithm, may_be_opaque};
pub use dsa::DsaPublicKey;
#[cfg(all(feature = "alloc", feature = "ec"))]
pub(crate) use ecdsa::MAX_POINT_BYTES;
pub use ecdsa::{EcdsaCurve, EcdsaPublicKey};
#[cfg(feature = "ec")]
pub use ecdsa_private::EcdsaPrivateKey;
pub use ed25519::Ed25519PublicKey;
#[cfg(feature = "ec")]
pub use ed25519_private::Ed25519PrivateKey;
pub(crate) use form::{Form, Separator, check_line_length};
#[cfg(feature = "alloc")]
pub use kdf_limits::KdfLimits;
pub use key_data::KeyData;
pub(crate) use key_data::Layout;
#[cfg(feature = "alloc")]
pub(crate) use key_data::{Curve, are_on_curve, not_on_curve};
pub use key_spec::KeySpec;
pub use mldsa44_ed25519::MlDsa44Ed25519PublicKey;
pub(crate) use mldsa44_ed25519::SIGNATURE_BYTES as MLDSA44_ED25519_SIGNATURE_BYTES;
#[cfg(feature = "alloc")]
pub use private_key::PrivateKey;
#[cfg(all(feature = "alloc", feature = "ec"))]
pub(crate) use public_half::expand_ecdsa;
#[cfg(feature = "alloc")]
pub use public_key::PublicKey;
pub use public_key::PublicKeyRef;
#[cfg(feature = "alloc")]
pub use read_options::ReadOptions;
#[cfg(feature = "alloc")]
pub(crate) use secret::Secret;
pub use security_key::SecurityKey;
#[cfg(feature = "alloc")]
pub(crate) use wire::Writer;
#[cfg(feature = "alloc")]
pub(crate) use wire::secret_mpints;
pub(crate) use wire::{Reader, Span};

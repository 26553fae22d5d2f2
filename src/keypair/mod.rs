//! Creating and importing key pairs: the [`Record`] that a service stores and shows and, separately, the private key, which is
//! returned exactly once.
//!
//! A [`Profile`] says how: as the public clouds document it, as Nova does it, or either with other settings. Its
//! [`ImportPolicy`] says which public keys are accepted; it can also be used alone.
//!
//! A name is checked when it is parsed: `"demo".parse()` accepts [`NameAlphabet::Basic`], which is `A-Z a-z 0-9 _ -` and the
//! space. The user id is that of the owner, and part of the record; `None` is for a store that keeps the owner elsewhere.
//!
//! ```
//! # #[cfg(feature = "getrandom")] {
//! use ssh_keypair::keypair::{Created, Profile, Record};
//!
//! let profile = Profile::documented();
//! let owner = Some("6fc0d2cb".parse()?);
//! let Created { record, private_key, .. } = Record::create("demo".parse()?, owner, &profile)?;
//! println!("{} {}", record.fingerprint_colon_hex(), record.public_key());
//! # drop(private_key);
//!
//! let error = Record::import("laptop".parse()?, "ssh-rsaAAAAB3NzaC1yc2E=", None, &profile).unwrap_err();
//! assert_eq!(error.offset(), Some(7));
//! # }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```
//!
//! # In a service
//!
//! Creating a key pair and importing one are CPU-bound. Generating an RSA-2048 key takes about 3 ms with AVX-512 IFMA, 15 ms
//! with AVX2, and 27 ms otherwise. The audit of an import takes from a fifth of a millisecond (RSA-2048) to six milliseconds
//! (RSA-16384); set a limit with [`ImportPolicy::with_max_rsa_bits`]. In an async service, call these functions in
//! `tokio::task::spawn_blocking`.
//!
//! The order of checks, and what becomes of the private key in a response, are in
//! ['Writing a service'](crate::os_keypairs#writing-a-service).
//!
//! # What to store
//!
//! * As columns: the fields of [`StoredRecord`]. [`Record::from_stored`] loads them.
//! * As JSON, with the feature `serde`: the [`Record`] itself. [Its page](Record#json) lists the members.
//!
//! Both are loaded with the same checks. Never store the private key.

mod accept;
mod accepted;
#[cfg(feature = "serde")]
mod any_value;
mod create;
mod import;
mod key_type;
mod line;
mod name;
mod policy;
mod private_key_format;
mod profile;
mod record;
#[cfg(feature = "serde")]
mod serialize;
mod stored;
mod user_id;
#[cfg(feature = "x509")]
mod x509;

pub(crate) use accept::LengthError;
pub use accepted::AcceptedKey;
#[cfg(feature = "serde")]
pub(crate) use any_value::{FromAnyValue, Scalar, deserialize_any_value};
pub use create::Created;
pub use import::ImportedPair;
pub use key_type::KeyType;
pub use name::{KeyPairName, NameAlphabet};
pub use policy::ImportPolicy;
pub use private_key_format::PrivateKeyFormat;
pub use profile::Profile;
pub use record::Record;
pub use stored::StoredRecord;
pub use user_id::UserId;

//! Creating and importing key pairs: the record that a service stores and shows, and the private key that it hands over
//! once, or takes in.
//!
//! A [`Profile`] says how: the documented one of the public clouds, Nova's, or either with some knobs turned.
mod key_type;
mod name;
mod policy;
mod profile;
mod record;

pub use key_type::KeyType;
pub use name::{KeyPairName, NameAlphabet};
pub use policy::{Accepted, Change, Policy};
pub use profile::Profile;
pub use record::{ImportedKeyPair, KeyPair, NewKeyPair};

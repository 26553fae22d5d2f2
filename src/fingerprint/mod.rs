//! Fingerprints of public keys: hashes of the blob, in the forms that people compare.
//!
//! Each hash has its own type, for a service that has chosen its hash. [`Fingerprint`] is any of them, for a hash or a
//! fingerprint that a user supplies. Each is written in one form, and read in every form that people copy. Nothing here needs a
//! heap.

mod any;
mod colon_hex;
mod copied;
mod ec2;
mod hash_algorithm;
mod md5;
mod of_key;
mod randomart;
mod sha;

pub use any::Fingerprint;
pub use ec2::Ec2Fingerprint;
pub use hash_algorithm::HashAlgorithm;
pub use md5::Md5Fingerprint;
pub use randomart::Randomart;
pub use sha::{Sha1Fingerprint, Sha256Fingerprint, Sha384Fingerprint, Sha512Fingerprint};

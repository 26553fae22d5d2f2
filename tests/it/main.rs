//! The integration tests, in one binary. Those that replace the allocator or read a stack back have binaries of their own.

#[path = "../support/mod.rs"]
mod support;
use support::length_fields;

mod common;

mod api;
mod attacks;
mod audit;
mod batch;
mod beside_ssh_key;
mod conversions;
mod corpus;
mod curve_forms;
mod curve_keys;
mod field_reports;
mod fingerprints;
mod fips;
mod kdf_limits;
mod key_types;
mod messages;
mod mldsa44_ed25519;
mod openssh;
mod openssh_private;
mod os_keypairs;
mod pasted;
mod pkcs_private;
mod policy;
mod private_corpus;
mod private_forms;
mod public_entry;
mod public_forms;
mod putty;
mod randomness;
mod read;
mod readers_of_private_keys;
mod readers_of_public_keys;
mod records;
mod ssh_key_crate;
mod tools;
mod values;
mod vectors;
mod x509;

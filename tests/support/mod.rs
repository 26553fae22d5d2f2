//! Code that several test binaries share.
#![allow(dead_code, reason = "each binary uses its part")]

#[cfg(feature = "encryption")]
pub(crate) mod forms;
pub(crate) mod length_fields;
pub(crate) mod rng;

//! How other programs read a public key, and the check that `ssh-keypair` reads the same one.
//!
//! Each module has the rules by which one project reads keys, written from its behaviour: where a line ends, which word is the
//! type, where options end, which characters base64 may contain, and which blobs are a key. A [`Reader`] returns every key that
//! its program reads from a file. [`check`] is the property that a fuzz target and a test share: if `ssh-keypair` accepts an
//! input as one key, each reader reads that key, or none.
//!
//! The readers ignore the signatures of certificates and the meaning of options. A program that rejects a line because of these
//! reads less than its reader does here, never more.

pub mod asyncssh;
mod base64;
pub mod blob;
mod check;
pub mod go;
mod mutations;
pub mod openssh;
pub mod putty;
mod reader;

pub use check::{accepted, check};
pub use mutations::Mutations;
pub use reader::{Accept, READERS, Reader};

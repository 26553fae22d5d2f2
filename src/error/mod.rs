//! The one error of the crate: what is wrong, in which field, and where. It contains no byte of the input.
//!
//! The weaknesses of keys are here as well: a policy rejects a key for one of them.

mod field;
mod kind;
mod located;
mod message;
mod weakness;

pub use field::Field;
pub use kind::ErrorKind;
pub use located::Error;
pub use weakness::{Severity, Weakness};

//! The only error type of the crate: its kind, the field, and the offset. It contains no byte of the input.
//!
//! The weaknesses of keys are also here, because a policy can reject a key for one of them.

mod field;
mod kdf_limit;
mod kind;
mod located;
mod message;
mod mistake;
mod named;
mod position;
mod weakness;

pub use field::Field;
pub use kdf_limit::KdfLimit;
pub use kind::ErrorKind;
pub use located::Error;
pub use mistake::Mistake;
pub(crate) use named::named;
pub use position::Position;
pub use weakness::{Severity, Weakness};

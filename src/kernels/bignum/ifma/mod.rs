//! Eight numbers at a time, with the multiply-adds of AVX-512 IFMA.

mod backend;
mod field;
pub(super) mod kernel;
mod sieve;

pub(crate) use self::backend::{DIGIT, DIGIT_MASK, Ifma};
pub(super) use self::field::digit_at;

//! Detects a random generator that is stuck.

use crate::error::{Error, ErrorKind};
use crate::kernels::declassify::declassify;
use subtle::ConstantTimeEq;

/// Rejects random bytes that are all equal.
pub(super) fn reject_constant(bytes: &[u8]) -> Result<(), Error> {
    let differ = bytes.windows(2).fold(0, |differ, pair| match pair {
        [one, other] => differ | (one ^ other),
        _ => differ,
    });
    if declassify(differ.ct_eq(&0)) { Err(Error::new(ErrorKind::BrokenRandomness)) } else { Ok(()) }
}

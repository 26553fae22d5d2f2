//! Writes DER into the caller's buffer.

use super::limits::MAX_DER_BYTES;
use crate::error::Error;
use spki::der;
use zeroize::Zeroizing;

/// Writes DER into `buffer`, and returns the part that it fills.
///
/// # Errors
///
/// [`ErrorKind::BufferTooSmall`](crate::ErrorKind::BufferTooSmall), with the number of bytes that are needed.
pub(super) fn write_der(buffer: &mut [u8], write: impl Fn(&mut [u8]) -> der::Result<&[u8]>) -> Result<&[u8], Error> {
    let length = buffer.len();
    write(buffer).map_err(|_| Error::buffer_too_small(length, length_of_der(write)))
}

/// The length of the encoding, found by writing it into a buffer that is long enough for every key.
#[cold]
fn length_of_der(write: impl Fn(&mut [u8]) -> der::Result<&[u8]>) -> usize {
    let mut der = Zeroizing::new([0; MAX_DER_BYTES]);
    write(&mut *der).map_or(0, <[u8]>::len)
}

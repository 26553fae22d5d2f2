//! Seeds of keys, as the C2SP specification det-keygen uses them.

use super::hmac_drbg::HmacDrbg;
use crate::error::{Error, ErrorKind};

/// The bytes of the shortest accepted seed.
const MIN_SEED_BYTES: usize = 16;

/// # Errors
///
/// [`ErrorKind::SeedTooShort`].
pub(crate) fn check_seed(seed: &[u8]) -> Result<(), Error> {
    if seed.len() < MIN_SEED_BYTES { Err(Error::new(ErrorKind::SeedTooShort)) } else { Ok(()) }
}

/// The generator of the key that belongs to a seed: HMAC_DRBG with SHA-256, instantiated from the seed and the personalization
/// string, which consists of the type of the key and its size.
pub(crate) fn det_keygen(seed: &[u8], key_type: &[u8], size: &[u8]) -> HmacDrbg {
    HmacDrbg::new(&[seed, key_type, size])
}

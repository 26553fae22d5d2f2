//! Random bytes: from the caller's generator, and from a seed.

mod det_keygen;
mod fill;
mod hmac_drbg;

pub(crate) use self::det_keygen::{check_seed, det_keygen};
#[cfg(test)]
pub(crate) use self::fill::Random;
pub(crate) use self::fill::fill;
pub(crate) use self::hmac_drbg::HmacDrbg;

//! For this project's unit tests, fuzz targets and benchmarks. Not part of the public API, and exempt from SemVer.
//!
//! This room is compiled for unit tests, under cargo-fuzz, and with `--cfg ssh_keypair_internals`. It also contains the tests
//! that use every room.

#[cfg(all(
    test,
    target_os = "linux",
    target_arch = "x86_64",
    feature = "ec",
    feature = "encryption",
    feature = "serde",
    feature = "shared-primes",
    feature = "std",
    feature = "x509"
))]
mod guarded;
mod replay;

pub use self::replay::replay;
pub use crate::kernels::bignum::{MULTIPLY_ADDS, multiply_adds};
pub use crate::kernels::cpu::{Instructions, with_instructions};

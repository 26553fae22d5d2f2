//! Checks whether points are on their curve.

pub(crate) mod edwards25519;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod vectors;
pub(crate) mod weierstrass;

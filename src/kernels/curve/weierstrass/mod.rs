//! Which coordinates are those of a point of a NIST curve.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod ifma;
mod points;

pub(crate) use self::points::{Curve, are_on_curve};

//! Which encodings are points of edwards25519.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod ifma;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod legendre;
mod points;

pub(crate) use self::points::on_curve;

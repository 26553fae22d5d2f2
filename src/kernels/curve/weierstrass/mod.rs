//! Checks whether coordinates are those of a point on a NIST curve: y^2 = x^3 - 3x + b modulo p.
//!
//! Constants: SP 800-186, section 3.2.1 (SEC 2, section 2, has the same). The portable arithmetic is `crypto-bigint`'s: five
//! products, two of which convert x and y to Montgomery form. A backend with lanes checks eight points side by side, and is
//! faster even for a single one. In ns per point (AMD, family 26):
//!
//! | | P-256 | P-384 | P-521 |
//! |---|---|---|---|
//! | portable | 150 | 280 | 520 |
//! | AVX-512 IFMA, one point | 95 | 160 | 230 |
//! | AVX-512 IFMA, eight or many | 13 | 23 | 34 |
//!
//! `cargo test --release --lib weierstrass::points::tests::speed -- --ignored --nocapture` measures this.
//!
//! The cofactor of these curves is 1, so every point on the curve is in the group, and the point at infinity has no coordinates
//! (SP 800-56A, section 5.6.2.3.4).
//!
//! Nothing here is secret. Still, if all lengths are right, the time depends only on the curve and the number of points.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod ifma;
mod points;

pub(crate) use self::points::{Curve, are_on_curve};

//! Checks whether encodings are points of edwards25519: RFC 8032, section 5.1.3, without the root.
//!
//! An encoding is y, in 255 bits, and the sign of x. The curve is -x^2 + y^2 = 1 + d x^2 y^2 modulo p = 2^255 - 19, so
//!
//! > x^2 = u/v, where u = y^2 - 1 and v = d y^2 + 1.
//!
//! v is not 0, because -1 is a square and d is not. There is an x exactly when u/v is a square or 0, and that is so exactly
//! when uv is a square or 0. We do not need x itself. So we replace the standard's root by a Legendre symbol: there is a point
//! unless the symbol of uv is -1.
//!
//! The portable backend uses Euler's criterion, `(uv)^((p-1)/2)`: a chain of 254 squares and 11 products. With vectors, a
//! binary gcd is faster, for eight points side by side (`legendre`). In ns per point (AMD, family 26):
//!
//! | points | 1 | 2 | 8 | 16 | 24 | 1,000 |
//! |---|---|---|---|---|---|---|
//! | portable | 2,100 | 2,100 | 2,100 | 2,100 | 2,100 | 2,100 |
//! | AVX-512 IFMA | 1,950 | 970 | 193 | 113 | 90 | 86 |
//!
//! With AVX-512 IFMA, Euler's criterion took 193 ns, limited by its multiply-adds. `crypto-bigint`'s Jacobi symbol takes 4,500
//! ns.
//!
//! `cargo test --release --lib edwards25519::points::tests::speed -- --ignored --nocapture` measures this.
//!
//! Nothing here is secret. The time of the gcd depends on the points.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod ifma;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod legendre;
mod points;

pub(crate) use self::points::on_curve;

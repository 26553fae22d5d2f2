//! Natural numbers: plain arithmetic, and modular arithmetic on several of them side by side.
//!
//! A prime of `bits` bits is `[u64; L]`, little-endian, where L is `ceil(bits / 64)`, rounded up to one of the widths that the
//! crate is compiled for. `bits` is public; the limbs are not.
//!
//! [`Backend`] is the interface to the rooms above: a few operations on several numbers at once. Each backend decides how many
//! fit side by side:
//!
//! | | side by side | needs |
//! |---|---|---|
//! | `portable` | 1 | nothing |
//! | `avx2` | 4 | x86-64 with AVX2 and FMA: Intel from Haswell, AMD from Zen |
//! | `ifma` | 8 | x86-64 with AVX-512 F, CD and IFMA: Intel from Ice Lake, AMD from Zen 4 |

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod avx2;
mod backend;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
pub(crate) mod digits;
pub(crate) mod division;
pub(crate) mod divisor;
pub(crate) mod fermat;
pub(crate) mod fractions;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod ifma;
pub(crate) mod limbs;
#[cfg(any(test, fuzzing, ssh_keypair_internals))]
mod multiply_adds;
pub(crate) mod portable;
pub(crate) mod roots;
pub(crate) mod sieve;
#[cfg(test)]
pub(crate) mod suite;

pub(crate) use self::backend::{Backend, MAX_CANDIDATE_LANES, Power, WITNESS_SQUARINGS};
#[cfg(any(test, fuzzing, ssh_keypair_internals))]
pub use self::multiply_adds::{MULTIPLY_ADDS, multiply_adds};

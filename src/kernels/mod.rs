//! Kernels for big numbers, curve points and bytes, and the choice between their backends. The only room that may hold
//! `unsafe`.
//!
//! | sub-room | what it holds |
//! |---|---|
//! | `bignum` | natural numbers: key generation, primality, roots |
//! | `curve` | whether points are on their curve |
//! | `bytes` | base64 of public text, MD5 of many messages |
//!
//! `bignum` and `bytes` use neither of the others; `curve` uses `bignum`. Below all three:
//!
//! | file | what it holds |
//! |---|---|
//! | `cpu` | which instructions the CPU has: a token for each backend, and the choice between them |
//! | `assembly` | the macro that every block of assembly is written with |
//! | `declassify` | the one gate from secret to public |
//! | `prefetch` | asking for memory before it is needed |
//!
//! All backends that the target can hold are compiled, and the best one that the machine has is taken at run time, without
//! std. `--cfg ssh_keypair_backend="portable"` forces that one, and `"avx512ifma"` the fastest of `bignum` and `curve`, with
//! its target features enabled.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod assembly;
pub(crate) mod bignum;
pub(crate) mod bytes;
pub(crate) mod cpu;
pub(crate) mod curve;
pub(crate) mod declassify;
#[cfg(feature = "alloc")]
pub(crate) mod prefetch;

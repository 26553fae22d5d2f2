//! Kernels for big numbers, curve points and bytes, and the choice between their backends. The only room in which `unsafe` is
//! allowed.
//!
//! | sub-room | what it does |
//! |---|---|
//! | `bignum` | natural numbers: arithmetic for key generation, primality tests, roots |
//! | `curve` | checks whether points are on their curve |
//! | `bytes` | decodes base64 of public text, and hashes many messages with MD5 |
//!
//! `bignum` and `bytes` use neither of the others; `curve` uses `bignum`. Below all three:
//!
//! | file | what it contains |
//! |---|---|
//! | `cpu` | which instructions the CPU has, as a token for each backend, and the choice between backends |
//! | `assembly` | the macro that wraps every block of assembly |
//! | `declassify` | the one gate from secret to public |
//! | `guard` | for tests: heap blocks that touch an inaccessible page |
//! | `prefetch` | fetches memory into the cache before it is needed |
//! | `steps` | for tests: compares the instructions that are executed for two secrets |
//!
//! All backends for the target are compiled, and the best one that the machine supports is chosen at run time, without std.
//! `--cfg ssh_keypair_backend="portable"` forces the portable one. `"avx512ifma"` forces the fastest one of `bignum` and
//! `curve`, whose target features must then be enabled.

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod assembly;
pub(crate) mod bignum;
pub(crate) mod bytes;
pub(crate) mod cpu;
pub(crate) mod curve;
pub(crate) mod declassify;
#[cfg(test)]
pub(crate) mod guard;
#[cfg(feature = "alloc")]
pub(crate) mod prefetch;
#[cfg(all(test, ssh_keypair_ctgrind, target_os = "linux", target_arch = "x86_64"))]
pub(crate) mod steps;

//! Four numbers at a time, with AVX2 and FMA.

mod backend;
mod field;
mod kernel;
mod numbers;
mod sieve;

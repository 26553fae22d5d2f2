#![no_std]
#[cfg(feature = "alloc")]
extern crate alloc;
pub mod openssh { }
mod arith;
mod error;
mod rsa;
pub use error::*;
pub use rsa::*;

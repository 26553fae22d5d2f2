//! Keys in any format: which format an input is, and a private key from whichever it is.

mod detect;
#[cfg(feature = "alloc")]
mod parse;
#[cfg(feature = "alloc")]
mod report;

pub use detect::KeyFormat;
#[cfg(feature = "alloc")]
pub use report::ReadReport;

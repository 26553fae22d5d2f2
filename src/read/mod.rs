//! Keys in any format: detects the format of an input, and reads a private key in whichever format it is.

mod detect;
#[cfg(feature = "alloc")]
mod parse;
#[cfg(feature = "alloc")]
mod report;

pub use detect::KeyFormat;
#[cfg(feature = "alloc")]
pub use report::ReadReport;

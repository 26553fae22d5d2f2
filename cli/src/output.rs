//! What the program prints.

use crate::stop::Stop;
use std::io::{self, Write};

/// Prints a line to standard output.
pub(crate) fn print(text: &str) -> Result<(), Stop> {
    writeln!(io::stdout(), "{text}").map_err(Stop::output)
}

/// Prints a line to standard error. If standard error is closed, the line is lost.
pub(crate) fn complain(reason: &str) {
    let _ = writeln!(io::stderr(), "keypair: {reason}");
}

/// A count with its noun: `1 key`, `2 keys`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

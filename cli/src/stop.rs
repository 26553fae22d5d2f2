//! Why the program stops early, and the exit status for it.

use crate::output;
use std::fmt::Display;
use std::io;
use std::process::ExitCode;

/// Why the program stops.
pub(crate) enum Stop {
    /// Called with wrong arguments: exit status 2. Or asked for help or for the version: exit status 0.
    Usage(clap::Error),
    /// An input was rejected, or an operation failed: exit status 1.
    Failed(String),
    /// Standard output was closed by its reader, as with `| head`: exit status 0, because the reader has all it wanted.
    OutputClosed,
}

impl Stop {
    /// For any error except one on standard output.
    pub(crate) fn failed(error: impl Display) -> Self {
        Self::Failed(error.to_string())
    }

    /// For an error while writing to standard output.
    pub(crate) fn output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::Failed(format!("standard output: {error}")),
        }
    }

    /// Prints the reason, and returns the exit status.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::OutputClosed => ExitCode::SUCCESS,
            Self::Failed(reason) => {
                output::complain(&reason);
                ExitCode::from(1)
            }
            // The reason comes first, and the usage of the one command after it.
            Self::Usage(error) if error.use_stderr() => {
                let text = error.render().to_string();
                output::complain(text.strip_prefix("error: ").unwrap_or(&text).trim_end());
                ExitCode::from(2)
            }
            Self::Usage(help) => match output::print(help.render().to_string().trim_end()) {
                Ok(()) => ExitCode::SUCCESS,
                // `print` never fails with a `Usage`.
                Err(stop) => stop.report(),
            },
        }
    }
}

//! Why a claim is not shown.

use std::fmt;

/// An error in the kernel, or something that the checker does not support. Either way, the claim is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding(String);

pub(crate) type Result<T> = core::result::Result<T, Finding>;

impl Finding {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The same finding, with the place where it was made.
    pub(crate) fn at(self, place: impl fmt::Display) -> Self {
        Self(format!("{place}: {}", self.0))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A finding, unless the condition holds.
pub(crate) fn ensure(condition: bool, text: impl FnOnce() -> String) -> Result<()> {
    if condition { Ok(()) } else { Err(Finding(text())) }
}

//! Values that are found by their names.

use super::kind::ErrorKind;
use super::located::Error;
use super::weakness::{Severity, Weakness};
use core::str::FromStr;

/// Finds the value that has a name.
///
/// # Errors
///
/// [`ErrorKind::UnknownName`].
pub(crate) fn by_name<T: Copy>(all: &[T], name_of: impl Fn(T) -> &'static str, name: &str) -> Result<T, Error> {
    all.iter().copied().find(|value| name_of(*value) == name).ok_or(Error::new(ErrorKind::UnknownName))
}

/// Parses the name.
impl FromStr for Severity {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        by_name(Self::ALL, Self::as_str, name)
    }
}

/// Parses the [`name`](Weakness::name).
impl FromStr for Weakness {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        by_name(Self::ALL, Self::name, name)
    }
}

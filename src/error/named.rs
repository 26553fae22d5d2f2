//! Values that are written as their names, and found by them.

use super::kind::ErrorKind;
use super::located::Error;
use super::weakness::{Severity, Weakness};

/// `Display` and `FromStr` of a type with `ALL`, by the name that its `as_str` returns, with the error for any other name. With
/// `by` and another method, only `FromStr`. `Error` must be in scope.
macro_rules! named {
    ($type:ident, $error:expr) => {
        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        named!($type, by as_str, $error);
    };
    ($type:ident, by $name:ident, $error:expr) => {
        /// Parses the name.
        impl core::str::FromStr for $type {
            type Err = Error;

            fn from_str(name: &str) -> Result<Self, Error> {
                Self::ALL.iter().copied().find(|value| value.$name() == name).ok_or($error)
            }
        }
    };
}

pub(crate) use named;

named!(Severity, Error::new(ErrorKind::UnknownName));
named!(Weakness, by name, Error::new(ErrorKind::UnknownName));

//! Values that are found by their names.

use super::kind::ErrorKind;
use super::located::Error;

/// Finds the value that has a name.
///
/// # Errors
///
/// [`ErrorKind::UnknownName`].
pub(crate) fn by_name<T: Copy>(all: &[T], name_of: impl Fn(T) -> &'static str, name: &str) -> Result<T, Error> {
    all.iter().copied().find(|value| name_of(*value) == name).ok_or(Error::new(ErrorKind::UnknownName))
}

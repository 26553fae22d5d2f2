//! The id of a key pair's owner.

use crate::error::{Error, ErrorKind, Field};
use crate::text::is_forbidden;
use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

/// The id of a key pair's owner: at most 255 characters, without line breaks and control characters. Every other character is
/// accepted, and nothing is changed. It may be empty, which in a request means the caller.
///
/// The name in an X.509 certificate must meet a stricter rule: [`check_user_id`](crate::x509::check_user_id).
///
/// ```
/// use ssh_keypair::{ErrorKind, keypair::UserId};
///
/// let id: UserId = "6fc0d2cb93dd4b8c88c8d1d0a9e4c3b1".parse()?;
/// assert_eq!(id.as_ref(), "6fc0d2cb93dd4b8c88c8d1d0a9e4c3b1");
/// let error = "me\nroot".parse::<UserId>().unwrap_err();
/// assert_eq!((error.kind(), error.offset()), (ErrorKind::InvalidCharacter, Some(2)));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// The number of characters in the longest id.
    pub const MAX_CHARACTERS: usize = 255;

    /// Checks an id.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, keypair::UserId};
    /// let error = UserId::new(&"u".repeat(256)).unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (ErrorKind::TooLong, Some(255)));
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLong`] and [`ErrorKind::InvalidCharacter`], with the offset in bytes.
    pub fn new(id: &str) -> Result<Self, Error> {
        check(id).map(|()| Self(id.to_owned()))
    }

    /// The id as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the id is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn check(id: &str) -> Result<(), Error> {
    if let Some((at, _)) = id.char_indices().nth(UserId::MAX_CHARACTERS) {
        return Err(Field::UserId.error_at(ErrorKind::TooLong, at));
    }
    match id.char_indices().find(|(_, c)| *c == '\t' || is_forbidden(*c)) {
        Some((at, _)) => Err(Field::UserId.error_at(ErrorKind::InvalidCharacter, at)),
        None => Ok(()),
    }
}

impl FromStr for UserId {
    type Err = Error;

    fn from_str(id: &str) -> Result<Self, Error> {
        Self::new(id)
    }
}

impl TryFrom<&str> for UserId {
    type Error = Error;

    fn try_from(id: &str) -> Result<Self, Error> {
        Self::new(id)
    }
}

impl TryFrom<String> for UserId {
    type Error = Error;

    fn try_from(id: String) -> Result<Self, Error> {
        check(&id).map(|()| Self(id))
    }
}

impl From<UserId> for String {
    fn from(user_id: UserId) -> Self {
        user_id.0
    }
}

impl AsRef<str> for UserId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

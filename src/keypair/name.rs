//! The name of a key pair.

use crate::error::{Error, ErrorKind, Field};
use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

/// The characters that a name may contain.
///
/// ```
/// use ssh_keypair::keypair::{KeyPairName, NameAlphabet};
/// assert!(KeyPairName::new("me@host", NameAlphabet::Basic).is_err());
/// assert!(KeyPairName::new("me@host", NameAlphabet::WithAtAndDot).is_ok());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameAlphabet {
    /// `A-Z a-z 0-9 _ -` and the space.
    #[default]
    Basic,
    /// The basic alphabet plus `@` and `.`, from version 2.92 of the API on.
    WithAtAndDot,
}

impl NameAlphabet {
    /// Contains every other alphabet: the alphabet of a name that was checked when it was stored.
    pub(super) const WIDEST: Self = Self::WithAtAndDot;

    fn contains(self, c: char) -> bool {
        match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '-' | ' ' => true,
            '@' | '.' => self == Self::WithAtAndDot,
            _ => false,
        }
    }
}

/// The name of a key pair: 1 to 255 characters from an alphabet, without a space at either end.
///
/// [`FromStr`] is [`KeyPairName::new`] with the basic alphabet. With the feature `serde`, `Deserialize` accepts every alphabet,
/// because it loads names that were checked when they were stored: parse a name that comes from a user with
/// [`KeyPairName::new`].
///
/// ```
/// use ssh_keypair::{ErrorKind, keypair::{KeyPairName, NameAlphabet}};
///
/// let name: KeyPairName = "my laptop".parse()?;
/// assert_eq!(name.as_ref(), "my laptop");
/// let error = KeyPairName::new("my/laptop", NameAlphabet::WithAtAndDot).unwrap_err();
/// assert_eq!((error.kind(), error.offset()), (ErrorKind::InvalidCharacter, Some(2)));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPairName(String);

impl KeyPairName {
    /// The number of characters in the longest name.
    pub const MAX_CHARACTERS: usize = 255;

    /// Checks a name.
    ///
    /// ```
    /// # use ssh_keypair::keypair::{KeyPairName, NameAlphabet};
    /// assert!(KeyPairName::new(&"n".repeat(256), NameAlphabet::Basic).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Empty`], [`ErrorKind::TooLong`], [`ErrorKind::InvalidCharacter`], [`ErrorKind::SurroundingSpace`],
    /// with the offset of the character.
    pub fn new(name: &str, alphabet: NameAlphabet) -> Result<Self, Error> {
        if name.is_empty() {
            return Err(Field::Name.error_at(ErrorKind::Empty, 0));
        }
        if let Some((at, _)) = name.char_indices().find(|(_, c)| !alphabet.contains(*c)) {
            return Err(Field::Name.error_at(ErrorKind::InvalidCharacter, at));
        }
        // From here on a character is a byte.
        if name.len() > Self::MAX_CHARACTERS {
            return Err(Field::Name.error_at(ErrorKind::TooLong, Self::MAX_CHARACTERS));
        }
        if name.starts_with(' ') {
            return Err(Field::Name.error_at(ErrorKind::SurroundingSpace, 0));
        }
        if name.ends_with(' ') {
            return Err(Field::Name.error_at(ErrorKind::SurroundingSpace, name.len() - 1));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyPairName {
    type Err = Error;

    /// Checks a name with [`NameAlphabet::Basic`].
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::new(name, NameAlphabet::Basic)
    }
}

impl AsRef<str> for KeyPairName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyPairName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

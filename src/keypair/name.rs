//! The name of a key pair.

use crate::error::{Error, ErrorKind, Field, named};
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
/// assert_eq!("with-at-and-dot".parse(), Ok(NameAlphabet::WithAtAndDot));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameAlphabet {
    /// `A-Z a-z 0-9 _ -` and the space.
    #[default]
    Basic,
    /// The basic alphabet plus `@` and `.`, from version 2.92 of the API on.
    WithAtAndDot,
    /// Every printable character up to U+FFFF, in version 2.0 of the API. Not in it: control characters, the separators of
    /// lines and paragraphs, invisible format characters, and the private use area.
    Printable,
}

impl NameAlphabet {
    /// All alphabets. Each contains those before it.
    pub const ALL: &[Self] = &[Self::Basic, Self::WithAtAndDot, Self::Printable];

    /// The name: `basic`, `with-at-and-dot` or `printable`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::WithAtAndDot => "with-at-and-dot",
            Self::Printable => "printable",
        }
    }

    /// Contains every other alphabet: the alphabet of a name that was checked when it was stored.
    pub(super) const WIDEST: Self = Self::Printable;

    fn contains(self, c: char) -> bool {
        match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '-' | ' ' => true,
            '@' | '.' => self != Self::Basic,
            _ => self == Self::Printable && is_printable(c),
        }
    }
}

named!(NameAlphabet, Error::new(ErrorKind::UnknownName));

/// Whether a character is printable: neither in the general categories Zl, Zp, Cc, Cf and Co, nor above U+FFFF. Unassigned
/// characters, which differ by the version of Unicode, count as printable.
fn is_printable(c: char) -> bool {
    let is_separator = matches!(c, '\u{2028}' | '\u{2029}');
    let is_format = matches!(
        c,
        '\u{ad}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    );
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}');
    c <= '\u{ffff}' && !(c.is_control() || is_separator || is_format || is_private)
}

fn check_characters(name: &str, alphabet: NameAlphabet) -> Result<(), Error> {
    match name.char_indices().find(|(_, c)| !alphabet.contains(*c)) {
        Some((at, _)) => Err(Field::Name.error_at(ErrorKind::InvalidCharacter, at)),
        None => Ok(()),
    }
}

fn check_length(name: &str) -> Result<(), Error> {
    match name.char_indices().nth(KeyPairName::MAX_CHARACTERS) {
        Some((at, _)) => Err(Field::Name.error_at(ErrorKind::TooLong, at)),
        None => Ok(()),
    }
}

fn check(name: &str, alphabet: NameAlphabet) -> Result<(), Error> {
    if name.is_empty() {
        return Err(Field::Name.error_at(ErrorKind::Empty, 0));
    }
    check_characters(name, alphabet)?;
    check_length(name)?;
    if name.starts_with(' ') {
        return Err(Field::Name.error_at(ErrorKind::SurroundingSpace, 0));
    }
    if name.ends_with(' ') {
        return Err(Field::Name.error_at(ErrorKind::SurroundingSpace, name.len() - 1));
    }
    Ok(())
}

/// The name of a key pair: 1 to 255 characters from an alphabet, without a space at either end.
///
/// [`FromStr`] and [`TryFrom`] are [`KeyPairName::new`] with the basic alphabet. With the feature `serde`, `Deserialize` accepts
/// every alphabet, because it loads names that were checked when they were stored: parse a name that comes from a user with
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
        check(name, alphabet).map(|()| Self(name.to_owned()))
    }

    /// Checks a name, and removes the white space at both ends, which counts for its length.
    pub(crate) fn new_stripped(name: &str, alphabet: NameAlphabet) -> Result<Self, Error> {
        check_length(name)?;
        check_characters(name, alphabet)?;
        Self::new(name.trim(), alphabet)
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

/// Checks a name with [`NameAlphabet::Basic`].
impl TryFrom<&str> for KeyPairName {
    type Error = Error;

    fn try_from(name: &str) -> Result<Self, Error> {
        Self::new(name, NameAlphabet::Basic)
    }
}

/// Checks a name with [`NameAlphabet::Basic`].
impl TryFrom<String> for KeyPairName {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        check(&name, NameAlphabet::Basic).map(|()| Self(name))
    }
}

impl From<KeyPairName> for String {
    fn from(name: KeyPairName) -> Self {
        name.0
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

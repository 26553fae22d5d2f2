//! Lines of authorized_keys: a key with options before it. sshd(8), "AUTHORIZED_KEYS FILE FORMAT".
//!
//! `[options SP] type SP base64 [SP comment]`, where options are `name` or `name="value"`, with commas between them. A value
//! may contain spaces and commas, and quotes that a backslash escapes. What the options mean is up to the server.

use super::line::{Expected, why_rejected};
use crate::error::{Error, ErrorKind, Field};
use crate::key::{Algorithm, PublicKeyRef, Separator, check_line_length};
use crate::text::{check_text_length, reject_in_comment};
use core::fmt;
use core::hash::{Hash, Hasher};
#[cfg(feature = "alloc")]
use {crate::key::PublicKey, crate::text::blob_buffer, alloc::boxed::Box, core::str::FromStr};

/// A line of authorized_keys, borrowed: options, if any, and a key.
///
/// An accepted line is encoded back byte for byte. Its key is one that [`PublicKeyRef::parse`] accepts. Two lines are equal if
/// their keys are equal and the texts of their options are equal.
///
/// ```
/// use ssh_keypair::openssh::{AuthorizedKeyRef, MAX_BLOB_BYTES};
///
/// # let key = include_str!("../../tests/data/ed25519.pub").trim_end();
/// let line = format!(r#"restrict,command="echo \"hello, you\"" {key}"#);
/// let mut blob = [0; MAX_BLOB_BYTES];
/// let entry = AuthorizedKeyRef::parse(&line, &mut blob)?;
/// let options: Vec<_> = entry.options().map(|option| option.name()).collect();
/// assert_eq!(options, ["restrict", "command"]);
/// assert_eq!(entry.options().last().and_then(|option| option.value()).unwrap().to_string(), r#"echo "hello, you""#);
/// assert_eq!(entry.key().to_string(), key);
/// assert_eq!(entry.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AuthorizedKeyRef<'a> {
    options: Option<(&'a str, Separator)>,
    key: PublicKeyRef<'a>,
}

impl<'a> AuthorizedKeyRef<'a> {
    /// Parses a line, strictly, with options or without. The blob is decoded into `buffer`:
    /// [`MAX_BLOB_BYTES`](super::MAX_BLOB_BYTES) are always enough.
    ///
    /// ```
    /// # use ssh_keypair::{ErrorKind, openssh::{AuthorizedKeyRef, MAX_BLOB_BYTES}};
    /// # let mut blob = [0; MAX_BLOB_BYTES];
    /// let error = AuthorizedKeyRef::parse(r#"command="ls ssh-rsa AAAA"#, &mut blob).unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (ErrorKind::InvalidOptions, Some(8)));
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidOptions`] with the offset, also for a marker such as `@revoked` or a second word before the key;
    /// those of [`PublicKeyRef::parse`], except [`ErrorKind::OptionsNotAllowed`].
    pub fn parse(line: &'a str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        check_text_length(line, Field::PublicKey)?;
        match end_of_options(line).map_err(|error| why_rejected(line, error))? {
            Some(end) => Self::parse_with_options(line, end, buffer),
            None => Ok(Self { options: None, key: PublicKeyRef::parse(line, buffer).map_err(not_options)? }),
        }
    }

    /// Parses a line whose options end at `end`.
    pub(super) fn parse_with_options(line: &'a str, end: usize, buffer: &'a mut [u8]) -> Result<Self, Error> {
        let (options, rest) = line.split_at(end);
        let separator = Separator::at_start_of(rest);
        let (Some(separator), Some(rest)) = (separator, rest.get(1..)) else {
            return Err(Field::KeyType.error_at(ErrorKind::MissingField, end));
        };
        let key = PublicKeyRef::parse_expected(rest, buffer, Expected::Key).map_err(|error| match error.field() {
            // These offsets are relative to the start of the key. Offsets in the decoded key stay the same.
            Some(Field::PublicKey | Field::KeyType | Field::Base64 | Field::Comment) => {
                not_options(error.moved(end + 1))
            }
            _ => error,
        })?;
        Ok(Self { options: Some((options, separator)), key })
    }

    /// Puts options before a key. Empty options are left out.
    ///
    /// ```
    /// # use ssh_keypair::{ErrorKind, PublicKey, openssh::AuthorizedKeyRef};
    /// let key: PublicKey = include_str!("../../tests/data/ed25519.pub").parse()?;
    /// let entry = AuthorizedKeyRef::new("restrict,from=\"192.0.2.1\"", key.as_public_key_ref())?;
    /// assert!(entry.to_string().starts_with("restrict,from=\"192.0.2.1\" ssh-ed25519 AAAA"));
    ///
    /// let error = AuthorizedKeyRef::new("no-pty ssh-rsa AAAA", key.as_public_key_ref()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidOptions);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidOptions`], [`ErrorKind::InvalidCharacter`], [`ErrorKind::PrivateKeyGiven`] and
    /// [`ErrorKind::MultipleKeys`] for the options;
    /// [`ErrorKind::TooLong`] if the line would be longer than [`MAX_LINE_BYTES`](super::MAX_LINE_BYTES).
    pub fn new(options: &'a str, key: PublicKeyRef<'a>) -> Result<Self, Error> {
        if options.is_empty() {
            return Ok(Self { options: None, key });
        }
        let end = length_of_options(options)?;
        if end < options.len() {
            return Err(Field::Options.error_at(ErrorKind::InvalidOptions, end));
        }
        check_line_length(options.len() + 1 + key.type_name().len(), key.blob(), key.comment())?;
        Ok(Self { options: Some((options, Separator::Space)), key })
    }

    /// The options, in their order.
    pub fn options(&self) -> impl Iterator<Item = KeyOption<'a>> + use<'a> {
        let mut rest = self.options.map_or("", |(options, _)| options);
        core::iter::from_fn(move || {
            let (option, end) = KeyOption::read(rest)?;
            // Skips a comma, if any.
            rest = rest.get(end + 1..).unwrap_or("");
            Some(option)
        })
    }

    /// The key.
    pub fn key(&self) -> &PublicKeyRef<'a> {
        &self.key
    }

    /// The same line with one space between its fields, and none at its end.
    #[must_use]
    pub fn canonical(&self) -> Self {
        Self { options: self.options.map(|(options, _)| (options, Separator::Space)), key: self.key.canonical() }
    }
}

impl AuthorizedKeyRef<'_> {
    /// The parts that equality and the hash compare.
    fn identity(&self) -> (Option<&str>, &PublicKeyRef<'_>) {
        (self.options.map(|(options, _)| options), &self.key)
    }
}

impl PartialEq for AuthorizedKeyRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for AuthorizedKeyRef<'_> {}

impl Hash for AuthorizedKeyRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

impl fmt::Display for AuthorizedKeyRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((options, separator)) = self.options {
            write!(f, "{options}{separator}")?;
        }
        self.key.fmt(f)
    }
}

/// An option of an [`AuthorizedKeyRef`].
///
/// ```
/// # use ssh_keypair::openssh::{AuthorizedKeyRef, MAX_BLOB_BYTES};
/// # let mut blob = [0; MAX_BLOB_BYTES];
/// let line = format!(r#"from="192.0.2.*" {}"#, include_str!("../../tests/data/ed25519.pub"));
/// let option = AuthorizedKeyRef::parse(&line, &mut blob)?.options().next().unwrap();
/// assert_eq!(option.to_string(), r#"from="192.0.2.*""#);
/// assert_eq!((option.name(), option.value().unwrap().to_string()), ("from", "192.0.2.*".into()));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyOption<'a> {
    name: &'a str,
    value: Option<&'a str>,
}

impl<'a> KeyOption<'a> {
    /// The option that `text` begins with, and where it ends.
    fn read(text: &'a str) -> Option<(Self, usize)> {
        let length = length_of_name(text);
        let (name, rest) = text.split_at(length);
        if name.is_empty() {
            return None;
        }
        let Some(quoted) = rest.strip_prefix("=\"") else { return Some((Self { name, value: None }, length)) };
        // As in servers, a quote after a backslash does not close the value, whatever precedes the backslash.
        let mut before = 0;
        let end = quoted.bytes().position(|byte| core::mem::replace(&mut before, byte) != b'\\' && byte == b'"')?;
        Some((Self { name, value: Some(&quoted[..end]) }, length + 2 + end + 1))
    }

    /// The name. Servers ignore its case.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The value without its quotes, and without the backslashes that escape quotes in it.
    pub fn value(&self) -> Option<impl fmt::Display + use<'a>> {
        self.value.map(Unescaped)
    }
}

/// Writes the option as it is in the line: the name, and the value with its quotes and backslashes.
impl fmt::Display for KeyOption<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Some(value) => write!(f, "{}=\"{value}\"", self.name),
            None => f.write_str(self.name),
        }
    }
}

/// A value whose escaped quotes are written as quotes. Any other backslash stands for itself.
struct Unescaped<'a>(&'a str);

impl fmt::Display for Unescaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find("\\\"") {
            f.write_str(&rest[..at])?;
            f.write_str("\"")?;
            rest = &rest[at + 2..];
        }
        f.write_str(rest)
    }
}

/// The offset at which the options of a line end, if it has any.
pub(super) fn end_of_options(line: &str) -> Result<Option<usize>, Error> {
    let first_word = line.split([' ', '\t']).next().unwrap_or_default();
    // A type, or something that was meant to be one. If it is invalid, the parser of keys returns the error.
    if looks_like_a_type(first_word) {
        return Ok(None);
    }
    // Options cannot begin like this.
    if length_of_name(line) == 0 {
        return Ok(None);
    }
    match length_of_options(line)? {
        // A single word without a key after it is not a line with options either.
        end if end == line.len() && end == first_word.len() => Ok(None),
        end if matches!(line.as_bytes().get(end), Some(b' ' | b'\t')) => Ok(Some(end)),
        end => Err(Field::Options.error_at(ErrorKind::InvalidOptions, end)),
    }
}

/// The error where options are allowed: what the parser of keys found in front of the type is not well-formed options.
pub(super) fn not_options(error: Error) -> Error {
    match error.offset() {
        Some(at) if error.kind() == ErrorKind::OptionsNotAllowed => {
            Field::Options.error_at(ErrorKind::InvalidOptions, at)
        }
        _ => error,
    }
}

/// The length of the option name at the start of a text.
fn length_of_name(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count()
}

/// The length of the options at the start of a text: the first one, and each that a comma joins to the one before it.
fn length_of_options(text: &str) -> Result<usize, Error> {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let Some((option, length)) = KeyOption::read(rest) else {
            // The offset of the unclosed quote, or of the missing name.
            let name = length_of_name(rest);
            let at = if name == 0 { at } else { at + name + 1 };
            return Err(Field::Options.error_at(ErrorKind::InvalidOptions, at));
        };
        if let Some(value) = option.value {
            let start = at + option.name.len() + 2;
            reject_in_comment(value).map_err(|error| error.in_field(Field::Options).moved(start))?;
            if let Some(quote) = doubtful_quote(value) {
                return Err(Field::Options.error_at(ErrorKind::InvalidOptions, start + quote));
            }
        }
        at += length;
        if text.as_bytes().get(at) != Some(&b',') {
            return Ok(at);
        }
        at += 1;
    }
}

/// The offset of the first quote that ends the value for some readers: one after an even number of backslashes. For servers, the
/// last backslash escapes the quote; for asyncssh, each pair of backslashes is one backslash, and the value ends here.
fn doubtful_quote(value: &str) -> Option<usize> {
    value.match_indices('"').map(|(at, _)| at).find(|at| {
        let before = value.get(..*at).unwrap_or_default();
        (before.len() - before.trim_end_matches('\\').len()).is_multiple_of(2)
    })
}

/// Whether a line has options followed by a supported type.
pub(crate) fn has_options(line: &str) -> bool {
    let Ok(Some(end)) = end_of_options(line) else { return false };
    let key = line.get(end + 1..).unwrap_or_default();
    key.split([' ', '\t']).next().is_some_and(|word| Algorithm::of_name(word.as_bytes()).is_some())
}

/// Whether the first word of a line is a type, supported or not, rather than options.
fn looks_like_a_type(word: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-", "rsa-", "-"].iter().any(|start| word.starts_with(start))
}

/// A line of authorized_keys, owned.
///
/// ```
/// use ssh_keypair::openssh::AuthorizedKey;
///
/// # let line = format!("no-pty {}", include_str!("../../tests/data/ed25519.pub").trim_end());
/// let entry: AuthorizedKey = line.parse()?;
/// assert_eq!(entry.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct AuthorizedKey {
    options: Option<(Box<str>, Separator)>,
    key: PublicKey,
}

#[cfg(feature = "alloc")]
impl AuthorizedKey {
    /// Puts options before a key. Empty options are left out.
    ///
    /// ```
    /// use ssh_keypair::{PublicKey, openssh::AuthorizedKey};
    ///
    /// let key: PublicKey = include_str!("../../tests/data/ed25519.pub").parse()?;
    /// let entry = AuthorizedKey::new("restrict", &key)?;
    /// assert_eq!(entry.to_string(), format!("restrict {key}"));
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`AuthorizedKeyRef::new`].
    pub fn new(options: &str, key: &PublicKey) -> Result<Self, Error> {
        AuthorizedKeyRef::new(options, key.as_public_key_ref()).map(Self::from)
    }

    /// The options, in their order.
    pub fn options(&self) -> impl Iterator<Item = KeyOption<'_>> {
        self.as_authorized_key_ref().options()
    }

    /// The key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The same line with one space between its fields, and none at its end.
    #[must_use]
    pub fn to_canonical(&self) -> Self {
        Self::from(self.as_authorized_key_ref().canonical())
    }

    /// The borrowed form.
    pub fn as_authorized_key_ref(&self) -> AuthorizedKeyRef<'_> {
        let options = self.options.as_ref().map(|(options, separator)| (&**options, *separator));
        AuthorizedKeyRef { options, key: self.key.as_public_key_ref() }
    }
}

#[cfg(feature = "alloc")]
impl PartialEq for AuthorizedKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_authorized_key_ref() == other.as_authorized_key_ref()
    }
}

#[cfg(feature = "alloc")]
impl Eq for AuthorizedKey {}

#[cfg(feature = "alloc")]
impl Hash for AuthorizedKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_authorized_key_ref().hash(state);
    }
}

/// The borrowed form.
#[cfg(feature = "alloc")]
impl<'a> From<&'a AuthorizedKey> for AuthorizedKeyRef<'a> {
    fn from(entry: &'a AuthorizedKey) -> Self {
        entry.as_authorized_key_ref()
    }
}

#[cfg(feature = "alloc")]
impl From<AuthorizedKeyRef<'_>> for AuthorizedKey {
    /// An owned copy.
    fn from(entry: AuthorizedKeyRef<'_>) -> Self {
        let options = entry.options.map(|(options, separator)| (options.into(), separator));
        Self { options, key: PublicKey::from(entry.key) }
    }
}

#[cfg(feature = "alloc")]
impl FromStr for AuthorizedKey {
    type Err = Error;

    /// Parses a line: see [`AuthorizedKeyRef::parse`].
    fn from_str(text: &str) -> Result<Self, Error> {
        AuthorizedKeyRef::parse(text, &mut blob_buffer(text)).map(Self::from)
    }
}

#[cfg(feature = "alloc")]
impl fmt::Display for AuthorizedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_authorized_key_ref().fmt(f)
    }
}

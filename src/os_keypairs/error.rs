//! Why a request was refused.

use crate::error::{Error, ErrorKind};
use crate::keypair::KeyType;
use alloc::borrow::{Cow, ToOwned};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Why a request was refused.
///
/// `Display` is for the service's own log and its users: the reason, and no byte of the request but the name of a field.
/// [`Refusal::text`] is what Nova answers.
///
/// ```
/// use ssh_keypair::os_keypairs::Refusal;
///
/// let refusal = Refusal::NameTaken;
/// assert_eq!(refusal.status(), 409);
/// assert_eq!(refusal.text("demo"), "Key pair 'demo' already exists.");
/// assert_eq!(Refusal::QuotaExceeded.text(""), "Quota exceeded, too many key pairs.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// A field is missing, unknown, or not of the right form.
    Shape {
        /// The name of the field.
        field: Cow<'static, str>,
        /// What is wrong with it.
        error: ShapeError,
    },
    /// The public key is not taken, for the reason inside.
    BadKey(Error),
    /// The certificate is not taken, for the reason inside.
    #[cfg(feature = "x509")]
    BadCertificate(Error),
    /// The store's: the user has as many key pairs as allowed.
    QuotaExceeded,
    /// The store's: the user has a key pair of this name.
    NameTaken,
    /// No key could be made, for the reason inside. Not the user's fault.
    CreateFailed(Error),
}

/// What is wrong with a field.
///
/// ```
/// use ssh_keypair::os_keypairs::ShapeError;
/// assert_eq!(ShapeError::Missing.to_string(), "required, but missing");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShapeError {
    /// It is required.
    Missing,
    /// The version does not know it.
    Unknown,
    /// It is there twice.
    Repeated,
    /// It is no string.
    NotAString,
    /// It is no object.
    NotAnObject,
    /// Its value is not allowed.
    Invalid(Error),
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("required, but missing"),
            Self::Unknown => f.write_str("not a field of this version"),
            Self::Repeated => f.write_str("there twice"),
            Self::NotAString => f.write_str("not a string"),
            Self::NotAnObject => f.write_str("not an object"),
            Self::Invalid(error) => error.fmt(f),
        }
    }
}

impl Refusal {
    pub(super) fn shape(field: &'static str, error: ShapeError) -> Self {
        Self::Shape { field: Cow::Borrowed(field), error }
    }

    /// The refusal of a field by its name, if it looks like one: what else stands there is not repeated.
    pub(super) fn unknown_field(name: &str) -> Self {
        let looks_like_a_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        let field = if !name.is_empty() && name.len() <= 32 && name.chars().all(looks_like_a_name) {
            Cow::Owned(name.to_owned())
        } else {
            Cow::Borrowed("(not a field name)")
        };
        Self::Shape { field, error: ShapeError::Unknown }
    }

    /// The HTTP status: 400, 403 for the quota, 409 for a taken name, 500 where no key could be made.
    pub fn status(&self) -> u16 {
        match self {
            Self::Shape { .. } | Self::BadKey(_) => 400,
            #[cfg(feature = "x509")]
            Self::BadCertificate(_) => 400,
            Self::QuotaExceeded => 403,
            Self::NameTaken => 409,
            Self::CreateFailed(_) => 500,
        }
    }

    /// The field that it is about.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Shape { field, .. } => Some(field),
            Self::BadKey(_) => Some("public_key"),
            #[cfg(feature = "x509")]
            Self::BadCertificate(_) => Some("public_key"),
            Self::NameTaken => Some("name"),
            Self::QuotaExceeded | Self::CreateFailed(_) => None,
        }
    }

    /// The text that Nova answers with, which for some cases repeats a value of the request: for [`Refusal::Shape`]
    /// what the field held ([`RequestBody::get`]), for [`Refusal::NameTaken`] the name. The value of `public_key` is not
    /// repeated: it may be a private key.
    pub fn text(&self, value: &str) -> String {
        let value = if self.field() == Some("public_key") { "(not shown)" } else { value };
        match self {
            Self::Shape { field, error } => {
                let reason = match error {
                    ShapeError::Missing => format!("'{field}' is a required property"),
                    ShapeError::Unknown => {
                        format!("Additional properties are not allowed ('{field}' was unexpected)")
                    }
                    ShapeError::Repeated => format!("'{field}' was given twice"),
                    ShapeError::NotAString => format!("{value} is not of type 'string'"),
                    ShapeError::NotAnObject => format!("{value} is not of type 'object'"),
                    ShapeError::Invalid(error) => match error.kind() {
                        ErrorKind::Empty => format!("'{value}' is too short"),
                        ErrorKind::TooLong => format!("'{value}' is too long"),
                        ErrorKind::UnsupportedType => {
                            let types: Vec<_> = KeyType::ALL.iter().map(|known| format!("'{known}'")).collect();
                            format!("'{value}' is not one of [{}]", types.join(", "))
                        }
                        kind => format!("It holds {kind}"),
                    },
                };
                format!("Invalid input for field/attribute {field}. Value: {value}. {reason}")
            }
            Self::BadKey(_) => "Keypair data is invalid: failed to generate fingerprint".to_owned(),
            #[cfg(feature = "x509")]
            Self::BadCertificate(error) => {
                let failed = "Keypair data is invalid: failed to generate X509 fingerprint. Error message: ";
                format!("{failed}{error}")
            }
            Self::QuotaExceeded => "Quota exceeded, too many key pairs.".to_owned(),
            Self::NameTaken => format!("Key pair '{value}' already exists."),
            Self::CreateFailed(_) => "The key pair could not be created.".to_owned(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The error inside of these names its field.
            Self::Shape { error: ShapeError::Invalid(error), .. } | Self::BadKey(error) => error.fmt(f),
            Self::Shape { field, error } => write!(f, "{field}: {error}"),
            #[cfg(feature = "x509")]
            Self::BadCertificate(error) => error.fmt(f),
            Self::QuotaExceeded => f.write_str("too many key pairs"),
            Self::NameTaken => f.write_str("name: there is a key pair of this name"),
            Self::CreateFailed(error) => write!(f, "no key could be made: {error}"),
        }
    }
}

impl core::error::Error for ShapeError {}

impl core::error::Error for Refusal {}

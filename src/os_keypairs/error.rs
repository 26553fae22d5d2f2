//! Why a request is rejected.

use crate::error::Error;
use alloc::borrow::{Cow, ToOwned};
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

/// Why a request is rejected.
///
/// [`RequestError::status`] is the HTTP status that Nova answers with, and [`RequestError::message`] the text of the response:
/// our own reason, preceded by Nova's sentence if the key is bad.
///
/// Nothing here contains a value of the request: what was pasted as a public key may be a private one, and a text with line
/// breaks could forge lines in a log. The name of an unknown field is repeated, because the sender has to find it, if it looks
/// like the name of a field: at most 32 of `A-Z a-z 0-9 _ - . :`, which is too short for a key.
///
/// | error | status | `Display` |
/// |---|---|---|
/// | [`InvalidField`](Self::InvalidField) | 400 | `<field>: <reason>` |
/// | [`BadKey`](Self::BadKey) | 400 | `Keypair data is invalid: failed to generate fingerprint` |
/// | `BadCertificate` | 400 | `Keypair data is invalid: failed to generate X509 fingerprint` |
/// | [`QuotaExceeded`](Self::QuotaExceeded) | 403 | `Quota exceeded, too many key pairs.` |
/// | [`NameTaken`](Self::NameTaken) | 409 | `A key pair with this name already exists.` |
/// | [`CreateFailed`](Self::CreateFailed) | 500 | `The key pair could not be created.` |
///
/// ```
/// use core::error::Error;
/// use ssh_keypair::keypair::Profile;
/// use ssh_keypair::os_keypairs::{ApiVersion, Request, RequestBody, RequestError};
///
/// let body = RequestBody::from_members([("name", "demo"), ("public_key", "ssh-rsaAAAAB3NzaC1yc2E=")]);
/// let error = Request::new(&body, ApiVersion::V2_2, &Profile::nova())?.answer(&"caller".parse()?).unwrap_err();
/// assert_eq!(error.status(), 400);
/// assert_eq!(error.to_string(), "Keypair data is invalid: failed to generate fingerprint");
/// let reason = error.source().unwrap().to_string();
/// assert_eq!(error.message(), format!("{error}. Error message: {reason}"));
/// # Ok::<(), Box<dyn Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// A field is missing, unknown, or invalid.
    InvalidField {
        /// The name of the field.
        field: Cow<'static, str>,
        /// The reason why it was rejected.
        error: FieldError,
    },
    /// The public key is not accepted, for the reason inside.
    BadKey(Error),
    /// The certificate is not accepted, for the reason inside.
    #[cfg(feature = "x509")]
    BadCertificate(Error),
    /// Reported by the store: the user already has as many key pairs as allowed.
    QuotaExceeded,
    /// Reported by the store: the user already has a key pair with this name.
    NameTaken,
    /// No key could be created, for the reason inside. Not the user's fault.
    CreateFailed(Error),
}

/// Why a field is rejected.
///
/// ```
/// use ssh_keypair::os_keypairs::FieldError;
/// assert_eq!(FieldError::Missing.to_string(), "required, but missing");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldError {
    /// The field is required.
    Missing,
    /// This version of the API does not have the field.
    Unknown,
    /// The field is given twice.
    Duplicate,
    /// The value is not a string.
    NotAString,
    /// The value is not an object.
    NotAnObject,
    /// The value is not allowed, for the reason inside.
    Invalid(Error),
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "required, but missing",
            Self::Unknown => "not a field of this version",
            Self::Duplicate => "duplicate",
            Self::NotAString => "not a string",
            Self::NotAnObject => "not an object",
            Self::Invalid(_) => "not a valid value",
        })
    }
}

impl core::error::Error for FieldError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Invalid(error) => Some(error),
            _ => None,
        }
    }
}

impl RequestError {
    pub(super) fn invalid_field(field: &'static str, error: FieldError) -> Self {
        Self::InvalidField { field: Cow::Borrowed(field), error }
    }

    /// The error of an unknown field, by its name if it looks like one.
    pub(super) fn unknown_field(name: &str) -> Self {
        let looks_like_a_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        let field = if !name.is_empty() && name.len() <= 32 && name.chars().all(looks_like_a_name) {
            Cow::Owned(name.to_owned())
        } else {
            Cow::Borrowed("(not a field name)")
        };
        Self::InvalidField { field, error: FieldError::Unknown }
    }

    /// The HTTP status: 400; 403 for the quota; 409 for a name that is already in use; 500 if no key could be created.
    pub fn status(&self) -> u16 {
        match self {
            Self::InvalidField { .. } | Self::BadKey(_) => 400,
            #[cfg(feature = "x509")]
            Self::BadCertificate(_) => 400,
            Self::QuotaExceeded => 403,
            Self::NameTaken => 409,
            Self::CreateFailed(_) => 500,
        }
    }

    /// The field that the error is about.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::InvalidField { field, .. } => Some(field),
            Self::BadKey(_) => Some("public_key"),
            #[cfg(feature = "x509")]
            Self::BadCertificate(_) => Some("public_key"),
            Self::NameTaken => Some("name"),
            Self::QuotaExceeded | Self::CreateFailed(_) => None,
        }
    }

    /// The text of the response: `Display`, and the reason why a value was rejected. The reason why no key could be created is
    /// for the service's log, and only in [`source`](core::error::Error::source).
    pub fn message(&self) -> String {
        match self {
            // The error inside names its field.
            Self::InvalidField { error: FieldError::Invalid(error), .. } => error.to_string(),
            Self::BadKey(error) => format!("{self}. Error message: {error}"),
            #[cfg(feature = "x509")]
            Self::BadCertificate(error) => format!("{self}. Error message: {error}"),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidField { field, error } => return write!(f, "{field}: {error}"),
            Self::BadKey(_) => "Keypair data is invalid: failed to generate fingerprint",
            #[cfg(feature = "x509")]
            Self::BadCertificate(_) => "Keypair data is invalid: failed to generate X509 fingerprint",
            Self::QuotaExceeded => "Quota exceeded, too many key pairs.",
            Self::NameTaken => "A key pair with this name already exists.",
            Self::CreateFailed(_) => "The key pair could not be created.",
        })
    }
}

impl core::error::Error for RequestError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::InvalidField { error, .. } => error.source(),
            Self::BadKey(error) | Self::CreateFailed(error) => Some(error),
            #[cfg(feature = "x509")]
            Self::BadCertificate(error) => Some(error),
            Self::QuotaExceeded | Self::NameTaken => None,
        }
    }
}

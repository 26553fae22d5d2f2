//! Why a request is rejected.

use super::version::ApiVersion;
use crate::error::Error;
use crate::keypair::{KeyPairName, NameAlphabet, UserId};
use alloc::borrow::{Cow, ToOwned};
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

/// Why a request is rejected, or could not be served: Nova's status, and our own reason.
///
/// [`status`](Self::status) is the HTTP status that Nova answers with; in a row that says 'no counterpart', Nova has no such
/// error. [`message`](Self::message) is the text of the response: where Nova's text is one sentence, it begins with that
/// sentence, spelled and punctuated as in Nova; elsewhere the reason is ours, in the style of an [`Error`]'s message. With the
/// feature `serde`, the error is written as the body of the response, in Nova's envelope:
/// `{"badRequest": {"code": 400, "message": "..."}}`.
///
/// No value of the request is repeated: what was pasted as a public key may be a private one, and a text with line breaks
/// could forge lines in a log. There are exceptions. The name of an unknown field or parameter is repeated, because the sender
/// has to find it, if it looks like such a name: at most 32 of `A-Z a-z 0-9 _ - . :`, which is too short for a key. And the
/// name of a key pair, if it is valid, and its owner's id are repeated in the sentences of Nova that contain them.
///
/// | error | status | fault | `Display` |
/// |---|---|---|---|
/// | [`InvalidField`](Self::InvalidField) | 400 | `badRequest` | `<field>: <reason>` |
/// | [`BadKey`](Self::BadKey) | 400 | `badRequest` | `Keypair data is invalid: failed to generate fingerprint` (Nova's) |
/// | `BadCertificate` | 400 | `badRequest` | `Keypair data is invalid: failed to generate X509 fingerprint` (Nova's) |
/// | [`NotJson`](Self::NotJson) | 400 | `badRequest` | `Malformed request body` (Nova's) |
/// | [`InvalidVersion`](Self::InvalidVersion) | 400 | `badRequest` | `expected a version of the API: two numbers, such as 2.1, or "latest"` |
/// | [`OtherProject`](Self::OtherProject) | 400 | `badRequest` | `the project in the path is not the caller's` |
/// | [`Unauthorized`](Self::Unauthorized) | 401 | `unauthorized` | `not authenticated; send a valid token` |
/// | [`QuotaExceeded`](Self::QuotaExceeded) | 403 | `forbidden` | `Quota exceeded, too many key pairs.` (Nova's) |
/// | [`OtherUser`](Self::OtherUser) | 403 | `forbidden` | `only an administrator may use the key pairs of another user` |
/// | [`NotFound`](Self::NotFound) | 404 | `itemNotFound` | `Keypair <name> not found for user <user id>` (Nova's) |
/// | [`NoSuchResource`](Self::NoSuchResource) | 404 | `itemNotFound` | `The resource could not be found.` (Nova's, without an envelope) |
/// | [`UnsupportedVersion`](Self::UnsupportedVersion) | 406 | `computeFault` | `this version of the API is not supported; expected one from 2.1 to 2.104` |
/// | [`TimedOut`](Self::TimedOut) | 408 | `computeFault` | `the request was not received in time` (no counterpart) |
/// | [`NameTaken`](Self::NameTaken) | 409 | `conflictingRequest` | `Key pair '<name>' already exists.` (Nova's) |
/// | [`BodyTooLarge`](Self::BodyTooLarge) | 413 | `overLimit` | `the body of the request is longer than the limit` |
/// | [`NotJsonType`](Self::NotJsonType) | 415 | `badMediaType` | `Unsupported Content-Type` (Nova's) |
/// | [`CreateFailed`](Self::CreateFailed) | 500 | `computeFault` | `the key pair could not be created` (no counterpart) |
/// | [`Unavailable`](Self::Unavailable) | 503 | `serviceUnavailable` | `the service is not available at the moment; try again later` (no counterpart) |
///
/// ```
/// use core::error::Error;
/// use ssh_keypair::keypair::Profile;
/// use ssh_keypair::os_keypairs::{ApiVersion, Caller, Request, RequestBody, RequestError};
///
/// let body = RequestBody::from_members([("name", "demo"), ("public_key", "ssh-rsaAAAAB3NzaC1yc2E=")]);
/// let caller = Caller::new("6fc0d2cb".parse()?, "a1b2c3", "member");
/// let error = Request::new(&body, ApiVersion::V2_2, &Profile::nova())?.answer(&caller).unwrap_err();
/// assert_eq!((error.status(), error.fault_name()), (400, "badRequest"));
/// assert_eq!(error.to_string(), "Keypair data is invalid: failed to generate fingerprint");
/// let reason = error.source().unwrap().to_string();
/// assert_eq!(error.message(), format!("{error}. Error message: {reason}"));
/// # Ok::<(), Box<dyn Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestError {
    /// A field of the body or a parameter of the query is missing, unknown, or invalid.
    InvalidField {
        /// The name of the field or parameter.
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
    NameTaken(KeyPairName),
    /// Reported by the store: the user has no key pair with this name. See [`RequestError::not_found`].
    NotFound {
        /// The name in the request, or a placeholder for what is not a valid name.
        name: Cow<'static, str>,
        /// The owner whose key pairs were searched.
        user_id: UserId,
    },
    /// A caller who is not an administrator names another user.
    OtherUser,
    /// The project in the path is not the caller's.
    OtherProject,
    /// The body is not JSON.
    NotJson,
    /// The body is of another media type than JSON.
    NotJsonType,
    /// What a header asks for is not a version.
    InvalidVersion,
    /// A header asks for a version that is not supported.
    UnsupportedVersion,
    /// The path, or the method at this path, does not exist.
    NoSuchResource,
    /// Reported by the service: it is not known who calls.
    Unauthorized,
    /// Reported by the service: the body is longer than it accepts.
    BodyTooLarge,
    /// Reported by the service: the client was too slow.
    TimedOut,
    /// Reported by the service: its store failed, or it is overloaded. The reason is for its log.
    Unavailable,
    /// No key could be created, for the reason inside. Not the user's fault.
    CreateFailed(Error),
}

/// Why a field is rejected.
///
/// ```
/// use ssh_keypair::os_keypairs::FieldError;
/// assert_eq!(FieldError::Missing.to_string(), "required, but missing");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// The value is not a number of 0 or more.
    NotANumber,
    /// The value is not the name of a key pair in the list: see [`RequestError::marker_not_found`].
    NoSuchKeyPair,
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
            Self::NotANumber => "not a number of 0 or more",
            Self::NoSuchKeyPair => "not the name of a key pair of this user",
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

    pub(super) fn is_unknown_field(&self) -> bool {
        matches!(self, Self::InvalidField { error: FieldError::Unknown, .. })
    }

    /// The error of a name, as it was in the path, that the store does not have.
    ///
    /// ```
    /// use ssh_keypair::os_keypairs::RequestError;
    ///
    /// let error = RequestError::not_found("demo", &"6fc0d2cb".parse()?);
    /// assert_eq!(error.message(), "Keypair demo not found for user 6fc0d2cb");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn not_found(name: &str, user_id: &UserId) -> Self {
        let name = match KeyPairName::new(name, NameAlphabet::Printable) {
            Ok(_) => Cow::Owned(name.to_owned()),
            Err(_) => Cow::Borrowed("(not a valid name)"),
        };
        Self::NotFound { name, user_id: user_id.clone() }
    }

    /// The error of a [`marker`](super::Query::marker) that the store does not have.
    pub fn marker_not_found() -> Self {
        Self::invalid_field("marker", FieldError::NoSuchKeyPair)
    }

    /// The HTTP status: see the table above.
    pub fn status(&self) -> u16 {
        match self {
            Self::InvalidField { .. } | Self::BadKey(_) | Self::NotJson | Self::InvalidVersion | Self::OtherProject => {
                400
            }
            #[cfg(feature = "x509")]
            Self::BadCertificate(_) => 400,
            Self::Unauthorized => 401,
            Self::QuotaExceeded | Self::OtherUser => 403,
            Self::NotFound { .. } | Self::NoSuchResource => 404,
            Self::UnsupportedVersion => 406,
            Self::TimedOut => 408,
            Self::NameTaken(_) => 409,
            Self::BodyTooLarge => 413,
            Self::NotJsonType => 415,
            Self::CreateFailed(_) => 500,
            Self::Unavailable => 503,
        }
    }

    /// The name of the fault, which is the only member of the response's body.
    pub fn fault_name(&self) -> &'static str {
        match self.status() {
            400 => "badRequest",
            401 => "unauthorized",
            403 => "forbidden",
            404 => "itemNotFound",
            409 => "conflictingRequest",
            413 => "overLimit",
            415 => "badMediaType",
            503 => "serviceUnavailable",
            _ => "computeFault",
        }
    }

    /// The field or parameter that the error is about.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::InvalidField { field, .. } => Some(field),
            Self::BadKey(_) => Some("public_key"),
            #[cfg(feature = "x509")]
            Self::BadCertificate(_) => Some("public_key"),
            Self::NameTaken(_) => Some("name"),
            _ => None,
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
            Self::NameTaken(name) => return write!(f, "Key pair '{name}' already exists."),
            Self::NotFound { name, user_id } => return write!(f, "Keypair {name} not found for user {user_id}"),
            Self::UnsupportedVersion => {
                let (oldest, latest) = (ApiVersion::V2_1, ApiVersion::LATEST);
                return write!(f, "this version of the API is not supported; expected one from {oldest} to {latest}");
            }
            Self::BadKey(_) => "Keypair data is invalid: failed to generate fingerprint",
            #[cfg(feature = "x509")]
            Self::BadCertificate(_) => "Keypair data is invalid: failed to generate X509 fingerprint",
            Self::QuotaExceeded => "Quota exceeded, too many key pairs.",
            Self::OtherUser => "only an administrator may use the key pairs of another user",
            Self::OtherProject => "the project in the path is not the caller's",
            Self::NotJson => "Malformed request body",
            Self::NotJsonType => "Unsupported Content-Type",
            Self::InvalidVersion => "expected a version of the API: two numbers, such as 2.1, or \"latest\"",
            Self::NoSuchResource => "The resource could not be found.",
            Self::Unauthorized => "not authenticated; send a valid token",
            Self::BodyTooLarge => "the body of the request is longer than the limit",
            Self::TimedOut => "the request was not received in time",
            Self::Unavailable => "the service is not available at the moment; try again later",
            Self::CreateFailed(_) => "the key pair could not be created",
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
            _ => None,
        }
    }
}

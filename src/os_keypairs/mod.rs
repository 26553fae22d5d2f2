//! The request and the response of OpenStack Nova's `POST /os-keypairs`, by API version, and its refusals.
//!
//! | version | status | fields of a request | alphabet of names | answer |
//! |---|---|---|---|---|
//! | 2.0, 2.1 | 200 | `name`, `public_key` | basic | without `type` |
//! | 2.2 | 201 | and `type` | basic | with `type` |
//! | 2.10 | 201 | and `user_id` | basic | with `type` |
//! | 2.92 | 201 | `public_key` required | with `@` and `.` | with `type`, never a `private_key` |
//!
//! A `public_key` that is *present* makes a request an import, even when it is empty; absent, a create.
//!
//! The `type` is `ssh`, or with the feature `x509` also `x509`: a certificate, whose name is the owner's id. See [`KeyType`].
//!
//! With the feature `serde`, a [`RequestBody`] is read from JSON and a [`Response`] written to it. Reading takes every
//! object of the right nesting, so that it is [`Request::new`] that refuses, with the field and the reason.
//!
//! ```
//! # #[cfg(all(feature = "serde", feature = "getrandom"))] {
//! use ssh_keypair::keypair::Profile;
//! use ssh_keypair::os_keypairs::{ApiVersion, Request};
//!
//! let body = serde_json::from_str(r#"{"keypair": {"name": "demo"}}"#)?;
//! let version: ApiVersion = "2.10".parse()?;
//! let profile = Profile::documented();
//! let request = Request::new(&body, version, &profile)?;
//! let response = request.answer("the caller's id")?;
//! assert_eq!(response.status(), 201);
//! let json = serde_json::to_string(&response)?;
//! # assert!(json.contains("BEGIN RSA PRIVATE KEY"));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::error::{Error, ErrorKind, Field};
use crate::keypair::{KeyPair, KeyPairName, KeyType, NameAlphabet, NewKeyPair, Profile};
#[cfg(feature = "x509")]
use crate::x509::now;
use alloc::borrow::{Cow, ToOwned};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

#[cfg(feature = "serde")]
mod json;

/// A version of the compute API, from 2.0 to 2.92.
///
/// ```
/// use ssh_keypair::os_keypairs::ApiVersion;
///
/// let version: ApiVersion = "2.10".parse()?;
/// assert!(version > "2.9".parse()?);
/// assert_eq!(version.to_string(), "2.10");
/// assert!("2.93".parse::<ApiVersion>().is_err());
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    minor: u8,
}

impl ApiVersion {
    /// 2.0, the first.
    pub const V2_0: Self = Self { minor: 0 };
    /// 2.2, which brought `type` and the status 201.
    pub const V2_2: Self = Self { minor: 2 };
    /// 2.10, which brought `user_id`. No later version before 2.92 changes a create or an import.
    pub const V2_10: Self = Self { minor: 10 };
    /// 2.92, which only imports: the last.
    pub const V2_92: Self = Self { minor: 92 };

    /// The fields of a request.
    fn fields(self) -> &'static [&'static str] {
        let fields = &["name", "public_key", "type", "user_id"];
        if self >= Self::V2_10 {
            fields
        } else if self >= Self::V2_2 {
            &fields[..3]
        } else {
            &fields[..2]
        }
    }

    fn has_types(self) -> bool {
        self >= Self::V2_2
    }

    fn only_imports(self) -> bool {
        self >= Self::V2_92
    }

    /// The HTTP status of a success.
    fn status(self) -> u16 {
        if self.has_types() { 201 } else { 200 }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2.{}", self.minor)
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let minor = text.strip_prefix("2.").and_then(|minor| minor.parse().ok());
        match minor.map(|minor| Self { minor }) {
            // A second spelling, `2.010` or `2.+1`, is not printed that way again.
            Some(version) if version <= Self::V2_92 && text.len() == 3 + usize::from(version.minor > 9) => Ok(version),
            _ => Err(Error::new(ErrorKind::UnsupportedVersion).in_field(Field::Version)),
        }
    }
}

/// A name and a value, `None` for a value that is no string. What is pasted as a public key may be a private one.
type Member = (String, Option<Zeroizing<String>>);

/// A request as it came in, not yet checked: the members of the object `keypair`.
///
/// `Debug` shows how many there are, and nothing of them.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use ssh_keypair::os_keypairs::RequestBody;
///
/// let body: RequestBody = serde_json::from_str(r#"{"keypair": {"name": "demo", "colour": 7}}"#)?;
/// assert_eq!(body.get("name"), Some("demo"));
/// assert_eq!(format!("{body:?}"), "RequestBody { members: 2, .. }");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RequestBody {
    members: Vec<Member>,
    /// What is wrong with the nesting.
    nesting: Option<Refusal>,
}

impl RequestBody {
    /// A body made of its members, for a service that does not use `serde`.
    pub fn from_members<'a>(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), Some(Zeroizing::new(value.to_owned())));
        Self { members: members.into_iter().map(owned).collect(), nesting: None }
    }

    /// What a member holds, if it is a string: for [`Refusal::text`].
    pub fn get(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_ref().map(|text| text.as_str())
    }

    fn member(&self, name: &str) -> Option<&Option<Zeroizing<String>>> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody").field("members", &self.members.len()).finish_non_exhaustive()
    }
}

/// A request of the right shape.
///
/// ```
/// use ssh_keypair::keypair::Profile;
/// use ssh_keypair::os_keypairs::{ApiVersion, Request, RequestBody};
///
/// let body = RequestBody::from_members([("name", "demo"), ("public_key", "")]);
/// let request = Request::new(&body, ApiVersion::V2_92, &Profile::nova())?;
/// assert!(request.is_import());
/// assert_eq!(request.name().as_ref(), "demo");
/// # Ok::<(), ssh_keypair::os_keypairs::Refusal>(())
/// ```
#[derive(Clone)]
pub struct Request {
    version: ApiVersion,
    profile: Profile,
    name: KeyPairName,
    key_type: KeyType,
    public_key: Option<Zeroizing<String>>,
    user_id: Option<String>,
    #[cfg(feature = "x509")]
    time: Option<u64>,
}

impl Request {
    /// Checks a body's shape, by a version and a profile. From 2.92 names may hold `@` and `.`, whatever the profile.
    ///
    /// ```
    /// use ssh_keypair::keypair::Profile;
    /// use ssh_keypair::os_keypairs::{ApiVersion, Request, RequestBody};
    ///
    /// let body = RequestBody::from_members([("name", "demo"), ("type", "ssh")]);
    /// let refusal = Request::new(&body, "2.1".parse()?, &Profile::nova()).unwrap_err();
    /// assert_eq!(refusal.status(), 400);
    /// assert_eq!(refusal.field(), Some("type"));
    /// assert_eq!(refusal.to_string(), "type: not a field of this version");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refusal::Shape`]; [`Refusal::BadKey`] for a private key in the place of a public one that is over the cap too.
    pub fn new(body: &RequestBody, version: ApiVersion, profile: &Profile) -> Result<Self, Refusal> {
        if let Some(refusal) = &body.nesting {
            return Err(refusal.clone());
        }
        for (i, (name, _)) in body.members.iter().enumerate() {
            if !version.fields().contains(&name.as_str()) {
                return Err(Refusal::unknown_field(name));
            }
            if body.members[..i].iter().any(|(earlier, _)| earlier == name) {
                return Err(Refusal::Shape { field: name.clone().into(), error: ShapeError::Repeated });
            }
        }
        let text = |field: &'static str| match body.member(field) {
            Some(Some(text)) => Ok(Some(text)),
            Some(None) => Err(Refusal::shape(field, ShapeError::NotAString)),
            None => Ok(None),
        };
        let required = |field| Refusal::shape(field, ShapeError::Missing);
        let invalid = |field| move |error| Refusal::shape(field, ShapeError::Invalid(error));

        let mut profile = profile.clone();
        if version.only_imports() {
            profile = profile.with_name_alphabet(NameAlphabet::WithAtAndDot);
        }
        let name = profile.name(text("name")?.ok_or(required("name"))?).map_err(invalid("name"))?;
        let key_type = match text("type")? {
            Some(key_type) => key_type.parse().map_err(invalid("type"))?,
            None => KeyType::default(),
        };
        let public_key = text("public_key")?.cloned();
        match &public_key {
            // The limit is one on lines.
            Some(public_key) if key_type == KeyType::Ssh => {
                profile.policy().check_length(public_key).map_err(|error| match error.kind() {
                    ErrorKind::TooLong => invalid("public_key")(error),
                    _ => Refusal::BadKey(error),
                })?;
            }
            Some(_) => {}
            None if version.only_imports() => return Err(required("public_key")),
            None => {}
        }
        let user_id = text("user_id")?.map(|id| id.as_str().to_owned());
        Ok(Self {
            version,
            profile,
            name,
            key_type,
            public_key,
            user_id,
            #[cfg(feature = "x509")]
            time: None,
        })
    }

    /// The type.
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// Sets the time from which a certificate that is created is valid, in seconds since 1970-01-01T00:00:00Z. Where it is not
    /// set, it is that of the system's clock; without the feature `std` there is none.
    #[cfg(feature = "x509")]
    #[must_use]
    pub fn with_time(mut self, seconds: u64) -> Self {
        self.time = Some(seconds);
        self
    }

    /// Whether a public key came with it, even an empty one.
    pub fn is_import(&self) -> bool {
        self.public_key.is_some()
    }

    /// The name: for the store, to see whether it is taken.
    pub fn name(&self) -> &KeyPairName {
        &self.name
    }

    /// The owner that the request names, whose right to be named is the service's to check.
    pub fn user_id(&self) -> Option<&str> {
        self.user_id.as_deref()
    }

    /// Creates or imports with the system's randomness: see [`Request::answer_with`].
    ///
    /// # Errors
    ///
    /// Those of [`Request::answer_with`].
    #[cfg(feature = "getrandom")]
    pub fn answer(&self, caller: &str) -> Result<Response, Refusal> {
        self.answer_with(caller, &mut getrandom::SysRng)
    }

    /// Creates or imports. The pair is owned by the user that the request names, or else (also for an empty id, as in
    /// Nova) by the caller. That id is the name in a certificate that is created.
    ///
    /// # Errors
    ///
    /// [`Refusal::BadKey`] or [`Refusal::BadCertificate`] for one that is not taken; [`Refusal::Shape`] of an owner's id,
    /// the caller's too, that cannot be the name in a certificate; [`Refusal::CreateFailed`].
    pub fn answer_with<R: TryCryptoRng + ?Sized>(&self, caller: &str, rng: &mut R) -> Result<Response, Refusal> {
        let user_id = self.user_id().filter(|id| !id.is_empty()).unwrap_or(caller);
        match (&self.public_key, self.key_type) {
            (Some(public_key), KeyType::Ssh) => {
                KeyPair::import_named(self.name.clone(), public_key, Some(user_id), &self.profile)
                    .map(|key_pair| Response::new(self.version, key_pair))
                    .map_err(Refusal::BadKey)
            }
            (None, KeyType::Ssh) => KeyPair::create_named(self.name.clone(), Some(user_id), &self.profile, rng)
                .and_then(|new| Response::created(self.version, new))
                .map_err(Refusal::CreateFailed),
            #[cfg(feature = "x509")]
            (Some(certificate), KeyType::X509) => {
                KeyPair::import_x509_named(self.name.clone(), certificate, Some(user_id), &self.profile)
                    .map(|key_pair| Response::new(self.version, key_pair))
                    .map_err(Refusal::BadCertificate)
            }
            #[cfg(feature = "x509")]
            (None, KeyType::X509) => self
                .time
                .map_or_else(now, Ok)
                .and_then(|now| KeyPair::create_x509_named(self.name.clone(), user_id, &self.profile, now, rng))
                .and_then(|new| Response::created(self.version, new))
                .map_err(|error| match error.field() {
                    Some(Field::UserId) => Refusal::shape("user_id", ShapeError::Invalid(error)),
                    _ => Refusal::CreateFailed(error),
                }),
        }
    }
}

/// Without the public key's text, which may be a private key pasted in its place.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("version", &self.version)
            .field("name", &self.name)
            .field("key_type", &self.key_type)
            .field("is_import", &self.is_import())
            .finish_non_exhaustive()
    }
}

/// The answer to a request. The one place where a private key is serialized, and only in the answer to a create; it is
/// wiped when dropped.
///
/// `Debug` does not show the private key.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// # use ssh_keypair::keypair::{KeyPair, Profile};
/// # use ssh_keypair::os_keypairs::{ApiVersion, Response};
/// # let line = include_str!("../../tests/data/rsa2048.pub");
/// let key_pair = KeyPair::import("laptop", line, None, &Profile::nova())?;
/// let response = Response::new(ApiVersion::V2_10, key_pair);
/// let json = serde_json::to_value(&response).unwrap();
/// assert_eq!(json["keypair"]["name"], "laptop");
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub struct Response {
    version: ApiVersion,
    key_pair: KeyPair,
    private_key: Option<Zeroizing<String>>,
}

impl Response {
    /// An answer without a private key: to an import, or to a create whose private key goes another way.
    ///
    /// ```
    /// use ssh_keypair::keypair::{KeyPair, Profile};
    /// use ssh_keypair::os_keypairs::{ApiVersion, Response};
    ///
    /// # let line = include_str!("../../tests/data/rsa2048.pub");
    /// let key_pair = KeyPair::import("laptop", line, None, &Profile::nova())?;
    /// let response = Response::new(ApiVersion::V2_0, key_pair);
    /// assert_eq!(response.status(), 200);
    /// assert!(response.private_key().is_none());
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn new(version: ApiVersion, key_pair: KeyPair) -> Self {
        Self { version, key_pair, private_key: None }
    }

    /// The answer to a create, with the private key: [`NewKeyPair::private_key_text`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::keypair::{KeyPair, Profile};
    /// use ssh_keypair::os_keypairs::{ApiVersion, Response};
    ///
    /// let new = KeyPair::create("demo", None, &Profile::nova())?;
    /// let response = Response::created(ApiVersion::V2_0, new)?;
    /// assert!(response.private_key().is_some());
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotInThisVersion`] for 2.92, which never answers with a private key.
    pub fn created(version: ApiVersion, new: NewKeyPair) -> Result<Self, Error> {
        if version.only_imports() {
            return Err(Error::new(ErrorKind::NotInThisVersion).in_field(Field::Version));
        }
        let private_key = Some(new.private_key_text()?);
        Ok(Self { version, key_pair: new.key_pair, private_key })
    }

    /// The HTTP status: 200 up to version 2.1, then 201.
    pub fn status(&self) -> u16 {
        self.version.status()
    }

    /// The record: for the store.
    pub fn key_pair(&self) -> &KeyPair {
        &self.key_pair
    }

    /// The record, when the answer is written.
    pub fn into_key_pair(self) -> KeyPair {
        self.key_pair
    }

    /// The private key of a created pair: PEM, or of a certificate the base64 of a PKCS#12.
    pub fn private_key(&self) -> Option<&str> {
        self.private_key.as_ref().map(|pem| pem.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("version", &self.version)
            .field("key_pair", &self.key_pair)
            .finish_non_exhaustive()
    }
}

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
    fn shape(field: &'static str, error: ShapeError) -> Self {
        Self::Shape { field: Cow::Borrowed(field), error }
    }

    /// The refusal of a field by its name, if it looks like one: what else stands there is not repeated.
    fn unknown_field(name: &str) -> Self {
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

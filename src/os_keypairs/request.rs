//! A request: as it came in, and checked.

use super::error::{Refusal, ShapeError};
use super::response::Response;
use super::version::ApiVersion;
use crate::error::{ErrorKind, Field};
use crate::keypair::{KeyPair, KeyPairName, KeyType, NameAlphabet, Profile};
#[cfg(feature = "x509")]
use crate::x509::now;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

/// A name and a value, `None` for a value that is no string. What is pasted as a public key may be a private one.
pub(super) type Member = (String, Option<Zeroizing<String>>);

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
    pub(super) members: Vec<Member>,
    /// What is wrong with the nesting.
    pub(super) nesting: Option<Refusal>,
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

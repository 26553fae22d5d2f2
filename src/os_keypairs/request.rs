//! A request: as it came in, and checked.

use super::body::RequestBody;
use super::caller::Caller;
use super::error::{FieldError, RequestError};
use super::response::Response;
use super::version::ApiVersion;
use crate::keypair::{KeyPairName, KeyType, LengthError, NameAlphabet, Profile, Record, UserId};
#[cfg(feature = "x509")]
use crate::x509::{check_user_id, now};
use alloc::string::String;
use core::fmt;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

/// A request whose fields have been checked.
///
/// ```
/// use ssh_keypair::keypair::Profile;
/// use ssh_keypair::os_keypairs::{ApiVersion, Request, RequestBody};
///
/// let body = RequestBody::from_members([("name", "demo"), ("public_key", "")]);
/// let request = Request::new(&body, ApiVersion::V2_92, &Profile::nova())?;
/// assert!(request.is_import());
/// assert_eq!(request.name().as_ref(), "demo");
/// # Ok::<(), ssh_keypair::os_keypairs::RequestError>(())
/// ```
#[derive(Clone)]
pub struct Request {
    version: ApiVersion,
    profile: Profile,
    name: KeyPairName,
    key_type: KeyType,
    public_key: Option<Zeroizing<String>>,
    user_id: Option<UserId>,
    #[cfg(feature = "x509")]
    unix_time_seconds: Option<u64>,
}

impl Request {
    /// Checks the structure of a body, by the rules of a version and a profile. From 2.92 on, names may contain `@` and `.`,
    /// whatever the profile. In version 2.0, they may contain every printable character, white space at both ends is removed,
    /// and unknown fields are ignored.
    ///
    /// ```
    /// use ssh_keypair::keypair::Profile;
    /// use ssh_keypair::os_keypairs::{ApiVersion, Request, RequestBody};
    ///
    /// let body = RequestBody::from_members([("name", "demo"), ("type", "ssh")]);
    /// let error = Request::new(&body, "2.1".parse()?, &Profile::nova()).unwrap_err();
    /// assert_eq!(error.status(), 400);
    /// assert_eq!(error.field(), Some("type"));
    /// assert_eq!(error.message(), "type: not a field of this version");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RequestError::InvalidField`]; [`RequestError::BadKey`] for a private key or a certificate that was given instead of a
    /// public key and exceeds the limit of the profile's policy.
    pub fn new(body: &RequestBody, version: ApiVersion, profile: &Profile) -> Result<Self, RequestError> {
        body.check_members(version.fields(), version.is_compatibility_mode())?;
        let required = |field| RequestError::invalid_field(field, FieldError::Missing);
        let invalid = |field| move |error| RequestError::invalid_field(field, FieldError::Invalid(error));

        // An unknown field, which 2.0 ignores, is not read.
        let text = |field| if version.fields().contains(&field) { body.text(field) } else { Ok(None) };

        let name = text("name")?.ok_or(required("name"))?;
        let name = if version.is_compatibility_mode() {
            KeyPairName::new_stripped(name, NameAlphabet::Printable)
        } else if version.only_imports() {
            KeyPairName::new(name, NameAlphabet::WithAtAndDot)
        } else {
            KeyPairName::new(name, profile.name_alphabet())
        };
        let name = name.map_err(invalid("name"))?;
        let key_type = match text("type")? {
            Some(key_type) => key_type.parse().map_err(invalid("type"))?,
            None => KeyType::default(),
        };
        let public_key = text("public_key")?.cloned();
        match &public_key {
            // The limit applies to lines.
            Some(public_key) if key_type == KeyType::Ssh => {
                profile.policy().check_length(public_key).map_err(|error| match error {
                    LengthError::TooLong(error) => invalid("public_key")(error),
                    LengthError::NotAKey(error) => RequestError::BadKey(error),
                })?;
            }
            Some(_) => {}
            None if version.only_imports() => return Err(required("public_key")),
            None => {}
        }
        let user_id = text("user_id")?.map(|id| UserId::new(id).map_err(invalid("user_id"))).transpose()?;
        Ok(Self {
            version,
            profile: profile.clone(),
            name,
            key_type,
            public_key,
            user_id,
            #[cfg(feature = "x509")]
            unix_time_seconds: None,
        })
    }

    /// The type of the key pair.
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// Sets the time from which a created certificate is valid, in seconds since 1970-01-01T00:00:00Z. The default is the
    /// system's time; without the feature `std`, there is no default.
    #[cfg(feature = "x509")]
    #[must_use]
    pub fn with_unix_time_seconds(mut self, seconds: u64) -> Self {
        self.unix_time_seconds = Some(seconds);
        self
    }

    /// Whether the request has a public key, even an empty one.
    pub fn is_import(&self) -> bool {
        self.public_key.is_some()
    }

    /// The name of the key pair. The store checks whether it is already in use.
    pub fn name(&self) -> &KeyPairName {
        &self.name
    }

    /// The owner that the request names. [`Request::answer`] checks whether the caller may name this user.
    pub fn user_id(&self) -> Option<&UserId> {
        self.user_id.as_ref()
    }

    /// Creates or imports with the system's randomness: see [`Request::answer_with`].
    ///
    /// # Errors
    ///
    /// Those of [`Request::answer_with`].
    #[cfg(feature = "getrandom")]
    pub fn answer(&self, caller: &Caller) -> Result<Response, RequestError> {
        self.answer_with(caller, &mut getrandom::SysRng)
    }

    /// Creates or imports the pair. Its owner is [`Caller::owner`]: the user that the request names, who must be the caller
    /// unless the caller is an administrator. If the request names no user or, as in Nova, an empty id, the owner is the caller.
    /// A created certificate has the owner's id as its name.
    ///
    /// This takes as long as [`Record::create_with`] or [`Record::import`].
    ///
    /// # Errors
    ///
    /// [`RequestError::OtherUser`], before anything else; [`RequestError::BadKey`] or `BadCertificate` for a key or a certificate
    /// that is not accepted; [`RequestError::InvalidField`] for an owner's id, including the caller's, that cannot be the name in
    /// a certificate; [`RequestError::CreateFailed`].
    pub fn answer_with<R: TryCryptoRng + ?Sized>(
        &self,
        caller: &Caller,
        rng: &mut R,
    ) -> Result<Response, RequestError> {
        let owner = caller.owner(self.user_id())?.clone();
        let name = self.name.clone();
        match (&self.public_key, self.key_type) {
            (Some(public_key), KeyType::Ssh) => Record::import(name, public_key, Some(owner), &self.profile)
                .map(|record| Response::new(self.version, record))
                .map_err(RequestError::BadKey),
            (None, KeyType::Ssh) => Record::create_with(name, Some(owner), &self.profile, rng)
                .and_then(|created| Response::created(self.version, created))
                .map_err(RequestError::CreateFailed),
            #[cfg(feature = "x509")]
            (Some(certificate), KeyType::X509) => Record::import_x509(name, certificate, Some(owner), &self.profile)
                .map(|record| Response::new(self.version, record))
                .map_err(RequestError::BadCertificate),
            #[cfg(feature = "x509")]
            (None, KeyType::X509) => {
                check_user_id(owner.as_str())
                    .map_err(|error| RequestError::invalid_field("user_id", FieldError::Invalid(error)))?;
                self.unix_time_seconds
                    .map_or_else(now, Ok)
                    .and_then(|now| Record::create_x509_with(name, owner, &self.profile, now, rng))
                    .and_then(|created| Response::created(self.version, created))
                    .map_err(RequestError::CreateFailed)
            }
        }
    }
}

/// Omits the public key, because a private key may have been pasted instead.
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

//! The body of a request as it came in.

use super::error::{FieldError, RequestError};
use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use zeroize::Zeroizing;

/// A name and a value, `None` for a value that is not a string. The value is wiped, because a private key may have been pasted
/// instead of a public one.
pub(super) type Member = (String, Option<Zeroizing<String>>);

/// The body of a request as it came in, not yet checked: the members of the object `keypair`.
///
/// `Debug` shows the number of members, and nothing else.
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
    /// The error in the nesting, if there is one.
    nesting: Option<RequestError>,
    /// The error of a member next to `keypair`, if there is one.
    misplaced: Option<RequestError>,
}

impl RequestBody {
    /// A body from its members, for a service that does not use `serde`.
    pub fn from_members<'a>(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), Some(Zeroizing::new(value.to_owned())));
        Self { members: members.into_iter().map(owned).collect(), nesting: None, misplaced: None }
    }

    /// The body of a document: the members of `keypair` or the reason why there are none, and the error of a member next to it.
    #[cfg(feature = "serde")]
    pub(super) fn new(keypair: Result<Vec<Member>, RequestError>, misplaced: Option<RequestError>) -> Self {
        match keypair {
            Ok(members) => Self { members, nesting: None, misplaced },
            Err(nesting) => Self { members: Vec::new(), nesting: Some(nesting), misplaced },
        }
    }

    /// Checks the media type of a body, which is the header `Content-Type`. As Nova does, this accepts JSON, no type at all, and
    /// `text/plain`, which some clients send.
    ///
    /// ```
    /// use ssh_keypair::os_keypairs::RequestBody;
    /// assert!(RequestBody::check_media_type("application/json; charset=UTF-8").is_ok());
    /// assert_eq!(RequestBody::check_media_type("application/xml").unwrap_err().status(), 415);
    /// ```
    ///
    /// # Errors
    ///
    /// [`RequestError::NotJsonType`].
    pub fn check_media_type(content_type: &str) -> Result<(), RequestError> {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let accepted = ["", "application/json", "application/vnd.openstack.compute+json", "text/plain"];
        if accepted.iter().any(|accepted| media_type.eq_ignore_ascii_case(accepted)) {
            Ok(())
        } else {
            Err(RequestError::NotJsonType)
        }
    }

    /// The value of a member, if it is a string.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_ref().map(|text| text.as_str())
    }

    fn member(&self, name: &str) -> Option<&Option<Zeroizing<String>>> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Whether the members are in the right place, and each is given once. An unknown one is an error, unless it is ignored.
    pub(super) fn check_members(&self, known: &[&str], ignores_unknown: bool) -> Result<(), RequestError> {
        let misplaced = self.misplaced.as_ref().filter(|error| !(ignores_unknown && error.is_unknown_field()));
        if let Some(error) = misplaced.or(self.nesting.as_ref()) {
            return Err(error.clone());
        }
        for (i, (name, _)) in self.members.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                if ignores_unknown {
                    continue;
                }
                return Err(RequestError::unknown_field(name));
            }
            if self.members.iter().take(i).any(|(earlier, _)| earlier == name) {
                return Err(RequestError::InvalidField {
                    field: Cow::Owned(name.clone()),
                    error: FieldError::Duplicate,
                });
            }
        }
        Ok(())
    }

    /// The value of a member, which must be a string if it is present.
    pub(super) fn text(&self, field: &'static str) -> Result<Option<&Zeroizing<String>>, RequestError> {
        match self.member(field) {
            Some(Some(text)) => Ok(Some(text)),
            Some(None) => Err(RequestError::invalid_field(field, FieldError::NotAString)),
            None => Ok(None),
        }
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody").field("members", &self.members.len()).finish_non_exhaustive()
    }
}

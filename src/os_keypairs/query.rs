//! The query of a list, a show or a delete.

use super::error::{FieldError, RequestError};
use super::url::decode;
use super::version::ApiVersion;
use crate::keypair::UserId;
use alloc::string::String;

/// The checked query of a list, a show or a delete, by version:
///
/// | version | list | show, delete | other parameters |
/// |---|---|---|---|
/// | to 2.9 | | | ignored |
/// | 2.10 | `user_id` | `user_id` | ignored |
/// | 2.35 | and `limit`, `marker` | `user_id` | ignored |
/// | 2.75 | `user_id`, `limit`, `marker` | `user_id` | an error |
///
/// If a parameter is repeated, the first `user_id` counts, and the last `limit` and `marker`, as for Nova.
///
/// ```
/// use ssh_keypair::os_keypairs::{ApiVersion, Query};
///
/// let query = Query::for_list("limit=20&marker=my+laptop", ApiVersion::V2_35)?;
/// assert_eq!((query.limit(), query.marker()), (Some(20), Some("my laptop")));
/// assert!(Query::for_item("limit=20", ApiVersion::V2_75).is_err());
/// # Ok::<(), ssh_keypair::os_keypairs::RequestError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    user_id: Option<UserId>,
    limit: Option<usize>,
    marker: Option<String>,
}

impl Query {
    /// The largest number of key pairs in one page.
    pub const MAX_LIMIT: usize = 1000;

    /// Checks the query of a list: the part of the URL after the `?`, or an empty string.
    ///
    /// ```
    /// use ssh_keypair::os_keypairs::{ApiVersion, Query};
    /// let error = Query::for_list("limit=many", ApiVersion::V2_35).unwrap_err();
    /// assert_eq!(error.to_string(), "limit: not a number of 0 or more");
    /// ```
    ///
    /// # Errors
    ///
    /// [`RequestError::InvalidField`], with the name of the parameter.
    pub fn for_list(query: &str, version: ApiVersion) -> Result<Self, RequestError> {
        let parameters: &[_] =
            if version >= ApiVersion::V2_35 { &["user_id", "limit", "marker"] } else { &["user_id"] };
        Self::new(query, version, parameters)
    }

    /// Checks the query of a show or a delete.
    ///
    /// ```
    /// use ssh_keypair::os_keypairs::{ApiVersion, Query};
    /// let query = Query::for_item("user_id=6fc0d2cb", ApiVersion::V2_10)?;
    /// assert_eq!(query.user_id().unwrap().as_str(), "6fc0d2cb");
    /// # Ok::<(), ssh_keypair::os_keypairs::RequestError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Query::for_list`].
    pub fn for_item(query: &str, version: ApiVersion) -> Result<Self, RequestError> {
        Self::new(query, version, &["user_id"])
    }

    fn new(query: &str, version: ApiVersion, parameters: &[&'static str]) -> Result<Self, RequestError> {
        let mut checked = Self::default();
        if version < ApiVersion::V2_10 {
            return Ok(checked);
        }
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name, true).unwrap_or_default();
            match parameters.iter().find(|&&parameter| parameter == name) {
                Some(parameter) => {
                    let invalid = |error| RequestError::invalid_field(parameter, error);
                    checked
                        .set(parameter, decode(value, true).ok_or(invalid(FieldError::NotAString))?)
                        .map_err(invalid)?;
                }
                None if version >= ApiVersion::V2_75 => return Err(RequestError::unknown_field(&name)),
                None => {}
            }
        }
        Ok(checked)
    }

    fn set(&mut self, parameter: &str, value: String) -> Result<(), FieldError> {
        match parameter {
            "user_id" => {
                let user_id = UserId::new(&value).map_err(FieldError::Invalid)?;
                self.user_id.get_or_insert(user_id);
            }
            "limit" if value.is_empty() || value.bytes().any(|b| !b.is_ascii_digit()) => {
                return Err(FieldError::NotANumber);
            }
            // What does not fit is more than the largest limit.
            "limit" => self.limit = Some(value.parse().unwrap_or(usize::MAX)),
            _ => self.marker = Some(value),
        }
        Ok(())
    }

    /// The user that the query names: see [`Caller::owner`](super::Caller::owner).
    pub fn user_id(&self) -> Option<&UserId> {
        self.user_id.as_ref()
    }

    /// The number of key pairs that the client asks for at most. It may exceed [`Query::MAX_LIMIT`], and it may be 0.
    pub fn limit(&self) -> Option<usize> {
        self.limit
    }

    /// The name of the key pair after which the page begins, in the order of names. If the user has no key pair with this
    /// name, the answer is [`RequestError::marker_not_found`].
    pub fn marker(&self) -> Option<&str> {
        self.marker.as_deref()
    }
}

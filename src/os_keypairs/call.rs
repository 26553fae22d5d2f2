//! A call of the interface: its method, path and query.

use super::caller::Caller;
#[cfg(feature = "serde")]
use super::discovery::VersionDocument;
use super::error::RequestError;
use super::list::ListResponse;
use super::query::Query;
use super::series::ApiSeries;
use super::url::{BaseUrl, decode, encode};
use super::version::ApiVersion;
use crate::keypair::{Record, UserId};
use alloc::format;
use alloc::string::{String, ToString};

/// What a call asks for.
///
/// ```
/// use ssh_keypair::os_keypairs::{Action, ApiVersion, Call};
///
/// let call = Call::new("DELETE", "/v2.1/os-keypairs/my%20laptop", "", ApiVersion::V2_1)?;
/// assert_eq!(call.action(), &Action::Delete("my laptop".to_owned()));
/// assert_eq!(call.action().as_str(), "delete");
/// # Ok::<(), ssh_keypair::os_keypairs::RequestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// `GET /`, `/v2.1/` or `/v2/`: answer with [`Call::versions`](crate::os_keypairs::Call::versions), which needs the feature
    /// `serde`. The caller need not be authenticated.
    Versions,
    /// `GET .../os-keypairs`: answer with [`Call::list_response`].
    List,
    /// `POST .../os-keypairs`: see [`Request`](super::Request).
    Create,
    /// `GET .../os-keypairs/NAME`: answer with [`ShowResponse`](super::ShowResponse).
    Show(String),
    /// `DELETE .../os-keypairs/NAME`: answer with [`ApiVersion::delete_status`] and no body.
    Delete(String),
}

impl Action {
    /// A word for the action, for logs and metrics: `versions`, `list`, `create`, `show` or `delete`. It contains no name of the
    /// request.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Versions => "versions",
            Self::List => "list",
            Self::Create => "create",
            Self::Show(_) => "show",
            Self::Delete(_) => "delete",
        }
    }
}

/// A call of the interface: what its method, path and query ask for.
///
/// | path | method |
/// |---|---|
/// | `/`, `/v2.1`, `/v2.1/`, `/v2`, `/v2/` | `GET` |
/// | `/v2.1/os-keypairs`, `/v2.1/PROJECT/os-keypairs` | `GET`, `POST` |
/// | `/v2.1/os-keypairs/NAME`, `/v2.1/PROJECT/os-keypairs/NAME` | `GET`, `DELETE` |
/// | the same under `/v2` | the same |
///
/// ```
/// use ssh_keypair::os_keypairs::{Action, ApiVersion, Call, Caller};
///
/// let call = Call::new("GET", "/v2.1/a1b2c3/os-keypairs/demo", "user_id=6fc0d2cb", ApiVersion::V2_10)?;
/// assert_eq!(call.action(), &Action::Show("demo".to_owned()));
/// let admin = Caller::new("f00".parse()?, "a1b2c3", "admin");
/// assert_eq!(call.owner(&admin)?.as_str(), "6fc0d2cb");
/// let user = Caller::new("f00".parse()?, "a1b2c3", "member");
/// assert_eq!(call.owner(&user).unwrap_err().status(), 403);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    action: Action,
    version: ApiVersion,
    /// The series of the path; none for `/`.
    series: Option<ApiSeries>,
    project_id: Option<String>,
    query: Query,
}

impl Call {
    /// A call by its method, its path (percent-encoded, as it came in), its query (what follows the `?`, or an empty string) and
    /// its [version](ApiVersion::from_request).
    ///
    /// ```
    /// use ssh_keypair::os_keypairs::{ApiVersion, Call};
    /// let error = Call::new("PUT", "/v2.1/os-keypairs/demo", "", ApiVersion::V2_1).unwrap_err();
    /// assert_eq!(error.status(), 404);
    /// ```
    ///
    /// # Errors
    ///
    /// [`RequestError::NoSuchResource`] for another path or, as in Nova, another method; [`RequestError::InvalidField`] for a
    /// query that the version does not allow.
    pub fn new(method: &str, path: &str, query: &str, version: ApiVersion) -> Result<Self, RequestError> {
        let missing = || RequestError::NoSuchResource;
        let mut parts = path.strip_prefix('/').ok_or_else(missing)?.split('/');
        let series = match parts.next().unwrap_or_default() {
            "" => None,
            first => Some(ApiSeries::from_path(first).ok_or_else(missing)?),
        };
        let rest = [parts.next(), parts.next(), parts.next(), parts.next()];
        let (project_id, name) = match rest {
            [None, ..] | [Some(""), None, ..] if method == "GET" => {
                let query = Query::default();
                return Ok(Self { action: Action::Versions, version, series, project_id: None, query });
            }
            _ if series.is_none() => return Err(missing()),
            [Some("os-keypairs"), name, None, None] => (None, name),
            [Some(project), Some("os-keypairs"), name, None] if !project.is_empty() => (Some(project), name),
            _ => return Err(missing()),
        };
        let decoded = |text| decode(text, false).filter(|text| !text.is_empty()).ok_or_else(missing);
        let (action, query) = match (method, name.map(decoded).transpose()?) {
            ("GET", None) => (Action::List, Query::for_list(query, version)?),
            ("POST", None) => (Action::Create, Query::default()),
            ("GET", Some(name)) => (Action::Show(name), Query::for_item(query, version)?),
            ("DELETE", Some(name)) => (Action::Delete(name), Query::for_item(query, version)?),
            _ => return Err(missing()),
        };
        let project_id = project_id.map(decoded).transpose()?;
        Ok(Self { action, version, series, project_id, query })
    }

    /// What the call asks for.
    pub fn action(&self) -> &Action {
        &self.action
    }

    /// The version of the call.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The query of a list, a show or a delete.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Checks the project in the path, if there is one.
    ///
    /// # Errors
    ///
    /// [`RequestError::OtherProject`] if it is not the caller's.
    pub fn check_project(&self, caller: &Caller) -> Result<(), RequestError> {
        match &self.project_id {
            Some(project_id) if project_id != caller.project_id() => Err(RequestError::OtherProject),
            _ => Ok(()),
        }
    }

    /// Checks the project in the path, and returns the user whose key pairs a list, a show or a delete is about. A create names
    /// its owner in the body: [`Caller::owner`] of [`Request::user_id`](super::Request::user_id).
    ///
    /// # Errors
    ///
    /// [`RequestError::OtherProject`]; [`RequestError::OtherUser`].
    pub fn owner<'a>(&'a self, caller: &'a Caller) -> Result<&'a UserId, RequestError> {
        self.check_project(caller)?;
        caller.owner(self.query.user_id())
    }

    /// The largest number of key pairs in a page of a list: [`Query::limit`], but not more than [`Query::MAX_LIMIT`]. Before
    /// version 2.35 there are no pages.
    pub fn page_size(&self) -> Option<usize> {
        let limit = self.query.limit().unwrap_or(Query::MAX_LIMIT).min(Query::MAX_LIMIT);
        (self.version >= ApiVersion::V2_35).then_some(limit)
    }

    /// The document for [`Action::Versions`].
    #[cfg(feature = "serde")]
    pub fn versions(&self, base: BaseUrl) -> VersionDocument {
        VersionDocument::new(base, self.series)
    }

    /// The answer to a list: the page of records that the query asks for, in the order of names, with a link to the next page if
    /// this one is full.
    pub fn list_response<'a>(&self, base: &BaseUrl, records: &'a [Record]) -> ListResponse<'a> {
        let is_full = self.page_size().is_some_and(|size| size == records.len());
        let next = records.last().filter(|_| is_full).map(|last| self.next_page(base, last));
        ListResponse::new(self.version, records, next)
    }

    fn next_page(&self, base: &BaseUrl, last: &Record) -> String {
        let series = self.series.unwrap_or(ApiSeries::V2_1);
        let mut url = format!("{}/{}", base.as_str(), series.path());
        if let Some(project_id) = &self.project_id {
            url.push('/');
            encode(&mut url, project_id);
        }
        url.push_str("/os-keypairs?");
        if let Some(limit) = self.query.limit() {
            url.push_str("limit=");
            url.push_str(&limit.to_string());
            url.push('&');
        }
        url.push_str("marker=");
        encode(&mut url, last.name().as_str());
        if let Some(user_id) = self.query.user_id() {
            url.push_str("&user_id=");
            encode(&mut url, user_id.as_str());
        }
        url
    }
}

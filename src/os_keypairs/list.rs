//! The answer to a list.

use super::version::ApiVersion;
use crate::keypair::Record;
use alloc::string::String;

/// The answer to a list, by version: `type` from 2.2, the link to the next page from 2.35. Its status is 200.
/// [`Call::list_response`](super::Call::list_response) makes it.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// # use ssh_keypair::keypair::{Profile, Record};
/// use ssh_keypair::os_keypairs::{ApiVersion, BaseUrl, Call};
/// # let line = include_str!("../../tests/data/rsa2048.pub");
/// # let records = [Record::import("laptop".parse()?, line, None, &Profile::nova())?];
///
/// let call = Call::new("GET", "/v2.1/os-keypairs", "limit=1", ApiVersion::V2_35)?;
/// let list = call.list_response(&BaseUrl::from_headers([("Host", "cloud.example")]), &records);
/// let json = serde_json::to_value(&list)?;
/// assert_eq!(json["keypairs"][0]["keypair"]["name"], "laptop");
/// let next = "http://cloud.example/v2.1/os-keypairs?limit=1&marker=laptop";
/// assert_eq!(json["keypairs_links"][0]["href"], next);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListResponse<'a> {
    version: ApiVersion,
    records: &'a [Record],
    next: Option<String>,
}

impl<'a> ListResponse<'a> {
    pub(super) fn new(version: ApiVersion, records: &'a [Record], next: Option<String>) -> Self {
        Self { version, records, next }
    }

    /// The version of the API.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The key pairs of this page.
    pub fn records(&self) -> &'a [Record] {
        self.records
    }

    /// The address of the next page. It may turn out to be empty.
    pub fn next_page(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

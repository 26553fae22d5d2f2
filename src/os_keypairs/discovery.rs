//! The version documents, by which clients find out what a service supports.

use super::series::ApiSeries;
use super::url::BaseUrl;
use super::version::ApiVersion;
use alloc::format;
use alloc::string::{String, ToString};

/// The answer to `GET /`, `GET /v2.1/` or `GET /v2/`, by which clients find out the supported versions. Its status is 200.
/// [`Call::versions`](super::Call::versions) makes it.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use ssh_keypair::os_keypairs::{ApiVersion, BaseUrl, Call};
///
/// let call = Call::new("GET", "/v2.1/", "", ApiVersion::V2_1)?;
/// let document = call.versions(BaseUrl::from_headers([("Host", "cloud.example")]));
/// let json = serde_json::to_value(&document)?;
/// assert_eq!(json["version"]["version"], "2.104");
/// assert_eq!(json["version"]["links"][0]["href"], "http://cloud.example/v2.1/");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionDocument {
    base: BaseUrl,
    only: Option<ApiSeries>,
}

impl VersionDocument {
    /// The document of one series, or of all.
    pub(super) fn new(base: BaseUrl, only: Option<ApiSeries>) -> Self {
        Self { base, only }
    }

    pub(super) fn only(&self) -> Option<ApiSeries> {
        self.only
    }

    pub(super) fn href(&self, series: ApiSeries) -> String {
        format!("{}/{}/", self.base.as_str(), series.path())
    }
}

impl ApiSeries {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::V2_0 => "v2.0",
            Self::V2_1 => "v2.1",
        }
    }

    pub(super) fn lifecycle(self) -> &'static str {
        match self {
            Self::V2_0 => "DEPRECATED",
            Self::V2_1 => "CURRENT",
        }
    }

    pub(super) fn updated(self) -> &'static str {
        match self {
            Self::V2_0 => "2025-07-04T12:00:00Z",
            Self::V2_1 => "2013-07-23T11:33:21Z",
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::V2_0 => "application/vnd.openstack.compute+json;version=2",
            Self::V2_1 => "application/vnd.openstack.compute+json;version=2.1",
        }
    }

    /// The oldest and the latest version; empty for the series without versions.
    pub(super) fn min_version(self) -> String {
        self.version(ApiVersion::V2_1)
    }

    pub(super) fn max_version(self) -> String {
        self.version(ApiVersion::LATEST)
    }

    fn version(self, version: ApiVersion) -> String {
        match self {
            Self::V2_0 => String::new(),
            Self::V2_1 => version.to_string(),
        }
    }
}

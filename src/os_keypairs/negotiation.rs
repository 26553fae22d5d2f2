//! Version negotiation: the version that a request asks for, and the headers of its response.
//!
//! Source: the guidelines of the OpenStack API working group for microversions, and Nova.

use super::error::RequestError;
use super::version::{ApiVersion, number};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

const HEADER: &str = "OpenStack-API-Version";
const OLD_HEADER: &str = "X-OpenStack-Nova-API-Version";
const SERVICE: &str = "compute";

impl ApiVersion {
    /// The version of a request, by its path and its headers.
    ///
    /// * Under `/v2`, it is 2.0. At `/`, versions do not apply, and it is 2.0 too. In both cases the headers are ignored.
    /// * The header `OpenStack-API-Version: compute 2.10` takes precedence over `X-OpenStack-Nova-API-Version: 2.10`. Of several
    ///   values for `compute`, separated by commas or in several headers, the last one counts.
    /// * If neither header asks for a version, it is 2.1. `latest` is [`ApiVersion::LATEST`].
    ///
    /// The headers are pairs of a name, in upper or lower case, and a value. Pass all headers of the request: the rest are
    /// ignored.
    ///
    /// ```
    /// use ssh_keypair::os_keypairs::ApiVersion;
    ///
    /// let of = |value| ApiVersion::from_request("/v2.1/os-keypairs", [("openstack-api-version", value)]);
    /// assert_eq!(of("compute 2.10"), Ok(ApiVersion::V2_10));
    /// assert_eq!(of("compute latest, identity 3.14"), Ok(ApiVersion::LATEST));
    /// assert_eq!(of("compute x").unwrap_err().status(), 400);
    /// assert_eq!(of("compute 2.0").unwrap_err().status(), 406);
    /// ```
    ///
    /// # Errors
    ///
    /// [`RequestError::InvalidVersion`] for what is not a version, and [`RequestError::UnsupportedVersion`].
    pub fn from_request<'a>(
        path: &str,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, RequestError> {
        if !(path == "/v2.1" || path.starts_with("/v2.1/")) {
            return Ok(Self::V2_0);
        }
        let (mut asked, mut asked_by_old) = (None, None);
        for (name, value) in headers {
            if name.eq_ignore_ascii_case(HEADER) {
                asked = value.split(',').filter_map(version_for_service).next_back().or(asked);
            } else if name.eq_ignore_ascii_case(OLD_HEADER) {
                asked_by_old = value.rsplit(',').next().map(str::trim);
            }
        }
        match asked.or(asked_by_old) {
            None => Ok(Self::V2_1),
            Some("latest") => Ok(Self::LATEST),
            Some(asked) => {
                number(asked).ok_or(RequestError::InvalidVersion)?;
                match asked.parse() {
                    Ok(version) if version >= Self::V2_1 => Ok(version),
                    _ => Err(RequestError::UnsupportedVersion),
                }
            }
        }
    }

    /// The headers of a response by their names, for errors too: the version in both headers, and `Vary`. None for version 2.0.
    ///
    /// ```
    /// use ssh_keypair::os_keypairs::ApiVersion;
    ///
    /// let headers = ApiVersion::V2_10.response_headers();
    /// assert_eq!(headers[0], ("OpenStack-API-Version", "compute 2.10".to_owned()));
    /// ```
    pub fn response_headers(self) -> Vec<(&'static str, String)> {
        if self == Self::V2_0 {
            return Vec::new();
        }
        [
            (HEADER, format!("{SERVICE} {self}")),
            (OLD_HEADER, self.to_string()),
            ("Vary", format!("{HEADER}, {OLD_HEADER}")),
        ]
        .into()
    }
}

/// The version in `compute 2.10`.
fn version_for_service(value: &str) -> Option<&str> {
    let (service, version) = value.trim().split_once(|c: char| c.is_ascii_whitespace())?;
    service.eq_ignore_ascii_case(SERVICE).then(|| version.trim())
}

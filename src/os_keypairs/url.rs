//! Percent-encoding in paths and queries, and the address under which clients see the service.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

/// The address at which clients reach the service: every link begins with it.
///
/// ```
/// use ssh_keypair::os_keypairs::BaseUrl;
///
/// let behind_a_proxy = [("Host", "10.0.0.7"), ("X-Forwarded-Host", "cloud.example"), ("X-Forwarded-Prefix", "/compute")];
/// assert_eq!(BaseUrl::from_headers(behind_a_proxy).to_string(), "http://cloud.example/compute");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// The address by the headers of a request: `X-Forwarded-Proto` (`http` if absent), `X-Forwarded-Host` or else `Host`, and
    /// `X-Forwarded-Prefix`. Of several values that are separated by commas, the first counts. A value with characters that do
    /// not belong there is ignored. Without any host, links are relative to the server.
    ///
    /// Clients follow these links. Pass the `X-Forwarded-*` headers only if a proxy of yours sets them, and drop those of the
    /// client.
    pub fn from_headers<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let (mut scheme, mut host, mut forwarded_host, mut prefix) = ("http", None, None, "");
        for (name, value) in headers {
            let value = value.split(',').next().unwrap_or_default().trim();
            if name.eq_ignore_ascii_case("X-Forwarded-Proto") && matches!(value, "http" | "https") {
                scheme = value;
            } else if name.eq_ignore_ascii_case("Host") && is_host(value) {
                host = Some(value);
            } else if name.eq_ignore_ascii_case("X-Forwarded-Host") && is_host(value) {
                forwarded_host = Some(value);
            } else if name.eq_ignore_ascii_case("X-Forwarded-Prefix") && is_path(value) {
                prefix = value.trim_end_matches('/');
            }
        }
        match forwarded_host.or(host) {
            Some(host) => Self(format!("{scheme}://{host}{prefix}")),
            None => Self(prefix.to_owned()),
        }
    }

    /// The address, without a `/` at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for BaseUrl {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_host(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b))
}

fn is_path(value: &str) -> bool {
    value.starts_with('/') && !value.starts_with("//") && value.bytes().all(|b| is_unreserved(b) || b == b'/')
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Decodes `%41`, and `+` as a space in a query; `None` if the result is not UTF-8. A `%` without two digits stands for itself.
pub(super) fn decode(text: &str, in_query: bool) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        let digits = tail.get(..2).filter(|digits| *byte == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        if let Some(value) = digits.and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()) {
            decoded.push(value);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            decoded.push(if in_query && *byte == b'+' { b' ' } else { *byte });
            rest = tail;
        }
    }
    String::from_utf8(decoded).ok()
}

/// Adds a text to a URL, percent-encoded.
pub(super) fn encode(url: &mut String, text: &str) {
    for byte in text.bytes() {
        if is_unreserved(byte) {
            url.push(byte.into());
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(url, "%{byte:02X}");
        }
    }
}

//! The versions of the compute API.

use crate::error::{Error, ErrorKind, Field};
use core::fmt;
use core::str::FromStr;

/// A version of the compute API, from 2.0 to [`LATEST`](Self::LATEST).
///
/// ```
/// use ssh_keypair::os_keypairs::ApiVersion;
///
/// let version: ApiVersion = "2.10".parse()?;
/// assert!(version > "2.9".parse()?);
/// assert_eq!(version.to_string(), "2.10");
/// assert!("2.105".parse::<ApiVersion>().is_err());
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    minor: u8,
}

impl ApiVersion {
    /// 2.0, the first: the compatibility mode of the path `/v2`. A header cannot ask for it.
    pub const V2_0: Self = Self { minor: 0 };
    /// 2.1, the oldest that a header can ask for, and the version of a request without a header.
    pub const V2_1: Self = Self { minor: 1 };
    /// 2.2, which introduced `type`, the status 201 of a create and an import, and 204 of a delete.
    pub const V2_2: Self = Self { minor: 2 };
    /// 2.10, which introduced `user_id`.
    pub const V2_10: Self = Self { minor: 10 };
    /// 2.35, which introduced the pages of a list.
    pub const V2_35: Self = Self { minor: 35 };
    /// 2.75, which rejects unknown parameters of a query.
    pub const V2_75: Self = Self { minor: 75 };
    /// 2.92, which only imports. Later versions change nothing about key pairs.
    pub const V2_92: Self = Self { minor: 92 };
    /// The latest version that is supported, 2.104. A request for `latest` gets it.
    pub const LATEST: Self = Self { minor: 104 };

    /// The fields of a request.
    pub(super) fn fields(self) -> &'static [&'static str] {
        let fields = &["name", "public_key", "type", "user_id"];
        if self >= Self::V2_10 {
            fields
        } else if self >= Self::V2_2 {
            &fields[..3]
        } else {
            &fields[..2]
        }
    }

    /// Whether unknown fields are ignored, and names may contain any printable character.
    pub(super) fn is_compatibility_mode(self) -> bool {
        self == Self::V2_0
    }

    /// Whether a response has the field `type`.
    #[cfg(feature = "serde")]
    pub(super) fn has_types(self) -> bool {
        self >= Self::V2_2
    }

    pub(super) fn only_imports(self) -> bool {
        self >= Self::V2_92
    }

    /// The HTTP status of a create and an import: 200 up to version 2.1, then 201.
    pub fn create_status(self) -> u16 {
        if self >= Self::V2_2 { 201 } else { 200 }
    }

    /// The HTTP status of a delete, whose response has no body: 202 up to version 2.1, then 204.
    pub fn delete_status(self) -> u16 {
        if self >= Self::V2_2 { 204 } else { 202 }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2.{}", self.minor)
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    /// Parses a version such as `2.10`, from 2.0 to [`LATEST`](Self::LATEST). For the headers of a request, call
    /// [`ApiVersion::from_request`]: there, `latest` is a version too, 2.0 depends on the path, and errors have an HTTP status.
    /// This function is for a setting or a command-line argument, so its error has none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedVersion`].
    fn from_str(text: &str) -> Result<Self, Error> {
        let unsupported = Field::Version.error(ErrorKind::UnsupportedVersion);
        match number(text) {
            Some((2, minor)) if minor <= u64::from(Self::LATEST.minor) => {
                u8::try_from(minor).map(|minor| Self { minor }).map_err(|_| unsupported)
            }
            _ => Err(unsupported),
        }
    }
}

/// The two numbers of a version in its canonical form: `2.10`, but not `2.010` or `2.+10`, which would be printed differently.
/// Numbers of more than 19 digits become the largest number.
pub(super) fn number(text: &str) -> Option<(u64, u64)> {
    let part = |part: &str| {
        let is_canonical =
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
        is_canonical.then(|| part.parse().unwrap_or(u64::MAX))
    };
    let (major, minor) = text.split_once('.')?;
    Some((part(major).filter(|&major| major > 0)?, part(minor)?))
}

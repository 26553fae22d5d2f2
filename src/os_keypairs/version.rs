//! The versions of the compute API.

use crate::error::{Error, ErrorKind, Field};
use core::fmt;
use core::str::FromStr;

/// A version of the compute API, from 2.0 to 2.92.
///
/// ```
/// use ssh_keypair::os_keypairs::ApiVersion;
///
/// let version: ApiVersion = "2.10".parse()?;
/// assert!(version > "2.9".parse()?);
/// assert_eq!(version.to_string(), "2.10");
/// assert!("2.93".parse::<ApiVersion>().is_err());
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    minor: u8,
}

impl ApiVersion {
    /// 2.0, the first.
    pub const V2_0: Self = Self { minor: 0 };
    /// 2.2, which introduced `type` and the status 201.
    pub const V2_2: Self = Self { minor: 2 };
    /// 2.10, which introduced `user_id`. No later version before 2.92 changes a create or an import.
    pub const V2_10: Self = Self { minor: 10 };
    /// 2.92, the last, which only imports.
    pub const V2_92: Self = Self { minor: 92 };

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

    pub(super) fn has_types(self) -> bool {
        self >= Self::V2_2
    }

    pub(super) fn only_imports(self) -> bool {
        self >= Self::V2_92
    }

    /// The HTTP status of a success.
    pub(super) fn status(self) -> u16 {
        if self.has_types() { 201 } else { 200 }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2.{}", self.minor)
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let minor = text.strip_prefix("2.").and_then(|minor| minor.parse().ok());
        match minor.map(|minor| Self { minor }) {
            // A second spelling, `2.010` or `2.+1`, is not printed that way again.
            Some(version) if version <= Self::V2_92 && text.len() == 3 + usize::from(version.minor > 9) => Ok(version),
            _ => Err(Field::Version.error(ErrorKind::UnsupportedVersion)),
        }
    }
}

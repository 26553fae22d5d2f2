//! The type of a key pair.

use crate::error::{Error, ErrorKind, Field, by_name};
use core::fmt;
use core::str::FromStr;

/// The type of a key pair.
///
/// ```
/// use ssh_keypair::keypair::KeyType;
/// assert_eq!("ssh".parse(), Ok(KeyType::Ssh));
/// assert_eq!(KeyType::Ssh.to_string(), "ssh");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// An SSH key.
    #[default]
    Ssh,
    /// An X.509 certificate, and its key.
    #[cfg(feature = "x509")]
    X509,
}

impl KeyType {
    /// All types that are supported.
    pub const ALL: &[Self] = &[
        Self::Ssh,
        #[cfg(feature = "x509")]
        Self::X509,
    ];

    /// The name in a request and a response.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ssh => "ssh",
            #[cfg(feature = "x509")]
            Self::X509 => "x509",
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyType {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        by_name(Self::ALL, Self::as_str, name).map_err(|_| Field::Type.error(ErrorKind::UnsupportedType))
    }
}

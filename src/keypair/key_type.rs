//! The type of a key pair.

use crate::error::{Error, ErrorKind, Field, named};

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

named!(KeyType, Field::Type.error(ErrorKind::UnsupportedType));

//! The answer to a request.

use super::version::ApiVersion;
use crate::error::{Error, ErrorKind, Field};
use crate::keypair::{KeyPair, NewKeyPair};
use alloc::string::String;
use core::fmt;
use zeroize::Zeroizing;

/// The answer to a request. The one place where a private key is serialized, and only in the answer to a create; it is
/// wiped when dropped.
///
/// `Debug` does not show the private key.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// # use ssh_keypair::keypair::{KeyPair, Profile};
/// # use ssh_keypair::os_keypairs::{ApiVersion, Response};
/// # let line = include_str!("../../tests/data/rsa2048.pub");
/// let key_pair = KeyPair::import("laptop", line, None, &Profile::nova())?;
/// let response = Response::new(ApiVersion::V2_10, key_pair);
/// let json = serde_json::to_value(&response).unwrap();
/// assert_eq!(json["keypair"]["name"], "laptop");
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub struct Response {
    pub(super) version: ApiVersion,
    key_pair: KeyPair,
    private_key: Option<Zeroizing<String>>,
}

impl Response {
    /// An answer without a private key: to an import, or to a create whose private key goes another way.
    ///
    /// ```
    /// use ssh_keypair::keypair::{KeyPair, Profile};
    /// use ssh_keypair::os_keypairs::{ApiVersion, Response};
    ///
    /// # let line = include_str!("../../tests/data/rsa2048.pub");
    /// let key_pair = KeyPair::import("laptop", line, None, &Profile::nova())?;
    /// let response = Response::new(ApiVersion::V2_0, key_pair);
    /// assert_eq!(response.status(), 200);
    /// assert!(response.private_key().is_none());
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    pub fn new(version: ApiVersion, key_pair: KeyPair) -> Self {
        Self { version, key_pair, private_key: None }
    }

    /// The answer to a create, with the private key: [`NewKeyPair::private_key_text`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::keypair::{KeyPair, Profile};
    /// use ssh_keypair::os_keypairs::{ApiVersion, Response};
    ///
    /// let new = KeyPair::create("demo", None, &Profile::nova())?;
    /// let response = Response::created(ApiVersion::V2_0, new)?;
    /// assert!(response.private_key().is_some());
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotInThisVersion`] for 2.92, which never answers with a private key.
    pub fn created(version: ApiVersion, new: NewKeyPair) -> Result<Self, Error> {
        if version.only_imports() {
            return Err(Error::new(ErrorKind::NotInThisVersion).in_field(Field::Version));
        }
        let private_key = Some(new.private_key_text()?);
        Ok(Self { version, key_pair: new.key_pair, private_key })
    }

    /// The HTTP status: 200 up to version 2.1, then 201.
    pub fn status(&self) -> u16 {
        self.version.status()
    }

    /// The record: for the store.
    pub fn key_pair(&self) -> &KeyPair {
        &self.key_pair
    }

    /// The record, when the answer is written.
    pub fn into_key_pair(self) -> KeyPair {
        self.key_pair
    }

    /// The private key of a created pair: PEM, or of a certificate the base64 of a PKCS#12.
    pub fn private_key(&self) -> Option<&str> {
        self.private_key.as_ref().map(|pem| pem.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("version", &self.version)
            .field("key_pair", &self.key_pair)
            .finish_non_exhaustive()
    }
}

//! The answer to a request.

use super::version::ApiVersion;
use crate::error::{Error, ErrorKind, Field};
use crate::keypair::{Created, Record};
use alloc::string::String;
use core::fmt;
use zeroize::Zeroizing;

/// The answer to a request: the only type that serializes a private key, and only in the answer to a create. It is wiped when
/// dropped.
///
/// `Debug` does not show the private key.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// # use ssh_keypair::keypair::{Profile, Record};
/// # use ssh_keypair::os_keypairs::{ApiVersion, Response};
/// # let line = include_str!("../../tests/data/rsa2048.pub");
/// let record = Record::import("laptop".parse()?, line, None, &Profile::nova())?;
/// let response = Response::new(ApiVersion::V2_10, record);
/// assert_eq!(response.status(), 201);
/// let json = serde_json::to_value(&response)?;
/// assert_eq!(json["keypair"]["name"], "laptop");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Response {
    version: ApiVersion,
    record: Record,
    private_key: Option<Zeroizing<String>>,
}

impl Response {
    /// An answer without a private key: to an import, or to a create whose private key is returned by other means.
    pub fn new(version: ApiVersion, record: Record) -> Self {
        Self { version, record, private_key: None }
    }

    /// The answer to a create, with the private key: [`Created::private_key_for_response`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::keypair::{Profile, Record};
    /// use ssh_keypair::os_keypairs::{ApiVersion, Response};
    ///
    /// let created = Record::create("demo".parse()?, None, &Profile::nova())?;
    /// let response = Response::created(ApiVersion::V2_0, created)?;
    /// assert!(response.private_key().is_some());
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotInThisVersion`] for 2.92, which never answers with a private key.
    pub fn created(version: ApiVersion, created: Created) -> Result<Self, Error> {
        if version.only_imports() {
            return Err(Field::Version.error(ErrorKind::NotInThisVersion));
        }
        let private_key = Some(created.private_key_for_response()?);
        Ok(Self { version, record: created.record, private_key })
    }

    /// The HTTP status: 200 up to version 2.1, then 201.
    pub fn status(&self) -> u16 {
        self.version.create_status()
    }

    /// The record, for the store.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The record, once the answer is written.
    pub fn into_record(self) -> Record {
        self.record
    }

    /// The private key of a created pair: PEM, or for a certificate the base64 of a PKCS#12.
    pub fn private_key(&self) -> Option<&str> {
        self.private_key.as_ref().map(|text| text.as_str())
    }

    /// Whether the answer has the field `type`.
    #[cfg(feature = "serde")]
    pub(super) fn has_type(&self) -> bool {
        self.version.has_types()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("version", &self.version).field("record", &self.record).finish_non_exhaustive()
    }
}

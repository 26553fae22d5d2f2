//! The request and the response of OpenStack Nova's `POST /os-keypairs`, by API version, and its errors.
//!
//! | version | status | fields of a request | alphabet of names | response body |
//! |---|---|---|---|---|
//! | 2.0, 2.1 | 200 | `name`, `public_key` | basic | without `type` |
//! | 2.2 | 201 | and `type` | basic | with `type` |
//! | 2.10 | 201 | and `user_id` | basic | with `type` |
//! | 2.92 | 201 | `public_key` required | with `@` and `.` | with `type`, never a `private_key` |
//!
//! A request with a `public_key`, even an empty one, is an import; without one, a create. `GET` and `DELETE` of key pairs are
//! out of scope: they need the store only.
//!
//! The `type` is `ssh` or, with the feature `x509`, `x509`: a certificate whose name is the owner's id. See
//! [`KeyType`](crate::keypair::KeyType).
//!
//! With the feature `serde`, a [`RequestBody`] is read from JSON and a [`Response`] is written as JSON. Reading accepts every
//! JSON value: [`Request::new`] rejects a bad one, with the field and the reason.
//!
//! ```
//! # #[cfg(all(feature = "serde", feature = "getrandom"))] {
//! use ssh_keypair::keypair::Profile;
//! use ssh_keypair::os_keypairs::{ApiVersion, Request};
//!
//! let body = serde_json::from_str(r#"{"keypair": {"name": "demo"}}"#)?;
//! let version: ApiVersion = "2.10".parse()?;
//! let profile = Profile::documented();
//! let request = Request::new(&body, version, &profile)?;
//! let response = request.answer(&"the caller's id".parse()?)?;
//! assert_eq!(response.status(), 201);
//! let json = serde_json::to_string(&response)?;
//! # assert!(json.contains("BEGIN RSA PRIVATE KEY"));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The whole handler of a service:
//!
//! ```
//! # #[cfg(all(feature = "serde", feature = "getrandom"))] {
//! use ssh_keypair::keypair::{Profile, UserId};
//! use ssh_keypair::os_keypairs::{ApiVersion, Request, RequestBody, RequestError};
//!
//! fn create_or_import(
//!     body: &RequestBody,
//!     version: ApiVersion,
//!     caller: &UserId,
//!     profile: &Profile, // one for the whole service
//! ) -> Result<(u16, String), RequestError> {
//!     let request = Request::new(body, version, profile)?;
//!     // Check the quota here: RequestError::QuotaExceeded.
//!     let response = request.answer(caller)?; // CPU-bound: spawn_blocking
//!     // Insert response.record() here, under a unique index: RequestError::NameTaken.
//!     let body = serde_json::to_string(&response).expect("a response is JSON"); // contains the private key: wipe it
//!     Ok((response.status(), body))
//! }
//!
//! /// The status and the text of the response.
//! fn post(json: &str, version: ApiVersion, caller: &UserId, profile: &Profile) -> (u16, String) {
//!     let Ok(body) = serde_json::from_str(json) else {
//!         return (400, "Malformed request body".into()); // not JSON
//!     };
//!     create_or_import(&body, version, caller, profile).unwrap_or_else(|error| (error.status(), error.message()))
//! }
//!
//! let (caller, profile) = ("6fc0d2cb".parse()?, Profile::nova());
//! let (status, _) = post(r#"{"keypair": {"name": "demo"}}"#, ApiVersion::V2_10, &caller, &profile);
//! assert_eq!(status, 201);
//!
//! let (status, message) = post(r#"{"keypair": {"name": "a/b"}}"#, ApiVersion::V2_10, &caller, &profile);
//! assert_eq!((status, message.split(',').next()), (400, Some("name")));
//! # }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```

mod body;
mod call;
mod caller;
#[cfg(feature = "serde")]
mod discovery;
mod error;
#[cfg(feature = "serde")]
mod json;
mod list;
mod negotiation;
mod query;
mod request;
mod response;
mod series;
mod show;
mod url;
mod version;

pub use body::RequestBody;
pub use call::{Action, Call};
pub use caller::Caller;
#[cfg(feature = "serde")]
pub use discovery::VersionDocument;
pub use error::{FieldError, RequestError};
pub use list::ListResponse;
pub use query::Query;
pub use request::Request;
pub use response::Response;
pub use show::ShowResponse;
pub use url::BaseUrl;
pub use version::ApiVersion;

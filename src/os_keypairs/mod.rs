//! The request and the response of OpenStack Nova's `POST /os-keypairs`, by API version, and its errors.
//!
//! | version | status | fields of a request | alphabet of names | answer |
//! |---|---|---|---|---|
//! | 2.0, 2.1 | 200 | `name`, `public_key` | basic | without `type` |
//! | 2.2 | 201 | and `type` | basic | with `type` |
//! | 2.10 | 201 | and `user_id` | basic | with `type` |
//! | 2.92 | 201 | `public_key` required | with `@` and `.` | with `type`, never a `private_key` |
//!
//! A request with a `public_key`, even an empty one, is an import; a request without one is a create.
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
//! fn post(json: &str, version: ApiVersion, caller: &UserId) -> Result<(u16, String), RequestError> {
//!     let Ok(body) = serde_json::from_str::<RequestBody>(json) else {
//!         return Ok((400, "Malformed request body".into())); // not JSON
//!     };
//!     let request = Request::new(&body, version, &Profile::nova())?;
//!     // Check the quota here: RequestError::QuotaExceeded.
//!     let response = request.answer(caller)?; // CPU-bound: spawn_blocking
//!     // Insert response.record() here, under a unique index: RequestError::NameTaken.
//!     let body = serde_json::to_string(&response).expect("a response is JSON"); // contains the private key: wipe it
//!     Ok((response.status(), body))
//! }
//!
//! let caller = "6fc0d2cb".parse()?;
//! let (status, _) = post(r#"{"keypair": {"name": "demo"}}"#, ApiVersion::V2_10, &caller).unwrap();
//! assert_eq!(status, 201);
//!
//! let error = post(r#"{"keypair": {"name": "a/b"}}"#, ApiVersion::V2_10, &caller).unwrap_err();
//! assert_eq!((error.status(), error.field()), (400, Some("name")));
//! # }
//! # Ok::<(), ssh_keypair::Error>(())
//! ```

mod body;
mod error;
#[cfg(feature = "serde")]
mod json;
mod request;
mod response;
mod version;

pub use body::RequestBody;
pub use error::{FieldError, RequestError};
pub use request::Request;
pub use response::Response;
pub use version::ApiVersion;

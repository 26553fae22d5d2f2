//! The request and the response of OpenStack Nova's `POST /os-keypairs`, by API version, and its errors.
//!
//! | version | status | fields of a request | alphabet of names | answer |
//! |---|---|---|---|---|
//! | 2.0, 2.1 | 200 | `name`, `public_key` | basic | without `type` |
//! | 2.2 | 201 | and `type` | basic | with `type` |
//! | 2.10 | 201 | and `user_id` | basic | with `type` |
//! | 2.92 | 201 | `public_key` required | with `@` and `.` | with `type`, never a `private_key` |
//!
//! A request with a `public_key`, even an empty one, is an import; without, it is a create.
//!
//! The `type` is `ssh`, or with the feature `x509` also `x509`: a certificate, whose name is the owner's id. See
//! [`KeyType`](crate::keypair::KeyType).
//!
//! With the feature `serde`, a [`RequestBody`] is read from JSON and a [`Response`] is written as JSON. Reading accepts every
//! JSON value, so that it is [`Request::new`] that rejects it, with the field and the reason.
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

//! OpenStack Nova's `os-keypairs`, by API version: everything about it that needs neither network nor store.
//!
//! | | create, import | list | show | delete |
//! |---|---|---|---|---|
//! | method and path | `POST /os-keypairs` | `GET /os-keypairs` | `GET /os-keypairs/NAME` | `DELETE /os-keypairs/NAME` |
//! | | [`Request`], [`Response`] | [`Call`], [`ListResponse`] | [`ShowResponse`] | [`ApiVersion::delete_status`] |
//! | 2.0 | 200; `name` (any printable), `public_key`; unknown fields are ignored | | | 202 |
//! | 2.1 | 200; `name`, `public_key` | | | 202 |
//! | 2.2 | 201; and `type` | and `type` | and `type` | 204 |
//! | 2.10 | 201; and `user_id` | query `user_id` | query `user_id` | 204; query `user_id` |
//! | 2.35 | | query `limit` and `marker`; links | | |
//! | 2.75 | | other parameters are errors | other parameters are errors | other parameters are errors |
//! | 2.92 | `public_key` required; names with `@` and `.`; never a `private_key` | | | |
//!
//! Paths begin with `/v2.1` or `/v2.1/PROJECT`; `/v2` is version 2.0. Later versions, to [`ApiVersion::LATEST`], change nothing
//! about key pairs.
//!
//! A request with a `public_key`, even an empty one, is an import; without one, a create. The `type` is `ssh` or, with the
//! feature `x509`, `x509`: a certificate whose name is the owner's id. See [`KeyType`](crate::keypair::KeyType).
//!
//! With the feature `serde`, a [`RequestBody`] is read from JSON, and responses and errors are written as JSON. Reading accepts
//! every JSON value: [`Request::new`] rejects a bad one, with the field and the reason. [`Profile::nova`] lists every difference
//! from Nova.
//!
//! ```
//! # #[cfg(all(feature = "serde", feature = "getrandom"))] {
//! use ssh_keypair::keypair::Profile;
//! use ssh_keypair::os_keypairs::{ApiVersion, Caller, Request};
//!
//! let body = serde_json::from_str(r#"{"keypair": {"name": "demo"}}"#)?;
//! let version: ApiVersion = "2.10".parse()?;
//! let profile = Profile::documented();
//! let request = Request::new(&body, version, &profile)?;
//! let caller = Caller::new("6fc0d2cb".parse()?, "a1b2c3", "member"); // from Keystone's headers
//! let response = request.answer(&caller)?;
//! assert_eq!(response.status(), 201);
//! let json = serde_json::to_string(&response)?;
//! # assert!(json.contains("BEGIN RSA PRIVATE KEY"));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Profile::nova`]: crate::keypair::Profile::nova
//!
#![doc = include_str!("writing_a_service.md")]

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

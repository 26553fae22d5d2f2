//! JSON, with `serde`: reads a [`RequestBody`] from any value, so that an error can say what is wrong, and writes the responses.

use super::body::{Member, RequestBody};
use super::discovery::VersionDocument;
use super::error::{FieldError, RequestError};
use super::list::ListResponse;
use super::response::Response;
use super::series::ApiSeries;
use super::show::ShowResponse;
use super::version::ApiVersion;
use crate::keypair::{FromAnyValue, Record, Scalar, deserialize_any_value};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess};
use serde::ser::{Serialize, SerializeMap, Serializer};
use zeroize::Zeroizing;

/// `{"keypair": {...}}`, and whatever else may be there.
impl<'de> Deserialize<'de> for RequestBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_any_value(deserializer)
    }
}

impl<'de> FromAnyValue<'de> for RequestBody {
    fn from_scalar(_: Scalar<'_>) -> Self {
        Self::new(Err(RequestError::invalid_field("body", FieldError::NotAnObject)), None)
    }

    fn from_map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let error = |error| RequestError::invalid_field("keypair", error);
        let mut keypair = None;
        let mut misplaced = None;
        while let Some(name) = map.next_key::<String>()? {
            if name != "keypair" {
                map.next_value::<IgnoredAny>()?;
                misplaced.get_or_insert(RequestError::unknown_field(&name));
            } else if keypair.is_some() {
                map.next_value::<IgnoredAny>()?;
                misplaced.get_or_insert(error(FieldError::Duplicate));
            } else {
                keypair = Some(map.next_value::<Members>()?);
            }
        }
        let members = match keypair {
            Some(Members(Some(members))) => Ok(members),
            Some(Members(None)) => Err(error(FieldError::NotAnObject)),
            None => Err(error(FieldError::Missing)),
        };
        Ok(Self::new(members, misplaced))
    }
}

/// The members of an object; `None` for anything else.
struct Members(Option<Vec<Member>>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_any_value(deserializer)
    }
}

impl<'de> FromAnyValue<'de> for Members {
    fn from_scalar(_: Scalar<'_>) -> Self {
        Self(None)
    }

    fn from_map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut members = Vec::new();
        while let Some((name, Text(text))) = map.next_entry()? {
            members.push((name, text));
        }
        Ok(Self(Some(members)))
    }
}

/// A string; `None` for anything else.
struct Text(Option<Zeroizing<String>>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_any_value(deserializer)
    }
}

impl<'de> FromAnyValue<'de> for Text {
    fn from_scalar(scalar: Scalar<'_>) -> Self {
        Self(match scalar {
            Scalar::Text(text) => Some(Zeroizing::new(text.to_owned())),
            _ => None,
        })
    }
}

/// `{"keypair": {...}}`. `type` from version 2.2; `user_id` if the record has one; `private_key` in the answer to a create.
impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct KeyPair<'a>(&'a Response);
        impl Serialize for KeyPair<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self(response) = self;
                let record = response.record();
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("name", record.name())?;
                map.serialize_entry("public_key", record.public_key_for_response())?;
                if let Some(private_key) = response.private_key() {
                    map.serialize_entry("private_key", private_key)?;
                }
                map.serialize_entry("fingerprint", &record.fingerprint_colon_hex())?;
                if let Some(user_id) = record.user_id() {
                    map.serialize_entry("user_id", user_id)?;
                }
                if response.has_type() {
                    map.serialize_entry("type", record.key_type().as_str())?;
                }
                map.end()
            }
        }
        serialize_member(serializer, "keypair", &KeyPair(self))
    }
}

/// An object with one member.
fn serialize_member<S: Serializer>(serializer: S, name: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, value)?;
    map.end()
}

/// `{"badRequest": {"code": 400, "message": ...}}`, with the name of the error's status.
impl Serialize for RequestError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Fault<'a>(&'a RequestError);
        impl Serialize for Fault<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("code", &self.0.status())?;
                map.serialize_entry("message", &self.0.message())?;
                map.end()
            }
        }
        serialize_member(serializer, self.fault_name(), &Fault(self))
    }
}

/// The members of a record that a list shows: `type` from version 2.2, and no `user_id`.
fn serialize_record<M: SerializeMap>(map: &mut M, record: &Record, version: ApiVersion) -> Result<(), M::Error> {
    map.serialize_entry("name", record.name())?;
    map.serialize_entry("public_key", record.public_key_for_response())?;
    map.serialize_entry("fingerprint", &record.fingerprint_colon_hex())?;
    if version.has_types() {
        map.serialize_entry("type", record.key_type().as_str())?;
    }
    Ok(())
}

/// `{"keypair": {...}}`: the members of a list, `user_id` if the record has one, `id`, `created_at`, and `deleted`, `deleted_at`
/// and `updated_at`, which never change.
impl Serialize for ShowResponse<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct KeyPair<'a>(&'a ShowResponse<'a>);
        impl Serialize for KeyPair<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self(shown) = self;
                let mut map = serializer.serialize_map(None)?;
                serialize_record(&mut map, shown.record(), shown.version())?;
                if let Some(user_id) = shown.record().user_id() {
                    map.serialize_entry("user_id", user_id)?;
                }
                map.serialize_entry("id", &shown.id())?;
                map.serialize_entry("created_at", &shown.created_at())?;
                map.serialize_entry("deleted", &false)?;
                map.serialize_entry("deleted_at", &())?;
                map.serialize_entry("updated_at", &())?;
                map.end()
            }
        }
        serialize_member(serializer, "keypair", &KeyPair(self))
    }
}

/// `{"keypairs": [{"keypair": {...}}, ...]}`, and `keypairs_links` if there is a next page.
impl Serialize for ListResponse<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Entry<'a>(&'a Record, ApiVersion);
        impl Serialize for Entry<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize_member(serializer, "keypair", &KeyPair(self.0, self.1))
            }
        }
        struct KeyPair<'a>(&'a Record, ApiVersion);
        impl Serialize for KeyPair<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                serialize_record(&mut map, self.0, self.1)?;
                map.end()
            }
        }
        let entries: Vec<_> = self.records().iter().map(|record| Entry(record, self.version())).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("keypairs", &entries)?;
        if let Some(next) = self.next_page() {
            map.serialize_entry("keypairs_links", &[Link { rel: "next", media_type: None, href: next }])?;
        }
        map.end()
    }
}

struct Link<'a> {
    rel: &'a str,
    media_type: Option<&'a str>,
    href: &'a str,
}

impl Serialize for Link<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("rel", self.rel)?;
        if let Some(media_type) = self.media_type {
            map.serialize_entry("type", media_type)?;
        }
        map.serialize_entry("href", self.href)?;
        map.end()
    }
}

/// `{"versions": [...]}`, or `{"version": {...}}` with a link to the documentation and the media types.
impl Serialize for VersionDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.only() {
            Some(series) => {
                serialize_member(serializer, "version", &Series { series, href: self.href(series), is_whole: true })
            }
            None => {
                let all = ApiSeries::ALL.map(|series| Series { series, href: self.href(series), is_whole: false });
                serialize_member(serializer, "versions", &all)
            }
        }
    }
}

struct Series {
    series: ApiSeries,
    href: String,
    is_whole: bool,
}

impl Serialize for Series {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { series, href, is_whole } = self;
        let mut links = Vec::from([Link { rel: "self", media_type: None, href }]);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", series.id())?;
        map.serialize_entry("status", series.lifecycle())?;
        map.serialize_entry("version", &series.max_version())?;
        map.serialize_entry("min_version", &series.min_version())?;
        map.serialize_entry("updated", series.updated())?;
        if *is_whole {
            links.push(Link { rel: "describedby", media_type: Some("text/html"), href: "https://docs.openstack.org/" });
            map.serialize_entry("media-types", &[MediaType(*series)])?;
        }
        map.serialize_entry("links", &links)?;
        map.end()
    }
}

struct MediaType(ApiSeries);

impl Serialize for MediaType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("base", "application/json")?;
        map.serialize_entry("type", self.0.media_type())?;
        map.end()
    }
}

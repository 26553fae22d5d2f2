//! JSON, with `serde`: reads a [`RequestBody`] from any value, so that an error can say what is wrong, and writes the
//! [`Response`].

use super::body::{Member, RequestBody};
use super::error::{FieldError, RequestError};
use super::response::Response;
use crate::keypair::{FromAnyValue, Scalar, deserialize_any_value};
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
        Self::misnested(RequestError::invalid_field("(the body)", FieldError::NotAnObject))
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
        Ok(match (misplaced, keypair) {
            (Some(misplaced), _) => Self::misnested(misplaced),
            (None, Some(Members(Some(members)))) => Self::nested(members),
            (None, Some(Members(None))) => Self::misnested(error(FieldError::NotAnObject)),
            (None, None) => Self::misnested(error(FieldError::Missing)),
        })
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
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("keypair", &KeyPair(self))?;
        map.end()
    }
}

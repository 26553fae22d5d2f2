//! JSON, by `serde`: any object for a [`RequestBody`], so that a refusal can name what is wrong; and the [`Response`].

use super::error::{Refusal, ShapeError};
use super::request::{Member, RequestBody};
use super::response::Response;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use zeroize::Zeroizing;

/// Implements the visits of what is no string and no object, all with one result, and `visit_seq` after its elements.
macro_rules! visit_others {
    ($result:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON value")
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($result)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($result)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($result)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($result)
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($result)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok($result)
        }
    };
}

/// `{"keypair": {...}}`, and whatever else may stand there.
impl<'de> Deserialize<'de> for RequestBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = RequestBody;
            visit_others!(RequestBody::misnested("(the body)", ShapeError::NotAnObject));

            fn visit_str<E>(self, _: &str) -> Result<RequestBody, E> {
                Ok(RequestBody::misnested("(the body)", ShapeError::NotAnObject))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RequestBody, A::Error> {
                let mut body = RequestBody::misnested("keypair", ShapeError::Missing);
                let mut seen = false;
                let mut refusal = None;
                while let Some(name) = map.next_key::<String>()? {
                    if name != "keypair" {
                        map.next_value::<IgnoredAny>()?;
                        refusal.get_or_insert(Refusal::unknown_field(&name));
                    } else if seen {
                        map.next_value::<IgnoredAny>()?;
                        refusal.get_or_insert(Refusal::shape("keypair", ShapeError::Repeated));
                    } else {
                        seen = true;
                        body = match map.next_value()? {
                            Members(Some(members)) => RequestBody { members, nesting: None },
                            Members(None) => RequestBody::misnested("keypair", ShapeError::NotAnObject),
                        };
                    }
                }
                body.nesting = refusal.or(body.nesting);
                Ok(body)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl RequestBody {
    fn misnested(field: &'static str, error: ShapeError) -> Self {
        Self { members: Vec::new(), nesting: Some(Refusal::shape(field, error)) }
    }
}

/// The members of an object; `None` for anything else.
struct Members(Option<Vec<Member>>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Members;
            visit_others!(Members(None));

            fn visit_str<E>(self, _: &str) -> Result<Members, E> {
                Ok(Members(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some((name, Text(text))) = map.next_entry()? {
                    members.push((name, text));
                }
                Ok(Members(Some(members)))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A string; `None` for anything else.
struct Text(Option<Zeroizing<String>>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Text;
            visit_others!(Text(None));

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(Some(Zeroizing::new(text.to_owned()))))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// `{"keypair": {...}}`. `type` from version 2.2; `user_id` where the record has one; `private_key` in the answer to a
/// create.
impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Record<'a>(&'a Response);
        impl Serialize for Record<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self(response) = self;
                let key_pair = response.key_pair();
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("name", key_pair.name().as_ref())?;
                map.serialize_entry("public_key", key_pair.public_key())?;
                if let Some(private_key) = response.private_key() {
                    map.serialize_entry("private_key", private_key)?;
                }
                map.serialize_entry("fingerprint", key_pair.fingerprint())?;
                if let Some(user_id) = key_pair.user_id() {
                    map.serialize_entry("user_id", user_id)?;
                }
                if response.version.has_types() {
                    map.serialize_entry("type", key_pair.key_type().as_str())?;
                }
                map.end()
            }
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("keypair", &Record(self))?;
        map.end()
    }
}

//! Names, ids and records as `serde` reads and writes them.
//!
//! The docs of [`Record`] list the members of its map, which are part of the public API.
//!
//! No error quotes a value or the name of a member.

use super::any_value::{FromAnyValue, Scalar, deserialize_any_value};
use super::key_type::KeyType;
use super::name::{KeyPairName, NameAlphabet};
use super::record::Record;
use super::stored::StoredRecord;
use super::user_id::UserId;
use crate::audit::{Findings, Weakness};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess};
use serde::ser::{Serialize, SerializeMap, Serializer};

impl Serialize for KeyPairName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A name in any alphabet.
impl<'de> Deserialize<'de> for KeyPairName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Text(name) => Self::new(&name, NameAlphabet::WIDEST).map_err(D::Error::custom),
            _ => Err(D::Error::custom("name: not a string")),
        }
    }
}

impl Serialize for UserId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for UserId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Text(id) => Self::try_from(id).map_err(D::Error::custom),
            _ => Err(D::Error::custom("user id: not a string")),
        }
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", self.name())?;
        if let Some(user_id) = self.user_id() {
            map.serialize_entry("user_id", user_id)?;
        }
        map.serialize_entry("type", self.key_type().as_str())?;
        map.serialize_entry("public_key", self.public_key())?;
        if self.public_key_for_response() != self.public_key() {
            map.serialize_entry("public_key_for_response", self.public_key_for_response())?;
        }
        map.serialize_entry("fingerprint", &self.fingerprint_colon_hex())?;
        if !self.findings().is_empty() {
            let names: Vec<_> = self.findings().iter().map(Weakness::name).collect();
            map.serialize_entry("findings", &names)?;
        }
        if let Some(list) = self.findings().list() {
            map.serialize_entry("denylist", &list)?;
        }
        if let Some(normalization) = self.normalization() {
            map.serialize_entry("normalization", normalization.name())?;
        }
        map.end()
    }
}

/// Loads a record from a format that describes itself, such as JSON, with the checks of [`Record::from_stored`]. Members, and
/// names of findings, that this version of the crate does not have are ignored: a later one may have stored them.
impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Value::Map(members) = Value::deserialize(deserializer)? else {
            return Err(D::Error::custom("a record: not a map"));
        };
        let members = Members(members);
        let weaknesses = members.texts("findings").map_err(D::Error::custom)?;
        let findings: Findings = weaknesses.iter().filter_map(|name| name.parse().ok()).collect();
        let list = members.number("denylist").map_err(D::Error::custom)?;
        let normalization = members.text("normalization").map_err(D::Error::custom)?;
        let key_type = members.required_text("type").map_err(D::Error::custom)?;
        Self::from_stored(&StoredRecord {
            name: members.required_text("name").map_err(D::Error::custom)?,
            user_id: members.text("user_id").map_err(D::Error::custom)?,
            key_type: key_type.parse::<KeyType>().map_err(D::Error::custom)?,
            public_key: members.required_text("public_key").map_err(D::Error::custom)?,
            public_key_for_response: members.text("public_key_for_response").map_err(D::Error::custom)?,
            fingerprint: Some(members.required_text("fingerprint").map_err(D::Error::custom)?),
            findings: list.map_or(findings, |list| findings.with_list(list)),
            normalization: normalization.and_then(|name| name.parse().ok()),
        })
        .map_err(D::Error::custom)
    }
}

/// A value of a stored record.
enum Value {
    Text(String),
    Number(u64),
    List(Vec<Value>),
    /// The names and the values, in their order.
    Map(Vec<(String, Value)>),
    Null,
    Other,
}

impl Value {
    fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl<'de> FromAnyValue<'de> for Value {
    fn from_scalar(scalar: Scalar<'_>) -> Self {
        match scalar {
            Scalar::Text(text) => Self::Text(text.to_owned()),
            Scalar::Number(number) => Self::Number(number),
            Scalar::Null => Self::Null,
            Scalar::Other => Self::Other,
        }
    }

    fn from_list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Self::List(values))
    }

    fn from_map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<Self, Self>()? {
            if let Self::Text(name) = name {
                members.push((name, value));
            }
        }
        Ok(Self::Map(members))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_any_value(deserializer)
    }
}

/// The members of a stored record.
struct Members(Vec<(String, Value)>);

impl Members {
    /// A member that is given once, and is not null.
    fn get(&self, name: &'static str) -> Result<Option<&Value>, MemberError> {
        let mut found = self.0.iter().filter(|(member, _)| member == name);
        match (found.next(), found.next()) {
            (None, _) | (Some((_, Value::Null)), None) => Ok(None),
            (Some((_, value)), None) => Ok(Some(value)),
            (Some(_), Some(_)) => Err(MemberError { name, reason: "duplicate" }),
        }
    }

    fn text(&self, name: &'static str) -> Result<Option<&str>, MemberError> {
        match self.get(name)? {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(MemberError { name, reason: "not a string" }),
            None => Ok(None),
        }
    }

    fn required_text(&self, name: &'static str) -> Result<&str, MemberError> {
        self.text(name)?.ok_or(MemberError { name, reason: "required, but missing" })
    }

    fn number(&self, name: &'static str) -> Result<Option<u8>, MemberError> {
        match self.get(name)? {
            Some(Value::Number(number)) => {
                u8::try_from(*number).map(Some).map_err(|_| MemberError { name, reason: "too large" })
            }
            Some(_) => Err(MemberError { name, reason: "not a number" }),
            None => Ok(None),
        }
    }

    /// The strings in a list.
    fn texts(&self, name: &'static str) -> Result<Vec<&str>, MemberError> {
        let error = MemberError { name, reason: "not a list of strings" };
        let values = match self.get(name)? {
            Some(Value::List(values)) => values.as_slice(),
            Some(_) => return Err(error),
            None => &[],
        };
        values.iter().map(Value::as_text).collect::<Option<_>>().ok_or(error)
    }
}

/// The error of a member, by its name in this file.
struct MemberError {
    name: &'static str,
    reason: &'static str,
}

impl core::fmt::Display for MemberError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.name, self.reason)
    }
}

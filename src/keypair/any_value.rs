//! Reading values of any type with `serde`.
//!
//! The errors of `serde` and of its formats quote the value that they did not expect, and what was expected may be a public key
//! with a private one in its place. So every value is read, whatever its type, and a wrong one is reported by the reader.

use core::fmt;
use core::marker::PhantomData;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A value that is neither a list nor a map.
#[derive(Clone, Copy)]
pub(crate) enum Scalar<'a> {
    Text(&'a str),
    Number(u64),
    Null,
    /// Any other value, and a list or a map that was not expected.
    Other,
}

/// A type that is read from a value of any type.
pub(crate) trait FromAnyValue<'de>: Sized {
    fn from_scalar(scalar: Scalar<'_>) -> Self;

    fn from_list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::from_scalar(Scalar::Other))
    }

    fn from_map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::from_scalar(Scalar::Other))
    }
}

/// Reads a value from a format that describes itself, such as JSON.
pub(crate) fn deserialize_any_value<'de, D: Deserializer<'de>, T: FromAnyValue<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(AnyValue(PhantomData))
}

struct AnyValue<T>(PhantomData<T>);

/// Declares the visitor methods for values that are ignored.
macro_rules! visit_others {
    ($($visit:ident: $value:ty;)+) => {
        $(fn $visit<E>(self, _: $value) -> Result<T, E> {
            Ok(T::from_scalar(Scalar::Other))
        })+
    };
}

impl<'de, T: FromAnyValue<'de>> Visitor<'de> for AnyValue<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    visit_others! {
        visit_bool: bool;
        visit_i128: i128;
        visit_u128: u128;
        visit_f64: f64;
        visit_bytes: &[u8];
    }

    fn visit_i64<E>(self, number: i64) -> Result<T, E> {
        Ok(T::from_scalar(u64::try_from(number).map_or(Scalar::Other, Scalar::Number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<T, E> {
        Ok(T::from_scalar(Scalar::Number(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::from_scalar(Scalar::Text(text)))
    }

    fn visit_none<E>(self) -> Result<T, E> {
        Ok(T::from_scalar(Scalar::Null))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::from_scalar(Scalar::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserialize_any_value(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserialize_any_value(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::from_list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::from_map(map)
    }
}

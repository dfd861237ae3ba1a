//! From attributes to a type, which reads them where they are.

use super::{Attributes, Item, Mismatch, Value};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use std::slice;

/// A row's attributes, or those of a map within it.
pub(super) struct Members<'a>(pub(super) &'a Item);

struct One<'a>(&'a Value);

struct Entries<'a> {
    left: Attributes<'a>,
    value: Option<&'a Value>,
}

/// The name of a member, which is a number where a map has such keys.
struct Named<'a>(&'a str);

struct Elements<'a>(slice::Iter<'a, Value>);

/// A variant's name, and what it holds.
struct Chosen<'a> {
    variant: &'a str,
    content: Option<&'a Value>,
}

fn entries(item: &Item) -> Entries<'_> {
    Entries { left: item.iter(), value: None }
}

fn number<'a, V: Visitor<'a>>(digits: &str, visitor: V) -> Result<V::Value, Mismatch> {
    if let Ok(number) = digits.parse::<u64>() {
        return visitor.visit_u64(number);
    }
    if let Ok(number) = digits.parse::<i64>() {
        return visitor.visit_i64(number);
    }
    let number = digits.parse::<f64>().map_err(|_| Mismatch::custom(format!("{digits:?} is no number")))?;
    visitor.visit_f64(number)
}

impl<'de> Deserializer<'de> for One<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::S(text) => visitor.visit_borrowed_str(text),
            Value::N(digits) => number(digits, visitor),
            Value::B(bytes) => visitor.visit_borrowed_bytes(bytes),
            Value::Bool(is) => visitor.visit_bool(*is),
            Value::Null => visitor.visit_unit(),
            Value::L(values) => visitor.visit_seq(Elements(values.iter())),
            Value::M(item) => visitor.visit_map(entries(item)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::S(variant) => visitor.visit_enum(Chosen { variant, content: None }),
            Value::M(item) => {
                let mut members = item.iter();
                match (members.next(), members.next()) {
                    (Some((variant, content)), None) => visitor.visit_enum(Chosen { variant, content: Some(content) }),
                    _ => Err(Mismatch::custom("a variant is named by one member")),
                }
            }
            _ => Err(Mismatch::custom("a variant is a text or a map")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

impl<'de> Deserializer<'de> for Members<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_map(entries(self.0))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

macro_rules! numbers {
    ($($call:ident $visit:ident),* $(,)?) => {$(
        fn $call<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            match self.0.parse() {
                Ok(number) => visitor.$visit(number),
                Err(_) => visitor.visit_borrowed_str(self.0),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Named<'de> {
    type Error = Mismatch;

    numbers!(
        deserialize_i8 visit_i8,
        deserialize_i16 visit_i16,
        deserialize_i32 visit_i32,
        deserialize_i64 visit_i64,
        deserialize_u8 visit_u8,
        deserialize_u16 visit_u16,
        deserialize_u32 visit_u32,
        deserialize_u64 visit_u64,
    );

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_enum(Chosen { variant: self.0, content: None })
    }

    forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

impl<'a> MapAccess<'a> for Entries<'a> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        let Some((name, value)) = self.left.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Named(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        let value = self.value.take().ok_or_else(|| Mismatch::custom("a value without its key"))?;
        seed.deserialize(One(value))
    }
}

impl<'a> SeqAccess<'a> for Elements<'a> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        self.0.next().map(|value| seed.deserialize(One(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

impl<'a> EnumAccess<'a> for Chosen<'a> {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'a>>(self, seed: V) -> Result<(V::Value, Self), Mismatch> {
        let variant = seed.deserialize(BorrowedStrDeserializer::<Mismatch>::new(self.variant))?;
        Ok((variant, self))
    }
}

impl<'a> Chosen<'a> {
    fn content(self) -> Result<One<'a>, Mismatch> {
        self.content.map(One).ok_or_else(|| Mismatch::custom(format!("{:?} holds nothing", self.variant)))
    }
}

impl<'a> VariantAccess<'a> for Chosen<'a> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        self.content.map_or(Ok(()), |content| <()>::deserialize(One(content)))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Result<T::Value, Mismatch> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.content()?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'a>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mismatch> {
        self.content()?.deserialize_any(visitor)
    }
}

//! From a type to its attributes.

use super::{Item, Mismatch, Name, Value};
use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use std::borrow::Cow;

/// Makes a value of what it is given.
pub(super) struct Values;

/// A sequence, and the variant whose content it is.
pub(super) struct Elements {
    values: Vec<Value>,
    variant: Option<&'static str>,
}

/// Members, and the variant whose content they are.
pub(super) struct Members {
    item: Item,
    variant: Option<&'static str>,
    /// The name whose value comes next.
    name: Option<Name>,
}

fn of_variant(variant: Option<&'static str>, content: Value) -> Value {
    match variant {
        Some(variant) => Value::M(Item::from([(Cow::Borrowed(variant), content)])),
        None => content,
    }
}

fn elements(length: usize, variant: Option<&'static str>) -> Elements {
    Elements { values: Vec::with_capacity(length), variant }
}

fn members(length: usize, variant: Option<&'static str>) -> Members {
    Members { item: Item::with_capacity(length), variant, name: None }
}

macro_rules! numbers {
    ($($call:ident $number:ty),* $(,)?) => {$(
        fn $call(self, number: $number) -> Result<Value, Mismatch> {
            Ok(Value::N(number.to_string()))
        }
    )*};
}

impl Serializer for Values {
    type Ok = Value;
    type Error = Mismatch;
    type SerializeSeq = Elements;
    type SerializeTuple = Elements;
    type SerializeTupleStruct = Elements;
    type SerializeTupleVariant = Elements;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Members;

    numbers!(
        serialize_i8 i8,
        serialize_i16 i16,
        serialize_i32 i32,
        serialize_i64 i64,
        serialize_u8 u8,
        serialize_u16 u16,
        serialize_u32 u32,
        serialize_u64 u64,
        serialize_f32 f32,
        serialize_f64 f64,
    );

    fn serialize_bool(self, is: bool) -> Result<Value, Mismatch> {
        Ok(Value::Bool(is))
    }

    fn serialize_char(self, character: char) -> Result<Value, Mismatch> {
        Ok(Value::S(character.to_string()))
    }

    fn serialize_str(self, text: &str) -> Result<Value, Mismatch> {
        Ok(Value::S(text.to_owned()))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value, Mismatch> {
        Ok(Value::B(bytes.to_owned()))
    }

    fn serialize_none(self) -> Result<Value, Mismatch> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Mismatch> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Mismatch> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Mismatch> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Value, Mismatch> {
        Ok(Value::S(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Value, Mismatch> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, Mismatch> {
        Ok(of_variant(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Elements, Mismatch> {
        Ok(elements(length.unwrap_or_default(), None))
    }

    fn serialize_tuple(self, length: usize) -> Result<Elements, Mismatch> {
        Ok(elements(length, None))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Elements, Mismatch> {
        Ok(elements(length, None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Elements, Mismatch> {
        Ok(elements(length, Some(variant)))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Members, Mismatch> {
        Ok(members(length.unwrap_or_default(), None))
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Members, Mismatch> {
        Ok(members(length, None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Members, Mismatch> {
        Ok(members(length, Some(variant)))
    }
}

macro_rules! sequences {
    ($($kind:ident $call:ident),* $(,)?) => {$(
        impl $kind for Elements {
            type Ok = Value;
            type Error = Mismatch;

            fn $call<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Mismatch> {
                self.values.push(value.serialize(Values)?);
                Ok(())
            }

            fn end(self) -> Result<Value, Mismatch> {
                Ok(of_variant(self.variant, Value::L(self.values)))
            }
        }
    )*};
}

sequences!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
);

macro_rules! structs {
    ($($kind:ident),* $(,)?) => {$(
        impl $kind for Members {
            type Ok = Value;
            type Error = Mismatch;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Mismatch> {
                self.item.insert(Cow::Borrowed(name), value.serialize(Values)?);
                Ok(())
            }

            fn end(self) -> Result<Value, Mismatch> {
                Ok(of_variant(self.variant, Value::M(self.item)))
            }
        }
    )*};
}

structs!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Members {
    type Ok = Value;
    type Error = Mismatch;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Mismatch> {
        match key.serialize(Values)? {
            Value::S(name) | Value::N(name) => self.name = Some(Cow::Owned(name)),
            _ => return Err(Mismatch::custom("the key of a map is a text or a number")),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Mismatch> {
        let name = self.name.take().ok_or_else(|| Mismatch::custom("a value without its key"))?;
        self.item.insert(name, value.serialize(Values)?);
        Ok(())
    }

    fn end(self) -> Result<Value, Mismatch> {
        Ok(Value::M(self.item))
    }
}

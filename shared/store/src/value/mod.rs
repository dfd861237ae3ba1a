//! One attribute of a row, and a row's attributes: ordered, so that a seed is played the same in every process.
//!
//! What serde makes of a value, in `DynamoDB`'s types: a number of any kind is `N`, a text or the name of a variant
//! without content `S`, bytes `B`, a sequence `L`, a struct or map `M`, a variant with content an `M` with one member,
//! nothing at all `Null`.

mod de;
mod item;
mod ser;

use serde::de::Deserialize;
use serde::ser::Serialize;
use std::borrow::Cow;
use std::fmt;

/// An attribute's name.
pub type Name = Cow<'static, str>;

pub use item::{Attributes, Item};

/// One attribute. A number is kept as its digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    S(String),
    N(String),
    B(Vec<u8>),
    Bool(bool),
    Null,
    L(Vec<Value>),
    M(Item),
}

/// Why a value is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch(String);

impl Value {
    pub fn as_text(&self) -> Option<&str> {
        if let Self::S(text) = self { Some(text) } else { None }
    }

    /// The digits of a number.
    pub fn as_number(&self) -> Option<&str> {
        if let Self::N(number) = self { Some(number) } else { None }
    }

    pub fn as_map(&self) -> Option<&Item> {
        if let Self::M(map) = self { Some(map) } else { None }
    }

    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }
}

/// # Errors
/// What cannot be an attribute.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, Mismatch> {
    value.serialize(ser::Values)
}

/// The attributes of a struct or a map. Nothing at all is `Null`.
///
/// # Errors
/// What has no attributes, or cannot be one.
pub fn to_item<T: Serialize + ?Sized>(row: &T) -> Result<Item, Mismatch> {
    match to_value(row)? {
        Value::M(item) => Ok(item),
        _ => Err(Mismatch("a row has members".to_owned())),
    }
}

/// # Errors
/// An unknown word, a missing attribute, an attribute of another type.
pub fn from_item<'a, T: Deserialize<'a>>(item: &'a Item) -> Result<T, Mismatch> {
    T::deserialize(de::Members(item))
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

impl serde::ser::Error for Mismatch {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl serde::de::Error for Mismatch {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

#[cfg(test)]
mod tests;

//! Rows as structs, and single attributes.

use crate::error::StoreError;
use crate::value::{self, Item, Value};
use domain::clock::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Borrow;

/// Absent values are `Null`, which writers leave out or remove.
///
/// # Errors
/// `Unreadable`: what has no attributes.
pub fn to_item<T: Serialize>(row: &T) -> Result<Item, StoreError> {
    value::to_item(row).map_err(StoreError::unreadable)
}

/// # Errors
/// `Unreadable`: what cannot be an attribute.
pub fn to_value<T: Serialize>(row: &T) -> Result<Value, StoreError> {
    value::to_value(row).map_err(StoreError::unreadable)
}

/// # Errors
/// `Unreadable` with the row's key: an unknown word, a newer schema, a missing attribute.
pub fn from_item<T: DeserializeOwned>(item: impl Borrow<Item>) -> Result<T, StoreError> {
    let item = item.borrow();
    value::from_item(item).map_err(|error| StoreError::Unreadable(format!("{}: {error}", place(item))))
}

pub fn text(value: impl Into<String>) -> Value {
    Value::S(value.into())
}

pub fn number<T: ToString + Copy>(value: T) -> Value {
    Value::N(value.to_string())
}

pub fn time(at: Timestamp) -> Value {
    number(at.millis())
}

/// For the table's own deletion, in seconds; it comes late, and readers compare `expires_at` themselves.
pub fn ttl(expires_at: Timestamp) -> Value {
    number(expires_at.millis().div_euclid(1_000).saturating_add(1))
}

/// A text attribute that every row of its kind has.
///
/// # Errors
/// `Unreadable` with the row's key, where it is not there.
pub fn text_of<'a>(item: &'a Item, name: &str) -> Result<&'a str, StoreError> {
    let value = item.get(name).and_then(Value::as_text);
    value.ok_or_else(|| StoreError::Unreadable(format!("{}: no {name}", place(item))))
}

/// A number attribute that every row of its kind has.
///
/// # Errors
/// `Unreadable` with the row's key, where it is not there.
pub fn number_of(item: &Item, name: &str) -> Result<i64, StoreError> {
    let value = item.get(name).and_then(Value::as_number).and_then(|number| number.parse().ok());
    value.ok_or_else(|| StoreError::Unreadable(format!("{}: no {name}", place(item))))
}

/// Whether the writer with this stamp wrote the item last.
pub fn is_stamped(item: &Item, attribute: &str, stamp: &str) -> bool {
    item.get(attribute).and_then(Value::as_text) == Some(stamp)
}

fn place(item: &Item) -> String {
    let part = |name: &str| item.get(name).and_then(Value::as_text).unwrap_or("?");
    format!("{} {}", part("pk"), part("sk"))
}

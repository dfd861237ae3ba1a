//! Items as rows of `wire::stored`, and single attributes.

use crate::error::unreadable;
use app::ports::StoreError;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::clock::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

pub(crate) type Item = HashMap<String, AttributeValue>;

/// Absent values are `Null`, for whoever writes to leave out or to remove.
pub(crate) fn to_item<T: Serialize>(row: &T) -> Result<Item, StoreError> {
    serde_dynamo::to_item(row).map_err(unreadable)
}

pub(crate) fn to_value<T: Serialize>(row: &T) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(row).map_err(unreadable)
}

/// # Errors
/// `Unreadable` with the row's key: an unknown word, a newer schema, a missing attribute.
pub(crate) fn from_item<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    let place = place(&item);
    serde_dynamo::from_item(item).map_err(|error| StoreError::Unreadable(format!("{place}: {error}")))
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number<T: ToString + Copy>(value: T) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn time(at: Timestamp) -> AttributeValue {
    number(at.millis())
}

/// For the table's own deletion, in seconds; it comes late, and readers compare `expires_at` themselves.
pub(crate) fn ttl(expires_at: Timestamp) -> AttributeValue {
    number(expires_at.millis().div_euclid(1_000).saturating_add(1))
}

/// A text attribute that every row of its kind has.
pub(crate) fn text_of<'a>(item: &'a Item, name: &str) -> Result<&'a str, StoreError> {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.map(String::as_str).ok_or_else(|| StoreError::Unreadable(format!("{}: no {name}", place(item))))
}

/// A number attribute that every row of its kind has.
pub(crate) fn number_of(item: &Item, name: &str) -> Result<i64, StoreError> {
    let value = item.get(name).and_then(|value| value.as_n().ok()).and_then(|number| number.parse().ok());
    value.ok_or_else(|| StoreError::Unreadable(format!("{}: no {name}", place(item))))
}

/// Whether the writer with this stamp wrote the item last.
pub(crate) fn is_stamped(item: &Item, attribute: &str, stamp: &str) -> bool {
    item.get(attribute).and_then(|value| value.as_s().ok()).is_some_and(|written| written == stamp)
}

fn place(item: &Item) -> String {
    let part = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).map_or("?", String::as_str);
    format!("{} {}", part("pk"), part("sk"))
}

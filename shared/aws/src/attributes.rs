//! Rows as the service's SDK has them.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;
use store::{Item, StoreError, Value};

/// A row as the SDK has it.
pub(crate) type Attributes = HashMap<String, AttributeValue>;

pub(crate) fn to_sdk(item: Item) -> Attributes {
    item.into_iter().map(|(name, value)| (name.into_owned(), value_to_sdk(value))).collect()
}

pub(crate) fn value_to_sdk(value: Value) -> AttributeValue {
    match value {
        Value::S(text) => AttributeValue::S(text),
        Value::N(number) => AttributeValue::N(number),
        Value::B(bytes) => AttributeValue::B(Blob::new(bytes)),
        Value::Bool(is) => AttributeValue::Bool(is),
        Value::Null => AttributeValue::Null(true),
        Value::L(values) => AttributeValue::L(values.into_iter().map(value_to_sdk).collect()),
        Value::M(item) => AttributeValue::M(to_sdk(item)),
    }
}

/// # Errors
/// `Unreadable`: a type that no row of ours has.
pub(crate) fn of_sdk(attributes: Attributes) -> Result<Item, StoreError> {
    attributes.into_iter().map(|(name, value)| Ok((name.into(), value_of_sdk(value)?))).collect()
}

pub(crate) fn all_of_sdk(rows: Option<Vec<Attributes>>) -> Result<Vec<Item>, StoreError> {
    rows.unwrap_or_default().into_iter().map(of_sdk).collect()
}

fn value_of_sdk(value: AttributeValue) -> Result<Value, StoreError> {
    Ok(match value {
        AttributeValue::S(text) => Value::S(text),
        AttributeValue::N(number) => Value::N(number),
        AttributeValue::B(bytes) => Value::B(bytes.into_inner()),
        AttributeValue::Bool(is) => Value::Bool(is),
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::L(values) => Value::L(values.into_iter().map(value_of_sdk).collect::<Result<_, _>>()?),
        AttributeValue::M(map) => Value::M(of_sdk(map)?),
        _ => return Err(StoreError::Unreadable("an attribute of a type that no row has".to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_goes_to_the_service_and_comes_back() {
        let within = Item::from([("bytes".into(), Value::B(vec![0, 255])), ("none".into(), Value::Null)]);
        let list = Value::L(vec![Value::N("1.50".to_owned()), Value::Bool(true), Value::M(within)]);
        let item = Item::from([("pk".into(), Value::S("A".to_owned())), ("list".into(), list)]);
        assert_eq!(of_sdk(to_sdk(item.clone())), Ok(item));
        let set = Attributes::from([("set".to_owned(), AttributeValue::Ss(vec!["a".to_owned()]))]);
        assert!(matches!(of_sdk(set), Err(StoreError::Unreadable(_))), "no row has sets");
    }
}

//! Numbers that may be written as texts, as they are described.

use serde::Serialize;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// An amount, a price, a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberOrText(pub String);

/// How many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountOrText(pub String);

/// What a parameter is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberOrWord(pub String);

fn one_of<const N: usize>(types: [Type; N], description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from_iter(types)).description(Some(description))
}

impl PartialSchema for NumberOrText {
    fn schema() -> RefOr<Schema> {
        one_of([Type::String, Type::Number], "A number, or the same as text: `0.001` or `\"0.001\"`.").into()
    }
}

impl PartialSchema for CountOrText {
    fn schema() -> RefOr<Schema> {
        let count = one_of([Type::String, Type::Integer], "A whole number, or the same as text: `3` or `\"3\"`.");
        count.minimum(Some(0)).into()
    }
}

impl PartialSchema for NumberOrWord {
    fn schema() -> RefOr<Schema> {
        let said = "A number or a word; a number may be written as text, and null is as if it were left out.";
        one_of([Type::String, Type::Number, Type::Null], said).into()
    }
}

impl ToSchema for NumberOrText {}
impl ToSchema for CountOrText {}
impl ToSchema for NumberOrWord {}

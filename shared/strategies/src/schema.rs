//! What can be told to strategies, as JSON Schema 2020-12, for programs and forms.

use crate::parameters::{Kind, Parameter};
use serde_json::{Value, json};

/// The dialect of all schemas here.
pub(crate) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

pub(crate) fn of_parameter(parameter: &Parameter) -> Value {
    let mut schema = of_kind(&parameter.kind);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), parameter.doc.into());
    }
    schema
}

pub(crate) fn of_kind(kind: &Kind) -> Value {
    match kind {
        Kind::Whole { least, most, default } => {
            json!({"type": "integer", "minimum": least, "maximum": most, "default": default})
        }
        Kind::Number { least, most, default } => {
            json!({"type": "number", "minimum": least, "maximum": most, "default": default})
        }
        Kind::Choice(words) => json!({"type": "string", "enum": words, "default": words.first()}),
    }
}

//! As much of JSON Schema 2020-12 as is used here, by the book: what is not known to it is told.

use serde_json::Value;

/// Whether a value is what the schema says; `root` holds its definitions.
pub(crate) fn is_valid(root: &Value, schema: &Value, value: &Value) -> bool {
    schema.as_object().unwrap().iter().all(|(word, told)| holds(root, schema, word, told, value))
}

fn holds(root: &Value, schema: &Value, word: &str, told: &Value, value: &Value) -> bool {
    let of = |schema: &Value, value: &Value| is_valid(root, schema, value);
    match word {
        "$ref" => of(root.pointer(told.as_str().unwrap().trim_start_matches('#')).unwrap(), value),
        "type" => is_of_type(told.as_str().unwrap(), value),
        "const" => value == told,
        "enum" => told.as_array().unwrap().contains(value),
        "minimum" => value.as_f64().is_none_or(|number| number >= told.as_f64().unwrap()),
        "maximum" => value.as_f64().is_none_or(|number| number <= told.as_f64().unwrap()),
        "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= told.as_u64().unwrap()),
        "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= told.as_u64().unwrap()),
        "items" => value.as_array().is_none_or(|items| items.iter().all(|item| of(told, item))),
        "required" => value.as_object().is_none_or(|object| {
            told.as_array().unwrap().iter().all(|name| object.contains_key(name.as_str().unwrap()))
        }),
        "properties" => value.as_object().is_none_or(|object| {
            told.as_object()
                .unwrap()
                .iter()
                .all(|(name, schema)| object.get(name).is_none_or(|value| of(schema, value)))
        }),
        "additionalProperties" => {
            assert_eq!(told, false);
            let known = schema["properties"].as_object().unwrap();
            value.as_object().is_none_or(|object| object.keys().all(|name| known.contains_key(name)))
        }
        "oneOf" => told.as_array().unwrap().iter().filter(|one| of(one, value)).count() == 1,
        "$schema" | "$defs" | "title" | "description" | "default" => true,
        _ => unreachable!("{word}"),
    }
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => unreachable!("{name}"),
    }
}

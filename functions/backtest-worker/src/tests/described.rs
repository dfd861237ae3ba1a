//! What the document says of an answer, held against one: as much of JSON Schema as is written of such.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Members by their schema's name: `PlayedFill.level`.
pub(super) type Members = BTreeSet<String>;

/// Schemas by their names.
pub(super) struct Described {
    schemas: Map<String, Value>,
    /// Of whoever reads by the book: members that are not known are taken.
    takes_more: bool,
}

impl Described {
    /// With all that it names.
    pub(super) fn of<T: ToSchema>() -> Self {
        let mut schemas = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut schemas);
        let schemas = schemas.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
        Self { schemas, takes_more: false }
    }

    pub(super) fn taking_more(self) -> Self {
        Self { takes_more: true, ..self }
    }

    /// All that may be told.
    pub(super) fn members(&self) -> Members {
        let named = |(name, schema): (&String, &Value)| -> Vec<String> {
            let members = schema["properties"].as_object().into_iter().flatten();
            members.map(|(member, _)| format!("{name}.{member}")).collect()
        };
        self.schemas.iter().flat_map(named).collect()
    }

    /// Which members a value has of what is named so, or what of it is not as it is described.
    pub(super) fn held(&self, name: &str, value: &Value) -> Result<Members, String> {
        self.met(name, &self.schemas[name], value)
    }

    fn met(&self, name: &str, schema: &Value, value: &Value) -> Result<Members, String> {
        if let Some(named) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return self.held(named, value);
        }
        if let Some(branches) = schema["oneOf"].as_array() {
            let mut met: Vec<_> = branches.iter().map(|branch| self.met(name, branch, value)).collect();
            let wrong = format!("{name}: {value} is as {:?}", met.iter().map(Result::is_ok).collect::<Vec<_>>());
            met.retain(Result::is_ok);
            return if met.len() == 1 { met.remove(0) } else { Err(wrong) };
        }
        let types = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
        if !types.iter().any(|known| is_of_type(known.as_str().unwrap(), value)) {
            return Err(format!("{name}: {value} is none of {types:?}"));
        }
        match value {
            Value::Object(members) => self.object(name, schema, members),
            Value::Array(items) => all(items.iter().map(|item| self.met(name, &schema["items"], item))),
            _ => Ok(Members::new()),
        }
    }

    fn object(&self, name: &str, schema: &Value, members: &Map<String, Value>) -> Result<Members, String> {
        let mut required = schema["required"].as_array().into_iter().flatten();
        if let Some(missing) = required.find(|needed| !members.contains_key(needed.as_str().unwrap())) {
            return Err(format!("{name}: {missing} is missing"));
        }
        all(members.iter().map(|(member, value)| {
            match (schema["properties"].get(member), schema.get("additionalProperties")) {
                (Some(known), _) => self.met(name, known, value).map(|met| &met | &[format!("{name}.{member}")].into()),
                (None, Some(any)) => self.met(name, any, value),
                (None, None) if self.takes_more => Ok(Members::new()),
                (None, None) => Err(format!("{name}: {member} is not known")),
            }
        }))
    }
}

fn all(met: impl Iterator<Item = Result<Members, String>>) -> Result<Members, String> {
    met.collect::<Result<Vec<_>, _>>().map(|met| met.into_iter().flatten().collect())
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => unreachable!("{name}"),
    }
}

//! Schemas of what is sent and answered, as `utoipa` makes them of the types.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A schema by its name.
pub(super) type Schemas = BTreeMap<String, Value>;

/// Where the schema of this type is found; it is kept with all that it needs.
pub(super) fn of<T: ToSchema>(known: &mut Schemas) -> Value {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    for (name, schema) in schemas {
        keep(known, name, json!(schema));
    }
    let schema = merged(json!(T::schema()), known);
    keep(known, T::name().into_owned(), schema);
    reference(&T::name())
}

/// What has all members of something closed and more is closed itself: nothing could be as both of `allOf` have it.
fn merged(schema: Value, known: &Schemas) -> Value {
    let named = |part: &Value| part.get("$ref")?.as_str()?.rsplit('/').next().and_then(|name| known.get(name)).cloned();
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let parts: Vec<Value> = parts.map(|part| named(part).unwrap_or_else(|| part.clone())).collect();
    if !parts.iter().any(|part| part.get("additionalProperties") == Some(&Value::Bool(false))) {
        return schema;
    }
    let members = parts.iter().filter_map(|part| part.get("properties")?.as_object()).flatten();
    let required = parts.iter().filter_map(|part| part.get("required")?.as_array()).flatten();
    json!({
        "type": "object",
        "description": schema.get("description"),
        "required": required.collect::<Vec<_>>(),
        "properties": members.map(|(name, member)| (name.clone(), member.clone())).collect::<Map<_, _>>(),
        "additionalProperties": false,
    })
}

/// A page of such items.
pub(super) fn page<T: ToSchema>(known: &mut Schemas) -> Value {
    let name = format!("{}List", T::name());
    let items = of::<T>(known);
    let list = json!({
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": {"type": "array", "items": items, "description": "One page of the list."},
            "next_cursor": {"type": ["string", "null"], "description": "Continues the list after the last item, as `?cursor=`; null at its end."},
            "limit": {"type": "integer", "description": "The limit that was used, if a larger one was asked for."},
        },
    });
    keep(known, name.clone(), list);
    reference(&name)
}

/// Two that share a name would be one in the document.
fn keep(known: &mut Schemas, name: String, schema: Value) {
    let conflict = known.get(&name).is_some_and(|before| *before != schema);
    let name = if conflict { format!("{name}: two types have this name") } else { name };
    known.insert(name, schema);
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

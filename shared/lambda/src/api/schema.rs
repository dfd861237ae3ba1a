//! Schemas of what is sent and answered, as `utoipa` makes them of the types.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Where schemas stand in the document.
const SCHEMAS: &str = "#/components/schemas/";

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

/// Requires each member of an answer that may be null: it is always there. What an answer may leave out is never null. Bodies of
/// requests, and what is sent in the same shape as it is answered, leave out what may be null.
pub(super) fn require_nullable(schemas: &mut Schemas, paths: &Value) {
    let mut sent = BTreeSet::new();
    let operations = paths.as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object);
    operations.flat_map(Map::values).filter_map(|it| it.get("requestBody")).for_each(|body| named(body, &mut sent));
    let mut found = sent.clone();
    while let Some(name) = found.pop_first() {
        let mut more = BTreeSet::new();
        schemas.get(&name).into_iter().for_each(|schema| named(schema, &mut more));
        found.extend(more.into_iter().filter(|name| sent.insert(name.clone())));
    }
    schemas.iter_mut().filter(|(name, _)| !sent.contains(*name)).for_each(|(_, schema)| require(schema));
}

/// Collects the names of all schemas that this part of the document names.
fn named(part: &Value, names: &mut BTreeSet<String>) {
    match part {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(SCHEMAS));
            names.extend(name.map(str::to_owned));
            members.values().for_each(|member| named(member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| named(item, names)),
        _ => {}
    }
}

fn require(schema: &mut Value) {
    let nullable = |(_, member): &(&String, &Value)| {
        let types = member.get("type").and_then(Value::as_array).into_iter().flatten();
        let choices = member.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        types.chain(choices.filter_map(|choice| choice.get("type"))).any(|kind| kind == "null")
    };
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let nullable: Vec<Value> = properties.filter(nullable).map(|(name, _)| json!(name)).collect();
    if let (false, Some(schema)) = (nullable.is_empty(), schema.as_object_mut()) {
        let required = schema.entry("required").or_insert_with(|| json!([]));
        if let Some(required) = required.as_array_mut() {
            let before = required.clone();
            required.extend(nullable.into_iter().filter(|name| !before.contains(name)));
        }
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(require),
        Value::Array(items) => items.iter_mut().for_each(require),
        _ => {}
    }
}

/// Two that share a name would be one in the document.
fn keep(known: &mut Schemas, name: String, schema: Value) {
    let conflict = known.get(&name).is_some_and(|before| *before != schema);
    let name = if conflict { format!("{name}: two types have this name") } else { name };
    known.insert(name, schema);
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("{SCHEMAS}{name}")})
}

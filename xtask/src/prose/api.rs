//! The texts of the API's document: summaries and descriptions.

use serde_json::Value;

const TEXTS: [&str; 2] = ["summary", "description"];
/// What stands there is no text of ours.
const NO_TEXTS: [&str; 3] = ["example", "enum", "x-codes"];

/// Each text once, with where it stands.
pub(super) fn texts(document: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(document, "", &mut found);
    found.sort_by(|(_, one), (_, other)| one.cmp(other));
    found.dedup_by(|(_, one), (_, other)| one == other);
    found
}

fn walk(value: &Value, place: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    // What a permission of an access token lets do.
                    Value::String(text) if place.ends_with("/scopes") => found.push((place.to_owned(), text.clone())),
                    Value::String(text) if TEXTS.contains(&name.as_str()) => {
                        found.push((place.to_owned(), text.clone()));
                    }
                    _ if NO_TEXTS.contains(&name.as_str()) => {}
                    _ => walk(value, &format!("{place}/{name}"), found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, place, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_text_is_found_once_and_examples_are_none() {
        let document = json!({
            "paths": {"/a": {"get": {"summary": "List things", "example": {"description": "anything"}}}},
            "schemas": {"Thing": {"properties": {"summary": {"description": "What it is."}, "id": {"description": "What it is."}}}},
        });
        let texts = texts(&document);
        assert_eq!(texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["List things", "What it is."]);
        assert_eq!(texts[0].0, "/paths//a/get");
    }
}

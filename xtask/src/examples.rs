//! `cargo xtask examples`: of each kind of answer that tests have met one, for the document.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anstream::println;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::failure::{Failure, Result, While};
use crate::place::Place;

/// How many items of a list an example shows.
const ITEMS: usize = 1;
/// An example that is longer is taken only where there is no shorter one, in bytes.
const LONG: usize = 4_000;
/// None is longer: the API's document itself is an answer.
const TOO_LONG: usize = 20_000;
/// Members whose values are secrets.
const SECRETS: [&str; 13] = [
    "token",
    "secret",
    "access_token",
    "new_token",
    "refresh_token",
    "csrf_token",
    "reset_token",
    "recovery_codes",
    "otpauth_uri",
    "shared_secret",
    "webhook_path",
    "webhook_url",
    "url",
];

/// An answer that a test has met, as `tests/it` writes it.
#[derive(Deserialize)]
struct Met {
    method: String,
    path: String,
    status: u16,
    body: Value,
}

/// Answers by the name of their operation and their status.
type Examples = BTreeMap<String, BTreeMap<String, Value>>;

pub(crate) fn write(place: &Place, folder: &Path) -> Result<()> {
    let file = place.root.join("docs/openapi.json");
    let document: Value = serde_json::from_str(&fs::read_to_string(&file).while_doing("reading docs/openapi.json")?)
        .map_err(|error| Failure::new(format!("docs/openapi.json: {error}")))?;
    let operations = operations(&document);
    let shown_in = place.root.join("docs/examples.json");
    let mut chosen = Examples::new();
    for entry in fs::read_dir(folder).while_doing(format_args!("reading {}", folder.display()))? {
        let path = entry.while_doing("reading a folder")?.path();
        for line in fs::read_to_string(&path).while_doing(format_args!("reading {}", path.display()))?.lines() {
            let Ok(met) = serde_json::from_str::<Met>(line) else { continue };
            let Some(operation) = operations.iter().find(|operation| operation.is(&met.method, &met.path)) else {
                continue;
            };
            let told = shown(&met.body, "");
            // An empty list shows nothing of its items.
            if told.to_string().len() > TOO_LONG || told.get("items").is_some_and(|items| *items == json!([])) {
                continue;
            }
            let kept = chosen.entry(operation.name.clone()).or_default().entry(met.status.to_string());
            kept.and_modify(|kept| {
                if worth(&told) > worth(kept) {
                    *kept = told.clone();
                }
            })
            .or_insert(told);
        }
    }
    // What no test has met this time stays.
    let kept = fs::read_to_string(&shown_in).ok().and_then(|text| serde_json::from_str::<Examples>(&text).ok());
    for (name, answers) in kept.into_iter().flatten().filter(|(name, _)| operations.iter().any(|of| of.name == *name)) {
        let chosen = chosen.entry(name).or_default();
        answers.into_iter().for_each(|(status, answer)| _ = chosen.entry(status).or_insert(answer));
    }
    let count = chosen.values().map(BTreeMap::len).sum::<usize>();
    let text = serde_json::to_string_pretty(&chosen).map_err(|error| Failure::new(error.to_string()))?;
    fs::write(&shown_in, text + "\n").while_doing("writing docs/examples.json")?;
    println!("docs/examples.json: {count} examples of {} operations", chosen.len());
    Ok(())
}

struct Operation {
    method: String,
    path: Vec<String>,
    name: String,
}

impl Operation {
    fn is(&self, method: &str, path: &str) -> bool {
        let parts: Vec<_> = path.split('/').collect();
        let fits = |(said, asked): (&String, &&str)| said.starts_with('{') || said == *asked;
        self.method == method && self.path.len() == parts.len() && self.path.iter().zip(&parts).all(fits)
    }

    fn places(&self) -> usize {
        self.path.iter().filter(|part| part.starts_with('{')).count()
    }
}

/// Those with fewer places first: `/things/all` is not `/things/{id}`. An alias has the name of the operation that it is.
fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let mut found: Vec<_> = paths
        .flat_map(|(path, methods)| {
            methods.as_object().into_iter().flatten().map(move |(method, operation)| Operation {
                method: method.to_uppercase(),
                path: path.split('/').map(str::to_owned).collect(),
                name: operation["operationId"].as_str().unwrap_or_default().trim_end_matches("Alias").to_owned(),
            })
        })
        .collect();
    found.sort_by_key(Operation::places);
    found
}

/// Shorter lists, and nothing that lets anybody in.
fn shown(value: &Value, name: &str) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), shown(value, name)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().take(ITEMS).map(|item| shown(item, name)).collect(),
        Value::String(text) if SECRETS.contains(&name) || text.starts_with("eyJ") => Value::String(veiled(text)),
        other => other.clone(),
    }
}

/// Its form without what it says: `whk_AAAA`; of an address no more than its scheme.
fn veiled(text: &str) -> String {
    if let Some((scheme, _)) = text.split_once("://") {
        return format!("{scheme}://moniqo.example/AAAA");
    }
    let head = text.find('_').filter(|at| *at < 5).map_or(0, |at| at.saturating_add(1));
    let veil = |(at, letter): (usize, char)| match letter {
        _ if at < head => letter,
        'a'..='z' | 'A'..='Z' => 'A',
        '0'..='9' => '0',
        other => other,
    };
    text.char_indices().map(veil).collect()
}

/// More members that are not null, and no book.
fn worth(value: &Value) -> (bool, usize) {
    (value.to_string().len() <= LONG, known(value))
}

fn known(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Object(members) => members.values().map(known).sum::<usize>().saturating_add(1),
        Value::Array(items) => items.iter().map(known).sum::<usize>(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fuller_answer_is_kept_short_and_without_what_lets_in() {
        let told =
            shown(&json!({"items": [{"id": "tok_1", "token": "whk_aB3"}, {"id": "tok_2"}], "access": "eyJab.c1"}), "");
        assert_eq!(told, json!({"items": [{"id": "tok_1", "token": "whk_AA0"}], "access": "AAAAA.A0"}));
        let factor =
            shown(&json!({"otpauth_uri": "otpauth://totp/Moniqo:ann?secret=3BAU", "webhook_path": "/w/u/whk_a"}), "");
        assert_eq!(factor, json!({"otpauth_uri": "otpauth://moniqo.example/AAAA", "webhook_path": "/A/A/AAA_A"}));
        assert!(worth(&told) > worth(&json!({"items": [], "access": null})));
    }

    #[test]
    fn an_answer_is_found_by_method_and_path() {
        let document = json!({"paths": {
            "/things/{id}": {"get": {"operationId": "getThing"}},
            "/things/all": {"get": {"operationId": "listThings"}},
            "/old/{id}": {"get": {"operationId": "getThingAlias"}},
        }});
        let operations = operations(&document);
        let name = |method: &str, path: &str| {
            operations.iter().find(|operation| operation.is(method, path)).map(|operation| operation.name.as_str())
        };
        assert_eq!(name("GET", "/things/all"), Some("listThings"));
        assert_eq!(name("GET", "/things/t_1"), Some("getThing"));
        assert_eq!(name("GET", "/old/t_1"), Some("getThing"));
        assert_eq!(name("POST", "/things/t_1"), None);
    }
}

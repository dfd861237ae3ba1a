//! `docs/openapi.json` is what the routes of all functions say. `MONIQO_WRITE_DOCS=1 cargo test -p document` writes it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use lambda::api::Document;
use serde_json::Value;
use std::path::PathBuf;
use wire::errors;

/// Named like moments; they are prices.
const PRICES: [&str; 2] = ["PositionDetail.take_profit_arms_at", "Trailing.sells_at"];

/// Guides with the marks of their examples, and what these are examples of.
const GUIDES: [(&str, &[(&str, &str)]); 5] = [
    ("docs/reference/alert.md", &[("alert", "Alert")]),
    ("docs/guides/alerts.md", &[("alert", "Alert"), ("foreign", "SignalBotAlert")]),
    ("docs/ladder.md", &[("ladder", "LadderRequest")]),
    ("docs/strategies.md", &[("rules", "BotRules")]),
    ("docs/guides/presets.md", &[("preset", "PresetMembers"), ("exits", "ChangeExits")]),
];

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Every function that serves HTTP.
fn document() -> Value {
    let file = root().join("docs/examples.json");
    let examples = std::fs::read_to_string(file).map(|text| serde_json::from_str(&text).unwrap()).unwrap_or_default();
    let document = Document::default().showing(examples).with(webhook::documented).with(api_identity::documented);
    let document = document.with(api_trading::documented).with(api_accounts::documented);
    let document = document.with(api_market::documented).with(api_flows::documented);
    document.written(env!("CARGO_PKG_VERSION"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let methods = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    });
    methods.collect()
}

#[test]
fn the_document_that_is_kept_is_what_the_routes_say() {
    let file = root().join("docs/openapi.json");
    let said = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
    if std::env::var_os("MONIQO_WRITE_DOCS").is_some() {
        std::fs::write(&file, said).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept == said, "docs/openapi.json: write it anew by `MONIQO_WRITE_DOCS=1 cargo test -p document`");
}

#[test]
fn every_operation_says_what_it_is_for_what_it_needs_and_what_it_answers() {
    let document = document();
    let operations = operations(&document);
    assert!(operations.len() > 40, "only {} operations", operations.len());
    for (name, operation) in &operations {
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{name} has no summary");
        assert!(operation["x-permission"].is_string(), "{name} does not say what it needs: .needs(…), .open(), …");
        assert!(operation["tags"][0].as_str().is_some_and(|topic| !topic.is_empty()), "{name} has no topic");
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{name} has no answer that went well");
        let placed = name.matches('{').count();
        let parameters = operation["parameters"].as_array().unwrap().iter();
        assert_eq!(parameters.filter(|parameter| parameter["in"] == "path").count(), placed, "{name}");
    }
}

/// What a method of a client does: the first word of its name and of its summary.
const VERBS: &str = "accept assign cancel change close compare confirm convert count create delete disable discard end \
erase export flatten get halt import list log mark plan prove refresh register remove replace request reset resolve resume retry revoke rotate \
save send set show start stop subscribe switch sync test turn unsubscribe update validate verify";

#[test]
fn names_and_summaries_begin_with_a_verb() {
    let document = document();
    let is_verb = |word: &str| VERBS.split(' ').any(|verb| verb == word);
    for (name, operation) in operations(&document) {
        let (id, summary) = (operation["operationId"].as_str().unwrap(), operation["summary"].as_str().unwrap());
        let verb = id.split(char::is_uppercase).next().unwrap();
        assert!(is_verb(verb) && id.chars().all(char::is_alphanumeric), "{name}: {id}");
        let first = summary.split([' ', ':']).next().unwrap().to_lowercase();
        assert!(is_verb(&first), "{name}: {summary}");
        assert!(summary.split(' ').count() > 1, "{name} does not say what it is about: {summary}");
    }
}

/// Every list is asked for in the same way, page by page.
#[test]
fn every_list_takes_a_limit_and_a_cursor() {
    let document = document();
    let mut lists = 0;
    for (name, operation) in operations(&document) {
        let answer = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        if !answer["$ref"].as_str().is_some_and(|of| of.ends_with("List")) {
            continue;
        }
        lists += 1;
        let parameters = operation["parameters"].as_array().unwrap();
        for asked in ["limit", "cursor"] {
            assert!(parameters.iter().any(|parameter| parameter["name"] == asked), "{name}: .page::<T>()");
        }
    }
    assert!(lists > 20, "{lists}");
}

#[test]
fn each_name_is_given_once() {
    let document = document();
    let operations = operations(&document);
    let mut ids: Vec<_> = operations.iter().map(|(_, operation)| operation["operationId"].as_str().unwrap()).collect();
    ids.sort_unstable();
    let twice = ids.windows(2).find(|pair| pair[0] == pair[1]);
    assert!(twice.is_none(), "two operations are called {twice:?}");
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let clash = schemas.keys().find(|name| name.contains(':'));
    assert!(clash.is_none(), "{clash:?}: give one of them #[schema(as = …)]");
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    for named in text.split("\"#/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(&format!("/{named}")).is_some(), "there is no {named}");
    }
}

/// Where a description may stand: beside the type, at what is named, or at one of several.
fn is_described(document: &Value, schema: &Value) -> bool {
    let named = schema["$ref"].as_str().and_then(|named| document.pointer(named.strip_prefix('#')?));
    let several = ["oneOf", "anyOf", "allOf"].iter().filter_map(|of| schema[*of].as_array()).flatten();
    schema["description"].as_str().is_some_and(|text| !text.is_empty())
        || named.is_some_and(|named| is_described(document, named))
        || several.into_iter().any(|part| is_described(document, part))
}

/// Every property with the name of its schema, also those that are written in place.
fn properties(name: &str, schema: &Value, found: &mut Vec<(String, Value)>) {
    for (property, value) in schema["properties"].as_object().into_iter().flatten() {
        let full = format!("{name}.{property}");
        properties(&full, value, found);
        properties(&full, &value["items"], found);
        found.push((full, value.clone()));
    }
    for part in ["oneOf", "anyOf", "allOf"].iter().filter_map(|of| schema[*of].as_array()).flatten() {
        properties(name, part, found);
    }
}

fn all_properties(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        properties(name, schema, &mut found);
    }
    found
}

#[test]
fn every_property_is_described() {
    let document = document();
    let properties = all_properties(&document);
    assert!(properties.len() > 1_400, "{}", properties.len());
    let silent = properties.iter().filter(|(_, schema)| !is_described(&document, schema)).map(|(name, _)| name);
    assert_eq!(silent.collect::<Vec<_>>(), Vec::<&String>::new());
}

/// A schema has a name of the API, and none of a type that Rust has.
#[test]
fn no_name_of_rust_stands_in_the_document() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let is_plain = |name: &str| name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphanumeric);
    let rust = ["String", "BTreeMap", "HashMap", "BTreeSet", "Vec", "Option", "Box", "Value", "RawValue", "Text"];
    let leaked = schemas.keys().filter(|name| !is_plain(name) || rust.contains(&name.as_str()));
    assert_eq!(leaked.collect::<Vec<_>>(), Vec::<&String>::new());
}

/// A time is `date-time`, and a closed list of words is an `enum`.
#[test]
fn moments_and_closed_lists_are_no_free_text() {
    let document = document();
    let is_text = |schema: &Value| match &schema["type"] {
        Value::String(kind) => kind == "string",
        Value::Array(kinds) => kinds.iter().any(|kind| kind == "string"),
        _ => false,
    };
    let mut free = Vec::new();
    for (name, schema) in all_properties(&document).iter().filter(|(_, schema)| is_text(schema)) {
        let text = schema["description"].as_str().unwrap_or_default();
        let is_bound = ["enum", "format", "pattern", "const"].iter().any(|of| !schema[*of].is_null());
        // `a`, `b` or `c`
        let is_list = text.starts_with('`') && text.split('`').skip(2).step_by(2).any(|between| between.trim() == "or");
        if !is_bound && (is_list || name.ends_with("_at")) {
            free.push(name.clone());
        }
    }
    assert_eq!(free, PRICES);
}

/// The document itself is no example in the document.
const UNMET: [&str; 1] = ["getOpenApi"];

/// A real answer, which is as its schema says.
#[test]
fn every_answer_that_went_well_has_an_example() {
    let document = document();
    let (mut unmet, mut shown) = (std::collections::BTreeSet::new(), 0);
    for (name, operation) in operations(&document) {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let content = &answer["content"]["application/json"];
            if !status.starts_with('2') || content.is_null() {
                continue;
            }
            let Some(example) = content.get("example") else {
                unmet.insert(operation["operationId"].as_str().unwrap().trim_end_matches("Alias").to_owned());
                continue;
            };
            shown += 1;
            let schema = serde_json::json!({"allOf": [content["schema"]], "components": document["components"]});
            let faults = jsonschema::validator_for(&schema).unwrap();
            let faults: Vec<_> =
                faults.iter_errors(example).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
            assert_eq!(faults, [""; 0], "{name} {status}: {example}");
        }
    }
    assert!(shown > 170, "{shown}");
    assert_eq!(unmet.iter().map(String::as_str).collect::<Vec<_>>(), UNMET, "see `cargo xtask examples --help`");
}

/// What is sent as an example is as its schema says.
#[test]
fn every_example_of_a_body_fits_its_schema() {
    let document = document();
    let mut sent = 0;
    for (name, operation) in operations(&document) {
        for (kind, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            let schema = serde_json::json!({"allOf": [content["schema"]], "components": document["components"]});
            let validator = jsonschema::validator_for(&schema).unwrap();
            let faults: Vec<_> = validator
                .iter_errors(&content["example"])
                .map(|fault| format!("{}: {fault}", fault.instance_path()))
                .collect();
            assert_eq!(faults, [""; 0], "{name} {kind}: {}", content["example"]);
            sent += 1;
        }
    }
    assert!(sent > 60, "{sent}");
}

/// The examples of the guides are alerts, presets and ladders, as the schemas say.
#[test]
fn every_example_of_the_guides_fits_its_schema() {
    let document = document();
    let mut shown = 0;
    for (file, marks) in GUIDES {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        for (mark, name) in marks {
            let schema = serde_json::json!({
                "$ref": format!("#/components/schemas/{name}"), "components": document["components"],
            });
            let validator = jsonschema::validator_for(&schema).unwrap();
            let start = format!("```json {mark}\n");
            for part in text.split(start.as_str()).skip(1) {
                let example: Value = serde_json::from_str(part.split("\n```").next().unwrap()).unwrap();
                let faults: Vec<_> = validator.iter_errors(&example).map(|fault| fault.to_string()).collect();
                assert_eq!(faults, [""; 0], "{file}: {example}");
                shown += 1;
            }
        }
    }
    assert!(shown > 10, "{shown}");
}

/// The object of rules is described by `wire`, its conditions by `strategies`, which reads both.
#[test]
fn rules_are_described_as_they_are_read() {
    let (document, read) = (document(), strategies::Rules::schema());
    let described = &document["components"]["schemas"]["BotRules"];
    let names = |schema: &Value| schema["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    assert_eq!(sorted(names(described)), sorted(names(&read)));
    for rule in ["required", "additionalProperties"] {
        assert_eq!(described[rule], read[rule], "{rule}");
    }
}

/// The table of codes is what the routes refuse with, and nothing else; each code has one status.
#[test]
fn every_code_of_an_error_has_a_page() {
    let document = document();
    let mut refused = std::collections::BTreeSet::new();
    for (status, answer) in document["components"]["responses"].as_object().unwrap() {
        let status: u16 = status.split('-').next().unwrap().parse().unwrap();
        refused.extend(
            answer["x-codes"].as_array().unwrap().iter().map(|code| (code.as_str().unwrap().to_owned(), status)),
        );
    }
    let told = errors::all().map(|known| (known.code.to_owned(), known.status)).collect();
    assert_eq!(refused, told, "shared/wire/src/errors, or `.refuses(…)` of a route");
    let paths = document["paths"].as_object().unwrap();
    for known in errors::all() {
        for path in known.remedy.split('`').filter_map(|span| span.split_once(" /")) {
            let asked = &paths[&format!("/{}", path.1)][path.0.to_lowercase()];
            assert!(asked.is_object(), "{}: {path:?}", known.code);
        }
    }
}

#[test]
fn the_reference_of_codes_is_made_from_their_table() {
    let file = root().join("docs/reference/errors.md");
    if std::env::var_os("MONIQO_WRITE_DOCS").is_some() {
        std::fs::write(&file, errors::markdown()).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(
        kept == errors::markdown(),
        "docs/reference/errors.md: `MONIQO_WRITE_DOCS=1 cargo test -p document` writes it"
    );
}

/// A log-in opens all but the open ones; an access token of a program what asks for a permission and for no session.
#[test]
fn every_operation_says_by_which_tokens_it_is_called() {
    let document = document();
    let flow = &document["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"];
    for (name, operation) in operations(&document) {
        let ways = operation["security"].as_array().unwrap();
        let permission = operation["x-permission"].as_str().unwrap();
        let is_open = permission == "none";
        let is_for_both = ways.first().is_some_and(|way| way.as_object().unwrap().is_empty());
        let is_by_cookie = ways.iter().any(|way| way["cookie"].is_array());
        assert_eq!(
            ways.iter().any(|way| way["bearer"].is_array()),
            !is_by_cookie && (!is_open || is_for_both),
            "{name}"
        );
        let programs: Vec<_> = ways.iter().filter_map(|way| way["oauth"].as_array()).collect();
        let for_people = operation["x-person"] == true || permission == "session";
        assert_eq!(programs.is_empty(), is_open || for_people, "{name}: {ways:?}");
        for scope in programs.into_iter().flatten() {
            assert!(flow["scopes"][scope.as_str().unwrap()].is_string(), "{name}: {scope}");
        }
    }
    let close = &document["paths"]["/api/v1/position-groups/{id}/close"]["post"]["security"];
    assert_eq!(close[1]["oauth"][0], "trading:write", "{close}");
}

#[test]
fn an_alias_is_the_operation_that_it_names() {
    let document = document();
    for (name, operation) in operations(&document) {
        let Some(first) = operation["x-alias-of"].as_str() else { continue };
        let method = METHODS.into_iter().find(|method| name.starts_with(&method.to_uppercase())).unwrap();
        let first = &document["paths"][first][method];
        for member in ["summary", "x-permission", "responses", "requestBody"] {
            assert_eq!(first[member], operation[member], "{name}: {member}");
        }
    }
}

/// Whatever speaks HTTP is in the document.
#[test]
fn no_function_is_left_out() {
    let manifest = std::fs::read_to_string(root().join("tests/document/Cargo.toml")).unwrap();
    for function in std::fs::read_dir(root().join("functions")).unwrap().map(|entry| entry.unwrap().path()) {
        let main = std::fs::read_to_string(function.join("src/main.rs")).unwrap();
        let name = function.file_name().unwrap().to_str().unwrap().to_owned();
        if main.contains("edge::run") {
            assert!(manifest.contains(&format!("\n{name} = ")), "{name} is not in the document");
        }
    }
}

//! What is asked about: by an id that nobody has, an operation would say no more than that there is no such thing.

use super::asker::said;
use super::trade;
use crate::support::people::{GOOD, Someone, somebody};
use crate::support::unique::unique;
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write;

/// The path of one, and what it is made of under this name.
type Kind = (&'static str, fn(&str) -> Value);

const KINDS: [Kind; 9] = [
    ("api-keys/{id}", |name| json!({"name": name, "scopes": ["trading:read"]})),
    ("permissions/{name}", |name| json!({"name": name.replacen('-', ":", 1)})),
    ("plans/{name}", |name| json!({"name": name, "limits": {"positions": 3}})),
    ("presets/{name}", |name| json!({"name": name, "preset": {"base_order": {"quote": "50"}}})),
    ("roles/{name}", |name| json!({"name": name, "permissions": ["trading:read"]})),
    ("user-wallets/{id}", |name| json!({"exchange": "PAPER", "label": name, "mode": "paper"})),
    ("users/{id}", |name| json!({"email": format!("{name}@example.com"), "username": name, "password": GOOD})),
    ("wallets/{id}", |name| {
        json!({
            "name": name, "type": "CEX", "provider": name,
            "provider_config": {"api_base_url": "https://api.example.com", "auth_type": "api_key"},
        })
    }),
    ("webhook-tokens/{id}", |name| json!({"label": name})),
];
/// What it takes away, nobody can be asked about: of each kind there is one more for that.
const ENDS: &str = r#"["DELETE"]"#;

/// For each kind, in the words of schemathesis' configuration, which one its operations are about.
pub(super) async fn make(asker: &Someone) -> String {
    let mut told = String::new();
    for (path, made_of) in KINDS {
        let (collection, member) = path.split_once('/').unwrap();
        let member = member.trim_matches(['{', '}']);
        for methods in [format!("exclude-method = {ENDS}"), format!("include-method = {ENDS}")] {
            let body = made_of(&format!("one-{}", unique()));
            let made = said(asker, Method::POST, collection, &body, 201).await;
            let id = made[member].as_str().unwrap();
            writeln!(told, "[[operations]]\ninclude-path-regex = '^/api/v1/{collection}/\\{{{member}\\}}'").unwrap();
            writeln!(told, "{methods}\nparameters = {{ \"path.{member}\" = \"{id}\" }}").unwrap();
        }
    }
    for (operations, parameters) in others(asker).await {
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| format!("\"path.{name}\" = \"{value}\"")).collect();
        writeln!(told, "[[operations]]\ninclude-path-regex = '{operations}'").unwrap();
        writeln!(told, "parameters = {{ {} }}", parameters.join(", ")).unwrap();
    }
    told
}

/// What is there by something else that was done.
async fn others(asker: &Someone) -> Vec<trade::Left> {
    let mut left = trade::make(asker).await;
    let notice = trade::first(asker, "notifications").await.expect("of the API keys that were made");
    left.push(("^/api/v1/notifications/\\{id\\}", vec![("id", notice)]));
    left.push(("^/api/v1/routes/\\{name\\}", vec![("name", route(asker).await)]));
    left.push(("^/api/v1/user-plans/\\{id\\}", vec![("id", somebody(asker, "viewer").await.id)]));
    left
}

/// Between two accounts of theirs.
async fn route(asker: &Someone) -> String {
    let mut accounts = Vec::new();
    for of in ["one", "other"] {
        let account = json!({"exchange": "PAPER", "label": format!("{of}-{}", unique()), "mode": "paper"});
        accounts.push(said(asker, Method::POST, "user-wallets", &account, 201).await["id"].clone());
    }
    let name = format!("one-{}", unique());
    said(asker, Method::POST, "routes", &json!({"name": name, "accounts": accounts}), 201).await;
    name
}

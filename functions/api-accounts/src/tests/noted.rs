//! What leaves an entry in the system log.

use super::*;
use crate::noted::RULES;
use lambda::api::Document;
use serde_json::json;

#[tokio::test]
async fn whoever_defines_changes_or_takes_away_a_wallet_is_named_in_the_system_log() {
    let stub = Stub::default();
    let (all, one) = ("/api/v1/wallets".to_owned(), format!("/api/v1/wallets/{}", wallets::kraken().id()));
    let whole = |provider: &str| json!({"name": "One", "type": "CEX", "provider": provider});
    for (method, path, body) in [
        ("POST", &all, whole("gate")),
        ("PUT", &one, whole("kraken")),
        ("PATCH", &one, json!({"is_active": false})),
        ("DELETE", &one, Value::Null),
    ] {
        let (status, ..) = ask(&stub, method, path, wallets::ADMIN, body.to_string()).await;
        assert!(status.is_success(), "{method} {status}");
    }
    let notes = stub.notes.lock().unwrap();
    let told: Vec<_> = notes.iter().map(|note| (note.user.as_ref(), note.message.as_str())).collect();
    let ann = ann();
    let changed = "the definition of a wallet was changed";
    assert_eq!(told, ["a wallet was defined", changed, changed, "a wallet was removed"].map(|text| (Some(&ann), text)));
}

/// What changes nothing that its user has wished for.
const LOOKS: [&str; 3] = ["/test", "/sync", "/validate"];

#[test]
fn whatever_changes_a_wallet_an_account_a_key_or_a_token_leaves_an_entry_under_each_of_its_paths() {
    let document = documented(Document::default()).written("0");
    let mut seen = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let below = path.strip_prefix("/api/v1").or_else(|| path.strip_prefix("/api")).unwrap_or(path);
        let about = ["/wallets", "/user-wallets", "/keys", "/exchange/keys", "/webhook-tokens"];
        if !about.iter().any(|about| below.starts_with(about)) || LOOKS.iter().any(|looks| path.ends_with(looks)) {
            continue;
        }
        let methods = methods.as_object().unwrap().keys().map(|method| method.to_uppercase());
        for method in methods.filter(|method| ["POST", "PUT", "PATCH", "DELETE"].contains(&&**method)) {
            seen += 1;
            let has_one = RULES.iter().any(|rule| (rule.0, rule.1, rule.2) == (&*method, below, 200));
            assert!(has_one, "{method} {path}");
        }
    }
    assert!(seen > 16, "{seen}");
}

//! What leaves an entry in the system log.

use super::*;
use crate::noted::RULES;
use domain::logs::{Category, Level};
use lambda::api::Document;
use serde_json::json;
use store::identity::Identity;

/// A minute in which no other test has anything noted: so many entries are written in each.
const THEN: Timestamp = Timestamp::from_millis(AT.millis() + 3_600_000);

#[test]
fn whoever_defines_changes_or_takes_away_a_wallet_is_named_in_the_system_log() {
    let api = fresh();
    let (all, one) = ("/api/v1/wallets".to_owned(), format!("/api/v1/wallets/{}", wallets::kraken()));
    let whole = |provider: &str| json!({"name": "One", "type": "CEX", "provider": provider});
    let asks = [
        ("POST", &all, whole("gate")),
        ("PUT", &one, whole("kraken")),
        ("PATCH", &one, json!({"is_active": false})),
        ("DELETE", &one, Value::Null),
    ];
    for (second, (method, path, body)) in (0..).zip(asks) {
        let request = Request::builder().method(method).uri(path);
        let at = THEN.plus(Millis::seconds(second));
        let (status, ..) = sent_at(&api, at, request, wallets::ADMIN, body.to_string());
        assert!(status.is_success(), "{method} {status}");
    }
    let mut notes = done(&api, |world| async move { Identity(&world).read_log(THEN.day(), None, 100).await.unwrap() });
    notes.sort_by_key(|note| note.at);
    let told: Vec<_> = notes.iter().map(|note| (note.user.as_ref(), note.message.as_str())).collect();
    let ann = ann();
    let changed = "the definition of a wallet was changed";
    assert_eq!(told, ["a wallet was defined", changed, changed, "a wallet was removed"].map(|text| (Some(&ann), text)));
    assert!(notes.iter().all(|note| (note.level, note.category) == (Level::Warning, Category::Risk)));
}

/// What changes nothing that its user has wished for.
const LOOKS: [&str; 3] = ["/test", "/sync", "/validate"];

#[test]
fn whatever_changes_a_wallet_an_account_a_key_or_a_token_leaves_an_entry_under_each_of_its_paths() {
    let document = documented(Document::default()).written("0");
    let mut seen = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let below = path.strip_prefix("/api/v1").or_else(|| path.strip_prefix("/api")).unwrap_or(path);
        let below = below.replace("/user-wallets", "/accounts").replace("/wallets", "/exchanges");
        let about = ["/exchanges", "/accounts", "/keys", "/exchange/keys", "/webhook-tokens"];
        if !about.iter().any(|about| below.starts_with(about)) || LOOKS.iter().any(|looks| path.ends_with(looks)) {
            continue;
        }
        let methods = methods.as_object().unwrap().keys().map(|method| method.to_uppercase());
        for method in methods.filter(|method| ["POST", "PUT", "PATCH", "DELETE"].contains(&&**method)) {
            seen += 1;
            let has_one = RULES.iter().any(|rule| (rule.0, rule.1, rule.2) == (&*method, &*below, 200));
            assert!(has_one, "{method} {path}");
        }
    }
    assert!(seen > 30, "{seen}");
}

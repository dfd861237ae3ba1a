//! What leaves an entry in the system log.

use super::*;
use crate::noted::RULES;
use lambda::api::Document;

/// What changes nothing that its user has wished for.
const LOOKS: [&str; 3] = ["/test", "/sync", "/validate"];

#[test]
fn whatever_changes_an_account_a_key_or_a_token_leaves_an_entry_under_each_of_its_paths() {
    let document = documented(Document::default()).written("0");
    let mut seen = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let below = path.strip_prefix("/api/v1").or_else(|| path.strip_prefix("/api")).unwrap_or(path);
        let about = ["/user-wallets", "/keys", "/exchange/keys", "/webhook-tokens"];
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
    assert!(seen > 12, "{seen}");
}

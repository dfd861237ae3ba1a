//! Each refusal, by its status, its code, its field and its words.

use super::*;
use domain::ids::UserId;
use domain::money::Amount;
use serde::Deserialize;
use wire::member::{Object, Reason, ShortText, Written, or_default};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    reason: Reason,
    label: Option<ShortText>,
    amount: Option<Written<Amount>>,
    #[serde(default, deserialize_with = "or_default")]
    dry_run: bool,
    #[serde(default)]
    users: Vec<Written<UserId>>,
    mode: Option<Mode>,
    limits: Option<Object<Limits>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Paper,
    Testnet,
    Live,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    groups: u32,
    enabled: Option<bool>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Anything {
    note: Option<String>,
}

const KNOWN: &str = "reason, label, amount, dry_run, users, mode, limits";

fn refused(body: &str) -> (u16, &'static str, Option<String>, String) {
    let problem = read::<Order>(body.as_bytes()).unwrap_err();
    let shown = serde_json::to_value(&problem).unwrap();
    let text = |name: &str| shown.get(name).and_then(Value::as_str).map(str::to_owned);
    (problem.status().as_u16(), problem.code(), text("field"), text("detail").unwrap())
}

#[test]
fn body_that_is_no_object_says_which_members_there_are() {
    for body in ["[]", "\"x\"", "null", "1", "[\"why\"]"] {
        let expected = format!("the body must be a JSON object; its members may be {KNOWN}");
        assert_eq!(refused(body), (400, "invalid_json", None, expected), "{body}");
    }
    for body in ["", "{", "{\"reason\": }", "{} {}", "\u{0}"] {
        let (status, code, field, detail) = refused(body);
        assert_eq!((status, code, field), (400, "invalid_json", None), "{body}");
        assert!(detail.starts_with("the body is not JSON: "), "{detail}");
    }
}

#[test]
fn member_refused_is_named_by_its_path_with_what_is_allowed() {
    let check = |body: &str, field: &str, words: &str| {
        let expected = (422, "invalid_field", Some(field.to_owned()), format!("{field} {words}"));
        assert_eq!(refused(body), expected, "{body}");
    };
    let short = "must be a text of 1 to 200 characters";
    check("{}", "reason", "is required: why, in a few words");
    check(r#"{"reason": null}"#, "reason", "is required: why, in a few words");
    check(r#"{"reason": " "}"#, "reason", short);
    check(r#"{"reason": 1}"#, "reason", short);
    check(&format!(r#"{{"reason": "{}"}}"#, "x".repeat(201)), "reason", short);
    check(r#"{"reason": "x", "label": ["a"]}"#, "label", short);
    check(r#"{"reason": "x", "acount": "a"}"#, "acount", &format!("is not known here: {KNOWN} are"));
    check(r#"{"reason": "x", "dry_run": "yes"}"#, "dry_run", "must be true or false");
    check(r#"{"reason": "x", "amount": "ten"}"#, "amount", "must be a decimal number such as 12.5");
    check(r#"{"reason": "x", "amount": 10}"#, "amount", "must be a text");
    check(r#"{"reason": "x", "users": "usr_1"}"#, "users", "must be a list");
    check(
        r#"{"reason": "x", "users": ["usr_1", "ann"]}"#,
        "users",
        "must be usr_ followed by lower-case letters and digits",
    );
    check(r#"{"reason": "x", "mode": "moon"}"#, "mode", "must be paper, testnet or live");
    check(r#"{"reason": "x", "limits": "none"}"#, "limits", "must be an object");
    check(r#"{"reason": "x", "limits": [3, true]}"#, "limits", "must be an object");
    check(r#"{"reason": "x", "limits": {}}"#, "limits.groups", "is required");
    check(r#"{"reason": "x", "limits": {"groups": null}}"#, "limits.groups", "is required");
    check(r#"{"reason": "x", "limits": {"groups": -1}}"#, "limits.groups", "must be a whole number");
    check(r#"{"reason": "x", "limits": {"groups": 1.5}}"#, "limits.groups", "must be a whole number");
    check(r#"{"reason": "x", "limits": {"enabled": 1}}"#, "limits.enabled", "must be true or false");
    check(r#"{"reason": "x", "limits": {"grups": 1}}"#, "limits.grups", "is not known here: groups, enabled are");
}

#[test]
fn member_said_twice_is_refused_by_its_path() {
    let check = |body: &str, field: &str| {
        let expected = (422, "invalid_field", Some(field.to_owned()), format!("{field} may stand there only once"));
        assert_eq!(refused(body), expected, "{body}");
    };
    check(r#"{"reason": "a", "reason": "b"}"#, "reason");
    check(r#"{"reason": "a", "r\u0065ason": "a"}"#, "reason");
    check(r#"{"limits": {"groups": 5, "groups": 50}}"#, "limits.groups");
    check(r#"{"users": [{"price": 1}, {"price": 2, "price": 3}]}"#, "users.price");
    check(r#"{"label": null, "label": 1}"#, "label");
}

#[test]
fn refusal_never_repeats_a_value() {
    let secrets = ["hunter2", "hunter2, expected hunter2", "hunter2` or `hunter2", "missing field `hunter2`"];
    for (secret, member) in secrets.iter().flat_map(|secret| ["amount", "users", "mode", "limits"].map(|m| (secret, m)))
    {
        for value in [serde_json::json!(secret), serde_json::json!([secret])] {
            let (_, _, field, detail) = refused(&serde_json::json!({"reason": "x", member: value}).to_string());
            assert_eq!(field.as_deref(), Some(member), "{detail}");
            assert!(!detail.contains("hunter2"), "{detail}");
        }
    }
}

#[test]
fn member_null_is_as_if_it_were_left_out() {
    let left_out = read::<Order>(br#"{"reason": " why "}"#).unwrap();
    let body = br#"{"reason": "why", "label": null, "amount": null, "dry_run": null, "mode": null, "limits": null}"#;
    assert_eq!(read::<Order>(body).unwrap(), left_out);
    assert_eq!((&*left_out.reason, left_out.dry_run), ("why", false));
}

#[test]
fn body_left_out_says_no_member() {
    assert_eq!(read_optional::<Anything>(b"").unwrap(), Anything { note: None });
    assert_eq!(read_optional::<Order>(b"").unwrap_err().code(), "invalid_field");
    assert_eq!(read::<Anything>(b"").unwrap_err().code(), "invalid_json");
}

#[test]
fn values_of_all_kinds_are_read() {
    let body =
        br#"{"reason": "why", "label": " a ", "amount": "12.5", "dry_run": true, "users": ["usr_1"], "mode": "live",
        "limits": {"groups": 3, "enabled": false}}"#;
    let order = read::<Order>(body).unwrap();
    assert_eq!((order.label.as_deref(), order.dry_run, order.mode), (Some("a"), true, Some(Mode::Live)));
    assert_eq!(order.users, [Written(UserId::parse("usr_1").unwrap())]);
    assert_eq!(order.limits, Some(Object(Limits { groups: 3, enabled: Some(false) })));
}

#[test]
fn what_replaces_says_every_member_and_what_changes_any() {
    let by = |method: &Method, body: &str| change::<Limits>(method, body.as_bytes());
    let field = |body: &str| {
        let shown = serde_json::to_value(by(&Method::PUT, body).unwrap_err()).unwrap();
        (shown["field"].clone(), shown["detail"].as_str().unwrap().contains("PATCH changes those that are named"))
    };
    assert_eq!(field(r#"{"groups": 1}"#), ("enabled".into(), true));
    assert_eq!(field(r#"{"groups": 1, "enabled": null}"#), ("enabled".into(), true), "null is no value");
    assert_eq!(by(&Method::PUT, r#"{"groups": 1, "enabled": false}"#).unwrap().enabled, Some(false));
    assert_eq!(by(&Method::PATCH, r#"{"groups": 1}"#).unwrap().enabled, None);
}

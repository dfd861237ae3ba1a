//! Keys of programs.

use super::rows::{Told, ask_at, put_account, recorded, refused, tag, told, wrong};
use super::*;
use domain::limits::PROGRAM_KEYS_PER_USER_MAX;
use lambda::edge::SourceIp;
use serde_json::json;

const KEYS: &str = "/api/v1/api-keys";

fn people() -> Api {
    town(&[Role::Viewer, Role::Trader, Role::Admin])
}

/// A key made with this token: its path and its secret.
fn made(api: &Api, word: &str, wanted: &Value) -> (String, String) {
    let (status, _, made) = ask(api, "POST", KEYS, word, wanted);
    assert_eq!(status, StatusCode::CREATED, "{made}");
    (format!("{KEYS}/{}", made["id"].as_str().unwrap()), made["secret"].as_str().unwrap().to_owned())
}

fn change(api: &Api, method: &str, path: &str, word: &str, body: &Value) -> (StatusCode, HeaderMap, Value) {
    ask_at(api, 1, (method, path), word, body)
}

/// What a program with this secret is answered, from there.
fn by(api: &Api, secret: &str, address: &str) -> StatusCode {
    let request = Request::get("/api/v1/users/me").extension(SourceIp(Some(address.to_owned())));
    sent(api, request, secret, "").0
}

/// By which it is told from others.
fn prefix(secret: &str) -> &str {
    secret.get(..12).unwrap()
}

fn whole() -> Value {
    json!({"name": "bot", "scopes": ["trading:read"]})
}

fn instead() -> Value {
    json!({"name": "bot", "scopes": ["trading:read"], "ip_allow_list": [], "expires_at": null})
}

fn night_bot() -> Value {
    json!({"name": "night bot", "scopes": ["accounts:write", "trading:read"], "ip_allow_list": ["203.0.113.0/24"]})
}

#[test]
fn a_key_that_may_place_orders_names_its_bounds() {
    let api = people();
    let account = put_account(&api, &UserId::of(&["trader"]), 0);
    let bounds = |account: &str, day: &str| json!({"accounts": [account], "markets": ["BTC/USDT"], "order_quote_max": "50", "day_quote_max": day});
    let wanted = |orders: Value| json!({"name": "bot", "scopes": ["orders:write", "trading:read"], "orders": orders});
    for (orders, field) in [
        (Value::Null, "orders"),
        (bounds("acc_ctg7ilmkhknm4i5ib4zlcem3xx", "200"), "orders"),
        (bounds(account.as_str(), "49"), "orders"),
        (
            json!({"accounts": [], "markets": ["BTC/USDT"], "order_quote_max": "5", "day_quote_max": "5"}),
            "orders.accounts",
        ),
        (
            json!({"accounts": [account.as_str()], "markets": ["BTC/USDT"], "day_quote_max": "5"}),
            "orders.order_quote_max",
        ),
        (json!([[account.as_str()], ["BTC/USDT"], "5", "5"]), "orders"),
    ] {
        assert_eq!(told(ask(&api, "POST", KEYS, "trader", &wanted(orders.clone()))), wrong(field), "{orders}");
    }
    let (key, _) = made(&api, "trader", &wanted(bounds(account.as_str(), "200")));
    let (_, _, shown) = ask(&api, "GET", &key, "trader", &Value::Null);
    assert_eq!(shown["orders"], bounds(account.as_str(), "200"));
    assert_eq!(shown["effective_scopes"], json!(["orders:write", "trading:read"]));
    let on_record =
        |audit: domain::audit::Audit| audit.after.is_some_and(|after| after.contains("orders of 50, 200 a day"));
    assert!(api.store.table().audits().any(on_record));

    let fewer = json!({"scopes": ["trading:read"]});
    assert_eq!(told(ask(&api, "PATCH", &key, "trader", &fewer)), wrong("orders"), "bounds of nothing");
    let fewer = json!({"scopes": ["trading:read"], "orders": null});
    let (status, _, shown) = ask(&api, "PATCH", &key, "trader", &fewer);
    assert_eq!((status.as_u16(), &shown["orders"]), (200, &Value::Null));
    let again = json!({"scopes": ["orders:write"]});
    assert_eq!(told(ask(&api, "PATCH", &key, "trader", &again)), wrong("orders"));
    let viewers = wanted(bounds(account.as_str(), "200"));
    let (status, _, problem) = ask(&api, "POST", KEYS, "viewer", &viewers);
    assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("scope_not_yours")));
}

#[test]
fn a_person_keeps_keys_and_a_key_keeps_none() {
    for (method, path, body, status) in [
        ("GET", "", Value::Null, 200),
        ("POST", "", whole(), 201),
        ("GET", "one", Value::Null, 200),
        ("PUT", "one", instead(), 200),
        ("PATCH", "one", json!({"name": "day bot"}), 200),
        ("POST", "one/rotate", Value::Null, 200),
        ("DELETE", "one", Value::Null, 204),
    ] {
        for owner in ["viewer", "admin"] {
            let api = people();
            let (one, _) = made(&api, owner, &json!({"name": "first", "scopes": ["trading:read"]}));
            let path = if path.is_empty() { KEYS.to_owned() } else { path.replace("one", &one) };
            let before = recorded(&api).len();
            let key = format!("key:{owner}");
            for (word, status) in [(&*key, 404), ("nobody", 401), (owner, status)] {
                assert_eq!(recorded(&api).len(), before, "{method} {path}");
                let answer = change(&api, method, &path, word, &body);
                assert_eq!(answer.0.as_u16(), status, "{method} {path} {word}: {answer:?}");
            }
            assert_eq!(recorded(&api).len(), before + usize::from(method != "GET"), "{method} {path}");
            if path.starts_with(&one) && method != "DELETE" {
                let others = told(change(&api, method, &path, "trader", &body));
                assert_eq!(others, refused(404, "not_found"), "another's is not there: {method} {path}");
            }
        }
    }
}

#[test]
fn a_secret_is_shown_once_and_how_it_begins_ever_after() {
    let api = people();
    let (_, headers, shown) = ask(&api, "POST", KEYS, "trader", &whole());
    assert_eq!((tag(&headers), shown["name"].as_str()), (Some("\"1\""), Some("bot")));
    let secret = shown["secret"].as_str().unwrap();
    assert!(secret.starts_with("mqk_") && secret.len() > 40, "{secret}");
    let one = format!("{KEYS}/{}", shown["id"].as_str().unwrap());
    let (_, headers, rotated) = change(&api, "POST", &format!("{one}/rotate"), "trader", &Value::Null);
    assert_eq!((tag(&headers), &rotated["former_until"]), (Some("\"2\""), &json!("2025-11-21T08:51:00Z")), "a day");
    let later = rotated["secret"].as_str().unwrap();
    assert!(later != secret && [secret, later].iter().all(|secret| by(&api, secret, "192.0.2.1") == StatusCode::OK));
    for path in [&*one, KEYS] {
        let shown = ask(&api, "GET", path, "trader", &Value::Null).2.to_string();
        assert!(!shown.contains(secret) && !shown.contains(later) && shown.contains(prefix(later)), "{shown}");
    }
}

#[test]
fn a_key_says_what_it_was_made_for_and_what_its_owner_may_still_do() {
    let api = people();
    let (one, secret) = made(&api, "trader", &night_bot());
    let (status, _, viewer) = ask_at(
        &api,
        3,
        ("PUT", &format!("/api/v1/users/{}", UserId::of(&["trader"]))),
        "admin",
        &json!({"role": "viewer"}),
    );
    assert_eq!(status, StatusCode::OK, "{viewer}");
    assert_eq!(by(&api, &secret, "203.0.113.7"), StatusCode::OK);
    assert_eq!(by(&api, &secret, "198.51.100.7"), StatusCode::UNAUTHORIZED, "from elsewhere it is none");
    let (_, _, listed) = ask(&api, "GET", KEYS, "trader", &Value::Null);
    let expected = json!({
        "id": one.rsplit('/').next(), "name": "night bot", "prefix": prefix(&secret),
        "scopes": ["accounts:write", "trading:read"], "effective_scopes": ["trading:read"],
        "ip_allow_list": ["203.0.113.0/24"], "orders": null, "created_at": "2025-11-20T08:51:00Z",
        "expires_at": "2026-02-18T08:51:00Z", "last_used_at": "2025-11-20T08:51:00Z",
        "former_until": null, "version": 2,
    });
    assert_eq!(listed["items"], json!([expected]), "ninety days where nothing is said");
    assert_eq!(ask(&api, "GET", &one, "trader", &Value::Null).2, expected);
}

#[test]
fn what_is_left_out_of_a_change_stays() {
    let api = people();
    let (one, secret) = made(&api, "trader", &night_bot());
    let nothing = json!({"name": null, "scopes": null, "ip_allow_list": null, "expires_at": null});
    let (status, _, same) = change(&api, "PATCH", &one, "trader", &nothing);
    assert_eq!((status, &same["ip_allow_list"]), (StatusCode::OK, &json!(["203.0.113.0/24"])), "null keeps it");
    let (status, headers, changed) = change(&api, "PATCH", &one, "trader", &json!({"ip_allow_list": []}));
    assert_eq!((status, tag(&headers)), (StatusCode::OK, Some("\"2\"")), "what changes nothing is no version");
    assert_eq!((&changed["name"], &changed["ip_allow_list"]), (&json!("night bot"), &json!([])));
    assert_eq!(changed["scopes"], json!(["accounts:write", "trading:read"]));
    assert_eq!(by(&api, &secret, "198.51.100.7"), StatusCode::OK, "from anywhere");
    assert_eq!(ask_at(&api, 2, ("DELETE", &one), "trader", &Value::Null).0, StatusCode::NO_CONTENT);
    assert_eq!(by(&api, &secret, "198.51.100.7"), StatusCode::UNAUTHORIZED, "it was revoked");
    assert_eq!(told(ask(&api, "GET", &one, "trader", &Value::Null)), refused(404, "not_found"));
}

#[test]
fn each_bad_field_is_named() {
    let api = people();
    let (one, _) = made(&api, "admin", &night_bot());
    let rotate = format!("{one}/rotate");
    for (method, path, body, field) in [
        ("POST", KEYS, json!({"scopes": ["trading:read"]}), "name"),
        ("POST", KEYS, json!({"name": "b\n", "scopes": ["trading:read"]}), "name"),
        ("POST", KEYS, json!({"name": "b"}), "scopes"),
        ("POST", KEYS, json!({"name": "b", "scopes": []}), "scopes"),
        ("POST", KEYS, json!({"name": "b", "scopes": null}), "scopes"),
        ("POST", KEYS, json!({"name": "b", "scopes": "trading:read"}), "scopes"),
        ("POST", KEYS, json!({"name": "b", "scopes": ["everything"]}), "scopes"),
        ("POST", KEYS, json!({"name": "b", "scopes": vec!["a:b"; 21]}), "scopes"),
        ("POST", KEYS, json!({"name": "b", "scopes": ["a:b"], "ip_allow_list": ["203.0.113.1/24"]}), "ip_allow_list"),
        ("POST", KEYS, json!({"name": "b", "scopes": ["a:b"], "expires_at": "2020-01-01T00:00:00Z"}), "expires_at"),
        ("POST", KEYS, json!({"name": "b", "scopes": ["a:b"], "expires_at": "2199-01-01T00:00:00Z"}), "expires_at"),
        ("POST", KEYS, json!({"name": "b", "scopes": ["a:b"], "expires_at": "soon"}), "expires_at"),
        ("POST", KEYS, json!({"name": "b", "scopes": ["a:b"], "user": "usr_eve"}), "user"),
        ("PUT", &*one, json!({"name": "b"}), "scopes"),
        ("PUT", &*one, whole(), "ip_allow_list"),
        ("PUT", &*one, json!({"name": "bot", "scopes": ["trading:read"], "ip_allow_list": []}), "expires_at"),
        ("PATCH", &*one, json!({"scopes": []}), "scopes"),
        ("POST", &*rotate, json!({"overlap_seconds": -1}), "overlap_seconds"),
        ("POST", &*rotate, json!({"overlap_seconds": 604_801}), "overlap_seconds"),
    ] {
        let answer = change(&api, method, path, "admin", &body);
        assert_eq!(told(answer), wrong(field), "{method} {path} {body}");
    }
    for id in ["nobody", "key_x!"] {
        let told = told(ask(&api, "GET", &format!("{KEYS}/{id}"), "admin", &Value::Null));
        assert_eq!(told, refused(404, "not_found"), "{id}");
    }
    assert_eq!(ask(&api, "GET", &one, "admin", &Value::Null).2["version"], 1);
}

#[test]
fn each_refusal_has_its_code() {
    let api = people();
    let (one, _) = made(&api, "trader", &night_bot());
    made(&api, "trader", &whole());
    let same: Told = (400, "DUPLICATE_API_KEY".to_owned(), json!("name"));
    assert_eq!(told(ask(&api, "POST", KEYS, "trader", &whole())), same);
    assert_eq!(told(change(&api, "PUT", &one, "trader", &instead())), same);
    let more: Told = (403, "scope_not_yours".to_owned(), json!("scopes"));
    let everybody = json!({"name": "keeper", "scopes": ["users:write"]});
    assert_eq!(told(ask(&api, "POST", KEYS, "trader", &everybody)), more);
    assert_eq!(told(change(&api, "PATCH", &one, "trader", &json!({"scopes": ["users:write"]}))), more);
    for (method, path, body) in [
        ("PATCH", one.clone(), json!({"name": "day bot"})),
        ("POST", format!("{one}/rotate"), Value::Null),
        ("DELETE", one, Value::Null),
    ] {
        let answer = ask_at(&api, 4, (method, &path), "trader", &body);
        assert_eq!(told(answer), refused(409, "version_conflict"), "{method} {path}");
    }
    for number in 2..PROGRAM_KEYS_PER_USER_MAX {
        made(&api, "trader", &json!({"name": format!("bot {number}"), "scopes": ["trading:read"]}));
    }
    let one_more = json!({"name": "another", "scopes": ["trading:read"]});
    assert_eq!(told(ask(&api, "POST", KEYS, "trader", &one_more)), refused(409, "too_many_api_keys"));
}

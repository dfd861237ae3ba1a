//! What somebody changes of themselves, is told of themselves, and has forgotten.

use super::rows::{Told, ask_at, done, keeper, put_account, recorded, refused, tag, told, wrong};
use super::*;
use app::ports::{Wanting, Wish};
use domain::market::{Interval, MarketKey};
use domain::series::Series;
use lambda::edge::SourceIp;
use serde_json::json;
use store::identity::Identity;
use store::market::Market;

/// Somebody of each kind, and a second admin.
fn village() -> Api {
    let api = town(&[Role::Viewer, Role::Admin]);
    known(&api, &person("boss", Role::Admin));
    let profile = Profile { name: "Ann Lee".parse().ok(), preferences: r#"{"theme":"dark"}"#.parse().unwrap() };
    known(&api, &User { profile, ..person("trader", Role::Trader) });
    api
}

fn asked(api: &Api, method: &str, path: &str, word: &str, body: &Value) -> (StatusCode, HeaderMap, Value) {
    ask_at(api, 3, (method, &format!("/api/v1/users/{path}")), word, body)
}

fn change(api: &Api, body: &Value) -> (StatusCode, HeaderMap, Value) {
    asked(api, "PATCH", "me", "trader", body)
}

fn erasure(name: &str) -> String {
    format!("{}/erase", UserId::of(&[name]))
}

fn is_known(api: &Api, name: &str) -> bool {
    let user = UserId::of(&[name]);
    done(api, |world| async move { Identity(&world).load_user(&user).await.unwrap().is_some() })
}

#[test]
fn each_of_these_is_a_persons_own_and_no_programs() {
    for (method, path, body, told) in [
        ("PUT", "me", json!({"name": "Ann Lee"}), 200),
        ("PATCH", "me", json!({"name": null, "preferences": null}), 200),
        ("GET", "me/export", Value::Null, 200),
        ("POST", "{me}/erase", json!({"password": GOOD}), 204),
    ] {
        let api = village();
        for (word, status) in [("nobody", 401), ("key:trader", 404), ("viewer", told), ("admin", told)] {
            let path = path.replace("{me}", UserId::of(&[word.trim_start_matches("key:")]).as_str());
            let (told, _, said) = asked(&api, method, &path, word, &body);
            assert_eq!(told.as_u16(), status, "{method} {path} {word}: {said}");
        }
    }
}

#[test]
fn what_one_tells_of_oneself_is_shown_and_a_wrong_member_is_named() {
    let api = village();
    let (_, headers, said) = change(&api, &json!({"preferences": {"theme": "dark"}}));
    assert_eq!((&said["name"], &said["preferences"]), (&json!("Ann Lee"), &json!({"theme": "dark"})));
    assert_eq!(tag(&headers), Some("\"3\""), "as it was");
    assert!(said["last_seen"].as_str().unwrap().starts_with("2025-11-20T08:51:00"), "{said}");
    for (body, field) in [
        (json!({"name": ""}), "name"),
        (json!({"name": 7}), "name"),
        (json!({"username": "a b"}), "username"),
        (json!({"email": "ann"}), "email"),
        (json!({"email": "ann@example.org"}), "password"),
        (json!({"preferences": "dark"}), "preferences"),
        (json!({"preferences": {"a": "x".repeat(5_000)}}), "preferences"),
        (json!({"role": "admin"}), "role"),
        (json!({"is_active": true}), "is_active"),
    ] {
        assert_eq!(told(change(&api, &body)), wrong(field), "{body}");
    }
    let (_, headers, said) = change(&api, &json!({"name": null, "preferences": {"theme": "light"}}));
    assert_eq!((tag(&headers), &said["name"]), (Some("\"4\""), &Value::Null));
    let (_, headers, me) = ask(&api, "GET", "/api/v1/users/me", "trader", &Value::Null);
    assert_eq!((tag(&headers), &me["preferences"]), (Some("\"4\""), &json!({"theme": "light"})));
    assert_eq!(told(change(&api, &json!({"name": "Ann"}))), refused(409, "version_conflict"));
}

#[test]
fn another_address_is_taken_by_whoever_knows_the_password_and_the_former_one_is_told() {
    let api = village();
    let to = |email: &str, password: &str| change(&api, &json!({"email": email, "password": password}));
    let taken = |code: &str, field: &str| -> Told { (400, code.to_owned(), json!(field)) };
    assert_eq!(told(to("viewer@example.com", GOOD)), taken("DUPLICATE_EMAIL", "email"));
    assert_eq!(told(change(&api, &json!({"username": "viewer"}))), taken("DUPLICATE_USERNAME", "username"));
    assert_eq!(told(to("ann@example.org", "Wr0ng!")), refused(401, "wrong_credentials"));
    assert!(api.post.sent.lock().unwrap().is_empty() && recorded(&api).is_empty());
    let (status, _, said) = to("ann@example.org", GOOD);
    assert_eq!((status, &said["email"]), (StatusCode::OK, &json!("ann@example.org")));
    let sent = api.post.sent.lock().unwrap().clone();
    assert_eq!((sent.len(), sent[0].0.as_str()), (1, "trader@example.com"));
    factor::switch_on(&api, &UserId::of(&["trader"]));
    let back = |code: Option<&str>| {
        let body = json!({"email": "trader@example.com", "password": GOOD, "totp": code});
        told(ask(&api, "PATCH", "/api/v1/users/me", "trader", &body))
    };
    assert_eq!(back(None), refused(401, "totp_required"));
    assert_eq!(back(Some("123456")), refused(401, "wrong_totp"));
    assert_eq!(back(Some(factor::NEXT)).0, 200);
}

#[test]
fn all_that_is_kept_is_told_without_a_secret() {
    let (api, trader) = (village(), UserId::of(&["trader"]));
    put_account(&api, &trader, 0);
    let market = MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    let series = Series { market, interval: Interval::OneHour };
    let wish = Wish { series, by: Wanting::List(trader), since: AT, until: None };
    done(&api, |world| async move { Market(&world).keep_wish(&wish).await.unwrap() });
    let from =
        |request: Builder| request.extension(SourceIp(Some("192.0.2.1".to_owned()))).header("user-agent", "curl");
    let credentials = json!({"email": "trader@example.com", "password": GOOD}).to_string();
    let (_, _, entered) = sent(&api, from(Request::post("/api/v1/auth/login")), "", &credentials);
    let token = entered["token"].as_str().unwrap();
    let wanted = json!({"name": "bot", "scopes": ["trading:read"]});
    let (_, _, key) = ask(&api, "POST", "/api/v1/api-keys", token, &wanted);
    let (_, _, told) = ask(&api, "GET", "/api/v1/users/me/export", token, &Value::Null);
    assert_eq!(
        (&told["profile"]["email"], &told["profile"]["name"]),
        (&json!("trader@example.com"), &json!("Ann Lee"))
    );
    let session = &told["sessions"][0];
    assert_eq!((&session["user_agent"], &session["current"]), (&json!("curl"), &json!(true)));
    assert_eq!((&session["ip_address"], &told["second_factor"]["enabled"]), (&json!("192.0.2.1"), &json!(false)));
    let series = json!({"exchange": "BINANCE", "symbol": "BTC/USDT", "timeframe": "1h", "why": "list",
                        "since": "2025-11-20T08:51:00Z", "until": null});
    assert_eq!(told["series"], json!([series]));
    assert_eq!((&told["accounts"][0]["exchange"], &told["api_keys"][0]["name"]), (&json!("PAPER"), &json!("bot")));
    assert!(told["balances"][0].to_string().contains("USDT"), "{}", told["balances"]);
    let topics: Vec<_> = told["notifications"].as_array().unwrap().iter().map(|notice| &notice["topic"]).collect();
    assert!(topics.contains(&&json!("access_made")), "{topics:?}");
    assert_eq!(told["changes"].as_array().unwrap().len(), recorded(&api).len());
    assert_eq!((&told["more_changes"], &told["more_notifications"]), (&json!(false), &json!(false)));
    assert!(told["log"].to_string().contains("a key of a program was made"), "{}", told["log"]);
    for part in ["webhook_tokens", "presets", "bots", "bot_runs", "backfills", "backtests"] {
        assert_eq!(told[part], json!([]), "{part}");
    }
    assert!(!told.to_string().contains(key["secret"].as_str().unwrap()) && !told.to_string().contains(token));
}

#[test]
fn an_admin_needs_no_password_to_have_somebody_forgotten() {
    for body in [json!({"password": null}), json!({})] {
        let api = village();
        assert_eq!(asked(&api, "POST", &erasure("viewer"), "admin", &body).0, StatusCode::NO_CONTENT, "{body}");
        assert!(!is_known(&api, "viewer") && api.post.sent.lock().unwrap().is_empty());
    }
}

#[test]
fn whoever_knows_their_password_is_forgotten_and_told_so() {
    let api = village();
    let token = token(&api, "trader");
    factor::switch_on(&api, &UserId::of(&["viewer"]));
    let gone = asked(&api, "POST", &erasure("trader"), &token, &json!({"password": GOOD}));
    assert_eq!((gone.0, is_known(&api, "trader")), (StatusCode::NO_CONTENT, false));
    assert_eq!(asked(&api, "GET", "me/export", &token, &Value::Null).0, StatusCode::UNAUTHORIZED);
    let sent = api.post.sent.lock().unwrap().clone();
    assert_eq!((sent.len(), sent[0].0.as_str()), (1, "trader@example.com"));
    let viewer = |code: Option<&str>| {
        told(asked(&api, "POST", &erasure("viewer"), "viewer", &json!({"password": GOOD, "totp": code})))
    };
    assert_eq!([viewer(None), viewer(Some("123456"))], ["totp_required", "wrong_totp"].map(|code| refused(401, code)));
    assert_eq!(viewer(Some(factor::NEXT)).0, 204);
}

#[test]
fn erasing_says_why_not() {
    let api = village();
    let erase = |name: &str, word: &str, body: Value| told(asked(&api, "POST", &erasure(name), word, &body));
    for (body, field) in [(json!({"password": 8}), "password"), (json!({"why": "x"}), "why")] {
        assert_eq!(erase("trader", "trader", body.clone()), wrong(field), "{body}");
    }
    for body in [json!({}), json!({"password": null}), json!({"password": "Wr0ng!"})] {
        assert_eq!(erase("trader", "trader", body.clone()), refused(401, "wrong_credentials"), "{body}");
    }
    assert_eq!(erase("unknown", "admin", json!({})), refused(404, "not_found"));
    assert_eq!(erase("viewer", "trader", json!({"password": GOOD})), refused(404, "not_found"), "another's");
    let ann = asked(&api, "POST", "ann/erase", "trader", &json!({}));
    assert_eq!(told(ann), refused(404, "not_found"), "what can be no id");
    let lesser = api.store.log_in(&UserId::of(&["lesser"]), &["users:write"]);
    assert_eq!(erase("trader", &lesser, json!({})), refused(403, "permission_not_yours"));
    put_account(&api, &UserId::of(&["trader"]), 2);
    assert_eq!(erase("trader", "trader", json!({"password": GOOD})), refused(409, "groups_open"));
    let keeper = keeper(&api);
    assert_eq!(erase("boss", &keeper, json!({})).0, 204);
    assert_eq!(erase("admin", "admin", json!({"password": GOOD})), refused(409, "last_admin"));
    assert!(["trader", "viewer", "admin"].iter().all(|name| is_known(&api, name)));
}

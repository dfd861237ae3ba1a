//! Somebody else's accounts.

use super::accounts::{PATH, anns, id, is_looked_at, kept, one, validated};
use super::*;
use app::ports::DayBalances;
use serde_json::json;
use store::vault::Vault;

/// Eve, who may look at everybody's trading and keeps accounts of her own.
const MANAGER: &str = "eve+trading:read+accounts:write+trading:read-all";
const VIEWER: &str = "eve+trading:read";

fn looks() -> [String; 5] {
    [PATH.to_owned(), one(""), one("/balances"), one("/balances/history"), one("/limits")]
}

#[test]
fn whoever_reads_everybodys_trading_sees_accounts_without_a_part_of_their_keys() {
    let api = anns();
    let day = DayBalances { account: id(), day: AT.day(), at: AT, balances: [].into() };
    done(&api, |world| async move { Vault(&world).keep_day_balances(&day).await.unwrap() });
    for path in looks() {
        let own = ask(&api, "GET", &path, "trading:read", "");
        let asked = format!("{path}?user_id={}", ann());
        let (status, headers, told) = ask(&api, "GET", &asked, MANAGER, "");
        // A weak one is of the whole answer, which shows less.
        let version =
            |headers: &HeaderMap| headers.get("etag").filter(|tag| !tag.as_bytes().starts_with(b"W/")).cloned();
        assert_eq!((status, version(&headers)), (StatusCode::OK, version(&own.1)), "{path}");
        let text = told.to_string();
        assert!(!["abcd", "wxyz", "wrapped", "cipher", "nonce"].iter().any(|part| text.contains(part)), "{text}");
        let mut expected = own.2;
        assert_ne!(expected["items"], json!([]), "{path}");
        for key in expected
            .get_mut("items")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .filter_map(|of| of.get_mut("key"))
        {
            key["masked"] = Value::Null;
        }
        if let Some(key) = expected.get_mut("key") {
            key["masked"] = Value::Null;
        }
        assert_eq!(told, expected, "{path}");
    }
    let (_, _, told) = ask(&api, "GET", &one(&format!("?user_id={}", ann())), MANAGER, "");
    assert_eq!((told["key"]["masked"].is_null(), told["key"]["id"].is_string()), (true, true), "{told}");
}

#[test]
fn to_whoever_may_not_somebody_elses_account_is_not_there() {
    let api = anns();
    for path in looks() {
        let (status, _, problem) = ask(&api, "GET", &format!("{path}?user_id={}", ann()), VIEWER, "");
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{path}");
        let unnamed = ask(&api, "GET", &path, MANAGER, "");
        let is_own =
            unnamed.2["items"].as_array().is_some_and(|items| items.iter().all(|item| item["label"] == "eves"));
        assert!(is_own || unnamed.0 == StatusCode::NOT_FOUND, "{path}: {unnamed:?}");
    }
}

#[test]
fn whoever_reads_everybodys_trading_changes_none_of_it() {
    let api = anns();
    is_looked_at(&api, validated(kept()));
    for (method, path, body) in [
        ("PATCH", one(""), r#"{"label": "mine"}"#),
        ("PATCH", one("/limits"), r#"{"open_groups_max": 1}"#),
        ("POST", one("/test"), ""),
    ] {
        let asked = format!("{path}?user_id={}", ann());
        let named = ask(&api, method, &asked, MANAGER, body);
        assert_eq!((named.0.as_u16(), &named.2["field"]), (422, &json!("user_id")), "{path}");
        let before = ask(&api, "GET", &one(""), ALL, "").2;
        assert_eq!(ask(&api, method, &path, MANAGER, body).0, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(ask(&api, "GET", &one(""), ALL, "").2, before, "{path}");
        assert_eq!(ask(&api, method, &path, ALL, body).0, StatusCode::OK, "{method} {path}");
    }
}

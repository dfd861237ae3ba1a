//! Somebody else's accounts.

use super::accounts::{PATH, one};
use super::*;
use serde_json::json;

/// Eve, who may look at everybody's trading and keeps accounts of her own.
const MANAGER: &str = "eve+trading:read+accounts:write+trading:read-all";
const VIEWER: &str = "eve+trading:read";

fn looks() -> [String; 5] {
    [PATH.to_owned(), one(""), one("/balances"), one("/balances/history"), one("/limits")]
}

#[tokio::test]
async fn whoever_reads_everybodys_trading_sees_accounts_without_a_part_of_their_keys() {
    for path in looks() {
        let own = ask(&Stub::default(), "GET", &path, "trading:read", "").await;
        let asked = format!("{path}?user_id={}", ann());
        let (status, headers, told) = ask(&Stub::default(), "GET", &asked, MANAGER, "").await;
        assert_eq!((status, headers.get("etag")), (StatusCode::OK, own.1.get("etag")), "{path}");
        let text = told.to_string();
        assert!(!["abcd", "wxyz", "wrapped", "cipher", "nonce"].iter().any(|part| text.contains(part)), "{text}");
        let mut expected = own.2;
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
    let (_, _, told) = ask(&Stub::default(), "GET", &one(&format!("?user_id={}", ann())), MANAGER, "").await;
    assert_eq!((told["key"]["masked"].is_null(), told["key"]["id"].is_string()), (true, true), "{told}");
}

#[tokio::test]
async fn to_whoever_may_not_somebody_elses_account_is_not_there() {
    for path in looks() {
        let (status, _, problem) = ask(&Stub::default(), "GET", &format!("{path}?user_id={}", ann()), VIEWER, "").await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{path}");
        let unnamed = ask(&Stub::default(), "GET", &path, MANAGER, "").await;
        assert!(unnamed.2["items"] == json!([]) || unnamed.0 == StatusCode::NOT_FOUND, "{path}: {unnamed:?}");
    }
}

#[tokio::test]
async fn whoever_reads_everybodys_trading_changes_none_of_it() {
    for (method, path, body) in [
        ("PUT", one(""), r#"{"label": "mine"}"#),
        ("PATCH", one("/limits"), r#"{"open_groups_max": 1}"#),
        ("POST", one("/test"), ""),
    ] {
        let asked = format!("{path}?user_id={}", ann());
        let named = ask(&Stub::default(), method, &asked, MANAGER, body).await;
        assert_eq!((named.0.as_u16(), &named.2["field"]), (422, &json!("user_id")), "{path}");
        assert_eq!(ask(&Stub::default(), method, &path, MANAGER, body).await.0, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(ask(&Stub::default(), method, &path, ALL, body).await.0, StatusCode::OK, "{method} {path}");
    }
}

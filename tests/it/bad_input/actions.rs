//! Bodies of `halt` and `resume`.

use super::{assert_keeps_secrets, assert_problem};
use crate::support::Trader;
use crate::support::http::ask;
use domain::limits::BODY_BYTES_MAX;
use reqwest::Method;

const ACTIONS: [&str; 2] = ["/api/v1/halt", "/api/v1/resume"];

#[tokio::test]
async fn a_body_that_cannot_be_followed_says_why() {
    let trader = Trader::new().await;
    let (long, large) = (reason(&"x".repeat(201)), reason(&"x".repeat(BODY_BYTES_MAX)));
    let table = [
        ("", 400, "invalid_json", None),
        ("{", 400, "invalid_json", None),
        ("[]", 400, "invalid_json", None),
        ("null", 400, "invalid_json", None),
        ("{}", 422, "invalid_field", Some("reason")),
        (r#"{"reason": ""}"#, 422, "invalid_field", Some("reason")),
        (r#"{"reason": 7}"#, 422, "invalid_field", Some("reason")),
        (r#"{"reason": {"a": 1}}"#, 422, "invalid_field", Some("reason")),
        (&long, 422, "invalid_field", Some("reason")),
        (r#"{"reason": "x", "account": 7}"#, 422, "invalid_field", Some("account")),
        (r#"{"reason": "x", "account": "nobody"}"#, 422, "invalid_field", Some("account")),
        (r#"{"reason": "x", "acount": "default"}"#, 422, "invalid_field", Some("acount")),
        (&large, 413, "body_too_large", None),
    ];
    for path in ACTIONS {
        for (body, status, code, field) in table {
            let answer = ask(Method::POST, path, Some(&trader.bearer), body.to_owned()).await;
            assert_problem(&answer, status, code, field, &format!("{path} {body:.60}"));
            assert_keeps_secrets(&trader, &answer);
        }
    }
    let dry = ask(Method::POST, ACTIONS[1], Some(&trader.bearer), r#"{"reason": "x", "dry_run": "yes"}"#).await;
    assert_problem(&dry, 422, "invalid_field", Some("dry_run"), "dry_run");
    assert!(trader.account_state().await.halted.is_none(), "none of it has halted anything");
}

#[tokio::test]
async fn what_is_sent_to_an_action_without_a_body_does_not_matter() {
    let trader = Trader::new().await;
    for body in ["", "{", "null", r#"{"reason": 7}"#] {
        let path = "/api/v1/position-groups/grp_none/close";
        let answer = ask(Method::POST, path, Some(&trader.bearer), body).await;
        assert_problem(&answer, 404, "not_found", None, body);
    }
}

fn reason(text: &str) -> String {
    format!(r#"{{"reason": "{text}"}}"#)
}

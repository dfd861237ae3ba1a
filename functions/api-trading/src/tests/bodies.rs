//! What bodies are refused for, each member by its name.

use super::*;

fn detail(method: &str, path: &str, body: &str) -> String {
    let api = api();
    let scopes = ["trading:read", "trading:write", "system:operate", "users:write"];
    let token = api.store.log_in(&user(), &scopes);
    let (status, _, problem) = ask(&api, method, path, body, &token);
    assert_eq!((status, &problem["code"]), (422, &json!("invalid_field")), "{path} {body}: {problem}");
    let detail = problem["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with(problem["field"].as_str().unwrap()), "{problem}");
    detail
}

#[test]
fn member_refused_is_named_with_what_is_allowed() {
    let check = |path: &str, body: &str, expected: &str| {
        assert_eq!(detail("POST", &format!("/api/v1/{path}"), body), expected, "{path} {body}");
    };
    let required = "reason is required: why, in a few words";
    for path in ["halt", "resume", "system/halt", "system/resume", "recover/confirm"] {
        check(path, "{}", required);
        check(path, r#"{"reason": " "}"#, "reason must be a text of 1 to 200 characters");
        check(path, r#"{"reason": 1}"#, "reason must be a text of 1 to 200 characters");
    }
    check("halt", r#"{"reason": "x", "acount": "a"}"#, "acount is not known here: reason, account, entries, until are");
    check("halt", r#"{"reason": "x", "reason": "y"}"#, "reason may stand there only once");
    check("resume", r#"{"reason": "x", "dry_run": "yes"}"#, "dry_run must be true or false");
    let account = "leave_out must be acc_ followed by lower-case letters and digits";
    check("recover/confirm", r#"{"reason": "x", "leave_out": ["default"]}"#, account);
    check("recover/confirm", r#"{"reason": "x", "leave_out": "acc_x"}"#, "leave_out must be a list");
    check("bot/stop", "{}", "bot_run_id is required");
    check("bot/stop", r#"{"bot_run_id": "run_1", "close_only": "yes"}"#, "close_only must be true or false");
    let user = "user must be usr_ followed by lower-case letters and digits";
    check("position-groups/close", r#"{"user": "ann", "reason": "x"}"#, user);
    check("position-groups/close", r#"{"reason": "x"}"#, "user is required");
    check("position-groups/close", r#"{"user": "usr_1"}"#, required);
    check(
        "position-groups/close",
        r#"{"user": "usr_1", "reason": "x", "all": true}"#,
        "all is not known here: user, reason are",
    );
    let accept = format!("reconciliation/{}/accept", account_id());
    check(
        &accept,
        r#"{"proposal": "x", "reason": "x"}"#,
        "proposal must be prp_ followed by lower-case letters and digits",
    );
    check(&accept, r#"{"proposal": "prp_1"}"#, required);
    let switched = detail("PUT", "/api/v1/strategies/RSI_CROSS", r#"{"reason": "x"}"#);
    assert_eq!(switched, "enabled is required");
}

#[test]
fn body_that_is_no_object_is_told_apart_from_a_wrong_member() {
    for body in ["", "{", "[]", "\"x\"", "null"] {
        let (status, _, problem) = ask(&api(), "POST", "/api/v1/resume", body, PERSON);
        assert_eq!((status, &problem["code"]), (400, &json!("invalid_json")), "{body}");
    }
}

fn account_id() -> domain::ids::AccountId {
    domain::ids::AccountId::of(&["a"])
}

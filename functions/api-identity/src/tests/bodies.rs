//! What bodies are refused for, each member by its name, and no secret in it.

use super::*;
use serde_json::json;

#[test]
fn member_refused_is_named_with_what_is_allowed_and_not_repeated() {
    let api = town(&[Role::Admin]);
    let check = |method: &str, path: &str, body: Value, expected: &str| {
        let (status, _, problem) = ask(&api, method, path, "admin", &body);
        assert_eq!((status.as_u16(), &problem["detail"]), (422, &json!(expected)), "{path}: {problem}");
        assert!(expected.starts_with(problem["field"].as_str().unwrap()), "{problem}");
    };
    let user = |password: Value| json!({"email": "new@example.com", "username": "newcomer", "password": password});
    check("POST", "/api/auth/login", json!({"password": "Planted-1"}), "email is required");
    check("POST", "/api/auth/login", json!({"email": "a@example.com"}), "password is required");
    check("POST", "/api/auth/login", json!({"email": "a@example.com", "password": 7}), "password must be a text");
    check("POST", "/api/v1/users", user(json!(["Planted-1"])), "password must be a text");
    check("POST", "/api/v1/users", user(json!(null)), "password is required");
    check("PUT", "/api/v1/users/usr_1", json!({"is_active": "no"}), "is_active must be true or false");
    check("POST", "/api/v1/user-plans", json!({"plan": "default"}), "user_id is required");
    let id = "user_id must be usr_ followed by lower-case letters and digits";
    check("POST", "/api/v1/user-plans", json!({"user_id": "ann", "plan": "default"}), id);
    check("POST", "/api/logs/export", json!({"logs": "all", "format": "csv"}), "logs must be system or audit");
    check("POST", "/api/logs/export", json!({"logs": "audit", "format": "xml"}), "format must be csv or json");
    check("POST", "/api/logs/export", json!({"logs": "audit"}), "format is required");
    let weak = ask(&api, "POST", "/api/v1/users", "admin", &user(json!("planted"))).2;
    assert_eq!((&weak["code"], &weak["field"]), (&json!("invalid_field"), &json!("password")));
    assert!(!weak.to_string().contains("planted"), "{weak}");
}

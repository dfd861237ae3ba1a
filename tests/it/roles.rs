//! Roles, permissions and plans by the deployed routes: who may keep them, and what their holders may from then on.

use crate::support::Stack;
use crate::support::http::{Answer, answered, ask, client};
use crate::support::people::{Someone, admin, enter, somebody};
use crate::support::unique::unique;
use reqwest::Method;
use serde_json::{Value, json};

async fn send(method: Method, path: &str, who: &Someone, body: Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(method, &format!("/api/v1/{path}"), Some(&who.token), body).await
}

fn told(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["code"].clone())
}

fn named(kind: &str) -> String {
    format!("{kind}-{}", unique().chars().rev().take(12).collect::<String>())
}

async fn make(admin: &Someone, permissions: &[&str]) -> String {
    let name = named("role");
    let made = send(Method::POST, "roles", admin, json!({"name": name, "permissions": permissions})).await;
    assert_eq!((made.status, &made.json()["version"]), (201, &json!(1)), "{made:?}");
    name
}

async fn give(admin: &Someone, who: &Someone, role: &str) -> Someone {
    let given = send(Method::PUT, &format!("users/{}", who.id), admin, json!({"role": role})).await;
    assert_eq!((given.status, &given.json()["role"]), (200, &json!(role)), "{given:?}");
    enter(&who.email).await
}

#[tokio::test]
async fn what_a_role_permits_is_what_the_next_request_may() {
    let admin = admin().await;
    let role = make(&admin, &["trading:read", "system:operate"]).await;
    let ann = give(&admin, &somebody(&admin, "viewer").await, &role).await;
    let recover = async || send(Method::GET, "recover", &ann, Value::Null).await.status;
    assert_eq!(recover().await, 200, "another function knows the role");
    let path = format!("roles/{role}");
    let narrowed = send(Method::PUT, &path, &admin, json!({"permissions": ["trading:read"]})).await;
    assert_eq!((narrowed.status, &narrowed.json()["version"]), (200, &json!(2)), "{narrowed:?}");
    assert_eq!(recover().await, 403, "the same session, from its next request on");
    let me = send(Method::GET, "users/me", &ann, Value::Null).await.json();
    assert_eq!((&me["role"], &me["permissions"]), (&json!(role), &json!(["trading:read"])));

    assert_eq!(send(Method::GET, &path, &admin, Value::Null).await.json()["holders"], 1);
    assert_eq!(told(&send(Method::DELETE, &path, &admin, Value::Null).await), (409, json!("in_use")));
    give(&admin, &ann, "viewer").await;
    assert_eq!(send(Method::DELETE, &path, &admin, Value::Null).await.status, 204);
    assert_eq!(send(Method::GET, &path, &admin, Value::Null).await.status, 404);
    let late = send(Method::PUT, &format!("users/{}", ann.id), &admin, json!({"role": role})).await;
    assert_eq!((late.status, &late.json()["field"]), (422, &json!("role")));
}

#[tokio::test]
async fn nobody_hands_out_what_they_have_not() {
    let admin = admin().await;
    let role = make(&admin, &["trading:read", "users:write"]).await;
    let eve = give(&admin, &somebody(&admin, "viewer").await, &role).await;
    let (ann, denied) = (somebody(&admin, "viewer").await, (403, json!("permission_not_yours")));
    let wide = json!({"name": named("role"), "permissions": ["trading:write"]});
    assert_eq!(told(&send(Method::POST, "roles", &eve, wide).await), denied);
    let path = format!("users/{}", ann.id);
    assert_eq!(told(&send(Method::PUT, &path, &eve, json!({"role": "admin"})).await), denied);
    let owner = format!("users/{}", admin.id);
    assert_eq!(told(&send(Method::POST, &format!("{owner}/reset-password"), &eve, Value::Null).await), denied);
    assert_eq!(told(&send(Method::DELETE, &owner, &eve, Value::Null).await), denied);
    assert_eq!(told(&send(Method::PATCH, &owner, &eve, json!({"is_active": false})).await), denied);
    let own = send(Method::PUT, &format!("roles/{role}"), &eve, json!({"permissions": ["users:write"]})).await;
    assert_eq!(told(&own), (409, json!("oneself")));
    let mut new =
        json!({"email": format!("x{}@example.com", unique()), "username": named("x"), "password": "Tr4ding-by-night"});
    new["role"] = json!("trader");
    assert_eq!(told(&send(Method::POST, "users", &eve, new).await), denied);
    assert_eq!(send(Method::GET, "users/me", &admin, Value::Null).await.status, 200, "nothing was done");
}

#[tokio::test]
async fn what_is_built_in_stays_and_a_name_is_one_things() {
    let admin = admin().await;
    for path in ["roles/viewer", "permissions/trading:read", "plans/default"] {
        for (method, body) in [(Method::PUT, json!({"description": "Another."})), (Method::DELETE, Value::Null)] {
            assert_eq!(told(&send(method, path, &admin, body).await), (409, json!("built_in")), "{path}");
        }
    }
    let permission = format!("{}:print", named("reports"));
    for (kind, code, body) in [
        ("roles", "DUPLICATE_ROLE", json!({"name": named("role"), "permissions": []})),
        ("plans", "DUPLICATE_PLAN", json!({"name": named("plan"), "limits": {"positions": 3}})),
        ("permissions", "DUPLICATE_PERMISSION", json!({"name": permission})),
    ] {
        // Both clicks of a double click.
        let click = || send(Method::POST, kind, &admin, body.clone());
        let (one, other) = tokio::join!(click(), click());
        let mut answers = [told(&one), told(&other)];
        answers.sort_by_key(|(status, _)| *status);
        assert_eq!(answers, [(201, Value::Null), (400, json!(code))], "{kind}");
        let path = format!("{kind}/{}", body["name"].as_str().unwrap());
        let listed = send(Method::GET, kind, &admin, Value::Null).await.json();
        assert!(listed["items"].as_array().unwrap().iter().any(|item| item["name"] == body["name"]), "{kind}");
        let changed = json!({"description": "Another."});
        let version = |version: &str| format!("\"{version}\"");
        for (seen, status) in [("7", 409), ("1", 200), ("1", 409)] {
            let request = client().put(format!("{}/api/v1/{path}", Stack::get().api)).bearer_auth(&admin.token);
            let sent = answered(request.header("if-match", version(seen)).body(changed.to_string())).await;
            assert_eq!(sent.status, status, "{kind} at {seen}: {sent:?}");
        }
        assert_eq!(send(Method::DELETE, &path, &admin, Value::Null).await.status, 204, "{kind}");
    }
}

#[tokio::test]
async fn a_role_carries_what_is_there() {
    let admin = admin().await;
    let own = format!("{}:print", named("reports"));
    let body = json!({"name": named("role"), "permissions": ["trading:read", own]});
    let unknown = send(Method::POST, "roles", &admin, body.clone()).await;
    assert_eq!((unknown.status, &unknown.json()["field"]), (422, &json!("permissions")));
    assert_eq!(send(Method::POST, "permissions", &admin, json!({"name": own})).await.status, 201);
    assert_eq!(send(Method::POST, "roles", &admin, body.clone()).await.status, 201);
    let path = format!("permissions/{own}");
    assert_eq!(told(&send(Method::DELETE, &path, &admin, Value::Null).await), (409, json!("in_use")));
    let role = format!("roles/{}", body["name"].as_str().unwrap());
    assert_eq!(send(Method::DELETE, &role, &admin, Value::Null).await.status, 204);
    assert_eq!(send(Method::DELETE, &path, &admin, Value::Null).await.status, 204);
}

//! Who asks: somebody with all that an admin may, by a role of their own, since an admin asks no more than any other.

use crate::support::http::ask;
use crate::support::people::{Someone, admin, enter, somebody};
use crate::support::unique::unique;
use reqwest::Method;
use serde_json::{Value, json};

/// More than is asked within a minute.
const REQUESTS_MAX: u32 = 10_000;

pub(super) async fn make() -> Someone {
    let admin = admin().await;
    let named = format!("asks-{}", unique());
    let may = ask(Method::GET, "/api/v1/roles/admin", Some(&admin.token), "").await.json()["permissions"].clone();
    let rates = json!({"api": REQUESTS_MAX, "wallets": REQUESTS_MAX});
    let role = json!({"name": named, "permissions": may, "rates": rates});
    said(&admin, Method::POST, "roles", &role, 201).await;
    let asker = somebody(&admin, "viewer").await;
    said(&admin, Method::PUT, &format!("users/{}", asker.id), &json!({"role": named}), 200).await;
    enter(&asker.email).await
}

/// What is answered where this goes well.
pub(super) async fn said(who: &Someone, method: Method, path: &str, body: &Value, status: u16) -> Value {
    let answer = ask(method, &format!("/api/v1/{path}"), Some(&who.token), body.to_string()).await;
    assert_eq!(answer.status, status, "{path}: {answer:?}");
    answer.json()
}

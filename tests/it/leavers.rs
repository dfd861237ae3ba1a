//! People who go, by the deployed routes, and whom a list is about.

use crate::support::http::{Answer, ask};
use crate::support::people::{GOOD, Someone, admin, enter, somebody};
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

/// The path that alerts are sent to.
async fn webhook(who: &Someone) -> String {
    let made = send(Method::POST, "webhook-tokens", who, json!({"label": "chart"})).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json()["webhook_path"].as_str().unwrap().to_owned()
}

async fn alert(path: &str) -> u16 {
    let body = json!({"action": "exit", "symbol": "BTC/USDT", "nonce": unique()});
    ask(Method::POST, path, None, body.to_string()).await.status
}

async fn log_in(who: &Someone) -> u16 {
    let body = json!({"email": who.email, "password": GOOD});
    ask(Method::POST, "/api/auth/login", None, body.to_string()).await.status
}

#[tokio::test]
async fn who_is_removed_comes_in_by_nothing_that_they_had() {
    let admin = admin().await;
    let (ann, eve) = (somebody(&admin, "trader").await, somebody(&admin, "manager").await);
    let path = format!("users/{}", ann.id);
    let hook = webhook(&ann).await;
    assert_eq!(told(&send(Method::DELETE, &path, &eve, Value::Null).await), (403, json!("missing_scope")));
    let own = send(Method::DELETE, &format!("users/{}", admin.id), &admin, Value::Null).await;
    assert_eq!(told(&own), (409, json!("oneself")));
    let nobody = send(Method::DELETE, "users/usr_aaaaaaaaaaaaaaaaaaaaaaaaaa", &admin, Value::Null).await;
    assert_eq!(nobody.status, 404);

    let gone = send(Method::DELETE, &path, &admin, Value::Null).await;
    assert_eq!(gone.status, 204, "{gone:?}");
    assert_eq!(send(Method::DELETE, &path, &admin, Value::Null).await.status, 404);
    assert_eq!(send(Method::GET, &path, &admin, Value::Null).await.status, 404);
    assert_eq!(send(Method::GET, "users/me", &ann, Value::Null).await.status, 401);
    assert_eq!(log_in(&ann).await, 401);
    // No process has believed it yet.
    assert_eq!(alert(&hook).await, 401);
    let again = json!({"email": ann.email, "username": format!("heir{}", unique()), "password": GOOD});
    assert_eq!(send(Method::POST, "users", &admin, again).await.status, 201, "the address is free");
}

#[tokio::test]
async fn who_is_kept_out_keeps_no_webhook_token() {
    let admin = admin().await;
    let ann = somebody(&admin, "trader").await;
    let hook = webhook(&ann).await;
    let path = format!("users/{}", ann.id);
    let out = send(Method::PATCH, &path, &admin, json!({"is_active": false})).await;
    assert_eq!(out.status, 200, "{out:?}");
    assert_eq!((alert(&hook).await, log_in(&ann).await), (401, 401));
    assert_eq!(send(Method::PATCH, &path, &admin, json!({"is_active": true})).await.status, 200);
    assert_eq!(alert(&hook).await, 401, "it does not come back with them");
    let back = enter(&ann.email).await;
    let listed = send(Method::GET, "webhook-tokens", &back, Value::Null).await.json();
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn people_are_looked_for() {
    let admin = admin().await;
    let ann = somebody(&admin, "quant").await;
    let part = ann.email.split_once('@').unwrap().0.to_uppercase();
    let ids = |answer: &Answer| -> Vec<String> {
        let items = answer.json()["items"].as_array().unwrap_or_else(|| panic!("{answer:?}")).clone();
        items.iter().map(|user| user["id"].as_str().unwrap().to_owned()).collect()
    };
    for (query, is_there) in [
        (format!("search={part}"), true),
        (format!("search={part}&role=quant&is_active=true"), true),
        (format!("search={part}&role=trader"), false),
        (format!("search={part}&is_active=false"), false),
    ] {
        let mut path = format!("users?{query}&limit=100");
        let mut found = Vec::new();
        loop {
            let page = send(Method::GET, &path, &admin, Value::Null).await;
            found.extend(ids(&page));
            let Some(next) = page.json()["next_cursor"].as_str().map(str::to_owned) else { break };
            path = format!("users?{query}&limit=100&cursor={next}");
        }
        assert_eq!(found, if is_there { vec![ann.id.clone()] } else { vec![] }, "{query}");
    }
    for (query, field) in [("role=Root", "role"), ("is_active=yes", "is_active"), ("role=quant&role=admin", "search")] {
        let bad = send(Method::GET, &format!("users?{query}"), &admin, Value::Null).await;
        assert_eq!((bad.status, bad.json()["field"].clone()), (422, json!(field)), "{query}");
    }
}

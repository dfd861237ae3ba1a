//! Tokens for programs by the deployed route: what they are good for, and what those are told who have no key.

use crate::support::Stack;
use crate::support::http::{Answer, answered, ask, client, response};
use crate::support::people::{Someone, admin, somebody};
use reqwest::Method;
use serde_json::{Value, json};

const KEYS: &str = "/api/v1/api-keys";
const GRANT: &str = "grant_type=client_credentials";

async fn key(who: &Someone, body: &Value) -> (String, String) {
    let made = ask(Method::POST, KEYS, Some(&who.token), body.to_string()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let text = |member: &str| made.json()[member].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

async fn exchange(path: &str, basic: Option<(&str, &str)>, body: String) -> Answer {
    let request = client().post(format!("{}{path}", Stack::get().api));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let request = if let Some((id, secret)) = basic { request.basic_auth(id, Some(secret)) } else { request };
    answered(request).await
}

fn token(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.json()["token_type"].as_str()), (200, Some("Bearer")), "{answer:?}");
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn looks(token: &str) -> u16 {
    ask(Method::GET, "/api/v1/position-groups", Some(token), "").await.status
}

async fn changes(token: &str) -> u16 {
    ask(Method::POST, "/api/v1/orders/ord_nobody/cancel", Some(token), "").await.status
}

#[tokio::test]
async fn a_key_is_exchanged_for_a_token_that_ends_with_it() {
    let admin = admin().await;
    let ann = somebody(&admin, "trader").await;
    let (id, secret) = key(&ann, &json!({"name": "bot", "scopes": ["trading:read", "trading:write"]})).await;
    let in_body = format!("{GRANT}&client_id={id}&client_secret={secret}");
    let whole = token(&exchange("/oauth2/token", None, in_body.clone()).await);
    let narrow = format!("{GRANT}&scope=trading:read");
    let narrow = token(&exchange("/api/v1/oauth2/token", Some((&id, &secret)), narrow).await);
    assert_eq!((looks(&whole).await, changes(&whole).await), (200, 404));
    assert_eq!((looks(&narrow).await, changes(&narrow).await), (200, 403));
    // It is no person, whatever its key may do.
    for path in [KEYS, "/api/v1/sessions", "/api/v1/notifications"] {
        assert_eq!(ask(Method::GET, path, Some(&whole), "").await.status, 404, "{path}");
    }
    let body = json!({"scopes": ["trading:read"]}).to_string();
    assert_eq!(ask(Method::PATCH, &format!("{KEYS}/{id}"), Some(&ann.token), body).await.status, 200);
    assert_eq!((looks(&whole).await, changes(&whole).await), (200, 403), "its key was narrowed");
    assert_eq!(ask(Method::DELETE, &format!("{KEYS}/{id}"), Some(&ann.token), "").await.status, 204);
    assert_eq!((looks(&whole).await, looks(&narrow).await), (401, 401), "at the next request");
    let after = exchange("/oauth2/token", None, in_body).await;
    assert_eq!((after.status, after.json()["error"].clone()), (401, json!("invalid_client")));
}

#[tokio::test]
async fn whoever_has_no_key_or_asks_for_more_is_told_in_the_words_of_the_standard() {
    let admin = admin().await;
    let (ann, eve) = (somebody(&admin, "viewer").await, somebody(&admin, "viewer").await);
    let scopes = json!({"name": "bot", "scopes": ["trading:read"]});
    let (id, secret) = key(&ann, &scopes).await;
    let (foreign, _) = key(&eve, &scopes).await;
    for (basic, body, status, error) in [
        (Some((&*id, "mqk_guess")), GRANT.to_owned(), 401, "invalid_client"),
        (Some((&*foreign, &*secret)), GRANT.to_owned(), 401, "invalid_client"),
        (None, format!("{GRANT}&client_id={id}"), 401, "invalid_client"),
        (Some((&*id, &*secret)), format!("{GRANT}&scope=trading:write"), 400, "invalid_scope"),
        (Some((&*id, &*secret)), "grant_type=password".to_owned(), 400, "unsupported_grant_type"),
        (Some((&*id, &*secret)), format!("{GRANT}&client_secret={secret}"), 400, "invalid_request"),
        (Some((&*id, &*secret)), String::new(), 400, "invalid_request"),
    ] {
        let told = exchange("/oauth2/token", basic, body.clone()).await;
        assert_eq!((told.status, told.json()["error"].clone()), (status, json!(error)), "{body}");
    }
    let request = client().post(format!("{}/oauth2/token", Stack::get().api)).basic_auth(&id, Some("mqk_guess"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(GRANT);
    let answer = response(request).await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((answer.status().as_u16(), header("cache-control")), (401, "no-store".to_owned()));
    assert!(header("www-authenticate").starts_with("Basic"));
}

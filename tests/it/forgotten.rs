//! Whoever forgot their password is written to; whoever nobody knows is answered alike.

use crate::support::Stack;
use crate::support::http::{Answer, ask};
use crate::support::people::{GOOD, admin, somebody};
use crate::support::unique::unique;
use crate::support::until::until;
use reqwest::Method;
use serde_json::{Value, json};

async fn post(path: &str, body: &Value) -> Answer {
    ask(Method::POST, &format!("/api{path}"), None, body.to_string()).await
}

/// The text of the newest letter to this address.
async fn letter_to(email: &str) -> Option<String> {
    let kept = reqwest::get(format!("{}/_ministack/ses/messages", Stack::get().endpoint)).await.unwrap();
    let kept: Value = kept.json().await.unwrap();
    let all = kept["messages"].as_object().unwrap().values().flat_map(|letters| letters.as_array().unwrap());
    let text = |letter: &Value| letter["BodyText"].as_str().unwrap().to_owned();
    all.filter(|letter| letter["To"][0] == email).map(text).next_back()
}

#[tokio::test]
async fn a_token_comes_by_e_mail_and_is_good_once() {
    let admin = admin().await;
    let ann = somebody(&admin, "viewer").await;
    let nobody = format!("nobody{}@example.com", unique());
    let known = post("/auth/forgot-password", &json!({"email": ann.email})).await;
    let unknown = post("/v1/auth/forgot-password", &json!({"email": nobody})).await;
    assert_eq!((known.status, &known), (200, &unknown), "alike to the byte");
    assert_eq!(known.json(), json!({"success": true}));
    let letter = until("a letter to arrive", async || letter_to(&ann.email).await).await;
    let token = letter.split_whitespace().find(|word| word.starts_with("mqr_")).unwrap();
    assert_eq!(letter_to(&nobody).await, None);

    let shown = ask(Method::GET, &format!("/api/v1/users/{}", ann.id), Some(&admin.token), "").await;
    assert_eq!(shown.json()["email"], ann.email.as_str());
    let credentials = |password: &str| json!({"email": ann.email, "password": password});
    assert_eq!(post("/auth/login", &credentials(GOOD)).await.status, 200, "until it is used");
    let reset = json!({"token": token, "new_password": "N3w-by-letter"});
    assert_eq!(post("/auth/reset-password", &reset).await.status, 200);
    assert_eq!(post("/auth/reset-password", &reset).await.status, 401);
    assert_eq!(post("/auth/login", &credentials(GOOD)).await.status, 401);
    assert_eq!(post("/auth/login", &credentials("N3w-by-letter")).await.status, 200);
    for body in [json!({}), json!({"email": "x"}), json!({"email": 7}), json!({"email": ann.email, "cc": nobody})] {
        assert_eq!(post("/auth/forgot-password", &body).await.status, 422, "{body}");
    }
    assert_eq!(post("/own/letters", &json!({"email": ann.email})).await.status, 404);
}

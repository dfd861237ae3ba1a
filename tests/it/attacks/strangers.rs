//! Who is registered here is nobody's business, and what strangers say stays one text in one line of the log.

use super::{get, post};
use crate::secrets::logs;
use crate::support::Trader;
use crate::support::http::{Answer, ask};
use crate::support::people::{GOOD, admin, somebody};
use crate::support::unique::{now, unique};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn whether_somebody_is_known_cannot_be_told() {
    let someone = somebody(&admin().await, "viewer").await;
    let nobody = format!("nobody{}@example.com", unique());
    for path in ["/api/auth/login", "/api/auth/forgot-password"] {
        let asked = |email: &str| match path {
            "/api/auth/login" => json!({"email": email, "password": "Wrong-pass-1"}),
            _ => json!({"email": email}),
        };
        let (known, unknown) =
            (post(path, None, &asked(&someone.email)).await, post(path, None, &asked(&nobody)).await);
        // What goes well is no problem and names no request.
        let alike = |answer: &Answer| if answer.status < 300 { answer.clone() } else { answer.unnamed() };
        assert_eq!(alike(&known), alike(&unknown), "{path}: alike to the byte");
    }
    let other = somebody(&admin().await, "viewer").await;
    let known = get(&format!("/api/v1/users/{}", someone.id), &other.token).await;
    let unknown = get("/api/v1/users/usr_nobody", &other.token).await;
    assert_eq!((known.status, known.unnamed()), (404, unknown.unnamed()));
}

/// Of the log, each line is JSON of its own.
#[tokio::test]
async fn nobody_writes_a_line_of_their_own_into_the_log() {
    let (begun, trader, mark) = (now().millis(), Trader::new().await, unique());
    let forged = format!("x{mark}\r\n{{\"level\":\"ERROR\",\"forged\":\"{mark}\"}}\n\u{1b}[31mred");
    let halted = trader.post("/halt", &json!({"reason": forged})).await;
    assert!(matches!(halted.status, 202 | 422), "{halted:?}");
    post("/api/auth/login", None, &json!({"email": forged, "password": GOOD})).await;
    post("/api/auth/login", None, &json!({"email": format!("{mark}@example.com"), "password": forged})).await;
    trader.post_to_webhook(format!("buy {forged}")).await;
    let path = format!("/api/v1/orders/%0d%0a%7b%22forged%22%3a%22{mark}%22%7d%1b%5b31m");
    ask(Method::GET, &path, Some(&trader.bearer), "").await;
    let written = logs(begun).await;
    assert!(written.contains("POST /api/v1/halt"), "the logs were really read");
    for page in written.lines() {
        let page: Value = serde_json::from_str(page).unwrap();
        for event in page["events"].as_array().into_iter().flatten() {
            let line = event["message"].as_str().unwrap();
            assert!(!line.contains('\u{1b}'), "colours: {line:?}");
            let told: Option<Value> = serde_json::from_str(line).ok();
            assert!(told.is_none_or(|told| told["forged"].is_null()), "forged: {line:?}");
            assert!(!line.trim_end().contains('\n'), "two lines: {line:?}");
        }
    }
}

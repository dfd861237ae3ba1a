//! A second factor by the deployed routes: its secret is sealed by the vault's key, and codes are asked for at log-in.

use crate::support::http::{Answer, ask};
use crate::support::people::{GOOD, Someone, admin, enter, somebody};
use crate::support::unique::now;
use crate::support::{Caller, Stack, Trader};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha1::Sha1;

/// What an app shows, so many half minutes from now.
pub(crate) fn code(secret: &str, later: i64) -> String {
    let key = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&(now().millis() / 30_000 + later).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 0x0f);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn post(path: &str, who: &Someone, body: Value) -> Answer {
    ask(Method::POST, &format!("/api/v1/users/{path}"), Some(&who.token), body.to_string()).await
}

async fn log_in(email: &str, code: Option<&str>) -> Answer {
    let body = json!({"email": email, "password": GOOD, "totp": code});
    ask(Method::POST, "/api/auth/login", None, body.to_string()).await
}

fn told(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["code"].clone())
}

#[tokio::test]
async fn a_code_is_asked_for_once_the_factor_is_on() {
    let admin = admin().await;
    let ann = somebody(&admin, "viewer").await;
    let wrong = post("me/totp", &ann, json!({"password": "Wrong-pass-1"})).await;
    assert_eq!(told(&wrong), (401, json!("wrong_credentials")));
    let begun = post("me/totp", &ann, json!({"password": GOOD})).await;
    assert_eq!(begun.status, 201, "{begun:?}");
    let secret = begun.json()["secret"].as_str().unwrap().to_owned();
    let other = enter(&ann.email).await;
    for body in [json!({}), json!({"code": "12345"}), json!({"code": 123_456}), json!({"code": "123456", "on": true})] {
        assert_eq!(post("me/totp/confirm", &ann, body.clone()).await.status, 422, "{body}");
    }
    // The next one is still good when this one is asked for again, however long that takes.
    let used = code(&secret, 0);
    let on = post("me/totp/confirm", &ann, json!({"code": used})).await;
    assert_eq!(on.status, 200, "{on:?}");
    let recovery = on.json()["recovery_codes"][0].as_str().unwrap().to_owned();
    assert_eq!(ask(Method::GET, "/api/v1/users/me", Some(&other.token), "").await.status, 401, "other sessions ended");
    let state = ask(Method::GET, "/api/v1/users/me/totp", Some(&ann.token), "").await.json();
    assert_eq!(state, json!({"enabled": true, "recovery_codes_left": 10}));

    assert_eq!(told(&log_in(&ann.email, None).await), (401, json!("totp_required")));
    assert_eq!(told(&log_in(&ann.email, Some(&used)).await), (401, json!("wrong_totp")), "it was used");
    assert_eq!(log_in(&ann.email, Some(&code(&secret, 1))).await.status, 200);
    assert_eq!(log_in(&ann.email, Some(&recovery)).await.status, 200);
    assert_eq!(told(&log_in(&ann.email, Some(&recovery)).await), (401, json!("wrong_totp")));
    nothing_keeps(&[&secret, &recovery]).await;

    let take = |who: &Someone| {
        let (path, token) = (format!("/api/v1/users/{}/totp", ann.id), who.token.clone());
        async move { ask(Method::DELETE, &path, Some(&token), "").await.status }
    };
    let eve = somebody(&admin, "trader").await;
    assert_eq!((take(&eve).await, take(&admin).await, take(&admin).await), (403, 204, 404));
    assert_eq!(ask(Method::GET, "/api/v1/users/me", Some(&ann.token), "").await.status, 401);
    assert_eq!(log_in(&ann.email, None).await.status, 200);
}

#[tokio::test]
async fn both_switch_it_off() {
    let ann = somebody(&admin().await, "viewer").await;
    let begun = post("me/totp", &ann, json!({"password": GOOD})).await.json();
    let secret = begun["secret"].as_str().unwrap();
    assert_eq!(post("me/totp/confirm", &ann, json!({"code": code(secret, 0)})).await.status, 200);
    assert_eq!(told(&post("me/totp", &ann, json!({"password": GOOD})).await), (409, json!("totp_on")));
    // Never the half minute before: the clock may turn on the way, and nobody takes it then.
    let both = json!({"password": GOOD, "code": code(secret, 1)});
    let codes = post("me/totp/recovery-codes", &ann, both.clone()).await;
    assert_eq!(codes.json()["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(told(&post("me/totp/disable", &ann, both).await), (401, json!("wrong_totp")), "it was used");
    let recovery = codes.json()["recovery_codes"][3].clone();
    let off = post("me/totp/disable", &ann, json!({"password": GOOD, "code": recovery})).await;
    assert_eq!(off.status, 204, "{off:?}");
    assert_eq!(log_in(&ann.email, None).await.status, 200);
}

#[tokio::test]
async fn an_admin_with_a_second_factor_sells_out_another_user() {
    let (trader, boss) = (Trader::new().await, admin().await);
    let held = trader.hold(&trader.entry()).await.group.id;
    let begun = post("me/totp", &boss, json!({"password": GOOD})).await.json();
    let secret = begun["secret"].as_str().unwrap().to_owned();
    assert_eq!(post("me/totp/confirm", &boss, json!({"code": code(&secret, 0)})).await.status, 200);
    let flatten = |token: &str, code: &Value| {
        let body = json!({"reason": "has left", "user_id": trader.user.as_str(), "code": code});
        let token = token.to_owned();
        async move { ask(Method::POST, "/api/v1/flatten", Some(&token), body.to_string()).await }
    };
    assert_eq!(told(&flatten(&boss.token, &Value::Null).await), (403, json!("second_factor_needed")));
    let proven = log_in(&boss.email, Some(&code(&secret, 1))).await.json()["token"].as_str().unwrap().to_owned();
    let shown = flatten(&proven, &Value::Null).await;
    assert_eq!(shown.json()["positions"][0]["id"], json!(held), "{shown:?}");
    let done = flatten(&proven, &shown.json()["code"]).await;
    assert_eq!(done.status, 202, "{done:?}");
    assert_eq!(trader.closed(&held).await.group.exit_reason.map(|word| word.as_str()), Some("user"));
    assert!(trader.account_state().await.halted.is_some());
}

async fn nothing_keeps(secrets: &[&str]) {
    let scan = json!({"TableName": Stack::get().name("IdentityTable"), "ConsistentRead": true});
    let rows = Caller::root().ask("dynamodb:Scan", &scan).await.to_string();
    for secret in secrets {
        assert!(!rows.contains(secret), "the identity table holds a secret");
    }
}

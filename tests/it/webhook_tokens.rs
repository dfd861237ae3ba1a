//! Webhook tokens by the deployed routes: made, narrowed, rotated and revoked, and what becomes of their alerts.

use crate::support::http::{Answer, answered, ask, client};
use crate::support::people::known;
use crate::support::{Setting, Stack, Trader, until};
use domain::identity::Role;
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/webhook-tokens";

async fn owner() -> Trader {
    let mut trader = Trader::new().await;
    trader.bearer = known(trader.user.clone(), Role::Trader).await.token;
    trader
}

async fn send(trader: &Trader, method: Method, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(method, &format!("/api/v1{path}"), Some(&trader.bearer), body).await
}

fn text(answer: &Answer, member: &str) -> String {
    answer.json()[member].as_str().unwrap_or_else(|| panic!("no {member}: {answer:?}")).to_owned()
}

/// Posts the alert, and waits for its verdict.
async fn verdict(trader: &Trader, path: &str, body: String) -> String {
    let receipt = ask(Method::POST, path, None, body).await;
    let id = text(&receipt, "delivery_id");
    let judged = until("the alert has its verdict", async || {
        let list = trader.get("/deliveries").await.json();
        let items = list["items"].as_array()?.clone();
        let found = items.into_iter().find(|item| item["id"] == id.as_str())?;
        (!found["verdict"].is_null()).then_some(found)
    })
    .await;
    format!("{} {}", judged["verdict"]["kind"].as_str().unwrap(), judged["verdict"]["reason"].as_str().unwrap())
}

#[tokio::test]
async fn a_token_lets_in_what_it_permits_until_it_is_revoked() {
    let trader = owner().await;
    let narrow = json!({"label": "one", "account": "default", "markets": ["ETH/USDT"]});
    let made = send(&trader, Method::POST, PATH, &narrow).await;
    assert_eq!(made.status, 201, "{made:?}");
    let (id, secret, path) = (text(&made, "id"), text(&made, "secret"), text(&made, "webhook_path"));
    assert_eq!(verdict(&trader, &path, trader.entry().to_string()).await, "refused token_market");

    let twice = send(&trader, Method::POST, PATH, &narrow).await;
    assert_eq!((twice.status, text(&twice, "code")), (400, "DUPLICATE_WEBHOOK_TOKEN".to_owned()));

    let rotated = send(&trader, Method::POST, &format!("{PATH}/{id}/rotate"), &Value::Null).await;
    assert_eq!((rotated.status, text(&rotated, "id")), (200, id.clone()));
    let after = text(&rotated, "webhook_path");
    for path in [&path, &after] {
        assert_eq!(ask(Method::POST, path, None, trader.exit().to_string()).await.status, 202, "both overlap");
    }

    let listed = trader.get(PATH).await;
    let mine = listed.json()["items"].as_array().unwrap().iter().find(|token| token["id"] == id.as_str()).cloned();
    let mine = mine.unwrap();
    assert!(mine["last_used_at"].is_string() && mine["former_until"].is_string(), "{mine}");
    assert!(!listed.text.contains(&secret) && !listed.text.contains(&text(&rotated, "secret")));

    assert_eq!(send(&trader, Method::DELETE, &format!("{PATH}/{id}"), &Value::Null).await.status, 204);
    assert_eq!(send(&trader, Method::DELETE, &format!("{PATH}/{id}"), &Value::Null).await.status, 404);
    // A process that has not seen it yet finds it revoked.
    let gone = trader.get(&format!("{PATH}/{id}")).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn a_token_of_tradingviews_alerts_takes_none_from_here() {
    let trader = owner().await;
    let made = send(&trader, Method::POST, PATH, &json!({"label": "chart", "from": "tradingview"})).await;
    assert_eq!((made.status, made.json()["from"].clone()), (201, json!("tradingview")), "{made:?}");
    let url = format!("{}{}", Stack::get().api, text(&made, "webhook_path"));
    let claimed = client().post(url).header("x-forwarded-for", "52.89.214.238").body(trader.entry().to_string());
    let receipt = answered(claimed).await;
    assert_eq!((receipt.status, text(&receipt, "status")), (202, "accepted".to_owned()));
    let items = trader.get("/deliveries").await.json()["items"].clone();
    let kept = items.as_array().unwrap().iter().find(|item| item["id"] == receipt.json()["delivery_id"]).unwrap();
    assert_eq!((&kept["verdict"]["kind"], &kept["verdict"]["reason"]), (&json!("refused"), &json!("token_from")));
    assert_ne!(kept["from_tradingview"], true, "{kept}");
    assert_eq!(trader.get("/position-groups").await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_programs_key_makes_widens_and_rotates_none() {
    let owner = owner().await;
    let scopes = &["trading:read", "accounts:write"];
    let program = Trader::with(Setting { scopes, ..Setting::default() }).await;
    let id = text(&send(&owner, Method::POST, PATH, &json!({"label": "mine"})).await, "id");
    let one = format!("{PATH}/{id}");
    for (method, path) in [
        (Method::POST, PATH.to_owned()),
        (Method::PUT, one.clone()),
        (Method::PATCH, one.clone()),
        (Method::POST, format!("{one}/rotate")),
    ] {
        let refused = send(&program, method.clone(), &path, &json!({"label": "x"})).await;
        assert_eq!((refused.status, text(&refused, "code")), (403, "missing_scope".to_owned()), "{method} {path}");
    }
}

#[tokio::test]
async fn two_who_change_a_token_at_once_do_not_overwrite_each_other() {
    let trader = owner().await;
    let made = send(&trader, Method::POST, PATH, &json!({"label": "two"})).await;
    let path = format!("/api/v1{PATH}/{}", text(&made, "id"));
    let change = async |seen: &str, only: &str| {
        let request = client().patch(format!("{}{path}", Stack::get().api)).bearer_auth(&trader.bearer);
        let body = json!({"only": only}).to_string();
        answered(request.header("if-match", seen).body(body)).await.status
    };
    assert_eq!((change("\"1\"", "exit").await, change("\"1\"", "entry").await), (200, 409));
    let shown = trader.get(&path.replace("/api/v1", "")).await;
    assert_eq!((shown.json()["only"].clone(), shown.json()["version"].clone()), (json!("exit"), json!(2)));
}

/// All that a `PUT` says; nothing is limited.
fn whole() -> Value {
    json!({
        "label": "x", "account": null, "exchange": null, "markets": null, "presets": null, "order_quote_max": null, "only": null,
        "from": null, "expires_at": null,
    })
}

#[tokio::test]
async fn what_limits_a_token_is_not_lifted_by_being_left_out() {
    let owner = owner().await;
    let made = send(&owner, Method::POST, PATH, &json!({"label": "mine", "only": "exit"})).await;
    let one = format!("{PATH}/{}", text(&made, "id"));
    let refused = send(&owner, Method::PUT, &one, &json!({"label": "mine", "only": "exit"})).await;
    assert_eq!((refused.status, text(&refused, "field")), (422, "account".to_owned()));
    let lifted = send(&owner, Method::PUT, &one, &whole()).await;
    assert_eq!((lifted.status, lifted.json()["only"].clone()), (200, Value::Null));
}

#[tokio::test]
async fn a_token_is_its_owners_alone_and_needs_a_right() {
    let (owner, stranger, reader) = (owner().await, owner().await, Trader::new().await);
    let id = text(&send(&owner, Method::POST, PATH, &json!({"label": "mine"})).await, "id");
    let one = format!("{PATH}/{id}");
    for (method, path) in [
        (Method::GET, one.clone()),
        (Method::PUT, one.clone()),
        (Method::PATCH, one.clone()),
        (Method::DELETE, one.clone()),
        (Method::POST, format!("{one}/rotate")),
    ] {
        let body = match &method {
            method if path.ends_with("rotate") || method == Method::GET => Value::Null,
            &Method::PUT => whole(),
            _ => json!({"label": "x"}),
        };
        assert_eq!(send(&stranger, method.clone(), &path, &body).await.status, 404, "{method} {path}");
        if method != Method::GET {
            let refused = send(&reader, method.clone(), &path, &body).await;
            assert_eq!((refused.status, text(&refused, "code")), (403, "missing_scope".to_owned()), "{method} {path}");
        }
    }
    let wrong = send(&owner, Method::POST, PATH, &json!({"label": "b", "user": "usr_other"})).await;
    assert_eq!((wrong.status, text(&wrong, "field")), (422, "user".to_owned()));
}

//! What needs no state is answered at once, with the fields that are wrong, and stays on record.

use crate::support::{Alert, Trader};
use serde_json::json;

#[tokio::test]
async fn an_alert_that_contradicts_itself_is_refused_with_its_fields() {
    let trader = Trader::new().await;
    let strategy = trader.entry().intent("strategy", "martingale");
    check(&trader, &strategy, "invalid_alert", &["execution_intent.strategy"]).await;
    let sides = trader.entry().tv("action", "buy").intent("side", "short");
    check(&trader, &sides, "invalid_alert", &["tv.action", "execution_intent.side"]).await;
    let ladder = trader.entry().with("ladder", json!({"count": 5}));
    check(&trader, &ladder, "invalid_alert", &["ladder"]).await;
    let preset = trader.entry().with("preset", "My own");
    check(&trader, &preset, "invalid_alert", &["preset"]).await;
    let sideless = trader.entry().intent("side", "");
    check(&trader, &sideless, "invalid_alert", &["execution_intent.side"]).await;
    assert_eq!(trader.deliveries().await.len(), 5);
    assert_eq!(trader.orders().await.len(), 0);
}

async fn check(trader: &Trader, alert: &Alert, code: &str, fields: &[&str]) {
    let answer = trader.alert(alert).await;
    let problem = answer.json();
    assert_eq!((answer.status, &problem["code"], &problem["fields"]), (422, &json!(code), &json!(fields)), "{alert}");
    let delivery = trader.find_delivery(problem["delivery_id"].as_str().unwrap()).await;
    let verdict = delivery.verdict.unwrap();
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("rejected", Some(code)), "{alert}");
    assert_eq!(verdict.fields, fields, "{alert}");
}

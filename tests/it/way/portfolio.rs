//! What is held and worth, and how it has gone, by the deployed routes.

use super::accounts::{decimal, realised};
use crate::support::Trader;
use crate::support::http::ask;
use crate::support::until::until;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_held_is_in_the_portfolio_and_then_a_trade_with_notes() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let look = async |path: &str| {
        let answer = trader.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    };
    let net = look("/positions").await["items"][0].clone();
    assert_eq!((&net["quantity"], &net["position_ids"]), (&json!(held.quantity), &json!([held.group.id])), "{net}");
    let worth = look("/portfolio").await;
    let account = &worth["accounts"][0];
    assert_eq!((&account["mode"], &account["currency"]), (&json!("paper"), &json!("USDT")), "{worth}");
    let number = |value: &Value| decimal(value.as_str().unwrap());
    assert_eq!(number(&account["exposure"]), number(&net["cost"]), "{worth}");
    assert_eq!(worth["totals"][0]["equity"], account["equity"], "one account in its own currency: {worth}");

    // An assessment keeps what the day has come to so far.
    assert_eq!(trader.post("/risk-assessments", &Value::Null).await.status, 202);
    let kept = until("a day of equity", async || {
        let told = look("/portfolio/equity").await;
        (told["curves"][0]["points"].as_array().is_some_and(|points| points.len() == 2)).then_some(told)
    });
    let points = kept.await["curves"][0]["points"].clone();
    assert_eq!(points[0]["cash"], points[1]["cash"], "{points}");

    trader.price_goes("100", "103").await;
    let closed = trader.closed(&held.group.id).await;
    let trade = look("/user-trades?source=alert").await["items"][0].clone();
    assert_eq!((&trade["id"], number(&trade["realised_pnl"])), (&json!(held.group.id), realised(&closed)), "{trade}");
    let path = format!("/api/v1/user-trades/{}", held.group.id);
    let noted = ask(Method::PATCH, &path, Some(&trader.bearer), json!({"tags": ["first"]}).to_string()).await;
    assert_eq!((noted.status, &noted.json()["tags"]), (200, &json!(["first"])), "{noted:?}");
    let gone = look("/performance?by=tag").await["groups"][0].clone();
    assert_eq!((&gone["key"], &gone["trades"], &gone["won"]), (&json!("first"), &json!(1), &json!(1)), "{gone}");
    assert_eq!(gone["realised_pnl"], trade["realised_pnl"]);
    let sheet = trader.get("/transactions?format=csv").await;
    assert_eq!(sheet.text.lines().count(), 1 + closed.fills.len(), "{sheet:?}");
}

//! One id from API Gateway to the order: in every function's line, in every message and in every row on the way.

use crate::secrets::logs;
use crate::support::item::Item;
use crate::support::unique::{now, unique};
use crate::support::watching::is_protected;
use crate::support::{Caller, Stack, Trader, until};
use serde_json::{Value, json};

/// A request as API Gateway hands it over under this id.
fn request(trader: &Trader, id: &str, body: &str) -> Value {
    let path = format!("/api/webhook/{}/{}", trader.user, trader.webhook_token);
    let route = "POST /api/webhook/{user_id}/{token}";
    json!({
        "version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": "", "isBase64Encoded": false, "body": body,
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "accountId": "000000000000", "apiId": "it", "domainName": "it", "domainPrefix": "it", "requestId": id,
            "routeKey": route, "stage": "$default", "time": "31/Jan/2026:12:00:00 +0000", "timeEpoch": now().millis(),
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "it"},
        },
    })
}

/// Sends an alert under this id, and gives its delivery.
async fn deliver(trader: &Trader, id: &str, body: &str) -> String {
    let said = Caller::root().invoke(&Stack::get().name("WebhookFunction"), &request(trader, id, body)).await;
    assert_eq!((said.status, &said.body["statusCode"]), (200, &json!(202)), "{said:?}");
    let answer: Value = serde_json::from_str(said.body["body"].as_str().unwrap()).unwrap();
    answer["delivery_id"].as_str().unwrap().to_owned()
}

/// Lines that name this id, by what they say of themselves.
async fn lines(since: i64, id: &str) -> Vec<Value> {
    let pages = logs(since).await;
    let pages = pages.lines().map(|page| serde_json::from_str::<Value>(page).unwrap());
    let events = pages.flat_map(|page| page["events"].as_array().cloned().unwrap_or_default());
    let lines = events.filter_map(|event| serde_json::from_str::<Value>(event["message"].as_str()?).ok());
    lines.filter(|line| line["trace"] == id).collect()
}

async fn row(pk: &str, sk: &str) -> Value {
    Item::of(&Stack::get().name("TradingTable"), pk, sk).read().await
}

async fn orders(trader: &Trader) -> Vec<String> {
    let listed = trader.get("/orders").await.json();
    listed["items"].as_array().unwrap().iter().map(|order| order["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_alert_is_followed_from_the_gateway_to_its_orders() {
    let (begun, trader) = (now().millis(), Trader::new().await);
    // As API Gateway writes them.
    let entered = format!("JKJaX{}ESHA=", unique());
    let delivery = deliver(&trader, &entered, &trader.entry().with("id", unique()).to_string()).await;
    let verdict = trader.verdict(&delivery, |_| true).await;
    let group = verdict.position_group_ids[0].clone();
    let held = trader.follow(&group, "its take-profit to rest", is_protected).await;
    let orders = orders(&trader).await;
    assert!(orders.len() >= 2 && orders.contains(&held.take_profit_orders[0].id), "{orders:?}");

    for order in &orders {
        assert_eq!(
            row(&format!("GRP#{group}"), &format!("O#{order}")).await["trace"],
            json!({"S": entered}),
            "{order}"
        );
    }
    assert_eq!(trader.stored_delivery(&delivery).await.trace, entered);
    let lines = until("each function's line", async || {
        let lines = lines(begun, &entered).await;
        let said =
            |word: &str| lines.iter().any(|line| line["touched"].as_str().is_some_and(|text| text.contains(word)));
        (said(&delivery) && orders.iter().all(|order| said(order))).then_some(lines)
    })
    .await;
    let by_webhook = lines.iter().filter(|line| line["route"] == "POST /api/webhook/{user_id}/{token}");
    assert_eq!(by_webhook.count(), 1, "{lines:?}");
    assert!(lines.iter().any(|line| line["venue"]["calls"].as_u64().is_some_and(|calls| calls > 0)), "{lines:?}");

    // What an exit brings about is the exit's.
    let left = format!("JKJaY{}ESHA=", unique());
    deliver(&trader, &left, &trader.exit().with("id", unique()).to_string()).await;
    let closed = trader.closed(&group).await;
    for order in &closed.exit_orders {
        let stored = row(&format!("GRP#{group}"), &format!("O#{}", order.id)).await;
        assert_eq!(stored["trace"], json!({"S": left}), "{stored}");
    }
    assert!(!closed.exit_orders.is_empty(), "{closed:?}");
    for order in &orders {
        let kept = row(&format!("GRP#{group}"), &format!("O#{order}")).await;
        assert_eq!(kept["trace"], json!({"S": entered}), "an order keeps the one that it was made by");
    }
}

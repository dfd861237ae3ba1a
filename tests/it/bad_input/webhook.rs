//! Bodies of alerts.

use super::{assert_keeps_secrets, assert_problem};
use crate::support::{Alert, Trader};
use domain::limits::BODY_BYTES_MAX;
use serde_json::{Value, json};

#[tokio::test]
async fn a_body_that_is_not_json_is_told_so() {
    let trader = Trader::new().await;
    let deep = "[".repeat(8_000) + &"]".repeat(8_000);
    let bodies: [&[u8]; 9] = [
        b"",
        b"buy bitcoin",
        b"{",
        b"{\"tv\": }",
        b"{} {}",
        b"\xff\xfe{}",
        b"{\"id\": \"\xc3\x28",
        b"\0",
        deep.as_bytes(),
    ];
    for body in bodies {
        let answer = trader.post_to_webhook(body.to_vec()).await;
        assert_problem(&answer, 400, "invalid_json", None, &String::from_utf8_lossy(&body[..body.len().min(40)]));
        assert_keeps_secrets(&trader, &answer);
    }
}

#[tokio::test]
async fn json_that_is_no_object_is_told_so() {
    let trader = Trader::new().await;
    for body in ["null", "[]", "7", "\"buy\"", "true"] {
        assert_problem(&trader.post_to_webhook(body).await, 422, "invalid_alert", Some("body"), body);
    }
}

#[rustfmt::skip]
#[tokio::test]
async fn a_field_that_breaks_its_rule_is_named() {
    let trader = Trader::new().await;
    let long = "x".repeat(201);
    check(&trader, vec![
        (trader.entry().with("tv", "BTCUSDT"),                           "tv"),
        (trader.entry().with("tv", json!([])),                           "tv"),
        (trader.entry().tv("exchange", Value::Null),                     "tv.exchange"),
        (trader.entry().tv("exchange", "{{exchange}}"),                  "tv.exchange"),
        (trader.entry().tv("exchange", "'; DROP TABLE--"),               "tv.exchange"),
        (trader.entry().tv("symbol", ""),                                "tv.symbol"),
        (trader.entry().tv("symbol", "../../etc/passwd"),                "tv.symbol"),
        (trader.entry().tv("symbol", "🚀/USDT"),                          "tv.symbol"),
        (trader.entry().tv("symbol", json!({"a": 1})),                   "tv.symbol"),
        (trader.entry().tv("timeframe", "a very long timeframe"),        "tv.timeframe"),
        (trader.entry().tv("timeframe", "{{interval}}"),                 "tv.timeframe"),
        (trader.entry().tv("timeframe", 0),                              "tv.timeframe"),
        (trader.entry().tv("action", "hold"),                            "tv.action"),
        (trader.entry().tv("close", "Infinity"),                         "tv.close"),
        (trader.entry().tv("price", "1,234.5"),                          "tv.price"),
        (trader.entry().tv("market_position", "sideways"),               "tv.market_position"),
        (trader.entry().tv("sent_at", "yesterday"),                      "tv.sent_at"),
        (trader.entry().with("account", long.as_str()),                  "account"),
        (trader.entry().with("execution_intent", json!("long")),         "execution_intent"),
        (trader.entry().intent("type", "maybe"),                         "execution_intent.type"),
        (trader.entry().intent("side", json!(["long"])),                 "execution_intent.side"),
        (trader.entry().with("max_lag_seconds", 0),                      "max_lag_seconds"),
        (trader.entry().with("max_lag_seconds", -1),                     "max_lag_seconds"),
        (trader.entry().with("max_lag_seconds", 3601),                   "max_lag_seconds"),
        (trader.entry().with("max_lag_seconds", "1.5"),                  "max_lag_seconds"),
        (trader.entry().with("max_lag_seconds", u64::MAX),               "max_lag_seconds"),
        (trader.entry().with("preset", "No Name"),                       "preset"),
        (trader.entry().with("preset", "{{plot_0}}"),                    "preset"),
        (trader.entry().with("account", ""),                             "account"),
    ]).await;
}

#[rustfmt::skip]
#[tokio::test]
async fn a_field_of_the_plan_that_breaks_its_rule_is_named() {
    let trader = Trader::new().await;
    let stop = |value: Value| trader.entry().with("stop_loss_percent", value);
    let order = |value: Value| trader.entry().with("base_order", value);
    let profit = |value: Value| trader.entry().with("take_profit", json!({"basis": "average", "steps": value}));
    check(&trader, vec![
        (stop(json!(0)),                                                  "stop_loss_percent"),
        (stop(json!(100)),                                                "stop_loss_percent"),
        (stop(json!(-5)),                                                 "stop_loss_percent"),
        (stop(json!("1e30")),                                             "stop_loss_percent"),
        (stop(json!("NaN")),                                              "stop_loss_percent"),
        (stop(json!("{{plot(\"SL\")}}")),                                 "stop_loss_percent"),
        (order(json!({})),                                                "base_order.quote"),
        (order(json!({"quote": 0})),                                      "base_order.quote"),
        (order(json!({"quote": -100})),                                   "base_order.quote"),
        (order(json!({"quote": "1e99"})),                                 "base_order.quote"),
        (order(json!({"quantity": "-1"})),                                "base_order.quantity"),
        (order(json!({"quantity": 0})),                                   "base_order.quantity"),
        (order(json!({"quote": 100, "quantity": 1})),                     "base_order.quantity"),
        (order(json!({"quote": 100, "type": "stop"})),                    "base_order.type"),
        (order(json!({"quote": 100, "type": "limit"})),                   "base_order.limit_price"),
        (order(json!({"quote": 100, "limit_price": 5})),                  "base_order.limit_price"),
        (order(json!({"quote": 100, "type": "limit", "limit_price": 0})), "base_order.limit_price"),
        (profit(json!([])),                                               "take_profit.steps"),
        (profit(json!([{"profit_percent": 1, "amount_percent": 50}])),    "take_profit.steps"),
        (profit(json!([{"profit_percent": -1, "amount_percent": 100}])),  "take_profit.steps[0].profit_percent"),
    ]).await;
}

async fn check(trader: &Trader, table: Vec<(Alert, &str)>) {
    for (alert, field) in table {
        let answer = trader.alert(&alert).await;
        assert_problem(&answer, 422, "invalid_alert", Some(field), &alert.to_string());
        assert_keeps_secrets(trader, &answer);
    }
    assert_eq!(trader.orders().await, []);
}

#[tokio::test]
async fn a_field_that_stands_there_twice_is_named() {
    let trader = Trader::new().await;
    let body = trader.entry().to_string().replacen('{', r#"{"id": "first", "#, 1);
    assert_problem(&trader.post_to_webhook(body).await, 422, "invalid_alert", Some("id"), "id twice");
}

#[tokio::test]
async fn a_body_of_16_kb_is_read_and_one_byte_more_is_not() {
    let trader = Trader::new().await;
    let entry = trader.entry().to_string();
    let padded = |bytes: usize| entry.clone() + &" ".repeat(bytes - entry.len());
    assert_eq!(trader.post_to_webhook(padded(BODY_BYTES_MAX)).await.status, 202);
    for bytes in [BODY_BYTES_MAX + 1, 1_000_000] {
        let answer = trader.post_to_webhook(padded(bytes)).await;
        assert_problem(&answer, 413, "body_too_large", None, &bytes.to_string());
    }
    assert_eq!(trader.deliveries().await.len(), 1);
}

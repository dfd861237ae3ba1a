//! What Lambda hands to a function: events of API Gateway, of queues and of the schedule.

use axum::body::Bytes;
use serde_json::{Value, json};

/// A request through the HTTP API (payload 2.0), with as many headers as TradingView and the gateway send.
pub(crate) fn http(method: &str, path: &str, bearer: Option<&str>, body: Option<&str>) -> Bytes {
    let mut headers = json!({
        "accept-encoding": "gzip", "content-type": "application/json; charset=utf-8",
        "host": "abcdefghij.execute-api.eu-central-1.amazonaws.com", "user-agent": "Go-http-client/1.1",
        "x-amzn-trace-id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700", "x-forwarded-for": "52.89.214.238",
        "x-forwarded-port": "443", "x-forwarded-proto": "https",
    });
    if let (Some(bearer), Some(headers)) = (bearer, headers.as_object_mut()) {
        headers.insert("authorization".to_owned(), format!("Bearer {bearer}").into());
    }
    let (route, domain) = (format!("{method} {path}"), "abcdefghij.execute-api.eu-central-1.amazonaws.com");
    let http = json!({
        "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "52.89.214.238", "userAgent": "Go-http-client/1.1"
    });
    let event = json!({
        "version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": "", "headers": headers,
        "requestContext": {
            "accountId": "000000000000", "apiId": "abcdefghij", "domainName": domain, "domainPrefix": "abcdefghij",
            "http": http, "requestId": "JKJaXmPLvHcESHA=", "routeKey": route, "stage": "$default",
            "time": "31/Jan/2026:12:00:00 +0000", "timeEpoch": 1_769_860_800_000_i64,
        },
        "body": body, "isBase64Encoded": false,
    });
    event.to_string().into()
}

/// A batch of one message. Standard queues name no group.
pub(crate) fn message(queue: &str, group: Option<&str>, body: &str) -> Bytes {
    let mut attributes = json!({
        "ApproximateReceiveCount": "1", "SentTimestamp": "1769860800000", "SenderId": "AROA:moniqo",
        "ApproximateFirstReceiveTimestamp": "1769860800001",
    });
    if let (Some(group), Some(attributes)) = (group, attributes.as_object_mut()) {
        attributes.insert("MessageGroupId".to_owned(), group.into());
    }
    let record = json!({
        "messageId": "5fea7756-0ea4-451a-a703-a558b933e274", "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        "body": body, "attributes": attributes, "messageAttributes": {}, "md5OfBody": "7b270e59b47ff90a553787216d55d91d",
        "eventSource": "aws:sqs", "eventSourceARN": format!("arn:aws:sqs:eu-central-1:000000000000:{queue}"),
        "awsRegion": "eu-central-1",
    });
    json!({"Records": [record]}).to_string().into()
}

/// What the schedule sends every minute.
pub(crate) fn minute() -> Bytes {
    json!({
        "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "detail-type": "Scheduled Event",
        "source": "aws.scheduler", "account": "000000000000", "time": "2026-01-31T12:00:00Z", "region": "eu-central-1",
        "resources": ["arn:aws:scheduler:eu-central-1:000000000000:schedule/default/moniqo-minute"], "detail": "{}",
    })
    .to_string()
    .into()
}

/// What the schedule sends every five minutes.
pub(crate) fn check() -> Bytes {
    json!({"v": 1, "type": "check"}).to_string().into()
}

/// What the schedule sends every night.
pub(crate) fn night() -> Bytes {
    json!({"v": 1, "type": "night", "turn": 0}).to_string().into()
}

/// What the bus hands on of a candle that has closed.
pub(crate) fn candle() -> Bytes {
    let detail = include_str!("../../../events/candle/closed.v1.json");
    format!(r#"{{"version":"0","source":"moniqo","detail-type":"candle.closed.v1","detail":{detail}}}"#).into()
}

/// An alert of an indicator, 700 bytes long, that is like no other.
pub(crate) fn alert(id: &str) -> String {
    alert_of(&json!({"exchange": "PAPER", "symbol": "BTCUSDT", "timeframe": "60"}), &json!({"quote": "100"}), id)
}

/// The same of this chart, with this order.
pub(crate) fn alert_of(chart: &Value, order: &Value, id: &str) -> String {
    const BYTES: usize = 700;
    let mut alert = json!({
        "id": id,
        "tv": chart,
        "execution_intent": {"type": "entry", "strategy": "grid", "side": "long"},
        "base_order": order,
    });
    if let Some(alert) = alert.as_object_mut() {
        let missing = BYTES.saturating_sub(Value::from(alert.clone()).to_string().len());
        // `,"comment":""` is 13 bytes of it.
        alert.insert("comment".to_owned(), "x".repeat(missing.saturating_sub(13)).into());
    }
    alert.to_string()
}

/// The name of alert number `n`.
pub(crate) fn id(n: u32) -> String {
    format!("alert-{n}")
}

/// Whether the function says that all went well: no failed record, no error status.
pub(crate) fn went_well(answer: &Bytes) -> bool {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let status = answer.get("statusCode").and_then(Value::as_u64);
    let failed = answer.get("batchItemFailures").and_then(Value::as_array).is_some_and(|failed| !failed.is_empty());
    !failed && status.is_none_or(|status| (200..300).contains(&status))
}

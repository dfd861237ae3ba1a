//! Nothing that lets anyone in is kept anywhere: no row, no message, no log line holds it afterwards.

use crate::support::http::ask;
use crate::support::tables::queue_url;
use crate::support::unique::{now, unique};
use crate::support::{Caller, Stack, Trader};
use data_encoding::BASE64;
use reqwest::Method;
use serde::Deserialize;
use serde::de::value::BytesDeserializer;
use serde_json::{Value, json};
use wire::stored::Body;

/// A message that is received twenty times is parked: looking must not bring it there.
const PEEKS: usize = 3;

#[tokio::test]
async fn no_secret_stands_in_a_table_a_queue_or_a_log() {
    let (begun, trader) = (now().millis(), Trader::new().await);
    let wrong = format!("whk_wrong{}", unique());
    let secrets = [&trader.webhook_token, &trader.bearer, &wrong];
    let held = trader.hold(&trader.entry()).await;
    let queued = post_secrets(&trader, &wrong).await;
    trader.get(&format!("/position-groups/{}?token={}", held.group.id, trader.webhook_token)).await;
    trader.post("/halt", &json!({"reason": "a storm"})).await;
    trader.post("/resume", &json!({"reason": "it is over"})).await;
    trader.judged(&trader.exit()).await;
    trader.closed(&held.group.id).await;

    let (tables, logs) = (tables().await, logs(begun).await);
    assert!(tables.contains(trader.user.as_str()), "the tables were really read");
    assert!(logs.contains(&held.group.id), "the logs were really read");
    for (place, text) in [("a table", tables), ("a log", logs), ("a queue", queued + &queues().await)] {
        for secret in secrets {
            let before = text.split_once(secret.as_str()).map(|(before, _)| last(before));
            assert_eq!(before, None, "{place} holds a secret after this");
        }
    }
}

#[tokio::test]
async fn what_is_shown_of_an_alert_has_no_secret_in_it() {
    let trader = Trader::new().await;
    post_secrets(&trader, "whk_wrong").await;
    let shown = trader.get("/deliveries").await.text;
    assert!(shown.contains("grid") && !shown.contains(&trader.webhook_token), "{shown}");
}

/// Secrets wherever a person may put one by mistake; and what lay in the queues meanwhile.
async fn post_secrets(trader: &Trader, wrong: &str) -> String {
    let (user, secret) = (&trader.user, trader.webhook_token.as_str());
    let strange = format!("/api/webhook/{user}");
    let nested = json!([{"SECRET": secret}, {"deep": {" secret ": wrong}}]);
    let mut queued = String::new();
    for body in [
        trader.exit().with("secret", secret).to_string(),
        trader.exit().tv("secret", secret).to_string(),
        trader.exit().intent("secret", secret).to_string(),
        trader.exit().with("secret", secret).with("note", format!("mine is {secret}")).to_string(),
        trader.exit().with("secret", secret).with("id", secret).to_string(),
        trader.exit().with("secret", secret).with("more", nested).to_string(),
        trader.exit().with("secret", secret).with("ladder", secret).to_string(),
        trader.exit().with("secret", wrong).to_string(),
        format!(r#"{{"secret": "{secret}", buy!"#),
    ] {
        ask(Method::POST, &strange, None, body.clone()).await;
        trader.post_to_webhook(body).await;
    }
    trader.post_to_webhook(format!("buy with {secret}")).await;
    ask(Method::POST, &format!("/api/webhook/{user}/{wrong}"), None, trader.exit().to_string()).await;
    ask(Method::GET, "/api/v1/orders", Some(wrong), "").await;
    for _ in 0..PEEKS {
        trader.deliver(&trader.exit().with("secret", secret)).await;
        queued += &queues().await;
    }
    queued
}

pub(crate) async fn tables() -> String {
    let mut text = String::new();
    for table in Stack::get().of_type("AWS::DynamoDB::Table") {
        let scan = json!({"TableName": Stack::get().name(table), "ConsistentRead": true});
        pages("dynamodb:Scan", scan, ("LastEvaluatedKey", "ExclusiveStartKey"), &mut text).await;
    }
    let packed: String = text.split("\"body\":{\"B\":\"").skip(1).map(unpacked).collect();
    assert!(!packed.is_empty(), "alerts are kept");
    text + &packed
}

/// The body of an alert, as it was before it was packed.
fn unpacked(row: &str) -> String {
    let packed = BASE64.decode(row.split('"').next().unwrap().as_bytes()).unwrap();
    let packed = BytesDeserializer::<serde::de::value::Error>::new(&packed);
    format!("{}\n", Body::deserialize(packed).unwrap().0)
}

/// Whatever all functions have written since then.
pub(crate) async fn logs(since: i64) -> String {
    let mut groups = String::new();
    pages("logs:DescribeLogGroups", json!({}), ("nextToken", "nextToken"), &mut groups).await;
    let groups = groups.lines().flat_map(|page| names(&serde_json::from_str(page).unwrap())).collect::<Vec<_>>();
    assert!(groups.len() > Stack::get().of_type("AWS::Serverless::Function").len(), "{groups:?}");
    let mut text = String::new();
    for group in groups {
        let filter = json!({"logGroupName": group, "startTime": since});
        pages("logs:FilterLogEvents", filter, ("nextToken", "nextToken"), &mut text).await;
    }
    text
}

fn names(page: &Value) -> Vec<String> {
    let groups = page["logGroups"].as_array().unwrap();
    groups.iter().map(|group| group["logGroupName"].as_str().unwrap().to_owned()).collect()
}

/// What lies in the queues and can be received now, left where it is.
pub(crate) async fn queues() -> String {
    let mut text = String::new();
    for queue in Stack::get().of_type("AWS::SQS::Queue") {
        let peek = json!({
            "QueueUrl": queue_url(queue).await, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0,
            "AttributeNames": ["All"], "MessageAttributeNames": ["All"],
        });
        text += &Caller::root().ask("sqs:ReceiveMessage", &peek).await.to_string();
    }
    text
}

/// Every page of an answer, a line each. What a test beside this one has taken away meanwhile has none.
async fn pages(action: &str, mut question: Value, (next, start): (&str, &str), text: &mut String) {
    loop {
        let Some(page) = Caller::root().ask_what_is_there(action, &question).await else { return };
        text.push_str(&page.to_string());
        text.push('\n');
        match page.get(next).filter(|next| !next.is_null()) {
            Some(next) => question[start] = next.clone(),
            None => return,
        }
    }
}

pub(crate) fn last(text: &str) -> String {
    let backwards: Vec<char> = text.chars().rev().take(200).collect();
    backwards.into_iter().rev().collect()
}

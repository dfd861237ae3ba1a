//! What letting a request in asks of the table, counted at the wire.

use crate::client::Aws;
use crate::config::{Config, Patience, Place};
use crate::fake::{NOW, connected, server};
use app::ports::{Guarded, StoreError, Visit};
use domain::clock::Millis;
use domain::identity::RouteClass;
use domain::ids::{SessionId, Sha, UserId};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::identity::Identity;

const SESSION: &str = include_str!("../../../events/stored/session.v1.json");
const LOGIN: &str = include_str!("../../../events/stored/login.v1.json");

/// A table of one row, which holds to the window that an update names; and how often it was asked.
async fn table(row: &str) -> (Aws, Arc<AtomicUsize>) {
    let mut row: Map<String, Value> = serde_json::from_str(row).unwrap();
    row.insert("expires_at".to_owned(), NOW.plus(Millis::seconds(3_600)).millis().into());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let url = server(move |update| {
        count.fetch_add(1, Ordering::SeqCst);
        let named = |name: &str| update["ExpressionAttributeValues"][name]["N"].as_str()?.parse::<i64>().ok();
        if named(":minute").is_some_and(|named| row["minute"] != named) {
            let refused = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
            return (400, json!({"__type": refused, "Item": item(&row)}).to_string());
        }
        if let Some(begun) = named(":set_minute") {
            row.insert("minute".to_owned(), begun.into());
        }
        (200, json!({"Attributes": item(&row)}).to_string())
    });
    (connected(url, Config::new(Patience::WORKER).with(Place::Identity, "identity")).await, asked)
}

fn item(row: &Map<String, Value>) -> Value {
    row.iter().map(|(name, value)| (name.clone(), attribute(value))).collect::<Map<_, _>>().into()
}

fn attribute(value: &Value) -> Value {
    match value {
        Value::String(text) => json!({"S": text}),
        Value::Array(all) => json!({"L": all.iter().map(attribute).collect::<Vec<_>>()}),
        other => json!({"N": other.to_string()}),
    }
}

/// The first request of a window, two more of it, and the first of the next.
async fn calls(row: &str, guard: impl AsyncFn(&Aws, Visit) -> Result<Guarded, StoreError>) -> [usize; 4] {
    let (aws, asked) = table(row).await;
    let mut calls = [0; 4];
    for (calls, late) in calls.iter_mut().zip([Millis::ZERO, Millis::ZERO, Millis::ZERO, RouteClass::Api.window()]) {
        let guarded = guard(&aws, Visit::at(NOW.plus(late))).await;
        assert!(matches!(guarded, Ok(Guarded::Admitted(_))), "{guarded:?}");
        *calls = asked.swap(0, Ordering::SeqCst);
    }
    calls
}

#[tokio::test]
async fn a_request_is_let_in_by_one_call_and_the_first_of_a_window_by_two() {
    let (key, user, login) = (Sha::of_bytes(b"key"), UserId::of(&["ann"]), SessionId::of(&["login"]));
    let by_key = calls(SESSION, async |aws, visit| Identity(aws).guard_session(&key, visit).await).await;
    let by_login = calls(LOGIN, async |aws, visit| Identity(aws).guard_login(&user, &login, visit).await).await;
    assert_eq!((by_key, by_login), ([2, 1, 1, 2], [2, 1, 1, 2]));
}

//! `Idempotency-Key` by the deployed routes: each function with an API does a request that is sent again once.

use crate::support::http::{answered, client, response};
use crate::support::people::known;
use crate::support::{Stack, Trader, together};
use domain::identity::Role;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

const KEY: &str = "3f0c4ad2-8b1e-4d5f-9c1e-6a7b8c9d0e1f";

async fn owner() -> Trader {
    let mut trader = Trader::new().await;
    trader.bearer = known(trader.user.clone(), Role::Manager).await.token;
    trader
}

fn post(trader: &Trader, path: &str, body: &Value) -> RequestBuilder {
    let request = client().post(format!("{}/api/v1{path}", Stack::get().api)).bearer_auth(&trader.bearer);
    request.header("idempotency-key", KEY).body(if body.is_null() { String::new() } else { body.to_string() })
}

#[tokio::test]
async fn each_function_answers_a_request_that_is_sent_again_as_before() {
    let trader = owner().await;
    let account = json!({"exchange": "PAPER", "label": "once", "mode": "paper"});
    for (path, body, status, again) in [
        ("/presets", json!({"name": "once", "preset": {}}), 201, 201),
        ("/accounts", account, 201, 201),
        ("/backtests/bkt_01aaaaaaaaaaaaaaaaaaaaaaaa/cancel", Value::Null, 404, 404),
        // Its secret is shown once.
        ("/api-keys", json!({"name": "once", "scopes": ["trading:read"]}), 201, 409),
    ] {
        let first = answered(post(&trader, path, &body)).await;
        assert_eq!(first.status, status, "{path}: {first:?}");
        let second = response(post(&trader, path, &body)).await;
        let is_replayed = second.headers().contains_key("idempotent-replayed");
        assert_eq!((second.status().as_u16(), is_replayed), (again, again == status), "{path}");
        if status == 201 && again == 201 {
            assert_eq!(second.text().await.unwrap(), first.text, "{path}");
        }
        let other = answered(post(&trader, path, &json!({"name": "another"}))).await;
        assert_eq!((other.status, &other.json()["code"]), (409, &json!("idempotency_key_reused")), "{path}");
    }
}

#[tokio::test]
async fn of_two_at_once_one_does_it() {
    let trader = owner().await;
    let account = json!({"exchange": "PAPER", "label": "once", "mode": "paper"});
    let both = [post(&trader, "/accounts", &account), post(&trader, "/accounts", &account)].map(answered);
    let mut statuses: Vec<_> = together(both).await.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert!([[201, 201], [201, 409]].iter().any(|told| *told == *statuses), "{statuses:?}");
    let listed = trader.get("/accounts").await.json();
    let called = |account: &&Value| account["label"] == "once";
    assert_eq!(listed["items"].as_array().unwrap().iter().filter(called).count(), 1, "{listed}");
}

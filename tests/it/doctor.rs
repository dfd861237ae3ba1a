//! The deployment looks at itself: the probe goes the way of a tick, and the answer is what the API shows.

use crate::support::{Trader, until};
use serde_json::Value;

#[tokio::test]
async fn a_look_from_inside_is_asked_for_and_answered() {
    let trader = Trader::new().await;
    let first = checks(&trader).await;
    assert_eq!(state(&first, "watch"), "fail", "nobody has looked for this user before: {first}");
    let looked = until("the watch has looked around", async || {
        let checks = checks(&trader).await;
        (state(&checks, "watch") == "ok").then_some(checks)
    })
    .await;
    // The others tell of the whole deployment, in which other tests break things.
    for check in ["region", "address", "clock", "accounts", "parked"] {
        assert_eq!(state(&looked, check), "ok", "{check}: {looked}");
    }
    // An answer that is young enough is told again, and nobody is asked to look.
    assert_eq!(state(&checks(&trader).await, "watch"), "ok");
}

async fn checks(trader: &Trader) -> Value {
    let answer = trader.get("/doctor").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["checks"].clone()
}

fn state<'c>(checks: &'c Value, name: &str) -> &'c str {
    let found = checks.as_array().unwrap().iter().find(|check| check["name"] == name);
    found.map_or("not looked at", |check| check["state"].as_str().unwrap())
}

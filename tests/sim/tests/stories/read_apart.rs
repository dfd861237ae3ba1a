//! Rows that are read one after the other need not be of one moment: a group may settle in between.
#![allow(clippy::unwrap_used, reason = "a test")]

use app::commit::Change;
use app::decide::{DecideError, Decided, decide};
use app::ports::Signal;
use app::remarks::Remarks;
use app::run::Run;
use domain::clock::Millis;
use domain::ids::AttemptId;
use serde_json::{Value, json};
use store::trading::Trading;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::{NoBooks, World};

/// What is decided about an alert that reads the account as it was with a group, and that group as it settled since.
fn decided(intent: &'static str) -> Result<Option<String>, DecideError> {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        let stored = given.open(&inner, "buy", None).await;
        let mut settles = given.save(Some(&stored), &stored.settle(given.now).unwrap());
        settles.changes.retain(|change| !matches!(change, Change::Account(_)));
        Trading(&inner).commit(&settles).await.unwrap();
        let delivery = given.delivery(&body(intent).to_string(), 0);
        Trading(&inner).put_delivery(&delivery, &AttemptId::new("receipt")).await.unwrap();
        let (lane, trace) = (delivery.lane.clone(), delivery.trace.clone());
        let signal = Signal { delivery: delivery.at.clone(), decision: 0, lane, trace };
        let (deployment, deadline) = ("contract".to_owned(), given.now.plus(Millis::seconds(10)));
        let run = Run { deployment, attempt: AttemptId::new("decision"), deadline, remarks: Remarks::default() };
        let decided = decide(&inner, &NoBooks, &signal, &run, given.now).await?;
        let Decided::Verdict(verdict) = decided else { return Ok(None) };
        Ok(Some(format!("{} {}", verdict.kind.as_str(), verdict.reason.as_deref().unwrap_or_default())))
    })
}

fn body(intent: &str) -> Value {
    json!({
        "tv": {"exchange": "PAPER", "symbol": "BTCUSDT", "close": "100"},
        "execution_intent": {"type": intent, "strategy": "grid", "side": "long"},
    })
}

#[test]
fn an_entry_is_not_refused_for_a_group_that_has_settled_since() {
    assert_eq!(decided("entry"), Err(DecideError::Contended), "the account is read again");
}

#[test]
fn an_exit_finds_nothing_open_where_the_group_has_settled_since() {
    assert_eq!(decided("exit"), Ok(Some("ignored nothing_open".to_owned())));
}

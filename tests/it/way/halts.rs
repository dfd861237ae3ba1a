//! The kill switch.

use super::accounts::assert_let_go;
use super::entries::{resting, resting_in};
use crate::support::Trader;
use serde_json::json;
use wire::view::{HaltAnswer, ResumeAnswer};

#[tokio::test]
async fn a_halt_cancels_resting_entries_and_refuses_new_ones_until_it_is_lifted() {
    let trader = Trader::new().await;
    let resting = resting(&trader).await.group.id;
    let halted = halt(&trader).await;
    assert_eq!((halted.cancelling.len(), halted.in_flight.len()), (1, 0));
    assert_eq!(halted.accounts[0].halted.as_ref().unwrap().reason, "a storm");
    trader.follow(&resting, "the entry to be cancelled", |group| group.group.status == "failed").await;
    assert_let_go(&trader).await;
    let verdict = trader.judged(&trader.entry()).await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("refused", Some("halted")));
    let resumed = trader.post("/resume", &json!({"reason": "it is over"})).await.read::<ResumeAnswer>();
    assert!(resumed.accounts[0].halted.is_none());
    trader.hold(&trader.entry()).await;
}

#[tokio::test]
async fn a_halt_leaves_protection_and_lets_everything_out() {
    let trader = Trader::new().await;
    let (hourly, daily) = (trader.entry(), trader.entry().tv("timeframe", "1D"));
    let (hourly, daily) = (trader.hold(&hourly).await.group.id, trader.hold(&daily).await.group.id);
    halt(&trader).await;
    assert_eq!(trader.group(&daily).await.take_profit_orders[0].state, "open");
    assert_eq!(trader.judged(&trader.exit()).await.kind, "accepted");
    trader.closed(&hourly).await;
    trader.price_goes("100", "103").await;
    assert_eq!(trader.closed(&daily).await.group.exit_reason.map(|word| word.as_str()), Some("take_profit"));
}

#[tokio::test]
async fn a_dry_run_says_what_would_start_and_lifts_nothing() {
    let trader = Trader::new().await;
    halt(&trader).await;
    let preview = trader.post("/resume", &json!({"reason": "just looking", "dry_run": true})).await;
    assert!(preview.read::<ResumeAnswer>().dry_run);
    assert!(trader.account_state().await.halted.is_some());
}

#[tokio::test]
async fn a_halt_of_an_account_that_is_not_ones_own_stops_nobody() {
    let (trader, other) = (Trader::new().await, Trader::new().await);
    let resting = resting_in(&trader, "60").await.group.id;
    let named = json!({"reason": "a storm", "account": trader.account.as_str()});
    assert_eq!(other.post("/halt", &named).await.status, 422);
    assert!(trader.account_state().await.halted.is_none());
    assert_eq!(trader.group(&resting).await.group.status, "waiting");
}

async fn halt(trader: &Trader) -> HaltAnswer {
    trader.post("/halt", &json!({"reason": "a storm"})).await.read()
}

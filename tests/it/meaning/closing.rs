//! A group is on its way out and cannot get there, since its market has no price. What arrives meanwhile waits for it.

use crate::support::watching::filled;
use crate::support::{Alert, Trader};
use wire::view::{PositionGroupDetail, Verdict};

#[tokio::test]
async fn an_entry_waits_for_the_group_that_is_closing_and_is_decided_anew() {
    let trader = Trader::new().await;
    let held = stuck(&trader).await;
    let waiting = trader.deliver(&trader.entry()).await;
    let queued = trader.verdict(&waiting, |_| true).await;
    assert_eq!((said(&queued), queued.position_group_ids), ("queued: closing".to_owned(), vec![held.group.id.clone()]));
    trader.price_stays("100").await;
    trader.closed(&held.group.id).await;
    let verdict = decided(&trader, &waiting).await;
    assert_eq!(said(&verdict), "accepted: opened");
    assert_ne!(verdict.position_group_ids, [held.group.id.as_str()]);
    assert_eq!(trader.account_state().await.open_groups, 1);
}

#[tokio::test]
async fn an_entry_that_waits_too_long_is_stale() {
    let trader = Trader::new().await;
    stuck(&trader).await;
    let waiting = trader.deliver(&trader.entry().with("max_lag_seconds", 20)).await;
    assert_eq!(said(&trader.verdict(&waiting, |_| true).await), "queued: closing");
    assert_eq!(said(&decided(&trader, &waiting).await), "stale: stale");
}

#[tokio::test]
async fn an_exit_does_not_wait_and_joins_the_running_one() {
    let trader = Trader::new().await;
    let held = stuck(&trader).await;
    assert_eq!(said(&trader.judged(&trader.exit()).await), "accepted: closing");
    trader.price_stays("100").await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!((closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)), (Some("signal"), 1));
}

#[tokio::test]
async fn the_other_side_waits_too() {
    let trader = Trader::new().await;
    stuck(&trader).await;
    let short: Alert = trader.strategy("sell", ("long", "1"), ("short", "1"));
    assert_eq!(said(&trader.judged(&short).await), "queued: closing");
}

/// A group that an exit has put on its way out, and whose exit orders the venue refuses.
async fn stuck(trader: &Trader) -> PositionGroupDetail {
    let held = trader.hold(&trader.entry()).await;
    trader.price_is_unknown().await;
    assert_eq!(trader.judged(&trader.exit()).await.kind, "accepted");
    trader
        .follow(&held.group.id, "the exit to be refused", |group| {
            group.exit_orders.iter().any(|order| order.reason.as_ref().is_some_and(|reason| reason.code == "no_price"))
        })
        .await
}

/// What is decided once it no longer waits.
async fn decided(trader: &Trader, delivery: &str) -> Verdict {
    trader.verdict_by_the_minute(delivery, |verdict| verdict.kind != "queued").await
}

fn said(verdict: &Verdict) -> String {
    format!("{}: {}", verdict.kind, verdict.reason.as_deref().unwrap_or_default())
}

//! A signal that is not worth it, and a seat that cools.

use super::accounts::{assert_paid_out, decimal, realised};
use crate::support::{Setting, Trader};
use app::ports::FeeIn;

#[tokio::test]
async fn an_exit_waits_for_its_profit_and_its_seat_cools_afterwards() {
    let trader = Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await;
    // With a take-profit of 1.5 % at 101.71: what is asked for is reached before.
    let entry = || trader.entry().with("minimum_profit_percent", "1").with("cooldown_minutes", 10);
    let held = trader.hold(&entry()).await;
    let early = trader.judged(&trader.exit()).await;
    assert_eq!((early.kind.as_str(), early.reason.as_deref()), ("ignored", Some("below_minimum_profit")), "{early:?}");
    // 100.1 × 1.01 ÷ 0.999 = 101.2022, up to the tick.
    let numbers = "the market is at 100; 1 % on the average after the fee of the exit needs 101.21";
    assert_eq!(early.detail.as_deref(), Some(numbers));
    trader.price_stays("101.3").await;
    assert_eq!(trader.judged(&trader.exit()).await.kind, "accepted");
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("signal"));
    // 101.3 − 0.1013 − 100.1.
    assert_eq!(realised(&closed), decimal("1.0987"));
    assert_paid_out(&trader, &closed).await;

    let again = trader.judged(&entry()).await;
    assert_eq!((again.kind.as_str(), again.reason.as_deref()), ("refused", Some("cooldown")), "{again:?}");
    let until = trader.account_state().await.cooldowns[&format!("{}#60", trader.symbol())];
    let cools = until.0.since(closed.group.closed_at.unwrap().0);
    assert_eq!(cools.get(), 600_000);
    assert!(again.detail.unwrap().ends_with(&format!("until {until}")));
    trader.open(&entry().tv("timeframe", "1D")).await;
}

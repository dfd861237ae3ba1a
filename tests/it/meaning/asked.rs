//! What an alert or a live position asks for beyond the table: profit, few positions, a part, the other side.

use super::{check, clocked, row};
use crate::support::Trader;

#[rustfmt::skip]
#[tokio::test]
async fn an_alert_that_asks_for_more_is_told_what_it_gets() {
    check(vec![
        row("the other side, instead of it",    |trader| trader.strategy("sell", ("long", "1"), ("short", "1")).with("reverse", true),         "refused: market_cannot_short"),
        row("a part",                           |trader| trader.strategy("sell", ("long", "2"), ("long", "1")).with("partial_exit", true),     "accepted: reducing"),
        row("a part that is too little",        |trader| trader.strategy("sell", ("long", "100"), ("long", "99")).with("partial_exit", true),  "ignored: too_little"),
        row("a part of before the entry",       |trader| trader.strategy("sell", ("long", "2"), ("long", "1")).with("partial_exit", true).tv("sent_at", "2020-01-31T12:00:07Z"), "ignored: before_entry"),
        row("no more positions than there are", |trader| trader.entry().tv("timeframe", "1D").with("open_groups_max", 1),                      "refused: open_groups_max"),
        row("no more than one beside it",       |trader| trader.entry().tv("timeframe", "1D").with("open_groups_max", 2),                      "accepted: opened"),
    ], async |trader| { trader.hold(&clocked(trader.entry())).await; }).await;
}

#[rustfmt::skip]
#[tokio::test]
async fn what_asks_for_profit_is_closed_by_no_signal_without_it() {
    check(vec![
        row("type exit",              |trader| trader.exit(),                                                                    "ignored: below_minimum_profit"),
        row("an exit of the market",  |trader| trader.exit().without_timeframe(),                                                "ignored: below_minimum_profit"),
        row("a strategy that is flat", |trader| trader.strategy("sell", ("long", "1"), ("flat", "0")),                           "ignored: below_minimum_profit"),
        row("turned round",           |trader| trader.strategy("sell", ("long", "1"), ("short", "1")),                           "ignored: below_minimum_profit"),
        row("turned round for good",  |trader| trader.strategy("sell", ("long", "1"), ("short", "1")).with("reverse", true),     "ignored: below_minimum_profit"),
    ], async |trader| { trader.hold(&trader.entry().with("minimum_profit_percent", "1")).await; }).await;
}

#[tokio::test]
async fn a_position_that_was_to_be_reversed_is_closed_and_nothing_takes_its_place() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let reversed = trader.strategy("sell", ("long", "1"), ("short", "1")).with("reverse", true);
    let verdict = trader.judged(&reversed).await;
    assert_eq!(
        (verdict.kind.as_str(), verdict.reason.as_deref()),
        ("refused", Some("market_cannot_short")),
        "{verdict:?}"
    );
    assert_eq!(verdict.position_group_ids, [held.group.id.as_str()]);
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("signal"));
    assert_eq!((trader.account_state().await.open_groups, trader.base_at_venue().await.is_zero()), (0, true));
}

/// The market has no price, and so the position cannot be left.
#[tokio::test]
async fn a_side_that_turns_while_a_position_is_closing_is_decided_when_it_has_closed() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    trader.price_is_unknown().await;
    assert_eq!(trader.judged(&trader.exit()).await.kind, "accepted");
    let turned = trader.deliver(&trader.strategy("sell", ("long", "1"), ("short", "1")).with("reverse", true)).await;
    let queued = trader.verdict(&turned, |_| true).await;
    assert_eq!((queued.kind.as_str(), queued.reason.as_deref()), ("queued", Some("closing")), "{queued:?}");
    trader.price_stays("100").await;
    trader.closed(&held.group.id).await;
    let decided = trader.verdict_by_the_minute(&turned, |verdict| verdict.kind != "queued").await;
    assert_eq!(
        (decided.kind.as_str(), decided.reason.as_deref()),
        ("refused", Some("market_cannot_short")),
        "{decided:?}"
    );
}

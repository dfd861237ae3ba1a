//! A long position is live.

use super::{check, clocked, row};
use crate::support::Trader;

#[rustfmt::skip]
#[tokio::test]
async fn an_alert_with_a_live_long_means_what_its_row_says() {
    check(vec![
        row("type exit",                    |trader| trader.exit(),                                          "accepted: closing"),
        row("a strategy that went flat",    |trader| trader.strategy("sell", ("long", "1"), ("flat", "0")),  "accepted: closing"),
        row("flat, and we should know less",|trader| trader.strategy("sell", ("short", "1"), ("flat", "0")), "accepted: closing (out_of_order)"),
        row("an exit of before the entry",  |trader| trader.exit().tv("sent_at", "2020-01-31T12:00:07Z"),    "ignored: before_entry"),
        row("turned round before the entry", |trader| trader.strategy("sell", ("long", "1"), ("short", "1")).tv("sent_at", "2020-01-31T12:00:07Z"), "ignored: before_entry"),
        row("a strategy that turned round", |trader| trader.strategy("sell", ("long", "1"), ("short", "1")), "refused: contradicts_side"),
        row("an indicator's other side",    |trader| trader.entry().intent("side", "short"),                 "refused: contradicts_side"),
        row("smaller than it was",          |trader| trader.strategy("sell", ("long", "2"), ("long", "1")),  "ignored: partial_exit_off"),
        row("larger than it was",           |trader| trader.strategy("buy", ("long", "1"), ("long", "2")),   "refused: already_live"),
        row("the same side again",          |trader| trader.entry(),                                         "refused: already_live"),
        row("the same side, from flat",     |trader| trader.strategy("buy", ("flat", "0"), ("long", "1")),   "refused: already_live (out_of_order)"),
        row("another timeframe",            |trader| trader.entry().tv("timeframe", "1D"),                   "accepted: opened"),
        row("an exit of another timeframe", |trader| trader.exit().tv("timeframe", "1D"),                    "ignored: nothing_open"),
    ], held).await;
}

#[tokio::test]
async fn a_strategy_that_turns_round_is_closed_and_opens_nothing() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let turned = trader.strategy("sell", ("long", "1"), ("short", "1"));
    assert_eq!(trader.judged(&turned).await.position_group_ids, [held.group.id.as_str()]);
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("signal"));
    assert_eq!(trader.account_state().await.open_groups, 0);
}

#[tokio::test]
async fn an_indicator_of_the_other_side_leaves_what_is_live() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    trader.judged(&trader.entry().intent("side", "short")).await;
    assert_eq!(trader.group(&held.group.id).await.group.status, "live");
}

async fn held(trader: &Trader) {
    trader.hold(&clocked(trader.entry())).await;
}

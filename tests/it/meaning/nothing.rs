//! Nothing is open.

use super::{check, row};
use crate::support::unique::now;
use crate::support::{Alert, Trader};
use domain::clock::{Millis, Timestamp};
use std::sync::LazyLock;

#[rustfmt::skip]
#[tokio::test]
async fn an_alert_with_nothing_open_means_what_its_row_says() {
    check(vec![
        row("type exit",                     |trader| trader.exit(),                                         "ignored: nothing_open"),
        row("exit wins over a long side",    |trader| trader.entry().intent("type", "exit"),                 "ignored: nothing_open"),
        row("exit wins over its strategy",   |trader| trader.exit().intent("strategy", "martingale"),        "ignored: nothing_open"),
        row("a strategy that went flat",     |trader| trader.strategy("sell", ("long", "1"), ("flat", "0")), "ignored: nothing_open (out_of_order)"),
        row("short, where that cannot be",   |trader| trader.entry().intent("side", "short"),                "refused: market_cannot_short"),
        row("a strategy that went short",    |trader| trader.strategy("sell", ("flat", "0"), ("short", "1")),"refused: market_cannot_short"),
        row("smaller than it was",           |trader| trader.strategy("sell", ("long", "2"), ("long", "1")), "ignored: nothing_open (out_of_order)"),
        row("an indicator's entry",          |trader| trader.entry(),                                        "accepted: opened"),
        row("a strategy's entry",            |trader| trader.strategy("buy", ("flat", "0"), ("long", "1")),  "accepted: opened"),
        row("larger than we know it",        |trader| trader.strategy("buy", ("long", "1"), ("long", "2")),  "accepted: opened (out_of_order)"),
        row("turned round, from short",      |trader| trader.strategy("buy", ("short", "1"), ("long", "1")), "accepted: opened (out_of_order)"),
        row("no price but the alert's own",  |trader| trader.entry().tv("close", "100"),                     "accepted: opened"),
    ], async |_| {}).await;
}

#[rustfmt::skip]
#[tokio::test]
async fn an_entry_that_was_raised_before_the_last_exit_is_not_opened() {
    check(vec![
        row("older than the exit",             |trader| raised(trader.entry(), 60),                         "ignored: exited_since"),
        row("newer than the exit",             |trader| raised(trader.entry(), 10),                         "accepted: opened"),
        row("older, and of another timeframe", |trader| raised(trader.entry().tv("timeframe", "1D"), 60),   "accepted: opened"),
    ], async |trader| exited(trader, trader.exit()).await).await;
    check(vec![
        row("older than the exit of all",      |trader| raised(trader.entry().tv("timeframe", "1D"), 60),   "ignored: exited_since"),
    ], async |trader| exited(trader, trader.exit().without_timeframe()).await).await;
}

async fn exited(trader: &Trader, exit: Alert) {
    assert_eq!(trader.judged(&raised(exit, 30)).await.reason.as_deref(), Some("nothing_open"));
}

/// By its own clock, this many seconds before the first of them: however long those before it take.
fn raised(alert: Alert, seconds: i64) -> Alert {
    static FIRST: LazyLock<Timestamp> = LazyLock::new(now);
    alert.tv("sent_at", FIRST.minus(Millis::seconds(seconds)).millis().to_string())
}

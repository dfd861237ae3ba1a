//! What stands in the way of an entry, one reason a row.

use super::{check, row, row_with};
use crate::support::{Alert, Setting};

#[rustfmt::skip]
#[tokio::test]
async fn an_entry_that_cannot_be_says_why() {
    let with = Setting::default;
    check(vec![
        row("too old",                          |trader| trader.entry().tv("sent_at", "2020-01-31T12:00:00Z"), "stale: stale"),
        row("a market nobody knows",            |trader| trader.entry().tv("symbol", "NOBODY/USDT"),           "rejected: unknown_market"),
        row("an account that is not there",     |trader| trader.entry().with("account", "other"),              "rejected: unknown_account"),
        row("an exchange without an account",   |trader| trader.entry().tv("exchange", "KRAKEN"),              "rejected: unknown_account"),
        row("an exit of an unknown market",     |trader| trader.exit().tv("symbol", "NOBODY/USDT"),            "rejected: unknown_market"),
        row("a base order that is too small",   |trader| trader.entry().buying("0.04999"),                     "refused: below_notional_min"),
        row("a base order of nothing",          |trader| trader.entry().buying("0.000001"),                    "refused: quantity_zero"),
        row("an order that is too large",       |trader| trader.entry().buying("50.00001"),                    "refused: order_quote_max"),
        row_with("no price at all",   Setting { price: None, ..with() },            |trader| trader.entry(), "refused: no_price"),
        row_with("not enabled",       Setting { enabled: false, ..with() },         |trader| trader.entry(), "refused: account_disabled"),
        row_with("no adapter there",  Setting { elsewhere: Some("OKX"), ..with() }, |trader| there(trader.entry()).tv("symbol", "NOBODY/USDT"), "refused: venue_not_tradable"),
        row_with("an exit there",     Setting { elsewhere: Some("OKX"), ..with() }, |trader| there(trader.exit()), "ignored: nothing_open"),
        row_with("too little money",  Setting { quote: "100.09", ..with() },        |trader| trader.entry(), "refused: insufficient_balance"),
        row_with("no group allowed",  Setting { open_groups_max: 0, ..with() },     |trader| trader.entry(), "refused: open_groups_max"),
        row_with("too much exposed",  Setting { exposure_max: "99.99", ..with() },  |trader| trader.entry(), "refused: exposure_max"),
    ], async |_| {}).await;
}

fn there(alert: Alert) -> Alert {
    alert.tv("exchange", "OKX")
}

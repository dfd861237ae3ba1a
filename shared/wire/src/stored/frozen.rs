//! One item of every kind as each release wrote it, read and written back by this one.

use super::{
    Account, AccountEntry, Audit, Delivery, Fill, Group, History, LastExit, LivePointer, Market, Order, Outbox,
    PaperBook, PaperOrder, PaperTrade, Parked, Replay, Session, Standing, System, WebhookToken,
};
use domain::market::MarketKey;
use domain::{account, delivery, group, market, order, token};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

macro_rules! frozen {
    ($kind:literal) => {
        include_str!(concat!("../../../../events/stored/", $kind, ".json"))
    };
}

/// The item is read, goes through what it means, and is written as it was.
fn check<T: DeserializeOwned + Serialize>(item: &str, meaning: impl Fn(T) -> T) {
    let read: T = serde_json::from_str(item).unwrap();
    let written = serde_json::to_value(meaning(read)).unwrap();
    assert_eq!(written, serde_json::from_str::<serde_json::Value>(item).unwrap());
}

#[test]
fn what_the_domain_knows_goes_through_it_and_back() {
    check(frozen!("market.v1"), |row: Market| Market::from(&market::Market::from(row)));
    check(frozen!("group.v1"), |row: Group| Group::from(&group::Group::from(row)));
    check(frozen!("account.v1"), |row: Account| Account::from(&account::Account::from(row)));
    check(frozen!("delivery.v1"), |row: Delivery| Delivery::from(&delivery::Delivery::from(row)));
    check(frozen!("webhook_token.v1"), |row: WebhookToken| WebhookToken::from(&token::WebhookToken::from(row)));
    check(frozen!("order.v1"), |row: Order| {
        let (account, user) = (row.account.0.clone(), row.user.0.clone());
        Order::of(&account, &user, &row.with(BTreeMap::new()))
    });
    check(frozen!("fill.v1"), |row: Fill| {
        let market = MarketKey { exchange: row.exchange.0.clone(), symbol: row.symbol.0.clone() };
        let (order, trade) = (row.order.0.clone(), row.trade.0.clone());
        Fill::of(&order, &market, &trade, &order::Fill::from(row))
    });
    check(frozen!("paper_order.v1"), |row: PaperOrder| {
        let trades = row.trades.iter().cloned().map(<(order::TradeId, order::Fill)>::from);
        let trades = trades.map(|(trade, fill)| PaperTrade::of(&trade, &fill)).collect();
        PaperOrder { trades, ..row }
    });
}

#[test]
fn what_stands_beside_it_is_written_as_it_was_read() {
    check(frozen!("replay.v1"), |row: Replay| row);
    check(frozen!("account_entry.v1"), |row: AccountEntry| row);
    check(frozen!("standing.v1"), |row: Standing| row);
    check(frozen!("system.v1"), |row: System| row);
    check(frozen!("session.v1"), |row: Session| row);
    check(frozen!("live_pointer.v1"), |row: LivePointer| row);
    check(frozen!("last_exit.v1"), |row: LastExit| row);
    check(frozen!("history.v1"), |row: History| row);
    check(frozen!("outbox.v1"), |row: Outbox| row);
    check(frozen!("parked.v1"), |row: Parked| row);
    check(frozen!("audit.v1"), |row: Audit| row);
    check(frozen!("paper_book.v1"), |row: PaperBook| row);
}

#[test]
fn a_word_or_a_schema_that_is_not_known_is_refused() {
    let refused = |from: &str, to: &str| {
        let text = frozen!("group.v1").replacen(from, to, 1);
        assert_ne!(text, frozen!("group.v1"), "{from}");
        serde_json::from_str::<Group>(&text).unwrap_err().to_string()
    };
    assert!(refused(r#""status": "closed""#, r#""status": "dreaming""#).contains("dreaming"));
    assert!(refused(r#""kind": "market""#, r#""kind": "iceberg""#).contains("iceberg"));
    assert!(refused(r#""v": 1"#, r#""v": 2"#).contains("v is 2"));
    assert!(refused(r#""exposure": "99.99","#, "").contains("exposure"));
}

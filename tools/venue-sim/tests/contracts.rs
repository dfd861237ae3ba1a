//! Contracts are exact: what stands behind them, what they pay out, what only reduces, and what a lost margin leaves.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tables read better so")]

use domain::market::Leverage;
use domain::money::{Amount, Price};
use venue_sim::Settings;
use venue_sim::engine::{Draft, Exchange, Position, Refusal, Side, Size, Status};
use venue_sim::site::SiteName;

const MARKET: &str = "BTC/USDT";
const ME: &str = "main";

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

/// 100,000 USDT, BTC at 64,000 (the ask a tenth above), four times lent, 0.05 % for who takes and 0.02 % for who waits.
fn exchange() -> Exchange {
    let mut world = Settings::default().world(0).unwrap();
    let mut exchange = world.sites.remove(&SiteName::BinanceFutures).unwrap().exchange;
    let position = Position { leverage: Leverage::new(4).unwrap(), is_isolated: true, ..Position::default() };
    exchange.set_position(ME, MARKET, position);
    exchange
}

fn order(side: Side, quantity: &str, at: Option<&str>, reduce_only: bool) -> Draft {
    let client_id = format!("{side:?}-{quantity}-{at:?}-{reduce_only}");
    let size = Size::Base(quantity.parse().unwrap());
    Draft { market: MARKET.to_owned(), side, size, price: at.map(price), client_id, reduce_only, ..Draft::default() }
}

fn place(exchange: &mut Exchange, draft: Draft) -> u64 {
    exchange.place(ME, draft, None, 1).unwrap()
}

/// What is free, what is locked, and what stands behind the position.
fn has(exchange: &Exchange) -> (String, String, String) {
    let balance = exchange.accounts[ME].balance("USDT");
    let margin = exchange.position(ME, MARKET).margin();
    (balance.free.to_string(), balance.locked.to_string(), margin.to_string())
}

fn told(free: &str, locked: &str, margin: &str) -> (String, String, String) {
    (free.to_owned(), locked.to_owned(), margin.to_owned())
}

/// Side, size and what it has cost.
fn held(exchange: &Exchange) -> (&'static str, String, String) {
    let held = exchange.position(ME, MARKET).held;
    (held.side.as_str(), held.quantity.to_string(), held.cost.to_string())
}

#[test]
fn a_long_holds_its_margin_and_pays_out_its_profit() {
    let mut exchange = exchange();
    place(&mut exchange, order(Side::Buy, "1", None, false));
    assert_eq!(held(&exchange), ("long", "1".to_owned(), "64000.1".to_owned()));
    assert_eq!(has(&exchange), told("83967.97495", "0", "16000.025"));
    exchange.reprice(MARKET, price("65000"), 2);
    place(&mut exchange, order(Side::Sell, "1", None, true));
    // 999.9 gained, 32.00005 and 32.5 of fees.
    assert_eq!(has(&exchange), told("100935.39995", "0", "0"));
}

#[test]
fn a_short_holds_its_margin_and_pays_out_its_profit() {
    let mut exchange = exchange();
    place(&mut exchange, order(Side::Sell, "1", None, false));
    assert_eq!(held(&exchange), ("short", "1".to_owned(), "64000".to_owned()));
    assert_eq!(has(&exchange), told("83968", "0", "16000"));
    exchange.reprice(MARKET, price("63000"), 2);
    place(&mut exchange, order(Side::Buy, "1", None, true));
    // 999.9 gained, 32 and 31.50005 of fees.
    assert_eq!(has(&exchange), told("100936.39995", "0", "0"));
}

#[test]
fn an_order_that_rests_locks_its_margin_and_its_fee_and_one_that_reduces_nothing() {
    let mut exchange = exchange();
    let entry = place(&mut exchange, order(Side::Buy, "1", Some("60000"), false));
    assert_eq!(has(&exchange), told("84970", "15030", "0"));
    exchange.reprice(MARKET, price("60000"), 2);
    assert_eq!(has(&exchange), told("84988", "0", "15000"));
    place(&mut exchange, order(Side::Sell, "1", Some("66000"), true));
    assert_eq!(has(&exchange), told("84988", "0", "15000"));
    assert_eq!(exchange.orders[&entry].status, Status::Filled);
    exchange.reprice(MARKET, price("66000"), 3);
    assert_eq!(has(&exchange), told("105974.8", "0", "0"));
}

#[test]
fn what_only_reduces_never_opens_and_ends_where_nothing_is_left() {
    let mut exchange = exchange();
    for side in [Side::Buy, Side::Sell] {
        assert_eq!(exchange.place(ME, order(side, "1", None, true), None, 1), Err(Refusal::ReduceOnly));
    }
    place(&mut exchange, order(Side::Buy, "1", None, false));
    assert_eq!(exchange.place(ME, order(Side::Buy, "1", None, true), None, 1), Err(Refusal::ReduceOnly));
    let (first, second) =
        (order(Side::Sell, "0.6", Some("65000"), true), order(Side::Sell, "0.7", Some("65001"), true));
    let (first, second) = (place(&mut exchange, first), place(&mut exchange, second));
    let third = place(&mut exchange, order(Side::Sell, "0.1", Some("70000"), true));
    exchange.reprice(MARKET, price("65001"), 2);
    let seen = [first, second, third].map(|id| (exchange.orders[&id].status, exchange.orders[&id].filled.to_string()));
    let wanted = [(Status::Filled, "0.6"), (Status::Expired, "0.4"), (Status::Expired, "0")];
    assert_eq!(seen, wanted.map(|(status, filled)| (status, filled.to_owned())));
    assert_eq!(exchange.positions_of(ME).count(), 0);
}

#[test]
fn a_margin_that_does_not_reach_is_refused_and_one_that_is_lost_is_gone() {
    let mut exchange = exchange();
    assert_eq!(exchange.place(ME, order(Side::Buy, "7", None, false), None, 1), Err(Refusal::InsufficientBalance));
    place(&mut exchange, order(Side::Buy, "1", None, false));
    let target = place(&mut exchange, order(Side::Sell, "1", Some("70000"), true));
    exchange.reprice(MARKET, price("48000.1"), 2);
    assert_eq!(held(&exchange).1, "1");
    exchange.reprice(MARKET, price("48000"), 3);
    assert_eq!((held(&exchange).1, has(&exchange)), ("0".to_owned(), told("83967.97495", "0", "0")));
    assert_eq!(exchange.orders[&target].status, Status::Expired);
    assert!(exchange.trades.iter().all(|trade| trade.order != target), "no order tells of it");
}

#[test]
fn what_closes_without_saying_so_needs_a_margin_for_the_rest_alone() {
    let mut exchange = exchange();
    place(&mut exchange, order(Side::Buy, "6", None, false));
    let free = exchange.accounts[ME].balance("USDT").free;
    assert!(free < "4000".parse::<Amount>().unwrap(), "{free}");
    place(&mut exchange, order(Side::Sell, "6.2", None, false));
    assert_eq!((held(&exchange).0, held(&exchange).1), ("short", "0.2".to_owned()));
}

//! Closing signals that bring too little.

use crate::given::{alert, bought, fact, fill, plan, price, submitted};
use domain::alert::Alert;
use domain::clock::Millis;
use domain::group::{ExitReason, NotWorth, Position, closing_price};
use domain::money::{Percent, Price};
use domain::order::{Command, Status};
use domain::preset::{OrderKind, TradePlan};
use domain::reason::Reason;
use domain::rules::Rules;
use proptest::prelude::*;

fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

fn least(profit: &str) -> TradePlan {
    TradePlan { rules: Rules { minimum_profit: Some(percent(profit)), ..Rules::default() }, ..plan() }
}

fn held(plan: TradePlan) -> Position {
    bought(plan, "100", "1", ("USDT", "0.1"))
}

fn told(position: &Position, at: Option<&str>) -> Option<NotWorth> {
    position.not_worth_closing(at.map(price)).unwrap()
}

/// 100.1 × 1.015 ÷ 0.999 = 101.703…
#[test]
fn a_signal_closes_where_the_sale_brings_the_profit_after_its_fee() {
    let position = held(least("1.5"));
    assert_eq!(told(&position, Some("101.71")), None);
    let below = told(&position, Some("101.7")).unwrap();
    let (needed, least) = (price("101.71"), percent("1.5"));
    assert_eq!(below, NotWorth::BelowMinimum { price: price("101.7"), needed, least });
    assert_eq!(below.reason(), Reason::BelowMinimumProfit);
    let words = "the market is at 101.7; 1.5 % on the average after the fee of the exit needs 101.71";
    assert_eq!(below.to_string(), words);
}

#[test]
fn none_is_asked_of_a_plan_that_asks_for_none() {
    assert_eq!(told(&held(plan()), None), None);
}

#[test]
fn what_cannot_be_shown_to_bring_it_closes_nothing() {
    let position = held(least("0"));
    assert_eq!(told(&position, None).map(|why| why.reason()), Some(Reason::NoPrice));
    let open = submitted(crate::given::position(least("0"), "100"));
    let entry = open.orders[0].id.clone();
    let without = open.observe(&entry, &fact(Status::Filled, &[("1", fill("100", "1", None))]));
    assert_eq!(told(&without, Some("500")), Some(NotWorth::Unknown { least: percent("0") }));
}

#[test]
fn what_has_bought_nothing_or_is_being_left_is_closed() {
    let planned = crate::given::position(least("5"), "100");
    assert_eq!(told(&planned, Some("1")), None);
    let entry = planned.orders[0].id.clone();
    let rests = submitted(planned).observe(&entry, &fact(Status::Open, &[]));
    assert_eq!(told(&rests, Some("1")), None);
    assert_eq!(told(&held(least("5")).leave(ExitReason::Signal, crate::given::NOW), Some("1")), None);
}

/// It may have bought: what a venue did not answer is not taken for nothing.
#[test]
fn an_entry_in_doubt_closes_nothing() {
    let sent = submitted(crate::given::position(least("5"), "100"));
    let unknown = sent.command(&sent.orders[0].id, &Command::LoseTrack).unwrap();
    for position in [sent, unknown] {
        assert_eq!(told(&position, Some("500")), Some(NotWorth::Unknown { least: percent("5") }));
    }
}

#[test]
fn a_closing_price_is_the_markets_while_young_else_the_alerts_while_not_stale() {
    let now = crate::given::NOW;
    let said = Alert { close: Some(price("99")), plan: limited().into(), ..alert() };
    let of = |market_s: Option<i64>, event_s: i64| -> Option<Price> {
        let market = market_s.map(|seconds| (price("101"), now.minus(Millis::seconds(seconds))));
        closing_price(&said, market, now.minus(Millis::seconds(event_s)), now)
    };
    assert_eq!(of(Some(60), 0), Some(price("101")));
    assert_eq!(of(Some(61), 0), Some(price("99")));
    assert_eq!(of(None, 300), Some(price("99")));
    assert_eq!(of(None, 301), None);
    assert_eq!(closing_price(&alert(), None, now, now), None);
}

/// An entry's limit says nothing of what a sale brings.
fn limited() -> TradePlan {
    TradePlan { kind: OrderKind::Limit(price("500")), ..plan() }
}

proptest! {
    /// What the detail names as needed is the lowest price on the grid that is enough.
    #[test]
    fn the_price_that_is_needed_is_enough_and_a_tick_less_is_not(at in 1_000_u32..9_000_000, profit in 0_u32..5_000) {
        let at = format!("{:.2}", f64::from(at) / 100.0);
        let profit = format!("{:.2}", f64::from(profit) / 100.0);
        let position = bought(least(&profit), &at, "1", ("USDT", "0.1"));
        let Some(NotWorth::BelowMinimum { needed, .. }) = told(&position, Some("0.01")) else { panic!("far below") };
        prop_assert_eq!(position.not_worth_closing(Some(needed)).unwrap(), None);
        let less = Price::new(needed.get() - price("0.01").get()).unwrap();
        prop_assert!(position.not_worth_closing(Some(less)).unwrap().is_some());
    }
}

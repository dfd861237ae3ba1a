//! Fees in a third asset: they count with what they were worth in quote at their fill, and until that is known nothing is
//! sized by them.

use crate::given::{NOW, amount, bought, fact, fill, plan, position, price, quantity, submitted};
use domain::clock::{Millis, Timestamp};
use domain::group::{ExitReason, Observer, Position, Slice, Step, next};
use domain::limits::{FEE_TOLD_WAIT, FEE_VALUE_WAIT};
use domain::money::{Decimal, Fraction};
use domain::order::{Direction, Fact, Fee, FeeValue, Fill, Intent, Purpose, Status};
use domain::preset::OrderKind;

/// A fill whose fee is known to have been paid for at this price.
fn valued(fill: Fill, paid_at: &str) -> Fill {
    Fill { fee: fill.fee.map(|fee| fee.at_price(price(paid_at)).unwrap()), ..fill }
}

/// One whole coin at 100, for 0.000125 BNB.
fn entered() -> Fill {
    fill("100", "1", Some(("BNB", "0.000125")))
}

fn with_entry(fill: Fill) -> Position {
    let position = submitted(position(plan(), "100"));
    let entry = position.orders[0].id.clone();
    position.observe(&entry, &fact(Status::Filled, &[("1", fill)]))
}

fn number(text: &str) -> Fraction {
    Fraction::from(text.parse::<Decimal>().unwrap())
}

#[test]
fn a_fee_in_a_third_asset_raises_the_average_by_what_it_was_worth() {
    // 0.000125 BNB at 600 are 0.075 USDT: 100.075 × 1.015 / 0.999 = 101.6778...
    let position = with_entry(valued(entered(), "600"));
    let slice = Slice { pyramid: 0, leg: 0, step: 1, price: price("101.68"), quantity: quantity("1") };
    assert_eq!(position.slices().unwrap(), Some(vec![slice]));
    let ledger = position.ledger().unwrap();
    assert_eq!(ledger.average().unwrap(), number("100.075"));
    assert_eq!((ledger.held().unwrap(), ledger.third), (quantity("1"), amount("0.075")));
    assert_eq!(ledger.cash_flow().unwrap(), amount("-100"), "the quote balance has not paid it");
    assert_eq!(ledger.fees[&"BNB".parse().unwrap()], amount("0.000125"));
}

#[test]
fn the_average_is_all_that_was_paid_over_all_that_was_received() {
    let fills = [
        ("1", valued(fill("100", "0.4", Some(("BNB", "0.0001"))), "612.5")),
        ("2", fill("98", "0.5", Some(("BTC", "0.0005")))),
        ("3", fill("99", "0.1", Some(("USDT", "0.0099")))),
    ];
    let position = submitted(position(plan(), "100"));
    let entry = position.orders[0].id.clone();
    let average = position.observe(&entry, &fact(Status::Filled, &fills)).ledger().unwrap().average();
    // (40 + 49 + 9.9 + 0.0099 in quote + 0.06125 at the fill) / (1 − 0.0005)
    assert_eq!(average, number("98.97115").over(&number("0.9995")));
}

#[test]
fn nothing_is_sized_before_the_fee_has_its_value() {
    let waiting = with_entry(entered());
    assert_eq!(waiting.orders[0].fills.values().next().unwrap().fee.as_ref().unwrap().value, FeeValue::Wanted);
    assert!(!waiting.orders[0].is_accounted().unwrap());
    assert_eq!(waiting.slices().unwrap(), None);
    let entry = waiting.orders[0].id.clone();
    let known = waiting.observe(&entry, &fact(Status::Filled, &[("1", valued(entered(), "600"))]));
    assert!(known.orders[0].is_accounted().unwrap());
    assert_eq!(known.observe(&entry, &fact(Status::Filled, &[("1", entered())])), known, "what is known stays known");
    assert!(known.slices().unwrap().is_some());
}

#[test]
fn no_exit_waits_for_what_a_fee_was_worth() {
    let sold = sold_for_bnb();
    let exit = sold.orders.last().unwrap().id.clone();
    assert_eq!(next(&sold, "test", Observer::Watch, NOW), Ok(Step::Wait), "what it brought is not known yet");
    let (bought, brought) = (valued(entered(), "600"), valued(fill("90", "1", Some(("BNB", "0.0001"))), "600"));
    let entry = sold.orders[0].id.clone();
    let known = sold.observe(&entry, &fact(Status::Filled, &[("1", bought)]));
    let known = known.observe(&exit, &fact(Status::Filled, &[("2", brought)]));
    assert!(matches!(next(&known, "test", Observer::Watch, NOW), Ok(Step::Decide { why: "settled", .. })));
}

#[test]
fn a_fee_that_finds_no_value_within_a_day_is_told_and_keeps_no_group_open() {
    let sold = sold_for_bnb();
    let in_time = NOW.plus(FEE_VALUE_WAIT).plus(Millis::new(-1));
    assert!(sold.orders.iter().all(|order| order.unvalued(in_time).is_empty()), "one is waited for a day");
    let later = NOW.plus(FEE_VALUE_WAIT);
    let told = sold.orders.iter().fold(sold.clone(), |told, order| {
        told.observe(&order.id, &Fact { fills: order.unvalued(later), ..Fact::default() })
    });
    assert_eq!(next(&sold, "test", Observer::Watch, later), Ok(Step::Wait), "by itself it goes on waiting");
    let step = next(&told, "test", Observer::Watch, later).unwrap();
    let Step::Decide { position: settled, why: "settled" } = step else { panic!("{step:?}") };
    let end = settled.group.settled.unwrap();
    assert_eq!((end.realised, end.fee_unvalued), (amount("-10"), true), "90 - 100, and that a fee is not in it");
    let why = "a fee in BNB has found no value within a day: profit is told without it";
    assert_eq!(settled.group.attention.as_deref(), Some(why));
    let ledger = settled.ledger().unwrap();
    assert_eq!(ledger.unvalued[&"BNB".parse().unwrap()], amount("0.000225"));
    assert_eq!(ledger.unvalued, ledger.fees);
}

#[test]
fn a_value_that_is_found_late_takes_the_place_of_none() {
    let (sold, later) = (sold_for_bnb(), NOW.plus(FEE_VALUE_WAIT));
    let entry = &sold.orders[0];
    let late = fact(Status::Filled, &[("1", valued(entered(), "600"))]);
    let told = Fact { fills: entry.unvalued(later), ..Fact::default() };
    let (either, other) = (entry.merge(&told).merge(&late), entry.merge(&late).merge(&told));
    assert_eq!(either, other);
    assert_eq!(either.merge(&fact(Status::Filled, &[("1", entered())])), either, "the venue knows no value");
    assert_eq!(either.fills.values().next().unwrap().fee.as_ref().unwrap().worth(), Some(amount("0.075")));
}

/// The position with what is reckoned of its entry at this time.
fn reckoned_at(position: &Position, at: Timestamp) -> Position {
    let entry = &position.orders[0];
    let fills = entry.reckoned(&position.group.market, at).unwrap();
    position.observe(&entry.id, &Fact { fills, ..Fact::default() })
}

#[test]
fn a_fee_that_is_not_told_keeps_no_exit_waiting() {
    let untold = with_entry(fill("100", "1", None)).leave(ExitReason::StopLoss, NOW);
    let waited = NOW.plus(FEE_TOLD_WAIT);
    assert_eq!(next(&untold, "test", Observer::Watch, waited), Ok(Step::Wait), "by itself it goes on waiting");
    assert_eq!(reckoned_at(&untold, waited.plus(Millis::new(-1))), untold, "it may still be told");
    let reckoned = reckoned_at(&untold, waited);
    let why = "the fee of a trade is not told: what the market takes is reckoned";
    assert_eq!(reckoned.group.attention.as_deref(), Some(why));
    let step = next(&reckoned, "test", Observer::Watch, waited).unwrap();
    let Step::Decide { position: selling, why: "sell what is left" } = step else { panic!("{step:?}") };
    let sold = selling.orders.last().unwrap();
    assert_eq!((sold.quantity, sold.direction), (quantity("0.999"), Direction::Sell), "0.1 % of it may be the fee");
}

#[test]
fn a_fee_that_is_told_late_takes_the_place_of_what_was_reckoned() {
    let untold = with_entry(fill("100", "1", None));
    let reckoned = reckoned_at(&untold, NOW.plus(FEE_TOLD_WAIT));
    let entry = untold.orders[0].id.clone();
    for told in [("BNB", "0.000125"), ("BTC", "0.0005"), ("USDT", "0.05"), ("USDT", "0")] {
        let fact = fact(Status::Filled, &[("1", fill("100", "1", Some(told)))]);
        let fees = |of: &Position| of.orders[0].fills.values().map(|fill| fill.fee.clone()).collect::<Vec<_>>();
        assert_eq!(fees(&reckoned.observe(&entry, &fact)), fees(&untold.observe(&entry, &fact)), "{told:?}");
    }
}

/// Bought for 100 and sold for 90, with fees whose worth nobody knows.
fn sold_for_bnb() -> Position {
    let leaving = with_entry(entered()).leave(ExitReason::StopLoss, NOW);
    let step = next(&leaving, "test", Observer::Watch, NOW).unwrap();
    let Step::Decide { position: selling, why: "sell what is left" } = step else { panic!("{step:?}") };
    let selling = submitted(*selling);
    let exit = selling.orders.last().unwrap().id.clone();
    selling.observe(&exit, &fact(Status::Filled, &[("2", fill("90", "1", Some(("BNB", "0.0001"))))]))
}

#[test]
fn a_sell_brings_less_by_what_its_fee_was_worth() {
    let held = with_entry(valued(entered(), "600"));
    let intent = Intent {
        stop: None,
        pyramid: 0,
        purpose: Purpose::Exit,
        leg: 0,
        epoch: 0,
        direction: Direction::Sell,
        kind: OrderKind::Market,
        quantity: quantity("1"),
        reserved: amount("0"),
        valid_until: None,
    };
    let selling = submitted(held.plan("test", &intent, NOW));
    let id = selling.orders.last().unwrap().id.clone();
    let sale = valued(fill("110", "1", Some(("BNB", "0.0002"))), "612.5");
    let sold = selling.observe(&id, &fact(Status::Filled, &[("2", sale)]));
    let ledger = sold.ledger().unwrap();
    // 110 − 0.1225 − 100.075
    assert_eq!(ledger.realised(), number("9.8025"));
    assert_eq!(ledger.cash_flow().unwrap(), amount("10"));
    assert_eq!(sold.settle(NOW).unwrap().group.settled.unwrap().realised, amount("9.8025"));
}

#[test]
fn a_value_is_rounded_up_once() {
    let symbol = crate::given::market().key.symbol;
    let worth = |text: &str, paid_at: &str| {
        let fee = Fee::of(&symbol, "BNB".parse().unwrap(), amount(text));
        fee.at_price(price(paid_at)).unwrap().worth().unwrap().to_string()
    };
    assert_eq!(worth("0.00000003", "333.333"), "0.00001");
    assert_eq!(worth("0.00000001", "0.0001"), "0.00000001");
    assert_eq!(worth("0", "600"), "0");
}

#[test]
fn a_fee_in_base_or_quote_needs_no_value() {
    for asset in ["BTC", "USDT"] {
        assert!(bought(plan(), "100", "1", (asset, "0.001")).orders[0].is_accounted().unwrap(), "{asset}");
    }
}

/// What a market takes of coins that are bought is taken of them. Of contracts nothing is: it is paid in quote.
#[test]
fn a_fee_that_is_reckoned_is_of_the_coins_that_are_bought_and_of_quote_where_contracts_are() {
    let bought = with_entry(fill("100", "1", None));
    let of = |exchange: &str| {
        let mut market = bought.group.market.clone();
        market.key.exchange = exchange.parse().unwrap();
        let fills = bought.orders[0].reckoned(&market, NOW.plus(FEE_TOLD_WAIT)).unwrap();
        let fee = fills.into_values().next().unwrap().fee.unwrap();
        (fee.asset.to_string(), fee.amount)
    };
    assert_eq!(of("PAPER"), ("BTC".to_owned(), amount("0.001")));
    assert_eq!(of("PAPERUSDM"), ("USDT".to_owned(), amount("0.1")));
}

#[test]
fn a_fee_counts_once_its_value_is_known() {
    let of = |asset| fill("100", "1", Some((asset, "0.001"))).fee.unwrap();
    assert!(of("BTC").is_valued() && of("USDT").is_valued(), "coins of the market have their own");
    let third = of("BNB");
    assert!(!third.is_valued() && third.clone().at_price(price("600")).unwrap().is_valued());
    assert!(!Fee { value: FeeValue::Unvalued, ..third }.is_valued(), "it is waited for no longer");
}

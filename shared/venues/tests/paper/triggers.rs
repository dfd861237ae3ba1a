//! Orders that wait for a price: stops and take-profits, as market and as limit orders.

use crate::world::{World, account, bar, limit, market, minute, parse, ready, told};
use app::ports::TriggerKind::{StopLoss, TakeProfit};
use app::ports::{Cancelled, Listed, Outcome, PaperSettings, Request, Trigger, TriggerKind, Venue};
use domain::clock::Millis;
use domain::order::Direction::{self, Buy, Sell};
use domain::preset::OrderKind::{self, Market};

fn waiting(world: &World, id: &str, kind: OrderKind, direction: Direction, at: (TriggerKind, &str)) -> Request {
    let trigger = Some(Trigger { kind: at.0, price: parse(at.1) });
    Request { trigger, ..world.request(id, direction, kind, "0.5") }
}

fn send(world: &World, kind: OrderKind, direction: Direction, at: (TriggerKind, &str)) -> Outcome {
    ready(world.venue().submit(&waiting(world, "a", kind, direction, at)))
}

/// Sent at the first price, told of at the last.
fn check(prices: &[&str], kind: OrderKind, direction: Direction, at: (TriggerKind, &str), told_of_it: &str) {
    let world = World::of_prices(prices);
    let outcome = send(&world, kind, direction, at);
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    world.go_to(i64::try_from(prices.len()).unwrap() - 1);
    assert_eq!(told(&world.find("a").unwrap()), told_of_it, "{prices:?} {direction:?} {at:?}");
}

#[test]
fn a_stop_is_set_off_on_the_bad_side_of_the_price_and_a_take_profit_on_the_good_one() {
    check(&["100", "95.01"], Market, Sell, (StopLoss, "95"), "open");
    check(&["100", "95"], Market, Sell, (StopLoss, "95"), "filled 0.5@95-0.0475USDT");
    check(&["100", "104.99"], Market, Buy, (StopLoss, "105"), "open");
    check(&["100", "105"], Market, Buy, (StopLoss, "105"), "filled 0.5@105-0.0525USDT");
    check(&["100", "104.99"], Market, Sell, (TakeProfit, "105"), "open");
    check(&["100", "105"], Market, Sell, (TakeProfit, "105"), "filled 0.5@105-0.0525USDT");
    check(&["100", "95.01"], Market, Buy, (TakeProfit, "95"), "open");
    check(&["100", "95"], Market, Buy, (TakeProfit, "95"), "filled 0.5@95-0.0475USDT");
}

#[test]
fn a_market_order_that_was_set_off_meets_the_price_that_did_it() {
    check(&["100", "80", "90"], Market, Sell, (StopLoss, "95"), "filled 0.5@80-0.04USDT");
    check(&["100", "120", "90"], Market, Sell, (TakeProfit, "105"), "filled 0.5@120-0.06USDT");
}

#[test]
fn a_limit_order_that_was_set_off_takes_what_its_limit_allows_or_rests() {
    check(&["100", "94.5", "90"], limit("94"), Sell, (StopLoss, "95"), "filled 0.5@94.5-0.04725USDT");
    check(&["100", "93", "93.9"], limit("94"), Sell, (StopLoss, "95"), "open");
    check(&["100", "93", "94.2"], limit("94"), Sell, (StopLoss, "95"), "filled 0.5@94-0.047USDT");
    check(&["100", "106"], limit("104"), Sell, (TakeProfit, "105"), "filled 0.5@106-0.053USDT");
    check(&["100", "106", "107"], limit("107"), Sell, (TakeProfit, "105"), "filled 0.5@107-0.0535USDT");
    // Before it is set off, its limit is not in the book.
    check(&["100", "104.5"], limit("104"), Sell, (TakeProfit, "105"), "open");
}

#[test]
fn the_low_and_the_high_of_a_bar_set_off_what_its_open_and_close_do_not() {
    for (direction, at, price) in [(Sell, (StopLoss, "85"), "80"), (Sell, (TakeProfit, "115"), "120")] {
        let world = World::of_bars(vec![bar(0, ["100"; 4]), bar(1, ["100", "120", "80", "101"])]);
        send(&world, Market, direction, at);
        world.go_to(2);
        assert_eq!(world.find("a").unwrap().fills.into_values().next().unwrap().price, parse(price));
    }
}

#[test]
fn what_waits_has_locked_what_it_needs() {
    let balances = |kind, direction, at| {
        let world = World::of_prices(&["100"]);
        send(&world, kind, direction, at);
        world.balances()
    };
    assert_eq!(balances(Market, Sell, (StopLoss, "95")), ["1000", "0", "0.5", "0.5"]);
    assert_eq!(balances(limit("94"), Sell, (StopLoss, "95")), ["1000", "0", "0.5", "0.5"]);
    // 52.5 and 53 with their fee
    assert_eq!(balances(Market, Buy, (StopLoss, "105")), ["947.4475", "52.5525", "1", "0"]);
    assert_eq!(balances(limit("106"), Buy, (StopLoss, "105")), ["946.947", "53.053", "1", "0"]);
}

#[test]
fn what_the_price_would_set_off_at_once_is_refused() {
    let refused = |prices: &[&str], kind, direction, at, code: &str| {
        let world = World::of_prices(prices);
        let before = world.book.borrow().clone();
        let Outcome::Rejected(refusal) = send(&world, kind, direction, at) else { panic!("{code}: accepted") };
        assert_eq!(refusal.code.as_str(), code);
        assert_eq!(*world.book.borrow(), before);
    };
    refused(&["100"], Market, Sell, (StopLoss, "100"), "would_trigger_immediately");
    refused(&["100"], limit("120"), Sell, (TakeProfit, "100"), "would_trigger_immediately");
    refused(&["100"], Market, Buy, (StopLoss, "99.99"), "would_trigger_immediately");
    refused(&["100"], limit("90"), Buy, (TakeProfit, "100.01"), "would_trigger_immediately");
    refused(&["100"], Market, Sell, (StopLoss, "95.001"), "off_price_tick");
    refused(&["100"], Market, Sell, (StopLoss, "9.99"), "below_notional_min");
    refused(&["100"], Market, Buy, (StopLoss, "2000"), "insufficient_balance");
    refused(&[], Market, Sell, (StopLoss, "95"), "no_price");
    refused(&[], limit("94"), Sell, (StopLoss, "95"), "no_price");
}

#[test]
fn what_waits_is_cancelled_like_any_other() {
    let world = World::of_prices(&["100", "90"]);
    send(&world, Market, Sell, (StopLoss, "95"));
    let Cancelled::Done(fact) = world.cancel("a") else { panic!("not cancelled") };
    assert_eq!(told(&fact), "cancelled");
    world.go_to(1);
    assert_eq!(world.balances(), ["1000", "0", "1", "0"]);
}

#[test]
fn what_was_set_off_fills_as_much_as_each_price_gives_and_slips() {
    let world = World::of_prices(&["100", "94"]).with(|book| {
        book.fill_max = Some(parse("0.3"));
        book.settings = PaperSettings { slippage: parse("1"), ..PaperSettings::default() };
    });
    send(&world, Market, Sell, (StopLoss, "95"));
    world.go_to(1);
    assert_eq!(told(&world.find("a").unwrap()), "partially_filled 0.3@93.06-0.027918USDT");
    assert_eq!(world.balances(), ["1027.890082", "0", "0.5", "0.2"]);
    world.now.set(minute(1).plus(Millis::seconds(15)));
    assert_eq!(world.find("a").unwrap().fills.len(), 2);
}

#[test]
fn a_price_before_it_is_active_sets_off_nothing() {
    let world = World::of_prices(&["100", "90", "100", "100", "94"])
        .with(|book| book.settings = PaperSettings { latency: Millis::new(125_000), ..PaperSettings::default() });
    send(&world, Market, Sell, (StopLoss, "95"));
    world.go_to(3);
    assert_eq!(told(&world.find("a").unwrap()), "open");
    world.go_to(4);
    assert_eq!(told(&world.find("a").unwrap()), "filled 0.5@94-0.047USDT");
}

#[test]
fn what_cannot_be_paid_at_the_price_that_set_it_off_expires() {
    let world = World::of_prices(&["100", "3000"]);
    send(&world, Market, Buy, (StopLoss, "105"));
    world.go_to(1);
    assert_eq!(told(&world.find("a").unwrap()), "expired");
    assert_eq!(world.balances(), ["1000", "0", "1", "0"]);
}

#[test]
fn a_stop_is_listed_with_where_it_waits_and_still_is_when_it_was_set_off() {
    let world = World::of_prices(&["100", "94"]);
    send(&world, Market, Sell, (StopLoss, "95"));
    assert!(matches!(world.send("b", Sell, limit("120"), "0.5"), Outcome::Accepted(_)));
    let stops = || -> Vec<_> {
        let all = Listed::Since(minute(0));
        let listed = ready(world.venue().list_orders(&account(), &market(), "", all)).unwrap();
        listed.into_iter().map(|order| (order.kind, order.stop)).collect()
    };
    let told = [(Market, Some(parse("95"))), (limit("120"), None)];
    assert_eq!(stops(), told);
    world.go_to(1);
    assert_eq!((stops(), world.find("a").unwrap().fills.len()), (told.to_vec(), 1));
}

//! What is refused, by which word, and that a refusal changes nothing.

use crate::world::{World, limit, ready};
use app::ports::{Outcome, Request, Venue};
use domain::clock::Millis;
use domain::ids::AccountId;
use domain::market::Maxima;
use domain::order::Direction::{Buy, Sell};
use domain::preset::OrderKind::Market;
use domain::reason::Reason;

/// A sound order for half a coin with one thing wrong. An order `open` rests already.
fn check(code: &str, spoil: impl FnOnce(&mut Request)) {
    let world = World::of_prices(&["100"]);
    world.send("open", Buy, limit("50"), "1");
    let (book, orders) = (world.book.borrow().clone(), world.orders.borrow().clone());
    let mut request = world.request("a", Buy, limit("90"), "0.5");
    spoil(&mut request);
    let outcome = ready(world.venue().submit(&request));
    let Outcome::Rejected(refusal) = outcome else { panic!("{code}: {outcome:?}") };
    assert_eq!(refusal.code.as_str(), code, "{}", refusal.detail);
    assert_eq!((&*world.book.borrow(), &*world.orders.borrow()), (&book, &orders), "{code}");
}

fn most(limit: Option<&str>, market: Option<&str>, notional: Option<&str>) -> Maxima {
    let told = |most: Option<&str>| most.map(|most| most.parse().unwrap());
    Maxima { limit: told(limit), market: told(market), notional: told(notional) }
}

#[test]
fn each_refusal_has_its_word_and_changes_nothing() {
    check("insufficient_balance", |r| r.quantity = "10.55".parse().unwrap());
    check("insufficient_balance", |r| (r.direction, r.quantity) = (Sell, "1.00001".parse().unwrap()));
    check("insufficient_balance", |r| (r.kind, r.quantity) = (Market, "9.5".parse().unwrap()));
    check("below_quantity_min", |r| r.quantity = "0.000001".parse().unwrap());
    check("below_notional_min", |r| r.quantity = "0.05555".parse().unwrap());
    check("below_notional_min", |r| (r.kind, r.quantity) = (Market, "0.04999".parse().unwrap()));
    check("above_quantity_max", |r| r.market.filters.most = most(Some("0.4"), None, None));
    check("above_quantity_max", |r| (r.kind, r.market.filters.most) = (Market, most(None, Some("0.4"), None)));
    check("above_notional_max", |r| r.market.filters.most = most(None, None, Some("44.99")));
    check("off_price_tick", |r| r.kind = limit("90.001"));
    check("off_quantity_step", |r| r.quantity = "0.500001".parse().unwrap());
    check("quantity_zero", |r| r.quantity = "0".parse().unwrap());
    check("unknown_market", |r| r.market.key.symbol = "BTC/USDT:USDT".parse().unwrap());
    check("clock", |r| r.sent_at = r.sent_at.plus(Millis::new(1_001)));
    check("clock", |r| r.sent_at = r.sent_at.minus(Millis::new(5_001)));
}

#[test]
fn an_id_that_is_open_already_may_be_the_very_order() {
    let world = World::of_prices(&["100"]);
    let request = world.request("a", Buy, limit("90"), "0.5");
    assert!(matches!(ready(world.venue().submit(&request)), Outcome::Accepted(_)));
    assert!(matches!(ready(world.venue().submit(&request)), Outcome::Unknown(_)));
    assert_eq!(world.book.borrow().open.len(), 1);
}

#[test]
fn a_request_at_the_edges_of_its_time_is_accepted() {
    for millis in [1_000, -5_000] {
        let world = World::of_prices(&["100"]);
        let mut request = world.request("a", Buy, limit("90"), "0.5");
        request.sent_at = request.sent_at.plus(Millis::new(millis));
        assert!(matches!(ready(world.venue().submit(&request)), Outcome::Accepted(_)), "{millis}");
    }
}

#[test]
fn without_a_price_a_market_order_is_refused_and_a_limit_order_rests() {
    let world = World::of_prices(&[]);
    let Outcome::Rejected(refusal) = world.send("a", Buy, Market, "0.5") else { panic!("accepted") };
    assert_eq!(refusal.code, Reason::NoPrice);
    assert!(matches!(world.send("a", Buy, limit("90"), "0.5"), Outcome::Accepted(_)));
}

#[test]
fn the_id_of_a_finished_order_is_accepted_again() {
    let world = World::of_prices(&["100"]);
    for _ in 0..2 {
        assert!(matches!(world.send("a", Buy, Market, "0.5"), Outcome::Accepted(_)));
    }
    assert_eq!(world.orders.borrow().len(), 2);
}

#[test]
fn an_order_whose_cost_cannot_be_kept_exactly_is_refused() {
    let world = World::of_prices(&["100"]);
    let mut request = world.request("a", Buy, limit("123456789012345.123456789012"), "123456789.123456789012");
    request.market.filters.price_tick = "0.000000000001".parse().unwrap();
    request.market.filters.quantity_step = "0.000000000001".parse().unwrap();
    let Outcome::Rejected(refusal) = ready(world.venue().submit(&request)) else { panic!("accepted") };
    assert_eq!(refusal.code, Reason::Precision);
}

#[test]
fn an_account_without_a_book_cannot_be_told_or_asked() {
    let world = World::of_prices(&["100"]);
    let mut request = world.request("a", Buy, Market, "0.5");
    request.account = AccountId::of(&["other"]);
    assert!(matches!(ready(world.venue().submit(&request)), Outcome::NotSent(_)));
    assert!(ready(world.venue().balances(&request.account, &request.market.key.exchange)).is_err());
}

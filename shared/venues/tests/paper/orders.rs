//! What becomes of orders as prices move.

use crate::world::{World, account, bar, limit, market, minute, ready, told};
use app::ports::{Cancelled, FeeIn, Outcome, Venue};
use domain::clock::Millis;
use domain::money::Quantity;
use domain::order::Direction::{self, Buy, Sell};
use domain::preset::OrderKind::{self, Market};

/// One order, sent at the first price; what the venue tells of it at the last, and the balances then.
fn check(world: &World, order: (Direction, OrderKind, &str), told_of_it: &str, balances: [&str; 4]) {
    let (direction, kind, quantity) = order;
    let outcome = world.send("a", direction, kind, quantity);
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    world.go_to(i64::try_from(world.bars.len()).unwrap() - 1);
    assert_eq!(told(&world.find("a").unwrap()), told_of_it);
    assert_eq!(world.balances(), balances);
}

#[test]
fn a_market_order_fills_at_the_current_price() {
    let world = || World::of_prices(&["100", "90"]);
    check(&world(), (Buy, Market, "0.5"), "filled 0.5@100-0.05USDT", ["949.95", "0", "1.5", "0"]);
    check(&world(), (Sell, Market, "0.5"), "filled 0.5@100-0.05USDT", ["1049.95", "0", "0.5", "0"]);
}

#[test]
fn a_limit_order_that_meets_the_market_pays_the_markets_price() {
    let world = || World::of_prices(&["100", "90"]);
    check(&world(), (Buy, limit("110"), "0.5"), "filled 0.5@100-0.05USDT", ["949.95", "0", "1.5", "0"]);
    check(&world(), (Sell, limit("90"), "0.5"), "filled 0.5@100-0.05USDT", ["1049.95", "0", "0.5", "0"]);
}

#[test]
fn a_resting_order_locks_what_it_needs() {
    let world = || World::of_prices(&["100", "101"]);
    check(&world(), (Buy, limit("90"), "0.5"), "open", ["954.955", "45.045", "1", "0"]);
    check(&world(), (Sell, limit("110"), "0.4"), "open", ["1000", "0", "0.6", "0.4"]);
}

#[test]
fn a_resting_order_fills_at_its_limit_once_a_price_reaches_it() {
    let (falls, rises) = (World::of_prices(&["100", "91", "80"]), World::of_prices(&["100", "109", "120"]));
    check(&falls, (Buy, limit("90"), "0.5"), "filled 0.5@90-0.045USDT", ["954.955", "0", "1.5", "0"]);
    check(&rises, (Sell, limit("110"), "0.5"), "filled 0.5@110-0.055USDT", ["1054.945", "0", "0.5", "0"]);
    let touches = World::of_prices(&["100", "90"]);
    check(&touches, (Buy, limit("90"), "0.5"), "filled 0.5@90-0.045USDT", ["954.955", "0", "1.5", "0"]);
}

#[test]
fn a_fee_in_the_received_asset_is_taken_from_what_is_received() {
    let world = || World::of_prices(&["100", "90"]).with(|book| book.fee_in = FeeIn::Received);
    check(&world(), (Buy, Market, "0.5"), "filled 0.5@100-0.0005BTC", ["950", "0", "1.4995", "0"]);
    check(&world(), (Buy, limit("80"), "0.5"), "open", ["960", "40", "1", "0"]);
    check(&world(), (Sell, Market, "0.5"), "filled 0.5@100-0.05USDT", ["1049.95", "0", "0.5", "0"]);
}

#[test]
fn a_fee_is_rounded_up_to_eight_decimals() {
    let world = World::of_prices(&["1234.56"]);
    check(
        &world,
        (Buy, Market, "0.01001"),
        "filled 0.01001@1234.56-0.01235795USDT",
        ["987.62969645", "0", "1.01001", "0"],
    );
}

#[test]
fn each_price_point_fills_no_more_than_the_book_allows() {
    let world = |prices: &[&str]| World::of_prices(prices).with(|book| book.fill_max = Some("0.2".parse().unwrap()));
    // A flat bar is four points of one price.
    check(
        &world(&["100", "102"]),
        (Buy, Market, "0.3"),
        "filled 0.2@100-0.02USDT 0.1@100-0.01USDT",
        ["969.97", "0", "1.3", "0"],
    );
    check(
        &world(&["100", "90"]),
        (Buy, limit("95"), "0.3"),
        "partially_filled 0.2@95-0.019USDT",
        ["971.4715", "9.5095", "1.2", "0"],
    );
}

#[test]
fn a_fee_in_parts_is_no_more_than_the_fee_of_the_whole() {
    let world = World::of_prices(&["0.33", "0.2", "0.2"]).with(|book| book.fill_max = Some("7.77777".parse().unwrap()));
    world.send("a", Buy, limit("0.31"), "23.33331");
    world.go_to(2);
    let fact = world.find("a").unwrap();
    assert_eq!(
        told(&fact),
        "filled 7.77777@0.31-0.00241111USDT 7.77777@0.31-0.00241111USDT 7.77777@0.31-0.00241111USDT"
    );
    // 7.2333261 × 0.001, rounded up once.
    assert_eq!(world.balances(), ["992.75944057", "0", "24.33331", "0"]);
}

#[test]
fn what_a_market_order_cannot_pay_any_more_expires() {
    let world = World::of_prices(&["100", "1000"]).with(|book| book.fill_max = Some("4".parse().unwrap()));
    world.send("a", Buy, Market, "9");
    assert_eq!(world.balances(), ["99.1", "500.5", "5", "0"]);
    let world = World::of_bars(vec![bar(0, ["100", "1000", "100", "1000"])])
        .with(|book| book.fill_max = Some("4".parse().unwrap()));
    world.send("a", Buy, Market, "9");
    world.now.set(minute(0).plus(Millis::seconds(30)));
    assert_eq!(told(&world.find("a").unwrap()), "expired 4@100-0.4USDT 4@100-0.4USDT");
    assert_eq!(world.balances(), ["199.2", "0", "9", "0"]);
}

#[test]
fn the_path_of_a_rising_bar_is_low_before_high_and_of_a_falling_one_high_before_low() {
    let quarter = |quarters: i64| minute(1).plus(Millis::seconds(15 * quarters));
    let cases = [
        ("100", "101", Buy, "90", 1),
        ("100", "101", Sell, "110", 2),
        ("101", "100", Sell, "110", 1),
        ("101", "100", Buy, "90", 2),
    ];
    for (open, close, direction, price, quarters) in cases {
        let world = World::of_bars(vec![bar(0, ["100"; 4]), bar(1, [open, "120", "80", close])]);
        world.send("a", direction, limit(price), "0.5");
        world.now.set(quarter(quarters).minus(Millis::new(1)));
        assert_eq!(told(&world.find("a").unwrap()), "open", "{open} to {close}");
        world.now.set(quarter(quarters));
        let fact = world.find("a").unwrap();
        assert_eq!(fact.fills.values().next().unwrap().at, quarter(quarters), "{open} to {close}");
    }
}

#[test]
fn a_cancelled_order_keeps_its_fills_and_unlocks_the_rest() {
    let world = World::of_prices(&["100", "90", "100"]).with(|book| book.fill_max = Some("0.2".parse().unwrap()));
    world.send("a", Buy, limit("95"), "0.5");
    world.go_to(1);
    let Cancelled::Done(fact) = world.cancel("a") else { panic!("not cancelled") };
    assert_eq!(told(&fact), "cancelled 0.2@95-0.019USDT");
    assert_eq!(world.balances(), ["980.981", "0", "1.2", "0"]);
    world.go_to(2);
    assert_eq!(world.find("a"), Some(fact));
    assert_eq!(world.cancel("a"), Cancelled::Gone);
}

#[test]
fn what_is_filled_before_its_cancel_is_gone() {
    let world = World::of_prices(&["100", "90"]);
    world.send("a", Buy, limit("95"), "0.5");
    world.go_to(1);
    assert_eq!(world.cancel("a"), Cancelled::Gone);
    assert_eq!(told(&world.find("a").unwrap()), "filled 0.5@95-0.0475USDT");
    assert_eq!(world.cancel("never seen"), Cancelled::Gone);
}

#[test]
fn of_several_orders_with_one_id_the_latest_is_found() {
    let world = World::of_prices(&["100"]);
    assert_eq!(world.find("a"), None);
    world.send("a", Buy, Market, "0.1");
    world.send("a", Buy, Market, "0.2");
    assert_eq!(told(&world.find("a").unwrap()), "filled 0.2@100-0.02USDT");
    world.send("a", Buy, limit("50"), "0.3");
    assert_eq!(told(&world.find("a").unwrap()), "open");
}

#[test]
fn the_ticker_is_the_last_point_and_its_time() {
    let world = World::of_bars(vec![bar(0, ["100", "120", "80", "101"])]);
    let key = market().key;
    let ticker = |millis: i64| {
        world.now.set(minute(0).plus(Millis::new(millis)));
        ready(world.venue().ticker(&account(), &key))
            .unwrap()
            .map(|(price, at)| (price.to_string(), at.since(minute(0)).get()))
    };
    assert_eq!(ticker(-1), None);
    assert_eq!(ticker(0), Some(("100".to_owned(), 0)));
    assert_eq!(ticker(29_999), Some(("80".to_owned(), 15_000)));
    assert_eq!(ticker(59_999), Some(("101".to_owned(), 45_000)));
    assert_eq!(ticker(61_000), None);
}

#[test]
fn the_venues_time_never_goes_back() {
    let world = World::of_prices(&["100", "90", "100"]);
    world.send("a", Buy, limit("95"), "0.1");
    world.go_to(2);
    let before = world.find("a");
    world.now.set(minute(2).minus(Millis::seconds(3)));
    assert_eq!(world.find("a"), before);
    world.send("b", Buy, Market, "0.1");
    assert_eq!(world.book.borrow().looked_at, minute(2));
    assert_eq!(world.find("b").unwrap().fills.values().next().unwrap().at, minute(2));
}

#[test]
fn a_look_in_which_nothing_happened_is_kept_only_when_it_was_long() {
    let world = World::of_prices(&["100"; 12]);
    world.send("a", Buy, limit("95"), "0.1");
    for (now, looked_at) in [(10, 0), (11, 11)] {
        world.go_to(now);
        world.find("a");
        assert_eq!(world.book.borrow().looked_at, minute(looked_at));
    }
}

#[test]
fn where_the_market_gives_nothing_a_market_order_expires_and_a_limit_order_rests() {
    let world = || World::of_prices(&["100", "90"]).with(|book| book.fill_max = Some(Quantity::ZERO));
    check(&world(), (Buy, Market, "0.5"), "expired", ["1000", "0", "1", "0"]);
    check(&world(), (Buy, limit("95"), "0.5"), "open", ["952.4525", "47.5475", "1", "0"]);
}

#[test]
fn a_fee_never_takes_more_than_was_received() {
    let world = World::of_prices(&["100"]).with(|book| {
        book.fee_in = FeeIn::Received;
        book.fill_max = Some("0.000000001".parse().unwrap());
    });
    world.send("a", Buy, limit("100"), "0.5");
    assert_eq!(told(&world.find("a").unwrap()), "partially_filled 0.000000001@100-0.000000001BTC");
}

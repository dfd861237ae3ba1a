//! What trading costs beside its fee: slippage, latency, and fees in a third asset.

use crate::world::{World, account, bar, limit, market, minute, parse, ready, told};
use app::ports::{Balance, Cancelled, FeeAsset, FeeIn, Outcome, PaperSettings, Venue};
use domain::clock::Millis;
use domain::market::MarketKey;
use domain::order::Direction::{self, Buy, Sell};
use domain::order::{FeeValue, Status};
use domain::preset::OrderKind::{self, Market};
use domain::reason::Reason;

fn slipping(prices: &[&str], percent: &str) -> World {
    let slippage = parse(percent);
    World::of_prices(prices).with(|book| book.settings = PaperSettings { slippage, ..PaperSettings::default() })
}

fn late(prices: &[&str], millis: i64) -> World {
    let latency = Millis::new(millis);
    World::of_prices(prices).with(|book| book.settings = PaperSettings { latency, ..PaperSettings::default() })
}

/// A book with this much BNB, which costs 600, then 500, and pays fees of 0.075 %.
fn in_third(prices: &[&str], bnb: &str) -> World {
    let fee_bars = (0..).zip(["600", "500"]).map(|(minute, price)| bar(minute, [price; 4])).collect();
    let fee_asset = Some(FeeAsset { asset: parse("BNB"), rate: parse("0.00075") });
    let held = Balance { free: parse(bnb), locked: parse("0") };
    World { fee_bars, ..World::of_prices(prices) }.with(|book| {
        book.settings = PaperSettings { fee_asset, ..PaperSettings::default() };
        book.balances.insert(parse("BNB"), held);
    })
}

fn bnb(world: &World) -> String {
    world.book.borrow().balances[&parse("BNB")].free.to_string()
}

/// Sent at the first price, and what is told of it then.
fn check(world: &World, order: (Direction, OrderKind, &str), told_of_it: &str) {
    let (direction, kind, quantity) = order;
    assert!(matches!(world.send("a", direction, kind, quantity), Outcome::Accepted(_)));
    assert_eq!(told(&world.find("a").unwrap()), told_of_it);
}

#[test]
fn what_takes_the_price_fares_worse_by_the_slippage_rounded_against_it() {
    let world = || slipping(&["100.01"], "0.05");
    // 100.060005 and 99.959995
    check(&world(), (Buy, Market, "0.5"), "filled 0.5@100.07-0.050035USDT");
    check(&world(), (Sell, Market, "0.5"), "filled 0.5@99.95-0.049975USDT");
    check(&world(), (Buy, limit("110"), "0.5"), "filled 0.5@100.07-0.050035USDT");
    check(&world(), (Sell, limit("90"), "0.5"), "filled 0.5@99.95-0.049975USDT");
}

#[test]
fn without_slippage_a_price_beside_the_grid_stays_what_it_is() {
    check(&World::of_prices(&["100.005"]), (Buy, Market, "0.5"), "filled 0.5@100.005-0.0500025USDT");
}

#[test]
fn a_limit_that_the_slipped_price_is_beyond_rests_and_fills_at_its_limit() {
    let world = slipping(&["100", "99.99"], "0.05");
    check(&world, (Buy, limit("100.04"), "0.5"), "open");
    world.go_to(1);
    assert_eq!(told(&world.find("a").unwrap()), "filled 0.5@100.04-0.05002USDT");
    let world = slipping(&["100", "100.01"], "0.05");
    check(&world, (Sell, limit("99.96"), "0.5"), "open");
    world.go_to(1);
    assert_eq!(told(&world.find("a").unwrap()), "filled 0.5@99.96-0.04998USDT");
}

#[test]
fn a_limit_exactly_at_the_slipped_price_takes_it() {
    check(&slipping(&["100"], "0.05"), (Buy, limit("100.05"), "0.5"), "filled 0.5@100.05-0.050025USDT");
    check(&slipping(&["100"], "0.05"), (Sell, limit("99.95"), "0.5"), "filled 0.5@99.95-0.049975USDT");
}

#[test]
fn a_market_order_must_be_affordable_with_its_slippage() {
    let world = slipping(&["100"], "0.05");
    // 9.986 × 100.05 × 1.001 is 1000.1...; without the slippage it would be 999.6.
    let Outcome::Rejected(refusal) = world.send("a", Buy, Market, "9.986") else { panic!("accepted") };
    assert_eq!(refusal.code, Reason::InsufficientBalance);
    assert!(matches!(world.send("b", Buy, Market, "9.985"), Outcome::Accepted(_)));
}

#[test]
fn the_rest_of_a_market_order_slips_at_each_price_it_takes() {
    let world = slipping(&["100", "110"], "0.1").with(|book| book.fill_max = Some(parse("0.2")));
    world.send("a", Sell, Market, "0.3");
    world.now.set(minute(0).plus(Millis::seconds(15)));
    assert_eq!(told(&world.find("a").unwrap()), "filled 0.2@99.9-0.01998USDT 0.1@99.9-0.00999USDT");
}

#[test]
fn nothing_is_sold_below_one_tick() {
    let world = slipping(&["0.01"], "90");
    world.send("a", Sell, limit("0.01"), "1");
    let Outcome::Rejected(refusal) = world.send("b", Sell, Market, "1") else { panic!("accepted") };
    assert_eq!(refusal.code, Reason::BelowNotionalMin);
}

#[test]
fn an_order_meets_the_price_that_is_in_force_when_it_is_active() {
    // The price moves at the full minute; the order is active two seconds before it, at it, or after it.
    for (sent, expected) in [(53, "100"), (55, "90"), (58, "90")] {
        let world = late(&["100", "90"], 5_000);
        world.now.set(minute(0).plus(Millis::seconds(sent)));
        let Outcome::Accepted(fact) = world.send("a", Buy, Market, "0.5") else { panic!("refused") };
        assert_eq!((fact.status, fact.fills.len()), (Some(Status::Open), 0));
        world.now.set(minute(1).plus(Millis::seconds(30)));
        let fill = world.find("a").unwrap().fills.into_values().next().unwrap();
        assert_eq!((fill.price, fill.at), (parse(expected), minute(0).plus(Millis::seconds(sent + 5))), "{sent}");
    }
}

#[test]
fn a_price_that_comes_and_goes_before_an_order_is_active_is_missed() {
    let world = late(&["100", "80", "100", "100"], 130_000);
    world.send("a", Buy, limit("90"), "0.5");
    assert_eq!(world.balances(), ["954.955", "45.045", "1", "0"], "it is locked from the start");
    world.go_to(3);
    assert_eq!(told(&world.find("a").unwrap()), "open");
}

#[test]
fn what_is_not_active_yet_can_be_cancelled() {
    let world = late(&["100"], 5_000);
    world.send("a", Buy, Market, "0.5");
    let Cancelled::Done(fact) = world.cancel("a") else { panic!("not cancelled") };
    assert_eq!(told(&fact), "cancelled");
    world.now.set(minute(0).plus(Millis::seconds(30)));
    assert_eq!(world.find("a"), Some(fact));
    assert_eq!(world.balances(), ["1000", "0", "1", "0"]);
}

#[test]
fn a_market_order_that_is_active_where_nothing_is_traded_expires() {
    let world = late(&["100"], 90_000);
    world.send("a", Buy, Market, "0.5");
    world.send("b", Buy, limit("90"), "0.5");
    world.go_to(3);
    assert_eq!(told(&world.find("a").unwrap()), "expired");
    assert_eq!(told(&world.find("b").unwrap()), "open");
}

#[test]
fn a_fee_in_a_third_asset_is_taken_at_its_price_of_the_moment_and_has_no_value_yet() {
    let world = in_third(&["100", "90"], "1");
    // 50 × 0.00075 / 600, and 45 × 0.00075 / 500 at the limit a minute later
    check(&world, (Buy, Market, "0.5"), "filled 0.5@100-0.0000625BNB");
    world.send("b", Buy, limit("90"), "0.5");
    world.go_to(1);
    assert_eq!(told(&world.find("b").unwrap()), "filled 0.5@90-0.0000675BNB");
    assert_eq!(world.balances(), ["905", "0", "2", "0"]);
    assert_eq!(bnb(&world), "0.99987");
    let fee = world.find("b").unwrap().fills.into_values().next().unwrap().fee.unwrap();
    assert_eq!(fee.value, FeeValue::Wanted);
}

#[test]
fn a_fee_in_a_third_asset_is_rounded_up() {
    // 33.333 × 0.00075 / 600 is 0.00004166625
    check(&in_third(&["100"], "1"), (Sell, Market, "0.33333"), "filled 0.33333@100-0.00004167BNB");
}

#[test]
fn what_there_is_not_enough_of_pays_no_fee() {
    let world = in_third(&["100"], "0.0001");
    check(&world, (Buy, Market, "0.5"), "filled 0.5@100-0.0000625BNB");
    world.send("b", Buy, Market, "0.5");
    assert_eq!(told(&world.find("b").unwrap()), "filled 0.5@100-0.05USDT");
    assert_eq!((bnb(&world), world.balances()), ("0.0000375".to_owned(), ["899.95", "0", "2", "0"].map(str::to_owned)));
}

#[test]
fn an_order_whose_fee_ran_out_half_way_pays_the_rest_as_if_alone() {
    let world = in_third(&["100", "90"], "0.00003").with(|book| book.fill_max = Some(parse("0.2")));
    // The first part takes 0.000025 BNB; the second would take 0.000027, and pays 0.018 + nothing for the first.
    world.send("a", Buy, limit("100"), "0.4");
    assert_eq!(world.balances(), ["959.98", "20.02", "1.2", "0"]);
    world.now.set(minute(0).plus(Millis::seconds(15)));
    assert_eq!(told(&world.find("a").unwrap()), "filled 0.2@100-0.000025BNB 0.2@100-0.02USDT");
    assert_eq!(world.balances(), ["959.98", "0", "1.4", "0"]);
}

#[test]
fn a_market_of_the_fees_own_asset_takes_its_usual_fee() {
    for quote in ["BNB/USDT", "BTC/BNB"] {
        let world = in_third(&["100"], "100").with(|book| book.fee_in = FeeIn::Received);
        let mut request = world.request("a", Sell, Market, "0.5");
        request.market.key.symbol = parse(quote);
        let Outcome::Accepted(fact) = ready(world.venue().submit(&request)) else { panic!("refused") };
        let fee = fact.fills.into_values().next().unwrap().fee.unwrap();
        assert_eq!((fee.asset, fee.value), (request.market.key.symbol.quote, FeeValue::Own));
    }
}

#[test]
fn an_order_is_refused_where_the_asset_of_its_fee_has_no_price() {
    let world = World { fee_bars: Vec::new(), ..in_third(&["100"], "1") };
    let before = world.book.borrow().clone();
    for kind in [Market, limit("90")] {
        let Outcome::Rejected(refusal) = world.send("a", Buy, kind, "0.5") else { panic!("accepted") };
        assert_eq!(refusal.code, Reason::NoFeePrice);
    }
    assert_eq!(*world.book.borrow(), before);
}

#[test]
fn the_price_of_a_moment_is_the_same_whenever_it_is_asked_for() {
    let world = World::of_bars(vec![bar(0, ["100", "120", "80", "101"])]);
    let fee_market = MarketKey { symbol: parse("XRP/USDT"), ..market().key };
    for now in [0, 1, 30] {
        world.go_to(now);
        let at = |millis: i64| {
            let at = minute(0).plus(Millis::new(millis));
            ready(world.venue().price_at(&account(), &market().key, at)).unwrap().map(|price| price.to_string())
        };
        assert_eq!([at(-1), at(0), at(15_000)], [None, Some("100".to_owned()), Some("80".to_owned())]);
        assert_eq!([at(59_999), at(60_000)], [Some("101".to_owned()), None]);
        assert_eq!(ready(world.venue().price_at(&account(), &fee_market, minute(0))), Ok(None));
    }
}

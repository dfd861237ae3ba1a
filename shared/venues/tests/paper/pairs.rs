//! One cancels the other.

use crate::world::{Saving, World, account, bar, market, minute, parse, ready, told};
use app::ports::{Cancelled, OcoRequest, Outcome, PaperSettings, Venue};
use domain::clock::Millis;
use domain::ids::ClientOrderId;
use domain::order::Direction::{self, Buy, Sell};

/// Half a coin: to be sold at 110 or stopped at 90, or to be bought at 90 or stopped at 110.
pub(crate) fn pair(world: &World, direction: Direction) -> OcoRequest {
    let (limit, stop) = if direction == Sell { ("110", "90") } else { ("90", "110") };
    OcoRequest {
        account: account(),
        market: market(),
        direction,
        quantity: parse("0.5"),
        limit_id: ClientOrderId::from_stored("limit"),
        limit: parse(limit),
        stop_id: ClientOrderId::from_stored("stop"),
        stop: parse(stop),
        stop_limit: None,
        reduce_only: false,
        sent_at: world.now.get(),
    }
}

fn send(world: &World, direction: Direction) {
    place(world, &pair(world, direction));
}

fn place(world: &World, request: &OcoRequest) {
    let outcome = ready(world.venue().submit_oco(request));
    let Outcome::Accepted(facts) = outcome else { panic!("{outcome:?}") };
    assert_eq!([told(&facts.limit), told(&facts.stop)], ["open", "open"]);
}

fn both(world: &World) -> [String; 2] {
    ["limit", "stop"].map(|id| told(&world.find(id).unwrap()))
}

/// A pair sent at a price of 100, then one bar; what became of limit and stop.
fn check(direction: Direction, prices: [&str; 4], told: [&str; 2], balances: [&str; 4]) {
    let world = World::of_bars(vec![bar(0, ["100"; 4]), bar(1, prices)]);
    send(&world, direction);
    world.go_to(2);
    assert_eq!(both(&world), told, "{prices:?}");
    assert_eq!(world.balances(), balances, "{prices:?}");
    assert!(world.book.borrow().open.is_empty());
}

#[test]
fn what_is_met_first_ends_the_other() {
    let (sold, stopped) = ("filled 0.5@110-0.055USDT", "filled 0.5@88-0.044USDT");
    check(Sell, ["100", "111", "95", "108"], [sold, "cancelled"], ["1054.945", "0", "0.5", "0"]);
    check(Sell, ["100", "105", "88", "95"], ["cancelled", stopped], ["1043.956", "0", "0.5", "0"]);
    let (bought, stopped) = ("filled 0.5@90-0.045USDT", "filled 0.5@112-0.056USDT");
    check(Buy, ["100", "105", "88", "95"], [bought, "cancelled"], ["954.955", "0", "1.5", "0"]);
    check(Buy, ["100", "112", "95", "108"], ["cancelled", stopped], ["943.944", "0", "1.5", "0"]);
}

#[test]
fn where_one_bar_has_prices_for_both_the_stop_fills_whichever_came_first() {
    let stopped = "filled 0.5@88-0.044USDT";
    // A falling bar is taken to reach its high first, a rising one its low.
    check(Sell, ["100", "111", "88", "95"], ["cancelled", stopped], ["1043.956", "0", "0.5", "0"]);
    check(Sell, ["100", "111", "88", "105"], ["cancelled", stopped], ["1043.956", "0", "0.5", "0"]);
    let stopped = "filled 0.5@112-0.056USDT";
    check(Buy, ["100", "112", "88", "105"], ["cancelled", stopped], ["943.944", "0", "1.5", "0"]);
    check(Buy, ["100", "112", "88", "95"], ["cancelled", stopped], ["943.944", "0", "1.5", "0"]);
}

#[test]
fn what_the_bar_had_before_the_pair_was_active_does_not_count() {
    let world = World::of_bars(vec![bar(0, ["100"; 4]), bar(1, ["100", "111", "80", "108"])])
        .with(|book| book.settings = PaperSettings { latency: Millis::new(95_000), ..PaperSettings::default() });
    send(&world, Sell);
    world.go_to(2);
    assert_eq!(both(&world), ["filled 0.5@111-0.0555USDT", "cancelled"]);
}

#[test]
fn the_coins_of_both_are_locked_once() {
    let locked = |direction, stop_limit: Option<&str>| {
        let world = World::of_prices(&["100"]);
        place(&world, &OcoRequest { stop_limit: stop_limit.map(parse), ..pair(&world, direction) });
        world.balances()
    };
    assert_eq!(locked(Sell, None), ["1000", "0", "0.5", "0.5"]);
    // The dearer of both: 55 with its fee, or 57.5 with its.
    assert_eq!(locked(Buy, None), ["944.945", "55.055", "1", "0"]);
    assert_eq!(locked(Buy, Some("115")), ["942.4425", "57.5575", "1", "0"]);
}

#[test]
fn a_part_of_the_limit_ends_the_stop_and_the_rest_goes_on() {
    let world = World::of_prices(&["100", "110", "85"]).with(|book| book.fill_max = Some(parse("0.2")));
    send(&world, Sell);
    world.go_to(1);
    assert_eq!(both(&world), ["partially_filled 0.2@110-0.022USDT", "cancelled"]);
    assert_eq!(world.balances(), ["1021.978", "0", "0.5", "0.3"]);
    world.now.set(minute(1).plus(Millis::seconds(15)));
    assert_eq!(world.find("limit").unwrap().fills.len(), 2);
    world.go_to(2);
    assert_eq!(told(&world.find("stop").unwrap()), "cancelled");
}

#[test]
fn a_part_of_a_dear_pair_unlocks_what_only_its_stop_needed() {
    let world = World::of_prices(&["100", "90"]).with(|book| book.fill_max = Some(parse("0.2")));
    send(&world, Buy);
    world.go_to(1);
    // 18 and 0.018 are paid; 0.3 at 90 with their fee stay locked.
    assert_eq!(world.balances(), ["954.955", "27.027", "1.2", "0"]);
}

#[test]
fn a_part_of_the_stop_has_ended_the_limit() {
    let world = World::of_prices(&["100", "90", "115"]).with(|book| book.fill_max = Some(parse("0.2")));
    send(&world, Sell);
    world.go_to(1);
    assert_eq!(both(&world), ["cancelled", "partially_filled 0.2@90-0.018USDT"]);
    assert_eq!(world.balances(), ["1017.982", "0", "0.5", "0.3"]);
}

#[test]
fn a_stop_with_a_limit_rests_where_the_price_is_beyond_it_and_the_other_is_over() {
    let world = World::of_prices(&["100", "85", "111"]);
    place(&world, &OcoRequest { stop_limit: Some(parse("89")), ..pair(&world, Sell) });
    world.go_to(1);
    assert_eq!(both(&world), ["cancelled", "open"]);
    assert_eq!(world.balances(), ["1000", "0", "0.5", "0.5"]);
    world.go_to(2);
    assert_eq!(both(&world), ["cancelled", "filled 0.5@89-0.0445USDT"]);
}

#[test]
fn a_cancel_of_one_is_a_cancel_of_both() {
    for id in ["limit", "stop"] {
        let world = World::of_prices(&["100", "85"]);
        send(&world, Sell);
        assert!(matches!(world.cancel(id), Cancelled::Done(_)));
        world.go_to(1);
        assert_eq!(both(&world), ["cancelled", "cancelled"]);
        assert_eq!(world.balances(), ["1000", "0", "1", "0"]);
    }
}

#[test]
fn a_pair_that_makes_no_sense_is_refused_whole() {
    let refused = |code: &str, spoil: fn(&mut OcoRequest)| {
        let world = World::of_prices(&["100"]);
        let before = world.book.borrow().clone();
        let mut request = pair(&world, Sell);
        spoil(&mut request);
        let outcome = ready(world.venue().submit_oco(&request));
        let Outcome::Rejected(refusal) = outcome else { panic!("{code}: {outcome:?}") };
        assert_eq!(refusal.code.as_str(), code);
        assert_eq!(*world.book.borrow(), before, "{code}");
        assert!(world.orders.borrow().is_empty());
    };
    refused("oco_prices", |pair| pair.limit = parse("100"));
    refused("oco_prices", |pair| pair.stop = parse("100"));
    refused("oco_prices", |pair| (pair.limit, pair.stop) = (parse("90"), parse("110")));
    refused("oco_prices", |pair| pair.direction = Buy);
    refused("oco_client_order_ids", |pair| pair.stop_id = pair.limit_id.clone());
    refused("off_price_tick", |pair| pair.stop = parse("90.001"));
    refused("off_price_tick", |pair| pair.stop_limit = Some(parse("89.001")));
    refused("below_notional_min", |pair| (pair.stop, pair.quantity) = (parse("50"), parse("0.08")));
    refused("insufficient_balance", |pair| pair.quantity = parse("1.1"));
    refused("clock", |pair| pair.sent_at = pair.sent_at.minus(Millis::new(5_001)));
}

#[test]
fn a_pair_that_is_sent_again_may_be_the_very_one() {
    let world = World::of_prices(&["100"]);
    send(&world, Sell);
    assert!(matches!(ready(world.venue().submit_oco(&pair(&world, Sell))), Outcome::Unknown(_)));
    assert_eq!(world.book.borrow().open.len(), 2);
    assert_eq!(world.balances(), ["1000", "0", "0.5", "0.5"]);
}

#[test]
fn a_pair_whose_save_was_not_answered_is_unknown_and_there_whole() {
    let world = World::of_prices(&["100"]);
    world.saving.set(Saving::LosesAnswer);
    assert!(matches!(ready(world.venue().submit_oco(&pair(&world, Sell))), Outcome::Unknown(_)));
    assert_eq!(both(&world), ["open", "open"]);
}

#[test]
fn a_pair_that_is_active_late_meets_the_price_of_then() {
    let world = World::of_prices(&["100", "85", "85"])
        .with(|book| book.settings = PaperSettings { latency: Millis::new(70_000), ..PaperSettings::default() });
    send(&world, Sell);
    world.go_to(2);
    assert_eq!(both(&world), ["cancelled", "filled 0.5@85-0.0425USDT"]);
}

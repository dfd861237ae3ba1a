//! What the venue lists of a market, for whoever looks for orders that are not known here.

use crate::world::{World, account, limit, market, minute, other_market, parse, ready};
use app::ports::{Listed, Outcome, Venue};
use domain::market::Market;
use domain::order::Direction::{Buy, Sell};
use domain::preset::OrderKind;

fn listed(world: &World, market: &Market, prefix: &str, which: Listed) -> Vec<String> {
    let listed = ready(world.venue().list_orders(&account(), market, prefix, which)).unwrap();
    let told = |order: app::ports::VenueOrder| format!("{} {}", order.client_id, order.fact.status.unwrap().as_str());
    listed.into_iter().map(told).collect()
}

fn traded() -> World {
    let world = World::of_prices(&["100", "100", "89"]);
    for (minutes, id, kind) in [(0, "ma", OrderKind::Market), (1, "mb", limit("90")), (1, "mc", limit("80"))] {
        world.go_to(minutes);
        assert!(matches!(world.send(id, Buy, kind, "0.5"), Outcome::Accepted(_)));
    }
    assert!(matches!(world.send("other", Sell, limit("200"), "0.5"), Outcome::Accepted(_)));
    world.go_to(2);
    world
}

#[test]
fn open_orders_are_listed_by_their_prefix() {
    let world = traded();
    assert_eq!(listed(&world, &market(), "m", Listed::Open), ["mc open"]);
    assert_eq!(listed(&world, &market(), "", Listed::Open), ["mc open", "other open"]);
}

#[test]
fn orders_since_a_time_are_listed_whatever_became_of_them() {
    let world = traded();
    let (all, later) = (Listed::Since(minute(0)), Listed::Since(minute(1)));
    assert_eq!(listed(&world, &market(), "m", all), ["ma filled", "mb filled", "mc open"]);
    assert_eq!(listed(&world, &market(), "m", later), ["mb filled", "mc open"]);
}

#[test]
fn another_market_lists_none_of_them() {
    assert!(listed(&traded(), &other_market(), "", Listed::Since(minute(0))).is_empty());
}

#[test]
fn a_listed_order_says_what_it_is() {
    let world = traded();
    let orders = ready(world.venue().list_orders(&account(), &market(), "mc", Listed::Open)).unwrap();
    let order = orders.first().unwrap();
    assert_eq!((order.direction, order.kind, order.quantity), (Buy, limit("80"), parse("0.5")));
    assert_eq!(order.accepted_at, minute(1));
}

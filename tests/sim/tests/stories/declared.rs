//! Orders whose end is their user's word, and what their venue tells of them afterwards.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test")]

use sim::{Scenario, Seen, alert, calm, s, scenario};
use testkit::sim::Strike;

/// An entry whose answer was lost, at a venue that cannot be asked for longer than its user waits: they mistype its price.
fn mistyped(name: &'static str) -> Scenario {
    scenario(name)
        .struck("submit", 1, Strike::LoseReply)
        .outage("find_order", s(0), s(200))
        .post(s(1), &alert())
        .declares(s(100), "101")
}

fn entry_price(seen: &Seen) -> String {
    let Some(entry) = seen.positions.iter().flat_map(|position| position.entries()).next() else {
        return String::new();
    };
    let told = if entry.believed().is_some() { "declared" } else { "told" };
    let price = entry.counted().next().map(|fill| fill.price.to_string()).unwrap_or_default();
    format!("{told} {price}")
}

#[test]
fn real_trades_take_the_place_of_what_its_user_has_declared() {
    let seen = calm(&mistyped("declared").ends("told", |seen| entry_price(seen) == "told 100"));
    let profits: Vec<_> = seen.orders().into_iter().filter(|order| order.starts_with("tp#1")).collect();
    assert_eq!(profits, ["tp#1 cancelled", "tp#1 open"], "it rests where the real price says");
    let attention = seen.positions[0].group.attention.clone().unwrap_or_default();
    assert!(attention.contains("is not what was declared of it"), "{attention}");
}

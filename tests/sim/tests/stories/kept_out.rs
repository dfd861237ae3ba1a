//! Somebody is kept out while a position of theirs is open, with every fault at every place.

use domain::order::{Purpose, Status};
use serde_json::json;
use sim::{AlertText, Seen, alert, s, single_faults, stories};

stories! {
    single_faults;

    their_ladder_buys_no_more_and_their_take_profit_sells => |story| story
        .post(s(0), &ladder())
        .keeps_out(s(15))
        .price(s(45), "95")
        .climbs_from(s(95))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(bought(seen), ["0"], "the legs that rested were taken back");
            assert_eq!(seen.exits(), ["take_profit"]);
        });

    their_legs_at_the_market_are_not_bought => |story| story
        .post(s(0), &alert().safety_orders(json!({"count": 2, "quote": "50", "deviation_percent": "2", "active": 2, "at_market": true})))
        .keeps_out(s(15))
        .price(s(45), "95")
        .climbs_from(s(95))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(bought(seen), ["0"]));

    what_they_still_ask_lifts_nothing => |story| story
        .post(s(0), &ladder().id("a"))
        .keeps_out(s(15))
        .resume(s(25))
        .post(s(30), &pyramid())
        .price(s(45), "95")
        .climbs_from(s(95))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(bought(seen), ["0"], "{:?}", seen.verdicts()));

    whoever_keeps_them_out_closes_what_they_left => |story| story
        .post(s(0), &ladder())
        .keeps_out(s(15))
        .closes_kept_out(s(25))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(bought(seen), ["0"]);
            assert_eq!(seen.exits(), ["user"]);
        });
}

/// Of which two legs rest.
fn ladder() -> AlertText {
    alert().safety_orders(json!({"count": 3, "quote": "50", "deviation_percent": "2", "active": 2}))
}

fn pyramid() -> AlertText {
    ladder().id("b")
}

/// Levels of the entries that were filled.
fn bought(seen: &Seen) -> Vec<String> {
    let orders = seen.positions.iter().flat_map(|position| &position.orders);
    let entries = orders.filter(|order| order.purpose == Purpose::Entry && order.status == Status::Filled);
    entries.map(|order| order.leg.to_string()).collect()
}

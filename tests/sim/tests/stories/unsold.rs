//! Exits that their venue refuses, rightly or not, with every fault at every place: what is held is sold in the end.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use domain::clock::Millis;
use domain::order::{Order, Purpose, Status};
use sim::{Seen, alert, s, scenario, single_faults, stories};

stories! {
    single_faults;

    a_wrong_too_little_leaves_nothing_unsold => |story| story
        .order_quote_max("5000")
        .too_little(s(8), s(70))
        .post(s(0), &alert().quote("2000"))
        .post(s(10), &alert().exit())
        .price(s(14), "90")
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .ends("nothing is left as dust", nothing_is_left)
        .calm(|seen| {
            assert_eq!((seen.exits(), seen.sold()), (vec!["signal"], "20".parse().unwrap()));
            assert!(exits(seen).iter().all(|order| order.quantity == seen.sold()), "whole, each time");
            assert!(seen.positions[0].group.attention.as_ref().unwrap().contains("too little"), "a person is told");
            assert!(seen.noted().iter().any(|told| told.contains("refused an order that closes a position")));
        });

    what_was_bought_by_finer_steps_is_sold_by_those_of_now => |story| story
        .order_quote_max("2000")
        .coarser(s(8), s(20), "1")
        .post(s(0), &alert().quote("1234.5"))
        .post(s(10), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .ends("less than a step is left", |seen| {
            let settled = seen.positions.iter().filter_map(|position| position.group.settled);
            settled.into_iter().all(|settled| settled.dust < "1".parse().unwrap())
        })
        .calm(|seen| {
            assert_eq!((seen.exits(), seen.sold()), (vec!["signal"], "12".parse().unwrap()));
            let stricter = seen.trail().iter().any(|why| why.contains("stricter rules now: steps of 1,"));
            assert!(stricter, "{:?}", seen.trail());
            let settled = seen.positions[0].group.settled.unwrap();
            assert!(settled.at.since(seen.positions[0].group.exit.unwrap().at) < s(45), "{settled:?}");
        });

    of_coins_that_were_taken_out_the_rest_is_sold_as_soon_as_that_is_known => |story| story
        .post(s(0), &alert())
        .leaves(s(48), "0.95")
        .post(s(49), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            assert_eq!((seen.missing(), seen.sold()), (vec!["0.05".to_owned()], "0.95".parse().unwrap()));
            let group = &seen.positions[0].group;
            let waited = group.settled.unwrap().at.since(group.exit.unwrap().at);
            assert!(waited < s(40), "{waited:?}");
        });
}

/// A fault may have held the entry up until TradingView had sent the exit: then there was nothing to close.
fn flat_or_exit_came_first(seen: &Seen) -> bool {
    seen.is_flat() || seen.verdicts().iter().any(|verdict| verdict.starts_with("ignored"))
}

fn nothing_is_left(seen: &Seen) -> bool {
    let settled = seen.positions.iter().filter_map(|position| position.group.settled);
    settled.into_iter().all(|settled| settled.dust.is_zero())
}

fn exits(seen: &Seen) -> Vec<&Order> {
    let orders = seen.positions.iter().flat_map(|position| &position.orders);
    orders.filter(|order| order.purpose == Purpose::Exit).collect()
}

/// Halted for so long from before the exit on: how long after it trades again everything is sold.
fn sold_after(halt: Millis) -> Millis {
    let story = scenario("halted").post(s(0), &alert()).outage(testkit::world::HALTED, s(8), s(8).plus(halt));
    let seen = sim::calm(&story.post(s(10), &alert().exit()).ends("flat", Seen::is_flat));
    let sold = exits(&seen).into_iter().find(|order| order.status == Status::Filled).unwrap();
    sold.submission.as_ref().unwrap().sent_at.since(seen.positions[0].group.opened_at.plus(halt))
}

#[test]
fn what_waits_for_a_market_that_is_halted_is_sold_within_a_minute_of_its_end() {
    for minutes in [9, 11, 25] {
        let waited = sold_after(s(60 * minutes));
        assert!(waited < s(90), "{minutes} minutes: {waited:?}");
    }
}

/// Bought for 100 and worth 4, below the exchange's minimum of 5: its stop sells nothing.
#[test]
fn position_that_could_sell_nothing_ends_as_dust_and_counts_as_lost() {
    let story = scenario("nothing is sold").post(s(0), &alert()).too_little(s(8), s(900)).price(s(10), "4");
    let seen = sim::calm(&story.ends("flat", Seen::is_flat));
    let settled = seen.positions[0].group.settled.unwrap();
    let held = settled.still_held.unwrap();
    assert_eq!((seen.exits(), held.quantity, held.nothing_sold), (vec!["dust"], settled.dust, true));
    assert!(!held.cost.is_negative() && held.cost >= "100".parse().unwrap(), "{held:?}");
    assert_eq!((settled.realised.is_negative(), seen.account.day_loss.amount), (false, held.cost));
}

//! How often a venue is asked what: it counts questions. What each weighs is told by `weighed` in `soak`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use domain::clock::Millis;
use domain::limits::SLOT;
use serde_json::json;
use sim::{AlertText, Scenario, alert, s, scenario};
use std::collections::BTreeMap;

/// Of passes that begin a minute after the alert, long after its trade.
const PASSES: i64 = 18;

/// The questions of these passes, while nothing happens.
fn asked(story: Scenario, alert: &AlertText) -> BTreeMap<&'static str, usize> {
    let seen = sim::calm(&story.post(s(0), alert).post(s(300), &sim::alert().exit()));
    let from = seen.deliveries[0].at.first_at.plus(Millis::seconds(60));
    let until = from.plus(Millis::new(SLOT.get() * PASSES));
    let mut counted = BTreeMap::new();
    for (_, question) in seen.asked.iter().filter(|(at, _)| (from..until).contains(at)) {
        *counted.entry(*question).or_default() += 1;
    }
    counted
}

fn ladder() -> AlertText {
    alert().safety_orders(json!({"count": 5, "quote": "50", "deviation_percent": "2", "active": 5}))
}

#[test]
fn a_quiet_pass_asks_for_the_price_and_the_orders_and_for_the_rest_every_half_minute() {
    let expected = BTreeMap::from([("balances", 6), ("find_order", 18), ("list_orders", 6), ("ticker", 18)]);
    assert_eq!(asked(scenario("plain"), &alert()), expected);
}

#[test]
fn many_orders_are_one_question() {
    let expected = BTreeMap::from([("balances", 6), ("find_many", 18), ("list_orders", 6), ("ticker", 18)]);
    assert_eq!(asked(scenario("ladder"), &ladder()), expected);
    assert_eq!(asked(scenario("ladder").as_kraken(), &ladder()), expected);
}

#[test]
fn what_can_wait_is_asked_for_once_a_minute_where_most_of_what_may_be_asked_is_used() {
    let expected = BTreeMap::from([("balances", 3), ("find_many", 18), ("list_orders", 3), ("ticker", 18)]);
    assert_eq!(asked(scenario("ladder").busy(s(5), s(300)), &ladder()), expected, "legs wait for their prices");
}

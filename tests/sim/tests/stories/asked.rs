//! How often a venue is asked what: it counts questions. What each weighs is told by `weighed` in `soak`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use domain::clock::Millis;
use domain::limits::SLOT;
use serde_json::json;
use sim::{AlertText, Scenario, Seen, alert, s, scenario};
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
    let expected = BTreeMap::from([("balances", 6), ("find_many", 18), ("list_many", 6), ("ticker", 18)]);
    assert_eq!(asked(scenario("ladder").as_kraken(), &ladder()), expected);
}

/// Beside the one of most stories.
const BESIDE: [&str; 6] = ["ADA/USDT", "DOT/USDT", "ETH/USDT", "LTC/USDT", "SOL/USDT", "XRP/USDT"];

/// Seven markets in which something was open, and a look at all of them that is asked for when nothing is.
fn around(story: Scenario) -> Scenario {
    let story = BESIDE.iter().enumerate().fold(story.markets(&BESIDE), |story, (number, market)| {
        let of = |alert: AlertText| alert.symbol(&market.replace('/', ""));
        let at = s(10 + 20 * i64::try_from(number).unwrap());
        story.post(at, &of(alert())).post(at.plus(s(10)), &of(alert().exit()))
    });
    story.post(s(0), &alert()).post(s(5), &alert().exit()).wants_look(s(300))
}

/// The same, played until all of them were looked at.
fn looked_around(story: Scenario) -> Scenario {
    let is_over = |seen: &Seen| seen.account.looks.wanted.is_none() && !lists_by_pass(seen).is_empty();
    around(story).ends("the wish is fulfilled", is_over)
}

/// How many lists each pass has read since the look was asked for, those passes left out that have read none; and when, in seconds.
fn lists_by_pass(seen: &Seen) -> Vec<(i64, usize)> {
    let begun = seen.deliveries[0].at.first_at;
    let mut lists: BTreeMap<i64, usize> = BTreeMap::new();
    for (at, _) in seen.asked.iter().filter(|(_, question)| question.starts_with("list_")) {
        *lists.entry(at.millis().div_euclid(SLOT.get())).or_default() += 1;
    }
    let since = |slot: i64| (slot * SLOT.get() - begun.millis()).div_euclid(1_000);
    lists.into_iter().map(|(slot, count)| (since(slot), count)).filter(|(at, _)| *at >= 290).collect()
}

fn counts(lists: &[(i64, usize)]) -> Vec<usize> {
    lists.iter().map(|(_, count)| *count).collect()
}

#[test]
fn a_look_that_is_asked_for_goes_on_from_pass_to_pass_and_lists_few_markets_in_each() {
    let seen = sim::calm(&looked_around(scenario("around")));
    assert_eq!(counts(&lists_by_pass(&seen)), [8, 6], "what is open and what has ended, of four markets and of three");
    assert_eq!(seen.account.looks.wanted, None);
}

#[test]
fn a_look_that_is_asked_for_leaves_the_rest_of_a_pass_to_others_where_a_venue_is_slow() {
    let seen = sim::calm(&looked_around(scenario("slow").slow_venue(Millis::new(1_500))));
    let lists = counts(&lists_by_pass(&seen));
    assert!(lists.iter().all(|count| *count <= 4) && lists.iter().sum::<usize>() == 14, "{lists:?}");
}

#[test]
fn a_look_that_is_asked_for_waits_while_most_of_what_may_be_asked_is_used() {
    for (story, expected) in [(scenario("busy"), vec![8, 6]), (scenario("busy at kraken").as_kraken(), vec![2])] {
        let lists = lists_by_pass(&sim::calm(&looked_around(story.busy(s(295), s(400)))));
        assert_eq!(counts(&lists), expected);
        assert!(lists[0].0 >= 390, "{lists:?}");
    }
    let story = scenario("busy meanwhile").slow_venue(Millis::new(1_500)).busy(s(305), s(400));
    let lists = lists_by_pass(&sim::calm(&looked_around(story)));
    assert_eq!(lists[0].1, 2, "no other market is begun: {lists:?}");
    assert!(lists[1].0 >= 390, "{lists:?}");
}

#[test]
fn a_look_that_finds_no_moment_for_five_minutes_is_given_up() {
    let seen = sim::calm(&around(scenario("given up").busy(s(295), s(700))));
    assert_eq!((seen.account.looks.wanted.clone(), counts(&lists_by_pass(&seen))), (None, vec![]));
}

#[test]
fn lists_of_all_markets_that_do_not_come_are_not_asked_for_by_each() {
    let seen = sim::calm(&looked_around(scenario("no lists").as_kraken().outage("list_many", s(295), s(340))));
    assert!(seen.asked.iter().all(|(_, question)| *question != "list_orders"), "{:?}", seen.asked);
    let lists = lists_by_pass(&seen);
    assert!(lists.last().is_some_and(|(at, count)| *at >= 330 && *count == 2), "until they come: {lists:?}");
}

/// The newest four hang: they come after the others, and hold up none of them.
#[test]
fn what_could_not_be_listed_comes_after_what_was_not_tried() {
    let newest = ["XRP/USDT", "SOL/USDT", "LTC/USDT", "ETH/USDT"];
    let story = newest.iter().fold(around(scenario("behind")), |story, market| story.hangs(market, s(295), s(325)));
    let is_over = |seen: &Seen| seen.account.looks.wanted.is_none() && !lists_by_pass(seen).is_empty();
    let seen = sim::calm(&story.ends("the wish is fulfilled", is_over));
    let lists = counts(&lists_by_pass(&seen));
    assert_eq!(lists[..2], [4, 7], "none of the first four, then three others and one of them again: {lists:?}");
}

/// Nobody can be asked about it: the wish is fulfilled without it, and no pass is made for it.
#[test]
fn a_market_that_is_listed_no_more_is_left_out_of_a_look() {
    for (story, expected) in [(scenario("gone"), vec![8, 4]), (scenario("gone at kraken").as_kraken(), vec![2])] {
        let seen = sim::calm(&looked_around(story.delists(s(290))));
        assert_eq!(counts(&lists_by_pass(&seen)), expected);
        let begun = seen.deliveries[0].at.first_at;
        let last = seen.asked.last().unwrap().0.since(begun);
        assert!(last < s(340), "{last:?}");
    }
}

#[test]
fn what_is_due_is_listed_where_a_look_that_is_asked_for_has_no_room_for_more() {
    let story = BESIDE[..4].iter().enumerate().fold(scenario("due").markets(&BESIDE), |story, (number, market)| {
        story.post(s(10 + 20 * i64::try_from(number).unwrap()), &alert().symbol(&market.replace('/', "")))
    });
    let is_over = |seen: &Seen| seen.account.looks.wanted.is_none() && !lists_by_pass(seen).is_empty();
    let seen = sim::calm(&story.post(s(0), &alert()).wants_look(s(300)).ends("the wish is fulfilled", is_over));
    assert_eq!(counts(&lists_by_pass(&seen)), [4 * 2 + 1, 2], "what is open is listed in all five");
}

#[test]
fn a_venue_whose_lists_are_of_all_markets_is_asked_once_for_all() {
    let seen = sim::calm(&looked_around(scenario("kraken").as_kraken()));
    assert_eq!(counts(&lists_by_pass(&seen)), [2], "what is open and what has ended");
    assert_eq!(seen.account.looks.wanted, None);
}

#[test]
fn what_can_wait_is_asked_for_once_a_minute_where_most_of_what_may_be_asked_is_used() {
    let expected = BTreeMap::from([("balances", 3), ("find_many", 18), ("list_orders", 3), ("ticker", 18)]);
    assert_eq!(asked(scenario("ladder").busy(s(5), s(300)), &ladder()), expected, "legs wait for their prices");
}

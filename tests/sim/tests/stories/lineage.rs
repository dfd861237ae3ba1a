//! The whole story of an order, as its user is told it: of one that was filled, of refused ones, of one in doubt.
#![allow(clippy::needless_pass_by_value, clippy::indexing_slicing, clippy::unwrap_used, reason = "a test")]

use app::trading::Lineage;
use domain::order::{Purpose, Status};
use sim::{Scenario, Seen, alert, calm, ms, s, scenario};
use testkit::sim::Strike;
use testkit::world::{DEAR, EMPTY, QUIET};
use wire::view::{LimitPassed, RiskVerdict, SignalRead};

fn story() -> Scenario {
    scenario("lineage")
}

/// Of the first order.
fn first(story: Scenario) -> Lineage {
    calm(&story).lineages().into_iter().next().unwrap()
}

fn prices(lineage: &Lineage) -> Vec<String> {
    lineage.prices.iter().map(|seen| format!("{} {}", seen.source.as_str(), seen.price)).collect()
}

fn whys(lineage: &Lineage) -> Vec<&str> {
    lineage.history.iter().map(|row| &*row.why).collect()
}

/// What was said, with the first word of each answer.
fn said(lineage: &Lineage) -> Vec<String> {
    let word = |answer: &str| answer.split(['(', ' ']).next().unwrap().to_owned();
    lineage.said.iter().map(|said| format!("{}: {}", said.asked, word(&said.answered))).collect()
}

fn verdict(lineage: &Lineage) -> String {
    let verdict = lineage.delivery.row.as_ref().unwrap().verdict.clone().unwrap();
    format!("{} {}", verdict.kind.as_str(), verdict.reason.unwrap())
}

#[test]
fn of_a_filled_entry_everything_is_told_from_its_alert_to_its_fills() {
    let told = first(story().post(s(0), &alert()));
    assert_eq!(verdict(&told), "accepted opened");
    let signal = SignalRead::of(told.delivery.row.as_ref().unwrap()).unwrap();
    assert_eq!(
        (signal.wish.as_str(), signal.side.map(|word| word.as_str()), &*signal.symbol),
        ("entry", Some("long"), "BTC/USDT")
    );
    assert_eq!(prices(&told), ["market 100", "ticker 100"]);
    let kept = RiskVerdict::of(&told.order, &told.limits).passed;
    let kept: Vec<_> = kept
        .iter()
        .map(|LimitPassed { limit, comes_to, allowed, .. }| format!("{limit} {comes_to} {allowed}"))
        .collect();
    let expected = [
        "open_groups_max 1 5",
        "order_quote_max 100 500",
        "day_loss_max 0 100",
        "exposure_max 100 1000",
        "insufficient_balance 101.101 10000",
    ];
    assert_eq!(kept, expected);
    assert_eq!(whys(&told), ["opened by an alert", "submitting", "accepted, take-profit, submitting"]);
    assert_eq!(said(&told), [format!("submit {}: Accepted", told.order.client_id)]);
    assert_eq!((told.order.status, told.order.fills.len()), (Status::Filled, 1));
}

#[test]
fn an_order_that_sells_tells_of_itself_and_of_the_alert_that_its_entry_followed_from() {
    let seen = calm(&story().post(s(0), &alert()).climbs().ends("flat", Seen::is_flat));
    let all = seen.lineages();
    let [entry, sold] = &all[..] else { unreachable!("{:?}", seen.orders()) };
    assert_eq!(sold.delivery, entry.delivery);
    assert_eq!((prices(sold).len(), sold.limits.len()), (0, 0));
    assert_eq!(said(sold), [format!("submit {}: Accepted", sold.order.client_id)]);
    assert_eq!(
        whys(sold),
        ["opened by an alert", "accepted, take-profit, submitting", "accepted", "take-profit filled, settled"]
    );
}

/// What an exit's story begins with: the verdict on its alert, why its group was changed, and the prices.
fn exit_of(story: Scenario) -> (String, Vec<String>, Vec<String>) {
    let is_exit = |purpose| matches!(purpose, Purpose::Exit | Purpose::Reduce(_));
    let seen = calm(&story.ends("flat", Seen::is_flat));
    let sold = seen.lineages().into_iter().find(|told| is_exit(told.order.purpose)).unwrap();
    (verdict(&sold), whys(&sold).iter().map(ToString::to_string).collect(), prices(&sold))
}

#[test]
fn an_exit_tells_of_the_alert_that_asks_for_it_or_of_the_price_that_has_reached_its_stop() {
    let held = || story().post(s(0), &alert().id("in"));
    let (verdict, whys, prices) = exit_of(held().post(s(8), &alert().exit().id("out")));
    assert_eq!((&*verdict, prices.len()), ("accepted closing", 0));
    assert!(whys.contains(&"an alert says to leave".to_owned()), "{whys:?}");

    let (verdict, whys, prices) =
        exit_of(held().post(s(8), &alert().shrinks("0.75", "1").id("less")).climbs_from(s(75)));
    assert_eq!((&*verdict, prices.len()), ("accepted reducing", 0));
    assert!(whys.contains(&"an alert says to sell a part".to_owned()), "{whys:?}");

    let (verdict, whys, prices) = exit_of(held().falls());
    assert_eq!((&*verdict, &*prices), ("accepted opened", &["watch 94".to_owned()][..]));
    assert!(whys.iter().any(|why| why.contains("stop-loss hit")), "{whys:?}");
}

#[test]
fn of_a_refused_entry_it_is_told_who_has_refused_it_and_with_which_numbers() {
    let by_us = first(story().post(s(0), &alert()).price(ms(100), "103"));
    assert_eq!(verdict(&by_us), "refused price_moved");
    let refused = RiskVerdict::of(&by_us.order, &by_us.limits).refused.unwrap();
    assert_eq!((&*refused.code, &*refused.detail), ("price_moved", "planned at 100, now 103, 1 % allowed"));
    assert_eq!(prices(&by_us), ["market 100", "ticker 103"]);
    assert_eq!(said(&by_us), [""; 0], "nothing left this machine");
    assert_eq!(whys(&by_us), ["opened by an alert", "entry refused, ended without a fill"]);

    let by_venue = first(story().venue_has("50").post(s(0), &alert()));
    assert_eq!(verdict(&by_venue), "refused insufficient_balance");
    assert_eq!(RiskVerdict::of(&by_venue.order, &by_venue.limits).refused, None, "it was sent");
    assert_eq!(said(&by_venue), [format!("submit {}: Rejected", by_venue.order.client_id)]);
}

/// The last price of a market where nobody trades is none: what is on offer is.
#[test]
fn nothing_is_bought_at_the_market_by_a_price_that_nobody_trades_at_any_more() {
    let check = |beside: &[&'static str], expected: &str| {
        let quiet = story().outage(QUIET, s(0), s(90)).post(s(1), &alert()).climbs_from(s(100));
        let told = first(beside.iter().fold(quiet, |story, what| story.outage(what, s(0), s(90))));
        assert_eq!(verdict(&told), expected, "{beside:?}");
    };
    check(&[], "accepted opened");
    check(&[DEAR], "refused price_moved");
    check(&[EMPTY], "refused no_price");
}

#[test]
fn of_an_entry_in_doubt_the_silence_is_told_and_how_it_ended() {
    let told = first(story().struck("submit", 1, Strike::LoseReply).post(s(0), &alert()));
    let id = &told.order.client_id;
    assert_eq!(said(&told), [format!("submit {id}: Unknown"), format!("find {id}: Ok")]);
    assert_eq!(told.order.status, Status::Filled);
    assert_eq!(whys(&told), ["opened by an alert", "submitting", "outcome unknown", "take-profit"]);
}

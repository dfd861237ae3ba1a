//! What an operator finds in the system log of what went another way than usual: once each, and nothing of what went as
//! usual.

#![allow(clippy::needless_pass_by_value, reason = "builders")]

use sim::{Scenario, Seen, alert, calm, ms, s, scenario};
use testkit::sim::Strike;

fn check(story: Scenario, told: &[&str]) -> Seen {
    let seen = calm(&story);
    assert_eq!(seen.noted(), told, "{:?}", seen.trail());
    seen
}

fn story() -> Scenario {
    scenario("noted")
}

#[test]
fn what_goes_its_usual_way_leaves_nothing() {
    check(story().post(s(0), &alert()).climbs().ends("flat", Seen::is_flat), &[]);
    check(story().post(s(0), &alert()).post(s(20), &alert().exit()).ends("flat", Seen::is_flat), &[]);
    check(story().post(s(0), &alert().id("a")).post(s(10), &alert().id("b")), &[]);
}

#[test]
fn a_refusal_of_the_venue_is_told_with_its_word() {
    let seen = check(
        story().venue_has("50").post(s(0), &alert()),
        &["TRADING a venue refused an order: insufficient_balance"],
    );
    let (note, group) = (&seen.notes[0], &seen.positions[0].group);
    assert_eq!((note.details["group"].as_str(), note.user.as_ref()), (group.id.as_str(), Some(&group.user)));
    assert_eq!(note.address, None);
}

#[test]
fn a_doubt_and_its_end_are_told_once_each() {
    let lost = story().struck("submit", 1, Strike::LoseReply).post(s(0), &alert()).climbs().ends("flat", Seen::is_flat);
    check(lost, &["TRADING what became of an order is not known", "TRADING an order in doubt was resolved"]);
}

#[test]
fn a_stop_that_fires_is_told_whoever_has_kept_it() {
    let stopped = |story: Scenario| check(story.ends("flat", Seen::is_flat), &["RISK a stop-loss has fired"]);
    stopped(story().post(s(0), &alert().stop("5").by_polling()).falls());
    stopped(story().stops().post(s(0), &alert().stop("5")).price(s(14), "94").price(s(16), "100"));
}

#[test]
fn a_halt_tells_whom_it_holds_and_what_it_refuses() {
    let story = story().post(s(0), &alert().id("a")).halt(s(10));
    let refused = story.post(s(12), &alert().id("b").timeframe("60")).post(s(14), &alert().id("c").timeframe("240"));
    check(refused, &["RISK entries are refused: halted"]);
    let held = scenario("held").system_halt(s(0), s(30)).post(ms(1), &alert()).climbs_from(s(40));
    let seen = check(held, &["RISK an entry is held back: system_halted"]);
    assert_eq!(seen.verdicts(), ["accepted opened"]);
}

#[test]
fn coins_that_are_missing_and_come_back_are_told() {
    let story = story().post(s(0), &alert()).leaves(s(8), "0.4").brings(s(60), "0.6").climbs_from(s(120));
    check(
        story.ends("flat", Seen::is_flat),
        &[
            "TRADING a venue refused an order: insufficient_balance",
            "RISK coins of position groups are missing at the venue",
            "RISK nothing of an asset is missing at the venue any more",
        ],
    );
}

#[test]
fn an_order_of_nobody_is_told_once() {
    let story = story().post(s(0), &alert()).stray(s(8)).ends("shown", |seen| seen.account.drift.count() == 1);
    check(story, &["RISK an order of no position group rests at the venue"]);
}

#[test]
fn an_order_that_its_venue_forgets_is_told_once() {
    let story = story().forgetful(s(0)).post(s(0), &alert()).cancels_sells(s(40));
    let placed_anew =
        |seen: &Seen| seen.orders().last().is_some_and(|last| last == "tp#1 open") && seen.orders().len() == 3;
    check(story.ends("placed anew", placed_anew), &["TRADING a venue knows an order no more that it had accepted"]);
}

#[test]
fn a_venue_that_is_away_is_told_once_in_ten_minutes() {
    let away =
        story().post(s(0), &alert()).outage("ticker", s(8), s(240)).climbs_from(s(250)).ends("flat", Seen::is_flat);
    check(away, &["TRADING a venue did not answer, or not in time"]);
}

#[test]
fn a_run_that_fails_is_told_once_and_its_work_is_done() {
    let failed = story().post(s(0), &alert()).outage("transact GRP#", ms(1), s(4)).climbs().ends("flat", Seen::is_flat);
    check(failed, &["TRADING a run failed: its work comes again: store_unavailable"]);
}

//! Functions whose clocks are wrong for a while: what they leave behind is believed by nobody for long.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use domain::account::DayLoss;
use domain::clock::Millis;
use domain::money::Amount;
use sim::{Scenario, Seen, alert, calm, ms, s, scenario};

const HOURS: Millis = Millis::seconds(7_200);

/// A position whose stop only passes keep.
fn watched(name: &'static str) -> Scenario {
    scenario(name).post(s(0), &alert().stop("5").by_polling())
}

/// The price falls below the stop at the second minute: it is sold within two slots of that.
fn is_stopped_in_time(story: Scenario) {
    let seen = calm(&story.falls_from(s(120)).ends("flat", Seen::is_flat));
    assert_eq!(seen.exits(), ["stop_loss"]);
    let settled_at = seen.positions[0].group.settled.unwrap().at;
    let after = settled_at.since(seen.deliveries[0].at.first_at);
    assert!(after < s(145), "{after:?}");
}

#[test]
fn minute_ahead_and_put_back_leaves_no_position_unwatched() {
    is_stopped_in_time(watched("ticks of the future").clock_off("minute", HOURS, s(1), s(70)));
}

#[test]
fn watch_ahead_or_behind_and_put_right_leaves_no_position_unwatched() {
    for off in [HOURS, Millis::ZERO.minus(HOURS)] {
        is_stopped_in_time(watched("passes of another time").clock_off("watch", off, s(10), s(70)));
        is_stopped_in_time(watched("all passes of another time").clock_off("watch", off, s(10), s(1_000)));
    }
}

#[test]
fn pause_that_a_watch_ahead_has_kept_stops_no_look_for_longer_than_it_lasts() {
    let story =
        watched("a pause of the future").clock_off("watch", HOURS, s(5), s(40)).asks_for_pause_when_read(s(12), s(16));
    let seen = calm(&story.falls_from(s(120)).ends("flat", Seen::is_flat));
    assert_eq!(seen.exits(), ["stop_loss"]);
    let kept = seen.account.venue_paused_until.unwrap().since(seen.deliveries[0].at.first_at);
    assert!(kept < s(100), "a true one has taken its place: {kept:?}");
    let settled_at = seen.positions[0].group.settled.unwrap().at;
    assert!(settled_at.since(seen.deliveries[0].at.first_at) < s(145));
}

#[test]
fn balance_that_a_watch_ahead_has_read_is_read_again() {
    let story = watched("a balance of the future").clock_off("watch", HOURS, s(5), s(40));
    let seen = calm(&story.climbs_from(s(120)).ends("flat", Seen::is_flat));
    let known_at = seen.account.balance_at.since(seen.deliveries[0].at.first_at);
    assert!(known_at > s(100) && known_at < s(1_000), "{known_at:?}");
}

/// An entry may be too late by such a clock. It is said what became of it, and what was bought is sold by an exit two minutes later.
#[test]
fn clock_of_any_function_off_for_a_while_leaves_nothing_undecided_or_open() {
    for function in ["webhook", "worker", "executor", "watch", "minute"] {
        for off in [HOURS, s(61), s(1), s(-1), s(-61), Millis::ZERO.minus(HOURS)] {
            let story =
                scenario("off").post(s(2), &alert().stop("5").by_polling()).clock_off(function, off, s(1), s(40));
            let seen = calm(&story.post(s(130), &alert().exit()));
            assert!(seen.positions.iter().all(|position| position.group.is_settled()), "{function} {off:?}");
            let told = seen.verdicts();
            assert!(told.len() == 2 && !told.contains(&"none".to_owned()), "{function} {off:?}: {told:?}");
        }
    }
}

/// What becomes of an exit that is received eight seconds after its entry.
fn exit_of(entry: Option<&str>, exit: &str) -> Vec<String> {
    let alert = || alert().timeframe("5");
    let entry = entry.map_or_else(alert, |time| alert().sent_at(time));
    let story = scenario("clocks of senders").post(s(0), &entry).post(s(8), &alert().exit().sent_at(exit));
    calm(&story).verdicts()
}

#[test]
fn exit_is_older_by_a_clock_of_its_own_kind_alone() {
    let (closed, ignored) = (["accepted opened", "accepted closing"], ["accepted opened", "ignored before_entry"]);
    // Both are received after 08:53:57.
    assert_eq!(exit_of(Some("2025-10-09T08:53:50Z"), "2025-10-09T08:53:40Z"), ignored);
    assert_eq!(exit_of(Some("2025-10-09T08:53:50Z"), "2025-10-09T08:53:50Z"), closed, "at once");
    assert_eq!(exit_of(None, "2025-10-09T08:53:40Z"), closed, "the entry has no clock");
    assert_eq!(exit_of(Some("2025-10-09T08:50:03Z"), "2025-10-09T08:50:00Z"), closed, "the opening of a bar");
    assert_eq!(exit_of(Some("2025-10-09T08:53:50Z"), "2025-10-09T04:53:41Z"), ignored, "hours before");
    assert_eq!(
        exit_of(Some("2025-10-09T08:50:00Z"), "2025-10-09T08:49:59Z"),
        closed,
        "the entry's is the opening of a bar"
    );
}

#[test]
fn exit_that_is_ignored_says_what_stays_open() {
    let story = scenario("told").post(s(0), &alert().sent_at("2025-10-09T08:53:50Z"));
    let seen = calm(&story.post(s(8), &alert().exit().sent_at("2025-10-09T08:53:40Z")));
    let verdict = seen.deliveries[1].verdict.clone().unwrap();
    let (detail, group) = (verdict.detail.unwrap(), &seen.positions[0].group.id);
    assert_eq!(verdict.groups, std::slice::from_ref(group));
    for part in [group.as_str(), "2025-10-09T08:53:50Z", "2025-10-09T08:53:40Z", "stays open"] {
        assert!(detail.contains(part), "{part} in {detail}");
    }
}

/// The stop of one position is met at midnight; the other one is left a second later, by an executor that still has the day before.
#[test]
fn loss_by_a_clock_that_is_late_at_midnight_is_added_to_the_new_day() {
    let story = scenario("midnight").before_midnight().post(s(0), &alert().stop("5").by_polling());
    let story = story.post(s(2), &alert().id("b").timeframe("240").stop("20").by_polling()).price(s(58), "94");
    let story = story.clock_off("executor", Millis::ZERO.minus(s(3)), ms(63_900), s(80));
    let seen = calm(&story.post(s(64), &alert().id("c").timeframe("240").exit()).ends("flat", Seen::is_flat));
    let settled: Vec<_> = seen.positions.iter().map(|position| position.group.settled.unwrap()).collect();
    let (days, lost) = (settled.iter().map(|settled| settled.at.day()), settled.iter().map(|settled| settled.realised));
    let (first, last) = (days.clone().min().unwrap(), days.max().unwrap());
    assert_eq!(last - first, 1, "one is settled by a clock of the day before: {settled:?}");
    let lost = lost.fold(Amount::ZERO, |sum, realised| sum.minus(realised).unwrap());
    assert_eq!(seen.account.day_loss, DayLoss { day: last, amount: lost });
}

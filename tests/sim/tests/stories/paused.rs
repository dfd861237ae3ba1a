//! A venue asks to be left alone, with every fault at every place, or is asked about as much as it allows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use domain::clock::{Millis, Timestamp};
use domain::limits::{CALM_SLOTS, SLOT};
use sim::{AlertText, Seen, alert, s, scenario, single_faults, stories};

stories! {
    single_faults;

    while_a_venue_has_asked_to_be_left_alone_nothing_is_watched_and_its_user_knows => |story| story
        .post(s(0), &alert().id("a").stop("5").by_polling())
        .asks_for_pause(s(8), s(12))
        .post(s(10), &alert().id("b").timeframe("60"))
        .price(s(30), "94")
        .price(s(50), "100")
        .climbs_from(s(130))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "refused rate_limited"]);
            assert_eq!(seen.pauses, 1);
            let until = seen.account.venue_paused_until.unwrap().since(seen.deliveries[1].at.first_at);
            assert!((60_000..62_000).contains(&until.get()), "{until:?}");
            assert_eq!(seen.exits(), ["take_profit", "-"], "no look has seen the price below the stop");
        });

    a_pause_that_is_asked_for_when_an_executor_reads_is_kept_and_told => |story| story
        .outage("query W#", s(0), s(80))
        .asks_for_pause_when_read(s(8), s(12))
        .post(s(10), &alert().id("a"))
        .calm(|seen| assert_eq!((seen.pauses, pause_of(seen)), (1, 60)));

    a_pause_that_is_asked_for_while_an_account_rests_is_kept_and_told => |story| story
        .post(s(0), &alert().id("a"))
        .post(s(20), &alert().id("b").exit())
        .asks_for_pause_when_read(s(21), s(40))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert!(seen.pauses > 0 && pause_of(seen) > 60));

    a_venue_that_asks_to_be_left_alone_again_and_again_is_told_of_once => |story| story
        .post(s(0), &alert().id("a"))
        .asks_for_pause_when_read(s(8), s(500))
        .calm(|seen| {
            let pauses = seen.asked.iter().filter(|(at, _)| at.since(seen.deliveries[0].at.first_at) > s(8)).count();
            assert!(pauses >= 7 && pause_of(seen) >= 490, "{pauses} {}", pause_of(seen));
            assert_eq!(seen.pauses, 1);
        });
}

/// How many seconds after the first alert's receipt the last pause ends.
fn pause_of(seen: &Seen) -> i64 {
    let ends = seen.account.venue_paused_until.zip(seen.deliveries.first());
    ends.map_or(0, |(until, first)| until.since(first.at.first_at).get() / 1_000)
}

/// When a position is known to be closed whose stop the price has met.
fn known_at(alert: &AlertText, busy: bool) -> Timestamp {
    let story = scenario("stopped").stops().post(s(0), alert).price(s(14), "94").falls_from(s(170));
    let story = story.ends("flat", Seen::is_flat);
    let seen = sim::calm(&if busy { story.busy(s(5), s(160)) } else { story });
    seen.positions[0].group.settled.unwrap().at
}

/// What a venue has sold by itself is seen later, but within six slots; what only we can sell is sold as ever.
#[test]
fn where_most_of_what_may_be_asked_is_used_what_the_venue_keeps_waits() {
    let resting = alert().stop("5");
    let later = known_at(&resting, true).since(known_at(&resting, false));
    assert!(later >= SLOT && later <= Millis::new(SLOT.get() * CALM_SLOTS), "{later:?}");
    let polled = alert().stop("5").by_polling();
    let later = known_at(&polled, true).since(known_at(&polled, false));
    assert!(later < Millis::seconds(1), "{later:?}");
}

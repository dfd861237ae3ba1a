//! Older candles that somebody asks for, under faults: venues that are away, workers that end anywhere and run at once.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use crate::identity::interrupted;
use crate::series::{START, Starts, Tape, calmly, fetched, series, wanting};
use app::backfills::{self, BackfillError, Wanted};
use app::ingest::{backfill, plan};
use app::ports::Clock;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, UserId};
use domain::limits::{BACKFILL_CANDLES_MAX, BACKFILL_FAILURES_MAX, BACKFILLS_PER_DAY_MAX, BACKFILLS_PER_USER_MAX};
use domain::market::{Candle, CandleSpan, Interval};
use domain::series::{Backfill, BackfillState, KeptCandle, Series, holes};
use std::cell::Cell;
use std::rc::Rc;
use store::market::Market;
use testkit::sim::{Invocation, Latency, Plan, Rates, Sim, Strikes};
use testkit::world::World;

const MINUTE: Interval = Interval::OneMinute;

fn ann() -> UserId {
    UserId::of(&["ann"])
}

async fn asked(world: &World, since: Timestamp, until: Timestamp, attempt: &str) -> Result<Backfill, BackfillError> {
    let wanted = Wanted { series: series(MINUTE), since, until };
    backfills::start(world, wanted, &ann(), &AttemptId::new(attempt), world.now()).await
}

fn opens(world: &World) -> Vec<Timestamp> {
    world.candles(&series(MINUTE)).iter().map(KeptCandle::opens_at).collect()
}

/// Nothing is missing between its first candle and its last.
fn assert_whole(opens: &[Timestamp]) {
    let span = CandleSpan::between(MINUTE, opens[0], opens[opens.len() - 1].plus(MINUTE.length()));
    assert_eq!(holes(&span, opens.iter().copied()), []);
}

#[test]
fn it_ends_beside_what_is_kept_wherever_it_was_to_end() {
    calmly(&[MINUTE], async |world, tape| {
        fetched(&world, &tape, MINUTE, false).await;
        let (first, since) = (opens(&world)[0], START.minus(Millis::seconds(5_000 * 60)));
        let begun = asked(&world, since, since.plus(MINUTE.times(10)), "a").await.unwrap();
        assert_eq!(begun.until, first, "and not ten minutes behind its beginning");
        assert_eq!(asked(&world, since, START, "b").await.unwrap().id, begun.id, "a double click is one");
        let done = backfill(&world, &tape, &begun.id, |_| true).await.unwrap();
        assert_eq!((done.pages, u32::try_from(opens(&world).len()).unwrap()), (3, 2_000 + done.candles));
        assert_whole(&opens(&world));
        assert_eq!(opens(&world)[0], since);
        let kept = Market(&world).load_backfill(&begun.id).await.unwrap().unwrap();
        assert_eq!((kept.state, kept.percent(), kept.candles), (BackfillState::Done, 100, done.candles));
        assert_eq!(backfill(&world, &tape, &begun.id, |_| true).await.unwrap().pages, 0, "it has ended");
    });
}

#[test]
fn a_length_that_its_venue_lacks_is_brought_with_what_it_is_made_of() {
    calmly(&[MINUTE], async |world, tape| {
        let tape = Tape { lacks: &[Interval::FortyFiveMinutes, Interval::TenMinutes], ..tape };
        let (made, of) = (series(Interval::FortyFiveMinutes), series(Interval::FifteenMinutes));
        let since = Interval::OneDay.opening(START).minus(Millis::seconds(60 * 86_400));
        let (day, user) = (Interval::OneDay.opening(START), ann());
        let start = async |series: &Series, since, until, name: &str| {
            let wanted = Wanted { series: series.clone(), since, until };
            backfills::start(&world, wanted, &user, &AttemptId::new(name), world.now()).await.unwrap()
        };
        let begun = start(&made, since, day, "a").await;
        let done = backfill(&world, &tape, &begun.id, |_| true).await.unwrap();
        assert_eq!((done.failed, done.candles), (None, 60 * 32));
        let (parts, whole) = (world.candles(&of), world.candles(&made));
        assert_eq!((parts.len(), whole.len()), (60 * 96, 60 * 32));
        let parts: Vec<_> = parts.iter().map(|kept| kept.candle).collect();
        let joined = Candle::joined(Interval::FortyFiveMinutes, &parts, day).unwrap();
        assert_eq!(whole.iter().map(|kept| kept.candle).collect::<Vec<_>>(), joined);
        assert!(whole.iter().all(|kept| kept.candle.volume == "3.75".parse().unwrap()));
    });
}

#[test]
fn what_is_made_of_shorter_ones_is_brought_as_far_back_as_these_are_kept() {
    calmly(&[MINUTE], async |world, tape| {
        let tape = Tape { lacks: &[Interval::TwentyMinutes], ..tape };
        let wanted = Wanted {
            series: series(Interval::TwentyMinutes),
            since: Interval::OneDay.opening(START).minus(Millis::seconds(120 * 86_400)),
            until: Interval::OneDay.opening(START),
        };
        let begun = backfills::start(&world, wanted, &ann(), &AttemptId::new("a"), world.now()).await.unwrap();
        backfill(&world, &tape, &begun.id, |_| true).await.unwrap();
        let ended = Market(&world).load_backfill(&begun.id).await.unwrap().unwrap();
        assert_eq!(ended.state, BackfillState::Done);
        assert!(ended.detail.unwrap().contains("made of candles of 10m"));
        let first = world.candles(&begun.series)[0].opens_at();
        assert!(world.now().since(first) > Millis::seconds(89 * 86_400), "{first:?}");
    });
}

/// A candle of ten minutes is made once it is known in which of them nobody traded: now, and not when all of the past is.
#[test]
fn what_is_made_of_minutes_now_does_not_wait_for_minutes_of_the_past() {
    calmly(&[MINUTE], async |world, tape| {
        const TEN: Interval = Interval::TenMinutes;
        let tape = Tape { lacks: &[TEN, Interval::FiveMinutes, Interval::TwoMinutes], silent_every: 7, ..tape };
        let newest = || world.now().since(world.candles(&series(TEN)).last().unwrap().candle.bar.closes_at);
        let rounds = async |rounds: u32| {
            for _ in 0..rounds {
                world.sim().sleep(Millis::seconds(300)).await;
                fetched(&world, &tape, TEN, true).await;
            }
        };
        rounds(8).await;
        assert!(newest() < Millis::seconds(2_700), "{:?}", newest());
        let since = START.minus(Millis::seconds(9_000 * 60));
        // A part of it is left out at first, as if nobody had traded.
        tape.hide(since.plus(MINUTE.times(1_000)), since.plus(MINUTE.times(1_100)));
        let begun = asked(&world, since, START, "a").await.unwrap();
        backfill(&world, &tape, &begun.id, |_| true).await.unwrap();
        tape.show();
        for _ in 0..12 {
            rounds(1).await;
            assert!(newest() < Millis::seconds(2_700), "{:?}", newest());
        }
        rounds(30).await;
        assert_eq!(Market(&world).series_mark(&series(MINUTE)).await.unwrap().older, None, "it is settled as well");
        let traded = |at: &Timestamp| at.millis().div_euclid(60_000).rem_euclid(7) != 0;
        let span = CandleSpan::between(MINUTE, since, START);
        let lost: Vec<_> =
            holes(&span, opens(&world)).iter().flat_map(|hole| hole.span(MINUTE).opens()).filter(traded).collect();
        assert_eq!(lost, Vec::<Timestamp>::new());
    });
}

/// What a look for holes has read before, it does not take back: what the backfill has brought is settled as well.
#[test]
fn holes_of_the_past_are_looked_for_wherever_a_look_was_when_they_came() {
    let is_over = Rc::new(Cell::new(false));
    for polls in 0.. {
        let seen = is_over.clone();
        calmly(&[MINUTE], async move |world, tape| {
            let tape = Tape { silent_every: 7, ..tape };
            let rounds = async |rounds: u32| {
                for _ in 0..rounds {
                    world.sim().sleep(Millis::seconds(300)).await;
                    fetched(&world, &tape, MINUTE, true).await;
                }
            };
            rounds(3).await;
            let since = START.minus(Millis::seconds(2_600 * 60));
            let left_out = (since.plus(MINUTE.times(100)), since.plus(MINUTE.times(200)));
            tape.hide(left_out.0, left_out.1);
            let begun = asked(&world, since, START, "a").await.unwrap();
            world.sim().sleep(Millis::seconds(300)).await;
            let look = fetched(&world, &tape, MINUTE, true);
            let was_under_way = interrupted(Box::pin(look), polls, async || {
                backfill(&world, &tape, &begun.id, |_| true).await.unwrap();
            });
            seen.set(!was_under_way.await);
            if !seen.get() {
                tape.show();
                rounds(12).await;
                let found = opens(&world).iter().filter(|at| (left_out.0..left_out.1).contains(at)).count();
                assert!(found > 80, "after {polls} calls {found} of them were found");
            }
        });
        if is_over.get() {
            assert!(polls > 5, "{polls} calls");
            break;
        }
    }
}

#[test]
fn called_off_it_leaves_what_was_kept_and_no_hole() {
    calmly(&[MINUTE], async |world, tape| {
        fetched(&world, &tape, MINUTE, false).await;
        let begun = asked(&world, START.minus(Millis::seconds(9_000 * 60)), START, "a").await.unwrap();
        let pages = Cell::new(0);
        let two = |_| pages.replace(pages.get() + 1) < 2;
        assert_eq!(backfill(&world, &tape, &begun.id, two).await.unwrap().pages, 2);
        let stranger = UserId::of(&["ben"]);
        let refused = backfills::cancel(&world, &stranger, &begun.id, world.now()).await;
        assert_eq!(refused.unwrap_err(), BackfillError::NoBackfill);
        let off = backfills::cancel(&world, &ann(), &begun.id, world.now()).await.unwrap();
        assert_eq!(off.state, BackfillState::Cancelled);
        assert_eq!(backfill(&world, &tape, &begun.id, |_| true).await.unwrap().pages, 0);
        assert_whole(&opens(&world));
        assert_eq!(backfills::cancel(&world, &ann(), &begun.id, world.now()).await.unwrap(), off, "once");
    });
}

/// Whoever counts what goes on and then begins one is not alone.
#[test]
fn three_go_on_at_once_however_many_are_asked_for_together() {
    for seed in 0..20 {
        let latency = Latency::Random { store: Millis::new(20), venue: Millis::new(400) };
        let world = wanting(Sim::new(Plan { seed, latency, shuffled: true, ..Plan::calm() }, START, false), &[MINUTE]);
        for number in 0..6_u32 {
            let inner = world.clone();
            let future = async move {
                let since = inner.now().minus(MINUTE.times(1_000 + number));
                let came = asked(&inner, since, inner.now(), &number.to_string()).await;
                let refused =
                    came.err().is_none_or(|error| matches!(error, BackfillError::TooMany | BackfillError::Contended));
                assert!(refused, "{number}");
            };
            let invocation = Invocation { name: "ask".into(), limit: None, strikable: false, future };
            world.sim().spawn(invocation, |_| ());
        }
        world.sim().run_until(START.plus(Millis::seconds(60)), &mut || (), &mut || false);
        let inner = world.clone();
        world.sim().block_on("count", async move {
            assert_eq!(Market(&inner).list_backfills().await.unwrap().len(), BACKFILLS_PER_USER_MAX, "seed {seed}");
        });
    }
}

#[test]
fn what_cannot_be_kept_is_refused_and_so_is_one_too_many() {
    calmly(&[MINUTE], async |world, _| {
        let ago = |minutes: u32| world.now().minus(MINUTE.times(minutes));
        let old = asked(&world, ago(BACKFILL_CANDLES_MAX + 1_500), ago(10), "a").await;
        assert!(matches!(old, Err(BackfillError::TooOld(_))), "{old:?}");
        assert_eq!(asked(&world, ago(10), ago(10), "a").await, Err(BackfillError::Empty));
        for number in 0..BACKFILLS_PER_USER_MAX {
            let since = ago(1_000 + u32::try_from(number).unwrap());
            asked(&world, since, ago(10), &number.to_string()).await.unwrap();
        }
        assert_eq!(asked(&world, ago(50), ago(10), "last").await, Err(BackfillError::TooMany));
    });
}

/// Each is a row that the planner reads.
#[test]
fn whoever_begins_and_calls_off_begins_so_many_in_a_day() {
    calmly(&[MINUTE], async |world, _| {
        let ago = |minutes: usize| world.now().minus(MINUTE.times(u32::try_from(minutes).unwrap()));
        for number in 0..BACKFILLS_PER_DAY_MAX {
            let begun = asked(&world, ago(1_000 + number), ago(10), &number.to_string()).await.unwrap();
            backfills::cancel(&world, &ann(), &begun.id, world.now()).await.unwrap();
        }
        assert_eq!(asked(&world, ago(50), ago(10), "last").await, Err(BackfillError::TooManyToday));
        world.sim().sleep(Millis::DAY).await;
        assert!(asked(&world, ago(50), ago(10), "next").await.is_ok());
    });
}

#[test]
fn an_exchange_that_is_away_is_asked_for_an_hour_and_one_that_tells_no_more_ends_it() {
    calmly(&[MINUTE], async |world, tape| {
        let begun = asked(&world, START.minus(Millis::seconds(3_000 * 60)), START, "a").await.unwrap();
        world.set_down("list_candles", true);
        for _ in 0..BACKFILL_FAILURES_MAX {
            assert!(backfill(&world, &tape, &begun.id, |_| true).await.unwrap().failed.is_some());
        }
        let failed = Market(&world).load_backfill(&begun.id).await.unwrap().unwrap();
        assert_eq!((failed.state, failed.candles), (BackfillState::Failed, 0));
        assert!(failed.detail.unwrap().contains("does not answer"));
        world.set_down("list_candles", false);
        let kraken = Tape { tells: Some(1_500), ..tape };
        let again = asked(&world, START.minus(Millis::seconds(3_000 * 60)), START, "b").await.unwrap();
        backfill(&world, &kraken, &again.id, |_| true).await.unwrap();
        let ended = Market(&world).load_backfill(&again.id).await.unwrap().unwrap();
        assert_eq!((ended.state, ended.candles), (BackfillState::Done, 1_000));
        assert_eq!(ended.detail.as_deref(), Some("the last ones alone are told"));
    });
}

#[test]
fn workers_that_end_anywhere_leave_no_hole_and_none_twice() {
    for seed in 0..20 {
        let rates = Rates { crash: 80, lose_reply: 30, refuse: 30, late: 20, too_late: 10, spared: None };
        let latency = Latency::Random { store: Millis::new(20), venue: Millis::new(400) };
        let plan_of = Plan { seed, strikes: Strikes::Random(rates), latency, shuffled: true, ..Plan::calm() };
        let world = wanting(Sim::new(plan_of, START, false), &[MINUTE]);
        let tape = Tape { faults: 80, ..Tape::calm(&world) };
        let starts = Starts(world.clone(), tape, Rc::default());
        let since = START.minus(Millis::seconds(6_000 * 60));
        for minute in 0..180 {
            let (world, starts) = (world.clone(), starts.clone());
            world.sim().clone().at(START.plus(Millis::seconds(minute * 60)), move || {
                let (inner, sim) = (world.clone(), world.sim().clone());
                let future = async move {
                    if minute == 5 {
                        asked(&inner, since, START, "a").await.map(drop).ok();
                    }
                    plan(&inner, &starts, "", inner.now()).await.map(drop)
                };
                sim.spawn(Invocation { name: "plan".into(), limit: None, strikable: minute != 5, future }, |_| ());
            });
        }
        let sim = world.sim().clone();
        world.sim().at(START.plus(Millis::seconds(60 * 60)), move || sim.end_faults());
        world.sim().run_until(START.plus(Millis::seconds(181 * 60)), &mut || (), &mut || false);
        let opens = opens(&world);
        assert_eq!(opens[0], since, "seed {seed}");
        assert!(opens.windows(2).all(|pair| pair[0] < pair[1]), "seed {seed}");
        assert_whole(&opens);
    }
}

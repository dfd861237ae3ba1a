//! Months of candles, packed before their rows go: by runs that end anywhere and run at once, on a table and a bucket that fail. Whatever
//! happens, what was kept is read again once its rows are gone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use crate::series::{START, calmly, fetched, series, wanting};
use app::ports::{Clock, PackedMonths, ReadCandles};
use app::series::{AllCandles, pack_months};
use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, Candle, CandleSpan, Interval};
use domain::series::{KeptCandle, Month};
use store::market::Market;
use store::objects::{Months, month_key};
use testkit::sim::{Invocation, Latency, Plan, Rates, Sim, Strikes};
use testkit::world::World;
use wire::packed_month::{pack, unpack};

const MINUTE: Interval = Interval::OneMinute;
const FOUR: Interval = Interval::FourHours;
const DAYS: u32 = 130;

fn all(world: &World) -> AllCandles<'_, World, World> {
    AllCandles { deps: world, bucket: world, now: world.now() }
}

/// The day on which the oldest candle of these stories opens, a little more than two years and four months ago.
fn first() -> Timestamp {
    Interval::OneDay.opening(START).minus(Millis::seconds((2 * 365 + i64::from(DAYS)) * 86_400))
}

fn candle(interval: Interval, number: u32) -> KeptCandle {
    let opens_at = first().plus(interval.times(number));
    let price = |more: u32| (100 + number % 37 + more).to_string().parse().unwrap();
    let bar = Bar {
        opens_at,
        closes_at: opens_at.plus(interval.length()),
        open: price(1),
        high: price(3),
        low: price(0),
        close: price(2),
    };
    let candle = Candle { bar, volume: "1.5".parse().unwrap(), is_closed: true };
    // A row keeps by the second when that was.
    KeptCandle { candle, kept_at: bar.closes_at.plus(Millis::seconds(5)) }
}

/// From the first day to a month ago, but for a week in which nobody traded.
fn candles(interval: Interval) -> Vec<KeptCandle> {
    let per_day = u32::try_from(1_440 / interval.minutes()).unwrap();
    let end = (DAYS + 700) * per_day;
    (0..end)
        .filter(|number| !(40 * per_day..47 * per_day).contains(number))
        .map(|number| candle(interval, number))
        .collect()
}

async fn kept(world: &World, interval: Interval) -> Vec<KeptCandle> {
    let (of, all) = (series(interval), candles(interval));
    Market(world).note_series(&of).await.unwrap();
    for kept in &all {
        world.put_candle(&of, *kept);
    }
    all
}

fn span(interval: Interval) -> CandleSpan {
    CandleSpan::between(interval, first(), START)
}

async fn pack_all(world: &World) -> u32 {
    let mut months = 0;
    loop {
        let packed = pack_months(world, world, world.now()).await.unwrap();
        assert_eq!(packed.failed, []);
        months += packed.months;
        if !packed.more {
            return months;
        }
    }
}

#[test]
fn what_was_kept_is_read_again_once_its_rows_are_gone() {
    calmly(&[MINUTE], async |world, _| {
        for interval in [Interval::FifteenMinutes, FOUR, Interval::TwelveHours] {
            let (of, expected) = (series(interval), kept(&world, interval).await);
            assert_eq!(all(&world).read_candles(&of, &span(interval)).await.unwrap(), expected, "{interval}");
            assert_eq!(
                pack_all(&world).await,
                4,
                "{interval}: a hundred and thirty days that are older than two years and a week"
            );
            assert_eq!(
                all(&world).read_candles(&of, &span(interval)).await.unwrap(),
                expected,
                "{interval}: twice there"
            );
            world.expire(&of, world.now());
            assert!(world.candles(&of).len() < expected.len(), "{interval}");
            assert_eq!(all(&world).read_candles(&of, &span(interval)).await.unwrap(), expected, "{interval}");
            let part = CandleSpan::between(
                interval,
                first().plus(Millis::seconds(9 * 86_400)),
                first().plus(Millis::seconds(70 * 86_400)),
            );
            let within = |kept: &&KeptCandle| part.first() <= kept.opens_at() && kept.opens_at() < part.end();
            let some: Vec<_> = expected.iter().filter(within).copied().collect();
            assert_eq!(all(&world).read_candles(&of, &part).await.unwrap(), some, "{interval}");
            assert_eq!(all(&world).oldest_candle(&of).await.unwrap(), Some(Month::of(first()).begins()));
            assert_eq!(pack_all(&world).await, 0, "{interval}: nothing is left");
        }
    });
}

#[test]
fn whoever_goes_back_packs_the_same_again_and_loses_nothing_whose_rows_are_gone() {
    calmly(&[MINUTE], async |world, _| {
        let (of, expected) = (series(FOUR), kept(&world, FOUR).await);
        pack_all(&world).await;
        let packed = world.objects("candles/");
        world.expire(&of, world.now());
        let month = Month::of(first());
        Market(&world)
            .keep_packed_months(&PackedMonths { series: of.clone(), packed: Some((month, month)) })
            .await
            .unwrap();
        assert_eq!(pack_all(&world).await, 4);
        assert_eq!(world.objects("candles/"), packed);
        // A month that had a part of its candles alone.
        let some = pack(&expected[..3]).unwrap();
        Months(&world).keep(&of, month, &some, world.now()).await.unwrap();
        world.put_candle(&of, expected[4]);
        Market(&world)
            .keep_packed_months(&PackedMonths { series: of.clone(), packed: Some((month, month)) })
            .await
            .unwrap();
        pack_all(&world).await;
        let merged = unpack(FOUR, &world.objects("candles/")[&month_key(&of, month)]).unwrap();
        assert_eq!(merged, [expected[0], expected[1], expected[2], expected[4]]);
    });
}

#[test]
fn a_month_that_cannot_be_read_stops_no_other_series_and_is_not_written_over() {
    calmly(&[MINUTE], async |world, _| {
        let (broken, whole) = (series(FOUR), series(Interval::TwelveHours));
        let rows = kept(&world, FOUR).await;
        let expected = kept(&world, Interval::TwelveHours).await;
        Months(&world).keep(&broken, Month::of(first()), b"else", world.now()).await.unwrap();
        let packed = pack_months(&world, &world, world.now()).await.unwrap();
        assert_eq!((packed.months, packed.failed.len(), &packed.failed[0].0), (4, 1, &broken));
        assert_eq!(world.objects("candles/")[&month_key(&broken, Month::of(first()))], b"else");
        world.expire(&whole, world.now());
        assert_eq!(all(&world).read_candles(&whole, &span(Interval::TwelveHours)).await.unwrap(), expected);
        assert_eq!(all(&world).read_candles(&broken, &span(FOUR)).await.unwrap(), rows, "its rows are there");
    });
}

#[test]
fn series_that_are_packed_one_day_are_noted_before_their_first_candle_is_kept() {
    calmly(&[MINUTE, Interval::FifteenMinutes, Interval::OneDay], async |world, tape| {
        for interval in [MINUTE, Interval::FifteenMinutes, Interval::OneDay] {
            fetched(&world, &tape, interval, false).await;
        }
        let noted: Vec<_> =
            Market(&world).list_packed_months().await.unwrap().into_iter().map(|one| one.series.interval).collect();
        assert_eq!(noted, [Interval::FifteenMinutes]);
        assert_eq!(Market(&world).packed_months(&series(MINUTE)).await, Ok(None));
        assert_eq!(pack_all(&world).await, 0, "none is old enough");
    });
}

#[test]
fn nights_that_end_anywhere_and_run_at_once_lose_none_and_have_none_twice() {
    for seed in 0..25 {
        let rates = Rates { crash: 80, lose_reply: 40, refuse: 40, late: 20, too_late: 10, spared: None };
        let latency = Latency::Random { store: Millis::new(20), venue: Millis::new(400) };
        let plan = Plan { seed, strikes: Strikes::Random(rates), latency, shuffled: true, ..Plan::calm() };
        let world = wanting(Sim::new(plan, START, false), &[MINUTE]);
        let (of, expected) = (series(FOUR), candles(FOUR));
        for kept in &expected {
            world.put_candle(&of, *kept);
        }
        for night in 0..40 {
            let (world, of) = (world.clone(), of.clone());
            world.sim().clone().at(START.plus(Millis::seconds(night)), move || {
                let (inner, sim) = (world.clone(), world.sim().clone());
                let future = async move {
                    Market(&inner).note_series(&of).await?;
                    pack_months(&inner, &inner, inner.now()).await.map(drop)
                };
                sim.spawn(Invocation { name: "night".into(), limit: None, strikable: true, future }, |_| ());
            });
        }
        let sim = world.sim().clone();
        world.sim().at(START.plus(Millis::seconds(30)), move || sim.end_faults());
        world.sim().run_until(START.plus(Millis::seconds(120)), &mut || (), &mut || false);
        world.expire(&of, START);
        let packed = world.objects("candles/").into_iter().flat_map(|(key, bytes)| {
            let candles = unpack(FOUR, &bytes).unwrap();
            assert!(candles.iter().all(|kept| month_key(&of, Month::of(kept.opens_at())) == key), "seed {seed}");
            candles
        });
        let packed: Vec<_> = packed.collect();
        let end = packed.last().unwrap().candle.bar.closes_at;
        let rest = world.candles(&of).into_iter().filter(|kept| kept.opens_at() >= end);
        assert_eq!(packed.iter().copied().chain(rest).collect::<Vec<_>>(), expected, "seed {seed}");
        assert_eq!(world.objects("candles/").len(), 4, "seed {seed}");
    }
}

//! Who looks at which series, how many are fetched for it, and for how long what was seen need not be read again.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use crate::series::{Tape, calmly, fetched, series};
use app::ports::{Clock, ReadCandles, Wanting, Wish};
use app::series::{Gap, GapKind, SeriesError, Wanted, list, look, note_chart, put_on_list, state, take_off_list};
use domain::clock::{Millis, Timestamp};
use domain::ids::{RunId, UserId};
use domain::limits::{
    CANDLES_KEPT_MAX, CHART_WANTS_FOR, CHARTS_MAX, CHARTS_PER_USER_MAX, GROWN_KEPT, LIST_WANTS_FOR, SERIES_MAX,
    SERIES_PER_USER_MAX,
};
use domain::market::{Interval, Market, MarketKey};
use domain::series::{Hole, KeptCandle, Series};
use store::market;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;

/// So many series of markets that are known.
async fn many(world: &World, count: usize) -> Vec<Series> {
    let given = Given::new(&Memory(world.clone())).await;
    let of = series(Interval::OneMinute);
    let one = |number: usize| {
        let key = MarketKey { symbol: format!("A{number}/USDT").parse().unwrap(), ..of.market.clone() };
        world.put_market(&Market { key: key.clone(), ..given.market.clone() });
        Series { market: key, interval: of.interval }
    };
    (0..count).map(one).collect()
}

fn person(number: usize) -> UserId {
    UserId::of(&["person", &number.to_string()])
}

#[test]
fn a_person_s_charts_are_bounded_and_what_is_told_of_one_too_many_is_that_it_is_not_fetched() {
    calmly(&[], async |world, _| {
        let (ann, ben) = (person(1), person(2));
        let all = many(&world, CHARTS_PER_USER_MAX + 1).await;
        for series in &all[..CHARTS_PER_USER_MAX] {
            assert_eq!(note_chart(&world, &ann, series, world.now()).await, Ok(true));
            assert_eq!(note_chart(&world, &ann, series, world.now()).await, Ok(true), "once more is no more");
        }
        let last = &all[CHARTS_PER_USER_MAX];
        assert_eq!(note_chart(&world, &ann, last, world.now()).await, Ok(false));
        assert_eq!(market::Market(&world).list_wishes().await.unwrap().len(), CHARTS_PER_USER_MAX);
        assert_eq!(note_chart(&world, &ben, last, world.now()).await, Ok(true), "another has charts of their own");
        assert_eq!(note_chart(&world, &ann, last, world.now()).await, Ok(true), "it is fetched for another");
        world.sim().sleep(CHART_WANTS_FOR).await;
        assert_eq!(
            note_chart(&world, &ann, last, world.now()).await,
            Ok(true),
            "the others are forgotten after an hour"
        );
    });
}

#[test]
fn all_charts_together_are_bounded_and_a_list_is_not_one_of_them() {
    calmly(&[], async |world, _| {
        let all = many(&world, CHARTS_MAX + 1).await;
        for (number, series) in all.iter().enumerate().take(CHARTS_MAX) {
            let user = person(number / CHARTS_PER_USER_MAX);
            assert_eq!(note_chart(&world, &user, series, world.now()).await, Ok(true), "{number}");
        }
        let (late, last) = (person(99), &all[CHARTS_MAX]);
        assert_eq!(note_chart(&world, &late, last, world.now()).await, Ok(false));
        assert_eq!(note_chart(&world, &late, &all[0], world.now()).await, Ok(true), "what another looks at is one");
        let now = world.now();
        let wish = put_on_list(&world, &late, last, now).await.unwrap();
        assert_eq!((&wish.by, wish.until), (&Wanting::List(late.clone()), Some(now.plus(LIST_WANTS_FOR))));
        assert_eq!(note_chart(&world, &late, last, world.now()).await, Ok(true));
    });
}

#[test]
fn a_list_holds_so_many_and_nothing_that_is_not_known() {
    calmly(&[], async |world, _| {
        let (ann, all) = (person(1), many(&world, SERIES_PER_USER_MAX + 1).await);
        for series in &all[..SERIES_PER_USER_MAX] {
            put_on_list(&world, &ann, series, world.now()).await.unwrap();
        }
        let more = put_on_list(&world, &ann, &all[SERIES_PER_USER_MAX], world.now()).await;
        assert_eq!(more, Err(SeriesError::TooMany));
        put_on_list(&world, &ann, &all[0], world.now()).await.unwrap();
        assert_eq!(list(&world, &ann, world.now()).await.unwrap().len(), SERIES_PER_USER_MAX);
        assert_eq!(list(&world, &person(2), world.now()).await, Ok(Vec::new()));
        let market = MarketKey { symbol: "NOPE/USDT".parse().unwrap(), ..all[0].market.clone() };
        let unknown = Series { market: market.clone(), ..all[0].clone() };
        let refused = SeriesError::UnknownMarket(market);
        assert_eq!(put_on_list(&world, &person(2), &unknown, world.now()).await, Err(refused.clone()));
        assert_eq!(note_chart(&world, &ann, &unknown, world.now()).await, Err(refused));
    });
}

/// Lists of so many people want all that is fetched, and a series more.
#[test]
fn what_a_deployment_has_no_room_for_is_refused_and_never_said_to_be_fetched() {
    calmly(&[], async |world, _| {
        let all = many(&world, SERIES_MAX + 1).await;
        let (last, others) = all.split_last().unwrap();
        for (number, series) in others.iter().enumerate() {
            let user = person(number / SERIES_PER_USER_MAX);
            put_on_list(&world, &user, series, world.now()).await.unwrap();
            world.sim().sleep(Millis::seconds(1)).await;
        }
        let (late, now) = (person(99), world.now());
        assert_eq!(put_on_list(&world, &late, last, now).await, Err(SeriesError::TooManyOfAll));
        assert_eq!(note_chart(&world, &late, last, now).await, Ok(false));
        assert_eq!(market::Market(&world).list_wishes().await.unwrap().len(), SERIES_MAX, "nothing is kept of it");
        put_on_list(&world, &late, &others[0], now).await.unwrap();
        assert_eq!(note_chart(&world, &late, &others[1], now).await, Ok(true), "those of others are fetched");
        put_on_list(&world, &person(1), &others[SERIES_PER_USER_MAX], now).await.unwrap();
        // Whom a bot hears comes first, and whoever came last has no place any more.
        let is_fetched = async |of: &Series| {
            let wanted = Wanted { series: of.clone(), since: None, until: None, limit: 1, warm_up: 0 };
            state(&world, &wanted, world.now()).await.unwrap().is_fetched
        };
        let young = &others[SERIES_MAX - 1];
        assert_eq!([is_fetched(young).await, is_fetched(last).await], [true, false]);
        let by = Wanting::Bot(person(98), RunId::of(&["run"]));
        market::Market(&world).keep_wish(&Wish { series: last.clone(), by, since: now, until: None }).await.unwrap();
        assert_eq!([is_fetched(young).await, is_fetched(last).await], [false, true]);
        assert_eq!(note_chart(&world, &late, young, now).await, Ok(false));
        let owner = person((SERIES_MAX - 1) / SERIES_PER_USER_MAX);
        put_on_list(&world, &owner, young, now).await.unwrap();
        take_off_list(&world, &person(0), &others[2]).await.unwrap();
        assert!(is_fetched(young).await, "there is room again");
    });
}

#[test]
fn what_is_whole_and_long_past_is_good_for_long_and_all_else_until_the_next_candle() {
    calmly(&[Interval::OneMinute], async |world, tape: Tape| {
        let of = series(Interval::OneMinute);
        fetched(&world, &tape, Interval::OneMinute, false).await;
        let now = world.now();
        let seen = async |since: Option<Timestamp>, until: Option<Timestamp>| {
            look(&world, &Wanted { series: of.clone(), since, until, limit: 60, warm_up: 10 }, now).await.unwrap()
        };
        let ago = |minutes: u32| Some(of.interval.opening(now).minus(of.interval.times(minutes)));
        let whole = seen(ago(120), ago(90)).await;
        assert_eq!(
            (whole.before.len(), whole.candles.len(), whole.next, whole.good_for(now)),
            (10, 30, None, GROWN_KEPT)
        );
        let page = seen(ago(200), ago(100)).await;
        assert_eq!((page.candles.len(), page.next), (60, ago(140)));
        let newest = seen(None, None).await;
        assert!(newest.may_change && newest.good_for(now) <= CANDLES_KEPT_MAX, "{:?}", newest.good_for(now));
        assert!(newest.good_for(now) > Millis::ZERO);
        world.lose_candle(&of, ago(100).unwrap());
        assert!(seen(ago(120), ago(90)).await.may_change, "one is missing that may come back");
        let nothing = seen(Some(now.plus(Millis::DAY)), None).await;
        assert_eq!((nothing.before.len(), nothing.candles.len(), nothing.next), (0, 0, None));
        assert!(nothing.may_change);
    });
}

#[test]
fn a_gap_is_told_with_why_it_is_there() {
    calmly(&[Interval::OneMinute], async |world, tape: Tape| {
        let of = series(Interval::OneMinute);
        let state = async |since: Option<Timestamp>, limit: u32| {
            let wanted = Wanted { series: of.clone(), since, until: None, limit, warm_up: 0 };
            state(&world, &wanted, world.now()).await.unwrap()
        };
        let none = state(None, 100).await;
        assert_eq!((none.oldest, none.newest, none.kept, none.freshness), (None, None, 0, None));
        assert_eq!((none.missing(GapKind::Before), none.is_fetched), (100, true));
        let silent = Tape { silent_every: 5, ..tape.clone() };
        fetched(&world, &silent, Interval::OneMinute, false).await;
        let now = world.now();
        let ago = |minutes: u32| of.interval.opening(now).minus(of.interval.times(minutes));
        assert!(state(Some(ago(100)), 60).await.gaps.iter().all(|gap| gap.kind == GapKind::Open), "asked once");
        for _ in 0..4 {
            fetched(&world, &silent, Interval::OneMinute, true).await;
        }
        let told = state(Some(ago(100)), 60).await;
        assert_eq!((told.kept, told.missing(GapKind::Silent), told.missing(GapKind::Open)), (48, 12, 0));
        assert_eq!(told.next, Some(ago(40)));
        let newest = state(Some(ago(4)), 60).await;
        assert!(newest.freshness.is_some_and(|of| of.max < Millis::seconds(300)), "{:?}", newest.freshness);
        let oldest = newest.oldest.unwrap();
        let begins = state(Some(oldest.minus(of.interval.times(3))), 4).await;
        let before = Hole { first: oldest.minus(of.interval.times(3)), end: oldest };
        assert_eq!((begins.kept, begins.gaps), (1, vec![Gap { hole: before, kind: GapKind::Before }]));
        let wishes = market::Market(&world).list_wishes().await.unwrap();
        assert_eq!(wishes.len(), 1, "nobody wants a series because its gaps are asked for");
    });
}

#[test]
fn of_a_market_that_is_not_known_no_gap_is_told_unless_candles_of_it_are_kept() {
    calmly(&[Interval::OneMinute], async |world, tape: Tape| {
        let known = series(Interval::OneMinute);
        let market = MarketKey { symbol: "NOPE/USDT".parse().unwrap(), ..known.market.clone() };
        let gone = Series { market: market.clone(), interval: known.interval };
        let state = async || {
            let wanted = Wanted { series: gone.clone(), since: None, until: None, limit: 60, warm_up: 0 };
            state(&world, &wanted, world.now()).await
        };
        assert_eq!(state().await, Err(SeriesError::UnknownMarket(market)));
        fetched(&world, &tape, Interval::OneMinute, false).await;
        let candles = world.newest_candles(&known).await.unwrap();
        market::Market(&world).keep_candles(&gone, &candles).await.unwrap();
        let oldest = candles.first().map(KeptCandle::opens_at);
        assert_eq!(state().await.map(|state| state.oldest), Ok(oldest), "what was kept stays to be seen");
    });
}

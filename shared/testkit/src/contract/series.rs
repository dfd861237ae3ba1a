//! Candles are kept beside each other and read by their time; whoever wants a series is found until they take it back.

use super::{Given, Harness};
use app::ports::{Failing, Older, PackedMonths, ReadCandles as _, SeriesMark, Wanting, Wish};
use domain::clock::{Millis, Timestamp};
use domain::ids::BackfillId;
use domain::market::{Bar, Candle, CandleSpan, Interval, MarketKey};
use domain::series::{Backfill, BackfillState, KeptCandle, Looks, Month, Series};
use store::market::Market;

/// A series of nobody else.
fn series(given: &Given, interval: Interval) -> Series {
    let own: String = given.user.as_str().bytes().filter(u8::is_ascii_alphanumeric).map(char::from).collect();
    let base: String = own.chars().rev().take(12).collect();
    let symbol = format!("{}/USDT", base.to_ascii_uppercase()).parse().unwrap();
    Series { market: MarketKey { exchange: "BINANCE".parse().unwrap(), symbol }, interval }
}

/// 00:00:00 on a day: a row begins there.
const FIRST: Timestamp = Timestamp::from_millis(1_700_006_400_000);

fn candle(interval: Interval, number: u32, close: &str) -> KeptCandle {
    let opens_at = FIRST.plus(interval.times(number));
    let (low, close) = ("1".parse().unwrap(), close.parse().unwrap());
    let bar = Bar { opens_at, closes_at: opens_at.plus(interval.length()), open: low, high: close, low, close };
    let candle = Candle { bar, volume: "0.5".parse().unwrap(), is_closed: true };
    KeptCandle { candle, kept_at: bar.closes_at.plus(Millis::seconds(7)) }
}

fn span(interval: Interval, from: u32, to: u32) -> CandleSpan {
    CandleSpan::between(interval, FIRST.plus(interval.times(from)), FIRST.plus(interval.times(to)))
}

pub async fn candles_are_read_by_their_time_and_beside_each_other<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    for interval in Interval::ALL {
        let series = series(&given, interval);
        let all: Vec<_> =
            (0..40).filter(|number| number % 7 != 3).map(|number| candle(interval, number, "2.25")).collect();
        Market(store).keep_candles(&series, &all[..9]).await.unwrap();
        Market(store).keep_candles(&series, &all[9..]).await.unwrap();
        let read = async |from, to| store.read_candles(&series, &span(interval, from, to)).await.unwrap();
        assert_eq!(read(0, 40).await, all, "{interval}");
        let within = |from: usize, to: usize| {
            let at = |number: usize| FIRST.plus(interval.times(number.try_into().unwrap()));
            all.iter()
                .filter(|kept| at(from) <= kept.opens_at() && kept.opens_at() < at(to))
                .copied()
                .collect::<Vec<_>>()
        };
        for (from, to) in [(5, 6), (15, 17), (16, 32), (17, 31), (39, 99), (40, 99), (3, 4), (8, 8), (16, 16), (32, 32)]
        {
            assert_eq!(
                read(from, to).await,
                within(from.try_into().unwrap(), to.try_into().unwrap()),
                "{interval} {from}"
            );
        }
    }
    let stranger = series(&Given::nobody(harness), Interval::OneMinute);
    assert_eq!(store.read_candles(&stranger, &span(Interval::OneMinute, 0, 40)).await, Ok(Vec::new()));
}

pub async fn a_candle_that_is_kept_again_takes_the_place_of_the_first<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (series, hour) = (series(&given, Interval::OneHour), Interval::OneHour);
    let first: Vec<_> = (0..4).map(|number| candle(hour, number, "2")).collect();
    Market(store).keep_candles(&series, &first).await.unwrap();
    Market(store).keep_candles(&series, &first).await.unwrap();
    Market(store).keep_candles(&series, &[candle(hour, 2, "3.5")]).await.unwrap();
    Market(store).keep_candles(&series, &[]).await.unwrap();
    let read = store.read_candles(&series, &span(hour, 0, 16)).await.unwrap();
    assert_eq!(read, [first[0], first[1], candle(hour, 2, "3.5"), first[3]]);
}

pub async fn the_newest_candles_are_those_of_the_last_rows<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (series, day) = (series(&given, Interval::OneDay), Interval::OneDay);
    assert_eq!(store.newest_candles(&series).await, Ok(Vec::new()));
    assert_eq!(store.oldest_candle(&series).await, Ok(None));
    let all: Vec<_> = (0..60).map(|number| candle(day, number, "2")).collect();
    for number in [1, 20, 60] {
        Market(store).keep_candles(&series, &all[..number]).await.unwrap();
        let newest = store.newest_candles(&series).await.unwrap();
        assert!(newest.len() >= number.min(16) && all[..number].ends_with(&newest), "{number}: {newest:?}");
        assert_eq!(store.oldest_candle(&series).await, Ok(Some(FIRST)), "{number}");
    }
}

pub async fn what_is_remembered_of_a_series_is_its_own<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (minutes, hours) = (series(&given, Interval::OneMinute), series(&given, Interval::OneHour));
    assert_eq!(Market(store).series_mark(&minutes).await, Ok(SeriesMark::default()));
    let looks = Looks { count: 2, to: Some(given.now) };
    let failing = Some(Failing { since: given.now, detail: "the venue cannot be read now: away".to_owned() });
    let mark = SeriesMark { asked_to: Some(given.now), looks, failing, ..SeriesMark::default() };
    assert_eq!(Market(store).keep_series_mark(&minutes, &mark, 0).await, Ok(true));
    assert_eq!(Market(store).series_mark(&minutes).await, Ok(mark.clone()));
    let older = Older { settled_to: given.now.minus(Millis::DAY), to: given.now, looks };
    let next = SeriesMark { settled_to: Some(given.now), older: Some(older), ..SeriesMark::default() }.changed();
    assert_eq!(Market(store).keep_series_mark(&minutes, &next, 0).await, Ok(true));
    assert_eq!(Market(store).series_mark(&minutes).await, Ok(next.clone()));
    for late in [0, 2] {
        assert_eq!(Market(store).keep_series_mark(&minutes, &mark, late).await, Ok(false), "{late}: another was first");
    }
    assert_eq!(Market(store).series_mark(&minutes).await, Ok(next.clone()));
    let last = SeriesMark { older: None, ..next }.changed();
    assert_eq!(Market(store).keep_series_mark(&minutes, &last, 1).await, Ok(true));
    assert_eq!(Market(store).series_mark(&minutes).await, Ok(last));
    assert_eq!(Market(store).series_mark(&hours).await, Ok(SeriesMark::default()));
    assert_eq!(store.newest_candles(&minutes).await, Ok(Vec::new()), "it is no candle");
}

pub async fn a_wish_is_there_until_it_is_taken_back<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let series = series(&given, Interval::FiveMinutes);
    let own = async || {
        let wishes = Market(store).list_wishes().await.unwrap();
        wishes.into_iter().filter(|wish| wish.series == series).collect::<Vec<_>>()
    };
    let list = Wish { series: series.clone(), by: Wanting::List(given.user.clone()), since: given.now, until: None };
    let chart = Wish { by: Wanting::Chart(given.user.clone()), until: Some(given.now), ..list.clone() };
    Market(store).keep_wish(&list).await.unwrap();
    Market(store).keep_wish(&chart).await.unwrap();
    let found = own().await;
    assert!(found.len() == 2 && found.contains(&list) && found.contains(&chart), "{found:?}");
    let later = Wish { until: Some(given.now.plus(Interval::OneHour.length())), ..chart };
    Market(store).keep_wish(&later).await.unwrap();
    Market(store).drop_wish(&series, &list.by).await.unwrap();
    Market(store).drop_wish(&series, &list.by).await.unwrap();
    assert_eq!(own().await, [later]);
}

pub async fn what_was_told_of_a_series_is_its_own<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (minutes, hours) = (series(&given, Interval::OneMinute), series(&given, Interval::OneHour));
    assert_eq!(Market(store).series_told(&minutes).await, Ok(None));
    for opens_at in [FIRST, FIRST.plus(Interval::OneMinute.length())] {
        Market(store).keep_series_told(&minutes, opens_at).await.unwrap();
        assert_eq!(Market(store).series_told(&minutes).await, Ok(Some(opens_at)));
    }
    assert_eq!(Market(store).series_told(&hours).await, Ok(None));
    assert_eq!(Market(store).series_mark(&minutes).await, Ok(SeriesMark::default()), "it is another row");
}

pub async fn a_backfill_is_kept_on_its_version_and_listed_with_all_others<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (user, now) = (given.user.clone(), given.now);
    let first = Backfill {
        id: BackfillId::at(now, &[user.as_str()]),
        by: user.clone(),
        version: 1,
        series: series(&given, Interval::OneMinute),
        since: FIRST,
        until: now,
        reached: now,
        candles: 0,
        corrected: 0,
        state: BackfillState::Running,
        failures: 0,
        detail: None,
        created_at: now,
        updated_at: now,
    };
    assert_eq!(Market(store).load_backfill(&first.id).await, Ok(None));
    assert_eq!(Market(store).keep_backfill(&first, 1).await, Ok(false), "there is none yet");
    begun(store, &first).await;
    let all = Market(store).backfills_begun().await.unwrap();
    assert_eq!(Market(store).begin_backfill(&first, all).await, Ok(false), "it has begun");
    let second = Backfill { id: BackfillId::at(now, &[user.as_str(), "second"]), ..first.clone() };
    assert_eq!(
        Market(store).begin_backfill(&second, all.saturating_sub(1)).await,
        Ok(false),
        "another has begun since"
    );
    assert_eq!(Market(store).load_backfill(&second.id).await, Ok(None));
    let next = first.clone().having_failed("away".to_owned(), now);
    assert_eq!(Market(store).keep_backfill(&next, 1).await, Ok(true));
    let other = first.clone().ended(BackfillState::Cancelled, None, now);
    assert_eq!(Market(store).keep_backfill(&other, 1).await, Ok(false), "another was first");
    assert_eq!(Market(store).load_backfill(&first.id).await, Ok(Some(next.clone())));
    let later = next.clone().ended(BackfillState::Done, None, now);
    assert_eq!(Market(store).keep_backfill(&later, 2).await, Ok(true));
    let own: Vec<_> =
        Market(store).list_backfills().await.unwrap().into_iter().filter(|other| other.by == user).collect();
    assert_eq!(own, [later], "what is no more is taken off");
}

/// Others begin theirs beside it.
async fn begun<S: store::Engine>(store: &S, backfill: &Backfill) {
    loop {
        let seen = Market(store).backfills_begun().await.unwrap();
        if Market(store).begin_backfill(backfill, seen).await.unwrap() {
            return;
        }
        assert_ne!(Market(store).backfills_begun().await, Ok(seen), "nobody was first");
    }
}

pub async fn a_series_is_noted_once_and_its_months_are_marked<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (hours, fours) = (series(&given, Interval::OneHour), series(&given, Interval::FourHours));
    assert_eq!(Market(store).packed_months(&hours).await, Ok(None));
    Market(store).note_series(&hours).await.unwrap();
    let noted = PackedMonths { series: hours.clone(), packed: None };
    assert_eq!(Market(store).packed_months(&hours).await, Ok(Some(noted)));
    let month = Month::of(FIRST);
    let packed = PackedMonths { series: hours.clone(), packed: Some((month, month.next())) };
    Market(store).keep_packed_months(&packed).await.unwrap();
    Market(store).note_series(&hours).await.unwrap();
    assert_eq!(Market(store).packed_months(&hours).await, Ok(Some(packed.clone())), "it stays as it is");
    assert_eq!(Market(store).packed_months(&fours).await, Ok(None));
    assert!(Market(store).list_packed_months().await.unwrap().contains(&packed));
}

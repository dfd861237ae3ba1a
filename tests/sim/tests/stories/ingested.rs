//! Series that others could starve, hide or spoil: markets that are dead, those that begin, candles that are made of shorter ones, answers
//! that leave something out, and how late each candle comes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use crate::series::{START, Starts, Tape, calmly, fetched, series, wanting};
use app::ingest::{Fetched, Planned, fetch, plan, planned_at};
use app::ports::{CandlesError, Clock, ListCandles, Wanting, Wish};
use app::series::{Wanted, state};
use domain::clock::{Millis, Timestamp};
use domain::ids::{RunId, UserId};
use domain::limits::{
    BEGINNINGS_PER_RUN, FETCH_FOR, SERIES_BEGIN_WITH, SERIES_MAX, SERIES_PER_RUN, WORKERS_PER_MINUTE,
};
use domain::market::{Candle, CandleSpan, Exchange, Interval, Market, MarketKey};
use domain::series::{KeptCandle, Series, holes};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use store::market;
use testkit::sim::{Latency, Plan, Sim};
use testkit::world::World;
use wire::ingest::{Ingest, Todo};

/// A series of another market, which is known.
async fn of(world: &World, exchange: &str, symbol: &str, interval: Interval) -> Series {
    let known = market::Market(world).load_market(&series(interval).market).await.unwrap().unwrap();
    let market = MarketKey { exchange: exchange.parse().unwrap(), symbol: symbol.parse().unwrap() };
    world.put_market(&Market { key: market.clone(), ..known });
    Series { market, interval }
}

async fn wanted(world: &World, series: &Series, since: Timestamp) {
    let by = Wanting::List(UserId::of(&["ann"]));
    market::Market(world).keep_wish(&Wish { series: series.clone(), by, since, until: None }).await.unwrap();
}

async fn all(world: &World, tape: &Tape, series: &[Series], holes: bool) -> Fetched {
    fetch(world, tape, series, holes, |_| true, async |_| {}).await
}

async fn pass(world: &World, seconds: i64) {
    world.sim().sleep(Millis::seconds(seconds)).await;
}

/// A run in each minute for so many of them; every fifth one looks for holes.
async fn minutes(world: &World, tape: &Tape, series: &[Series], minutes: i64) {
    for _ in 0..minutes {
        pass(world, 60).await;
        let minute = world.now().millis().div_euclid(60_000);
        all(world, tape, series, minute.rem_euclid(5) == 0).await;
    }
}

fn volumes(kept: &[KeptCandle]) -> BTreeMap<Timestamp, String> {
    kept.iter().map(|kept| (kept.opens_at(), kept.candle.volume.to_string())).collect()
}

#[test]
fn a_market_that_is_dead_in_every_length_keeps_no_other_waiting_and_a_venue_that_is_away_is_left_alone() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let tape = Tape { dead: &["DEAD/USDT", "GONE/USDT", "LOST/USDT"], ..tape };
        let mut many = Vec::new();
        for interval in [Interval::OneMinute, Interval::FiveMinutes, Interval::FifteenMinutes] {
            many.push(of(&world, "BINANCE", "DEAD/USDT", interval).await);
        }
        let last = of(&world, "BINANCE", "ETH/USDT", Interval::OneMinute).await;
        many.push(last.clone());
        let told = all(&world, &tape, &many, false).await;
        assert_eq!((told.series, told.failed.len(), told.left), (1, 3, 0));
        for symbol in ["GONE/USDT", "LOST/USDT"] {
            let place = many.len() - 1;
            many.insert(place, of(&world, "BINANCE", symbol, Interval::OneMinute).await);
        }
        many.push(of(&world, "KRAKEN", "ETH/USDT", Interval::OneMinute).await);
        pass(&world, 60).await;
        let away = all(&world, &tape, &many, false).await;
        assert_eq!((away.series, away.failed.len(), away.left), (2, 5, 0), "{:?}", away.failed);
        world.set_down("list_candles", true);
        pass(&world, 60).await;
        let mut live = vec![last];
        for symbol in ["A/USDT", "B/USDT", "C/USDT"] {
            live.push(of(&world, "BINANCE", symbol, Interval::OneMinute).await);
        }
        let away = all(&world, &tape, &live, false).await;
        assert_eq!((away.series, away.failed.len(), away.left), (0, 3, 1), "three markets in a row");
    });
}

#[test]
fn markets_that_are_dead_side_by_side_keep_those_behind_them_waiting_for_a_minute_at_most() {
    calmly(&[], async |world, tape| {
        let tape = Tape { dead: &["D1/USDT", "D2/USDT", "D3/USDT"], ..tape };
        let mut live = Vec::new();
        for symbol in ["A1", "A2", "A3", "A4", "A5", "A6", "D1", "D2", "D3", "E1", "E2", "E3", "E4", "E5", "E6"] {
            let one = of(&world, "BINANCE", &format!("{symbol}/USDT"), Interval::OneMinute).await;
            wanted(&world, &one, START).await;
            let from = if symbol.starts_with('D') { Tape { dead: &[], ..tape.clone() } } else { tape.clone() };
            all(&world, &from, std::slice::from_ref(&one), false).await;
            if !symbol.starts_with('D') {
                live.push(one);
            }
        }
        let starts = Starts(world.clone(), tape, Rc::default());
        // At first all have as much to ask for.
        let mut latest = [Millis::ZERO; 2];
        for minute in 0..40 {
            pass(&world, 60).await;
            plan(&world, &starts, "", world.now()).await.unwrap();
            pass(&world, 20).await;
            let newest = |one: &Series| world.candles(one).last().unwrap().candle.bar.closes_at;
            let oldest = live.iter().map(newest).min().unwrap();
            let place = usize::from(minute >= 10);
            latest[place] = latest[place].max(world.now().since(oldest));
            pass(&world, 40).await;
        }
        assert!(latest[0] < Millis::seconds(600) && latest[1] < Millis::seconds(130), "{latest:?}");
    });
}

/// An exchange that takes its time for each answer.
struct Slow(Tape, Millis);

impl ListCandles for Slow {
    async fn list_candles(&self, market: &Market, span: &CandleSpan) -> Result<Vec<Candle>, CandlesError> {
        self.0.world.sim().sleep(self.1).await;
        self.0.list_candles(market, span).await
    }

    fn told_in(&self, _: &Exchange, interval: Interval) -> Interval {
        interval
    }
}

#[test]
fn a_slow_exchange_leaves_out_no_series_twice_in_a_row_that_a_run_has_time_for_half_of() {
    calmly(&[], async |world, tape| {
        let mut many = Vec::new();
        for number in 0..60 {
            many.push(of(&world, "BINANCE", &format!("C{number}/USDT"), Interval::OneMinute).await);
        }
        for some in many.chunks(BEGINNINGS_PER_RUN) {
            all(&world, &tape, some, false).await;
        }
        let slow = Slow(tape, Millis::new(1_500));
        for minute in 0..20 {
            let begun = world.now();
            let ends = begun.plus(FETCH_FOR);
            fetch(&world, &slow, &many, false, |call| ends.since(world.now()) > call, async |_| {}).await;
            let newest = |one: &Series| world.candles(one).last().unwrap().candle.bar.closes_at;
            let oldest = many.iter().map(newest).min().unwrap();
            assert!(
                minute < 3 || begun.since(oldest) < Millis::seconds(240),
                "{minute}: {}",
                begun.since(oldest).get()
            );
            world.sim().sleep(begun.plus(Millis::seconds(60)).since(world.now())).await;
        }
    });
}

/// Its exchange tells its candles while it is not traded, and is asked for its list every few hours.
#[test]
fn a_market_that_goes_from_the_list_is_heard_all_the_same() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let series = series(Interval::OneMinute);
        fetched(&world, &tape, Interval::OneMinute, false).await;
        let market = market::Market(&world).load_market(&series.market).await.unwrap().unwrap();
        market::Market(&world).drop_market(&market).await.unwrap();
        pass(&world, 60).await;
        let told = all(&world, &tape, std::slice::from_ref(&series), false).await;
        assert_eq!((told.series, told.candles, told.failed.len()), (1, 1, 0));
    });
}

/// Nobody has wanted it for two months.
async fn left_alone(world: &World, tape: &Tape) -> Series {
    fetched(world, tape, Interval::FifteenMinutes, true).await;
    pass(world, 60 * 86_400).await;
    series(Interval::FifteenMinutes)
}

fn missing(world: &World, series: &Series) -> u32 {
    let opens: Vec<_> = world.candles(series).iter().map(KeptCandle::opens_at).collect();
    let end = opens.last().unwrap().plus(series.interval.length());
    let span = CandleSpan::between(series.interval, opens[0], end);
    holes(&span, opens).into_iter().map(|hole| hole.span(series.interval).count()).sum()
}

#[test]
fn what_was_left_alone_for_long_has_its_newest_candles_at_once_and_the_others_behind_them() {
    calmly(&[Interval::FifteenMinutes], async |world, tape| {
        let series = left_alone(&world, &tape).await;
        tape.asked.borrow_mut().clear();
        all(&world, &tape, std::slice::from_ref(&series), false).await;
        let kept = world.candles(&series);
        assert_eq!(kept.last().unwrap().candle.bar.closes_at, series.interval.told_to(world.now()));
        let asked: u32 = tape.asked.borrow().iter().map(|(_, count)| count).sum();
        assert!(asked < SERIES_BEGIN_WITH + 10, "{asked}");
        assert!(missing(&world, &series) > 3_000);
        minutes(&world, &tape, std::slice::from_ref(&series), 25).await;
        assert_eq!(missing(&world, &series), 0);
        let settled = market::Market(&world).series_mark(&series).await.unwrap();
        assert_eq!(settled.older, None);
    });
}

#[test]
fn a_series_that_a_bot_has_heard_since_before_is_caught_up_with_from_the_oldest_on() {
    calmly(&[Interval::FifteenMinutes], async |world, tape| {
        let series = series(Interval::FifteenMinutes);
        let by = Wanting::Bot(UserId::of(&["ann"]), RunId::of(&["hers"]));
        market::Market(&world)
            .keep_wish(&Wish { series: series.clone(), by, since: START, until: None })
            .await
            .unwrap();
        left_alone(&world, &tape).await;
        for _ in 0..2 {
            all(&world, &tape, std::slice::from_ref(&series), false).await;
            assert_eq!(missing(&world, &series), 0);
        }
        let newest = world.candles(&series).last().unwrap().candle.bar.closes_at;
        assert_eq!(newest, series.interval.told_to(world.now()));
    });
}

#[test]
fn what_is_current_comes_before_what_begins_and_a_few_alone_begin_in_one_run() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        fetched(&world, &tape, Interval::OneMinute, false).await;
        pass(&world, 60).await;
        let mut many = Vec::new();
        for number in 0..=BEGINNINGS_PER_RUN {
            many.push(of(&world, "BINANCE", &format!("A{number}/USDT"), Interval::OneMinute).await);
        }
        many.push(series(Interval::OneMinute));
        tape.named.borrow_mut().clear();
        let run = all(&world, &tape, &many, false).await;
        assert_eq!(tape.named.borrow()[0], "BTC/USDT");
        assert_eq!((usize::try_from(run.series).unwrap(), run.left), (BEGINNINGS_PER_RUN + 1, 1));
        let begun = many.iter().filter(|one| !world.candles(one).is_empty()).count();
        assert_eq!(begun, BEGINNINGS_PER_RUN + 1);
        assert_eq!(run.oldest().unwrap().0, series(Interval::OneMinute), "one that begins has no age");
        assert_eq!(run.ages.len(), 1);
    });
}

#[test]
fn a_minute_without_trades_costs_no_candle_that_is_made_of_minutes() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let tape = Tape { lacks: &[Interval::FiveMinutes], corrects_for: Millis::seconds(90), ..tape };
        let fives = [series(Interval::FiveMinutes)];
        all(&world, &tape, &fives, true).await;
        assert!(world.candles(&series(Interval::OneMinute)).len() > 1_900, "what it is made of is fetched with it");
        // Nobody trades in the eighth minute.
        let silent = START.plus(Millis::seconds(7 * 60));
        tape.hide(silent, silent.plus(Millis::seconds(60)));
        minutes(&world, &tape, &fives, 50).await;
        let (ones, made) = (world.candles(&series(Interval::OneMinute)), world.candles(&fives[0]));
        let bucket = Interval::FiveMinutes.opening(silent);
        let opens: Vec<_> = made.iter().map(KeptCandle::opens_at).collect();
        let span = CandleSpan::between(Interval::FiveMinutes, opens[0], *opens.last().unwrap());
        assert_eq!(holes(&span, opens.iter().copied()), [], "{:?}", volumes(&made).get(&bucket));
        assert_eq!(volumes(&made)[&bucket], "5", "four minutes of it");
        let parts: Vec<Candle> = ones.iter().map(|kept| kept.candle).collect();
        let joined = Candle::joined(Interval::FiveMinutes, &parts, world.now()).unwrap();
        let expected: BTreeMap<_, _> = joined.iter().map(|one| (one.bar.opens_at, *one)).collect();
        // The last may wait for what is corrected of its last minute.
        for kept in &made[..made.len() - 1] {
            assert_eq!(Some(&kept.candle), expected.get(&kept.opens_at()), "corrections reach what is made");
        }
    });
}

#[test]
fn a_part_that_an_answer_leaves_out_never_makes_a_wrong_candle() {
    calmly(&[Interval::OneHour], async |world, tape| {
        let tape = Tape { lacks: &[Interval::FourHours, Interval::TwoHours], ..tape };
        let fours = [series(Interval::FourHours)];
        let whole =
            |world: &World| world.candles(&fours[0]).iter().all(|kept| kept.candle.volume == "5".parse().unwrap());
        let bucket = Interval::FourHours.opening(START.minus(Millis::seconds(90_000)));
        tape.hide(bucket.plus(Interval::OneHour.length()), bucket.plus(Interval::OneHour.times(2)));
        all(&world, &tape, &fours, true).await;
        let count = world.candles(&fours[0]).len();
        assert!(count > 490 && whole(&world), "{count}");
        tape.show();
        minutes(&world, &tape, &fours, 5).await;
        assert!(whole(&world));
        assert_eq!(world.candles(&fours[0]).len(), count + 1, "it is made once its hour has come");
    });
}

#[test]
fn an_outage_is_mended_however_often_a_silence_before_it_was_looked_at() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let one = [series(Interval::OneMinute)];
        let silent = START.plus(Millis::seconds(120));
        let minute = |number: i64| silent.plus(Millis::seconds(number * 60));
        all(&world, &tape, &one, true).await;
        tape.hide(minute(0), minute(1));
        minutes(&world, &tape, &one, 10).await;
        let mark = market::Market(&world).series_mark(&one[0]).await.unwrap();
        assert_eq!((mark.settled_to, mark.looks.count), (Some(minute(0)), 2), "once more, and it is believed");
        world.set_down("list_candles", true);
        pass(&world, 1_800).await;
        world.set_down("list_candles", false);
        // The first answers leave the outage out.
        tape.hide(minute(0), minute(36));
        minutes(&world, &tape, &one, 6).await;
        tape.hide(minute(0), minute(1));
        minutes(&world, &tape, &one, 10).await;
        let opens: Vec<_> = world.candles(&one[0]).iter().map(KeptCandle::opens_at).collect();
        let left = holes(&CandleSpan::between(Interval::OneMinute, START, minute(40)), opens);
        assert_eq!(left.iter().map(|hole| (hole.first, hole.end)).collect::<Vec<_>>(), [(minute(0), minute(1))]);
    });
}

#[test]
fn a_hole_that_is_told_no_more_hides_none_that_is() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        fetched(&world, &tape, Interval::OneMinute, false).await;
        let kept = world.candles(&series(Interval::OneMinute));
        for place in [1_100, 1_900] {
            world.lose_candle(&series(Interval::OneMinute), kept[place].opens_at());
        }
        let kraken = Tape { tells: Some(720), ..tape };
        let run = fetched(&world, &kraken, Interval::OneMinute, true).await;
        assert_eq!((run.mended, run.failed), (1, Vec::new()));
        assert_eq!(world.candles(&series(Interval::OneMinute)).len(), kept.len() - 1);
    });
}

#[test]
fn what_is_corrected_late_is_asked_for_again_though_the_next_one_closes_in_a_day() {
    calmly(&[Interval::OneDay], async |world, tape| {
        let tape = Tape { corrects_for: Millis::seconds(120), ..tape };
        // Ten seconds after midnight.
        pass(&world, 6_600).await;
        fetched(&world, &tape, Interval::OneDay, false).await;
        let newest = || world.candles(&series(Interval::OneDay)).last().unwrap().candle.volume;
        assert_eq!(newest(), "1".parse().unwrap());
        pass(&world, 290).await;
        let round = fetched(&world, &tape, Interval::OneDay, true).await;
        assert_eq!((round.candles, round.corrected, newest()), (0, 1, "1.25".parse().unwrap()));
        assert!(round.ages.is_empty(), "nothing was due");
    });
}

#[test]
fn one_empty_answer_shortens_no_series_that_begins() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        tape.hide(Timestamp::from_millis(0), START.plus(Millis::DAY));
        for _ in 0..2 {
            assert_eq!(fetched(&world, &tape, Interval::OneMinute, false).await.candles, 0);
            pass(&world, 60).await;
        }
        tape.show();
        assert_eq!(fetched(&world, &tape, Interval::OneMinute, false).await.candles, SERIES_BEGIN_WITH);
    });
}

#[test]
fn a_minute_begins_few_workers_and_each_exchange_is_one_workers() {
    calmly(&[], async |world, tape| {
        let mut since = START;
        for exchange in ["BINANCE", "BYBIT", "KRAKEN", "KUCOIN", "OKX"] {
            for number in 0..4 {
                let one = of(&world, exchange, &format!("A{number}/USDT"), Interval::OneMinute).await;
                since = since.plus(Millis::seconds(1));
                wanted(&world, &one, since).await;
            }
        }
        let starts = Starts(world.clone(), tape, Rc::default());
        let planned = async || {
            starts.2.borrow_mut().clear();
            let planned = plan(&world, &starts, "", world.now()).await.unwrap();
            let lists = starts.2.borrow().iter().map(list).collect::<Vec<_>>();
            (planned, lists)
        };
        let (few, lists) = planned().await;
        assert_eq!(
            few,
            Planned { wanted: 20, left_out: 0, due: 20, given: 20, workers: WORKERS_PER_MINUTE, backfills: 0 }
        );
        let of_list = |list: &Vec<Series>| list.iter().map(|one| one.market.exchange.clone()).collect::<BTreeSet<_>>();
        let exchanges: Vec<_> = lists.iter().flat_map(of_list).collect();
        assert_eq!(exchanges.len(), 5, "no exchange is two workers': {exchanges:?}");
        for number in 0..SERIES_MAX {
            let one = of(&world, "BINANCE", &format!("B{number}/USDT"), Interval::OneMinute).await;
            since = since.plus(Millis::seconds(1));
            wanted(&world, &one, since).await;
        }
        let mut given = BTreeSet::new();
        for _ in 0..3 {
            pass(&world, 60).await;
            let (many, lists) = planned().await;
            assert_eq!((many.wanted, many.left_out, many.due), (SERIES_MAX + 20, 20, SERIES_MAX));
            assert!(many.workers == WORKERS_PER_MINUTE && lists.iter().all(|list| list.len() <= SERIES_PER_RUN));
            given.extend(lists.into_iter().flatten());
        }
        assert_eq!(given.len(), SERIES_MAX, "all had their turn");
        let newest = |one: &Series| one.market.symbol.to_string() == format!("B{}/USDT", SERIES_MAX - 1);
        assert!(!given.iter().any(newest), "who came last is left out");
    });
}

#[test]
fn a_candle_that_is_corrected_late_came_when_it_came_first() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let tape = Tape { corrects_for: Millis::seconds(120), ..tape };
        let one = [series(Interval::OneMinute)];
        all(&world, &tape, &one, false).await;
        pass(&world, 60).await;
        all(&world, &tape, &one, false).await;
        let newest = |world: &World, back: usize| world.candles(&one[0]).into_iter().rev().nth(back).unwrap();
        let first = newest(&world, 0);
        assert_eq!(first.candle.volume, "1".parse().unwrap());
        minutes(&world, &tape, &one, 2).await;
        let corrected = newest(&world, 2);
        assert_eq!((corrected.opens_at(), corrected.kept_at), (first.opens_at(), first.kept_at));
        assert_ne!(corrected.candle.volume, first.candle.volume);
        assert!(corrected.age() < Millis::seconds(60), "{:?}", corrected.age());
    });
}

#[test]
fn a_series_that_is_asked_for_in_vain_says_why_until_it_is_told_again_and_is_written_where_that_changes() {
    // Its trace says what was written.
    let world = wanting(Sim::new(Plan::calm(), START.plus(Millis::seconds(10)), true), &[Interval::OneMinute]);
    let tape = Tape::calm(&world);
    world.sim().clone().block_on("case", async move {
        let one = [series(Interval::OneMinute)];
        let failing = async || state(&world, &asked_for(&one[0]), world.now()).await.unwrap().failing;
        let is_mark = |line: &&str| line.contains("Put Market SER#") && line.ends_with(" S");
        let writes = || world.sim().trace().lines().filter(is_mark).count();
        all(&world, &tape, &one, true).await;
        assert_eq!(failing().await, None);
        let written = writes();
        world.set_down("list_candles", true);
        minutes(&world, &tape, &one, 1).await;
        let told = failing().await.unwrap();
        assert!(told.detail.ends_with("BINANCE:BTC/USDT does not answer"), "{told:?}");
        minutes(&world, &tape, &one, 7).await;
        assert_eq!((failing().await, writes()), (Some(told.clone()), written + 1), "it goes on");
        world.set_down("list_candles", false);
        let dead = Tape { dead: &["BTC/USDT"], ..tape.clone() };
        minutes(&world, &dead, &one, 1).await;
        let other = failing().await.unwrap();
        assert!(other.since == told.since && other.detail.ends_with("Invalid symbol."), "{other:?}");
        assert_eq!(writes(), written + 2);
        minutes(&world, &tape, &one, 1).await;
        assert_eq!((failing().await, writes()), (None, written + 3), "it is told again");
        minutes(&world, &tape, &one, 4).await;
        assert_eq!(writes(), written + 3);
    });
}

fn asked_for(series: &Series) -> Wanted {
    Wanted { series: series.clone(), since: None, until: None, limit: 10, warm_up: 0 }
}

fn list(work: &Ingest) -> Vec<Series> {
    let Todo::Fetch { series, .. } = work.clone().known().unwrap() else { return Vec::new() };
    series.into_iter().map(Series::from).collect()
}

#[test]
fn how_late_a_series_is_grows_while_nothing_comes() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let late = async |tape: &Tape| {
            let run = fetched(&world, tape, Interval::OneMinute, false).await;
            run.oldest().map(|(_, age)| age.get().div_euclid(1_000))
        };
        assert_eq!(late(&tape).await, None, "it begins");
        assert_eq!(late(&tape).await, None, "nothing is due");
        pass(&world, 60).await;
        assert_eq!(late(&tape).await, Some(10));
        world.set_down("list_candles", true);
        pass(&world, 60).await;
        assert_eq!(late(&tape).await, Some(70), "its venue is away");
        pass(&world, 600).await;
        assert_eq!(late(&tape).await, Some(670));
        world.set_down("list_candles", false);
        tape.hide(START, START.plus(Millis::DAY));
        assert_eq!(late(&tape).await, Some(670), "it tells nothing");
        tape.show();
        assert_eq!(late(&tape).await, Some(10), "it has caught up");
    });
}

/// How late candles came over so many minutes: ninety-five of a hundred came sooner.
fn lateness(waits: bool, interval: Interval, exchanges: &'static [(&str, usize)], minutes: u32) -> Millis {
    let ages = Rc::new(RefCell::new(Vec::new()));
    let kept = ages.clone();
    let latency = Latency::Random { store: Millis::new(20), venue: Millis::new(400) };
    let world = wanting(Sim::new(Plan { latency, ..Plan::calm() }, START, false), &[]);
    let tape = Tape::calm(&world);
    world.sim().clone().block_on("a while", async move {
        let mut every = Vec::new();
        for (exchange, many) in exchanges {
            for number in 0..*many {
                let one = of(&world, exchange, &format!("A{number}/USDT"), interval).await;
                wanted(&world, &one, START).await;
                all(&world, &tape, std::slice::from_ref(&one), false).await;
                every.push(one);
            }
        }
        let minute = Interval::OneMinute;
        pass(&world, 60).await;
        let begun = world.now();
        let starts = Starts(world.clone(), tape, Rc::default());
        for run in 1..=minutes {
            // A planner is started in each minute, also where the one before has waited for it.
            let opens = minute.opening(begun).plus(minute.times(run));
            let late = Millis::new(i64::try_from(world.sim().up_to(59_000)).unwrap());
            world.sim().sleep(opens.plus(late).since(world.now()).max(Millis::ZERO)).await;
            let planned_at = if waits { planned_at(world.now()) } else { vec![world.now()] };
            for at in planned_at {
                world.sim().sleep(at.since(world.now()).max(Millis::ZERO)).await;
                plan(&world, &starts, "", world.now()).await.unwrap();
            }
        }
        pass(&world, 60).await;
        for one in &every {
            let all = world.candles(one);
            // From the first minute on in which a planner was started.
            let since =
                all.iter().filter(|kept| kept.candle.bar.closes_at > minute.opening(begun).plus(minute.length()));
            kept.borrow_mut().extend(since.map(KeptCandle::age));
        }
    });
    let mut ages = ages.take();
    ages.sort();
    let series: usize = exchanges.iter().map(|(_, many)| many).sum();
    let closed = usize::try_from(
        interval.told_to(START.plus(Interval::OneMinute.times(minutes))).since(interval.told_to(START)).get()
            / interval.length().get(),
    )
    .unwrap();
    assert!(ages.len() >= series * closed.saturating_sub(2).max(1), "{} of {series} series, {closed} each", ages.len());
    ages[ages.len() * 95 / 100]
}

/// Ninety-five candles of a hundred come within two minutes, and with a planner that waits within one.
fn come_in_time(interval: Interval, exchanges: &'static [(&str, usize)], minutes: u32) {
    let [plain, waits] = [false, true].map(|waits| lateness(waits, interval, exchanges, minutes));
    println!("{interval} {exchanges:?} {plain:?} {waits:?}");
    assert!(plain < Millis::seconds(130), "{plain:?} of {interval} at {exchanges:?}");
    assert!(waits < Millis::seconds(60), "{waits:?} of {interval} at {exchanges:?}");
}

#[test]
fn candles_of_two_exchanges_come_in_time() {
    come_in_time(Interval::OneMinute, &[("BINANCE", 40), ("KRAKEN", 20)], 30);
}

/// As many as a deployment fetches.
#[test]
fn as_many_candles_of_one_exchange_as_are_fetched_come_in_time() {
    come_in_time(Interval::OneMinute, &[("BINANCE", SERIES_MAX)], 12);
}

#[test]
fn as_many_candles_of_several_exchanges_as_are_fetched_come_in_time() {
    come_in_time(Interval::OneMinute, &[("BINANCE", 200), ("KRAKEN", 60), ("COINBASE", 40)], 12);
}

#[test]
fn as_many_candles_of_an_hour_as_are_fetched_come_in_time() {
    come_in_time(Interval::OneHour, &[("BINANCE", SERIES_MAX)], 70);
}

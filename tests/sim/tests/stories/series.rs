//! Series under faults: venues that are away, tell a part of a page, tell one twice, in another order, late or wrong at first, and
//! workers that end anywhere. Once the faults have ended no hole is left, and every candle is as its venue tells it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use app::ingest::{Fetched, Planned, backfill, fetch, plan};
use app::ports::{CandlesError, Clock, ListCandles, StartIngest, StoreError, VenueError, Wanting, Wish};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::limits::{
    CALL_MARGIN, CHART_WANTS_FOR, FETCH_FOR, INGEST_TIMEOUT, SERIES_BEGIN_WITH, SERIES_PER_RUN, WORKERS_PER_MINUTE,
};
use domain::market::{Candle, CandleSpan, Exchange, Interval, Market, MarketKey, ToldCandle};
use domain::series::{KeptCandle, Series, holes};
use std::cell::RefCell;
use std::rc::Rc;
use store::{Engine, market};
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::sim::{Invocation, Latency, Op, Plan, Rates, Sim, Strikes};
use testkit::world::{Strictness, World};
use wire::ingest::{Ingest, Todo};

/// 22:10:00 on a day in November.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_699_999_800_000);

/// What an exchange has, and how it tells it.
#[derive(Clone)]
pub(crate) struct Tape {
    pub(crate) world: World,
    /// Thousandths of the answers that are of each bad kind.
    pub(crate) faults: u32,
    /// Of how many candles in a row one was never traded in; none where it is zero.
    pub(crate) silent_every: i64,
    /// How much longer than a candle is long it counts its trades.
    pub(crate) corrects_for: Millis,
    /// How long a series it tells, where it tells no more.
    pub(crate) tells: Option<i64>,
    /// Candles that it never tells, since they are made of shorter ones.
    pub(crate) lacks: &'static [Interval],
    /// Names of markets of which it tells nothing but that they are none.
    pub(crate) dead: &'static [&'static str],
    /// Candles that open in this time are left out of its answers.
    pub(crate) hidden: Rc<RefCell<Option<(Timestamp, Timestamp)>>>,
    pub(crate) asked: Rc<RefCell<Vec<(Interval, u32)>>>,
    /// Markets in the order in which it was asked about them.
    pub(crate) named: Rc<RefCell<Vec<String>>>,
}

impl Tape {
    pub(crate) fn calm(world: &World) -> Self {
        Self {
            world: world.clone(),
            faults: 0,
            silent_every: 0,
            corrects_for: Millis::ZERO,
            tells: None,
            lacks: &[],
            dead: &[],
            hidden: Rc::default(),
            asked: Rc::default(),
            named: Rc::default(),
        }
    }

    pub(crate) fn hide(&self, from: Timestamp, to: Timestamp) {
        *self.hidden.borrow_mut() = Some((from, to));
    }

    pub(crate) fn show(&self) {
        *self.hidden.borrow_mut() = None;
    }

    fn is_silent(&self, interval: Interval, opens_at: Timestamp) -> bool {
        let number = opens_at.millis().div_euclid(interval.length().get());
        self.silent_every > 0 && number.rem_euclid(self.silent_every) == 0
    }

    /// As it is told once nothing of it is corrected any more.
    pub(crate) fn truth(interval: Interval, opens_at: Timestamp) -> ToldCandle {
        let number = opens_at.millis().div_euclid(interval.length().get());
        let price = |value: i64| value.to_string().parse().unwrap();
        let open = 1_000 + number.rem_euclid(97);
        let prices = [price(open), price(open + 3), price(open - 2), price(open + 1)];
        ToldCandle { opens_at, prices, volume: "1.25".parse().unwrap() }
    }

    fn told(&self, span: &CandleSpan, now: Timestamp) -> Vec<ToldCandle> {
        let interval = span.interval();
        let is_hidden = |at: Timestamp| self.hidden.borrow().is_some_and(|(from, to)| from <= at && at < to);
        let there = |at: &Timestamp| !self.is_silent(interval, *at) && !is_hidden(*at);
        let one = |at: Timestamp| {
            let truth = Self::truth(interval, at);
            let is_early = now.since(at.plus(interval.length())) < self.corrects_for;
            if is_early { ToldCandle { volume: "1".parse().unwrap(), ..truth } } else { truth }
        };
        let mut told: Vec<_> = span.opens().filter(there).map(one).collect();
        let sim = self.world.sim();
        let place = |told: &[ToldCandle]| usize::try_from(sim.up_to(told.len().try_into().unwrap())).unwrap();
        if sim.chance(self.faults) {
            let (from, to) = (place(&told), place(&told));
            told.drain(from.min(to)..from.max(to));
        }
        if sim.chance(self.faults) && told.len() > 1 {
            told.insert(1, told[0]);
        }
        if sim.chance(self.faults) && told.len() > 1 {
            told.swap(0, 1);
        }
        if sim.chance(self.faults) {
            told.pop();
        }
        told
    }
}

impl ListCandles for Tape {
    async fn list_candles(&self, market: &Market, span: &CandleSpan) -> Result<Vec<Candle>, CandlesError> {
        self.asked.borrow_mut().push((span.interval(), span.count()));
        self.named.borrow_mut().push(market.key.symbol.to_string());
        assert!(!self.lacks.contains(&span.interval()), "such candles are made of shorter ones");
        self.world.sim().point(Op::venue_read("list_candles")).await;
        let away = |why: String| CandlesError::Venue(VenueError::Unavailable(why));
        if self.world.sim().chance(self.faults) || self.world.is_down("list_candles") {
            return Err(away(format!("{} does not answer", market.key)));
        }
        if self.dead.contains(&&*market.key.symbol.to_string()) {
            return Err(away("Invalid symbol.".to_owned()));
        }
        let now = self.world.now();
        let oldest = self
            .tells
            .map(|tells| span.interval().opening(now).minus(Millis::new(tells * span.interval().length().get())));
        if oldest.is_some_and(|oldest| span.first() < oldest) {
            return Err(CandlesError::NotTold("the last ones alone are told".to_owned()));
        }
        span.read(self.told(span, now), now).map_err(|bad| away(bad.to_string()))
    }

    fn told_in(&self, _: &Exchange, interval: Interval) -> Interval {
        interval.longest_of(|one| !self.lacks.contains(&one)).unwrap_or(interval)
    }
}

/// Runs whatever is started as Lambda does: in a process of its own, which may end anywhere.
#[derive(Clone)]
pub(crate) struct Starts(pub(crate) World, pub(crate) Tape, pub(crate) Rc<RefCell<Vec<Ingest>>>);

impl StartIngest for Starts {
    async fn start_ingest(&self, work: &Ingest, _: Timestamp) -> Result<(), StoreError> {
        self.2.borrow_mut().push(work.clone());
        let (world, tape, work) = (self.0.clone(), self.1.clone(), work.clone());
        let future = async move { run(&world, &tape, work).await };
        let invocation = Invocation { name: "ingest".into(), limit: Some(INGEST_TIMEOUT), strikable: true, future };
        self.0.sim().spawn(invocation, |_| ());
        Ok(())
    }
}

async fn run<D: Engine>(deps: &D, venue: &Tape, work: Ingest) -> Fetched {
    let (begun, timeout) = (deps.now(), INGEST_TIMEOUT);
    let (series, holes) = match work.known().unwrap() {
        Todo::Fetch { series, holes } => (series, holes),
        Todo::Backfill { id } => {
            let ends = begun.plus(timeout);
            let done = backfill(deps, venue, &id.0, |call| ends.since(deps.now()) > call.plus(CALL_MARGIN)).await;
            return Fetched { candles: done.map(|done| done.candles).unwrap_or_default(), ..Fetched::default() };
        }
        Todo::Plan => return Fetched::default(),
    };
    let series: Vec<_> = series.into_iter().map(Series::from).collect();
    let ends = begun.plus(FETCH_FOR.min(timeout));
    fetch(deps, venue, &series, holes, |call| ends.since(deps.now()) > call.plus(CALL_MARGIN), async |_| {}).await
}

pub(crate) fn series(interval: Interval) -> Series {
    let market = MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    Series { market, interval }
}

/// A world in which Ann wants these series, and their market is known.
pub(crate) fn wanting(sim: Sim, intervals: &'static [Interval]) -> World {
    let world = World::new(sim, Strictness::default());
    let inner = world.clone();
    world.sim().block_on("seed", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        inner.put_market(&Market { key: series(Interval::OneMinute).market, ..given.market.clone() });
        for interval in intervals {
            let series = series(*interval);
            let by = Wanting::List(UserId::of(&["ann"]));
            market::Market(&inner).keep_wish(&Wish { series, by, since: START, until: None }).await.unwrap();
        }
    });
    world
}

/// A planner in each minute of an hour with faults, and in half an hour without.
fn an_hour(seed: u64, silent_every: i64) {
    const INTERVALS: &[Interval] = &[Interval::OneMinute, Interval::FiveMinutes, Interval::FifteenMinutes];
    let rates = Rates { crash: 60, lose_reply: 30, refuse: 30, late: 20, too_late: 10, spared: None };
    let latency = Latency::Random { store: Millis::new(20), venue: Millis::new(400) };
    let plan_of = Plan { seed, strikes: Strikes::Random(rates), latency, shuffled: true, ..Plan::calm() };
    let world = wanting(Sim::new(plan_of, START, false), INTERVALS);
    let tape = Tape { faults: 80, silent_every, ..Tape::calm(&world) };
    let starts = Starts(world.clone(), tape.clone(), Rc::default());
    let end = START.plus(Millis::seconds(95 * 60));
    for minute in 0..95 {
        let (world, starts) = (world.clone(), starts.clone());
        let jitter = Millis::new(i64::try_from(world.sim().up_to(50_000)).unwrap());
        let at = START.plus(Millis::seconds(minute * 60)).plus(jitter);
        world.sim().clone().at(at, move || {
            let (inner, sim) = (world.clone(), world.sim().clone());
            let future = async move { plan(&inner, &starts, "", inner.now()).await.map(drop) };
            sim.spawn(Invocation { name: "plan".into(), limit: None, strikable: true, future }, |_| ());
        });
    }
    let sim = world.sim().clone();
    world.sim().at(START.plus(Millis::seconds(60 * 60)), move || sim.end_faults());
    world.sim().run_until(end, &mut || (), &mut || false);
    for interval in INTERVALS {
        whole(&world, &tape, *interval, &format!("seed {seed}"));
    }
    assert_eq!(world.sim().violations(), Vec::<String>::new());
}

/// From the first candle that is kept to the last that has closed each is there once as its venue tells it, but for those in which
/// nobody has traded.
fn whole(world: &World, tape: &Tape, interval: Interval, of: &str) {
    let kept = world.candles(&series(interval));
    let opens: Vec<_> = kept.iter().map(KeptCandle::opens_at).collect();
    assert!(kept.len() > 1_000, "{of}: {} of {interval}", kept.len());
    assert!(opens.windows(2).all(|pair| pair[0] < pair[1]), "{of}: one is kept twice");
    let last = interval.told_to(world.now().minus(Millis::seconds(120)));
    let span = CandleSpan::between(interval, opens[0], last);
    let missing = holes(&span, opens.iter().copied());
    let traded = |at: &Timestamp| !tape.is_silent(interval, *at);
    let lost: Vec<_> = missing.iter().flat_map(|hole| hole.span(interval).opens()).filter(traded).collect();
    assert_eq!(lost, Vec::<Timestamp>::new(), "{of}: holes in {interval}");
    for one in kept {
        let span = CandleSpan::between(interval, one.opens_at(), one.candle.bar.closes_at);
        let truth = span.read([Tape::truth(interval, one.opens_at())], world.now()).unwrap();
        assert_eq!(truth, [one.candle], "{of}: {interval}");
    }
}

#[test]
fn after_an_hour_of_faults_no_hole_stays_and_none_is_kept_twice() {
    for seed in 0..40 {
        an_hour(seed, 0);
    }
}

#[test]
fn where_nobody_traded_there_is_none_and_all_others_are_there() {
    for seed in 100..120 {
        an_hour(seed, 7);
    }
}

/// One worker after another, on what is kept.
pub(crate) fn calmly(intervals: &'static [Interval], case: impl AsyncFnOnce(World, Tape) + 'static) {
    let world = wanting(Sim::new(Plan::calm(), START.plus(Millis::seconds(10)), false), intervals);
    let (inner, tape) = (world.clone(), Tape::calm(&world));
    world.sim().block_on("case", async move { case(inner, tape).await });
    assert_eq!(world.sim().violations(), Vec::<String>::new());
}

pub(crate) async fn fetched(world: &World, tape: &Tape, interval: Interval, holes: bool) -> Fetched {
    fetch(world, tape, &[series(interval)], holes, |_| true, async |_| {}).await
}

#[test]
fn a_worker_asks_for_what_has_closed_and_for_nothing_where_nothing_has() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let first = fetched(&world, &tape, Interval::OneMinute, false).await;
        assert_eq!((first.series, first.candles), (1, SERIES_BEGIN_WITH));
        let asked = |tape: &Tape| tape.asked.borrow_mut().drain(..).map(|(_, count)| count).collect::<Vec<_>>();
        assert_eq!(asked(&tape), [1_000, 1_000]);
        assert_eq!(
            fetched(&world, &tape, Interval::OneMinute, false).await,
            Fetched { series: 1, ..Fetched::default() }
        );
        assert!(asked(&tape).is_empty());
        world.sim().sleep(Millis::seconds(60)).await;
        let next = fetched(&world, &tape, Interval::OneMinute, false).await;
        assert_eq!((next.candles, next.corrected), (1, 0));
        let (of, age) = next.oldest().unwrap();
        assert_eq!(*of, series(Interval::OneMinute));
        assert!(*age > Millis::seconds(9) && *age < Millis::seconds(12), "{age:?}");
        assert_eq!(asked(&tape), [3], "the last two once more");
    });
}

#[test]
fn what_a_venue_corrects_late_takes_the_place_of_what_it_said_first() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let tape = Tape { corrects_for: Millis::seconds(30), ..tape };
        fetched(&world, &tape, Interval::OneMinute, false).await;
        let newest = || world.candles(&series(Interval::OneMinute)).last().unwrap().candle;
        let (first, said) = (newest().bar.opens_at, newest().volume);
        assert_eq!(said, "1".parse().unwrap());
        world.sim().sleep(Millis::seconds(60)).await;
        let next = fetched(&world, &tape, Interval::OneMinute, false).await;
        assert_eq!((next.candles, next.corrected), (1, 1));
        let all = world.candles(&series(Interval::OneMinute));
        let corrected: Vec<_> = all.iter().filter(|kept| kept.opens_at() == first).collect();
        assert_eq!((corrected.len(), corrected[0].candle.volume), (1, "1.25".parse().unwrap()));
    });
}

#[test]
fn a_candle_that_is_gone_is_asked_for_again_and_a_silence_is_not_asked_for_for_ever() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let tape = Tape { silent_every: 5, ..tape };
        fetched(&world, &tape, Interval::OneMinute, false).await;
        let lost = world.candles(&series(Interval::OneMinute))[700].opens_at();
        world.lose_candle(&series(Interval::OneMinute), lost);
        let mended = fetched(&world, &tape, Interval::OneMinute, true).await;
        assert_eq!((mended.mended, mended.candles), (1, 0));
        for _ in 0..4 {
            tape.asked.borrow_mut().clear();
            assert_eq!(fetched(&world, &tape, Interval::OneMinute, true).await.mended, 0);
        }
        let asked: u32 = tape.asked.borrow().iter().map(|(_, count)| count).sum();
        assert!(asked <= 15, "the venue was asked for {asked} once it had left them out again and again");
        let settled =
            market::Market(&world).series_mark(&series(Interval::OneMinute)).await.unwrap().settled_to.unwrap();
        assert!(world.now().since(settled) < Millis::seconds(1_000), "but for the last quarter of an hour");
    });
}

#[test]
fn a_market_that_nobody_trades_any_more_is_asked_for_little() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let dead = Tape { silent_every: 1, ..tape };
        for _ in 0..30 {
            fetched(&world, &dead, Interval::OneMinute, false).await;
            world.sim().sleep(Millis::seconds(60)).await;
        }
        let asked: Vec<_> = dead.asked.borrow_mut().drain(..).map(|(_, count)| count).collect();
        assert_eq!(asked[..6], [1_000; 6], "it is believed after three looks");
        assert!(asked[6..].iter().all(|count| *count < 80), "{asked:?}");
    });
}

#[test]
fn an_exchange_that_tells_little_is_asked_for_that_and_shorter_ones_make_what_it_never_tells() {
    calmly(&[Interval::OneMinute, Interval::OneHour], async |world, tape| {
        let kraken = Tape { tells: Some(720), ..tape.clone() };
        let first = fetched(&world, &kraken, Interval::OneMinute, true).await;
        assert_eq!((first.candles, first.failed), (700, Vec::new()));
        let never = Tape { tells: Some(0), ..tape };
        let made = fetched(&world, &never, Interval::OneHour, false).await;
        assert_eq!(made.failed, Vec::new());
        let hours = world.candles(&series(Interval::OneHour));
        assert_eq!(hours.len(), 11, "of seven hundred minutes");
        assert_eq!(hours[10].candle.volume, "75".parse().unwrap());
    });
}

#[test]
fn one_that_is_not_known_keeps_no_other_waiting() {
    calmly(&[Interval::OneMinute], async |world, tape| {
        let known = series(Interval::OneMinute);
        let symbol = "NOPE/USDT".parse().unwrap();
        let unknown = Series { market: MarketKey { symbol, ..known.market.clone() }, ..known.clone() };
        let both = fetch(&world, &tape, &[unknown.clone(), known.clone()], false, |_| true, async |_| {}).await;
        assert_eq!((both.series, both.failed.len(), both.left), (1, 1, 0));
        assert_eq!((&both.failed[0].0, both.failed[0].1.to_string()), (&unknown, "the market is not known".to_owned()));
        let late = fetch(&world, &tape, &[known.clone(), known], false, |_| false, async |_| {}).await;
        assert_eq!((late.failed.len(), late.left), (0, 1));
    });
}

#[test]
fn what_nobody_wants_any_more_is_not_planned_and_many_are_shared_out() {
    calmly(&[Interval::OneMinute, Interval::OneDay], async |world, tape| {
        let starts = Starts(world.clone(), tape, Rc::default());
        let planned = async |now| plan(&world, &starts, "trace", now).await.unwrap();
        let minute = |minute: i64| START.plus(Millis::seconds(minute * 60 + 7));
        let of = |wanted, due, given, workers| Planned { wanted, left_out: 0, due, given, workers, backfills: 0 };
        assert_eq!(planned(minute(3)).await, of(2, 1, 1, 1));
        assert_eq!(planned(minute(5)).await, of(2, 2, 2, 1));
        let begun = |work: &Ingest| match work.clone().known().unwrap() {
            Todo::Fetch { series, holes } => (series.len(), holes),
            Todo::Plan | Todo::Backfill { .. } => (0, false),
        };
        assert_eq!(starts.2.borrow().iter().map(begun).collect::<Vec<_>>(), [(1, false), (2, true)]);
        for interval in [Interval::OneMinute, Interval::OneDay] {
            market::Market(&world).drop_wish(&series(interval), &Wanting::List(UserId::of(&["ann"]))).await.unwrap();
        }
        let until = Some(START.plus(CHART_WANTS_FOR));
        let chart = |series: Series| Wish { series, by: Wanting::Chart(UserId::of(&["ann"])), since: START, until };
        for number in 0..=SERIES_PER_RUN {
            let symbol = format!("A{number}/USDT").parse().unwrap();
            let market = MarketKey { symbol, ..series(Interval::OneMinute).market };
            market::Market(&world).keep_wish(&chart(Series { market, interval: Interval::OneMinute })).await.unwrap();
        }
        let many = SERIES_PER_RUN + 1;
        let shared = "more than one worker has room for is shared out";
        assert_eq!(planned(minute(59)).await, of(many, many, many, WORKERS_PER_MINUTE), "{shared}");
        assert_eq!(planned(minute(60)).await, Planned::default());
    });
}

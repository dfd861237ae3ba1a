//! Backtests under faults: workers that end anywhere, are begun twice and at once, and answers that are lost. Whatever happens one ends
//! once, with what the engine says of the same candles.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test")]

use crate::series::{START, series, wanting};
use app::ports::{Clock, ResultPart};
use backtest::{Bar, Stats, months};
use domain::backtests::{Backtest, BacktestState, NoMore};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, UserId};
use domain::limits::{
    BACKTEST_READS_FOR, BACKTEST_SPREAD_GOES_ON_FOR, BACKTEST_TIMEOUT, BACKTESTS_AT_ONCE, BACKTESTS_PER_USER_MAX,
};
use domain::market::{self, Candle, Interval};
use domain::series::KeptCandle;
use research::{BacktestError, WorkError, Worker};
use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::rc::Rc;
use store::market::Market;
use store::objects::Results;
use testkit::sim::{Invocation, Latency, Plan, Rates, Sim, Strike, Strikes};
use testkit::world::World;
use trials::{Asked, AskedSweep, Carried, Chosen, Report, Sweep};
use wire::backtest::{Planned, Step, Work, unpack};

const HOUR: Interval = Interval::OneHour;
const CANDLES: u32 = 240;
/// So few that the sweep of these stories is spread.
const ALONE: u64 = 1_000;
const SWEEP: &str = r#", "sweep": {"tried": {"fast": "3:6:1", "slow": "5,13,21"}, "by": "return"}"#;
const TPE: &str = r#", "sweep": {"tried": {"fast": "3:24:1", "slow": "10:30:1"}, "search": "tpe", "tries": 40}"#;

fn ann() -> UserId {
    UserId::of(&["ann"])
}

fn first() -> Timestamp {
    HOUR.opening(START).minus(HOUR.times(CANDLES))
}

fn prices(number: u32) -> [String; 4] {
    let wave = (f64::from(number) / 7.0).sin() * 20.0 + (f64::from(number) / 3.0).cos() * 6.0;
    [wave, wave + 3.0, wave - 3.0, wave + 1.0].map(|price| format!("{:.2}", price + 100.0))
}

fn kept(number: u32) -> KeptCandle {
    let opens_at = first().plus(HOUR.times(number));
    let [open, high, low, close] = prices(number).map(|price| price.parse().unwrap());
    let bar = market::Bar { opens_at, closes_at: opens_at.plus(HOUR.length()), open, high, low, close };
    KeptCandle {
        candle: Candle { bar, volume: "1.5".parse().unwrap(), is_closed: true },
        kept_at: bar.closes_at.plus(Millis::seconds(5)),
    }
}

/// The same as the engine reads them.
fn candles() -> Vec<backtest::Candle> {
    let candle = |number| {
        let [open, high, low, close] = prices(number).map(|price| price.parse().unwrap());
        let bar = Bar::new(open, high, low, close, 1.5).unwrap();
        backtest::Candle { time_ms: kept(number).opens_at().millis(), bar }
    };
    (0..CANDLES).map(candle).collect()
}

fn parameters() -> Vec<(String, String)> {
    [("fast", "4"), ("slow", "11")].map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// What the market of these stories says of itself, where nothing is said.
fn asked(parameters: Vec<(String, String)>) -> Asked {
    Asked {
        strategy: Some("ema_cross".to_owned()),
        parameters,
        fee_rate: Some("0.001".to_owned()),
        quantity_step: Some("0.00001".to_owned()),
        price_tick: Some("0.01".to_owned()),
        notional_min: Some("5".to_owned()),
        ..Asked::default()
    }
}

fn body(rest: &str) -> String {
    let (since, until) = (wire::view::time(first()), wire::view::time(HOUR.opening(START)));
    format!(
        r#"{{"exchange": "BINANCE", "symbol": "BTC/USDT", "timeframe": "1h", "since": "{since}", "until": "{until}",
             "strategy": "ema_cross", "fee_rate": 0.001, "quantity_step": "0.00001", "price_tick": 0.01, "notional_min": 5{rest}}}"#
    )
}

const ONCE: &str = r#", "parameters": {"fast": 4, "slow": 11}"#;

/// As the command line tells it.
fn once() -> String {
    let (asked, candles) = (asked(parameters()), candles());
    let given = [("fast", "4"), ("slow", "11")];
    let player = Carried::of(&asked).unwrap().player(&Chosen::of(&asked).unwrap(), &given, "param").unwrap();
    let played = player.play(&candles).unwrap();
    let (stats, months) = (Stats::of(&candles, &played.run), months(&candles, &played.run.equity));
    assert!(stats.trades > 4, "{stats:?}");
    let report = Report { run: played.run, steps: played.steps, stats, months, doubted: None };
    serde_json::to_string(&report.told()).unwrap()
}

/// The same of many, all at once.
fn swept(wanted: &AskedSweep, tried: &[(&str, &str, &str)]) -> serde_json::Value {
    let (sweep, candles) = (Sweep::of(&asked(Vec::new()), wanted, tried).unwrap(), candles());
    let score = |stats: &Stats| sweep.score.rank(stats);
    let (tries, skipped) = sweep.tries(NonZeroUsize::MIN, |point| sweep.outcome(point, &candles).unwrap(), score);
    let ranked = sweep.ranked(tries);
    let told: Vec<_> = ranked.iter().map(|one| sweep.told_try(one)).collect();
    // As texts: a number that is read again may be another one.
    let text = format!(
        r#"{{"by":"{}","tried":{},"skipped":{skipped},"tries":{}}}"#,
        sweep.score.name,
        told.len(),
        serde_json::to_string(&told).unwrap()
    );
    serde_json::from_str(&text).unwrap()
}

fn grid() -> serde_json::Value {
    let wanted = AskedSweep { by: Some("return".to_owned()), ..AskedSweep::default() };
    swept(&wanted, &[("fast", "3:6:1", ""), ("slow", "5,13,21", "")])
}

fn learning() -> serde_json::Value {
    let said = |text: &str| Some(text.to_owned());
    let wanted = AskedSweep { search: said("tpe"), tries: said("40"), ..AskedSweep::default() };
    swept(&wanted, &[("fast", "3:24:1", ""), ("slow", "10:30:1", "")])
}

fn seeded(plan: Plan) -> World {
    let world = wanting(Sim::new(plan, START, false), &[HOUR]);
    let inner = world.clone();
    world.sim().block_on("candles", async move {
        let kept: Vec<_> = (0..CANDLES).map(kept).collect();
        Market(&inner).keep_candles(&series(HOUR), &kept).await.unwrap();
    });
    world
}

async fn submitted(world: &World, rest: &str, attempt: &str) -> Result<Backtest, BacktestError> {
    submitted_by(&ann(), world, rest, attempt).await
}

async fn submitted_by(user: &UserId, world: &World, rest: &str, attempt: &str) -> Result<Backtest, BacktestError> {
    let asked = wire::backtest::Asked::read(&body(rest), world.now()).unwrap();
    let run = (&AttemptId::new(attempt), "");
    research::submit((world, world), asked, user, run, BACKTESTS_AT_ONCE, world.now()).await.map(|kept| kept.backtest)
}

async fn worked(world: &World, work: &Work) -> Result<Option<Planned>, WorkError> {
    let cores = NonZeroUsize::MIN;
    let worker = Worker { deps: world, results: world, machine: world, clock: world, cores, alone_bars: ALONE };
    worker.work(work).await
}

fn run<T: 'static>(
    world: &World,
    name: &str,
    work: impl Future<Output = T> + 'static,
    ended: impl FnOnce(Option<T>) + 'static,
) {
    let invocation = Invocation { name: name.into(), limit: None, strikable: true, future: work };
    world.sim().spawn(invocation, ended);
}

/// Until it comes to something: twice at once, where that is said, as whoever retries does not know what became of the first.
async fn insisted(world: &World, work: Work, twice: bool) -> Option<Planned> {
    let done: Rc<RefCell<Option<Option<Planned>>>> = Rc::default();
    for _ in 0..40 {
        for _ in 0..if twice { 2 } else { 1 } {
            let (inner, work, done) = (world.clone(), work.clone(), done.clone());
            run(world, "work", async move { worked(&inner, &work).await }, move |came| {
                if let Some(Ok(answer)) = came {
                    *done.borrow_mut() = Some(answer);
                }
            });
        }
        world.sim().sleep(Millis::seconds(30)).await;
        if let Some(answer) = done.borrow().clone() {
            return answer;
        }
    }
    panic!("it comes to nothing")
}

/// What the state machine does.
async fn spread(world: World, work: Work, twice: bool) {
    let planned = insisted(&world, work.clone(), twice).await.unwrap();
    for part in planned.parts {
        insisted(&world, part, twice).await;
    }
    insisted(&world, work.then(Step::Gather), twice).await;
}

/// Somebody asks until it is taken, and looks each minute; workers run as they are begun.
fn story(world: &World, rest: &'static str, twice: bool, cancels_at: Option<i64>) -> Backtest {
    let kept: Rc<RefCell<Option<Backtest>>> = Rc::default();
    for minute in 0..60 {
        let (world, kept) = (world.clone(), kept.clone());
        world.sim().clone().at(START.plus(Millis::seconds(minute * 60)), move || {
            let (inner, known) = (world.clone(), kept.borrow().clone());
            let asking = async move {
                match known {
                    None => submitted(&inner, rest, "a").await.ok(),
                    Some(known) => {
                        research::look((&inner, &inner), &ann(), &known.id, "", inner.now()).await.ok().map(|it| it.0)
                    }
                }
            };
            run(&world, "ask", asking, move |came| {
                if let Some(Some(found)) = came {
                    *kept.borrow_mut() = Some(found);
                }
            });
        });
    }
    if let Some(at) = cancels_at {
        let world = world.clone();
        world.sim().clone().at(world.now().plus(Millis::new(at)), move || {
            let (inner, known) = (world.clone(), kept.borrow().clone());
            let cancelled = async move {
                let known = known.unwrap();
                research::cancel(&inner, &ann(), &known.id, inner.now()).await.unwrap();
            };
            let invocation = Invocation { name: "cancel".into(), limit: None, strikable: false, future: cancelled };
            world.sim().spawn(invocation, |_| ());
        });
    }
    let (inner, mut machines) = (world.clone(), 0);
    let mut idle = move || {
        for work in inner.workers_begun() {
            for _ in 0..if twice { 2 } else { 1 } {
                let (world, work) = (inner.clone(), work.clone());
                run(&inner, "begin", async move { worked(&world, &work).await.map(drop) }, |_| ());
            }
        }
        for work in inner.spread().into_iter().skip(machines) {
            machines += 1;
            let future = spread(inner.clone(), work, twice);
            let invocation = Invocation { name: "machine".into(), limit: None, strikable: false, future };
            inner.sim().spawn(invocation, |_| ());
        }
    };
    let sim = world.sim().clone();
    world.sim().at(START.plus(Millis::seconds(30 * 60)), move || sim.end_faults());
    world.sim().run_until(START.plus(Millis::seconds(61 * 60)), &mut idle, &mut || false);
    assert_eq!(world.sim().violations(), Vec::<String>::new());
    let inner = world.clone();
    world.sim().block_on("look", async move {
        let mut all = Market(&inner).list_backtests(&ann()).await.unwrap();
        assert_eq!(all.len(), 1, "asked for again it is the same one");
        all.pop().unwrap()
    })
}

fn result(world: &World, backtest: &Backtest) -> Option<String> {
    let (inner, id) = (world.clone(), backtest.id.clone());
    let packed = world
        .sim()
        .block_on("result", async move { Results(&inner).kept(&id, ResultPart::Whole, inner.now()).await.unwrap() });
    packed.map(|packed| unpack(&packed).unwrap())
}

fn read(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

fn assert_done(world: &World, ended: &Backtest, expected: &serde_json::Value, what: &str) {
    assert_eq!((ended.state, &ended.why), (BacktestState::Done, &None), "{what}");
    assert_eq!(&read(&result(world, ended).unwrap()), expected, "{what}");
    let (done, of) = ended.progress();
    assert!(done <= of && ended.figures.is_some(), "{what}");
}

#[test]
fn one_comes_to_what_the_command_line_tells_to_the_last_digit() {
    let world = seeded(Plan::calm());
    let ended = story(&world, ONCE, false, None);
    assert_eq!(result(&world, &ended).unwrap(), once());
    assert_eq!((ended.state, ended.progress()), (BacktestState::Done, (1, 1)));
    let figures = ended.figures.unwrap();
    let stats = figures.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap();
    assert!(once().contains(stats), "figures are those of the result");
}

#[test]
fn many_come_to_the_ranking_of_all_at_once() {
    let world = seeded(Plan::calm());
    let ended = story(&world, SWEEP, false, None);
    assert!(ended.plan.as_ref().unwrap().is_spread && ended.plan.as_ref().unwrap().parts() > 1, "{ended:?}");
    // Of twelve points two contradict themselves.
    assert_eq!((ended.progress(), &grid()["skipped"]), ((10, 10), &serde_json::json!(2)));
    assert_done(&world, &ended, &grid(), "calm");
    let world = seeded(Plan::calm());
    let ended = story(&world, TPE, false, None);
    let plan = ended.plan.clone().unwrap();
    assert!(!plan.is_spread && plan.parts() == 5 && plan.items_per_part == 8, "{plan:?}");
    assert!(learning()["skipped"].as_u64().unwrap() > 0, "some were drawn again");
    assert_done(&world, &ended, &learning(), "what is learnt is learnt in every part");
}

#[test]
fn a_fault_at_any_call_changes_nothing() {
    let expected = read(&once());
    let world = seeded(Plan::calm());
    story(&world, ONCE, false, None);
    for point in 0..60 {
        for strike in [Strike::Crash, Strike::LoseReply, Strike::Refuse, Strike::Late, Strike::TooLate] {
            let strikes = Strikes::At(vec![(point, strike)]);
            let world = seeded(Plan { strikes, ..Plan::calm() });
            let ended = story(&world, ONCE, point % 2 == 0, None);
            assert_done(&world, &ended, &expected, &format!("{strike:?} at {point}"));
        }
    }
}

#[test]
fn workers_that_end_anywhere_and_work_twice_gather_the_same() {
    let (grid, learning) = (grid(), learning());
    for seed in 0..24 {
        let rates = Rates { crash: 60, lose_reply: 30, refuse: 30, late: 20, too_late: 10, spared: None };
        let latency = Latency::Random { store: Millis::new(20), venue: Millis::new(400) };
        let plan = Plan { seed, strikes: Strikes::Random(rates), latency, shuffled: true, ..Plan::calm() };
        let (rest, expected) = if seed % 3 == 0 { (TPE, &learning) } else { (SWEEP, &grid) };
        let world = seeded(plan);
        let ended = story(&world, rest, true, None);
        assert_done(&world, &ended, expected, &format!("seed {seed}"));
    }
}

#[test]
fn one_that_is_called_off_is_heard() {
    for at in [30, 50, 20_000, 100_000] {
        let world = seeded(Plan::calm());
        let ended = story(&world, if at > 1_000 { SWEEP } else { TPE }, false, Some(at));
        let whole = result(&world, &ended);
        assert_eq!((ended.state, whole.is_none()), (BacktestState::Cancelled, true), "{at}");
    }
}

#[test]
fn so_many_go_on_at_once_however_many_are_asked_for_together() {
    for seed in 0..10 {
        let latency = Latency::Random { store: Millis::new(20), venue: Millis::new(400) };
        let world = seeded(Plan { seed, latency, shuffled: true, ..Plan::calm() });
        let came: Rc<RefCell<Vec<Result<Backtest, BacktestError>>>> = Rc::default();
        for number in 0..8 {
            let (inner, came) = (world.clone(), came.clone());
            let rest: &'static str = format!(r#", "seed": {number}"#).leak();
            run(&world, "ask", async move { submitted(&inner, rest, rest).await }, move |one| {
                came.borrow_mut().extend(one);
            });
        }
        world.sim().run_until(START.plus(Millis::seconds(60)), &mut || (), &mut || false);
        let kept = came.borrow().iter().filter(|one| one.is_ok()).count();
        assert_eq!((kept, came.borrow().len()), (BACKTESTS_PER_USER_MAX, 8), "seed {seed}");
        let refused = |one: &Result<Backtest, BacktestError>| {
            matches!(one, Err(BacktestError::NoMore(NoMore::AtOnce | NoMore::AmongAll(_)) | BacktestError::Contended))
        };
        assert_eq!(came.borrow().iter().filter(|one| refused(one)).count(), 8 - BACKTESTS_PER_USER_MAX, "seed {seed}");
        let (inner, first) = (world.clone(), came.borrow().iter().find_map(|one| one.clone().ok()).unwrap());
        world.sim().block_on("room", async move {
            assert_eq!(Market(&inner).list_backtests(&ann()).await.unwrap().len(), BACKTESTS_PER_USER_MAX);
            research::cancel(&inner, &ann(), &first.id, inner.now()).await.unwrap();
            let early = submitted(&inner, "", "one more").await;
            assert_eq!(early.unwrap_err(), BacktestError::NoMore(NoMore::AtOnce), "a worker may still read");
            inner.sim().sleep(BACKTEST_READS_FOR.plus(Millis::new(1))).await;
            assert!(submitted(&inner, "", "one more").await.is_ok(), "there is room again");
        });
    }
}

/// However many ask, and whoever they are: what all of them play leaves room for orders.
#[test]
fn of_everybodys_three_go_on_at_once_and_what_ends_makes_room_for_anybody() {
    for seed in 0..10 {
        let latency = Latency::Random { store: Millis::new(20), venue: Millis::new(400) };
        let world = seeded(Plan { seed, latency, shuffled: true, ..Plan::calm() });
        let came: Rc<RefCell<Vec<Result<Backtest, BacktestError>>>> = Rc::default();
        for name in ["ann", "bob", "eve", "joe", "kim"] {
            let (inner, came) = (world.clone(), came.clone());
            let asks = async move { submitted_by(&UserId::of(&[name]), &inner, ONCE, name).await };
            run(&world, "ask", asks, move |one| came.borrow_mut().extend(one));
        }
        world.sim().run_until(START.plus(Millis::seconds(60)), &mut || (), &mut || false);
        let kept: Vec<_> = came.borrow().iter().filter_map(|one| one.clone().ok()).collect();
        assert_eq!((kept.len(), came.borrow().len()), (BACKTESTS_AT_ONCE, 5), "seed {seed}");
        let inner = world.clone();
        world.sim().block_on("room", async move {
            let zoe = UserId::of(&["zoe"]);
            let full = submitted_by(&zoe, &inner, ONCE, "zoe").await;
            assert_eq!(full.unwrap_err(), BacktestError::NoMore(NoMore::AmongAll(BACKTESTS_AT_ONCE)));
            research::cancel(&inner, &kept[0].by, &kept[0].id, inner.now()).await.unwrap();
            inner.sim().sleep(BACKTEST_READS_FOR.plus(Millis::new(1))).await;
            assert!(submitted_by(&zoe, &inner, ONCE, "zoe again").await.is_ok(), "there is room again");
        });
    }
}

#[test]
fn a_dead_worker_is_begun_again_by_one_of_those_who_look() {
    let world = seeded(Plan::calm());
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let kept = submitted(&inner, ONCE, "a").await.unwrap();
        assert_eq!(inner.workers_begun().len(), 1, "and it dies");
        let look = async || research::look((&inner, &inner), &ann(), &kept.id, "", inner.now()).await.unwrap().0;
        inner.sim().sleep(Millis::seconds(900)).await;
        look().await;
        assert_eq!(inner.workers_begun(), [], "it may go on still");
        inner.sim().sleep(Millis::seconds(31)).await;
        look().await;
        look().await;
        let again = inner.workers_begun();
        assert_eq!(again.len(), 1, "once");
        worked(&inner, &again[0]).await.unwrap();
        assert_eq!(look().await.state, BacktestState::Done);
    });
}

#[test]
fn one_that_never_ends_is_given_up_by_whoever_looks() {
    let world = seeded(Plan::calm());
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let kept = submitted(&inner, SWEEP, "a").await.unwrap();
        let begin = inner.workers_begun().pop().unwrap();
        worked(&inner, &begin).await.unwrap();
        let look = async || research::look((&inner, &inner), &ann(), &kept.id, "", inner.now()).await.unwrap().0;
        for _ in 0..17 {
            inner.sim().sleep(Millis::seconds(1_260)).await;
            assert_eq!(look().await.state, BacktestState::Running, "its machine does nothing");
        }
        let begun = inner.workers_begun().len();
        assert_eq!(begun, 17, "a worker each time");
        inner.sim().sleep(Millis::seconds(1_260)).await;
        let ended = look().await;
        assert_eq!((ended.state, inner.workers_begun()), (BacktestState::Failed, Vec::new()));
        assert!(ended.why.unwrap().contains("in time"));
    });
}

/// Nobody looks: what is left of it is played no more, and its seat is free once no worker can be at a part.
#[test]
fn workers_end_what_has_gone_on_for_too_long_before_its_seat_is_free() {
    let world = seeded(Plan::calm());
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let kept = submitted(&inner, SWEEP, "a").await.unwrap();
        let begin = inner.workers_begun().pop().unwrap();
        let planned = worked(&inner, &begin.then(Step::Plan)).await.unwrap().unwrap();
        inner.sim().sleep(BACKTEST_SPREAD_GOES_ON_FOR.plus(Millis::seconds(1))).await;
        let going = async || Market(&inner).load_backtest(&ann(), &kept.id).await.unwrap().unwrap();
        assert!(going().await.has_its_seat(inner.now()), "a part may have been begun just now");
        worked(&inner, &planned.parts[0]).await.unwrap();
        let ended = going().await;
        assert_eq!((ended.state, ended.played.len()), (BacktestState::Failed, 0));
        assert!(ended.why.clone().unwrap().contains("in time") && ended.has_its_seat(inner.now()));
        inner.sim().sleep(BACKTEST_TIMEOUT.plus(Millis::new(1))).await;
        assert!(!ended.has_its_seat(inner.now()));
    });
}

#[test]
fn candles_that_change_between_two_parts_end_it() {
    let world = seeded(Plan::calm());
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let kept = submitted(&inner, SWEEP, "a").await.unwrap();
        let begin = inner.workers_begun().pop().unwrap();
        let planned = worked(&inner, &begin.then(Step::Plan)).await.unwrap().unwrap();
        worked(&inner, &planned.parts[0]).await.unwrap();
        let other = KeptCandle { kept_at: START, ..self::kept(CANDLES - 1) };
        let other = KeptCandle { candle: Candle { volume: "9".parse().unwrap(), ..other.candle }, ..other };
        Market(&inner).keep_candles(&series(HOUR), &[other]).await.unwrap();
        worked(&inner, &planned.parts[1]).await.unwrap();
        let ended = Market(&inner).load_backtest(&ann(), &kept.id).await.unwrap().unwrap();
        assert_eq!(ended.state, BacktestState::Failed);
        assert!(ended.why.unwrap().contains("candles are not those"));
        assert_eq!(worked(&inner, &begin.then(Step::Plan)).await.unwrap().unwrap().parts, []);
    });
}

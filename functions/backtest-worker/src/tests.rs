//! Work on memory.

use super::*;
use domain::backtests::{Backtest, BacktestState};
use domain::clock::Millis;
use domain::ids::{AttemptId, UserId};
use domain::limits::{BACKTEST_ALONE_BARS_MAX, BACKTESTS_AT_ONCE};
use domain::market::{Bar, Candle, Interval};
use domain::series::{KeptCandle, Series};
use std::num::NonZeroUsize;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;
use wire::backtest::{Asked, Step};

const HOUR: Interval = Interval::OneHour;
const SWEEP: &str = r#", "strategy": "ema_cross", "sweep": {"tried": {"fast": "2:4:1", "slow": "9,12"}}"#;

/// A hundred candles of a market that is known.
fn check(case: impl AsyncFnOnce(World, Series) + 'static) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        let series = Series { market: given.market.key, interval: HOUR };
        let first = HOUR.opening(inner.now()).minus(HOUR.times(100));
        let candle = |number: u32| {
            let opens_at = first.plus(HOUR.times(number));
            let price = |more: u32| (100 + number % 17 + more).to_string().parse().unwrap();
            let (open, high, low, close) = (price(1), price(3), price(0), price(2));
            let bar = Bar { opens_at, closes_at: opens_at.plus(HOUR.length()), open, high, low, close };
            let candle = Candle { bar, volume: "1".parse().unwrap(), is_closed: true };
            KeptCandle { candle, kept_at: bar.closes_at }
        };
        let kept: Vec<_> = (0..100).map(candle).collect();
        app::ports::KeepCandles::keep_candles(&inner, &series, &kept).await.unwrap();
        case(inner, series).await;
    });
}

fn ann() -> UserId {
    UserId::of(&["ann"])
}

async fn asked(world: &World, series: &Series, rest: &str) -> Result<Backtest, research::BacktestError> {
    let since = wire::view::time(HOUR.opening(world.now()).minus(HOUR.times(100)));
    let (exchange, symbol) = (&series.market.exchange, &series.market.symbol);
    let body =
        format!(r#"{{"exchange": "{exchange}", "symbol": "{symbol}", "timeframe": "1h", "since": "{since}"{rest}}}"#);
    let asked = Asked::read(&body, world.now()).unwrap();
    let attempt = AttemptId::new("a");
    research::submit((world, world), asked, &ann(), (&attempt, "trace"), BACKTESTS_AT_ONCE, world.now())
        .await
        .map(|kept| kept.backtest)
}

async fn handled(world: &World, work: &Work, alone_bars: u64) -> Value {
    let cores = NonZeroUsize::new(2).unwrap();
    let worker = Worker { deps: world, results: world, machine: world, clock: world, cores, alone_bars };
    let invocation = Invocation::begin("test", world.now(), world.now().plus(Millis::seconds(60))).unwrap();
    let answer = handle(&worker, work, &invocation).await.unwrap();
    assert_eq!(invocation.trace(), "trace");
    answer
}

#[test]
fn little_is_played_by_one_worker_and_much_is_given_to_the_machine() {
    check(async |world, series| {
        let kept = asked(&world, &series, SWEEP).await.unwrap();
        let begin = world.workers_begun().pop().unwrap();
        assert_eq!(handled(&world, &begin, BACKTEST_ALONE_BARS_MAX).await, json!({}));
        let ended = research::find(&world, &ann(), &kept.id).await.unwrap();
        assert_eq!((ended.state, ended.progress(), world.spread().len()), (BacktestState::Done, (6, 6), 0));
        let alone = research::result((&world, &world), &ann(), &kept.id, world.now()).await.unwrap();
        world.sim().sleep(Millis::new(5)).await;
        let other = asked(&world, &series, SWEEP).await.unwrap();
        assert_ne!(other.id, kept.id, "that one has ended");
        let begin = world.workers_begun().pop().unwrap();
        handled(&world, &begin, 200).await;
        let plan = world.spread().pop().unwrap();
        let planned = handled(&world, &plan, 200).await;
        let parts: Vec<Work> = serde_json::from_value(planned["parts"].clone()).unwrap();
        assert_eq!(parts.len(), 3);
        for part in &parts {
            assert_eq!(handled(&world, part, 200).await, json!({}));
        }
        handled(&world, &plan.then(Step::Gather), 200).await;
        let spread = research::result((&world, &world), &ann(), &other.id, world.now()).await.unwrap();
        assert_eq!(spread, alone);
    });
}

#[test]
fn what_cannot_be_played_ends_and_says_why() {
    check(async |world, series| {
        let kept = asked(&world, &series, SWEEP).await.unwrap();
        let begin = world.workers_begun().pop().unwrap();
        handled(&world, &begin.then(Step::Failed { why: String::new() }), 200).await;
        let ended = research::find(&world, &ann(), &kept.id).await.unwrap();
        assert_eq!(
            (ended.state, ended.why.as_deref()),
            (BacktestState::Failed, Some("it could not be played to its end"))
        );
        handled(&world, &begin, 200).await;
        assert_eq!(research::find(&world, &ann(), &kept.id).await.unwrap(), ended, "it stays as it ended");
    });
}

#[test]
fn what_cannot_be_used_is_refused_by_its_name_before_anything_is_kept() {
    check(async |world, series| {
        let long = "9".repeat(190);
        let cases = [
            (r#", "strategy": "luck""#.to_owned(), "strategy"),
            (r#", "strategy": "ema_cross", "parameters": {"quick": 3}"#.to_owned(), "parameters"),
            (r#", "strategy": "ema_cross", "cash": -5"#.to_owned(), "cash"),
            (format!(r#", "strategy": "ema_cross", "cash": {long}"#), "cash"),
            (r#", "strategy": "ema_cross", "cash": 1e999999999"#.to_owned(), "cash"),
            (r#", "strategy": "ema_cross", "fee_rate": "inf""#.to_owned(), "fee_rate"),
            (r#", "strategy": "ema_cross", "seed": -1"#.to_owned(), "seed"),
            (r#", "strategy": "ema_cross", "draws": 100001"#.to_owned(), "draws"),
            (r#", "strategy": "ema_cross", "draws": 5, "goals": {"portfolio": 1e300}"#.to_owned(), "goals.portfolio"),
            (r#", "strategy": "ema_cross", "latency": 99999999999999999999"#.to_owned(), "latency"),
            (r#", "strategy": "ema_cross", "leverage": 3"#.to_owned(), "leverage"),
            (r#", "rules": {"entry": {"left": 5}}"#.to_owned(), "rules"),
            (r#", "strategy": "ema_cross", "ladder": {}"#.to_owned(), "ladder"),
            (r#", "strategy": "ema_cross", "sweep": {"tried": {}}"#.to_owned(), "sweep.tried"),
            (
                r#", "strategy": "ema_cross", "sweep": {"tried": {"fast": "0:79228162514264337593543950335:0.1"}}"#
                    .to_owned(),
                "sweep.tried",
            ),
            (
                r#", "strategy": "ema_cross", "sweep": {"tried": {"fast": "2:400:1", "slow": "2:400:1"}}"#.to_owned(),
                "sweep.tried",
            ),
            (SWEEP.replace("}}", r#"}, "walk": "99999:1"}"#), "sweep.walk"),
            (SWEEP.replace("}}", r#"}, "split": 100}"#), "sweep.split"),
            (SWEEP.replace("}}", r#"}, "by": "luck"}"#), "sweep.by"),
            (SWEEP.replace("}}", r#"}, "search": "random", "tries": 1e9}"#), "sweep.tries"),
            (format!(r#"{SWEEP}, "draws": 3"#), "draws"),
            (format!(r#"{SWEEP}, "parameters": {{"fast": 3}}"#), "sweep.tried.fast"),
        ];
        for (rest, field) in &cases {
            let came = asked(&world, &series, rest).await;
            let named = match &came {
                Err(research::BacktestError::Wrong(wrong)) => Some(wrong.field.as_str()),
                _ => None,
            };
            assert_eq!(named, Some(*field), "{rest}: {came:?}");
        }
        assert_eq!(research::list(&world, &ann()).await.unwrap(), []);
        assert_eq!(world.workers_begun(), []);
    });
}

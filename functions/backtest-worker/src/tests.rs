//! Work on memory.

mod answers;
mod described;

use super::*;
use domain::backtests::{Backtest, BacktestState};
use domain::clock::Millis;
use domain::ids::{AttemptId, UserId};
use domain::limits::{BACKTEST_ALONE_BARS_MAX, BACKTESTS_AT_ONCE};
use domain::market::{Bar, Candle, Interval};
use domain::series::{KeptCandle, Series};
use std::num::NonZeroUsize;
use store::market::Market;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;
use wire::backtest::{Asked, Step};

const HOUR: Interval = Interval::OneHour;
const SWEEP: &str = r#", "strategy": "ema_cross", "sweep": {"tried": {"fast": "2:4:1", "slow": "9,12"}}"#;

/// A hundred hours of a market that is known.
fn check(case: impl AsyncFnOnce(World, Series) + 'static) {
    check_of(HOUR, case);
}

/// A hundred candles of a market that is known.
fn check_of(interval: Interval, case: impl AsyncFnOnce(World, Series) + 'static) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        let series = Series { market: given.market.key, interval };
        let first = interval.opening(inner.now()).minus(interval.times(100));
        let candle = |number: u32| {
            let opens_at = first.plus(interval.times(number));
            let price = |more: u32| (100 + number % 17 + more).to_string().parse().unwrap();
            let (open, high, low, close) = (price(1), price(3), price(0), price(2));
            let bar = Bar { opens_at, closes_at: opens_at.plus(interval.length()), open, high, low, close };
            let candle = Candle { bar, volume: "1".parse().unwrap(), is_closed: true };
            KeptCandle { candle, kept_at: bar.closes_at }
        };
        let kept: Vec<_> = (0..100).map(candle).collect();
        Market(&inner).keep_candles(&series, &kept).await.unwrap();
        case(inner, series).await;
    });
}

fn ann() -> UserId {
    UserId::of(&["ann"])
}

async fn asked(world: &World, series: &Series, rest: &str) -> Result<Backtest, research::BacktestError> {
    let (market, interval) = (&series.market, series.interval);
    let since = wire::view::time(interval.opening(world.now()).minus(interval.times(100)));
    let (exchange, symbol) = (&market.exchange, &market.symbol);
    let body = format!(
        r#"{{"exchange": "{exchange}", "symbol": "{symbol}", "timeframe": "{interval}", "since": "{since}"{rest}}}"#
    );
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

/// What was begun last, given to the machine in three parts.
async fn spread(world: &World) -> (Work, Vec<Work>) {
    let begin = world.workers_begun().pop().unwrap();
    handled(world, &begin, 200).await;
    let plan = world.spread().pop().unwrap();
    let planned = handled(world, &plan, 200).await;
    let parts: Vec<Work> = serde_json::from_value(planned["parts"].clone()).unwrap();
    assert_eq!(parts.len(), 3);
    (plan, parts)
}

#[test]
fn little_is_played_by_one_worker_and_much_is_given_to_the_machine() {
    check(async |world, series| {
        let kept = asked(&world, &series, SWEEP).await.unwrap();
        let begin = world.workers_begun().pop().unwrap();
        assert_eq!(handled(&world, &begin, BACKTEST_ALONE_BARS_MAX).await, json!({}));
        let ended = research::find(&world, &ann(), &kept.id).await.unwrap();
        assert_eq!((ended.state, ended.progress(), world.spread().len()), (BacktestState::Done, (6, 6), 0));
        let alone = research::result((&world, &world), &ann(), &kept.id, world.now()).await.unwrap().told().unwrap();
        world.sim().sleep(Millis::new(5)).await;
        let other = asked(&world, &series, SWEEP).await.unwrap();
        assert_ne!(other.id, kept.id, "that one has ended");
        let (plan, parts) = spread(&world).await;
        for part in &parts {
            assert_eq!(handled(&world, part, 200).await, json!({}));
        }
        handled(&world, &plan.then(Step::Gather), 200).await;
        let spread = research::result((&world, &world), &ann(), &other.id, world.now()).await.unwrap().told().unwrap();
        assert_eq!(spread, alone);
    });
}

#[test]
fn a_walk_tells_what_its_parts_have_made_together_whoever_has_played_them() {
    check(async |world, series| {
        let walk = SWEEP.replace("}}", r#"}, "walk": "40:20", "by": "profit_factor"}"#);
        let kept = asked(&world, &series, &walk).await.unwrap();
        let begin = world.workers_begun().pop().unwrap();
        handled(&world, &begin, BACKTEST_ALONE_BARS_MAX).await;
        let ended = research::find(&world, &ann(), &kept.id).await.unwrap();
        assert_eq!((ended.state, ended.progress()), (BacktestState::Done, (3, 3)));
        let alone = research::result((&world, &world), &ann(), &kept.id, world.now()).await.unwrap().told().unwrap();
        world.sim().sleep(Millis::new(5)).await;
        let other = asked(&world, &series, &walk).await.unwrap();
        let (plan, parts) = spread(&world).await;
        for part in parts.iter().rev() {
            handled(&world, part, 200).await;
        }
        handled(&world, &plan.then(Step::Gather), 200).await;
        let spread = research::result((&world, &world), &ann(), &other.id, world.now()).await.unwrap().told().unwrap();
        assert_eq!(spread, alone);
        let told: Value = serde_json::from_str(&alone).unwrap();
        let figures: Value = serde_json::from_str(&ended.figures.unwrap()).unwrap();
        assert_eq!((&figures["stats"], &figures["steps"]), (&told["together"], &json!(3)));
        let growth = |of: &Value| 1.0 + of["return_percent"].as_f64().unwrap() / 100.0;
        let steps = told["steps"].as_array().unwrap();
        let product: f64 = steps.iter().map(|step| growth(&step["tested"])).product();
        assert!((growth(&told["together"]) / product - 1.0).abs() < 1e-12, "{told}");
        let trades: u64 = steps.iter().map(|step| step["tested"]["trades"].as_u64().unwrap()).sum();
        assert_eq!(told["together"]["trades"], trades);
        assert!(steps.iter().all(|step| step["unscored"].is_boolean()), "{told}");
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
            (format!(r#"{SWEEP}, "goals": {{"monthly_percent": 5}}"#), "goals.monthly_percent"),
            (r#", "strategy": "ema_cross", "goals": {"portfolio": -1}"#.to_owned(), "goals.portfolio"),
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

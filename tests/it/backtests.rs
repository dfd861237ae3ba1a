//! Backtests on the deployed stack: asked for over the API, played by the worker or by many, and what comes of them is what the engine
//! makes of the same candles on this machine.

use crate::support::http::{Answer, ask};
use crate::support::tables::{bucket, machine};
use crate::support::unique::now;
use crate::support::{Caller, Setting, Trader, until};
use backtest::{Candle as Played, Stats, months};
use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, Candle, Interval};
use domain::series::{KeptCandle, Series};
use reqwest::Method;
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use store::market::Market;
use trials::{Asked, AskedSweep, Carried, Chosen, Report, Sweep};

const HOUR: Interval = Interval::OneHour;
const KEPT: i64 = 400;
const MAY: &[&str] = &["trading:read", "trading:write", "research:write"];
/// On a local stack more than 20,000 bars are spread; these are 300 tries of 400.
const TRIED: [(&str, &str); 2] = [("fast", "3:12:1"), ("slow", "20:49:1")];

/// Somebody who tries what a strategy would have made of a market that comes and goes.
struct Research {
    trader: Trader,
    candles: Vec<KeptCandle>,
}

impl Research {
    async fn new() -> Self {
        let trader = Trader::with(Setting { scopes: MAY, ..Setting::default() }).await;
        let candles: Vec<_> = (0..KEPT).map(waved).collect();
        let series = Series { market: trader.market.key.clone(), interval: HOUR };
        Market(&trader.aws).keep_candles(&series, &candles).await.unwrap();
        Self { trader, candles }
    }

    /// On all candles, with this besides.
    fn wanted(&self, more: &Value) -> Value {
        let key = &self.trader.market.key;
        let mut wanted = json!({
            "exchange": key.exchange.as_str(), "symbol": key.symbol.to_string(), "timeframe": "1h",
            "since": wire::view::time(self.candles[0].opens_at()), "until": wire::view::time(newest()),
            "strategy": "ema_cross", "cash": "10000", "fee_rate": "0.001", "quantity_step": "0.0001",
            "price_tick": "0.01", "notional_min": "5",
        });
        wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        wanted
    }

    async fn post(&self, wanted: &Value) -> Answer {
        self.trader.post("/backtests", wanted).await
    }

    async fn begun(&self, more: &Value) -> String {
        let begun = self.post(&self.wanted(more)).await;
        assert_eq!(begun.status, 202, "{begun:?}");
        begun.json()["id"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> Answer {
        self.trader.get(&format!("/backtests{path}")).await
    }

    async fn ended(&self, id: &str) -> Value {
        until("the backtest to end", async || {
            let told = self.get(&format!("/{id}")).await;
            assert_eq!(told.status, 200, "{told:?}");
            let told = told.json();
            (told["state"] != "queued" && told["state"] != "running").then_some(told)
        })
        .await
    }

    async fn result(&self, id: &str) -> Value {
        let done = self.ended(id).await;
        assert_eq!(done["state"], "done", "{done}");
        let told = self.get(&format!("/{id}/result")).await;
        assert_eq!(told.status, 200, "{told:?}");
        told.json()
    }

    /// As the engine reads them.
    fn played(&self) -> Vec<Played> {
        let number = |text: String| text.parse::<f64>().unwrap();
        let played = |kept: &KeptCandle| {
            let Bar { open, high, low, close, .. } = kept.candle.bar;
            let [open, high, low, close] = [open, high, low, close].map(|price| number(price.to_string()));
            let bar = backtest::Bar::new(open, high, low, close, number(kept.candle.volume.to_string())).unwrap();
            Played { time_ms: kept.opens_at().millis(), bar }
        };
        self.candles.iter().map(played).collect()
    }
}

fn newest() -> Timestamp {
    HOUR.told_to(now()).minus(HOUR.times(2))
}

/// Up for twenty hours and down for twenty, a little higher each time.
fn waved(number: i64) -> KeptCandle {
    let closes_at = newest().minus(Millis::new(HOUR.length().get() * (KEPT - 1 - number)));
    let turn = number % 40;
    let price = 1_000 + number / 10 + 3 * turn.min(40 - turn);
    let price = |more: i64| (price + more).to_string().parse().unwrap();
    let opens_at = closes_at.minus(HOUR.length());
    let bar = Bar { opens_at, closes_at, open: price(0), high: price(2), low: price(-2), close: price(1) };
    KeptCandle { candle: Candle { bar, volume: "7".parse().unwrap(), is_closed: true }, kept_at: closes_at }
}

/// The terms of [`Research::wanted`].
fn asked(parameters: &[(&str, &str)]) -> Asked {
    let said = |text: &str| Some(text.to_owned());
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Asked {
        strategy: said("ema_cross"),
        parameters: parameters.iter().map(owned).collect(),
        cash: said("10000"),
        fee_rate: said("0.001"),
        quantity_step: said("0.0001"),
        price_tick: said("0.01"),
        notional_min: said("5"),
        ..Asked::default()
    }
}

/// By the way of its text, as an answer comes.
fn told(value: &impl serde::Serialize) -> Value {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

#[tokio::test]
async fn what_comes_of_one_is_what_the_engine_makes_of_the_same_candles() {
    let research = Research::new().await;
    let parameters = [("fast", "5"), ("slow", "20")];
    let id = research.begun(&json!({"parameters": {"fast": 5, "slow": "20"}})).await;
    let result = research.result(&id).await;
    let candles = research.played();
    let asked = asked(&parameters);
    let player = Carried::of(&asked).unwrap().player(&Chosen::of(&asked).unwrap(), &parameters, "param").unwrap();
    let backtest::Played { run, steps } = player.play(&candles).unwrap();
    let (stats, months) = (Stats::of(&candles, &run), months(&candles, &run.equity));
    assert!(!run.trades.is_empty(), "it has traded");
    assert_eq!(result, told(&Report { run, steps, stats, months, doubted: None }.told()));
    let listed = research.get("").await.json();
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["state"]), (&json!(id), &json!("done")));
    let other = research.begun(&json!({"parameters": {"fast": 10, "slow": 30}})).await;
    research.result(&other).await;
    let compared = research.get(&format!("/compare?ids={id},{other}")).await.json();
    let told: Vec<_> =
        compared["items"].as_array().unwrap().iter().map(|of| (&of["id"], &of["figures"]["stats"])).collect();
    assert_eq!(told[0], (&json!(id), &result["stats"]), "{compared}");
    assert_eq!(told[1].0, &json!(other));
}

#[tokio::test]
async fn a_sweep_that_is_too_much_for_one_is_spread_and_ranked_as_it_is_here() {
    let research = Research::new().await;
    let tried: Value = TRIED.iter().map(|(name, values)| ((*name).to_owned(), json!(values))).collect();
    let id = research.begun(&json!({"sweep": {"tried": tried, "by": "return"}})).await;
    let result = research.result(&id).await;
    let execution = json!({"executionArn": execution(&id).await});
    let ran = until("its machine to come to its end", async || {
        let ran = Caller::root().ask("states:DescribeExecution", &execution).await;
        (ran["status"] != "RUNNING").then_some(ran)
    })
    .await;
    assert_eq!(ran["status"], "SUCCEEDED", "{ran}");
    for part in ["parts/000", "parts/001", "result"] {
        let path = format!("{}/backtests/{id}/{part}.json.gz", bucket().await);
        assert_eq!(Caller::root().object("s3:GetObject", &path).await.status, 200, "{part}");
    }
    let (asked, candles) = (asked(&[]), research.played());
    let wanted = AskedSweep { by: Some("return".to_owned()), ..AskedSweep::default() };
    let sweep = Sweep::of(&asked, &wanted, &TRIED.map(|(name, values)| (name, values, name))).unwrap();
    let outcome = |point: &_| sweep.outcome(point, &candles).unwrap();
    let (tries, skipped) = sweep.tries(NonZeroUsize::MIN, outcome, |stats| sweep.score.rank(stats));
    let ranked: Vec<_> = sweep.ranked(tries).iter().map(|one| told(&sweep.told_try(one))).collect();
    assert_eq!((result["tried"].as_u64(), ranked.len()), (Some(300), 300));
    assert_eq!((result["skipped"].as_u64(), skipped), (Some(0), 0));
    assert_eq!(result["tries"].as_array().unwrap(), &ranked);
}

/// Of the deployment's machine, under the backtest's name.
async fn execution(id: &str) -> String {
    format!("{}:{id}", machine().await.replace(":stateMachine:", ":execution:"))
}

#[tokio::test]
async fn one_is_called_off_and_nobody_else_sees_it() {
    let (research, stranger) = (Research::new().await, Research::new().await);
    let id = research.begun(&json!({"parameters": {"fast": 5, "slow": 20}})).await;
    for path in ["", "/result"] {
        assert_eq!(stranger.get(&format!("/{id}{path}")).await.status, 404, "{path}");
    }
    let cancel = |bearer: String| {
        let path = format!("/api/v1/backtests/{id}/cancel");
        async move { ask(Method::POST, &path, Some(&bearer), "").await }
    };
    assert_eq!(cancel(stranger.trader.bearer.clone()).await.status, 404);
    let off = cancel(research.trader.bearer.clone()).await;
    let state = off.json()["state"].clone();
    assert!(off.status == 200 && ["cancelled", "done"].map(Value::from).contains(&state), "{off:?}");
    assert_eq!(research.ended(&id).await["state"], state, "what has ended stays as it ended");
    assert_eq!(stranger.get("").await.json()["items"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_played_is_refused_by_name_before_anything_is_kept() {
    let research = Research::new().await;
    for (more, field) in [
        (json!({"strategy": "LUCK"}), "strategy"),
        (json!({"parameters": {"fast": "quick"}}), "parameters"),
        (json!({"parameters": {"fast": 50, "slow": 20}}), "parameters"),
        (json!({"parameters": {"slow": 20}, "sweep": {"tried": {"fast": "20,30"}}}), "sweep.tried"),
        (json!({"cash": "-1"}), "cash"),
        (json!({"sweep": {"tried": {"fast": "1:2"}}}), "sweep.tried"),
        (json!({"colour": "red"}), "colour"),
        // A rate of long ago: of all the time since then holding would cost nothing.
        (json!({"funding": {"since": "2025-01-01T00:00:00Z", "rates": ["0.0001"]}}), "funding.rates"),
    ] {
        let said = research.post(&research.wanted(&more)).await;
        assert_eq!((said.status, said.json()["field"].as_str()), (422, Some(field)), "{more}: {said:?}");
    }
    let unknown = research.post(&research.wanted(&json!({"symbol": "NOBODY/HASIT"}))).await;
    assert_eq!((unknown.status, &unknown.json()["code"]), (404, &json!("unknown_market")));
    assert_eq!(research.get("").await.json()["items"], json!([]));
    let reader = Trader::new().await;
    assert_eq!(reader.post("/backtests", &research.wanted(&json!({}))).await.status, 403);
}

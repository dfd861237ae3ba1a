//! Ladders that another program has played on the same candles: `tests/golden/backtest/ladders.py`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use backtest::{Bar, BotTerms, Candle, Funding, LadderRun, LadderTerms, What, run_ladder};
use domain::ladder::LadderPlan;
use domain::market::Leverage;
use domain::money::Rate;
use serde_json::Value;
use std::collections::BTreeMap;
use strategies::{Action, Signal, Strategy, Why};

const CANDLES: &str = include_str!("../../tests/golden/backtest/candles.csv");
const CASES: &str = include_str!("../../tests/golden/backtest/ladders.json");

/// Says what it was told to, at the bars that it was told.
struct Scripted {
    said: BTreeMap<u64, Action>,
    bar: u64,
}

impl Strategy for Scripted {
    fn warm_up(&self) -> usize {
        0
    }

    fn update(&mut self, _: &Candle) -> Signal {
        let action = self.said.remove(&self.bar).unwrap_or(Action::Hold);
        self.bar += 1;
        Signal { action, why: Why::WarmingUp { seen: 0, needed: 0 } }
    }
}

#[test]
fn fills_and_equity_are_those_of_another_program() {
    let (cases, candles): (Vec<Value>, _) = (serde_json::from_str(CASES).unwrap(), candles());
    for case in &cases {
        let [begin, end] = [0, 1].map(|place| usize::try_from(case["candles"][place].as_u64().unwrap()).unwrap());
        let (name, run) = (case["name"].as_str().unwrap(), played(case, &candles[begin..end]));
        let fills = case["fills"].as_array().unwrap();
        for (index, (fill, expected)) in run.fills.iter().zip(fills).enumerate() {
            let (what, place) = match fill.what {
                What::Entry(level) => ("entry", Some(level)),
                What::TakeProfit(step) => ("take_profit", Some(step)),
                What::TakeProfitOfAll => ("take_profit_of_all", None),
                What::Stop => ("stop", None),
                What::Exit => ("exit", None),
                What::Liquidation => ("liquidation", None),
                What::TimeLimit => ("time_limit", None),
            };
            let told = [Value::from(fill.bar), what.into(), place.into(), fill.size.into()];
            let wanted = [0, 1, 2, 4].map(|column| expected[column].clone());
            assert_eq!(told, wanted, "{name}, fill {index}: {fill:?}");
            let tolerance = if fill.what == What::Liquidation { 1e-12 } else { 0.0 };
            near(name, fill.price, &expected[3], tolerance);
            near(name, fill.fee, &expected[5], 1e-12);
        }
        assert_eq!((run.fills.len(), Value::from(run.refused)), (fills.len(), case["refused"].clone()), "{name}");
        let every = usize::try_from(case["equity_every"].as_u64().unwrap()).unwrap();
        let equity = case["equity"].as_array().unwrap();
        assert_eq!(run.run.equity.iter().step_by(every).len(), equity.len(), "{name}");
        run.run.equity.iter().step_by(every).zip(equity).for_each(|(one, other)| near(name, *one, other, 1e-12));
        near(name, *run.run.equity.last().unwrap(), &case["final"], 1e-12);
        near(name, run.funding, &case["funding"], 1e-12);
    }
}

#[test]
fn cases_meet_all_that_can_happen() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    for what in ["entry", "take_profit", "take_profit_of_all", "stop", "exit", "liquidation"] {
        let has = |case: &&Value| case["fills"].as_array().unwrap().iter().any(|fill| fill[1] == what);
        assert!(cases.iter().filter(has).count() > 2, "{what}");
    }
    assert!(cases.iter().filter(|case| case["ladder"]["side"] == "short").count() > 5);
    assert!(cases.iter().any(|case| case["refused"].as_u64() > Some(0)));
}

fn near(name: &str, value: f64, expected: &Value, tolerance: f64) {
    let expected = expected.as_f64().unwrap();
    assert!((value - expected).abs() <= tolerance * expected.abs().max(1.0), "{name}: {value}, not {expected}");
}

fn played(case: &Value, candles: &[Candle]) -> LadderRun {
    let word = |field: &str| case[field].as_str();
    let plan = wire::ladder::asked(case["ladder"].to_string().as_bytes()).unwrap();
    let leverage = case["leverage"].as_u64().map(|times| Leverage::new(times.try_into().unwrap()).unwrap());
    let plan = LadderPlan { margin: leverage, ..plan };
    let terms = LadderTerms {
        cash: word("cash").unwrap().parse().unwrap(),
        slippage: word("slippage").map_or(Rate::ZERO, |share| share.parse().unwrap()),
        latency: case["latency"].as_u64().unwrap_or(0).try_into().unwrap(),
        funding: word("funding_rate").map(|rate| Funding::same(rate.parse().unwrap()).unwrap()),
        bot: BotTerms::default(),
    };
    let action = |said: &Value| {
        let action = if said[1] == "enter" { Action::Enter(plan.side) } else { Action::Exit };
        (said[0].as_u64().unwrap(), action)
    };
    let said = case["said"].as_array().unwrap().iter().map(action).collect();
    run_ladder(candles, &mut Scripted { said, bar: 0 }, &plan, &terms).unwrap()
}

fn candles() -> Vec<Candle> {
    let candle = |line: &str| {
        let (time, prices) = line.split_once(',').unwrap();
        let prices: Vec<f64> = prices.split(',').map(|number| number.parse().unwrap()).collect();
        let [open, high, low, close, volume] = prices.try_into().unwrap();
        Candle { time_ms: time.parse().unwrap(), bar: Bar::new(open, high, low, close, volume).unwrap() }
    };
    CANDLES.lines().skip(1).map(candle).collect()
}

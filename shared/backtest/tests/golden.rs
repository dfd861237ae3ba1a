//! Runs that another program has made of the same candles: `tests/golden/backtest/reference.py`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use backtest::{Bar, Candle, Run, Stats, Terms, months, run};
use domain::money::{Quantity, Rate};
use serde_json::Value;
use strategies::{Built, Given, RuleText, find};

const CANDLES: &str = include_str!("../../../tests/golden/backtest/candles.csv");
const CASES: &str = include_str!("../../../tests/golden/backtest/plain.json");

#[test]
fn trades_and_equity_are_those_of_another_program() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let candles = candles(&case["candles"]);
        let run = played(case, &candles);
        let trades = case["trades"].as_array().unwrap();
        assert_eq!(run.trades.len(), trades.len(), "{name}");
        for (trade, expected) in run.trades.iter().zip(trades) {
            let bars = [trade.entry_bar, trade.exit_bar].map(Value::from);
            assert_eq!(bars, ["entry_bar", "exit_bar"].map(|field| expected[field].clone()), "{name}");
            let exact = [("entry_price", trade.entry_price), ("exit_price", trade.exit_price), ("size", trade.size)];
            for (field, value) in exact {
                assert_eq!(Some(value), expected[field].as_f64(), "{name}: {field}");
            }
            near(name, trade.pnl, expected["pnl"].as_f64().unwrap(), 1e-9);
            near(name, trade.fees, expected["fees"].as_f64().unwrap(), 1e-9);
        }
        let open = run.open_position.map(|open| (open.entry_bar, open.entry_price, open.size));
        let expected = case["open_position"].as_object().map(|open| {
            let number = |field: &str| open[field].as_f64().unwrap();
            (usize::try_from(open["entry_bar"].as_u64().unwrap()).unwrap(), number("entry_price"), number("size"))
        });
        assert_eq!(open, expected, "{name}");
        let every = usize::try_from(case["equity_every"].as_u64().unwrap()).unwrap();
        let equity: Vec<_> = run.equity.iter().step_by(every).collect();
        let expected = case["equity"].as_array().unwrap();
        assert_eq!((equity.len(), run.equity.len()), (expected.len(), candles.len()), "{name}");
        equity
            .iter()
            .zip(expected)
            .for_each(|(equity, expected)| near(name, **equity, expected.as_f64().unwrap(), 1e-9));
    }
}

#[test]
fn statistics_are_those_of_another_program() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    for case in &cases {
        let (name, expected) = (case["name"].as_str().unwrap(), &case["stats"]);
        let candles = candles(&case["candles"]);
        let stats = Stats::of(&candles, &played(case, &candles));
        let check = |field: &str, value: Option<f64>, tolerance: f64| {
            let expected = expected[field].as_f64();
            assert_eq!(value.is_some(), expected.is_some(), "{name}: {field}");
            value.zip(expected).into_iter().for_each(|(value, expected)| near(name, value, expected, tolerance));
        };
        check("final_equity", Some(stats.final_equity), 1e-9);
        check("return_percent", Some(stats.return_percent), 1e-8);
        check("max_drawdown_percent", Some(stats.max_drawdown_percent), 1e-9);
        check("cagr_percent", stats.cagr_percent, 1e-9);
        check("sharpe", stats.sharpe, 1e-9);
        check("sortino", stats.sortino, 1e-9);
        check("calmar", stats.calmar, 1e-9);
        check("win_rate_percent", stats.win_rate_percent, 1e-12);
        check("exposure_percent", Some(stats.exposure_percent), 1e-12);
        check("fees", Some(stats.fees), 1e-9);
        check("profit_factor", stats.profit_factor, 1e-8);
        // The other program trades at prices that are scaled by the step, and rounded once more.
        check("expectancy", stats.expectancy, 1e-6);
        assert_eq!(expected["trades"], stats.trades, "{name}");
        assert_eq!(expected["max_drawdown_ms"], stats.max_drawdown_ms, "{name}");
    }
}

#[test]
fn months_are_those_of_another_program() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    for case in &cases {
        let (name, expected) = (case["name"].as_str().unwrap(), case["months"].as_array().unwrap());
        let candles = candles(&case["candles"]);
        let months = months(&candles, &played(case, &candles).equity);
        assert_eq!(months.len(), expected.len(), "{name}");
        for (month, expected) in months.iter().zip(expected) {
            assert_eq!(
                [Value::from(month.year), Value::from(month.month)],
                expected.as_array().unwrap()[..2],
                "{name}"
            );
            near(name, month.return_percent, expected[2].as_f64().unwrap(), 1e-8);
        }
    }
}

/// Were a bar of the future looked at, another one in its place would change what was decided before it.
#[test]
fn another_future_changes_nothing_of_the_past() {
    let candles = candles(&Value::from("all"));
    let terms = Terms {
        cash: "10000".parse().unwrap(),
        fee: "0.001".parse().unwrap(),
        quantity_step: "1e-8".parse().unwrap(),
        price_tick: None,
        quantity_min: Quantity::ZERO,
        quantity_max: None,
        notional_min: Quantity::ZERO,
        slippage: Rate::ZERO,
        latency: 0,
        limits: None,
    };
    for definition in strategies::all() {
        let strategy = definition.build(&definition.read(&[]).unwrap()).unwrap();
        let whole = run(&candles, &mut strategy.clone(), &terms).unwrap();
        for cut in [1, 16, 203, 640, 1_200] {
            // Prices of the first half in place of those that came, dearer by a third.
            let other = candles.iter().map(|candle| Candle { bar: dearer(&candle.bar), ..*candle });
            let changed: Vec<Candle> = candles.iter().copied().take(cut).chain(other).take(candles.len()).collect();
            let changed = run(&changed, &mut strategy.clone(), &terms).unwrap();
            assert_eq!(whole.equity[..cut], changed.equity[..cut], "{} {cut}", definition.name);
            let before =
                |run: &Run| run.trades.iter().copied().filter(|trade| trade.exit_bar < cut).collect::<Vec<_>>();
            assert_eq!(before(&whole), before(&changed), "{} {cut}", definition.name);
        }
    }
}

fn dearer(bar: &Bar) -> Bar {
    let [open, high, low, close] = [bar.open(), bar.high(), bar.low(), bar.close()].map(|price| price * 4.0 / 3.0);
    Bar::new(open, high, low, close, bar.volume()).unwrap()
}

fn near(name: &str, value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance * expected.abs().max(1e-3), "{name}: {value}, not {expected}");
}

fn played(case: &Value, candles: &[Candle]) -> Run {
    let word = |field: &str| case[field].as_str().unwrap();
    let mut strategy = built(word("strategy"), &case["parameters"]);
    let (cash, fee, step) = (word("cash"), word("fee_rate"), word("quantity_step"));
    let terms = Terms {
        cash: cash.parse().unwrap(),
        fee: fee.parse().unwrap(),
        quantity_step: step.parse().unwrap(),
        price_tick: None,
        quantity_min: Quantity::ZERO,
        quantity_max: None,
        notional_min: Quantity::ZERO,
        slippage: Rate::ZERO,
        latency: 0,
        limits: None,
    };
    run(candles, &mut strategy, &terms).unwrap()
}

/// A strategy by its name; that of rules has the rules as its parameter.
fn built(name: &str, parameters: &Value) -> Built {
    if name == "rules" {
        return RuleText::parse(parameters["rules"].to_string().as_bytes()).unwrap().read(&[]).unwrap().build();
    }
    let definition = find(name).unwrap();
    let parameters = parameters.as_object().unwrap();
    let given: Vec<Given<'_>> =
        parameters.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    definition.build(&definition.read(&given).unwrap()).unwrap()
}

/// All of them, so many, or those of working days.
fn candles(which: &Value) -> Vec<Candle> {
    let candle = |line: &str| {
        let (time, prices) = line.split_once(',').unwrap();
        let prices: Vec<f64> = prices.split(',').map(|number| number.parse().unwrap()).collect();
        let [open, high, low, close, volume] = prices.try_into().unwrap();
        let bar = Bar::new(open, high, low, close, volume).unwrap();
        Candle { time_ms: time.parse().unwrap(), bar }
    };
    let all = CANDLES.lines().skip(1).map(candle);
    // 1970-01-01 was a Thursday.
    let is_working_day = |candle: &Candle| (candle.time_ms.div_euclid(86_400_000) + 3) % 7 < 5;
    match (which.as_u64(), which.as_str()) {
        (Some(count), _) => all.take(usize::try_from(count).unwrap()).collect(),
        (_, Some("weekdays")) => all.filter(is_working_day).collect(),
        _ => all.collect(),
    }
}

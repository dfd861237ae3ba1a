//! How long backtests take: `cargo bench -p backtest --bench sweep -- --candles FILE.csv`. `bench/peers/backtest/compare.py` sets other
//! programs beside it, on the same candles and rules.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a tool for people")]

use backtest::{Bar, Candle, Stats, Terms, run};
use domain::money::{Quantity, Rate};
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Instant;
use strategies::{Built, Given, RuleText, find};

const ROUNDS: usize = 15;
const STRATEGIES: u32 = 500;
/// The RSI of `rsi_ms`, as rules.
const RULES: &str = r#"{"entry": {"left": {"indicator": "rsi"}, "op": "crosses_above", "right": 30},
                        "exit": {"left": {"indicator": "rsi"}, "op": "crosses_below", "right": 70}}"#;
/// Ninety days of hours.
const QUARTER: usize = 90 * 24;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let named = arguments.iter().position(|word| word == "--candles").map(|at| arguments[at + 1].as_str());
    let excerpt = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/backtest/candles.csv");
    let candles = candles(&std::fs::read_to_string(named.unwrap_or(excerpt)).unwrap());
    let sweep: Vec<Built> = (5..15).map(|period| built("rsi_cross", &[("period", &period.to_string())])).collect();
    let one = built("rsi_cross", &[]);
    let averages = built("ema_cross", &[]);
    println!("candles {}", candles.len());
    println!("sweep_ms {:.4}", fastest(|| sweep.iter().map(|built| played(&candles, built).0).sum()));
    println!("rsi_ms {:.4}", fastest(|| played(&candles, &one).0));
    // What others have to come to as well: closed trades, and what there is at the end.
    for (name, built) in [("rsi".to_owned(), &one)].into_iter().chain((5..).map(|of| format!("rsi_{of}")).zip(&sweep)) {
        let (trades, equity) = played(&candles, built);
        println!("{name}_trades {trades}\n{name}_equity {equity}");
    }
    let rules = RuleText::parse(RULES.as_bytes()).unwrap().read(&[]).unwrap().build();
    println!("rules_ms {:.4}", fastest(|| played(&candles, &rules).0));
    println!("ema_ms {:.4}", fastest(|| played(&candles, &averages).0));
    let quarter = over_again(&candles, QUARTER);
    let many: Vec<Built> = (0..STRATEGIES).map(of_number).collect();
    let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let all = || backtest::on_cores(&many, cores, |built| played(&quarter, built)).len();
    println!("five_hundred_ms {:.4}", fastest(all));
}

/// So many candles: those that there are, and where they are too few the same again, an hour after the last and so on.
fn over_again(candles: &[Candle], count: usize) -> Vec<Candle> {
    const HOUR_MS: i64 = 3_600_000;
    let span_ms = candles[candles.len() - 1].time_ms - candles[0].time_ms + HOUR_MS;
    let rounds = (0_i64..).flat_map(|round| candles.iter().map(move |candle| (round, candle)));
    let later = rounds.map(|(round, candle)| Candle { time_ms: candle.time_ms + round * span_ms, ..*candle });
    let many: Vec<Candle> = later.take(count).collect();
    assert!(many.is_sorted_by(|one, next| one.time_ms < next.time_ms), "candles must be in the order of their times");
    many
}

/// Five strategies in turn, each a hundred times with another period.
fn of_number(number: u32) -> Built {
    let period = (5 + number / 5).to_string();
    match number % 5 {
        0 => built("rsi_cross", &[("period", &period)]),
        1 => built("ema_cross", &[("fast", &period)]),
        2 => built("macd_cross", &[("fast", "4"), ("slow", &period)]),
        3 => built("bollinger_reversion", &[("period", &period)]),
        _ => built("donchian_breakout", &[("entry", &period)]),
    }
}

fn built(name: &str, given: &[Given<'_>]) -> Built {
    let definition = find(name).unwrap();
    definition.build(&definition.read(given).unwrap()).unwrap()
}

/// Says how many trades were closed, and the last equity.
fn played(candles: &[Candle], built: &Built) -> (usize, f64) {
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
    let run = run(black_box(candles), &mut built.clone(), &terms).unwrap();
    black_box(Stats::of(candles, &run));
    (run.trades.len(), run.equity.last().copied().unwrap_or_default())
}

/// In milliseconds.
fn fastest(mut work: impl FnMut() -> usize) -> f64 {
    let mut time = || {
        let begun = Instant::now();
        black_box(work());
        begun.elapsed().as_secs_f64() * 1e3
    };
    (0..ROUNDS).map(|_| time()).fold(f64::INFINITY, f64::min)
}

fn candles(text: &str) -> Vec<Candle> {
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let places = ["time_ms", "open", "high", "low", "close", "volume"]
        .map(|name| header.iter().position(|is| *is == name).unwrap());
    let candle = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let [time, open, high, low, close, volume] = places.map(|place| cells[place].parse::<f64>().unwrap());
        let bar = Bar::new(open, high, low, close, volume).unwrap();
        Candle { time_ms: format!("{time}").parse().unwrap(), bar }
    };
    text.lines().skip(1).map(candle).collect()
}

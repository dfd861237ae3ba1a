//! `moniqo backtest`, from outside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const CANDLES: &str = include_str!("../../tests/golden/backtest/candles.csv");
const DOCUMENT: &str = include_str!("../../docs/backtests.md");
const STRATEGIES: &str = include_str!("../../docs/strategies.md");
const HEADER: &str = "time_ms,open,high,low,close,volume";
const LADDER: &str = "tests/golden/backtest/ladder.json";
const FILE: &str = "tests/golden/backtest/candles.csv";

fn moniqo(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_moniqo"));
    command.current_dir(ROOT).args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Who finds its arguments wrong does not wait for the input.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    child.wait_with_output().unwrap()
}

fn played(arguments: &[&str], input: &str) -> Value {
    let arguments = [&["backtest", "--candles", "-", "--json"], arguments].concat();
    let output = moniqo(&arguments, input);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stdout).lines().count(), 1);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap().trim_end_matches('\n')
}

/// Each command of a document's blocks, and what the block beneath it shows.
fn examples(document: &str) -> Vec<(&str, &str)> {
    document
        .split("\n```sh backtest\n")
        .skip(1)
        .map(|rest| {
            let (command, rest) = rest.split_once("\n```\n").unwrap();
            (command, rest.split_once("```text\n").unwrap().1.split_once("\n```").unwrap().0)
        })
        .collect()
}

#[test]
fn documents_show_what_is_printed() {
    for (document, least) in [(DOCUMENT, 1), (STRATEGIES, 1)] {
        let examples = examples(document);
        assert!(examples.len() >= least);
        for (command, shown) in examples {
            let words = shlex::split(command).unwrap();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            assert_eq!(words[0], "moniqo");
            let output = moniqo(&words[1..], "");
            assert_eq!((text(&output.stdout), text(&output.stderr)), (shown, ""), "{command}");
        }
    }
}

#[test]
fn programs_get_the_run_with_every_digit() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../tests/golden/backtest/plain.json")).unwrap();
    let golden = &cases[0];
    let answer = played(&["--strategy", "rsi_cross"], CANDLES);
    let fields: BTreeSet<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields.into_iter().collect::<Vec<_>>(), ["equity", "months", "open_position", "stats", "trades"]);
    assert_eq!(answer["open_position"], golden["open_position"]);
    for (trade, expected) in answer["trades"].as_array().unwrap().iter().zip(golden["trades"].as_array().unwrap()) {
        for exact in ["entry_bar", "exit_bar", "entry_price", "exit_price", "size"] {
            assert_eq!(trade[exact], expected[exact], "{exact}");
        }
    }
    assert_eq!(answer["equity"].as_array().unwrap().len(), CANDLES.lines().count() - 1);
    assert_eq!(answer["stats"]["trades"], golden["stats"]["trades"]);
}

#[test]
fn what_is_not_defined_is_null() {
    let one = format!("{HEADER}\n1498906800000,100,100,100,100,0\n");
    let flat: String =
        (0..72).map(|hour| format!("\n{},100,100,100,100,0", 1_498_906_800_000_i64 + hour * 3_600_000)).collect();
    for candles in [one, format!("{HEADER}{flat}")] {
        let answer = played(&["--strategy", "rsi_cross"], &candles);
        let stats = &answer["stats"];
        for undefined in ["sharpe", "sortino", "calmar", "win_rate_percent", "profit_factor", "expectancy"] {
            assert_eq!(stats[undefined], Value::Null, "{undefined}");
        }
        assert_eq!(stats["final_equity"], 10_000.0);
        assert_eq!((stats["return_percent"].as_f64(), stats["max_drawdown_percent"].as_f64()), (Some(0.0), Some(0.0)));
        assert_eq!((answer["open_position"].is_null(), answer["trades"].as_array().unwrap().len()), (true, 0));
    }
}

#[test]
fn entries_may_be_ladders_whose_fills_are_told() {
    let answer = played(&["--strategy", "rsi_cross", "--ladder", LADDER], CANDLES);
    let fills = answer["fills"].as_array().unwrap();
    let first = &fills[0];
    assert_eq!(
        (&first["what"], &first["level"], &first["bar"]),
        (&Value::from("entry"), &Value::from(0), &Value::from(17))
    );
    assert!(fills.iter().any(|fill| fill["what"] == "take_profit" && fill["step"] == 2), "{fills:?}");
    assert!(fills.iter().any(|fill| fill["what"] == "entry" && fill["level"] == 1), "{fills:?}");
    assert_eq!(answer["refused_entries"], 0);
    assert!(answer["stats"]["trades"].as_u64().unwrap() > 0);
}

#[test]
fn a_ladder_that_a_strategy_brings_is_the_one_that_its_parameters_say() {
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/brought.json");
    let plan = r#"{"market": {"price_tick": "0.01", "quantity_step": "0.00000001", "quantity_min": "0", "notional_min": "10"},
        "fee_rate": "0.001", "side": "long", "entry_price": "1", "balance": "1", "base_order": {"balance_percent": "20"},
        "safety_orders": {"count": 2, "balance_percent": "20", "deviation_percent": "1.5", "volume_scale": "2"},
        "take_profit": {"basis": "average", "steps": [{"profit_percent": "1", "amount_percent": "100"}]},
        "stop_loss_percent": "9"}"#;
    std::fs::write(file, plan).unwrap();
    let told = ["safety_orders=2", "deviation=1.5", "volume_scale=2", "take_profit=1", "stop_loss=9", "budget=80"];
    let told = told.iter().flat_map(|parameter| ["--param", parameter]);
    let market = ["--strategy", "dca_ladder", "--price-tick", "0.01", "--notional-min", "10"];
    let brought = played(&market.into_iter().chain(told).collect::<Vec<_>>(), CANDLES);
    assert!(brought["fills"].as_array().unwrap().iter().any(|fill| fill["level"] == 2), "{}", brought["fills"]);
    assert_eq!(brought, played(&["--strategy", "rsi_cross", "--param", "overbought=100", "--ladder", file], CANDLES));
    assert_eq!(brought, played(&["--strategy", "dca_ladder", "--ladder", file], CANDLES));
}

#[test]
fn orders_of_a_grid_are_sold_one_by_one() {
    let answer = played(&["--strategy", "grid", "--param", "lines=4"], CANDLES);
    let fills = answer["fills"].as_array().unwrap();
    let count = |what: &str| fills.iter().filter(|fill| fill["what"] == what).count();
    assert!(count("entry") > answer["trades"].as_array().unwrap().len(), "{fills:?}");
    assert!(count("take_profit") > 0 && count("exit") > 0, "{fills:?}");
    let refused =
        moniqo(&["backtest", "--strategy", "grid", "--candles", FILE, "--param", "profit=0.5000000000001"], "");
    assert_eq!(text(&refused.stderr), "error: --param: profit must have at most 12 decimals");
    let poor = played(&["--strategy", "grid", "--notional-min", "5000"], CANDLES);
    assert_eq!(poor["fills"], Value::Array(vec![]));
    assert!(poor["refused_entries"].as_u64().unwrap() > 0);
}

#[test]
fn rules_that_are_short_are_played_as_a_ladder_of_contracts() {
    let place = |name: &str| format!("{}/{name}", env!("CARGO_TARGET_TMPDIR"));
    let (rules, ladder) = (place("short_rules.json"), place("short_ladder.json"));
    let rsi = |op: &str, level: u32| {
        format!(r#"{{"left": {{"indicator": "rsi", "period": 7}}, "op": "{op}", "right": {level}}}"#)
    };
    let (entry, exit) = (rsi("crosses_below", 70), rsi("crosses_above", 30));
    std::fs::write(&rules, format!(r#"{{"side": "short", "entry": {entry}, "exit": {exit}}}"#)).unwrap();
    let plan = std::fs::read_to_string(Path::new(ROOT).join(LADDER)).unwrap();
    std::fs::write(&ladder, plan.replacen("long", "short", 1)).unwrap();
    let start = ["--candles", FILE, "--rules", &rules, "--ladder", &ladder];
    let told = |arguments: &[&str]| {
        let output = moniqo(&[&["backtest"], &start[..], arguments].concat(), "");
        (text(&output.stdout).to_owned(), text(&output.stderr).to_owned())
    };
    assert_eq!(told(&[]).1, "error: --leverage must stand beside a ladder that is short: coins cannot be");
    let contracts = ["--leverage", "3", "--funding-rate", "0.0003"];
    let answer: Value = serde_json::from_str(&told(&[&contracts[..], &["--json"]].concat()).0).unwrap();
    assert_eq!(answer["side"], "short");
    assert!(answer["funding"].as_f64().unwrap() < 0.0, "shorts are paid: {}", answer["funding"]);
    let trades = answer["trades"].as_array().unwrap();
    let won = |trade: &&Value| trade["exit_price"].as_f64() < trade["entry_price"].as_f64();
    assert!(trades.iter().filter(won).count() > 0);
    // The same rate, as a file says it.
    let (file, begin) = (place("funding.csv"), 52_000_i64);
    let rows: String = (begin..begin + 1_000).map(|time| format!("\n{},0.0003", time * 28_800_000)).collect();
    std::fs::write(&file, format!("time_ms,rate{rows}")).unwrap();
    let recorded: Value = serde_json::from_str(&told(&["--leverage", "3", "--funding", &file, "--json"]).0).unwrap();
    assert_eq!(recorded, answer);
    std::fs::write(&file, "time_ms,rate\n1510272000000,0.0003\n1513000000000,0.0003").unwrap();
    let wrong = told(&["--leverage", "3", "--funding", &file]).1;
    assert!(wrong.starts_with("error: --funding: its rates must reach from the first candle to the last"), "{wrong}");
    let shown = told(&contracts).0;
    assert!(shown.starts_with("sold ") && shown.contains("\nfunding "), "{shown}");
}

#[test]
fn contracts_are_asked_for_beside_a_ladder() {
    let told = |arguments: &[&str], expected: &str| {
        let output = moniqo(&[&["backtest", "--candles", FILE, "--strategy", "rsi_cross"], arguments].concat(), "");
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{arguments:?}");
        assert!(text(&output.stderr).starts_with(&format!("error: {expected}")), "{output:?}");
    };
    told(&["--leverage", "2"], "--leverage must stand beside --ladder or --plan, or a strategy that brings one");
    told(&["--leverage", "126"], "--leverage: must be a whole number from 1 to 125");
    told(&["--ladder", LADDER, "--funding-rate", "0.1"], "--funding-rate must stand beside --leverage");
    let leveraged = |rate: &str, expected: &str| {
        told(&["--ladder", LADDER, "--leverage", "2", "--funding-rate", rate], expected);
    };
    told(&["--funding", FILE], &format!("--funding {FILE}: "));
    leveraged("1", "--funding-rate must be above -1 and below 1");
    leveraged("NaN", "--funding-rate: must be a decimal number");
}

const BOT: &str = "tests/golden/backtest/bot.json";

#[test]
fn a_bots_plan_is_played_with_its_rules_and_its_accounts_limits() {
    let rsi = ["--strategy", "rsi_cross", "--param", "period=5", "--price-tick", "0.01"];
    let as_bot = |more: &[&str]| played(&[&rsi[..], more].concat(), CANDLES);
    let by_plan = as_bot(&["--plan", BOT]);
    let whats: BTreeSet<_> =
        by_plan["fills"].as_array().unwrap().iter().map(|fill| fill["what"].as_str().unwrap()).collect();
    assert!(whats.contains("time_limit") || whats.contains("stop"), "{whats:?}");
    assert!(
        by_plan["unfollowed"].as_object().unwrap().contains_key("below_minimum_profit"),
        "{}",
        by_plan["unfollowed"]
    );
    for trade in by_plan["trades"].as_array().unwrap() {
        let bars = trade["exit_bar"].as_u64().unwrap() - trade["entry_bar"].as_u64().unwrap();
        assert!(bars <= 72, "three days at the most: {trade}");
    }
    let none = as_bot(&["--plan", BOT, "--limit", "order_quote_max=499"]);
    assert_eq!((none["fills"].as_array().unwrap().len(), none["trades"].as_array().unwrap().len()), (0, 0));
    assert!(none["unfollowed"]["order_quote_max"].as_u64().unwrap() > 0);
    // With all cash, too.
    let none = as_bot(&["--confidence-min", "1"]);
    let all = as_bot(&[]);
    assert!(none["trades"].as_array().unwrap().len() < all["trades"].as_array().unwrap().len());
    assert_eq!(all["unfollowed"], Value::Null);
    assert!(none["unfollowed"]["confidence_min"].as_u64().unwrap() > 0, "{}", none["unfollowed"]);
    let none = as_bot(&["--limit", "exposure_max=100"]);
    assert_eq!(none["trades"].as_array().unwrap().len(), 0);
    let shown = moniqo(&[&["backtest", "--candles", FILE][..], &rsi, &["--plan", BOT]].concat(), "");
    assert!(text(&shown.stdout).contains("not followed"), "{shown:?}");
}

#[test]
fn what_a_bot_cannot_ask_in_a_backtest_is_named() {
    let told = |arguments: &[&str], expected: &str| {
        let all = [&["backtest", "--candles", FILE, "--strategy", "rsi_cross"], arguments].concat();
        let output = moniqo(&all, "");
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.starts_with(&format!("error: {expected}")), "{said}");
    };
    told(&["--ladder", LADDER, "--orders-max", "1"], "--orders-max must not stand beside --ladder: the plan says it");
    told(
        &["--ladder", LADDER, "--plan", BOT],
        &format!("--plan {BOT}: base_order must be left out: the ladder says it"),
    );
    told(&["--limit", "trades_per_day_max=5"], "--limit: trades_per_day_max is not known here");
    told(&["--confidence-min", "70"], "--confidence-min: must be a number from 0 to 1");
    told(&["--orders-max", "0"], "--orders-max must be a whole number from 1");
}

#[test]
fn a_strategys_own_orders_keep_a_markets_whole_rules() {
    let ema = ["--strategy", "ema_cross", "--quantity-step", "0.001", "--cash", "50000"];
    let sizes = |more: &[&str]| -> Vec<f64> {
        let trades = played(&[&ema[..], more].concat(), CANDLES)["trades"].clone();
        trades.as_array().unwrap().iter().map(|trade| trade["size"].as_f64().unwrap()).collect()
    };
    assert!(sizes(&[]).iter().all(|size| *size > 1.0));
    assert!(sizes(&["--market-quantity-max", "0.5"]).iter().all(|size| *size == 0.5));
    assert!(sizes(&["--quantity-max", "0.25", "--market-quantity-max", "0.5"]).iter().all(|size| *size == 0.25));
    assert!(sizes(&["--quantity-min", "5"]).is_empty());
}

#[test]
fn what_slips_and_what_comes_late_is_worse_and_later() {
    let plain = played(&["--strategy", "rsi_cross"], CANDLES);
    let worse = played(&["--strategy", "rsi_cross", "--slippage-bps", "2.5", "--latency", "2"], CANDLES);
    let bar = |answer: &Value| answer["trades"][0]["entry_bar"].as_u64().unwrap();
    assert_eq!(bar(&worse), bar(&plain) + 2);
    // The open of that bar, and a quarter of a thousandth more.
    let open: f64 = CANDLES.lines().nth(20).unwrap().split(',').nth(1).unwrap().parse().unwrap();
    assert!((worse["trades"][0]["entry_price"].as_f64().unwrap() / open - 1.00025).abs() < 1e-12);
}

#[test]
fn draws_tell_how_much_was_luck_and_how_far_goals_are() {
    let draws = |seed| {
        played(&["--strategy", "rsi_cross", "--param", "period=5", "--draws", "500", "--seed", seed], CANDLES)["draws"]
            .clone()
    };
    let told = draws("1");
    assert_eq!((&told, told["goals"]["months"].as_u64()), (&draws("1"), Some(1)));
    assert_ne!(told["shuffled"], draws("2")["shuffled"]);
    assert!(told["shuffled"]["return_percent"]["p5"].as_f64() < told["shuffled"]["return_percent"]["p95"].as_f64());
    let output = moniqo(&["backtest", "--candles", FILE, "--strategy", "rsi_cross", "--draws", "50"], "");
    assert!(text(&output.stdout).contains("goal: a month"), "{output:?}");
}

#[test]
fn a_goal_is_held_against_without_a_word_about_draws() {
    let with = |arguments: &[&str]| {
        played(&[&["--strategy", "rsi_cross", "--param", "period=5"], arguments].concat(), CANDLES)["draws"].clone()
    };
    let told = with(&["--monthly-percent", "5"]);
    assert_eq!(told["goals"]["monthly_percent"], 5.0);
    assert_eq!(told, with(&["--monthly-percent", "5", "--draws", "10000"]));
    assert_eq!(with(&[]), Value::Null);
}

#[test]
fn the_equity_is_drawn() {
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/equity.svg");
    let output = moniqo(&["backtest", "--candles", FILE, "--strategy", "ema_cross", "--svg", file], "");
    assert!(output.status.success(), "{output:?}");
    let svg = std::fs::read_to_string(file).unwrap();
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.ends_with("</svg>\n"));
    assert!(svg.contains("<title>Equity, 2017-11-10 00:00:00 to 2018-01-10 23:00:00</title>"), "{svg}");
}

#[test]
fn bad_input_is_code_2_and_one_line_that_names_the_field() {
    let check = |arguments: &[&str], input: &str, expected: &str| {
        let output = moniqo(&[&["backtest"], arguments].concat(), input);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{arguments:?}");
        assert!(text(&output.stderr).starts_with(&format!("error: {expected}")), "{output:?}");
        assert_eq!(text(&output.stderr).lines().count(), 1, "{output:?}");
    };
    let told = |arguments: &[&str], expected: &str| {
        check(&[&["--candles", FILE, "--strategy", "rsi_cross"], arguments].concat(), "", expected);
    };
    check(&["--candles", FILE], "", "--strategy: must be rsi_cross or ema_cross");
    check(&["--candles", FILE, "--strategy", "moon\nshot"], "", "--strategy: must be rsi_cross or ema_cross");
    told(
        &["--param", "length=14"],
        "--param: length is not known to rsi_cross: it has period, oversold, overbought, rsi",
    );
    told(&["--param", "len\ngth=14"], "--param: len\\ngth is not known to rsi_cross");
    told(&["--param", "oversold=70"], "--param: oversold must be below overbought, which is 70");
    told(&["--param", "period"], "--param period must be NAME=VALUE");
    for period in ["-14", "0", "1", "100001", "14.5", "NaN", "1e3", ""] {
        told(&["--param", &format!("period={period}")], "--param: period must be a whole number from 2 to 100000");
    }
    for level in ["NaN", "inf", "-1", "101", "1e308"] {
        told(&["--param", &format!("oversold={level}")], "--param: oversold must be a number from 0 to 100");
    }
    told(&["--cash", "-5"], "--cash must be an amount above 0");
    told(&["--cash", "NaN"], "--cash: must be a decimal number such as 12.5");
    told(&["--cash", "1e27"], "--cash: must be at most 999999999999999 with 12 decimals");
    told(&["--fee-rate", "1"], "--fee-rate: must be a rate from 0 to below 1");
    told(&["--fee-rate", "-0.001"], "--fee-rate: must be a rate from 0 to below 1");
    told(&["--quantity-step", "0"], "--quantity-step must be above 0");
    told(&["--slippage-bps", "10000"], "--slippage-bps must be a number from 0 to below 10000");
    told(&["--slippage-bps", "-1"], "--slippage-bps must be a number from 0 to below 10000");
    told(&["--latency", "-1"], "--latency must be a whole number from 0 to 100000");
    told(&["--latency", "1.5"], "--latency must be a whole number from 0 to 100000");
    told(&["--draws", "0"], "--draws must be a whole number from 1 to 1000000");
    told(&["--monthly-percent", "NaN"], "--monthly-percent must be a number above 0");
    told(&["--portfolio", "-1"], "--portfolio must be a number above 0");
    told(&["--ladder", "/nowhere.json"], "--ladder /nowhere.json: ");
    told(&["--ladder", LADDER, "--fee-rate", "0"], "--fee-rate must not stand beside --ladder: the plan says it");
    told(&["--ladder", LADDER, "--price-tick", "1"], "--price-tick must not stand beside --ladder: the plan says it");
    told(&["--price-tick", "0"], "--price-tick: must be a price above 0");
    told(&["--notional-min", "-1"], "--notional-min: must be");
    let short = concat!(env!("CARGO_TARGET_TMPDIR"), "/short.json");
    let plan = std::fs::read_to_string(Path::new(ROOT).join(LADDER)).unwrap();
    std::fs::write(short, plan.replacen("long", "short", 1)).unwrap();
    told(&["--ladder", short], "--ladder: side must be long, which is the side that is entered");
    std::fs::write(short, plan.replacen("fee_rate", "fee_role", 1)).unwrap();
    told(&["--ladder", short], &format!("--ladder {short}: fee_role is not known here"));
    told(&["--svg", "/nowhere/equity.svg"], "--svg /nowhere/equity.svg: ");
    let piped = ["--candles", "-", "--strategy", "rsi_cross"];
    check(&["--strategy", "rsi_cross"], "", "--candles must be a CSV file, or - for standard input");
    check(&["--candles", "/nowhere.csv", "--strategy", "rsi_cross"], "", "--candles /nowhere.csv: ");
    check(&piped, "", "standard input: time_ms is missing in the header");
    check(&piped, HEADER, "--candles must have at least one candle");
    check(&piped, &format!("{HEADER}\n1600000000000,1,1,1,NaN,1\n"), "standard input: line 2: close must be a number");
    let tiny = format!("{HEADER}\n1600000000000,1e-90,1,1e-90,1,1\n");
    assert_eq!(played(&["--strategy", "rsi_cross"], &tiny)["trades"], Value::Array(vec![]));
}

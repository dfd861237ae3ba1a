//! `moniqo sweep`, from outside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use serde_json::Value;
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const FILE: &str = "tests/golden/backtest/candles.csv";

fn moniqo(arguments: &[&str]) -> Output {
    let start = ["sweep", "--candles", FILE, "--strategy", "ema_cross"];
    Command::new(env!("CARGO_BIN_EXE_moniqo")).current_dir(ROOT).args(start).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap().trim_end_matches('\n')
}

fn told(arguments: &[&str]) -> Value {
    let output = moniqo(&[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_combination_is_tried_and_the_best_comes_first() {
    let told = told(&["--try", "fast=5:15:5", "--try", "slow=20,50", "--by", "return"]);
    let tries = told["tries"].as_array().unwrap();
    let scores: Vec<f64> = tries.iter().map(|one| one["score"].as_f64().unwrap()).collect();
    assert_eq!((tries.len(), &told["by"]), (6, &Value::from("return")));
    assert!(scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
    let best = &tries[0];
    let arguments = ["fast", "slow"].map(|name| format!("{name}={}", best["parameters"][name].as_str().unwrap()));
    let played = ["--param", &arguments[0], "--param", &arguments[1], "--json"];
    let start = ["backtest", "--candles", FILE, "--strategy", "ema_cross"];
    let output =
        Command::new(env!("CARGO_BIN_EXE_moniqo")).current_dir(ROOT).args(start).args(played).output().unwrap();
    let alone: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(alone["stats"], best["stats"]);
}

#[test]
fn the_same_seed_tries_the_same() {
    for search in ["random", "tpe"] {
        let told = |seed| {
            told(&[
                "--try",
                "fast=2:40:1",
                "--try",
                "slow=20:90:1",
                "--search",
                search,
                "--tries",
                "30",
                "--seed",
                seed,
            ])
        };
        let one = told("3");
        assert_eq!(one["tries"].as_array().unwrap().len(), 30);
        assert_eq!(one, told("3"));
        assert_ne!(one, told("4"));
    }
}

#[test]
fn what_was_chosen_is_tried_on_what_follows() {
    let walked = told(&["--try", "fast=5,10", "--try", "slow=20,50", "--walk", "500:300"]);
    let steps = walked["steps"].as_array().unwrap();
    assert_eq!(
        (steps.len(), &steps[0]["train"]["end"], &steps[0]["test"]["start"]),
        (4, &Value::from(500), &Value::from(500))
    );
    let split = told(&["--try", "fast=5,10", "--split", "70"]);
    assert_eq!(split["steps"][0]["test"]["end"], 1488);
    assert_eq!(split["together"], split["steps"][0]["tested"], "one part is what it is alone");
    let growth = |of: &Value| 1.0 + of["return_percent"].as_f64().unwrap() / 100.0;
    let product: f64 = steps.iter().map(|step| growth(&step["tested"])).product();
    assert!((growth(&walked["together"]) / product - 1.0).abs() < 1e-12, "{walked}");
    assert!(walked["together"]["max_drawdown_ms"].as_i64() > Some(0));
    let output = moniqo(&["--try", "fast=5,10", "--split", "70"]);
    for name in ["tried together   1 part", "drawdown", "sharpe", "profit factor"] {
        assert!(text(&output.stdout).contains(name), "{output:?}");
    }
}

#[test]
fn what_gained_without_a_loss_comes_first_and_what_never_traded_last() {
    // Of more bars than there are no average is known: nothing is traded.
    let swept = told(&["--try", "fast=5,10,20,40", "--try", "slow=30,50,90,5000", "--by", "profit_factor"]);
    let tries = swept["tries"].as_array().unwrap();
    let is_infinite = |one: &Value| {
        one["score"].is_null()
            && one["stats"]["return_percent"].as_f64() > Some(0.0)
            && one["stats"]["win_rate_percent"].as_f64() > Some(0.0)
    };
    let ranks: Vec<f64> = tries
        .iter()
        .map(|one| one["score"].as_f64().unwrap_or(if is_infinite(one) { f64::INFINITY } else { f64::NEG_INFINITY }))
        .collect();
    assert!(ranks.is_sorted_by(|one, other| one >= other), "{ranks:?}");
    assert_eq!(ranks.last(), Some(&f64::NEG_INFINITY));
    let arguments = ["--try", "fast=5,10", "--param", "slow=5000", "--split", "70"];
    let none = told(&arguments);
    assert_eq!((&none["steps"][0]["unscored"], &none["steps"][0]["score"]), (&Value::from(true), &Value::Null));
    let output = moniqo(&arguments);
    assert!(text(&output.stdout).contains("(none has a score)"), "{output:?}");
}

#[test]
fn what_contradicts_itself_is_skipped_and_counted() {
    let grid = ["--try", "fast=5:25:5", "--try", "slow=10,20"];
    let pairs = |told: &Value| {
        let number = |one: &Value, name: &str| one["parameters"][name].as_str().unwrap().parse::<u32>().unwrap();
        let tries = told["tries"].as_array().unwrap();
        tries.iter().map(|one| (number(one, "fast"), number(one, "slow"))).collect::<Vec<_>>()
    };
    let all = told(&grid);
    let mut tried = pairs(&all);
    tried.sort_unstable();
    assert_eq!(tried, [(5, 10), (5, 20), (10, 20), (15, 20)]);
    assert_eq!(all["skipped"], 6);
    let people = moniqo(&grid);
    assert!(text(&people.stdout).contains("6, whose parameters contradict each other"), "{people:?}");
    for search in ["random", "tpe"] {
        let drawn = told(&[&grid[..], &["--search", search, "--tries", "40"]].concat());
        let tried = pairs(&drawn);
        assert_eq!(tried.len(), 40, "{search}");
        assert!(tried.iter().all(|(fast, slow)| fast < slow), "{search}: {tried:?}");
        assert!(drawn["skipped"].as_u64().unwrap() > 0, "{search}");
    }
    let walked = told(&[&grid[..], &["--walk", "500:300"]].concat());
    assert_eq!((walked["skipped"].as_u64(), walked["steps"].as_array().unwrap().len()), (Some(6), 4));
    // What is fixed may contradict what is there where nothing is said.
    let beside = told(&["--param", "fast=250", "--try", "slow=200:300:50"]);
    assert_eq!((pairs(&beside), &beside["skipped"]), (vec![(250, 300)], &Value::from(2)));
    assert_eq!(told(&["--try", "fast=5,6"])["skipped"], 0);
}

#[test]
fn ladders_are_swept_with_their_strategy() {
    let swept = |strategy: &str, arguments: &[&str]| -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_moniqo"));
        let start = ["--candles", FILE, "--strategy", strategy, "--json"];
        let output = command.current_dir(ROOT).arg("sweep").args(start).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let tried = swept("dca_ladder", &["--try", "deviation=1,3", "--param", "take_profit=2"]);
    let tries = tried["tries"].as_array().unwrap();
    assert_ne!(tries[0]["stats"], tries[1]["stats"]);
    let best = format!("deviation={}", tries[0]["parameters"]["deviation"].as_str().unwrap());
    let start = ["backtest", "--candles", FILE, "--strategy", "dca_ladder", "--param", "take_profit=2", "--json"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_moniqo"));
    let output = command.current_dir(ROOT).args(start).args(["--param", &best]).output().unwrap();
    let alone: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(alone["stats"], tries[0]["stats"]);
    let walked = swept("grid", &["--try", "spacing=0.5,1", "--walk", "700:300"]);
    assert_eq!(walked["steps"].as_array().unwrap().len(), 3);
    let with_file = ["--try", "period=5,14", "--ladder", "tests/golden/backtest/ladder.json"];
    assert_eq!(swept("rsi_cross", &with_file)["tries"].as_array().unwrap().len(), 2);
}

#[test]
fn rules_are_swept_by_paths() {
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/swept.json");
    let ema = |period: u32| format!(r#"{{"indicator": "ema", "period": {period}}}"#);
    let one = |op: &str| format!(r#"{{"left": {}, "op": "{op}", "right": {}}}"#, ema(5), ema(20));
    let (entry, exit) = (one("crosses_above"), one("crosses_below"));
    std::fs::write(file, format!(r#"{{"entry": {entry}, "exit": {exit}}}"#)).unwrap();
    let swept = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_moniqo"));
        command.current_dir(ROOT).args(["sweep", "--candles", FILE, "--rules", file, "--json"]).args(arguments);
        command.output().unwrap()
    };
    let output = swept(&["--try", "entry.right.period=20,50", "--param", "exit.right.period=50", "--walk", "500:300"]);
    assert!(output.status.success(), "{output:?}");
    let output = swept(&["--try", "entry.right.period=20,50"]);
    let tries: Value = serde_json::from_slice(&output.stdout).unwrap();
    let plain =
        tries["tries"].as_array().unwrap().iter().find(|one| one["parameters"]["entry.right.period"] == "20").unwrap();
    let known = told(&["--try", "fast=5", "--try", "slow=20"]);
    assert_eq!(plain["stats"], known["tries"][0]["stats"]);
    let output = swept(&["--try", "entry.right.periods=20,50"]);
    assert!(text(&output.stderr).starts_with("error: --try: entry.right.periods is not in the rules"), "{output:?}");
}

#[test]
fn bad_input_is_code_2_and_one_line_that_names_the_field() {
    let check = |arguments: &[&str], expected: &str| {
        let output = moniqo(arguments);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{arguments:?}");
        assert!(text(&output.stderr).starts_with(&format!("error: {expected}")), "{output:?}");
        assert_eq!(text(&output.stderr).lines().count(), 1, "{output:?}");
    };
    check(&[], "--try must name a parameter and its values");
    check(&["--try", "fast"], "--try fast must be NAME=FROM:TO:STEP");
    check(&["--try", "fast=5:10"], "--try fast=5:10 must be NAME=FROM:TO:STEP");
    check(&["--try", "fast=5:10:0"], "--try fast=5:10:0 must be NAME=FROM:TO:STEP");
    check(
        &["--try", "fast=2:90000:1"],
        "--try fast=2:90000:1 must be NAME=FROM:TO:STEP, with a step above 0 and at most 10000",
    );
    check(&["--try", "fast=0:10:5"], "--try: fast must be a whole number from 2 to 100000");
    check(&["--try", "speed=1,2"], "--try: speed is not known to ema_cross: it has fast, slow");
    check(&["--try", "fast=5,6", "--param", "fast=5"], "--try: fast must be given once");
    check(&["--try", "fast=20,50", "--param", "slow=20"], "--try: fast must be below slow, which is 20");
    check(&["--try", "fast=2:5000:1", "--try", "slow=2:5000:1"], "--try: has more than 100000 combinations");
    let tried = |arguments: &[&str], expected: &str| check(&[&["--try", "fast=5,6"], arguments].concat(), expected);
    tried(&["--monthly-percent", "5"], "--monthly-percent must not stand beside a sweep: one run is drawn anew");
    tried(&["--draws", "5"], "--draws must not stand beside a sweep");
    tried(&["--by", "luck"], "--by must be sharpe or sortino or calmar or return or profit_factor");
    tried(&["--search", "best"], "--search must be grid or random or tpe");
    tried(&["--search", "random", "--tries", "0"], "--tries must be a whole number from 1 to 100000");
    tried(&["--seed", "-1"], "--seed must be a whole number from 0");
    tried(&["--walk", "500"], "--walk must be TRAIN:TEST");
    tried(&["--walk", "0:10"], "--walk must be TRAIN:TEST");
    tried(&["--walk", "5000:10"], "--walk must be TRAIN:TEST, both bars above 0, and TRAIN below the 1488 there are");
    tried(&["--split", "100"], "--split must be a whole number from 1 to 99");
    tried(&["--search", "tpe", "--split", "70"], "--search must be grid or random where --walk or --split is given");
}

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
    let output = moniqo(&["--try", "fast=5,10", "--split", "70"]);
    assert!(text(&output.stdout).contains("tried together"), "{output:?}");
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
    check(&["--try", "fast=2:5000:1", "--try", "slow=2:5000:1"], "--try: has more than 100000 combinations");
    let tried = |arguments: &[&str], expected: &str| check(&[&["--try", "fast=5,6"], arguments].concat(), expected);
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

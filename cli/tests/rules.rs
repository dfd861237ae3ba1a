//! Rules that are written, played by `moniqo backtest`, from outside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const DOCUMENT: &str = include_str!("../../docs/strategies.md");
const RULES: &str = "tests/golden/backtest/rules.json";
const FILE: &str = "tests/golden/backtest/candles.csv";

fn moniqo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_moniqo")).current_dir(ROOT).arg("backtest").args(arguments).output().unwrap()
}

fn played(arguments: &[&str]) -> Value {
    let output = moniqo(&[&["--candles", FILE, "--json"], arguments].concat());
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap().trim_end_matches('\n')
}

/// What stands in the document's blocks of rules.
fn rules() -> Vec<&'static str> {
    DOCUMENT.split("\n```json rules\n").skip(1).map(|rest| rest.split_once("\n```").unwrap().0).collect()
}

#[test]
fn rules_of_the_documents_can_be_played() {
    let rules = rules();
    assert_eq!(rules[0], std::fs::read_to_string(Path::new(ROOT).join(RULES)).unwrap().trim_end());
    for (index, rules) in rules.iter().enumerate() {
        let file = format!("{}/documented-{index}.json", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(&file, rules).unwrap();
        let answer = played(&["--rules", &file]);
        assert!(answer["stats"]["trades"].as_u64().unwrap() > 0, "{rules}");
    }
}

#[test]
fn rules_of_a_crossing_trade_as_the_strategy_does() {
    let rsi = r#"{"indicator": "rsi", "period": 9}"#;
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/rsi.json");
    let one = |op: &str, level: u32| format!(r#"{{"left": {rsi}, "op": "{op}", "right": {level}}}"#);
    let (entry, exit) = (one("crosses_above", 30), one("crosses_below", 70));
    std::fs::write(file, format!(r#"{{"entry": {entry}, "exit": {exit}}}"#)).unwrap();
    assert_eq!(played(&["--rules", file]), played(&["--strategy", "rsi_cross", "--param", "period=9"]));
    let other = ["--rules", file, "--param", "entry.left.period=14", "--param", "exit.left.period=14"];
    assert_eq!(played(&other), played(&["--strategy", "rsi_cross"]));
    let laddered = ["--ladder", "tests/golden/backtest/ladder.json"];
    let [rules, named] = [&other[..], &["--strategy", "rsi_cross"]].map(|by| played(&[by, &laddered].concat()));
    assert_eq!(rules, named);
    let told = played(&["--rules", file, "--explain"]);
    assert_eq!(told["rules"][0], "Enters long when RSI(9) crosses above 30.");
}

#[test]
fn bad_rules_are_code_2_and_one_line_that_names_the_field() {
    let check = |arguments: &[&str], expected: &str| {
        let output = moniqo(arguments);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{arguments:?}");
        assert!(text(&output.stderr).starts_with(&format!("error: {expected}")), "{output:?}");
        assert_eq!(text(&output.stderr).lines().count(), 1, "{output:?}");
    };
    let rules = concat!(env!("CARGO_TARGET_TMPDIR"), "/rules.json");
    let ruled = |text: &str, arguments: &[&str], expected: &str| {
        std::fs::write(rules, text).unwrap();
        check(
            &[&["--candles", FILE, "--rules", rules], arguments].concat(),
            &expected.replace("RULES", &format!("--rules {rules}")),
        );
    };
    let level = r#"{"entry": {"left": "close", "op": ">", "right": {"indicator": "ema"}}}"#;
    ruled("[", &[], "RULES: rules must be JSON: what was written breaks at line 1");
    ruled(&level.replace("ema", "em\\na"), &[], "RULES: entry.right.indicator must be sma or ema");
    ruled(&level.replace("entry", "ent\\nry"), &[], "RULES: ent\\nry must not be here");
    ruled(
        &level.replace("\"ema\"", "\"ema\", \"period\": 501"),
        &[],
        "RULES: entry.right.period must be a whole number from 1 to 500",
    );
    ruled(
        &level.replacen('{', "{\"side\": \"short\", ", 1),
        &[],
        "--ladder must stand beside rules that are short, and --leverage",
    );
    ruled(
        level,
        &["--param", "entry.right.period=0"],
        "--param: entry.right.period must be a whole number from 1 to 500",
    );
    ruled(level, &["--param", "period=5"], "--param: period is not in the rules");
    ruled(level, &["--strategy", "rsi_cross"], "--strategy must not stand beside --rules");
    ruled(&" ".repeat(100_000), &[], "RULES: rules must be at most 16384 bytes");
    check(&["--candles", FILE, "--strategy", "rsi_cross", "--explain"], "--explain must stand beside --rules");
    check(&["--candles", FILE, "--rules", "/nowhere.json"], "--rules /nowhere.json: ");
}

//! `moniqo ladder plan`, from outside.
#![allow(clippy::unwrap_used, reason = "assertions")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const DOCUMENT: &str = include_str!("../../docs/ladder.md");
const GOLDEN: &str = include_str!("../../tests/golden/ladder/worked-example.json");

fn moniqo(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_moniqo"));
    command.args(["ladder", "plan"]).args(arguments);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    // Who finds its arguments wrong does not wait for the input.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    child.wait_with_output().unwrap()
}

/// What stands in the document's fenced block of this kind.
fn block(kind: &str) -> &'static str {
    let (_, rest) = DOCUMENT.split_once(&format!("\n```{kind} ladder\n")).unwrap();
    rest.split_once("\n```").unwrap().0
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap().trim_end_matches('\n')
}

#[test]
fn the_document_shows_what_is_printed() {
    let output = moniqo(&[], block("json"));
    assert_eq!((text(&output.stdout), text(&output.stderr)), (block("text"), ""));
    assert!(output.status.success());
}

#[test]
fn programs_get_one_line_of_json_from_a_file_or_from_standard_input() {
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/ladder.json");
    std::fs::write(file, block("json")).unwrap();
    let golden: serde_json::Value = serde_json::from_str(GOLDEN).unwrap();
    for (arguments, input) in [
        (&["--json"][..], block("json")),
        (&["--json", "--file", "-"], block("json")),
        (&["--json", "--file", file], ""),
    ] {
        let output = moniqo(arguments, input);
        let answer: serde_json::Value = serde_json::from_str(text(&output.stdout)).unwrap();
        assert_eq!(Some(&answer), golden.pointer("/0/answer"), "{arguments:?}");
        assert_eq!(text(&output.stdout).lines().count(), 1);
    }
}

#[test]
fn bad_input_is_code_2_and_one_line_that_names_the_field() {
    let check = |arguments: &[&str], input: &str, expected: &str| {
        let output = moniqo(arguments, input);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{input}");
        assert!(text(&output.stderr).starts_with(&format!("error: {expected}")), "{output:?}");
        assert_eq!(text(&output.stderr).lines().count(), 1, "{output:?}");
    };
    let with = |from: &str, to: &str| block("json").replacen(from, to, 1);
    let count = "safety_orders.count must be a whole number from 0 to 200";
    check(&["--json"], &with("\"count\": 5", "\"count\": 500"), count);
    check(&[], &with("\"side\": \"long\"", "\"side\": \"up\""), "side must be long or short");
    check(&[], &with("\"fee_rate\"", "\"fee\\nrate\""), "fee\\nrate is not known here");
    check(&[], "{", "the body is not JSON");
    check(&["--file", "/nowhere/ladder.json"], "", "--file /nowhere/ladder.json: ");
}

/// One unit at 0.05 is worth the minimum, and at its stop of 0.047547 no more.
#[test]
fn a_stop_that_could_not_be_sold_is_told_by_name() {
    let plan = include_str!("../../tests/golden/cases/stop-below-minimum.json");
    let answer: serde_json::Value = serde_json::from_str(text(&moniqo(&["--json"], plan).stdout)).unwrap();
    let told = |path: &str| answer.pointer(path).and_then(serde_json::Value::as_str);
    assert_eq!(
        (told("/after_fill/0/stop_loss_price"), told("/pre_flight/sale")),
        (Some("0.047547"), Some("stop")),
        "{answer}"
    );
    assert_eq!(
        (told("/pre_flight/check"), told("/after_fill/0/take_profit/0/price")),
        (Some("below_notional_min"), Some("0.050852"))
    );
    let table = moniqo(&[], plan);
    assert!(text(&table.stdout).lines().any(|line| line.contains("pre-flight") && line.contains("stop")), "{table:?}");
}

/// Of two lots that are bought one can be sold once the fee was taken of them.
#[test]
fn lots_are_planned_by_what_the_fee_leaves_of_them() {
    let plan = include_str!("../../tests/golden/cases/lots-after-fee.json");
    let in_base = plan.replacen("\"price_tick\"", "\"fee_in\": \"base\", \"price_tick\"", 1);
    let sold = |plan: &str| {
        let answer: serde_json::Value = serde_json::from_str(text(&moniqo(&["--json"], plan).stdout)).unwrap();
        answer.pointer("/after_fill/0/take_profit/0/quantity").cloned().unwrap()
    };
    assert_eq!((sold(plan), sold(&in_base)), ("2".into(), "1".into()));
}

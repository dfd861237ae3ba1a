//! `moniqo indicators`, from outside.
#![allow(clippy::unwrap_used, reason = "assertions")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/indicators/");
const HEADER: &str = "time_ms,rsi_14,rsi_14_simple,macd,macd_signal,macd_histogram,ema_50,ema_200,sma_20,bb_upper,bb_middle,bb_lower,atr_14,volume_sma_20";

fn moniqo(file: &str, input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_moniqo"));
    command.args(["indicators", "--candles", file]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Who is given a file does not read the input.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn printed(file: &str, input: &str) -> String {
    let output = moniqo(file, input);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{file}");
    text(&output.stdout).to_owned()
}

/// The cells of a column.
fn column<'a>(csv: &'a str, name: &str) -> Vec<&'a str> {
    let at = csv.lines().next().unwrap().split(',').position(|column| column == name).unwrap();
    csv.lines().skip(1).map(|row| row.split(',').nth(at).unwrap()).collect()
}

fn golden(case: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}{case}.csv")).unwrap()
}

#[test]
fn every_line_is_what_others_reckon() {
    for case in ["btcusd", "flat", "one", "few", "no_volume", "huge", "tiny", "calm_after_storm", "days", "falling"] {
        let (printed, golden) = (printed(&format!("{FOLDER}{case}.csv"), ""), golden(case));
        assert_eq!(printed.lines().next().unwrap(), HEADER);
        for name in HEADER.split(',') {
            let (ours, theirs) = (column(&printed, name), column(&golden, name));
            assert_eq!(ours.len(), theirs.len());
            for (at, (ours, theirs)) in ours.into_iter().zip(theirs).enumerate() {
                assert!(is_alike(ours, theirs), "{case}, {name}, row {at}: {ours} for {theirs}");
            }
        }
    }
}

fn is_alike(ours: &str, theirs: &str) -> bool {
    let (Ok(ours), Ok(theirs)) = (ours.parse::<f64>(), theirs.parse::<f64>()) else { return ours == theirs };
    (ours - theirs).abs() <= 1e-8 + 1e-9 * theirs.abs()
}

#[test]
fn numbers_read_back_as_they_were() {
    for cell in printed(&format!("{FOLDER}btcusd.csv"), "").lines().skip(1).flat_map(|row| row.split(',').skip(1)) {
        let read = cell.parse::<f64>();
        assert!(cell.is_empty() || format!("{:?}", read.unwrap()) == cell, "{cell}");
    }
}

#[test]
fn a_file_and_standard_input_say_the_same() {
    let file = format!("{FOLDER}btcusd.csv");
    assert_eq!(printed(&file, ""), printed("-", &golden("btcusd")));
    assert_eq!(printed("-", "volume,close,low,high,open,time_ms"), format!("{HEADER}\n"));
    assert_eq!(
        printed("-", "volume,close,low,high,open,time_ms\r\n5,2,1,3,2,1600000060000"),
        format!("{HEADER}\n1600000060000,,,,,,,,,,,,,\n")
    );
}

#[test]
fn bad_candles_are_code_2_one_line_and_nothing_else() {
    let check = |file: &str, input: &str, expected: &str| {
        let output = moniqo(file, input);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{input}");
        assert!(text(&output.stderr).starts_with(&format!("error: {expected}")), "{output:?}");
        assert_eq!(text(&output.stderr).lines().count(), 1, "{output:?}");
    };
    let wrong =
        format!("{}1600003600000,1,2,NaN,2,1\n", "time_ms,open,high,low,close,volume\n1600000000000,1,2,1,2,1\n");
    check("-", &wrong, "standard input: line 3: low must be a number from 1e-100 to 1e100");
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/bad-candles.csv");
    std::fs::write(file, &wrong).unwrap();
    check(file, "", &format!("--candles {file}: line 3: low must be a number"));
    check("-", "", "standard input: time_ms is missing in the header");
    check("/nowhere/candles.csv", "", "--candles /nowhere/candles.csv: ");
    check(env!("CARGO_TARGET_TMPDIR"), "", "--candles ");
}

#[test]
fn whoever_reads_no_further_is_no_failure() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_moniqo"));
    command.args(["indicators", "--candles", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(golden("btcusd").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
}

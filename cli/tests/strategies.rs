//! `moniqo strategies`, from outside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use serde_json::Value;
use std::process::Command;

fn told(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_moniqo")).arg("strategies").args(arguments).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn people_get_a_line_for_each_and_programs_its_parameters_as_a_schema() {
    let text = told(&[]);
    let first = text.lines().find(|line| line.starts_with("rsi_cross ")).unwrap();
    let words = first.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "rsi_cross period=14 oversold=30 overbought=70 rsi=wilder Enters when the RSI comes up to";
    assert!(words.starts_with(expected), "{text}");
    assert!(text.contains("--rules FILE"), "{text}");
    let list: Value = serde_json::from_str(&told(&["--json"])).unwrap();
    let items = list["items"].as_array().unwrap();
    assert_eq!((&items[0]["name"], &list["next_cursor"]), (&Value::from("RSI_CROSS"), &Value::Null));
    assert_eq!(items[0]["parameters"]["properties"]["period"]["maximum"], 100_000);
    let rules = items.last().unwrap();
    assert_eq!(rules["offline_name"], "rules");
    assert!(rules["parameters"]["$defs"]["condition"]["oneOf"].as_array().unwrap().len() > 4, "{rules}");
    for item in items {
        let name = item["offline_name"].as_str().unwrap();
        assert!(text.contains(name) && item["description"].is_string(), "{name}");
    }
}

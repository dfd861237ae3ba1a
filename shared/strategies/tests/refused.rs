//! Rules that are refused, each with its field and what is allowed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

mod support;

use strategies::{CONDITIONS_MAX, RULES_BYTES_MAX, RULES_DEPTH_MAX, RULES_INDICATORS_MAX, RuleText};
use support::{of_entry, read};

const CONDITION: &str = "must be a condition: an object with all, any, not, within and of, or left, op and right";
const OPERAND: &str = "must be a number, open, high, low, close or volume, or an object with indicator or price";
const OPERATOR: &str = "must be < or <= or > or >= or crosses_above or crosses_below";
const LIST: &str = "must be a list of 1 to 64 conditions";
const PRICE: &str = "must be close or open or high or low or volume";

/// Entries, and what is told of the field beneath `entry`.
#[rustfmt::skip]
const ENTRIES: &[(&str, &str, &str)] = &[
    ("{}", "", CONDITION),
    (r#"{"of": {"left": 1}}"#, "", CONDITION),
    (r#"{"al": []}"#, ".al", "must not be here: there may be all, any, not, within, of, left, op, right"),
    (r#"{"": []}"#, ".\"\"", "must not be here: there may be all, any, not, within, of, left, op, right"),
    (r#"{"all": []}"#, ".all", LIST),
    (r#"{"all": {}}"#, ".all", LIST),
    (r#"{"any": [5]}"#, ".any[0]", CONDITION),
    (r#"{"all": [], "any": []}"#, ".any", "must not be here: there may be all"),
    (r#"{"not": []}"#, ".not", CONDITION),
    (r#"{"within": 0, "of": {}}"#, ".within", "must be a whole number from 1 to 500"),
    (r#"{"within": 3}"#, ".of", CONDITION),
    (r#"{"within": 3, "of": {"left": 1}}"#, ".of.op", OPERATOR),
    (r#"{"op": ">", "right": 1}"#, ".left", OPERAND),
    (r#"{"left": "close", "op": "=", "right": 1}"#, ".op", OPERATOR),
    (r#"{"left": "close", "op": ">"}"#, ".right", OPERAND),
    (r#"{"left": "close", "op": ">", "right": "dear"}"#, ".right", OPERAND),
    (r#"{"left": "close", "op": ">", "right": true}"#, ".right", OPERAND),
    (r#"{"left": "close", "op": ">", "right": "30"}"#, ".right", OPERAND),
    (r#"{"left": "close", "op": ">", "right": 1e400}"#, ".right", "must be a number from -1000000000000000 to 1000000000000000"),
    (r#"{"left": 1, "op": ">", "right": 2}"#, ".right", "must be a price or an indicator where left is a number"),
    (r#"{"all": [{"any": [{"left": "close", "op": ">", "right": 1}, {"left": {"indicator": "ema", "period": 501}, "op": ">", "right": 1}]}]}"#,
     ".all[0].any[1].left.period", "must be a whole number from 1 to 500"),
];

/// What stands on the left, and what is told of the field beneath `entry.left`.
#[rustfmt::skip]
const LEFT: &[(&str, &str, &str)] = &[
    (r#"{"price": "typical"}"#, "price", PRICE),
    (r#"{"price": "close", "period": 2}"#, "period", "must not be here: there may be price, ago, times"),
    (r#"{"ago": 2}"#, "price", PRICE),
    (r#"{"price": "close", "ago": 501}"#, "ago", "must be a whole number from 0 to 500"),
    (r#"{"indicator": "rsi", "period": 1}"#, "period", "must be a whole number from 2 to 500"),
    (r#"{"indicator": "rsi", "period": 501}"#, "period", "must be a whole number from 2 to 500"),
    (r#"{"indicator": "rsi", "period": 14.5}"#, "period", "must be a whole number from 2 to 500"),
    (r#"{"indicator": "rsi", "period": "14"}"#, "period", "must be a whole number from 2 to 500"),
    (r#"{"indicator": "rsi", "period": null}"#, "period", "must be a whole number from 2 to 500"),
    (r#"{"indicator": "rsi", "period": 3, "period": 4}"#, "period", "must be written once"),
    (r#"{"indicator": "ema", "period": 0}"#, "period", "must be a whole number from 1 to 500"),
    (r#"{"indicator": "rsi", "length": 14}"#, "length", "must not be here: there may be indicator, period, source, ago, times"),
    (r#"{"indicator": "rsi", "source": "typical"}"#, "source", PRICE),
    (r#"{"indicator": "macd", "line": "middle"}"#, "line", "must be macd or signal or histogram"),
    (r#"{"indicator": "rsi", "line": "rsi"}"#, "line", "must not be here: there may be indicator, period, source, ago, times"),
    (r#"{"indicator": "macd", "fast": 30}"#, "slow", "must be a whole number from 30 to 500"),
    (r#"{"indicator": "ichimoku", "base": 5}"#, "base", "must be a whole number from 9 to 500"),
    (r#"{"indicator": "ichimoku", "leading": 20}"#, "leading", "must be a whole number from 26 to 500"),
    (r#"{"indicator": "bollinger", "deviations": -1}"#, "deviations", "must be a number from 0 to 1000"),
    (r#"{"indicator": "rsi", "times": 1e7}"#, "times", "must be a number from -1000000 to 1000000"),
    (r#"{"indicator": "vibes"}"#, "indicator",
     "must be sma or ema or rsi or simple_rsi or macd or bollinger or atr or stochastic or adx or obv or vwap or donchian or supertrend \
      or ichimoku or cci or mfi or williams_r or keltner"),
];

fn check(text: &str, expected: &str) {
    assert_eq!(read(text).unwrap_err().to_string(), expected, "{text}");
}

#[test]
fn what_cannot_be_used_is_named_by_its_path_with_what_is_allowed() {
    for (entry, field, allowed) in ENTRIES {
        check(&of_entry(entry), &format!("entry{field} {allowed}"));
    }
    for (left, field, allowed) in LEFT {
        let entry = format!(r#"{{"left": {left}, "op": ">", "right": 2}}"#);
        check(&of_entry(&entry), &format!("entry.left.{field} {allowed}"));
    }
}

#[test]
fn the_whole_is_an_object_with_an_entry() {
    let beside = |more: &str| format!(r#"{{"entry": {{"left": "close", "op": ">", "right": 1}}, {more}}}"#);
    check("", "rules must be JSON: what was written breaks at line 1, column 0");
    check("{\"entry\": }", "rules must be JSON: what was written breaks at line 1, column 11");
    check("[1]", "rules must be a JSON object with entry, and exit and side where they are wanted");
    check("{}", &format!("entry {CONDITION}"));
    check(r#"{"entry": null}"#, &format!("entry {CONDITION}"));
    check(&beside(r#""exits": {}"#), "exits must not be here: there may be side, entry, exit");
    check(&beside(r#""side": "both""#), "side must be long or short");
    check(&beside(r#""entry": {}"#), "entry must be written once");
    check(&beside(r#""exit": 5"#), &format!("exit {CONDITION}"));
    let told = RuleText::parse(b"{\"entry\": \"\xff\"}").unwrap_err().to_string();
    assert_eq!(told, "rules must be JSON in UTF-8");
}

#[test]
fn what_is_too_much_is_refused() {
    let leaf = r#"{"left": "close", "op": ">", "right": 1}"#;
    let nested =
        |depth: usize| of_entry(&format!("{}{leaf}{}", r#"{"not": "#.repeat(depth - 1), "}".repeat(depth - 1)));
    assert!(read(&nested(RULES_DEPTH_MAX)).is_ok());
    let told = read(&nested(RULES_DEPTH_MAX + 1)).unwrap_err().to_string();
    assert_eq!(told, "entry.not.not.not.not.not.not.not.not must not stand there: conditions nest at most 8 deep");
    let wide = |count: usize| of_entry(&format!(r#"{{"all": [{}]}}"#, vec![leaf; count].join(", ")));
    assert!(read(&wide(CONDITIONS_MAX - 1)).is_ok());
    let told = read(&wide(CONDITIONS_MAX)).unwrap_err().to_string();
    assert_eq!(told, "entry.all[63] must not stand there: rules have at most 64 conditions");
    let indicators = |count: usize| {
        let leaf = |period| {
            format!(r#"{{"left": "close", "op": ">", "right": {{"indicator": "ema", "period": {}}}}}"#, period + 2)
        };
        of_entry(&format!(r#"{{"all": [{}]}}"#, (0..count).map(leaf).collect::<Vec<_>>().join(", ")))
    };
    assert!(read(&indicators(RULES_INDICATORS_MAX)).is_ok());
    let told = read(&indicators(RULES_INDICATORS_MAX + 1)).unwrap_err().to_string();
    assert_eq!(
        told,
        "entry.all[32].right.indicator must not stand there: rules have at most 32 indicators that differ"
    );
    let long = format!("{}{}", of_entry(leaf), " ".repeat(RULES_BYTES_MAX));
    assert_eq!(read(&long).unwrap_err().to_string(), "rules must be at most 16384 bytes");
    for open in ["[", "{\"all\":", "{\"all\":["] {
        assert!(read(&open.repeat(RULES_BYTES_MAX / open.len())).is_err());
        let many = open.repeat(900);
        let close: String = many
            .bytes()
            .rev()
            .filter_map(|byte| match byte {
                b'[' => Some(']'),
                b'{' => Some('}'),
                _ => None,
            })
            .collect();
        assert!(read(&of_entry(&format!("{many}1{close}"))).is_err());
    }
    let name = "n".repeat(5_000);
    let told = read(&format!(r#"{{"{name}": 1}}"#)).unwrap_err();
    assert_eq!(told.field, "n".repeat(40));
}

//! What strategies can be told, as JSON Schema.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use domain::bot::{Strategies as _, Strategy};
use domain::limits::BOT_WARM_UP_MAX;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use strategies::{Definition, Kind, Parameter, Registry, all, find, told};

/// A value as it is written in JSON and on the command line.
fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Values of a parameter, those at its bounds and those beyond them among them.
fn values(parameter: &Parameter) -> Vec<Value> {
    match parameter.kind {
        Kind::Whole { least, most, default } => {
            let (least, most) = (i64::from(least), i64::from(most));
            [least - 1, least, i64::from(default), most, most + 1].map(Value::from).into()
        }
        Kind::Number { least, most, default } => {
            [least - 0.5, least, default, most, most + 0.5].map(Value::from).into()
        }
        Kind::Choice(words) => words.iter().copied().chain(["", "else"]).map(Value::from).collect(),
    }
}

#[test]
fn a_schema_takes_what_its_strategy_takes() {
    let check = |strategy: &Definition, name: &str, value: Value| {
        let given = Value::Object(Map::from_iter([(name.to_owned(), value.clone())]));
        let (schema, text) = (strategy.schema(), written(&value));
        // No schema compares two members: which must be below others is said in words.
        let is_taken = strategy.check_each(&[(name, &text)]).is_ok();
        assert_eq!(jsonschema::is_valid(&schema, &given), is_taken, "{}: {given}", strategy.name);
    };
    for strategy in all() {
        for parameter in strategy.parameters {
            values(parameter).into_iter().for_each(|value| check(strategy, parameter.name, value));
            let told = &strategy.schema()["properties"][parameter.name];
            assert_eq!(strategy.read(&[(parameter.name, &written(&told["default"]))]), strategy.read(&[]));
            assert_eq!(told["description"], parameter.doc);
        }
        check(strategy, "moon", json!(1));
    }
}

#[test]
fn what_must_be_below_another_is_said_in_words() {
    let said = |name: &str| find(name).unwrap().schema()["description"].as_str().unwrap().to_owned();
    assert!(said("ema_cross").contains(" below. `fast` must be below `slow`. "), "{}", said("ema_cross"));
    assert!(said("dca_ladder").contains("`oversold` must be below `overbought`. "));
    assert!(!said("grid").contains("must be below"));
}

#[test]
fn a_schema_says_how_far_back_a_bot_looks_at_the_most() {
    let said = format!(" A bot refuses what looks back over more than {BOT_WARM_UP_MAX} candles in all.");
    for one in told() {
        assert!(one.parameters["description"].as_str().unwrap().ends_with(&said), "{}", one.name);
    }
    let parameters = BTreeMap::from([("period".to_owned(), "100000".to_owned())]);
    let meant = Strategy { name: "RSI_CROSS".to_owned(), parameters, rules: None };
    let allowed = Registry.read(&meant).unwrap_err().allowed;
    assert_eq!(allowed, format!("must look back over at most {BOT_WARM_UP_MAX} candles in all"));
}

#[test]
fn all_strategies_are_told_and_rules_behind_them() {
    let told = told();
    let names: Vec<_> = told.iter().map(|one| one.offline_name.as_str()).collect();
    assert_eq!((names.len(), names[0], names[names.len() - 1]), (all().len() + 1, "rsi_cross", "rules"));
    for one in &told {
        assert_eq!(one.name.to_lowercase(), one.offline_name);
        assert_eq!(one.parameters["title"], one.offline_name.as_str());
        assert_eq!(one.parameters["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(one.description.ends_with('.'));
    }
    assert!(find("rules").is_err(), "no strategy may have the name of rules");
}

#[test]
fn a_parameter_says_what_it_may_be() {
    let schema = find("rsi_cross").unwrap().schema();
    let period = json!({"type": "integer", "minimum": 2, "maximum": 100_000, "default": 14, "description": "Changes that the RSI looks back over."});
    assert_eq!(schema["properties"]["period"], period);
    assert_eq!(schema["properties"]["rsi"]["enum"], json!(["wilder", "simple"]));
    assert_eq!(schema["additionalProperties"], false);
}

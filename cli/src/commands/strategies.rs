//! Which strategies there are, and what each can be told.

use crate::failure::Failure;
use crate::screen;
use crate::table::{plain, table};
use serde_json::json;
use strategies::{Definition, Parameter, Told, all, told};

const WRITTEN: &str =
    "rules are written as conditions over indicators: moniqo backtest --rules FILE, docs/strategies.md";

pub(super) fn run(as_json: bool) -> Result<(), Failure> {
    screen::show(false, || Ok(if as_json { programs() } else { people() }))
}

fn programs() -> String {
    let one = |one: Told| {
        let Told { name, offline_name, description, parameters } = one;
        json!({"name": name, "offline_name": offline_name, "description": description, "parameters": parameters})
    };
    json!({"items": told().into_iter().map(one).collect::<Vec<_>>(), "next_cursor": null}).to_string()
}

fn people() -> String {
    let parameter = |parameter: &Parameter| format!("{}={}", parameter.name, parameter.kind.default());
    let row = |strategy: &Definition| {
        let parameters: Vec<String> = strategy.parameters.iter().map(parameter).collect();
        [strategy.offline_name, &parameters.join(" "), &strategy.description()].map(plain).into()
    };
    let shown = table(&["strategy", "parameters", "what it means"], all().iter().map(row).collect(), "there are none");
    format!("{shown}\n\n{WRITTEN}")
}

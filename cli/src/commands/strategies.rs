//! Which strategies there are, and what each can be told.

use crate::args::Output;
use crate::failure::Failure;
use crate::listing::Listing;
use crate::screen;
use crate::table::{plain, table};
use serde_json::json;
use strategies::{Definition, Parameter, Told, all, told};

const WRITTEN: &str =
    "rules are written as conditions over indicators: moniqo backtest --rules FILE, docs/strategies.md";

pub(super) fn run(output: Output) -> Result<(), Failure> {
    match output {
        Output::Csv => list().print_csv(),
        Output::Json => screen::show(false, || Ok(programs())),
        Output::Table => screen::show(false, || Ok(format!("{}\n\n{WRITTEN}", list()))),
    }
}

fn programs() -> String {
    let one = |one: Told| {
        let Told { name, offline_name, description, parameters } = one;
        json!({"name": name, "offline_name": offline_name, "description": description, "parameters": parameters})
    };
    json!({"items": told().into_iter().map(one).collect::<Vec<_>>(), "next_cursor": null}).to_string()
}

fn list() -> Listing {
    let parameter = |parameter: &Parameter| format!("{}={}", parameter.name, parameter.kind.default());
    let row = |strategy: &Definition| {
        let parameters: Vec<String> = strategy.parameters.iter().map(parameter).collect();
        [strategy.offline_name, &parameters.join(" "), &strategy.description()].map(plain).into()
    };
    table(&["strategy", "parameters", "what it means"], all().iter().map(row).collect(), "there are none")
}

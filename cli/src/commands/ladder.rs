//! What a ladder would be.

use super::Api;
use crate::args::LadderPlan;
use crate::failure::Failure;
use crate::screen;
use crate::table::{facts, plain, short, table};
use comfy_table::{Cell, CellAlignment};
use serde_json::{Map, Value};
use std::fs;
use std::io::{Read, stdin};
use std::path::Path;
use wire::ladder::{AfterFill, BadLadder, Failure as Failed, Ladder, Leg, Refusal, Slice, plan};

/// What needs no deployment: a plan that names no preset.
pub(super) fn run_here(asked: &LadderPlan, json: bool) -> Result<(), Failure> {
    let ladder = plan(&read(asked.file.as_deref())?).map_err(|wrong| refused(&wrong))?;
    screen::show(false, || if json { as_json(&ladder) } else { Ok(text(&ladder)) })
}

pub(super) fn run(api: &Api, LadderPlan { file, preset }: &LadderPlan) -> Result<(), Failure> {
    let body = read(file.as_deref())?;
    let wrong = |error| Failure::input(format!("the plan is not a JSON object: {error}"));
    let mut body: Map<String, Value> = serde_json::from_slice(&body).map_err(wrong)?;
    body.extend(preset.iter().map(|name| ("preset".to_owned(), name.as_str().into())));
    api.act("ladders/plan", Some(Value::Object(body).to_string()), text)
}

fn read(file: Option<&Path>) -> Result<Vec<u8>, Failure> {
    match file.filter(|file| *file != Path::new("-")) {
        Some(file) => fs::read(file).map_err(|error| Failure::input(format!("--file {}: {error}", file.display()))),
        None => {
            let mut body = Vec::new();
            let read = stdin().read_to_end(&mut body);
            read.map(|_| body).map_err(|error| Failure::input(format!("standard input: {error}")))
        }
    }
}

fn refused(wrong: &BadLadder) -> Failure {
    Failure::input(wrong.to_string())
}

fn as_json(ladder: &Ladder) -> Result<String, Failure> {
    serde_json::to_string(ladder).map_err(|error| Failure::refused(format!("the plan cannot be written: {error}")))
}

fn text(ladder: &Ladder) -> String {
    let header = ["level", "deviation %", "price", "quantity", "quote", "cost", "check"];
    let legs = table(&header, ladder.legs.iter().map(leg).collect(), "");
    let moves = ladder.after_fill.iter().any(|row| row.break_even_price.is_some());
    let header = ["filled", "quantity", "volume", "average", "take-profit", "stop", "break-even"];
    let header = if moves { &header[..] } else { header.split_last().map_or(&header[..], |(_, before)| before) };
    let rows = ladder.after_fill.iter().map(after_fill).collect();
    let filled = table(header, rows, "nothing is filled: the base order cannot be placed");
    format!("{legs}\n\n{filled}\n\n{}", summary(ladder))
}

fn summary(ladder: &Ladder) -> String {
    let warning = |level| format!("stands before level {level}: from there on nothing is bought");
    facts([
        ("base price", Some(short(&ladder.base_price))),
        ("quote needed", Some(short(&ladder.quote_needed))),
        ("deepest", Some(format!("{} %", short(&ladder.deviation_percent_max)))),
        ("stop", ladder.stop_before_level.map(warning)),
        ("pre-flight", Some(ladder.pre_flight.as_ref().map_or_else(|| "ok".to_owned(), against))),
    ])
}

fn leg(leg: &Leg) -> Vec<Cell> {
    let numbers = [&leg.deviation_percent, &leg.price, &leg.quantity, &leg.quote, &leg.cost];
    let numbers = numbers.into_iter().map(|number| right(short(number)));
    std::iter::once(right(leg.level.to_string())).chain(numbers).chain([plain(leg.check.as_str())]).collect()
}

fn after_fill(row: &AfterFill) -> Vec<Cell> {
    // Of those that are each sold by itself, the newest: the others stay where they were.
    let is_new = |slice: &&Slice| slice.level.is_none_or(|level| level == row.filled_level);
    let all = row.all_profit_price.as_ref().map(|price| format!("all at {}", short(price)));
    let profit: Vec<String> = row.take_profit.iter().filter(is_new).map(slice).chain(all).collect();
    let stop = row.stop_loss_price.as_deref().map_or_else(|| "-".to_owned(), short);
    let trails = if row.stop_loss_trails { ", trails" } else { "" };
    let cells = [
        right(row.filled_level.to_string()),
        right(short(&row.quantity)),
        right(short(&row.volume)),
        right(short(&row.average_price)),
        plain(profit.join(", ")),
        right(format!("{stop}{trails}")),
    ];
    cells.into_iter().chain(row.break_even_price.as_deref().map(|price| right(short(price)))).collect()
}

fn slice(slice: &Slice) -> String {
    let joins = slice.joins.as_ref().map_or_else(String::new, |other| format!(" (too little: joins the {other})"));
    let trails =
        slice.trailing_percent.as_ref().map_or_else(String::new, |percent| format!(", then {percent} % behind"));
    format!("{} at {}{trails}{joins}", short(&slice.quantity), short(&slice.price))
}

fn against(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Order(failed) => order(failed),
        Refusal::Balance { level, check, needed, available } => {
            format!("level {level}: {check}: {} needed, {} available", short(needed), short(available))
        }
        Refusal::Orders { check, resting, most } => format!("{check}: {resting} orders at once, max. {most}"),
    }
}

fn order(failed: &Failed) -> String {
    let Failed { level, take_profit_step, take_profit_level, sale, check, price, quantity, notional, least } = failed;
    let step = match (take_profit_level, take_profit_step, sale) {
        (Some(of), _, _) => format!(", take-profit of level {of}"),
        (None, Some(step), _) => format!(", take-profit step {step}"),
        (None, None, Some(sale)) => format!(", {sale}"),
        (None, None, None) => String::new(),
    };
    let [quantity, price, notional, least] = [quantity, price, notional, least].map(|number| short(number));
    let word = if check.starts_with("above_") { "most" } else { "least" };
    format!("level {level}{step}: {check}: {quantity} at {price} is {notional}; the {word} is {least}")
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::CommandFactory;

    const DOCUMENT: &str = include_str!("../../../docs/ladder.md");

    /// The document's example.
    fn example() -> &'static str {
        let (_, rest) = DOCUMENT.split_once("\n```json ladder\n").unwrap();
        rest.split_once("\n```").unwrap().0
    }

    #[test]
    fn the_help_teaches_the_documents_example() {
        let mut cli = Cli::command();
        let ladder = cli.find_subcommand_mut("ladder").unwrap().find_subcommand_mut("plan").unwrap();
        let help = ladder.render_long_help().to_string();
        let unindented = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unindented(&help).contains(&unindented(example())), "{help}");
    }

    #[test]
    fn every_exit_is_shown() {
        let shown = |from: &str, to: &str| text(&plan(example().replacen(from, to, 1).as_bytes()).unwrap());
        let check = |text: &str, words: &[&str]| {
            assert!(words.iter().all(|words| text.contains(words)), "{words:?}: {text}");
        };
        let own = shown(r#""basis": "average""#, r#""mode": "hybrid", "all_profit_percent": "1""#);
        check(&own, &["0.1 at 101.71, all at 101.21", "0.20389 at 99.77, all at 99.91"]);
        assert!(!own.contains("break-even"));
        check(&shown(r#""basis""#, r#""trailing_percent": "0.5", "basis""#), &["0.1 at 101.71, then 0.5 % behind"]);
        let trails = shown(r#""stop_loss_percent""#, r#""stop_loss_trailing": true, "stop_loss_percent""#);
        check(&trails, &["90.09, trails"]);
        let steps = r#""steps": [{"profit_percent": "1", "amount_percent": "60"},
                                 {"profit_percent": "2", "amount_percent": "40"}]"#;
        let one = r#""steps": [{"profit_percent": "1.5", "amount_percent": "100"}]"#;
        let even = example().replacen(one, steps, 1);
        let even = even.replacen(r#""stop_loss_percent""#, r#""break_even_after_step": 1, "stop_loss_percent""#, 1);
        check(&text(&plan(even.as_bytes()).unwrap()), &["break-even", "100.21", "98.92"]);
    }

    #[test]
    fn what_stands_against_a_ladder_is_said_with_its_numbers() {
        let check = |from: &str, to: &str, expected: &str| {
            let asked = example().replacen(from, to, 1);
            let text = text(&plan(asked.as_bytes()).unwrap());
            assert!(text.ends_with(expected), "{text}");
        };
        let order = "level 0: below_notional_min: 0.04 at 100 is 4; the least is 5";
        check(r#""quote": "10""#, r#""quote": "4""#, order);
        check(
            r#""fee_rate""#,
            r#""balance": "12", "fee_rate""#,
            "level 1: balance_too_small: 30.02956967 needed, 12 available",
        );
        check(r#""price_tick""#, r#""orders_max": 5, "price_tick""#, "too_many_orders: 6 orders at once, max. 5");
    }
}

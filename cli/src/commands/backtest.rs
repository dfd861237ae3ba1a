//! What a strategy would have made of recorded candles.

mod answer;
mod picture;
mod text;

use crate::args::Backtest;
use crate::candles::{self, Candle};
use crate::failure::Failure;
use crate::screen;
use backtest::{Month, Run, Stats, Terms, months};
use std::fs;
use std::path::Path;
use strategies::{Built, Given, find};

/// What a run is told of.
struct Report<'a> {
    candles: &'a [backtest::Candle],
    run: &'a Run,
    stats: Stats,
    months: Vec<Month>,
}

pub(super) fn run(wanted: &Backtest, json: bool) -> Result<(), Failure> {
    let mut strategy = strategy(wanted)?;
    let terms = terms(wanted)?;
    let candles = read(wanted.candles.as_deref())?;
    let run = backtest::run(&candles, &mut strategy, &terms).map_err(|wrong| refused("--candles", &wrong))?;
    let (stats, months) = (Stats::of(&candles, &run), months(&candles, &run.equity));
    let report = Report { candles: &candles, run: &run, stats, months };
    if let Some(file) = &wanted.svg {
        let written = fs::write(file, picture::equity(&report));
        written.map_err(|error| refused(&format!("--svg {}", file.display()), &error))?;
    }
    screen::show(false, || if json { answer::json(&report) } else { Ok(text::report(&report)) })
}

fn strategy(wanted: &Backtest) -> Result<Built, Failure> {
    let name = wanted.strategy.as_deref().unwrap_or_default();
    let definition = find(name).map_err(|wrong| refused("--strategy", &wrong))?;
    let parameters = definition.read(&given(&wanted.parameters)?).map_err(|wrong| refused("--param", &wrong))?;
    definition.build(&parameters).map_err(|wrong| refused("--param", &wrong))
}

fn given(parameters: &[String]) -> Result<Vec<Given<'_>>, Failure> {
    let split = |text: &'_ String| Failure::input(format!("--param {} must be NAME=VALUE", text.escape_debug()));
    parameters.iter().map(|text| text.split_once('=').ok_or_else(|| split(text))).collect()
}

fn terms(wanted: &Backtest) -> Result<Terms, Failure> {
    let terms = Terms {
        cash: wanted.cash.parse().map_err(|wrong| refused("--cash", &wrong))?,
        fee: wanted.fee_rate.parse().map_err(|wrong| refused("--fee-rate", &wrong))?,
        quantity_step: wanted.quantity_step.parse().map_err(|wrong| refused("--quantity-step", &wrong))?,
    };
    terms.check().map(|()| terms).map_err(|wrong| Failure::input(format!("--{}", wrong.to_string().replace('_', "-"))))
}

fn read(file: Option<&Path>) -> Result<Vec<backtest::Candle>, Failure> {
    let file = file.ok_or_else(|| Failure::input("--candles must be a CSV file, or - for standard input"))?;
    let same =
        |candle: Result<Candle, Failure>| candle.map(|Candle { time_ms, bar }| backtest::Candle { time_ms, bar });
    let candles: Vec<_> = candles::open(file)?.map(same).collect::<Result<_, _>>()?;
    if candles.is_empty() { Err(Failure::input("--candles must have at least one candle")) } else { Ok(candles) }
}

/// In one line, whatever was typed.
fn refused(field: &str, wrong: &impl std::fmt::Display) -> Failure {
    Failure::input(format!("{field}: {}", wrong.to_string().escape_debug()))
}

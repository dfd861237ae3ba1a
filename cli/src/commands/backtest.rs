//! What a strategy would have made of recorded candles.

mod answer;
mod chosen;
mod doubt;
mod funding;
mod picture;
mod text;
mod way;

use self::doubt::{Doubted, doubts};
use crate::args::{self, Backtest};
use crate::candles::{self, Candle};
use crate::failure::Failure;
use crate::screen;
pub(super) use answer::{StatsView, stats};
use backtest::{Month, Played, Run, Stats, Steps, Terms, months};
pub(super) use chosen::Chosen;
use domain::money::{Amount, Decimal, Rate};
use std::fs;
use std::path::Path;
use strategies::Given;
pub(super) use way::{Carried, refused_by};

/// Bars that an order may need on its way.
const LATENCY_MAX: u32 = 100_000;

/// What a run is told of.
struct Report<'a> {
    candles: &'a [backtest::Candle],
    run: &'a Run,
    /// What a ladder was filled with.
    steps: Option<&'a Steps>,
    stats: Stats,
    months: Vec<Month>,
    doubted: Option<Doubted>,
}

pub(super) fn run(wanted: &Backtest, json: bool) -> Result<(), Failure> {
    let (chosen, given) = (Chosen::of(&wanted.played)?, given(&wanted.played.parameters)?);
    if wanted.explain {
        return explain(&chosen, &given, json);
    }
    let player = Carried::of(&wanted.played)?.player(&chosen, &given, "--param")?;
    let doubts = doubts(wanted)?;
    let candles = read(wanted.played.candles.as_deref())?;
    let Played { run, steps } = player.play(&candles).map_err(|wrong| refused_by(&wrong))?;
    let (stats, months) = (Stats::of(&candles, &run), months(&candles, &run.equity));
    let doubted = doubts.map(|doubts| doubts.of(&run, &months));
    let report = Report { candles: &candles, run: &run, steps: steps.as_ref(), stats, months, doubted };
    if let Some(file) = &wanted.svg {
        let written = fs::write(file, picture::equity(&report));
        written.map_err(|error| refused(&format!("--svg {}", file.display()), &error))?;
    }
    screen::show(false, || if json { answer::json(&report) } else { Ok(text::report(&report)) })
}

/// What rules say, in words; nothing is played.
fn explain(chosen: &Chosen, given: &[Given<'_>], json: bool) -> Result<(), Failure> {
    let sentences = chosen.explain(given, "--param")?;
    let text = || if json { serde_json::json!({"rules": sentences}).to_string() } else { sentences.join("\n") };
    screen::show(false, || Ok(text()))
}

pub(super) fn given(parameters: &[String]) -> Result<Vec<Given<'_>>, Failure> {
    let split = |text: &'_ String| Failure::input(format!("--param {} must be NAME=VALUE", text.escape_debug()));
    parameters.iter().map(|text| text.split_once('=').ok_or_else(|| split(text))).collect()
}

pub(super) fn terms(wanted: &args::Played) -> Result<Terms, Failure> {
    let fee = wanted.fee_rate.as_deref().unwrap_or("0.001");
    let step = wanted.quantity_step.as_deref().unwrap_or("0.00000001");
    let tick = wanted.price_tick.as_deref().map(str::parse);
    let least = wanted.notional_min.as_deref().unwrap_or("0");
    let terms = Terms {
        cash: wanted.cash.parse().map_err(|wrong| refused("--cash", &wrong))?,
        fee: fee.parse().map_err(|wrong| refused("--fee-rate", &wrong))?,
        quantity_step: step.parse().map_err(|wrong| refused("--quantity-step", &wrong))?,
        price_tick: tick.transpose().map_err(|wrong| refused("--price-tick", &wrong))?,
        notional_min: least.parse().map_err(|wrong| refused("--notional-min", &wrong))?,
        slippage: slippage(&wanted.slippage_bps)?,
        latency: latency(&wanted.latency)?,
    };
    terms.check().map(|()| terms).map_err(|wrong| Failure::input(format!("--{}", wrong.to_string().replace('_', "-"))))
}

pub(super) fn seed(wanted: &args::Played) -> Result<u64, Failure> {
    let wrong = |_| Failure::input(format!("--seed must be a whole number from 0 to {}", u64::MAX));
    wanted.seed.parse().map_err(wrong)
}

fn slippage(text: &str) -> Result<Rate, Failure> {
    let wrong = || Failure::input("--slippage-bps must be a number from 0 to below 10000, with 8 decimals at most");
    let share = text.parse::<Amount>().ok().and_then(|bps| bps.get().checked_div(Decimal::from(10_000)));
    share.filter(|share| share.scale() <= 12).and_then(|share| Rate::new(share).ok()).ok_or_else(wrong)
}

fn latency(text: &str) -> Result<u32, Failure> {
    let bars = text.parse().ok().filter(|bars| *bars <= LATENCY_MAX);
    bars.ok_or_else(|| Failure::input(format!("--latency must be a whole number from 0 to {LATENCY_MAX}")))
}

pub(super) fn read(file: Option<&Path>) -> Result<Vec<backtest::Candle>, Failure> {
    let file = file.ok_or_else(|| Failure::input("--candles must be a CSV file, or - for standard input"))?;
    let same =
        |candle: Result<Candle, Failure>| candle.map(|Candle { time_ms, bar }| backtest::Candle { time_ms, bar });
    let candles: Vec<_> = candles::open(file)?.map(same).collect::<Result<_, _>>()?;
    if candles.is_empty() { Err(Failure::input("--candles must have at least one candle")) } else { Ok(candles) }
}

/// In one line, whatever was typed.
pub(super) fn refused(field: &str, wrong: &impl std::fmt::Display) -> Failure {
    Failure::input(format!("{field}: {}", wrong.to_string().escape_debug()))
}

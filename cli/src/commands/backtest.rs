//! What a strategy would have made of recorded candles.

mod funding;
mod picture;
mod text;

pub(super) use text::figures;

use crate::args::{self, Backtest};
use crate::candles::{self, Candle};
use crate::failure::Failure;
use crate::holes::Holes;
use crate::screen;
use backtest::{Played, Stats, months};
use std::fs;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use strategies::{Given, RULES_BYTES_MAX};
use trials::{Asked, AskedDoubts, Carried, Chosen, Doubts, Refused, Report, refused_by};

/// A run, and the candles that it was of.
struct Shown<'a> {
    candles: &'a [backtest::Candle],
    report: Report,
}

pub(super) fn run(wanted: &Backtest, json: bool) -> Result<(), Failure> {
    let played = &wanted.played;
    let asked = asked(played)?;
    let wrong = |wrong: Refused| named(played, &wrong);
    let given: Vec<Given<'_>> = asked.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let chosen = Chosen::of(&asked).map_err(wrong)?;
    if wanted.explain {
        return explain(&chosen.explain(&given, "param").map_err(wrong)?, json);
    }
    let player = Carried::of(&asked).and_then(|carried| carried.player(&chosen, &given, "param")).map_err(wrong)?;
    let doubts = Doubts::read(&asked, &doubts(wanted)).map_err(wrong)?;
    let candles = candles(played, &asked)?;
    let holes = lacking(&candles);
    let Played { run, steps } = player.play(&candles).map_err(|refused| wrong(refused_by(&refused)))?;
    let (stats, months) = (Stats::of(&candles, &run), months(&candles, &run.equity));
    let doubted = doubts.map(|doubts| doubts.of(&run, &months));
    let shown = Shown { candles: &candles, report: Report { run, steps, stats, months, doubted } };
    if let Some(file) = &wanted.svg {
        let written = fs::write(file, picture::equity(&shown));
        written.map_err(|error| refused(&format!("--svg {}", file.display()), &error))?;
    }
    screen::show(false, || if json { as_json(&shown.report, &holes) } else { Ok(text::report(&shown)) })
}

fn as_json(report: &Report, holes: &Holes) -> Result<String, Failure> {
    let unwritten = |error| Failure::refused(format!("the run cannot be written: {error}"));
    serde_json::to_string(&holes.beside(report.told())).map_err(unwritten)
}

/// What rules say, in words; nothing is played.
fn explain(sentences: &[String], json: bool) -> Result<(), Failure> {
    let text = || if json { serde_json::json!({"rules": sentences}).to_string() } else { sentences.join("\n") };
    screen::show(false, || Ok(text()))
}

/// What the command line says, with what its files say.
pub(super) fn asked(wanted: &args::Played) -> Result<Asked, Failure> {
    if let (Some(_), Some(_)) = (&wanted.strategy, &wanted.rules) {
        return Err(Failure::input("--strategy must not stand beside --rules"));
    }
    Ok(Asked {
        strategy: wanted.strategy.clone(),
        rules: wanted.rules.as_deref().map(|file| rules(wanted, file)).transpose()?,
        parameters: pairs("param", &wanted.parameters)?,
        cash: Some(wanted.cash.clone()),
        ladder: wanted.ladder.as_deref().map(|file| ladder(wanted, file)).transpose()?,
        fee_rate: wanted.fee_rate.clone(),
        quantity_step: wanted.quantity_step.clone(),
        price_tick: wanted.price_tick.clone(),
        notional_min: wanted.notional_min.clone(),
        quantity_min: wanted.quantity_min.clone(),
        quantity_max: wanted.quantity_max.clone(),
        market_quantity_max: wanted.market_quantity_max.clone(),
        notional_max: wanted.notional_max.clone(),
        orders_max: wanted.orders_max.clone(),
        plan: wanted.plan.as_deref().map(|file| plan(wanted, file)).transpose()?,
        confidence_min: wanted.confidence_min.clone(),
        limits: pairs("limit", &wanted.limits)?,
        leverage: wanted.leverage.clone(),
        funding_rate: wanted.funding_rate.clone(),
        funding: funding::recorded_in(wanted.funding.as_deref())?,
        slippage_bps: Some(wanted.slippage_bps.clone()),
        latency: Some(wanted.latency.clone()),
        seed: Some(wanted.seed.clone()),
    })
}

fn doubts(wanted: &Backtest) -> AskedDoubts {
    AskedDoubts {
        draws: wanted.draws.clone(),
        monthly_percent: wanted.monthly_percent.clone(),
        monthly_income: wanted.monthly_income.clone(),
        portfolio: wanted.portfolio.clone(),
    }
}

fn pairs(option: &str, given: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let split = |text: &String| Failure::input(format!("--{option} {} must be NAME=VALUE", text.escape_debug()));
    let pair = |text: &String| {
        let (name, value) = text.split_once('=').ok_or_else(|| split(text))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    given.iter().map(pair).collect()
}

/// No more of the file is read than rules may have.
fn rules(wanted: &args::Played, file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = u64::try_from(RULES_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let read = File::open(file).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| named(wanted, &Refused::why("rules", &error)))
}

fn ladder(wanted: &args::Played, file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).map_err(|error| named(wanted, &Refused::why("ladder", &error)))
}

fn plan(wanted: &args::Played, file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).map_err(|error| named(wanted, &Refused::why("plan", &error)))
}

/// What is wrong with an option, as it stands on the command line: what a file says is told with its name.
pub(super) fn named(wanted: &args::Played, wrong: &Refused) -> Failure {
    let Refused { option, said } = wrong;
    let file = match *option {
        "ladder" if said.starts_with(':') && !said.starts_with(": side") => wanted.ladder.as_deref(),
        "rules" => wanted.rules.as_deref(),
        "plan" => wanted.plan.as_deref(),
        _ => None,
    };
    let file = file.map(|file| format!(" {}", file.display())).unwrap_or_default();
    let option = if *option == "limits" { "limit" } else { option };
    Failure::input(format!("--{}{file}{said}", option.replace('_', "-")))
}

/// Those of the file, all of them with rates where rates are told.
pub(super) fn candles(wanted: &args::Played, asked: &Asked) -> Result<Vec<backtest::Candle>, Failure> {
    let candles = read(wanted.candles.as_deref())?;
    let ends = candles.first().zip(candles.last()).map(|(first, last)| (first.time_ms, last.time_ms));
    let reach = asked.funding.iter().zip(ends).all(|(funding, (first, last))| funding.reaches(first, last));
    let why =
        "its rates must reach from the first candle to the last: of a time without any holding would cost nothing";
    if reach { Ok(candles) } else { Err(refused("--funding", &why)) }
}

/// What they lack, which people are warned of.
pub(super) fn lacking(candles: &[backtest::Candle]) -> Holes {
    let holes = Holes::between(&candles.iter().map(|candle| candle.time_ms).collect::<Vec<_>>());
    holes.warn();
    holes
}

fn read(file: Option<&Path>) -> Result<Vec<backtest::Candle>, Failure> {
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

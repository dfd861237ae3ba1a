//! What was tried, for people and for programs.

use super::super::backtest::{StatsView, stats};
use super::Asked;
use crate::failure::Failure;
use crate::table::{facts, plain, table, time};
use backtest::search::{Point, Try};
use backtest::{Candle, Stats, Step};
use comfy_table::{Cell, CellAlignment};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// Tries that are shown to people.
const SHOWN: usize = 10;

#[derive(Serialize)]
struct TryView<'a> {
    parameters: BTreeMap<&'a str, &'a str>,
    score: Option<f64>,
    stats: StatsView,
}

#[derive(Serialize)]
struct StepView<'a> {
    train: Range<usize>,
    test: Range<usize>,
    parameters: BTreeMap<&'a str, &'a str>,
    trained: StatsView,
    tested: StatsView,
}

pub(super) fn tries_json(asked: &Asked<'_>, tries: &[Try<Stats>]) -> Result<String, Failure> {
    let one = |one: &Try<Stats>| {
        serde_json::to_value(TryView {
            parameters: asked.parameters(&one.point).into_iter().collect(),
            score: (asked.score.1)(&one.outcome),
            stats: stats(&one.outcome),
        })
    };
    let tries = tries.iter().map(one).collect::<Result<Vec<_>, _>>().map_err(|error| unwritten(&error))?;
    Ok(serde_json::json!({"by": asked.score.0, "tries": tries}).to_string())
}

pub(super) fn steps_json(asked: &Asked<'_>, points: &[Point], steps: &[Step]) -> Result<String, Failure> {
    let one = |step: &Step| {
        serde_json::to_value(StepView {
            train: step.window.train.clone(),
            test: step.window.test.clone(),
            parameters: chosen(asked, points, step).into_iter().collect(),
            trained: stats(&step.trained),
            tested: stats(&step.tested),
        })
    };
    let steps = steps.iter().map(one).collect::<Result<Vec<_>, _>>().map_err(|error| unwritten(&error))?;
    Ok(serde_json::json!({"by": asked.score.0, "steps": steps}).to_string())
}

fn unwritten(error: &serde_json::Error) -> Failure {
    Failure::refused(format!("what was tried cannot be written: {error}"))
}

pub(super) fn tries(asked: &Asked<'_>, tries: &[Try<Stats>]) -> String {
    let row = |one: &Try<Stats>| {
        let stats = &one.outcome;
        let figures = [(asked.score.1)(stats), Some(stats.return_percent), Some(stats.max_drawdown_percent)];
        let figures = figures.into_iter().map(figure);
        let words = plain(words(asked.parameters(&one.point)));
        std::iter::once(words).chain(figures).chain([right(stats.trades.to_string())]).collect()
    };
    let header = ["parameters", asked.score.0, "return %", "drawdown %", "trades"];
    let shown = table(&header, tries.iter().take(SHOWN).map(row).collect(), "nothing was tried");
    let count = facts([("tried", Some(format!("{}, the best first", tries.len())))]);
    format!("{shown}\n\n{count}")
}

pub(super) fn steps(asked: &Asked<'_>, candles: &[Candle], points: &[Point], steps: &[Step]) -> String {
    let since = |bar: usize| candles.get(bar).and_then(|candle| jiff::Timestamp::from_millisecond(candle.time_ms).ok());
    let row = |step: &Step| {
        let score = |stats| figure((asked.score.1)(stats));
        vec![
            plain(since(step.window.test.start).map_or_else(|| "-".to_owned(), time)),
            plain(words(chosen(asked, points, step))),
            score(&step.trained),
            score(&step.tested),
            figure(Some(step.trained.return_percent)),
            figure(Some(step.tested.return_percent)),
        ]
    };
    let chosen_by = format!("{} chosen on", asked.score.0);
    let header = ["tried from", "parameters", chosen_by.as_str(), "tried on", "return % chosen on", "tried on"];
    let shown = table(&header, steps.iter().map(row).collect(), "nothing was tried");
    let growth = steps.iter().fold(1.0, |growth, step| growth * (1.0 + step.tested.return_percent / 100.0));
    let together = facts([("tried together", Some(format!("{:.2} %", (growth - 1.0) * 100.0)))]);
    format!("{shown}\n\n{together}")
}

fn chosen<'a>(asked: &'a Asked<'_>, points: &[Point], step: &Step) -> Vec<(&'a str, &'a str)> {
    points.get(step.chosen).map(|point| asked.parameters(point)).unwrap_or_default()
}

fn words(parameters: Vec<(&str, &str)>) -> String {
    let words: Vec<String> = parameters.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    words.join(" ")
}

fn figure(value: Option<f64>) -> Cell {
    right(value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}")))
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

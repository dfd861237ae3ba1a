//! What was tried, for people and for programs.

use crate::failure::Failure;
use crate::table::{facts, plain, table, time};
use backtest::search::{Point, Try};
use backtest::{Candle, Stats, Step};
use comfy_table::{Cell, CellAlignment};
use trials::Sweep;

/// Tries that are shown to people.
const SHOWN: usize = 10;

pub(super) fn tries_json(sweep: &Sweep, tries: &[Try<Stats>]) -> Result<String, Failure> {
    let tries = tries.iter().map(|one| serde_json::to_value(sweep.told_try(one)));
    let tries = tries.collect::<Result<Vec<_>, _>>().map_err(|error| unwritten(&error))?;
    Ok(serde_json::json!({"by": sweep.score.0, "tries": tries}).to_string())
}

pub(super) fn steps_json(sweep: &Sweep, points: &[Point], steps: &[Step]) -> Result<String, Failure> {
    let steps = steps.iter().map(|step| serde_json::to_value(sweep.told_step(points, step)));
    let steps = steps.collect::<Result<Vec<_>, _>>().map_err(|error| unwritten(&error))?;
    Ok(serde_json::json!({"by": sweep.score.0, "steps": steps}).to_string())
}

fn unwritten(error: &serde_json::Error) -> Failure {
    Failure::refused(format!("what was tried cannot be written: {error}"))
}

pub(super) fn tries(sweep: &Sweep, tries: &[Try<Stats>]) -> String {
    let row = |one: &Try<Stats>| {
        let stats = &one.outcome;
        let figures = [(sweep.score.1)(stats), Some(stats.return_percent), Some(stats.max_drawdown_percent)];
        let figures = figures.into_iter().map(figure);
        let words = plain(words(sweep.parameters(&one.point)));
        std::iter::once(words).chain(figures).chain([right(stats.trades.to_string())]).collect()
    };
    let header = ["parameters", sweep.score.0, "return %", "drawdown %", "trades"];
    let shown = table(&header, tries.iter().take(SHOWN).map(row).collect(), "nothing was tried");
    let count = facts([("tried", Some(format!("{}, the best first", tries.len())))]);
    format!("{shown}\n\n{count}")
}

pub(super) fn steps(sweep: &Sweep, candles: &[Candle], points: &[Point], steps: &[Step]) -> String {
    let since = |bar: usize| candles.get(bar).and_then(|candle| jiff::Timestamp::from_millisecond(candle.time_ms).ok());
    let row = |step: &Step| {
        let score = |stats| figure((sweep.score.1)(stats));
        vec![
            plain(since(step.window.test.start).map_or_else(|| "-".to_owned(), time)),
            plain(words(chosen(sweep, points, step))),
            score(&step.trained),
            score(&step.tested),
            figure(Some(step.trained.return_percent)),
            figure(Some(step.tested.return_percent)),
        ]
    };
    let chosen_by = format!("{} chosen on", sweep.score.0);
    let header = ["tried from", "parameters", chosen_by.as_str(), "tried on", "return % chosen on", "tried on"];
    let shown = table(&header, steps.iter().map(row).collect(), "nothing was tried");
    let growth = steps.iter().fold(1.0, |growth, step| growth * (1.0 + step.tested.return_percent / 100.0));
    let together = facts([("tried together", Some(format!("{:.2} %", (growth - 1.0) * 100.0)))]);
    format!("{shown}\n\n{together}")
}

fn chosen<'a>(sweep: &'a Sweep, points: &[Point], step: &Step) -> Vec<(&'a str, &'a str)> {
    points.get(step.chosen).map(|point| sweep.parameters(point)).unwrap_or_default()
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

//! What was tried, for people and for programs.

use crate::commands::backtest::figures;
use crate::failure::Failure;
use crate::holes::Holes;
use crate::table::{facts, plain, table, time};
use backtest::search::{Point, Try};
use backtest::{Candle, Stats, Step, joined};
use comfy_table::{Cell, CellAlignment};
use domain::clock::Timestamp;
use trials::Sweep;
use wire::view;

/// Tries that are shown to people.
const SHOWN: usize = 10;

pub(super) fn tries_json(
    sweep: &Sweep,
    tries: &[Try<Stats>],
    skipped: usize,
    holes: &Holes,
) -> Result<String, Failure> {
    let tries = tries.iter().map(|one| serde_json::to_value(sweep.told_try(one)));
    let tries = tries.collect::<Result<Vec<_>, _>>().map_err(|error| unwritten(&error))?;
    let told = serde_json::json!({"by": sweep.score.name, "skipped": skipped, "tries": tries});
    serde_json::to_string(&holes.beside(told)).map_err(|error| unwritten(&error))
}

pub(super) fn steps_json(sweep: &Sweep, points: &[Point], steps: &[Step], holes: &Holes) -> Result<String, Failure> {
    let together = trials::together(steps.iter().map(|step| &step.part));
    let steps = steps.iter().map(|step| serde_json::to_value(sweep.told_step(points, step)));
    let steps = steps.collect::<Result<Vec<_>, _>>().map_err(|error| unwritten(&error))?;
    let together = serde_json::to_value(&together).map_err(|error| unwritten(&error))?;
    let told =
        serde_json::json!({"by": sweep.score.name, "skipped": skipped(sweep), "together": together, "steps": steps});
    serde_json::to_string(&holes.beside(told)).map_err(|error| unwritten(&error))
}

fn unwritten(error: &serde_json::Error) -> Failure {
    Failure::refused(format!("what was tried cannot be written: {error}"))
}

pub(super) fn tries(sweep: &Sweep, tries: &[Try<Stats>], skipped: usize) -> String {
    let row = |one: &Try<Stats>| {
        let stats = &one.outcome;
        let figures = [sweep.score.of(stats), Some(stats.return_percent), Some(stats.max_drawdown_percent)];
        let figures = figures.into_iter().map(figure);
        let words = plain(words(sweep.parameters(&one.point)));
        std::iter::once(words).chain(figures).chain([right(stats.trades.to_string())]).collect()
    };
    let header = ["parameters", sweep.score.name, "return %", "drawdown %", "trades"];
    let shown = table(&header, tries.iter().take(SHOWN).map(row).collect(), "nothing was tried");
    let count = [("tried", Some(format!("{}, the best first", tries.len()))), ("skipped", contradictions(skipped))];
    let count = facts(count);
    format!("{shown}\n\n{count}")
}

pub(super) fn steps(sweep: &Sweep, candles: &[Candle], points: &[Point], steps: &[Step]) -> String {
    let since = |bar: usize| candles.get(bar).map(|candle| view::time(Timestamp::from_millis(candle.time_ms)));
    let row = |step: &Step| {
        let score = |stats| figure(sweep.score.of(stats));
        vec![
            plain(since(step.window.test.start).map_or_else(|| "-".to_owned(), time)),
            plain(words(chosen(sweep, points, step)) + if step.is_scored { "" } else { " (none has a score)" }),
            score(&step.trained),
            score(&step.tested),
            figure(Some(step.trained.return_percent)),
            figure(Some(step.tested.return_percent)),
        ]
    };
    let chosen_by = format!("{} chosen on", sweep.score.name);
    let header = ["tried from", "parameters", chosen_by.as_str(), "tried on", "return % chosen on", "tried on"];
    let shown = table(&header, steps.iter().map(row).collect(), "nothing was tried");
    let together = joined(steps.iter().map(|step| &step.part));
    let count = [("tried together", Some(parts(steps.len())))];
    let figures = together.iter().flat_map(figures);
    let together = facts(count.into_iter().chain(figures).chain([("skipped", contradictions(skipped(sweep)))]));
    format!("{shown}\n\n{together}")
}

fn parts(count: usize) -> String {
    if count == 1 { "1 part".to_owned() } else { format!("{count} parts, one behind the other") }
}

/// Of a walk, which knows from its beginning what it tries.
fn skipped(sweep: &Sweep) -> usize {
    sweep.proposals().skipped()
}

fn contradictions(skipped: usize) -> Option<String> {
    (skipped > 0).then(|| format!("{skipped}, whose parameters contradict each other"))
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

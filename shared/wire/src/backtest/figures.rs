//! What came of a backtest in short, as JSON: taken out of what is told, to the letter.

use crate::view::PlayedStats;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

#[derive(Default, Serialize, Deserialize)]
struct Figures<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tried: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<usize>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    parameters: Option<&'a RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    score: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_percent: Option<f64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    stats: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Step {
    tested: Tested,
}

#[derive(Deserialize)]
struct Tested {
    return_percent: f64,
}

/// Of all that was played. None where it tells no figures.
pub fn of_run(told: &str) -> Option<String> {
    let told: Figures<'_> = serde_json::from_str(told).ok()?;
    written(&Figures { stats: Some(told.stats?), ..Figures::default() })
}

/// Of the best of so many tries.
pub fn of_tries(by: &str, tried: usize, best: &str) -> Option<String> {
    let told: Figures<'_> = serde_json::from_str(best).ok()?;
    let Figures { parameters, score, stats, .. } = told;
    written(&Figures { by: Some(by), tried: Some(tried), parameters, score, stats, ..Figures::default() })
}

/// Of a walk's steps, one after another: what the parts that were tried on have made together, with its figures where they are known.
#[allow(clippy::float_arithmetic, reason = "a return in per cent, as backtests tell it: no money is made of it")]
pub fn of_walk<'a>(by: &str, steps: impl Iterator<Item = &'a str>, stats: Option<&PlayedStats>) -> Option<String> {
    let tested = |told: &str| Some(serde_json::from_str::<Step>(told).ok()?.tested.return_percent);
    let tested: Vec<f64> = steps.map(tested).collect::<Option<_>>()?;
    let growth = tested.iter().fold(1.0, |growth, percent| growth * (1.0 + percent / 100.0));
    let together = stats.map_or((growth - 1.0) * 100.0, |stats| stats.return_percent);
    let (steps, stats) = (Some(tested.len()), stats.map(to_raw_value).transpose().ok()?);
    let stats = stats.as_deref();
    written(&Figures { by: Some(by), steps, return_percent: Some(together), stats, ..Figures::default() })
}

/// Figures as JSON; `null` where there are none.
pub fn told(stats: Option<&PlayedStats>) -> Option<String> {
    serde_json::to_string(&stats).ok()
}

fn written(figures: &Figures<'_>) -> Option<String> {
    serde_json::to_string(figures).ok()
}

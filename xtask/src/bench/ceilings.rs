//! What no function may exceed: `bench/ceilings.toml`, and the log that the cost model says. Of programs that are not
//! built as they are shipped, only what they do is compared: calls and log.

use std::collections::BTreeMap;
use std::fs;

use cost::Counts;
use serde::Deserialize;

use super::figures::Figures;
use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::progress::step;

#[derive(Debug, Deserialize)]
pub(crate) struct Ceilings {
    #[serde(flatten)]
    functions: BTreeMap<String, Ceiling>,
    /// As `shared/cost/counts.toml` says: the model multiplies them.
    #[serde(skip)]
    log_bytes: BTreeMap<String, u32>,
}

/// Which figures mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measured {
    /// Of programs in the profile that goes to Lambda.
    Shipped,
    /// Of programs as tests build them: their size and speed say nothing.
    Counted,
}

/// The most that is allowed of one function.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ceiling {
    binary_mb: f64,
    zip_mb: f64,
    /// Of the fastest start: the slowest says more about the machine than about the function.
    start_ms: f64,
    /// Resident after a hundred events.
    memory_mb: f64,
    /// Processor time of a warm event, which other work on the machine hardly changes; several times what was measured.
    warm_cpu_ms: f64,
    aws_calls: u32,
}

impl Ceilings {
    pub(crate) fn read(place: &Place) -> Result<Self> {
        let file = place.root.join("bench/ceilings.toml");
        let text = fs::read_to_string(&file).while_doing(format_args!("reading {}", file.display()))?;
        let ceilings: Self = toml::from_str(&text).while_doing(format_args!("reading {}", file.display()))?;
        let model = Counts::read().while_doing("reading the cost model")?.function.into_iter();
        Ok(Self { log_bytes: model.map(|(name, function)| (name, function.log_bytes)).collect(), ..ceilings })
    }

    /// Names every figure that is above its ceiling.
    pub(crate) fn hold(&self, figures: &[Figures], measured: Measured) -> Result<()> {
        let comparing = step("Comparing with bench/ceilings.toml");
        let above: Vec<String> = figures.iter().flat_map(|figures| self.above(figures, measured)).collect();
        if above.is_empty() {
            comparing.done("all below");
            return Ok(());
        }
        Err(Failure::new(above.join("\n")).next(
            "find what has grown; if it is worth it, raise the ceiling in bench/ceilings.toml and say why in the change",
        ))
    }

    fn above(&self, figures: &Figures, measured: Measured) -> Vec<String> {
        let function = figures.function;
        let Some(ceiling) = self.functions.get(function) else {
            return vec![format!("{function} has no ceilings in bench/ceilings.toml")];
        };
        let too_much = |(name, figure, ceiling): (&str, f64, f64)| {
            (figure > ceiling).then(|| format!("{function}: {name} is {figure:.2}, its ceiling is {ceiling}"))
        };
        let log = self.log_bytes.get(function).map(|bytes| ("log bytes per event", figures.used.log_bytes, *bytes));
        let log =
            log.map(|(name, bytes, most)| (name, small(usize::try_from(bytes).unwrap_or(usize::MAX)), most.into()));
        let calls = ("AWS calls per event", small(figures.used.aws_calls), ceiling.aws_calls.into());
        let shipped = (measured == Measured::Shipped).then(|| ceiling.shipped(figures));
        shipped.into_iter().flatten().chain([calls]).chain(log).filter_map(too_much).collect()
    }
}

impl Ceiling {
    /// Name, figure, ceiling.
    fn shipped(self, figures: &Figures) -> [(&'static str, f64, f64); 5] {
        [
            ("binary MB", mb(figures.binary_bytes), self.binary_mb),
            ("zip MB", mb(figures.zip_bytes.unwrap_or_default()), self.zip_mb),
            ("fastest start in ms", figures.start_ms.min, self.start_ms),
            (
                "resident MB after 100 events",
                mb(figures.used.resident_after_hundred_kb.saturating_mul(1_024)),
                self.memory_mb,
            ),
            ("processor ms of a warm event", figures.used.warm_cpu_ms, self.warm_cpu_ms),
        ]
    }
}

fn mb(bytes: u64) -> f64 {
    small(usize::try_from(bytes / 1_000).unwrap_or(usize::MAX)) / 1_000.0
}

/// Counts here are far below what a `u32` holds.
fn small(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::figures::{Spread, Used};
    use super::super::tables::Units;
    use super::*;

    fn figures() -> Figures {
        let spread = Spread { min: 5.0, median: 50.0 };
        Figures {
            function: "webhook",
            binary_bytes: 10_000_000,
            zip_bytes: Some(4_000_000),
            start_ms: spread,
            used: Used {
                resident_after_first_kb: 10_000,
                resident_after_hundred_kb: 12_000,
                peak_kb: 12_000,
                first_ms: 5.0,
                warm_ms: spread,
                warm_cpu_ms: 0.5,
                aws_calls: 2,
                units: Units::default(),
                log_bytes: 300,
            },
        }
    }

    fn ceilings(calls: u32) -> Ceilings {
        let text = format!(
            "webhook = {{ binary_mb = 10.0, zip_mb = 5, start_ms = 30, memory_mb = 16, warm_cpu_ms = 1, aws_calls = {calls} }}"
        );
        let ceilings: Ceilings = toml::from_str(&text).unwrap();
        Ceilings { log_bytes: [("webhook".to_owned(), 300)].into(), ..ceilings }
    }

    #[test]
    fn figures_at_or_below_their_ceilings_pass() {
        ceilings(2).hold(&[figures()], Measured::Shipped).unwrap();
    }

    #[test]
    fn the_size_counts_of_what_is_shipped_alone() {
        let large = [Figures { binary_bytes: 10_001_000, ..figures() }];
        ceilings(2).hold(&large, Measured::Counted).unwrap();
        let failure = ceilings(2).hold(&large, Measured::Shipped).unwrap_err();
        assert_eq!(failure.to_string(), "webhook: binary MB is 10.00, its ceiling is 10");
    }

    #[test]
    fn a_figure_above_its_ceiling_is_named_with_its_function_and_both_numbers() {
        let failure = ceilings(1).hold(&[figures()], Measured::Counted).unwrap_err();
        assert_eq!(failure.to_string(), "webhook: AWS calls per event is 2.00, its ceiling is 1");
    }

    #[test]
    fn a_longer_log_than_the_cost_model_says_does_not_pass() {
        let mut figures = figures();
        figures.used.log_bytes = 301;
        let failure = ceilings(2).hold(&[figures], Measured::Counted).unwrap_err();
        assert_eq!(failure.to_string(), "webhook: log bytes per event is 301.00, its ceiling is 300");
    }

    #[test]
    fn a_function_without_ceilings_does_not_pass() {
        let failure = ceilings(2).hold(&[Figures { function: "new", ..figures() }], Measured::Counted).unwrap_err();
        assert_eq!(failure.to_string(), "new has no ceilings in bench/ceilings.toml");
    }
}

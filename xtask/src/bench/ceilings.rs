//! What no function may exceed: `bench/ceilings.toml`, which CI compares with.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use super::figures::Figures;
use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::progress::step;

#[derive(Debug, Deserialize)]
pub(crate) struct Ceilings(BTreeMap<String, Ceiling>);

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
    aws_calls: u32,
}

impl Ceilings {
    pub(crate) fn read(place: &Place) -> Result<Self> {
        let file = place.root.join("bench/ceilings.toml");
        let text = fs::read_to_string(&file).while_doing(format_args!("reading {}", file.display()))?;
        toml::from_str(&text).while_doing(format_args!("reading {}", file.display()))
    }

    /// Names every figure that is above its ceiling.
    pub(crate) fn hold(&self, figures: &[Figures]) -> Result<()> {
        let comparing = step("Comparing with bench/ceilings.toml");
        let above: Vec<String> = figures.iter().flat_map(|figures| self.above(figures)).collect();
        if above.is_empty() {
            comparing.done("all below");
            return Ok(());
        }
        Err(Failure::new(above.join("\n")).next(
            "find what has grown; if it is worth it, raise the ceiling in bench/ceilings.toml and say why in the change",
        ))
    }

    fn above(&self, figures: &Figures) -> Vec<String> {
        let function = figures.function;
        let Some(ceiling) = self.0.get(function) else {
            return vec![format!("{function} has no ceilings in bench/ceilings.toml")];
        };
        let too_much = |(name, figure, ceiling): (&str, f64, f64)| {
            (figure > ceiling).then(|| format!("{function}: {name} is {figure:.2}, its ceiling is {ceiling}"))
        };
        ceiling.compared(figures).into_iter().filter_map(too_much).collect()
    }
}

impl Ceiling {
    /// Name, figure, ceiling.
    fn compared(self, figures: &Figures) -> [(&'static str, f64, f64); 5] {
        [
            ("binary MB", mb(figures.binary_bytes), self.binary_mb),
            ("zip MB", mb(figures.zip_bytes), self.zip_mb),
            ("fastest start in ms", figures.start_ms.min, self.start_ms),
            (
                "resident MB after 100 events",
                mb(figures.used.resident_after_hundred_kb.saturating_mul(1_024)),
                self.memory_mb,
            ),
            ("AWS calls per event", small(figures.used.aws_calls), self.aws_calls.into()),
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
    use super::*;

    fn figures() -> Figures {
        let spread = Spread { min: 5.0, median: 50.0 };
        Figures {
            function: "webhook",
            binary_bytes: 10_000_000,
            zip_bytes: 4_000_000,
            start_ms: spread,
            used: Used {
                resident_after_first_kb: 10_000,
                resident_after_hundred_kb: 12_000,
                peak_kb: 12_000,
                first_ms: 5.0,
                warm_ms: spread,
                warm_cpu_ms: 0.5,
                aws_calls: 2,
            },
        }
    }

    fn ceilings(calls: u32) -> Ceilings {
        let text =
            format!("webhook = {{ binary_mb = 10.0, zip_mb = 5, start_ms = 30, memory_mb = 16, aws_calls = {calls} }}");
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn figures_at_or_below_their_ceilings_pass() {
        ceilings(2).hold(&[figures()]).unwrap();
    }

    #[test]
    fn a_figure_above_its_ceiling_is_named_with_its_function_and_both_numbers() {
        let failure = ceilings(1).hold(&[figures()]).unwrap_err();
        assert_eq!(failure.to_string(), "webhook: AWS calls per event is 2.00, its ceiling is 1");
    }

    #[test]
    fn a_function_without_ceilings_does_not_pass() {
        let failure = ceilings(2).hold(&[Figures { function: "new", ..figures() }]).unwrap_err();
        assert_eq!(failure.to_string(), "new has no ceilings in bench/ceilings.toml");
    }
}

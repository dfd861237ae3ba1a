//! The price comes back from below Bollinger's bands to their middle.

use super::{FAR, Lines, PERIOD_MAX, last_of, of_period};
use crate::Candle;
use crate::crossing::{Both, Crossings};
use crate::parameters::{BadParameter, Kind, Parameter, Parameters};
use crate::registry::{Built, Definition};
use crate::signal::{Direction, Line, Pair, Rule, settled};
use indicators::{Bollinger, WIDTH_MAX, Width};

/// Without a distance an entry would be met where its exit is.
const DEVIATIONS_MIN: f64 = 0.01;

pub(super) const DEFINITION: Definition = Definition {
    name: "BOLLINGER_REVERSION",
    offline_name: "bollinger_reversion",
    doc: "Enters when the close comes back up through the lower band, and leaves when it comes up to the middle one. What comes up through both at once is no entry.",
    parameters: &[
        Parameter {
            name: "period",
            doc: "Bars of the mean in the middle.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 20 },
        },
        Parameter {
            name: "deviations",
            doc: "How many standard deviations the lower band is away from the middle.",
            kind: Kind::Number { least: DEVIATIONS_MIN, most: WIDTH_MAX, default: 2.0 },
        },
    ],
    below: &[],
    build,
    ladder: None,
};

#[derive(Debug, Clone)]
pub(crate) struct BollingerReversion(Bollinger);

impl BollingerReversion {
    #[inline]
    pub(super) fn update(&mut self, candle: &Candle) -> Option<Both> {
        let line = candle.bar.close();
        let bands = self.0.update(line)?;
        Some([bands.lower, bands.middle].map(|level| settled(line, level)).map(|level| Pair {
            line,
            level,
            reach: level.abs() * FAR,
        }))
    }
}

fn build(parameters: &Parameters) -> Result<Built, BadParameter> {
    let (period, deviations) = (parameters.whole("period"), parameters.number("deviations"));
    let wide = |_| BadParameter {
        name: "deviations".to_owned(),
        allowed: format!("must be a number from {DEVIATIONS_MIN} to {WIDTH_MAX}"),
    };
    let lines = BollingerReversion(of_period("period", Bollinger::new(period, Width::new(deviations).map_err(wide)?))?);
    let line = Line { name: "close", period: None };
    let [lower, middle] = ["lower band", "mean"].map(|name| Line { name, period: Some(period) });
    let enter = Rule { line, level: lower, direction: Direction::Up, meaning: "the fall was too far and ends" };
    let exit = Rule { line, level: middle, direction: Direction::Up, meaning: "the price is back at its mean" };
    Ok(Built::new(Lines::BollingerReversion(lines), Crossings::new(enter, exit, last_of(period)).leaving_first()))
}

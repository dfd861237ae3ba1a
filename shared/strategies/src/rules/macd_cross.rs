//! The MACD goes above its signal line, and below it.

use super::{Lines, PERIOD_MAX, last_of, of_period};
use crate::Candle;
use crate::crossing::{Both, Crossings};
use crate::parameters::{BadParameter, Below, Kind, Parameter, Parameters};
use crate::registry::{Built, Definition};
use crate::signal::{Direction, Line, Pair, Rule};
use indicators::Macd;

/// The share of the price at which the two lines are far apart.
const FAR: f64 = 0.01;

pub(super) const DEFINITION: Definition = Definition {
    name: "MACD_CROSS",
    offline_name: "macd_cross",
    doc: "Enters when the MACD goes above its signal line, and leaves when it goes below.",
    parameters: &[
        Parameter {
            name: "fast",
            doc: "Bars of the fast EMA.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 12 },
        },
        Parameter {
            name: "slow",
            doc: "Bars of the slow EMA.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 26 },
        },
        Parameter {
            name: "signal",
            doc: "Bars of the EMA of their difference.",
            kind: Kind::Whole { least: 1, most: PERIOD_MAX, default: 9 },
        },
    ],
    below: &[Below { name: "fast", other: "slow" }],
    build,
    ladder: None,
};

#[derive(Debug, Clone)]
pub(crate) struct MacdCross(Macd);

impl MacdCross {
    #[inline]
    pub(super) fn update(&mut self, candle: &Candle) -> Option<Both> {
        let close = candle.bar.close();
        let macd = self.0.update(close)?;
        Some([Pair { line: macd.line, level: macd.signal, reach: close * FAR }; 2])
    }
}

fn build(parameters: &Parameters) -> Result<Built, BadParameter> {
    let [fast, slow, signal] = ["fast", "slow", "signal"].map(|name| parameters.whole(name));
    let lines = MacdCross(of_period("slow", Macd::new(fast, slow, signal))?);
    let (line, level) = (Line { name: "MACD", period: Some(slow) }, Line { name: "signal", period: Some(signal) });
    let enter = Rule { line, level, direction: Direction::Up, meaning: "the market gains speed" };
    let exit = Rule { line, level, direction: Direction::Down, meaning: "the market loses speed" };
    let warm_up = last_of(slow).saturating_add(last_of(signal));
    Ok(Built::new(Lines::MacdCross(lines), Crossings::new(enter, exit, warm_up)))
}

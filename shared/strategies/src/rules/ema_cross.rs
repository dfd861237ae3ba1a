//! A fast average goes above a slow one, and below it.

use super::{FAR, Lines, PERIOD_MAX, last_of, of_period};
use crate::Candle;
use crate::crossing::{Both, Crossings};
use crate::parameters::{BadParameter, Below, Kind, Parameter, Parameters};
use crate::registry::{Built, Definition};
use crate::signal::{Direction, Line, Pair, Rule};
use indicators::Ema;

pub(super) const DEFINITION: Definition = Definition {
    name: "EMA_CROSS",
    offline_name: "ema_cross",
    doc: "Enters when the fast EMA of the close goes above the slow one, and leaves when it goes below.",
    parameters: &[
        Parameter {
            name: "fast",
            doc: "Bars of the fast EMA.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 50 },
        },
        Parameter {
            name: "slow",
            doc: "Bars of the slow EMA.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 200 },
        },
    ],
    below: &[Below { name: "fast", other: "slow" }],
    build,
    ladder: None,
};

/// Two averages of the close.
#[derive(Debug, Clone)]
pub(crate) struct EmaCross {
    fast: Ema,
    slow: Ema,
}

impl EmaCross {
    #[inline]
    pub(super) fn update(&mut self, candle: &Candle) -> Option<Both> {
        let (fast, slow) = (self.fast.update(candle.bar.close()), self.slow.update(candle.bar.close()));
        let (line, level) = fast.zip(slow)?;
        Some([Pair { line, level, reach: level * FAR }; 2])
    }
}

fn build(parameters: &Parameters) -> Result<Built, BadParameter> {
    let (fast, slow) = (parameters.whole("fast"), parameters.whole("slow"));
    let lines = EmaCross { fast: of_period("fast", Ema::new(fast))?, slow: of_period("slow", Ema::new(slow))? };
    let [line, level] = [fast, slow].map(|period| Line { name: "EMA", period: Some(period) });
    let enter = Rule { line, level, direction: Direction::Up, meaning: "the market turns up" };
    let exit = Rule { line, level, direction: Direction::Down, meaning: "the market turns down" };
    let warm_up = last_of(fast.max(slow));
    Ok(Built::new(Lines::EmaCross(lines), Crossings::new(enter, exit, warm_up)))
}

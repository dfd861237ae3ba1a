//! The RSI comes back from where the market was oversold, and from where it was overbought.

use super::{Lines, PERIOD_MAX, last_of, of_period};
use crate::Candle;
use crate::crossing::{Both, Crossings};
use crate::parameters::{BadParameter, Below, Kind, Parameter, Parameters};
use crate::registry::{Built, Definition};
use crate::signal::{Direction, Line, Pair, Rule};
use indicators::{Rsi, SimpleRsi};

/// Points of the RSI from which on a crossing is sure.
const REACH: f64 = 50.0;

pub(super) const DEFINITION: Definition = Definition {
    name: "RSI_CROSS",
    offline_name: "rsi_cross",
    doc: "Enters when the RSI comes up to `oversold` from below, and leaves when it comes down to `overbought` from above.",
    parameters: &[
        Parameter {
            name: "period",
            doc: "Changes that the RSI looks back over.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 14 },
        },
        Parameter {
            name: "oversold",
            doc: "Below it the market is oversold.",
            kind: Kind::Number { least: 0.0, most: 100.0, default: 30.0 },
        },
        Parameter {
            name: "overbought",
            doc: "Above it the market is overbought.",
            kind: Kind::Number { least: 0.0, most: 100.0, default: 70.0 },
        },
        Parameter {
            name: "rsi",
            doc: "Whether gains and losses are smoothed as Wilder did, or are plain means of the last changes.",
            kind: Kind::Choice(&["wilder", "simple"]),
        },
    ],
    below: &[Below { name: "oversold", other: "overbought" }],
    build,
    ladder: None,
};

/// The RSI between its two levels.
#[derive(Debug, Clone)]
pub(crate) struct RsiCross {
    rsi: Kinds,
    oversold: f64,
    overbought: f64,
}

#[derive(Debug, Clone)]
enum Kinds {
    Wilder(Rsi),
    Simple(SimpleRsi),
}

impl RsiCross {
    /// Of Wilder's RSI.
    pub(super) fn of(rsi: Rsi, [oversold, overbought]: [f64; 2]) -> Self {
        Self { rsi: Kinds::Wilder(rsi), oversold, overbought }
    }

    /// None where no price has moved: what an RSI says of that is a convention, and no market that turns.
    #[inline]
    pub(super) fn update(&mut self, candle: &Candle) -> Option<Both> {
        let line = match &mut self.rsi {
            Kinds::Wilder(rsi) => rsi.measure(candle.bar.close()),
            Kinds::Simple(rsi) => rsi.measure(candle.bar.close()),
        }?;
        Some([self.oversold, self.overbought].map(|level| Pair { line, level, reach: REACH }))
    }

    /// A strategy that waits for both crossings.
    pub(super) fn built(self, line: Line, period: u32) -> Built {
        let level = |name| Line { name, period: None };
        let enter =
            Rule { line, level: level("oversold"), direction: Direction::Up, meaning: "the oversold market turns" };
        let exit = Rule {
            line,
            level: level("overbought"),
            direction: Direction::Down,
            meaning: "the overbought market turns",
        };
        // A change takes two bars.
        let warm_up = last_of(period).saturating_add(1);
        Built::new(Lines::RsiCross(self), Crossings::new(enter, exit, warm_up))
    }
}

fn build(parameters: &Parameters) -> Result<Built, BadParameter> {
    let period = parameters.whole("period");
    let is_simple = parameters.is("rsi", "simple");
    let rsi = if is_simple { SimpleRsi::new(period).map(Kinds::Simple) } else { Rsi::new(period).map(Kinds::Wilder) };
    let lines = RsiCross {
        rsi: of_period("period", rsi)?,
        oversold: parameters.number("oversold"),
        overbought: parameters.number("overbought"),
    };
    let line = Line { name: if is_simple { "simple RSI" } else { "RSI" }, period: Some(period) };
    Ok(lines.built(line, period))
}
